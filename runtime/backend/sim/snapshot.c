/* Snapshots of VMs and containers. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/drive.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"
#include "backend/sim/vm.h"

static const char *kind_of(const struct sim_request *r)
{
	return strstr(r->route->path, "/lxc/") != NULL ? "lxc" : "qemu";
}

static json_t *snaps_of(const json_t *g)
{
	return json_object_get(g, "snaps");
}

void sim_snapshot_facts(json_t *conf, const json_t *snap)
{
	const char *parent = sim_s(snap, "parent"), *description = sim_s(snap, "description"),
		   *state = sim_s(snap, "vmstate");

	json_object_del(conf, "parent");
	json_object_del(conf, "lock");
	sim_set(conf, "description", description != NULL && description[0] != 0 ? description : NULL);
	if (parent != NULL)
		sim_set(conf, "parent", parent);
	if (state != NULL)
		sim_set(conf, "vmstate", state);
	json_object_set_new(conf, "snaptime", json_sprintf("%lld", (long long)phx_json_int(snap, "time", 0)));
}

/* ---- reading ---- */

static void list(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, kind_of(r)), *out, *snap, *o;
	bool vm;
	const char *name;

	if (g == NULL)
		return;
	vm = sim_guest_is_vm(g);
	out = json_array();
	json_object_foreach(snaps_of(g), name, snap)
	{
		o = json_pack("{s:s, s:s, s:O}", "name", name, "description",
			      vm || sim_so(snap, "description", "")[0] == 0
				      ? sim_so(snap, "description", "")
				      : sim_fmt(&r->arena, "%s\n", sim_so(snap, "description", "")),
			      "snaptime", json_object_get(snap, "time"));
		if (vm)
			sim_set_int(o, "vmstate", sim_s(snap, "vmstate") != NULL);
		if (sim_s(snap, "parent") != NULL)
			sim_set(o, "parent", sim_s(snap, "parent"));
		json_array_append_new(out, o);
	}
	o = json_pack("{s:s, s:s, s:s, s:i}", "name", "current", "description", "You are here!", "digest",
		      sim_guest_digest(&r->arena, g), "running", sim_guest_running(g));
	if (sim_conf_get(g, "parent") != NULL)
		sim_set(o, "parent", sim_conf_get(g, "parent"));
	json_array_append_new(out, o);
	sim_ok(r, out);
}

static json_t *snap_of(struct sim_request *r, json_t **out_guest)
{
	json_t *g = sim_guest_of(r, kind_of(r)), *snap;

	*out_guest = g;
	if (g == NULL)
		return NULL;
	snap = json_object_get(snaps_of(g), sim_p(r, "snapname"));
	if (snap == NULL)
		sim_fail(r, 500, "snapshot '%s' does not exist", sim_p(r, "snapname"));
	return snap;
}

static void index_(struct sim_request *r)
{
	if (sim_guest_of(r, kind_of(r)) != NULL)
		sim_ok(r, sim_index("cmd", "rollback config"));
}

static void config_get(struct sim_request *r)
{
	json_t *g, *snap = snap_of(r, &g), *conf;

	if (snap == NULL)
		return;
	conf = json_copy(json_object_get(snap, "conf"));
	sim_snapshot_facts(conf, snap);
	sim_ok(r, sim_conf_json(r->sim, sim_guest_kind(g), conf));
	json_decref(conf);
}

static void config_put(struct sim_request *r)
{
	json_t *g, *snap = snap_of(r, &g);

	if (snap == NULL || !sim_guest_lock(r, g) || !sim_guest_unlocked(r, g))
		return;
	if (sim_p(r, "description") != NULL)
		sim_set(snap, "description", sim_p(r, "description"));
	sim_guest_dirty(r->sim, g);
	sim_ok(r, NULL);
}

/* ---- tasks ---- */

static json_t *ctx_of(struct sim_request *r, json_t *g)
{
	return json_pack("{s:I, s:O}", "vmid", (json_int_t)sim_guest_id(g), "p", r->p);
}

static void begin(struct sim_request *r, const struct sim_job *job, const char *type)
{
	json_t *g = sim_guest_of(r, kind_of(r));

	if (g != NULL)
		sim_task_answer(r, job, sim_fmt(&r->arena, "%s%s", sim_guest_is_vm(g) ? "qm" : "vz", type),
				sim_guest_id(g), ctx_of(r, g));
}

static void create(struct sim_request *r)
{
	const char *name = sim_p(r, "snapname");

	if (strcmp(name, "current") == 0)
		sim_fail(r, 500, "unable to use snapshot name 'current' (reserved name)");
	else if (strcmp(name, "pending") == 0)
		sim_fail(r, 500, "unable to use snapshot name 'pending' (reserved name)");
	else
		begin(r, &sim_job_snapshot, "snapshot");
}

static void rollback(struct sim_request *r)
{
	begin(r, &sim_job_rollback, "rollback");
}

static void delete_(struct sim_request *r)
{
	begin(r, &sim_job_delsnapshot, "delsnapshot");
}

/* The guest, locked, unlocked by `lock:`; NULL: *out_wait. The lock key is ours from step 1 on. */
static json_t *ready(struct sim_worker *w, sim_time *out_wait)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = sim_guest(w->sim, vmid);
	enum sim_lock_result got = sim_task_lock(w, vmid, g == NULL || sim_guest_is_vm(g));

	*out_wait = got == SIM_LOCK_WAIT ? SIM_BLOCKED : SIM_FAILED;
	if (got != SIM_LOCK_HELD)
		return NULL;
	if (g == NULL) {
		*out_wait = sim_task_fail(w, "Configuration file does not exist");
		return NULL;
	}
	if (w->step == 0 && sim_conf_get(g, "lock") != NULL) {
		*out_wait = sim_task_locked(w, g);
		return NULL;
	}
	return g;
}

static void undo_lock(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL)
		sim_conf_set(w->sim, g, "lock", NULL);
}

static void log_disks(struct sim_worker *w, json_t *g)
{
	const char **keys = sim_sorted_keys(&w->arena, sim_conf(g));
	struct sim_drive d;

	if (!sim_guest_is_vm(g))
		return;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (sim_is_drive(w->sim, "qemu", keys[i], false) &&
		    sim_drive_parse(w->sim, &w->arena, "qemu", keys[i], sim_conf_get(g, keys[i]), &d) &&
		    !sim_drive_is_cdrom(&w->arena, &d))
			sim_task_log(w, "snapshotting 'drive-%s' (%s)", keys[i], d.volume);
}

/* RAM of a running VM goes into a volume of its own (289). */
static const char *save_state(struct sim_worker *w, json_t *g, const char *name)
{
	struct sim_vol_request q = {.storage = sim_vm_state_storage(w->sim, &w->arena, g),
				    .node = w->node,
				    .vmid = sim_guest_id(g),
				    .format = "raw",
				    .used = 4096};
	struct phx_buf why = {0};
	const char *volid;

	q.name = sim_fmt(&w->arena, "state-%s", name);
	q.size = 2 * sim_guest_maxmem(g) + ((uint64_t)500 << 20);
	volid = sim_vol_make(w->sim, &w->arena, &q, &why);
	phx_buf_done(&why);
	if (volid != NULL) {
		sim_task_log(w, "saving VM state and RAM using storage '%s'", q.storage);
		sim_task_log(w, "completed saving the VM state in 0s, saved 3.09 MiB");
	}
	return volid;
}

static void take(struct sim_worker *w, json_t *g, const char *name)
{
	json_t *p = json_object_get(w->ctx, "p"), *conf, *snap;
	const char *state = NULL;

	if (sim_guest_is_vm(g) && phx_json_bool(p, "vmstate", false) && sim_guest_running(g))
		state = save_state(w, g, name);
	log_disks(w, g);
	conf = json_copy(sim_conf(g));
	json_object_del(conf, "lock");
	snap = json_pack("{s:o, s:I, s:s, s:s?, s:s?, s:b}", "conf", conf, "time",
			 (json_int_t)sim_now_s(w->sim), "description", sim_so(p, "description", ""), "parent",
			 sim_conf_get(g, "parent"), "vmstate", state, "running", sim_guest_running(g));
	json_object_set_new(snaps_of(g), name, snap);
	sim_set(sim_conf(g), "parent", name);
	sim_set(sim_conf(g), "lock", NULL);
	sim_guest_dirty(w->sim, g);
}

static sim_time snapshot_step(struct sim_worker *w)
{
	const char *name = sim_so(json_object_get(w->ctx, "p"), "snapname", "");
	sim_time wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (json_object_get(snaps_of(g), name) != NULL)
			return sim_task_fail(w, "snapshot name '%s' already used", name);
		if (!sim_guest_feature(w->sim, g, "snapshot"))
			return sim_task_fail(w, "snapshot feature is not available");
		sim_conf_set(w->sim, g, "lock", "snapshot");
		return sim_duration(w->sim, SIM_D_SNAPSHOT);
	}
	take(w, g, name);
	return SIM_DONE;
}

const struct sim_job sim_job_snapshot = {.name = "snapshot", .step = snapshot_step, .undo = undo_lock};

static void forget(struct sim_worker *w, json_t *g, const char *name)
{
	json_t *snap = json_object_get(snaps_of(g), name), *other;
	const char *parent = sim_s(snap, "parent"), *state = sim_s(snap, "vmstate"), *key;
	struct phx_buf ignored = {0};

	if (state != NULL)
		(void)sim_vol_free(w->sim, sim_guest_node(g), state, &ignored);
	phx_buf_done(&ignored);
	json_object_foreach(snaps_of(g), key, other) if (strcmp(sim_so(other, "parent", ""), name) == 0)
		sim_set(other, "parent", parent);
	if (strcmp(sim_so(sim_conf(g), "parent", ""), name) == 0)
		sim_set(sim_conf(g), "parent", parent);
	sim_set(sim_conf(g), "lock", NULL);
	json_object_del(snaps_of(g), name);
	sim_guest_dirty(w->sim, g);
}

static sim_time delsnapshot_step(struct sim_worker *w)
{
	const char *name = sim_so(json_object_get(w->ctx, "p"), "snapname", "");
	sim_time wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	if (json_object_get(snaps_of(g), name) == NULL)
		return sim_task_fail(w, "snapshot '%s' does not exist", name);
	if (w->step == 0) {
		sim_conf_set(w->sim, g, "lock", "snapshot-delete");
		return sim_duration(w->sim, SIM_D_SNAPSHOT);
	}
	forget(w, g, name);
	return SIM_DONE;
}

const struct sim_job sim_job_delsnapshot = {
	.name = "delsnapshot", .step = delsnapshot_step, .undo = undo_lock};

static void restore(struct sim_worker *w, json_t *g, const char *name)
{
	json_t *snap = json_object_get(snaps_of(g), name), *conf = json_copy(json_object_get(snap, "conf")),
	       *old = sim_conf(g), *v;
	const char *key;

	/* Volumes that only the present configuration names stay as unused disks. */
	json_object_foreach(old, key, v) if (sim_starts(key, "unused") && json_object_get(conf, key) == NULL)
		json_object_set(conf, key, v);
	sim_set(conf, "parent", name);
	if (sim_guest_is_vm(g))
		sim_set(conf, "vmgenid", sim_random_uuid(w->sim, &w->arena));
	json_object_set_new(g, "conf", conf);
	json_object_clear(json_object_get(g, "pend"));
	sim_guest_dirty(w->sim, g);
}

static sim_time rollback_step(struct sim_worker *w)
{
	json_t *p = json_object_get(w->ctx, "p"), *snap;
	const char *name = sim_so(p, "snapname", "");
	bool with_ram;
	sim_time wait;
	json_t *g = ready(w, &wait);

	if (g == NULL)
		return wait;
	snap = json_object_get(snaps_of(g), name);
	if (snap == NULL)
		return sim_task_fail(w, "snapshot '%s' does not exist", name);
	if (w->step == 0) {
		sim_conf_set(w->sim, g, "lock", "rollback");
		return sim_duration(w->sim, SIM_D_SNAPSHOT);
	}
	with_ram = sim_s(snap, "vmstate") != NULL;
	sim_guest_power_off(w->sim, g);
	restore(w, g, name);
	if (with_ram || phx_json_bool(p, "start", false))
		sim_guest_power_on(w->sim, g);
	return SIM_DONE;
}

const struct sim_job sim_job_rollback = {.name = "rollback", .step = rollback_step, .undo = undo_lock};

#define BOTH(method, tail, handler)                                                                          \
	{method, "/nodes/{node}/qemu/{vmid}/snapshot" tail, handler},                                        \
	{                                                                                                    \
		method, "/nodes/{node}/lxc/{vmid}/snapshot" tail, handler                                    \
	}

const struct sim_route sim_routes_snapshot[] = {BOTH("GET", "", list),
						BOTH("POST", "", create),
						BOTH("GET", "/{snapname}", index_),
						BOTH("DELETE", "/{snapname}", delete_),
						BOTH("GET", "/{snapname}/config", config_get),
						BOTH("PUT", "/{snapname}/config", config_put),
						BOTH("POST", "/{snapname}/rollback", rollback),
						{0}};
