/* phx show PLAN: a saved plan, as it was shown when it was made, in any form. phx diff A B: two of them. */
#include <string.h>

#include "cli/formats.h"
#include "cli/saved.h"
#include "report/report.h"

int phx_cmd_show(struct phx_cli *cli)
{
	const char *address = phx_args_value(&cli->args, "cloud-init");
	struct phx_plan_file f = {0};
	int status = PHX_EXIT_OK;

	if (address)
		return phx_cmd_show_cloud_init(cli, address);

	if (cli->args.words.n != 1) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "expected one saved plan: `phx show FILE`");
		return phx_cli_fail(cli);
	}
	if (!phx_formats_check(cli) || !phx_saved_read(cli, cli->args.words.v[0], &f))
		return phx_cli_fail(cli);
	phx_formats_print(cli, f.plan);
	if (!phx_formats_write(cli, f.plan))
		status = phx_cli_fail(cli);
	phx_plan_file_done(&f);
	return status;
}

int phx_cmd_diff(struct phx_cli *cli)
{
	struct phx_report_options o = {.colour = cli->colour_out, .width = cli->width};
	struct phx_plan_file a = {0}, b = {0};
	struct phx_buf text = {0};
	int status;

	if (cli->args.words.n != 2) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "expected two saved plans: `phx diff A B`");
		return phx_cli_fail(cli);
	}
	if (!phx_saved_read(cli, cli->args.words.v[0], &a) ||
	    !phx_saved_read(cli, cli->args.words.v[1], &b)) {
		status = phx_cli_fail(cli);
	} else {
		bool same = cli->diag_format == PHX_DIAG_JSON
				    ? phx_report_diff_json(a.plan, b.plan, &text)
				    : phx_report_diff_text(a.plan, b.plan, &o, &text);

		phx_cli_print_document(cli,
				       &text); /* nothing but what saved plans say: there are no secrets */
		status = same ? PHX_EXIT_OK : PHX_EXIT_CHANGES;
	}
	phx_buf_done(&text);
	phx_plan_file_done(&a);
	phx_plan_file_done(&b);
	return status;
}
