/* The formatter's parts. Text is written line by line as if nothing were aligned; places that shall be aligned are noted
 * as cells, and a last pass (fmt_align.c) pads them. */
#pragma once

#include "ast/fmt.h"

enum phx_cell_kind { CELL_EQUALS, CELL_COMMENT };

/* A place in the text in front of which blanks may be put. */
struct phx_cell {
	size_t at;
	uint32_t line;
	uint32_t group; /* of an EQUALS: only cells of one group are aligned with one another */
	uint8_t kind;   /* enum phx_cell_kind */
};

struct phx_fmt {
	const struct phx_ast_file *ast;
	struct phx_str text; /* the source */
	struct phx_buf out;
	uint32_t line; /* of `out`, from 0 */
	size_t line_start;
	uint32_t level;   /* of indentation */
	uint32_t comment; /* the first one that is not written yet */
	uint32_t group;
	bool failed;        /* a comment stands where only a copy of the source can keep it */
	bool after_heredoc; /* its end word must stand alone on the line */
	struct phx_arena arena;
	PHX_VEC(struct phx_cell) cells;
};

/* Where to return to when an attempt did not work out. */
struct phx_fmt_mark {
	size_t len, line_start;
	uint32_t line, level, comment, group, cells;
	bool after_heredoc;
};

/* fmt_write.c */
void phx_fmt_c(struct phx_fmt *f, const char *text);
void phx_fmt_str(struct phx_fmt *f, struct phx_str text);
void phx_fmt_newline(struct phx_fmt *f); /* with the next line's indentation */
void phx_fmt_blank_line(struct phx_fmt *f);
void phx_fmt_cell(struct phx_fmt *f, enum phx_cell_kind kind);
struct phx_fmt_mark phx_fmt_mark(const struct phx_fmt *f);
void phx_fmt_rewind(struct phx_fmt *f, const struct phx_fmt_mark *mark);
bool phx_fmt_breaks(const struct phx_fmt *f, uint32_t from,
		    uint32_t to); /* a newline in that part of the source */
/* The source as it is, and all comments in it. */
void phx_fmt_copy(struct phx_fmt *f, uint32_t from, uint32_t to);
/* Comments before `before`, each on a line of its own; *end is where what was written last ends in the source. */
void phx_fmt_comments(struct phx_fmt *f, uint32_t before, uint32_t *end, bool *first);
/* A comment on the line that ends at `end` in the source, if it starts before `before`. */
bool phx_fmt_trailing(struct phx_fmt *f, uint32_t end, uint32_t before);
/* Notes that the source at `at` comes now: no comment may be left before it. */
void phx_fmt_reach(struct phx_fmt *f, uint32_t at);
/* Whether a comment that is not written yet starts before `at`. */
bool phx_fmt_pending(const struct phx_fmt *f, uint32_t at);
/* Starts a line for what begins at `from` in the source, behind a blank line if there is one behind `end`. */
void phx_fmt_item(struct phx_fmt *f, uint32_t end, uint32_t from, bool *first);

/* fmt_expr.c */
void phx_fmt_expr(struct phx_fmt *f, const struct phx_expr *e);

/* fmt_align.c */
void phx_fmt_align(struct phx_fmt *f, struct phx_buf *out);
