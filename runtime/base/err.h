/* Failed operations (I/O, HTTP, a cluster's answer). The user's mistakes in a configuration are diagnostics, see diag.h. */
#pragma once

#include "base/buf.h"

enum phx_err_kind {
	PHX_ERR_NONE,
	PHX_ERR_IO,         /* a local file or the operating system */
	PHX_ERR_USAGE,      /* command line */
	PHX_ERR_DATA,       /* malformed input: JSON, plan file, server answer */
	PHX_ERR_CONNECT,    /* no connection, DNS, TLS: nothing was sent */
	PHX_ERR_LOST,       /* connection broke after sending: whether it was done is unknown */
	PHX_ERR_TIMEOUT,    /* a deadline passed */
	PHX_ERR_AUTH,       /* 401 */
	PHX_ERR_PERMISSION, /* 403, or an "only root" refusal */
	PHX_ERR_PARAMETER,  /* 400 with a parameter map */
	PHX_ERR_MISSING,    /* the object does not exist */
	PHX_ERR_EXISTS,     /* the object exists already */
	PHX_ERR_LOCKED,     /* a Proxmox lock is held */
	PHX_ERR_CHANGED,    /* digest mismatch: somebody else changed it */
	PHX_ERR_QUORUM,     /* the cluster is not quorate */
	PHX_ERR_STORAGE,    /* storage missing or full */
	PHX_ERR_TASK,       /* a task ended with an error */
	PHX_ERR_SERVER,     /* any other answer of the server */
	PHX_ERR_STALE,      /* a saved plan no longer fits */
	PHX_ERR_INTERRUPTED,
};

/* Zero-initialised is "no error". Owned by whoever declares it; release with phx_err_done. */
struct phx_err {
	enum phx_err_kind kind;
	int status;          /* HTTP status, or 0 */
	int sys;             /* errno, or 0 */
	struct phx_buf msg;  /* what went wrong; no trailing newline */
	struct phx_buf hint; /* what to do, may be empty */
};

/* Sets kind and message (replacing what was there). Always returns false, for `return phx_err_set(…)`. */
bool phx_err_set(struct phx_err *e, enum phx_err_kind kind, const char *fmt, ...) PHX_PRINTF(3, 4);
/* Sets from errno: "FMT: strerror". Returns false. */
bool phx_err_errno(struct phx_err *e, int sys, const char *fmt, ...) PHX_PRINTF(3, 4);
void phx_err_hint(struct phx_err *e, const char *fmt, ...) PHX_PRINTF(2, 3);
/* Puts context in front: "FMT: old message". Returns false. */
bool phx_err_wrap(struct phx_err *e, const char *fmt, ...) PHX_PRINTF(2, 3);
void phx_err_copy(struct phx_err *to, const struct phx_err *from);
void phx_err_clear(struct phx_err *e);
void phx_err_done(struct phx_err *e);
