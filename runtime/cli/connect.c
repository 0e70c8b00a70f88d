/* From the command line and the cluster block to an open backend. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static void list_clusters(struct phx_cli *cli)
{
	struct phx_buf names = {0};

	if (!cli->graph->clusters.n)
		return;
	for (uint32_t i = 0; i < cli->graph->clusters.n; i++)
		phx_buf_printf(&names, "%s" PHX_STR_FMT, i ? ", " : "",
			       PHX_STR_ARG(cli->graph->clusters.v[i]->r.name));
	phx_err_hint(&cli->err, "clusters here: " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&names)));
	phx_buf_done(&names);
}

struct phx_cluster *phx_cli_cluster(struct phx_cli *cli)
{
	const char *name = phx_args_value(&cli->args, "cluster");
	const struct phx_graph *g = cli->graph;

	for (uint32_t i = 0; name && i < g->clusters.n; i++)
		if (phx_str_eqc(g->clusters.v[i]->r.name, name))
			return g->clusters.v[i];
	if (name) {
		phx_err_set(&cli->err, PHX_ERR_USAGE,
			    "`--cluster %s`: the configuration has no cluster of that name", name);
		list_clusters(cli);
		return NULL;
	}
	if (g->clusters.n == 1)
		return g->clusters.v[0];
	if (g->clusters.n == 0) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "the configuration names no cluster");
		phx_err_hint(&cli->err,
			     "add `cluster NAME { endpoint = \"https://HOST:8006\"; token = "
			     "env(\"PHX_TOKEN\") }`, "
			     "or use --sim DIR (a simulated cluster) or `plan --offline`; as root on a "
			     "Proxmox VE node none is needed");
		return NULL;
	}
	phx_err_set(&cli->err, PHX_ERR_USAGE, "the configuration names several clusters");
	list_clusters(cli);
	return NULL;
}

static bool sim_config(struct phx_cli *cli, const char *dir, struct phx_backend_config *c)
{
	const char *speed = phx_args_value(&cli->args, "sim-speed");
	const char *faults = phx_args_value(&cli->args, "sim-faults");

	if (phx_args_value(&cli->args, "cluster")) {
		const struct phx_cluster *cluster = phx_cli_cluster(cli);

		if (!cluster)
			return false;
		cli->connected = cli->graph->clusters.n > 1 ? cluster : NULL;
	}
	c->sim_dir = phx_str_c(dir);
	c->sim_faults = phx_str_c(faults);
	c->sim_guests = phx_str_c(phx_args_value(&cli->args, "sim-guests"));
	if (speed && (!phx_parse_double(phx_str_c(speed), &c->sim_speed) || c->sim_speed < 0))
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--sim-speed %s`: expected a number from 0 (no waiting) on", speed);
	return true;
}

/* As the cluster block says; else by what it has, and where we are. */
static enum phx_backend_kind kind_of(const struct phx_cluster *c)
{
	if (phx_str_eqc(c->backend, "local"))
		return PHX_BACKEND_LOCAL;
	if (phx_str_eqc(c->backend, "ssh"))
		return PHX_BACKEND_SSH;
	if (c->backend.len || c->endpoint.len || c->token.len || c->user.len)
		return PHX_BACKEND_API;
	if (c->ssh)
		return PHX_BACKEND_SSH;
	return phx_backend_here() ? PHX_BACKEND_LOCAL : PHX_BACKEND_API;
}

static bool cluster_config(struct phx_cli *cli, struct phx_backend_config *c)
{
	const struct phx_cluster *cluster;

	/* On a node there is no question which cluster is meant. */
	if (cli->graph->clusters.n == 0 && !phx_args_value(&cli->args, "cluster") && phx_backend_here()) {
		c->kind = PHX_BACKEND_LOCAL;
		return true;
	}
	cluster = phx_cli_cluster(cli);
	if (!cluster)
		return false;
	c->kind = kind_of(cluster);
	if (cli->graph->clusters.n > 1)
		cli->connected = cluster;
	c->endpoint = cluster->endpoint;
	c->token = cluster->token;
	c->user = cluster->user;
	c->password = cluster->password;
	c->fingerprint = cluster->fingerprint;
	c->ca_file = cluster->ca_file;
	c->ssh_host = cluster->ssh_host;
	c->ssh_user = cluster->ssh_user;
	c->ssh_port = cluster->ssh_port;
	return true;
}

/* A server that does not answer is asked by many at once: one line every few seconds says it all. */
static void note_retry(void *user, struct phx_str path, uint32_t attempt, uint64_t wait_ms,
		       const struct phx_err *why)
{
	enum { QUIET_MS = 5000 };
	struct phx_cli *cli = user;
	uint64_t now = phx_now_ms();

	(void)path;
	if (attempt < 2 || now - cli->retry_noted_ms < QUIET_MS)
		return;
	cli->retry_noted_ms = now;
	phx_cli_note(cli, PHX_STR_FMT "; again in %.1f s", PHX_STR_ARG(phx_buf_view(&why->msg)),
		     (double)wait_ms / 1000);
}

bool phx_cli_connect(struct phx_cli *cli)
{
	const char *sim = phx_args_value(&cli->args, "sim");
	const char *trace = phx_args_value(&cli->args, "trace");
	const char *parallel = phx_args_value(&cli->args, "parallel");
	struct phx_backend_config config = {.secrets = &cli->secrets};
	uint64_t n = 0;

	if (parallel && (!phx_parse_u64(phx_str_c(parallel), &n) || n < 1 || n > 256))
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--parallel %s`: expected a number from 1 to 256", parallel);
	if (sim ? !sim_config(cli, sim, &config) : !cluster_config(cli, &config))
		return false;
	if (trace && !phx_trace_open(cli, trace))
		return false;
	config.parallel = n > 8 ? (uint32_t)n : 8;
	config.hooks.user = cli;
	config.hooks.retrying = note_retry;
	config.hooks.traced = trace ? phx_trace_hook : NULL;
	return phx_backend_open(&config, cli->arena, &cli->backend, &cli->err);
}
