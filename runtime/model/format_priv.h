/* Small tests of characters that the format checks share. */
#pragma once

#include "base/buf.h"

/* Append a sentence and a line end; return false. */
bool phx_format_fail(struct phx_buf *msg, const char *before, struct phx_str value, const char *after);
bool phx_format_say(struct phx_buf *msg, const char *sentence);
bool phx_is_alpha(char c);
bool phx_is_digit(char c);
bool phx_is_alnum(char c);
/* Not empty, and all letters, digits or one of `extra`. */
bool phx_all_of(struct phx_str s, const char *extra);
bool phx_all_digits(struct phx_str s);
bool phx_is_node_name(struct phx_str v);
bool phx_is_ip(struct phx_str v);
bool phx_is_ipv4(struct phx_str v);
bool phx_is_ipv6(struct phx_str v);
/* A prefix length in low…high after the `/`. */
bool phx_is_cidr(struct phx_str v, bool (*is_address)(struct phx_str), uint64_t low, uint64_t high);
