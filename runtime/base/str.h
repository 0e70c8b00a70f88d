/* String slices: a pointer and a length, not owned. Arena copies are NUL-terminated beyond their length. */
#pragma once

#include "base/base.h"

struct phx_arena;

struct phx_str {
	const char *ptr;
	size_t len;
};

#define PHX_STR(lit)   ((struct phx_str){(lit), sizeof(lit) - 1})
#define PHX_STR_FMT    "%.*s"
#define PHX_STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

struct phx_str phx_str_c(const char *s); /* NULL gives an empty slice */
bool phx_str_eq(struct phx_str a, struct phx_str b);
bool phx_str_eqc(struct phx_str a, const char *b);
int phx_str_cmp(struct phx_str a, struct phx_str b); /* byte order */
/* As phx_str_cmp, but runs of digits compare as numbers (`scsi2` before `scsi10`). */
int phx_str_natcmp(struct phx_str a, struct phx_str b);
bool phx_str_starts(struct phx_str s, const char *prefix);
bool phx_str_ends(struct phx_str s, const char *suffix);
struct phx_str phx_str_from(struct phx_str s, size_t at);              /* s[at..] */
struct phx_str phx_str_slice(struct phx_str s, size_t at, size_t len); /* clamped to s */
struct phx_str phx_str_trim(struct phx_str s);                         /* ASCII blanks */
ptrdiff_t phx_str_find(struct phx_str s, struct phx_str what);         /* -1: absent */
ptrdiff_t phx_str_chr(struct phx_str s, char c);                       /* -1: absent */
/* Cuts the piece before `sep` off *rest into *out; false when *rest is used up (ptr NULL). */
bool phx_str_cut(struct phx_str *rest, char sep, struct phx_str *out);
uint32_t phx_str_hash(struct phx_str s);

/* NUL-terminated copy in the arena. */
struct phx_str phx_str_dup(struct phx_arena *a, struct phx_str s);
struct phx_str phx_str_printf(struct phx_arena *a, const char *fmt, ...) PHX_PRINTF(2, 3);

/* Decimal digits; they stand in `digits`. */
enum { PHX_U64_DIGITS = 20 };
struct phx_str phx_u64_digits(uint64_t n, char digits[PHX_U64_DIGITS]);
struct phx_str phx_str_u64(struct phx_arena *a, uint64_t n);

/* The whole slice must be the number; no blanks, no sign for u64. False leaves *out alone. */
PHX_MUST_USE bool phx_parse_u64(struct phx_str s, uint64_t *out);
PHX_MUST_USE bool phx_parse_i64(struct phx_str s, int64_t *out);
PHX_MUST_USE bool phx_parse_double(struct phx_str s, double *out);

/* Near names: Damerau-Levenshtein distance (ASCII case and `-`/`_` cost nothing). */
uint32_t phx_str_distance(struct phx_str a, struct phx_str b);
/* The nearest of n names within (len+2)/3 edits, or an empty slice; names under 3 characters match only case and `-`/`_` variants. */
struct phx_str phx_str_nearest(struct phx_str name, const struct phx_str *names, size_t n);
