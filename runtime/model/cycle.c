/* Reference cycles: told as a walk, one label for each reference in it. */
#include <string.h>

#include "model/graph_priv.h"

/* Tarjan's strongly connected components without recursion: chains may be as long as the configuration. */
struct scc {
	struct phx_gb *b;
	const bool *done;
	uint32_t *number, *low, *next, *stack, *path;
	bool *on_stack;
	uint32_t counter, n_stack, n_path;
	uint32_t *component; /* per node: number of its component, from 1 */
	uint32_t n_components;
};

static void enter(struct scc *s, uint32_t v)
{
	s->number[v] = s->low[v] = ++s->counter;
	s->stack[s->n_stack++] = v;
	s->on_stack[v] = true;
	s->path[s->n_path++] = v;
}

static void leave(struct scc *s, uint32_t v)
{
	uint32_t w;

	s->n_path--;
	if (s->n_path > 0 && s->low[v] < s->low[s->path[s->n_path - 1]])
		s->low[s->path[s->n_path - 1]] = s->low[v];
	if (s->low[v] != s->number[v])
		return;
	s->n_components++;
	do {
		w = s->stack[--s->n_stack];
		s->on_stack[w] = false;
		s->component[w] = s->n_components;
	} while (w != v);
}

static void visit(struct scc *s, uint32_t root)
{
	enter(s, root);
	while (s->n_path > 0) {
		uint32_t v = s->path[s->n_path - 1], w;
		const struct phx_node *n = &s->b->nodes.v[v];

		if (s->next[v] == n->needs.n) {
			leave(s, v);
			continue;
		}
		w = n->needs.v[s->next[v]++].to->index;
		if (s->done[w])
			continue;
		if (!s->number[w])
			enter(s, w);
		else if (s->on_stack[w] && s->number[w] < s->low[v])
			s->low[v] = s->number[w];
	}
}

/* The shortest way from `start` back to itself inside its component. */
struct walk {
	struct phx_gb *b;
	const struct scc *s;
	uint32_t *from;               /* node before, in breadth-first order */
	const struct phx_edge **edge; /* the reference that led here */
	uint32_t *queue;
};

static const struct phx_edge *search(struct walk *w, uint32_t start, uint32_t *out_last)
{
	uint32_t head = 0, tail = 0, n = w->b->nodes.n;

	memset(w->from, 0xff, n * sizeof(*w->from));
	w->queue[tail++] = start;
	w->from[start] = start;
	while (head < tail) {
		uint32_t v = w->queue[head++];
		const struct phx_node *node = &w->b->nodes.v[v];

		for (uint32_t k = 0; k < node->needs.n; k++) {
			uint32_t to = node->needs.v[k].to->index;

			if (to == start) {
				*out_last = v;
				return &node->needs.v[k];
			}
			if (w->s->component[to] != w->s->component[start] || w->from[to] != UINT32_MAX)
				continue;
			w->from[to] = v;
			w->edge[to] = &node->needs.v[k];
			w->queue[tail++] = to;
		}
	}
	return NULL;
}

enum { MAX_SHOWN = 30 }; /* edges of one cycle that get a label */

static void report(struct walk *w, uint32_t start)
{
	uint32_t last = 0, n = 0, *nodes = w->queue;
	const struct phx_edge *closing = search(w, start, &last), **edges;
	struct phx_gb *b = w->b;
	struct phx_buf text = {0};
	struct phx_diag *d;

	if (!closing)
		return;
	for (uint32_t v = last; v != start; v = w->from[v])
		nodes[n++] = v;
	edges = PHX_NEW_N(b->work, const struct phx_edge *, n + 1);
	phx_buf_str(&text, b->nodes.v[start].r->address);
	for (uint32_t i = 0; i < n; i++) {
		edges[i] = w->edge[nodes[n - 1 - i]];
		phx_buf_c(&text, " → ");
		phx_buf_str(&text, b->nodes.v[nodes[n - 1 - i]].r->address);
	}
	edges[n] = closing;
	phx_buf_c(&text, " → ");
	phx_buf_str(&text, b->nodes.v[start].r->address);
	d = phx_diag_add(b->bag, PHX0409, edges[0]->span, "references in a circle: " PHX_STR_FMT,
			 PHX_STR_ARG(phx_buf_view(&text)));
	for (uint32_t i = 0; i <= n && i < MAX_SHOWN; i++) {
		uint32_t at = i == 0 ? start : nodes[n - i];

		phx_diag_label(b->bag, d, edges[i]->span,
			       "`" PHX_STR_FMT "` needs `" PHX_STR_FMT "` (" PHX_STR_FMT ")",
			       PHX_STR_ARG(b->nodes.v[at].r->address), PHX_STR_ARG(edges[i]->to->address),
			       PHX_STR_ARG(edges[i]->why));
	}
	phx_diag_help(b->bag, d, "none of them can be made first: take one of these references away");
	phx_buf_done(&text);
}

static bool needs_itself(const struct phx_node *n)
{
	for (uint32_t k = 0; k < n->needs.n; k++) {
		if (n->needs.v[k].to == n->r)
			return true;
	}
	return false;
}

void phx_gb_cycles(struct phx_gb *b, const bool *done)
{
	uint32_t n = b->nodes.n;
	struct scc s = {.b = b, .done = done};
	struct walk w = {.b = b, .s = &s};
	uint32_t *size, *smallest;

	s.number = PHX_NEW_N(b->work, uint32_t, n);
	s.low = PHX_NEW_N(b->work, uint32_t, n);
	s.next = PHX_NEW_N(b->work, uint32_t, n);
	s.stack = PHX_NEW_N(b->work, uint32_t, n);
	s.path = PHX_NEW_N(b->work, uint32_t, n);
	s.on_stack = PHX_NEW_N(b->work, bool, n);
	s.component = PHX_NEW_N(b->work, uint32_t, n);
	w.from = PHX_NEW_N(b->work, uint32_t, n);
	w.queue = PHX_NEW_N(b->work, uint32_t, n + 1);
	w.edge = PHX_NEW_N(b->work, const struct phx_edge *, n);
	for (uint32_t i = 0; i < n; i++) {
		if (!done[i] && !s.number[i])
			visit(&s, i);
	}
	/* Each component is told once, from its smallest address on. */
	size = PHX_NEW_N(b->work, uint32_t, s.n_components + 1);
	smallest = PHX_NEW_N(b->work, uint32_t, s.n_components + 1);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = s.component[i];

		if (c && (size[c]++ == 0 ||
			  phx_str_cmp(b->nodes.v[i].r->address, b->nodes.v[smallest[c]].r->address) < 0))
			smallest[c] = i;
	}
	for (uint32_t c = 1; c <= s.n_components; c++) {
		if (size[c] > 1 || needs_itself(&b->nodes.v[smallest[c]]))
			report(&w, smallest[c]);
	}
}
