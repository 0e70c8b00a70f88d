/* Shared by the parts of the Markdown report. */
#pragma once

#include "report/report_priv.h"

struct markdown {
	const struct phx_plan *p;
	const struct phx_report_options *o;
	struct phx_arena work;
	size_t start, most; /* where the text begins, and how long it may become */
};

/* How much of a block is told. */
enum markdown_extent { MD_FULL, MD_LINE, MD_NOTHING };

/* One change, or several that say the same. */
struct markdown_block {
	uint8_t rank; /* impact: what is shortened last has the highest */
	uint32_t changes;
	uint8_t extent; /* enum markdown_extent */
	struct phx_buf line, details;
};
struct markdown_blocks {
	struct markdown_block *v;
	uint32_t n, cap;
};

enum { MD_NEW, MD_LIVE, MD_PENDING, MD_INTERRUPTED, MD_LOST, MD_RANKS };

/* Text from outside as a code span: nothing in it means anything to Markdown or HTML, nor calls anybody by name. */
void phx_md_code(const struct markdown *m, struct phx_str text, struct phx_buf *out);
/* The same as running text. */
void phx_md_text(const struct markdown *m, struct phx_str text, struct phx_buf *out);
/* A name: what is longer than any name is cut. */
void phx_md_name(const struct markdown *m, struct phx_str text, struct phx_buf *out);
/* markdown_change.c: blocks, those with the highest rank first, else in the order of execution. Release each. */
struct markdown_blocks phx_md_blocks(struct markdown *m);
