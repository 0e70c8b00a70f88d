/* Effective values: a guest's own declarations, defaults, clone sources, and what holds when nobody says. */
#include "sema_text.h"

static void own_values_come_first_then_defaults_then_the_source(void **state)
{
	static const char prelude[] = "defaults vm { memory = 4GiB; storage = \"fast\"; bridge = \"vmbr0\"; "
				      "network { mtu = 9000 } }\n"
				      "vm t { id = 100; template = true; memory = 2GiB; cores = 3; disk = "
				      "20GiB; notes = \"src\"; tags = [\"x\"]\n"
				      "  network { ip = 10.0.0.5/24; vlan = 7 }\n  cpu { type = host } }\n"
				      "vm a { clone = vm.t; cores = 8 }\n"
				      "vm b { clone = vm.t; memory = null }\n"
				      "vm c { clone = vm.a }\n"
				      "vm d { memory = 1GiB; network { bridge = \"own\" } }\n"
				      "container e {}\n";
	static const struct sema_case cases[] = {
		{"vm.a.cores", "8"},
		{"vm.a.memory", "4GiB"}, /* of the defaults */
		{"vm.t.memory", "2GiB"},
		{"vm.b.memory", "2GiB"}, /* null takes the default back: the source's */
		{"vm.c.cores", "8"},     /* through the chain */
		{"vm.c.disk", "20GiB"},
		{"vm.c.cpu.type", "host"},
		{"vm.d.memory", "1GiB"},
		{"vm.d.cores", "1"}, /* Proxmox's own default */
		{"container.e.cores", "null"},
		{"container.e.memory", "512MiB"},
		{"container.e.swap", "512MiB"},
		{"vm.a.storage", "\"fast\""},
		{"container.e.storage", "null"},
		/* What a clone does not take over. */
		{"vm.a.notes", "null"},
		{"vm.a.tags", "[]"},
		{"vm.a.template", "false"},
		{"vm.a.network.ip", "null"},
		{"vm.a.network.vlan", "7"},
		{"vm.t.network.ip", "10.0.0.5/24"},
		/* Blocks of the defaults meet those of the guest. */
		{"vm.d.network.mtu", "9000"},
		{"vm.d.network.bridge", "\"own\""},
		{"vm.t.network.bridge", "\"vmbr0\""},
		{"vm.t.disks[\"root\"].size", "20GiB"},
		{"vm.t.disk.size", "20GiB"},
		{"vm.t.disk.storage", "\"fast\""},
		/* What every resource has. */
		{"vm.a.name", "\"a\""},
		{"vm.a.address", "\"vm.a\""},
		{"vm.a.kind", "\"vm\""},
		{"vm.a.running", "true"},
		{"vm.t.running", "false"},
		{"vm.a.protect", "false"},
		{"vm.a.depends_on", "[]"},
		{"vm.a.clone", "vm.t"},
		{"vm.a.clone.cores", "3"},
		{"vm.c.clone.clone.notes", "\"src\""},
		{"vm.t.id", "100"},
		{"[g.memory for g in guests() if g.kind == \"vm\" && !g.template]",
		 "[4GiB, 2GiB, 4GiB, 1GiB]"},
		{"vm.a.bios == seabios", "true"},
		{"vm.a.bios != ovmf", "true"},
		{"vm.a.bios in [ovmf, seabios]", "true"},
		{"vm.a.bios == ovfm", "!0230"},
		{"vm.a.nothing", "!0301"},
		{"vm.a.swap", "!0301"},
		{"[g.swap for g in guests()]", "!0208"},
		{"try([g.swap for g in guests()], 1)", "1"},
		{"[try(g.swap, null) for g in guests()][0]", "512MiB"},
		{"vm.a.network.nothing", "!0301"},
		{"vm.a.memory.bytes", "!0201"},
	};

	(void)state;
	SEMA_CASES(prelude, cases);
}

static void cards_have_slots(void **state)
{
	static const char prelude[] =
		"vm a {\n  network { ip = 10.0.0.1/24 }\n  network zeta { ip = 10.0.3.1/24 }\n  network beta "
		"{ ip = 10.0.2.1/24 }\n"
		"  network net1 { ip = 10.0.1.1/24 }\n  network fixed { ip = 10.0.9.1/24; slot = net5 }\n}\n"
		"container c {\n  network eth1 { ip = 10.1.1.1/24 }\n  network eth0 { ip = dhcp }\n}\n";
	static const struct sema_case cases[] = {
		{"vm.a.network.ip", "10.0.0.1/24"},
		{"vm.a.networks[\"net0\"].ip", "10.0.0.1/24"},
		{"vm.a.networks[\"net1\"].ip", "10.0.1.1/24"},
		{"vm.a.networks[\"net2\"].ip", "10.0.2.1/24"},
		{"vm.a.networks[\"net3\"].ip", "10.0.3.1/24"},
		{"vm.a.networks[\"net5\"].ip", "10.0.9.1/24"},
		{"vm.a.networks[\"beta\"].ip", "10.0.2.1/24"},
		{"vm.a.networks.beta.ip", "10.0.2.1/24"},
		{"[n.ip for n in vm.a.networks]",
		 "[10.0.0.1/24, 10.0.3.1/24, 10.0.2.1/24, 10.0.1.1/24, 10.0.9.1/24]"},
		{"sort(keys(vm.a.networks))", "[\"net0\", \"net1\", \"net2\", \"net3\", \"net5\"]"},
		{"container.c.networks[\"net1\"].ip", "10.1.1.1/24"},
		{"container.c.network.ip", "dhcp"},
		{"container.c.network.ip == dhcp", "true"},
		{"vm.a.networks[1]", "!0201"},
	};

	(void)state;
	SEMA_CASES(prelude, cases);
}

static void a_guest_has_the_node_of_its_cluster(void **state)
{
	(void)state;
	sema_expect_output("cluster c { node = \"n1\" }\nvm a {}\noutput x = vm.a.node", "x", "\"n1\"");
	sema_expect_output("cluster c { node = \"n1\" }\ncluster d { node = \"n2\" }\nvm a { cluster = "
			   "cluster.d }\noutput x = vm.a.node",
			   "x", "\"n2\"");
	sema_expect_output("vm a {}\noutput x = vm.a.node", "x", "null");
}

/* An id that is taken when planning is known to outputs only. */
static void ids_of_the_stack_are_not_known_yet(void **state)
{
	(void)state;
	sema_expect_output("stack \"s\" { ids = 200..299 }\nvm a {}\noutput x = vm.a.id", "x", "(unknown)");
	sema_expect_codes("stack \"s\" { ids = 200..299 }\nvm a {}\nvm b { notes = \"beside ${vm.a.id}\" }",
			  "0220");
}

static void blocks_are_values_too(void **state)
{
	(void)state;
	sema_expect_output(
		"vm a { network { ip = dhcp; mtu = 9000 } }\nlet n = vm.a.network\noutput x = n.mtu", "x",
		"9000");
	sema_expect_output("vm a { network { ip = dhcp; mtu = 9000 } }\noutput x = vm.a.network", "x",
			   "{ mtu = 9000, ip = dhcp }");
	sema_expect_output("vm a { startup { order = 3 } }\noutput x = [g.startup.order for g in guests()]",
			   "x", "[3]");
}

static void other_resources_have_attributes(void **state)
{
	(void)state;
	sema_expect_output("image i { url = \"u\" }\noutput x = \"${image.i.url} ${image.i.name}\"", "x",
			   "\"u i\"");
	sema_expect_output("feature f { script = \"s.sh\" }\noutput x = feature.f.script", "x", "\"s.sh\"");
	sema_expect_output("output x = feature.docker.script", "x", "\"docker.sh\"");
	sema_expect_codes("image i {}\noutput x = image.i.memory", "0301");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_values_come_first_then_defaults_then_the_source),
		cmocka_unit_test(cards_have_slots),
		cmocka_unit_test(a_guest_has_the_node_of_its_cluster),
		cmocka_unit_test(ids_of_the_stack_are_not_known_yet),
		cmocka_unit_test(blocks_are_values_too),
		cmocka_unit_test(other_resources_have_attributes),
	};

	return cmocka_run_group_tests_name("sema: access", tests, NULL, NULL);
}
