#include "base/snippet_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"

/* In bytes: lines up to WHOLE_MAX are shown whole, longer ones as WINDOW bytes that begin BEFORE the mark. */
enum { WHOLE_MAX = 140, WINDOW = 120, BEFORE = 50, TAB = 4, DOTS = 3 };

/* What is shown of a line, and the column at which each of its bytes stands. */
struct view {
	struct phx_str line;
	uint32_t first, last; /* the bytes shown */
	uint32_t width;       /* columns in all, without the dots behind */
	uint32_t column[WHOLE_MAX + 1];
};

/* A mark in columns. */
struct stroke {
	const struct phx_mark *mark;
	uint32_t from, to;
};

void phx_paint(const struct phx_painter *p, enum phx_style style, struct phx_str text)
{
	static const char *const start[] = {
		[PHX_STYLE_ERROR] = "\x1b[1;31m", [PHX_STYLE_WARNING] = "\x1b[1;33m",
		[PHX_STYLE_NOTE] = "\x1b[1;36m",  [PHX_STYLE_PLACE] = "\x1b[1;34m",
		[PHX_STYLE_HELP] = "\x1b[1;36m",  [PHX_STYLE_STRONG] = "\x1b[1m",
	};

	if (p->colour)
		phx_buf_c(p->out, start[style]);
	phx_buf_str(p->out, text);
	if (p->colour)
		phx_buf_c(p->out, "\x1b[0m");
}

void phx_add_line_text(struct phx_buf *out, struct phx_str text)
{
	size_t from = out->len;

	phx_buf_printable(out, text);
	for (size_t i = from; i < out->len; i++) {
		if (out->ptr[i] == '\n' || out->ptr[i] == '\t')
			out->ptr[i] = ' ';
	}
}

void phx_paint_text(const struct phx_painter *p, enum phx_style style, struct phx_str text)
{
	struct phx_buf clean = {0};

	phx_add_line_text(&clean, text);
	phx_paint(p, style, phx_buf_view(&clean));
	phx_buf_done(&clean);
}

static void add_gutter(const struct phx_painter *p)
{
	phx_buf_fill(p->out, ' ', p->gutter + 1);
	phx_paint(p, PHX_STYLE_PLACE, PHX_STR("|"));
}

void phx_snippet_gutter(const struct phx_painter *p)
{
	add_gutter(p);
	phx_buf_ch(p->out, '\n');
}

/* Backwards to the first byte of a character. */
static uint32_t char_start(struct phx_str line, uint32_t at)
{
	for (int i = 0; i < 3 && at > 0 && at < line.len && ((unsigned char)line.ptr[at] & 0xC0) == 0x80; i++)
		at--;
	return at;
}

static void choose_window(struct view *view, uint32_t anchor)
{
	uint32_t len = (uint32_t)view->line.len;

	view->first = 0;
	view->last = len;
	if (len <= WHOLE_MAX)
		return;
	if (anchor > len)
		anchor = len;
	view->first = anchor > BEFORE ? anchor - BEFORE : 0;
	if (len - view->first < WINDOW)
		view->first = len - WINDOW;
	view->first = char_start(view->line, view->first);
	view->last = char_start(view->line, view->first + WINDOW < len ? view->first + WINDOW : len);
}

/* Appends the character at line[at] as it is shown; returns its width. A byte order mark at the start shows as nothing. */
static uint32_t show_char(struct phx_buf *out, struct phx_str line, uint32_t at, uint32_t column,
			  uint32_t *out_len)
{
	uint32_t c = phx_utf8_at(line, at, out_len), width;
	size_t before = out->len;

	if (c == '\t') {
		width = TAB - column % TAB;
		phx_buf_fill(out, ' ', width);
		return width;
	}
	if (c == 0xFEFF && at == 0)
		return 0;
	if (phx_utf8_unprintable(c)) {
		phx_buf_printable(out, phx_str_slice(line, at, *out_len));
		return (uint32_t)(out->len - before);
	}
	phx_buf_add(out, line.ptr + at, *out_len);
	return phx_utf8_width(c);
}

/* Shows the window of the line and notes the columns. */
static void show_view(struct view *view, struct phx_buf *out)
{
	uint32_t column = 0, len;

	if (view->first > 0) {
		phx_buf_fill(out, '.', DOTS);
		column = DOTS;
	}
	for (uint32_t at = view->first; at < view->last; at += len) {
		uint32_t width = show_char(out, view->line, at, column, &len);

		for (uint32_t i = 0; i < len; i++)
			view->column[at - view->first + i] = column;
		column += width;
	}
	view->column[view->last - view->first] = column;
	view->width = column;
	if (view->last < view->line.len)
		phx_buf_fill(out, '.', DOTS);
}

/* Places outside the window are on its dots. */
static uint32_t column_at(const struct view *view, uint32_t at)
{
	if (at < view->first)
		return 0;
	if (at > view->last)
		return view->width + DOTS;
	return view->column[at - view->first];
}

static struct stroke stroke_of(const struct view *view, const struct phx_mark *mark)
{
	uint32_t len = (uint32_t)view->line.len;
	uint32_t start = mark->start < len ? mark->start : len, end = mark->end < len ? mark->end : len;
	struct stroke stroke = {.mark = mark};

	while (end > start && (view->line.ptr[end - 1] == ' ' || view->line.ptr[end - 1] == '\t') &&
	       mark->end > len)
		end--; /* a mark that goes on in the next line ends with this line's text */
	while (end > start && end < view->last && char_start(view->line, end) != end)
		end++;
	stroke.from = start > view->last ? view->width : column_at(view, start);
	stroke.to = end > start && end <= view->first ? DOTS : column_at(view, end);
	if (stroke.to <= stroke.from)
		stroke.to = stroke.from + 1;
	return stroke;
}

/* One row of marks: characters and which stroke each belongs to (for its colour). */
struct row {
	struct phx_buf chars;
	const struct stroke **owner;
	uint32_t width;
};

static void row_clear(struct row *row)
{
	phx_buf_clear(&row->chars);
	phx_buf_fill(&row->chars, ' ', row->width);
	memset(row->owner, 0, row->width * sizeof(*row->owner));
}

static void row_put(struct row *row, const struct stroke *stroke, uint32_t column, char c)
{
	row->chars.ptr[column] = c;
	row->owner[column] = stroke;
}

/* The row's first `width` columns. */
static void row_show(const struct phx_painter *p, const struct row *row, uint32_t width)
{
	uint32_t at = 0;

	add_gutter(p);
	phx_buf_ch(p->out, ' ');
	while (at < width) {
		uint32_t from = at;

		while (at < width && row->owner[at] == row->owner[from])
			at++;
		if (row->owner[from])
			phx_paint(p, row->owner[from]->mark->style,
				  (struct phx_str){row->chars.ptr + from, at - from});
		else
			phx_buf_add(p->out, row->chars.ptr + from, at - from);
	}
}

/* Later ones are drawn over earlier ones: short over long, the primary over others of its length. */
static int drawn_before(const void *x, const void *y)
{
	const struct stroke *a = x, *b = y;
	uint32_t la = a->to - a->from, lb = b->to - b->from;

	if (la != lb)
		return la > lb ? -1 : 1;
	if (a->mark->primary != b->mark->primary)
		return a->mark->primary ? 1 : -1;
	return a->from == b->from ? (a->mark < b->mark ? -1 : a->mark > b->mark) : a->from < b->from ? -1 : 1;
}

/* Texts are placed from right to left. */
static int texted_before(const void *x, const void *y)
{
	const struct stroke *a = x, *b = y;

	if (a->from != b->from)
		return a->from > b->from ? -1 : 1;
	if (a->mark->primary != b->mark->primary)
		return a->mark->primary ? -1 : 1;
	return a->mark < b->mark ? -1 : a->mark > b->mark;
}

/* The stroke whose text can stand right behind the underlines: the one that ends last. */
static const struct stroke *inline_stroke(const struct stroke *strokes, uint32_t n)
{
	const struct stroke *best = &strokes[0];

	for (uint32_t i = 1; i < n; i++) {
		const struct stroke *s = &strokes[i];

		if (s->to > best->to || (s->to == best->to && s->from > best->from) ||
		    (s->to == best->to && s->from == best->from && s->mark->primary))
			best = s;
	}
	return best;
}

static void show_bars(const struct phx_painter *p, struct row *row, const struct stroke *strokes, uint32_t n)
{
	row_clear(row);
	for (uint32_t i = 0; i < n; i++)
		row_put(row, &strokes[i], strokes[i].from, '|');
	row_show(p, row, strokes[0].from + 1);
	phx_buf_ch(p->out, '\n');
}

/* Rows for the texts that found no place behind the underlines: a row of bars, then one text after the other, from the
 * right, each hanging from its bar. */
static void show_texts(const struct phx_painter *p, struct row *row, const struct stroke *strokes, uint32_t n)
{
	if (n)
		show_bars(p, row, strokes, n);
	for (uint32_t i = 0; i < n; i++) {
		row_clear(row);
		for (uint32_t j = i + 1; j < n; j++) {
			if (strokes[j].from < strokes[i].from)
				row_put(row, &strokes[j], strokes[j].from, '|');
		}
		row_show(p, row, strokes[i].from);
		phx_paint_text(p, strokes[i].mark->style, strokes[i].mark->text);
		phx_buf_ch(p->out, '\n');
	}
}

static void draw(struct row *row, const struct stroke *stroke)
{
	for (uint32_t at = stroke->from; at < stroke->to; at++)
		row_put(row, stroke, at, stroke->mark->under);
}

/* Together, short marks may have covered the whole of the primary one: it is the one that must be seen. */
static void draw_primary_if_hidden(struct row *row, const struct stroke *strokes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct stroke *s = &strokes[i];
		bool seen = !s->mark->primary;

		for (uint32_t at = s->from; at < s->to && !seen; at++)
			seen = row->owner[at] == s;
		if (!seen)
			draw(row, s);
	}
}

static void show_underlines(const struct phx_painter *p, struct row *row, struct stroke *strokes, uint32_t n,
			    const struct phx_mark **out_done)
{
	const struct phx_mark *mark = inline_stroke(strokes, n)->mark;
	uint32_t end = 0;

	qsort(strokes, n, sizeof(*strokes), drawn_before);
	row_clear(row);
	for (uint32_t i = 0; i < n; i++) {
		draw(row, &strokes[i]);
		end = strokes[i].to > end ? strokes[i].to : end;
	}
	draw_primary_if_hidden(row, strokes, n);
	row_show(p, row, end);
	if (mark->text.len) {
		phx_buf_ch(p->out, ' ');
		phx_paint_text(p, mark->style, mark->text);
	}
	phx_buf_ch(p->out, '\n');
	*out_done = mark;
}

static void show_marks(const struct phx_painter *p, const struct view *view, const struct phx_mark *marks,
		       uint32_t n)
{
	struct stroke *strokes = calloc(n, sizeof(*strokes));
	struct row row = {.width = view->width + DOTS + 1};
	const struct phx_mark *done;
	uint32_t left = 0;

	row.owner = calloc(row.width, sizeof(const struct stroke *));
	if (!strokes || !row.owner)
		phx_out_of_memory();
	for (uint32_t i = 0; i < n; i++)
		strokes[i] = stroke_of(view, &marks[i]);
	show_underlines(p, &row, strokes, n, &done);
	for (uint32_t i = 0; i < n; i++) {
		if (strokes[i].mark != done && strokes[i].mark->text.len)
			strokes[left++] = strokes[i];
	}
	qsort(strokes, left, sizeof(*strokes), texted_before);
	show_texts(p, &row, strokes, left);
	phx_buf_done(&row.chars);
	free(row.owner);
	free(strokes);
}

/* Where a byte of the line stands once `len` bytes at `at` are masked; what is inside goes to the mask's edge. */
static uint32_t moved(uint32_t byte, size_t at, size_t len, bool is_end)
{
	size_t mask = strlen(PHX_MASKED);

	if (byte <= at)
		return byte;
	if (byte >= at + len)
		return (uint32_t)(byte - len + mask);
	return (uint32_t)(is_end ? at + mask : at);
}

/* The line with its secrets masked, and the marks where they then belong. */
static void mask_line(const struct phx_secrets *secrets, struct phx_str line, struct phx_mark *marks,
		      uint32_t n, struct phx_buf *out)
{
	size_t at, len;

	while (phx_secrets_find(secrets, line, &at, &len)) {
		size_t begin = out->len + at;

		phx_buf_add(out, line.ptr, at);
		phx_buf_c(out, PHX_MASKED);
		line = phx_str_from(line, at + len);
		for (uint32_t i = 0; i < n; i++) {
			marks[i].start = moved(marks[i].start, begin, len, false);
			marks[i].end = moved(marks[i].end, begin, len, true);
		}
	}
	phx_buf_str(out, line);
}

static void show_line(const struct phx_painter *p, uint32_t number, struct phx_str line,
		      const struct phx_mark *marks, uint32_t n)
{
	struct phx_buf digits = {0}, shown = {0};
	struct view view = {.line = line};
	uint32_t anchor = n ? marks[0].start : 0;

	for (uint32_t i = 0; i < n; i++) {
		if (marks[i].primary)
			anchor = marks[i].start;
	}
	choose_window(&view, anchor);
	show_view(&view, &shown);
	phx_buf_printf(&digits, "%*u |", (int)p->gutter, number);
	phx_paint(p, PHX_STYLE_PLACE, phx_buf_view(&digits));
	while (shown.len && shown.ptr[shown.len - 1] == ' ')
		shown.len--;
	if (shown.len)
		phx_buf_ch(p->out, ' ');
	phx_buf_str(p->out, phx_buf_view(&shown));
	phx_buf_ch(p->out, '\n');
	if (n)
		show_marks(p, &view, marks, n);
	phx_buf_done(&digits);
	phx_buf_done(&shown);
}

void phx_snippet_line(const struct phx_painter *p, uint32_t number, struct phx_str line,
		      const struct phx_mark *marks, uint32_t n)
{
	struct phx_mark *own = calloc((size_t)n + 1, sizeof(*own));
	struct phx_buf masked = {0};

	if (!own)
		phx_out_of_memory();
	if (n)
		memcpy(own, marks, n * sizeof(*own));
	mask_line(p->secrets, line, own, n, &masked);
	show_line(p, number, phx_buf_view(&masked), own, n);
	phx_buf_done(&masked);
	free(own);
}
