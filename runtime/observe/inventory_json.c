/* A snapshot as a file ("phx-inventory/1"): recorded where the cluster can be reached, planned from where it cannot. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "observe/observe_priv.h"

#define FORMAT "phx-inventory/1"

/* --- writing --- */

static void key_str(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	phx_jw_str(w, value);
}

/* Members that are mostly empty are left out then. */
static void key_opt(struct phx_jw *w, const char *key, struct phx_str value)
{
	if (value.len)
		key_str(w, key, value);
}

static void key_int(struct phx_jw *w, const char *key, uint64_t n)
{
	phx_jw_key(w, key);
	phx_jw_int(w, (int64_t)n);
}

static void key_bool(struct phx_jw *w, const char *key, bool b)
{
	phx_jw_key(w, key);
	phx_jw_bool(w, b);
}

static void list(struct phx_jw *w, const char *key)
{
	phx_jw_key(w, key);
	phx_jw_array(w);
}

static void write_nodes(struct phx_jw *w, const struct phx_snapshot *s)
{
	list(w, "nodes");
	for (uint32_t i = 0; i < s->nodes.n; i++) {
		const struct phx_live_node *n = &s->nodes.v[i];

		phx_jw_object(w);
		key_str(w, "name", n->name);
		key_bool(w, "online", n->online);
		key_int(w, "maxcpu", n->maxcpu);
		key_int(w, "maxmem", n->maxmem);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void write_storage(struct phx_jw *w, const struct phx_live_storage *s)
{
	phx_jw_object(w);
	key_str(w, "id", s->id);
	key_str(w, "node", s->node);
	key_str(w, "type", s->type);
	key_str(w, "content", s->content);
	key_bool(w, "active", s->active);
	key_bool(w, "shared", s->shared);
	key_int(w, "total", s->total);
	key_int(w, "avail", s->avail);
	if (s->has_volumes) {
		list(w, "volumes");
		for (uint32_t i = 0; i < s->volumes.n; i++) {
			phx_jw_object(w);
			key_str(w, "volid", s->volumes.v[i].volid);
			key_str(w, "content", s->volumes.v[i].content);
			key_int(w, "size", s->volumes.v[i].size);
			phx_jw_end_object(w);
		}
		phx_jw_end_array(w);
	}
	phx_jw_end_object(w);
}

static void write_kv(struct phx_jw *w, const char *key, const struct phx_kv *v, uint32_t n)
{
	phx_jw_key(w, key);
	phx_jw_object(w);
	for (uint32_t i = 0; i < n; i++) {
		/* It reads back as stars; not even those are anybody's business. */
		if (phx_str_eqc(v[i].key, "cipassword"))
			continue;
		phx_jw_key_str(w, v[i].key);
		phx_jw_str(w, v[i].value);
	}
	phx_jw_end_object(w);
}

static void write_pending(struct phx_jw *w, const struct phx_live_guest *g)
{
	if (!g->pending.n)
		return;
	list(w, "pending");
	for (uint32_t i = 0; i < g->pending.n; i++) {
		const struct phx_live_pending *p = &g->pending.v[i];

		if (phx_str_eqc(p->key, "cipassword"))
			continue;
		phx_jw_object(w);
		key_str(w, "key", p->key);
		if (p->has_value)
			key_str(w, "value", p->value);
		if (p->has_pending)
			key_str(w, "pending", p->pending);
		if (p->del)
			key_bool(w, "delete", true);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void write_snapshots(struct phx_jw *w, const struct phx_live_guest *g)
{
	if (!g->snapshots.n)
		return;
	list(w, "snapshots");
	for (uint32_t i = 0; i < g->snapshots.n; i++) {
		phx_jw_object(w);
		key_str(w, "name", g->snapshots.v[i].name);
		key_opt(w, "description", g->snapshots.v[i].description);
		key_opt(w, "parent", g->snapshots.v[i].parent);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void write_rule(struct phx_jw *w, const struct phx_live_rule *r)
{
	phx_jw_object(w);
	key_int(w, "pos", (uint64_t)r->pos);
	key_int(w, "enable", r->rule.enable);
	key_str(w, "type", r->rule.type);
	key_str(w, "action", r->rule.action);
	key_opt(w, "macro", r->rule.macro);
	key_opt(w, "iface", r->rule.iface);
	key_opt(w, "source", r->rule.source);
	key_opt(w, "dest", r->rule.dest);
	key_opt(w, "sport", r->rule.sport);
	key_opt(w, "dport", r->rule.dport);
	key_opt(w, "proto", r->rule.proto);
	key_opt(w, "log", r->rule.log);
	key_opt(w, "comment", r->rule.comment);
	key_opt(w, "icmp-type", r->rule.icmp_type);
	phx_jw_end_object(w);
}

static void write_firewall(struct phx_jw *w, const struct phx_live_guest *g)
{
	if (!g->has_firewall)
		return;
	phx_jw_key(w, "firewall");
	phx_jw_object(w);
	key_str(w, "digest", g->fw_digest);
	key_str(w, "rules_digest", g->fw_rules_digest);
	write_kv(w, "options", g->fw_options.v, g->fw_options.n);
	list(w, "rules");
	for (uint32_t i = 0; i < g->fw_rules.n; i++)
		write_rule(w, &g->fw_rules.v[i]);
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

static void guest_head(struct phx_jw *w, const struct phx_live_guest *g)
{
	phx_jw_object(w);
	key_int(w, "id", g->id);
	key_str(w, "kind", g->is_vm ? PHX_STR("vm") : PHX_STR("container"));
	key_str(w, "node", g->node);
	key_str(w, "name", g->name);
	key_opt(w, "pool", g->pool);
	if (g->maxmem)
		key_int(w, "maxmem", g->maxmem);
	if (g->maxcpu)
		key_int(w, "maxcpu", g->maxcpu);
}

static void write_guest(struct phx_jw *w, const struct phx_live_guest *g)
{
	guest_head(w, g);
	key_str(w, "status", g->status);
	key_opt(w, "ha_state", g->ha_state);
	key_opt(w, "busy", g->busy_upid);
	phx_jw_key(w, "digest");
	phx_jw_sum(w, g->digest);
	write_kv(w, "config", g->config.v, g->config.n);
	write_pending(w, g);
	write_snapshots(w, g);
	write_firewall(w, g);
	phx_jw_end_object(w);
}

void phx_snapshot_json(const struct phx_snapshot *s, const struct phx_secrets *secrets, struct phx_buf *out)
{
	struct phx_jw w;

	phx_jw_init(&w, out, 2);
	w.secrets = secrets;
	phx_jw_object(&w);
	phx_jw_key(&w, "format");
	phx_jw_c(&w, FORMAT);
	key_str(&w, "cluster", s->cluster_name);
	key_str(&w, "version", s->version);
	key_bool(&w, "quorate", s->quorate);
	key_bool(&w, "sees_all_guests", s->sees_all_guests);
	write_nodes(&w, s);
	list(&w, "storages");
	for (uint32_t i = 0; i < s->storages.n; i++)
		write_storage(&w, &s->storages.v[i]);
	phx_jw_end_array(&w);
	list(&w, "pools");
	for (uint32_t i = 0; i < s->pools.n; i++) {
		phx_jw_object(&w);
		key_str(&w, "id", s->pools.v[i].id);
		key_opt(&w, "comment", s->pools.v[i].comment);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	list(&w, "guests");
	for (uint32_t i = 0; i < s->guests.n; i++)
		write_guest(&w, s->guests.v[i]);
	phx_jw_end_array(&w);
	list(&w, "others");
	for (uint32_t i = 0; i < s->others.n; i++) {
		guest_head(&w, &s->others.v[i]);
		key_opt(&w, "status", s->others.v[i].status);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
}

/* --- reading --- */

static struct phx_str str(struct observation *o, const json_t *obj, const char *key)
{
	struct phx_str s;

	return phx_observe_text(o, phx_json_get(obj, key), &s) ? s : PHX_STR("");
}

static uint64_t number(const json_t *obj, const char *key)
{
	int64_t n = phx_json_int(obj, key, 0);

	return n > 0 ? (uint64_t)n : 0;
}

static void read_nodes(struct observation *o, const json_t *doc)
{
	size_t i;
	json_t *x;

	json_array_foreach(phx_json_get(doc, "nodes"), i, x)
		phx_vec_push(o->arena, &o->s->nodes,
			     ((struct phx_live_node){.name = str(o, x, "name"),
						     .online = phx_json_bool(x, "online", true),
						     .maxcpu = number(x, "maxcpu"),
						     .maxmem = number(x, "maxmem")}));
}

static bool read_storages(struct observation *o, const json_t *doc)
{
	size_t i;
	json_t *x;

	json_array_foreach(phx_json_get(doc, "storages"), i, x)
	{
		struct phx_live_storage s = {.id = str(o, x, "id"),
					     .node = str(o, x, "node"),
					     .type = str(o, x, "type"),
					     .content = str(o, x, "content"),
					     .active = phx_json_bool(x, "active", true),
					     .shared = phx_json_bool(x, "shared", false),
					     .total = number(x, "total"),
					     .avail = number(x, "avail")};
		const json_t *volumes = phx_json_get(x, "volumes");

		if (volumes && !phx_parse_content(o, &s, volumes))
			return false;
		phx_vec_push(o->arena, &o->s->storages, s);
	}
	return true;
}

static void read_pools(struct observation *o, const json_t *doc)
{
	size_t i;
	json_t *x;

	json_array_foreach(phx_json_get(doc, "pools"), i, x)
	{
		struct phx_live_pool p = {.id = str(o, x, "id"), .comment = str(o, x, "comment")};

		p.is_lock = phx_str_starts(p.id, "phx-lock-");
		phx_vec_push(o->arena, &o->s->pools, p);
	}
}

static bool read_head(struct observation *o, const json_t *x, struct phx_live_guest *g)
{
	struct phx_str kind = phx_json_str(x, "kind");

	g->id = number(x, "id");
	g->is_vm = phx_str_eqc(kind, "vm");
	g->node = str(o, x, "node");
	g->name = str(o, x, "name");
	g->pool = str(o, x, "pool");
	g->maxmem = number(x, "maxmem");
	g->maxcpu = number(x, "maxcpu");
	if (g->id && g->node.len && (g->is_vm || phx_str_eqc(kind, "container")))
		return true;
	return phx_err_set(o->err, PHX_ERR_DATA, "a guest in it has no id, no node, or no kind");
}

static bool read_firewall(struct observation *o, struct observed *x, const json_t *fw)
{
	json_t *options = phx_json_get(fw, "options"), *rules = phx_json_get(fw, "rules");

	if (!fw)
		return true;
	if (options && !phx_parse_fw_options(o, x, options))
		return false;
	if (rules && !phx_parse_fw_rules(o, x, rules))
		return false;
	x->live->has_firewall = true;
	x->live->fw_digest = str(o, fw, "digest");
	x->live->fw_rules_digest = str(o, fw, "rules_digest");
	return true;
}

static void read_pending(struct observation *o, struct phx_live_guest *g, const json_t *list_of)
{
	size_t i;
	json_t *x;

	json_array_foreach(list_of, i, x)
	{
		struct phx_live_pending p = {.key = str(o, x, "key"),
					     .del = phx_json_bool(x, "delete", false)};

		p.has_value = phx_observe_text(o, phx_json_get(x, "value"), &p.value);
		p.has_pending = phx_observe_text(o, phx_json_get(x, "pending"), &p.pending);
		phx_vec_push(o->arena, &g->pending, p);
	}
}

static bool read_guest(struct observation *o, const json_t *x)
{
	struct phx_live_guest *g = PHX_NEW(o->arena, struct phx_live_guest);
	struct observed seen = {.live = g};
	json_t *config = phx_json_get(x, "config"), *snapshots = phx_json_get(x, "snapshots");

	if (!read_head(o, x, g))
		return false;
	g->status = str(o, x, "status");
	g->running = phx_str_eqc(g->status, "running");
	g->ha_state = str(o, x, "ha_state");
	g->busy_upid = str(o, x, "busy");
	g->busy = g->busy_upid.len > 0;
	if (config && !phx_parse_config(o, &seen, config))
		return false;
	g->digest = str(o, x, "digest");
	read_pending(o, g, phx_json_get(x, "pending"));
	if (snapshots && !phx_parse_snapshots(o, &seen, snapshots))
		return false;
	if (!read_firewall(o, &seen, phx_json_get(x, "firewall")))
		return false;
	g->dead_lock = g->lock.len && !g->busy;
	phx_vec_push(o->arena, &o->s->guests, g);
	return true;
}

static int by_pointer_id(const void *a, const void *b)
{
	uint64_t x = (*(struct phx_live_guest *const *)a)->id, y = (*(struct phx_live_guest *const *)b)->id;

	return x < y ? -1 : x > y;
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = ((const struct phx_live_guest *)a)->id, y = ((const struct phx_live_guest *)b)->id;

	return x < y ? -1 : x > y;
}

static bool read_guests(struct observation *o, const json_t *doc)
{
	size_t i;
	json_t *x;

	json_array_foreach(phx_json_get(doc, "guests"), i, x) if (!read_guest(o, x)) return false;
	if (o->s->guests.n)
		qsort(o->s->guests.v, o->s->guests.n, sizeof(*o->s->guests.v), by_pointer_id);
	for (uint32_t k = 0; k < o->s->guests.n; k++) {
		struct phx_live_guest *g = o->s->guests.v[k];
		bool is_new;

		phx_map_put(o->arena, &o->s->by_id, phx_str_u64(o->arena, g->id), &is_new)->ptr = g;
		if (!is_new)
			return phx_err_set(o->err, PHX_ERR_DATA, "guest %llu is in it twice",
					   (unsigned long long)g->id);
		for (uint32_t n = 0; g->pool.len && n < o->s->pools.n; n++)
			if (phx_str_eq(o->s->pools.v[n].id, g->pool))
				phx_vec_push(o->arena, &o->s->pools.v[n].guests, g->id);
	}
	json_array_foreach(phx_json_get(doc, "others"), i, x)
	{
		struct phx_live_guest g = {0};

		if (!read_head(o, x, &g))
			return false;
		g.status = str(o, x, "status");
		g.running = phx_str_eqc(g.status, "running");
		phx_vec_push(o->arena, &o->s->others, g);
	}
	if (o->s->others.n)
		qsort(o->s->others.v, o->s->others.n, sizeof(*o->s->others.v), by_id);
	return true;
}

struct phx_snapshot *phx_snapshot_read_json(struct phx_str text, const struct phx_graph *g, const char *path,
					    struct phx_arena *arena, struct phx_err *err)
{
	struct observation o = {.graph = g, .arena = arena, .err = err};
	json_t *doc = phx_json_parse(text, path, err);
	bool ok = false;

	if (!doc)
		return NULL;
	o.s = PHX_NEW(arena, struct phx_snapshot);
	o.s->arena = arena;
	o.own_tag = phx_marker_tag(arena, g->stack);
	if (!phx_str_eqc(phx_json_str(doc, "format"), FORMAT)) {
		phx_err_set(err, PHX_ERR_DATA, "%s is no inventory: its format is not \"" FORMAT "\"", path);
		goto out;
	}
	o.s->cluster_name = str(&o, doc, "cluster");
	o.s->version = str(&o, doc, "version");
	o.s->quorate = phx_json_bool(doc, "quorate", false);
	o.s->sees_all_guests = phx_json_bool(doc, "sees_all_guests", false);
	read_nodes(&o, doc);
	read_pools(&o, doc);
	ok = read_storages(&o, doc) && read_guests(&o, doc);
	if (!ok)
		phx_err_wrap(err, "%s", path);
out:
	phx_buf_done(&o.text);
	json_decref(doc);
	return ok ? o.s : NULL;
}
