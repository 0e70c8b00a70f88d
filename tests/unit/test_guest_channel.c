/* One suite for all ways into guests: the channel against a simulated cluster, whose guests are real trees of a static busybox. The
 * suite is run once a way: test_guest_channel agent|qm|pct; with `script` against guests without a tree. PHX_TEST_TREE names another
 * tree (of debootstrap), for other shells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend/backend.h"
#include "backend/sim/sim.h"
#include "base/sys.h"
#include "guest/channel.h"

#define EXIT_SKIPPED 77

struct lab {
	char dir[64];
	uint8_t way;
	bool scripted;
	const char *tree;
	struct phx_guest_ref guest;
	struct phx_arena arena;
	struct phx_backend *backend;
	struct phx_channel *channel;
	struct phx_secrets secrets;
};

static struct lab lab;

struct seen {
	bool done;
	enum phx_err_kind kind;
	int exit_code, signal;
	bool cut, joined, known;
	struct phx_buf out, err_out, message, streamed, log, told, bytes;
	uint64_t size;
	unsigned mode;
};

static void on_output(void *user, bool is_stderr, struct phx_str bytes)
{
	struct seen *s = user;

	(void)is_stderr;
	phx_buf_str(&s->streamed, bytes);
}

static void on_seen(void *user, struct phx_str what)
{
	phx_buf_str(&((struct seen *)user)->told, what);
}

static void on_done(void *user, const struct phx_guest_end *end)
{
	struct seen *s = user;

	assert_false(s->done);
	s->done = true;
	s->kind = end->err.kind;
	s->exit_code = end->exit_code;
	s->signal = end->signal;
	s->cut = end->cut;
	s->joined = end->joined;
	s->known = end->known;
	s->size = end->size;
	s->mode = end->mode;
	phx_buf_str(&s->out, end->out);
	phx_buf_str(&s->err_out, end->err_out);
	phx_buf_str(&s->message, phx_buf_view(&end->err.msg));
	phx_buf_str(&s->log, end->log);
	phx_buf_str(&s->bytes, end->bytes);
	phx_backend_yield(lab.backend);
}

static void seen_done(struct seen *s)
{
	struct phx_buf *all[] = {&s->out, &s->err_out, &s->message, &s->streamed,
				 &s->log, &s->told,    &s->bytes};

	for (size_t i = 0; i < PHX_COUNTOF(all); i++)
		phx_buf_done(all[i]);
	*s = (struct seen){0};
}

static struct phx_guest_watch watch(struct seen *s)
{
	return (struct phx_guest_watch){.output = on_output, .seen = on_seen, .done = on_done, .user = s};
}

/* Serves until it is done, or so many milliseconds are over. */
static void serve(struct seen *s, uint64_t ms)
{
	uint64_t until = phx_now_ms() + ms;

	while (!s->done && phx_now_ms() < until) {
		uint64_t wait = phx_channel_work(lab.channel);

		if (s->done)
			break;
		if (phx_backend_run(lab.backend, wait < 100 ? wait : 100, -1) == 0)
			phx_sleep_ms(wait < 20 ? wait : 20);
	}
}

static void wait_for(struct seen *s)
{
	serve(s, 120000);
	if (!s->done)
		fail_msg("no end; told: %s", s->told.ptr ? s->told.ptr : "nothing");
}

static void run_words(struct seen *s, const char *const *words, struct phx_str input, uint64_t timeout_ms)
{
	struct phx_str argv[16];
	struct phx_guest_run run = {
		.guest = lab.guest, .way = lab.way, .argv = argv, .input = input, .timeout_ms = timeout_ms};
	struct phx_guest_watch w = watch(s);

	while (words[run.argc]) {
		argv[run.argc] = phx_str_c(words[run.argc]);
		run.argc++;
	}
	(void)phx_guest_run(lab.channel, &run, &w);
}

static void sh(struct seen *s, const char *script)
{
	const char *const words[] = {"/bin/sh", "-c", script, NULL};

	run_words(s, words, (struct phx_str){0}, 60000);
	wait_for(s);
}

/* What was begun before is at work when it has made this file. */
static void until_there(const char *path)
{
	char script[120];
	int code = -1;

	(void)snprintf(script, sizeof(script), "test -e %s", path);
	for (int i = 0; i < 100 && code != 0; i++) {
		struct seen s = {0};

		sh(&s, script);
		code = s.exit_code;
		seen_done(&s);
	}
	assert_int_equal(code, 0);
}

static void says(const char *script, const char *expected)
{
	struct seen s = {0};

	sh(&s, script);
	assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
	assert_string_equal(s.out.ptr ? s.out.ptr : "", expected);
	seen_done(&s);
}

/* Not every tree has ps. */
static void is_gone(const char *pattern)
{
	char script[200];

	(void)snprintf(script, sizeof(script),
		       "n=0; while cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -q '%s' && [ "
		       "$n -lt 30 ]; do "
		       "sleep 1; n=$((n + 1)); done; [ $n -lt 30 ] && echo gone",
		       pattern);
	says(script, "gone\n");
}

/* The channel's first command, in set_up, lost its answer (pct): it was joined, and not run twice. */
static void a_lost_answer_repeats_nothing(void **state)
{
	(void)state;
	says("cat /root/first", "begun\n");
}

/* ---- run ---- */

static void run_gives_output_and_exit_code(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "echo out; echo err >&2; exit 3");
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 3);
	assert_int_equal(s.signal, 0);
	assert_string_equal(s.out.ptr, "out\n");
	assert_string_equal(s.err_out.ptr, "err\n");
	assert_false(s.cut);
	seen_done(&s);
}

/* More than what is held back for the wrapper's last word. */
static void run_gives_much_of_standard_error(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "head -c 3000 /dev/zero | tr '\\0' e >&2; echo >&2; sleep 1; echo end >&2");
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 0);
	assert_int_equal(s.err_out.len, 3005);
	assert_true(phx_str_ends(phx_buf_view(&s.err_out), "e\nend\n"));
	assert_int_equal(s.streamed.len, 3005);
	seen_done(&s);
}

static void run_passes_any_bytes(void **state)
{
	const char *const words[] = {"printf",      "%s|",          "",   "a b", "it's", "$HOME `x` \"",
				     "new\nline\n", "\303\251\377", "-n", NULL};
	const char *const cat[] = {"cat", NULL};
	static const char bytes[] = "\0\1\377\376 \303\274\r\n\n";
	struct seen s = {0};

	(void)state;
	run_words(&s, words, (struct phx_str){0}, 60000);
	wait_for(&s);
	assert_string_equal(s.out.ptr, "|a b|it's|$HOME `x` \"|new\nline\n|\303\251\377|-n|");
	seen_done(&s);
	run_words(&s, cat, (struct phx_str){bytes, sizeof(bytes) - 1}, 60000);
	wait_for(&s);
	assert_int_equal(s.exit_code, 0);
	assert_int_equal(s.out.len, sizeof(bytes) - 1);
	assert_memory_equal(s.out.ptr, bytes, sizeof(bytes) - 1);
	seen_done(&s);
}

static void run_sets_the_environment(void **state)
{
	const struct phx_str argv[] = {PHX_STR("/bin/sh"), PHX_STR("-c"),
				       PHX_STR("printf %s \"$A-$PHX_B\"; umask; pwd >/dev/null; echo $HOME")};
	const struct phx_param env[] = {{PHX_STR("A"), PHX_STR("it's\n\377 $x"), false},
					{PHX_STR("PHX_B"), PHX_STR("geheim"), true}};
	struct phx_guest_run run = {
		.guest = lab.guest, .way = lab.way, .argv = argv, .argc = 3, .env = env, .env_n = 2};
	struct seen s = {0};
	struct phx_guest_watch w = watch(&s);

	(void)state;
	(void)phx_guest_run(lab.channel, &run, &w);
	wait_for(&s);
	assert_string_equal(s.out.ptr, "it's\n\377 $x-geheim0022\n/root\n");
	seen_done(&s);
}

static void signals_are_told(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "kill -9 $$");
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.signal, 9);
	assert_int_equal(s.exit_code, -1);
	seen_done(&s);
}

static void a_missing_program_is_an_exit_code(void **state)
{
	const char *const words[] = {"/nonexistent", NULL};
	struct seen s = {0};

	(void)state;
	run_words(&s, words, (struct phx_str){0}, 60000);
	wait_for(&s);
	assert_int_equal(s.exit_code, 127);
	assert_non_null(strstr(s.err_out.ptr, "/nonexistent"));
	seen_done(&s);
}

static void a_hanging_command_ends_with_its_children(void **state)
{
	const char *const words[] = {"/bin/sh", "-c", "trap '' TERM; echo begun; sleep 4321 & sleep 4321",
				     NULL};
	uint64_t began = phx_now_ms();
	struct seen s = {0};

	(void)state;
	run_words(&s, words, (struct phx_str){0}, 2000);
	wait_for(&s);
	assert_int_equal(s.kind, PHX_ERR_TIMEOUT);
	assert_string_equal(s.message.ptr, "no end within 2 s; it was ended, with all its processes");
	assert_string_equal(s.out.ptr, "begun\n");
	assert_true(phx_now_ms() - began < 60000);
	seen_done(&s);
	is_gone("[s]leep 4321");
}

static void a_flood_is_cut(void **state)
{
	struct seen s = {0};

	(void)state;
	sh(&s, "head -c 52428800 /dev/zero | tr '\\0' x; echo; echo last");
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 0);
	assert_true(s.cut);
	assert_true(s.out.len <= 65536);
	assert_string_equal(s.out.ptr + s.out.len - 5, "last\n");
	if (lab.way == PHX_WAY_PCT)
		assert_int_equal(s.streamed.len, 52428800 + 6);
	else
		assert_non_null(strstr(s.streamed.ptr, " bytes left out]\n"));
	seen_done(&s);
}

/* Both streams are more than one piece of either way. */
static void a_run_is_whole_when_that_is_wanted(void **state)
{
	static const char script[] =
		"head -c 9000001 /dev/zero | tr '\\0' x; echo; head -c 700000 /dev/zero | tr "
		"'\\0' y >&2; sleep 3; echo last";
	const struct phx_str argv[] = {PHX_STR("sh"), PHX_STR("-c"), PHX_STR(script)};
	struct phx_guest_run run = {
		.guest = lab.guest, .way = lab.way, .argv = argv, .argc = 3, .whole = true};
	struct seen s = {0};
	struct phx_guest_watch w = watch(&s);
	size_t x = 0, y = 0;

	(void)state;
	(void)phx_guest_run(lab.channel, &run, &w);
	wait_for(&s);
	assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
	assert_int_equal(s.exit_code, 0);
	assert_int_equal(s.streamed.len, 9000001 + 1 + 700000 + 5);
	/* The two streams come side by side, each in its order. */
	for (size_t i = 0; i < s.streamed.len; i++) {
		x += s.streamed.ptr[i] == 'x';
		y += s.streamed.ptr[i] == 'y';
	}
	assert_int_equal(x, 9000001);
	assert_int_equal(y, 700000);
	assert_string_equal(s.out.ptr + s.out.len - 7, "x\nlast\n");
	seen_done(&s);
	says("ls -l /var/lib/phx/run/*/out 2>/dev/null | awk '$5 > 1000000' | wc -l", "0\n");
}

static void stop_ends_it_and_says_so(void **state)
{
	const struct phx_str argv[] = {PHX_STR("sh"), PHX_STR("-c"),
				       PHX_STR("touch /root/stop; sleep 7654 & exec sleep 7654")};
	struct phx_guest_run run = {.guest = lab.guest, .way = lab.way, .argv = argv, .argc = 3};
	struct seen s = {0}, stop = {0};
	struct phx_guest_watch w = watch(&s), end = watch(&stop);
	uint64_t handle = phx_guest_run(lab.channel, &run, &w);

	(void)state;
	until_there("/root/stop");
	assert_true(phx_str_starts(phx_guest_run_id(lab.channel, handle), "run-"));
	phx_guest_stop(lab.channel, handle, &end);
	wait_for(&stop);
	assert_false(s.done);
	assert_string_equal(stop.message.ptr ? stop.message.ptr : "", "");
	seen_done(&s);
	seen_done(&stop);
	is_gone("[s]leep 7654");
}

/* What begins it may be on its way. */
static void stop_at_once_leaves_nothing_at_work(void **state)
{
	const struct phx_str argv[] = {PHX_STR("sleep"), PHX_STR("8765")};
	struct phx_guest_run run = {.guest = lab.guest, .way = lab.way, .argv = argv, .argc = 2};

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct seen s = {0}, stop = {0};
		struct phx_guest_watch w = watch(&s), end = watch(&stop);
		uint64_t handle = phx_guest_run(lab.channel, &run, &w);

		for (int k = 0; k < i; k++)
			serve(&s, 1);
		phx_guest_stop(lab.channel, handle, &end);
		wait_for(&stop);
		assert_string_equal(stop.message.ptr ? stop.message.ptr : "", "");
		seen_done(&s);
		seen_done(&stop);
	}
	is_gone("[s]leep 8765");
}

static void cancel_ends_it_in_the_guest(void **state)
{
	const struct phx_str argv[] = {PHX_STR("sh"), PHX_STR("-c"),
				       PHX_STR("touch /root/cancel; exec sleep 5432")};
	struct phx_guest_run run = {.guest = lab.guest, .way = lab.way, .argv = argv, .argc = 3};
	struct seen s = {0}, none = {0};
	struct phx_guest_watch w = watch(&s);
	uint64_t handle = phx_guest_run(lab.channel, &run, &w);

	(void)state;
	until_there("/root/cancel");
	phx_guest_cancel(lab.channel, handle);
	serve(&none, 1000);
	assert_false(s.done);
	seen_done(&s);
	is_gone("[s]leep 5432");
}

/* ---- push and pull ---- */

static char *random_bytes(size_t n)
{
	char *bytes = malloc(n + 1);
	uint64_t x = 88172645463325252u;

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bytes[i] = (char)(x >> 32);
	}
	return bytes;
}

static void push_bytes(struct seen *s, struct phx_str bytes, const char *to, const char *owner, unsigned mode)
{
	struct phx_guest_push push = {.guest = lab.guest,
				      .way = lab.way,
				      .content = bytes,
				      .to = phx_str_c(to),
				      .owner = phx_str_c(owner),
				      .mode = mode};
	struct phx_guest_watch w = watch(s);

	(void)phx_guest_push(lab.channel, &push, &w);
	wait_for(s);
}

static void pull_bytes(struct seen *s, const char *from, const char *to)
{
	struct phx_guest_pull pull = {.guest = lab.guest, .way = lab.way, .from = phx_str_c(from), .to = to};
	struct phx_guest_watch w = watch(s);

	(void)phx_guest_pull(lab.channel, &pull, &w);
	wait_for(s);
}

static void files_of_all_sizes_arrive_identical(void **state)
{
	static const size_t sizes[] = {0, 1, 61440, 61441, 20 << 20};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(sizes); i++) {
		char *bytes = random_bytes(sizes[i]);
		struct seen s = {0};

		push_bytes(&s, (struct phx_str){bytes, sizes[i]}, "/root/file", "", 0);
		assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
		seen_done(&s);
		pull_bytes(&s, "/root/file", NULL);
		assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
		assert_int_equal(s.size, sizes[i]);
		assert_int_equal(s.mode, 0644);
		assert_int_equal(s.bytes.len, sizes[i]);
		if (sizes[i])
			assert_memory_equal(s.bytes.ptr, bytes, sizes[i]);
		seen_done(&s);
		free(bytes);
	}
}

static void local_files_go_and_come(void **state)
{
	struct phx_str from = phx_str_printf(&lab.arena, "%s/up", lab.dir),
		       to = phx_str_printf(&lab.arena, "%s/down", lab.dir);
	char *bytes = random_bytes(300000), up[65], down[65];
	struct phx_err err = {0};
	struct phx_guest_push push = {
		.guest = lab.guest, .way = lab.way, .path = from, .to = PHX_STR("/tmp/local"), .mode = 0600};
	struct seen s = {0};
	struct phx_guest_watch w = watch(&s);

	(void)state;
	assert_true(phx_write_file_atomic(from.ptr, (struct phx_str){bytes, 300000}, 0644, &err));
	(void)phx_guest_push(lab.channel, &push, &w);
	wait_for(&s);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	seen_done(&s);
	pull_bytes(&s, "/tmp/local", to.ptr);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.mode, 0600);
	seen_done(&s);
	assert_true(phx_sha256_file(from.ptr, up, &err) && phx_sha256_file(to.ptr, down, &err));
	assert_string_equal(up, down);
	free(bytes);
}

static void odd_names_work(void **state)
{
	static const char *const names[] = {"/root/with blanks", "/root/it's \"quoted\" $x `y` \\",
					    "/root/line\nends\n", "/root/\303\244\377", "/root/-n"};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		struct seen s = {0};

		push_bytes(&s, phx_str_c(names[i]), names[i], "12:34", 0640);
		assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
		seen_done(&s);
		pull_bytes(&s, names[i], NULL);
		assert_string_equal(s.bytes.ptr, names[i]);
		assert_int_equal(s.mode, 0640);
		seen_done(&s);
	}
	says("stat -c %u:%g /root/-n; ls -a /root | grep -c '^.phx' || true", "12:34\n0\n");
}

static void push_says_what_is_wrong(void **state)
{
	struct seen s = {0};

	(void)state;
	push_bytes(&s, PHX_STR("x"), "/nowhere/file", "", 0);
	assert_int_equal(s.kind, PHX_ERR_TASK);
	assert_string_equal(s.message.ptr, "the push failed: there is no directory /nowhere/");
	seen_done(&s);
	pull_bytes(&s, "/root/none", NULL);
	assert_int_equal(s.kind, PHX_ERR_MISSING);
	assert_string_equal(s.message.ptr, "the pull failed: /root/none: No such file or directory");
	seen_done(&s);
}

/* ---- works ---- */

static struct phx_guest_work work_of(const char *key, const char *script, bool once)
{
	struct phx_guest_work w = {.what = phx_str_c(key),
				   .key = phx_str_c(key),
				   .way = lab.way,
				   .script = phx_str_c(script),
				   .timeout_ms = 60000,
				   .once = once};

	w.hash = phx_guest_work_hash(&lab.arena, &w);
	return w;
}

static void begin(struct seen *s, const struct phx_guest_work *w)
{
	struct phx_guest_watch on = watch(s);

	(void)phx_guest_do(lab.channel, &lab.guest, w, &on);
}

static void a_work_has_its_files_and_a_log(void **state)
{
	struct phx_guest_work w =
		work_of("feature:one", "#!/bin/sh\ncat greeting; wc -c <big; echo err >&2; ls ..\n", false);
	char *bytes = random_bytes(1 << 20);
	struct phx_guest_file files[] = {{.name = PHX_STR("greeting"), .content = PHX_STR("hello\n")},
					 {.name = PHX_STR("big"), .content = {bytes, 1 << 20}}};
	struct phx_err err = {0};
	struct seen s = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(files); i++) {
		assert_true(phx_guest_file_measure(&lab.arena, &files[i], &err));
		phx_vec_push(&lab.arena, &w.files, files[i]);
	}
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
	assert_int_equal(s.exit_code, 0);
	assert_non_null(strstr(s.out.ptr, "hello\n1048576\nerr\n"));
	assert_string_equal(s.log.ptr, "/var/log/phx/feature-one.log");
	assert_string_equal(s.streamed.ptr, s.out.ptr);
	seen_done(&s);
	says("head -1 /var/log/phx/feature-one.log; ls /var/lib/phx/in; stat -c %a /var/lib/phx /var/log/phx",
	     "hello\n700\n700\n");
	free(bytes);
}

static void once_is_once_and_a_failure_is_none(void **state)
{
	struct phx_guest_work w = work_of("feature:two", "echo x >>/root/two\ntest -e /root/ready\n", true);
	struct seen s = {0};

	(void)state;
	begin(&s, &w);
	wait_for(&s);
	assert_int_equal(s.kind, PHX_ERR_TASK);
	assert_string_equal(s.message.ptr, "it ended with exit code 1");
	seen_done(&s);
	says("touch /root/ready", "");
	for (int i = 0; i < 2; i++) {
		begin(&s, &w);
		wait_for(&s);
		assert_int_equal(s.kind, PHX_ERR_NONE);
		assert_int_equal(s.known, i == 1);
		seen_done(&s);
	}
	says("cat /root/two", "x\nx\n");
}

static void two_works_take_turns(void **state)
{
	static const char script[] =
		"test ! -e /root/busy || exit 9\ntouch /root/busy; sleep 1; rm /root/busy\n";
	struct phx_guest_work a = work_of("feature:a", script, false),
			      b = work_of("feature:b", script, false);
	struct seen one = {0}, two = {0};

	(void)state;
	begin(&one, &a);
	begin(&two, &b);
	wait_for(&one);
	wait_for(&two);
	assert_int_equal(one.exit_code, 0);
	assert_int_equal(two.exit_code, 0);
	seen_done(&one);
	seen_done(&two);
}

/* The channel is closed while it runs: the same work is joined, not begun again. */
static void a_work_is_joined_again(void **state)
{
	struct phx_guest_work w =
		work_of("feature:join", "echo begun >>/root/join; sleep 6; echo ended\n", false);
	struct seen s = {0};

	(void)state;
	begin(&s, &w);
	until_there("/root/join");
	phx_channel_close(lab.channel);
	lab.channel = phx_channel_open(phx_backend_inside(lab.backend), &lab.arena, &lab.secrets);
	assert_false(s.done);
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
	assert_true(s.joined);
	assert_string_equal(s.out.ptr, "ended\n");
	seen_done(&s);
	says("cat /root/join", "begun\n");
}

/* The agent's own cgroup is no place for a step: a stand-in for systemd-run leaves its mark. */
static void a_work_of_the_agent_has_a_scope_of_its_own(void **state)
{
	static const char stand_in[] = "#!/bin/sh\nwhile :; do case $1 in --*) shift ;; *) break ;; esac; "
				       "done\nexport SCOPED=yes\nexec \"$@\"\n";
	struct phx_guest_work w = work_of("feature:scope", "echo \"scope: $SCOPED\"\n", false);
	struct seen s = {0};

	(void)state;
	push_bytes(&s, (struct phx_str){stand_in, sizeof(stand_in) - 1}, "/bin/systemd-run", "", 0755);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	seen_done(&s);
	says("mkdir -p /run/systemd/system", "");
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.out.ptr, lab.way == PHX_WAY_PCT ? "scope: \n" : "scope: yes\n");
	seen_done(&s);
	says("rm -r /run/systemd /bin/systemd-run", "");
}

static void a_lock_of_the_dead_is_taken_over(void **state)
{
	struct phx_guest_work w = work_of("feature:lock", "echo ok\n", false);
	struct seen s = {0};

	(void)state;
	says("mkdir -p /var/lib/phx/run/gone && echo 99999 1 2 >/var/lib/phx/run/gone/pid && ln -s gone "
	     "/var/lib/phx/lock",
	     "");
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.out.ptr, "ok\n");
	seen_done(&s);
}

static void secrets_are_masked(void **state)
{
	struct phx_guest_work w = work_of("feature:secret", "echo \"password is $PHX_PASSWORD\"\n", false);
	struct phx_param p = {PHX_STR("PHX_PASSWORD"), PHX_STR("Sesame-open-now"), true};
	struct seen s = {0};

	(void)state;
	phx_secrets_add(&lab.secrets, p.value);
	phx_vec_push(&lab.arena, &w.env, p);
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.out.ptr, "password is (secret)\n");
	assert_string_equal(s.streamed.ptr, "password is (secret)\n");
	seen_done(&s);
}

/* Past the channel. */
static void raw(const char *script)
{
	const struct phx_str argv[] = {PHX_STR("pct"),     PHX_STR("exec"), PHX_STR("201"),   PHX_STR("--"),
				       PHX_STR("/bin/sh"), PHX_STR("-c"),   phx_str_c(script)};
	const struct phx_str vm_argv[] = {PHX_STR("qm"),  PHX_STR("guest"), PHX_STR("exec"),
					  PHX_STR("101"), PHX_STR("--"),    PHX_STR("/bin/sh"),
					  PHX_STR("-c"),  phx_str_c(script)};
	struct phx_command c = {.node = PHX_STR("pve"),
				.argv = lab.guest.is_vm ? vm_argv : argv,
				.argc = lab.guest.is_vm ? 8 : 7};
	struct phx_buf out = {0};
	struct phx_err err = {0};
	int code = -1;

	if (!phx_prober_run(phx_backend_prober(lab.backend), &c, &out, NULL, &code, &err))
		fail_msg("%s: %s", script, err.msg.ptr);
	assert_int_equal(code, 0);
	if (lab.guest.is_vm)
		assert_non_null(strstr(out.ptr, "\"exitcode\" : 0"));
	phx_buf_done(&out);
}

static void a_bad_disk(const char *options, const char *expected)
{
	char script[200];
	struct phx_guest_work w = work_of("feature:disk", "echo ok\n", false);
	struct phx_guest_file f = {.name = PHX_STR("big"), .content = {random_bytes(200000), 200000}};
	struct phx_err err = {0};
	struct seen s = {0};

	(void)snprintf(script, sizeof(script), "mount -t tmpfs -o %s tmpfs /var/lib/phx", options);
	raw(script);
	assert_true(phx_guest_file_measure(&lab.arena, &f, &err));
	phx_vec_push(&lab.arena, &w.files, f);
	begin(&s, &w);
	wait_for(&s);
	raw("umount /var/lib/phx");
	assert_true(s.kind == PHX_ERR_TASK || s.kind == PHX_ERR_STORAGE);
	if (!strstr(s.message.ptr, expected))
		fail_msg("%s", s.message.ptr);
	seen_done(&s);
	begin(&s, &w);
	wait_for(&s);
	assert_string_equal(s.out.ptr, "ok\n");
	seen_done(&s);
	free((char *)(uintptr_t)f.content.ptr);
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	a_bad_disk("size=128k", "No space left on device");
}

static void a_read_only_disk_is_told(void **state)
{
	(void)state;
	a_bad_disk("ro", "Read-only file system");
}

static void what_is_killed_from_outside_is_begun_again(void **state)
{
	struct phx_guest_work w = work_of(
		"feature:killed",
		"if [ -e /root/killed ]; then echo again; exit; fi; touch /root/killed; sleep 6543\n", false);
	struct seen s = {0};

	(void)state;
	begin(&s, &w);
	until_there("/root/killed");
	assert_false(s.done);
	raw("set -- $(cat /var/lib/phx/run/feature-killed-*/pid); kill -9 -$1");
	wait_for(&s);
	assert_string_equal(s.out.ptr, "again\n");
	assert_non_null(strstr(s.told.ptr, "it was ended from outside; again"));
	seen_done(&s);
}

/* ---- the agent goes away: the fault that stands behind these calls ---- */

static void agent_dies(const char *call)
{
	struct phx_err err = {0};

	assert_true(phx_writer_send_now(phx_backend_writer(lab.backend), PHX_POST,
					phx_str_printf(&lab.arena, "/nodes/pve/qemu/101/agent/%s", call),
					NULL, NULL, &err));
}

static void an_agent_that_dies_is_waited_for(void **state)
{
	struct phx_guest_work w =
		work_of("feature:dying", "echo begun >>/root/dying; sleep 8; echo ended\n", false);
	struct seen s = {0};

	(void)state;
	if (!lab.guest.is_vm)
		skip();
	begin(&s, &w);
	until_there("/root/dying");
	agent_dies("fstrim");
	wait_for(&s);
	assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
	assert_true(s.joined);
	assert_string_equal(s.out.ptr, "ended\n");
	assert_non_null(strstr(s.told.ptr, "QEMU guest agent is not running"));
	seen_done(&s);
	says("cat /root/dying", "begun\n");
}

static void an_agent_that_is_late_is_waited_for(void **state)
{
	struct seen s = {0};

	(void)state;
	if (!lab.guest.is_vm)
		skip();
	agent_dies("fsfreeze-status");
	sh(&s, "echo here");
	assert_string_equal(s.out.ptr, "here\n");
	assert_non_null(strstr(s.told.ptr, "QEMU guest agent is not running"));
	seen_done(&s);
}

static void ready_is_one_look(void **state)
{
	struct phx_guest_ref none = {lab.guest.is_vm, 999, lab.guest.node};
	struct seen s = {0};
	struct phx_guest_watch w = watch(&s);

	(void)state;
	(void)phx_guest_ready(lab.channel, &lab.guest, lab.way, &w);
	wait_for(&s);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	seen_done(&s);
	w = watch(&s);
	(void)phx_guest_ready(lab.channel, &none, lab.way, &w);
	wait_for(&s);
	assert_int_not_equal(s.kind, PHX_ERR_NONE);
	assert_non_null(strstr(s.message.ptr, "999"));
	seen_done(&s);
}

/* ---- guests that follow a script ---- */

static void script_runs_nothing_and_says_so(void **state)
{
	struct phx_guest_work w = work_of("feature:fails", "true\n", true),
			      once = work_of("feature:once", "true\n", true);
	struct seen s = {0};

	(void)state;
	sh(&s, "echo anything; exit 3");
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 0);
	seen_done(&s);
	begin(&s, &w);
	wait_for(&s);
	assert_int_equal(s.kind, PHX_ERR_TASK);
	assert_string_equal(s.message.ptr, "it ended with exit code 4");
	assert_string_equal(s.out.ptr, "by the script\n");
	seen_done(&s);
	for (int i = 0; i < 2; i++) {
		begin(&s, &once);
		wait_for(&s);
		assert_int_equal(s.kind, PHX_ERR_NONE);
		assert_int_equal(s.known, i == 1);
		seen_done(&s);
	}
}

static void script_floods(void **state)
{
	struct phx_guest_work w = work_of("feature:flood", "true\n", false);
	struct seen s = {0};

	(void)state;
	begin(&s, &w);
	wait_for(&s);
	assert_int_equal(s.exit_code, 0);
	assert_true(s.cut);
	assert_int_equal(s.out.len, 65536);
	seen_done(&s);
}

static void script_keeps_what_is_pushed(void **state)
{
	static const size_t sizes[] = {0, 61441, 1 << 20};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(sizes); i++) {
		char *bytes = random_bytes(sizes[i]);
		struct seen s = {0};

		push_bytes(&s, (struct phx_str){bytes, sizes[i]}, "/etc/kept file", "12:34", 0600);
		assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
		seen_done(&s);
		pull_bytes(&s, "/etc/kept file", NULL);
		assert_string_equal(s.message.ptr ? s.message.ptr : "", "");
		assert_int_equal(s.mode, 0600);
		assert_int_equal(s.bytes.len, sizes[i]);
		if (sizes[i])
			assert_memory_equal(s.bytes.ptr, bytes, sizes[i]);
		seen_done(&s);
		free(bytes);
	}
}

static void script_knows_no_other_file(void **state)
{
	struct seen s = {0};

	(void)state;
	pull_bytes(&s, "/etc/none", NULL);
	assert_int_equal(s.kind, PHX_ERR_MISSING);
	seen_done(&s);
}

/* ---- the lab ---- */

static const char cluster[] =
	"{\"nodes\": [{\"name\": \"pve\", \"cores\": 8, \"memory\": \"64G\"}],"
	"\"storages\": [{\"storage\": \"local-lvm\", \"type\": \"lvmthin\", \"content\": \"images,rootdir\", "
	"\"size\": \"500G\"}],"
	"\"volumes\": [{\"volid\": \"local-lvm:vm-101-disk-0\", \"size\": \"4G\", \"os\": {\"agent\": true, "
	"\"boot_s\": 0}},"
	"{\"volid\": \"local-lvm:vm-201-disk-0\", \"size\": \"4G\", \"os\": {\"boot_s\": 0}}],"
	"\"guests\": [{\"vmid\": 101, \"running\": true, \"conf\": {\"name\": \"vm\", \"agent\": \"1\", "
	"\"scsi0\": "
	"\"local-lvm:vm-101-disk-0,size=4G\", \"boot\": \"order=scsi0\"}},"
	"{\"vmid\": 201, \"kind\": \"lxc\", \"running\": true, \"conf\": {\"hostname\": \"ct\", \"rootfs\": "
	"\"local-lvm:vm-201-disk-0,size=4G\"}}],"
	"\"exec\": [{\"command\": \"^phx feature-fails-\", \"exit\": 4, \"out\": \"by the script\\n\"},"
	"{\"command\": \"^phx feature-flood-\", \"out_size\": 52428800}]}";

static const char faults[] = "{\"faults\": [{\"match\": {\"path\": \"/agent/fstrim$\", \"every\": true}, "
			     "\"agent_dies\": {\"vmid\": 101, \"seconds\": 5}},"
			     "{\"match\": {\"path\": \"/agent/fsfreeze-status$\", \"every\": true}, "
			     "\"agent_dies\": {\"vmid\": 101, \"seconds\": 5}}]}";

/* The first command on the node is done, but its answer is lost: the way breaks. */
static const char faults_pct[] =
	"{\"faults\": [{\"match\": {\"path\": \"^/sim/host$\", \"nth\": 1}, \"drop_after\": true}]}";

static void put(const char *name, const char *text)
{
	struct phx_err err = {0};

	if (!phx_write_file_atomic(phx_str_printf(&lab.arena, "%s/%s", lab.dir, name).ptr, phx_str_c(text),
				   0644, &err))
		fail_msg("%s", err.msg.ptr);
}

_Noreturn static void skip_all(const char *why)
{
	printf("SKIPPED: %s\n", why);
	exit(EXIT_SKIPPED);
}

static void make_tree(void)
{
	static const char script[] =
		"set -e; bb=$(command -v busybox) || exit 1; ! ldd \"$bb\" >/dev/null 2>&1 || exit 1; mkdir "
		"-p \"$1\"; cd \"$1\"; "
		"mkdir -p bin etc proc dev sys run tmp root var/lib var/log; cp \"$bb\" bin/busybox; "
		"for a in $(bin/busybox --list); do [ $a = busybox ] || ln -s busybox bin/$a; done; "
		"echo root:x:0:0:root:/root:/bin/sh >etc/passwd; echo root:x:0: >etc/group";
	char *line = NULL;

	lab.tree = getenv("PHX_TEST_TREE");
	if (lab.tree)
		return;
	lab.tree = phx_str_printf(&lab.arena, "%s/tree", lab.dir).ptr;
	if (asprintf(&line, "sh -c '%s' sh %s/tree", script, lab.dir) < 0 || system(line) != 0)
		skip_all("there is no static busybox (package busybox-static)");
	free(line);
}

static int set_up(void **state)
{
	struct phx_backend_config c = {.sim_speed = 1};
	struct phx_err err = {0};
	struct seen s = {0};

	(void)state;
	lab.secrets.arena = &lab.arena;
	(void)snprintf(lab.dir, sizeof(lab.dir), "/tmp/phx-guest-XXXXXX");
	assert_non_null(mkdtemp(lab.dir));
	if (!lab.scripted)
		make_tree();
	assert_int_equal(mkdir(phx_str_printf(&lab.arena, "%s/sim", lab.dir).ptr, 0700), 0);
	put("sim/cluster.json", cluster);
	put("faults.json", lab.way == PHX_WAY_PCT && !lab.scripted ? faults_pct : faults);
	c.sim_dir = phx_str_printf(&lab.arena, "%s/sim", lab.dir);
	if (!lab.scripted)
		c.sim_guests = phx_str_c(lab.tree);
	c.sim_faults = phx_str_printf(&lab.arena, "%s/faults.json", lab.dir);
	c.secrets = &lab.secrets;
	if (!phx_backend_open(&c, &lab.arena, &lab.backend, &err))
		fail_msg("%s", err.msg.ptr);
	lab.channel = phx_channel_open(phx_backend_inside(lab.backend), &lab.arena, &lab.secrets);
	sh(&s, "echo begun >>/root/first; echo ready; echo err >&2");
	if (s.message.len && strstr(s.message.ptr, "tree does not run"))
		skip_all(s.message.ptr);
	if (!lab.scripted && (s.joined != (lab.way == PHX_WAY_PCT) || strcmp(s.out.ptr, "ready\n") != 0 ||
			      strcmp(s.err_out.ptr, "err\n") != 0))
		fail_msg("the first command: joined %d, %s%s", s.joined, s.message.ptr ? s.message.ptr : "",
			 s.out.ptr);
	seen_done(&s);
	return 0;
}

static int tear_down(void **state)
{
	char *line = NULL;

	(void)state;
	phx_channel_close(lab.channel);
	phx_backend_close(lab.backend);
	/* The server ends by itself when its directory is gone. */
	if (asprintf(&line, "rm -rf %s", lab.dir) < 0 || system(line) != 0)
		print_message("%s is left over\n", lab.dir);
	free(line);
	phx_arena_done(&lab.arena);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_answer_repeats_nothing),
		cmocka_unit_test(ready_is_one_look),
		cmocka_unit_test(run_gives_output_and_exit_code),
		cmocka_unit_test(run_gives_much_of_standard_error),
		cmocka_unit_test(run_passes_any_bytes),
		cmocka_unit_test(run_sets_the_environment),
		cmocka_unit_test(signals_are_told),
		cmocka_unit_test(a_missing_program_is_an_exit_code),
		cmocka_unit_test(a_hanging_command_ends_with_its_children),
		cmocka_unit_test(a_flood_is_cut),
		cmocka_unit_test(a_run_is_whole_when_that_is_wanted),
		cmocka_unit_test(stop_ends_it_and_says_so),
		cmocka_unit_test(stop_at_once_leaves_nothing_at_work),
		cmocka_unit_test(cancel_ends_it_in_the_guest),
		cmocka_unit_test(files_of_all_sizes_arrive_identical),
		cmocka_unit_test(local_files_go_and_come),
		cmocka_unit_test(odd_names_work),
		cmocka_unit_test(push_says_what_is_wrong),
		cmocka_unit_test(a_work_has_its_files_and_a_log),
		cmocka_unit_test(once_is_once_and_a_failure_is_none),
		cmocka_unit_test(two_works_take_turns),
		cmocka_unit_test(a_work_is_joined_again),
		cmocka_unit_test(a_work_of_the_agent_has_a_scope_of_its_own),
		cmocka_unit_test(a_lock_of_the_dead_is_taken_over),
		cmocka_unit_test(secrets_are_masked),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_read_only_disk_is_told),
		cmocka_unit_test(what_is_killed_from_outside_is_begun_again),
		cmocka_unit_test(an_agent_that_dies_is_waited_for),
		cmocka_unit_test(an_agent_that_is_late_is_waited_for),
	};
	const struct CMUnitTest scripted[] = {
		cmocka_unit_test(script_runs_nothing_and_says_so),
		cmocka_unit_test(script_floods),
		cmocka_unit_test(script_keeps_what_is_pushed),
		cmocka_unit_test(script_knows_no_other_file),
	};
	static const char *const ways[] = {"", "agent", "qm", "pct"};

	for (uint8_t i = 1; argc >= 2 && i < PHX_COUNTOF(ways); i++)
		if (strcmp(argv[1], ways[i]) == 0)
			lab.way = i;
	lab.scripted = argc == 3 && strcmp(argv[2], "script") == 0;
	if (lab.way == PHX_WAY_NONE || argc > 3) {
		printf("usage: test_guest_channel agent|qm|pct [script]\n");
		return 64;
	}
	lab.guest = (struct phx_guest_ref){lab.way != PHX_WAY_PCT, lab.way == PHX_WAY_PCT ? 201 : 101,
					   PHX_STR("pve")};
	if (lab.scripted)
		return cmocka_run_group_tests_name(ways[lab.way], scripted, set_up, tear_down);
	return cmocka_run_group_tests_name(ways[lab.way], tests, set_up, tear_down);
}
