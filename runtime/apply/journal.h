/* The journal of applies: append-only JSON lines, each fsynced before the next step. For people, and for picking up tasks that
 * run on after a crash; the cluster stays the only truth. Secrets never get in: only ids, addresses and UPIDs are written.
 * Lines: {"at","run","event":"begin","stack","pid"} · {"event":"intent","action","address","op"} · {"event":"task","action","upid"}
 * · {"event":"result","action","outcome","message"} · {"event":"end","exit"} */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct phx_journal;

/* Opens for appending (mode 0600, directories are made); a truncated last line of a killed run is completed with a newline. */
PHX_MUST_USE bool phx_journal_open(const char *path, struct phx_journal **out, struct phx_err *err);
void phx_journal_close(struct phx_journal *j); /* NULL is fine */

PHX_MUST_USE bool phx_journal_begin(struct phx_journal *j, struct phx_str run, struct phx_str stack,
				    struct phx_err *err);
PHX_MUST_USE bool phx_journal_intent(struct phx_journal *j, uint32_t action, struct phx_str address,
				     const char *op, struct phx_err *err);
PHX_MUST_USE bool phx_journal_task(struct phx_journal *j, uint32_t action, struct phx_str upid,
				   struct phx_err *err);
PHX_MUST_USE bool phx_journal_result(struct phx_journal *j, uint32_t action, const char *outcome,
				     struct phx_str message, struct phx_err *err);
PHX_MUST_USE bool phx_journal_end(struct phx_journal *j, int exit_code, struct phx_err *err);

/* An intent without result, of the newest run of its stack. */
struct phx_journal_pending {
	uint32_t action;
	struct phx_str address, op, upid; /* upid empty: none was known */
};
struct phx_journal_pendings {
	PHX_VEC(struct phx_journal_pending) v;
};
/* Unreadable and truncated lines are skipped; no file: nothing pending. */
PHX_MUST_USE bool phx_journal_read_pending(const char *path, struct phx_arena *a,
					   struct phx_journal_pendings *out, struct phx_err *err);
