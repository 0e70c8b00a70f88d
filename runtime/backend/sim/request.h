/* One request on its way through the simulator: HTTP gives method, path and parameters, the dispatcher checks them as Proxmox does,
 * a handler answers. A handler that must wait (a lock, the guest agent, an import inside a PUT) says so and returns; it is called
 * again from the start, with what it keeps in `phase` and `ctx`. */
#pragma once

#include "backend/sim/lock.h"
#include "backend/sim/sim_priv.h"
#include "model/endpoint.h"

struct phx_sim_upload { /* the file of a multipart body; its bytes are not kept */
	bool given;
	struct phx_buf filename;
	uint64_t size;
	char sha256[65];
	struct phx_buf head; /* the first bytes, to tell a format */
};

struct phx_sim_identity {
	const char *user;  /* "root@pam"; NULL: not authenticated */
	const char *token; /* name of the token, NULL: a ticket */
	const char *full;  /* "root@pam!phx" or "root@pam" */
	bool root;         /* root@pam by ticket: may do what only root may do */
	bool privsep;      /* the token has its own permissions */
};

struct phx_sim_route {
	const char *method; /* "GET" */
	const char *path;   /* template, as in the endpoint tables */
	void (*handler)(struct phx_sim_request *r);
};

struct phx_sim_request {
	struct phx_sim *sim;
	struct phx_arena arena;    /* lives as long as the request */
	void *http;                /* the HTTP layer's own */
	const char *method, *path; /* path without /api2/json, decoded */
	const char *content_type;
	const char *authorization, *cookie, *csrf;
	struct phx_buf query, body;
	struct phx_sim_upload upload;
	bool extjs; /* /api2/extjs: always 200 */

	const struct phx_sim_route *route;
	const struct phx_method *endpoint;
	struct phx_sim_identity who;
	json_t *p; /* checked parameters: integers and booleans as integers, lists as arrays, all else text */

	/* Progress of a handler that waited. */
	int phase;
	json_t *ctx; /* what the handler keeps between its calls; NULL at first */
	struct phx_sim_locker locker;
	struct phx_sim_event *timer;
	bool waiting;
	uint64_t real_due; /* waits until then (phx_now_ms); 0: not */

	/* The answer. */
	int status;                           /* 0: none yet */
	struct phx_buf reason, message, text; /* text: a plain body instead of JSON */
	json_t *data, *errors;
	int64_t total;      /* ≥ 0: goes beside data */
	bool message_plain; /* without the line end that Proxmox's errors have */
	bool empty_body, drop, close;
	bool streams; /* its answer begins before it is complete: lines that the client takes as they come, */
	struct phx_buf stream; /* these; the last one is the answer itself */

	int fault_stage;           /* faults: what was done already */
	const json_t *fault_agent; /* the agent that dies after this request; the faults file's */
	const char *fault_doom;    /* exit status for the task that this request starts */
};

/* Ends the request with an error; the message gets its line end. Status 403 with "Permission check failed (…)" is phx_sim_forbid. */
void phx_sim_fail(struct phx_sim_request *r, int status, const char *fmt, ...) PHX_PRINTF(3, 4);
void phx_sim_forbid(struct phx_sim_request *r, const char *fmt, ...)
	PHX_PRINTF(2, 3); /* "Permission check failed (TEXT)" */
void phx_sim_fail_param(struct phx_sim_request *r, const char *param, const char *fmt, ...)
	PHX_PRINTF(3, 4);                                        /* 400, may be repeated */
void phx_sim_ok(struct phx_sim_request *r, json_t *stolen_data); /* NULL: data null */
static inline bool phx_sim_failed(const struct phx_sim_request *r)
{
	return r->status != 0 && r->status != 200;
}

/* Parameters by name; the defaults when absent. */
const char *phx_sim_p(const struct phx_sim_request *r, const char *name); /* NULL: not given */
int64_t phx_sim_pi(const struct phx_sim_request *r, const char *name, int64_t otherwise);
bool phx_sim_pb(const struct phx_sim_request *r, const char *name, bool otherwise);
const char *phx_sim_node(const struct phx_sim_request *r); /* the {node}, with localhost resolved */

/* The request waits for `delay` of simulated time; its handler is called again then. */
void phx_sim_wait(struct phx_sim_request *r, int64_t delay);
/* The same, in real time. */
void phx_sim_wait_real(struct phx_sim_request *r, uint64_t ms);
/* Calls the handler of a waiting request again. */
void phx_sim_continue(struct phx_sim_request *r);

/* The dispatcher: authentication, endpoint, parameters, permission, handler. */
void phx_sim_dispatch(struct phx_sim_request *r);
void phx_sim_request_done(struct phx_sim_request *r);
/* Method, path, content type and body are set: runs it as root on the node would, without authentication. The answer is in the request. */
void phx_sim_call_as_root(struct phx_sim_request *r);

/* Calls that the simulator makes itself (host channel: `pvesh`), as root. The request must be initialised and is not sent anywhere. */
const struct phx_sim_route *phx_sim_route_find(const char *method, const struct phx_endpoint *endpoint);

/* One table a file of the API; each ends with method == NULL. */
extern const struct phx_sim_route phx_sim_routes_access[], phx_sim_routes_acl[], phx_sim_routes_agent[],
	phx_sim_routes_backup[], phx_sim_routes_cluster[], phx_sim_routes_ct_status[],
	phx_sim_routes_firewall[], phx_sim_routes_firewall_rules[], phx_sim_routes_firewall_sets[],
	phx_sim_routes_misc[], phx_sim_routes_firewall_rules[], phx_sim_routes_firewall_sets[],
	phx_sim_routes_ha[], phx_sim_routes_lxc[], phx_sim_routes_lxc_disk[], phx_sim_routes_node[],
	phx_sim_routes_pool[], phx_sim_routes_qemu[], phx_sim_routes_qemu_disk[], phx_sim_routes_snapshot[],
	phx_sim_routes_status[], phx_sim_routes_storage[], phx_sim_routes_content[], phx_sim_routes_task[],
	phx_sim_routes_ticket[], phx_sim_routes_transfer[];
