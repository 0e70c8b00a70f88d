/* The graph for Graphviz. Arrows point to what is needed; numbers are the order of creation. */
#include <string.h>

#include "model/graph_draw.h"

/* Names come from users: quotes and backslashes are escaped, control characters left out. */
static void quoted(struct phx_buf *out, struct phx_str s)
{
	phx_buf_ch(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '\\')
			phx_buf_ch(out, '\\');
		if (c == '\n')
			phx_buf_c(out, "\\n");
		else if (c >= 0x20)
			phx_buf_ch(out, (char)c);
	}
	phx_buf_ch(out, '"');
}

static const char *shape(const char *class)
{
	static const char *const shapes[][2] = {
		{"template", "shape=folder, style=filled, fillcolor=\"#fff2cc\""},
		{"vm", "shape=box, style=filled, fillcolor=\"#dae8fc\""},
		{"container", "shape=box, style=\"rounded,filled\", fillcolor=\"#d5e8d4\""},
		{"image", "shape=cylinder, style=filled, fillcolor=\"#f5f5f5\""},
		{"pool", "shape=tab, style=filled, fillcolor=\"#e1d5e7\""},
		{"cluster", "shape=hexagon"},
	};

	for (size_t i = 0; i < PHX_COUNTOF(shapes); i++) {
		if (strcmp(shapes[i][0], class) == 0)
			return shapes[i][1];
	}
	return "shape=ellipse";
}

static const char *line(uint8_t kind)
{
	switch ((enum phx_edge_kind)kind) {
	case PHX_EDGE_CREATE:
		return "solid";
	case PHX_EDGE_READY:
		return "dashed";
	case PHX_EDGE_START:
		return "dotted";
	}
	return "solid";
}

void phx_graph_dot(const struct phx_graph *g, struct phx_buf *out)
{
	struct phx_buf label = {0};

	phx_buf_c(out, "digraph phx {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n\tedge "
		       "[fontname=\"sans-serif\", fontsize=10];\n");
	if (g->stack.len > 0) {
		phx_buf_c(out, "\tlabel=");
		quoted(out, g->stack);
		phx_buf_c(out, ";\n");
	}
	for (uint32_t i = 0; i < g->resources.n; i++) {
		const struct phx_resource *r = g->resources.v[i];

		if (!phx_draw_node(g, r))
			continue;
		phx_buf_clear(&label);
		phx_draw_label(r, i + 1, "\n", &label);
		phx_buf_ch(out, '\t');
		quoted(out, r->address);
		phx_buf_c(out, " [label=");
		quoted(out, phx_buf_view(&label));
		phx_buf_printf(out, ", %s];\n", shape(phx_draw_class(r)));
	}
	for (uint32_t i = 0; i < g->resources.n; i++) {
		const struct phx_resource *r = g->resources.v[i];

		for (uint32_t k = 0; k < r->needs.n; k++) {
			if (!phx_draw_edge(g, &r->needs.v[k]))
				continue;
			phx_buf_ch(out, '\t');
			quoted(out, r->address);
			phx_buf_c(out, " -> ");
			quoted(out, r->needs.v[k].to->address);
			phx_buf_c(out, " [label=");
			quoted(out, r->needs.v[k].why);
			phx_buf_printf(out, ", style=%s];\n", line(r->needs.v[k].kind));
		}
	}
	phx_buf_c(out, "}\n");
	phx_buf_done(&label);
}
