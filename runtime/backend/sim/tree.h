/* Guests that are real directory trees, in which commands really run. A guest's tree is an overlay over a base tree (option
 * `guest_root`) in the cluster's directory:
 *   guests/ID/{upper,work,root}   what the guest changed; `root` is where it is mounted, in a mount namespace of its own
 *   guests/ID/tree                a whole copy instead, where overlayfs is refused
 *   guests/layers/N/{upper|tree}  the frozen tree of a guest that was cloned: lies under it and under its clones
 * The first command boots it: a process in namespaces of its own (user, mount, pid, uts, ipc; net too when it has no network)
 * is its init. Everything in it ends with it, at the latest when the server ends. */
#pragma once

#include <poll.h>

#include "backend/sim/request.h"

/* False with err: the base tree is none. Without a base tree all functions here do nothing, and no guest has a tree. */
bool phx_sim_trees_open(struct phx_sim *s, struct phx_err *err);
void phx_sim_trees_close(struct phx_sim *s);
bool phx_sim_has_trees(const struct phx_sim *s);

/* All of the guest's processes end. */
void phx_sim_tree_stop(struct phx_sim *s, int64_t vmid);
/* The guest is gone: its tree goes too. */
void phx_sim_tree_remove(struct phx_sim *s, int64_t vmid);
/* The clone starts from what its source has now. A running source cannot be frozen: the clone then gets the tree that the
 * source itself started from, and sim.log says so. */
void phx_sim_tree_clone(struct phx_sim *s, json_t *from, json_t *to);

/* A rollback leaves the files as they are: sim.log says so. */
void phx_sim_tree_not_restored(struct phx_sim *s, const json_t *g);

/* ---- commands ---- */

enum phx_sim_proc_kind {
	PHX_SIM_PROC_EXEC,
	PHX_SIM_PROC_READ,  /* argv[0] is a path; its content is the output */
	PHX_SIM_PROC_WRITE, /* argv[0] is a path; the input is its content */
};

enum phx_sim_proc_state {
	PHX_SIM_PROC_WAITS, /* for its guest to boot */
	PHX_SIM_PROC_STARTS,
	PHX_SIM_PROC_RUNS,
	PHX_SIM_PROC_ENDED,
	PHX_SIM_PROC_FAILED, /* it could not be started (or the file not be opened): `sys`, or the guest not be booted: `why` */
};

struct phx_sim_proc {
	struct phx_sim_proc *next;
	int64_t vmid, number; /* number: how the agent calls it */
	enum phx_sim_proc_kind kind;
	enum phx_sim_proc_state state;
	char **argv;
	struct phx_buf in, out, err;
	size_t in_at, max; /* max: bytes of each output that are kept */
	bool out_cut, err_cut;
	bool streams; /* what it prints is taken from `out` and `err` as it comes, and no more than that is read ahead */
	bool lingers; /* it has ended only when nobody holds its output open any more, as for the agent */
	int exit, signal, sys;
	struct phx_buf why;
	pid_t child, pid; /* our own child, and the process in the guest (its number outside) */
	int in_fd, out_fd, err_fd, status_fd;
	struct phx_sim_request
		*waiter;     /* called again whenever it started or ended, or (streams) printed something */
	bool reported, wake; /* the status came; the waiter is to be called */
};

/* Starts a command in the guest; argv and input are copied. Never NULL. */
struct phx_sim_proc *phx_sim_proc_start(struct phx_sim *s, json_t *g, enum phx_sim_proc_kind kind,
					const char *const *argv, struct phx_str input, size_t max);
/* The same with the words of a list. */
struct phx_sim_proc *phx_sim_proc_exec(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
				       size_t max);
struct phx_sim_proc *phx_sim_proc_find(struct phx_sim *s, int64_t vmid, int64_t number); /* NULL: none */
void phx_sim_proc_free(struct phx_sim *s, struct phx_sim_proc *p);
/* The request is gone: nobody waits any more. */
void phx_sim_procs_forget(struct phx_sim *s, struct phx_sim_request *r);
/* The processes that the agent started are not known any more; `kill`: and are ended. */
void phx_sim_procs_agent_died(struct phx_sim *s, int64_t vmid, bool kill);
/* Those of a guest whose power is off have ended. */
void phx_sim_procs_guest_stopped(struct phx_sim *s, int64_t vmid);
bool phx_sim_procs_busy(const struct phx_sim *s); /* any that has not ended */

/* For the server's loop: how many descriptors, which ones, and what is to be done after waiting for them. */
nfds_t phx_sim_trees_count(const struct phx_sim *s);
nfds_t phx_sim_trees_poll(struct phx_sim *s, struct pollfd *fds);
void phx_sim_trees_work(struct phx_sim *s);
