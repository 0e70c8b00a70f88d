/* How long actions take when nothing is known of this cluster: one table for the scheduler and for the estimate. */
#pragma once

#include "plan/plan.h"

struct phx_cost {
	uint32_t usual_ms; /* whatever the size, or of a size that is not known */
	uint32_t base_ms,
		mib_per_s; /* of a known size: base_ms + size / mib_per_s; 0: the size does not matter */
	const char *vm_task, *ct_task; /* the type of Proxmox's task; NULL: it has none */
};

/* Of the action's operation; a linked clone is told from a full one. Never NULL. */
const struct phx_cost *phx_cost_of(const struct phx_action *a);
/* Milliseconds without knowing the size: the scheduler's measure, of which only the relation matters. */
uint64_t phx_cost_usual(const struct phx_action *a);
uint64_t phx_cost_of_size(const struct phx_cost *c, uint64_t bytes);
