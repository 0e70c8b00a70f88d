/* A guest's namespaces, made and joined. Runs in children of the server; nothing here touches its state. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/sim/tree_priv.h"

enum { READY_FD = 3 };

_Noreturn static void give_up(const char *what)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "!%s: %s", what, strerror(errno));

	(void)!write(READY_FD, text, (size_t)(n < (int)sizeof(text) ? n : (int)sizeof(text) - 1));
	_exit(1);
}

static void die_with_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void phx_sim_tree_close_fds(int from)
{
	(void)syscall(SYS_close_range, from, ~0U, 0);
}

/* ---- user namespace ---- */

static bool put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Root keeps every id as it is; anybody else becomes root, and has no other id. */
static bool map_ids(pid_t pid, const char *which, unsigned own)
{
	char path[64], text[1024];
	unsigned long inside, outside, count;
	size_t len = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, which);
	if (geteuid() != 0) {
		(void)snprintf(text, sizeof(text), "0 %u 1\n", own);
		return put_file(path, text);
	}
	(void)snprintf(text, sizeof(text), "/proc/self/%s", which);
	f = fopen(text, "re");
	if (f == NULL)
		return false;
	while (len < sizeof(text) - 80 && fscanf(f, "%lu %lu %lu", &inside, &outside, &count) == 3)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%lu %lu %lu\n", inside, inside,
					count);
	fclose(f);
	return len > 0 && put_file(path, text);
}

static bool map(pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/setgroups", (int)pid);
	if (geteuid() != 0 && !put_file(path, "deny"))
		return false;
	return map_ids(pid, "uid_map", geteuid()) && map_ids(pid, "gid_map", getegid());
}

/* ---- what init sees ---- */

static void bind_device(const char *name)
{
	char from[64], to[64];
	int fd;

	(void)snprintf(from, sizeof(from), "/dev/%s", name);
	(void)snprintf(to, sizeof(to), "dev/%s", name);
	fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0)
		close(fd);
	(void)mount(from, to, NULL, MS_BIND, NULL);
}

static void make_dev(void)
{
	static const char *const nodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
	static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
					       {"/proc/self/fd/0", "dev/stdin"},
					       {"/proc/self/fd/1", "dev/stdout"},
					       {"/proc/self/fd/2", "dev/stderr"},
					       {"pts/ptmx", "dev/ptmx"}};

	if (mount("tmpfs", "dev", "tmpfs", MS_NOSUID, "mode=755,size=1m") != 0)
		give_up("cannot mount /dev of the guest");
	for (size_t i = 0; i < PHX_COUNTOF(nodes); i++)
		bind_device(nodes[i]);
	for (size_t i = 0; i < PHX_COUNTOF(links); i++)
		(void)!symlink(links[i][0], links[i][1]);
	if (mkdir("dev/pts", 0755) == 0)
		(void)mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
			    "newinstance,ptmxmode=0666,mode=620");
	if (mkdir("dev/shm", 01777) == 0)
		(void)mount("tmpfs", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
}

static void make_mounts(const struct phx_sim_boot *b)
{
	static const char *const dirs[] = {"proc", "dev", "sys", "run", "tmp"};

	for (size_t i = 0; i < PHX_COUNTOF(dirs); i++)
		(void)mkdir(dirs[i], i == 4 ? 01777 : 0755);
	if (mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
		give_up("cannot mount /proc of the guest");
	make_dev();
	if (mount("tmpfs", "run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0 &&
	    mkdir("run/lock", 01777) == 0)
		(void)chmod("run/lock", 01777);
	if (b->network || mount("sysfs", "sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
		(void)mount("/sys", "sys", NULL, MS_BIND | MS_REC, NULL);
}

/* A base tree knows nothing of the network it is in now. */
static void bring_resolv_conf(void)
{
	char text[4096];
	ssize_t n;
	int to, from = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (from < 0)
		return;
	if (stat("etc/resolv.conf", &st) != 0 || st.st_size == 0) {
		(void)unlink("etc/resolv.conf");
		to = open("etc/resolv.conf", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		while (to >= 0 && (n = read(from, text, sizeof(text))) > 0)
			(void)!write(to, text, (size_t)n);
		if (to >= 0)
			close(to);
	}
	close(from);
}

/* ---- its root ---- */

static bool mount_overlay(const struct phx_sim_boot *b)
{
	static const char *const kinds[] = {"userxattr,", ""};
	size_t room = strlen(b->lower) + 256;
	char *data = malloc(room);
	bool ok = false;

	for (size_t i = 0; data != NULL && i < PHX_COUNTOF(kinds) && !ok; i++) {
		(void)snprintf(data, room, "%slowerdir=%s,upperdir=%s/upper,workdir=%s/work", kinds[i],
			       b->lower, b->id, b->id);
		ok = mount("overlay", "mnt", "overlay", 0, data) == 0;
	}
	free(data);
	return ok;
}

/* Once, and whole: under another name first. */
static void copy_tree(const struct phx_sim_boot *b)
{
	int status = 0;
	pid_t pid;

	if (access("tree", F_OK) == 0)
		return;
	pid = fork();
	if (pid == 0) {
		execl("/bin/cp", "cp", "-a", b->copy, "tree.new", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0 || rename("tree.new", "tree") != 0)
		give_up("overlayfs is refused, and the base tree cannot be copied");
}

static void enter_root(const struct phx_sim_boot *b)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		give_up("cannot make mounts private");
	if (chdir(b->dir) != 0)
		give_up(b->dir);
	/* `mnt` is only a place: each guest mounts there in a namespace of its own. */
	if (access(b->id, F_OK) != 0 || !mount_overlay(b)) {
		if (chdir(b->id) != 0)
			give_up(b->id);
		copy_tree(b);
		if (mount("tree", "../mnt", NULL, MS_BIND | MS_REC, NULL) != 0)
			give_up("cannot mount the guest's tree");
		if (chdir("../mnt") != 0)
			give_up("mnt");
	} else if (chdir("mnt") != 0) {
		give_up("mnt");
	}
	make_mounts(b);
	if (b->network)
		bring_resolv_conf();
	if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
		give_up("cannot enter the guest's tree");
}

/* Process 1: nothing but a parent for orphans. */
_Noreturn static void init_main(const struct phx_sim_boot *b, int up)
{
	die_with_parent();
	(void)!sethostname(b->hostname, strlen(b->hostname)); /* a name less: nothing hangs on it */
	enter_root(b);
	(void)!write(up, "1", 1);
	phx_sim_tree_close_fds(0);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	for (;;)
		if (waitpid(-1, NULL, 0) < 0)
			(void)poll(NULL, 0, 100);
}

static void wait_byte(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

/* Makes the namespaces, and stays until init is gone. */
_Noreturn static void holder_main(const struct phx_sim_boot *b, int unshared, int mapped)
{
	char text[32];
	int up[2], n;
	pid_t pid;

	die_with_parent();
	/* Without it all is as well, when the server is root. */
	if (unshare(CLONE_NEWUSER) != 0 && geteuid() != 0)
		give_up("cannot make a user namespace");
	(void)!write(unshared, "1", 1);
	wait_byte(mapped);
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC |
		    (b->network ? 0 : CLONE_NEWNET)) != 0)
		give_up("cannot make namespaces");
	if (pipe2(up, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		give_up("cannot start the guest");
	if (pid == 0)
		init_main(b, up[1]);
	close(up[1]);
	wait_byte(up[0]);
	n = snprintf(text, sizeof(text), "%d\n", (int)pid);
	(void)!write(READY_FD, text, (size_t)n);
	close(READY_FD);
	(void)waitpid(pid, NULL, 0);
	_exit(0);
}

/* Outside the namespaces: only from there ids can be mapped. */
_Noreturn static void keeper_main(const struct phx_sim_boot *b)
{
	int unshared[2], mapped[2];
	pid_t pid;

	die_with_parent();
	(void)signal(SIGPIPE, SIG_DFL);
	if (pipe2(unshared, O_CLOEXEC) != 0 || pipe2(mapped, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		give_up("cannot start the guest");
	if (pid == 0)
		holder_main(b, unshared[1], mapped[0]);
	close(unshared[1]);
	wait_byte(unshared[0]);
	/* Where no user namespace could be made there is nothing to map. */
	if (!map(pid) && geteuid() != 0) {
		(void)kill(pid, SIGKILL);
		give_up("cannot map user ids");
	}
	(void)!write(mapped[1], "1", 1);
	close(READY_FD);
	(void)waitpid(pid, NULL, 0);
	_exit(0);
}

pid_t phx_sim_tree_boot(const struct phx_sim_boot *b, int *ready)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], READY_FD);
		phx_sim_tree_close_fds(READY_FD + 1);
		keeper_main(b);
	}
	close(fds[1]);
	if (pid < 0)
		close(fds[0]);
	else
		*ready = fds[0];
	return pid;
}

bool phx_sim_tree_enter(pid_t init, bool processes)
{
	static const char *const names[] = {"user", "mnt", "uts", "ipc", "net", "pid"};
	int fds[PHX_COUNTOF(names)];
	struct stat theirs, ours;
	char path[64];

	/* All are opened first: inside there is another /proc. Those that are shared cannot be joined. */
	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		if (stat(path, &ours) != 0)
			return false;
		(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)init, names[i]);
		fds[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (fds[i] < 0 || fstat(fds[i], &theirs) != 0)
			return false;
		if (theirs.st_ino == ours.st_ino || (strcmp(names[i], "pid") == 0 && !processes))
			fds[i] = -1;
	}
	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (fds[i] >= 0 && setns(fds[i], 0) != 0)
			return false;
	return setgid(0) == 0 && setuid(0) == 0 && chdir("/") == 0;
}
