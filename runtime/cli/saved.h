/* Saved plans on the command line: `phx apply FILE.phxplan`, `phx show FILE.phxplan`. */
#pragma once

#include "cli/cli.h"

/* When the one word of the command line is a plan file: reads it, and replaces the command line's words and options by
 * those the plan was made with. False with cli->err: it is one, but damaged, or options were given that a saved plan has settled. */
PHX_MUST_USE bool phx_saved_open(struct phx_cli *cli, struct phx_plan_file *out, bool *out_is_saved,
				 bool *out_destroy);

/* As if the option (one of the command's) had been on the command line; `value` must live as long as `cli`. */
void phx_cli_give(struct phx_cli *cli, const char *name, const char *value);
/* $PHX_PLAN_KEY, which signs plans and checks their signatures; empty: not set. False with cli->err: it is too short. */
PHX_MUST_USE bool phx_plan_key(struct phx_cli *cli, struct phx_str *out);
/* Reads and verifies a plan file; says when a signature could not be checked. */
PHX_MUST_USE bool phx_saved_read(struct phx_cli *cli, const char *path, struct phx_plan_file *out);
