/* The workers behind the power calls of VMs. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"

#define QUIT_TIMEOUT (180 * PHX_SIM_SECOND) /* of a shutdown without `timeout` */

/* The guest of the worker with its lock held; NULL: *out_wait says how the step ends. */
static json_t *locked_guest(struct phx_sim_worker *w, int64_t *out_wait)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, true);
	json_t *g;

	*out_wait = got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (got != PHX_SIM_LOCK_HELD)
		return NULL;
	g = phx_sim_guest(w->sim, vmid);
	if (g == NULL)
		(void)phx_sim_task_fail(w,
					"Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
					w->node, (long long)vmid);
	return g;
}

static bool skiplock(const struct phx_sim_worker *w)
{
	return phx_json_bool(json_object_get(w->ctx, "p"), "skiplock", false);
}

static void apply_pending(struct phx_sim_worker *w, json_t *g)
{
	struct phx_buf why = {0};

	if (phx_sim_vm_apply_pending(w->sim, &w->arena, g, &why) != NULL)
		phx_sim_task_log(w, "%s", why.ptr);
	phx_buf_done(&why);
}

/* ---- start ---- */

static json_t *node_doc(struct phx_sim_worker *w)
{
	return phx_sim_get(w->sim, "node", w->node);
}

/* A bridge of the node's list; a node without list has every bridge. */
static bool bridge_known(struct phx_sim_worker *w, const char *name)
{
	json_t *list = json_object_get(node_doc(w), "bridges"), *v;
	size_t i;

	if (!json_is_array(list))
		return true;
	json_array_foreach(list, i, v)
	{
		if (strcmp(json_string_value(v), name) == 0)
			return true;
	}
	return false;
}

static const char *bridge_of(struct phx_arena *a, const char *net)
{
	const char *at = strstr(net, "bridge=");
	struct phx_str rest, name;

	if (at == NULL)
		return NULL;
	rest = phx_str_c(at + strlen("bridge="));
	(void)phx_str_cut(&rest, ',', &name);
	return phx_sim_fmt(a, PHX_STR_FMT, PHX_STR_ARG(name));
}

bool phx_sim_bridge_exists(struct phx_sim_worker *w, const char *net)
{
	const char *name = bridge_of(&w->arena, net);

	return name == NULL || bridge_known(w, name);
}

static const char *missing_bridge(struct phx_sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_starts(key, "net") && !phx_sim_bridge_exists(w, json_string_value(v)))
			return bridge_of(&w->arena, json_string_value(v));
	}
	return NULL;
}

static const char *missing_volume(struct phx_sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_drive d;

		if (phx_sim_is_drive(w->sim, "qemu", key, false) &&
		    phx_sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    phx_sim_volid_name(d.volume) != NULL && d.volume[0] != '/' &&
		    phx_sim_vol(w->sim, w->node, d.volume) == NULL)
			return d.volume;
	}
	return NULL;
}

static int64_t check_start(struct phx_sim_worker *w, json_t *g)
{
	int64_t cpus = phx_sim_guest_cpus(w->sim, g), have = phx_json_int(node_doc(w), "cores", 1);
	const char *what;

	if (phx_sim_conf_get(g, "lock") != NULL && strcmp(phx_sim_conf_get(g, "lock"), "suspended") != 0 &&
	    !skiplock(w))
		return phx_sim_task_locked(w, g);
	if (phx_sim_guest_template(g))
		return phx_sim_task_fail(w, "you can't start a vm if it's a template");
	if (phx_sim_guest_running(g))
		return phx_sim_task_fail(w, "VM %lld already running", (long long)phx_sim_guest_id(g));
	if (cpus > have)
		return phx_sim_task_fail(w, "MAX %lld vcpus allowed per VM on this node", (long long)have);
	what = missing_volume(w, g);
	if (what != NULL)
		return phx_sim_task_fail(w, "volume '%s' does not exist", what);
	what = missing_bridge(w, g);
	if (what != NULL) {
		phx_sim_task_log(w, "bridge '%s' does not exist", what);
		return phx_sim_task_fail(w, "start failed: QEMU exited with code 1");
	}
	if (phx_sim_meta_int(w->sim, "kvm", 1) == 0 && phx_sim_conf_int(g, "kvm", 1) != 0) {
		phx_sim_task_log(w, "kvm: Host doesn't support requested features");
		return phx_sim_task_fail(w, "start failed: QEMU exited with code 1");
	}
	return 0;
}

static void resume_suspended(struct phx_sim_worker *w, json_t *g)
{
	static const char *const gone[] = {"lock", "vmstate", "runningcpu", "runningmachine"};
	const char *state = phx_sim_conf_get(g, "vmstate");
	struct phx_buf ignored = {0};

	phx_sim_task_log(w, "Resuming suspended VM");
	if (state != NULL) {
		phx_sim_task_log(w, "activating and using '%s' as vmstate", state);
		(void)phx_sim_vol_free(w->sim, w->node, state, &ignored);
	}
	for (size_t i = 0; i < PHX_COUNTOF(gone); i++)
		phx_sim_conf_set(w->sim, g, gone[i], NULL);
	phx_sim_task_log(w, "Resumed VM, removing state");
	phx_buf_done(&ignored);
}

static bool uses_cloudinit(struct phx_sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_drive d;

		if (phx_sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    phx_sim_drive_is_cloudinit(&d))
			return true;
	}
	return false;
}

static int64_t start_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		wait = check_start(w, g);
		if (wait < 0)
			return wait;
		if (uses_cloudinit(w, g))
			phx_sim_task_log(w, "generating cloud-init ISO");
		return phx_sim_duration(w->sim, PHX_SIM_D_START_VM);
	}
	apply_pending(w, g);
	if (strcmp(phx_sim_so(phx_sim_conf(g), "bios", "seabios"), "ovmf") == 0 &&
	    phx_sim_conf_get(g, "efidisk0") == NULL)
		phx_sim_task_warn(w, "no efidisk configured! Using temporary efivars disk.");
	if (phx_sim_conf_get(g, "vmstate") != NULL)
		resume_suspended(w, g);
	if (uses_cloudinit(w, g))
		phx_sim_cloudinit_remember(w->sim, g);
	phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmstart = {.name = "qmstart", .step = start_step};

void phx_sim_job_start_system(struct phx_sim *s, json_t *g)
{
	char id[24];

	(void)snprintf(id, sizeof(id), "%lld", (long long)phx_sim_guest_id(g));
	(void)phx_sim_task_system(s, phx_sim_guest_node(g),
				  phx_sim_guest_is_vm(g) ? &phx_sim_job_qmstart : &phx_sim_job_vzstart,
				  phx_sim_guest_is_vm(g) ? "qmstart" : "vzstart", id,
				  json_pack("{s:I, s:{}}", "vmid", (json_int_t)phx_sim_guest_id(g), "p"));
}

/* ---- stop, shutdown, reboot ---- */

static int64_t stop_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (phx_sim_conf_get(g, "lock") != NULL && !skiplock(w) && phx_sim_guest_running(g))
			return phx_sim_task_locked(w, g);
		return phx_sim_guest_running(g) ? phx_sim_duration(w->sim, PHX_SIM_D_STOP) : PHX_SIM_DONE;
	}
	if (phx_sim_guest_running(g)) {
		phx_sim_guest_power_off(w->sim, g);
		if (!phx_json_bool(json_object_get(w->ctx, "p"), "keepActive", false))
			apply_pending(w, g);
	}
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmstop = {.name = "qmstop", .step = stop_step};

/* Until the guest is down; negative when it will not go in time (the wait until the timeout is in *out_timeout). */
static bool goes_down(struct phx_sim_worker *w, json_t *g, int64_t *out_wait)
{
	json_t *p = json_object_get(w->ctx, "p"), *run = json_object_get(g, "run");
	int64_t limit = phx_json_int(p, "timeout", QUIT_TIMEOUT / PHX_SIM_SECOND) * PHX_SIM_SECOND, need;

	/* With an agent configured but not there, the ping for it takes its time first. */
	int64_t ping = phx_sim_agent_enabled(g) && !phx_sim_agent_up(w->sim, g)
			       ? phx_sim_duration(w->sim, PHX_SIM_D_AGENT_TIMEOUT)
			       : 0;

	if (!phx_sim_guest_obeys(w->sim, g) || strcmp(phx_sim_so(run, "qmp", "running"), "running") != 0) {
		*out_wait = ping + limit;
		return false;
	}
	need = phx_sim_duration(w->sim, PHX_SIM_D_SHUTDOWN_VM);
	if (phx_sim_now(w->sim) < phx_json_int(run, "up_at", 0)) /* it hears of it when it is up */
		need += phx_json_int(run, "up_at", 0) - phx_sim_now(w->sim);
	*out_wait = ping + (need <= limit ? need : limit);
	return need <= limit;
}

static int64_t shutdown_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (!phx_sim_guest_running(g))
		return PHX_SIM_DONE;
	if (w->step == 0) {
		if (phx_sim_conf_get(g, "lock") != NULL && !skiplock(w))
			return phx_sim_task_locked(w, g);
		json_object_set_new(w->ctx, "down", json_boolean(goes_down(w, g, &wait)));
		return wait;
	}
	if (!phx_json_bool(w->ctx, "down", false)) {
		if (!phx_json_bool(json_object_get(w->ctx, "p"), "forceStop", false))
			return phx_sim_task_fail(w, "VM quit/powerdown failed - got timeout");
		phx_sim_task_log(w, "VM still running - terminating now with SIGTERM");
	}
	phx_sim_guest_power_off(w->sim, g);
	apply_pending(w, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmshutdown = {.name = "qmshutdown", .step = shutdown_step};

static int64_t reboot_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (phx_sim_conf_get(g, "lock") != NULL)
			return phx_sim_task_locked(w, g);
		json_object_set_new(w->ctx, "down", json_boolean(goes_down(w, g, &wait)));
		return wait;
	}
	if (!phx_json_bool(w->ctx, "down", false))
		return phx_sim_task_fail(w, "VM quit/powerdown failed - got timeout");
	if (w->step == 1) {
		phx_sim_guest_power_off(w->sim, g);
		apply_pending(w, g);
		return phx_sim_duration(w->sim, PHX_SIM_D_START_VM);
	}
	phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmreboot = {.name = "qmreboot", .step = reboot_step};

/* ---- pause, resume, reset, suspend to disk ---- */

static int64_t simple_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (phx_sim_conf_get(g, "lock") != NULL && !skiplock(w))
		return phx_sim_task_locked(w, g);
	if (!phx_sim_guest_running(g))
		return phx_sim_task_fail(w, "VM %lld not running", (long long)phx_sim_guest_id(g));
	if (phx_sim_s(w->ctx, "qmp") != NULL) {
		phx_sim_set(json_object_get(g, "run"), "qmp", phx_sim_s(w->ctx, "qmp"));
		phx_sim_guest_dirty(w->sim, g);
	} else {
		phx_sim_guest_power_on(w->sim, g); /* a reset boots anew */
	}
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmsimple = {.name = "qmsimple", .step = simple_step};

static int64_t suspend_step(struct phx_sim_worker *w)
{
	int64_t wait;
	json_t *g = locked_guest(w, &wait);
	time_t now = (time_t)phx_sim_now_s(w->sim);
	struct phx_sim_vol_request q = {.node = w->node, .format = "raw", .used = 4096};
	struct phx_buf why = {0};
	struct tm tm;
	const char *state;

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (phx_sim_conf_get(g, "lock") != NULL)
			return phx_sim_task_locked(w, g);
		phx_sim_conf_set(w->sim, g, "lock", "suspending");
		return phx_sim_duration(w->sim, PHX_SIM_D_SNAPSHOT);
	}
	(void)gmtime_r(&now, &tm);
	q.storage = phx_sim_so(json_object_get(w->ctx, "p"), "statestorage",
			       phx_sim_vm_state_storage(w->sim, &w->arena, g));
	q.vmid = phx_sim_guest_id(g);
	q.name = phx_sim_fmt(&w->arena, "state-suspend-%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			     tm.tm_mday);
	q.size = 2 * phx_sim_guest_maxmem(g) + ((uint64_t)500 << 20);
	state = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	phx_buf_done(&why);
	if (state == NULL)
		return phx_sim_task_fail(w, "no space for the state volume");
	phx_sim_conf_set(w->sim, g, "lock", "suspended");
	phx_sim_conf_set(w->sim, g, "vmstate", state);
	phx_sim_conf_set(w->sim, g, "runningmachine", "pc-i440fx-9.2+pve1");
	phx_sim_conf_set(w->sim, g, "runningcpu", phx_sim_conf_int(g, "kvm", 1) != 0 ? "kvm64" : "qemu64");
	phx_sim_task_log(w, "State saved, quitting");
	phx_sim_guest_power_off(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmsuspend = {.name = "qmsuspend", .step = suspend_step};

/* Where RAM goes: vmstatestorage, or the storage of the first disk. */
const char *phx_sim_vm_state_storage(struct phx_sim *s, struct phx_arena *a, const json_t *g)
{
	const char *set = phx_sim_conf_get(g, "vmstatestorage"),
		   **keys = phx_sim_sorted_keys(a, phx_sim_conf(g));
	struct phx_sim_drive d;

	if (set != NULL)
		return set;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_is_drive(s, "qemu", keys[i], false) &&
		    phx_sim_drive_parse(s, a, "qemu", keys[i], phx_sim_conf_get(g, keys[i]), &d) &&
		    !phx_sim_drive_is_cdrom(a, &d) && phx_sim_volid_storage(a, d.volume) != NULL)
			return phx_sim_volid_storage(a, d.volume);
	return "local";
}
