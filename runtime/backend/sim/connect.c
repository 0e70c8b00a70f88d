/* Finding the server of a directory, or starting one: a child in a session of its own, with nothing open but what it serves. */
#include "backend/sim/sim_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"

#define IDLE_DEFAULT      10.0
#define START_PATIENCE_MS 20000

/* Somebody holds DIR/lock: a server is at work (or just starting or ending). */
static bool is_served(const char *dir, struct phx_arena *a)
{
	int fd = open(phx_sim_fmt(a, "%s/lock", dir), O_RDWR | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_EX | LOCK_NB) != 0;
	close(fd);
	return held;
}

static bool read_server(const char *dir, struct phx_arena *a, struct phx_sim_endpoint *out)
{
	struct phx_buf text = {0};
	struct phx_err ignored = {0};
	json_t *root = NULL;
	bool ok = false;

	if (phx_read_file(phx_sim_fmt(a, "%s/server.json", dir), &text, &ignored))
		root = json_loadb(text.ptr, text.len, 0, NULL);
	if (phx_sim_s(root, "url") != NULL && phx_sim_s(root, "token") != NULL) {
		out->url = phx_str_dup(a, phx_str_c(phx_sim_s(root, "url")));
		out->token = phx_str_dup(a, phx_str_c(phx_sim_s(root, "token")));
		out->pid = phx_json_int(root, "pid", 0);
		ok = out->pid > 0 && (kill((pid_t)out->pid, 0) == 0 || errno == EPERM);
	}
	json_decref(root);
	phx_buf_done(&text);
	phx_err_done(&ignored);
	return ok;
}

static void close_everything(int keep)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		if (fd != keep && null >= 0)
			(void)dup2(null, fd);
	for (long fd = 3, n = sysconf(_SC_OPEN_MAX); fd < n && fd < 65536; fd++)
		if (fd != keep)
			(void)close((int)fd);
}

/* The grandchild: serves, and reports through the pipe: nothing = well, text = what went wrong. */
_Noreturn static void serve(const struct phx_sim_options *options, int report)
{
	struct phx_sim_options o = *options;
	struct phx_err err = {0};
	struct phx_sim *sim;

	(void)setsid();
	close_everything(report);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_DFL);
	if (o.idle_s <= 0)
		o.idle_s = IDLE_DEFAULT;
	sim = phx_sim_open(&o, &err);
	if (sim == NULL) {
		if (err.kind != PHX_ERR_LOCKED)
			(void)!write(report, err.msg.ptr, err.msg.len);
		_exit(1);
	}
	close(report);
	if (!phx_sim_serve(sim, -1, &err))
		_exit(1); /* its state on disk is the last that was acknowledged */
	phx_sim_close(sim);
	_exit(0);
}

/* Starts a server and waits until it serves, or says why not. */
static bool spawn(const struct phx_sim_options *options, struct phx_err *err)
{
	char text[1024];
	ssize_t n;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return phx_err_errno(err, errno, "cannot start the simulator");
	pid = fork();
	if (pid < 0) {
		phx_err_errno(err, errno, "cannot start the simulator");
		close(fds[0]);
		close(fds[1]);
		return false;
	}
	if (pid == 0) {
		/* Twice, so that nobody has to wait for the server. */
		pid = fork();
		if (pid == 0)
			serve(options, fds[1]);
		_exit(pid < 0);
	}
	close(fds[1]);
	(void)waitpid(pid, NULL, 0);
	do
		n = read(fds[0], text, sizeof(text));
	while (n < 0 && errno == EINTR);
	close(fds[0]);
	if (n > 0)
		return phx_err_set(err, PHX_ERR_IO, "%.*s", (int)n, text);
	return true;
}

bool phx_sim_connect(struct phx_arena *arena, const struct phx_sim_options *options,
		     struct phx_sim_endpoint *out, struct phx_err *err)
{
	uint64_t until = phx_now_ms() + START_PATIENCE_MS;

	*out = (struct phx_sim_endpoint){0};
	if (!phx_make_dirs(options->dir, 0700, err))
		return false;
	while (phx_now_ms() < until) {
		if (is_served(options->dir, arena)) {
			/* server.json may still be that of a server that was killed: its pid is gone then. */
			if (read_server(options->dir, arena, out))
				return true;
			phx_sleep_ms(5);
			continue;
		}
		if (!spawn(options, err))
			return false;
		out->started = true;
	}
	return phx_err_set(err, PHX_ERR_TIMEOUT, "the simulator of %s does not come up", options->dir);
}
