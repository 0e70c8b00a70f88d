/* The form of a plan file, shared by writer and reader. */
#pragma once

#include "base/json.h"
#include "plan/plan.h"

struct phx_jw;

#define PHX_PLAN_FORMAT "phx-plan/1"
/* preflight_json.c: members `estimate`, `capacity`, `permissions`, where they are known. */
void plan_preflight_json(struct phx_jw *w, const struct phx_plan *p);
/* What stands between the sealed bytes and their checksum. */
#define PHX_PLAN_SEAL ",\n  \"sha256\": \""

/* The member `policies`; nothing when there are none. */
void phx_plan_policies_json(struct phx_jw *w, const struct phx_plan *p);
