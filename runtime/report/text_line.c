/* One line of the text report: colours, padding, and wrapping to the width without cutting anything off. */
#include "report/text_priv.h"

void phx_text_ink(const struct report *r, enum ink i)
{
	static const char *const codes[] = {
		[INK_NONE] = "\033[0m",    [INK_CREATE] = "\033[32m",  [INK_UPDATE] = "\033[33m",
		[INK_DELETE] = "\033[31m", [INK_REPLACE] = "\033[35m", [INK_DIM] = "\033[2m",
		[INK_LOUD] = "\033[1;31m", [INK_BOLD] = "\033[1m",
	};

	if (r->o->colour)
		phx_buf_c(r->out, codes[i]);
}

void phx_text_value(const struct report *r, struct phx_str s)
{
	phx_report_one_line(s, r->out);
}

void phx_text_pad(const struct report *r, uint32_t have, uint32_t want)
{
	phx_buf_fill(r->out, ' ', have < want ? want - have : 0);
}

void phx_text_line_begin(struct text_line *l, const struct report *r, uint32_t column, uint32_t indent)
{
	*l = (struct text_line){.r = r, .column = column, .indent = indent, .fresh = true};
}

static void next_line(struct text_line *l)
{
	phx_buf_ch(l->r->out, '\n');
	phx_buf_fill(l->r->out, ' ', l->indent);
	l->column = l->indent;
	l->fresh = true;
}

/* Bytes of the longest beginning that takes at most `columns`: up to a blank or behind a comma or semicolon when there is one in
 * its second half, else as much as fits. */
static size_t piece(struct phx_str s, uint32_t columns)
{
	size_t end = 0, soft = 0;
	uint32_t n = 0;

	while (end < s.len) {
		bool begins = ((unsigned char)s.ptr[end] & 0xc0) != 0x80;

		if (begins && n == columns)
			break;
		n += begins;
		end++;
		if (n * 2 > columns &&
		    (s.ptr[end - 1] == ' ' || s.ptr[end - 1] == ',' || s.ptr[end - 1] == ';'))
			soft = end;
	}
	while (end < s.len && ((unsigned char)s.ptr[end] & 0xc0) == 0x80)
		end++;
	return end == s.len || !soft ? end : soft;
}

void phx_text_line_put(struct text_line *l, uint32_t gap, enum ink i, struct phx_str text)
{
	/* Where there is hardly any room, lines become longer than the width rather than columns of letters. */
	uint32_t room = l->r->width > l->indent + 20 ? l->r->width - l->indent : 20;
	uint32_t need = phx_report_columns(text);

	if (!l->fresh && l->column + gap + need > l->r->width)
		next_line(l);
	else if (!l->fresh) {
		phx_buf_fill(l->r->out, ' ', gap);
		l->column += gap;
	}
	if (i != INK_NONE)
		phx_text_ink(l->r, i);
	while (text.len) {
		uint32_t here = l->fresh && l->column == l->indent ? room
				: l->r->width > l->column          ? l->r->width - l->column
								   : 20;
		size_t n = piece(text, here < 20 ? 20 : here);
		struct phx_str part = phx_str_slice(text, 0, n);

		text = phx_str_from(text, n);
		if (text.len)
			while (part.len && part.ptr[part.len - 1] == ' ')
				part.len--;
		phx_buf_str(l->r->out, part);
		l->column += phx_report_columns(part);
		l->fresh = false;
		if (text.len)
			next_line(l);
	}
	l->fresh = false;
	if (i != INK_NONE)
		phx_text_ink(l->r, INK_NONE);
}

void phx_text_line_to(struct text_line *l, uint32_t column)
{
	phx_text_pad(l->r, l->column, column);
	if (l->column < column)
		l->column = column;
}

void phx_text_line_end(struct text_line *l)
{
	phx_buf_ch(l->r->out, '\n');
}
