#include "backend/sim/resources.h"

#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/volume.h"

/* Everything else lags: see phx_sim_guest_published. Id, lock, tags and pool are there at once (853, concurrency). */
json_t *phx_sim_resource_guest(struct phx_sim *s, json_t *g)
{
	static const char *const lagging[] = {"cpu", "disk", "diskread", "diskwrite", "maxdisk", "maxmem",
					      "mem", "name", "netin",    "netout",    "status",  "uptime"};
	json_t *pub = phx_sim_guest_published(s, g), *o, *v;
	const char *kind = phx_sim_guest_kind(g), *pool = phx_sim_guest_pool(s, phx_sim_guest_id(g));
	struct phx_arena a = {0};
	json_t *ha = phx_sim_get(s, "ha",
				 phx_sim_fmt(&a, "%s:%lld", phx_sim_guest_is_vm(g) ? "vm" : "ct",
					     (long long)phx_sim_guest_id(g)));

	o = json_pack("{s:s, s:s, s:s, s:I}", "id",
		      phx_sim_fmt(&a, "%s/%lld", kind, (long long)phx_sim_guest_id(g)), "type", kind, "node",
		      phx_sim_guest_node(g), "vmid", (json_int_t)phx_sim_guest_id(g));
	phx_arena_done(&a);
	if (ha != NULL)
		phx_sim_set(o, "hastate", phx_sim_so(ha, "state", "started"));
	if (phx_sim_conf_get(g, "tags") != NULL)
		phx_sim_set(o, "tags", phx_sim_conf_get(g, "tags"));
	if (phx_sim_conf_get(g, "lock") != NULL)
		phx_sim_set(o, "lock", phx_sim_conf_get(g, "lock"));
	if (pool != NULL)
		phx_sim_set(o, "pool", pool);
	if (pub == NULL) {
		phx_sim_set(o, "status", "unknown");
		return o;
	}
	for (size_t i = 0; i < PHX_COUNTOF(lagging); i++)
		if ((v = json_object_get(pub, lagging[i])) != NULL)
			json_object_set(o, lagging[i], v);
	json_object_set(o, "maxcpu", json_object_get(pub, "cpus"));
	phx_sim_set_int(o, "template", phx_json_int(pub, "template", 0));
	return o;
}

void phx_sim_resources_guests(struct phx_sim_request *r, json_t *out)
{
	bool all =
		phx_sim_may(r, "/vms", "VM.Audit") && !r->who.privsep && strcmp(r->who.user, "root@pam") == 0;
	const char *id;
	json_t *g;

	json_object_foreach(phx_sim_all(r->sim, "guest"), id, g)
	{
		if (all || phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
			json_array_append_new(out, phx_sim_resource_guest(r->sim, g));
	}
}

json_t *phx_sim_resource_node(struct phx_sim *s, const char *node)
{
	json_t *doc = phx_sim_get(s, "node", node), *o;
	struct phx_arena a = {0};
	int64_t memory = phx_json_int(doc, "memory", 0);

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:f, s:I, s:I, s:I, s:I, s:I, s:I}", "id",
		      phx_sim_fmt(&a, "node/%s", node), "type", "node", "node", node, "status", "online",
		      "level", "", "cgroup-mode", (int)phx_json_int(doc, "cgroup_mode", 2), "cpu", 0.02,
		      "maxcpu", (json_int_t)phx_json_int(doc, "cores", 1), "mem", (json_int_t)(memory / 16),
		      "maxmem", (json_int_t)memory, "disk", (json_int_t)20 << 30, "maxdisk",
		      (json_int_t)phx_json_int(doc, "rootfs", (int64_t)250 << 30), "uptime",
		      (json_int_t)(phx_sim_now_s(s) - phx_json_int(doc, "boot", phx_sim_now_s(s))));
	phx_arena_done(&a);
	return o;
}

void phx_sim_resources_nodes(struct phx_sim_request *r, json_t *out)
{
	static const char *const audited[] = {"cpu", "maxcpu", "mem", "maxmem", "disk", "maxdisk", "uptime"};
	const char *name;
	json_t *doc;

	json_object_foreach(phx_sim_all(r->sim, "node"), name, doc)
	{
		json_t *o = phx_sim_resource_node(r->sim, name);

		if (!phx_sim_may(r, phx_sim_fmt(&r->arena, "/nodes/%s", name), "Sys.Audit"))
			for (size_t i = 0; i < PHX_COUNTOF(audited); i++)
				json_object_del(o, audited[i]);
		json_array_append_new(out, o);
	}
}

json_t *phx_sim_resource_storage(struct phx_sim *s, const char *storage, const char *node)
{
	json_t *st = phx_sim_storage(s, storage), *o;
	struct phx_arena a = {0};

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "id",
		      phx_sim_fmt(&a, "storage/%s/%s", node, storage), "type", "storage", "storage", storage,
		      "node", node, "plugintype", phx_sim_so(st, "type", "dir"), "shared",
		      phx_sim_storage_shared(st), "status", "available", "content",
		      phx_sim_so(st, "content", ""));
	phx_sim_set_int(o, "disk", (int64_t)phx_sim_storage_used(st, node));
	phx_sim_set_int(o, "maxdisk", (int64_t)phx_sim_storage_total(st));
	phx_arena_done(&a);
	return o;
}

void phx_sim_resources_storages(struct phx_sim_request *r, json_t *out)
{
	const char *id, *node;
	json_t *st, *n;

	json_object_foreach(phx_sim_all(r->sim, "storage"), id, st)
	{
		const char *path = phx_sim_fmt(&r->arena, "/storage/%s", id);

		if (!phx_sim_may(r, path, "Datastore.Audit") &&
		    !phx_sim_may(r, path, "Datastore.AllocateSpace"))
			continue;
		json_object_foreach(phx_sim_all(r->sim, "node"), node, n)
		{
			if (phx_sim_storage_on(st, node))
				json_array_append_new(out, phx_sim_resource_storage(r->sim, id, node));
		}
	}
}

void phx_sim_resources_sdn(struct phx_sim_request *r, json_t *out)
{
	const char *node;
	json_t *n;

	if (!phx_sim_may(r, "/sdn/zones/localnetwork", "SDN.Audit"))
		return;
	json_object_foreach(phx_sim_all(r->sim, "node"), node, n)
	{
		json_array_append_new(out,
				      json_pack("{s:s, s:s, s:s, s:s, s:s}", "id",
						phx_sim_fmt(&r->arena, "sdn/%s/localnetwork", node), "type",
						"sdn", "sdn", "localnetwork", "node", node, "status", "ok"));
	}
}

void phx_sim_resources_pools(struct phx_sim_request *r, json_t *out)
{
	const char *id;
	json_t *p;

	json_object_foreach(phx_sim_all(r->sim, "pool"), id, p)
	{
		if (phx_sim_may(r, phx_sim_fmt(&r->arena, "/pool/%s", id), "Pool.Audit"))
			json_array_append_new(out, json_pack("{s:s, s:s, s:s}", "id",
							     phx_sim_fmt(&r->arena, "/pool/%s", id), "type",
							     "pool", "pool", id));
	}
}
