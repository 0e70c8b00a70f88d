#include "base/map.h"

#include <string.h>

#include "base/arena.h"

enum { SCAN_MAX = 8, CAP_MAX = 1 << 30 }; /* small maps have no slots: they are searched from end to end */

static bool same_key(struct phx_str a, struct phx_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

struct phx_map_entry *phx_map_find(const struct phx_map *m, struct phx_str key)
{
	if (!m->slots) {
		for (uint32_t i = 0; i < m->n; i++) {
			if (same_key(m->entries[i].key, key))
				return &m->entries[i];
		}
		return NULL;
	}
	for (uint32_t at = phx_str_hash(key) & m->mask; m->slots[at]; at = (at + 1) & m->mask) {
		struct phx_map_entry *e = &m->entries[m->slots[at] - 1];

		if (same_key(e->key, key))
			return e;
	}
	return NULL;
}

void *phx_map_get(const struct phx_map *m, struct phx_str key)
{
	const struct phx_map_entry *e = phx_map_find(m, key);

	return e ? e->ptr : NULL;
}

static void slot_take(struct phx_map *m, uint32_t entry)
{
	uint32_t at = phx_str_hash(m->entries[entry].key) & m->mask;

	while (m->slots[at])
		at = (at + 1) & m->mask;
	m->slots[at] = entry + 1;
}

/* Room for one more entry; the slots stay at most half full. */
static void grow(struct phx_arena *a, struct phx_map *m)
{
	if (m->n >= CAP_MAX)
		phx_out_of_memory();
	m->entries = phx_vec_grow(a, m->entries, m->n, &m->cap, sizeof(*m->entries));
	if (m->cap <= SCAN_MAX)
		return;
	m->mask = m->cap * 2 - 1;
	m->slots = PHX_NEW_N(a, uint32_t, (size_t)m->mask + 1);
	for (uint32_t i = 0; i < m->n; i++)
		slot_take(m, i);
}

struct phx_map_entry *phx_map_put(struct phx_arena *a, struct phx_map *m, struct phx_str key, bool *out_new)
{
	struct phx_map_entry *e = phx_map_find(m, key);

	if (out_new)
		*out_new = !e;
	if (e)
		return e;
	if (m->n == m->cap)
		grow(a, m);
	e = &m->entries[m->n++];
	e->key = key;
	e->num = 0;
	if (m->slots)
		slot_take(m, m->n - 1);
	return e;
}
