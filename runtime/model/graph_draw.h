/* What the drawings of the graph have in common. */
#pragma once

#include "model/graph.h"

/* The edges that a drawing shows: not those to the only cluster, which every guest would have. */
bool phx_draw_edge(const struct phx_graph *g, const struct phx_edge *e);
bool phx_draw_node(const struct phx_graph *g, const struct phx_resource *r);
/* Two lines: what it is, and its id or where it comes from. `br` stands between them. */
void phx_draw_label(const struct phx_resource *r, uint32_t order, const char *br, struct phx_buf *out);
/* "template", "vm", "container", "image", "pool", "cluster". */
const char *phx_draw_class(const struct phx_resource *r);
