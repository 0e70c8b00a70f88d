/* Proxmox's workers: each is a job that runs in steps along simulated time. A step does its effect and says how long until the
 * next; what it must remember is in `ctx`, which is stored, so that a task survives an orderly restart of the simulator. After a
 * power loss nothing of a task runs any more: what its steps did stays as it is. */
#pragma once

#include "backend/sim/lock.h"
#include "backend/sim/request.h"

#define PHX_SIM_DONE    ((int64_t)-1)
#define PHX_SIM_FAILED  ((int64_t)-2) /* with the text in w->error */
#define PHX_SIM_BLOCKED ((int64_t)-3) /* waits for a lock: the same step comes again */

struct phx_sim_worker {
	struct phx_sim_worker *next;
	struct phx_sim *sim;
	struct phx_arena arena; /* as long as the task */
	const char *upid, *node;
	const struct phx_sim_job *job;
	json_t *doc; /* stored: job, step, ctx */
	json_t *ctx; /* in doc */
	int step;
	int warnings;
	struct phx_sim_locker locker;
	struct phx_sim_event *timer;
	struct phx_buf error;
	const char *doom;                /* a fault: the task will fail with this exit status */
	struct phx_sim_request *watcher; /* a request that waits for the end */
	bool running;                    /* a step is being run */
};

struct phx_sim_job {
	const char *name; /* unique; in the stored state */
	int64_t (*step)(struct phx_sim_worker *w);
	void (*undo)(
		struct phx_sim_worker *
			w); /* tidies up after an abort or a failure; may set w->error; NULL: nothing to do */
};

/* Forks a worker for a request: type and id go into the UPID; ctx is taken over. Runs its first step. The UPID (in the request's arena)
 * is valid even when the task has ended already. */
const char *phx_sim_task_start(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type,
			       const char *id, json_t *ctx);
/* As phx_sim_task_start, and answers with the UPID. */
void phx_sim_task_answer(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type,
			 int64_t vmid, json_t *ctx);
/* A task of the node itself (start of guests after boot). */
const char *phx_sim_task_system(struct phx_sim *s, const char *node, const struct phx_sim_job *job,
				const char *type, const char *id, json_t *ctx);
/* Waits until the task has ended, at most `seconds`; true: it has. False: the request waits and its handler comes again. Only right after the start. */
bool phx_sim_task_await(struct phx_sim_request *r, const char *upid, int64_t seconds);
struct phx_sim_worker *phx_sim_task_worker(struct phx_sim *s, const char *upid); /* NULL: not running */
void phx_sim_task_log(struct phx_sim_worker *w, const char *fmt, ...) PHX_PRINTF(2, 3);
void phx_sim_task_warn(struct phx_sim_worker *w, const char *fmt, ...) PHX_PRINTF(2, 3);
int64_t phx_sim_task_fail(struct phx_sim_worker *w, const char *fmt, ...)
	PHX_PRINTF(2, 3); /* returns PHX_SIM_FAILED */
/* The guest's config lock for a worker; after PHX_SIM_LOCK_TIMEOUT the error is set. */
enum phx_sim_lock_result phx_sim_task_lock(struct phx_sim_worker *w, int64_t vmid, bool vm);
/* `VM is locked (backup)`, logged; returns PHX_SIM_FAILED. */
int64_t phx_sim_task_locked(struct phx_sim_worker *w, const json_t *guest);
/* Runs a worker on, when what it waited for is there. */
void phx_sim_task_resume(struct phx_sim_worker *w);
/* DELETE of a task. */
void phx_sim_task_abort(struct phx_sim_worker *w);
/* All tasks of a node (NULL: of all) die where they are. */
void phx_sim_task_power_loss(struct phx_sim *s, const char *node);
/* After opening: tasks go on (clean end) or are dead (power loss). */
void phx_sim_task_recover(struct phx_sim *s, bool clean);
void phx_sim_task_close(struct phx_sim *s);

extern const struct phx_sim_job *const phx_sim_jobs[]; /* NULL-terminated */
