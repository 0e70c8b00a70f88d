/* Commands that look at a cluster, or serve one: inventory, unlock, sim. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/apply.h"
#include "backend/sim/sim.h"
#include "cli/cli.h"
#include "cli/interrupt.h"

int phx_cmd_inventory(struct phx_cli *cli)
{
	struct phx_observe_options o = {0};
	struct phx_snapshot *s;
	struct phx_buf text = {0};
	int status = PHX_EXIT_OK;

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	if (!phx_cli_connect(cli) ||
	    !(s = phx_observe(phx_backend_reader(cli->backend), cli->graph, &o, cli->arena, &cli->err)))
		return phx_cli_fail(cli);
	phx_snapshot_json(s, &cli->secrets, &text);
	if (!phx_cli_write_document(cli, phx_args_value(&cli->args, "out"), &text))
		status = phx_cli_fail(cli);
	phx_buf_done(&text);
	return status;
}

int phx_cmd_unlock(struct phx_cli *cli)
{
	struct phx_str holder = {0};

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	if (!phx_cli_connect(cli))
		return phx_cli_fail(cli);
	if (!phx_unlock(phx_backend_writer(cli->backend), cli->graph->stack,
			phx_args_flag(&cli->args, "force"), cli->arena, &holder, &cli->err)) {
		if (cli->err.kind != PHX_ERR_MISSING)
			return phx_cli_fail(cli);
		printf("stack `" PHX_STR_FMT "` is not locked\n", PHX_STR_ARG(cli->graph->stack));
		return PHX_EXIT_OK;
	}
	printf("stack `" PHX_STR_FMT "` is unlocked; the lock was held by " PHX_STR_FMT "\n",
	       PHX_STR_ARG(cli->graph->stack), PHX_STR_ARG(holder));
	return PHX_EXIT_OK;
}

static bool sim_options(struct phx_cli *cli, struct phx_sim_options *o)
{
	const char *speed = phx_args_value(&cli->args, "speed");

	*o = (struct phx_sim_options){.dir = cli->args.words.v[1],
				      .listen = phx_args_value(&cli->args, "listen"),
				      .faults = phx_args_value(&cli->args, "faults"),
				      .guest_root = phx_args_value(&cli->args, "guest-root"),
				      .speed = 1};
	if (speed && (!phx_parse_double(phx_str_c(speed), &o->speed) || o->speed < 0))
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--speed %s`: expected a number from 0 (tasks end at once) on", speed);
	return true;
}

int phx_cmd_sim(struct phx_cli *cli)
{
	struct phx_sim_options o;
	struct phx_interrupts interrupts;
	struct phx_sim *sim;
	int status = PHX_EXIT_OK;

	if (cli->args.words.n != 2 || strcmp(cli->args.words.v[0], "serve") != 0) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "expected `phx sim serve DIR`");
		return phx_cli_fail(cli);
	}
	if (!sim_options(cli, &o) || !phx_interrupts_watch(&interrupts, &cli->err) ||
	    !(sim = phx_sim_open(&o, &cli->err)))
		return phx_cli_fail(cli);
	printf("simulated Proxmox VE cluster in %s\n  endpoint %s\n  token    %s\nCtrl-C ends it; the "
	       "cluster stays in its directory.\n",
	       o.dir, phx_sim_url(sim), phx_sim_token(sim));
	(void)!phx_cli_flush(cli);
	if (!phx_sim_serve(sim, interrupts.wake_fd, &cli->err))
		status = phx_cli_fail(cli);
	phx_sim_close(sim);
	return status;
}
