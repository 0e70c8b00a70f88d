/* What phx asks of the operating system, apart from the network. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

uint64_t phx_now_ms(void);  /* monotonic */
uint64_t phx_wall_ms(void); /* since 1970, for journals and the simulator; never in a plan */
void phx_sleep_ms(uint64_t ms);
PHX_MUST_USE bool phx_read_file(const char *path, struct phx_buf *out, struct phx_err *err);
/* Writes beside and renames; fsyncs file and directory. Readers see the old or the new content, never less. */
PHX_MUST_USE bool phx_write_file_atomic(const char *path, struct phx_str bytes, unsigned mode,
					struct phx_err *err);
PHX_MUST_USE bool phx_make_dirs(const char *path, unsigned mode, struct phx_err *err);
/* The directory of phx's own files (option tables, explanations): $PHX_ETC, else the installed one, else the source tree's. */
struct phx_str phx_etc_dir(struct phx_arena *a);
/* Directory part of a path ("." when there is none). */
struct phx_str phx_path_dir(struct phx_str path);
/* base/rel, or rel when it is absolute. */
struct phx_str phx_path_join(struct phx_arena *a, struct phx_str base, struct phx_str rel);
