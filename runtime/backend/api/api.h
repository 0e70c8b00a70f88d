/* The backend for a genuine server (and for the simulated one, which is reached the same way): HTTPS by libcurl, many requests in
 * flight over a pool of kept connections. */
#pragma once

#include "backend/backend_priv.h"

/* As phx_backend_open, with endpoint and credentials filled in; sim_dir says that the host channel is the simulator's. */
PHX_MUST_USE bool phx_api_open(const struct phx_backend_config *config, struct phx_arena *arena,
			       struct phx_backend **out, struct phx_err *err);
/* Can they be used at all? What stands in a configuration is looked at before anything is asked. */
PHX_MUST_USE bool phx_api_check_endpoint(struct phx_str endpoint, struct phx_err *err);
PHX_MUST_USE bool phx_api_check_fingerprint(struct phx_str fingerprint, struct phx_err *err);
