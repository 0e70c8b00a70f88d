/* What disks of VMs and volumes of containers have in common. */
#include <string.h>

#include "model/graph_priv.h"

void phx_slot_taken(struct phx_gb *b, struct phx_str slot, struct phx_span mine, struct phx_span other)
{
	bool later = mine.file != other.file ? mine.file > other.file : mine.start >= other.start;
	struct phx_span at = later ? mine : other, first = later ? other : mine;
	struct phx_diag *d =
		phx_diag_add(b->bag, PHX0430, at, "`" PHX_STR_FMT "` is taken already", PHX_STR_ARG(slot));

	phx_diag_label(b->bag, d, at, "asks for the same slot");
	phx_diag_label(b->bag, d, first, "has it");
}

struct phx_volume *phx_volume_by_slot(struct phx_gb *b, struct phx_str slot)
{
	for (uint32_t i = 0; i < b->volumes.n; i++) {
		if (phx_str_eq(b->volumes.v[i].slot, slot))
			return &b->volumes.v[i];
	}
	return NULL;
}

struct phx_volume *phx_volume_by_label(struct phx_gb *b, struct phx_str label)
{
	for (uint32_t i = 0; i < b->volumes.n; i++) {
		if (phx_str_eq(b->volumes.v[i].label, label))
			return &b->volumes.v[i];
	}
	return NULL;
}

struct phx_volume *phx_volume_add(struct phx_lower *l, struct phx_str label, struct phx_str slot,
				  enum phx_volume_source source, struct phx_span span)
{
	struct phx_volume v = {.label = label, .slot = slot, .source = (uint8_t)source, .span = span};
	bool mount = label.len > 0 && label.ptr[0] == '/';

	v.path = !l->g->is_vm && !mount       ? PHX_STR("rootfs")
		 : phx_str_eqc(label, "root") ? PHX_STR("disk.root")
					      : phx_gb_join(l->b->arena, mount ? "mount." : "disk.", label);
	phx_vec_push(l->b->work, &l->b->volumes, v);
	return &l->b->volumes.v[l->b->volumes.n - 1];
}

uint64_t phx_volume_size(const struct phx_guest *g, struct phx_str slot, struct phx_span *out_span)
{
	for (; g; g = g->source) {
		for (uint32_t i = 0; i < g->volumes.n; i++) {
			const struct phx_volume *v = &g->volumes.v[i];

			if (!phx_str_eq(v->slot, slot) || v->size == 0)
				continue;
			*out_span = v->size_span;
			return v->size;
		}
	}
	return 0;
}

void phx_volume_inherit(struct phx_lower *l)
{
	const struct phx_guest *s = l->g->source;

	for (uint32_t i = 0; s && i < s->volumes.n; i++) {
		const struct phx_volume *from = &s->volumes.v[i];
		struct phx_volume v = {
			.label = from->label,
			.slot = from->slot,
			.slot_fixed = true,
			.source = PHX_VOL_INHERITED,
			.path = from->path,
			.span = from->span,
			.origin = PHX_FROM_SOURCE,
		};

		if (from->source == PHX_VOL_CLOUDINIT || from->source == PHX_VOL_CDROM) {
			v.source = from->source;
			v.volume = from->volume;
			v.storage = from->storage;
		}
		phx_vec_push(l->b->work, &l->b->volumes, v);
	}
}

static void shrinks(struct phx_lower *l, const struct phx_volume *v)
{
	struct phx_span at = {0};
	uint64_t old = phx_volume_size(l->g->source, v->slot, &at);
	struct phx_buf now = {0}, before = {0};
	struct phx_diag *d;

	if (old == 0 || v->size >= old)
		return;
	phx_size_text(v->size, &now);
	phx_size_text(old, &before);
	d = phx_diag_add(l->b->bag, PHX0420, v->size_span,
			 "`" PHX_STR_FMT "` would shrink from " PHX_STR_FMT " to " PHX_STR_FMT,
			 PHX_STR_ARG(v->path), PHX_STR_ARG(phx_buf_view(&before)),
			 PHX_STR_ARG(phx_buf_view(&now)));
	phx_diag_label(l->b->bag, d, v->size_span, "smaller than what is cloned");
	phx_diag_label(l->b->bag, d, at, "the source's size");
	phx_diag_label(l->b->bag, d, l->g->clone_span, "cloned here");
	phx_diag_note(
		l->b->bag, d,
		"a clone's disks begin with the size of its source's, and Proxmox never shrinks a disk");
	phx_buf_done(&now);
	phx_buf_done(&before);
}

bool phx_volume_named(struct phx_lower *l, struct phx_str volume, struct phx_str path, struct phx_span span)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	if (colon < 0 || volume.ptr[0] == '/')
		return true;
	return phx_lower_check(l->b, phx_gb_option(l, "storage"), PHX_STR("storage"),
			       phx_str_slice(volume, 0, (size_t)colon), path, span, true);
}

static void missing_storage(struct phx_lower *l, const struct phx_volume *v)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0429, v->span,
					  "no storage is said for `" PHX_STR_FMT "` of `" PHX_STR_FMT "`",
					  PHX_STR_ARG(v->path), PHX_STR_ARG(l->g->r.address));

	phx_diag_help(l->b->bag, d, "say `storage = \"…\"` in the guest, in the disk, or in `defaults %s`",
		      phx_kind_name(l->node->decl->kind));
}

void phx_volume_size_storage(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_attr *size,
			     const struct phx_eff_attr *storage)
{
	const struct phx_eff_attr *of_guest = &l->eff->at[PHX_GA_STORAGE];
	bool cloned = v->source == PHX_VOL_INHERITED, unclear = false;

	if (size && (!cloned || size->origin != PHX_FROM_SOURCE) && phx_known(&size->a->value) &&
	    size->a->value.kind == PHX_V_SIZE) {
		v->size = size->a->value.bytes;
		v->size_span = size->a->value.span;
		if (v->size == 0)
			phx_diag_add(l->b->bag, PHX0422, v->size_span,
				     "`" PHX_STR_FMT "` cannot be of size 0", PHX_STR_ARG(v->path));
		if (cloned)
			shrinks(l, v);
	}
	if (storage && (!cloned || storage->origin != PHX_FROM_SOURCE)) {
		unclear = !phx_known(&storage->a->value) && !phx_is_null(&storage->a->value);
		v->storage = phx_known(&storage->a->value) ? storage->a->value.s : PHX_STR("");
		v->storage_span = storage->a->value.span;
		if (storage->origin == PHX_FROM_SELF && v->storage.len > 0)
			phx_lower_check(l->b, phx_gb_option(l, "storage"), PHX_STR("storage"), v->storage,
					phx_gb_join(l->b->scratch, v->path.ptr, PHX_STR(".storage")),
					v->storage_span, true);
	}
	if (v->storage.len > 0 || cloned || unclear || v->source == PHX_VOL_EXISTING ||
	    v->source == PHX_VOL_HOST_PATH)
		return;
	if (of_guest->a && phx_known(&of_guest->a->value)) {
		v->storage = of_guest->a->value.s;
		v->storage_span = of_guest->a->value.span;
	} else if (!of_guest->a || phx_is_null(&of_guest->a->value)) {
		missing_storage(l, v);
	}
}

void phx_volume_attrs(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_block *blk,
		      struct phx_prop_set *set)
{
	for (uint32_t i = 0; i < blk->attrs.n; i++) {
		const struct phx_eff_attr *ea = &blk->attrs.v[i];
		const struct phx_value *val = &ea->a->value;
		struct phx_str key = phx_str_c(ea->spec->option), family;
		struct phx_str path;

		if (!ea->spec->option || phx_same(ea->spec->name, "size") || !phx_str_cut(&key, '.', &family))
			continue;
		if (v->source == PHX_VOL_INHERITED && ea->origin == PHX_FROM_SOURCE)
			continue;
		path = phx_str_printf(l->b->scratch, PHX_STR_FMT ".%s", PHX_STR_ARG(v->path), ea->spec->name);
		if (val->kind == PHX_V_BOOL && phx_str_eqc(key, "discard"))
			phx_props_add(l->b, set, key, val->b ? PHX_STR("on") : PHX_STR("ignore"), path,
				      val->span, ea->origin);
		else
			phx_props_attr(l->b, set, ea, key, path.ptr);
	}
}

void phx_volume_props(struct phx_lower *l, struct phx_volume *v, struct phx_prop_set *set)
{
	struct phx_buf text = {0};

	if (!set->any)
		return;
	phx_propstring_print(set->option, &set->props, &text);
	v->props = phx_str_dup(l->b->arena, phx_buf_view(&text));
	phx_buf_done(&text);
}

struct phx_str phx_volume_free_slot(struct phx_lower *l, const char *family, struct phx_span span)
{
	const struct phx_option *o = phx_gb_find(l, phx_str_printf(l->b->scratch, "%s0", family));

	for (uint32_t i = 0; o && i < o->count; i++) {
		struct phx_str slot = phx_str_printf(l->b->scratch, "%s%u", family, o->first + i);

		if (!phx_volume_by_slot(l->b, slot) && !phx_lower_find(l->b, slot))
			return phx_str_dup(l->b->arena, slot);
	}
	if (o)
		phx_diag_add(l->b->bag, PHX0432, span, "a %s has %u `%s` at most",
			     phx_kind_name(l->node->decl->kind), o->count, family);
	return PHX_STR("");
}
