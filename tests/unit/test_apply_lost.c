#include "apply_lab.h"

#include <pthread.h>

/* Of the plan's eight calls one loses its reply, before or after it was done. */
static void *run_one(void *lab)
{
	lab_run(lab);
	return NULL;
}

/* Most of their time these runs wait: side by side they take no longer than one. */
static void a_lost_reply_at_any_call_does_nothing_twice(void **state)
{
	struct lab *labs[16];
	pthread_t threads[PHX_COUNTOF(labs)];

	(void)state;
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++) {
		labs[i] = lab_new();
		lab_plan_clones(labs[i], 1);
		labs[i]->what = i % 2 ? FAULT_AFTER : FAULT_BEFORE;
		labs[i]->at = i / 2 + 1;
		labs[i]->times = 1;
		assert_int_equal(pthread_create(&threads[i], NULL, run_one, labs[i]), 0);
	}
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++) {
		lab_assert_all_done(labs[i], 1);
		lab_assert_calls_are_the_plans(labs[i]);
		assert_int_equal(labs[i]->times, 0);
		lab_free(labs[i]);
	}
}

static void a_power_loss_in_a_clone_is_found_out_and_said(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->what = FAULT_POWER;
	l->on = "/9000/clone";
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(lab_result(l, PHX_OP_CLONE)->outcome, PHX_OUT_FAILED);
	assert_int_equal(lab_result(l, PHX_OP_CLONE)->kind, PHX_ERR_LOCKED);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone"), 1);
}

static void firewall_rules_are_never_doubled(void **state)
{
	struct lab *l = *state;

	fake_pve_add(&l->pve, 1001, true);
	for (int i = 0; i < 3; i++) {
		struct phx_action *a = lab_call(l, PHX_OP_FW_RULE_ADD, 1001, PHX_POST,
						"/nodes/pve/qemu/1001/firewall/rules", false);

		lab_with(l, a, "dport", lab_text(l, "%d", 20 + i));
		if (i)
			lab_need(l, a, a->id - 1);
	}
	l->what = FAULT_AFTER;
	l->on = "firewall/rules";
	l->times = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 3);
	l->plan.actions.n = 0;
	lab_call(l, PHX_OP_FW_RULE_DELETE, 1001, PHX_DELETE, "/nodes/pve/qemu/1001/firewall/rules/0", false);
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 2);
	l->what = FAULT_BEFORE;
	l->times = 1;
	lab_run(l);
	assert_int_equal(json_array_size(l->pve.rules), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_lost_reply_at_any_call_does_nothing_twice),
		T(a_power_loss_in_a_clone_is_found_out_and_said),
		T(firewall_rules_are_never_doubled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
