/* --trace FILE: one JSON line a request, {"method","path","params","status","ms"}; parameters marked secret, and every known
 * secret anywhere, are redacted. */
#pragma once

#include "backend/backend.h"

struct phx_trace;

/* Makes the file anew (mode 0600). `secrets` (may be NULL) must outlive the trace. */
PHX_MUST_USE bool phx_trace_open(const char *path, const struct phx_secrets *secrets, struct phx_trace **out,
				 struct phx_err *err);
/* False when any line could not be written (a full disk). NULL is fine. */
bool phx_trace_close(struct phx_trace *t, struct phx_err *err);
/* For phx_backend_hooks.traced; `user` is the trace. A connection that failed has status 0 and a member `error`. */
void phx_trace_hook(void *user, enum phx_method method, struct phx_str path, const struct phx_params *params,
		    int status, uint32_t ms, const struct phx_err *err);
/* One line without newline, appended: what phx_trace_hook writes. */
void phx_trace_line(const struct phx_secrets *secrets, enum phx_method method, struct phx_str path,
		    const struct phx_params *params, int status, uint32_t ms, const struct phx_err *err,
		    struct phx_buf *out);
