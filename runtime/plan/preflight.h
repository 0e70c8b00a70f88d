/* What is known of a plan before anything is sent: whether it may be done, whether the cluster can hold it, and how long it
 * will take. From the finished plan and, where there is a cluster, from a few more reads (observe/facts.h), which are made only
 * when there is something to do. */
#pragma once

#include "observe/facts.h"
#include "plan/plan.h"

struct phx_preflight_options {
	const struct phx_facts *facts; /* NULL: no cluster was asked */
	struct phx_str identity;       /* whose privileges they are; empty: nobody's */
	uint32_t parallel;             /* 0: 8, as apply has it */
};

/* What has to be read for this plan. */
void phx_preflight_wants(const struct phx_plan *p, struct phx_arena *a, struct phx_fact_wants *out);
/* Fills p->estimate, p->capacity and p->permissions. False: it may not be done: errors are in the plan's bag, p->refused is
 * set, and it has no actions any more. */
PHX_MUST_USE bool phx_preflight(struct phx_plan *p, const struct phx_preflight_options *o);

/* `phx plan --permissions`: what an identity needs for this configuration, from a plan that builds all of it (offline). */
struct phx_role {
	struct phx_str name;
	PHX_VEC(struct phx_str) privileges; /* sorted */
	PHX_VEC(struct phx_str) paths;      /* sorted */
};
struct phx_roles {
	PHX_VEC(struct phx_role) v;
	bool root; /* some of it only root@pam itself may do */
};
PHX_MUST_USE bool phx_plan_roles(const struct phx_plan *p, struct phx_arena *a, struct phx_roles *out,
				 struct phx_err *err);

/* --- the parts: what is in p afterwards --- */

enum phx_estimate_from { PHX_EST_USUAL, PHX_EST_SIZE, PHX_EST_TASKS };

struct phx_downtime {
	struct phx_str address;
	uint64_t ms;
};

struct phx_estimate {
	uint64_t *ms, *start_ms; /* of each action, by index; milliseconds since the beginning */
	uint8_t *from;           /* enum phx_estimate_from, by index */
	uint64_t makespan_ms;
	PHX_VEC(uint32_t) critical; /* ids of actions: each could begin when the one before had ended */
	PHX_VEC(struct phx_downtime) downtime; /* of guests that run now and are down in between */
	uint32_t count[3];                     /* actions by where their duration is from */
};

enum phx_capacity_kind { PHX_CAP_MEMORY, PHX_CAP_CORES, PHX_CAP_STORAGE };

/* One thing that the plan takes from. Bytes; cores are counted. */
struct phx_capacity_row {
	uint8_t kind; /* enum phx_capacity_kind */
	bool thin;    /* storage: what is promised may be more than there is */
	bool over;    /* more than the limit, and more than before */
	struct phx_str node, storage, type;
	uint64_t before, after; /* promised to guests: those that run; for storages all */
	uint64_t used;          /* storages: really in use now */
	uint64_t physical;
	uint64_t limit;
};
struct phx_capacity {
	PHX_VEC(struct phx_capacity_row) rows; /* by node, kind, storage */
};

struct phx_missing {
	struct phx_str path, privileges; /* "A|B": one of them */
	struct phx_str role;             /* the smallest built-in one that has it */
	PHX_VEC(struct phx_str) addresses;
};
struct phx_permissions {
	bool checked; /* against an identity */
	struct phx_str identity;
	uint32_t needed; /* pairs of path and privilege */
	PHX_VEC(struct phx_missing) missing;
};
