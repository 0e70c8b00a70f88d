#include "backend/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct phx_trace {
	const struct phx_secrets *secrets;
	int fd, failed; /* errno of the first write that failed */
};

bool phx_trace_open(const char *path, const struct phx_secrets *secrets, struct phx_trace **out,
		    struct phx_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	struct phx_trace *t;

	if (fd < 0)
		return phx_err_errno(err, errno, "cannot write the trace %s", path);
	t = calloc(1, sizeof(*t));
	if (!t)
		phx_out_of_memory();
	t->secrets = secrets;
	t->fd = fd;
	*out = t;
	return true;
}

bool phx_trace_close(struct phx_trace *t, struct phx_err *err)
{
	bool ok = true;

	if (!t)
		return true;
	if (close(t->fd) != 0 && !t->failed)
		t->failed = errno;
	if (t->failed)
		ok = phx_err_errno(err, t->failed, "the trace is not complete");
	free(t);
	return ok;
}

/* An array parameter (a repeated name) becomes a JSON array, at the place of its first. */
static void param(struct phx_jw *w, const struct phx_params *params, uint32_t at)
{
	const struct phx_param *first = &params->v.v[at];
	uint32_t n = 0;

	for (uint32_t i = 0; i < params->v.n; i++) {
		if (!phx_str_eq(params->v.v[i].name, first->name))
			continue;
		if (i < at)
			return; /* written already */
		n++;
	}
	phx_jw_key_str(w, first->name);
	if (n > 1)
		phx_jw_array(w);
	for (uint32_t i = at; i < params->v.n; i++) {
		const struct phx_param *p = &params->v.v[i];

		if (!phx_str_eq(p->name, first->name))
			continue;
		phx_jw_str(w, p->secret ? PHX_STR("(secret)") : p->value);
	}
	if (n > 1)
		phx_jw_end_array(w);
}

void phx_trace_line(const struct phx_secrets *secrets, enum phx_method method, struct phx_str path,
		    const struct phx_params *params, int status, uint32_t ms, const struct phx_err *err,
		    struct phx_buf *out)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	phx_jw_init(&w, &line, 0);
	phx_jw_object(&w);
	phx_jw_key(&w, "method");
	phx_jw_c(&w, phx_method_name(method));
	phx_jw_key(&w, "path");
	phx_jw_str(&w, path);
	phx_jw_key(&w, "params");
	phx_jw_object(&w);
	for (uint32_t i = 0; params && i < params->v.n; i++)
		param(&w, params, i);
	phx_jw_end_object(&w);
	phx_jw_key(&w, "status");
	phx_jw_int(&w, status);
	phx_jw_key(&w, "ms");
	phx_jw_int(&w, ms);
	if (err && err->kind != PHX_ERR_NONE) {
		phx_jw_key(&w, "error");
		phx_jw_str(&w, phx_buf_view(&err->msg));
	}
	phx_jw_end_object(&w);
	if (secrets)
		phx_secrets_mask(secrets, phx_buf_view(&line), out);
	else
		phx_buf_str(out, phx_buf_view(&line));
	phx_buf_done(&line);
}

void phx_trace_hook(void *user, enum phx_method method, struct phx_str path, const struct phx_params *params,
		    int status, uint32_t ms, const struct phx_err *err)
{
	struct phx_trace *t = user;
	struct phx_buf line = {0};
	size_t at = 0;

	phx_trace_line(t->secrets, method, path, params, status, ms, err, &line);
	phx_buf_ch(&line, '\n');
	/* One write a line: a killed run leaves whole lines. */
	while (at < line.len && !t->failed) {
		ssize_t n = write(t->fd, line.ptr + at, line.len - at);

		if (n > 0)
			at += (size_t)n;
		else if (n < 0 && errno != EINTR)
			t->failed = errno;
	}
	phx_buf_done(&line);
}
