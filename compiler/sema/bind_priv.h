/* What binding's files share. */
#pragma once

#include "sema/sema_priv.h"

/* bind_list.c */
struct phx_bound phx_bind_list(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words);
struct phx_bound phx_bind_object(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e);
struct phx_bound phx_bind_template(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e);
struct phx_bound phx_bind_loop(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words);
