/* What lists and status calls say of a guest. */
#include <string.h>

#include "backend/sim/drive.h"
#include "backend/sim/guest.h"
#include "backend/sim/power.h"
#include "model/normalise.h"

uint64_t phx_sim_guest_maxmem(const json_t *g)
{
	struct phx_str text = phx_str_c(phx_sim_conf_get(g, "memory"));
	uint64_t mib = 512;

	if (phx_str_starts(text, "current="))
		text = phx_str_from(text, strlen("current="));
	mib = (uint64_t)phx_sim_number(text, 512);
	return mib << 20;
}

int64_t phx_sim_guest_cpus(struct phx_sim *s, const json_t *g)
{
	int64_t n;

	if (phx_sim_guest_is_vm(g)) {
		n = phx_sim_conf_int(g, "sockets", 1) * phx_sim_conf_int(g, "cores", 1);
		return phx_sim_conf_int(g, "vcpus", n);
	}
	return phx_sim_conf_int(g, "cores",
				phx_json_int(phx_sim_get(s, "node", phx_sim_guest_node(g)), "cores", 1));
}

static uint64_t disk_size(struct phx_sim *s, const json_t *g, const char *key)
{
	struct phx_arena a = {0};
	struct phx_sim_drive d;
	const char *text;
	uint64_t size = 0;

	if (phx_sim_drive_parse(s, &a, phx_sim_guest_kind(g), key, phx_sim_conf_get(g, key), &d)) {
		text = phx_sim_drive_get(&a, &d, "size");
		if (text == NULL || !phx_disk_size_parse(phx_str_c(text), &size))
			size = 0;
		/* A container on a plain directory has no limit; Proxmox shows its default size (400). */
		if (size == 0 && !phx_sim_guest_is_vm(g))
			size = (uint64_t)4 << 30;
	}
	phx_arena_done(&a);
	return size;
}

static uint64_t maxdisk(struct phx_sim *s, const json_t *g)
{
	struct phx_arena a = {0};
	const char *key = phx_sim_guest_is_vm(g) ? phx_sim_boot_disk(s, &a, phx_sim_conf(g)) : "rootfs";
	uint64_t size = key != NULL ? disk_size(s, g, key) : 0;

	phx_arena_done(&a);
	return size;
}

static void zeros(json_t *o)
{
	static const char *const names[] = {"cpu", "disk", "diskread", "diskwrite", "mem", "netin", "netout"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		phx_sim_set_int(o, names[i], 0);
}

static void running_numbers(struct phx_sim *s, json_t *o, const json_t *g, const json_t *run)
{
	phx_sim_set_int(o, "uptime", (phx_sim_now(s) - phx_json_int(run, "since", 0)) / PHX_SIM_SECOND);
	phx_sim_set_int(o, "mem", (int64_t)(phx_sim_guest_maxmem(g) / 4));
	phx_sim_set_int(o, "pid", phx_json_int(run, "pid", 0));
	phx_sim_set_int(o, "cpu", 0);
	/* Who is up has heard something. */
	if (phx_sim_now(s) >= phx_json_int(run, "up_at", 0) && phx_sim_conf_get(g, "net0") != NULL) {
		phx_sim_set_int(o, "netin", 65536);
		phx_sim_set_int(o, "netout", 4096);
	}
}

static void vm_extras(json_t *o, const json_t *g)
{
	int64_t balloon = phx_sim_conf_int(g, "balloon", -1);
	json_t *v;
	const char *key;

	if (balloon > 0 && (uint64_t)balloon << 20 != phx_sim_guest_maxmem(g)) {
		phx_sim_set_int(o, "balloon_min", balloon << 20);
		phx_sim_set_int(o, "shares", phx_sim_conf_int(g, "shares", 1000));
	}
	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_starts(key, "serial") && strcmp(json_string_value(v), "socket") == 0)
			phx_sim_set_int(o, "serial", 1);
	}
}

json_t *phx_sim_guest_status(struct phx_sim *s, json_t *g)
{
	struct phx_arena a = {0};
	json_t *o = json_object(), *run = json_object_get(g, "run");
	bool vm = phx_sim_guest_is_vm(g), runs = phx_sim_guest_running(g);

	zeros(o);
	phx_sim_set_int(o, "vmid", phx_sim_guest_id(g));
	phx_sim_set(o, "name", phx_sim_guest_name(&a, g));
	phx_sim_set(o, "status", runs ? "running" : "stopped");
	phx_sim_set_int(o, "cpus", phx_sim_guest_cpus(s, g));
	phx_sim_set_int(o, "maxmem", (int64_t)phx_sim_guest_maxmem(g));
	phx_sim_set_int(o, "maxdisk", (int64_t)maxdisk(s, g));
	phx_sim_set_int(o, "uptime", 0);
	if (vm) {
		vm_extras(o, g);
	} else {
		phx_sim_set(o, "type", "lxc");
		phx_sim_set_int(o, "swap", 0);
		phx_sim_set_int(o, "maxswap", phx_sim_conf_int(g, "swap", 512) << 20);
	}
	if (runs)
		running_numbers(s, o, g, run);
	if (phx_sim_guest_template(g))
		phx_sim_set_int(o, "template", 1);
	if (phx_sim_conf_get(g, "lock") != NULL)
		phx_sim_set(o, "lock", phx_sim_conf_get(g, "lock"));
	if (phx_sim_conf_get(g, "tags") != NULL)
		phx_sim_set(o, "tags", phx_sim_conf_get(g, "tags"));
	phx_arena_done(&a);
	return o;
}
