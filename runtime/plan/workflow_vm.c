/* A VM that is made of an image, or empty. */
#include "plan/cloud_init.h"

static void identity_params(struct plan *p, const struct plan_item *it)
{
	plan_param(p, PHX_STR("vmid"), it->id_text);
	plan_param(p, PHX_STR("name"), it->guest->host_name);
	plan_param(p, PHX_STR("description"),
		   plan_description(p, it, plan_completes_late(it) ? PLAN_MARK_BUILDING : PLAN_MARK_DONE));
	plan_param(p, PHX_STR("tags"), plan_tags(p, it));
	if (it->guest->pool.len)
		plan_param(p, PHX_STR("pool"), it->guest->pool);
}

static struct phx_str create_summary(struct plan *p, const struct plan_item *it)
{
	if (it->guest->image)
		return plan_text(p, PHX_STR("create vm "), it->id_text, PHX_STR(" of "),
				 it->guest->image->r.address);
	return plan_text(p, PHX_STR("create vm "), it->id_text);
}

/* An imported disk has its image's size. */
static void resize_imported(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++)
		if (g->volumes.v[i].source == PHX_VOL_IMPORT && g->volumes.v[i].size)
			plan_resize(p, it, g->volumes.v[i].slot, g->volumes.v[i].size);
}

void plan_create_vm(struct plan *p, struct plan_item *it)
{
	struct plan_entries *entries = &p->entries;
	uint32_t file = 0;

	plan_entries_create(p, it, entries);
	if (it->guest->image)
		file = plan_file_action(p, it, plan_image_volume(p, it->guest->image));
	plan_ci_write(p, it);
	plan_begin(p, it, PHX_OP_CREATE, PHX_ACT_CALL);
	plan_call(p, PHX_POST, plan_text(p, PHX_STR("/nodes/"), it->node, PHX_STR("/qemu")), true);
	identity_params(p, it);
	plan_entry_params(p, it, entries);
	plan_hold_volumes(p, it, entries);
	plan_need(p, file);
	plan_need(p, it->ci_file);
	p->draft.a.timeout_ms = it->guest->timeouts.create_ms;
	plan_end(p, it, create_summary(p, it));
	resize_imported(p, it);
	plan_host_config(p, it, entries);
	plan_firewall_create(p, it, false);
	plan_complete(p, it);
}
