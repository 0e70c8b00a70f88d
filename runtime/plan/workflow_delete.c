/* A guest that goes: stopped with a deadline, then destroyed with its volumes, out of backup jobs, HA and firewall. */
#include "plan/cloud_init.h"

void plan_need_gone(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; i < it->gone_after.n; i++)
		plan_need(p, it->gone_after.v[i]);
}

/* What needs it went before, and so did linked clones of a template. */
static void dependants_first(struct plan *p, const struct plan_item *it)
{
	const struct plan_link *links;
	uint32_t n = 0;

	plan_need_gone(p, it);
	if (!it->live || !it->live->is_template)
		return;
	links = plan_links(p, it->live->id, &n);
	for (uint32_t i = 0; i < n; i++)
		if (links[i].item)
			plan_need(p, links[i].item->gone);
}

/* Guests of the graph that it needs go after it. */
static void hold_needed(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; it->resource && i < it->resource->needs.n; i++) {
		struct plan_item *needed = &p->items[it->resource->needs.v[i].to->index];

		phx_vec_push(p->arena, &needed->gone_after, it->gone);
	}
}

void plan_delete_guest(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;

	plan_break_lock(p, it);
	if (live->running)
		plan_shutdown(p, it, true);
	plan_begin(p, it, PHX_OP_DELETE, PHX_ACT_CALL);
	plan_call(p, PHX_DELETE, it->base, true);
	/* What is not named in its configuration is not touched; jobs, HA and firewall forget it. But a creation that was killed
	 * names a volume only when it is filled: what such a leftover has goes whole. */
	plan_param(p, PHX_STR("purge"), PHX_STR("1"));
	plan_param(p, PHX_STR("destroy-unreferenced-disks"),
		   plan_is_leftover(live) ? PHX_STR("1") : PHX_STR("0"));
	dependants_first(p, it);
	it->gone = plan_end(p, it,
			    plan_text(p, PHX_STR("delete "),
				      live->is_vm ? PHX_STR("vm ") : PHX_STR("container "), it->id_text));
	hold_needed(p, it);
	plan_ci_remove(p, it);
	plan_node_steps_deleted(p, it);
}
