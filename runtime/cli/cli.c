#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "apply/apply.h"
#include "sema/sema.h"

void phx_cli_init(struct phx_cli *cli, struct phx_arena *arena)
{
	memset(cli, 0, sizeof(*cli));
	cli->arena = arena;
	cli->secrets.arena = arena;
	cli->width = 100;
	cli->commands = phx_commands;
	phx_sources_init(&cli->sources, arena);
	phx_diag_bag_init(&cli->bag, arena, &cli->sources);
	cli->bag.secrets = &cli->secrets;
}

void phx_cli_done(struct phx_cli *cli)
{
	phx_policies_done(cli->policies);
	phx_backend_close(cli->backend);
	phx_trace_close(cli->trace);
	phx_err_done(&cli->err);
}

static bool colour_wanted(const struct phx_cli *cli, int fd)
{
	const char *when = phx_args_value(&cli->args, "color");
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return isatty(fd) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

static uint32_t columns(void)
{
	struct winsize size;
	const char *env = getenv("COLUMNS");
	uint64_t n;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	if (env && phx_parse_u64(phx_str_c(env), &n) && n >= 40 && n <= 1000)
		return (uint32_t)n;
	return 100;
}

static bool diag_levels(struct phx_cli *cli, const char *option, bool deny)
{
	const char *name;

	for (uint32_t i = 0; (name = phx_args_nth(&cli->args, option, i)); i++)
		if (!phx_diag_level(&cli->bag, phx_str_c(name), deny)) {
			phx_err_set(&cli->err, PHX_ERR_USAGE, "`--%s %s`: there is no warning of that name",
				    option, name);
			phx_err_hint(&cli->err, "`phx explain` lists all codes and names");
			return false;
		}
	return true;
}

static bool max_errors(struct phx_cli *cli)
{
	const char *text = phx_args_value(&cli->args, "max-errors");
	uint64_t n;

	if (!text)
		return true;
	if (!phx_parse_u64(phx_str_c(text), &n) || n > UINT32_MAX)
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--max-errors %s`: expected a number, 0 for all", text);
	cli->bag.shown_max = (uint32_t)n;
	return true;
}

bool phx_cli_settings(struct phx_cli *cli)
{
	const char *format = phx_args_value(&cli->args, "format");

	cli->colour_out = colour_wanted(cli, STDOUT_FILENO);
	cli->colour_err = colour_wanted(cli, STDERR_FILENO);
	cli->width = columns();
	if (phx_args_flag(&cli->args, "json") || (format && strcmp(format, "json") == 0))
		cli->diag_format = PHX_DIAG_JSON;
	else if (format && strcmp(format, "short") == 0)
		cli->diag_format = PHX_DIAG_SHORT;
	/* A guest must not be built without what it is said to have; an import only tells. */
	if (cli->args.command && !cli->args.command->converts)
		(void)!phx_diag_level(&cli->bag, PHX_STR("unknown-json-feature"), true);
	return max_errors(cli) && diag_levels(cli, "deny", true) && diag_levels(cli, "allow", false);
}

/* What cannot be written is told at the end, once (phx_cli_flush). */
static void write_out(struct phx_cli *cli, FILE *to, struct phx_str text)
{
	if (text.len && fwrite(text.ptr, 1, text.len, to) != text.len && to == stdout && !cli->out_errno)
		cli->out_errno = errno;
}

bool phx_cli_flush(struct phx_cli *cli)
{
	if (fflush(stdout) != 0 && !cli->out_errno)
		cli->out_errno = errno;
	if (ferror(stdout) && !cli->out_errno)
		cli->out_errno = EIO;
	return cli->out_errno == 0;
}

static void write_masked(struct phx_cli *cli, FILE *to, struct phx_str text)
{
	size_t at, len;

	/* Piece by piece: a large plan is not copied for it. */
	while (phx_secrets_find(&cli->secrets, text, &at, &len)) {
		write_out(cli, to, phx_str_slice(text, 0, at));
		write_out(cli, to, PHX_STR(PHX_MASKED));
		text = phx_str_from(text, at + len);
	}
	write_out(cli, to, text);
}

void phx_cli_print(struct phx_cli *cli, const struct phx_buf *text)
{
	write_masked(cli, stdout, phx_buf_view(text));
}

void phx_cli_print_document(struct phx_cli *cli, const struct phx_buf *text)
{
	phx_cli_out(cli, phx_buf_view(text));
}

void phx_cli_out(struct phx_cli *cli, struct phx_str bytes)
{
	write_out(cli, stdout, bytes);
}

void phx_cli_note(struct phx_cli *cli, const char *fmt, ...)
{
	struct phx_buf text = {0}, masked = {0};
	va_list args;
	char *line = NULL;

	va_start(args, fmt);
	int n = vasprintf(&line, fmt, args);
	va_end(args);
	if (n < 0)
		phx_out_of_memory();
	phx_buf_printable(&text, (struct phx_str){line, (size_t)n});
	if (cli->progress) {
		phx_secrets_mask(&cli->secrets, phx_buf_view(&text), &masked);
		phx_progress_note(cli->progress, phx_buf_view(&masked));
	} else {
		phx_buf_ch(&text, '\n');
		(void)!phx_cli_flush(cli);
		write_masked(cli, stderr, phx_buf_view(&text));
	}
	free(line);
	phx_buf_done(&masked);
	phx_buf_done(&text);
}

static int exit_status(enum phx_err_kind kind)
{
	if (kind == PHX_ERR_USAGE)
		return PHX_EXIT_USAGE;
	if (kind == PHX_ERR_STALE)
		return PHX_EXIT_STALE;
	if (kind == PHX_ERR_INTERRUPTED)
		return PHX_EXIT_INTERRUPTED;
	return PHX_EXIT_ERROR;
}

int phx_cli_fail(struct phx_cli *cli)
{
	struct phx_str msg = phx_buf_view(&cli->err.msg), hint = phx_buf_view(&cli->err.hint);

	phx_cli_note(cli, "%sphx:%s " PHX_STR_FMT, cli->colour_err ? "\033[1;31m" : "",
		     cli->colour_err ? "\033[0m" : "", PHX_STR_ARG(msg));
	if (hint.len)
		phx_cli_note(cli, "  hint: " PHX_STR_FMT, PHX_STR_ARG(hint));
	return exit_status(cli->err.kind);
}

void phx_cli_diagnose(struct phx_cli *cli)
{
	struct phx_buf text = {0};
	bool json = cli->diag_format == PHX_DIAG_JSON;

	if (cli->bag.diags.n || json)
		phx_diag_render(&cli->bag, cli->diag_format, cli->colour_err, &text);
	if (json) {
		phx_cli_print_document(cli, &text);
	} else {
		(void)!phx_cli_flush(cli);
		write_masked(cli, stderr, phx_buf_view(&text));
	}
	phx_buf_done(&text);
}
