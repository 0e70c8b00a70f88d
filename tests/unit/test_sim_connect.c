#include "sim_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"

static struct phx_sim_endpoint connect_to(struct phx_sim_fixture *f, double idle_s)
{
	struct phx_sim_options o = {.dir = phx_sim_in_dir(f, "cluster"), .idle_s = idle_s};
	struct phx_sim_endpoint at;
	struct phx_err err = {0};

	if (!phx_sim_connect(&f->arena, &o, &at, &err))
		fail_msg("%s", err.msg.ptr);
	return at;
}

/* One GET; the answer's first line and body in the fixture's arena. */
static const char *get(struct phx_sim_fixture *f, const struct phx_sim_endpoint *at, const char *path)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct phx_buf answer = {0};
	struct phx_str request = phx_str_printf(
		&f->arena,
		"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: PVEAPIToken=%s\r\n\r\n",
		path, at->token.ptr);
	uint64_t port = 0;
	const char *out;
	ssize_t n;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(phx_parse_u64(phx_str_c(strrchr(at->url.ptr, ':') + 1), &port));
	to.sin_port = htons((uint16_t)port);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(write(fd, request.ptr, request.len), request.len);
	do {
		n = read(fd, phx_buf_reserve(&answer, 4096), 4096);
		if (n > 0)
			answer.len += (size_t)n;
	} while (n > 0);
	close(fd);
	out = phx_str_dup(&f->arena, phx_buf_view(&answer)).ptr;
	phx_buf_done(&answer);
	return out;
}

static bool gone(int64_t pid)
{
	for (int i = 0; i < 1000; i++) {
		if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
			return true;
		phx_sleep_ms(10);
	}
	return false;
}

static void the_first_to_connect_starts_a_server_and_the_next_finds_it(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_endpoint first = connect_to(f, 30), second = connect_to(f, 30);
	const char *answer;

	assert_true(first.started);
	assert_false(second.started);
	assert_int_equal(first.pid, second.pid);
	assert_true(phx_str_eq(first.url, second.url));
	answer = get(f, &second, "/api2/json/version");
	assert_true(phx_str_starts(phx_str_c(answer), "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(answer, "\"version\":\"8.4.1\""));
	assert_int_equal(kill((pid_t)first.pid, SIGKILL), 0);
}

static void a_killed_server_is_followed_by_another_with_the_same_token(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_endpoint first = connect_to(f, 30), second;

	assert_int_equal(kill((pid_t)first.pid, SIGKILL), 0);
	assert_true(gone(first.pid));
	second = connect_to(f, 30);
	assert_true(second.started);
	assert_int_not_equal(first.pid, second.pid);
	assert_true(phx_str_eq(first.token, second.token));
	assert_int_equal(kill((pid_t)second.pid, SIGKILL), 0);
}

static void an_idle_server_ends_by_itself(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_endpoint at = connect_to(f, 0.3);

	assert_true(gone(at.pid));
	assert_int_not_equal(access(phx_sim_in_dir(f, "cluster/server.json"), F_OK), 0);
}

static void a_server_whose_directory_disappears_ends(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_endpoint at = connect_to(f, 600);
	struct phx_str command = phx_str_printf(&f->arena, "rm -rf '%s/cluster'", f->dir);

	assert_int_equal(system(command.ptr), 0);
	assert_true(gone(at.pid));
}

static void many_who_connect_at_once_get_one_server(void **state)
{
	struct phx_sim_fixture *f = *state;
	int64_t pids[8];
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < 8; i++) {
		pid_t child = fork();

		if (child == 0) {
			struct phx_sim_endpoint at = connect_to(f, 30);

			_exit(write(fds[1], &at.pid, sizeof(at.pid)) != (ssize_t)sizeof(at.pid));
		}
		assert_true(child > 0);
	}
	for (int i = 0; i < 8; i++)
		assert_int_equal(read(fds[0], &pids[i], sizeof(pids[i])), sizeof(pids[i]));
	while (wait(NULL) > 0)
		;
	for (int i = 1; i < 8; i++)
		assert_int_equal(pids[i], pids[0]);
	assert_int_equal(kill((pid_t)pids[0], SIGKILL), 0);
	close(fds[0]);
	close(fds[1]);
}

static void only_loopback_is_listened_on_unless_told_otherwise(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_options o = {.dir = phx_sim_in_dir(f, "cluster"), .listen = "0.0.0.0:0"};
	struct phx_err err = {0};

	assert_null(phx_sim_open(&o, &err));
	assert_int_equal(err.kind, PHX_ERR_USAGE);
	assert_string_equal(err.msg.ptr, "0.0.0.0:0 is not a loopback address");
	phx_err_done(&err);
}

static void a_wrong_cluster_file_is_an_error_with_its_place(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim_options o = {.dir = phx_sim_in_dir(f, "cluster")};
	struct phx_sim_endpoint at;
	struct phx_err err = {0};

	assert_true(phx_make_dirs(o.dir, 0700, &err));
	assert_true(phx_write_file_atomic(phx_sim_in_dir(f, "cluster/cluster.json"),
					  PHX_STR("{\"nodes\":\n [}"), 0600, &err));
	assert_false(phx_sim_connect(&f->arena, &o, &at, &err));
	assert_non_null(strstr(err.msg.ptr, "cluster.json: line 2, column"));
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_to_connect_starts_a_server_and_the_next_finds_it,
						phx_sim_set_up, phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_killed_server_is_followed_by_another_with_the_same_token,
						phx_sim_set_up, phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(an_idle_server_ends_by_itself, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_server_whose_directory_disappears_ends, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(many_who_connect_at_once_get_one_server, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(only_loopback_is_listened_on_unless_told_otherwise,
						phx_sim_set_up, phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_wrong_cluster_file_is_an_error_with_its_place,
						phx_sim_set_up, phx_sim_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
