#include "backend/sim/resources.h"

#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/volume.h"

/* Everything else lags: see sim_guest_published. Id, lock, tags and pool are there at once (853, concurrency). */
json_t *sim_resource_guest(struct phx_sim *s, json_t *g)
{
	static const char *const lagging[] = {"cpu", "disk", "diskread", "diskwrite", "maxdisk", "maxmem",
					      "mem", "name", "netin",    "netout",    "status",  "uptime"};
	json_t *pub = sim_guest_published(s, g), *o, *v;
	const char *kind = sim_guest_kind(g), *pool = sim_guest_pool(s, sim_guest_id(g));
	struct phx_arena a = {0};

	o = json_pack("{s:s, s:s, s:s, s:I}", "id", sim_fmt(&a, "%s/%lld", kind, (long long)sim_guest_id(g)),
		      "type", kind, "node", sim_guest_node(g), "vmid", (json_int_t)sim_guest_id(g));
	phx_arena_done(&a);
	if (sim_conf_get(g, "tags") != NULL)
		sim_set(o, "tags", sim_conf_get(g, "tags"));
	if (sim_conf_get(g, "lock") != NULL)
		sim_set(o, "lock", sim_conf_get(g, "lock"));
	if (pool != NULL)
		sim_set(o, "pool", pool);
	if (pub == NULL) {
		sim_set(o, "status", "unknown");
		return o;
	}
	for (size_t i = 0; i < PHX_COUNTOF(lagging); i++)
		if ((v = json_object_get(pub, lagging[i])) != NULL)
			json_object_set(o, lagging[i], v);
	json_object_set(o, "maxcpu", json_object_get(pub, "cpus"));
	sim_set_int(o, "template", phx_json_int(pub, "template", 0));
	return o;
}

void sim_resources_guests(struct sim_request *r, json_t *out)
{
	bool all = sim_may(r, "/vms", "VM.Audit") && !r->who.privsep && strcmp(r->who.user, "root@pam") == 0;
	const char *id;
	json_t *g;

	json_object_foreach(sim_all(r->sim, "guest"), id,
			    g) if (all || sim_may(r, sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
		json_array_append_new(out, sim_resource_guest(r->sim, g));
}

json_t *sim_resource_node(struct phx_sim *s, const char *node)
{
	json_t *doc = sim_get(s, "node", node), *o;
	struct phx_arena a = {0};
	int64_t memory = phx_json_int(doc, "memory", 0);

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:f, s:I, s:I, s:I, s:I, s:I, s:I}", "id",
		      sim_fmt(&a, "node/%s", node), "type", "node", "node", node, "status", "online", "level",
		      "", "cgroup-mode", (int)phx_json_int(doc, "cgroup_mode", 2), "cpu", 0.02, "maxcpu",
		      (json_int_t)phx_json_int(doc, "cores", 1), "mem", (json_int_t)(memory / 16), "maxmem",
		      (json_int_t)memory, "disk", (json_int_t)20 << 30, "maxdisk",
		      (json_int_t)phx_json_int(doc, "rootfs", (int64_t)250 << 30), "uptime",
		      (json_int_t)(sim_now_s(s) - phx_json_int(doc, "boot", sim_now_s(s))));
	phx_arena_done(&a);
	return o;
}

void sim_resources_nodes(struct sim_request *r, json_t *out)
{
	static const char *const audited[] = {"cpu", "maxcpu", "mem", "maxmem", "disk", "maxdisk", "uptime"};
	const char *name;
	json_t *doc;

	json_object_foreach(sim_all(r->sim, "node"), name, doc)
	{
		json_t *o = sim_resource_node(r->sim, name);

		if (!sim_may(r, sim_fmt(&r->arena, "/nodes/%s", name), "Sys.Audit"))
			for (size_t i = 0; i < PHX_COUNTOF(audited); i++)
				json_object_del(o, audited[i]);
		json_array_append_new(out, o);
	}
}

json_t *sim_resource_storage(struct phx_sim *s, const char *storage, const char *node)
{
	json_t *st = sim_storage(s, storage), *o;
	struct phx_arena a = {0};

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "id",
		      sim_fmt(&a, "storage/%s/%s", node, storage), "type", "storage", "storage", storage,
		      "node", node, "plugintype", sim_so(st, "type", "dir"), "shared", sim_storage_shared(st),
		      "status", "available", "content", sim_so(st, "content", ""));
	sim_set_int(o, "disk", (int64_t)sim_storage_used(st, node));
	sim_set_int(o, "maxdisk", (int64_t)sim_storage_total(st));
	phx_arena_done(&a);
	return o;
}

void sim_resources_storages(struct sim_request *r, json_t *out)
{
	const char *id, *node;
	json_t *st, *n;

	json_object_foreach(sim_all(r->sim, "storage"), id, st)
	{
		const char *path = sim_fmt(&r->arena, "/storage/%s", id);

		if (!sim_may(r, path, "Datastore.Audit") && !sim_may(r, path, "Datastore.AllocateSpace"))
			continue;
		json_object_foreach(sim_all(r->sim, "node"), node, n) if (sim_storage_on(st, node))
			json_array_append_new(out, sim_resource_storage(r->sim, id, node));
	}
}

void sim_resources_sdn(struct sim_request *r, json_t *out)
{
	const char *node;
	json_t *n;

	if (!sim_may(r, "/sdn/zones/localnetwork", "SDN.Audit"))
		return;
	json_object_foreach(sim_all(r->sim, "node"), node, n) json_array_append_new(
		out,
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", sim_fmt(&r->arena, "sdn/%s/localnetwork", node),
			  "type", "sdn", "sdn", "localnetwork", "node", node, "status", "ok"));
}

void sim_resources_pools(struct sim_request *r, json_t *out)
{
	const char *id;
	json_t *p;

	json_object_foreach(sim_all(r->sim, "pool"), id,
			    p) if (sim_may(r, sim_fmt(&r->arena, "/pool/%s", id), "Pool.Audit"))
		json_array_append_new(out,
				      json_pack("{s:s, s:s, s:s}", "id", sim_fmt(&r->arena, "/pool/%s", id),
						"type", "pool", "pool", id));
}
