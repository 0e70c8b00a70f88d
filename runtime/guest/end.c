/* What an ended bundle means. Only the wrapper's own last line counts: no answer, garbage and anything cut off are failures. */
#include <string.h>

#include "guest/channel_priv.h"

enum { RESTARTS_MAX = 2, SIGNAL_BASE = 128, SIGNAL_MAX = 31, SAID_MAX = 2000 };

struct last_line {
	struct phx_str before; /* what else there was */
	struct phx_str kind;
	int64_t value;
};

static bool find_end(struct phx_op *op, struct phx_str err, struct last_line *out)
{
	struct phx_str mark = phx_str_printf(&op->arena, "phx-end " PHX_STR_FMT " ",
					     PHX_STR_ARG(op->bundle.id)),
		       rest = err, line;
	ptrdiff_t at = -1, next;

	for (size_t from = 0; (next = phx_str_find(phx_str_from(err, from), mark)) >= 0;
	     from = (size_t)at + 1)
		at = (ptrdiff_t)from + next;
	if (at < 0)
		return false;
	out->before = phx_str_slice(err, 0, (size_t)at);
	rest = phx_str_from(err, (size_t)at + mark.len);
	return phx_str_cut(&rest, '\n', &line) && phx_str_cut(&line, ' ', &out->kind) &&
	       phx_parse_i64(phx_str_trim(line), &out->value) && !phx_str_trim(rest).len;
}

/* The wrapper's "phx-joined" line is no output. */
static void pass_rest(struct phx_op *op, struct phx_str before)
{
	static const char mark[] = "phx-joined\n";

	if (phx_str_starts(before, mark)) {
		op->joined = true;
		before = phx_str_from(before, sizeof(mark) - 1);
	}
	if (op->way != PHX_WAY_PCT || !op->split || !before.len)
		return;
	/* The wrapper ends what it passed on with a line end of its own. */
	if (before.ptr[before.len - 1] == '\n')
		before.len--;
	if (op->skip_err < before.len)
		phx_stream_add(op, true, phx_str_from(before, (size_t)op->skip_err));
}

static void exited(struct phx_op *op, int64_t code, struct phx_guest_end *end)
{
	end->exit_code = (int)code;
	/* As shells tell it: 128 and the signal's number. */
	if (code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX) {
		end->signal = (int)code - SIGNAL_BASE;
		end->exit_code = -1;
	}
	if (op->split || code == 0)
		return;
	if (end->signal)
		phx_err_set(&end->err, PHX_ERR_TASK, "it was ended by signal %d", end->signal);
	else
		phx_err_set(&end->err, PHX_ERR_TASK, "it ended with exit code %lld", (long long)code);
}

static struct phx_str said(struct phx_str text)
{
	text = phx_str_trim(text);
	if (phx_str_starts(text, "phx: "))
		text = phx_str_from(text, 5);
	return text.len > SAID_MAX ? phx_str_from(text, text.len - SAID_MAX) : text;
}

static void begin_again(struct phx_op *op)
{
	op->out.total = op->err.total = op->skip_out = op->skip_err = 0;
	phx_bundle_begin(op);
}

/* It is not at work, and has not ended: the guest was restarted, or somebody killed it; or it never began. */
static void gone(struct phx_op *op, bool never)
{
	op->begun = false;
	if ((never || op->repeatable) && op->restarts++ < RESTARTS_MAX) {
		op->again += !never;
		phx_op_see(op, never ? "it was not begun; again" : "it was ended from outside; again");
		phx_op_sleep(op, 1000, begin_again);
		return;
	}
	phx_op_fail(op, PHX_ERR_LOST,
		    op->repeatable
			    ? "was the guest restarted, or short of memory (`dmesg` in it tells)? `phx "
			      "apply` begins this step again"
			    : "was the guest restarted, or short of memory?",
		    op->again ? "it was ended from outside, again and again; how far it came is unknown"
			      : "it was ended from outside, how far it came is unknown");
}

static void fail_said(struct phx_op *op, struct phx_str text, const char *fallback)
{
	struct phx_buf safe = {0};

	phx_buf_printable(&safe, said(text));
	phx_op_fail(op, PHX_ERR_TASK, NULL, "%s%s%s", fallback, safe.len ? ": " : "",
		    safe.len ? safe.ptr : "");
	phx_buf_done(&safe);
}

void phx_op_judge(struct phx_op *op, struct phx_str out, struct phx_str err)
{
	struct phx_guest_end end = {.exit_code = -1};
	struct phx_err stopped = {0};
	struct last_line last;

	if (!find_end(op, err, &last)) {
		phx_err_set(&stopped, PHX_ERR_SERVER, PHX_STR_FMT, PHX_STR_ARG(said(err)));
		if (!phx_ask_trouble(op, &stopped, phx_bundle_begin))
			fail_said(op, err.len ? err : out, "the guest does not say how it ended");
		phx_err_done(&stopped);
		return;
	}
	pass_rest(op, last.before);
	if (!phx_follow_output(op, out)) {
		fail_said(op, (struct phx_str){0}, "what the guest says of its output cannot be read");
	} else if (phx_str_eqc(last.kind, "none") || phx_str_eqc(last.kind, "dead")) {
		gone(op, phx_str_eqc(last.kind, "none"));
		return;
	} else if (phx_str_eqc(last.kind, "fail")) {
		fail_said(op, last.before, "it could not be begun in the guest");
	} else if (phx_str_eqc(last.kind, "timeout")) {
		phx_err_set(&end.err, PHX_ERR_TIMEOUT,
			    "no end within %lld s; it was ended, with all its processes",
			    (long long)last.value);
	} else if (phx_str_eqc(last.kind, "flood")) {
		end.flood = true;
		phx_err_set(&end.err, PHX_ERR_TASK,
			    "more than %lld MiB of output; it was ended, with all its processes",
			    (long long)last.value);
		if (op->split)
			phx_err_hint(&end.err, "write it to a file in the guest, and fetch that");
	} else if (phx_str_eqc(last.kind, "exit") || phx_str_eqc(last.kind, "known")) {
		end.known = phx_str_eqc(last.kind, "known");
		exited(op, last.value, &end);
	} else {
		fail_said(op, err, "the guest does not say how it ended");
	}
	if (!phx_op_alive(op))
		return;
	op->begun = false;
	if (op->then)
		op->then(op, &end);
	else
		phx_op_end(op, &end);
}
