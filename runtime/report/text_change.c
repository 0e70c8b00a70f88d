/* What happens to one resource, or to several alike. */
#include "report/text_priv.h"

enum { INDENT = 6, PATH_MOST = 28, CELL_MOST = 44 };

static enum ink colour(uint8_t action)
{
	switch ((enum phx_change_action)action) {
	case PHX_CH_CREATE:
		return INK_CREATE;
	case PHX_CH_DELETE:
		return INK_DELETE;
	case PHX_CH_REPLACE:
		return INK_REPLACE;
	case PHX_CH_UPDATE:
	case PHX_CH_MIGRATE:
	case PHX_CH_ADOPT:
		return INK_UPDATE;
	case PHX_CH_NONE:
	case PHX_CH_COUNT:
		break;
	}
	return INK_NONE;
}

static void place(const struct report *r, struct phx_span span)
{
	struct phx_buf text = {0};

	if (phx_report_place(r->p, span, &text)) {
		phx_text_ink(r, INK_DIM);
		phx_buf_c(r->out, "  ");
		phx_buf_str(r->out, phx_buf_view(&text));
		phx_text_ink(r, INK_NONE);
	}
	phx_buf_done(&text);
}

static void where(const struct report *r, const struct phx_change *c)
{
	if (c->id) {
		phx_buf_c(r->out, "  ");
		phx_buf_u64(r->out, c->id);
	}
	if (c->node.len) {
		phx_buf_c(r->out, " on ");
		phx_text_value(r, c->node);
	}
}

/* What nobody may miss has a line of its own. */
static void loud(const struct report *r, const struct phx_change *c)
{
	const char *text = phx_report_loses(c)   ? "DATA LOSS"
			   : phx_report_stops(c) ? "STOPPED: the guest is stopped for this"
						 : NULL;

	for (int i = 0; i < 2; i++) {
		if (i == 1)
			text = c->restart ? "RESTART: the guest is restarted for this" : NULL;
		if (!text)
			continue;
		phx_buf_c(r->out, "    ");
		phx_text_ink(r, INK_LOUD);
		phx_buf_printf(r->out, "! %s", text);
		phx_text_ink(r, INK_NONE);
		phx_buf_ch(r->out, '\n');
	}
}

static void what(const struct report *r, const struct phx_change *c)
{
	struct phx_buf text = {0};
	struct text_line l;

	phx_buf_c(r->out, "    ");
	phx_text_line_begin(&l, r, 4, 6);
	phx_buf_c(&text, phx_report_verb(c->action));
	if (c->impact == PHX_EFFECT_PENDING)
		phx_buf_printf(&text, ", %s", phx_report_effect(c->impact));
	if (c->reason.len) {
		phx_buf_c(&text, c->action == PHX_CH_CREATE ? " " : ": ");
		phx_report_one_line(c->reason, &text);
	}
	phx_text_line_put(&l, 0, INK_NONE, phx_buf_view(&text));
	phx_text_line_end(&l);
	phx_buf_done(&text);
	loud(r, c);
}

/* Widths of the columns. */
struct columns {
	uint32_t path, cell;
};

static bool shown(const struct phx_change *c, uint32_t i, bool common)
{
	return !(common && phx_report_is_own(c, &c->attributes.v[i]));
}

static struct columns measure(const struct phx_change *c, bool common)
{
	struct columns w = {0};
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		uint32_t path = phx_report_columns(c->attributes.v[i].path), cell;

		if (!shown(c, i, common))
			continue;
		phx_buf_clear(&text);
		phx_report_before_after(&c->attributes.v[i], &text);
		cell = phx_report_columns(phx_buf_view(&text));
		w.path = path > w.path ? path : w.path;
		w.cell = cell > w.cell && cell <= CELL_MOST ? cell : w.cell;
	}
	phx_buf_done(&text);
	if (w.path > PATH_MOST)
		w.path = PATH_MOST;
	return w;
}

static void effect_and_reason(const struct phx_change *c, const struct phx_attr_change *a,
			      struct phx_buf *out)
{
	const char *effect = c->action == PHX_CH_CREATE ? NULL : phx_report_effect(a->impact);

	if (effect)
		phx_buf_c(out, effect);
	if (effect && a->reason.len)
		phx_buf_c(out, ": ");
	phx_report_one_line(a->reason, out);
}

/* path  before → after  file:line  EFFECT: why */
static void attribute(const struct report *r, const struct phx_change *c, const struct phx_attr_change *a,
		      struct columns w)
{
	bool creates = c->action == PHX_CH_CREATE;
	uint32_t value_at = INDENT + w.path + 2;
	struct phx_buf text = {0};
	struct text_line l;

	phx_buf_fill(r->out, ' ', INDENT);
	phx_report_one_line(a->path, r->out);
	phx_text_line_begin(&l, r, INDENT + phx_report_columns(a->path), value_at);
	phx_text_pad(r, l.column, value_at);
	if (l.column >= value_at)
		phx_buf_c(r->out, "  ");
	l.column = l.column < value_at ? value_at : l.column + 2;
	phx_report_before_after(a, &text);
	phx_text_line_put(&l, 0, INK_NONE, phx_buf_view(&text));
	phx_buf_clear(&text);
	if ((!creates || r->o->verbose) && phx_report_place(r->p, a->span, &text)) {
		if (l.column < value_at + w.cell && value_at + w.cell + 2 + text.len < r->width)
			phx_text_line_to(&l, value_at + w.cell);
		phx_text_line_put(&l, 2, INK_DIM, phx_buf_view(&text));
	}
	phx_buf_clear(&text);
	effect_and_reason(c, a, &text);
	if (text.len)
		phx_text_line_put(&l, 2, a->impact >= PHX_EFFECT_RESTART && !creates ? INK_LOUD : INK_DIM,
				  phx_buf_view(&text));
	phx_text_line_end(&l);
	phx_buf_done(&text);
}

static void note(const struct report *r, const struct phx_change *c, struct phx_str note)
{
	bool is_loud = phx_report_loses(c) && phx_str_ends(note, "destroyed");
	struct phx_buf text = {0};
	struct text_line l;

	phx_buf_c(r->out, "      ");
	phx_text_line_begin(&l, r, 6, 8);
	phx_buf_c(&text, is_loud ? "! " : "· ");
	phx_report_one_line(note, &text);
	phx_text_line_put(&l, 0, is_loud ? INK_LOUD : INK_NONE, phx_buf_view(&text));
	phx_text_line_end(&l);
	phx_buf_done(&text);
}

static void body(const struct report *r, const struct phx_change *c, bool common)
{
	struct columns w = measure(c, common);

	for (uint32_t i = 0; i < c->attributes.n; i++)
		if (shown(c, i, common))
			attribute(r, c, &c->attributes.v[i], w);
	for (uint32_t i = 0; i < c->notes.n; i++)
		note(r, c, c->notes.v[i]);
}

void phx_text_change(const struct report *r, const struct phx_change *c)
{
	phx_text_ink(r, colour(c->action));
	phx_buf_c(r->out, phx_report_sign(c->action));
	phx_buf_ch(r->out, ' ');
	phx_text_value(r, c->address);
	phx_text_ink(r, INK_NONE);
	where(r, c);
	place(r, c->span);
	phx_buf_ch(r->out, '\n');
	what(r, c);
	body(r, c, false);
}

/* One line a member: its address, and what only it has. */
static void member(const struct report *r, const struct phx_change *c, uint32_t width)
{
	phx_buf_c(r->out, "      ");
	phx_text_value(r, c->address);
	phx_text_pad(r, phx_report_columns(c->address), width);
	if (c->id) {
		phx_buf_c(r->out, "  ");
		phx_buf_u64(r->out, c->id);
	}
	for (uint32_t i = 0; i < c->attributes.n; i++)
		if (phx_report_is_own(c, &c->attributes.v[i])) {
			phx_buf_c(r->out, "  ");
			phx_text_value(r, c->attributes.v[i].after);
		}
	place(r, c->span);
	phx_buf_ch(r->out, '\n');
}

void phx_text_group(const struct report *r, const struct report_group *g)
{
	const struct phx_change *c = g->v[0];
	uint32_t width = 0;

	phx_text_ink(r, colour(c->action));
	phx_buf_printf(r->out, "%s %u %ss", phx_report_sign(c->action), g->n, phx_kind_name(c->kind));
	phx_text_ink(r, INK_NONE);
	if (c->node.len) {
		phx_buf_c(r->out, "  on ");
		phx_text_value(r, c->node);
	}
	phx_buf_c(r->out, ", each:\n");
	what(r, c);
	body(r, c, true);
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t n = phx_report_columns(g->v[i]->address);

		width = n > width ? n : width;
	}
	for (uint32_t i = 0; i < g->n; i++)
		member(r, g->v[i], width);
}
