/* The output of a step inside a guest, in a file beside the journal: LOGS/RUN/ADDRESS/NN-what.log. A step does not fail for want
 * of it, and it has an end: what is more stands in the guest's own log only. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { NAME_LEN = 60, LOG_MAX = 64 << 20 };

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

static void trouble(struct phx_job *j, struct phx_step_log *log, struct phx_str why)
{
	if (!log->failed)
		phx_job_say(j, PHX_EV_WARNING, "its output is not kept: " PHX_STR_FMT, PHX_STR_ARG(why));
	log->failed = true;
}

void phx_step_log_open(struct phx_job *j, struct phx_step_log *log)
{
	struct phx_buf path = {0};
	struct phx_err err = {0};

	log->fd = -1;
	if (!j->run->o->logs.len)
		return;
	phx_buf_printf(&path, PHX_STR_FMT "/", PHX_STR_ARG(j->run->o->logs));
	safe_name(&path, j->run->self.run);
	phx_buf_ch(&path, '/');
	safe_name(&path, j->a->address);
	if (!phx_make_dirs(path.ptr, 0700, &err)) {
		trouble(j, log, phx_buf_view(&err.msg));
		goto out;
	}
	phx_buf_printf(&path, "/%02u-", number_of(j));
	safe_name(&path, j->a->body->guest_what);
	phx_buf_c(&path, ".log");
	log->fd = open(path.ptr, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (log->fd < 0)
		trouble(j, log, phx_str_printf(&j->arena, "%s: %s", path.ptr, strerror(errno)));
	else
		j->res->log_file = phx_str_dup(j->run->arena, phx_buf_view(&path));
out:
	phx_err_done(&err);
	phx_buf_done(&path);
}

static void put(struct phx_job *j, struct phx_step_log *log, struct phx_str text)
{
	while (text.len && log->fd >= 0) {
		ssize_t n = write(log->fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			trouble(j, log, phx_str_c(strerror(errno)));
			phx_step_log_close(log);
			return;
		}
		text = phx_str_from(text, (size_t)n);
	}
}

void phx_step_log_write(struct phx_job *j, struct phx_step_log *log, struct phx_str text)
{
	static const char full[] = "\n[the rest is in the guest's own log only]\n";
	bool was_full = log->bytes >= LOG_MAX;

	log->bytes += text.len;
	if (log->bytes < LOG_MAX) {
		put(j, log, text);
		return;
	}
	log->left_out += text.len;
	if (!was_full)
		put(j, log, PHX_STR(full));
}

void phx_step_log_close(struct phx_step_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}
