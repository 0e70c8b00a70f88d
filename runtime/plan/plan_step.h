/* What is done inside one guest: its declared steps as works for the channel, with what the guest's marker knows of each. */
#pragma once

#include "plan/plan_priv.h"

enum { PLAN_PARTS = 24, PLAN_HASH = 12 };

/* One work. Its fact in the marker is its hash, then `-` and two digits a part, which tell what changed. */
struct plan_work {
	struct phx_guest_work w;
	const struct phx_step *step; /* NULL: no block declares it (a password, a share that goes) */
	struct phx_str path;         /* "feature.docker", "file./etc/motd" */
	struct phx_str fact;         /* as the marker shall say; empty: it remembers nothing of it */
	struct phx_str known;        /* as it says now; empty: nothing */
	struct phx_str why;          /* why it is done (again); may be empty */
	struct phx_str manifest;     /* of a tree: what sha256sum prints of its files */
	struct phx_str *parts;       /* "script", "parameter channel": names of the parts of `fact` */
	uint32_t nparts;
	struct phx_span span;
	bool changed; /* the marker does not say that it is done as declared */
	bool run;     /* this plan does it */
	bool gone;    /* no longer declared: taken away */
	bool on_node; /* done on the node, not inside: a share of an unprivileged container */
	bool hidden;  /* its fact is a secret's: never shown */
	bool unasked; /* its check is not asked before it runs */
};

struct plan_works {
	struct plan_work *v;
	uint32_t n, cap;
	uint32_t changed; /* of them; while the guest is built, all are run */
	PHX_VEC(struct phx_str)
	forgotten; /* marker keys of what left the configuration and stays in the guest */
};

/* step_text.c: files read once a plan. NULL: it cannot be read, which was reported at `span`. */
struct plan_text {
	struct phx_str path, bytes, sha256;
	struct phx_str script; /* with phx's functions before it, once somebody asked */
};
const struct plan_text *plan_text_file(struct plan *p, struct phx_str path, struct phx_span span);
/* A script of phx itself: etc/guest/NAME. Empty when it is missing (reported). */
struct phx_str plan_guest_script(struct plan *p, const char *name);
/* A user's script with the functions of etc/guest/lib.sh before it, unless it is not for a shell. */
struct phx_str plan_script_with_lib(struct plan *p, struct phx_str script);
/* A value as an environment variable has it: one item of a list a line, maps as JSON. */
struct phx_str plan_env_value(struct plan *p, const struct phx_value *v);
struct phx_str plan_env_name(struct plan *p, struct phx_str name); /* "PHX_CHANNEL" */

/* step_tree.c: a directory as one archive, the same bytes for the same content; its files are `nfiles`. */
struct plan_tree {
	struct phx_str tar, sha256, manifest;
	uint32_t nfiles;
};
const struct plan_tree *plan_tree_of(struct plan *p, struct phx_str path, struct phx_span span);

/* workflow_steps.c: "nfs /mnt/x, feature docker" */
struct phx_str plan_list_works(struct plan *p, const struct plan_item *it,
			       bool (*which)(const struct plan_work *));

/* step_work.c: builds it->works, once; what cannot be read is reported. */
void plan_build_works(struct plan *p, struct plan_item *it);
/* step_kind.c: one work a kind; false: nothing to do, or reported. */
bool plan_work_of(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *out);
bool plan_work_nfs_gone(struct plan *p, const struct plan_item *it, struct phx_str key,
			struct plan_work *out);
/* The place on the node that the living container has bound to `target`; empty: none of phx's. */
struct phx_str plan_nfs_bound(const struct plan_item *it, struct phx_str target);
bool plan_work_setting(struct plan *p, struct plan_item *it, const struct phx_setting *s,
		       struct plan_work *out);
struct plan_work plan_work_clean(struct plan *p, struct plan_item *it);

/* The sum that becomes hash and fact. */
struct plan_sum {
	struct plan *p;
	const struct plan_item *it;
	struct plan_work *x;
	struct phx_buf text, digits;
};
void plan_sum_begin(struct plan_sum *s, struct plan *p, const struct plan_item *it, struct plan_work *x);
/* A part that is a value. A secret one counts by its salted hash. */
void plan_sum_value(struct plan_sum *s, struct phx_str part, struct phx_str value, bool secret);
void plan_sum_digest(struct plan_sum *s, struct phx_str part, struct phx_str sha256);
void plan_sum_end(struct plan_sum *s);
/* What changed between two facts, for people: "script changed"; empty: it cannot be told. */
struct phx_str plan_fact_reason(struct plan *p, const struct plan_work *x);
