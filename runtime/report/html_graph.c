/* What waits for what, drawn: one box a resource, in columns by how many others come before it. Its own layout: the page needs no
 * other program. Guests that are made alike and that nobody waits for share a box when there are many. */
#include <stdlib.h>

#include "report/html_priv.h"

enum { BOX_W = 210, BOX_H = 34, GAP_X = 70, GAP_Y = 12, MARGIN = 14, ALONE_MOST = 120, LABEL_MOST = 27 };

struct box {
	struct phx_str address;
	uint32_t change;  /* index + 1; 0: nothing happens to it itself */
	uint32_t order;   /* index of its first action */
	uint32_t members; /* that share the box */
	uint32_t into;    /* index + 1 of the box that stands for it; 0: itself */
	uint32_t level, row;
	double middle; /* where it would like to stand: among those it waits for */
	bool needed;
	PHX_VEC(uint32_t) needs; /* boxes, each once */
};

struct drawing {
	struct html *h;
	struct box *v;
	uint32_t n, levels, rows;
	struct phx_map by_address; /* address → index + 1 */
};

/* Boxes in the order of their first actions: an arrow from an earlier to a later box can never close a circle. */
static uint32_t index_of(const struct drawing *d, struct phx_str address)
{
	const struct phx_map_entry *e = phx_map_find(&d->h->index, address);

	return e ? (uint32_t)e->num : 0;
}

static void boxes(struct drawing *d)
{
	const struct phx_plan *p = d->h->p;

	d->v = PHX_NEW_N(&d->h->work, struct box, p->actions.n + 1);
	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];
		struct phx_map_entry *e;
		bool is_new;

		if (a->op == PHX_OP_LOCK || a->op == PHX_OP_UNLOCK)
			continue;
		e = phx_map_put(&d->h->work, &d->by_address, a->address, &is_new);
		if (!is_new)
			continue;
		d->v[d->n] = (struct box){.address = a->address, .order = i, .members = 1};
		d->v[d->n].change = index_of(d, a->address);
		e->num = ++d->n;
	}
}

static void need(struct drawing *d, struct box *b, uint32_t other)
{
	for (uint32_t i = 0; i < b->needs.n; i++)
		if (b->needs.v[i] == other)
			return;
	phx_vec_push(&d->h->work, &b->needs, other);
	d->v[other].needed = true;
}

static void edges(struct drawing *d)
{
	const struct phx_plan *p = d->h->p;

	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];
		const struct phx_map_entry *self = phx_map_find(&d->by_address, a->address);

		for (uint32_t k = 0; self && k < a->needs.n; k++) {
			const struct phx_action *before = p->actions.v[a->needs.v[k] - 1];
			const struct phx_map_entry *other = phx_map_find(&d->by_address, before->address);

			if (other && other->num < self->num)
				need(d, &d->v[self->num - 1], (uint32_t)other->num - 1);
		}
	}
}

/* What follows from other arrows is not drawn: `a` before `b` before `c` says that `a` is before `c`. */
static void reduce(struct drawing *d)
{
	enum { BOXES_MOST = 12000 };
	uint32_t words = d->n / 64 + 1;
	uint64_t *before;

	if (d->n > BOXES_MOST)
		return;
	before = PHX_NEW_N(&d->h->work, uint64_t,
			   (size_t)words * d->n + 1); /* by box: all that come before it */
	for (uint32_t i = 0; i < d->n; i++) {
		struct box *b = &d->v[i];
		uint64_t *mine = before + (size_t)i * words;
		uint32_t kept = 0;

		for (uint32_t k = 0; k < b->needs.n; k++)
			for (uint32_t w = 0; w < words; w++)
				mine[w] |= before[(size_t)b->needs.v[k] * words + w];
		for (uint32_t k = 0; k < b->needs.n; k++)
			if (!(mine[b->needs.v[k] / 64] >> b->needs.v[k] % 64 & 1))
				b->needs.v[kept++] = b->needs.v[k];
		b->needs.n = kept;
		for (uint32_t k = 0; k < kept; k++)
			mine[b->needs.v[k] / 64] |= UINT64_C(1) << b->needs.v[k] % 64;
	}
}

/* Many that do the same after the same others are one box. */
static void merge(struct drawing *d)
{
	struct phx_map known = {0};
	struct phx_buf key = {0};

	for (uint32_t i = 0; d->n > ALONE_MOST && i < d->n; i++) {
		struct box *b = &d->v[i];
		const struct phx_change *c = b->change ? d->h->p->changes.v[b->change - 1] : NULL;
		struct phx_map_entry *e;
		bool is_new;

		if (b->needed || !c)
			continue;
		phx_buf_clear(&key);
		phx_buf_printf(&key, "%u %d %u", c->action, (int)c->kind, c->impact);
		for (uint32_t k = 0; k < b->needs.n; k++)
			phx_buf_printf(&key, " %u", b->needs.v[k]);
		e = phx_map_put(&d->h->work, &known, phx_str_dup(&d->h->work, phx_buf_view(&key)), &is_new);
		if (is_new) {
			e->num = i + 1;
			continue;
		}
		b->into = (uint32_t)e->num;
		d->v[e->num - 1].members++;
	}
	phx_buf_done(&key);
}

static int by_place(const void *a, const void *b)
{
	const struct box *x = *(struct box *const *)a, *y = *(struct box *const *)b;

	if (x->middle < y->middle || x->middle > y->middle)
		return x->middle < y->middle ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Rows of one column: each box near those that it waits for, so that few arrows cross. */
static void column(struct drawing *d, uint32_t level, struct box **v)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		struct box *b = &d->v[i];

		if (b->into || b->level != level)
			continue;
		b->middle = (double)n;
		for (uint32_t k = 0; k < b->needs.n; k++)
			b->middle = (k ? b->middle : 0) + (double)d->v[b->needs.v[k]].row / b->needs.n;
		v[n++] = b;
	}
	if (n)
		qsort(v, n, sizeof(struct box *), by_place);
	for (uint32_t i = 0; i < n; i++)
		v[i]->row = i;
	d->rows = n > d->rows ? n : d->rows;
}

static void layout(struct drawing *d)
{
	struct box **v = PHX_NEW_N(&d->h->work, struct box *, d->n + 1);

	for (uint32_t i = 0; i < d->n; i++) {
		struct box *b = &d->v[i];

		for (uint32_t k = 0; !b->into && k < b->needs.n; k++)
			if (d->v[b->needs.v[k]].level + 1 > b->level)
				b->level = d->v[b->needs.v[k]].level + 1;
		if (b->level + 1 > d->levels)
			d->levels = b->level + 1;
	}
	for (uint32_t level = 0; level < d->levels; level++)
		column(d, level, v);
}

static uint32_t left(const struct box *b)
{
	return MARGIN + b->level * (BOX_W + GAP_X);
}

static uint32_t top(const struct box *b)
{
	return MARGIN + b->row * (BOX_H + GAP_Y);
}

static void arrow(const struct drawing *d, const struct box *from, const struct box *to)
{
	uint32_t x1 = left(from) + BOX_W, y1 = top(from) + BOX_H / 2, x2 = left(to) - 7,
		 y2 = top(to) + BOX_H / 2;

	phx_buf_printf(d->h->out,
		       "<path class=\"edge\" d=\"M%u %uC%u %u %u %u %u %u\"/><path class=\"tip\" d=\"M%u "
		       "%ul-7-4v8z\"/>\n",
		       x1, y1, x1 + GAP_X / 2, y1, x2 - GAP_X / 2, y2, x2, y2, x2 + 7, y2);
}

static struct phx_str label(struct drawing *d, const struct box *b)
{
	struct phx_str s = b->address;
	size_t n = 0;

	if (b->members > 1) {
		const struct phx_change *c = d->h->p->changes.v[b->change - 1];

		return phx_str_printf(&d->h->work, "%u %ss", b->members, phx_kind_name(c->kind));
	}
	if (phx_report_columns(s) <= LABEL_MOST)
		return s;
	for (uint32_t columns = 0; n < s.len; n++) {
		columns += ((unsigned char)s.ptr[n] & 0xc0) != 0x80;
		if (columns == LABEL_MOST)
			break;
	}
	return phx_str_printf(&d->h->work, PHX_STR_FMT "…", PHX_STR_ARG(phx_str_slice(s, 0, n)));
}

static void draw_box(struct drawing *d, const struct box *b)
{
	struct html *h = d->h;
	const struct phx_change *c = b->change ? h->p->changes.v[b->change - 1] : NULL;
	uint8_t action = c ? c->action : PHX_CH_NONE;

	if (c)
		phx_buf_printf(h->out, "<a href=\"#c%u\">", b->change);
	phx_html(h, "<g");
	phx_html_class(h, "node", action);
	phx_buf_printf(h->out,
		       "><rect class=\"box%s\" x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"5\"/>",
		       c ? "" : " outside", left(b), top(b), BOX_W, BOX_H);
	phx_buf_printf(h->out, "<text x=\"%u\" y=\"%u\">%s ", left(b) + 9, top(b) + 21,
		       phx_report_sign(action));
	phx_html_text(h, label(d, b));
	phx_html(h, "</text><title>");
	if (c)
		phx_buf_printf(h->out, "%s ", phx_report_verb(action));
	phx_html_text(h, b->address);
	if (b->members > 1)
		phx_buf_printf(h->out, " and %u more alike", b->members - 1);
	phx_html(h, "</title></g>");
	phx_html(h, c ? "</a>\n" : "\n");
}

/* The same as text, for those who do not see it. */
static void in_words(struct drawing *d)
{
	struct html *h = d->h;

	phx_html(h, "<details><summary>The graph in words</summary><ul>\n");
	for (uint32_t i = 0; i < d->n; i++) {
		const struct box *b = &d->v[i];

		if (b->into || !b->needs.n)
			continue;
		phx_html(h, "<li>");
		phx_html_code(h, b->address);
		if (b->members > 1)
			phx_buf_printf(h->out, " and %u more alike", b->members - 1);
		phx_html(h, b->members > 1 ? " wait for " : " waits for ");
		for (uint32_t k = 0; k < b->needs.n; k++) {
			phx_html(h, k ? ", " : "");
			phx_html_code(h, d->v[b->needs.v[k]].address);
		}
		phx_html(h, "</li>\n");
	}
	phx_html(h, "</ul></details>\n");
}

void phx_html_graph(struct html *h)
{
	struct drawing d = {.h = h};
	uint32_t w, t;

	boxes(&d);
	if (!d.n)
		return;
	edges(&d);
	reduce(&d);
	merge(&d);
	layout(&d);
	w = 2 * MARGIN + d.levels * BOX_W + (d.levels - 1) * GAP_X;
	t = 2 * MARGIN + d.rows * BOX_H + (d.rows - 1) * GAP_Y;
	phx_html(h, "<section aria-labelledby=\"graph-h\">\n<h2 id=\"graph-h\">What waits for what</h2>\n<p "
		    "class=\"dim\">From "
		    "left to right; what is not connected runs side by side. A box leads to its change.</p>\n"
		    "<div class=\"view\" role=\"region\" aria-label=\"Dependency graph, scrollable\" "
		    "tabindex=\"0\">\n");
	phx_buf_printf(h->out,
		       "<svg role=\"group\" aria-label=\"Dependency graph\" width=\"%u\" height=\"%u\" "
		       "viewBox=\"0 0 %u %u\">\n",
		       w, t, w, t);
	for (uint32_t i = 0; i < d.n; i++)
		for (uint32_t k = 0; !d.v[i].into && k < d.v[i].needs.n; k++)
			arrow(&d, &d.v[d.v[i].needs.v[k]], &d.v[i]);
	for (uint32_t i = 0; i < d.n; i++)
		if (!d.v[i].into)
			draw_box(&d, &d.v[i]);
	phx_html(h, "</svg></div>\n");
	in_words(&d);
	phx_html(h, "</section>\n");
}
