/* What phx wrote last, so that a difference can be told from what somebody else changed: the marker's fact `set` holds a short
 * hash of each declared attribute's wanted value. Wanted as it was then, and lives otherwise: changed on the cluster. */
#include <string.h>

#include "plan/cloud_init.h"
#include "plan/lxc.h"

/* "memory~1f2e~network~77aa": names and hashes, sorted by name; `~` stands in neither. */
#define SEPARATOR '~'

struct group {
	struct phx_str name; /* as in the paths of attributes: "memory", "network", "disk.root" */
	uint32_t hash;
	const struct phx_setting *plain; /* its value can be compared with the living one as it is */
};
struct groups {
	struct group *v;
	uint32_t n, cap;
};

/* FNV-1a. Nothing secret is hashed, and a collision only hides one change of 65,536. */
static uint32_t hash(struct phx_str s, uint32_t h)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * 16777619u;
	return h;
}

/* Four digits of it. */
static struct phx_str fold(uint32_t h, char text[4])
{
	static const char hex[] = "0123456789abcdef";
	uint32_t n = (h >> 16) ^ (h & 0xffff);

	for (int i = 4; i-- > 0; n >>= 4)
		text[i] = hex[n & 15];
	return (struct phx_str){text, 4};
}

#define START 2166136261u

/* Several settings may share a path (`cpu`): one hash over all. */
static void add(struct plan *p, struct groups *g, struct phx_str name, struct phx_str value,
		const struct phx_setting *plain)
{
	uint32_t at = g->n;

	if (!name.len || phx_str_chr(name, SEPARATOR) >= 0)
		return;
	for (uint32_t i = 0; i < g->n; i++)
		if (phx_str_eq(g->v[i].name, name)) {
			g->v[i].hash = hash(value, hash(PHX_STR("\n"), g->v[i].hash));
			g->v[i].plain = NULL;
			return;
		}
	phx_vec_push(&p->brief, g, ((struct group){0}));
	for (; at && phx_str_cmp(g->v[at - 1].name, name) > 0; at--)
		g->v[at] = g->v[at - 1];
	g->v[at] = (struct group){name, hash(value, START), plain};
}

static void of_settings(struct plan *p, const struct phx_guest *g, struct groups *out)
{
	for (uint32_t i = 0; i < g->settings.n; i++) {
		const struct phx_setting *s = &g->settings.v[i];

		if (s->origin != PHX_FROM_SOURCE && !plan_setting_is_hidden(s))
			add(p, out, s->path, s->unset ? PHX_STR("") : s->value,
			    s->option && s->option->keys ? NULL : s);
	}
}

static void of_volumes(struct plan *p, const struct plan_item *it, struct groups *out)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (v->origin != PHX_FROM_SOURCE)
			add(p, out, v->path,
			    plan_text(p, plan_number(p, v->size), PHX_STR(","), v->storage, PHX_STR(","),
				      v->volume, PHX_STR(","), v->props, plan_directory_fact(p, it, v)),
			    NULL);
	}
}

/* Raw lines of a container. */
static void of_lines(struct plan *p, const struct phx_guest *g, struct groups *out)
{
	for (uint32_t i = 0; i < g->lxc.n; i++)
		add(p, out, g->lxc.v[i].key, g->lxc.v[i].value, NULL);
}

static void of_nics(struct plan *p, const struct plan_item *it, struct groups *out)
{
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < it->guest->nics.n; i++) {
		const struct phx_nic *nic = &it->guest->nics.v[i];

		if (nic->origin == PHX_FROM_SOURCE && !nic->has_ip)
			continue;
		phx_buf_clear(&text);
		plan_nic_text(p, it, nic, PLAN_NIC_DECLARED, &text);
		phx_buf_ch(&text, ';');
		plan_nic_addresses(nic, &text);
		add(p, out, nic->path, phx_buf_view(&text), NULL);
	}
	phx_buf_done(&text);
}

static void of_firewall(struct plan *p, const struct phx_firewall *fw, struct groups *out)
{
	if (!fw->declared)
		return;
	for (uint32_t i = 0; i < fw->options.n; i++)
		add(p, out, PHX_STR("firewall"),
		    plan_text(p, fw->options.v[i].key, PHX_STR("="), fw->options.v[i].value), NULL);
	for (uint32_t i = 0; i < fw->rules.n; i++) {
		const struct phx_fw_rule *r = &fw->rules.v[i];

		add(p, out, PHX_STR("firewall"),
		    plan_text(p, r->type, PHX_STR(" "), r->action, PHX_STR(" "), r->macro, PHX_STR(" "),
			      r->iface, PHX_STR(" "), r->source, PHX_STR(" "), r->dest, PHX_STR(" "),
			      r->sport, PHX_STR(" "), r->dport, PHX_STR(" "), r->proto, PHX_STR(" "), r->log,
			      PHX_STR(" "), r->comment, PHX_STR(" "), r->icmp_type,
			      r->enable ? PHX_STR(" on") : PHX_STR(" off")),
		    NULL);
	}
}

/* In p->brief. */
static struct groups wanted(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct groups out = {0};

	of_settings(p, g, &out);
	of_volumes(p, it, &out);
	of_lines(p, g, &out);
	of_nics(p, it, &out);
	if (it->ci) /* documents are told apart by their names */
		add(p, &out, PHX_STR("cloud_init"), it->ci->value, NULL);
	of_firewall(p, &g->firewall, &out);
	add(p, &out, PHX_STR("name"), g->host_name, NULL);
	if (g->tags_declared)
		add(p, &out, PHX_STR("tags"), plan_tags(p, it), NULL);
	if (g->notes_declared)
		add(p, &out, PHX_STR("notes"), g->notes, NULL);
	if (g->pool.len)
		add(p, &out, PHX_STR("pool"), g->pool, NULL);
	if (g->running_declared)
		add(p, &out, PHX_STR("running"), g->running ? PHX_STR("1") : PHX_STR("0"), NULL);
	if (g->node.len)
		add(p, &out, PHX_STR("node"), g->node, NULL);
	return out;
}

struct phx_str plan_written(struct plan *p, const struct plan_item *it)
{
	/* A new guest's is asked for with each of its markers, and is the same. */
	struct plan_item *kept = it->resource && !it->live ? &p->items[it->resource->index] : NULL;
	struct groups all;
	char digits[4];

	if (kept && kept->written.len)
		return kept->written;
	all = wanted(p, it);

	phx_buf_clear(&p->more);
	for (uint32_t i = 0; i < all.n; i++) {
		if (i)
			phx_buf_ch(&p->more, SEPARATOR);
		phx_buf_str(&p->more, all.v[i].name);
		phx_buf_ch(&p->more, SEPARATOR);
		phx_buf_str(&p->more, fold(all.v[i].hash, digits));
	}
	if (!kept)
		return plan_keep(p, &p->more);
	kept->written = plan_keep(p, &p->more);
	return kept->written;
}

/* --- telling --- */

static bool written(struct phx_str fact, struct phx_str name, struct phx_str *out)
{
	struct phx_str rest = fact, key;

	while (phx_str_cut(&rest, SEPARATOR, &key)) {
		if (!rest.ptr || !phx_str_cut(&rest, SEPARATOR, out))
			return false;
		if (phx_str_eq(key, name))
			return true;
	}
	return false;
}

static const struct group *group_of(const struct groups *all, struct phx_str path)
{
	const struct group *best = NULL;

	for (uint32_t i = 0; i < all->n; i++) {
		struct phx_str name = all->v[i].name;

		if (!phx_str_eq(path, name) && !(path.len > name.len && path.ptr[name.len] == '.' &&
						 phx_str_eq(phx_str_slice(path, 0, name.len), name)))
			continue;
		if (!best || name.len > best->name.len)
			best = &all->v[i];
	}
	return best;
}

static bool same(uint32_t h, struct phx_str text)
{
	char have[4];

	return phx_str_eq(text, fold(h, have));
}

/* Of a setting that cannot be read only the marker's `hash:` is known, which is what phx wrote: it differs from what is wanted
 * when the configuration was changed, and nothing tells what somebody else did. */
static bool is_unreadable(const struct plan_item *it, struct phx_str path)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->settings.n; i++)
		if (plan_setting_is_hidden(&g->settings.v[i]) && phx_str_eq(g->settings.v[i].path, path))
			return true;
	return false;
}

static uint8_t drift_of(const struct plan_item *it, const struct groups *all, struct phx_str fact,
			const struct phx_attr_change *a)
{
	const struct group *g = group_of(all, a->path);
	struct phx_str then;

	if (!fact.len)
		return PHX_DRIFT_UNKNOWN;
	if (is_unreadable(it, a->path) || !g || !written(fact, g->name, &then))
		return PHX_DRIFT_NONE; /* it was not declared before */
	if (same(g->hash, then))
		return PHX_DRIFT_CLUSTER;
	if (g->plain && !same(hash(phx_live_value(it->live, g->plain->key), START), then))
		return PHX_DRIFT_BOTH;
	return PHX_DRIFT_NONE;
}

void plan_tell_drift(struct plan *p, struct plan_item *it, struct phx_change *c)
{
	struct phx_str fact = it->live->has_marker ? phx_marker_fact(&it->live->marker, "set") : PHX_STR("");
	struct groups all = wanted(p, it);

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		struct phx_attr_change *a = &c->attributes.v[i];
		struct phx_str told = PHX_STR("changed on the cluster");

		/* Of a directory on the node only what phx wrote is known. */
		if (a->pending || phx_str_eqc(a->path, "marker") || phx_str_starts(a->path, "snapshot.") ||
		    phx_str_ends(a->path, ".owner"))
			continue;
		a->drift = drift_of(it, &all, fact, a);
		if (a->drift == PHX_DRIFT_BOTH)
			told = PHX_STR("changed here and on the cluster");
		if (a->drift == PHX_DRIFT_CLUSTER || a->drift == PHX_DRIFT_BOTH)
			a->reason = a->reason.len ? plan_text(p, told, PHX_STR("; "), a->reason) : told;
	}
	it->set_moved = fact.len && !phx_str_eq(fact, plan_written(p, it));
	phx_arena_clear(&p->brief);
}

static bool is_drift(const struct phx_attr_change *a)
{
	return a->drift == PHX_DRIFT_CLUSTER || a->drift == PHX_DRIFT_BOTH;
}

uint32_t phx_plan_only_drift(struct phx_plan *p)
{
	uint32_t kept = 0, drifted = 0;

	p->refresh_only = true;
	p->actions.n = 0;
	p->estimate = NULL;
	memset(p->count, 0, sizeof(p->count));
	for (uint32_t i = 0; i < p->changes.n; i++) {
		struct phx_change *c = p->changes.v[i];
		uint32_t n = 0;
		bool unknown = false;

		for (uint32_t k = 0; k < c->attributes.n; k++) {
			unknown = unknown || c->attributes.v[k].drift == PHX_DRIFT_UNKNOWN;
			if (is_drift(&c->attributes.v[k]))
				c->attributes.v[n++] = c->attributes.v[k];
		}
		if (!c->live || (!n && !unknown))
			continue;
		c->attributes.n = n;
		c->restart = false;
		drifted += n > 0;
		p->changes.v[kept++] = c;
	}
	p->changes.n = kept;
	return drifted;
}
