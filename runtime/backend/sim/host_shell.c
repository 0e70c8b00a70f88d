#include "backend/sim/host_shell.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/sim/guest.h"
#include "base/sys.h"

enum { LIMIT_MS = 60000, OUTPUT_MAX = 1 << 20, REFUSED = 126 };

/* --- the node's directory --- */

static const char *root_of(struct phx_sim *s, struct phx_arena *a, const char *node)
{
	return phx_sim_fmt(a, "%s/host/%s", s->options.dir, node);
}

static bool put_file(struct phx_arena *a, const char *root, const char *name, struct phx_str text,
		     unsigned mode)
{
	struct phx_err err = {0};
	bool ok = phx_write_file_atomic(phx_sim_fmt(a, "%s/%s", root, name), text, mode, &err);

	phx_err_done(&err);
	return ok;
}

const char *phx_sim_host_path(struct phx_sim *s, struct phx_arena *a, const char *volid)
{
	const char *colon = strchr(volid, ':'), *id, *path;
	json_t *storage;

	if (colon == NULL)
		return NULL;
	json_object_foreach(phx_sim_all(s, "storage"), id, storage)
	{
		if (strlen(id) != (size_t)(colon - volid) || strncmp(id, volid, (size_t)(colon - volid)) != 0)
			continue;
		path = phx_sim_s(storage, "path");
		return path != NULL ? phx_sim_fmt(a, "%s/%s", path, colon + 1) : NULL;
	}
	return NULL;
}

/* `pvesm path VOLUME` for storages that are directories. */
static void write_pvesm(struct phx_sim *s, struct phx_arena *a, const char *root)
{
	struct phx_buf text = {0};
	const char *id;
	json_t *storage;

	phx_buf_c(&text, "#!/bin/sh\n[ \"$1\" = path ] || { echo \"ERROR: unknown command 'pvesm $1'\" >&2; "
			 "exit 255; }\n"
			 "case \"$2\" in\n");
	json_object_foreach(phx_sim_all(s, "storage"), id, storage)
	{
		if (phx_sim_s(storage, "path") != NULL)
			phx_buf_printf(&text, "%s:*) echo \"%s/${2#*:}\" ;;\n", id,
				       phx_sim_s(storage, "path"));
	}
	phx_buf_c(&text, "*) echo \"storage '${2%%:*}' does not exist\" >&2; exit 2 ;;\nesac\n");
	(void)put_file(a, root, "sim/pvesm", phx_buf_view(&text), 0755);
	phx_buf_done(&text);
}

static bool prepare(struct phx_sim *s, struct phx_arena *a, const char *root)
{
	static const char *const dirs[] = {"bin",
					   "sbin",
					   "lib",
					   "lib64",
					   "usr",
					   "dev",
					   "proc",
					   "tmp",
					   "root",
					   "etc/pve/lxc",
					   "etc/alternatives",
					   "run/lock/lxc",
					   "sim",
					   "var/lib/vz/snippets",
					   "mnt"};
	struct phx_err err = {0};
	bool ok = true;

	for (size_t i = 0; i < PHX_COUNTOF(dirs) && ok; i++)
		ok = phx_make_dirs(phx_sim_fmt(a, "%s/%s", root, dirs[i]), 0755, &err);
	phx_err_done(&err);
	if (!ok)
		return false;
	write_pvesm(s, a, root);
	return put_file(a, root, "etc/passwd", PHX_STR("root:x:0:0:root:/root:/bin/sh\n"), 0644) &&
	       put_file(a, root, "etc/group", PHX_STR("root:x:0:\n"), 0644);
}

/* --- containers' files --- */

static const char *conf_file(struct phx_arena *a, const char *root, const json_t *g)
{
	return phx_sim_fmt(a, "%s/etc/pve/lxc/%lld.conf", root, (long long)phx_sim_guest_id(g));
}

static void clear(struct phx_arena *a, const char *root)
{
	const char *path = phx_sim_fmt(a, "%s/etc/pve/lxc", root);
	DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			(void)unlink(phx_sim_fmt(a, "%s/%s", path, e->d_name));
	if (d != NULL)
		closedir(d);
}

static bool is_here(const json_t *g, const char *node)
{
	return !phx_sim_guest_is_vm(g) && strcmp(phx_sim_guest_node(g), node) == 0;
}

static void present(struct phx_sim *s, struct phx_arena *a, const char *root, const char *node)
{
	const char *id;
	json_t *g;

	clear(a, root);
	json_object_foreach(phx_sim_all(s, "guest"), id, g)
	{
		struct phx_buf text = {0};

		if (!is_here(g, node))
			continue;
		phx_sim_guest_conf_text(g, &text);
		(void)put_file(a, root, conf_file(a, root, g) + strlen(root) + 1, phx_buf_view(&text), 0640);
		phx_buf_done(&text);
	}
}

/* Raw lines of the live section: nothing else is edited in the file. */
static const char *raw_lines(struct phx_arena *a, struct phx_str text)
{
	struct phx_buf raw = {0};
	struct phx_str line, key;
	const char *out = NULL;

	while (phx_str_cut(&text, '\n', &line) && !(line.len && line.ptr[0] == '[')) {
		struct phx_str rest = line;

		if (!phx_str_starts(line, "lxc.") || !phx_str_cut(&rest, ':', &key) || rest.ptr == NULL)
			continue;
		rest = phx_str_trim(rest);
		phx_buf_printf(&raw, "%s" PHX_STR_FMT ": " PHX_STR_FMT, raw.len ? "\n" : "", PHX_STR_ARG(key),
			       PHX_STR_ARG(rest));
	}
	if (raw.len)
		out = phx_sim_fmt(a, "%s", raw.ptr);
	phx_buf_done(&raw);
	return out;
}

static void take_back(struct phx_sim *s, struct phx_arena *a, const char *root, const char *node)
{
	const char *id;
	json_t *g;

	json_object_foreach(phx_sim_all(s, "guest"), id, g)
	{
		struct phx_buf text = {0};
		struct phx_err err = {0};
		const char *now, *then = phx_sim_conf_get(g, "lxc");

		if (is_here(g, node) && phx_read_file(conf_file(a, root, g), &text, &err)) {
			now = raw_lines(a, phx_buf_view(&text));
			if ((now == NULL) != (then == NULL) || (now != NULL && strcmp(now, then) != 0))
				phx_sim_conf_set(s, g, "lxc", now);
		}
		phx_err_done(&err);
		phx_buf_done(&text);
	}
}

/* --- the child --- */

static void write_line(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!write(fd, text, strlen(text));
		close(fd);
	}
}

/* Root of a mount namespace of its own; an ordinary user becomes root of a user namespace first. */
static bool enter(const char *root)
{
	static const char *const shared[] = {"usr", "bin", "sbin", "lib", "lib64", "dev", "etc/alternatives"};
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) != 0)
		return false;
	if (uid) {
		write_line("/proc/self/setgroups", "deny");
		(void)snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)uid);
		write_line("/proc/self/uid_map", map);
		(void)snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)gid);
		write_line("/proc/self/gid_map", map);
	}
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || chdir(root) != 0)
		return false;
	for (size_t i = 0; i < PHX_COUNTOF(shared); i++) {
		char from[32];

		(void)snprintf(from, sizeof(from), "/%s", shared[i]);
		if (access(from, F_OK) == 0 && mount(from, shared[i], NULL, MS_BIND | MS_REC, NULL) != 0)
			return false;
	}
	return chroot(".") == 0 && chdir("/root") == 0;
}

_Noreturn static void child(const char *root, char **argv, const int fds[3])
{
	static char path[] = "PATH=/sim:/usr/sbin:/usr/bin:/sbin:/bin", home[] = "HOME=/root";
	static char *const env[] = {path, home, NULL};

	for (int i = 0; i < 3; i++)
		(void)dup2(fds[i], i);
	for (int n = 1; n < 32; n++)
		(void)signal(n, SIG_DFL);
	if (!enter(root))
		_exit(REFUSED);
	execve("/bin/sh", argv, env);
	_exit(REFUSED);
}

/* --- talking to it --- */

static void pump_in(int *fd, struct phx_str *input)
{
	ssize_t n = write(*fd, input->ptr, input->len);

	if (n > 0)
		*input = phx_str_from(*input, (size_t)n);
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || input->len == 0) {
		close(*fd);
		*fd = -1;
	}
}

static void pump_out(int *fd, struct phx_buf *out)
{
	char bytes[4096];
	ssize_t n = read(*fd, bytes, sizeof(bytes));

	if (n > 0 && out->len < OUTPUT_MAX)
		phx_buf_add(out, bytes, (size_t)n);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		close(*fd);
		*fd = -1;
	}
}

static void talk(int fds[3], struct phx_str input, struct phx_buf *out, struct phx_buf *err, pid_t pid)
{
	uint64_t until = phx_now_ms() + LIMIT_MS;

	if (input.len == 0) {
		close(fds[0]);
		fds[0] = -1;
	}
	while (fds[1] >= 0 || fds[2] >= 0) {
		struct pollfd p[3] = {{.fd = fds[0], .events = POLLOUT},
				      {.fd = fds[1], .events = POLLIN},
				      {.fd = fds[2], .events = POLLIN}};

		if (phx_now_ms() >= until) {
			(void)kill(pid, SIGKILL);
			break;
		}
		if (poll(p, 3, 100) <= 0)
			continue;
		if (p[0].revents)
			pump_in(&fds[0], &input);
		if (p[1].revents)
			pump_out(&fds[1], out);
		if (p[2].revents)
			pump_out(&fds[2], err);
	}
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static char **words(struct phx_arena *a, const char *const *argv)
{
	size_t n = 0;
	char **out;

	while (argv[n] != NULL)
		n++;
	out = PHX_NEW_N(a, char *, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = (char *)(uintptr_t)phx_str_dup(a, phx_str_c(argv[i])).ptr;
	return out;
}

static bool spawn(struct phx_arena *a, const char *root, const char *const *argv, struct phx_str input,
		  struct phx_buf *out, struct phx_buf *err, int *out_exit)
{
	char **list = words(a, argv);
	int in[2] = {-1, -1}, po[2] = {-1, -1}, pe[2] = {-1, -1}, status = 0;
	int theirs[3], ours[3];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(po, O_CLOEXEC) != 0 || pipe2(pe, O_CLOEXEC) != 0 ||
	    (pid = fork()) < 0) {
		const int all[] = {in[0], in[1], po[0], po[1], pe[0], pe[1]};

		for (size_t i = 0; i < PHX_COUNTOF(all); i++)
			if (all[i] >= 0)
				close(all[i]);
		return false;
	}
	theirs[0] = in[0], theirs[1] = po[1], theirs[2] = pe[1];
	ours[0] = in[1], ours[1] = po[0], ours[2] = pe[0];
	if (pid == 0)
		child(root, list, theirs);
	for (int i = 0; i < 3; i++) {
		close(theirs[i]);
		(void)fcntl(ours[i], F_SETFL, O_NONBLOCK);
	}
	talk(ours, input, out, err, pid);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*out_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return !(*out_exit == REFUSED && out->len == 0 && err->len == 0);
}

bool phx_sim_host_shell(struct phx_sim *s, const char *node, const char *const *argv, struct phx_str input,
			struct phx_buf *out, struct phx_buf *err, int *out_exit)
{
	struct phx_arena a = {0};
	const char *root = root_of(s, &a, node);
	bool ran = prepare(s, &a, root);

	if (ran) {
		present(s, &a, root, node);
		ran = spawn(&a, root, argv, input, out, err, out_exit);
	}
	if (ran)
		take_back(s, &a, root, node);
	phx_arena_done(&a);
	return ran;
}

bool phx_sim_host_file(struct phx_sim *s, const char *node, const char *path, struct phx_buf *out)
{
	struct phx_arena a = {0};
	struct phx_err err = {0};
	bool ok = phx_read_file(phx_sim_fmt(&a, "%s/%s", root_of(s, &a, node), path), out, &err);

	phx_err_done(&err);
	phx_arena_done(&a);
	return ok;
}
