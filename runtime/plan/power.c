/* phx_plan_power: start, stop, restart of guests as they are, in the order of their dependencies. No configuration is compared: only
 * whose a guest is, whether it runs, and who relies on whom. */
#include "plan/plan_priv.h"

struct power {
	struct plan *p;
	const struct phx_power_options *o;
	bool *chosen;  /* per item: it is to be started, stopped or restarted */
	bool *drawn;   /* … by --cascade */
	bool *running; /* per item, as it is now */
};

const char *phx_power_verb_name(enum phx_power_verb verb)
{
	switch (verb) {
	case PHX_POWER_START:
		return "start";
	case PHX_POWER_STOP:
		return "stop";
	case PHX_POWER_RESTART:
		return "restart";
	}
	PHX_BUG("power verb %d", (int)verb);
}

/* Whoever must be ready or started for another relies on its running; a template or an image only has to be there. */
static bool relies(const struct phx_edge *e)
{
	return e->kind == PHX_EDGE_READY || e->kind == PHX_EDGE_START;
}

static bool is_guest_that_runs(const struct plan_item *it)
{
	return it->guest && it->live && it->live->owned && !it->live->is_template;
}

/* --- which --- */

static void unfit(struct power *w, struct plan_item *it)
{
	const char *verb = phx_power_verb_name(w->o->verb);
	struct phx_diag *d;

	if (!it->live) {
		d = phx_diag_add(w->p->bag, PHX0680, it->span,
				 "`" PHX_STR_FMT "` (" PHX_STR_FMT ") does not exist: there is nothing to %s",
				 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text), verb);
		phx_diag_help(w->p->bag, d, "make it first: phx apply --target " PHX_STR_FMT,
			      PHX_STR_ARG(it->address));
		return;
	}
	d = phx_diag_add(w->p->bag, PHX0680, it->span,
			 "`" PHX_STR_FMT "` (" PHX_STR_FMT ") is a template: it cannot %s",
			 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text),
			 w->o->verb == PHX_POWER_STOP ? "be stopped" : "run");
	phx_diag_help(w->p->bag, d, "name one of its clones");
}

static void choose(struct power *w)
{
	struct plan *p = w->p;

	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		if (!it->guest || !it->selected || it->refused)
			continue;
		if (is_guest_that_runs(it))
			w->chosen[i] = true;
		else if (w->o->guests.n) /* of `all`, what cannot run is left out */
			unfit(w, it);
	}
}

/* Of a guest that is to start, what it relies on; of one that is to stop, who relies on it. In graph order what is needed stands
 * first, so one walk in the right direction reaches everything. */
static bool draws(const struct power *w, uint32_t user, uint32_t needed)
{
	if (w->o->verb == PHX_POWER_START)
		return w->chosen[user] && !w->chosen[needed] && !w->running[needed];
	return w->chosen[needed] && !w->chosen[user] && w->running[user];
}

static void refuse(struct power *w, uint32_t user, uint32_t needed)
{
	struct plan *p = w->p;
	const struct plan_item *u = &p->items[user], *n = &p->items[needed];
	bool start = w->o->verb == PHX_POWER_START;
	struct phx_diag *d;

	d = start ? phx_diag_add(p->bag, PHX0681, u->span,
				 "`" PHX_STR_FMT "` needs `" PHX_STR_FMT "`, which does not run",
				 PHX_STR_ARG(u->address), PHX_STR_ARG(n->address))
		  : phx_diag_add(p->bag, PHX0681, n->span,
				 "`" PHX_STR_FMT "` runs and needs `" PHX_STR_FMT "`",
				 PHX_STR_ARG(u->address), PHX_STR_ARG(n->address));
	phx_diag_help(p->bag, d, "--cascade %s it too, %s",
		      start                          ? "starts"
		      : w->o->verb == PHX_POWER_STOP ? "stops"
						     : "restarts",
		      start ? "first" : "in the right order");
}

static void draw(struct power *w, uint32_t user, uint32_t needed)
{
	uint32_t other = w->o->verb == PHX_POWER_START ? needed : user;

	if (!draws(w, user, needed) || !is_guest_that_runs(&w->p->items[other]))
		return;
	if (!w->o->cascade) {
		refuse(w, user, needed);
		return;
	}
	w->chosen[other] = w->drawn[other] = true;
}

static void close_over(struct power *w)
{
	struct plan *p = w->p;
	bool start = w->o->verb == PHX_POWER_START;

	for (uint32_t at = 0; at < p->nitems; at++) {
		uint32_t i = start ? p->nitems - 1 - at : at;
		const struct phx_resource *r = p->items[i].resource;

		for (uint32_t k = 0; k < r->needs.n; k++)
			if (relies(&r->needs.v[k]))
				draw(w, i, r->needs.v[k].to->index);
	}
}

/* --- what --- */

static bool changes(const struct power *w, uint32_t i)
{
	if (!w->chosen[i])
		return false;
	switch (w->o->verb) {
	case PHX_POWER_START:
		return !w->running[i];
	case PHX_POWER_STOP:
	case PHX_POWER_RESTART:
		return w->running[i];
	}
	return false;
}

static void decide(struct power *w, uint32_t i)
{
	struct plan_item *it = &w->p->items[i];
	struct phx_attr_change *a;

	plan_change(w->p, it, PHX_CH_UPDATE, w->drawn[i] ? PHX_STR("drawn in by --cascade") : PHX_STR(""));
	a = plan_attr(w->p, it->change, PHX_STR("running"), it->span);
	a->has_before = a->has_after = true;
	a->before = w->running[i] ? PHX_STR("true") : PHX_STR("false");
	a->after = w->o->verb == PHX_POWER_STOP ? PHX_STR("false") : PHX_STR("true");
	a->impact = w->o->verb == PHX_POWER_START  ? PHX_EFFECT_LIVE
		    : w->o->verb == PHX_POWER_STOP ? PHX_EFFECT_OFFLINE
						   : PHX_EFFECT_RESTART;
	it->change->impact = a->impact;
	it->change->restart = w->o->verb == PHX_POWER_RESTART;
	it->powers = w->o->verb != PHX_POWER_STOP;
	plan_own_locks(w->p, it);
}

/* Whoever relies on it waits for its end before going on the way down. */
static void hold_needed(struct plan *p, const struct plan_item *it)
{
	for (uint32_t k = 0; k < it->resource->needs.n; k++)
		if (relies(&it->resource->needs.v[k]))
			phx_vec_push(p->arena, &p->items[it->resource->needs.v[k].to->index].gone_after,
				     it->last);
}

static void stop(struct power *w, struct plan_item *it)
{
	struct plan *p = w->p;

	if (w->o->force) {
		plan_begin(p, it, PHX_OP_STOP, PHX_ACT_CALL);
		plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/status/stop")), true);
		plan_need_gone(p, it);
		plan_end(p, it, plan_text(p, PHX_STR("switch off "), it->id_text));
	} else {
		plan_shutdown(p, it, false);
	}
	hold_needed(p, it);
}

static void actions(struct power *w)
{
	struct plan *p = w->p;
	const uint32_t *order = plan_order(p);

	plan_lock_stack(p);
	for (uint32_t i = p->nitems; w->o->verb != PHX_POWER_START && i-- > 0;)
		if (p->items[order[i]].change)
			stop(w, &p->items[order[i]]);
	for (uint32_t i = 0; w->o->verb != PHX_POWER_STOP && i < p->nitems; i++) {
		struct plan_item *it = &p->items[order[i]];

		if (!it->change)
			continue;
		plan_start(p, it);
		plan_wait_ready(p, it, false);
	}
	for (uint32_t i = 0; i < p->nitems; i++)
		plan_record(p, &p->items[order[i]]);
	plan_unlock_stack(p);
}

static bool passes(struct plan *p, const struct phx_power_options *o)
{
	struct power w = {.p = p, .o = o};
	uint32_t errors = p->bag->errors;

	if (p->failed || !plan_match(p))
		return false;
	plan_select_guests(p, o->guests.v, o->guests.n);
	plan_check_nodes(p);
	plan_own(p);
	w.chosen = PHX_NEW_N(p->arena, bool, p->nitems + 1);
	w.drawn = PHX_NEW_N(p->arena, bool, p->nitems + 1);
	w.running = PHX_NEW_N(p->arena, bool, p->nitems + 1);
	for (uint32_t i = 0; i < p->nitems; i++)
		w.running[i] = p->items[i].live && p->items[i].live->running;
	choose(&w);
	close_over(&w);
	if (p->bag->errors > errors)
		return false;
	for (uint32_t i = 0; i < p->nitems; i++)
		if (changes(&w, i))
			decide(&w, i);
	if (p->bag->errors > errors)
		return false;
	actions(&w);
	plan_finish(p);
	return p->bag->errors == errors;
}

struct phx_plan *phx_plan_power(const struct phx_graph *g, const struct phx_snapshot *s,
				const struct phx_plan_options *po, const struct phx_power_options *o,
				struct phx_arena *arena, struct phx_diag_bag *bag)
{
	struct plan p = {.g = g, .s = s, .o = po, .arena = arena, .bag = bag};
	bool ok;

	plan_open(&p);
	ok = passes(&p, o);
	plan_close(&p);
	return ok ? p.out : NULL;
}
