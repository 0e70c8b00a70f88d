#include "model/graph_draw.h"

bool phx_draw_node(const struct phx_graph *g, const struct phx_resource *r)
{
	return r->kind != PHX_KIND_CLUSTER || g->clusters.n > 1;
}

bool phx_draw_edge(const struct phx_graph *g, const struct phx_edge *e)
{
	return phx_draw_node(g, e->to);
}

const char *phx_draw_class(const struct phx_resource *r)
{
	bool guest = r->kind == PHX_KIND_VM || r->kind == PHX_KIND_CONTAINER;

	if (guest && ((const struct phx_guest *)r)->is_template)
		return "template";
	return phx_kind_name(r->kind);
}

void phx_draw_label(const struct phx_resource *r, uint32_t order, const char *br, struct phx_buf *out)
{
	const struct phx_guest *g = (const struct phx_guest *)r;

	phx_buf_printf(out, "%u. " PHX_STR_FMT "%s", order, PHX_STR_ARG(r->address), br);
	if (r->kind != PHX_KIND_VM && r->kind != PHX_KIND_CONTAINER) {
		phx_buf_c(out, phx_kind_name(r->kind));
		return;
	}
	phx_buf_printf(out, "%s ", g->is_template ? "template" : phx_kind_name(r->kind));
	if (g->id)
		phx_buf_u64(out, g->id);
	else
		phx_buf_c(out, "(id at plan time)");
}
