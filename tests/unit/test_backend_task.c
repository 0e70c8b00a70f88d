#include "base_test.h"

#include "backend/task.h"

static void a_upid_is_read_into_its_parts(void **state)
{
	struct phx_upid u;

	(void)state;
	assert_true(phx_upid_parse(
		PHX_STR("UPID:pve:00004E18:00061220:6B0025F2:vztemplate:210:root@pam!phx:"), &u));
	assert_str(u.node, "pve");
	assert_str(u.type, "vztemplate");
	assert_str(u.id, "210");
	assert_str(u.user, "root@pam!phx");
	assert_int_equal(u.start_time, 0x6B0025F2);
	assert_true(
		phx_upid_parse(PHX_STR("UPID:pve:00003773:000471AD:6B0021C8:imgcopy::root@pam!phx:"), &u));
	assert_str(u.id, "");
}

static void what_is_no_upid_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "UPID",
					  "UPID:",
					  "UPID:pve:x:0:0:qmstart:1:root@pam:",
					  "UPID:pve:0:0:0:qmstart:1:root@pam",
					  "UPID::0:0:0:qmstart:1:root@pam:",
					  "UPID:pve:0:0:0::1:root@pam:",
					  "UPID:pve:0:0:0:qmstart:1:root@pam:x",
					  "UPID:pve:0:0:0:qm start:1:root@pam:",
					  "UPID:pve:0:0:0:qmstart:1::",
					  "UPID:p\nve:0:0:0:qmstart:1:r:"};
	struct phx_upid u;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(bad); i++)
		assert_false(phx_upid_parse(phx_str_c(bad[i]), &u));
}

static enum phx_task_state status_of(const char *json)
{
	struct phx_err err = {0};
	json_t *j = phx_json_parse(phx_str_c(json), "status", &err);
	enum phx_task_state s = phx_task_status(j, NULL);

	json_decref(j);
	phx_err_done(&err);
	return s;
}

static void warnings_are_a_success(void **state)
{
	(void)state;
	assert_int_equal(status_of("{\"status\":\"running\"}"), PHX_TASK_RUNNING);
	assert_int_equal(status_of("{\"status\":\"stopped\",\"exitstatus\":\"OK\"}"), PHX_TASK_OK);
	assert_int_equal(status_of("{\"status\":\"stopped\",\"exitstatus\":\"WARNINGS: 1\"}"),
			 PHX_TASK_WARNINGS);
	assert_int_equal(status_of("{\"status\":\"stopped\",\"exitstatus\":\"unexpected status\"}"),
			 PHX_TASK_FAILED);
	assert_int_equal(status_of("{\"status\":\"stopped\"}"), PHX_TASK_UNKNOWN);
	assert_int_equal(status_of("{}"), PHX_TASK_UNKNOWN);
	assert_int_equal(status_of("[]"), PHX_TASK_UNKNOWN);
}

static void polling_adds_little_to_any_duration(void **state)
{
	(void)state;
	assert_int_equal(phx_task_poll_delay_ms(0), 20);
	assert_int_equal(phx_task_poll_delay_ms(2000), 40);
	assert_int_equal(phx_task_poll_delay_ms(20000), 400);
	assert_int_equal(phx_task_poll_delay_ms(3600000), 1000);
}

static void a_task_error_has_the_kind_of_its_text(void **state)
{
	static const struct {
		const char *text;
		enum phx_err_kind kind;
	} cases[] = {
		{"VM is locked (backup)", PHX_ERR_LOCKED},
		{"CT is locked (create)", PHX_ERR_LOCKED},
		{"can't lock file '/var/lock/qemu-server/lock-131.conf' - got timeout", PHX_ERR_LOCKED},
		{"start failed: QEMU exited with code 1", PHX_ERR_TASK},
		{"unable to create VM 101 - volume 'local:101/vm-101-disk-9.qcow2' does not exist",
		 PHX_ERR_MISSING},
		{"unexpected status", PHX_ERR_TASK},
		{"snapshot name 's1' already used", PHX_ERR_EXISTS},
		{"write error: No space left on device", PHX_ERR_STORAGE},
	};
	struct phx_err err = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(cases); i++) {
		phx_task_error(PHX_STR("UPID:pve:00004E18:00061220:6B0025F2:vzclone:210:root@pam!phx:"),
			       phx_str_c(cases[i].text), &err);
		assert_int_equal(err.kind, cases[i].kind);
		assert_string_equal(err.msg.ptr, cases[i].text);
	}
	phx_task_error(PHX_STR("UPID:pve:00004E18:00061220:6B0025F2:vzclone:210:root@pam!phx:"),
		       PHX_STR("CT is locked (disk)"), &err);
	assert_non_null(strstr(err.hint.ptr, "pct unlock 210"));
	assert_true(phx_err_may_retry(&err));
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_upid_is_read_into_its_parts),
		cmocka_unit_test(what_is_no_upid_is_refused),
		cmocka_unit_test(warnings_are_a_success),
		cmocka_unit_test(polling_adds_little_to_any_duration),
		cmocka_unit_test(a_task_error_has_the_kind_of_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
