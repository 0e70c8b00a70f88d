#include "base/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct phx_str phx_str_c(const char *s)
{
	return (struct phx_str){s, s ? strlen(s) : 0};
}

bool phx_str_eq(struct phx_str a, struct phx_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool phx_str_eqc(struct phx_str a, const char *b)
{
	return phx_str_eq(a, phx_str_c(b));
}

int phx_str_cmp(struct phx_str a, struct phx_str b)
{
	size_t both = a.len < b.len ? a.len : b.len;
	int c = both ? memcmp(a.ptr, b.ptr, both) : 0;

	if (c)
		return c < 0 ? -1 : 1;
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The run of digits at s[at], without its leading zeros; *at moves behind it. */
static struct phx_str digits_at(struct phx_str s, size_t *at)
{
	size_t start = *at;

	while (*at < s.len && is_digit(s.ptr[*at]))
		++*at;
	while (start + 1 < *at && s.ptr[start] == '0')
		start++;
	return (struct phx_str){s.ptr + start, *at - start};
}

int phx_str_natcmp(struct phx_str a, struct phx_str b)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len) {
		if (is_digit(a.ptr[i]) && is_digit(b.ptr[j])) {
			struct phx_str x = digits_at(a, &i), y = digits_at(b, &j);
			int c;

			if (x.len != y.len)
				return x.len < y.len ? -1 : 1;
			c = phx_str_cmp(x, y);
			if (c)
				return c;
		} else if (a.ptr[i] != b.ptr[j]) {
			return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[j] ? -1 : 1;
		} else {
			i++;
			j++;
		}
	}
	if (i < a.len || j < b.len)
		return i < a.len ? 1 : -1;
	return phx_str_cmp(a, b); /* `a01` and `a1` are still two names */
}

bool phx_str_starts(struct phx_str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && (n == 0 || memcmp(s.ptr, prefix, n) == 0);
}

bool phx_str_ends(struct phx_str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && (n == 0 || memcmp(s.ptr + s.len - n, suffix, n) == 0);
}

struct phx_str phx_str_from(struct phx_str s, size_t at)
{
	return phx_str_slice(s, at, SIZE_MAX);
}

struct phx_str phx_str_slice(struct phx_str s, size_t at, size_t len)
{
	if (!s.ptr)
		return s;
	if (at > s.len)
		at = s.len;
	if (len > s.len - at)
		len = s.len - at;
	return (struct phx_str){s.ptr + at, len};
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct phx_str phx_str_trim(struct phx_str s)
{
	while (s.len && is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

ptrdiff_t phx_str_find(struct phx_str s, struct phx_str what)
{
	const char *at;

	if (what.len == 0)
		return 0;
	if (s.len < what.len)
		return -1;
	at = memmem(s.ptr, s.len, what.ptr, what.len);
	return at ? at - s.ptr : -1;
}

ptrdiff_t phx_str_chr(struct phx_str s, char c)
{
	const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return at ? at - s.ptr : -1;
}

bool phx_str_cut(struct phx_str *rest, char sep, struct phx_str *out)
{
	ptrdiff_t at;

	if (!rest->ptr)
		return false;
	at = phx_str_chr(*rest, sep);
	if (at < 0) {
		*out = *rest;
		*rest = (struct phx_str){0};
	} else {
		*out = phx_str_slice(*rest, 0, (size_t)at);
		*rest = phx_str_from(*rest, (size_t)at + 1);
	}
	return true;
}

/* Multiply and fold, eight bytes at a time. The value is for tables in memory only: it differs between machines. */
uint32_t phx_str_hash(struct phx_str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15U;
	uint64_t h = odd ^ s.len, word;

	for (; s.len >= 8; s.ptr += 8, s.len -= 8) {
		memcpy(&word, s.ptr, 8);
		h = (h ^ word) * odd;
		h ^= h >> 32;
	}
	if (s.len) {
		word = 0;
		memcpy(&word, s.ptr, s.len);
		h = (h ^ word) * odd;
		h ^= h >> 32;
	}
	h *= odd;
	return (uint32_t)(h >> 32);
}

struct phx_str phx_str_dup(struct phx_arena *a, struct phx_str s)
{
	char *copy;

	if (s.len == SIZE_MAX)
		phx_out_of_memory();
	copy = phx_arena_alloc(a, s.len + 1, 1); /* zeroed, so terminated */
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return (struct phx_str){copy, s.len};
}

struct phx_str phx_str_printf(struct phx_arena *a, const char *fmt, ...)
{
	char brief[128]; /* most texts fit, and are then formatted once only */
	va_list args;
	size_t len;
	char *text;
	int n;

	va_start(args, fmt);
	n = vsnprintf(brief, sizeof(brief), fmt, args);
	va_end(args);
	if (n < 0)
		PHX_BUG("cannot format \"%s\"", fmt);
	len = (size_t)n;
	if (len < sizeof(brief))
		return phx_str_dup(a, (struct phx_str){brief, len});
	text = phx_arena_alloc(a, len + 1, 1);
	va_start(args, fmt);
	vsnprintf(text, len + 1, fmt, args);
	va_end(args);
	return (struct phx_str){text, len};
}

struct phx_str phx_u64_digits(uint64_t n, char digits[PHX_U64_DIGITS])
{
	size_t at = PHX_U64_DIGITS;

	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	return (struct phx_str){digits + at, PHX_U64_DIGITS - at};
}

struct phx_str phx_str_u64(struct phx_arena *a, uint64_t n)
{
	char digits[PHX_U64_DIGITS];

	return phx_str_dup(a, phx_u64_digits(n, digits));
}

bool phx_parse_u64(struct phx_str s, uint64_t *out)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]) || __builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

bool phx_parse_i64(struct phx_str s, int64_t *out)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t size;

	if (!phx_parse_u64(phx_str_from(s, negative), &size) || size > (uint64_t)INT64_MAX + negative)
		return false;
	/* -(x - 1) - 1 is how INT64_MIN is reached without overflow. */
	*out = !negative ? (int64_t)size : size ? -(int64_t)(size - 1) - 1 : 0;
	return true;
}

static size_t skip_digits(struct phx_str s, size_t at)
{
	while (at < s.len && is_digit(s.ptr[at]))
		at++;
	return at;
}

/* [-] digits [. digits] [e [+-] digits] */
static bool is_decimal(struct phx_str s)
{
	size_t at = s.len && s.ptr[0] == '-', start = at;

	at = skip_digits(s, at);
	if (at == start)
		return false;
	if (at < s.len && s.ptr[at] == '.') {
		start = ++at;
		at = skip_digits(s, at);
		if (at == start)
			return false;
	}
	if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
		at++;
		at += at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-');
		start = at;
		at = skip_digits(s, at);
		if (at == start)
			return false;
	}
	return at == s.len;
}

bool phx_parse_double(struct phx_str s, double *out)
{
	struct phx_buf text = {0};
	double value;

	if (!is_decimal(s))
		return false;
	phx_buf_str(&text, s); /* strtod wants a terminated string */
	value = strtod(text.ptr, NULL);
	phx_buf_done(&text);
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

static char fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

enum { DISTANCE_MAX = 128 }; /* longer names are compared no further than being the same */

static uint32_t min3(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t least = a < b ? a : b;

	return least < c ? least : c;
}

static bool same_folded(struct phx_str a, struct phx_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (fold(a.ptr[i]) != fold(b.ptr[i]))
			return false;
	}
	return true;
}

/* Optimal string alignment: three rows of the table are enough, the oldest one for swapped neighbours. */
uint32_t phx_str_distance(struct phx_str a, struct phx_str b)
{
	uint32_t rows[3][DISTANCE_MAX + 1];
	uint32_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (same_folded(a, b))
		return 0;
	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return (uint32_t)DISTANCE_MAX;
	for (uint32_t j = 0; j <= b.len; j++)
		last[j] = before[j] = j;
	for (uint32_t i = 1; i <= a.len; i++) {
		uint32_t *oldest = before;

		now[0] = i;
		for (uint32_t j = 1; j <= b.len; j++) {
			char x = fold(a.ptr[i - 1]), y = fold(b.ptr[j - 1]);

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == fold(b.ptr[j - 2]) && y == fold(a.ptr[i - 2]))
				now[j] = min3(now[j], before[j - 2] + 1, UINT32_MAX);
		}
		before = last;
		last = now;
		now = oldest;
	}
	return last[b.len];
}

struct phx_str phx_str_nearest(struct phx_str name, const struct phx_str *names, size_t n)
{
	size_t limit = name.len < 3 ? 0 : (name.len + 2) / 3;
	struct phx_str best = {0};

	for (size_t i = 0; i < n; i++) {
		size_t apart = names[i].len > name.len ? names[i].len - name.len : name.len - names[i].len;
		uint32_t distance;

		if (apart > limit)
			continue;
		distance = phx_str_distance(name, names[i]);
		if (distance > limit)
			continue;
		best = names[i];
		if (distance == 0)
			break;
		limit = distance - 1; /* only a nearer one takes its place */
	}
	return best;
}
