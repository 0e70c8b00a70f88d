/* What somebody else changed on the cluster since phx wrote it, and who worked on those guests lately. */
#include <time.h>

#include "observe/facts.h"
#include "report/report.h"

enum { TOUCHES_TOLD = 3 };

static void when(struct phx_buf *out, int64_t seconds)
{
	time_t t = (time_t)seconds;
	char text[40];
	struct tm tm;

	if (gmtime_r(&t, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm))
		phx_buf_c(out, text);
}

static void touched(const struct phx_touches *touches, uint64_t id, struct phx_buf *out)
{
	uint32_t told = 0;

	for (uint32_t i = 0; touches && i < touches->v.n && told < TOUCHES_TOLD; i++) {
		const struct phx_touch *t = &touches->v.v[i];

		if (t->id != id)
			continue;
		phx_buf_c(out, told++ ? "             " : "    tasks:   ");
		when(out, t->started);
		phx_buf_c(out, "  ");
		phx_buf_printable(out, t->type);
		phx_buf_c(out, " by ");
		phx_buf_printable(out, t->user);
		phx_buf_ch(out, '\n');
	}
	if (touches && !told)
		phx_buf_c(out,
			  "    tasks:   none is known of it: settings that take no task leave no trace\n");
}

static void place(const struct phx_plan *p, struct phx_span span, struct phx_buf *out)
{
	struct phx_pos pos;

	if (!p->sources || !phx_span_known(span))
		return;
	pos = phx_source_pos(p->sources, span);
	phx_buf_c(out, "  ");
	phx_buf_printable(out, pos.path);
	phx_buf_printf(out, ":%u", pos.line);
}

/* What was written, and what is there now: the other way round than in a plan. */
static void attribute(const struct phx_plan *p, const struct phx_attr_change *a, struct phx_buf *out)
{
	phx_buf_c(out, "    ");
	phx_buf_printable(out, a->path);
	phx_buf_fill(out, ' ', a->path.len < 20 ? 20 - a->path.len : 1);
	if (a->sensitive) {
		phx_buf_c(out, "(secret)");
	} else {
		phx_buf_printable(out, a->has_after ? a->after : PHX_STR("(none)"));
		phx_buf_c(out, " → ");
		phx_buf_printable(out, a->has_before ? a->before : PHX_STR("(none)"));
	}
	if (a->drift == PHX_DRIFT_BOTH)
		phx_buf_c(out, "  (the configuration changed as well)");
	place(p, a->span, out);
	phx_buf_ch(out, '\n');
}

static void guest(const struct phx_plan *p, const struct phx_change *c, const struct phx_touches *touches,
		  struct phx_buf *out)
{
	phx_buf_printable(out, c->address);
	if (c->id)
		phx_buf_printf(out, "  %llu", (unsigned long long)c->id);
	phx_buf_c(out, " on ");
	phx_buf_printable(out, c->node);
	phx_buf_ch(out, '\n');
	for (uint32_t i = 0; i < c->attributes.n; i++)
		attribute(p, &c->attributes.v[i], out);
	touched(touches, c->id, out);
	phx_buf_ch(out, '\n');
}

void phx_report_drift(const struct phx_plan *p, const struct phx_touches *touches, struct phx_buf *out)
{
	uint32_t drifted = 0, unknown = 0;

	for (uint32_t i = 0; i < p->changes.n; i++)
		if (p->changes.v[i]->attributes.n) {
			drifted++;
			guest(p, p->changes.v[i], touches, out);
		}
	for (uint32_t i = 0; i < p->changes.n; i++) {
		const struct phx_change *c = p->changes.v[i];

		if (c->attributes.n)
			continue;
		unknown++;
		phx_buf_c(out, "Not known of ");
		phx_buf_printable(out, c->address);
		phx_buf_c(
			out,
			": it differs from the configuration, and does not remember what phx wrote; the next "
			"apply that changes it notes it.\n");
	}
	if (!drifted && !unknown)
		phx_buf_c(out, "No drift. ");
	if (drifted)
		phx_buf_printf(out, "Drift: %u guest%s changed on the cluster since phx wrote %s. ", drifted,
			       drifted == 1 ? " was" : "s were", drifted == 1 ? "it" : "them");
	phx_buf_c(out, drifted ? "`phx apply` puts it back; `phx apply --accept-drift ADDR` takes it over.\n"
			       : "Nothing was changed on the cluster since phx wrote it.\n");
}
