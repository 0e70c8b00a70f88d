/* What moved since a saved plan was made, and by whom. */
#pragma once

#include "cli/cli.h"

/* The newest task that the cluster knows, as the mark in a saved plan. Not being allowed to look is no error. */
struct phx_plan_tasks phx_newest_task(struct phx_cli *cli);
/* Sets cli->err (PHX_ERR_STALE): every move, and for each guest that moved who did something with it since, as far as the
 * cluster's task log tells. */
void phx_stale_say(struct phx_cli *cli, const struct phx_plan *saved, const struct phx_moves *moves);
