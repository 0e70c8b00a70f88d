/* Whose a guest is, and whether it may be touched at all: marks, visibility, quorum, running tasks and dead locks. */
#include "plan/plan_priv.h"

static const char *kind_of(const struct phx_live_guest *live)
{
	return live->is_vm ? "vm" : "container";
}

static void foreign(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;
	struct phx_span at = phx_span_known(it->guest->id_span) ? it->guest->id_span : it->span;
	struct phx_diag *d =
		phx_diag_add(p->bag, PHX0601, at, "%s %llu exists and is not of stack `" PHX_STR_FMT "`",
			     kind_of(live), (unsigned long long)live->id, PHX_STR_ARG(p->g->stack));

	it->refused = true;
	phx_diag_note(p->bag, d, "it is `" PHX_STR_FMT "` on node `" PHX_STR_FMT "`", PHX_STR_ARG(live->name),
		      PHX_STR_ARG(live->node));
	if (live->has_marker && phx_str_eq(live->marker.stack, p->g->stack))
		phx_diag_note(p->bag, d,
			      "its notes are those of %llu (`" PHX_STR_FMT
			      "`): it is a copy that was made by hand",
			      (unsigned long long)live->marker.id, PHX_STR_ARG(live->marker.address));
	else if (live->has_marker)
		phx_diag_note(p->bag, d, "it belongs to stack `" PHX_STR_FMT "`, as `" PHX_STR_FMT "`",
			      PHX_STR_ARG(live->marker.stack), PHX_STR_ARG(live->marker.address));
	if (live->is_vm != it->is_vm) {
		phx_diag_help(p->bag, d, "give `" PHX_STR_FMT "` another id", PHX_STR_ARG(it->address));
		return;
	}
	phx_diag_help(p->bag, d, "to take it over as it is: --adopt " PHX_STR_FMT, PHX_STR_ARG(it->address));
}

/* Proxmox silently leaves out what a token may not audit: nothing is believed to be absent on its word. */
static void invisible(struct plan *p, struct plan_item *it)
{
	struct phx_diag *d =
		phx_diag_add(p->bag, PHX0606, it->span,
			     "whether guest " PHX_STR_FMT " (`" PHX_STR_FMT "`) exists cannot be told",
			     PHX_STR_ARG(it->id_text), PHX_STR_ARG(it->address));

	it->refused = true;
	phx_diag_note(p->bag, d,
		      "`" PHX_STR_FMT "` may not see all guests, and Proxmox leaves out what it may not see",
		      PHX_STR_ARG(p->o->identity.len ? p->o->identity : PHX_STR("the token")));
	phx_diag_help(p->bag, d,
		      "on the node: pveum acl modify /vms --%s '" PHX_STR_FMT "' --roles PVEAuditor",
		      phx_str_chr(p->o->identity, '!') >= 0 ? "tokens" : "users",
		      PHX_STR_ARG(p->o->identity.len ? p->o->identity : PHX_STR("USER@REALM!TOKEN")));
}

static void busy(struct plan *p, struct plan_item *it)
{
	struct phx_diag *d = phx_diag_add(
		p->bag, PHX0610, it->span, "%s " PHX_STR_FMT " (`" PHX_STR_FMT "`) is being worked on",
		kind_of(it->live), PHX_STR_ARG(it->id_text), PHX_STR_ARG(it->address));

	it->refused = true;
	phx_diag_note(p->bag, d, "its lock is `" PHX_STR_FMT "`, held by task " PHX_STR_FMT,
		      PHX_STR_ARG(it->live->lock), PHX_STR_ARG(it->live->busy_upid));
	phx_diag_help(p->bag, d, "wait until it has ended, then plan again");
}

/* What a creation leaves when its worker is killed: its marker says so, or there is nothing in it yet but the lock. */
bool plan_is_leftover(const struct phx_live_guest *live)
{
	bool locked = phx_str_eqc(live->lock, "create") || phx_str_eqc(live->lock, "clone");

	return live->dead_lock && locked &&
	       ((live->owned && live->has_marker && live->marker.building) || !plan_has_volumes(live));
}

static void dead_lock(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;
	const char *tool = live->is_vm ? "qm" : "pct";
	bool leftover = plan_is_leftover(live);
	struct phx_diag *d;

	it->gone_first = leftover && it->guest;
	if (p->o->break_locks && p->o->has_host)
		return;
	d = phx_diag_add(
		p->bag, PHX0611, it->span,
		"%s " PHX_STR_FMT " (`" PHX_STR_FMT "`) is locked (" PHX_STR_FMT ") by a task that is dead",
		kind_of(live), PHX_STR_ARG(it->id_text), PHX_STR_ARG(it->address), PHX_STR_ARG(live->lock));
	it->refused = true;
	if (leftover)
		phx_diag_note(p->bag, d,
			      "it is what an interrupted creation left: it is not complete and goes");
	phx_diag_help(p->bag, d, "on node " PHX_STR_FMT ": %s unlock " PHX_STR_FMT "%s%s%s" PHX_STR_FMT "%s",
		      PHX_STR_ARG(live->node), tool, PHX_STR_ARG(it->id_text), leftover ? " && " : "",
		      leftover ? tool : "", leftover ? " destroy " : "",
		      PHX_STR_ARG(leftover ? it->id_text : PHX_STR("")),
		      leftover ? " --purge --destroy-unreferenced-disks 1" : "");
	phx_diag_help(p->bag, d, "or let phx do it: --break-locks%s",
		      p->o->has_host ? "" : " (needs a host channel: `ssh { }` in the cluster block)");
}

void plan_break_lock(struct plan *p, struct plan_item *it)
{
	struct phx_action *a = &p->draft.a;

	if (!it->live || !it->live->dead_lock || !p->o->break_locks)
		return;
	plan_begin(p, it, PHX_OP_BREAK_LOCK, PHX_ACT_HOST);
	plan_hold(p, it->lock_name, true, 0);
	a->node = it->live->node;
	phx_vec_push(p->arena, &p->draft.body.argv, it->live->is_vm ? PHX_STR("qm") : PHX_STR("pct"));
	phx_vec_push(p->arena, &p->draft.body.argv, PHX_STR("unlock"));
	phx_vec_push(p->arena, &p->draft.body.argv, it->id_text);
	plan_end(p, it, plan_text(p, PHX_STR("take the dead lock off "), it->id_text));
}

static const struct phx_live_guest *find_other(const struct plan *p, uint64_t id)
{
	uint32_t low = 0, high = p->s->others.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (p->s->others.v[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->s->others.n && p->s->others.v[low].id == id ? &p->s->others.v[low] : NULL;
}

/* An inventory may know of a guest without having read it: then it was not of this stack. */
static bool unread(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *other = find_other(p, it->id);
	struct phx_diag *d;

	if (!other || p->o->destroy)
		return false;
	d = phx_diag_add(p->bag, PHX0601, phx_span_known(it->guest->id_span) ? it->guest->id_span : it->span,
			 "%s %llu exists and is not of stack `" PHX_STR_FMT "`", kind_of(other),
			 (unsigned long long)other->id, PHX_STR_ARG(p->g->stack));
	phx_diag_note(p->bag, d, "it is `" PHX_STR_FMT "` on node `" PHX_STR_FMT "`",
		      PHX_STR_ARG(other->name), PHX_STR_ARG(other->node));
	it->refused = true;
	return true;
}

static void own_guest(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;

	if (!live && unread(p, it))
		return;
	if (!live) {
		if (!p->o->offline && !p->s->sees_all_guests && !p->o->destroy)
			invisible(p, it);
		return;
	}
	if (p->o->destroy && !live->owned)
		return; /* not ours: not ours to destroy */
	if (live->owned)
		it->adopt = false;
	else if (live->busy && (phx_str_eqc(live->lock, "create") || phx_str_eqc(live->lock, "clone")))
		busy(p, it); /* whose it is stands in it only at the end */
	else if (live->dead_lock && live->is_vm == it->is_vm && plan_is_leftover(live))
		it->adopt =
			false; /* a creation of ours that was killed before it could say so; nothing is in it */
	else if (!it->adopt || live->is_vm != it->is_vm)
		foreign(p, it);
	it->finish = live->owned && live->has_marker && live->marker.building;
}

void plan_own(struct plan *p)
{
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].selected && !p->items[i].refused)
			own_guest(p, &p->items[i]);
}

/* Only where something is to be done: a guest that stays as it is may be locked by whomever. */
void plan_own_locks(struct plan *p, struct plan_item *it)
{
	if (!it->live || it->refused)
		return;
	if (it->live->busy)
		busy(p, it);
	else if (it->live->dead_lock)
		dead_lock(p, it);
}
