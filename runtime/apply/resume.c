#include "apply/apply.h"
#include "backend/task.h"
#include "base/sys.h"

enum { TELL_MS = 10000 };

static void say(void (*waiting)(void *user, struct phx_str text), void *user,
		const struct phx_journal_pending *p, uint64_t ms)
{
	struct phx_buf text = {0};

	if (!waiting)
		return;
	phx_buf_printf(&text,
		       "waiting for a task of an earlier run: " PHX_STR_FMT " of " PHX_STR_FMT
		       " (" PHX_STR_FMT ")",
		       PHX_STR_ARG(p->op), PHX_STR_ARG(p->address), PHX_STR_ARG(p->upid));
	if (ms)
		phx_buf_printf(&text, ", %.0f s", (double)ms / 1000);
	waiting(user, phx_buf_view(&text));
	phx_buf_done(&text);
}

/* True when it is over, or nobody knows it any more. *running: it is still at work. */
static bool look(struct phx_reader *r, struct phx_str upid, bool *running, struct phx_err *err)
{
	struct phx_buf path = {0};
	json_t *status = NULL;
	bool ok;

	phx_task_path(upid, "/status", &path);
	ok = phx_reader_get_now(r, phx_buf_view(&path), NULL, &status, err);
	*running = ok && phx_task_status(status, NULL) == PHX_TASK_RUNNING;
	if (!ok && (err->kind == PHX_ERR_MISSING || err->kind == PHX_ERR_PARAMETER)) {
		phx_err_clear(err);
		ok = true;
	}
	json_decref(status);
	phx_buf_done(&path);
	return ok;
}

static bool wait_for(struct phx_reader *r, const struct phx_journal_pending *p,
		     void (*waiting)(void *user, struct phx_str text), void *user,
		     const volatile sig_atomic_t *interrupts, struct phx_err *err)
{
	uint64_t began = phx_now_ms(), told = 0;
	bool running = false;

	for (;;) {
		uint64_t ms = phx_now_ms() - began;

		if (!look(r, p->upid, &running, err))
			return phx_err_wrap(err, "task of an earlier run (" PHX_STR_FMT ")",
					    PHX_STR_ARG(p->upid));
		if (!running)
			return true;
		if (!told || ms - told >= TELL_MS) {
			say(waiting, user, p, ms);
			told = ms ? ms : 1;
		}
		if (interrupts && *interrupts)
			return phx_err_set(err, PHX_ERR_INTERRUPTED,
					   "interrupted while waiting for a task of an earlier run");
		phx_sleep_ms(phx_task_poll_delay_ms(ms));
	}
}

bool phx_apply_resume(struct phx_reader *r, const char *journal_path,
		      void (*waiting)(void *user, struct phx_str text), void *user,
		      const volatile sig_atomic_t *interrupts, struct phx_err *err)
{
	struct phx_journal_pendings pending;
	struct phx_arena a = {0};
	struct phx_upid upid;
	bool ok = phx_journal_read_pending(journal_path, &a, &pending, err);

	for (uint32_t i = 0; ok && i < pending.v.n; i++) {
		/* The file may be anybody's: what is no UPID is not asked for. */
		if (phx_upid_parse(pending.v.v[i].upid, &upid))
			ok = wait_for(r, &pending.v.v[i], waiting, user, interrupts, err);
	}
	phx_arena_done(&a);
	return ok;
}
