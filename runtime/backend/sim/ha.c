/* /cluster/ha: its configuration. The daemons that would act on it are not simulated. */
#include <string.h>

#include "backend/sim/guest.h"
#include "backend/sim/resources.h"

static json_t *shown(const char *sid, const json_t *doc)
{
	json_t *o = json_deep_copy(doc);
	const char *colon = strchr(sid, ':');

	phx_sim_set(o, "sid", sid);
	if (colon != NULL)
		json_object_set_new(o, "type", json_stringn(sid, (size_t)(colon - sid)));
	if (phx_sim_s(o, "state") == NULL)
		phx_sim_set(o, "state", "started");
	return o;
}

static const char *digest(struct phx_sim_request *r, const char *kind)
{
	char *text = json_dumps(phx_sim_all(r->sim, kind), JSON_COMPACT | JSON_SORT_KEYS);
	const char *out = phx_sim_sha1(&r->arena, text, strlen(text));

	free(text);
	return out;
}

/* "102" → "vm:102" or "ct:102", by what the guest is. */
static const char *sid_of(struct phx_sim_request *r, const char *given)
{
	int64_t vmid = 0;
	json_t *g;

	if (strchr(given, ':') != NULL)
		return given;
	g = phx_parse_i64(phx_str_c(given), &vmid) ? phx_sim_guest(r->sim, vmid) : NULL;
	return phx_sim_fmt(&r->arena, "%s:%s", g != NULL && !phx_sim_guest_is_vm(g) ? "ct" : "vm", given);
}

static void status(struct phx_sim_request *r)
{
	const char *node = json_object_iter_key(json_object_iter(phx_sim_all(r->sim, "node")));

	phx_sim_ok(r,
		   json_pack("[{s:s, s:s, s:i, s:s, s:s}]", "id", "quorum", "node", node, "quorate",
			     (int)phx_sim_meta_int(r->sim, "quorate", 1), "status", "OK", "type", "quorum"));
}

static void list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *sid;

	json_object_foreach(phx_sim_all(r->sim, "ha"), sid, doc)
	{
		json_t *o = shown(sid, doc);

		phx_sim_set(o, "digest", digest(r, "ha"));
		json_array_append_new(out, o);
	}
	phx_sim_ok(r, out);
}

static void add(struct phx_sim_request *r)
{
	const char *sid = sid_of(r, phx_sim_p(r, "sid")), *colon = strchr(sid, ':');
	int64_t vmid = 0;
	json_t *doc;

	if (phx_sim_get(r->sim, "ha", sid) != NULL) {
		phx_sim_fail(r, 500, "create resource failed: resource ID '%s' already defined", sid);
		return;
	}
	if (!phx_parse_i64(phx_str_c(colon + 1), &vmid) || phx_sim_guest(r->sim, vmid) == NULL) {
		phx_sim_fail(r, 500, "resource '%s' does not exist in cluster", sid);
		return;
	}
	doc = json_copy(r->p);
	json_object_del(doc, "sid");
	json_object_del(doc, "type");
	phx_sim_put(r->sim, "ha", sid, doc);
	phx_sim_ok(r, NULL);
}

static json_t *resource(struct phx_sim_request *r, const char **out_sid)
{
	json_t *doc;

	*out_sid = sid_of(r, phx_sim_p(r, "sid"));
	doc = phx_sim_get(r->sim, "ha", *out_sid);
	if (doc == NULL)
		phx_sim_fail(r, 500, "no such resource '%s'", *out_sid);
	return doc;
}

static void get(struct phx_sim_request *r)
{
	const char *sid;
	json_t *doc = resource(r, &sid), *o;

	if (doc == NULL)
		return;
	o = shown(sid, doc);
	phx_sim_set(o, "digest", digest(r, "ha"));
	phx_sim_ok(r, o);
}

static void merge(struct phx_sim_request *r, json_t *doc)
{
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;
	const char *key;
	json_t *v;

	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(doc, phx_str_trim(one).ptr, phx_str_trim(one).len);
	json_object_foreach(r->p, key, v)
	{
		if (strcmp(key, "sid") != 0 && strcmp(key, "group") != 0 && strcmp(key, "digest") != 0 &&
		    strcmp(key, "delete") != 0)
			json_object_set(doc, key, v);
	}
}

static void put(struct phx_sim_request *r)
{
	const char *sid;
	json_t *doc = resource(r, &sid);

	if (doc == NULL ||
	    !phx_sim_digest_fits(r, digest(r, "ha"),
				 "update resources config failed: detected modified configuration "
				 "- file changed by other user? Try again."))
		return;
	merge(r, doc);
	if (phx_sim_p(r, "group") != NULL)
		phx_sim_set(doc, "group", phx_sim_p(r, "group"));
	phx_sim_dirty(r->sim, "ha", sid);
	phx_sim_ok(r, NULL);
}

static void delete_(struct phx_sim_request *r)
{
	const char *sid = sid_of(r, phx_sim_p(r, "sid"));

	if (phx_sim_get(r->sim, "ha", sid) == NULL) {
		phx_sim_fail(r, 500, "cannot delete service '%s', not HA managed!", sid);
		return;
	}
	phx_sim_del(r->sim, "ha", sid);
	phx_sim_ok(r, NULL);
}

/* ---- groups ---- */

static json_t *group_shown(struct phx_sim_request *r, const char *name, const json_t *doc)
{
	json_t *o = json_deep_copy(doc);

	phx_sim_set(o, "group", name);
	phx_sim_set(o, "type", "group");
	phx_sim_set(o, "digest", digest(r, "hagroup"));
	return o;
}

static void groups(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *name;

	json_object_foreach(phx_sim_all(r->sim, "hagroup"), name, doc)
	{
		json_array_append_new(out, group_shown(r, name, doc));
	}
	phx_sim_ok(r, out);
}

static void group_add(struct phx_sim_request *r)
{
	const char *name = phx_sim_p(r, "group");
	json_t *doc;

	if (phx_sim_get(r->sim, "hagroup", name) != NULL) {
		phx_sim_fail(r, 500, "create ha group failed: ha group ID '%s' already defined", name);
		return;
	}
	doc = json_copy(r->p);
	json_object_del(doc, "group");
	json_object_del(doc, "type");
	phx_sim_put(r->sim, "hagroup", name, doc);
	phx_sim_ok(r, NULL);
}

static json_t *group_of(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "hagroup", phx_sim_p(r, "group"));

	if (doc == NULL)
		phx_sim_fail(r, 500, "no such ha group '%s'", phx_sim_p(r, "group"));
	return doc;
}

static void group_get(struct phx_sim_request *r)
{
	json_t *doc = group_of(r);

	if (doc != NULL)
		phx_sim_ok(r, group_shown(r, phx_sim_p(r, "group"), doc));
}

static void group_put(struct phx_sim_request *r)
{
	json_t *doc = group_of(r);

	if (doc == NULL)
		return;
	merge(r, doc);
	phx_sim_dirty(r->sim, "hagroup", phx_sim_p(r, "group"));
	phx_sim_ok(r, NULL);
}

static void group_delete(struct phx_sim_request *r)
{
	if (group_of(r) == NULL)
		return;
	phx_sim_del(r->sim, "hagroup", phx_sim_p(r, "group"));
	phx_sim_ok(r, NULL);
}

const struct phx_sim_route phx_sim_routes_ha[] = {{"GET", "/cluster/ha/status/current", status},
						  {"GET", "/cluster/ha/resources", list},
						  {"POST", "/cluster/ha/resources", add},
						  {"GET", "/cluster/ha/resources/{sid}", get},
						  {"PUT", "/cluster/ha/resources/{sid}", put},
						  {"DELETE", "/cluster/ha/resources/{sid}", delete_},
						  {"GET", "/cluster/ha/groups", groups},
						  {"POST", "/cluster/ha/groups", group_add},
						  {"GET", "/cluster/ha/groups/{group}", group_get},
						  {"PUT", "/cluster/ha/groups/{group}", group_put},
						  {"DELETE", "/cluster/ha/groups/{group}", group_delete},
						  {0}};
