/* Guests named on the command line: by address (`vm.web`), by id (`101`), by name (`web`), or `all`. */
#pragma once

#include "cli/cli.h"

struct phx_guest_words {
	PHX_VEC(struct phx_str) v; /* as given, later addresses */
	bool all;                  /* the word `all` */
};

/* Takes the words that name guests out of the command line; what is left names files and directories. A word is a path when
 * something of that name exists, or when it looks like one (`/` in it, .phx or .json at its end). */
void phx_guest_words_take(struct phx_cli *cli, struct phx_guest_words *out);
/* With the graph built: each word becomes the address of a guest. False with cli->err, naming the nearest one. */
PHX_MUST_USE bool phx_guest_words_resolve(struct phx_cli *cli, struct phx_guest_words *w);
/* The guest of an address that was resolved. */
const struct phx_guest *phx_guest_of_address(const struct phx_cli *cli, struct phx_str address);
