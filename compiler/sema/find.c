/* Looking for a declaration by its name, while what exists may not be settled yet. */
#include "sema/expand_priv.h"

static void decides_itself(struct phx_sema *s, struct phx_span at, const struct phx_top *top,
			   const char *what, struct phx_value *out)
{
	struct phx_diag *d = phx_eval_error(s, PHX0233, at, out, "%s depends on itself", what);

	if (!d)
		return;
	phx_diag_label(s->bag, d, at, "this is needed to know what the statement makes");
	phx_diag_label(s->bag, d, top->stmt->ast->span, "this statement");
}

/* NULL: its statement gave nothing. They are sorted by unit. */
static struct phx_top *top_of(struct phx_sema *s, uint32_t unit)
{
	uint32_t from = 0, to = s->top.n;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (s->top.v[mid].unit == unit)
			return &s->top.v[mid];
		if (s->top.v[mid].unit < unit)
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

/* Runs the statements that may make it, until one does. */
static struct phx_inst *find_pending(struct phx_sema *s, enum phx_kind kind, struct phx_str name,
				     struct phx_span at, struct phx_value *out, bool *out_failed)
{
	struct phx_top *running = NULL;
	struct phx_inst *inst = NULL;

	for (uint32_t i = 0; i < s->patterns.n && !inst; i++) {
		const struct phx_pattern_decl *p = &s->patterns.v[i];
		struct phx_top *top;

		if (p->kind != kind || !phx_label_possible(p->label, name))
			continue;
		top = top_of(s, p->unit);
		if (!top || top->state == PHX_DONE)
			continue;
		if (top->state == PHX_RUNNING)
			running = top;
		phx_top_run(s, top);
		inst = phx_map_get(&s->by_name[kind], name);
	}
	*out_failed = !inst && running != NULL;
	if (*out_failed) {
		struct phx_str what = phx_str_printf(&s->tmp, "whether `%s." PHX_STR_FMT "` exists",
						     phx_kind_name(kind), PHX_STR_ARG(name));

		decides_itself(s, at, running, what.ptr, out);
	}
	return inst;
}

static void not_made(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_span at,
		     struct phx_value *out)
{
	struct phx_diag *d;

	d = phx_eval_missing(s, PHX0312, at, out, "there is no %s `" PHX_STR_FMT "`", phx_kind_name(kind),
			     PHX_STR_ARG(name));
	if (!d)
		return;
	phx_diag_label(s->bag, d, at, "not declared");
	for (uint32_t i = 0; i < s->patterns.n; i++) {
		if (s->patterns.v[i].kind == kind && phx_label_possible(s->patterns.v[i].label, name)) {
			phx_diag_label(s->bag, d, s->patterns.v[i].head, "this could make it, but does not");
			return;
		}
	}
}

struct phx_inst *phx_inst_find(struct phx_sema *s, enum phx_kind kind, struct phx_str name,
			       struct phx_span at, struct phx_value *out)
{
	struct phx_inst *inst = phx_map_get(&s->by_name[kind], name);
	bool failed = false;

	if (!inst && !s->expanded)
		inst = find_pending(s, kind, name, at, out, &failed);
	if (inst || failed)
		return inst;
	if (kind == PHX_KIND_FEATURE && phx_builtin_exists(s, name))
		return phx_builtin_load(s, name, at, out);
	if (s->skipped[kind] && phx_pattern_possible(s, kind, name)) {
		*out = s->opt->validate_only ? phx_unknown_of(s, PHX_TY(PHX_V_REF), at)
					     : phx_value_poison(at);
	} else {
		not_made(s, kind, name, at, out);
	}
	return NULL;
}

struct phx_inst *phx_inst_of(struct phx_sema *s, const struct phx_ref *ref)
{
	return phx_map_get(&s->by_name[ref->kind], ref->name);
}

static bool makes_guests(struct phx_sema *s, const struct phx_top *top)
{
	for (uint32_t i = 0; i < s->patterns.n; i++) {
		const struct phx_pattern_decl *p = &s->patterns.v[i];

		if (p->unit == top->unit && (p->kind == PHX_KIND_VM || p->kind == PHX_KIND_CONTAINER))
			return true;
	}
	return false;
}

/* Everything that makes guests must have run. */
bool phx_expand_guests(struct phx_sema *s, struct phx_span at, struct phx_value *out)
{
	for (uint32_t i = 0; i < s->top.n && !s->expanded; i++) {
		struct phx_top *top = &s->top.v[i];

		if (!phx_top_declares(top->stmt))
			continue;
		if (top->state == PHX_RUNNING && makes_guests(s, top)) {
			decides_itself(s, at, top, "which guests there are", out);
			return false;
		}
		phx_top_run(s, top);
	}
	if (!s->skipped[PHX_KIND_VM] && !s->skipped[PHX_KIND_CONTAINER])
		return true;
	*out = s->opt->validate_only ? phx_unknown_of(s, PHX_TY(PHX_V_LIST), at) : phx_value_poison(at);
	return false;
}
