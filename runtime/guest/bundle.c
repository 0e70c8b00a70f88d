/* The text that /bin/sh in the guest gets, and what is sent ahead of it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/sys.h"
#include "guest/guest_priv.h"

#define PHX_GUEST_IN  "/var/lib/phx/in/"
#define PHX_GUEST_LOG "/var/log/phx/"

enum { DEFAULT_TIMEOUT_MS = 30 * 60 * 1000, NAME_MAX_LEN = 60, LINE = 960 };

/* How much goes in one message: the API takes 65536 characters of input-data, and 61440 of base64 in file-write (OBSERVED, guest
 * agent); `qm guest exec --pass-stdin` reads 1 MiB; pct has no limit, but pieces are held in memory. */
static const struct {
	uint64_t bundle, piece;
} limits[PHX_WAY_COUNT] = {
	[PHX_WAY_AGENT] = {61440, 46080},
	[PHX_WAY_QM] = {900 << 10, 720 << 10},
	[PHX_WAY_PCT] = {256 << 10, 8 << 20},
};

static bool plain(char c)
{
	return (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
}

/* Plain stretches stand in single quotes, others are made by printf in the guest. */
void phx_shell_word(struct phx_buf *out, struct phx_str word)
{
	size_t i = 0;

	if (!word.len)
		phx_buf_c(out, "''");
	while (i < word.len) {
		bool quoted = plain(word.ptr[i]);

		phx_buf_c(out, quoted ? "'" : "\"$(printf '");
		for (; i < word.len && plain(word.ptr[i]) == quoted; i++) {
			if (!quoted)
				phx_buf_printf(out, "\\%03o", (unsigned)(unsigned char)word.ptr[i]);
			else if (word.ptr[i] == '\'')
				phx_buf_c(out, "'\\''");
			else
				phx_buf_ch(out, word.ptr[i]);
		}
		phx_buf_c(out, quoted ? "'" : "')\"");
	}
}

/* Comments stay at home: the way into the guest is narrow. */
static bool wrapper(struct phx_buf *out, struct phx_err *err)
{
	struct phx_arena a = {0};
	struct phx_buf text = {0};
	struct phx_str rest, line;
	bool ok = phx_read_file(phx_path_join(&a, phx_etc_dir(&a), PHX_STR("guest/step.sh")).ptr, &text, err);

	rest = phx_buf_view(&text);
	while (ok && rest.len && phx_str_cut(&rest, '\n', &line)) {
		if (phx_str_starts(phx_str_trim(line), "#") || !phx_str_trim(line).len)
			continue;
		phx_buf_str(out, line);
		phx_buf_ch(out, '\n');
	}
	phx_buf_done(&text);
	phx_arena_done(&a);
	return ok;
}

bool phx_bundle_wrapper(struct phx_arena *a, const char *call, struct phx_str *out, struct phx_err *err)
{
	struct phx_buf b = {0};
	bool ok = wrapper(&b, err);

	phx_buf_printf(&b, "%s\n", call);
	if (ok)
		*out = phx_str_dup(a, phx_buf_view(&b));
	phx_buf_done(&b);
	return ok;
}

struct phx_str phx_guest_log_name(struct phx_arena *a, struct phx_str s)
{
	struct phx_buf b = {0};
	struct phx_str out;

	for (size_t i = 0; i < s.len && b.len < NAME_MAX_LEN; i++) {
		char c = s.ptr[i];
		bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '.' || c == '_';

		if (keep && !(c == '.' && !b.len))
			phx_buf_ch(&b, c);
		else if (b.len && b.ptr[b.len - 1] != '-')
			phx_buf_ch(&b, '-');
	}
	while (b.len && b.ptr[b.len - 1] == '-')
		b.len--;
	out = b.len ? phx_str_dup(a, phx_buf_view(&b)) : PHX_STR("step");
	phx_buf_done(&b);
	return out;
}

static bool name_ok(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		      (i && c >= '0' && c <= '9')))
			return false;
	}
	return s.len > 0;
}

/* The environment as a script that sets it: values hold any bytes but NUL. */
static bool env_entry(struct phx_arena *a, const struct phx_guest_work *w, struct phx_bundle *b,
		      struct phx_err *err)
{
	struct phx_entry e = {.name = PHX_STR("env")};
	struct phx_buf text = {0};
	bool ok = true;

	for (uint32_t i = 0; i < w->env.n && ok; i++) {
		const struct phx_param *p = &w->env.v[i];

		if (!name_ok(p->name))
			ok = phx_err_set(err, PHX_ERR_DATA,
					 "`" PHX_STR_FMT "` is no name of an environment variable",
					 PHX_STR_ARG(p->name));
		else if (phx_str_chr(p->value, '\0') >= 0)
			ok = phx_err_set(err, PHX_ERR_DATA, "the value of " PHX_STR_FMT " holds a NUL byte",
					 PHX_STR_ARG(p->name));
		phx_buf_c(&text, "export ");
		phx_buf_str(&text, p->name);
		phx_buf_ch(&text, '=');
		phx_buf_ch(&text, '\'');
		for (size_t k = 0; k < p->value.len; k++) {
			if (p->value.ptr[k] == '\'')
				phx_buf_c(&text, "'\\''");
			else
				phx_buf_ch(&text, p->value.ptr[k]);
		}
		phx_buf_c(&text, "'\n");
		e.secret |= p->secret;
	}
	if (ok && w->env.n) {
		e.content = phx_str_dup(a, phx_buf_view(&text));
		phx_vec_push(a, &b->entries, e);
	}
	phx_buf_done(&text);
	return ok;
}

static void add_entry(struct phx_arena *a, struct phx_bundle *b, const char *name, struct phx_str content,
		      bool secret)
{
	struct phx_entry e = {.name = phx_str_c(name), .content = phx_str_dup(a, content), .secret = secret};

	phx_vec_push(a, &b->entries, e);
}

static bool collect(struct phx_arena *a, const struct phx_guest_work *w, const struct phx_bundle_options *o,
		    struct phx_bundle *b, struct phx_err *err)
{
	if (!env_entry(a, w, b, err))
		return false;
	add_entry(a, b, "script", w->script, false);
	if (o->has_input)
		add_entry(a, b, "in", o->input, o->secret_input);
	for (uint32_t i = 0; i < b->entries.n; i++) {
		b->entries.v[i].size = b->entries.v[i].content.len;
		b->entries.v[i].sha256 = phx_sha256_hex(a, b->entries.v[i].content);
	}
	for (uint32_t i = 0; i < w->files.n; i++) {
		const struct phx_guest_file *f = &w->files.v[i];
		struct phx_entry e = {.name = phx_str_printf(a, "w/" PHX_STR_FMT, PHX_STR_ARG(f->name)),
				      .size = f->size,
				      .sha256 = phx_str_dup(a, f->sha256),
				      .secret = f->secret};

		if (f->path.len)
			e.path = phx_str_dup(a, f->path);
		else
			e.content = phx_str_dup(a, f->content);
		phx_vec_push(a, &b->entries, e);
	}
	return true;
}

static uint64_t cost(const struct phx_entry *e)
{
	return e->ahead ? 120 : e->size / 3 * 4 + e->size / LINE * 4 / 3 + 140 + 4 * e->name.len;
}

/* The largest entries go ahead in pieces until the rest fits into one message. */
static void choose(struct phx_bundle *b, uint64_t wrapper_len)
{
	for (;;) {
		uint64_t total = wrapper_len + 400;
		uint32_t largest = 0;

		for (uint32_t i = 0; i < b->entries.n; i++) {
			total += cost(&b->entries.v[i]);
			if (cost(&b->entries.v[i]) > cost(&b->entries.v[largest]))
				largest = i;
		}
		if (total <= limits[b->way].bundle || b->entries.v[largest].ahead)
			return;
		b->entries.v[largest].ahead = true;
	}
}

static void cut_pieces(struct phx_arena *a, struct phx_bundle *b)
{
	uint64_t max = limits[b->way].piece;

	for (uint32_t i = 0; i < b->entries.n; i++) {
		const struct phx_entry *e = &b->entries.v[i];

		if (!e->ahead)
			continue;
		for (uint32_t k = 0; k * max < e->size; k++) {
			struct phx_piece p = {.entry = i, .number = k, .at = k * max};

			p.len = e->size - p.at < max ? e->size - p.at : max;
			p.to = phx_str_printf(a, PHX_GUEST_IN PHX_STR_FMT "/%u.%u", PHX_STR_ARG(b->id), i, k);
			phx_vec_push(a, &b->pieces, p);
		}
	}
}

static bool load(const struct phx_entry *e, struct phx_buf *out, struct phx_err *err)
{
	if (!e->path.len) {
		phx_buf_str(out, e->content);
		return true;
	}
	return phx_read_file(e->path.ptr, out, err);
}

static bool inline_entry(struct phx_buf *text, const struct phx_entry *e, struct phx_err *err)
{
	struct phx_buf bytes = {0}, coded = {0};
	bool ok = load(e, &bytes, err);

	phx_buf_c(text, "phx_file ");
	phx_shell_word(text, e->name);
	phx_buf_printf(text, " " PHX_STR_FMT " <<'phx'\n", PHX_STR_ARG(e->sha256));
	phx_buf_base64(&coded, phx_buf_view(&bytes));
	for (size_t at = 0; at < coded.len; at += LINE) {
		phx_buf_str(text, phx_str_slice(phx_buf_view(&coded), at, LINE));
		phx_buf_ch(text, '\n');
	}
	phx_buf_c(text, "phx\n");
	phx_buf_done(&bytes);
	phx_buf_done(&coded);
	return ok;
}

const char *phx_bundle_mode(uint8_t way, bool whole)
{
	if (way == PHX_WAY_PCT)
		return "stream";
	return whole ? "whole" : "tail";
}

static bool compose(const struct phx_guest_work *w, const struct phx_bundle_options *o, struct phx_str log,
		    struct phx_bundle *b, struct phx_buf *text, struct phx_err *err)
{
	bool ok = true;

	phx_buf_printf(text, "phx_begin " PHX_STR_FMT " " PHX_STR_FMT " %d %llu %s %d\n", PHX_STR_ARG(b->id),
		       PHX_STR_ARG(log), w->once, (unsigned long long)((b->timeout_ms + 999) / 1000),
		       phx_bundle_mode(b->way, o->whole), o->split);
	for (uint32_t i = 0, pieces; i < b->entries.n && ok; i++) {
		const struct phx_entry *e = &b->entries.v[i];

		if (!e->ahead) {
			ok = inline_entry(text, e, err);
			b->secret |= e->secret;
			continue;
		}
		pieces = (uint32_t)((e->size + limits[b->way].piece - 1) / limits[b->way].piece);
		phx_buf_c(text, "phx_pieces ");
		phx_shell_word(text, e->name);
		phx_buf_printf(text, " " PHX_STR_FMT " %u %u\n", PHX_STR_ARG(e->sha256), i, pieces);
	}
	phx_buf_c(text, "phx_run\n");
	return ok;
}

bool phx_bundle_build(struct phx_arena *a, const struct phx_guest_work *w, uint8_t way,
		      const struct phx_bundle_options *o, struct phx_bundle *out, struct phx_err *err)
{
	struct phx_bundle b = {.way = way, .timeout_ms = w->timeout_ms ? w->timeout_ms : DEFAULT_TIMEOUT_MS};
	struct phx_str log = phx_guest_log_name(a, w->key.len ? w->key : w->what);
	struct phx_buf text = {0};
	bool ok;

	if (o->id.len)
		b.id = phx_str_dup(a, o->id);
	else
		b.id = phx_str_printf(a, PHX_STR_FMT "-" PHX_STR_FMT, PHX_STR_ARG(log), PHX_STR_ARG(w->hash));
	if (!o->split)
		b.log = phx_str_printf(a, PHX_GUEST_LOG PHX_STR_FMT ".log", PHX_STR_ARG(log));
	ok = wrapper(&text, err) && collect(a, w, o, &b, err);
	if (ok) {
		choose(&b, text.len);
		cut_pieces(a, &b);
		ok = compose(w, o, log, &b, &text, err);
	}
	if (ok) {
		b.text = phx_str_dup(a, phx_buf_view(&text));
		*out = b;
	}
	phx_buf_done(&text);
	return ok;
}

bool phx_bundle_piece(const struct phx_bundle *b, const struct phx_piece *p, struct phx_buf *out,
		      struct phx_err *err)
{
	const struct phx_entry *e = &b->entries.v[p->entry];
	size_t got = 0;
	char *to;
	int fd;

	if (!e->path.len) {
		phx_buf_str(out, phx_str_slice(e->content, p->at, p->len));
		return true;
	}
	fd = open(e->path.ptr, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return phx_err_errno(err, errno, "cannot read " PHX_STR_FMT, PHX_STR_ARG(e->path));
	to = phx_buf_reserve(out, p->len);
	while (got < p->len) {
		ssize_t n = pread(fd, to + got, p->len - got, (off_t)(p->at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	close(fd);
	out->len += got;
	if (got < p->len)
		return phx_err_set(err, PHX_ERR_IO, PHX_STR_FMT " became shorter while it was sent",
				   PHX_STR_ARG(e->path));
	return true;
}

struct phx_str phx_bundle_make_room(struct phx_arena *a, const struct phx_bundle *b)
{
	return phx_str_printf(a, "umask 077; mkdir -p " PHX_GUEST_IN PHX_STR_FMT "\n", PHX_STR_ARG(b->id));
}

/* Not every base64 and cat says that the disk is full. */
struct phx_str phx_bundle_receive(struct phx_arena *a, const struct phx_bundle *b, const struct phx_piece *p)
{
	return phx_str_printf(a,
			      "umask 077; mkdir -p " PHX_GUEST_IN PHX_STR_FMT " && %s >" PHX_STR_FMT
			      " || exit 1; [ $(wc -c <" PHX_STR_FMT ") -eq %llu ] || "
			      "{ echo 'it is cut off: No space left on device?' >&2; exit 1; }",
			      PHX_STR_ARG(b->id), b->way == PHX_WAY_QM ? "base64 -d" : "cat",
			      PHX_STR_ARG(p->to), PHX_STR_ARG(p->to), (unsigned long long)p->len);
}
