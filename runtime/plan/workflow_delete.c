/* A guest that goes: stopped with a deadline, then destroyed with its volumes, out of backup jobs, HA and firewall. */
#include "plan/plan_priv.h"

/* Guests of the graph that need this one go first; so do linked clones of a template. */
static void dependants_first(struct plan *p, const struct plan_item *it)
{
	if (it->resource)
		for (uint32_t i = it->resource->index + 1; i < p->nitems; i++) {
			const struct plan_item *other = &p->items[i];

			if (!other->gone || !other->resource)
				continue;
			for (uint32_t k = 0; k < other->resource->needs.n; k++)
				if (other->resource->needs.v[k].to == it->resource)
					plan_need(p, other->gone);
		}
	if (!it->live || !it->live->is_template)
		return;
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].gone && p->items[i].live && plan_is_linked_to(p->items[i].live, it->live))
			plan_need(p, p->items[i].gone);
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->gone && p->left.v[i]->live &&
		    plan_is_linked_to(p->left.v[i]->live, it->live))
			plan_need(p, p->left.v[i]->gone);
}

void plan_delete_guest(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;

	plan_break_lock(p, it);
	if (live->running)
		plan_shutdown(p, it, true);
	plan_begin(p, it, PHX_OP_DELETE, PHX_ACT_CALL);
	plan_call(p, PHX_DELETE, it->base, true);
	/* What is not named in its configuration is not touched; jobs, HA and firewall forget it. */
	plan_param(p, PHX_STR("purge"), PHX_STR("1"));
	plan_param(p, PHX_STR("destroy-unreferenced-disks"), PHX_STR("0"));
	dependants_first(p, it);
	it->gone = plan_end(p, it,
			    plan_text(p, PHX_STR("delete "),
				      live->is_vm ? PHX_STR("vm ") : PHX_STR("container "), it->id_text));
}
