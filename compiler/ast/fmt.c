#include "fmt_priv.h"

#include <string.h>

/* Statements, one a line. A body that was written on one line stays there if it fits. */

enum { MAX_WIDTH = 100 };

static void body(struct phx_fmt *f, const struct phx_body *b);
static void stmt(struct phx_fmt *f, const struct phx_stmt *s, bool line);

/* The head of a statement: from `from` to where the body or value begins. `write` writes it; if a comment stands in
 * it, it is copied. */
static void head(struct phx_fmt *f, const struct phx_stmt *s, uint32_t end,
		 void (*write)(struct phx_fmt *, const struct phx_stmt *))
{
	struct phx_fmt_mark mark = phx_fmt_mark(f);
	struct phx_str text = phx_str_trim(phx_str_slice(f->text, s->span.start, end - s->span.start));

	write(f, s);
	phx_fmt_reach(f, end);
	if (!f->failed)
		return;
	phx_fmt_rewind(f, &mark);
	phx_fmt_copy(f, s->span.start, s->span.start + (uint32_t)text.len);
	while (phx_fmt_pending(f, end))
		f->comment++;
}

static void name(struct phx_fmt *f, struct phx_ast_name n)
{
	phx_fmt_reach(f, n.span.start);
	phx_fmt_copy(f, n.span.start, n.span.end);
}

static void write_block_head(struct phx_fmt *f, const struct phx_stmt *s)
{
	uint32_t i;

	name(f, s->block->type);
	for (i = 0; i < s->block->nlabels; i++) {
		struct phx_span at = s->block->labels[i]->span;

		phx_fmt_reach(f, at.start);
		phx_fmt_c(f, " ");
		phx_fmt_copy(f, at.start, at.end);
	}
}

static void write_for_head(struct phx_fmt *f, const struct phx_stmt *s)
{
	phx_fmt_c(f, "for ");
	name(f, s->loop->var);
	if (s->loop->second.text.len) {
		phx_fmt_c(f, ", ");
		name(f, s->loop->second);
	}
	phx_fmt_c(f, " in ");
	phx_fmt_expr(f, s->loop->source);
}

static void type(struct phx_fmt *f, const struct phx_ast_type *t)
{
	name(f, t->name);
	if (t->arg) {
		phx_fmt_c(f, "<");
		type(f, t->arg);
		phx_fmt_c(f, ">");
	}
}

static void write_param_head(struct phx_fmt *f, const struct phx_stmt *s)
{
	phx_fmt_c(f, "param ");
	name(f, s->param->name);
	if (s->param->type) {
		phx_fmt_c(f, ": ");
		type(f, s->param->type);
	}
	if (s->param->value) {
		phx_fmt_c(f, " = ");
		phx_fmt_expr(f, s->param->value);
	}
}

/* `name = value`, `let name = value`, `output name = value`; the `=` in line with its neighbours'. */
static void write_attr(struct phx_fmt *f, const struct phx_stmt *s)
{
	if (s->kind != PHX_STMT_ATTR)
		phx_fmt_c(f, s->kind == PHX_STMT_LET ? "let " : "output ");
	name(f, s->attr.name);
	phx_fmt_c(f, " ");
	phx_fmt_cell(f, CELL_EQUALS);
	phx_fmt_c(f, "= ");
	phx_fmt_expr(f, s->attr.value);
}

static void write_assert(struct phx_fmt *f, const struct phx_stmt *s)
{
	phx_fmt_c(f, "assert ");
	phx_fmt_expr(f, s->check.cond);
	if (!s->check.message)
		return;
	phx_fmt_c(f, ",");
	phx_fmt_reach(f, s->check.message->span.start);
	if (phx_fmt_breaks(f, s->check.cond->span.end, s->check.message->span.start)) {
		f->level++;
		phx_fmt_newline(f);
		f->level--;
	} else {
		phx_fmt_c(f, " ");
	}
	phx_fmt_expr(f, s->check.message);
}

/* The condition of arm i, with what stands before it. */
static void arm_head(struct phx_fmt *f, const struct phx_stmt *s, uint32_t i)
{
	const struct phx_ast_arm *arm = &s->branch->arms[i];
	uint32_t from = i ? s->branch->arms[i - 1].body->span.end : s->span.start, to = arm->body->span.start;
	struct phx_fmt_mark mark = phx_fmt_mark(f);

	phx_fmt_c(f, i ? " else" : "");
	phx_fmt_c(f, arm->cond ? (i ? " if " : "if ") : "");
	if (arm->cond) {
		phx_fmt_reach(f, arm->cond->span.start);
		phx_fmt_expr(f, arm->cond);
	}
	phx_fmt_reach(f, to);
	if (f->failed) {
		struct phx_str text = phx_str_slice(f->text, from, to - from);

		phx_fmt_rewind(f, &mark);
		while (text.len && strchr(" \t\r\n", text.ptr[text.len - 1]))
			text.len--;
		phx_fmt_copy(f, from, from + (uint32_t)text.len);
		while (phx_fmt_pending(f, to))
			f->comment++;
	}
	phx_fmt_c(f, " ");
}

static void branches(struct phx_fmt *f, const struct phx_stmt *s)
{
	uint32_t i;

	for (i = 0; i < s->branch->n; i++) {
		arm_head(f, s, i);
		body(f, s->branch->arms[i].body);
	}
}

static void with_body(struct phx_fmt *f, const struct phx_stmt *s, const struct phx_body *b,
		      void (*write)(struct phx_fmt *, const struct phx_stmt *))
{
	head(f, s, b ? b->span.start : s->span.end, write);
	if (b) {
		phx_fmt_c(f, " ");
		body(f, b);
	}
}

static void stmt(struct phx_fmt *f, const struct phx_stmt *s, bool line)
{
	uint32_t ncells = f->cells.n;

	switch ((enum phx_stmt_kind)s->kind) {
	case PHX_STMT_ATTR:
	case PHX_STMT_LET:
	case PHX_STMT_OUTPUT:
		head(f, s, s->span.end, write_attr);
		break;
	case PHX_STMT_PARAM:
		with_body(f, s, s->param->body, write_param_head);
		break;
	case PHX_STMT_BLOCK:
		with_body(f, s, s->block->body, write_block_head);
		break;
	case PHX_STMT_FOR:
		with_body(f, s, s->loop->body, write_for_head);
		break;
	case PHX_STMT_IF:
		branches(f, s);
		break;
	case PHX_STMT_ASSERT:
		head(f, s, s->span.end, write_assert);
		break;
	case PHX_STMT_KIND_COUNT:
		break;
	}
	if (!line)
		f->cells.n = ncells;
}

/* Statements on one line, if that is how they were written. False: nothing is written. */
static bool one_line(struct phx_fmt *f, const struct phx_body *b)
{
	struct phx_fmt_mark mark = phx_fmt_mark(f);
	uint32_t i;

	if (phx_fmt_breaks(f, b->span.start, b->span.end) || phx_fmt_pending(f, b->span.end))
		return false;
	phx_fmt_c(f, b->n ? "{ " : "{");
	for (i = 0; i < b->n; i++) {
		phx_fmt_c(f, i ? "; " : "");
		stmt(f, b->v[i], false);
	}
	phx_fmt_c(f, b->n ? " }" : "}");
	if (f->line == mark.line && f->out.len - f->line_start <= MAX_WIDTH)
		return true;
	phx_fmt_rewind(f, &mark);
	return b->n == 0 && (phx_fmt_c(f, "{}"), true);
}

/* Attributes are aligned with those right above them of the same kind. */
static bool joins(const struct phx_stmt *above, const struct phx_stmt *s)
{
	return above && above->kind == s->kind &&
	       (s->kind == PHX_STMT_ATTR || s->kind == PHX_STMT_LET || s->kind == PHX_STMT_OUTPUT);
}

/* `end`: where what stands before the statements ends in the source; `close`: where they end themselves. */
static void statements(struct phx_fmt *f, const struct phx_body *b, uint32_t end, uint32_t close)
{
	const struct phx_stmt *above = NULL;
	bool first = true;
	uint32_t i;

	for (i = 0; i < b->n; i++) {
		const struct phx_stmt *s = b->v[i];
		uint32_t next = i + 1 < b->n ? b->v[i + 1]->span.start : close, line;

		phx_fmt_comments(f, s->span.start, &end, &first);
		phx_fmt_item(f, end, s->span.start, &first);
		if (!joins(above, s))
			f->group++;
		line = f->line;
		stmt(f, s, true);
		above = s;
		end = s->span.end;
		if (phx_fmt_trailing(f, end, next))
			end = f->ast->comments[f->comment - 1].end;
		if (f->line != line)
			f->group++;
	}
	phx_fmt_comments(f, close, &end, &first);
}

static void body(struct phx_fmt *f, const struct phx_body *b)
{
	if (one_line(f, b))
		return;
	if (b->n == 0 && !phx_fmt_pending(f, b->span.end)) {
		phx_fmt_c(f, "{}");
		return;
	}
	phx_fmt_c(f, "{");
	f->level++;
	phx_fmt_trailing(f, b->span.start + 1, b->n ? b->v[0]->span.start : b->span.end);
	statements(f, b, b->span.start + 1, b->span.end);
	f->level--;
	phx_fmt_newline(f);
	phx_fmt_c(f, "}");
}

bool phx_fmt_file(const struct phx_ast_file *ast, const struct phx_sources *sources, struct phx_buf *out)
{
	struct phx_fmt f = {.ast = ast, .text = phx_source_get(sources, ast->file)->text};

	if (ast->errors)
		return false;
	statements(&f, &ast->body, 0, (uint32_t)f.text.len);
	phx_fmt_align(&f, out);
	if (f.out.len)
		phx_buf_ch(out, '\n');
	phx_buf_done(&f.out);
	phx_arena_done(&f.arena);
	return true;
}
