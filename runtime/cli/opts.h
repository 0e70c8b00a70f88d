/* The command line as tables: parsing, --help, the man page and shell completions all come from the same rows. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum phx_opt_complete { PHX_COMP_NONE, PHX_COMP_FILE, PHX_COMP_DIR, PHX_COMP_WORDS, PHX_COMP_ADDRESS };

struct phx_opt {
	const char *name; /* without `--` */
	char letter;      /* short form, or 0 */
	const char *arg;  /* what the value is called, NULL: a flag */
	const char *help; /* one line */
	enum phx_opt_complete complete;
	const char *words; /* allowed values, `|` between; NULL: any */
	bool repeat;
};

struct phx_cli;

struct phx_cli_command {
	const char *name;
	const char *args;    /* "[FILE|DIR…]" */
	const char *summary; /* one line */
	const char *text;    /* paragraphs for --help and the man page */
	const struct phx_opt *const
		*groups; /* NULL-terminated list of option arrays, each ending with name == NULL */
	int (*run)(struct phx_cli *cli);
	bool exact_power;      /* who runs is what it is about: no word that may be seconds old is taken */
	bool converts;         /* what it cannot use is only told */
	bool without_cluster;  /* credentials need not be there */
	bool names_dependants; /* without --cascade it is refused where others rely on what it takes away */
};

struct phx_opt_value {
	const struct phx_opt *opt;
	const char *value; /* NULL for flags */
};

struct phx_args {
	const struct phx_cli_command *command;
	PHX_VEC(struct phx_opt_value) values; /* in the order given */
	PHX_VEC(const char *) words;          /* what is no option */
	PHX_VEC(const char *) rest;           /* what stands after `--` */
};

/* Parses argv after the command's name. False with PHX_ERR_USAGE naming the option and the nearest one. */
PHX_MUST_USE bool phx_args_parse(const struct phx_cli_command *c, int argc, char *const *argv,
				 struct phx_arena *a, struct phx_args *out, struct phx_err *err);
bool phx_args_flag(const struct phx_args *args, const char *name);
const char *phx_args_value(const struct phx_args *args, const char *name); /* the last one given, or NULL */
/* The n-th value of a repeatable option, or NULL. */
const char *phx_args_nth(const struct phx_args *args, const char *name, uint32_t n);

void phx_help_command(const struct phx_cli_command *c, struct phx_buf *out);
void phx_help_overview(const struct phx_cli_command *const *commands, struct phx_buf *out);
void phx_man_page(const struct phx_cli_command *const *commands, struct phx_buf *out);
PHX_MUST_USE bool phx_completion(const struct phx_cli_command *const *commands, const char *shell,
				 struct phx_buf *out);
