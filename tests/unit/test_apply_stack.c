#include "apply_lab.h"

#include "plan/stack_lock.h"

static void hold_lock(struct lab *l, bool alive, bool here)
{
	struct phx_stack_holder h = phx_stack_holder_self(&l->arena, PHX_STR("other@pam!x"), 0);

	if (!alive)
		h.ticks++;
	if (!here)
		h.machine = PHX_STR("elsewhere");
	json_object_set_new(l->pve.pools, "phx-lock-lab",
			    json_string(phx_stack_holder_print(&l->arena, &h).ptr));
}

static void a_stack_that_is_locked_is_left_alone(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	hold_lock(l, true, true);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_int_equal(l->pve.nlog, 0);
	assert_non_null(
		strstr(lab_result(l, PHX_OP_LOCK)->message.ptr, "is being changed by other@pam!x on "));
	assert_non_null(strstr(lab_result(l, PHX_OP_LOCK)->hint.ptr, "phx unlock lab"));
	assert_int_equal(json_object_size(l->pve.pools), 1);
	hold_lock(l, false, false);
	lab_run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_non_null(strstr(lab_result(l, PHX_OP_LOCK)->message.ptr, "another machine"));
	json_object_set_new(l->pve.pools, "phx-lock-lab", json_string("somebody's pool"));
	lab_run(l);
	assert_int_equal(l->result->exit_code, 1);
	assert_non_null(strstr(lab_result(l, PHX_OP_LOCK)->message.ptr, "is not a lock of phx"));
}

static void the_lock_of_a_dead_run_is_taken_over(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	hold_lock(l, false, true);
	lab_run(l);
	lab_assert_all_done(l, 1);
	assert_non_null(strstr(l->heard.ptr, "taken over"));
}

static void unlock_says_who_held_it_and_spares_the_living(void **state)
{
	struct lab *l = *state;
	struct phx_str holder;
	struct phx_err err = {0};

	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(err.kind, PHX_ERR_MISSING);
	hold_lock(l, true, true);
	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(err.kind, PHX_ERR_LOCKED);
	assert_int_equal(json_object_size(l->pve.pools), 1);
	assert_true(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), true, &l->arena, &holder, &err));
	hold_lock(l, true, false);
	assert_true(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_true(phx_str_starts(holder, "other@pam!x on "));
	json_object_set_new(l->pve.pools, "phx-lock-lab", json_string("x"));
	assert_false(phx_unlock(&l->pve.b.writer, PHX_STR("lab"), false, &l->arena, &holder, &err));
	assert_int_equal(json_object_size(l->pve.pools), 1);
	phx_err_done(&err);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_stack_that_is_locked_is_left_alone),
		T(the_lock_of_a_dead_run_is_taken_over),
		T(unlock_says_who_held_it_and_spares_the_living),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
