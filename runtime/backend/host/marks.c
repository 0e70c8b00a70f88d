#include <string.h>

#include "backend/host/host_priv.h"

enum { MARK = 0x1e, MARK_MAX = 40 };

/* "phx-begin", "phx-end:EXIT:SIGNAL". */
static bool is_mark(struct phx_marks *m, struct phx_str word)
{
	struct phx_str code;
	int64_t exit_code, signal;

	if (phx_str_eqc(word, "phx-begin")) {
		m->begun = true;
		return true;
	}
	if (!phx_str_starts(word, "phx-end:"))
		return false;
	word = phx_str_from(word, strlen("phx-end:"));
	if (!phx_str_cut(&word, ':', &code) || !phx_parse_i64(code, &exit_code) ||
	    !phx_parse_i64(word, &signal))
		return false;
	m->exit_code = (int)exit_code;
	m->signal = (int)signal;
	m->ended = true;
	return true;
}

static void give(struct phx_str bytes, void (*sink)(void *user, struct phx_str bytes), void *user)
{
	if (bytes.len)
		sink(user, bytes);
}

void phx_marks_take(struct phx_marks *m, struct phx_str bytes, void (*sink)(void *user, struct phx_str bytes),
		    void *user)
{
	struct phx_str rest;

	if (m->held.len == 0 && phx_str_chr(bytes, MARK) < 0) {
		give(bytes, sink, user);
		return;
	}
	phx_buf_str(&m->held, bytes);
	rest = phx_buf_view(&m->held);
	for (;;) {
		ptrdiff_t from = phx_str_chr(rest, MARK), to;

		if (from < 0)
			from = (ptrdiff_t)rest.len;
		give(phx_str_slice(rest, 0, (size_t)from), sink, user);
		rest = phx_str_from(rest, (size_t)from);
		to = rest.len ? phx_str_chr(phx_str_from(rest, 1), MARK) : -1;
		if (to < 0 && rest.len <= MARK_MAX)
			break;
		if (to >= 0 && is_mark(m, phx_str_slice(rest, 1, (size_t)to))) {
			rest = phx_str_from(rest, (size_t)to + 2);
			continue;
		}
		/* A byte of the command's own. */
		give(phx_str_slice(rest, 0, 1), sink, user);
		rest = phx_str_from(rest, 1);
	}
	if (rest.len)
		memmove(m->held.ptr, rest.ptr, rest.len);
	m->held.len = rest.len;
	m->held.ptr[rest.len] = 0;
}

void phx_marks_flush(struct phx_marks *m, void (*sink)(void *user, struct phx_str bytes), void *user)
{
	give(phx_buf_view(&m->held), sink, user);
	phx_buf_clear(&m->held);
}
