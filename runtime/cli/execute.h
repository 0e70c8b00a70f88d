/* From a plan to a run of it: the options of apply, signals, the journal, progress. Shared by every command that changes something. */
#pragma once

#include "apply/apply.h"
#include "cli/cli.h"
#include "cli/interrupt.h"

struct phx_execution {
	struct phx_cli *cli;
	struct phx_interrupts interrupts;
	struct phx_str journal_path;
	struct phx_journal *journal;
	struct phx_apply_options options;
	struct phx_apply_next next;
};

/* Reads the options, connects, and waits for tasks that a killed run left at work: the plan must see what becomes of them. To be called
 * once the configuration is loaded, before planning. False with cli->err. */
PHX_MUST_USE bool phx_execution_prepare(struct phx_execution *run);
/* Carries the plan out, prints the report, and returns the exit status. */
int phx_execution_run(struct phx_execution *run, const struct phx_plan *plan);
/* Plans, shows the plan, asks (unless it was saved: then it was agreed to), and does it. Returns the exit status. */
int phx_cli_apply(struct phx_execution *run, bool destroy, const char *question,
		  const struct phx_plan_file *saved);
/* --timeout: *out_ms in milliseconds, untouched when it is not given. False with cli->err. */
PHX_MUST_USE bool phx_cli_timeout(struct phx_cli *cli, uint64_t *out_ms);
/* --yes, or an answer at the terminal. False with cli->err. */
PHX_MUST_USE bool phx_cli_confirmed(struct phx_cli *cli, const char *question);
