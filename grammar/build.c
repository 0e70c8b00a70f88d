#include "build_priv.h"

/* Lists */

uint32_t phx_build_push(struct phx_parser *p, uint32_t n, void *node)
{
	phx_vec_push(&p->scratch, &p->nodes, node);
	return n + 1;
}

uint32_t phx_build_push_arg(struct phx_parser *p, uint32_t n, struct phx_ast_name name,
			    struct phx_expr *value)
{
	phx_vec_push(&p->scratch, &p->args, ((struct phx_ast_arg){name, value}));
	return n + 1;
}

uint32_t phx_build_push_entry(struct phx_parser *p, uint32_t n, struct phx_ast_name key,
			      struct phx_expr *value)
{
	phx_vec_push(&p->scratch, &p->entries, ((struct phx_ast_entry){key, value}));
	return n + 1;
}

uint32_t phx_build_push_arm(struct phx_parser *p, uint32_t n, struct phx_expr *cond, struct phx_body *body)
{
	return phx_build_push(p, phx_build_push(p, n, cond), body);
}

/* The last n nodes of the stack, taken off it; valid until the next push. */
void **phx_build_cut(struct phx_parser *p, uint32_t n)
{
	p->nodes.n -= n;
	return n ? p->nodes.v + p->nodes.n : NULL;
}

struct phx_expr **phx_build_cut_exprs(struct phx_parser *p, uint32_t n)
{
	void **nodes = phx_build_cut(p, n);
	struct phx_expr **v = n ? PHX_NEW_N(p->arena, struct phx_expr *, n) : NULL;
	uint32_t i;

	for (i = 0; i < n; i++)
		v[i] = nodes[i];
	return v;
}

/* Names */

struct phx_ast_name phx_build_name(struct phx_parser *p, struct phx_span at)
{
	return (struct phx_ast_name){phx_parse_text(p, at), at};
}

struct phx_ast_name phx_build_key(struct phx_parser *p, const struct phx_expr *string)
{
	struct phx_diag *d;

	if (string->kind == PHX_EXPR_STRING)
		return (struct phx_ast_name){string->s, string->span};
	if (string->kind == PHX_EXPR_TEMPLATE) {
		d = phx_parse_error(p, PHX0111, string->span, "a key has no `${}`");
		phx_diag_label(p->bag, d, string->span, "must be a name or a plain string");
		phx_diag_help(p->bag, d, "keys that are computed: `{key: value for x in xs}`");
	}
	return phx_build_name(p, string->span);
}

/* Statements */

static struct phx_stmt *stmt(struct phx_parser *p, enum phx_stmt_kind kind, struct phx_span at)
{
	struct phx_stmt *s = PHX_NEW(p->arena, struct phx_stmt);

	s->kind = (uint8_t)kind;
	s->span = at;
	return s;
}

/* The last n statements; NULL stands for one that was lost. */
static void fill_body(struct phx_parser *p, uint32_t n, struct phx_body *body)
{
	void **nodes = phx_build_cut(p, n);
	uint32_t i;

	body->v = n ? PHX_NEW_N(p->arena, struct phx_stmt *, n) : NULL;
	body->n = body->lost = 0;
	for (i = 0; i < n; i++) {
		if (nodes[i])
			body->v[body->n++] = nodes[i];
		else
			body->lost++;
	}
}

void phx_build_file(struct phx_parser *p, uint32_t n)
{
	fill_body(p, n, &p->ast->body);
}

struct phx_body *phx_build_body(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_body *body = PHX_NEW(p->arena, struct phx_body);

	body->span = at;
	fill_body(p, n, body);
	return body;
}

struct phx_stmt *phx_build_attribute(struct phx_parser *p, enum phx_stmt_kind kind, struct phx_ast_name name,
				     struct phx_expr *value, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, kind, at);

	s->attr.name = name;
	s->attr.value = value;
	return s;
}

struct phx_stmt *phx_build_quoted_attr(struct phx_parser *p, struct phx_expr *name, struct phx_expr *value,
				       struct phx_span at)
{
	struct phx_stmt *s = phx_build_attribute(p, PHX_STMT_ATTR, phx_build_key(p, name), value, at);

	s->flags = PHX_SF_QUOTED;
	return s;
}

/* `node "pve"`: more likely an attribute than a block. */
static bool is_attribute(const struct phx_ast_block *block)
{
	return block->nlabels == 1 && !(block->labels[0]->flags & PHX_EF_WORD) &&
	       !phx_word_declares(block->type.text);
}

static struct phx_stmt *without_equals(struct phx_parser *p, struct phx_ast_block *block, struct phx_span at)
{
	struct phx_span value = block->labels[0]->span;
	struct phx_diag *d = phx_parse_error(p, PHX0113, value, "`=` is missing before the value");

	phx_diag_label(p->bag, d, value, "expected `=`");
	phx_diag_fix(p->bag, d, (struct phx_span){p->file, value.start, value.start}, PHX_STR("= "), true);
	return phx_build_attribute(p, PHX_STMT_ATTR, block->type, block->labels[0], at);
}

static void report_no_body(struct phx_parser *p, struct phx_span head, struct phx_str type)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0106, head, "block `" PHX_STR_FMT "` has no body", PHX_STR_ARG(type));

	phx_diag_label(p->bag, d, head, "expected `{` behind this");
	phx_diag_help(p->bag, d, "an attribute is written `" PHX_STR_FMT " = …`", PHX_STR_ARG(type));
}

struct phx_stmt *phx_build_block(struct phx_parser *p, struct phx_span type, uint32_t nlabels,
				 struct phx_body *body, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_BLOCK, at);
	struct phx_ast_block *block = PHX_NEW(p->arena, struct phx_ast_block);

	block->type = phx_build_name(p, type);
	block->labels = phx_build_cut_exprs(p, nlabels);
	block->nlabels = nlabels;
	block->head = type;
	block->body = body;
	if (nlabels)
		block->head.end = block->labels[nlabels - 1]->span.end;
	if (!body && is_attribute(block))
		return without_equals(p, block, at);
	if (!body && !phx_str_eqc(block->type.text, "stack")) {
		report_no_body(p, block->head, block->type.text);
		/* What it would have said is not known: nothing is missed in it. */
		block->body = PHX_NEW(p->arena, struct phx_body);
		block->body->span = block->head;
		block->body->lost = 1;
	}
	s->block = block;
	return s;
}

struct phx_stmt *phx_build_param(struct phx_parser *p, struct phx_ast_param param, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_PARAM, at);

	s->param = PHX_NEW(p->arena, struct phx_ast_param);
	*s->param = param;
	return s;
}

struct phx_stmt *phx_build_for(struct phx_parser *p, const struct phx_ast_loop *head, struct phx_body *body,
			       struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_FOR, at);

	s->loop = PHX_NEW(p->arena, struct phx_ast_for);
	*s->loop = (struct phx_ast_for){head->var, head->second, head->source, body};
	return s;
}

struct phx_stmt *phx_build_if(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_IF, at);
	void **nodes = phx_build_cut(p, n);
	uint32_t i;

	s->branch = PHX_NEW(p->arena, struct phx_ast_if);
	s->branch->n = n / 2;
	s->branch->arms = PHX_NEW_N(p->arena, struct phx_ast_arm, n / 2);
	for (i = 0; i < n / 2; i++)
		s->branch->arms[i] = (struct phx_ast_arm){nodes[2 * i], nodes[2 * i + 1]};
	return s;
}

struct phx_stmt *phx_build_assert(struct phx_parser *p, struct phx_expr *cond, struct phx_expr *message,
				  struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_ASSERT, at);

	s->check.cond = cond;
	s->check.message = message;
	return s;
}

struct phx_ast_type *phx_build_type(struct phx_parser *p, struct phx_span name, struct phx_ast_type *arg,
				    struct phx_span at)
{
	enum { MAX_TYPE_DEPTH = 8 };
	struct phx_ast_type *type = PHX_NEW(p->arena, struct phx_ast_type), *inner;
	int depth = 0;

	type->name = phx_build_name(p, name);
	type->span = at;
	type->arg = arg;
	for (inner = arg; inner; inner = inner->arg)
		if (++depth == MAX_TYPE_DEPTH) {
			struct phx_diag *d = phx_parse_error(
				p, PHX0103, at, "a type nested more than %d levels deep", MAX_TYPE_DEPTH);

			phx_diag_label(p->bag, d, at, "too deep");
			type->arg = NULL;
			break;
		}
	return type;
}
