/* What a server may answer to calls, and what tasks may end with. */
#include "apply_lab.h"

#define STOPPED_WITH(text) "{\"status\":\"stopped\",\"exitstatus\":\"" text "\"}"

static struct phx_action *power(struct lab *l, enum phx_action_op op, unsigned id, const char *what)
{
	return lab_call(l, op, id, PHX_POST,
			lab_text(l, "/nodes/pve/%s/%u/%s", id < 1000 ? "lxc" : "qemu", id, what), true);
}

static void refuse(struct lab *l, enum phx_method m, const char *on, int status, const char *text)
{
	lab_answer(l, (struct lab_answer){.method = m, .on = on, .status = status, .text = text});
}

/* The call is answered with a task that `status` tells the end of. */
static struct phx_str begin_task(struct lab *l, const char *call, unsigned number, const char *type,
				 unsigned id, const char *status)
{
	struct phx_str upid = lab_upid(l, number, type, id);

	lab_answer(l, (struct lab_answer){
			      .method = PHX_POST, .on = call, .json = lab_text(l, "\"%s\"", upid.ptr)});
	lab_answer(l, lab_said(lab_task(l, upid, "/status"), status, 0));
	return upid;
}

static void what_is_so_already_is_known_by_its_refusal(void **state)
{
	struct lab *l = *state;

	power(l, PHX_OP_STOP, 1301, "status/stop");
	refuse(l, PHX_POST, "/1301/status/stop", 500, "VM 1301 not running");
	power(l, PHX_OP_SHUTDOWN, 301, "status/shutdown");
	refuse(l, PHX_POST, "/301/status/shutdown", 500, "CT 301 not running");
	power(l, PHX_OP_TEMPLATE, 1302, "template");
	refuse(l, PHX_POST, "/1302/template", 500, "you can't convert a template to a template");
	power(l, PHX_OP_START, 1303, "status/start");
	refuse(l, PHX_POST, "/1303/status/start", 500, "VM 1303 already running");
	power(l, PHX_OP_SNAPSHOT, 1304, "snapshot");
	refuse(l, PHX_POST, "/1304/snapshot", 500, "VM 1304 not running");
	lab_run(l);
	assert_int_equal(l->result->count[PHX_OUT_ALREADY], 4);
	assert_int_equal(l->result->actions[4].outcome, PHX_OUT_FAILED);
	assert_string_equal(lab_message(&l->result->actions[4]), "VM 1304 not running");
}

static void an_answer_that_is_no_task_is_looked_into(void **state)
{
	struct lab *l = *state;

	power(l, PHX_OP_START, 1310, "status/start");
	lab_answer(l, (struct lab_answer){.method = PHX_POST, .on = "/1310/status/start", .json = "\"yes\""});
	lab_answer(l, lab_said("/1310/status/current", "{\"status\":\"running\"}", 0));
	/* Null: done within the call. */
	power(l, PHX_OP_SHUTDOWN, 1311, "status/shutdown");
	lab_answer(l, (struct lab_answer){.method = PHX_POST, .on = "/1311/status/shutdown"});
	lab_answer(l, lab_said("/1311/status/current", "{\"status\":\"stopped\"}", 0));
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_ALREADY);
	assert_says(l->heard.ptr, "the answer is not the task that it should be; looking what became of it");
	assert_int_equal(l->result->actions[1].outcome, PHX_OUT_DONE);
}

static void what_was_accepted_and_cannot_be_read_back_is_done_with_a_warning(void **state)
{
	struct lab *l = *state;
	struct phx_action *a =
		lab_call(l, PHX_OP_CONFIG, 1320, PHX_PUT, "/nodes/pve/qemu/1320/config", false);

	lab_with(l, a, "cores", "2");
	lab_answer(l, (struct lab_answer){.method = PHX_PUT, .on = "/1320/config"});
	refuse(l, PHX_GET, "/1320/config", 500, "the disk is on fire");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_DONE);
	assert_true(l->result->actions[0].warned);
	assert_string_equal(lab_message(&l->result->actions[0]),
			    "could not be read back: the disk is on fire");
}

/* One action of each kind, accepted, and not so when it is read back. */
static void what_is_not_so_afterwards_fails_and_says_what_is(void **state)
{
	static const struct {
		enum phx_action_op op;
		const char *what, *params, *read, *have, *says;
	} cases[] = {
		{PHX_OP_START, "status/start", "", "status/current", "{\"status\":\"stopped\"}",
		 "the guest is stopped"},
		{PHX_OP_START, "status/start", "", "status/current", LAB_GONE, LAB_GONE},
		{PHX_OP_RESIZE, "resize", "disk=scsi0&size=8G", "config", "{\"scsi0\":\"ssd:v,size=4G\"}",
		 "the disk is ssd:v,size=4G"},
		{PHX_OP_RESIZE, "resize", "disk=scsi0&size=8G", "config", "{}", "the disk is not there"},
		{PHX_OP_RESIZE, "resize", "disk=scsi0&size=8G", "config", "{\"scsi0\":\"ssd:v,size=much\"}",
		 "the disk is ssd:v,size=much"},
		{PHX_OP_RESIZE, "resize", "disk=scsi0&size=8G", "config", LAB_GONE, LAB_GONE},
		{PHX_OP_DISK_MOVE, "move_disk", "disk=scsi0&storage=ssd", "config", "{}",
		 "the volume is not there"},
		{PHX_OP_TEMPLATE, "template", "", "config", "{}", "the guest is no template"},
		{PHX_OP_TEMPLATE, "template", "", "config", LAB_GONE, LAB_GONE},
		{PHX_OP_SNAPSHOT, "snapshot", "snapname=s", "snapshot", "[]", "there is no such snapshot"},
		{PHX_OP_SNAPSHOT, "snapshot", "snapname=s", "snapshot",
		 "[{\"name\":\"s\",\"snapstate\":\"prepare\"}]", "it is still locked"},
		{PHX_OP_CLONE, "clone", "name=web", "config", "{\"name\":\"web\",\"lock\":\"clone\"}",
		 "the guest is locked (clone)"},
		{PHX_OP_CONFIG, "config", "cores=2&delete=memory,net0", "config",
		 "{\"cores\":4,\"memory\":\"512\",\"net0\":\" \"}",
		 "`cores` is `4`, not `2`; `memory` is still there"},
		{PHX_OP_CONFIG, "config", "name=a&delete=name", "config", "{\"name\":\"b\"}",
		 "`name` is still there"},
	};
	struct lab *l = *state;

	l->o.parallel = PHX_COUNTOF(cases);
	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		const char *path = lab_text(l, "/nodes/pve/qemu/%u/%s", 1330 + i, cases[i].what);
		struct phx_action *a = lab_call(l, cases[i].op, 1330 + i, PHX_POST, path, false);

		lab_params(l, a, cases[i].params);
		lab_answer(l, (struct lab_answer){.method = PHX_POST, .on = path});
		lab_answer(l, lab_said(lab_text(l, "/nodes/pve/qemu/%u/%s", 1330 + i, cases[i].read),
				       cases[i].have, 0));
	}
	lab_run(l);
	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		const struct phx_action_result *r = &l->result->actions[i];

		assert_int_equal(r->outcome, PHX_OUT_FAILED);
		assert_string_equal(lab_message(r),
				    lab_text(l, "accepted, but not so afterwards: %s", cases[i].says));
		assert_says(lab_hint(r), "Proxmox said yes");
	}
}

static void the_ends_of_tasks(void **state)
{
	struct lab *l = *state;
	struct phx_str upid;

	power(l, PHX_OP_START, 1350, "status/start");
	upid = begin_task(l, "/1350/status/start", 1, "qmstart", 1350, STOPPED_WITH("WARNINGS: 1"));
	lab_answer(l, lab_said(lab_task(l, upid, "/log"), "[{\"n\":1,\"t\":\"WARN: no KVM\"}]", 0));
	lab_answer(l, lab_said("/1350/status/current", "{\"status\":\"running\"}", 0));
	/* A worker that was killed leaves a task that has stopped with no result. */
	power(l, PHX_OP_START, 1351, "status/start");
	begin_task(l, "/1351/status/start", 2, "qmstart", 1351, "{\"status\":\"stopped\"}");
	/* Its end cannot be looked at. */
	power(l, PHX_OP_START, 1352, "status/start");
	upid = lab_upid(l, 3, "qmstart", 1352);
	lab_answer(l, (struct lab_answer){.method = PHX_POST,
					  .on = "/1352/status/start",
					  .json = lab_text(l, "\"%s\"", upid.ptr)});
	refuse(l, PHX_GET, lab_task(l, upid, "/status"), 403, "Permission check failed (/, Sys.Audit)");
	lab_run(l);
	assert_true(l->result->actions[0].warned);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_DONE);
	assert_string_equal(lab_message(&l->result->actions[0]), "the task ended with warnings");
	assert_string_equal(lab_log(&l->result->actions[0]), "WARN: no KVM");
	assert_int_equal(l->result->actions[1].outcome, PHX_OUT_FAILED);
	assert_string_equal(lab_message(&l->result->actions[1]), "unexpected status");
	assert_says(lab_hint(&l->result->actions[1]), "the task's process was killed");
	assert_int_equal(l->result->actions[2].kind, PHX_ERR_PERMISSION);
	assert_says(lab_message(&l->result->actions[2]), " was started, and its end is not known: ");
	assert_says(lab_hint(&l->result->actions[2]), "it may go on");
}

static struct phx_action *hidden(struct lab *l, unsigned id, uint64_t timeout_ms)
{
	struct phx_action *a = lab_call(l, PHX_OP_TEMPLATE, id, PHX_POST,
					lab_text(l, "/nodes/pve/lxc/%u/template", id), false);

	a->hidden_task = true;
	a->timeout_ms = timeout_ms;
	lab_answer(l, (struct lab_answer){.method = PHX_POST, .on = lab_text(l, "/%u/template", id)});
	return a;
}

/* The container's call answers nothing, and works on in a task that has to be found. */
static void a_hidden_task_may_be_over_before_it_is_seen_or_never_come(void **state)
{
	struct lab *l = *state;
	struct phx_str old = lab_upid(l, 1, "vztemplate", 402);

	hidden(l, 401, 400);
	lab_answer(l, lab_said("/tasks?vmid=401", "[]", 0));
	lab_answer(l, lab_said("/401/config", "{}", 0));
	hidden(l, 402, 400);
	/* Of another kind, or the one that was there before. */
	lab_answer(l, lab_said("/tasks?vmid=402",
			       lab_text(l,
					"[{\"type\":\"vzstart\",\"upid\":\"%s\"},{\"type\":\"vztemplate\","
					"\"upid\":\"%s\"}]",
					lab_upid(l, 2, "vzstart", 402).ptr, old.ptr),
			       0));
	lab_answer(l, lab_said("/402/config", "{\"template\":1}", 0));
	lab_run(l);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_TIMEOUT);
	assert_string_equal(lab_message(&l->result->actions[0]),
			    "the call was accepted, but no task was seen, and: the guest is no template");
	assert_int_equal(l->result->actions[1].outcome, PHX_OUT_DONE);
}

static void what_is_settled_before_the_call_may_be_missing(void **state)
{
	struct lab *l = *state;
	struct phx_action *a =
		lab_call(l, PHX_OP_CONFIG, 1370, PHX_PUT, "/nodes/pve/qemu/1370/config", false);

	a->later = PHX_LATER_DIGEST;
	lab_answer(l, lab_said("/1370/config", LAB_GONE, 0));
	lab_call(l, PHX_OP_FW_RULE_ADD, 1371, PHX_POST, "/nodes/pve/qemu/1371/firewall/rules", false);
	refuse(l, PHX_GET, "/1371/firewall/rules", 500, "no firewall today");
	lab_run(l);
	assert_int_equal(l->result->count[PHX_OUT_FAILED], 2);
	assert_int_equal(l->result->actions[0].kind, PHX_ERR_MISSING);
	assert_string_equal(lab_message(&l->result->actions[1]), "no firewall today");
	assert_int_equal(l->pve.nlog, 0);
}

static void a_digest_is_sent_once_and_descriptions_are_no_volumes(void **state)
{
	struct lab *l = *state;
	struct fake_guest *g = fake_pve_add(&l->pve, 1380, true);
	struct phx_action *a =
		lab_call(l, PHX_OP_CONFIG, 1380, PHX_PUT, "/nodes/pve/qemu/1380/config", false);

	json_object_set_new(g->config, "digest", json_string("0123456789012345678901234567890123456789"));
	json_object_set_new(g->config, "odd0", json_string("ssd:1380/disk.raw"));
	lab_with(l, a, "description", "*starred*");
	lab_with(l, a, "odd0", "*,discard=on"); /* not an option that the tables know */
	lab_with(l, a, "digest", "(later)");
	a->later = PHX_LATER_DIGEST | PHX_LATER_VOLUME;
	a = lab_call(l, PHX_OP_FW_OPTIONS, 1381, PHX_PUT, "/nodes/pve/qemu/1381/firewall/options", false);
	lab_with(l, a, "enable", "1");
	a->later = PHX_LATER_DIGEST;
	lab_answer(l, lab_said("/1381/firewall/options", "{\"digest\":\"abc\"}", 0));
	lab_answer(l, (struct lab_answer){.method = PHX_PUT,
					  .on = "/1381/firewall/options?enable=1&digest=abc"});
	lab_run(l);
	if (l->result->exit_code)
		lab_print(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_string_equal(l->pve.log[0],
			    "PUT /nodes/pve/qemu/1380/config description=*starred*&odd0=ssd:1380/disk.raw,"
			    "discard=on&digest=0123456789012345678901234567890123456789");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_so_already_is_known_by_its_refusal),
		T(an_answer_that_is_no_task_is_looked_into),
		T(what_was_accepted_and_cannot_be_read_back_is_done_with_a_warning),
		T(what_is_not_so_afterwards_fails_and_says_what_is),
		T(the_ends_of_tasks),
		T(a_hidden_task_may_be_over_before_it_is_seen_or_never_come),
		T(what_is_settled_before_the_call_may_be_missing),
		T(a_digest_is_sent_once_and_descriptions_are_no_volumes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
