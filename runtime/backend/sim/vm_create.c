/* Creating, listing and destroying VMs. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"
#include "model/normalise.h"

void phx_sim_vm_list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *g;
	bool full = phx_sim_pb(r, "full", false);
	const char *id;

	json_object_foreach(phx_sim_all(r->sim, "guest"), id, g)
	{
		json_t *o;

		if (!phx_sim_guest_is_vm(g) || strcmp(phx_sim_guest_node(g), phx_sim_node(r)) != 0 ||
		    !phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
			continue;
		o = phx_sim_guest_status(r->sim, g);
		if (full)
			phx_sim_set(o, "qmpstatus",
				    phx_sim_guest_running(g)
					    ? phx_sim_so(json_object_get(g, "run"), "qmp", "running")
					    : "stopped");
		json_array_append_new(out, o);
	}
	phx_sim_ok(r, out);
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

static json_t *wanted_config(struct phx_sim_request *r)
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

static bool may_create(struct phx_sim_request *r, int64_t vmid)
{
	const char *pool = phx_sim_p(r, "pool");

	if (phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%lld", (long long)vmid), "VM.Allocate") ||
	    (pool != NULL && phx_sim_may(r, phx_sim_fmt(&r->arena, "/pool/%s", pool), "VM.Allocate")))
		return true;
	phx_sim_fail(r, 403, "Permission check failed");
	return false;
}

static bool settings_allowed(struct phx_sim_request *r, int64_t vmid, const json_t *set)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)set, key, v)
	{
		if (!phx_sim_vm_may_set(r, vmid, key, json_string_value(v), true) ||
		    !phx_sim_vm_drive_allowed(r, vmid, key, json_string_value(v)))
			return false;
	}
	return true;
}

void phx_sim_vm_create(struct phx_sim_request *r)
{
	int64_t vmid = phx_sim_pi(r, "vmid", 0);
	const char *owner = phx_sim_id_owner(r, vmid);
	json_t *set, *g, *ctx;

	if (!may_create(r, vmid) || !phx_sim_pool_exists(r))
		return;
	if (phx_sim_p(r, "archive") != NULL) {
		phx_sim_fail(r, 500, "restoring VMs from an archive is not simulated");
		return;
	}
	set = wanted_config(r);
	if (owner != NULL)
		phx_sim_fail(r, 500, "unable to create VM %lld - %s", (long long)vmid, owner);
	if (owner != NULL || !settings_allowed(r, vmid, set) || !phx_sim_guest_lock_id(r, vmid, true)) {
		json_decref(set);
		return;
	}
	g = phx_sim_guest_add(r->sim, vmid, "qemu", phx_sim_node(r));
	phx_sim_set(phx_sim_conf(g), "lock", "create");
	ctx = json_pack("{s:I, s:o, s:{}, s:s?, s:b}", "vmid", (json_int_t)vmid, "set", set, "made", "pool",
			phx_sim_p(r, "pool"), "start", phx_sim_pb(r, "start", false));
	phx_sim_task_answer(r, &phx_sim_job_qmcreate, "qmcreate", vmid, ctx);
}

/* The drive made by step n: drives in the order of their names (066). */
static const char *drive_at(struct phx_sim_worker *w, int n)
{
	const char **keys = phx_sim_sorted_keys(&w->arena, json_object_get(w->ctx, "set"));

	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_is_drive(w->sim, "qemu", keys[i], false) && n-- == 0)
			return keys[i];
	return NULL;
}

static void qmcreate_undo(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	struct phx_buf ignored = {0};
	struct phx_sim_drive d;
	const char *key;
	json_t *v;

	json_object_foreach(json_object_get(w->ctx, "made"), key, v)
	{
		if (phx_sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    phx_sim_drive_new_disk(&w->arena, phx_sim_so(json_object_get(w->ctx, "set"), key, ""),
					   &(const char *){0}, &(double){0}))
			(void)phx_sim_vol_free(w->sim, w->node, d.volume, &ignored);
	}
	phx_buf_done(&ignored);
	phx_sim_guest_remove(w->sim, vmid);
	phx_sim_vm_pool_remove(w->sim, vmid);
}

static int64_t create_failed(struct phx_sim_worker *w, const char *why)
{
	const char *text = phx_sim_fmt(&w->arena, "%s", why);

	qmcreate_undo(w);
	return phx_sim_task_fail(w, "unable to create VM %lld - %s",
				 (long long)phx_json_int(w->ctx, "vmid", 0), text);
}

static const char *stored_at_create(struct phx_sim_worker *w, const char *key, const char *text)
{
	const struct phx_option *o = phx_sim_guest_option(w->sim, "qemu", key);
	struct phx_buf b = {0};

	if (o == NULL || strcmp(key, "cipassword") == 0)
		return text;
	if (phx_sim_starts(key, "net"))
		text = phx_sim_vm_net(w->sim, &w->arena, "qemu", key, text);
	phx_option_stored(PHX_OPTIONS_VM, o, phx_str_c(text), true, &b);
	text = phx_sim_fmt(&w->arena, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return text;
}

static void complete(struct phx_sim_worker *w, json_t *g)
{
	json_t *set = json_object_get(w->ctx, "set"), *made = json_object_get(w->ctx, "made"),
	       *conf = phx_sim_conf(g), *v;
	const char *key;

	json_object_clear(conf);
	json_object_foreach(set, key, v)
	{
		const char *text = phx_sim_s(made, key);

		text = text != NULL ? text : stored_at_create(w, key, json_string_value(v));
		if (strcmp(key, "description") != 0 || text[0] != 0)
			phx_sim_set(conf, key, text);
	}
	if (phx_sim_s(conf, "boot") == NULL)
		phx_sim_set(conf, "boot", phx_sim_vm_default_boot(w->sim, &w->arena, conf));
	if (phx_sim_s(conf, "smbios1") == NULL)
		phx_sim_set(conf, "smbios1",
			    phx_sim_fmt(&w->arena, "uuid=%s", phx_sim_random_uuid(w->sim, &w->arena)));
	if (phx_sim_s(conf, "vmgenid") == NULL || strcmp(phx_sim_s(conf, "vmgenid"), "1") == 0)
		phx_sim_set(conf, "vmgenid", phx_sim_random_uuid(w->sim, &w->arena));
	phx_sim_set(
		conf, "meta",
		phx_sim_fmt(&w->arena, "creation-qemu=9.2.0,ctime=%lld", (long long)phx_sim_now_s(w->sim)));
	phx_sim_guest_dirty(w->sim, g);
	phx_sim_vm_pool_add(w->sim, phx_sim_s(w->ctx, "pool"), phx_sim_guest_id(g));
}

/* Step n makes drive n: the time passes first, then the disk is there. The last step writes the configuration. */
static int64_t qmcreate_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)),
	       *set = json_object_get(w->ctx, "set");
	const char *now = w->step > 0 ? drive_at(w, w->step - 1) : NULL, *next = drive_at(w, w->step);
	struct phx_buf why = {0};
	struct phx_sim_vm_make m = {.sim = w->sim,
				    .a = &w->arena,
				    .w = w,
				    .node = w->node,
				    .vmid = phx_sim_guest_id(g),
				    .why = &why};
	const char *text;
	int64_t failed;

	if (now != NULL) {
		text = phx_sim_vm_make_drive(&m, now, phx_sim_so(set, now, ""));
		if (text == NULL) {
			failed = create_failed(w, why.ptr != NULL ? why.ptr : "");
			phx_buf_done(&why);
			return failed;
		}
		phx_sim_set(json_object_get(w->ctx, "made"), now, text);
	}
	phx_buf_done(&why);
	if (next != NULL)
		return phx_sim_vm_drive_time(w->sim, w->node, next, phx_sim_so(set, next, "")) + 1;
	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK);
	complete(w, g);
	if (phx_json_bool(w->ctx, "start", false))
		phx_sim_job_start_system(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmcreate = {
	.name = "qmcreate", .step = qmcreate_step, .undo = qmcreate_undo};

/* ---- destroy ---- */

void phx_sim_vm_destroy(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");
	int64_t vmid;

	if (g == NULL)
		return;
	vmid = phx_sim_guest_id(g);
	if (phx_sim_pb(r, "skiplock", false) && !r->who.root) {
		phx_sim_fail_param(r, "skiplock", "Only root may use this option.");
		return;
	}
	if (phx_sim_conf_int(g, "protection", 0) != 0) {
		phx_sim_fail(r, 500, "can't remove VM %lld - protection mode enabled", (long long)vmid);
		return;
	}
	if (phx_sim_guest_running(g)) {
		phx_sim_fail(r, 500, "VM %lld is running - destroy failed", (long long)vmid);
		return;
	}
	if (phx_sim_get(r->sim, "ha", phx_sim_fmt(&r->arena, "vm:%lld", (long long)vmid)) != NULL &&
	    !phx_sim_pb(r, "purge", false)) {
		phx_sim_fail(r, 500,
			     "unable to remove VM %lld - used in HA resources and purge parameter not set.",
			     (long long)vmid);
		return;
	}
	phx_sim_task_answer(r, &phx_sim_job_qmdestroy, "qmdestroy", vmid,
			    json_pack("{s:I, s:b, s:b}", "vmid", (json_int_t)vmid, "purge",
				      phx_sim_pb(r, "purge", false), "unreferenced",
				      phx_sim_pb(r, "destroy-unreferenced-disks", false)));
}

void phx_sim_guest_purge(struct phx_sim_worker *w, int64_t vmid, bool vm)
{
	const char *sid = phx_sim_fmt(&w->arena, "%s:%lld", vm ? "vm" : "ct", (long long)vmid);

	phx_sim_task_log(w, "purging %s %lld from related configurations..", vm ? "VM" : "CT",
			 (long long)vmid);
	if (phx_sim_get(w->sim, "ha", sid) != NULL) {
		phx_sim_del(w->sim, "ha", sid);
		phx_sim_task_log(w, "NOTE: removed %s %lld from HA resource configuration.", vm ? "VM" : "CT",
				 (long long)vmid);
	}
}

/* Steps: the lock; the volumes; the configuration. A power loss between them leaves what is left. */
static int64_t qmdestroy_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = phx_sim_guest(w->sim, vmid);
	struct phx_buf why = {0};
	bool ok;

	if (w->step == 0) {
		enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, true);

		if (got != PHX_SIM_LOCK_HELD)
			return got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
		return phx_sim_duration(w->sim, PHX_SIM_D_DESTROY);
	}
	if (g == NULL)
		return phx_sim_task_fail(w,
					 "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
					 w->node, (long long)vmid);
	if (phx_sim_guest_running(g))
		return phx_sim_task_fail(w, "VM %lld is running - destroy failed", (long long)vmid);
	if (phx_sim_conf_get(g, "lock") != NULL)
		return phx_sim_task_locked(w, g);
	ok = phx_sim_guest_free_volumes(w->sim, g, &why);
	if (!ok)
		(void)phx_sim_task_fail(w, "%s", why.ptr);
	phx_buf_done(&why);
	if (!ok)
		return PHX_SIM_FAILED;
	if (phx_json_bool(w->ctx, "unreferenced", false))
		phx_sim_vol_free_owned(w->sim, w->node, vmid);
	if (phx_json_bool(w->ctx, "purge", false))
		phx_sim_guest_purge(w, vmid, true);
	phx_sim_guest_remove(w->sim, vmid);
	phx_sim_vm_pool_remove(w->sim, vmid);
	phx_sim_firewall_remove(w->sim, "qemu", vmid);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmdestroy = {.name = "qmdestroy", .step = qmdestroy_step};
