/* A step inside a guest: done through the guest's channel, its output shown as it comes and kept in a file beside the journal. What
 * it left in the guest is the channel's business; a run that was at work already is joined there. */
#include <stdlib.h>
#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "guest/channel.h"

/* SHOWN_MAX: with -v, what steps print is shown as it comes, but no flood of it. SHORT: of a line in a report. */
enum { TELL_MS = 10000, TAIL_LINES = 20, LINE_MAX_LEN = 16384, SHOWN_MAX = 1 << 20, SHORT = 400 };

struct phx_guest_step {
	struct phx_step_log log;
	uint64_t shown;       /* bytes */
	struct phx_buf lines; /* bytes that make no whole line yet */
	struct phx_buf last;  /* the newest line */
};

void phx_guest_step_free(struct phx_job *j)
{
	if (!j->step)
		return;
	phx_step_log_close(&j->step->log);
	phx_buf_done(&j->step->lines);
	phx_buf_done(&j->step->last);
	free(j->step);
	j->step = NULL;
}

/* --- output --- */

/* A line as it is, or its beginning and how much is missing. */
static void short_line(struct phx_buf *out, struct phx_str line)
{
	size_t at = 0;
	uint32_t len;

	while (at < line.len && at < SHORT) {
		(void)phx_utf8_at(line, at, &len);
		at += len;
	}
	phx_buf_add(out, line.ptr, at);
	if (at < line.len)
		phx_buf_printf(out, "… (%zu bytes more)", line.len - at);
}

static void remember_last(struct phx_job *j, struct phx_str text)
{
	struct phx_str rest = phx_str_trim(text), line = {0};

	while (phx_str_cut(&rest, '\n', &line)) {
		if (!phx_str_trim(line).len)
			continue;
		phx_buf_clear(&j->step->last);
		short_line(&j->step->last, phx_str_trim(line));
	}
}

static void show(struct phx_job *j, struct phx_str text)
{
	struct phx_str where = j->res->log_file.len ? j->res->log_file : PHX_STR("the guest's log");
	uint64_t room = SHOWN_MAX - j->step->shown;
	size_t n = text.len;

	if (!room)
		return;
	while (n > room || (n < text.len && n && text.ptr[n - 1] != '\n'))
		n--;
	if (n)
		phx_run_emit(j->run, PHX_EV_OUTPUT, j, j->a, phx_str_slice(text, 0, n));
	j->step->shown += n;
	if (n == text.len)
		return;
	j->step->shown = SHOWN_MAX;
	phx_run_emit(j->run, PHX_EV_OUTPUT, j, j->a,
		     phx_str_printf(&j->arena, "[more of it is not shown here; it is in " PHX_STR_FMT "]",
				    PHX_STR_ARG(where)));
}

/* Whole lines, so that no secret is seen in halves. */
static void pass_on(struct phx_job *j, struct phx_str text)
{
	struct phx_buf masked = {0};
	uint64_t now = phx_now_ms();

	if (j->run->o->secrets) {
		phx_secrets_mask(j->run->o->secrets, text, &masked);
		text = phx_buf_view(&masked);
	}
	phx_step_log_write(j, &j->step->log, text);
	remember_last(j, text);
	show(j, text);
	if (now - j->told_at >= TELL_MS && j->step->last.len) {
		j->told_at = now;
		phx_run_emit(j->run, PHX_EV_PROGRESS, j, j->a, phx_buf_view(&j->step->last));
	}
	phx_buf_done(&masked);
}

static void pass_lines_on(struct phx_job *j, bool all)
{
	struct phx_buf *b = &j->step->lines;
	size_t n = b->len;

	while (!all && n && b->ptr[n - 1] != '\n' && n < LINE_MAX_LEN)
		n--;
	if (!n)
		return;
	pass_on(j, phx_str_slice(phx_buf_view(b), 0, n));
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
}

static void output(void *user, bool is_stderr, struct phx_str bytes)
{
	struct phx_job *j = user;

	(void)is_stderr;
	if (j->run->over)
		return;
	phx_buf_str(&j->step->lines, bytes);
	pass_lines_on(j, false);
}

static void seen(void *user, struct phx_str what)
{
	struct phx_job *j = user;

	if (!j->run->over)
		phx_run_emit(j->run, PHX_EV_PROGRESS, j, j->a, what);
}

/* --- the end --- */

static struct phx_str last_lines(struct phx_str text)
{
	size_t at;
	uint32_t n = 0;

	text = phx_str_trim(text);
	for (at = text.len; at > 0; at--)
		if (text.ptr[at - 1] == '\n' && ++n == TAIL_LINES)
			break;
	return phx_str_from(text, at);
}

static void keep_tail(struct phx_job *j, const struct phx_guest_end *end)
{
	struct phx_buf masked = {0}, safe = {0}, out = {0};
	struct phx_str rest, line;

	if (j->run->o->secrets)
		phx_secrets_mask(j->run->o->secrets, end->out, &masked);
	else
		phx_buf_str(&masked, end->out);
	phx_buf_printable(&safe, last_lines(phx_buf_view(&masked)));
	rest = phx_buf_view(&safe);
	while (rest.len && phx_str_cut(&rest, '\n', &line)) {
		short_line(&out, line);
		phx_buf_ch(&out, '\n');
	}
	j->res->log = phx_str_dup(j->run->arena, phx_str_trim(phx_buf_view(&out)));
	phx_buf_done(&out);
	phx_buf_done(&safe);
	phx_buf_done(&masked);
}

static void failed(struct phx_job *j, const struct phx_guest_end *end)
{
	static const char on[] = "what is done inside stays done, and it goes on with this step";
	const struct phx_err *err = &end->err;
	struct phx_str longer = j->a->body->work->longer;
	const char *hint = phx_str_printf(&j->arena, "mend the cause, then `phx apply` again: %s", on).ptr;

	if (phx_buf_view(&err->hint).len)
		hint = err->hint.ptr;
	else if (err->kind == PHX_ERR_TIMEOUT && longer.len)
		hint = phx_str_printf(&j->arena,
				      "if it only needs longer: " PHX_STR_FMT
				      "; else mend the cause. Then `phx apply` again: %s",
				      PHX_STR_ARG(longer), on)
			       .ptr;
	phx_job_failf(j, err->kind, hint, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err->msg)));
}

/* Scripts that cannot bear that should be known to whoever wrote them. */
static void warn_of_repetition(struct phx_job *j)
{
	j->warned = true;
	j->res->message =
		PHX_STR("it was ended from outside (was the guest restarted, or short of memory?), and was "
			"run again from its beginning");
}

static void ended(void *user, const struct phx_guest_end *end)
{
	struct phx_job *j = user;
	struct phx_run *r = j->run;

	if (r->over)
		return;
	r->inside--;
	phx_backend_yield(r->backend);
	pass_lines_on(j, true);
	if (end->log.len)
		j->res->guest_log = phx_str_dup(r->arena, end->log);
	j->res->log_lost = end->lost;
	j->res->log_short = end->flood;
	j->res->log_left_out = end->left_out + j->step->log.left_out;
	if (end->err.kind == PHX_ERR_NONE) {
		if (end->again)
			warn_of_repetition(j);
		phx_job_done(j, end->known ? PHX_OUT_ALREADY : PHX_OUT_DONE);
		return;
	}
	keep_tail(j, end);
	failed(j, end);
}

void phx_guest_step_begin(struct phx_job *j)
{
	struct phx_guest_ref ref = {.is_vm = j->a->is_vm, .id = j->a->guest_id, .node = j->a->node};
	struct phx_guest_watch watch = {.output = output, .seen = seen, .done = ended, .user = j};

	j->step = calloc(1, sizeof(*j->step));
	if (!j->step)
		phx_out_of_memory();
	j->told_at = phx_now_ms();
	j->res->attempts++;
	phx_step_log_open(j, &j->step->log);
	j->run->inside++;
	(void)phx_guest_do(j->run->channel, &ref, j->a->body->work, &watch);
}
