#include "plan/preflight.h"

#include <string.h>

#include "plan/preflight_priv.h"

/* --- what has to be read --- */

static void want_node(struct phx_arena *a, struct phx_fact_wants *w, const struct phx_plan *p,
		      struct phx_str node)
{
	bool known = !node.len;

	for (uint32_t i = 0; i < w->nodes.n && !known; i++)
		known = phx_str_eq(w->nodes.v[i], node);
	for (uint32_t i = 0; p->snapshot && i < p->snapshot->nodes.n && !known; i++)
		known = phx_str_eq(p->snapshot->nodes.v[i].name, node) && !p->snapshot->nodes.v[i].online;
	if (!known)
		phx_vec_push(a, &w->nodes, node);
}

static void want_url(struct phx_arena *a, struct phx_fact_wants *w, const struct phx_action *x)
{
	struct phx_str url = pre_param(x, "url");

	if (x->op == PHX_OP_IMAGE_DOWNLOAD && url.len)
		phx_vec_push(a, &w->urls, ((struct phx_fact_url){.node = x->node, .url = url}));
}

/* A ZFS pool holds both: a container's volume is a quota, a VM's disk is reserved unless the storage is `sparse`, which only its
 * configuration tells. What Proxmox may well accept is not denied. */
bool pre_is_thin(struct phx_str type)
{
	static const char *const thick[] = {"lvm", "iscsi", "iscsidirect", "drbd", NULL};

	for (uint32_t i = 0; thick[i]; i++)
		if (phx_str_eqc(type, thick[i]))
			return false;
	return true;
}

static void want_storage(struct phx_arena *a, struct phx_fact_wants *w, const struct phx_live_storage *s)
{
	for (uint32_t i = 0; i < w->storages.n; i++)
		if (phx_str_eq(w->storages.v[i].id, s->id) &&
		    (s->shared || phx_str_eq(w->storages.v[i].node, s->node)))
			return;
	phx_vec_push(a, &w->storages, ((struct phx_fact_storage){.node = s->node, .id = s->id}));
}

void phx_preflight_wants(const struct phx_plan *p, struct phx_arena *a, struct phx_fact_wants *out)
{
	struct phx_preflight_options none = {0};
	struct phx_arena scratch = {0};
	struct preflight f = {.p = (struct phx_plan *)(uintptr_t)p, .o = &none, .a = a, .scratch = &scratch};

	if (!p->actions.n)
		return;
	out->grants = true;
	for (uint32_t i = 0; i < p->actions.n; i++) {
		want_node(a, out, p, p->actions.v[i]->node);
		want_url(a, out, p->actions.v[i]);
	}
	pre_want_files(&f, out);
	pre_follow(&f);
	for (uint32_t i = 0; i < f.storages.n; i++)
		if (f.storages.v[i].gained > f.storages.v[i].lost && pre_is_thin(f.storages.v[i].s->type) &&
		    f.storages.v[i].s->active)
			want_storage(a, out, f.storages.v[i].s);
	phx_arena_done(&scratch);
}

/* --- what must exist --- */

static struct phx_str bridge_of(struct phx_str net)
{
	struct phx_str rest = net, piece;

	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_starts(piece, "bridge="))
			return phx_str_from(piece, 7);
	return PHX_STR("");
}

static bool is_net(struct phx_str key)
{
	return phx_str_starts(key, "net") && key.len > 3 && key.ptr[3] >= '0' && key.ptr[3] <= '9';
}

static struct phx_span nic_span(const struct phx_action *a, struct phx_str bridge)
{
	const struct phx_guest *g = pre_wanted(a->change);

	for (uint32_t i = 0; g && i < g->nics.n; i++)
		if (phx_str_eq(g->nics.v[i].bridge, bridge))
			return g->nics.v[i].span;
	return a->change ? a->change->span : (struct phx_span){0};
}

static void no_bridge(struct preflight *f, const struct phx_action *a, struct phx_str bridge,
		      const struct phx_fact_node *n)
{
	struct phx_diag *d =
		phx_diag_add(f->p->diags, PHX0663, nic_span(a, bridge),
			     "node `" PHX_STR_FMT "` has no bridge `" PHX_STR_FMT "` (for `" PHX_STR_FMT "`)",
			     PHX_STR_ARG(n->name), PHX_STR_ARG(bridge), PHX_STR_ARG(a->address));

	for (uint32_t i = 0; i < n->bridges.n && i < 10; i++)
		phx_diag_note(f->p->diags, d, "there is `" PHX_STR_FMT "`", PHX_STR_ARG(n->bridges.v[i]));
	phx_diag_suggest(f->p->diags, d, (struct phx_span){0}, bridge, n->bridges.v, n->bridges.n);
	phx_diag_note(f->p->diags, d, "Proxmox looks only when the guest starts, and then it does not start");
}

/* Proxmox leaves out of the list what the token may neither use nor audit. */
static bool sees_bridge(const struct preflight *f, struct phx_str bridge)
{
	const struct phx_facts *facts = f->o->facts;

	return !facts->has_grants ||
	       phx_grants_may(&facts->grants,
			      phx_str_printf(f->scratch, "/sdn/zones/localnetwork/" PHX_STR_FMT,
					     PHX_STR_ARG(bridge)),
			      PHX_STR("SDN.Use|SDN.Audit"));
}

void pre_bridges(struct preflight *f)
{
	struct phx_map seen = {0};

	for (uint32_t i = 0; i < f->p->actions.n; i++) {
		const struct phx_action *a = f->p->actions.v[i];
		const struct phx_fact_node *n = NULL;

		for (uint32_t k = 0; k < a->params.v.n; k++) {
			struct phx_str bridge = is_net(a->params.v.v[k].name)
							? bridge_of(a->params.v.v[k].value)
							: PHX_STR("");
			bool there = false, is_new = false;

			if (!bridge.len)
				continue;
			n = n ? n : phx_facts_node(f->o->facts, a->node);
			if (!n || !n->has_bridges)
				break;
			for (uint32_t b = 0; b < n->bridges.n && !there; b++)
				there = phx_str_eq(n->bridges.v[b], bridge);
			if (there || !sees_bridge(f, bridge))
				continue;
			phx_map_put(f->scratch, &seen,
				    phx_str_printf(f->scratch, PHX_STR_FMT "/" PHX_STR_FMT,
						   PHX_STR_ARG(a->address), PHX_STR_ARG(bridge)),
				    &is_new);
			if (is_new)
				no_bridge(f, a, bridge, n);
		}
	}
}

void pre_images(struct preflight *f)
{
	for (uint32_t i = 0; f->o->facts && i < f->o->facts->urls.n; i++) {
		const struct phx_fact_url *u = &f->o->facts->urls.v[i];
		struct phx_span span = {0};
		struct phx_diag *d;

		if (!u->asked || u->reachable)
			continue;
		for (uint32_t k = 0; k < f->p->actions.n; k++) {
			const struct phx_action *a = f->p->actions.v[k];

			if (a->op == PHX_OP_IMAGE_DOWNLOAD && phx_str_eq(pre_param(a, "url"), u->url) &&
			    a->change)
				span = a->change->span;
		}
		d = phx_diag_add(f->p->diags, PHX0664, span,
				 "node `" PHX_STR_FMT "` cannot download " PHX_STR_FMT, PHX_STR_ARG(u->node),
				 PHX_STR_ARG(u->url));
		phx_diag_note(f->p->diags, d, "it says: " PHX_STR_FMT, PHX_STR_ARG(u->trouble));
		phx_diag_help(f->p->diags, d, "see whether the address is right: curl -I " PHX_STR_FMT,
			      PHX_STR_ARG(u->url));
	}
}

/* Two guests of one name are allowed, and mistaken for each other. */
void pre_names(struct preflight *f)
{
	const struct phx_snapshot *s = f->p->snapshot;
	struct phx_map names = {0};

	for (uint32_t i = 0; s && i < s->others.n; i++)
		if (s->others.v[i].name.len)
			phx_map_put(f->scratch, &names, s->others.v[i].name, NULL)->ptr = &s->others.v[i];
	for (uint32_t i = 0; names.n && i < f->p->changes.n; i++) {
		const struct phx_change *c = f->p->changes.v[i];
		const struct phx_guest *g = pre_wanted(c);
		const struct phx_live_guest *other;
		struct phx_diag *d;

		if (!g || c->action != PHX_CH_CREATE)
			continue;
		other = phx_map_get(&names, g->host_name);
		if (!other || other->id == c->id)
			continue;
		d = phx_diag_add(f->p->diags, PHX0666, c->span,
				 "%s %llu, which is not of this stack, has the name `" PHX_STR_FMT
				 "` already",
				 other->is_vm ? "vm" : "container", (unsigned long long)other->id,
				 PHX_STR_ARG(g->host_name));
		phx_diag_note(f->p->diags, d, "`" PHX_STR_FMT "` (%llu) would be a second one",
			      PHX_STR_ARG(c->address), (unsigned long long)c->id);
		phx_diag_help(f->p->diags, d, "give it another one: name = \"…\"");
	}
}

bool phx_preflight(struct phx_plan *p, const struct phx_preflight_options *o)
{
	struct phx_arena scratch = {0};
	struct preflight f = {.p = p, .o = o, .a = p->arena, .scratch = &scratch};
	uint32_t errors = p->diags->errors;

	if (!p->actions.n)
		return true;
	pre_follow(&f);
	pre_permissions(&f);
	pre_names(&f);
	pre_bridges(&f);
	pre_images(&f);
	pre_files(&f);
	pre_snapshots(&f);
	pre_capacity(&f);
	pre_estimate(&f);
	phx_arena_done(&scratch);
	if (p->diags->errors == errors)
		return true;
	p->refused = true;
	p->actions.n = 0;
	p->estimate = NULL;
	return false;
}
