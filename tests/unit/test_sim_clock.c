#include "sim_test.h"

#include "backend/sim/lock.h"

struct world {
	struct phx_sim sim;
	struct phx_buf seen; /* what happened, in order */
};

static int set_up(void **state)
{
	struct phx_sim_fixture *f;
	struct world *w = calloc(1, sizeof(*w));
	struct phx_err err = {0};

	if (phx_sim_set_up((void **)&f) != 0)
		return 1;
	w->sim.options.dir = strdup(f->dir);
	w->sim.options.speed = -1;
	assert_true(phx_sim_store_open(&w->sim, &err));
	assert_true(phx_sim_clock_open(&w->sim));
	assert_true(phx_sim_locks_open(&w->sim));
	phx_sim_clock_set(&w->sim, 1000 * PHX_SIM_SECOND);
	phx_arena_done(&f->arena);
	free(f);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	struct phx_str command = phx_str_printf(&w->sim.arena, "rm -rf '%s'", w->sim.options.dir);
	int status;

	phx_sim_locks_close(&w->sim);
	phx_sim_clock_close(&w->sim);
	phx_sim_store_close(&w->sim);
	status = system(command.ptr);
	free((void *)(uintptr_t)w->sim.options.dir);
	phx_arena_done(&w->sim.arena);
	phx_buf_done(&w->seen);
	free(w);
	return status;
}

struct note {
	struct world *w;
	const char *text;
};

static void happen(struct phx_sim *s, void *arg)
{
	struct note *n = arg;

	phx_buf_printf(&n->w->seen, "%s@%lld ", n->text, (long long)phx_sim_now_s(s));
}

static void events_run_in_the_order_of_their_time_and_of_their_making(void **state)
{
	struct world *w = *state;
	struct note a = {w, "a"}, b = {w, "b"}, c = {w, "c"}, d = {w, "d"};

	phx_sim_event_add(&w->sim, 5 * PHX_SIM_SECOND, happen, &c);
	phx_sim_event_add(&w->sim, 2 * PHX_SIM_SECOND, happen, &a);
	phx_sim_event_add(&w->sim, 2 * PHX_SIM_SECOND, happen, &b);
	phx_sim_event_add(&w->sim, 9 * PHX_SIM_SECOND, happen, &d);
	phx_sim_clock_advance(&w->sim, phx_sim_now(&w->sim) + 6 * PHX_SIM_SECOND);
	assert_string_equal(w->seen.ptr, "a@1002 b@1002 c@1005 ");
	assert_int_equal(phx_sim_now_s(&w->sim), 1006);
}

static void a_cancelled_event_does_not_happen(void **state)
{
	struct world *w = *state;
	struct note notes[20];
	struct phx_sim_event *events[20];

	for (int i = 0; i < 20; i++) {
		notes[i] = (struct note){w, i % 2 == 0 ? "even" : "odd"};
		events[i] = phx_sim_event_add(&w->sim, (20 - i) * PHX_SIM_SECOND, happen, &notes[i]);
	}
	for (int i = 0; i < 20; i += 2)
		phx_sim_event_cancel(&w->sim, events[i]);
	phx_sim_clock_advance(&w->sim, phx_sim_now(&w->sim) + 60 * PHX_SIM_SECOND);
	assert_null(strstr(w->seen.ptr, "even"));
	assert_true(phx_str_starts(phx_buf_view(&w->seen), "odd@1001 odd@1003 odd@1005 "));
}

static void at_speed_zero_the_clock_jumps_to_the_next_event(void **state)
{
	struct world *w = *state;
	struct note n = {w, "n"};

	w->sim.options.speed = 0;
	phx_sim_event_add(&w->sim, 3600 * PHX_SIM_SECOND, happen, &n);
	assert_int_equal(phx_sim_clock_run(&w->sim), -1);
	assert_true(phx_str_starts(phx_buf_view(&w->seen), "n@46"));
}

static void a_clock_moved_by_hand_stands_still_but_for_waiting_requests(void **state)
{
	struct world *w = *state;
	struct note n = {w, "n"};

	phx_sim_event_add(&w->sim, PHX_SIM_SECOND, happen, &n);
	assert_int_equal(phx_sim_clock_run(&w->sim), -1);
	assert_int_equal(w->seen.len, 0);
	phx_sim_clock_hold(&w->sim, 1);
	assert_int_equal(phx_sim_clock_run(&w->sim), -1);
	assert_string_equal(w->seen.ptr, "n@1001 ");
}

/* ---- locks ---- */

struct holder {
	struct phx_sim_locker locker;
	struct world *w;
	const char *name;
};

static void resumed(struct phx_sim *s, struct phx_sim_locker *l)
{
	struct holder *h = (struct holder *)(void *)l;
	enum phx_sim_lock_result got = phx_sim_lock(s, l, 100);

	phx_buf_printf(&h->w->seen, "%s %s@%lld ", h->name, got == PHX_SIM_LOCK_HELD ? "has it" : "gave up",
		       (long long)phx_sim_now_s(s));
}

static struct holder holder(struct world *w, const char *name)
{
	return (struct holder){.locker = {.who = name, .resume = resumed}, .w = w, .name = name};
}

static void a_lock_goes_to_who_waits_longest(void **state)
{
	struct world *w = *state;
	struct holder a = holder(w, "a"), b = holder(w, "b"), c = holder(w, "c");

	assert_int_equal(phx_sim_lock(&w->sim, &a.locker, 100), PHX_SIM_LOCK_HELD);
	assert_int_equal(phx_sim_lock(&w->sim, &a.locker, 100), PHX_SIM_LOCK_HELD);
	assert_int_equal(phx_sim_lock(&w->sim, &b.locker, 100), PHX_SIM_LOCK_WAIT);
	assert_int_equal(phx_sim_lock(&w->sim, &c.locker, 100), PHX_SIM_LOCK_WAIT);
	assert_int_equal(phx_sim_lock(&w->sim, &c.locker, 100), PHX_SIM_LOCK_WAIT);
	assert_true(phx_sim_lock_busy(&w->sim, &b.locker, 100));
	assert_false(phx_sim_lock_busy(&w->sim, &a.locker, 100));
	phx_sim_unlock(&w->sim, &a.locker);
	assert_string_equal(w->seen.ptr, "b has it@1000 ");
	phx_sim_unlock(&w->sim, &b.locker);
	assert_string_equal(w->seen.ptr, "b has it@1000 c has it@1000 ");
	phx_sim_unlock(&w->sim, &c.locker);
	assert_false(phx_sim_lock_busy(&w->sim, NULL, 100));
}

static void waiting_for_a_lock_ends_after_ten_seconds(void **state)
{
	struct world *w = *state;
	struct holder a = holder(w, "a"), b = holder(w, "b");

	assert_int_equal(phx_sim_lock(&w->sim, &a.locker, 100), PHX_SIM_LOCK_HELD);
	assert_int_equal(phx_sim_lock(&w->sim, &b.locker, 100), PHX_SIM_LOCK_WAIT);
	phx_sim_clock_advance(&w->sim, phx_sim_now(&w->sim) + 30 * PHX_SIM_SECOND);
	assert_string_equal(w->seen.ptr, "b gave up@1010 ");
	assert_int_equal(phx_sim_lock(&w->sim, &b.locker, 101), PHX_SIM_LOCK_HELD);
	phx_sim_unlock(&w->sim, &a.locker);
	phx_sim_unlock(&w->sim, &b.locker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_run_in_the_order_of_their_time_and_of_their_making,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cancelled_event_does_not_happen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(at_speed_zero_the_clock_jumps_to_the_next_event, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_clock_moved_by_hand_stands_still_but_for_waiting_requests,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_lock_goes_to_who_waits_longest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(waiting_for_a_lock_ends_after_ten_seconds, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
