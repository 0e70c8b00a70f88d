/* Disks of VMs: labels become slots, the image or nothing goes into them. */
#include <string.h>

#include "model/graph_priv.h"

/* One declared disk on its way to a slot. */
struct disk {
	const struct phx_eff_block *blk; /* NULL: the boot disk of an image, of which nothing is said */
	struct phx_str label, slot;      /* slot empty: the first free one */
	bool fixed;                      /* said by the user */
	struct phx_span span;
};

struct disks {
	struct phx_lower *l;
	PHX_VEC(struct disk) v;
};

static bool is_disk_slot(const struct phx_lower *l, struct phx_str name)
{
	const struct phx_option *o = phx_option_find(l->b->guest_table[1], name, NULL);

	return o && o->flags & PHX_OPTION_DISK && !phx_str_starts(name, "unused");
}

static void unknown_slot(struct phx_lower *l, struct phx_str slot, struct phx_span at)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0431, at, "a VM has no disk slot `" PHX_STR_FMT "`",
					  PHX_STR_ARG(slot));

	phx_diag_note(l->b->bag, d,
		      "the slots are ide0 to ide3, sata0 to sata5, scsi0 to scsi30, virtio0 to virtio15, "
		      "efidisk0 and tpmstate0");
}

/* A label such as `scsi99` is meant as a slot. */
static bool like_a_slot(struct phx_lower *l, struct phx_str label)
{
	return phx_option_family(l->b->guest_table[1], label) != NULL;
}

static bool settle(struct phx_lower *l, const struct phx_eff_block *blk, struct disk *out)
{
	const struct phx_value *slot = phx_eff_get(blk, "slot");

	*out = (struct disk){.blk = blk, .label = blk->label, .span = blk->span};
	if (slot && !is_disk_slot(l, slot->s)) {
		unknown_slot(l, slot->s, slot->span);
		return false;
	}
	if (slot) {
		out->slot = slot->s;
	} else if (phx_str_eqc(blk->label, "root")) {
		out->slot = PHX_STR("scsi0");
	} else if (is_disk_slot(l, blk->label)) {
		out->slot = blk->label;
	} else if (like_a_slot(l, blk->label)) {
		unknown_slot(l, blk->label, blk->span);
		return false;
	}
	out->fixed = out->slot.len > 0;
	return true;
}

/* Fixed slots first, then by label: `data2` before `data10`. */
static bool before(const struct disk *a, const struct disk *b)
{
	return a->fixed != b->fixed ? a->fixed : phx_str_natcmp(a->label, b->label) < 0;
}

static void gather(struct disks *ds)
{
	struct phx_lower *l = ds->l;
	bool root = false;

	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		struct disk d;
		uint32_t at;

		if (!phx_same(l->eff->blocks.v[i]->spec->name, "disk") || !settle(l, l->eff->blocks.v[i], &d))
			continue;
		root = root || phx_str_eqc(d.label, "root") || phx_str_eqc(d.slot, "scsi0");
		phx_vec_push(l->b->scratch, &ds->v, d);
		for (at = ds->v.n - 1; at > 0 && before(&d, &ds->v.v[at - 1]); at--)
			ds->v.v[at] = ds->v.v[at - 1];
		ds->v.v[at] = d;
	}
	if (!root && l->node->image_declared) {
		struct disk d = {
			.label = PHX_STR("root"), .slot = PHX_STR("scsi0"), .span = l->node->decl->span};

		phx_vec_push(l->b->scratch, &ds->v, d);
		memmove(&ds->v.v[1], &ds->v.v[0], (ds->v.n - 1) * sizeof(d));
		ds->v.v[0] = d;
	}
}

static bool holds_image(const struct phx_lower *l, const struct disks *ds, const struct disk *d)
{
	if (!l->node->image_declared)
		return false;
	if (phx_str_eqc(d->label, "root"))
		return true;
	for (uint32_t i = 0; i < ds->v.n; i++) {
		if (phx_str_eqc(ds->v.v[i].label, "root"))
			return false;
	}
	return phx_str_eqc(d->slot, "scsi0");
}

/* A disk that came with the clone: what the clone says about it is a patch. */
static void patch_cloned(struct phx_lower *l, struct phx_volume *v, const struct disk *d)
{
	struct phx_prop_set set;
	const struct phx_value *slot = phx_eff_get(d->blk, "slot");

	if (slot && d->blk->origin != PHX_FROM_SOURCE && !phx_str_eq(slot->s, v->slot)) {
		struct phx_diag *diag = phx_diag_add(
			l->b->bag, PHX0320, slot->span,
			"a clone's disk stays in its source's slot, " PHX_STR_FMT, PHX_STR_ARG(v->slot));

		phx_diag_label(l->b->bag, diag, v->span, "the source's disk");
		return;
	}
	phx_props_init(&set, phx_gb_find(l, v->slot), v->slot);
	v->origin = PHX_FROM_SOURCE;
	for (uint32_t i = 0; i < d->blk->attrs.n; i++) {
		if (d->blk->attrs.v[i].origin < v->origin)
			v->origin = d->blk->attrs.v[i].origin;
	}
	v->span = d->span;
	phx_volume_size_storage(l, v, phx_eff_attr(d->blk, "size"), phx_eff_attr(d->blk, "storage"));
	phx_volume_attrs(l, v, d->blk, &set);
	phx_volume_props(l, v, &set);
}

static enum phx_volume_source source_of(struct phx_lower *l, const struct disks *ds, const struct disk *d)
{
	const struct phx_value *volume = d->blk ? phx_eff_get(d->blk, "volume") : NULL;

	if (holds_image(l, ds, d))
		return PHX_VOL_IMPORT;
	return volume ? PHX_VOL_EXISTING : PHX_VOL_EMPTY;
}

static bool no_size(struct phx_lower *l, const struct phx_volume *v, const struct disk *d)
{
	const struct phx_eff_attr *size = d->blk ? phx_eff_attr(d->blk, "size") : NULL;
	struct phx_diag *diag;

	if (v->source != PHX_VOL_EMPTY || v->size > 0 ||
	    (size && !phx_known(&size->a->value) && !phx_is_null(&size->a->value)) ||
	    phx_str_starts(v->slot, "efidisk") || phx_str_starts(v->slot, "tpmstate"))
		return false;
	if (size && phx_known(&size->a->value))
		return false; /* zero: reported */
	diag = phx_diag_add(l->b->bag, PHX0307, d->span, "`" PHX_STR_FMT "` needs `size`",
			    PHX_STR_ARG(v->path));
	phx_diag_note(
		l->b->bag, diag,
		"a disk that is neither cloned nor filled from an image is made empty, of the size it says");
	return true;
}

static void make(struct phx_lower *l, const struct disks *ds, const struct disk *d)
{
	struct phx_str slot = d->slot.len > 0 ? phx_str_dup(l->b->arena, d->slot)
					      : phx_volume_free_slot(l, "scsi", d->span);
	const struct phx_volume *taken = slot.len > 0 ? phx_volume_by_slot(l->b, slot) : NULL;
	struct phx_prop_set set;
	const struct phx_value *volume;
	struct phx_volume *v;

	if (taken)
		phx_slot_taken(l->b, slot, d->span, taken->span);
	phx_props_init(&set, slot.len > 0 ? phx_gb_find(l, slot) : NULL, slot);
	if (taken || slot.len == 0 || !set.option)
		return;
	v = phx_volume_add(l, d->label, slot, source_of(l, ds, d), d->span);
	v->slot_fixed = d->fixed || phx_str_eqc(d->label, "root");
	v->origin = d->blk ? d->blk->origin : PHX_FROM_SELF;
	volume = d->blk ? phx_eff_get(d->blk, "volume") : NULL;
	if (volume && v->source == PHX_VOL_EXISTING) {
		v->volume = volume->s;
		phx_volume_named(l, v->volume, phx_gb_join(l->b->scratch, v->path.ptr, PHX_STR(".volume")),
				 volume->span);
	}
	phx_volume_size_storage(l, v, d->blk ? phx_eff_attr(d->blk, "size") : NULL,
				d->blk ? phx_eff_attr(d->blk, "storage") : NULL);
	if (d->blk) {
		phx_volume_attrs(l, v, d->blk, &set);
		phx_volume_props(l, v, &set);
	}
	no_size(l, v, d);
}

static struct phx_volume *cloned(struct phx_gb *b, const struct disk *d)
{
	struct phx_volume *v = phx_volume_by_label(b, d->label);

	if (!v && d->slot.len > 0)
		v = phx_volume_by_slot(b, d->slot);
	return v && v->source == PHX_VOL_INHERITED ? v : NULL;
}

/* --- CD-ROM --- */

/* ide2 is where Proxmox's own wizard puts a CD-ROM; when the cloud-init drive has it, ide0: the other IDE slot that a
 * q35 machine has as well. */
static void lower_iso(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = &l->eff->at[PHX_GA_ISO];
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_ISO);
	struct phx_resource *r;
	struct phx_volume *cd;
	struct phx_str slot = phx_wants_cloud_init(l) || phx_volume_by_slot(l->b, PHX_STR("ide2"))
				      ? PHX_STR("ide0")
				      : PHX_STR("ide2");
	struct phx_str volume = PHX_STR("");

	if (!v || ea->origin == PHX_FROM_SOURCE)
		return;
	if (v->kind == PHX_V_STRING) {
		volume = v->s;
		phx_volume_named(l, volume, PHX_STR("iso"), v->span);
	} else {
		const struct phx_image *image;

		r = phx_gb_ref(l->b, v);
		if (!r || r->kind != PHX_KIND_IMAGE)
			return;
		phx_gb_need(l->b, l->node, r, PHX_EDGE_CREATE, PHX_STR("iso"), v->span);
		image = (const struct phx_image *)r;
		volume = image->volume.len > 0
				 ? image->volume
				 : phx_str_printf(l->b->arena, PHX_STR_FMT ":iso/" PHX_STR_FMT,
						  PHX_STR_ARG(image->storage), PHX_STR_ARG(image->filename));
	}
	cd = phx_volume_by_label(l->b, PHX_STR("iso"));
	if (!cd && phx_volume_by_slot(l->b, slot))
		slot = phx_volume_free_slot(l, "ide", v->span);
	if (slot.len == 0)
		return;
	if (!cd)
		cd = phx_volume_add(l, PHX_STR("iso"), slot, PHX_VOL_CDROM, v->span);
	cd->path = PHX_STR("iso");
	cd->volume = volume;
	cd->span = v->span;
	cd->slot_fixed = true;
	cd->origin = ea->origin;
	cd->props = PHX_STR("media=cdrom");
}

/* --- controller and boot order --- */

static bool has_bus(const struct phx_gb *b, const char *bus)
{
	for (uint32_t i = 0; i < b->volumes.n; i++) {
		if (phx_str_starts(b->volumes.v[i].slot, bus))
			return true;
	}
	return false;
}

/* The two options that a VM needs to boot from the disk it was given, when nobody says otherwise and no clone source
 * brings them. scsihw: Proxmox's default controller for the API is the LSI 53C895A of 2001, for which today's cloud
 * images have no driver; its own wizard uses virtio-scsi-single, which also lets disks have I/O threads. boot: with an
 * image or an ISO the disk first, then the CD-ROM, so that an installer runs while the disk is empty. */
static void lower_boot(struct phx_lower *l)
{
	const struct phx_volume *root = phx_volume_by_label(l->b, PHX_STR("root"));
	const struct phx_volume *cd = phx_volume_by_label(l->b, PHX_STR("iso"));
	struct phx_gb *b = l->b;

	if (l->node->clone_declared)
		return;
	if (!root)
		root = phx_volume_by_slot(b, PHX_STR("scsi0"));
	if (has_bus(b, "scsi") && !phx_lower_find(b, PHX_STR("scsihw")))
		phx_lower_add(b, PHX_STR("scsihw"), phx_gb_option(l, "scsihw"), PHX_STR("virtio-scsi-single"),
			      PHX_STR("options.scsihw"), l->node->decl->span, PHX_FROM_SELF);
	if (!root || (!l->node->image_declared && !cd) || phx_lower_find(b, PHX_STR("boot")))
		return;
	phx_lower_add(b, PHX_STR("boot"), phx_gb_option(l, "boot"),
		      phx_str_printf(b->arena, "order=" PHX_STR_FMT "%s" PHX_STR_FMT, PHX_STR_ARG(root->slot),
				     cd ? ";" : "", PHX_STR_ARG(cd ? cd->slot : PHX_STR(""))),
		      PHX_STR("options.boot"), l->node->decl->span, PHX_FROM_SELF);
}

void phx_lower_disks(struct phx_lower *l)
{
	struct disks ds = {.l = l};

	if (!l->b->guest_table[1])
		return;
	phx_volume_inherit(l);
	gather(&ds);
	for (uint32_t i = 0; i < ds.v.n; i++) {
		struct phx_volume *v = cloned(l->b, &ds.v.v[i]);

		if (v && ds.v.v[i].blk)
			patch_cloned(l, v, &ds.v.v[i]);
		else
			make(l, &ds, &ds.v.v[i]);
	}
	lower_iso(l);
	lower_boot(l);
}
