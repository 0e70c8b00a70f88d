/* Does Proxmox take this call? Asked of the endpoint tables, apart from plan.h, whose names of methods are others. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct lab_param {
	struct phx_str name, value;
};

/* False: *out_why (in the arena) says what its answer would be. */
PHX_MUST_USE bool lab_call_fits(struct phx_arena *a, const char *method, struct phx_str path,
				const struct lab_param *params, size_t n, struct phx_str *out_why);
