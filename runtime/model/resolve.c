/* References become pointers: clone sources, images, pools, clusters, dependencies. */
#include "model/graph_priv.h"

struct phx_node *phx_gb_node(struct phx_gb *b, const struct phx_resource *r)
{
	return &b->nodes.v[r->index];
}

const struct phx_attr *phx_gb_attr(const struct phx_decl *d, enum phx_guest_attr ga)
{
	const struct phx_attr_spec *spec = &d->body.spec->attrs[ga];

	for (uint32_t i = 0; i < d->body.attrs.n; i++) {
		if (d->body.attrs.v[i].spec == spec)
			return &d->body.attrs.v[i];
	}
	return NULL;
}

void phx_gb_cluster_key(const struct phx_gb *b, const struct phx_guest *g, struct phx_buf *out)
{
	if (b->g->clusters.n < 2)
		return;
	phx_buf_ch(out, 0);
	if (g->cluster)
		phx_buf_str(out, g->cluster->r.name);
}

void phx_gb_need(struct phx_gb *b, struct phx_node *n, struct phx_resource *to, enum phx_edge_kind kind,
		 struct phx_str why, struct phx_span span)
{
	for (uint32_t i = 0; i < n->needs.n; i++) {
		if (n->needs.v[i].to == to && phx_str_eq(n->needs.v[i].why, why))
			return;
	}
	phx_vec_push(b->work, &n->needs,
		     ((struct phx_edge){.to = to, .kind = (uint8_t)kind, .why = why, .span = span}));
}

static void unknown_id(struct phx_gb *b, const struct phx_value *v)
{
	struct phx_diag *d = phx_diag_add(b->bag, PHX0312, v->span, "no guest has the id %llu",
					  (unsigned long long)v->ref->id);

	phx_diag_label(b->bag, d, v->span, "named here");
	phx_diag_help(b->bag, d, "declare it, or read the file that does as well");
}

static void unknown_name(struct phx_gb *b, const struct phx_value *v)
{
	const char *kind = phx_kind_name((enum phx_kind)v->ref->kind);
	struct phx_diag *d = phx_diag_add(b->bag, PHX0312, v->span, "there is no `%s." PHX_STR_FMT "`", kind,
					  PHX_STR_ARG(v->ref->name));
	PHX_VEC(struct phx_str) names = {0};

	for (uint32_t i = 0; i < b->nodes.n; i++) {
		if (b->nodes.v[i].r->kind == v->ref->kind)
			phx_vec_push(b->work, &names, b->nodes.v[i].r->address);
	}
	phx_diag_suggest(b->bag, d, v->span,
			 phx_str_printf(b->bag->arena, "%s." PHX_STR_FMT, kind, PHX_STR_ARG(v->ref->name)),
			 names.v, names.n);
}

struct phx_resource *phx_gb_ref(struct phx_gb *b, const struct phx_value *v)
{
	struct phx_resource *r = NULL;

	if (!phx_known(v) || v->kind != PHX_V_REF)
		return NULL;
	if (v->ref->decl) {
		r = phx_map_get(&b->g->by_address, v->ref->decl->address);
	} else if (v->ref->id) {
		struct phx_guest *g = phx_map_get(&b->g->by_guest_id, phx_str_u64(b->scratch, v->ref->id));

		if (g)
			return &g->r;
		unknown_id(b, v);
		return NULL;
	} else {
		r = phx_map_get(&b->g->by_address, phx_str_printf(b->scratch, "%s." PHX_STR_FMT,
								  phx_kind_name((enum phx_kind)v->ref->kind),
								  PHX_STR_ARG(v->ref->name)));
	}
	if (!r)
		unknown_name(b, v);
	return r;
}

/* The attribute of the guest itself or of its defaults: for what a clone does not inherit. */
static const struct phx_attr *own_attr(const struct phx_node *n, enum phx_guest_attr ga)
{
	const struct phx_attr *a = phx_gb_attr(n->decl, ga), *d;

	if (a && !phx_is_null(&a->value))
		return a;
	d = n->defaults ? phx_gb_attr(n->defaults, ga) : NULL;
	return a || !d || phx_is_null(&d->value) ? NULL : d;
}

static void clone_kind(struct phx_gb *b, const struct phx_node *n, const struct phx_attr *a,
		       const struct phx_resource *r)
{
	struct phx_diag *d = phx_diag_add(
		b->bag, PHX0411, a->value.span, "a %s cannot be a clone of `" PHX_STR_FMT "`, a %s",
		phx_kind_name(n->decl->kind), PHX_STR_ARG(r->address), phx_kind_name(r->kind));

	phx_diag_label(b->bag, d, a->value.span, "names a %s", phx_kind_name(r->kind));
	phx_diag_label(b->bag, d, n->decl->span, "this is a %s", phx_kind_name(n->decl->kind));
	phx_diag_label(b->bag, d, r->span, "declared here");
}

static void resolve_clone(struct phx_gb *b, struct phx_node *n, struct phx_guest *g)
{
	const struct phx_attr *a = own_attr(n, PHX_GA_CLONE);
	struct phx_resource *r;

	if (!a)
		return;
	n->clone_declared = true;
	g->clone_span = a->value.span;
	r = phx_gb_ref(b, &a->value);
	if (!r)
		return;
	phx_gb_need(b, n, r, PHX_EDGE_CREATE, PHX_STR("clone"), a->value.span);
	if (r->kind != n->decl->kind) {
		clone_kind(b, n, a, r);
		return;
	}
	g->source = (struct phx_guest *)r;
	phx_gb_node(b, r)->is_source = true;
}

/* Resources that are templates of nothing yet: images for `image`, OS templates and ISOs. */
static struct phx_image *resolve_image(struct phx_gb *b, struct phx_node *n, const struct phx_attr *a,
				       struct phx_str why)
{
	struct phx_resource *r = phx_gb_ref(b, &a->value);

	if (!r || r->kind != PHX_KIND_IMAGE)
		return NULL;
	phx_gb_need(b, n, r, PHX_EDGE_CREATE, why, a->value.span);
	return (struct phx_image *)r;
}

static void depends_on(struct phx_gb *b, struct phx_node *n, const struct phx_value *v)
{
	struct phx_resource *r;

	if (!phx_known(v))
		return;
	if (v->kind == PHX_V_LIST) {
		for (uint32_t i = 0; i < v->list.n; i++)
			depends_on(b, n, &v->list.v[i]);
		return;
	}
	r = phx_gb_ref(b, v);
	if (!r)
		return;
	phx_gb_need(b, n, r,
		    r->kind == PHX_KIND_VM || r->kind == PHX_KIND_CONTAINER ? PHX_EDGE_READY
									    : PHX_EDGE_CREATE,
		    PHX_STR("depends_on"), v->span);
}

static void resolve_guest(struct phx_gb *b, struct phx_node *n)
{
	struct phx_guest *g = (struct phx_guest *)n->r;
	const struct phx_attr *a;

	resolve_clone(b, n, g);
	a = own_attr(n, g->is_vm ? PHX_GA_IMAGE : PHX_GA_OSTEMPLATE);
	if (a && g->is_vm) {
		n->image_declared = true;
		g->image = resolve_image(b, n, a, PHX_STR("image"));
	} else if (a) {
		n->ostemplate_declared = true;
		if (a->value.kind == PHX_V_REF)
			resolve_image(b, n, a, PHX_STR("ostemplate"));
	}
	a = own_attr(n, PHX_GA_DEPENDS_ON);
	if (a)
		depends_on(b, n, &a->value);
}

void phx_gb_resolve(struct phx_gb *b)
{
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		struct phx_node *n = &b->nodes.v[i];

		if (n->r->kind == PHX_KIND_VM || n->r->kind == PHX_KIND_CONTAINER)
			resolve_guest(b, n);
	}
}
