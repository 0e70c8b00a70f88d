/* Writing .phx text: lines with an `=` and a comment that may have to be aligned, then their layout. */
#pragma once

#include "json/phoenix.h"

enum { PHX_WRITE_WIDTH = 100 }; /* as the formatter has it */

struct phx_wline {
	uint32_t level;
	uint32_t group;         /* lines that follow one another in one group have their `=` in one column */
	struct phx_str left;    /* what stands before the `=`, or all of it */
	struct phx_str right;   /* ptr NULL: there is no `=` */
	struct phx_str comment; /* with its `#`; empty: none */
};

struct phx_writer {
	struct phx_arena arena;
	PHX_VEC(struct phx_wline) lines;
	uint32_t level, group;
	struct phx_buf text; /* for forming one value */
};

void phx_wtext(struct phx_writer *w, struct phx_str text); /* a line without `=` */
/* `name = value`, over several lines when one is too long. */
void phx_wattr(struct phx_writer *w, struct phx_str name, const struct phx_attr_spec *spec,
	       const struct phx_value *v);
/* `name = value` on one line, as text. */
void phx_wattr_inline(struct phx_buf *out, struct phx_str name, const struct phx_attr_spec *spec,
		      const struct phx_value *v);
void phx_wlabel(struct phx_buf *out, struct phx_str name); /* bare, or in quotes */
void phx_wname(struct phx_buf *out, struct phx_str name);  /* of an attribute: as well, and no keyword */
/* Ids of references inside, for the comment: "# 102, 103". */
struct phx_str phx_wids(struct phx_writer *w, const struct phx_value *v);
void phx_wlayout(const struct phx_writer *w, struct phx_buf *out);
