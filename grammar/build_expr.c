#include "build_priv.h"

/* Checks and sets the depth of `e` with `of` (may be NULL) as one of its parts. */
static void deepen(struct phx_expr *e, const struct phx_expr *of)
{
	/* PHX_AST_MAX_DEPTH + 1 says that it is too much; see `checked`. */
	if (of && of->depth >= e->depth)
		e->depth = (uint8_t)(of->depth + 1);
}

static bool within(struct phx_span inner, struct phx_span outer)
{
	return inner.end > inner.start && outer.start <= inner.start && inner.end <= outer.end;
}

/* A node that got too deep becomes ERROR, so that nothing above it is; of nested ones only the first is reported. */
static struct phx_expr *checked(struct phx_parser *p, struct phx_expr *e)
{
	if (e->depth <= PHX_AST_MAX_DEPTH)
		return e;
	if (!within(p->deep, e->span))
		phx_parse_too_deep(p, e->span);
	p->deep = e->span;
	return phx_build_leaf(p, PHX_EXPR_ERROR, e->span);
}

struct phx_expr *phx_build_leaf(struct phx_parser *p, enum phx_expr_kind kind, struct phx_span at)
{
	struct phx_expr *e = PHX_NEW(p->arena, struct phx_expr);

	e->kind = (uint8_t)kind;
	e->depth = 1;
	e->span = at;
	return e;
}

struct phx_expr *phx_build_label(struct phx_parser *p, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_STRING, at);

	e->flags = PHX_EF_WORD;
	e->s = phx_parse_text(p, at);
	return e;
}

struct phx_expr *phx_build_word(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_expr *e = phx_build_leaf(p, phx_str_eqc(text, "self") ? PHX_EXPR_SELF : PHX_EXPR_NAME, at);

	e->s = text;
	return e;
}

struct phx_expr *phx_build_paren(struct phx_expr *e, struct phx_span at)
{
	e->flags |= PHX_EF_PAREN;
	e->span = at;
	return e;
}

struct phx_expr *phx_build_interp(struct phx_expr *e)
{
	e->flags |= PHX_EF_INTERP;
	return e;
}

struct phx_expr *phx_build_attr_of(struct phx_parser *p, struct phx_expr *of, struct phx_span name,
				   struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_ATTR, at);
	struct phx_str text = phx_parse_text(p, name);

	e->attr.of = of;
	e->attr.name = text.ptr;
	e->attr.name_len = (uint32_t)text.len;
	e->attr.name_at = name.start;
	deepen(e, of);
	return checked(p, e);
}

struct phx_expr *phx_build_unary(struct phx_parser *p, enum phx_op op, struct phx_expr *of,
				 struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_UNARY, at);

	e->op = (uint8_t)op;
	e->un.of = of;
	deepen(e, of);
	return checked(p, e);
}

struct phx_expr *phx_build_pair(struct phx_parser *p, enum phx_expr_kind kind, enum phx_op op,
				struct phx_expr *lhs, struct phx_expr *rhs, struct phx_span op_at)
{
	struct phx_expr *e = phx_build_leaf(p, kind, phx_span_join(lhs->span, rhs->span));

	e->op = (uint8_t)op;
	e->bin.lhs = lhs;
	e->bin.rhs = rhs;
	e->bin.op_at = op_at.start;
	deepen(e, lhs);
	deepen(e, rhs);
	return checked(p, e);
}

struct phx_expr *phx_build_cond(struct phx_parser *p, struct phx_expr *test, struct phx_expr *yes,
				struct phx_expr *no, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_COND, at);

	e->cond.test = test;
	e->cond.yes = yes;
	e->cond.no = no;
	deepen(e, test);
	deepen(e, yes);
	deepen(e, no);
	return checked(p, e);
}

struct phx_expr *phx_build_call(struct phx_parser *p, struct phx_expr *fn, uint32_t n, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_CALL, at);
	uint32_t i;

	p->args.n -= n;
	e->call.fn = fn;
	e->call.n = n;
	e->call.args = n ? PHX_NEW_N(p->arena, struct phx_ast_arg, n) : NULL;
	deepen(e, fn);
	for (i = 0; i < n; i++) {
		e->call.args[i] = p->args.v[p->args.n + i];
		deepen(e, e->call.args[i].value);
	}
	return checked(p, e);
}

struct phx_expr *phx_build_items(struct phx_parser *p, enum phx_expr_kind kind, uint32_t n,
				 struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, kind, at);
	uint32_t i;

	e->list.v = phx_build_cut_exprs(p, n);
	e->list.n = n;
	for (i = 0; i < n; i++)
		deepen(e, e->list.v[i]);
	return checked(p, e);
}

struct phx_expr *phx_build_list(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	return phx_build_items(p, PHX_EXPR_LIST, n, at);
}

struct phx_expr *phx_build_object(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_OBJECT, at);
	uint32_t i;

	p->entries.n -= n;
	e->object.n = n;
	e->object.v = n ? PHX_NEW_N(p->arena, struct phx_ast_entry, n) : NULL;
	for (i = 0; i < n; i++) {
		e->object.v[i] = p->entries.v[p->entries.n + i];
		deepen(e, e->object.v[i].value);
	}
	return checked(p, e);
}

struct phx_ast_loop *phx_build_vars(struct phx_parser *p, struct phx_span var, struct phx_span second)
{
	struct phx_ast_loop *loop = PHX_NEW(p->arena, struct phx_ast_loop);

	loop->var = phx_build_name(p, var);
	if (second.start != var.start)
		loop->second = phx_build_name(p, second);
	return loop;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-';
}

/* The name that starts at `at`, maybe empty. */
static struct phx_span name_at(const struct phx_parser *p, uint32_t at, uint32_t end)
{
	struct phx_span name = {p->file, at, at};

	while (name.end < end && is_name_char(p->text.ptr[name.end]))
		name.end++;
	return name;
}

struct phx_ast_loop *phx_build_lost_vars(struct phx_parser *p, struct phx_span head)
{
	struct phx_span var = name_at(p, head.start, head.end), second = var;
	uint32_t at = var.end;

	while (at < head.end && p->text.ptr[at] == ' ')
		at++;
	if (at < head.end && p->text.ptr[at] == ',') {
		do
			at++;
		while (at < head.end && p->text.ptr[at] == ' ');
		second = name_at(p, at, head.end);
	}
	return phx_build_vars(p, var, second);
}

struct phx_ast_loop *phx_build_loop(struct phx_ast_loop *vars, struct phx_expr *source, struct phx_expr *cond)
{
	vars->source = source;
	vars->cond = cond;
	return vars;
}

struct phx_expr *phx_build_comprehension(struct phx_parser *p, struct phx_expr *key, struct phx_expr *value,
					 struct phx_ast_loop *loop, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, key ? PHX_EXPR_MAP_FOR : PHX_EXPR_LIST_FOR, at);

	loop->key = key;
	loop->value = value;
	e->loop = loop;
	deepen(e, key);
	deepen(e, value);
	deepen(e, loop->source);
	deepen(e, loop->cond);
	return checked(p, e);
}
