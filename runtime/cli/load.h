/* Reading the configuration that a command line names. */
#pragma once

#include "cli/cli.h"

struct phx_import_report;

/* Evaluates the files into cli->config, without building the graph. `report` may be NULL. */
PHX_MUST_USE bool phx_cli_load_config(struct phx_cli *cli, enum phx_load_mode mode,
				      struct phx_import_report *report);
