/* The reports that CI servers read: --junit, --sarif, and the two as formats of `validate`. */
#include <string.h>

#include "cli/cli.h"
#include "report/ci.h"

static struct phx_ci input(struct phx_cli *cli, const struct phx_plan *plan)
{
	return (struct phx_ci){.bag = &cli->bag,
			       .config = cli->config,
			       .policies = &cli->policy_report,
			       .plan = plan,
			       .secrets = &cli->secrets,
			       .planned = plan != NULL};
}

static bool write_report(struct phx_cli *cli, const char *option, const struct phx_ci *ci,
			 void (*render)(const struct phx_ci *, struct phx_buf *))
{
	const char *path = phx_args_value(&cli->args, option);
	struct phx_buf text = {0};
	bool ok;

	if (!path)
		return true;
	render(ci, &text);
	ok = phx_cli_write_document(cli, path, &text);
	phx_buf_done(&text);
	return ok;
}

bool phx_cli_ci_reports(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_ci ci = input(cli, plan);

	return write_report(cli, "junit", &ci, phx_report_junit) &&
	       write_report(cli, "sarif", &ci, phx_report_sarif);
}

static bool is_format(const struct phx_cli *cli, const char *name)
{
	const char *format = phx_args_value(&cli->args, "format");

	return format && strcmp(format, name) == 0;
}

bool phx_cli_ci_format(const struct phx_cli *cli)
{
	return is_format(cli, "sarif") || is_format(cli, "junit");
}

bool phx_cli_ci_print(struct phx_cli *cli)
{
	struct phx_ci ci = input(cli, NULL);
	struct phx_buf text = {0};

	if (!phx_cli_ci_format(cli))
		return false;
	if (is_format(cli, "sarif"))
		phx_report_sarif(&ci, &text);
	else
		phx_report_junit(&ci, &text);
	phx_cli_print_document(cli, &text);
	phx_buf_done(&text);
	return true;
}
