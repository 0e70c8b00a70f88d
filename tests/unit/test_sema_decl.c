/* Declarations: attributes and blocks against the schema, loops and conditions that make them, labels, features. */
#include "sema_text.h"

#include "model/schema.h"

static void the_whole_example_of_the_language_is_understood(void **state)
{
	static const char text[] =
		"stack \"lab\"\n"
		"cluster home {\n  endpoint = \"https://10.0.0.13:8006\"\n  node = \"pve\"\n  token = "
		"env(\"PHX_TOKEN\")\n"
		"  fingerprint = \"AB:CD\"\n  ssh { host = \"10.0.0.13\"; user = \"root\" }\n}\n"
		"param workers: int = 3 {\n  assert value in 1..50, \"between 1 and 50 workers, not "
		"${value}\"\n}\n"
		"let subnet = 10.0.0.0/24\nlet gateway = host(subnet, 1)\nlet admin_keys = [\"ssh-ed25519 "
		"AAAA\"]\n"
		"defaults vm {\n  cores = 4; memory = 8GiB; storage = \"quickOS-vm-disks\"; bridge = "
		"\"vmbr0\"; disk = 100GiB\n}\n"
		"image noble {\n  url = \"https://x/noble.img\"\n  storage = \"local\"\n}\n"
		"feature docker {\n  script = \"features/docker.sh\"\n  check = \"docker info\"\n  timeout = "
		"10m\n"
		"  param channel: string = \"stable\"\n}\n"
		"vm ubuntu-2404 {\n  id = 8000\n  template = true\n  image = image.noble\n  network { ip = "
		"dhcp }\n"
		"  user phoenix_user { ssh_keys = admin_keys }\n}\n"
		"for i in 1..workers {\n  vm \"docker-${i}\" {\n    id = 8000 + i\n    clone = "
		"vm.ubuntu-2404\n"
		"    network { ip = host(subnet, 100 + i)/24; gw = gateway }\n"
		"    features = [feature.docker(channel = \"test\")]\n"
		"    nfs \"/srv/models\" { source = \"10.0.0.13:/quickOS/models\"; options = "
		"\"rw,nfsvers=4.2\" }\n"
		"    file \"/etc/motd\" { content = \"worker ${i} of ${workers}\\n\"; mode = 0644 }\n"
		"    health { command = \"docker info\"; retries = 5; interval = 10s }\n    snapshot "
		"final-form {}\n  }\n}\n"
		"container base {\n  id = 900\n  template = true\n  ostemplate = "
		"\"local:vztmpl/ubuntu.tar.zst\"\n"
		"  memory = 2GiB; cores = 2; rootfs = \"quickOS-lxc-disks:16\"\n"
		"  network { bridge = \"vmbr0\"; ip = 10.0.0.200/24; gw = gateway; mac = 52:54:00:AA:BB:CC "
		"}\n}\n"
		"container step-ca {\n  id = 103\n  clone = container.base\n  depends_on = [vm.docker-1]\n"
		"  network { ip = 10.0.0.10/24; gw = gateway }\n"
		"  mount \"/etc/step-ca/ssl\" { source = \"/mnt/pve/ssl\" }\n"
		"  firewall {\n    rule in accept { proto = tcp; port = \"9000\"; source = 10.0.0.12; "
		"comment = \"Traefik\" }\n  }\n}\n"
		"assert sum([g.memory for g in guests()]) <= 192GiB, \"the node has 192 GiB\"\n"
		"output ca_ip = container.step-ca.network.ip\n";
	static const char *const env[] = {"PHX_TOKEN=root@pam!phx=secret-uuid", NULL};
	struct sema_run r = {.options = {.env = sema_env, .env_user = (void *)(uintptr_t)env}};

	(void)state;
	sema_run_text(&r, text);
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "ca_ip"), "10.0.0.10/24");
	assert_int_equal(r.config->decls.n, 9);
	assert_string_equal(sema_attr(&r, "vm.docker-3", "id"), "8003");
	assert_string_equal(sema_attr(&r, "vm.docker-2", "network.ip"), "10.0.0.102/24");
	assert_string_equal(sema_attr(&r, "vm.docker-2", "network.gw"), "10.0.0.1");
	assert_string_equal(sema_attr(&r, "vm.docker-1", "features"), "[feature.docker(channel = \"test\")]");
	assert_string_equal(sema_attr(&r, "vm.docker-1", "file.mode"), "0644");
	assert_string_equal(sema_attr(&r, "vm.docker-1", "file.content"), "\"worker 1 of 3\\n\"");
	assert_string_equal(sema_attr(&r, "cluster.home", "token"), "(secret)");
	assert_string_equal(sema_attr(&r, "vm.ubuntu-2404", "network.ip"), "dhcp");
	assert_false(r.config->has_unknowns);
	sema_run_done(&r);
}

static void attributes_are_checked_against_the_schema(void **state)
{
	static const struct {
		const char *text, *codes, *help;
	} cases[] = {
		{"vm a { memroy = 1GiB }", "0301", "did you mean `memory`?"},
		{"vm a { memory = 2048 }", "0308", "2048MiB"},
		{"vm a { memory = \"2GiB\" }", "0308", "without quotes: `2GiB`"},
		{"vm a { cores = \"4\" }", "0308", "without quotes: `4`"},
		{"vm a { cores = 4.5 }", "0308", "an int"},
		{"vm a { on_boot = 1 }", "0308", "`true` or `false`"},
		{"vm a { on_boot = \"true\" }", "0308", "without quotes: `true`"},
		{"vm a { clone = \"vm.b\" }", "0308", "without quotes"},
		{"vm a { network { ip = \"10.0.0.1/24\" } }", "0308", "without quotes: `10.0.0.1/24`"},
		{"vm a { network { ip = 10.0.0.1 } }", "0308", "prefix"},
		{"vm a { network { gw = 10.0.0.1/24 } }", "0308", "leave the prefix out"},
		{"vm a { network { mac = \"52:54:00:AA:BB:CC\" } }", "0308", "without quotes"},
		{"vm a { startup { up = 30 } }", "0308", "30s"},
		{"vm a { bios = grub }", "0309", "seabios"},
		{"vm a { bios = \"grub\" }", "0309", "seabios"},
		{"vm a { depends_on = [1] }", "0308", NULL},
		{"vm a { tags = [1] }", "0308", NULL},
		{"vm a { cores = [1] }", "0308", NULL},
		{"image i {}\nvm a { clone = image.i }", "0308", NULL},
		{"vm a { cores = 1; cores = 2 }", "0303", NULL},
		{"vm a { cores = 1; if true { cores = 2 } }", "0303", NULL},
		{"vm a { network = 1 }", "0301", "without `=`"},
		{"vm a { memory {} }", "0302", "write `memory = …`"},
		{"vm a { gadget {} }", "0302", NULL},
		{"vm a { bridge {} }", "0302", NULL},
		{"container a { bios = ovmf }", "0301", "only a `vm` has `bios`"},
		{"vm a { balloon = 1 }", "0301", "options { balloon"},
		{"defaults vm { id = 3 }", "0315", NULL},
		{"defaults image { }", "0305", "`defaults vm"},
		{"vm a { network lan {}; network lan {} }", "0304", NULL},
		{"vm a { network {}; network net0 {} }", "0304", NULL},
		{"vm a { dns {}; dns {} }", "0304", NULL},
		{"vm {}", "0305", "`vm NAME"},
		{"vm a b {}", "0305", NULL},
		{"vm a { dns x {} }", "0305", NULL},
		{"vm a { nfs { source = \"x\" } }", "0305", NULL},
		{"vm a { nfs \"/x\" {} }", "0307", NULL},
		{"vm a { firewall { rule in maybe {} } }", "0305", NULL},
		{"vm a {}\nvm a {}", "0311", NULL},
		{"for i in 1..2 {\n vm a {}\n}", "0311", "the loop's variable"},
		{"vm \"\" {}", "0305", NULL},
		{"vm \"${lower(\"\")}\" {}", "0243", NULL},
		{"vm \"a\\nb\" {}", "0243", NULL},
		{"stack \"a\"\nstack \"b\"", "0240", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sema_run r = {0};

		sema_run_text(&r, cases[i].text);
		if (strcmp(sema_codes(&r), cases[i].codes) != 0)
			fail_msg("%s gave %s: %s", cases[i].text, sema_codes(&r), sema_report(&r));
		if (cases[i].help && !strstr(sema_report(&r), cases[i].help))
			fail_msg("%s: %s", cases[i].text, sema_report(&r));
		sema_run_done(&r);
	}
}

static void foreign_names_are_translated(void **state)
{
	static const struct {
		const char *text, *help;
	} cases[] = {
		{"vm a { vmid = 1 }", "phx calls it `id`"},
		{"vm a { ram = 1GiB }", "phx calls it `memory`"},
		{"vm a { cpus = 2 }", "phx calls it `cores`"},
		{"vm a { hostname = \"x\" }", "phx calls it `name`"},
		{"vm a { description = \"x\" }", "phx calls it `notes`"},
		{"vm a { target_node = \"x\" }", "phx calls it `node`"},
		{"vm a { onboot = true }", "phx calls it `on_boot`"},
		{"vm a { ip = 10.0.0.1/24 }", "network { ip"},
		{"vm a { net0 = \"virtio\" }", "network { bridge"},
		{"vm a { count = 3 }", "for i in 1..3"},
		{"vm a { nic {} }", "phx calls it `network`"},
		{"vm a { network { tag = 3 } }", "phx calls it `vlan`"},
		{"container a { mountpoint \"/x\" {} }", "phx calls it `mount`"},
		{"cluster c { insecure = true }", "TLS is always verified"},
		{"cluster c { url = \"https://x\" }", "phx calls it `endpoint`"},
		{"vm a { disk_size = 10GiB }", "phx calls it `disk`"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sema_run r = {0};

		sema_run_text(&r, cases[i].text);
		assert_int_equal(r.bag.diags.n, 1);
		if (!strstr(sema_report(&r), cases[i].help))
			fail_msg("%s: %s", cases[i].text, sema_report(&r));
		sema_run_done(&r);
	}
}

static void values_of_every_type_reach_their_attribute(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(
		&r,
		"image i {}\npool p {}\nvm t { template = true }\n"
		"vm a {\n  id = 100\n  cores = 2\n  memory = 2GiB\n  on_boot = true\n  tags = [\"b\", "
		"\"a\"]\n  pool = pool.p\n"
		"  clone = vm.t\n  notes = \"x\"\n  bios = ovmf\n  cpu { type = host; flags = [\"+aes\"] }\n"
		"  network { rate = 5; mac = 52:54:00:00:00:01; ip = 10.0.0.1/24; gw = 10.0.0.254; ip6 = "
		"auto }\n"
		"  disk data { size = 8GiB; storage = \"s\"; cache = writeback; ssd = true }\n"
		"  options { balloon = 1024; hotplug = \"disk,network\"; scsihw = virtio-scsi-single; vga = "
		"qxl }\n"
		"  firewall {\n    policy_in = DROP\n    rule in accept { macro = SSH }\n    rule out drop { "
		"port = 25 }\n    rule group web {}\n  }\n"
		"  lifecycle { replace = allow; ignore = [memory, notes] }\n  timeouts { create = 10m }\n}\n"
		"container c { pool = \"other\"; lxc { \"lxc.apparmor.profile\" = \"unconfined\" }; metadata "
		"{ anything = [1, { x = 2 }] } }");
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_attr(&r, "vm.a", "pool"), "pool.p");
	assert_string_equal(sema_attr(&r, "container.c", "pool"), "\"other\"");
	assert_string_equal(sema_attr(&r, "vm.a", "bios"), "ovmf");
	assert_string_equal(sema_attr(&r, "vm.a", "cpu.type"), "host");
	assert_string_equal(sema_attr(&r, "vm.a", "network.rate"), "5");
	assert_string_equal(sema_attr(&r, "vm.a", "network.ip6"), "auto");
	assert_string_equal(sema_attr(&r, "vm.a", "disk.cache"), "writeback");
	assert_string_equal(sema_attr(&r, "vm.a", "options.scsihw"), "virtio-scsi-single");
	assert_string_equal(sema_attr(&r, "vm.a", "options.vga"), "qxl");
	assert_string_equal(sema_attr(&r, "vm.a", "firewall.policy_in"), "DROP");
	assert_string_equal(sema_attr(&r, "vm.a", "lifecycle.ignore"), "[memory, notes]");
	assert_string_equal(sema_attr(&r, "container.c", "lxc.lxc.apparmor.profile"), "(none)");
	assert_string_equal(sema_attr(&r, "container.c", "metadata.anything"), "[1, { x = 2 }]");
	sema_run_done(&r);
}

/* Firewall rules keep their order, also where a condition stands between them. */
static void blocks_keep_the_order_of_the_source(void **state)
{
	struct sema_run r = {0};
	const struct phx_block *fw;

	(void)state;
	sema_run_text(
		&r, "vm a {\n firewall {\n  rule in accept { port = 1 }\n  if true { rule in drop { port = 2 "
		    "} }\n"
		    "  for p in 3..4 { rule in accept { port = p } }\n  rule in reject { port = 5 }\n }\n}");
	assert_string_equal(sema_codes(&r), "");
	fw = phx_block_child(&r.config->decls.v[0]->body, "firewall");
	assert_int_equal(fw->blocks.n, 5);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(phx_block_attr(fw->blocks.v[i], "port")->value.i, (int64_t)i + 1);
	sema_run_done(&r);
}

static void loops_and_conditions_stand_anywhere(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r,
		      "let disks = { data = 10GiB, logs = 20GiB }\nlet big = true\n"
		      "vm a {\n  for name, size in disks { disk \"${name}\" { size = size } }\n"
		      "  if big { memory = 64GiB } else { memory = 1GiB }\n"
		      "  if !big { cores = 1 } else if big { cores = 16 } else { cores = 2 }\n"
		      "  for i, t in [\"x\", \"y\"] { file \"/etc/${i}\" { content = t } }\n}\n"
		      "if big { vm b {} } else { vm c {} }\n"
		      "for i in 1..2 {\n  for j in 1..2 {\n    if i != j { vm \"v-${i}-${j}\" {} }\n  }\n}\n"
		      "for k, v in { one = 1 } { vm \"${k}\" { cores = v } }\n"
		      "output g = [g.name for g in guests()]\noutput d = keys(vm.a.disks)");
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "g"), "[\"a\", \"b\", \"one\", \"v-1-2\", \"v-2-1\"]");
	assert_string_equal(sema_output(&r, "d"), "[\"data\", \"logs\"]");
	assert_string_equal(sema_attr(&r, "vm.a", "memory"), "64GiB");
	assert_string_equal(sema_attr(&r, "vm.a", "cores"), "16");
	assert_int_equal(r.config->decls.v[0]->body.blocks.n, 4);
	sema_run_done(&r);
	sema_expect_codes("if 1 {\n}", "0201");
	sema_expect_codes("for x in 5 {\n}", "0201");
	sema_expect_codes("for x in 1..\"a\" {\n}", "0201");
	sema_expect_codes("vm \"v${[1]}\" {}", "0210");
	sema_expect_codes("vm \"v${nothing}\" {}", "0230");
}

static void features_take_parameters(void **state)
{
	static const char head[] =
		"feature f {\n  script = \"f.sh\"\n  param a: int\n  param b: string = \"x\"\n"
		"  param c: list<int> = [1] {\n    assert length(value) > 0, \"c is empty\"\n  }\n}\n";
	static const struct {
		const char *use, *codes, *value;
	} cases[] = {
		{"feature.f(a = 1)", "", "[feature.f(a = 1, b = \"x\", c = [1])]"},
		{"feature.f(b = \"y\", a = 2, c = [3])", "", "[feature.f(a = 2, b = \"y\", c = [3])]"},
		{"feature.qemu-guest-agent", "", "[feature.qemu-guest-agent]"},
		{"feature.nfs-client", "", "[feature.nfs-client(idmap_domain = null)]"},
		{"feature.nfs-client(idmap_domain = \"lab\")", "",
		 "[feature.nfs-client(idmap_domain = \"lab\")]"},
		{"feature.docker(anything = [1])", "0242", NULL},
		{"feature.docker(channel = 1)", "0242", NULL},
		{"feature.docker(channel = \"nightly\")", "0234", NULL},
		{"feature.f", "0242", NULL},
		{"feature.f(b = \"y\")", "0242", NULL},
		{"feature.f(a = \"1\")", "0242", NULL},
		{"feature.f(a = 1, z = 2)", "0242", NULL},
		{"feature.f(a = 1, a = 2)", "0242", NULL},
		{"feature.f(1)", "0242", NULL},
		{"feature.f(a = 1, c = [\"x\"])", "0242", NULL},
		{"feature.f(a = 1, c = [])", "0234", NULL},
		{"feature.f(a = nope)", "0230", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phx_buf text = {0};
		struct sema_run r = {0};

		phx_buf_printf(&text, "%svm a { features = [%s] }\n", head, cases[i].use);
		sema_run_text(&r, text.ptr);
		if (strcmp(sema_codes(&r), cases[i].codes) != 0)
			fail_msg("%s gave %s: %s", cases[i].use, sema_codes(&r), sema_report(&r));
		if (cases[i].value)
			assert_string_equal(sema_attr(&r, "vm.a", "features"), cases[i].value);
		sema_run_done(&r);
		phx_buf_done(&text);
	}
	sema_expect_codes("feature f { script = \"x\"; param a: int = \"s\" }", "0201");
	sema_expect_codes("feature f {\n script = \"x\"\n param a: int\n param a: int\n}", "0231");
	sema_expect_codes("feature f {}", "0307");
	sema_expect_codes("feature f { script = \"x\"; needs = [feature.nfs-client] }", "");
	sema_expect_codes("feature f { script = \"x\"; needs = [feature.nfs-clients] }", "0312");
	sema_expect_codes("feature f { script = \"x\"; needs = [feature.nfs-client(idmap_domain = \"x\")] }",
			  "0308");
}

/* They are declared in files of their own, behind all that the configuration declares, and see nothing of it. */
static void builtin_features_are_declared_when_they_are_named(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(
		&r, "vm a { features = [feature.step-ca, feature.nvidia] }\nlet value = 1\nlet version = 2\n"
		    "output script = feature.nvidia.script");
	assert_string_equal(sema_codes(&r), "");
	assert_int_equal(r.config->decls.n, 4);
	assert_true(phx_str_eqc(r.config->decls.v[0]->address, "vm.a"));
	assert_true(phx_str_eqc(r.config->decls.v[1]->name, "step-ca"));
	assert_true(phx_str_eqc(r.config->decls.v[2]->name, "nvidia"));
	assert_true(phx_str_eqc(r.config->decls.v[3]->name, "step-cli")); /* step-ca needs it */
	assert_true(r.config->decls.v[1]->builtin);
	assert_string_equal(sema_output(&r, "script"), "\"nvidia.sh\"");
	sema_run_done(&r);

	sema_expect_codes("vm a { features = [resource(\"feature.dock${\"er\"}\")] }", "");
	sema_expect_codes("vm a { features = [feature[\"dock${\"er\"}s\"]] }", "0312");
	sema_expect_codes("vm a { features = [try(feature.docker.nothing, feature.docker)] }", "0301");
}

static void a_block_of_a_builtin_feature_replaces_it(void **state)
{
	(void)state;
	sema_expect_codes("feature docker { script = \"d.sh\"; param channel: string }\nvm a { features = "
			  "[feature.docker] }",
			  "0242");
}

static void the_stack_and_its_ids(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "stack \"lab\" { ids = 200..299 }");
	assert_string_equal(sema_codes(&r), "");
	assert_true(phx_str_eqc(r.config->stack, "lab"));
	assert_true(r.config->has_ids);
	assert_int_equal(r.config->ids_first, 200);
	assert_int_equal(r.config->ids_last, 299);
	sema_run_done(&r);
	sema_run_text(&r, "let from = 500\nlet mine = from..from + 9\nstack \"lab\" { ids = mine }");
	assert_string_equal(sema_codes(&r), "");
	assert_int_equal(r.config->ids_last, 509);
	sema_run_done(&r);
	/* As wide as Proxmox has them: no list is made of it. */
	sema_run_text(&r, "stack \"lab\" { ids = 100..999999999 }");
	assert_string_equal(sema_codes(&r), "");
	assert_int_equal(r.config->ids_last, 999999999);
	sema_run_done(&r);
	sema_expect_codes("stack \"lab\" { ids = [300, 302] }", "0325");
	sema_expect_codes("stack \"lab\" { ids = \"200-299\" }", "0308");
	sema_expect_codes("stack \"lab\" { idz = 1..2 }", "0301");
}

static void places_are_kept(void **state)
{
	struct sema_run r = {0};
	const struct phx_attr *a;
	struct phx_pos at;

	(void)state;
	sema_run_text(&r, "let n = 4\nvm web {\n  cores = n\n  memory = 2GiB\n}");
	a = phx_block_attr(&r.config->decls.v[0]->body, "cores");
	at = phx_source_pos(&r.sources, a->value.span);
	assert_int_equal(at.line, 3);
	assert_int_equal(at.col, 11);
	at = phx_source_pos(&r.sources, a->name_span);
	assert_int_equal(at.col, 3);
	at = phx_source_pos(&r.sources, r.config->decls.v[0]->span);
	assert_int_equal(at.line, 2);
	assert_true(phx_str_eqc(r.config->decls.v[0]->dir, "."));
	sema_run_done(&r);
}

static void assertions_show_the_values(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "let limit = 192GiB\nvm a { memory = 256GiB }\nassert sum([g.memory for g in "
			  "guests()]) <= limit, \"the node has ${limit}\"");
	assert_string_equal(sema_codes(&r), "0234");
	assert_string_equal(sema_report(&r),
			    "the node has 192GiB\nmain.phx:3:8 this is false\n"
			    "note: `sum([g.memory for g in guests()])` is 256GiB\nnote: `limit` is 192GiB");
	sema_run_done(&r);
	sema_run_text(&r, "let a = 1\nlet b = [2, 3]\nassert true && (a in b || a > 2)");
	assert_string_equal(sema_report(&r),
			    "the assertion does not hold\nmain.phx:3:8 this is false\nnote: `a` is 1\n"
			    "note: `b` is [2, 3]\nnote: `a` is 1");
	sema_run_done(&r);
	sema_expect_codes("assert 1", "0201");
	sema_expect_codes("assert true, 1", "0201");
	sema_expect_codes(
		"for g in guests() {\n assert g.memory <= 64GiB, \"${g.address} asks for ${g.memory}\"\n}\n"
		"vm a { memory = 65GiB }\nvm b { memory = 66GiB }\nvm c { memory = 1GiB }",
		"0234 0234");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_example_of_the_language_is_understood),
		cmocka_unit_test(attributes_are_checked_against_the_schema),
		cmocka_unit_test(foreign_names_are_translated),
		cmocka_unit_test(values_of_every_type_reach_their_attribute),
		cmocka_unit_test(blocks_keep_the_order_of_the_source),
		cmocka_unit_test(loops_and_conditions_stand_anywhere),
		cmocka_unit_test(features_take_parameters),
		cmocka_unit_test(builtin_features_are_declared_when_they_are_named),
		cmocka_unit_test(a_block_of_a_builtin_feature_replaces_it),
		cmocka_unit_test(the_stack_and_its_ids),
		cmocka_unit_test(places_are_kept),
		cmocka_unit_test(assertions_show_the_values),
	};

	return cmocka_run_group_tests_name("sema: declarations", tests, NULL, NULL);
}
