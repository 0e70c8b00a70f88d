/* Rules, of guests, nodes, the cluster and security groups; and the groups themselves. */
#include <string.h>

#include "backend/sim/firewall.h"
#include "backend/sim/tables.h"

/* The list that the path names; NULL: an answer is set. */
static json_t *rules_of(struct phx_sim_request *r)
{
	json_t *fw = phx_sim_fw(r), *group;

	if (strstr(r->route->path, "/groups/") == NULL)
		return phx_sim_fw_part(fw, "rules", true);
	group = json_object_get(phx_sim_fw_part(fw, "groups", false), phx_sim_p(r, "group"));
	if (group == NULL) {
		phx_sim_fail(r, 500, "no such security group '%s'", phx_sim_p(r, "group"));
		return NULL;
	}
	return phx_sim_fw_part(group, "rules", true);
}

static json_t *as_shown(const json_t *rule)
{
	json_t *o = json_deep_copy(rule);
	int v = phx_sim_fw_ipversion(phx_sim_s(rule, "source"));

	if (v == 0)
		v = phx_sim_fw_ipversion(phx_sim_s(rule, "dest"));
	if (v != 0)
		phx_sim_set_int(o, "ipversion", v);
	return o;
}

static json_t *shown(struct phx_sim_request *r, const json_t *rules)
{
	json_t *out = json_array(), *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		json_array_append_new(out, as_shown(rule));
	}
	return phx_sim_fw_with_digest(&r->arena, out);
}

static const char *digest_of(struct phx_sim_request *r, const json_t *rules)
{
	json_t *list = shown(r, rules);
	const char *d = phx_sim_fw_digest(&r->arena, list);

	json_decref(list);
	return d;
}

static void list(struct phx_sim_request *r)
{
	json_t *rules = rules_of(r), *out, *o;
	size_t i;

	if (rules == NULL)
		return;
	out = shown(r, rules);
	json_array_foreach(out, i, o)
	{
		phx_sim_set_int(o, "pos", (int64_t)i);
	}
	phx_sim_ok(r, out);
}

/* The rule at {pos}; NULL: a 500 is set. */
static json_t *rule_at(struct phx_sim_request *r, json_t **out_rules)
{
	json_t *rules = rules_of(r), *rule;

	*out_rules = rules;
	if (rules == NULL)
		return NULL;
	rule = json_array_get(rules, (size_t)phx_sim_pi(r, "pos", 0));
	if (rule == NULL)
		phx_sim_fail(r, 500, "no rule at position %lld", (long long)phx_sim_pi(r, "pos", 0));
	return rule;
}

static void get(struct phx_sim_request *r)
{
	json_t *rules, *rule = rule_at(r, &rules), *o;

	if (rule == NULL)
		return;
	o = as_shown(rule);
	phx_sim_set(o, "digest", digest_of(r, rules));
	phx_sim_set(
		o, "pos",
		phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_pi(r, "pos", 0))); /* a text here (590) */
	phx_sim_ok(r, o);
}

static bool macro_known(struct phx_sim_request *r, const char *macro)
{
	const struct phx_str *names;
	uint32_t n = phx_sim_tables_macros(r->sim, &names);

	for (uint32_t i = 0; i < n; i++)
		if (phx_str_eqc(phx_sim_tables_lower(r->sim, i), phx_sim_lower(&r->arena, macro)))
			return true;
	return false;
}

static bool rule_good(struct phx_sim_request *r, const json_t *rule)
{
	static const char *const ports[] = {"dport", "sport"};
	const char *type = phx_sim_so(rule, "type", ""), *action = phx_sim_so(rule, "action", ""),
		   *macro = phx_sim_s(rule, "macro");

	if (strcmp(type, "group") != 0 && strcmp(action, "ACCEPT") != 0 && strcmp(action, "DROP") != 0 &&
	    strcmp(action, "REJECT") != 0)
		phx_sim_fail_param(r, "action", "unknown action '%s'", action);
	if (macro != NULL && !macro_known(r, macro))
		phx_sim_fail_param(r, "macro", "unknown macro '%s'", macro);
	for (size_t i = 0; macro == NULL && i < PHX_COUNTOF(ports); i++) /* 599 */
		if (phx_sim_s(rule, ports[i]) != NULL && phx_sim_s(rule, "proto") == NULL)
			phx_sim_fail_param(r, "proto", "missing property - '%s' requires this property",
					   ports[i]);
	return !phx_sim_failed(r);
}

static void fill(struct phx_sim_request *r, json_t *rule)
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
static void add(struct phx_sim_request *r)
{
	json_t *rules = rules_of(r), *rule = json_object();

	if (rules == NULL || !phx_sim_digest_fits_text(r, digest_of(r, rules)))
		goto out;
	fill(r, rule);
	if (json_object_get(rule, "enable") == NULL)
		phx_sim_set_int(rule, "enable", 0);
	if (!rule_good(r, rule))
		goto out;
	json_array_insert(rules, 0, rule);
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
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

static void update(struct phx_sim_request *r)
{
	json_t *rules, *rule = rule_at(r, &rules), *changed;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;

	if (rule == NULL || !phx_sim_digest_fits_text(r, digest_of(r, rules)))
		return;
	if (json_object_get(r->p, "moveto") != NULL) {
		move(rules, (size_t)phx_sim_pi(r, "pos", 0), (size_t)phx_sim_pi(r, "moveto", 0));
	} else {
		changed = json_deep_copy(rule);
		fill(r, changed);
		while (phx_str_cut(&rest, ',', &one))
			json_object_deln(changed, phx_str_trim(one).ptr, phx_str_trim(one).len);
		if (!rule_good(r, changed)) {
			json_decref(changed);
			return;
		}
		json_array_set_new(rules, (size_t)phx_sim_pi(r, "pos", 0), changed);
	}
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void delete_(struct phx_sim_request *r)
{
	json_t *rules = rules_of(r);

	if (rules == NULL || !phx_sim_digest_fits_text(r, digest_of(r, rules)))
		return;
	if (json_array_remove(rules, (size_t)phx_sim_pi(r, "pos", 0)) != 0) {
		phx_sim_fail(r, 500, "no rule at position %lld", (long long)phx_sim_pi(r, "pos", 0));
		return;
	}
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

/* ---- security groups ---- */

static void groups(struct phx_sim_request *r)
{
	json_t *all = phx_sim_fw_part(phx_sim_fw(r), "groups", false), *out = json_array(), *g;
	const char *name;

	json_object_foreach(all, name, g)
	{
		json_t *o = json_pack("{s:s}", "group", name);

		if (phx_sim_s(g, "comment") != NULL)
			phx_sim_set(o, "comment", phx_sim_s(g, "comment"));
		json_array_append_new(out, o);
	}
	phx_sim_ok(r, phx_sim_fw_with_digest(&r->arena, out));
}

static void group_add(struct phx_sim_request *r)
{
	json_t *all = phx_sim_fw_part(phx_sim_fw(r), "groups", false), *g;
	const char *name = phx_sim_p(r, "group"), *rename = phx_sim_p(r, "rename");

	if (rename != NULL) {
		g = json_object_get(all, rename);
		if (g == NULL) {
			phx_sim_fail_param(r, "rename", "security group '%s' does not exist", rename);
			return;
		}
		json_incref(g);
		json_object_del(all, rename);
		json_object_set_new(all, name, g);
	} else if (json_object_get(all, name) != NULL) {
		phx_sim_fail_param(r, "group", "Security group '%s' already exists", name);
		return;
	} else {
		g = json_pack("{s:[]}", "rules");
		json_object_set_new(all, name, g);
	}
	if (phx_sim_p(r, "comment") != NULL)
		phx_sim_set(g, "comment", phx_sim_p(r, "comment"));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void group_delete(struct phx_sim_request *r)
{
	json_t *all = phx_sim_fw_part(phx_sim_fw(r), "groups", false),
	       *g = json_object_get(all, phx_sim_p(r, "group"));

	if (g != NULL && json_array_size(json_object_get(g, "rules")) > 0) {
		phx_sim_fail(r, 500, "Security group '%s' is not empty", phx_sim_p(r, "group"));
		return;
	}
	json_object_del(all, phx_sim_p(r, "group"));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

#define RULES(base)                                                                                          \
	{"GET", base, list}, {"POST", base, add}, {"GET", base "/{pos}", get},                               \
		{"PUT", base "/{pos}", update},                                                              \
	{                                                                                                    \
		"DELETE", base "/{pos}", delete_                                                             \
	}

const struct phx_sim_route phx_sim_routes_firewall_rules[] = {
	RULES("/nodes/{node}/qemu/{vmid}/firewall/rules"),
	RULES("/nodes/{node}/lxc/{vmid}/firewall/rules"),
	RULES("/nodes/{node}/firewall/rules"),
	RULES("/cluster/firewall/rules"),
	RULES("/cluster/firewall/groups/{group}"),
	{"GET", "/cluster/firewall/groups", groups},
	{"POST", "/cluster/firewall/groups", group_add},
	{"DELETE", "/cluster/firewall/groups/{group}", group_delete},
	{0}};
