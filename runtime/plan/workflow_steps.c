/* What is done inside a guest, step by step, in the order it is done. */
#include "plan/plan_step.h"

#define INSIDE_AT_ONCE 8

/* --- which of them --- */

void plan_settle_works(struct plan *p, struct plan_item *it)
{
	plan_build_works(p, it);
	for (uint32_t i = 0; i < it->works->n; i++) {
		struct plan_work *x = &it->works->v[i];

		x->run = !x->gone && (x->changed || !x->hidden);
	}
}

bool plan_has_works(const struct plan_item *it)
{
	for (uint32_t i = 0; it->works && i < it->works->n; i++)
		if (it->works->v[i].run && !it->works->v[i].on_node)
			return true;
	return false;
}

bool plan_notes_works(const struct plan_item *it)
{
	for (uint32_t i = 0; it->works && i < it->works->n; i++)
		if (it->works->v[i].run)
			return true;
	return false;
}

static struct phx_str way_text(struct plan *p, const struct plan_item *it)
{
	switch (plan_way(p, it)) {
	case PHX_WAY_AGENT:
		return PHX_STR("by the guest agent");
	case PHX_WAY_QM:
		return plan_text(p, PHX_STR("by `qm guest` on "), it->node);
	case PHX_WAY_PCT:
		return plan_text(p, PHX_STR("by `pct exec` on "), it->node);
	case PHX_WAY_NONE:
	case PHX_WAY_COUNT:
		break;
	}
	return PHX_STR("");
}

struct phx_str plan_list_works(struct plan *p, const struct plan_item *it,
			       bool (*which)(const struct plan_work *))
{
	struct phx_str out = PHX_STR("");

	for (uint32_t i = 0; it->works && i < it->works->n; i++)
		if (which(&it->works->v[i]))
			out = plan_text(p, out, out.len ? PHX_STR(", ") : PHX_STR(""),
					it->works->v[i].w.what);
	return out;
}

static bool runs(const struct plan_work *x)
{
	return x->run && !x->on_node;
}

static bool runs_on_node(const struct plan_work *x)
{
	return x->run && x->on_node;
}

static bool waits(const struct plan_work *x)
{
	return x->changed && !x->run;
}

void plan_waiting_steps(struct plan *p, const struct plan_item *it)
{
	struct phx_str list = plan_list_works(p, it, waits);

	if (it->inside_off && list.len)
		phx_vec_push(p->arena, &p->out->notes,
			     plan_text(p, it->address,
				       PHX_STR(" is stopped: when it runs again, the next plan does "),
				       list));
}

/* --- what keeps them from being done --- */

static void no_channel(struct plan *p, const struct plan_item *it, struct phx_str list)
{
	struct phx_diag *d = phx_diag_add(p->bag, PHX0690, it->span,
					  "nothing can be done inside container `" PHX_STR_FMT
					  "` (" PHX_STR_FMT ") over this connection",
					  PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text));

	phx_diag_note(p->bag, d, "to be done inside: " PHX_STR_FMT, PHX_STR_ARG(list));
	phx_diag_note(p->bag, d,
		      "the API runs no command in a container: that takes `pct exec`, as root on its node");
	phx_diag_help(p->bag, d,
		      "give the cluster block a host channel: ssh { host = \"…\"; user = \"root\" }");
	phx_diag_help(p->bag, d, "or run phx on the node itself, as root");
}

static void no_agent(struct plan *p, const struct plan_item *it, struct phx_str list)
{
	struct phx_diag *d = phx_diag_add(p->bag, PHX0691, it->span,
					  "nothing can be done inside VM `" PHX_STR_FMT "` (" PHX_STR_FMT
					  "): its guest agent is off",
					  PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text));

	phx_diag_note(p->bag, d, "to be done inside: " PHX_STR_FMT, PHX_STR_ARG(list));
	phx_diag_help(p->bag, d, "say `agent { enabled = true }`, and have qemu-guest-agent installed in it");
}

static bool may_mount_nfs(const struct phx_guest *g)
{
	struct phx_str features = PHX_STR(""), piece, kind;

	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, "features") && !g->settings.v[i].unset)
			features = g->settings.v[i].value;
	while (phx_str_cut(&features, ',', &piece)) {
		if (!phx_str_starts(piece, "mount="))
			continue;
		piece = phx_str_from(piece, 6);
		while (phx_str_cut(&piece, ';', &kind))
			if (phx_str_eqc(kind, "nfs"))
				return true;
	}
	return false;
}

/* The kernel lets a container mount NFS only where Proxmox's AppArmor profile for it says so. */
static void refuse_nfs(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; it->works && i < it->works->n; i++) {
		const struct plan_work *x = &it->works->v[i];
		struct phx_diag *d;

		if (it->is_vm || !runs(x) || x->gone || !phx_str_starts(x->w.key, "nfs:") ||
		    may_mount_nfs(it->guest))
			continue;
		d = phx_diag_add(p->bag, PHX0644, x->span,
				 "container `" PHX_STR_FMT "` (" PHX_STR_FMT ") may not mount NFS",
				 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text));
		phx_diag_note(p->bag, d, "it is privileged, and its option `features` does not allow it");
		phx_diag_help(p->bag, d, "say options { features = \"mount=nfs\" } (only root may set that)");
		phx_diag_help(p->bag, d,
			      "or make it unprivileged: then the node mounts the share and hands it in");
		return;
	}
}

void plan_refuse_steps(struct plan *p, const struct plan_item *it)
{
	struct phx_str list = plan_list_works(p, it, runs);

	refuse_nfs(p, it);
	if (!it->is_vm && !list.len && !plan_reaches_inside(p, it))
		list = plan_list_works(p, it, runs_on_node);

	if (!list.len || plan_reaches_inside(p, it))
		return;
	if (it->is_vm)
		no_agent(p, it, list);
	else
		no_channel(p, it, list);
}

/* --- the actions --- */

static void act(struct plan *p, struct plan_item *it, const struct plan_work *x)
{
	plan_begin(p, it, PHX_OP_GUEST, PHX_ACT_GUEST);
	p->draft.body.step = x->step;
	p->draft.body.work = &x->w;
	if (x->w.way != PHX_WAY_AGENT) /* a node's sshd takes ten sessions a connection */
		plan_hold(p, plan_text(p, PHX_STR("inside:"), it->node), false, INSIDE_AT_ONCE);
	p->draft.a.span = x->span;
	p->draft.body.guest_what = x->w.what;
	p->draft.a.timeout_ms = x->w.timeout_ms;
	plan_end(p, it, plan_text(p, x->w.what, PHX_STR(" in "), it->id_text));
}

void plan_steps(struct plan *p, struct plan_item *it)
{
	struct phx_str list = plan_list_works(p, it, runs);

	for (uint32_t i = 0; it->works && i < it->works->n; i++)
		if (runs(&it->works->v[i]))
			act(p, it, &it->works->v[i]);
	if (list.len)
		plan_note(
			p, it->change,
			plan_text(p, PHX_STR("inside, "), way_text(p, it), PHX_STR(": "), list,
				  !it->is_vm && p->o->blind && !p->o->has_host
					  ? PHX_STR(" (needs a host channel: `ssh { }` in the cluster block)")
					  : PHX_STR("")));
}

void plan_clean(struct plan *p, struct plan_item *it)
{
	struct plan_work *x = PHX_NEW(p->arena, struct plan_work);

	*x = plan_work_clean(p, it);
	act(p, it, x);
}
