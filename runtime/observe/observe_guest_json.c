/* One guest's side of an observation: its configuration, pending changes, snapshots, firewall, power. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "observe/observe_priv.h"

static void put(struct observation *o, struct phx_live_guest *live, struct phx_str key, struct phx_str value)
{
	if (phx_str_eqc(key, "digest"))
		live->digest = value;
	else
		phx_vec_push(o->arena, &live->config, ((struct phx_kv){key, value}));
}

static struct phx_str keep(struct observation *o, const char *key)
{
	return phx_str_dup(o->arena, phx_str_c(key));
}

/* Raw lines of a container are a list of pairs; kept as "KEY: VALUE" lines under `lxc`. */
static void raw_lines(struct observation *o, struct phx_live_guest *live, const json_t *list)
{
	struct phx_buf text = {0};
	size_t i;
	json_t *pair;

	if (json_is_string(list)) /* in an inventory */
		phx_buf_c(&text, json_string_value(list));
	json_array_foreach(list, i, pair)
	{
		const char *key = json_string_value(json_array_get(pair, 0)),
			   *value = json_string_value(json_array_get(pair, 1));

		if (key && value)
			phx_buf_printf(&text, "%s%s: %s", text.len ? "\n" : "", key, value);
	}
	if (text.len)
		put(o, live, PHX_STR("lxc"), phx_str_dup(o->arena, phx_buf_view(&text)));
	phx_buf_done(&text);
}

/* Of a running container, whose list of pending changes has no lists in it. */
bool phx_parse_raw_lines(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;

	if (!json_is_object(data))
		return phx_observe_bad(o, "/nodes/…/config", "it is no object");
	raw_lines(o, x->live, phx_json_get(data, "lxc"));
	phx_live_settle(x->live, o->graph->stack, o->own_tag, o->arena);
	return true;
}

bool phx_parse_config(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;
	const char *key;
	json_t *value;

	if (!json_is_object(data))
		return phx_observe_bad(o, "/nodes/…/config", "it is no object");
	json_object_foreach((json_t *)(uintptr_t)data, key, value)
	{
		struct phx_str text;

		if (strcmp(key, "lxc") == 0)
			raw_lines(o, x->live, value);
		else if (phx_observe_text(o, value, &text))
			put(o, x->live, keep(o, key), text);
	}
	phx_live_settle(x->live, o->graph->stack, o->own_tag, o->arena);
	return true;
}

/* The configuration with pending changes applied, as GET config gives it, and beside it what waits. */
bool phx_parse_pending(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;
	struct phx_live_guest *live = x->live;
	size_t i;
	json_t *item;

	if (!json_is_array(data))
		return phx_observe_bad(o, "/nodes/…/pending", "it is no list");
	json_array_foreach(data, i, item)
	{
		struct phx_live_pending p = {0};

		if (!phx_observe_text(o, phx_json_get(item, "key"), &p.key))
			return phx_observe_bad(o, "/nodes/…/pending", "an entry has no key");
		p.has_value = phx_observe_text(o, phx_json_get(item, "value"), &p.value);
		p.has_pending = phx_observe_text(o, phx_json_get(item, "pending"), &p.pending);
		p.del = phx_json_int(item, "delete", 0) > 0;
		if (p.has_pending)
			put(o, live, p.key, p.pending);
		else if (p.has_value && !p.del)
			put(o, live, p.key, p.value);
		if (p.has_pending || p.del)
			phx_vec_push(o->arena, &live->pending, p);
	}
	phx_live_settle(live, o->graph->stack, o->own_tag, o->arena);
	return true;
}

bool phx_parse_power(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;

	if (!phx_observe_text(o, phx_json_get(data, "status"), &x->live->status))
		return phx_observe_bad(o, "/nodes/…/status/current", "it names no status");
	x->live->running = phx_str_eqc(x->live->status, "running");
	if (!x->live->running)
		x->live->pending.n = 0; /* applied at the next start by itself */
	return true;
}

static int id_order(const void *key, const void *element)
{
	uint64_t id = *(const uint64_t *)key, other = ((const struct observed *)element)->live->id;

	return id < other ? -1 : id > other;
}

/* All guests of one kind on one node (079, 400): `what` is any of them. */
bool phx_parse_power_list(struct observation *o, void *what, const json_t *data)
{
	const struct phx_live_guest *like = ((const struct observed *)what)->live;
	size_t i;
	json_t *item;

	if (!json_is_array(data))
		return phx_observe_bad(o, like->is_vm ? "/nodes/…/qemu" : "/nodes/…/lxc", "it is no list");
	json_array_foreach(data, i, item)
	{
		int64_t n = phx_json_int(item, "vmid", 0);
		uint64_t id = n > 0 ? (uint64_t)n : 0;
		struct observed *x =
			o->guests.n ? bsearch(&id, o->guests.v, o->guests.n, sizeof(*o->guests.v), id_order)
				    : NULL;

		if (!x || x->live->is_vm != like->is_vm || !phx_str_eq(x->live->node, like->node) ||
		    !phx_observe_text(o, phx_json_get(item, "status"), &x->live->status))
			continue;
		x->live->running = phx_str_eqc(x->live->status, "running");
		x->power_known = true;
	}
	return true;
}

/* The list ends with an entry for the present (187). */
bool phx_parse_snapshots(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;
	size_t i;
	json_t *item;

	if (!json_is_array(data))
		return phx_observe_bad(o, "/nodes/…/snapshot", "it is no list");
	json_array_foreach(data, i, item)
	{
		struct phx_live_snapshot s = {0};

		(void)phx_observe_text(o, phx_json_get(item, "name"), &s.name);
		(void)phx_observe_text(o, phx_json_get(item, "description"), &s.description);
		(void)phx_observe_text(o, phx_json_get(item, "parent"), &s.parent);
		if (s.name.len && !phx_str_eqc(s.name, "current"))
			phx_vec_push(o->arena, &x->live->snapshots, s);
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_kv *)a)->key, ((const struct phx_kv *)b)->key);
}

bool phx_parse_fw_options(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;
	const char *key;
	json_t *value;

	if (!json_is_object(data))
		return phx_observe_bad(o, "/nodes/…/firewall/options", "it is no object");
	x->live->has_firewall = true;
	json_object_foreach((json_t *)(uintptr_t)data, key, value)
	{
		struct phx_str text;

		if (!phx_observe_text(o, value, &text))
			continue;
		if (strcmp(key, "digest") == 0)
			x->live->fw_digest = text;
		else
			phx_vec_push(o->arena, &x->live->fw_options, ((struct phx_kv){keep(o, key), text}));
	}
	if (x->live->fw_options.n)
		qsort(x->live->fw_options.v, x->live->fw_options.n, sizeof(struct phx_kv), by_key);
	return true;
}

static int by_position(const void *a, const void *b)
{
	int64_t x = ((const struct phx_live_rule *)a)->pos, y = ((const struct phx_live_rule *)b)->pos;

	return x < y ? -1 : x > y;
}

static void rule_text(struct observation *o, const json_t *item, const char *key, struct phx_str *out)
{
	if (!phx_observe_text(o, phx_json_get(item, key), out))
		*out = PHX_STR("");
}

static void parse_rule(struct observation *o, const json_t *item, struct phx_live_rule *r)
{
	r->pos = phx_json_int(item, "pos", 0);
	r->rule.enable = phx_json_int(item, "enable", 0) != 0;
	rule_text(o, item, "type", &r->rule.type);
	rule_text(o, item, "action", &r->rule.action);
	rule_text(o, item, "macro", &r->rule.macro);
	rule_text(o, item, "iface", &r->rule.iface);
	rule_text(o, item, "source", &r->rule.source);
	rule_text(o, item, "dest", &r->rule.dest);
	rule_text(o, item, "sport", &r->rule.sport);
	rule_text(o, item, "dport", &r->rule.dport);
	rule_text(o, item, "proto", &r->rule.proto);
	rule_text(o, item, "log", &r->rule.log);
	rule_text(o, item, "comment", &r->rule.comment);
	rule_text(o, item, "icmp-type", &r->rule.icmp_type);
}

bool phx_parse_fw_rules(struct observation *o, void *what, const json_t *data)
{
	struct observed *x = what;
	size_t i;
	json_t *item;

	if (!json_is_array(data))
		return phx_observe_bad(o, "/nodes/…/firewall/rules", "it is no list");
	json_array_foreach(data, i, item)
	{
		struct phx_live_rule r = {0};

		parse_rule(o, item, &r);
		phx_vec_push(o->arena, &x->live->fw_rules, r);
	}
	/* Every rule carries the digest of the whole list (589); that of an empty one is SHA-1 of nothing (579). */
	if (!phx_observe_text(o, phx_json_get(json_array_get(data, 0), "digest"), &x->live->fw_rules_digest))
		x->live->fw_rules_digest = PHX_STR("da39a3ee5e6b4b0d3255bfef95601890afd80709");
	if (x->live->fw_rules.n)
		qsort(x->live->fw_rules.v, x->live->fw_rules.n, sizeof(struct phx_live_rule), by_position);
	return true;
}
