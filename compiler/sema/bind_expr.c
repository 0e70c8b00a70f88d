/* Expressions: names resolved, static types inferred and checked. */
#include <string.h>

#include "sema/bind_priv.h"

/* A constant holds a whole value; all others need less room. */
struct phx_node *phx_node_new(struct phx_sema *s, enum phx_node_kind kind, struct phx_span at)
{
	const size_t others = offsetof(struct phx_node, sub) + sizeof(((struct phx_node *)NULL)->sub);
	struct phx_node *n = phx_arena_alloc(&s->tmp, kind == PHX_N_CONST ? sizeof(*n) : others,
					     _Alignof(struct phx_node));

	n->kind = (uint8_t)kind;
	n->span = at;
	return n;
}

struct phx_node *phx_node_const(struct phx_sema *s, struct phx_value v)
{
	struct phx_node *n = phx_node_new(s, PHX_N_CONST, v.span);

	n->value = v;
	return n;
}

struct phx_bound phx_bound_of(struct phx_node *n, struct phx_ty t)
{
	n->kinds = t.kinds;
	return (struct phx_bound){.node = n, .ty = t};
}

struct phx_bound phx_bind_poison(struct phx_sema *s, struct phx_span at)
{
	return phx_bound_of(phx_node_new(s, PHX_N_POISON, at), phx_ty_of(0));
}

bool phx_bind_expect(struct phx_sema *s, struct phx_bound *b, uint32_t kinds, const char *where)
{
	struct phx_diag *d;

	if (phx_ty_fits(b->ty, kinds))
		return true;
	d = phx_diag_add(s->bag, PHX0201, b->node->span, "%s is %s, not %s", where,
			 phx_ty_name(s, phx_ty_of(kinds)), phx_ty_name(s, b->ty));
	phx_diag_label(s->bag, d, b->node->span, "this is a value of type %s", phx_ty_name(s, b->ty));
	if (kinds == PHX_TY(PHX_V_BOOL))
		phx_diag_help(s->bag, d, "compare it, for example `x != \"\"` or `n > 0`");
	*b = phx_bind_poison(s, b->node->span);
	return false;
}

/* --- literals --- */

bool phx_is_literal(const struct phx_expr *e)
{
	return e->kind >= PHX_EXPR_NULL && e->kind <= PHX_EXPR_STRING;
}

struct phx_value phx_literal(struct phx_sema *s, const struct phx_expr *e)
{
	struct phx_value v = {.span = e->span};

	switch (e->kind) {
	case PHX_EXPR_BOOL:
		v.kind = PHX_V_BOOL;
		v.b = e->b;
		break;
	case PHX_EXPR_INT:
		v.kind = PHX_V_INT;
		v.i = e->i;
		v.flags = e->flags & PHX_EF_OCTAL ? PHX_VF_OCTAL : 0;
		break;
	case PHX_EXPR_FLOAT:
		v.kind = PHX_V_FLOAT;
		v.f = e->f;
		break;
	case PHX_EXPR_SIZE:
		v.kind = PHX_V_SIZE;
		v.bytes = e->bytes;
		break;
	case PHX_EXPR_DURATION:
		v.kind = PHX_V_DURATION;
		v.i = e->i;
		break;
	case PHX_EXPR_STRING:
		v.kind = PHX_V_STRING;
		v.s = e->s;
		break;
	case PHX_EXPR_MAC:
		v.kind = PHX_V_MAC;
		memcpy(v.mac, e->mac, sizeof(v.mac));
		break;
	case PHX_EXPR_IP:
	case PHX_EXPR_CIDR:
		v.kind = e->kind == PHX_EXPR_IP ? PHX_V_IP : PHX_V_CIDR;
		v.ip = PHX_NEW(&s->tmp, struct phx_ip);
		v.ip->family = e->ip.family;
		v.ip->prefix = e->ip.prefix;
		memcpy(v.ip->bytes, e->ip.bytes, sizeof(v.ip->bytes));
		break;
	default:
		v.kind = PHX_V_NULL;
		break;
	}
	return v;
}

static struct phx_bound bind_literal(struct phx_sema *s, const struct phx_expr *e)
{
	struct phx_value v = phx_literal(s, e);
	struct phx_diag *d;

	if (v.flags & PHX_VF_OCTAL && !s->octal_ok) {
		d = phx_diag_add(s->bag, PHX0216, e->span,
				 "a number with a leading zero is octal, for `mode` only");
		phx_diag_label(s->bag, d, e->span, "octal for %lld", (long long)v.i);
		phx_diag_help(s->bag, d, "leave the zero out, or write the text \"" PHX_STR_FMT "\"",
			      PHX_STR_ARG(phx_source_text(s->sources, e->span)));
		return phx_bind_poison(s, e->span);
	}
	return phx_bound_of(phx_node_const(s, v), phx_ty_of(PHX_TY(v.kind)));
}

/* --- names --- */

/* Expressions bound inside one another, through the names they use; names deeper than that are typed when their turn
 * comes, and their uses are checked when they are evaluated. */
enum { MAX_BIND_DEPTH = 600 };

struct phx_ty phx_sym_ty(struct phx_sema *s, struct phx_sym *sym)
{
	bool in_try = s->in_try, octal_ok = s->octal_ok;
	struct phx_bound b;

	if (sym->kind == PHX_SYM_PARAM && sym->typing == PHX_TODO && !sym->param->typed) {
		sym->typing = PHX_RUNNING;
		phx_bind_param(s, &s->files, sym->param);
		sym->ty = sym->param->ty;
		sym->typing = PHX_DONE;
	}
	if (sym->kind != PHX_SYM_LET || sym->typing == PHX_DONE)
		return sym->typing == PHX_RUNNING ? phx_ty_of(PHX_TY_ANY) : sym->ty;
	if (sym->typing == PHX_RUNNING || s->depth >= MAX_BIND_DEPTH)
		return phx_ty_of(PHX_TY_ANY);
	sym->typing = PHX_RUNNING;
	s->in_try = s->octal_ok = false;
	b = phx_bind(s, sym->scope, sym->ast, NULL);
	s->in_try = in_try;
	s->octal_ok = octal_ok;
	sym->init = b.node;
	sym->ty = b.ty;
	sym->typing = PHX_DONE;
	return sym->ty;
}

static bool words_has(const struct phx_words *w, struct phx_str name)
{
	if (!w)
		return false;
	for (const char *const *p = w->spec ? w->spec->words : NULL; p && *p; p++) {
		if (phx_str_eqc(name, *p))
			return true;
	}
	return w->any || (w->option && phx_option_word(w->option, name));
}

static struct phx_bound bind_name(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
				  const struct phx_words *words)
{
	uint32_t hops = 0;
	struct phx_sym *sym = phx_scope_find(s, in, e->s, &hops);
	struct phx_value word;
	struct phx_node *n;

	if (sym && sym->scope == &s->files) {
		n = phx_node_new(s, PHX_N_GLOBAL, e->span);
		n->global = sym;
		return phx_bound_of(n, phx_sym_ty(s, sym));
	}
	if (sym) {
		n = phx_node_new(s, PHX_N_LOCAL, e->span);
		n->local.hops = hops;
		n->local.slot = sym->slot;
		return phx_bound_of(n, phx_sym_ty(s, sym));
	}
	if (words_has(words, e->s)) {
		word = phx_value_str(e->s, e->span);
		word.flags = PHX_VF_WORD;
		n = phx_node_const(s, word);
		return phx_bound_of(n, (struct phx_ty){.kinds = PHX_TY(PHX_V_STRING), .words = words});
	}
	phx_scope_unknown(s, in, e->s, e->span, words);
	return phx_bind_poison(s, e->span);
}

/* --- operators --- */

static uint32_t op_kinds(enum phx_op op, uint32_t a, uint32_t b)
{
	uint32_t result = 0;

	for (int i = 0; a >> i; i++) {
		for (int k = 0; a >> i & 1 && b >> k; k++) {
			enum phx_value_kind r;

			if (!(b >> k & 1))
				continue;
			r = phx_op_kind(op, (enum phx_value_kind)i, (enum phx_value_kind)k);
			if (r != PHX_V_KIND_COUNT)
				result |= PHX_TY(r);
		}
	}
	return result;
}

static bool is_unknown_name(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	uint32_t hops;

	return e->kind == PHX_EXPR_NAME && !phx_scope_find(s, in, e->s, &hops);
}

/* Enum words on one side take their meaning from the other. */
static void bind_operands(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			  struct phx_bound *a, struct phx_bound *b)
{
	bool compares = e->op == PHX_OP_EQ || e->op == PHX_OP_NE || e->op == PHX_OP_IN;

	if (!compares) {
		*a = phx_bind(s, in, e->bin.lhs, NULL);
		*b = phx_bind(s, in, e->bin.rhs, NULL);
	} else if (is_unknown_name(s, in, e->bin.lhs)) {
		*b = phx_bind(s, in, e->bin.rhs, NULL);
		*a = phx_bind(s, in, e->bin.lhs, e->op == PHX_OP_IN ? phx_ty_elem(b->ty).words : b->ty.words);
	} else {
		*a = phx_bind(s, in, e->bin.lhs, NULL);
		*b = phx_bind(s, in, e->bin.rhs, a->ty.words);
	}
}

static struct phx_ty op_type(struct phx_sema *s, const struct phx_expr *e, const struct phx_bound *a,
			     const struct phx_bound *b)
{
	enum phx_op op = (enum phx_op)e->op;
	uint32_t kinds;

	if (a->ty.kinds == 0 || b->ty.kinds == 0)
		return phx_ty_of(0);
	kinds = op_kinds(op, a->ty.kinds, b->ty.kinds);
	if (kinds && op == PHX_OP_IN && b->ty.kinds == PHX_TY(PHX_V_LIST)) {
		struct phx_ty elem = phx_ty_elem(b->ty);

		if (elem.kinds && !op_kinds(PHX_OP_EQ, a->ty.kinds, elem.kinds))
			kinds = 0;
	}
	if (!kinds)
		phx_op_mismatch(s, op, a->node->span, a->ty, b->node->span, b->ty);
	return phx_ty_of(kinds);
}

static struct phx_bound bind_logic(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	bool conj = e->op == PHX_OP_AND;
	struct phx_bound a = phx_bind(s, in, e->bin.lhs, NULL), b = phx_bind(s, in, e->bin.rhs, NULL);
	const char *where = conj ? "what `&&` joins" : "what `||` joins";
	struct phx_node *n;

	if (!phx_bind_expect(s, &a, PHX_TY(PHX_V_BOOL), where) ||
	    !phx_bind_expect(s, &b, PHX_TY(PHX_V_BOOL), where))
		return phx_bind_poison(s, e->span);
	n = phx_node_new(s, conj ? PHX_N_AND : PHX_N_OR, e->span);
	n->sub.a = a.node;
	n->sub.b = b.node;
	return phx_bound_of(n, phx_ty_of(PHX_TY(PHX_V_BOOL)));
}

static struct phx_bound bind_binary(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_bound a, b;
	struct phx_ty t;
	struct phx_node *n;

	if (e->op == PHX_OP_AND || e->op == PHX_OP_OR)
		return bind_logic(s, in, e);
	bind_operands(s, in, e, &a, &b);
	t = op_type(s, e, &a, &b);
	if (t.kinds == 0)
		return phx_bind_poison(s, e->span);
	n = phx_node_new(s, PHX_N_BINARY, e->span);
	n->op = e->op;
	n->sub.a = a.node;
	n->sub.b = b.node;
	return phx_bound_of(n, t);
}

static struct phx_bound bind_unary(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	bool negates = e->op == PHX_OP_NOT;
	struct phx_bound b = phx_bind(s, in, e->un.of, NULL);
	uint32_t kinds = negates ? PHX_TY(PHX_V_BOOL) : PHX_TY_NUMBER;
	struct phx_node *n;

	if (!phx_bind_expect(s, &b, kinds, negates ? "what `!` negates" : "what `-` negates") ||
	    b.ty.kinds == 0)
		return phx_bind_poison(s, e->span);
	if (!negates && b.node->kind == PHX_N_CONST) {
		if (b.node->value.kind == PHX_V_INT)
			b.node->value.i = -b.node->value.i;
		else
			b.node->value.f = -b.node->value.f;
		b.node->span = b.node->value.span = e->span;
		return b;
	}
	n = phx_node_new(s, negates ? PHX_N_NOT : PHX_N_NEG, e->span);
	n->sub.a = b.node;
	return phx_bound_of(n, phx_ty_of(b.ty.kinds & kinds));
}

static struct phx_bound bind_range(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_bound a = phx_bind(s, in, e->bin.lhs, NULL), b = phx_bind(s, in, e->bin.rhs, NULL);
	struct phx_node *n;

	if (!phx_bind_expect(s, &a, PHX_TY(PHX_V_INT), "an end of a range") ||
	    !phx_bind_expect(s, &b, PHX_TY(PHX_V_INT), "an end of a range"))
		return phx_bind_poison(s, e->span);
	n = phx_node_new(s, PHX_N_RANGE, e->span);
	n->sub.a = a.node;
	n->sub.b = b.node;
	return phx_bound_of(n, phx_ty_list(s, phx_ty_of(PHX_TY(PHX_V_INT))));
}

static struct phx_bound bind_cond(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
				  const struct phx_words *words)
{
	struct phx_bound test = phx_bind(s, in, e->cond.test, NULL);
	struct phx_bound yes = phx_bind(s, in, e->cond.yes, words), no = phx_bind(s, in, e->cond.no, words);
	struct phx_node *n;

	if (!phx_bind_expect(s, &test, PHX_TY(PHX_V_BOOL), "the condition of `? :`"))
		return phx_bind_poison(s, e->span);
	n = phx_node_new(s, PHX_N_COND, e->span);
	n->sub.a = test.node;
	n->sub.b = yes.node;
	n->sub.c = no.node;
	return phx_bound_of(n, phx_ty_join(s, yes.ty, no.ty));
}

static struct phx_bound bind_any(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
				 const struct phx_words *words)
{
	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_NULL:
	case PHX_EXPR_BOOL:
	case PHX_EXPR_INT:
	case PHX_EXPR_FLOAT:
	case PHX_EXPR_SIZE:
	case PHX_EXPR_DURATION:
	case PHX_EXPR_IP:
	case PHX_EXPR_CIDR:
	case PHX_EXPR_MAC:
	case PHX_EXPR_STRING:
		return bind_literal(s, e);
	case PHX_EXPR_TEMPLATE:
		return phx_bind_template(s, in, e);
	case PHX_EXPR_NAME:
		return bind_name(s, in, e, words);
	case PHX_EXPR_SELF:
	case PHX_EXPR_ATTR:
	case PHX_EXPR_INDEX:
		return phx_bind_path(s, in, e, words);
	case PHX_EXPR_CALL:
		return phx_bind_call(s, in, e, words);
	case PHX_EXPR_UNARY:
		return bind_unary(s, in, e);
	case PHX_EXPR_BINARY:
		return bind_binary(s, in, e);
	case PHX_EXPR_RANGE:
		return bind_range(s, in, e);
	case PHX_EXPR_COND:
		return bind_cond(s, in, e, words);
	case PHX_EXPR_LIST:
		return phx_bind_list(s, in, e, words);
	case PHX_EXPR_OBJECT:
		return phx_bind_object(s, in, e);
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
		return phx_bind_loop(s, in, e, words);
	case PHX_EXPR_ERROR:
	case PHX_EXPR_KIND_COUNT:
		break;
	}
	return phx_bind_poison(s, e->span);
}

struct phx_bound phx_bind(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			  const struct phx_words *words)
{
	struct phx_bound b;

	s->depth++;
	b = bind_any(s, in, e, words);
	s->depth--;
	return b;
}
