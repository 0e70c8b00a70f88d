/* Name, tags, notes, marker and pool; then what the guest is doing: power, node, template, snapshots. */
#include "plan/diff.h"
#include "plan/plan_step.h"

static void name(struct plan_diff *d)
{
	struct phx_str key = d->live->is_vm ? PHX_STR("name") : PHX_STR("hostname");
	struct phx_str have = phx_live_value(d->live, key);

	if (phx_str_eq(have, d->g->host_name) || !d->g->host_name.len || plan_ignored(d->g, PHX_STR("name")))
		return;
	plan_diff_effect(d, plan_diff_attr(d, PHX_STR("name"), have, d->g->host_name, d->it->span),
			 plan_option(d->p, d->live->is_vm, key), key, d->g->host_name);
	plan_diff_set(d, key, d->g->host_name);
}

static void tags(struct plan_diff *d)
{
	struct phx_str have = phx_live_value(d->live, PHX_STR("tags")), want;
	const struct phx_option *o = plan_option(d->p, d->live->is_vm, PHX_STR("tags"));
	struct phx_attr_change *a;

	if (d->g->tags_declared && !plan_ignored(d->g, PHX_STR("tags")))
		want = plan_tags(d->p, d->it);
	else
		want = plan_tags_kept(d->p, d->live);
	if (!o || phx_option_equal(o, have, want))
		return;
	a = plan_diff_attr(d, PHX_STR("tags"), phx_str_trim(have), want, d->g->tags_span);
	if (!d->live->tagged)
		a->reason = PHX_STR("with phx's own tag");
	plan_diff_effect(d, a, o, PHX_STR("tags"), want);
	plan_diff_set(d, PHX_STR("tags"), want);
}

static struct phx_str print_marker(struct plan *p, const struct phx_marker *m)
{
	phx_buf_clear(&p->text);
	phx_marker_print(m, &p->text);
	return plan_keep(p, &p->text);
}

/* Only what the marker is needed for: another address alone (a block that was renamed) is no reason to write. */
static bool marker_differs(struct plan_diff *d)
{
	struct phx_marker want = plan_marker(d->p, d->it, d->it->finish ? PLAN_MARK_BUILDING : PLAN_MARK_NOW);
	struct phx_marker have = d->live->marker;
	bool differs = true;

	if (d->live->has_marker && have.id == want.id) {
		if (d->g->id)
			want.address = have.address;
		differs = !phx_str_eq(print_marker(d->p, &want), print_marker(d->p, &have));
	}
	phx_arena_clear(&d->p->brief);
	return differs;
}

static void notes(struct plan_diff *d)
{
	const struct phx_option *o = plan_option(d->p, d->live->is_vm, PHX_STR("description"));
	struct phx_str want = plan_notes(d->it);
	bool differ =
		o && !phx_option_equal(o, d->live->notes, want) && !plan_ignored(d->g, PHX_STR("notes"));
	struct phx_attr_change *a;

	if (differ)
		plan_diff_effect(d,
				 plan_diff_attr(d, PHX_STR("notes"), phx_str_trim(d->live->notes), want,
						d->g->notes_span),
				 o, PHX_STR("description"), want);
	if (!marker_differs(d)) {
		if (!differ)
			return;
	} else if (!differ) {
		a = plan_diff_attr(d, PHX_STR("marker"), d->live->has_marker ? PHX_STR("old") : PHX_STR(""),
				   PHX_STR("written"), d->it->span);
		a->reason = d->live->has_marker ? PHX_STR("phx's line in the notes says something else")
						: PHX_STR("phx's line is missing in the notes");
		plan_diff_effect(d, a, o, PHX_STR("description"), want);
	}
	d->u->description = plan_description(d->p, d->it, d->it->finish ? PLAN_MARK_BUILDING : PLAN_MARK_NOW);
}

static void pool(struct plan_diff *d)
{
	if (!d->g->pool.len || phx_str_eq(d->g->pool, d->live->pool) || plan_ignored(d->g, PHX_STR("pool")))
		return;
	plan_diff_effect(d, plan_diff_attr(d, PHX_STR("pool"), d->live->pool, d->g->pool, d->g->pool_span),
			 NULL, PHX_STR(""), PHX_STR(""));
	d->u->pool_changed = true;
}

void plan_diff_identity(struct plan_diff *d)
{
	name(d);
	tags(d);
	pool(d);
}

static void power(struct plan_diff *d)
{
	bool declared = d->g->running_declared && !plan_ignored(d->g, PHX_STR("running"));
	bool want = d->it->finish ? plan_will_start(d->it) : d->g->running;
	struct phx_attr_change *a;

	if (d->g->is_template || d->live->is_template || (!declared && !d->it->finish) ||
	    want == d->live->running)
		return;
	if (d->it->finish && !want && !declared)
		return;
	a = plan_diff_attr(d, PHX_STR("running"), d->live->running ? PHX_STR("true") : PHX_STR("false"),
			   want ? PHX_STR("true") : PHX_STR("false"), d->g->running_span);
	plan_diff_worse(d, a, want ? PHX_EFFECT_LIVE : PHX_EFFECT_OFFLINE);
	d->u->start = want;
	/* What is half-built is finished first: its steps need it running. */
	d->u->stop = !want && !(d->it->finish && d->it->works->n);
}

/* Said by the guest itself; a cluster's default node does not move what HA or a hand has moved. */
static bool declares_node(const struct phx_guest *g)
{
	return g->r.decl && phx_block_attr(&g->r.decl->body, "node") != NULL;
}

static void node(struct plan_diff *d)
{
	struct phx_attr_change *a;

	if (!d->g->node.len || phx_str_eq(d->g->node, d->live->node) || !declares_node(d->g) ||
	    plan_ignored(d->g, PHX_STR("node")))
		return;
	a = plan_diff_attr(d, PHX_STR("node"), d->live->node, d->g->node,
			   phx_block_attr(&d->g->r.decl->body, "node")->name_span);
	plan_diff_worse(d, a, PHX_EFFECT_LIVE);
	if (d->live->running && !d->live->is_vm) {
		/* The migration itself restarts it. */
		plan_diff_worse(d, a, PHX_EFFECT_RESTART);
		a->reason = PHX_STR("containers do not migrate live");
	}
	d->u->migrate_to = d->g->node;
}

static void template(struct plan_diff *d)
{
	struct phx_attr_change *a;
	struct phx_str spec;

	if (d->g->is_template && !d->live->is_template) {
		a = plan_diff_attr(d, PHX_STR("template"), PHX_STR("false"), PHX_STR("true"), d->it->span);
		plan_diff_worse(d, a, d->live->running ? PHX_EFFECT_OFFLINE : PHX_EFFECT_LIVE);
		d->u->to_template = true;
		d->u->stop = d->live->running && !plan_reaches_inside(d->p, d->it);
		return;
	}
	if (!d->g->is_template && d->live->is_template) {
		plan_want_replace(d->p, d->it, d->it->span,
				  PHX_STR("it is a template, and a template never becomes a guest again"));
		return;
	}
	spec = plan_spec(d->p, d->g);
	if (!d->g->is_template || !d->live->has_marker || !d->live->marker.spec.len ||
	    phx_str_eq(d->live->marker.spec, spec))
		return;
	plan_want_replace(d->p, d->it, d->it->span, PHX_STR("what the template is built from has changed"));
	d->it->rebuild = true;
}

static void snapshots(struct plan_diff *d)
{
	for (uint32_t i = 0; i < d->g->snapshots.n; i++) {
		const struct phx_snapshot_decl *s = &d->g->snapshots.v[i];
		bool there = false;

		for (uint32_t k = 0; k < d->live->snapshots.n; k++)
			there = there || phx_str_eq(d->live->snapshots.v[k].name, s->name);
		if (there)
			continue;
		plan_diff_effect(d,
				 plan_diff_attr(d, plan_text(d->p, PHX_STR("snapshot."), s->name),
						PHX_STR(""), PHX_STR("taken"), s->span),
				 NULL, PHX_STR(""), PHX_STR(""));
		phx_vec_push(d->p->arena, &d->u->snapshots, s);
	}
}

void plan_diff_state(struct plan_diff *d)
{
	/* Last: the marker's facts follow from everything above. */
	notes(d);
	node(d);
	template(d);
	snapshots(d);
	power(d);
}
