/* Files that a configuration names: read once a run, regular files only, with a limit. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sema/sema_priv.h"

static bool read_all(int fd, struct phx_buf *out, struct phx_str *why, struct phx_sema *s)
{
	for (;;) {
		char *room = phx_buf_reserve(out, 64 * 1024);
		ssize_t n = read(fd, room, 64 * 1024);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*why = phx_str_printf(&s->tmp, "%s", strerror(errno));
			return false;
		}
		if (n == 0)
			return true;
		out->len += (size_t)n;
		if (out->len > PHX_SEMA_MAX_STRING) {
			*why = PHX_STR("it is larger than 16 MiB");
			return false;
		}
	}
}

static void read_regular(struct phx_sema *s, const char *path, struct phx_file_text *out)
{
	struct phx_buf text = {0};
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		out->why = errno == ENOENT ? PHX_STR("there is no such file")
					   : phx_str_printf(&s->tmp, "%s", strerror(errno));
		return;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		out->why = PHX_STR("it is no regular file");
	} else if (read_all(fd, &text, &out->why, s)) {
		out->text = phx_tmp_str(s, &text);
		out->ok = true;
	}
	phx_buf_done(&text);
	close(fd);
}

const struct phx_file_text *phx_file_read(struct phx_sema *s, struct phx_span at, struct phx_str path,
					  struct phx_str *out_tried)
{
	const struct phx_source *source = phx_source_get(s->sources, at.file);
	struct phx_str dir = source ? phx_path_dir(source->path) : PHX_STR(".");
	struct phx_str full = phx_path_join(&s->tmp, dir, path);
	struct phx_map_entry *entry;
	struct phx_file_text *file;
	bool is_new;

	*out_tried = full;
	entry = phx_map_put(&s->tmp, &s->files_read, full, &is_new);
	if (!is_new)
		return entry->ptr;
	file = PHX_NEW(&s->tmp, struct phx_file_text);
	entry->ptr = file;
	if (path.len == 0)
		file->why = PHX_STR("the path is empty");
	else if (memchr(full.ptr, '\0', full.len))
		file->why = PHX_STR("the path holds a NUL");
	else
		read_regular(s, full.ptr, file);
	return file;
}
