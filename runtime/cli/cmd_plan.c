/* phx plan, phx show. */
#include <string.h>

#include "cli/cli.h"
#include "cli/drift.h"
#include "report/report.h"

static bool save(struct phx_cli *cli, const struct phx_plan *plan, const char *path)
{
	struct phx_buf text = {0};
	bool ok;

	phx_plan_json(plan, true, &text);
	ok = phx_cli_write(cli, path, &text);
	phx_buf_done(&text);
	return ok;
}

static void show(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_buf text = {0};

	if (cli->diag_format == PHX_DIAG_JSON)
		phx_plan_json(plan, false, &text);
	else
		phx_cli_report(cli, plan, &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
}

/* A refused plan is shown all the same, with what refuses it: what it would do is what there is to decide about. */
static int refuse(struct phx_cli *cli)
{
	if (!cli->refused)
		return phx_cli_refuse(cli);
	show(cli, cli->refused);
	if (cli->diag_format != PHX_DIAG_JSON)
		phx_cli_diagnose(cli);
	return PHX_EXIT_ERROR;
}

/* What a policy refuses is not kept: a saved plan is one that may be applied. */
static bool plan_denied(struct phx_cli *cli, const char *out)
{
	const struct phx_policy_report *r = &cli->policy_report;

	if (!r->denied && !r->broken)
		return false;
	if (out && cli->diag_format != PHX_DIAG_JSON)
		phx_cli_note(cli, "not saved as %s: %s", out,
			     r->denied ? "a policy denies the plan" : "a policy could not be evaluated");
	return true;
}

int phx_cmd_plan(struct phx_cli *cli)
{
	const char *out = phx_args_value(&cli->args, "out");
	struct phx_plan *plan = NULL;

	if (phx_args_flag(&cli->args, "refresh-only"))
		return phx_cli_refresh_only(cli);
	if (phx_args_flag(&cli->args, "permissions"))
		return phx_cli_permissions(cli);
	if (phx_cli_load(cli, PHX_LOAD_PLAN))
		plan = phx_cli_plan(cli, false);
	if (cli->err.kind == PHX_ERR_NONE && !phx_cli_ci_reports(cli, plan ? plan : cli->refused))
		return phx_cli_fail(cli);
	if (!plan)
		return refuse(cli);
	if (cli->diag_format != PHX_DIAG_JSON)
		phx_cli_diagnose(cli);
	show(cli, plan);
	if (plan_denied(cli, out))
		return cli->policy_report.broken ? PHX_EXIT_ERROR : PHX_EXIT_POLICY;
	if (out && !save(cli, plan, out))
		return phx_cli_fail(cli);
	if (out && cli->diag_format != PHX_DIAG_JSON)
		phx_cli_note(cli, "saved as %s: `phx apply %s` does exactly this", out, out);
	if (phx_args_flag(&cli->args, "detailed-exitcode") && !phx_plan_is_empty(plan))
		return PHX_EXIT_CHANGES;
	return PHX_EXIT_OK;
}
