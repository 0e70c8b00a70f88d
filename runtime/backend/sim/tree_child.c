/* What runs in a child of the server: it joins the guest, and runs a command there, or reads or writes a file. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/sim/tree_priv.h"

enum { STATUS_FD = 3 };

static void say(int what, int value)
{
	struct phx_sim_status st = {what, value};

	(void)!write(STATUS_FD, &st, sizeof(st));
}

_Noreturn static void failed(void)
{
	say('f', errno);
	_exit(0);
}

_Noreturn static void exec_in_guest(char **argv, int report)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		    home[] = "HOME=/root", term[] = "TERM=linux";
	static char *const env[] = {path, home, term, NULL};
	int why;

	(void)setsid();
	(void)umask(022);
	for (int n = 1; n < 32; n++)
		(void)signal(n, SIG_DFL);
	(void)setenv("PATH", path + 5, 1); /* for the search of execvpe */
	execvpe(argv[0], argv, env);
	why = errno;
	(void)!write(report, &why, sizeof(why));
	_exit(127);
}

_Noreturn static void run_command(char **argv)
{
	int report[2], why = 0, status = 0;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		failed();
	if (pid == 0) {
		close(STATUS_FD);
		exec_in_guest(argv, report[1]);
	}
	close(report[1]);
	close(0);
	close(1);
	close(2);
	if (read(report[0], &why, sizeof(why)) == (ssize_t)sizeof(why)) {
		(void)waitpid(pid, NULL, 0);
		errno = why;
		failed();
	}
	say('s', (int)pid);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		say('k', WTERMSIG(status));
	else
		say('x', WEXITSTATUS(status));
	_exit(0);
}

static bool pass(int from, int to, size_t max)
{
	char bytes[65536];
	ssize_t n;

	while (max > 0 && (n = read(from, bytes, sizeof(bytes) < max ? sizeof(bytes) : max)) != 0) {
		if (n < 0)
			return false;
		for (ssize_t at = 0, w; at < n; at += w)
			if ((w = write(to, bytes + at, (size_t)(n - at))) < 0)
				return false;
		max -= (size_t)n;
	}
	return true;
}

_Noreturn static void read_file(char **argv, size_t max)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		failed();
	say('s', 0);
	if (!pass(fd, 1, max + 1))
		failed();
	say('x', 0);
	_exit(0);
}

static unsigned number(const char *text, unsigned base)
{
	unsigned n = 0;

	for (; *text >= '0' && *text < (char)('0' + base); text++)
		n = n * base + (unsigned)(*text - '0');
	return n;
}

/* PATH [MODE [UID GID]] */
_Noreturn static void write_file(char **argv)
{
	int fd;

	(void)umask(022);
	fd = open(argv[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		failed();
	say('s', 0);
	if (!pass(0, fd, SIZE_MAX))
		failed();
	if (argv[1] != NULL && fchmod(fd, (mode_t)number(argv[1], 8)) != 0)
		failed();
	if (argv[1] != NULL && argv[2] != NULL && argv[3] != NULL &&
	    fchown(fd, (uid_t)number(argv[2], 10), (gid_t)number(argv[3], 10)) != 0)
		failed();
	if (close(fd) != 0)
		failed();
	say('x', 0);
	_exit(0);
}

void phx_sim_tree_child(const struct phx_sim_proc *p, pid_t init, const int fds[4])
{
	/* High numbers first: the pipes may have the low ones. */
	int at[4];

	for (int i = 0; i < 4; i++)
		at[i] = fcntl(fds[i], F_DUPFD, 10);
	for (int i = 0; i < 4; i++)
		(void)dup2(at[i], i);
	phx_sim_tree_close_fds(4);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!phx_sim_tree_enter(init, p->kind == PHX_SIM_PROC_EXEC))
		failed();
	if (p->kind == PHX_SIM_PROC_READ)
		read_file(p->argv, p->max);
	if (p->kind == PHX_SIM_PROC_WRITE)
		write_file(p->argv);
	run_command(p->argv);
}
