/* The forms of a plan, on standard output and in files. */
#pragma once

#include "cli/cli.h"

/* `--max-bytes` and the like are well-formed; before anything is asked of a cluster. */
PHX_MUST_USE bool phx_formats_check(struct phx_cli *cli);
/* The plan in the form that --format (or --json) names. */
void phx_formats_print(struct phx_cli *cli, const struct phx_plan *plan);
/* Writes --markdown FILE, --html FILE, --gitlab FILE. */
PHX_MUST_USE bool phx_formats_write(struct phx_cli *cli, const struct phx_plan *plan);
