/* Checks of one guest by itself. */
#include <string.h>

#include "model/graph_priv.h"

static const struct phx_eff_attr *own(const struct phx_lower *l, enum phx_guest_attr ga)
{
	const struct phx_eff_attr *ea = &l->eff->at[ga];

	return ea->a && ea->origin == PHX_FROM_SELF && !phx_is_null(&ea->a->value) ? ea : NULL;
}

/* --- how it comes to be --- */

static void creation(struct phx_lower *l)
{
	struct phx_diag_bag *bag = l->b->bag;
	const struct phx_eff_attr *clone = &l->eff->at[PHX_GA_CLONE];
	const struct phx_eff_attr *other = &l->eff->at[l->g->is_vm ? PHX_GA_IMAGE : PHX_GA_OSTEMPLATE];
	bool made = l->g->is_vm ? l->node->image_declared : l->node->ostemplate_declared;
	struct phx_diag *d;

	if (l->node->clone_declared && made) {
		d = phx_diag_add(bag, PHX0414, other->a->name_span,
				 "`" PHX_STR_FMT "` is to be both cloned and made from %s",
				 PHX_STR_ARG(l->g->r.address), l->g->is_vm ? "an image" : "an OS template");
		phx_diag_label(bag, d, other->a->name_span, "made from this");
		phx_diag_label(bag, d, clone->a->name_span, "cloned from this");
		phx_diag_help(bag, d, "leave one of them out");
	}
	if (!l->g->is_vm && !l->node->clone_declared && !made) {
		d = phx_diag_add(bag, PHX0415, l->node->decl->span,
				 "`" PHX_STR_FMT "` has neither `ostemplate` nor `clone`",
				 PHX_STR_ARG(l->g->r.address));
		phx_diag_help(bag, d,
			      "a container is made from an OS template, such as "
			      "`ostemplate = \"local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst\"`, "
			      "or cloned from one that was");
	}
	if (l->g->is_vm && !l->node->clone_declared && !made && l->b->volumes.n == 0 &&
	    !phx_eff_child(l->eff, "disk")) {
		d = phx_diag_add(bag, PHX0416, l->node->decl->span, "`" PHX_STR_FMT "` has no disk",
				 PHX_STR_ARG(l->g->r.address));
		phx_diag_help(bag, d, "say `image`, `clone`, or `disk = 32GiB`");
	}
}

static void missing_id(struct phx_lower *l)
{
	struct phx_diag *d;

	/* The JSON front-end tells it with the file's own words. */
	if (l->g->id || l->node->id_unknown || l->b->g->has_ids || l->node->decl->from_json)
		return;
	d = phx_diag_add(l->b->bag, PHX0401, l->node->decl->span, "`" PHX_STR_FMT "` has no id",
			 PHX_STR_ARG(l->g->r.address));
	phx_diag_help(l->b->bag, d,
		      "say `id = …`, or give the stack a range to take free ids from: `stack \"NAME\" { ids "
		      "= 200..299 }`");
}

/* --- templates --- */

static void forbidden(struct phx_lower *l, struct phx_span at, const char *what, const char *why)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0417, at, "a template has no %s", what);

	phx_diag_label(l->b->bag, d, at, "in a template");
	if (l->eff->at[PHX_GA_TEMPLATE].a)
		phx_diag_label(l->b->bag, d, l->eff->at[PHX_GA_TEMPLATE].a->name_span,
			       "it is made a template here");
	phx_diag_note(l->b->bag, d, "%s", why);
}

static void template_rules(struct phx_lower *l)
{
	const struct phx_eff_attr *running = own(l, PHX_GA_RUNNING), *on_boot = own(l, PHX_GA_ON_BOOT);

	if (!l->g->is_template)
		return;
	if (running)
		forbidden(l, running->a->name_span, "power state", "Proxmox starts no template");
	if (on_boot && phx_known(&on_boot->a->value) && on_boot->a->value.b)
		forbidden(l, on_boot->a->name_span, "power state", "Proxmox starts no template");
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];

		if (blk->origin != PHX_FROM_SELF)
			continue;
		if (phx_same(blk->spec->name, "snapshot"))
			forbidden(l, blk->span, "snapshot",
				  "Proxmox refuses to convert a guest that has snapshots into a template");
		if (phx_same(blk->spec->name, "health"))
			forbidden(l, blk->span, "health gate",
				  "a template never runs, so nothing waits for it to be healthy");
		if (phx_same(blk->spec->name, "startup"))
			forbidden(l, blk->span, "boot order", "Proxmox starts no template");
	}
}

/* --- clones, as far as they concern only what is written here --- */

static void linked(struct phx_lower *l)
{
	const struct phx_eff_attr *storage = own(l, PHX_GA_STORAGE), *full = &l->eff->at[PHX_GA_FULL];
	struct phx_diag *d;

	if (l->g->full != PHX_CLONE_LINKED || !l->node->clone_declared)
		return;
	for (uint32_t i = 0; !storage && i < l->eff->blocks.n; i++) {
		const struct phx_eff_attr *ea = phx_eff_attr(l->eff->blocks.v[i], "storage");
		const struct phx_volume *v;

		if (!phx_same(l->eff->blocks.v[i]->spec->name, "disk") || !ea || ea->origin != PHX_FROM_SELF)
			continue;
		v = phx_volume_by_label(l->b, l->eff->blocks.v[i]->label);
		if (v && v->source == PHX_VOL_INHERITED)
			storage = ea;
	}
	if (!storage) {
		l->g->storage = PHX_STR(""); /* a default that cannot apply here */
		return;
	}
	d = phx_diag_add(l->b->bag, PHX0413, storage->a->name_span,
			 "a linked clone stays on its source's storage");
	phx_diag_label(l->b->bag, d, storage->a->name_span, "another storage");
	phx_diag_label(l->b->bag, d, full->a->name_span, "but a linked clone");
	phx_diag_note(l->b->bag, d, "its disks hold only the differences to the template's");
}

static void needless_full(struct phx_lower *l)
{
	const struct phx_eff_attr *full = own(l, PHX_GA_FULL);

	if (!full || l->node->clone_declared)
		return;
	phx_diag_help(l->b->bag,
		      phx_diag_add(l->b->bag, PHX0320, full->a->name_span, "`full` without `clone`"),
		      "`full` says what kind of clone is made");
}

/* --- steps inside --- */

static void bind_mounts_and_snapshots(struct phx_lower *l)
{
	if (l->g->is_vm || l->g->snapshots.n == 0)
		return;
	for (uint32_t i = 0; i < l->b->volumes.n; i++) {
		const struct phx_volume *v = &l->b->volumes.v[i];
		struct phx_diag *d;

		if (v->source != PHX_VOL_HOST_PATH)
			continue;
		d = phx_diag_add(l->b->bag, PHX0418, l->g->snapshots.v[0].span,
				 "a container with a bind mount cannot have snapshots");
		phx_diag_label(l->b->bag, d, v->span, "mounts a directory of the node");
		phx_diag_help(l->b->bag, d,
			      "mount a volume (`storage` and `size`) instead, or leave the snapshot out");
		return;
	}
}

static void agent_for_steps(struct phx_lower *l)
{
	const struct phx_eff_attr *enabled = phx_eff_attr(phx_eff_child(l->eff, "agent"), "enabled");
	const struct phx_step *step = NULL;
	struct phx_diag *d;

	if (!l->g->is_vm || l->g->agent ||
	    (enabled && !phx_known(&enabled->a->value) && !phx_is_null(&enabled->a->value)))
		return;
	for (uint32_t i = 0; i < l->b->steps.n && !step; i++) {
		uint8_t kind = l->b->steps.v[i].kind;

		if (!(kind == PHX_STEP_HEALTH && l->g->is_template))
			step = &l->b->steps.v[i];
	}
	if (!step)
		return;
	d = phx_diag_add(l->b->bag, PHX0445, step->span, "`" PHX_STR_FMT "` has no guest agent to do this",
			 PHX_STR_ARG(l->g->r.address));
	if (enabled)
		phx_diag_label(l->b->bag, d, enabled->a->name_span, "turned off here");
	phx_diag_help(l->b->bag, d, "say `agent { enabled = true }`, and have qemu-guest-agent installed");
}

/* --- boot order --- */

static bool of_bus(struct phx_str device, struct phx_str slot)
{
	size_t n = device.len;

	while (n && device.ptr[n - 1] >= '0' && device.ptr[n - 1] <= '9')
		n--;
	return slot.len > n && memcmp(slot.ptr, device.ptr, n) == 0 && slot.ptr[n] >= '0' &&
	       slot.ptr[n] <= '9';
}

/* What got a free slot keeps it while others come and go: then only the living guest knows where it is. */
static bool may_lie_elsewhere(const struct phx_gb *b, struct phx_str device)
{
	for (uint32_t i = 0; i < b->volumes.n; i++) {
		const struct phx_volume *v = &b->volumes.v[i];

		if (!v->slot_fixed && !phx_str_eqc(v->label, "root") && of_bus(device, v->slot))
			return true;
	}
	for (uint32_t i = 0; i < b->nics.n; i++)
		if (!b->nics.v[i].slot_fixed && b->nics.v[i].label.len && phx_str_starts(device, "net"))
			return true;
	return false;
}

static bool has_nic(const struct phx_gb *b, struct phx_str device)
{
	uint64_t index;

	if (!phx_str_starts(device, "net") || !phx_parse_u64(phx_str_from(device, 3), &index))
		return false;
	for (uint32_t i = 0; i < b->nics.n; i++)
		if (b->nics.v[i].index == index)
			return true;
	return false;
}

static void no_boot_device(struct phx_lower *l, const struct phx_setting *s, struct phx_str device)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0431, s->span,
					  "`" PHX_STR_FMT "` is in the boot order, and `" PHX_STR_FMT
					  "` has no such device",
					  PHX_STR_ARG(device), PHX_STR_ARG(l->g->r.address));

	for (uint32_t i = 0; i < l->b->volumes.n; i++)
		phx_diag_note(l->b->bag, d, "there is `" PHX_STR_FMT "` (" PHX_STR_FMT ")",
			      PHX_STR_ARG(l->b->volumes.v[i].slot), PHX_STR_ARG(l->b->volumes.v[i].path));
	for (uint32_t i = 0; i < l->b->nics.n; i++)
		phx_diag_note(l->b->bag, d, "there is `net%u` (" PHX_STR_FMT ")", l->b->nics.v[i].index,
			      PHX_STR_ARG(l->b->nics.v[i].path));
}

/* A clone has its source's devices as well, which may be more than is declared. */
static void boot_devices(struct phx_lower *l)
{
	const struct phx_setting *s = phx_lower_find(l->b, PHX_STR("boot"));
	struct phx_propstring props = {0};
	struct phx_str rest, device;

	if (!s || s->unset || l->node->clone_declared ||
	    !phx_propstring_parse(s->option, s->key, s->value, &props, NULL))
		return;
	rest = phx_propstring_value(&props, "order");
	while (phx_str_cut(&rest, ';', &device))
		if (device.len && !phx_volume_by_slot(l->b, device) && !has_nic(l->b, device) &&
		    !phx_lower_find(l->b, device) && !may_lie_elsewhere(l->b, device))
			no_boot_device(l, s, device);
}

void phx_check_guest(struct phx_lower *l)
{
	creation(l);
	missing_id(l);
	template_rules(l);
	linked(l);
	needless_full(l);
	bind_mounts_and_snapshots(l);
	agent_for_steps(l);
	boot_devices(l);
}
