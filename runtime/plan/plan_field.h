/* Reading a JSON object into a struct by a table of its members, with the path of what is wrong: `changes[2].id`. */
#pragma once

#include "base/json.h"

/* Where in the document: a chain from the innermost outwards, on the stack. */
struct plan_at {
	const struct plan_at *up;
	const char *key; /* NULL: an element of an array */
	size_t index;
};

struct plan_in {
	struct phx_arena *a;
	struct phx_err *err;
	const char *file;
};

enum plan_field_type {
	PLAN_F_STR,      /* struct phx_str */
	PLAN_F_STR_NULL, /* the same; null leaves it empty */
	PLAN_F_BOOL,
	PLAN_F_U64,
	PLAN_F_U64_NULL,
	PLAN_F_U32, /* from 1 */
	PLAN_F_U16,
	PLAN_F_I64,
	PLAN_F_ENUM, /* uint8_t, by name */
};

struct plan_field {
	const char *key;
	uint8_t type;  /* enum plan_field_type */
	bool optional; /* may be missing: the member of the struct stays as it is */
	size_t offset;
	const char *(*name)(unsigned value); /* PLAN_F_ENUM: NULL beyond the last */
};

/* Sets the error "FILE: PATH: …"; returns false. */
bool plan_in_fail(struct plan_in *in, const struct plan_at *at, const char *fmt, ...) PHX_PRINTF(3, 4);
/* "a string", "an object", … for messages. */
const char *plan_in_kind(const json_t *v);
/* `obj` must be an object; every field of the table is read into `to`. Members that no table names are left alone. */
PHX_MUST_USE bool plan_in_fields(struct plan_in *in, const struct plan_at *at, const json_t *obj,
				 const struct plan_field *fields, size_t n, void *to);
/* The member, which must be an object (or array); NULL with an error. */
const json_t *plan_in_object(struct plan_in *in, const struct plan_at *at, const json_t *obj,
			     const char *key);
const json_t *plan_in_array(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key);
/* Calls `item` for each element of a member that must be an array; missing is as empty with `optional`. */
PHX_MUST_USE bool
plan_in_each(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key, bool optional,
	     bool (*item)(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user),
	     void *user);
/* A string, copied into the arena. */
PHX_MUST_USE bool plan_in_text(struct plan_in *in, const struct plan_at *at, const json_t *v,
			       struct phx_str *out);

/* A value as it stands, compact, members in their order; it must not be nested deeper than what phx writes. */
PHX_MUST_USE bool plan_in_raw(struct plan_in *in, const struct plan_at *at, const json_t *v,
			      struct phx_str *out);
/* Such a value, written by a writer's own rules. */
void plan_jw_raw(struct phx_jw *w, struct phx_str compact);
void plan_jw_value(struct phx_jw *w, const json_t *v);
