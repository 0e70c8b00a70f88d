/* Disks, container volumes and mounts: by slot or target path, never by position. Nothing here destroys data: what is no longer
 * declared is detached and stays as unusedN, sizes only grow. */
#include <string.h>

#include "plan/diff.h"

static struct phx_str volume_of(struct phx_str value)
{
	ptrdiff_t comma = phx_str_chr(value, ',');

	return comma < 0 ? value : phx_str_slice(value, 0, (size_t)comma);
}

static struct phx_str prop_of(struct phx_str value, const char *key)
{
	struct phx_str rest = value, piece;
	size_t n = strlen(key);

	while (phx_str_cut(&rest, ',', &piece))
		if (piece.len > n && piece.ptr[n] == '=' && memcmp(piece.ptr, key, n) == 0)
			return phx_str_from(piece, n + 1);
	return PHX_STR("");
}

static bool is_slot(const struct plan *p, const struct phx_live_guest *live, struct phx_str key)
{
	const struct phx_option *o = plan_option(p, live->is_vm, key);

	return o && (o->flags & PHX_OPTION_DISK);
}

uint64_t plan_live_size(const struct phx_live_guest *live, struct phx_str slot, uint64_t otherwise)
{
	uint64_t bytes;

	return phx_disk_size_parse(prop_of(phx_live_value(live, slot), "size"), &bytes) ? bytes : otherwise;
}

/* Anything that holds, or may hold, data. */
bool plan_has_volumes(const struct phx_live_guest *live)
{
	static const char *const families[] = {"scsi",     "virtio", "sata", "ide",   "efidisk",
					       "tpmstate", "rootfs", "mp",   "unused"};

	for (uint32_t i = 0; i < live->config.n; i++)
		for (size_t k = 0; k < PHX_COUNTOF(families); k++) {
			struct phx_str key = live->config.v[i].key;
			struct phx_str rest = phx_str_from(key, strlen(families[k]));

			if (!phx_str_starts(key, families[k]) ||
			    (rest.len && (rest.ptr[0] < '0' || rest.ptr[0] > '9')))
				continue;
			if (!phx_str_eqc(prop_of(live->config.v[i].value, "media"), "cdrom"))
				return true;
		}
	return false;
}

/* --- slots --- */

static struct phx_str mount_slot(const struct phx_live_guest *live, struct phx_str path)
{
	for (uint32_t i = 0; i < live->config.n; i++)
		if (phx_str_starts(live->config.v[i].key, "mp") &&
		    phx_str_eq(prop_of(live->config.v[i].value, "mp"), path))
			return live->config.v[i].key;
	return PHX_STR("");
}

static bool slot_taken(const struct plan_item *it, uint32_t self, struct phx_str slot)
{
	if (phx_live_value(it->live, slot).len)
		return true;
	for (uint32_t i = 0; i < it->guest->volumes.n; i++)
		if (i != self && phx_str_eq(it->slots[i], slot))
			return true;
	return false;
}

static struct phx_str free_slot(struct plan *p, const struct plan_item *it, uint32_t self,
				struct phx_str slot)
{
	size_t n = slot.len;

	if (!slot_taken(it, self, slot))
		return slot;
	while (n && slot.ptr[n - 1] >= '0' && slot.ptr[n - 1] <= '9')
		n--;
	for (uint32_t k = 0; k < 256; k++) {
		struct phx_str other = plan_text(p, phx_str_slice(slot, 0, n), plan_number(p, k));

		if (plan_option(p, it->is_vm, other) && !slot_taken(it, self, other))
			return other;
	}
	return slot;
}

/* Where each declared volume lies in the living guest: mounts are known by their path, labels by the marker; what is new takes
 * the first slot that is really free. Where nobody remembers (adopted, or its notes were written over), each is where creation
 * would have put it. */
void plan_settle_volumes(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	bool *fresh = PHX_NEW_N(p->arena, bool, g->volumes.n + 1);

	it->slots = PHX_NEW_N(p->arena, struct phx_str, g->volumes.n + 1);
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		struct phx_str known = PHX_STR("");

		it->slots[i] = v->slot;
		if (!it->is_vm && v->label.len && v->label.ptr[0] == '/')
			known = mount_slot(it->live, v->label);
		if (!known.len && !v->slot_fixed && v->label.len && it->live->has_marker)
			known = phx_marker_fact(&it->live->marker,
						plan_text(p, PHX_STR("slot:"), v->label).ptr);
		if (known.len)
			it->slots[i] = known;
		else
			fresh[i] = it->live->has_marker && !v->slot_fixed && plan_volume_is_ours(v);
	}
	for (uint32_t i = 0; i < g->volumes.n; i++)
		if (fresh[i])
			it->slots[i] = free_slot(p, it, i, it->slots[i]);
}

/* --- differences --- */

static void attach(struct plan_diff *d, const struct phx_volume *v, struct phx_str slot,
		   const struct phx_option *o)
{
	struct phx_attr_change *a;
	struct plan_entry *e;
	struct phx_diag *diag;

	if (v->source == PHX_VOL_INHERITED || v->source == PHX_VOL_OSTEMPLATE) {
		diag = phx_diag_add(d->p->bag, PHX0625, v->span,
				    "`" PHX_STR_FMT "` of `" PHX_STR_FMT
				    "` is gone: there is nothing at " PHX_STR_FMT,
				    PHX_STR_ARG(v->path), PHX_STR_ARG(d->it->address), PHX_STR_ARG(slot));
		phx_diag_help(d->p->bag, diag,
			      "put it back by hand (it may be an unused volume of the guest), or make the "
			      "guest anew: --allow-destroy " PHX_STR_FMT,
			      PHX_STR_ARG(d->it->address));
		return;
	}
	if (!plan_volume_text(d->p, d->it, v, &d->p->more))
		return;
	e = plan_diff_set(d, slot, plan_keep(d->p, &d->p->more));
	e->root = v->source == PHX_VOL_HOST_PATH || (o && phx_option_root_only(o, e->value));
	a = plan_diff_attr(d, v->path, PHX_STR(""),
			   plan_text(d->p, PHX_STR("new "), slot, PHX_STR(": "), e->value), v->span);
	plan_diff_effect(d, a, o, slot, e->value);
}

static void shrink(struct plan_diff *d, const struct phx_volume *v, uint64_t have)
{
	struct phx_span at = phx_span_known(v->size_span) ? v->size_span : v->span;
	struct phx_diag *diag;

	diag = phx_diag_add(
		d->p->bag, PHX0609, at,
		"`" PHX_STR_FMT "` of `" PHX_STR_FMT "` cannot shrink from " PHX_STR_FMT " to " PHX_STR_FMT,
		PHX_STR_ARG(v->path), PHX_STR_ARG(d->it->address), PHX_STR_ARG(plan_size_text(d->p, have)),
		PHX_STR_ARG(plan_size_text(d->p, v->size)));
	phx_diag_note(d->p->bag, diag,
		      "its volume has " PHX_STR_FMT " now, and Proxmox only ever grows disks",
		      PHX_STR_ARG(plan_size_text(d->p, have)));
	phx_diag_help(d->p->bag, diag, "say `size = " PHX_STR_FMT "` or more",
		      PHX_STR_ARG(plan_size_text(d->p, have)));
}

static void compare_size(struct plan_diff *d, const struct phx_volume *v, struct phx_str slot)
{
	uint64_t have = plan_live_size(d->live, slot, 0);
	struct phx_attr_change *a;

	if (!v->size || v->size_default || !have || have == v->size || slot.len == 0)
		return;
	if (phx_str_starts(slot, "efidisk") || phx_str_starts(slot, "tpmstate"))
		return; /* Proxmox decides (065: 528K) */
	if (v->size < have) {
		shrink(d, v, have);
		return;
	}
	if (d->live->is_template) {
		plan_want_replace(d->p, d->it, phx_span_known(v->size_span) ? v->size_span : v->span,
				  plan_text(d->p, v->path, PHX_STR(" of a template cannot grow")));
		return;
	}
	a = plan_diff_attr(d, plan_text(d->p, v->path, PHX_STR(".size")), plan_size_text(d->p, have),
			   plan_size_text(d->p, v->size),
			   phx_span_known(v->size_span) ? v->size_span : v->span);
	plan_diff_effect(d, a, NULL, slot, PHX_STR(""));
	phx_vec_push(d->p->arena, &d->u->resizes, ((struct plan_resize){slot, v->size}));
}

/* A default says where new disks go; it moves none that is there. */
static bool is_default(const struct plan *p, struct phx_span span)
{
	for (uint32_t i = 0; p->g->config && i < p->g->config->defaults.n; i++) {
		const struct phx_attr *a = phx_block_attr(&p->g->config->defaults.v[i]->body, "storage");

		if (a && a->value.span.file == span.file && a->value.span.start == span.start)
			return true;
	}
	return false;
}

bool plan_says_storage(const struct plan *p, const struct phx_volume *v)
{
	return v->storage.len && phx_span_known(v->storage_span) && v->origin != PHX_FROM_SOURCE &&
	       !is_default(p, v->storage_span);
}

static void compare_storage(struct plan_diff *d, const struct phx_volume *v, struct phx_str slot,
			    struct phx_str have)
{
	struct phx_str volume = volume_of(have);
	ptrdiff_t colon = phx_str_chr(volume, ':');
	struct phx_attr_change *a;
	struct phx_str storage;

	/* A linked clone's disk lies where its base does. */
	if (colon <= 0 || !plan_says_storage(d->p, v) || phx_str_find(volume, PHX_STR("/base-")) >= 0)
		return;
	storage = phx_str_slice(volume, 0, (size_t)colon);
	if (phx_str_eq(storage, v->storage) || d->live->is_template)
		return;
	a = plan_diff_attr(d, plan_text(d->p, v->path, PHX_STR(".storage")), storage, v->storage,
			   v->storage_span);
	a->reason = PHX_STR("moved, then the old volume goes");
	plan_diff_worse(d, a, PHX_EFFECT_LIVE);
	if (!d->live->is_vm && d->live->running) {
		a->reason = PHX_STR("a container's volume moves only while it is stopped");
		plan_diff_worse(d, a, PHX_EFFECT_OFFLINE);
		d->u->offline = true;
	}
	phx_vec_push(d->p->arena, &d->u->moves, ((struct plan_move){slot, v->storage}));
}

/* What is declared of a volume that is there: its properties, and itself only where it is named. */
static bool declared_text(struct plan_diff *d, const struct phx_volume *v, struct phx_buf *out)
{
	phx_buf_clear(out);
	switch ((enum phx_volume_source)v->source) {
	case PHX_VOL_EXISTING:
	case PHX_VOL_HOST_PATH:
	case PHX_VOL_CDROM:
		return plan_volume_text(d->p, d->it, v, out);
	case PHX_VOL_CLOUDINIT:
		return false;
	case PHX_VOL_INHERITED:
	case PHX_VOL_EMPTY:
	case PHX_VOL_IMPORT:
	case PHX_VOL_OSTEMPLATE:
		break;
	}
	phx_buf_str(out, v->props);
	return v->props.len > 0;
}

static void compare(struct plan_diff *d, const struct phx_volume *v, struct phx_str slot,
		    const struct phx_option *o, struct phx_str have)
{
	struct phx_str wanted, now;
	struct plan_entry *e;
	bool pending;

	compare_storage(d, v, slot, have);
	if (declared_text(d, v, &d->p->more)) {
		wanted = plan_keep(d->p, &d->p->more);
		phx_buf_clear(&d->p->more);
		if (phx_option_patch(o, have, wanted, &d->p->more)) {
			struct phx_str sent = plan_keep(d->p, &d->p->more);
			struct phx_str old = volume_of(have), new = volume_of(sent);

			if (phx_str_eq(old, new)) {
				plan_diff_props(d, v->path, o, slot, have, wanted, v->span);
			} else {
				struct phx_attr_change *a = plan_diff_attr(
					d, plan_text(d->p, v->path, PHX_STR(".volume")), old, new, v->span);

				plan_diff_effect(d, a, o, slot, sent);
				if (old.len && old.ptr[0] != '/' &&
				    !phx_str_eqc(prop_of(have, "media"), "cdrom"))
					plan_note(d->p, d->c,
						  plan_text(d->p, old,
							    PHX_STR(" is detached and stays as an unused "
								    "volume")));
			}
			e = plan_diff_set(d, slot, sent);
			e->root = v->source == PHX_VOL_HOST_PATH;
		} else {
			now = plan_value_now(d->live, slot, &pending);
			phx_buf_clear(&d->p->more);
			if (pending && d->live->running && phx_option_patch(o, now, wanted, &d->p->more))
				plan_diff_pending(d, v->path, o, slot, now, wanted, v->span);
		}
	}
	compare_size(d, v, slot);
}

static bool still_declared(const struct plan_item *it, struct phx_str label, struct phx_str slot)
{
	for (uint32_t i = 0; i < it->guest->volumes.n; i++) {
		const struct phx_volume *v = &it->guest->volumes.v[i];

		if (phx_str_eq(v->label, label) || phx_str_eq(it->slots[i], slot))
			return true;
	}
	return false;
}

static void protected_detach(struct plan_diff *d, struct phx_str label)
{
	struct phx_diag *diag = phx_diag_add(d->p->bag, PHX0607, d->it->span,
					     "`" PHX_STR_FMT "` of `" PHX_STR_FMT
					     "` cannot be detached: the guest is protected",
					     PHX_STR_ARG(label), PHX_STR_ARG(d->it->address));

	phx_diag_help(d->p->bag, diag, "set `protect = false` and apply that first");
}

static void detach(struct plan_diff *d, struct phx_str label, struct phx_str slot, struct phx_str have)
{
	struct phx_str volume = volume_of(have);
	const struct phx_option *o = plan_option(d->p, d->live->is_vm, slot);
	bool holds_data = volume.len && volume.ptr[0] != '/' && !phx_str_eqc(prop_of(have, "media"), "cdrom");
	struct phx_attr_change *a;

	if (phx_str_eqc(phx_live_value(d->live, PHX_STR("protection")), "1")) {
		protected_detach(d, label);
		return;
	}
	a = plan_diff_attr(d, plan_text(d->p, d->live->is_vm ? PHX_STR("disk.") : PHX_STR("mount."), label),
			   volume, PHX_STR(""), d->it->span);
	plan_diff_effect(d, a, o, slot, PHX_STR(""));
	if (holds_data && d->live->is_vm && plan_named_destroy(d->p, d->it)) {
		plan_diff_worse(d, a, PHX_EFFECT_DATA_LOSS);
		plan_note(d->p, d->c,
			  plan_text(d->p, volume, PHX_STR(", "), prop_of(have, "size"),
				    PHX_STR(", is destroyed")));
		phx_vec_push(d->p->arena, &d->u->unlinks, slot);
		return;
	}
	plan_diff_remove(d, slot);
	if (holds_data)
		plan_note(d->p, d->c,
			  plan_text(d->p, volume, PHX_STR(" is detached and stays as an unused volume")));
}

/* What the marker remembers phx attached, and the configuration no longer names. */
static void removed(struct plan_diff *d)
{
	const struct phx_live_guest *live = d->live;

	for (uint32_t i = 0; live->has_marker && i < live->marker.facts.n; i++) {
		struct phx_str name = live->marker.facts.v[i].key;
		struct phx_str slot = *(const struct phx_str *)live->marker.facts.v[i].ptr;
		struct phx_str label, have;

		if (!phx_str_starts(name, "slot:"))
			continue;
		label = phx_str_from(name, 5);
		have = phx_live_value(live, slot);
		if (have.len && is_slot(d->p, live, slot) && !still_declared(d->it, label, slot))
			detach(d, label, slot, have);
	}
}

void plan_diff_volumes(struct plan_diff *d)
{
	for (uint32_t i = 0; i < d->g->volumes.n; i++) {
		const struct phx_volume *v = &d->g->volumes.v[i];
		struct phx_str slot = d->it->slots[i];
		const struct phx_option *o = plan_option(d->p, d->live->is_vm, slot);
		struct phx_str have = phx_live_value(d->live, slot);

		if (v->origin == PHX_FROM_SOURCE || !o || plan_ignored(d->g, v->path))
			continue;
		if (!have.len)
			attach(d, v, slot, o);
		else
			compare(d, v, slot, o, have);
	}
	removed(d);
}
