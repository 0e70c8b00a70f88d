/* Shared by the parts of the HTML report. */
#pragma once

#include "base/map.h"
#include "report/report_priv.h"

struct html {
	const struct phx_plan *p;
	const struct phx_report_options *o;
	struct phx_buf *out;
	struct phx_arena work;
	struct phx_map index;        /* address → index of its change + 1 */
	struct phx_map sources;      /* path → struct phx_plan_source* */
	PHX_VEC(uint32_t) * actions; /* by change: indexes of its actions */
	struct phx_buf text;         /* scratch */
};

/* html_text.c */
void phx_html(const struct html *h, const char *markup);
/* Text from outside, masked and escaped, line ends as ⏎. */
void phx_html_text(struct html *h, struct phx_str s);
/* The same keeping line ends, for <pre>. */
void phx_html_lines(struct html *h, struct phx_str s);
void phx_html_code(struct html *h, struct phx_str s);
void phx_html_number(const struct html *h, uint64_t n);
/* class="a-create": colours by what happens. */
void phx_html_class(const struct html *h, const char *name, uint8_t action);

/* html_change.c */
void phx_html_changes(struct html *h);
/* html_graph.c */
void phx_html_graph(struct html *h);
/* html_time.c: nothing where there is no estimate */
void phx_html_time(struct html *h);
