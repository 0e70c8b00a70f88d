/* Plans for tests: a configuration in model_text's notation, a cluster in memory, and carrying plans out on it. */
#pragma once

#include "model_text.h"
#include "observe/observe_priv.h"
#include "plan/plan.h"

struct lab {
	struct world w;
	struct phx_plan_options how;
	struct phx_snapshot *s;
	struct phx_err err;
};

/* The configuration is of stack "lab"; the cluster is empty but for node `pve` with storages `local` (everything) and `ssd` (disks). */
void lab_open(struct lab *l, const char *text);
void lab_close(struct lab *l);
/* Another configuration for the same cluster, as after an edit. */
void lab_edit(struct lab *l, const char *text);
/* A guest that was made by somebody: `config` is "key: value" lines. */
struct phx_live_guest *lab_live(struct lab *l, uint64_t id, bool is_vm, bool running, const char *config);
/* As lab_live, but settles nothing: whoever makes many does that once, after the last. */
struct phx_live_guest *lab_raw(struct lab *l, uint64_t id, bool is_vm, bool running, const char *config);
void lab_volume(struct lab *l, const char *volid, const char *content);
/* Everything that follows from the guests' configurations; after any change by hand. */
void lab_settle(struct lab *l);
const struct phx_live_guest *lab_guest(const struct lab *l, uint64_t id);
/* Value of a guest's option; "" when absent. */
const char *lab_value(struct lab *l, uint64_t id, const char *key);
void lab_put(struct lab *l, struct phx_live_guest *g, struct phx_str key,
	     struct phx_str value); /* empty: removes */

/* NULL when refused (the bag says why). */
struct phx_plan *lab_plan(struct lab *l);
/* As lab_plan; the test fails with what the bag says when it is refused. */
struct phx_plan *lab_good_plan(struct lab *l);
/* Carries out the first n actions as Proxmox would (plan_cluster.c). */
void lab_apply(struct lab *l, const struct phx_plan *p, uint32_t n);
/* The stack's lock, left by a killed run, is taken over. */
void lab_unlock(struct lab *l);
/* Plans, carries out everything, and requires that nothing is left to do. */
void lab_converge(struct lab *l);

const struct phx_change *lab_change(const struct phx_plan *p, const char *address);
const struct phx_attr_change *lab_attr(const struct phx_change *c, const char *path);
/* The nth (from 0) action of an op for a guest (0: any); NULL: none. */
const struct phx_action *lab_action(const struct phx_plan *p, uint64_t guest, enum phx_action_op op,
				    uint32_t nth);
uint32_t lab_count(const struct phx_plan *p, uint64_t guest, enum phx_action_op op);
const char *lab_param(struct lab *l, const struct phx_action *a, const char *name); /* NULL: absent */
/* Must `a` have ended before `b` begins? Through any number of others. */
bool lab_before(const struct phx_plan *p, const struct phx_action *a, const struct phx_action *b);
/* The text report, and the JSON. In the lab's arena. */
const char *lab_text(struct lab *l, const struct phx_plan *p);
const char *lab_json(struct lab *l, const struct phx_plan *p, bool as_file);
/* The only error of the last plan is this one. */
bool lab_refused(struct lab *l, const char *code);
