/* phx start, stop, restart, delete, converge: the life of guests, by address, id or name. */
#include <stdio.h>

#include "cli/execute.h"
#include "cli/guests.h"
#include "cli/saved.h"

/* What a command does must be said: without any word it is not done to everything. */
static bool take_guests(struct phx_cli *cli, struct phx_guest_words *w)
{
	const char *name = cli->args.command->name;

	phx_guest_words_take(cli, w);
	if (w->v.n || w->all)
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE, "`phx %s` needs to know which guests", name);
	phx_err_hint(&cli->err, "name them by address, id or name (`phx %s vm.web 101`), or say `all`", name);
	return false;
}

static void show(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_buf text = {0};

	phx_cli_report(cli, plan, &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
	(void)!phx_cli_flush(cli);
}

static struct phx_plan *power_plan(struct phx_cli *cli, enum phx_power_verb verb,
				   const struct phx_guest_words *w)
{
	struct phx_power_options o = {.verb = verb};
	struct phx_plan_options *po = PHX_NEW(cli->arena, struct phx_plan_options);
	struct phx_snapshot *snapshot = phx_cli_observe(cli);
	struct phx_plan *plan;

	if (!snapshot || !phx_cli_plan_options(cli, false, snapshot, po))
		return NULL;
	o.cascade = phx_args_flag(&cli->args, "cascade");
	o.force = phx_args_flag(&cli->args, "force");
	for (uint32_t i = 0; !w->all && i < w->v.n; i++)
		phx_vec_push(cli->arena, &o.guests, w->v.v[i]);
	plan = phx_plan_power(cli->graph, snapshot, po, &o, cli->arena, &cli->bag);
	if (plan)
		plan->sources = &cli->sources;
	return plan;
}

/* The same command again, but for files and options of connections. */
static struct phx_str this_command(struct phx_cli *cli, const struct phx_guest_words *w, const char *option)
{
	struct phx_buf b = {0};
	struct phx_str out;

	phx_buf_printf(&b, "phx %s%s", cli->args.command->name, w->all ? " all" : "");
	for (uint32_t i = 0; i < w->v.n; i++)
		phx_buf_printf(&b, " " PHX_STR_FMT, PHX_STR_ARG(w->v.v[i]));
	phx_buf_printf(&b, "%s%s", phx_args_flag(&cli->args, "cascade") ? " --cascade" : "", option);
	out = phx_str_dup(cli->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return out;
}

static const char *already(enum phx_power_verb verb)
{
	return verb == PHX_POWER_START  ? "run already"
	       : verb == PHX_POWER_STOP ? "are stopped already"
					: "do not run";
}

static int power(struct phx_cli *cli, enum phx_power_verb verb)
{
	struct phx_guest_words w = {0};
	struct phx_execution run = {.cli = cli};
	struct phx_plan *plan;

	if (!take_guests(cli, &w))
		return phx_cli_fail(cli);
	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	if (!phx_guest_words_resolve(cli, &w) || !phx_execution_prepare(&run))
		return phx_cli_fail(cli);
	plan = power_plan(cli, verb, &w);
	if (!plan)
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	if (phx_plan_is_empty(plan)) {
		printf("Nothing to do: the guests %s.\n", already(verb));
		return PHX_EXIT_OK;
	}
	show(cli, plan);
	run.next.again = this_command(cli, &w, phx_args_flag(&cli->args, "force") ? " --force" : "");
	if (verb != PHX_POWER_START && !phx_args_flag(&cli->args, "force"))
		run.next.force = this_command(cli, &w, " --force");
	return phx_execution_run(&run, plan);
}

int phx_cmd_start(struct phx_cli *cli)
{
	return power(cli, PHX_POWER_START);
}

int phx_cmd_stop(struct phx_cli *cli)
{
	return power(cli, PHX_POWER_STOP);
}

int phx_cmd_restart(struct phx_cli *cli)
{
	return power(cli, PHX_POWER_RESTART);
}

/* The guests become targets of a plan, or of a destruction. */
static int by_targets(struct phx_cli *cli, bool destroy, const char *question)
{
	struct phx_guest_words w = {0};
	struct phx_execution run = {.cli = cli};

	if (!take_guests(cli, &w))
		return phx_cli_fail(cli);
	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	if (!phx_guest_words_resolve(cli, &w))
		return phx_cli_fail(cli);
	for (uint32_t i = 0; !w.all && i < w.v.n; i++)
		phx_cli_give(cli, "target", phx_str_dup(cli->arena, w.v.v[i]).ptr);
	if (!phx_execution_prepare(&run))
		return phx_cli_fail(cli);
	run.next.again = this_command(cli, &w, "");
	return phx_cli_apply(&run, destroy, question, NULL);
}

int phx_cmd_delete(struct phx_cli *cli)
{
	return by_targets(cli, true, "Delete all this");
}

int phx_cmd_converge(struct phx_cli *cli)
{
	return by_targets(cli, false, "Do this");
}
