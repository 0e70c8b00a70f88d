/* The border to jansson, and a writer for large documents. Only base/json.* and *_json.c see jansson. */
#pragma once

#include <jansson.h>

#include "base/err.h"

struct phx_secrets;

/* Parses one whole document; duplicate keys are refused, depth is limited. NULL with err (line and column named). */
PHX_MUST_USE json_t *phx_json_parse(struct phx_str text, const char *what, struct phx_err *err);
/* From 1, as everybody counts: jansson says how many characters of the line it has read, none at its very start. */
int phx_json_column(const json_error_t *at);
/* Canonical text: sorted keys; indent 0 = compact. */
void phx_json_dump(const json_t *j, int indent, struct phx_buf *out);

/* Typed access that never fails: a missing or wrongly typed member gives the default. Numbers in strings and
 * booleans as 0/1 are accepted, as Proxmox sends both. */
struct phx_str phx_json_str(const json_t *obj, const char *key); /* borrowed; empty unless it is a string */
int64_t phx_json_int(const json_t *obj, const char *key, int64_t otherwise);
double phx_json_num(const json_t *obj, const char *key, double otherwise);
bool phx_json_bool(const json_t *obj, const char *key, bool otherwise);
json_t *phx_json_get(const json_t *obj, const char *key); /* borrowed or NULL */
/* Any scalar as text (true = "1"); false for null, arrays, objects. */
bool phx_json_text(const json_t *value, struct phx_buf *out);

/* Streaming writer: commas and indentation are its business. Secrets are masked in texts, never in keys, in words that phx
 * itself chose (phx_jw_c), in sums, or across values: the document stays what it is. */
struct phx_jw {
	struct phx_buf *out;
	const struct phx_secrets *secrets; /* set after phx_jw_init; NULL: none */
	int indent;                        /* spaces a level; 0 = compact */
	int depth;
	uint64_t used; /* bit per depth: something was written there */
	bool after_key;
};
void phx_jw_init(struct phx_jw *w, struct phx_buf *out, int indent);
void phx_jw_object(struct phx_jw *w);
void phx_jw_array(struct phx_jw *w);
void phx_jw_end_object(struct phx_jw *w);
void phx_jw_end_array(struct phx_jw *w);
void phx_jw_key(struct phx_jw *w, const char *key);
void phx_jw_key_str(struct phx_jw *w, struct phx_str key);
void phx_jw_str(struct phx_jw *w, struct phx_str s);
void phx_jw_sum(struct phx_jw *w, struct phx_str s); /* a checksum, a hash, an id: never masked */
void phx_jw_c(struct phx_jw *w, const char *s);      /* a word of phx's own, never masked; NULL = null */
void phx_jw_int(struct phx_jw *w, int64_t i);
void phx_jw_double(struct phx_jw *w, double d);
void phx_jw_bool(struct phx_jw *w, bool b);
void phx_jw_null(struct phx_jw *w);
void phx_jw_raw(struct phx_jw *w, struct phx_str json); /* an already written value: its texts are masked */
