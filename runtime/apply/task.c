#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { LOG_EVERY_MS = 5000, LOG_FRESH_MS = 1500, LOG_TAIL = 8, LOG_READ = 200, FIND_MS = 10000 };

static void poll_task(struct phx_job *j);

static uint64_t poll_delay(const struct phx_job *j)
{
	return phx_task_poll_delay_ms(phx_now_ms() - j->task_since);
}

/* Of VMs and of containers (the tasks of the recordings). */
static const char *const task_types[PHX_ACTION_OP_COUNT][2] = {
	[PHX_OP_CREATE] = {"qmcreate", "vzcreate"},
	[PHX_OP_CLONE] = {"qmclone", "vzclone"},
	[PHX_OP_CONFIG] = {"qmconfig", NULL},
	[PHX_OP_MARKER] = {"qmconfig", NULL},
	[PHX_OP_RESIZE] = {"resize", "resize"},
	[PHX_OP_DISK_MOVE] = {"qmmove", "move_volume"},
	[PHX_OP_MIGRATE] = {"qmigrate", "vzmigrate"},
	[PHX_OP_START] = {"qmstart", "vzstart"},
	[PHX_OP_SHUTDOWN] = {"qmshutdown", "vzshutdown"},
	[PHX_OP_STOP] = {"qmstop", "vzstop"},
	[PHX_OP_REBOOT] = {"qmreboot", "vzreboot"},
	[PHX_OP_TEMPLATE] = {"qmtemplate", "vztemplate"},
	[PHX_OP_SNAPSHOT] = {"qmsnapshot", "vzsnapshot"},
	[PHX_OP_DELETE] = {"qmdestroy", "vzdestroy"},
	[PHX_OP_IMAGE_DOWNLOAD] = {"download", "download"},
	[PHX_OP_IMAGE_UPLOAD] = {"imgcopy", "imgcopy"},
	[PHX_OP_OSTEMPLATE_DOWNLOAD] = {"download", "download"},
};

struct phx_str phx_job_task_type(const struct phx_job *j)
{
	return phx_str_c(task_types[j->a->op][!j->a->is_vm]);
}

/* A clone's task carries the id of the source (201, 459): it stands in the path. */
struct phx_str phx_job_task_id(struct phx_job *j)
{
	struct phx_str path = j->a->path, part;

	if (j->a->op != PHX_OP_CLONE)
		return j->a->guest_id ? phx_str_u64(&j->arena, j->a->guest_id) : (struct phx_str){0};
	for (int i = 0; phx_str_cut(&path, '/', &part); i++) {
		if (i == 4) /* /nodes/N/qemu/ID/clone */
			return part;
	}
	return (struct phx_str){0};
}

/* The tail of a failed task's log is there, or could not be had. */
static void log_of_failure(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_buf tail = {0}, masked = {0};
	struct phx_err err = j->err;

	phx_task_log_tail(answer->data, LOG_TAIL, &tail);
	if (tail.len && j->run->o->secrets)
		phx_secrets_mask(j->run->o->secrets, phx_buf_view(&tail), &masked);
	if (tail.len)
		j->res->log =
			phx_str_dup(j->run->arena, masked.len ? phx_buf_view(&masked) : phx_buf_view(&tail));
	phx_buf_done(&masked);
	phx_buf_done(&tail);
	j->err = (struct phx_err){0};
	if (j->ended_badly)
		phx_call_failed(j, &err);
	else
		phx_call_verify(j);
	phx_err_done(&err);
}

static void read_log(struct phx_job *j, uint32_t start,
		     void (*then)(struct phx_job *j, struct phx_answer *answer))
{
	struct phx_params p = {0};
	struct phx_buf path = {0};

	phx_task_path(j->upid, "/log", &path);
	if (start)
		phx_params_add(&j->arena, &p, PHX_STR("start"), phx_str_printf(&j->arena, "%u", start));
	phx_params_add(&j->arena, &p, PHX_STR("limit"),
		       phx_str_printf(&j->arena, "%d", start ? LOG_READ : LOG_READ * 20));
	phx_job_get(j, phx_buf_view(&path), &p, then);
	phx_buf_done(&path);
}

static void task_failed(struct phx_job *j, struct phx_str text)
{
	struct phx_err err = {0};

	phx_task_error(j->upid, text, &err);
	if (phx_str_eqc(text, "unexpected status"))
		phx_err_hint(&err, "the task's process was killed (a power loss, or out of memory): plan "
				   "again; what it left half done is "
				   "recognised by its lock");
	/* A lock: nothing was begun, and its log says no more. */
	if (phx_err_may_retry(&err)) {
		phx_call_failed(j, &err);
		phx_err_done(&err);
		return;
	}
	phx_err_done(&j->err);
	j->err = err;
	j->ended_badly = true;
	read_log(j, 0, log_of_failure);
}

static void task_warned(struct phx_job *j)
{
	j->warned = true;
	j->res->message = PHX_STR("the task ended with warnings");
	phx_job_say(j, PHX_EV_WARNING, "the task ended with warnings");
	j->ended_badly = false;
	read_log(j, 0, log_of_failure);
}

/* The newest line says how far it is; any new line says that it moves. */
static void log_moved(struct phx_job *j, struct phx_answer *answer)
{
	size_t n = json_array_size(answer->data);
	struct phx_str line = phx_json_str(json_array_get(answer->data, n ? n - 1 : 0), "t");

	if (answer->err.kind == PHX_ERR_NONE && n && !phx_str_eqc(line, "no content")) {
		j->log_lines += (uint32_t)n;
		j->task_moved = phx_now_ms();
		phx_job_say(j, PHX_EV_PROGRESS, PHX_STR_FMT, PHX_STR_ARG(line));
	}
	phx_job_sleep(j, poll_delay(j), poll_task);
}

static void still_running(struct phx_job *j)
{
	uint64_t now = phx_now_ms();
	bool late = j->a->timeout_ms && now - j->task_moved >= j->a->timeout_ms;

	/* Only when its log, just looked at, has nothing new either. */
	if (late && now - j->log_asked < LOG_FRESH_MS && j->log_asked > j->task_moved) {
		phx_job_failf(j, PHX_ERR_TIMEOUT,
			      "the task is not stopped: it goes on, and the next `phx apply` waits for it; "
			      "look at it in Proxmox's task list",
			      "no end and no progress within %.0f s: task " PHX_STR_FMT,
			      (double)j->a->timeout_ms / 1000, PHX_STR_ARG(j->upid));
		return;
	}
	if (late || now - j->log_asked >= LOG_EVERY_MS) {
		j->log_asked = now;
		read_log(j, j->log_lines, log_moved);
		return;
	}
	phx_job_sleep(j, poll_delay(j), poll_task);
}

static void not_reached(struct phx_job *j, const struct phx_err *err)
{
	uint64_t now = phx_now_ms();

	if (!j->unreachable_since)
		j->unreachable_since = now;
	if (err->kind == PHX_ERR_MISSING) {
		/* A server that lost power forgets its tasks: what became of it is read from the guest. */
		phx_err_copy(&j->err, err);
		phx_probe_begin(j);
		return;
	}
	if ((err->kind != PHX_ERR_CONNECT && err->kind != PHX_ERR_TIMEOUT) ||
	    now - j->unreachable_since >= j->run->patience_ms) {
		struct phx_err all = {0};

		phx_err_copy(&all, err);
		phx_err_wrap(&all, "task " PHX_STR_FMT " was started, and its end is not known",
			     PHX_STR_ARG(j->upid));
		phx_err_hint(&all, "it may go on: when the server can be reached again, the next `phx apply` "
				   "looks for it first");
		phx_job_fail(j, &all);
		phx_err_done(&all);
		return;
	}
	phx_job_say(j, PHX_EV_RETRY, "the task cannot be looked at: " PHX_STR_FMT,
		    PHX_STR_ARG(phx_buf_view(&err->msg)));
	phx_job_sleep(j, 1000, poll_task);
}

static void status_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str text;

	if (answer->err.kind != PHX_ERR_NONE) {
		not_reached(j, &answer->err);
		return;
	}
	j->unreachable_since = 0;
	switch (phx_task_status(answer->data, &text)) {
	case PHX_TASK_RUNNING:
		still_running(j);
		return;
	case PHX_TASK_OK:
		phx_call_verify(j);
		return;
	case PHX_TASK_WARNINGS:
		task_warned(j);
		return;
	case PHX_TASK_FAILED:
		task_failed(j, text);
		return;
	case PHX_TASK_UNKNOWN:
		/* Stopped, its result not written yet; if it never is, the worker was killed. */
		if (++j->dead > 20)
			task_failed(j, PHX_STR("unexpected status"));
		else
			phx_job_sleep(j, 100, poll_task);
		return;
	}
}

static void poll_task(struct phx_job *j)
{
	struct phx_buf path = {0};

	phx_task_path(j->upid, "/status", &path);
	phx_job_get(j, phx_buf_view(&path), NULL, status_read);
	phx_buf_done(&path);
}

void phx_job_watch(struct phx_job *j, struct phx_str upid)
{
	struct phx_err err = {0};

	j->upid = phx_str_dup(j->run->arena, upid);
	j->res->upid = j->upid;
	j->task_since = j->task_moved = j->log_asked = phx_now_ms();
	j->log_lines = 0;
	j->dead = 0;
	j->unreachable_since = 0;
	phx_job_say(j, PHX_EV_TASK, PHX_STR_FMT, PHX_STR_ARG(j->upid));
	/* Without the line the next run would only have to look for it. */
	if (j->run->o->journal && !phx_journal_task(j->run->o->journal, j->a->id, j->upid, &err))
		phx_job_say(j, PHX_EV_WARNING, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.msg)));
	phx_err_done(&err);
	phx_job_sleep(j, phx_task_poll_delay_ms(0), poll_task);
}

static void look_for_hidden(struct phx_job *j);

static void hidden_judged(struct phx_job *j, enum phx_verdict v)
{
	if (v == PHX_VERDICT_YES) {
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
	if (phx_now_ms() - j->task_since < (j->a->timeout_ms ? j->a->timeout_ms : FIND_MS)) {
		phx_job_sleep(j, 200, look_for_hidden);
		return;
	}
	phx_job_failf(j, PHX_ERR_TIMEOUT, "look for its task in Proxmox's task list, then plan again",
		      "the call was accepted, but no task was seen, and: %s",
		      j->why.len ? j->why.ptr : "nothing changed");
}

static void hidden_listed(struct phx_job *j, struct phx_answer *answer)
{
	size_t i;
	json_t *t;

	json_array_foreach(answer->data, i, t)
	{
		struct phx_str upid = phx_json_str(t, "upid");
		struct phx_upid parsed;

		if (!phx_str_eq(phx_json_str(t, "type"), phx_job_task_type(j)) ||
		    !phx_upid_parse(upid, &parsed))
			continue;
		if (phx_str_eq(upid, j->task_before))
			break; /* lists are newest first: the new one is not there yet */
		phx_job_watch(j, upid);
		return;
	}
	phx_check_begin(j, hidden_judged);
}

static void look_for_hidden(struct phx_job *j)
{
	struct phx_params p = {0};

	phx_params_add(&j->arena, &p, PHX_STR("vmid"), phx_job_task_id(j));
	phx_params_add(&j->arena, &p, PHX_STR("source"), PHX_STR("all"));
	phx_params_add(&j->arena, &p, PHX_STR("limit"), PHX_STR("20"));
	phx_job_get(j, phx_str_printf(&j->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(j->a->node)), &p,
		    hidden_listed);
}

void phx_job_find_hidden(struct phx_job *j)
{
	j->task_since = phx_now_ms();
	look_for_hidden(j);
}
