/* First passes: every declaration becomes a resource under its address and id. */
#include "model/graph_priv.h"

static struct phx_resource *new_resource(struct phx_gb *b, enum phx_kind kind)
{
	switch (kind) {
	case PHX_KIND_CLUSTER:
		return &PHX_NEW(b->arena, struct phx_cluster)->r;
	case PHX_KIND_IMAGE:
		return &PHX_NEW(b->arena, struct phx_image)->r;
	case PHX_KIND_POOL:
		return &PHX_NEW(b->arena, struct phx_pool)->r;
	case PHX_KIND_VM:
	case PHX_KIND_CONTAINER:
		return &PHX_NEW(b->arena, struct phx_guest)->r;
	case PHX_KIND_NONE:
	case PHX_KIND_STACK:
	case PHX_KIND_FEATURE:
	case PHX_KIND_DEFAULTS:
	case PHX_KIND_COUNT:
		return NULL;
	}
	return NULL;
}

static void duplicate(struct phx_gb *b, const struct phx_decl *d, struct phx_span first)
{
	struct phx_diag *diag = phx_diag_add(b->bag, PHX0311, d->span, "`" PHX_STR_FMT "` is declared twice",
					     PHX_STR_ARG(d->address));

	phx_diag_label(b->bag, diag, d->span, "declared again here");
	phx_diag_label(b->bag, diag, first, "first declared here");
}

/* Ids stand in the guest's own block only: neither defaults nor source give one. */
static void take_id(struct phx_gb *b, struct phx_node *n, struct phx_guest *g)
{
	const struct phx_attr *a = phx_gb_attr(n->decl, PHX_GA_ID);
	struct phx_map_entry *e;
	bool fresh;

	n->order_id = UINT64_MAX;
	g->id_span = a ? a->value.span : n->decl->span;
	if (!a || phx_is_null(&a->value))
		return;
	if (!phx_known(&a->value) || a->value.kind != PHX_V_INT) {
		n->id_unknown = true;
		return;
	}
	if (a->value.i < 100 || a->value.i > 999999999) {
		struct phx_diag *d = phx_diag_add(b->bag, PHX0422, a->value.span, "`id` cannot be `%lld`",
						  (long long)a->value.i);

		phx_diag_note(b->bag, d, "Proxmox's ids are 100 to 999999999");
		n->id_unknown = true;
		return;
	}
	g->id = (uint64_t)a->value.i;
	n->order_id = g->id;
	/* Two of one id are told once it is known which clusters they belong to. */
	e = phx_map_put(b->arena, &b->g->by_guest_id, phx_str_u64(b->arena, g->id), &fresh);
	if (fresh)
		e->ptr = g;
}

static void add_node(struct phx_gb *b, const struct phx_decl *d)
{
	struct phx_resource *r = new_resource(b, d->kind);
	struct phx_map_entry *e;
	struct phx_node n = {.r = r, .decl = d, .poisoned = d->poisoned};
	bool fresh;

	if (!r)
		return;
	e = phx_map_put(b->arena, &b->g->by_address, d->address, &fresh);
	if (!fresh) {
		duplicate(b, d, ((const struct phx_resource *)e->ptr)->span);
		return;
	}
	e->ptr = r;
	r->kind = d->kind;
	r->name = d->name;
	r->address = d->address;
	r->span = d->span;
	r->decl = d;
	r->index = b->nodes.n;
	if (d->kind == PHX_KIND_VM || d->kind == PHX_KIND_CONTAINER) {
		struct phx_guest *g = (struct phx_guest *)r;

		g->is_vm = d->kind == PHX_KIND_VM;
		n.defaults = b->defaults[g->is_vm];
		take_id(b, &n, g);
	}
	phx_vec_push(b->work, &b->nodes, n);
}

static void add_feature(struct phx_gb *b, const struct phx_decl *d)
{
	const struct phx_feature_decl *first = phx_map_get(&b->features, d->name);

	if (first)
		duplicate(b, d, first->span);
	else
		phx_feature_add(b, d);
}

static void check_defaults(struct phx_gb *b, const struct phx_decl *d)
{
	for (uint32_t i = 0; i < d->body.attrs.n; i++) {
		const struct phx_attr *a = &d->body.attrs.v[i];

		if (!a->spec || !(a->spec->flags & PHX_AF_NO_DEFAULTS))
			continue;
		phx_diag_add(b->bag, PHX0315, a->name_span,
			     "`" PHX_STR_FMT "` cannot be a default: each guest has its own",
			     PHX_STR_ARG(a->name));
	}
}

static void register_defaults(struct phx_gb *b)
{
	for (uint32_t i = 0; i < b->config->defaults.n; i++) {
		const struct phx_decl *d = b->config->defaults.v[i];
		const struct phx_decl **slot = &b->defaults[d->kind == PHX_KIND_VM];

		if (*slot) {
			struct phx_diag *diag = phx_diag_add(
				b->bag, PHX0311, d->span, "a second `defaults %s`", phx_kind_name(d->kind));

			phx_diag_label(b->bag, diag, (*slot)->span, "first declared here");
			continue;
		}
		*slot = d;
		check_defaults(b, d);
	}
}

static void check_stack(struct phx_gb *b)
{
	const struct phx_config *c = b->config;
	bool ok = c->stack.len <= 40; /* `phx-` and the name are a tag */

	for (size_t i = 0; i < c->stack.len; i++) {
		char ch = c->stack.ptr[i];

		ok = ok && ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-');
	}
	if (!ok) {
		struct phx_diag *d =
			phx_diag_add(b->bag, PHX0324, c->stack_span,
				     "a stack cannot be called `" PHX_STR_FMT "`", PHX_STR_ARG(c->stack));

		phx_diag_note(b->bag, d,
			      "its name has up to 40 characters out of a-z, 0-9 and `-`: it becomes a tag of "
			      "its guests");
	}
	if (c->has_ids && (c->ids_first < 100 || c->ids_last > 999999999 || c->ids_first > c->ids_last)) {
		struct phx_diag *d =
			phx_diag_add(b->bag, PHX0325, c->stack_span, "`ids` cannot be %llu..%llu",
				     (unsigned long long)c->ids_first, (unsigned long long)c->ids_last);

		phx_diag_note(b->bag, d, "Proxmox's ids are 100 to 999999999");
	}
}

void phx_gb_register(struct phx_gb *b)
{
	const struct phx_config *c = b->config;

	b->g->stack = c->stack;
	b->g->has_ids = c->has_ids;
	b->g->ids_first = c->ids_first;
	b->g->ids_last = c->ids_last;
	b->g->has_unknowns = c->has_unknowns;
	check_stack(b);
	register_defaults(b);
	for (uint32_t i = 0; i < c->decls.n; i++) {
		if (c->decls.v[i]->kind == PHX_KIND_FEATURE)
			add_feature(b, c->decls.v[i]);
		else
			add_node(b, c->decls.v[i]);
	}
	phx_gb_features(b);
}
