/* A bundle by way of the guest agent: pieces, the bundle itself as the input of /bin/sh, then looking until it has ended. What was begun
 * is followed over an agent that dies and comes back, and over answers that are lost: the guest keeps the state. */
#include <string.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

enum { FIRST_LOOK_MS = 60, LOOK_MS = 300, SLOW_LOOK_MS = 1000, TAIL_EVERY_MS = 1000, JOINS_MAX = 20 };

static void poll_end(struct phx_op *op);
static void join(struct phx_op *op);
static void next_piece(struct phx_op *op);
static void send_bundle(struct phx_op *op);

static void failed(struct phx_op *op, const struct phx_err *err, const char *doing)
{
	struct phx_err own = {0};

	phx_err_copy(&own, err);
	if (doing)
		phx_err_wrap(&own, "%s", doing);
	phx_op_fail_err(op, &own);
	phx_err_done(&own);
}

/* ---- room for the pieces ---- */

static void make_room(struct phx_op *op);
static void poll_room(struct phx_op *op);

static void room_looked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (phx_ask_forgot(err))
			phx_op_sleep(op, FIRST_LOOK_MS, make_room);
		else if (!phx_ask_trouble(op, err, poll_room))
			failed(op, err, "cannot make a directory in the guest");
		return;
	}
	phx_ask_fine(op);
	if (!phx_json_bool(data, "exited", false))
		phx_op_sleep(op, FIRST_LOOK_MS, poll_room);
	else if (phx_json_int(data, "exitcode", -1) == 0)
		next_piece(op);
	else
		phx_op_fail(op, PHX_ERR_TASK, NULL, "cannot make a directory in the guest: " PHX_STR_FMT,
			    PHX_STR_ARG(phx_str_trim(phx_json_str(data, "err-data"))));
}

static void poll_room(struct phx_op *op)
{
	phx_ask_status(op, room_looked);
}

static void room_begun(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, make_room))
			failed(op, err, NULL);
		return;
	}
	op->pid = phx_json_int(data, "pid", -1);
	phx_op_sleep(op, FIRST_LOOK_MS, poll_room);
}

static void make_room(struct phx_op *op)
{
	phx_ask_exec(op, phx_bundle_make_room(&op->arena, &op->bundle), false, room_begun);
}

static void piece_sent(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	(void)data;
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, next_piece))
			failed(op, err, "a piece of a file cannot be written in the guest");
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

/* ---- the bundle ---- */

static void begun(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	bool unsure = err->kind == PHX_ERR_LOST || err->kind == PHX_ERR_TIMEOUT;

	op->sending = false;
	if (op->stopping) {
		op->begun = unsure || err->kind == PHX_ERR_NONE;
		phx_stop_begin(op);
		return;
	}
	if (unsure) {
		/* It may be at work: that is asked first. */
		op->begun = true;
		phx_op_sleep(op, FIRST_LOOK_MS, join);
		return;
	}
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, send_bundle))
			failed(op, err, NULL);
		return;
	}
	phx_ask_fine(op);
	op->begun = true;
	op->pid = phx_json_int(data, "pid", -1);
	op->tail_at = phx_now_ms();
	phx_op_sleep(op, FIRST_LOOK_MS, poll_end);
}

static void send_bundle(struct phx_op *op)
{
	op->sending = true;
	phx_ask_exec(op, op->bundle.text, op->bundle.secret, begun);
}

static void joined(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, join))
			failed(op, err, NULL);
		return;
	}
	phx_ask_fine(op);
	op->pid = phx_json_int(data, "pid", -1);
	phx_op_sleep(op, FIRST_LOOK_MS, poll_end);
}

/* Whoever watched it in the guest is gone; it may be at work still, or have ended meanwhile. */
static void join(struct phx_op *op)
{
	struct phx_str script, log = op->bundle.log;
	struct phx_err err = {0};
	const char *call;

	if (++op->joins > JOINS_MAX) {
		phx_op_fail(op, PHX_ERR_LOST, NULL,
			    "the guest agent forgets what it started, again and again");
		return;
	}
	log = phx_str_slice(log, sizeof("/var/log/phx/") - 1, log.len - (sizeof("/var/log/phx/.log") - 1));
	call = phx_str_printf(&op->arena, "phx_join " PHX_STR_FMT " " PHX_STR_FMT " %s %d",
			      PHX_STR_ARG(op->bundle.id),
			      PHX_STR_ARG(op->bundle.log.len ? log : PHX_STR("-")),
			      phx_bundle_mode(op->way, op->whole), op->split)
		       .ptr;
	if (phx_bundle_wrapper(&op->arena, call, &script, &err))
		phx_ask_exec(op, script, false, joined);
	else
		phx_op_fail_err(op, &err);
	phx_err_done(&err);
}

/* ---- while it runs ---- */

static void look_again(struct phx_op *op)
{
	uint64_t since = phx_now_ms() - op->began_at;

	phx_op_sleep(op, since < 1000 ? FIRST_LOOK_MS : since < 10000 ? LOOK_MS : SLOW_LOOK_MS, poll_end);
}

/* "SIZE", then the newest bytes in base64. What they leave out of a run that is wanted whole is fetched afterwards. */
static bool read_tail(struct phx_op *op, struct phx_str text, bool is_err)
{
	struct phx_str size, rest = text;
	struct phx_buf coded = {0}, bytes = {0};
	uint64_t total = 0, seen = is_err ? op->err.total : op->out.total;
	bool ok = phx_str_cut(&rest, '\n', &size) && phx_parse_u64(phx_str_trim(size), &total);

	for (size_t i = 0; ok && i < rest.len; i++)
		if (rest.ptr[i] != '\n')
			phx_buf_ch(&coded, rest.ptr[i]);
	ok = ok && phx_buf_unbase64(&bytes, phx_buf_view(&coded));
	if (ok && op->whole && total > bytes.len + seen)
		(is_err ? &op->err : &op->out)->known = total;
	else if (ok)
		phx_stream_tail(op, is_err, total, phx_buf_view(&bytes));
	phx_buf_done(&coded);
	phx_buf_done(&bytes);
	return ok;
}

static struct phx_str tail_path(struct phx_op *op, const char *name)
{
	return phx_str_printf(&op->arena, "/var/lib/phx/run/" PHX_STR_FMT "/%s", PHX_STR_ARG(op->bundle.id),
			      name);
}

static void tails_done(struct phx_op *op)
{
	op->tail_at = phx_now_ms();
	look_again(op);
}

static void err_tail_read(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind == PHX_ERR_NONE)
		(void)read_tail(op, phx_json_str(data, "content"), true);
	phx_fetch(op, true, tails_done);
}

static void read_err_tail(struct phx_op *op)
{
	phx_ask_read(op, tail_path(op, "tail.err"), err_tail_read);
}

/* There is none before the first output, and none any more after the last: neither matters. */
static void tail_read(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind == PHX_ERR_NONE)
		(void)read_tail(op, phx_json_str(data, "content"), false);
	phx_fetch(op, false, op->split ? read_err_tail : tails_done);
}

static void judge(struct phx_op *op)
{
	phx_op_judge(op, op->said_out, op->said_err);
}

static void forget(struct phx_op *op)
{
	if (op->fetched)
		phx_fetch_forget(op, judge);
	else
		judge(op);
}

static void fetch_err(struct phx_op *op)
{
	phx_fetch(op, true, forget);
}

static void looked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (phx_ask_forgot(err))
			phx_op_sleep(op, FIRST_LOOK_MS, join);
		else if (!phx_ask_trouble(op, err, poll_end))
			failed(op, err, NULL);
		return;
	}
	phx_ask_fine(op);
	if (!phx_json_bool(data, "exited", false)) {
		if (op->watch.output && !op->quiet && phx_now_ms() - op->tail_at >= TAIL_EVERY_MS)
			phx_ask_read(op, tail_path(op, "tail"), tail_read);
		else
			look_again(op);
	} else if (phx_json_bool(data, "out-truncated", false) ||
		   phx_json_bool(data, "err-truncated", false)) {
		phx_op_fail(op, PHX_ERR_DATA, NULL, "the end of the step came back cut off");
	} else if (phx_json_get(data, "signal")) {
		/* The one who watched was ended, with the agent perhaps; what it watched may live. */
		phx_op_sleep(op, LOOK_MS, join);
	} else if (op->whole) {
		/* What cannot be read of it is found by the judgement. */
		op->said_out = phx_str_dup(&op->arena, phx_json_str(data, "out-data"));
		op->said_err = phx_str_dup(&op->arena, phx_json_str(data, "err-data"));
		(void)phx_follow_output(op, op->said_out);
		phx_fetch(op, false, fetch_err);
	} else {
		phx_op_judge(op, phx_json_str(data, "out-data"), phx_json_str(data, "err-data"));
	}
}

static void poll_end(struct phx_op *op)
{
	phx_ask_status(op, looked);
}

void phx_follow_begin(struct phx_op *op)
{
	if (op->bundle.pieces.n && op->way == PHX_WAY_AGENT)
		make_room(op);
	else
		next_piece(op);
}

/* "phx-out\nSIZE\nBASE64…\nphx-err\n…": what was kept of the output at the end. */
bool phx_follow_output(struct phx_op *op, struct phx_str out)
{
	ptrdiff_t err_at;

	if (!phx_str_starts(out, "phx-out\n"))
		return out.len == 0;
	out = phx_str_from(out, sizeof("phx-out\n") - 1);
	err_at = phx_str_find(out, PHX_STR("phx-err\n"));
	if (err_at < 0)
		return read_tail(op, out, false);
	return read_tail(op, phx_str_slice(out, 0, (size_t)err_at), false) &&
	       read_tail(op, phx_str_from(out, (size_t)err_at + sizeof("phx-err\n") - 1), true);
}
