/* The lock of a stack against two applies at once: a pool `phx-lock-STACK`. Creating a pool is atomic on the whole cluster
 * (concurrency.json, "6 creations of one pool at once"), and its comment says who holds it. In the plan the two calls are actions
 * like all others: POST /pools {poolid, comment} (PHX_OP_LOCK, `later` = PHX_LATER_HOLDER, needs nothing, every other action needs it) and
 * DELETE /pools/phx-lock-STACK (PHX_OP_UNLOCK, needs the last ones; apply runs it at the end also when some of them failed). */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct phx_params;

/* Stands in the plan for the comment, which is known only when the lock is taken. */
#define PHX_STACK_LOCK_WHO PHX_STR("(who and when)")

/* "phx-lock-STACK" */
struct phx_str phx_stack_lock_pool(struct phx_arena *a, struct phx_str stack);
/* A pool of this name is some stack's lock. */
bool phx_stack_lock_is(struct phx_str pool);
/* Method POST, path "/pools": parameters poolid and comment (PHX_STACK_LOCK_WHO). */
void phx_stack_lock_params(struct phx_arena *a, struct phx_str stack, struct phx_params *out);
/* Method DELETE (and GET): "/pools/phx-lock-STACK", no parameters. */
struct phx_str phx_stack_lock_path(struct phx_arena *a, struct phx_str stack);

/* Who holds it; strings in an arena. */
struct phx_stack_holder {
	struct phx_str who; /* credentials: root@pam!phx */
	struct phx_str host;
	struct phx_str machine; /* tells machines (and pid namespaces) of one name apart */
	struct phx_str boot;    /* of the machine */
	uint64_t pid, ticks;    /* ticks: start of the process since boot, as pids are used again */
	struct phx_str started; /* 2026-11-20T12:00:00Z */
	struct phx_str run;     /* random, of this run */
};
/* This process. `now_ms` since 1970. */
struct phx_stack_holder phx_stack_holder_self(struct phx_arena *a, struct phx_str who, uint64_t now_ms);
struct phx_str phx_stack_holder_print(struct phx_arena *a, const struct phx_stack_holder *h);
PHX_MUST_USE bool phx_stack_holder_read(struct phx_arena *a, struct phx_str comment,
					struct phx_stack_holder *out);

enum phx_holder_state {
	PHX_HOLDER_SELF,
	PHX_HOLDER_ALIVE,
	PHX_HOLDER_DEAD,
	PHX_HOLDER_ELSEWHERE /* another machine: cannot be told */
};
enum phx_holder_state phx_stack_holder_state(const struct phx_stack_holder *holder,
					     const struct phx_stack_holder *self);
/* "root@pam!phx on deimos, pid 4711, since 2026-11-20T12:00:00Z" */
struct phx_str phx_stack_holder_text(struct phx_arena *a, const struct phx_stack_holder *h);
