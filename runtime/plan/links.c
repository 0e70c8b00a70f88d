/* Linked clones, read off the names of their volumes: `local:100/base-100-disk-0.qcow2/123/vm-123-disk-0.qcow2` (222). */
#include <stdlib.h>

#include "plan/plan_priv.h"

/* The number after `base-` in a volume's name; 0: none. */
static uint64_t base_of(struct phx_str value)
{
	ptrdiff_t comma = phx_str_chr(value, ','), at;
	struct phx_str volume = comma < 0 ? value : phx_str_slice(value, 0, (size_t)comma), number;
	size_t n = 0;
	uint64_t id;

	if (phx_str_chr(volume, ':') <= 0)
		return 0;
	at = phx_str_find(volume, PHX_STR("base-"));
	if (at < 0)
		return 0;
	number = phx_str_from(volume, (size_t)at + 5);
	while (n < number.len && number.ptr[n] >= '0' && number.ptr[n] <= '9')
		n++;
	return phx_parse_u64(phx_str_slice(number, 0, n), &id) ? id : 0;
}

static void add_links(struct plan *p, const struct phx_live_guest *g)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < g->config.n; i++) {
		uint64_t base = base_of(g->config.v[i].value);

		if (!base || base == g->id || base == last)
			continue;
		last = base;
		phx_vec_push(&p->scratch, &p->links, ((struct plan_link){.base = base, .clone = g}));
	}
}

static int order(const void *a, const void *b)
{
	const struct plan_link *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return x->clone->id < y->clone->id ? -1 : x->clone->id > y->clone->id;
}

static void find_item(const struct plan *p, struct plan_link *l)
{
	for (uint32_t i = 0; i < p->nitems && !l->item; i++)
		if (p->items[i].live == l->clone)
			l->item = &p->items[i];
	for (uint32_t i = 0; i < p->left.n && !l->item; i++)
		if (p->left.v[i]->live == l->clone)
			l->item = p->left.v[i];
}

const struct plan_link *plan_links(struct plan *p, uint64_t base, uint32_t *out_n)
{
	uint32_t low = 0, high, end;

	for (uint32_t i = 0; !p->linked && i < p->s->guests.n; i++)
		add_links(p, p->s->guests.v[i]);
	if (!p->linked && p->links.n)
		qsort(p->links.v, p->links.n, sizeof(*p->links.v), order);
	p->linked = true;
	high = p->links.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (p->links.v[middle].base < base)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < p->links.n && p->links.v[end].base == base; end++)
		if (!p->links.v[end].item)
			find_item(p, &p->links.v[end]);
	*out_n = end - low;
	return p->links.v + low;
}
