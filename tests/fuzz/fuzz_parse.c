/* Any text parses to a tree whose places lie in the file, one inside the other; and what parses without an error is
 * formatted to something that has the same tree and comments and is not changed by formatting it again. */
#include "fuzz.h"

#include "ast/fmt.h"
#include "ast/parse.h"
#include "base/diag.h"

struct parsed {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_ast_file *ast;
	struct phx_str text;
};

static void parse(struct parsed *p, struct phx_str text)
{
	uint32_t file;

	*p = (struct parsed){0};
	phx_sources_init(&p->sources, &p->arena);
	phx_diag_bag_init(&p->bag, &p->arena, &p->sources);
	file = phx_source_add(&p->sources, PHX_STR("fuzz.phx"), text);
	p->text = phx_source_get(&p->sources, file)->text;
	p->ast = phx_parse_source(&p->sources, file, &p->arena, &p->bag);
	FUZZ_CHECK(p->ast);
	FUZZ_CHECK((p->ast->errors > 0) == (p->bag.errors > 0));
}

static void done(struct parsed *p)
{
	phx_arena_done(&p->arena);
}

static void check_span(const struct parsed *p, struct phx_span at, struct phx_span outer)
{
	FUZZ_CHECK(at.file == p->ast->file && at.start <= at.end && at.end <= p->text.len);
	if (p->ast->errors == 0)
		FUZZ_CHECK(outer.start <= at.start && at.end <= outer.end);
}

static void check_name(const struct parsed *p, struct phx_ast_name name, struct phx_span outer)
{
	if (name.text.len)
		check_span(p, name.span, outer);
}

static void check_expr(const struct parsed *p, const struct phx_expr *e, struct phx_span outer,
		       uint32_t depth)
{
	uint32_t i;

	if (!e)
		return;
	check_span(p, e->span, outer);
	FUZZ_CHECK(e->kind < PHX_EXPR_KIND_COUNT && e->op < PHX_OP_COUNT && depth <= PHX_AST_MAX_DEPTH &&
		   e->depth >= 1);
	FUZZ_CHECK(e->kind != PHX_EXPR_ERROR || p->ast->errors > 0);
	outer = e->span;
	depth++;
	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_TEMPLATE:
	case PHX_EXPR_LIST:
		for (i = 0; i < e->list.n; i++)
			check_expr(p, e->list.v[i], outer, depth);
		break;
	case PHX_EXPR_ATTR:
		check_expr(p, e->attr.of, outer, depth);
		check_name(p, phx_expr_attr_name(e), outer);
		break;
	case PHX_EXPR_INDEX:
	case PHX_EXPR_BINARY:
	case PHX_EXPR_RANGE:
		check_expr(p, e->bin.lhs, outer, depth);
		check_expr(p, e->bin.rhs, outer, depth);
		check_span(p, phx_expr_op_span(e), outer);
		break;
	case PHX_EXPR_CALL:
		check_expr(p, e->call.fn, outer, depth);
		for (i = 0; i < e->call.n; i++) {
			check_name(p, e->call.args[i].name, outer);
			check_expr(p, e->call.args[i].value, outer, depth);
		}
		break;
	case PHX_EXPR_UNARY:
		check_expr(p, e->un.of, outer, depth);
		break;
	case PHX_EXPR_COND:
		check_expr(p, e->cond.test, outer, depth);
		check_expr(p, e->cond.yes, outer, depth);
		check_expr(p, e->cond.no, outer, depth);
		break;
	case PHX_EXPR_OBJECT:
		for (i = 0; i < e->object.n; i++) {
			check_span(p, e->object.v[i].key.span, outer);
			check_expr(p, e->object.v[i].value, outer, depth);
		}
		break;
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
		check_name(p, e->loop->var, outer);
		check_name(p, e->loop->second, outer);
		check_expr(p, e->loop->source, outer, depth);
		check_expr(p, e->loop->cond, outer, depth);
		check_expr(p, e->loop->key, outer, depth);
		check_expr(p, e->loop->value, outer, depth);
		break;
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
	case PHX_EXPR_NAME:
	case PHX_EXPR_SELF:
	case PHX_EXPR_KIND_COUNT:
		break;
	}
}

static void check_body(const struct parsed *p, const struct phx_body *body, struct phx_span outer,
		       uint32_t depth);

static void check_stmt(const struct parsed *p, const struct phx_stmt *s, struct phx_span outer,
		       uint32_t depth)
{
	uint32_t i;

	check_span(p, s->span, outer);
	outer = s->span;
	switch ((enum phx_stmt_kind)s->kind) {
	case PHX_STMT_ATTR:
	case PHX_STMT_LET:
	case PHX_STMT_OUTPUT:
		FUZZ_CHECK(s->attr.value);
		check_span(p, s->attr.name.span, outer);
		check_expr(p, s->attr.value, outer, 1);
		break;
	case PHX_STMT_PARAM:
		check_span(p, s->param->name.span, outer);
		check_expr(p, s->param->value, outer, 1);
		check_body(p, s->param->body, outer, depth);
		break;
	case PHX_STMT_BLOCK:
		check_span(p, s->block->head, outer);
		for (i = 0; i < s->block->nlabels; i++)
			check_expr(p, s->block->labels[i], outer, 1);
		check_body(p, s->block->body, outer, depth);
		break;
	case PHX_STMT_FOR:
		FUZZ_CHECK(s->loop->source && s->loop->body);
		check_name(p, s->loop->var, outer);
		check_expr(p, s->loop->source, outer, 1);
		check_body(p, s->loop->body, outer, depth);
		break;
	case PHX_STMT_IF:
		FUZZ_CHECK(s->branch->n > 0 && s->branch->arms[0].cond);
		for (i = 0; i < s->branch->n; i++) {
			check_expr(p, s->branch->arms[i].cond, outer, 1);
			check_body(p, s->branch->arms[i].body, outer, depth);
		}
		break;
	case PHX_STMT_ASSERT:
		FUZZ_CHECK(s->check.cond);
		check_expr(p, s->check.cond, outer, 1);
		check_expr(p, s->check.message, outer, 1);
		break;
	case PHX_STMT_KIND_COUNT:
		FUZZ_CHECK(s->kind < PHX_STMT_KIND_COUNT);
	}
}

static void check_body(const struct parsed *p, const struct phx_body *body, struct phx_span outer,
		       uint32_t depth)
{
	uint32_t i;

	if (!body)
		return;
	FUZZ_CHECK(depth <= PHX_AST_MAX_DEPTH && (body->lost == 0 || p->ast->errors > 0));
	check_span(p, body->span, outer);
	for (i = 0; i < body->n; i++)
		check_stmt(p, body->v[i], body->span, depth + 1);
}

static void check_diags(const struct parsed *p)
{
	struct phx_buf out = {0};
	uint32_t i;

	for (i = 0; i < p->bag.diags.n; i++) {
		const struct phx_diag *d = p->bag.diags.v[i];
		uint32_t j;

		FUZZ_CHECK(d->span.file == p->ast->file && d->span.start <= d->span.end &&
			   d->span.end <= p->text.len);
		for (j = 0; j < d->labels.n; j++)
			FUZZ_CHECK(d->labels.v[j].span.start <= d->labels.v[j].span.end &&
				   d->labels.v[j].span.end <= p->text.len);
		for (j = 0; j < d->fixes.n; j++)
			FUZZ_CHECK(d->fixes.v[j].span.start <= d->fixes.v[j].span.end &&
				   d->fixes.v[j].span.end <= p->text.len);
	}
	phx_diag_render(&p->bag, PHX_DIAG_HUMAN, false, &out);
	phx_buf_done(&out);
}

static void dump(const struct parsed *p, struct phx_buf *out)
{
	phx_ast_dump(p->ast, out);
}

/* Comments are kept but for blanks at the ends of their lines; so all their other characters must be there. */
static void comments(const struct parsed *p, struct phx_buf *out)
{
	uint32_t i, at;

	for (i = 0; i < p->ast->ncomments; i++) {
		for (at = p->ast->comments[i].start; at < p->ast->comments[i].end; at++)
			if (p->text.ptr[at] != ' ' && p->text.ptr[at] != '\t' && p->text.ptr[at] != '\r')
				phx_buf_ch(out, p->text.ptr[at]);
		phx_buf_ch(out, '\n');
	}
}

static void check_fmt(const struct parsed *p)
{
	struct phx_buf once = {0}, twice = {0}, before = {0}, after = {0};
	struct parsed again;

	FUZZ_CHECK(phx_fmt_file(p->ast, &p->sources, &once));
	parse(&again, phx_buf_view(&once));
	FUZZ_CHECK(again.ast->errors == 0);
	dump(p, &before);
	dump(&again, &after);
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&before), phx_buf_view(&after)));
	phx_buf_clear(&before);
	phx_buf_clear(&after);
	comments(p, &before);
	comments(&again, &after);
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&before), phx_buf_view(&after)));
	FUZZ_CHECK(phx_fmt_file(again.ast, &again.sources, &twice));
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&once), phx_buf_view(&twice)));
	done(&again);
	phx_buf_done(&once);
	phx_buf_done(&twice);
	phx_buf_done(&before);
	phx_buf_done(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_buf unused = {0};
	struct parsed p;
	uint32_t i, last = 0;

	parse(&p, (struct phx_str){(const char *)data, size});
	check_body(&p, &p.ast->body, p.ast->body.span, 0);
	for (i = 0; i < p.ast->ncomments; i++) {
		struct phx_span at = p.ast->comments[i];

		FUZZ_CHECK(last <= at.start && at.start < at.end && at.end <= p.text.len);
		last = at.end;
	}
	check_diags(&p);
	if (p.ast->errors == 0)
		check_fmt(&p);
	else
		FUZZ_CHECK(!phx_fmt_file(p.ast, &p.sources, &unused) && unused.len == 0);
	done(&p);
	return 0;
}
