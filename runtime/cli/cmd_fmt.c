/* phx fmt. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ast/fmt.h"
#include "ast/parse.h"
#include "cli/cli.h"
#include "cli/files.h"

struct fmt_run {
	struct phx_cli *cli;
	bool check, to_stdout;
	uint32_t changed;
};

/* Formats one source; false when it has syntax errors (they are in the bag). */
static bool format_source(struct phx_cli *cli, uint32_t file, struct phx_buf *out)
{
	struct phx_ast_file *ast = phx_parse_source(&cli->sources, file, cli->arena, &cli->bag);

	return phx_fmt_file(ast, &cli->sources, out);
}

static bool format_file(struct fmt_run *run, struct phx_str path)
{
	struct phx_cli *cli = run->cli;
	uint32_t file = phx_source_read(&cli->sources, path, &cli->err);
	struct phx_buf text = {0};
	struct stat st;
	bool ok = true;

	if (!file)
		return false;
	if (!format_source(cli, file, &text))
		goto out;
	if (run->to_stdout) {
		phx_cli_print(cli, &text);
	} else if (!phx_str_eq(phx_buf_view(&text), phx_source_get(&cli->sources, file)->text)) {
		run->changed++;
		printf(PHX_STR_FMT "\n", PHX_STR_ARG(path));
		if (!run->check)
			ok = phx_write_file_atomic(path.ptr, phx_buf_view(&text),
						   stat(path.ptr, &st) == 0 ? st.st_mode & 0777 : 0644,
						   &cli->err);
	}
out:
	phx_buf_done(&text);
	return ok;
}

static int format_stdin(struct phx_cli *cli)
{
	struct phx_buf text = {0}, out = {0};
	char piece[16384];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
		phx_buf_add(&text, piece, n);
	uint32_t file = phx_source_add(&cli->sources, PHX_STR("<stdin>"), phx_buf_view(&text));
	bool ok = format_source(cli, file, &out);
	phx_cli_diagnose(cli);
	if (ok)
		phx_cli_print(cli, &out);
	phx_buf_done(&text);
	phx_buf_done(&out);
	return ok ? PHX_EXIT_OK : PHX_EXIT_ERROR;
}

int phx_cmd_fmt(struct phx_cli *cli)
{
	struct fmt_run run = {cli, phx_args_flag(&cli->args, "check"), phx_args_flag(&cli->args, "stdout"),
			      0};
	struct phx_files files = {0};

	if (cli->args.words.n == 1 && strcmp(cli->args.words.v[0], "-") == 0)
		return format_stdin(cli);
	if (!phx_cli_files(cli, &files))
		return phx_cli_fail(cli);
	for (uint32_t i = 0; i < files.phx.n; i++)
		if (!format_file(&run, files.phx.v[i]))
			return phx_cli_fail(cli);
	phx_cli_diagnose(cli);
	return cli->bag.errors || (run.check && run.changed) ? PHX_EXIT_ERROR : PHX_EXIT_OK;
}
