/* Guest configuration locks (Proxmox's flock on lock-ID.conf): one holder, others wait up to ten seconds. */
#pragma once

#include "backend/sim/sim_priv.h"

#define SIM_LOCKS_MAX 2 /* a reassigned disk takes two guests */

/* Somebody who takes locks: a task or a request. `resume` is called when a lock it waited for is there, or its time is over. */
struct sim_locker {
	int64_t held[SIM_LOCKS_MAX]; /* guest ids, 0 = free place */
	int64_t wanted;              /* 0: does not wait */
	int64_t timed_out;           /* guest id whose lock did not come */
	struct sim_event *deadline;
	struct sim_locker *next; /* in the queue of waiters */
	const char *who;         /* UPID or "METHOD path", for the log */
	void (*resume)(struct phx_sim *s, struct sim_locker *l);
};

enum sim_lock_result { SIM_LOCK_HELD, SIM_LOCK_WAIT, SIM_LOCK_TIMEOUT };

bool sim_locks_open(struct phx_sim *s);
void sim_locks_close(struct phx_sim *s);
/* Takes the lock of a guest, or queues for it: then `resume` comes, and the caller asks again. */
enum sim_lock_result sim_lock(struct phx_sim *s, struct sim_locker *l, int64_t vmid);
/* Gives all locks back, leaves the queue. */
void sim_unlock(struct phx_sim *s, struct sim_locker *l);
/* Leaves the queue without the lock. */
void sim_lock_leave(struct phx_sim *s, struct sim_locker *l);
/* Whether somebody else holds it. */
bool sim_lock_busy(struct phx_sim *s, const struct sim_locker *l, int64_t vmid);
