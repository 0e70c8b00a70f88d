#include "base/render_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/snippet_priv.h"

enum {
	PLACES_MAX = 40,     /* labels shown of one diagnostic */
	FIX_LINE_MAX = 4096, /* longer lines are not shown with their correction */
	FIX_SHOWN_MAX = 3,
};

/* A labelled place, on the line where it starts. */
struct place {
	struct phx_span span;
	struct phx_str text;
	bool primary;
	uint32_t rank; /* of its file: the primary's first, then as the labels name them */
	uint32_t line, seq;
};

struct scene {
	const struct phx_sources *sources;
	const struct phx_diag *d;
	struct phx_painter paint;
	struct place places[PLACES_MAX];
	uint32_t n, left_out;
	uint32_t ranks[PLACES_MAX], nranks; /* file ids */
	enum phx_style style;
};

static enum phx_style style_of(enum phx_severity severity)
{
	switch (severity) {
	case PHX_SEV_NOTE:
		return PHX_STYLE_NOTE;
	case PHX_SEV_WARNING:
		return PHX_STYLE_WARNING;
	case PHX_SEV_ERROR:
		return PHX_STYLE_ERROR;
	}
	PHX_BUG("severity %d", (int)severity);
}

static bool is_placed(const struct phx_sources *sources, struct phx_span span)
{
	return phx_span_known(span) && phx_source_get(sources, span.file);
}

static bool same_span(struct phx_span a, struct phx_span b)
{
	return a.file == b.file && a.start == b.start && a.end == b.end;
}

static uint32_t rank_of(struct scene *s, uint32_t file)
{
	for (uint32_t i = 0; i < s->nranks; i++) {
		if (s->ranks[i] == file)
			return i;
	}
	s->ranks[s->nranks] = file;
	return s->nranks++;
}

static void add_place(struct scene *s, struct phx_span span, struct phx_str text, bool primary)
{
	if (!is_placed(s->sources, span))
		return;
	if (s->n == PLACES_MAX) {
		s->left_out++;
		return;
	}
	s->places[s->n] = (struct place){
		.span = span,
		.text = text,
		.primary = primary,
		.rank = rank_of(s, span.file),
		.line = phx_source_pos(s->sources, span).line,
		.seq = s->n,
	};
	s->n++;
}

static int by_line(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->seq < b->seq ? -1 : 1;
}

/* The first label with the primary's span is the caret's text. */
static void collect(struct scene *s)
{
	const struct phx_diag *d = s->d;
	uint32_t caret = d->labels.n;

	for (uint32_t i = d->labels.n; i-- > 0;) {
		if (same_span(d->labels.v[i].span, d->span))
			caret = i;
	}
	add_place(s, d->span, caret < d->labels.n ? d->labels.v[caret].text : PHX_STR(""), true);
	for (uint32_t i = 0; i < d->labels.n; i++) {
		if (i != caret)
			add_place(s, d->labels.v[i].span, d->labels.v[i].text, false);
	}
	qsort(s->places, s->n, sizeof(*s->places), by_line);
}

/* Where a span lies in the line where it starts. */
struct line_range {
	struct phx_str line;
	uint32_t number, start, end; /* `end` may be behind the line */
};

static struct line_range range_in_line(const struct phx_sources *sources, struct phx_span span)
{
	struct line_range r = {.number = phx_source_pos(sources, span).line};
	const struct phx_source *source = phx_source_get(sources, span.file);
	uint32_t first;

	r.line = phx_source_line(sources, span.file, r.number);
	first = (uint32_t)(r.line.ptr - source->text.ptr);
	r.start = (span.start < source->text.len ? span.start : (uint32_t)source->text.len) - first;
	r.end = span.end > span.start ? r.start + (span.end - span.start) : r.start;
	return r;
}

/* A fix is shown as the line it makes, when that is one line and not endless. */
static bool can_show_fix(const struct phx_sources *sources, const struct phx_diag_fix *fix)
{
	struct line_range r;

	if (!is_placed(sources, fix->span) || phx_source_get(sources, fix->span.file)->hidden ||
	    phx_str_chr(fix->text, '\n') >= 0 || fix->text.len > FIX_LINE_MAX)
		return false;
	r = range_in_line(sources, fix->span);
	return r.line.len <= FIX_LINE_MAX && r.end <= r.line.len;
}

static uint32_t digits(uint32_t n)
{
	uint32_t count = 1;

	for (; n >= 10; n /= 10)
		count++;
	return count;
}

static void measure_gutter(struct scene *s)
{
	uint32_t most = 1;

	for (uint32_t i = 0; i < s->n; i++)
		most = s->places[i].line > most ? s->places[i].line : most;
	for (uint32_t i = 0; i < s->d->fixes.n; i++) {
		struct phx_span span = s->d->fixes.v[i].span;
		uint32_t line = is_placed(s->sources, span) ? phx_source_pos(s->sources, span).line : 0;

		most = line > most ? line : most;
	}
	s->paint.gutter = digits(most);
}

static void show_header(const struct scene *s)
{
	struct phx_buf *out = s->paint.out, head = {0};
	struct phx_str rest = s->d->message, line;

	phx_buf_printf(&head, "%s[%s]", phx_severity_name(s->d->severity), phx_code_info(s->d->code)->name);
	phx_paint(&s->paint, s->style, phx_buf_view(&head));
	phx_buf_done(&head);
	phx_paint(&s->paint, PHX_STYLE_STRONG, PHX_STR(":"));
	while (phx_str_cut(&rest, '\n', &line)) {
		phx_buf_ch(out, ' ');
		phx_paint_text(&s->paint, PHX_STYLE_STRONG, line);
		phx_buf_ch(out, '\n');
	}
}

static void show_arrow(const struct scene *s, const struct place *at)
{
	struct phx_pos pos = phx_source_pos(s->sources, at->span);

	if (at->rank > 0)
		phx_snippet_gutter(&s->paint);
	phx_buf_fill(s->paint.out, ' ', s->paint.gutter);
	phx_paint(&s->paint, PHX_STYLE_PLACE, at->rank == 0 ? PHX_STR("-->") : PHX_STR(":::"));
	phx_buf_ch(s->paint.out, ' ');
	phx_add_line_text(s->paint.out, pos.path);
	phx_buf_printf(s->paint.out, ":%u:%u\n", pos.line, pos.col);
}

/* The places of one line: marks for the snippet. */
static void show_line(const struct scene *s, const struct place *places, uint32_t n)
{
	struct phx_mark marks[PLACES_MAX];
	struct line_range r = {0};

	for (uint32_t i = 0; i < n; i++) {
		r = range_in_line(s->sources, places[i].span);
		marks[i] = (struct phx_mark){
			.start = r.start,
			.end = r.end,
			.text = places[i].text,
			.under = places[i].primary ? '^' : '-',
			.primary = places[i].primary,
			.style = places[i].primary ? s->style : PHX_STYLE_PLACE,
		};
	}
	phx_snippet_line(&s->paint, r.number, r.line, marks, n);
}

/* One line between two marked ones is shown, several are dots. */
static void show_gap(const struct scene *s, uint32_t file, uint32_t from, uint32_t to)
{
	if (to - from == 2)
		phx_snippet_line(&s->paint, from + 1, phx_source_line(s->sources, file, from + 1), NULL, 0);
	else if (to - from > 2)
		phx_buf_c(s->paint.out, "...\n");
}

/* The places of one file, from `at`; returns where the next file's begin. */
static uint32_t show_file(const struct scene *s, uint32_t at)
{
	const struct place *first = &s->places[at], *arrow = first;
	uint32_t end = at, line = 0;

	while (end < s->n && s->places[end].rank == first->rank)
		end++;
	for (uint32_t i = at; i < end; i++) {
		if (s->places[i].primary)
			arrow = &s->places[i];
	}
	show_arrow(s, arrow);
	if (phx_source_get(s->sources, first->span.file)->hidden)
		return end;
	phx_snippet_gutter(&s->paint);
	while (at < end) {
		uint32_t n = 1;

		while (at + n < end && s->places[at + n].line == s->places[at].line)
			n++;
		if (line)
			show_gap(s, first->span.file, line, s->places[at].line);
		line = s->places[at].line;
		show_line(s, &s->places[at], n);
		at += n;
	}
	return end;
}

/* `   = note: text`, further lines of the text below its first. */
static void show_fact(const struct scene *s, const char *what, struct phx_str text)
{
	struct phx_buf *out = s->paint.out;
	struct phx_str line;
	bool first = true;

	while (phx_str_cut(&text, '\n', &line)) {
		phx_buf_fill(out, ' ', s->paint.gutter + 1);
		if (first) {
			phx_paint(&s->paint, PHX_STYLE_PLACE, PHX_STR("="));
			phx_buf_ch(out, ' ');
			phx_paint(&s->paint, PHX_STYLE_STRONG, phx_str_c(what));
			phx_buf_c(out, ": ");
		} else {
			phx_buf_fill(out, ' ', strlen(what) + 4);
		}
		phx_add_line_text(out, line);
		phx_buf_ch(out, '\n');
		first = false;
	}
}

static void show_fix(const struct scene *s, const struct phx_diag_fix *fix)
{
	struct line_range r = range_in_line(s->sources, fix->span);
	struct phx_buf line = {0};
	struct phx_mark mark = {
		.start = r.start, .end = r.end, .under = '-', .primary = true, .style = PHX_STYLE_HELP};

	phx_snippet_gutter(&s->paint);
	if (fix->text.len == 0) {
		phx_snippet_line(&s->paint, r.number, r.line, &mark, 1);
		return;
	}
	mark.under = r.end > r.start ? '~' : '+';
	mark.end = r.start + (uint32_t)fix->text.len;
	phx_buf_str(&line, phx_str_slice(r.line, 0, r.start));
	phx_buf_str(&line, fix->text);
	phx_buf_str(&line, phx_str_from(r.line, r.end));
	phx_snippet_line(&s->paint, r.number, phx_buf_view(&line), &mark, 1);
	phx_buf_done(&line);
}

static const char *what_fix_does(const struct phx_diag_fix *fix)
{
	if (fix->text.len == 0)
		return "remove this";
	return fix->span.end > fix->span.start ? "replace it so" : "add this";
}

/* The last advice stands above the corrected lines, what came before it is a fact among the others. */
static void show_fixes(const struct scene *s)
{
	const struct phx_diag *d = s->d;
	uint32_t shown = 0;

	for (uint32_t i = 0; i < d->fixes.n && shown < FIX_SHOWN_MAX; i++) {
		if (!can_show_fix(s->sources, &d->fixes.v[i]))
			continue;
		if (shown++ == 0) {
			struct phx_str text = d->helps.n ? d->helps.v[d->helps.n - 1]
							 : phx_str_c(what_fix_does(&d->fixes.v[i]));

			phx_paint(&s->paint, PHX_STYLE_HELP, PHX_STR("help"));
			phx_buf_c(s->paint.out, ": ");
			phx_add_line_text(s->paint.out, text);
			phx_buf_ch(s->paint.out, '\n');
		}
		show_fix(s, &d->fixes.v[i]);
	}
}

static bool has_shown_fix(const struct scene *s)
{
	for (uint32_t i = 0; i < s->d->fixes.n; i++) {
		if (can_show_fix(s->sources, &s->d->fixes.v[i]))
			return true;
	}
	return false;
}

/* Texts of labels that are nowhere are facts without a place. */
static void show_facts(const struct scene *s)
{
	const struct phx_diag *d = s->d;
	uint32_t helps = d->helps.n;

	for (uint32_t i = 0; i < d->labels.n; i++) {
		if (!is_placed(s->sources, d->labels.v[i].span) && d->labels.v[i].text.len)
			show_fact(s, "note", d->labels.v[i].text);
	}
	for (uint32_t i = 0; i < d->notes.n; i++)
		show_fact(s, "note", d->notes.v[i]);
	if (s->left_out) {
		struct phx_buf text = {0};

		phx_buf_printf(&text, "%u more place%s not shown", s->left_out,
			       s->left_out == 1 ? " is" : "s are");
		show_fact(s, "note", phx_buf_view(&text));
		phx_buf_done(&text);
	}
	if (helps && has_shown_fix(s))
		helps--;
	for (uint32_t i = 0; i < helps; i++)
		show_fact(s, "help", d->helps.v[i]);
}

static void show_explain(const struct scene *s)
{
	struct phx_buf text = {0};

	phx_buf_printf(&text, "run `phx explain %s`", phx_code_info(s->d->code)->name);
	show_fact(s, "explain", phx_buf_view(&text));
	phx_buf_done(&text);
}

void phx_diag_render_one(const struct phx_diag_bag *bag, const struct phx_diag *d, bool explain, bool colour,
			 struct phx_buf *out)
{
	struct scene s = {.sources = bag->sources,
			  .d = d,
			  .paint = {.out = out, .secrets = bag->secrets, .colour = colour}};

	s.style = style_of(d->severity);
	collect(&s);
	measure_gutter(&s);
	show_header(&s);
	for (uint32_t at = 0; at < s.n;)
		at = show_file(&s, at);
	if (s.n && (explain || d->notes.n || d->helps.n || has_shown_fix(&s)))
		phx_snippet_gutter(&s.paint);
	show_facts(&s);
	show_fixes(&s);
	if (explain)
		show_explain(&s);
}
