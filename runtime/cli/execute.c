#include "cli/execute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"

static void waiting(void *user, struct phx_str text)
{
	phx_cli_note(user, PHX_STR_FMT, PHX_STR_ARG(text));
}

static struct phx_str state_dir(struct phx_cli *cli)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg)
		return phx_str_printf(cli->arena, "%s/phx", xdg);
	if (home && *home)
		return phx_str_printf(cli->arena, "%s/.local/state/phx", home);
	return phx_str_printf(cli->arena, "/var/lib/phx");
}

struct phx_str phx_cli_journal(struct phx_cli *cli, struct phx_str stack)
{
	const char *path = phx_args_value(&cli->args, "journal");

	if (path)
		return phx_str_c(path);
	return phx_str_printf(cli->arena, PHX_STR_FMT "/" PHX_STR_FMT ".journal", PHX_STR_ARG(state_dir(cli)),
			      PHX_STR_ARG(stack));
}

bool phx_cli_timeout(struct phx_cli *cli, uint64_t *out_ms)
{
	const char *text = phx_args_value(&cli->args, "timeout");
	int64_t ms;

	if (!text)
		return true;
	if (!phx_duration_parse(phx_str_c(text), &ms) || ms <= 0)
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--timeout %s`: expected a duration such as 30s, 10m or 2h", text);
	*out_ms = (uint64_t)ms;
	return true;
}

static bool read_options(struct phx_execution *run)
{
	struct phx_cli *cli = run->cli;
	const char *parallel = phx_args_value(&cli->args, "parallel");
	uint64_t n;

	if (parallel) {
		if (!phx_parse_u64(phx_str_c(parallel), &n) || n < 1 || n > 256)
			return phx_err_set(&cli->err, PHX_ERR_USAGE,
					   "`--parallel %s`: expected a number from 1 to 256", parallel);
		run->options.parallel = (uint32_t)n;
	}
	if (!phx_cli_timeout(cli, &run->options.timeout_ms))
		return false;
	if (phx_args_flag(&cli->args, "fail-fast") && phx_args_flag(&cli->args, "keep-going"))
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--fail-fast` and `--keep-going` exclude each other");
	run->options.fail_fast = phx_args_flag(&cli->args, "fail-fast");
	return true;
}

/* Tasks of a killed run may still be at work: the plan must see what becomes of them. */
bool phx_execution_prepare(struct phx_execution *run)
{
	struct phx_cli *cli = run->cli;

	if (!read_options(run) || !phx_interrupts_watch(&run->interrupts, &cli->err) || !phx_cli_connect(cli))
		return false;
	run->journal_path = phx_cli_journal(cli, cli->graph->stack);
	return phx_apply_resume(phx_backend_reader(cli->backend), run->journal_path.ptr, waiting, cli,
				run->interrupts.count, &cli->err);
}

/* The journal is for people and for picking up tasks; an apply must not fail for want of it. */
static void open_journal(struct phx_execution *run)
{
	struct phx_err err = {0};

	if (!phx_journal_open(run->journal_path.ptr, &run->journal, &err))
		phx_cli_note(run->cli, "no journal is kept: " PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	phx_err_done(&err);
}

int phx_execution_run(struct phx_execution *run, const struct phx_plan *plan)
{
	struct phx_cli *cli = run->cli;
	struct phx_listener listener;
	struct phx_progress_options po = {.out = stderr,
					  .tty = isatty(STDERR_FILENO),
					  .colour = cli->colour_err,
					  .verbose = phx_args_flag(&cli->args, "verbose")};
	struct phx_progress *progress = phx_progress_open(&po, &listener);
	struct phx_buf text = {0};

	open_journal(run);
	run->options.journal = run->journal;
	if (run->journal)
		run->options.logs =
			phx_str_printf(cli->arena, PHX_STR_FMT ".d", PHX_STR_ARG(run->journal_path));
	run->options.secrets = &cli->secrets;
	run->options.wake_fd = run->interrupts.wake_fd;
	run->options.interrupts = run->interrupts.count;
	run->options.listeners = &listener;
	run->options.nlisteners = 1;
	cli->progress = progress;
	struct phx_apply_result *result =
		phx_apply_run(plan, phx_backend_writer(cli->backend), &run->options, cli->arena);
	cli->progress = NULL;
	phx_progress_close(progress);
	phx_journal_close(run->journal);
	phx_apply_report(plan, result, &run->next, cli->colour_out, &text);
	if (result->exit_code == 0)
		phx_report_outputs(plan, &text);
	phx_cli_print(cli, &text);
	phx_buf_done(&text);
	return result->exit_code;
}

bool phx_cli_confirmed(struct phx_cli *cli, const char *question)
{
	char answer[16];

	if (phx_args_flag(&cli->args, "yes"))
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "no terminal to ask on");
		phx_err_hint(&cli->err, "look at the plan above, then give --yes; or save a plan (`phx plan "
					"-o FILE`) and apply that");
		return false;
	}
	printf("\n%s? Only `yes` goes on: ", question);
	(void)!phx_cli_flush(cli);
	if (fgets(answer, sizeof(answer), stdin) && strcmp(answer, "yes\n") == 0)
		return true;
	phx_err_set(&cli->err, PHX_ERR_INTERRUPTED, "nothing was done");
	return false;
}
