/* What nodes and storages have promised to guests before and after the plan, against what there is. */
#include <stdlib.h>

#include "plan/preflight_priv.h"

static const struct phx_capacity_limits *limits(const struct phx_plan *p)
{
	static const struct phx_capacity_limits usual = {.memory = 1.0, .cores = 4.0, .storage = 1.0};

	for (uint32_t i = 0; p->graph && i < p->graph->clusters.n; i++) {
		const struct phx_cluster *c = p->graph->clusters.v[i];

		if (p->graph->clusters.n == 1 || phx_str_eq(c->endpoint, p->endpoint))
			return &c->capacity;
	}
	return &usual;
}

static uint64_t times(uint64_t n, double factor)
{
	return (uint64_t)((double)n * factor);
}

/* --- nodes --- */

struct load {
	uint64_t memory, cores;
};

/* Guests that the plan does not touch: what cluster/resources says of them. */
static struct load untouched(const struct preflight *f, struct phx_str node)
{
	const struct phx_snapshot *s = f->p->snapshot;
	struct load l = {0};

	for (uint32_t i = 0; i < s->guests.n + s->others.n; i++) {
		const struct phx_live_guest *g =
			i < s->guests.n ? s->guests.v[i] : &s->others.v[i - s->guests.n];

		if (!g->running || !phx_str_eq(g->node, node) || pre_touches(f, g->id))
			continue;
		l.memory += g->maxmem;
		l.cores += g->maxcpu;
	}
	return l;
}

static void node_rows(struct preflight *f, struct phx_capacity *c, const struct phx_live_node *node)
{
	const struct phx_capacity_limits *lim = limits(f->p);
	struct load rest = untouched(f, node->name), before = rest, after = rest;

	for (uint32_t i = 0; i < f->guests.n; i++) {
		const struct pre_guest *g = f->guests.v[i];

		if (g->live && g->ran && phx_str_eq(g->live->node, node->name)) {
			before.memory += g->memory_before;
			before.cores += g->cores_before;
		}
		if (g->runs && phx_str_eq(g->node, node->name)) {
			after.memory += g->memory;
			after.cores += g->cores;
		}
	}
	struct phx_capacity_row memory = {.kind = PHX_CAP_MEMORY,
					  .node = node->name,
					  .before = before.memory,
					  .after = after.memory,
					  .used = node->mem,
					  .physical = node->maxmem,
					  .limit = times(node->maxmem, lim->memory)};
	struct phx_capacity_row cores = {.kind = PHX_CAP_CORES,
					 .node = node->name,
					 .before = before.cores,
					 .after = after.cores,
					 .physical = node->maxcpu,
					 .limit = times(node->maxcpu, lim->cores)};

	memory.over = memory.physical && memory.after > memory.limit && memory.after > memory.before;
	cores.over = cores.physical && cores.after > cores.limit && cores.after > cores.before;
	phx_vec_push(f->a, &c->rows, memory);
	phx_vec_push(f->a, &c->rows, cores);
}

static bool touched(const struct preflight *f, struct phx_str node)
{
	for (uint32_t i = 0; i < f->guests.n; i++)
		if (phx_str_eq(f->guests.v[i]->node, node) ||
		    (f->guests.v[i]->live && phx_str_eq(f->guests.v[i]->live->node, node)))
			return true;
	return false;
}

/* --- storages --- */

static uint64_t promised(const struct preflight *f, const struct phx_live_storage *s)
{
	for (uint32_t i = 0; f->o->facts && i < f->o->facts->storages.n; i++) {
		const struct phx_fact_storage *x = &f->o->facts->storages.v[i];

		if (x->known && phx_str_eq(x->id, s->id) && (s->shared || phx_str_eq(x->node, s->node)))
			return x->promised;
	}
	return s->total - s->avail;
}

static void storage_row(struct preflight *f, struct phx_capacity *c, const struct pre_storage *x)
{
	const struct phx_live_storage *s = x->s;
	struct phx_capacity_row r = {.kind = PHX_CAP_STORAGE,
				     .node = s->node,
				     .storage = s->id,
				     .type = s->type,
				     .thin = pre_is_thin(s->type),
				     .used = s->total > s->avail ? s->total - s->avail : 0,
				     .physical = s->total};

	if (!x->gained && !x->lost)
		return;
	r.before = r.thin ? promised(f, s) : r.used;
	r.after = r.before + x->gained;
	r.after = r.after > x->lost ? r.after - x->lost : 0;
	r.limit = times(s->total, r.thin ? limits(f->p)->storage : 1.0);
	r.over = s->total && r.after > r.limit && r.after > r.before;
	phx_vec_push(f->a, &c->rows, r);
}

/* --- what is said about it --- */

static struct phx_str size(struct preflight *f, const struct phx_capacity_row *r, uint64_t n)
{
	if (r->kind == PHX_CAP_CORES)
		return phx_str_u64(f->a, n);
	return phx_str_printf(f->a, "%.1f GiB", (double)n / (double)((uint64_t)1 << 30));
}

static void excess(struct preflight *f, const struct phx_capacity_row *r)
{
	const struct phx_capacity_limits *lim = limits(f->p);
	/* A storage that gives space away only once is simply too small. */
	bool hard = r->kind == PHX_CAP_STORAGE && !r->thin, deny = hard || lim->excess == PHX_EXCESS_DENY;
	static const char *const what[] = {"memory", "processors", "space"};
	static const char *const names[] = {"memory", "cores", "storage"};
	struct phx_diag *d;

	if (!hard && lim->excess == PHX_EXCESS_IGNORE)
		return;
	d = phx_diag_add(f->p->diags, deny ? PHX0662 : PHX0661, lim->span,
			 "%s `" PHX_STR_FMT "` would have promised more %s than it %s",
			 r->kind == PHX_CAP_STORAGE ? "storage" : "node",
			 PHX_STR_ARG(r->kind == PHX_CAP_STORAGE ? r->storage : r->node), what[r->kind],
			 hard ? "has" : "may");
	phx_diag_note(f->p->diags, d,
		      PHX_STR_FMT " now, " PHX_STR_FMT " after this plan; there are " PHX_STR_FMT
				  ", and the limit is " PHX_STR_FMT,
		      PHX_STR_ARG(size(f, r, r->before)), PHX_STR_ARG(size(f, r, r->after)),
		      PHX_STR_ARG(size(f, r, r->physical)), PHX_STR_ARG(size(f, r, r->limit)));
	if (hard)
		phx_diag_help(f->p->diags, d, "free some, or put disks on another storage");
	else
		phx_diag_help(f->p->diags, d,
			      "if that is meant, say so in the cluster block: capacity { %s = %.1f }",
			      names[r->kind], (double)r->after / (double)r->physical + 0.05);
}

/* Proxmox starts no VM with more processors than its node has. */
static void too_many_cores(struct preflight *f)
{
	for (uint32_t i = 0; i < f->guests.n; i++) {
		const struct pre_guest *g = f->guests.v[i];
		const struct phx_live_node *node = NULL;
		struct phx_diag *d;

		for (uint32_t k = 0; k < f->p->snapshot->nodes.n; k++)
			if (phx_str_eq(f->p->snapshot->nodes.v[k].name, g->node))
				node = &f->p->snapshot->nodes.v[k];
		if (!node || !node->maxcpu || !g->is_vm || !g->wanted || !g->runs ||
		    g->cores <= node->maxcpu || (g->ran && g->cores_before == g->cores))
			continue;
		d = phx_diag_add(f->p->diags, PHX0665, g->wanted->r.span,
				 "`" PHX_STR_FMT "` shall have %llu processors, and node `" PHX_STR_FMT
				 "` has %llu",
				 PHX_STR_ARG(g->wanted->r.address), (unsigned long long)g->cores,
				 PHX_STR_ARG(node->name), (unsigned long long)node->maxcpu);
		phx_diag_note(f->p->diags, d, "Proxmox does not start a VM with more than its node has");
	}
}

static int order(const void *a, const void *b)
{
	const struct phx_capacity_row *x = a, *y = b;
	int c = phx_str_cmp(x->node, y->node);

	if (!c)
		c = (int)x->kind - (int)y->kind;
	return c ? c : phx_str_cmp(x->storage, y->storage);
}

void pre_capacity(struct preflight *f)
{
	struct phx_capacity *c;

	if (f->p->offline || !f->p->snapshot)
		return;
	c = PHX_NEW(f->a, struct phx_capacity);
	for (uint32_t i = 0; i < f->p->snapshot->nodes.n; i++)
		if (touched(f, f->p->snapshot->nodes.v[i].name))
			node_rows(f, c, &f->p->snapshot->nodes.v[i]);
	for (uint32_t i = 0; i < f->storages.n; i++)
		storage_row(f, c, &f->storages.v[i]);
	if (c->rows.n)
		qsort(c->rows.v, c->rows.n, sizeof(*c->rows.v), order);
	for (uint32_t i = 0; i < c->rows.n; i++)
		if (c->rows.v[i].over)
			excess(f, &c->rows.v[i]);
	too_many_cores(f);
	f->p->capacity = c;
}
