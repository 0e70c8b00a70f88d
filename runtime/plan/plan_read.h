/* Shared by the parts that read a plan file: one struct plan_read a file. */
#pragma once

#include "base/map.h"
#include "plan/plan_field.h"
#include "plan/plan_json.h"

struct plan_read {
	struct phx_plan *p;
	struct phx_map places;  /* "line:column path" → index + 1 */
	struct phx_map changes; /* address → struct phx_change* */
	struct phx_policy_report *policies;
};

/* A member that is null, or a place in the sources. */
PHX_MUST_USE bool plan_read_place(struct plan_in *in, const struct plan_at *at, struct plan_read *r,
				  const json_t *obj, const char *key, struct phx_span *out);
PHX_MUST_USE bool plan_read_preflight(struct plan_in *in, const json_t *doc, struct plan_read *r);
/* The id of an action, "a12". */
PHX_MUST_USE bool plan_in_action_id(struct plan_in *in, const struct plan_at *at, const json_t *v,
				    uint32_t *out);
PHX_MUST_USE bool plan_read_policies(struct plan_in *in, const json_t *doc, struct plan_read *r);
/* plan_action_json.c, plan_record_json.c: an element, or the keys that only a file has. */
bool plan_read_action(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user);
PHX_MUST_USE bool plan_read_record(struct plan_in *in, const json_t *doc, struct plan_read *r);

#define PLAN_FIELD(of, member, name_, kind)                                                                  \
	{                                                                                                    \
		.key = (name_), .type = (kind), .offset = offsetof(of, member)                               \
	}
#define PLAN_FIELD_MAYBE(of, member, name_, kind)                                                            \
	{                                                                                                    \
		.key = (name_), .type = (kind), .optional = true, .offset = offsetof(of, member)             \
	}
#define PLAN_FIELD_ENUM(of, member, name_, names)                                                            \
	{                                                                                                    \
		.key = (name_), .type = PLAN_F_ENUM, .offset = offsetof(of, member), .name = (names)         \
	}
#define plan_in_table(in, at, obj, table, to) plan_in_fields(in, at, obj, table, PHX_COUNTOF(table), to)
