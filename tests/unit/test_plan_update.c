#include "plan_lab.h"

#define VM(extra)                                                                                            \
	"vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; name = \"web\"; "      \
	"network { ip = dhcp }; " extra " }\n"
#define CT(extra)                                                                                            \
	"container app { id = 200; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"ssd:8\"; memory = "   \
	"512MiB; cores = 1; unprivileged = "                                                                 \
	"true; network { ip = 10.0.0.5/24 }; " extra " }\n"

/* The configuration as it was applied, then as it was edited. */
static struct phx_plan *edited(struct lab *l, const char *before, const char *after)
{
	lab_open(l, before);
	lab_volume(l, "local:vztmpl/d.tar.zst", "vztmpl");
	lab_converge(l);
	lab_edit(l, after);
	return lab_good_plan(l);
}

/* What an edit plans must also be what makes the next plan empty. */
static void finish(struct lab *l)
{
	lab_converge(l);
	lab_close(l);
}

static void nothing_edited_is_nothing_to_do(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM("") CT(""), VM("") CT(""));
	assert_true(phx_plan_is_empty(p));
	assert_int_equal(p->changes.n, 0);
	assert_int_equal(p->count[PHX_CH_NONE], 2);
	assert_non_null(strstr(lab_text(&l, p), "No changes. 2 resources are as declared."));
	lab_close(&l);
}

static void one_value_is_one_put_with_the_digest_that_was_seen(void **state)
{
	struct lab l = {0};
	const struct phx_action *a;
	struct phx_plan *p;

	(void)state;
	p = edited(&l, CT(""), CT("swap = 1GiB"));
	assert_int_equal(p->actions.n, 3); /* lock, put, unlock */
	a = lab_action(p, 200, PHX_OP_CONFIG, 0);
	assert_int_equal(a->method, PHX_PUT);
	assert_str(a->path, "/nodes/pve/lxc/200/config");
	assert_int_equal(a->params.v.n, 3);
	assert_string_equal(lab_param(&l, a, "swap"), "1024");
	/* What is written is remembered in the same call. */
	assert_non_null(strstr(lab_param(&l, a, "description"), " set="));
	assert_int_equal(strlen(lab_param(&l, a, "digest")), 40);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->impact, PHX_EFFECT_LIVE);
	finish(&l);
}

static void a_restart_is_an_action_and_says_why(void **state)
{
	struct lab l = {0};
	const struct phx_change *c;
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""), VM("bios = \"ovmf\""));
	c = lab_change(p, "vm.web");
	assert_int_equal(c->impact, PHX_EFFECT_RESTART);
	assert_true(c->restart);
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_CONFIG, 0), lab_action(p, 101, PHX_OP_SHUTDOWN, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_SHUTDOWN, 0), lab_action(p, 101, PHX_OP_START, 0)));
	assert_non_null(strstr(lab_text(&l, p), "1 to update (1 restart)"));
	assert_non_null(strstr(lab_text(&l, p), "! RESTART: vm.web"));
	assert_null(lab_param(&l, lab_action(p, 101, PHX_OP_SHUTDOWN, 0), "forceStop"));
	finish(&l);
}

static void memory_of_a_stopped_vm_needs_no_restart_and_starts_nothing(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM("running = false"), VM("running = false; memory = 4GiB"));
	assert_int_equal(lab_count(p, 101, PHX_OP_START), 0);
	assert_int_equal(p->actions.n, 3);
	assert_str(lab_attr(lab_change(p, "vm.web"), "memory")->before, "2GiB");
	assert_str(lab_attr(lab_change(p, "vm.web"), "memory")->after, "4GiB");
	finish(&l);
}

static void what_is_set_but_waits_for_a_restart_is_found(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_attr_change *a;

	(void)state;
	lab_open(&l, VM(""));
	lab_converge(&l);
	lab_edit(&l, VM("memory = 4GiB"));
	p = lab_good_plan(&l);
	lab_apply(&l, p, lab_action(p, 101, PHX_OP_CONFIG, 0)->id); /* killed before the restart */
	lab_unlock(&l);
	p = lab_good_plan(&l);
	a = lab_attr(lab_change(p, "vm.web"), "memory");
	assert_non_null(a);
	assert_true(a->pending);
	assert_int_equal(a->impact, PHX_EFFECT_RESTART);
	assert_int_equal(lab_count(p, 101, PHX_OP_CONFIG), 0);
	assert_int_equal(lab_count(p, 101, PHX_OP_START), 1);
	finish(&l);
}

static void hot_plugging_follows_the_guests_own_option(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""), VM("network lan { bridge = \"vmbr1\" }"));
	assert_int_equal(lab_change(p, "vm.web")->impact, PHX_EFFECT_LIVE);
	lab_close(&l);
	l = (struct lab){0};
	p = edited(&l, VM("options { hotplug = \"disk\" }"),
		   VM("options { hotplug = \"disk\" }; network lan { bridge = \"vmbr1\" }"));
	assert_int_equal(lab_change(p, "vm.web")->impact, PHX_EFFECT_RESTART);
	finish(&l);
}

static void a_disk_grows_in_a_call_of_its_own_and_never_shrinks(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""),
		   "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 12GiB; network { "
		   "ip = dhcp } }\n");
	assert_int_equal(p->actions.n, 4);
	/* The configuration is written only to remember the new size. */
	assert_int_equal(lab_action(p, 101, PHX_OP_CONFIG, 0)->params.v.n, 2);
	assert_non_null(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "description"));
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_RESIZE, 0), "size"), "12G");
	assert_non_null(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "digest"));
	assert_str(lab_attr(lab_change(p, "vm.web"), "disk.root.size")->before, "8GiB");
	lab_converge(&l);
	lab_edit(&l, VM(""));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0609"));
	assert_str(under(&l.w, diag(&l.w, "PHX0609")->span), "8GiB");
	lab_close(&l);
}

static void a_disk_that_is_no_longer_declared_is_detached_and_kept(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM("disk data { size = 20GiB }"), VM(""));
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "delete"), "scsi1");
	assert_int_equal(lab_count(p, 101, PHX_OP_UNLINK), 0);
	assert_int_not_equal(lab_change(p, "vm.web")->impact, PHX_EFFECT_DATA_LOSS);
	lab_converge(&l);
	assert_string_not_equal(lab_value(&l, 101, "unused0"), "");
	lab_close(&l);
}

static void with_leave_a_removed_disk_is_destroyed_and_said_loudly(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM("disk data { size = 20GiB }"));
	lab_converge(&l);
	lab_edit(&l, VM(""));
	phx_vec_push(&l.w.arena, &l.how.allow_destroy, PHX_STR("vm.web"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.web")->impact, PHX_EFFECT_DATA_LOSS);
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_UNLINK, 0), "idlist"), "scsi1");
	assert_non_null(strstr(lab_text(&l, p), "DATA LOSS: vm.web"));
	finish(&l);
}

static void labels_keep_their_slots(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	/* `data` has scsi1; a label that sorts before it must not take that away. */
	p = edited(&l, VM("disk data { size = 20GiB }"),
		   VM("disk data { size = 20GiB }; disk aaa { size = 1GiB }"));
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "scsi2"), "ssd:1");
	assert_null(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "scsi1"));
	lab_converge(&l);
	assert_non_null(strstr(lab_value(&l, 101, "scsi1"), "size=20G"));
	lab_close(&l);
}

static void a_new_disk_takes_a_slot_that_is_really_free(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM(""));
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("scsi1"), PHX_STR("ssd:101/by-hand.raw,size=1G"));
	lab_edit(&l, VM("disk data { size = 20GiB }"));
	p = lab_good_plan(&l);
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "scsi2"), "ssd:20");
	lab_converge(&l);
	assert_string_equal(lab_value(&l, 101, "scsi1"), "ssd:101/by-hand.raw,size=1G");
	lab_close(&l);
}

static void mounts_are_known_by_their_path(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, CT("mount \"/b\" { storage = \"ssd\"; size = 1GiB }"),
		   CT("mount \"/a\" { storage = \"ssd\"; size = 2GiB }; mount \"/b\" { storage = \"ssd\"; "
		      "size = 1GiB }"));
	assert_string_equal(lab_param(&l, lab_action(p, 200, PHX_OP_CONFIG, 0), "mp1"), "ssd:2,mp=/a");
	assert_null(lab_param(&l, lab_action(p, 200, PHX_OP_CONFIG, 0), "mp0"));
	finish(&l);
}

static void a_disk_moves_when_it_says_another_storage_itself(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	p = edited(&l, VM("disk data { size = 20GiB }"),
		   VM("disk data { size = 20GiB; storage = \"local\" }"));
	a = lab_action(p, 101, PHX_OP_DISK_MOVE, 0);
	assert_str(a->path, "/nodes/pve/qemu/101/move_disk");
	assert_string_equal(lab_param(&l, a, "disk"), "scsi1");
	assert_string_equal(lab_param(&l, a, "storage"), "local");
	assert_int_equal(lab_count(p, 101, PHX_OP_CONFIG), 1);
	assert_null(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "scsi1"));
	assert_non_null(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "description"));
	finish(&l);
}

static void properties_are_told_key_by_key(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(
		&l,
		"vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk root { size = 8GiB }\n"
		"  network { ip = dhcp; bridge = \"vmbr0\"; vlan = 5 } }\n",
		"vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk root { size = 8GiB; "
		"discard = true }\n"
		"  network { ip = dhcp; bridge = \"vmbr2\"; vlan = 7 } }\n");
	assert_str(lab_attr(lab_change(p, "vm.web"), "network.bridge")->after, "vmbr2");
	assert_str(lab_attr(lab_change(p, "vm.web"), "network.vlan")->before, "5");
	assert_non_null(lab_attr(lab_change(p, "vm.web"), "disk.root.discard"));
	assert_int_equal(lab_count(p, 101, PHX_OP_CONFIG), 1);
	finish(&l);
}

static void an_undeclared_mac_and_foreign_settings_stay(void **state)
{
	struct lab l = {0};
	struct phx_live_guest *g;

	(void)state;
	lab_open(&l, VM("running = true"));
	lab_converge(&l);
	g = l.s->guests.v[0];
	lab_put(&l, g, PHX_STR("net0"), PHX_STR("virtio=AA:BB:CC:00:11:22,bridge=vmbr0,rate=5"));
	lab_put(&l, g, PHX_STR("onboot"), PHX_STR("1"));
	lab_put(&l, g, PHX_STR("vga"), PHX_STR("qxl"));
	lab_put(&l, g, PHX_STR("scsi0"), PHX_STR("ssd:101/other-name.raw,cache=none,size=8G"));
	lab_settle(&l);
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

static void spellings_are_no_differences(void **state)
{
	struct lab l = {0};
	struct phx_live_guest *g;

	(void)state;
	lab_open(&l,
		 VM("agent { enabled = true }; tags = [\"b\", \"a\"]; on_boot = false; notes = \"x\\n\""));
	lab_converge(&l);
	g = l.s->guests.v[0];
	lab_put(&l, g, PHX_STR("agent"), PHX_STR("1"));
	lab_put(&l, g, PHX_STR("tags"), PHX_STR("B,phx-lab A"));
	lab_put(&l, g, PHX_STR("onboot"), PHX_STR(""));
	lab_put(&l, g, PHX_STR("memory"), PHX_STR("current=2048"));
	lab_settle(&l);
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

static void lost_marks_are_written_again(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM(""));
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("description"), PHX_STR("somebody wrote over it"));
	lab_settle(&l);
	p = lab_good_plan(&l);
	assert_int_equal(p->actions.n, 3);
	lab_converge(&l);
	assert_non_null(strstr(lab_value(&l, 101, "description"), "somebody wrote over it\n"));
	assert_non_null(strstr(lab_value(&l, 101, "description"), "address=vm.web"));
	lab_put(&l, l.s->guests.v[0], PHX_STR("tags"), PHX_STR("other"));
	lab_settle(&l);
	lab_converge(&l);
	assert_string_equal(lab_value(&l, 101, "tags"), "other;phx-lab");
	lab_close(&l);
}

static void a_renamed_block_changes_nothing(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM(""));
	lab_converge(&l);
	lab_edit(&l, "vm www { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; name = "
		     "\"web\"; network { ip = dhcp } }\n");
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

static void power_is_compared_only_when_declared(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, VM(""));
	lab_converge(&l);
	assert_true(lab_guest(&l, 101)->running);
	l.s->guests.v[0]->running = false;
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_edit(&l, VM("running = true"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_count(p, 101, PHX_OP_START), 1);
	lab_converge(&l);
	lab_edit(&l, VM("running = false"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_count(p, 101, PHX_OP_SHUTDOWN), 1);
	assert_int_equal(lab_count(p, 101, PHX_OP_START), 0);
	finish(&l);
}

static void ignored_attributes_are_not_compared(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""),
		   VM("memory = 8GiB; tags = [\"x\"]; lifecycle { ignore = [\"memory\", \"tags\"] }"));
	assert_true(phx_plan_is_empty(p));
	lab_close(&l);
}

static void null_takes_an_option_away(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM("on_boot = true"), VM("on_boot = null"));
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "delete"), "onboot");
	finish(&l);
}

static void a_changed_password_is_sent_once_and_never_shown(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_attr_change *a;

	(void)state;
	p = edited(&l, VM("user joe { password = secret \"first-one\" }"),
		   VM("user joe { password = secret \"second-one\" }"));
	a = lab_attr(lab_change(p, "vm.web"), "user.password");
	assert_true(a->sensitive && a->before.len == 0 && a->after.len == 0);
	assert_string_equal(
		lab_param(&l, lab_action(p, 101, PHX_OP_CONFIG, 0), "cipassword"),
		"$6$15dbea7893771b5f$FOdPtHEWlGUxDAyG3qLi.hwREqevMaxoXn7yj9qI0ziCCF472fhXk6vfc1So3.Sm"
		"FMkOarzB7XhOzlNu4JT9E/");
	assert_null(strstr(lab_text(&l, p), "second-one"));
	assert_null(strstr(lab_json(&l, p, true), "second-one"));
	finish(&l);
}

static const struct phx_action *last(const struct phx_plan *p, enum phx_action_op op)
{
	return lab_action(p, 101, op, lab_count(p, 101, op) - 1);
}

#define FW(rules) VM("firewall { " rules " }")
#define SSH       "rule in accept { proto = \"tcp\"; port = 22 };"
#define WEB       "rule in accept { proto = \"tcp\"; port = 80; comment = \"web\" };"
#define PING      "rule in accept { proto = \"icmp\" };"

static void firewall_rules_come_to_their_order_with_the_fewest_steps(void **state)
{
	static const char *const orders[] = {FW(SSH WEB PING), FW(PING SSH WEB), FW(WEB),         FW(SSH WEB),
					     FW(WEB SSH),      FW(""),           FW(SSH SSH PING)};
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, FW(SSH WEB), FW(SSH WEB PING));
	assert_int_equal(lab_count(p, 101, PHX_OP_FW_RULE_ADD), 1);
	assert_int_equal(lab_count(p, 101, PHX_OP_FW_RULE_DELETE), 0);
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_FW_RULE_UPDATE, 0), "moveto"), "3");
	assert_non_null(lab_param(&l, lab_action(p, 101, PHX_OP_FW_RULE_ADD, 0), "digest"));
	assert_int_equal(lab_action(p, 101, PHX_OP_FW_RULE_UPDATE, 0)->later, PHX_LATER_DIGEST);
	lab_converge(&l);
	for (size_t i = 0; i < PHX_COUNTOF(orders); i++)
		for (size_t k = 0; k < PHX_COUNTOF(orders); k++) {
			lab_edit(&l, orders[i]);
			lab_converge(&l);
			lab_edit(&l, orders[k]);
			lab_converge(&l);
		}
	lab_close(&l);
}

static void a_reworded_rule_is_there_before_the_old_one_goes(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, FW(SSH WEB),
		   FW("rule in accept { proto = \"tcp\"; port = 22; source = 10.0.0.0/24 };" WEB));
	assert_true(lab_before(p, last(p, PHX_OP_FW_RULE_ADD), lab_action(p, 101, PHX_OP_FW_RULE_DELETE, 0)));
	assert_non_null(strstr(lab_text(&l, p), "in ACCEPT tcp 22 from 10.0.0.0/24"));
	finish(&l);
}

static void pools_are_made_joined_changed_and_left(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""), "pool a { comment = \"x\" }\n" VM("pool = pool.a"));
	assert_true(lab_before(p, lab_action(p, 0, PHX_OP_POOL_CREATE, 0),
			       lab_action(p, 101, PHX_OP_POOL_MEMBER, 0)));
	assert_string_equal(lab_param(&l, lab_action(p, 0, PHX_OP_POOL_CREATE, 0), "comment"), "x (phx-lab)");
	lab_converge(&l);
	lab_edit(&l, "pool a { comment = \"y\" }\npool b {}\n" VM("pool = pool.b"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "pool.a")->action, PHX_CH_UPDATE);
	lab_converge(&l);
	lab_edit(&l, "pool b {}\n" VM("pool = pool.b"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "pool.a")->action, PHX_CH_DELETE);
	finish(&l);
}

static void a_pool_that_nobody_declares_must_exist(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, VM("pool = \"nosuch\""));
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0617"));
	lab_close(&l);
}

static void a_declared_other_node_is_a_migration(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	lab_open(&l, VM("node = \"pve\"; bios = \"ovmf\"") CT("node = \"pve\""));
	lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
	phx_vec_push(&l.w.arena, &l.s->nodes,
		     ((struct phx_live_node){.name = PHX_STR("two"), .online = true}));
	lab_converge(&l);
	lab_edit(&l, VM("node = \"two\"; bios = \"ovmf\"; cores = 3") CT("node = \"two\""));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.web")->action, PHX_CH_MIGRATE);
	a = lab_action(p, 101, PHX_OP_MIGRATE, 0);
	assert_string_equal(lab_param(&l, a, "target"), "two");
	assert_string_equal(lab_param(&l, a, "online"), "1");
	assert_str(lab_action(p, 101, PHX_OP_CONFIG, 0)->path, "/nodes/two/qemu/101/config");
	assert_int_equal(lab_count(p, 200, PHX_OP_SHUTDOWN), 0); /* the migration restarts it */
	assert_true(lab_change(p, "container.app")->restart);
	assert_string_equal(lab_param(&l, lab_action(p, 200, PHX_OP_MIGRATE, 0), "restart"), "1");
	finish(&l);
}

static void a_missing_snapshot_is_taken(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	p = edited(&l, VM(""), VM("snapshot before { description = \"d\" }"));
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_SNAPSHOT, 0), "snapname"), "before");
	assert_int_equal(lab_count(p, 101, PHX_OP_CONFIG), 0);
	finish(&l);
}

static void under_ha_the_manager_is_asked(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	lab_open(&l, VM("running = true"));
	lab_converge(&l);
	l.s->guests.v[0]->ha_state = PHX_STR("started");
	lab_edit(&l, VM("running = false"));
	p = lab_good_plan(&l);
	a = lab_action(p, 101, PHX_OP_HA, 0);
	assert_str(a->path, "/cluster/ha/resources/vm:101");
	assert_string_equal(lab_param(&l, a, "state"), "stopped");
	assert_int_equal(lab_count(p, 101, PHX_OP_SHUTDOWN), 0);
	assert_str(lab_action(p, 101, PHX_OP_WAIT_TASK, 0)->wait_what, "stopped");
	lab_close(&l);
}

static void what_cannot_be_changed_is_refused_at_its_line(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, CT(""));
	lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("unprivileged"), PHX_STR(""));
	lab_settle(&l);
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0612"));
	assert_str(under(&l.w, diag(&l.w, "PHX0612")->span), "true");
	lab_close(&l);
}

static void defaults_move_no_disks(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "defaults vm { storage = \"ssd\" }\nvm a { id = 101; cores = 1; memory = 512MiB; disk = "
		     "1GiB }\n");
	lab_converge(&l);
	lab_edit(&l, "defaults vm { storage = \"local\" }\nvm a { id = 101; cores = 1; memory = 512MiB; disk "
		     "= 1GiB }\n");
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_close(&l);
}

/* Who made a difference: the marker remembers what was written. */
static void a_difference_is_told_from_a_drift(void **state)
{
	struct lab l = {0};
	struct phx_live_guest *g;
	struct phx_plan *p;

	(void)state;
	lab_open(&l, CT("swap = 1GiB"));
	lab_converge(&l);
	g = (struct phx_live_guest *)(uintptr_t)lab_guest(&l, 200);
	/* somebody else's hand */
	lab_put(&l, g, PHX_STR("swap"), PHX_STR("2048"));
	lab_settle(&l);
	p = lab_good_plan(&l);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->drift, PHX_DRIFT_CLUSTER);
	assert_non_null(strstr(lab_text(&l, p), "changed on the cluster"));
	/* the configuration as well */
	lab_edit(&l, CT("swap = 3GiB"));
	p = lab_good_plan(&l);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->drift, PHX_DRIFT_BOTH);
	lab_put(&l, g, PHX_STR("swap"), PHX_STR("1024"));
	lab_settle(&l);
	p = lab_good_plan(&l);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->drift, PHX_DRIFT_NONE);
	lab_converge(&l);
	/* what was written in between is what is remembered */
	lab_put(&l, (struct phx_live_guest *)(uintptr_t)lab_guest(&l, 200), PHX_STR("swap"), PHX_STR("512"));
	lab_settle(&l);
	p = lab_good_plan(&l);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->drift, PHX_DRIFT_CLUSTER);
	lab_close(&l);
}

/* Guests of an older phx have no memory: nothing is to be done for that alone, and nothing is claimed. */
static void without_memory_drift_is_not_known(void **state)
{
	struct lab l = {0};
	struct phx_live_guest *g;
	struct phx_buf text = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, CT("swap = 1GiB"));
	lab_converge(&l);
	g = (struct phx_live_guest *)(uintptr_t)lab_guest(&l, 200);
	phx_marker_set_fact(&l.w.arena, &g->marker, PHX_STR("set"), PHX_STR(""));
	phx_marker_description(PHX_STR(""), &g->marker, &text);
	lab_put(&l, g, PHX_STR("description"), phx_str_dup(&l.w.arena, phx_buf_view(&text)));
	phx_buf_done(&text);
	lab_settle(&l);
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	lab_put(&l, g, PHX_STR("swap"), PHX_STR("2048"));
	lab_settle(&l);
	p = lab_good_plan(&l);
	assert_int_equal(lab_attr(lab_change(p, "container.app"), "swap")->drift, PHX_DRIFT_UNKNOWN);
	finish(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_edited_is_nothing_to_do),
		cmocka_unit_test(one_value_is_one_put_with_the_digest_that_was_seen),
		cmocka_unit_test(a_restart_is_an_action_and_says_why),
		cmocka_unit_test(memory_of_a_stopped_vm_needs_no_restart_and_starts_nothing),
		cmocka_unit_test(what_is_set_but_waits_for_a_restart_is_found),
		cmocka_unit_test(hot_plugging_follows_the_guests_own_option),
		cmocka_unit_test(a_disk_grows_in_a_call_of_its_own_and_never_shrinks),
		cmocka_unit_test(a_disk_that_is_no_longer_declared_is_detached_and_kept),
		cmocka_unit_test(with_leave_a_removed_disk_is_destroyed_and_said_loudly),
		cmocka_unit_test(labels_keep_their_slots),
		cmocka_unit_test(a_new_disk_takes_a_slot_that_is_really_free),
		cmocka_unit_test(mounts_are_known_by_their_path),
		cmocka_unit_test(a_disk_moves_when_it_says_another_storage_itself),
		cmocka_unit_test(properties_are_told_key_by_key),
		cmocka_unit_test(an_undeclared_mac_and_foreign_settings_stay),
		cmocka_unit_test(spellings_are_no_differences),
		cmocka_unit_test(lost_marks_are_written_again),
		cmocka_unit_test(a_renamed_block_changes_nothing),
		cmocka_unit_test(power_is_compared_only_when_declared),
		cmocka_unit_test(ignored_attributes_are_not_compared),
		cmocka_unit_test(null_takes_an_option_away),
		cmocka_unit_test(a_changed_password_is_sent_once_and_never_shown),
		cmocka_unit_test(firewall_rules_come_to_their_order_with_the_fewest_steps),
		cmocka_unit_test(a_reworded_rule_is_there_before_the_old_one_goes),
		cmocka_unit_test(pools_are_made_joined_changed_and_left),
		cmocka_unit_test(a_pool_that_nobody_declares_must_exist),
		cmocka_unit_test(a_declared_other_node_is_a_migration),
		cmocka_unit_test(a_missing_snapshot_is_taken),
		cmocka_unit_test(under_ha_the_manager_is_asked),
		cmocka_unit_test(what_cannot_be_changed_is_refused_at_its_line),
		cmocka_unit_test(defaults_move_no_disks),
		cmocka_unit_test(a_difference_is_told_from_a_drift),
		cmocka_unit_test(without_memory_drift_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
