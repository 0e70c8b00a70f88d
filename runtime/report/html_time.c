/* When what runs, by the plan's estimate: one line a resource, one bar an action, the longest chain marked. */
#include "plan/preflight.h"
#include "report/html_priv.h"

enum {
	LABEL_W = 210,
	CHART_W = 900,
	ROW_H = 20,
	TOP = 26,
	MARGIN = 10,
	ROWS_MOST = 400,
	LABEL_MOST = 28,
	TICKS_MOST = 10
};

struct row {
	struct phx_str address;
	uint64_t first_ms, last_ms;
	bool critical;
	PHX_VEC(uint32_t) actions; /* indexes */
};

struct chart {
	struct html *h;
	const struct phx_estimate *e;
	struct row *v;
	uint32_t n, shown;
	bool *critical; /* by action */
	uint64_t span_ms;
};

static void duration(struct html *h, uint64_t ms)
{
	uint64_t s = (ms + 500) / 1000;

	if (s < 120)
		phx_buf_printf(h->out, "%llu s", (unsigned long long)s);
	else if (s < 7200)
		phx_buf_printf(h->out, "%llu min %llu s", (unsigned long long)(s / 60),
			       (unsigned long long)(s % 60));
	else
		phx_buf_printf(h->out, "%llu h %llu min", (unsigned long long)(s / 3600),
			       (unsigned long long)(s / 60 % 60));
}

static void rows(struct chart *c)
{
	const struct phx_plan *p = c->h->p;
	struct phx_map known = {0};

	c->v = PHX_NEW_N(&c->h->work, struct row, p->actions.n + 1);
	c->critical = PHX_NEW_N(&c->h->work, bool, p->actions.n + 1);
	for (uint32_t i = 0; i < c->e->critical.n; i++)
		c->critical[c->e->critical.v[i] - 1] = true;
	for (uint32_t i = 0; i < p->actions.n; i++) {
		struct phx_map_entry *entry;
		struct row *r;
		uint64_t end = c->e->start_ms[i] + c->e->ms[i];
		bool is_new;

		entry = phx_map_put(&c->h->work, &known, p->actions.v[i]->address, &is_new);
		if (is_new) {
			c->v[c->n] = (struct row){.address = p->actions.v[i]->address,
						  .first_ms = c->e->start_ms[i]};
			entry->num = c->n++;
		}
		r = &c->v[entry->num];
		phx_vec_push(&c->h->work, &r->actions, i);
		r->last_ms = end > r->last_ms ? end : r->last_ms;
		r->critical = r->critical || c->critical[i];
		c->span_ms = end > c->span_ms ? end : c->span_ms;
	}
}

static double x_of(const struct chart *c, uint64_t ms)
{
	return LABEL_W + (double)ms * CHART_W / (double)(c->span_ms ? c->span_ms : 1);
}

/* Round steps, at most ten of them. */
static uint64_t step(uint64_t span_ms)
{
	static const uint64_t steps[] = {1,   2,   5,    10,   15,   30,    60,    120,  300,
					 600, 900, 1800, 3600, 7200, 14400, 43200, 86400};

	for (size_t i = 0; i < PHX_COUNTOF(steps); i++)
		if (span_ms / (steps[i] * 1000) <= TICKS_MOST)
			return steps[i] * 1000;
	return span_ms / TICKS_MOST + 1;
}

static void axis(struct chart *c, uint32_t height)
{
	uint64_t every = step(c->span_ms);

	for (uint64_t at = 0; at <= c->span_ms; at += every) {
		phx_buf_printf(c->h->out,
			       "<path class=\"rule\" d=\"M%.1f %dV%u\"/><text x=\"%.1f\" y=\"14\">",
			       x_of(c, at), TOP - 8, height - MARGIN, x_of(c, at) + 3);
		duration(c->h, at);
		phx_html(c->h, "</text>\n");
	}
}

static void bar(struct chart *c, uint32_t index, uint32_t y)
{
	const struct phx_action *a = c->h->p->actions.v[index];
	uint8_t action = a->change ? a->change->action : PHX_CH_NONE;
	double x = x_of(c, c->e->start_ms[index]), w = x_of(c, c->e->start_ms[index] + c->e->ms[index]) - x;

	phx_html(c->h, "<g");
	phx_html_class(c->h, "slot", action);
	phx_buf_printf(c->h->out,
		       "><rect class=\"bar%s\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%d\"/><title>a%u ",
		       c->critical[index] ? " critical" : "", x, y + 2, w < 1.5 ? 1.5 : w, ROW_H - 5, a->id);
	phx_html_text(c->h, a->summary);
	phx_html(c->h, ", about ");
	duration(c->h, c->e->ms[index]);
	phx_html(c->h, "</title></g>\n");
}

static void draw(struct chart *c)
{
	uint32_t height = TOP + c->shown * ROW_H + MARGIN, width = LABEL_W + CHART_W + 60, row = 0;

	phx_html(
		c->h,
		"<div class=\"view\" role=\"region\" aria-label=\"Time line, scrollable\" tabindex=\"0\">\n");
	phx_buf_printf(c->h->out,
		       "<svg role=\"group\" aria-label=\"Time line\" width=\"%u\" height=\"%u\" viewBox=\"0 "
		       "0 %u %u\">\n",
		       width, height, width, height);
	axis(c, height);
	for (uint32_t i = 0; i < c->n && row < c->shown; i++) {
		const struct row *r = &c->v[i];
		struct phx_str label = r->address;
		uint32_t y = TOP + row * ROW_H;

		/* When not all fit, those that the time hangs on are drawn. */
		if (c->n > c->shown && !r->critical && c->n - i > c->shown - row)
			continue;
		row++;
		while (phx_report_columns(label) > LABEL_MOST)
			label.len--;
		phx_buf_printf(c->h->out, "<text x=\"6\" y=\"%u\">", y + 14);
		phx_html_text(c->h, label);
		phx_html(c->h, label.len < r->address.len ? "…</text>\n" : "</text>\n");
		for (uint32_t k = 0; k < r->actions.n; k++)
			bar(c, r->actions.v[k], y);
	}
	phx_html(c->h, "</svg></div>\n");
}

static void longest(struct chart *c)
{
	struct html *h = c->h;

	phx_html(h, "<details><summary>The longest chain, action by action</summary><ol>\n");
	for (uint32_t i = 0; i < c->e->critical.n; i++) {
		uint32_t index = c->e->critical.v[i] - 1;
		const struct phx_action *a = h->p->actions.v[index];

		phx_html(h, "<li>");
		phx_html_code(h, a->address);
		phx_html(h, ": ");
		phx_html_text(h, a->summary);
		phx_html(h, ", about ");
		duration(h, c->e->ms[index]);
		phx_html(h, "</li>\n");
	}
	phx_html(h, "</ol></details>\n");
}

static void downtimes(struct chart *c)
{
	struct html *h = c->h;

	if (!c->e->downtime.n)
		return;
	phx_html(h, "<details><summary>Guests that are down in between</summary><ul>\n");
	for (uint32_t i = 0; i < c->e->downtime.n; i++) {
		phx_html(h, "<li>");
		phx_html_code(h, c->e->downtime.v[i].address);
		phx_html(h, " about ");
		duration(h, c->e->downtime.v[i].ms);
		phx_html(h, "</li>\n");
	}
	phx_html(h, "</ul></details>\n");
}

void phx_html_time(struct html *h)
{
	struct chart c = {.h = h, .e = h->p->estimate};

	if (!c.e || !h->p->actions.n)
		return;
	rows(&c);
	c.shown = c.n < ROWS_MOST ? c.n : ROWS_MOST;
	phx_html(h, "<section aria-labelledby=\"time-h\">\n<h2 id=\"time-h\">When it happens</h2>\n<p>About "
		    "<strong>");
	duration(h, c.e->makespan_ms);
	phx_html(h, "</strong>, estimated ");
	phx_html(h, c.e->count[PHX_EST_TASKS]  ? "from the cluster's own finished tasks"
		    : c.e->count[PHX_EST_SIZE] ? "from sizes"
					       : "from what is usual");
	phx_html(h, ". The longest chain, on which the time hangs, has a thick border.");
	if (c.shown < c.n)
		phx_buf_printf(h->out,
			       " %u of %u resources are drawn: those of the longest chain, and others.",
			       c.shown, c.n);
	phx_html(h, "</p>\n");
	draw(&c);
	longest(&c);
	downtimes(&c);
	phx_html(h, "</section>\n");
}
