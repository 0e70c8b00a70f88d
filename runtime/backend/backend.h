/* What phx asks of a cluster: calls on Proxmox's own API paths, in flight side by side, and commands for the host.
 * Four handles to one connection: a reader, which can only read (plan and every other looking command), a prober, which
 * reads and also runs commands on nodes that only look (doctor), an inside, which runs commands in guests and can do nothing to them from
 * outside (exec, plan --refresh-guests), and a writer, which only apply opens. Nothing outside backend/ talks to a cluster. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/secret.h"

enum phx_method { PHX_GET, PHX_POST, PHX_PUT, PHX_DELETE };
const char *phx_method_name(enum phx_method m);

/* One request parameter. Repeating a name makes an array, as Proxmox reads it. */
struct phx_param {
	struct phx_str name, value;
	bool secret; /* redacted in traces, plans, logs and errors */
};

struct phx_params {
	PHX_VEC(struct phx_param) v;
};
void phx_params_add(struct phx_arena *a, struct phx_params *p, struct phx_str name, struct phx_str value);
void phx_params_secret(struct phx_arena *a, struct phx_params *p, struct phx_str name, struct phx_str value);
/* Form encoding as Proxmox reads it: everything but unreserved characters as %XX (OBSERVED, HTTP layer: a raw `=`, `;` or `+` changes the meaning). */
void phx_params_form(const struct phx_params *p, struct phx_buf *out);

/* An answer. `data` is owned by the answer. */
struct phx_answer {
	json_t *data; /* member `data` of the body; NULL when null or on error */
	int status;   /* HTTP status */
	uint32_t ms;
	struct phx_err err; /* kind NONE: success. Proxmox's errors are classified (see err.h) */
	PHX_VEC(struct phx_param)
	errors; /* per-parameter texts of a 400; in the arena given with the request */
};
void phx_answer_done(struct phx_answer *a);

struct phx_request {
	enum phx_method method;
	struct phx_str path; /* from "/version" on, without /api2/json; segments already percent-encoded */
	const struct phx_params *params; /* query of a GET or DELETE, form body otherwise; may be NULL */
	struct phx_str upload_path; /* POST …/upload: the local file sent as `filename`; empty otherwise */
	struct phx_arena *arena;    /* for what the answer keeps besides JSON */
	uint64_t timeout_ms;        /* 0: the backend's own for this method */
	void (*done)(void *user,
		     struct phx_answer *answer); /* called from phx_backend_run; takes the answer over */
	void *user;
};

/* Called once per HTTP exchange, retries included; for --trace. Parameters marked secret are redacted by the receiver. */
struct phx_backend_hooks {
	void (*traced)(void *user, enum phx_method method, struct phx_str path,
		       const struct phx_params *params, int status, uint32_t ms, const struct phx_err *err);
	void (*retrying)(void *user, struct phx_str path, uint32_t attempt, uint64_t wait_ms,
			 const struct phx_err *why);
	void *user;
};

/* How the cluster is reached. */
enum phx_backend_kind {
	PHX_BACKEND_API,   /* HTTPS, with a token or a ticket */
	PHX_BACKEND_LOCAL, /* this machine is a node, and we are root on it */
	PHX_BACKEND_SSH,   /* the same on `ssh_host` */
};

struct phx_backend_config {
	enum phx_backend_kind kind;
	struct phx_str endpoint; /* https://host:8006, http://127.0.0.1:port (loopback only), or unix:/path */
	struct phx_str token;    /* user@realm!name=uuid; secret */
	struct phx_str user, password; /* or a ticket, renewed before it ends; password secret */
	struct phx_str fingerprint;    /* SHA-256 of the server's certificate, AB:CD:…; pins it */
	struct phx_str ca_file;
	uint32_t parallel;                               /* requests in flight, default 8 */
	uint64_t connect_timeout_ms, request_timeout_ms; /* 0: defaults */
	struct phx_str ssh_host, ssh_user; /* host channel of the api backend; where the ssh backend works */
	uint32_t ssh_port;
	struct phx_str
		sim_dir;  /* the embedded cluster in this directory: endpoint and token come from there */
	double sim_speed; /* with sim_dir, when this call is what starts the server */
	struct phx_str sim_faults;
	struct phx_str sim_guests; /* tree of files in which commands in simulated guests really run */
	struct phx_backend_hooks hooks;
	struct phx_secrets *secrets; /* token, password and ticket are added */
};

/* True: this machine is a Proxmox VE node, and we are root on it. */
bool phx_backend_here(void);

/* A request that outlives its caller's: path, upload path and parameters copied into `a`, the latter into `params`. */
struct phx_request phx_request_keep(struct phx_arena *a, const struct phx_request *r,
				    struct phx_params *params);

struct phx_backend; /* the connection pool */
struct phx_reader;  /* GETs only */
struct phx_prober;  /* GETs, and commands that look */
struct phx_inside; /* into guests: the agent's questions, `pct exec`, `qm guest`; no guest's configuration, power or disks */
struct phx_writer; /* everything */

/* Opens the connection pool; contacts the server only as far as authentication needs it. */
PHX_MUST_USE bool phx_backend_open(const struct phx_backend_config *config, struct phx_arena *arena,
				   struct phx_backend **out, struct phx_err *err);
void phx_backend_close(struct phx_backend *b); /* NULL is fine; requests in flight are dropped */
struct phx_reader *phx_backend_reader(struct phx_backend *b);
struct phx_prober *phx_backend_prober(struct phx_backend *b);
struct phx_inside *phx_backend_inside(struct phx_backend *b);
struct phx_writer *phx_backend_writer(struct phx_backend *b);
struct phx_reader *phx_writer_reader(struct phx_writer *w);
struct phx_inside *phx_writer_inside(struct phx_writer *w);

/* Queues a GET (any other method is a bug in phx: it ends the process). `done` is called during a later phx_backend_run. */
void phx_reader_get(struct phx_reader *r, const struct phx_request *request);
/* Queues any request. A request that may have been acted on (PHX_ERR_LOST) is never repeated here: the caller reads first. */
void phx_writer_send(struct phx_writer *w, const struct phx_request *request);
/* Serves requests and commands for at most wait_ms, or until nothing is in flight; returns how many are. `wake_fd` ≥ 0: returns early when readable. */
uint32_t phx_backend_run(struct phx_backend *b, uint64_t wait_ms, int wake_fd);
/* From within `done`: the phx_backend_run at work returns soon instead of serving on. */
void phx_backend_yield(struct phx_backend *b);
struct phx_backend *phx_reader_backend(struct phx_reader *r);
/* One GET, waited for. */
PHX_MUST_USE bool phx_reader_get_now(struct phx_reader *r, struct phx_str path,
				     const struct phx_params *params, json_t **out, struct phx_err *err);
PHX_MUST_USE bool phx_writer_send_now(struct phx_writer *w, enum phx_method m, struct phx_str path,
				      const struct phx_params *params, json_t **out, struct phx_err *err);

/* A command on a node, as root, beside the requests in flight. */
struct phx_command_end {
	struct phx_err
		err; /* kind NONE: it ran to an end, whatever that was. CONNECT: not started, no way there; LOST: the way
			       broke while it ran; TIMEOUT: ended because of timeout_ms */
	int exit_code;
	int signal;                  /* that ended it; 0: none (then exit_code counts) */
	struct phx_str out, err_out; /* the last 1 MiB of each */
	bool cut;                    /* there was more */
};

struct phx_command {
	struct phx_str node;
	const struct phx_str *
		argv; /* copied; any bytes but NUL, empty words too. Never secrets: every user of a node sees them */
	uint32_t argc;
	struct phx_str input; /* standard input, any bytes; copied */
	uint64_t timeout_ms;  /* 0: none */
	/* Output as it comes; may be NULL. Nothing may be stopped or closed in it. */
	void (*output)(void *user, bool is_stderr, struct phx_str bytes);
	/* Exactly once, from phx_backend_run; what `end` points to is valid until it returns. May be NULL. */
	void (*done)(void *user, const struct phx_command_end *end);
	void *user;
};
/* Starts the command; a handle for stopping it. What is wrong with it, and a backend without a way to the node, is told by `done`. */
uint64_t phx_writer_command(struct phx_writer *w, const struct phx_command *c);
/* Ends it (TERM, then KILL); done is not called any more. A handle that has ended is passed over. */
void phx_writer_command_stop(struct phx_writer *w, uint64_t handle);
/* One command that changes nothing, waited for, with standard output and error apart (either may be NULL). False (PHX_ERR_CONNECT and
 * a hint when this backend has no host channel) when it did not run to an end; a signal is exit code 128 + its number. */
PHX_MUST_USE bool phx_prober_run(struct phx_prober *p, const struct phx_command *c, struct phx_buf *out,
				 struct phx_buf *out_err, int *out_exit, struct phx_err *err);
/* What the agent of a VM is asked. */
enum phx_agent_ask {
	PHX_AGENT_INFO,
	PHX_AGENT_EXEC, /* POST, as is FILE_WRITE; the others are GETs */
	PHX_AGENT_EXEC_STATUS,
	PHX_AGENT_FILE_READ,
	PHX_AGENT_FILE_WRITE,
	PHX_AGENT_ASKS
};
struct phx_str phx_agent_path(struct phx_arena *a, struct phx_str node, uint64_t id, enum phx_agent_ask what);
struct phx_agent_request {
	enum phx_agent_ask what;
	struct phx_str node;
	uint64_t id;
	const struct phx_params *params;                     /* may be NULL */
	void (*done)(void *user, struct phx_answer *answer); /* as of a phx_request */
	void *user;
};
void phx_inside_ask(struct phx_inside *i, const struct phx_agent_request *r);
/* Starts `pct exec ID …`, `qm guest exec ID …`, `qm guest exec-status ID …` or `qm agent ID ping` (any other command is a bug in
 * phx: it ends the process); else as phx_writer_command. */
uint64_t phx_inside_command(struct phx_inside *i, const struct phx_command *c);
void phx_inside_command_stop(struct phx_inside *i, uint64_t handle);
bool phx_backend_has_host(const struct phx_backend *b);
/* The credentials' own name ("root@pam!phx", "root@pam"), for messages and for what only root@pam itself may do. */
struct phx_str phx_backend_identity(const struct phx_backend *b);
const char *phx_backend_endpoint(const struct phx_backend *b);
