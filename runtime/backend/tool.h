/* Whether Proxmox's own programs did what they were asked. */
#pragma once

#include "backend/backend.h"

/* False with err when the command did not run to an end, ended with a signal or an exit code, or is one of those that fail
 * with exit code 0: `qm resize`, `pct push` and `pct pull` (their error text counts), `qm guest exec` (what it prints counts). What
 * they say is classified as an answer of the API's. A `pvesh` that started a task says nothing about the task: read its status. */
PHX_MUST_USE bool phx_tool_ok(const struct phx_str *argv, uint32_t argc, const struct phx_command_end *end,
			      struct phx_err *err);
