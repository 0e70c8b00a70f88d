#include "ast/ast.h"

#include <string.h>

static void dump_stmt(const struct phx_stmt *s, struct phx_buf *out, uint32_t level);

static void quoted(struct phx_str s, struct phx_buf *out)
{
	phx_buf_json_string(out, s);
}

static void open(struct phx_buf *out, const char *word)
{
	phx_buf_ch(out, '(');
	phx_buf_c(out, word);
}

static void part(const struct phx_expr *e, struct phx_buf *out)
{
	phx_buf_ch(out, ' ');
	phx_ast_dump_expr(e, out);
}

static void pair(const char *word, const struct phx_expr *e, struct phx_buf *out)
{
	open(out, word);
	part(e->bin.lhs, out);
	part(e->bin.rhs, out);
	phx_buf_ch(out, ')');
}

static void list(const char *word, const struct phx_expr *e, struct phx_buf *out)
{
	uint32_t i;

	open(out, word);
	for (i = 0; i < e->list.n; i++)
		part(e->list.v[i], out);
	phx_buf_ch(out, ')');
}

static void address(const struct phx_ast_ip *ip, bool prefix, struct phx_buf *out)
{
	int i;

	if (ip->family == 4)
		phx_buf_printf(out, "%u.%u.%u.%u", ip->bytes[0], ip->bytes[1], ip->bytes[2], ip->bytes[3]);
	for (i = 0; ip->family == 6 && i < 16; i += 2)
		phx_buf_printf(out, "%s%x", i ? ":" : "", ip->bytes[i] << 8 | ip->bytes[i + 1]);
	if (prefix)
		phx_buf_printf(out, "/%u", ip->prefix);
}

static void call(const struct phx_expr *e, struct phx_buf *out)
{
	uint32_t i;

	open(out, "call");
	part(e->call.fn, out);
	for (i = 0; i < e->call.n; i++) {
		const struct phx_ast_arg *arg = &e->call.args[i];

		if (arg->name.text.len) {
			phx_buf_c(out, " (= ");
			phx_buf_str(out, arg->name.text);
			part(arg->value, out);
			phx_buf_ch(out, ')');
		} else {
			part(arg->value, out);
		}
	}
	phx_buf_ch(out, ')');
}

static void object(const struct phx_expr *e, struct phx_buf *out)
{
	uint32_t i;

	open(out, "object");
	for (i = 0; i < e->object.n; i++) {
		phx_buf_c(out, " (= ");
		quoted(e->object.v[i].key.text, out);
		part(e->object.v[i].value, out);
		phx_buf_ch(out, ')');
	}
	phx_buf_ch(out, ')');
}

static void vars(struct phx_ast_name var, struct phx_ast_name second, struct phx_buf *out)
{
	phx_buf_ch(out, ' ');
	phx_buf_str(out, var.text);
	if (second.text.len) {
		phx_buf_ch(out, ',');
		phx_buf_str(out, second.text);
	}
}

static void comprehension(const struct phx_ast_loop *loop, struct phx_buf *out)
{
	open(out, loop->key ? "map-for" : "list-for");
	vars(loop->var, loop->second, out);
	part(loop->source, out);
	if (loop->key)
		part(loop->key, out);
	part(loop->value, out);
	if (loop->cond) {
		phx_buf_c(out, " if");
		part(loop->cond, out);
	}
	phx_buf_ch(out, ')');
}

static void leaf(const struct phx_expr *e, struct phx_buf *out)
{
	static const char *const words[PHX_EXPR_KIND_COUNT] = {
		[PHX_EXPR_ERROR] = "error", [PHX_EXPR_NULL] = "null", [PHX_EXPR_SELF] = "self"};

	if (words[e->kind])
		phx_buf_c(out, words[e->kind]);
	else if (e->kind == PHX_EXPR_BOOL)
		phx_buf_c(out, e->b ? "true" : "false");
	else if (e->kind == PHX_EXPR_INT)
		phx_buf_printf(out, "%s%lld", e->flags & PHX_EF_OCTAL ? "octal:" : "", (long long)e->i);
	else if (e->kind == PHX_EXPR_FLOAT)
		phx_buf_printf(out, "float:%.17g", e->f);
	else if (e->kind == PHX_EXPR_SIZE)
		phx_buf_printf(out, "size:%llu", (unsigned long long)e->bytes);
	else if (e->kind == PHX_EXPR_DURATION)
		phx_buf_printf(out, "ms:%lld", (long long)e->i);
	else if (e->kind == PHX_EXPR_MAC)
		phx_buf_printf(out, "%02X:%02X:%02X:%02X:%02X:%02X", e->mac[0], e->mac[1], e->mac[2],
			       e->mac[3], e->mac[4], e->mac[5]);
	else if (e->kind == PHX_EXPR_STRING)
		quoted(e->s, out);
	else if (e->kind == PHX_EXPR_NAME)
		phx_buf_str(out, e->s);
	else
		address(&e->ip, e->kind == PHX_EXPR_CIDR, out);
}

static void inner(const struct phx_expr *e, struct phx_buf *out)
{
	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_TEMPLATE:
		list("template", e, out);
		return;
	case PHX_EXPR_ATTR:
		open(out, ".");
		part(e->attr.of, out);
		phx_buf_ch(out, ' ');
		phx_buf_str(out, phx_expr_attr_name(e).text);
		phx_buf_ch(out, ')');
		return;
	case PHX_EXPR_INDEX:
		pair("[]", e, out);
		return;
	case PHX_EXPR_CALL:
		call(e, out);
		return;
	case PHX_EXPR_UNARY:
		open(out, phx_op_text(e->op));
		part(e->un.of, out);
		phx_buf_ch(out, ')');
		return;
	case PHX_EXPR_BINARY:
		pair(phx_op_text(e->op), e, out);
		return;
	case PHX_EXPR_RANGE:
		pair("..", e, out);
		return;
	case PHX_EXPR_COND:
		open(out, "?");
		part(e->cond.test, out);
		part(e->cond.yes, out);
		part(e->cond.no, out);
		phx_buf_ch(out, ')');
		return;
	case PHX_EXPR_LIST:
		list("list", e, out);
		return;
	case PHX_EXPR_OBJECT:
		object(e, out);
		return;
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
		comprehension(e->loop, out);
		return;
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
		leaf(e, out);
	}
}

void phx_ast_dump_expr(const struct phx_expr *e, struct phx_buf *out)
{
	inner(e, out);
}

static void line(struct phx_buf *out, uint32_t level)
{
	if (out->len && out->ptr[out->len - 1] != '\n')
		phx_buf_ch(out, '\n');
	phx_buf_fill(out, ' ', (size_t)level * 2);
}

static void dump_body(const struct phx_body *body, struct phx_buf *out, uint32_t level)
{
	uint32_t i;

	for (i = 0; i < body->n; i++) {
		line(out, level);
		dump_stmt(body->v[i], out, level);
	}
	if (body->lost) {
		line(out, level);
		phx_buf_printf(out, "(lost %u)", body->lost);
	}
}

static void dump_type(const struct phx_ast_type *type, struct phx_buf *out)
{
	phx_buf_str(out, type->name.text);
	if (type->arg) {
		phx_buf_ch(out, '<');
		dump_type(type->arg, out);
		phx_buf_ch(out, '>');
	}
}

static void dump_param(const struct phx_ast_param *param, struct phx_buf *out, uint32_t level)
{
	phx_buf_c(out, "(param ");
	phx_buf_str(out, param->name.text);
	if (param->type) {
		phx_buf_ch(out, ' ');
		dump_type(param->type, out);
	}
	if (param->value)
		part(param->value, out);
	if (param->body)
		dump_body(param->body, out, level + 1);
	phx_buf_ch(out, ')');
}

static void dump_block(const struct phx_ast_block *block, struct phx_buf *out, uint32_t level)
{
	uint32_t i;

	phx_buf_c(out, "(block ");
	phx_buf_str(out, block->type.text);
	for (i = 0; i < block->nlabels; i++)
		if (block->labels[i]->flags & PHX_EF_WORD) {
			phx_buf_ch(out, ' ');
			phx_buf_str(out, block->labels[i]->s);
		} else {
			part(block->labels[i], out);
		}
	if (block->body)
		dump_body(block->body, out, level + 1);
	else
		phx_buf_c(out, " no-body");
	phx_buf_ch(out, ')');
}

static void dump_if(const struct phx_ast_if *branch, struct phx_buf *out, uint32_t level)
{
	uint32_t i;

	phx_buf_c(out, "(if");
	for (i = 0; i < branch->n; i++) {
		if (i)
			line(out, level + 1);
		if (!branch->arms[i].cond)
			phx_buf_c(out, "else");
		else
			part(branch->arms[i].cond, out);
		dump_body(branch->arms[i].body, out, level + 2);
	}
	phx_buf_ch(out, ')');
}

static void dump_attr(const char *word, const struct phx_stmt *s, struct phx_buf *out)
{
	open(out, word);
	phx_buf_ch(out, ' ');
	if (s->flags & PHX_SF_QUOTED)
		quoted(s->attr.name.text, out);
	else
		phx_buf_str(out, s->attr.name.text);
	part(s->attr.value, out);
	phx_buf_ch(out, ')');
}

static void dump_stmt(const struct phx_stmt *s, struct phx_buf *out, uint32_t level)
{
	switch ((enum phx_stmt_kind)s->kind) {
	case PHX_STMT_ATTR:
		dump_attr("=", s, out);
		return;
	case PHX_STMT_LET:
		dump_attr("let", s, out);
		return;
	case PHX_STMT_OUTPUT:
		dump_attr("output", s, out);
		return;
	case PHX_STMT_PARAM:
		dump_param(s->param, out, level);
		return;
	case PHX_STMT_BLOCK:
		dump_block(s->block, out, level);
		return;
	case PHX_STMT_FOR:
		phx_buf_c(out, "(for");
		vars(s->loop->var, s->loop->second, out);
		part(s->loop->source, out);
		dump_body(s->loop->body, out, level + 1);
		phx_buf_ch(out, ')');
		return;
	case PHX_STMT_IF:
		dump_if(s->branch, out, level);
		return;
	case PHX_STMT_ASSERT:
		open(out, "assert");
		part(s->check.cond, out);
		if (s->check.message)
			part(s->check.message, out);
		phx_buf_ch(out, ')');
		return;
	case PHX_STMT_KIND_COUNT:
		return;
	}
}

void phx_ast_dump(const struct phx_ast_file *ast, struct phx_buf *out)
{
	dump_body(&ast->body, out, 0);
	if (out->len)
		phx_buf_ch(out, '\n');
}
