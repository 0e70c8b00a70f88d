/* Which action next: the one with the longest way to the end among those whose needs are done and whose locks are free. Knows
 * no clock and no cluster. Every lock of an action is taken at once, so that nothing can wait in a circle. */
#pragma once

#include "plan/plan.h"

struct phx_schedule;

enum phx_schedule_state {
	PHX_SCHED_WAITING, /* for its needs */
	PHX_SCHED_READY,   /* for a place or a lock */
	PHX_SCHED_RUNNING,
	PHX_SCHED_DONE,
	PHX_SCHED_FAILED,
	PHX_SCHED_SKIPPED, /* needs one that failed */
};

/* `parallel` actions at once; waits do not count. Needs that name no action of the plan are a bug in phx. */
struct phx_schedule *phx_schedule_new(const struct phx_plan *plan, uint32_t parallel,
				      struct phx_arena *arena);
/* The next to start, now running; false when nothing can start. PHX_OP_UNLOCK is never returned: its time is when all is over. */
PHX_MUST_USE bool phx_schedule_next(struct phx_schedule *s, uint32_t *out_index);
/* Its locks are free again. When it failed, what needs it is skipped (told through `skipped`, in order of ids). */
void phx_schedule_ended(struct phx_schedule *s, uint32_t index, bool ok,
			void (*skipped)(void *user, uint32_t index, uint32_t because), void *user);
enum phx_schedule_state phx_schedule_state(const struct phx_schedule *s, uint32_t index);
uint32_t phx_schedule_running(const struct phx_schedule *s);
/* Usual duration (plan/cost.h) of the longest way from the beginning of this action to the end. */
uint64_t phx_schedule_rank(const struct phx_schedule *s, uint32_t index);
