/* Between tree.c (directories), tree_boot.c (a guest's namespaces) and tree_proc.c (commands). */
#pragma once

#include <sys/types.h>

#include "backend/sim/tree.h"

struct phx_sim_tree { /* a guest that is up, or boots */
	struct phx_sim_tree *next;
	int64_t vmid;
	pid_t child;  /* our own child, which holds the rest */
	pid_t init;   /* process 1 of the guest, its number outside; 0: not yet */
	int ready_fd; /* says the number of init, or what went wrong; -1: did */
	struct phx_buf said;
	bool failed;
};

struct phx_sim_trees {
	const char *base; /* absolute */
	const char *dir;  /* DIR/guests, absolute */
	struct phx_sim_tree *trees;
	struct phx_sim_proc *procs;
};

struct phx_sim_boot {
	const char *dir, *id; /* DIR/guests, "101" */
	const char *
		lower; /* layers over each other, colon between: relative to dir; the last one is the base tree */
	const char *copy; /* what a copy is made from, where overlayfs is refused */
	const char *hostname;
	bool network;
};

/* Forks the guest's init. `ready` becomes readable and tells "PID\n", or "!" and what went wrong. */
pid_t phx_sim_tree_boot(const struct phx_sim_boot *b, int *ready);
/* In a child process: joins the namespaces of `init`. False with errno. */
bool phx_sim_tree_enter(pid_t init, bool processes);
void phx_sim_tree_close_fds(int from);

/* What the child of a command says on its descriptor 3. */
struct phx_sim_status {
	int what; /* 's' started (pid), 'f' failed (errno), 'x' exit code, 'k' signal */
	int value;
};
/* The child; fds: input, output, error output, status. */
_Noreturn void phx_sim_tree_child(const struct phx_sim_proc *p, pid_t init, const int fds[4]);

struct phx_sim_tree *phx_sim_tree_of(struct phx_sim *s, json_t *g); /* boots it when it is not up */
struct phx_sim_tree *phx_sim_tree_find(struct phx_sim *s, int64_t vmid);
