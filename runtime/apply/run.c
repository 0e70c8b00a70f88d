#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply_priv.h"
#include "base/sys.h"
#include "guest/channel.h"

/* A node that is started again is back within two minutes; a server on this machine that is gone does not come back by itself. */
enum { PATIENCE_MS = 120000, PATIENCE_LOCAL_MS = 1000 };
enum { PARALLEL = 8, TICK_MS = 100, PINGS_MIN = 2 };

const char *phx_outcome_name(enum phx_outcome o)
{
	static const char *const names[PHX_OUT_COUNT] = {
		[PHX_OUT_LEFT] = "left",     [PHX_OUT_DONE] = "done",       [PHX_OUT_ALREADY] = "already",
		[PHX_OUT_FAILED] = "failed", [PHX_OUT_SKIPPED] = "skipped", [PHX_OUT_UNKNOWN] = "unknown",
	};

	if ((unsigned)o >= PHX_OUT_COUNT)
		PHX_BUG("outcome %d", (int)o);
	return names[o];
}

void phx_run_emit(struct phx_run *r, enum phx_event_kind kind, struct phx_job *j, const struct phx_action *a,
		  struct phx_str text)
{
	struct phx_buf safe = {0}, masked = {0};
	struct phx_event e = {.kind = kind,
			      .plan = r->plan,
			      .action = a,
			      .finished = r->finished,
			      .total = r->plan->actions.n};

	e.at_ms = phx_now_ms() - r->began;
	if (j)
		e.result = j->res;
	if (kind == PHX_EV_FINISH && a)
		e.result = &r->result->actions[a->id - 1];
	if (kind == PHX_EV_END)
		e.run = r->result;
	if (text.len) {
		if (r->o->secrets)
			phx_secrets_mask(r->o->secrets, text, &masked);
		phx_buf_printable(&safe, r->o->secrets ? phx_buf_view(&masked) : text);
		e.text = phx_buf_view(&safe);
	}
	for (uint32_t i = 0; i < r->o->nlisteners; i++)
		r->o->listeners[i].event(r->o->listeners[i].user, &e);
	phx_buf_done(&masked);
	phx_buf_done(&safe);
}

static void warn(struct phx_run *r, const struct phx_action *a, const struct phx_err *err)
{
	phx_run_emit(r, PHX_EV_WARNING, NULL, a, phx_buf_view(&err->msg));
}

static void journal_result(struct phx_run *r, const struct phx_action *a)
{
	const struct phx_action_result *res = &r->result->actions[a->id - 1];
	struct phx_err err = {0};

	if (r->o->journal &&
	    !phx_journal_result(r->o->journal, a->id, phx_outcome_name((enum phx_outcome)res->outcome),
				res->message, &err))
		warn(r, a, &err);
	phx_err_done(&err);
}

static void skipped(void *user, uint32_t index, uint32_t because)
{
	struct phx_run *r = user;
	struct phx_action_result *res = &r->result->actions[index];

	res->outcome = PHX_OUT_SKIPPED;
	res->because = because + 1;
	r->finished++;
	phx_run_emit(r, PHX_EV_FINISH, NULL, r->plan->actions.v[index], (struct phx_str){0});
}

static void free_job(struct phx_job *j)
{
	phx_err_done(&j->err);
	phx_buf_done(&j->why);
	phx_buf_done(&j->seen);
	phx_buf_done(&j->found);
	phx_guest_step_free(j);
	phx_arena_done(&j->arena);
}

/* Over the host channel: the API may well be there. */
static bool by_the_node(const struct phx_action *a)
{
	return a->type == PHX_ACT_HOST ||
	       (a->type == PHX_ACT_GUEST && a->body->work && a->body->work->way != PHX_WAY_AGENT);
}

/* The job is put away; whoever called returns without touching it. */
void phx_run_ended(struct phx_job *j, bool ok)
{
	struct phx_run *r = j->run;
	const struct phx_action *a = j->a;
	struct phx_job **at = &r->jobs;

	if (j->asking || j->wake_at)
		PHX_BUG("action %u ended with something to come", a->id);
	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	j->res->ended_ms = phx_now_ms() - r->began;
	r->finished++;
	journal_result(r, a);
	phx_run_emit(r, PHX_EV_FINISH, j, a, (struct phx_str){0});
	free_job(j);
	*j = (struct phx_job){.next = r->spare};
	r->spare = j;
	if (!ok && r->o->fail_fast && r->stop == PHX_STOP_NOT) {
		r->stop = PHX_STOP_SOON;
		phx_run_emit(r, PHX_EV_INTERRUPT, NULL, NULL,
			     PHX_STR("nothing more is started (--fail-fast); what runs is finished"));
	}
	if (!ok && r->stop == PHX_STOP_NOT && !by_the_node(a) &&
	    r->result->actions[a->id - 1].kind == PHX_ERR_CONNECT) {
		r->stop = PHX_STOP_SOON;
		r->cut_off = true;
		phx_run_emit(r, PHX_EV_INTERRUPT, NULL, NULL,
			     PHX_STR("the server cannot be reached: nothing more is started"));
	}
	if (a->op != PHX_OP_UNLOCK && r->result->actions[a->id - 1].outcome != PHX_OUT_LEFT)
		phx_schedule_ended(r->schedule, a->id - 1, ok, skipped, r);
}

static struct phx_job *new_job(struct phx_run *r, const struct phx_action *a)
{
	struct phx_job *j = r->spare;

	if (j)
		r->spare = j->next;
	else
		j = PHX_NEW(r->arena, struct phx_job);
	*j = (struct phx_job){.next = r->jobs, .run = r, .a = a, .res = &r->result->actions[a->id - 1]};
	r->jobs = j;
	j->res->started_ms = phx_now_ms() - r->began;
	return j;
}

static bool journalled(struct phx_job *j)
{
	struct phx_run *r = j->run;
	struct phx_err err = {0};
	bool ok =
		!r->o->journal || phx_journal_intent(r->o->journal, j->a->id, j->a->address,
						     phx_action_op_name((enum phx_action_op)j->a->op), &err);

	/* The lock is given back all the same: there is nothing in that to pick up after a crash. */
	if (!ok && j->a->op == PHX_OP_UNLOCK) {
		warn(r, j->a, &err);
		ok = true;
	} else if (!ok) {
		phx_job_fail(j, &err);
	}
	phx_err_done(&err);
	return ok;
}

static void start(struct phx_run *r, const struct phx_action *a)
{
	struct phx_job *j = new_job(r, a);

	phx_run_emit(r, PHX_EV_START, j, a, (struct phx_str){0});
	if (!journalled(j))
		return;
	switch ((enum phx_action_type)a->type) {
	case PHX_ACT_CALL:
		phx_call_begin(j);
		return;
	case PHX_ACT_WAIT:
		phx_wait_begin(j);
		return;
	case PHX_ACT_HOST:
		phx_host_begin(j);
		return;
	case PHX_ACT_GUEST:
		phx_guest_step_begin(j);
		return;
	}
}

static void start_some(struct phx_run *r)
{
	uint32_t index;

	while (r->stop == PHX_STOP_NOT && phx_schedule_next(r->schedule, &index))
		start(r, r->plan->actions.v[index]);
}

static void drain(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char bytes[64];

	while (poll(&p, 1, 0) == 1 && (p.revents & POLLIN) && read(fd, bytes, sizeof(bytes)) > 0) {
	}
}

static void look_at_interrupts(struct phx_run *r)
{
	uint32_t n = r->o->interrupts ? (uint32_t)*r->o->interrupts : 0;

	if (n == r->seen_interrupts)
		return;
	if (r->o->wake_fd >= 0)
		drain(r->o->wake_fd);
	r->seen_interrupts = n;
	r->result->interrupted = true;
	if (n >= 2 || !r->jobs) {
		r->stop = n >= 2 ? PHX_STOP_NOW : PHX_STOP_SOON;
		phx_run_emit(r, PHX_EV_INTERRUPT, NULL, NULL,
			     n >= 2 ? PHX_STR("stopped at once; tasks that were started go on in the "
					      "cluster, and the next apply waits for them")
				    : PHX_STR("stopped"));
	} else if (r->stop == PHX_STOP_NOT) {
		r->stop = PHX_STOP_SOON;
		phx_run_emit(
			r, PHX_EV_INTERRUPT, NULL, NULL,
			PHX_STR("nothing more is started, what runs is finished; once more stops at once"));
	}
}

static void look_at_deadline(struct phx_run *r)
{
	if (!r->o->timeout_ms || r->stop != PHX_STOP_NOT || phx_now_ms() - r->began < r->o->timeout_ms)
		return;
	r->result->timed_out = true;
	r->stop = PHX_STOP_SOON;
	phx_run_emit(r, PHX_EV_INTERRUPT, NULL, NULL,
		     PHX_STR("the time for the whole run is over (--timeout): nothing more is started, what "
			     "runs is finished"));
}

static void ring(struct phx_run *r)
{
	uint64_t now = phx_now_ms();
	struct phx_job *j = r->jobs;

	while (j) {
		if (!j->wake_at ||
		    (j->wake_at > now && !(r->stop != PHX_STOP_NOT && j->a->type == PHX_ACT_WAIT))) {
			j = j->next;
			continue;
		}
		j->wake_at = 0;
		j->resume(j);
		j = r->jobs; /* it may be gone, and others with it */
	}
}

static uint64_t quiet_ms(struct phx_run *r)
{
	uint64_t now = phx_now_ms(), wait = TICK_MS;

	for (struct phx_job *j = r->jobs; j; j = j->next) {
		if (j->wake_at && j->wake_at <= now)
			return 0;
		if (j->wake_at && j->wake_at - now < wait)
			wait = j->wake_at - now;
	}
	return wait;
}

static void tick(struct phx_run *r)
{
	uint64_t now = phx_now_ms();

	if (now - r->ticked < TICK_MS)
		return;
	r->ticked = now;
	for (uint32_t i = 0; i < r->o->nlisteners; i++) {
		if (r->o->listeners[i].tick)
			r->o->listeners[i].tick(r->o->listeners[i].user, now - r->began);
	}
}

static void wait_a_while(struct phx_run *r)
{
	struct pollfd p = {.fd = r->o->wake_fd, .events = POLLIN};
	uint64_t wait = quiet_ms(r), due = phx_channel_work(r->channel), since = phx_now_ms();

	if (due < wait)
		wait = due;
	if (r->in_flight || r->inside)
		(void)phx_backend_run(r->backend, wait, r->o->wake_fd);
	/* Between two looks into a guest nothing is in flight. */
	if (!r->in_flight && wait && phx_now_ms() == since)
		poll(&p, 1, (int)wait);
}

/* Until nothing runs and nothing can start. */
static void work(struct phx_run *r)
{
	for (;;) {
		look_at_interrupts(r);
		look_at_deadline(r);
		if (r->stop == PHX_STOP_NOW)
			return;
		ring(r);
		start_some(r);
		if (!r->jobs)
			return;
		tick(r);
		wait_a_while(r);
	}
}

/* The lock is given back whatever happened, but for a stop at once: then the next run finds its holder dead. */
static void unlock(struct phx_run *r)
{
	const struct phx_action *last = r->plan->actions.v[r->plan->actions.n - 1];
	enum phx_stop was = r->stop;

	if (last->op != PHX_OP_UNLOCK || !r->lock_held || r->cut_off || r->stop == PHX_STOP_NOW)
		return;
	r->stop = PHX_STOP_SOON;
	start(r, last);
	work(r);
	if (r->stop != PHX_STOP_NOW)
		r->stop = was;
}

static void leave(struct phx_run *r)
{
	struct phx_job *j = r->jobs;

	r->over = true;
	while (j) {
		struct phx_job *next = j->next;

		j->res->outcome = PHX_OUT_UNKNOWN;
		j->res->ended_ms = phx_now_ms() - r->began;
		free_job(j);
		j = next;
	}
	r->jobs = NULL;
}

static int exit_code(const struct phx_run *r)
{
	const struct phx_apply_result *res = r->result;
	bool rest = res->count[PHX_OUT_LEFT] || res->count[PHX_OUT_UNKNOWN];

	if (r->lock_failed)
		return 1;
	if (res->interrupted && rest)
		return 130;
	return res->count[PHX_OUT_FAILED] || res->count[PHX_OUT_SKIPPED] || rest ? 5 : 0;
}

static void conclude(struct phx_run *r)
{
	struct phx_apply_result *res = r->result;
	struct phx_err err = {0};

	for (uint32_t i = 0; i < r->plan->actions.n; i++)
		res->count[res->actions[i].outcome]++;
	res->elapsed_ms = phx_now_ms() - r->began;
	res->exit_code = exit_code(r);
	if (r->o->journal && !phx_journal_end(r->o->journal, res->exit_code, &err))
		warn(r, NULL, &err);
	phx_run_emit(r, PHX_EV_END, NULL, NULL, (struct phx_str){0});
	phx_err_done(&err);
}

static bool journal_begin(struct phx_run *r)
{
	struct phx_err err = {0};
	bool ok = !r->o->journal || phx_journal_begin(r->o->journal, r->self.run, r->plan->stack, &err);

	if (!ok) {
		warn(r, NULL, &err);
		r->lock_failed = true; /* nothing is begun that could not be written down */
	}
	phx_err_done(&err);
	return ok;
}

static bool far_away(const char *endpoint)
{
	return strncmp(endpoint, "https:", strlen("https:")) == 0 ||
	       strncmp(endpoint, "ssh:", strlen("ssh:")) == 0;
}

struct phx_apply_result *phx_apply_run(const struct phx_plan *plan, struct phx_writer *writer,
				       const struct phx_apply_options *options, struct phx_arena *arena)
{
	struct phx_run *r = PHX_NEW(arena, struct phx_run);
	uint32_t parallel = options->parallel ? options->parallel : PARALLEL;

	r->plan = plan;
	r->o = options;
	r->writer = writer;
	r->reader = phx_writer_reader(writer);
	r->backend = phx_reader_backend(r->reader);
	r->arena = arena;
	r->result = PHX_NEW(arena, struct phx_apply_result);
	r->result->actions = PHX_NEW_N(arena, struct phx_action_result, plan->actions.n + 1);
	r->schedule = phx_schedule_new(plan, parallel, arena);
	r->began = r->ticked = phx_now_ms();
	r->patience_ms = far_away(phx_backend_endpoint(r->backend)) ? PATIENCE_MS : PATIENCE_LOCAL_MS;
	r->pings_max = parallel / 2 > PINGS_MIN ? parallel / 2 : PINGS_MIN;
	r->self = phx_stack_holder_self(arena, phx_backend_identity(r->backend), phx_wall_ms());
	r->options = phx_options_new(arena, (struct phx_str){0});
	r->channel = phx_channel_open(phx_writer_inside(writer), arena, options->secrets);
	phx_channel_patience(r->channel, r->patience_ms);
	phx_run_emit(r, PHX_EV_BEGIN, NULL, NULL, (struct phx_str){0});
	if (plan->actions.n && journal_begin(r)) {
		work(r);
		unlock(r);
		leave(r);
	}
	phx_channel_close(r->channel);
	conclude(r);
	return r->result;
}
