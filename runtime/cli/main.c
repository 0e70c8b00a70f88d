/* Picks the command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Commands of the design that this version does not have: said plainly, never taken for a file name. */
static const char *const later_commands[] = {"console", "test", "lsp"};

static const struct phx_cli_command *find_command(struct phx_str name)
{
	for (const struct phx_cli_command *const *c = phx_commands; *c; c++)
		if (phx_str_eqc(name, (*c)->name))
			return *c;
	return NULL;
}

static int unknown_command(struct phx_cli *cli, struct phx_str name)
{
	struct phx_str names[64];
	size_t n = 0;

	for (size_t i = 0; i < PHX_COUNTOF(later_commands); i++)
		if (phx_str_eqc(name, later_commands[i])) {
			phx_err_set(&cli->err, PHX_ERR_USAGE, "`phx %s` is not in this version of phx (%s)",
				    later_commands[i], PHX_VERSION);
			return phx_cli_fail(cli);
		}
	for (const struct phx_cli_command *const *c = phx_commands; *c && n < PHX_COUNTOF(names); c++)
		names[n++] = phx_str_c((*c)->name);
	struct phx_str near = phx_str_nearest(name, names, n);
	phx_err_set(&cli->err, PHX_ERR_USAGE, "there is no command `" PHX_STR_FMT "`", PHX_STR_ARG(name));
	if (near.len)
		phx_err_hint(&cli->err, "did you mean `phx " PHX_STR_FMT "`?", PHX_STR_ARG(near));
	else
		phx_err_hint(&cli->err, "`phx help` lists the commands");
	return phx_cli_fail(cli);
}

static int run_command(struct phx_cli *cli, const struct phx_cli_command *c, int argc, char **argv)
{
	struct phx_buf text = {0};

	if (!phx_args_parse(c, argc, argv, cli->arena, &cli->args, &cli->err) || !phx_cli_settings(cli))
		return phx_cli_fail(cli);
	if (phx_args_flag(&cli->args, "help")) {
		phx_help_command(c, &text);
		phx_cli_print(cli, &text);
		phx_buf_done(&text);
		return PHX_EXIT_OK;
	}
	return c->run(cli);
}

static int dispatch(struct phx_cli *cli, int argc, char **argv)
{
	struct phx_str name = phx_str_c(argc > 1 ? argv[1] : "help");

	if (phx_str_eqc(name, "--help") || phx_str_eqc(name, "-h"))
		name = PHX_STR("help");
	if (phx_str_eqc(name, "--version") || phx_str_eqc(name, "-V"))
		name = PHX_STR("version");
	const struct phx_cli_command *c = find_command(name);
	if (!c)
		return unknown_command(cli, name);
	return run_command(cli, c, argc > 2 ? argc - 2 : 0, argv + (argc > 2 ? 2 : argc));
}

/* A stream that the caller closed must not become the first file that is opened. What is written to it fails. */
static void reserve_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What was asked for and could not be written is a failure of the command, whatever else it did. */
static int delivered(struct phx_cli *cli, int status)
{
	bool ok = phx_cli_flush(cli);

	if (!ok)
		fprintf(stderr, "phx: cannot write to standard output: %s\n", strerror(cli->out_errno));
	if (ok && !phx_trace_failed(cli->trace))
		return status;
	return status == PHX_EXIT_OK || status == PHX_EXIT_CHANGES ? PHX_EXIT_ERROR : status;
}

int main(int argc, char **argv)
{
	struct phx_arena arena = {0};
	struct phx_cli cli;
	int status;

	reserve_streams();
	signal(SIGPIPE, SIG_IGN);
	phx_cli_init(&cli, &arena);
	status = delivered(&cli, dispatch(&cli, argc, argv));
	phx_cli_done(&cli);
	phx_arena_done(&arena);
	return status;
}
