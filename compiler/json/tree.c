#include "json/tree.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"

/* Objects up to this many members look for duplicates pair by pair. */
enum { FEW_MEMBERS = 24 };

struct scan {
	const char *at, *end, *text;
	uint32_t file, depth, nodes;
	struct phx_arena *arena, *strings;
	struct phx_arena scratch; /* children until their parent ends */
	struct phx_diag_bag *bag; /* NULL: silent */
	PHX_VEC(struct phx_jnode) stack;
	bool failed;
};

static struct phx_span span_from(const struct scan *s, const char *from, const char *to)
{
	return (struct phx_span){s->file, (uint32_t)(from - s->text), (uint32_t)(to - s->text)};
}

/* The character at a place, as a span: at least one byte, none behind the end. */
static struct phx_span span_char(const struct scan *s, const char *at)
{
	uint32_t len = 0;

	if (at < s->end)
		phx_utf8_at((struct phx_str){at, (size_t)(s->end - at)}, 0, &len);
	return span_from(s, at, at + len);
}

static struct phx_diag *fail(struct scan *s, struct phx_span at, const char *message)
{
	struct phx_diag *d;

	if (s->failed)
		return NULL;
	s->failed = true;
	if (!s->bag)
		return NULL;
	d = phx_diag_add(s->bag, PHX0500, at, "%s", message);
	return d;
}

static void help(struct scan *s, struct phx_diag *d, const char *text)
{
	if (d)
		phx_diag_help(s->bag, d, "%s", text);
}

static void blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

/* Something else stands where `expected` belongs: with what that something probably is. */
static void unexpected(struct scan *s, const char *expected)
{
	struct phx_str text = phx_str_printf(&s->scratch, "expected %s%s", expected,
					     s->at >= s->end ? ", but the file ends" : "");
	struct phx_diag *d = fail(s, span_char(s, s->at), text.ptr);

	if (!d || s->at >= s->end)
		return;
	if (*s->at == '/' || *s->at == '#')
		help(s, d, "JSON has no comments");
	else if (*s->at == '\'')
		help(s, d, "JSON takes \"…\" only");
	else if ((*s->at >= 'a' && *s->at <= 'z') || (*s->at >= 'A' && *s->at <= 'Z'))
		help(s, d, "names and texts stand in \"…\"; only `true`, `false` and `null` do not");
}

/* --- strings --- */

static bool hex4(struct scan *s, uint32_t *out)
{
	uint32_t v = 0;

	if (s->end - s->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = s->at[i];
		uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
				 : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
							: 16;

		if (digit > 15)
			return false;
		v = v << 4 | digit;
	}
	s->at += 4;
	*out = v;
	return true;
}

/* Behind `\u`. */
static bool unicode(struct scan *s, const char *escape, struct phx_buf *out)
{
	uint32_t c = 0, low = 0;

	if (!hex4(s, &c)) {
		fail(s, span_from(s, escape, s->at), "`\\u` takes four hexadecimal digits");
		return false;
	}
	if (c >= 0xD800 && c < 0xDC00 && s->end - s->at >= 6 && s->at[0] == '\\' && s->at[1] == 'u') {
		s->at += 2;
		if (!hex4(s, &low) || low < 0xDC00 || low > 0xDFFF)
			low = 0;
	}
	if (c == 0 || (c >= 0xD800 && c <= 0xDFFF && low == 0)) {
		fail(s, span_from(s, escape, s->at),
		     c == 0 ? "a NUL character in a string" : "half of a surrogate pair is no character");
		return false;
	}
	phx_utf8_add(out, low ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : c);
	return true;
}

static bool escape(struct scan *s, struct phx_buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *start = s->at++;
	const char *known;

	if (s->at >= s->end)
		return true; /* the string is reported as unterminated */
	if (*s->at == 'u') {
		s->at++;
		return unicode(s, start, out);
	}
	known = *s->at ? strchr(from, *s->at) : NULL;
	if (!known) {
		struct phx_diag *d = fail(s, span_from(s, start, span_char(s, s->at).end + s->text),
					  "an unknown escape in a string");

		help(s, d, "there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
		return false;
	}
	phx_buf_ch(out, to[known - from]);
	s->at++;
	return true;
}

/* One character of a string that is not as simple as ASCII. */
static bool odd_char(struct scan *s)
{
	uint32_t len;

	if ((unsigned char)*s->at < 0x20) {
		struct phx_diag *d =
			fail(s, span_char(s, s->at),
			     *s->at == '\n' || *s->at == '\r' ? "a string that does not end on its line"
							      : "a control character in a string");

		help(s, d,
		     *s->at == '\n' || *s->at == '\r' ? "add the closing `\"`" : "write it as `\\u00…`");
		return false;
	}
	if (phx_utf8_at((struct phx_str){s->at, (size_t)(s->end - s->at)}, 0, &len) == PHX_UTF8_BAD) {
		fail(s, span_from(s, s->at, s->at + 1), "a byte that is no UTF-8");
		return false;
	}
	s->at += len;
	return true;
}

static bool string_rest(struct scan *s, const char *open, struct phx_buf *out, const char *from)
{
	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\') {
			phx_buf_add(out, from, (size_t)(s->at - from));
			if (!escape(s, out))
				return false;
			from = s->at;
		} else if ((unsigned char)*s->at >= 0x20 && (unsigned char)*s->at < 0x80) {
			s->at++;
		} else if (!odd_char(s)) {
			return false;
		}
	}
	if (s->at >= s->end) {
		fail(s, span_from(s, open, open + 1), "a string without its closing `\"`");
		return false;
	}
	phx_buf_add(out, from, (size_t)(s->at - from));
	return true;
}

/* At the opening quote. */
static bool string(struct scan *s, struct phx_str *out)
{
	const char *open = s->at++;
	struct phx_buf text = {0};
	bool ok;

	while (s->at < s->end && (unsigned char)*s->at >= 0x20 && (unsigned char)*s->at < 0x80 &&
	       *s->at != '"' && *s->at != '\\')
		s->at++;
	if (s->at < s->end && *s->at == '"') { /* nearly all of them */
		*out = (struct phx_str){open + 1, (size_t)(s->at++ - open - 1)};
		return true;
	}
	s->at = open + 1;
	ok = string_rest(s, open, &text, s->at);
	if (ok) {
		s->at++;
		*out = phx_str_dup(s->strings, phx_buf_view(&text));
	}
	phx_buf_done(&text);
	return ok;
}

/* --- numbers and words --- */

static void digits(struct scan *s)
{
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
}

static bool some_digits(struct scan *s, const char *start, const char *message)
{
	const char *from = s->at;

	digits(s);
	if (s->at > from)
		return true;
	fail(s, span_from(s, start, s->at < s->end ? s->at + 1 : s->at), message);
	return false;
}

static bool number(struct scan *s, struct phx_jnode *n)
{
	const char *start = s->at;
	bool whole = true, zero;
	struct phx_str text;

	s->at += *s->at == '-';
	zero = s->at < s->end && *s->at == '0';
	if (!some_digits(s, start, "a number without digits"))
		return false;
	if (zero && s->at - start > 1 + (*start == '-')) {
		fail(s, span_from(s, start, s->at), "a number with a leading zero");
		return false;
	}
	if (s->at < s->end && *s->at == '.') {
		whole = false;
		s->at++;
		if (!some_digits(s, start, "a number without digits behind its point"))
			return false;
	}
	if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
		whole = false;
		s->at++;
		s->at += s->at < s->end && (*s->at == '+' || *s->at == '-');
		if (!some_digits(s, start, "a number without digits in its exponent"))
			return false;
	}
	text = (struct phx_str){start, (size_t)(s->at - start)};
	n->kind = PHX_J_INT;
	if (whole && phx_parse_i64(text, &n->i))
		return true;
	n->kind = PHX_J_FLOAT;
	if (whole || !phx_parse_double(text, &n->f) || !isfinite(n->f)) {
		fail(s, span_from(s, start, s->at), "a number that is too large");
		return false;
	}
	return true;
}

static bool word(struct scan *s, const char *text, size_t len)
{
	if ((size_t)(s->end - s->at) < len || memcmp(s->at, text, len) != 0)
		return false;
	if ((size_t)(s->end - s->at) > len) {
		char c = s->at[len];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')
			return false;
	}
	s->at += len;
	return true;
}

static bool value(struct scan *s, struct phx_jnode *n, const char *expected);

/* --- containers --- */

/* The children from `first` on move from the stack into their parent. */
static void adopt(struct scan *s, struct phx_jnode *parent, uint32_t first)
{
	parent->n = s->stack.n - first;
	if (parent->n > 0) {
		parent->v = PHX_NEW_N(s->arena, struct phx_jnode, parent->n);
		memcpy(parent->v, s->stack.v + first, parent->n * sizeof(*parent->v));
	}
	s->stack.n = first;
}

static bool enter(struct scan *s)
{
	if (++s->depth <= PHX_JTREE_DEPTH)
		return true;
	if (!s->failed && s->bag)
		phx_diag_add(s->bag, PHX0502, span_char(s, s->at),
			     "more than %d objects and arrays inside one another", PHX_JTREE_DEPTH);
	s->failed = true;
	return false;
}

static bool array(struct scan *s, struct phx_jnode *n)
{
	uint32_t first = s->stack.n;

	n->kind = PHX_J_ARRAY;
	if (!enter(s))
		return false;
	s->at++;
	blanks(s);
	while (!(s->at < s->end && *s->at == ']')) {
		struct phx_jnode item = {0};

		if (!value(s, &item, "a value or `]`"))
			return false;
		phx_vec_push(&s->scratch, &s->stack, item);
		blanks(s);
		if (s->at < s->end && *s->at == ']')
			break;
		if (s->at >= s->end || *s->at != ',') {
			unexpected(s, "`,` or `]`");
			return false;
		}
		s->at++;
		blanks(s);
		if (s->at < s->end && *s->at == ']') {
			help(s, fail(s, span_char(s, s->at), "expected a value"),
			     "JSON takes no `,` before a `]`");
			return false;
		}
	}
	s->at++;
	s->depth--;
	adopt(s, n, first);
	return true;
}

static void duplicate(struct scan *s, const struct phx_jnode *again, const struct phx_jnode *first)
{
	struct phx_span at = {s->file, again->name_start, again->name_end};
	struct phx_diag *d;

	if (!s->bag)
		return;
	d = phx_diag_add(s->bag, PHX0501, at, "the key `" PHX_STR_FMT "` stands twice in one object",
			 PHX_STR_ARG(again->name));
	phx_diag_label(s->bag, d, at, "again here");
	phx_diag_label(s->bag, d, (struct phx_span){s->file, first->name_start, first->name_end},
		       "first here");
	phx_diag_note(s->bag, d, "programs differ in which of the two they take");
}

static void duplicates(struct scan *s, const struct phx_jnode *v, uint32_t n)
{
	struct phx_map seen = {0};

	if (n <= FEW_MEMBERS) {
		for (uint32_t i = 1; i < n; i++) {
			for (uint32_t j = 0; j < i; j++) {
				if (v[i].name.len == v[j].name.len && phx_str_eq(v[i].name, v[j].name)) {
					duplicate(s, &v[i], &v[j]);
					break;
				}
			}
		}
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		bool fresh;
		struct phx_map_entry *e = phx_map_put(&s->scratch, &seen, v[i].name, &fresh);

		if (fresh)
			e->num = i;
		else
			duplicate(s, &v[i], &v[e->num]);
	}
}

static bool member(struct scan *s)
{
	struct phx_jnode item = {0};
	struct phx_str name;
	const char *start = s->at;

	if (s->at >= s->end || *s->at != '"') {
		unexpected(s, "a key in \"…\" or `}`");
		return false;
	}
	if (!string(s, &name))
		return false;
	item.name_start = (uint32_t)(start - s->text);
	item.name_end = (uint32_t)(s->at - s->text);
	blanks(s);
	if (s->at >= s->end || *s->at != ':') {
		unexpected(s, "`:` behind the key");
		return false;
	}
	s->at++;
	blanks(s);
	if (!value(s, &item, "a value"))
		return false;
	item.name = name;
	phx_vec_push(&s->scratch, &s->stack, item);
	return true;
}

static bool object(struct scan *s, struct phx_jnode *n)
{
	uint32_t first = s->stack.n;

	n->kind = PHX_J_OBJECT;
	if (!enter(s))
		return false;
	s->at++;
	blanks(s);
	while (!(s->at < s->end && *s->at == '}')) {
		if (!member(s))
			return false;
		blanks(s);
		if (s->at < s->end && *s->at == '}')
			break;
		if (s->at >= s->end || *s->at != ',') {
			unexpected(s, "`,` or `}`");
			return false;
		}
		s->at++;
		blanks(s);
		if (s->at < s->end && *s->at == '}') {
			help(s, fail(s, span_char(s, s->at), "expected a key in \"…\""),
			     "JSON takes no `,` before a `}`");
			return false;
		}
	}
	s->at++;
	s->depth--;
	adopt(s, n, first);
	duplicates(s, n->v, n->n);
	return true;
}

static bool scalar(struct scan *s, struct phx_jnode *n, const char *expected)
{
	char c = s->at < s->end ? *s->at : '\0';

	if (c == '-' || (c >= '0' && c <= '9'))
		return number(s, n);
	if (word(s, "true", 4) || word(s, "false", 5)) {
		n->kind = PHX_J_BOOL;
		n->b = s->at[-2] == 'u';
		return true;
	}
	if (word(s, "null", 4))
		return true;
	unexpected(s, expected);
	return false;
}

static bool value(struct scan *s, struct phx_jnode *n, const char *expected)
{
	bool ok;

	n->start = (uint32_t)(s->at - s->text);
	if (++s->nodes > PHX_JTREE_NODES) {
		if (s->bag && !s->failed)
			phx_diag_add(s->bag, PHX0502, span_char(s, s->at), "more than %d values in one file",
				     PHX_JTREE_NODES);
		s->failed = true;
		return false;
	}
	if (s->at < s->end && *s->at == '"') {
		n->kind = PHX_J_STRING;
		ok = string(s, &n->s);
	} else if (s->at < s->end && *s->at == '{') {
		ok = object(s, n);
	} else if (s->at < s->end && *s->at == '[') {
		ok = array(s, n);
	} else {
		ok = scalar(s, n, expected);
	}
	n->end = (uint32_t)(s->at - s->text);
	return ok;
}

static bool is_utf16(const struct scan *s)
{
	return s->end - s->at >= 2 &&
	       (memcmp(s->at, "\xFF\xFE", 2) == 0 || memcmp(s->at, "\xFE\xFF", 2) == 0);
}

struct phx_jnode *phx_jtree_parse(struct phx_str text, uint32_t file, struct phx_arena *nodes,
				  struct phx_arena *strings, struct phx_diag_bag *bag)
{
	struct scan s = {.text = text.ptr ? text.ptr : "", .file = file, .bag = bag};
	struct phx_jnode *root = PHX_NEW(nodes, struct phx_jnode);

	s.arena = nodes;
	s.strings = strings;
	s.at = s.text;
	s.end = s.text + text.len;
	if (text.len >= 3 && memcmp(s.at, "\xEF\xBB\xBF", 3) == 0)
		s.at += 3;
	if (is_utf16(&s)) {
		if (bag)
			phx_diag_add(bag, PHX0012, span_from(&s, s.at, s.at + 2),
				     "a file in UTF-16: JSON is UTF-8");
		return NULL;
	}
	blanks(&s);
	if (value(&s, root, "a value")) {
		blanks(&s);
		if (s.at < s.end)
			fail(&s, span_char(&s, s.at), "expected the end of the file");
	}
	phx_arena_done(&s.scratch);
	return s.failed ? NULL : root;
}
