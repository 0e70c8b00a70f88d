/* …/qemu/{vmid}/status: current, start, stop, shutdown, reboot, reset, suspend, resume. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"
#include "backend/sim/vm.h"

/* ---- current ---- */

static json_t *blockstat(struct phx_sim_request *r, json_t *g)
{
	static const char *const zero[] = {"failed_flush_operations",
					   "failed_rd_operations",
					   "failed_unmap_operations",
					   "failed_wr_operations",
					   "failed_zone_append_operations",
					   "flush_operations",
					   "flush_total_time_ns",
					   "invalid_flush_operations",
					   "invalid_rd_operations",
					   "invalid_unmap_operations",
					   "invalid_wr_operations",
					   "invalid_zone_append_operations",
					   "rd_bytes",
					   "rd_merged",
					   "rd_operations",
					   "rd_total_time_ns",
					   "unmap_bytes",
					   "unmap_merged",
					   "unmap_operations",
					   "unmap_total_time_ns",
					   "wr_bytes",
					   "wr_highest_offset",
					   "wr_merged",
					   "wr_operations",
					   "wr_total_time_ns",
					   "zone_append_bytes",
					   "zone_append_merged",
					   "zone_append_operations",
					   "zone_append_total_time_ns"};
	json_t *out = json_object(), *v;
	const char *key;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		json_t *o;

		if (!phx_sim_is_drive(r->sim, "qemu", key, false))
			continue;
		o = json_pack("{s:b, s:b, s:[]}", "account_failed", 1, "account_invalid", 1, "timed_stats");
		for (size_t i = 0; i < PHX_COUNTOF(zero); i++)
			phx_sim_set_int(o, zero[i], 0);
		if (phx_sim_guest_os(r->sim, g) != NULL) /* a system has used it */
			phx_sim_set_int(o, "idle_time_ns", 0);
		json_object_set_new(out, key, o);
	}
	return out;
}

static json_t *nics(struct phx_sim_request *r, json_t *g)
{
	json_t *out = json_object(), *v;
	const char *key;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_starts(key, "net"))
			json_object_set_new(
				out,
				phx_sim_fmt(&r->arena, "tap%lldi%s", (long long)phx_sim_guest_id(g), key + 3),
				json_pack("{s:i, s:i}", "netin", 0, "netout", 0));
	}
	return out;
}

json_t *phx_sim_ha_status(struct phx_sim *s, const char *kind, int64_t vmid)
{
	char sid[40];
	json_t *ha;

	(void)snprintf(sid, sizeof(sid), "%s:%lld", kind, (long long)vmid);
	ha = phx_sim_get(s, "ha", sid);
	/* The HA daemons are not simulated: nothing has a state there (855). */
	if (ha == NULL || strcmp(phx_sim_so(ha, "state", "started"), "ignored") == 0)
		return json_pack("{s:i}", "managed", 0);
	return json_pack("{s:i, s:n, s:s?}", "managed", 1, "state", "group", phx_sim_s(ha, "group"));
}

static void current(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *o, *run;
	const char *vga;

	if (g == NULL)
		return;
	o = phx_sim_guest_status(r->sim, g);
	run = json_object_get(g, "run");
	json_object_set_new(o, "ha", phx_sim_ha_status(r->sim, "vm", phx_sim_guest_id(g)));
	phx_sim_set(o, "qmpstatus", phx_sim_guest_running(g) ? phx_sim_so(run, "qmp", "running") : "stopped");
	if (phx_sim_agent_enabled(g))
		phx_sim_set_int(o, "agent", 1);
	vga = phx_sim_conf_get(g, "vga");
	if (vga != NULL)
		json_object_set_new(o, "clipboard",
				    strstr(vga, "clipboard=vnc") != NULL ? json_string("vnc") : json_null());
	if (phx_sim_guest_running(g)) {
		json_object_set_new(o, "blockstat", blockstat(r, g));
		json_object_set_new(o, "nics", nics(r, g));
		json_object_set_new(o, "proxmox-support",
				    json_pack("{s:b, s:b, s:b, s:b, s:b, s:s, s:b, s:b}", "backup-fleecing",
					      1, "backup-max-workers", 1, "pbs-dirty-bitmap", 1,
					      "pbs-dirty-bitmap-migration", 1, "pbs-dirty-bitmap-savevm", 1,
					      "pbs-library-version", "1.5.1 (UNKNOWN)", "pbs-masterkey", 1,
					      "query-bitmap-info", 1));
		phx_sim_set(o, "running-machine", "pc-i440fx-9.2+pve1");
		phx_sim_set(o, "running-qemu", "9.2.0");
	}
	phx_sim_ok(r, o);
}

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, "qemu") != NULL)
		phx_sim_ok(r, phx_sim_index("subdir", "current start stop reset shutdown suspend reboot"));
}

/* ---- tasks ---- */

/* HA-managed guests: only the wish is noted (856, 858). */
static bool by_ha(struct phx_sim_request *r, json_t *g, const char *state, const char *type)
{
	const char *sid = phx_sim_fmt(&r->arena, "%s:%lld", phx_sim_guest_is_vm(g) ? "vm" : "ct",
				      (long long)phx_sim_guest_id(g));

	if (phx_sim_get(r->sim, "ha", sid) == NULL ||
	    strcmp(phx_sim_so(phx_sim_get(r->sim, "ha", sid), "state", ""), "ignored") == 0)
		return false;
	phx_sim_task_answer(r, &phx_sim_job_ha, type, phx_sim_guest_id(g),
			    json_pack("{s:s, s:s, s:s, s:I}", "sid", sid, "state", state, "word",
				      phx_sim_guest_word(g), "vmid", (json_int_t)phx_sim_guest_id(g)));
	return true;
}

static int64_t ha_step(struct phx_sim_worker *w)
{
	bool start = strcmp(phx_sim_so(w->ctx, "state", ""), "started") == 0;

	phx_sim_task_log(w, "Requesting HA %s for %s %lld", start ? "start" : "stop",
			 phx_sim_so(w->ctx, "word", "VM"), (long long)phx_json_int(w->ctx, "vmid", 0));
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_ha = {.name = "ha", .step = ha_step};

bool phx_sim_power_by_ha(struct phx_sim_request *r, json_t *g, bool start)
{
	return by_ha(r, g, start ? "started" : "stopped", start ? "hastart" : "hastop");
}

static json_t *ctx_of(struct phx_sim_request *r, json_t *g)
{
	return json_pack("{s:I, s:O, s:b}", "vmid", (json_int_t)phx_sim_guest_id(g), "p", r->p, "vm", 1);
}

static bool skiplock_allowed(struct phx_sim_request *r)
{
	if (!phx_sim_pb(r, "skiplock", false) || r->who.root)
		return true;
	phx_sim_fail_param(r, "skiplock", "Only root may use this option.");
	return false;
}

static void start(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL && skiplock_allowed(r) && !phx_sim_power_by_ha(r, g, true))
		phx_sim_task_answer(r, &phx_sim_job_qmstart, "qmstart", phx_sim_guest_id(g), ctx_of(r, g));
}

static void stop(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL && skiplock_allowed(r) && !phx_sim_power_by_ha(r, g, false))
		phx_sim_task_answer(r, &phx_sim_job_qmstop, "qmstop", phx_sim_guest_id(g), ctx_of(r, g));
}

static void shutdown_(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL && skiplock_allowed(r) && !phx_sim_power_by_ha(r, g, false))
		phx_sim_task_answer(r, &phx_sim_job_qmshutdown, "qmshutdown", phx_sim_guest_id(g),
				    ctx_of(r, g));
}

static bool must_run(struct phx_sim_request *r, json_t *g)
{
	if (g == NULL)
		return false;
	if (phx_sim_guest_running(g))
		return true;
	phx_sim_fail(r, 500, "VM %lld not running", (long long)phx_sim_guest_id(g));
	return false;
}

static void reboot(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (must_run(r, g))
		phx_sim_task_answer(r, &phx_sim_job_qmreboot, "qmreboot", phx_sim_guest_id(g), ctx_of(r, g));
}

static void simple(struct phx_sim_request *r, const char *type, const char *qmp)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *ctx;

	if (!must_run(r, g))
		return;
	ctx = ctx_of(r, g);
	phx_sim_set(ctx, "qmp", qmp);
	phx_sim_task_answer(r, &phx_sim_job_qmsimple, type, phx_sim_guest_id(g), ctx);
}

static void reset(struct phx_sim_request *r)
{
	simple(r, "qmreset", NULL);
}

static void resume(struct phx_sim_request *r)
{
	simple(r, "qmresume", "running");
}

static void suspend(struct phx_sim_request *r)
{
	json_t *g;

	if (!phx_sim_pb(r, "todisk", false)) {
		simple(r, "qmpause", "paused");
		return;
	}
	g = phx_sim_guest_of(r, "qemu");
	if (must_run(r, g))
		phx_sim_task_answer(r, &phx_sim_job_qmsuspend, "qmsuspend", phx_sim_guest_id(g),
				    ctx_of(r, g));
}

const struct phx_sim_route phx_sim_routes_status[] = {
	{"GET", "/nodes/{node}/qemu/{vmid}/status", index_},
	{"GET", "/nodes/{node}/qemu/{vmid}/status/current", current},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/start", start},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/stop", stop},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/shutdown", shutdown_},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/reboot", reboot},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/reset", reset},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/suspend", suspend},
	{"POST", "/nodes/{node}/qemu/{vmid}/status/resume", resume},
	{0}};
