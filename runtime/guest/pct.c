/* A bundle by `pct exec`: its output comes live, the end on standard error. When the way to the node breaks, the step goes on in the
 * guest, and is joined. */
#include <string.h>

#include "guest/channel_priv.h"

enum { HOLD = 512 };

static void next_piece(struct phx_op *op);
static void send_bundle(struct phx_op *op);
static void join(struct phx_op *op);

static void piece_sent(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	(void)data;
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, next_piece))
			phx_op_fail_err(op, err);
		return;
	}
	phx_ask_fine(op);
	op->piece++;
	next_piece(op);
}

static void next_piece(struct phx_op *op)
{
	if (op->piece < op->bundle.pieces.n)
		phx_ask_piece(op, &op->bundle.pieces.v[op->piece], piece_sent);
	else
		send_bundle(op);
}

/* A run that is joined passes all of its output on again. */
static struct phx_str not_yet(uint64_t *skip, struct phx_str bytes)
{
	size_t n = *skip < bytes.len ? (size_t)*skip : bytes.len;

	*skip -= n;
	return phx_str_from(bytes, n);
}

static void drop_front(struct phx_buf *b, size_t n)
{
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
}

/* The line that says so is none of the command's. */
static void joined(struct phx_op *op)
{
	static const char mark[] = "phx-joined\n";

	if (op->heard || op->control.len < sizeof(mark) - 1)
		return;
	op->heard = true;
	if (phx_str_starts(phx_buf_view(&op->control), mark)) {
		op->joined = true;
		drop_front(&op->control, sizeof(mark) - 1);
	}
}

/* What the wrapper says last must not pass for the command's: the end of standard error is held back. */
static void output(void *user, bool is_stderr, struct phx_str bytes)
{
	struct phx_op *op = ((struct phx_op_link *)user)->op;
	size_t pass;

	if (!op)
		return;
	phx_ask_fine(op);
	if (!is_stderr) {
		phx_stream_add(op, false, not_yet(&op->skip_out, bytes));
		return;
	}
	phx_buf_str(&op->control, bytes);
	joined(op);
	if (!op->split || op->control.len <= HOLD)
		return;
	pass = op->control.len - HOLD;
	phx_stream_add(op, true, not_yet(&op->skip_err, (struct phx_str){op->control.ptr, pass}));
	drop_front(&op->control, pass);
}

static void ended(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_str control = phx_str_dup(&op->arena, phx_buf_view(&op->control));

	(void)data;
	phx_buf_clear(&op->control);
	if (err->kind == PHX_ERR_NONE)
		phx_op_judge(op, (struct phx_str){0}, control);
	else if (err->kind == PHX_ERR_TIMEOUT || !phx_ask_trouble(op, err, join))
		phx_op_fail_err(op, err);
}

static void run(struct phx_op *op, struct phx_str script)
{
	struct phx_argv argv = {0};

	op->heard = false;
	op->skip_out = op->out.total;
	op->skip_err = op->err.total;
	phx_guest_argv(&op->arena, &op->guest, PHX_WAY_PCT, (struct phx_str){0}, true, &argv);
	phx_ask_command(op, &argv, script, output, ended);
}

static void send_bundle(struct phx_op *op)
{
	op->begun = true;
	run(op, op->bundle.text);
}

static void join(struct phx_op *op)
{
	struct phx_str script, log = op->bundle.log;
	struct phx_err err = {0};
	const char *call;

	log = phx_str_slice(log, sizeof("/var/log/phx/") - 1, log.len - (sizeof("/var/log/phx/.log") - 1));
	call = phx_str_printf(&op->arena, "phx_join " PHX_STR_FMT " " PHX_STR_FMT " stream %d",
			      PHX_STR_ARG(op->bundle.id),
			      PHX_STR_ARG(op->bundle.log.len ? log : PHX_STR("-")), op->split)
		       .ptr;
	if (phx_bundle_wrapper(&op->arena, call, &script, &err))
		run(op, script);
	else
		phx_op_fail_err(op, &err);
	phx_err_done(&err);
}

void phx_pct_begin(struct phx_op *op)
{
	next_piece(op);
}
