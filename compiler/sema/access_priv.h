/* A place in a resource: it, and the blocks that lead to one inside it. */
#pragma once

#include "sema/sema_priv.h"

struct phx_step_to {
	struct phx_str name, label;
};

struct phx_place_of {
	struct phx_step_to steps[4]; /* the schema is not deeper */
	uint32_t n;
};

struct phx_cursor {
	struct phx_inst *inst;
	struct phx_place_of at;
};

/* access.c */
struct phx_str phx_block_key(struct phx_sema *s, const struct phx_block_spec *spec, enum phx_kind kind,
			     struct phx_str label);
struct phx_block *phx_access_block(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p);
/* Own, then defaults, then the clone's source. False: nobody says. */
PHX_MUST_USE bool phx_access_effective(struct phx_sema *s, struct phx_inst *inst,
				       const struct phx_place_of *p, struct phx_str name, struct phx_span use,
				       struct phx_value *out);

/* access_default.c: as effective, with what holds when nobody says: implied by phx, or Proxmox's own default. */
PHX_MUST_USE bool phx_access_attr(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
				  struct phx_str name, struct phx_span use, struct phx_value *out);
/* Nothing is said and nothing is implied. */
void phx_access_absent(struct phx_sema *s, const struct phx_cursor *c, struct phx_str name,
		       struct phx_span use, struct phx_value *out);
