/* What only the base layer needs of buffers. */
#pragma once

#include <stdarg.h>

#include "base/buf.h"

PHX_PRINTF(2, 0) void phx_buf_vprintf(struct phx_buf *b, const char *fmt, va_list args);
void phx_buf_i64(struct phx_buf *b, int64_t value);
/* The shortest decimal that reads back as the same number, always with a `.` or an exponent; d is finite. */
void phx_buf_double(struct phx_buf *b, double d);
