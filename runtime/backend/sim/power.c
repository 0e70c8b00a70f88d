#include "backend/sim/power.h"

#include <string.h>

#include "backend/sim/drive.h"
#include "backend/sim/durations.h"
#include "backend/sim/faults.h"
#include "backend/sim/host_shell.h"
#include "backend/sim/jobs.h"
#include "backend/sim/task.h"
#include "backend/sim/tree.h"
#include "model/propstring.h"

static json_t *system_disk(struct phx_sim *s, const json_t *g)
{
	struct phx_arena a = {0};
	const char *key = phx_sim_guest_is_vm(g) ? phx_sim_boot_disk(s, &a, phx_sim_conf(g)) : "rootfs";
	struct phx_sim_drive d;
	json_t *vol = NULL;

	if (key != NULL &&
	    phx_sim_drive_parse(s, &a, phx_sim_guest_kind(g), key, phx_sim_conf_get(g, key), &d))
		vol = phx_sim_vol(s, phx_sim_guest_node(g), d.volume);
	phx_arena_done(&a);
	return vol;
}

json_t *phx_sim_guest_os(struct phx_sim *s, const json_t *g)
{
	return json_object_get(system_disk(s, g), "os");
}

void phx_sim_guest_os_change(struct phx_sim *s, json_t *g, json_t *members)
{
	json_t *os = phx_sim_guest_os(s, g);

	if (os == NULL)
		return;
	json_object_update(os, members);
	phx_sim_vol_dirty(s, system_disk(s, g));
}

bool phx_sim_agent_enabled(const json_t *g)
{
	struct phx_str rest = phx_str_c(phx_sim_conf_get(g, "agent")), one;

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
	struct phx_sim_drive d;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_is_drive(s, "qemu", key, false) &&
		    phx_sim_drive_parse(s, &a, "qemu", key, json_string_value(v), &d))
			yes = yes || phx_sim_drive_is_cloudinit(&d);
	}
	phx_arena_done(&a);
	return yes;
}

/* Cloud-init installs what its user or vendor data asks for: of all that, only the guest agent is simulated. */
static void install_agent(struct phx_sim *s, json_t *g)
{
	struct phx_str rest = phx_str_c(phx_sim_conf_get(g, "cicustom")), one, key;
	json_t *os = phx_sim_guest_os(s, g);
	struct phx_arena a = {0};

	while (os != NULL && phx_str_cut(&rest, ',', &one)) {
		struct phx_buf text = {0};
		const char *path;

		(void)phx_str_cut(&one, '=', &key);
		path = phx_sim_host_path(s, &a, phx_sim_fmt(&a, PHX_STR_FMT, PHX_STR_ARG(one)));
		if (path != NULL && phx_sim_host_file(s, phx_sim_guest_node(g), path, &text) &&
		    phx_str_find(phx_buf_view(&text), PHX_STR("qemu-guest-agent")) >= 0) {
			json_object_set_new(os, "agent", json_true());
			phx_sim_vol_dirty(s, system_disk(s, g));
		}
		phx_buf_done(&text);
	}
	phx_arena_done(&a);
}

void phx_sim_guest_power_on(struct phx_sim *s, json_t *g)
{
	bool vm = phx_sim_guest_is_vm(g);
	json_t *os = phx_sim_guest_os(s, g), *run = json_object();
	int64_t boot = phx_sim_duration(s, vm ? PHX_SIM_D_BOOT_VM : PHX_SIM_D_BOOT_CT), up;

	boot = (int64_t)(phx_json_num(os, "boot_s", (double)boot / (double)PHX_SIM_SECOND) *
			 (double)PHX_SIM_SECOND);
	up = phx_sim_now(s) + boot;
	phx_sim_set_int(run, "since", phx_sim_now(s));
	phx_sim_set_int(run, "pid", phx_sim_meta_count(s, "pid", 0x2710));
	phx_sim_set_int(run, "up_at", up);
	phx_sim_set(run, "qmp", "running");
	if (vm)
		json_object_set_new(run, "agent", json_boolean(phx_sim_agent_enabled(g)));
	/* Cloud-init works on the first boot of an instance. */
	if (vm && has_cloudinit(s, g) && phx_sim_s(g, "ci_done") == NULL) {
		phx_sim_set_int(run, "ci_until", up + phx_sim_duration(s, PHX_SIM_D_CLOUD_INIT));
		install_agent(s, g);
		phx_sim_set(g, "ci_done", "1");
	}
	json_object_set_new(g, "run", run);
	phx_sim_guest_dirty(s, g);
}

void phx_sim_guest_power_off(struct phx_sim *s, json_t *g)
{
	json_object_set_new(g, "run", json_null());
	json_object_del(g, "procs");
	phx_sim_tree_stop(s, phx_sim_guest_id(g));
	phx_sim_guest_dirty(s, g);
}

bool phx_sim_agent_up(struct phx_sim *s, json_t *g)
{
	json_t *run = json_object_get(g, "run");

	return json_is_object(run) && json_is_true(json_object_get(run, "agent")) &&
	       phx_json_bool(phx_sim_guest_os(s, g), "agent", false) &&
	       phx_sim_now(s) >= phx_json_int(run, "up_at", 0) &&
	       phx_sim_now(s) >= phx_json_int(g, "agent_back", 0) &&
	       strcmp(phx_sim_so(run, "qmp", "running"), "running") == 0 &&
	       !phx_sim_fault_agent_never(s, phx_sim_guest_id(g));
}

bool phx_sim_guest_obeys(struct phx_sim *s, json_t *g)
{
	json_t *os = phx_sim_guest_os(s, g);

	return os != NULL && phx_json_bool(os, "halt", true);
}

/* ---- nodes ---- */

static int boot_order(const json_t *g)
{
	const char *order = strstr(phx_sim_so(phx_sim_conf(g), "startup", ""), "order=");
	int64_t n = 1 << 20;
	struct phx_str rest, num;

	if (order != NULL) {
		rest = phx_str_c(order + strlen("order="));
		if (phx_str_cut(&rest, ',', &num))
			n = phx_sim_number(num, n);
	}
	return (int)(n > (1 << 20) ? 1 << 20 : n);
}

static bool should_start(const json_t *g, const char *node)
{
	return (node == NULL || strcmp(phx_sim_guest_node(g), node) == 0) &&
	       phx_sim_conf_int(g, "onboot", 0) != 0 && !phx_sim_guest_running(g) &&
	       !phx_sim_guest_template(g);
}

/* The next guest to start after (order, id); NULL: none is left. */
static json_t *next_to_start(struct phx_sim *s, const char *node, int64_t order, int64_t id)
{
	json_t *next = NULL, *g;
	const char *key;

	json_object_foreach(phx_sim_all(s, "guest"), key, g)
	{
		int64_t o = boot_order(g), n = phx_sim_guest_id(g);

		if (!should_start(g, node) || o < order || (o == order && n <= id))
			continue;
		if (next == NULL || o < boot_order(next) ||
		    (o == boot_order(next) && n < phx_sim_guest_id(next)))
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

	phx_sim_del(s, "boot", arg);
	while ((g = next_to_start(s, node, order, id)) != NULL) {
		order = boot_order(g);
		id = phx_sim_guest_id(g);
		phx_sim_job_start_system(s, g);
	}
}

void phx_sim_power_recover(struct phx_sim *s)
{
	const char *node;
	json_t *doc;

	json_object_foreach(phx_sim_all(s, "boot"), node, doc)
	{
		struct phx_str name = phx_str_dup(&s->arena, phx_str_c(node));

		phx_sim_event_add(s, phx_json_int(doc, "at", 0) - phx_sim_now(s), start_guests,
				  (void *)(uintptr_t)name.ptr);
	}
}

void phx_sim_power_loss(struct phx_sim *s, const char *node)
{
	struct phx_str name = phx_str_dup(&s->arena, phx_str_c(node != NULL ? node : "*"));
	int64_t until = phx_sim_duration(s, PHX_SIM_D_NODE_BOOT);
	json_t *doc;
	const char *id;

	phx_sim_log(s, "power-loss", json_pack("{s:s?}", "node", node));
	phx_sim_task_power_loss(s, node);
	json_object_foreach(phx_sim_all(s, "guest"), id, doc)
	{
		if (phx_sim_guest_running(doc) &&
		    (node == NULL || strcmp(phx_sim_guest_node(doc), node) == 0))
			phx_sim_guest_power_off(s, doc);
	}
	json_object_foreach(phx_sim_all(s, "node"), id, doc)
	{
		if (node == NULL || strcmp(id, node) == 0) {
			phx_sim_set_int(doc, "boot", phx_sim_now_s(s));
			phx_sim_dirty(s, "node", id);
		}
	}
	phx_sim_put(s, "boot", name.ptr, json_pack("{s:I}", "at", (json_int_t)(phx_sim_now(s) + until)));
	phx_sim_event_add(s, until, start_guests, (void *)(uintptr_t)name.ptr);
}
