/* Child processes, many side by side, without blocking: started, fed, listened to, ended and reaped. */
#pragma once

#include <poll.h>

#include "backend/backend.h"

enum { PHX_PROCS_KEEP = 1024 * 1024 }; /* bytes kept of each output stream */

struct phx_procs; /* a pool */

struct phx_proc_start {
	const struct phx_str *argv; /* copied; argv[0] is found by PATH unless it has a slash */
	uint32_t argc;
	struct phx_str input;      /* copied */
	struct phx_str input_file; /* in its place: a file, read by the child itself */
	uint64_t timeout_ms;       /* 0: none */
	size_t keep;               /* 0: PHX_PROCS_KEEP */
	bool leave;                /* when it is stopped, or the pool freed, it is left to itself */
	void (*output)(void *user, bool is_stderr, struct phx_str bytes);
	void (*done)(void *user, const struct phx_command_end *end);
	void *user;
};

/* Never NULL. Children get a session of their own (no terminal to ask at, no Ctrl-C of it), an environment of a few
 * variables (PATH, HOME, the ssh agent, LC_ALL=C.UTF-8) and no descriptor but their three. */
struct phx_procs *phx_procs_new(void);
/* Ends what still runs (TERM, after a second KILL) and waits for it; no callbacks. NULL is fine. */
void phx_procs_free(struct phx_procs *p);
/* Starts one; its handle. A program that is not there is told by `done`, as everything else, from phx_procs_work. */
uint64_t phx_procs_start(struct phx_procs *p, const struct phx_proc_start *s);
/* Nothing is started: `done` gets this error in the next phx_procs_work. */
uint64_t phx_procs_fail(struct phx_procs *p, const struct phx_proc_start *s, const struct phx_err *err);
/* Ends it without calling `done`. */
void phx_procs_stop(struct phx_procs *p, uint64_t handle);
/* How many will still call `done`. */
uint32_t phx_procs_count(const struct phx_procs *p);
/* What to poll for; the array is the pool's, valid until the next call. */
struct pollfd *phx_procs_fds(struct phx_procs *p, size_t *n);
/* How long nothing can happen but on those descriptors; UINT64_MAX: no limit. */
uint64_t phx_procs_quiet_ms(const struct phx_procs *p, uint64_t now);
/* Moves bytes, looks at deadlines and ends, calls back. */
void phx_procs_work(struct phx_procs *p);
