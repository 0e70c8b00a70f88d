#include "apply_lab.h"

static void an_agent_that_never_answers_fails_with_what_was_seen(void **state)
{
	struct lab *l = *state;
	const struct phx_action_result *r;

	lab_plan_clones(l, 1);
	l->pve.agent_never = true;
	for (uint32_t i = 0; i < l->plan.actions.n; i++) {
		if (l->plan.actions.v[i]->type == PHX_ACT_WAIT)
			l->plan.actions.v[i]->timeout_ms = 300;
	}
	lab_run(l);
	r = lab_result(l, PHX_OP_WAIT_AGENT);
	assert_int_equal(r->kind, PHX_ERR_TIMEOUT);
	assert_non_null(strstr(r->message.ptr, "the guest agent did not answer within 0 s; last seen: QEMU "
					       "guest agent is not running"));
	assert_non_null(strstr(r->log.ptr, "guest: running for "));
	assert_non_null(strstr(r->log.ptr, "\nso: "));
	assert_non_null(strstr(r->hint.ptr, "timeouts { agent = 10m }"));
	assert_int_equal(lab_result(l, PHX_OP_MARKER)->outcome, PHX_OUT_SKIPPED);
}

static void a_guest_that_stops_ends_the_wait_for_it(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = lab_add(l, PHX_OP_WAIT_AGENT, PHX_ACT_WAIT, 1001, "wait-agent");

	fake_pve_add(&l->pve, 1001, true);
	a->wait_what = PHX_STR("agent");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(
		strstr(l->result->actions[0].message.ptr, "the guest stopped while it was waited for"));
}

static void a_state_is_waited_for(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = lab_add(l, PHX_OP_WAIT_TASK, PHX_ACT_WAIT, 1001, "wait-stopped");

	fake_pve_add(&l->pve, 1001, true);
	a->wait_what = PHX_STR("stopped");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	a->wait_what = PHX_STR("running");
	a->timeout_ms = 200;
	lab_run(l);
	assert_non_null(strstr(l->result->actions[0].message.ptr,
			       "the guest did not start within 0 s; last seen: the guest is stopped"));
}

static void a_server_without_the_agents_list_is_pinged(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->pve.agent_info_unknown = true;
	lab_run(l);
	lab_assert_all_done(l, 1);
	assert_true(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/1001/agent/ping") > 0);
}

static void plan_cloud_init(struct lab *l)
{
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);
	struct phx_action *a = lab_add(l, PHX_OP_WAIT_CLOUD_INIT, PHX_ACT_WAIT, 1001, "wait-cloud-init");

	g->running = true;
	a->wait_what = PHX_STR("cloud-init");
	a->timeout_ms = 5000;
	a->method = PHX_POST;
	a->path = PHX_STR("/nodes/pve/qemu/1001/agent/exec");
	lab_with(l, a, "command", "cloud-init");
	lab_with(l, a, "command", "status");
}

static void cloud_init_is_waited_for_and_its_details_kept(void **state)
{
	struct lab *l = *state;

	plan_cloud_init(l);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_false(l->result->actions[0].warned);
	assert_str(l->result->actions[0].log, "status: done\ndetail: x");
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/1001/agent/exec "
						 "command=cloud-init&command=status"),
			 1);
	l->pve.cloud_init_exit = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(l->result->actions[0].warned);
	l->pve.cloud_init_exit = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(l->result->actions[0].message.ptr, "exit code 1"));
}

static void an_interrupt_does_not_wait_for_guests(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->pve.agent_never = true;
	l->interrupt_at = 7;
	l->interrupt_by = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(lab_result(l, PHX_OP_WAIT_AGENT)->outcome, PHX_OUT_LEFT);
	assert_int_equal(lab_result(l, PHX_OP_MARKER)->outcome, PHX_OUT_LEFT);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(an_agent_that_never_answers_fails_with_what_was_seen),
		T(a_guest_that_stops_ends_the_wait_for_it),
		T(a_state_is_waited_for),
		T(a_server_without_the_agents_list_is_pinged),
		T(cloud_init_is_waited_for_and_its_details_kept),
		T(an_interrupt_does_not_wait_for_guests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
