/* The order in which the workflows are written down: that of the graph, but where guests that start have a boot order, the
 * lower one comes first as far as the dependencies allow. It is no dependency of its own: when one of them fails, those that do
 * not need it start all the same. */
#include "plan/plan_priv.h"

static bool starts_in_order(const struct plan_item *it)
{
	if (!it->change || !it->guest || !it->guest->has_boot_order)
		return false;
	if (it->powers)
		return true;
	if (!plan_will_start(it))
		return false;
	return it->action == PHX_CH_CREATE || it->action == PHX_CH_REPLACE || it->finish;
}

static uint64_t rank(const struct plan_item *it)
{
	return starts_in_order(it) ? it->guest->boot_order + 1 : 0;
}

/* Items that need nothing more, the first one on top. */
struct ready {
	const struct plan *p;
	uint32_t *v, n;
};

static bool before(const struct ready *r, uint32_t a, uint32_t b)
{
	uint64_t x = rank(&r->p->items[a]), y = rank(&r->p->items[b]);

	return x != y ? x < y : a < b;
}

static void put(struct ready *r, uint32_t item)
{
	uint32_t at = r->n++;

	for (; at && before(r, item, r->v[(at - 1) / 2]); at = (at - 1) / 2)
		r->v[at] = r->v[(at - 1) / 2];
	r->v[at] = item;
}

static uint32_t take(struct ready *r)
{
	uint32_t top = r->v[0], last = r->v[--r->n], at = 0;

	for (uint32_t child = 1; child < r->n; child = 2 * at + 1) {
		if (child + 1 < r->n && before(r, r->v[child + 1], r->v[child]))
			child++;
		if (!before(r, r->v[child], last))
			break;
		r->v[at] = r->v[child];
		at = child;
	}
	r->v[at] = last;
	return top;
}

/* Who needs whom, the other way round: users of item i are users[first[i]] … users[first[i + 1] - 1]. */
static void turn_round(const struct plan *p, uint32_t *first, uint32_t *users, uint32_t *waits)
{
	for (uint32_t i = 0; i < p->nitems; i++)
		for (uint32_t k = 0; k < p->items[i].resource->needs.n; k++)
			first[p->items[i].resource->needs.v[k].to->index + 2]++;
	for (uint32_t i = 2; i < p->nitems + 2; i++)
		first[i] += first[i - 1];
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct phx_resource *r = p->items[i].resource;

		waits[i] = r->needs.n;
		for (uint32_t k = 0; k < r->needs.n; k++)
			users[first[r->needs.v[k].to->index + 1]++] = i;
	}
}

static void by_boot_order(struct plan *p, uint32_t edges, uint32_t *order)
{
	uint32_t *first = PHX_NEW_N(p->arena, uint32_t, p->nitems + 3);
	uint32_t *users = PHX_NEW_N(p->arena, uint32_t, edges + 1);
	uint32_t *waits = PHX_NEW_N(p->arena, uint32_t, p->nitems + 1);
	struct ready r = {.p = p, .v = PHX_NEW_N(p->arena, uint32_t, p->nitems + 1)};
	uint32_t n = 0;

	turn_round(p, first, users, waits);
	for (uint32_t i = 0; i < p->nitems; i++)
		if (!waits[i])
			put(&r, i);
	while (r.n) {
		uint32_t item = order[n++] = take(&r);

		for (uint32_t k = first[item]; k < first[item + 1]; k++)
			if (!--waits[users[k]])
				put(&r, users[k]);
	}
}

const uint32_t *plan_order(struct plan *p)
{
	uint32_t *order = PHX_NEW_N(p->arena, uint32_t, p->nitems + 1);
	uint32_t edges = 0;
	bool any = false;

	for (uint32_t i = 0; i < p->nitems; i++) {
		order[i] = i;
		edges += p->items[i].resource->needs.n;
		any = any || starts_in_order(&p->items[i]);
	}
	if (any)
		by_boot_order(p, edges, order);
	return order;
}
