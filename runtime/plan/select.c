/* --target and --exclude, closed over the dependencies: what is selected brings along what it needs, what is left out
 * takes along what needs it. Both are said in the plan. */
#include <string.h>

#include "plan/plan_priv.h"

static struct plan_item *find(struct plan *p, struct phx_str address)
{
	const struct phx_resource *r = phx_map_get(&p->g->by_address, address);

	if (r)
		return &p->items[r->index];
	for (uint32_t i = 0; i < p->left.n; i++)
		if (phx_str_eq(p->left.v[i]->address, address) || phx_str_eq(p->left.v[i]->id_text, address))
			return p->left.v[i];
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && phx_str_eq(p->items[i].id_text, address))
			return &p->items[i];
	return NULL;
}

static void unknown(struct plan *p, enum phx_code code, const char *option, struct phx_str address)
{
	struct phx_diag *d = phx_diag_add(p->bag, code, (struct phx_span){0},
					  "%s%s" PHX_STR_FMT ": nothing has this address", option,
					  *option ? " " : "", PHX_STR_ARG(address));
	struct phx_str *names = PHX_NEW_N(p->arena, struct phx_str, p->nitems + p->left.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->nitems; i++)
		names[n++] = p->items[i].address;
	for (uint32_t i = 0; i < p->left.n; i++)
		names[n++] = p->left.v[i]->address;
	phx_diag_suggest(p->bag, d, (struct phx_span){0}, address, names, n);
}

static struct plan_item *must_find(struct plan *p, const char *option, struct phx_str address)
{
	struct plan_item *it = find(p, address);

	if (!it)
		unknown(p, PHX0604, option, address);
	return it;
}

/* In graph order what is needed stands before what needs it, so one walk backwards closes over all needs. */
static void close_targets(struct plan *p, bool *in)
{
	for (uint32_t i = p->nitems; i-- > 0;) {
		const struct phx_resource *r = p->items[i].resource;

		if (!in[i])
			continue;
		for (uint32_t k = 0; k < r->needs.n; k++)
			in[r->needs.v[k].to->index] = true;
	}
}

static void close_excludes(struct plan *p, bool *out)
{
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct phx_resource *r = p->items[i].resource;

		for (uint32_t k = 0; k < r->needs.n && !out[i]; k++)
			out[i] = out[r->needs.v[k].to->index];
	}
}

/* What goes takes along what cannot live without it. */
static void close_users(struct plan *p, bool *in)
{
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct phx_resource *r = p->items[i].resource;

		for (uint32_t k = 0; k < r->needs.n && !in[i]; k++)
			in[i] = in[r->needs.v[k].to->index] &&
				plan_falls_with(p, &p->items[i], &r->needs.v[k]);
	}
}

static bool named(const struct phx_str *v, uint32_t n, const struct plan_item *it)
{
	for (uint32_t i = 0; i < n; i++)
		if (phx_str_eq(v[i], it->address) || (it->id_text.len && phx_str_eq(v[i], it->id_text)))
			return true;
	return false;
}

static bool goes(const struct plan_item *it)
{
	return it->guest && it->live && it->live->owned;
}

static void refuse_dependant(struct plan *p, const struct plan_item *it, const bool *in)
{
	const struct phx_resource *needed = NULL;
	struct phx_diag *d;

	for (uint32_t k = 0; k < it->resource->needs.n && !needed; k++) {
		const struct phx_edge *e = &it->resource->needs.v[k];

		if (in[e->to->index] && p->items[e->to->index].guest && plan_falls_with(p, it, e))
			needed = e->to;
	}
	d = phx_diag_add(p->bag, PHX0682, it->span,
			 "`" PHX_STR_FMT "` (" PHX_STR_FMT ") needs `" PHX_STR_FMT "`",
			 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text),
			 PHX_STR_ARG(needed ? needed->address : PHX_STR("it")));
	phx_diag_help(p->bag, d, "--cascade deletes it too, first");
}

static void apply_targets(struct plan *p)
{
	bool *in = PHX_NEW_N(p->arena, bool, p->nitems + 1);

	for (uint32_t i = 0; i < p->left.n; i++)
		p->left.v[i]->selected = named(p->o->targets.v, p->o->targets.n, p->left.v[i]);
	for (uint32_t i = 0; i < p->o->targets.n; i++) {
		struct plan_item *it = must_find(p, "--target", p->o->targets.v[i]);

		if (it && it->resource)
			in[it->resource->index] = true;
	}
	if (p->o->destroy)
		close_users(p, in);
	else
		close_targets(p, in);
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		it->selected = it->selected && in[i];
		if (!in[i] || named(p->o->targets.v, p->o->targets.n, it) ||
		    it->resource->kind == PHX_KIND_CLUSTER || (p->o->destroy && !goes(it)))
			continue;
		if (!p->o->destroy)
			phx_vec_push(p->arena, &p->out->targets_added, it->address);
		if (p->o->refuse_dependants)
			refuse_dependant(p, it, in);
	}
}

static void apply_excludes(struct plan *p)
{
	bool *out = PHX_NEW_N(p->arena, bool, p->nitems + 1);

	for (uint32_t i = 0; i < p->o->excludes.n; i++) {
		struct plan_item *it = must_find(p, "--exclude", p->o->excludes.v[i]);

		if (it && it->resource)
			out[it->resource->index] = true;
		else if (it)
			it->selected = false;
	}
	close_excludes(p, out);
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		if (out[i] && it->selected && !named(p->o->excludes.v, p->o->excludes.n, it))
			phx_vec_push(p->arena, &p->out->targets_dropped, it->address);
		it->selected = it->selected && !out[i];
	}
}

/* Which of several clusters is planned for: as told, or the one that was connected to. */
static const struct phx_cluster *cluster_of(const struct plan *p)
{
	for (uint32_t i = 0; !p->o->cluster && p->o->endpoint.len && i < p->g->clusters.n; i++)
		if (phx_str_eq(p->g->clusters.v[i]->endpoint, p->o->endpoint))
			return p->g->clusters.v[i];
	return p->o->cluster;
}

/* Guests of another cluster are planned in a run of their own. */
static void apply_cluster(struct plan *p)
{
	const struct phx_cluster *cluster = cluster_of(p);

	for (uint32_t i = 0; cluster && i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].guest->cluster && p->items[i].guest->cluster != cluster)
			p->items[i].selected = false;
}

void plan_select(struct plan *p)
{
	apply_cluster(p);
	if (p->o->targets.n)
		apply_targets(p);
	if (p->o->excludes.n)
		apply_excludes(p);
	p->out->targeted = p->o->targets.n || p->o->excludes.n;
	for (uint32_t i = 0; i < p->o->allow_destroy.n; i++)
		if (!find(p, p->o->allow_destroy.v[i]))
			unknown(p, PHX0626, "--allow-destroy", p->o->allow_destroy.v[i]);
	for (uint32_t i = 0; i < p->o->adopt.n; i++) {
		struct plan_item *it = must_find(p, "--adopt", p->o->adopt.v[i]);

		if (it)
			it->adopt = true;
	}
}

void plan_select_guests(struct plan *p, const struct phx_str *guests, uint32_t n)
{
	apply_cluster(p);
	for (uint32_t i = 0; i < n; i++)
		must_find(p, "", guests[i]);
	for (uint32_t i = 0; n && i < p->nitems; i++)
		p->items[i].selected = p->items[i].selected && named(guests, n, &p->items[i]);
}

bool plan_named_target(const struct plan *p, const struct plan_item *it)
{
	return named(p->o->targets.v, p->o->targets.n, it);
}

bool plan_named_destroy(const struct plan *p, const struct plan_item *it)
{
	return named(p->o->allow_destroy.v, p->o->allow_destroy.n, it);
}

bool plan_may_destroy(const struct plan *p, const struct plan_item *it)
{
	if (p->o->destroy || (it->guest && it->guest->replace_allowed))
		return true;
	return plan_named_destroy(p, it);
}
