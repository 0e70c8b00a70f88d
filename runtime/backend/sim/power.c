#include "backend/sim/power.h"

#include <string.h>

#include "backend/sim/drive.h"
#include "backend/sim/durations.h"
#include "backend/sim/faults.h"
#include "backend/sim/jobs.h"
#include "backend/sim/task.h"
#include "model/propstring.h"

json_t *sim_guest_os(struct phx_sim *s, const json_t *g)
{
	struct phx_arena a = {0};
	const char *key = sim_guest_is_vm(g) ? sim_boot_disk(s, &a, sim_conf(g)) : "rootfs";
	struct sim_drive d;
	json_t *os = NULL;

	if (key != NULL && sim_drive_parse(s, &a, sim_guest_kind(g), key, sim_conf_get(g, key), &d))
		os = json_object_get(sim_vol(s, sim_guest_node(g), d.volume), "os");
	phx_arena_done(&a);
	return os;
}

bool sim_agent_enabled(const json_t *g)
{
	struct phx_str rest = phx_str_c(sim_conf_get(g, "agent")), one;

	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_eqc(one, "1") || phx_str_eqc(one, "enabled=1"))
			return true;
	return false;
}

static bool has_cloudinit(struct phx_sim *s, const json_t *g)
{
	struct phx_arena a = {0};
	bool yes = false;
	const char *key;
	struct sim_drive d;
	json_t *v;

	json_object_foreach(sim_conf(g), key,
			    v) if (sim_is_drive(s, "qemu", key, false) &&
				   sim_drive_parse(s, &a, "qemu", key, json_string_value(v), &d)) yes =
		yes || sim_drive_is_cloudinit(&d);
	phx_arena_done(&a);
	return yes;
}

void sim_guest_power_on(struct phx_sim *s, json_t *g)
{
	bool vm = sim_guest_is_vm(g);
	json_t *os = sim_guest_os(s, g), *run = json_object();
	sim_time boot = sim_duration(s, vm ? SIM_D_BOOT_VM : SIM_D_BOOT_CT), up;

	boot = (sim_time)(phx_json_num(os, "boot_s", (double)boot / (double)SIM_SECOND) * (double)SIM_SECOND);
	up = sim_now(s) + boot;
	sim_set_int(run, "since", sim_now(s));
	sim_set_int(run, "pid", sim_meta_count(s, "pid", 0x2710));
	sim_set_int(run, "up_at", up);
	sim_set(run, "qmp", "running");
	if (vm)
		json_object_set_new(run, "agent", json_boolean(sim_agent_enabled(g)));
	/* Cloud-init works on the first boot of an instance. */
	if (vm && has_cloudinit(s, g) && sim_s(g, "ci_done") == NULL) {
		sim_set_int(run, "ci_until", up + sim_duration(s, SIM_D_CLOUD_INIT));
		sim_set(g, "ci_done", "1");
	}
	json_object_set_new(g, "run", run);
	sim_guest_dirty(s, g);
}

void sim_guest_power_off(struct phx_sim *s, json_t *g)
{
	json_object_set_new(g, "run", json_null());
	json_object_del(g, "procs");
	sim_guest_dirty(s, g);
}

bool sim_agent_up(struct phx_sim *s, json_t *g)
{
	json_t *run = json_object_get(g, "run");

	return json_is_object(run) && json_is_true(json_object_get(run, "agent")) &&
	       phx_json_bool(sim_guest_os(s, g), "agent", false) &&
	       sim_now(s) >= phx_json_int(run, "up_at", 0) &&
	       strcmp(sim_so(run, "qmp", "running"), "running") == 0 &&
	       !sim_fault_agent_never(s, sim_guest_id(g));
}

bool sim_guest_obeys(struct phx_sim *s, json_t *g)
{
	json_t *os = sim_guest_os(s, g);

	return os != NULL && phx_json_bool(os, "halt", true);
}

/* ---- nodes ---- */

static int boot_order(const json_t *g)
{
	const char *order = strstr(sim_so(sim_conf(g), "startup", ""), "order=");
	int64_t n = 1 << 20;
	struct phx_str rest, num;

	if (order != NULL) {
		rest = phx_str_c(order + strlen("order="));
		if (phx_str_cut(&rest, ',', &num))
			n = sim_number(num, n);
	}
	return (int)(n > (1 << 20) ? 1 << 20 : n);
}

static bool should_start(const json_t *g, const char *node)
{
	return (node == NULL || strcmp(sim_guest_node(g), node) == 0) && sim_conf_int(g, "onboot", 0) != 0 &&
	       !sim_guest_running(g) && !sim_guest_template(g);
}

/* The next guest to start after (order, id); NULL: none is left. */
static json_t *next_to_start(struct phx_sim *s, const char *node, int64_t order, int64_t id)
{
	json_t *next = NULL, *g;
	const char *key;

	json_object_foreach(sim_all(s, "guest"), key, g)
	{
		int64_t o = boot_order(g), n = sim_guest_id(g);

		if (!should_start(g, node) || o < order || (o == order && n <= id))
			continue;
		if (next == NULL || o < boot_order(next) || (o == boot_order(next) && n < sim_guest_id(next)))
			next = g;
	}
	return next;
}

/* `arg` is the node's name, "*" for all. */
static void start_guests(struct phx_sim *s, void *arg)
{
	const char *node = strcmp(arg, "*") == 0 ? NULL : arg;
	int64_t order = -1, id = -1;
	json_t *g;

	sim_del(s, "boot", arg);
	while ((g = next_to_start(s, node, order, id)) != NULL) {
		order = boot_order(g);
		id = sim_guest_id(g);
		sim_job_start_system(s, g);
	}
}

void sim_power_recover(struct phx_sim *s)
{
	const char *node;
	json_t *doc;

	json_object_foreach(sim_all(s, "boot"), node, doc)
	{
		struct phx_str name = phx_str_dup(&s->arena, phx_str_c(node));

		sim_event_add(s, phx_json_int(doc, "at", 0) - sim_now(s), start_guests,
			      (void *)(uintptr_t)name.ptr);
	}
}

void sim_power_loss(struct phx_sim *s, const char *node)
{
	struct phx_str name = phx_str_dup(&s->arena, phx_str_c(node != NULL ? node : "*"));
	sim_time until = sim_duration(s, SIM_D_NODE_BOOT);
	json_t *doc;
	const char *id;

	sim_log(s, "power-loss", json_pack("{s:s?}", "node", node));
	sim_task_power_loss(s, node);
	json_object_foreach(sim_all(s, "guest"), id,
			    doc) if (sim_guest_running(doc) &&
				     (node == NULL || strcmp(sim_guest_node(doc), node) == 0))
		sim_guest_power_off(s, doc);
	json_object_foreach(sim_all(s, "node"), id, doc) if (node == NULL || strcmp(id, node) == 0)
	{
		sim_set_int(doc, "boot", sim_now_s(s));
		sim_dirty(s, "node", id);
	}
	sim_put(s, "boot", name.ptr, json_pack("{s:I}", "at", (json_int_t)(sim_now(s) + until)));
	sim_event_add(s, until, start_guests, (void *)(uintptr_t)name.ptr);
}
