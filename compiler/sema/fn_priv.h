/* What the functions' files share. */
#pragma once

#include "sema/sema_priv.h"

/* fn_text.c: a text as result, unless it is too long; releases the buffer. */
void phx_fn_text(struct phx_sema *s, const struct phx_node *n, struct phx_buf *text, struct phx_value *out);
/* fn_data.c: a text that is the same for equal values and no others. */
void phx_fn_key(const struct phx_value *v, struct phx_buf *out);
