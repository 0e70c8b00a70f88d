/* What the files of compiler/sema share: the state of one run, and who does what. */
#pragma once

#include "ast/ast.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/secret.h"
#include "base/sys.h"
#include "model/decl.h"
#include "model/feature.h"
#include "model/schema_check.h"
#include "sema/ir.h"
#include "sema/sema.h"

enum {
	PHX_SEMA_MAX_STEPS = 50 * 1000 * 1000, /* nodes evaluated */
	PHX_SEMA_MAX_DEPTH = 4000,             /* evaluations inside one another */
	PHX_SEMA_MAX_LIST = 1000 * 1000,       /* elements of a list or a map, at all depths */
	PHX_SEMA_MAX_NESTING = 200,            /* lists and maps inside one another */
	PHX_SEMA_MAX_STRING = 16 * 1024 * 1024,
	PHX_SEMA_MAX_MEMORY = 768 * 1024 * 1024, /* of everything evaluated */
	PHX_SEMA_MAX_FAILED = 1000,              /* assertions reported */
};

/* Holds an address of either family. */
__extension__ typedef unsigned __int128 phx_u128;

/* The values of a scope's names, and whose `self` it is. */
struct phx_frame_rt {
	struct phx_frame_rt *up;
	struct phx_inst *inst;   /* NULL outside declarations */
	struct phx_block *block; /* the block whose body this is, else NULL */
	uint32_t n;
	struct phx_cell cells[];
};

/* A declaration of which there may be several, when it stands in a loop. */
struct phx_inst {
	struct phx_decl *decl;
	const struct phx_do_block *ast;
	struct phx_frame_rt *outer; /* around the block */
	struct phx_ref *ref;        /* shared by all values that refer to it */
	uint64_t order;             /* place in the source, then turn of the loop */
	uint8_t state;              /* enum phx_progress of its body */
};

/* An attribute that waits for its evaluation; the attribute's value holds its number. */
struct phx_thunk {
	const struct phx_do *attr;
	struct phx_frame_rt *frame;
	uint8_t state; /* enum phx_progress */
};
enum { PHX_THUNKS_A_PAGE = 1024 };
enum { PHX_VF_LAZY = 1 << 7 }; /* value.i is the number of a thunk; never leaves sema */

/* What is being evaluated, for reporting a cycle. */
struct phx_trail {
	const struct phx_sym *sym; /* or an attribute: */
	const struct phx_inst *inst;
	const struct phx_block *block;
	uint32_t index;      /* of the attribute; of `what` */
	const char *what;    /* instead: "the existence of …" */
	struct phx_span use; /* what asked for it */
};

/* A statement at the top; `unit` counts those of all files, from 1. */
struct phx_top {
	const struct phx_do *stmt;
	uint32_t unit;
	uint8_t state; /* enum phx_progress */
};

/* A block that may come to be: its kind and what is known of its name. */
struct phx_pattern_decl {
	enum phx_kind kind;
	const struct phx_expr *label; /* STRING or TEMPLATE */
	struct phx_span head;
	uint32_t unit; /* the statement at the top that it stands in */
};

struct phx_check_rt {
	const struct phx_do_assert *check;
	struct phx_frame_rt *frame;
	struct phx_span span;
};

struct phx_unset {
	struct phx_str name;
	struct phx_span span;
	bool served; /* it became a credential of a cluster */
};

struct phx_output_rt {
	const struct phx_do *stmt;
	struct phx_frame_rt *frame;
};

struct phx_sema {
	struct phx_sources *sources;
	struct phx_arena *out; /* the result */
	size_t out_before;     /* what was in it already */
	struct phx_arena tmp;  /* everything else */
	struct phx_diag_bag *bag;
	struct phx_secrets *secrets;
	const struct phx_sema_options *opt;
	struct phx_config *config;

	/* names */
	struct phx_scope files; /* the scope of the files; its names are in `globals` */
	struct phx_map globals; /* name → struct phx_sym * */
	PHX_VEC(struct phx_sema_param *) params;
	PHX_VEC(struct phx_pattern_decl) patterns;
	struct phx_map exact[PHX_KIND_COUNT];    /* constant labels → pattern number + 1 */
	PHX_VEC(uint32_t) loose[PHX_KIND_COUNT]; /* the other patterns */
	const struct phx_ast_file *const *asts;
	uint32_t nasts;

	/* binding */
	PHX_VEC(struct phx_top) top;
	bool in_try;                               /* a missing key is no mistake here */
	bool octal_ok;                             /* 0644 may stand here */
	bool in_defaults;                          /* no `self` here */
	uint32_t unit;                             /* the statement at the top being looked at */
	bool in_policy;                            /* changes() and what only policies see may stand here */
	const struct phx_ty *change_ty, *rules_ty; /* once asked for */
	PHX_VEC(struct phx_policy_ir *) policies;

	/* evaluation */
	uint64_t steps, max_steps;
	uint32_t depth, failed;
	bool stopped;   /* a limit was hit, and reported */
	bool catching;  /* inside try() */
	bool caught;    /* … something is missing */
	bool expanded;  /* all declarations are known */
	bool masking;   /* a message is being made: secrets read (secret) */
	uint32_t order; /* unit of the statement being expanded */
	uint32_t turn;
	PHX_VEC(struct phx_inst *) insts;
	PHX_VEC(struct phx_inst *) defaults;
	PHX_VEC(struct phx_inst *) stacks;
	struct phx_map by_name[PHX_KIND_COUNT]; /* name → struct phx_inst * */
	PHX_VEC(struct phx_thunk *) thunk_pages;
	uint32_t nthunks;
	PHX_VEC(struct phx_trail) trail;
	PHX_VEC(struct phx_check_rt) checks;
	PHX_VEC(struct phx_output_rt) outputs;
	bool skipped
		[PHX_KIND_COUNT]; /* blocks of that kind may be missing: a condition was unknown or faulty */
	PHX_VEC(struct phx_unset)
	unset;                   /* environment variables that may be missing while only clusters need them */
	bool needs_unset;        /* something that is made of one of them is needed */
	struct phx_map reported; /* code and place of what was reported while evaluating */
	struct phx_map known_secrets;
	struct phx_map object_index; /* of large objects, by their address */
	struct phx_map files_read;   /* path → struct phx_file_text * */
	struct phx_map templates;
	const struct phx_feature_list *builtins; /* once somebody asked */
	struct phx_map builtins_read;            /* names of those that were loaded, well or not */
	struct phx_value all_guests;             /* of guests(), once asked for */
	bool has_all_guests;
	const struct phx_policy_input *input; /* of the policies being evaluated; else NULL */
};

/* types.c */
struct phx_ty phx_ty_of(uint32_t kinds);
struct phx_ty phx_ty_list(struct phx_sema *s, struct phx_ty elem);
struct phx_ty phx_ty_map(struct phx_sema *s, struct phx_ty elem);
struct phx_ty phx_ty_elem(struct phx_ty t); /* of a list or a map: anything when not known */
struct phx_ty phx_ty_join(struct phx_sema *s, struct phx_ty a, struct phx_ty b);
struct phx_ty phx_ty_ref(uint32_t ref_kinds);
struct phx_ty phx_ty_attr(struct phx_sema *s, enum phx_kind kind, const struct phx_attr_spec *spec);
struct phx_ty phx_ty_value(struct phx_sema *s, const struct phx_value *v);
bool phx_ty_fits(struct phx_ty t, uint32_t kinds);      /* poison fits */
void phx_ty_text(struct phx_ty t, struct phx_buf *out); /* "list<string>", "size or int" */
const char *phx_ty_name(struct phx_sema *s, struct phx_ty t);
/* A param's declared type; *out_secret: secret<…> somewhere in it. */
struct phx_ty phx_ty_declared(struct phx_sema *s, const struct phx_ast_type *t, bool *out_secret);
/* Widens ints to float where the type says so. False: does not fit; *out_at is the piece that does not. */
PHX_MUST_USE bool phx_ty_accept(struct phx_sema *s, struct phx_ty t, struct phx_value *v,
				struct phx_value *out_at);

/* operators.c: the kind of `a op b`; PHX_V_KIND_COUNT: there is no such thing. */
enum phx_value_kind phx_op_kind(enum phx_op op, enum phx_value_kind a, enum phx_value_kind b);
/* Reports `a op b` of types that do not go together. */
void phx_op_mismatch(struct phx_sema *s, enum phx_op op, struct phx_span at_a, struct phx_ty a,
		     struct phx_span at_b, struct phx_ty b);
void phx_op_apply(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		  const struct phx_value *b, struct phx_value *out);
/* <0, 0, >0 for kinds that have an order (phx_op_kind of LT). */
int phx_value_order(const struct phx_value *a, const struct phx_value *b);

/* scope.c */
struct phx_scope *phx_scope_new(struct phx_sema *s, struct phx_scope *up, const struct phx_block_spec *block);
/* Reports a name that stands twice or hides another; always returns the symbol. */
struct phx_sym *phx_scope_declare(struct phx_sema *s, struct phx_scope *in, enum phx_sym_kind kind,
				  struct phx_ast_name name);
void phx_scope_lets(struct phx_sema *s, struct phx_scope *in, const struct phx_body *body);
struct phx_sym *phx_scope_find(struct phx_sema *s, struct phx_scope *in, struct phx_str name,
			       uint32_t *out_hops);
void phx_scope_unknown(struct phx_sema *s, struct phx_scope *in, struct phx_str name, struct phx_span at,
		       const struct phx_words *words);

/* bind_expr.c, bind_path.c, bind_call.c */
struct phx_bound {
	struct phx_node *node;
	struct phx_ty ty;
};
struct phx_bound phx_bind(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			  const struct phx_words *words);
struct phx_bound phx_bind_poison(struct phx_sema *s, struct phx_span at);
struct phx_bound phx_bound_of(struct phx_node *n, struct phx_ty t);
struct phx_node *phx_node_new(struct phx_sema *s, enum phx_node_kind kind, struct phx_span at);
struct phx_node *phx_node_const(struct phx_sema *s, struct phx_value v);
struct phx_bound phx_bind_path(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words);
struct phx_bound phx_bind_call(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words);
struct phx_scope *phx_bind_loop_scope(struct phx_sema *s, struct phx_scope *in, struct phx_ast_name var,
				      struct phx_ast_name second, struct phx_ty source);
/* The type of a name, binding what it stands for first. */
struct phx_ty phx_sym_ty(struct phx_sema *s, struct phx_sym *sym);
/* The mistake "a X is wanted here", unless it fits. */
PHX_MUST_USE bool phx_bind_expect(struct phx_sema *s, struct phx_bound *b, uint32_t kinds, const char *where);
enum phx_kind phx_resource_kind(struct phx_str name); /* what `vm.x` may begin with; else NONE */

/* bind_body.c, bind_top.c, bind_param.c */
enum phx_place {
	PHX_PLACE_TOP,
	PHX_PLACE_NESTED /* in a top-level loop or condition */,
	PHX_PLACE_BLOCK,
	PHX_PLACE_PARAM,
	PHX_PLACE_POLICY
};
void phx_bind_body(struct phx_sema *s, struct phx_scope *in, const struct phx_body *body,
		   enum phx_place place, struct phx_body_ir *out);
struct phx_do_block *phx_bind_decl(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt);
struct phx_do_block *phx_bind_nested(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt);
/* Labels, scope and body of a block whose spec is known. */
void phx_bind_block(struct phx_sema *s, struct phx_scope *in, const struct phx_ast_block *b,
		    struct phx_do_block *out);
bool phx_bind_attr(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt, struct phx_do *out);
/* The value of a literal as it stands in the tree. */
bool phx_is_literal(const struct phx_expr *e);
struct phx_value phx_literal(struct phx_sema *s, const struct phx_expr *e);
/* Type, secrecy and octal form of an attribute's value, as phx_schema_value. */
PHX_MUST_USE bool phx_attr_fits(struct phx_sema *s, const struct phx_schema_ctx *c,
				const struct phx_attr_spec *spec, const struct phx_value *v);
bool phx_not_available(struct phx_sema *s, struct phx_ast_name type);
void phx_bind_all(struct phx_sema *s);
void phx_bind_param(struct phx_sema *s, struct phx_scope *in, struct phx_sema_param *p);
struct phx_sema_param *phx_param_new(struct phx_sema *s, const struct phx_ast_param *ast);
void phx_params_given(struct phx_sema *s);
struct phx_schema_ctx phx_schema_ctx_of(struct phx_sema *s, enum phx_kind kind, struct phx_span head);

/* names.c: names that people bring from elsewhere. */
bool phx_foreign_attr(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_block_spec *in,
		      struct phx_str name, struct phx_span at);
bool phx_foreign_block(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_block_spec *in,
		       struct phx_str name, struct phx_span at);
const char *phx_foreign_top(struct phx_str name);
const char *phx_foreign_value(struct phx_str name);
const char *phx_foreign_base(struct phx_str name);
const char *phx_foreign_function(struct phx_str name);

/* eval.c */
void phx_eval(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, struct phx_value *out);
void phx_eval_sym(struct phx_sema *s, struct phx_sym *sym, struct phx_cell *cell, struct phx_frame_rt *f,
		  struct phx_span use, struct phx_value *out);
void phx_eval_template(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out);
struct phx_frame_rt *phx_frame_new(struct phx_sema *s, const struct phx_scope *scope,
				   struct phx_frame_rt *up);
/* The ends of a RANGE; false: *out says why not. An empty range has *to < *from. */
bool phx_range_ends(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, int64_t *from,
		    int64_t *to, struct phx_value *out);
uint64_t phx_range_count(int64_t from, int64_t to);
/* The elements of what a loop goes through. False: *out is unknown or poison. */
bool phx_loop_source(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out, uint32_t *out_n);
/* Sets the loop's variables for element i. */
bool phx_loop_bind(struct phx_frame_rt *f, bool two, const struct phx_value *source, uint32_t i);
/* An unknown of one of these kinds. */
struct phx_value phx_unknown_of(struct phx_sema *s, uint32_t kinds, struct phx_span at);
/* Reports a limit, once, and stops. False, always. */
bool phx_eval_stop(struct phx_sema *s, struct phx_span at, const char *what);
/* Takes the size of a new list or map, and refuses what is too large. */
void phx_eval_weigh(struct phx_sema *s, struct phx_value *v);
/* One more step of a loop; false: stop. */
bool phx_eval_step(struct phx_sema *s, struct phx_span at);
/* As phx_diag_add for mistakes found while evaluating: NULL when that code was reported at that place before. The value is poison. */
struct phx_diag *phx_eval_error(struct phx_sema *s, enum phx_code code, struct phx_span at,
				struct phx_value *out, const char *fmt, ...) PHX_PRINTF(5, 6);
/* The same for what try() catches: missing keys, indexes, nulls. */
struct phx_diag *phx_eval_missing(struct phx_sema *s, enum phx_code code, struct phx_span at,
				  struct phx_value *out, const char *fmt, ...) PHX_PRINTF(5, 6);
const char *phx_shown(struct phx_sema *s, const struct phx_value *v);    /* for messages; shortened */
struct phx_str phx_tmp_str(struct phx_sema *s, const struct phx_buf *b); /* a copy for this run */

/* access.c */
void phx_access_path(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out);
/* `v.name` of any value at run time. */
void phx_access_member(struct phx_sema *s, struct phx_value *v, struct phx_str name, struct phx_span at,
		       struct phx_value *out);
/* The static side: type of attribute or block `name` of a resource (block NULL), or of one of its blocks. */
struct phx_ty phx_access_ty(struct phx_sema *s, uint32_t ref_kinds, const struct phx_block_spec *block,
			    struct phx_ast_name name, bool *out_found);
/* NULL: absent. Large objects get an index when they are first asked. */
struct phx_value *phx_object_find(struct phx_sema *s, const struct phx_object *o, struct phx_str key);
struct phx_thunk *phx_thunk_new(struct phx_sema *s);
struct phx_thunk *phx_thunk_at(struct phx_sema *s, uint32_t number);
/* The value of an attribute in its block, evaluated now. */
void phx_force_attr(struct phx_sema *s, struct phx_inst *inst, struct phx_block *b, uint32_t index,
		    struct phx_span use, struct phx_value *out);

/* expand.c */
struct phx_str phx_keep_str(struct phx_sema *s, struct phx_str t, struct phx_span at);
void phx_expand_all(struct phx_sema *s);
void phx_expand_body(struct phx_sema *s, struct phx_inst *inst);
/* Runs loops and conditions outside of any declaration; assertions found in them are added to `checks`. */
void phx_expand_statement(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f);
/* By name, expanding loops that may make it; NULL: *out says unknown or poison, or what is missing was reported. */
struct phx_inst *phx_inst_find(struct phx_sema *s, enum phx_kind kind, struct phx_str name,
			       struct phx_span at, struct phx_value *out);
struct phx_inst *phx_inst_of(struct phx_sema *s, const struct phx_ref *ref);
bool phx_expand_guests(struct phx_sema *s, struct phx_span at, struct phx_value *out);
bool phx_pattern_possible(struct phx_sema *s, enum phx_kind kind, struct phx_str name);
/* Could the label, a STRING or TEMPLATE, become the name? */
bool phx_label_possible(const struct phx_expr *label, struct phx_str name);
void phx_resource_unknown(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_span at);

/* finish.c */
void phx_finish(struct phx_sema *s);
void phx_export(struct phx_sema *s, struct phx_value *v);
/* To be masked wherever text leaves the process; `text` must outlive the run. */
void phx_keep_secret(struct phx_sema *s, struct phx_str text);
/* `password`, `token`: secret even where it stands in clear, which is a warning of its own. */
bool phx_is_credential(const struct phx_attr_spec *spec);
void phx_run_assert(struct phx_sema *s, const struct phx_do_assert *check, struct phx_span span,
		    struct phx_frame_rt *f, const struct phx_value *subject, bool *out_failed);

void phx_run_asserts(struct phx_sema *s); /* all that expansion came across */
/* The text of its message, secrets masked; empty: it has none, or it cannot be made. */
struct phx_str phx_assert_message(struct phx_sema *s, const struct phx_do_assert *check,
				  struct phx_frame_rt *f);
/* Notes with what made `n` false: the values of its operands. */
void phx_assert_notes(struct phx_sema *s, struct phx_diag *d, const struct phx_node *n,
		      struct phx_frame_rt *f);

/* bind_policy.c */
void phx_bind_policy(struct phx_sema *s, struct phx_scope *in, const struct phx_ast_block *b);
/* Reports what may not stand in a file of policies. */
void phx_policy_file_stmt(struct phx_sema *s, const struct phx_stmt *stmt);

/* policy_type.c: what only policies see. */
struct phx_ty phx_changes_ty(struct phx_sema *s);
/* The type of a guest's fact; false: there is no such fact. */
bool phx_fact_ty(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_ty *out);

/* policy.c: what is known of the resource besides its block; NULL: nothing of that name. */
struct phx_value *phx_policy_fact(struct phx_sema *s, const struct phx_decl *decl, struct phx_str name);
/* NULL when the run met no policy. The run is theirs then, and `trees` (may be NULL) too. */
struct phx_policies *phx_policies_keep(struct phx_sema *s, struct phx_arena *trees);

/* cycle.c */
void phx_trail_report(struct phx_sema *s, const struct phx_trail *again);

/* feature.c */
struct phx_bound phx_bind_feature(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e);
void phx_eval_feature(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      struct phx_value *out);
/* A plain `feature.x` takes the defaults of its parameters. */
void phx_feature_defaults(struct phx_sema *s, struct phx_value *v);

/* builtin.c: features that come with phx. */
const struct phx_feature_list *phx_builtin_list(struct phx_sema *s);
bool phx_builtin_exists(struct phx_sema *s, struct phx_str name);
/* Reads and declares it; NULL: its file is not usable, which was reported at `at`, and *out is poison. */
struct phx_inst *phx_builtin_load(struct phx_sema *s, struct phx_str name, struct phx_span at,
				  struct phx_value *out);

/* param.c */
void phx_param_value(struct phx_sema *s, struct phx_sema_param *p, struct phx_value *out);
bool phx_param_asserts(struct phx_sema *s, const struct phx_sema_param *p, const struct phx_value *v,
		       struct phx_frame_rt *outer);

/* template.c */
void phx_template_file(struct phx_sema *s, const struct phx_node *n, struct phx_str path,
		       const struct phx_value *vars, struct phx_value *out);
/* file.c */
struct phx_file_text {
	struct phx_str text;
	uint32_t source; /* as a source, once somebody needs places in it */
	bool ok;
	struct phx_str why;
};
const struct phx_file_text *phx_file_read(struct phx_sema *s, struct phx_span at, struct phx_str path,
					  struct phx_str *out_tried);

/* values_json.c */
PHX_MUST_USE bool phx_value_from_json(struct phx_sema *s, struct phx_str text, struct phx_span at,
				      struct phx_value *out, struct phx_err *err);
/* encode.c: with the secrets in clear. False: something inside has no form there; *out_what says what. */
PHX_MUST_USE bool phx_encode_json(const struct phx_value *v, struct phx_buf *out, const char **out_what);
PHX_MUST_USE bool phx_encode_yaml(const struct phx_value *v, struct phx_buf *out, const char **out_what);

/* fn_outside.c: reports env() of a variable that is not set. */
void phx_env_unset(struct phx_sema *s, struct phx_str name, struct phx_span at, struct phx_value *out);
/* `v`, which something else than a cluster needs, is what credentials_optional let pass: told now, or at the end. */
void phx_report_unset(struct phx_sema *s, const struct phx_value *v);
/* `v` is a credential of a cluster that is not asked. */
void phx_unset_serves(struct phx_sema *s, const struct phx_value *v);
/* What served no cluster is missing after all. */
void phx_report_unserved(struct phx_sema *s);
/* functions.c */
enum {
	PHX_FN_LAZY = 1 << 0,    /* evaluates its arguments itself */
	PHX_FN_PARTIAL = 1 << 1, /* may be asked with unknowns inside its arguments */
	PHX_FN_TRY = 1 << 3,     /* what its arguments but the last name may be missing */
	PHX_FN_OPEN = 1 << 2,    /* keeps elements as they are: secret ones do not make the whole one */
};
struct phx_fn {
	const char *name;
	const char *usage;
	uint8_t min, max; /* arguments; max 255: any number */
	uint8_t flags;
	uint32_t args[3]; /* PHX_TY bits; the last one holds for all that follow */
	uint32_t result;
	/* NULL: `result` */
	struct phx_ty (*type)(struct phx_sema *s, const struct phx_node *call, const struct phx_ty *args);
	void (*eval)(struct phx_sema *s, const struct phx_node *call, struct phx_value *args,
		     struct phx_value *out);
	void (*lazy)(struct phx_sema *s, const struct phx_node *call, struct phx_frame_rt *f,
		     struct phx_value *out);
};
const struct phx_fn *phx_fn_find(struct phx_str name);
void phx_fn_names(struct phx_sema *s, struct phx_str **out, uint32_t *out_n);
void phx_eval_call(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out);
extern const struct phx_fn phx_fns_text[], phx_fns_list[], phx_fns_order[], phx_fns_net[], phx_fns_data[],
	phx_fns_outside[], phx_fns_policy[];
