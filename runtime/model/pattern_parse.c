#include <string.h>

#include "model/pattern_priv.h"

enum { MAX_TEXT = 1024, MAX_DEPTH = 32, MAX_REPEAT = 512, MANY = PHX_PATTERN_MANY };

struct parser {
	struct phx_arena *arena;
	struct phx_str text;
	size_t at;
	uint32_t depth;
	bool fold; /* (?^i:…) */
	const char *wrong;
};

static void set_add(struct set *s, unsigned char c)
{
	s->bits[c >> 6] |= (uint64_t)1 << (c & 63);
}

static void set_range(struct set *s, unsigned lo, unsigned hi)
{
	for (unsigned c = lo; c <= hi; c++)
		set_add(s, (unsigned char)c);
}

static void set_fold(struct set *s)
{
	for (unsigned c = 'a'; c <= 'z'; c++) {
		if (set_has(s, (unsigned char)c) || set_has(s, (unsigned char)(c - 32))) {
			set_add(s, (unsigned char)c);
			set_add(s, (unsigned char)(c - 32));
		}
	}
}

static void set_invert(struct set *s)
{
	for (size_t i = 0; i < 4; i++)
		s->bits[i] = ~s->bits[i];
}

/* Adds what \d, \w, \s and their opposites stand for; false when `c` is none of them. */
static bool set_class(struct set *s, char c)
{
	struct set one = {{0}};
	switch (c) {
	case 'd':
	case 'D':
		set_range(&one, '0', '9');
		break;
	case 'w':
	case 'W':
		set_range(&one, '0', '9');
		set_range(&one, 'a', 'z');
		set_range(&one, 'A', 'Z');
		set_add(&one, '_');
		break;
	case 's':
	case 'S':
		set_range(&one, '\t', '\r');
		set_add(&one, ' ');
		break;
	default:
		return false;
	}
	if (c < 'a')
		set_invert(&one);
	for (size_t i = 0; i < 4; i++)
		s->bits[i] |= one.bits[i];
	return true;
}

static int peek(const struct parser *p)
{
	return p->at < p->text.len ? (unsigned char)p->text.ptr[p->at] : -1;
}

static bool accept(struct parser *p, const char *s)
{
	if (!phx_str_starts(phx_str_from(p->text, p->at), s))
		return false;
	p->at += strlen(s);
	return true;
}

static struct node *new_node(struct parser *p, enum node_kind kind, const struct node *left,
			     const struct node *right)
{
	struct node *n = PHX_NEW(p->arena, struct node);
	n->kind = kind;
	n->left = left;
	n->right = right;
	return n;
}

static const struct node *set_node(struct parser *p, const struct set *s)
{
	struct node *n = new_node(p, NODE_SET, NULL, NULL);
	struct set *own = PHX_NEW(p->arena, struct set);
	*own = *s;
	if (p->fold)
		set_fold(own);
	n->set = own;
	return n;
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* After a backslash that begins no class: the character meant. */
static unsigned escaped(struct parser *p)
{
	int c = peek(p);
	if (c < 0) {
		p->wrong = "a backslash at its end";
		return 0;
	}
	p->at++;
	if (c == 'n')
		return '\n';
	if (c == 't')
		return '\t';
	if (c != 'x')
		return (unsigned)c;
	int hi = hex_digit(peek(p));
	p->at += hi >= 0;
	int lo = hi < 0 ? -1 : hex_digit(peek(p));
	p->at += lo >= 0;
	if (lo < 0)
		p->wrong = "an incomplete \\x";
	return lo < 0 ? 0 : (unsigned)(hi * 16 + lo);
}

/* One member of […]: a class (returns false), or a character that may begin a range. */
static bool class_member(struct parser *p, struct set *s, unsigned *out)
{
	if (peek(p) != '\\') {
		*out = (unsigned)peek(p);
		p->at++;
		return true;
	}
	p->at++;
	if (peek(p) >= 0 && set_class(s, (char)peek(p))) {
		p->at++;
		return false;
	}
	*out = escaped(p);
	return true;
}

static const struct node *parse_class(struct parser *p)
{
	struct set s = {{0}};
	bool inverted = accept(p, "^");
	for (bool first = true; peek(p) != ']' || first; first = false) {
		unsigned lo, hi;
		if (peek(p) < 0) {
			p->wrong = "a [ without ]";
			return NULL;
		}
		if (!class_member(p, &s, &lo))
			continue;
		hi = lo;
		if (peek(p) == '-' && p->at + 1 < p->text.len && p->text.ptr[p->at + 1] != ']') {
			p->at++;
			if (!class_member(p, &s, &hi) || hi < lo) {
				p->wrong = "a range out of order";
				return NULL;
			}
		}
		set_range(&s, lo, hi);
	}
	p->at++;
	if (p->fold)
		set_fold(&s);
	if (inverted)
		set_invert(&s);
	return set_node(p, &s);
}

static const struct node *parse_alternatives(struct parser *p);

static const struct node *parse_group(struct parser *p)
{
	bool fold = p->fold;
	if (accept(p, "?^i:"))
		p->fold = true;
	else if (accept(p, "?^:"))
		p->fold = false;
	else if (!accept(p, "?:") && peek(p) == '?') {
		p->wrong = "a (? of unknown kind";
		return NULL;
	}
	if (++p->depth > MAX_DEPTH) {
		p->wrong = "groups nested too deeply";
		return NULL;
	}
	const struct node *n = parse_alternatives(p);
	p->depth--;
	p->fold = fold;
	if (!p->wrong && !accept(p, ")"))
		p->wrong = "a ( without )";
	return n;
}

static const struct node *parse_atom(struct parser *p)
{
	struct set s = {{0}};
	int c = peek(p);
	p->at++;
	switch (c) {
	case '^':
		return new_node(p, NODE_START, NULL, NULL);
	case '$':
		return new_node(p, NODE_END, NULL, NULL);
	case '(':
		return parse_group(p);
	case '[':
		return parse_class(p);
	case '.':
		set_add(&s, '\n');
		set_invert(&s);
		return set_node(p, &s);
	case '*':
	case '+':
	case '?':
		p->wrong = "a repetition of nothing";
		return NULL;
	case '\\':
		if (peek(p) >= 0 && set_class(&s, (char)peek(p)))
			p->at++;
		else
			set_add(&s, (unsigned char)escaped(p));
		return set_node(p, &s);
	default:
		set_add(&s, (unsigned char)c);
		return set_node(p, &s);
	}
}

static bool digits(struct parser *p, uint16_t *out)
{
	size_t from = p->at;
	uint32_t v = 0;
	while (peek(p) >= '0' && peek(p) <= '9' && v <= MAX_REPEAT)
		v = v * 10 + (uint32_t)(p->text.ptr[p->at++] - '0');
	if (v > MAX_REPEAT)
		p->wrong = "too large a repetition";
	*out = (uint16_t)v;
	return p->at > from;
}

/* {m}, {m,}, {,n}, {m,n}; anything else is a plain brace, as in Perl. */
static bool parse_braces(struct parser *p, uint16_t *min, uint16_t *max)
{
	size_t from = p->at;
	p->at++;
	bool has_min = digits(p, min);
	if (!has_min)
		*min = 0;
	if (accept(p, ",")) {
		bool has_max = digits(p, max);
		if (!has_max)
			*max = MANY;
		if ((has_min || has_max) && accept(p, "}"))
			return true;
	} else if (has_min && accept(p, "}")) {
		*max = *min;
		return true;
	}
	p->at = from;
	return false;
}

static const struct node *parse_repeat(struct parser *p)
{
	const struct node *n = parse_atom(p);
	while (!p->wrong) {
		uint16_t min = 0, max = MANY;
		if (accept(p, "*"))
			;
		else if (accept(p, "+"))
			min = 1;
		else if (accept(p, "?"))
			max = 1;
		else if (peek(p) != '{' || !parse_braces(p, &min, &max))
			break;
		struct node *r = new_node(p, NODE_REPEAT, n, NULL);
		r->min = min;
		r->max = max;
		n = r;
	}
	return n;
}

static const struct node *parse_sequence(struct parser *p)
{
	const struct node *n = new_node(p, NODE_EMPTY, NULL, NULL);
	while (!p->wrong && peek(p) >= 0 && peek(p) != '|' && peek(p) != ')')
		n = new_node(p, NODE_CAT, n, parse_repeat(p));
	return n;
}

static const struct node *parse_alternatives(struct parser *p)
{
	const struct node *n = parse_sequence(p);
	while (!p->wrong && accept(p, "|"))
		n = new_node(p, NODE_ALT, n, parse_sequence(p));
	return n;
}

const struct node *phx_pattern_parse(struct phx_arena *arena, struct phx_str text, const char **out_wrong)
{
	struct parser p = {.arena = arena, .text = text};
	const struct node *n = NULL;
	if (text.len > MAX_TEXT)
		p.wrong = "more than 1000 characters";
	else
		n = parse_alternatives(&p);
	if (!p.wrong && p.at < p.text.len)
		p.wrong = "a ) without (";
	*out_wrong = p.wrong;
	return p.wrong ? NULL : n;
}
