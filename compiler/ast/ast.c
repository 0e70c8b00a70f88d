#include "ast/ast.h"

const char *phx_expr_kind_name(enum phx_expr_kind kind)
{
	static const char *const names[PHX_EXPR_KIND_COUNT] = {
		[PHX_EXPR_ERROR] = "an expression with an error",
		[PHX_EXPR_NULL] = "null",
		[PHX_EXPR_BOOL] = "a boolean",
		[PHX_EXPR_INT] = "a whole number",
		[PHX_EXPR_FLOAT] = "a number",
		[PHX_EXPR_SIZE] = "a size",
		[PHX_EXPR_DURATION] = "a duration",
		[PHX_EXPR_IP] = "an IP address",
		[PHX_EXPR_CIDR] = "an IP address with prefix",
		[PHX_EXPR_MAC] = "a MAC address",
		[PHX_EXPR_STRING] = "a string",
		[PHX_EXPR_TEMPLATE] = "a string with `${}`",
		[PHX_EXPR_NAME] = "a name",
		[PHX_EXPR_SELF] = "`self`",
		[PHX_EXPR_ATTR] = "an attribute",
		[PHX_EXPR_INDEX] = "an element",
		[PHX_EXPR_CALL] = "a call",
		[PHX_EXPR_UNARY] = "an operation",
		[PHX_EXPR_BINARY] = "an operation",
		[PHX_EXPR_RANGE] = "a range",
		[PHX_EXPR_COND] = "a conditional",
		[PHX_EXPR_LIST] = "a list",
		[PHX_EXPR_OBJECT] = "an object",
		[PHX_EXPR_LIST_FOR] = "a list comprehension",
		[PHX_EXPR_MAP_FOR] = "a map comprehension",
	};

	return names[kind];
}

const char *phx_op_text(enum phx_op op)
{
	static const char *const texts[PHX_OP_COUNT] = {
		[PHX_OP_NONE] = "", [PHX_OP_NOT] = "!", [PHX_OP_NEG] = "-", [PHX_OP_MUL] = "*",
		[PHX_OP_DIV] = "/", [PHX_OP_MOD] = "%", [PHX_OP_ADD] = "+", [PHX_OP_SUB] = "-",
		[PHX_OP_IN] = "in", [PHX_OP_LT] = "<",  [PHX_OP_LE] = "<=", [PHX_OP_GT] = ">",
		[PHX_OP_GE] = ">=", [PHX_OP_EQ] = "==", [PHX_OP_NE] = "!=", [PHX_OP_AND] = "&&",
		[PHX_OP_OR] = "||",
	};

	return texts[op];
}

struct phx_span phx_expr_op_span(const struct phx_expr *e)
{
	uint32_t len = e->kind == PHX_EXPR_RANGE ? 2 : (uint32_t)phx_str_c(phx_op_text(e->op)).len;

	return (struct phx_span){e->span.file, e->bin.op_at, e->bin.op_at + len};
}

bool phx_name_split(struct phx_str name, uint32_t nth, struct phx_str *left, struct phx_str *right)
{
	size_t at;

	for (at = 1; at + 1 < name.len; at++)
		if (name.ptr[at] == '-' && nth-- == 0) {
			*left = phx_str_slice(name, 0, at);
			*right = phx_str_from(name, at + 1);
			return true;
		}
	return false;
}
