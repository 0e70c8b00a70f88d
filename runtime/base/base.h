/* Attributes and macros that every part of phx uses. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHX_MUST_USE          __attribute__((warn_unused_result))
#define PHX_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define PHX_NORETURN          __attribute__((noreturn))
#define PHX_COUNTOF(a)        (sizeof(a) / sizeof((a)[0]))

/* A broken invariant of phx itself: prints where, says it is a bug in phx, and exits with status 70. */
#define PHX_BUG(...) phx_bug(__FILE__, __LINE__, __VA_ARGS__)
PHX_NORETURN PHX_PRINTF(3, 4) void phx_bug(const char *file, int line, const char *fmt, ...);

/* Prints one fixed line and exits with status 70: the journal makes a stop at any point safe. */
PHX_NORETURN void phx_out_of_memory(void);
