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

static struct phx_action *wait_for(struct lab *l, const char *what, unsigned id, uint64_t timeout_ms)
{
	struct phx_action *a = lab_add(l, PHX_OP_WAIT_AGENT, PHX_ACT_WAIT, id, "wait");

	a->wait_what = phx_str_c(what);
	a->timeout_ms = timeout_ms;
	return a;
}

static void refuse(struct lab *l, enum phx_method m, const char *on, uint32_t times, int status,
		   const char *text)
{
	lab_answer(l, (struct lab_answer){
			      .method = m, .on = on, .times = times, .status = status, .text = text});
}

#define SILENT "QEMU guest agent is not running"

/* One guest each, of which other things are seen. */
static void what_keeps_an_agent_from_answering_is_guessed(void **state)
{
	static const struct {
		const char *refusal, *config, *state, *so;
	} cases[] = {
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"uptime\":500,\"agent\":0}",
		 "so: it was started before the `agent` option was on"},
		{"No QEMU guest agent configured", "{\"agent\":\"enabled=1\"}",
		 "{\"status\":\"running\",\"uptime\":500}",
		 "so: it was started before the `agent` option was on"},
		{"No QEMU guest agent configured", "{}", "{\"status\":\"running\",\"uptime\":500}",
		 "so: without the `agent` option Proxmox gives the VM no channel"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"uptime\":500,\"cpu\":0.9}",
		 "so: it is busy"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"uptime\":500,\"netin\":0}",
		 "so: it has received nothing over the network"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"uptime\":5,\"netin\":7}",
		 "so: it may still boot"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"uptime\":500,\"netin\":7}",
		 "so: qemu-guest-agent is not installed in it, or not started"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"running\",\"qmpstatus\":\"io-error\"}",
		 "so: it does not go on (io-error): `qm status 1407 --verbose`"},
		{SILENT, "{\"agent\":\"1\"}", "{\"status\":\"stopped\"}",
		 "so: it was shut down or has crashed"},
		{SILENT, LAB_GONE, LAB_GONE, "its state cannot be read: " LAB_GONE},
	};
	struct lab *l = *state;

	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		wait_for(l, "agent", 1400 + i, 200);
		refuse(l, PHX_GET, lab_text(l, "/%u/agent/info", 1400 + i), 0, 500, cases[i].refusal);
		lab_answer(l, lab_said(lab_text(l, "/%u/config", 1400 + i), cases[i].config, 0));
		lab_answer(l, lab_said(lab_text(l, "/%u/status/current", 1400 + i), cases[i].state, 0));
	}
	lab_run(l);
	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		assert_int_equal(l->result->actions[i].outcome, PHX_OUT_FAILED);
		assert_says(lab_log(&l->result->actions[i]), cases[i].so);
	}
}

/* phx gave cloud-init the agent to install. */
static void an_agent_that_cloud_init_should_have_brought_is_missed(void **state)
{
	static const struct phx_change change;
	struct lab *l = *state;
	struct phx_action *a = lab_add(l, PHX_OP_SNIPPET, PHX_ACT_HOST, 0, "snippet");
	struct phx_action_body *body = lab_body(l, a);

	a->change = &change;
	phx_vec_push(&l->arena, &body->argv, PHX_STR("true"));
	l->pve.has_node = true;
	a = wait_for(l, "agent", 1420, 200);
	a->change = &change;
	lab_need(l, a, 1);
	refuse(l, PHX_GET, "/1420/agent/info", 0, 500, SILENT);
	lab_answer(l, lab_said("/1420/config", "{\"agent\":\"1\"}", 0));
	lab_answer(l, lab_said("/1420/status/current", "{\"status\":\"running\",\"uptime\":500,\"netin\":7}",
			       0));
	lab_run(l);
	assert_says(lab_log(&l->result->actions[1]),
		    "so: cloud-init should have installed qemu-guest-agent by now");
}

static void each_wait_says_what_it_saw_last_and_where_to_look(void **state)
{
	struct lab *l = *state;

	wait_for(l, "network", 501, 200);
	lab_answer(l, lab_said("/501/interfaces",
			       "[{\"name\":\"lo\",\"inet\":\"127.0.0.1/8\"},{\"name\":\"eth0\"}]", 0));
	wait_for(l, "network", 1430, 200);
	refuse(l, PHX_GET, "/1430/agent/network-get-interfaces", 0, 500, SILENT);
	wait_for(l, "stopped", 1431, 200);
	refuse(l, PHX_GET, "/1431/status/current", 0, 500, "no state today");
	wait_for(l, "agent", 1432, 200);
	refuse(l, PHX_GET, "/1432/agent/info", 0, 403, "Permission check failed (/vms/1432, VM.Monitor)");
	wait_for(l, "network", 502, 5000);
	lab_answer(l, lab_said("/502/interfaces", "[{\"name\":\"eth0\",\"inet\":\"10.0.0.9/24\"}]", 0));
	lab_run(l);
	assert_string_equal(
		lab_message(&l->result->actions[0]),
		"the guest got no address within 0 s; last seen: 2 network cards, none with an address");
	assert_string_equal(lab_hint(&l->result->actions[0]), "look inside: pct exec 501 -- ip address");
	assert_string_equal(lab_message(&l->result->actions[1]),
			    "the guest got no address within 0 s; last seen: " SILENT);
	assert_string_equal(lab_hint(&l->result->actions[1]),
			    "look inside: qm guest cmd 1430 network-get-interfaces");
	assert_string_equal(lab_message(&l->result->actions[2]),
			    "the guest did not stop within 0 s; last seen: no state today");
	assert_int_equal(l->result->actions[3].kind, PHX_ERR_PERMISSION);
	assert_says(lab_message(&l->result->actions[3]), "VM.Monitor");
	assert_int_equal(l->result->actions[4].outcome, PHX_OUT_DONE);
}

static void a_server_that_goes_away_during_a_wait_ends_it_and_the_run(void **state)
{
	struct lab *l = *state;

	wait_for(l, "agent", 1440, 60000);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/", .kind = PHX_ERR_CONNECT, .text = "nobody there"});
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_CONNECT);
	assert_string_equal(lab_message(&l->result->actions[0]), "nobody there");
	assert_says(l->heard.ptr, "the server cannot be reached");
}

/* Each question that is not answered holds a worker of the server for three seconds: no more than two at once here. */
static void agents_are_asked_few_at_a_time(void **state)
{
	struct lab *l = *state;

	l->o.parallel = 1;
	for (unsigned id = 1450; id < 1456; id++) {
		wait_for(l, "agent", id, 5000);
		fake_pve_add(&l->pve, id, true)->running = true;
	}
	lab_run(l);
	assert_int_equal(l->result->count[PHX_OUT_DONE], 6);
}

static struct phx_action *cloud_init(struct lab *l, unsigned id, uint64_t timeout_ms)
{
	struct phx_action *a = wait_for(l, "cloud-init", id, timeout_ms);

	a->method = PHX_POST;
	a->path = phx_str_c(lab_text(l, "/nodes/pve/qemu/%u/agent/exec", id));
	lab_with(l, a, "command", "cloud-init");
	lab_answer(l, lab_said(lab_text(l, "/%u/status/current", id), "{\"status\":\"running\",\"uptime\":5}",
			       0));
	return a;
}

static void cloud_init_is_asked_again_when_the_agent_forgets_it(void **state)
{
	struct lab *l = *state;

	cloud_init(l, 1460, 20000);
	lab_answer(l,
		   (struct lab_answer){.method = PHX_POST, .on = "/1460/agent/exec", .json = "{\"pid\":7}"});
	lab_answer(l, lab_said("/1460/agent/exec-status", "{\"exited\":0}", 1));
	refuse(l, PHX_GET, "/1460/agent/exec-status", 1, 500, "Agent error: Invalid parameter 'pid'");
	lab_answer(l, lab_said("/1460/agent/exec-status",
			       "{\"exited\":1,\"exitcode\":0,\"out-data\":\"status: done\"}", 0));
	cloud_init(l, 1461, 20000);
	refuse(l, PHX_POST, "/1461/agent/exec", 0, 596, "");
	cloud_init(l, 1462, 300);
	lab_answer(l,
		   (struct lab_answer){.method = PHX_POST, .on = "/1462/agent/exec", .json = "{\"pid\":7}"});
	lab_answer(l, lab_said("/1462/agent/exec-status", "{\"exited\":0}", 0));
	lab_answer(l, lab_said("/1462/agent/file-read", "{\"content\":\"1\\n2\\nstuck in apt\\n\"}", 0));
	cloud_init(l, 1463, 20000);
	refuse(l, PHX_POST, "/1463/agent/exec", 0, 403, "Permission check failed (/vms/1463, VM.Monitor)");
	cloud_init(l, 1464, 20000);
	lab_answer(l,
		   (struct lab_answer){.method = PHX_POST, .on = "/1464/agent/exec", .json = "{\"pid\":7}"});
	refuse(l, PHX_GET, "/1464/agent/exec-status", 0, 403,
	       "Permission check failed (/vms/1464, VM.Monitor)");
	lab_run(l);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_DONE);
	assert_string_equal(lab_log(&l->result->actions[0]), "status: done");
	assert_int_equal(l->answers[1].seen, 2);
	assert_string_equal(lab_message(&l->result->actions[1]), "there is no cloud-init in the guest");
	assert_string_equal(lab_message(&l->result->actions[2]),
			    "cloud-init did not finish within 0 s; last seen: cloud-init is at work");
	assert_says(lab_log(&l->result->actions[2]), "stuck in apt");
	assert_says(lab_hint(&l->result->actions[2]), "qm guest exec 1462 -- cloud-init status --long");
	assert_int_equal(l->result->actions[3].kind, PHX_ERR_PERMISSION);
	assert_int_equal(l->result->actions[4].kind, PHX_ERR_PERMISSION);
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
		T(what_keeps_an_agent_from_answering_is_guessed),
		T(an_agent_that_cloud_init_should_have_brought_is_missed),
		T(each_wait_says_what_it_saw_last_and_where_to_look),
		T(a_server_that_goes_away_during_a_wait_ends_it_and_the_run),
		T(agents_are_asked_few_at_a_time),
		T(cloud_init_is_asked_again_when_the_agent_forgets_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
