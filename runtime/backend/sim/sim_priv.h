/* What the simulator's files share. One thread does everything: requests, events of the simulated clock and tasks
 * run one after another, so state needs no mutexes; whoever must wait is put aside and called again. */
#pragma once

#include "backend/sim/sim.h"
#include "base/json.h"

struct phx_sim_store;
struct phx_sim_clock;
struct phx_sim_front;
struct phx_sim_log;
struct phx_sim_faults;
struct phx_sim_locks;
struct phx_sim_worker;
struct phx_sim_tables;
struct phx_sim_request;
struct phx_sim_trees;

struct phx_sim {
	struct phx_sim_options options; /* its strings live in `arena` */
	struct phx_arena arena;
	struct phx_buf url, token;
	int lock_fd; /* DIR/lock, flocked as long as the directory is ours */
	struct phx_sim_store *store;
	struct phx_sim_clock *clock;
	struct phx_sim_front *front; /* sockets and HTTP */
	struct phx_sim_log *log;
	struct phx_sim_faults *faults;
	struct phx_sim_locks *locks;
	struct phx_sim_tables *tables;  /* what Proxmox knows of options and endpoints */
	struct phx_sim_worker *workers; /* running tasks, oldest first */
	struct phx_sim_trees *trees;    /* guests in which commands really run; NULL: they follow a script */
	bool broken;                    /* a commit failed: nothing is acknowledged any more */
	bool stop;                      /* serve ends as soon as it can */
	struct phx_err failure;         /* why broken */
};

/* ---- simulated time: microseconds since 1970 ---- */
#define PHX_SIM_SECOND ((int64_t)1000000)

struct phx_sim_event;

bool phx_sim_clock_open(struct phx_sim *s);
void phx_sim_clock_close(struct phx_sim *s);
int64_t phx_sim_now(const struct phx_sim *s);
int64_t phx_sim_now_s(const struct phx_sim *s);
/* Calls fn(arg) after `delay`; events of one moment run in the order in which they were made. The event is gone once it ran. */
struct phx_sim_event *phx_sim_event_add(struct phx_sim *s, int64_t delay,
					void (*fn)(struct phx_sim *s, void *arg), void *arg);
void phx_sim_event_cancel(struct phx_sim *s, struct phx_sim_event *ev); /* NULL is fine */
bool phx_sim_clock_next(const struct phx_sim *s, int64_t *out);         /* of the next event; false: none */
/* Runs what is due. Returns real milliseconds until the next event is due, -1: nothing to wait for. */
int64_t phx_sim_clock_run(struct phx_sim *s);
void phx_sim_clock_advance(struct phx_sim *s,
			   int64_t until); /* runs all events up to then, and moves the clock there */
/* A request waits inside the server: a clock that only moves by hand moves for it. */
void phx_sim_clock_set(struct phx_sim *s, int64_t now); /* of a new cluster */
void phx_sim_clock_hold(struct phx_sim *s, int waiting);

/* ---- the store: documents by kind and id, journalled at each commit ---- */
bool phx_sim_store_open(struct phx_sim *s, struct phx_err *err);
void phx_sim_store_close(struct phx_sim *s);
bool phx_sim_store_fresh(const struct phx_sim *s); /* nothing was stored here before */
json_t *phx_sim_get(struct phx_sim *s, const char *kind,
		    const char *id); /* borrowed, NULL: absent; phx_sim_dirty after a change */
json_t *phx_sim_put(struct phx_sim *s, const char *kind, const char *id, json_t *stolen); /* borrowed */
void phx_sim_del(struct phx_sim *s, const char *kind, const char *id);
void phx_sim_dirty(struct phx_sim *s, const char *kind, const char *id);
json_t *phx_sim_all(struct phx_sim *s,
		    const char *kind); /* object id → document, in order of creation; never NULL */
/* Makes all changes since the last commit durable, all or none. On failure the simulator is `broken`. */
bool phx_sim_commit(struct phx_sim *s);
bool phx_sim_store_compact(struct phx_sim *s, struct phx_err *err);

/* Counters and the like that are no object of the cluster. */
int64_t phx_sim_meta_int(struct phx_sim *s, const char *key, int64_t otherwise);
void phx_sim_meta_set(struct phx_sim *s, const char *key, json_t *stolen);
int64_t phx_sim_meta_count(struct phx_sim *s, const char *key,
			   int64_t first); /* returns the counter and adds one */

/* Pseudo-random from the directory's seed: the same requests give the same cluster. */
uint64_t phx_sim_random(struct phx_sim *s);
const char *phx_sim_random_uuid(struct phx_sim *s, struct phx_arena *a);
const char *phx_sim_random_mac(struct phx_sim *s, struct phx_arena *a);
const char *phx_sim_random_secret(struct phx_arena *a); /* a UUID out of the system's generator, for tokens */

/* ---- sim.log: one JSON line an event; takes the object over ---- */
bool phx_sim_log_open(struct phx_sim *s, struct phx_err *err);
void phx_sim_log_close(struct phx_sim *s);
void phx_sim_log(struct phx_sim *s, const char *event, json_t *stolen);

/* ---- small helpers on JSON and text ---- */
const char *phx_sim_fmt(struct phx_arena *a, const char *fmt, ...) PHX_PRINTF(2, 3);
const char *phx_sim_s(const json_t *obj, const char *key); /* NULL when absent or no string */
const char *phx_sim_so(const json_t *obj, const char *key, const char *otherwise);
void phx_sim_set(json_t *obj, const char *key, const char *text); /* NULL removes */
void phx_sim_set_int(json_t *obj, const char *key, int64_t n);
bool phx_sim_truth(const json_t *value);                                    /* 1, "1", true */
const char *phx_sim_sha1(struct phx_arena *a, const void *bytes, size_t n); /* 40 hex digits */
bool phx_sim_starts(const char *s, const char *prefix);
bool phx_sim_ends(const char *s, const char *suffix);
/* Matches a POSIX extended regular expression anywhere in the text; a broken pattern matches nothing. */
bool phx_sim_regex(const char *pattern, const char *text);
/* A number or a size out of text, or what is given when it is none. */
int64_t phx_sim_number(struct phx_str text, int64_t otherwise);
uint64_t phx_sim_bytes(struct phx_str text, uint64_t otherwise);
