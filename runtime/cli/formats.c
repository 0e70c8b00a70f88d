#include "cli/formats.h"

#include <string.h>

#include "report/report.h"

static size_t max_bytes(struct phx_cli *cli)
{
	const char *text = phx_args_value(&cli->args, "max-bytes");
	uint64_t n;

	return text && phx_parse_u64(phx_str_c(text), &n) ? (size_t)n : 0;
}

bool phx_formats_check(struct phx_cli *cli)
{
	const char *text = phx_args_value(&cli->args, "max-bytes");
	uint64_t n;

	if (!text || (phx_parse_u64(phx_str_c(text), &n) && n >= PHX_REPORT_MARKDOWN_MIN))
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE, "`--max-bytes %s`: expected a number from %d on", text,
		    PHX_REPORT_MARKDOWN_MIN);
	phx_err_hint(&cli->err, "GitHub takes comments of 65536 characters, GitLab of 1000000");
	return false;
}

static void render(struct phx_cli *cli, const struct phx_plan *plan, const char *format, struct phx_buf *out)
{
	struct phx_report_options o = {.secrets = &cli->secrets, .max_bytes = max_bytes(cli)};

	if (strcmp(format, "json") == 0)
		phx_plan_json(plan, false, &cli->secrets, out);
	else if (strcmp(format, "markdown") == 0)
		phx_report_plan_markdown(plan, &o, out);
	else if (strcmp(format, "html") == 0)
		phx_report_plan_html(plan, &o, out);
	else if (strcmp(format, "gitlab") == 0)
		phx_report_plan_gitlab(plan, out);
	else
		phx_cli_report(cli, plan, out);
}

void phx_formats_print(struct phx_cli *cli, const struct phx_plan *plan)
{
	const char *format = phx_args_value(&cli->args, "format");
	struct phx_buf text = {0};

	if (phx_args_flag(&cli->args, "json"))
		format = "json";
	render(cli, plan, format ? format : "text", &text);
	if (format && strcmp(format, "text") != 0)
		phx_cli_print_document(cli, &text);
	else
		phx_cli_print(cli, &text);
	phx_buf_done(&text);
}

bool phx_formats_write(struct phx_cli *cli, const struct phx_plan *plan)
{
	static const char *const forms[] = {"markdown", "html", "gitlab"};

	for (size_t i = 0; i < PHX_COUNTOF(forms); i++) {
		const char *path = phx_args_value(&cli->args, forms[i]);
		struct phx_buf text = {0};
		bool ok;

		if (!path)
			continue;
		render(cli, plan, forms[i], &text);
		ok = phx_cli_write_document(cli, path, &text);
		phx_buf_done(&text);
		if (!ok)
			return false;
	}
	return true;
}
