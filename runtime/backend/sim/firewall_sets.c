/* Aliases and IP sets. */
#include <string.h>

#include "backend/sim/firewall.h"

/* ---- aliases: kept by lower-case name, shown as written ---- */

static json_t *aliases_of(struct phx_sim_request *r)
{
	return phx_sim_fw_part(phx_sim_fw(r), "aliases", false);
}

static json_t *alias_shown(const json_t *a)
{
	json_t *o = json_deep_copy(a);

	if (phx_sim_fw_ipversion(phx_sim_s(a, "cidr")) != 0)
		phx_sim_set_int(o, "ipversion", phx_sim_fw_ipversion(phx_sim_s(a, "cidr")));
	return o;
}

static json_t *aliases_shown(struct phx_sim_request *r)
{
	json_t *out = json_array(), *a;
	const char *name;

	json_object_foreach(aliases_of(r), name, a)
	{
		json_array_append_new(out, alias_shown(a));
	}
	return phx_sim_fw_with_digest(&r->arena, out);
}

static const char *aliases_digest(struct phx_sim_request *r)
{
	json_t *list = aliases_shown(r);
	const char *d = phx_sim_fw_digest(&r->arena, list);

	json_decref(list);
	return d;
}

static void aliases(struct phx_sim_request *r)
{
	phx_sim_ok(r, aliases_shown(r));
}

static void alias_add(struct phx_sim_request *r)
{
	const char *name = phx_sim_p(r, "name"), *low = phx_sim_lower(&r->arena, name);

	if (json_object_get(aliases_of(r), low) != NULL) {
		phx_sim_fail_param(r, "name", "alias '%s' already exists", low);
		return;
	}
	json_object_set_new(aliases_of(r), low,
			    json_pack("{s:s, s:s, s:s*}", "name", name, "cidr", phx_sim_p(r, "cidr"),
				      "comment", phx_sim_p(r, "comment")));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static json_t *alias_of(struct phx_sim_request *r)
{
	json_t *a = json_object_get(aliases_of(r), phx_sim_lower(&r->arena, phx_sim_p(r, "name")));

	if (a == NULL)
		phx_sim_fail_param(r, "name", "no such alias");
	return a;
}

static void alias_get(struct phx_sim_request *r)
{
	json_t *a = alias_of(r), *o;

	if (a == NULL)
		return;
	o = alias_shown(a);
	phx_sim_set(o, "digest", phx_sim_fw_digest(&r->arena, o));
	phx_sim_ok(r, o);
}

static void alias_put(struct phx_sim_request *r)
{
	const char *name = phx_sim_p(r, "name"), *rename = phx_sim_p(r, "rename");

	if (alias_of(r) == NULL || !phx_sim_digest_fits_text(r, aliases_digest(r)))
		return;
	json_object_del(aliases_of(r), phx_sim_lower(&r->arena, name));
	name = rename != NULL ? rename : name;
	json_object_set_new(aliases_of(r), phx_sim_lower(&r->arena, name),
			    json_pack("{s:s, s:s, s:s*}", "name", name, "cidr", phx_sim_p(r, "cidr"),
				      "comment", phx_sim_p(r, "comment")));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void alias_delete(struct phx_sim_request *r)
{
	if (!phx_sim_digest_fits_text(r, aliases_digest(r)))
		return;
	json_object_del(aliases_of(r), phx_sim_lower(&r->arena, phx_sim_p(r, "name")));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

/* ---- sets ---- */

static json_t *sets_of(struct phx_sim_request *r)
{
	return phx_sim_fw_part(phx_sim_fw(r), "ipset", false);
}

static json_t *set_of(struct phx_sim_request *r)
{
	json_t *set = json_object_get(sets_of(r), phx_sim_p(r, "name"));

	if (set == NULL)
		phx_sim_fail(r, 500, "no such IPSet '%s'", phx_sim_p(r, "name"));
	return set;
}

static void sets(struct phx_sim_request *r)
{
	json_t *out = json_array(), *s;
	const char *name;

	json_object_foreach(sets_of(r), name, s)
	{
		json_array_append_new(
			out, json_pack("{s:s, s:s*}", "name", name, "comment", phx_sim_s(s, "comment")));
	}
	phx_sim_ok(r, phx_sim_fw_with_digest(&r->arena, out));
}

static void set_add(struct phx_sim_request *r)
{
	const char *name = phx_sim_p(r, "name"), *rename = phx_sim_p(r, "rename");
	json_t *all = sets_of(r), *set;

	if (rename != NULL) {
		set = json_object_get(all, rename);
		if (set == NULL) {
			phx_sim_fail_param(r, "name", "IPSet '%s' does not exist", rename);
			return;
		}
		json_incref(set);
		json_object_del(all, rename);
		json_object_set_new(all, name, set);
	} else if (json_object_get(all, name) != NULL) {
		phx_sim_fail_param(r, "name", "IPSet '%s' already exists", name);
		return;
	} else {
		set = json_pack("{s:[]}", "entries");
		json_object_set_new(all, name, set);
	}
	if (phx_sim_p(r, "comment") != NULL)
		phx_sim_set(set, "comment", phx_sim_p(r, "comment"));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void set_delete(struct phx_sim_request *r)
{
	json_t *set = json_object_get(sets_of(r), phx_sim_p(r, "name"));

	if (set != NULL && json_array_size(json_object_get(set, "entries")) > 0 &&
	    !phx_sim_pb(r, "force", false)) {
		phx_sim_fail(r, 500, "IPSet '%s' is not empty", phx_sim_p(r, "name"));
		return;
	}
	json_object_del(sets_of(r), phx_sim_p(r, "name"));
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void entries(struct phx_sim_request *r)
{
	json_t *set = set_of(r);

	if (set != NULL)
		phx_sim_ok(r, phx_sim_fw_with_digest(&r->arena,
						     json_deep_copy(json_object_get(set, "entries"))));
}

static json_t *entry_of(json_t *set, const char *cidr, size_t *out_index)
{
	json_t *e;
	size_t i;

	json_array_foreach(json_object_get(set, "entries"), i, e)
	{
		if (strcmp(phx_sim_so(e, "cidr", ""), cidr) == 0) {
			*out_index = i;
			return e;
		}
	}
	return NULL;
}

static void entry_add(struct phx_sim_request *r)
{
	json_t *set = set_of(r), *e;
	const char *cidr = phx_sim_p(r, "cidr"), *slash;
	size_t at;

	if (set == NULL)
		return;
	if (phx_sim_fw_ipversion(cidr) == 0 && !phx_sim_fw_alias_exists(r, phx_sim_fw(r), cidr)) {
		slash = strchr(cidr, '/');
		phx_sim_fail(r, 500, "no such alias '%s'",
			     phx_sim_lower(&r->arena, slash != NULL ? slash + 1 : cidr));
		return;
	}
	if (entry_of(set, cidr, &at) != NULL) {
		phx_sim_fail_param(r, "cidr", "address '%s' already exists", cidr);
		return;
	}
	e = json_pack("{s:s, s:s*}", "cidr", cidr, "comment", phx_sim_p(r, "comment"));
	if (phx_sim_pb(r, "nomatch", false))
		phx_sim_set_int(e, "nomatch", 1);
	json_array_insert_new(json_object_get(set, "entries"), 0, e);
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void entry_get(struct phx_sim_request *r)
{
	json_t *set = set_of(r), *e;
	size_t at;

	if (set == NULL)
		return;
	e = entry_of(set, phx_sim_p(r, "cidr"), &at);
	if (e == NULL)
		phx_sim_fail_param(r, "cidr", "no such IP/Network");
	else
		phx_sim_ok(r, json_deep_copy(e));
}

static void entry_put(struct phx_sim_request *r)
{
	json_t *set = set_of(r), *e;
	size_t at;

	if (set == NULL)
		return;
	e = entry_of(set, phx_sim_p(r, "cidr"), &at);
	if (e == NULL) {
		phx_sim_fail_param(r, "cidr", "no such IP/Network");
		return;
	}
	phx_sim_set(e, "comment", phx_sim_p(r, "comment"));
	if (phx_sim_pb(r, "nomatch", false))
		phx_sim_set_int(e, "nomatch", 1);
	else
		json_object_del(e, "nomatch");
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void entry_delete(struct phx_sim_request *r)
{
	json_t *set = set_of(r);
	size_t at;

	if (set == NULL)
		return;
	if (entry_of(set, phx_sim_p(r, "cidr"), &at) != NULL)
		json_array_remove(json_object_get(set, "entries"), at);
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

#define SETS(base)                                                                                           \
	{"GET", base "/aliases", aliases}, {"POST", base "/aliases", alias_add},                             \
		{"GET", base "/aliases/{name}", alias_get}, {"PUT", base "/aliases/{name}", alias_put},      \
		{"DELETE", base "/aliases/{name}", alias_delete}, {"GET", base "/ipset", sets},              \
		{"POST", base "/ipset", set_add}, {"GET", base "/ipset/{name}", entries},                    \
		{"POST", base "/ipset/{name}", entry_add}, {"DELETE", base "/ipset/{name}", set_delete},     \
		{"GET", base "/ipset/{name}/{cidr}", entry_get},                                             \
		{"PUT", base "/ipset/{name}/{cidr}", entry_put},                                             \
	{                                                                                                    \
		"DELETE", base "/ipset/{name}/{cidr}", entry_delete                                          \
	}

const struct phx_sim_route phx_sim_routes_firewall_sets[] = {SETS("/nodes/{node}/qemu/{vmid}/firewall"),
							     SETS("/nodes/{node}/lxc/{vmid}/firewall"),
							     SETS("/cluster/firewall"),
							     {0}};
