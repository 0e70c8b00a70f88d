/* /access: roles and access control lists. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"
#include "backend/sim/roles.h"

/* ---- roles ---- */

static void roles(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;

	for (size_t i = 0; phx_sim_roles[i].name != NULL; i++)
		json_array_append_new(
			out, json_pack("{s:s, s:s, s:i}", "roleid", phx_sim_roles[i].name, "privs",
				       phx_sim_role_privileges(r->sim, phx_sim_roles[i].name), "special", 1));
	json_object_foreach(phx_sim_all(r->sim, "role"), id, doc)
	{
		json_array_append_new(out, json_pack("{s:s, s:s, s:i}", "roleid", id, "privs",
						     phx_sim_so(doc, "privs", ""), "special", 0));
	}
	phx_sim_ok(r, out);
}

static void role_get(struct phx_sim_request *r)
{
	const char *privs = phx_sim_role_privileges(r->sim, phx_sim_p(r, "roleid"));
	struct phx_str rest = phx_str_c(privs), one;
	json_t *out;

	if (privs == NULL) {
		phx_sim_fail(r, 500, "role '%s' does not exist", phx_sim_p(r, "roleid"));
		return;
	}
	out = json_object();
	while (phx_str_cut(&rest, ',', &one))
		if (one.len > 0)
			json_object_setn_new(out, one.ptr, one.len, json_integer(1));
	phx_sim_ok(r, out);
}

static void role_add(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "roleid");

	if (phx_sim_role_privileges(r->sim, id) != NULL) {
		phx_sim_fail(r, 500, "create role failed: role '%s' already exists", id);
		return;
	}
	phx_sim_put(r->sim, "role", id,
		    json_pack("{s:s}", "privs", phx_sim_p(r, "privs") != NULL ? phx_sim_p(r, "privs") : ""));
	phx_sim_ok(r, NULL);
}

static void role_put(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "role", phx_sim_p(r, "roleid"));
	const char *privs = phx_sim_p(r, "privs") != NULL ? phx_sim_p(r, "privs") : "";

	if (doc == NULL) {
		phx_sim_fail(r, 500,
			     phx_sim_role_privileges(r->sim, phx_sim_p(r, "roleid")) != NULL
				     ? "update role failed: auto-generated role '%s' cannot be modified"
				     : "update role failed: role '%s' does not exist",
			     phx_sim_p(r, "roleid"));
		return;
	}
	if (phx_sim_pb(r, "append", false))
		privs = phx_sim_fmt(&r->arena, "%s,%s", phx_sim_so(doc, "privs", ""), privs);
	phx_sim_set(doc, "privs", privs);
	phx_sim_dirty(r->sim, "role", phx_sim_p(r, "roleid"));
	phx_sim_ok(r, NULL);
}

static void role_delete(struct phx_sim_request *r)
{
	if (phx_sim_get(r->sim, "role", phx_sim_p(r, "roleid")) == NULL) {
		phx_sim_fail(r, 500, "delete role failed: role '%s' does not exist", phx_sim_p(r, "roleid"));
		return;
	}
	phx_sim_del(r->sim, "role", phx_sim_p(r, "roleid"));
	phx_sim_ok(r, NULL);
}

/* ---- ACL ---- */

/* Of the whole list, or of what the asker may change. */
static void acl(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	bool audit = phx_sim_may(r, "/access", "Sys.Audit");
	const char *id;

	json_object_foreach(phx_sim_all(r->sim, "acl"), id, doc)
	{
		const char *path = phx_sim_so(doc, "path", "");

		if (!audit && !phx_sim_may(r, path, "Permissions.Modify"))
			continue;
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s, s:i}", "path", path, "type",
						     phx_sim_so(doc, "type", ""), "ugid",
						     phx_sim_so(doc, "ugid", ""), "roleid",
						     phx_sim_so(doc, "roleid", ""), "propagate",
						     phx_sim_truth(json_object_get(doc, "propagate"))));
	}
	phx_sim_ok(r, out);
}

bool phx_sim_path_valid(const char *path)
{
	return phx_sim_regex(
		"^/(access(/(groups|realm)(/[^/]+)?)?|nodes(/[^/]+)?|pool(/.+)?|sdn(/.*)?|storage(/"
		"[^/]+)?|vms(/[0-9]+)?|mapping(/.*)?)?$",
		path);
}

static void remove_line(struct phx_sim_request *r, const char *type, const char *who, const char *role)
{
	const char *id;
	json_t *doc;
	void *tmp;

	json_object_foreach_safe(phx_sim_all(r->sim, "acl"), tmp, id, doc)
	{
		if (strcmp(phx_sim_so(doc, "path", ""), phx_sim_p(r, "path")) == 0 &&
		    strcmp(phx_sim_so(doc, "type", ""), type) == 0 &&
		    strcmp(phx_sim_so(doc, "ugid", ""), who) == 0 &&
		    strcmp(phx_sim_so(doc, "roleid", ""), role) == 0)
			phx_sim_del(r->sim, "acl", phx_sim_fmt(&r->arena, "%s", id));
	}
}

static void acl_line(struct phx_sim_request *r, const char *type, const char *who, const char *role)
{
	remove_line(r, type, who, role);
	if (phx_sim_pb(r, "delete", false))
		return;
	phx_sim_put(r->sim, "acl",
		    phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_meta_count(r->sim, "acl", 1)),
		    json_pack("{s:s, s:s, s:s, s:s, s:b}", "path", phx_sim_p(r, "path"), "type", type, "ugid",
			      who, "roleid", role, "propagate", phx_sim_pb(r, "propagate", true)));
}

static bool known(struct phx_sim_request *r, const char *type, const char *who)
{
	if (phx_sim_get(r->sim, type, who) != NULL)
		return true;
	if (strcmp(type, "token") == 0)
		phx_sim_fail(r, 500, "ACL update failed: no such token '%s'", who);
	else
		phx_sim_fail(r, 500, "ACL update failed: %s '%s' does not exist", type, who);
	return false;
}

/* Every role with everybody named: looked at, or done. False: somebody does not exist, a 500 is set. */
static bool acl_each(struct phx_sim_request *r, bool act)
{
	static const struct {
		const char *type, *param;
	} kinds[] = {{"user", "users"}, {"group", "groups"}, {"token", "tokens"}};
	struct phx_str roles_left = phx_str_c(phx_sim_p(r, "roles")), role, left, who;

	while (phx_str_cut(&roles_left, ',', &role)) {
		const char *role_c = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(phx_str_trim(role)));

		if (phx_sim_role_privileges(r->sim, role_c) == NULL) {
			phx_sim_fail(r, 500, "ACL update failed: role '%s' does not exist", role_c);
			return false;
		}
		for (size_t i = 0; i < PHX_COUNTOF(kinds); i++)
			for (left = phx_str_c(phx_sim_p(r, kinds[i].param)); phx_str_cut(&left, ',', &who);) {
				const char *who_c =
					phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(phx_str_trim(who)));

				if (act)
					acl_line(r, kinds[i].type, who_c, role_c);
				else if (!known(r, kinds[i].type, who_c))
					return false;
			}
	}
	return true;
}

static void acl_put(struct phx_sim_request *r)
{
	if (!phx_sim_path_valid(phx_sim_p(r, "path"))) {
		phx_sim_fail_param(r, "path", "invalid ACL path '%s'", phx_sim_p(r, "path"));
		return;
	}
	if (!acl_each(r, false)) /* all of it, or nothing */
		return;
	(void)(acl_each(r, true) || true);
	phx_sim_ok(r, NULL);
}

const struct phx_sim_route phx_sim_routes_acl[] = {{"GET", "/access/roles", roles},
						   {"POST", "/access/roles", role_add},
						   {"GET", "/access/roles/{roleid}", role_get},
						   {"PUT", "/access/roles/{roleid}", role_put},
						   {"DELETE", "/access/roles/{roleid}", role_delete},
						   {"GET", "/access/acl", acl},
						   {"PUT", "/access/acl", acl_put},
						   {0}};
