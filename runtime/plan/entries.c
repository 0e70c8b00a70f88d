/* A guest's configuration as it is sent: every declared key once, in the order settings, drives, network. */
#include <string.h>

#include "plan/cloud_init.h"

static struct plan_entry *add(struct plan *p, struct plan_entries *out, struct phx_str key,
			      struct phx_str value)
{
	phx_vec_push(p->arena, out, ((struct plan_entry){.key = key, .value = value}));
	return &out->v[out->n - 1];
}

/* Parameters of create that stand in other fields of the graph. */
static bool is_apart(struct phx_str key)
{
	return phx_str_eqc(key, "pool") || phx_str_eqc(key, "vmid") || phx_str_eqc(key, "tags") ||
	       phx_str_eqc(key, "description") || phx_str_eqc(key, "name") || phx_str_eqc(key, "hostname") ||
	       phx_str_eqc(key, "ostemplate") || phx_str_eqc(key, "template");
}

static bool is_privileged(const struct plan_item *it)
{
	if (it->is_vm)
		return false;
	if (it->live && !it->gone_first)
		return !phx_str_eqc(phx_live_value(it->live, PHX_STR("unprivileged")), "1");
	for (uint32_t i = 0; i < it->guest->settings.n; i++)
		if (phx_str_eqc(it->guest->settings.v[i].key, "unprivileged"))
			return !phx_str_eqc(it->guest->settings.v[i].value, "1");
	return true;
}

bool plan_root_only(const struct plan_item *it, const struct phx_option *o, struct phx_str key,
		    struct phx_str value)
{
	/* A token may set `nesting` of an unprivileged container, and no feature at all of a privileged one (389, 393). */
	if (phx_str_eqc(key, "features") && is_privileged(it))
		return true;
	return o && phx_option_root_only(o, value);
}

bool plan_root_removes(struct phx_str key)
{
	return phx_str_eqc(key, "hookscript") ||
	       (phx_str_starts(key, "dev") && key.len > 3 && key.ptr[3] >= '0' && key.ptr[3] <= '9');
}

static bool has_setting(const struct phx_guest *g, const char *key)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, key))
			return true;
	return false;
}

/* Start-up, power and protection are each guest's own (language.md, Guests). */
const char *const plan_not_inherited[] = {"onboot", "startup", "protection", NULL};

bool plan_takes_away(const struct phx_setting *s)
{
	return !s->option || !(s->option->flags & PHX_OPTION_GENERATED);
}

bool plan_says(const struct phx_guest *g, struct phx_str key)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eq(g->settings.v[i].key, key))
			return g->settings.v[i].origin != PHX_FROM_SOURCE;
	return false;
}

/* Does the source have the option when it is cloned? As it lives now, or as this plan makes it. */
static bool source_has(const struct plan *p, const struct phx_guest *source, struct phx_str key)
{
	const struct plan_item *src = &p->items[source->r.index];

	return plan_says(source, key) ||
	       (src->live && !src->gone_first && phx_live_value(src->live, key).len);
}

static void not_inherited(struct plan *p, const struct plan_item *it, struct plan_entries *out)
{
	for (uint32_t i = 0; plan_not_inherited[i]; i++) {
		struct phx_str key = phx_str_c(plan_not_inherited[i]);

		if (!plan_says(it->guest, key) && source_has(p, it->guest->source, key))
			add(p, out, key, PHX_STR(""))->remove = true;
	}
}

static void settings(struct plan *p, const struct plan_item *it, bool clone, struct plan_entries *out)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->settings.n; i++) {
		const struct phx_setting *s = &g->settings.v[i];
		struct plan_entry *e;

		if (is_apart(s->key) || (clone && s->origin == PHX_FROM_SOURCE))
			continue;
		if (it->ci && phx_str_eqc(s->key, "cicustom"))
			continue;
		/* The config call knows nothing of what only create takes (`password`, `ssh-public-keys` of containers). */
		if (clone && s->option && (s->option->flags & PHX_OPTION_CREATE_ONLY))
			continue;
		if (s->unset) {
			if (clone && plan_takes_away(s)) {
				e = add(p, out, s->key, PHX_STR(""));
				e->remove = true;
				e->root = plan_root_removes(s->key);
			}
			continue;
		}
		e = add(p, out, s->key, plan_sent_value(p, it, s));
		e->secret = s->secret;
		e->root = plan_root_only(it, s->option, s->key, s->value);
	}
	if (plan_ci_changes(p, it))
		add(p, out, PHX_STR("cicustom"), it->ci->value)->remove = it->ci->value.len == 0;
}

static void volumes(struct plan *p, const struct plan_item *it, bool clone, struct plan_entries *out)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		const struct phx_option *o;
		struct plan_entry *e;

		if (clone && v->origin == PHX_FROM_SOURCE)
			continue;
		if (v->source == PHX_VOL_INHERITED && (!clone || !v->props.len))
			continue;
		if (!plan_volume_text(p, it, v, &p->more))
			continue;
		e = add(p, out, it->slots ? it->slots[i] : v->slot, plan_keep(p, &p->more));
		e->volume = v->source == PHX_VOL_INHERITED;
		o = plan_option(p, it->is_vm, e->key);
		e->root = v->source == PHX_VOL_HOST_PATH ||
			  (o && !e->volume && phx_option_root_only(o, e->value));
	}
}

static void nics(struct plan *p, const struct plan_item *it, struct plan_entries *out)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->nics.n; i++) {
		const struct phx_nic *nic = &g->nics.v[i];
		struct phx_str number = plan_number(p, nic->index);

		/* With its own MAC also when all else came with the clone: Proxmox would make one up. */
		plan_nic_text(p, it, nic, PLAN_NIC_WHOLE, &p->more);
		add(p, out, plan_text(p, PHX_STR("net"), number), plan_keep(p, &p->more));
		if (!it->is_vm || !g->cloud_init)
			continue;
		phx_buf_clear(&p->more);
		plan_nic_addresses(nic, &p->more);
		phx_buf_clear(&p->text);
		phx_buf_c(&p->text, "ipconfig");
		phx_buf_str(&p->text, number);
		if (p->more.len && !has_setting(g, p->text.ptr))
			add(p, out, plan_keep(p, &p->text), plan_keep(p, &p->more));
	}
}

void plan_entries_create(struct plan *p, const struct plan_item *it, struct plan_entries *out)
{
	out->n = 0;
	settings(p, it, false, out);
	volumes(p, it, false, out);
	nics(p, it, out);
}

void plan_entries_clone(struct plan *p, const struct plan_item *it, struct plan_entries *out)
{
	out->n = 0;
	settings(p, it, true, out);
	not_inherited(p, it, out);
	volumes(p, it, true, out);
	nics(p, it, out);
}
