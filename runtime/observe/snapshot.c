/* Looking things up in a snapshot. */
#include "observe/snapshot.h"

struct phx_snapshot *phx_snapshot_empty(struct phx_arena *arena)
{
	struct phx_snapshot *s = PHX_NEW(arena, struct phx_snapshot);

	s->arena = arena;
	s->quorate = true;
	s->sees_all_guests = true;
	return s;
}

const struct phx_live_guest *phx_snapshot_guest(const struct phx_snapshot *s, uint64_t id)
{
	char digits[24];
	size_t at = sizeof(digits);

	if (!s->by_id.n)
		return NULL;
	do
		digits[--at] = (char)('0' + id % 10);
	while (id /= 10);
	return phx_map_get(&s->by_id, (struct phx_str){digits + at, sizeof(digits) - at});
}

struct phx_str phx_live_value(const struct phx_live_guest *g, struct phx_str key)
{
	const struct phx_kv *kv = phx_map_get(&g->config_map, key);

	return kv ? kv->value : PHX_STR("");
}
