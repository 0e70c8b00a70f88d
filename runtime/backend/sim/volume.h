/* Storages and the volumes on them. A volume's document: volid, storage, node (local storages), content, format, size, used, vmid,
 * ctime, base (of a linked clone), os (what system is on it), sha256, notes, protected. */
#pragma once

#include "backend/sim/sim_priv.h"

json_t *phx_sim_storage(struct phx_sim *s, const char *id);  /* NULL: none */
bool phx_sim_storage_on(const json_t *st, const char *node); /* enabled and reachable from the node */
bool phx_sim_storage_holds(const json_t *st, const char *content);
bool phx_sim_storage_is_file(const json_t *st); /* volumes are files: dir, nfs, cifs, btrfs, … */
bool phx_sim_storage_shared(const json_t *st);
uint64_t phx_sim_storage_total(const json_t *st);
uint64_t phx_sim_storage_used(const json_t *st, const char *node);
/* Path on the node of a volume name ("iso/x.iso", "100/vm-100-disk-0.raw"). */
const char *phx_sim_storage_path(struct phx_arena *a, const json_t *st, const char *name);

/* "local:100/x.raw" → storage id; the name behind the colon. NULL: no volume id. */
const char *phx_sim_volid_storage(struct phx_arena *a, const char *volid);
const char *phx_sim_volid_name(const char *volid);
int64_t phx_sim_volid_owner(const char *volid); /* guest id in the name, 0: none */

json_t *phx_sim_vol(struct phx_sim *s, const char *node, const char *volid); /* NULL: does not exist */
uint64_t phx_sim_vol_size(const json_t *vol);

struct phx_sim_vol_request {
	const char *storage, *node;
	int64_t vmid;
	const char *format;   /* NULL: the storage's own */
	const char *name;     /* "cloudinit", "state-x"; NULL: disk-N */
	const char *filename; /* a whole name instead */
	const char *content;  /* NULL: images */
	const char *base;     /* volid of the base of a linked clone */
	const json_t *os;     /* NULL: empty */
	bool subvol;
	uint64_t size, used;
};

/* Makes a volume; its volid in `a`. NULL with `why` when there is no room. */
const char *phx_sim_vol_make(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			     struct phx_buf *why);
/* A plain file (iso, vztmpl, import, backup) under its whole volid. */
bool phx_sim_vol_store_file(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			    const char *volid, struct phx_buf *why);
/* False with `why`: linked clones use it. A missing volume is fine. */
bool phx_sim_vol_free(struct phx_sim *s, const char *node, const char *volid, struct phx_buf *why);
void phx_sim_vol_grow(struct phx_sim *s, json_t *vol, uint64_t size);
/* The volume gets another name (template conversion, reassignment to another guest). Returns the new volid. */
const char *phx_sim_vol_rename(struct phx_sim *s, struct phx_arena *a, const char *node, const char *volid,
			       int64_t vmid, const char *prefix);
/* Every volume that bears the guest's id, on all storages of the node, bases in use excepted. */
void phx_sim_vol_free_owned(struct phx_sim *s, const char *node, int64_t vmid);
/* A volume of a local storage goes to another node, under its name. */
void phx_sim_vol_to_node(struct phx_sim *s, const char *node, const char *volid, const char *target);
bool phx_sim_vol_in_use_as_base(struct phx_sim *s, const char *node, const char *volid);
void phx_sim_vol_dirty(struct phx_sim *s, const json_t *vol);
/* Whether the storage can make linked clones and snapshots of such a volume. */
bool phx_sim_vol_can_link(const json_t *st, const json_t *vol);
bool phx_sim_vol_can_snapshot(const json_t *st, const json_t *vol);
bool phx_sim_vol_is_base(const char *volid);
/* Frees what a guest owns but does not name in its configuration. */
const char *phx_sim_format_of(const char *filename); /* by the extension; "raw" otherwise */
