/* Carries a plan out: as many actions at once as dependencies, Proxmox's locks and --parallel allow, each journalled, each
 * waited for by its task, each checked afterwards. Nothing is sent that the plan does not say, and nothing is sent twice
 * blindly: a lost reply is read first. */
#pragma once

#include <signal.h>
#include <stdio.h>

#include "apply/journal.h"
#include "plan/plan.h"

/* What became of one action. */
enum phx_outcome {
	PHX_OUT_LEFT, /* not started: the run ended before (interrupt, --fail-fast, deadline) */
	PHX_OUT_DONE,
	PHX_OUT_ALREADY, /* found to be so after a lost reply, or by a task that somebody had started: not sent again */
	PHX_OUT_FAILED,
	PHX_OUT_SKIPPED, /* it needs one that failed */
	PHX_OUT_UNKNOWN, /* left running by a second interrupt; the next apply finds out */
	PHX_OUT_COUNT
};
const char *phx_outcome_name(enum phx_outcome o); /* "done", "failed", … */

/* Strings are in the arena of phx_apply_run. Times are milliseconds since the run began. */
struct phx_action_result {
	uint8_t outcome; /* enum phx_outcome */
	bool warned;     /* done, but `message` says what to look at */
	uint64_t started_ms, ended_ms;
	uint32_t attempts;   /* calls sent; more than one after lock timeouts or refused connections */
	struct phx_str upid; /* its task, empty: none */
	enum phx_err_kind kind;
	struct phx_str message, hint; /* Proxmox's message; what to type next */
	struct phx_str log;           /* the last lines of the task's log, or of the step's output */
	struct phx_str
		log_file; /* all the output of a step inside a guest, on this machine; empty: not kept */
	struct phx_str guest_log; /* … in the guest */
	bool log_short;           /* … and there only its end: it was too much */
	bool log_lost;            /* there may be more of it in the guest: the way broke */
	uint64_t log_left_out;    /* bytes that are in the guest's only, since there were too many */
	uint32_t because;         /* SKIPPED: id of the failed action */
};

struct phx_apply_result {
	struct phx_action_result *actions; /* plan->actions.n, by index (id - 1) */
	uint32_t count[PHX_OUT_COUNT];
	uint64_t elapsed_ms;
	bool interrupted, timed_out;
	int exit_code; /* 0 done, 1 nothing was done (the lock is held, …), 5 failed in part, 130 interrupted */
};

enum phx_event_kind {
	PHX_EV_BEGIN,     /* plan is set */
	PHX_EV_START,     /* an action begins */
	PHX_EV_TASK,      /* its task is known: text = UPID */
	PHX_EV_PROGRESS,  /* text: what it waits for, or the newest line of its task's log */
	PHX_EV_RETRY,     /* text: why and when again */
	PHX_EV_WARNING,   /* text; the action goes on or is done */
	PHX_EV_OUTPUT,    /* text: output that is kept (`cloud-init status --long`), or new lines of a step */
	PHX_EV_FINISH,    /* result is set */
	PHX_EV_INTERRUPT, /* text: what happens now */
	PHX_EV_END,       /* run is set */
};

struct phx_event {
	enum phx_event_kind kind;
	uint64_t at_ms; /* since the run began */
	const struct phx_plan *plan;
	const struct phx_action *action;        /* NULL: about the whole run */
	const struct phx_action_result *result; /* FINISH */
	const struct phx_apply_result *run;     /* END */
	struct phx_str text;                    /* printable, secrets masked */
	uint32_t finished, total;               /* actions */
};

/* Whoever wants to know: progress on a terminal, plain lines, report formats. `tick` comes about ten times a second while waiting. */
struct phx_listener {
	void (*event)(void *user, const struct phx_event *e);
	void (*tick)(void *user, uint64_t at_ms); /* may be NULL */
	void *user;
};

struct phx_apply_options {
	uint32_t parallel; /* actions at once, 0 = 8; waits for guests and steps inside them do not count */
	bool fail_fast;    /* after the first failure nothing new is started */
	uint64_t
		timeout_ms; /* for the whole run, 0 = none: then nothing new is started, what runs is finished */
	uint64_t lock_wait_ms;       /* how long a lock held by somebody else is waited for, 0 = 120 s */
	struct phx_journal *journal; /* NULL: none */
	struct phx_str
		logs; /* directory for the output of steps inside guests, made when needed; empty: not kept */
	const struct phx_secrets *secrets; /* masked in everything that leaves; may be NULL */
	int wake_fd; /* readable when `interrupts` has changed (self-pipe; drained by phx_apply_run); -1: none */
	const volatile sig_atomic_t *interrupts; /* how many so far; NULL: none */
	const struct phx_listener *listeners;
	uint32_t nlisteners;
};

/* Runs the plan. The result is in `arena` and complete also when things failed; nothing is printed but through the listeners. */
struct phx_apply_result *phx_apply_run(const struct phx_plan *plan, struct phx_writer *writer,
				       const struct phx_apply_options *options, struct phx_arena *arena);

/* What to type next. */
struct phx_apply_next {
	struct phx_str again; /* the command that does the rest; empty: `phx apply` */
	struct phx_str
		force; /* the one that switches off guests that did not shut down in time; empty: none does */
};

/* The text after a run: per failed action its address, what it did, Proxmox's message, the task's last lines, where in the
 * source it stands, what to type next; then one summary line. */
void phx_apply_report(const struct phx_plan *plan, const struct phx_apply_result *result,
		      const struct phx_apply_next *next, bool colour, struct phx_buf *out);

/* Progress: a live tree redrawn in place on a terminal, else one plain line an event. Close ends the tree. */
struct phx_progress;
struct phx_progress_options {
	FILE *out;
	bool tty, colour, quiet; /* quiet: failures and warnings only */
	bool verbose;            /* without a terminal, what steps print too */
	uint32_t width, height;  /* 0: asked from the terminal, again after each change of its size */
};
struct phx_progress *phx_progress_open(const struct phx_progress_options *o,
				       struct phx_listener *out_listener);
void phx_progress_close(struct phx_progress *p);
/* A line that belongs to no action, printed without disturbing the tree; printable text, secrets masked. */
void phx_progress_note(struct phx_progress *p, struct phx_str text);

/* `phx unlock`: takes the stack's lock off. *out_holder (in `arena`) says who held it. PHX_ERR_MISSING: nobody did. A holder
 * that is alive on this machine is left alone (PHX_ERR_LOCKED) unless `force`. */
PHX_MUST_USE bool phx_unlock(struct phx_writer *w, struct phx_str stack, bool force, struct phx_arena *arena,
			     struct phx_str *out_holder, struct phx_err *err);
/* Takes the stack's lock off when its holder was a run on this machine that is dead; any other stays. *out_holder (in `arena`):
 * who it was, empty when nothing was taken off. */
PHX_MUST_USE bool phx_unlock_dead(struct phx_writer *w, struct phx_str stack, struct phx_arena *arena,
				  struct phx_str *out_holder, struct phx_err *err);

/* Tasks of an earlier run that are still at work (journal: intents with a UPID and no result) are waited for, so that the plan
 * made next sees their outcome. `waiting` is told what is waited for; *interrupts > 0 ends the wait (PHX_ERR_INTERRUPTED). */
PHX_MUST_USE bool phx_apply_resume(struct phx_reader *r, const char *journal_path,
				   void (*waiting)(void *user, struct phx_str text), void *user,
				   const volatile sig_atomic_t *interrupts, struct phx_err *err);
