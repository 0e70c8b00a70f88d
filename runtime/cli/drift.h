/* What changed on the cluster since phx wrote it. */
#pragma once

#include "cli/cli.h"

/* `phx plan --refresh-only`: shows it, plans nothing; 2 when there is any. */
int phx_cli_refresh_only(struct phx_cli *cli);
/* `phx apply --accept-drift ADDR`: the living values as a patch of the sources, to standard output or -o FILE; with --write
 * the sources are edited. Nothing is changed on the cluster. 1 when something is left for a hand. */
int phx_cli_accept_drift(struct phx_cli *cli);
