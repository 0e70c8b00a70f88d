/* /version and /cluster: resources, status, next id, options, tasks, log. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/resources.h"
#include "backend/sim/volume.h"

static void version(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_pack("{s:s, s:s, s:s}", "release", "8.4", "repoid", "2a5fa54af8503f96", "version",
				"8.4.1"));
}

json_t *phx_sim_index(const char *key, const char *words)
{
	json_t *out = json_array();
	struct phx_str rest = phx_str_c(words), word;

	while (phx_str_cut(&rest, ' ', &word))
		if (word.len > 0)
			json_array_append_new(out, json_pack("{s:s%}", key, word.ptr, word.len));
	return out;
}

static void cluster_index(struct phx_sim_request *r)
{
	phx_sim_ok(r,
		   phx_sim_index("name", "acme backup backup-info ceph config firewall ha jobs log mapping "
					 "metrics nextid notifications options "
					 "replication resources sdn status tasks"));
}

static void resources(struct phx_sim_request *r)
{
	const char *type = phx_sim_p(r, "type");
	json_t *out = json_array();

	if (type == NULL)
		phx_sim_resources_pools(r, out);
	if (type == NULL || strcmp(type, "vm") == 0)
		phx_sim_resources_guests(r, out);
	if (type == NULL || strcmp(type, "node") == 0)
		phx_sim_resources_nodes(r, out);
	if (type == NULL || strcmp(type, "storage") == 0)
		phx_sim_resources_storages(r, out);
	if (type == NULL || strcmp(type, "sdn") == 0)
		phx_sim_resources_sdn(r, out);
	phx_sim_ok(r, out);
}

static void status(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	bool cluster = phx_sim_meta_int(r->sim, "clustered", 0) != 0;
	size_t n = json_object_size(phx_sim_all(r->sim, "node"));
	const char *name, *local = phx_sim_node(r);

	if (local == NULL)
		local = json_object_iter_key(json_object_iter(phx_sim_all(r->sim, "node")));
	if (cluster)
		json_array_append_new(
			out,
			json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "type", "cluster", "id", "cluster",
				  "name", phx_sim_so(phx_sim_get(r->sim, "meta", "meta"), "cluster", "lab"),
				  "nodes", (json_int_t)n, "quorate",
				  (json_int_t)phx_sim_meta_int(r->sim, "quorate", 1), "version",
				  (json_int_t)n));
	json_object_foreach(phx_sim_all(r->sim, "node"), name, doc)
	{
		json_array_append_new(out,
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:I}", "type", "node",
						"id", phx_sim_fmt(&r->arena, "node/%s", name), "name", name,
						"ip", phx_sim_so(doc, "ip", "127.0.0.1"), "level", "",
						"online", 1, "local", strcmp(name, local) == 0, "nodeid",
						(json_int_t)(cluster ? phx_json_int(doc, "id", 1) : 0)));
	}
	phx_sim_ok(r, out);
}

static void nextid(struct phx_sim_request *r)
{
	int64_t want = phx_sim_pi(r, "vmid", 0), id = 100;

	if (want != 0) {
		if (phx_sim_guest(r->sim, want) != NULL)
			phx_sim_fail_param(r, "vmid", "VM %lld already exists", (long long)want);
		else
			phx_sim_ok(r, json_string(phx_sim_fmt(&r->arena, "%lld", (long long)want)));
		return;
	}
	while (phx_sim_get(r->sim, "guest", phx_sim_fmt(&r->arena, "%lld", (long long)id)) != NULL)
		id++;
	phx_sim_ok(r, json_string(phx_sim_fmt(&r->arena, "%lld", (long long)id)));
}

/* ---- datacenter options ---- */

static json_t *options_doc(struct phx_sim *s)
{
	json_t *o = phx_sim_get(s, "meta", "datacenter");

	return o != NULL ? o : phx_sim_put(s, "meta", "datacenter", json_object());
}

static void add_tags(json_t *set, const char *tags)
{
	struct phx_str rest = phx_str_c(tags);
	size_t at = 0;

	while (at < rest.len) {
		size_t end = at;

		while (end < rest.len && strchr(";, ", rest.ptr[end]) == NULL)
			end++;
		if (end > at)
			json_object_setn_new(set, rest.ptr + at, end - at, json_true());
		at = end + 1;
	}
}

static json_t *sorted_array(struct phx_arena *a, const json_t *set)
{
	json_t *out = json_array();
	const char **keys = PHX_NEW_N(a, const char *, json_object_size(set) + 1), *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)set, key, v)
	{
		size_t i = n++;

		for (; i > 0 && strcmp(keys[i - 1], key) > 0; i--)
			keys[i] = keys[i - 1];
		keys[i] = key;
	}
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, json_string(keys[i]));
	return out;
}

static json_t *prop_object(const char *text)
{
	json_t *out = json_object();
	struct phx_str rest = phx_str_c(text), one, key;

	while (phx_str_cut(&rest, ',', &one)) {
		(void)phx_str_cut(&one, '=', &key);
		json_object_setn_new(out, key.ptr, key.len,
				     json_stringn_nocheck(one.ptr != NULL ? one.ptr : "", one.len));
	}
	return out;
}

static void options_get(struct phx_sim_request *r)
{
	json_t *doc = options_doc(r->sim),
	       *out = json_pack("{s:s, s:s}", "description", "", "mac_prefix", "BC:24:11"), *v;
	json_t *allowed = json_object(), *registered = json_object();
	const char *key;

	json_object_foreach(phx_sim_all(r->sim, "guest"), key, v)
	{
		add_tags(allowed, phx_sim_conf_get(v, "tags"));
	}
	add_tags(registered, phx_sim_s(doc, "registered-tags"));
	json_object_update(allowed, registered);
	json_object_foreach(doc, key, v)
	{
		if (strcmp(key, "registered-tags") == 0)
			json_object_set_new(out, key, sorted_array(&r->arena, registered));
		else if (strcmp(key, "tag-style") == 0 || strcmp(key, "user-tag-access") == 0 ||
			 strcmp(key, "migration") == 0 || strcmp(key, "ha") == 0)
			json_object_set_new(out, key, prop_object(json_string_value(v)));
		else
			json_object_set(out, key, v);
	}
	json_object_set_new(out, "allowed-tags", sorted_array(&r->arena, allowed));
	json_decref(allowed);
	json_decref(registered);
	phx_sim_ok(r, out);
}

static void options_put(struct phx_sim_request *r)
{
	json_t *doc = options_doc(r->sim), *v;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;
	const char *key;

	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(doc, one.ptr, one.len);
	json_object_foreach(r->p, key, v)
	{
		if (strcmp(key, "delete") != 0)
			json_object_set(doc, key, v);
	}
	phx_sim_dirty(r->sim, "meta", "datacenter");
	phx_sim_ok(r, NULL);
}

/* ---- tasks and log of the whole cluster ---- */

static void tasks(struct phx_sim_request *r)
{
	json_t *all = phx_sim_all(r->sim, "task"), *out = json_array(), *t;
	size_t n = json_object_size(all), first = n > 25 ? n - 25 : 0, i = 0;
	bool any = phx_sim_may(r, "/", "Sys.Audit");
	const char *upid;

	json_object_foreach(all, upid, t)
	{
		json_t *o;

		if (i++ < first || (!any && strcmp(phx_sim_so(t, "user", ""), r->who.user) != 0))
			continue;
		o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "upid", upid, "id", phx_sim_so(t, "id", ""),
			      "node", phx_sim_so(t, "node", ""), "type", phx_sim_so(t, "type", ""), "user",
			      phx_sim_so(t, "user", ""), "starttime", json_object_get(t, "starttime"));
		if (phx_sim_s(t, "tokenid") != NULL)
			phx_sim_set(o, "tokenid", phx_sim_s(t, "tokenid"));
		if (phx_sim_s(t, "status") != NULL) {
			phx_sim_set(o, "status", phx_sim_s(t, "status"));
			json_object_set(o, "endtime", json_object_get(t, "endtime"));
			phx_sim_set(o, "saved", "1");
		}
		json_array_insert_new(out, 0, o);
	}
	phx_sim_ok(r, out);
}

static void cluster_log(struct phx_sim_request *r)
{
	json_t *all = phx_sim_all(r->sim, "clog"), *out = json_array(), *e;
	size_t n = json_object_size(all), max = (size_t)phx_sim_pi(r, "max", 50), i = 0;
	const char *id;

	json_object_foreach(all, id, e)
	{
		const char *uid = id;

		if (i++ + max < n)
			continue;
		json_array_insert_new(
			out, 0,
			json_pack("{s:s, s:s, s:s, s:O, s:s, s:s, s:i, s:i, s:s}", "uid", uid, "id",
				  phx_sim_fmt(&r->arena, "%s:%s", uid, phx_sim_so(e, "node", "")), "msg",
				  phx_sim_so(e, "msg", ""), "time", json_object_get(e, "time"), "node",
				  phx_sim_so(e, "node", ""), "user", phx_sim_so(e, "user", ""), "pid", 1843,
				  "pri", 6, "tag", "pvedaemon"));
	}
	phx_sim_ok(r, out);
}

static void empty_list(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_array());
}

const struct phx_sim_route phx_sim_routes_cluster[] = {{"GET", "/version", version},
						       {"GET", "/cluster", cluster_index},
						       {"GET", "/cluster/resources", resources},
						       {"GET", "/cluster/status", status},
						       {"GET", "/cluster/nextid", nextid},
						       {"GET", "/cluster/options", options_get},
						       {"PUT", "/cluster/options", options_put},
						       {"GET", "/cluster/tasks", tasks},
						       {"GET", "/cluster/log", cluster_log},
						       {"GET", "/cluster/replication", empty_list},
						       {"GET", "/cluster/sdn/zones", empty_list},
						       {"GET", "/cluster/sdn/vnets", empty_list},
						       {0}};
