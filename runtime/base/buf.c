#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_priv.h"
#include "base/utf8.h"

enum { BUF_FIRST = 64 };

static const char hex_upper[] = "0123456789ABCDEF";
static const char hex_lower[] = "0123456789abcdef";

/* Room for n more bytes and a terminating NUL. */
static void grow(struct phx_buf *b, size_t n)
{
	size_t need, cap = b->cap;
	char *ptr;

	if (__builtin_add_overflow(b->len, n, &need) || need > SIZE_MAX / 2 - 1)
		phx_out_of_memory();
	need++;
	cap = cap < BUF_FIRST ? BUF_FIRST : cap * 2;
	if (cap < need)
		cap = need;
	ptr = realloc(b->ptr, cap);
	if (!ptr)
		phx_out_of_memory();
	b->ptr = ptr;
	b->cap = cap;
}

char *phx_buf_reserve(struct phx_buf *b, size_t n)
{
	if (n >= b->cap - b->len || b->cap == 0)
		grow(b, n);
	return b->ptr + b->len;
}

static void added(struct phx_buf *b, size_t n)
{
	b->len += n;
	b->ptr[b->len] = 0;
}

void phx_buf_add(struct phx_buf *b, const void *bytes, size_t n)
{
	char *at = phx_buf_reserve(b, n);

	if (n)
		memcpy(at, bytes, n);
	added(b, n);
}

void phx_buf_str(struct phx_buf *b, struct phx_str s)
{
	phx_buf_add(b, s.ptr, s.len);
}

void phx_buf_c(struct phx_buf *b, const char *s)
{
	phx_buf_add(b, s, strlen(s));
}

void phx_buf_ch(struct phx_buf *b, char c)
{
	*phx_buf_reserve(b, 1) = c;
	added(b, 1);
}

void phx_buf_fill(struct phx_buf *b, char c, size_t n)
{
	memset(phx_buf_reserve(b, n), c, n);
	added(b, n);
}

void phx_buf_vprintf(struct phx_buf *b, const char *fmt, va_list args)
{
	size_t room = b->cap - b->len;
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(room ? b->ptr + b->len : NULL, room, fmt, again);
	va_end(again);
	if (n < 0)
		PHX_BUG("cannot format \"%s\"", fmt);
	if ((size_t)n >= room)
		vsnprintf(phx_buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, args);
	b->len += (size_t)n;
}

void phx_buf_printf(struct phx_buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	phx_buf_vprintf(b, fmt, args);
	va_end(args);
}

struct phx_str phx_buf_view(const struct phx_buf *b)
{
	return (struct phx_str){b->ptr ? b->ptr : "", b->len};
}

void phx_buf_clear(struct phx_buf *b)
{
	b->len = 0;
	if (b->ptr)
		b->ptr[0] = 0;
}

void phx_buf_done(struct phx_buf *b)
{
	free(b->ptr);
	*b = (struct phx_buf){0};
}

void phx_buf_u64(struct phx_buf *b, uint64_t value)
{
	char digits[PHX_U64_DIGITS];

	phx_buf_str(b, phx_u64_digits(value, digits));
}

void phx_buf_i64(struct phx_buf *b, int64_t value)
{
	if (value < 0)
		phx_buf_ch(b, '-');
	phx_buf_u64(b, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void phx_buf_double(struct phx_buf *b, double d)
{
	char text[40];
	int n = 0;

	if (d > -1e15 && d < 1e15 && d == (double)(int64_t)d && d != 0) {
		phx_buf_i64(b, (int64_t)d);
		phx_buf_c(b, ".0");
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		n = snprintf(text, sizeof(text), "%.*g", precision, d);
		if (strtod(text, NULL) == d)
			break;
	}
	phx_buf_add(b, text, (size_t)n);
	if (!strpbrk(text, ".e"))
		phx_buf_c(b, ".0");
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

void phx_buf_percent(struct phx_buf *b, struct phx_str s)
{
	for (size_t at = 0, end; at < s.len; at = end) {
		unsigned char c = (unsigned char)s.ptr[at];

		for (end = at; end < s.len && is_unreserved((unsigned char)s.ptr[end]);)
			end++;
		if (end > at) {
			phx_buf_add(b, s.ptr + at, end - at);
			continue;
		}
		phx_buf_add(b, (const char[]){'%', hex_upper[c >> 4], hex_upper[c & 15]}, 3);
		end++;
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void phx_buf_unpercent(struct phx_buf *b, struct phx_str s)
{
	phx_buf_reserve(b, s.len);
	for (size_t i = 0; i < s.len; i++) {
		int high = s.ptr[i] == '%' && s.len - i > 2 ? hex_value(s.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s.ptr[i + 2]) : -1;

		if (low >= 0) {
			phx_buf_ch(b, (char)(high * 16 + low));
			i += 2;
		} else {
			phx_buf_ch(b, s.ptr[i]);
		}
	}
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void phx_buf_base64(struct phx_buf *b, struct phx_str s)
{
	const unsigned char *in = (const unsigned char *)s.ptr;

	phx_buf_reserve(b, s.len / 3 * 4 + 4);
	for (size_t i = 0; i < s.len; i += 3) {
		size_t n = s.len - i;
		uint32_t bits = (uint32_t)in[i] << 16;

		if (n > 1)
			bits |= (uint32_t)in[i + 1] << 8;
		if (n > 2)
			bits |= in[i + 2];
		phx_buf_ch(b, base64_digits[bits >> 18]);
		phx_buf_ch(b, base64_digits[bits >> 12 & 63]);
		phx_buf_ch(b, n > 1 ? base64_digits[bits >> 6 & 63] : '=');
		phx_buf_ch(b, n > 2 ? base64_digits[bits & 63] : '=');
	}
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Line ends are skipped (long texts come in lines); anything else must be exact. */
bool phx_buf_unbase64(struct phx_buf *b, struct phx_str s)
{
	size_t before = b->len, digits = 0, padding = 0;
	uint32_t bits = 0;

	phx_buf_reserve(b, s.len / 4 * 3);
	for (size_t i = 0; i < s.len; i++) {
		int value = base64_value(s.ptr[i]);

		if (s.ptr[i] == '\n' || s.ptr[i] == '\r')
			continue;
		if (s.ptr[i] == '=') {
			padding++;
			continue;
		}
		if (value < 0 || padding)
			goto bad;
		bits = bits << 6 | (uint32_t)value;
		if (++digits % 4 != 1)
			phx_buf_ch(b, (char)(bits >> (6 - 2 * ((digits - 1) % 4)) & 0xFF));
	}
	if ((digits + padding) % 4 == 0 && padding <= 2)
		return true;
bad:
	b->len = before;
	if (b->ptr)
		b->ptr[before] = 0;
	return false;
}

static void json_escape(struct phx_buf *b, unsigned char c)
{
	static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
				       ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};

	phx_buf_ch(b, '\\');
	if (c < sizeof(letters) && letters[c]) {
		phx_buf_ch(b, letters[c]);
		return;
	}
	phx_buf_c(b, "u00");
	phx_buf_ch(b, hex_lower[c >> 4]);
	phx_buf_ch(b, hex_lower[c & 15]);
}

void phx_buf_json_string(struct phx_buf *b, struct phx_str s)
{
	size_t from = 0, at = 0;
	uint32_t len;

	phx_buf_reserve(b, s.len + 2);
	phx_buf_ch(b, '"');
	for (; at < s.len; at += len) {
		unsigned char c = (unsigned char)s.ptr[at];

		len = 1;
		if (c < 0x80 && c >= 0x20 && c != '"' && c != '\\')
			continue;
		if (c >= 0x80 && phx_utf8_at(s, at, &len) != PHX_UTF8_BAD)
			continue;
		phx_buf_add(b, s.ptr + from, at - from);
		if (c >= 0x80)
			phx_utf8_add(b, 0xFFFD);
		else
			json_escape(b, c);
		from = at + 1;
	}
	phx_buf_add(b, s.len ? s.ptr + from : "", at - from);
	phx_buf_ch(b, '"');
}

/* Printable ASCII at the start of s: mostly all of it. */
static size_t ascii_run(struct phx_str s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] >= 0x20 && s.ptr[n] < 0x7F)
		n++;
	return n;
}

void phx_buf_printable(struct phx_buf *b, struct phx_str s)
{
	size_t plain = ascii_run(s);
	uint32_t len;

	phx_buf_add(b, s.ptr, plain);
	for (size_t at = plain; at < s.len; at += len) {
		uint32_t c = phx_utf8_at(s, at, &len);

		if (c == '\n' || c == '\t' || !phx_utf8_unprintable(c)) {
			phx_buf_add(b, s.ptr + at, len);
			continue;
		}
		for (uint32_t i = 0; i < len; i++) {
			unsigned char byte = (unsigned char)s.ptr[at + i];

			phx_buf_c(b, "\\x");
			phx_buf_ch(b, hex_lower[byte >> 4]);
			phx_buf_ch(b, hex_lower[byte & 15]);
		}
	}
}
