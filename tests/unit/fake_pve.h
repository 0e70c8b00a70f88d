/* A few of Proxmox's calls behind the backend's vtable, in the test's own process: guests, tasks with a duration, locks, the
 * guest agent; and a hook that spoils any call. */
#pragma once

#include "backend/backend_priv.h"
#include "backend/process.h"

struct fake_guest {
	uint64_t id;
	bool is_vm, running, template;
	char lock[16];
	json_t *config;
	uint64_t agent_at, started_at; /* when the agent answers */
	uint32_t made;                 /* how often it was created or cloned */
};

struct fake_task {
	char upid[128];
	char type[24];
	uint64_t id, guest; /* as in the UPID; what it works on */
	uint64_t ends_at;
	char exit[128]; /* once it has ended */
	bool over, forgotten;
	void (*effect)(struct fake_guest *g);
};

enum fake_fault {
	FAULT_NONE,
	FAULT_BEFORE,  /* the connection breaks, nothing was done */
	FAULT_AFTER,   /* it was done, and the connection breaks */
	FAULT_REFUSED, /* no connection */
	FAULT_LOCK,    /* can't lock file … - got timeout */
	FAULT_TASK,    /* the task fails: `text` */
	FAULT_ERROR,   /* status 500 with `text` */
	FAULT_POWER,   /* it was begun; then all tasks are killed and forgotten, guests keep their locks */
};

#define FAKE_GUESTS 64
#define FAKE_TASKS  512
#define FAKE_LOG    4096

struct fake_pve {
	struct phx_backend b;
	struct fake_guest guests[FAKE_GUESTS];
	uint32_t nguests;
	struct fake_task tasks[FAKE_TASKS];
	uint32_t ntasks;
	json_t *pools; /* name → comment */
	json_t *rules; /* of every guest's firewall: one list is enough */
	uint32_t rules_version;
	uint32_t task_ms;  /* duration of a task */
	uint32_t agent_ms; /* from start to the agent's first answer */
	bool agent_never, agent_info_unknown, log_stands_still;
	int cloud_init_exit;
	const char *wrong; /* a key whose value is stored otherwise than sent */
	enum fake_fault (*fault)(void *user, enum phx_method m, struct phx_str path, uint32_t write_number,
				 const char **text);
	/* True: it has answered, and nothing else is done. May be NULL. */
	bool (*answer)(void *user, const struct phx_request *r, struct phx_answer *out);
	void *user;
	uint32_t writes;     /* that arrived or would have */
	char *log[FAKE_LOG]; /* "POST /nodes/… a=b&c=d", of writes that were done */
	uint32_t nlog, gets, most_at_once, at_work, collisions;
	struct phx_procs *commands;
	bool has_node; /* commands for the node run on this machine */
	struct pending {
		struct phx_request r;
		struct phx_params params;
		struct pending *next;
	} * first, *last;
	uint32_t in_flight;
	bool yield;
};

void fake_pve_init(struct fake_pve *f);
void fake_pve_done(struct fake_pve *f);
struct fake_guest *fake_pve_guest(struct fake_pve *f, uint64_t id); /* NULL: none */
struct fake_guest *fake_pve_add(struct fake_pve *f, uint64_t id, bool is_vm);
/* How often a line beginning so was done. */
uint32_t fake_pve_count(const struct fake_pve *f, const char *prefix);
