/* `phx diff --format json`: "phx-plan-diff/1". */
#include "base/json.h"
#include "report/diff_priv.h"

static void text(struct phx_jw *w, const char *key, bool has, bool sensitive, struct phx_str value)
{
	phx_jw_key(w, key);
	if (has)
		phx_jw_str(w, sensitive ? PHX_STR("(secret)") : value);
	else
		phx_jw_null(w);
}

static void side(struct phx_jw *w, const char *key, const struct phx_attr_change *a)
{
	phx_jw_key(w, key);
	if (!a) {
		phx_jw_null(w);
		return;
	}
	phx_jw_object(w);
	text(w, "before", a->has_before, a->sensitive, a->before);
	text(w, "after", a->has_after, a->sensitive, a->after);
	phx_jw_key(w, "impact");
	phx_jw_c(w, phx_effect_name((enum phx_effect)a->impact));
	phx_jw_end_object(w);
}

static void verdict(struct phx_jw *w, const char *key, const struct phx_change *c)
{
	phx_jw_key(w, key);
	if (!c) {
		phx_jw_null(w);
		return;
	}
	phx_jw_object(w);
	phx_jw_key(w, "action");
	phx_jw_c(w, phx_report_verb(c->action));
	phx_jw_key(w, "impact");
	phx_jw_c(w, phx_effect_name((enum phx_effect)c->impact));
	phx_jw_key(w, "restart");
	phx_jw_bool(w, c->restart);
	phx_jw_key(w, "reason");
	phx_jw_str(w, c->reason);
	phx_jw_end_object(w);
}

static void change(struct phx_jw *w, const struct report_diff_change *x)
{
	phx_jw_object(w);
	phx_jw_key(w, "address");
	phx_jw_str(w, x->a ? x->a->address : x->b->address);
	verdict(w, "first", x->a);
	verdict(w, "second", x->b);
	phx_jw_key(w, "attributes");
	phx_jw_array(w);
	for (uint32_t i = 0; i < x->attributes.n; i++) {
		phx_jw_object(w);
		phx_jw_key(w, "path");
		phx_jw_str(w, x->attributes.v[i].path);
		side(w, "first", x->attributes.v[i].a);
		side(w, "second", x->attributes.v[i].b);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
	phx_jw_key(w, "calls_differ");
	phx_jw_bool(w, x->calls);
	phx_jw_end_object(w);
}

bool phx_report_diff_json(const struct phx_plan *a, const struct phx_plan *b, struct phx_buf *out)
{
	struct report_diff d;
	struct phx_jw w;
	bool same;

	phx_report_diff_build(a, b, &d);
	phx_jw_init(&w, out, 2);
	phx_jw_object(&w);
	phx_jw_key(&w, "format");
	phx_jw_c(&w, "phx-plan-diff/1");
	phx_jw_key(&w, "same");
	phx_jw_bool(&w, d.same);
	phx_jw_key(&w, "same_stack");
	phx_jw_bool(&w, !d.other_stack);
	phx_jw_key(&w, "same_cluster");
	phx_jw_bool(&w, !d.other_cluster);
	phx_jw_key(&w, "changes");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < d.changes.n; i++)
		change(&w, &d.changes.v[i]);
	phx_jw_end_array(&w);
	phx_jw_key(&w, "inputs");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < d.inputs.n; i++) {
		phx_jw_object(&w);
		phx_jw_key(&w, "path");
		phx_jw_str(&w, d.inputs.v[i].path);
		phx_jw_key(&w, "how");
		phx_jw_c(&w, d.inputs.v[i].how);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
	same = d.same;
	phx_arena_done(&d.arena);
	return same;
}
