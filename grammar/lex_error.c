#include "parse_priv.h"

#include <string.h>

#include "base/utf8.h"

/* What people paste or type that is no phx: named, explained, and understood as they meant it where that is certain. */

/* The whole text, before scanning */

static bool wide_encoding(struct phx_parser *p)
{
	static const struct {
		struct phx_str mark;
		const char *name;
	} marks[] = {
		{{"\xFF\xFE\0\0", 4}, "UTF-32"},
		{{"\0\0\xFE\xFF", 4}, "UTF-32"},
		{{"\xFF\xFE", 2}, "UTF-16"},
		{{"\xFE\xFF", 2}, "UTF-16"},
	};
	const char *name = NULL;
	size_t i;

	for (i = 0; i < PHX_COUNTOF(marks) && !name; i++)
		if (phx_str_eq(phx_str_slice(p->text, 0, marks[i].mark.len), marks[i].mark))
			name = marks[i].name;
	/* Without a mark: text in Latin letters has a zero in every other byte. */
	if (!name && p->text.len >= 4 &&
	    ((!p->text.ptr[0] && p->text.ptr[1] && !p->text.ptr[2] && p->text.ptr[3]) ||
	     (p->text.ptr[0] && !p->text.ptr[1] && p->text.ptr[2] && !p->text.ptr[3])))
		name = "UTF-16";
	if (name) {
		struct phx_diag *d = phx_parse_error(p, PHX0012, (struct phx_span){p->file, 0, 0},
						     "the file is in %s", name);

		phx_diag_help(p->bag, d, "save it as UTF-8, or convert it with `iconv -f %s -t UTF-8`", name);
	}
	return name != NULL;
}

static void bad_byte(struct phx_parser *p, uint32_t at)
{
	unsigned byte = (unsigned char)p->text.ptr[at];
	struct phx_span span = {p->file, at, at + 1};
	struct phx_diag *d;

	if (byte >= 0x80) {
		d = phx_parse_error(p, PHX0011, span, "byte 0x%02X is no UTF-8", byte);
		phx_diag_help(p->bag, d,
			      "save the file as UTF-8, or convert it with `iconv -f ISO-8859-1 -t UTF-8`");
		return;
	}
	d = phx_parse_error(p, PHX0013, span, "control character U+%04X in the source", byte);
	phx_diag_help(p->bag, d, "in a string it can be written `\\u{%x}`", byte);
}

/* Whether eight bytes at once are plain: ASCII and no control characters (all of which are below 0x20, but 0x7F). */
static bool plain8(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	uint64_t v, low, del;

	memcpy(&v, at, 8);
	low = (v - ones * 0x20) & ~v; /* high bit: below 0x20 */
	del = v ^ ones * 0x7F;
	del = (del - ones) & ~del; /* high bit: is 0x7F */
	return !((v | low | del) & high);
}

bool phx_lex_check_bytes(struct phx_parser *p)
{
	enum { TOO_MANY = 3 };
	uint32_t at = 0, len = 1, bad = 0;

	if (wide_encoding(p))
		return false;
	while (at < p->text.len && bad < TOO_MANY) {
		unsigned char c = (unsigned char)p->text.ptr[at];

		if (p->text.len - at >= 8 && plain8(p->text.ptr + at)) {
			at += 8;
			continue;
		}
		len = 1;
		if (c >= 0x80 ? phx_utf8_at(p->text, at, &len) == PHX_UTF8_BAD
			      : (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) {
			bad_byte(p, at);
			bad++;
		}
		at += len;
	}
	/* So much of it is damage or another kind of file. */
	return bad < TOO_MANY;
}

/* Characters outside strings */

struct lookalike {
	uint32_t c;
	const char *name, *ours; /* ours: "" for a blank, NULL for nothing */
};

static const struct lookalike lookalikes[] = {
	{0x00A0, "no-break space", " "},
	{0x00D7, "multiplication sign", "*"},
	{0x00F7, "division sign", "/"},
	{0x200B, "zero-width space", ""},
	{0x200C, "zero-width non-joiner", ""},
	{0x200D, "zero-width joiner", ""},
	{0x200E, "left-to-right mark", ""},
	{0x200F, "right-to-left mark", ""},
	{0x2010, "hyphen", "-"},
	{0x2011, "non-breaking hyphen", "-"},
	{0x2013, "en dash", "-"},
	{0x2014, "em dash", "-"},
	{0x2026, "ellipsis", ".."},
	{0x202F, "narrow no-break space", " "},
	{0x2060, "word joiner", ""},
	{0x2192, "arrow", NULL},
	{0x2212, "minus sign", "-"},
	{0x2260, "not-equal sign", "!="},
	{0x2264, "less-or-equal sign", "<="},
	{0x2265, "greater-or-equal sign", ">="},
	{0x3000, "ideographic space", " "},
	{0xFEFF, "zero-width no-break space (a byte order mark)", ""},
};

/* Quotes, with what closes them. */
static const struct {
	uint32_t open, close[2];
	const char *name;
} quotes[] = {
	{0x201C, {0x201D, 0x201C}, "left double quotation mark"},
	{0x201D, {0x201D, 0x201C}, "right double quotation mark"},
	{0x201E, {0x201C, 0x201D}, "low double quotation mark"},
	{0x2018, {0x2019, 0x2018}, "left single quotation mark"},
	{0x2019, {0x2019, 0x2018}, "right single quotation mark"},
	{0x00AB, {0x00BB, 0x00BB}, "angle quotation mark"},
	{0x00BB, {0x00AB, 0x00AB}, "angle quotation mark"},
};

static const struct lookalike *lookalike_find(uint32_t c)
{
	size_t i;

	for (i = 0; i < PHX_COUNTOF(lookalikes); i++)
		if (lookalikes[i].c == c)
			return &lookalikes[i];
	return NULL;
}

/* `“web”`: where the closing quote is on this line, or an ASCII quote in its place. */
static bool closing_quote(const struct phx_parser *p, uint32_t at, const uint32_t close[2], uint32_t *out_at,
			  uint32_t *out_len)
{
	while (at < p->text.len && p->text.ptr[at] != '\n' && p->text.ptr[at] != '\r') {
		uint32_t len, c = phx_utf8_at(p->text, at, &len);

		if (c == close[0] || c == close[1] || c == '"') {
			*out_at = at;
			*out_len = len;
			return true;
		}
		at += len;
	}
	return false;
}

static int smart_quotes(struct phx_parser *p, struct phx_span at, size_t quote, PHX_YYSTYPE *val,
			uint32_t *out_len)
{
	struct phx_span mark = {at.file, at.start, at.start + *out_len}, all = mark, close = mark;
	uint32_t end, end_len;
	struct phx_diag *d = phx_parse_error(p, PHX0014, mark, "U+%04X (%s) begins no string",
					     (unsigned)quotes[quote].open, quotes[quote].name);

	phx_diag_label(p->bag, d, mark, "strings stand in `\"…\"`");
	phx_diag_fix(p->bag, d, mark, PHX_STR("\""), true);
	if (!closing_quote(p, mark.end, quotes[quote].close, &end, &end_len))
		return TOK_BAD;
	close.start = end;
	all.end = close.end = end + end_len;
	phx_diag_fix(p->bag, d, close, PHX_STR("\""), true);
	*out_len = all.end - all.start;
	val->expr = PHX_NEW(p->arena, struct phx_expr);
	*val->expr = (struct phx_expr){.kind = PHX_EXPR_STRING, .depth = 1, .span = all};
	val->expr->s = phx_str_slice(p->text, mark.end, end - mark.end);
	return TOK_STRING;
}

/* The token of what a lookalike stands for; 0: a blank or nothing. */
static int token_of(struct phx_str ours)
{
	if (ours.len == 0 || ours.ptr[0] == ' ')
		return 0;
	if (ours.len == 1)
		return strchr("-=?:,.()[]{}+*/%!<>", ours.ptr[0]) ? (unsigned char)ours.ptr[0]
		       : ours.ptr[0] == ';'                       ? TOK_NL
								  : TOK_BAD;
	if (phx_str_eqc(ours, ".."))
		return TOK_DOTDOT;
	return ours.ptr[0] == '!' ? TOK_NE : ours.ptr[0] == '<' ? TOK_LE : TOK_GE;
}

static int lookalike(struct phx_parser *p, struct phx_span at, uint32_t c, const char *name,
		     struct phx_str ours, bool certain)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0014, at, "U+%04X (%s) outside a string", (unsigned)c, name);

	if (ours.len == 0)
		phx_diag_label(p->bag, d, at, "invisible; remove it");
	else if (ours.ptr[0] == ' ')
		phx_diag_label(p->bag, d, at, "write a plain blank");
	else
		phx_diag_label(p->bag, d, at, "write `" PHX_STR_FMT "`", PHX_STR_ARG(ours));
	phx_diag_fix(p->bag, d, at, ours, certain);
	return token_of(ours);
}

int phx_lex_foreign(struct phx_parser *p, struct phx_span at, PHX_YYSTYPE *val, uint32_t *out_len)
{
	uint32_t c = phx_utf8_at(p->text, at.start, out_len);
	const struct lookalike *like = lookalike_find(c);
	struct phx_diag *d;
	size_t i;

	for (i = 0; i < PHX_COUNTOF(quotes); i++)
		if (quotes[i].open == c)
			return smart_quotes(p, at, i, val, out_len);
	at.end = at.start + *out_len;
	if (c == PHX_UTF8_BAD)
		return TOK_BAD; /* reported with the bytes */
	if (c == 0xFEFF && at.start == 0) {
		phx_diag_help(
			p->bag,
			phx_diag_add(p->bag, PHX0010, at, "the file begins with a byte order mark (U+FEFF)"),
			"phx skips it; save the file without one");
		return 0;
	}
	if (like && like->ours)
		return lookalike(p, at, c, like->name, phx_str_c(like->ours), true);
	if (c >= 0xFF01 && c <= 0xFF5E) { /* the full-width forms of ASCII, in its order */
		char ours = (char)(c - 0xFF01 + '!');

		return lookalike(p, at, c, "full-width form", (struct phx_str){&ours, 1}, true);
	}
	d = phx_parse_error(p, PHX0014, at, "U+%04X%s%s%s outside a string", (unsigned)c, like ? " (" : "",
			    like ? like->name : "", like ? ")" : "");
	phx_diag_label(p->bag, d, at, "names and operators are ASCII");
	phx_diag_help(p->bag, d, "text stands in `\"…\"`");
	return TOK_BAD;
}

static bool is_word_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || c >= 0x80;
}

/* Whether the character at `at` ends a name: it stands for an operator, a quote or a blank, or the name ends anyhow. */
static bool ends_name(const struct phx_parser *p, uint32_t at, uint32_t c, uint32_t len,
		      const struct lookalike *like)
{
	size_t i;

	for (i = 0; i < PHX_COUNTOF(quotes); i++)
		if (quotes[i].open == c)
			return true;
	if (c >= 0xFF01 && c <= 0xFF5E) { /* not the full-width letters and digits */
		unsigned char ascii = (unsigned char)(c - 0xFF01 + '!');

		return !is_word_char(ascii) || ascii == '-';
	}
	if (!like || !like->ours)
		return false;
	return *like->ours || at + len == p->text.len || !is_word_char((unsigned char)p->text.ptr[at + len]);
}

/* A word with letters from elsewhere, or with something invisible in it. */
int phx_lex_foreign_name(struct phx_parser *p, struct phx_span at, uint32_t *out_len)
{
	struct phx_span mark = at;
	const struct lookalike *like;
	struct phx_diag *d;
	uint32_t len, c;

	while ((unsigned char)p->text.ptr[mark.start] < 0x80)
		mark.start++;
	c = phx_utf8_at(p->text, mark.start, &len);
	mark.end = mark.start + len;
	*out_len = at.end - at.start;
	if (c == PHX_UTF8_BAD)
		return TOK_BAD; /* reported with the bytes */
	like = lookalike_find(c);
	if (ends_name(p, mark.start, c, len, like)) {
		*out_len = mark.start - at.start;
		return TOK_NAME;
	}
	d = phx_parse_error(p, PHX0014, at, "a name with U+%04X%s%s%s in it", (unsigned)c, like ? " (" : "",
			    like ? like->name : "", like ? ")" : "");
	phx_diag_label(p->bag, d, at, "names are ASCII: letters, digits, `_` and `-`");
	if (like && like->ours)
		phx_diag_fix(p->bag, d, mark, phx_str_c(like->ours), true);
	return TOK_BAD;
}

static uint32_t line_end(const struct phx_parser *p, uint32_t at)
{
	const char *nl = memchr(p->text.ptr + at, '\n', p->text.len - at);

	return nl ? (uint32_t)(nl - p->text.ptr) : (uint32_t)p->text.len;
}

/* ASCII that means nothing */

int phx_lex_foreign_operator(struct phx_parser *p, struct phx_span at, const char *ours, int token)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d;

	if (p->skip_all)
		return token;
	d = phx_parse_error(p, PHX0026, at, "`" PHX_STR_FMT "` is no operator of phx", PHX_STR_ARG(text));
	phx_diag_label(p->bag, d, at, "write `%s`", ours);
	phx_diag_fix(p->bag, d, at, phx_str_c(ours), true);
	return token;
}

/* `$name`: the name is read as if the `$` were not there. */
void phx_lex_dollar(struct phx_parser *p, struct phx_span at)
{
	struct phx_diag *d = phx_parse_error(p, PHX0027, at, "`$` has no meaning here");

	phx_diag_label(p->bag, d, at, "a name stands alone");
	phx_diag_fix(p->bag, d, at, PHX_STR(""), true);
}

void phx_lex_stray(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);
	unsigned char c = (unsigned char)text.ptr[0];
	struct phx_diag *d;

	if (c < 0x20 || c == 0x7F)
		return; /* reported with the bytes */
	d = phx_parse_error(p, PHX0027, at, "`" PHX_STR_FMT "` has no meaning here", PHX_STR_ARG(text));
	phx_diag_label(p->bag, d, at, "unexpected");
	if (c == '\\')
		phx_diag_help(p->bag, d, "a line goes on by itself inside brackets and behind an operator");
	else if (c == '@' || c == '^' || c == '~')
		phx_diag_help(p->bag, d, "text stands in `\"…\"`");
}

/* `${name}` where a name would do. Up to its `}`, if that is on the line. */
uint32_t phx_lex_bare_interpolation(struct phx_parser *p, struct phx_span at)
{
	struct phx_str line = phx_str_slice(p->text, at.end, line_end(p, at.end) - at.end);
	ptrdiff_t close = phx_str_chr(line, '}');
	struct phx_diag *d;

	if (close >= 0)
		at.end += (uint32_t)close + 1;
	d = phx_parse_error(p, PHX0027, at, "`${}` is for strings");
	phx_diag_label(p->bag, d, at, "outside them an expression stands alone");
	if (close > 0)
		phx_diag_fix(p->bag, d, at, phx_str_slice(line, 0, (size_t)close), true);
	return at.end;
}

/* Merge conflicts */

bool phx_lex_at_line_start(const struct phx_parser *p, uint32_t at)
{
	return at == 0 || p->text.ptr[at - 1] == '\n';
}

/* The next line that starts with `mark`, from `at` on; the end of the text when there is none. */
static uint32_t find_line(const struct phx_parser *p, uint32_t at, const char *mark)
{
	while (at < p->text.len &&
	       !(phx_lex_at_line_start(p, at) && phx_str_starts(phx_str_from(p->text, at), mark))) {
		const char *nl = memchr(p->text.ptr + at, '\n', p->text.len - at);

		at = nl ? (uint32_t)(nl + 1 - p->text.ptr) : (uint32_t)p->text.len;
	}
	return at;
}

/* Their side and the common base are skipped, so that ours is read as if there were no conflict. */
uint32_t phx_lex_conflict(struct phx_parser *p, struct phx_span at)
{
	uint32_t end = p->no_conflict_end ? (uint32_t)p->text.len : find_line(p, at.start, ">>>>>>>");
	struct phx_diag *d;

	p->no_conflict_end = end == p->text.len;

	if (p->text.ptr[at.start] == '<' || p->text.ptr[at.start] == '>') {
		d = phx_parse_error(p, PHX0025, at, "unresolved merge conflict");
		phx_diag_label(p->bag, d, at, "conflict begins here");
		if (end < p->text.len && p->text.ptr[at.start] == '<')
			phx_diag_label(p->bag, d, (struct phx_span){at.file, end, end + 7}, "and ends here");
		phx_diag_help(p->bag, d, "keep one side and remove the marker lines");
		return line_end(p, at.start);
	}
	if (p->errors == 0) { /* a middle without its beginning */
		d = phx_parse_error(p, PHX0025, at, "unresolved merge conflict");
		phx_diag_label(p->bag, d, at, "a conflict's marker");
	}
	return end < p->text.len ? line_end(p, end) : line_end(p, at.start);
}
