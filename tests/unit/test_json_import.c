/* Phoenix JSON to declarations: what each property becomes, and what is said about those that become nothing. */
#include "base_test.h"

#include "json_text.h"

/* --- looking at what came out --- */

static const struct phx_block *child(const struct phx_decl *d, const char *type)
{
	assert_non_null(d);
	return phx_block_child(&d->body, type);
}

static void assert_attr(const struct phx_block *b, const char *name, const char *expected)
{
	const struct phx_attr *a = b ? phx_block_attr(b, name) : NULL;
	struct phx_buf text = {0};

	if (!a)
		fail_msg("`%s` is not there", name);
	phx_value_show(&a->value, &text);
	assert_string_equal(text.ptr, expected);
	phx_buf_done(&text);
}

static void assert_no_attr(const struct phx_block *b, const char *name)
{
	assert_null(b ? phx_block_attr(b, name) : NULL);
}

static const struct phx_report_line *line_of(const struct run *r, const char *path)
{
	for (uint32_t i = 0; i < r->report.lines.n; i++) {
		if (phx_str_eqc(r->report.lines.v[i].path, path))
			return &r->report.lines.v[i];
	}
	fail_msg("no line for %s", path);
	return NULL;
}

static void assert_fate(const struct run *r, const char *path, enum phx_fate fate, const char *target)
{
	const struct phx_report_line *l = line_of(r, path);

	assert_int_equal(l->fate, fate);
	assert_str(l->target, target);
}

#define TEMPLATE_VM                                                                                          \
	"{\"vmid\": 9000, \"name\": \"base\", \"is_template\": true, \"template_image\": \"noble.img\", "    \
	"\"storage_pool\": \"disks\", "                                                                      \
	"\"network_config\": {\"ip\": \"dhcp\"}}"
#define BASE_CT                                                                                              \
	"\"900\": {\"name\": \"base\", \"memory_mb\": 2048, \"cores\": 2, \"template\": "                    \
	"\"/fastData/shared-iso/template/cache/ubuntu.tar.zst\", \"storage_pool\": \"disks\", "              \
	"\"storage_size_gb\": 16, \"network_config\": {\"name\": \"eth0\", \"bridge\": \"vmbr0\", \"ip\": "  \
	"\"10.0.0.200/24\", \"gw\": \"10.0.0.1\"}, \"mac_address\": \"52:54:00:AA:BB:CC\", "                 \
	"\"unprivileged\": true}"
#define NET(ip) "\"network_config\": {\"ip\": \"" ip "/24\", \"gw\": \"10.0.0.1\"}"

/* --- VMs --- */

static void a_vm_becomes_a_declaration(void **state)
{
	struct run r;
	const struct phx_decl *d;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [" TEMPLATE_VM ", {\"vmid\": 1001, \"name\": \"web\", \"clone_from_vmid\": 9000,"
		 "\"cores\": 4, \"memory_mb\": 8192, \"disk_size_gb\": 64, \"storage_pool\": \"fast\","
		 "\"network_bridge\": \"vmbr1\", \"start_at_boot\": true, \"boot_order\": 4, \"boot_delay\": "
		 "2,"
		 "\"features\": [\"base_setup\", \"docker\"], \"qm_options\": [\"--vga qxl\"],"
		 "\"user_config\": {\"username\": \"admin\"}, \"template_snapshot_name\": \"initial\","
		 "\"network_config\": {\"ip\": \"10.0.0.5/24\", \"gw\": \"10.0.0.1\", \"nameserver\": "
		 "\"10.0.0.13\"},"
		 "\"volumes\": [{\"type\": \"nfs\", \"name\": \"n\", \"server\": \"10.0.0.13\", \"path\": "
		 "\"/q/1\", "
		 "\"mount_point\": \"/mnt/p\"}]}]}",
		 NULL);
	assert_int_equal(r.bag.diags.n, 0);
	d = run_decl(&r, "vm.web");
	assert_attr(&d->body, "id", "1001");
	assert_attr(&d->body, "clone", "vm.base");
	assert_attr(&d->body, "cores", "4");
	assert_attr(&d->body, "memory", "8GiB");
	assert_attr(&d->body, "disk", "64GiB");
	assert_attr(&d->body, "storage", "\"fast\"");
	assert_attr(&d->body, "bridge", "\"vmbr1\"");
	assert_attr(&d->body, "on_boot", "true");
	assert_attr(&d->body, "features", "[feature.base-setup, feature.docker(users = [\"admin\"])]");
	assert_attr(child(d, "network"), "ip", "10.0.0.5/24");
	assert_attr(child(d, "network"), "gw", "10.0.0.1");
	assert_attr(child(d, "dns"), "servers", "[10.0.0.13]");
	assert_attr(child(d, "startup"), "order", "4");
	assert_attr(child(d, "startup"), "up", "2s");
	assert_no_attr(child(d, "startup"), "down");
	assert_attr(child(d, "options"), "vga", "\"qxl\"");
	assert_str(child(d, "user")->label, "admin");
	assert_str(child(d, "snapshot")->label, "initial");
	assert_str(child(d, "nfs")->label, "/mnt/p");
	assert_attr(child(d, "nfs"), "source", "\"10.0.0.13:/q/1\"");
	assert_attr(child(d, "metadata"), "volumes[0].name", "\"n\"");
	run_round_trip(&r, "vm");
	run_done(&r);
}

static void defaults_of_the_file_are_those_of_its_vms_alone(void **state)
{
	struct run r;
	const struct phx_decl *web;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vm_defaults\": {\"template\": \"x\", \"cores\": 2, \"memory_mb\": 4096, "
		 "\"disk_size_gb\": 32,"
		 "\"storage_pool\": \"disks\", \"network_bridge\": \"vmbr0\"}, \"vms\": [" TEMPLATE_VM
		 ", {\"vmid\": 1001, \"name\": \"web\", \"clone_from_vmid\": 9000, \"cores\": 8, " NET(
			 "10.0.0.5") "}]}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_int_equal(r.config->defaults.n, 0);
	web = run_decl(&r, "vm.web");
	assert_attr(&web->body, "cores", "8");
	assert_attr(&web->body, "memory", "4GiB");
	assert_attr(&web->body, "disk", "32GiB");
	assert_int_equal(phx_block_attr(&web->body, "memory")->origin, PHX_FROM_DEFAULTS);
	assert_int_equal(phx_block_attr(&web->body, "cores")->origin, PHX_FROM_SELF);
	assert_attr(&run_decl(&r, "vm.base")->body, "memory", "4GiB");
	assert_no_attr(&run_decl(&r, "vm.base")->body, "disk");
	assert_fate(&r, "vm_defaults.template", PHX_FATE_DROPPED,
		    "names an LXC template, and no script of Phoenix ever read it");
	run_done(&r);
}

static void an_image_is_declared_once_from_the_release_of_the_site(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [" TEMPLATE_VM
		 ", {\"vmid\": 9001, \"name\": \"other\", \"template_image\": \"noble.img\","
		 "\"storage_pool\": \"disks\", \"network_config\": {\"ip\": \"dhcp\"}}], \"vm_defaults\": "
		 "{\"storage_pool\": \"disks\"}}",
		 "{\"network\": {}, \"vm_defaults\": {\"ubuntu_release\": \"jammy\"}}", NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_int_equal(r.config->decls.n, 3);
	assert_attr(&run_decl(&r, "image.noble")->body, "url",
		    "\"https://cloud-images.ubuntu.com/jammy/current/noble.img\"");
	assert_attr(&run_decl(&r, "vm.other")->body, "image", "image.noble");
	run_done(&r);
}

static void a_clone_source_becomes_a_template_without_what_templates_cannot_have(void **state)
{
	struct run r;
	const struct phx_decl *base;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {\"900\": {\"name\": \"base\", \"template\": \"x.tar.zst\", "
		 "\"storage_pool\": \"data\","
		 "\"storage_size_gb\": 8, \"template_snapshot_name\": \"base-snapshot\", "
		 "\"enable_lifecycle_snapshots\": true,"
		 "\"boot_order\": 1, \"boot_delay\": 5, \"start_at_boot\": true, \"health_check\": "
		 "{\"command\": \"true\"}," NET("10.0.0.9") "}, \"901\": {\"name\": \"top\", "
							    "\"clone_from_ctid\": \"900\", " NET(
								    "10.0.0.10") "}}}",
		 NULL);
	assert_int_equal(r.bag.diags.n, 0);
	base = run_decl(&r, "container.base");
	assert_attr(&base->body, "template", "true");
	assert_attr(&base->body, "ostemplate", "\"local:vztmpl/x.tar.zst\"");
	assert_attr(&base->body, "rootfs", "\"data:8\"");
	assert_no_attr(&base->body, "on_boot");
	assert_null(child(base, "snapshot"));
	assert_null(child(base, "startup"));
	assert_null(child(base, "health"));
	assert_fate(&r, "lxc_configs.900.template_snapshot_name", PHX_FATE_DROPPED,
		    "Proxmox converts no guest that has snapshots into a template");
	assert_fate(&r, "lxc_configs.900.boot_order", PHX_FATE_DROPPED, "a template never starts");
	run_round_trip(&r, "template");
	run_done(&r);
}

/* --- containers --- */

static void a_container_becomes_a_declaration(void **state)
{
	struct run r;
	const struct phx_decl *d;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {" BASE_CT ", \"910\": {\"name\": \"vllm\", \"clone_from_ctid\": \"900\","
		 "\"template\": \"unused\", \"memory_mb\": 4096, \"swap_mb\": 512, \"storage_pool\": "
		 "\"disks\", \"storage_size_gb\": 128,"
		 "\"network_config\": {\"name\": \"eth0\", \"bridge\": \"vmbr0\", \"ip\": \"10.0.0.220/24\", "
		 "\"gw\": \"10.0.0.1\","
		 "\"nameservers\": \"10.0.0.13, 8.8.8.8\"}, \"mac_address\": \"52:54:00:AA:BB:D1\", "
		 "\"gpu_assignment\": \"0, 1\","
		 "\"pct_options\": [\"nesting=1\", \"keyctl=1\"], \"boot_order\": 3, \"boot_delay\": 5,"
		 "\"lxc_options\": [\"lxc.apparmor.profile=unconfined\", \"lxc.mount.auto: sys:rw\", "
		 "\"lxc.mount.auto=proc:rw sys:rw\"],"
		 "\"mount_points\": [{\"host_path\": \"/mnt/a\", \"container_path\": \"/a\", \"owner_uid\": "
		 "33, \"owner_gid\": 33}],"
		 "\"zfs_volumes\": [{\"name\": \"m\", \"pool\": \"bulk\", \"size_gb\": 50, \"mount_point\": "
		 "\"/m\"}],"
		 "\"template_snapshot_name\": \"final-form\","
		 "\"health_check\": {\"command\": \"nc -z localhost 80\", \"retries\": 5, \"interval\": "
		 "10}}}}",
		 NULL);
	assert_int_equal(r.bag.diags.n, 0);
	d = run_decl(&r, "container.vllm");
	assert_attr(&d->body, "swap", "512MiB");
	assert_attr(&d->body, "disk", "128GiB");
	assert_attr(&d->body, "storage", "\"disks\"");
	assert_no_attr(&d->body, "unprivileged");
	assert_no_attr(&d->body, "ostemplate");
	assert_attr(&d->body, "gpu", "[0, 1]");
	assert_attr(&d->body, "nesting", "true");
	assert_attr(child(d, "options"), "features", "\"keyctl=1\"");
	assert_attr(child(d, "network"), "mac", "52:54:00:AA:BB:D1");
	assert_attr(child(d, "network"), "name", "\"eth0\"");
	assert_attr(child(d, "dns"), "servers", "[10.0.0.13, 8.8.8.8]");
	assert_attr(child(d, "startup"), "down", "5s");
	assert_attr(child(d, "lxc"), "lxc.apparmor.profile", "\"unconfined\"");
	assert_attr(child(d, "lxc"), "lxc.mount.auto", "[\"sys:rw\", \"proc:rw sys:rw\"]");
	assert_attr(child(d, "mount"), "owner", "\"33:33\"");
	assert_attr(child(d, "health"), "interval", "10s");
	assert_null(child(d, "snapshot"));
	assert_fate(&r, "lxc_configs.910.template", PHX_FATE_DROPPED, "it is a clone: that wins");
	assert_fate(&r, "lxc_configs.910.template_snapshot_name", PHX_FATE_DROPPED,
		    "Proxmox takes no snapshot of a container with bind mounts");
	run_round_trip(&r, "container");
	run_done(&r);
}

static void early_features_are_flags(void **state)
{
	struct run r;
	const struct phx_decl *d;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {\"101\": {\"name\": \"a\", \"template\": \"x.tar.zst\", \"features\": "
		 "\"nesting=1,keyctl=1\"},"
		 "\"102\": {\"name\": \"b\", \"template\": \"x.tar.zst\", \"features\": \"\"}}}",
		 NULL);
	assert_int_equal(r.bag.diags.n, 0);
	d = run_decl(&r, "container.a");
	assert_attr(&d->body, "nesting", "true");
	assert_attr(child(d, "options"), "features", "\"keyctl=1\"");
	assert_no_attr(&d->body, "features");
	run_done(&r);
}

static void a_clone_without_gpu_takes_its_sources_back(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {\"901\": {\"name\": \"cuda\", \"template\": \"x\", \"gpu_assignment\": "
		 "\"0\", " NET("10.0.0.9") "},"
					   "\"960\": {\"name\": \"plain\", \"clone_from_ctid\": 901, "
					   "\"gpu_assignment\": \"none\", " NET(
						   "10.0.0.10") "},"
								"\"961\": {\"name\": \"gpu\", "
								"\"clone_from_ctid\": 901, " NET(
									"10.0.0.11") "}}}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_attr(&run_decl(&r, "container.plain")->body, "gpu", "null");
	assert_no_attr(&run_decl(&r, "container.gpu")->body, "gpu");
	run_round_trip(&r, "gpu");
	run_done(&r);
}

static void the_storage_of_os_templates_is_the_sites(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL, "{\"lxc_configs\": {" BASE_CT "}}",
		 "{\"network\": {}, \"proxmox_storage_ids\": {\"quickos_vm\": \"v\", "
		 "\"fastData_shared_iso\": \"fastData-shared-iso\"}}",
		 NULL);
	assert_attr(&run_decl(&r, "container.base")->body, "ostemplate",
		    "\"fastData-shared-iso:vztmpl/ubuntu.tar.zst\"");
	assert_fate(&r, "proxmox_storage_ids.fastData_shared_iso", PHX_FATE_MAPPED,
		    "storage of OS templates");
	assert_int_equal(line_of(&r, "proxmox_storage_ids.quickos_vm")->fate, PHX_FATE_METADATA);
	run_done(&r);
}

static void firewall_rules_keep_their_order_and_stand_once(void **state)
{
	struct run r;
	const struct phx_block *fw;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"firewall\": {\"enabled\": false, \"rules\": "
		 "[\n"
		 "{\"type\": \"in\", \"action\": \"ACCEPT\", \"proto\": \"tcp\", \"port\": \"80,443\", "
		 "\"source\": \"10.0.0.0/24\"},\n"
		 "{\"type\": \"OUT\", \"action\": \"drop\", \"proto\": \"tcp\", \"port\": 22, \"dest\": "
		 "\"10.0.0.9\"},\n"
		 "{\"type\": \"in\", \"action\": \"ACCEPT\", \"proto\": \"tcp\", \"port\": \"80,443\", "
		 "\"source\": \"10.0.0.0/24\", \"comment\": \"again\"},\n"
		 "{\"type\": \"in\", \"action\": \"ACCEPT\", \"proto\": \"icmp\"}]}}]}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	fw = child(run_decl(&r, "vm.a"), "firewall");
	assert_attr(fw, "enabled", "false");
	assert_int_equal(fw->blocks.n, 3);
	assert_str(fw->blocks.v[0]->label, "in");
	assert_str(fw->blocks.v[0]->label2, "accept");
	assert_attr(fw->blocks.v[0], "port", "\"80,443\"");
	assert_attr(fw->blocks.v[0], "source", "10.0.0.0/24");
	assert_str(fw->blocks.v[1]->label, "out");
	assert_str(fw->blocks.v[1]->label2, "drop");
	assert_attr(fw->blocks.v[1], "port", "22");
	assert_attr(fw->blocks.v[2], "proto", "\"icmp\"");
	assert_int_equal(run_count(&r, PHX0511), 1);
	assert_true(run_at(&r, run_diag(&r, PHX0511), 4, 1));
	assert_int_equal(line_of(&r, "vms[0].firewall.rules[2].comment")->fate, PHX_FATE_DROPPED);
	run_round_trip(&r, "firewall");
	run_done(&r);
}

/* --- drift --- */

static void types_are_taken_as_they_were_meant(void **state)
{
	struct run r;
	const struct phx_decl *d;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [" TEMPLATE_VM
		 ", {\"vmid\": \"1001\", \"name\": \"web\", \"clone_from_vmid\": \"9000\", \"cores\": \"4\","
		 "\"memory_mb\": 2048.0, \"start_at_boot\": 1, \"dependencies\": 9000, \"features\": "
		 "\"docker, base_setup\", " NET(
			 "10.0.0.5") "},"
				     "{\"vmid\": 1002, \"name\": \"w2\", \"clone_from_vmid\": 9000, "
				     "\"start_at_boot\": \"false\","
				     "\"dependencies\": \"1001, 9000\", " NET(
					     "10.0.0.6") "},"
							 "{\"vmid\": 1003, \"name\": \"w3\", "
							 "\"clone_from_vmid\": 9000.0, \"dependencies\": "
							 "[1001, \"1002\"],"
							 "\"cores\": null, " NET("10.0.0.7") "}]}",
		 NULL);
	assert_int_equal(r.bag.diags.n, 0);
	d = run_decl(&r, "vm.web");
	assert_attr(&d->body, "id", "1001");
	assert_attr(&d->body, "cores", "4");
	assert_attr(&d->body, "memory", "2GiB");
	assert_attr(&d->body, "on_boot", "true");
	assert_attr(&d->body, "depends_on", "[vm.base]");
	assert_attr(&d->body, "features", "[feature.docker, feature.base-setup]");
	assert_attr(&run_decl(&r, "vm.w2")->body, "depends_on", "[vm.web, vm.base]");
	assert_attr(&run_decl(&r, "vm.w2")->body, "on_boot", "false");
	assert_attr(&run_decl(&r, "vm.w3")->body, "depends_on", "[vm.web, vm.w2]");
	assert_no_attr(&run_decl(&r, "vm.w3")->body, "cores");
	assert_fate(&r, "vms[3].cores", PHX_FATE_DROPPED, "null: not set");
	run_round_trip(&r, "drift");
	run_done(&r);
}

static void wrong_values_are_told_where_they_stand(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [\n{\"vmid\": 101, \"name\": \"a\", \"cores\": [1]},\n{\"vmid\": 102, \"name\": "
		 "\"b\",\n"
		 "\"memory_mb\": -1},\n{\"vmid\": 103, \"name\": \"c\",\n\"network_config\": {\"ip\": "
		 "\"10.0.0.5\"}},\n"
		 "{\"vmid\": 104, \"name\": \"d\",\n\"network_config\": \"10.0.0.5/24\"}, 7]}",
		 NULL);
	assert_int_equal(run_count(&r, PHX0504), 3);
	assert_int_equal(run_count(&r, PHX0505), 2);
	assert_true(run_at(&r, run_diag(&r, PHX0504), 8, 35));
	assert_int_equal(r.bag.errors, 5);
	run_done(&r);
}

/* --- names and ids --- */

static void names_become_host_names_and_stay_apart(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"web_1\"}, {\"vmid\": 102, \"name\": \"same\"},"
		 "{\"vmid\": 103, \"name\": \"same\"}, {\"vmid\": 104}, {\"vmid\": 105, \"name\": "
		 "\"Copy-Cuda12.8\"}]}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_non_null(run_decl(&r, "vm.web-1"));
	assert_non_null(run_decl(&r, "vm.same"));
	assert_attr(&run_decl(&r, "vm.same-103")->body, "name", "\"same\"");
	assert_non_null(run_decl(&r, "vm.vm-104"));
	assert_non_null(run_decl(&r, "vm.Copy-Cuda12.8"));
	assert_fate(&r, "vms[0].name", PHX_FATE_MAPPED, "its name, as host names may be: web-1");
	run_round_trip(&r, "names");
	run_done(&r);
}

static void a_vm_needs_its_id(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL, "{\"vms\": [{\"name\": \"web\"}]}", NULL);
	assert_int_equal(run_count(&r, PHX0506), 1);
	assert_true(run_at(&r, run_diag(&r, PHX0506), 1, 19));
	run_done(&r);
	run_init(&r);
	run_load(&r, NULL, "{\"lxc_configs\": {\"web\": {\"name\": \"web\", \"template\": \"x\"}}}", NULL);
	assert_int_equal(run_count(&r, PHX0506), 1);
	assert_true(run_at(&r, run_diag(&r, PHX0506), 1, 18));
	run_done(&r);
}

static void vms_of_the_hypervisor_get_the_first_free_ids(void **state)
{
	static const struct phx_phoenix_options o = {.has_ids = true, .ids_first = 5000, .ids_last = 5002};
	static const char host[] = "{\"network\": {}, \"vm_defaults\": {\"cores\": 4, \"storage_pool\": "
				   "\"local-lvm\", \"disk_size_gb\": 10},"
				   "\"vms\": [{\"name\": \"a\"}, {\"name\": \"b\", \"cores\": 2}]}";
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, &o, host, "{\"vms\": [{\"vmid\": 5000, \"name\": \"taken\"}]}", NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_attr(&run_decl(&r, "vm.a")->body, "id", "5001");
	assert_attr(&run_decl(&r, "vm.a")->body, "cores", "4");
	assert_attr(&run_decl(&r, "vm.b")->body, "id", "5002");
	assert_attr(&run_decl(&r, "vm.b")->body, "cores", "2");
	run_done(&r);
	run_init(&r);
	run_load(&r, NULL, host, NULL);
	assert_int_equal(run_count(&r, PHX0507), 2);
	run_done(&r);
}

/* --- references --- */

static void a_clone_of_nothing_is_an_error_at_its_value(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL, "{\"lxc_configs\": {\n\"960\": {\"name\": \"x\",\n\"clone_from_ctid\": \"903\"}}}",
		 NULL);
	assert_int_equal(r.bag.errors, 1);
	assert_true(run_at(&r, run_diag(&r, PHX0508), 3, 20));
	run_done(&r);
}

static void a_dependency_outside_of_a_single_file_is_a_warning(void **state)
{
	static const char vms[] =
		"{\"vms\": [{\"vmid\": 1001, \"name\": \"a\", \"dependencies\": [\"102\"]}]}";
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL, vms, NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_int_equal(run_count(&r, PHX0509), 1);
	assert_no_attr(&run_decl(&r, "vm.a")->body, "depends_on");
	assert_int_equal(line_of(&r, "vms[0].dependencies[0]")->fate, PHX_FATE_DROPPED);
	run_done(&r);
	run_init(&r);
	run_load(&r, NULL, vms, "{\"lxc_configs\": {\"102\": {\"name\": \"b\", \"template\": \"x\"}}}", NULL);
	assert_int_equal(run_count(&r, PHX0509), 0);
	assert_attr(&run_decl(&r, "vm.a")->body, "depends_on", "[container.b]");
	run_round_trip(&r, "across");
	run_done(&r);
	run_init(&r);
	run_load(&r, NULL, vms, "{\"lxc_configs\": {}}", NULL);
	assert_int_equal(run_count(&r, PHX0508), 1);
	run_done(&r);
}

static void a_circle_is_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"dependencies\": [102]}, {\"vmid\": 102, "
		 "\"name\": \"b\", \"dependencies\": [101]}]}",
		 NULL);
	assert_int_equal(run_count(&r, PHX0409), 1);
	assert_null(r.graph);
	run_done(&r);
}

static void guests_and_features_of_phx_files_may_be_named(void **state)
{
	struct phx_config beside = {0};
	struct phx_phoenix_options o = {.beside = &beside};
	struct phx_decl *d;
	struct run r;

	(void)state;
	run_init(&r);
	d = phx_decl_new(&r.arena, PHX_KIND_VM, PHX_STR("db"), (struct phx_span){0});
	phx_block_set(&r.arena, &d->body, PHX_STR("id"), phx_value_int(300, (struct phx_span){0}),
		      (struct phx_span){0});
	phx_vec_push(&r.arena, &beside.decls, d);
	phx_vec_push(&r.arena, &beside.decls,
		     phx_decl_new(&r.arena, PHX_KIND_FEATURE, PHX_STR("nat_gateway"), (struct phx_span){0}));
	r.config = phx_phoenix_load(
		&r.sources,
		&(uint32_t){phx_source_add(
			&r.sources, PHX_STR("a.json"),
			PHX_STR("{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"dependencies\": [300], "
				"\"features\": [\"nat_gateway\"]}]}"))},
		1, &o, &r.arena, &r.bag, &r.secrets, NULL);
	assert_int_equal(r.bag.diags.n, 0);
	assert_attr(&run_decl(&r, "vm.a")->body, "depends_on", "[vm.db]");
	assert_attr(&run_decl(&r, "vm.a")->body, "features", "[feature.nat_gateway]");
	run_done(&r);
}

/* --- what phx does not know --- */

static void unknown_keys_are_kept_and_warned_of(void **state)
{
	struct run r;
	const struct phx_diag *d;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"memry_mb\": 4096, \"network_config\": "
		 "{\"vlan\": 5, \"ip\": \"dhcp\"}}]}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_int_equal(run_count(&r, PHX0510), 2);
	d = run_diag(&r, PHX0510);
	assert_str(d->helps.v[0], "did you mean `memory_mb`?");
	assert_attr(child(run_decl(&r, "vm.a"), "metadata"), "memry_mb", "4096");
	assert_attr(child(run_decl(&r, "vm.a"), "metadata"), "network_config.vlan", "5");
	assert_fate(&r, "vms[0].memry_mb", PHX_FATE_METADATA, "unknown to phx");
	run_round_trip(&r, "unknown");
	run_done(&r);
}

static void properties_that_features_read_are_their_parameters(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {"
		 "\"103\": {\"name\": \"ca\", \"template\": \"x.tar.zst\", \"features\": [\"step_ca\"], "
		 "\"network_config\": "
		 "{\"name\": \"eth0\", \"bridge\": \"vmbr0\", \"ip\": \"10.0.0.10/24\", \"gw\": "
		 "\"10.0.0.1\"}},\n"
		 "\"102\": {\"name\": \"proxy\", \"template\": \"x.tar.zst\", \"features\": [\"trusted_ca\", "
		 "\"traefik\"]},\n"
		 "\"101\": {\"name\": \"web\", \"template\": \"x.tar.zst\", \"features\": [\"step_cli\"], "
		 "\"bootstrap_ca_url\": \"https://ca.lab:9000\"},\n"
		 "\"801\": {\"name\": \"a\", \"template\": \"x.tar.zst\", \"features\": [\"vllm\"], "
		 "\"vllm_model\": \"old\", "
		 "\"vllm_engine_config\": {\"ModelConfig\": {\"model\": \"Q/m\", \"max_model_len\": 8192, "
		 "\"trust_remote_code\": true, \"enforce_eager\": true, \"seed\": null}, \"CacheConfig\": "
		 "{\"gpu_memory_utilization\": 1, \"block_size\": 16}}},\n"
		 "\"802\": {\"name\": \"b\", \"template\": \"x.tar.zst\", \"features\": [\"vllm\"], "
		 "\"vllm_model\": \"m\", "
		 "\"vllm_port\": 8001},\n"
		 "\"803\": {\"name\": \"c\", \"template\": \"x.tar.zst\", \"vllm_model\": \"m\"}}}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_attr(&run_decl(&r, "container.proxy")->body, "features",
		    "[feature.trusted-ca(ca_url = \"https://10.0.0.10:9000\"), feature.traefik(ca_server = "
		    "\"https://10.0.0.10:9000/acme/acme/directory\")]");
	assert_attr(&run_decl(&r, "container.web")->body, "features",
		    "[feature.step-cli(ca_url = \"https://ca.lab:9000\")]");
	assert_attr(&run_decl(&r, "container.a")->body, "features",
		    "[feature.vllm(model = \"Q/m\", max_model_len = 8192, trust_remote_code = true, "
		    "gpu_memory_utilization = 1.0, args = [\"--enforce-eager\", \"--block-size=16\"])]");
	assert_attr(&run_decl(&r, "container.b")->body, "features",
		    "[feature.vllm(model = \"m\", port = 8001)]");
	assert_attr(child(run_decl(&r, "container.c"), "metadata"), "vllm_model", "\"m\"");
	run_round_trip(&r, "parameters");
	run_done(&r);

	run_init(&r);
	run_load(&r, NULL,
		 "{\"lxc_configs\": {\"801\": {\"name\": \"a\", \"template\": \"x.tar.zst\", \"features\": "
		 "[\"vllm\"], "
		 "\"vllm_port\": \"http\"}}}",
		 NULL);
	assert_int_equal(run_count(&r, PHX0504), 1);
	run_done(&r);
}

static void unknown_features_are_kept_and_warned_of(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"features\": [\"docker\", \"teleport\"]}]}",
		 NULL);
	assert_int_equal(run_count(&r, PHX0512), 1);
	assert_attr(&run_decl(&r, "vm.a")->body, "features", "[feature.docker]");
	assert_attr(child(run_decl(&r, "vm.a"), "metadata"), "features[1]", "\"teleport\"");
	run_done(&r);
}

static void a_gateway_beside_dhcp_is_left_out(void **state)
{
	struct run r;
	const struct phx_block *net;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"network_config\": {\"ip\": \"dhcp\", \"gw\": "
		 "\"10.0.0.1\"}}]}",
		 NULL);
	assert_int_equal(r.bag.errors, 0);
	assert_int_equal(run_count(&r, PHX0407), 1);
	net = child(run_decl(&r, "vm.a"), "network");
	assert_attr(net, "ip", "dhcp");
	assert_no_attr(net, "gw");
	run_done(&r);
}

static void secrets_are_in_no_text(void **state)
{
	struct phx_buf out = {0}, masked = {0};
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"portainer_admin_password\": \"hunter2000\","
		 "\"docker_stacks\": [{\"name\": \"x\", \"api_key\": \"abcdefgh\"}]}]}",
		 "{\"network\": {}, \"portainer_api\": {\"admin_password\": \"swordfish\"}}", NULL);
	assert_int_equal(r.bag.errors, 0);
	phx_phx_write(r.config, &r.report, &out);
	phx_import_report_text(&r.report, &r.sources, &out);
	assert_true(phx_str_find(phx_buf_view(&out), PHX_STR("hunter2000")) < 0);
	assert_true(phx_str_find(phx_buf_view(&out), PHX_STR("abcdefgh")) < 0);
	assert_true(phx_str_find(phx_buf_view(&out), PHX_STR("swordfish")) < 0);
	assert_true(phx_str_find(phx_buf_view(&out),
				 PHX_STR("# portainer_admin_password: a secret, left out")) > 0);
	phx_secrets_mask(&r.secrets, PHX_STR("swordfish hunter2000"), &masked);
	assert_buf(&masked, "(secret) (secret)");
	run_round_trip(&r, "secrets");
	phx_buf_done(&out);
	phx_buf_done(&masked);
	run_done(&r);
}

static void a_guest_has_a_limit(void **state)
{
	struct phx_buf text = {0};
	struct run r;

	(void)state;
	run_init(&r);
	phx_buf_c(&text, "{\"vms\": [{\"vmid\": 101, \"name\": \"a\", \"features\": [0");
	for (int i = 0; i < 30000; i++)
		phx_buf_c(&text, ",0");
	phx_buf_c(&text, "]}]}");
	run_load(&r, NULL, text.ptr, NULL);
	assert_int_equal(r.bag.errors, 1);
	assert_int_equal(run_count(&r, PHX0502), 1);
	phx_buf_done(&text);
	run_done(&r);
}

static void files_are_known_by_their_members(void **state)
{
	struct run r;

	(void)state;
	assert_true(phx_phoenix_recognise(PHX_STR("{\"vms\": []}")));
	assert_true(phx_phoenix_recognise(PHX_STR("{\"lxc_configs\": {}}")));
	assert_true(phx_phoenix_recognise(PHX_STR("{\"zfs\": {}}")));
	assert_false(phx_phoenix_recognise(PHX_STR("{\"guests\": []}")));
	assert_false(phx_phoenix_recognise(PHX_STR("[1]")));
	assert_false(phx_phoenix_recognise(PHX_STR("{")));
	run_init(&r);
	run_load(&r, NULL, "{\"guests\": []}", NULL);
	assert_int_equal(run_count(&r, PHX0503), 1);
	run_done(&r);
}

static void the_report_counts_and_gives_places(void **state)
{
	struct phx_buf out = {0};
	struct run r;

	(void)state;
	run_init(&r);
	run_load(&r, NULL,
		 "{\"$schema\": \"x\", \"vms\": [{\"vmid\": 101, \"name\": \"a\", \"portainer_role\": "
		 "\"agent\"}]}",
		 NULL);
	phx_import_report_text(&r.report, &r.sources, &out);
	assert_buf(&out, "a.json\n"
			 "  $schema  dropped: phx has its own  (a.json:1:13)\n"
			 "\n"
			 "vm 101\n"
			 "  vms[0].vmid  mapped to: id  (a.json:1:35)\n"
			 "  vms[0].name  mapped to: its name  (a.json:1:48)\n"
			 "  vms[0].portainer_role  metadata: Docker, Portainer and proxies come with a later "
			 "version  (a.json:1:71)\n"
			 "\n"
			 "4 properties: 2 mapped, 1 kept as metadata, 1 dropped\n");
	phx_buf_done(&out);
	run_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vm_becomes_a_declaration),
		cmocka_unit_test(defaults_of_the_file_are_those_of_its_vms_alone),
		cmocka_unit_test(an_image_is_declared_once_from_the_release_of_the_site),
		cmocka_unit_test(a_clone_source_becomes_a_template_without_what_templates_cannot_have),
		cmocka_unit_test(a_container_becomes_a_declaration),
		cmocka_unit_test(early_features_are_flags),
		cmocka_unit_test(a_clone_without_gpu_takes_its_sources_back),
		cmocka_unit_test(the_storage_of_os_templates_is_the_sites),
		cmocka_unit_test(firewall_rules_keep_their_order_and_stand_once),
		cmocka_unit_test(types_are_taken_as_they_were_meant),
		cmocka_unit_test(wrong_values_are_told_where_they_stand),
		cmocka_unit_test(names_become_host_names_and_stay_apart),
		cmocka_unit_test(a_vm_needs_its_id),
		cmocka_unit_test(vms_of_the_hypervisor_get_the_first_free_ids),
		cmocka_unit_test(a_clone_of_nothing_is_an_error_at_its_value),
		cmocka_unit_test(a_dependency_outside_of_a_single_file_is_a_warning),
		cmocka_unit_test(a_circle_is_told),
		cmocka_unit_test(guests_and_features_of_phx_files_may_be_named),
		cmocka_unit_test(unknown_keys_are_kept_and_warned_of),
		cmocka_unit_test(properties_that_features_read_are_their_parameters),
		cmocka_unit_test(unknown_features_are_kept_and_warned_of),
		cmocka_unit_test(a_gateway_beside_dhcp_is_left_out),
		cmocka_unit_test(secrets_are_in_no_text),
		cmocka_unit_test(a_guest_has_a_limit),
		cmocka_unit_test(files_are_known_by_their_members),
		cmocka_unit_test(the_report_counts_and_gives_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
