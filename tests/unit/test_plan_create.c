#include "base/sys.h"
#include "plan_lab.h"

static const char small[] = "image noble { url = \"https://x.org/noble.img\"; storage = \"local\" }\n"
			    "vm base { id = 9000; template = true; image = image.noble; storage = \"ssd\"; "
			    "disk = 8GiB; cores = 2; memory = 2GiB\n"
			    "  network { ip = dhcp } }\n"
			    "vm web { id = 101; clone = vm.base; disk = 16GiB; network { ip = 10.0.0.2/24; "
			    "gw = 10.0.0.1 }; tags = [\"prod\"] }\n";

/* A bit of everything: chains of both kinds, cross dependencies, pools, firewalls, mounts, snapshots, secrets. */
static const char rich[] =
	"pool p { comment = \"all of it\" }\n"
	"image noble { url = \"https://x.org/noble.img\"; storage = \"local\" }\n"
	"vm base { id = 9000; template = true; image = image.noble; storage = \"ssd\"; disk = 8GiB; cores = "
	"2; memory = 2GiB; pool = pool.p\n"
	"  protect = true\n"
	"  network { ip = dhcp }; user joe { ssh_keys = [\"ssh-ed25519 AAAA joe\"]; password = secret "
	"\"hunter22\" } }\n"
	"vm base2 { id = 9001; template = true; clone = vm.base; memory = 4GiB; network { ip = dhcp } }\n"
	"vm db { id = 101; clone = vm.base2; disk root { size = 16GiB; ssd = true }; disk data { size = "
	"20GiB; storage = \"ssd\" }\n"
	"  network { ip = 10.0.0.2/24; gw = 10.0.0.1 }; network lan { bridge = \"vmbr1\"; ip = 10.1.0.2/24 "
	"}; notes = \"a database\"\n"
	"  firewall { rule in accept { proto = \"tcp\"; port = 5432; source = 10.0.0.0/24 }; rule in drop { "
	"comment = \"all else\" }; "
	"policy_in = \"REJECT\" }\n"
	"  snapshot fresh { description = \"as built\" }; protect = true }\n"
	"vm web { id = 102; clone = vm.base; full = false; depends_on = [vm.db]; memory = 1GiB; running = "
	"false; network { ip = "
	"10.0.0.3/24 } }\n"
	"vm blank { id = 103; cores = 1; memory = 512MiB; storage = \"ssd\"; disk root { size = 4GiB; "
	"discard = true }; disk more { size "
	"= 1GiB }; on_boot = true }\n"
	"container ct { id = 900; template = true; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = "
	"\"ssd:8\"; unprivileged = true\n"
	"  memory = 512MiB; cores = 1; nesting = true; network { ip = 10.0.0.9/24; gw = 10.0.0.1 } }\n"
	"container ct2 { id = 901; template = true; clone = container.ct; depends_on = [vm.web]; network { "
	"ip = 10.0.0.10/24 } }\n"
	"container app { id = 910; clone = container.ct2; disk root { size = 12GiB }; mount \"/data\" { "
	"storage = \"ssd\"; size = 2GiB }\n"
	"  mount \"/host\" { source = \"/mnt/x\" }; network { ip = 10.0.0.11/24; gw = 10.0.0.1 }; pool = "
	"pool.p; swap = 256MiB\n"
	"  firewall { rule in accept { macro = \"SSH\" } } }\n"
	"container lone { id = 911; ostemplate = \"local:vztmpl/debian-12.tar.zst\"; rootfs = \"ssd:4\"; "
	"depends_on = [container.app]\n"
	"  network { ip = dhcp }; startup { order = 2; up = 5s } }\n";

static void a_template_and_its_clone_are_made_in_order(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, small);
	p = lab_good_plan(&l);
	assert_int_equal(p->count[PHX_CH_CREATE], 3);
	assert_true(lab_before(p, lab_action(p, 0, PHX_OP_IMAGE_DOWNLOAD, 0),
			       lab_action(p, 9000, PHX_OP_CREATE, 0)));
	assert_true(lab_before(p, lab_action(p, 9000, PHX_OP_RESIZE, 0),
			       lab_action(p, 9000, PHX_OP_TEMPLATE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 9000, PHX_OP_TEMPLATE, 0), lab_action(p, 101, PHX_OP_CLONE, 0)));
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_CLONE, 0), lab_action(p, 101, PHX_OP_CONFIG, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_CONFIG, 0), lab_action(p, 101, PHX_OP_RESIZE, 0)));
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_RESIZE, 0), lab_action(p, 101, PHX_OP_START, 0)));
	assert_true(
		lab_before(p, lab_action(p, 101, PHX_OP_START, 0), lab_action(p, 101, PHX_OP_WAIT_AGENT, 0)));
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_WAIT_AGENT, 0),
			       lab_action(p, 101, PHX_OP_MARKER, 0)));
	assert_null(lab_action(p, 9000, PHX_OP_START, 0));
	lab_converge(&l);
	lab_close(&l);
}

static void a_create_says_everything_in_one_call(void **state)
{
	struct lab l = {0};
	const struct phx_action *a;

	(void)state;
	lab_open(&l, small);
	a = lab_action(lab_good_plan(&l), 9000, PHX_OP_CREATE, 0);
	assert_str(a->path, "/nodes/pve/qemu");
	assert_true(a->task);
	assert_string_equal(lab_param(&l, a, "scsi0"), "ssd:0,import-from=local:import/noble.qcow2");
	assert_string_equal(lab_param(&l, a, "ide2"), "ssd:cloudinit");
	assert_string_equal(lab_param(&l, a, "boot"), "order=scsi0");
	assert_string_equal(lab_param(&l, a, "ipconfig0"), "ip=dhcp");
	assert_string_equal(lab_param(&l, a, "memory"), "2048");
	assert_string_equal(lab_param(&l, a, "tags"), "phx-lab");
	assert_non_null(strstr(lab_param(&l, a, "description"), "address=vm.base id=9000"));
	assert_null(strstr(lab_param(&l, a, "description"), "building"));
	lab_close(&l);
}

static void a_clone_gets_what_is_its_own_and_keeps_the_rest(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	lab_open(&l, small);
	p = lab_good_plan(&l);
	a = lab_action(p, 101, PHX_OP_CLONE, 0);
	assert_str(a->path, "/nodes/pve/qemu/9000/clone");
	assert_string_equal(lab_param(&l, a, "full"), "1");
	assert_null(lab_param(&l, a, "storage"));
	assert_non_null(strstr(lab_param(&l, a, "description"), "building"));
	a = lab_action(p, 101, PHX_OP_CONFIG, 0);
	assert_null(lab_param(&l, a, "memory"));
	assert_null(lab_param(&l, a, "scsi0"));
	assert_string_equal(lab_param(&l, a, "tags"), "phx-lab;prod");
	assert_string_equal(lab_param(&l, a, "ipconfig0"), "ip=10.0.0.2/24,gw=10.0.0.1");
	assert_string_equal(lab_param(&l, lab_action(p, 101, PHX_OP_RESIZE, 0), "size"), "16G");
	lab_close(&l);
}

static void everything_converges(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, rich);
	lab_converge(&l);
	assert_true(lab_guest(&l, 101)->running);
	assert_false(lab_guest(&l, 102)->running);
	assert_true(lab_guest(&l, 9001)->is_template);
	assert_int_equal(lab_guest(&l, 101)->fw_rules.n, 2);
	assert_str(lab_guest(&l, 101)->fw_rules.v[0].rule.action, "ACCEPT");
	assert_non_null(strstr(lab_value(&l, 101, "scsi0"), "ssd=1"));
	assert_non_null(strstr(lab_value(&l, 101, "scsi0"), "size=16G"));
	assert_non_null(strstr(lab_value(&l, 910, "rootfs"), "size=12G"));
	/* Protection is the template's own, though Proxmox copies it. */
	assert_string_equal(lab_value(&l, 9000, "protection"), "1");
	assert_string_equal(lab_value(&l, 9001, "protection"), "");
	assert_string_equal(lab_value(&l, 102, "protection"), "");
	assert_string_equal(lab_value(&l, 101, "protection"), "1");
	lab_close(&l);
}

/* Shows the first line that differs. */
static void ends_otherwise(const struct phx_action *a, const struct phx_buf *wanted,
			   const struct phx_buf *got)
{
	struct phx_str x = phx_buf_view(wanted), y = phx_buf_view(got), left, right;

	while (phx_str_cut(&x, '\n', &left) && phx_str_cut(&y, '\n', &right) && phx_str_eq(left, right))
		;
	fail_msg("killed before `%.*s` it ends otherwise:\n%.*s\n%.*s", (int)a->summary.len, a->summary.ptr,
		 (int)left.len, left.ptr, (int)right.len, right.ptr);
}

/* A kill -9 between any two actions: the next plan does the rest, and the end is the same. */
static void killed_anywhere_the_next_plan_finishes_the_rest(void **state)
{
	struct lab whole = {0};
	struct phx_plan *p;
	struct phx_buf wanted = {0};
	uint32_t n;

	(void)state;
	lab_open(&whole, rich);
	p = lab_good_plan(&whole);
	n = p->actions.n;
	lab_apply(&whole, p, n);
	phx_snapshot_json(whole.s, NULL, &wanted);
	for (uint32_t k = 1; k < n; k++) {
		struct lab l = {0};
		struct phx_buf got = {0};

		lab_open(&l, rich);
		lab_apply(&l, lab_good_plan(&l), k);
		lab_unlock(&l);
		lab_converge(&l);
		phx_snapshot_json(l.s, NULL, &got);
		if (!phx_str_eq(phx_buf_view(&got), phx_buf_view(&wanted)))
			ends_otherwise(p->actions.v[k], &wanted, &got);
		phx_buf_done(&got);
		lab_close(&l);
	}
	phx_buf_done(&wanted);
	lab_close(&whole);
}

static void any_order_of_the_source_gives_the_same_plan(void **state)
{
	char *first = NULL;

	(void)state;
	for (uint32_t seed = 0; seed < 40; seed++) {
		struct lab l = {0};
		struct phx_plan *p;

		lab_open(&l, rich);
		if (seed) {
			world_shuffle(&l.w, seed);
			world_graph(&l.w);
		}
		p = lab_good_plan(&l);
		if (!first)
			first = strdup(lab_json(&l, p, true));
		else
			assert_string_equal(lab_json(&l, p, true), first);
		lab_close(&l);
	}
	free(first);
}

static void what_depends_waits_until_the_other_is_ready(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, rich);
	p = lab_good_plan(&l);
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_WAIT_CLOUD_INIT, 0),
			       lab_action(p, 102, PHX_OP_CLONE, 0)));
	assert_true(lab_before(p, lab_action(p, 910, PHX_OP_WAIT_NETWORK, 0),
			       lab_action(p, 911, PHX_OP_CREATE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 901, PHX_OP_TEMPLATE, 0), lab_action(p, 910, PHX_OP_CLONE, 0)));
	assert_int_equal(lab_count(p, 0, PHX_OP_OSTEMPLATE_DOWNLOAD), 1);
	assert_int_equal(p->actions.v[0]->op, PHX_OP_LOCK);
	assert_int_equal(p->actions.v[p->actions.n - 1]->op, PHX_OP_UNLOCK);
	for (uint32_t i = 1; i < p->actions.n; i++)
		assert_true(lab_before(p, p->actions.v[0], p->actions.v[i]));
	for (uint32_t i = 0; i + 1 < p->actions.n; i++)
		assert_true(lab_before(p, p->actions.v[i], p->actions.v[p->actions.n - 1]));
	lab_close(&l);
}

static const struct phx_lock *lock(const struct phx_action *a, const char *name)
{
	for (uint32_t i = 0; i < a->locks.n; i++)
		if (phx_str_eqc(a->locks.v[i].name, name))
			return &a->locks.v[i];
	return NULL;
}

static void clones_of_a_container_exclude_each_other_and_those_of_a_vm_do_not(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, rich);
	p = lab_good_plan(&l);
	assert_false(lock(lab_action(p, 102, PHX_OP_CLONE, 0), "guest:9000")->exclusive);
	assert_true(lock(lab_action(p, 910, PHX_OP_CLONE, 0), "guest:901")->exclusive);
	assert_true(lock(lab_action(p, 910, PHX_OP_CLONE, 0), "guest:910")->exclusive);
	assert_true(lock(lab_action(p, 103, PHX_OP_CREATE, 0), "alloc:pve/ssd")->limit > 0);
	lab_close(&l);
}

static void a_linked_clone_names_no_storage(void **state)
{
	struct lab l = {0};
	const struct phx_action *a;

	(void)state;
	lab_open(&l, rich);
	a = lab_action(lab_good_plan(&l), 102, PHX_OP_CLONE, 0);
	assert_string_equal(lab_param(&l, a, "full"), "0");
	assert_null(lab_param(&l, a, "storage"));
	lab_close(&l);
}

static void a_password_is_secret_in_every_form_of_the_plan(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, rich);
	p = lab_good_plan(&l);
	/* Sent as its hash, which is the same in every plan. */
	assert_string_equal(
		lab_param(&l, lab_action(p, 9000, PHX_OP_CREATE, 0), "cipassword"),
		"$6$80bb9f257e1e0e76$HMMNaYGLoPHZCeQ7fOnTXcBap8I/c7jmFhzthhwXjHl6VAiTD8TxmHWFEaa5JR2d"
		"VaIFsQaVTznGXdM9/mQSZ.");
	assert_null(strstr(lab_json(&l, p, true), "hunter22"));
	assert_null(strstr(lab_text(&l, p), "hunter22"));
	assert_non_null(strstr(lab_json(&l, p, true), "(secret) "));
	lab_close(&l);
}

static void without_a_cluster_everything_is_new(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, rich);
	l.s = phx_snapshot_empty(&l.w.arena);
	l.how = (struct phx_plan_options){.offline = true};
	p = lab_good_plan(&l);
	assert_int_equal(p->count[PHX_CH_CREATE], 11);
	assert_int_equal(p->changes.n, 11);
	assert_int_equal(lab_count(p, 0, PHX_OP_IMAGE_DOWNLOAD), 1);
	lab_close(&l);
}

static void what_only_root_may_set_goes_over_the_host_channel(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;
	const struct phx_action *a;

	(void)state;
	lab_open(&l, rich);
	l.how.identity = PHX_STR("root@pam!phx");
	l.how.has_host = true;
	p = lab_good_plan(&l);
	a = lab_action(p, 910, PHX_OP_HOST_CONFIG, 0);
	assert_non_null(a);
	assert_int_equal(a->type, PHX_ACT_HOST);
	assert_int_equal(a->body->argv.n, 5);
	assert_str(a->body->argv.v[0], "pct");
	assert_str(a->body->argv.v[2], "910");
	assert_str(a->body->argv.v[4], "/mnt/x,mp=/host");
	assert_null(lab_param(&l, lab_action(p, 910, PHX_OP_CONFIG, 0), "mp1"));
	assert_true(lab_before(p, a, lab_action(p, 910, PHX_OP_START, 0)));
	lab_converge(&l);
	l.how.can_root = false;
	l.how.has_host = false;
	lab_close(&l);
}

static void without_root_and_host_channel_the_plan_fails_at_the_line(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, rich);
	l.how.identity = PHX_STR("root@pam!phx");
	l.how.can_root = false;
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0615"));
	assert_str(under(&l.w, diag(&l.w, "PHX0615")->span), "mount \"/host\"");
	lab_close(&l);
}

static void ids_come_from_the_range_and_are_known_again(void **state)
{
	static const char text[] =
		"ids 200 210\n"
		"vm a { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; network { ip = dhcp } }\n"
		"vm b { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n"
		"vm c { id = 201; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n";
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, text);
	phx_vec_push(&l.w.arena, &l.s->others,
		     ((struct phx_live_guest){.id = 202, .name = PHX_STR("x"), .node = PHX_STR("pve")}));
	p = lab_good_plan(&l);
	assert_int_equal(lab_change(p, "vm.a")->id, 200);
	assert_int_equal(lab_change(p, "vm.b")->id, 203);
	assert_non_null(strstr(lab_param(&l, lab_action(p, 200, PHX_OP_CREATE, 0), "net0"), "virtio=02:"));
	lab_apply(&l, p, p->actions.n);
	assert_true(phx_plan_is_empty(lab_good_plan(&l)));
	/* The name of an earlier sibling must not move ids. */
	lab_edit(
		&l,
		"ids 200 210\nvm 0first { name = \"first\"; cores = 1; memory = 512MiB; storage = \"ssd\"; "
		"disk = 1GiB }\n"
		"vm a { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; network { ip = dhcp } }\n"
		"vm b { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n"
		"vm c { id = 201; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n");
	p = lab_good_plan(&l);
	assert_int_equal(p->changes.n, 1);
	assert_int_equal(lab_change(p, "vm.0first")->id, 204);
	lab_close(&l);
}

static void an_exhausted_range_is_an_error(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "ids 200 200\nvm a { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n"
		     "vm b { cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n");
	assert_null(lab_plan(&l));
	assert_true(lab_refused(&l, "PHX0602"));
	lab_close(&l);
}

static void starts_follow_the_boot_order_within_the_dependencies(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, "vm a { id = 101; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; startup { "
		     "order = 3 } }\n"
		     "vm b { id = 102; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; startup { "
		     "order = 1 } }\n"
		     "vm c { id = 103; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; startup { "
		     "order = 2 }; depends_on = [vm.a] }\n"
		     "vm d { id = 104; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB; startup { "
		     "order = 3 } }\n"
		     "vm e { id = 105; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = 1GiB }\n");
	p = lab_good_plan(&l);
	assert_true(lab_action(p, 102, PHX_OP_START, 0)->id < lab_action(p, 101, PHX_OP_START, 0)->id);
	assert_true(lab_action(p, 102, PHX_OP_START, 0)->id < lab_action(p, 104, PHX_OP_START, 0)->id);
	assert_true(lab_before(p, lab_action(p, 101, PHX_OP_START, 0),
			       lab_action(p, 103, PHX_OP_START, 0))); /* c needs a */
	/* But a failure of the first keeps nobody from starting who does not need it. */
	assert_false(lab_before(p, lab_action(p, 102, PHX_OP_START, 0), lab_action(p, 101, PHX_OP_START, 0)));
	lab_converge(&l);
	lab_close(&l);
}

static void an_upload_carries_the_files_own_checksum(void **state)
{
	struct lab l = {0};
	const struct phx_action *a;
	const char *path;

	(void)state;
	lab_open(&l, "");
	path = phx_str_printf(&l.w.arena, "%s/phx-upload-%ld.qcow2",
			      getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid())
		       .ptr;
	assert_true(phx_write_file_atomic(path, PHX_STR("abc"), 0600, &l.err));
	lab_edit(
		&l,
		phx_str_printf(
			&l.w.arena,
			"image i { file = \"%s\"; storage = \"local\" }\n"
			"vm a { id = 101; image = image.i; cores = 1; memory = 512MiB; storage = \"ssd\" }\n",
			path)
			.ptr);
	a = lab_action(lab_good_plan(&l), 0, PHX_OP_IMAGE_UPLOAD, 0);
	assert_str(a->path, "/nodes/pve/storage/local/upload");
	assert_str(a->body->upload_path, path);
	assert_string_equal(lab_param(&l, a, "checksum"),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(lab_param(&l, a, "checksum-algorithm"), "sha256");
	lab_converge(&l);
	unlink(path);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_and_its_clone_are_made_in_order),
		cmocka_unit_test(a_create_says_everything_in_one_call),
		cmocka_unit_test(a_clone_gets_what_is_its_own_and_keeps_the_rest),
		cmocka_unit_test(everything_converges),
		cmocka_unit_test(killed_anywhere_the_next_plan_finishes_the_rest),
		cmocka_unit_test(any_order_of_the_source_gives_the_same_plan),
		cmocka_unit_test(what_depends_waits_until_the_other_is_ready),
		cmocka_unit_test(clones_of_a_container_exclude_each_other_and_those_of_a_vm_do_not),
		cmocka_unit_test(a_linked_clone_names_no_storage),
		cmocka_unit_test(a_password_is_secret_in_every_form_of_the_plan),
		cmocka_unit_test(without_a_cluster_everything_is_new),
		cmocka_unit_test(what_only_root_may_set_goes_over_the_host_channel),
		cmocka_unit_test(without_root_and_host_channel_the_plan_fails_at_the_line),
		cmocka_unit_test(ids_come_from_the_range_and_are_known_again),
		cmocka_unit_test(an_exhausted_range_is_an_error),
		cmocka_unit_test(an_upload_carries_the_files_own_checksum),
		cmocka_unit_test(starts_follow_the_boot_order_within_the_dependencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
