/* /access/ticket and /access/permissions */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"

static bool password_good(struct sim_request *r, const char *user, const char *password)
{
	const char *known = sim_s(sim_get(r->sim, "user", user), "password"), *who;

	if (known != NULL && strcmp(known, password) == 0)
		return true;
	who = sim_ticket_user(r, password); /* a ticket renews itself (036) */
	return who != NULL && strcmp(who, user) == 0;
}

static json_t *capabilities(void)
{
	return json_pack("{s:{}, s:{}, s:{}, s:{}, s:{}, s:{}, s:{}}", "access", "dc", "mapping", "nodes",
			 "sdn", "storage", "vms");
}

static void ticket(struct sim_request *r)
{
	const char *user = sim_p(r, "username"), *realm = sim_p(r, "realm");

	if (realm != NULL && strchr(user, '@') == NULL)
		user = sim_fmt(&r->arena, "%s@%s", user, realm);
	if (!password_good(r, user, sim_p(r, "password"))) {
		sim_fail(r, 401, "authentication failure");
		return;
	}
	sim_ok(r, json_pack("{s:s, s:s, s:s, s:o}", "username", user, "ticket", sim_ticket_make(r, user),
			    "CSRFPreventionToken", sim_csrf_make(r, user), "cap", capabilities()));
}

static void ticket_get(struct sim_request *r)
{
	sim_ok(r, NULL);
}

/* Privileges of the asker, or of another user for those who may look. */
static void permissions(struct sim_request *r)
{
	static const char *const paths[] = {"/",     "/access", "/access/groups", "/nodes",
					    "/pool", "/sdn",    "/storage",       "/vms"};
	const char *only = sim_p(r, "path"), *user = r->who.user, *token = r->who.token, *id;
	json_t *out = json_object(), *acl, *have;

	if (sim_p(r, "userid") != NULL && strcmp(sim_p(r, "userid"), r->who.full) != 0) {
		struct phx_str rest = phx_str_c(sim_p(r, "userid")), name;

		if (!sim_need(r, "/access", "Sys.Audit")) {
			json_decref(out);
			return;
		}
		(void)phx_str_cut(&rest, '!', &name);
		user = phx_str_dup(&r->arena, name).ptr;
		token = rest.ptr != NULL ? phx_str_dup(&r->arena, rest).ptr : NULL;
	}
	if (only != NULL) {
		json_object_set_new(out, only, sim_privileges(r->sim, user, token, only));
		sim_ok(r, out);
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(paths); i++) {
		have = sim_privileges(r->sim, user, token, paths[i]);
		if (json_object_size(have) > 0)
			json_object_set(out, paths[i], have);
		json_decref(have);
	}
	json_object_foreach(sim_all(r->sim, "acl"), id, acl)
	{
		have = sim_privileges(r->sim, user, token, sim_so(acl, "path", "/"));
		if (json_object_size(have) > 0)
			json_object_set(out, sim_so(acl, "path", "/"), have);
		json_decref(have);
	}
	sim_ok(r, out);
}

static void index_(struct sim_request *r)
{
	sim_ok(r,
	       sim_index("subdir", "users groups roles acl domains openid ticket password tfa permissions"));
}

const struct sim_route sim_routes_ticket[] = {{"GET", "/access", index_},
					      {"GET", "/access/ticket", ticket_get},
					      {"POST", "/access/ticket", ticket},
					      {"GET", "/access/permissions", permissions},
					      {0}};
