/* What Proxmox asks of a call, against what an identity may do. */
#include "base_test.h"

#include "model/access.h"

static struct phx_arena arena;
static const struct phx_access *facts;

static int open_facts(void **state)
{
	struct phx_err err = {0};

	(void)state;
	facts = phx_access_open(&arena, phx_options_new(&arena, PHX_STR("8.4")), PHX_STR("8.4"), &err);
	assert_non_null(facts);
	return 0;
}

static int close_facts(void **state)
{
	(void)state;
	phx_arena_done(&arena);
	return 0;
}

static void a_grant_reaches_down_as_far_as_the_next(void **state)
{
	struct phx_grants g = {0};

	(void)state;
	phx_grants_add(&arena, &g, PHX_STR("/"), PHX_STR("VM.Audit"), true);
	phx_grants_add(&arena, &g, PHX_STR("/"), PHX_STR("Sys.Audit"), false);
	phx_grants_add(&arena, &g, PHX_STR("/vms/101"), PHX_STR("VM.Clone"), true);
	assert_true(phx_grants_may(&g, PHX_STR("/vms/100"), PHX_STR("VM.Audit")));
	assert_true(phx_grants_may(&g, PHX_STR("/"), PHX_STR("Sys.Audit")));
	/* not handed down */
	assert_false(phx_grants_may(&g, PHX_STR("/nodes/pve"), PHX_STR("Sys.Audit")));
	/* a role on a path takes the place of those above it */
	assert_false(phx_grants_may(&g, PHX_STR("/vms/101"), PHX_STR("VM.Audit")));
	assert_true(phx_grants_may(&g, PHX_STR("/vms/101"), PHX_STR("VM.Audit|VM.Clone")));
	assert_false(phx_grants_may(&g, PHX_STR("/vms/1010"), PHX_STR("VM.Clone")));
}

static bool needs(const struct phx_needs *n, const char *path, const char *privileges)
{
	for (uint32_t i = 0; i < n->n; i++)
		if (phx_str_eqc(n->v[i].path, path) && phx_str_eqc(n->v[i].privileges, privileges))
			return true;
	return false;
}

static void every_option_has_its_privilege(void **state)
{
	const struct phx_option_table *tables[] = {facts->vm, facts->ct};

	(void)state;
	for (size_t t = 0; t < PHX_COUNTOF(tables); t++)
		for (uint32_t i = 0; i < tables[t]->n; i++)
			assert_true(phx_str_starts(tables[t]->options[i].privilege, "VM."));
}

static void configuring_takes_what_each_option_takes(void **state)
{
	static const struct phx_access_param params[] = {
		{{"cores", 5}, {"2", 1}},
		{{"startup", 7}, {"order=1", 7}},
		{{"net0", 4}, {"virtio,bridge=vmbr1,tag=12", 26}},
		{{"scsi1", 5}, {"ssd:4,discard=on", 16}},
		{{"ide2", 4}, {"local:iso/x.iso,media=cdrom", 27}},
		{{"hostpci0", 8}, {"mapping=gpu", 11}},
		{{"delete", 6}, {"memory,unused0", 14}},
		{{"digest", 6}, {"0", 1}},
	};
	struct phx_access_call c = {"PUT", PHX_STR("/nodes/pve/qemu/101/config"), params,
				    PHX_COUNTOF(params)};
	struct phx_needs n = {0};

	(void)state;
	assert_true(phx_access_of_call(facts, &c, NULL, &n));
	assert_true(needs(&n, "/vms/101", "VM.Config.CPU"));
	assert_true(needs(&n, "/vms/101", "VM.Config.Options"));
	assert_true(needs(&n, "/", "Sys.Modify"));
	assert_true(needs(&n, "/vms/101", "VM.Config.Network"));
	assert_true(needs(&n, "/sdn/zones/localnetwork/vmbr1/12", "SDN.Use"));
	assert_true(needs(&n, "/vms/101", "VM.Config.Disk"));
	assert_true(needs(&n, "/storage/ssd", "Datastore.AllocateSpace"));
	assert_true(needs(&n, "/vms/101", "VM.Config.CDROM"));
	assert_true(needs(&n, "/storage/local", "Datastore.AllocateSpace|Datastore.Audit"));
	assert_true(needs(&n, "/mapping/pci/gpu", "Mapping.Use"));
	assert_true(needs(&n, "/vms/101", "VM.Config.Memory"));
	assert_false(n.root);
}

static void making_a_guest_in_a_pool_may_be_the_pools_right(void **state)
{
	static const struct phx_access_param params[] = {
		{{"vmid", 4}, {"105", 3}}, {{"memory", 6}, {"512", 3}}, {{"pool", 4}, {"web", 3}}};
	struct phx_access_call c = {"POST", PHX_STR("/nodes/pve/lxc"), params, PHX_COUNTOF(params)};
	struct phx_grants g = {0};
	struct phx_needs n = {0};

	(void)state;
	phx_grants_add(&arena, &g, PHX_STR("/pool/web"), PHX_STR("VM.Allocate"), true);
	phx_grants_add(&arena, &g, PHX_STR("/pool/web"), PHX_STR("VM.Config.Memory"), true);
	assert_true(phx_access_of_call(facts, &c, &g, &n));
	assert_true(n.n >= 2);
	for (uint32_t i = 0; i < n.n; i++)
		assert_true(phx_grants_meet(&g, &n.v[i]));
}

static void of_several_ways_the_open_one_is_taken(void **state)
{
	static const struct phx_access_param params[] = {{{"content", 7}, {"import", 6}}};
	struct phx_access_call c = {"POST", PHX_STR("/nodes/pve/storage/local/download-url"), params, 1};
	struct phx_grants g = {0};
	struct phx_needs n = {0}, least = {0};

	(void)state;
	phx_grants_add(&arena, &g, PHX_STR("/"), PHX_STR("Sys.Audit"), true);
	phx_grants_add(&arena, &g, PHX_STR("/"), PHX_STR("Sys.Modify"), true);
	assert_true(phx_access_of_call(facts, &c, &g, &n));
	assert_true(needs(&n, "/", "Sys.Modify"));
	assert_false(needs(&n, "/nodes/pve", "Sys.AccessNetwork"));
	assert_true(phx_access_of_call(facts, &c, NULL, &least));
	assert_true(needs(&least, "/nodes/pve", "Sys.AccessNetwork"));
	assert_true(needs(&least, "/storage/local", "Datastore.AllocateTemplate"));
}

static void what_proxmox_does_not_have_is_told(void **state)
{
	struct phx_access_call c = {"POST", PHX_STR("/nodes/pve/nothing"), NULL, 0};
	struct phx_needs n = {0};

	(void)state;
	assert_false(phx_access_of_call(facts, &c, NULL, &n));
	c = (struct phx_access_call){"DELETE", PHX_STR("/version"), NULL, 0};
	assert_false(phx_access_of_call(facts, &c, NULL, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grant_reaches_down_as_far_as_the_next),
		cmocka_unit_test(every_option_has_its_privilege),
		cmocka_unit_test(configuring_takes_what_each_option_takes),
		cmocka_unit_test(making_a_guest_in_a_pool_may_be_the_pools_right),
		cmocka_unit_test(of_several_ways_the_open_one_is_taken),
		cmocka_unit_test(what_proxmox_does_not_have_is_told),
	};

	return cmocka_run_group_tests(tests, open_facts, close_facts);
}
