/* What guests are given and made of must be there, and be able to do what is asked of it: Proxmox itself looks only at the call. */
#include "plan/preflight_priv.h"

static struct phx_str head(struct phx_str value)
{
	struct phx_str rest = value, first;

	return phx_str_cut(&rest, ',', &first) ? first : PHX_STR("");
}

static struct phx_str storage_of(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	return colon > 0 ? phx_str_slice(volume, 0, (size_t)colon) : PHX_STR("");
}

/* --- volumes that the configuration names --- */

/* Under which kind Proxmox lists it; empty: not one to look for. */
static struct phx_str content_of(const struct preflight *f, const struct phx_action *a,
				 const struct phx_volume *v)
{
	struct phx_str storage = storage_of(v->volume);

	if (!storage.len || v->origin == PHX_FROM_SOURCE || !pre_storage(f->p, a->node, storage))
		return PHX_STR("");
	if (v->source == PHX_VOL_CDROM)
		return PHX_STR("iso");
	if (v->source != PHX_VOL_EXISTING || phx_str_starts(phx_str_from(v->volume, storage.len), ":import/"))
		return PHX_STR("");
	return a->is_vm ? PHX_STR("images") : PHX_STR("rootdir");
}

static bool sets(const struct phx_action *a, struct phx_str volume)
{
	for (uint32_t i = 0; i < a->params.v.n; i++)
		if (pre_is_disk_key(a->params.v.v[i].name) &&
		    phx_str_eq(head(a->params.v.v[i].value), volume))
			return true;
	return false;
}

static struct phx_str file_name(struct phx_str volume)
{
	for (size_t i = volume.len; i > 0; i--)
		if (volume.ptr[i - 1] == '/')
			return phx_str_from(volume, i);
	return volume;
}

/* Another action of this plan brings it. */
static bool fetched(const struct preflight *f, struct phx_str volume)
{
	for (uint32_t i = 0; i < f->p->actions.n; i++) {
		const struct phx_action *a = f->p->actions.v[i];

		if ((a->op == PHX_OP_IMAGE_DOWNLOAD || a->op == PHX_OP_IMAGE_UPLOAD) &&
		    phx_str_eq(file_name(volume), pre_param(a, "filename")))
			return true;
	}
	return false;
}

/* Calls `each` for every volume that an action attaches by its name. */
static void named_volumes(struct preflight *f, void *to,
			  void (*each)(struct preflight *f, void *to, const struct phx_action *a,
				       const struct phx_volume *v, struct phx_str content))
{
	for (uint32_t i = 0; i < f->p->actions.n; i++) {
		const struct phx_action *a = f->p->actions.v[i];
		const struct phx_guest *g =
			a->op == PHX_OP_CREATE || a->op == PHX_OP_CONFIG ? pre_wanted(a->change) : NULL;

		for (uint32_t k = 0; g && k < g->volumes.n; k++) {
			const struct phx_volume *v = &g->volumes.v[k];
			struct phx_str content = content_of(f, a, v);

			if (content.len && sets(a, v->volume) && !fetched(f, v->volume))
				each(f, to, a, v, content);
		}
	}
}

static struct phx_fact_shelf *find_shelf(struct phx_fact_shelf *v, uint32_t n, struct phx_str node,
					 struct phx_str storage, struct phx_str content)
{
	for (uint32_t i = 0; i < n; i++)
		if (phx_str_eq(v[i].node, node) && phx_str_eq(v[i].storage, storage) &&
		    phx_str_eq(v[i].content, content))
			return &v[i];
	return NULL;
}

static void want_volume(struct preflight *f, void *to, const struct phx_action *a, const struct phx_volume *v,
			struct phx_str content)
{
	struct phx_fact_wants *w = to;
	struct phx_str storage = storage_of(v->volume);

	if (!find_shelf(w->shelves.v, w->shelves.n, a->node, storage, content))
		phx_vec_push(
			f->a, &w->shelves,
			((struct phx_fact_shelf){.node = a->node, .storage = storage, .content = content}));
}

static void check_volume(struct preflight *f, void *to, const struct phx_action *a,
			 const struct phx_volume *v, struct phx_str content)
{
	const struct phx_facts *facts = to;
	const struct phx_fact_shelf *s =
		find_shelf(facts->shelves.v, facts->shelves.n, a->node, storage_of(v->volume), content);
	struct phx_diag *d;

	for (uint32_t i = 0; s && i < s->volumes.n; i++)
		if (phx_str_eq(s->volumes.v[i], v->volume))
			return;
	if (!s || !s->known)
		return;
	d = phx_diag_add(f->p->diags, PHX0621, v->span,
			 "there is no volume `" PHX_STR_FMT "` on node `" PHX_STR_FMT "`",
			 PHX_STR_ARG(v->volume), PHX_STR_ARG(a->node));
	phx_diag_note(f->p->diags, d, "`" PHX_STR_FMT "` of `" PHX_STR_FMT "` would be it",
		      PHX_STR_ARG(v->path), PHX_STR_ARG(a->address));
	phx_diag_suggest(f->p->diags, d, (struct phx_span){0}, v->volume, s->volumes.v, s->volumes.n);
}

/* --- OS templates to be fetched --- */

static void want_templates(struct preflight *f, struct phx_fact_wants *w, const struct phx_action *a)
{
	for (uint32_t i = 0; i < w->templates.n; i++)
		if (phx_str_eq(w->templates.v[i].node, a->node))
			return;
	phx_vec_push(f->a, &w->templates, ((struct phx_fact_templates){.node = a->node}));
}

static void no_template(struct preflight *f, const struct phx_action *a, const struct phx_fact_templates *t)
{
	struct phx_str name = pre_param(a, "template");
	struct phx_diag *d =
		phx_diag_add(f->p->diags, PHX0621, a->change ? a->change->span : (struct phx_span){0},
			     "there is no OS template `" PHX_STR_FMT "` on node `" PHX_STR_FMT
			     "`, and Proxmox offers none",
			     PHX_STR_ARG(name), PHX_STR_ARG(a->node));

	phx_diag_note(f->p->diags, d, "`" PHX_STR_FMT "` is made of it", PHX_STR_ARG(a->address));
	phx_diag_suggest(f->p->diags, d, (struct phx_span){0}, name, t->names.v, t->names.n);
	phx_diag_help(f->p->diags, d, "on the node: pveam update, then pveam available");
}

static void check_template(struct preflight *f, const struct phx_action *a)
{
	const struct phx_facts *facts = f->o->facts;

	for (uint32_t i = 0; i < facts->templates.n; i++) {
		const struct phx_fact_templates *t = &facts->templates.v[i];
		bool there = !t->known || !phx_str_eq(t->node, a->node);

		for (uint32_t k = 0; k < t->names.n && !there; k++)
			there = phx_str_eq(t->names.v[k], pre_param(a, "template"));
		if (!there)
			no_template(f, a, t);
	}
}

void pre_want_files(struct preflight *f, struct phx_fact_wants *w)
{
	named_volumes(f, w, want_volume);
	for (uint32_t i = 0; i < f->p->actions.n; i++)
		if (f->p->actions.v[i]->op == PHX_OP_OSTEMPLATE_DOWNLOAD)
			want_templates(f, w, f->p->actions.v[i]);
}

void pre_files(struct preflight *f)
{
	if (!f->o->facts)
		return;
	named_volumes(f, (void *)(uintptr_t)f->o->facts, check_volume);
	for (uint32_t i = 0; i < f->p->actions.n; i++)
		if (f->p->actions.v[i]->op == PHX_OP_OSTEMPLATE_DOWNLOAD)
			check_template(f, f->p->actions.v[i]);
}

/* --- snapshots --- */

static bool is_one_of(struct phx_str type, const char *const *list)
{
	for (uint32_t i = 0; list[i]; i++)
		if (phx_str_eqc(type, list[i]))
			return true;
	return false;
}

static bool keeps_files(struct phx_str type)
{
	static const char *const files[] = {"dir", "nfs", "cifs", "glusterfs", NULL};

	return is_one_of(type, files);
}

/* Only what is sure to fail (449: raw on a directory). */
static bool has_no_snapshots(struct phx_str type, const struct pre_disk *d)
{
	static const char *const never[] = {"lvm", "iscsi", "iscsidirect", NULL};

	if (is_one_of(type, never))
		return true;
	return keeps_files(type) && d->format.len && !phx_str_eqc(d->format, "qcow2");
}

static struct phx_span snapshot_span(const struct phx_action *a, const struct phx_guest *g)
{
	for (uint32_t i = 0; g && i < g->snapshots.n; i++)
		if (phx_str_eq(g->snapshots.v[i].name, pre_param(a, "snapname")))
			return g->snapshots.v[i].span;
	return a->change->span;
}

static void no_snapshots(struct preflight *f, const struct phx_action *a, const struct pre_guest *g,
			 const struct pre_disk *disk, const struct phx_live_storage *s)
{
	bool qcow2 = g->is_vm && keeps_files(s->type);
	struct phx_diag *d =
		phx_diag_add(f->p->diags, PHX0667, snapshot_span(a, g->wanted),
			     "`" PHX_STR_FMT "` cannot have a snapshot: its " PHX_STR_FMT
			     " lies on storage `" PHX_STR_FMT "`",
			     PHX_STR_ARG(a->address), PHX_STR_ARG(disk->slot), PHX_STR_ARG(s->id));

	phx_diag_note(f->p->diags, d, "its type is `" PHX_STR_FMT "`: there Proxmox makes %s",
		      PHX_STR_ARG(s->type), qcow2 ? "snapshots of qcow2 disks, and this one is not" : "none");
	phx_diag_help(f->p->diags, d,
		      "leave the snapshot out, or use a storage that can (LVM-thin, ZFS, btrfs, Ceph)%s",
		      qcow2 ? ", or say `format = \"qcow2\"` in the disk" : "");
}

void pre_snapshots(struct preflight *f)
{
	for (uint32_t i = 0; i < f->p->actions.n; i++) {
		const struct phx_action *a = f->p->actions.v[i];
		const struct pre_guest *g = a->op == PHX_OP_SNAPSHOT ? pre_guest_of(f, a->guest_id) : NULL;

		for (uint32_t k = 0; g && k < g->disks.n; k++) {
			const struct pre_disk *d = &g->disks.v[k];
			const struct phx_live_storage *s = pre_storage(f->p, g->node, d->storage);

			if (s && has_no_snapshots(s->type, d)) {
				no_snapshots(f, a, g, d, s);
				break;
			}
		}
	}
}
