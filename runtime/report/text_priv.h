/* Shared by the parts of the text report. */
#pragma once

#include "report/report_priv.h"

struct report {
	const struct phx_plan *p;
	const struct phx_report_options *o;
	struct phx_buf *out;
	uint32_t width;
};

enum ink { INK_NONE, INK_CREATE, INK_UPDATE, INK_DELETE, INK_REPLACE, INK_DIM, INK_LOUD, INK_BOLD };

/* text_line.c */
void phx_text_ink(const struct report *r, enum ink i);
/* A value on one line, and nothing that a terminal would obey. */
void phx_text_value(const struct report *r, struct phx_str s);
void phx_text_pad(const struct report *r, uint32_t have, uint32_t want);

/* A line under way: pieces are put one after the other, and on a new line at `indent` when they do not fit. */
struct text_line {
	const struct report *r;
	uint32_t column, indent;
	bool fresh; /* nothing stands on the line behind the indent */
};
void phx_text_line_begin(struct text_line *l, const struct report *r, uint32_t column, uint32_t indent);
/* The text after `gap` blanks, wrapped at blanks and commas; as a whole on the next line when it fits only there. */
void phx_text_line_put(struct text_line *l, uint32_t gap, enum ink i, struct phx_str text);
/* Blanks up to a column, unless the line is there already. */
void phx_text_line_to(struct text_line *l, uint32_t column);
void phx_text_line_end(struct text_line *l);

/* text_change.c: one change, or several that say the same. */
void phx_text_change(const struct report *r, const struct phx_change *c);
void phx_text_group(const struct report *r, const struct report_group *g);
/* text_summary.c */
void phx_text_loud(const struct report *r);
void phx_text_overview(const struct report *r);

/* policies.c: the block "Policies"; nothing when there are none. */
void phx_report_policies(const struct report *r);
void phx_report_calls(const struct report *r); /* text_calls.c */
