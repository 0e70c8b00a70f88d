/* Who a guest is: name, cluster, node, template or clone, tags, notes, pool. */
#include <string.h>
#include <strings.h>

#include "model/graph_priv.h"

/* --- name, place, kind --- */

bool phx_is_host_name(struct phx_str name)
{
	size_t label = 0;

	if (name.len == 0 || name.len > 253)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		bool last = i + 1 == name.len || name.ptr[i + 1] == '.';

		if (c == '.' && label > 0) {
			label = 0;
			continue;
		}
		if ((!alnum && c != '-') || (c == '-' && (label == 0 || last)) || ++label > 63)
			return false;
	}
	return label > 0;
}

/* The nearest host name: other characters become `-`, and none stands at an end. */
static struct phx_str host_name_for(struct phx_arena *a, struct phx_str name)
{
	struct phx_str out = phx_str_dup(a, name);
	char *text = phx_arena_alloc(a, name.len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < out.len && n < 63; i++) {
		char c = out.ptr[i];
		bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!alnum && (n == 0 || text[n - 1] == '-'))
			continue;
		text[n++] = alnum ? c : '-';
	}
	while (n > 0 && text[n - 1] == '-')
		n--;
	return n > 0 ? (struct phx_str){text, n} : PHX_STR("guest");
}

static void bad_name(const struct phx_lower *l, struct phx_str name, struct phx_span at, bool from_attr)
{
	struct phx_diag_bag *bag = l->b->bag;
	struct phx_str good = host_name_for(bag->arena, name);
	struct phx_diag *d =
		phx_diag_add(bag, PHX0321, at, "`" PHX_STR_FMT "` cannot be a host name", PHX_STR_ARG(name));

	phx_diag_note(bag, d, "host names are letters, digits and `-` between them, at most 63 in a piece");
	if (from_attr) {
		phx_diag_fix(bag, d, at, phx_str_printf(bag->arena, "\"" PHX_STR_FMT "\"", PHX_STR_ARG(good)),
			     false);
		phx_diag_help(bag, d, "for example `" PHX_STR_FMT "`", PHX_STR_ARG(good));
	} else {
		phx_diag_help(bag, d, "keep the address and say `name = \"" PHX_STR_FMT "\"` inside",
			      PHX_STR_ARG(good));
	}
}

static void lower_name(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = &l->eff->at[PHX_GA_NAME];
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_NAME);

	l->g->host_name = v ? v->s : l->node->decl->name;
	if (ea->a && !v && !phx_is_null(&ea->a->value))
		return;
	if (!phx_is_host_name(l->g->host_name))
		bad_name(l, l->g->host_name, v ? v->span : l->node->decl->span, v != NULL);
}

static void lower_cluster_of(struct phx_lower *l)
{
	struct phx_gb *b = l->b;
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_CLUSTER);
	struct phx_resource *r = v ? phx_gb_ref(b, v) : NULL;
	struct phx_diag *d;

	if (r && r->kind == PHX_KIND_CLUSTER) {
		l->g->cluster = (struct phx_cluster *)r;
		phx_gb_need(b, l->node, r, PHX_EDGE_CREATE, PHX_STR("cluster"), v->span);
		return;
	}
	if (l->eff->at[PHX_GA_CLUSTER].a)
		return; /* reported, or not known yet */
	if (b->g->clusters.n == 1) {
		l->g->cluster = b->g->clusters.v[0];
		return;
	}
	if (b->g->clusters.n == 0)
		return;
	d = phx_diag_add(b->bag, PHX0434, l->node->decl->span, "`" PHX_STR_FMT "` does not say its cluster",
			 PHX_STR_ARG(l->g->r.address));
	for (uint32_t i = 0; i < b->g->clusters.n && i < 2; i++)
		phx_diag_label(b->bag, d, b->g->clusters.v[i]->r.span, "it could be this one");
	phx_diag_help(b->bag, d, "say `cluster = " PHX_STR_FMT "` in the guest or in `defaults %s`",
		      PHX_STR_ARG(b->g->clusters.v[0]->r.address), phx_kind_name(l->node->decl->kind));
}

static bool truth(const struct phx_lower *l, enum phx_guest_attr ga, bool otherwise)
{
	const struct phx_value *v = phx_eff_value(l->eff, ga);

	return v ? v->b : otherwise;
}

static void place_and_power(struct phx_lower *l)
{
	struct phx_guest *g = l->g;
	const struct phx_value *node = phx_eff_value(l->eff, PHX_GA_NODE);
	const struct phx_value *full = phx_eff_value(l->eff, PHX_GA_FULL);
	const struct phx_value *storage = phx_eff_value(l->eff, PHX_GA_STORAGE);

	g->node = node ? node->s : g->cluster ? g->cluster->node : PHX_STR("");
	g->is_template = truth(l, PHX_GA_TEMPLATE, false);
	g->full = full ? full->b ? PHX_CLONE_FULL : PHX_CLONE_LINKED : PHX_CLONE_DEFAULT;
	/* A clone's disks stay on its source's storage unless the clone, or the defaults, say another. */
	if (storage && l->eff->at[PHX_GA_STORAGE].origin != PHX_FROM_SOURCE)
		g->storage = storage->s;
	g->running_declared = l->eff->at[PHX_GA_RUNNING].a != NULL && !g->is_template;
	g->running = truth(l, PHX_GA_RUNNING, true) && !g->is_template;
	g->running_span =
		g->running_declared ? l->eff->at[PHX_GA_RUNNING].a->value.span : (struct phx_span){0};
	g->protect = truth(l, PHX_GA_PROTECT, false);
	if (l->eff->at[PHX_GA_PROTECT].a)
		g->protect_span = l->eff->at[PHX_GA_PROTECT].a->value.span;
}

/* --- tags, notes, pool --- */

static bool tag_ok(struct phx_str t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.ptr[i];
		bool first = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '_';

		if (!first && (i == 0 || (c != '-' && c != '+' && c != '.')))
			return false;
	}
	return t.len > 0;
}

static void add_tag(struct phx_lower *l, const struct phx_value *v)
{
	struct phx_gb *b = l->b;
	struct phx_str tag = v->s;
	char *lower;

	if (!phx_known(v) || v->kind != PHX_V_STRING)
		return;
	if (!tag_ok(tag)) {
		struct phx_diag *d = phx_diag_add(b->bag, PHX0440, v->span,
						  "`" PHX_STR_FMT "` cannot be a tag", PHX_STR_ARG(tag));

		phx_diag_note(b->bag, d,
			      "a tag is letters, digits and `_`, after the first also `-`, `+` and `.`");
		return;
	}
	if (tag.len >= 4 && strncasecmp(tag.ptr, "phx-", 4) == 0) {
		struct phx_diag *d =
			phx_diag_add(b->bag, PHX0440, v->span, "tags that begin with `phx-` are phx's own");

		phx_diag_note(b->bag, d, "such a tag says which stack owns a guest");
		return;
	}
	lower = phx_arena_alloc(b->arena, tag.len + 1, 1);
	for (size_t i = 0; i < tag.len; i++)
		lower[i] = tag.ptr[i] >= 'A' && tag.ptr[i] <= 'Z' ? (char)(tag.ptr[i] + 32) : tag.ptr[i];
	tag.ptr = lower;
	for (uint32_t i = 0; i < l->g->tags.n; i++) {
		int order = phx_str_cmp(l->g->tags.v[i], tag);

		if (order == 0)
			return;
		if (order > 0) {
			struct phx_str next = l->g->tags.v[i];

			l->g->tags.v[i] = tag;
			tag = next;
		}
	}
	phx_vec_push(b->arena, &l->g->tags, tag);
}

static void lower_tags(struct phx_lower *l)
{
	const struct phx_attr *a = l->eff->at[PHX_GA_TAGS].a;

	if (!a)
		return;
	l->g->tags_declared = true;
	l->g->tags_span = a->value.span;
	if (!phx_known(&a->value))
		return;
	if (a->value.kind != PHX_V_LIST) {
		add_tag(l, &a->value);
		return;
	}
	for (uint32_t i = 0; i < a->value.list.n; i++)
		add_tag(l, &a->value.list.v[i]);
}

static void lower_notes(struct phx_lower *l)
{
	const struct phx_attr *a = l->eff->at[PHX_GA_NOTES].a;

	if (!a)
		return;
	l->g->notes_declared = true;
	l->g->notes_span = a->value.span;
	if (phx_known(&a->value) && a->value.kind == PHX_V_STRING)
		l->g->notes = a->value.s;
}

static void lower_pool_of(struct phx_lower *l)
{
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_POOL);
	struct phx_resource *r = NULL;

	if (!v)
		return;
	l->g->pool_span = v->span;
	if (v->kind == PHX_V_REF) {
		r = phx_gb_ref(l->b, v);
	} else if (v->kind == PHX_V_STRING) {
		l->g->pool = v->s;
		r = phx_map_get(&l->b->g->by_address, phx_gb_join(l->b->scratch, "pool.", v->s));
	}
	if (!r || r->kind != PHX_KIND_POOL)
		return;
	l->g->pool_res = (struct phx_pool *)r;
	l->g->pool = r->name;
	phx_gb_need(l->b, l->node, r, PHX_EDGE_CREATE, PHX_STR("pool"), v->span);
}

/* Texts that stand in fields of their own are held to the same limits as options. */
static void check_own(struct phx_lower *l, enum phx_guest_attr ga, const char *option)
{
	const struct phx_eff_attr *ea = &l->eff->at[ga];

	if (!ea->a || ea->origin != PHX_FROM_SELF || !phx_known(&ea->a->value) ||
	    ea->a->value.kind != PHX_V_STRING)
		return;
	phx_lower_check(l->b, phx_gb_option(l, option), phx_str_c(option), ea->a->value.s,
			phx_str_c(ea->spec->name), ea->a->value.span, ga != PHX_GA_NOTES);
}

void phx_lower_identity(struct phx_lower *l)
{
	check_own(l, PHX_GA_NODE, "node");
	check_own(l, PHX_GA_POOL, "pool");
	check_own(l, PHX_GA_STORAGE, "storage");
	check_own(l, PHX_GA_NOTES, "description");
	lower_name(l);
	lower_cluster_of(l);
	place_and_power(l);
	lower_tags(l);
	lower_notes(l);
	lower_pool_of(l);
}
