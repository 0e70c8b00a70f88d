/* The form of a plan file, shared by its writer and its reader. */
#pragma once

#include "base/json.h"
#include "plan/plan.h"

struct phx_jw;

#define PHX_PLAN_FORMAT "phx-plan/1"
/* preflight_json.c: members `estimate`, `capacity`, `permissions`, where they are known. */
void plan_preflight_json(struct phx_jw *w, const struct phx_plan *p);
/* Rises when keys are added that a reader must know; a file with a higher one is refused. */
#define PHX_PLAN_MINOR 1
/* What stands between the sealed bytes and their checksum, and before the signature over all that precedes it. */
#define PHX_PLAN_SEAL ",\n  \"sha256\": \""
#define PHX_PLAN_SIGN ",\n  \"signature\": \"hmac-sha256:"

static inline void plan_key_str(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	phx_jw_str(w, value);
}

static inline void plan_key_sum(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	phx_jw_sum(w, value);
}

static inline void plan_key_int(struct phx_jw *w, const char *key, uint64_t n)
{
	phx_jw_key(w, key);
	phx_jw_int(w, (int64_t)n);
}

static inline void plan_key_bool(struct phx_jw *w, const char *key, bool b)
{
	phx_jw_key(w, key);
	phx_jw_bool(w, b);
}

/* plan_file_write_json.c: the keys that only a file has. */
void plan_file_keys(struct phx_jw *w, const struct phx_plan *p);

/* plan_file_read_json.c: the document as a plan. False: `err` names the member that is wrong. */
PHX_MUST_USE bool plan_from_json(const json_t *doc, const char *file, struct phx_arena *a,
				 struct phx_plan **out, struct phx_err *err);

/* The member `policies`; nothing when there are none. */
void phx_plan_policies_json(struct phx_jw *w, const struct phx_plan *p);
struct phx_jw;
void phx_plan_json_guest(struct phx_jw *w, const struct phx_plan *p, const struct phx_action *act);
