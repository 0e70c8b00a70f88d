/* UTF-8: decoding that never fails, and how wide a character is on a terminal. */
#pragma once

#include "base/buf.h"

enum { PHX_UTF8_BAD = 0x110000 }; /* what a byte that is no UTF-8 decodes to */

/* The character at s[at] (at < s.len). *out_len is its length in bytes; a byte that is no UTF-8 has length 1. */
uint32_t phx_utf8_at(struct phx_str s, size_t at, uint32_t *out_len);
bool phx_utf8_valid(struct phx_str s);
/* Appends a character; what is none becomes U+FFFD. */
void phx_utf8_add(struct phx_buf *b, uint32_t c);
/* Columns on a terminal: 0 for combining marks, 2 for East Asian wide characters and most emoji. */
uint32_t phx_utf8_width(uint32_t c);
/* Must not reach a terminal as it is: control characters (also \n and \t), bidirectional overrides, U+FEFF, bad bytes. */
bool phx_utf8_unprintable(uint32_t c);
