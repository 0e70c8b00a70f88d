/* The resource graph: what shall be. Built once from evaluated declarations (phx_graph_build), checked, then never
 * changed. Everything is resolved: defaults merged, references are pointers, Proxmox options named and in Proxmox's own text
 * form. The planner reads nothing else of the configuration. */
#pragma once

#include "base/diag.h"
#include "base/map.h"
#include "base/secret.h"
#include "model/decl.h"
#include "model/option.h"

struct phx_resource;
struct phx_guest;
struct phx_image;
struct phx_pool;

/* One Proxmox option of a guest as wanted. */
struct phx_setting {
	struct phx_str key;              /* Proxmox's name: "cores", "net0", "ciuser" */
	const struct phx_option *option; /* NULL for keys that have no table entry (never for guests) */
	struct phx_str value;            /* Proxmox's text form; empty with `unset` */
	struct phx_str path;  /* the user's name for it: "cores", "network.bridge", "options.balloon" */
	struct phx_span span; /* of the value in the source */
	uint8_t origin; /* enum phx_origin: FROM_SOURCE ones are not compared, they are what the clone brings */
	bool secret;    /* write-only: never printed; compared by salted hash in the marker */
	bool unset;     /* declared null: remove it */
};

/* Below it the node mounts the shares of unprivileged containers: STACK/ADDRESS-PATH-HASH. */
#define PHX_NFS_ON_NODE "/mnt/pve-phx/"

enum phx_volume_source {
	PHX_VOL_INHERITED, /* came with the clone or is there already; only declared properties are changed */
	PHX_VOL_EMPTY,     /* STORAGE:SIZE, allocated */
	PHX_VOL_IMPORT,    /* import-from an image */
	PHX_VOL_OSTEMPLATE, /* rootfs of a container created from an OS template */
	PHX_VOL_EXISTING,   /* a volume named as STORAGE:… */
	PHX_VOL_HOST_PATH,  /* container bind mount */
	PHX_VOL_CLOUDINIT,  /* the cloud-init drive */
	PHX_VOL_CDROM,      /* iso */
};

/* A disk, container volume or mount. Keyed by slot (disks) or target path (mounts), never by position. */
struct phx_volume {
	struct phx_str label;   /* as declared: "root", "data", "scsi1"; a mount's target path */
	struct phx_str slot;    /* "scsi0", "rootfs", "mp0": final */
	bool slot_fixed;        /* said by the user; otherwise the marker of a living guest may overrule it */
	uint8_t source;         /* enum phx_volume_source */
	struct phx_str storage; /* empty: the source's (clone) */
	uint64_t size;          /* bytes; 0 = not declared */
	bool size_default;      /* `size` is Proxmox's own: for a creation, not to be compared */
	struct phx_str volume;  /* EXISTING: volume id; HOST_PATH: path; CDROM: iso volume */
	struct phx_str
		props; /* the other keys as a property string ("discard=on,ssd=1"), without volume and size */
	struct phx_str path; /* "disk.root" */
	bool nfs; /* HOST_PATH where phx mounts a share on the node: an unprivileged container cannot */
	/* HOST_PATH: owner and mode that the directory shall have; ids are the container's own. */
	bool has_uid, has_gid, has_mode;
	uint64_t uid, gid;
	unsigned mode;
	struct phx_span span; /* of the head */
	struct phx_span size_span, storage_span;
	uint8_t origin;
};

struct phx_nic {
	struct phx_str label;
	uint32_t index; /* netN, ipconfigN */
	bool slot_fixed;
	struct phx_str bridge, model, name; /* name: "eth0" in containers */
	uint8_t mac[6];                     /* declared, or derived from stack, id and slot: never random */
	bool mac_declared;
	bool has_ip, dhcp, has_ip6, dhcp6, auto6;
	struct phx_ip ip, gw, ip6, gw6; /* family 0: absent */
	uint32_t vlan, mtu;             /* 0: none */
	struct phx_str rate;            /* MB/s text; empty: none */
	struct phx_str
		props; /* what has no field here, as a property string: "link_down=1,queues=4,trunks=5;6"; empty: none */
	bool firewall;       /* the NIC's flag; driven by the guest's firewall unless said */
	struct phx_str path; /* "network", "network.lan" */
	struct phx_span span, ip_span, mac_span;
	uint8_t origin;
};

struct phx_fw_rule {
	struct phx_str type, action; /* "in"/"out"/"group", "ACCEPT"/"DROP"/"REJECT" or a security group */
	struct phx_str macro, iface, source, dest, sport, dport, proto, log, comment, icmp_type;
	bool enable;
	struct phx_span span;
};

struct phx_firewall {
	bool declared, enabled;
	PHX_VEC(struct phx_setting) options; /* of /firewall/options, `enable` included */
	PHX_VEC(struct phx_fw_rule) rules;   /* in order: the first is the first that matches */
	struct phx_span span;
};

struct phx_snapshot_decl {
	struct phx_str name, description;
	bool vmstate;
	struct phx_span span;
};

/* A user that cloud-init makes. */
struct phx_ci_user {
	struct phx_str name;
	PHX_VEC(struct phx_str) keys;
	struct phx_str password; /* secret; as declared: clear, or a crypt hash. Empty: none */
	bool sudo_declared;
	struct phx_str sudo; /* the rule; empty with `sudo_declared`: none */
	struct phx_span span, password_span, sudo_span;
};

/* `cloud_init { user_data = … }` and its like, when it is no snippet on a storage. */
struct phx_ci_data {
	bool declared, secret;
	struct phx_str text; /* of the file, when one is named */
	struct phx_str file; /* its path as declared; empty: the text itself stood there */
	struct phx_span span;
};

/* What a VM's cloud-init drive shall hold beyond addresses and name servers. */
struct phx_cloud_init {
	PHX_VEC(struct phx_ci_user) users; /* by name */
	struct phx_ci_data data[3];        /* by enum phx_ci_doc */
	bool upgrade_declared, upgrade;
};

/* A raw line of a container's configuration, which only root on the node can write. */
struct phx_lxc_line {
	struct phx_str key, value; /* "lxc.mount.entry", "/dev/dri dev/dri none bind,optional,create=dir" */
	struct phx_span span;
	uint8_t origin;
	uint32_t order; /* in the source, among lines of one key */
};
struct phx_idmap {
	char kind; /* 'u', 'g' */
	uint64_t inside, outside, count;
};

/* What runs inside a guest. Kept as declared: the guest steps of the planner read them. */
enum phx_step_kind {
	PHX_STEP_FEATURE,
	PHX_STEP_NFS,
	PHX_STEP_FILE,
	PHX_STEP_SCRIPT,
	PHX_STEP_HEALTH,
};
/* A feature as declared: by the configuration, or in etc/features. One each; the steps that use it share it. */
struct phx_feature_decl {
	struct phx_str name;
	struct phx_str script; /* the path of its script; empty only with errors */
	struct phx_str check;  /* a command: exit 0 means that it is in place; empty: none */
	uint64_t timeout_ms;   /* 0: not declared, the guest's `timeouts.feature` counts */
	struct phx_str description;
	bool builtin; /* comes with phx */
	PHX_VEC(const struct phx_feature_decl *) needs;
	struct phx_span span;
	const struct phx_decl *decl;
};
/* A parameter of one use of a feature: given, or the declaration's default. One that is null is not there. */
struct phx_feature_param {
	struct phx_str name;
	const struct phx_value
		*value; /* a scalar, a list of scalars, or a map; may be unknown in `validate` */
	bool secret;
};
struct phx_step {
	uint8_t kind;                  /* enum phx_step_kind */
	struct phx_str name;           /* feature name, path, script name */
	const struct phx_block *block; /* NULL for a feature */
	const struct phx_value
		*feature; /* PHX_V_REF or PHX_V_CALL; NULL: not listed, another feature needs it */
	const struct phx_feature_decl *decl;      /* PHX_STEP_FEATURE */
	PHX_VEC(struct phx_feature_param) params; /* PHX_STEP_FEATURE: in the order of their declaration */
	const struct phx_value *value;            /* kinds that say so above, else NULL */
	struct phx_str dir;                       /* relative paths in `block` and `value` start here */
	struct phx_span span;
};

enum phx_edge_kind {
	PHX_EDGE_CREATE, /* the other must exist first (image, pool, clone source being a template) */
	PHX_EDGE_READY,  /* the other must be ready first (depends_on) */
	PHX_EDGE_START,  /* the other must be started first */
};
struct phx_edge {
	struct phx_resource *to; /* the one needed */
	uint8_t kind;
	struct phx_str why; /* "clone", "depends_on", "image", "pool" */
	struct phx_span span;
};

struct phx_resource {
	enum phx_kind kind;
	struct phx_str name, address;
	struct phx_span span;
	const struct phx_decl *decl;
	uint32_t index; /* in graph->resources; side tables use it */
	PHX_VEC(struct phx_edge) needs;
};

enum phx_excess { PHX_EXCESS_WARN, PHX_EXCESS_DENY, PHX_EXCESS_IGNORE };

/* `capacity { }` of a cluster: how much may be promised to guests, as a multiple of what there is. */
struct phx_capacity_limits {
	double memory, cores, storage; /* storage: thin ones; others hold what they hold */
	uint8_t excess;                /* enum phx_excess: what a plan that goes beyond them is */
	struct phx_span span;
};

struct phx_cluster {
	struct phx_resource r;
	struct phx_str endpoint, node, fingerprint, ca_file;
	struct phx_str token;              /* secret */
	struct phx_str user, password;     /* ticket authentication; password secret */
	struct phx_str backend;            /* "api", "local", "ssh"; empty: found out */
	bool ssh;                          /* it has an `ssh` block: a host channel */
	struct phx_str ssh_host, ssh_user; /* host: without one, the endpoint's; user: root */
	uint32_t ssh_port;                 /* 0: as the ssh configuration says */
	struct phx_capacity_limits capacity;
};

struct phx_image {
	struct phx_resource r;
	struct phx_str url, volume, file;            /* exactly one is set */
	struct phx_str checksum, checksum_algorithm; /* hex; "sha256" */
	struct phx_str storage, node;                /* where it shall lie; node empty: that of each user */
	struct phx_str content;                      /* "import", "iso", "vztmpl" */
	struct phx_str filename;                     /* name on the storage */
	struct phx_str file_path;                    /* `file`, resolved */
};

struct phx_pool {
	struct phx_resource r;
	struct phx_str comment;
	bool comment_declared;
};

enum phx_full { PHX_CLONE_DEFAULT, PHX_CLONE_FULL, PHX_CLONE_LINKED };

struct phx_timeouts {
	uint64_t create_ms, clone_ms, start_ms, agent_ms, cloud_init_ms, feature_ms,
		stop_ms;   /* defaults filled in */
	bool feature_said; /* `feature` is declared: it goes before those of phx's own features */
};

struct phx_guest {
	struct phx_resource r; /* first: a guest is a resource */
	uint64_t id;           /* 0: from the stack's range, settled at plan time */
	struct phx_span id_span;
	struct phx_str host_name; /* Proxmox's name / hostname */
	struct phx_str
		node; /* declared, or the cluster's default; empty: settled at plan time only if the cluster has one node */
	struct phx_cluster *cluster; /* NULL without any cluster block */
	bool is_vm, is_template;
	struct phx_guest *source; /* clone = … */
	enum phx_full full;
	struct phx_span clone_span;
	struct phx_image *image;   /* VM from an image */
	struct phx_str ostemplate; /* container from an OS template: volume id */
	struct phx_str storage;    /* default storage of its disks; empty: none said */
	PHX_VEC(struct phx_setting)
	settings;                           /* all but disks, NICs, name, tags, description; sorted by key */
	PHX_VEC(struct phx_volume) volumes; /* sorted by slot */
	PHX_VEC(struct phx_nic) nics;       /* sorted by index */
	PHX_VEC(struct phx_str) tags;       /* sorted, lower case, without phx's own tag */
	bool tags_declared;
	struct phx_span tags_span;
	struct phx_str notes; /* the user's, without marker */
	bool notes_declared;
	struct phx_span notes_span;
	struct phx_pool *pool_res; /* a declared pool, or NULL */
	struct phx_str pool;       /* its name; empty: none */
	struct phx_span pool_span;
	bool running_declared, running; /* running defaults to true for guests that are no template */
	struct phx_span running_span;
	bool protect; /* phx's and Proxmox's protection */
	struct phx_span protect_span;
	struct phx_firewall firewall;
	PHX_VEC(struct phx_snapshot_decl) snapshots;
	PHX_VEC(struct phx_step) steps; /* in the order they run */
	bool agent;                     /* VM: guest agent expected */
	bool cloud_init;                /* VM: has a cloud-init drive of ours */
	struct phx_cloud_init ci;       /* VM */
	PHX_VEC(struct phx_lxc_line)
	lxc; /* container: raw lines, those of `idmap` too; by key, then as they stand */
	PHX_VEC(struct phx_idmap) idmap;
	bool replace_allowed; /* lifecycle { replace = allow } */
	struct phx_span lifecycle_span;
	PHX_VEC(struct phx_str) ignore; /* lifecycle { ignore = […] }: attribute paths not compared */
	struct phx_timeouts timeouts;
	/* start order within what the dependencies allow */
	bool has_boot_order;
	uint64_t boot_order;
};

struct phx_graph {
	struct phx_arena *arena;
	struct phx_str stack;
	bool has_ids;
	uint64_t ids_first, ids_last;
	PHX_VEC(struct phx_resource *) resources; /* in the stable topological order */
	PHX_VEC(struct phx_cluster *) clusters;   /* each vector below: in the order of `resources` */
	PHX_VEC(struct phx_image *) images;
	PHX_VEC(struct phx_pool *) pools;
	PHX_VEC(struct phx_guest *) guests;
	struct phx_map by_address;  /* address → struct phx_resource* */
	struct phx_map by_guest_id; /* decimal id → struct phx_guest*; only known ids */
	PHX_VEC(struct phx_output) outputs;
	bool has_unknowns;
	const struct phx_config *config;
	struct phx_options *options; /* the option tables in use */
};

/* Merges defaults, resolves references, turns attributes into Proxmox's text form, settles slots and MACs, orders the
 * resources (references and depends_on first, then the smallest id; independent of the source's order), and makes every check that
 * needs no cluster. Mistakes go to the bag; returns NULL only when there are errors. Secrets found are added to `secrets`. */
PHX_MUST_USE struct phx_graph *phx_graph_build(const struct phx_config *config, struct phx_options *options,
					       struct phx_arena *arena, struct phx_diag_bag *bag,
					       struct phx_secrets *secrets);

/* The MAC of a NIC that declares none: 02 (locally administered, so that it meets neither a maker's nor Proxmox's own
 * BC:24:11), then 40 bits of a hash of stack, guest id and NIC index. The same for ever: a rebuilt guest keeps its DHCP lease.
 * Already in `nic->mac` unless the guest's id is 0 (settled at plan time). */
void phx_mac_derive(struct phx_str stack, uint64_t id, uint32_t index, uint8_t out[6]);

/* Dependants-before-dependencies order for stop and delete is the reverse of graph->resources. */

/* phx graph: the same graph in four languages (svg is rendered from dot by the caller). */
void phx_graph_dot(const struct phx_graph *g, struct phx_buf *out);
void phx_graph_mermaid(const struct phx_graph *g, struct phx_buf *out);
void phx_graph_json(const struct phx_graph *g, const struct phx_secrets *secrets, struct phx_buf *out);
