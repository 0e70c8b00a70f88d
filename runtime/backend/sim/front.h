/* Sockets. libmicrohttpd has fixed reason phrases, but Proxmox carries its error texts there (a 401 has nothing else), so clients talk to a
 * small pump: it passes their bytes to libmicrohttpd through a socket pair and, on the way back, puts the reason of the private
 * header X-Sim-Reason into the status line. */
#pragma once

#include <microhttpd.h>

#include "backend/sim/sim_priv.h"

struct exchange;
struct phx_sim_pipe; /* one client connection */

struct phx_sim_front {
	struct MHD_Daemon *mhd;
	int mhd_epoll, listen_fd;
	struct phx_sim_pipe *pipes;
	uint32_t npipes;
	uint32_t requests;          /* being worked on */
	struct exchange *exchanges; /* these; http.c's */
	bool resumed;     /* a request goes on: libmicrohttpd must run although no socket is ready */
	uint64_t last_ms; /* real time of the last sign of a client */
};

#define PHX_SIM_HEADER_REASON   "X-Sim-Reason" /* percent-encoded */
#define PHX_SIM_HEADER_BODILESS "X-Sim-Bodiless"

bool phx_sim_front_open(struct phx_sim *s, struct phx_err *err);
void phx_sim_front_close(struct phx_sim *s);
/* Moves bytes and lets libmicrohttpd work, once; waits for at most wait_ms (-1: as long as it takes). True: stop_fd is readable. */
bool phx_sim_front_run(struct phx_sim *s, int64_t wait_ms, int stop_fd);
/* The connection behind libmicrohttpd's socket is closed on the client, at once. */
void phx_sim_front_drop(struct phx_sim *s, int inner_fd);

/* http.c: libmicrohttpd's callbacks. */
struct MHD_Daemon *phx_sim_http_start(struct phx_sim *s);
/* Calls the requests whose real time of waiting is over; milliseconds until the next one, -1: none waits so. */
int64_t phx_sim_http_delayed(struct phx_sim *s);
/* Lets go of requests that wait: libmicrohttpd does not stop before. */
void phx_sim_http_release(struct phx_sim *s);
