#include "backend/sim/task.h"

#include "backend/sim/faults.h"
#include "backend/sim/guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define KEEP_TASKS 5000 /* ended ones */
#define KEEP_LOG   200  /* lines of the cluster log */

static json_t *task_of(struct phx_sim_worker *w)
{
	return phx_sim_get(w->sim, "task", w->upid);
}

/* ---- logs ---- */

static void append_log(struct phx_sim_worker *w, const char *text)
{
	json_t *task = task_of(w), *log = json_object_get(task, "log");

	if (log == NULL) {
		log = json_array();
		json_object_set_new(task, "log", log);
	}
	json_array_append_new(log, json_string_nocheck(text));
	phx_sim_dirty(w->sim, "task", w->upid);
}

PHX_PRINTF(2, 0) static const char *text_of(struct phx_sim_worker *w, const char *fmt, va_list ap)
{
	va_list again;
	char *out;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	out = PHX_NEW_N(&w->arena, char, (size_t)n + 1);
	(void)vsnprintf(out, (size_t)n + 1, fmt, ap);
	return out;
}

void phx_sim_task_log(struct phx_sim_worker *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	append_log(w, text_of(w, fmt, ap));
	va_end(ap);
}

void phx_sim_task_warn(struct phx_sim_worker *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	append_log(w, phx_sim_fmt(&w->arena, "WARN: %s", text_of(w, fmt, ap)));
	va_end(ap);
	w->warnings++;
	phx_sim_set_int(w->doc, "warnings", w->warnings);
}

int64_t phx_sim_task_fail(struct phx_sim_worker *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	phx_buf_clear(&w->error);
	phx_buf_c(&w->error, text_of(w, fmt, ap));
	va_end(ap);
	return PHX_SIM_FAILED;
}

static void cluster_log(struct phx_sim *s, const char *node, const char *user, const char *msg)
{
	json_t *all = phx_sim_all(s, "clog");
	int64_t uid = phx_sim_meta_count(s, "clog", 1);
	char id[24];

	(void)snprintf(id, sizeof(id), "%lld", (long long)uid);
	phx_sim_put(s, "clog", id,
		    json_pack("{s:I, s:s, s:s, s:s, s:I}", "uid", (json_int_t)uid, "node", node, "user", user,
			      "msg", msg, "time", (json_int_t)phx_sim_now_s(s)));
	if (json_object_size(all) > KEEP_LOG) {
		(void)snprintf(id, sizeof(id), "%s", json_object_iter_key(json_object_iter(all)));
		phx_sim_del(s, "clog", id);
	}
}

/* ---- the end ---- */

static void prune(struct phx_sim *s)
{
	json_t *all = phx_sim_all(s, "task");
	void *at = json_object_iter(all);

	while (json_object_size(all) > KEEP_TASKS && at != NULL) {
		const char *upid = json_object_iter_key(at);
		json_t *doc = json_object_iter_value(at);
		char *copy;

		at = json_object_iter_next(all, at);
		if (phx_sim_s(doc, "status") == NULL)
			continue;
		copy = strdup(upid);
		phx_sim_del(s, "task", copy);
		free(copy);
	}
}

static void unlink_worker(struct phx_sim_worker *w)
{
	for (struct phx_sim_worker **p = &w->sim->workers; *p != NULL; p = &(*p)->next)
		if (*p == w) {
			*p = w->next;
			return;
		}
}

static void free_worker(struct phx_sim_worker *w)
{
	phx_sim_event_cancel(w->sim, w->timer);
	w->timer = NULL;
	phx_buf_done(&w->error);
	phx_arena_done(&w->arena);
	free(w);
}

static void notify(struct phx_sim_worker *w)
{
	struct phx_sim_request *r = w->watcher;

	w->watcher = NULL;
	if (r == NULL)
		return;
	phx_sim_event_cancel(w->sim, r->timer);
	r->timer = NULL;
	phx_sim_continue(r);
}

static void finish(struct phx_sim_worker *w, const char *status)
{
	struct phx_sim *s = w->sim;
	json_t *task = task_of(w);

	phx_sim_set(task, "status", status);
	phx_sim_set_int(task, "endtime", phx_sim_now_s(s));
	phx_sim_dirty(s, "task", w->upid);
	phx_sim_log(s, "task-end",
		    json_pack("{s:s, s:s, s:s, s:s}", "upid", w->upid, "type", phx_sim_so(task, "type", ""),
			      "id", phx_sim_so(task, "id", ""), "status", status));
	cluster_log(s, w->node, phx_sim_so(task, "full", ""),
		    phx_sim_fmt(&w->arena, "end task %s: %s", w->upid, status));
	phx_sim_del(s, "work", w->upid);
	unlink_worker(w);
	phx_sim_unlock(s, &w->locker);
	prune(s);
	notify(w);
	free_worker(w);
}

static void finish_ok(struct phx_sim_worker *w)
{
	if (w->warnings > 0) {
		const char *status = phx_sim_fmt(&w->arena, "WARNINGS: %d", w->warnings);

		append_log(w, phx_sim_fmt(&w->arena, "TASK %s", status));
		finish(w, status);
		return;
	}
	append_log(w, "TASK OK");
	finish(w, "OK");
}

static void finish_error(struct phx_sim_worker *w)
{
	struct phx_str text = phx_str_trim(phx_buf_view(&w->error));
	const char *status = phx_sim_fmt(&w->arena, PHX_STR_FMT, PHX_STR_ARG(text));

	append_log(w, phx_sim_fmt(&w->arena, "TASK ERROR: %s", status));
	finish(w, status);
}

/* ---- running ---- */

static void on_timer(struct phx_sim *s, void *arg)
{
	struct phx_sim_worker *w = arg;

	(void)s;
	w->timer = NULL;
	phx_sim_task_resume(w);
}

static int64_t next_step(struct phx_sim_worker *w)
{
	if (w->doom != NULL && w->step > 0) {
		phx_buf_clear(&w->error);
		phx_buf_c(&w->error, w->doom);
		if (w->job->undo != NULL)
			w->job->undo(w);
		phx_buf_clear(&w->error);
		phx_buf_c(&w->error, w->doom);
		return PHX_SIM_FAILED;
	}
	return w->job->step(w);
}

/* What a task needs to go on after an orderly restart. */
static void remember(struct phx_sim_worker *w)
{
	json_t *held = json_array();

	for (size_t i = 0; i < PHX_SIM_LOCKS_MAX; i++)
		if (w->locker.held[i] != 0)
			json_array_append_new(held, json_integer(w->locker.held[i]));
	json_object_set_new(w->doc, "locks", held);
	phx_sim_set_int(w->doc, "step", w->step);
	phx_sim_dirty(w->sim, "work", w->upid);
}

void phx_sim_task_resume(struct phx_sim_worker *w)
{
	for (;;) {
		int64_t wait = next_step(w);

		if (wait == PHX_SIM_BLOCKED)
			return;
		if (wait == PHX_SIM_DONE && w->doom == NULL) {
			finish_ok(w);
			return;
		}
		if (wait == PHX_SIM_FAILED) {
			finish_error(w);
			return;
		}
		w->step++;
		remember(w);
		if (wait > 0) {
			w->timer = phx_sim_event_add(w->sim, wait, on_timer, w);
			return;
		}
	}
}

static void lock_came(struct phx_sim *s, struct phx_sim_locker *l)
{
	for (struct phx_sim_worker *w = s->workers; w != NULL; w = w->next)
		if (&w->locker == l) {
			phx_sim_task_resume(w);
			return;
		}
}

static struct phx_sim_worker *new_worker(struct phx_sim *s, const char *upid, const char *node,
					 const struct phx_sim_job *job, json_t *doc)
{
	struct phx_sim_worker *w = calloc(1, sizeof(*w)), **end = &s->workers;

	if (w == NULL)
		phx_out_of_memory();
	w->sim = s;
	w->upid = phx_sim_fmt(&w->arena, "%s", upid);
	w->node = phx_sim_fmt(&w->arena, "%s", node);
	w->job = job;
	w->doc = doc;
	w->ctx = json_object_get(doc, "ctx");
	w->step = (int)phx_json_int(doc, "step", 0);
	w->warnings = (int)phx_json_int(doc, "warnings", 0);
	w->locker.who = w->upid;
	w->locker.resume = lock_came;
	while (*end != NULL)
		end = &(*end)->next;
	*end = w;
	return w;
}

struct owner {
	const char *node, *user, *token, *full;
};

static struct phx_sim_worker *start(struct phx_sim *s, const struct owner *o, const struct phx_sim_job *job,
				    const char *type, const char *id, json_t *ctx)
{
	struct phx_arena a = {0};
	json_t *node = phx_sim_get(s, "node", o->node);
	int64_t now = phx_sim_now_s(s), pid = phx_sim_meta_count(s, "pid", 0x2710);
	int64_t pstart = (phx_sim_now(s) - phx_json_int(node, "boot", now) * PHX_SIM_SECOND) / 10000;
	const char *upid = phx_sim_fmt(&a, "UPID:%s:%08llX:%08llX:%08llX:%s:%s:%s:", o->node,
				       (unsigned long long)pid, (unsigned long long)pstart & 0xffffffffu,
				       (unsigned long long)now, type, id, o->full);
	struct phx_sim_worker *w;
	json_t *doc;

	phx_sim_put(s, "task", upid,
		    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:I, s:I}", "node", o->node, "type", type,
			      "id", id, "user", o->user, "full", o->full, "tokenid", o->token, "pid",
			      (json_int_t)pid, "pstart", (json_int_t)(pstart & 0xffffffff), "starttime",
			      (json_int_t)now));
	doc = phx_sim_put(s, "work", upid,
			  json_pack("{s:s, s:s, s:i, s:o}", "job", job->name, "node", o->node, "step", 0,
				    "ctx", ctx != NULL ? ctx : json_object()));
	w = new_worker(s, upid, o->node, job, doc);
	phx_sim_log(s, "task-start", json_pack("{s:s, s:s, s:s}", "upid", upid, "type", type, "id", id));
	cluster_log(s, o->node, o->full, phx_sim_fmt(&w->arena, "starting task %s", upid));
	phx_arena_done(&a);
	return w;
}

const char *phx_sim_task_start(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type,
			       const char *id, json_t *ctx)
{
	struct owner o = {
		.node = phx_sim_node(r), .user = r->who.user, .token = r->who.token, .full = r->who.full};
	struct phx_sim_worker *w = start(r->sim, &o, job, type, id, ctx);
	const char *upid = phx_sim_fmt(&r->arena, "%s", w->upid);
	const char *doom = phx_sim_fault_doom(r);

	/* Locks that the request took for its worker go over to it. */
	for (size_t i = 0; i < PHX_SIM_LOCKS_MAX; i++)
		w->locker.held[i] = r->locker.held[i];
	memset(r->locker.held, 0, sizeof(r->locker.held));
	if (doom != NULL)
		w->doom = phx_sim_fmt(&w->arena, "%s", doom);
	phx_sim_task_resume(w);
	return upid;
}

void phx_sim_task_answer(struct phx_sim_request *r, const struct phx_sim_job *job, const char *type,
			 int64_t vmid, json_t *ctx)
{
	const char *upid =
		phx_sim_task_start(r, job, type, phx_sim_fmt(&r->arena, "%lld", (long long)vmid), ctx);

	phx_sim_ok(r, json_string(upid));
}

const char *phx_sim_task_system(struct phx_sim *s, const char *node, const struct phx_sim_job *job,
				const char *type, const char *id, json_t *ctx)
{
	struct owner o = {.node = node, .user = "root@pam", .token = NULL, .full = "root@pam"};
	struct phx_sim_worker *w = start(s, &o, job, type, id, ctx);

	phx_sim_task_resume(w);
	return NULL;
}

struct phx_sim_worker *phx_sim_task_worker(struct phx_sim *s, const char *upid)
{
	for (struct phx_sim_worker *w = s->workers; w != NULL; w = w->next)
		if (strcmp(w->upid, upid) == 0)
			return w;
	return NULL;
}

bool phx_sim_task_await(struct phx_sim_request *r, const char *upid, int64_t seconds)
{
	struct phx_sim_worker *w = phx_sim_task_worker(r->sim, upid);

	if (w == NULL || seconds <= 0)
		return true;
	w->watcher = r;
	phx_sim_wait(r, seconds * PHX_SIM_SECOND);
	return false;
}

/* ---- abrupt ends ---- */

void phx_sim_task_abort(struct phx_sim_worker *w)
{
	phx_buf_clear(&w->error);
	phx_buf_c(&w->error, "received interrupt");
	if (w->job->undo != NULL)
		w->job->undo(w);
	finish_error(w);
}

static void die(struct phx_sim *s, const char *upid)
{
	json_t *task = phx_sim_get(s, "task", upid);

	if (task == NULL)
		return;
	phx_sim_set(task, "status", "unexpected status");
	phx_sim_set_int(task, "endtime", phx_sim_now_s(s));
	phx_sim_dirty(s, "task", upid);
	phx_sim_log(s, "task-end",
		    json_pack("{s:s, s:s, s:s, s:s}", "upid", upid, "type", phx_sim_so(task, "type", ""),
			      "id", phx_sim_so(task, "id", ""), "status", "unexpected status"));
}

void phx_sim_task_power_loss(struct phx_sim *s, const char *node)
{
	struct phx_sim_worker *w;

	for (w = s->workers; w != NULL; w = w->next)
		if (node == NULL || strcmp(w->node, node) == 0)
			phx_sim_lock_leave(s, &w->locker);
	w = s->workers;
	while (w != NULL) {
		struct phx_sim_worker *dead = w;

		w = w->next;
		if (node != NULL && strcmp(dead->node, node) != 0)
			continue;
		die(s, dead->upid);
		phx_sim_del(s, "work", dead->upid);
		unlink_worker(dead);
		phx_sim_unlock(s, &dead->locker);
		notify(dead);
		free_worker(dead);
		w = s->workers; /* whoever got a lock may have changed the list */
	}
}

void phx_sim_task_recover(struct phx_sim *s, bool clean)
{
	json_t *all = phx_sim_all(s, "work"), *doc;
	const char *upid;
	void *tmp;

	if (!clean) {
		json_object_foreach(all, upid, doc)
		{
			die(s, upid);
		}
		json_object_foreach_safe(all, tmp, upid, doc)
		{
			phx_sim_del(s, "work", upid);
		}
		return;
	}
	json_object_foreach(all, upid, doc)
	{
		const struct phx_sim_job *job = NULL;
		struct phx_sim_worker *w;
		json_t *vmid;
		size_t k;

		for (size_t i = 0; phx_sim_jobs[i] != NULL; i++)
			if (strcmp(phx_sim_jobs[i]->name, phx_sim_so(doc, "job", "")) == 0)
				job = phx_sim_jobs[i];
		if (job == NULL)
			continue;
		w = new_worker(s, upid, phx_sim_so(doc, "node", ""), job, doc);
		json_array_foreach(json_object_get(doc, "locks"), k, vmid)
		{
			(void)phx_sim_lock(s, &w->locker, json_integer_value(vmid));
		}
		w->timer = phx_sim_event_add(s, PHX_SIM_SECOND, on_timer, w);
	}
}

void phx_sim_task_close(struct phx_sim *s)
{
	while (s->workers != NULL) {
		struct phx_sim_worker *w = s->workers;

		s->workers = w->next;
		w->watcher = NULL;
		free_worker(w);
	}
}

/* ---- locks ---- */

enum phx_sim_lock_result phx_sim_task_lock(struct phx_sim_worker *w, int64_t vmid, bool vm)
{
	enum phx_sim_lock_result got = phx_sim_lock(w->sim, &w->locker, vmid);

	if (got == PHX_SIM_LOCK_TIMEOUT && vm)
		(void)phx_sim_task_fail(
			w, "can't lock file '/var/lock/qemu-server/lock-%lld.conf' - got timeout",
			(long long)vmid);
	else if (got == PHX_SIM_LOCK_TIMEOUT)
		(void)phx_sim_task_fail(w,
					"can't lock file '/run/lock/lxc/pve-config-%lld.lock' - got timeout",
					(long long)vmid);
	return got;
}

int64_t phx_sim_task_locked(struct phx_sim_worker *w, const json_t *guest)
{
	const char *lock = phx_sim_conf_get(guest, "lock");

	phx_sim_log(w->sim, "lock-refused",
		    json_pack("{s:I, s:s, s:s}", "id", (json_int_t)phx_sim_guest_id(guest), "who", w->upid,
			      "why", lock != NULL ? lock : ""));
	return phx_sim_task_fail(w, "%s is locked (%s)", phx_sim_guest_word(guest), lock != NULL ? lock : "");
}
