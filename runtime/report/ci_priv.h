/* What both machine forms are made from. */
#pragma once

#include "report/ci.h"

struct phx_ci_finding {
	struct phx_str rule; /* "PHX0405", "policy/no-quiet-destroy", "impact/data-loss" */
	enum phx_severity level;
	struct phx_str message;
	struct phx_str detail;   /* notes and helps, one a line; may be empty */
	struct phx_str policy;   /* its name, else empty */
	struct phx_str address;  /* of the one resource it is about; empty: of none, or of several */
	struct phx_span at;      /* where it is to be shown; may be nowhere */
	struct phx_span related; /* of a policy: its assertion */
	const struct phx_diag *diag;
};

struct phx_ci_findings {
	PHX_VEC(struct phx_ci_finding) v;
};

/* Diagnostics in their order, then policies, then (of a plan) what changes do to guests. */
void phx_ci_collect(const struct phx_ci *ci, struct phx_arena *a, struct phx_ci_findings *out);
struct phx_ci_owners {
	PHX_VEC(uint32_t) v; /* indexes into ci->config->decls */
};
/* The guests that a diagnostic is about: those within whose declarations it stands. One in a loop makes several: then
 * those that are named, or else all of them. */
void phx_ci_owners(const struct phx_ci *ci, const struct phx_diag *d, struct phx_arena *a,
		   struct phx_ci_owners *out);
