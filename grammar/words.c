#include "filter_priv.h"

#include <string.h>

static const struct phx_word keywords[] = {
#define PHX_KEYWORD(spelling, tok, kind) {{spelling, sizeof(spelling) - 1}, tok, WORD_##kind},
#include "keywords.def"
#undef PHX_KEYWORD
};

const struct phx_word *phx_word_find(struct phx_str text)
{
	const struct phx_word *k;

	if (text.len < 2 || text.len > 6)
		return NULL;
	for (k = keywords; k < keywords + PHX_COUNTOF(keywords) && k->class != WORD_DECLARATION; k++)
		if (k->text.ptr[0] == text.ptr[0] && phx_str_eq(k->text, text))
			return k;
	return NULL;
}

bool phx_word_declares(struct phx_str word)
{
	const struct phx_word *k;

	for (k = keywords; k < keywords + PHX_COUNTOF(keywords); k++)
		if (k->class == WORD_DECLARATION && phx_str_eq(k->text, word))
			return true;
	return false;
}

/* Behind these an operand must follow: a newline does not end the statement. */
bool phx_token_continues(int token)
{
	switch (token) {
	case ',':
	case '?':
	case ':':
	case '.':
	case '!':
	case '+':
	case '-':
	case '*':
	case '/':
	case '%':
	case '<':
	case '>':
	case TOK_LE:
	case TOK_GE:
	case TOK_EQ:
	case TOK_NE:
	case TOK_AND:
	case TOK_OR:
	case TOK_IN:
	case TOK_DOTDOT:
		return true;
	default:
		return false;
	}
}

/* Something that a statement could end with. */
bool phx_token_ends_operand(int token)
{
	return token == TOK_NAME || token == TOK_LITERAL || token == TOK_STRING || token == TOK_STR_END ||
	       token == TOK_BAD || phx_token_closes(token);
}

bool phx_token_expects_operand(int token)
{
	return phx_token_continues(token) || token == '=' || token == '(' || token == '[' ||
	       token == TOK_INTERP;
}

/* The first character behind `at` on its line that is no blank, and where it stands. */
char phx_text_next(const struct phx_parser *p, uint32_t at, uint32_t *out_at)
{
	while (at < p->text.len && (p->text.ptr[at] == ' ' || p->text.ptr[at] == '\t'))
		at++;
	*out_at = at;
	return at < p->text.len ? p->text.ptr[at] : '\0';
}

/* `name =`, but not `name ==` */
bool phx_text_equals_follows(const struct phx_parser *p, uint32_t at)
{
	uint32_t where;

	return phx_text_next(p, at, &where) == '=' && p->text.ptr[where + 1] != '=';
}

/* `vm web {`, `network {`: a name, perhaps labels, and a brace on this line. */
bool phx_text_head_follows(const struct phx_parser *p, uint32_t at)
{
	uint32_t where;
	char c;

	for (;;) {
		c = phx_text_next(p, at, &where);
		if (c == '{')
			return true;
		if (c == '"') {
			const char *end = memchr(p->text.ptr + where + 1, '"', p->text.len - where - 1);

			if (!end || memchr(p->text.ptr + where, '\n', (size_t)(end - p->text.ptr) - where))
				return false;
			at = (uint32_t)(end + 1 - p->text.ptr);
		} else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
			for (at = where; at < p->text.len && strchr(" \t\"{\r\n=", p->text.ptr[at]) == NULL;)
				at++;
		} else {
			return false;
		}
	}
}
