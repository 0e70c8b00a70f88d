/* What pvesh printed, and what a guest's configuration file says, as answers of the API. */
#include "base_test.h"

#include <stdio.h>

#include "backend/pvesh/conf.h"
#include "backend/pvesh/pvesh_priv.h"
#include "base/sys.h"

struct lab {
	struct phx_arena arena;
	struct phx_secrets secrets;
	struct phx_pvesh p;
	struct phx_pvesh_call c;
	struct phx_answer a;
};

static int begin(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));
	struct phx_host_config here = {.here = true};

	l->secrets.arena = &l->arena;
	l->p.backend.identity = PHX_STR("root@pam");
	l->p.backend.endpoint = "local";
	l->p.secrets = &l->secrets;
	l->p.host = phx_host_open(&here);
	l->c.pvesh = &l->p;
	l->c.r.arena = &l->arena;
	*state = l;
	return 0;
}

static void forget(struct lab *l)
{
	phx_answer_done(&l->a);
	phx_arena_done(&l->c.arena);
	l->c.params = (struct phx_params){0};
}

static int end(void **state)
{
	struct lab *l = *state;

	forget(l);
	phx_host_close(l->p.host);
	phx_arena_done(&l->arena);
	free(l);
	return 0;
}

static void ended(struct lab *l, enum phx_method m, const char *path, int exit_code, const char *out,
		  const char *err_out)
{
	struct phx_command_end e = {
		.exit_code = exit_code, .out = phx_str_c(out), .err_out = phx_str_c(err_out)};

	forget(l);
	l->c.r.method = m;
	l->c.r.path = phx_str_c(path);
	phx_pvesh_answer(&l->c, &e, &l->a);
}

static void a_task_is_its_upid_whatever_it_printed_before(void **state)
{
	struct lab *l = *state;

	ended(l, PHX_POST, "/nodes/pve/qemu", 0,
	      "scsi0: successfully created "
	      "disk\n42\n\"UPID:pve:00004B0F:0005D415:6B002554:qmcreate:143:root@pam:\"\n",
	      "WARN: something\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
	assert_string_equal(json_string_value(l->a.data),
			    "UPID:pve:00004B0F:0005D415:6B002554:qmcreate:143:root@pam:");
	assert_int_equal(l->a.status, 200);
}

static void what_has_no_result_prints_what_it_likes(void **state)
{
	struct lab *l = *state;

	ended(l, PHX_PUT, "/nodes/pve/qemu/143/config", 0, "update VM 143: -cores 1\n", "");
	assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
	assert_null(l->a.data);
	ended(l, PHX_PUT, "/nodes/pve/qemu/143/config", 0, "done\n100\n", "");
	assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
	assert_null(l->a.data);
	ended(l, PHX_GET, "/x", 0, "null\n", "");
	assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
	assert_null(l->a.data);
}

static void a_resize_that_fails_with_exit_code_0_is_a_failure(void **state)
{
	struct lab *l = *state;

	ended(l, PHX_PUT, "/nodes/pve/qemu/140/resize", 0, "", "shrinking disks is not supported\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_SERVER);
	assert_string_equal(l->a.err.msg.ptr, "shrinking disks is not supported");
	ended(l, PHX_PUT, "/nodes/pve/qemu/140/resize", 0, "", "disk 'scsi9' does not exist\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_MISSING);
	ended(l, PHX_PUT, "/nodes/pve/qemu/140/resize", 0, "\"UPID:pve:1:2:3:resize:140:root@pam:\"\n",
	      "x\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
}

static void parameters_that_are_refused_are_named(void **state)
{
	struct lab *l = *state;

	ended(l, PHX_POST, "/nodes/pve/qemu", 255, "",
	      "400 Parameter verification failed.\nnet0: invalid format - format error\n"
	      "net0.bogus: property is not defined in schema\n\ncores: type check ('integer') failed - got "
	      "'zero'\n"
	      "pvesh create <api_path> --vmid <integer> [OPTIONS]\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_PARAMETER);
	assert_int_equal(l->a.status, 400);
	assert_int_equal(l->a.errors.n, 2);
	assert_str(l->a.errors.v[0].name, "cores");
	assert_str(l->a.errors.v[1].name, "net0");
	assert_str(l->a.errors.v[1].value,
		   "invalid format - format error\nnet0.bogus: property is not defined in schema");
	ended(l, PHX_POST, "/nodes/pve/qemu", 255, "",
	      "Unknown option: foo\n400 unable to parse option\npvesh create <api_path> --vmid <integer> "
	      "[OPTIONS]\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_PARAMETER);
	assert_non_null(strstr(l->a.err.msg.ptr, "`foo`: property is not defined in schema"));
}

static void what_never_ran_to_an_end_is_lost_only_for_writes(void **state)
{
	struct lab *l = *state;
	struct phx_command_end e = {0};

	phx_err_set(&e.err, PHX_ERR_LOST, "the connection broke");
	l->c.r.path = PHX_STR("/version");
	l->c.r.method = PHX_GET;
	phx_pvesh_answer(&l->c, &e, &l->a);
	assert_int_equal(l->a.err.kind, PHX_ERR_CONNECT);
	phx_answer_done(&l->a);
	l->c.r.method = PHX_POST;
	phx_pvesh_answer(&l->c, &e, &l->a);
	assert_int_equal(l->a.err.kind, PHX_ERR_LOST);
	phx_err_done(&e.err);
}

static void a_machine_without_proxmox_is_named(void **state)
{
	struct lab *l = *state;

	ended(l, PHX_GET, "/version", 127, "", "pvesh: No such file or directory\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_CONNECT);
	assert_string_equal(l->a.err.msg.ptr, "this machine is no Proxmox VE node: it has no pvesh");
	ended(l, PHX_GET, "/version", 2, "", "Can't locate PVE/CLI/pvesh.pm in @INC (…)\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_CONNECT);
	ended(l, PHX_GET, "/version", 255, "", "ipcc_send_rec[1] failed: Connection refused\n");
	assert_int_equal(l->a.err.kind, PHX_ERR_SERVER);
	assert_non_null(strstr(l->a.err.hint.ptr, "pve-cluster"));
	ended(l, PHX_GET, "/version", 0, "Welcome!\n", "");
	assert_int_equal(l->a.err.kind, PHX_ERR_DATA);
}

static void secrets_that_are_quoted_back_are_masked(void **state)
{
	struct lab *l = *state;

	phx_secrets_add(&l->secrets, PHX_STR("canary-4711"));
	ended(l, PHX_POST, "/x", 255, "", "bad value canary-4711 \033[31m\n");
	assert_null(strstr(l->a.err.msg.ptr, "canary"));
	assert_null(strchr(l->a.err.msg.ptr, '\033'));
}

static void take_kind(void *user, const struct phx_command_end *e)
{
	*(enum phx_err_kind *)user = e->err.kind;
}

static void a_command_with_a_secret_among_its_words_is_not_run(void **state)
{
	struct lab *l = *state;
	struct phx_host_config here = {.here = true, .secrets = &l->secrets};
	static const struct phx_host_how how;
	struct phx_host *h = phx_host_open(&here);
	char dir[] = "/tmp/phx-argv-XXXXXX";
	struct phx_str file, argv[2];
	enum phx_err_kind kind = PHX_ERR_NONE;
	struct phx_command c = {.argv = argv, .argc = 2, .done = take_kind, .user = &kind};

	assert_non_null(mkdtemp(dir));
	phx_secrets_add(&l->secrets, PHX_STR("canary-4711"));
	file = phx_str_printf(&l->arena, "%s/canary-4711", dir);
	argv[0] = PHX_STR("touch");
	argv[1] = file;
	phx_host_command(h, &c, &how);
	phx_host_work(h);
	assert_int_equal(phx_host_count(h), 0);
	assert_int_equal(kind, PHX_ERR_USAGE);
	assert_int_equal(access(file.ptr, F_OK), -1);
	assert_int_equal(rmdir(dir), 0);
	phx_host_close(h);
}

/* ---- every recorded pvesh ---- */

static const struct {
	const char *part; /* of the recorded error text */
	int status;
	enum phx_err_kind kind;
} expected[] = {
	{"No '", 501, PHX_ERR_SERVER},
	{"Configuration file '", 500, PHX_ERR_MISSING},
	{"hostname lookup '", 500, PHX_ERR_MISSING},
	{"already exists", 0, PHX_ERR_EXISTS},
	{"400 Parameter", 400, PHX_ERR_PARAMETER},
	{"Unknown option", 400, PHX_ERR_PARAMETER},
	{"ERROR: no command", 500, PHX_ERR_SERVER},
};

static bool is_json(const json_t *argv)
{
	size_t i;
	json_t *v;

	json_array_foreach(argv, i, v)
	{
		if (strcmp(json_string_value(v), "json") == 0)
			return true;
	}
	return false;
}

static void check_recording(struct lab *l, const json_t *doc)
{
	const json_t *argv = json_object_get(doc, "argv");
	const char *verb = json_string_value(json_array_get(argv, 1)), *err = phx_json_str(doc, "stderr").ptr;
	int code = (int)phx_json_int(doc, "exit", 0);
	enum phx_method m = PHX_GET;

	if (verb && strcmp(verb, "create") == 0)
		m = PHX_POST;
	if (verb && strcmp(verb, "set") == 0)
		m = PHX_PUT;
	if (verb && strcmp(verb, "delete") == 0)
		m = PHX_DELETE;
	ended(l, m, json_array_size(argv) > 2 ? json_string_value(json_array_get(argv, 2)) : "/", code,
	      phx_json_str(doc, "stdout").ptr, err);
	if (code == 0) {
		assert_int_equal(l->a.err.kind, PHX_ERR_NONE);
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(expected); i++) {
		if (!strstr(err, expected[i].part))
			continue;
		assert_int_equal(l->a.err.kind, expected[i].kind);
		if (expected[i].status)
			assert_int_equal(l->a.status, expected[i].status);
		return;
	}
	fail_msg("no expectation for: %s", err);
}

static void recorded_answers_come_out_as_over_the_api(void **state)
{
	struct lab *l = *state;
	const char *shared = getenv("PHX_TEST_SHARED");
	int checked = 0;

	for (int n = 1; shared && n < 200; n++) {
		struct phx_str path = phx_str_printf(&l->arena, "%s/pve/cli/%03d.json", shared, n);
		struct phx_buf text = {0};
		struct phx_err err = {0};
		json_t *doc;

		if (!phx_read_file(path.ptr, &text, &err)) {
			phx_err_done(&err);
			continue;
		}
		doc = phx_json_parse(phx_buf_view(&text), path.ptr, &err);
		assert_non_null(doc);
		if (strcmp(json_string_value(json_array_get(json_object_get(doc, "argv"), 0)), "pvesh") ==
			    0 &&
		    (is_json(json_object_get(doc, "argv")) || phx_json_int(doc, "exit", 0))) {
			check_recording(l, doc);
			checked++;
		}
		json_decref(doc);
		phx_buf_done(&text);
	}
	if (!checked) {
		printf("SKIPPED: no recordings (PHX_TEST_SHARED)\n");
		skip();
	}
	assert_int_equal(checked, 23);
}

/* ---- configuration files ---- */

static void assert_view(const char *text, bool is_vm, enum phx_conf_view view, const char *want)
{
	json_t *got = phx_conf_json(phx_str_c(text), is_vm, view);
	struct phx_buf out = {0};

	assert_non_null(got);
	if (json_is_object(got))
		json_object_del(got, "digest");
	for (size_t i = json_array_size(got); i > 0; i--) {
		if (phx_str_eqc(phx_json_str(json_array_get(got, i - 1), "key"), "digest"))
			json_array_remove(got, i - 1);
	}
	phx_json_dump(got, 0, &out);
	assert_string_equal(out.ptr, want);
	phx_buf_done(&out);
	json_decref(got);
}

static void a_vms_file_is_its_live_section_with_what_waits(void **state)
{
	static const char text[] = "#line1\n#line2 %C3%BCml %2541\n#\n"
				   "cipassword: $5$hash\ncores: 2\nname: web\nonboot: 0\nsockets: 1\n\n"
				   "[PENDING]\ndelete: sockets,!net1,onboot\ncores: 4\n\n"
				   "[special:cloudinit]\nname: old\n\n[snap1]\n#other\ncores: 1\nname: web\n";

	(void)state;
	assert_view(text, true, PHX_CONF_CONFIG,
		    "{\"cipassword\":\"**********\",\"cores\":\"4\",\"description\":\"line1\\nline2 üml "
		    "%41\",\"name\":\"web\","
		    "\"onboot\":\"0\"}");
	assert_view("cores: 2\nonboot: 1\n[PENDING]\ndelete: onboot,!net1\ncores: 4\nmemory: 512\n", true,
		    PHX_CONF_PENDING,
		    "[{\"key\":\"cores\",\"pending\":\"4\",\"value\":\"2\"},{\"delete\":1,\"key\":\"onboot\","
		    "\"value\":\"1\"},"
		    "{\"key\":\"memory\",\"pending\":\"512\"},{\"delete\":2,\"key\":\"net1\"}]");
}

static void a_containers_file_has_raw_lines_and_a_newline_more(void **state)
{
	(void)state;
	assert_view("#a ct%0A\narch: amd64\nlxc.cgroup2.devices.allow: c 195:* rwm\nlxc.apparmor.profile = "
		    "unconfined\n"
		    "[pve:pending]\nmemory: 300\n[s1]\nmemory: 1\n",
		    false, PHX_CONF_CONFIG,
		    "{\"arch\":\"amd64\",\"description\":\"a "
		    "ct\\n\\n\",\"lxc\":[[\"lxc.cgroup2.devices.allow\",\"c 195:* rwm\"],"
		    "[\"lxc.apparmor.profile\",\"unconfined\"]],\"memory\":\"300\"}");
}

static void the_digest_is_the_files(void **state)
{
	json_t *got = phx_conf_json(PHX_STR("cores: 2\n"), true, PHX_CONF_CONFIG);

	(void)state;
	/* printf 'cores: 2\n' | sha1sum */
	assert_str(phx_json_str(got, "digest"), "53c98c066cdc5ebe7a5b770edca1a3a6ad673583");
	json_decref(got);
}

static void what_is_not_surely_understood_is_asked_for(void **state)
{
	static const char *const vms[] = {"cores\n",
					  "Cores: 1\n",
					  "cores:\n",
					  "kvm: no\n",
					  "cores: 02\n",
					  "smp: 2\n",
					  "cdrom: none\n",
					  "delete: x\n",
					  "name: \"x\"\n",
					  "[odd one]\n",
					  "lxc.x: y\n",
					  "name: \xff\n",
					  "[PENDING]\n[PENDING]\n"};
	static const char *const cts[] = {"lxc.environment.runtime: A=b\n", "net-0: x\n",
					  "[special:cloudinit]\n", "#%ff\n"};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(vms); i++)
		assert_null(phx_conf_json(phx_str_c(vms[i]), true, PHX_CONF_CONFIG));
	for (size_t i = 0; i < PHX_COUNTOF(cts); i++)
		assert_null(phx_conf_json(phx_str_c(cts[i]), false, PHX_CONF_CONFIG));
}

/* The recorded configuration, written as Proxmox writes the file, is read as it was recorded. */
static void check_round_trip(struct lab *l, const char *shared, int n, bool is_vm)
{
	struct phx_buf text = {0}, file = {0};
	struct phx_err err = {0};
	struct phx_str line, notes;
	json_t *doc, *config, *got, *value;
	const char *key;

	assert_true(
		phx_read_file(phx_str_printf(&l->arena, "%s/pve/cli/%03d.json", shared, n).ptr, &text, &err));
	doc = phx_json_parse(phx_buf_view(&text), "recording", &err);
	config = phx_json_parse(phx_json_str(doc, "stdout"), "stdout", &err);
	assert_non_null(config);
	notes = phx_json_str(config, "description");
	if (!is_vm)
		notes.len--;
	while (phx_str_cut(&notes, '\n', &line)) {
		phx_buf_ch(&file, '#');
		phx_buf_percent(&file, line);
		phx_buf_ch(&file, '\n');
	}
	json_object_foreach(config, key, value)
	{
		if (strcmp(key, "description") == 0 || strcmp(key, "digest") == 0)
			continue;
		phx_buf_printf(&file, "%s: ", key);
		phx_json_text(value, &file);
		phx_buf_ch(&file, '\n');
	}
	got = phx_conf_json(phx_buf_view(&file), is_vm, PHX_CONF_CONFIG);
	assert_int_equal(json_object_size(got), json_object_size(config));
	json_object_foreach(config, key, value)
	{
		struct phx_buf a = {0}, b = {0};

		phx_json_text(value, &a);
		phx_json_text(json_object_get(got, key), &b);
		if (strcmp(key, "digest") != 0)
			assert_string_equal(b.ptr, a.ptr);
		phx_buf_done(&a);
		phx_buf_done(&b);
	}
	json_decref(got);
	json_decref(config);
	json_decref(doc);
	phx_buf_done(&file);
	phx_buf_done(&text);
}

static void recorded_configurations_survive_the_file(void **state)
{
	const char *shared = getenv("PHX_TEST_SHARED");
	struct phx_str probe =
		phx_str_printf(&((struct lab *)*state)->arena, "%s/pve/cli/133.json", shared ? shared : "");

	if (access(probe.ptr, R_OK) != 0) {
		printf("SKIPPED: no recordings (PHX_TEST_SHARED)\n");
		skip();
	}
	check_round_trip(*state, shared, 133, true);
	check_round_trip(*state, shared, 135, false);
}

static void broke(struct lab *l, enum phx_method m, enum phx_err_kind kind, const char *text)
{
	struct phx_command_end e = {0};

	forget(l);
	phx_err_set(&e.err, kind, "%s", text);
	l->c.r.path = PHX_STR("/nodes/far/status");
	l->c.r.method = m;
	l->c.node = PHX_STR("far");
	phx_pvesh_answer(&l->c, &e, &l->a);
	phx_err_done(&e.err);
}

static void a_call_that_did_not_come_through_says_what_is_known_of_it(void **state)
{
	struct lab *l = *state;

	broke(l, PHX_GET, PHX_ERR_MISSING, "no connection to far");
	assert_int_equal(l->a.err.kind, PHX_ERR_MISSING);
	assert_non_null(strstr(l->a.err.msg.ptr, "no such cluster node 'far'"));
	broke(l, PHX_GET, PHX_ERR_IO, "no program `pvesh` on this machine");
	assert_int_equal(l->a.err.kind, PHX_ERR_CONNECT);
	assert_string_equal(l->a.err.msg.ptr, "this machine is no Proxmox VE node: it has no pvesh");
	broke(l, PHX_GET, PHX_ERR_TIMEOUT, "not finished after 30.0 s");
	assert_int_equal(l->a.err.kind, PHX_ERR_TIMEOUT);
	assert_non_null(strstr(l->a.err.msg.ptr, "pvesh gave no answer: not finished after 30.0 s"));
	broke(l, PHX_POST, PHX_ERR_TIMEOUT, "not finished after 30.0 s");
	assert_int_equal(l->a.err.kind, PHX_ERR_LOST);
	assert_non_null(strstr(l->a.err.msg.ptr, "(whether it was done is not known)"));
}

static void an_end_without_words_is_said_in_ours(void **state)
{
	struct phx_command_end killed = {.signal = 9}, cut = {.out = PHX_STR("[1,2"), .cut = true};
	struct lab *l = *state;

	ended(l, PHX_GET, "/version", 3, "", "");
	assert_string_equal(l->a.err.msg.ptr, "pvesh ended with exit code 3, without a message");
	forget(l);
	phx_pvesh_answer(&l->c, &killed, &l->a);
	assert_string_equal(l->a.err.msg.ptr, "pvesh was ended by signal 9");
	ended(l, PHX_GET, "/version", 255, "", "403 Permission check failed (/, Sys.Audit)\n");
	assert_int_equal(l->a.status, 403);
	assert_int_equal(l->a.err.kind, PHX_ERR_PERMISSION);
	ended(l, PHX_GET, "/new", 255, "", "No 'get' handler defined for '/new'\n");
	assert_int_equal(l->a.status, 501);
	assert_non_null(strstr(l->a.err.hint.ptr, "phx is made for Proxmox VE 8"));
	forget(l);
	l->c.r.method = PHX_GET;
	phx_pvesh_answer(&l->c, &cut, &l->a);
	assert_int_equal(l->a.err.kind, PHX_ERR_DATA);
	assert_non_null(strstr(l->a.err.msg.ptr, "the answer is larger than "));
	forget(l);
	l->c.r.method = PHX_POST;
	phx_pvesh_answer(&l->c, &cut, &l->a);
	assert_int_equal(l->a.err.kind, PHX_ERR_LOST);
}

static void a_refused_secret_is_marked_as_one(void **state)
{
	struct phx_command_end e = {
		.exit_code = 255,
		.err_out = PHX_STR("400 Parameter verification failed.\nnot a name at all: x\n"
				   ": nothing before it\ncipassword: 'hunter2hunter2' is too short\n")};
	struct lab *l = *state;

	phx_secrets_add(&l->secrets, PHX_STR("hunter2hunter2"));
	phx_params_secret(&l->c.arena, &l->c.params, PHX_STR("cipassword"), PHX_STR("hunter2hunter2"));
	l->c.r.method = PHX_POST;
	l->c.r.path = PHX_STR("/nodes/pve/qemu");
	phx_pvesh_answer(&l->c, &e, &l->a);
	assert_int_equal(l->a.err.kind, PHX_ERR_PARAMETER);
	assert_int_equal(l->a.errors.n, 1);
	assert_str(l->a.errors.v[0].name, "cipassword");
	assert_true(l->a.errors.v[0].secret);
	assert_str(l->a.errors.v[0].value, "'(secret)' is too short");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_task_is_its_upid_whatever_it_printed_before),
		T(what_has_no_result_prints_what_it_likes),
		T(a_resize_that_fails_with_exit_code_0_is_a_failure),
		T(parameters_that_are_refused_are_named),
		T(what_never_ran_to_an_end_is_lost_only_for_writes),
		T(a_machine_without_proxmox_is_named),
		T(secrets_that_are_quoted_back_are_masked),
		T(a_command_with_a_secret_among_its_words_is_not_run),
		T(recorded_answers_come_out_as_over_the_api),
		T(a_vms_file_is_its_live_section_with_what_waits),
		T(a_containers_file_has_raw_lines_and_a_newline_more),
		T(the_digest_is_the_files),
		T(what_is_not_surely_understood_is_asked_for),
		T(recorded_configurations_survive_the_file),
		T(a_call_that_did_not_come_through_says_what_is_known_of_it),
		T(an_end_without_words_is_said_in_ours),
		T(a_refused_secret_is_marked_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
