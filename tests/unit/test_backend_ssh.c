/* Commands over a real sshd on loopback, with a host key, an authorized key and a known_hosts of its own. */
#include "base_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "backend/api/api.h"
#include "backend/host/host.h"
#include "backend/pvesh/pvesh.h"
#include "base/sys.h"

enum { WORDS_MAX = 16, WAIT_MS = 30000 };

struct lab {
	char dir[64];
	char path[4096]; /* PATH before */
	uint32_t port;
	struct phx_procs *procs; /* sshd */
	uint64_t sshd;
	struct phx_host *h;
	bool usable;
};

struct seen {
	uint32_t done;
	int exit_code, signal;
	enum phx_err_kind kind;
	struct phx_buf out, err_out, message, hint, stream[2];
	bool cut;
};

static void on_output(void *user, bool is_stderr, struct phx_str bytes)
{
	phx_buf_str(&((struct seen *)user)->stream[is_stderr], bytes);
}

static void on_done(void *user, const struct phx_command_end *end)
{
	struct seen *s = user;

	s->done++;
	s->exit_code = end->exit_code;
	s->signal = end->signal;
	s->kind = end->err.kind;
	s->cut = end->cut;
	phx_buf_c(&s->out, "");
	phx_buf_c(&s->err_out, "");
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
	phx_buf_done(&s->stream[0]);
	phx_buf_done(&s->stream[1]);
	*s = (struct seen){0};
}

static void serve(struct phx_host *h, uint64_t ms)
{
	uint64_t until = phx_now_ms() + ms;

	for (phx_host_work(h); phx_host_count(h) && phx_now_ms() < until; phx_host_work(h)) {
		uint64_t quiet = phx_host_quiet_ms(h, phx_now_ms());
		size_t n;
		struct pollfd *fds = phx_host_fds(h, &n);

		poll(fds, n, quiet > 100 ? 100 : (int)quiet);
	}
}

static uint64_t begin(struct phx_host *h, struct seen *s, const char *node, const char *const *words,
		      struct phx_str input, uint64_t timeout_ms)
{
	static const struct phx_host_how how;
	struct phx_str argv[WORDS_MAX];
	struct phx_command c = {.node = phx_str_c(node),
				.argv = argv,
				.input = input,
				.timeout_ms = timeout_ms,
				.output = on_output,
				.done = on_done,
				.user = s};

	for (; words[c.argc]; c.argc++)
		argv[c.argc] = phx_str_c(words[c.argc]);
	return phx_host_command(h, &c, &how);
}

static void sh(struct lab *l, struct seen *s, const char *script, struct phx_str input, uint64_t timeout_ms)
{
	const char *const words[] = {"sh", "-c", script, NULL};

	begin(l->h, s, "", words, input, timeout_ms);
	serve(l->h, WAIT_MS);
	assert_int_equal(s->done, 1);
}

/* ---- the sshd ---- */

static void put(struct lab *l, const char *name, unsigned mode, const char *fmt, ...) PHX_PRINTF(4, 5);
static void put(struct lab *l, const char *name, unsigned mode, const char *fmt, ...)
{
	struct phx_buf path = {0};
	struct phx_err err = {0};
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	assert_true(vasprintf(&text, fmt, args) >= 0);
	va_end(args);
	phx_buf_printf(&path, "%s/%s", l->dir, name);
	assert_true(phx_write_file_atomic(path.ptr, phx_str_c(text), mode, &err));
	phx_buf_done(&path);
	free(text);
}

static int run_here(const char *script)
{
	struct phx_host_config here = {.here = true};
	struct phx_host *h = phx_host_open(&here);
	const char *const words[] = {"sh", "-c", script, NULL};
	struct seen s = {0};
	int code;

	begin(h, &s, "", words, (struct phx_str){0}, 0);
	serve(h, WAIT_MS);
	phx_host_close(h);
	code = s.done == 1 && s.kind == PHX_ERR_NONE ? s.exit_code : -1;
	if (code != 0 && s.err_out.len)
		print_message("%s\n", s.err_out.ptr);
	forget(&s);
	return code;
}

static int shell(const char *fmt, ...) PHX_PRINTF(1, 2);
static int shell(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int code;

	va_start(args, fmt);
	assert_true(vasprintf(&text, fmt, args) >= 0);
	va_end(args);
	code = run_here(text);
	free(text);
	return code;
}

static uint32_t free_port(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static bool answers(uint32_t port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons((uint16_t)port)};
	bool ok = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

	close(fd);
	return ok;
}

static void start_sshd(struct lab *l)
{
	struct phx_buf config = {0};
	struct phx_str argv[] = {PHX_STR("/usr/sbin/sshd"), PHX_STR("-D"), PHX_STR("-e"), PHX_STR("-f"), {0}};
	struct phx_proc_start s = {.argv = argv, .argc = 5};
	uint64_t until = phx_now_ms() + WAIT_MS;

	phx_buf_printf(&config, "%s/sshd_config", l->dir);
	argv[4] = phx_buf_view(&config);
	l->procs = phx_procs_new();
	l->sshd = phx_procs_start(l->procs, &s);
	while (!answers(l->port) && phx_now_ms() < until) {
		phx_procs_work(l->procs);
		phx_sleep_ms(20);
	}
	phx_buf_done(&config);
	assert_true(answers(l->port));
}

static int set_up(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));
	char path[4200];

	*state = l;
	snprintf(l->dir, sizeof(l->dir), "/tmp/phx-sshd-XXXXXX");
	assert_non_null(mkdtemp(l->dir));
	snprintf(l->path, sizeof(l->path), "%s", getenv("PATH"));
	if (access("/usr/sbin/sshd", X_OK) != 0 || geteuid() != 0) {
		print_message("skipped: needs /usr/sbin/sshd (package openssh-server), and root\n");
		return 0;
	}
	mkdir("/run/sshd", 0755);
	l->port = free_port();
	assert_int_equal(shell("cd %s && ssh-keygen -q -t ed25519 -N '' -f hostkey && ssh-keygen -q -t "
			       "ed25519 -N '' -f key "
			       "&& cp key.pub authorized && mkdir bin && "
			       "printf '[127.0.0.1]:%u %%s\\n' \"$(cat hostkey.pub)\" >known_hosts",
			       l->dir, l->port),
			 0);
	put(l, "sshd_config", 0600,
	    "Port %u\nListenAddress 127.0.0.1\nHostKey %s/hostkey\nAuthorizedKeysFile "
	    "%s/authorized\nStrictModes no\n"
	    "UsePAM no\nPidFile none\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
	    "KbdInteractiveAuthentication no\n",
	    l->port, l->dir, l->dir);
	/* As a user's ~/.ssh/config would: which key, which known_hosts. */
	put(l, "ssh_config", 0600,
	    "Host *\n IdentityFile %s/key\n IdentitiesOnly yes\n IdentityAgent none\n UserKnownHostsFile "
	    "%s/known_hosts\n"
	    " GlobalKnownHostsFile none\n UpdateHostKeys no\n",
	    l->dir, l->dir);
	put(l, "bin/ssh", 0700, "#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config \"$@\"\n", l->dir);
	snprintf(path, sizeof(path), "%s/bin:%s", l->dir, l->path);
	setenv("PATH", path, 1);
	setenv("XDG_RUNTIME_DIR", l->dir, 1);
	start_sshd(l);
	l->usable = true;
	return 0;
}

static int tear_down(void **state)
{
	struct lab *l = *state;

	setenv("PATH", l->path, 1);
	unsetenv("XDG_RUNTIME_DIR");
	phx_procs_free(l->procs);
	shell("rm -rf %s", l->dir);
	free(l);
	return 0;
}

static void connect_to(struct lab *l, const char *host)
{
	struct phx_host_config far = {
		.ssh_host = phx_str_c(host), .ssh_user = PHX_STR("root"), .ssh_port = l->port};

	if (!l->usable)
		skip();
	phx_host_close(l->h);
	l->h = phx_host_open(&far);
}

static int begin_test(void **state)
{
	struct lab *l = *state;

	if (l->usable)
		connect_to(l, "127.0.0.1");
	return 0;
}

static int end_test(void **state)
{
	struct lab *l = *state;

	phx_host_close(l->h);
	l->h = NULL;
	return 0;
}

static struct lab *usable(void **state)
{
	struct lab *l = *state;

	if (!l->usable)
		skip();
	return l;
}

/* ---- what must hold ---- */

static void words_arrive_as_they_are(void **state)
{
	const char *const words[] = {
		"printf",          "[%s]",     "a b", "",  "'", "''q'\"'", "new\nline\n", "\xff\xfe\x01",
		"$HOME `id` \\ !", "ümläut ☃", "-n",  "*", NULL};
	struct lab *l = usable(state);
	struct seen s = {0};

	begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	serve(l->h, WAIT_MS);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 0);
	assert_string_equal(
		s.out.ptr,
		"[a b][]['][''q'\"'][new\nline\n][\xff\xfe\x01][$HOME `id` \\ !][ümläut ☃][-n][*]");
	forget(&s);
}

static void twenty_mebibytes_go_in_and_come_out(void **state)
{
	struct lab *l = usable(state);
	size_t n = 20u * 1024 * 1024;
	char *bytes = malloc(n);
	struct seen s = {0};
	struct phx_arena a = {0};

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	sh(l, &s, "cat; printf err >&2", (struct phx_str){bytes, n}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.stream[0].len, n);
	assert_memory_equal(s.stream[0].ptr, bytes, n);
	assert_string_equal(s.err_out.ptr, "err");
	assert_int_equal(s.out.len, PHX_PROCS_KEEP);
	assert_true(s.cut);
	forget(&s);
	phx_arena_done(&a);
	free(bytes);
}

static void standard_error_has_no_marks_in_it(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};

	/* A lone mark byte, and half a mark, are the command's own. */
	sh(l, &s, "printf 'a\\036b\\036phx-end:x' >&2", (struct phx_str){0}, 0);
	assert_string_equal(s.err_out.ptr, "a\036b\036phx-end:x");
	assert_string_equal(s.stream[1].ptr, "a\036b\036phx-end:x");
	assert_int_equal(s.exit_code, 0);
	forget(&s);
}

static void exit_codes_are_the_commands(void **state)
{
	static const int codes[] = {0, 1, 7, 127, 129, 254, 255};
	struct lab *l = usable(state);

	for (size_t i = 0; i < PHX_COUNTOF(codes); i++) {
		struct seen s = {0};
		char script[32];

		snprintf(script, sizeof(script), "exit %d", codes[i]);
		sh(l, &s, script, (struct phx_str){0}, 0);
		assert_int_equal(s.kind, PHX_ERR_NONE);
		assert_int_equal(s.exit_code, codes[i]);
		assert_int_equal(s.signal, 0);
		forget(&s);
	}
}

static void a_signal_is_told_apart_from_an_exit_code(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};

	sh(l, &s, "kill -9 $$", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.signal, SIGKILL);
	assert_int_equal(s.exit_code, 0);
	forget(&s);
}

static void a_program_that_is_not_there_is_exit_code_127(void **state)
{
	const char *const words[] = {"no-such-program-of-phx", NULL};
	struct lab *l = usable(state);
	struct seen s = {0};

	begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	serve(l->h, WAIT_MS);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_int_equal(s.exit_code, 127);
	assert_string_equal(s.err_out.ptr, "no-such-program-of-phx: No such file or directory\n");
	forget(&s);
}

static void forty_share_one_connection(void **state)
{
	const char *const words[] = {"sleep", "1", NULL};
	struct lab *l = usable(state);
	struct seen s = {0};
	uint64_t began = phx_now_ms();

	for (int i = 0; i < 40; i++)
		begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	serve(l->h, WAIT_MS);
	assert_int_equal(s.done, 40);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_true(phx_now_ms() - began < 40 * 1000); /* one after another */
	forget(&s);
}

static void a_connection_that_breaks_leaves_the_outcome_unknown(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};
	char script[256];

	/* Its grandparent is the sshd of this connection. */
	snprintf(script, sizeof(script),
		 "echo $$ >%s/pid; echo on; sleep 0.5; read a b c d e </proc/$PPID/stat; kill -9 $d; exec "
		 "sleep 60",
		 l->dir);
	sh(l, &s, script, (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_LOST);
	assert_string_equal(s.out.ptr, "on\n");
	assert_non_null(strstr(s.message.ptr, "the connection to root@127.0.0.1 broke while `sh -c "));
	assert_non_null(strstr(s.message.ptr, "whether it was done is unknown"));
	forget(&s);
	/* What ran there is not left behind. */
	assert_int_equal(shell("for i in $(seq 100); do kill -0 $(cat %s/pid) 2>/dev/null || exit 0; sleep "
			       "0.1; done; exit 1",
			       l->dir),
			 0);
	/* The next one makes a new connection. */
	sh(l, &s, "echo again", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_NONE);
	assert_string_equal(s.out.ptr, "again\n");
	forget(&s);
}

static void one_that_is_stopped_ends_there_too(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};
	char script[128];
	const char *const words[] = {"sh", "-c", script, NULL};
	uint64_t handle, until = phx_now_ms() + WAIT_MS;

	snprintf(script, sizeof(script), "echo $$ >%s/pid2; echo on; exec sleep 60", l->dir);
	handle = begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	while (s.stream[0].len < 3 && phx_now_ms() < until)
		serve(l->h, 50);
	phx_host_stop(l->h, handle);
	assert_int_equal(phx_host_count(l->h), 0);
	for (int i = 0; i < 100; i++) {
		phx_host_work(l->h);
		phx_sleep_ms(5);
	}
	assert_int_equal(s.done, 0);
	assert_int_equal(shell("for i in $(seq 100); do kill -0 $(cat %s/pid2) 2>/dev/null || exit 0; sleep "
			       "0.1; done; exit 1",
			       l->dir),
			 0);
	forget(&s);
}

static void a_deadline_ends_it_there_too(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};
	char script[128];

	snprintf(script, sizeof(script), "echo $$ >%s/pid3; exec sleep 60", l->dir);
	sh(l, &s, script, (struct phx_str){0}, 1500);
	assert_int_equal(s.kind, PHX_ERR_TIMEOUT);
	assert_int_equal(shell("for i in $(seq 100); do kill -0 $(cat %s/pid3) 2>/dev/null || exit 0; sleep "
			       "0.1; done; exit 1",
			       l->dir),
			 0);
	forget(&s);
}

static void an_unknown_host_key_is_refused_with_what_to_do(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};
	uint64_t began = phx_now_ms();

	connect_to(l, "localhost"); /* known_hosts has it as 127.0.0.1 only */
	for (int i = 0; i < 20; i++) {
		const char *const words[] = {"true", NULL};

		begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	}
	serve(l->h, WAIT_MS);
	assert_int_equal(s.done, 20); /* the first one's failure is theirs: no 20 connections */
	assert_true(phx_now_ms() - began < 10000);
	assert_int_equal(s.kind, PHX_ERR_AUTH);
	assert_non_null(
		strstr(s.message.ptr, "no connection to root@localhost: its host key is not in known_hosts"));
	assert_non_null(strstr(s.hint.ptr, "ssh root@localhost"));
	forget(&s);
	assert_int_equal(shell("grep -c localhost %s/known_hosts; test $? = 1", l->dir), 0);
}

static void a_changed_host_key_is_another_matter(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};

	assert_int_equal(shell("cd %s && cp known_hosts kept && ssh-keygen -q -t ed25519 -N '' -f other && "
			       "printf '[127.0.0.1]:%u %%s\\n' \"$(cat other.pub)\" >known_hosts",
			       l->dir, l->port),
			 0);
	sh(l, &s, "true", (struct phx_str){0}, 0);
	assert_int_equal(shell("cd %s && mv kept known_hosts", l->dir), 0);
	assert_int_equal(s.kind, PHX_ERR_AUTH);
	assert_non_null(strstr(s.message.ptr, "its host key is another one than known_hosts has"));
	assert_non_null(strstr(s.hint.ptr, "find out why before anything else"));
	forget(&s);
}

static void a_key_that_is_not_accepted_is_named(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};

	assert_int_equal(shell("cd %s && mv authorized away", l->dir), 0);
	sh(l, &s, "true", (struct phx_str){0}, 0);
	assert_int_equal(shell("cd %s && mv away authorized", l->dir), 0);
	assert_int_equal(s.kind, PHX_ERR_AUTH);
	assert_non_null(strstr(s.message.ptr,
			       "it does not accept this user's keys (root@127.0.0.1: Permission denied"));
	assert_non_null(strstr(s.hint.ptr, "ssh-copy-id root@127.0.0.1"));
	forget(&s);
}

static void a_closed_port_and_a_wrong_name_are_told_apart(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};
	uint32_t port = l->port;

	l->port = free_port();
	connect_to(l, "127.0.0.1");
	sh(l, &s, "true", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(s.message.ptr, "the connection is refused"));
	forget(&s);
	l->port = port;
	connect_to(l, "no-such-host.invalid");
	sh(l, &s, "true", (struct phx_str){0}, 0);
	assert_int_equal(s.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(s.message.ptr, "there is no such host name"));
	forget(&s);
}

static void a_node_that_is_not_there_is_named(void **state)
{
	const char *const words[] = {"true", NULL};
	struct lab *l = usable(state);
	struct seen s = {0};

	begin(l->h, &s, "no-such-node", words, (struct phx_str){0}, 0);
	serve(l->h, WAIT_MS);
	assert_int_equal(s.kind, PHX_ERR_MISSING);
	assert_non_null(strstr(s.message.ptr, "no connection to no-such-node from root@127.0.0.1"));
	forget(&s);
}

static void no_socket_and_no_master_stay_behind(void **state)
{
	struct lab *l = usable(state);
	struct seen s = {0};

	sh(l, &s, "true", (struct phx_str){0}, 0);
	forget(&s);
	assert_int_equal(shell("ls -d %s/phx-ssh-*/*", l->dir), 0);
	phx_host_close(l->h);
	l->h = NULL;
	assert_int_equal(shell("! ls -d %s/phx-ssh-*", l->dir), 0);
}

static void who_waits_for_the_connection_has_a_deadline_too(void **state)
{
	const char *const words[] = {"true", NULL};
	struct lab *l = usable(state);
	struct seen first = {0}, second = {0};

	begin(l->h, &first, "", words, (struct phx_str){0}, 0);
	begin(l->h, &second, "", words, (struct phx_str){0}, 1);
	serve(l->h, WAIT_MS);
	assert_int_equal(first.kind, PHX_ERR_NONE);
	assert_int_equal(second.kind, PHX_ERR_TIMEOUT);
	assert_string_equal(second.message.ptr, "not begun after 0.0 s");
	forget(&first);
	forget(&second);
}

static void what_waits_when_all_is_closed_calls_nobody(void **state)
{
	const char *const words[] = {"sleep", "60", NULL};
	struct lab *l = usable(state);
	struct seen s = {0};
	uint64_t handle;

	begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	handle = begin(l->h, &s, "", words, (struct phx_str){0}, 0);
	phx_host_stop(l->h, handle);
	phx_host_work(l->h);
	assert_int_equal(phx_host_count(l->h), 2);
	phx_host_close(l->h);
	l->h = NULL;
	assert_int_equal(s.done, 0);
}

/* ---- below the backends ---- */

static struct phx_backend_config over_ssh(const struct lab *l, enum phx_backend_kind kind)
{
	return (struct phx_backend_config){
		.kind = kind,
		.endpoint = PHX_STR("https://127.0.0.1:9"),
		.token = PHX_STR("root@pam!phx=11111111-2222-3333-4444-555555555555"),
		.ssh_host = PHX_STR("127.0.0.1"),
		.ssh_user = PHX_STR("root"),
		.ssh_port = l->port};
}

/* The usual case: everything over the API, but for what only a command on the node can do. */
static void the_api_has_its_commands_go_over_ssh(void **state)
{
	const struct phx_str argv[] = {PHX_STR("sh"), PHX_STR("-c"),
				       PHX_STR("echo $SSH_CONNECTION | cut -d' ' -f3; exit 4")},
			     hang[] = {PHX_STR("sleep"), PHX_STR("60")};
	struct lab *l = usable(state);
	struct phx_backend_config config = over_ssh(l, PHX_BACKEND_API);
	struct phx_command c = {.argv = argv, .argc = 3};
	struct phx_arena a = {0};
	struct phx_backend *b;
	struct phx_buf out = {0};
	struct phx_err err = {0};
	struct seen s = {0};
	int code = 0;

	assert_true(phx_api_open(&config, &a, &b, &err));
	assert_true(phx_backend_has_host(b));
	assert_true(phx_prober_run(phx_backend_prober(b), &c, &out, NULL, &code, &err));
	assert_int_equal(code, 4);
	assert_string_equal(out.ptr, "127.0.0.1\n");
	c = (struct phx_command){.argv = hang, .argc = 2, .done = on_done, .user = &s};
	phx_writer_command_stop(phx_backend_writer(b), phx_writer_command(phx_backend_writer(b), &c));
	assert_int_equal(phx_backend_run(b, 0, -1), 0);
	(void)phx_writer_command(phx_backend_writer(b), &c);
	assert_int_equal(phx_backend_run(b, 100, -1), 1);
	phx_backend_close(b);
	assert_int_equal(s.done, 0);
	phx_buf_done(&out);
	phx_err_done(&err);
	phx_arena_done(&a);
}

static void calls_over_ssh_that_are_closed_call_nobody(void **state)
{
	const struct phx_str hang[] = {PHX_STR("sleep"), PHX_STR("60")};
	struct lab *l = usable(state);
	struct phx_backend_config config = over_ssh(l, PHX_BACKEND_SSH);
	struct phx_request r = {.method = PHX_GET, .path = PHX_STR("/nodes/pve/status")};
	struct phx_arena a = {0};
	struct phx_backend *b;
	struct phx_err err = {0};
	struct seen s = {0};
	struct phx_command c = {.argv = hang, .argc = 2, .done = on_done, .user = &s};

	assert_true(phx_pvesh_open(&config, &a, &b, &err));
	for (int i = 0; i < 20; i++)
		phx_reader_get(phx_backend_reader(b), &r);
	phx_writer_command_stop(phx_backend_writer(b), phx_writer_command(phx_backend_writer(b), &c));
	assert_int_equal(phx_backend_run(b, 0, -1), 20);
	phx_backend_close(b);
	assert_int_equal(s.done, 0);
	phx_arena_done(&a);
}

static void a_backend_that_cannot_be_is_refused_with_what_to_write(void **state)
{
	struct phx_backend_config config = {.kind = PHX_BACKEND_SSH};
	struct phx_arena a = {0};
	struct phx_backend *b = NULL;
	struct phx_err err = {0};

	(void)state;
	assert_false(phx_pvesh_open(&config, &a, &b, &err));
	assert_string_equal(err.msg.ptr, "the ssh backend needs a host");
	assert_non_null(strstr(err.hint.ptr, "ssh { host = "));
	config.kind = PHX_BACKEND_LOCAL;
	if (!phx_pvesh_here()) {
		assert_false(phx_pvesh_open(&config, &a, &b, &err));
		assert_non_null(
			strstr(err.msg.ptr, "the local backend needs root on a Proxmox VE node: this "));
	}
	assert_null(b);
	phx_err_done(&err);
	phx_arena_done(&a);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin_test, end_test)
	const struct CMUnitTest tests[] = {
		T(words_arrive_as_they_are),
		T(twenty_mebibytes_go_in_and_come_out),
		T(standard_error_has_no_marks_in_it),
		T(exit_codes_are_the_commands),
		T(a_signal_is_told_apart_from_an_exit_code),
		T(a_program_that_is_not_there_is_exit_code_127),
		T(forty_share_one_connection),
		T(a_connection_that_breaks_leaves_the_outcome_unknown),
		T(one_that_is_stopped_ends_there_too),
		T(a_deadline_ends_it_there_too),
		T(an_unknown_host_key_is_refused_with_what_to_do),
		T(a_changed_host_key_is_another_matter),
		T(a_key_that_is_not_accepted_is_named),
		T(a_closed_port_and_a_wrong_name_are_told_apart),
		T(a_node_that_is_not_there_is_named),
		T(no_socket_and_no_master_stay_behind),
		T(who_waits_for_the_connection_has_a_deadline_too),
		T(what_waits_when_all_is_closed_calls_nobody),
		T(the_api_has_its_commands_go_over_ssh),
		T(calls_over_ssh_that_are_closed_call_nobody),
		T(a_backend_that_cannot_be_is_refused_with_what_to_write),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
