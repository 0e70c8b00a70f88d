/* phx import json: Phoenix JSON to .phx. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/load.h"
#include "json/phoenix.h"

static bool check_words(struct phx_cli *cli)
{
	const struct phx_args *a = &cli->args;

	if (a->words.n && strcmp(a->words.v[0], "live") == 0)
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`phx import live` is not in this version of phx; `plan --adopt ADDR` "
				   "takes an existing guest over");
	if (a->words.n < 2 || strcmp(a->words.v[0], "json") != 0)
		return phx_err_set(&cli->err, PHX_ERR_USAGE, "expected `phx import json FILE...`");
	return true;
}

int phx_cmd_import(struct phx_cli *cli)
{
	const char *report_path = phx_args_value(&cli->args, "report");
	struct phx_import_report report = {0};
	struct phx_buf text = {0}, lines = {0};
	int status = PHX_EXIT_OK;

	if (!check_words(cli))
		return phx_cli_fail(cli);
	/* the first word is `json` */
	memmove(cli->args.words.v, cli->args.words.v + 1,
		(cli->args.words.n - 1) * sizeof(*cli->args.words.v));
	cli->args.words.n--;
	if (!phx_cli_load_config(cli, PHX_LOAD_VALIDATE, &report) || cli->bag.errors)
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	phx_phx_write(cli->config, &report, &text);
	phx_import_report_text(&report, &cli->sources, &lines);
	if (!phx_cli_write(cli, phx_args_value(&cli->args, "out"), &text) ||
	    (report_path && !phx_cli_write(cli, report_path, &lines)))
		status = phx_cli_fail(cli);
	else if (!report_path)
		phx_cli_note(cli, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&lines)));
	phx_buf_done(&text);
	phx_buf_done(&lines);
	return status;
}
