#include "base/source.h"

#include <string.h>

#include "base/sys.h"

enum { CHARS_STEP = 1024 };

void phx_sources_init(struct phx_sources *s, struct phx_arena *arena)
{
	*s = (struct phx_sources){.arena = arena};
	phx_vec_push(arena, &s->files, NULL);
}

uint32_t phx_source_read(struct phx_sources *s, struct phx_str path, struct phx_err *err)
{
	struct phx_str name = phx_str_dup(s->arena, path);
	struct phx_buf text = {0};
	uint32_t file = 0;

	if (!phx_read_file(name.ptr, &text, err))
		goto out;
	if (text.len >= UINT32_MAX) {
		phx_err_set(err, PHX_ERR_DATA, "%s: larger than 4 GiB", name.ptr);
		goto out;
	}
	file = phx_source_add(s, name, phx_buf_view(&text));
out:
	phx_buf_done(&text);
	return file;
}

uint32_t phx_source_add(struct phx_sources *s, struct phx_str path, struct phx_str text)
{
	struct phx_source *source = PHX_NEW(s->arena, struct phx_source);

	if (text.len >= UINT32_MAX)
		PHX_BUG("a source of %zu bytes", text.len);
	source->path = phx_str_dup(s->arena, path);
	source->text = phx_str_dup(s->arena, text);
	phx_vec_push(s->arena, &s->files, source);
	return s->files.n - 1;
}

static struct phx_source *source_at(const struct phx_sources *s, uint32_t file)
{
	return file < s->files.n ? s->files.v[file] : NULL;
}

const struct phx_source *phx_source_get(const struct phx_sources *s, uint32_t file)
{
	return source_at(s, file);
}

void phx_source_hide(struct phx_sources *s, uint32_t file)
{
	struct phx_source *source = source_at(s, file);

	if (source)
		source->hidden = true;
}

/* Characters are counted by their first byte; what is no UTF-8 may so count too little, never wrong by position. */
static uint32_t count_chars(const char *at, const char *end)
{
	uint32_t n = 0;

	for (; at < end; at++)
		n += ((unsigned char)*at & 0xC0) != 0x80;
	return n;
}

static uint32_t count_lines(struct phx_str text)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	uint32_t n = 1;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		n++;
	}
	return n;
}

static void build_tables(const struct phx_sources *s, struct phx_source *source)
{
	const char *start = source->text.ptr, *end = start + source->text.len, *at = start;
	uint32_t steps = (uint32_t)(source->text.len / CHARS_STEP) + 1;

	source->nlines = count_lines(source->text);
	source->lines = PHX_NEW_N(s->arena, uint32_t, source->nlines);
	for (uint32_t line = 1; line < source->nlines; line++) {
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
		source->lines[line] = (uint32_t)(at - start);
	}
	source->chars = PHX_NEW_N(s->arena, uint32_t, steps);
	for (uint32_t i = 1; i < steps; i++) {
		at = start + (size_t)(i - 1) * CHARS_STEP;
		source->chars[i] = source->chars[i - 1] + count_chars(at, at + CHARS_STEP);
	}
}

/* Characters before an offset: at most CHARS_STEP bytes are looked at, whatever the length of the line. */
static uint32_t chars_before(const struct phx_source *source, uint32_t offset)
{
	const char *from = source->text.ptr + offset / CHARS_STEP * CHARS_STEP;

	return source->chars[offset / CHARS_STEP] + count_chars(from, source->text.ptr + offset);
}

/* Index from 0 of the line that holds an offset. */
static uint32_t line_of(const struct phx_source *source, uint32_t offset)
{
	uint32_t low = 0, high = source->nlines;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (source->lines[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	return low;
}

struct phx_pos phx_source_pos(const struct phx_sources *s, struct phx_span at)
{
	struct phx_source *source = source_at(s, at.file);
	uint32_t offset, line;

	if (!source)
		return (struct phx_pos){0};
	if (!source->lines)
		build_tables(s, source);
	offset = at.start < source->text.len ? at.start : (uint32_t)source->text.len;
	line = line_of(source, offset);
	return (struct phx_pos){
		.path = source->path,
		.line = line + 1,
		.col = chars_before(source, offset) - chars_before(source, source->lines[line]) + 1,
	};
}

struct phx_str phx_source_line(const struct phx_sources *s, uint32_t file, uint32_t line)
{
	struct phx_source *source = source_at(s, file);
	uint32_t start, end;

	if (!source)
		return PHX_STR("");
	if (!source->lines)
		build_tables(s, source);
	if (line == 0 || line > source->nlines)
		return PHX_STR("");
	start = source->lines[line - 1];
	end = line < source->nlines ? source->lines[line] - 1 : (uint32_t)source->text.len;
	if (end > start && line < source->nlines && source->text.ptr[end - 1] == '\r')
		end--;
	return (struct phx_str){source->text.ptr + start, end - start};
}

struct phx_str phx_source_text(const struct phx_sources *s, struct phx_span at)
{
	const struct phx_source *source = source_at(s, at.file);

	if (!source || at.end < at.start)
		return PHX_STR("");
	return phx_str_slice(source->text, at.start, at.end - at.start);
}

struct phx_span phx_span_join(struct phx_span a, struct phx_span b)
{
	if (!phx_span_known(a))
		return b;
	if (!phx_span_known(b) || a.file != b.file)
		return a;
	return (struct phx_span){a.file, a.start, b.end};
}

bool phx_span_known(struct phx_span s)
{
	return s.file != 0;
}
