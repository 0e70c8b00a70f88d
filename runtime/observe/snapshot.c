/* Looking things up in a snapshot, and what follows from a guest's configuration. */
#include <stdlib.h>

#include "observe/observe_priv.h"

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
	char digits[PHX_U64_DIGITS];

	return phx_map_get(&s->by_id, phx_u64_digits(id, digits));
}

struct phx_str phx_live_value(const struct phx_live_guest *g, struct phx_str key)
{
	const struct phx_kv *kv = phx_map_get(&g->config_map, key);

	return kv ? kv->value : PHX_STR("");
}

bool phx_tags_hold(struct phx_str tags, struct phx_str tag)
{
	size_t at = 0;

	for (size_t i = 0; i <= tags.len; i++) {
		if (i < tags.len && tags.ptr[i] != ',' && tags.ptr[i] != ';' && tags.ptr[i] != ' ')
			continue;
		if (phx_str_eq(phx_str_slice(tags, at, i - at), tag))
			return true;
		at = i + 1;
	}
	return false;
}

static int by_key(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_kv *)a)->key, ((const struct phx_kv *)b)->key);
}

void phx_live_settle(struct phx_live_guest *live, struct phx_str stack, struct phx_str own_tag,
		     struct phx_arena *a)
{
	struct phx_str name;

	if (live->config.n)
		qsort(live->config.v, live->config.n, sizeof(*live->config.v), by_key);
	live->config_map = (struct phx_map){0};
	for (uint32_t i = 0; i < live->config.n; i++)
		phx_map_put(a, &live->config_map, live->config.v[i].key, NULL)->ptr = &live->config.v[i];
	name = phx_live_value(live, live->is_vm ? PHX_STR("name") : PHX_STR("hostname"));
	if (name.len)
		live->name = name;
	live->lock = phx_live_value(live, PHX_STR("lock"));
	/* cluster/resources lags; a template is what its configuration says it is. */
	live->is_template = phx_str_eqc(phx_live_value(live, PHX_STR("template")), "1");
	live->notes = PHX_STR("");
	live->has_marker =
		phx_marker_read(phx_live_value(live, PHX_STR("description")), a, &live->marker, &live->notes);
	live->tagged = phx_tags_hold(phx_live_value(live, PHX_STR("tags")), own_tag);
	if (live->has_marker)
		live->owned = phx_str_eq(live->marker.stack, stack) && live->marker.id == live->id;
	else
		live->owned = live->tagged;
	/* Suspended to disk: nobody works on it, and nobody died; it has to be resumed first. */
	if (phx_str_eqc(live->lock, "suspended") || phx_str_eqc(live->lock, "suspending"))
		live->busy = true;
}
