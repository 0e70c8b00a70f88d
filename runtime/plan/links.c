/* Linked clones, read off the names of their volumes: `local:100/base-100-disk-0.qcow2/123/vm-123-disk-0.qcow2` (222). On LVM-thin
 * neither the names nor Proxmox's list of volumes tell: there the marker remembers it, or the configuration says it. */
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

uint64_t plan_linked_to(const struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	return g && g->source && g->full == PHX_CLONE_LINKED ? p->items[g->source->r.index].id : 0;
}

static void add_link(struct plan *p, uint64_t base, const struct phx_live_guest *clone)
{
	if (base && base != clone->id)
		phx_vec_push(&p->scratch, &p->links, ((struct plan_link){.base = base, .clone = clone}));
}

static struct phx_str storage_at(const struct plan *p, const struct phx_live_guest *g, uint32_t i)
{
	const struct phx_option *o = plan_option(p, g->is_vm, g->config.v[i].key);
	ptrdiff_t colon = phx_str_chr(g->config.v[i].value, ':');

	if (!o || !(o->flags & PHX_OPTION_DISK) || colon <= 0)
		return PHX_STR("");
	return phx_str_slice(g->config.v[i].value, 0, (size_t)colon);
}

static bool holds_on(const struct plan *p, const struct phx_live_guest *g, struct phx_str storage)
{
	for (uint32_t i = 0; i < g->config.n; i++)
		if (phx_str_eq(storage_at(p, g, i), storage))
			return true;
	return false;
}

/* What was a linked clone once has disks of its own when they were moved: a link does not reach beyond a storage. */
static bool share_storage(const struct plan *p, const struct phx_live_guest *clone, uint64_t base)
{
	const struct phx_live_guest *live = phx_snapshot_guest(p->s, base);

	for (uint32_t i = 0; live && i < clone->config.n; i++) {
		struct phx_str storage = storage_at(p, clone, i);

		if (storage.len && holds_on(p, live, storage))
			return true;
	}
	return false;
}

static void add_told(struct plan *p, uint64_t base, const struct phx_live_guest *clone)
{
	if (base && share_storage(p, clone, base))
		add_link(p, base, clone);
}

static void links_of_guest(struct plan *p, const struct phx_live_guest *g)
{
	uint64_t base;

	for (uint32_t i = 0; i < g->config.n; i++)
		add_link(p, base_of(g->config.v[i].value), g);
	if (g->has_marker && phx_parse_u64(phx_marker_fact(&g->marker, "base"), &base))
		add_told(p, base, g);
}

static int order(const void *a, const void *b)
{
	const struct plan_link *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return x->clone->id < y->clone->id ? -1 : x->clone->id > y->clone->id;
}

static void drop_doubles(struct plan *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->links.n; i++)
		if (!n || order(&p->links.v[n - 1], &p->links.v[i]) != 0)
			p->links.v[n++] = p->links.v[i];
	p->links.n = n;
}

static void find_links(struct plan *p)
{
	for (uint32_t i = 0; i < p->s->guests.n; i++)
		links_of_guest(p, p->s->guests.v[i]);
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct plan_item *it = &p->items[i];

		if (it->live && it->live->owned && plan_linked_to(p, it))
			add_told(p, plan_linked_to(p, it), it->live);
	}
	if (p->links.n)
		qsort(p->links.v, p->links.n, sizeof(*p->links.v), order);
	drop_doubles(p);
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

	if (!p->linked)
		find_links(p);
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

static bool is_linked_clone(struct plan *p, const struct plan_item *it, const struct plan_item *of)
{
	const struct plan_link *links;
	uint32_t n = 0;

	if (!it->live || !of->live)
		return false;
	links = plan_links(p, of->live->id, &n);
	for (uint32_t i = 0; i < n; i++)
		if (links[i].clone == it->live)
			return true;
	return false;
}

bool plan_falls_with(struct plan *p, const struct plan_item *it, const struct phx_edge *e)
{
	const struct plan_item *to = &p->items[e->to->index];

	if (e->kind != PHX_EDGE_CREATE)
		return true;
	return to->guest ? is_linked_clone(p, it, to) : e->to->kind != PHX_KIND_IMAGE;
}
