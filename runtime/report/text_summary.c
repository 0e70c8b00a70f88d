/* The end of the text report, which is what people see first: what is lost and restarted, by name; and `--summary`, which tells
 * a plan of any size on one screen. */
#include <string.h>

#include "report/text_priv.h"

enum { MOST_NAMES = 40, MOST_KINDS = 14 };

static void name_list(const struct report *r, struct text_line *l, bool (*is)(const struct phx_change *c),
		      uint32_t most)
{
	uint32_t n = 0, total = phx_report_count(r->p, is);
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < r->p->changes.n && n < most; i++) {
		if (!is(r->p->changes.v[i]))
			continue;
		n++;
		phx_buf_clear(&text);
		phx_report_one_line(r->p->changes.v[i]->address, &text);
		if (n < total)
			phx_buf_ch(&text, ',');
		phx_text_line_put(l, 1, INK_NONE, phx_buf_view(&text));
	}
	phx_buf_clear(&text);
	if (n < total) {
		phx_buf_printf(&text, "and %u more", total - n);
		phx_text_line_put(l, 1, INK_NONE, phx_buf_view(&text));
	}
	phx_buf_done(&text);
}

/* What nobody may miss, once more, by name. */
static void loud(const struct report *r, const char *title, bool (*is)(const struct phx_change *c))
{
	struct text_line l;

	if (!phx_report_count(r->p, is))
		return;
	phx_text_ink(r, INK_LOUD);
	phx_buf_printf(r->out, "! %s:", title);
	phx_text_ink(r, INK_NONE);
	phx_text_line_begin(&l, r, (uint32_t)strlen(title) + 3, 4);
	l.fresh = false;
	name_list(r, &l, is, r->o->verbose ? UINT32_MAX : r->o->summary ? 12 : MOST_NAMES);
	phx_text_line_end(&l);
}

void phx_text_loud(const struct report *r)
{
	loud(r, "DATA LOSS", phx_report_loses);
	loud(r, "RESTART", phx_report_restarts);
	loud(r, "STOPPED", phx_report_stops);
}

/* --- --summary --- */

static void kinds(const struct report_group *g, struct phx_buf *out)
{
	const struct phx_change *c = g->v[0];

	if (g->n == 1) {
		phx_report_one_line(c->address, out);
		return;
	}
	phx_buf_printf(out, "%u %ss", g->n, phx_kind_name(c->kind));
}

/* "48 vms: cores 2 → 4, memory 2GiB → 4GiB" */
static void alike(const struct report *r, const struct report_group *g)
{
	const struct phx_change *c = g->v[0];
	struct phx_buf text = {0};
	struct text_line l;

	phx_buf_printf(r->out, "%s %-8s", phx_report_sign(c->action), phx_report_verb(c->action));
	phx_text_line_begin(&l, r, 10, 12);
	l.fresh = false;
	kinds(g, &text);
	if (c->action == PHX_CH_CREATE && c->reason.len) {
		phx_buf_ch(&text, ' ');
		phx_report_one_line(c->reason, &text);
	} else if (c->action != PHX_CH_CREATE) {
		for (uint32_t i = 0; i < c->attributes.n; i++) {
			phx_buf_c(&text, i ? ", " : ": ");
			phx_report_one_line(c->attributes.v[i].path, &text);
			phx_buf_ch(&text, ' ');
			phx_report_before_after(&c->attributes.v[i], &text);
		}
		if (!c->attributes.n && c->reason.len) {
			phx_buf_c(&text, ": ");
			phx_report_one_line(c->reason, &text);
		}
	}
	phx_text_line_put(&l, 1, INK_NONE, phx_buf_view(&text));
	if (c->action != PHX_CH_CREATE && phx_report_effect(c->impact))
		phx_text_line_put(&l, 2, c->impact >= PHX_EFFECT_RESTART ? INK_LOUD : INK_DIM,
				  phx_str_c(phx_report_effect(c->impact)));
	phx_text_line_end(&l);
	phx_buf_done(&text);
}

/* What loses data first, then what stops guests, then by how many it touches; ties in the order of execution. */
static bool before(const struct report_group *a, const struct report_group *b)
{
	uint8_t x = a->v[0]->impact, y = b->v[0]->impact;

	if (x < PHX_EFFECT_PENDING)
		x = PHX_EFFECT_NONE;
	if (y < PHX_EFFECT_PENDING)
		y = PHX_EFFECT_NONE;
	return x != y ? x > y : a->n > b->n;
}

void phx_text_overview(const struct report *r)
{
	struct report_groups groups = {0};
	struct phx_arena work = {0};
	uint32_t left = 0;

	phx_report_group(r->p, REPORT_LOOSE, 2, &work, &groups);
	for (uint32_t i = 0; i < groups.n && i < MOST_KINDS; i++) {
		uint32_t best = i;

		for (uint32_t k = i + 1; k < groups.n; k++)
			if (before(&groups.v[k], &groups.v[best]))
				best = k;
		struct report_group g = groups.v[best];
		/* The rest keeps its order. */
		memmove(&groups.v[i + 1], &groups.v[i], (best - i) * sizeof(g));
		groups.v[i] = g;
		alike(r, &g);
	}
	for (uint32_t i = MOST_KINDS; i < groups.n; i++)
		left += groups.v[i].n;
	if (left)
		phx_buf_printf(r->out, "  and %u more, in %u other ways: --verbose shows each\n", left,
			       groups.n - MOST_KINDS);
	phx_arena_done(&work);
}
