/* …/qemu/{vmid}/agent: the guest agent's simple commands and its files. Results are wrapped, but for exec, exec-status and file-read. */
#include "backend/sim/agent.h"

#include <string.h>

#include "backend/sim/durations.h"
#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"

/* The guest whose agent answers; NULL: the request is answered, or waits (a call to an agent that is not there takes 3 s; 318). */
json_t *phx_sim_agent_of(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g == NULL)
		return NULL;
	if (!phx_sim_agent_enabled(g)) {
		phx_sim_fail(r, 500, "No QEMU guest agent configured");
		return NULL;
	}
	if (!phx_sim_guest_running(g)) {
		phx_sim_fail(r, 500, "VM %lld is not running", (long long)phx_sim_guest_id(g));
		return NULL;
	}
	if (phx_sim_agent_up(r->sim, g))
		return g;
	if (r->phase == 0) {
		r->phase = 1;
		phx_sim_wait(r, phx_sim_duration(r->sim, PHX_SIM_D_AGENT_TIMEOUT));
		return NULL;
	}
	phx_sim_fail(r, 500, "QEMU guest agent is not running");
	return NULL;
}

static void result(struct phx_sim_request *r, json_t *stolen)
{
	phx_sim_ok(r, json_pack("{s:o}", "result", stolen));
}

/* ---- answers of the guest ---- */

static json_t *ping(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_object();
}

static json_t *osinfo(struct phx_sim_request *r, json_t *g)
{
	json_t *os = phx_sim_guest_os(r->sim, g), *given = json_object_get(os, "osinfo");

	if (given != NULL)
		return json_deep_copy(given);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", phx_sim_so(os, "type", "linux"),
			 "kernel-release", "6.1.0-50-cloud-amd64", "kernel-version", "#1 SMP PREEMPT_DYNAMIC",
			 "machine", "x86_64", "name", "Linux", "pretty-name", "Linux (simulated)", "version",
			 "12", "version-id", "12");
}

static json_t *host_name(struct phx_sim_request *r, json_t *g)
{
	return json_pack("{s:s}", "host-name", phx_sim_guest_name(&r->arena, g));
}

static json_t *get_time(struct phx_sim_request *r, json_t *g)
{
	(void)g;
	return json_integer((json_int_t)phx_sim_now(r->sim) * 1000);
}

static json_t *get_timezone(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_pack("{s:i, s:s}", "offset", 0, "zone", "UTC");
}

static json_t *get_users(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_array();
}

static json_t *get_vcpus(struct phx_sim_request *r, json_t *g)
{
	json_t *out = json_array();

	for (int64_t i = phx_sim_guest_cpus(r->sim, g) - 1; i >= 0; i--)
		json_array_append_new(out, json_pack("{s:b, s:I, s:b}", "can-offline", i > 0, "logical-id",
						     (json_int_t)i, "online", 1));
	return out;
}

static json_t *fsinfo(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_pack(
		"[{s:[{s:i, s:s, s:s, s:{s:i, s:i, s:i, s:i}, s:s, s:i, s:i}], s:s, s:s, s:I, s:s, s:I}]",
		"disk", "bus", 0, "bus-type", "scsi", "dev", "/dev/sda1", "pci-controller", "bus", 0,
		"domain", 0, "function", 0, "slot", 5, "serial", "0QEMU_QEMU_HARDDISK_drive-scsi0", "target",
		0, "unit", 0, "mountpoint", "/", "name", "sda1", "total-bytes", (json_int_t)1415884800,
		"type", "ext4", "used-bytes", (json_int_t)518172672);
}

static json_t *statistics(void)
{
	static const char *const names[] = {"rx-bytes", "rx-dropped", "rx-errs", "rx-packets",
					    "tx-bytes", "tx-dropped", "tx-errs", "tx-packets"};
	json_t *o = json_object();

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		phx_sim_set_int(o, names[i], 0);
	return o;
}

static json_t *address(const char *ip, const char *type, int64_t prefix)
{
	return json_pack("{s:s, s:s, s:I}", "ip-address", ip, "ip-address-type", type, "prefix",
			 (json_int_t)prefix);
}

const char *phx_sim_dhcp_address(struct phx_sim_request *r, int64_t vmid)
{
	return phx_sim_fmt(&r->arena, "10.%lld.%lld.%lld/16", (long long)(64 + vmid / 65536 % 64),
			   (long long)(vmid / 254 % 256), (long long)(vmid % 254 + 1));
}

/* Static addresses come from ipconfigN; DHCP gives one out of a fixed net, the same for the same guest. */
static json_t *addresses(struct phx_sim_request *r, json_t *g, const char *n)
{
	const char *conf = phx_sim_conf_get(g, phx_sim_fmt(&r->arena, "ipconfig%s", n)), *ip, *slash;
	json_t *out = json_array();
	int64_t prefix = 24, vmid = phx_sim_guest_id(g);

	ip = phx_sim_prop(&r->arena, conf, "ip");
	if (ip == NULL || strcmp(ip, "dhcp") == 0)
		ip = phx_sim_dhcp_address(r, phx_sim_guest_id(g));
	slash = strchr(ip, '/');
	if (slash != NULL)
		prefix = phx_sim_number(phx_str_c(slash + 1), prefix);
	json_array_append_new(out,
			      address(phx_sim_fmt(&r->arena, "%.*s",
						  slash != NULL ? (int)(slash - ip) : (int)strlen(ip), ip),
				      "ipv4", prefix));
	json_array_append_new(out, address(phx_sim_fmt(&r->arena, "fe80::be24:11ff:fe00:%llx",
						       (unsigned long long)vmid & 0xffffu),
					   "ipv6", 64));
	return out;
}

static json_t *interfaces(struct phx_sim_request *r, json_t *g)
{
	json_t *out = json_array(), *v;
	const char *key;

	json_array_append_new(out, json_pack("{s:s, s:[o, o], s:s, s:o}", "hardware-address",
					     "00:00:00:00:00:00", "ip-addresses",
					     address("127.0.0.1", "ipv4", 8), address("::1", "ipv6", 128),
					     "name", "lo", "statistics", statistics()));
	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_net_facts f;

		if (!phx_sim_starts(key, "net"))
			continue;
		phx_sim_net_parse(&r->arena, json_string_value(v), &f);
		json_array_append_new(out, json_pack("{s:s, s:o, s:s, s:o}", "hardware-address", f.mac,
						     "ip-addresses", addresses(r, g, key + 3), "name",
						     phx_sim_fmt(&r->arena, "eth%s", key + 3), "statistics",
						     statistics()));
	}
	return out;
}

static json_t *thawed(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_string("thawed");
}

static json_t *one(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_integer(1);
}

static json_t *trim(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_pack("{s:[{s:i, s:s, s:I}]}", "paths", "minimum", 0, "path", "/", "trimmed",
			 (json_int_t)1064009728);
}

static json_t *info(struct phx_sim_request *r, json_t *g)
{
	static const char *const names[] = {"guest-get-osinfo",
					    "guest-get-timezone",
					    "guest-get-users",
					    "guest-get-host-name",
					    "guest-exec",
					    "guest-exec-status",
					    "guest-file-open",
					    "guest-file-close",
					    "guest-file-read",
					    "guest-file-write",
					    "guest-ping",
					    "guest-sync",
					    "guest-network-get-interfaces",
					    "guest-fsfreeze-freeze",
					    "guest-fsfreeze-thaw",
					    "guest-fsfreeze-status",
					    "guest-fstrim",
					    "guest-set-user-password",
					    "guest-shutdown",
					    "guest-info",
					    "guest-get-vcpus",
					    "guest-get-fsinfo",
					    "guest-get-time"};
	json_t *list = json_array();

	(void)r;
	(void)g;
	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		json_array_append_new(list, json_pack("{s:b, s:s, s:b}", "enabled", 1, "name", names[i],
						      "success-response", 1));
	return json_pack("{s:o, s:s}", "supported_commands", list, "version", "7.2.0");
}

static json_t *memory_blocks(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_array();
}

static json_t *memory_block_info(struct phx_sim_request *r, json_t *g)
{
	(void)r;
	(void)g;
	return json_pack("{s:i}", "size", 134217728);
}

static json_t *power_off(struct phx_sim_request *r, json_t *g)
{
	phx_sim_guest_power_off(r->sim, g);
	return json_object();
}

static const struct {
	const char *name;
	json_t *(*answer)(struct phx_sim_request *r, json_t *g);
} commands[] = {{"ping", ping},
		{"info", info},
		{"get-osinfo", osinfo},
		{"get-host-name", host_name},
		{"get-time", get_time},
		{"get-timezone", get_timezone},
		{"get-users", get_users},
		{"get-vcpus", get_vcpus},
		{"get-fsinfo", fsinfo},
		{"get-memory-blocks", memory_blocks},
		{"get-memory-block-info", memory_block_info},
		{"network-get-interfaces", interfaces},
		{"fsfreeze-status", thawed},
		{"fsfreeze-freeze", one},
		{"fsfreeze-thaw", one},
		{"fstrim", trim},
		{"shutdown", power_off}};

static void run(struct phx_sim_request *r, const char *name)
{
	json_t *g = phx_sim_agent_of(r);

	if (g == NULL)
		return;
	for (size_t i = 0; i < PHX_COUNTOF(commands); i++)
		if (strcmp(commands[i].name, name) == 0) {
			result(r, commands[i].answer(r, g));
			return;
		}
	phx_sim_fail(r, 500, "Agent error: The command guest-%s has not been found", name);
}

/* The last word of the path is the command. */
static void by_path(struct phx_sim_request *r)
{
	run(r, strrchr(r->route->path, '/') + 1);
}

static void by_parameter(struct phx_sim_request *r)
{
	run(r, phx_sim_p(r, "command"));
}

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, "qemu") != NULL)
		phx_sim_ok(r, phx_sim_index("name",
					    "exec exec-status file-read file-write fsfreeze-freeze "
					    "fsfreeze-status fsfreeze-thaw fstrim get-fsinfo "
					    "get-host-name get-memory-block-info get-memory-blocks "
					    "get-osinfo get-time get-timezone get-users get-vcpus "
					    "info network-get-interfaces ping set-user-password shutdown "
					    "suspend-disk suspend-hybrid suspend-ram"));
}

static void set_password(struct phx_sim_request *r)
{
	if (phx_sim_agent_of(r) != NULL)
		result(r, json_object());
}

#define AT "/nodes/{node}/qemu/{vmid}/agent"
const struct phx_sim_route phx_sim_routes_agent[] = {{"GET", AT, index_},
						     {"POST", AT, by_parameter},
						     {"POST", AT "/ping", by_path},
						     {"GET", AT "/info", by_path},
						     {"GET", AT "/get-osinfo", by_path},
						     {"GET", AT "/get-host-name", by_path},
						     {"GET", AT "/get-time", by_path},
						     {"GET", AT "/get-timezone", by_path},
						     {"GET", AT "/get-users", by_path},
						     {"GET", AT "/get-vcpus", by_path},
						     {"GET", AT "/get-fsinfo", by_path},
						     {"GET", AT "/get-memory-blocks", by_path},
						     {"GET", AT "/get-memory-block-info", by_path},
						     {"GET", AT "/network-get-interfaces", by_path},
						     {"POST", AT "/fsfreeze-status", by_path},
						     {"POST", AT "/fsfreeze-freeze", by_path},
						     {"POST", AT "/fsfreeze-thaw", by_path},
						     {"POST", AT "/fstrim", by_path},
						     {"POST", AT "/shutdown", by_path},
						     {"POST", AT "/set-user-password", set_password},
						     {"POST", AT "/file-write", phx_sim_agent_file_write},
						     {"GET", AT "/file-read", phx_sim_agent_file_read},
						     {"POST", AT "/exec", phx_sim_agent_exec},
						     {"GET", AT "/exec-status", phx_sim_agent_exec_status},
						     {0}};
