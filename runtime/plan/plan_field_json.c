#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/plan_field.h"

static void path(const struct plan_at *at, struct phx_buf *out)
{
	if (!at)
		return;
	path(at->up, out);
	if (!at->key) {
		phx_buf_printf(out, "[%zu]", at->index);
		return;
	}
	if (out->len)
		phx_buf_ch(out, '.');
	phx_buf_printable(out, phx_str_c(at->key));
}

bool plan_in_fail(struct plan_in *in, const struct plan_at *at, const char *fmt, ...)
{
	struct phx_buf where = {0};
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		phx_out_of_memory();
	va_end(args);
	path(at, &where);
	phx_err_set(in->err, PHX_ERR_DATA, "%s is not a usable plan: " PHX_STR_FMT ": %s", in->file,
		    PHX_STR_ARG(where.len ? phx_buf_view(&where) : PHX_STR("the document")), text);
	phx_err_hint(in->err, "it was not written by phx as it is; make it again: phx plan -o %s", in->file);
	phx_buf_done(&where);
	free(text);
	return false;
}

const char *plan_in_kind(const json_t *v)
{
	if (!v)
		return "nothing";
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "something else";
}

bool plan_in_text(struct plan_in *in, const struct plan_at *at, const json_t *v, struct phx_str *out)
{
	if (!json_is_string(v))
		return plan_in_fail(in, at, "expected a string, found %s", plan_in_kind(v));
	*out = phx_str_dup(in->a, (struct phx_str){json_string_value(v), json_string_length(v)});
	return true;
}

static bool number(struct plan_in *in, const struct plan_at *at, const json_t *v, int64_t min, int64_t max,
		   int64_t *out)
{
	if (!json_is_integer(v))
		return plan_in_fail(in, at, "expected a whole number, found %s", plan_in_kind(v));
	*out = json_integer_value(v);
	if (*out < min || *out > max)
		return plan_in_fail(in, at, "expected a number from %lld to %lld, found %lld", (long long)min,
				    (long long)max, (long long)*out);
	return true;
}

static bool named(struct plan_in *in, const struct plan_at *at, const json_t *v, const struct plan_field *f,
		  uint8_t *out)
{
	struct phx_buf shown = {0};
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	for (unsigned i = 0; f->name(i); i++) {
		if (phx_str_eqc(text, f->name(i))) {
			*out = (uint8_t)i;
			return true;
		}
	}
	phx_buf_printable(&shown, phx_str_slice(text, 0, 60));
	plan_in_fail(in, at, "`" PHX_STR_FMT "` is no value that this phx knows here",
		     PHX_STR_ARG(phx_buf_view(&shown)));
	phx_buf_done(&shown);
	return false;
}

static bool integer(struct plan_in *in, const struct plan_at *at, const json_t *v, uint8_t type, void *to)
{
	static const struct {
		int64_t min, max;
	} range[] = {
		[PLAN_F_U64] = {0, INT64_MAX},         [PLAN_F_U64_NULL] = {0, INT64_MAX},
		[PLAN_F_U32] = {0, UINT32_MAX},        [PLAN_F_U16] = {0, UINT16_MAX},
		[PLAN_F_I64] = {INT64_MIN, INT64_MAX},
	};
	int64_t n = 0;

	if (!number(in, at, v, range[type].min, range[type].max, &n))
		return false;
	if (type == PLAN_F_U32)
		*(uint32_t *)to = (uint32_t)n;
	else if (type == PLAN_F_U16)
		*(uint16_t *)to = (uint16_t)n;
	else if (type == PLAN_F_I64)
		*(int64_t *)to = n;
	else
		*(uint64_t *)to = (uint64_t)n;
	return true;
}

static bool field(struct plan_in *in, const struct plan_at *at, const json_t *v, const struct plan_field *f,
		  void *to)
{
	switch ((enum plan_field_type)f->type) {
	case PLAN_F_STR_NULL:
		if (json_is_null(v))
			return true;
		return plan_in_text(in, at, v, to);
	case PLAN_F_STR:
		return plan_in_text(in, at, v, to);
	case PLAN_F_BOOL:
		if (!json_is_boolean(v))
			return plan_in_fail(in, at, "expected true or false, found %s", plan_in_kind(v));
		*(bool *)to = json_is_true(v);
		return true;
	case PLAN_F_U64_NULL:
		return json_is_null(v) || integer(in, at, v, f->type, to);
	case PLAN_F_U64:
	case PLAN_F_U32:
	case PLAN_F_U16:
	case PLAN_F_I64:
		return integer(in, at, v, f->type, to);
	case PLAN_F_ENUM:
		return named(in, at, v, f, to);
	}
	PHX_BUG("no field type %d", f->type);
}

bool plan_in_fields(struct plan_in *in, const struct plan_at *at, const json_t *obj,
		    const struct plan_field *fields, size_t n, void *to)
{
	if (!json_is_object(obj))
		return plan_in_fail(in, at, "expected an object, found %s", plan_in_kind(obj));
	for (size_t i = 0; i < n; i++) {
		struct plan_at here = {.up = at, .key = fields[i].key};
		const json_t *v = phx_json_get(obj, fields[i].key);

		if (!v && fields[i].optional)
			continue;
		if (!v)
			return plan_in_fail(in, &here, "it is missing");
		if (!field(in, &here, v, &fields[i], (char *)to + fields[i].offset))
			return false;
	}
	return true;
}

const json_t *plan_in_object(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key)
{
	struct plan_at here = {.up = at, .key = key};
	const json_t *v = phx_json_get(obj, key);

	if (json_is_object(v))
		return v;
	plan_in_fail(in, &here, "expected an object, found %s", plan_in_kind(v));
	return NULL;
}

const json_t *plan_in_array(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key)
{
	struct plan_at here = {.up = at, .key = key};
	const json_t *v = phx_json_get(obj, key);

	if (json_is_array(v))
		return v;
	plan_in_fail(in, &here, "expected an array, found %s", plan_in_kind(v));
	return NULL;
}

bool plan_in_each(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key,
		  bool optional,
		  bool (*item)(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user),
		  void *user)
{
	struct plan_at list = {.up = at, .key = key};
	const json_t *v = phx_json_get(obj, key);
	size_t i;
	json_t *x;

	if (!v && optional)
		return true;
	v = plan_in_array(in, at, obj, key);
	if (!v)
		return false;
	json_array_foreach(v, i, x)
	{
		struct plan_at here = {.up = &list, .index = i};

		if (!item(in, &here, x, user))
			return false;
	}
	return true;
}

/* --- values that are kept as they stand --- */

void plan_jw_value(struct phx_jw *w, const json_t *v)
{
	struct phx_buf text = {0};
	size_t i;
	json_t *x;

	if (json_is_object(v)) {
		phx_jw_object(w);
		/* jansson's iterators do not change the object, though its interface says they might. */
		json_t *obj = (json_t *)(uintptr_t)v;
		for (void *it = json_object_iter(obj); it; it = json_object_iter_next(obj, it)) {
			phx_jw_key(w, json_object_iter_key(it));
			plan_jw_value(w, json_object_iter_value(it));
		}
		phx_jw_end_object(w);
	} else if (json_is_array(v)) {
		phx_jw_array(w);
		json_array_foreach(v, i, x) plan_jw_value(w, x);
		phx_jw_end_array(w);
	} else {
		phx_json_dump(v, 0, &text);
		phx_jw_raw(w, phx_buf_view(&text));
		phx_buf_done(&text);
	}
}

/* The writer goes no deeper than 63 levels; nothing that phx writes does. */
static bool shallow(const json_t *v, int depth)
{
	const char *key;
	size_t i;
	json_t *x;

	if (depth == 0)
		return false;
	json_array_foreach(v, i, x) if (!shallow(x, depth - 1)) return false;
	json_object_foreach((json_t *)(uintptr_t)v, key, x) if (!shallow(x, depth - 1)) return false;
	return true;
}

bool plan_in_raw(struct plan_in *in, const struct plan_at *at, const json_t *v, struct phx_str *out)
{
	struct phx_buf text = {0};
	struct phx_jw w;

	if (!shallow(v, 40))
		return plan_in_fail(in, at, "it is nested deeper than anything that phx writes");
	phx_jw_init(&w, &text, 0);
	plan_jw_value(&w, v);
	*out = phx_str_dup(in->a, phx_buf_view(&text));
	phx_buf_done(&text);
	return true;
}

void plan_jw_raw(struct phx_jw *w, struct phx_str compact)
{
	struct phx_err err = {0};
	json_t *v = phx_json_parse(compact, "a value of a plan", &err);

	if (!v)
		PHX_BUG("a value that was read from a plan cannot be read again");
	plan_jw_value(w, v);
	json_decref(v);
	phx_err_done(&err);
}
