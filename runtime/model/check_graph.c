/* Checks of guests against each other. */
#include <string.h>
#include <strings.h>

#include "model/graph_priv.h"

static struct phx_guest *guest_of(const struct phx_node *n)
{
	return n->r->kind == PHX_KIND_VM || n->r->kind == PHX_KIND_CONTAINER ? (struct phx_guest *)n->r
									     : NULL;
}

/* --- ids --- */

static void duplicate_id(struct phx_gb *b, const struct phx_guest *g, const struct phx_guest *first)
{
	struct phx_diag *d = phx_diag_add(
		b->bag, PHX0402, g->id_span, "`" PHX_STR_FMT "` and `" PHX_STR_FMT "` have one id, %llu",
		PHX_STR_ARG(first->r.address), PHX_STR_ARG(g->r.address), (unsigned long long)g->id);

	phx_diag_label(b->bag, d, g->id_span, "used again here");
	phx_diag_label(b->bag, d, first->id_span, "first used here");
	phx_diag_note(b->bag, d, "VMs and containers of a cluster share one range of ids");
}

void phx_check_ids(struct phx_gb *b)
{
	struct phx_map seen = {0};

	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_guest *g = guest_of(&b->nodes.v[i]);
		struct phx_map_entry *e;
		bool fresh;

		if (!g || !g->id)
			continue;
		phx_buf_clear(&b->text);
		phx_buf_add(&b->text, &g->id, sizeof(g->id));
		phx_gb_cluster_key(b, g, &b->text);
		e = phx_map_find(&seen, phx_buf_view(&b->text));
		if (e) {
			duplicate_id(b, g, e->ptr);
			continue;
		}
		e = phx_map_put(b->work, &seen, phx_str_dup(b->work, phx_buf_view(&b->text)), &fresh);
		e->ptr = g;
	}
}

/* --- clones --- */

static void not_template(struct phx_gb *b, const struct phx_guest *g)
{
	struct phx_diag *d =
		phx_diag_add(b->bag, PHX0410, g->clone_span,
			     "`" PHX_STR_FMT "` is a clone of `" PHX_STR_FMT "`, which is no template",
			     PHX_STR_ARG(g->r.address), PHX_STR_ARG(g->source->r.address));

	phx_diag_label(b->bag, d, g->clone_span, "cloned here");
	phx_diag_label(b->bag, d, g->source->r.span, "this stays a guest that runs");
	phx_diag_help(b->bag, d, "say `template = true` in `" PHX_STR_FMT "`",
		      PHX_STR_ARG(g->source->r.address));
}

/* The source's address would be that of every clone. */
static void source_address(struct phx_gb *b, const struct phx_guest *g, uint32_t unclear)
{
	for (uint32_t i = 0; i < g->source->nics.n; i++) {
		const struct phx_nic *s = &g->source->nics.v[i], *mine = NULL;
		bool v4 = s->ip.family != 0, v6 = s->ip6.family != 0;
		struct phx_diag *d;

		for (uint32_t k = 0; k < g->nics.n; k++) {
			if (g->nics.v[k].index == s->index)
				mine = &g->nics.v[k];
		}
		if (mine && s->index < 32 && unclear >> s->index & 1)
			continue;
		if (!(v4 && (!mine || !mine->has_ip)) && !(v6 && (!mine || !mine->has_ip6)))
			continue;
		d = phx_diag_add(b->bag, PHX0412,
				 mine && mine->origin != PHX_FROM_SOURCE ? mine->span : g->r.span,
				 "`" PHX_STR_FMT "` does not say its address", PHX_STR_ARG(g->r.address));
		phx_diag_label(b->bag, d, s->ip_span, "its source has this one");
		phx_diag_label(b->bag, d, g->clone_span, "cloned here");
		phx_diag_help(b->bag, d, "say `network { ip = … }`, with an address of its own or `dhcp`");
		return;
	}
}

static void bind_mounts(struct phx_gb *b, const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->source->volumes.n; i++) {
		const struct phx_volume *v = &g->source->volumes.v[i];
		struct phx_diag *d;

		if (v->source != PHX_VOL_HOST_PATH)
			continue;
		d = phx_diag_add(b->bag, PHX0419, g->clone_span,
				 "`" PHX_STR_FMT "` cannot be cloned: it has a bind mount",
				 PHX_STR_ARG(g->source->r.address));
		phx_diag_label(b->bag, d, v->span, "a directory of the node, which Proxmox does not clone");
		phx_diag_help(b->bag, d, "mount it in the clones instead");
		return;
	}
}

static bool is_one(const struct phx_setting *s)
{
	return s && !s->unset && phx_str_eqc(s->value, "1");
}

static void clusters(struct phx_gb *b, const struct phx_guest *g)
{
	struct phx_diag *d;

	if (!g->cluster || !g->source->cluster || g->cluster == g->source->cluster)
		return;
	d = phx_diag_add(b->bag, PHX0434, g->clone_span, "a clone cannot leave the cluster of its source");
	phx_diag_label(b->bag, d, g->cluster->r.span, "the clone's cluster");
	phx_diag_label(b->bag, d, g->source->cluster->r.span, "the source's cluster");
}

void phx_check_clones(struct phx_gb *b)
{
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_guest *g = guest_of(&b->nodes.v[i]);
		const struct phx_node *source;

		if (!g || !g->source || b->nodes.v[i].poisoned)
			continue;
		source = phx_gb_node(b, &g->source->r);
		if (source->poisoned)
			continue;
		if (!g->source->is_template && !source->template_unknown)
			not_template(b, g);
		source_address(b, g, b->nodes.v[i].unclear_nics);
		bind_mounts(b, g);
		clusters(b, g);
	}
}

/* --- names --- */

static void duplicate_name(struct phx_gb *b, const struct phx_guest *g, const struct phx_guest *first)
{
	struct phx_diag *d = phx_diag_add(
		b->bag, PHX0427, g->r.span,
		"`" PHX_STR_FMT "` and `" PHX_STR_FMT "` are both called `" PHX_STR_FMT "`",
		PHX_STR_ARG(first->r.address), PHX_STR_ARG(g->r.address), PHX_STR_ARG(g->host_name));

	phx_diag_label(b->bag, d, first->r.span, "the other one");
	phx_diag_note(b->bag, d, "Proxmox tells them apart by their ids, people do not");
}

void phx_check_names(struct phx_gb *b)
{
	struct phx_map seen = {0};

	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_guest *g = guest_of(&b->nodes.v[i]);
		struct phx_map_entry *e;
		bool fresh;

		if (!g || b->nodes.v[i].poisoned || g->host_name.len == 0)
			continue;
		phx_buf_clear(&b->text);
		phx_buf_str(&b->text, g->host_name);
		phx_gb_cluster_key(b, g, &b->text);
		e = phx_map_find(&seen, phx_buf_view(&b->text));
		if (e) {
			duplicate_name(b, g, e->ptr);
			continue;
		}
		e = phx_map_put(b->work, &seen, phx_str_dup(b->work, phx_buf_view(&b->text)), &fresh);
		e->ptr = g;
	}
}

/* --- boot order --- */

static bool boots(const struct phx_guest *g)
{
	return g->has_boot_order && !g->is_template && is_one(phx_guest_setting(g, PHX_STR("onboot")));
}

static void wrong_order(struct phx_gb *b, const struct phx_guest *g, const struct phx_guest *needed,
			struct phx_span why)
{
	const struct phx_setting *mine = phx_guest_setting(g, PHX_STR("startup"));
	const struct phx_setting *theirs = phx_guest_setting(needed, PHX_STR("startup"));
	struct phx_diag *d = phx_diag_add(b->bag, PHX0426, mine ? mine->span : g->r.span,
					  "`" PHX_STR_FMT "` boots before `" PHX_STR_FMT "`, which it needs",
					  PHX_STR_ARG(g->r.address), PHX_STR_ARG(needed->r.address));

	phx_diag_label(b->bag, d, mine ? mine->span : g->r.span, "order %llu",
		       (unsigned long long)g->boot_order);
	phx_diag_label(b->bag, d, theirs ? theirs->span : needed->r.span, "order %llu",
		       (unsigned long long)needed->boot_order);
	phx_diag_label(b->bag, d, why, "needed here");
	phx_diag_help(b->bag, d, "give `" PHX_STR_FMT "` an order of at least %llu",
		      PHX_STR_ARG(g->r.address), (unsigned long long)needed->boot_order);
}

/* Along the topological order: who of all that a guest needs boots last? */
void phx_check_boot_order(struct phx_gb *b)
{
	const struct phx_guest **last = PHX_NEW_N(b->work, const struct phx_guest *, b->nodes.n + 1);

	for (uint32_t i = 0; i < b->g->resources.n; i++) {
		struct phx_node *n = phx_gb_node(b, b->g->resources.v[i]);
		const struct phx_guest *g = guest_of(n), *worst = NULL;
		struct phx_span why = {0};

		for (uint32_t k = 0; g && k < n->needs.n; k++) {
			const struct phx_guest *to = guest_of(phx_gb_node(b, n->needs.v[k].to));
			const struct phx_guest *of = to ? last[to->r.index] : NULL;

			if (n->needs.v[k].kind != PHX_EDGE_READY || !of ||
			    (worst && of->boot_order <= worst->boot_order))
				continue;
			worst = of;
			why = n->needs.v[k].span;
		}
		if (!g)
			continue;
		if (worst && boots(g) && g->boot_order < worst->boot_order)
			wrong_order(b, g, worst, why);
		last[n->r->index] = boots(g) && (!worst || g->boot_order > worst->boot_order) ? g : worst;
	}
}
