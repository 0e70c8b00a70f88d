/* Output of an operation: passed on by lines, so that secrets are seen whole; its end is kept. */
#include <string.h>

#include "guest/channel_priv.h"

enum { KEPT = 64 << 10, LINE_MAX_LEN = 8 << 10 };

static void show(struct phx_op *op, bool is_err, struct phx_str bytes)
{
	struct phx_buf safe = {0};

	if (bytes.len == 0 || !op->watch.output)
		return;
	if (op->c->secrets)
		phx_secrets_mask(op->c->secrets, bytes, &safe);
	else
		phx_buf_str(&safe, bytes);
	op->watch.output(op->watch.user, is_err, phx_buf_view(&safe));
	phx_buf_done(&safe);
}

static void keep(struct phx_op_stream *s, struct phx_str bytes)
{
	phx_buf_str(&s->tail, bytes);
	if (s->tail.len > 2 * KEPT) {
		memmove(s->tail.ptr, s->tail.ptr + s->tail.len - KEPT, KEPT);
		s->tail.len = KEPT;
		s->tail.ptr[KEPT] = 0;
		s->cut = true;
	}
}

void phx_stream_add(struct phx_op *op, bool is_err, struct phx_str bytes)
{
	struct phx_op_stream *s = is_err ? &op->err : &op->out;
	size_t whole;

	s->total += bytes.len;
	keep(s, bytes);
	if (op->quiet || !op->watch.output)
		return;
	phx_buf_str(&s->line, bytes);
	for (whole = s->line.len; whole > 0 && s->line.ptr[whole - 1] != '\n'; whole--)
		;
	if (s->line.len - whole > LINE_MAX_LEN)
		whole = s->line.len;
	if (whole == 0)
		return;
	show(op, is_err, (struct phx_str){s->line.ptr, whole});
	memmove(s->line.ptr, s->line.ptr + whole, s->line.len - whole);
	s->line.len -= whole;
}

void phx_stream_tail(struct phx_op *op, bool is_err, uint64_t total, struct phx_str bytes)
{
	struct phx_op_stream *s = is_err ? &op->err : &op->out;
	uint64_t before = s->total, fresh = total > before ? total - before : 0;
	char note[160];
	int n;

	if (fresh > bytes.len) {
		s->cut = true;
		s->left_out += fresh - bytes.len;
		phx_stream_flush(op, is_err);
		n = snprintf(note, sizeof(note), "[%llu bytes left out]\n",
			     (unsigned long long)(fresh - bytes.len));
		if (!op->quiet)
			show(op, is_err, (struct phx_str){note, (size_t)n});
		fresh = bytes.len;
	}
	if (fresh > 0)
		phx_stream_add(op, is_err, phx_str_from(bytes, bytes.len - fresh));
	s->total = total > before ? total : before;
}

void phx_stream_flush(struct phx_op *op, bool is_err)
{
	struct phx_op_stream *s = is_err ? &op->err : &op->out;

	show(op, is_err, phx_buf_view(&s->line));
	phx_buf_clear(&s->line);
}

struct phx_str phx_stream_kept(struct phx_op *op, bool is_err)
{
	struct phx_op_stream *s = is_err ? &op->err : &op->out;
	struct phx_str bytes = phx_buf_view(&s->tail), out;
	struct phx_buf safe = {0};

	if (bytes.len > KEPT) {
		bytes = phx_str_from(bytes, bytes.len - KEPT);
		s->cut = true;
	}
	if (!op->c->secrets)
		return phx_str_dup(&op->arena, bytes);
	phx_secrets_mask(op->c->secrets, bytes, &safe);
	out = phx_str_dup(&op->arena, phx_buf_view(&safe));
	phx_buf_done(&safe);
	return out;
}
