/* Constructors of tree nodes, one call per grammar action. Spans are those of the whole construct.
 *
 * Lists grow on stacks in the parser (`nodes`, `args`, `entries`) and are cut off them by their length when complete;
 * the grammar carries only that length. */
#pragma once

#include "parse_priv.h"

/* Stacks. Each returns the new length of the list. */
uint32_t phx_build_push(struct phx_parser *p, uint32_t n, void *node);
uint32_t phx_build_push_arg(struct phx_parser *p, uint32_t n, struct phx_ast_name name,
			    struct phx_expr *value);
uint32_t phx_build_push_entry(struct phx_parser *p, uint32_t n, struct phx_ast_name key,
			      struct phx_expr *value);
uint32_t phx_build_push_arm(struct phx_parser *p, uint32_t n, struct phx_expr *cond, struct phx_body *body);

/* The last n nodes of the stack, taken off it; valid until the next push. */
void **phx_build_cut(struct phx_parser *p, uint32_t n);
struct phx_expr **phx_build_cut_exprs(struct phx_parser *p, uint32_t n); /* copied to the arena */

struct phx_ast_name phx_build_name(struct phx_parser *p, struct phx_span at);
/* The key that a string stands for; an interpolated one is reported. */
struct phx_ast_name phx_build_key(struct phx_parser *p, const struct phx_expr *string);

/* Statements */
void phx_build_file(struct phx_parser *p, uint32_t n);
struct phx_body *phx_build_body(struct phx_parser *p, uint32_t n, struct phx_span at);
struct phx_stmt *phx_build_attribute(struct phx_parser *p, enum phx_stmt_kind kind, struct phx_ast_name name,
				     struct phx_expr *value, struct phx_span at);
struct phx_stmt *phx_build_quoted_attr(struct phx_parser *p, struct phx_expr *name, struct phx_expr *value,
				       struct phx_span at);
struct phx_stmt *phx_build_block(struct phx_parser *p, struct phx_span type, uint32_t nlabels,
				 struct phx_body *body, struct phx_span at);
struct phx_stmt *phx_build_param(struct phx_parser *p, struct phx_ast_param param, struct phx_span at);
struct phx_stmt *phx_build_for(struct phx_parser *p, const struct phx_ast_loop *head, struct phx_body *body,
			       struct phx_span at);
struct phx_stmt *phx_build_if(struct phx_parser *p, uint32_t n, struct phx_span at);
struct phx_stmt *phx_build_assert(struct phx_parser *p, struct phx_expr *cond, struct phx_expr *message,
				  struct phx_span at);
struct phx_ast_type *phx_build_type(struct phx_parser *p, struct phx_span name, struct phx_ast_type *arg,
				    struct phx_span at);

/* Expressions */
struct phx_expr *phx_build_leaf(struct phx_parser *p, enum phx_expr_kind kind, struct phx_span at);
struct phx_expr *phx_build_label(struct phx_parser *p, struct phx_span at);
struct phx_expr *phx_build_word(struct phx_parser *p, struct phx_span at); /* NAME or SELF */
struct phx_expr *phx_build_paren(struct phx_expr *e, struct phx_span at);
struct phx_expr *phx_build_interp(struct phx_expr *e);
struct phx_expr *phx_build_template(struct phx_parser *p, uint32_t n, struct phx_span at);
struct phx_expr *phx_build_attr_of(struct phx_parser *p, struct phx_expr *of, struct phx_span name,
				   struct phx_span at);
struct phx_expr *phx_build_unary(struct phx_parser *p, enum phx_op op, struct phx_expr *of,
				 struct phx_span at);
/* INDEX, BINARY and RANGE */
struct phx_expr *phx_build_pair(struct phx_parser *p, enum phx_expr_kind kind, enum phx_op op,
				struct phx_expr *lhs, struct phx_expr *rhs, struct phx_span op_at);
struct phx_expr *phx_build_cond(struct phx_parser *p, struct phx_expr *test, struct phx_expr *yes,
				struct phx_expr *no, struct phx_span at);
struct phx_expr *phx_build_call(struct phx_parser *p, struct phx_expr *fn, uint32_t n, struct phx_span at);
/* LIST, TEMPLATE */
struct phx_expr *phx_build_items(struct phx_parser *p, enum phx_expr_kind kind, uint32_t n,
				 struct phx_span at);
struct phx_expr *phx_build_list(struct phx_parser *p, uint32_t n, struct phx_span at);
struct phx_expr *phx_build_object(struct phx_parser *p, uint32_t n, struct phx_span at);
struct phx_ast_loop *phx_build_vars(struct phx_parser *p, struct phx_span var, struct phx_span second);
/* The variables of a head that did not parse, as far as they can be made out. */
struct phx_ast_loop *phx_build_lost_vars(struct phx_parser *p, struct phx_span head);
struct phx_ast_loop *phx_build_loop(struct phx_ast_loop *vars, struct phx_expr *source,
				    struct phx_expr *cond);
struct phx_expr *phx_build_comprehension(struct phx_parser *p, struct phx_expr *key, struct phx_expr *value,
					 struct phx_ast_loop *loop, struct phx_span at);

/* Near-misses that the grammar takes, reported */
void phx_build_colon(struct phx_parser *p, struct phx_span colon);
struct phx_ast_name phx_build_colon_key(struct phx_parser *p, const struct phx_expr *key,
					struct phx_span colon);
void phx_build_comma(struct phx_parser *p, struct phx_span comma, bool last);
void phx_build_assignment(struct phx_parser *p, struct phx_span equals);
