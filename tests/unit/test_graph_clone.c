/* What a clone has from its source, from the defaults, and of its own. */
#include "model_text.h"

#define SOURCE                                                                                               \
	"image i { volume = \"local:import/a.qcow2\" }\n"                                                    \
	"vm t { id = 900; name = \"tmpl\"; node = \"n1\"; template = true; image = image.i; storage = "      \
	"\"ssd\"; cores = 8; memory = 4GiB\n"                                                                \
	"  disk root { size = 10GiB; ssd = true } disk data { size = 20GiB; storage = \"hdd\" }\n"           \
	"  tags = [\"base\"]; notes = \"source\"; protect = true; pool = \"p\"; dns { servers = [1.1.1.1]; " \
	"search = \"lab\" }\n"                                                                               \
	"  cpu { type = host; flags = [\"+aes\"] } network { bridge = \"vmbr5\"; vlan = 7; ip = dhcp; mac "  \
	"= 52:54:00:00:00:09 } network lan { bridge = \"vmbr6\" }\n"                                         \
	"  user ada { ssh_keys = [\"ssh-ed25519 AAAA a\"] } options { vga = qxl; tablet = false } "          \
	"depends_on = [pool.dep]\n"                                                                          \
	"  firewall { policy_in = reject; rule in accept { macro = SSH } } lifecycle { replace = allow } "   \
	"timeouts { agent = 1m } file \"/x\" { content = \"y\" } }\n"                                        \
	"pool dep {}\n"

static void a_clone_has_its_sources_attributes(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(&w, SOURCE "vm c { id = 101; clone = vm.t }");
	assert_true(is_clean(&w));
	g = guest(&w, "vm.c");
	assert_string_equal(setting(&w, "vm.c", "cores"), "8");
	assert_string_equal(setting(&w, "vm.c", "memory"), "4096");
	assert_string_equal(setting(&w, "vm.c", "cpu"), "host,flags=+aes");
	assert_string_equal(setting(&w, "vm.c", "nameserver"), "1.1.1.1");
	assert_string_equal(setting(&w, "vm.c", "vga"), "qxl");
	assert_string_equal(setting(&w, "vm.c", "ciuser"), "ada");
	assert_string_equal(setting(&w, "vm.c", "agent"), "enabled=1");
	for (uint32_t i = 0; i < g->settings.n; i++)
		assert_int_equal(g->settings.v[i].origin, PHX_FROM_SOURCE);
	assert_str(g->pool, "p");
	assert_true(g->agent && g->cloud_init);
	assert_int_equal(g->timeouts.agent_ms, 60000);
	assert_true(g->firewall.enabled);
	assert_int_equal(g->firewall.rules.n, 1);
	assert_str(nic(&w, "vm.c", 0)->bridge, "vmbr5");
	assert_int_equal(nic(&w, "vm.c", 0)->vlan, 7);
	assert_str(nic(&w, "vm.c", 1)->bridge, "vmbr6");
	assert_int_equal(volume(&w, "vm.c", "scsi0")->source, PHX_VOL_INHERITED);
	assert_int_equal(volume(&w, "vm.c", "scsi0")->size, 0);
	assert_str(volume(&w, "vm.c", "scsi1")->label, "data");
	assert_int_equal(volume(&w, "vm.c", "scsi1")->origin, PHX_FROM_SOURCE);
	assert_int_equal(volume(&w, "vm.c", "ide2")->origin, PHX_FROM_SOURCE);
	world_close(&w);
}

static void a_clone_does_not_have_what_is_its_sources_own(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(&w, SOURCE "vm c { id = 101; clone = vm.t }");
	assert_true(is_clean(&w));
	g = guest(&w, "vm.c");
	assert_str(g->host_name, "c");
	assert_str(g->node, "");
	assert_false(g->is_template);
	assert_false(g->tags_declared || g->notes_declared || g->protect || g->replace_allowed);
	assert_null(setting(&w, "vm.c", "protection"));
	assert_null(setting(&w, "vm.c", "boot"));
	assert_null(setting(&w, "vm.c", "scsihw"));
	assert_int_equal(g->steps.n, 0);
	assert_str(g->storage, "");
	assert_int_equal(g->r.needs.n, 1);
	assert_str(g->r.needs.v[0].why, "clone");
	assert_false(nic(&w, "vm.c", 0)->has_ip);
	assert_false(nic(&w, "vm.c", 0)->mac_declared);
	assert_int_equal(nic(&w, "vm.c", 0)->mac[0], 0x02);
	world_close(&w);
}

static void what_a_clone_says_is_a_patch(void **state)
{
	struct world w = {0};
	const struct phx_volume *v;

	(void)state;
	world_build(&w, SOURCE "vm c { id = 101; clone = vm.t; cores = 2; cpu { type = kvm64 } disk = 40GiB; "
			       "disk data { discard = true }; disk extra { size = 1GiB }\n"
			       "network { ip = 10.0.0.5/24 } options { vga = std } user bob {} firewall { "
			       "rule in drop {} } dns { search = null } }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.c", "cores"), "2");
	assert_string_equal(setting(&w, "vm.c", "cpu"), "kvm64,flags=+aes");
	assert_string_equal(setting(&w, "vm.c", "vga"), "std");
	assert_string_equal(setting(&w, "vm.c", "tablet"), "0");
	assert_string_equal(setting(&w, "vm.c", "ciuser"), "bob");
	assert_string_equal(setting(&w, "vm.c", "sshkeys"), "ssh-ed25519%20AAAA%20a");
	assert_string_equal(setting(&w, "vm.c", "searchdomain"), "(unset)");
	assert_string_equal(setting(&w, "vm.c", "nameserver"), "1.1.1.1");
	v = volume(&w, "vm.c", "scsi0");
	assert_int_equal(v->source, PHX_VOL_INHERITED);
	assert_int_equal(v->origin, PHX_FROM_SELF);
	assert_true(v->size == 40ull << 30);
	assert_str(v->props, ""); /* ssd=1 is the source's business */
	assert_str(v->storage, "");
	v = volume(&w, "vm.c", "scsi1");
	assert_str(v->props, "discard=on");
	assert_int_equal(v->size, 0);
	v = volume(&w, "vm.c", "scsi2");
	assert_int_equal(v->source, PHX_VOL_EMPTY);
	assert_str(v->storage, "ssd"); /* inherited: where else */
	assert_str(nic(&w, "vm.c", 0)->bridge, "vmbr5");
	assert_int_equal(nic(&w, "vm.c", 0)->vlan, 7);
	assert_true(nic(&w, "vm.c", 0)->has_ip);
	assert_int_equal(guest(&w, "vm.c")->firewall.rules.n, 1);
	assert_str(guest(&w, "vm.c")->firewall.rules.v[0].action, "DROP");
	world_close(&w);
}

static void defaults_stand_before_the_source(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w,
		    "defaults vm { cores = 3; bridge = \"vmbr9\"; options { tablet = true } }\n" SOURCE
		    "vm c { id = 101; clone = vm.t; bridge = \"vmbr2\" } vm d { id = 102; clone = vm.t }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.t", "cores"), "8");
	assert_string_equal(setting(&w, "vm.c", "cores"), "3");
	assert_string_equal(setting(&w, "vm.c", "tablet"), "1");
	assert_str(nic(&w, "vm.c", 0)->bridge, "vmbr2");
	assert_str(nic(&w, "vm.d", 0)->bridge, "vmbr9");
	assert_str(nic(&w, "vm.t", 0)->bridge, "vmbr5");
	world_close(&w);
}

static void chains_of_clones_hand_on(void **state)
{
	struct world w = {0};
	const struct phx_diag *d;

	(void)state;
	world_build(&w,
		    SOURCE "vm u { id = 901; template = true; clone = vm.t; memory = 6GiB; disk = 12GiB } vm "
			   "c { id = 101; clone = vm.u } vm x { id = 102; clone = vm.u; disk = 12GiB }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.c", "cores"), "8");
	assert_string_equal(setting(&w, "vm.c", "memory"), "6144");
	assert_true(guest(&w, "vm.c")->cloud_init);
	world_close(&w);
	memset(&w, 0, sizeof(w));
	world_build(&w, SOURCE "vm u { id = 901; template = true; clone = vm.t } vm c { id = 101; clone = "
			       "vm.u; disk = 9GiB }");
	d = diag(&w, "PHX0420");
	assert_non_null(d);
	assert_str(d->message, "`disk.root` would shrink from 10GiB to 9GiB");
	world_close(&w);
}

static void linked_and_full_are_told_apart(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, "defaults vm { storage = \"xx\" }\n" SOURCE
			"vm a { id = 101; clone = vm.t } vm b { id = 102; clone = vm.t; full = false } vm c "
			"{ id = 103; clone = vm.t; full = true; storage = \"yy\" }");
	assert_true(is_clean(&w));
	assert_int_equal(guest(&w, "vm.a")->full, PHX_CLONE_DEFAULT);
	assert_int_equal(guest(&w, "vm.b")->full, PHX_CLONE_LINKED);
	assert_str(guest(&w, "vm.b")->storage, ""); /* the default cannot apply */
	assert_int_equal(guest(&w, "vm.c")->full, PHX_CLONE_FULL);
	assert_str(guest(&w, "vm.c")->storage, "yy");
	world_close(&w);
}

static void container_clones_patch_their_root_file_system(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(
		&w,
		"defaults container { unprivileged = true; storage = \"st\" }\n"
		"container b { id = 900; template = true; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = "
		"\"st:8\"; swap = 1GiB; unprivileged = false; nesting = true\n"
		"  mount \"/srv\" { size = 5GiB } network { ip = dhcp } }\n"
		"container c { id = 101; clone = container.b; rootfs = \"fast:16\"; options { features = "
		"\"keyctl=1\" } mount \"/srv\" { size = 6GiB } mount \"/data\" { size = 1GiB } }\n"
		"container d { id = 102; clone = container.b }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "container.c", "swap"), "1024");
	/* A default gives way to what the source is. */
	assert_string_equal(setting(&w, "container.c", "unprivileged"), "0");
	assert_string_equal(setting(&w, "container.c", "features"), "keyctl=1,nesting=1");
	assert_int_equal(volume(&w, "container.c", "rootfs")->source, PHX_VOL_INHERITED);
	assert_str(volume(&w, "container.c", "rootfs")->storage, "fast");
	assert_true(volume(&w, "container.c", "rootfs")->size == 16ull << 30);
	assert_int_equal(volume(&w, "container.c", "rootfs")->origin, PHX_FROM_SELF);
	assert_int_equal(volume(&w, "container.c", "mp0")->source, PHX_VOL_INHERITED);
	assert_true(volume(&w, "container.c", "mp0")->size == 6ull << 30);
	assert_str(volume(&w, "container.c", "mp1")->label, "/data");
	assert_int_equal(volume(&w, "container.d", "rootfs")->origin, PHX_FROM_SOURCE);
	assert_str(nic(&w, "container.d", 0)->name, "eth0");
	world_close(&w);
}

static void imported_json_is_forgiven_what_phoenix_never_applied(void **state)
{
	struct world w = {.json = true};

	(void)state;
	world_build(&w,
		    "container b { id = 900; template = true; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs "
		    "= \"st:8\" }\n"
		    "container c { id = 101; clone = @900; unprivileged = true; network { ip = dhcp; gw "
		    "= 10.0.0.1 } }\n");
	assert_non_null(w.graph);
	assert_int_equal(w.bag.warnings, 2);
	assert_non_null(diag(&w, "PHX0407"));
	assert_non_null(diag(&w, "PHX0446"));
	assert_null(setting(&w, "container.c", "unprivileged"));
	assert_int_equal(nic(&w, "container.c", 0)->gw.family, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clone_has_its_sources_attributes),
		cmocka_unit_test(a_clone_does_not_have_what_is_its_sources_own),
		cmocka_unit_test(what_a_clone_says_is_a_patch),
		cmocka_unit_test(defaults_stand_before_the_source),
		cmocka_unit_test(chains_of_clones_hand_on),
		cmocka_unit_test(linked_and_full_are_told_apart),
		cmocka_unit_test(container_clones_patch_their_root_file_system),
		cmocka_unit_test(imported_json_is_forgiven_what_phoenix_never_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
