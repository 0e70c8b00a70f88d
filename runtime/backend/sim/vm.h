/* What the files about VMs share. */
#pragma once

#include "backend/sim/drive.h"
#include "backend/sim/task.h"

/* Checks a drive parameter before anything is done: its storage, who may use it. False: the answer is set. */
bool phx_sim_vm_drive_allowed(struct phx_sim_request *r, int64_t vmid, const char *key, const char *text);
/* How long making the drive takes (imports are copied). */
int64_t phx_sim_vm_drive_time(struct phx_sim *s, const char *node, const char *key, const char *text);

/* Makes or attaches what a drive parameter asks for. Returns the text to store, in `a`; NULL with `why`. `w` may be NULL (no task log).
 * `efi_from`: the configuration, for what depends on it. */
struct phx_sim_vm_make {
	struct phx_sim *sim;
	struct phx_arena *a;
	struct phx_sim_worker *w;
	const char *node;
	int64_t vmid;
	struct phx_buf *why;
};
const char *phx_sim_vm_make_drive(struct phx_sim_vm_make *m, const char *key, const char *text);

/* "Formatting '…', fmt=…" */
void phx_sim_vm_log_format(struct phx_sim_worker *w, const char *node, const char *volid, uint64_t size);
/* Checks that the asker may change an option ("args" is root's, "cores" needs VM.Config.CPU, …). False: the answer is set. */
bool phx_sim_vm_may_set(struct phx_sim_request *r, int64_t vmid, const char *key, const char *value,
			bool creates);
/* A network card takes the right to use its bridge. */
bool phx_sim_bridge_allowed(struct phx_sim_request *r, const char *kind, const char *key, const char *text);
/* Adds what Proxmox generates: MACs of net texts. */
const char *phx_sim_vm_net(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
			   const char *text);
const char *phx_sim_net_new_mac(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
				const char *text);
/* A free unusedN, or NULL. */
const char *phx_sim_unused_slot(struct phx_arena *a, const json_t *conf);
/* The boot order when none was given. */
const char *phx_sim_vm_default_boot(struct phx_sim *s, struct phx_arena *a, const json_t *conf);
/* Applies one pending change (a text; null: the option goes; false: its volume is destroyed as well) to the configuration.
 * False with why. */
bool phx_sim_vm_apply_key(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key,
			  struct phx_buf *why);
/* All of them; those that fail still pend. NULL, or the first of these, with why. */
const char *phx_sim_vm_apply_pending(struct phx_sim *s, struct phx_arena *a, json_t *g, struct phx_buf *why);
void phx_sim_vm_pool_add(struct phx_sim *s, const char *pool, int64_t vmid);
void phx_sim_vm_pool_remove(struct phx_sim *s, int64_t vmid);
bool phx_sim_pool_exists(struct phx_sim_request *r); /* of the parameter `pool`; false: 403 is set (062) */
/* Frees volumes named in a configuration that belong to the guest. False with why (base in use). */
bool phx_sim_guest_free_volumes(struct phx_sim *s, const json_t *g, struct phx_buf *why);
/* Only guests on shared storages are cloned to another node (parameter `target`). False: the answer is set. */
bool phx_sim_clone_reaches(struct phx_sim_request *r, const char *kind, const json_t *conf);
/* Whether a snapshot of the guest names the volume. */
bool phx_sim_volume_in_snapshot(struct phx_sim *s, const json_t *g, const char *volid);
/* Where the RAM of a suspended or snapshotted VM goes. */
const char *phx_sim_vm_state_storage(struct phx_sim *s, struct phx_arena *a, const json_t *g);
