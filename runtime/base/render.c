#include "base/render_priv.h"

#include <stdlib.h>
#include <string.h>

const char *phx_severity_name(enum phx_severity severity)
{
	switch (severity) {
	case PHX_SEV_NOTE:
		return "note";
	case PHX_SEV_WARNING:
		return "warning";
	case PHX_SEV_ERROR:
		return "error";
	}
	PHX_BUG("severity %d", (int)severity);
}

static int cmp_u32(uint32_t a, uint32_t b)
{
	return a == b ? 0 : a < b ? -1 : 1;
}

static int by_place(const struct phx_diag *a, const struct phx_diag *b)
{
	int c = cmp_u32(a->span.file, b->span.file);

	if (c == 0)
		c = cmp_u32(a->span.start, b->span.start);
	if (c == 0)
		c = cmp_u32((uint32_t)a->code, (uint32_t)b->code);
	if (c == 0)
		c = cmp_u32(a->span.end, b->span.end);
	return c;
}

static int by_place_and_age(const void *x, const void *y)
{
	const struct phx_diag *a = *(struct phx_diag *const *)x, *b = *(struct phx_diag *const *)y;
	int c = by_place(a, b);

	if (c == 0)
		c = phx_str_cmp(a->message, b->message);
	return c ? c : cmp_u32(a->seq, b->seq);
}

void phx_diag_list_init(struct phx_diag_list *list, const struct phx_diag_bag *bag)
{
	uint32_t n = bag->diags.n;

	*list = (struct phx_diag_list){.v = calloc((size_t)n + 1, sizeof(*list->v))};
	if (!list->v)
		phx_out_of_memory();
	if (n == 0)
		return;
	memcpy(list->v, bag->diags.v, n * sizeof(*list->v));
	qsort(list->v, n, sizeof(*list->v), by_place_and_age);
	for (uint32_t i = 0; i < n; i++) {
		struct phx_diag *d = list->v[i], *last = list->n ? list->v[list->n - 1] : NULL;

		if (last && by_place(last, d) == 0 && phx_str_eq(last->message, d->message))
			continue;
		list->v[list->n++] = d;
		list->errors += d->severity == PHX_SEV_ERROR;
		list->warnings += d->severity == PHX_SEV_WARNING;
	}
}

void phx_diag_list_done(struct phx_diag_list *list)
{
	free(list->v);
	*list = (struct phx_diag_list){0};
}

struct phx_diag **phx_diag_sorted(const struct phx_diag_bag *bag, struct phx_arena *a, uint32_t *out_n)
{
	struct phx_diag_list list;
	struct phx_diag **v;

	phx_diag_list_init(&list, bag);
	v = PHX_NEW_N(a, struct phx_diag *, list.n);
	for (uint32_t i = 0; i < list.n; i++)
		v[i] = list.v[i];
	*out_n = list.n;
	phx_diag_list_done(&list);
	return v;
}

/* One line each: `file:line:col: error[PHX0412]: message`. */
static void render_short(const struct phx_sources *sources, const struct phx_diag *d, struct phx_buf *out)
{
	struct phx_pos pos = phx_source_pos(sources, d->span);
	struct phx_str rest = d->message, line;

	if (phx_span_known(d->span)) {
		phx_buf_printable(out, pos.path);
		phx_buf_printf(out, ":%u:%u: ", pos.line, pos.col);
	}
	phx_buf_printf(out, "%s[%s]: ", phx_severity_name(d->severity), phx_code_info(d->code)->name);
	for (bool first = true; phx_str_cut(&rest, '\n', &line); first = false) {
		if (!first)
			phx_buf_ch(out, ' ');
		phx_buf_printable(out, line);
	}
	phx_buf_ch(out, '\n');
}

static void render_left_out(const char *what, uint32_t n, uint32_t shown, struct phx_buf *out)
{
	if (n > shown)
		phx_buf_printf(out, "%s: %u more %s%s not shown (%u in all; --max-errors 0 shows all)\n",
			       what, n - shown, what, n - shown == 1 ? " is" : "s are", n);
}

void phx_diag_render(const struct phx_diag_bag *bag, enum phx_diag_format format, bool colour,
		     struct phx_buf *out)
{
	bool explained[PHX_CODE_COUNT] = {false};
	uint32_t errors = 0, warnings = 0, most = bag->shown_max ? bag->shown_max : UINT32_MAX;
	struct phx_diag_list list;

	if (format == PHX_DIAG_JSON) {
		phx_diag_render_json(bag, out);
		return;
	}
	phx_diag_list_init(&list, bag);
	for (uint32_t i = 0; i < list.n; i++) {
		const struct phx_diag *d = list.v[i];

		if (d->severity == PHX_SEV_ERROR && errors++ >= most)
			continue;
		if (d->severity == PHX_SEV_WARNING && warnings++ >= most)
			continue;
		if (format == PHX_DIAG_SHORT) {
			render_short(bag->sources, d, out);
			continue;
		}
		/* The line that names `phx explain` is worth reading once a code. */
		phx_diag_render_one(bag, d, !explained[d->code], colour, out);
		phx_buf_ch(out, '\n');
		explained[d->code] = true;
	}
	render_left_out("error", list.errors, most, out);
	render_left_out("warning", list.warnings, most, out);
	phx_diag_list_done(&list);
}
