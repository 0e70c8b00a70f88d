/* What happens to each resource: created, changed, made anew, taken over, deleted, or nothing. */
#include "plan/cloud_init.h"

void plan_want_replace(struct plan *p, struct plan_item *it, struct phx_span span, struct phx_str why)
{
	(void)p;
	if (it->replace_why.len)
		return;
	it->replace_why = why;
	it->replace_span = phx_span_known(span) ? span : it->span;
}

/* Volumes that go with a guest, by name and size. */
static void note_volumes(struct plan *p, const struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;

	for (uint32_t i = 0; i < live->config.n; i++) {
		const struct phx_option *o = plan_option(p, live->is_vm, live->config.v[i].key);
		struct phx_str value = live->config.v[i].value;
		ptrdiff_t comma = phx_str_chr(value, ',');
		struct phx_str volume = comma < 0 ? value : phx_str_slice(value, 0, (size_t)comma);
		ptrdiff_t media = phx_str_find(value, PHX_STR("media=cdrom"));
		uint64_t size;

		if (!o || !(o->flags & PHX_OPTION_DISK) || phx_str_chr(volume, ':') <= 0)
			continue;
		if (media >= 0 && phx_str_find(volume, PHX_STR("cloudinit")) < 0)
			continue; /* somebody's ISO image stays */
		if (phx_str_find(value, PHX_STR("shared=1")) >= 0 && volume.ptr[0] == '/')
			continue;
		size = plan_live_size(live, live->config.v[i].key, 0);
		plan_note(p, it->change,
			  size ? plan_text(p, volume, PHX_STR(", "), plan_size_text(p, size),
					   PHX_STR(", is destroyed"))
			       : plan_text(p, volume, PHX_STR(" is destroyed")));
	}
}

/* Full clones live on without their template; whoever reviews its end should know of them all the same. */
static void note_clones(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct plan_item *clone = &p->items[i];

		if (!it->resource || !clone->guest || !clone->guest->source || !clone->live ||
		    &clone->guest->source->r != it->resource || (p->o->destroy && clone->selected))
			continue;
		plan_note(p, it->change,
			  plan_text(p, clone->address, PHX_STR(" ("), clone->id_text,
				    PHX_STR(") was cloned from it, and stays as it is")));
	}
}

static void destroy(struct plan *p, struct plan_item *it, enum phx_change_action action,
		    struct phx_str reason)
{
	plan_change(p, it, action, reason);
	note_volumes(p, it);
	it->change->impact = it->change->notes.n ? PHX_EFFECT_DATA_LOSS
			     : it->live->running ? PHX_EFFECT_OFFLINE
						 : PHX_EFFECT_NONE;
	note_clones(p, it);
}

static void decide_create(struct plan *p, struct plan_item *it)
{
	/* A clone that was killed leaves its source locked (concurrency.json). */
	if (it->guest->source)
		plan_own_locks(p, &p->items[it->guest->source->r.index]);
	it->is_template = it->guest->is_template;
	plan_ci_settle(p, it, true);
	plan_settle_works(p, it);
	plan_change(p, it, PHX_CH_CREATE,
		    it->gone_first ? PHX_STR("what an interrupted creation left goes first") : PHX_STR(""));
	plan_describe_create(p, it);
}

static void decide_replace(struct plan *p, struct plan_item *it)
{
	struct phx_change *old = it->change;

	destroy(p, it, PHX_CH_REPLACE, it->replace_why);
	if (old)
		it->change->attributes.v = old->attributes.v, it->change->attributes.n = old->attributes.n,
		it->change->attributes.cap = old->attributes.cap;
	it->gone_first = true;
	plan_ci_settle(p, it, true);
	it->inside_off = false;
	it->works = NULL; /* in a new guest nothing is in place */
	plan_settle_works(p, it);
	it->update = NULL;
	it->slots = NULL;
	it->nic_index = NULL;
}

static struct phx_str why_adopted(struct plan *p, const struct plan_item *it)
{
	struct phx_str from = plan_taken_from(p, it->live);

	if (!from.len)
		return PHX_STR("taken over as it is: nothing but tag and note is written");
	return plan_text(p, PHX_STR("taken from stack "), from, PHX_STR(", where it is "),
			 it->live->marker.address,
			 PHX_STR(": nothing but tag and note is written, in place of that stack's"));
}

static void adopt_tags(struct plan *p, struct plan_item *it, struct phx_change *c)
{
	struct phx_str from = plan_taken_from(p, it->live);
	struct phx_attr_change *a = plan_attr(p, c, PHX_STR("tags"), it->span);

	a->before = phx_str_trim(phx_live_value(it->live, PHX_STR("tags")));
	a->has_before = a->before.len > 0;
	a->after = plan_tags_kept(p, it->live);
	a->has_after = true;
	a->reason =
		from.len ? plan_text(p, p->own_tag, PHX_STR(" in place of "), phx_marker_tag(p->arena, from))
			 : plan_text(p, p->own_tag, PHX_STR(" is added"));
}

static void decide_adopt(struct plan *p, struct plan_item *it)
{
	struct phx_change *c, *differences;
	uint32_t n = 0;

	plan_compare(p, it);
	differences = it->change;
	it->replace_why = PHX_STR("");
	c = plan_change(p, it, PHX_CH_ADOPT, why_adopted(p, it));
	c->impact = PHX_EFFECT_LIVE;
	adopt_tags(p, it, c);
	for (uint32_t i = 0; differences && i < differences->attributes.n; i++) {
		struct phx_str path = differences->attributes.v[i].path;

		if (phx_str_eqc(path, "tags") || phx_str_eqc(path, "marker"))
			continue;
		if (n++ < 20)
			plan_note(p, c, plan_text(p, path, PHX_STR(" differs: the next plan changes it")));
	}
}

static void decide_living(struct plan *p, struct plan_item *it)
{
	if (it->adopt) {
		decide_adopt(p, it);
		return;
	}
	if (it->live->is_vm != it->is_vm)
		plan_want_replace(p, it, it->span,
				  it->is_vm ? PHX_STR("it is a container, and shall be a VM")
					    : PHX_STR("it is a VM, and shall be a container"));
	else
		plan_compare(p, it);
	if (it->replace_why.len)
		decide_replace(p, it);
}

/* All of the stack, what was named, or what needs that. */
static struct phx_str why_destroyed(struct plan *p, const struct plan_item *it)
{
	if (!p->o->targets.n)
		return PHX_STR("the stack is destroyed");
	for (uint32_t i = 0; i < it->resource->needs.n; i++) {
		const struct plan_item *to = &p->items[it->resource->needs.v[i].to->index];

		if (to->guest && to->selected && !plan_named_target(p, it) &&
		    plan_falls_with(p, it, &it->resource->needs.v[i]))
			return plan_text(p, PHX_STR("it needs "), to->address, PHX_STR(", which goes"));
	}
	return PHX_STR("asked for");
}

static void decide_guest(struct plan *p, struct plan_item *it)
{
	if (p->o->destroy) {
		if (it->live && it->live->owned)
			destroy(p, it, PHX_CH_DELETE, why_destroyed(p, it));
		it->refused = it->refused && it->change;
		return;
	}
	if (it->refused)
		return;
	if (!it->live) {
		decide_create(p, it);
		return;
	}
	if (it->live->dead_lock && !it->live->owned && !it->adopt) {
		plan_own_locks(p, it);
		decide_create(p, it);
		return;
	}
	if (it->live->dead_lock && it->finish) {
		plan_own_locks(p, it);
		if (it->gone_first) {
			decide_create(p, it);
			return;
		}
	}
	decide_living(p, it);
	if (it->change)
		plan_own_locks(p, it);
}

static void decide_pool(struct plan *p, struct plan_item *it)
{
	const struct phx_pool *pool = (const struct phx_pool *)(const void *)it->resource;
	struct phx_attr_change *a;
	struct phx_diag *d;
	struct phx_str have;
	bool ours = false;

	if (!it->pool) {
		if (p->o->destroy)
			return;
		plan_change(p, it, PHX_CH_CREATE, PHX_STR(""));
		if (pool->comment_declared) {
			a = plan_attr(p, it->change, PHX_STR("comment"), it->span);
			a->after = pool->comment;
			a->has_after = true;
		}
		return;
	}
	have = plan_pool_comment(p, it->pool->comment, &ours);
	if (p->o->destroy) {
		if (ours)
			plan_change(p, it, PHX_CH_DELETE, PHX_STR("the stack is destroyed"));
		return;
	}
	if (ours && (!pool->comment_declared || phx_str_eq(phx_str_trim(pool->comment), have)))
		return;
	if (!ours && !it->adopt) {
		/* Somebody else's pool may be used as it is. */
		if (!pool->comment_declared || phx_str_eq(phx_str_trim(pool->comment), have))
			return;
		d = phx_diag_add(p->bag, PHX0601, it->span,
				 "pool `" PHX_STR_FMT "` exists and is not of stack `" PHX_STR_FMT "`",
				 PHX_STR_ARG(it->name), PHX_STR_ARG(p->g->stack));
		phx_diag_note(p->bag, d, "its comment is `" PHX_STR_FMT "`", PHX_STR_ARG(have));
		phx_diag_help(p->bag, d,
			      "leave `comment` out to use it as it is, or take it over: --adopt " PHX_STR_FMT,
			      PHX_STR_ARG(it->address));
		return;
	}
	plan_change(p, it, ours ? PHX_CH_UPDATE : PHX_CH_ADOPT, PHX_STR(""));
	a = plan_attr(p, it->change, PHX_STR("comment"), it->span);
	a->before = have;
	a->after = pool->comment_declared ? pool->comment : have;
	a->has_before = a->before.len > 0;
	a->has_after = a->after.len > 0;
	a->impact = PHX_EFFECT_LIVE;
}

static void decide_left(struct plan *p, struct plan_item *it)
{
	struct phx_str reason =
		p->o->destroy ? PHX_STR("the stack is destroyed") : PHX_STR("it left the configuration");

	if (it->pool)
		plan_change(p, it, PHX_CH_DELETE, reason);
	else
		destroy(p, it, PHX_CH_DELETE, reason);
	if (it->live)
		plan_own_locks(p, it);
}

void plan_decide(struct plan *p)
{
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		if (!it->selected)
			continue;
		if (it->guest)
			decide_guest(p, it);
		else if (it->resource->kind == PHX_KIND_POOL)
			decide_pool(p, it);
	}
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->selected)
			decide_left(p, p->left.v[i]);
}
