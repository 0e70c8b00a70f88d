#include "apply_lab.h"

#include "backend/errors.h"
#include "backend/task.h"
#include "plan/stack_lock.h"

static void hear(void *user, const struct phx_event *e)
{
	struct lab *l = user;

	phx_buf_printf(&l->heard, "%d %s " PHX_STR_FMT "\n", (int)e->kind,
		       e->action ? e->action->summary.ptr : "-", PHX_STR_ARG(e->text));
	if ((e->kind == PHX_EV_START && l->interrupt_at && ++l->starts == l->interrupt_at) ||
	    (l->interrupt_on && phx_str_find(e->text, phx_str_c(l->interrupt_on)) >= 0))
		l->interrupts = (sig_atomic_t)l->interrupt_by;
}

static void tick(void *user, uint64_t at_ms)
{
	(void)at_ms;
	((struct lab *)user)->ticks++;
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

static void give(const struct lab_answer *said, const struct phx_request *r, struct phx_answer *out)
{
	struct phx_err_context c = {.method = r->method, .path = r->path};

	out->status = said->status ? said->status : 200;
	if (said->kind)
		phx_err_set(&out->err, said->kind, "%s", said->text ? said->text : "made to fail");
	else if (said->status)
		phx_err_from_text(&out->err, PHX_ERR_SERVER, said->status, phx_str_c(said->text), &c);
	else
		out->data = said->json ? json_loads(said->json, JSON_DECODE_ANY, NULL) : NULL;
}

static void print_target(const struct phx_request *r, struct phx_buf *out)
{
	phx_buf_str(out, r->path);
	for (uint32_t i = 0; r->params && i < r->params->v.n; i++)
		phx_buf_printf(out, "%c" PHX_STR_FMT "=" PHX_STR_FMT, i ? '&' : '?',
			       PHX_STR_ARG(r->params->v.v[i].name), PHX_STR_ARG(r->params->v.v[i].value));
}

static bool answer(void *user, const struct phx_request *r, struct phx_answer *out)
{
	struct lab *l = user;
	struct phx_buf target = {0};
	bool found = false;

	print_target(r, &target);
	for (uint32_t i = 0; !found && i < l->nanswers; i++) {
		struct lab_answer *a = &l->answers[i];

		if (a->method != r->method || phx_str_find(phx_buf_view(&target), phx_str_c(a->on)) < 0)
			continue;
		if (a->seen++ < a->skip || (a->times && a->seen > a->skip + a->times))
			continue;
		give(a, r, out);
		found = true;
	}
	phx_buf_done(&target);
	return found;
}

void lab_answer(struct lab *l, struct lab_answer a)
{
	assert_true(l->nanswers < LAB_ANSWERS);
	l->answers[l->nanswers++] = a;
}

struct lab_answer lab_said(const char *on, const char *what, uint32_t times)
{
	struct lab_answer a = {.method = PHX_GET, .on = on, .times = times, .json = what};

	if (strcmp(what, LAB_GONE) == 0) {
		a.kind = PHX_ERR_MISSING;
		a.text = what;
	}
	return a;
}

struct phx_str lab_upid(struct lab *l, unsigned number, const char *type, unsigned id)
{
	return phx_str_printf(&l->arena, "UPID:pve:%08X:00000001:6B000000:%s:%u:root@pam!phx:", number, type,
			      id);
}

const char *lab_task(struct lab *l, struct phx_str upid, const char *what)
{
	struct phx_buf path = {0};
	const char *kept;

	phx_task_path(upid, what, &path);
	kept = phx_str_dup(&l->arena, phx_buf_view(&path)).ptr;
	phx_buf_done(&path);
	return kept;
}

static void open_cluster(struct lab *l)
{
	fake_pve_init(&l->pve);
	l->pve.fault = spoil;
	l->pve.answer = answer;
	l->pve.user = l;
}

struct lab *lab_new(void)
{
	struct lab *l = calloc(1, sizeof(*l));

	open_cluster(l);
	l->text = "made to fail";
	l->plan.arena = &l->arena;
	l->plan.stack = PHX_STR("lab");
	l->secrets.arena = &l->arena;
	l->listener = (struct phx_listener){.event = hear, .tick = tick, .user = l};
	l->o = (struct phx_apply_options){.parallel = 8,
					  .wake_fd = -1,
					  .interrupts = &l->interrupts,
					  .listeners = &l->listener,
					  .nlisteners = 1,
					  .secrets = &l->secrets};
	return l;
}

void lab_free(struct lab *l)
{
	fake_pve_done(&l->pve);
	phx_buf_done(&l->heard);
	phx_arena_done(&l->arena);
	free(l);
}

void lab_renew(struct lab *l)
{
	fake_pve_done(&l->pve);
	open_cluster(l);
	l->nanswers = 0;
	l->starts = 0;
	l->interrupts = 0;
	phx_buf_clear(&l->heard);
}

int lab_set_up(void **state)
{
	*state = lab_new();
	return 0;
}

int lab_tear_down(void **state)
{
	lab_free(*state);
	return 0;
}

struct phx_action *lab_add(struct lab *l, enum phx_action_op op, enum phx_action_type type, uint64_t id,
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

struct phx_action_body *lab_body(struct lab *l, struct phx_action *a)
{
	struct phx_action_body *body = PHX_NEW(&l->arena, struct phx_action_body);

	a->body = body;
	return body;
}

struct phx_action *lab_call(struct lab *l, enum phx_action_op op, uint64_t id, enum phx_method m,
			    const char *path, bool task)
{
	struct phx_action *a = lab_add(l, op, PHX_ACT_CALL, id, phx_action_op_name(op));

	a->method = (uint8_t)m;
	a->path = phx_str_dup(&l->arena, phx_str_c(path));
	a->task = task;
	return a;
}

void lab_with(struct lab *l, struct phx_action *a, const char *name, const char *value)
{
	phx_params_add(&l->arena, &a->params, phx_str_c(name), phx_str_dup(&l->arena, phx_str_c(value)));
}

void lab_params(struct lab *l, struct phx_action *a, const char *text)
{
	struct phx_str rest = phx_str_c(text), pair, name;

	while (phx_str_cut(&rest, '&', &pair)) {
		if (phx_str_cut(&pair, '=', &name))
			phx_params_add(&l->arena, &a->params, name, pair);
	}
}

void lab_need(struct lab *l, struct phx_action *a, uint32_t id)
{
	phx_vec_push(&l->arena, &a->needs, id);
}

void lab_lock(struct lab *l)
{
	struct phx_action *a = lab_call(l, PHX_OP_LOCK, 0, PHX_POST, "/pools", false);
	struct phx_params p = {0};

	phx_stack_lock_params(&l->arena, l->plan.stack, &p);
	a->params = p;
	a->later = PHX_LATER_HOLDER;
}

void lab_unlock(struct lab *l)
{
	struct phx_action *a = lab_call(l, PHX_OP_UNLOCK, 0, PHX_DELETE, "/pools/phx-lock-lab", false);

	for (uint32_t i = 1; i < a->id; i++)
		lab_need(l, a, i);
}

void lab_plan_clones(struct lab *l, uint32_t n)
{
	struct phx_action *a;
	uint32_t template;

	lab_lock(l);
	a = lab_call(l, PHX_OP_CREATE, 9000, PHX_POST, "/nodes/pve/qemu", true);
	lab_with(l, a, "vmid", "9000");
	lab_with(l, a, "name", "base");
	lab_with(l, a, "memory", "512");
	lab_need(l, a, 1);
	a = lab_call(l, PHX_OP_TEMPLATE, 9000, PHX_POST, "/nodes/pve/qemu/9000/template", true);
	lab_need(l, a, 2);
	template = a->id;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t id = 1001 + i;

		a = lab_call(l, PHX_OP_CLONE, id, PHX_POST, "/nodes/pve/qemu/9000/clone", true);
		lab_with(l, a, "newid", lab_text(l, "%llu", (unsigned long long)id));
		lab_with(l, a, "name", lab_text(l, "g%llu", (unsigned long long)id));
		lab_with(l, a, "full", "1");
		lab_with(l, a, "description", lab_text(l, "marker %llu", (unsigned long long)id));
		phx_vec_push(&l->arena, &a->locks, ((struct phx_lock){.name = PHX_STR("guest:9000")}));
		lab_need(l, a, template);
		a = lab_call(l, PHX_OP_CONFIG, id, PHX_PUT,
			     lab_text(l, "/nodes/pve/qemu/%llu/config", (unsigned long long)id), false);
		lab_with(l, a, "memory", "2048");
		lab_with(l, a, "tags", "phx-lab");
		lab_need(l, a, a->id - 1);
		a = lab_call(l, PHX_OP_START, id, PHX_POST,
			     lab_text(l, "/nodes/pve/qemu/%llu/status/start", (unsigned long long)id), true);
		lab_need(l, a, a->id - 1);
		a = lab_add(l, PHX_OP_WAIT_AGENT, PHX_ACT_WAIT, id, "wait-agent");
		a->wait_what = PHX_STR("agent");
		a->timeout_ms = 5000;
		lab_need(l, a, a->id - 1);
		a = lab_call(l, PHX_OP_MARKER, id, PHX_PUT,
			     lab_text(l, "/nodes/pve/qemu/%llu/config", (unsigned long long)id), false);
		lab_with(l, a, "description", lab_text(l, "complete %llu", (unsigned long long)id));
		lab_need(l, a, a->id - 1);
	}
	lab_unlock(l);
}

void lab_run(struct lab *l)
{
	l->result = phx_apply_run(&l->plan, &l->pve.b.writer, &l->o, &l->arena);
}

const struct phx_action_result *lab_result(struct lab *l, enum phx_action_op op)
{
	for (uint32_t i = 0; i < l->plan.actions.n; i++) {
		if (l->plan.actions.v[i]->op == op)
			return &l->result->actions[i];
	}
	fail_msg("no action %s", phx_action_op_name(op));
	return NULL;
}

void lab_print(struct lab *l)
{
	struct phx_buf b = {0};

	phx_apply_report(&l->plan, l->result, NULL, false, &b);
	print_message("%s%s", b.ptr, l->heard.ptr);
	phx_buf_done(&b);
}

void lab_assert_all_done(struct lab *l, uint32_t clones)
{
	if (l->result->exit_code != 0)
		lab_print(l);
	assert_int_equal(l->result->exit_code, 0);
	for (uint32_t i = 0; i < clones; i++) {
		struct fake_guest *g = fake_pve_guest(&l->pve, 1001 + i);

		assert_non_null(g);
		assert_int_equal(g->made, 1);
		assert_true(g->running);
		assert_string_equal(json_string_value(json_object_get(g->config, "memory")), "2048");
		assert_string_equal(json_string_value(json_object_get(g->config, "description")),
				    lab_text(l, "complete %u", 1001 + i));
	}
	assert_int_equal(json_object_size(l->pve.pools), 0);
	assert_int_equal(l->pve.collisions, 0);
}

void lab_assert_calls_are_the_plans(struct lab *l)
{
	uint32_t calls = 0;

	for (uint32_t i = 0; i < l->plan.actions.n; i++)
		calls += l->plan.actions.v[i]->type == PHX_ACT_CALL;
	assert_int_equal(l->pve.nlog, calls);
}

static const char *or_nothing(struct phx_str s)
{
	return s.ptr ? s.ptr : "";
}

const char *lab_message(const struct phx_action_result *r)
{
	return or_nothing(r->message);
}

const char *lab_hint(const struct phx_action_result *r)
{
	return or_nothing(r->hint);
}

const char *lab_log(const struct phx_action_result *r)
{
	return or_nothing(r->log);
}
