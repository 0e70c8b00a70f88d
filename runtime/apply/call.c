#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { BACKOFF_MS = 500, BACKOFF_MAX_MS = 10000, RESENT_MAX = 3 };

static void again(struct phx_job *j)
{
	phx_call_begin(j);
}

/* Whatever was settled for the first attempt (a digest) may be another one now. */
static void try_later(struct phx_job *j, const struct phx_err *err, uint64_t since, uint64_t limit)
{
	uint64_t wait = (uint64_t)BACKOFF_MS << (j->backoff < 8 ? j->backoff : 8);

	wait = phx_job_jitter(j, wait > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : wait);
	j->backoff++;
	phx_job_say(j, PHX_EV_RETRY,
		    PHX_STR_FMT "; trying again in %.1f s (for %.0f s at most, %.0f s have passed)",
		    PHX_STR_ARG(phx_buf_view(&err->msg)), (double)wait / 1000, (double)limit / 1000,
		    (double)(phx_now_ms() - since) / 1000);
	phx_job_sleep(j, wait, again);
}

static void waited_long_enough(struct phx_job *j, const struct phx_err *err, uint64_t limit)
{
	struct phx_err all = {0};

	phx_err_copy(&all, err);
	phx_buf_printf(&all.msg, " (waited %.0f s for it to pass)", (double)limit / 1000);
	phx_job_fail(j, &all);
	phx_err_done(&all);
}

/* Refused without having been begun, by something that passes. */
static void not_begun(struct phx_job *j, const struct phx_err *err)
{
	bool locked = err->kind == PHX_ERR_LOCKED;
	uint64_t *since = locked ? &j->locked_since : &j->unreachable_since;
	uint64_t limit = !locked                   ? j->run->patience_ms
			 : j->run->o->lock_wait_ms ? j->run->o->lock_wait_ms
						   : 120000;

	if (!*since)
		*since = phx_now_ms();
	if (j->run->stop != PHX_STOP_NOT || phx_now_ms() - *since >= limit)
		waited_long_enough(j, err, phx_now_ms() - *since);
	else
		try_later(j, err, *since, limit);
}

/* What shall not be there is not there; what shall run runs. */
static bool is_so_already(const struct phx_job *j, const struct phx_err *err)
{
	struct phx_str msg = phx_buf_view(&err->msg);

	switch (j->a->op) {
	case PHX_OP_DELETE:
	case PHX_OP_POOL_DELETE:
		return err->kind == PHX_ERR_MISSING;
	case PHX_OP_START:
		return phx_str_find(msg, PHX_STR("already running")) >= 0;
	case PHX_OP_SHUTDOWN:
	case PHX_OP_STOP:
		return phx_str_ends(msg, "not running");
	case PHX_OP_TEMPLATE:
		return phx_str_find(msg, PHX_STR("convert a template to a template")) >= 0;
	default: /* a number, not the enum: all others */
		return false;
	}
}

/* Also for a task that ended with this error. */
void phx_call_failed(struct phx_job *j, const struct phx_err *err)
{
	if (err->kind == PHX_ERR_LOST) {
		phx_err_copy(&j->err, err);
		phx_probe_begin(j);
	} else if (is_so_already(j, err)) {
		phx_job_done(j, PHX_OUT_ALREADY);
	} else if (j->a->op == PHX_OP_IMAGE_DOWNLOAD && err->kind == PHX_ERR_EXISTS && !j->lost) {
		phx_image_exists(j, err);
	} else if (phx_err_may_retry(err)) {
		not_begun(j, err);
	} else if (j->lost && (err->kind == PHX_ERR_EXISTS || err->kind == PHX_ERR_CHANGED) &&
		   j->resent <= RESENT_MAX) {
		/* The reply that was lost may have been a success after all. */
		phx_err_copy(&j->err, err);
		phx_probe_begin(j);
	} else {
		phx_job_fail(j, err);
	}
}

static void judged(struct phx_job *j, enum phx_verdict v)
{
	switch (v) {
	case PHX_VERDICT_YES:
	case PHX_VERDICT_NEVER:
		phx_job_done(j, PHX_OUT_DONE);
		return;
	case PHX_VERDICT_NO:
	case PHX_VERDICT_BUSY:
		phx_job_failf(j, PHX_ERR_SERVER,
			      "Proxmox said yes, and reading it back shows something else: look at the "
			      "guest, then plan again",
			      "accepted, but not so afterwards: %s",
			      j->why.len ? j->why.ptr : "it is still locked");
		return;
	case PHX_VERDICT_UNKNOWN:
		/* It was accepted; only looking failed. */
		j->warned = true;
		j->res->message = phx_str_printf(j->run->arena, "could not be read back: " PHX_STR_FMT,
						 PHX_STR_ARG(phx_buf_view(&j->err.msg)));
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
}

void phx_call_verify(struct phx_job *j)
{
	if (phx_check_after(j->a))
		phx_check_begin(j, judged);
	else
		phx_job_done(j, PHX_OUT_DONE);
}

static void answered(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str upid = json_is_string(answer->data) ? phx_str_c(json_string_value(answer->data))
							   : (struct phx_str){0};
	struct phx_upid parsed;

	if (answer->err.kind != PHX_ERR_NONE) {
		phx_call_failed(j, &answer->err);
	} else if (j->a->hidden_task) {
		phx_job_find_hidden(j);
	} else if (!j->a->task) {
		phx_call_verify(j);
	} else if (phx_upid_parse(upid, &parsed)) {
		phx_job_watch(j, upid);
	} else if (!answer->data && phx_check_after(j->a)) {
		phx_call_verify(j); /* done within the call (088, 546) */
	} else {
		phx_err_set(&j->err, PHX_ERR_LOST, "the answer is not the task that it should be");
		phx_probe_begin(j);
	}
}

void phx_call_send(struct phx_job *j)
{
	j->res->attempts++;
	phx_job_send(j, j->a->method, j->a->path, &j->params, answered);
}

void phx_call_begin(struct phx_job *j)
{
	if (j->a->op == PHX_OP_LOCK)
		phx_lock_begin(j);
	else if (j->a->op == PHX_OP_UNLOCK)
		phx_unlock_begin(j);
	else
		phx_later_begin(j);
}
