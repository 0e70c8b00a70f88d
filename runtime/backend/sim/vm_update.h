/* Changing a VM's configuration: what PUT and POST …/config share. */
#pragma once

#include "backend/sim/vm.h"

/* Parameters of an update taken apart. Objects key → text (set), key → true (del, revert). */
struct phx_sim_update {
	json_t *set, *del, *revert;
	bool force;
};
void phx_sim_update_done(struct phx_sim_update *u);

/* Everything that can be refused before the lock is taken. False: the answer is set. */
bool phx_sim_vm_update_check(struct phx_sim_request *r, json_t *g, struct phx_sim_update *out);

/* Applies under the lock. False: `why` (a 500), or when `param` is set the 400 of that parameter. */
struct phx_sim_update_fault {
	struct phx_buf why;
	const char *param;
};
bool phx_sim_vm_update_apply(struct phx_sim *s, struct phx_arena *a, struct phx_sim_worker *w, json_t *g,
			     const struct phx_sim_update *u, struct phx_sim_update_fault *fault);
int64_t phx_sim_vm_update_time(struct phx_sim *s, const json_t *g, const struct phx_sim_update *u);
