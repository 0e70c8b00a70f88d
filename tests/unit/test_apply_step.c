/* Steps inside guests: what becomes of their output, on a disk that takes it and on others. */
#include "apply_lab.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/sys.h"
#include "guest/work.h"

/* A step in VM 1501 that prints `text` and ends so ("exit 0"). */
static struct phx_action *plan_step(struct lab *l, const char *text, const char *end)
{
	struct phx_action *a = lab_add(l, PHX_OP_GUEST, PHX_ACT_GUEST, 1501, "step");
	struct phx_guest_work *w = PHX_NEW(&l->arena, struct phx_guest_work);
	struct phx_action_body *body = lab_body(l, a);
	struct phx_buf coded = {0};

	*w = (struct phx_guest_work){.what = PHX_STR("probe"),
				     .hash = PHX_STR("0123456789ab"),
				     .script = PHX_STR("true\n"),
				     .way = PHX_WAY_AGENT};
	body->work = w;
	body->guest_what = PHX_STR("feature: probe/1");
	phx_buf_base64(&coded, phx_str_c(text));
	lab_answer(l,
		   (struct lab_answer){.method = PHX_POST, .on = "/1501/agent/exec", .json = "{\"pid\":7}"});
	lab_answer(l, lab_said("/1501/agent/exec-status",
			       lab_text(l,
					"{\"exited\":1,\"exitcode\":0,\"out-data\":\"phx-out\\n%zu\\n%s\\n\","
					"\"err-data\":"
					"\"phx-end probe-0123456789ab %s\\n\"}",
					strlen(text), coded.ptr, end),
			       0));
	phx_buf_done(&coded);
	return a;
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void remove_all(const char *dir)
{
	char command[80];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void the_output_of_a_step_is_kept_in_a_file_of_its_own(void **state)
{
	struct lab *l = *state;
	char dir[] = "/tmp/phx-logs-XXXXXX";
	struct phx_buf file = {0};
	struct phx_err err = {0};

	assert_non_null(mkdtemp(dir));
	phx_secrets_add(&l->secrets, PHX_STR("Sesame-open-now"));
	l->o.logs = phx_str_c(dir);
	plan_step(l, "first\n\nSesame-open-now is the word\n \nno end of line", "exit 3");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_string_equal(lab_message(&l->result->actions[0]), "it ended with exit code 3");
	assert_string_equal(lab_log(&l->result->actions[0]),
			    "first\n\n(secret) is the word\n \nno end of line");
	assert_str(l->result->actions[0].guest_log, "/var/log/phx/probe.log");
	assert_true(phx_str_ends(l->result->actions[0].log_file, "/vm.g1501/01-feature-probe-1.log"));
	assert_true(phx_read_file(l->result->actions[0].log_file.ptr, &file, &err));
	assert_string_equal(file.ptr, "first\n\n(secret) is the word\n \nno end of line");
	assert_null(strstr(l->heard.ptr, "Sesame"));
	phx_buf_done(&file);
	remove_all(dir);
}

/* Without secrets to mask, too. */
static void a_step_does_not_fail_for_want_of_a_place_for_its_output(void **state)
{
	struct lab *l = *state;

	l->o.logs = PHX_STR("/dev/null/logs");
	l->o.secrets = NULL;
	plan_step(l, "out\n", "exit 0");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_int_equal(l->result->actions[0].log_file.len, 0);
	assert_says(l->heard.ptr, "its output is not kept: ");
	lab_renew(l);
	l->plan.actions.n = 0;
	plan_step(l, "out\n", "exit 4");
	lab_run(l);
	assert_string_equal(lab_log(&l->result->actions[0]), "out");
}

static void a_disk_that_becomes_full_keeps_what_it_has_and_that_is_said(void **state)
{
	struct lab *l = *state;
	char dir[] = "/tmp/phx-logs-XXXXXX", text[20001];
	struct phx_buf file = {0};
	struct phx_err err = {0};

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 50 == 49 ? '\n' : 'x';
	text[sizeof(text) - 1] = 0;
	assert_non_null(mkdtemp(dir));
	l->o.logs = phx_str_c(dir);
	plan_step(l, text, "exit 0");
	limit_files(1000);
	lab_run(l);
	limit_files(RLIM_INFINITY);
	assert_int_equal(l->result->exit_code, 0);
	assert_says(l->heard.ptr, "its output is not kept: File too large");
	assert_true(phx_read_file(l->result->actions[0].log_file.ptr, &file, &err));
	assert_int_equal(file.len, 1000);
	phx_buf_done(&file);
	remove_all(dir);
}

/* What its guest does is not waited for; what comes later goes nowhere. */
static void a_step_that_is_left_by_a_second_interrupt_is_unknown(void **state)
{
	struct lab *l = *state;

	plan_step(l, "out\n", "exit 0");
	l->interrupt_at = 1;
	l->interrupt_by = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_UNKNOWN);
	phx_backend_run(&l->pve.b, 0, -1);
}

static void a_line_without_an_end_is_not_held_back(void **state)
{
	struct lab *l = *state;
	char text[40001];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	plan_step(l, text, "exit 0");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 0);
	assert_says(l->heard.ptr, text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(the_output_of_a_step_is_kept_in_a_file_of_its_own),
		T(a_step_does_not_fail_for_want_of_a_place_for_its_output),
		T(a_disk_that_becomes_full_keeps_what_it_has_and_that_is_said),
		T(a_step_that_is_left_by_a_second_interrupt_is_unknown),
		T(a_line_without_an_end_is_not_held_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
