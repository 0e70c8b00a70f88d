/* The plan: changes (what and why) and actions (how), as data. Built by passes from graph and snapshot, printed by report/, run
 * by apply/. Deterministic: same graph and snapshot, same bytes. */
#pragma once

#include "backend/backend.h"
#include "guest/work.h"
#include "model/policy.h"
#include "observe/snapshot.h"

enum phx_change_action {
	PHX_CH_NONE,
	PHX_CH_CREATE,
	PHX_CH_UPDATE,
	PHX_CH_REPLACE,
	PHX_CH_DELETE,
	PHX_CH_ADOPT,
	PHX_CH_MIGRATE,
	PHX_CH_COUNT
};
const char *phx_change_action_name(enum phx_change_action a);

/* What a change does to its guest: the worst of its attributes, or of the change itself. (What an option by its nature
 * can do is enum phx_impact of model/option.h.) */
enum phx_effect {
	PHX_EFFECT_NONE,
	PHX_EFFECT_LIVE,
	PHX_EFFECT_PENDING, /* waits for the guest's next restart */
	PHX_EFFECT_RESTART, /* the plan restarts the guest for it */
	PHX_EFFECT_OFFLINE, /* the guest is stopped for it */
	PHX_EFFECT_DATA_LOSS,
};
const char *
phx_effect_name(enum phx_effect e); /* "none", "live", "pending", "restart", "offline", "data-loss" */

/* Who made the difference, as far as the marker's memory of what phx wrote last (fact `set`) tells. */
enum phx_drift {
	PHX_DRIFT_NONE,    /* the configuration changed */
	PHX_DRIFT_CLUSTER, /* somebody changed it on the cluster */
	PHX_DRIFT_BOTH,
	PHX_DRIFT_UNKNOWN, /* the guest does not remember what was written */
};

struct phx_attr_change {
	struct phx_str path;          /* "memory", "network.bridge", "disk.root.size" */
	struct phx_str before, after; /* as people read them; both empty when sensitive */
	bool has_before, has_after;
	bool sensitive;
	bool pending;          /* set already, waits in the running guest */
	uint8_t impact;        /* enum phx_effect */
	uint8_t drift;         /* enum phx_drift */
	struct phx_span span;  /* source of the wanted value */
	struct phx_str reason; /* "restart: memory is not hot-pluggable here"; may be empty */
};

struct phx_change {
	struct phx_str address;
	enum phx_kind kind;
	uint64_t id; /* guests */
	struct phx_str node;
	uint8_t action; /* enum phx_change_action */
	uint8_t impact; /* enum phx_effect */
	bool restart;   /* the plan restarts the guest: an action of its own does it */
	PHX_VEC(struct phx_attr_change) attributes;
	struct phx_str reason; /* one line: why */
	PHX_VEC(struct phx_str)
	notes; /* volumes that go (volid, size), clones made from it, what is done inside, and how */
	struct phx_span span;
	const struct phx_resource *resource; /* NULL: left the configuration */
	const struct phx_live_guest *live;
};

enum phx_action_op {
	PHX_OP_LOCK,
	PHX_OP_UNLOCK, /* the stack lock */
	PHX_OP_IMAGE_DOWNLOAD,
	PHX_OP_IMAGE_UPLOAD,
	PHX_OP_OSTEMPLATE_DOWNLOAD,
	PHX_OP_POOL_CREATE,
	PHX_OP_POOL_UPDATE,
	PHX_OP_POOL_DELETE,
	PHX_OP_CREATE,
	PHX_OP_CLONE,
	PHX_OP_CONFIG,
	PHX_OP_RESIZE,
	PHX_OP_DISK_MOVE,
	PHX_OP_UNLINK,
	PHX_OP_CLOUDINIT,
	PHX_OP_FW_OPTIONS,
	PHX_OP_FW_RULE_ADD,
	PHX_OP_FW_RULE_DELETE,
	PHX_OP_FW_RULE_UPDATE,
	PHX_OP_POOL_MEMBER,
	PHX_OP_MIGRATE,
	PHX_OP_START,
	PHX_OP_SHUTDOWN,
	PHX_OP_STOP,
	PHX_OP_REBOOT,
	PHX_OP_TEMPLATE,
	PHX_OP_SNAPSHOT,
	PHX_OP_DELETE,
	PHX_OP_HA,
	PHX_OP_WAIT_AGENT,
	PHX_OP_WAIT_CLOUD_INIT,
	PHX_OP_WAIT_NETWORK,
	PHX_OP_WAIT_TASK,
	PHX_OP_GUEST,       /* a step inside the guest */
	PHX_OP_MARKER,      /* the marker that says creation is complete */
	PHX_OP_BREAK_LOCK,  /* `qm unlock ID`: the lock of a dead task (PHX_ACT_HOST) */
	PHX_OP_HOST_STEP,   /* a script on the node, by standard input (PHX_ACT_HOST) */
	PHX_OP_HOST_CONFIG, /* `pct set ID …`: what only root itself may set (PHX_ACT_HOST) */
	/* Scripts on the node (PHX_ACT_HOST), each of which may be run again: */
	PHX_OP_SNIPPET,        /* a cloud-init document is put on a storage */
	PHX_OP_SNIPPET_CLEAN,  /* those of a guest that it uses no more go */
	PHX_OP_HOST_LXC,       /* raw lines in a container's configuration */
	PHX_OP_HOST_DIRECTORY, /* directories that a container mounts */
	PHX_ACTION_OP_COUNT
};
const char *phx_action_op_name(enum phx_action_op op); /* "create", "clone", "wait-agent", … */

enum phx_action_type {
	PHX_ACT_CALL,
	PHX_ACT_WAIT,
	PHX_ACT_GUEST,
	PHX_ACT_HOST, /* a command on the node, over the host channel: what no API token may do */
};

/* A Proxmox lock that an action takes while it runs. Two actions that hold the same name, one of them exclusively, never run at
 * once; `limit` > 0 makes the name a semaphore of that many places instead. */
struct phx_lock {
	struct phx_str name; /* "guest:103", "source:900", "alloc:pve/local-lvm", "node:pve:start" */
	bool exclusive;
	uint16_t limit;
};

/* Stands in the plan for the name of a volume that a clone brings: `*,discard=on`. */
#define PHX_PLAN_VOLUME '*'

enum phx_later {
	PHX_LATER_NONE = 0,
	PHX_LATER_DIGEST = 1, /* parameter `digest`: read right before the call */
	PHX_LATER_VOLUME =
		2, /* a volume's name within a value, PHX_PLAN_VOLUME in the plan: what the guest has there then */
	PHX_LATER_HOLDER =
		4, /* parameter `comment` of the stack lock: who takes it and when; stands in the plan as PHX_STACK_LOCK_WHO */
};

/* What only some actions have: those inside a guest or on the node, and uploads. */
struct phx_action_body {
	struct phx_str upload_path; /* PHX_ACT_CALL: the file that it sends */
	/* PHX_ACT_GUEST */
	const struct phx_step *step; /* NULL: no block of its own */
	const struct phx_guest_work *work;
	struct phx_str guest_what; /* "feature docker", "file /etc/motd" */
	/* PHX_ACT_HOST: run on `node` */
	PHX_VEC(struct phx_str) argv;
	struct phx_str input; /* its standard input; never printed, shown as size and hash */
	bool input_secret;    /* it holds a secret: the hash is salted */
	/* In a plan read from a file: its member `guest` or `host`, as it stood there. */
	struct phx_str json;
};
/* Of all other actions: empty, and never written to. */
extern const struct phx_action_body phx_action_no_body;

struct phx_action {
	uint32_t id;            /* index + 1; printed as "a12" */
	uint8_t op;             /* enum phx_action_op */
	uint8_t type;           /* enum phx_action_type */
	uint8_t method;         /* PHX_ACT_CALL: enum phx_method */
	uint8_t later;          /* PHX_ACT_CALL: enum phx_later, bits */
	bool is_vm;             /* the guest is one */
	bool task;              /* PHX_ACT_CALL: the answer is a UPID to wait for */
	bool hidden_task;       /* `lxc/ID/template` answers null and works on: found through the task list */
	struct phx_span span;   /* of the step; the change's when unknown */
	struct phx_str address; /* of the resource it serves; "stack" for the lock */
	const struct phx_change *change; /* NULL for the lock */
	struct phx_str summary;          /* "clone vm 8000 (full) to 8001" */
	uint64_t guest_id;               /* 0: none */
	struct phx_str node;
	/* PHX_ACT_CALL */
	struct phx_str path;
	struct phx_params params;
	/* PHX_ACT_WAIT: what must be seen */
	struct phx_str wait_what;           /* "agent", "cloud-init", "stopped", "running", "network" */
	const struct phx_action_body *body; /* never NULL */
	uint64_t timeout_ms;                /* for the task, the wait or the command; 0: none of its own */
	PHX_VEC(uint32_t) needs;            /* ids of actions that must be done first; sorted */
	PHX_VEC(struct phx_lock) locks;     /* sorted by name */
	/* How to see that it is done already, after a lost reply or a crash: enum phx_probe in apply/. Derived from op. */
};

struct phx_estimate;
struct phx_capacity;
struct phx_permissions;

/* --- what a saved plan keeps so that a reviewer needs neither the sources nor the cluster (phx_plan_record) --- */

/* A line of a source, as an excerpt; secrets masked, lines that hold a secret value left out. */
struct phx_plan_line {
	uint32_t line;
	struct phx_str text;
};
struct phx_plan_source {
	struct phx_str path, sha256; /* of values given by --set: a salted hash, they may be secrets */
	PHX_VEC(struct phx_plan_line) lines; /* those that changes and attributes name; by line */
};
/* A variable that env() read. */
struct phx_plan_env {
	struct phx_str name, hash; /* salted hash of the value */
	bool credential;           /* serves the connection only: apply may use another one */
};
/* A guest that the plan touches, as it was seen. */
struct phx_plan_seen {
	uint64_t id;
	struct phx_str node, name, status, digest, fw_digest, fw_rules_digest;
	PHX_VEC(struct phx_kv) config; /* by key; values that may not be shown are not in it */
};
/* The newest task that the cluster had when the plan was made: what came after is newer. */
struct phx_plan_tasks {
	bool known;
	int64_t time; /* by the cluster's clock, seconds since 1970 */
	struct phx_str upid;
};
/* A diagnostic of planning, as data: of the bag, or of the file. */
struct phx_plan_diag {
	struct phx_str code, slug, severity, message;
	bool has_place;
	struct phx_pos place;
	PHX_VEC(struct phx_str) notes, helps;
};

struct phx_plan {
	struct phx_arena *arena;
	struct phx_str stack, cluster, endpoint;
	const struct phx_graph *graph;       /* NULL in a plan read from a file */
	const struct phx_snapshot *snapshot; /* NULL in a plan read from a file */
	struct phx_sources *sources;
	struct phx_str
		inputs; /* JSON object: what the command line gave (paths, targets, …); a saved plan keeps it as `inputs` */
	PHX_VEC(struct phx_change *)
	changes; /* in execution order: topological, deletes last in reverse order */
	PHX_VEC(struct phx_action *) actions; /* in a valid execution order */
	PHX_VEC(struct phx_str) order;        /* addresses of guests, the stable topological order */
	PHX_VEC(struct phx_kv) outputs; /* of the configuration, by name; values as JSON, secrets masked */
	uint32_t count[PHX_CH_COUNT];   /* changes by action */
	const struct phx_policy_report *policies; /* what they found in it; NULL: there are none */
	struct phx_diag_bag *diags;               /* of planning: refusals are errors in it */
	bool refused; /* errors in `diags` forbid it: changes for showing, no action */
	PHX_VEC(struct phx_str)
	notes; /* about guests that nothing happens to: steps that wait until they run */
	bool offline;
	bool refresh_only;                       /* only what somebody else changed, and no action */
	bool targeted;                           /* --target/--exclude left something out */
	PHX_VEC(struct phx_str) targets_added;   /* drawn in by dependencies */
	PHX_VEC(struct phx_str) targets_dropped; /* left out because they need what --exclude names */
	/* Preflight (plan/preflight.h); NULL where it was not made. No part of what makes a saved plan stale. */
	const struct phx_estimate *estimate;
	const struct phx_capacity *capacity;
	const struct phx_permissions *permissions;
	/* Set by phx_plan_record, and in a plan read from a file. */
	struct phx_str version;        /* of the phx that made it */
	struct phx_str proxmox;        /* "8.4.1" */
	struct phx_str fingerprint;    /* the pinned certificate's; empty: none */
	PHX_VEC(struct phx_str) nodes; /* of the cluster, by name */
	PHX_VEC(struct phx_plan_source) inputs_read;
	PHX_VEC(struct phx_plan_env) env; /* by name */
	PHX_VEC(struct phx_plan_seen) seen;
	struct phx_plan_tasks tasks;
	/* Only in a plan read from a file: it has no sources, a span's `start` is an index here. */
	bool from_file;
	PHX_VEC(struct phx_pos) places;
	PHX_VEC(struct phx_plan_diag) file_diags;
	struct phx_str file_diags_json; /* the same, as they stood there */
};

struct phx_plan_options {
	bool offline;
	PHX_VEC(struct phx_str) targets, excludes, allow_destroy, adopt;
	bool destroy; /* `phx destroy`: everything the stack owns goes; with targets: those, and what needs them */
	bool refuse_dependants; /* `phx delete` without --cascade: what needs them is named, and nothing goes */
	bool break_locks;
	bool can_root; /* credentials are root@pam itself (a ticket), or a host channel exists: what only root may set */
	bool has_host;
	bool blind; /* --offline, --inventory: nothing was asked, and what there is to reach guests is not known */
	uint8_t vm_way; /* enum phx_guest_way for VMs; NONE: the agent over the API */
	PHX_VEC(struct phx_str)
	rerun; /* "feature.docker", "vm.web/feature.docker": done again, changed or not */
	struct phx_str identity;
	struct phx_str endpoint;
	const struct phx_cluster *
		cluster; /* the one that is planned for, where the configuration has several; NULL: there is but one */
	uint32_t parallel;
	struct phx_plan **
		out_refused; /* may be NULL; a refused plan is put here for showing: its changes, and no action */
};

/* Builds the plan. Refusals (protected, not owned, shrinking, taken id, dead lock, …) are errors in the bag and give NULL
 * when there are any; the bag's sources must be those of the graph. */
PHX_MUST_USE struct phx_plan *phx_plan_build(const struct phx_graph *g, const struct phx_snapshot *s,
					     const struct phx_plan_options *o, struct phx_arena *arena,
					     struct phx_diag_bag *bag);
/* `phx start`, `stop`, `restart`: a plan of the same form that only switches guests. */
enum phx_power_verb { PHX_POWER_START, PHX_POWER_STOP, PHX_POWER_RESTART };
const char *phx_power_verb_name(enum phx_power_verb verb);
struct phx_power_options {
	enum phx_power_verb verb;
	PHX_VEC(struct phx_str) guests; /* addresses or ids; none: all of the stack */
	bool cascade; /* what relies on them (stop, restart), or they on (start), too; else it is refused */
	bool force;   /* switched off, not shut down */
};
/* In dependency and boot order, for stop reversed. Guests that are so already have no change. NULL: refused, see the bag. */
PHX_MUST_USE struct phx_plan *phx_plan_power(const struct phx_graph *g, const struct phx_snapshot *s,
					     const struct phx_plan_options *po,
					     const struct phx_power_options *o, struct phx_arena *arena,
					     struct phx_diag_bag *bag);
/* `--refresh-only`: leaves only the differences that somebody else made (and guests of the plan that do not remember), takes
 * out every action. The number of guests that drifted. */
uint32_t phx_plan_only_drift(struct phx_plan *p);
/* --refresh-guests: what to look at in each running guest that can be reached. `script` for /bin/sh says one line a key,
 * `phx-look INDEX` and behind it what is different; what it said goes into the snapshot's guests (`inside`). */
struct phx_look {
	uint64_t id;
	struct phx_str address;
	struct phx_guest_ref ref;
	uint8_t way; /* enum phx_guest_way */
	struct phx_str script;
	PHX_VEC(struct phx_str) keys; /* of the marker's facts */
};
struct phx_looks {
	PHX_VEC(struct phx_look) v;
};
void phx_plan_looks(const struct phx_graph *g, const struct phx_snapshot *s, const struct phx_plan_options *o,
		    struct phx_arena *arena, const struct phx_sources *sources, struct phx_looks *out);
/* The calls that a step inside a guest makes (PHX_ACT_GUEST with `work`). */
PHX_MUST_USE bool phx_plan_guest_calls(struct phx_arena *a, const struct phx_action *act,
				       struct phx_guest_calls *out, struct phx_err *err);
bool phx_plan_is_empty(const struct phx_plan *p); /* nothing to do: no action at all */

/* Where a span of the plan is; false: nowhere that is known. */
bool phx_plan_place(const struct phx_plan *p, struct phx_span span, struct phx_pos *out);
/* Digests of the inputs, excerpts, the cluster's identity and what was observed, for the file and for reports. The plan's
 * sources, env, fingerprint and tasks must be set. `secrets` (may be NULL) are masked in excerpts, which only the file and the
 * HTML page have. */
void phx_plan_record(struct phx_plan *p, const struct phx_secrets *secrets, bool excerpts);
struct phx_plan_diags {
	struct phx_plan_diag *v;
	uint32_t n, cap;
};
/* The plan's diagnostics in their order; strings are the plan's. */
struct phx_plan_diags phx_plan_diags(const struct phx_plan *p, struct phx_arena *a);

/* The JSON form ("phx-plan/1"). `as_file`: with what a plan file has besides, but for its checksum. */
void phx_plan_json(const struct phx_plan *p, bool as_file, const struct phx_secrets *secrets,
		   struct phx_buf *out);

/* --- the plan file: the JSON form with what was recorded, a SHA-256 over all, and a signature when there is a key. Secrets are
 * not in it; apply reads them again from the same sources. --- */
void phx_plan_file_write(const struct phx_plan *p, const struct phx_secrets *secrets, struct phx_str key,
			 struct phx_buf *out);

enum phx_plan_signature {
	PHX_PLAN_UNSIGNED,
	PHX_PLAN_SIGNED,    /* and the key fits */
	PHX_PLAN_UNCHECKED, /* signed, but no key was given: only the checksum was looked at */
};
struct phx_plan_file {
	struct phx_str text;
	struct phx_str sha256;
	uint8_t signature;                    /* enum phx_plan_signature */
	json_t *doc;                          /* owned */
	struct phx_plan *plan;                /* all of it, but for graph, snapshot and sources */
	PHX_VEC(struct phx_str) source_paths; /* as given on the command line that made it */
};
/* Reads and verifies: checksum, signature (a key is given: it must be there and fit), form, every field. What is damaged, foreign,
 * or made by a phx that writes more than this one knows, is refused with what is wrong and where (`changes[2].id`). */
PHX_MUST_USE bool phx_plan_file_read(const char *path, struct phx_str key, struct phx_arena *a,
				     struct phx_plan_file *out, struct phx_err *err);
void phx_plan_file_done(struct phx_plan_file *f);
/* Another version of phx may plan otherwise: only the one that made a plan applies it. */
PHX_MUST_USE bool phx_plan_file_may_apply(const struct phx_plan_file *f, struct phx_err *err);
/* Was it made for the cluster that `now` was planned on? (The same pinned certificate; else its name, and a node of its.) */
PHX_MUST_USE bool phx_plan_file_cluster(const struct phx_plan_file *f, const struct phx_plan *now,
					struct phx_err *err);

/* One thing that moved since a plan was made. */
struct phx_moved {
	uint64_t guest; /* 0: no guest's */
	struct phx_str node;
	struct phx_str what; /* "container.a (101): memory was 512MiB, now 768MiB" */
};
struct phx_moves {
	struct phx_moved *v;
	uint32_t n, cap;
};
/* Compares a saved plan with the plan built now from the same inputs (and recorded). Nothing moved: it is the same. */
PHX_MUST_USE bool phx_plan_file_compare(const struct phx_plan_file *f, const struct phx_plan *now,
					const struct phx_secrets *secrets, struct phx_arena *a,
					struct phx_moves *out, struct phx_err *err);
