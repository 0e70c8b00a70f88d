/* A step inside a guest, as JSON: what it is made of, and the calls that it makes. Texts and contents stand as checksums. */
#include "base/json.h"
#include "base/secret.h"
#include "plan/plan_json.h"

static struct phx_str salted(struct phx_arena *a, const struct phx_plan *p, const struct phx_action *act,
			     struct phx_str name, struct phx_str value)
{
	struct phx_str salt =
		phx_str_printf(a, "phx-plan/" PHX_STR_FMT "/" PHX_STR_FMT "/" PHX_STR_FMT,
			       PHX_STR_ARG(p->stack), PHX_STR_ARG(act->address), PHX_STR_ARG(name));

	return phx_str_printf(a, "(secret) " PHX_STR_FMT, PHX_STR_ARG(phx_secret_hash(a, salt, value)));
}

static void text(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
		 const struct phx_action *act, struct phx_str name, struct phx_str value, bool secret)
{
	phx_jw_key_str(w, name);
	if (secret)
		phx_jw_sum(w, salted(a, p, act, name, value));
	else
		phx_jw_str(w, value);
}

static void environment(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
			const struct phx_action *act)
{
	phx_jw_key(w, "env");
	phx_jw_object(w);
	for (uint32_t i = 0; i < act->body->work->env.n; i++)
		text(w, a, p, act, act->body->work->env.v[i].name, act->body->work->env.v[i].value,
		     act->body->work->env.v[i].secret);
	phx_jw_end_object(w);
}

static void files(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
		  const struct phx_action *act)
{
	phx_jw_key(w, "files");
	phx_jw_array(w);
	for (uint32_t i = 0; i < act->body->work->files.n; i++) {
		const struct phx_guest_file *f = &act->body->work->files.v[i];

		phx_jw_object(w);
		phx_jw_key(w, "name");
		phx_jw_str(w, f->name);
		phx_jw_key(w, "size");
		phx_jw_int(w, (int64_t)f->size);
		text(w, a, p, act, PHX_STR("sha256"), f->sha256, f->secret);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void parameters(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
		       const struct phx_action *act, const struct phx_guest_call *c)
{
	phx_jw_key(w, "method");
	phx_jw_c(w, phx_method_name(c->method));
	phx_jw_key(w, "path");
	phx_jw_str(w, c->path);
	phx_jw_key(w, "params");
	phx_jw_object(w);
	for (uint32_t i = 0; i < c->params.v.n; i++)
		text(w, a, p, act, c->params.v.v[i].name, c->params.v.v[i].value, c->params.v.v[i].secret);
	phx_jw_end_object(w);
}

static bool has_secret(const struct phx_guest_work *x)
{
	bool found = false;

	for (uint32_t i = 0; i < x->env.n; i++)
		found = found || x->env.v[i].secret;
	for (uint32_t i = 0; i < x->files.n; i++)
		found = found || x->files.v[i].secret;
	return found;
}

static void call(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
		 const struct phx_action *act, const struct phx_guest_call *c)
{
	phx_jw_object(w);
	if (c->argv.n) {
		phx_jw_key(w, "node");
		phx_jw_str(w, act->node);
		phx_jw_key(w, "argv");
		phx_jw_array(w);
		for (uint32_t i = 0; i < c->argv.n; i++)
			phx_jw_str(w, c->argv.v[i]);
		phx_jw_end_array(w);
		text(w, a, p, act, PHX_STR("input"), c->input, has_secret(act->body->work));
	} else {
		parameters(w, a, p, act, c);
	}
	phx_jw_end_object(w);
}

bool phx_plan_guest_calls(struct phx_arena *a, const struct phx_action *act, struct phx_guest_calls *out,
			  struct phx_err *err)
{
	struct phx_guest_ref ref = {.is_vm = act->is_vm, .id = act->guest_id, .node = act->node};

	return phx_guest_work_calls(a, &ref, act->body->work, out, err);
}

static void calls(struct phx_jw *w, struct phx_arena *a, const struct phx_plan *p,
		  const struct phx_action *act)
{
	struct phx_guest_calls all = {0};
	struct phx_err err = {0};

	phx_jw_key(w, "calls");
	phx_jw_array(w);
	/* A file that has gone since it was planned: apply finds out, and says so. */
	if (phx_plan_guest_calls(a, act, &all, &err))
		for (uint32_t i = 0; i < all.v.n; i++)
			call(w, a, p, act, &all.v.v[i]);
	phx_jw_end_array(w);
	phx_err_done(&err);
}

static void work(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *act)
{
	struct phx_arena a = {0};

	phx_jw_key(w, "via");
	phx_jw_c(w, phx_guest_way_name((enum phx_guest_way)act->body->work->way));
	phx_jw_key(w, "key");
	phx_jw_str(w, act->body->work->key);
	phx_jw_key(w, "hash");
	phx_jw_sum(w, act->body->work->hash);
	phx_jw_key(w, "script");
	phx_jw_sum(w, phx_sha256_hex(&a, act->body->work->script));
	environment(w, &a, p, act);
	files(w, &a, p, act);
	phx_jw_key(w, "timeout_ms");
	phx_jw_int(w, (int64_t)act->timeout_ms);
	calls(w, &a, p, act);
	phx_arena_done(&a);
}

void phx_plan_json_guest(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *act)
{
	phx_jw_key(w, "guest");
	phx_jw_object(w);
	phx_jw_key(w, "what");
	phx_jw_str(w, act->body->guest_what);
	if (act->body->work)
		work(w, p, act);
	phx_jw_end_object(w);
}
