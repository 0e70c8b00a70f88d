/* A step inside a guest: done through the guest's channel, its output shown as it comes and kept in a file beside the journal. What
 * it left in the guest is the channel's business; a run that was at work already is joined there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply_priv.h"
#include "base/sys.h"
#include "guest/channel.h"

enum { TELL_MS = 10000, TAIL_LINES = 20, LINE_MAX_LEN = 16384, NAME_LEN = 60 };

struct phx_guest_step {
	int fd; /* of the log; -1: none */
	bool log_failed;
	struct phx_buf lines; /* bytes that make no whole line yet */
	struct phx_buf last;  /* the newest line */
};

/* --- the log on this machine --- */

static void safe_name(struct phx_buf *out, struct phx_str s)
{
	size_t start = out->len;

	for (size_t i = 0; i < s.len && out->len - start < NAME_LEN; i++) {
		char c = s.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '.' || c == '_' || c == '-';

		if (plain || (out->len > start && out->ptr[out->len - 1] != '-'))
			phx_buf_ch(out, plain ? c : '-');
	}
}

/* Which of its guest's steps it is, from 1 on. */
static uint32_t number_of(const struct phx_job *j)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < j->a->id; i++) {
		const struct phx_action *a = j->run->plan->actions.v[i];

		n += a->type == PHX_ACT_GUEST && phx_str_eq(a->address, j->a->address);
	}
	return n;
}

static void log_trouble(struct phx_job *j, struct phx_str why)
{
	if (!j->step->log_failed)
		phx_job_say(j, PHX_EV_WARNING, "its output is not kept: " PHX_STR_FMT, PHX_STR_ARG(why));
	j->step->log_failed = true;
}

/* LOGS/RUN/ADDRESS/NN-what.log. A step does not fail for want of it. */
static void open_log(struct phx_job *j)
{
	struct phx_buf path = {0};
	struct phx_err err = {0};

	if (!j->run->o->logs.len)
		return;
	phx_buf_printf(&path, PHX_STR_FMT "/", PHX_STR_ARG(j->run->o->logs));
	safe_name(&path, j->run->self.run);
	phx_buf_ch(&path, '/');
	safe_name(&path, j->a->address);
	if (!phx_make_dirs(path.ptr, 0700, &err)) {
		log_trouble(j, phx_buf_view(&err.msg));
		goto out;
	}
	phx_buf_printf(&path, "/%02u-", number_of(j));
	safe_name(&path, j->a->body->guest_what);
	phx_buf_c(&path, ".log");
	j->step->fd = open(path.ptr, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->step->fd < 0)
		log_trouble(j, phx_str_printf(&j->arena, "%s: %s", path.ptr, strerror(errno)));
	else
		j->res->log_file = phx_str_dup(j->run->arena, phx_buf_view(&path));
out:
	phx_err_done(&err);
	phx_buf_done(&path);
}

static void write_log(struct phx_job *j, struct phx_str text)
{
	while (text.len && j->step->fd >= 0) {
		ssize_t n = write(j->step->fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_trouble(j, phx_str_c(strerror(errno)));
			close(j->step->fd);
			j->step->fd = -1;
			return;
		}
		text = phx_str_from(text, (size_t)n);
	}
}

void phx_guest_step_free(struct phx_job *j)
{
	if (!j->step)
		return;
	if (j->step->fd >= 0)
		close(j->step->fd);
	phx_buf_done(&j->step->lines);
	phx_buf_done(&j->step->last);
	free(j->step);
	j->step = NULL;
}

/* --- output --- */

static void remember_last(struct phx_job *j, struct phx_str text)
{
	struct phx_str rest = phx_str_trim(text), line = {0};

	while (phx_str_cut(&rest, '\n', &line)) {
		if (!phx_str_trim(line).len)
			continue;
		phx_buf_clear(&j->step->last);
		phx_buf_str(&j->step->last, phx_str_trim(line));
	}
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
	write_log(j, text);
	remember_last(j, text);
	phx_run_emit(j->run, PHX_EV_OUTPUT, j, j->a, text);
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
	struct phx_buf masked = {0}, safe = {0};

	if (j->run->o->secrets)
		phx_secrets_mask(j->run->o->secrets, end->out, &masked);
	else
		phx_buf_str(&masked, end->out);
	phx_buf_printable(&safe, last_lines(phx_buf_view(&masked)));
	j->res->log = phx_str_dup(j->run->arena, phx_buf_view(&safe));
	phx_buf_done(&safe);
	phx_buf_done(&masked);
}

static void failed(struct phx_job *j, const struct phx_guest_end *end)
{
	const struct phx_err *err = &end->err;
	const char *hint =
		phx_buf_view(&err->hint).len
			? err->hint.ptr
			: "mend the cause, then `phx apply` again: what is done inside stays done, and it "
			  "goes on with this step";

	phx_job_failf(j, err->kind, hint, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err->msg)));
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
	if (end->err.kind == PHX_ERR_NONE) {
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
	j->step->fd = -1;
	j->told_at = phx_now_ms();
	j->res->attempts++;
	open_log(j);
	j->run->inside++;
	(void)phx_guest_do(j->run->channel, &ref, j->a->body->work, &watch);
}
