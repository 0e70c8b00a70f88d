/* What no API token may do: a command on the node. */
#include "apply/apply_priv.h"
#include "backend/tool.h"

static void command_text(const struct phx_action *a, struct phx_buf *out)
{
	for (uint32_t i = 0; i < a->body->argv.n; i++) {
		if (i)
			phx_buf_ch(out, ' ');
		phx_buf_str(out, a->body->argv.v[i]);
	}
}

static void keep_output(struct phx_job *j, const struct phx_command_end *end)
{
	struct phx_buf text = {0}, masked = {0}, safe = {0};

	if (end->out.len + end->err_out.len == 0)
		return;
	phx_buf_str(&text, end->out);
	phx_buf_str(&text, end->err_out);
	if (j->run->o->secrets)
		phx_secrets_mask(j->run->o->secrets, phx_buf_view(&text), &masked);
	phx_buf_printable(&safe, phx_str_trim(phx_buf_view(j->run->o->secrets ? &masked : &text)));
	j->res->log = phx_str_dup(j->run->arena, phx_buf_view(&safe));
	phx_buf_done(&safe);
	phx_buf_done(&masked);
	phx_buf_done(&text);
}

static void judge(struct phx_job *j, const struct phx_command_end *end)
{
	struct phx_buf line = {0};
	struct phx_err err = {0};

	if (phx_tool_ok(j->a->body->argv.v, j->a->body->argv.n, end, &err)) {
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
	keep_output(j, end);
	command_text(j->a, &line);
	if (end->err.kind == PHX_ERR_CONNECT) {
		phx_job_fail(j, &end->err);
	} else if (end->err.kind != PHX_ERR_NONE) {
		phx_job_failf(j, end->err.kind, end->err.hint.ptr,
			      "`" PHX_STR_FMT "` on node " PHX_STR_FMT ": " PHX_STR_FMT,
			      PHX_STR_ARG(phx_buf_view(&line)), PHX_STR_ARG(j->a->node),
			      PHX_STR_ARG(phx_buf_view(&end->err.msg)));
	} else if (end->exit_code == 0 && end->signal == 0) { /* it said so in words only */
		phx_job_failf(j, err.kind, err.hint.ptr, "on node " PHX_STR_FMT ": " PHX_STR_FMT,
			      PHX_STR_ARG(j->a->node), PHX_STR_ARG(phx_buf_view(&err.msg)));
	} else {
		phx_job_failf(
			j, PHX_ERR_SERVER, NULL, "`" PHX_STR_FMT "` on node " PHX_STR_FMT " ended with %s %d",
			PHX_STR_ARG(phx_buf_view(&line)), PHX_STR_ARG(j->a->node),
			end->signal ? "signal" : "exit code", end->signal ? end->signal : end->exit_code);
	}
	phx_err_done(&err);
	phx_buf_done(&line);
}

static void ended(void *user, const struct phx_command_end *end)
{
	struct phx_job *j = user;
	struct phx_run *r = j->run;

	if (r->over)
		return;
	r->in_flight--;
	j->asking = false;
	phx_backend_yield(r->backend);
	judge(j, end);
}

void phx_host_begin(struct phx_job *j)
{
	struct phx_command c = {.node = j->a->node,
				.argv = j->a->body->argv.v,
				.argc = j->a->body->argv.n,
				.input = j->a->body->input,
				.timeout_ms = j->a->timeout_ms,
				.done = ended,
				.user = j};

	j->res->attempts++;
	j->asking = true;
	j->run->in_flight++;
	(void)phx_writer_command(j->run->writer, &c);
}
