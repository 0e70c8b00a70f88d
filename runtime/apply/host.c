#include "apply/apply_priv.h"

static void command(const struct phx_action *a, struct phx_buf *out)
{
	for (uint32_t i = 0; i < a->argv.n; i++) {
		if (i)
			phx_buf_ch(out, ' ');
		phx_buf_str(out, a->argv.v[i]);
	}
}

/* What no API token may do: a command on the node. Short ones; the loop stands still meanwhile. */
void phx_host_begin(struct phx_job *j)
{
	struct phx_buf text = {0}, line = {0};
	struct phx_err err = {0};
	int code = 0;

	command(j->a, &line);
	j->res->attempts++;
	if (!phx_writer_host(j->run->writer, j->a->node, j->a->argv.v, j->a->argv.n, &text, &code, &err)) {
		phx_job_fail(j, &err);
	} else if (code != 0) {
		struct phx_buf safe = {0};

		phx_buf_printable(&safe, phx_str_trim(phx_buf_view(&text)));
		j->res->log = phx_str_dup(j->run->arena, phx_buf_view(&safe));
		phx_job_failf(j, PHX_ERR_SERVER, NULL,
			      "`" PHX_STR_FMT "` on node " PHX_STR_FMT " ended with exit code %d",
			      PHX_STR_ARG(phx_buf_view(&line)), PHX_STR_ARG(j->a->node), code);
		phx_buf_done(&safe);
	} else {
		phx_job_done(j, PHX_OUT_DONE);
	}
	phx_err_done(&err);
	phx_buf_done(&line);
	phx_buf_done(&text);
}
