/* State on disk: DIR/state/snapshot.json holds everything at one moment with its generation number, DIR/state/journal.GEN the
 * commits since then: one line each, with length and checksum in front. Recovery reads up to the first line that is not whole. */
#include "backend/sim/sim_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/sys.h"

#define COMPACT_AT ((size_t)16 << 20)

struct phx_sim_store {
	json_t *kinds; /* kind → id → document */
	json_t *dirty; /* kind → id → true */
	uint64_t generation;
	int journal_fd;
	size_t journal_size, snapshot_size;
	bool fresh;
	struct phx_buf path, line;
};

/* FNV-1a, 64 bits: it only has to tell a torn line from a whole one. */
static uint64_t checksum(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return h;
}

static const char *state_path(struct phx_sim *s, const char *name)
{
	struct phx_sim_store *st = s->store;

	phx_buf_clear(&st->path);
	phx_buf_printf(&st->path, "%s/state/%s", s->options.dir, name);
	return st->path.ptr;
}

static const char *journal_path(struct phx_sim *s)
{
	char name[40];

	(void)snprintf(name, sizeof(name), "journal.%llu", (unsigned long long)s->store->generation);
	return state_path(s, name);
}

json_t *phx_sim_all(struct phx_sim *s, const char *kind)
{
	json_t *all = json_object_get(s->store->kinds, kind);

	if (all == NULL) {
		all = json_object();
		json_object_set_new(s->store->kinds, kind, all);
	}
	return all;
}

json_t *phx_sim_get(struct phx_sim *s, const char *kind, const char *id)
{
	json_t *all = json_object_get(s->store->kinds, kind);

	return all != NULL ? json_object_get(all, id) : NULL;
}

void phx_sim_dirty(struct phx_sim *s, const char *kind, const char *id)
{
	json_t *of_kind = json_object_get(s->store->dirty, kind);

	if (of_kind == NULL) {
		of_kind = json_object();
		json_object_set_new(s->store->dirty, kind, of_kind);
	}
	json_object_set_new(of_kind, id, json_true());
}

json_t *phx_sim_put(struct phx_sim *s, const char *kind, const char *id, json_t *stolen)
{
	if (json_object_set_new(phx_sim_all(s, kind), id, stolen) != 0)
		PHX_BUG("a document that cannot be stored: %s %s", kind, id);
	phx_sim_dirty(s, kind, id);
	return stolen;
}

void phx_sim_del(struct phx_sim *s, const char *kind, const char *id)
{
	/* The id may belong to the document that goes. */
	phx_sim_dirty(s, kind, id);
	json_object_del(phx_sim_all(s, kind), id);
}

static int add_text(const char *bytes, size_t n, void *buf)
{
	phx_buf_add(buf, bytes, n);
	return 0;
}

/* "{kind: {id: document or null}}" of what changed. */
static json_t *changes(struct phx_sim_store *st)
{
	json_t *out = json_object(), *ids, *yes;
	const char *kind, *id;

	json_object_foreach(st->dirty, kind, ids)
	{
		json_t *docs = json_object(), *all = json_object_get(st->kinds, kind);

		json_object_foreach(ids, id, yes)
		{
			json_t *doc = all != NULL ? json_object_get(all, id) : NULL;

			json_object_set_new(docs, id, doc != NULL ? json_incref(doc) : json_null());
		}
		json_object_set_new(out, kind, docs);
	}
	return out;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool open_journal(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_store *st = s->store;

	st->journal_fd = open(journal_path(s), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (st->journal_fd < 0)
		return phx_err_errno(err, errno, "cannot open %s", st->path.ptr);
	return true;
}

static bool broken(struct phx_sim *s, const char *what)
{
	s->broken = true;
	s->stop = true;
	return phx_err_errno(&s->failure, errno, "cannot write the simulator's %s", what);
}

bool phx_sim_commit(struct phx_sim *s)
{
	struct phx_sim_store *st = s->store;
	json_t *what;
	char head[64];
	int n;

	if (s->broken)
		return false;
	if (json_object_size(st->dirty) == 0)
		return true;
	what = changes(st);
	json_object_clear(st->dirty);
	phx_buf_clear(&st->line);
	json_dump_callback(what, add_text, &st->line, JSON_COMPACT);
	json_decref(what);
	n = snprintf(head, sizeof(head), "%zu %016llx ", st->line.len,
		     (unsigned long long)checksum(st->line.ptr, st->line.len));
	phx_buf_ch(&st->line, '\n');
	if (!write_all(st->journal_fd, head, (size_t)n) ||
	    !write_all(st->journal_fd, st->line.ptr, st->line.len) || fdatasync(st->journal_fd) != 0)
		return broken(s, "journal");
	st->journal_size += (size_t)n + st->line.len;
	if (st->journal_size > COMPACT_AT && st->journal_size > 2 * st->snapshot_size)
		return phx_sim_store_compact(s, &s->failure) || broken(s, "snapshot");
	return true;
}

bool phx_sim_store_compact(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_store *st = s->store;
	struct phx_buf text = {0}, old = {0};
	bool ok = false;

	phx_buf_c(&old, journal_path(s));
	phx_buf_printf(&text, "{\"format\":\"phx-sim/1\",\"generation\":%llu,\"state\":",
		       (unsigned long long)st->generation + 1);
	json_dump_callback(st->kinds, add_text, &text, JSON_COMPACT);
	phx_buf_c(&text, "}\n");
	if (!phx_write_file_atomic(state_path(s, "snapshot.json"), phx_buf_view(&text), 0600, err))
		goto out;
	/* From here on the new generation is the truth; the old journal belongs to the old snapshot. */
	if (st->journal_fd >= 0)
		close(st->journal_fd);
	st->generation++;
	(void)unlink(old.ptr);
	(void)unlink(journal_path(s));
	st->journal_size = 0;
	st->snapshot_size = text.len;
	ok = open_journal(s, err);
out:
	phx_buf_done(&text);
	phx_buf_done(&old);
	return ok;
}

/* Applies one committed line. */
static bool replay_line(struct phx_sim_store *st, const char *text, size_t n)
{
	json_t *what = json_loadb(text, n, JSON_ALLOW_NUL, NULL), *docs, *doc;
	const char *kind, *id;

	if (!json_is_object(what)) {
		json_decref(what);
		return false;
	}
	json_object_foreach(what, kind, docs)
	{
		json_t *all = json_object_get(st->kinds, kind);

		if (all == NULL) {
			all = json_object();
			json_object_set_new(st->kinds, kind, all);
		}
		json_object_foreach(docs, id, doc)
		{
			if (json_is_null(doc))
				json_object_del(all, id);
			else
				json_object_set(all, id, doc);
		}
	}
	json_decref(what);
	return true;
}

/* Length of the whole lines at the start of the journal, which are applied. */
static size_t replay(struct phx_sim_store *st, const struct phx_buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		unsigned long long n = 0, sum = 0;
		int used = 0;

		if (sscanf(text->ptr + at, "%llu %16llx%n", &n, &sum, &used) != 2 || used <= 0)
			break;
		if (n > text->len || at + (size_t)used + 1 + n + 1 > text->len)
			break;
		if (checksum(text->ptr + at + used + 1, n) != sum ||
		    !replay_line(st, text->ptr + at + used + 1, n))
			break;
		at += (size_t)used + 1 + n + 1;
	}
	return at;
}

static bool load_snapshot(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_store *st = s->store;
	struct phx_buf text = {0};
	json_t *root = NULL, *state;
	bool ok = false;

	if (access(state_path(s, "snapshot.json"), F_OK) != 0) {
		st->fresh = true;
		return true;
	}
	if (!phx_read_file(st->path.ptr, &text, err))
		goto out;
	root = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
	state = json_object_get(root, "state");
	if (strcmp(phx_sim_so(root, "format", ""), "phx-sim/1") != 0 || !json_is_object(state)) {
		phx_err_set(err, PHX_ERR_DATA, "%s is not a state of this simulator", st->path.ptr);
		goto out;
	}
	json_decref(st->kinds);
	st->kinds = json_incref(state);
	st->generation = (uint64_t)phx_json_int(root, "generation", 0);
	st->snapshot_size = text.len;
	ok = true;
out:
	json_decref(root);
	phx_buf_done(&text);
	return ok;
}

static bool load_journal(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_store *st = s->store;
	struct phx_buf text = {0};
	bool ok = false;

	if (access(journal_path(s), F_OK) != 0)
		return open_journal(s, err);
	if (!phx_read_file(st->path.ptr, &text, err))
		goto out;
	st->journal_size = replay(st, &text);
	if (st->journal_size < text.len && truncate(st->path.ptr, (off_t)st->journal_size) != 0) {
		phx_err_errno(err, errno, "cannot cut the torn end off %s", st->path.ptr);
		goto out;
	}
	ok = open_journal(s, err);
out:
	phx_buf_done(&text);
	return ok;
}

bool phx_sim_store_open(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_store *st = calloc(1, sizeof(*st));

	if (st == NULL)
		phx_out_of_memory();
	st->kinds = json_object();
	st->dirty = json_object();
	st->journal_fd = -1;
	s->store = st;
	if (!phx_make_dirs(state_path(s, ""), 0700, err))
		return false;
	return load_snapshot(s, err) && load_journal(s, err);
}

void phx_sim_store_close(struct phx_sim *s)
{
	struct phx_sim_store *st = s->store;

	if (st == NULL)
		return;
	if (st->journal_fd >= 0)
		close(st->journal_fd);
	json_decref(st->kinds);
	json_decref(st->dirty);
	phx_buf_done(&st->path);
	phx_buf_done(&st->line);
	free(st);
	s->store = NULL;
}

bool phx_sim_store_fresh(const struct phx_sim *s)
{
	return s->store->fresh;
}

static json_t *meta(struct phx_sim *s)
{
	json_t *m = phx_sim_get(s, "meta", "meta");

	return m != NULL ? m : phx_sim_put(s, "meta", "meta", json_object());
}

int64_t phx_sim_meta_int(struct phx_sim *s, const char *key, int64_t otherwise)
{
	return phx_json_int(meta(s), key, otherwise);
}

void phx_sim_meta_set(struct phx_sim *s, const char *key, json_t *stolen)
{
	json_object_set_new(meta(s), key, stolen);
	phx_sim_dirty(s, "meta", "meta");
}

int64_t phx_sim_meta_count(struct phx_sim *s, const char *key, int64_t first)
{
	int64_t n = phx_sim_meta_int(s, key, first);

	phx_sim_meta_set(s, key, json_integer(n + 1));
	return n;
}
