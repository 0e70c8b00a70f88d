/* Rules, of guests, nodes, the cluster and security groups; and the groups themselves. */
#include <string.h>

#include "backend/sim/firewall.h"
#include "backend/sim/tables.h"

/* The list that the path names; NULL: an answer is set. */
static json_t *rules_of(struct sim_request *r)
{
	json_t *fw = sim_fw(r), *group;

	if (strstr(r->route->path, "/groups/") == NULL)
		return sim_fw_part(fw, "rules", true);
	group = json_object_get(sim_fw_part(fw, "groups", false), sim_p(r, "group"));
	if (group == NULL) {
		sim_fail(r, 500, "no such security group '%s'", sim_p(r, "group"));
		return NULL;
	}
	return sim_fw_part(group, "rules", true);
}

static json_t *as_shown(const json_t *rule)
{
	json_t *o = json_deep_copy(rule);
	int v = sim_fw_ipversion(sim_s(rule, "source"));

	if (v == 0)
		v = sim_fw_ipversion(sim_s(rule, "dest"));
	if (v != 0)
		sim_set_int(o, "ipversion", v);
	return o;
}

static json_t *shown(struct sim_request *r, const json_t *rules)
{
	json_t *out = json_array(), *rule;
	size_t i;

	json_array_foreach(rules, i, rule) json_array_append_new(out, as_shown(rule));
	return sim_fw_with_digest(&r->arena, out);
}

static const char *digest_of(struct sim_request *r, const json_t *rules)
{
	json_t *list = shown(r, rules);
	const char *d = sim_fw_digest(&r->arena, list);

	json_decref(list);
	return d;
}

static void list(struct sim_request *r)
{
	json_t *rules = rules_of(r), *out, *o;
	size_t i;

	if (rules == NULL)
		return;
	out = shown(r, rules);
	json_array_foreach(out, i, o) sim_set_int(o, "pos", (int64_t)i);
	sim_ok(r, out);
}

/* The rule at {pos}; NULL: a 500 is set. */
static json_t *rule_at(struct sim_request *r, json_t **out_rules)
{
	json_t *rules = rules_of(r), *rule;

	*out_rules = rules;
	if (rules == NULL)
		return NULL;
	rule = json_array_get(rules, (size_t)sim_pi(r, "pos", 0));
	if (rule == NULL)
		sim_fail(r, 500, "no rule at position %lld", (long long)sim_pi(r, "pos", 0));
	return rule;
}

static void get(struct sim_request *r)
{
	json_t *rules, *rule = rule_at(r, &rules), *o;

	if (rule == NULL)
		return;
	o = as_shown(rule);
	sim_set(o, "digest", digest_of(r, rules));
	sim_set(o, "pos", sim_fmt(&r->arena, "%lld", (long long)sim_pi(r, "pos", 0))); /* a text here (590) */
	sim_ok(r, o);
}

static bool macro_known(struct sim_request *r, const char *macro)
{
	const struct phx_str *names;
	uint32_t n = sim_tables_macros(r->sim, &names);

	for (uint32_t i = 0; i < n; i++)
		if (phx_str_eqc(sim_tables_lower(r->sim, i), sim_lower(&r->arena, macro)))
			return true;
	return false;
}

static bool rule_good(struct sim_request *r, const json_t *rule)
{
	static const char *const ports[] = {"dport", "sport"};
	const char *type = sim_so(rule, "type", ""), *action = sim_so(rule, "action", ""),
		   *macro = sim_s(rule, "macro");

	if (strcmp(type, "group") != 0 && strcmp(action, "ACCEPT") != 0 && strcmp(action, "DROP") != 0 &&
	    strcmp(action, "REJECT") != 0)
		sim_fail_param(r, "action", "unknown action '%s'", action);
	if (macro != NULL && !macro_known(r, macro))
		sim_fail_param(r, "macro", "unknown macro '%s'", macro);
	for (size_t i = 0; macro == NULL && i < PHX_COUNTOF(ports); i++) /* 599 */
		if (sim_s(rule, ports[i]) != NULL && sim_s(rule, "proto") == NULL)
			sim_fail_param(r, "proto", "missing property - '%s' requires this property",
				       ports[i]);
	return !sim_failed(r);
}

static void fill(struct sim_request *r, json_t *rule)
{
	static const char *const fields[] = {"type",    "action", "enable",   "macro", "iface",
					     "source",  "dest",   "proto",    "dport", "sport",
					     "comment", "log",    "icmp-type"};
	json_t *v;

	for (size_t i = 0; i < PHX_COUNTOF(fields); i++)
		if ((v = json_object_get(r->p, fields[i])) != NULL)
			json_object_set(rule, fields[i], v);
}

/* Always at the top: `pos` is ignored (587). */
static void add(struct sim_request *r)
{
	json_t *rules = rules_of(r), *rule = json_object();

	if (rules == NULL || !sim_digest_fits_text(r, digest_of(r, rules)))
		goto out;
	fill(r, rule);
	if (json_object_get(rule, "enable") == NULL)
		sim_set_int(rule, "enable", 0);
	if (!rule_good(r, rule))
		goto out;
	json_array_insert(rules, 0, rule);
	sim_fw_dirty(r);
	sim_ok(r, NULL);
out:
	json_decref(rule);
}

/* moveto=N: before the rule that is at N now (594). */
static void move(json_t *rules, size_t from, size_t to)
{
	json_t *rule = json_incref(json_array_get(rules, from));

	json_array_remove(rules, from);
	if (to > from)
		to--;
	if (to > json_array_size(rules))
		to = json_array_size(rules);
	json_array_insert_new(rules, to, rule);
}

static void update(struct sim_request *r)
{
	json_t *rules, *rule = rule_at(r, &rules), *changed;
	struct phx_str rest = phx_str_c(sim_p(r, "delete")), one;

	if (rule == NULL || !sim_digest_fits_text(r, digest_of(r, rules)))
		return;
	if (json_object_get(r->p, "moveto") != NULL) {
		move(rules, (size_t)sim_pi(r, "pos", 0), (size_t)sim_pi(r, "moveto", 0));
	} else {
		changed = json_deep_copy(rule);
		fill(r, changed);
		while (phx_str_cut(&rest, ',', &one))
			json_object_deln(changed, phx_str_trim(one).ptr, phx_str_trim(one).len);
		if (!rule_good(r, changed)) {
			json_decref(changed);
			return;
		}
		json_array_set_new(rules, (size_t)sim_pi(r, "pos", 0), changed);
	}
	sim_fw_dirty(r);
	sim_ok(r, NULL);
}

static void delete_(struct sim_request *r)
{
	json_t *rules = rules_of(r);

	if (rules == NULL || !sim_digest_fits_text(r, digest_of(r, rules)))
		return;
	if (json_array_remove(rules, (size_t)sim_pi(r, "pos", 0)) != 0) {
		sim_fail(r, 500, "no rule at position %lld", (long long)sim_pi(r, "pos", 0));
		return;
	}
	sim_fw_dirty(r);
	sim_ok(r, NULL);
}

/* ---- security groups ---- */

static void groups(struct sim_request *r)
{
	json_t *all = sim_fw_part(sim_fw(r), "groups", false), *out = json_array(), *g;
	const char *name;

	json_object_foreach(all, name, g)
	{
		json_t *o = json_pack("{s:s}", "group", name);

		if (sim_s(g, "comment") != NULL)
			sim_set(o, "comment", sim_s(g, "comment"));
		json_array_append_new(out, o);
	}
	sim_ok(r, sim_fw_with_digest(&r->arena, out));
}

static void group_add(struct sim_request *r)
{
	json_t *all = sim_fw_part(sim_fw(r), "groups", false), *g;
	const char *name = sim_p(r, "group"), *rename = sim_p(r, "rename");

	if (rename != NULL) {
		g = json_object_get(all, rename);
		if (g == NULL) {
			sim_fail_param(r, "rename", "security group '%s' does not exist", rename);
			return;
		}
		json_incref(g);
		json_object_del(all, rename);
		json_object_set_new(all, name, g);
	} else if (json_object_get(all, name) != NULL) {
		sim_fail_param(r, "group", "Security group '%s' already exists", name);
		return;
	} else {
		g = json_pack("{s:[]}", "rules");
		json_object_set_new(all, name, g);
	}
	if (sim_p(r, "comment") != NULL)
		sim_set(g, "comment", sim_p(r, "comment"));
	sim_fw_dirty(r);
	sim_ok(r, NULL);
}

static void group_delete(struct sim_request *r)
{
	json_t *all = sim_fw_part(sim_fw(r), "groups", false), *g = json_object_get(all, sim_p(r, "group"));

	if (g != NULL && json_array_size(json_object_get(g, "rules")) > 0) {
		sim_fail(r, 500, "Security group '%s' is not empty", sim_p(r, "group"));
		return;
	}
	json_object_del(all, sim_p(r, "group"));
	sim_fw_dirty(r);
	sim_ok(r, NULL);
}

#define RULES(base)                                                                                          \
	{"GET", base, list}, {"POST", base, add}, {"GET", base "/{pos}", get},                               \
		{"PUT", base "/{pos}", update},                                                              \
	{                                                                                                    \
		"DELETE", base "/{pos}", delete_                                                             \
	}

const struct sim_route sim_routes_firewall_rules[] = {
	RULES("/nodes/{node}/qemu/{vmid}/firewall/rules"),
	RULES("/nodes/{node}/lxc/{vmid}/firewall/rules"),
	RULES("/nodes/{node}/firewall/rules"),
	RULES("/cluster/firewall/rules"),
	RULES("/cluster/firewall/groups/{group}"),
	{"GET", "/cluster/firewall/groups", groups},
	{"POST", "/cluster/firewall/groups", group_add},
	{"DELETE", "/cluster/firewall/groups/{group}", group_delete},
	{0}};
