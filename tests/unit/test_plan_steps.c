#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/sys.h"
#include "plan_lab.h"

#define SCRIPT "/tmp/phx-test-plan-steps.sh"

static const char everything[] =
	"feature own { script = \"" SCRIPT "\"; check = \"true\" }\n"
	"feature other { script = \"" SCRIPT "\" }\n"
	"vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent { enabled = true "
	"}\n"
	"  features = [feature.other, feature.own]\n"
	"  nfs \"/mnt/x\" { source = \"10.0.0.1:/x\"; options = \"rw,nfsvers=4.2\" }\n"
	"  file \"/etc/motd\" { content = \"hello\"; mode = 0640; owner = \"root:adm\" }\n"
	"  script app { content = \"echo app\" }\n"
	"  health { command = \"true\"; retries = 2 }\n"
	"  snapshot final {} }\n"
	"container box { id = 201; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = \"ssd:4\"\n"
	"  network { ip = 10.0.0.9/24 }; features = [feature.own]\n"
	"  file \"/etc/motd\" { content = \"box\" }; nfs \"/mnt/x\" { source = \"10.0.0.1:/x\" }\n"
	"  options { features = \"mount=nfs\" } }\n";

static void write_script(const char *text)
{
	struct phx_err err = {0};

	assert_true(phx_write_file_atomic(SCRIPT, phx_str_c(text), 0600, &err));
}

static void open_lab(struct lab *l, const char *text)
{
	write_script("echo one\n");
	lab_open(l, text);
	l->how.has_host = true;
}

/* "nfs /mnt/x, file /etc/motd, …": the steps of a guest in the order they run. */
static const char *steps(struct lab *l, const struct phx_plan *p, uint64_t id)
{
	const struct phx_action *a, *before = NULL;
	struct phx_buf b = {0};
	const char *text;

	for (uint32_t i = 0; (a = lab_action(p, id, PHX_OP_GUEST, i)); i++) {
		phx_buf_printf(&b, "%s" PHX_STR_FMT, i ? ", " : "", PHX_STR_ARG(a->body->guest_what));
		if (before)
			assert_true(lab_before(p, before, a));
		before = a;
	}
	text = phx_str_dup(&l->w.arena, phx_buf_view(&b)).ptr;
	phx_buf_done(&b);
	return text;
}

static const char *fact(struct lab *l, uint64_t id, const char *name)
{
	return phx_str_dup(&l->w.arena, phx_marker_fact(&lab_guest(l, id)->marker, name)).ptr;
}

/* One text of the configuration replaced by another. */
static void edit(struct lab *l, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	assert_non_null(at);
	lab_edit(l,
		 phx_str_printf(&l->w.arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)).ptr);
}

static void steps_run_in_the_order_of_their_kind_and_are_remembered(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, everything);
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101),
			    "nfs /mnt/x, file /etc/motd, feature other, feature own, script app, health");
	assert_string_equal(steps(&l, p, 201), "file /etc/motd, nfs /mnt/x, feature own");
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_GUEST, 5), lab_action(p, 101, PHX_OP_SNAPSHOT, 0)));
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_GUEST, 5), lab_action(p, 101, PHX_OP_MARKER, 0)));
	lab_converge(&l);
	assert_int_equal(strlen(fact(&l, 101, "nfs:/mnt/x")), 12 + 1 + 4);
	assert_true(*fact(&l, 101, "feature:own") && *fact(&l, 101, "script:app") &&
		    *fact(&l, 101, "health:"));
	assert_string_equal(fact(&l, 201, "feature:own"), fact(&l, 101, "feature:own"));
	lab_close(&l);
}

static void what_a_killed_run_left_is_finished(void **state)
{
	uint32_t total = 1;

	(void)state;
	for (uint32_t n = 0; n < total; n++) {
		struct lab l = {0};
		struct phx_plan *p;

		open_lab(&l, everything);
		p = lab_good_plan(&l);
		total = p->actions.n;
		lab_apply(&l, p, n);
		lab_unlock(&l);
		lab_converge(&l);
		assert_true(*fact(&l, 101, "health:") && *fact(&l, 201, "nfs:/mnt/x"));
		lab_close(&l);
	}
}

static void an_edited_script_is_run_where_it_is_used_and_nothing_else_is_done(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_attr_change *a;

	(void)state;
	open_lab(&l, everything);
	lab_converge(&l);
	write_script("echo two\n");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "feature other, feature own");
	assert_string_equal(steps(&l, p, 201), "feature own");
	/* lock, agent, two steps, marker; step, marker; unlock */
	assert_int_equal(p->actions.n, 8);
	a = lab_attr(lab_change(p, "vm.web"), "feature.own");
	assert_int_equal(a->before.len, 12);
	assert_int_equal(a->after.len, 12);
	assert_true(phx_str_eqc(a->reason, "script changed"));
	assert_string_equal(lab_param(&l, lab_action(p, 201, PHX_OP_MARKER, 0), "digest"),
			    lab_guest(&l, 201)->digest.ptr);
	lab_converge(&l);
	lab_close(&l);
}

static void what_changed_is_told(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, everything);
	lab_converge(&l);
	edit(&l, everything, "\"hello\"; mode = 0640", "\"hello\"; mode = 0600");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "file /etc/motd");
	assert_true(phx_str_eqc(lab_attr(lab_change(p, "vm.web"), "file./etc/motd")->reason,
				"owner or mode changed"));
	edit(&l, everything, "nfsvers=4.2", "nfsvers=4.1");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "nfs /mnt/x");
	assert_true(phx_str_eqc(lab_attr(lab_change(p, "vm.web"), "nfs./mnt/x")->reason, "options changed"));
	lab_close(&l);
}

static void a_share_goes_with_its_declaration_and_a_file_stays(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	open_lab(&l, everything);
	lab_converge(&l);
	edit(&l, everything, "nfs \"/mnt/x\" { source = \"10.0.0.1:/x\"; options = \"rw,nfsvers=4.2\" }\n",
	     "");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "take away nfs /mnt/x");
	a = lab_action(p, 101, PHX_OP_GUEST, 0);
	assert_true(phx_str_eqc(a->body->work->env.v[0].value, "absent"));
	lab_converge(&l);
	assert_string_equal(fact(&l, 101, "nfs:/mnt/x"), "");
	edit(&l, everything, "file \"/etc/motd\" { content = \"box\" };", "");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 201), "");
	assert_non_null(strstr(lab_text(&l, p), "it stays in the guest"));
	lab_converge(&l);
	assert_string_equal(fact(&l, 201, "file:/etc/motd"), "");
	lab_close(&l);
}

static void a_guest_that_is_off_waits_with_its_steps(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, everything);
	lab_converge(&l);
	((struct phx_live_guest *)(uintptr_t)lab_guest(&l, 201))->running = false;
	edit(&l, everything, "\"box\"", "\"crate\"");
	p = lab_good_plan(&l);
	assert_true(phx_plan_is_empty(p));
	assert_non_null(
		strstr(lab_text(&l, p),
		       "container.box is stopped: when it runs again, the next plan does file /etc/motd"));
	((struct phx_live_guest *)(uintptr_t)lab_guest(&l, 201))->running = true;
	assert_string_equal(steps(&l, lab_good_plan(&l), 201), "file /etc/motd");
	lab_converge(&l);
	lab_close(&l);
}

static void a_guest_that_shall_not_run_is_started_for_its_steps(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, "vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; running = "
		     "false\n"
		     "  agent { enabled = true }; file \"/etc/motd\" { content = \"x\" } }\n");
	p = lab_good_plan(&l);
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_START, 0), lab_action(p, 101, PHX_OP_GUEST, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_GUEST, 0), lab_action(p, 101, PHX_OP_SHUTDOWN, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_SHUTDOWN, 0), lab_action(p, 101, PHX_OP_MARKER, 0)));
	for (uint32_t n = 0, total = p->actions.n; n < total; n++) {
		struct lab k = {0};

		open_lab(&k, "vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; "
			     "running = false\n"
			     "  agent { enabled = true }; file \"/etc/motd\" { content = \"x\" } }\n");
		lab_apply(&k, lab_good_plan(&k), n);
		lab_unlock(&k);
		lab_converge(&k);
		assert_false(lab_guest(&k, 101)->running);
		assert_true(*fact(&k, 101, "file:/etc/motd"));
		lab_close(&k);
	}
	lab_close(&l);
}

static const char template[] =
	"container base { id = 900; template = true; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs "
	"= \"ssd:4\"\n"
	"  network { ip = 10.0.0.9/24 }; file \"/etc/motd\" { content = \"x\" } }\n"
	"container app { id = 910; clone = container.base; network { ip = 10.0.0.10/24 } }\n";

static void a_template_is_cleaned_last_and_shut_down_before_it_is_one(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, template);
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 900), "file /etc/motd, clean");
	assert_true(
		lab_before(p, lab_action(p, 900, PHX_OP_GUEST, 1), lab_action(p, 900, PHX_OP_SHUTDOWN, 0)));
	assert_true(lab_before(p, lab_action(p, 900, PHX_OP_SHUTDOWN, 0),
			       lab_action(p, 900, PHX_OP_WAIT_TASK, 0)));
	assert_true(lab_before(p, lab_action(p, 900, PHX_OP_WAIT_TASK, 0),
			       lab_action(p, 900, PHX_OP_TEMPLATE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 900, PHX_OP_TEMPLATE, 0), lab_action(p, 910, PHX_OP_CLONE, 0)));
	for (uint32_t n = 0, total = p->actions.n; n < total; n++) {
		struct lab k = {0};

		open_lab(&k, template);
		lab_apply(&k, lab_good_plan(&k), n);
		lab_unlock(&k);
		lab_converge(&k);
		assert_true(lab_guest(&k, 900)->is_template);
		assert_true(*fact(&k, 900, "file:/etc/motd"));
		lab_close(&k);
	}
	lab_converge(&l);
	edit(&l, template, "\"x\"", "\"y\"");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0613"));
	lab_close(&l);
}

static void a_template_without_steps_is_not_started(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, "container base { id = 900; template = true; ostemplate = "
		     "\"local:vztmpl/debian-12.tar.zst\"; rootfs = \"ssd:4\" }\n");
	p = lab_good_plan(&l);
	assert_null(lab_action(p, 900, PHX_OP_START, 0));
	assert_null(lab_action(p, 900, PHX_OP_GUEST, 0));
	lab_converge(&l);
	lab_close(&l);
}

static void what_cannot_be_reached_is_refused(void **state)
{
	struct lab l = {0};

	(void)state;
	open_lab(&l, "container box { id = 201; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = "
		     "\"ssd:4\"\n"
		     "  file \"/etc/motd\" { content = \"box\" } }\n");
	l.how.has_host = false;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0690"));
	l.how.blind = l.how.offline = true;
	assert_non_null(strstr(lab_text(&l, lab_good_plan(&l)), "needs a host channel"));
	lab_close(&l);

	l = (struct lab){0};
	open_lab(&l, "vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent { "
		     "enabled = false }\n"
		     "  file \"/etc/motd\" { content = \"x\" } }\n");
	assert_null(lab_plan(&l));
	lab_close(&l);
}

static void a_step_is_run_again_when_that_is_asked_for(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	open_lab(&l, everything);
	lab_converge(&l);
	phx_vec_push(&l.w.arena, &l.how.rerun, PHX_STR("feature.own"));
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "feature own");
	assert_string_equal(steps(&l, p, 201), "feature own");
	assert_false(lab_action(p, 201, PHX_OP_GUEST, 0)->body->work->once);
	l.how.rerun.v[0] = PHX_STR("container.box/feature.own");
	p = lab_good_plan(&l);
	assert_string_equal(steps(&l, p, 101), "");
	assert_string_equal(steps(&l, p, 201), "feature own");
	l.how.rerun.v[0] = PHX_STR("feature.mine");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0645"));
	lab_close(&l);
}

static void a_secret_is_in_no_plan(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const char *text;

	(void)state;
	open_lab(&l, "vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent { "
		     "enabled = true }\n"
		     "  file \"/etc/key\" { content = secret \"canary-4711\" }\n"
		     "  script app { content = secret \"echo canary-4711\" } }\n");
	p = lab_good_plan(&l);
	text = lab_json(&l, p, true);
	assert_null(strstr(text, "canary"));
	assert_null(strstr(text, phx_sha256_hex(&l.w.arena, PHX_STR("canary-4711")).ptr));
	assert_null(strstr(lab_text(&l, p), "canary"));
	assert_true(phx_str_eqc(lab_action(p, 101, PHX_OP_GUEST, 0)->body->work->env.v[2].value, "0600"));
	lab_converge(&l);
	edit(&l, everything, "feature own", "feature own");
	lab_close(&l);
}

static const char shared[] = "container box { id = 201; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; "
			     "rootfs = \"ssd:4\"; unprivileged = true\n"
			     "  nfs \"/mnt/x\" { source = \"10.0.0.1:/x\" } }\n";

static void the_node_mounts_the_shares_of_an_unprivileged_container(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;
	const char *first;

	(void)state;
	open_lab(&l, shared);
	p = lab_good_plan(&l);
	a = lab_action(p, 201, PHX_OP_HOST_STEP, 0);
	assert_non_null(a);
	assert_true(phx_str_find(a->body->input,
				 PHX_STR("PHX_NFS_TARGET='" PHX_NFS_ON_NODE "lab/container.box-mnt-x-")) > 0);
	assert_null(lab_action(p, 201, PHX_OP_GUEST, 0));
	assert_true(lab_before(p, a, lab_action(p, 201, PHX_OP_START, 0)));
	assert_non_null(strstr(lab_text(&l, p),
			       "on the node, since an unprivileged container cannot mount NFS: nfs /mnt/x"));
	lab_converge(&l);
	first = lab_value(&l, 201, "mp0");
	assert_non_null(strstr(first, PHX_NFS_ON_NODE "lab/container.box-mnt-x-"));
	assert_true(*fact(&l, 201, "nfs:/mnt/x"));
	edit(&l, shared, "10.0.0.1:/x", "10.0.0.2:/x");
	p = lab_good_plan(&l);
	a = lab_action(p, 201, PHX_OP_HOST_STEP, 1);
	assert_non_null(a); /* the old place */
	assert_true(phx_str_find(a->body->input, PHX_STR("PHX_NFS='absent'")) > 0);
	assert_true(lab_before(p, lab_action(p, 201, PHX_OP_HOST_STEP, 0), a));
	lab_converge(&l);
	assert_string_not_equal(lab_value(&l, 201, "mp0"), first);
	lab_edit(&l, "container other { id = 202; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = "
		     "\"ssd:4\" }\n");
	phx_vec_push(&l.w.arena, &l.how.allow_destroy, PHX_STR("container.box"));
	p = lab_good_plan(&l);
	a = lab_action(p, 201, PHX_OP_HOST_STEP, 0);
	assert_non_null(a); /* what the node mounted for it goes with it */
	assert_true(lab_before(p, lab_action(p, 201, PHX_OP_DELETE, 0), a));
	edit(&l, shared, "nfs \"/mnt/x\" { source = \"10.0.0.1:/x\" }", "");
	lab_converge(&l);
	assert_string_equal(lab_value(&l, 201, "mp0"), "");
	assert_string_equal(fact(&l, 201, "nfs:/mnt/x"), "");
	lab_close(&l);
}

static void a_privileged_container_needs_leave_to_mount(void **state)
{
	struct lab l = {0};

	(void)state;
	open_lab(&l, "container box { id = 201; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = "
		     "\"ssd:4\"\n"
		     "  nfs \"/mnt/x\" { source = \"10.0.0.1:/x\" } }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0644"));
	lab_close(&l);
}

static void more_than_the_notes_hold_is_refused_before_anything_is_done(void **state)
{
	struct lab l = {0};
	struct phx_buf text = {0};

	(void)state;
	phx_buf_c(&text, "vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent "
			 "{ enabled = true }\n");
	for (int i = 0; i < 200; i++)
		phx_buf_printf(&text, "file \"/etc/some/longer/path/to/file-%d\" { content = \"x\" }\n", i);
	phx_buf_c(&text, "}\n");
	open_lab(&l, text.ptr);
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0646"));
	phx_buf_done(&text);
	lab_close(&l);
}

/* Only what is in place by the marker is looked at. */
static void what_is_looked_at_inside_a_running_guest(void **state)
{
	static const char config[] =
		"feature own { script = \"" SCRIPT "\"; check = \"test -e '/x y'\" }\n"
		"vm web { id = 101; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent { "
		"enabled = true "
		"}\n"
		"  features = [feature.own]\n"
		"  nfs \"/mnt/my models\" { source = \"10.0.0.1:/models\" }\n"
		"  nfs \"/mnt/x\" { source = \"10.0.0.1:/x\"; options = \"ro,_netdev\" }\n"
		"  file \"/etc/motd\" { content = \"hello\"; mode = 0640; owner = \"root:adm\" } }\n";
	struct phx_looks looks = {0};
	struct lab l = {0};
	const char *script;

	(void)state;
	open_lab(&l, config);
	phx_plan_looks(l.w.graph, l.s, &l.how, &l.w.arena, &l.w.sources, &looks);
	assert_int_equal(looks.v.n, 0); /* there is no guest yet */
	lab_converge(&l);
	phx_plan_looks(l.w.graph, l.s, &l.how, &l.w.arena, &l.w.sources, &looks);
	assert_int_equal(looks.v.n, 1);
	assert_int_equal(looks.v.v[0].id, 101);
	assert_int_equal(looks.v.v[0].keys.n, 4);
	script = phx_str_dup(&l.w.arena, looks.v.v[0].script).ptr;
	assert_non_null(strstr(script, " '10.0.0.1:/models' '/mnt/my\\040models' 'rw,nofail,_netdev'\n"));
	assert_non_null(strstr(script, " '10.0.0.1:/x' '/mnt/x' 'ro,_netdev'\n"));
	assert_non_null(strstr(
		script, " '/etc/motd' '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' "
			"'0640' 'root' 'adm' ''\n"));
	assert_non_null(strstr(script, "phx_look_check "));
	assert_non_null(strstr(script, "'test -e '\\''/x y'\\'''\n"));
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_run_in_the_order_of_their_kind_and_are_remembered),
		cmocka_unit_test(what_a_killed_run_left_is_finished),
		cmocka_unit_test(an_edited_script_is_run_where_it_is_used_and_nothing_else_is_done),
		cmocka_unit_test(what_changed_is_told),
		cmocka_unit_test(a_share_goes_with_its_declaration_and_a_file_stays),
		cmocka_unit_test(a_guest_that_is_off_waits_with_its_steps),
		cmocka_unit_test(a_guest_that_shall_not_run_is_started_for_its_steps),
		cmocka_unit_test(a_template_is_cleaned_last_and_shut_down_before_it_is_one),
		cmocka_unit_test(a_template_without_steps_is_not_started),
		cmocka_unit_test(what_cannot_be_reached_is_refused),
		cmocka_unit_test(a_step_is_run_again_when_that_is_asked_for),
		cmocka_unit_test(a_secret_is_in_no_plan),
		cmocka_unit_test(the_node_mounts_the_shares_of_an_unprivileged_container),
		cmocka_unit_test(a_privileged_container_needs_leave_to_mount),
		cmocka_unit_test(more_than_the_notes_hold_is_refused_before_anything_is_done),
		cmocka_unit_test(what_is_looked_at_inside_a_running_guest),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	unlink(SCRIPT);
	return failed;
}
