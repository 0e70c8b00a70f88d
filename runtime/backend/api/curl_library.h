/* libcurl is loaded when it is first needed: it and the thirty libraries behind it take longer to load than a small configuration
 * takes to plan without a cluster. After phx_curl_load, curl's functions are called as ever. */
#pragma once

#include "base/err.h"

/* Once for the process; again it does nothing. False: it is not installed, or too old. Not for several
 * threads at once. */
PHX_MUST_USE bool phx_curl_load(struct phx_err *err);
