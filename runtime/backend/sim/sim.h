/* An embedded Proxmox VE 8.4 cluster for rehearsal, CI and tests. It is a real HTTP server on loopback that answers
 * `/api2/json/…` as the recorded server does; the same client code reaches it as reaches a genuine cluster.
 *
 * A directory holds one cluster: `cluster.json` (the seed, read once when the directory has no state; a default
 * lab cluster when absent), `state/` (snapshot and journal, fsynced at each acknowledged change), `server.json` (pid, url and
 * root token of the server at work), `sim.log` (JSON lines: requests, tasks, lock refusals) and `lock`.
 * `kill -9` of the server at any moment leaves a consistent state; the next server treats it as a power loss of the nodes.
 * Formats: tests/sim/SEED.md and tests/sim/FAULTS.md. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct phx_sim;

struct phx_sim_options {
	const char *dir;    /* the cluster's directory, made when missing */
	const char *listen; /* "HOST:PORT", port 0 = any free one; NULL = "127.0.0.1:0" */
	bool allow_remote;  /* else only loopback addresses are accepted in `listen` */
	/* Simulated seconds per real second. 0: simulated time jumps, every wait ends at once. Negative: the clock moves only
	 * by POST /sim/clock and for requests that wait inside the server (for tests). */
	double speed;
	const char *faults; /* path of a faults file, or NULL */
	/* A tree of files (debootstrap, or a static busybox): each guest is an overlay over it, in which commands really run. NULL: as
	 * the directory's `guest_root` says, else commands follow a script. */
	const char *guest_root;
	double idle_s; /* > 0: serve returns after so many real seconds without client, request and running task */
};

/* Opens (or makes) the cluster in a directory and starts to listen. PHX_ERR_LOCKED: another server has the directory.
 * NULL with err. The caller frees with phx_sim_close. */
PHX_MUST_USE struct phx_sim *phx_sim_open(const struct phx_sim_options *options, struct phx_err *err);
/* "http://127.0.0.1:PORT": the base of `/api2/json`. Valid until close. */
const char *phx_sim_url(const struct phx_sim *sim);
/* "USER@REALM!NAME=SECRET": a token of root@pam without privilege separation, made for this directory. Valid until close. */
const char *phx_sim_token(const struct phx_sim *sim);
/* Serves until `stop_fd` becomes readable (-1: never), the idle time is over, or the directory disappears. */
PHX_MUST_USE bool phx_sim_serve(struct phx_sim *sim, int stop_fd, struct phx_err *err);
/* An orderly end: nothing is lost, running tasks go on at the next open. NULL is fine. */
void phx_sim_close(struct phx_sim *sim);

struct phx_sim_endpoint {
	struct phx_str url;   /* as phx_sim_url */
	struct phx_str token; /* as phx_sim_token; secret */
	int64_t pid;          /* the server's */
	bool started;         /* this call started it */
};

/* The server of a directory: the one that serves it already, or a new child of its own session (fork without exec) that
 * ends by itself after `idle_s` (0 = 10 s) without client and running task. Call it before the process has threads.
 * options->faults and speed matter only to a server that is started. Strings are put into the arena. */
PHX_MUST_USE bool phx_sim_connect(struct phx_arena *arena, const struct phx_sim_options *options,
				  struct phx_sim_endpoint *out, struct phx_err *err);

/* Private paths of the server, beside /api2/json (root token from server.json only):
 *   POST /sim/host  {"argv": ["qm", "unlock", "100"], "input": "base64"?} → {"exit": 0, "stdout": "…", "stderr": "…"}; output that is no text
 *                   (UTF-8 without NUL) stands under "stdout_base64", "stderr_base64". What a root shell on the node can do: qm|pct
 *                   unlock|config|status|list|start|stop|set|destroy, cat, pct exec|push|pull, qm guest exec|exec-status|cmd, qm agent.
 *                   With "stream": true the output of `pct exec` in a guest that is a tree comes while it is at work, in lines "o BASE64"
 *                   and "e BASE64"; the answer is the last line.
 *   GET  /sim/clock → {"now": seconds since 1970, "next": of the next event or null, "running": n}
 *   POST /sim/clock {"advance": s} or {"until": s} or {"task": "UPID:…"} (until that task has ended) */
