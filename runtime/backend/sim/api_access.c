/* /access: users, tokens, roles, ACL, realms. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"
#include "backend/sim/roles.h"

static bool user_id_good(struct sim_request *r, const char *user)
{
	if (strchr(user, '@') != NULL)
		return true;
	sim_fail(r, 500, "value '%s' does not look like a valid user name", user);
	return false;
}

/* ---- users ---- */

static json_t *user_shown(const char *id, const json_t *doc)
{
	static const char *const fields[] = {"comment", "email", "firstname", "lastname", "keys"};
	json_t *o = json_pack("{s:s, s:i, s:I}", "userid", id, "enable",
			      sim_truth(json_object_get(doc, "enable")), "expire",
			      (json_int_t)phx_json_int(doc, "expire", 0));
	const char *realm = strrchr(id, '@');

	for (size_t i = 0; i < PHX_COUNTOF(fields); i++)
		if (sim_s(doc, fields[i]) != NULL)
			sim_set(o, fields[i], sim_s(doc, fields[i]));
	sim_set(o, "realm-type", realm != NULL ? realm + 1 : "pam");
	return o;
}

static void users(struct sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;
	bool all = sim_may(r, "/access/groups", "User.Modify") || sim_may(r, "/access/groups", "Sys.Audit");

	json_object_foreach(sim_all(r->sim, "user"), id, doc) if (all || strcmp(id, r->who.user) == 0)
		json_array_append_new(out, user_shown(id, doc));
	sim_ok(r, out);
}

static void user_fields(struct sim_request *r, json_t *doc)
{
	static const char *const fields[] = {"comment", "email",    "firstname", "lastname",
					     "keys",    "password", "enable",    "expire"};
	struct phx_str rest = phx_str_c(sim_p(r, "groups")), one;
	json_t *groups, *v;

	for (size_t i = 0; i < PHX_COUNTOF(fields); i++)
		if ((v = json_object_get(r->p, fields[i])) != NULL)
			json_object_set(doc, fields[i], v);
	if (sim_p(r, "groups") == NULL)
		return;
	groups = json_array();
	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_trim(one).len > 0)
			json_array_append_new(groups,
					      json_stringn(phx_str_trim(one).ptr, phx_str_trim(one).len));
	json_object_set_new(doc, "groups", groups);
}

static void user_add(struct sim_request *r)
{
	const char *id = sim_p(r, "userid");
	json_t *doc;

	if (!user_id_good(r, id))
		return;
	if (sim_get(r->sim, "user", id) != NULL) {
		sim_fail(r, 500, "create user failed: user '%s' already exists", id);
		return;
	}
	doc = json_pack("{s:i, s:i}", "enable", 1, "expire", 0);
	user_fields(r, doc);
	sim_put(r->sim, "user", id, doc);
	sim_ok(r, NULL);
}

static json_t *user_of(struct sim_request *r)
{
	json_t *doc = sim_get(r->sim, "user", sim_p(r, "userid"));

	if (doc == NULL)
		sim_fail(r, 500, "no such user ('%s')", sim_p(r, "userid"));
	return doc;
}

static void user_get(struct sim_request *r)
{
	json_t *doc = user_of(r), *o;

	if (doc == NULL)
		return;
	o = user_shown(sim_p(r, "userid"), doc);
	json_object_del(o, "userid");
	json_object_del(o, "realm-type");
	json_object_set_new(o, "groups",
			    json_object_get(doc, "groups") != NULL
				    ? json_deep_copy(json_object_get(doc, "groups"))
				    : json_array());
	sim_ok(r, o);
}

static void user_put(struct sim_request *r)
{
	json_t *doc = user_of(r);

	if (doc == NULL)
		return;
	user_fields(r, doc);
	sim_dirty(r->sim, "user", sim_p(r, "userid"));
	sim_ok(r, NULL);
}

/* Whose entries go with a user: tokens and ACL lines. */
static void forget(struct phx_sim *s, const char *kind, const char *user)
{
	const char *id;
	size_t n = strlen(user);
	json_t *doc;
	void *tmp;

	json_object_foreach_safe(sim_all(s, kind), tmp, id, doc)
	{
		const char *who = strcmp(kind, "acl") == 0 ? sim_so(doc, "ugid", "") : id;

		if (strncmp(who, user, n) == 0 && (who[n] == 0 || who[n] == '!')) {
			char *copy = strdup(id);

			sim_del(s, kind, copy);
			free(copy);
		}
	}
}

static void user_delete(struct sim_request *r)
{
	if (user_of(r) == NULL)
		return;
	forget(r->sim, "token", sim_p(r, "userid"));
	forget(r->sim, "acl", sim_p(r, "userid"));
	sim_del(r->sim, "user", sim_p(r, "userid"));
	sim_ok(r, NULL);
}

/* ---- tokens ---- */

static const char *full_id(struct sim_request *r)
{
	return sim_fmt(&r->arena, "%s!%s", sim_p(r, "userid"), sim_p(r, "tokenid"));
}

static json_t *token_shown(const json_t *doc)
{
	json_t *o = json_pack("{s:I, s:i}", "expire", (json_int_t)phx_json_int(doc, "expire", 0), "privsep",
			      sim_truth(json_object_get(doc, "privsep")));

	if (sim_s(doc, "comment") != NULL)
		sim_set(o, "comment", sim_s(doc, "comment"));
	return o;
}

static void tokens(struct sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id, *prefix = sim_fmt(&r->arena, "%s!", sim_p(r, "userid"));

	json_object_foreach(sim_all(r->sim, "token"), id, doc) if (sim_starts(id, prefix))
	{
		json_t *o = token_shown(doc);

		sim_set(o, "tokenid", id + strlen(prefix));
		json_array_append_new(out, o);
	}
	sim_ok(r, out);
}

static void token_get(struct sim_request *r)
{
	json_t *doc = sim_get(r->sim, "token", full_id(r));

	if (doc == NULL)
		sim_fail(r, 500, "no such token '%s' for user '%s'", sim_p(r, "tokenid"), sim_p(r, "userid"));
	else
		sim_ok(r, token_shown(doc));
}

static void token_add(struct sim_request *r)
{
	const char *secret = sim_random_secret(&r->arena);
	json_t *info;

	if (user_of(r) == NULL)
		return;
	if (sim_get(r->sim, "token", full_id(r)) != NULL) {
		sim_fail_param(r, "tokenid", "Token already exists.");
		return;
	}
	sim_put(r->sim, "token", full_id(r),
		json_pack("{s:s, s:b, s:I, s:s*}", "secret", secret, "privsep", sim_pb(r, "privsep", true),
			  "expire", (json_int_t)sim_pi(r, "expire", 0), "comment", sim_p(r, "comment")));
	/* privsep is a text in this one answer (710). */
	info = json_pack("{s:s, s:s*}", "privsep", sim_pb(r, "privsep", true) ? "1" : "0", "comment",
			 sim_p(r, "comment"));
	sim_ok(r, json_pack("{s:s, s:o, s:s}", "full-tokenid", full_id(r), "info", info, "value", secret));
}

static void token_put(struct sim_request *r)
{
	json_t *doc = sim_get(r->sim, "token", full_id(r));

	if (doc == NULL) {
		sim_fail(r, 500, "no such token '%s' for user '%s'", sim_p(r, "tokenid"), sim_p(r, "userid"));
		return;
	}
	if (json_object_get(r->p, "privsep") != NULL)
		sim_set_int(doc, "privsep", sim_pb(r, "privsep", true));
	if (sim_p(r, "comment") != NULL)
		sim_set(doc, "comment", sim_p(r, "comment"));
	sim_dirty(r->sim, "token", full_id(r));
	sim_ok(r, token_shown(doc));
}

static void token_delete(struct sim_request *r)
{
	if (sim_get(r->sim, "token", full_id(r)) == NULL) {
		sim_fail(r, 500, "no such token '%s' for user '%s'", sim_p(r, "tokenid"), sim_p(r, "userid"));
		return;
	}
	sim_del(r->sim, "token", full_id(r));
	sim_ok(r, NULL);
}

/* ---- roles ---- */

static void roles(struct sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;

	for (size_t i = 0; sim_roles[i].name != NULL; i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:i}", "roleid", sim_roles[i].name, "privs",
						     sim_role_privileges(r->sim, sim_roles[i].name),
						     "special", 1));
	json_object_foreach(sim_all(r->sim, "role"), id, doc)
		json_array_append_new(out, json_pack("{s:s, s:s, s:i}", "roleid", id, "privs",
						     sim_so(doc, "privs", ""), "special", 0));
	sim_ok(r, out);
}

static void role_get(struct sim_request *r)
{
	const char *privs = sim_role_privileges(r->sim, sim_p(r, "roleid"));
	struct phx_str rest = phx_str_c(privs), one;
	json_t *out;

	if (privs == NULL) {
		sim_fail(r, 500, "role '%s' does not exist", sim_p(r, "roleid"));
		return;
	}
	out = json_object();
	while (phx_str_cut(&rest, ',', &one))
		if (one.len > 0)
			json_object_setn_new(out, one.ptr, one.len, json_integer(1));
	sim_ok(r, out);
}

static void role_add(struct sim_request *r)
{
	const char *id = sim_p(r, "roleid");

	if (sim_role_privileges(r->sim, id) != NULL) {
		sim_fail(r, 500, "create role failed: role '%s' already exists", id);
		return;
	}
	sim_put(r->sim, "role", id,
		json_pack("{s:s}", "privs", sim_p(r, "privs") != NULL ? sim_p(r, "privs") : ""));
	sim_ok(r, NULL);
}

static void role_put(struct sim_request *r)
{
	json_t *doc = sim_get(r->sim, "role", sim_p(r, "roleid"));
	const char *privs = sim_p(r, "privs") != NULL ? sim_p(r, "privs") : "";

	if (doc == NULL) {
		sim_fail(r, 500, "update role failed: role '%s' does not exist", sim_p(r, "roleid"));
		return;
	}
	if (sim_pb(r, "append", false))
		privs = sim_fmt(&r->arena, "%s,%s", sim_so(doc, "privs", ""), privs);
	sim_set(doc, "privs", privs);
	sim_dirty(r->sim, "role", sim_p(r, "roleid"));
	sim_ok(r, NULL);
}

static void role_delete(struct sim_request *r)
{
	if (sim_get(r->sim, "role", sim_p(r, "roleid")) == NULL) {
		sim_fail(r, 500, "delete role failed: role '%s' does not exist", sim_p(r, "roleid"));
		return;
	}
	sim_del(r->sim, "role", sim_p(r, "roleid"));
	sim_ok(r, NULL);
}

/* ---- ACL ---- */

static void acl(struct sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;

	json_object_foreach(sim_all(r->sim, "acl"), id, doc) json_array_append_new(
		out, json_pack("{s:s, s:s, s:s, s:s, s:i}", "path", sim_so(doc, "path", ""), "type",
			       sim_so(doc, "type", ""), "ugid", sim_so(doc, "ugid", ""), "roleid",
			       sim_so(doc, "roleid", ""), "propagate",
			       sim_truth(json_object_get(doc, "propagate"))));
	sim_ok(r, out);
}

bool sim_path_valid(const char *path)
{
	return sim_regex("^/(access(/(groups|realm)(/[^/]+)?)?|nodes(/[^/]+)?|pool(/.+)?|sdn(/.*)?|storage(/"
			 "[^/]+)?|vms(/[0-9]+)?|mapping(/.*)?)?$",
			 path);
}

static void acl_line(struct sim_request *r, const char *type, const char *who, const char *role, bool gone)
{
	const char *path = sim_p(r, "path"), *id;
	json_t *doc;
	void *tmp;

	json_object_foreach_safe(sim_all(r->sim, "acl"), tmp, id,
				 doc) if (strcmp(sim_so(doc, "path", ""), path) == 0 &&
					  strcmp(sim_so(doc, "type", ""), type) == 0 &&
					  strcmp(sim_so(doc, "ugid", ""), who) == 0 &&
					  strcmp(sim_so(doc, "roleid", ""), role) == 0)
	{
		char *copy = strdup(id);

		sim_del(r->sim, "acl", copy);
		free(copy);
	}
	if (gone)
		return;
	sim_put(r->sim, "acl", sim_fmt(&r->arena, "%lld", (long long)sim_meta_count(r->sim, "acl", 1)),
		json_pack("{s:s, s:s, s:s, s:s, s:b}", "path", path, "type", type, "ugid", who, "roleid",
			  role, "propagate", sim_pb(r, "propagate", true)));
}

static bool acl_many(struct sim_request *r, const char *type, const char *list, const char *role)
{
	struct phx_str rest = phx_str_c(list), one;

	while (phx_str_cut(&rest, ',', &one)) {
		const char *who = phx_str_dup(&r->arena, phx_str_trim(one)).ptr;
		const char *kind = strcmp(type, "token") == 0 ? "token" : "user";

		if (strcmp(type, "group") != 0 && sim_get(r->sim, kind, who) == NULL) {
			sim_fail(r, 500, "ACL update failed: %s '%s' does not exist",
				 strcmp(type, "token") == 0 ? "no such token" : "user", who);
			return false;
		}
		acl_line(r, type, who, role, sim_pb(r, "delete", false));
	}
	return true;
}

static void acl_put(struct sim_request *r)
{
	struct phx_str rest = phx_str_c(sim_p(r, "roles")), one;

	if (!sim_path_valid(sim_p(r, "path"))) {
		sim_fail_param(r, "path", "invalid ACL path '%s'", sim_p(r, "path"));
		return;
	}
	while (phx_str_cut(&rest, ',', &one)) {
		const char *role = phx_str_dup(&r->arena, phx_str_trim(one)).ptr;

		if (sim_role_privileges(r->sim, role) == NULL) {
			sim_fail(r, 500, "ACL update failed: role '%s' does not exist", role);
			return;
		}
		if (!acl_many(r, "user", sim_p(r, "users"), role) ||
		    !acl_many(r, "group", sim_p(r, "groups"), role) ||
		    !acl_many(r, "token", sim_p(r, "tokens"), role))
			return;
	}
	sim_ok(r, NULL);
}

static void domains(struct sim_request *r)
{
	sim_ok(r, json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]", "realm", "pam", "type", "pam", "comment",
			    "Linux PAM standard authentication", "realm", "pve", "type", "pve", "comment",
			    "Proxmox VE authentication server"));
}

#define TOKEN "/access/users/{userid}/token/{tokenid}"
const struct sim_route sim_routes_access[] = {{"GET", "/access/users", users},
					      {"POST", "/access/users", user_add},
					      {"GET", "/access/users/{userid}", user_get},
					      {"PUT", "/access/users/{userid}", user_put},
					      {"DELETE", "/access/users/{userid}", user_delete},
					      {"GET", "/access/users/{userid}/token", tokens},
					      {"GET", TOKEN, token_get},
					      {"POST", TOKEN, token_add},
					      {"PUT", TOKEN, token_put},
					      {"DELETE", TOKEN, token_delete},
					      {"GET", "/access/roles", roles},
					      {"POST", "/access/roles", role_add},
					      {"GET", "/access/roles/{roleid}", role_get},
					      {"PUT", "/access/roles/{roleid}", role_put},
					      {"DELETE", "/access/roles/{roleid}", role_delete},
					      {"GET", "/access/acl", acl},
					      {"PUT", "/access/acl", acl_put},
					      {"GET", "/access/domains", domains},
					      {0}};
