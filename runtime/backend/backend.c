#include "backend/backend.h"

#include <string.h>

#include "backend/backend_priv.h"
#include "backend/task.h"
#include "base/sys.h"

enum { RUN_STEP_MS = 1000, SIGNAL_EXIT = 128, NOW_LOCK_TRIES = 4, NOW_LOCK_WAIT_MS = 100 };

void phx_backend_wire(struct phx_backend *b, const struct phx_backend_ops *ops, void *impl)
{
	b->ops = ops;
	b->impl = impl;
	b->reader.backend = b;
	b->prober.backend = b;
	b->inside.backend = b;
	b->writer.backend = b;
}

void phx_backend_close(struct phx_backend *b)
{
	if (b)
		b->ops->close(b->impl);
}

struct phx_reader *phx_backend_reader(struct phx_backend *b)
{
	return &b->reader;
}

struct phx_prober *phx_backend_prober(struct phx_backend *b)
{
	return &b->prober;
}

struct phx_writer *phx_backend_writer(struct phx_backend *b)
{
	return &b->writer;
}

struct phx_reader *phx_writer_reader(struct phx_writer *w)
{
	return &w->backend->reader;
}

struct phx_backend *phx_reader_backend(struct phx_reader *r)
{
	return r->backend;
}

void phx_reader_get(struct phx_reader *r, const struct phx_request *request)
{
	if (request->method != PHX_GET)
		PHX_BUG("%s " PHX_STR_FMT " through a handle that only reads",
			phx_method_name(request->method), PHX_STR_ARG(request->path));
	r->backend->ops->send(r->backend->impl, request);
}

void phx_writer_send(struct phx_writer *w, const struct phx_request *request)
{
	w->backend->ops->send(w->backend->impl, request);
}

uint32_t phx_backend_run(struct phx_backend *b, uint64_t wait_ms, int wake_fd)
{
	return b->ops->run(b->impl, wait_ms, wake_fd);
}

void phx_backend_yield(struct phx_backend *b)
{
	b->ops->yield(b->impl);
}

struct waited {
	struct phx_answer answer;
	struct phx_backend *backend;
	bool here;
};

static void waited_done(void *user, struct phx_answer *answer)
{
	struct waited *w = user;

	w->answer = *answer;
	*answer = (struct phx_answer){0};
	w->here = true;
	phx_backend_yield(w->backend);
}

static bool call_now(struct phx_backend *b, enum phx_method m, struct phx_str path,
		     const struct phx_params *params, json_t **out, struct phx_err *err)
{
	struct phx_arena a = {0};
	struct waited w = {.backend = b};
	struct phx_request r = {
		.method = m, .path = path, .params = params, .arena = &a, .done = waited_done, .user = &w};
	bool ok;

	b->ops->send(b->impl, &r);
	while (!w.here)
		phx_backend_run(b, RUN_STEP_MS, -1);
	ok = w.answer.err.kind == PHX_ERR_NONE;
	if (!ok) {
		phx_err_copy(err, &w.answer.err);
	} else if (out) {
		*out = w.answer.data;
		w.answer.data = NULL;
	}
	phx_answer_done(&w.answer);
	phx_arena_done(&a);
	return ok;
}

bool phx_reader_get_now(struct phx_reader *r, struct phx_str path, const struct phx_params *params,
			json_t **out, struct phx_err *err)
{
	return call_now(r->backend, PHX_GET, path, params, out, err);
}

bool phx_writer_send_now(struct phx_writer *w, enum phx_method m, struct phx_str path,
			 const struct phx_params *params, json_t **out, struct phx_err *err)
{
	for (uint32_t try = 1;; try++) {
		if (call_now(w->backend, m, path, params, out, err))
			return true;
		/* `can't lock file … - got timeout`, after the server waited 10 s itself: nothing was done, and it passes. */
		if (err->kind != PHX_ERR_LOCKED ||
		    phx_str_find(phx_buf_view(&err->msg), PHX_STR("timeout")) < 0 || try == NOW_LOCK_TRIES)
			return false;
		phx_sleep_ms(NOW_LOCK_WAIT_MS << try);
		phx_err_clear(err);
	}
}

struct command_waited {
	struct phx_backend *backend;
	struct phx_buf *out, *out_err;
	int exit_code;
	struct phx_err err;
	bool here;
};

static void command_waited_done(void *user, const struct phx_command_end *end)
{
	struct command_waited *w = user;

	phx_err_copy(&w->err, &end->err);
	w->exit_code = end->signal ? SIGNAL_EXIT + end->signal : end->exit_code;
	if (w->out && end->out.len)
		phx_buf_str(w->out, end->out);
	if (w->out_err && end->err_out.len)
		phx_buf_str(w->out_err, end->err_out);
	w->here = true;
	phx_backend_yield(w->backend);
}

static bool command_now(struct phx_backend *b, const struct phx_command *c, struct phx_buf *out,
			struct phx_buf *out_err, int *out_exit, struct phx_err *err)
{
	struct command_waited w = {.backend = b, .out = out, .out_err = out_err};
	struct phx_command mine = *c;
	bool ok;

	mine.done = command_waited_done;
	mine.user = &w;
	mine.output = NULL;
	(void)b->ops->command(b->impl, &mine);
	while (!w.here)
		phx_backend_run(b, RUN_STEP_MS, -1);
	ok = w.err.kind == PHX_ERR_NONE;
	if (ok)
		*out_exit = w.exit_code;
	else
		phx_err_copy(err, &w.err);
	phx_err_done(&w.err);
	return ok;
}

uint64_t phx_writer_command(struct phx_writer *w, const struct phx_command *c)
{
	return w->backend->ops->command(w->backend->impl, c);
}

void phx_writer_command_stop(struct phx_writer *w, uint64_t handle)
{
	w->backend->ops->command_stop(w->backend->impl, handle);
}

bool phx_prober_run(struct phx_prober *p, const struct phx_command *c, struct phx_buf *out,
		    struct phx_buf *out_err, int *out_exit, struct phx_err *err)
{
	return command_now(p->backend, c, out, out_err, out_exit, err);
}

bool phx_backend_has_host(const struct phx_backend *b)
{
	return b->has_host;
}

struct phx_str phx_backend_identity(const struct phx_backend *b)
{
	return b->identity;
}

const char *phx_backend_endpoint(const struct phx_backend *b)
{
	return b->endpoint;
}

void phx_answer_done(struct phx_answer *a)
{
	json_decref(a->data);
	phx_err_done(&a->err);
	*a = (struct phx_answer){0};
}
