/* What became of a call whose reply was lost: is its task at work? is the cluster as the call would make it? Only when both
 * say no, twice, is it sent again. */
#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { FIRST_MS = 300, AGAIN_MS = 1000, NEGATIVES = 2, DEAD = 3, RESENT_MAX = 3 };

static void look(struct phx_job *j);

/* `why`: what kept it from being found out. */
static void give_up(struct phx_job *j, const struct phx_err *why)
{
	struct phx_err all = {0};

	phx_err_copy(&all, why);
	phx_err_wrap(&all, "the reply was lost, and whether it was done could not be read");
	if (!all.hint.len)
		phx_err_hint(&all, "plan again when the server can be reached: what was done is then seen, "
				   "and only the rest is done");
	phx_job_fail(j, &all);
	phx_err_done(&all);
}

static void unreadable(struct phx_job *j, const struct phx_err *err)
{
	if (!j->unreachable_since)
		j->unreachable_since = phx_now_ms();
	if ((err->kind == PHX_ERR_CONNECT || err->kind == PHX_ERR_TIMEOUT) &&
	    phx_now_ms() - j->unreachable_since < j->run->patience_ms && j->run->stop == PHX_STOP_NOT) {
		phx_job_sleep(j, AGAIN_MS, look);
		return;
	}
	give_up(j, err);
}

static void send_again(struct phx_job *j)
{
	if (j->run->stop != PHX_STOP_NOT) {
		phx_job_done(j, PHX_OUT_LEFT);
		return;
	}
	if (j->resent++ >= RESENT_MAX) {
		phx_job_failf(
			j, PHX_ERR_LOST,
			"the connection to the server breaks whenever this is sent: is something between "
			"that does not let it through?",
			"sent %u times, and each time the reply was lost and nothing was done",
			j->res->attempts);
		return;
	}
	phx_job_say(j, PHX_EV_RETRY, "it was not done: sent again");
	j->negatives = j->dead = 0;
	phx_call_begin(j);
}

static void judged(struct phx_job *j, enum phx_verdict v)
{
	switch (v) {
	case PHX_VERDICT_YES:
		phx_job_done(j, j->resent ? PHX_OUT_DONE : PHX_OUT_ALREADY);
		return;
	case PHX_VERDICT_NEVER:
		send_again(j);
		return;
	case PHX_VERDICT_UNKNOWN:
		unreadable(j, &j->err);
		return;
	case PHX_VERDICT_BUSY:
		j->unreachable_since = 0;
		/* Locked, and nobody at work: the worker died. */
		j->dead = j->active_seen ? 0 : j->dead + 1;
		if (j->dead < DEAD) {
			phx_job_sleep(j, AGAIN_MS, look);
			return;
		}
		phx_job_failf(j, PHX_ERR_LOCKED,
			      "its worker died: plan again; the half-made guest is recognised by its lock "
			      "(`phx plan --break-locks`, or "
			      "`qm unlock` / `pct unlock` on the node)",
			      "half done, and no task is at work on it any more%s%s", j->why.len ? ": " : "",
			      j->why.len ? j->why.ptr : "");
		return;
	case PHX_VERDICT_NO:
		j->unreachable_since = 0;
		/* The request may still be on its way through the server. */
		if (++j->negatives < NEGATIVES || j->active_seen)
			phx_job_sleep(j, AGAIN_MS, look);
		else
			send_again(j);
		return;
	}
}

/* A task of the wanted type on the guest: with the guest's lock held by this action it is the one that the call started, or
 * one that does the same. Clones of one source cannot be told apart, so there only the target tells. */
static void tasks_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str type = phx_job_task_type(j), id = phx_job_task_id(j);
	struct phx_upid parsed;
	size_t i;
	json_t *t;

	j->active_seen = false;
	if (answer->err.kind != PHX_ERR_NONE) {
		unreadable(j, &answer->err);
		return;
	}
	json_array_foreach(answer->data, i, t)
	{
		struct phx_str upid = phx_json_str(t, "upid");

		if (!phx_upid_parse(upid, &parsed) || !phx_str_eq(parsed.type, type) ||
		    (id.len && !phx_str_eq(parsed.id, id)))
			continue;
		if (phx_json_get(t, "endtime"))
			continue;
		j->active_seen = true;
		if (j->a->op == PHX_OP_CLONE || !id.len)
			break;
		phx_job_say(j, PHX_EV_PROGRESS, "its task is at work");
		phx_job_watch(j, upid);
		return;
	}
	phx_check_begin(j, judged);
}

static void look(struct phx_job *j)
{
	struct phx_str id = phx_job_task_id(j);
	struct phx_params p = {0};

	if (!phx_job_task_type(j).len) {
		j->active_seen = false;
		phx_check_begin(j, judged);
		return;
	}
	if (id.len)
		phx_params_add(&j->arena, &p, PHX_STR("vmid"), id);
	phx_params_add(&j->arena, &p, PHX_STR("source"), PHX_STR("active"));
	phx_job_get(j, phx_str_printf(&j->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(j->a->node)), &p,
		    tasks_read);
}

void phx_probe_begin(struct phx_job *j)
{
	j->lost = true;
	j->negatives = 0;
	j->unreachable_since = 0;
	phx_job_say(j, PHX_EV_WARNING, PHX_STR_FMT "; looking what became of it",
		    PHX_STR_ARG(phx_buf_view(&j->err.msg)));
	phx_job_sleep(j, FIRST_MS, look);
}
