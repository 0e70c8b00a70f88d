/* The plan as text: what happens to which resource, why and from which line, in the order in which it happens. */
#include "report/text_priv.h"

/* Fewer than this stay apart: each is quicker read than a group's head. */
enum { SMALLEST_GROUP = 4 };

static void names(const struct report *r, const char *title, const struct phx_str *v, uint32_t n)
{
	if (!n)
		return;
	phx_buf_c(r->out, title);
	for (uint32_t i = 0; i < n; i++) {
		phx_buf_c(r->out, i ? ", " : " ");
		phx_text_value(r, v[i]);
	}
	phx_buf_ch(r->out, '\n');
}

static void head(const struct report *r)
{
	phx_buf_c(r->out, "Stack ");
	phx_text_value(r, r->p->stack);
	if (r->p->offline)
		phx_buf_c(r->out, ", planned without a cluster: everything is new");
	else if (r->p->cluster.len) {
		phx_buf_c(r->out, " on cluster ");
		phx_text_value(r, r->p->cluster);
	}
	if (r->p->endpoint.len && !r->p->offline) {
		phx_buf_c(r->out, " (");
		phx_text_value(r, r->p->endpoint);
		phx_buf_ch(r->out, ')');
	}
	phx_buf_ch(r->out, '\n');
	if (r->p->targeted)
		phx_buf_c(r->out, "Only a part of the configuration is planned.\n");
	names(r, "Brought in because something selected needs it:", r->p->targets_added.v,
	      r->p->targets_added.n);
	names(r, "Left out because it needs what is excluded:", r->p->targets_dropped.v,
	      r->p->targets_dropped.n);
	phx_buf_ch(r->out, '\n');
}

void phx_report_plan_summary(const struct phx_plan *p, struct phx_buf *out)
{
	uint32_t restarted = phx_report_count(p, phx_report_restarts);

	if (phx_plan_is_empty(p) && !p->refused) {
		phx_buf_printf(out, "No changes. %u resource%s as declared.", p->count[PHX_CH_NONE],
			       p->count[PHX_CH_NONE] == 1 ? " is" : "s are");
		return;
	}
	phx_buf_printf(out, "Plan: %u to create, %u to update", p->count[PHX_CH_CREATE],
		       p->count[PHX_CH_UPDATE] + p->count[PHX_CH_MIGRATE]);
	if (restarted)
		phx_buf_printf(out, " (%u restart%s)", restarted, restarted == 1 ? "" : "s");
	phx_buf_printf(out, ", %u to replace, %u to delete", p->count[PHX_CH_REPLACE],
		       p->count[PHX_CH_DELETE]);
	if (p->count[PHX_CH_ADOPT])
		phx_buf_printf(out, ", %u to adopt", p->count[PHX_CH_ADOPT]);
	if (p->refused)
		phx_buf_c(out, ". Refused: nothing will be done.");
	else if (p->policies && p->policies->denied)
		phx_buf_c(out, ". Denied by a policy: nothing will be done.");
	else
		phx_buf_printf(out, "; %u action%s.", p->actions.n, p->actions.n == 1 ? "" : "s");
}

static void tail(const struct report *r)
{
	phx_text_loud(r);
	for (uint32_t i = 0; i < r->p->notes.n; i++) {
		phx_text_value(r, r->p->notes.v[i]);
		phx_buf_c(r->out, ".\n");
	}
	phx_text_ink(r, INK_BOLD);
	phx_report_plan_summary(r->p, r->out);
	phx_text_ink(r, INK_NONE);
	phx_buf_ch(r->out, '\n');
	if (r->p->estimate && r->p->actions.n) {
		phx_report_estimate(r->p, r->out);
		phx_buf_ch(r->out, '\n');
	}
	if (r->o->verbose)
		phx_report_capacity(r->p, r->out);
	phx_report_outputs(r->p, r->out);
}

void phx_report_plan_text(const struct phx_plan *p, const struct phx_report_options *o, struct phx_buf *out)
{
	struct report r = {.p = p, .o = o, .out = out, .width = o->width ? o->width : 100};
	struct report_groups groups = {0};
	struct phx_arena work = {0};

	head(&r);
	if (o->summary) {
		phx_text_overview(&r);
		phx_buf_c(out, p->changes.n ? "\n" : "");
	} else {
		phx_report_group(p, o->verbose ? REPORT_APART : REPORT_EQUAL, SMALLEST_GROUP, &work, &groups);
	}
	for (uint32_t i = 0; i < groups.n; i++) {
		if (groups.v[i].n > 1)
			phx_text_group(&r, &groups.v[i]);
		else
			phx_text_change(&r, groups.v[i].v[0]);
		phx_buf_ch(out, '\n');
	}
	if (o->verbose && p->actions.n)
		phx_report_calls(&r);
	phx_report_policies(&r);
	tail(&r);
	phx_arena_done(&work);
}
