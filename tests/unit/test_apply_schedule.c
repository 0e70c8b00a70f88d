#include "base_test.h"

#include "plan/cost.h"
#include "plan/schedule.h"

/* A plan made by hand; clock and server are numbers. */
struct desk {
	struct phx_arena arena;
	struct phx_plan plan;
	uint64_t ms[4096]; /* how long each action takes here */
};

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct desk));
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	phx_arena_done(&d->arena);
	free(d);
	return 0;
}

static struct phx_action *add(struct desk *d, enum phx_action_op op, uint64_t ms)
{
	struct phx_action *a = PHX_NEW(&d->arena, struct phx_action);

	a->body = &phx_action_no_body;
	a->op = (uint8_t)op;
	a->type = op == PHX_OP_WAIT_AGENT ? PHX_ACT_WAIT : PHX_ACT_CALL;
	a->id = d->plan.actions.n + 1;
	d->ms[d->plan.actions.n] = ms;
	phx_vec_push(&d->arena, &d->plan.actions, a);
	return a;
}

static void need(struct desk *d, struct phx_action *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->needs.n; i++) {
		if (a->needs.v[i] == id)
			return;
	}
	phx_vec_push(&d->arena, &a->needs, id);
}

static void hold(struct desk *d, struct phx_action *a, const char *name, bool exclusive, uint16_t limit)
{
	struct phx_lock l = {
		.name = phx_str_dup(&d->arena, phx_str_c(name)), .exclusive = exclusive, .limit = limit};

	for (uint32_t i = 0; i < a->locks.n; i++) {
		if (phx_str_eq(a->locks.v[i].name, l.name))
			return;
	}
	phx_vec_push(&d->arena, &a->locks, l);
}

static bool collide(const struct phx_action *a, const struct phx_action *b)
{
	for (uint32_t i = 0; i < a->locks.n; i++) {
		for (uint32_t k = 0; k < b->locks.n; k++) {
			if (phx_str_eq(a->locks.v[i].name, b->locks.v[k].name) &&
			    (a->locks.v[i].exclusive || b->locks.v[k].exclusive))
				return true;
		}
	}
	return false;
}

struct play {
	struct phx_schedule *s;
	uint64_t now, ends[4096];
	uint32_t running[4096], nrunning, done, most;
};

/* No running action may collide with another, and no limit may be passed. */
static void assert_no_collision(struct desk *d, struct play *p)
{
	for (uint32_t i = 0; i < p->nrunning; i++) {
		const struct phx_action *a = d->plan.actions.v[p->running[i]];

		for (uint32_t k = i + 1; k < p->nrunning; k++)
			assert_false(collide(a, d->plan.actions.v[p->running[k]]));
		for (uint32_t l = 0; l < a->locks.n; l++) {
			uint32_t holders = 0;

			for (uint32_t k = 0; k < p->nrunning; k++) {
				const struct phx_action *b = d->plan.actions.v[p->running[k]];

				for (uint32_t m = 0; m < b->locks.n; m++)
					holders += phx_str_eq(b->locks.v[m].name, a->locks.v[l].name);
			}
			assert_true(!a->locks.v[l].limit || holders <= a->locks.v[l].limit);
		}
	}
}

static bool could_start(struct desk *d, struct play *p, uint32_t index)
{
	const struct phx_action *a = d->plan.actions.v[index];

	if (phx_schedule_state(p->s, index) != PHX_SCHED_READY || a->op == PHX_OP_UNLOCK)
		return false;
	for (uint32_t k = 0; k < p->nrunning; k++) {
		if (collide(a, d->plan.actions.v[p->running[k]]))
			return false;
	}
	for (uint32_t l = 0; l < a->locks.n; l++) {
		uint32_t holders = 0;

		for (uint32_t k = 0; k < p->nrunning; k++) {
			const struct phx_action *b = d->plan.actions.v[p->running[k]];

			for (uint32_t m = 0; m < b->locks.n; m++)
				holders += phx_str_eq(b->locks.v[m].name, a->locks.v[l].name);
		}
		if (a->locks.v[l].limit && holders >= a->locks.v[l].limit)
			return false;
	}
	return true;
}

/* Runs the plan against the numbers; returns the makespan. */
static uint64_t play(struct desk *d, uint32_t parallel, bool careful)
{
	struct play p = {.s = phx_schedule_new(&d->plan, parallel, &d->arena)};
	uint32_t index;

	for (;;) {
		uint32_t first = 0, counting = 0;

		while (phx_schedule_next(p.s, &index)) {
			p.ends[p.nrunning] = p.now + d->ms[index];
			p.running[p.nrunning++] = index;
			if (careful)
				assert_no_collision(d, &p);
		}
		for (uint32_t i = 0; i < p.nrunning; i++)
			counting += d->plan.actions.v[p.running[i]]->type == PHX_ACT_CALL;
		assert_true(counting <= parallel);
		/* Whatever may run does run. */
		for (uint32_t i = 0; careful && i < d->plan.actions.n && counting < parallel; i++)
			assert_false(could_start(d, &p, i));
		if (!p.nrunning)
			break;
		for (uint32_t i = 1; i < p.nrunning; i++) {
			if (p.ends[i] < p.ends[first])
				first = i;
		}
		p.now = p.ends[first];
		index = p.running[first];
		p.running[first] = p.running[--p.nrunning];
		p.ends[first] = p.ends[p.nrunning];
		phx_schedule_ended(p.s, index, true, NULL, NULL);
		p.done++;
	}
	assert_int_equal(p.done, d->plan.actions.n);
	return p.now;
}

static void clones_of_one_template_take_as_long_as_the_best_order(void **state)
{
	struct desk *d = *state;
	uint64_t best = 0, sum = 0;

	/* 20 clones, then configuration, start and a wait each; full clones of different sizes are told apart only by the server. */
	for (int i = 0; i < 20; i++) {
		struct phx_action *c = add(d, PHX_OP_CLONE, 30000), *f, *s, *w;
		char name[32];

		snprintf(name, sizeof(name), "guest:%d", 100 + i);
		hold(d, c, "guest:9000", false, 0);
		hold(d, c, name, true, 0);
		f = add(d, PHX_OP_CONFIG, 200);
		need(d, f, c->id);
		hold(d, f, name, true, 0);
		s = add(d, PHX_OP_START, 3000);
		need(d, s, f->id);
		hold(d, s, name, true, 0);
		w = add(d, PHX_OP_WAIT_AGENT, 30000);
		need(d, w, s->id);
		sum += 33200;
	}
	/* 16 at once: two rounds of clones cannot be avoided, and the last one waits for its guest. */
	best = sum / 16 + 30000;
	best = best > 2 * 33200 + 30000 ? best : 2 * 33200 + 30000;
	assert_true(play(d, 16, true) <= best * 105 / 100);
}

static void clones_that_lock_their_source_go_one_after_another_and_others_meanwhile(void **state)
{
	struct desk *d = *state;

	for (int i = 0; i < 10; i++) {
		struct phx_action *c = add(d, PHX_OP_CLONE, 10000);

		hold(d, c, "guest:900", true, 0);
	}
	for (int i = 0; i < 30; i++)
		add(d, PHX_OP_CREATE, 10000);
	assert_int_equal(play(d, 4, true), 100000);
}

static void the_longest_way_goes_first(void **state)
{
	struct desk *d = *state;
	struct phx_action *last = NULL;
	uint32_t index = 0;
	struct phx_schedule *s;

	for (int i = 0; i < 5; i++)
		add(d, PHX_OP_CREATE, 20000);
	for (int i = 0; i < 4; i++) { /* a chain behind the last ids */
		struct phx_action *a = add(d, PHX_OP_CREATE, 20000);

		if (last)
			need(d, a, last->id);
		last = a;
	}
	s = phx_schedule_new(&d->plan, 1, &d->arena);
	assert_true(phx_schedule_next(s, &index));
	assert_int_equal(index, 5);
	assert_true(phx_schedule_rank(s, 5) > phx_schedule_rank(s, 0));
	assert_int_equal(play(d, 2, true), 100000);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void random_plans_never_collide_never_idle_and_always_end(void **state)
{
	struct desk *d = *state;

	for (uint32_t round = 0; round < 60; round++) {
		uint32_t seed = round * 7919 + 1, n = 5 + next_random(&seed) % 120;

		d->plan.actions.n = 0;
		for (uint32_t i = 0; i < n; i++) {
			static const enum phx_action_op ops[] = {PHX_OP_CLONE, PHX_OP_CREATE, PHX_OP_CONFIG,
								 PHX_OP_START, PHX_OP_WAIT_AGENT};
			struct phx_action *a =
				add(d, ops[next_random(&seed) % 5], 1 + next_random(&seed) % 50000);

			for (uint32_t k = next_random(&seed) % 3; i && k; k--)
				need(d, a, 1 + next_random(&seed) % i);
			for (uint32_t k = next_random(&seed) % 4; a->type == PHX_ACT_CALL && k; k--) {
				static const char *const names[] = {"guest:1", "guest:2", "guest:3",
								    "alloc:a", "alloc:b"};
				uint32_t l = next_random(&seed) % 5;

				hold(d, a, names[l], l < 3 && next_random(&seed) % 2, l >= 3 ? 2 : 0);
			}
		}
		play(d, 1 + next_random(&seed) % 8, true);
	}
}

struct told {
	uint32_t n, index[16], because[16];
};

static void tell(void *user, uint32_t index, uint32_t because)
{
	struct told *t = user;

	t->index[t->n] = index;
	t->because[t->n++] = because;
}

static void what_needs_a_failed_action_is_skipped_and_nothing_else(void **state)
{
	struct desk *d = *state;
	struct phx_action *a = add(d, PHX_OP_CREATE, 1), *b = add(d, PHX_OP_CREATE, 1),
			  *c = add(d, PHX_OP_CONFIG, 1), *e;
	struct phx_schedule *s;
	struct told told = {0};
	uint32_t x, y;

	need(d, c, a->id);
	e = add(d, PHX_OP_START, 1);
	need(d, e, c->id);
	need(d, e, b->id);
	add(d, PHX_OP_START, 1);
	need(d, d->plan.actions.v[4], b->id);
	e = add(d, PHX_OP_UNLOCK, 1);
	need(d, e, 4);
	need(d, e, 5);
	s = phx_schedule_new(&d->plan, 8, &d->arena);
	assert_true(phx_schedule_next(s, &x));
	assert_true(phx_schedule_next(s, &y));
	assert_false(phx_schedule_next(s, &y));
	phx_schedule_ended(s, 0, false, tell, &told);
	assert_int_equal(told.n, 2);
	assert_int_equal(told.index[0], 2);
	assert_int_equal(told.index[1], 3);
	assert_int_equal(told.because[1], 0);
	phx_schedule_ended(s, 1, true, tell, &told);
	assert_true(phx_schedule_next(s, &x));
	assert_int_equal(x, 4);
	phx_schedule_ended(s, 4, true, tell, &told);
	assert_false(phx_schedule_next(s, &x));
	assert_int_equal(phx_schedule_state(s, 3), PHX_SCHED_SKIPPED);
	assert_int_equal(phx_schedule_running(s), 0);
}

static void ten_thousand_clones_of_one_container_are_no_quadratic_work(void **state)
{
	struct desk *d = *state;
	struct phx_schedule *s;
	uint32_t index, n = 0;

	for (int i = 0; i < 4000; i++)
		hold(d, add(d, PHX_OP_CLONE, 1), "guest:900", true, 0);
	s = phx_schedule_new(&d->plan, 16, &d->arena);
	while (phx_schedule_next(s, &index)) {
		assert_int_equal(index, n);
		phx_schedule_ended(s, index, true, NULL, NULL);
		n++;
	}
	assert_int_equal(n, 4000);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(clones_of_one_template_take_as_long_as_the_best_order),
		T(clones_that_lock_their_source_go_one_after_another_and_others_meanwhile),
		T(the_longest_way_goes_first),
		T(random_plans_never_collide_never_idle_and_always_end),
		T(what_needs_a_failed_action_is_skipped_and_nothing_else),
		T(ten_thousand_clones_of_one_container_are_no_quadratic_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
