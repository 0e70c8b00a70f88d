/* Every property of the three files: what becomes of it. The names and their meanings are those of all versions of the files
 * that are known. */
#include <string.h>

#include "json/import_priv.h"

#define MAP(name, key, target)                                                                               \
	{                                                                                                    \
		name, PHX_FATE_MAPPED, key, target, NULL                                                     \
	}
#define SUB(name, key, target, table)                                                                        \
	{                                                                                                    \
		name, PHX_FATE_MAPPED, key, target, &table                                                   \
	}
#define KEEP(name, why)                                                                                      \
	{                                                                                                    \
		name, PHX_FATE_METADATA, PHX_K_NONE, why, NULL                                               \
	}
#define DROP(name, why)                                                                                      \
	{                                                                                                    \
		name, PHX_FATE_DROPPED, PHX_K_NONE, why, NULL                                                \
	}
#define END                                                                                                  \
	{                                                                                                    \
		NULL, 0, 0, NULL, NULL                                                                       \
	}

#define OWN_SCRIPT  "a script of Phoenix itself: a `script` block or a feature says what is meant"
#define OF_VLLM     "a setting of the feature `vllm`, which this guest does not list"
#define OLD_VLLM    "older than `vllm_engine_config`, and said there"
#define OF_NVIDIA   "the feature `nvidia` takes the version of the host's driver"
#define LATER_STACK "Docker, Portainer and proxies come with a later version"
#define LATER_DNS   "DNS records come with a later version"
#define LATER_TESTS "tests of guests come with a later version"
#define NO_READER   "no script of Phoenix ever read it"
#define SITE        "a value of the whole site: phx manages guests"
#define NOTHING     "documentation only: a container has addresses, not mapped ports"

/* --- parts that both kinds of guest have --- */

static const struct phx_row rule_rows[] = {
	MAP("type", PHX_K_TYPE, "firewall.rule"),
	MAP("action", PHX_K_ACTION, "firewall.rule"),
	MAP("proto", PHX_K_PROTO, "firewall.rule.proto"),
	MAP("protocol", PHX_K_PROTO, "firewall.rule.proto"),
	MAP("port", PHX_K_PORT, "firewall.rule.port"),
	MAP("dport", PHX_K_PORT, "firewall.rule.port"),
	MAP("sport", PHX_K_SPORT, "firewall.rule.sport"),
	MAP("source", PHX_K_SOURCE, "firewall.rule.source"),
	MAP("dest", PHX_K_DEST, "firewall.rule.dest"),
	MAP("iface", PHX_K_IFACE, "firewall.rule.iface"),
	MAP("comment", PHX_K_COMMENT, "firewall.rule.comment"),
	MAP("macro", PHX_K_MACRO, "firewall.rule.macro"),
	MAP("log", PHX_K_LOG, "firewall.rule.log"),
	MAP("enabled", PHX_K_ENABLED, "firewall.rule.enabled"),
	END,
};
static const struct phx_table rule_table = {rule_rows, "a firewall rule", 0};

static const struct phx_row firewall_rows[] = {
	MAP("enabled", PHX_K_ENABLED, "firewall.enabled"),
	SUB("rules", PHX_K_RULES, "firewall.rule", rule_table),
	END,
};
static const struct phx_table firewall_table = {firewall_rows, "`firewall`", 1};

static const struct phx_row health_rows[] = {
	MAP("command", PHX_K_COMMAND, "health.command"),
	MAP("retries", PHX_K_RETRIES, "health.retries"),
	MAP("interval", PHX_K_INTERVAL, "health.interval"),
	END,
};
static const struct phx_table health_table = {health_rows, "`health_check`", 2};

/* --- VMs --- */

static const struct phx_row vm_network_rows[] = {
	MAP("ip", PHX_K_IP, "network.ip"),
	MAP("gw", PHX_K_GW, "network.gw"),
	MAP("bridge", PHX_K_IFBRIDGE, "network.bridge"),
	MAP("nameserver", PHX_K_DNS, "dns.servers"),
	MAP("nameservers", PHX_K_DNS_LIST, "dns.servers"),
	MAP("searchdomain", PHX_K_SEARCH, "dns.search"),
	MAP("mac_address", PHX_K_HWADDR, "network.mac"),
	MAP("hwaddr", PHX_K_HWADDR, "network.mac"),
	END,
};
static const struct phx_table vm_network_table = {vm_network_rows, "`network_config` of a VM", 3};

static const struct phx_row user_rows[] = {
	MAP("username", PHX_K_USERNAME, "user"),
	MAP("gw", PHX_K_USER_GW, "network.gw"),
	END,
};
static const struct phx_table user_table = {user_rows, "`user_config`", 4};

static const struct phx_row nfs_rows[] = {
	MAP("type", PHX_K_TYPE, "nfs"),
	MAP("server", PHX_K_SERVER, "nfs.source"),
	MAP("path", PHX_K_SOURCE_PATH, "nfs.source"),
	MAP("mount_point", PHX_K_TARGET_PATH, "nfs"),
	KEEP("name", "a name that " NO_READER),
	END,
};
static const struct phx_table nfs_table = {nfs_rows, "a volume of a VM", 5};

static const struct phx_row snapshots_rows[] = {
	MAP("post_features", PHX_K_AFTER_FEATURES, "snapshot"),
	MAP("post-features", PHX_K_AFTER_FEATURES, "snapshot"),
	KEEP("pre_features", "phx takes snapshots of finished guests only"),
	KEEP("pre-features", "phx takes snapshots of finished guests only"),
	END,
};
static const struct phx_table snapshots_table = {snapshots_rows, "`snapshots`", 6};

#define VM_DEFAULTS_ROWS                                                                                     \
	MAP("cores", PHX_K_CORES, "cores of its VMs"), MAP("memory_mb", PHX_K_MEMORY, "memory of its VMs"),  \
		MAP("disk_size_gb", PHX_K_DISK, "disk of its VMs that are no template"),                     \
		MAP("storage_pool", PHX_K_STORAGE, "storage of its VMs"),                                    \
		MAP("network_bridge", PHX_K_BRIDGE, "bridge of its VMs"),                                    \
		MAP("ubuntu_release", PHX_K_UBUNTU_RELEASE, "image.url"),                                    \
		DROP("template", "names an LXC template, and " NO_READER)

static const struct phx_row vm_defaults_rows[] = {VM_DEFAULTS_ROWS, END};
static const struct phx_table vm_defaults_table = {vm_defaults_rows, "`vm_defaults`", 7};

#define VM_ROWS                                                                                              \
	MAP("name", PHX_K_NAME, "its name"), MAP("clone_from_vmid", PHX_K_CLONE, "clone"),                   \
		MAP("is_template", PHX_K_IS_TEMPLATE, "template"),                                           \
		MAP("template_image", PHX_K_TEMPLATE, "image"), MAP("cores", PHX_K_CORES, "cores"),          \
		MAP("memory_mb", PHX_K_MEMORY, "memory"), MAP("disk_size_gb", PHX_K_DISK, "disk"),           \
		MAP("storage_pool", PHX_K_STORAGE, "storage"),                                               \
		MAP("network_bridge", PHX_K_BRIDGE, "bridge"),                                               \
		SUB("network_config", PHX_K_NETWORK, "network", vm_network_table),                           \
		MAP("mac_address", PHX_K_MAC, "network.mac"),                                                \
		SUB("user_config", PHX_K_USER, "user", user_table),                                          \
		MAP("features", PHX_K_FEATURES, "features"),                                                 \
		MAP("dependencies", PHX_K_DEPENDENCIES, "depends_on"),                                       \
		SUB("volumes", PHX_K_VOLUMES, "nfs", nfs_table),                                             \
		MAP("boot_order", PHX_K_BOOT_ORDER, "startup.order"),                                        \
		MAP("boot_delay", PHX_K_BOOT_DELAY, "startup.up"),                                           \
		MAP("start_at_boot", PHX_K_ON_BOOT, "on_boot"),                                              \
		MAP("template_snapshot_name", PHX_K_SNAPSHOT, "snapshot"),                                   \
		SUB("snapshots", PHX_K_SNAPSHOTS, "snapshot", snapshots_table),                              \
		SUB("firewall", PHX_K_FIREWALL, "firewall", firewall_table),                                 \
		SUB("health_check", PHX_K_HEALTH, "health", health_table),                                   \
		MAP("qm_options", PHX_K_OPTIONS, "options"),                                                 \
		KEEP("mount_points", "a container's property: a VM has no bind mounts"),                     \
		KEEP("dns_records", LATER_DNS), KEEP("docker_compose_files", LATER_STACK),                   \
		KEEP("docker_firewall_rules", LATER_STACK), KEEP("docker_stacks", LATER_STACK),              \
		KEEP("node_labels", LATER_STACK), KEEP("swarm_role", LATER_STACK),                           \
		KEEP("portainer_admin_password", LATER_STACK), KEEP("portainer_admin_user", LATER_STACK),    \
		KEEP("portainer_agent_hostname", LATER_STACK), KEEP("portainer_config", LATER_STACK),        \
		KEEP("portainer_environment_name", LATER_STACK), KEEP("portainer_role", LATER_STACK),        \
		KEEP("traefik_service", LATER_STACK), KEEP("trigger_sync_on_completion", LATER_STACK),       \
		KEEP("application_script", OWN_SCRIPT), KEEP("post_create_scripts", OWN_SCRIPT),             \
		KEEP("count", NO_READER), KEEP("iptables_rules", NO_READER), KEEP("template", NO_READER),    \
		KEEP("nfs_shares", NO_READER), KEEP("file_injections", NO_READER),                           \
		KEEP("ssh_users", NO_READER), KEEP("os_type", NO_READER), KEEP("cloud_init", NO_READER),     \
		KEEP("tests", LATER_TESTS)

static const struct phx_row vm_rows[] = {MAP("vmid", PHX_K_ID, "id"), VM_ROWS, END};
const struct phx_table phx_vm_table = {vm_rows, "a VM", 8};

static const struct phx_row vm_file_rows[] = {
	SUB("vm_defaults", PHX_K_VM_DEFAULTS, "its VMs", vm_defaults_table),
	MAP("vms", PHX_K_VMS, "vm"),
	DROP("$schema", "phx has its own"),
	END,
};
const struct phx_table phx_vm_file_table = {vm_file_rows, "a VM file", 9};

/* --- containers --- */

static const struct phx_row lxc_network_rows[] = {
	MAP("name", PHX_K_IFNAME, "network.name"),
	MAP("bridge", PHX_K_IFBRIDGE, "network.bridge"),
	MAP("ip", PHX_K_IP, "network.ip"),
	MAP("gw", PHX_K_GW, "network.gw"),
	MAP("hwaddr", PHX_K_HWADDR, "network.mac"),
	MAP("mac_address", PHX_K_HWADDR, "network.mac"),
	MAP("nameserver", PHX_K_DNS, "dns.servers"),
	MAP("nameservers", PHX_K_DNS_LIST, "dns.servers"),
	MAP("searchdomain", PHX_K_SEARCH, "dns.search"),
	KEEP("parent", NO_READER),
	END,
};
static const struct phx_table lxc_network_table = {lxc_network_rows, "`network_config` of a container", 10};

static const struct phx_row mount_rows[] = {
	MAP("host_path", PHX_K_SOURCE_PATH, "mount.source"),
	MAP("container_path", PHX_K_TARGET_PATH, "mount"),
	MAP("owner_uid", PHX_K_UID, "mount.owner"),
	MAP("owner_gid", PHX_K_GID, "mount.owner"),
	END,
};
static const struct phx_table mount_table = {mount_rows, "a mount point", 11};

static const struct phx_row volume_rows[] = {
	MAP("pool", PHX_K_POOL, "mount.storage"),
	MAP("size_gb", PHX_K_SIZE, "mount.size"),
	MAP("mount_point", PHX_K_TARGET_PATH, "mount"),
	KEEP("name", "a volume belongs to its container: its name is for people"),
	END,
};
static const struct phx_table volume_table = {volume_rows, "a volume of a container", 12};

static const struct phx_row lxc_rows[] = {
	MAP("name", PHX_K_NAME, "its name"),
	MAP("clone_from_ctid", PHX_K_CLONE, "clone"),
	MAP("clone_from_template_ctid", PHX_K_CLONE, "clone"),
	MAP("is_template", PHX_K_IS_TEMPLATE, "template"),
	MAP("template", PHX_K_TEMPLATE, "ostemplate"),
	DROP("template_file", "a vzdump archive that was never made: the clone source counts"),
	MAP("cores", PHX_K_CORES, "cores"),
	MAP("memory_mb", PHX_K_MEMORY, "memory"),
	MAP("swap_mb", PHX_K_SWAP, "swap"),
	MAP("storage_pool", PHX_K_STORAGE, "rootfs"),
	MAP("storage_size_gb", PHX_K_DISK, "rootfs"),
	SUB("network_config", PHX_K_NETWORK, "network", lxc_network_table),
	SUB("secondary_network_config", PHX_K_NETWORK2, "network net1", lxc_network_table),
	MAP("mac_address", PHX_K_MAC, "network.mac"),
	MAP("static_ip", PHX_K_STATIC_IP, "network.ip"),
	MAP("unprivileged", PHX_K_UNPRIVILEGED, "unprivileged"),
	MAP("pct_options", PHX_K_FLAGS, "nesting, options.features"),
	MAP("features", PHX_K_FEATURES, "features"),
	MAP("dependencies", PHX_K_DEPENDENCIES, "depends_on"),
	MAP("gpu_assignment", PHX_K_GPU, "gpu"),
	MAP("lxc_options", PHX_K_RAW, "lxc"),
	SUB("mount_points", PHX_K_MOUNTS, "mount", mount_table),
	SUB("volumes", PHX_K_VOLUMES, "mount", volume_table),
	SUB("zfs_volumes", PHX_K_ZFS_VOLUMES, "mount", volume_table),
	MAP("boot_order", PHX_K_BOOT_ORDER, "startup.order"),
	MAP("boot_delay", PHX_K_BOOT_DELAY, "startup.up, startup.down"),
	MAP("start_at_boot", PHX_K_ON_BOOT, "on_boot"),
	MAP("enable_lifecycle_snapshots", PHX_K_LIFECYCLE, "snapshot final-form"),
	MAP("template_snapshot_name", PHX_K_SNAPSHOT, "snapshot"),
	SUB("health_check", PHX_K_HEALTH, "health", health_table),
	SUB("firewall", PHX_K_FIREWALL, "firewall", firewall_table),
	KEEP("application_script", OWN_SCRIPT),
	KEEP("apparmor_profile", "a profile that is on the node is `lxc { \"lxc.apparmor.profile\" = … }`"),
	KEEP("apparmor_manages_nesting",
	     "it had an effect only with a profile of one's own; `nesting` is the option"),
	KEEP("bootstrap_ca_url", "no feature of this guest asks a CA"),
	KEEP("id_maps", "only its presence counted; `idmap` says what is meant"),
	KEEP("ports", NOTHING),
	KEEP("public_interface",
	     "macvlan interfaces come with a later version; a second one is `network net1`"),
	KEEP("portainer_role", LATER_STACK),
	KEEP("portainer_server_ip", LATER_STACK),
	KEEP("portainer_agent_port", LATER_STACK),
	KEEP("traefik_service", LATER_STACK),
	KEEP("trigger_sync_on_completion", LATER_STACK),
	KEEP("dns_records", LATER_DNS),
	KEEP("tests", LATER_TESTS),
	KEEP("integration_tests", LATER_TESTS),
	KEEP("run_integration_tests", LATER_TESTS),
	KEEP("health_checks", LATER_TESTS),
	KEEP("execution_order", "an old name of `boot_order` that only tests used"),
	KEEP("vllm", OLD_VLLM),
	KEEP("vllm_args", OLD_VLLM),
	KEEP("vllm_engine_config", OF_VLLM),
	KEEP("vllm_gpu_memory_utilization", OF_VLLM),
	KEEP("vllm_max_model_len", OF_VLLM),
	KEEP("vllm_model", OF_VLLM),
	KEEP("vllm_model_type", OLD_VLLM),
	KEEP("vllm_parameters", OLD_VLLM),
	KEEP("vllm_port", OF_VLLM),
	KEEP("vllm_quantization", OF_VLLM),
	KEEP("vllm_served_model_name", OF_VLLM),
	KEEP("vllm_tensor_parallel_size", OF_VLLM),
	KEEP("vllm_trust_remote_code", OF_VLLM),
	END,
};
const struct phx_table phx_lxc_table = {lxc_rows, "a container", 13};

static const struct phx_row lxc_file_rows[] = {
	MAP("lxc_configs", PHX_K_CONTAINERS, "container"),
	KEEP("nvidia_driver_version", OF_NVIDIA),
	KEEP("nvidia_repo_url", OF_NVIDIA),
	KEEP("nvidia_runfile_url", OF_NVIDIA),
	KEEP("lxc_templates", SITE),
	DROP("$schema", "phx has its own"),
	END,
};
const struct phx_table phx_lxc_file_table = {lxc_file_rows, "a container file", 14};

/* --- the hypervisor --- */

static const struct phx_row host_vm_rows[] = {MAP("vmid", PHX_K_ID, "id"), VM_ROWS, END};
const struct phx_table phx_host_vm_table = {host_vm_rows, "a VM", 15};

static const struct phx_row host_file_rows[] = {
	SUB("vm_defaults", PHX_K_VM_DEFAULTS, "its VMs", vm_defaults_table),
	MAP("vms", PHX_K_VMS, "vm"),
	MAP("proxmox_storage_ids", PHX_K_STORAGE_IDS, "storage of OS templates"),
	KEEP("author", SITE),
	KEEP("behavior", SITE),
	KEEP("core_paths", SITE),
	KEEP("dns_server", SITE),
	KEEP("docker", SITE),
	KEEP("domain_name", SITE),
	KEEP("firewall", "the firewall of the node and the datacenter: phx manages that of guests"),
	KEEP("mount_point_base", SITE),
	KEEP("network", SITE),
	KEEP("nfs", SITE),
	KEEP("nvidia", SITE),
	KEEP("nvidia_driver", SITE),
	KEEP("portainer_api", SITE),
	KEEP("proxmox_defaults", SITE),
	KEEP("samba", SITE),
	KEEP("shared_volumes", SITE),
	KEEP("shared_zfs_volumes", SITE),
	KEEP("step_ca", SITE),
	KEEP("tests", LATER_TESTS),
	KEEP("timezone", SITE),
	KEEP("users", SITE),
	KEEP("version", SITE),
	KEEP("zfs", SITE),
	DROP("$schema", "phx has its own"),
	END,
};
const struct phx_table phx_host_file_table = {host_file_rows, "a hypervisor file", 16};

const struct phx_row *phx_jrow(struct phx_jimport *m, const struct phx_table *t, struct phx_str name)
{
	struct phx_map *map = &m->rows[t->index];

	if (map->n == 0) {
		for (const struct phx_row *r = t->rows; r->name; r++)
			phx_map_put(&m->work, map, phx_str_c(r->name), NULL)->ptr = (void *)(uintptr_t)r;
	}
	return phx_map_get(map, name);
}
