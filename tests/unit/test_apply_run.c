#include "base_test.h"

#include <poll.h>

#include "apply/apply.h"
#include "base/sys.h"
#include "fake_pve.h"
#include "plan/stack_lock.h"

struct lab {
	struct phx_arena arena;
	struct fake_pve pve;
	struct phx_plan plan;
	struct phx_apply_options o;
	struct phx_apply_result *result;
	struct phx_listener listener;
	struct phx_secrets secrets;
	volatile sig_atomic_t interrupts;
	struct phx_buf heard; /* all texts of events */
	/* the fault */
	enum fake_fault what;
	uint32_t at, times;
	const char *on, *text;
	uint32_t interrupt_at; /* event FINISH number that raises it */
	uint32_t finishes;
	uint32_t interrupt_by;
};

static void hear(void *user, const struct phx_event *e)
{
	struct lab *l = user;

	phx_buf_printf(&l->heard, "%d %s " PHX_STR_FMT "\n", (int)e->kind,
		       e->action ? e->action->summary.ptr : "-", PHX_STR_ARG(e->text));
	if (e->kind == PHX_EV_START && l->interrupt_at && ++l->finishes == l->interrupt_at)
		l->interrupts = (sig_atomic_t)l->interrupt_by;
}

static enum fake_fault spoil(void *user, enum phx_method m, struct phx_str path, uint32_t number,
			     const char **text)
{
	struct lab *l = user;

	(void)m;
	*text = l->text;
	if (l->on ? phx_str_find(path, phx_str_c(l->on)) < 0 : number != l->at)
		return FAULT_NONE;
	return l->times && l->times-- ? l->what : FAULT_NONE;
}

static int set_up(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));

	fake_pve_init(&l->pve);
	l->pve.fault = spoil;
	l->pve.user = l;
	l->text = "made to fail";
	l->plan.arena = &l->arena;
	l->plan.stack = PHX_STR("lab");
	l->secrets.arena = &l->arena;
	l->listener = (struct phx_listener){.event = hear, .user = l};
	l->o = (struct phx_apply_options){.parallel = 8,
					  .wake_fd = -1,
					  .interrupts = &l->interrupts,
					  .listeners = &l->listener,
					  .nlisteners = 1,
					  .secrets = &l->secrets};
	*state = l;
	return 0;
}

static int tear_down(void **state)
{
	struct lab *l = *state;

	fake_pve_done(&l->pve);
	phx_buf_done(&l->heard);
	phx_arena_done(&l->arena);
	free(l);
	return 0;
}

static struct phx_action *add(struct lab *l, enum phx_action_op op, enum phx_action_type type, uint64_t id,
			      const char *summary)
{
	struct phx_action *a = PHX_NEW(&l->arena, struct phx_action);

	a->id = l->plan.actions.n + 1;
	a->body = &phx_action_no_body;
	a->op = (uint8_t)op;
	a->type = (uint8_t)type;
	a->summary = phx_str_c(summary);
	a->guest_id = id;
	a->is_vm = id >= 1000;
	a->node = PHX_STR("pve");
	a->address = id ? phx_str_printf(&l->arena, "vm.g%llu", (unsigned long long)id) : PHX_STR("stack");
	if (id && type == PHX_ACT_CALL)
		phx_vec_push(&l->arena, &a->locks,
			     ((struct phx_lock){
				     .name = phx_str_printf(&l->arena, "guest:%llu", (unsigned long long)id),
				     .exclusive = true}));
	phx_vec_push(&l->arena, &l->plan.actions, a);
	return a;
}

static struct phx_action *call(struct lab *l, enum phx_action_op op, uint64_t id, enum phx_method m,
			       const char *path, bool task)
{
	struct phx_action *a = add(l, op, PHX_ACT_CALL, id, phx_action_op_name(op));

	a->method = m;
	a->path = phx_str_dup(&l->arena, phx_str_c(path));
	a->task = task;
	return a;
}

static void with(struct lab *l, struct phx_action *a, const char *name, const char *value)
{
	phx_params_add(&l->arena, &a->params, phx_str_c(name), phx_str_dup(&l->arena, phx_str_c(value)));
}

static void need(struct lab *l, struct phx_action *a, uint32_t id)
{
	phx_vec_push(&l->arena, &a->needs, id);
}

#define text(l, ...) phx_str_printf(&(l)->arena, __VA_ARGS__).ptr

/* A template is cloned n times; each clone is configured, started, waited for and marked. Lock first, unlock last. */
static void plan_clones(struct lab *l, uint32_t n)
{
	struct phx_action *a = call(l, PHX_OP_LOCK, 0, PHX_POST, "/pools", false), *unlock;
	struct phx_params p = {0};
	uint32_t template;

	phx_stack_lock_params(&l->arena, l->plan.stack, &p);
	a->params = p;
	a->later = PHX_LATER_HOLDER;
	a = call(l, PHX_OP_CREATE, 9000, PHX_POST, "/nodes/pve/qemu", true);
	with(l, a, "vmid", "9000");
	with(l, a, "name", "base");
	with(l, a, "memory", "512");
	need(l, a, 1);
	a = call(l, PHX_OP_TEMPLATE, 9000, PHX_POST, "/nodes/pve/qemu/9000/template", true);
	need(l, a, 2);
	template = a->id;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t id = 1001 + i;

		a = call(l, PHX_OP_CLONE, id, PHX_POST, "/nodes/pve/qemu/9000/clone", true);
		with(l, a, "newid", text(l, "%llu", (unsigned long long)id));
		with(l, a, "name", text(l, "g%llu", (unsigned long long)id));
		with(l, a, "full", "1");
		with(l, a, "description", text(l, "marker %llu", (unsigned long long)id));
		phx_vec_push(&l->arena, &a->locks, ((struct phx_lock){.name = PHX_STR("guest:9000")}));
		need(l, a, template);
		a = call(l, PHX_OP_CONFIG, id, PHX_PUT,
			 text(l, "/nodes/pve/qemu/%llu/config", (unsigned long long)id), false);
		with(l, a, "memory", "2048");
		with(l, a, "tags", "phx-lab");
		need(l, a, a->id - 1);
		a = call(l, PHX_OP_START, id, PHX_POST,
			 text(l, "/nodes/pve/qemu/%llu/status/start", (unsigned long long)id), true);
		need(l, a, a->id - 1);
		a = add(l, PHX_OP_WAIT_AGENT, PHX_ACT_WAIT, id, "wait-agent");
		a->wait_what = PHX_STR("agent");
		a->timeout_ms = 5000;
		need(l, a, a->id - 1);
		a = call(l, PHX_OP_MARKER, id, PHX_PUT,
			 text(l, "/nodes/pve/qemu/%llu/config", (unsigned long long)id), false);
		with(l, a, "description", text(l, "complete %llu", (unsigned long long)id));
		need(l, a, a->id - 1);
	}
	unlock = call(l, PHX_OP_UNLOCK, 0, PHX_DELETE, "/pools/phx-lock-lab", false);
	for (uint32_t i = 1; i < unlock->id; i++)
		need(l, unlock, i);
}

static void run(struct lab *l)
{
	l->result = phx_apply_run(&l->plan, &l->pve.b.writer, &l->o, &l->arena);
}

static const struct phx_action_result *result_of(struct lab *l, enum phx_action_op op)
{
	for (uint32_t i = 0; i < l->plan.actions.n; i++) {
		if (l->plan.actions.v[i]->op == op)
			return &l->result->actions[i];
	}
	fail_msg("no action %s", phx_action_op_name(op));
	return NULL;
}

static void print_failures(struct lab *l)
{
	struct phx_buf b = {0};

	phx_apply_report(&l->plan, l->result, false, &b);
	print_message("%s%s", b.ptr, l->heard.ptr);
	phx_buf_done(&b);
}

static void assert_all_done(struct lab *l, uint32_t clones)
{
	if (l->result->exit_code != 0)
		print_failures(l);
	assert_int_equal(l->result->exit_code, 0);
	for (uint32_t i = 0; i < clones; i++) {
		struct fake_guest *g = fake_pve_guest(&l->pve, 1001 + i);

		assert_non_null(g);
		assert_int_equal(g->made, 1);
		assert_true(g->running);
		assert_string_equal(json_string_value(json_object_get(g->config, "memory")), "2048");
		assert_string_equal(json_string_value(json_object_get(g->config, "description")),
				    text(l, "complete %u", 1001 + i));
	}
	assert_int_equal(json_object_size(l->pve.pools), 0);
	assert_int_equal(l->pve.collisions, 0);
}

/* Each call that was done, once, and no other. */
static void assert_calls_are_the_plans(struct lab *l)
{
	uint32_t calls = 0;

	for (uint32_t i = 0; i < l->plan.actions.n; i++)
		calls += l->plan.actions.v[i]->type == PHX_ACT_CALL;
	assert_int_equal(l->pve.nlog, calls);
}

static void what_is_sent_is_what_the_plan_says(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 3);
	run(l);
	assert_all_done(l, 3);
	assert_calls_are_the_plans(l);
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

static void a_lost_reply_at_any_call_does_nothing_twice(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	for (uint32_t at = 1; at <= 8; at++) {
		for (int after = 0; after < 2; after++) {
			fake_pve_done(&l->pve);
			fake_pve_init(&l->pve);
			l->pve.fault = spoil;
			l->pve.user = l;
			l->what = after ? FAULT_AFTER : FAULT_BEFORE;
			l->at = at;
			l->times = 1;
			phx_buf_clear(&l->heard);
			run(l);
			assert_all_done(l, 1);
			assert_calls_are_the_plans(l);
			assert_int_equal(l->times, 0);
		}
	}
}

static void a_refused_connection_and_a_lock_timeout_are_waited_for(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->what = FAULT_LOCK;
	l->on = "/nodes/pve/qemu/1001/config";
	l->times = 2;
	run(l);
	assert_all_done(l, 1);
	assert_int_equal(result_of(l, PHX_OP_CONFIG)->attempts, 3);
	assert_non_null(strstr(l->heard.ptr, "trying again"));
	assert_calls_are_the_plans(l);
}

static void a_lock_that_stays_ends_the_action_at_the_told_limit(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->what = FAULT_LOCK;
	l->on = "/nodes/pve/qemu/1001/config";
	l->times = 1000;
	l->o.lock_wait_ms = 700;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(result_of(l, PHX_OP_CONFIG)->kind, PHX_ERR_LOCKED);
	assert_non_null(strstr(result_of(l, PHX_OP_CONFIG)->message.ptr, "waited"));
	assert_int_equal(result_of(l, PHX_OP_START)->outcome, PHX_OUT_SKIPPED);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void a_locked_task_is_started_again_when_the_lock_is_gone(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->what = FAULT_TASK;
	l->text = "VM is locked (backup)";
	l->on = "/status/start";
	l->times = 1;
	run(l);
	assert_all_done(l, 1);
	assert_int_equal(result_of(l, PHX_OP_START)->attempts, 2);
}

static void a_failed_task_stops_its_branch_only_and_tells_its_log(void **state)
{
	struct lab *l = *state;
	struct phx_buf b = {0};

	plan_clones(l, 3);
	l->what = FAULT_TASK;
	l->text = "start failed: QEMU exited with code 1";
	l->on = "/1002/status/start";
	l->times = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 1);
	assert_int_equal(l->result->count[PHX_OUT_SKIPPED], 2);
	assert_true(fake_pve_guest(&l->pve, 1001)->running && fake_pve_guest(&l->pve, 1003)->running);
	assert_int_equal(json_object_size(l->pve.pools), 0);
	phx_apply_report(&l->plan, l->result, false, &b);
	assert_non_null(
		strstr(b.ptr, "error: vm.g1002: start failed\n  start failed: QEMU exited with code 1\n"));
	assert_non_null(strstr(b.ptr, "  task: UPID:pve:"));
	assert_non_null(strstr(b.ptr, "  | working\n"));
	assert_non_null(strstr(b.ptr, "not started because of it: 2 actions of vm.g1002"));
	assert_non_null(strstr(b.ptr, "Apply failed in part: 16 done, 1 failed, 2 skipped"));
	assert_non_null(strstr(b.ptr, "Next: `phx apply` again"));
	phx_buf_done(&b);
}

static void fail_fast_starts_nothing_more_and_gives_the_lock_back(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 3);
	l->o.fail_fast = true;
	l->o.parallel = 1;
	l->what = FAULT_ERROR;
	l->on = "/9000/clone";
	l->times = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone"), 0);
	assert_true(l->result->count[PHX_OUT_LEFT] > 0);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void a_power_loss_in_a_clone_is_found_out_and_said(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->what = FAULT_POWER;
	l->on = "/9000/clone";
	l->times = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(result_of(l, PHX_OP_CLONE)->outcome, PHX_OUT_FAILED);
	assert_int_equal(result_of(l, PHX_OP_CLONE)->kind, PHX_ERR_LOCKED);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone"), 1);
}

static void a_value_that_reads_back_otherwise_fails_its_action(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->pve.wrong = "memory";
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(result_of(l, PHX_OP_CREATE)->message.ptr, "`memory` is `99`, not `512`"));
}

static void an_id_that_somebody_took_fails_and_is_not_touched(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);

	json_object_set_new(g->config, "description", json_string("mine"));
	plan_clones(l, 1);
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(result_of(l, PHX_OP_CLONE)->kind, PHX_ERR_EXISTS);
	assert_string_equal(
		json_string_value(json_object_get(fake_pve_guest(&l->pve, 1001)->config, "description")),
		"mine");
}

static void the_first_interrupt_finishes_what_runs(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 3);
	l->interrupt_at = 4; /* the first clone was started */
	l->interrupt_by = 1;
	run(l);
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

	plan_clones(l, 3);
	l->pve.task_ms = 60000;
	l->interrupt_at = 2;
	l->interrupt_by = 2;
	run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(l->result->count[PHX_OUT_UNKNOWN], 1);
	assert_int_equal(json_object_size(l->pve.pools), 1);
}

static void an_interrupt_does_not_wait_for_guests(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->pve.agent_never = true;
	l->interrupt_at = 7;
	l->interrupt_by = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(result_of(l, PHX_OP_WAIT_AGENT)->outcome, PHX_OUT_LEFT);
	assert_int_equal(result_of(l, PHX_OP_MARKER)->outcome, PHX_OUT_LEFT);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void the_time_for_the_whole_run_stops_it_softly(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 2);
	l->pve.task_ms = 100;
	l->o.timeout_ms = 150;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_true(l->result->timed_out);
	assert_true(l->result->count[PHX_OUT_LEFT] > 0);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 0);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

static void hold_lock(struct lab *l, bool alive, bool here)
{
	struct phx_stack_holder h = phx_stack_holder_self(&l->arena, PHX_STR("other@pam!x"), 0);

	if (!alive)
		h.ticks++;
	if (!here)
		h.machine = PHX_STR("elsewhere");
	json_object_set_new(l->pve.pools, "phx-lock-lab",
			    json_string(phx_stack_holder_print(&l->arena, &h).ptr));
}

static void a_stack_that_is_locked_is_left_alone(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	hold_lock(l, true, true);
	run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_int_equal(l->pve.nlog, 0);
	assert_non_null(
		strstr(result_of(l, PHX_OP_LOCK)->message.ptr, "is being changed by other@pam!x on "));
	assert_non_null(strstr(result_of(l, PHX_OP_LOCK)->hint.ptr, "phx unlock lab"));
	assert_int_equal(json_object_size(l->pve.pools), 1);
	hold_lock(l, false, false);
	run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_non_null(strstr(result_of(l, PHX_OP_LOCK)->message.ptr, "another machine"));
	json_object_set_new(l->pve.pools, "phx-lock-lab", json_string("somebody's pool"));
	run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_non_null(strstr(result_of(l, PHX_OP_LOCK)->message.ptr, "is not a lock of phx"));
}

static void the_lock_of_a_dead_run_is_taken_over(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	hold_lock(l, false, true);
	run(l);
	assert_all_done(l, 1);
	assert_non_null(strstr(l->heard.ptr, "taken over"));
}

static void unlock_says_who_held_it_and_spares_the_living(void **state)
{
	struct lab *l = *state;
	struct phx_str holder;
	struct phx_err err = {0};

	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(err.kind, PHX_ERR_MISSING);
	hold_lock(l, true, true);
	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(err.kind, PHX_ERR_LOCKED);
	assert_int_equal(json_object_size(l->pve.pools), 1);
	assert_true(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), true, &l->arena, &holder, &err));
	hold_lock(l, true, false);
	assert_true(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_true(phx_str_starts(holder, "other@pam!x on "));
	json_object_set_new(l->pve.pools, "phx-lock-lab", json_string("x"));
	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(json_object_size(l->pve.pools), 1);
	phx_err_done(&err);
}

static void an_agent_that_never_answers_fails_with_what_was_seen(void **state)
{
	struct lab *l = *state;
	const struct phx_action_result *r;

	plan_clones(l, 1);
	l->pve.agent_never = true;
	for (uint32_t i = 0; i < l->plan.actions.n; i++) {
		if (l->plan.actions.v[i]->type == PHX_ACT_WAIT)
			l->plan.actions.v[i]->timeout_ms = 300;
	}
	run(l);
	r = result_of(l, PHX_OP_WAIT_AGENT);
	assert_int_equal(r->kind, PHX_ERR_TIMEOUT);
	assert_non_null(strstr(r->message.ptr, "the guest agent did not answer within 0 s; last seen: QEMU "
					       "guest agent is not running"));
	assert_non_null(strstr(r->log.ptr, "guest: running for "));
	assert_non_null(strstr(r->log.ptr, "\nso: "));
	assert_non_null(strstr(r->hint.ptr, "timeouts { agent = 10m }"));
	assert_int_equal(result_of(l, PHX_OP_MARKER)->outcome, PHX_OUT_SKIPPED);
}

static void a_guest_that_stops_ends_the_wait_for_it(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = add(l, PHX_OP_WAIT_AGENT, PHX_ACT_WAIT, 1001, "wait-agent");

	fake_pve_add(&l->pve, 1001, true);
	a->wait_what = PHX_STR("agent");
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(
		strstr(l->result->actions[0].message.ptr, "the guest stopped while it was waited for"));
}

static void a_state_is_waited_for(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = add(l, PHX_OP_WAIT_TASK, PHX_ACT_WAIT, 1001, "wait-stopped");

	fake_pve_add(&l->pve, 1001, true);
	a->wait_what = PHX_STR("stopped");
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	a->wait_what = PHX_STR("running");
	a->timeout_ms = 200;
	run(l);
	assert_non_null(strstr(l->result->actions[0].message.ptr,
			       "the guest did not start within 0 s; last seen: the guest is stopped"));
}

static void a_task_without_progress_is_left_to_the_next_run(void **state)
{
	struct lab *l = *state;
	struct phx_action *a;

	fake_pve_add(&l->pve, 1001, true);
	l->pve.task_ms = 60000;
	a = call(l, PHX_OP_START, 1001, PHX_POST, "/nodes/pve/qemu/1001/status/start", true);
	a->timeout_ms = 100;
	l->pve.log_stands_still = true;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_TIMEOUT);
	assert_non_null(strstr(l->result->actions[0].hint.ptr, "the task is not stopped"));
}

static void a_server_that_is_gone_ends_the_run(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 3);
	l->what = FAULT_REFUSED;
	l->on = "/clone";
	l->times = 1000;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(l->heard.ptr, "the server cannot be reached: nothing more is started"));
	assert_int_equal(json_object_size(l->pve.pools), 1);
}

static void a_server_without_the_agents_list_is_pinged(void **state)
{
	struct lab *l = *state;

	plan_clones(l, 1);
	l->pve.agent_info_unknown = true;
	run(l);
	assert_all_done(l, 1);
	assert_true(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/1001/agent/ping") > 0);
}

static void plan_cloud_init(struct lab *l)
{
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);
	struct phx_action *a = add(l, PHX_OP_WAIT_CLOUD_INIT, PHX_ACT_WAIT, 1001, "wait-cloud-init");

	g->running = true;
	a->wait_what = PHX_STR("cloud-init");
	a->timeout_ms = 5000;
	a->method = PHX_POST;
	a->path = PHX_STR("/nodes/pve/qemu/1001/agent/exec");
	with(l, a, "command", "cloud-init");
	with(l, a, "command", "status");
}

static void cloud_init_is_waited_for_and_its_details_kept(void **state)
{
	struct lab *l = *state;

	plan_cloud_init(l);
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_false(l->result->actions[0].warned);
	assert_str(l->result->actions[0].log, "status: done\ndetail: x");
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/1001/agent/exec "
						 "command=cloud-init&command=status"),
			 1);
	l->pve.cloud_init_exit = 2;
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(l->result->actions[0].warned);
	l->pve.cloud_init_exit = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_non_null(strstr(l->result->actions[0].message.ptr, "exit code 1"));
}

static void a_hidden_task_is_found_in_the_list(void **state)
{
	struct lab *l = *state;
	struct phx_action *a;

	fake_pve_add(&l->pve, 200, false);
	a = call(l, PHX_OP_TEMPLATE, 200, PHX_POST, "/nodes/pve/lxc/200/template", false);
	a->hidden_task = true;
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(phx_str_find(l->result->actions[0].upid, PHX_STR("vztemplate")) > 0);
	assert_true(fake_pve_guest(&l->pve, 200)->template);
}

static void firewall_rules_are_never_doubled(void **state)
{
	struct lab *l = *state;

	fake_pve_add(&l->pve, 1001, true);
	for (int i = 0; i < 3; i++) {
		struct phx_action *a = call(l, PHX_OP_FW_RULE_ADD, 1001, PHX_POST,
					    "/nodes/pve/qemu/1001/firewall/rules", false);

		with(l, a, "dport", text(l, "%d", 20 + i));
		if (i)
			need(l, a, a->id - 1);
	}
	l->what = FAULT_AFTER;
	l->on = "firewall/rules";
	l->times = 2;
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 3);
	l->plan.actions.n = 0;
	call(l, PHX_OP_FW_RULE_DELETE, 1001, PHX_DELETE, "/nodes/pve/qemu/1001/firewall/rules/0", false);
	l->times = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 2);
	l->what = FAULT_BEFORE;
	l->times = 1;
	run(l);
	assert_int_equal(json_array_size(l->pve.rules), 1);
}

static void what_a_clone_brought_is_filled_in_before_the_call(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);
	struct phx_action *a;

	json_object_set_new(g->config, "scsi0",
			    json_string("local:1001/vm-1001-disk-0.qcow2,iothread=1,size=2G"));
	json_object_set_new(g->config, "digest", json_string("0123456789012345678901234567890123456789"));
	a = call(l, PHX_OP_CONFIG, 1001, PHX_PUT, "/nodes/pve/qemu/1001/config", false);
	with(l, a, "scsi0", "*,discard=on");
	a->later = PHX_LATER_VOLUME | PHX_LATER_DIGEST;
	run(l);
	if (l->result->exit_code)
		print_failures(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_true(strncmp(l->pve.log[0],
			    "PUT /nodes/pve/qemu/1001/config scsi0=local:1001/vm-1001-disk-0.qcow2,",
			    60) == 0);
	assert_non_null(strstr(l->pve.log[0], "discard=on"));
	assert_non_null(strstr(l->pve.log[0], "iothread=1"));
	assert_non_null(strstr(l->pve.log[0], "digest=0123"));
	l->plan.actions.v[0]->params.v.v[0].name = PHX_STR("scsi5");
	run(l);
	assert_non_null(strstr(l->result->actions[0].message.ptr, "the clone has no volume `scsi5`"));
}

static void what_is_so_already_is_no_failure(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1001, true);

	g->running = true;
	call(l, PHX_OP_START, 1001, PHX_POST, "/nodes/pve/qemu/1001/status/start", true);
	call(l, PHX_OP_DELETE, 1002, PHX_DELETE, "/nodes/pve/qemu/1002", true);
	run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->count[PHX_OUT_ALREADY], 2);
}

static void a_command_on_the_node_without_a_way_there_names_itself(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = add(l, PHX_OP_BREAK_LOCK, PHX_ACT_HOST, 1001, "unlock 1001");

	struct phx_action_body *body = PHX_NEW(&l->arena, struct phx_action_body);

	phx_vec_push(&l->arena, &body->argv, PHX_STR("qm"));
	a->body = body;
	run(l);
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
	plan_clones(l, 1);
	phx_params_secret(&l->arena, &l->plan.actions.v[1]->params, PHX_STR("cipassword"),
			  PHX_STR("canary-4711"));
	l->what = FAULT_TASK;
	l->text = "bad value canary-4711 in cipassword";
	l->on = "/1001/status/start";
	l->times = 1;
	run(l);
	assert_int_equal(l->result->exit_code, 5);
	phx_journal_close(l->o.journal);
	assert_true(phx_read_file(path, &file, &err));
	phx_apply_report(&l->plan, l->result, false, &report);
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
	plan_clones(l, 1);
	run(l);
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
	plan_clones(l, 1);
	l->pve.task_ms = 200;
	l->interrupt_at = 3;
	l->interrupt_by = 2;
	run(l);
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

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_sent_is_what_the_plan_says),
		T(a_lost_reply_at_any_call_does_nothing_twice),
		T(a_refused_connection_and_a_lock_timeout_are_waited_for),
		T(a_lock_that_stays_ends_the_action_at_the_told_limit),
		T(a_locked_task_is_started_again_when_the_lock_is_gone),
		T(a_failed_task_stops_its_branch_only_and_tells_its_log),
		T(fail_fast_starts_nothing_more_and_gives_the_lock_back),
		T(a_power_loss_in_a_clone_is_found_out_and_said),
		T(a_value_that_reads_back_otherwise_fails_its_action),
		T(an_id_that_somebody_took_fails_and_is_not_touched),
		T(the_first_interrupt_finishes_what_runs),
		T(the_second_interrupt_leaves_at_once),
		T(an_interrupt_does_not_wait_for_guests),
		T(the_time_for_the_whole_run_stops_it_softly),
		T(a_stack_that_is_locked_is_left_alone),
		T(the_lock_of_a_dead_run_is_taken_over),
		T(unlock_says_who_held_it_and_spares_the_living),
		T(an_agent_that_never_answers_fails_with_what_was_seen),
		T(a_guest_that_stops_ends_the_wait_for_it),
		T(a_state_is_waited_for),
		T(a_task_without_progress_is_left_to_the_next_run),
		T(a_server_that_is_gone_ends_the_run),
		T(a_server_without_the_agents_list_is_pinged),
		T(cloud_init_is_waited_for_and_its_details_kept),
		T(a_hidden_task_is_found_in_the_list),
		T(firewall_rules_are_never_doubled),
		T(what_a_clone_brought_is_filled_in_before_the_call),
		T(what_is_so_already_is_no_failure),
		T(a_command_on_the_node_without_a_way_there_names_itself),
		T(secrets_stay_out_of_messages_and_journal),
		T(nothing_is_begun_that_cannot_be_written_down),
		T(the_next_run_waits_for_tasks_of_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
