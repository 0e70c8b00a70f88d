/* /pools */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/resources.h"
#include "backend/sim/vm.h"
#include "backend/sim/volume.h"

static json_t *members(struct phx_sim_request *r, const json_t *pool)
{
	json_t *out = json_array(), *v;
	const char *id, *node;
	json_t *n;

	json_object_foreach(json_object_get(pool, "vms"), id, v)
	{
		int64_t vmid = 0;
		json_t *g = phx_parse_i64(phx_str_c(id), &vmid) ? phx_sim_guest(r->sim, vmid) : NULL, *o;

		if (g == NULL || !phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
			continue;
		o = phx_sim_resource_guest(r->sim, g);
		json_object_del(o, "pool");
		json_object_del(o, "tags");
		json_array_append_new(out, o);
	}
	json_object_foreach(json_object_get(pool, "storage"), id, v)
	{
		if (phx_sim_storage(r->sim, id) == NULL)
			continue;
		json_object_foreach(phx_sim_all(r->sim, "node"), node, n)
		{
			if (phx_sim_storage_on(phx_sim_storage(r->sim, id), node))
				json_array_append_new(out, phx_sim_resource_storage(r->sim, id, node));
		}
	}
	return out;
}

static json_t *describe(struct phx_sim_request *r, const char *id, const json_t *pool, bool full)
{
	json_t *o = json_pack("{s:s}", "poolid", id);

	if (phx_sim_s(pool, "comment") != NULL)
		phx_sim_set(o, "comment", phx_sim_s(pool, "comment"));
	if (full)
		json_object_set_new(o, "members", members(r, pool));
	return o;
}

static bool audit(struct phx_sim_request *r, const char *id)
{
	return phx_sim_may(r, phx_sim_fmt(&r->arena, "/pool/%s", id), "Pool.Audit");
}

static void list(struct phx_sim_request *r)
{
	const char *only = phx_sim_p(r, "poolid"), *id;
	json_t *out = json_array(), *pool;

	if (only != NULL && phx_sim_get(r->sim, "pool", only) == NULL) {
		json_decref(out);
		phx_sim_fail(r, 500, "pool '%s' does not exist", only);
		return;
	}
	json_object_foreach(phx_sim_all(r->sim, "pool"), id, pool)
	{
		if ((only == NULL || strcmp(only, id) == 0) && audit(r, id))
			json_array_append_new(out, describe(r, id, pool, only != NULL));
	}
	phx_sim_ok(r, out);
}

static void get(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "poolid");
	json_t *pool = phx_sim_get(r->sim, "pool", id), *o;

	if (pool == NULL) {
		phx_sim_fail(r, 500, "pool '%s' does not exist", id);
		return;
	}
	o = describe(r, id, pool, true);
	phx_sim_ok(r, o);
}

static void create(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "poolid"), *slash = strrchr(id, '/');

	if (phx_sim_get(r->sim, "pool", id) != NULL) {
		phx_sim_fail(r, 500, "create pool failed: pool '%s' already exists", id);
		return;
	}
	if (slash != NULL) {
		const char *parent = phx_sim_fmt(&r->arena, "%.*s", (int)(slash - id), id);

		if (phx_sim_get(r->sim, "pool", parent) == NULL) {
			phx_sim_fail(r, 500, "create pool failed: parent '%s' of pool '%s' does not exist",
				     parent, id);
			return;
		}
	}
	phx_sim_put(r->sim, "pool", id,
		    json_pack("{s:s?, s:{}, s:{}}", "comment", phx_sim_p(r, "comment"), "vms", "storage"));
	phx_sim_ok(r, NULL);
}

/* Whether a guest may join or leave; else the answer is set. */
static bool vm_check(struct phx_sim_request *r, const char *id, const json_t *pool, const char *vmid,
		     bool gone)
{
	int64_t n = 0;
	const char *now = phx_parse_i64(phx_str_c(vmid), &n) ? phx_sim_guest_pool(r->sim, n) : NULL;
	bool member = json_object_get(json_object_get(pool, "vms"), vmid) != NULL;

	if (!phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", vmid), "VM.Allocate") &&
	    !phx_sim_need(r, phx_sim_fmt(&r->arena, "/pool/%s", id), "Pool.Allocate"))
		return false;
	if (gone && !member)
		phx_sim_fail(r, 500, "update pools failed: VM %s is not a pool member", vmid);
	else if (!gone && member)
		phx_sim_fail(r, 500, "update pools failed: VM %s is already a pool member", vmid);
	else if (!gone && now != NULL && !phx_sim_pb(r, "allow-move", false))
		phx_sim_fail(
			r, 500,
			"update pools failed: VM %s belongs already to pool '%s' and 'allow-move' is not set",
			vmid, now);
	else
		return true;
	return false;
}

static void vm_change(struct phx_sim_request *r, json_t *pool, const char *vmid, bool gone)
{
	int64_t n = 0;

	if (gone) {
		json_object_del(json_object_get(pool, "vms"), vmid);
		return;
	}
	if (phx_parse_i64(phx_str_c(vmid), &n))
		phx_sim_vm_pool_remove(r->sim, n);
	json_object_set_new(json_object_get(pool, "vms"), vmid, json_true());
}

static bool storage_check(struct phx_sim_request *r, const json_t *pool, const char *storage, bool gone)
{
	bool have = json_object_get(json_object_get(pool, "storage"), storage) != NULL;

	if (have == gone)
		return true;
	phx_sim_fail(r, 500, "update pools failed: Storage '%s' is %s pool member", storage,
		     gone ? "not a" : "already a");
	return false;
}

static void storage_change(json_t *pool, const char *storage, bool gone)
{
	json_t *set = json_object_get(pool, "storage");

	if (gone)
		json_object_del(set, storage);
	else
		json_object_set_new(set, storage, json_true());
}

/* All members named: looked at, or changed. False: the answer is set. */
static bool each_member(struct phx_sim_request *r, const char *id, json_t *pool, bool act)
{
	struct phx_str vms = phx_str_c(phx_sim_p(r, "vms")), storages = phx_str_c(phx_sim_p(r, "storage")),
		       one;
	bool gone = phx_sim_pb(r, "delete", false);

	while (phx_str_cut(&vms, ',', &one)) {
		const char *vmid = phx_str_dup(&r->arena, phx_str_trim(one)).ptr;

		if (act)
			vm_change(r, pool, vmid, gone);
		else if (!vm_check(r, id, pool, vmid, gone))
			return false;
	}
	while (phx_str_cut(&storages, ',', &one)) {
		const char *storage = phx_str_dup(&r->arena, phx_str_trim(one)).ptr;

		if (act)
			storage_change(pool, storage, gone);
		else if (!storage_check(r, pool, storage, gone))
			return false;
	}
	return true;
}

static void update(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "poolid");
	json_t *pool = phx_sim_get(r->sim, "pool", id);

	if (pool == NULL) {
		phx_sim_fail(r, 500, "update pools failed: pool '%s' does not exist", id);
		return;
	}
	if (!each_member(r, id, pool, false)) /* all of it, or nothing */
		return;
	(void)(each_member(r, id, pool, true) || true);
	if (phx_sim_p(r, "comment") != NULL)
		phx_sim_set(pool, "comment", phx_sim_p(r, "comment"));
	phx_sim_dirty(r->sim, "pool", id);
	phx_sim_ok(r, NULL);
}

static void delete_(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "poolid"), *other;
	json_t *pool = phx_sim_get(r->sim, "pool", id), *p;

	if (pool == NULL) {
		phx_sim_fail(r, 500, "delete pool failed: pool '%s' does not exist", id);
		return;
	}
	json_object_foreach(phx_sim_all(r->sim, "pool"), other, p)
	{
		if (strncmp(other, id, strlen(id)) == 0 && other[strlen(id)] == '/') {
			phx_sim_fail(r, 500,
				     "delete pool failed: pool '%s' is not empty (contains pool '%s')", id,
				     other);
			return;
		}
	}
	json_object_foreach(json_object_get(pool, "vms"), other, p)
	{
		int64_t vmid = 0;

		if (!phx_parse_i64(phx_str_c(other), &vmid) || phx_sim_guest(r->sim, vmid) == NULL)
			continue;
		phx_sim_fail(r, 500, "delete pool failed: pool '%s' is not empty (contains VM %s)", id,
			     other);
		return;
	}
	json_object_foreach(json_object_get(pool, "storage"), other, p)
	{
		phx_sim_fail(r, 500, "delete pool failed: pool '%s' is not empty (contains storage '%s')", id,
			     other);
		return;
	}
	phx_sim_del(r->sim, "pool", id);
	phx_sim_ok(r, NULL);
}

const struct phx_sim_route phx_sim_routes_pool[] = {{"GET", "/pools", list},
						    {"POST", "/pools", create},
						    {"PUT", "/pools", update},
						    {"DELETE", "/pools", delete_},
						    {"GET", "/pools/{poolid}", get},
						    {"PUT", "/pools/{poolid}", update},
						    {"DELETE", "/pools/{poolid}", delete_},
						    {0}};
