#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READ_STEP = 64 * 1024 };

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		PHX_BUG("no clock %d", (int)clock);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t phx_now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

uint64_t phx_wall_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

void phx_sleep_ms(uint64_t ms)
{
	struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR) {
	}
}

static bool read_all(int fd, const char *path, struct phx_buf *out, struct phx_err *err)
{
	for (;;) {
		size_t room = out->cap > out->len + READ_STEP / 2 ? out->cap - out->len - 1 : READ_STEP;
		ssize_t n = read(fd, phx_buf_reserve(out, room), room);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return phx_err_errno(err, errno, "cannot read %s", path);
		out->len += (size_t)n;
		out->ptr[out->len] = 0;
		if (n == 0)
			return true;
		if (out->len >= UINT32_MAX)
			return phx_err_set(err, PHX_ERR_DATA, "cannot read %s: larger than 4 GiB", path);
	}
}

bool phx_read_file(const char *path, struct phx_buf *out, struct phx_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;
	bool ok;

	if (fd < 0)
		return phx_err_errno(err, errno, "cannot open %s", path);
	/* The size is a hint only: files in /proc have none, and others grow. */
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 && info.st_size < UINT32_MAX)
		phx_buf_reserve(out, (size_t)info.st_size + READ_STEP / 2 + 1);
	ok = read_all(fd, path, out, err);
	close(fd);
	return ok;
}

static bool write_all(int fd, struct phx_str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = phx_str_from(bytes, (size_t)n);
	}
	return true;
}

/* The new name must be on disk too, or a power loss brings the old content back. */
static bool sync_dir(struct phx_str path, struct phx_err *err)
{
	struct phx_str dir = phx_path_dir(path);
	struct phx_buf name = {0};
	bool ok = true;
	int fd;

	phx_buf_str(&name, dir);
	fd = open(name.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems cannot sync a directory, and say so with EINVAL. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		ok = phx_err_errno(err, errno, "cannot sync %s", name.ptr);
	if (fd >= 0)
		close(fd);
	phx_buf_done(&name);
	return ok;
}

static bool write_beside(const char *path, struct phx_str bytes, unsigned mode, struct phx_err *err)
{
	struct phx_buf temp = {0};
	bool ok = false;
	int fd;

	phx_buf_printf(&temp, "%s.XXXXXX", path);
	fd = mkostemp(temp.ptr, O_CLOEXEC);
	if (fd < 0) {
		phx_err_errno(err, errno, "cannot create a file beside %s", path);
		goto out;
	}
	ok = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
	if (!ok)
		phx_err_errno(err, errno, "cannot write %s", temp.ptr);
	close(fd);
	if (ok && rename(temp.ptr, path) != 0)
		ok = phx_err_errno(err, errno, "cannot rename %s to %s", temp.ptr, path);
	if (!ok)
		unlink(temp.ptr);
	else
		ok = sync_dir(phx_str_c(path), err);
out:
	phx_buf_done(&temp);
	return ok;
}

static bool write_through(const char *path, struct phx_str bytes, struct phx_err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write_all(fd, bytes);

	if (!ok)
		phx_err_errno(err, errno, "cannot write %s", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool phx_write_file_atomic(const char *path, struct phx_str bytes, unsigned mode, struct phx_err *err)
{
	char *target = realpath(path, NULL); /* a symbolic link stays one; NULL for a new file */
	struct stat info;
	bool ok;

	/* A device or pipe (`-o /dev/stdout`) must not be replaced by a file. */
	if (target && stat(target, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
		ok = write_through(path, bytes, err);
	else
		ok = write_beside(target ? target : path, bytes, mode, err);
	free(target);
	return ok;
}

bool phx_make_dirs(const char *path, unsigned mode, struct phx_err *err)
{
	struct phx_buf part = {0};
	struct stat info;
	bool ok = true;

	phx_buf_c(&part, path);
	for (size_t i = 1; ok && i <= part.len; i++) {
		char was = part.ptr[i];

		if (was != '/' && was != 0)
			continue;
		part.ptr[i] = 0;
		if (mkdir(part.ptr, (mode_t)mode) != 0 && errno != EEXIST && errno != EROFS &&
		    errno != EISDIR)
			ok = phx_err_errno(err, errno, "cannot create the directory %s", part.ptr);
		part.ptr[i] = was;
	}
	if (ok && (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)))
		ok = phx_err_errno(err, ENOTDIR, "cannot create the directory %s", path);
	phx_buf_done(&part);
	return ok;
}

static bool is_dir(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

struct phx_str phx_etc_dir(struct phx_arena *a)
{
	const char *set = getenv("PHX_ETC");
	char *exe, *installed = NULL;
	struct phx_str dir;

	if (set && *set)
		return phx_str_dup(a, phx_str_c(set));
	exe = realpath("/proc/self/exe", NULL);
	if (exe) {
		struct phx_str bin = phx_path_dir(phx_str_c(exe));

		installed =
			realpath(phx_str_printf(a, PHX_STR_FMT "/../share/phx", PHX_STR_ARG(bin)).ptr, NULL);
	}
	dir = phx_str_dup(a, phx_str_c(installed && is_dir(installed) ? installed : PHX_SOURCE_ETC));
	free(exe);
	free(installed);
	return dir;
}

struct phx_str phx_path_dir(struct phx_str path)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	if (path.len == 0)
		return PHX_STR(".");
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

struct phx_str phx_path_join(struct phx_arena *a, struct phx_str base, struct phx_str rel)
{
	if (base.len == 0 || phx_str_eqc(base, ".") || phx_str_starts(rel, "/"))
		return phx_str_dup(a, rel);
	if (phx_str_ends(base, "/"))
		base.len--;
	return phx_str_printf(a, PHX_STR_FMT "/" PHX_STR_FMT, PHX_STR_ARG(base), PHX_STR_ARG(rel));
}
