/* Source lines with marks under them. */
#pragma once

#include "base/diag.h"

enum phx_style {
	PHX_STYLE_ERROR,
	PHX_STYLE_WARNING,
	PHX_STYLE_NOTE,
	PHX_STYLE_PLACE,
	PHX_STYLE_HELP,
	PHX_STYLE_STRONG
};

struct phx_painter {
	struct phx_buf *out;
	const struct phx_secrets *secrets; /* masked in source lines; may be NULL */
	uint32_t gutter;                   /* digits of the greatest line number */
	bool colour;
};

/* A range of bytes within a line. */
struct phx_mark {
	uint32_t start, end; /* empty ranges get one character; an end behind the line is taken back to it */
	struct phx_str text; /* may be empty */
	char under;          /* what it is underlined with: the primary place wins where marks overlap */
	bool primary;
	enum phx_style style;
};

void phx_paint(const struct phx_painter *p, enum phx_style style, struct phx_str text);
/* As phx_paint, of text from outside: made printable, and put on one line. */
void phx_paint_text(const struct phx_painter *p, enum phx_style style, struct phx_str text);
/* Made printable and put on one line. */
void phx_add_line_text(struct phx_buf *out, struct phx_str text);
/* The gutter without a number, as `   |`. */
void phx_snippet_gutter(const struct phx_painter *p);
/* One source line with its number, and rows below for its marks; long lines are cut to a window around the primary mark. */
void phx_snippet_line(const struct phx_painter *p, uint32_t number, struct phx_str line,
		      const struct phx_mark *marks, uint32_t n);
