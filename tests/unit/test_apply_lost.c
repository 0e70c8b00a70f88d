#include "apply_lab.h"

#include <pthread.h>

/* Of the plan's eight calls one loses its reply, before or after it was done. */
static void *run_one(void *lab)
{
	lab_run(lab);
	return NULL;
}

/* Most of their time these runs wait: side by side they take no longer than one. */
static void a_lost_reply_at_any_call_does_nothing_twice(void **state)
{
	struct lab *labs[16];
	pthread_t threads[PHX_COUNTOF(labs)];

	(void)state;
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++) {
		labs[i] = lab_new();
		lab_plan_clones(labs[i], 1);
		labs[i]->what = i % 2 ? FAULT_AFTER : FAULT_BEFORE;
		labs[i]->at = i / 2 + 1;
		labs[i]->times = 1;
		assert_int_equal(pthread_create(&threads[i], NULL, run_one, labs[i]), 0);
	}
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (uint32_t i = 0; i < PHX_COUNTOF(labs); i++) {
		lab_assert_all_done(labs[i], 1);
		lab_assert_calls_are_the_plans(labs[i]);
		assert_int_equal(labs[i]->times, 0);
		lab_free(labs[i]);
	}
}

/* A call whose reply is lost, and what the cluster says of it: twice `at_first`, then `then` (NULL: as at first). */
struct lost_call {
	enum phx_action_op op;
	uint64_t id;
	enum phx_method method;
	const char *path, *params; /* "a=b&c=d" */
	const char *read;          /* where it is looked up, below which it is unique */
	const char *at_first, *then;
	enum phx_outcome outcome;
	uint32_t attempts;
};

#define LAB_GONE "it does not exist"
#define VM(id)   "/nodes/pve/qemu/" #id
#define CT(id)   "/nodes/pve/lxc/" #id

static const struct lost_call lost_calls[] = {
	{PHX_OP_POOL_CREATE, 0, PHX_POST, "/pools", "poolid=a/b&comment=ours", "/pools?poolid=a/b",
	 "[{\"comment\":\"ours\"}]", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_POOL_UPDATE, 0, PHX_PUT, "/pools", "poolid=b&comment=ours", "/pools?poolid=b",
	 "[{\"comment\":\"theirs\"}]", NULL, PHX_OUT_DONE, 2},
	{PHX_OP_POOL_DELETE, 0, PHX_DELETE, "/pools", "poolid=c", "/pools?poolid=c",
	 "[{\"comment\":\"ours\"}]", NULL, PHX_OUT_DONE, 2},
	{PHX_OP_POOL_DELETE, 0, PHX_DELETE, "/pools", "poolid=d", "/pools?poolid=d", LAB_GONE, NULL,
	 PHX_OUT_ALREADY, 1},
	{PHX_OP_POOL_MEMBER, 1101, PHX_PUT, "/pools", "poolid=e&vms=1101", "/pools?poolid=e",
	 "[{\"members\":[{\"vmid\":1100},{\"vmid\":1101}]}]", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_POOL_MEMBER, 1102, PHX_PUT, "/pools", "poolid=f&vms=1102", "/pools?poolid=f",
	 "[{\"members\":[{\"vmid\":1100}]}]", NULL, PHX_OUT_DONE, 2},
	{PHX_OP_IMAGE_DOWNLOAD, 0, PHX_POST, "/nodes/pve/storage/local/download-url",
	 "content=import&filename=a.qcow2", "/nodes/pve/storage/local/content",
	 "[{\"volid\":\"local:iso/x.iso\"},{\"volid\":\"local:import/a.qcow2\"}]", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_OSTEMPLATE_DOWNLOAD, 0, PHX_POST, "/nodes/pve/aplinfo", "storage=slow&template=d.tar.zst",
	 "/nodes/pve/storage/slow/content", "[]", NULL, PHX_OUT_DONE, 2},
	{PHX_OP_SNAPSHOT, 1103, PHX_POST, VM(1103) "/snapshot", "snapname=s1", VM(1103) "/snapshot",
	 "[{\"name\":\"current\"},{\"name\":\"s1\"}]", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_SNAPSHOT, 1104, PHX_POST, VM(1104) "/snapshot", "snapname=s1", VM(1104) "/snapshot",
	 "[{\"name\":\"current\"}]", "[{\"name\":\"s1\"}]", PHX_OUT_DONE, 2},
	/* Half there twice, and then whole: nothing is sent again. */
	{PHX_OP_SNAPSHOT, 1105, PHX_POST, VM(1105) "/snapshot", "snapname=s1", VM(1105) "/snapshot",
	 "[{\"name\":\"s1\",\"snapstate\":\"prepare\"}]", "[{\"name\":\"s1\"}]", PHX_OUT_ALREADY, 1},
	{PHX_OP_RESIZE, 1106, PHX_PUT, VM(1106) "/resize", "disk=scsi0&size=8G", VM(1106) "/config",
	 "{\"scsi0\":\"ssd:v,size=8G\"}", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_RESIZE, 1107, PHX_PUT, VM(1107) "/resize", "disk=scsi0&size=8G", VM(1107) "/config",
	 "{\"scsi0\":\"ssd:v,size=4G\"}", "{\"scsi0\":\"ssd:v,size=8G\"}", PHX_OUT_DONE, 2},
	{PHX_OP_DISK_MOVE, 1108, PHX_POST, VM(1108) "/move_disk", "disk=scsi0&storage=ssd",
	 VM(1108) "/config", "{\"scsi0\":\"ssd:1108/v,size=8G\"}", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_DISK_MOVE, 111, PHX_POST, CT(111) "/move_volume", "volume=rootfs&storage=ssd",
	 CT(111) "/config", "{\"rootfs\":\"ssd2:111/v,size=8G\"}", "{\"rootfs\":\"ssd:111/v\"}", PHX_OUT_DONE,
	 2},
	{PHX_OP_REBOOT, 1109, PHX_POST, VM(1109) "/status/reboot", "", VM(1109) "/status/current",
	 "{\"uptime\":3}", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_REBOOT, 1110, PHX_POST, VM(1110) "/status/reboot", "", VM(1110) "/status/current",
	 "{\"uptime\":86400}", NULL, PHX_OUT_DONE, 2},
	{PHX_OP_MIGRATE, 1111, PHX_POST, VM(1111) "/migrate", "target=pve2", "/nodes/pve2/qemu/1111/config",
	 "{\"cores\":2}", NULL, PHX_OUT_ALREADY, 1},
	{PHX_OP_STOP, 1112, PHX_POST, VM(1112) "/status/stop", "", VM(1112) "/status/current",
	 "{\"status\":\"running\"}", "{\"status\":\"stopped\"}", PHX_OUT_DONE, 2},
	{PHX_OP_TEMPLATE, 1113, PHX_POST, VM(1113) "/template", "", VM(1113) "/config", "{}",
	 "{\"template\":1}", PHX_OUT_DONE, 2},
	{PHX_OP_DELETE, 1114, PHX_DELETE, VM(1114), "", VM(1114) "/config", "{}", LAB_GONE, PHX_OUT_DONE, 2},
	{PHX_OP_CREATE, 1115, PHX_POST, "/nodes/pve/qemu", "vmid=1115&cores=2", VM(1115) "/config",
	 "{\"lock\":\"create\"}", "{\"cores\":2}", PHX_OUT_ALREADY, 1},
	/* Done twice it does no harm, and nothing tells whether it was. */
	{PHX_OP_FW_OPTIONS, 1116, PHX_PUT, VM(1116) "/firewall/options", "enable=1", VM(1116) "/never",
	 LAB_GONE, NULL, PHX_OUT_DONE, 2},
};

static void add_lost_call(struct lab *l, const struct lost_call *c)
{
	struct phx_action *a = lab_call(l, c->op, c->id, c->method, c->path, false);
	const char *call = *c->params ? lab_text(l, "%s?%s", c->path, c->params) : c->path;
	struct lab_answer lost = {.method = c->method,
				  .on = call,
				  .times = 1,
				  .kind = PHX_ERR_LOST,
				  .text = "the connection broke"};
	struct lab_answer first = lab_said(c->read, c->at_first, c->then ? 2 : 0);

	lab_params(l, a, c->params);
	lab_answer(l, lost);
	lab_answer(l, (struct lab_answer){.method = c->method, .on = call});
	lab_answer(l, first);
	if (c->then)
		lab_answer(l, lab_said(c->read, c->then, 0));
}

static void what_became_of_each_kind_of_call_is_read_from_the_cluster(void **state)
{
	struct lab *l = *state;

	l->o.parallel = PHX_COUNTOF(lost_calls);
	for (size_t i = 0; i < PHX_COUNTOF(lost_calls); i++)
		add_lost_call(l, &lost_calls[i]);
	lab_run(l);
	for (size_t i = 0; i < PHX_COUNTOF(lost_calls); i++) {
		const struct phx_action_result *r = &l->result->actions[i];

		if (r->outcome != lost_calls[i].outcome || r->attempts != lost_calls[i].attempts) {
			lab_print(l);
			fail_msg("%zu: %s %s: %s, sent %u times", i, lost_calls[i].path, lost_calls[i].params,
				 phx_outcome_name((enum phx_outcome)r->outcome), r->attempts);
		}
	}
}

static void a_power_loss_in_a_clone_is_found_out_and_said(void **state)
{
	struct lab *l = *state;

	lab_plan_clones(l, 1);
	l->what = FAULT_POWER;
	l->on = "/9000/clone";
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_int_equal(lab_result(l, PHX_OP_CLONE)->outcome, PHX_OUT_FAILED);
	assert_int_equal(lab_result(l, PHX_OP_CLONE)->kind, PHX_ERR_LOCKED);
	assert_int_equal(fake_pve_count(&l->pve, "POST /nodes/pve/qemu/9000/clone"), 1);
}

static void firewall_rules_are_never_doubled(void **state)
{
	struct lab *l = *state;

	fake_pve_add(&l->pve, 1001, true);
	for (int i = 0; i < 3; i++) {
		struct phx_action *a = lab_call(l, PHX_OP_FW_RULE_ADD, 1001, PHX_POST,
						"/nodes/pve/qemu/1001/firewall/rules", false);

		lab_with(l, a, "dport", lab_text(l, "%d", 20 + i));
		if (i)
			lab_need(l, a, a->id - 1);
	}
	l->what = FAULT_AFTER;
	l->on = "firewall/rules";
	l->times = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 3);
	l->plan.actions.n = 0;
	lab_call(l, PHX_OP_FW_RULE_DELETE, 1001, PHX_DELETE, "/nodes/pve/qemu/1001/firewall/rules/0", false);
	l->times = 1;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(json_array_size(l->pve.rules), 2);
	l->what = FAULT_BEFORE;
	l->times = 1;
	lab_run(l);
	assert_int_equal(json_array_size(l->pve.rules), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_lost_reply_at_any_call_does_nothing_twice),
		T(what_became_of_each_kind_of_call_is_read_from_the_cluster),
		T(a_power_loss_in_a_clone_is_found_out_and_said),
		T(firewall_rules_are_never_doubled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
