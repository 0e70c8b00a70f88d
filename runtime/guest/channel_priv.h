/* Between the files of the channel. One operation (run, push, pull, ready, a work) is one phx_op; at most one request or command of
 * it is in flight, else it waits for a moment (`due`), or has ended. */
#pragma once

#include "base/json.h"
#include "base/secret.h"
#include "guest/channel.h"
#include "guest/guest_priv.h"

struct phx_op;
typedef void phx_op_fn(struct phx_op *op);
/* `data` is borrowed. err NONE: it was answered. */
typedef void phx_asked_fn(struct phx_op *op, const struct phx_err *err, const json_t *data);

/* Where an answer goes. Outlives its operation: what is in flight cannot be called back. */
struct phx_op_link {
	struct phx_op *op; /* NULL: nobody waits any more */
	phx_asked_fn *asked;
};

struct phx_op_stream {
	struct phx_buf tail; /* the last 64 KiB, at least */
	struct phx_buf line; /* not shown yet */
	uint64_t total;      /* bytes that there were */
	uint64_t known;      /* `whole`: so many there are in the guest, at least */
	uint64_t left_out;   /* of them, those that never came */
	bool cut;            /* not all of them are kept */
};

struct phx_op {
	struct phx_op *next;
	struct phx_channel *c;
	uint64_t handle;
	struct phx_arena arena;
	struct phx_guest_ref guest;
	uint8_t way;
	bool split;      /* standard output and error apart */
	bool whole;      /* nothing of its output is left out */
	bool repeatable; /* may be begun again when it was ended from outside */
	bool quiet;      /* its output is for the channel itself */
	bool ended;
	struct phx_guest_watch watch;

	struct phx_bundle bundle;
	uint32_t piece;
	bool begun;    /* something of it may be at work in the guest */
	bool sending;  /* what begins it is on its way: whether it is at work is not known yet */
	bool stopping; /* it is to be ended, and that is waited for */

	uint64_t deadline, due; /* phx_now_ms; due 0: something is in flight */
	uint64_t patience_ms;   /* with a guest that says nothing */
	phx_op_fn *resume;
	struct phx_op_link *link;
	uint64_t command; /* handle of a command on the node, 0: none */

	int64_t pid;
	uint64_t began_at, silent_since, seen_at, tail_at;
	uint32_t stopped_seen, refused, restarts, joins, again;
	struct phx_buf seen;
	struct phx_op_stream out, err;
	struct phx_buf control; /* pct: what came on standard error and was not passed on yet */
	bool joined;
	bool heard;                  /* pct: the beginning of standard error was looked at */
	uint64_t skip_out, skip_err; /* pct: bytes that were passed on before the way broke */
	uint32_t fetched;            /* pieces of output that were read from its files */
	bool fetch_err;
	phx_op_fn *fetch_then;
	struct phx_str said_out, said_err; /* what the wrapper said at the end */

	phx_asked_fn *asked, *read_asked; /* who waits for what `qm` and others print */

	/* Goes on after the bundle has ended well enough to be judged; NULL: that is the end. */
	void (*then)(struct phx_op *op, struct phx_guest_end *end);
	struct phx_err *refusal; /* it could not be begun */
	void *more;              /* pull's own, in the arena */
	void (*done_more)(struct phx_op *op);
};

struct phx_channel {
	struct phx_inside *inside;
	struct phx_arena *arena; /* for links */
	const struct phx_secrets *secrets;
	struct phx_op *ops;
	uint64_t handles;
	uint64_t nonce;
	uint64_t server_patience_ms; /* 0: as with a guest */
};

/* ---- channel.c ---- */
struct phx_op *phx_op_new(struct phx_channel *c, const struct phx_guest_ref *g, uint8_t way,
			  const struct phx_guest_watch *w, uint64_t timeout_ms);
/* Makes the bundle and begins. On failure the operation ends with it, from the next phx_channel_work. */
void phx_op_begin(struct phx_op *op, const struct phx_guest_work *work, const struct phx_bundle_options *o);
void phx_op_refuse(struct phx_op *op,
		   struct phx_err *err); /* the same with an error of the caller's, which is taken over */
struct phx_str phx_op_id(struct phx_op *op, const char *kind); /* "run-18f3…-1" */
void phx_op_sleep(struct phx_op *op, uint64_t ms, phx_op_fn *resume);
void phx_op_end(struct phx_op *op, struct phx_guest_end *end); /* reports; takes end->err over */
void phx_op_fail(struct phx_op *op, enum phx_err_kind kind, const char *hint, const char *fmt, ...)
	PHX_PRINTF(4, 5);
void phx_op_fail_err(struct phx_op *op, const struct phx_err *err);
void phx_op_see(struct phx_op *op, const char *fmt, ...) PHX_PRINTF(2, 3);
void phx_op_detach(struct phx_op *op); /* what is in flight is not waited for */
void phx_op_kill(struct phx_op *op);   /* ends what is at work in the guest; nobody waits for that */
bool phx_op_alive(const struct phx_op *op);

/* ---- stream.c ---- */
void phx_stream_add(struct phx_op *op, bool is_err, struct phx_str bytes);
/* `bytes` are the newest of `total`: what was passed on before is left out, what is missing is said. */
void phx_stream_tail(struct phx_op *op, bool is_err, uint64_t total, struct phx_str bytes);
void phx_stream_flush(struct phx_op *op, bool is_err);
struct phx_str phx_stream_kept(struct phx_op *op, bool is_err); /* masked */

/* ---- ask.c: the agent, over the API or by `qm guest` ---- */
void phx_ask_exec(struct phx_op *op, struct phx_str script, bool secret,
		  phx_asked_fn *asked);                      /* data: {pid} */
void phx_ask_status(struct phx_op *op, phx_asked_fn *asked); /* of op->pid; data: as exec-status */
void phx_ask_read(struct phx_op *op, struct phx_str path, phx_asked_fn *asked); /* data: {content} */
void phx_ask_piece(struct phx_op *op, const struct phx_piece *p, phx_asked_fn *asked);
void phx_ask_ready(struct phx_op *op, phx_asked_fn *asked);
/* A command on the node; data: {exit, err-data} and, when asked for, out-data. */
void phx_ask_command(struct phx_op *op, const struct phx_argv *argv, struct phx_str input,
		     void (*output)(void *user, bool is_stderr, struct phx_str bytes), phx_asked_fn *asked);
/* True: the trouble was dealt with: it is tried again, or the operation has failed. */
bool phx_ask_trouble(struct phx_op *op, const struct phx_err *err, phx_op_fn *again);
void phx_ask_fine(struct phx_op *op);
bool phx_ask_forgot(const struct phx_err *err); /* the agent does not know that pid (any more) */

/* ---- follow.c, pct.c: a bundle, from its first piece to its end ---- */
void phx_follow_begin(struct phx_op *op);
void phx_pct_begin(struct phx_op *op);
void phx_bundle_begin(struct phx_op *op); /* one of them */
/* Takes the output in the form in which the wrapper gives it at the end. False: it is not of that form. */
bool phx_follow_output(struct phx_op *op, struct phx_str out);

/* ---- fetch.c: output of a `whole` run by the agent ---- */
/* Reads from the guest what is missing of what is known to be there, then goes on. */
void phx_fetch(struct phx_op *op, bool is_err, phx_op_fn *then);
void phx_fetch_forget(struct phx_op *op, phx_op_fn *then); /* removes it in the guest */

/* ---- stop.c ---- */
void phx_stop_begin(struct phx_op *op);
/* The call of the wrapper that ends what the operation has at work. */
PHX_MUST_USE bool phx_stop_script(struct phx_op *op, struct phx_str *out, struct phx_err *err);

/* ---- end.c ---- */
/* What the wrapper said: `out` (empty when it was streamed) and `err`. */
void phx_op_judge(struct phx_op *op, struct phx_str out, struct phx_str err);
