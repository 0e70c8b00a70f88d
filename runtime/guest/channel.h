/* Commands and files inside guests: the guest agent over the API or by `qm guest` for VMs, `pct exec` for containers; one
 * interface. Everything is asynchronous and is driven by phx_backend_run; no function here waits. */
#pragma once

#include "guest/work.h"

struct phx_channel;

/* `secrets` (may be NULL) are masked in what `output` and the ends show. The channel's memory is its own but for the arena's. */
struct phx_channel *phx_channel_open(struct phx_inside *i, struct phx_arena *a, const struct phx_secrets *s);
/* How long a server that cannot be reached is waited for; 5 minutes unless said. */
void phx_channel_patience(struct phx_channel *c, uint64_t ms);
/* What is in flight is forgotten: no `done` comes any more, and commands in guests run on. NULL is fine. */
void phx_channel_close(struct phx_channel *c);
/* Polls and deadlines that are due. Returns milliseconds until the next one, UINT64_MAX: none. Call it before each
 * phx_backend_run, and give that no longer than what it returns. */
uint64_t phx_channel_work(struct phx_channel *c);

/* How something in a guest ended. `err` NONE: it ran to its own end with `exit_code`, or `signal` ended it. */
struct phx_guest_end {
	struct phx_err err; /* of phx_guest_do: set for any end but exit code 0 */
	int exit_code;      /* -1: none */
	int signal;         /* 0: none */
	/* The last 64 KiB of each, bytes as the command wrote them; of a work `out` has both in their order. */
	struct phx_str out, err_out;
	bool cut;       /* `out` or `err_out` is not all of it */
	bool joined;    /* it was at work already, and was followed */
	bool lost;      /* it may be at work still: the way to it broke */
	bool flood;     /* it was ended for too much output, and of its log there only the end is kept */
	bool known;     /* `once`: it had ended well before, and was not repeated */
	uint32_t again; /* of a work: how often it was ended from outside, and run again from its beginning */
	uint64_t left_out;  /* bytes of output that never came, since there were too many at once */
	struct phx_str log; /* where the whole output is, in the guest; empty: nowhere */
	/* phx_guest_pull */
	struct phx_str bytes; /* content, when it was not written to a file */
	uint64_t size;
	unsigned mode;
};

struct phx_guest_watch {
	/* New output, as it comes (the agent's: every second; what was too fast is left out, and that is said, unless the run is `whole`).
	 * May be NULL. */
	void (*output)(void *user, bool is_stderr, struct phx_str bytes);
	/* What is seen while it takes long: "the guest agent does not answer". May be NULL. */
	void (*seen)(void *user, struct phx_str what);
	/* Exactly once, from phx_backend_run or phx_channel_work; `end` is the channel's and valid until it returns. */
	void (*done)(void *user, const struct phx_guest_end *end);
	void *user;
};

struct phx_guest_run {
	struct phx_guest_ref guest;
	uint8_t way;                /* enum phx_guest_way */
	const struct phx_str *argv; /* any bytes but NUL */
	uint32_t argc;
	const struct phx_param *env;
	uint32_t env_n;
	struct phx_str input; /* standard input, any bytes */
	uint64_t timeout_ms;  /* then it and its children are ended: PHX_ERR_TIMEOUT; 0: 30 minutes */
	uint64_t patience_ms; /* with a guest that does not answer; 0: 5 minutes */
	bool whole;           /* `output` gets all of its output, every byte of it */
};

struct phx_guest_push {
	struct phx_guest_ref guest;
	uint8_t way;
	struct phx_str path;    /* a local file, or … */
	struct phx_str content; /* … bytes */
	bool secret;
	struct phx_str
		to; /* absolute path in the guest; its directory must be there. Replaced by one rename */
	struct phx_str owner; /* "user", "user:group", "0:0"; empty: root:root */
	unsigned mode;        /* 0: 0644 */
	uint64_t timeout_ms;
};

struct phx_guest_pull {
	struct phx_guest_ref guest;
	uint8_t way;
	struct phx_str from;
	const char *
		to; /* local file, written at once when all is there and its checksum is right; NULL: `bytes` of the end */
	uint64_t timeout_ms;
};

/* All of them copy what they are given, and return a handle for phx_guest_cancel. */
uint64_t phx_guest_run(struct phx_channel *c, const struct phx_guest_run *run,
		       const struct phx_guest_watch *w);
uint64_t phx_guest_push(struct phx_channel *c, const struct phx_guest_push *push,
			const struct phx_guest_watch *w);
uint64_t phx_guest_pull(struct phx_channel *c, const struct phx_guest_pull *pull,
			const struct phx_guest_watch *w);
/* One look: does the guest take commands now? err says what was seen. */
uint64_t phx_guest_ready(struct phx_channel *c, const struct phx_guest_ref *guest, enum phx_guest_way way,
			 const struct phx_guest_watch *w);
uint64_t phx_guest_do(struct phx_channel *c, const struct phx_guest_ref *guest,
		      const struct phx_guest_work *work, const struct phx_guest_watch *w);
/* Ends a run in the guest, with all its processes. From now on `w` is told instead: `done` with err NONE when nothing of it is at work
 * any more; any other error: it may go on. `output` is not used. Nothing happens when it has ended already. */
void phx_guest_stop(struct phx_channel *c, uint64_t handle, const struct phx_guest_watch *w);
/* Its name in the guest, below /var/lib/phx/run; empty: there is none such (any more). Valid until it ends. */
struct phx_str phx_guest_run_id(const struct phx_channel *c, uint64_t handle);
/* Ends it, and what it runs in the guest as far as that can be reached; `done` does not come any more. */
void phx_guest_cancel(struct phx_channel *c, uint64_t handle);
