/* What differs between a guest as declared and as it lives, and what makes it equal. */
#pragma once

#include "plan/firewall.h"

struct plan_resize {
	struct phx_str slot;
	uint64_t bytes;
};
struct plan_move {
	struct phx_str slot, storage;
};

struct plan_update {
	struct plan_entries config; /* one config call */
	struct {
		struct plan_resize *v;
		uint32_t n, cap;
	} resizes;
	struct {
		struct plan_move *v;
		uint32_t n, cap;
	} moves;
	struct {
		struct phx_str *v;
		uint32_t n, cap;
	} unlinks; /* volumes destroyed, with leave */
	struct {
		const struct phx_snapshot_decl **v;
		uint32_t n, cap;
	} snapshots;
	struct plan_firewall firewall;
	bool firewall_changed;
	bool pool_changed;
	struct phx_str description; /* whole, when it is to be written */
	bool to_template, start, stop;
	bool forgets; /* the marker is written anew for what left the configuration alone */
	struct phx_str migrate_to;
	uint8_t effect; /* worst */
	bool restart;   /* some value waits for one */
	bool offline;   /* the config call waits until the guest is stopped */
};

/* One guest's comparison under way. */
struct plan_diff {
	struct plan *p;
	struct plan_item *it;
	const struct phx_guest *g;
	const struct phx_live_guest *live;
	struct plan_update *u;
	struct phx_change *c; /* made at the first difference */
};

struct phx_attr_change *plan_diff_attr(struct plan_diff *d, struct phx_str path, struct phx_str before,
				       struct phx_str after, struct phx_span span);
struct plan_entry *plan_diff_set(struct plan_diff *d, struct phx_str key, struct phx_str value);
void plan_diff_remove(struct plan_diff *d, struct phx_str key);
/* What changing `key` does to the guest as it is now; the attribute is told, with the reason. */
void plan_diff_effect(struct plan_diff *d, struct phx_attr_change *a, const struct phx_option *o,
		      struct phx_str key, struct phx_str wanted);
/* The attribute's effect, and with it the guest's; what it calls for is the caller's business. */
void plan_diff_worse(struct plan_diff *d, struct phx_attr_change *a, enum phx_effect e);
bool plan_ignored(const struct phx_guest *g, struct phx_str path);
/* The value in force now; differs from the config while a change is pending. */
struct phx_str plan_value_now(const struct phx_live_guest *live, struct phx_str key, bool *out_pending);
/* Property strings key by key: attributes `PATH.KEY`, for what `wanted` gives. */
void plan_diff_props(struct plan_diff *d, struct phx_str path, const struct phx_option *o, struct phx_str key,
		     struct phx_str before, struct phx_str wanted, struct phx_span span);
/* Set already, but it waits for a restart. */
void plan_diff_pending(struct plan_diff *d, struct phx_str path, const struct phx_option *o,
		       struct phx_str key, struct phx_str now, struct phx_str wanted, struct phx_span span);

void plan_diff_settings(struct plan_diff *d);
void plan_diff_cloud_init(struct plan_diff *d); /* diff_cloud_init.c: `cicustom` */
void plan_diff_volumes(struct plan_diff *d);    /* diff_volume.c */
void plan_diff_nics(struct plan_diff *d);       /* diff_nic.c */
void plan_diff_firewall(struct plan_diff *d);   /* diff_firewall.c */
void plan_diff_identity(struct plan_diff *d);   /* diff_identity.c: name, tags, notes, pool, marker */
void plan_diff_steps(struct plan_diff *d);      /* diff_steps.c: what is done inside; last of all */
void plan_diff_state(struct plan_diff *d);      /* diff_identity.c: power, node, template, snapshots */
