/* phx apply, phx destroy: plan, show, ask, do. */
#include <stdio.h>

#include "cli/drift.h"
#include "cli/execute.h"
#include "cli/saved.h"
#include "cli/stale.h"
#include "plan/stack_lock.h"
#include "report/report.h"

/* Nothing is to be done, but a run that died at the very end has left its lock: it would be in everybody's way. */
static int nothing_to_do(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_str lock = phx_stack_lock_pool(cli->arena, plan->stack), holder = {0};
	const struct phx_snapshot *s = plan->snapshot;
	bool locked = false;

	for (uint32_t i = 0; s && i < s->pools.n; i++)
		locked = locked || phx_str_eq(s->pools.v[i].id, lock);
	/* Pools are read only where the configuration has some. */
	if (!locked && s && s->pools.n)
		return PHX_EXIT_OK;
	if (!phx_unlock_dead(phx_backend_writer(cli->backend), plan->stack, cli->arena, &holder, &cli->err)) {
		if (locked || cli->err.kind != PHX_ERR_PERMISSION)
			return phx_cli_fail(cli);
		phx_err_clear(&cli->err);
	}
	if (holder.len)
		phx_cli_note(cli,
			     "the stack's lock, left by a run that is dead (" PHX_STR_FMT "), was taken off",
			     PHX_STR_ARG(holder));
	return PHX_EXIT_OK;
}

static int refused_by_policy(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_buf text = {0};

	phx_cli_report(cli, plan, &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
	phx_cli_note(cli, "nothing was done: %s",
		     cli->policy_report.denied ? "a policy denies the plan"
					       : "a policy could not be evaluated");
	return cli->policy_report.broken ? PHX_EXIT_ERROR : PHX_EXIT_POLICY;
}

/* A saved plan is done exactly, or not at all. */
static bool still_fits(struct phx_cli *cli, const struct phx_plan_file *saved, const struct phx_plan *now)
{
	struct phx_moves moves = {0};

	if (!phx_plan_file_compare(saved, now, &cli->secrets, cli->arena, &moves, &cli->err))
		return false;
	if (moves.n)
		phx_stale_say(cli, saved->plan, &moves);
	return moves.n == 0;
}

int phx_cli_apply(struct phx_execution *run, bool destroy, const char *question,
		  const struct phx_plan_file *saved)
{
	struct phx_cli *cli = run->cli;
	struct phx_plan *plan = phx_cli_plan(cli, destroy);
	const struct phx_plan *now = plan ? plan : cli->refused;
	struct phx_buf text = {0};

	if (saved && now && !phx_plan_file_cluster(saved, now, &cli->err))
		return phx_cli_fail(cli);
	if (saved && !plan && now && !still_fits(cli, saved, now)) {
		phx_cli_diagnose(cli);
		return phx_cli_fail(cli);
	}
	if (!plan && cli->refused) {
		phx_cli_report(cli, cli->refused, &text);
		phx_cli_print(cli, &text);
		phx_buf_done(&text);
	}
	if (!plan)
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	if (cli->policy_report.denied || cli->policy_report.broken)
		return refused_by_policy(cli, plan);
	if (saved && !still_fits(cli, saved, plan))
		return phx_cli_fail(cli);
	phx_cli_report(cli, plan, &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
	(void)!phx_cli_flush(cli);
	if (phx_plan_is_empty(plan))
		return nothing_to_do(cli, plan);
	if (!saved && !phx_cli_confirmed(cli, question))
		return phx_cli_fail(cli);
	return phx_execution_run(run, plan);
}

static int run_apply(struct phx_cli *cli, bool destroy)
{
	struct phx_execution run = {.cli = cli};
	struct phx_plan_file saved = {0};
	bool is_saved = false;
	int status;

	if (!phx_saved_open(cli, &saved, &is_saved, &destroy))
		status = phx_cli_fail(cli);
	else if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		status = phx_cli_refuse(cli);
	else if (!phx_execution_prepare(&run))
		status = phx_cli_fail(cli);
	else {
		run.next.again = destroy ? PHX_STR("phx destroy") : PHX_STR("phx apply");
		status = phx_cli_apply(&run, destroy, destroy ? "Destroy all this" : "Do this",
				       is_saved ? &saved : NULL);
	}
	phx_plan_file_done(&saved);
	return status;
}

int phx_cmd_apply(struct phx_cli *cli)
{
	if (phx_args_flag(&cli->args, "accept-drift"))
		return phx_cli_accept_drift(cli);
	return run_apply(cli, false);
}

int phx_cmd_destroy(struct phx_cli *cli)
{
	return run_apply(cli, true);
}
