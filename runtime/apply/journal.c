#include "apply/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/map.h"
#include "base/sys.h"

struct phx_journal {
	int fd;
	bool half; /* a line that could not be written whole stands at the end */
	struct phx_buf path, run;
};

/* A run that was killed while it wrote leaves half a line: it must not swallow the first one of this run. */
static bool end_last_line(int fd)
{
	char last = '\n';
	off_t size = lseek(fd, 0, SEEK_END);

	if (size <= 0)
		return size == 0;
	if (pread(fd, &last, 1, size - 1) != 1)
		return false;
	return last == '\n' || write(fd, "\n", 1) == 1;
}

bool phx_journal_open(const char *path, struct phx_journal **out, struct phx_err *err)
{
	struct phx_arena a = {0};
	struct phx_str dir = phx_str_dup(&a, phx_path_dir(phx_str_c(path)));
	struct phx_journal *j = NULL;
	int fd = -1;
	bool ok = false;

	if (!phx_make_dirs(dir.ptr, 0700, err))
		goto out;
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || !end_last_line(fd)) {
		phx_err_errno(err, errno, "cannot write the journal %s", path);
		goto out;
	}
	j = calloc(1, sizeof(*j));
	if (!j)
		phx_out_of_memory();
	j->fd = fd;
	fd = -1;
	phx_buf_c(&j->path, path);
	*out = j;
	ok = true;
out:
	if (fd >= 0)
		close(fd);
	phx_arena_done(&a);
	return ok;
}

void phx_journal_close(struct phx_journal *j)
{
	if (!j)
		return;
	close(j->fd);
	phx_buf_done(&j->path);
	phx_buf_done(&j->run);
	free(j);
}

static void begin_line(struct phx_jw *w, struct phx_buf *line, struct phx_journal *j, const char *event)
{
	if (j->half)
		phx_buf_ch(line, '\n');
	phx_jw_init(w, line, 0);
	phx_jw_object(w);
	phx_jw_key(w, "at");
	phx_jw_int(w, (int64_t)phx_wall_ms());
	phx_jw_key(w, "run");
	phx_jw_str(w, phx_buf_view(&j->run));
	phx_jw_key(w, "event");
	phx_jw_c(w, event);
}

/* On disk before the next step is taken. */
static bool end_line(struct phx_jw *w, struct phx_buf *line, struct phx_journal *j, struct phx_err *err)
{
	size_t at = 0;
	bool ok = true;

	phx_jw_end_object(w);
	phx_buf_ch(line, '\n');
	while (ok && at < line->len) {
		ssize_t n = write(j->fd, line->ptr + at, line->len - at);

		if (n > 0)
			at += (size_t)n;
		else if (n == 0 || errno != EINTR)
			ok = false;
	}
	/* The disk was full, and may have room again for the next line: that one must be readable. */
	j->half = at < line->len && (at > 0 || j->half);
	/* Pipes and terminals cannot be synced; that is no failure. */
	if (ok && fdatasync(j->fd) != 0 && errno != EINVAL && errno != EROFS)
		ok = false;
	if (!ok)
		phx_err_errno(err, errno, "cannot write the journal %s", j->path.ptr);
	phx_buf_done(line);
	return ok;
}

bool phx_journal_begin(struct phx_journal *j, struct phx_str run, struct phx_str stack, struct phx_err *err)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	phx_buf_clear(&j->run);
	phx_buf_str(&j->run, run);
	begin_line(&w, &line, j, "begin");
	phx_jw_key(&w, "stack");
	phx_jw_str(&w, stack);
	phx_jw_key(&w, "pid");
	phx_jw_int(&w, getpid());
	return end_line(&w, &line, j, err);
}

bool phx_journal_intent(struct phx_journal *j, uint32_t action, struct phx_str address, const char *op,
			struct phx_err *err)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	begin_line(&w, &line, j, "intent");
	phx_jw_key(&w, "action");
	phx_jw_int(&w, action);
	phx_jw_key(&w, "address");
	phx_jw_str(&w, address);
	phx_jw_key(&w, "op");
	phx_jw_c(&w, op);
	return end_line(&w, &line, j, err);
}

bool phx_journal_task(struct phx_journal *j, uint32_t action, struct phx_str upid, struct phx_err *err)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	begin_line(&w, &line, j, "task");
	phx_jw_key(&w, "action");
	phx_jw_int(&w, action);
	phx_jw_key(&w, "upid");
	phx_jw_str(&w, upid);
	return end_line(&w, &line, j, err);
}

bool phx_journal_result(struct phx_journal *j, uint32_t action, const char *outcome, struct phx_str message,
			struct phx_err *err)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	begin_line(&w, &line, j, "result");
	phx_jw_key(&w, "action");
	phx_jw_int(&w, action);
	phx_jw_key(&w, "outcome");
	phx_jw_c(&w, outcome);
	if (message.len) {
		phx_jw_key(&w, "message");
		phx_jw_str(&w, message);
	}
	return end_line(&w, &line, j, err);
}

bool phx_journal_end(struct phx_journal *j, int exit_code, struct phx_err *err)
{
	struct phx_buf line = {0};
	struct phx_jw w;

	begin_line(&w, &line, j, "end");
	phx_jw_key(&w, "exit");
	phx_jw_int(&w, exit_code);
	return end_line(&w, &line, j, err);
}

/* The open intents while the lines are read. A new run of a stack forgets those of the runs before it. */
struct reading {
	struct phx_arena *arena;
	struct phx_map open;  /* "RUN ACTION" → struct open*, NULL once it has a result */
	struct phx_map stack; /* run → struct phx_str* */
};

struct open {
	struct phx_journal_pending p;
	struct phx_str stack;
};

static struct phx_map_entry *entry_of(struct reading *r, struct phx_str run, int64_t action)
{
	return phx_map_put(r->arena, &r->open,
			   phx_str_printf(r->arena, PHX_STR_FMT " %lld", PHX_STR_ARG(run), (long long)action),
			   NULL);
}

static void begin_run(struct reading *r, struct phx_str run, struct phx_str stack)
{
	struct phx_str *s = PHX_NEW(r->arena, struct phx_str);

	for (uint32_t i = 0; i < r->open.n; i++) {
		struct open *o = r->open.entries[i].ptr;

		if (o && phx_str_eq(o->stack, stack))
			r->open.entries[i].ptr = NULL;
	}
	*s = phx_str_dup(r->arena, stack);
	phx_map_put(r->arena, &r->stack, phx_str_dup(r->arena, run), NULL)->ptr = s;
}

static void begin_action(struct reading *r, struct phx_str run, int64_t action, const json_t *line)
{
	struct open *o = PHX_NEW(r->arena, struct open);
	const struct phx_str *stack = phx_map_get(&r->stack, run);

	o->p.action = (uint32_t)action;
	o->p.address = phx_str_dup(r->arena, phx_json_str(line, "address"));
	o->p.op = phx_str_dup(r->arena, phx_json_str(line, "op"));
	if (stack)
		o->stack = *stack;
	entry_of(r, run, action)->ptr = o;
}

static void take_line(struct reading *r, const json_t *line)
{
	struct phx_str event = phx_json_str(line, "event"), run = phx_json_str(line, "run");
	int64_t action = phx_json_int(line, "action", 0);
	struct open *o;

	if (phx_str_eqc(event, "begin")) {
		begin_run(r, run, phx_json_str(line, "stack"));
		return;
	}
	if (action <= 0 || action > UINT32_MAX)
		return;
	if (phx_str_eqc(event, "intent")) {
		begin_action(r, run, action, line);
	} else if (phx_str_eqc(event, "task")) {
		o = entry_of(r, run, action)->ptr;
		if (o)
			o->p.upid = phx_str_dup(r->arena, phx_json_str(line, "upid"));
	} else if (phx_str_eqc(event, "result")) {
		entry_of(r, run, action)->ptr = NULL;
	}
}

static void take_lines(struct reading *r, struct phx_str text)
{
	struct phx_str line;

	while (phx_str_cut(&text, '\n', &line)) {
		struct phx_err ignored = {0};
		json_t *doc = line.len ? phx_json_parse(line, "journal", &ignored) : NULL;

		if (json_is_object(doc))
			take_line(r, doc);
		json_decref(doc);
		phx_err_done(&ignored);
	}
}

bool phx_journal_read_pending(const char *path, struct phx_arena *a, struct phx_journal_pendings *out,
			      struct phx_err *err)
{
	struct reading r = {.arena = a};
	struct phx_buf text = {0};
	struct stat info;
	bool ok = true;

	*out = (struct phx_journal_pendings){0};
	/* What is no file remembers nothing: a pipe, /dev/null. */
	if (stat(path, &info) == 0 ? !S_ISREG(info.st_mode) : errno == ENOENT)
		return true;
	ok = phx_read_file(path, &text, err);
	if (ok) {
		take_lines(&r, phx_buf_view(&text));
		for (uint32_t i = 0; i < r.open.n; i++) {
			const struct open *o = r.open.entries[i].ptr;

			if (o)
				phx_vec_push(a, &out->v, o->p);
		}
	}
	phx_buf_done(&text);
	return ok;
}
