/* The plan as JSON ("phx-plan/1"). Written as a stream: a plan of 10,000 guests is tens of megabytes. */
#include <string.h>

#include "plan/plan_field.h"
#include "plan/plan_json.h"

static void source(struct phx_jw *w, const struct phx_plan *p, struct phx_span span)
{
	struct phx_pos pos;

	phx_jw_key(w, "source");
	if (!phx_plan_place(p, span, &pos)) {
		phx_jw_null(w);
		return;
	}
	phx_jw_object(w);
	plan_key_str(w, "path", pos.path);
	plan_key_int(w, "line", pos.line);
	plan_key_int(w, "column", pos.col);
	phx_jw_end_object(w);
}

static void optional(struct phx_jw *w, const char *key, bool has, bool sensitive, struct phx_str value)
{
	phx_jw_key(w, key);
	if (!has)
		phx_jw_null(w);
	else
		phx_jw_str(w, sensitive ? PHX_STR("(secret)") : value);
}

static void attribute(struct phx_jw *w, const struct phx_plan *p, const struct phx_attr_change *a)
{
	phx_jw_object(w);
	plan_key_str(w, "path", a->path);
	optional(w, "before", a->has_before, a->sensitive, a->before);
	optional(w, "after", a->has_after, a->sensitive, a->after);
	plan_key_bool(w, "sensitive", a->sensitive);
	plan_key_bool(w, "pending", a->pending);
	phx_jw_key(w, "impact");
	phx_jw_c(w, phx_effect_name((enum phx_effect)a->impact));
	phx_jw_key(w, "drift");
	if (a->drift == PHX_DRIFT_UNKNOWN)
		phx_jw_null(w);
	else
		phx_jw_bool(w, a->drift != PHX_DRIFT_NONE);
	source(w, p, a->span);
	plan_key_str(w, "reason", a->reason);
	phx_jw_end_object(w);
}

static void change(struct phx_jw *w, const struct phx_plan *p, const struct phx_change *c)
{
	phx_jw_object(w);
	plan_key_str(w, "address", c->address);
	phx_jw_key(w, "kind");
	phx_jw_c(w, phx_kind_name(c->kind));
	phx_jw_key(w, "id");
	if (c->id)
		phx_jw_int(w, (int64_t)c->id);
	else
		phx_jw_null(w);
	phx_jw_key(w, "node");
	if (c->node.len)
		phx_jw_str(w, c->node);
	else
		phx_jw_null(w);
	phx_jw_key(w, "action");
	phx_jw_c(w, phx_change_action_name((enum phx_change_action)c->action));
	phx_jw_key(w, "impact");
	phx_jw_c(w, phx_effect_name((enum phx_effect)c->impact));
	plan_key_bool(w, "restart", c->restart);
	phx_jw_key(w, "attributes");
	phx_jw_array(w);
	for (uint32_t i = 0; i < c->attributes.n; i++)
		attribute(w, p, &c->attributes.v[i]);
	phx_jw_end_array(w);
	plan_key_str(w, "reason", c->reason);
	phx_jw_key(w, "notes");
	phx_jw_array(w);
	for (uint32_t i = 0; i < c->notes.n; i++)
		phx_jw_str(w, c->notes.v[i]);
	phx_jw_end_array(w);
	source(w, p, c->span);
	phx_jw_end_object(w);
}

/* A secret is told from another by a salted hash, so that a saved plan is stale when one changes. */
static void param_value(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a,
			const struct phx_param *x)
{
	struct phx_arena work = {0};
	struct phx_str salt, hash;

	if (!x->secret || p->from_file) {
		phx_jw_str(w, x->value);
		return;
	}
	salt = phx_str_printf(&work, "phx-plan/" PHX_STR_FMT "/" PHX_STR_FMT "/" PHX_STR_FMT,
			      PHX_STR_ARG(p->stack), PHX_STR_ARG(a->address), PHX_STR_ARG(x->name));
	hash = phx_secret_hash(&work, salt, x->value);
	phx_jw_sum(w, phx_str_printf(&work, "(secret) " PHX_STR_FMT, PHX_STR_ARG(hash)));
	phx_arena_done(&work);
}

static bool repeated(const struct phx_params *v, uint32_t at)
{
	for (uint32_t i = 0; i < v->v.n; i++)
		if (i != at && phx_str_eq(v->v.v[i].name, v->v.v[at].name))
			return true;
	return false;
}

static void params(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a)
{
	const struct phx_params *v = &a->params;

	phx_jw_key(w, "params");
	phx_jw_object(w);
	for (uint32_t i = 0; i < v->v.n; i++) {
		bool first = true;

		for (uint32_t k = 0; k < i; k++)
			first = first && !phx_str_eq(v->v.v[k].name, v->v.v[i].name);
		if (!first)
			continue;
		phx_jw_key_str(w, v->v.v[i].name);
		if (!repeated(v, i)) {
			param_value(w, p, a, &v->v.v[i]);
			continue;
		}
		phx_jw_array(w);
		for (uint32_t k = i; k < v->v.n; k++)
			if (phx_str_eq(v->v.v[k].name, v->v.v[i].name))
				param_value(w, p, a, &v->v.v[k]);
		phx_jw_end_array(w);
	}
	phx_jw_end_object(w);
}

static void later(struct phx_jw *w, uint8_t bits)
{
	if (!bits)
		return;
	phx_jw_key(w, "later");
	phx_jw_array(w);
	if (bits & PHX_LATER_DIGEST)
		phx_jw_c(w, "digest");
	if (bits & PHX_LATER_HOLDER)
		phx_jw_c(w, "comment");
	if (bits & PHX_LATER_VOLUME)
		phx_jw_c(w, "volume");
	phx_jw_end_array(w);
}

static void call(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a)
{
	phx_jw_key(w, "call");
	phx_jw_object(w);
	phx_jw_key(w, "method");
	phx_jw_c(w, phx_method_name(a->method));
	plan_key_str(w, "path", a->path);
	params(w, p, a);
	if (a->body->upload_path.len)
		plan_key_str(w, "upload", a->body->upload_path);
	later(w, a->later);
	plan_key_bool(w, "task", a->task || a->hidden_task);
	phx_jw_end_object(w);
}

/* What a script is and is given: told apart by size and hash, which is salted where a secret is inside. */
static void input(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a)
{
	struct phx_arena work = {0};
	struct phx_str salt = phx_str_printf(&work, "phx-plan/" PHX_STR_FMT "/" PHX_STR_FMT,
					     PHX_STR_ARG(p->stack), PHX_STR_ARG(a->address));

	phx_jw_key(w, "input");
	phx_jw_object(w);
	plan_key_sum(w, a->body->input_secret ? "hash" : "sha256",
		     a->body->input_secret ? phx_secret_hash(&work, salt, a->body->input)
					   : phx_sha256_hex(&work, a->body->input));
	plan_key_int(w, "bytes", a->body->input.len);
	phx_jw_end_object(w);
	phx_arena_done(&work);
}

static void body(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a)
{
	if (a->body->json.len) {
		phx_jw_key(w, a->type == PHX_ACT_GUEST ? "guest" : "host");
		plan_jw_raw(w, a->body->json);
		return;
	}
	switch ((enum phx_action_type)a->type) {
	case PHX_ACT_CALL:
		call(w, p, a);
		break;
	case PHX_ACT_WAIT:
		phx_jw_key(w, "wait");
		phx_jw_object(w);
		plan_key_str(w, "for", a->wait_what);
		plan_key_int(w, "timeout_ms", a->timeout_ms);
		phx_jw_end_object(w);
		if (a->path.len)
			call(w, p, a);
		break;
	case PHX_ACT_GUEST:
		phx_plan_json_guest(w, p, a);
		break;
	case PHX_ACT_HOST:
		phx_jw_key(w, "host");
		phx_jw_object(w);
		plan_key_str(w, "node", a->node);
		phx_jw_key(w, "argv");
		phx_jw_array(w);
		for (uint32_t i = 0; i < a->body->argv.n; i++)
			phx_jw_str(w, a->body->argv.v[i]);
		phx_jw_end_array(w);
		if (a->body->input.len)
			input(w, p, a);
		phx_jw_end_object(w);
		break;
	}
}

static void action_id(struct phx_jw *w, uint32_t id)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "a%u", id);

	phx_jw_sum(w, (struct phx_str){text, (size_t)n});
}

static void action(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *a)
{
	phx_jw_object(w);
	phx_jw_key(w, "id");
	action_id(w, a->id);
	plan_key_str(w, "address", a->address);
	phx_jw_key(w, "op");
	phx_jw_c(w, phx_action_op_name((enum phx_action_op)a->op));
	plan_key_str(w, "summary", a->summary);
	body(w, p, a);
	phx_jw_key(w, "needs");
	phx_jw_array(w);
	for (uint32_t i = 0; i < a->needs.n; i++)
		action_id(w, a->needs.v[i]);
	phx_jw_end_array(w);
	phx_jw_key(w, "locks");
	phx_jw_array(w);
	for (uint32_t i = 0; i < a->locks.n; i++) {
		phx_jw_object(w);
		plan_key_str(w, "name", a->locks.v[i].name);
		plan_key_bool(w, "exclusive", a->locks.v[i].exclusive);
		if (a->locks.v[i].limit)
			plan_key_int(w, "limit", a->locks.v[i].limit);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

static void summary(struct phx_jw *w, const struct phx_plan *p)
{
	static const enum phx_change_action order[] = {PHX_CH_CREATE, PHX_CH_UPDATE, PHX_CH_REPLACE,
						       PHX_CH_DELETE, PHX_CH_ADOPT,  PHX_CH_MIGRATE,
						       PHX_CH_NONE};
	uint32_t restarts = 0;

	phx_jw_key(w, "summary");
	phx_jw_object(w);
	for (size_t i = 0; i < PHX_COUNTOF(order); i++)
		plan_key_int(w, phx_change_action_name(order[i]), p->count[order[i]]);
	for (uint32_t i = 0; i < p->changes.n; i++)
		restarts += p->changes.v[i]->restart;
	plan_key_int(w, "restart", restarts);
	plan_key_int(w, "actions", p->actions.n);
	phx_jw_end_object(w);
}

static void addresses(struct phx_jw *w, const char *key, const struct phx_str *v, uint32_t n)
{
	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		phx_jw_str(w, v[i]);
	phx_jw_end_array(w);
}

static void diagnostics(struct phx_jw *w, const struct phx_plan *p)
{
	struct phx_buf text = {0};

	phx_jw_key(w, "diagnostics");
	if (p->from_file)
		phx_buf_str(&text, p->file_diags_json);
	else
		phx_diag_json_array(p->diags, &text); /* masks what its bag knows */
	phx_jw_raw(w, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void outputs(struct phx_jw *w, const struct phx_plan *p)
{
	if (!p->outputs.n)
		return;
	phx_jw_key(w, "outputs");
	phx_jw_object(w);
	for (uint32_t i = 0; i < p->outputs.n; i++) {
		phx_jw_key(w, p->outputs.v[i].key.ptr);
		phx_jw_raw(w, p->outputs.v[i].value);
	}
	phx_jw_end_object(w);
}

static void document(struct phx_jw *w, const struct phx_plan *p)
{
	phx_jw_key(w, "format");
	phx_jw_c(w, PHX_PLAN_FORMAT);
	plan_key_str(w, "stack", p->stack);
	plan_key_str(w, "cluster", p->cluster);
	plan_key_bool(w, "offline", p->offline);
	if (p->refresh_only)
		plan_key_bool(w, "refresh_only", true);
	if (p->refused)
		plan_key_bool(w, "refused", true);
	summary(w, p);
	phx_jw_key(w, "changes");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->changes.n; i++)
		change(w, p, p->changes.v[i]);
	phx_jw_end_array(w);
	phx_jw_key(w, "actions");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->actions.n; i++)
		action(w, p, p->actions.v[i]);
	phx_jw_end_array(w);
	addresses(w, "order", p->order.v, p->order.n);
	outputs(w, p);
	if (p->targeted) {
		addresses(w, "targets_added", p->targets_added.v, p->targets_added.n);
		addresses(w, "targets_dropped", p->targets_dropped.v, p->targets_dropped.n);
	}
	phx_plan_policies_json(w, p);
	plan_preflight_json(w, p);
	if (p->notes.n)
		addresses(w, "notes", p->notes.v, p->notes.n);
	diagnostics(w, p);
}

void phx_plan_json(const struct phx_plan *p, bool as_file, const struct phx_secrets *secrets,
		   struct phx_buf *out)
{
	struct phx_jw w;

	phx_jw_init(&w, out, 2);
	w.secrets = secrets;
	phx_jw_object(&w);
	document(&w, p);
	if (as_file)
		plan_file_keys(&w, p);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
}
