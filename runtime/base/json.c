#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_priv.h"
#include "base/secret.h"

enum { DEPTH_MAX = 63 };

int phx_json_column(const json_error_t *at)
{
	return at->column > 0 ? at->column : 1;
}

json_t *phx_json_parse(struct phx_str text, const char *what, struct phx_err *err)
{
	struct phx_buf why = {0};
	json_error_t at;
	json_t *doc;

	doc = json_loadb(text.ptr ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
	if (doc)
		return doc;
	phx_buf_printable(&why, phx_str_c(at.text)); /* may quote the text, whatever that is */
	if (at.line > 0)
		phx_err_set(err, PHX_ERR_DATA, "%s: line %d, column %d: %s", what, at.line,
			    phx_json_column(&at), why.ptr);
	else
		phx_err_set(err, PHX_ERR_DATA, "%s: %s", what, why.ptr);
	phx_buf_done(&why);
	return NULL;
}

static void new_line(struct phx_buf *out, int indent, int depth)
{
	if (indent == 0)
		return;
	phx_buf_ch(out, '\n');
	phx_buf_fill(out, ' ', (size_t)indent * (size_t)depth);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void dump(const json_t *j, int indent, int depth, struct phx_buf *out);

static void dump_object(const json_t *j, int indent, int depth, struct phx_buf *out)
{
	size_t n = json_object_size(j), i = 0;
	const char **keys = calloc(n + 1, sizeof(*keys));

	if (!keys)
		phx_out_of_memory();
	/* jansson's iterators do not change the object, though its interface says they might. */
	for (void *it = json_object_iter((json_t *)(uintptr_t)j); it && i < n;
	     it = json_object_iter_next((json_t *)(uintptr_t)j, it))
		keys[i++] = json_object_iter_key(it);
	qsort(keys, n, sizeof(*keys), by_bytes);
	phx_buf_ch(out, '{');
	for (i = 0; i < n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		new_line(out, indent, depth + 1);
		phx_buf_json_string(out, phx_str_c(keys[i]));
		phx_buf_c(out, indent ? ": " : ":");
		dump(json_object_get(j, keys[i]), indent, depth + 1, out);
	}
	if (n)
		new_line(out, indent, depth);
	phx_buf_ch(out, '}');
	free(keys);
}

static void dump_array(const json_t *j, int indent, int depth, struct phx_buf *out)
{
	size_t n = json_array_size(j);

	phx_buf_ch(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		new_line(out, indent, depth + 1);
		dump(json_array_get(j, i), indent, depth + 1, out);
	}
	if (n)
		new_line(out, indent, depth);
	phx_buf_ch(out, ']');
}

/* Recursion is safe: jansson parses no deeper than 2048. */
static void dump(const json_t *j, int indent, int depth, struct phx_buf *out)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		dump_object(j, indent, depth, out);
		break;
	case JSON_ARRAY:
		dump_array(j, indent, depth, out);
		break;
	case JSON_STRING:
		phx_buf_json_string(out, (struct phx_str){json_string_value(j), json_string_length(j)});
		break;
	case JSON_INTEGER:
		phx_buf_i64(out, json_integer_value(j));
		break;
	case JSON_REAL:
		phx_buf_double(out, json_real_value(j));
		break;
	case JSON_TRUE:
		phx_buf_c(out, "true");
		break;
	case JSON_FALSE:
		phx_buf_c(out, "false");
		break;
	case JSON_NULL:
		phx_buf_c(out, "null");
		break;
	}
}

void phx_json_dump(const json_t *j, int indent, struct phx_buf *out)
{
	if (j)
		dump(j, indent, 0, out);
	else
		phx_buf_c(out, "null");
}

json_t *phx_json_get(const json_t *obj, const char *key)
{
	return json_object_get(obj, key); /* NULL when obj is NULL or no object */
}

static struct phx_str string_of(const json_t *j)
{
	if (!json_is_string(j))
		return PHX_STR("");
	return (struct phx_str){json_string_value(j), json_string_length(j)};
}

struct phx_str phx_json_str(const json_t *obj, const char *key)
{
	return string_of(phx_json_get(obj, key));
}

int64_t phx_json_int(const json_t *obj, const char *key, int64_t otherwise)
{
	const json_t *j = phx_json_get(obj, key);
	int64_t value = otherwise;

	if (json_is_integer(j))
		return json_integer_value(j);
	if (json_is_boolean(j))
		return json_is_true(j);
	if (json_is_real(j)) {
		double d = json_real_value(j);

		/* The limits are exact as doubles; comparing first keeps the conversion defined. */
		return d >= -0x1p63 && d < 0x1p63 && d == trunc(d) ? (int64_t)d : otherwise;
	}
	if (json_is_string(j) && phx_parse_i64(string_of(j), &value))
		return value;
	return otherwise;
}

double phx_json_num(const json_t *obj, const char *key, double otherwise)
{
	const json_t *j = phx_json_get(obj, key);
	double value = otherwise;

	if (json_is_number(j))
		return json_number_value(j);
	if (json_is_boolean(j))
		return json_is_true(j);
	if (json_is_string(j) && phx_parse_double(string_of(j), &value))
		return value;
	return otherwise;
}

static bool bool_of(struct phx_str s, bool otherwise)
{
	static const char *const yes[] = {"1", "true", "yes", "on"};
	static const char *const no[] = {"0", "false", "no", "off"};

	for (size_t i = 0; i < PHX_COUNTOF(yes); i++) {
		if (phx_str_eqc(s, yes[i]))
			return true;
		if (phx_str_eqc(s, no[i]))
			return false;
	}
	return otherwise;
}

bool phx_json_bool(const json_t *obj, const char *key, bool otherwise)
{
	const json_t *j = phx_json_get(obj, key);

	if (json_is_boolean(j))
		return json_is_true(j);
	if (json_is_number(j))
		return json_number_value(j) != 0;
	if (json_is_string(j))
		return bool_of(string_of(j), otherwise);
	return otherwise;
}

bool phx_json_text(const json_t *value, struct phx_buf *out)
{
	if (json_is_string(value))
		phx_buf_str(out, string_of(value));
	else if (json_is_integer(value))
		phx_buf_i64(out, json_integer_value(value));
	else if (json_is_real(value))
		phx_buf_double(out, json_real_value(value));
	else if (json_is_boolean(value))
		phx_buf_ch(out, json_is_true(value) ? '1' : '0');
	else
		return false;
	return true;
}

void phx_jw_init(struct phx_jw *w, struct phx_buf *out, int indent)
{
	*w = (struct phx_jw){.out = out, .indent = indent};
}

/* What stands before a value or a key: a comma and a new line inside an object or array, nothing after a key. */
static void before(struct phx_jw *w)
{
	uint64_t bit = UINT64_C(1) << w->depth;

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->used & bit)
		phx_buf_ch(w->out, ',');
	w->used |= bit;
	new_line(w->out, w->indent, w->depth);
}

static void open(struct phx_jw *w, char c)
{
	before(w);
	phx_buf_ch(w->out, c);
	if (w->depth == DEPTH_MAX)
		PHX_BUG("a JSON document deeper than %d", DEPTH_MAX);
	w->depth++;
	w->used &= ~(UINT64_C(1) << w->depth);
}

static void close(struct phx_jw *w, char c)
{
	bool used = w->used >> w->depth & 1;

	if (w->depth == 0 || w->after_key)
		PHX_BUG("unbalanced JSON at %c", c);
	w->depth--;
	if (used)
		new_line(w->out, w->indent, w->depth);
	phx_buf_ch(w->out, c);
}

void phx_jw_object(struct phx_jw *w)
{
	open(w, '{');
}

void phx_jw_array(struct phx_jw *w)
{
	open(w, '[');
}

void phx_jw_end_object(struct phx_jw *w)
{
	close(w, '}');
}

void phx_jw_end_array(struct phx_jw *w)
{
	close(w, ']');
}

void phx_jw_key(struct phx_jw *w, const char *key)
{
	phx_jw_key_str(w, phx_str_c(key));
}

void phx_jw_key_str(struct phx_jw *w, struct phx_str key)
{
	before(w);
	phx_buf_json_string(w->out, key);
	phx_buf_add(w->out, ": ", w->indent ? 2 : 1);
	w->after_key = true;
}

void phx_jw_sum(struct phx_jw *w, struct phx_str s)
{
	before(w);
	phx_buf_json_string(w->out, s);
}

void phx_jw_str(struct phx_jw *w, struct phx_str s)
{
	struct phx_buf masked = {0};
	size_t at, len;

	if (!w->secrets || !phx_secrets_find(w->secrets, s, &at, &len)) {
		phx_jw_sum(w, s);
		return;
	}
	phx_secrets_mask(w->secrets, s, &masked);
	phx_jw_sum(w, phx_buf_view(&masked));
	phx_buf_done(&masked);
}

void phx_jw_c(struct phx_jw *w, const char *s)
{
	if (s)
		phx_jw_sum(w, phx_str_c(s));
	else
		phx_jw_null(w);
}

void phx_jw_int(struct phx_jw *w, int64_t i)
{
	before(w);
	phx_buf_i64(w->out, i);
}

void phx_jw_double(struct phx_jw *w, double d)
{
	if (!isfinite(d)) {
		phx_jw_null(w); /* JSON has no infinity */
		return;
	}
	before(w);
	phx_buf_double(w->out, d);
}

void phx_jw_bool(struct phx_jw *w, bool b)
{
	before(w);
	phx_buf_c(w->out, b ? "true" : "false");
}

void phx_jw_null(struct phx_jw *w)
{
	before(w);
	phx_buf_c(w->out, "null");
}

/* Where the string that begins at `at` ends: behind its closing quote. */
static size_t string_end(struct phx_str json, size_t at)
{
	for (at++; at < json.len && json.ptr[at] != '"'; at++)
		at += json.ptr[at] == '\\';
	return at < json.len ? at + 1 : json.len;
}

static bool is_key(struct phx_str json, size_t end)
{
	while (end < json.len && (json.ptr[end] == ' ' || json.ptr[end] == '\n'))
		end++;
	return end < json.len && json.ptr[end] == ':';
}

void phx_jw_raw(struct phx_jw *w, struct phx_str json)
{
	size_t done = 0;

	before(w);
	/* Secrets are known as JSON writes them, too. */
	for (size_t at = 0, end; w->secrets && at < json.len; at = end) {
		end = json.ptr[at] == '"' ? string_end(json, at) : at + 1;
		if (json.ptr[at] != '"' || is_key(json, end))
			continue;
		phx_buf_str(w->out, phx_str_slice(json, done, at - done));
		phx_secrets_mask(w->secrets, phx_str_slice(json, at, end - at), w->out);
		done = end;
	}
	phx_buf_str(w->out, phx_str_from(json, done));
}
