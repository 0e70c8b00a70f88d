/* Steps inside a living guest: which are not in place as declared, by what its marker remembers. */
#include "plan/diff.h"
#include "plan/plan_step.h"

static void attribute(struct plan_diff *d, const struct plan_work *x)
{
	struct phx_str before = x->known.len ? phx_str_slice(x->known, 0, PLAN_HASH) : PHX_STR("not yet");
	struct phx_attr_change *a;

	if (x->hidden) {
		a = plan_diff_attr(d, x->path, PHX_STR(""), PHX_STR(""), x->span);
		a->sensitive = a->has_after = true;
		a->has_before = x->known.len > 0;
	} else {
		a = plan_diff_attr(d, x->path, before, x->gone ? PHX_STR("") : x->w.hash, x->span);
	}
	a->reason = x->why;
	plan_diff_worse(d, a, PHX_EFFECT_LIVE);
}

/* What was put there stays: only the marker forgets it. */
static void forget(struct plan_diff *d)
{
	const struct plan_works *w = d->it->works;

	for (uint32_t i = 0; i < w->forgotten.n; i++) {
		struct phx_str key = w->forgotten.v[i];
		struct phx_attr_change *a;

		if (!phx_str_starts(key, "file:"))
			continue;
		a = plan_diff_attr(d, plan_text(d->p, PHX_STR("file."), phx_str_from(key, 5)),
				   PHX_STR("in place"), PHX_STR(""), d->it->span);
		a->reason = PHX_STR("no longer declared: it stays in the guest, and phx forgets it");
		plan_diff_worse(d, a, PHX_EFFECT_LIVE);
		d->u->forgets = true;
	}
}

static void rebuilt(struct plan_diff *d)
{
	const struct plan_works *w = d->it->works;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct plan_work *x = &w->v[i];

		if (!x->changed || x->hidden)
			continue;
		attribute(d, x);
		plan_want_replace(d->p, d->it, x->span,
				  plan_text(d->p, x->w.what,
					    !x->known.len ? PHX_STR(" was not in it when it was built")
					    : x->gone     ? PHX_STR(" is no longer declared")
							  : PHX_STR(" has changed since it was built")));
		d->it->rebuild = true;
	}
}

/* Will the guest run when its steps are due? */
static bool will_run(const struct plan_diff *d)
{
	if (d->u->to_template || d->it->finish)
		return true;
	return d->live->running ? !d->u->stop : d->u->start;
}

void plan_diff_steps(struct plan_diff *d)
{
	struct plan_works *w = d->it->works;

	if (d->live->is_template) {
		if (!d->it->finish)
			rebuilt(d);
		/* It was converted after all its steps: only the marker does not say so yet. */
		for (uint32_t i = 0; d->it->finish && i < w->n; i++)
			w->v[i].changed = false;
		return;
	}
	if (!d->it->finish)
		forget(d);
	d->it->inside_off = !will_run(d);
	for (uint32_t i = 0; i < w->n; i++) {
		struct plan_work *x = &w->v[i];

		if (d->it->inside_off && !x->on_node)
			continue;
		x->run = x->changed || (d->it->finish && !x->hidden);
		if (x->changed && !d->it->finish)
			attribute(d, x);
	}
}
