/* SIGINT and SIGTERM counted, and a descriptor that becomes readable with each. */
#pragma once

#include <signal.h>

#include "base/err.h"

struct phx_interrupts {
	const volatile sig_atomic_t *count;
	int wake_fd;
};

/* Once a process. From here on the signals no longer end it: the caller must look at the count. */
PHX_MUST_USE bool phx_interrupts_watch(struct phx_interrupts *out, struct phx_err *err);
/* The descriptor is readable again only after the next one. */
void phx_interrupts_answered(const struct phx_interrupts *i);
