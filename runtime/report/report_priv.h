/* What the forms of the report have in common. */
#pragma once

#include "report/report.h"

/* Changes that say the same of several resources. */
struct report_group {
	const struct phx_change **v;
	uint32_t n, cap;
};
struct report_groups {
	struct report_group *v;
	uint32_t n, cap;
};
enum report_grouping {
	REPORT_APART, /* each in its own */
	REPORT_EQUAL, /* those that say the same, but for addresses */
	REPORT_LOOSE, /* for counting: guests made in the same way count as equal whatever their attributes */
};
/* Every change in exactly one group; fewer than `smallest` stay apart. */
void phx_report_group(const struct phx_plan *p, enum report_grouping how, uint32_t smallest,
		      struct phx_arena *a, struct report_groups *out);
/* An attribute that tells the members of a group apart rather than belonging to what they have in common. */
bool phx_report_is_own(const struct phx_change *c, const struct phx_attr_change *a);

/* Columns that a text takes; UTF-8 counted. */
uint32_t phx_report_columns(struct phx_str s);
/* "+", "~", "-", "±", or " ". */
const char *phx_report_sign(uint8_t action);
/* "create", "update", …, as a word for people. */
const char *phx_report_verb(uint8_t action);
/* "RESTART", "STOPPED", "DATA LOSS", "from its next start on"; NULL for what needs no word. */
const char *phx_report_effect(uint8_t effect);
/* "2 → 4", "(secret)", "(none)": on one line, printable. Appended. */
void phx_report_before_after(const struct phx_attr_change *a, struct phx_buf *out);
/* "main.phx:12"; false when the place is not known. */
bool phx_report_place(const struct phx_plan *p, struct phx_span span, struct phx_buf *out);

/* Is it stopped, or restarted, or does it lose data? Several may be true. */
bool phx_report_loses(const struct phx_change *c);
bool phx_report_restarts(const struct phx_change *c);
bool phx_report_stops(const struct phx_change *c);
uint32_t phx_report_count(const struct phx_plan *p, bool (*is)(const struct phx_change *c));

/* policies.c: the plan's diagnostics without what its policies found, which has a section of its own. */
struct phx_plan_diags phx_report_diags(const struct phx_plan *p, struct phx_arena *a);
