#include "plan_lab.h"

#define VM(id, name, extra)                                                                                  \
	"vm " name " { id = " id "; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; " extra " }\n"
#define TEMPLATE                                                                                             \
	"vm base { id = 9000; template = true; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n"
#define CLONE(id, name, extra) "vm " name " { id = " id "; clone = vm.base; " extra " }\n"

static void allow(struct lab *l, const char *address)
{
	phx_vec_push(&l->w.arena, &l->how.allow_destroy, phx_str_c(address));
}

static void a_strangers_guest_is_never_touched(void **state)
{
	struct lab l = {0};
	const struct phx_diag *d;

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_live(&l, 101, true, true, "name: theirs\ncores: 1\nscsi0: ssd:101/x.raw,size=8G");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0601"));
	d = diag(&l.w, "PHX0601");
	assert_str(under(&l.w, d->span), "101");
	assert_true(d->helps.n > 0 && phx_str_find(d->helps.v[0], PHX_STR("--adopt vm.web")) >= 0);
	lab_close(&l);
}

static void an_id_that_an_unread_guest_has_is_taken_too(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	phx_vec_push(&l.w.arena, &l.s->others,
		     ((struct phx_live_guest){
			     .id = 101, .is_vm = true, .name = PHX_STR("x"), .node = PHX_STR("pve")}));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0601"));
	lab_close(&l);
}

static void another_stacks_guest_is_named_as_such(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_live(&l, 101, true, false,
		 "name: w\ntags: phx-other\ndescription: <!-- phx:1 stack=other address=vm.w id=101 -->");
	assert_null(lab_plan(&l));
	assert_true(phx_str_find(diag(&l.w, "PHX0601")->notes.v[1], PHX_STR("stack `other`")) >= 0);
	lab_close(&l);
}

static void a_copy_made_by_hand_is_not_ours(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_converge(&l);
	lab_live(&l, 102, true, false,
		 phx_str_printf(&l.w.arena, "name: copy\ntags: phx-lab\ndescription: %s",
				lab_value(&l, 101, "description"))
			 .ptr);
	p = lab_good_plan(&l); /* not planned as a delete, only mentioned */
	assert_true(phx_plan_is_empty(p));
	assert_non_null(diag(&l.w, "PHX0619"));
	lab_edit(&l, VM("101", "web", "") VM("102", "copy", ""));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0601"));
	lab_close(&l);
}

static void adopting_writes_tag_and_note_and_nothing_else(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	lab_open(&l, VM("101", "web", "tags = [\"mine\"]"));
	lab_live(&l, 101, true, true,
		 "name: theirs\ncores: 1\nmemory: 2048\ntags: old\ndescription: hello\nscsi0: "
		 "ssd:101/x.raw,size=8G");
	phx_vec_push(&l.w.arena, &l.how.adopt, PHX_STR("vm.web"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.web")->action, PHX_CH_ADOPT);
	assert_int_equal(p->actions.n, 3);
	a = lab_action(p, 101, PHX_OP_CONFIG, 0);
	assert_int_equal(a->params.v.n, 3); /* tags, description, digest */
	assert_string_equal(lab_param(&l, a, "tags"), "old;phx-lab");
	assert_true(phx_str_starts(phx_str_c(lab_param(&l, a, "description")), "hello\n<!-- phx:1 "));
	assert_non_null(strstr(lab_text(&l, p), "cores differs: the next plan changes it"));
	lab_apply(&l, p, p->actions.n);
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.web")->action, PHX_CH_UPDATE);
	assert_non_null(lab_attr(lab_change(p, "vm.web"), "cores"));
	lab_converge(&l);
	lab_close(&l);
}

static void what_left_the_configuration_goes_only_with_leave(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM("101", "web", "") VM("102", "db", ""));
	lab_converge(&l);
	lab_edit(&l, VM("101", "web", ""));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0608"));
	assert_true(phx_str_find(diag(&l.w, "PHX0608")->notes.v[0], PHX_STR("8GiB, is destroyed")) >= 0);
	allow(&l, "vm.db");
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.db")->action, PHX_CH_DELETE);
	assert_int_equal(lab_change(p, "vm.db")->impact, PHX_EFFECT_DATA_LOSS);
	assert_string_equal(lab_param(&l, lab_action(p, 102, PHX_OP_SHUTDOWN, 0), "forceStop"), "1");
	assert_string_equal(lab_param(&l, lab_action(p, 102, PHX_OP_DELETE, 0), "purge"), "1");
	assert_string_equal(lab_param(&l, lab_action(p, 102, PHX_OP_DELETE, 0), "destroy-unreferenced-disks"),
			    "0");
	assert_non_null(strstr(lab_text(&l, p), "DATA LOSS: vm.db"));
	lab_converge(&l);
	assert_null(lab_guest(&l, 102));
	lab_close(&l);
}

static void a_refused_plan_can_be_shown(void **state)
{
	struct lab l = {0};
	struct phx_plan *refused = NULL;

	(void)state;
	lab_open(&l, VM("101", "web", "") VM("102", "db", ""));
	lab_converge(&l);
	lab_edit(&l, VM("101", "web", "on_boot = true"));
	l.how.out_refused = &refused;
	assert_null(lab_plan(&l));
	assert_non_null(refused);
	assert_int_equal(refused->actions.n, 0);
	assert_int_equal(lab_change(refused, "vm.db")->action, PHX_CH_DELETE);
	assert_int_equal(lab_change(refused, "vm.web")->action, PHX_CH_UPDATE);
	assert_non_null(strstr(
		lab_text(&l, refused),
		"Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Refused: nothing will be done."));
	lab_close(&l);
}

static void another_id_is_another_guest_and_the_old_one_needs_leave(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_converge(&l);
	lab_edit(&l, VM("105", "web", ""));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0608"));
	allow(&l, "101");
	lab_converge(&l);
	assert_null(lab_guest(&l, 101));
	assert_non_null(lab_guest(&l, 105));
	lab_close(&l);
}

static void protection_refuses_even_with_leave(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", "protect = true"));
	lab_converge(&l);
	assert_string_equal(lab_value(&l, 101, "protection"), "1");
	lab_edit(&l, VM("102", "db", ""));
	allow(&l, "vm.web");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0607"));
	l.how.destroy = true;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0607"));
	lab_close(&l);
}

static void destroy_takes_everything_down_backwards(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, "pool p {}\n" TEMPLATE CLONE("101", "web", "pool = pool.p")
			     CLONE("102", "app", "depends_on = [vm.web]; full = false"));
	lab_live(&l, 500, true, true, "name: foreign");
	lab_converge(&l);
	l.how.destroy = true;
	p = lab_good_plan(&l);
	assert_int_equal(p->count[PHX_CH_DELETE], 4);
	assert_true(
		lab_before(p, lab_action(p, 102, PHX_OP_DELETE, 0), lab_action(p, 101, PHX_OP_DELETE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_DELETE, 0), lab_action(p, 9000, PHX_OP_DELETE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_DELETE, 0), lab_action(p, 0, PHX_OP_POOL_DELETE, 0)));
	lab_apply(&l, p, p->actions.n);
	assert_int_equal(l.s->guests.n, 1); /* the foreign one */
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

static void a_vm_never_turns_into_a_container_by_itself(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_converge(&l);
	lab_edit(&l, "container web { id = 101; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"ssd:4\"; "
		     "memory = 512MiB }\n");
	lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0612"));
	allow(&l, "container.web");
	p = lab_good_plan(&l);
	assert_int_equal(p->count[PHX_CH_REPLACE], 1);
	assert_str(lab_action(p, 101, PHX_OP_DELETE, 0)->path, "/nodes/pve/qemu/101");
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_DELETE, 0), lab_action(p, 101, PHX_OP_CREATE, 0)));
	lab_converge(&l);
	assert_false(lab_guest(&l, 101)->is_vm);
	lab_close(&l);
}

static void a_template_built_from_something_else_is_rebuilt_only_with_leave(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	static const char v1[] = "image n { url = \"https://x.org/n1.qcow2\"; storage = \"local\" }\n"
				 "vm base { id = 9000; template = true; image = image.n; cores = 2; memory = "
				 "2GiB; storage = \"ssd\" }\n" CLONE("101", "web", "");
	static const char v2[] = "image n { url = \"https://x.org/n2.qcow2\"; storage = \"local\" }\n"
				 "vm base { id = 9000; template = true; image = image.n; cores = 2; memory = "
				 "2GiB; storage = \"ssd\" }\n" CLONE("101", "web", "");
	static const char v3[] = "image n { url = \"https://x.org/n2.qcow2\"; storage = \"local\" }\n"
				 "vm base { id = 9000; template = true; image = image.n; cores = 2; memory = "
				 "2GiB; storage = \"ssd\"\n"
				 "  lifecycle { replace = allow } }\n" CLONE("101", "web", "");

	(void)state;
	lab_open(&l, v1);
	lab_converge(&l);
	lab_edit(&l, v2);
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0613"));
	assert_true(phx_str_find(diag(&l.w, "PHX0613")->notes.v[diag(&l.w, "PHX0613")->notes.n - 1],
				 PHX_STR("`vm.web` was cloned")) >= 0);
	lab_edit(&l, v3);
	p = lab_good_plan(&l);
	assert_int_equal(p->count[PHX_CH_REPLACE], 1);
	assert_null(lab_change(p, "vm.web")); /* provenance is no reason to touch the clone */
	lab_converge(&l);
	lab_close(&l);
}

static void memory_of_a_template_is_changed_in_place(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, TEMPLATE);
	lab_converge(&l);
	lab_edit(&l, "vm base { id = 9000; template = true; cores = 2; memory = 4GiB; storage = \"ssd\"; "
		     "disk = 8GiB }\n");
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.base")->action, PHX_CH_UPDATE);
	assert_int_equal(p->actions.n, 3);
	lab_converge(&l);
	lab_close(&l);
}

static void linked_clones_hold_their_template(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, TEMPLATE CLONE("101", "web", "full = false"));
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("scsi0"),
		PHX_STR("ssd:9000/base-9000-disk-0.qcow2/101/vm-101-disk-0.qcow2,size=8G"));
	lab_edit(&l, VM("102", "db", ""));
	allow(&l, "vm.base");
	assert_null(lab_plan(&l));
	assert_non_null(diag(&l.w, "PHX0608")); /* the clone left as well, without leave */
	allow(&l, "vm.web");
	p = lab_good_plan(&l); /* both go, the clone first */
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_DELETE, 0), lab_action(p, 9000, PHX_OP_DELETE, 0)));
	lab_edit(&l,
		 VM("102", "db",
		    "") "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n");
	assert_null(lab_plan(&l)); /* the clone stays: the base must */
	assert_true(lab_refused(&l, "PHX0614"));
	lab_close(&l);
}

static void what_a_killed_clone_left_is_named_with_the_command(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, TEMPLATE CLONE("101", "web", ""));
	lab_converge(&l);
	l.s->guests.n = 1, l.s->guests.v[0] = l.s->guests.v[1];
	lab_live(&l, 101, true, false,
		 "lock: clone\ntags: phx-lab\ndescription: <!-- phx:1 stack=lab address=vm.web id=101 "
		 "building -->\n"
		 "scsi0: ssd:101/half.raw,size=8G");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0611"));
	assert_true(
		phx_str_find(
			diag(&l.w, "PHX0611")->helps.v[0],
			PHX_STR("qm unlock 101 && qm destroy 101 --purge --destroy-unreferenced-disks 1")) >=
		0);
	l.how.break_locks = l.how.has_host = true;
	p = lab_good_plan(&l);
	assert_str(lab_action(p, 101, PHX_OP_BREAK_LOCK, 0)->body->argv.v[1], "unlock");
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_BREAK_LOCK, 0),
			       lab_action(p, 101, PHX_OP_DELETE, 0)));
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_DELETE, 0), lab_action(p, 101, PHX_OP_CLONE, 0)));
	lab_converge(&l);
	lab_close(&l);
}

static void an_empty_leftover_of_a_killed_create_is_ours_to_take_away(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_live(&l, 101, true, false, "lock: create");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0611"));
	l.how.break_locks = l.how.has_host = true;
	lab_converge(&l);
	/* With a disk in it, it is somebody's. */
	l.s->guests.n = 0;
	lab_live(&l, 101, true, false, "lock: create\nscsi0: ssd:101/x.raw,size=8G");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0601"));
	lab_close(&l);
}

static void the_source_of_a_killed_container_clone_is_unlocked_first(void **state)
{
	static const char text[] = "container t { id = 900; template = true; ostemplate = "
				   "\"local:vztmpl/d.tar.zst\"; rootfs = \"ssd:4\"; memory = 512MiB }\n"
				   "container app { id = 901; clone = container.t }\n";
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, text);
	lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
	lab_converge(&l);
	l.s->guests.n = 1;
	lab_put(&l, l.s->guests.v[0], PHX_STR("lock"), PHX_STR("disk"));
	lab_settle(&l);
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0611"));
	l.how.break_locks = l.how.has_host = true;
	p = lab_good_plan(&l);
	assert_true(
		lab_before(p, lab_action(p, 900, PHX_OP_BREAK_LOCK, 0), lab_action(p, 901, PHX_OP_CLONE, 0)));
	lab_converge(&l);
	lab_close(&l);
}

static void a_lock_without_consequence_is_nobodys_business(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("lock"), PHX_STR("backup"));
	lab_settle(&l);
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_edit(&l, VM("101", "web", "on_boot = true"));
	l.s->guests.v[0]->busy = true;
	l.s->guests.v[0]->busy_upid = PHX_STR("UPID:pve:1:2:3:vzdump:101:root@pam:");
	l.s->guests.v[0]->dead_lock = false;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0610"));
	lab_close(&l);
}

static void nothing_is_absent_on_the_word_of_a_token_that_sees_little(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	l.s->sees_all_guests = false;
	l.how.identity = PHX_STR("ci@pve!plan");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0606"));
	assert_true(phx_str_find(
			    diag(&l.w, "PHX0606")->helps.v[0],
			    PHX_STR("pveum acl modify /vms --tokens 'ci@pve!plan' --roles PVEAuditor")) >= 0);
	lab_close(&l);
}

static void without_quorum_nothing_is_planned(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	l.s->quorate = false;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0605"));
	lab_close(&l);
}

static void storages_and_nodes_are_looked_at_before_anything_runs(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "vm a { id = 101; cores = 1; memory = 512MiB; storage = \"nosuch\"; disk = 1GiB }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0616"));
	lab_edit(&l, "vm a { id = 101; cores = 1; memory = 512MiB; node = \"pvee\"; storage = \"ssd\"; disk "
		     "= 1GiB }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0603"));
	lab_edit(&l, "image i { url = \"https://x.org/a.qcow2\"; storage = \"ssd\" }\n"
		     "vm a { id = 101; cores = 1; memory = 512MiB; image = image.i; storage = \"ssd\" }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0616"));
	lab_edit(&l, "image i { volume = \"local:import/none.qcow2\" }\n"
		     "vm a { id = 101; cores = 1; memory = 512MiB; image = image.i; storage = \"ssd\" }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0621"));
	lab_close(&l);
}

static void targets_bring_what_they_need_and_say_so(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, TEMPLATE CLONE("101", "web", "") CLONE("102", "db", "") VM("103", "lone", ""));
	phx_vec_push(&l.w.arena, &l.how.targets, PHX_STR("vm.web"));
	p = lab_good_plan(&l);
	assert_int_equal(p->changes.n, 2);
	assert_true(p->targeted);
	assert_int_equal(p->targets_added.n, 1);
	assert_str(p->targets_added.v[0], "vm.base");
	assert_non_null(strstr(lab_text(&l, p), "Brought in because something selected needs it: vm.base"));
	l.how.targets.n = 0;
	phx_vec_push(&l.w.arena, &l.how.excludes, PHX_STR("vm.base"));
	p = lab_good_plan(&l);
	assert_int_equal(p->changes.n, 1);
	assert_int_equal(p->targets_dropped.n, 2);
	l.how.excludes.v[0] = PHX_STR("vm.wbe");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0604"));
	lab_close(&l);
}

static void a_guest_on_an_offline_node_is_left_alone(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("101", "web", ""));
	lab_converge(&l);
	lab_edit(&l, VM("101", "web", "on_boot = true"));
	l.s->nodes.v[0].online = false;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0618"));
	phx_vec_push(&l.w.arena, &l.how.excludes, PHX_STR("vm.web"));
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

static void a_pool_that_still_holds_a_stranger_stays(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "pool p {}\n" VM("101", "web", "pool = pool.p"));
	lab_converge(&l);
	lab_live(&l, 500, true, false, "name: theirs")->pool = PHX_STR("p");
	l.how.destroy = true;
	lab_settle(&l);
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0627"));
	l.s->guests.v[1]->pool = PHX_STR("");
	lab_settle(&l);
	assert_non_null(lab_good_plan(&l));
	lab_close(&l);
}

static void nested_pools_come_and_go_inside_out(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, "pool a {}\npool \"a/b\" {}\n");
	p = lab_good_plan(&l);
	assert_string_equal(lab_param(&l, lab_action(p, 0, PHX_OP_POOL_CREATE, 1), "poolid"), "a/b");
	assert_true(lab_before(p, lab_action(p, 0, PHX_OP_POOL_CREATE, 0),
			       lab_action(p, 0, PHX_OP_POOL_CREATE, 1)));
	lab_converge(&l);
	lab_edit(&l, VM("101", "web", ""));
	p = lab_good_plan(&l);
	assert_string_equal(lab_param(&l, lab_action(p, 0, PHX_OP_POOL_DELETE, 0), "poolid"), "a/b");
	assert_true(lab_before(p, lab_action(p, 0, PHX_OP_POOL_DELETE, 0),
			       lab_action(p, 0, PHX_OP_POOL_DELETE, 1)));
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strangers_guest_is_never_touched),
		cmocka_unit_test(an_id_that_an_unread_guest_has_is_taken_too),
		cmocka_unit_test(another_stacks_guest_is_named_as_such),
		cmocka_unit_test(a_copy_made_by_hand_is_not_ours),
		cmocka_unit_test(adopting_writes_tag_and_note_and_nothing_else),
		cmocka_unit_test(what_left_the_configuration_goes_only_with_leave),
		cmocka_unit_test(a_refused_plan_can_be_shown),
		cmocka_unit_test(another_id_is_another_guest_and_the_old_one_needs_leave),
		cmocka_unit_test(protection_refuses_even_with_leave),
		cmocka_unit_test(destroy_takes_everything_down_backwards),
		cmocka_unit_test(a_vm_never_turns_into_a_container_by_itself),
		cmocka_unit_test(a_template_built_from_something_else_is_rebuilt_only_with_leave),
		cmocka_unit_test(memory_of_a_template_is_changed_in_place),
		cmocka_unit_test(linked_clones_hold_their_template),
		cmocka_unit_test(what_a_killed_clone_left_is_named_with_the_command),
		cmocka_unit_test(an_empty_leftover_of_a_killed_create_is_ours_to_take_away),
		cmocka_unit_test(the_source_of_a_killed_container_clone_is_unlocked_first),
		cmocka_unit_test(a_lock_without_consequence_is_nobodys_business),
		cmocka_unit_test(nothing_is_absent_on_the_word_of_a_token_that_sees_little),
		cmocka_unit_test(without_quorum_nothing_is_planned),
		cmocka_unit_test(storages_and_nodes_are_looked_at_before_anything_runs),
		cmocka_unit_test(targets_bring_what_they_need_and_say_so),
		cmocka_unit_test(a_guest_on_an_offline_node_is_left_alone),
		cmocka_unit_test(a_pool_that_still_holds_a_stranger_stays),
		cmocka_unit_test(nested_pools_come_and_go_inside_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
