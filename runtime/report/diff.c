/* Two saved plans side by side: what a reviewer has to look at again. */
#include "report/diff_priv.h"

#include <string.h>

#include "base/map.h"
#include "report/text_priv.h"

static bool same_attribute(const struct phx_attr_change *a, const struct phx_attr_change *b)
{
	return a->has_before == b->has_before && a->has_after == b->has_after &&
	       a->sensitive == b->sensitive && a->impact == b->impact && phx_str_eq(a->before, b->before) &&
	       phx_str_eq(a->after, b->after);
}

static const struct phx_attr_change *attribute(const struct phx_change *c, struct phx_str path)
{
	for (uint32_t i = 0; c && i < c->attributes.n; i++)
		if (phx_str_eq(c->attributes.v[i].path, path))
			return &c->attributes.v[i];
	return NULL;
}

static bool same_notes(const struct phx_change *a, const struct phx_change *b)
{
	if (a->notes.n != b->notes.n)
		return false;
	for (uint32_t i = 0; i < a->notes.n; i++)
		if (!phx_str_eq(a->notes.v[i], b->notes.v[i]))
			return false;
	return true;
}

static void attributes(struct report_diff *d, struct report_diff_change *x)
{
	for (uint32_t i = 0; i < x->a->attributes.n; i++) {
		const struct phx_attr_change *a = &x->a->attributes.v[i], *b = attribute(x->b, a->path);

		if (!b || !same_attribute(a, b))
			phx_vec_push(&d->arena, &x->attributes, ((struct report_diff_attr){a->path, a, b}));
	}
	for (uint32_t i = 0; i < x->b->attributes.n; i++) {
		const struct phx_attr_change *b = &x->b->attributes.v[i];

		if (!attribute(x->a, b->path))
			phx_vec_push(&d->arena, &x->attributes,
				     ((struct report_diff_attr){b->path, NULL, b}));
	}
}

/* The calls of a guest, one a line, secrets as their hashes: a plan can differ in how it does the same. */
static void calls(struct phx_arena *a, const struct phx_plan *p, struct phx_map *out)
{
	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *x = p->actions.v[i];
		struct phx_map_entry *e;
		struct phx_buf text = {0};

		e = phx_map_put(a, out, x->address, NULL);
		if (e->ptr)
			phx_buf_c(&text, e->ptr);
		phx_buf_printf(&text, "%u %u " PHX_STR_FMT " " PHX_STR_FMT "\n", x->op, (unsigned)x->method,
			       PHX_STR_ARG(x->path), PHX_STR_ARG(x->summary));
		for (uint32_t k = 0; k < x->params.v.n; k++)
			phx_buf_printf(&text, PHX_STR_FMT "=" PHX_STR_FMT "\n",
				       PHX_STR_ARG(x->params.v.v[k].name),
				       PHX_STR_ARG(x->params.v.v[k].value));
		e->ptr = phx_arena_alloc(a, text.len + 1, 1);
		memcpy(e->ptr, text.ptr, text.len);
		phx_buf_done(&text);
	}
}

static bool same_calls(const struct phx_map *a, const struct phx_map *b, struct phx_str address)
{
	return phx_str_eq(phx_str_c(phx_map_get(a, address)), phx_str_c(phx_map_get(b, address)));
}

static void changes(struct report_diff *d, const struct phx_plan *a, const struct phx_plan *b)
{
	struct phx_map in_a = {0}, in_b = {0}, calls_a = {0}, calls_b = {0};

	calls(&d->arena, a, &calls_a);
	calls(&d->arena, b, &calls_b);
	for (uint32_t i = 0; i < a->changes.n; i++)
		phx_map_put(&d->arena, &in_a, a->changes.v[i]->address, NULL)->ptr = a->changes.v[i];
	for (uint32_t i = 0; i < b->changes.n; i++)
		phx_map_put(&d->arena, &in_b, b->changes.v[i]->address, NULL)->ptr = b->changes.v[i];
	for (uint32_t i = 0; i < a->changes.n; i++) {
		struct report_diff_change x = {.a = a->changes.v[i],
					       .b = phx_map_get(&in_b, a->changes.v[i]->address)};

		if (x.b)
			attributes(d, &x);
		x.calls = x.b && !same_calls(&calls_a, &calls_b, x.a->address);
		if (!x.b || x.attributes.n || x.calls || x.a->action != x.b->action ||
		    x.a->impact != x.b->impact || x.a->restart != x.b->restart ||
		    !phx_str_eq(x.a->reason, x.b->reason) || !same_notes(x.a, x.b))
			phx_vec_push(&d->arena, &d->changes, x);
	}
	for (uint32_t i = 0; i < b->changes.n; i++)
		if (!phx_map_find(&in_a, b->changes.v[i]->address))
			phx_vec_push(&d->arena, &d->changes,
				     ((struct report_diff_change){.b = b->changes.v[i]}));
}

static const struct phx_plan_source *source(const struct phx_plan *p, const struct phx_plan_source *like)
{
	const struct phx_plan_source *found = NULL;

	for (uint32_t i = 0; i < p->inputs_read.n; i++) {
		const struct phx_plan_source *x = &p->inputs_read.v[i];

		if (!phx_str_eq(x->path, like->path))
			continue;
		if (phx_str_eq(x->sha256, like->sha256))
			return x;
		found = x;
	}
	return found;
}

static void inputs(struct report_diff *d, const struct phx_plan *a, const struct phx_plan *b)
{
	for (uint32_t i = 0; i < a->inputs_read.n; i++) {
		const struct phx_plan_source *x = &a->inputs_read.v[i], *y = source(b, x);

		if (!y || !phx_str_eq(x->sha256, y->sha256))
			phx_vec_push(
				&d->arena, &d->inputs,
				((struct report_diff_input){x->path, y ? "differs" : "only in the first"}));
	}
	for (uint32_t i = 0; i < b->inputs_read.n; i++)
		if (!source(a, &b->inputs_read.v[i]))
			phx_vec_push(
				&d->arena, &d->inputs,
				((struct report_diff_input){b->inputs_read.v[i].path, "only in the second"}));
}

void phx_report_diff_build(const struct phx_plan *a, const struct phx_plan *b, struct report_diff *out)
{
	*out = (struct report_diff){.a = a, .b = b};
	changes(out, a, b);
	inputs(out, a, b);
	out->other_stack = !phx_str_eq(a->stack, b->stack);
	out->other_cluster = !phx_str_eq(a->cluster, b->cluster);
	out->same = !out->changes.n && !out->other_stack && !out->other_cluster;
}

/* --- text --- */

static void pair(const struct report *r, const char *what, struct phx_str a, struct phx_str b)
{
	phx_buf_printf(r->out, "! %s: ", what);
	phx_text_value(r, a);
	phx_buf_c(r->out, " in the first, ");
	phx_text_value(r, b);
	phx_buf_c(r->out, " in the second\n");
}

static void side(struct text_line *l, uint32_t gap, const char *which, const struct phx_attr_change *a)
{
	struct phx_buf text = {0};

	phx_buf_printf(&text, "%s: ", which);
	if (a)
		phx_report_before_after(a, &text);
	else
		phx_buf_c(&text, "not changed");
	if (a && phx_report_effect(a->impact))
		phx_buf_printf(&text, " (%s)", phx_report_effect(a->impact));
	phx_text_line_put(l, gap, INK_NONE, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void attribute_text(const struct report *r, const struct report_diff_attr *x)
{
	struct text_line l;

	phx_buf_c(r->out, "      ");
	phx_text_value(r, x->path);
	phx_text_line_begin(&l, r, 6 + phx_report_columns(x->path), 8);
	l.fresh = false;
	side(&l, 2, "first", x->a);
	side(&l, 2, "second", x->b);
	phx_text_line_end(&l);
}

static void verdict(const struct report *r, const struct phx_change *c)
{
	phx_buf_c(r->out, phx_report_verb(c->action));
	if (phx_report_effect(c->impact))
		phx_buf_printf(r->out, ", %s", phx_report_effect(c->impact));
}

static void change_text(const struct report *r, const struct report_diff_change *x)
{
	const struct phx_change *c = x->b ? x->b : x->a;

	phx_text_ink(r, !x->a ? INK_CREATE : !x->b ? INK_DELETE : INK_UPDATE);
	phx_buf_c(r->out, !x->a ? "+ " : !x->b ? "- " : "~ ");
	phx_text_value(r, c->address);
	phx_text_ink(r, INK_NONE);
	phx_buf_c(r->out, ": ");
	if (!x->a || !x->b) {
		phx_buf_c(r->out, x->b ? "only the second would " : "only the first would ");
		verdict(r, c);
	} else {
		phx_buf_c(r->out, "first ");
		verdict(r, x->a);
		phx_buf_c(r->out, "; second ");
		verdict(r, x->b);
	}
	phx_buf_ch(r->out, '\n');
	for (uint32_t i = 0; i < x->attributes.n; i++)
		attribute_text(r, &x->attributes.v[i]);
	if (x->calls && !x->attributes.n)
		phx_buf_c(r->out, "      the calls differ: phx show --verbose\n");
}

bool phx_report_diff_text(const struct phx_plan *a, const struct phx_plan *b,
			  const struct phx_report_options *o, struct phx_buf *out)
{
	struct report r = {.p = b, .o = o, .out = out, .width = o->width ? o->width : 100};
	uint32_t appeared = 0, vanished = 0;
	struct report_diff d;
	bool same;

	phx_report_diff_build(a, b, &d);
	if (d.other_stack)
		pair(&r, "stack", a->stack, b->stack);
	if (d.other_cluster)
		pair(&r, "cluster", a->cluster, b->cluster);
	for (uint32_t i = 0; i < d.changes.n; i++) {
		change_text(&r, &d.changes.v[i]);
		appeared += !d.changes.v[i].a;
		vanished += !d.changes.v[i].b;
	}
	for (uint32_t i = 0; i < d.inputs.n; i++) {
		phx_buf_c(out, "  input ");
		phx_text_value(&r, d.inputs.v[i].path);
		phx_buf_printf(out, " %s\n", d.inputs.v[i].how);
	}
	if (d.same)
		phx_buf_printf(out, "Both plans do the same: %u change%s.\n", a->changes.n,
			       a->changes.n == 1 ? "" : "s");
	else
		phx_buf_printf(out, "Changes: %u appeared, %u vanished, %u differ.\n", appeared, vanished,
			       d.changes.n - appeared - vanished);
	same = d.same;
	phx_arena_done(&d.arena);
	return same;
}
