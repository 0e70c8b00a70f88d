/* What the binder makes of the syntax tree: names resolved, types checked, mistakes replaced by POISON. The evaluator
 * walks this form, once per loop iteration, and never looks at a name again. Private to compiler/sema. */
#pragma once

#include "ast/ast.h"
#include "model/option.h"
#include "model/schema.h"

/* --- types --- */

#define PHX_TY(kind) (1U << (kind))

enum {
	PHX_TY_NUMBER = PHX_TY(PHX_V_INT) | PHX_TY(PHX_V_FLOAT),
	PHX_TY_ADDRESS = PHX_TY(PHX_V_IP) | PHX_TY(PHX_V_CIDR),
	PHX_TY_ANY = (1U << PHX_V_KIND_COUNT) - 1,
	/* What has a canonical text. */
	PHX_TY_SCALAR = PHX_TY_NUMBER | PHX_TY_ADDRESS | PHX_TY(PHX_V_BOOL) | PHX_TY(PHX_V_STRING) |
			PHX_TY(PHX_V_SIZE) | PHX_TY(PHX_V_DURATION) | PHX_TY(PHX_V_MAC),
};

/* Bare words that mean themselves in some place: those of an attribute, or of a Proxmox option. */
struct phx_words {
	const struct phx_attr_spec *spec; /* may be NULL */
	const struct phx_option *option;  /* may be NULL */
	bool any;                         /* nothing is known: any word will do */
};

struct phx_field;

/* What is known of an expression's value before it is computed. Passed by value. */
struct phx_ty {
	uint16_t kinds;     /* PHX_TY of each kind it may have; 0: poison, fits everywhere in silence */
	uint16_t ref_kinds; /* of a REF: bit per enum phx_kind; 0: any */
	uint32_t nfields;
	const struct phx_ty *elem;          /* of LIST and MAP; NULL: anything */
	const struct phx_field *fields;     /* of an object written out: exactly these keys; else NULL */
	const struct phx_words *words;      /* of a STRING that is one of these; else NULL */
	const struct phx_block_spec *block; /* of a MAP that is a resource's block, else NULL */
	uint16_t block_kinds;               /* the kinds of resource that the block is of */
	uint8_t depth;                      /* types inside one another; deep inside, nothing is known */
	bool blocks;                        /* all blocks of that type, by label: `networks` */
	bool stands; /* REF or MAP: a resource, or an object that stands for one and has what is known of it */
};

struct phx_field {
	struct phx_str name;
	struct phx_ty ty;
};

/* --- names --- */

enum phx_sym_kind {
	PHX_SYM_LET,
	PHX_SYM_PARAM,
	PHX_SYM_LOOP,
	PHX_SYM_GIVEN /* `value`, a template's variable */
};
enum phx_progress { PHX_TODO, PHX_RUNNING, PHX_DONE };

struct phx_node;
struct phx_scope;
struct phx_body_ir;

/* A value computed when it is first asked for. */
struct phx_cell {
	const struct phx_sym *sym;
	struct phx_value value;
	uint8_t state; /* enum phx_progress */
};

struct phx_sema_param {
	struct phx_str name;
	struct phx_span name_span;
	const struct phx_ast_param *ast;
	struct phx_ty ty;
	bool typed, secret;
	struct phx_node *init;    /* default; NULL: none */
	struct phx_scope *scope;  /* of its asserts: holds `value` */
	struct phx_body_ir *body; /* asserts; NULL: none */
	struct phx_node *given;   /* from --set or a file; NULL: not given */
};

struct phx_sym {
	struct phx_str name;
	struct phx_span span; /* of the name where it is declared */
	uint8_t kind;         /* enum phx_sym_kind */
	uint8_t typing;       /* enum phx_progress: is `ty` known? */
	uint32_t slot;        /* in its frame */
	struct phx_ty ty;
	const struct phx_expr *ast; /* LET */
	struct phx_node *init;      /* LET, once bound */
	struct phx_scope *scope;
	struct phx_sema_param *param; /* PARAM */
	struct phx_cell cell;         /* of names of the file's scope; locals live in frames */
};

/* A pair of braces, a loop or a comprehension that declares names, or a block's body. */
struct phx_scope {
	struct phx_scope *up; /* NULL: the scope of the files */
	PHX_VEC(struct phx_sym *) syms;
	const struct phx_block_spec *block; /* body of this block: what `self` may mean; else NULL */
	enum phx_kind kind;                 /* of the resource around it */
	struct phx_span head;               /* of the block */
	bool framed;                        /* has a frame when it runs */
	bool closed;                        /* nothing outside is visible: a template file */
	bool lost; /* a statement in it did not parse: a name may have been lost with it */
};

/* --- expressions --- */

enum phx_node_kind {
	PHX_N_POISON,
	PHX_N_CONST,
	PHX_N_LOCAL,    /* .local */
	PHX_N_GLOBAL,   /* .global */
	PHX_N_RESOURCE, /* .res: vm.x, vm["x"] */
	PHX_N_SELF,     /* .local.hops; only below PATH */
	PHX_N_PATH,     /* .path: attributes and blocks of a resource */
	PHX_N_MEMBER,   /* .member: of a map */
	PHX_N_INDEX,    /* .sub.a[.sub.b] */
	PHX_N_CALL,     /* .call */
	PHX_N_FEATURE,  /* .feature: feature.x(…) */
	PHX_N_NOT,
	PHX_N_NEG,
	PHX_N_BINARY, /* .sub.a op .sub.b */
	PHX_N_AND,
	PHX_N_OR,
	PHX_N_RANGE,
	PHX_N_COND, /* .sub.a ? .sub.b : .sub.c */
	PHX_N_LIST,
	PHX_N_OBJECT,
	PHX_N_TEMPLATE,
	PHX_N_LOOP, /* .loop: comprehensions */
};

/* One step behind a resource: an attribute, a block, or one of several blocks. */
struct phx_seg {
	struct phx_str name;
	struct phx_span span;
	struct phx_node *label; /* networks["net1"]; else NULL */
	bool blocks;            /* `networks` */
};

struct phx_node_member {
	struct phx_str key;
	struct phx_span span;
	struct phx_node *value;
};

struct phx_node_loop {
	struct phx_scope *scope; /* slots 0 (and 1): the variables */
	bool two;
	struct phx_node *source, *cond, *key, *value; /* cond, key may be NULL */
};

struct phx_fn;

struct phx_node {
	uint8_t kind;   /* enum phx_node_kind */
	uint8_t op;     /* enum phx_op */
	uint16_t kinds; /* PHX_TY bits of its static type: what an unknown result is an unknown of */
	struct phx_span span;
	union {
		struct phx_value value;
		struct {
			uint32_t hops, slot;
		} local;
		struct phx_sym *global;
		struct {
			struct phx_node *a, *b, *c;
		} sub;
		struct {
			struct phx_node **v;
			uint32_t n;
		} list;
		struct {
			struct phx_node_member *v;
			uint32_t n;
		} object;
		struct {
			struct phx_node *name; /* a string */
			enum phx_kind kind;
		} res;
		struct {
			struct phx_node *of;
			struct phx_seg *segs;
			uint32_t n;
		} path;
		struct {
			struct phx_node *of;
			struct phx_str name;
		} member;
		struct {
			const struct phx_fn *fn;
			struct phx_node **args;
			uint32_t n;
		} call;
		struct {
			struct phx_node *res; /* RESOURCE of kind feature */
			struct phx_node_member *args;
			uint32_t n;
		} feature;
		struct phx_node_loop *loop;
	};
};

/* --- statements --- */

enum phx_do_kind { PHX_DO_ATTR, PHX_DO_BLOCK, PHX_DO_FOR, PHX_DO_IF, PHX_DO_ASSERT, PHX_DO_OUTPUT };

struct phx_do;

struct phx_body_ir {
	struct phx_do *v;
	uint32_t n;
	uint32_t nattrs, nblocks; /* directly in it */
	bool declares;            /* resources, here or in loops and conditions below */
};

struct phx_params {
	PHX_VEC(struct phx_sema_param *) v;
};

struct phx_do_block {
	const struct phx_block_spec *spec;
	enum phx_kind kind; /* top level: what it declares; `defaults vm`: VM */
	bool defaults;
	bool faulty; /* mistakes were reported inside */
	uint8_t nlabels;
	const struct phx_ast_block *ast;
	struct phx_node *labels[2];
	const struct phx_scope *scope; /* what it declares; its frame */
	struct phx_body_ir body;
	struct phx_params *params; /* of a feature, else NULL */
};

struct phx_do_for {
	struct phx_node *source;
	struct phx_scope *scope;
	struct phx_body_ir *body;
	bool two;
};

struct phx_do_arm {
	struct phx_node *cond; /* NULL: else */
	struct phx_scope *scope;
	struct phx_body_ir *body;
};

struct phx_do_assert {
	struct phx_node *cond, *message; /* message may be NULL */
};

/* One statement. What it is called, and where, stands in the tree. */
struct phx_do {
	const struct phx_stmt *ast;
	uint8_t kind; /* enum phx_do_kind */
	bool checked; /* ATTR: a constant that was found to fit */
	union {
		struct {
			const struct phx_attr_spec *spec; /* NULL: a free attribute */
			struct phx_node *value;           /* NULL: the literal in the tree */
		} attr;
		struct phx_do_block *block;
		struct phx_do_for *loop;
		struct {
			struct phx_do_arm *v;
			uint32_t n;
		} branch;
		struct phx_do_assert *check;
		struct phx_node *output;
	};
};

/* `policy NAME { … }`: evaluated on its own, when all declarations are. */
struct phx_policy_ir {
	struct phx_str name;
	struct phx_span span, name_span; /* head, and its name */
	bool deny;
	struct phx_scope *scope;
	struct phx_body_ir body;
};
