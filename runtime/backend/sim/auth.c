#include "backend/sim/auth.h"

#include "model/access.h"

#include <stdio.h>
#include <string.h>

#include "backend/sim/roles.h"

#define TICKET_SECONDS 7200

/* ---- authentication ---- */

static bool unauthorized(struct phx_sim_request *r, const char *reason)
{
	r->status = 401;
	r->empty_body = true;
	phx_buf_clear(&r->reason);
	phx_buf_c(&r->reason, reason);
	return false;
}

static bool valid_user_id(const char *user)
{
	const char *at = strrchr(user, '@');

	return at != NULL && at != user && at[1] != 0 && strpbrk(user, " :/!") == NULL;
}

/* "user@realm!name=secret" */
static bool by_token(struct phx_sim_request *r, const char *text)
{
	struct phx_str rest = phx_str_c(text), id, user;
	const char *user_c, *full, *name;
	json_t *token, *u;

	(void)phx_str_cut(&rest, '=', &id);
	full = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(id));
	if (rest.ptr == NULL)
		return unauthorized(r, "no tokenid specified");
	if (!phx_str_cut(&id, '!', &user) || id.ptr == NULL || id.len < 2)
		return unauthorized(
			r,
			phx_sim_fmt(
				&r->arena,
				"'%s' is not a valid token ID - not able to split into user and token parts",
				full));
	user_c = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(user));
	name = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(id));
	if (!valid_user_id(user_c))
		return unauthorized(
			r, phx_sim_fmt(&r->arena, "value '%s' does not look like a valid user name", user_c));
	u = phx_sim_get(r->sim, "user", user_c);
	if (u == NULL)
		return unauthorized(r, phx_sim_fmt(&r->arena, "no such user ('%s')", user_c));
	token = phx_sim_get(r->sim, "token", full);
	if (token == NULL)
		return unauthorized(r,
				    phx_sim_fmt(&r->arena, "no such token '%s' for user '%s'", name, user_c));
	if (!phx_str_eqc(rest, phx_sim_so(token, "secret", "")))
		return unauthorized(r, "invalid token value!");
	if (!phx_sim_truth(json_object_get(u, "enable")))
		return unauthorized(r, phx_sim_fmt(&r->arena, "user '%s' is disabled", user_c));
	r->who = (struct phx_sim_identity){.user = user_c,
					   .token = name,
					   .full = full,
					   .privsep = phx_sim_truth(json_object_get(token, "privsep"))};
	return true;
}

/* What makes a ticket good: only who knows the directory's secret can write the digest. */
static const char *ticket_digest(struct phx_sim_request *r, const char *kind, const char *user, int64_t at)
{
	const char *text = phx_sim_fmt(&r->arena, "%s:%s:%s:%lld", phx_buf_view(&r->sim->token).ptr, kind,
				       user, (long long)at);

	return phx_sim_sha1(&r->arena, text, strlen(text));
}

const char *phx_sim_ticket_make(struct phx_sim_request *r, const char *user)
{
	int64_t at = phx_sim_now_s(r->sim);

	return phx_sim_fmt(&r->arena, "PVE:%s:%08llX::%s", user, (unsigned long long)at,
			   ticket_digest(r, "ticket", user, at));
}

const char *phx_sim_csrf_make(struct phx_sim_request *r, const char *user)
{
	int64_t at = phx_sim_now_s(r->sim);

	return phx_sim_fmt(&r->arena, "%08llX:%s", (unsigned long long)at,
			   ticket_digest(r, "csrf", user, at));
}

const char *phx_sim_ticket_user(struct phx_sim_request *r, const char *ticket)
{
	struct phx_str rest = phx_str_c(ticket), piece[5];
	unsigned long long at = 0;
	const char *user;

	for (int i = 0; i < 4; i++)
		if (!phx_str_cut(&rest, ':', &piece[i]) || rest.ptr == NULL)
			return NULL;
	if (!phx_str_eqc(piece[0], "PVE") ||
	    sscanf(phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(piece[2])), "%8llX", &at) != 1)
		return NULL;
	user = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(piece[1]));
	if (!phx_str_eqc(rest, ticket_digest(r, "ticket", user, (int64_t)at)))
		return NULL;
	return phx_sim_now_s(r->sim) - (int64_t)at <= TICKET_SECONDS &&
			       phx_sim_get(r->sim, "user", user) != NULL
		       ? user
		       : NULL;
}

static bool csrf_good(struct phx_sim_request *r)
{
	unsigned long long at = 0;
	const char *colon = r->csrf != NULL ? strchr(r->csrf, ':') : NULL;

	if (colon == NULL || sscanf(r->csrf, "%8llX:", &at) != 1)
		return false;
	return strcmp(colon + 1, ticket_digest(r, "csrf", r->who.user, (int64_t)at)) == 0;
}

static const char *cookie_ticket(struct phx_sim_request *r)
{
	const char *c = r->cookie != NULL ? strstr(r->cookie, "PVEAuthCookie=") : NULL;
	struct phx_str rest, value;
	struct phx_buf plain = {0};
	const char *out;

	if (c == NULL)
		return NULL;
	rest = phx_str_c(c + strlen("PVEAuthCookie="));
	(void)phx_str_cut(&rest, ';', &value);
	phx_buf_unpercent(&plain, value);
	out = phx_sim_fmt(&r->arena, PHX_STR_FMT, (int)plain.len, plain.ptr != NULL ? plain.ptr : "");
	phx_buf_done(&plain);
	return out;
}

static bool world(const struct phx_sim_request *r)
{
	return r->endpoint != NULL && r->endpoint->permission->op == PHX_PERM_WORLD;
}

bool phx_sim_authenticate(struct phx_sim_request *r)
{
	const char *ticket, *auth = r->authorization;

	if (auth != NULL && strncmp(auth, "PVEAPIToken", 11) == 0 && (auth[11] == '=' || auth[11] == ' '))
		return by_token(r, auth + 12);
	ticket = cookie_ticket(r);
	if (ticket == NULL)
		return world(r) || unauthorized(r, "No ticket");
	r->who.user = phx_sim_ticket_user(r, ticket);
	if (r->who.user == NULL)
		return world(r) || unauthorized(r, "permission denied - invalid PVE ticket");
	r->who.full = r->who.user;
	r->who.root = strcmp(r->who.user, "root@pam") == 0;
	if (strcmp(r->method, "GET") != 0 && !world(r) && !csrf_good(r))
		return unauthorized(r, "Permission denied - invalid csrf token");
	return true;
}

/* ---- privileges ---- */

static void add_all(json_t *out, const char *list, bool propagate)
{
	struct phx_str rest = phx_str_c(list), priv;

	while (phx_str_cut(&rest, ',', &priv))
		if (priv.len > 0)
			json_object_setn_new(out, priv.ptr, priv.len, json_integer(propagate));
}

/* Whether an ACL line speaks of this identity: 3 token, 2 user, 1 group, 0 not. */
static int speaks_of(struct phx_sim *s, const json_t *acl, const char *user, const char *full_token)
{
	const char *type = phx_sim_so(acl, "type", ""), *who = phx_sim_so(acl, "ugid", "");
	json_t *groups, *g;
	size_t i;

	if (strcmp(type, "token") == 0)
		return full_token != NULL && strcmp(who, full_token) == 0 ? 3 : 0;
	if (full_token != NULL)
		return 0;
	if (strcmp(type, "user") == 0)
		return strcmp(who, user) == 0 ? 2 : 0;
	groups = json_object_get(phx_sim_get(s, "user", user), "groups");
	json_array_foreach(groups, i, g)
	{
		if (strcmp(json_string_value(g), who) == 0)
			return 1;
	}
	return 0;
}

static bool above_or_same(const char *acl_path, const char *path, bool propagate)
{
	size_t n = strlen(acl_path);

	if (strcmp(acl_path, path) == 0)
		return true;
	if (!propagate)
		return false;
	return strcmp(acl_path, "/") == 0 || (strncmp(acl_path, path, n) == 0 && path[n] == '/');
}

/* Privileges by the ACL alone: the longest path wins, and on it the most specific kind of line. */
static json_t *acl_privileges(struct phx_sim *s, const char *user, const char *full_token, const char *path)
{
	json_t *out = json_object(), *acl;
	size_t best_len = 0;
	int best_kind = 0;
	const char *id;

	json_object_foreach(phx_sim_all(s, "acl"), id, acl)
	{
		const char *at = phx_sim_so(acl, "path", "");
		bool propagate = phx_sim_truth(json_object_get(acl, "propagate"));
		int kind = speaks_of(s, acl, user, full_token);
		size_t len = strlen(at);
		const char *privs = phx_sim_role_privileges(s, phx_sim_so(acl, "roleid", ""));

		if (kind == 0 || !above_or_same(at, path, propagate))
			continue;
		if (best_kind != 0 && (len < best_len || (len == best_len && kind < best_kind)))
			continue;
		if (len != best_len || kind != best_kind)
			json_object_clear(out);
		best_len = len;
		best_kind = kind;
		add_all(out, privs != NULL ? privs : "", propagate);
	}
	return out;
}

static json_t *all_privileges(void)
{
	json_t *out = json_object();

	add_all(out, PHX_SIM_ALL_PRIVILEGES, true);
	return out;
}

/* What a user may do on a guest because a pool holds it, and so on for storages. */
static void add_pool(struct phx_sim *s, json_t *out, const char *user, const char *full_token,
		     const char *path)
{
	const char *kind = strncmp(path, "/vms/", 5) == 0       ? "vms"
			   : strncmp(path, "/storage/", 9) == 0 ? "storage"
								: NULL;
	const char *name = kind != NULL ? strrchr(path, '/') + 1 : NULL, *id;
	json_t *pool;

	if (kind == NULL)
		return;
	json_object_foreach(phx_sim_all(s, "pool"), id, pool)
	{
		struct phx_buf at = {0};
		json_t *more;

		if (json_object_get(json_object_get(pool, kind), name) == NULL)
			continue;
		phx_buf_printf(&at, "/pool/%s", id);
		more = acl_privileges(s, user, full_token, at.ptr);
		json_object_update_missing(out, more);
		json_decref(more);
		phx_buf_done(&at);
	}
}

static json_t *of_user(struct phx_sim *s, const char *user, const char *path)
{
	json_t *out;

	if (strcmp(user, "root@pam") == 0)
		return all_privileges();
	out = acl_privileges(s, user, NULL, path);
	add_pool(s, out, user, NULL, path);
	return out;
}

json_t *phx_sim_privileges(struct phx_sim *s, const char *user, const char *token, const char *path)
{
	struct phx_arena a = {0};
	json_t *mine = of_user(s, user, path), *doc, *own, *v;
	const char *full, *priv;
	void *tmp;

	if (token == NULL)
		return mine;
	full = phx_sim_fmt(&a, "%s!%s", user, token);
	doc = phx_sim_get(s, "token", full);
	if (doc != NULL && phx_sim_truth(json_object_get(doc, "privsep"))) {
		/* A token with privileges of its own has what both it and its user have. */
		own = acl_privileges(s, user, full, path);
		add_pool(s, own, user, full, path);
		json_object_foreach_safe(own, tmp, priv, v)
		{
			if (json_object_get(mine, priv) == NULL)
				json_object_del(own, priv);
		}
		json_decref(mine);
		mine = own;
	}
	phx_arena_done(&a);
	return mine;
}

bool phx_sim_may(struct phx_sim_request *r, const char *path, const char *privilege)
{
	json_t *have;
	bool yes;

	if (r->who.user == NULL)
		return false;
	have = phx_sim_privileges(r->sim, r->who.user, r->who.token, path);
	yes = json_object_get(have, privilege) != NULL;
	json_decref(have);
	return yes;
}

bool phx_sim_need(struct phx_sim_request *r, const char *path, const char *privilege)
{
	if (phx_sim_may(r, path, privilege))
		return true;
	phx_sim_forbid(r, "%s, %s", path, privilege);
	return false;
}

bool phx_sim_need_any(struct phx_sim_request *r, const char *path, const char *privileges)
{
	struct phx_str rest = phx_str_c(privileges), one;

	while (phx_str_cut(&rest, '|', &one))
		if (phx_sim_may(r, path, phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(one))))
			return true;
	phx_sim_forbid(r, "%s, %s", path, privileges);
	return false;
}

bool phx_sim_needs(struct phx_sim_request *r, const struct phx_needs *needs)
{
	for (uint32_t i = 0; i < needs->n; i++) {
		const struct phx_need *n = &needs->v[i];
		const char *path = phx_str_dup(&r->arena, n->path).ptr;
		struct phx_str rest = n->privileges, one;
		bool ok = false;

		while (n->instead.len && phx_str_cut(&rest, '|', &one))
			ok = ok || phx_sim_may(r, phx_str_dup(&r->arena, n->instead).ptr,
					       phx_str_dup(&r->arena, one).ptr);
		if (!ok && !phx_sim_need_any(r, path, phx_str_dup(&r->arena, n->privileges).ptr))
			return false;
	}
	return true;
}
