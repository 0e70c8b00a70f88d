/* …/lxc/{vmid}/status */
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, "lxc") != NULL)
		phx_sim_ok(r, phx_sim_index("subdir", "current start stop shutdown migrate"));
}

static void current(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc"), *o;

	if (g == NULL)
		return;
	o = phx_sim_guest_status(r->sim, g);
	json_object_set_new(o, "ha", phx_sim_ha_status(r->sim, "ct", phx_sim_guest_id(g)));
	phx_sim_ok(r, o);
}

static json_t *ctx_of(struct phx_sim_request *r, json_t *g)
{
	return json_pack("{s:I, s:O}", "vmid", (json_int_t)phx_sim_guest_id(g), "p", r->p);
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
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (g == NULL || !skiplock_allowed(r))
		return;
	if (phx_sim_guest_running(g))
		phx_sim_fail(r, 500, "CT %lld already running", (long long)phx_sim_guest_id(g));
	else if (!phx_sim_power_by_ha(r, g, true))
		phx_sim_task_answer(r, &phx_sim_job_vzstart, "vzstart", phx_sim_guest_id(g), ctx_of(r, g));
}

static bool must_run(struct phx_sim_request *r, json_t *g)
{
	if (g == NULL)
		return false;
	if (phx_sim_guest_running(g))
		return true;
	phx_sim_fail(r, 500, "CT %lld not running", (long long)phx_sim_guest_id(g));
	return false;
}

static void end(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type)
{
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (must_run(r, g) && skiplock_allowed(r) && !phx_sim_power_by_ha(r, g, false))
		phx_sim_task_answer(r, job, type, phx_sim_guest_id(g), ctx_of(r, g));
}

static void stop(struct phx_sim_request *r)
{
	end(r, &phx_sim_job_vzstop, "vzstop");
}

static void shutdown_(struct phx_sim_request *r)
{
	end(r, &phx_sim_job_vzshutdown, "vzshutdown");
}

static void reboot(struct phx_sim_request *r)
{
	end(r, &phx_sim_job_vzreboot, "vzreboot");
}

static void suspend(struct phx_sim_request *r)
{
	end(r, &phx_sim_job_vzsuspend, "vzsuspend");
}

/* ---- workers ---- */

static json_t *locked_guest(struct phx_sim_worker *w, int64_t *out_wait)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, false);
	json_t *g;

	*out_wait = got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (got != PHX_SIM_LOCK_HELD)
		return NULL;
	g = phx_sim_guest(w->sim, vmid);
	if (g == NULL) {
		*out_wait = phx_sim_task_fail(w, "Configuration file 'nodes/%s/lxc/%lld.conf' does not exist",
					      w->node, (long long)vmid);
		return NULL;
	}
	if (w->step == 0 && phx_sim_conf_get(g, "lock") != NULL &&
	    !phx_json_bool(json_object_get(w->ctx, "p"), "skiplock", false)) {
		*out_wait = phx_sim_task_locked(w, g);
		return NULL;
	}
	return g;
}

/* A tag needs a physical port on the bridge; the seed may say that there is none (497). */
static bool untaggable(struct phx_sim_worker *w, const char *net)
{
	json_t *portless = json_object_get(phx_sim_get(w->sim, "node", w->node), "portless"), *v;
	const char *bridge = phx_sim_prop(&w->arena, net, "bridge");
	size_t i;

	if (bridge == NULL || phx_sim_prop(&w->arena, net, "tag") == NULL)
		return false;
	json_array_foreach(portless, i, v)
	{
		if (strcmp(json_string_value(v), bridge) == 0)
			return true;
	}
	return false;
}

/* What keeps a container from starting; NULL: nothing. */
static const char *obstacle(struct phx_sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_drive d;

		if (phx_sim_ct_is_mount(key) &&
		    phx_sim_drive_parse(w->sim, &w->arena, "lxc", key, json_string_value(v), &d) &&
		    d.volume[0] != '/' && phx_sim_vol(w->sim, w->node, d.volume) == NULL)
			return phx_sim_fmt(&w->arena, "volume '%s' does not exist", d.volume);
		if (phx_sim_starts(key, "net") && strstr(json_string_value(v), "bridge=") != NULL &&
		    (!phx_sim_bridge_exists(w, json_string_value(v)) || untaggable(w, json_string_value(v))))
			return phx_sim_fmt(&w->arena, "startup for container '%lld' failed",
					   (long long)phx_sim_guest_id(g));
	}
	return NULL;
}

static int64_t start_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);
	const char *why;

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (phx_sim_guest_template(g))
			return phx_sim_task_fail(w, "you can't start a CT if it's a template");
		if (phx_sim_guest_running(g))
			return phx_sim_task_fail(w, "CT %lld already running",
						 (long long)phx_sim_guest_id(g));
		phx_sim_ct_apply_pending(w->sim, g);
		why = obstacle(w, g);
		return why != NULL ? phx_sim_task_fail(w, "%s", why)
				   : phx_sim_duration(w->sim, PHX_SIM_D_START_CT);
	}
	phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzstart = {.name = "vzstart", .step = start_step};

static void off(struct phx_sim_worker *w, json_t *g)
{
	if (phx_sim_guest_running(g))
		phx_sim_guest_power_off(w->sim, g);
	phx_sim_ct_apply_pending(w->sim, g);
}

static int64_t stop_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_STOP);
	off(w, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzstop = {.name = "vzstop", .step = stop_step};

/* How long until it is down; *out_down tells whether it is then. */
static int64_t going_down(struct phx_sim_worker *w, json_t *g)
{
	int64_t limit = phx_json_int(json_object_get(w->ctx, "p"), "timeout", 60) * PHX_SIM_SECOND,
		need = phx_sim_duration(w->sim, PHX_SIM_D_SHUTDOWN_CT);
	bool down = phx_sim_guest_obeys(w->sim, g) && need <= limit;

	json_object_set_new(w->ctx, "down", json_boolean(down));
	return down ? need : limit;
}

static int64_t shutdown_step(struct phx_sim_worker *w)
{
	json_t *p = json_object_get(w->ctx, "p");
	bool force = phx_json_bool(p, "forceStop", false);
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0)
		return going_down(w, g);
	if (!phx_json_bool(w->ctx, "down", false) &&
	    !(force && phx_json_bool(phx_sim_guest_os(w->sim, g), "kill", true))) {
		phx_sim_task_log(w, "command 'lxc-stop -n %lld %s--timeout %lld' failed: got timeout",
				 (long long)phx_sim_guest_id(g), force ? "" : "--nokill ",
				 (long long)phx_json_int(p, "timeout", 60));
		return phx_sim_task_fail(w, "container did not stop");
	}
	off(w, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzshutdown = {.name = "vzshutdown", .step = shutdown_step};

static int64_t reboot_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0)
		return going_down(w, g);
	if (!phx_json_bool(w->ctx, "down", false))
		return phx_sim_task_fail(w, "container did not stop");
	off(w, g);
	if (w->step == 1)
		return phx_sim_duration(w->sim, PHX_SIM_D_START_CT);
	phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzreboot = {.name = "vzreboot", .step = reboot_step};

/* Needs criu, which Proxmox does not bring (448). */
static int64_t suspend_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	phx_sim_task_log(w,
			 "lxc-checkpoint: %lld: ../src/lxc/criu.c: criu_version_ok: 767 No such file or "
			 "directory - execing criu failed, is it installed?",
			 (long long)phx_sim_guest_id(g));
	return phx_sim_task_fail(
		w, "command 'lxc-checkpoint -n %lld -s -D /var/lib/vz/dump' failed: exit code 1",
		(long long)phx_sim_guest_id(g));
}

const struct phx_sim_job phx_sim_job_vzsuspend = {.name = "vzsuspend", .step = suspend_step};

const struct phx_sim_route phx_sim_routes_ct_status[] = {
	{"GET", "/nodes/{node}/lxc/{vmid}/status", index_},
	{"GET", "/nodes/{node}/lxc/{vmid}/status/current", current},
	{"POST", "/nodes/{node}/lxc/{vmid}/status/start", start},
	{"POST", "/nodes/{node}/lxc/{vmid}/status/stop", stop},
	{"POST", "/nodes/{node}/lxc/{vmid}/status/shutdown", shutdown_},
	{"POST", "/nodes/{node}/lxc/{vmid}/status/reboot", reboot},
	{"POST", "/nodes/{node}/lxc/{vmid}/status/suspend", suspend},
	{0}};
