/* The bodies of `vm` and `container`. */
#include "model/schema.h"

#include "model/schema_priv.h"

/* Which attributes a clone takes from its source (PHX_AF_INHERIT) follows the language reference: all but id, name,
 * node, template, addresses, MACs, tags, notes, start-up, power, protection, snapshots, dependencies, and what is done
 * inside the guest. `lifecycle` counts as protection: leave to destroy a template must not become leave to destroy
 * what was cloned from it. */

#define GUEST_KINDS    (1u << PHX_KIND_VM | 1u << PHX_KIND_CONTAINER)
#define RESOURCE_KINDS (GUEST_KINDS | 1u << PHX_KIND_IMAGE | 1u << PHX_KIND_POOL)

#define BOOL     PHX_AT_BOOL
#define INT      PHX_AT_INT
#define FLOAT    (PHX_AT_INT | PHX_AT_FLOAT)
#define STRING   PHX_AT_STRING
#define SIZE     PHX_AT_SIZE
#define DURATION PHX_AT_DURATION
#define ENUM     PHX_AT_ENUM
#define LIST     PHX_AT_LIST
#define ADDRESS  (PHX_AT_STRING | PHX_AT_IP | PHX_AT_CIDR)
#define INHERIT  PHX_AF_INHERIT
#define OWN      PHX_AF_NO_DEFAULTS

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define END                                                                                                  \
	{                                                                                                    \
		.name = NULL                                                                                 \
	}

/* Attributes that `lifecycle { ignore = [memory] }` may name without quotes. */
static const char *const ignore_words[] = {
	"agent", "bios",    "bridge",  "cloud_init", "cores",    "cpu",    "device",  "disk",    "dns",
	"gpu",   "hostpci", "iso",     "machine",    "memory",   "mount",  "name",    "network", "nesting",
	"notes", "on_boot", "options", "pool",       "protect",  "rootfs", "running", "startup", "storage",
	"swap",  "tags",    "usb",     "user",       "firewall", NULL,
};

/* Protocol names of the firewall that need no quotes; any other name of /etc/protocols may stand in a string. */
static const char *const proto_words[] = {
	"tcp", "udp",  "icmp", "icmpv6",  "ipv6-icmp", "igmp", "esp",  "ah",
	"gre", "sctp", "dccp", "udplite", "ospf",      "vrrp", "ipv6", NULL,
};

static const char *const log_words[] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog", NULL,
};

static const char *const cpu_words[] = {
	"host",      "max",           "kvm32",     "kvm64",     "qemu32", "qemu64",
	"x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4", NULL,
};

/* --- blocks that both kinds of guest have --- */

static const struct phx_attr_spec dns_attrs[] = {
	{.name = "servers", .types = LIST | PHX_AT_IP, .flags = INHERIT, .option = "nameserver"},
	{.name = "search", .types = STRING, .flags = INHERIT, .option = "searchdomain"},
	END,
};
static const struct phx_block_spec dns_block = {.name = "dns", .flags = INHERIT, .attrs = dns_attrs};

static const struct phx_attr_spec startup_attrs[] = {
	{.name = "order", .types = INT, .option = "startup.order"},
	{.name = "up", .types = DURATION, .option = "startup.up"},
	{.name = "down", .types = DURATION, .option = "startup.down"},
	END,
};
static const struct phx_block_spec startup_block = {.name = "startup", .attrs = startup_attrs};

static const struct phx_attr_spec nfs_attrs[] = {
	{.name = "source", .types = STRING, .flags = PHX_AF_REQUIRED},
	{.name = "options", .types = LIST | STRING},
	END,
};
static const struct phx_block_spec nfs_block = {
	.name = "nfs", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = nfs_attrs};

static const struct phx_attr_spec file_attrs[] = {
	{.name = "source", .types = STRING, .flags = PHX_AF_PATH},
	{.name = "content", .types = STRING, .flags = PHX_AF_SECRET_OK},
	{.name = "mode", .types = INT, .flags = PHX_AF_OCTAL},
	{.name = "owner", .types = STRING | INT},
	{.name = "group", .types = STRING | INT},
	END,
};
static const struct phx_block_spec file_block = {
	.name = "file", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = file_attrs};

static const struct phx_attr_spec script_attrs[] = {
	{.name = "source", .types = STRING, .flags = PHX_AF_PATH},
	{.name = "content", .types = STRING, .flags = PHX_AF_SECRET_OK},
	{.name = "check", .types = STRING},
	{.name = "timeout", .types = DURATION},
	{.name = "params", .types = PHX_AT_MAP, .flags = PHX_AF_SECRET_OK},
	END,
};
static const struct phx_block_spec script_block = {
	.name = "script", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = script_attrs};

static const struct phx_attr_spec health_attrs[] = {
	{.name = "command", .types = LIST | STRING, .flags = PHX_AF_REQUIRED},
	{.name = "retries", .types = INT},
	{.name = "interval", .types = DURATION},
	{.name = "timeout", .types = DURATION},
	END,
};
static const struct phx_block_spec health_block = {.name = "health", .attrs = health_attrs};

static const struct phx_attr_spec vm_snapshot_attrs[] = {
	{.name = "description", .types = STRING},
	{.name = "vmstate", .types = BOOL},
	END,
};
static const struct phx_block_spec vm_snapshot_block = {
	.name = "snapshot", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = vm_snapshot_attrs};

static const struct phx_attr_spec ct_snapshot_attrs[] = {
	{.name = "description", .types = STRING},
	END,
};
static const struct phx_block_spec ct_snapshot_block = {
	.name = "snapshot", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = ct_snapshot_attrs};

static const struct phx_attr_spec rule_attrs[] = {
	{.name = "macro",
	 .types = STRING | ENUM}, /* any word: the macros stand in etc/, the graph checks them */
	{.name = "iface", .types = STRING},
	{.name = "source", .types = LIST | ADDRESS},
	{.name = "dest", .types = LIST | ADDRESS},
	{.name = "proto", .types = STRING | INT | ENUM, .words = proto_words},
	{.name = "port", .types = LIST | INT | STRING},
	{.name = "sport", .types = LIST | INT | STRING},
	{.name = "icmp_type", .types = STRING | INT},
	{.name = "log", .types = ENUM, .words = log_words},
	{.name = "comment", .types = STRING},
	{.name = "enabled", .types = BOOL},
	END,
};
static const struct phx_block_spec rule_block = {
	.name = "rule", .label = PHX_LABEL_RULE, .repeatable = true, .attrs = rule_attrs};

static const struct phx_attr_spec firewall_attrs[] = {
	{.name = "enabled", .types = BOOL, .flags = INHERIT, .option = "enable"},
	END,
};
static const struct phx_block_spec *const firewall_blocks[] = {&rule_block, NULL};
static const struct phx_block_spec firewall_block = {.name = "firewall",
						     .flags = INHERIT,
						     .attrs = firewall_attrs,
						     .blocks = firewall_blocks,
						     .free_attrs = "firewall"};

static const struct phx_attr_spec lifecycle_attrs[] = {
	{.name = "replace", .types = ENUM, .words = WORDS("never", "allow")},
	{.name = "ignore", .types = LIST | STRING | ENUM, .words = ignore_words},
	END,
};
static const struct phx_block_spec lifecycle_block = {.name = "lifecycle", .attrs = lifecycle_attrs};

static const struct phx_attr_spec timeouts_attrs[] = {
	{.name = "create", .types = DURATION, .flags = INHERIT},
	{.name = "clone", .types = DURATION, .flags = INHERIT},
	{.name = "start", .types = DURATION, .flags = INHERIT},
	{.name = "agent", .types = DURATION, .flags = INHERIT},
	{.name = "cloud_init", .types = DURATION, .flags = INHERIT},
	{.name = "feature", .types = DURATION, .flags = INHERIT},
	{.name = "stop", .types = DURATION, .flags = INHERIT},
	END,
};
static const struct phx_block_spec timeouts_block = {
	.name = "timeouts", .flags = INHERIT, .attrs = timeouts_attrs};

static const struct phx_attr_spec no_attrs[] = {END};

/* Any Proxmox option by its API name. */
static const struct phx_block_spec options_block = {
	.name = "options", .flags = INHERIT, .attrs = no_attrs, .free_attrs = "guest"};

/* What imported JSON said and phx gives no meaning to; kept, never acted upon. */
static const struct phx_block_spec metadata_block = {
	.name = "metadata", .attrs = no_attrs, .free_attrs = "any"};

/* --- attributes that both kinds of guest have --- */

#define COMMON_ATTRS(name_option)                                                                            \
	[PHX_GA_ID] = {.name = "id", .types = INT, .flags = OWN, .option = "vmid"},                          \
	[PHX_GA_NAME] = {.name = "name", .types = STRING, .flags = OWN, .option = name_option},              \
	[PHX_GA_CLUSTER] = {.name = "cluster",                                                               \
			    .types = PHX_AT_REF,                                                             \
			    .flags = INHERIT,                                                                \
			    .ref_kinds = 1u << PHX_KIND_CLUSTER},                                            \
	[PHX_GA_NODE] = {.name = "node", .types = STRING},                                                   \
	[PHX_GA_TEMPLATE] = {.name = "template", .types = BOOL, .flags = OWN, .option = "template"},         \
	[PHX_GA_CLONE] = {.name = "clone", .types = PHX_AT_REF, .ref_kinds = GUEST_KINDS},                   \
	[PHX_GA_FULL] = {.name = "full", .types = BOOL},                                                     \
	[PHX_GA_CORES] = {.name = "cores", .types = INT, .flags = INHERIT, .option = "cores"},               \
	[PHX_GA_MEMORY] = {.name = "memory", .types = SIZE, .flags = INHERIT, .option = "memory"},           \
	[PHX_GA_STORAGE] = {.name = "storage", .types = STRING, .flags = INHERIT},                           \
	[PHX_GA_BRIDGE] = {.name = "bridge", .types = STRING, .flags = INHERIT, .option = "net.bridge"},     \
	[PHX_GA_TAGS] = {.name = "tags", .types = LIST | STRING, .option = "tags"},                          \
	[PHX_GA_POOL] = {.name = "pool",                                                                     \
			 .types = PHX_AT_REF | STRING,                                                       \
			 .flags = INHERIT,                                                                   \
			 .ref_kinds = 1u << PHX_KIND_POOL,                                                   \
			 .option = "pool"},                                                                  \
	[PHX_GA_NOTES] = {.name = "notes", .types = STRING, .option = "description"},                        \
	[PHX_GA_ON_BOOT] = {.name = "on_boot", .types = BOOL, .option = "onboot"},                           \
	[PHX_GA_RUNNING] = {.name = "running", .types = BOOL},                                               \
	[PHX_GA_PROTECT] = {.name = "protect", .types = BOOL, .option = "protection"},                       \
	[PHX_GA_DEPENDS_ON] = {.name = "depends_on",                                                         \
			       .types = LIST | PHX_AT_REF,                                                   \
			       .ref_kinds = RESOURCE_KINDS},                                                 \
	[PHX_GA_FEATURES] = {                                                                                \
		.name = "features", .types = LIST | PHX_AT_FEATURE, .ref_kinds = 1u << PHX_KIND_FEATURE}

#define COMMON_BLOCKS                                                                                        \
	&dns_block, &startup_block, &nfs_block, &file_block, &script_block, &health_block, &firewall_block,  \
		&lifecycle_block, &timeouts_block, &options_block, &metadata_block

/* --- VMs --- */

#define COMMON_NET_ATTRS(mac_option)                                                                         \
	{.name = "slot", .types = STRING | ENUM, .words = net_slots},                                        \
		{.name = "bridge", .types = STRING, .flags = INHERIT, .option = "net.bridge"},               \
		{.name = "mac", .types = PHX_AT_MAC, .flags = OWN, .option = mac_option},                    \
		{.name = "vlan", .types = INT, .flags = INHERIT, .option = "net.tag"},                       \
		{.name = "mtu", .types = INT, .flags = INHERIT, .option = "net.mtu"},                        \
		{.name = "firewall", .types = BOOL, .flags = INHERIT, .option = "net.firewall"},             \
		{.name = "rate", .types = FLOAT, .flags = INHERIT, .option = "net.rate"},                    \
		{.name = "link_down", .types = BOOL, .flags = INHERIT, .option = "net.link_down"},           \
		{.name = "trunks", .types = LIST | STRING | INT, .flags = INHERIT, .option = "net.trunks"},  \
		{.name = "gw", .types = PHX_AT_IP}, {.name = "gw6", .types = PHX_AT_IP},                     \
		{.name = "ip", .types = PHX_AT_CIDR | ENUM, .words = ip_words},                              \
	{                                                                                                    \
		.name = "ip6", .types = PHX_AT_CIDR | ENUM, .words = ip6_words                               \
	}

static const char *const net_slots[] = {
	"net0", "net1", "net2", "net3", "net4", "net5", "net6", "net7", NULL,
};
static const char *const ip_words[] = {"dhcp", NULL};
static const char *const ip6_words[] = {"dhcp", "auto", NULL};

static const struct phx_attr_spec vm_network_attrs[] = {
	COMMON_NET_ATTRS("net.macaddr"),
	{.name = "model",
	 .types = STRING | ENUM,
	 .flags = INHERIT,
	 .option = "net.model",
	 .words = WORDS("virtio", "e1000", "e1000e", "rtl8139", "vmxnet3")},
	{.name = "queues", .types = INT, .flags = INHERIT, .option = "net.queues"},
	END,
};
static const struct phx_block_spec vm_network_block = {.name = "network",
						       .label = PHX_LABEL_OPTIONAL,
						       .repeatable = true,
						       .flags = INHERIT,
						       .attrs = vm_network_attrs};

#define DISK_LIMIT(key)                                                                                      \
	{                                                                                                    \
		.name = key, .types = FLOAT, .flags = INHERIT, .option = "scsi." key                         \
	}

static const struct phx_attr_spec disk_attrs[] = {
	{.name = "size", .types = SIZE, .flags = INHERIT, .option = "scsi.size"},
	{.name = "storage", .types = STRING, .flags = INHERIT},
	{.name = "slot", .types = STRING},
	{.name = "volume", .types = STRING},
	{.name = "format",
	 .types = STRING | ENUM,
	 .option = "scsi.format",
	 .words = WORDS("raw", "qcow2", "vmdk")},
	{.name = "ssd", .types = BOOL, .flags = INHERIT, .option = "scsi.ssd"},
	{.name = "discard", .types = BOOL, .flags = INHERIT, .option = "scsi.discard"},
	{.name = "iothread", .types = BOOL, .flags = INHERIT, .option = "scsi.iothread"},
	{.name = "cache", .types = ENUM, .flags = INHERIT, .option = "scsi.cache"},
	{.name = "aio", .types = ENUM, .flags = INHERIT, .option = "scsi.aio"},
	{.name = "backup", .types = BOOL, .flags = INHERIT, .option = "scsi.backup"},
	{.name = "replicate", .types = BOOL, .flags = INHERIT, .option = "scsi.replicate"},
	{.name = "readonly", .types = BOOL, .flags = INHERIT, .option = "scsi.ro"},
	{.name = "shared", .types = BOOL, .flags = INHERIT, .option = "scsi.shared"},
	{.name = "serial", .types = STRING, .flags = INHERIT, .option = "scsi.serial"},
	DISK_LIMIT("mbps"),
	DISK_LIMIT("mbps_rd"),
	DISK_LIMIT("mbps_wr"),
	DISK_LIMIT("mbps_max"),
	DISK_LIMIT("mbps_rd_max"),
	DISK_LIMIT("mbps_wr_max"),
	DISK_LIMIT("iops"),
	DISK_LIMIT("iops_rd"),
	DISK_LIMIT("iops_wr"),
	DISK_LIMIT("iops_max"),
	DISK_LIMIT("iops_rd_max"),
	DISK_LIMIT("iops_wr_max"),
	END,
};
static const struct phx_block_spec disk_block = {.name = "disk",
						 .label = PHX_LABEL_OPTIONAL,
						 .repeatable = true,
						 .flags = INHERIT,
						 .attrs = disk_attrs};

static const struct phx_attr_spec cpu_attrs[] = {
	{.name = "type",
	 .types = STRING | ENUM,
	 .flags = INHERIT,
	 .option = "cpu.cputype",
	 .words = cpu_words},
	{.name = "sockets", .types = INT, .flags = INHERIT, .option = "sockets"},
	{.name = "flags", .types = LIST | STRING, .flags = INHERIT, .option = "cpu.flags"},
	{.name = "numa", .types = BOOL, .flags = INHERIT, .option = "numa"},
	END,
};
static const struct phx_block_spec cpu_block = {.name = "cpu", .flags = INHERIT, .attrs = cpu_attrs};

static const struct phx_attr_spec hostpci_attrs[] = {
	{.name = "slot", .types = STRING},
	{.name = "device", .types = LIST | STRING, .flags = INHERIT, .option = "hostpci.host"},
	{.name = "mapping", .types = STRING, .flags = INHERIT, .option = "hostpci.mapping"},
	{.name = "pcie", .types = BOOL, .flags = INHERIT, .option = "hostpci.pcie"},
	{.name = "rombar", .types = BOOL, .flags = INHERIT, .option = "hostpci.rombar"},
	{.name = "romfile", .types = STRING, .flags = INHERIT, .option = "hostpci.romfile"},
	{.name = "primary", .types = BOOL, .flags = INHERIT, .option = "hostpci.x-vga"},
	{.name = "mdev", .types = STRING, .flags = INHERIT, .option = "hostpci.mdev"},
	END,
};
static const struct phx_block_spec hostpci_block = {.name = "hostpci",
						    .label = PHX_LABEL_OPTIONAL,
						    .repeatable = true,
						    .flags = INHERIT,
						    .attrs = hostpci_attrs};

static const struct phx_attr_spec agent_attrs[] = {
	{.name = "enabled", .types = BOOL, .flags = INHERIT, .option = "agent.enabled"},
	{.name = "timeout", .types = DURATION, .flags = INHERIT},
	END,
};
static const struct phx_block_spec agent_block = {.name = "agent", .flags = INHERIT, .attrs = agent_attrs};

static const struct phx_attr_spec user_attrs[] = {
	{.name = "ssh_keys", .types = LIST | STRING, .flags = INHERIT, .option = "sshkeys"},
	{.name = "password", .types = STRING, .flags = INHERIT | PHX_AF_SECRET_OK, .option = "cipassword"},
	{.name = "sudo", .types = BOOL | STRING, .flags = INHERIT},
	END,
};
static const struct phx_block_spec user_block = {.name = "user",
						 .label = PHX_LABEL_REQUIRED,
						 .repeatable = true,
						 .flags = INHERIT,
						 .attrs = user_attrs};

static const struct phx_attr_spec cloud_init_attrs[] = {
	{.name = "user_data",
	 .types = STRING,
	 .flags = INHERIT | PHX_AF_SECRET_OK,
	 .option = "cicustom.user"},
	{.name = "network_data",
	 .types = STRING,
	 .flags = INHERIT | PHX_AF_SECRET_OK,
	 .option = "cicustom.network"},
	{.name = "vendor_data",
	 .types = STRING,
	 .flags = INHERIT | PHX_AF_SECRET_OK,
	 .option = "cicustom.vendor"},
	{.name = "upgrade", .types = BOOL, .flags = INHERIT, .option = "ciupgrade"},
	END,
};
static const struct phx_block_spec cloud_init_block = {
	.name = "cloud_init", .flags = INHERIT, .attrs = cloud_init_attrs};

static const struct phx_attr_spec vm_attrs[] = {
	COMMON_ATTRS("name"),
	[PHX_GA_GPU] = {.name = "gpu", .types = LIST | STRING, .flags = INHERIT, .option = "hostpci"},
	[PHX_GA_DISK] = {.name = "disk", .types = SIZE, .flags = INHERIT, .option = "scsi.size"},
	[PHX_GA_IMAGE] = {.name = "image", .types = PHX_AT_REF, .ref_kinds = 1u << PHX_KIND_IMAGE},
	[PHX_GA_ISO] = {.name = "iso",
			.types = PHX_AT_REF | STRING,
			.flags = INHERIT,
			.ref_kinds = 1u << PHX_KIND_IMAGE},
	[PHX_GA_BIOS] = {.name = "bios", .types = ENUM, .flags = INHERIT, .option = "bios"},
	[PHX_GA_MACHINE] = {.name = "machine",
			    .types = STRING | ENUM,
			    .flags = INHERIT,
			    .option = "machine",
			    .words = WORDS("q35", "pc")},
	[PHX_GA_HOSTPCI] = {.name = "hostpci", .types = LIST | STRING, .flags = INHERIT, .option = "hostpci"},
	[PHX_GA_USB] = {.name = "usb", .types = LIST | STRING, .flags = INHERIT, .option = "usb"},
	[PHX_GA_VM_END] = END,
};
static const struct phx_block_spec *const vm_blocks[] = {
	COMMON_BLOCKS,  &vm_snapshot_block, &vm_network_block, &disk_block,       &cpu_block,
	&hostpci_block, &agent_block,       &user_block,       &cloud_init_block, NULL,
};

/* --- containers --- */

static const struct phx_attr_spec ct_network_attrs[] = {
	COMMON_NET_ATTRS("net.hwaddr"),
	{.name = "name", .types = STRING, .flags = INHERIT, .option = "net.name"},
	END,
};
static const struct phx_block_spec ct_network_block = {.name = "network",
						       .label = PHX_LABEL_OPTIONAL,
						       .repeatable = true,
						       .flags = INHERIT,
						       .attrs = ct_network_attrs};

/* A container has one disk, its root file system: `disk root { size = 32GiB }` says the size of a clone's. */
static const struct phx_attr_spec ct_disk_attrs[] = {
	{.name = "size", .types = SIZE, .flags = INHERIT, .option = "rootfs.size"},
	{.name = "storage", .types = STRING, .flags = INHERIT},
	{.name = "options", .types = LIST | STRING, .flags = INHERIT},
	END,
};
static const struct phx_block_spec ct_disk_block = {
	.name = "disk", .label = PHX_LABEL_OPTIONAL, .flags = INHERIT, .attrs = ct_disk_attrs};

static const struct phx_attr_spec mount_attrs[] = {
	{.name = "source", .types = STRING},
	{.name = "storage", .types = STRING, .flags = INHERIT},
	{.name = "size", .types = SIZE, .flags = INHERIT, .option = "mp.size"},
	{.name = "options", .types = LIST | STRING, .flags = INHERIT},
	{.name = "owner", .types = STRING | INT},
	{.name = "mode", .types = INT, .flags = PHX_AF_OCTAL},
	{.name = "slot", .types = STRING},
	{.name = "readonly", .types = BOOL, .flags = INHERIT, .option = "mp.ro"},
	{.name = "backup", .types = BOOL, .flags = INHERIT, .option = "mp.backup"},
	END,
};
static const struct phx_block_spec mount_block = {.name = "mount",
						  .label = PHX_LABEL_REQUIRED,
						  .repeatable = true,
						  .flags = INHERIT,
						  .attrs = mount_attrs};

static const struct phx_attr_spec device_attrs[] = {
	{.name = "slot", .types = STRING},
	{.name = "mode", .types = INT, .flags = INHERIT | PHX_AF_OCTAL, .option = "dev.mode"},
	{.name = "uid", .types = INT, .flags = INHERIT, .option = "dev.uid"},
	{.name = "gid", .types = INT, .flags = INHERIT, .option = "dev.gid"},
	{.name = "deny_write", .types = BOOL, .flags = INHERIT, .option = "dev.deny-write"},
	END,
};
static const struct phx_block_spec device_block = {.name = "device",
						   .label = PHX_LABEL_REQUIRED,
						   .repeatable = true,
						   .flags = INHERIT,
						   .attrs = device_attrs};

static const struct phx_block_spec lxc_block = {
	.name = "lxc", .flags = INHERIT, .attrs = no_attrs, .free_attrs = "raw"};

static const struct phx_attr_spec container_attrs[] = {
	COMMON_ATTRS("hostname"),
	[PHX_GA_GPU] = {.name = "gpu", .types = LIST | INT | STRING, .flags = INHERIT},
	[PHX_GA_DISK] = {.name = "disk", .types = SIZE, .flags = INHERIT, .option = "rootfs.size"},
	[PHX_GA_OSTEMPLATE] = {.name = "ostemplate",
			       .types = PHX_AT_REF | STRING,
			       .ref_kinds = 1u << PHX_KIND_IMAGE,
			       .option = "ostemplate"},
	[PHX_GA_ROOTFS] = {.name = "rootfs", .types = STRING | SIZE, .flags = INHERIT, .option = "rootfs"},
	[PHX_GA_SWAP] = {.name = "swap", .types = SIZE, .flags = INHERIT, .option = "swap"},
	[PHX_GA_UNPRIVILEGED] = {.name = "unprivileged",
				 .types = BOOL,
				 .flags = INHERIT,
				 .option = "unprivileged"},
	[PHX_GA_NESTING] = {.name = "nesting", .types = BOOL, .flags = INHERIT, .option = "features.nesting"},
	[PHX_GA_DEVICE] = {.name = "device", .types = LIST | STRING, .flags = INHERIT, .option = "dev"},
	[PHX_GA_IDMAP] = {.name = "idmap", .types = LIST | STRING | PHX_AT_MAP, .flags = INHERIT},
	[PHX_GA_CONTAINER_END] = END,
};
static const struct phx_block_spec *const container_blocks[] = {
	COMMON_BLOCKS, &ct_snapshot_block, &ct_network_block, &ct_disk_block,
	&mount_block,  &device_block,      &lxc_block,        NULL,
};

/* --- the two kinds --- */

const struct phx_block_spec phx_schema_vm = {.name = "vm",
					     .label = PHX_LABEL_REQUIRED,
					     .repeatable = true,
					     .attrs = vm_attrs,
					     .blocks = vm_blocks};

const struct phx_block_spec phx_schema_container = {.name = "container",
						    .label = PHX_LABEL_REQUIRED,
						    .repeatable = true,
						    .attrs = container_attrs,
						    .blocks = container_blocks};
