/* Reading the files under etc/pve: shared by option tables and endpoints. Their form: etc/generate/options.py. */
#pragma once

#include "model/option.h"

struct phx_table_reader {
	struct phx_arena *arena;
	struct phx_str path; /* of the file, for messages */
	struct phx_str rest; /* not read yet */
	uint32_t line;
	struct phx_str record; /* first field of the current line */
	struct phx_str fields; /* the other fields of the current line, still with their tabs */
	struct phx_map formats, words, patterns;
	struct phx_err *err;
};

/* What the reader's maps hold. */
struct phx_table_format {
	const struct phx_option *keys;
	uint32_t n;
};

struct phx_table_words {
	const struct phx_str *v;
	uint32_t n;
};

/* Reads the whole file; its first line must be KIND, tab, 1. */
PHX_MUST_USE bool phx_table_open(struct phx_table_reader *r, struct phx_arena *arena, struct phx_str path,
				 const char *kind, struct phx_err *err);
/* Goes to the next line that is not `words`, `format` or `key`: those it takes in itself. False at the end, or with
 * err set. */
PHX_MUST_USE bool phx_table_next(struct phx_table_reader *r, bool *out_ok);
/* The next field of the current line, unescaped; false when there is none. */
PHX_MUST_USE bool phx_table_field(struct phx_table_reader *r, struct phx_str *out);
/* The rest of the line as an option. */
PHX_MUST_USE bool phx_table_option(struct phx_table_reader *r, struct phx_option *out);
/* err with file and line; returns false. */
bool phx_table_bad(struct phx_table_reader *r, const char *what);
/* Splits at commas. */
const struct phx_str *phx_table_list(struct phx_arena *a, struct phx_str text, uint32_t *out_n);
/* The directory of a version's files: etc/pve/VERSION, the newest when `version` is empty, the nearest older one when
 * there is none of that version. Empty with err. */
struct phx_str phx_table_dir(struct phx_arena *a, struct phx_str version, struct phx_err *err);
/* Options by name, of a table or a method. Both maps get what belongs there. */
void phx_table_index(struct phx_arena *a, const struct phx_option *options, uint32_t n,
		     struct phx_map *by_name, struct phx_map *by_family);
/* Looks a full name up in such maps. */
const struct phx_option *phx_table_lookup(const struct phx_map *by_name, const struct phx_map *by_family,
					  struct phx_str key, int *out_index);
