/* What little of the rest of a guest's API there is: monitor, sendkey, rrddata, consoles, migration. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"

static bool must_run(struct phx_sim_request *r, json_t *g)
{
	if (g == NULL)
		return false;
	if (phx_sim_guest_running(g))
		return true;
	phx_sim_fail(r, 500, "VM %lld not running", (long long)phx_sim_guest_id(g));
	return false;
}

static void sendkey(struct phx_sim_request *r)
{
	if (must_run(r, phx_sim_guest_of(r, "qemu")))
		phx_sim_ok(r, NULL);
}

static void monitor(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (!must_run(r, g))
		return;
	if (strcmp(phx_sim_p(r, "command"), "info status") == 0)
		phx_sim_ok(r,
			   json_string(phx_sim_fmt(&r->arena, "VM status: %s\r\n",
						   phx_sim_so(json_object_get(g, "run"), "qmp", "running"))));
	else
		phx_sim_ok(r, json_string(""));
}

/* One point a minute, without values. */
static void rrddata(struct phx_sim_request *r)
{
	const char *kind = strstr(r->route->path, "/lxc/") != NULL ? "lxc" : "qemu";
	int64_t now = phx_sim_now_s(r->sim) / 60 * 60;
	json_t *out;

	if (phx_sim_guest_of(r, kind) == NULL)
		return;
	out = json_array();
	for (int64_t t = now - 69 * 60; t <= now; t += 60)
		json_array_append_new(out, json_pack("{s:I}", "time", (json_int_t)t));
	phx_sim_ok(r, out);
}

static int64_t nothing_step(struct phx_sim_worker *w)
{
	return w->step == 0 ? phx_sim_duration(w->sim, PHX_SIM_D_FORK) : PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_nothing = {.name = "nothing", .step = nothing_step};

static void vncproxy(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, strstr(r->route->path, "/lxc/") != NULL ? "lxc" : "qemu");
	const char *upid;

	if (g == NULL)
		return;
	upid = phx_sim_task_start(r, &phx_sim_job_nothing, "vncproxy",
				  phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_guest_id(g)), NULL);
	phx_sim_ok(r, json_pack("{s:s, s:s, s:s, s:s, s:s}", "upid", upid, "user", r->who.full, "port",
				"5900", "cert", "", "ticket", phx_sim_ticket_make(r, r->who.user)));
}

/* ---- migration ---- */

static json_t *local_disk(struct phx_sim_request *r, json_t *g, const char *key, const char *text)
{
	struct phx_sim_drive d;
	json_t *st, *o;

	if (!phx_sim_drive_parse(r->sim, &r->arena, phx_sim_guest_kind(g), key, text, &d) ||
	    phx_sim_volid_storage(&r->arena, d.volume) == NULL)
		return NULL;
	st = phx_sim_storage(r->sim, phx_sim_volid_storage(&r->arena, d.volume));
	if (st == NULL || phx_sim_storage_shared(st))
		return NULL;
	o = json_pack("{s:i, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:s}", "cdrom",
		      phx_sim_drive_is_cdrom(&r->arena, &d), "drivename", key, "is_attached",
		      !phx_sim_starts(key, "unused"), "is_tpmstate", strcmp(key, "tpmstate0") == 0,
		      "is_unused", phx_sim_starts(key, "unused"), "is_vmstate", 0, "replicate", 1, "shared",
		      0, "volid", d.volume);
	if (!phx_sim_drive_is_cdrom(&r->arena, &d))
		phx_sim_set_int(o, "size",
				(int64_t)phx_sim_vol_size(phx_sim_vol(r->sim, phx_sim_node(r), d.volume)));
	return o;
}

static void preconditions(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *disks, *v, *allowed, *n;
	const char *key;

	if (g == NULL)
		return;
	disks = json_array();
	json_object_foreach(phx_sim_conf(g), key, v)
	{
		json_t *o = phx_sim_is_drive(r->sim, "qemu", key, true)
				    ? local_disk(r, g, key, json_string_value(v))
				    : NULL;

		if (o != NULL)
			json_array_append_new(disks, o);
	}
	allowed = json_array();
	json_object_foreach(phx_sim_all(r->sim, "node"), key, n)
	{
		if (strcmp(key, phx_sim_node(r)) != 0)
			json_array_append_new(allowed, json_string(key));
	}
	phx_sim_ok(r,
		   json_pack("{s:o, s:o, s:[], s:{}, s:[], s:{}, s:i}", "allowed_nodes", allowed,
			     "local_disks", disks, "local_resources", "mapped-resource-info",
			     "mapped-resources", "not_allowed_nodes", "running", phx_sim_guest_running(g)));
}

static void migrate(struct phx_sim_request *r)
{
	const char *kind = strstr(r->route->path, "/lxc/") != NULL ? "lxc" : "qemu",
		   *target = phx_sim_p(r, "target");
	json_t *g = phx_sim_guest_of(r, kind);

	if (strcmp(target, phx_sim_node(r)) == 0 || strcmp(target, "localhost") == 0) {
		phx_buf_clear(&r->message);
		r->status = 0;
		phx_sim_fail_param(r, "target", "target is local node.");
		return;
	}
	if (phx_sim_get(r->sim, "node", target) == NULL) {
		phx_sim_fail(r, 500, "no such cluster node '%s'", target);
		return;
	}
	if (g == NULL || !phx_sim_guest_unlocked(r, g))
		return;
	if (phx_sim_guest_running(g) && phx_sim_guest_is_vm(g) && !phx_sim_pb(r, "online", false)) {
		phx_sim_fail(r, 500, "can't migrate running VM without --online");
		return;
	}
	if (phx_sim_guest_running(g) && !phx_sim_guest_is_vm(g) && !phx_sim_pb(r, "restart", false)) {
		phx_sim_fail(r, 500, "lxc live migration is currently not implemented");
		return;
	}
	phx_sim_task_answer(
		r, &phx_sim_job_migrate, phx_sim_guest_is_vm(g) ? "qmigrate" : "vzmigrate",
		phx_sim_guest_id(g),
		json_pack("{s:I, s:s}", "vmid", (json_int_t)phx_sim_guest_id(g), "target", target));
}

/* Local volumes go along: each under the same name on the other node. */
static void move_volumes(struct phx_sim_worker *w, json_t *g, const char *target)
{
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_drive d;
		json_t *vol;

		if (!phx_sim_drive_parse(w->sim, &w->arena, phx_sim_guest_kind(g), key, json_string_value(v),
					 &d))
			continue;
		vol = phx_sim_vol(w->sim, w->node, d.volume);
		if (vol == NULL ||
		    phx_sim_storage_shared(phx_sim_storage(w->sim, phx_sim_so(vol, "storage", ""))))
			continue;
		phx_sim_vol_to_node(w->sim, w->node, d.volume, target);
	}
}

static int64_t migrate_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = phx_sim_guest(w->sim, vmid);
	const char *target = phx_sim_so(w->ctx, "target", "");
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, g == NULL || phx_sim_guest_is_vm(g));

	if (got != PHX_SIM_LOCK_HELD)
		return got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (g == NULL)
		return phx_sim_task_fail(w, "Configuration file does not exist");
	if (w->step == 0) {
		if (phx_sim_conf_get(g, "lock") != NULL)
			return phx_sim_task_locked(w, g);
		phx_sim_conf_set(w->sim, g, "lock", "migrate");
		return phx_sim_duration(w->sim, PHX_SIM_D_MIGRATE);
	}
	move_volumes(w, g, target);
	phx_sim_set(g, "node", target);
	phx_sim_conf_set(w->sim, g, "lock", NULL);
	return PHX_SIM_DONE;
}

static void migrate_undo(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL)
		phx_sim_conf_set(w->sim, g, "lock", NULL);
}

const struct phx_sim_job phx_sim_job_migrate = {
	.name = "migrate", .step = migrate_step, .undo = migrate_undo};

#define VM "/nodes/{node}/qemu/{vmid}"
#define CT "/nodes/{node}/lxc/{vmid}"
const struct phx_sim_route phx_sim_routes_misc[] = {
	{"PUT", VM "/sendkey", sendkey},       {"POST", VM "/monitor", monitor},
	{"GET", VM "/rrddata", rrddata},       {"GET", CT "/rrddata", rrddata},
	{"POST", VM "/vncproxy", vncproxy},    {"POST", CT "/vncproxy", vncproxy},
	{"GET", VM "/migrate", preconditions}, {"POST", VM "/migrate", migrate},
	{"POST", CT "/migrate", migrate},      {0}};
