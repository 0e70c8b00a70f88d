/* Commands that need no cluster: explain, version, completion, help. */
#include <curl/curl.h>
#include <dirent.h>
#include <microhttpd.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "backend/api/curl_library.h"
#include "backend/sim/mhd_library.h"
#include "cli/cli.h"

static int print_and_done(struct phx_cli *cli, struct phx_buf *text)
{
	phx_cli_print(cli, text);
	phx_buf_done(text);
	return PHX_EXIT_OK;
}

static const char *severity_name(enum phx_severity s)
{
	switch (s) {
	case PHX_SEV_NOTE:
		return "note";
	case PHX_SEV_WARNING:
		return "warning";
	case PHX_SEV_ERROR:
		return "error";
	}
	return "";
}

static int explain_all(struct phx_cli *cli)
{
	struct phx_buf text = {0};

	for (int i = 0; i < PHX_CODE_COUNT; i++) {
		const struct phx_code_info *info = phx_code_info((enum phx_code)i);
		phx_buf_printf(&text, "%s  %-7s  %-28s %s\n", info->name, severity_name(info->severity),
			       info->slug, info->title);
	}
	return print_and_done(cli, &text);
}

int phx_cmd_explain(struct phx_cli *cli)
{
	struct phx_buf text = {0};
	enum phx_code code;

	if (cli->args.words.n == 0)
		return explain_all(cli);
	if (!phx_code_find(phx_str_c(cli->args.words.v[0]), &code)) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "there is no code `%s`", cli->args.words.v[0]);
		phx_err_hint(&cli->err, "`phx explain` lists all codes");
		return phx_cli_fail(cli);
	}
	struct phx_str path = phx_str_printf(cli->arena, PHX_STR_FMT "/explain/%s.md",
					     PHX_STR_ARG(phx_etc_dir(cli->arena)), phx_code_info(code)->name);
	if (!phx_read_file(path.ptr, &text, &cli->err)) {
		phx_buf_done(&text);
		return phx_cli_fail(cli);
	}
	return print_and_done(cli, &text);
}

int phx_cmd_version(struct phx_cli *cli)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};

	phx_buf_printf(&text, "phx %s\n", PHX_VERSION);
	phx_buf_printf(&text, "tables        " PHX_STR_FMT "\n", PHX_STR_ARG(phx_etc_dir(cli->arena)));
	phx_buf_printf(&text, "backends      api, ssh, local%s\n",
		       phx_backend_here() ? " (this machine is a node)" : " (on a node, as root)");
	if (phx_curl_load(&err))
		phx_buf_printf(&text, "libcurl       %s\n", curl_version());
	else
		phx_buf_printf(&text, "libcurl       none: " PHX_STR_FMT "\n",
			       PHX_STR_ARG(phx_buf_view(&err.msg)));
	phx_err_done(&err);
	phx_buf_printf(&text, "jansson       %s\n", JANSSON_VERSION);
	if (phx_mhd_load(&err))
		phx_buf_printf(&text, "libmicrohttpd %s\n", MHD_get_version());
	else
		phx_buf_printf(&text, "libmicrohttpd none: " PHX_STR_FMT "\n",
			       PHX_STR_ARG(phx_buf_view(&err.msg)));
	phx_err_done(&err);
	phx_buf_printf(&text, "%s\n", OpenSSL_version(OPENSSL_VERSION));
	return print_and_done(cli, &text);
}

int phx_cmd_completion(struct phx_cli *cli)
{
	struct phx_buf text = {0};

	if (cli->args.words.n == 1 && phx_completion(cli->commands, cli->args.words.v[0], &text))
		return print_and_done(cli, &text);
	phx_buf_done(&text);
	phx_err_set(&cli->err, PHX_ERR_USAGE,
		    "`phx completion` needs the name of a shell: bash, zsh or fish");
	return phx_cli_fail(cli);
}

int phx_cmd_help(struct phx_cli *cli)
{
	struct phx_buf text = {0};
	const char *word = cli->args.words.n ? cli->args.words.v[0] : NULL;

	if (word && strcmp(word, "man") == 0) { /* for the build: the man page */
		phx_man_page(cli->commands, &text);
		return print_and_done(cli, &text);
	}
	for (const struct phx_cli_command *const *c = cli->commands; word && *c; c++)
		if (strcmp((*c)->name, word) == 0) {
			phx_help_command(*c, &text);
			return print_and_done(cli, &text);
		}
	if (word) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "there is no command `%s`", word);
		phx_err_hint(&cli->err, "`phx help` lists the commands");
		return phx_cli_fail(cli);
	}
	phx_help_overview(cli->commands, &text);
	return print_and_done(cli, &text);
}
