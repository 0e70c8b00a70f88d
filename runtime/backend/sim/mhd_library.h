/* libmicrohttpd serves the simulated cluster only, and is loaded when one is opened: with it comes a whole TLS library. After
 * phx_mhd_load its functions are called as ever. */
#pragma once

#include "base/err.h"

/* Once for the process; again it does nothing. False: it is not installed, or too old. Not for several threads at once. */
PHX_MUST_USE bool phx_mhd_load(struct phx_err *err);
