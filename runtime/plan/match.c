/* Which living guest each resource stands for. Identity is the id; a guest without one is known by the address in its marker, or
 * gets the first free id of the stack's range. */
#include <stdlib.h>
#include <string.h>

#include "plan/plan_priv.h"

struct ids {
	uint64_t *v;
	uint32_t n, cap;
};

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void take(struct plan *p, struct ids *ids, uint64_t id)
{
	if (id >= p->g->ids_first && id <= p->g->ids_last)
		phx_vec_push(p->arena, ids, id);
}

/* Ids of the range that are not free: sorted. */
static struct ids taken_ids(struct plan *p)
{
	struct ids ids = {0};

	for (uint32_t i = 0; i < p->g->guests.n; i++)
		take(p, &ids, p->g->guests.v[i]->id);
	for (uint32_t i = 0; i < p->s->guests.n; i++)
		take(p, &ids, p->s->guests.v[i]->id);
	for (uint32_t i = 0; i < p->s->others.n; i++)
		take(p, &ids, p->s->others.v[i].id);
	if (ids.n)
		qsort(ids.v, ids.n, sizeof(*ids.v), by_number);
	return ids;
}

/* Owned guests by the address in their marker, but those that the graph names by id. */
static void map_markers(struct plan *p, struct phx_map *out)
{
	for (uint32_t i = 0; i < p->s->guests.n; i++) {
		struct phx_live_guest *live = p->s->guests.v[i];
		struct phx_map_entry *e;
		bool is_new;

		if (!live->owned || !live->has_marker ||
		    phx_map_get(&p->g->by_guest_id, plan_number(p, live->id)))
			continue;
		e = phx_map_put(p->arena, out, live->marker.address, &is_new);
		if (is_new)
			e->ptr = live;
	}
}

static bool exhausted(struct plan *p, const struct plan_item *it)
{
	struct phx_diag *d;

	if (!p->g->has_ids)
		d = phx_diag_add(p->bag, PHX0602, it->span, "`" PHX_STR_FMT "` has no id",
				 PHX_STR_ARG(it->address));
	else
		d = phx_diag_add(p->bag, PHX0602, it->span,
				 "no id is left for `" PHX_STR_FMT "` in %llu..%llu",
				 PHX_STR_ARG(it->address), (unsigned long long)p->g->ids_first,
				 (unsigned long long)p->g->ids_last);
	phx_diag_help(p->bag, d,
		      "say `id = …`, or give the stack %s: stack \"" PHX_STR_FMT "\" { ids = 200..299 }",
		      p->g->has_ids ? "a larger range" : "a range", PHX_STR_ARG(p->g->stack));
	return false;
}

static bool settle_ids(struct plan *p)
{
	struct phx_map by_marker = {0};
	struct ids taken = {0};
	uint64_t next = p->g->ids_first;
	uint32_t at = 0;
	bool ready = false, ok = true;

	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];
		const struct phx_live_guest *live;

		if (!it->guest || it->id)
			continue;
		if (!ready) {
			map_markers(p, &by_marker);
			taken = taken_ids(p);
			ready = true;
		}
		live = phx_map_get(&by_marker, it->address);
		if (live && live->is_vm == it->is_vm) {
			it->id = live->id;
			continue;
		}
		for (; at < taken.n && taken.v[at] <= next; at++)
			if (taken.v[at] == next)
				next++;
		if (!p->g->has_ids || next > p->g->ids_last) {
			ok = exhausted(p, it);
			continue;
		}
		it->id = next++;
	}
	return ok;
}

struct phx_str plan_default_node(const struct plan *p)
{
	if (p->g->clusters.n && p->g->clusters.v[0]->node.len)
		return p->g->clusters.v[0]->node;
	if (p->s->nodes.n == 1)
		return p->s->nodes.v[0].name;
	return p->o->offline ? PHX_STR("{node}") : PHX_STR("");
}

const struct phx_live_node *plan_find_node(const struct plan *p, struct phx_str name)
{
	for (uint32_t i = 0; i < p->s->nodes.n; i++)
		if (phx_str_eq(p->s->nodes.v[i].name, name))
			return &p->s->nodes.v[i];
	return NULL;
}

static bool check_node(struct plan *p, const struct plan_item *it)
{
	const struct phx_live_node *node = plan_find_node(p, it->node);
	struct phx_str *names;
	struct phx_diag *d;

	if (p->o->offline || (node && node->online))
		return true;
	if (node) {
		d = phx_diag_add(p->bag, PHX0618, it->span,
				 "node `" PHX_STR_FMT "`, where `" PHX_STR_FMT "` is, is offline",
				 PHX_STR_ARG(it->node), PHX_STR_ARG(it->address));
		phx_diag_help(p->bag, d, "bring it back, or leave the guest out: --exclude " PHX_STR_FMT,
			      PHX_STR_ARG(it->address));
		return false;
	}
	names = PHX_NEW_N(p->arena, struct phx_str, p->s->nodes.n + 1);
	for (uint32_t i = 0; i < p->s->nodes.n; i++)
		names[i] = p->s->nodes.v[i].name;
	if (!it->node.len) {
		d = phx_diag_add(p->bag, PHX0603, it->span,
				 "`" PHX_STR_FMT "` says no node, and the cluster has %u",
				 PHX_STR_ARG(it->address), p->s->nodes.n);
		phx_diag_help(p->bag, d, "say `node = \"…\"` in it, in `defaults`, or in the cluster block");
	} else {
		d = phx_diag_add(p->bag, PHX0603, it->span,
				 "the cluster has no node `" PHX_STR_FMT "` (for `" PHX_STR_FMT "`)",
				 PHX_STR_ARG(it->node), PHX_STR_ARG(it->address));
		phx_diag_suggest(p->bag, d, (struct phx_span){0}, it->node, names, p->s->nodes.n);
	}
	for (uint32_t i = 0; i < p->s->nodes.n && i < 10; i++)
		phx_diag_note(p->bag, d, "there is node `" PHX_STR_FMT "`", PHX_STR_ARG(names[i]));
	return false;
}

void plan_place(struct plan *p, struct plan_item *it)
{
	it->id_text = plan_number(p, it->id);
	it->base = plan_text(p, PHX_STR("/nodes/"), it->node,
			     it->is_vm ? PHX_STR("/qemu/") : PHX_STR("/lxc/"), it->id_text);
	it->lock_name = plan_text(p, PHX_STR("guest:"), it->id_text);
}

static void match_guest(struct plan *p, struct plan_item *it)
{
	it->live = phx_snapshot_guest(p->s, it->id);
	it->node = it->live ? it->live->node : it->guest->node.len ? it->guest->node : plan_default_node(p);
	plan_place(p, it);
}

/* After --exclude: what is left out may be anywhere. */
void plan_check_nodes(struct plan *p)
{
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].selected)
			p->items[i].refused = !check_node(p, &p->items[i]);
}

static void match_pool(struct plan *p, struct plan_item *it)
{
	for (uint32_t i = 0; i < p->s->pools.n; i++)
		if (phx_str_eq(p->s->pools.v[i].id, it->name))
			it->pool = &p->s->pools.v[i];
}

static void fill_items(struct plan *p)
{
	p->nitems = p->g->resources.n;
	p->items = PHX_NEW_N(&p->scratch, struct plan_item, p->nitems + 1);
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];
		const struct phx_resource *r = p->g->resources.v[i];

		it->resource = r;
		it->address = r->address;
		it->name = r->name;
		it->span = r->span;
		it->selected = true;
		if (r->kind != PHX_KIND_VM && r->kind != PHX_KIND_CONTAINER)
			continue;
		it->guest = (const struct phx_guest *)(const void *)r;
		it->is_vm = r->kind == PHX_KIND_VM;
		it->is_template = it->guest->is_template;
		it->id = it->guest->id;
	}
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct phx_resource *r = p->items[i].resource;

		for (uint32_t k = 0; k < r->needs.n; k++)
			if (r->needs.v[k].kind == PHX_EDGE_READY)
				p->items[r->needs.v[k].to->index].awaited = true;
	}
}

bool plan_match(struct plan *p)
{
	bool ok;

	fill_items(p);
	ok = settle_ids(p);
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		if (it->guest && it->id)
			match_guest(p, it);
		else if (it->resource->kind == PHX_KIND_POOL)
			match_pool(p, it);
	}
	return ok;
}

static struct plan_item *add_left(struct plan *p)
{
	struct plan_item *it = PHX_NEW(&p->scratch, struct plan_item);

	it->selected = true;
	phx_vec_push(&p->scratch, &p->left, it);
	return it;
}

static void left_guest(struct plan *p, const struct phx_live_guest *live)
{
	struct plan_item *it = add_left(p);
	const char *kind = live->is_vm ? "vm." : "container.";

	it->live = live;
	it->is_vm = live->is_vm;
	it->is_template = live->is_template;
	it->id = live->id;
	it->node = live->node;
	it->name = live->name;
	plan_place(p, it);
	it->address = live->has_marker && live->marker.address.len
			      ? live->marker.address
			      : plan_text(p, phx_str_c(kind), it->id_text);
}

static int id_order(const void *a, const void *b)
{
	const struct plan_item *x = *(struct plan_item *const *)a, *y = *(struct plan_item *const *)b;
	int by_id = by_number(&x->id, &y->id);

	return by_id ? by_id : phx_str_cmp(x->address, y->address);
}

/* Guests of the stack that no resource stands for, and its pools. Copies made by hand carry the tag as well: they are not
 * phx's (their marker names the original), and are only mentioned. */
void plan_left(struct plan *p)
{
	bool *known = PHX_NEW_N(p->arena, bool, p->s->guests.n + 1);
	struct phx_map ids = {0};

	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].live)
			phx_map_put(p->arena, &ids, p->items[i].id_text, NULL)->ptr = &p->items[i];
	for (uint32_t i = 0; i < p->s->guests.n; i++)
		known[i] = phx_map_find(&ids, plan_number(p, p->s->guests.v[i]->id)) != NULL;
	for (uint32_t i = 0; i < p->s->guests.n; i++) {
		const struct phx_live_guest *live = p->s->guests.v[i];

		if (!known[i] && live->owned)
			left_guest(p, live);
		else if (!known[i] && live->tagged && live->has_marker)
			phx_diag_add(p->bag, PHX0619, (struct phx_span){0},
				     "%s %llu carries the tag `" PHX_STR_FMT
				     "`, but its notes are those of %llu (`" PHX_STR_FMT
				     "`): a copy made by hand; it is left alone",
				     live->is_vm ? "vm" : "container", (unsigned long long)live->id,
				     PHX_STR_ARG(p->own_tag), (unsigned long long)live->marker.id,
				     PHX_STR_ARG(live->marker.address));
	}
	for (uint32_t i = 0; i < p->s->pools.n; i++) {
		const struct phx_live_pool *pool = &p->s->pools.v[i];
		struct phx_str address = plan_text(p, PHX_STR("pool."), pool->id);
		bool ours;

		(void)plan_pool_comment(p, pool->comment, &ours);
		if (!ours || pool->is_lock || phx_map_get(&p->g->by_address, address))
			continue;
		struct plan_item *it = add_left(p);

		it->pool = pool;
		it->address = address;
		it->name = pool->id;
	}
	if (p->left.n)
		qsort(p->left.v, p->left.n, sizeof(struct plan_item *), id_order);
}
