/* What phx writes into a guest to know it again: the marker line in its notes, and the own tag. */
#include <string.h>

#include "model/cloud_init.h"
#include "plan/lxc.h"
#include "plan/plan_step.h"

/* Proxmox's own limit of a description. */
#define NOTES_MAX 8192

/* Of stack, id and key: the same password in two guests must not show as the same. */
struct phx_str plan_secret_salt(struct plan *p, const struct plan_item *it, struct phx_str key)
{
	return plan_text(p, PHX_STR("phx/"), p->g->stack, PHX_STR("/"), it->id_text, PHX_STR("/"), key);
}

struct phx_str plan_secret_hash(struct plan *p, const struct plan_item *it, struct phx_str key,
				struct phx_str value)
{
	return phx_secret_hash(p->arena, plan_secret_salt(p, it, key), value);
}

/* What a template is built from. Only what cannot be changed afterwards counts: everything else is compared option by option. */
struct phx_str plan_spec(struct plan *p, const struct phx_guest *g)
{
	const struct phx_image *image = g->image;
	struct phx_str text;

	if (!g->is_template)
		return PHX_STR("");
	if (image)
		text = plan_text(p, PHX_STR("image\n"), image->url, PHX_STR("\n"), image->volume,
				 PHX_STR("\n"), image->filename, PHX_STR("\n"), image->checksum);
	else if (g->source)
		text = plan_text(p, PHX_STR("clone\n"), g->source->r.address);
	else
		text = plan_text(p, PHX_STR("ostemplate\n"), g->ostemplate);
	return phx_str_slice(phx_sha256_hex(p->arena, text), 0, 16);
}

static void fact(struct plan *p, struct phx_marker *m, const char *kind, struct phx_str name,
		 struct phx_str value)
{
	phx_marker_set_fact(&p->brief, m, plan_text(p, phx_str_c(kind), name), value);
}

/* Volumes whose place or presence only the marker remembers: what came with an image or a clone stays when it is no longer
 * declared, what phx attached is detached then. */
bool plan_volume_is_ours(const struct phx_volume *v)
{
	if (v->origin == PHX_FROM_SOURCE)
		return false;
	switch ((enum phx_volume_source)v->source) {
	case PHX_VOL_EMPTY:
	case PHX_VOL_EXISTING:
	case PHX_VOL_HOST_PATH:
	case PHX_VOL_CDROM:
		return true;
	case PHX_VOL_INHERITED:
	case PHX_VOL_IMPORT:
	case PHX_VOL_OSTEMPLATE:
	case PHX_VOL_CLOUDINIT:
		return false;
	}
	return false;
}

static void volume_facts(struct plan *p, const struct plan_item *it, struct phx_marker *m)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (plan_volume_is_ours(v))
			fact(p, m, "slot:", v->label.len ? v->label : v->slot,
			     it->slots ? it->slots[i] : v->slot);
	}
	for (uint32_t i = 0; i < g->nics.n; i++) {
		const struct phx_nic *nic = &g->nics.v[i];

		if (nic->index && nic->origin != PHX_FROM_SOURCE)
			fact(p, m, "nic:", nic->label,
			     plan_text(p, PHX_STR("net"), plan_number(p, plan_nic_index(it, nic))));
	}
}

bool plan_setting_is_hidden(const struct phx_setting *s)
{
	return s->secret || (s->option && (s->option->flags & PHX_OPTION_WRITE_ONLY));
}

struct phx_str plan_sent_value(struct plan *p, const struct plan_item *it, const struct phx_setting *s)
{
	const struct phx_cloud_init *ci = &it->guest->ci;

	if (!phx_str_eqc(s->key, "cipassword") || s->unset || !s->value.len)
		return s->value;
	return phx_ci_password(p->arena, p->g->stack, it->id, ci->users.n ? ci->users.v[0].name : PHX_STR(""),
			       s->value);
}

static void secret_facts(struct plan *p, const struct plan_item *it, struct phx_marker *m)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->settings.n; i++) {
		const struct phx_setting *s = &g->settings.v[i];

		if (s->origin != PHX_FROM_SOURCE && !s->unset && plan_setting_is_hidden(s))
			fact(p, m, "hash:", s->key, plan_secret_hash(p, it, s->key, s->value));
	}
}

/* What was written on the node. */
static void host_facts(struct plan *p, const struct plan_item *it, struct phx_marker *m)
{
	const struct phx_guest *g = it->guest;

	if (g->lxc.n)
		phx_marker_set_fact(&p->brief, m, PHX_STR("lxc"), plan_lxc_fact(p, g));
	for (uint32_t i = 0; !it->is_vm && i < g->volumes.n; i++)
		fact(p, m, "mount:", g->volumes.v[i].label, plan_directory_fact(p, it, &g->volumes.v[i]));
}

static bool is_ours(struct phx_str name)
{
	return phx_str_starts(name, "slot:") || phx_str_starts(name, "nic:") ||
	       phx_str_starts(name, "hash:") || phx_str_starts(name, "mount:") || phx_str_eqc(name, "lxc");
}

/* What is done inside counts once it is done. */
static void step_facts(struct plan *p, const struct plan_item *it, enum plan_mark when, struct phx_marker *m)
{
	for (uint32_t i = 0; it->works && i < it->works->n; i++) {
		const struct plan_work *x = &it->works->v[i];
		bool done = when == PLAN_MARK_DONE && (x->run || !x->changed);

		if (x->w.key.len)
			phx_marker_set_fact(&p->brief, m, x->w.key, done ? x->fact : x->known);
	}
	for (uint32_t i = 0; it->works && when == PLAN_MARK_DONE && i < it->works->forgotten.n; i++)
		phx_marker_set_fact(&p->brief, m, it->works->forgotten.v[i], PHX_STR(""));
}

struct phx_marker plan_marker(struct plan *p, const struct plan_item *it, enum plan_mark when)
{
	struct phx_marker m = {.stack = p->g->stack,
			       .address = it->address,
			       .id = it->id,
			       .building = when == PLAN_MARK_BUILDING};
	const struct phx_live_guest *live = it->live;
	bool known = live && live->has_marker && live->owned && !it->gone_first;

	/* What the living guest remembers beyond what this version writes is kept. */
	if (known)
		for (uint32_t i = 0; i < live->marker.facts.n; i++)
			if (!is_ours(live->marker.facts.v[i].key))
				phx_marker_set_fact(&p->brief, &m, live->marker.facts.v[i].key,
						    *(const struct phx_str *)live->marker.facts.v[i].ptr);
	/* A template remembers what it was really built from. */
	if (known && it->guest->is_template && live->is_template)
		m.spec = live->marker.spec;
	else
		m.spec = plan_spec(p, it->guest);
	if (!known && plan_linked_to(p, it))
		fact(p, &m, "base", PHX_STR(""), plan_number(p, plan_linked_to(p, it)));
	volume_facts(p, it, &m);
	secret_facts(p, it, &m);
	host_facts(p, it, &m);
	step_facts(p, it, when, &m);
	return m;
}

struct phx_str plan_notes(const struct plan_item *it)
{
	if (it->guest->notes_declared)
		return it->guest->notes;
	return it->live && !it->gone_first ? it->live->notes : PHX_STR("");
}

/* Better before anything is done than at the last call. */
static void too_long(struct plan *p, const struct plan_item *it, size_t length)
{
	struct phx_diag *d =
		phx_diag_add(p->bag, PHX0646, it->span,
			     "the notes of `" PHX_STR_FMT "` would be %zu characters, and Proxmox takes %d",
			     PHX_STR_ARG(it->address), length, NOTES_MAX);

	phx_diag_note(p->bag, d,
		      "phx's own line in them remembers each disk, file, share, script and feature");
	phx_diag_help(p->bag, d,
		      "put files that belong together into one directory: `file \"/opt/app\" { source = "
		      "\"app\" }` counts once");
}

struct phx_str plan_description(struct plan *p, const struct plan_item *it, enum plan_mark when)
{
	struct phx_marker m = plan_marker(p, it, when);

	phx_marker_set_fact(&p->brief, &m, PHX_STR("set"), plan_written(p, it));
	phx_buf_clear(&p->text);
	phx_marker_description(plan_notes(it), &m, &p->text);
	if (p->text.len > NOTES_MAX && !it->refused)
		too_long(p, it, p->text.len);
	phx_arena_clear(&p->brief);
	return plan_keep(p, &p->text);
}

/* Of a guest that is taken over: its own notes, and nothing that phx did not do (passwords, what it was built from). */
struct phx_str plan_adopt_description(struct plan *p, const struct plan_item *it)
{
	struct phx_marker m = {.stack = p->g->stack, .address = it->address, .id = it->id};

	volume_facts(p, it, &m);
	phx_buf_clear(&p->text);
	phx_marker_description(it->live->notes, &m, &p->text);
	phx_arena_clear(&p->brief);
	return plan_keep(p, &p->text);
}
