/* Ends what an operation has at work in the guest, and waits until it has. */
#include <string.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

enum { STOP_MS = 60000, LOOK_MS = 300 };

static void look(struct phx_op *op);

bool phx_stop_script(struct phx_op *op, struct phx_str *out, struct phx_err *err)
{
	return phx_bundle_wrapper(
		&op->arena,
		phx_str_printf(&op->arena, "phx_kill " PHX_STR_FMT, PHX_STR_ARG(op->bundle.id)).ptr, out,
		err);
}

static void stopped(struct phx_op *op)
{
	struct phx_guest_end end = {.exit_code = -1};

	op->begun = false;
	phx_op_end(op, &end);
}

/* "killed", or "none": it had ended by itself. */
static void judge(struct phx_op *op, struct phx_str said)
{
	struct phx_str mark =
		phx_str_printf(&op->arena, "phx-end " PHX_STR_FMT " ", PHX_STR_ARG(op->bundle.id));
	struct phx_buf safe = {0};

	if (phx_str_find(said, mark) >= 0) {
		stopped(op);
		return;
	}
	phx_buf_printable(&safe, phx_str_trim(said));
	phx_op_fail(op, PHX_ERR_TASK, NULL, "%s",
		    safe.len ? safe.ptr : "the guest does not say that it ended");
	phx_buf_done(&safe);
}

static bool in_trouble(struct phx_op *op, const struct phx_err *err, phx_op_fn *again)
{
	if (err->kind == PHX_ERR_NONE)
		return false;
	if (!phx_ask_trouble(op, err, again))
		phx_op_fail_err(op, err);
	return true;
}

static void command_ended(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (!in_trouble(op, err, phx_stop_begin))
		judge(op, phx_json_str(data, "err-data"));
}

static void looked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (phx_ask_forgot(err))
		phx_op_sleep(op, LOOK_MS, phx_stop_begin);
	else if (in_trouble(op, err, look))
		return;
	else if (!phx_json_bool(data, "exited", false))
		phx_op_sleep(op, LOOK_MS, look);
	else
		judge(op, phx_json_str(data, "err-data"));
}

static void look(struct phx_op *op)
{
	phx_ask_status(op, looked);
}

static void asked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (in_trouble(op, err, phx_stop_begin))
		return;
	op->pid = phx_json_int(data, "pid", -1);
	phx_op_sleep(op, LOOK_MS, look);
}

void phx_stop_begin(struct phx_op *op)
{
	struct phx_argv argv = {0};
	struct phx_err err = {0};
	struct phx_str script;

	if (!op->begun) {
		stopped(op);
	} else if (!phx_stop_script(op, &script, &err)) {
		phx_op_fail_err(op, &err);
	} else if (op->way == PHX_WAY_PCT) {
		phx_guest_argv(&op->arena, &op->guest, op->way, (struct phx_str){0}, true, &argv);
		phx_ask_command(op, &argv, script, NULL, command_ended);
	} else {
		phx_ask_exec(op, script, false, asked);
	}
	phx_err_done(&err);
}

/* A request that begins it cannot be called back: what comes of it is waited for. */
static void stop(struct phx_op *op, const struct phx_guest_watch *w)
{
	op->watch = *w;
	op->quiet = op->stopping = true;
	op->silent_since = 0;
	op->deadline = phx_now_ms() + STOP_MS;
	if (op->sending)
		return;
	phx_op_detach(op);
	phx_op_sleep(op, 0, phx_stop_begin);
}

void phx_guest_stop(struct phx_channel *c, uint64_t handle, const struct phx_guest_watch *w)
{
	for (struct phx_op *op = c->ops; op; op = op->next)
		if (op->handle == handle && !op->ended)
			stop(op, w);
}

struct phx_str phx_guest_run_id(const struct phx_channel *c, uint64_t handle)
{
	for (const struct phx_op *op = c->ops; op; op = op->next)
		if (op->handle == handle && !op->ended)
			return op->bundle.id;
	return (struct phx_str){0};
}
