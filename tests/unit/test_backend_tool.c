/* Proxmox's programs that fail and exit with 0 (OBSERVED, CLI), each as it was recorded. */
#include "base_test.h"

#include <stdio.h>

#include "backend/tool.h"
#include "base/json.h"
#include "base/sys.h"

static enum phx_err_kind judged(const char *line, int exit_code, const char *out, const char *err_out,
				const char *message)
{
	struct phx_str argv[16], rest = phx_str_c(line);
	struct phx_command_end end = {
		.exit_code = exit_code, .out = phx_str_c(out), .err_out = phx_str_c(err_out)};
	struct phx_err err = {0};
	enum phx_err_kind kind;
	uint32_t n = 0;
	bool ok;

	while (n < 16 && phx_str_cut(&rest, ' ', &argv[n]))
		n++;
	ok = phx_tool_ok(argv, n, &end, &err);
	kind = err.kind;
	assert_int_equal(ok, kind == PHX_ERR_NONE);
	if (message)
		assert_string_equal(err.msg.ptr, message);
	phx_err_done(&err);
	return kind;
}

static void qm_resize_fails_with_0(void **state)
{
	(void)state;
	assert_int_equal(judged("qm resize 140 scsi0 +1G", 0, "", "", NULL), PHX_ERR_NONE);
	assert_int_equal(judged("qm resize 140 scsi0 1G", 0, "", "shrinking disks is not supported\n",
				"`qm resize 140 scsi0 …` failed: shrinking disks is not supported"),
			 PHX_ERR_SERVER);
	assert_int_equal(judged("qm resize 140 scsi9 +1G", 0, "", "disk 'scsi9' does not exist\n", NULL),
			 PHX_ERR_MISSING);
}

static void pct_push_and_pull_fail_with_0(void **state)
{
	(void)state;
	assert_int_equal(judged("pct push 202 /tmp/a /root/a --perms 0640", 0, "", "", NULL), PHX_ERR_NONE);
	assert_int_equal(
		judged("pct push 202 /nonexistent /root/x", 0, "",
		       "failed to open /nonexistent for reading\n",
		       "`pct push 202 /nonexistent …` failed: failed to open /nonexistent for reading"),
		PHX_ERR_SERVER);
	assert_int_equal(judged("pct pull 202 /root/none /tmp/x", 0, "",
				"failed to open /root/none: No such file or directory\n", NULL),
			 PHX_ERR_SERVER);
	/* What other programs say beside is theirs. */
	assert_int_equal(judged("pct set 202 --memory 300", 0, "", "WARN: something\n", NULL), PHX_ERR_NONE);
}

static void qm_guest_exec_exits_with_0_whatever_the_guest_did(void **state)
{
	(void)state;
	assert_int_equal(judged("qm guest exec 110 -- true", 0, "{\n \"exitcode\" : 0,\n \"exited\" : 1\n}\n",
				"", NULL),
			 PHX_ERR_NONE);
	assert_int_equal(judged("qm guest exec 110 -- false", 0, "{\"exitcode\":3,\"exited\":1}", "",
				"the command in the guest ended with exit code 3"),
			 PHX_ERR_SERVER);
	assert_int_equal(judged("qm guest exec 110 -- x", 0, "{\"exited\":1,\"signal\":9}", "",
				"the command in the guest was ended by signal 9"),
			 PHX_ERR_SERVER);
	assert_int_equal(judged("qm guest exec 110 --timeout 2 -- sleep 10", 0, "{\"pid\":411}",
				"timeout reached, returning pid\n",
				"the command in the guest still runs (pid 411)"),
			 PHX_ERR_TIMEOUT);
	assert_int_equal(judged("qm guest exec 110 -- true", 0, "", "", NULL), PHX_ERR_DATA);
	assert_int_equal(judged("qm guest exec 110 -- /x", 29, "", "Agent error: no\n", NULL),
			 PHX_ERR_SERVER);
}

static void exit_codes_and_signals_are_failures_with_the_tools_words(void **state)
{
	struct phx_str argv[] = {PHX_STR("qm"), PHX_STR("start"), PHX_STR("140")};
	struct phx_command_end end = {.signal = 9};
	struct phx_err err = {0};

	(void)state;
	assert_int_equal(judged("qm start 140", 255, "", "VM is locked (backup)\n",
				"`qm start 140` ended with exit code 255: VM is locked (backup)"),
			 PHX_ERR_LOCKED);
	assert_int_equal(judged("qm config", 255, "",
				"400 not enough arguments\nqm config <vmid> [OPTIONS]\n",
				"`qm config` ended with exit code 255: 400 not enough arguments"),
			 PHX_ERR_SERVER);
	assert_false(phx_tool_ok(argv, 3, &end, &err));
	assert_string_equal(err.msg.ptr, "`qm start 140` was ended by signal 9: it says nothing");
	phx_err_done(&err);
}

/* Every recorded call is judged by what is known of it: a failure is an exit code, or one of those above. */
static void every_recorded_call_is_judged_right(void **state)
{
	static const int quiet[] = {45, 46, 66, 67, 68, 69, 97, 99};
	const char *shared = getenv("PHX_TEST_SHARED");
	struct phx_arena a = {0};
	int checked = 0;

	(void)state;
	for (int n = 1; shared && n < 200; n++) {
		struct phx_buf text = {0};
		struct phx_err err = {0};
		struct phx_str argv[32];
		struct phx_command_end end = {0};
		json_t *doc, *words, *w;
		bool quietly = false;
		size_t i;

		if (!phx_read_file(phx_str_printf(&a, "%s/pve/cli/%03d.json", shared, n).ptr, &text, &err)) {
			phx_err_done(&err);
			continue;
		}
		doc = phx_json_parse(phx_buf_view(&text), "recording", &err);
		words = json_object_get(doc, "argv");
		json_array_foreach(words, i, w)
		{
			assert_true(i < 32);
			argv[i] = phx_str_c(json_string_value(w));
		}
		for (i = 0; i < PHX_COUNTOF(quiet); i++)
			quietly = quietly || quiet[i] == n;
		end.exit_code = (int)phx_json_int(doc, "exit", 0);
		end.out = phx_json_str(doc, "stdout");
		end.err_out = phx_json_str(doc, "stderr");
		if (phx_tool_ok(argv, (uint32_t)json_array_size(words), &end, &err) !=
		    (end.exit_code == 0 && !quietly))
			fail_msg("recording %d is judged wrong", n);
		checked++;
		phx_err_done(&err);
		json_decref(doc);
		phx_buf_done(&text);
	}
	phx_arena_done(&a);
	if (!checked) {
		printf("SKIPPED: no recordings (PHX_TEST_SHARED)\n");
		skip();
	}
	assert_int_equal(checked, 176);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qm_resize_fails_with_0),
		cmocka_unit_test(pct_push_and_pull_fail_with_0),
		cmocka_unit_test(qm_guest_exec_exits_with_0_whatever_the_guest_did),
		cmocka_unit_test(exit_codes_and_signals_are_failures_with_the_tools_words),
		cmocka_unit_test(every_recorded_call_is_judged_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
