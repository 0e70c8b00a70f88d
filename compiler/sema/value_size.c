/* Large values: a value may hold another many times, and that one many times another. */
#include "sema/sema_priv.h"

static void weigh_one(struct phx_value *v, const struct phx_value *inner, uint64_t *weight)
{
	*weight += 1 + (uint64_t)inner->weight;
	if (inner->depth >= v->depth)
		v->depth = (uint16_t)(inner->depth + 1);
}

void phx_eval_weigh(struct phx_sema *s, struct phx_value *v)
{
	uint64_t weight = 0;

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON) || (v->kind != PHX_V_LIST && v->kind != PHX_V_MAP))
		return;
	v->depth = 1;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		weigh_one(v, &v->list.v[i], &weight);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		weigh_one(v, v->map->v[i].value, &weight);
	s->steps += weight / 16;
	if (weight > PHX_SEMA_MAX_LIST)
		phx_eval_error(s, PHX0218, v->span, v,
			       "a value that holds more than a million others is too large");
	else if (v->depth > PHX_SEMA_MAX_NESTING)
		phx_eval_error(s, PHX0218, v->span, v,
			       "lists and maps may stand in one another %d deep at most",
			       PHX_SEMA_MAX_NESTING);
	else
		v->weight = (uint32_t)weight;
}

struct phx_value *phx_object_find(struct phx_sema *s, const struct phx_object *o, struct phx_str key)
{
	enum { FEW = 12 };
	struct phx_map_entry *entry;
	struct phx_map *index;
	struct phx_str address;

	for (uint32_t i = 0; o->n <= FEW && i < o->n; i++) {
		if (phx_str_eq(o->v[i].key, key))
			return o->v[i].value;
	}
	if (o->n <= FEW)
		return NULL;
	address = (struct phx_str){(const char *)&o, sizeof(o)};
	index = phx_map_get(&s->object_index, address);
	if (!index) {
		index = PHX_NEW(&s->tmp, struct phx_map);
		phx_map_put(&s->tmp, &s->object_index, phx_str_dup(&s->tmp, address), NULL)->ptr = index;
		for (uint32_t i = 0; i < o->n; i++)
			phx_map_put(&s->tmp, index, o->v[i].key, NULL)->ptr = o->v[i].value;
	}
	entry = phx_map_find(index, key);
	return entry ? entry->ptr : NULL;
}
