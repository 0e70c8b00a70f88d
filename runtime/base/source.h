/* Source texts and positions in them. Sources stay in memory, unchanged, for the life of the process. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Half-open byte range in one file. All zero = nowhere (file 0 is never handed out). */
struct phx_span {
	uint32_t file, start, end;
};

struct phx_pos {
	struct phx_str path; /* as the user gave it, or relative to the configuration's directory */
	uint32_t line, col;  /* from 1; columns count characters, a tab is one */
};

struct phx_source {
	struct phx_str path;
	struct phx_str text;
	bool hidden;     /* no line of it is ever shown: it gives secrets */
	uint32_t *lines; /* offset of each line's start; built on first use */
	uint32_t nlines;
	uint32_t *chars; /* characters before each 1024th byte: columns of very long lines are then cheap */
};

struct phx_sources {
	struct phx_arena *arena;
	PHX_VEC(struct phx_source *) files; /* index = file id; [0] is NULL */
};

void phx_sources_init(struct phx_sources *s, struct phx_arena *arena);
/* Reads a file (at most 4 GiB - 1). Returns its id, or 0 with err set. */
PHX_MUST_USE uint32_t phx_source_read(struct phx_sources *s, struct phx_str path, struct phx_err *err);
/* Takes a text as a source; it is copied. */
uint32_t phx_source_add(struct phx_sources *s, struct phx_str path, struct phx_str text);
void phx_source_hide(struct phx_sources *s, uint32_t file);
const struct phx_source *phx_source_get(const struct phx_sources *s, uint32_t file);
struct phx_pos phx_source_pos(const struct phx_sources *s, struct phx_span at);
/* The text of one line (from 1), without its line end. */
struct phx_str phx_source_line(const struct phx_sources *s, uint32_t file, uint32_t line);
struct phx_str phx_source_text(const struct phx_sources *s, struct phx_span at);

/* From a's start to b's end; either may be nowhere. */
struct phx_span phx_span_join(struct phx_span a, struct phx_span b);
bool phx_span_known(struct phx_span s);
