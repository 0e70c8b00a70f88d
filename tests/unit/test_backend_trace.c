#include "base_test.h"

#include "backend/trace.h"
#include "base/sys.h"

static void a_line_has_method_path_params_status_and_time(void **state)
{
	struct phx_arena a = {0};
	struct phx_params p = {0};
	struct phx_buf out = {0};

	(void)state;
	phx_params_add(&a, &p, PHX_STR("delete"), PHX_STR("a"));
	phx_params_add(&a, &p, PHX_STR("name"), PHX_STR("w\"eb"));
	phx_params_add(&a, &p, PHX_STR("delete"), PHX_STR("b"));
	phx_trace_line(NULL, PHX_PUT, PHX_STR("/nodes/pve/qemu/100/config"), &p, 200, 12, NULL, &out);
	assert_string_equal(out.ptr, "{\"method\":\"PUT\",\"path\":\"/nodes/pve/qemu/100/"
				     "config\",\"params\":{\"delete\":[\"a\",\"b\"],"
				     "\"name\":\"w\\\"eb\"},\"status\":200,\"ms\":12}");
	phx_buf_clear(&out);
	phx_trace_line(NULL, PHX_GET, PHX_STR("/version"), NULL, 200, 1, NULL, &out);
	assert_string_equal(
		out.ptr, "{\"method\":\"GET\",\"path\":\"/version\",\"params\":{},\"status\":200,\"ms\":1}");
	phx_buf_done(&out);
	phx_arena_done(&a);
}

static void secrets_are_redacted_by_mark_and_by_value(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};
	struct phx_params p = {0};
	char path[] = "/tmp/phx-trace-XXXXXX";
	struct phx_trace *t = NULL;
	struct phx_err err = {0};
	struct phx_buf text = {0};

	(void)state;
	close(mkstemp(path));
	phx_secrets_add(&s, PHX_STR("canary-value"));
	phx_params_secret(&a, &p, PHX_STR("cipassword"), PHX_STR("short"));
	phx_params_add(&a, &p, PHX_STR("description"), PHX_STR("my canary-value here"));
	assert_true(phx_trace_open(path, &s, &t, &err));
	phx_trace_hook(t, PHX_POST, PHX_STR("/nodes/pve/qemu"), &p, 200, 3, NULL);
	phx_err_set(&err, PHX_ERR_LOST, "lost");
	phx_trace_hook(t, PHX_POST, PHX_STR("/x"), NULL, 0, 3, &err);
	assert_true(phx_trace_close(t, &err));
	assert_true(phx_read_file(path, &text, &err));
	assert_null(strstr(text.ptr, "canary"));
	assert_null(strstr(text.ptr, "short"));
	assert_non_null(strstr(text.ptr, "\"cipassword\":\"(secret)\""));
	assert_non_null(strstr(text.ptr, "\"status\":0,\"ms\":3,\"error\":\"lost\"}\n"));
	unlink(path);
	phx_buf_done(&text);
	phx_err_done(&err);
	phx_arena_done(&a);
}

static void a_trace_that_cannot_be_written_is_said(void **state)
{
	struct phx_trace *t = NULL;
	struct phx_err err = {0};

	(void)state;
	assert_false(phx_trace_open("/nonexistent/dir/trace", NULL, &t, &err));
	assert_int_equal(err.kind, PHX_ERR_IO);
	assert_true(phx_trace_open("/dev/full", NULL, &t, &err));
	phx_trace_hook(t, PHX_GET, PHX_STR("/version"), NULL, 200, 1, NULL);
	assert_false(phx_trace_close(t, &err));
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_method_path_params_status_and_time),
		cmocka_unit_test(secrets_are_redacted_by_mark_and_by_value),
		cmocka_unit_test(a_trace_that_cannot_be_written_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
