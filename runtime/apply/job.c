#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

static void answered(void *user, struct phx_answer *answer)
{
	struct phx_job *j = user;
	struct phx_run *r = j->run;

	if (r->over) {
		phx_answer_done(answer);
		return;
	}
	r->in_flight--;
	j->asking = false;
	phx_backend_yield(r->backend);
	j->then(j, answer);
	phx_answer_done(answer);
}

static void ask(struct phx_job *j, const struct phx_request *q,
		void (*then)(struct phx_job *j, struct phx_answer *answer))
{
	if (j->asking || j->wake_at)
		PHX_BUG("action %u asks twice at once", j->a->id);
	j->asking = true;
	j->then = then;
	j->run->in_flight++;
	if (q->method == PHX_GET)
		phx_reader_get(j->run->reader, q);
	else
		phx_writer_send(j->run->writer, q);
}

void phx_job_get(struct phx_job *j, struct phx_str path, const struct phx_params *params,
		 void (*then)(struct phx_job *j, struct phx_answer *answer))
{
	struct phx_request q = {
		.method = PHX_GET, .path = path, .params = params, .done = answered, .user = j};

	ask(j, &q, then);
}

void phx_job_send(struct phx_job *j, enum phx_method method, struct phx_str path,
		  const struct phx_params *params, void (*then)(struct phx_job *j, struct phx_answer *answer))
{
	struct phx_request q = {
		.method = method, .path = path, .params = params, .done = answered, .user = j};

	/* A file goes with the action's own call only. */
	if (method == PHX_POST && phx_str_eq(path, j->a->path))
		q.upload_path = j->a->body->upload_path;
	ask(j, &q, then);
}

void phx_job_sleep(struct phx_job *j, uint64_t ms, void (*resume)(struct phx_job *j))
{
	if (j->asking || j->wake_at)
		PHX_BUG("action %u sleeps while it asks", j->a->id);
	j->wake_at = phx_now_ms() + (ms ? ms : 1);
	j->resume = resume;
}

uint64_t phx_job_jitter(const struct phx_job *j, uint64_t ms)
{
	return ms + (j->a->id * 2654435761u + j->backoff * 40503u) % (ms / 4 + 1);
}

void phx_job_say(struct phx_job *j, enum phx_event_kind kind, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		phx_out_of_memory();
	va_end(args);
	phx_run_emit(j->run, kind, j, j->a, phx_str_c(text));
	free(text);
}

void phx_job_done(struct phx_job *j, enum phx_outcome outcome)
{
	j->res->outcome = (uint8_t)outcome;
	j->res->warned = j->warned;
	phx_run_ended(j, true);
}

static struct phx_str kept(struct phx_job *j, struct phx_str text)
{
	struct phx_buf masked = {0};
	struct phx_str s;

	if (!text.len)
		return (struct phx_str){0};
	if (j->run->o->secrets)
		phx_secrets_mask(j->run->o->secrets, text, &masked);
	s = phx_str_dup(j->run->arena, masked.len ? phx_buf_view(&masked) : text);
	phx_buf_done(&masked);
	return s;
}

void phx_job_fail(struct phx_job *j, const struct phx_err *err)
{
	j->res->outcome = PHX_OUT_FAILED;
	j->res->kind = err->kind;
	j->res->message = kept(j, phx_buf_view(&err->msg));
	j->res->hint = kept(j, phx_buf_view(&err->hint));
	phx_run_ended(j, false);
}

void phx_job_failf(struct phx_job *j, enum phx_err_kind kind, const char *hint, const char *fmt, ...)
{
	struct phx_err err = {0};
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		phx_out_of_memory();
	va_end(args);
	phx_err_set(&err, kind, "%s", text);
	if (hint)
		phx_err_hint(&err, "%s", hint);
	free(text);
	phx_job_fail(j, &err);
	phx_err_done(&err);
}

/* A clone's and a migration's action stands on the source's node; afterwards the guest is where the call put it. */
struct phx_str phx_job_node(const struct phx_job *j)
{
	const struct phx_param *target = phx_job_param(j, "target");

	if (target && (j->a->op == PHX_OP_CLONE || j->a->op == PHX_OP_MIGRATE))
		return target->value;
	return j->a->node;
}

struct phx_str phx_job_guest_path(struct phx_job *j, const char *what)
{
	struct phx_buf path = {0};
	struct phx_str s;

	phx_buf_c(&path, "/nodes/");
	phx_buf_percent(&path, phx_job_node(j));
	phx_buf_printf(&path, "/%s/%llu%s", j->a->is_vm ? "qemu" : "lxc", (unsigned long long)j->a->guest_id,
		       what);
	s = phx_str_dup(&j->arena, phx_buf_view(&path));
	phx_buf_done(&path);
	return s;
}

const struct phx_param *phx_job_param(const struct phx_job *j, const char *name)
{
	for (uint32_t i = 0; i < j->a->params.v.n; i++) {
		if (phx_str_eqc(j->a->params.v.v[i].name, name))
			return &j->a->params.v.v[i];
	}
	return NULL;
}
