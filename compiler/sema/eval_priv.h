/* What the evaluator's files share. */
#pragma once

#include "sema/sema_priv.h"

/* eval.c */
bool phx_is_opaque(const struct phx_value *v); /* unknown or poison */
/* When one of the operands cannot be computed, neither can the result. */
bool phx_spoiled(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		 const struct phx_value *b, struct phx_value *out);
void phx_want_bool(struct phx_sema *s, const struct phx_node *at, struct phx_value *v, const char *what);

/* report.c: the first report of a code at a place; loops would repeat it with every turn. */
bool phx_first_report(struct phx_sema *s, enum phx_code code, struct phx_span at);

/* eval_list.c */
void phx_eval_range(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		    struct phx_value *out);
void phx_eval_list(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out);
void phx_eval_object(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out);
void phx_eval_index(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		    struct phx_value *out);
void phx_eval_loop(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out);
