/* Guest configuration locks (Proxmox's flock on lock-ID.conf): one holder, others wait up to ten seconds. */
#pragma once

#include "backend/sim/sim_priv.h"

#define PHX_SIM_LOCKS_MAX 2 /* a reassigned disk takes two guests */

/* Somebody who takes locks: a task or a request. `resume` is called when a lock it waited for is there, or its time is over. */
struct phx_sim_locker {
	int64_t held[PHX_SIM_LOCKS_MAX]; /* guest ids, 0 = free place */
	int64_t wanted;                  /* 0: does not wait */
	int64_t timed_out;               /* guest id whose lock did not come */
	struct phx_sim_event *deadline;
	struct phx_sim_locker *next; /* in the queue of waiters */
	const char *who;             /* UPID or "METHOD path", for the log */
	void (*resume)(struct phx_sim *s, struct phx_sim_locker *l);
};

enum phx_sim_lock_result { PHX_SIM_LOCK_HELD, PHX_SIM_LOCK_WAIT, PHX_SIM_LOCK_TIMEOUT };

bool phx_sim_locks_open(struct phx_sim *s);
void phx_sim_locks_close(struct phx_sim *s);
/* Takes the lock of a guest, or queues for it: then `resume` comes, and the caller asks again. */
enum phx_sim_lock_result phx_sim_lock(struct phx_sim *s, struct phx_sim_locker *l, int64_t vmid);
/* Gives all locks back, leaves the queue. */
void phx_sim_unlock(struct phx_sim *s, struct phx_sim_locker *l);
/* Leaves the queue without the lock. */
void phx_sim_lock_leave(struct phx_sim *s, struct phx_sim_locker *l);
/* Whether somebody else holds it. */
bool phx_sim_lock_busy(struct phx_sim *s, const struct phx_sim_locker *l, int64_t vmid);
