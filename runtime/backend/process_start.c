#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "backend/process_priv.h"
#include "base/sys.h"

/* What a child may know of our environment. The rest (tokens, PERL5LIB, LD_PRELOAD, LS_COLORS, …) is none of its business. */
static const char *const passed_on[] = {"HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "KRB5CCNAME", "TMPDIR"};

/* Proxmox's tools are in the sbin directories, which are not in every PATH. */
static const char *const tool_dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
					"/usr/bin",        "/sbin",          "/bin"};

static bool has_dir(struct phx_str path, const char *dir)
{
	struct phx_str piece;

	while (phx_str_cut(&path, ':', &piece)) {
		if (phx_str_eqc(piece, dir))
			return true;
	}
	return false;
}

static struct phx_str tool_path(struct phx_arena *a)
{
	struct phx_str path = phx_str_c(getenv("PATH"));
	struct phx_buf all = {0};

	phx_buf_str(&all, path);
	for (size_t i = 0; i < PHX_COUNTOF(tool_dirs); i++) {
		if (!has_dir(path, tool_dirs[i]))
			phx_buf_printf(&all, "%s%s", all.len ? ":" : "", tool_dirs[i]);
	}
	path = phx_str_dup(a, phx_buf_view(&all));
	phx_buf_done(&all);
	return path;
}

static char *variable(struct phx_arena *a, const char *name, struct phx_str value)
{
	size_t n = strlen(name) + 1 + value.len + 1;
	char *text = PHX_NEW_N(a, char, n);

	memcpy(text, name, strlen(name));
	text[strlen(name)] = '=';
	if (value.len)
		memcpy(text + strlen(name) + 1, value.ptr, value.len);
	return text;
}

char **phx_proc_environment(struct phx_arena *a)
{
	char **env = PHX_NEW_N(a, char *, PHX_COUNTOF(passed_on) + 4);
	size_t n = 0;

	env[n++] = variable(a, "PATH", tool_path(a));
	/* Messages in English; arguments are read as UTF-8 (PVE::JSONSchema decodes them by the locale). */
	env[n++] = variable(a, "LC_ALL", PHX_STR("C.UTF-8"));
	for (size_t i = 0; i < PHX_COUNTOF(passed_on); i++) {
		const char *value = getenv(passed_on[i]);

		if (value)
			env[n++] = variable(a, passed_on[i], phx_str_c(value));
	}
	return env;
}

static bool runnable(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

/* Where argv[0] is; empty: nowhere. */
static struct phx_str program(const struct phx_procs *p, struct phx_arena *a, const char *name)
{
	struct phx_str path = phx_str_c(p->env[0] + strlen("PATH=")), dir;

	if (strchr(name, '/'))
		return runnable(name) ? phx_str_c(name) : (struct phx_str){0};
	while (phx_str_cut(&path, ':', &dir)) {
		struct phx_str at = phx_path_join(a, dir.len ? dir : PHX_STR("."), phx_str_c(name));

		if (runnable(at.ptr))
			return at;
	}
	return (struct phx_str){0};
}

struct pipes {
	int in[2], out[2], err[2];
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void shut_all(struct pipes *w)
{
	for (int i = 0; i < 2; i++) {
		shut(&w->in[i]);
		shut(&w->out[i]);
		shut(&w->err[i]);
	}
}

/* Only our ends do not block: the child's are files of its own kind. */
static bool make_pipes(struct pipes *w, const char *file, bool feeds)
{
	*w = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
	if (pipe2(w->out, O_CLOEXEC) != 0 || pipe2(w->err, O_CLOEXEC) != 0)
		return false;
	if (feeds ? pipe2(w->in, O_CLOEXEC) != 0 : (w->in[0] = open(file, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	return fcntl(w->out[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(w->err[0], F_SETFL, O_NONBLOCK) == 0 &&
	       (!feeds || fcntl(w->in[1], F_SETFL, O_NONBLOCK) == 0);
}

/* Descriptors 0 to 2 could be among ours (a caller that closed its own): moved away first, or dup2 would overwrite them. */
static bool move_up(struct pipes *w)
{
	int *ends[] = {&w->in[0], &w->out[1], &w->err[1]};

	for (size_t i = 0; i < PHX_COUNTOF(ends); i++) {
		if (*ends[i] > STDERR_FILENO)
			continue;
		int up = fcntl(*ends[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

		if (up < 0)
			return false;
		close(*ends[i]);
		*ends[i] = up;
	}
	return true;
}

static int spawn(const struct phx_procs *p, const char *path, char **argv, const struct pipes *w, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	sigdelset(&all, SIGKILL);
	sigdelset(&all, SIGSTOP);
	if (posix_spawn_file_actions_init(&files) != 0 || posix_spawnattr_init(&attr) != 0)
		phx_out_of_memory();
	error = posix_spawn_file_actions_adddup2(&files, w->in[0], STDIN_FILENO);
	error = error ? error : posix_spawn_file_actions_adddup2(&files, w->out[1], STDOUT_FILENO);
	error = error ? error : posix_spawn_file_actions_adddup2(&files, w->err[1], STDERR_FILENO);
	/* Not all of our libraries open everything close-on-exec. */
	error = error ? error : posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	error = error ? error : posix_spawnattr_setsigmask(&attr, &none);
	error = error ? error : posix_spawnattr_setsigdefault(&attr, &all);
	error = error ? error
		      : posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
								POSIX_SPAWN_SETSIGDEF);
	error = error ? error : posix_spawn(pid, path, &files, &attr, argv, p->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return error;
}

static bool words(struct phx_arena *a, const struct phx_str *argv, uint32_t argc, char ***out,
		  struct phx_err *err)
{
	char **list = PHX_NEW_N(a, char *, (size_t)argc + 1);

	if (argc == 0)
		return phx_err_set(err, PHX_ERR_USAGE, "a command without words");
	for (uint32_t i = 0; i < argc; i++) {
		list[i] = PHX_NEW_N(a, char, argv[i].len + 1);
		if (argv[i].len)
			memcpy(list[i], argv[i].ptr, argv[i].len);
		if (strlen(list[i]) != argv[i].len)
			return phx_err_set(
				err, PHX_ERR_USAGE,
				"word %u of the command `%s` holds a NUL byte, which no command line can",
				i + 1, list[0]);
	}
	*out = list;
	return true;
}

bool phx_proc_spawn(struct phx_procs *p, struct phx_proc *c, const struct phx_str *argv, uint32_t argc)
{
	struct phx_arena a = {0};
	struct pipes w;
	struct phx_str path;
	const char *file;
	char **list = NULL;
	int error;

	if (!words(&a, argv, argc, &list, &c->failed)) {
		phx_arena_done(&a);
		return false;
	}
	path = program(p, &a, list[0]);
	if (path.len == 0) {
		phx_err_set(&c->failed, PHX_ERR_IO, "no program `%s` on this machine", list[0]);
		phx_err_hint(&c->failed, "looked in %s", p->env[0] + strlen("PATH="));
		phx_arena_done(&a);
		return false;
	}
	file = c->input_file.len ? phx_str_dup(&a, c->input_file).ptr : "/dev/null";
	error = make_pipes(&w, file, c->input.len > 0) && move_up(&w) ? spawn(p, path.ptr, list, &w, &c->pid)
								      : errno;
	if (error) {
		c->pid = 0;
		shut_all(&w);
		phx_err_errno(&c->failed, error, "cannot run " PHX_STR_FMT "%s" PHX_STR_FMT,
			      PHX_STR_ARG(path), c->input_file.len ? " with the input " : "",
			      PHX_STR_ARG(c->input_file));
		phx_arena_done(&a);
		return false;
	}
	shut(&w.in[0]);
	shut(&w.out[1]);
	shut(&w.err[1]);
	c->in = w.in[1];
	c->out.fd = w.out[0];
	c->err.fd = w.err[0];
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0); /* close-on-exec by itself */
	phx_arena_done(&a);
	return true;
}
