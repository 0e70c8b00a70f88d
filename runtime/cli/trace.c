/* --trace: one JSON line a request. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct phx_trace {
	int fd;
	bool failed; /* it is not whole, and nothing more is written */
};

bool phx_trace_open(struct phx_cli *cli, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return phx_err_errno(&cli->err, errno, "--trace %s", path);
	cli->trace = PHX_NEW(cli->arena, struct phx_trace);
	*cli->trace = (struct phx_trace){.fd = fd};
	return true;
}

static void write_params(struct phx_jw *w, const struct phx_params *params)
{
	phx_jw_object(w);
	for (uint32_t i = 0; params && i < params->v.n; i++) {
		const struct phx_param *p = &params->v.v[i];
		bool repeated = false;

		for (uint32_t k = 0; k < i; k++)
			repeated = repeated || phx_str_eq(params->v.v[k].name, p->name);
		if (repeated)
			continue;
		uint32_t count = 0;
		for (uint32_t k = i; k < params->v.n; k++)
			count += phx_str_eq(params->v.v[k].name, p->name);
		phx_jw_key_str(w, p->name);
		if (count > 1)
			phx_jw_array(w);
		for (uint32_t k = i; k < params->v.n; k++)
			if (phx_str_eq(params->v.v[k].name, p->name))
				phx_jw_str(w, params->v.v[k].secret ? PHX_STR("(secret)")
								    : params->v.v[k].value);
		if (count > 1)
			phx_jw_end_array(w);
	}
	phx_jw_end_object(w);
}

/* A full disk must not stop an apply: it is said at once, and the exit status tells it too. */
static void add_line(struct phx_cli *cli, struct phx_str line)
{
	while (line.len) {
		ssize_t n = write(cli->trace->fd, line.ptr, line.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			cli->trace->failed = true;
			phx_cli_note(cli, "phx: cannot write the trace (--trace %s): %s; it ends here",
				     phx_args_value(&cli->args, "trace"), strerror(n ? errno : ENOSPC));
			return;
		}
		line = phx_str_from(line, (size_t)n);
	}
}

void phx_trace_hook(void *user, enum phx_method method, struct phx_str path, const struct phx_params *params,
		    int status, uint32_t ms, const struct phx_err *err)
{
	struct phx_cli *cli = user;
	struct phx_buf line = {0};
	struct phx_jw w;

	phx_jw_init(&w, &line, 0);
	w.secrets = &cli->secrets;
	phx_jw_object(&w);
	phx_jw_key(&w, "method");
	phx_jw_c(&w, phx_method_name(method));
	phx_jw_key(&w, "path");
	phx_jw_str(&w, path);
	phx_jw_key(&w, "params");
	write_params(&w, params);
	phx_jw_key(&w, "status");
	phx_jw_int(&w, status);
	phx_jw_key(&w, "ms");
	phx_jw_int(&w, ms);
	if (err && err->kind != PHX_ERR_NONE) {
		phx_jw_key(&w, "error");
		phx_jw_str(&w, phx_buf_view(&err->msg));
	}
	phx_jw_end_object(&w);
	phx_buf_ch(&line, '\n');
	if (!cli->trace->failed)
		add_line(cli, phx_buf_view(&line));
	phx_buf_done(&line);
}

bool phx_trace_failed(const struct phx_trace *t)
{
	return t && t->failed;
}

void phx_trace_close(struct phx_trace *t)
{
	if (t)
		close(t->fd);
}
