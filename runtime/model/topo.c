/* The stable topological order: what is needed first, then the smallest id, then the address. It depends on nothing but
 * the graph: any order of the source gives the same. */
#include "model/graph_priv.h"

struct topo {
	struct phx_gb *b;
	uint32_t *first; /* per node: where its dependants begin in `users`; one more entry than nodes */
	uint32_t *users; /* dependants, grouped by what they need */
	uint32_t *waits; /* per node: needs that are not placed yet */
	uint32_t *heap;  /* nodes that are ready, the smallest on top */
	uint32_t n_heap;
};

static bool less(const struct phx_gb *b, uint32_t x, uint32_t y)
{
	const struct phx_node *a = &b->nodes.v[x], *c = &b->nodes.v[y];

	return a->order_id != c->order_id ? a->order_id < c->order_id
					  : phx_str_cmp(a->r->address, c->r->address) < 0;
}

static void push(struct topo *t, uint32_t x)
{
	uint32_t i = t->n_heap++;

	while (i > 0 && less(t->b, x, t->heap[(i - 1) / 2])) {
		t->heap[i] = t->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	t->heap[i] = x;
}

static uint32_t pop(struct topo *t)
{
	uint32_t top = t->heap[0], x = t->heap[--t->n_heap], i = 0;

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= t->n_heap)
			break;
		if (child + 1 < t->n_heap && less(t->b, t->heap[child + 1], t->heap[child]))
			child++;
		if (!less(t->b, t->heap[child], x))
			break;
		t->heap[i] = t->heap[child];
		i = child;
	}
	t->heap[i] = x;
	return top;
}

static void link_users(struct topo *t)
{
	struct phx_gb *b = t->b;
	uint32_t n = b->nodes.n, total = 0, *at;

	t->first = PHX_NEW_N(b->work, uint32_t, n + 2);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < b->nodes.v[i].needs.n; k++)
			t->first[b->nodes.v[i].needs.v[k].to->index + 1]++;
		total += b->nodes.v[i].needs.n;
	}
	for (uint32_t i = 0; i < n; i++)
		t->first[i + 1] += t->first[i];
	t->users = PHX_NEW_N(b->work, uint32_t, total + 1);
	at = PHX_NEW_N(b->work, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < b->nodes.v[i].needs.n; k++) {
			uint32_t to = b->nodes.v[i].needs.v[k].to->index;

			t->users[t->first[to] + at[to]++] = i;
		}
	}
}

void phx_gb_order(struct phx_gb *b)
{
	struct topo t = {.b = b};
	uint32_t n = b->nodes.n;
	bool *done = PHX_NEW_N(b->work, bool, n + 1);

	t.waits = PHX_NEW_N(b->work, uint32_t, n + 1);
	t.heap = PHX_NEW_N(b->work, uint32_t, n + 1);
	link_users(&t);
	for (uint32_t i = 0; i < n; i++) {
		t.waits[i] = b->nodes.v[i].needs.n;
		if (t.waits[i] == 0)
			push(&t, i);
	}
	b->g->resources.v = PHX_NEW_N(b->arena, struct phx_resource *, n + 1);
	b->g->resources.cap = n;
	while (t.n_heap > 0) {
		uint32_t i = pop(&t);

		done[i] = true;
		b->g->resources.v[b->g->resources.n++] = b->nodes.v[i].r;
		for (uint32_t k = t.first[i]; k < t.first[i + 1]; k++) {
			if (--t.waits[t.users[k]] == 0)
				push(&t, t.users[k]);
		}
	}
	if (b->g->resources.n < n)
		phx_gb_cycles(b, done);
}
