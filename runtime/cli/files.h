/* Which files a command line means. */
#pragma once

#include "cli/cli.h"

struct phx_files {
	PHX_VEC(struct phx_str) phx;  /* .phx files, in byte order within each directory */
	PHX_VEC(struct phx_str) json; /* .json files */
};

/* The words of the command line, or the current directory: files as they are, directories as their *.phx (or, where there are
 * none, their phoenix_*.json). False with cli->err: missing, unreadable, neither .phx nor .json, or nothing there. */
PHX_MUST_USE bool phx_cli_files(struct phx_cli *cli, struct phx_files *out);
