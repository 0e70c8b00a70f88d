/* From statements to declarations: loops run, conditions choose, names are put together. What exists is settled first,
 * on demand where one thing decides another; bodies are laid out when somebody looks into them; attributes wait. */
#include "sema/expand_priv.h"

/* --- loops and conditions --- */

static void skip_body(struct phx_sema *s, const struct phx_body_ir *body, bool unknown)
{
	for (uint32_t i = 0; i < body->n; i++) {
		const struct phx_do *d = &body->v[i];

		if (d->kind == PHX_DO_BLOCK)
			phx_skip_kind(s, d->block->kind, unknown);
		else if (d->kind == PHX_DO_FOR)
			skip_body(s, d->loop->body, unknown);
		for (uint32_t k = 0; d->kind == PHX_DO_IF && k < d->branch.n; k++)
			skip_body(s, d->branch.v[k].body, unknown);
	}
}

/* What a loop goes through, or a condition, cannot be known: what it makes may or may not exist. */
static void skip(struct phx_sema *s, const struct phx_body_ir *body, const struct phx_value *why,
		 struct phx_inst *inst)
{
	bool unknown = why->flags & PHX_VF_UNKNOWN;

	s->config->has_unknowns = s->config->has_unknowns || (unknown && s->opt->validate_only);
	if (inst && !unknown)
		inst->decl->poisoned = true;
	if (!inst)
		skip_body(s, body, unknown);
}

static bool secret_decides(struct phx_sema *s, const struct phx_node *n, struct phx_value *v,
			   const char *what)
{
	struct phx_diag *d;

	if (v->flags & PHX_VF_POISON || !(v->flags & PHX_VF_SECRET))
		return false;
	d = phx_eval_error(s, PHX0217, n->span, v, "a secret may not decide %s", what);
	if (d)
		phx_diag_note(s->bag, d,
			      "what exists is shown in every plan, and would give the secret away");
	return true;
}

static void expand_for(struct phx_sema *s, const struct phx_do_for *loop, struct phx_frame_rt *f,
		       struct phx_inst *inst, struct phx_block *block)
{
	struct phx_value source;
	int64_t from = 0, to = -1;
	uint64_t n;
	bool range = loop->source->kind == PHX_N_RANGE;
	bool known;

	if (range) {
		known = phx_range_ends(s, loop->source, f, &from, &to, &source);
		n = phx_range_count(from, to);
	} else {
		uint32_t count;

		known = phx_loop_source(s, loop->source, f, &source, &count);
		n = count;
	}
	if (secret_decides(s, loop->source, &source, "what a loop goes through") || !known) {
		skip(s, loop->body, &source, inst);
		return;
	}
	for (uint64_t i = 0; i < n && phx_eval_step(s, loop->source->span); i++) {
		struct phx_frame_rt *inner = phx_frame_new(s, loop->scope, f);
		struct phx_value element = phx_value_int(from + (int64_t)i, loop->source->span);
		struct phx_value one = {
			.kind = PHX_V_LIST, .list = {&element, 1}, .span = loop->source->span};

		phx_loop_bind(inner, loop->two, range ? &one : &source, range ? 0 : (uint32_t)i);
		if (range && loop->two)
			inner->cells[0].value.i = (int64_t)i;
		for (uint32_t k = 0; k < loop->body->n; k++)
			phx_expand_do(s, &loop->body->v[k], inner, inst, block);
	}
}

static void expand_if(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f,
		      struct phx_inst *inst, struct phx_block *block)
{
	for (uint32_t i = 0; i < d->branch.n; i++) {
		const struct phx_do_arm *arm = &d->branch.v[i];
		struct phx_frame_rt *inner = f;
		struct phx_value v = phx_value_bool(true, d->ast->span);

		if (arm->cond) {
			phx_eval(s, arm->cond, f, &v);
			if (!(v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) && v.kind != PHX_V_BOOL)
				phx_eval_error(s, PHX0201, arm->cond->span, &v,
					       "the condition of `if` is bool, not %s",
					       phx_value_kind_name((enum phx_value_kind)v.kind));
		}
		if (secret_decides(s, arm->cond, &v, "a condition") ||
		    v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) {
			for (uint32_t k = i; k < d->branch.n; k++)
				skip(s, d->branch.v[k].body, &v, inst);
			return;
		}
		if (!v.b)
			continue;
		if (arm->scope->framed)
			inner = phx_frame_new(s, arm->scope, f);
		for (uint32_t k = 0; k < arm->body->n; k++)
			phx_expand_do(s, &arm->body->v[k], inner, inst, block);
		return;
	}
}

void phx_expand_do(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f, struct phx_inst *inst,
		   struct phx_block *block)
{
	switch ((enum phx_do_kind)d->kind) {
	case PHX_DO_ATTR:
		phx_add_attr(s, d, f, inst, block);
		break;
	case PHX_DO_BLOCK:
		if (inst)
			phx_add_block(s, d->block, f, inst, block);
		else
			phx_instantiate(s, d->block, f);
		break;
	case PHX_DO_FOR:
		expand_for(s, d->loop, f, inst, block);
		break;
	case PHX_DO_IF:
		expand_if(s, d, f, inst, block);
		break;
	case PHX_DO_ASSERT:
		phx_vec_push(&s->tmp, &s->checks,
			     ((struct phx_check_rt){.check = d->check, .frame = f, .span = d->ast->span}));
		break;
	case PHX_DO_OUTPUT:
		phx_vec_push(&s->tmp, &s->outputs, ((struct phx_output_rt){.stmt = d, .frame = f}));
		break;
	}
}

void phx_expand_statement(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f)
{
	phx_expand_do(s, d, f, NULL, NULL);
}

/* --- the top --- */

void phx_top_run(struct phx_sema *s, struct phx_top *top)
{
	uint32_t order = s->order, turn = s->turn;

	if (top->state != PHX_TODO)
		return;
	top->state = PHX_RUNNING;
	s->order = top->unit;
	s->turn = 0;
	phx_expand_do(s, top->stmt, NULL, NULL, NULL);
	s->order = order;
	s->turn = turn;
	top->state = PHX_DONE;
}

static bool is_fixed_block(const struct phx_do *d)
{
	return d->kind == PHX_DO_BLOCK && d->block->labels[0]->kind == PHX_N_CONST;
}

bool phx_top_declares(const struct phx_do *d)
{
	if (d->kind == PHX_DO_FOR)
		return d->loop->body->declares;
	for (uint32_t i = 0; d->kind == PHX_DO_IF && i < d->branch.n; i++) {
		if (d->branch.v[i].body->declares)
			return true;
	}
	return d->kind == PHX_DO_BLOCK;
}

/* Loops that only check or put out see everything that exists; they come last. */
void phx_expand_all(struct phx_sema *s)
{
	for (uint32_t i = 0; i < s->top.n; i++) {
		if (is_fixed_block(s->top.v[i].stmt))
			phx_top_run(s, &s->top.v[i]);
	}
	for (uint32_t i = 0; i < s->top.n; i++) {
		if (phx_top_declares(s->top.v[i].stmt))
			phx_top_run(s, &s->top.v[i]);
	}
	s->expanded = true;
	for (uint32_t i = 0; i < s->top.n; i++)
		phx_top_run(s, &s->top.v[i]);
}
