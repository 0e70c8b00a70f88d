/* All of a run's output by way of the agent, whose answers hold only the newest of it: what they leave out is read from the files in which
 * the guest keeps it, a piece at a time. Offsets alone say what comes next, so that a lost answer costs a question and no byte. */
#include <string.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

/* Pieces are whole blocks: dd finds those without reading what stands before them. */
enum {
	BLOCK = 4096,
	AGENT_BLOCKS = 1536,
	QM_BLOCKS = 150,
	LOOK_MS = 60,
	PROGRESS_MS = 300000,
	FILE_GONE = 9
};

static void cut_piece(struct phx_op *op);
static void look(struct phx_op *op);

static struct phx_op_stream *stream_of(struct phx_op *op)
{
	return op->fetch_err ? &op->err : &op->out;
}

static uint64_t first_block(struct phx_op *op)
{
	return stream_of(op)->total / BLOCK;
}

static uint64_t blocks(const struct phx_op *op)
{
	return op->way == PHX_WAY_QM ? QM_BLOCKS : AGENT_BLOCKS;
}

static struct phx_str piece_path(struct phx_op *op)
{
	return phx_str_printf(&op->arena, "/var/lib/phx/run/" PHX_STR_FMT "/piece.%u",
			      PHX_STR_ARG(op->bundle.id), op->fetched);
}

static void damaged(struct phx_op *op)
{
	phx_op_fail(op, PHX_ERR_DATA, NULL, "a piece of its output came back damaged");
}

/* What stands in the piece before the first byte that is missing, and after the last one that is wanted, is left. */
static bool take(struct phx_op *op, struct phx_str bytes)
{
	struct phx_op_stream *s = stream_of(op);
	uint64_t at = first_block(op) * BLOCK, end = at + blocks(op) * BLOCK;
	size_t skip = (size_t)(s->total - at), len;

	if (end > s->known)
		end = s->known;
	len = (size_t)(end - s->total);
	if (bytes.len < skip + len)
		return false;
	phx_stream_add(op, op->fetch_err, phx_str_slice(bytes, skip, len));
	return true;
}

static void piece_read(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_str text = phx_json_str(data, "content");
	struct phx_buf coded = {0}, bytes = {0};
	uint64_t now = phx_now_ms();
	bool ok;

	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, cut_piece))
			phx_op_fail_err(op, err);
		return;
	}
	phx_ask_fine(op);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\n')
			phx_buf_ch(&coded, text.ptr[i]);
	ok = !phx_json_bool(data, "truncated", false) && phx_buf_unbase64(&bytes, phx_buf_view(&coded)) &&
	     take(op, phx_buf_view(&bytes));
	phx_buf_done(&coded);
	phx_buf_done(&bytes);
	/* The command's own time is kept in the guest; its output may take longer. */
	if (op->deadline < now + PROGRESS_MS)
		op->deadline = now + PROGRESS_MS;
	if (ok)
		phx_fetch(op, op->fetch_err, op->fetch_then);
	else
		damaged(op);
}

/* After a flood of output it is not kept; how the command ended says so. */
static void file_gone(struct phx_op *op)
{
	struct phx_op_stream *s = stream_of(op);

	s->left_out += s->known - s->total;
	s->known = s->total;
	op->fetch_then(op);
}

static void looked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (phx_ask_forgot(err))
			phx_op_sleep(op, LOOK_MS, cut_piece);
		else if (!phx_ask_trouble(op, err, look))
			phx_op_fail_err(op, err);
		return;
	}
	phx_ask_fine(op);
	if (!phx_json_bool(data, "exited", false))
		phx_op_sleep(op, LOOK_MS, look);
	else if (phx_json_int(data, "exitcode", -1) == 0)
		phx_ask_read(op, piece_path(op), piece_read);
	else if (phx_json_int(data, "exitcode", -1) == FILE_GONE)
		file_gone(op);
	else
		phx_op_fail(op, PHX_ERR_TASK, NULL, "its output cannot be read in the guest: " PHX_STR_FMT,
			    PHX_STR_ARG(phx_str_trim(phx_json_str(data, "err-data"))));
}

static void look(struct phx_op *op)
{
	phx_ask_status(op, looked);
}

static void cut_begun(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, cut_piece))
			phx_op_fail_err(op, err);
		return;
	}
	op->pid = phx_json_int(data, "pid", -1);
	phx_op_sleep(op, LOOK_MS, look);
}

/* Each one has a name of its own: one whose answer was lost may be written still. */
static void cut_piece(struct phx_op *op)
{
	struct phx_str before = piece_path(op);
	const char *file = op->fetch_err ? "err" : "out";

	op->fetched++;
	phx_ask_exec(op,
		     phx_str_printf(&op->arena,
				    "umask 077; cd /var/lib/phx/run/" PHX_STR_FMT
				    " && [ -e %s ] || exit %d; rm -f " PHX_STR_FMT
				    "; dd if=%s bs=%d skip=%llu count=%llu 2>/dev/null | base64 >" PHX_STR_FMT
				    "\n",
				    PHX_STR_ARG(op->bundle.id), file, FILE_GONE, PHX_STR_ARG(before), file,
				    BLOCK, (unsigned long long)first_block(op),
				    (unsigned long long)blocks(op), PHX_STR_ARG(piece_path(op))),
		     false, cut_begun);
}

void phx_fetch(struct phx_op *op, bool is_err, phx_op_fn *then)
{
	op->fetch_err = is_err;
	op->fetch_then = then;
	if (stream_of(op)->total < stream_of(op)->known)
		cut_piece(op);
	else
		then(op);
}

static void forgotten(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	/* What stays behind is small harm: a later run in the guest clears it. */
	(void)err;
	(void)data;
	op->fetch_then(op);
}

void phx_fetch_forget(struct phx_op *op, phx_op_fn *then)
{
	op->fetch_then = then;
	phx_ask_exec(op,
		     phx_str_printf(&op->arena, "rm -rf /var/lib/phx/run/" PHX_STR_FMT "\n",
				    PHX_STR_ARG(op->bundle.id)),
		     false, forgotten);
}
