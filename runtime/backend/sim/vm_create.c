/* Creating, listing and destroying VMs. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"
#include "model/normalise.h"

void sim_vm_list(struct sim_request *r)
{
	json_t *out = json_array(), *g;
	bool full = sim_pb(r, "full", false);
	const char *id;

	json_object_foreach(sim_all(r->sim, "guest"), id, g)
	{
		json_t *o;

		if (!sim_guest_is_vm(g) || strcmp(sim_guest_node(g), sim_node(r)) != 0 ||
		    !sim_may(r, sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
			continue;
		o = sim_guest_status(r->sim, g);
		if (full)
			sim_set(o, "qmpstatus",
				sim_guest_running(g) ? sim_so(json_object_get(g, "run"), "qmp", "running")
						     : "stopped");
		json_array_append_new(out, o);
	}
	sim_ok(r, out);
}

/* ---- create ---- */

static bool no_config(const char *key)
{
	static const char *const names[] = {"node",
					    "vmid",
					    "pool",
					    "start",
					    "storage",
					    "archive",
					    "force",
					    "unique",
					    "bwlimit",
					    "live-restore",
					    "import-working-storage"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (strcmp(names[i], key) == 0)
			return true;
	return false;
}

static json_t *wanted_config(struct sim_request *r)
{
	json_t *set = json_object(), *v;
	const char *key;

	json_object_foreach(r->p, key, v)
	{
		struct phx_buf text = {0};

		if (!no_config(key) && phx_json_text(v, &text))
			json_object_set_new(set, key,
					    json_stringn_nocheck(text.ptr != NULL ? text.ptr : "", text.len));
		phx_buf_done(&text);
	}
	return set;
}

static bool may_create(struct sim_request *r, int64_t vmid)
{
	const char *pool = sim_p(r, "pool");

	if (sim_may(r, sim_fmt(&r->arena, "/vms/%lld", (long long)vmid), "VM.Allocate") ||
	    (pool != NULL && sim_may(r, sim_fmt(&r->arena, "/pool/%s", pool), "VM.Allocate")))
		return true;
	sim_fail(r, 403, "Permission check failed");
	return false;
}

static bool settings_allowed(struct sim_request *r, int64_t vmid, const json_t *set)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)set, key,
			    v) if (!sim_vm_may_set(r, vmid, key, json_string_value(v)) ||
				   !sim_vm_drive_allowed(r, vmid, key, json_string_value(v))) return false;
	return true;
}

void sim_vm_create(struct sim_request *r)
{
	int64_t vmid = sim_pi(r, "vmid", 0);
	const char *owner = sim_id_owner(r, vmid);
	json_t *set, *g, *ctx;

	if (!may_create(r, vmid) || !sim_pool_exists(r))
		return;
	if (sim_p(r, "archive") != NULL) {
		sim_fail(r, 500, "restoring VMs from an archive is not simulated");
		return;
	}
	set = wanted_config(r);
	if (owner != NULL)
		sim_fail(r, 500, "unable to create VM %lld - %s", (long long)vmid, owner);
	if (owner != NULL || !settings_allowed(r, vmid, set) || !sim_guest_lock_id(r, vmid, true)) {
		json_decref(set);
		return;
	}
	g = sim_guest_add(r->sim, vmid, "qemu", sim_node(r));
	sim_set(sim_conf(g), "lock", "create");
	ctx = json_pack("{s:I, s:o, s:{}, s:s?, s:b}", "vmid", (json_int_t)vmid, "set", set, "made", "pool",
			sim_p(r, "pool"), "start", sim_pb(r, "start", false));
	sim_task_answer(r, &sim_job_qmcreate, "qmcreate", vmid, ctx);
}

/* The drive made by step n: drives in the order of their names (066). */
static const char *drive_at(struct sim_worker *w, int n)
{
	const char **keys = sim_sorted_keys(&w->arena, json_object_get(w->ctx, "set"));

	for (size_t i = 0; keys[i] != NULL; i++)
		if (sim_is_drive(w->sim, "qemu", keys[i], false) && n-- == 0)
			return keys[i];
	return NULL;
}

static void qmcreate_undo(struct sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	struct phx_buf ignored = {0};
	struct sim_drive d;
	const char *key;
	json_t *v;

	json_object_foreach(
		json_object_get(w->ctx, "made"), key,
		v) if (sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		       sim_drive_new_disk(&w->arena, sim_so(json_object_get(w->ctx, "set"), key, ""),
					  &(const char *){0}, &(double){0}))(void)
		sim_vol_free(w->sim, w->node, d.volume, &ignored);
	phx_buf_done(&ignored);
	sim_guest_remove(w->sim, vmid);
	sim_vm_pool_remove(w->sim, vmid);
}

static sim_time create_failed(struct sim_worker *w, const char *why)
{
	const char *text = sim_fmt(&w->arena, "%s", why);

	qmcreate_undo(w);
	return sim_task_fail(w, "unable to create VM %lld - %s", (long long)phx_json_int(w->ctx, "vmid", 0),
			     text);
}

static const char *stored_at_create(struct sim_worker *w, const char *key, const char *text)
{
	const struct phx_option *o = sim_guest_option(w->sim, "qemu", key);
	struct phx_buf b = {0};
	const char *out;

	if (o == NULL || strcmp(key, "cipassword") == 0)
		return text;
	if (sim_starts(key, "net"))
		text = sim_vm_net(w->sim, &w->arena, "qemu", key, text);
	phx_option_stored(PHX_OPTIONS_VM, o, phx_str_c(text), true, &b);
	text = sim_fmt(&w->arena, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	out = text;
	return out;
}

static void complete(struct sim_worker *w, json_t *g)
{
	json_t *set = json_object_get(w->ctx, "set"), *made = json_object_get(w->ctx, "made"),
	       *conf = sim_conf(g), *v;
	const char *key;

	json_object_clear(conf);
	json_object_foreach(set, key, v)
	{
		const char *text = sim_s(made, key);

		text = text != NULL ? text : stored_at_create(w, key, json_string_value(v));
		if (strcmp(key, "description") != 0 || text[0] != 0)
			sim_set(conf, key, text);
	}
	if (sim_s(conf, "boot") == NULL)
		sim_set(conf, "boot", sim_vm_default_boot(w->sim, &w->arena, conf));
	if (sim_s(conf, "smbios1") == NULL)
		sim_set(conf, "smbios1", sim_fmt(&w->arena, "uuid=%s", sim_random_uuid(w->sim, &w->arena)));
	if (sim_s(conf, "vmgenid") == NULL || strcmp(sim_s(conf, "vmgenid"), "1") == 0)
		sim_set(conf, "vmgenid", sim_random_uuid(w->sim, &w->arena));
	sim_set(conf, "meta",
		sim_fmt(&w->arena, "creation-qemu=9.2.0,ctime=%lld", (long long)sim_now_s(w->sim)));
	sim_guest_dirty(w->sim, g);
	sim_vm_pool_add(w->sim, sim_s(w->ctx, "pool"), sim_guest_id(g));
}

/* Step n makes drive n: the time passes first, then the disk is there. The last step writes the configuration. */
static sim_time qmcreate_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)), *set = json_object_get(w->ctx, "set");
	const char *now = w->step > 0 ? drive_at(w, w->step - 1) : NULL, *next = drive_at(w, w->step);
	struct phx_buf why = {0};
	struct sim_vm_make m = {
		.sim = w->sim, .a = &w->arena, .w = w, .node = w->node, .vmid = sim_guest_id(g), .why = &why};
	const char *text;
	sim_time failed;

	if (now != NULL) {
		text = sim_vm_make_drive(&m, now, sim_so(set, now, ""));
		if (text == NULL) {
			failed = create_failed(w, why.ptr != NULL ? why.ptr : "");
			phx_buf_done(&why);
			return failed;
		}
		sim_set(json_object_get(w->ctx, "made"), now, text);
	}
	phx_buf_done(&why);
	if (next != NULL)
		return sim_vm_drive_time(w->sim, w->node, next, sim_so(set, next, "")) + 1;
	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_FORK);
	complete(w, g);
	if (phx_json_bool(w->ctx, "start", false))
		sim_job_start_system(w->sim, g);
	return SIM_DONE;
}

const struct sim_job sim_job_qmcreate = {.name = "qmcreate", .step = qmcreate_step, .undo = qmcreate_undo};

/* ---- destroy ---- */

void sim_vm_destroy(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");
	int64_t vmid;

	if (g == NULL)
		return;
	vmid = sim_guest_id(g);
	if (sim_pb(r, "skiplock", false) && !r->who.root) {
		sim_fail_param(r, "skiplock", "Only root may use this option.");
		return;
	}
	if (sim_conf_int(g, "protection", 0) != 0) {
		sim_fail(r, 500, "can't remove VM %lld - protection mode enabled", (long long)vmid);
		return;
	}
	if (sim_guest_running(g)) {
		sim_fail(r, 500, "VM %lld is running - destroy failed", (long long)vmid);
		return;
	}
	if (sim_get(r->sim, "ha", sim_fmt(&r->arena, "vm:%lld", (long long)vmid)) != NULL &&
	    !sim_pb(r, "purge", false)) {
		sim_fail(r, 500,
			 "unable to remove VM %lld - used in HA resources and purge parameter not set.",
			 (long long)vmid);
		return;
	}
	sim_task_answer(r, &sim_job_qmdestroy, "qmdestroy", vmid,
			json_pack("{s:I, s:b, s:b}", "vmid", (json_int_t)vmid, "purge",
				  sim_pb(r, "purge", false), "unreferenced",
				  sim_pb(r, "destroy-unreferenced-disks", false)));
}

void sim_guest_purge(struct sim_worker *w, int64_t vmid, bool vm)
{
	const char *sid = sim_fmt(&w->arena, "%s:%lld", vm ? "vm" : "ct", (long long)vmid);

	sim_task_log(w, "purging %s %lld from related configurations..", vm ? "VM" : "CT", (long long)vmid);
	if (sim_get(w->sim, "ha", sid) != NULL) {
		sim_del(w->sim, "ha", sid);
		sim_task_log(w, "NOTE: removed %s %lld from HA resource configuration.", vm ? "VM" : "CT",
			     (long long)vmid);
	}
}

/* Steps: the lock; the volumes; the configuration. A power loss between them leaves what is left. */
static sim_time qmdestroy_step(struct sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = sim_guest(w->sim, vmid);
	struct phx_buf why = {0};
	bool ok;

	if (w->step == 0) {
		enum sim_lock_result got = sim_task_lock(w, vmid, true);

		if (got != SIM_LOCK_HELD)
			return got == SIM_LOCK_WAIT ? SIM_BLOCKED : SIM_FAILED;
		return sim_duration(w->sim, SIM_D_DESTROY);
	}
	if (g == NULL)
		return sim_task_fail(w, "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
				     w->node, (long long)vmid);
	if (sim_guest_running(g))
		return sim_task_fail(w, "VM %lld is running - destroy failed", (long long)vmid);
	if (sim_conf_get(g, "lock") != NULL)
		return sim_task_locked(w, g);
	ok = sim_guest_free_volumes(w->sim, g, &why);
	if (!ok)
		(void)sim_task_fail(w, "%s", why.ptr);
	phx_buf_done(&why);
	if (!ok)
		return SIM_FAILED;
	if (phx_json_bool(w->ctx, "unreferenced", false))
		sim_vol_free_owned(w->sim, w->node, vmid);
	if (phx_json_bool(w->ctx, "purge", false))
		sim_guest_purge(w, vmid, true);
	sim_guest_remove(w->sim, vmid);
	sim_vm_pool_remove(w->sim, vmid);
	sim_firewall_remove(w->sim, "qemu", vmid);
	return SIM_DONE;
}

const struct sim_job sim_job_qmdestroy = {.name = "qmdestroy", .step = qmdestroy_step};
