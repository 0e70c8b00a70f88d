/* The private paths /sim/…: the host channel and the clock. */
#pragma once

#include "backend/sim/request.h"

void phx_sim_private_path(struct phx_sim_request *r);

/* A command on the node that is being answered. */
struct phx_sim_shell {
	struct phx_sim_request *r;
	const char *node; /* whose shell it is */
	const char *argv[256];
	size_t argc;
	struct phx_str input; /* standard input */
	struct phx_buf out, err;
	int exit;
	bool streams; /* whoever asked takes output as it comes */
	bool later;   /* the request waits; it is called again with what is in r->ctx */
};

void phx_sim_shell_complain(struct phx_sim_shell *sh, int status, const char *text);
/* host_guest.c: commands in guests. */
void phx_sim_host_pct_exec(struct phx_sim_shell *sh, json_t *g);
void phx_sim_host_pct_push(struct phx_sim_shell *sh, json_t *g);
void phx_sim_host_pct_pull(struct phx_sim_shell *sh, json_t *g);
void phx_sim_host_qm_agent(struct phx_sim_shell *sh, json_t *g);
/* `qm guest exec|exec-status|cmd ID …`: the id stands one word later than elsewhere. */
void phx_sim_host_qm_guest(struct phx_sim_shell *sh, json_t *g);
/* Goes on with what waited (r->ctx). */
void phx_sim_host_resume(struct phx_sim_shell *sh);
