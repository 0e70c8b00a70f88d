#include "model_text.h"

#include "model/lxc.h"

#define HEAD     "ostemplate = \"local:vztmpl/x.tar.zst\"; rootfs = \"local:4\"; "
#define CT(body) "container a { id = 101; " HEAD body " }"

static void ids_are_mapped_as_the_node_sees_them(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(&w, CT("unprivileged = true") "\ncontainer b { id = 102; " HEAD
						  "}\ncontainer c { id = 103; " HEAD
						  "unprivileged = true; idmap = { \"1000\" = 1000 } }\n"
						  "container d { id = 104; " HEAD
						  "unprivileged = true; idmap = [\"b 0 200000 65536\"] }");
	assert_true(is_clean(&w));
	assert_int_equal(phx_host_id(guest(&w, "container.a"), 'u', 33), 100033);
	assert_int_equal(phx_host_id(guest(&w, "container.b"), 'u', 33), 33);
	g = guest(&w, "container.c");
	assert_int_equal(phx_host_id(g, 'u', 999), 100999);
	assert_int_equal(phx_host_id(g, 'u', 1000), 1000);
	assert_int_equal(phx_host_id(g, 'g', 1001), 101001);
	assert_int_equal(g->lxc.n, 6);
	assert_int_equal(phx_host_id(guest(&w, "container.d"), 'g', 7), 200007);
	world_close(&w);
}

static void names_are_those_that_every_debian_has(void **state)
{
	uint64_t id;

	(void)state;
	assert_true(phx_container_id(PHX_STR("www-data"), 'u', &id) && id == 33);
	assert_true(phx_container_id(PHX_STR("nobody"), 'u', &id) && id == 65534);
	assert_false(phx_container_id(PHX_STR("nobody"), 'g', &id));
	assert_true(phx_container_id(PHX_STR("1000"), 'g', &id) && id == 1000);
	assert_false(phx_container_id(PHX_STR("ada"), 'u', &id));
	assert_false(phx_container_id(PHX_STR("4294967295"), 'u', &id));
}

static void keys_are_those_that_proxmox_keeps(void **state)
{
	(void)state;
	assert_true(phx_lxc_key_ok(PHX_STR("lxc.apparmor.profile")));
	assert_true(phx_lxc_key_ok(PHX_STR("lxc.cgroup2.devices.allow")));
	assert_false(phx_lxc_key_ok(PHX_STR("lxc.cgroup2.")));
	assert_false(phx_lxc_key_ok(PHX_STR("lxc.rootfs.path")));
	assert_false(phx_lxc_key_ok(PHX_STR("lxc.net.0 x")));
	assert_true(phx_lxc_key_is_list(PHX_STR("lxc.mount.entry")));
	assert_true(phx_lxc_key_is_list(PHX_STR("lxc.cgroup2.devices.allow")));
	assert_false(phx_lxc_key_is_list(PHX_STR("lxc.cgroup2.memory.high")));
	assert_false(phx_lxc_key_is_list(PHX_STR("lxc.apparmor.profile")));
}

static void cards_are_devices_and_a_clone_takes_them_back(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(
		&w,
		CT("template = true; gpu = [0, 1]; device = \"/dev/net/tun\"") "\ncontainer c { id = 102; "
									       "clone = container.a }"
									       "\ncontainer d { id = 103; "
									       "clone = container.a; gpu = "
									       "null }"
									       "\ncontainer e { id = 104; "
									       "clone = container.a; gpu = "
									       "[1] }");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "container.a", "dev0"), "/dev/net/tun");
	assert_string_equal(setting(&w, "container.a", "dev1"), "/dev/nvidia0,mode=0666");
	assert_string_equal(setting(&w, "container.a", "dev6"), "/dev/nvidia-modeset,mode=0666");
	assert_string_equal(setting(&w, "container.c", "dev6"), "/dev/nvidia-modeset,mode=0666");
	assert_string_equal(setting(&w, "container.d", "dev0"), "/dev/net/tun");
	assert_string_equal(setting(&w, "container.d", "dev1"), "(unset)");
	assert_string_equal(setting(&w, "container.e", "dev1"), "/dev/nvidia1,mode=0666");
	assert_string_equal(setting(&w, "container.e", "dev6"), "(unset)");
	world_close(&w);
}

static void lines_are_sorted_by_key_and_keep_their_order_within(void **state)
{
	struct world w = {0};
	const struct phx_guest *g;

	(void)state;
	world_build(
		&w,
		CT("lxc { \"lxc.mount.entry\" = [\"/b b\", \"/a a\", \"/b b\"]; \"lxc.cap.drop\" = \"x\"; "
		   "\"lxc.tty.max\" = 4 }"));
	assert_true(is_clean(&w));
	g = guest(&w, "container.a");
	assert_int_equal(g->lxc.n, 4);
	assert_str(g->lxc.v[0].key, "lxc.cap.drop");
	assert_str(g->lxc.v[1].value, "/b b");
	assert_str(g->lxc.v[2].value, "/a a");
	assert_str(g->lxc.v[3].value, "4");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_mapped_as_the_node_sees_them),
		cmocka_unit_test(names_are_those_that_every_debian_has),
		cmocka_unit_test(keys_are_those_that_proxmox_keeps),
		cmocka_unit_test(cards_are_devices_and_a_clone_takes_them_back),
		cmocka_unit_test(lines_are_sorted_by_key_and_keep_their_order_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
