/* The stack lock: taken by creating a pool, which is atomic in the whole cluster; given back by deleting it, when it is ours. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { UNLOCK_TRIES = 6 };

static struct phx_str lock_path(struct phx_job *j)
{
	return phx_stack_lock_path(&j->arena, j->run->plan->stack);
}

/* Two runs on this machine that both find the same dead holder must not both take the lock over: the second would delete the
 * lock of the first. The name of a socket in the abstract namespace is had by one process, and goes with it. -1: another has it. */
static int take_over_right(struct phx_str stack)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct phx_arena a = {0};
	struct phx_str name =
		phx_str_printf(&a, "phx-takeover-" PHX_STR_FMT, PHX_STR_ARG(phx_sha256_hex(&a, stack)));
	socklen_t len;

	memcpy(at.sun_path + 1, name.ptr, name.len);
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + name.len);
	phx_arena_done(&a);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void held_by(struct phx_job *j, const struct phx_stack_holder *h, const char *more)
{
	struct phx_str stack = j->run->plan->stack;

	j->run->lock_failed = true;
	phx_job_failf(j, PHX_ERR_LOCKED,
		      phx_str_printf(&j->arena,
				     "wait for it to end; when it is surely dead: phx unlock " PHX_STR_FMT,
				     PHX_STR_ARG(stack))
			      .ptr,
		      "stack `" PHX_STR_FMT "` is being changed by " PHX_STR_FMT "%s", PHX_STR_ARG(stack),
		      PHX_STR_ARG(phx_stack_holder_text(&j->arena, h)), more);
}

static void fail(struct phx_job *j, const struct phx_err *err)
{
	j->run->lock_failed = true;
	phx_job_fail(j, err);
}

static void removed(struct phx_job *j, struct phx_answer *answer)
{
	if (j->exit_code >= 0)
		close(j->exit_code); /* the right to take over */
	if (answer->err.kind != PHX_ERR_NONE && answer->err.kind != PHX_ERR_MISSING)
		fail(j, &answer->err);
	else
		phx_lock_begin(j);
}

static void read_again(struct phx_job *j);

static void holder_read(struct phx_job *j, struct phx_answer *answer);

/* Read again with the right in hand: until it was had, another run may have taken the lock over. */
static void still_dead(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_stack_holder h;

	if (answer->err.kind == PHX_ERR_NONE &&
	    phx_stack_holder_read(&j->arena, phx_json_str(answer->data, "comment"), &h) &&
	    phx_stack_holder_state(&h, &j->run->self) == PHX_HOLDER_DEAD) {
		phx_job_say(j, PHX_EV_WARNING,
			    "the lock was held by a run that is dead (" PHX_STR_FMT "): taken over",
			    PHX_STR_ARG(phx_stack_holder_text(&j->arena, &h)));
		phx_job_send(j, PHX_DELETE, lock_path(j), NULL, removed);
		return;
	}
	close(j->exit_code);
	j->exit_code = -1;
	holder_read(j, answer);
}

static void take_over(struct phx_job *j)
{
	j->exit_code = take_over_right(j->run->plan->stack);
	if (j->exit_code < 0) /* somebody is at it: see what comes of it */
		phx_job_sleep(j, 200, read_again);
	else
		phx_job_get(j, lock_path(j), NULL, still_dead);
}

static void holder_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_stack_holder h;

	if (answer->err.kind == PHX_ERR_MISSING) { /* given back meanwhile */
		if (j->negatives++ < 5)
			phx_lock_begin(j);
		else
			fail(j, &answer->err);
		return;
	}
	if (answer->err.kind != PHX_ERR_NONE) {
		fail(j, &answer->err);
		return;
	}
	if (!phx_stack_holder_read(&j->arena, phx_json_str(answer->data, "comment"), &h)) {
		j->run->lock_failed = true;
		phx_job_failf(
			j, PHX_ERR_LOCKED,
			"its comment does not say who holds it: remove the pool by hand when nobody applies",
			"pool `" PHX_STR_FMT "` exists, and is not a lock of phx",
			PHX_STR_ARG(phx_stack_lock_pool(&j->arena, j->run->plan->stack)));
		return;
	}
	switch (phx_stack_holder_state(&h, &j->run->self)) {
	case PHX_HOLDER_SELF:
		j->run->lock_held = true;
		phx_job_done(j, PHX_OUT_DONE);
		return;
	case PHX_HOLDER_DEAD:
		take_over(j);
		return;
	case PHX_HOLDER_ALIVE:
		held_by(j, &h, "");
		return;
	case PHX_HOLDER_ELSEWHERE:
		held_by(j, &h, " (another machine: whether it is alive cannot be told from here)");
		return;
	}
}

static void read_again(struct phx_job *j)
{
	phx_job_get(j, lock_path(j), NULL, holder_read);
}

static void again(struct phx_job *j)
{
	phx_lock_begin(j);
}

static void created(struct phx_job *j, struct phx_answer *answer)
{
	switch (answer->err.kind) {
	case PHX_ERR_NONE:
		j->run->lock_held = true;
		phx_job_done(j, PHX_OUT_DONE);
		return;
	case PHX_ERR_EXISTS:
	case PHX_ERR_LOST:
		read_again(j);
		return;
	case PHX_ERR_LOCKED: /* of the cluster's own file, for a moment */
		if (j->backoff++ < 10) {
			phx_job_sleep(j, phx_job_jitter(j, 500), again);
			return;
		}
		fail(j, &answer->err);
		return;
	case PHX_ERR_IO:
	case PHX_ERR_USAGE:
	case PHX_ERR_DATA:
	case PHX_ERR_CONNECT:
	case PHX_ERR_TIMEOUT:
	case PHX_ERR_AUTH:
	case PHX_ERR_PERMISSION:
	case PHX_ERR_PARAMETER:
	case PHX_ERR_MISSING:
	case PHX_ERR_CHANGED:
	case PHX_ERR_QUORUM:
	case PHX_ERR_STORAGE:
	case PHX_ERR_TASK:
	case PHX_ERR_SERVER:
	case PHX_ERR_STALE:
	case PHX_ERR_INTERRUPTED:
		fail(j, &answer->err);
		return;
	}
}

void phx_lock_begin(struct phx_job *j)
{
	j->exit_code = -1;
	j->params.v.n = 0;
	for (uint32_t i = 0; i < j->a->params.v.n; i++) {
		struct phx_param p = j->a->params.v.v[i];

		if (phx_str_eqc(p.name, "comment"))
			p.value = phx_stack_holder_print(&j->arena, &j->run->self);
		phx_vec_push(&j->arena, &j->params.v, p);
	}
	j->res->attempts++;
	phx_job_send(j, j->a->method, j->a->path, &j->params, created);
}

static void deleted(struct phx_job *j, struct phx_answer *answer)
{
	if (answer->err.kind == PHX_ERR_NONE || answer->err.kind == PHX_ERR_MISSING) {
		j->run->lock_held = false;
		phx_job_done(j, PHX_OUT_DONE);
	} else if ((answer->err.kind == PHX_ERR_LOST || phx_err_may_retry(&answer->err)) &&
		   j->backoff++ < UNLOCK_TRIES) {
		phx_job_sleep(j, phx_job_jitter(j, 300), phx_unlock_begin);
	} else {
		phx_job_fail(j, &answer->err);
	}
}

static void before_unlock(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_stack_holder h;

	if (answer->err.kind == PHX_ERR_NONE &&
	    phx_stack_holder_read(&j->arena, phx_json_str(answer->data, "comment"), &h) &&
	    phx_stack_holder_state(&h, &j->run->self) == PHX_HOLDER_SELF) {
		j->res->attempts++;
		phx_job_send(j, j->a->method, j->a->path, NULL, deleted);
		return;
	}
	if (answer->err.kind != PHX_ERR_NONE && answer->err.kind != PHX_ERR_MISSING) {
		phx_job_fail(j, &answer->err);
		return;
	}
	/* Somebody removed it while this run was at work (`phx unlock`): another run may have changed things meanwhile. */
	j->warned = true;
	j->res->message = PHX_STR("the stack's lock was taken off by somebody else during the run: look with "
				  "`phx plan` whether all is as wanted");
	phx_job_say(j, PHX_EV_WARNING, PHX_STR_FMT, PHX_STR_ARG(j->res->message));
	phx_job_done(j, PHX_OUT_ALREADY);
}

void phx_unlock_begin(struct phx_job *j)
{
	phx_job_get(j, lock_path(j), NULL, before_unlock);
}

bool phx_unlock(struct phx_writer *w, struct phx_str stack, bool force, struct phx_arena *arena,
		struct phx_str *out_holder, struct phx_err *err)
{
	struct phx_stack_holder self = phx_stack_holder_self(arena, PHX_STR("phx"), phx_wall_ms()), h;
	struct phx_str path = phx_stack_lock_path(arena, stack);
	json_t *pool = NULL;
	bool ok = false;

	if (!phx_reader_get_now(phx_writer_reader(w), path, NULL, &pool, err)) {
		if (err->kind == PHX_ERR_MISSING) {
			phx_err_set(err, PHX_ERR_MISSING, "stack `" PHX_STR_FMT "` is not locked",
				    PHX_STR_ARG(stack));
			phx_err_hint(err, "there is no pool `" PHX_STR_FMT "`",
				     PHX_STR_ARG(phx_stack_lock_pool(arena, stack)));
		}
		return false;
	}
	*out_holder = PHX_STR("nobody known");
	if (phx_stack_holder_read(arena, phx_json_str(pool, "comment"), &h)) {
		*out_holder = phx_stack_holder_text(arena, &h);
		if (!force && phx_stack_holder_state(&h, &self) == PHX_HOLDER_ALIVE) {
			phx_err_set(err, PHX_ERR_LOCKED,
				    "stack `" PHX_STR_FMT "` is being changed by " PHX_STR_FMT
				    ", which is alive",
				    PHX_STR_ARG(stack), PHX_STR_ARG(*out_holder));
			phx_err_hint(err,
				     "interrupt it with Ctrl-C, or: kill %llu; to unlock all the same: phx "
				     "unlock --force",
				     (unsigned long long)h.pid);
			goto out;
		}
	} else if (!force) {
		phx_err_set(err, PHX_ERR_LOCKED, "pool `" PHX_STR_FMT "` is not a lock of phx",
			    PHX_STR_ARG(phx_stack_lock_pool(arena, stack)));
		phx_err_hint(
			err,
			"look at its comment and members; to remove it all the same: phx unlock --force");
		goto out;
	}
	ok = phx_writer_send_now(w, PHX_DELETE, path, NULL, NULL, err);
out:
	json_decref(pool);
	return ok;
}

bool phx_unlock_dead(struct phx_writer *w, struct phx_str stack, struct phx_arena *arena,
		     struct phx_str *out_holder, struct phx_err *err)
{
	struct phx_stack_holder self = phx_stack_holder_self(arena, PHX_STR("phx"), phx_wall_ms()), h;
	struct phx_str path = phx_stack_lock_path(arena, stack);
	int right = take_over_right(stack);
	json_t *pool = NULL;
	bool ok = true;

	*out_holder = PHX_STR("");
	if (right < 0)
		return true; /* another run is at it */
	if (!phx_reader_get_now(phx_writer_reader(w), path, NULL, &pool, err)) {
		ok = err->kind == PHX_ERR_MISSING;
		if (ok)
			phx_err_clear(err);
	} else if (phx_stack_holder_read(arena, phx_json_str(pool, "comment"), &h) &&
		   phx_stack_holder_state(&h, &self) == PHX_HOLDER_DEAD) {
		ok = phx_writer_send_now(w, PHX_DELETE, path, NULL, NULL, err);
		if (ok)
			*out_holder = phx_stack_holder_text(arena, &h);
	}
	json_decref(pool);
	close(right);
	return ok;
}
