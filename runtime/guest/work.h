/* What is to be done inside a guest, as plain data: the planner makes it, the channel (channel.h) does it. Everything of one
 * work travels as one bundle on the standard input of /bin/sh: phx's wrapper (etc/guest/step.sh), the environment, the files and
 * the script; large files go ahead in pieces. The bundle is plain ASCII, since Proxmox changes other bytes on their way. */
#pragma once

#include "backend/backend.h"

struct phx_guest_ref {
	bool is_vm;
	uint64_t id;
	struct phx_str node;
};

enum phx_guest_way {
	PHX_WAY_NONE,  /* the channel picks: the agent for a VM, pct for a container */
	PHX_WAY_AGENT, /* guest agent, over the API */
	PHX_WAY_QM,    /* guest agent, by `qm guest` on the node */
	PHX_WAY_PCT,   /* `pct exec` on the node */
	PHX_WAY_COUNT
};
const char *phx_guest_way_name(enum phx_guest_way w); /* "agent", "qm", "pct" */

/* A file that the script finds in its working directory. */
struct phx_guest_file {
	struct phx_str name;    /* plain name, no slash */
	struct phx_str path;    /* a local file, or … */
	struct phx_str content; /* … its bytes */
	uint64_t size;
	struct phx_str sha256; /* 64 hex digits; verified in the guest before the script runs */
	bool secret;
};

struct phx_guest_work {
	struct phx_str what; /* "feature docker", "nfs /mnt/x", "file /etc/motd" */
	struct phx_str key;  /* its fact in the marker: "feature:docker", "nfs:/mnt/x"; empty: none */
	/* Value of that fact: the first 12 hex digits of a SHA-256 over script, parameters and file hashes (phx_guest_work_hash). */
	struct phx_str hash;
	uint8_t way;                   /* enum phx_guest_way */
	struct phx_str script;         /* run as root by its shebang, or by /bin/sh */
	PHX_VEC(struct phx_param) env; /* NAME = value; travels by standard input, never by argv */
	PHX_VEC(struct phx_guest_file) files;
	uint64_t timeout_ms; /* then it is ended, in the guest too; 0: 30 minutes */
	uint64_t
		patience_ms; /* how long a guest that does not answer is waited for in the middle of it; 0: 5 minutes */
	struct phx_str longer; /* for people: what to write to give it more time; empty: nothing does */
	bool once; /* a run with the same hash that ended well is not repeated; the guest itself remembers it */
};

/* How the log of a work is called below /var/log/phx, without `.log`: "feature:docker" → "feature-docker". */
struct phx_str phx_guest_log_name(struct phx_arena *a, struct phx_str key);
/* Hash over script, environment (names, values) and files (names, SHA-256); 12 hex digits. */
struct phx_str phx_guest_work_hash(struct phx_arena *a, const struct phx_guest_work *w);
/* Sets size and sha256 of a file given by path or content. */
PHX_MUST_USE bool phx_guest_file_measure(struct phx_arena *a, struct phx_guest_file *f, struct phx_err *err);

/* A call that doing the work makes: on the API, or (argv) a command on the node. */
struct phx_guest_call {
	enum phx_method method;
	struct phx_str path;
	struct phx_params params;
	PHX_VEC(struct phx_str) argv;
	struct phx_str input; /* of the command: "sha256:… (N bytes)" */
};
struct phx_guest_calls {
	PHX_VEC(struct phx_guest_call) v;
};

/* The writing calls, in order, that doing it makes when all goes well, for the plan; large contents stand as
 * "sha256:… (N bytes)". (Between and after them the channel looks how far it is: reads only.) */
PHX_MUST_USE bool phx_guest_work_calls(struct phx_arena *a, const struct phx_guest_ref *ref,
				       const struct phx_guest_work *w, struct phx_guest_calls *out,
				       struct phx_err *err);
