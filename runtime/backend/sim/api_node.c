/* /nodes: list, status, and the small things of a node. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/sim/auth.h"
#include "backend/sim/guest.h"
#include "backend/sim/resources.h"
#include "backend/sim/seed.h"

static void list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *n;
	size_t i;

	phx_sim_resources_nodes(r, out);
	json_array_foreach(out, i, n)
	{
		struct phx_buf fp = {0};
		const char *sum =
			phx_sim_sha1(&r->arena, phx_sim_so(n, "node", ""), strlen(phx_sim_so(n, "node", "")));

		for (int k = 0; k < 32; k++)
			phx_buf_printf(&fp, "%s%c%c", k > 0 ? ":" : "",
				       sum[k % 40] & 0x5f ? sum[k] - (sum[k] >= 'a' ? 32 : 0) : '0',
				       sum[(k + 7) % 40] - (sum[(k + 7) % 40] >= 'a' ? 32 : 0));
		phx_sim_set(n, "ssl_fingerprint", fp.ptr);
		json_object_del(n, "cgroup-mode");
		phx_buf_done(&fp);
	}
	phx_sim_ok(r, out);
}

static void index_(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("name",
				    "aplinfo apt capabilities ceph certificates config disks dns firewall "
				    "hardware hosts journal lxc migrateall "
				    "netstat network qemu query-url-metadata replication report rrd rrddata "
				    "scan services spiceshell startall "
				    "status stopall storage subscription suspendall syslog tasks termproxy "
				    "time version vncshell vzdump "
				    "wakeonlan sdn"));
}

static void status(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "node", phx_sim_node(r)), *v;
	const char *key;
	int64_t cores = phx_json_int(doc, "cores", 1), memory = phx_json_int(doc, "memory", 0);
	json_t *o = json_pack("{s:{s:s}, s:i, s:i, s:i, s:{s:i}, s:[s,s,s], s:s, s:s}", "boot-info", "mode",
			      "efi", "cpu", 0, "idle", 0, "wait", 0, "ksm", "shared", 0, "loadavg", "0.10",
			      "0.08", "0.05", "kversion", "Linux 6.8.12-9-pve #1 SMP PREEMPT_DYNAMIC",
			      "pveversion", "pve-manager/8.4.1/2a5fa54af8503f96");

	json_object_set_new(o, "cpuinfo",
			    json_pack("{s:I, s:I, s:i, s:i, s:s, s:s, s:s, s:s}", "cores", (json_int_t)cores,
				      "cpus", (json_int_t)cores, "sockets", 1, "user_hz", 100, "flags",
				      "fpu vme de pse tsc msr pae", "hvm", "1", "mhz", "2299.998", "model",
				      "Simulated Processor"));
	json_object_set_new(o, "current-kernel",
			    json_pack("{s:s, s:s, s:s, s:s}", "machine", "x86_64", "release", "6.8.12-9-pve",
				      "sysname", "Linux", "version", "#1 SMP PREEMPT_DYNAMIC"));
	json_object_set_new(o, "memory",
			    json_pack("{s:I, s:I, s:I}", "total", (json_int_t)memory, "used",
				      (json_int_t)(memory / 16), "free", (json_int_t)(memory - memory / 16)));
	json_object_set_new(o, "rootfs",
			    json_pack("{s:I, s:I, s:I, s:I}", "total",
				      (json_int_t)phx_json_int(doc, "rootfs", (int64_t)250 << 30), "used",
				      (json_int_t)20 << 30, "avail", (json_int_t)220 << 30, "free",
				      (json_int_t)230 << 30));
	json_object_set_new(o, "swap", json_pack("{s:i, s:i, s:i}", "total", 0, "used", 0, "free", 0));
	phx_sim_set_int(o, "uptime",
			phx_sim_now_s(r->sim) - phx_json_int(doc, "boot", phx_sim_now_s(r->sim)));
	/* What a seed knows better. */
	json_object_foreach(json_object_get(doc, "status"), key, v)
	{
		if (json_is_object(v) && json_is_object(json_object_get(o, key)))
			json_object_update(json_object_get(o, key), v);
		else
			json_object_set(o, key, v);
	}
	phx_sim_ok(r, o);
}

static void version(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_pack("{s:s, s:s, s:s}", "release", "8.4", "repoid", "2a5fa54af8503f96", "version",
				"8.4.1"));
}

static void time_(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_pack("{s:I, s:I, s:s}", "localtime", (json_int_t)phx_sim_now_s(r->sim), "time",
				(json_int_t)phx_sim_now_s(r->sim), "timezone", "Etc/UTC"));
}

static void dns(struct phx_sim_request *r)
{
	phx_sim_ok(r, json_pack("{s:s}", "dns1",
				phx_sim_so(phx_sim_get(r->sim, "node", phx_sim_node(r)), "dns", "10.0.0.1")));
}

static void subscription(struct phx_sim_request *r)
{
	phx_sim_ok(r,
		   json_pack("{s:s, s:s, s:s, s:s}", "status", "notfound", "message",
			     "There is no subscription key", "serverid", "00000000000000000000000000000000",
			     "url", "https://www.proxmox.com/en/proxmox-virtual-environment/pricing"));
}

/* ---- network ---- */

static json_t *bridge(const char *name, const char *ip)
{
	json_t *o = json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:[s], s:i}", "iface", name,
			      "type", "bridge", "active", 1, "autostart", 1, "bridge_fd", "0", "bridge_ports",
			      "", "bridge_stp", "off", "method", ip != NULL ? "static" : "manual", "method6",
			      "manual", "families", "inet", "priority", 3);
	struct phx_arena a = {0};

	if (ip != NULL) {
		phx_sim_set(o, "address", ip);
		phx_sim_set(o, "netmask", "24");
		phx_sim_set(o, "cidr", phx_sim_fmt(&a, "%s/24", ip));
	}
	phx_arena_done(&a);
	return o;
}

static bool type_fits(const char *filter, const char *type)
{
	if (filter == NULL || strcmp(filter, type) == 0)
		return true;
	return strcmp(type, "bridge") == 0 &&
	       (strcmp(filter, "any_bridge") == 0 || strcmp(filter, "any_local_bridge") == 0 ||
		strcmp(filter, "include_sdn") == 0);
}

static void network(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "node", phx_sim_node(r)), *list_ = json_object_get(doc, "bridges"),
	       *v, *out = json_array();
	const char *type = phx_sim_p(r, "type");
	size_t i;

	if (type_fits(type, "eth"))
		json_array_append_new(out, json_pack("{s:s, s:s, s:i, s:i, s:[s], s:s, s:s}", "iface", "eth0",
						     "type", "eth", "active", 1, "exists", 1, "families",
						     "inet", "method", "manual", "method6", "manual"));
	json_array_foreach(list_, i, v)
	{
		if (type_fits(type, "bridge"))
			json_array_append_new(
				out, bridge(json_string_value(v), i == 0 ? phx_sim_s(doc, "ip") : NULL));
	}
	phx_sim_ok(r, out);
}

static void network_get(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "node", phx_sim_node(r)), *v;
	size_t i;

	json_array_foreach(json_object_get(doc, "bridges"), i, v)
	{
		if (strcmp(json_string_value(v), phx_sim_p(r, "iface")) == 0) {
			json_t *o = bridge(json_string_value(v), i == 0 ? phx_sim_s(doc, "ip") : NULL);

			json_object_del(o, "iface");
			phx_sim_ok(r, o);
			return;
		}
	}
	phx_sim_fail_param(r, "iface", "interface does not exist");
}

/* ---- templates that can be had ---- */

static void aplinfo(struct phx_sim_request *r)
{
	json_t *have = phx_sim_get(r->sim, "meta", "aplinfo");

	phx_sim_ok(r, have != NULL ? json_deep_copy(have) : json_array());
}

static void capabilities_cpu(struct phx_sim_request *r)
{
	static const struct {
		const char *name, *vendor;
	} cpus[] = {{"host", "default"},
		    {"kvm64", "default"},
		    {"qemu64", "default"},
		    {"max", "default"},
		    {"x86-64-v2", "default"},
		    {"x86-64-v2-AES", "default"},
		    {"x86-64-v3", "default"},
		    {"x86-64-v4", "default"},
		    {"Haswell", "GenuineIntel"},
		    {"Skylake-Server", "GenuineIntel"},
		    {"Icelake-Server", "GenuineIntel"},
		    {"EPYC", "AuthenticAMD"},
		    {"EPYC-Milan", "AuthenticAMD"},
		    {"EPYC-Genoa", "AuthenticAMD"}};
	json_t *out = json_array();

	for (size_t i = 0; i < PHX_COUNTOF(cpus); i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:i}", "name", cpus[i].name, "vendor",
						     cpus[i].vendor, "custom", 0));
	phx_sim_ok(r, out);
}

static void capabilities_machines(struct phx_sim_request *r)
{
	static const char *const versions[] = {"9.2", "9.1", "9.0", "8.2", "8.1", "8.0", "7.2", "7.1", "7.0"};
	static const struct {
		const char *prefix, *type;
	} kinds[] = {{"pc-q35", "q35"}, {"pc-i440fx", "i440fx"}};
	json_t *out = json_array();

	for (size_t k = 0; k < PHX_COUNTOF(kinds); k++) {
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s}", "changes",
						     "Disables S3/S4 power states by default.", "id",
						     phx_sim_fmt(&r->arena, "%s-9.2+pve1", kinds[k].prefix),
						     "type", kinds[k].type, "version", "9.2+pve1"));
		for (size_t i = 0; i < PHX_COUNTOF(versions); i++)
			json_array_append_new(
				out, json_pack("{s:s, s:s, s:s}", "id",
					       phx_sim_fmt(&r->arena, "%s-%s", kinds[k].prefix, versions[i]),
					       "type", kinds[k].type, "version", versions[i]));
	}
	phx_sim_ok(r, out);
}

static void scan(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("method", "cifs glusterfs iscsi lvm nfs pbs zfs"));
}

static void services(struct phx_sim_request *r)
{
	static const char *const names[] = {
		"chrony",       "corosync",     "cron",         "ksmtuned",         "postfix",
		"pve-cluster",  "pve-firewall", "pve-ha-crm",   "pve-ha-lrm",       "pvedaemon",
		"pvefw-logger", "pveproxy",     "pvescheduler", "pvestatd",         "qmeventd",
		"spiceproxy",   "sshd",         "syslog",       "systemd-journald", "systemd-timesyncd"};
	json_t *out = json_array();

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "service", names[i],
						     "name", names[i], "desc", names[i], "state", "running",
						     "active-state", "active", "unit-state", "enabled"));
	phx_sim_ok(r, out);
}

const struct phx_sim_route phx_sim_routes_node[] = {
	{"GET", "/nodes", list},
	{"GET", "/nodes/{node}", index_},
	{"GET", "/nodes/{node}/status", status},
	{"GET", "/nodes/{node}/version", version},
	{"GET", "/nodes/{node}/time", time_},
	{"GET", "/nodes/{node}/dns", dns},
	{"GET", "/nodes/{node}/subscription", subscription},
	{"GET", "/nodes/{node}/network", network},
	{"GET", "/nodes/{node}/network/{iface}", network_get},
	{"GET", "/nodes/{node}/aplinfo", aplinfo},
	{"GET", "/nodes/{node}/capabilities/qemu/cpu", capabilities_cpu},
	{"GET", "/nodes/{node}/capabilities/qemu/machines", capabilities_machines},
	{"GET", "/nodes/{node}/scan", scan},
	{"GET", "/nodes/{node}/services", services},
	{0}};
