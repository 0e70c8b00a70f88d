/* Snapshots of VMs and containers. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/drive.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"
#include "backend/sim/tree.h"
#include "backend/sim/vm.h"

static const char *kind_of(const struct phx_sim_request *r)
{
	return strstr(r->route->path, "/lxc/") != NULL ? "lxc" : "qemu";
}

static json_t *snaps_of(const json_t *g)
{
	return json_object_get(g, "snaps");
}

void phx_sim_snapshot_facts(json_t *conf, const json_t *snap)
{
	const char *parent = phx_sim_s(snap, "parent"), *description = phx_sim_s(snap, "description"),
		   *state = phx_sim_s(snap, "vmstate");

	json_object_del(conf, "parent");
	json_object_del(conf, "lock");
	phx_sim_set(conf, "description", description != NULL && description[0] != 0 ? description : NULL);
	if (parent != NULL)
		phx_sim_set(conf, "parent", parent);
	if (state != NULL)
		phx_sim_set(conf, "vmstate", state);
	json_object_set_new(conf, "snaptime", json_sprintf("%lld", (long long)phx_json_int(snap, "time", 0)));
}

/* ---- reading ---- */

static void list(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, kind_of(r)), *out, *snap, *o;
	bool vm;
	const char *name;

	if (g == NULL)
		return;
	vm = phx_sim_guest_is_vm(g);
	out = json_array();
	json_object_foreach(snaps_of(g), name, snap)
	{
		o = json_pack("{s:s, s:s, s:O}", "name", name, "description",
			      vm || phx_sim_so(snap, "description", "")[0] == 0
				      ? phx_sim_so(snap, "description", "")
				      : phx_sim_fmt(&r->arena, "%s\n", phx_sim_so(snap, "description", "")),
			      "snaptime", json_object_get(snap, "time"));
		if (vm)
			phx_sim_set_int(o, "vmstate", phx_sim_s(snap, "vmstate") != NULL);
		if (phx_sim_s(snap, "parent") != NULL)
			phx_sim_set(o, "parent", phx_sim_s(snap, "parent"));
		json_array_append_new(out, o);
	}
	o = json_pack("{s:s, s:s, s:s, s:i}", "name", "current", "description", "You are here!", "digest",
		      phx_sim_guest_digest(&r->arena, g), "running", phx_sim_guest_running(g));
	if (phx_sim_conf_get(g, "parent") != NULL)
		phx_sim_set(o, "parent", phx_sim_conf_get(g, "parent"));
	json_array_append_new(out, o);
	phx_sim_ok(r, out);
}

static json_t *snap_of(struct phx_sim_request *r, json_t **out_guest)
{
	json_t *g = phx_sim_guest_of(r, kind_of(r)), *snap;

	*out_guest = g;
	if (g == NULL)
		return NULL;
	snap = json_object_get(snaps_of(g), phx_sim_p(r, "snapname"));
	if (snap == NULL)
		phx_sim_fail(r, 500, "snapshot '%s' does not exist", phx_sim_p(r, "snapname"));
	return snap;
}

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, kind_of(r)) != NULL)
		phx_sim_ok(r, phx_sim_index("cmd", "rollback config"));
}

static void config_get(struct phx_sim_request *r)
{
	json_t *g, *snap = snap_of(r, &g), *conf;

	if (snap == NULL)
		return;
	conf = json_copy(json_object_get(snap, "conf"));
	phx_sim_snapshot_facts(conf, snap);
	phx_sim_ok(r, phx_sim_conf_json(r->sim, phx_sim_guest_kind(g), conf));
	json_decref(conf);
}

static void config_put(struct phx_sim_request *r)
{
	json_t *g, *snap = snap_of(r, &g);

	if (snap == NULL || !phx_sim_guest_lock(r, g) || !phx_sim_guest_unlocked(r, g))
		return;
	if (phx_sim_p(r, "description") != NULL)
		phx_sim_set(snap, "description", phx_sim_p(r, "description"));
	phx_sim_guest_dirty(r->sim, g);
	phx_sim_ok(r, NULL);
}

/* ---- tasks ---- */

static json_t *ctx_of(struct phx_sim_request *r, json_t *g)
{
	return json_pack("{s:I, s:O}", "vmid", (json_int_t)phx_sim_guest_id(g), "p", r->p);
}

static void begin(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type)
{
	json_t *g = phx_sim_guest_of(r, kind_of(r));

	if (g != NULL)
		phx_sim_task_answer(
			r, job, phx_sim_fmt(&r->arena, "%s%s", phx_sim_guest_is_vm(g) ? "qm" : "vz", type),
			phx_sim_guest_id(g), ctx_of(r, g));
}

static void create(struct phx_sim_request *r)
{
	const char *name = phx_sim_p(r, "snapname");

	if (strcmp(name, "current") == 0)
		phx_sim_fail(r, 500, "unable to use snapshot name 'current' (reserved name)");
	else if (strcmp(name, "pending") == 0)
		phx_sim_fail(r, 500, "unable to use snapshot name 'pending' (reserved name)");
	else
		begin(r, &phx_sim_job_snapshot, "snapshot");
}

static void rollback(struct phx_sim_request *r)
{
	begin(r, &phx_sim_job_rollback, "rollback");
}

static void delete_(struct phx_sim_request *r)
{
	begin(r, &phx_sim_job_delsnapshot, "delsnapshot");
}

/* The guest, locked, unlocked by `lock:`; NULL: *out_wait. The lock key is ours from step 1 on. */
static json_t *ready(struct phx_sim_worker *w, int64_t *out_wait)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = phx_sim_guest(w->sim, vmid);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, g == NULL || phx_sim_guest_is_vm(g));

	*out_wait = got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (got != PHX_SIM_LOCK_HELD)
		return NULL;
	if (g == NULL) {
		*out_wait = phx_sim_task_fail(w, "Configuration file does not exist");
		return NULL;
	}
	if (w->step == 0 && phx_sim_conf_get(g, "lock") != NULL) {
		*out_wait = phx_sim_task_locked(w, g);
		return NULL;
	}
	return g;
}

static void undo_lock(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL)
		phx_sim_conf_set(w->sim, g, "lock", NULL);
}

static void log_disks(struct phx_sim_worker *w, json_t *g)
{
	const char **keys = phx_sim_sorted_keys(&w->arena, phx_sim_conf(g));
	struct phx_sim_drive d;

	if (!phx_sim_guest_is_vm(g))
		return;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_is_drive(w->sim, "qemu", keys[i], false) &&
		    phx_sim_drive_parse(w->sim, &w->arena, "qemu", keys[i], phx_sim_conf_get(g, keys[i]),
					&d) &&
		    !phx_sim_drive_is_cdrom(&w->arena, &d))
			phx_sim_task_log(w, "snapshotting 'drive-%s' (%s)", keys[i], d.volume);
}

/* RAM of a running VM goes into a volume of its own (289). */
static const char *save_state(struct phx_sim_worker *w, json_t *g, const char *name)
{
	struct phx_sim_vol_request q = {.storage = phx_sim_vm_state_storage(w->sim, &w->arena, g),
					.node = w->node,
					.vmid = phx_sim_guest_id(g),
					.format = "raw",
					.used = 4096};
	struct phx_buf why = {0};
	const char *volid;

	q.name = phx_sim_fmt(&w->arena, "state-%s", name);
	q.size = 2 * phx_sim_guest_maxmem(g) + ((uint64_t)500 << 20);
	volid = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	phx_buf_done(&why);
	if (volid != NULL) {
		phx_sim_task_log(w, "saving VM state and RAM using storage '%s'", q.storage);
		phx_sim_task_log(w, "completed saving the VM state in 0s, saved 3.09 MiB");
	}
	return volid;
}

static void take(struct phx_sim_worker *w, json_t *g, const char *name)
{
	json_t *p = json_object_get(w->ctx, "p"), *conf, *snap;
	const char *state = NULL;

	if (phx_sim_guest_is_vm(g) && phx_json_bool(p, "vmstate", false) && phx_sim_guest_running(g))
		state = save_state(w, g, name);
	log_disks(w, g);
	conf = json_copy(phx_sim_conf(g));
	json_object_del(conf, "lock");
	snap = json_pack("{s:o, s:I, s:s, s:s?, s:s?, s:b}", "conf", conf, "time",
			 (json_int_t)phx_sim_now_s(w->sim), "description", phx_sim_so(p, "description", ""),
			 "parent", phx_sim_conf_get(g, "parent"), "vmstate", state, "running",
			 phx_sim_guest_running(g));
	json_object_set_new(snaps_of(g), name, snap);
	phx_sim_set(phx_sim_conf(g), "parent", name);
	phx_sim_set(phx_sim_conf(g), "lock", NULL);
	phx_sim_guest_dirty(w->sim, g);
}

static int64_t snapshot_step(struct phx_sim_worker *w)
{
	const char *name = phx_sim_so(json_object_get(w->ctx, "p"), "snapname", "");
	int64_t wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (json_object_get(snaps_of(g), name) != NULL)
			return phx_sim_task_fail(w, "snapshot name '%s' already used", name);
		if (!phx_sim_guest_feature(w->sim, g, "snapshot"))
			return phx_sim_task_fail(w, "snapshot feature is not available");
		phx_sim_conf_set(w->sim, g, "lock", "snapshot");
		return phx_sim_duration(w->sim, PHX_SIM_D_SNAPSHOT);
	}
	take(w, g, name);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_snapshot = {
	.name = "snapshot", .step = snapshot_step, .undo = undo_lock};

static void forget(struct phx_sim_worker *w, json_t *g, const char *name)
{
	json_t *snap = json_object_get(snaps_of(g), name), *other;
	const char *parent = phx_sim_s(snap, "parent"), *state = phx_sim_s(snap, "vmstate"), *key;
	struct phx_buf ignored = {0};

	if (state != NULL)
		(void)phx_sim_vol_free(w->sim, phx_sim_guest_node(g), state, &ignored);
	phx_buf_done(&ignored);
	json_object_foreach(snaps_of(g), key, other)
	{
		if (strcmp(phx_sim_so(other, "parent", ""), name) == 0)
			phx_sim_set(other, "parent", parent);
	}
	if (strcmp(phx_sim_so(phx_sim_conf(g), "parent", ""), name) == 0)
		phx_sim_set(phx_sim_conf(g), "parent", parent);
	phx_sim_set(phx_sim_conf(g), "lock", NULL);
	json_object_del(snaps_of(g), name);
	phx_sim_guest_dirty(w->sim, g);
}

static int64_t delsnapshot_step(struct phx_sim_worker *w)
{
	const char *name = phx_sim_so(json_object_get(w->ctx, "p"), "snapname", "");
	int64_t wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	if (json_object_get(snaps_of(g), name) == NULL)
		return phx_sim_task_fail(w, "snapshot '%s' does not exist", name);
	if (w->step == 0) {
		phx_sim_conf_set(w->sim, g, "lock", "snapshot-delete");
		return phx_sim_duration(w->sim, PHX_SIM_D_SNAPSHOT);
	}
	forget(w, g, name);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_delsnapshot = {
	.name = "delsnapshot", .step = delsnapshot_step, .undo = undo_lock};

static void restore(struct phx_sim_worker *w, json_t *g, const char *name)
{
	json_t *snap = json_object_get(snaps_of(g), name), *conf = json_copy(json_object_get(snap, "conf")),
	       *old = phx_sim_conf(g), *v;
	const char *key;

	/* Volumes that only the present configuration names stay as unused disks. */
	json_object_foreach(old, key, v)
	{
		if (phx_sim_starts(key, "unused") && json_object_get(conf, key) == NULL)
			json_object_set(conf, key, v);
	}
	phx_sim_set(conf, "parent", name);
	if (phx_sim_guest_is_vm(g))
		phx_sim_set(conf, "vmgenid", phx_sim_random_uuid(w->sim, &w->arena));
	json_object_set_new(g, "conf", conf);
	json_object_clear(json_object_get(g, "pend"));
	phx_sim_guest_dirty(w->sim, g);
}

static int64_t rollback_step(struct phx_sim_worker *w)
{
	json_t *p = json_object_get(w->ctx, "p"), *snap;
	const char *name = phx_sim_so(p, "snapname", "");
	bool with_ram;
	int64_t wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	snap = json_object_get(snaps_of(g), name);
	if (snap == NULL)
		return phx_sim_task_fail(w, "snapshot '%s' does not exist", name);
	if (w->step == 0) {
		phx_sim_conf_set(w->sim, g, "lock", "rollback");
		return phx_sim_duration(w->sim, PHX_SIM_D_SNAPSHOT);
	}
	with_ram = phx_sim_s(snap, "vmstate") != NULL;
	phx_sim_guest_power_off(w->sim, g);
	restore(w, g, name);
	phx_sim_tree_not_restored(w->sim, g);
	if (with_ram || phx_json_bool(p, "start", false))
		phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_rollback = {
	.name = "rollback", .step = rollback_step, .undo = undo_lock};

#define BOTH(method, tail, handler)                                                                          \
	{method, "/nodes/{node}/qemu/{vmid}/snapshot" tail, handler},                                        \
	{                                                                                                    \
		method, "/nodes/{node}/lxc/{vmid}/snapshot" tail, handler                                    \
	}

const struct phx_sim_route phx_sim_routes_snapshot[] = {BOTH("GET", "", list),
							BOTH("POST", "", create),
							BOTH("GET", "/{snapname}", index_),
							BOTH("DELETE", "/{snapname}", delete_),
							BOTH("GET", "/{snapname}/config", config_get),
							BOTH("PUT", "/{snapname}/config", config_put),
							BOTH("POST", "/{snapname}/rollback", rollback),
							{0}};
