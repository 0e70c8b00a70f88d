#include "apply_lab.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/secret.h"
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

/* As another run on this machine that is about to take the lock over. */
static int hold_right(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct phx_arena a = {0};
	struct phx_str name = phx_str_printf(&a, "phx-takeover-" PHX_STR_FMT,
					     PHX_STR_ARG(phx_sha256_hex(&a, PHX_STR("lab"))));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(at.sun_path + 1, name.ptr, name.len);
	assert_int_equal(bind(fd, (struct sockaddr *)&at,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + name.len)),
			 0);
	phx_arena_done(&a);
	return fd;
}

static void plan_a_marker(struct lab *l)
{
	struct phx_action *a;

	lab_lock(l);
	fake_pve_add(&l->pve, 1001, true);
	a = lab_call(l, PHX_OP_MARKER, 1001, PHX_PUT, "/nodes/pve/qemu/1001/config", false);
	lab_with(l, a, "description", "complete");
	lab_need(l, a, 1);
	lab_unlock(l);
}

static void assert_not_begun(struct lab *l, enum phx_err_kind kind, const char *message)
{
	assert_int_equal(l->result->exit_code, 1);
	assert_int_equal(fake_pve_count(&l->pve, "PUT "), 0);
	assert_int_equal(l->result->actions[0].kind, kind);
	assert_says(lab_message(&l->result->actions[0]), message);
	assert_int_equal(l->result->actions[1].outcome, PHX_OUT_SKIPPED);
}

static void what_keeps_the_lock_from_being_taken_is_said(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_POST,
			      .on = "/pools",
			      .status = 403,
			      .text = "Permission check failed (/pool/phx-lock-lab, Pool.Allocate)"});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_PERMISSION, "Pool.Allocate");
	lab_renew(l);
	fake_pve_add(&l->pve, 1001, true);
	hold_lock(l, true, true);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/pools/", .status = 500, .text = "cannot look"});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_SERVER, "cannot look");
}

/* Proxmox's lock of its own file, and a lock that was given back between two requests. */
static void what_passes_is_waited_for(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/pools",
					  .times = 1,
					  .kind = PHX_ERR_LOCKED,
					  .text = "got lock request timeout"});
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/pools",
					  .times = 2,
					  .kind = PHX_ERR_EXISTS,
					  .text = "pool 'phx-lock-lab' already exists"});
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->actions[0].attempts, 4);
	assert_int_equal(json_object_size(l->pve.pools), 0);
}

/* Proxmox's own lock, for longer than it ever takes. */
static void a_cluster_file_that_stays_locked_is_given_up(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/pools",
					  .kind = PHX_ERR_LOCKED,
					  .text = "got lock request timeout"});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_LOCKED, "got lock request timeout");
}

static void a_lock_that_is_there_and_is_not_is_given_up(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/pools",
					  .kind = PHX_ERR_EXISTS,
					  .text = "pool 'phx-lock-lab' already exists"});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_MISSING, "does not exist");
}

static void a_dead_lock_that_cannot_be_removed_is_said(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	hold_lock(l, false, true);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_DELETE, .on = "/pools/", .status = 500, .text = "it holds on"});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_SERVER, "it holds on");
	assert_int_equal(json_object_size(l->pve.pools), 1);
}

static const char *comment_of_the_living(struct lab *l)
{
	struct phx_stack_holder h = phx_stack_holder_self(&l->arena, PHX_STR("faster@pam!x"), 0);

	return lab_text(l, "{\"comment\":\"%s\"}", phx_stack_holder_print(&l->arena, &h).ptr);
}

/* The one that was faster has it: by the second look it is alive. */
static void two_that_find_a_dead_lock_do_not_both_take_it(void **state)
{
	struct lab *l = *state;
	int right;

	plan_a_marker(l);
	hold_lock(l, false, true);
	lab_answer(l,
		   (struct lab_answer){
			   .method = PHX_GET, .on = "/pools/", .skip = 1, .json = comment_of_the_living(l)});
	lab_run(l);
	assert_not_begun(l, PHX_ERR_LOCKED, "is being changed by faster@pam!x on ");
	assert_int_equal(fake_pve_count(&l->pve, "DELETE"), 0);
	lab_renew(l);
	hold_lock(l, false, true);
	right = hold_right();
	lab_answer(l,
		   (struct lab_answer){
			   .method = PHX_GET, .on = "/pools/", .skip = 1, .json = comment_of_the_living(l)});
	lab_run(l);
	close(right);
	assert_not_begun(l, PHX_ERR_LOCKED, "is being changed by faster@pam!x on ");
	assert_int_equal(fake_pve_count(&l->pve, "DELETE"), 0);
}

static void a_lock_that_cannot_be_given_back_fails_at_the_end(void **state)
{
	struct lab *l = *state;

	plan_a_marker(l);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/pools/", .status = 500, .text = "cannot look"});
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_string_equal(lab_message(lab_result(l, PHX_OP_UNLOCK)), "cannot look");
	assert_int_equal(l->result->count[PHX_OUT_DONE], 2);
	lab_renew(l);
	fake_pve_add(&l->pve, 1001, true);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_DELETE, .on = "/pools/", .status = 500, .text = "cannot delete"});
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_string_equal(lab_message(lab_result(l, PHX_OP_UNLOCK)), "cannot delete");
	assert_int_equal(json_object_size(l->pve.pools), 1);
}

static void dead_locks_are_left_to_the_one_that_takes_them_over(void **state)
{
	struct lab *l = *state;
	struct phx_str holder;
	struct phx_err err = {0};
	int right = hold_right();

	hold_lock(l, false, true);
	assert_true(phx_unlock_dead(&l->pve.b.writer, PHX_STR("lab"), &l->arena, &holder, &err));
	assert_int_equal(holder.len, 0);
	assert_int_equal(json_object_size(l->pve.pools), 1);
	close(right);
	assert_true(phx_unlock_dead(&l->pve.b.writer, PHX_STR("lab"), &l->arena, &holder, &err));
	assert_true(phx_str_starts(holder, "other@pam!x on "));
	assert_int_equal(json_object_size(l->pve.pools), 0);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/pools/", .status = 500, .text = "cannot look"});
	assert_false(phx_unlock_dead(&l->pve.b.writer, PHX_STR("lab"), &l->arena, &holder, &err));
	assert_string_equal(err.msg.ptr, "cannot look");
	phx_err_done(&err);
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
		T(what_keeps_the_lock_from_being_taken_is_said),
		T(what_passes_is_waited_for),
		T(a_cluster_file_that_stays_locked_is_given_up),
		T(a_lock_that_is_there_and_is_not_is_given_up),
		T(a_dead_lock_that_cannot_be_removed_is_said),
		T(two_that_find_a_dead_lock_do_not_both_take_it),
		T(a_lock_that_cannot_be_given_back_fails_at_the_end),
		T(dead_locks_are_left_to_the_one_that_takes_them_over),
		T(unlock_says_who_held_it_and_spares_the_living),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
