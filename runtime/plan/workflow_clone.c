/* A guest that is cloned from another: the clone, then everything that is its own in one call, then its disks' sizes. */
#include "plan/cloud_init.h"
#include "plan/lxc.h"

static bool is_linked(const struct phx_guest *g)
{
	return g->full == PHX_CLONE_LINKED;
}

/* Where a full clone's disks go: Proxmox takes one storage for all of them. */
static struct phx_str clone_storage(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (v->source == PHX_VOL_INHERITED && v->origin != PHX_FROM_SOURCE && v->storage.len)
			return v->storage;
	}
	return g->storage;
}

/* Can Proxmox make the clone on the other node itself? Only when the disks lie where both nodes see them. */
static bool clones_across(const struct plan *p, const struct plan_item *src, struct phx_str to)
{
	const struct phx_guest *g = src->guest;
	bool any = false;

	if (to.len && !plan_storage_shared(p, to))
		return false;
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		struct phx_str storage = g->volumes.v[i].storage.len ? g->volumes.v[i].storage : g->storage;

		if (g->volumes.v[i].source == PHX_VOL_HOST_PATH || g->volumes.v[i].source == PHX_VOL_CDROM)
			continue;
		if (!plan_storage_shared(p, storage))
			return false;
		any = true;
	}
	return any;
}

static void migrate(struct plan *p, struct plan_item *it, struct phx_str from, struct phx_str to)
{
	struct phx_str kind = it->is_vm ? PHX_STR("/qemu/") : PHX_STR("/lxc/");

	plan_begin(p, it, PHX_OP_MIGRATE, PHX_ACT_CALL);
	p->draft.a.node = from;
	plan_call(p, PHX_POST, plan_text(p, PHX_STR("/nodes/"), from, kind, it->id_text, PHX_STR("/migrate")),
		  true);
	plan_param(p, PHX_STR("target"), to);
	if (it->is_vm)
		plan_param(p, PHX_STR("with-local-disks"), PHX_STR("1"));
	plan_end(p, it, plan_text(p, PHX_STR("migrate "), it->id_text, PHX_STR(" to "), to));
}

static void clone_call(struct plan *p, struct plan_item *it, const struct plan_item *src, bool direct)
{
	const struct phx_guest *g = it->guest;
	struct phx_str storage = clone_storage(g);

	plan_begin(p, it, PHX_OP_CLONE, PHX_ACT_CALL);
	plan_call(p, PHX_POST, plan_text(p, src->base, PHX_STR("/clone")), true);
	p->draft.a.node = src->node;
	plan_param(p, PHX_STR("newid"), it->id_text);
	plan_param(p, it->is_vm ? PHX_STR("name") : PHX_STR("hostname"), g->host_name);
	plan_param(p, PHX_STR("full"), is_linked(g) ? PHX_STR("0") : PHX_STR("1"));
	if (storage.len && !is_linked(g))
		plan_param(p, PHX_STR("storage"), storage);
	if (direct && !phx_str_eq(src->node, it->node))
		plan_param(p, PHX_STR("target"), it->node);
	if (g->pool.len)
		plan_param(p, PHX_STR("pool"), g->pool);
	plan_param(p, PHX_STR("description"), plan_description(p, it, PLAN_MARK_BUILDING));
	/* Clones of a container lock it against each other, those of a VM share it (concurrency.json). */
	plan_hold(p, src->lock_name, !it->is_vm, 0);
	if (storage.len && !is_linked(g))
		plan_hold_storage(p, it->node, storage);
	p->draft.a.timeout_ms = g->timeouts.clone_ms;
	plan_end(p, it,
		 plan_text(p, PHX_STR("clone "), phx_str_c(phx_kind_name(it->resource->kind)), PHX_STR(" "),
			   src->id_text, is_linked(g) ? PHX_STR(" (linked) to ") : PHX_STR(" (full) to "),
			   it->id_text));
}

/* Disks that are made in the call make it long: then its asynchronous twin does it (087); containers have none (405). */
static bool allocates(const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++)
		if (g->volumes.v[i].origin != PHX_FROM_SOURCE &&
		    (g->volumes.v[i].source == PHX_VOL_EMPTY || g->volumes.v[i].source == PHX_VOL_IMPORT))
			return true;
	return false;
}

static void config_call(struct plan *p, struct plan_item *it, const struct plan_entries *entries, bool last)
{
	bool async = it->is_vm && allocates(it);

	plan_begin(p, it, PHX_OP_CONFIG, PHX_ACT_CALL);
	plan_call(p, async ? PHX_POST : PHX_PUT, plan_text(p, it->base, PHX_STR("/config")), async);
	if (last)
		plan_param(p, PHX_STR("description"), plan_description(p, it, PLAN_MARK_DONE));
	plan_param(p, PHX_STR("tags"), plan_tags(p, it));
	plan_entry_params(p, it, entries);
	plan_hold_volumes(p, it, entries);
	plan_need(p, it->ci_file);
	plan_end(p, it, plan_text(p, PHX_STR("configure "), it->id_text));
}

/* What is known of the size of the source's volume in a slot; 0: nothing. */
static uint64_t source_size(const struct plan_item *src, struct phx_str slot)
{
	const struct phx_guest *g = src->guest;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < g->volumes.n; i++)
		if (phx_str_eq(g->volumes.v[i].slot, slot))
			bytes = g->volumes.v[i].size;
	if (src->live && !src->gone_first)
		bytes = plan_live_size(src->live, slot, bytes);
	return bytes;
}

static void resize_cloned(struct plan *p, struct plan_item *it, const struct plan_item *src)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (v->source != PHX_VOL_INHERITED || !v->size || v->origin == PHX_FROM_SOURCE)
			continue;
		if (source_size(src, v->slot) != v->size)
			plan_resize(p, it, v->slot, v->size);
	}
}

/* Proxmox puts all disks of a clone on one storage; those that say another one are moved there. */
static void move_cloned(struct plan *p, struct plan_item *it, struct phx_str all_on)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; all_on.len && i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (v->source == PHX_VOL_INHERITED && plan_says_storage(p, v) &&
		    !phx_str_eq(v->storage, all_on))
			plan_move_disk(p, it, v->slot, v->storage);
	}
}

void plan_clone_guest(struct plan *p, struct plan_item *it)
{
	struct plan_item *src = &p->items[it->guest->source->r.index];
	struct plan_entries *entries = &p->entries;
	struct phx_str storage = is_linked(it->guest) ? PHX_STR("") : clone_storage(it->guest);
	bool across = !phx_str_eq(src->node, it->node);
	bool direct = !across || clones_across(p, src, storage);

	if (!src->last) { /* a clone that was killed left it locked */
		plan_break_lock(p, src);
		src->exists = src->ready = src->last;
	}
	clone_call(p, it, src, direct);
	if (!direct)
		migrate(p, it, src->node, it->node);
	plan_entries_clone(p, it, entries);
	plan_ci_write(p, it);
	config_call(p, it, entries, !plan_completes_late(it));
	move_cloned(p, it, storage);
	resize_cloned(p, it, src);
	plan_directories(p, it, true);
	plan_node_steps(p, it);
	plan_host_config(p, it, entries);
	(void)plan_lxc(p, it, PHX_STR(""));
	plan_firewall_create(p, it, true);
	plan_complete(p, it);
}
