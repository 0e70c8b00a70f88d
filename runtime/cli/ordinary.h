/* Secrets that are ordinary words: which words are ordinary here, and who is told. */
#pragma once

#include "cli/cli.h"

/* What phx itself may print. */
void phx_ordinary_program(struct phx_cli *cli);
/* Names and plain values of cli->config. */
void phx_ordinary_config(struct phx_cli *cli);
/* Names that the cluster gave. */
void phx_ordinary_cluster(struct phx_cli *cli, const struct phx_snapshot *s);
/* A warning for each weak secret that has none yet. */
void phx_ordinary_warn(struct phx_cli *cli);
