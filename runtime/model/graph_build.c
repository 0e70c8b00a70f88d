/* From declarations to the resource graph: a list of passes. */
#include <string.h>

#include "model/graph_priv.h"

static bool is_guest(const struct phx_node *n)
{
	return n->r->kind == PHX_KIND_VM || n->r->kind == PHX_KIND_CONTAINER;
}

/* --- tables --- */

static const struct phx_option_table *table(struct phx_gb *b, enum phx_option_kind kind)
{
	struct phx_err err = {0};
	const struct phx_option_table *t = phx_options_table(b->options, kind, &err);

	if (!t)
		phx_diag_add(b->bag, PHX0002, (struct phx_span){0},
			     "the option tables cannot be read: " PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	phx_err_done(&err);
	return t;
}

static bool load_tables(struct phx_gb *b)
{
	b->guest_table[true] = table(b, PHX_OPTIONS_VM);
	b->guest_table[false] = table(b, PHX_OPTIONS_CONTAINER);
	b->firewall_table[true] = table(b, PHX_OPTIONS_FIREWALL_VM);
	b->firewall_table[false] = table(b, PHX_OPTIONS_FIREWALL_CONTAINER);
	b->rule_table = table(b, PHX_OPTIONS_FIREWALL_RULE);
	for (int vm = 0; vm < 2; vm++) {
		const struct phx_block_spec *body = phx_schema_kind(vm ? PHX_KIND_VM : PHX_KIND_CONTAINER);

		b->default_cache[vm] = PHX_NEW_N(b->work, struct phx_setting, PHX_GA_MAX);
		b->disk_spec[vm] = phx_schema_block(body, PHX_STR("disk"));
		b->disk_size[vm] = phx_schema_attr(b->disk_spec[vm], PHX_STR("size"));
	}
	return b->guest_table[0] && b->guest_table[1] && b->firewall_table[0] && b->firewall_table[1] &&
	       b->rule_table;
}

/* --- clusters, images, pools --- */

static void lower_others(struct phx_gb *b)
{
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_node *n = &b->nodes.v[i];

		if (n->r->kind == PHX_KIND_CLUSTER)
			phx_lower_cluster(b, n);
		else if (n->r->kind == PHX_KIND_IMAGE && !n->poisoned)
			phx_lower_image(b, n);
		else if (n->r->kind == PHX_KIND_POOL && !n->poisoned)
			phx_lower_pool(b, n);
	}
}

/* --- guests: sources before their clones --- */

static void keep_lists(struct phx_gb *b, struct phx_guest *g)
{
	if ((g->settings.n = g->settings.cap = b->settings.n) > 0) {
		g->settings.v = PHX_NEW_N(b->arena, struct phx_setting, b->settings.n);
		memcpy(g->settings.v, b->settings.v, b->settings.n * sizeof(*b->settings.v));
	}
	if ((g->volumes.n = g->volumes.cap = b->volumes.n) > 0) {
		g->volumes.v = PHX_NEW_N(b->arena, struct phx_volume, b->volumes.n);
		memcpy(g->volumes.v, b->volumes.v, b->volumes.n * sizeof(*b->volumes.v));
	}
	if ((g->nics.n = g->nics.cap = b->nics.n) > 0) {
		g->nics.v = PHX_NEW_N(b->arena, struct phx_nic, b->nics.n);
		memcpy(g->nics.v, b->nics.v, b->nics.n * sizeof(*b->nics.v));
	}
	if ((g->steps.n = g->steps.cap = b->steps.n) > 0) {
		g->steps.v = PHX_NEW_N(b->arena, struct phx_step, b->steps.n);
		memcpy(g->steps.v, b->steps.v, b->steps.n * sizeof(*b->steps.v));
	}
}

static void sort_lists(struct phx_gb *b)
{
	for (uint32_t i = 1; i < b->volumes.n; i++) {
		struct phx_volume v = b->volumes.v[i];
		uint32_t at = i;

		for (; at > 0 && phx_str_natcmp(b->volumes.v[at - 1].slot, v.slot) > 0; at--)
			b->volumes.v[at] = b->volumes.v[at - 1];
		b->volumes.v[at] = v;
	}
	for (uint32_t i = 1; i < b->nics.n; i++) {
		struct phx_nic n = b->nics.v[i];
		uint32_t at = i;

		for (; at > 0 && b->nics.v[at - 1].index > n.index; at--)
			b->nics.v[at] = b->nics.v[at - 1];
		b->nics.v[at] = n;
	}
}

static void lower_one(struct phx_gb *b, struct phx_node *n)
{
	struct phx_guest *g = (struct phx_guest *)n->r;
	struct phx_node *source = g->source ? phx_gb_node(b, &g->source->r) : NULL;
	struct phx_lower l = {.b = b, .node = n, .g = g, .source = source};

	/* What a poisoned source would have handed on is not known: nothing can be said of the clone either. */
	if (source && source->poisoned)
		n->poisoned = true;
	if (n->poisoned)
		return;
	if (b->scratch->total > 128u << 10)
		phx_arena_done(b->scratch);
	l.eff = phx_eff_build(b, n, source ? source->eff : NULL, n->is_source ? b->work : b->scratch);
	if (n->is_source)
		n->eff = l.eff;
	n->template_unknown =
		l.eff->at[PHX_GA_TEMPLATE].a && !phx_known(&l.eff->at[PHX_GA_TEMPLATE].a->value);
	b->settings.n = b->volumes.n = b->nics.n = b->steps.n = 0;
	phx_lower_guest(&l);
	sort_lists(b);
	keep_lists(b, g);
}

/* Along the chain of sources up to one that is done; a chain that bites its tail is cut, and reported as a cycle. */
static void lower_chain(struct phx_gb *b, struct phx_node *n, struct phx_node **chain)
{
	uint32_t len = 0;

	while (n && n->visit == PHX_VISIT_NEW) {
		struct phx_guest *g = (struct phx_guest *)n->r;

		n->visit = PHX_VISIT_OPEN;
		chain[len++] = n;
		n = g->source ? phx_gb_node(b, &g->source->r) : NULL;
	}
	if (n && n->visit == PHX_VISIT_OPEN)
		((struct phx_guest *)chain[len - 1]->r)->source = NULL;
	while (len > 0) {
		n = chain[--len];
		lower_one(b, n);
		n->visit = PHX_VISIT_DONE;
	}
}

void phx_gb_lower(struct phx_gb *b)
{
	struct phx_node **chain = PHX_NEW_N(b->work, struct phx_node *, b->nodes.n + 1);

	lower_others(b);
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		if (is_guest(&b->nodes.v[i]))
			lower_chain(b, &b->nodes.v[i], chain);
	}
}

/* --- edges in an order that the source does not influence --- */

static bool edge_before(const struct phx_gb *b, const struct phx_edge *x, const struct phx_edge *y)
{
	const struct phx_node *a = &b->nodes.v[x->to->index], *c = &b->nodes.v[y->to->index];
	int order;

	if (a->order_id != c->order_id)
		return a->order_id < c->order_id;
	order = phx_str_cmp(x->to->address, y->to->address);
	return order != 0 ? order < 0 : phx_str_cmp(x->why, y->why) < 0;
}

void phx_gb_edges(struct phx_gb *b)
{
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_node *n = &b->nodes.v[i];

		for (uint32_t k = 1; k < n->needs.n; k++) {
			struct phx_edge e = n->needs.v[k];
			uint32_t at = k;

			for (; at > 0 && edge_before(b, &e, &n->needs.v[at - 1]); at--)
				n->needs.v[at] = n->needs.v[at - 1];
			n->needs.v[at] = e;
		}
	}
}

/* --- the finished graph --- */

static void finish(struct phx_gb *b)
{
	struct phx_graph *g = b->g;

	g->clusters.n = 0;
	for (uint32_t i = 0; i < g->resources.n; i++) {
		struct phx_resource *r = g->resources.v[i];
		struct phx_node *n = phx_gb_node(b, r);

		if ((r->needs.n = r->needs.cap = n->needs.n) > 0) {
			r->needs.v = PHX_NEW_N(b->arena, struct phx_edge, n->needs.n);
			memcpy(r->needs.v, n->needs.v, n->needs.n * sizeof(*n->needs.v));
		}
		if (r->kind == PHX_KIND_CLUSTER)
			phx_vec_push(b->arena, &g->clusters, (struct phx_cluster *)r);
		else if (r->kind == PHX_KIND_IMAGE)
			phx_vec_push(b->arena, &g->images, (struct phx_image *)r);
		else if (r->kind == PHX_KIND_POOL)
			phx_vec_push(b->arena, &g->pools, (struct phx_pool *)r);
	}
	/* Only now: until here `index` was the place among the nodes. */
	g->guests.v = PHX_NEW_N(b->arena, struct phx_guest *, g->resources.n + 1);
	for (uint32_t i = 0; i < g->resources.n; i++) {
		struct phx_resource *r = g->resources.v[i];

		r->index = i;
		if (r->kind == PHX_KIND_VM || r->kind == PHX_KIND_CONTAINER)
			g->guests.v[g->guests.n++] = (struct phx_guest *)r;
	}
	g->guests.cap = g->guests.n;
	g->outputs.v = b->config->outputs.v;
	g->outputs.n = g->outputs.cap = b->config->outputs.n;
}

static void run_passes(struct phx_gb *b)
{
	phx_gb_register(b);
	phx_gb_resolve(b);
	phx_gb_lower(b);
	phx_gb_edges(b);
	phx_gb_order(b);
	phx_check_ids(b);
	phx_check_clones(b);
	phx_check_addresses(b);
	phx_check_names(b);
	phx_check_boot_order(b);
	phx_check_host_dirs(b);
}

struct phx_graph *phx_graph_build(const struct phx_config *config, struct phx_options *options,
				  struct phx_arena *arena, struct phx_diag_bag *bag,
				  struct phx_secrets *secrets)
{
	struct phx_arena work = {0}, scratch = {0};
	struct phx_gb b = {
		.config = config,
		.options = options,
		.arena = arena,
		.work = &work,
		.scratch = &scratch,
		.bag = bag,
		.secrets = secrets,
		.g = PHX_NEW(arena, struct phx_graph),
	};
	bool ok = false;

	b.checks.arena = &work;
	b.g->arena = arena;
	b.g->config = config;
	b.g->options = options;
	if (!load_tables(&b))
		goto out;
	run_passes(&b);
	ok = bag->errors == 0 && b.g->resources.n == b.nodes.n;
	if (ok)
		finish(&b);
out:
	phx_buf_done(&b.text);
	phx_arena_done(&scratch);
	phx_arena_done(&work);
	return ok ? b.g : NULL;
}
