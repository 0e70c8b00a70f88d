/* The evaluator. Every step is counted, nothing recurses without a limit, and a mistake makes poison of all that uses
 * its value. */
#include "sema/eval_priv.h"

/* --- unknowns --- */

struct phx_value phx_unknown_of(struct phx_sema *s, uint32_t kinds, struct phx_span at)
{
	enum phx_value_kind kind = PHX_V_NULL;

	s->config->has_unknowns = s->config->has_unknowns || s->opt->validate_only;
	if (kinds && (kinds & (kinds - 1)) == 0)
		kind = (enum phx_value_kind)__builtin_ctz(kinds);
	return phx_value_unknown(kind, at);
}

bool phx_is_opaque(const struct phx_value *v)
{
	return v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
}

/* When one of the operands cannot be computed, neither can the result. */
bool phx_spoiled(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		 const struct phx_value *b, struct phx_value *out)
{
	if ((a->flags | b->flags) & PHX_VF_POISON) {
		*out = phx_value_poison(n->span);
		return true;
	}
	if (!((a->flags | b->flags) & PHX_VF_UNKNOWN))
		return false;
	*out = phx_unknown_of(s, n->kinds, n->span);
	out->flags |= (a->flags | b->flags) & PHX_VF_SECRET;
	return true;
}

/* --- names --- */

struct phx_frame_rt *phx_frame_new(struct phx_sema *s, const struct phx_scope *scope, struct phx_frame_rt *up)
{
	uint32_t n = scope->syms.n;
	struct phx_frame_rt *f = phx_arena_alloc(&s->tmp, sizeof(*f) + n * sizeof(struct phx_cell),
						 _Alignof(struct phx_frame_rt));

	f->up = up;
	f->inst = up ? up->inst : NULL;
	f->n = n;
	for (uint32_t i = 0; i < n; i++)
		f->cells[i].sym = scope->syms.v[i];
	return f;
}

void phx_eval_sym(struct phx_sema *s, struct phx_sym *sym, struct phx_cell *cell, struct phx_frame_rt *f,
		  struct phx_span use, struct phx_value *out)
{
	struct phx_trail step = {.sym = sym, .use = use};
	bool catching = s->catching;

	if (cell->state == PHX_DONE) {
		*out = cell->value;
		return;
	}
	if (cell->state == PHX_RUNNING) {
		phx_trail_report(s, &step);
		*out = phx_value_poison(use);
		return;
	}
	cell->state = PHX_RUNNING;
	phx_vec_push(&s->tmp, &s->trail, step);
	s->catching = false;
	if (sym->kind == PHX_SYM_PARAM)
		phx_param_value(s, sym->param, out);
	else if (sym->init)
		phx_eval(s, sym->init, f, out);
	else
		*out = phx_value_poison(use);
	s->catching = catching;
	s->trail.n--;
	cell->value = *out;
	cell->state = PHX_DONE;
}

static void eval_local(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	struct phx_cell *cell;

	for (uint32_t i = 0; i < n->local.hops; i++)
		f = f->up;
	cell = &f->cells[n->local.slot];
	if (cell->state == PHX_DONE)
		*out = cell->value;
	else
		phx_eval_sym(s, (struct phx_sym *)(uintptr_t)cell->sym, cell, f, n->span, out);
}

static void eval_resource(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			  struct phx_value *out)
{
	struct phx_inst *inst;
	struct phx_value name;

	phx_eval(s, n->res.name, f, &name);
	if (phx_is_opaque(&name)) {
		*out = name.flags & PHX_VF_POISON ? phx_value_poison(n->span)
						  : phx_unknown_of(s, PHX_TY(PHX_V_REF), n->span);
		return;
	}
	if (name.kind != PHX_V_STRING || name.flags & PHX_VF_SECRET) {
		phx_eval_error(s, PHX0201, n->res.name->span, out,
			       "the name of a resource is a string that is no secret");
		return;
	}
	inst = phx_inst_find(s, n->res.kind, name.s, n->span, out);
	if (inst)
		*out = (struct phx_value){.kind = PHX_V_REF, .ref = inst->ref, .span = n->span};
}

/* --- operators --- */

/* At run time only where the static type was open. */
static bool op_possible(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
			const struct phx_value *b, struct phx_value *out)
{
	enum phx_op op = (enum phx_op)n->op;
	const struct phx_node *null_side = a->kind == PHX_V_NULL ? n->sub.a : n->sub.b;

	if (phx_op_kind(op, (enum phx_value_kind)a->kind, (enum phx_value_kind)b->kind) != PHX_V_KIND_COUNT)
		return true;
	if (a->kind == PHX_V_NULL || b->kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, null_side->span, out,
				 "`%s` has nothing to work on: this is null", phx_op_text(op));
		return false;
	}
	*out = phx_value_poison(n->span);
	if (phx_first_report(s, PHX0202, n->span))
		phx_op_mismatch(s, op, n->sub.a->span, phx_ty_value(s, a), n->sub.b->span,
				phx_ty_value(s, b));
	return false;
}

/* `x in 1..50` needs no list. */
static void eval_in_range(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			  struct phx_value *out)
{
	const struct phx_node *range = n->sub.b;
	struct phx_value x, from, to;

	phx_eval(s, n->sub.a, f, &x);
	phx_eval(s, range->sub.a, f, &from);
	phx_eval(s, range->sub.b, f, &to);
	if (phx_spoiled(s, n, &from, &to, out) || phx_spoiled(s, n, &x, &x, out))
		return;
	if (from.kind != PHX_V_INT || to.kind != PHX_V_INT || x.kind != PHX_V_INT) {
		phx_eval_error(s, PHX0201, n->span, out, "a range holds ints: %s in %s..%s", phx_shown(s, &x),
			       phx_shown(s, &from), phx_shown(s, &to));
		return;
	}
	*out = phx_value_bool(x.i >= from.i && x.i <= to.i, n->span);
	out->flags |= (x.flags | from.flags | to.flags) & PHX_VF_SECRET;
}

/* Operators whose result depends on what lists and maps hold. */
static bool looks_inside(const struct phx_node *n)
{
	return n->op == PHX_OP_EQ || n->op == PHX_OP_NE || n->op == PHX_OP_IN;
}

static void eval_binary(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			struct phx_value *out)
{
	struct phx_value a, b;

	if (n->op == PHX_OP_IN && n->sub.b->kind == PHX_N_RANGE) {
		eval_in_range(s, n, f, out);
		return;
	}
	phx_eval(s, n->sub.a, f, &a);
	phx_eval(s, n->sub.b, f, &b);
	if (phx_spoiled(s, n, &a, &b, out) || !op_possible(s, n, &a, &b, out))
		return;
	if (looks_inside(n) && !(phx_value_is_known(&a) && phx_value_is_known(&b))) {
		*out = phx_unknown_of(s, PHX_TY(PHX_V_BOOL), n->span);
		return;
	}
	phx_op_apply(s, n, &a, &b, out);
	if (looks_inside(n) && (phx_value_is_secret(&a) || phx_value_is_secret(&b)))
		out->flags |= PHX_VF_SECRET;
	out->flags |= (a.flags | b.flags) & PHX_VF_SECRET;
}

void phx_want_bool(struct phx_sema *s, const struct phx_node *at, struct phx_value *v, const char *what)
{
	if (phx_is_opaque(v) || v->kind == PHX_V_BOOL)
		return;
	if (v->kind == PHX_V_NULL)
		phx_eval_missing(s, PHX0209, at->span, v, "%s is null", what);
	else
		phx_eval_error(s, PHX0201, at->span, v, "%s is bool, not %s", what,
			       phx_value_kind_name((enum phx_value_kind)v->kind));
}

/* What decides may be known although the rest is not. */
static void eval_logic(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	bool decides = n->kind == PHX_N_OR;
	const char *what = decides ? "what `||` joins" : "what `&&` joins";
	struct phx_value a, b;

	phx_eval(s, n->sub.a, f, &a);
	phx_want_bool(s, n->sub.a, &a, what);
	if (a.flags & PHX_VF_POISON || (!phx_is_opaque(&a) && a.b == decides)) {
		*out = a;
		return;
	}
	phx_eval(s, n->sub.b, f, &b);
	phx_want_bool(s, n->sub.b, &b, what);
	*out = b;
	out->flags |= a.flags & PHX_VF_SECRET;
	if (a.flags & PHX_VF_UNKNOWN && !phx_is_opaque(&b) && b.b != decides) {
		*out = a;
		out->flags |= b.flags & PHX_VF_SECRET;
	}
	out->span = n->span;
}

static void eval_unary(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	phx_eval(s, n->sub.a, f, out);
	if (phx_is_opaque(out))
		return;
	if (n->kind == PHX_N_NOT) {
		phx_want_bool(s, n->sub.a, out, "what `!` negates");
		out->b = !phx_is_opaque(out) && !out->b;
	} else if (out->kind == PHX_V_FLOAT) {
		out->f = -out->f;
	} else if (out->kind == PHX_V_INT) {
		if (__builtin_sub_overflow(0, out->i, &out->i))
			phx_eval_error(s, PHX0204, n->span, out, "the result of `-` is too large");
	} else {
		phx_eval_error(s, PHX0201, n->sub.a->span, out, "what `-` negates is int or float, not %s",
			       phx_value_kind_name((enum phx_value_kind)out->kind));
	}
	out->span = n->span;
}

static void eval_cond(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      struct phx_value *out)
{
	struct phx_value test;

	phx_eval(s, n->sub.a, f, &test);
	phx_want_bool(s, n->sub.a, &test, "the condition of `? :`");
	if (test.flags & PHX_VF_POISON) {
		*out = test;
	} else if (test.flags & PHX_VF_UNKNOWN) {
		*out = phx_unknown_of(s, n->kinds, n->span);
	} else {
		phx_eval(s, test.b ? n->sub.b : n->sub.c, f, out);
	}
	out->flags |= test.flags & PHX_VF_SECRET;
}

/* --- all together --- */

static void eval_member(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			struct phx_value *out)
{
	struct phx_value of;

	phx_eval(s, n->member.of, f, &of);
	phx_access_member(s, &of, n->member.name, n->span, out);
}

static void eval_any(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out)
{
	switch ((enum phx_node_kind)n->kind) {
	case PHX_N_POISON:
	case PHX_N_SELF:
		*out = phx_value_poison(n->span);
		return;
	case PHX_N_CONST:
		*out = n->value;
		return;
	case PHX_N_LOCAL:
		eval_local(s, n, f, out);
		return;
	case PHX_N_GLOBAL:
		phx_eval_sym(s, n->global, &n->global->cell, NULL, n->span, out);
		return;
	case PHX_N_RESOURCE:
		eval_resource(s, n, f, out);
		return;
	case PHX_N_PATH:
		phx_access_path(s, n, f, out);
		return;
	case PHX_N_MEMBER:
		eval_member(s, n, f, out);
		return;
	case PHX_N_INDEX:
		phx_eval_index(s, n, f, out);
		return;
	case PHX_N_CALL:
		phx_eval_call(s, n, f, out);
		return;
	case PHX_N_FEATURE:
		phx_eval_feature(s, n, f, out);
		return;
	case PHX_N_NOT:
	case PHX_N_NEG:
		eval_unary(s, n, f, out);
		return;
	case PHX_N_BINARY:
		eval_binary(s, n, f, out);
		return;
	case PHX_N_AND:
	case PHX_N_OR:
		eval_logic(s, n, f, out);
		return;
	case PHX_N_RANGE:
		phx_eval_range(s, n, f, out);
		return;
	case PHX_N_COND:
		eval_cond(s, n, f, out);
		return;
	case PHX_N_LIST:
		phx_eval_list(s, n, f, out);
		return;
	case PHX_N_OBJECT:
		phx_eval_object(s, n, f, out);
		return;
	case PHX_N_TEMPLATE:
		phx_eval_template(s, n, f, out);
		return;
	case PHX_N_LOOP:
		phx_eval_loop(s, n, f, out);
		return;
	}
	PHX_BUG("node kind %d", n->kind);
}

void phx_eval(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, struct phx_value *out)
{
	if (n->kind == PHX_N_CONST) {
		*out = n->value;
		return;
	}
	if (!phx_eval_step(s, n->span)) {
		*out = phx_value_poison(n->span);
		return;
	}
	if (s->depth >= PHX_SEMA_MAX_DEPTH) {
		phx_eval_stop(s, n->span, "too many values depend on one another in a row");
		*out = phx_value_poison(n->span);
		return;
	}
	s->depth++;
	eval_any(s, n, f, out);
	s->depth--;
}
