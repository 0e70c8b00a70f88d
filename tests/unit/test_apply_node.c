/* Commands on a node: how they may end, and what is said of it. */
#include "apply_lab.h"

#include <sys/stat.h>

static struct phx_action *command(struct lab *l, const char *const *words)
{
	struct phx_action *a = lab_add(l, PHX_OP_HOST_STEP, PHX_ACT_HOST, 0, "a step on the node");
	struct phx_action_body *body = lab_body(l, a);

	for (; *words; words++)
		phx_vec_push(&l->arena, &body->argv, phx_str_c(*words));
	return a;
}

static struct phx_action *script(struct lab *l, const char *text)
{
	return command(l, (const char *const[]){"sh", "-c", text, NULL});
}

static void a_command_that_fails_is_named_with_its_end_and_its_output(void **state)
{
	struct lab *l = *state;

	l->pve.has_node = true;
	phx_secrets_add(&l->secrets, PHX_STR("Sesame-open-now"));
	script(l, "echo out; echo the word is Sesame-open-now >&2; exit 3");
	script(l, "kill -9 $$");
	script(l, "exec sleep 600")->timeout_ms = 100;
	command(l, (const char *const[]){"/nonexistent/tool", NULL});
	script(l, "exit 0");
	lab_run(l);
	assert_int_equal(l->result->exit_code, 5);
	assert_string_equal(
		lab_message(&l->result->actions[0]),
		"`sh -c echo out; echo the word is (secret) >&2; exit 3` on node pve ended with exit code 3");
	assert_string_equal(lab_log(&l->result->actions[0]), "out\nthe word is (secret)");
	assert_string_equal(lab_message(&l->result->actions[1]),
			    "`sh -c kill -9 $$` on node pve ended with signal 9");
	assert_string_equal(lab_log(&l->result->actions[1]), "");
	assert_int_equal(l->result->actions[2].kind, PHX_ERR_TIMEOUT);
	assert_string_equal(lab_message(&l->result->actions[2]),
			    "`sh -c exec sleep 600` on node pve: not finished after 0.1 s");
	assert_int_equal(l->result->actions[3].kind, PHX_ERR_IO);
	assert_says(lab_message(&l->result->actions[3]), "no program `/nonexistent/tool` on this machine");
	assert_int_equal(l->result->actions[4].outcome, PHX_OUT_DONE);
	assert_null(strstr(l->heard.ptr, "Sesame"));
}

/* `qm guest exec` ends with 0 whatever became of the command in the guest. */
static void what_a_tool_says_in_words_counts(void **state)
{
	char dir[] = "/tmp/phx-node-XXXXXX", path[60];
	struct lab *l;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/qm", dir);
	f = fopen(path, "w");
	fputs("#!/bin/sh\necho '{\"exited\": 1, \"exitcode\": 4}'\n", f);
	(void)fchmod(fileno(f), 0755);
	fclose(f);
	setenv("PATH", lab_text(((struct lab *)*state), "%s:%s", dir, getenv("PATH")), 1);
	l = lab_new();
	l->pve.has_node = true;
	command(l, (const char *const[]){"qm", "guest", "exec", "101", "--", "false", NULL});
	lab_run(l);
	assert_string_equal(lab_message(&l->result->actions[0]),
			    "on node pve: the command in the guest ended with exit code 4");
	assert_says(lab_log(&l->result->actions[0]), "exitcode");
	lab_free(l);
	unlink(path);
	rmdir(dir);
}

static void a_command_that_outlives_a_second_interrupt_is_unknown(void **state)
{
	struct lab *l = *state;

	l->pve.has_node = true;
	script(l, "exec sleep 600");
	l->interrupt_at = 1;
	l->interrupt_by = 2;
	lab_run(l);
	assert_int_equal(l->result->exit_code, 130);
	assert_int_equal(l->result->actions[0].outcome, PHX_OUT_UNKNOWN);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_command_that_fails_is_named_with_its_end_and_its_output),
		T(what_a_tool_says_in_words_counts),
		T(a_command_that_outlives_a_second_interrupt_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
