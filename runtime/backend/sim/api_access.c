/* /access: users, tokens, groups, realms. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"

static bool user_id_good(struct phx_sim_request *r, const char *user)
{
	if (strchr(user, '@') != NULL)
		return true;
	phx_sim_fail(r, 500, "value '%s' does not look like a valid user name", user);
	return false;
}

/* ---- users ---- */

static json_t *user_shown(const char *id, const json_t *doc)
{
	static const char *const fields[] = {"comment", "email", "firstname", "lastname", "keys"};
	json_t *o = json_pack("{s:s, s:i, s:I}", "userid", id, "enable",
			      phx_sim_truth(json_object_get(doc, "enable")), "expire",
			      (json_int_t)phx_json_int(doc, "expire", 0));
	const char *realm = strrchr(id, '@');

	for (size_t i = 0; i < PHX_COUNTOF(fields); i++)
		if (phx_sim_s(doc, fields[i]) != NULL)
			phx_sim_set(o, fields[i], phx_sim_s(doc, fields[i]));
	phx_sim_set(o, "realm-type", realm != NULL ? realm + 1 : "pam");
	return o;
}

static void users(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;
	bool all = phx_sim_may(r, "/access/groups", "User.Modify") ||
		   phx_sim_may(r, "/access/groups", "Sys.Audit");

	json_object_foreach(phx_sim_all(r->sim, "user"), id, doc)
	{
		if (all || strcmp(id, r->who.user) == 0)
			json_array_append_new(out, user_shown(id, doc));
	}
	phx_sim_ok(r, out);
}

/* The wished groups, beside those that the user has when `append` says so. NULL: one does not exist, a 500 is set. */
static json_t *groups_of(struct phx_sim_request *r, const json_t *doc)
{
	json_t *have = json_object_get(doc, "groups"), *out;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "groups")), one;

	out = phx_sim_pb(r, "append", false) && have != NULL ? json_deep_copy(have) : json_array();
	while (phx_str_cut(&rest, ',', &one)) {
		const char *id = phx_str_dup(&r->arena, phx_str_trim(one)).ptr;

		if (id == NULL || id[0] == 0)
			continue;
		if (phx_sim_get(r->sim, "group", id) == NULL) {
			phx_sim_fail(r, 500, "no such group '%s'", id);
			json_decref(out);
			return NULL;
		}
		json_array_append_new(out, json_string(id));
	}
	return out;
}

static bool user_fields(struct phx_sim_request *r, json_t *doc)
{
	static const char *const fields[] = {"comment", "email",    "firstname", "lastname",
					     "keys",    "password", "enable",    "expire"};
	json_t *groups, *v;

	if (phx_sim_p(r, "groups") != NULL) {
		groups = groups_of(r, doc);
		if (groups == NULL)
			return false;
		json_object_set_new(doc, "groups", groups);
	}
	for (size_t i = 0; i < PHX_COUNTOF(fields); i++)
		if ((v = json_object_get(r->p, fields[i])) != NULL)
			json_object_set(doc, fields[i], v);
	return true;
}

static void user_add(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "userid");
	json_t *doc;

	if (!user_id_good(r, id))
		return;
	if (phx_sim_get(r->sim, "user", id) != NULL) {
		phx_sim_fail(r, 500, "create user failed: user '%s' already exists", id);
		return;
	}
	doc = json_pack("{s:i, s:i}", "enable", 1, "expire", 0);
	if (!user_fields(r, doc)) {
		json_decref(doc);
		return;
	}
	phx_sim_put(r->sim, "user", id, doc);
	phx_sim_ok(r, NULL);
}

static json_t *user_of(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "user", phx_sim_p(r, "userid"));

	if (doc == NULL)
		phx_sim_fail(r, 500, "no such user ('%s')", phx_sim_p(r, "userid"));
	return doc;
}

static void user_get(struct phx_sim_request *r)
{
	json_t *doc = user_of(r), *o;

	if (doc == NULL)
		return;
	o = user_shown(phx_sim_p(r, "userid"), doc);
	json_object_del(o, "userid");
	json_object_del(o, "realm-type");
	json_object_set_new(o, "groups",
			    json_object_get(doc, "groups") != NULL
				    ? json_deep_copy(json_object_get(doc, "groups"))
				    : json_array());
	phx_sim_ok(r, o);
}

static void user_put(struct phx_sim_request *r)
{
	json_t *doc = user_of(r);

	if (doc == NULL || !user_fields(r, doc))
		return;
	phx_sim_dirty(r->sim, "user", phx_sim_p(r, "userid"));
	phx_sim_ok(r, NULL);
}

/* Whose entries go with a user: tokens and ACL lines. */
static void forget(struct phx_sim *s, const char *kind, const char *user)
{
	const char *id;
	size_t n = strlen(user);
	json_t *doc;
	void *tmp;

	json_object_foreach_safe(phx_sim_all(s, kind), tmp, id, doc)
	{
		const char *who = strcmp(kind, "acl") == 0 ? phx_sim_so(doc, "ugid", "") : id;

		if (strncmp(who, user, n) == 0 && (who[n] == 0 || who[n] == '!')) {
			char *copy = strdup(id);

			phx_sim_del(s, kind, copy);
			free(copy);
		}
	}
}

static void user_delete(struct phx_sim_request *r)
{
	if (user_of(r) == NULL)
		return;
	forget(r->sim, "token", phx_sim_p(r, "userid"));
	forget(r->sim, "acl", phx_sim_p(r, "userid"));
	phx_sim_del(r->sim, "user", phx_sim_p(r, "userid"));
	phx_sim_ok(r, NULL);
}

static void password(struct phx_sim_request *r)
{
	json_t *doc = user_of(r);

	if (doc == NULL)
		return;
	phx_sim_set(doc, "password", phx_sim_p(r, "password"));
	phx_sim_dirty(r->sim, "user", phx_sim_p(r, "userid"));
	phx_sim_ok(r, NULL);
}

/* ---- groups ---- */

static bool is_member(const json_t *user, const char *group)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(user, "groups"), i, v)
	{
		if (strcmp(json_string_value(v), group) == 0)
			return true;
	}
	return false;
}

static void groups(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc, *user;
	const char *id, *name;
	bool all = phx_sim_may(r, "/access/groups", "Sys.Audit") ||
		   phx_sim_may(r, "/access/groups", "Group.Allocate");

	json_object_foreach(phx_sim_all(r->sim, "group"), id, doc)
	{
		struct phx_buf members = {0};
		json_t *o;

		if (!all)
			continue;
		json_object_foreach(phx_sim_all(r->sim, "user"), name, user)
		{
			if (is_member(user, id))
				phx_buf_printf(&members, "%s%s", members.len > 0 ? "," : "", name);
		}
		o = json_pack("{s:s, s:s%, s:s*}", "groupid", id, "users",
			      members.ptr != NULL ? members.ptr : "", members.len, "comment",
			      phx_sim_s(doc, "comment"));
		json_array_append_new(out, o);
		phx_buf_done(&members);
	}
	phx_sim_ok(r, out);
}

static void group_add(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "groupid");

	if (phx_sim_get(r->sim, "group", id) != NULL) {
		phx_sim_fail(r, 500, "create group failed: group '%s' already exists", id);
		return;
	}
	phx_sim_put(r->sim, "group", id, json_pack("{s:s*}", "comment", phx_sim_p(r, "comment")));
	phx_sim_ok(r, NULL);
}

static json_t *group_of(struct phx_sim_request *r, const char *doing)
{
	json_t *doc = phx_sim_get(r->sim, "group", phx_sim_p(r, "groupid"));

	if (doc == NULL)
		phx_sim_fail(r, 500, "%sgroup '%s' does not exist", doing, phx_sim_p(r, "groupid"));
	return doc;
}

static void group_get(struct phx_sim_request *r)
{
	json_t *doc = group_of(r, ""), *members, *user;
	const char *name;

	if (doc == NULL)
		return;
	members = json_array();
	json_object_foreach(phx_sim_all(r->sim, "user"), name, user)
	{
		if (is_member(user, phx_sim_p(r, "groupid")))
			json_array_append_new(members, json_string(name));
	}
	phx_sim_ok(r, json_pack("{s:o, s:s*}", "members", members, "comment", phx_sim_s(doc, "comment")));
}

static void group_put(struct phx_sim_request *r)
{
	json_t *doc = group_of(r, "update group failed: ");

	if (doc == NULL)
		return;
	phx_sim_set(doc, "comment", phx_sim_p(r, "comment"));
	phx_sim_dirty(r->sim, "group", phx_sim_p(r, "groupid"));
	phx_sim_ok(r, NULL);
}

static void leave_group(json_t *user, const char *group)
{
	json_t *list = json_object_get(user, "groups");

	for (size_t i = json_array_size(list); i-- > 0;)
		if (strcmp(json_string_value(json_array_get(list, i)), group) == 0)
			json_array_remove(list, i);
}

static void group_delete(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "groupid"), *name;
	json_t *user;

	if (group_of(r, "delete group failed: ") == NULL)
		return;
	json_object_foreach(phx_sim_all(r->sim, "user"), name, user)
	{
		if (is_member(user, id)) {
			leave_group(user, id);
			phx_sim_dirty(r->sim, "user", name);
		}
	}
	forget(r->sim, "acl", id);
	phx_sim_del(r->sim, "group", id);
	phx_sim_ok(r, NULL);
}

/* ---- tokens ---- */

static const char *full_id(struct phx_sim_request *r)
{
	return phx_sim_fmt(&r->arena, "%s!%s", phx_sim_p(r, "userid"), phx_sim_p(r, "tokenid"));
}

static json_t *token_shown(const json_t *doc)
{
	json_t *o = json_pack("{s:I, s:i}", "expire", (json_int_t)phx_json_int(doc, "expire", 0), "privsep",
			      phx_sim_truth(json_object_get(doc, "privsep")));

	if (phx_sim_s(doc, "comment") != NULL)
		phx_sim_set(o, "comment", phx_sim_s(doc, "comment"));
	return o;
}

static void tokens(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id, *prefix = phx_sim_fmt(&r->arena, "%s!", phx_sim_p(r, "userid"));

	json_object_foreach(phx_sim_all(r->sim, "token"), id, doc)
	{
		if (phx_sim_starts(id, prefix)) {
			json_t *o = token_shown(doc);

			phx_sim_set(o, "tokenid", id + strlen(prefix));
			json_array_append_new(out, o);
		}
	}
	phx_sim_ok(r, out);
}

static void token_get(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "token", full_id(r));

	if (doc == NULL)
		phx_sim_fail(r, 500, "no such token '%s' for user '%s'", phx_sim_p(r, "tokenid"),
			     phx_sim_p(r, "userid"));
	else
		phx_sim_ok(r, token_shown(doc));
}

static void token_add(struct phx_sim_request *r)
{
	const char *secret = phx_sim_random_secret(&r->arena);
	json_t *info;

	if (user_of(r) == NULL)
		return;
	if (phx_sim_get(r->sim, "token", full_id(r)) != NULL) {
		phx_sim_fail_param(r, "tokenid", "Token already exists.");
		return;
	}
	phx_sim_put(r->sim, "token", full_id(r),
		    json_pack("{s:s, s:b, s:I, s:s*}", "secret", secret, "privsep",
			      phx_sim_pb(r, "privsep", true), "expire",
			      (json_int_t)phx_sim_pi(r, "expire", 0), "comment", phx_sim_p(r, "comment")));
	/* privsep is a text in this one answer (710). */
	info = json_pack("{s:s, s:s*}", "privsep", phx_sim_pb(r, "privsep", true) ? "1" : "0", "comment",
			 phx_sim_p(r, "comment"));
	phx_sim_ok(r,
		   json_pack("{s:s, s:o, s:s}", "full-tokenid", full_id(r), "info", info, "value", secret));
}

static void token_put(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "token", full_id(r));

	if (doc == NULL) {
		phx_sim_fail(r, 500, "no such token '%s' for user '%s'", phx_sim_p(r, "tokenid"),
			     phx_sim_p(r, "userid"));
		return;
	}
	if (json_object_get(r->p, "privsep") != NULL)
		phx_sim_set_int(doc, "privsep", phx_sim_pb(r, "privsep", true));
	if (phx_sim_p(r, "comment") != NULL)
		phx_sim_set(doc, "comment", phx_sim_p(r, "comment"));
	phx_sim_dirty(r->sim, "token", full_id(r));
	phx_sim_ok(r, token_shown(doc));
}

static void token_delete(struct phx_sim_request *r)
{
	if (phx_sim_get(r->sim, "token", full_id(r)) == NULL) {
		phx_sim_fail(r, 500, "no such token '%s' for user '%s'", phx_sim_p(r, "tokenid"),
			     phx_sim_p(r, "userid"));
		return;
	}
	forget(r->sim, "acl", full_id(r));
	phx_sim_del(r->sim, "token", full_id(r));
	phx_sim_ok(r, NULL);
}

/* ---- realms ---- */

static void domains(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]", "realm", "pam", "type", "pam",
				"comment", "Linux PAM standard authentication", "realm", "pve", "type", "pve",
				"comment", "Proxmox VE authentication server"));
}

#define TOKEN "/access/users/{userid}/token/{tokenid}"
const struct phx_sim_route phx_sim_routes_access[] = {{"GET", "/access/users", users},
						      {"POST", "/access/users", user_add},
						      {"GET", "/access/users/{userid}", user_get},
						      {"PUT", "/access/users/{userid}", user_put},
						      {"DELETE", "/access/users/{userid}", user_delete},
						      {"PUT", "/access/password", password},
						      {"GET", "/access/groups", groups},
						      {"POST", "/access/groups", group_add},
						      {"GET", "/access/groups/{groupid}", group_get},
						      {"PUT", "/access/groups/{groupid}", group_put},
						      {"DELETE", "/access/groups/{groupid}", group_delete},
						      {"GET", "/access/users/{userid}/token", tokens},
						      {"GET", TOKEN, token_get},
						      {"POST", TOKEN, token_add},
						      {"PUT", TOKEN, token_put},
						      {"DELETE", TOKEN, token_delete},
						      {"GET", "/access/domains", domains},
						      {0}};
