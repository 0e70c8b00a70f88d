/* The workers behind the power calls of VMs. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"

#define QUIT_TIMEOUT (180 * SIM_SECOND) /* of a shutdown without `timeout` */

/* The guest of the worker with its lock held; NULL: *out_wait says how the step ends. */
static json_t *locked_guest(struct sim_worker *w, sim_time *out_wait)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum sim_lock_result got = sim_task_lock(w, vmid, true);
	json_t *g;

	*out_wait = got == SIM_LOCK_WAIT ? SIM_BLOCKED : SIM_FAILED;
	if (got != SIM_LOCK_HELD)
		return NULL;
	g = sim_guest(w->sim, vmid);
	if (g == NULL)
		(void)sim_task_fail(w, "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
				    w->node, (long long)vmid);
	return g;
}

static bool skiplock(const struct sim_worker *w)
{
	return phx_json_bool(json_object_get(w->ctx, "p"), "skiplock", false);
}

/* ---- start ---- */

static json_t *node_doc(struct sim_worker *w)
{
	return sim_get(w->sim, "node", w->node);
}

/* A bridge of the node's list; a node without list has every bridge. */
static bool bridge_known(struct sim_worker *w, const char *name)
{
	json_t *list = json_object_get(node_doc(w), "bridges"), *v;
	size_t i;

	if (!json_is_array(list))
		return true;
	json_array_foreach(list, i, v) if (strcmp(json_string_value(v), name) == 0) return true;
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
	return sim_fmt(a, PHX_STR_FMT, PHX_STR_ARG(name));
}

bool sim_bridge_exists(struct sim_worker *w, const char *net)
{
	const char *name = bridge_of(&w->arena, net);

	return name == NULL || bridge_known(w, name);
}

static const char *missing_bridge(struct sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(
		sim_conf(g), key,
		v) if (sim_starts(key, "net") &&
		       !sim_bridge_exists(w, json_string_value(v))) return bridge_of(&w->arena,
										     json_string_value(v));
	return NULL;
}

static const char *missing_volume(struct sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(sim_conf(g), key, v)
	{
		struct sim_drive d;

		if (sim_is_drive(w->sim, "qemu", key, false) &&
		    sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    sim_volid_name(d.volume) != NULL && d.volume[0] != '/' &&
		    sim_vol(w->sim, w->node, d.volume) == NULL)
			return d.volume;
	}
	return NULL;
}

static sim_time check_start(struct sim_worker *w, json_t *g)
{
	int64_t cpus = sim_guest_cpus(w->sim, g), have = phx_json_int(node_doc(w), "cores", 1);
	const char *what;

	if (sim_conf_get(g, "lock") != NULL && strcmp(sim_conf_get(g, "lock"), "suspended") != 0 &&
	    !skiplock(w))
		return sim_task_locked(w, g);
	if (sim_guest_template(g))
		return sim_task_fail(w, "you can't start a vm if it's a template");
	if (sim_guest_running(g))
		return sim_task_fail(w, "VM %lld already running", (long long)sim_guest_id(g));
	if (cpus > have)
		return sim_task_fail(w, "MAX %lld vcpus allowed per VM on this node", (long long)have);
	what = missing_volume(w, g);
	if (what != NULL)
		return sim_task_fail(w, "volume '%s' does not exist", what);
	what = missing_bridge(w, g);
	if (what != NULL) {
		sim_task_log(w, "bridge '%s' does not exist", what);
		return sim_task_fail(w, "start failed: QEMU exited with code 1");
	}
	if (sim_meta_int(w->sim, "kvm", 1) == 0 && sim_conf_int(g, "kvm", 1) != 0) {
		sim_task_log(w, "kvm: Host doesn't support requested features");
		return sim_task_fail(w, "start failed: QEMU exited with code 1");
	}
	return 0;
}

static void resume_suspended(struct sim_worker *w, json_t *g)
{
	static const char *const gone[] = {"lock", "vmstate", "runningcpu", "runningmachine"};
	const char *state = sim_conf_get(g, "vmstate");
	struct phx_buf ignored = {0};

	sim_task_log(w, "Resuming suspended VM");
	if (state != NULL) {
		sim_task_log(w, "activating and using '%s' as vmstate", state);
		(void)sim_vol_free(w->sim, w->node, state, &ignored);
	}
	for (size_t i = 0; i < PHX_COUNTOF(gone); i++)
		sim_conf_set(w->sim, g, gone[i], NULL);
	sim_task_log(w, "Resumed VM, removing state");
	phx_buf_done(&ignored);
}

static bool uses_cloudinit(struct sim_worker *w, json_t *g)
{
	const char *key;
	json_t *v;

	json_object_foreach(sim_conf(g), key, v)
	{
		struct sim_drive d;

		if (sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    sim_drive_is_cloudinit(&d))
			return true;
	}
	return false;
}

static sim_time start_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);
	struct phx_buf why = {0};

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		wait = check_start(w, g);
		if (wait < 0)
			return wait;
		if (uses_cloudinit(w, g))
			sim_task_log(w, "generating cloud-init ISO");
		return sim_duration(w->sim, SIM_D_START_VM);
	}
	(void)sim_vm_apply_pending(w->sim, g, &why);
	phx_buf_done(&why);
	if (strcmp(sim_so(sim_conf(g), "bios", "seabios"), "ovmf") == 0 &&
	    sim_conf_get(g, "efidisk0") == NULL)
		sim_task_warn(w, "no efidisk configured! Using temporary efivars disk.");
	if (sim_conf_get(g, "vmstate") != NULL)
		resume_suspended(w, g);
	if (uses_cloudinit(w, g))
		sim_cloudinit_remember(w->sim, g);
	sim_guest_power_on(w->sim, g);
	return SIM_DONE;
}

const struct sim_job sim_job_qmstart = {.name = "qmstart", .step = start_step};

void sim_job_start_system(struct phx_sim *s, json_t *g)
{
	char id[24];

	(void)snprintf(id, sizeof(id), "%lld", (long long)sim_guest_id(g));
	(void)sim_task_system(s, sim_guest_node(g), sim_guest_is_vm(g) ? &sim_job_qmstart : &sim_job_vzstart,
			      sim_guest_is_vm(g) ? "qmstart" : "vzstart", id,
			      json_pack("{s:I, s:{}}", "vmid", (json_int_t)sim_guest_id(g), "p"));
}

/* ---- stop, shutdown, reboot ---- */

static sim_time stop_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (sim_conf_get(g, "lock") != NULL && !skiplock(w) && sim_guest_running(g))
			return sim_task_locked(w, g);
		return sim_guest_running(g) ? sim_duration(w->sim, SIM_D_STOP) : SIM_DONE;
	}
	if (sim_guest_running(g)) {
		sim_guest_power_off(w->sim, g);
		if (!phx_json_bool(json_object_get(w->ctx, "p"), "keepActive", false)) {
			struct phx_buf why = {0};

			(void)sim_vm_apply_pending(w->sim, g, &why);
			phx_buf_done(&why);
		}
	}
	return SIM_DONE;
}

const struct sim_job sim_job_qmstop = {.name = "qmstop", .step = stop_step};

/* Until the guest is down; negative when it will not go in time (the wait until the timeout is in *out_timeout). */
static bool goes_down(struct sim_worker *w, json_t *g, sim_time *out_wait)
{
	json_t *p = json_object_get(w->ctx, "p"), *run = json_object_get(g, "run");
	sim_time limit = phx_json_int(p, "timeout", QUIT_TIMEOUT / SIM_SECOND) * SIM_SECOND, need;

	/* With an agent configured but not there, the ping for it takes its time first. */
	sim_time ping = sim_agent_enabled(g) && !sim_agent_up(w->sim, g)
				? sim_duration(w->sim, SIM_D_AGENT_TIMEOUT)
				: 0;

	if (!sim_guest_obeys(w->sim, g) || strcmp(sim_so(run, "qmp", "running"), "running") != 0) {
		*out_wait = ping + limit;
		return false;
	}
	need = sim_duration(w->sim, SIM_D_SHUTDOWN_VM);
	if (sim_now(w->sim) < phx_json_int(run, "up_at", 0)) /* it hears of it when it is up */
		need += phx_json_int(run, "up_at", 0) - sim_now(w->sim);
	*out_wait = ping + (need <= limit ? need : limit);
	return need <= limit;
}

static sim_time shutdown_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (!sim_guest_running(g))
		return SIM_DONE;
	if (w->step == 0) {
		if (sim_conf_get(g, "lock") != NULL && !skiplock(w))
			return sim_task_locked(w, g);
		json_object_set_new(w->ctx, "down", json_boolean(goes_down(w, g, &wait)));
		return wait;
	}
	if (!phx_json_bool(w->ctx, "down", false)) {
		if (!phx_json_bool(json_object_get(w->ctx, "p"), "forceStop", false))
			return sim_task_fail(w, "VM quit/powerdown failed - got timeout");
		sim_task_log(w, "VM still running - terminating now with SIGTERM");
	}
	sim_guest_power_off(w->sim, g);
	{
		struct phx_buf why = {0};

		(void)sim_vm_apply_pending(w->sim, g, &why);
		phx_buf_done(&why);
	}
	return SIM_DONE;
}

const struct sim_job sim_job_qmshutdown = {.name = "qmshutdown", .step = shutdown_step};

static sim_time reboot_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);
	struct phx_buf why = {0};

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (sim_conf_get(g, "lock") != NULL)
			return sim_task_locked(w, g);
		json_object_set_new(w->ctx, "down", json_boolean(goes_down(w, g, &wait)));
		return wait;
	}
	if (!phx_json_bool(w->ctx, "down", false))
		return sim_task_fail(w, "VM quit/powerdown failed - got timeout");
	if (w->step == 1) {
		sim_guest_power_off(w->sim, g);
		(void)sim_vm_apply_pending(w->sim, g, &why);
		phx_buf_done(&why);
		return sim_duration(w->sim, SIM_D_START_VM);
	}
	sim_guest_power_on(w->sim, g);
	return SIM_DONE;
}

const struct sim_job sim_job_qmreboot = {.name = "qmreboot", .step = reboot_step};

/* ---- pause, resume, reset, suspend to disk ---- */

static sim_time simple_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);

	if (g == NULL)
		return wait;
	if (sim_conf_get(g, "lock") != NULL && !skiplock(w))
		return sim_task_locked(w, g);
	if (!sim_guest_running(g))
		return sim_task_fail(w, "VM %lld not running", (long long)sim_guest_id(g));
	if (sim_s(w->ctx, "qmp") != NULL) {
		sim_set(json_object_get(g, "run"), "qmp", sim_s(w->ctx, "qmp"));
		sim_guest_dirty(w->sim, g);
	} else {
		sim_guest_power_on(w->sim, g); /* a reset boots anew */
	}
	return SIM_DONE;
}

const struct sim_job sim_job_qmsimple = {.name = "qmsimple", .step = simple_step};

static sim_time suspend_step(struct sim_worker *w)
{
	sim_time wait;
	json_t *g = locked_guest(w, &wait);
	time_t now = (time_t)sim_now_s(w->sim);
	struct sim_vol_request q = {.node = w->node, .format = "raw", .used = 4096};
	struct phx_buf why = {0};
	struct tm tm;
	const char *state;

	if (g == NULL)
		return wait;
	if (w->step == 0) {
		if (sim_conf_get(g, "lock") != NULL)
			return sim_task_locked(w, g);
		sim_conf_set(w->sim, g, "lock", "suspending");
		return sim_duration(w->sim, SIM_D_SNAPSHOT);
	}
	(void)gmtime_r(&now, &tm);
	q.storage = sim_so(json_object_get(w->ctx, "p"), "statestorage",
			   sim_vm_state_storage(w->sim, &w->arena, g));
	q.vmid = sim_guest_id(g);
	q.name = sim_fmt(&w->arena, "state-suspend-%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			 tm.tm_mday);
	q.size = 2 * sim_guest_maxmem(g) + ((uint64_t)500 << 20);
	state = sim_vol_make(w->sim, &w->arena, &q, &why);
	phx_buf_done(&why);
	if (state == NULL)
		return sim_task_fail(w, "no space for the state volume");
	sim_conf_set(w->sim, g, "lock", "suspended");
	sim_conf_set(w->sim, g, "vmstate", state);
	sim_conf_set(w->sim, g, "runningmachine", "pc-i440fx-9.2+pve1");
	sim_conf_set(w->sim, g, "runningcpu", sim_conf_int(g, "kvm", 1) != 0 ? "kvm64" : "qemu64");
	sim_task_log(w, "State saved, quitting");
	sim_guest_power_off(w->sim, g);
	return SIM_DONE;
}

const struct sim_job sim_job_qmsuspend = {.name = "qmsuspend", .step = suspend_step};

/* Where RAM goes: vmstatestorage, or the storage of the first disk. */
const char *sim_vm_state_storage(struct phx_sim *s, struct phx_arena *a, const json_t *g)
{
	const char *set = sim_conf_get(g, "vmstatestorage"), **keys = sim_sorted_keys(a, sim_conf(g));
	struct sim_drive d;

	if (set != NULL)
		return set;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (sim_is_drive(s, "qemu", keys[i], false) &&
		    sim_drive_parse(s, a, "qemu", keys[i], sim_conf_get(g, keys[i]), &d) &&
		    !sim_drive_is_cdrom(a, &d) && sim_volid_storage(a, d.volume) != NULL)
			return sim_volid_storage(a, d.volume);
	return "local";
}
