/* /storage (configuration) and /nodes/{node}/storage (status). */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/resources.h"
#include "backend/sim/volume.h"

static const char *digest(struct phx_sim_request *r)
{
	struct phx_buf text = {0};
	const char *id, *key, *out;
	json_t *st, *v;

	json_object_foreach(phx_sim_all(r->sim, "storage"), id, st)
	{
		phx_buf_printf(&text, "%s: %s\n", phx_sim_so(st, "type", ""), id);
		json_object_foreach(st, key, v)
		{
			if (json_is_string(v))
				phx_buf_printf(&text, "\t%s %s\n", key, json_string_value(v));
		}
	}
	out = phx_sim_sha1(&r->arena, text.ptr != NULL ? text.ptr : "", text.len);
	phx_buf_done(&text);
	return out;
}

static json_t *configuration(struct phx_sim_request *r, const json_t *st)
{
	static const char *const own[] = {"total", "base_used", "alloc"};
	json_t *o = json_copy((json_t *)(uintptr_t)st);

	for (size_t i = 0; i < PHX_COUNTOF(own); i++)
		json_object_del(o, own[i]);
	phx_sim_set(o, "digest", digest(r));
	return o;
}

static bool may_see(struct phx_sim_request *r, const char *id)
{
	const char *path = phx_sim_fmt(&r->arena, "/storage/%s", id);

	return phx_sim_may(r, path, "Datastore.Audit") || phx_sim_may(r, path, "Datastore.AllocateSpace") ||
	       phx_sim_may(r, path, "Datastore.Allocate");
}

static void list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *st;
	const char *id, *type = phx_sim_p(r, "type");

	json_object_foreach(phx_sim_all(r->sim, "storage"), id, st)
	{
		if (may_see(r, id) && (type == NULL || strcmp(type, phx_sim_so(st, "type", "")) == 0))
			json_array_append_new(out, configuration(r, st));
	}
	phx_sim_ok(r, out);
}

static void get(struct phx_sim_request *r)
{
	json_t *st = phx_sim_storage(r->sim, phx_sim_p(r, "storage"));

	if (st == NULL)
		phx_sim_fail(r, 500, "storage '%s' does not exist", phx_sim_p(r, "storage"));
	else
		phx_sim_ok(r, configuration(r, st));
}

static void answer(struct phx_sim_request *r, const char *id)
{
	phx_sim_ok(r, json_pack("{s:s, s:s}", "storage", id, "type",
				phx_sim_so(phx_sim_storage(r->sim, id), "type", "dir")));
}

static void create(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "storage");
	json_t *doc;

	if (phx_sim_storage(r->sim, id) != NULL) {
		phx_sim_fail(r, 500, "create storage failed: storage ID '%s' already defined", id);
		return;
	}
	doc = json_copy(r->p);
	if (phx_sim_s(doc, "content") == NULL)
		phx_sim_set(doc, "content", "images");
	phx_sim_set_int(doc, "total", (int64_t)100 << 30);
	phx_sim_put(r->sim, "storage", id, doc);
	answer(r, id);
}

static void update(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "storage"), *key;
	json_t *st = phx_sim_storage(r->sim, id), *v;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;

	if (st == NULL) {
		phx_sim_fail(r, 500, "update storage failed: storage '%s' does not exist", id);
		return;
	}
	if (!phx_sim_digest_fits_text(r, digest(r)))
		return;
	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(st, one.ptr, one.len);
	json_object_foreach(r->p, key, v)
	{
		if (strcmp(key, "delete") != 0 && strcmp(key, "digest") != 0)
			json_object_set(st, key, v);
	}
	phx_sim_dirty(r->sim, "storage", id);
	answer(r, id);
}

static void delete_(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "storage");

	if (phx_sim_storage(r->sim, id) == NULL) {
		phx_sim_fail(r, 500, "delete storage failed: storage '%s' does not exist", id);
		return;
	}
	phx_sim_del(r->sim, "storage", id);
	phx_sim_ok(r, NULL);
}

/* ---- on a node ---- */

static json_t *status_of(struct phx_sim_request *r, const json_t *st)
{
	uint64_t total = phx_sim_storage_total(st), used = phx_sim_storage_used(st, phx_sim_node(r));

	return json_pack("{s:i, s:I, s:I, s:I, s:s, s:i, s:i, s:s}", "active", 1, "total", (json_int_t)total,
			 "used", (json_int_t)used, "avail", (json_int_t)(used < total ? total - used : 0),
			 "content", phx_sim_so(st, "content", ""), "enabled", 1, "shared",
			 phx_sim_storage_shared(st), "type", phx_sim_so(st, "type", "dir"));
}

static void node_list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *st;
	const char *id, *only = phx_sim_p(r, "storage"), *content = phx_sim_p(r, "content");

	json_object_foreach(phx_sim_all(r->sim, "storage"), id, st)
	{
		json_t *o;

		if (!phx_sim_storage_on(st, phx_sim_node(r)) || !may_see(r, id) ||
		    (only != NULL && strcmp(only, id) != 0) ||
		    (content != NULL && !phx_sim_storage_holds(st, content)))
			continue;
		o = status_of(r, st);
		phx_sim_set(o, "storage", id);
		json_object_set_new(o, "used_fraction",
				    json_real((double)phx_sim_storage_used(st, phx_sim_node(r)) /
					      (double)phx_sim_storage_total(st)));
		json_array_append_new(out, o);
	}
	phx_sim_ok(r, out);
}

static void node_index(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("subdir",
				    "content download-url file-restore import-metadata prunebackups rrd "
				    "rrddata status upload"));
}

static void node_status(struct phx_sim_request *r)
{
	json_t *st = phx_sim_storage(r->sim, phx_sim_p(r, "storage"));

	if (st == NULL || !phx_sim_storage_on(st, phx_sim_node(r)))
		phx_sim_fail_param(r, "storage", "No such storage.");
	else
		phx_sim_ok(r, status_of(r, st));
}

const struct phx_sim_route phx_sim_routes_storage[] = {
	{"GET", "/storage", list},
	{"POST", "/storage", create},
	{"GET", "/storage/{storage}", get},
	{"PUT", "/storage/{storage}", update},
	{"DELETE", "/storage/{storage}", delete_},
	{"GET", "/nodes/{node}/storage", node_list},
	{"GET", "/nodes/{node}/storage/{storage}", node_index},
	{"GET", "/nodes/{node}/storage/{storage}/status", node_status},
	{0}};
