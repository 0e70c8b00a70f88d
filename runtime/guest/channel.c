#include "guest/channel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

/* The guest ends what takes too long by itself; this is for a guest that does not. */
enum { GRACE_MS = 30000, DEFAULT_TIMEOUT_MS = 30 * 60 * 1000, SEEN_EVERY_MS = 10000 };

struct phx_channel *phx_channel_open(struct phx_inside *i, struct phx_arena *a, const struct phx_secrets *s)
{
	struct phx_channel *c = calloc(1, sizeof(*c));

	if (!c)
		phx_out_of_memory();
	*c = (struct phx_channel){
		.inside = i, .arena = a, .secrets = s, .nonce = (phx_wall_ms() << 16) ^ (uint64_t)getpid()};
	return c;
}

void phx_channel_patience(struct phx_channel *c, uint64_t ms)
{
	c->server_patience_ms = ms;
}

void phx_op_detach(struct phx_op *op)
{
	if (op->link)
		op->link->op = NULL;
	op->link = NULL;
	if (op->command)
		phx_inside_command_stop(op->c->inside, op->command);
	op->command = 0;
}

static void free_op(struct phx_op *op)
{
	phx_op_detach(op);
	if (op->done_more)
		op->done_more(op);
	phx_buf_done(&op->seen);
	phx_buf_done(&op->out.tail);
	phx_buf_done(&op->out.line);
	phx_buf_done(&op->err.tail);
	phx_buf_done(&op->err.line);
	phx_buf_done(&op->control);
	if (op->refusal)
		phx_err_done(op->refusal);
	phx_arena_done(&op->arena);
	free(op);
}

void phx_channel_close(struct phx_channel *c)
{
	if (!c)
		return;
	while (c->ops) {
		struct phx_op *op = c->ops;

		c->ops = op->next;
		free_op(op);
	}
	free(c);
}

struct phx_op *phx_op_new(struct phx_channel *c, const struct phx_guest_ref *g, uint8_t way,
			  const struct phx_guest_watch *w, uint64_t timeout_ms)
{
	struct phx_op *op = calloc(1, sizeof(*op));
	struct phx_op **at = &c->ops;

	if (!op)
		phx_out_of_memory();
	*op = (struct phx_op){.c = c,
			      .handle = ++c->handles,
			      .way = phx_guest_way_for(way, g->is_vm),
			      .guest = *g,
			      .watch = *w,
			      .began_at = phx_now_ms()};
	op->guest.node = phx_str_dup(&op->arena, g->node);
	op->deadline = op->began_at + (timeout_ms ? timeout_ms : DEFAULT_TIMEOUT_MS) + GRACE_MS;
	while (*at)
		at = &(*at)->next;
	*at = op;
	return op;
}

bool phx_op_alive(const struct phx_op *op)
{
	return !op->ended;
}

void phx_op_sleep(struct phx_op *op, uint64_t ms, phx_op_fn *resume)
{
	op->due = phx_now_ms() + ms;
	op->resume = resume;
}

struct phx_str phx_op_id(struct phx_op *op, const char *kind)
{
	return phx_str_printf(&op->arena, "%s-%llx-%llu", kind, (unsigned long long)op->c->nonce,
			      (unsigned long long)op->handle);
}

void phx_op_end(struct phx_op *op, struct phx_guest_end *end)
{
	phx_op_detach(op);
	op->due = 0;
	op->ended = true;
	phx_stream_flush(op, false);
	phx_stream_flush(op, true);
	end->out = phx_stream_kept(op, false);
	end->err_out = phx_stream_kept(op, true);
	end->cut = op->out.cut || op->err.cut;
	end->left_out = op->out.left_out + op->err.left_out;
	end->again = op->again;
	end->joined = op->joined;
	end->lost = op->begun;
	end->log = op->bundle.log;
	if (op->c->secrets && end->err.msg.len) {
		struct phx_buf safe = {0};

		phx_secrets_mask(op->c->secrets, phx_buf_view(&end->err.msg), &safe);
		phx_buf_done(&end->err.msg);
		end->err.msg = safe;
	}
	if (op->watch.done)
		op->watch.done(op->watch.user, end);
	phx_err_done(&end->err);
}

void phx_op_fail_err(struct phx_op *op, const struct phx_err *err)
{
	struct phx_guest_end end = {.exit_code = -1};

	phx_err_copy(&end.err, err);
	phx_op_end(op, &end);
}

void phx_op_fail(struct phx_op *op, enum phx_err_kind kind, const char *hint, const char *fmt, ...)
{
	struct phx_guest_end end = {.exit_code = -1};
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	end.err.kind = kind;
	va_start(ap, fmt);
	(void)vsnprintf(phx_buf_reserve(&end.err.msg, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	va_end(ap);
	end.err.msg.len += (size_t)n;
	if (hint)
		phx_err_hint(&end.err, "%s", hint);
	phx_op_end(op, &end);
}

/* Now, and every ten seconds while it stays so. */
void phx_op_see(struct phx_op *op, const char *fmt, ...)
{
	uint64_t now = phx_now_ms();
	struct phx_buf text = {0};
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	(void)vsnprintf(phx_buf_reserve(&text, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	va_end(ap);
	text.len += (size_t)n;
	if (op->watch.seen && (now - op->seen_at >= SEEN_EVERY_MS ||
			       !phx_str_eq(phx_buf_view(&text), phx_buf_view(&op->seen)))) {
		op->seen_at = now;
		op->watch.seen(op->watch.user, phx_buf_view(&text));
	}
	phx_buf_done(&op->seen);
	op->seen = text;
}

static void nobody(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	(void)op;
	(void)err;
	(void)data;
}

void phx_op_kill(struct phx_op *op)
{
	struct phx_str script;
	struct phx_err err = {0};
	struct phx_argv argv = {0};

	if (!op->begun)
		return;
	op->begun = false;
	phx_op_detach(op);
	if (phx_stop_script(op, &script, &err)) {
		if (op->way == PHX_WAY_PCT) {
			phx_guest_argv(&op->arena, &op->guest, op->way, (struct phx_str){0}, true, &argv);
			phx_ask_command(op, &argv, script, NULL, nobody);
		} else {
			phx_ask_exec(op, script, false, nobody);
		}
	}
	/* It goes on without us. */
	if (op->link)
		op->link->op = NULL;
	op->link = NULL;
	op->command = 0;
	phx_err_done(&err);
}

static void late(struct phx_op *op)
{
	double seconds = (double)(phx_now_ms() - op->began_at) / 1000;

	phx_op_detach(op);
	phx_op_kill(op);
	if (op->seen.len)
		phx_op_fail(op, PHX_ERR_TIMEOUT, NULL, "no end within %.0f s; last seen: %s", seconds,
			    op->seen.ptr);
	else
		phx_op_fail(op, PHX_ERR_TIMEOUT, NULL, "no end within %.0f s", seconds);
}

static void bury(struct phx_channel *c)
{
	for (struct phx_op **at = &c->ops; *at;) {
		struct phx_op *op = *at;

		if (!op->ended) {
			at = &op->next;
			continue;
		}
		*at = op->next;
		free_op(op);
	}
}

uint64_t phx_channel_work(struct phx_channel *c)
{
	uint64_t now = phx_now_ms(), next = UINT64_MAX;

	for (struct phx_op *op = c->ops; op; op = op->next) {
		if (!op->ended && now >= op->deadline) {
			late(op);
		} else if (!op->ended && op->due && now >= op->due) {
			op->due = 0;
			op->resume(op);
		}
	}
	bury(c);
	now = phx_now_ms();
	for (struct phx_op *op = c->ops; op; op = op->next) {
		uint64_t at = op->due && op->due < op->deadline ? op->due : op->deadline;
		uint64_t left = op->ended || at <= now ? 0 : at - now;

		next = left < next ? left : next;
	}
	return next;
}

static void refused(struct phx_op *op)
{
	phx_op_fail_err(op, op->refusal);
}

/* Not from here: the caller has no handle yet. */
void phx_op_refuse(struct phx_op *op, struct phx_err *err)
{
	op->refusal = PHX_NEW(&op->arena, struct phx_err);
	*op->refusal = *err;
	*err = (struct phx_err){0};
	phx_op_sleep(op, 0, refused);
}

void phx_op_begin(struct phx_op *op, const struct phx_guest_work *work, const struct phx_bundle_options *o)
{
	struct phx_err err = {0};

	op->split = o->split;
	op->whole = o->whole;
	if (phx_bundle_build(&op->arena, work, op->way, o, &op->bundle, &err))
		phx_op_sleep(op, 0, phx_bundle_begin);
	else
		phx_op_refuse(op, &err);
}

void phx_bundle_begin(struct phx_op *op)
{
	op->piece = 0;
	if (op->way == PHX_WAY_PCT)
		phx_pct_begin(op);
	else
		phx_follow_begin(op);
}

uint64_t phx_guest_do(struct phx_channel *c, const struct phx_guest_ref *guest,
		      const struct phx_guest_work *work, const struct phx_guest_watch *w)
{
	struct phx_op *op = phx_op_new(c, guest, work->way, w, work->timeout_ms);
	struct phx_bundle_options o = {0};

	op->repeatable = true;
	op->patience_ms = work->patience_ms;
	phx_op_begin(op, work, &o);
	return op->handle;
}

/* The words as a script, so that it is run like any other. */
static void words(struct phx_buf *script, const struct phx_guest_run *run)
{
	phx_buf_c(script, "exec");
	for (uint32_t i = 0; i < run->argc; i++) {
		phx_buf_ch(script, ' ');
		phx_shell_word(script, run->argv[i]);
	}
	phx_buf_ch(script, '\n');
}

uint64_t phx_guest_run(struct phx_channel *c, const struct phx_guest_run *run,
		       const struct phx_guest_watch *w)
{
	struct phx_op *op = phx_op_new(c, &run->guest, run->way, w, run->timeout_ms);
	struct phx_guest_work work = {.what = PHX_STR("run"), .timeout_ms = run->timeout_ms};
	struct phx_bundle_options o = {.split = true,
				       .whole = run->whole && w->output,
				       .id = phx_op_id(op, "run"),
				       .input = run->input,
				       .has_input = true};
	struct phx_buf script = {0};

	op->patience_ms = run->patience_ms;

	words(&script, run);
	work.script = phx_buf_view(&script);
	for (uint32_t i = 0; i < run->env_n; i++)
		phx_vec_push(&op->arena, &work.env, run->env[i]);
	o.secret_input = true;
	phx_op_begin(op, &work, &o);
	phx_buf_done(&script);
	return op->handle;
}

static void ready_asked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_guest_end end = {0};

	(void)data;
	if (err->kind != PHX_ERR_NONE)
		phx_op_fail_err(op, err);
	else
		phx_op_end(op, &end);
}

static void ready_begin(struct phx_op *op)
{
	phx_ask_ready(op, ready_asked);
}

uint64_t phx_guest_ready(struct phx_channel *c, const struct phx_guest_ref *guest, enum phx_guest_way way,
			 const struct phx_guest_watch *w)
{
	struct phx_op *op = phx_op_new(c, guest, (uint8_t)way, w, 30000);

	phx_op_sleep(op, 0, ready_begin);
	return op->handle;
}

void phx_guest_cancel(struct phx_channel *c, uint64_t handle)
{
	for (struct phx_op *op = c->ops; op; op = op->next) {
		if (op->handle != handle || op->ended)
			continue;
		phx_op_detach(op);
		phx_op_kill(op);
		op->ended = true; /* buried by the next phx_channel_work */
	}
}
