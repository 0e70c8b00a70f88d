/* Inside process*.c only. */
#pragma once

#include <sys/types.h>

#include "backend/process.h"

struct phx_proc_stream {
	int fd; /* -1: closed */
	struct phx_buf kept;
	bool cut;
};

struct phx_proc {
	struct phx_proc *next;
	uint64_t handle;
	pid_t pid; /* 0: not started, or reaped */
	int pidfd; /* -1: the kernel has none */
	int in;
	struct phx_buf input;
	struct phx_str input_file; /* the caller's, while it is started */
	size_t input_at;
	struct phx_proc_stream out, err;
	size_t keep;
	uint64_t deadline, timeout_ms; /* 0: none */
	uint64_t kill_at;              /* 0: not asked to end */
	bool silent;                   /* nobody is told any more */
	bool ended;                    /* told; to be freed */
	struct phx_err failed;
	struct phx_proc_start s; /* its callbacks */
};

struct phx_procs {
	struct phx_proc *first, *last;
	uint64_t handles;
	uint32_t depth; /* phx_procs_work at work, which callbacks may call again */
	char **env;
	struct phx_arena arena;
	struct pollfd *fds;
	size_t nfds, cap;
};

/* process_start.c */
char **phx_proc_environment(struct phx_arena *a);
/* Fills in pid, pidfd, in, out.fd and err.fd; false with `failed` set. */
PHX_MUST_USE bool phx_proc_spawn(struct phx_procs *p, struct phx_proc *c, const struct phx_str *argv,
				 uint32_t argc);
