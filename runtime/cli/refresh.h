/* --refresh-guests. */
#pragma once

#include "cli/cli.h"
#include "plan/plan.h"

/* Looks into the running guests that can be reached; what is different there goes into the snapshot. A guest that does not
 * answer is told and left as its marker says. */
void phx_cli_refresh(struct phx_cli *cli, struct phx_snapshot *snapshot, const struct phx_plan_options *o);
