/* A reply that was lost: how it is found out what became of the call, and what is said when it cannot be. */
#include "apply_lab.h"

/* The tasks of a guest that are at work. */
static const char *tasks_of(struct lab *l, unsigned id)
{
	return lab_text(l, "/nodes/pve/tasks?vmid=%u&source=active", id);
}

static void lose(struct lab *l, enum phx_method m, const char *call, uint32_t times)
{
	lab_answer(l, (struct lab_answer){.method = m,
					  .on = call,
					  .times = times,
					  .kind = PHX_ERR_LOST,
					  .text = "the connection broke"});
}

static struct phx_action *start_vm(struct lab *l, unsigned id)
{
	return lab_call(l, PHX_OP_START, id, PHX_POST, lab_text(l, "/nodes/pve/qemu/%u/status/start", id),
			true);
}

/* Among tasks of other kinds, of other guests, and such that have ended. */
static void a_task_at_work_is_found_and_waited_for(void **state)
{
	struct lab *l = *state;
	struct phx_str upid = lab_upid(l, 2, "qmstart", 1201);

	start_vm(l, 1201);
	lose(l, PHX_POST, "/1201/status/start", 1);
	lab_answer(l,
		   lab_said(tasks_of(l, 1201),
			    lab_text(l,
				     "[{\"upid\":\"no task\"},{\"upid\":\"%s\"},{\"upid\":\"%s\"},"
				     "{\"upid\":\"%s\",\"endtime\":1},{\"upid\":\"%s\"}]",
				     lab_upid(l, 5, "qmstop", 1201).ptr, lab_upid(l, 4, "qmstart", 1202).ptr,
				     lab_upid(l, 3, "qmstart", 1201).ptr, upid.ptr),
			    0));
	lab_answer(l, lab_said(lab_task(l, upid, "/status"), "{\"status\":\"stopped\",\"exitstatus\":\"OK\"}",
			       0));
	lab_answer(l, lab_said("/1201/status/current", "{\"status\":\"running\"}", 0));
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_str(l->result->actions[0].upid, upid.ptr);
	assert_int_equal(l->result->actions[0].attempts, 1);
	assert_says(l->heard.ptr, "its task is at work");
}

/* Clones of one source cannot be told apart by their tasks: the target tells, once no clone is at work any more. */
static void a_clone_at_work_is_told_by_its_target(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = lab_call(l, PHX_OP_CLONE, 1203, PHX_POST, "/nodes/pve/qemu/9000/clone", true);

	lab_with(l, a, "newid", "1203");
	lab_with(l, a, "name", "web");
	lose(l, PHX_POST, "/9000/clone", 1);
	lab_answer(l, lab_said(tasks_of(l, 9000),
			       lab_text(l, "[{\"upid\":\"%s\"}]", lab_upid(l, 7, "qmclone", 9000).ptr), 3));
	lab_answer(l, lab_said("/1203/config", LAB_GONE, 3));
	lab_answer(l, lab_said("/1203/config", "{\"name\":\"web\"}", 0));
	lab_run(l);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_ALREADY);
	assert_int_equal(l->result->actions[0].attempts, 1);
}

/* One action each; all look at once. */
static void what_cannot_be_found_out_is_said(void **state)
{
	struct lab *l = *state;
	struct phx_action *a;

	start_vm(l, 1210);
	lab_answer(l, (struct lab_answer){.method = PHX_GET,
					  .on = tasks_of(l, 1210),
					  .kind = PHX_ERR_PERMISSION,
					  .text = "no right to look"});
	start_vm(l, 1212);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/1212/status/current", .status = 500, .text = "odd"});
	a = lab_call(l, PHX_OP_CONFIG, 1213, PHX_PUT, "/nodes/pve/qemu/1213/config", false);
	lab_with(l, a, "cores", "2");
	lab_answer(l, lab_said("/1213/config", "{\"cores\":1}", 0));
	lose(l, PHX_POST, "/status/start", 0);
	lose(l, PHX_PUT, "/1213/config", 0);
	lab_run(l);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 3);
	assert_string_equal(
		lab_message(&l->result->actions[0]),
		"the reply was lost, and whether it was done could not be read: no right to look");
	assert_says(lab_message(&l->result->actions[1]), "could not be read: odd");
	assert_string_equal(lab_message(&l->result->actions[2]),
			    "sent 4 times, and each time the reply was lost and nothing was done");
	assert_int_equal(l->result->actions[0].attempts, 1);
	assert_int_equal(l->result->actions[1].attempts, 1);
}

static void a_server_that_is_gone_with_the_reply_is_said(void **state)
{
	struct lab *l = *state;

	start_vm(l, 1211);
	lose(l, PHX_POST, "/status/start", 0);
	lab_answer(l, (struct lab_answer){
			      .method = PHX_GET, .on = "/", .kind = PHX_ERR_CONNECT, .text = "nobody there"});
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_CONNECT);
	assert_says(lab_message(&l->result->actions[0]), "could not be read: nobody there");
	assert_says(lab_hint(&l->result->actions[0]), "plan again when the server can be reached");
	assert_says(l->heard.ptr, "the server cannot be reached: nothing more is started");
}

/* Sent again, and refused because the first was done after all. */
static void a_call_that_arrived_late_is_known_by_what_it_made(void **state)
{
	struct lab *l = *state;
	struct phx_action *a = lab_call(l, PHX_OP_CREATE, 1220, PHX_POST, "/nodes/pve/qemu", true);

	lab_with(l, a, "vmid", "1220");
	lab_with(l, a, "cores", "2");
	lose(l, PHX_POST, "/nodes/pve/qemu", 1);
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/nodes/pve/qemu",
					  .kind = PHX_ERR_EXISTS,
					  .text = "VM 1220 already exists"});
	lab_answer(l, lab_said("/1220/config", LAB_GONE, 2));
	lab_answer(l, lab_said("/1220/config", "{\"cores\":2}", 0));
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_DONE);
	assert_int_equal(l->result->actions[0].attempts, 2);
}

static void an_interrupt_keeps_a_lost_call_from_being_sent_again(void **state)
{
	struct lab *l = *state;
	struct phx_action *a =
		lab_call(l, PHX_OP_CONFIG, 1230, PHX_PUT, "/nodes/pve/qemu/1230/config", false);

	lab_with(l, a, "cores", "2");
	lose(l, PHX_PUT, "/1230/config", 1);
	lab_answer(l, lab_said("/1230/config", "{\"cores\":1}", 0));
	l->interrupt_on = "looking what became of it";
	l->interrupt_by = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_LEFT);
	assert_int_equal(l->result->actions[0].attempts, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_task_at_work_is_found_and_waited_for),
		T(a_clone_at_work_is_told_by_its_target),
		T(what_cannot_be_found_out_is_said),
		T(a_server_that_is_gone_with_the_reply_is_said),
		T(a_call_that_arrived_late_is_known_by_what_it_made),
		T(an_interrupt_keeps_a_lost_call_from_being_sent_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
