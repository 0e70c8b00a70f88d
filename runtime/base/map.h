/* Hash map from string slices to pointers or numbers, in an arena. Keys are not copied. Iteration is in insertion order. */
#pragma once

#include "base/str.h"

struct phx_map_entry {
	struct phx_str key;
	union {
		void *ptr;
		uint64_t num;
	};
};

/* Zero-initialised is empty. */
struct phx_map {
	struct phx_map_entry *entries; /* in insertion order */
	uint32_t *slots;               /* entry index + 1, 0 = free */
	uint32_t n, cap, mask;
};

struct phx_map_entry *phx_map_find(const struct phx_map *m, struct phx_str key); /* NULL: absent */
void *phx_map_get(const struct phx_map *m, struct phx_str key);                  /* NULL: absent */
/* The entry of `key`, made when absent (*out_new tells; may be NULL). Pointers to entries hold until the next put. */
struct phx_map_entry *phx_map_put(struct phx_arena *a, struct phx_map *m, struct phx_str key, bool *out_new);
