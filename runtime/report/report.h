/* The plan for people. Everything that is printed of a plan is rendered here, into a buffer; the caller writes it out.
 * The machine-readable form is phx_plan_json (plan/plan.h). */
#pragma once

#include "plan/plan.h"

struct phx_report_options {
	bool colour;
	bool verbose; /* every changed guest in full and every call that apply will make; nothing grouped or folded */
	bool summary; /* one screen, whatever the plan's size: equal changes counted */
	const struct phx_secrets
		*secrets; /* masked before anything is escaped; may be NULL (text is masked as a whole) */
	size_t max_bytes; /* Markdown: 0: PHX_REPORT_MARKDOWN_MAX */
	uint32_t width;   /* columns; 0: 100. Only wraps and aligns: nothing is cut off */
};

/* `phx plan`: changes in execution order, what each does to its guest, and one summary line at the end. Same plan and
 * options, same bytes. Secrets are never in a plan's text. */
void phx_report_plan_text(const struct phx_plan *p, const struct phx_report_options *o, struct phx_buf *out);
/* How long it takes, and who is down for it, in one line without newline; nothing when it was not estimated. */
void phx_report_estimate(const struct phx_plan *p, struct phx_buf *out);
/* What is promised on nodes and storages before and after: a table; nothing when it is not known. */
void phx_report_capacity(const struct phx_plan *p, struct phx_buf *out);
/* `phx plan --refresh-only`, of what phx_plan_only_drift left. */
struct phx_touches;
void phx_report_drift(const struct phx_plan *p, const struct phx_touches *touches, struct phx_buf *out);
/* `phx plan --permissions`: roles and the commands that make and grant them to `identity`. */
struct phx_roles;
void phx_report_roles(const struct phx_roles *roles, struct phx_str identity, struct phx_buf *out);
/* The summary line alone, without newline: "Plan: 3 to create, 1 to update (1 restart); 14 actions." or "No changes. …" */
/* A value on one line: line ends as ⏎, control characters as \xNN. */
void phx_report_one_line(struct phx_str s, struct phx_buf *out);
/* "Outputs:" and a line each; nothing where there are none. */
void phx_report_outputs(const struct phx_plan *p, struct phx_buf *out);
void phx_report_plan_summary(const struct phx_plan *p, struct phx_buf *out);

/* GitHub takes comments of 65,536 characters. */
#define PHX_REPORT_MARKDOWN_MAX 65000
/* Below this not even the summary is sure to fit. */
#define PHX_REPORT_MARKDOWN_MIN 8000

/* For a comment under a pull request: a hidden marker (`<!-- phx-plan:STACK -->`) first, then the summary, what destroys, and the rest
 * folded; at most max_bytes, shortened in order of impact, with what was left out. */
void phx_report_plan_markdown(const struct phx_plan *p, const struct phx_report_options *o,
			      struct phx_buf *out);
/* One page without network or other files (style and script within, nothing else may run): changes to filter, before and after,
 * source lines, calls, the graph. */
void phx_report_plan_html(const struct phx_plan *p, const struct phx_report_options *o, struct phx_buf *out);
/* GitLab's terraform report: {"create":n,"update":n,"delete":n}. */
void phx_report_plan_gitlab(const struct phx_plan *p, struct phx_buf *out);

/* `phx diff`: which changes appeared, vanished or differ between two saved plans, and which inputs. True: both do the same. */
bool phx_report_diff_text(const struct phx_plan *a, const struct phx_plan *b,
			  const struct phx_report_options *o, struct phx_buf *out);
bool phx_report_diff_json(const struct phx_plan *a, const struct phx_plan *b, struct phx_buf *out);
