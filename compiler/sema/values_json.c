/* JSON texts to values. */
#include "base/json.h"

#include "sema/sema_priv.h"

struct reader {
	struct phx_sema *s;
	struct phx_span at;
};

static struct phx_value convert(const struct reader *r, const json_t *j);

static struct phx_value convert_array(const struct reader *r, const json_t *j)
{
	struct phx_value v = {.kind = PHX_V_LIST, .span = r->at};

	v.list.n = (uint32_t)json_array_size(j);
	v.list.v = PHX_NEW_N(&r->s->tmp, struct phx_value, v.list.n);
	for (uint32_t i = 0; i < v.list.n; i++)
		v.list.v[i] = convert(r, json_array_get(j, i));
	phx_eval_weigh(r->s, &v);
	return v;
}

static struct phx_value convert_object(const struct reader *r, const json_t *j)
{
	struct phx_value v = {.kind = PHX_V_MAP, .span = r->at};
	struct phx_object *o = PHX_NEW(&r->s->tmp, struct phx_object);
	void *it = json_object_iter((json_t *)(uintptr_t)j);

	o->v = PHX_NEW_N(&r->s->tmp, struct phx_member, json_object_size(j));
	for (; it; it = json_object_iter_next((json_t *)(uintptr_t)j, it)) {
		struct phx_member *m = &o->v[o->n++];

		m->key = phx_str_dup(&r->s->tmp, phx_str_c(json_object_iter_key(it)));
		m->span = r->at;
		m->value = PHX_NEW(&r->s->tmp, struct phx_value);
		*m->value = convert(r, json_object_iter_value(it));
	}
	v.map = o;
	phx_eval_weigh(r->s, &v);
	return v;
}

static struct phx_value convert(const struct reader *r, const json_t *j)
{
	struct phx_value v = {.span = r->at};

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return convert_object(r, j);
	case JSON_ARRAY:
		return convert_array(r, j);
	case JSON_STRING:
		return phx_value_str(phx_str_dup(&r->s->tmp, (struct phx_str){json_string_value(j),
									      json_string_length(j)}),
				     r->at);
	case JSON_INTEGER:
		return phx_value_int(json_integer_value(j), r->at);
	case JSON_REAL:
		v.kind = PHX_V_FLOAT;
		v.f = json_real_value(j);
		return v;
	case JSON_TRUE:
	case JSON_FALSE:
		return phx_value_bool(json_is_true(j), r->at);
	case JSON_NULL:
		break;
	}
	return v;
}

bool phx_value_from_json(struct phx_sema *s, struct phx_str text, struct phx_span at, struct phx_value *out,
			 struct phx_err *err)
{
	struct reader r = {.s = s, .at = at};
	json_t *j = phx_json_parse(text, "the text", err);

	if (!j)
		return false;
	*out = convert(&r, j);
	json_decref(j);
	return true;
}
