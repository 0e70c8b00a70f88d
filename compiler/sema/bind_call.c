/* Calls: `host(subnet, 1)`, `feature.docker(channel = "test")`. */
#include "sema/sema_priv.h"

static struct phx_bound unknown_function(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	const struct phx_expr *fn = e->call.fn;
	const char *foreign = phx_foreign_function(fn->s);
	struct phx_str *names;
	struct phx_diag *d;
	uint32_t n, hops;

	for (uint32_t i = 0; i < e->call.n; i++)
		phx_bind(s, in, e->call.args[i].value, NULL);
	d = phx_diag_add(s->bag, PHX0211, fn->span, "unknown function `" PHX_STR_FMT "`", PHX_STR_ARG(fn->s));
	phx_diag_label(s->bag, d, fn->span, "no such function");
	if (foreign) {
		phx_diag_help(s->bag, d, "%s", foreign);
	} else if (phx_scope_find(s, in, fn->s, &hops)) {
		phx_diag_help(s->bag, d, "`" PHX_STR_FMT "` is a value; only functions are called",
			      PHX_STR_ARG(fn->s));
	} else {
		phx_fn_names(s, &names, &n);
		phx_diag_suggest(s->bag, d, fn->span, fn->s, names, n);
	}
	return phx_bind_poison(s, e->span);
}

static bool check_count(struct phx_sema *s, const struct phx_fn *fn, const struct phx_expr *e)
{
	uint32_t n = e->call.n;
	struct phx_span at = e->call.fn->span;
	struct phx_diag *d;

	for (uint32_t i = 0; i < n; i++) {
		if (e->call.args[i].name.text.len == 0)
			continue;
		d = phx_diag_add(s->bag, PHX0212, e->call.args[i].name.span,
				 "`%s` takes its arguments by position, not by name", fn->name);
		phx_diag_note(s->bag, d, "it is called as `%s`", fn->usage);
		return false;
	}
	if (n >= fn->min && (n <= fn->max || fn->max == 255))
		return true;
	if (n > fn->max)
		at = e->call.args[fn->max].value->span;
	d = phx_diag_add(s->bag, PHX0212, at, "`%s` takes %s%u argument%s, not %u", fn->name,
			 fn->min == fn->max ? ""
			 : n < fn->min      ? "at least "
					    : "at most ",
			 n < fn->min ? fn->min : fn->max, (n < fn->min ? fn->min : fn->max) == 1 ? "" : "s",
			 n);
	phx_diag_note(s->bag, d, "it is called as `%s`", fn->usage);
	return false;
}

static bool check_arg(struct phx_sema *s, const struct phx_fn *fn, struct phx_bound *b, uint32_t i)
{
	uint32_t want = fn->args[i < 3 ? i : 2];
	struct phx_diag *d;

	if (phx_ty_fits(b->ty, want))
		return true;
	d = phx_diag_add(s->bag, PHX0201, b->node->span, "argument %u of `%s` is %s, not %s", i + 1, fn->name,
			 phx_ty_name(s, phx_ty_of(want)), phx_ty_name(s, b->ty));
	phx_diag_label(s->bag, d, b->node->span, "this is a value of type %s", phx_ty_name(s, b->ty));
	phx_diag_note(s->bag, d, "it is called as `%s`", fn->usage);
	return false;
}

/* The first argument of try() may name what does not exist. */
static struct phx_bound bind_arg(struct phx_sema *s, struct phx_scope *in, const struct phx_fn *fn,
				 const struct phx_expr *e, uint32_t i, const struct phx_words *words)
{
	bool tries = fn->flags & PHX_FN_TRY && i + 1 < e->call.n;
	bool before = s->in_try;
	struct phx_bound b;

	s->in_try = tries || (before && fn->flags & PHX_FN_LAZY);
	b = phx_bind(s, in, e->call.args[i].value, fn->flags & PHX_FN_LAZY ? words : NULL);
	s->in_try = before;
	return b;
}

static struct phx_bound finish_call(struct phx_sema *s, const struct phx_fn *fn, const struct phx_expr *e,
				    struct phx_node **args, struct phx_ty *types)
{
	struct phx_node *n = phx_node_new(s, PHX_N_CALL, e->span);
	struct phx_ty t;

	n->call.fn = fn;
	n->call.args = args;
	n->call.n = e->call.n;
	for (uint32_t i = 0; i < e->call.n; i++) {
		if (types[i].kinds == 0)
			return phx_bind_poison(s, e->span);
	}
	t = fn->type ? fn->type(s, n, types) : phx_ty_of(fn->result);
	return t.kinds ? phx_bound_of(n, t) : phx_bind_poison(s, e->span);
}

struct phx_bound phx_bind_call(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words)
{
	struct phx_node **args;
	const struct phx_fn *fn;
	struct phx_ty *types;
	struct phx_diag *d;
	bool counted, ok;

	if (e->call.fn->kind == PHX_EXPR_ATTR)
		return phx_bind_feature(s, in, e);
	if (e->call.fn->kind != PHX_EXPR_NAME) {
		if (e->call.fn->kind != PHX_EXPR_ERROR) {
			d = phx_diag_add(s->bag, PHX0219, e->call.fn->span,
					 "only functions and features are called");
			phx_diag_label(s->bag, d, e->call.fn->span, "this is a value");
		}
		return phx_bind_poison(s, e->span);
	}
	fn = phx_fn_find(e->call.fn->s);
	if (!fn)
		return unknown_function(s, in, e);
	ok = counted = check_count(s, fn, e);
	args = PHX_NEW_N(&s->tmp, struct phx_node *, e->call.n);
	types = PHX_NEW_N(&s->tmp, struct phx_ty, e->call.n);
	for (uint32_t i = 0; i < e->call.n; i++) {
		struct phx_bound b = bind_arg(s, in, fn, e, i, words);

		if (counted && !check_arg(s, fn, &b, i))
			ok = false;
		args[i] = b.node;
		types[i] = b.ty;
	}
	return ok ? finish_call(s, fn, e, args, types) : phx_bind_poison(s, e->span);
}
