#include "base_test.h"

#include <sys/resource.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/process.h"
#include "base/sys.h"

enum { WORDS_MAX = 16 };

struct seen {
	uint32_t done;
	int exit_code, signal;
	enum phx_err_kind kind;
	struct phx_buf out, err_out, message, hint;
	size_t streamed[2];
	bool cut;
};

static void on_output(void *user, bool is_stderr, struct phx_str bytes)
{
	((struct seen *)user)->streamed[is_stderr] += bytes.len;
}

static void on_done(void *user, const struct phx_command_end *end)
{
	struct seen *s = user;

	s->done++;
	s->exit_code = end->exit_code;
	s->signal = end->signal;
	s->kind = end->err.kind;
	s->cut = end->cut;
	phx_buf_str(&s->out, end->out);
	phx_buf_str(&s->err_out, end->err_out);
	phx_buf_str(&s->message, phx_buf_view(&end->err.msg));
	phx_buf_str(&s->hint, phx_buf_view(&end->err.hint));
}

static void forget(struct seen *s)
{
	phx_buf_done(&s->out);
	phx_buf_done(&s->err_out);
	phx_buf_done(&s->message);
	phx_buf_done(&s->hint);
	*s = (struct seen){0};
}

static uint64_t begin(struct phx_procs *p, struct seen *s, const char *const *words, struct phx_str input,
		      uint64_t timeout_ms)
{
	struct phx_str argv[WORDS_MAX];
	struct phx_proc_start start = {.argv = argv,
				       .input = input,
				       .timeout_ms = timeout_ms,
				       .output = on_output,
				       .done = on_done,
				       .user = s};

	for (; words[start.argc]; start.argc++)
		argv[start.argc] = phx_str_c(words[start.argc]);
	return phx_procs_start(p, &start);
}

static void serve(struct phx_procs *p)
{
	for (phx_procs_work(p); phx_procs_count(p); phx_procs_work(p)) {
		uint64_t quiet = phx_procs_quiet_ms(p, phx_now_ms());
		size_t n;
		struct pollfd *fds = phx_procs_fds(p, &n);

		poll(fds, n, quiet > 1000 ? 1000 : (int)quiet);
	}
}

static void sh(struct seen *s, const char *script, struct phx_str input, uint64_t timeout_ms)
{
	const char *const words[] = {"sh", "-c", script, NULL};
	struct phx_procs *p = phx_procs_new();

	begin(p, s, words, input, timeout_ms);
	serve(p);
	phx_procs_free(p);
	assert_int_equal(s->done, 1);
}

static void output_and_exit_code_are_those_of_the_child(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "printf out; printf err >&2; exit 7", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 7);
	assert_int_equal(s.signal, 0);
	assert_string_equal(s.out.ptr, "out");
	assert_string_equal(s.err_out.ptr, "err");
	assert_int_equal(s.streamed[0], 3);
	assert_int_equal(s.streamed[1], 3);
	forget(&s);
}

static void a_signal_is_told_apart_from_an_exit_code(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "kill -9 $$", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.signal, SIGKILL);
	assert_int_equal(s.exit_code, 0);
	forget(&s);
}

static void words_arrive_as_they_are(void **state)
{
	const char *const words[] = {"printf",    "[%s]",     "a b",       "",  "'q\"",
				     "new\nline", "\xff\xfe", "$HOME `x`", NULL};
	struct seen s = {0};
	struct phx_procs *p = phx_procs_new();

	(void)state;
	begin(p, &s, words, (struct phx_str){0}, 0);
	serve(p);
	phx_procs_free(p);
	assert_string_equal(s.out.ptr, "[a b][]['q\"][new\nline][\xff\xfe][$HOME `x`]");
	forget(&s);
}

static void twenty_mebibytes_go_in_and_come_out(void **state)
{
	size_t n = 20u * 1024 * 1024;
	char *bytes = malloc(n);
	struct seen s = {0};
	struct phx_arena a = {0};
	struct phx_str want;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	want = phx_sha256_hex(&a, (struct phx_str){bytes, n});
	sh(&s, "sha256sum", (struct phx_str){bytes, n}, 0);
	assert_memory_equal(s.out.ptr, want.ptr, 64);
	forget(&s);
	sh(&s, "cat", (struct phx_str){bytes, n}, 0);
	assert_int_equal(s.streamed[0], n);
	assert_true(s.cut);
	assert_int_equal(s.out.len, PHX_PROCS_KEEP);
	assert_memory_equal(s.out.ptr, bytes + n - PHX_PROCS_KEEP, PHX_PROCS_KEEP);
	forget(&s);
	phx_arena_done(&a);
	free(bytes);
}

static void a_child_that_reads_nothing_is_no_error(void **state)
{
	size_t n = 1024 * 1024;
	char *bytes = calloc(1, n);
	struct seen s = {0};

	(void)state;
	sh(&s, "exec <&-; echo done", (struct phx_str){bytes, n}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_string_equal(s.out.ptr, "done\n");
	forget(&s);
	free(bytes);
}

static void without_input_it_is_at_its_end_at_once(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "cat; echo end", (struct phx_str){0}, 0);
	assert_string_equal(s.out.ptr, "end\n");
	forget(&s);
}

static void a_program_that_is_not_there_is_named(void **state)
{
	const char *const words[] = {"no-such-program-of-phx", NULL};
	struct seen s = {0};
	struct phx_procs *p = phx_procs_new();

	(void)state;
	begin(p, &s, words, (struct phx_str){0}, 0);
	assert_int_equal(s.done, 0); /* not from within */
	serve(p);
	phx_procs_free(p);
	assert_int_equal(s.done, 1);
	assert_int_equal(s.kind, PHX_ERR_IO);
	assert_string_equal(s.message.ptr, "no program `no-such-program-of-phx` on this machine");
	assert_non_null(strstr(s.hint.ptr, "/usr/sbin"));
	forget(&s);
}

static void a_word_with_a_nul_byte_is_refused(void **state)
{
	struct phx_str argv[] = {PHX_STR("echo"), PHX_STR("a\0b")};
	struct seen s = {0};
	struct phx_proc_start start = {.argv = argv, .argc = 2, .done = on_done, .user = &s};
	struct phx_procs *p = phx_procs_new();

	(void)state;
	phx_procs_start(p, &start);
	serve(p);
	phx_procs_free(p);
	assert_int_equal(s.kind, PHX_ERR_USAGE);
	assert_non_null(strstr(s.message.ptr, "word 2"));
	forget(&s);
}

static bool alive(const char *pid_file)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};
	uint64_t pid = 0;
	bool lives;

	assert_true(phx_read_file(pid_file, &text, &err));
	assert_true(phx_parse_u64(phx_str_trim(phx_buf_view(&text)), &pid));
	lives = kill((pid_t)pid, 0) == 0;
	phx_buf_done(&text);
	return lives;
}

static void a_deadline_ends_the_child_and_its_children(void **state)
{
	char dir[] = "/tmp/phx-process-XXXXXX", file[64], script[256];
	struct seen s = {0};
	uint64_t began = phx_now_ms();

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/pid", dir);
	/* Its own child ignores TERM, and holds the pipes open. */
	snprintf(script, sizeof(script), "(trap '' TERM; exec sleep 60) & echo $! >%s; echo on; wait", file);
	sh(&s, script, (struct phx_str){0}, 300);
	assert_int_equal(s.kind, PHX_ERR_TIMEOUT);
	assert_string_equal(s.message.ptr, "not finished after 0.3 s");
	assert_string_equal(s.out.ptr, "on\n");
	assert_true(phx_now_ms() - began < 10000);
	for (int i = 0; i < 200 && alive(file); i++)
		phx_sleep_ms(10);
	assert_false(alive(file));
	unlink(file);
	rmdir(dir);
	forget(&s);
}

static void one_that_ignores_term_is_killed(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "trap '' TERM; while :; do sleep 0.1; done", (struct phx_str){0}, 100);
	assert_int_equal(s.kind, PHX_ERR_TIMEOUT);
	assert_int_equal(s.signal, SIGKILL);
	forget(&s);
}

static void a_background_child_that_holds_the_pipes_keeps_nobody(void **state)
{
	struct seen s = {0};
	uint64_t began = phx_now_ms();

	(void)state;
	sh(&s, "sleep 20 & echo here", (struct phx_str){0}, 0);
	assert_true(phx_now_ms() - began < 10000);
	assert_string_equal(s.out.ptr, "here\n");
	forget(&s);
}

static void one_that_is_stopped_calls_nobody(void **state)
{
	const char *const words[] = {"sleep", "60", NULL};
	struct seen s = {0};
	struct phx_procs *p = phx_procs_new();
	uint64_t handle = begin(p, &s, words, (struct phx_str){0}, 0), began = phx_now_ms();

	(void)state;
	phx_procs_stop(p, handle);
	assert_int_equal(phx_procs_count(p), 0);
	phx_procs_free(p);
	assert_int_equal(s.done, 0);
	assert_true(phx_now_ms() - began < 5000);
	/* Reaped: there is no child left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void many_run_side_by_side(void **state)
{
	const char *const words[] = {"sleep", "0.5", NULL};
	struct seen s = {0};
	struct phx_procs *p = phx_procs_new();
	uint64_t began = phx_now_ms();

	(void)state;
	for (int i = 0; i < 40; i++)
		begin(p, &s, words, (struct phx_str){0}, 0);
	serve(p);
	phx_procs_free(p);
	assert_int_equal(s.done, 40);
	assert_true(phx_now_ms() - began < 10000); /* one after another: 20 s */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	forget(&s);
}

static void a_child_gets_three_descriptors_and_few_variables(void **state)
{
	struct seen s = {0};
	int leaked = open("/dev/null", O_RDONLY); /* not close-on-exec */

	(void)state;
	setenv("PHX_TOKEN", "root@pam!x=secret", 1);
	sh(&s, "ls /proc/self/fd | wc -l; env | cut -d= -f1 | sort | tr '\\n' ' '", (struct phx_str){0}, 0);
	unsetenv("PHX_TOKEN");
	close(leaked);
	/* The fourth is ls's own, of the directory. */
	assert_memory_equal(s.out.ptr, "4\n", 2);
	assert_null(strstr(s.out.ptr, "PHX_TOKEN"));
	assert_non_null(strstr(s.out.ptr, "LC_ALL"));
	assert_non_null(strstr(s.out.ptr, "PATH"));
	forget(&s);
}

struct chain {
	struct phx_procs *p;
	struct seen s;
	uint32_t left;
};

static void start_another(void *user, const struct phx_command_end *end)
{
	static const struct phx_str argv[] = {{"true", 4}};
	struct chain *c = user;
	struct phx_proc_start start = {.argv = argv, .argc = 1, .done = start_another, .user = c};

	assert_int_equal(end->exit_code, 0);
	if (c->left == 0)
		return;
	c->left--;
	phx_procs_start(c->p, &start);
}

static void a_callback_may_start_the_next(void **state)
{
	struct chain c = {.p = phx_procs_new(), .left = 20};
	struct phx_command_end none = {0};

	(void)state;
	start_another(&c, &none);
	serve(c.p);
	assert_int_equal(c.left, 0);
	phx_procs_free(c.p);
}

static void run_words(struct seen *s, const char *const *words)
{
	struct phx_procs *p = phx_procs_new();

	begin(p, s, words, (struct phx_str){0}, 0);
	serve(p);
	phx_procs_free(p);
}

/* Of a caller that closed its own three the pipes get these numbers. */
static void a_caller_without_standard_descriptors_gets_the_output_too(void **state)
{
	const char *const words[] = {"sh", "-c", "cat; echo out; echo err >&2", NULL};
	struct seen s = {0};
	int kept[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
		close(i);
	}
	run_words(&s, words);
	for (int i = 0; i < 3; i++) {
		if (kept[i] >= 0)
			dup2(kept[i], i);
		close(kept[i]);
	}
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_string_equal(s.out.ptr, "out\n");
	assert_string_equal(s.err_out.ptr, "err\n");
	forget(&s);
}

static void without_descriptors_nothing_is_run_and_that_is_said(void **state)
{
	const char *const words[] = {"sh", "-c", "echo x", NULL};
	struct rlimit was, few;
	struct seen s = {0};

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = 4;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	run_words(&s, words);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(s.kind, PHX_ERR_IO);
	assert_non_null(strstr(s.message.ptr, "cannot run "));
	assert_non_null(strstr(s.message.ptr, "Too many open files"));
	forget(&s);
}

static void a_file_to_read_from_that_is_not_there_is_named(void **state)
{
	const struct phx_str argv[] = {PHX_STR("cat")};
	struct seen s = {0};
	struct phx_proc_start start = {.argv = argv,
				       .argc = 1,
				       .input_file = PHX_STR("/nonexistent/file"),
				       .done = on_done,
				       .user = &s};
	struct phx_procs *p = phx_procs_new();

	(void)state;
	phx_procs_start(p, &start);
	serve(p);
	assert_int_equal(s.kind, PHX_ERR_IO);
	assert_non_null(
		strstr(s.message.ptr, " with the input /nonexistent/file: No such file or directory"));
	forget(&s);
	start.argc = 0;
	phx_procs_start(p, &start);
	serve(p);
	assert_string_equal(s.message.ptr, "a command without words");
	phx_procs_free(p);
	forget(&s);
}

/* ssh's master, say: its time is over, and it lives on. */
static void one_that_may_be_left_is_left_to_itself_at_its_deadline(void **state)
{
	char dir[] = "/tmp/phx-process-XXXXXX", file[64], script[128];
	struct phx_str argv[] = {PHX_STR("sh"), PHX_STR("-c"), {0}};
	struct seen s = {0};
	struct phx_proc_start start = {
		.argv = argv, .argc = 3, .timeout_ms = 300, .leave = true, .done = on_done, .user = &s};
	struct phx_procs *p = phx_procs_new();
	struct phx_buf text = {0};
	struct phx_err err = {0};
	uint64_t pid = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/pid", dir);
	snprintf(script, sizeof(script), "echo $$ >%s; exec sleep 60", file);
	argv[2] = phx_str_c(script);
	phx_procs_start(p, &start);
	serve(p);
	assert_int_equal(s.kind, PHX_ERR_TIMEOUT);
	phx_procs_free(p);
	assert_true(alive(file));
	assert_true(phx_read_file(file, &text, &err));
	assert_true(phx_parse_u64(phx_str_trim(phx_buf_view(&text)), &pid));
	kill((pid_t)pid, SIGKILL);
	(void)waitpid((pid_t)pid, NULL, 0);
	phx_buf_done(&text);
	unlink(file);
	rmdir(dir);
	forget(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_exit_code_are_those_of_the_child),
		cmocka_unit_test(a_signal_is_told_apart_from_an_exit_code),
		cmocka_unit_test(words_arrive_as_they_are),
		cmocka_unit_test(twenty_mebibytes_go_in_and_come_out),
		cmocka_unit_test(a_child_that_reads_nothing_is_no_error),
		cmocka_unit_test(without_input_it_is_at_its_end_at_once),
		cmocka_unit_test(a_program_that_is_not_there_is_named),
		cmocka_unit_test(a_word_with_a_nul_byte_is_refused),
		cmocka_unit_test(a_deadline_ends_the_child_and_its_children),
		cmocka_unit_test(one_that_ignores_term_is_killed),
		cmocka_unit_test(a_background_child_that_holds_the_pipes_keeps_nobody),
		cmocka_unit_test(one_that_is_stopped_calls_nobody),
		cmocka_unit_test(many_run_side_by_side),
		cmocka_unit_test(a_child_gets_three_descriptors_and_few_variables),
		cmocka_unit_test(a_callback_may_start_the_next),
		cmocka_unit_test(a_caller_without_standard_descriptors_gets_the_output_too),
		cmocka_unit_test(without_descriptors_nothing_is_run_and_that_is_said),
		cmocka_unit_test(a_file_to_read_from_that_is_not_there_is_named),
		cmocka_unit_test(one_that_may_be_left_is_left_to_itself_at_its_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
