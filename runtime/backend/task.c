#include "backend/task.h"

#include "backend/errors.h"

enum { POLL_FIRST_MS = 20, POLL_LAST_MS = 1000, POLL_PART = 50 };

static bool parse_hex(struct phx_str s, uint64_t *out)
{
	uint64_t n = 0;

	if (s.len == 0 || s.len > 16)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'A' && c <= 'F')
			digit = (unsigned)(c - 'A') + 10;
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a') + 10;
		else
			return false;
		n = n << 4 | digit;
	}
	*out = n;
	return true;
}

/* UPID:node:pid:pstart:starttime:type:id:user: with the three numbers in hex (PVE::Tools::upid_decode). */
bool phx_upid_parse(struct phx_str text, struct phx_upid *out)
{
	struct phx_str rest = text, f[8];
	struct phx_upid u = {.text = text};
	uint64_t n;

	for (size_t i = 0; i < PHX_COUNTOF(f); i++) {
		if (!phx_str_cut(&rest, ':', &f[i]))
			return false;
	}
	/* The user is followed by a colon and nothing. */
	if (!phx_str_eqc(f[0], "UPID") || !text.len || text.ptr[text.len - 1] != ':' || rest.len)
		return false;
	if (!f[1].len || !f[5].len || !f[7].len || !parse_hex(f[2], &n) || !parse_hex(f[3], &n) ||
	    !parse_hex(f[4], &u.start_time))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ')
			return false;
	}
	u.node = f[1];
	u.type = f[5];
	u.id = f[6];
	u.user = f[7];
	*out = u;
	return true;
}

enum phx_task_state phx_task_status(const json_t *data, struct phx_str *out_exitstatus)
{
	struct phx_str status = phx_json_str(data, "status"), result = phx_json_str(data, "exitstatus");

	if (out_exitstatus)
		*out_exitstatus = result;
	if (phx_str_eqc(status, "running"))
		return PHX_TASK_RUNNING;
	if (!phx_str_eqc(status, "stopped"))
		return PHX_TASK_UNKNOWN;
	if (phx_str_eqc(result, "OK"))
		return PHX_TASK_OK;
	if (phx_str_starts(result, "WARNINGS: "))
		return PHX_TASK_WARNINGS;
	/* Stopped a moment ago: the result is not written yet. */
	return result.len ? PHX_TASK_FAILED : PHX_TASK_UNKNOWN;
}

uint64_t phx_task_poll_delay_ms(uint64_t elapsed_ms)
{
	uint64_t delay = elapsed_ms / POLL_PART;

	if (delay < POLL_FIRST_MS)
		return POLL_FIRST_MS;
	return delay > POLL_LAST_MS ? POLL_LAST_MS : delay;
}

void phx_task_log_tail(const json_t *log, uint32_t lines, struct phx_buf *out)
{
	size_t n = json_array_size(log), from = n > lines ? n - lines : 0;

	for (size_t i = from; i < n; i++) {
		struct phx_str line = phx_json_str(json_array_get(log, i), "t");

		if (out->len)
			phx_buf_ch(out, '\n');
		phx_buf_printable(out, line);
	}
}

void phx_task_error(struct phx_str upid, struct phx_str exitstatus, struct phx_err *err)
{
	struct phx_err_context c = {.method = PHX_POST};
	struct phx_upid u;

	if (phx_upid_parse(upid, &u))
		c.task_guest = u.id, c.task_is_ct = phx_str_starts(u.type, "vz");
	phx_err_from_text(err, PHX_ERR_TASK, 0, exitstatus, &c);
}

bool phx_err_may_retry(const struct phx_err *err)
{
	struct phx_str msg = phx_buf_view(&err->msg);

	if (err->kind == PHX_ERR_CONNECT)
		return err->status == 0 || err->status == 595;
	if (err->kind != PHX_ERR_LOCKED)
		return false;
	/* A guest's own lock (backup, snapshot, …) ends with the work that holds it; a lock that nobody holds any more
	 * makes the same text, so callers stop at a limit. */
	return msg.len > 0;
}

void phx_task_path(struct phx_str upid, const char *what, struct phx_buf *out)
{
	struct phx_upid u;

	if (!phx_upid_parse(upid, &u))
		PHX_BUG("not a UPID: " PHX_STR_FMT, PHX_STR_ARG(upid));
	phx_buf_c(out, "/nodes/");
	phx_buf_percent(out, u.node);
	phx_buf_c(out, "/tasks/");
	phx_buf_percent(out, upid);
	phx_buf_c(out, what);
}
