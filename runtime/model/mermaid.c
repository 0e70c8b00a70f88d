/* The graph for Mermaid, as Markdown renderers show it. */
#include <string.h>

#include "model/graph_draw.h"

/* Mermaid has no quoting of quotes: entities instead. */
static void text(struct phx_buf *out, struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '#' || c == '<' || c == '>' || c == '|' || c == '\\')
			phx_buf_printf(out, "#%u;", c);
		else if (c >= 0x20)
			phx_buf_ch(out, (char)c);
	}
}

struct shape {
	const char *class, *open, *close;
};

static const struct shape *shape(const char *class)
{
	static const struct shape shapes[] = {
		{"template", "[[", "]]"}, {"vm", "[", "]"},     {"container", "(", ")"},
		{"image", "[(", ")]"},    {"pool", "{{", "}}"}, {"cluster", "([", "])"},
	};

	for (size_t i = 0; i < PHX_COUNTOF(shapes); i++) {
		if (strcmp(shapes[i].class, class) == 0)
			return &shapes[i];
	}
	return &shapes[1];
}

void phx_graph_mermaid(const struct phx_graph *g, struct phx_buf *out)
{
	struct phx_buf label = {0};

	phx_buf_c(out, "flowchart LR\n");
	for (uint32_t i = 0; i < g->resources.n; i++) {
		const struct phx_resource *r = g->resources.v[i];
		const struct shape *s = shape(phx_draw_class(r));
		struct phx_str rest, first;

		if (!phx_draw_node(g, r))
			continue;
		phx_buf_clear(&label);
		phx_draw_label(r, i + 1, "\n", &label);
		rest = phx_buf_view(&label);
		phx_buf_printf(out, "\tn%u%s\"", i + 1, s->open);
		if (phx_str_cut(&rest, '\n', &first)) {
			text(out, first);
			phx_buf_c(out, "<br/>");
			text(out, rest);
		}
		phx_buf_printf(out, "\"%s\n", s->close);
	}
	for (uint32_t i = 0; i < g->resources.n; i++) {
		const struct phx_resource *r = g->resources.v[i];

		for (uint32_t k = 0; k < r->needs.n; k++) {
			const struct phx_edge *e = &r->needs.v[k];

			if (!phx_draw_edge(g, e))
				continue;
			phx_buf_printf(out, "\tn%u %s|", i + 1, e->kind == PHX_EDGE_CREATE ? "-->" : "-.->");
			text(out, e->why);
			phx_buf_printf(out, "| n%u\n", e->to->index + 1);
		}
	}
	phx_buf_done(&label);
}
