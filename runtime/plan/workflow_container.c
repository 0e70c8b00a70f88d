/* A container that is made of an OS template. */
#include "plan/lxc.h"

void plan_create_container(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct plan_entries *entries = &p->entries;
	uint32_t file = plan_file_action(p, it, g->ostemplate);

	plan_entries_create(p, it, entries);
	plan_directories(p, it, true);
	plan_begin(p, it, PHX_OP_CREATE, PHX_ACT_CALL);
	plan_call(p, PHX_POST, plan_text(p, PHX_STR("/nodes/"), it->node, PHX_STR("/lxc")), true);
	plan_param(p, PHX_STR("vmid"), it->id_text);
	plan_param(p, PHX_STR("ostemplate"), g->ostemplate);
	plan_param(p, PHX_STR("hostname"), g->host_name);
	plan_param(p, PHX_STR("description"),
		   plan_description(p, it, plan_completes_late(it) ? PLAN_MARK_BUILDING : PLAN_MARK_DONE));
	plan_param(p, PHX_STR("tags"), plan_tags(p, it));
	if (g->pool.len)
		plan_param(p, PHX_STR("pool"), g->pool);
	plan_entry_params(p, it, entries);
	plan_hold_volumes(p, it, entries);
	plan_need(p, file);
	p->draft.a.timeout_ms = g->timeouts.create_ms;
	plan_end(p, it,
		 plan_text(p, PHX_STR("create container "), it->id_text, PHX_STR(" of "), g->ostemplate));
	plan_node_steps(p, it);
	plan_host_config(p, it, entries);
	(void)plan_lxc(p, it, PHX_STR(""));
	plan_firewall_create(p, it, false);
	plan_complete(p, it);
}
