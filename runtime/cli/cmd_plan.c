/* phx plan. */
#include <stdio.h>
#include <string.h>

#include "cli/drift.h"
#include "cli/formats.h"
#include "cli/saved.h"
#include "report/report.h"

static bool save(struct phx_cli *cli, const struct phx_plan *plan, const char *path)
{
	struct phx_buf text = {0};
	struct phx_str key;
	bool ok;

	if (!phx_plan_key(cli, &key))
		return false;
	phx_plan_file_write(plan, &cli->secrets, key, &text);
	ok = phx_cli_write_document(cli, path, &text);
	phx_buf_done(&text);
	return ok;
}

/* A refused plan is shown all the same, with what refuses it: what it would do is what there is to decide about. */
static int refuse(struct phx_cli *cli)
{
	if (!cli->refused)
		return phx_cli_refuse(cli);
	phx_formats_print(cli, cli->refused);
	if (cli->diag_format != PHX_DIAG_JSON)
		phx_cli_diagnose(cli);
	return phx_formats_write(cli, cli->refused) ? PHX_EXIT_ERROR : phx_cli_fail(cli);
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

static void note_saved(struct phx_cli *cli, const struct phx_plan *plan, const char *path)
{
	if (plan->offline)
		phx_cli_note(cli, "saved as %s, for reading: a plan made without a cluster is not applied",
			     path);
	else
		phx_cli_note(cli, "saved as %s: `phx apply %s` does exactly this", path, path);
}

/* What cannot both be meant: one of them would be passed over. */
static bool check_options(struct phx_cli *cli)
{
	static const struct {
		const char *one, *other, *why;
	} pairs[] = {
		{"offline", "sim", "--offline asks no cluster, a simulated one neither"},
		{"inventory", "sim", "the first plans against the record, the second against a cluster"},
	};

	for (size_t i = 0; i < PHX_COUNTOF(pairs); i++) {
		if (!phx_args_flag(&cli->args, pairs[i].one) || !phx_args_flag(&cli->args, pairs[i].other))
			continue;
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`--%s` and `--%s` exclude each other", pairs[i].one,
			    pairs[i].other);
		phx_err_hint(&cli->err, "%s", pairs[i].why);
		return false;
	}
	return true;
}

int phx_cmd_plan(struct phx_cli *cli)
{
	const char *out = phx_args_value(&cli->args, "out");
	struct phx_plan *plan = NULL;
	struct phx_str key;

	if (!check_options(cli) || !phx_formats_check(cli) || (out && !phx_plan_key(cli, &key)))
		return phx_cli_fail(cli);
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
	phx_formats_print(cli, plan);
	if (!phx_formats_write(cli, plan))
		return phx_cli_fail(cli);
	if (plan_denied(cli, out))
		return cli->policy_report.broken ? PHX_EXIT_ERROR : PHX_EXIT_POLICY;
	if (out && !save(cli, plan, out))
		return phx_cli_fail(cli);
	if (out && cli->diag_format != PHX_DIAG_JSON)
		note_saved(cli, plan, out);
	if (phx_args_flag(&cli->args, "detailed-exitcode") && !phx_plan_is_empty(plan))
		return PHX_EXIT_CHANGES;
	return PHX_EXIT_OK;
}
