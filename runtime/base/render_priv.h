/* What the renderers of diagnostics share. */
#pragma once

#include "base/diag.h"

/* The bag's diagnostics in the order they are shown (file, offset, code, then as they came), exact duplicates dropped. */
struct phx_diag_list {
	struct phx_diag **v; /* heap */
	uint32_t n, errors, warnings;
};
void phx_diag_list_init(struct phx_diag_list *list, const struct phx_diag_bag *bag);
void phx_diag_list_done(struct phx_diag_list *list);

void phx_diag_render_json(const struct phx_diag_bag *bag, struct phx_buf *out);
/* One diagnostic with its source lines; `explain` adds the line that names `phx explain`. */
void phx_diag_render_one(const struct phx_diag_bag *bag, const struct phx_diag *d, bool explain, bool colour,
			 struct phx_buf *out);
