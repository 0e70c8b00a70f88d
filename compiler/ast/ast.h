/* Syntax tree of a .phx file: what was written, with the place of every node. Plain data in an arena; immutable
 * once parsed. Texts are slices of the source (or decoded copies in the arena). Every tree is at most
 * PHX_AST_MAX_DEPTH deep, so that walking it recursively is safe. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

enum {
	PHX_AST_MAX_DEPTH =
		200, /* nodes above one another in an expression; brackets inside one another in a file */
};

struct phx_expr;
struct phx_stmt;

/* A name as written; of a quoted name `text` is without the quotes and decoded, `span` with them. */
struct phx_ast_name {
	struct phx_str text; /* empty (len 0): there is none */
	struct phx_span span;
};

enum phx_expr_kind {
	PHX_EXPR_ERROR, /* did not parse; already reported: every use of it is silent */
	PHX_EXPR_NULL,
	PHX_EXPR_BOOL,     /* .b */
	PHX_EXPR_INT,      /* .i, never negative; flag OCTAL: written with a leading zero */
	PHX_EXPR_FLOAT,    /* .f */
	PHX_EXPR_SIZE,     /* .bytes */
	PHX_EXPR_DURATION, /* .i, milliseconds */
	PHX_EXPR_IP,       /* .ip */
	PHX_EXPR_CIDR,     /* .ip, with prefix; the host part is kept */
	PHX_EXPR_MAC,      /* .mac */
	PHX_EXPR_STRING,   /* .s, decoded; flags HEREDOC, WORD */
	PHX_EXPR_TEMPLATE, /* .list: a string with `${}`; items are STRING (literal text, maybe with escapes) or flagged INTERP */
	PHX_EXPR_NAME,     /* .s */
	PHX_EXPR_SELF,     /* the bare word `self` */
	PHX_EXPR_ATTR,     /* .attr: `of.name` */
	PHX_EXPR_INDEX,    /* .bin: `lhs[rhs]` */
	PHX_EXPR_CALL,     /* .call */
	PHX_EXPR_UNARY,    /* .un; op NOT, NEG */
	PHX_EXPR_BINARY,   /* .bin; op from MUL on, IN included; `ip/24` is a DIV */
	PHX_EXPR_RANGE,    /* .bin: `lhs..rhs`, inclusive */
	PHX_EXPR_COND,     /* .cond: `test ? yes : no` */
	PHX_EXPR_LIST,     /* .list */
	PHX_EXPR_OBJECT,   /* .object, in source order; duplicates are not refused here */
	PHX_EXPR_LIST_FOR, /* .loop: `[value for a, b in source if cond]` */
	PHX_EXPR_MAP_FOR,  /* .loop: `{key: value for a, b in source if cond}` */
	PHX_EXPR_KIND_COUNT
};

enum phx_op {
	PHX_OP_NONE,
	PHX_OP_NOT,
	PHX_OP_NEG,
	PHX_OP_MUL,
	PHX_OP_DIV,
	PHX_OP_MOD,
	PHX_OP_ADD,
	PHX_OP_SUB,
	PHX_OP_IN,
	PHX_OP_LT,
	PHX_OP_LE,
	PHX_OP_GT,
	PHX_OP_GE,
	PHX_OP_EQ,
	PHX_OP_NE,
	PHX_OP_AND,
	PHX_OP_OR,
	PHX_OP_COUNT
};

enum {
	PHX_EF_OCTAL = 1 << 0,   /* INT */
	PHX_EF_HEREDOC = 1 << 1, /* STRING, TEMPLATE */
	PHX_EF_WORD =
		1 << 2, /* STRING of a block's label or an object's key that was written as a bare word */
	PHX_EF_PAREN = 1 << 3,  /* stood in parentheses; the span includes them */
	PHX_EF_INTERP = 1 << 4, /* stands in a template's `${}`; the span is the expression's own */
};

struct phx_ast_ip {
	uint8_t family; /* 4 or 6 */
	uint8_t prefix; /* CIDR only */
	uint8_t bytes[16];
};

struct phx_ast_arg {
	struct phx_ast_name name; /* empty: positional */
	struct phx_expr *value;
};

struct phx_ast_entry {
	struct phx_ast_name key;
	struct phx_expr *value;
};

struct phx_ast_loop {
	struct phx_ast_name var;    /* `for v in …`, or the first of `for k, v in …` */
	struct phx_ast_name second; /* empty: there is none */
	struct phx_expr *source;
	struct phx_expr *cond; /* NULL: none */
	struct phx_expr *key;  /* MAP_FOR only, else NULL */
	struct phx_expr *value;
};

struct phx_expr {
	uint8_t kind;  /* enum phx_expr_kind */
	uint8_t op;    /* enum phx_op */
	uint8_t flags; /* PHX_EF_* */
	uint8_t depth; /* 1 for a leaf */
	struct phx_span span;
	union {
		bool b;
		int64_t i;
		double f;
		uint64_t bytes;
		struct phx_str s;
		struct phx_ast_ip ip;
		uint8_t mac[6];
		struct {
			struct phx_expr **v;
			uint32_t n;
		} list;
		struct {
			struct phx_ast_entry *v;
			uint32_t n;
		} object;
		struct {
			struct phx_expr *of;
			const char *name; /* see phx_expr_attr_name */
			uint32_t name_len, name_at;
		} attr;
		struct {
			struct phx_expr *fn; /* NAME for functions, ATTR for `feature.docker(…)` */
			struct phx_ast_arg *args;
			uint32_t n;
		} call;
		struct {
			struct phx_expr *of;
		} un;
		struct {
			struct phx_expr *lhs, *rhs;
			uint32_t op_at; /* offset of the operator's first byte */
		} bin;
		struct {
			struct phx_expr *test, *yes, *no;
		} cond;
		struct phx_ast_loop *loop;
	};
};

/* The statements between two braces (or of a whole file). */
struct phx_body {
	struct phx_stmt **v; /* source order */
	uint32_t n;
	uint32_t
		lost; /* statements that did not parse and left no node (reported): do not complain of what is missing */
	struct phx_span span; /* with the braces; of a file: all of it */
};

enum phx_stmt_kind {
	PHX_STMT_ATTR,   /* .attr: `name = value`, `"key" = value` */
	PHX_STMT_LET,    /* .attr: `let name = value` */
	PHX_STMT_OUTPUT, /* .attr: `output name = value` */
	PHX_STMT_PARAM,  /* .param */
	PHX_STMT_BLOCK, /* .block: every declaration of a resource, `stack`, `defaults KIND`, nested blocks, `policy`, `module`, … */
	PHX_STMT_FOR,   /* .loop */
	PHX_STMT_IF,    /* .branch */
	PHX_STMT_ASSERT, /* .check */
	PHX_STMT_KIND_COUNT
};

enum {
	PHX_SF_QUOTED = 1 << 0, /* ATTR whose name is a string */
};

/* `int`, `list<string>`, `ref<vm>` */
struct phx_ast_type {
	struct phx_ast_name name;
	struct phx_ast_type *arg; /* NULL: none */
	struct phx_span span;     /* with its argument */
};

struct phx_ast_param {
	struct phx_ast_name name;
	struct phx_ast_type *type; /* NULL: none given */
	struct phx_expr *value;    /* default; NULL: none */
	struct phx_body *body;     /* asserts; NULL: none */
};

struct phx_ast_block {
	struct phx_ast_name type; /* `vm`, `network`, `stack`, `rule`, … */
	struct phx_expr **labels; /* STRING (flag WORD for a bare word), TEMPLATE or ERROR */
	uint32_t nlabels;
	struct phx_span head;  /* type and labels */
	struct phx_body *body; /* NULL: none (`stack "lab"`) */
};

struct phx_ast_for {
	struct phx_ast_name var, second; /* as in struct phx_ast_loop */
	struct phx_expr *source;
	struct phx_body *body;
};

struct phx_ast_arm {
	struct phx_expr *cond; /* NULL: `else` */
	struct phx_body *body;
};

struct phx_ast_if {
	struct phx_ast_arm *arms; /* if, else if …, else */
	uint32_t n;
};

struct phx_stmt {
	uint8_t kind;  /* enum phx_stmt_kind */
	uint8_t flags; /* PHX_SF_* */
	struct phx_span span;
	union {
		struct {
			struct phx_ast_name name;
			struct phx_expr *value; /* ERROR where the value did not parse */
		} attr;
		struct phx_ast_param *param;
		struct phx_ast_block *block;
		struct phx_ast_for *loop;
		struct phx_ast_if *branch;
		struct {
			struct phx_expr *cond, *message; /* message NULL: none */
		} check;
	};
};

struct phx_ast_file {
	uint32_t file;
	struct phx_body body;
	struct phx_span *comments; /* in source order, with their `#`, `//` or slash-star */
	uint32_t ncomments;
	uint32_t
		errors; /* reported while parsing this file; with any, names that are unknown may have been lost */
};

const char *phx_expr_kind_name(enum phx_expr_kind kind); /* for people: "a list", "a conditional" */
const char *phx_op_text(enum phx_op op);                 /* "&&" */

/* Of an ATTR: the name behind the dot and its place. */
static inline struct phx_ast_name phx_expr_attr_name(const struct phx_expr *e)
{
	return (struct phx_ast_name){
		{e->attr.name, e->attr.name_len},
		{e->span.file, e->attr.name_at, e->attr.name_at + e->attr.name_len},
	};
}

/* Of a BINARY, RANGE: the place of the operator. */
struct phx_span phx_expr_op_span(const struct phx_expr *e);

/* `i-1` is one name. Splits it at its nth `-` (from 0) for a diagnostic: "`i-1` is a name; write `i - 1`".
 * False: there is no such `-`, or nothing on one of its sides. */
PHX_MUST_USE bool phx_name_split(struct phx_str name, uint32_t nth, struct phx_str *left,
				 struct phx_str *right);

/* The tree as s-expressions, one statement a line, without places: for tests, and equal for equal trees. */
void phx_ast_dump(const struct phx_ast_file *ast, struct phx_buf *out);
void phx_ast_dump_expr(const struct phx_expr *e, struct phx_buf *out);
