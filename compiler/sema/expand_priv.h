/* What expansion's files share. */
#pragma once

#include "sema/access_priv.h"

/* expand.c */
void phx_expand_do(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f, struct phx_inst *inst,
		   struct phx_block *block);
void phx_top_run(struct phx_sema *s, struct phx_top *top); /* unless it ran, or runs */
bool phx_top_declares(const struct phx_do *d);

/* instance.c */
void phx_instantiate(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f);
void phx_add_attr(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f, struct phx_inst *inst,
		  struct phx_block *block);
void phx_add_block(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f,
		   struct phx_inst *inst, struct phx_block *in);
/* Blocks of that kind may be missing, because what makes them is unknown, or faulty. */
void phx_skip_kind(struct phx_sema *s, enum phx_kind kind, bool unknown);
