/* phx plan --permissions: what a token needs for a configuration. No cluster is asked: everything is planned anew. */
#include "cli/cli.h"
#include "plan/preflight.h"
#include "report/report.h"

/* The name of the cluster's token, without its secret. */
static struct phx_str identity(struct phx_cli *cli)
{
	for (uint32_t i = 0; i < cli->graph->clusters.n; i++) {
		const struct phx_cluster *c = cli->graph->clusters.v[i];
		struct phx_str rest = c->token, name;

		if (phx_str_chr(c->token, '!') > 0 && phx_str_cut(&rest, '=', &name) && rest.ptr)
			return phx_str_dup(cli->arena, name);
		if (c->user.len)
			return c->user;
	}
	return PHX_STR("USER@REALM!TOKEN");
}

int phx_cli_permissions(struct phx_cli *cli)
{
	struct phx_plan_options o = {.offline = true, .blind = true, .can_root = true};
	struct phx_roles roles = {0};
	struct phx_buf text = {0};
	struct phx_plan *plan;

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	plan = phx_plan_build(cli->graph, phx_snapshot_empty(cli->arena), &o, cli->arena, &cli->bag);
	if (!plan)
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	if (!phx_plan_roles(plan, cli->arena, &roles, &cli->err))
		return phx_cli_fail(cli);
	phx_report_roles(&roles, identity(cli), &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
	return PHX_EXIT_OK;
}
