#include "fmt_priv.h"

#include <string.h>

enum { INDENT = 2 };

void phx_fmt_str(struct phx_fmt *f, struct phx_str text)
{
	if (text.len == 0)
		return;
	if (f->after_heredoc && !strchr(",;)]}\n", text.ptr[0])) {
		f->after_heredoc = false;
		phx_fmt_newline(f);
		text = phx_str_trim(text);
	}
	f->after_heredoc = false;
	phx_buf_str(&f->out, text);
}

void phx_fmt_c(struct phx_fmt *f, const char *text)
{
	phx_fmt_str(f, phx_str_c(text));
}

static void end_line(struct phx_fmt *f)
{
	while (f->out.len > f->line_start && f->out.ptr[f->out.len - 1] == ' ')
		f->out.len--;
	phx_buf_ch(&f->out, '\n');
	f->line++;
	f->line_start = f->out.len;
	f->after_heredoc = false;
}

void phx_fmt_newline(struct phx_fmt *f)
{
	end_line(f);
	phx_buf_fill(&f->out, ' ', (size_t)f->level * INDENT);
}

void phx_fmt_blank_line(struct phx_fmt *f)
{
	end_line(f);
	phx_fmt_newline(f);
}

void phx_fmt_cell(struct phx_fmt *f, enum phx_cell_kind kind)
{
	struct phx_cell cell = {f->out.len, f->line, f->group, (uint8_t)kind};

	phx_vec_push(&f->arena, &f->cells, cell);
}

struct phx_fmt_mark phx_fmt_mark(const struct phx_fmt *f)
{
	return (struct phx_fmt_mark){f->out.len, f->line_start, f->line,    f->level,
				     f->comment, f->group,      f->cells.n, f->after_heredoc};
}

void phx_fmt_rewind(struct phx_fmt *f, const struct phx_fmt_mark *mark)
{
	f->out.len = mark->len;
	f->line_start = mark->line_start;
	f->line = mark->line;
	f->level = mark->level;
	f->comment = mark->comment;
	f->group = mark->group;
	f->cells.n = mark->cells;
	f->after_heredoc = mark->after_heredoc;
	f->failed = false;
}

static uint32_t newlines(const struct phx_fmt *f, uint32_t from, uint32_t to)
{
	uint32_t n = 0, at;

	for (at = from; at < to; at++)
		n += f->text.ptr[at] == '\n';
	return n;
}

bool phx_fmt_breaks(const struct phx_fmt *f, uint32_t from, uint32_t to)
{
	return from < to && memchr(f->text.ptr + from, '\n', to - from) != NULL;
}

bool phx_fmt_pending(const struct phx_fmt *f, uint32_t at)
{
	return f->comment < f->ast->ncomments && f->ast->comments[f->comment].start < at;
}

void phx_fmt_reach(struct phx_fmt *f, uint32_t at)
{
	f->failed = f->failed || phx_fmt_pending(f, at);
}

void phx_fmt_copy(struct phx_fmt *f, uint32_t from, uint32_t to)
{
	struct phx_str rest = phx_str_slice(f->text, from, to - from), line;

	phx_fmt_reach(f, from);
	while (phx_fmt_pending(f, to))
		f->comment++;
	phx_fmt_str(f, PHX_STR(""));
	while (rest.len) {
		ptrdiff_t nl = phx_str_chr(rest, '\n');

		line = nl < 0 ? rest : phx_str_slice(rest, 0, (size_t)nl);
		rest = nl < 0 ? (struct phx_str){0} : phx_str_from(rest, (size_t)nl + 1);
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len)
			phx_fmt_str(f, line);
		if (nl >= 0) { /* not end_line: blanks at the end may be text of a heredoc */
			phx_buf_ch(&f->out, '\n');
			f->line++;
			f->line_start = f->out.len;
		}
	}
}

/* A comment's own text, without blanks at the end of its lines. */
static void write_comment(struct phx_fmt *f)
{
	struct phx_span at = f->ast->comments[f->comment++];
	struct phx_str rest = phx_str_slice(f->text, at.start, at.end - at.start), line;

	for (;;) {
		ptrdiff_t nl = phx_str_chr(rest, '\n');

		line = nl < 0 ? rest : phx_str_slice(rest, 0, (size_t)nl);
		while (line.len && strchr(" \t\r", line.ptr[line.len - 1]))
			line.len--;
		phx_fmt_str(f, line);
		if (nl < 0)
			return;
		end_line(f);
		rest = phx_str_from(rest, (size_t)nl + 1);
	}
}

void phx_fmt_item(struct phx_fmt *f, uint32_t end, uint32_t from, bool *first)
{
	if (f->out.len == 0) {
		*first = false; /* the first line of all */
		return;
	}
	if (!*first && newlines(f, end, from) > 1) {
		f->group++;
		phx_fmt_blank_line(f);
	} else {
		phx_fmt_newline(f);
	}
	*first = false;
}

void phx_fmt_comments(struct phx_fmt *f, uint32_t before, uint32_t *end, bool *first)
{
	while (phx_fmt_pending(f, before)) {
		struct phx_span at = f->ast->comments[f->comment];

		phx_fmt_item(f, *end, at.start, first);
		f->group++;
		write_comment(f);
		*end = at.end;
	}
}

bool phx_fmt_trailing(struct phx_fmt *f, uint32_t end, uint32_t before)
{
	struct phx_span at;

	if (!phx_fmt_pending(f, before))
		return false;
	at = f->ast->comments[f->comment];
	if (phx_fmt_breaks(f, end, at.start) || phx_fmt_breaks(f, at.start, at.end) || f->after_heredoc)
		return false;
	phx_fmt_c(f, "  ");
	phx_fmt_cell(f, CELL_COMMENT);
	write_comment(f);
	return true;
}
