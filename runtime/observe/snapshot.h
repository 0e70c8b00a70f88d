/* The cluster as observed: only what the graph needs, normalised. Immutable once taken; can be written to a file without secrets
 * (`phx inventory`) and read back for planning without credentials. */
#pragma once

#include "backend/backend.h"
#include "base/diag.h"
#include "base/map.h"
#include "model/graph.h"
#include "model/marker.h"

struct phx_kv {
	struct phx_str key, value; /* value as Proxmox prints it; numbers as text */
};

struct phx_live_pending {
	struct phx_str key, value, pending; /* pending empty with `del` */
	bool has_value, has_pending, del;
};

struct phx_live_rule {
	struct phx_fw_rule rule;
	int64_t pos;
};

struct phx_live_snapshot {
	struct phx_str name, description, parent;
};

struct phx_live_guest {
	uint64_t id;
	bool is_vm, is_template, running;
	struct phx_str node, name, status, pool, lock; /* lock empty: none */
	struct phx_str digest;
	PHX_VEC(struct phx_kv)
	config; /* with pending changes applied (GET config); sorted by key; description and tags too */
	PHX_VEC(struct phx_live_pending) pending; /* running guests of the graph only */
	PHX_VEC(struct phx_live_snapshot) snapshots;
	bool has_firewall; /* the two below were read */
	PHX_VEC(struct phx_kv) fw_options;
	PHX_VEC(struct phx_live_rule) fw_rules; /* in order */
	struct phx_str fw_digest;               /* of the options */
	struct phx_str fw_rules_digest;         /* of the list of rules: another one (579, 589) */
	struct phx_str ha_state;                /* empty: not managed by HA */
	bool has_marker;
	struct phx_marker marker; /* valid with has_marker */
	struct phx_str notes;     /* description without the marker line */
	bool tagged;              /* carries phx-<stack> of the graph's stack */
	bool owned;               /* tag or marker of this stack, and the marker's id is its own */
	bool busy;                /* a running task works on it (`lock`) */
	struct phx_str busy_upid;
	uint64_t maxmem, maxcpu; /* cluster/resources: what it may use; also of guests that are not read */
	bool dead_lock;          /* locked, and no running task holds the lock */
	PHX_VEC(struct phx_kv)
	inside; /* --refresh-guests: key of a marker's fact → what is different in the guest */
	struct phx_map config_map; /* key → struct phx_kv* */
};

struct phx_live_volume {
	struct phx_str volid, content;
	uint64_t size;
};

struct phx_live_storage {
	struct phx_str id, node, type, content; /* content: comma list */
	uint64_t total, avail;
	bool active, shared, has_volumes;
	PHX_VEC(struct phx_live_volume) volumes; /* read where an image or OS template must be found */
};

struct phx_live_node {
	struct phx_str name;
	bool online;
	uint64_t maxmem, mem, maxcpu;
};

struct phx_live_pool {
	struct phx_str id, comment;
	PHX_VEC(uint64_t) guests;
	bool is_lock; /* phx's stack lock */
};

struct phx_snapshot {
	struct phx_arena *arena;
	struct phx_str cluster_name; /* `cluster/status` name, or the node's */
	struct phx_str version;      /* "8.4.1" */
	bool quorate;
	bool sees_all_guests;                      /* the token may audit /vms: absence means absence */
	PHX_VEC(struct phx_live_node) nodes;       /* by name */
	PHX_VEC(struct phx_live_guest *) guests;   /* by id: those of the graph, and those of its stack */
	PHX_VEC(struct phx_live_storage) storages; /* by node, id */
	PHX_VEC(struct phx_live_pool) pools;       /* by id: all */
	PHX_VEC(struct phx_live_guest)
	others;               /* id, name, node, is_vm only: ids and names that are taken; by id */
	struct phx_map by_id; /* decimal id → struct phx_live_guest* of `guests` */
	uint32_t requests;    /* how many requests it took */
};

struct phx_observe_options {
	bool exact_power; /* who runs is what the command is about: no word that may be seconds old is taken */
	bool wait_busy;   /* wait for running tasks on the stack's guests to end, up to busy_timeout_ms */
	uint64_t busy_timeout_ms;
	void (*waiting)(void *user, struct phx_str text); /* progress, may be NULL */
	void *user;
	const struct phx_cluster
		*cluster; /* as in phx_plan_options: guests of other clusters are not looked for */
};

/* Reads what planning `g` needs: /version, /cluster/status, /cluster/resources once, then per guest of the graph (and of its stack) one config
 * read, and pending, snapshots, firewall only where the graph asks; all in parallel: guests + a few requests. */
PHX_MUST_USE struct phx_snapshot *phx_observe(struct phx_reader *r, const struct phx_graph *g,
					      const struct phx_observe_options *o, struct phx_arena *arena,
					      struct phx_err *err);
/* An empty cluster: --offline. */
struct phx_snapshot *phx_snapshot_empty(struct phx_arena *arena);
/* `phx inventory -o F` and `plan --inventory F`; no secrets by construction (write-only values are not in it). */
void phx_snapshot_json(const struct phx_snapshot *s, const struct phx_secrets *secrets, struct phx_buf *out);
PHX_MUST_USE struct phx_snapshot *phx_snapshot_read_json(struct phx_str text, const struct phx_graph *g,
							 const char *path, struct phx_arena *arena,
							 struct phx_err *err);
const struct phx_live_guest *phx_snapshot_guest(const struct phx_snapshot *s, uint64_t id);
struct phx_str phx_live_value(const struct phx_live_guest *g, struct phx_str key); /* empty: absent */
