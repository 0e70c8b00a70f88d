#include "fmt_priv.h"

#include "base/utf8.h"

/* Columns on a terminal of out[from..to]. */
static uint32_t width(const struct phx_fmt *f, size_t from, size_t to)
{
	struct phx_str text = phx_buf_view(&f->out);
	uint32_t columns = 0, len;

	for (; from < to; from += len)
		columns += phx_utf8_width(phx_utf8_at(text, from, &len));
	return columns;
}

static size_t start_of_line(const struct phx_fmt *f, size_t at)
{
	while (at > 0 && f->out.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* Cells from `from` on that are aligned with one another: same kind, each on the line below the one before, and for
 * comments as far in as the first. Returns the cell behind them; those of the other kind in between do not count. */
static bool continues(const struct phx_fmt *f, const struct phx_cell *last, const struct phx_cell *next)
{
	size_t a, b, i;

	if (next->line != last->line + 1)
		return false;
	if (next->kind == CELL_EQUALS)
		return next->group == last->group;
	a = start_of_line(f, last->at);
	b = start_of_line(f, next->at);
	for (i = 0; f->out.ptr[a + i] == ' ' || f->out.ptr[b + i] == ' '; i++)
		if (f->out.ptr[a + i] != f->out.ptr[b + i])
			return false;
	return true;
}

/* Blanks to put before each cell of one kind. `pads` has those that were found before. */
static void pad_kind(struct phx_fmt *f, enum phx_cell_kind kind, uint32_t *pads)
{
	uint32_t first, i, n = f->cells.n;
	uint32_t *columns = phx_arena_alloc_n(&f->arena, n, sizeof(*columns), _Alignof(uint32_t));

	for (i = 0; i < n; i++) {
		const struct phx_cell *c = &f->cells.v[i];

		columns[i] = c->kind == kind ? width(f, start_of_line(f, c->at), c->at) : 0;
		/* What was padded before on this line moves it. */
		if (c->kind == kind && i > 0 && f->cells.v[i - 1].line == c->line)
			columns[i] += pads[i - 1];
	}
	for (first = 0; first < n;) {
		const struct phx_cell *last = &f->cells.v[first];
		uint32_t most = columns[first], end;

		if (last->kind != kind) {
			first++;
			continue;
		}
		for (end = first + 1; end < n; end++) {
			const struct phx_cell *c = &f->cells.v[end];

			if (c->kind != kind)
				continue;
			if (!continues(f, last, c))
				break;
			most = columns[end] > most ? columns[end] : most;
			last = c;
		}
		for (i = first; i < end; i++)
			if (f->cells.v[i].kind == kind)
				pads[i] = most - columns[i];
		first = end;
	}
}

void phx_fmt_align(struct phx_fmt *f, struct phx_buf *out)
{
	uint32_t *pads = phx_arena_alloc_n(&f->arena, f->cells.n, sizeof(*pads), _Alignof(uint32_t)), i;
	struct phx_str text = phx_buf_view(&f->out);
	size_t at = 0;

	pad_kind(f, CELL_EQUALS, pads);
	pad_kind(f, CELL_COMMENT, pads);
	for (i = 0; i < f->cells.n; i++) {
		phx_buf_str(out, phx_str_slice(text, at, f->cells.v[i].at - at));
		phx_buf_fill(out, ' ', pads[i]);
		at = f->cells.v[i].at;
	}
	phx_buf_str(out, phx_str_from(text, at));
}
