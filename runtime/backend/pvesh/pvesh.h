/* The backend for root on a node: the API's paths by Proxmox's own `pvesh`, on this machine (local) or over ssh. No token; many
 * pvesh side by side. A call that starts a task lasts as long as the task: pvesh runs it in the foreground. */
#pragma once

#include "backend/backend_priv.h"

/* `config->kind` says local or ssh. Contacts nothing; false when this machine is no node, or nobody's host is given. */
PHX_MUST_USE bool phx_pvesh_open(const struct phx_backend_config *config, struct phx_arena *arena,
				 struct phx_backend **out, struct phx_err *err);
/* Whether this machine is a node and we are root on it: there is a pvesh. */
bool phx_pvesh_here(void);
