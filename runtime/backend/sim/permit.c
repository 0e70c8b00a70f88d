/* Evaluates the permission expressions of the endpoint tables. */
#include "backend/sim/auth.h"

#include <string.h>

/* A path that Proxmox knows as one: no blanks and the like, no slash at the end. NULL: it is none. */
static const char *normal_path(struct phx_sim_request *r, struct phx_str text)
{
	struct phx_buf out = {0};
	const char *done = NULL;

	phx_buf_ch(&out, '/');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      strchr("./_-", c) != NULL) ||
		    c == 0)
			goto end;
		if (c != '/' || out.ptr[out.len - 1] != '/')
			phx_buf_ch(&out, c);
	}
	if (out.len > 1 && out.ptr[out.len - 1] == '/')
		out.ptr[--out.len] = 0;
	done = phx_sim_fmt(&r->arena, "%s", out.ptr);
end:
	phx_buf_done(&out);
	return done;
}

/* "/vms/{vmid}" with the request's parameters, nothing for one that is not given; NULL when the result is no path (672). */
static const char *expand(struct phx_sim_request *r, struct phx_str template)
{
	struct phx_buf out = {0};
	const char *done;

	for (size_t i = 0; i < template.len; i++) {
		struct phx_str rest = phx_str_from(template, i), name;
		struct phx_buf text = {0};

		if (template.ptr[i] != '{') {
			phx_buf_ch(&out, template.ptr[i]);
			continue;
		}
		rest = phx_str_from(rest, 1);
		(void)phx_str_cut(&rest, '}', &name);
		if (phx_json_text(
			    json_object_get(r->p, phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(name))),
			    &text))
			phx_buf_str(&out, phx_buf_view(&text));
		phx_buf_done(&text);
		i += name.len + 1;
	}
	done = normal_path(r, phx_buf_view(&out));
	phx_buf_done(&out);
	return done;
}

static bool path_perm(struct phx_sim_request *r, const struct phx_permission *p, bool quiet)
{
	const char *path;
	struct phx_buf any = {0};
	bool ok = false;

	if (p->require_param.len > 0 &&
	    phx_sim_p(r, phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(p->require_param))) == NULL)
		return false;
	path = expand(r, p->path);
	for (uint32_t i = 0; i < p->nprivileges; i++) {
		const char *priv = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(p->privileges[i]));

		ok = path != NULL && phx_sim_may(r, path, priv);
		if (p->any && ok)
			break;
		if (!p->any && !ok) {
			if (!quiet)
				phx_sim_forbid(r, "%s, %s", path != NULL ? path : "", priv);
			break;
		}
		phx_buf_printf(&any, "%s%s", i > 0 ? "|" : "", priv);
	}
	if (p->any && !ok && !quiet)
		phx_sim_forbid(r, "%s, %s", path != NULL ? path : "", any.ptr != NULL ? any.ptr : "");
	phx_buf_done(&any);
	return ok;
}

/* Who may change permissions of a path: perm-modify. */
static bool modify_perm(struct phx_sim_request *r, const struct phx_permission *p, bool quiet)
{
	const char *path = expand(r, p->path);
	const char *extra = path != NULL && strncmp(path, "/storage", 8) == 0 ? "Datastore.Allocate"
			    : path != NULL && strncmp(path, "/vms", 4) == 0   ? "VM.Allocate"
			    : path != NULL && strncmp(path, "/pool", 5) == 0  ? "Pool.Allocate"
									      : "Permissions.Modify";

	if (path != NULL && (phx_sim_may(r, path, "Permissions.Modify") || phx_sim_may(r, path, extra)))
		return true;
	if (!quiet)
		phx_sim_forbid(r, "%s, Permissions.Modify", path != NULL ? path : "");
	return false;
}

static bool user_perm(struct phx_sim_request *r, const struct phx_permission *p, bool quiet)
{
	const char *userid = phx_sim_p(r, "userid");
	const char *realm = userid != NULL ? strrchr(userid, '@') : NULL;

	/* Proxmox reads the name to find its realm, and stumbles here (709). */
	if (realm == NULL && p->op == PHX_PERM_USERID_PARAM && r->status == 0) {
		phx_sim_fail(r, 500, "value '%s' does not look like a valid user name",
			     userid != NULL ? userid : "");
		return false;
	}
	if (p->op == PHX_PERM_USERID_PARAM) {
		if (phx_str_eqc(p->argument, "self"))
			return userid != NULL && strcmp(userid, r->who.user) == 0;
		return phx_sim_may(r,
				   phx_sim_fmt(&r->arena, "/access/realm/%s", realm != NULL ? realm + 1 : ""),
				   phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(p->argument)));
	}
	for (uint32_t i = 0; i < p->nprivileges; i++)
		if (phx_sim_may(r, "/access/groups",
				phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(p->privileges[i]))))
			return true;
	if (!quiet)
		phx_sim_forbid(r, "/access/groups, " PHX_STR_FMT,
			       PHX_STR_ARG(p->nprivileges > 0 ? p->privileges[0] : PHX_STR("User.Modify")));
	return false;
}

static bool check(struct phx_sim_request *r, const struct phx_permission *p, bool quiet)
{
	switch (p->op) {
	case PHX_PERM_WORLD:
		return true;
	case PHX_PERM_ALL:
		return r->who.user != NULL;
	case PHX_PERM_ROOT:
		return r->who.user != NULL && strcmp(r->who.user, "root@pam") == 0 &&
		       (r->who.token == NULL || !r->who.privsep);
	case PHX_PERM_AND:
		for (uint32_t i = 0; i < p->nchildren; i++)
			if (!check(r, &p->children[i], quiet))
				return false;
		return true;
	case PHX_PERM_OR:
		for (uint32_t i = 0; i < p->nchildren; i++)
			if (check(r, &p->children[i], i + 1 < p->nchildren || quiet))
				return true;
		return false;
	case PHX_PERM_PATH:
		return path_perm(r, p, quiet);
	case PHX_PERM_MODIFY:
		return modify_perm(r, p, quiet);
	case PHX_PERM_USERID_PARAM:
	case PHX_PERM_USERID_GROUP:
		return user_perm(r, p, quiet);
	}
	return false;
}

bool phx_sim_permit(struct phx_sim_request *r, const struct phx_permission *perm)
{
	if (check(r, perm, false))
		return true;
	if (r->status == 0) {
		r->status = 403;
		phx_buf_c(&r->message, "Permission check failed\n");
	}
	return false;
}
