/* What guests become: settings in Proxmox's text, disks, cards, firewall, steps. */
#include "model_text.h"

#include <stdio.h>

#define IMAGE "image noble { url = \"https://x.org/noble.img\"; storage = \"local\" }\n"
#define CT    "ostemplate = \"local:vztmpl/a.tar.zst\"; rootfs = \"st:8\"; "

static void an_image_vm_gets_what_makes_it_boot(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, IMAGE
		    "vm web { id = 100; image = image.noble; storage = \"ssd\"; disk = 32GiB; cores = 2\n"
		    "memory = 8GiB; network { ip = dhcp } }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.web", "cores"), "2");
	assert_string_equal(setting(&w, "vm.web", "memory"), "8192");
	assert_string_equal(setting(&w, "vm.web", "boot"), "order=scsi0");
	assert_string_equal(setting(&w, "vm.web", "scsihw"), "virtio-scsi-single");
	assert_string_equal(setting(&w, "vm.web", "agent"), "enabled=1");
	assert_null(setting(&w, "vm.web", "serial0"));
	assert_null(setting(&w, "vm.web", "vga"));
	assert_true(guest(&w, "vm.web")->agent);
	assert_true(guest(&w, "vm.web")->cloud_init);
	assert_int_equal(volume(&w, "vm.web", "scsi0")->source, PHX_VOL_IMPORT);
	assert_int_equal(volume(&w, "vm.web", "ide2")->source, PHX_VOL_CLOUDINIT);
	assert_str(volume(&w, "vm.web", "ide2")->storage, "ssd");
	assert_true(volume(&w, "vm.web", "scsi0")->size == 32ull << 30);
	world_close(&w);
}

static void what_is_declared_wins_over_what_makes_it_boot(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, IMAGE
		    "vm web { id = 100; image = image.noble; storage = \"ssd\"; agent { enabled = false }\n"
		    "options { scsihw = \"virtio-scsi-pci\"; boot = \"order=scsi0\" } }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.web", "boot"), "order=scsi0");
	assert_string_equal(setting(&w, "vm.web", "scsihw"), "virtio-scsi-pci");
	assert_string_equal(setting(&w, "vm.web", "agent"), "enabled=0");
	assert_false(guest(&w, "vm.web")->agent);
	assert_false(guest(&w, "vm.web")->cloud_init);
	assert_null(volume(&w, "vm.web", "ide2"));
	world_close(&w);
}

static void an_installer_boots_while_the_disk_is_empty(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w,
		    "vm a { id = 100; storage = \"st\"; disk = 8GiB; iso = \"local:iso/deb.iso\" }\n"
		    "vm b { id = 101; storage = \"st\"; disk = 8GiB; iso = \"local:iso/deb.iso\"; network "
		    "{ ip = dhcp } }\n"
		    "image win { url = \"https://x.org/win.iso\" } vm c { id = 102; storage = \"st\"; "
		    "disk = 8GiB; iso = image.win }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.a", "boot"), "order=scsi0;ide2");
	assert_int_equal(volume(&w, "vm.a", "ide2")->source, PHX_VOL_CDROM);
	assert_str(volume(&w, "vm.a", "ide2")->volume, "local:iso/deb.iso");
	assert_string_equal(setting(&w, "vm.b", "boot"), "order=scsi0;ide0");
	assert_int_equal(volume(&w, "vm.b", "ide2")->source, PHX_VOL_CLOUDINIT);
	assert_str(volume(&w, "vm.c", "ide2")->volume, "local:iso/win.iso");
	assert_str(guest(&w, "vm.c")->r.needs.v[0].why, "iso");
	world_close(&w);
}

static void attributes_become_options_in_proxmox_text(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w,
		    "vm a { id = 100; storage = \"st\"; disk = 8GiB; on_boot = true; protect = true; bios "
		    "= ovmf; machine = q35\n"
		    "startup { order = 2; up = 30s; down = 1m }\n"
		    "dns { servers = [10.0.0.1, 10.0.0.2]; search = \"lab.test\" }\n"
		    "cpu { type = host; sockets = 2; flags = [\"+aes\", \"-pcid\"]; numa = true }\n"
		    "user ada { ssh_keys = [\"ssh-ed25519 AAAA ada@home\", \"ssh-rsa BBBB\"]; password = "
		    "secret \"hunter22\" }\n"
		    "cloud_init { user_data = \"local:snippets/u.yml\"; upgrade = false }\n"
		    "options { balloon = 512MiB; hotplug = [\"disk\", \"network\"]; ostype = L26 } }\n"
		    "container c { id = 101; " CT
		    "swap = 512MiB; unprivileged = true; nesting = true; memory = 1GiB\n"
		    "options { features = \"keyctl=1\"; tty = 1 } }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.a", "onboot"), "1");
	assert_string_equal(setting(&w, "vm.a", "protection"), "1");
	assert_true(guest(&w, "vm.a")->protect);
	assert_string_equal(setting(&w, "vm.a", "bios"), "ovmf");
	assert_string_equal(setting(&w, "vm.a", "machine"), "q35");
	assert_string_equal(setting(&w, "vm.a", "startup"), "order=2,up=30,down=60");
	assert_int_equal(guest(&w, "vm.a")->boot_order, 2);
	assert_string_equal(setting(&w, "vm.a", "nameserver"), "10.0.0.1 10.0.0.2");
	assert_string_equal(setting(&w, "vm.a", "searchdomain"), "lab.test");
	assert_string_equal(setting(&w, "vm.a", "cpu"), "host,flags=+aes;-pcid");
	assert_string_equal(setting(&w, "vm.a", "sockets"), "2");
	assert_string_equal(setting(&w, "vm.a", "numa"), "1");
	assert_string_equal(setting(&w, "vm.a", "ciuser"), "ada");
	assert_string_equal(setting(&w, "vm.a", "sshkeys"),
			    "ssh-ed25519%20AAAA%20ada%40home%0Assh-rsa%20BBBB");
	assert_string_equal(setting(&w, "vm.a", "cipassword"), "hunter22");
	assert_string_equal(setting(&w, "vm.a", "cicustom"), "user=local:snippets/u.yml");
	assert_string_equal(setting(&w, "vm.a", "ciupgrade"), "0");
	assert_string_equal(setting(&w, "vm.a", "balloon"), "512");
	assert_string_equal(setting(&w, "vm.a", "hotplug"), "disk,network");
	assert_string_equal(setting(&w, "vm.a", "ostype"), "l26");
	assert_string_equal(setting(&w, "container.c", "swap"), "512");
	assert_string_equal(setting(&w, "container.c", "memory"), "1024");
	assert_string_equal(setting(&w, "container.c", "unprivileged"), "1");
	assert_string_equal(setting(&w, "container.c", "features"), "keyctl=1,nesting=1");
	assert_string_equal(setting(&w, "container.c", "tty"), "1");
	assert_str(guest(&w, "container.c")->ostemplate, "local:vztmpl/a.tar.zst");
	world_close(&w);
}

static void settings_are_sorted_and_know_their_place_in_the_source(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(&w, "defaults vm { memory = 2GiB } vm a { id = 100; storage = \"st\"; disk = 8GiB; cores "
			"= 4; options { acpi = false } }");
	assert_true(is_clean(&w));
	g = guest(&w, "vm.a");
	for (uint32_t i = 1; i < g->settings.n; i++)
		assert_true(phx_str_cmp(g->settings.v[i - 1].key, g->settings.v[i].key) < 0);
	assert_str(g->settings.v[0].key, "acpi");
	assert_str(g->settings.v[0].path, "options.acpi");
	assert_str(under(&w, g->settings.v[0].span), "false");
	assert_non_null(g->settings.v[0].option);
	assert_int_equal(g->settings.v[0].origin, PHX_FROM_SELF);
	assert_str(g->settings.v[2].key, "memory");
	assert_int_equal(g->settings.v[2].origin, PHX_FROM_DEFAULTS);
	assert_str(under(&w, g->settings.v[2].span), "2GiB");
	world_close(&w);
}

static void null_takes_a_default_back_or_removes_an_option(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, "defaults vm { cores = 4; storage = \"st\" }\n"
			"vm t { id = 100; template = true; disk = 8GiB; cores = 8; memory = 4GiB }\n"
			"vm a { id = 101; clone = vm.t; cores = null }\n" /* the source's comes back */
			"vm b { id = 102; clone = vm.t; memory = null }\n"
			"vm c { id = 103; disk = 8GiB; cores = null; options { balloon = null } }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.a", "cores"), "8");
	assert_string_equal(setting(&w, "vm.b", "memory"), "(unset)");
	assert_string_equal(setting(&w, "vm.c", "cores"), "(unset)");
	assert_string_equal(setting(&w, "vm.c", "balloon"), "(unset)");
	world_close(&w);
}

static void disks_get_slots_in_the_order_of_their_labels(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w,
		    "vm a { id = 100; storage = \"st\"; disk zeta { size = 1GiB }; disk data10 { size = "
		    "3GiB }; disk root { size = 8GiB; ssd = true; discard = true; cache = writeback }\n"
		    "disk data2 { size = 2GiB; storage = \"xx\"; iothread = true }; disk virtio1 { size = "
		    "4GiB }; disk fix { size = 5GiB; slot = \"scsi2\" } }\n");
	assert_true(is_clean(&w));
	assert_str(volume(&w, "vm.a", "scsi0")->label, "root");
	assert_str(volume(&w, "vm.a", "scsi0")->props, "cache=writeback,discard=on,ssd=1");
	assert_str(volume(&w, "vm.a", "scsi0")->path, "disk.root");
	assert_str(volume(&w, "vm.a", "scsi1")->label, "data2");
	assert_str(volume(&w, "vm.a", "scsi1")->storage, "xx");
	assert_str(volume(&w, "vm.a", "scsi1")->props, "iothread=1");
	assert_false(volume(&w, "vm.a", "scsi1")->slot_fixed);
	assert_str(volume(&w, "vm.a", "scsi2")->label, "fix");
	assert_true(volume(&w, "vm.a", "scsi2")->slot_fixed);
	assert_str(volume(&w, "vm.a", "scsi3")->label, "data10");
	assert_str(volume(&w, "vm.a", "scsi4")->label, "zeta");
	assert_str(volume(&w, "vm.a", "virtio1")->label, "virtio1");
	assert_str(guest(&w, "vm.a")->volumes.v[0].slot, "scsi0");
	world_close(&w);
}

static void the_boot_disk_may_have_another_slot(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, IMAGE
		    "vm a { id = 100; storage = \"st\"; image = image.noble; disk root { slot = \"virtio0\" "
		    "}; disk data { size = 1GiB } }\n"
		    "vm b { id = 101; storage = \"st\"; image = image.noble; disk scsi0 { size = 9GiB } }\n"
		    "vm c { id = 102; storage = \"st\"; disk only { size = 9GiB } }\n"
		    "vm d { id = 103; storage = \"st\"; disk = 8GiB; disk efidisk0 {} }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.a", "boot"), "order=virtio0");
	assert_int_equal(volume(&w, "vm.a", "virtio0")->source, PHX_VOL_IMPORT);
	assert_int_equal(volume(&w, "vm.a", "scsi0")->source, PHX_VOL_EMPTY);
	assert_int_equal(volume(&w, "vm.b", "scsi0")->source, PHX_VOL_IMPORT);
	assert_true(volume(&w, "vm.b", "scsi0")->size == 9ull << 30);
	assert_int_equal(volume(&w, "vm.c", "scsi0")->source, PHX_VOL_EMPTY);
	assert_str(volume(&w, "vm.d", "efidisk0")->storage, "st");
	world_close(&w);
}

static void mounts_are_known_by_their_path(void **state)
{
	struct world w = {0};
	const struct phx_volume *v;

	(void)state;
	world_build(&w, "container a { id = 100; storage = \"st\"; " CT "\n"
			"mount \"/srv/b/\" { size = 2GiB; options = \"noatime,nosuid,ro\"; backup = true }\n"
			"mount \"/srv/a\" { source = \"/tank/a\"; owner = \"1000:1000\" }\n"
			"mount \"/opt\" { source = \"st:subvol-9-disk-1\"; slot = \"mp7\" } }\n");
	assert_true(is_clean(&w));
	v = volume(&w, "container.a", "mp0");
	assert_str(v->label, "/srv/a");
	assert_int_equal(v->source, PHX_VOL_HOST_PATH);
	assert_str(v->volume, "/tank/a");
	assert_true(v->has_uid && v->has_gid && !v->has_mode && v->uid == 1000 && v->gid == 1000);
	v = volume(&w, "container.a", "mp1");
	assert_str(v->label, "/srv/b");
	assert_int_equal(v->source, PHX_VOL_EMPTY);
	assert_str(v->storage, "st");
	assert_str(v->props, "backup=1,mountoptions=noatime;nosuid,ro=1");
	v = volume(&w, "container.a", "mp7");
	assert_int_equal(v->source, PHX_VOL_EXISTING);
	assert_true(v->slot_fixed);
	v = volume(&w, "container.a", "rootfs");
	assert_int_equal(v->source, PHX_VOL_OSTEMPLATE);
	assert_true(v->size == 8ull << 30);
	world_close(&w);
}

static void a_root_file_system_may_be_said_in_four_ways(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(
		&w,
		"container a { id = 100; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = \"tank:16,acl=1\" "
		"}\n"
		"container b { id = 101; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = 16GiB; storage = "
		"\"tank\" }\n"
		"container c { id = 102; ostemplate = \"local:vztmpl/a.tar.gz\"; disk = 16GiB; storage = "
		"\"tank\" }\n"
		"container d { id = 103; ostemplate = \"local:vztmpl/a.tar.gz\"; disk root { size = 16GiB; "
		"storage = \"tank\" } }\n"
		"container e { id = 104; ostemplate = \"local:vztmpl/a.tar.gz\" }\n"
		"container f { id = 105; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = \"tank:0.5\" }\n"
		"container g { id = 106; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = "
		"\"tank:subvol-106-disk-0\" }\n");
	assert_true(is_clean(&w));
	for (char c = 'a'; c <= 'd'; c++) {
		char name[] = "container.x";

		name[10] = c;
		assert_str(volume(&w, name, "rootfs")->storage, "tank");
		assert_true(volume(&w, name, "rootfs")->size == 16ull << 30);
	}
	assert_str(volume(&w, "container.a", "rootfs")->props, "acl=1");
	/* Proxmox's own default (recording 385), said so that the plan shows it. */
	assert_str(volume(&w, "container.e", "rootfs")->storage, "local");
	assert_true(volume(&w, "container.e", "rootfs")->size == 4ull << 30);
	assert_true(volume(&w, "container.f", "rootfs")->size == 1ull << 29);
	assert_int_equal(volume(&w, "container.g", "rootfs")->source, PHX_VOL_EXISTING);
	assert_str(volume(&w, "container.g", "rootfs")->volume, "tank:subvol-106-disk-0");
	world_close(&w);
}

static void cards_have_slots_bridges_and_addresses(void **state)
{
	struct world w = {0};
	const struct phx_nic *n;

	(void)state;
	world_build(&w, "vm a { id = 100; storage = \"st\"; disk = 1GiB; bridge = \"vmbr7\"\n"
			"network { ip = 10.0.0.5/24; gw = 10.0.0.1; ip6 = auto; mac = 52:54:00:aa:bb:cc; "
			"vlan = 12; mtu = 9000; rate = 12.5; queues = 4; trunks = [5, 6] }\n"
			"network lan { bridge = \"vmbr1\"; model = e1000; firewall = true } network net5 { "
			"ip6 = fd00::5/64; gw6 = fe80::1 } }\n"
			"container c { id = 101; " CT "network eth1 {} network { name = \"wan0\" } }\n");
	assert_true(is_clean(&w));
	n = nic(&w, "vm.a", 0);
	assert_str(n->bridge, "vmbr7");
	assert_str(n->model, "virtio");
	assert_true(n->has_ip && n->has_ip6 && n->auto6 && n->mac_declared);
	assert_int_equal(n->vlan, 12);
	assert_int_equal(n->mtu, 9000);
	assert_str(n->rate, "12.5");
	assert_str(n->props, "queues=4,trunks=5;6");
	assert_str(n->path, "network");
	assert_int_equal(n->mac[3], 0xaa);
	n = nic(&w, "vm.a", 1);
	assert_str(n->label, "lan");
	assert_str(n->bridge, "vmbr1");
	assert_str(n->model, "e1000");
	assert_true(n->firewall);
	assert_str(n->path, "network.lan");
	assert_false(n->slot_fixed);
	n = nic(&w, "vm.a", 5);
	assert_true(n->slot_fixed && n->gw6.family == 6);
	assert_str(nic(&w, "container.c", 1)->name, "eth1");
	assert_str(nic(&w, "container.c", 0)->name, "wan0");
	assert_str(nic(&w, "container.c", 0)->bridge, "vmbr0");
	world_close(&w);
}

static void derived_macs_never_change(void **state)
{
	static const uint8_t expected[] = {0x02, 0x09, 0x2c, 0x1a, 0x33, 0x71};
	struct world w = {0};
	uint8_t mac[6], other[6];

	(void)state;
	phx_mac_derive(PHX_STR("lab"), 100, 0, mac);
	if (memcmp(mac, expected, 6) != 0)
		print_error("got %02x %02x %02x %02x %02x %02x\n", mac[0], mac[1], mac[2], mac[3], mac[4],
			    mac[5]);
	assert_memory_equal(mac, expected, 6);
	phx_mac_derive(PHX_STR("lab"), 100, 1, other);
	assert_memory_not_equal(mac, other, 6);
	phx_mac_derive(PHX_STR("lab"), 101, 0, other);
	assert_memory_not_equal(mac, other, 6);
	phx_mac_derive(PHX_STR("lab2"), 100, 0, other);
	assert_memory_not_equal(mac, other, 6);
	world_build(&w, "vm a { id = 100; storage = \"st\"; disk = 1GiB; network {} } vm t { id = 900; "
			"template = true; storage = \"st\"; disk = 1GiB; network {} }\n"
			"vm c { id = 101; clone = vm.t }");
	assert_true(is_clean(&w));
	assert_memory_equal(nic(&w, "vm.a", 0)->mac, expected, 6);
	/* A clone has a MAC of its own, though nothing is said. */
	phx_mac_derive(PHX_STR("lab"), 101, 0, mac);
	assert_memory_equal(nic(&w, "vm.c", 0)->mac, mac, 6);
	assert_int_equal(nic(&w, "vm.c", 0)->origin, PHX_FROM_SOURCE);
	world_close(&w);
}

static void macs_of_ten_thousand_guests_do_not_meet(void **state)
{
	struct phx_arena a = {0};
	struct phx_map seen = {0};

	(void)state;
	for (uint64_t id = 100; id < 10100; id++) {
		struct phx_str key = {phx_arena_alloc(&a, 6, 1), 6};
		bool fresh;

		phx_mac_derive(PHX_STR("lab"), id, 0, (uint8_t *)(uintptr_t)key.ptr);
		assert_int_equal((uint8_t)key.ptr[0], 0x02);
		phx_map_put(&a, &seen, key, &fresh);
		assert_true(fresh);
	}
	phx_arena_done(&a);
}

static void the_firewall_keeps_its_rules_in_order(void **state)
{
	struct world w = {0};
	const struct phx_firewall *f;

	(void)state;
	world_build(
		&w,
		"vm a { id = 100; storage = \"st\"; disk = 1GiB; network {} network x { firewall = false }\n"
		"firewall { policy_in = drop; log_level_in = info\n"
		"  rule in accept { proto = tcp; port = \"80,443\"; source = 10.0.0.0/24; comment = \"web\" "
		"}\n"
		"  rule out reject { macro = smtp; log = warning; enabled = false }\n"
		"  rule in drop { proto = icmp; icmp_type = \"echo-request\"; iface = \"net0\"; dest = "
		"[10.0.0.1, 10.0.0.2] }\n"
		"  rule group web {} } }\n");
	assert_true(is_clean(&w));
	f = &guest(&w, "vm.a")->firewall;
	assert_true(f->declared && f->enabled);
	assert_int_equal(f->rules.n, 4);
	assert_str(f->rules.v[0].action, "ACCEPT");
	assert_str(f->rules.v[0].dport, "80,443");
	assert_str(f->rules.v[0].source, "10.0.0.0/24");
	assert_true(f->rules.v[0].enable);
	assert_str(f->rules.v[1].macro, "SMTP");
	assert_str(f->rules.v[1].type, "out");
	assert_false(f->rules.v[1].enable);
	assert_str(f->rules.v[2].dest, "10.0.0.1,10.0.0.2");
	assert_str(f->rules.v[3].type, "group");
	assert_str(f->rules.v[3].action, "web");
	assert_int_equal(f->options.n, 3);
	assert_str(f->options.v[0].key, "enable");
	assert_str(f->options.v[0].value, "1");
	assert_str(f->options.v[2].value, "DROP");
	assert_true(nic(&w, "vm.a", 0)->firewall);
	assert_false(nic(&w, "vm.a", 1)->firewall);
	world_close(&w);
}

static void steps_inside_come_in_the_order_they_are_done(void **state)
{
	static const uint8_t kinds[] = {PHX_STEP_NFS,     PHX_STEP_FILE,   PHX_STEP_FILE,  PHX_STEP_FEATURE,
					PHX_STEP_FEATURE, PHX_STEP_SCRIPT, PHX_STEP_HEALTH};
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	w.dir = PHX_STR("/dev");
	world_build(
		&w,
		"feature docker { script = \"null\"; timeout = 90s; check = \"docker info\"; param channel { "
		"default = \"stable\" } param size { default = 3 } param key { type = \"secret<string>\"; "
		"default "
		"= null } }\n"
		"feature base-setup { script = \"/dev/zero\" }\n"
		"container a { id = 100; " CT "gpu = [0, 1]; idmap = [\"u 0 100000 65536\"]; lxc { "
		"\"lxc.apparmor.profile\" = \"unconfined\" }\n"
		"health { command = \"true\" } script s { source = \"null\"; params = { key = secret "
		"\"hunter22\" } } features = [feature.docker(channel = \"test\"), feature.base-setup]\n"
		"file \"/etc/motd\" { content = \"b\"; mode = 0644 } file \"/etc/issue\" { content = "
		"secret \"hunter23\" } nfs \"/srv\" { source = \"h:/x\" } }\n");
	assert_true(is_clean(&w));
	g = guest(&w, "container.a");
	assert_int_equal(g->steps.n, PHX_COUNTOF(kinds));
	for (size_t i = 0; i < PHX_COUNTOF(kinds); i++)
		assert_int_equal(g->steps.v[i].kind, kinds[i]);
	assert_str(g->steps.v[1].name, "/etc/issue");
	assert_str(g->steps.v[2].name, "/etc/motd");
	assert_str(g->steps.v[3].name, "docker");
	assert_int_equal(g->steps.v[3].feature->kind, PHX_V_CALL);
	assert_str(g->steps.v[3].decl->script, "/dev/null");
	assert_str(g->steps.v[3].decl->check, "docker info");
	assert_int_equal(g->steps.v[3].decl->timeout_ms, 90000);
	assert_int_equal(g->steps.v[3].params.n, 2); /* null is not there */
	assert_str(g->steps.v[3].params.v[0].name, "channel");
	assert_str(g->steps.v[3].params.v[0].value->s, "test");
	assert_int_equal(g->steps.v[3].params.v[1].value->i, 3);
	assert_false(g->steps.v[3].params.v[1].secret);
	assert_str(g->steps.v[4].decl->script, "/dev/zero");
	assert_int_equal(g->steps.v[4].params.n, 0);
	assert_str(g->steps.v[4].name, "base-setup");
	assert_str(g->steps.v[5].dir, "/dev");
	assert_int_equal(w.secrets.values.n > 1, 1);
	world_close(&w);
}

static const char *feature_order(struct world *w, const char *address, struct phx_buf *out)
{
	const struct phx_guest *g = guest(w, address);

	phx_buf_clear(out);
	for (uint32_t i = 0; i < g->steps.n; i++)
		phx_buf_printf(out, "%s" PHX_STR_FMT "%s", i ? " " : "", PHX_STR_ARG(g->steps.v[i].name),
			       g->steps.v[i].feature ? "" : "+");
	phx_buf_ch(out, 0);
	return out->ptr;
}

/* + are those that nobody listed. */
static void features_run_behind_what_they_need(void **state)
{
	struct world w = {0};
	struct phx_buf order = {0};

	(void)state;
	w.dir = PHX_STR("/dev");
	world_build(&w,
		    "feature a { script = \"null\"; needs = [feature.b, feature.c] }\n"
		    "feature b { script = \"null\"; needs = [feature.c]; param p { type = \"int\"; default = "
		    "1 } }\n"
		    "feature c { script = \"null\" } feature d { script = \"null\" }\n"
		    "container g { id = 100; " CT "features = [feature.d, feature.a] }\n"
		    "container h { id = 101; " CT "features = [feature.a, feature.d, feature.b(p = 2)] }\n"
		    "container t { id = 102; template = true; " CT "features = [feature.b(p = 3)] }\n"
		    "container u { id = 103; clone = container.t; features = [feature.a] }\n");
	assert_true(is_clean(&w));
	assert_string_equal(feature_order(&w, "container.g", &order), "d c+ b+ a");
	assert_int_equal(guest(&w, "container.g")->steps.v[2].params.v[0].value->i, 1);
	assert_string_equal(feature_order(&w, "container.h", &order), "c+ b a d");
	assert_int_equal(guest(&w, "container.h")->steps.v[1].params.v[0].value->i, 2);
	/* The template has b and c already, with parameters of its own. */
	assert_string_equal(feature_order(&w, "container.u", &order), "a");
	phx_buf_done(&order);
	world_close(&w);
}

static void steps_of_guest_and_defaults_are_one(void **state)
{
	struct world w = {0};
	const struct phx_step *s;

	(void)state;
	world_build(&w,
		    "defaults container { file \"/etc/motd\" { content = \"from defaults\"; mode = 0600 } }\n"
		    "container a { id = 100; " CT "file \"/etc/motd\" { content = \"mine\" } }\n"
		    "container b { id = 101; " CT " }\n");
	assert_true(is_clean(&w));
	s = &guest(&w, "container.a")->steps.v[0];
	assert_str(phx_block_attr(s->block, "content")->value.s, "mine");
	assert_int_equal(phx_block_attr(s->block, "mode")->value.i, 0600);
	s = &guest(&w, "container.b")->steps.v[0];
	assert_str(phx_block_attr(s->block, "content")->value.s, "from defaults");
	world_close(&w);
}

static void devices_of_the_host_get_slots(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(
		&w,
		"vm a { id = 100; storage = \"st\"; disk = 1GiB; machine = q35; gpu = \"0000:01:00\"; usb "
		"= [\"host=1234:5678\", \"spice\"]\n"
		"hostpci hostpci3 { device = \"02:00.0\"; rombar = false } hostpci nic { mapping = "
		"\"x710\" } hostpci = \"03:00\" }\n"
		"vm b { id = 101; storage = \"st\"; disk = 1GiB; gpu = [\"rtx\"] }\n"
		"container c { id = 102; " CT
		"device = [\"/dev/kvm\"]; device \"/dev/dri/renderD128\" { gid = 104; mode = 0660 } }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.a", "hostpci3"), "02:00.0,rombar=0");
	assert_string_equal(setting(&w, "vm.a", "hostpci0"), "mapping=x710");
	assert_string_equal(setting(&w, "vm.a", "hostpci1"), "0000:01:00,pcie=1");
	assert_string_equal(setting(&w, "vm.a", "hostpci2"), "03:00");
	assert_string_equal(setting(&w, "vm.a", "usb0"), "host=1234:5678");
	assert_string_equal(setting(&w, "vm.a", "usb1"), "spice");
	assert_string_equal(setting(&w, "vm.b", "hostpci0"), "mapping=rtx");
	assert_string_equal(setting(&w, "container.c", "dev0"), "/dev/dri/renderD128,gid=104,mode=0660");
	assert_string_equal(setting(&w, "container.c", "dev1"), "/dev/kvm");
	world_close(&w);
}

static void clusters_images_and_pools_are_resolved(void **state)
{
	struct world w = {0};
	const struct phx_image *im;

	(void)state;
	world_build(&w,
		    "cluster home { endpoint = \"https://10.0.0.13:8006\"; node = \"pve\"; token = secret "
		    "\"root@pam!phx=1234\"; ssh { host = \"10.0.0.13\" } }\n"
		    "pool lab { comment = \"x\" } image a { url = \"https://x.org/d/noble-amd64.img?x=1\" } "
		    "image b { url = \"http://x/deb.tar.zst\"; storage = \"tank\" }\n"
		    "image c { volume = \"local:iso/win.iso\" } image d { url = \"http://x/f.qcow2\"; "
		    "checksum = \"md5:e3b0c44298fc1c149afbf4c8996fb924\" }\n"
		    "vm v { id = 100; storage = \"st\"; image = image.a; pool = pool.lab; node = \"pve2\" } "
		    "container k { id = 101; ostemplate = image.b; rootfs = \"st:4\"; pool = \"lab\" }\n"
		    "container o { id = 102; " CT "pool = \"other\" }\n");
	assert_true(is_clean(&w));
	assert_str(guest(&w, "vm.v")->node, "pve2");
	assert_str(guest(&w, "container.k")->node, "pve");
	assert_str(guest(&w, "container.k")->ostemplate, "tank:vztmpl/deb.tar.zst");
	assert_ptr_equal(guest(&w, "vm.v")->pool_res, w.graph->pools.v[0]);
	assert_ptr_equal(guest(&w, "container.k")->pool_res, w.graph->pools.v[0]);
	assert_null(guest(&w, "container.o")->pool_res);
	assert_str(guest(&w, "container.o")->pool, "other");
	im = phx_map_get(&w.graph->by_address, PHX_STR("image.a"));
	assert_str(im->filename, "noble-amd64.qcow2");
	assert_str(im->content, "import");
	assert_str(im->storage, "local");
	im = phx_map_get(&w.graph->by_address, PHX_STR("image.c"));
	assert_str(im->content, "iso");
	assert_str(im->filename, "win.iso");
	im = phx_map_get(&w.graph->by_address, PHX_STR("image.d"));
	assert_str(im->checksum_algorithm, "md5");
	assert_str(w.graph->clusters.v[0]->token, "root@pam!phx=1234");
	assert_str(w.graph->clusters.v[0]->ssh_host, "10.0.0.13");
	assert_str(w.graph->clusters.v[0]->ssh_user, "root");
	assert_int_equal(w.graph->clusters.v[0]->ssh_port, 0); /* as the user's ssh configuration says */
	world_close(&w);
}

static void an_ssh_block_without_host_means_the_endpoints(void **state)
{
	static const char *const endpoints[][2] = {{"https://pve.example:8006", "pve.example"},
						   {"https://pve", "pve"},
						   {"https://[2001:db8::1]:8006", "2001:db8::1"}};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(endpoints); i++) {
		struct world w = {0};
		char text[256];

		snprintf(text, sizeof(text),
			 "cluster c { backend = \"api\"; endpoint = \"%s\"; ssh { user = \"adm\"; port = "
			 "2222 } }\n",
			 endpoints[i][0]);
		world_build(&w, text);
		assert_true(is_clean(&w));
		assert_str(w.graph->clusters.v[0]->backend, "api");
		assert_str(w.graph->clusters.v[0]->ssh_host, endpoints[i][1]);
		assert_str(w.graph->clusters.v[0]->ssh_user, "adm");
		assert_int_equal(w.graph->clusters.v[0]->ssh_port, 2222);
		world_close(&w);
	}
}

static void tags_and_notes_are_as_proxmox_keeps_them(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(
		&w,
		"vm a { id = 100; storage = \"st\"; disk = 1GiB; tags = [\"Web\", \"db\", \"WEB\", \"a1\"]; "
		"notes = \"hello\" } vm b { id = 101; storage = \"st\"; disk = 1GiB; tags = [] }");
	assert_true(is_clean(&w));
	g = guest(&w, "vm.a");
	assert_int_equal(g->tags.n, 3);
	assert_str(g->tags.v[0], "a1");
	assert_str(g->tags.v[1], "db");
	assert_str(g->tags.v[2], "web");
	assert_str(g->notes, "hello");
	assert_true(g->notes_declared);
	assert_true(guest(&w, "vm.b")->tags_declared);
	assert_int_equal(guest(&w, "vm.b")->tags.n, 0);
	world_close(&w);
}

static void secrets_are_remembered_and_shown_nowhere(void **state)
{
	struct world w = {0};
	struct phx_buf json = {0}, masked = {0};

	(void)state;
	world_build(&w, "feature docker { script = \"/dev/null\"; param key {} }\n"
			"cluster c { token = secret \"tokentoken\" } vm a { id = 100; storage = \"st\"; disk "
			"= 1GiB; agent { enabled = true }; user u { password = secret \"passpass\" }\n"
			"file \"/x\" { content = secret \"contentcontent\" } features = [feature.docker(key "
			"= secret \"argarg\")] cloud_init { user_data = secret \"#cloud\\nx: y\" } }");
	assert_true(is_clean(&w));
	phx_graph_json(w.graph, NULL, &json);
	assert_int_equal(phx_str_find(phx_buf_view(&json), PHX_STR("passpass")), -1);
	assert_int_equal(phx_str_find(phx_buf_view(&json), PHX_STR("tokentoken")), -1);
	assert_int_equal(phx_str_find(phx_buf_view(&json), PHX_STR("contentcontent")), -1);
	assert_int_equal(phx_str_find(phx_buf_view(&json), PHX_STR("argarg")), -1);
	phx_secrets_mask(&w.secrets, PHX_STR("tokentoken passpass contentcontent argarg"), &masked);
	assert_str(phx_buf_view(&masked), "(secret) (secret) (secret) (secret)");
	phx_buf_done(&json);
	phx_buf_done(&masked);
	world_close(&w);
}

static void unknown_values_silence_what_hangs_on_them(void **state)
{
	struct world w = {0};

	(void)state;
	w.config.has_unknowns = true;
	world_build(&w, "cluster c { node = unknown string; token = unknown string }\n"
			"vm t { id = unknown int; template = unknown bool; disk = unknown size; storage = "
			"unknown string; network { ip = unknown cidr; gw = 10.0.0.1 } }\n"
			"vm a { id = 101; clone = vm.t; cores = unknown int; memory = unknown size; network "
			"{ ip = unknown cidr; mac = unknown mac; vlan = unknown int; gw = 10.0.0.1 }; tags = "
			"unknown list }\n"
			"container k { id = 102; ostemplate = unknown string; rootfs = unknown string; file "
			"\"/x\" { source = unknown string; mode = unknown int }; health { command = unknown "
			"string; retries = unknown int } }\n");
	assert_true(is_clean(&w));
	assert_true(w.graph->has_unknowns);
	assert_null(setting(&w, "vm.a", "cores"));
	world_close(&w);
}

static void poisoned_values_and_declarations_cause_no_second_error(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(
		&w,
		"poisoned vm t { id = 100 }\n"
		"vm a { id = 101; clone = vm.t; disk = poison; network { ip = poison; gw = 10.0.0.1 }; "
		"features = [poison]; depends_on = [poison, vm.t] }\n"
		"vm b { id = 102; clone = poison; storage = poison; disk data { size = poison } }\n"
		"vm c { id = poison; storage = \"st\"; disk = poison; cores = poison; options { balloon = "
		"poison }; firewall { policy_in = poison; rule in accept { proto = poison; port = 80 } } }\n"
		"container k { id = 103; ostemplate = poison; rootfs = poison; mount \"/x\" { source = "
		"poison } }\n"
		"image i { url = poison } poisoned image j {}\n");
	assert_true(is_clean(&w));
	world_close(&w);
}

static void ids_from_a_range_are_left_to_the_plan(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, "ids 200 299 vm a { storage = \"st\"; disk = 1GiB; network {} } vm b { id = 105; "
			"storage = \"st\"; disk = 1GiB }");
	assert_true(is_clean(&w));
	assert_int_equal(guest(&w, "vm.a")->id, 0);
	assert_true(w.graph->has_ids);
	assert_int_equal(nic(&w, "vm.a", 0)->mac[0], 0);
	/* Guests with an id come first. */
	assert_str(w.graph->guests.v[0]->r.address, "vm.b");
	world_close(&w);
}

static void metadata_means_nothing_to_the_graph(void **state)
{
	struct world a = {0}, b = {0};
	struct phx_buf x = {0}, y = {0};

	(void)state;
	world_build(&a, "vm a { id = 100; storage = \"st\"; disk = 1GiB; metadata { portainer_role = "
			"\"server\"; n = 3 } }");
	world_build(&b, "vm a { id = 100; storage = \"st\"; disk = 1GiB }");
	assert_true(is_clean(&a));
	phx_graph_json(a.graph, NULL, &x);
	phx_graph_json(b.graph, NULL, &y);
	assert_string_equal(x.ptr, y.ptr);
	phx_buf_done(&x);
	phx_buf_done(&y);
	world_close(&a);
	world_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_vm_gets_what_makes_it_boot),
		cmocka_unit_test(what_is_declared_wins_over_what_makes_it_boot),
		cmocka_unit_test(an_installer_boots_while_the_disk_is_empty),
		cmocka_unit_test(attributes_become_options_in_proxmox_text),
		cmocka_unit_test(settings_are_sorted_and_know_their_place_in_the_source),
		cmocka_unit_test(null_takes_a_default_back_or_removes_an_option),
		cmocka_unit_test(disks_get_slots_in_the_order_of_their_labels),
		cmocka_unit_test(the_boot_disk_may_have_another_slot),
		cmocka_unit_test(mounts_are_known_by_their_path),
		cmocka_unit_test(a_root_file_system_may_be_said_in_four_ways),
		cmocka_unit_test(cards_have_slots_bridges_and_addresses),
		cmocka_unit_test(derived_macs_never_change),
		cmocka_unit_test(macs_of_ten_thousand_guests_do_not_meet),
		cmocka_unit_test(the_firewall_keeps_its_rules_in_order),
		cmocka_unit_test(steps_inside_come_in_the_order_they_are_done),
		cmocka_unit_test(features_run_behind_what_they_need),
		cmocka_unit_test(steps_of_guest_and_defaults_are_one),
		cmocka_unit_test(devices_of_the_host_get_slots),
		cmocka_unit_test(clusters_images_and_pools_are_resolved),
		cmocka_unit_test(an_ssh_block_without_host_means_the_endpoints),
		cmocka_unit_test(tags_and_notes_are_as_proxmox_keeps_them),
		cmocka_unit_test(secrets_are_remembered_and_shown_nowhere),
		cmocka_unit_test(unknown_values_silence_what_hangs_on_them),
		cmocka_unit_test(poisoned_values_and_declarations_cause_no_second_error),
		cmocka_unit_test(ids_from_a_range_are_left_to_the_plan),
		cmocka_unit_test(metadata_means_nothing_to_the_graph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
