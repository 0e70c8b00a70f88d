#include "parse_priv.h"

#include <string.h>

#include "base/utf8.h"

/* Strings and heredocs. Their text is a slice of the source as long as it is the same, else a decoded copy. */

static struct phx_expr *string(struct phx_parser *p, struct phx_span at, struct phx_str text)
{
	struct phx_expr *e = PHX_NEW(p->arena, struct phx_expr);

	e->kind = PHX_EXPR_STRING;
	e->depth = 1;
	e->span = at;
	e->s = text;
	return e;
}

struct phx_expr *phx_lex_plain_string(struct phx_parser *p, struct phx_span at)
{
	return string(p, at, phx_str_slice(p->text, at.start + 1, at.end - at.start - 2));
}

struct phx_expr *phx_lex_other_quotes(struct phx_parser *p, struct phx_span at, uint32_t open, uint32_t close)
{
	struct phx_str all = phx_parse_text(p, at), text;
	bool closed = all.len >= open + close && memcmp(all.ptr, all.ptr + all.len - close, 1) == 0;
	struct phx_diag *d = phx_parse_error(p, PHX0024, at, "strings stand in `\"…\"`");
	struct phx_buf fix = {0};

	if (open > 1) /* a pair of different quotes: the caller found its end */
		closed = true;
	text = phx_str_slice(all, open, all.len - open - (closed ? close : 0));
	phx_diag_label(p->bag, d, at,
		       closed ? "other quotes mean nothing"
			      : "other quotes mean nothing, and this one is never closed");
	if (phx_str_chr(text, '"') < 0 && phx_str_chr(text, '\\') < 0 && closed) {
		phx_buf_ch(&fix, '"');
		phx_buf_str(&fix, text);
		phx_buf_ch(&fix, '"');
		phx_diag_fix(p->bag, d, at, phx_buf_view(&fix), phx_str_chr(text, '$') < 0);
	}
	phx_buf_done(&fix);
	return string(p, at, text);
}

/* Unterminated strings */

/* Brackets that a string without its end has swallowed: those at the end of its text. */
static uint32_t swallowed(const struct phx_parser *p, uint32_t from, uint32_t to)
{
	uint32_t n = 0, at = to;

	while (at > from && strchr(" \t,;)]}", p->text.ptr[at - 1]))
		at--;
	for (; at < to && n < p->nframes; at++)
		if (strchr(")]}", p->text.ptr[at]))
			n++;
	return n;
}

void phx_lex_unterminated(struct phx_parser *p, struct phx_span open, uint32_t end)
{
	struct phx_diag *d = phx_parse_error(p, PHX0015, open, "string is never closed");

	phx_diag_label(p->bag, d, open, "opened here");
	phx_diag_label(p->bag, d, (struct phx_span){p->file, end, end}, "the line ends here");
	phx_diag_help(p->bag, d, "close it with `\"`, or write a text of several lines as `<<~EOF`");
	p->swallowed = swallowed(p, open.end, end);
	p->swallowed_from = open.start;
}

/* In the `${}` of a string, maybe in brackets there. */
bool phx_lex_in_string(const struct phx_parser *p)
{
	uint32_t i = p->nframes;

	while (i > 0 && (p->frames[i - 1].kind == FRAME_PAREN || p->frames[i - 1].kind == FRAME_BRACKET))
		i--;
	return i > 1 && p->frames[i - 1].kind == FRAME_INTERP && p->frames[i - 2].kind == FRAME_STRING;
}

bool phx_lex_lonely_quote(struct phx_parser *p, struct phx_span at, uint32_t *out_end)
{
	uint32_t end = at.end;

	for (; end < p->text.len && p->text.ptr[end] != '\n' && p->text.ptr[end] != '\r'; end++)
		if (p->text.ptr[end] == '"' || (p->text.ptr[end] == '$' && p->text.ptr[end + 1] == '{'))
			return false;
	*out_end = end;
	return true;
}

/* Pieces */

static void open_chunk(struct phx_parser *p, struct phx_span at)
{
	if (p->chunk_open)
		return;
	p->chunk_open = true;
	p->chunk_decoded = false;
	p->chunk_at = at.start;
	phx_buf_clear(&p->chunk);
}

void phx_lex_chunk(struct phx_parser *p, struct phx_span at)
{
	open_chunk(p, at);
	p->chunk_end = at.end;
	if (p->chunk_decoded)
		phx_buf_str(&p->chunk, phx_parse_text(p, at));
}

void phx_lex_chunk_as(struct phx_parser *p, struct phx_span at, struct phx_str decoded)
{
	open_chunk(p, at);
	if (!p->chunk_decoded)
		phx_buf_str(&p->chunk, phx_str_slice(p->text, p->chunk_at, at.start - p->chunk_at));
	p->chunk_decoded = true;
	p->chunk_end = at.end;
	phx_buf_str(&p->chunk, decoded);
}

struct phx_expr *phx_lex_take_chunk(struct phx_parser *p, struct phx_span *out_at)
{
	struct phx_str text = phx_str_slice(p->text, p->chunk_at, p->chunk_end - p->chunk_at);

	if (!p->chunk_open)
		return NULL;
	p->chunk_open = false;
	*out_at = (struct phx_span){p->file, p->chunk_at, p->chunk_end};
	return string(p, *out_at, p->chunk_decoded ? phx_str_dup(p->arena, phx_buf_view(&p->chunk)) : text);
}

/* Escapes */

static void bad_escape(struct phx_parser *p, struct phx_span at, const char *why, bool doubled)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d =
		phx_parse_error(p, PHX0018, at, "unknown escape `" PHX_STR_FMT "`", PHX_STR_ARG(text));

	phx_diag_label(p->bag, d, at, "%s", why);
	phx_diag_help(p->bag, d, "the escapes are `\\n \\t \\\" \\\\ \\$ \\u{…}`");
	if (doubled)
		phx_diag_fix(p->bag, d, (struct phx_span){at.file, at.start, at.start + 1}, PHX_STR("\\\\"),
			     false);
	p->frames[p->nframes - 1].bad = true;
	phx_lex_chunk(p, at);
}

/* `\u{1F600}` */
static void unicode_escape(struct phx_parser *p, struct phx_span at, struct phx_str text)
{
	struct phx_buf out = {0};
	uint32_t c = 0;
	size_t i;

	if (text.len < 5 || text.ptr[2] != '{' || text.ptr[text.len - 1] != '}' || text.len > 10) {
		bad_escape(p, at, "one to six hex digits in braces: `\\u{e9}`", false);
		return;
	}
	for (i = 3; i < text.len - 1; i++) {
		char digit = (char)(text.ptr[i] | 0x20);
		bool number = digit >= '0' && digit <= '9';

		if (!number && (digit < 'a' || digit > 'f')) {
			bad_escape(p, at, "one to six hex digits in braces: `\\u{e9}`", false);
			return;
		}
		c = c << 4 | (uint32_t)(number ? digit - '0' : digit - 'a' + 10);
	}
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		bad_escape(p, at, "there is no such character", false);
		return;
	}
	phx_utf8_add(&out, c);
	phx_lex_chunk_as(p, at, phx_buf_view(&out));
	phx_buf_done(&out);
}

void phx_lex_escape(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);

	switch (text.len > 1 ? text.ptr[1] : '\0') {
	case 'n':
		phx_lex_chunk_as(p, at, PHX_STR("\n"));
		break;
	case 't':
		phx_lex_chunk_as(p, at, PHX_STR("\t"));
		break;
	case '"':
	case '\\':
	case '$':
		phx_lex_chunk_as(p, at, phx_str_from(text, 1));
		break;
	case 'u':
		unicode_escape(p, at, text);
		break;
	default:
		bad_escape(p, at, "not an escape", true);
		break;
	}
}

/* Heredocs */

static bool bad_head(struct phx_parser *p, struct phx_span at, const char *message, const char *label,
		     struct phx_str fix)
{
	struct phx_diag *d = phx_parse_error(p, PHX0029, at, "%s", message);

	phx_diag_label(p->bag, d, at, "%s", label);
	phx_diag_help(p->bag, d, "a heredoc begins `<<~EOF` at the end of a line and ends with a line `EOF`");
	if (fix.len)
		phx_diag_fix(p->bag, d, at, fix, false);
	return false;
}

/* The end word, alone on its line but for what closes brackets around the heredoc or separates it. */
static bool is_end_line(struct phx_str line, struct phx_str word, bool indented, size_t *out_at)
{
	size_t at = 0;

	while (indented && at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	*out_at = at;
	if (line.len - at < word.len || memcmp(line.ptr + at, word.ptr, word.len) != 0)
		return false;
	for (at += word.len; at < line.len; at++)
		if (!strchr(" \t\r,;)]}", line.ptr[at]))
			return false;
	return true;
}

static bool find_end(struct phx_parser *p, struct phx_str word, struct phx_frame *out)
{
	size_t at = out->end, stop = p->limit ? p->limit : p->text.len, word_at;

	while (at < stop) {
		const char *nl = memchr(p->text.ptr + at, '\n', stop - at);
		size_t end = nl ? (size_t)(nl - p->text.ptr) : stop;

		if (is_end_line(phx_str_slice(p->text, at, end - at), word, out->flush, &word_at)) {
			out->limit = (uint32_t)at;
			out->word = (uint32_t)(at + word_at);
			out->stop = out->word + (uint32_t)word.len;
			return true;
		}
		at = end + 1;
	}
	return false;
}

static bool unterminated(struct phx_parser *p, struct phx_span at, struct phx_str word, bool flush)
{
	struct phx_diag *d = phx_parse_error(p, PHX0017, at, "heredoc is never ended");

	phx_diag_label(p->bag, d, at, "begins here");
	phx_diag_help(p->bag, d,
		      flush ? "end it with a line `" PHX_STR_FMT "`"
			    : "end it with a line that starts with `" PHX_STR_FMT
			      "`; for an indented one, begin with `<<~`",
		      PHX_STR_ARG(word));
	p->stopped = true; /* all the rest of the file may be meant as its text */
	return false;
}

static uint32_t line_end(const struct phx_parser *p, uint32_t at)
{
	while (at < p->text.len && p->text.ptr[at] != '\n' && p->text.ptr[at] != '\r')
		at++;
	return at;
}

bool phx_lex_heredoc(struct phx_parser *p, struct phx_span at, struct phx_frame *out)
{
	struct phx_str text = phx_parse_text(p, at), word = phx_str_from(text, 2), fix = {0};
	char kind = word.len ? word.ptr[0] : '\0';
	size_t line = at.end;

	*out = (struct phx_frame){
		.at = at.start, .end = line_end(p, at.end), .flush = kind == '~' || kind == '-'};
	word = phx_str_from(word, out->flush);
	if (word.len == 0)
		return bad_head(p, at, "`<<` begins a heredoc", "no end word", fix);
	if (word.ptr[0] == '"' || word.ptr[0] == '\'') {
		bad_head(p, at, "the end word of a heredoc has no quotes", "quoted", fix);
		line += line < p->text.len && p->text.ptr[line] == word.ptr[0];
		word = phx_str_from(word, 1);
		if (word.len == 0)
			return false;
	}
	if (kind == '-') {
		fix = phx_str_printf(p->arena, "<<~" PHX_STR_FMT, PHX_STR_ARG(word));
		bad_head(p, at, "an indented heredoc begins with `<<~`", "`<<-` is of another language", fix);
	}
	while (line < p->text.len && strchr(" \t\r", p->text.ptr[line]))
		line++;
	if (line < p->text.len && p->text.ptr[line] != '\n') {
		const char *end = memchr(p->text.ptr + line, '\n', p->text.len - line);

		bad_head(p,
			 (struct phx_span){at.file, (uint32_t)line,
					   (uint32_t)(end ? (size_t)(end - p->text.ptr) : p->text.len)},
			 "the text of a heredoc begins on the next line", "stands behind the end word", fix);
		line = end ? (size_t)(end - p->text.ptr) : p->text.len;
		out->bad = true;
	}
	out->end = (uint32_t)(line < p->text.len ? line + 1 : line);
	return find_end(p, word, out) || unterminated(p, at, word, out->flush);
}
