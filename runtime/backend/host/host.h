/* Commands on nodes: on this machine, or over the system's ssh, and from there on to the cluster's other nodes.
 *
 * Over ssh a command is run by a few lines of perl (every node has it: Proxmox is written in it) that print marks around
 * what the command prints to standard error: with them an exit code 255 of the command is no failure of ssh's, a signal is no
 * exit code, and a connection that broke before the command began is told from one that broke after. */
#pragma once

#include "backend/process.h"

struct phx_host_config {
	bool here;                         /* this machine is a node; else over ssh */
	struct phx_str ssh_host, ssh_user; /* user empty: as the ssh configuration says */
	uint32_t ssh_port;                 /* 0: as the ssh configuration says */
	uint64_t connect_timeout_ms;       /* 0: 10 s */
	const struct phx_secrets
		*secrets; /* a command with one of them among its words is not run; may be NULL */
};

struct phx_host_how {
	size_t keep; /* of each output stream; 0: PHX_PROCS_KEEP */
	bool leave; /* it goes on when the connection ends, when it is stopped, and when the host is closed: a cluster's task,
			which would be left half done */
	struct phx_str
		input_file; /* in place of the command's input: a file on this machine, of any size; copied */
};

struct phx_host;

/* Never NULL; contacts nothing. */
struct phx_host *phx_host_open(const struct phx_host_config *config);
void phx_host_close(struct phx_host *h); /* NULL is fine; commands end without callbacks */
/* An empty node is the one that is reached first. The callbacks come from phx_host_work. */
uint64_t phx_host_command(struct phx_host *h, const struct phx_command *c, const struct phx_host_how *how);
/* The words of a process can be read by every user of its machine: false, with err, when one holds a secret. */
PHX_MUST_USE bool phx_host_keeps_secrets(const struct phx_secrets *secrets, const struct phx_command *c,
					 struct phx_err *err);
void phx_host_stop(struct phx_host *h, uint64_t handle);
uint32_t phx_host_count(const struct phx_host *h); /* commands that will still call `done` */
struct pollfd *phx_host_fds(struct phx_host *h, size_t *n);
uint64_t phx_host_quiet_ms(struct phx_host *h, uint64_t now);
void phx_host_work(struct phx_host *h);
/* "root@pve1", "this machine": for messages. */
struct phx_str phx_host_name(const struct phx_host *h);
/* The name of this machine as a node: the host name up to its first dot. */
struct phx_str phx_host_here(struct phx_arena *a);
