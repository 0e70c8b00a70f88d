/* Shared by the parts of the text report. */
#pragma once

#include "report/report.h"

struct report {
	const struct phx_plan *p;
	const struct phx_report_options *o;
	struct phx_buf *out;
	uint32_t width;
};

/* Changes that say the same of several resources. */
struct report_group {
	const struct phx_change **v;
	uint32_t n, cap;
};
struct report_groups {
	struct report_group *v;
	uint32_t n, cap;
};
/* Every change in exactly one group. `apart`: each in its own. */
void phx_report_group(const struct phx_plan *p, bool apart, struct phx_arena *a, struct report_groups *out);
/* An attribute that tells the members of a group apart rather than belonging to what they have in common. */
bool phx_report_is_own(const struct phx_change *c, const struct phx_attr_change *a);

/* Columns that a text takes; control bytes and UTF-8 counted. */
uint32_t phx_report_columns(struct phx_str s);

/* policies.c: the block "Policies"; nothing when there are none. */
void phx_report_policies(const struct report *r);
