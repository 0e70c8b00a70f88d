/* Configurations made by chance, from a seed: the same for ever. */
#pragma once

#include "plan_lab.h"

struct chance {
	uint64_t state;
	struct phx_buf text;
};

uint32_t chance_roll(struct chance *c, uint32_t n);
/* Appended to the text. `least` makes every disk at least so much larger. */
void chance_vm(struct chance *c, uint32_t id, bool clone, uint32_t least);
void chance_container(struct chance *c, uint32_t id, bool clone, uint32_t least);
