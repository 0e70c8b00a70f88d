/* Shared by the parts of the preflight. */
#pragma once

#include "model/access.h"
#include "plan/preflight.h"

/* A disk of a guest as the plan leaves it. */
struct pre_disk {
	struct phx_str slot, storage;
	uint64_t bytes;        /* 0: not known */
	bool shares;           /* a linked clone's: it takes its base's space */
	struct phx_str format; /* "raw", "qcow2"; empty: not known */
};
struct pre_guest {
	uint64_t id;
	struct phx_str node;
	bool is_vm, gone, runs, ran;
	uint64_t memory, cores, memory_before, cores_before; /* bytes, virtual processors */
	const struct phx_live_guest *live;                   /* NULL: not there now */
	const struct phx_guest *wanted;                      /* NULL: not of the configuration */
	PHX_VEC(struct pre_disk) disks;
};
/* What each storage gains and loses; per node, or once where it is shared. */
struct pre_storage {
	const struct phx_live_storage *s;
	uint64_t gained, lost;
};

struct preflight {
	struct phx_plan *p;
	const struct phx_preflight_options *o;
	struct phx_arena *a;                /* the plan's */
	struct phx_arena *scratch;          /* what ends with the preflight */
	PHX_VEC(struct pre_guest *) guests; /* that the plan touches, and sources of clones */
	struct phx_map by_id;               /* by the bytes of their ids */
	struct pre_guest *last;             /* that was asked for */
	PHX_VEC(struct pre_storage) storages;
	uint64_t *bytes; /* by action: how much it copies; 0: nothing, or not known */
	bool *sized;     /* by action */
};

struct phx_str pre_param(const struct phx_action *a, const char *name);
const struct phx_guest *pre_wanted(const struct phx_change *c); /* NULL: no guest of the configuration */
/* Follows the actions: guests, disks, storages, what is copied. */
void pre_follow(struct preflight *f);
/* Is it one of those that the plan touches? */
bool pre_touches(const struct preflight *f, uint64_t id);
void pre_estimate(struct preflight *f);
void pre_capacity(struct preflight *f);
void pre_permissions(struct preflight *f);
void pre_bridges(struct preflight *f);
void pre_images(struct preflight *f);
void pre_names(struct preflight *f);
/* preflight_files.c: volumes that are named, OS templates to be fetched, and whether disks can have snapshots. */
void pre_want_files(struct preflight *f, struct phx_fact_wants *w);
void pre_files(struct preflight *f);
void pre_snapshots(struct preflight *f);
const struct pre_guest *pre_guest_of(struct preflight *f, uint64_t id); /* as the plan leaves it */
bool pre_is_disk_key(struct phx_str key);
bool pre_is_thin(struct phx_str type);
const struct phx_live_storage *pre_storage(const struct phx_plan *p, struct phx_str node, struct phx_str id);
/* Needs of everything that the plan sends; `needs->by` of each is the action's id. */
bool pre_needs(const struct phx_plan *p, struct phx_arena *a, const struct phx_grants *grants,
	       struct phx_needs *out, struct phx_err *err);
