#include "model/value.h"

#include <string.h>

#include "model/schema.h"

#include "base/map.h"

const char *phx_value_kind_name(enum phx_value_kind kind)
{
	static const char *const names[PHX_V_KIND_COUNT] = {
		[PHX_V_NULL] = "null",         [PHX_V_BOOL] = "bool",     [PHX_V_INT] = "int",
		[PHX_V_FLOAT] = "float",       [PHX_V_STRING] = "string", [PHX_V_SIZE] = "size",
		[PHX_V_DURATION] = "duration", [PHX_V_IP] = "ip",         [PHX_V_CIDR] = "cidr",
		[PHX_V_MAC] = "mac",           [PHX_V_LIST] = "list",     [PHX_V_MAP] = "map",
		[PHX_V_REF] = "reference",     [PHX_V_CALL] = "feature",
	};

	if ((unsigned)kind >= PHX_V_KIND_COUNT)
		PHX_BUG("value kind %d", (int)kind);
	return names[kind];
}

struct phx_value phx_value_str(struct phx_str s, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_STRING, .s = s, .span = at};
}

struct phx_value phx_value_int(int64_t i, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_INT, .i = i, .span = at};
}

struct phx_value phx_value_bool(bool b, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_BOOL, .b = b, .span = at};
}

struct phx_value phx_value_size(uint64_t bytes, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_SIZE, .bytes = bytes, .span = at};
}

struct phx_value phx_value_unknown(enum phx_value_kind kind, struct phx_span at)
{
	return (struct phx_value){.kind = (uint8_t)kind, .flags = PHX_VF_UNKNOWN, .span = at};
}

struct phx_value phx_value_poison(struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_NULL, .flags = PHX_VF_POISON, .span = at};
}

/* What stands inside a value: the elements of a list, the members of a map, the arguments of a call. An unknown
 * has nothing inside, whatever its kind. */
static uint32_t inner_count(const struct phx_value *v)
{
	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return 0;
	if (v->kind == PHX_V_LIST)
		return v->list.n;
	if (v->kind == PHX_V_MAP)
		return v->map ? v->map->n : 0;
	if (v->kind == PHX_V_CALL)
		return v->ref ? v->ref->args.n : 0;
	return 0;
}

static const struct phx_value *inner_at(const struct phx_value *v, uint32_t i)
{
	if (v->kind == PHX_V_LIST)
		return &v->list.v[i];
	return v->kind == PHX_V_MAP ? v->map->v[i].value : v->ref->args.v[i].value;
}

bool phx_value_is_known(const struct phx_value *v)
{
	uint32_t n = inner_count(v);

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!phx_value_is_known(inner_at(v, i)))
			return false;
	return true;
}

bool phx_value_is_secret(const struct phx_value *v)
{
	uint32_t n = inner_count(v);

	if (v->flags & PHX_VF_SECRET)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (phx_value_is_secret(inner_at(v, i)))
			return true;
	return false;
}

static bool ip_equal(const struct phx_ip *a, const struct phx_ip *b, bool with_prefix)
{
	size_t n = a->family == 4 ? 4 : 16;

	return a->family == b->family && (!with_prefix || a->prefix == b->prefix) &&
	       !memcmp(a->bytes, b->bytes, n);
}

static bool list_equal(const struct phx_list *a, const struct phx_list *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!phx_value_equal(&a->v[i], &b->v[i]))
			return false;
	return true;
}

/* For members in different order; keys are unique on both sides and their number is the same. */
static bool object_equal_unordered(const struct phx_object *a, const struct phx_object *b)
{
	struct phx_arena scratch = {0};
	struct phx_map index = {0};
	bool equal = true;

	for (uint32_t i = 0; i < b->n; i++)
		phx_map_put(&scratch, &index, b->v[i].key, NULL)->ptr = b->v[i].value;
	for (uint32_t i = 0; i < a->n && equal; i++) {
		const struct phx_value *other = phx_map_get(&index, a->v[i].key);

		equal = other && phx_value_equal(a->v[i].value, other);
	}
	phx_arena_done(&scratch);
	return equal;
}

static bool object_equal(const struct phx_object *a, const struct phx_object *b)
{
	uint32_t n = a ? a->n : 0;
	bool same_order = true;

	if (n != (b ? b->n : 0))
		return false;
	for (uint32_t i = 0; i < n && same_order; i++)
		same_order = phx_str_eq(a->v[i].key, b->v[i].key);
	if (!same_order)
		return object_equal_unordered(a, b);
	for (uint32_t i = 0; i < n; i++)
		if (!phx_value_equal(a->v[i].value, b->v[i].value))
			return false;
	return true;
}

static bool ref_equal(const struct phx_ref *a, const struct phx_ref *b)
{
	return a->kind == b->kind && a->id == b->id && phx_str_eq(a->name, b->name) &&
	       object_equal(&a->args, &b->args);
}

static bool payload_equal(const struct phx_value *a, const struct phx_value *b)
{
	switch ((enum phx_value_kind)a->kind) {
	case PHX_V_NULL:
		return true;
	case PHX_V_BOOL:
		return a->b == b->b;
	case PHX_V_INT:
	case PHX_V_DURATION:
		return a->i == b->i;
	case PHX_V_FLOAT:
		return !(a->f < b->f) && !(a->f > b->f);
	case PHX_V_STRING:
		return phx_str_eq(a->s, b->s);
	case PHX_V_SIZE:
		return a->bytes == b->bytes;
	case PHX_V_IP:
	case PHX_V_CIDR:
		return ip_equal(a->ip, b->ip, a->kind == PHX_V_CIDR);
	case PHX_V_MAC:
		return !memcmp(a->mac, b->mac, sizeof(a->mac));
	case PHX_V_LIST:
		return list_equal(&a->list, &b->list);
	case PHX_V_MAP:
		return object_equal(a->map, b->map);
	case PHX_V_REF:
	case PHX_V_CALL:
		return ref_equal(a->ref, b->ref);
	case PHX_V_KIND_COUNT:
		break;
	}
	PHX_BUG("value kind %d", a->kind);
}

bool phx_value_equal(const struct phx_value *a, const struct phx_value *b)
{
	const uint8_t opaque = PHX_VF_UNKNOWN | PHX_VF_POISON;

	if (a->kind != b->kind || (a->flags & opaque) != (b->flags & opaque))
		return false;
	return (a->flags & opaque) || payload_equal(a, b);
}
