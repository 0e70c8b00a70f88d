/* Inside pvesh/ only. */
#pragma once

#include "backend/errors.h"
#include "backend/host/host.h"
#include "backend/pvesh/pvesh.h"

enum {
	PVESH_PARALLEL = 8,
	PVESH_GET_MS = 120 * 1000,     /* pvesh itself takes 0.7 s; 8 at once on a busy node more */
	PVESH_KEEP = 64 * 1024 * 1024, /* of an answer */
	PVESH_WORD_MAX = 64 * 1024,    /* a word of a process ends at 128 KiB, quoted for ssh */
	PVESH_TRIES = 3,               /* of a GET whose connection broke */
	PVESH_AGAIN_MS = 500,
};

struct phx_pvesh;

struct phx_pvesh_call {
	struct phx_pvesh_call *next;
	struct phx_pvesh *pvesh;
	struct phx_arena arena;
	struct phx_request r; /* strings and params are copies in `arena` */
	struct phx_params params;
	struct phx_str node; /* that the path is about; empty: any */
	uint32_t attempts;
	uint64_t began_at, not_before, handle;
	struct phx_str upload; /* the file's place on the node, once it is there */
	bool uploading;
};

struct phx_pvesh_queue {
	struct phx_pvesh_call *first, *last;
};

enum phx_etc_state { ETC_NONE, ETC_LOADING, ETC_HERE, ETC_UNUSABLE };

/* All guests' configuration files, read at once. */
struct phx_etc_pve {
	enum phx_etc_state state;
	struct phx_arena arena;
	struct phx_map files; /* "pve/qemu-server/100.conf" → its text in `arena`, as struct phx_etc_file */
	uint64_t read_at;
	bool outdated; /* something may have changed while it was read */
	bool for_good; /* a write was sent */
};

struct phx_pvesh {
	struct phx_backend backend;
	struct phx_arena *arena;
	struct phx_host *host;
	bool here;
	struct phx_pvesh_queue ready, waiting; /* waiting: for /etc/pve */
	struct phx_pvesh_call *active;         /* whose command runs */
	uint32_t in_flight, nactive, parallel;
	uint32_t loading; /* commands of our own */
	uint64_t get_ms;
	struct phx_etc_pve etc;
	struct phx_backend_hooks hooks;
	struct phx_secrets *secrets;
	uint32_t uploads;
	bool yield;
};

void phx_pvesh_put(struct phx_pvesh_queue *q, struct phx_pvesh_call *c);
struct phx_pvesh_call *phx_pvesh_take(struct phx_pvesh_queue *q); /* NULL: empty */

/* call.c: begins one attempt; `done` gets the command's end. */
void phx_pvesh_begin(struct phx_pvesh_call *c, void (*done)(void *user, const struct phx_command_end *end));
/* The node in "/nodes/NODE/…"; empty: none. */
struct phx_str phx_pvesh_node(struct phx_arena *a, struct phx_str path);
/* answer.c: what a pvesh that ended came to. */
void phx_pvesh_answer(const struct phx_pvesh_call *c, const struct phx_command_end *end,
		      struct phx_answer *out);
/* etc_pve.c: true: the call waits for the files, or (*out_data set) is answered from them. */
bool phx_etc_take(struct phx_pvesh_call *c, json_t **out_data);
void phx_etc_forget(struct phx_pvesh *p, bool for_good); /* something is written, or may be */
void phx_etc_done(struct phx_pvesh *p);
/* pvesh.c */
void phx_pvesh_deliver(struct phx_pvesh_call *c, struct phx_answer *a);
