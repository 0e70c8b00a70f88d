/* /access/ticket and /access/permissions */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"

static bool password_good(struct phx_sim_request *r, const char *user, const char *password)
{
	const char *known = phx_sim_s(phx_sim_get(r->sim, "user", user), "password"), *who;

	if (known != NULL && strcmp(known, password) == 0)
		return true;
	who = phx_sim_ticket_user(r, password); /* a ticket renews itself (036) */
	return who != NULL && strcmp(who, user) == 0;
}

static json_t *capabilities(void)
{
	return json_pack("{s:{}, s:{}, s:{}, s:{}, s:{}, s:{}, s:{}}", "access", "dc", "mapping", "nodes",
			 "sdn", "storage", "vms");
}

static void ticket(struct phx_sim_request *r)
{
	const char *user = phx_sim_p(r, "username"), *realm = phx_sim_p(r, "realm");

	if (realm != NULL && strchr(user, '@') == NULL)
		user = phx_sim_fmt(&r->arena, "%s@%s", user, realm);
	if (!password_good(r, user, phx_sim_p(r, "password"))) {
		phx_sim_fail(r, 401, "authentication failure");
		return;
	}
	phx_sim_ok(r,
		   json_pack("{s:s, s:s, s:s, s:o}", "username", user, "ticket", phx_sim_ticket_make(r, user),
			     "CSRFPreventionToken", phx_sim_csrf_make(r, user), "cap", capabilities()));
}

static void ticket_get(struct phx_sim_request *r)
{
	phx_sim_ok(r, NULL);
}

/* Privileges of the asker, or of another user for those who may look. */
static void permissions(struct phx_sim_request *r)
{
	static const char *const paths[] = {"/",     "/access", "/access/groups", "/nodes",
					    "/pool", "/sdn",    "/storage",       "/vms"};
	const char *only = phx_sim_p(r, "path"), *user = r->who.user, *token = r->who.token, *id;
	json_t *out = json_object(), *acl, *have;

	if (phx_sim_p(r, "userid") != NULL && strcmp(phx_sim_p(r, "userid"), r->who.full) != 0) {
		struct phx_str rest = phx_str_c(phx_sim_p(r, "userid")), name;

		if (!phx_sim_need(r, "/access", "Sys.Audit")) {
			json_decref(out);
			return;
		}
		(void)phx_str_cut(&rest, '!', &name);
		user = phx_str_dup(&r->arena, name).ptr;
		token = rest.ptr != NULL ? phx_str_dup(&r->arena, rest).ptr : NULL;
	}
	if (only != NULL) {
		json_object_set_new(out, only, phx_sim_privileges(r->sim, user, token, only));
		phx_sim_ok(r, out);
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(paths); i++) {
		have = phx_sim_privileges(r->sim, user, token, paths[i]);
		if (json_object_size(have) > 0)
			json_object_set(out, paths[i], have);
		json_decref(have);
	}
	json_object_foreach(phx_sim_all(r->sim, "acl"), id, acl)
	{
		have = phx_sim_privileges(r->sim, user, token, phx_sim_so(acl, "path", "/"));
		if (json_object_size(have) > 0)
			json_object_set(out, phx_sim_so(acl, "path", "/"), have);
		json_decref(have);
	}
	phx_sim_ok(r, out);
}

static void index_(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("subdir",
				    "users groups roles acl domains openid ticket password tfa permissions"));
}

const struct phx_sim_route phx_sim_routes_ticket[] = {{"GET", "/access", index_},
						      {"GET", "/access/ticket", ticket_get},
						      {"POST", "/access/ticket", ticket},
						      {"GET", "/access/permissions", permissions},
						      {0}};
