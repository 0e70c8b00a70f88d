/* What a directory starts with: its cluster.json, or the default lab. tests/sim/SEED.md documents the format. */
#pragma once

#include "backend/sim/sim_priv.h"

bool phx_sim_seed(struct phx_sim *s, struct phx_err *err);
/* What the seed says of a URL or file name: its `images` whose `match` fits; NULL: nothing. Borrowed. */
json_t *phx_sim_seed_image(struct phx_sim *s, const char *name);
