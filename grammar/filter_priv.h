/* The token filter's parts: which words are keywords (words.c), what is open (brackets.c), which newlines count
 * (newlines.c), and what is delivered (filter.c). */
#pragma once

#include "parse_priv.h"

enum phx_word_class { WORD_RESERVED, WORD_STATEMENT, WORD_DECLARATION };

/* A row of keywords.def. */
struct phx_word {
	struct phx_str text;
	int token;
	enum phx_word_class class;
};

/* Asked of every token. */

static inline bool phx_token_closes(int token)
{
	return token == '}' || token == ')' || token == ']';
}

/* NULL: nothing is open. */
static inline struct phx_frame *phx_frame_top(struct phx_parser *p)
{
	return p->nframes ? &p->frames[p->nframes - 1] : NULL;
}

/* In a file or between braces, where newlines end statements. */
static inline bool phx_filter_in_lines(struct phx_parser *p)
{
	return p->nframes == 0 || phx_frame_top(p)->kind == FRAME_BRACE;
}

static inline bool phx_filter_in_body(struct phx_parser *p)
{
	return p->nframes == 0 || (phx_frame_top(p)->kind == FRAME_BRACE && !phx_frame_top(p)->items);
}

/* The next token is the first of a statement. */
static inline bool phx_filter_at_start(const struct phx_parser *p)
{
	return p->prev == 0 || p->prev == TOK_NL || p->prev == '{';
}

/* On a new line behind a `,` that should have been nothing: also the start of a statement. */
static inline bool phx_filter_behind_comma(struct phx_parser *p, const struct phx_token *t)
{
	return p->prev == ',' && t->first && p->head_equals && p->head_kind != TOK_ASSERT &&
	       phx_filter_in_body(p);
}

/* words.c */
/* NULL: neither reserved nor a statement's first word. */
const struct phx_word *phx_word_find(struct phx_str text);
/* An operand must follow: a newline does not end the statement. */
bool phx_token_continues(int token);
/* That, or the beginning of an expression. */
bool phx_token_expects_operand(int token);
/* Something that a statement could end with. */
bool phx_token_ends_operand(int token);
/* The first character behind `at` on its line that is no blank, and where it stands. */
char phx_text_next(const struct phx_parser *p, uint32_t at, uint32_t *out_at);
/* `=`, but not `==` */
bool phx_text_equals_follows(const struct phx_parser *p, uint32_t at);
/* Of `vm web {`, `network {` what is behind the first name: perhaps labels, and a brace on this line. */
bool phx_text_head_follows(const struct phx_parser *p, uint32_t at);

/* brackets.c */
void phx_frame_pop(struct phx_parser *p);
int phx_frame_closer_token(const struct phx_frame *f);
/* The nearest frame that `token` closes, as index + 1; 0: there is none. */
uint32_t phx_frame_find_opener(const struct phx_parser *p, int token);
/* From now on closers are delivered until `to` frames are left, then `held` (NULL: nothing). */
void phx_frame_close_down(struct phx_parser *p, uint32_t to, const struct phx_token *held);
/* What `t` does to the open brackets. False: it was held back or dropped. */
bool phx_frame_admit(struct phx_parser *p, struct phx_token *t);

/* newlines.c */
/* Whether the newline before `t` ends a statement (or an object's entry). */
bool phx_newline_counts(struct phx_parser *p, const struct phx_token *t);
/* Of a name that is not first on its line: it begins another statement, `a = 1 b = 2`. Reported. */
bool phx_newline_missing(struct phx_parser *p, const struct phx_token *t);
/* Of a name that is first on its line: it begins a statement, but an operator before it wants its operand. Reported. */
bool phx_newline_dangling(struct phx_parser *p, const struct phx_token *t);
