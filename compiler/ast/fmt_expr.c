#include "fmt_priv.h"

#include <string.h>

/* Expressions keep the line breaks that their author gave them: a list is written on one line or with one item on each,
 * and a break beside an operator stays, behind it. Comments are kept between items; an expression with one anywhere
 * else is copied (the caller does, on `failed`). */

static void expr(struct phx_fmt *f, const struct phx_expr *e);

static void copy_leaf(struct phx_fmt *f, struct phx_span at)
{
	phx_fmt_reach(f, at.start);
	phx_fmt_copy(f, at.start, at.end);
}

static void heredoc(struct phx_fmt *f, struct phx_span at)
{
	phx_fmt_reach(f, at.start);
	phx_fmt_copy(f, at.start, at.end);
	f->after_heredoc = true;
}

/* Items in brackets */

struct items {
	uint32_t n;
	uint32_t open, close;  /* offsets behind the opener and of the closer */
	const char *separator; /* at the end of a line of its own: "," or "" */
	struct phx_span (*span)(const struct phx_expr *e, uint32_t i);
	void (*write)(struct phx_fmt *f, const struct phx_expr *e, uint32_t i, bool lines);
};

static bool comment_between(const struct phx_fmt *f, const struct phx_expr *e, const struct items *it)
{
	uint32_t c = f->comment, i = 0;

	for (; c < f->ast->ncomments && f->ast->comments[c].start < it->close; c++) {
		uint32_t at = f->ast->comments[c].start;

		while (i < it->n && it->span(e, i).end <= at)
			i++;
		if (i == it->n || at < it->span(e, i).start)
			return true;
	}
	return false;
}

static bool on_lines(const struct phx_fmt *f, const struct phx_expr *e, const struct items *it)
{
	uint32_t end = it->open, i;

	for (i = 0; i < it->n; i++) {
		struct phx_span at = it->span(e, i);

		if (phx_fmt_breaks(f, end, at.start))
			return true;
		end = at.end;
	}
	return phx_fmt_breaks(f, end, it->close) ? it->n > 0 || comment_between(f, e, it)
						 : comment_between(f, e, it);
}

static void write_lines(struct phx_fmt *f, const struct phx_expr *e, const struct items *it)
{
	uint32_t end = it->open, i;
	bool first = true;

	f->level++;
	f->group++;
	phx_fmt_trailing(f, end, it->n ? it->span(e, 0).start : it->close);
	for (i = 0; i < it->n; i++) {
		struct phx_span at = it->span(e, i);
		uint32_t next = i + 1 < it->n ? it->span(e, i + 1).start : it->close, line;

		phx_fmt_comments(f, at.start, &end, &first);
		phx_fmt_item(f, end, at.start, &first);
		line = f->line;
		it->write(f, e, i, true);
		phx_fmt_c(f, it->separator);
		if (f->line != line)
			f->group++;
		end = at.end;
		if (phx_fmt_trailing(f, end, next))
			end = f->ast->comments[f->comment - 1].end;
	}
	phx_fmt_comments(f, it->close, &end, &first);
	f->level--;
	f->group++;
	phx_fmt_newline(f);
}

static void write_items(struct phx_fmt *f, const struct phx_expr *e, const struct items *it, bool padded)
{
	uint32_t i;

	if (on_lines(f, e, it)) {
		write_lines(f, e, it);
		return;
	}
	for (i = 0; i < it->n; i++) {
		phx_fmt_c(f, i ? ", " : padded ? " " : "");
		it->write(f, e, i, false);
	}
	phx_fmt_c(f, padded && it->n ? " " : "");
	phx_fmt_reach(f, it->close);
}

static struct phx_span list_span(const struct phx_expr *e, uint32_t i)
{
	return e->list.v[i]->span;
}

static void list_write(struct phx_fmt *f, const struct phx_expr *e, uint32_t i, bool lines)
{
	(void)lines;
	expr(f, e->list.v[i]);
}

static void list(struct phx_fmt *f, const struct phx_expr *e, struct phx_span at)
{
	struct items it = {e->list.n, at.start + 1, at.end - 1, ",", list_span, list_write};

	phx_fmt_reach(f, at.start);
	phx_fmt_c(f, "[");
	write_items(f, e, &it, false);
	phx_fmt_c(f, "]");
}

static struct phx_span entry_span(const struct phx_expr *e, uint32_t i)
{
	return phx_span_join(e->object.v[i].key.span, e->object.v[i].value->span);
}

static void entry_write(struct phx_fmt *f, const struct phx_expr *e, uint32_t i, bool lines)
{
	copy_leaf(f, e->object.v[i].key.span);
	phx_fmt_c(f, " ");
	if (lines)
		phx_fmt_cell(f, CELL_EQUALS);
	phx_fmt_c(f, "= ");
	expr(f, e->object.v[i].value);
}

static void object(struct phx_fmt *f, const struct phx_expr *e, struct phx_span at)
{
	struct items it = {e->object.n, at.start + 1, at.end - 1, "", entry_span, entry_write};

	phx_fmt_reach(f, at.start);
	phx_fmt_c(f, "{");
	write_items(f, e, &it, true);
	phx_fmt_c(f, "}");
}

static struct phx_span arg_span(const struct phx_expr *e, uint32_t i)
{
	const struct phx_ast_arg *arg = &e->call.args[i];

	return arg->name.text.len ? phx_span_join(arg->name.span, arg->value->span) : arg->value->span;
}

static void arg_write(struct phx_fmt *f, const struct phx_expr *e, uint32_t i, bool lines)
{
	const struct phx_ast_arg *arg = &e->call.args[i];

	if (arg->name.text.len) {
		copy_leaf(f, arg->name.span);
		phx_fmt_c(f, " ");
		if (lines)
			phx_fmt_cell(f, CELL_EQUALS);
		phx_fmt_c(f, "= ");
	}
	expr(f, arg->value);
}

static void call(struct phx_fmt *f, const struct phx_expr *e, struct phx_span at)
{
	struct items it = {e->call.n, e->call.fn->span.end, at.end - 1, ",", arg_span, arg_write};

	expr(f, e->call.fn);
	phx_fmt_c(f, "(");
	write_items(f, e, &it, false);
	phx_fmt_c(f, ")");
}

/* Operators */

/* What stands between two operands, with the break that the source has there. */
static void operator(struct phx_fmt *f, const char *text, uint32_t from, uint32_t to)
{
	phx_fmt_c(f, " ");
	phx_fmt_c(f, text);
	phx_fmt_reach(f, to);
	if (phx_fmt_breaks(f, from, to)) {
		f->level++;
		phx_fmt_newline(f);
		f->level--;
	} else {
		phx_fmt_c(f, " ");
	}
}

/* `host(subnet, 5)/24` stays as tight as it was written. */
static bool is_prefix(const struct phx_expr *e)
{
	return e->op == PHX_OP_DIV && e->bin.rhs->kind == PHX_EXPR_INT &&
	       e->bin.op_at == e->bin.lhs->span.end && e->bin.rhs->span.start == e->bin.op_at + 1;
}

static void binary(struct phx_fmt *f, const struct phx_expr *e)
{
	expr(f, e->bin.lhs);
	if (is_prefix(e)) {
		phx_fmt_c(f, "/");
		copy_leaf(f, e->bin.rhs->span);
		return;
	}
	operator(f, phx_op_text(e->op), e->bin.lhs->span.end, e->bin.rhs->span.start);
	expr(f, e->bin.rhs);
}

static void range(struct phx_fmt *f, const struct phx_expr *e)
{
	expr(f, e->bin.lhs);
	phx_fmt_c(f, "..");
	expr(f, e->bin.rhs);
}

static void conditional(struct phx_fmt *f, const struct phx_expr *e)
{
	expr(f, e->cond.test);
	operator(f, "?", e->cond.test->span.end, e->cond.yes->span.start);
	expr(f, e->cond.yes);
	operator(f, ":", e->cond.yes->span.end, e->cond.no->span.start);
	expr(f, e->cond.no);
}

/* Comprehensions */

static void gap(struct phx_fmt *f, bool lines)
{
	if (lines)
		phx_fmt_newline(f);
	else
		phx_fmt_c(f, " ");
}

static void comprehension(struct phx_fmt *f, const struct phx_expr *e, struct phx_span at)
{
	const struct phx_ast_loop *loop = e->loop;
	const struct phx_expr *head = loop->key ? loop->key : loop->value,
			      *last = loop->cond ? loop->cond : loop->source;
	bool lines = phx_fmt_breaks(f, at.start, head->span.start) ||
		     phx_fmt_breaks(f, loop->value->span.end, loop->var.span.start) ||
		     (loop->cond && phx_fmt_breaks(f, loop->source->span.end, loop->cond->span.start)) ||
		     phx_fmt_breaks(f, last->span.end, at.end);

	phx_fmt_reach(f, at.start);
	phx_fmt_c(f, loop->key ? "{" : "[");
	f->level++;
	if (lines)
		phx_fmt_newline(f);
	if (loop->key) {
		expr(f, loop->key);
		phx_fmt_c(f, ": ");
	}
	expr(f, loop->value);
	gap(f, lines);
	phx_fmt_c(f, "for ");
	copy_leaf(f, loop->var.span);
	if (loop->second.text.len) {
		phx_fmt_c(f, ", ");
		copy_leaf(f, loop->second.span);
	}
	phx_fmt_c(f, " in ");
	expr(f, loop->source);
	if (loop->cond) {
		gap(f, lines);
		phx_fmt_c(f, "if ");
		expr(f, loop->cond);
	}
	f->level--;
	phx_fmt_reach(f, at.end);
	if (lines)
		phx_fmt_newline(f);
	phx_fmt_c(f, loop->key ? "}" : "]");
}

/* A dot right behind it would be read as part of it. */
static bool is_number(const struct phx_expr *e)
{
	return e->kind >= PHX_EXPR_INT && e->kind <= PHX_EXPR_MAC && !(e->flags & PHX_EF_PAREN);
}

/* An expression without the parentheses around it; `at` is its place without them. */
static void bare(struct phx_fmt *f, const struct phx_expr *e, struct phx_span at)
{
	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_ERROR:
	case PHX_EXPR_NULL:
	case PHX_EXPR_BOOL:
	case PHX_EXPR_INT:
	case PHX_EXPR_FLOAT:
	case PHX_EXPR_SIZE:
	case PHX_EXPR_DURATION:
	case PHX_EXPR_IP:
	case PHX_EXPR_CIDR:
	case PHX_EXPR_MAC:
	case PHX_EXPR_NAME:
	case PHX_EXPR_SELF:
	case PHX_EXPR_KIND_COUNT:
		copy_leaf(f, at);
		return;
	case PHX_EXPR_STRING:
	case PHX_EXPR_TEMPLATE:
		if (e->flags & PHX_EF_HEREDOC)
			heredoc(f, at);
		else
			copy_leaf(f, at);
		return;
	case PHX_EXPR_ATTR:
		expr(f, e->attr.of);
		phx_fmt_c(f, is_number(e->attr.of) ? " ." : ".");
		copy_leaf(f, phx_expr_attr_name(e).span);
		return;
	case PHX_EXPR_INDEX:
		expr(f, e->bin.lhs);
		phx_fmt_c(f, "[");
		expr(f, e->bin.rhs);
		phx_fmt_reach(f, at.end);
		phx_fmt_c(f, "]");
		return;
	case PHX_EXPR_CALL:
		call(f, e, at);
		return;
	case PHX_EXPR_UNARY:
		phx_fmt_reach(f, at.start);
		phx_fmt_c(f, phx_op_text(e->op));
		expr(f, e->un.of);
		return;
	case PHX_EXPR_BINARY:
		binary(f, e);
		return;
	case PHX_EXPR_RANGE:
		range(f, e);
		return;
	case PHX_EXPR_COND:
		conditional(f, e);
		return;
	case PHX_EXPR_LIST:
		list(f, e, at);
		return;
	case PHX_EXPR_OBJECT:
		object(f, e, at);
		return;
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
		comprehension(f, e, at);
		return;
	}
}

/* Where the next `c` stands, from `at` on; blanks, commas and comments are passed over. */
static uint32_t find(const struct phx_fmt *f, uint32_t at, char c)
{
	uint32_t comment = f->comment;

	while (at < f->text.len && f->text.ptr[at] != c) {
		while (comment < f->ast->ncomments && f->ast->comments[comment].start < at)
			comment++;
		if (comment < f->ast->ncomments && f->ast->comments[comment].start == at)
			at = f->ast->comments[comment].end;
		else
			at++;
	}
	return at;
}

/* The place of an expression that stands in (maybe several) parentheses, without them. */
static struct phx_span inside(struct phx_fmt *f, const struct phx_expr *e)
{
	struct phx_span at = e->span;

	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_BINARY:
	case PHX_EXPR_RANGE:
		return phx_span_join(e->bin.lhs->span, e->bin.rhs->span);
	case PHX_EXPR_COND:
		return phx_span_join(e->cond.test->span, e->cond.no->span);
	case PHX_EXPR_ATTR:
		return phx_span_join(e->attr.of->span, phx_expr_attr_name(e).span);
	case PHX_EXPR_INDEX:
		at.start = e->bin.lhs->span.start;
		at.end = find(f, e->bin.rhs->span.end, ']') + 1;
		return at;
	case PHX_EXPR_CALL:
		at.start = e->call.fn->span.start;
		at.end = find(f,
			      e->call.n ? e->call.args[e->call.n - 1].value->span.end
					: find(f, e->call.fn->span.end, '(') + 1,
			      ')') +
			 1;
		return at;
	case PHX_EXPR_ERROR:
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
	case PHX_EXPR_TEMPLATE:
	case PHX_EXPR_NAME:
	case PHX_EXPR_SELF:
	case PHX_EXPR_UNARY:
	case PHX_EXPR_LIST:
	case PHX_EXPR_OBJECT:
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
	case PHX_EXPR_KIND_COUNT:
		break;
	}
	/* None of these begins with a parenthesis of its own; but what ends them could be text of a comment. */
	phx_fmt_reach(f, at.end);
	while (at.start < at.end && strchr("( \t\r\n", f->text.ptr[at.start])) {
		at.end -= f->text.ptr[at.start] == '(';
		at.start++;
		while (strchr(" \t\r\n", f->text.ptr[at.end - 1]))
			at.end--;
	}
	return at;
}

static void parenthesised(struct phx_fmt *f, const struct phx_expr *e)
{
	struct phx_span at = inside(f, e);
	bool lines = phx_fmt_breaks(f, e->span.start, at.start) || phx_fmt_breaks(f, at.end, e->span.end);

	phx_fmt_reach(f, e->span.start);
	if (f->failed)
		return;
	phx_fmt_c(f, "(");
	f->level++;
	if (lines)
		phx_fmt_newline(f);
	bare(f, e, at);
	f->level--;
	phx_fmt_reach(f, e->span.end);
	if (lines)
		phx_fmt_newline(f);
	phx_fmt_c(f, ")");
}

static void expr(struct phx_fmt *f, const struct phx_expr *e)
{
	if (f->failed)
		return;
	if (e->flags & PHX_EF_PAREN)
		parenthesised(f, e);
	else
		bare(f, e, e->span);
}

void phx_fmt_expr(struct phx_fmt *f, const struct phx_expr *e)
{
	struct phx_fmt_mark mark = phx_fmt_mark(f);

	phx_fmt_reach(f, e->span.start);
	if (f->failed)
		return; /* the comment is not the expression's */
	expr(f, e);
	phx_fmt_reach(f, e->span.end);
	if (!f->failed)
		return;
	phx_fmt_rewind(f, &mark);
	phx_fmt_copy(f, e->span.start, e->span.end);
}
