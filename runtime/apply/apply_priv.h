/* Inside apply/ only: a run, and its jobs. A job is one action at work: a chain of requests and pauses, never more than one
 * request at a time, driven by answers and by the clock. */
#pragma once

#include "apply/apply.h"
#include "backend/task.h"
#include "model/option.h"
#include "plan/schedule.h"
#include "plan/stack_lock.h"

struct phx_job;
struct phx_channel;
struct phx_guest_step;

enum phx_stop {
	PHX_STOP_NOT,
	PHX_STOP_SOON, /* nothing new is started */
	PHX_STOP_NOW,  /* what runs is left alone */
};

struct phx_run {
	const struct phx_plan *plan;
	const struct phx_apply_options *o;
	struct phx_writer *writer;
	struct phx_reader *reader;
	struct phx_backend *backend;
	struct phx_arena *arena;
	struct phx_apply_result *result;
	struct phx_schedule *schedule;
	struct phx_job *jobs;  /* at work */
	struct phx_job *spare; /* to be used again */
	uint64_t began, ticked;
	uint32_t finished;
	uint32_t seen_interrupts;
	enum phx_stop stop;
	bool over; /* answers that still come are thrown away */
	bool lock_held, lock_failed;
	bool cut_off; /* the server cannot be reached any more */
	uint32_t in_flight;
	struct phx_channel *channel; /* into guests */
	uint32_t inside;             /* steps at work in them */
	uint64_t patience_ms;        /* with a server that cannot be reached */
	uint32_t pings,
		pings_max; /* questions to agents in flight: each that is not answered blocks the server for 3 s */
	bool ping_by_post; /* this server does not know GET …/agent/info */
	struct phx_stack_holder self;
	struct phx_options *options;
};

/* What reading the cluster says about an action. */
enum phx_verdict {
	PHX_VERDICT_YES,
	PHX_VERDICT_NO,
	PHX_VERDICT_BUSY,    /* half there: a task is at work on it, or was */
	PHX_VERDICT_UNKNOWN, /* could not be read: see `err` */
	PHX_VERDICT_NEVER,   /* this operation cannot be seen: doing it again does no harm */
};

struct phx_job {
	struct phx_job *next;
	struct phx_run *run;
	const struct phx_action *a;
	struct phx_action_result *res;
	struct phx_arena arena; /* strings of this job */
	bool asking;            /* a request is in flight */
	void (*then)(struct phx_job *j, struct phx_answer *answer);
	uint64_t wake_at; /* 0: no pause */
	void (*resume)(struct phx_job *j);
	struct phx_err err; /* scratch */
	/* the call */
	struct phx_params params;                 /* as sent: what was settled only now is filled in */
	uint64_t locked_since, unreachable_since; /* 0: not */
	uint32_t backoff;
	/* its task */
	struct phx_str upid;
	uint64_t task_since, task_moved, log_asked;
	uint32_t log_lines;
	bool warned, ended_badly;
	struct phx_str task_before; /* the newest of its type before the call (hidden tasks) */
	/* after a lost reply */
	bool lost, adopted;
	uint32_t negatives, dead, resent;
	bool active_seen;
	struct phx_str digest_before; /* of the firewall rules */
	uint64_t size_there;          /* of the image's file, when it was read; 0: not known */
	void (*judged)(struct phx_job *j, enum phx_verdict v);
	struct phx_buf why; /* of a NO, for people */
	/* waits */
	uint64_t wait_since, wait_until, told_at, again_ms;
	void (*again)(struct phx_job *j); /* what a word about the guest has put off */
	struct phx_buf seen;
	uint32_t stopped_seen;
	/* diagnose.c */
	struct phx_buf found;          /* lines */
	bool agent_off, agent_refused; /* by its configuration; by Proxmox, which knows how it was started */
	enum phx_err_kind fail_kind;
	struct phx_str fail_text, fail_hint;
	int64_t pid;
	int exit_code;
	/* a step inside the guest */
	struct phx_guest_step *step;
};

/* job.c: the means */
void phx_job_get(struct phx_job *j, struct phx_str path, const struct phx_params *params,
		 void (*then)(struct phx_job *j, struct phx_answer *answer));
void phx_job_send(struct phx_job *j, enum phx_method method, struct phx_str path,
		  const struct phx_params *params,
		  void (*then)(struct phx_job *j, struct phx_answer *answer));
void phx_job_sleep(struct phx_job *j, uint64_t ms, void (*resume)(struct phx_job *j));
void phx_job_say(struct phx_job *j, enum phx_event_kind kind, const char *fmt, ...) PHX_PRINTF(3, 4);
void phx_job_done(struct phx_job *j, enum phx_outcome outcome);
/* Fails with the error (which stays the caller's). */
void phx_job_fail(struct phx_job *j, const struct phx_err *err);
void phx_job_failf(struct phx_job *j, enum phx_err_kind kind, const char *hint, const char *fmt, ...)
	PHX_PRINTF(4, 5);
/* "/nodes/N/qemu/ID" + what, of the guest that the action is about. */
struct phx_str phx_job_guest_path(struct phx_job *j, const char *what);
struct phx_str phx_job_node(const struct phx_job *j); /* where the guest is (after it was made) */
const struct phx_param *phx_job_param(const struct phx_job *j,
				      const char *name); /* of the plan's; NULL: none */
uint64_t phx_job_jitter(const struct phx_job *j, uint64_t ms);

/* run.c */
void phx_run_emit(struct phx_run *r, enum phx_event_kind kind, struct phx_job *j, const struct phx_action *a,
		  struct phx_str text);
void phx_run_ended(struct phx_job *j, bool ok);

/* call.c */
void phx_call_begin(struct phx_job *j);
void phx_call_send(struct phx_job *j);
void phx_call_failed(struct phx_job *j, const struct phx_err *err);
void phx_call_verify(struct phx_job *j);
/* later.c: fills in what is known only now, then sends. */
void phx_later_begin(struct phx_job *j);
/* task.c */
void phx_job_watch(struct phx_job *j, struct phx_str upid);
void phx_job_find_hidden(struct phx_job *j);
/* The type of the task that an operation starts ("qmstart"), and the guest id in it; empty: none. */
struct phx_str phx_job_task_type(const struct phx_job *j);
struct phx_str phx_job_task_id(struct phx_job *j);
/* probe.c: a lost reply, a task that nobody knows any more. */
void phx_probe_begin(struct phx_job *j);
/* check.c: reads whether it is so; `judged` gets the verdict, `why` says what is not. */
void phx_check_begin(struct phx_job *j, void (*judged)(struct phx_job *j, enum phx_verdict v));
bool phx_check_after(const struct phx_action *a); /* worth reading after a success */
/* image.c: the file that shall be downloaded is there all at once. */
void phx_image_exists(struct phx_job *j, const struct phx_err *err);
/* check_config.c */
enum phx_verdict phx_check_config(struct phx_job *j, const json_t *config);
/* wait.c, wait_cloud_init.c, lock.c, host.c */
void phx_wait_begin(struct phx_job *j);
void phx_wait_again(struct phx_job *j, uint64_t ms, void (*resume)(struct phx_job *j));
void phx_wait_seen(struct phx_job *j, const struct phx_err *err);
void phx_wait_late(struct phx_job *j);
bool phx_wait_hopeless(struct phx_job *j, const struct phx_err *err); /* true: it was ended */
void phx_cloud_init_begin(struct phx_job *j);
/* Looks at the guest once more, and ends the wait with this error; what was seen goes into the result's log. */
void phx_diagnose(struct phx_job *j, enum phx_err_kind kind, struct phx_str text, struct phx_str hint);
void phx_lock_begin(struct phx_job *j);
void phx_unlock_begin(struct phx_job *j);
void phx_host_begin(struct phx_job *j);
/* step_log.c */
struct phx_step_log {
	int fd;                   /* -1: none */
	uint64_t bytes, left_out; /* that there were; that were too many */
	bool failed;
};
void phx_step_log_open(struct phx_job *j, struct phx_step_log *log); /* the file goes into the result */
void phx_step_log_write(struct phx_job *j, struct phx_step_log *log, struct phx_str text);
void phx_step_log_close(struct phx_step_log *log);
/* guest_step.c */
void phx_guest_step_begin(struct phx_job *j);
void phx_guest_step_free(struct phx_job *j);
