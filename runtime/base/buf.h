/* A growing byte buffer on the heap; zero-initialised is empty and ready. `ptr` is NUL-terminated once anything was added. */
#pragma once

#include "base/str.h"

struct phx_buf {
	char *ptr;
	size_t len, cap;
};

void phx_buf_add(struct phx_buf *b, const void *bytes, size_t n);
void phx_buf_str(struct phx_buf *b, struct phx_str s);
void phx_buf_c(struct phx_buf *b, const char *s);
void phx_buf_ch(struct phx_buf *b, char c);
/* Decimal digits, without printf: documents have very many numbers. */
void phx_buf_u64(struct phx_buf *b, uint64_t value);
void phx_buf_fill(struct phx_buf *b, char c, size_t n);
void phx_buf_printf(struct phx_buf *b, const char *fmt, ...) PHX_PRINTF(2, 3);
/* Room for n more bytes; returns where they start. Add them to b->len yourself. */
char *phx_buf_reserve(struct phx_buf *b, size_t n);
struct phx_str phx_buf_view(const struct phx_buf *b); /* valid until the next change */
void phx_buf_clear(struct phx_buf *b);                /* keeps the memory */
void phx_buf_done(struct phx_buf *b);

/* Encodings that several layers need. */
void phx_buf_percent(struct phx_buf *b, struct phx_str s); /* all but RFC 3986 unreserved as %XX */
/* Decodes %XX (not '+'); malformed escapes stay as they are. */
void phx_buf_unpercent(struct phx_buf *b, struct phx_str s);
void phx_buf_base64(struct phx_buf *b, struct phx_str s);
PHX_MUST_USE bool phx_buf_unbase64(struct phx_buf *b, struct phx_str s);
/* With quotes; bytes that are no UTF-8 become U+FFFD. */
void phx_buf_json_string(struct phx_buf *b, struct phx_str s);
/* Text from outside made safe for a terminal: control characters (but \n and \t) become \xNN. */
void phx_buf_printable(struct phx_buf *b, struct phx_str s);
