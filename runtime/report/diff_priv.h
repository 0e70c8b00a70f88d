/* Two plans compared, as data for the forms of `phx diff`. */
#pragma once

#include "report/report_priv.h"

struct report_diff_attr {
	struct phx_str path;
	const struct phx_attr_change *a, *b; /* NULL: the plan does not change it */
};
struct report_diff_change {
	const struct phx_change *a, *b; /* NULL: only the other plan has it */
	bool calls;                     /* the same is done by other calls */
	PHX_VEC(struct report_diff_attr) attributes;
};
struct report_diff_input {
	struct phx_str path;
	const char *how;
};
struct report_diff {
	struct phx_arena arena;
	const struct phx_plan *a, *b;
	PHX_VEC(struct report_diff_change) changes; /* in the order of the first plan, then of the second */
	PHX_VEC(struct report_diff_input) inputs;
	bool other_stack, other_cluster;
	bool same; /* both do the same; inputs may differ all the same */
};
/* Release `out->arena`. */
void phx_report_diff_build(const struct phx_plan *a, const struct phx_plan *b, struct report_diff *out);
