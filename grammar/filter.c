#include "filter_priv.h"

#include <string.h>

/* Raw tokens to those of the grammar, in three steps: what ends a construct by force (skip, closing), which newlines
 * count, and what a token does to the open brackets. */

/* Recovery */

static bool ends_skipped(struct phx_parser *p, const struct phx_token *t)
{
	if (p->nframes != p->level)
		return p->nframes < p->level;
	if (t->kind == 0)
		return true;
	if (phx_token_closes(t->kind))
		return phx_frame_find_opener(p, t->kind) != 0;
	if (p->skip_all)
		return false;
	if (phx_filter_in_lines(p))
		return t->nl || t->kind == TOK_NL || (p->header && t->kind == '{') ||
		       (t->kind == ',' && !phx_filter_in_body(p));
	return t->kind == ',' && phx_frame_top(p)->items;
}

/* The look-ahead is where parsing can go on. */
static bool resumes(struct phx_parser *p, int lookahead, bool header)
{
	struct phx_token t = {.kind = lookahead};

	if (lookahead == 0 || p->nframes < p->level)
		return true;
	if (lookahead == '{')
		return header && p->nframes == p->level + 1;
	return lookahead > 0 && lookahead != TOK_PHX_YYUNDEF && !phx_token_closes(lookahead) &&
	       ends_skipped(p, &t);
}

enum phx_recovery phx_filter_recover(struct phx_parser *p, int lookahead, bool header)
{
	p->stuck = p->recovered_at == p->delivered ? p->stuck + 1 : 0;
	p->recovered_at = p->delivered;
	if (p->stuck > MAX_FRAMES)
		return RECOVERY_STUCK;
	if (resumes(p, lookahead, header)) {
		p->skip_all = false;
		return RECOVERY_KEEP;
	}
	p->skipping = true;
	p->header = header;
	return RECOVERY_DROP;
}

/* The grammar */

static int close_one(struct phx_parser *p, struct phx_span *span)
{
	int token;

	if (p->break_first) {
		p->break_first = false;
		if (!p->skipping)
			return TOK_PHX_YYerror;
	}
	while (p->skipping && p->nframes > p->close_to && p->nframes > p->level)
		phx_frame_pop(p);
	if (p->nframes == p->close_to) {
		p->closing = false;
		return -1;
	}
	p->skipping = false;
	token = phx_frame_closer_token(phx_frame_top(p));
	phx_frame_pop(p);
	span->start = span->end = p->prev_end;
	p->prev = token;
	return token;
}

static int reserved_as_name(struct phx_parser *p, const struct phx_token *t, struct phx_str word)
{
	struct phx_diag *d = phx_parse_error(p, PHX0115, t->span, "`" PHX_STR_FMT "` is a reserved word",
					     PHX_STR_ARG(word));

	phx_diag_label(p->bag, d, t->span, "cannot be a name");
	return TOK_NAME;
}

/* `True`, `NULL`: nobody means a name. */
static struct phx_str other_case(struct phx_str word)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t i, c;

	for (i = 0; i < PHX_COUNTOF(words); i++) {
		struct phx_str ours = phx_str_c(words[i]);

		for (c = 0; c < word.len && c < ours.len && (word.ptr[c] | 0x20) == ours.ptr[c]; c++)
			;
		if (c == ours.len && c == word.len)
			return ours;
	}
	return (struct phx_str){0};
}

static void literal_word(struct phx_parser *p, struct phx_token *t, struct phx_str word)
{
	struct phx_expr *e = PHX_NEW(p->arena, struct phx_expr);

	e->kind = word.ptr[0] == 'n' ? PHX_EXPR_NULL : PHX_EXPR_BOOL;
	e->b = word.ptr[0] == 't';
	e->depth = 1;
	e->span = t->span;
	t->kind = TOK_LITERAL;
	t->val.expr = e;
}

static void resolve_word(struct phx_parser *p, struct phx_token *t)
{
	struct phx_str word = phx_parse_text(p, t->span), ours;
	const struct phx_word *k = phx_word_find(word);
	bool start = phx_filter_in_lines(p) && (phx_filter_at_start(p) || phx_filter_behind_comma(p, t));

	if (p->prev == '.')
		return;
	if (k && k->class == WORD_STATEMENT) {
		if (start && !phx_text_equals_follows(p, t->span.end))
			t->kind = k->token;
	} else if (k && start && phx_text_equals_follows(p, t->span.end)) {
		t->kind = reserved_as_name(p, t, word);
	} else if (k && k->token == TOK_LITERAL) {
		literal_word(p, t, word);
	} else if (k) {
		t->kind = k->token;
	} else if ((word.len == 4 || word.len == 5) && phx_token_expects_operand(p->prev) &&
		   (ours = other_case(word)).len) {
		struct phx_diag *d =
			phx_parse_error(p, PHX0030, t->span, "`" PHX_STR_FMT "` is written `" PHX_STR_FMT "`",
					PHX_STR_ARG(word), PHX_STR_ARG(ours));

		phx_diag_fix(p->bag, d, t->span, ours, true);
		literal_word(p, t, ours);
	}
}

static void fetch(struct phx_parser *p, struct phx_token *t)
{
	if (p->held.kind >= 0) {
		*t = p->held;
		p->held.kind = -1;
		return;
	}
	t->span.file = p->file;
	t->kind = phx_scan(&t->val, &t->span, p->scanner);
	t->first = t->nl = p->nl;
	if (p->nl) {
		p->indent = t->span.start - p->line_start;
		p->nl = false;
	}
}

/* `param p: list<int>= []`: the `>` closes the type. */
static void split_ge(struct phx_parser *p, struct phx_token *t)
{
	p->held = (struct phx_token){.kind = '=', .span = {p->file, t->span.start + 1, t->span.end}};
	t->kind = '>';
	t->span.end--;
}

static int deliver(struct phx_parser *p, struct phx_token *t, PHX_YYSTYPE *val, struct phx_span *span)
{
	if (t->kind == TOK_NAME)
		resolve_word(p, t);
	else if (t->kind == TOK_GE && p->head_kind == TOK_PARAM && !p->head_equals)
		split_ge(p, t);
	if (phx_filter_at_start(p) || phx_filter_behind_comma(p, t)) {
		p->head = t->span.start;
		p->head_kind = t->kind;
		p->head_equals = false;
	} else if (t->kind == '=' && phx_filter_in_body(p) && !p->head_equals) {
		p->head_equals = true;
		p->equals_at = t->span.start;
	}
	p->before = p->prev;
	p->before_at = p->prev_at;
	/* The `>` of a parameter's type is no operator. */
	p->prev = t->kind == '>' && p->head_kind == TOK_PARAM && !p->head_equals ? TOK_NAME : t->kind;
	p->before_end = p->prev_end;
	p->prev_at = t->span.start;
	p->prev_end = t->span.end;
	*val = t->val;
	*span = t->span;
	return t->kind;
}

/* The end of a statement, before `t`. */
static int deliver_newline(struct phx_parser *p, struct phx_token *t, struct phx_span *span)
{
	t->nl = false;
	p->held = *t;
	p->before = p->prev;
	p->before_at = p->prev_at;
	p->before_end = p->prev_end;
	p->prev = TOK_NL;
	*span = (struct phx_span){p->file, p->prev_end, p->prev_end};
	return TOK_NL;
}

/* In place of the operand that is missing before `t`. */
static int deliver_operand(struct phx_parser *p, const struct phx_token *t, struct phx_span *span)
{
	p->held = *t;
	p->before = p->prev;
	p->prev = TOK_BAD;
	*span = (struct phx_span){p->file, p->prev_end, p->prev_end};
	return TOK_BAD;
}

static int next_token(PHX_YYSTYPE *val, struct phx_span *span, struct phx_parser *p)
{
	struct phx_token t;
	bool admitted;

	span->file = p->file;
	for (;;) {
		if (p->stopped && !p->closing) {
			span->start = span->end = (uint32_t)p->text.len;
			if (p->nframes == 0)
				return 0;
			phx_frame_close_down(p, 0, NULL);
			p->break_first = p->silent = true;
		}
		if (p->closing) {
			int token = close_one(p, span);

			if (token < 0)
				continue;
			return token;
		}
		fetch(p, &t);
		if (p->skipping) {
			if (!ends_skipped(p, &t)) {
				phx_frame_admit(p, &t);
				continue;
			}
			p->skipping = p->skip_all = false;
			p->muted = true; /* a closer that it missed is a consequence */
			p->prev = TOK_BAD;
		}
		if (t.nl && t.kind == TOK_NAME && phx_newline_dangling(p, &t))
			return deliver_operand(p, &t, span);
		if (t.nl ? phx_newline_counts(p, &t) : t.kind == TOK_NAME && phx_newline_missing(p, &t))
			return deliver_newline(p, &t, span);
		if (t.kind == TOK_NL && phx_filter_in_lines(p) && phx_filter_at_start(p))
			continue;
		admitted = phx_frame_admit(p, &t);
		p->muted = false;
		if (admitted)
			return deliver(p, &t, val, span);
	}
}

int phx_yylex(PHX_YYSTYPE *val, struct phx_span *span, struct phx_parser *p)
{
	p->delivered++;
	return next_token(val, span, p);
}
