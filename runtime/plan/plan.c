/* phx_plan_build: the passes, in their order. */
#include "plan/plan_priv.h"

static const struct phx_option_table *table(struct plan *p, enum phx_option_kind kind)
{
	struct phx_err err = {0};
	const struct phx_option_table *t;

	if (!p->g->options)
		return NULL;
	t = phx_options_table(p->g->options, kind, &err);
	if (!t && !p->failed) {
		p->failed = true;
		phx_diag_add(p->bag, PHX0002, (struct phx_span){0}, PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	}
	phx_err_done(&err);
	return t;
}

static void outputs(struct phx_plan *out, const struct phx_graph *g)
{
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < g->outputs.n; i++) {
		phx_buf_clear(&text);
		phx_value_json(&g->outputs.v[i].value, &text);
		phx_vec_push(out->arena, &out->outputs,
			     ((struct phx_kv){.key = phx_str_dup(out->arena, g->outputs.v[i].name),
					      .value = phx_str_dup(out->arena, phx_buf_view(&text))}));
	}
	phx_buf_done(&text);
}

void plan_open(struct plan *p)
{
	struct phx_plan *out = PHX_NEW(p->arena, struct phx_plan);

	out->arena = p->arena;
	out->stack = p->g->stack;
	out->graph = p->g;
	out->snapshot = p->s;
	out->cluster = p->s->cluster_name;
	out->endpoint = p->o->endpoint;
	out->offline = p->o->offline;
	out->diags = p->bag;
	outputs(out, p->g);
	p->out = out;
	p->own_tag = phx_marker_tag(p->arena, p->g->stack);
	p->vm_options = table(p, PHX_OPTIONS_VM);
	p->ct_options = table(p, PHX_OPTIONS_CONTAINER);
}

void plan_close(struct plan *p)
{
	phx_buf_done(&p->text);
	phx_buf_done(&p->more);
	phx_arena_done(&p->scratch);
	phx_arena_done(&p->brief);
}

/* Every pass may report; those that would only report consequences are not reached. */
static bool passes(struct plan *p)
{
	uint32_t errors = p->bag->errors;

	if (p->failed || !plan_match(p))
		return false;
	plan_left(p);
	plan_select(p);
	plan_check_nodes(p);
	plan_own(p);
	plan_decide(p);
	plan_check_rerun(p);
	plan_refuse(p);
	plan_files(p);
	if (p->bag->errors > errors)
		return false;
	plan_actions(p);
	plan_finish(p);
	return p->bag->errors == errors;
}

struct phx_plan *phx_plan_build(const struct phx_graph *g, const struct phx_snapshot *s,
				const struct phx_plan_options *o, struct phx_arena *arena,
				struct phx_diag_bag *bag)
{
	struct plan p = {.g = g, .s = s, .o = o, .arena = arena, .bag = bag};
	bool ok;

	plan_open(&p);
	ok = passes(&p);
	if (!ok && o->out_refused) {
		plan_show_refused(&p);
		*o->out_refused = p.out;
	}
	plan_close(&p);
	return ok ? p.out : NULL;
}

bool phx_plan_is_empty(const struct phx_plan *p)
{
	return p->actions.n == 0;
}
