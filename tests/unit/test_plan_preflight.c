/* The preflight with facts by hand: versions, history, the clock of the estimate. */
#include "plan/preflight.h"
#include "plan_lab.h"

#define VM                                                                                                   \
	"vm web { id = 101; memory = 1GiB; storage = \"ssd\"; disk = 8GiB; network { bridge = \"vmbr0\"; "   \
	"ip = dhcp }\n"                                                                                      \
	"  agent { enabled = true } }\n"

static bool is_missing(const struct phx_plan *p, const char *path, const char *privileges)
{
	for (uint32_t i = 0; i < p->permissions->missing.n; i++)
		if (phx_str_eqc(p->permissions->missing.v[i].path, path) &&
		    phx_str_eqc(p->permissions->missing.v[i].privileges, privileges))
			return true;
	return false;
}

/* Nobody has any privilege: what is missing is what is needed. */
static const struct phx_plan *needed_on(struct lab *l, const char *version)
{
	struct phx_facts *facts = PHX_NEW(&l->w.arena, struct phx_facts);
	struct phx_preflight_options o = {.facts = facts, .identity = PHX_STR("ci@pve!ci")};
	struct phx_plan *p;

	lab_open(l, VM);
	l->s->version = phx_str_c(version);
	facts->has_grants = true;
	p = lab_good_plan(l);
	assert_false(phx_preflight(p, &o));
	assert_true(p->refused);
	assert_int_equal(p->actions.n, 0);
	assert_true(p->permissions->checked);
	return p;
}

static void privileges_are_those_of_the_version(void **state)
{
	struct lab l = {0};
	const struct phx_plan *p;

	(void)state;
	p = needed_on(&l, "8.4.1");
	assert_true(is_missing(p, "/vms/101", "VM.Allocate"));
	assert_true(is_missing(p, "/vms/101", "VM.Monitor"));
	assert_true(is_missing(p, "/sdn/zones/localnetwork/vmbr0", "SDN.Use"));
	lab_close(&l);
	l = (struct lab){0};
	p = needed_on(&l, "9.0.3");
	assert_false(is_missing(p, "/vms/101", "VM.Monitor"));
	assert_true(is_missing(p, "/vms/101", "VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted"));
	lab_close(&l);
	l = (struct lab){0};
	p = needed_on(&l, "7.4-3");
	assert_true(is_missing(p, "/vms/101", "VM.Monitor"));
	assert_false(is_missing(p, "/sdn/zones/localnetwork/vmbr0", "SDN.Use"));
	lab_close(&l);
}

static void root_itself_is_asked_nothing(void **state)
{
	struct phx_facts facts = {.has_grants = true};
	struct phx_preflight_options o = {.facts = &facts, .identity = PHX_STR("root@pam")};
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM);
	p = lab_good_plan(&l);
	assert_true(phx_preflight(p, &o));
	assert_int_equal(p->permissions->missing.n, 0);
	assert_true(p->permissions->needed > 0);
	lab_close(&l);
}

static void history_is_what_is_reckoned_with(void **state)
{
	struct phx_fact_tasks creates = {PHX_STR("qmcreate"), 3, 90000};
	struct phx_fact_node node = {.name = PHX_STR("pve")};
	struct phx_facts facts = {0};
	struct phx_preflight_options o = {.facts = &facts}, without = {0};
	const struct phx_action *create;
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM);
	p = lab_good_plan(&l);
	create = lab_action(p, 101, PHX_OP_CREATE, 0);
	assert_true(phx_preflight(p, &without));
	assert_int_equal(p->estimate->from[create->id - 1], PHX_EST_USUAL);
	phx_vec_push(&l.w.arena, &node.tasks, creates);
	phx_vec_push(&l.w.arena, &facts.nodes, node);
	assert_true(phx_preflight(p, &o));
	assert_int_equal(p->estimate->ms[create->id - 1], 90000);
	assert_int_equal(p->estimate->from[create->id - 1], PHX_EST_TASKS);
	assert_true(p->estimate->makespan_ms > 90000);
	lab_close(&l);
}

static void a_restart_is_told_as_downtime(void **state)
{
	struct phx_preflight_options o = {0};
	const struct phx_action *down, *up;
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM);
	lab_converge(&l);
	lab_edit(&l, "vm web { id = 101; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; network { bridge = "
		     "\"vmbr0\"; ip = "
		     "dhcp }\n  agent { enabled = true } }\n");
	p = lab_good_plan(&l);
	assert_true(phx_preflight(p, &o));
	down = lab_action(p, 101, PHX_OP_SHUTDOWN, 0);
	up = lab_action(p, 101, PHX_OP_START, 0);
	assert_non_null(down);
	assert_non_null(up);
	assert_int_equal(p->estimate->downtime.n, 1);
	assert_true(phx_str_eqc(p->estimate->downtime.v[0].address, "vm.web"));
	assert_true(p->estimate->downtime.v[0].ms >=
		    p->estimate->ms[down->id - 1] + p->estimate->ms[up->id - 1]);
	lab_close(&l);
}

/* One at a time takes as long as all calls together; more at once is never slower. */
static void fewer_places_take_longer(void **state)
{
	struct phx_preflight_options one = {.parallel = 1}, many = {.parallel = 8};
	uint64_t sum = 0, alone;
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, "container a { id = 201; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"ssd:1\"; "
		     "running = false }\n"
		     "container b { id = 202; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"local:1\"; "
		     "running = false }\n");
	lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
	p = lab_good_plan(&l);
	assert_true(phx_preflight(p, &one));
	for (uint32_t i = 0; i < p->actions.n; i++) {
		assert_int_equal(p->actions.v[i]->type, PHX_ACT_CALL);
		sum += p->estimate->ms[i];
	}
	alone = p->estimate->makespan_ms;
	assert_int_equal(alone, sum);
	assert_true(phx_preflight(p, &many));
	assert_true(p->estimate->makespan_ms < alone);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privileges_are_those_of_the_version),
		cmocka_unit_test(root_itself_is_asked_nothing),
		cmocka_unit_test(history_is_what_is_reckoned_with),
		cmocka_unit_test(a_restart_is_told_as_downtime),
		cmocka_unit_test(fewer_places_take_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
