#include "apply_lab.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/sys.h"

static void what_is_sent_is_what_the_plan_says(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 3);
	lab_run(l);
	lab_assert_all_done(l, 3);
	lab_assert_calls_are_the_plans(l);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone "
						 "newid=1002&name=g1002&full=1&description=marker 1002"),
			 1);
	assert_true(strncmp(l->pve.log[0],
			    "POST /pools poolid=phx-lock-lab&comment=phx lock who=root@pam!phx host=", 60) ==
		    0);
	assert_string_equal(l->pve.log[l->pve.nlog - 1], "DELETE /pools/phx-lock-lab ");
	assert_true(l->pve.most_at_once >= 3);
	assert_int_equal(l->result->count[PHX_OUT_DONE], l->plan.actions.n);
}

static void a_refused_connection_and_a_lock_timeout_are_waited_for(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->what = FAULT_LOCK;
	l->on = "/nodes/pve/qemu/1001/config";
	l->times = 2;
	lab_run(l);
	lab_assert_all_done(l, 1);
	assert_int_equal(lab_result(l, PHX_OP_CONFIG)->attempts, 3);
	assert_non_null(strstr(l->heard.ptr, "trying again"));
	lab_assert_calls_are_the_plans(l);
}

static void a_lock_that_stays_ends_the_action_at_the_told_limit(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->what = FAULT_LOCK;
	l->on = "/nodes/pve/qemu/1001/config";
	l->times = 1000;
	l->o.lock_wait_ms = 700;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(lab_result(l, PHX_OP_CONFIG)->kind, PHX_ERR_LOCKED);
	assert_non_null(strstr(lab_result(l, PHX_OP_CONFIG)->message.ptr, "waited"));
	assert_int_equal(lab_result(l, PHX_OP_START)->outcome, PHX_OUT_SKIPPED);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void a_locked_task_is_started_again_when_the_lock_is_gone(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->what = FAULT_TASK;
	l->text = "VM is locked (backup)";
	l->on = "/status/start";
	l->times = 1;
	lab_run(l);
	lab_assert_all_done(l, 1);
	assert_int_equal(lab_result(l, PHX_OP_START)->attempts, 2);
}

static void a_failed_task_stops_its_branch_only_and_tells_its_log(void **state)
{
	struct lab *l = *state;
	struct phx_buf b = {0};

	lab_plan_clones(l, 3);
	l->what = FAULT_TASK;
	l->text = "start failed: QEMU exited with code 1";
	l->on = "/1002/status/start";
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 1);
	assert_int_equal(l->result->count[PHX_OUT_SKIPPED], 2);
	assert_true(fake_pve_guest(&l->pve, 1001)->running && fake_pve_guest(&l->pve, 1003)->running);
	assert_int_equal(json_object_size(l->pve.pools), 0);
	phx_apply_report(&l->plan, l->result, NULL, false, &b);
	assert_non_null(
		strstr(b.ptr, "error: vm.g1002: start failed\n  start failed: QEMU exited with code 1\n"));
	assert_non_null(strstr(b.ptr, "  task: UPID:pve:"));
	assert_non_null(strstr(b.ptr, "  | working\n"));
	assert_non_null(strstr(b.ptr, "not started because of it: 2 actions of vm.g1002"));
	assert_non_null(strstr(b.ptr, "Apply failed in part: 16 done, 1 failed, 2 skipped"));
	assert_non_null(strstr(b.ptr, "Next: `phx apply` again"));
	phx_buf_done(&b);
}

static void a_plan_of_nothing_is_complete_at_once(void **state)
{
	struct phx_buf b = {0};
	struct lab *l = *state;

	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->pve.gets + l->pve.writes, 0);
	phx_apply_report(&l->plan, l->result, NULL, true, &b);
	assert_true(phx_str_starts(phx_buf_view(&b), "\x1b[1;32mApply complete: \x1b[0mnothing to do; "));
	phx_buf_done(&b);
}

static void fail_fast_starts_nothing_more_and_gives_the_lock_back(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 3);
	l->o.fail_fast = true;
	l->o.parallel = 1;
	l->what = FAULT_ERROR;
	l->on = "/9000/clone";
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone"), 0);
	assert_true(l->result->count[PHX_OUT_LEFT] > 0);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void a_value_that_reads_back_otherwise_fails_its_action(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->pve.wrong = "memory";
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(lab_result(l, PHX_OP_CREATE)->message.ptr, "`memory` is `99`, not `512`"));
}

static void an_id_that_somebody_took_fails_and_is_not_touched(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);

	json_object_set_new(g->config, "description", json_string("mine"));
	lab_plan_clones(l, 1);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(lab_result(l, PHX_OP_CLONE)->kind, PHX_ERR_EXISTS);
	assert_string_equal(
		json_string_value(json_object_get(fake_pve_guest(&l->pve, 1001)->config, "description")),
		"mine");
}

static void the_first_interrupt_finishes_what_runs(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 3);
	l->interrupt_at = 4; /* the first clone was started */
	l->interrupt_by = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_true(l->result->interrupted);
	assert_int_equal(l->result->count[PHX_OUT_UNKNOWN], 0);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 0);
	assert_true(l->result->count[PHX_OUT_LEFT] > 0);
	assert_int_equal(fake_pve_guest(&l->pve, 1001)->lock[0], 0);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void the_second_interrupt_leaves_at_once(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 3);
	l->pve.task_ms = 60000;
	l->interrupt_at = 2;
	l->interrupt_by = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(l->result->count[PHX_OUT_UNKNOWN], 1);
	assert_int_equal(json_object_size(l->pve.pools), 1);
	/* Its answer comes when nobody waits for it any more. */
	(void)phx_backend_run(&l->pve.b, 0, -1);
}

static void the_time_for_the_whole_run_stops_it_softly(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 2);
	l->pve.task_ms = 100;
	l->o.timeout_ms = 150;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_true(l->result->timed_out);
	assert_true(l->result->count[PHX_OUT_LEFT] > 0);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 0);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void a_task_without_progress_is_left_to_the_next_run(void **state)
{
	struct lab *l = *state;
	struct phx_action *a;

	fake_pve_add(&l->pve, 1001, true);
	l->pve.task_ms = 60000;
	a = lab_call(l, PHX_OP_START, 1001, PHX_POST, "/nodes/pve/qemu/1001/status/start", true);
	a->timeout_ms = 100;
	l->pve.log_stands_still = true;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_TIMEOUT);
	assert_non_null(strstr(l->result->actions[0].hint.ptr, "the task is not stopped"));
}

static void a_server_that_is_gone_ends_the_run(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 3);
	l->what = FAULT_REFUSED;
	l->on = "/clone";
	l->times = 1000;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(l->heard.ptr, "the server cannot be reached: nothing more is started"));
	assert_int_equal(json_object_size(l->pve.pools), 1);
}

static void a_hidden_task_is_found_in_the_list(void **state)
{
	struct lab *l = *state;
	struct phx_action *a;

	fake_pve_add(&l->pve, 200, false);
	a = lab_call(l, PHX_OP_TEMPLATE, 200, PHX_POST, "/nodes/pve/lxc/200/template", false);
	a->hidden_task = true;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(phx_str_find(l->result->actions[0].upid, PHX_STR("vztemplate")) > 0);
	assert_true(fake_pve_guest(&l->pve, 200)->template);
}

static void what_a_clone_brought_is_filled_in_before_the_call(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);
	struct phx_action *a;

	json_object_set_new(g->config, "scsi0",
			    json_string("local:1001/vm-1001-disk-0.qcow2,iothread=1,size=2G"));
	json_object_set_new(g->config, "digest", json_string("0123456789012345678901234567890123456789"));
	a = lab_call(l, PHX_OP_CONFIG, 1001, PHX_PUT, "/nodes/pve/qemu/1001/config", false);
	lab_with(l, a, "scsi0", "*,discard=on");
	a->later = PHX_LATER_VOLUME | PHX_LATER_DIGEST;
	lab_run(l);
	if (l->result->exit_code)
		lab_print(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(strncmp(l->pve.log[0],
			    "PUT /nodes/pve/qemu/1001/config scsi0=local:1001/vm-1001-disk-0.qcow2,",
			    60) == 0);
	assert_non_null(strstr(l->pve.log[0], "discard=on"));
	assert_non_null(strstr(l->pve.log[0], "iothread=1"));
	assert_non_null(strstr(l->pve.log[0], "digest=0123"));
	l->plan.actions.v[0]->params.v.v[0].name = PHX_STR("scsi5");
	lab_run(l);
	assert_non_null(strstr(l->result->actions[0].message.ptr, "the clone has no volume `scsi5`"));
}

static void what_is_so_already_is_no_failure(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);

	g->running = true;
	lab_call(l, PHX_OP_START, 1001, PHX_POST, "/nodes/pve/qemu/1001/status/start", true);
	lab_call(l, PHX_OP_DELETE, 1002, PHX_DELETE, "/nodes/pve/qemu/1002", true);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->count[PHX_OUT_ALREADY], 2);
}

static void a_command_on_the_node_without_a_way_there_names_itself(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = lab_add(l, PHX_OP_BREAK_LOCK, PHX_ACT_HOST, 1001, "unlock 1001");
	struct phx_action_body *body = lab_body(l, a);

	phx_vec_push(&l->arena, &body->argv, PHX_STR("qm"));
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_CONNECT);
}

static void secrets_stay_out_of_messages_and_journal(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/phx-journal-XXXXXX";
	struct phx_buf file = {0}, report = {0};
	struct phx_err err = {0};

	close(mkstemp(path));
	phx_secrets_add(&l->secrets, PHX_STR("canary-4711"));
	assert_true(phx_journal_open(path, &l->o.journal, &err));
	lab_plan_clones(l, 1);
	phx_params_secret(&l->arena, &l->plan.actions.v[1]->params, PHX_STR("cipassword"),
			  PHX_STR("canary-4711"));
	l->what = FAULT_TASK;
	l->text = "bad value canary-4711 in cipassword";
	l->on = "/1001/status/start";
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	phx_journal_close(l->o.journal);
	assert_true(phx_read_file(path, &file, &err));
	phx_apply_report(&l->plan, l->result, NULL, false, &report);
	assert_null(strstr(file.ptr, "canary"));
	assert_null(strstr(report.ptr, "canary"));
	assert_null(strstr(l->heard.ptr, "canary"));
	assert_non_null(strstr(report.ptr, "bad value (secret) in cipassword"));
	assert_non_null(strstr(file.ptr, "\"outcome\":\"failed\",\"message\":\"bad value (secret)"));
	unlink(path);
	phx_buf_done(&file);
	phx_buf_done(&report);
}

static void nothing_is_begun_that_cannot_be_written_down(void **state)
{
	struct lab *l = *state;
	struct phx_err err = {0};

	assert_true(phx_journal_open("/dev/full", &l->o.journal, &err));
	lab_plan_clones(l, 1);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_int_equal(l->pve.nlog, 0);
	phx_journal_close(l->o.journal);
	phx_err_done(&err);
}

static void told(void *user, struct phx_str what)
{
	phx_buf_str(user, what);
}

static void the_next_run_waits_for_tasks_of_the_last(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/phx-journal-XXXXXX";
	struct phx_buf heard = {0};
	struct phx_err err = {0};

	close(mkstemp(path));
	assert_true(phx_journal_open(path, &l->o.journal, &err));
	lab_plan_clones(l, 1);
	l->pve.task_ms = 200;
	l->interrupt_at = 3;
	l->interrupt_by = 2;
	lab_run(l);
	assert_int_equal(l->result->count[PHX_OUT_UNKNOWN], 1);
	phx_journal_close(l->o.journal);
	l->interrupts = 0;
	assert_true(phx_apply_resume(&l->pve.b.reader, path, told, &heard, &l->interrupts, &err));
	l->interrupts = 1;
	assert_true(phx_apply_resume(&l->pve.b.reader, path, told, &heard, &l->interrupts, &err));
	unlink(path);
	phx_buf_done(&heard);
	phx_err_done(&err);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* What has no line before it is not begun; the lock, which has, is given back. */
static void a_journal_that_becomes_full_stops_what_it_cannot_note(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/phx-journal-XXXXXX";
	struct phx_err err = {0};
	struct phx_buf file = {0};

	close(mkstemp(path));
	assert_true(phx_journal_open(path, &l->o.journal, &err));
	lab_plan_clones(l, 1);
	limit_files(320); /* the run, and the lock with its end */
	lab_run(l);
	limit_files(RLIM_INFINITY);
	phx_journal_close(l->o.journal);
	assert_true(phx_read_file(path, &file, &err));
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(lab_result(l, PHX_OP_CREATE)->outcome, PHX_OUT_FAILED);
	assert_says(lab_message(lab_result(l, PHX_OP_CREATE)), "cannot write the journal /tmp/phx-journal-");
	assert_int_equal(l->pve.nlog, 2);
	assert_string_equal(l->pve.log[1], "DELETE /pools/phx-lock-lab ");
	assert_int_equal(lab_result(l, PHX_OP_UNLOCK)->outcome, PHX_OUT_DONE);
	assert_says(l->heard.ptr, "cannot write the journal");
	assert_says(file.ptr, "\"event\":\"intent\",\"action\":1");
	unlink(path);
	phx_buf_done(&file);
	phx_err_done(&err);
}

/* The tasks themselves go on: that one cannot be noted is a warning. */
static void a_task_that_cannot_be_noted_is_waited_for_all_the_same(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/phx-journal-XXXXXX";
	struct phx_err err = {0};

	close(mkstemp(path));
	assert_true(phx_journal_open(path, &l->o.journal, &err));
	fake_pve_add(&l->pve, 1001, true);
	lab_call(l, PHX_OP_START, 1001, PHX_POST, "/nodes/pve/qemu/1001/status/start", true);
	limit_files(300); /* the run and the intent, but no more */
	lab_run(l);
	limit_files(RLIM_INFINITY);
	phx_journal_close(l->o.journal);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(fake_pve_guest(&l->pve, 1001)->running);
	assert_says(l->heard.ptr, "start cannot write the journal");
	unlink(path);
	phx_err_done(&err);
}

static bool resume(struct lab *l, const char *path, struct phx_err *err)
{
	return phx_apply_resume(&l->pve.b.reader, path, NULL, NULL, &l->interrupts, err);
}

static void what_the_last_run_left_at_work_may_be_forgotten_unreadable_or_endless(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/phx-journal-XXXXXX";
	struct phx_str upid = lab_upid(l, 1, "qmstart", 1001);
	struct phx_err err = {0};
	FILE *f = fdopen(mkstemp(path), "w");

	fprintf(f,
		"{\"run\":\"r\",\"event\":\"begin\",\"stack\":\"lab\"}\n"
		"{\"run\":\"r\",\"event\":\"intent\",\"action\":1,\"address\":\"vm.a\",\"op\":\"start\"}\n"
		"{\"run\":\"r\",\"event\":\"task\",\"action\":1,\"upid\":\"%s\"}\n"
		"{\"run\":\"r\",\"event\":\"intent\",\"action\":2,\"address\":\"vm.b\",\"op\":\"start\"}\n"
		"{\"run\":\"r\",\"event\":\"task\",\"action\":2,\"upid\":\"../../version\"}\n",
		upid.ptr);
	fclose(f);
	lab_answer(l, lab_said(lab_task(l, upid, "/status"), LAB_GONE, 1));
	lab_answer(l, (struct lab_answer){.method = PHX_GET,
					  .on = lab_task(l, upid, "/status"),
					  .times = 1,
					  .status = 403,
					  .text = "Permission check failed (/nodes/pve, Sys.Audit)"});
	lab_answer(l, lab_said(lab_task(l, upid, "/status"), "{\"status\":\"running\"}", 0));
	assert_true(resume(l, path, &err));
	assert_false(resume(l, path, &err));
	assert_int_equal(err.kind, PHX_ERR_PERMISSION);
	assert_says(err.msg.ptr, "task of an earlier run (UPID:pve:");
	l->interrupts = 1;
	assert_false(resume(l, path, &err));
	assert_int_equal(err.kind, PHX_ERR_INTERRUPTED);
	unlink(path);
	phx_err_done(&err);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_sent_is_what_the_plan_says),
		T(a_refused_connection_and_a_lock_timeout_are_waited_for),
		T(a_lock_that_stays_ends_the_action_at_the_told_limit),
		T(a_locked_task_is_started_again_when_the_lock_is_gone),
		T(a_failed_task_stops_its_branch_only_and_tells_its_log),
		T(a_plan_of_nothing_is_complete_at_once),
		T(fail_fast_starts_nothing_more_and_gives_the_lock_back),
		T(a_value_that_reads_back_otherwise_fails_its_action),
		T(an_id_that_somebody_took_fails_and_is_not_touched),
		T(the_first_interrupt_finishes_what_runs),
		T(the_second_interrupt_leaves_at_once),
		T(the_time_for_the_whole_run_stops_it_softly),
		T(a_task_without_progress_is_left_to_the_next_run),
		T(a_server_that_is_gone_ends_the_run),
		T(a_hidden_task_is_found_in_the_list),
		T(what_a_clone_brought_is_filled_in_before_the_call),
		T(what_is_so_already_is_no_failure),
		T(a_command_on_the_node_without_a_way_there_names_itself),
		T(secrets_stay_out_of_messages_and_journal),
		T(nothing_is_begun_that_cannot_be_written_down),
		T(the_next_run_waits_for_tasks_of_the_last),
		T(a_journal_that_becomes_full_stops_what_it_cannot_note),
		T(a_task_that_cannot_be_noted_is_waited_for_all_the_same),
		T(what_the_last_run_left_at_work_may_be_forgotten_unreadable_or_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
