#include "filter_priv.h"

#include <string.h>

static void update_limit(struct phx_parser *p)
{
	uint32_t i;

	p->limit = 0;
	for (i = p->nframes; i-- > 0;)
		if (p->frames[i].kind == FRAME_HEREDOC) {
			p->limit = i + 1 < p->nframes ? p->frames[i].limit : 0;
			return;
		}
}

/* An object, a list or arguments: not a body, an index or a grouping. */
static bool has_items(struct phx_parser *p, enum phx_frame_kind kind)
{
	if (kind == FRAME_BRACE)
		return !phx_filter_in_body(p) || (phx_token_expects_operand(p->prev) && p->prev != TOK_IN);
	return kind == FRAME_PAREN ? phx_token_ends_operand(p->prev) : !phx_token_ends_operand(p->prev);
}

static bool push(struct phx_parser *p, enum phx_frame_kind kind, const struct phx_token *t)
{
	struct phx_frame *f = &p->frames[p->nframes];

	if (p->nframes == MAX_FRAMES) {
		phx_parse_too_deep(p, t->span);
		p->stopped = true;
		return false;
	}
	*f = kind == FRAME_HEREDOC ? p->doc : (struct phx_frame){0};
	f->kind = (uint8_t)kind;
	f->at = t->span.start;
	if (kind != FRAME_HEREDOC)
		f->end = t->span.end;
	f->indent = p->indent;
	f->items = has_items(p, kind);
	p->nframes++;
	if (kind == FRAME_INTERP)
		update_limit(p);
	return true;
}

void phx_frame_pop(struct phx_parser *p)
{
	const struct phx_frame *f = &p->frames[--p->nframes];

	if (f->kind == FRAME_INTERP)
		update_limit(p);
	if (f->kind == FRAME_STRING || f->kind == FRAME_HEREDOC)
		p->string_bad = f->bad;
}

int phx_frame_closer_token(const struct phx_frame *f)
{
	switch ((enum phx_frame_kind)f->kind) {
	case FRAME_BRACE:
		return '}';
	case FRAME_BRACKET:
		return ']';
	case FRAME_PAREN:
		return ')';
	case FRAME_INTERP:
		return TOK_INTERP_END;
	case FRAME_STRING:
	case FRAME_HEREDOC:
		break;
	}
	return TOK_STR_END;
}

/* From now on closers are delivered until `to` frames are left, then `held` (kind -1: nothing). */
void phx_frame_close_down(struct phx_parser *p, uint32_t to, const struct phx_token *held)
{
	p->close_to = to;
	p->closing = true;
	/* Between statements nothing is cut short. */
	p->break_first =
		!(phx_filter_in_body(p) && phx_token_ends_operand(p->prev)) && !phx_filter_at_start(p);
	if (held) {
		p->held = *held;
		p->held.nl = held->first; /* to be considered again, behind the closers */
	}
}

/* Parse again, with a closer for `f` in front of what stands at `at`. False: that was tried. */
static bool retry_with(struct phx_parser *p, uint32_t at, uint32_t opener)
{
	uint32_t i, n = p->nforced;

	if (n == MAX_RETRIES)
		return false;
	for (i = 0; i < n; i++)
		if (p->forced[i].opener == opener)
			return false;
	for (i = n; i > 0 && (p->forced[i - 1].at > at ||
			      (p->forced[i - 1].at == at && p->forced[i - 1].opener < opener));
	     i--)
		p->forced[i] = p->forced[i - 1];
	p->forced[i] = (struct phx_forced){at, opener};
	p->nforced++;
	p->retry = p->stopped = p->silent = true;
	return true;
}

bool phx_filter_blame_bracket(struct phx_parser *p)
{
	uint32_t i;

	for (i = p->nframes; i-- > 0;) {
		const struct phx_frame *f = &p->frames[i];

		if (f->kind == FRAME_BRACE && !f->items)
			return false;
		if (f->dedent && retry_with(p, f->dedent, f->at))
			return true;
	}
	return false;
}

/* At the end of the file with open brackets: blames the one that indentation speaks against first. */
static void unclosed_at_end(struct phx_parser *p, const struct phx_token *t)
{
	uint32_t at = p->suspect_at, opener = p->suspect_opener, i;

	for (i = 0; i < p->nframes; i++)
		if (p->frames[i].dedent && (!at || p->frames[i].dedent <= at)) {
			at = p->frames[i].dedent;
			opener = p->frames[i].at;
		}
	if (at && retry_with(p, at, opener))
		return;
	phx_parse_unclosed(p, phx_frame_top(p), t->span, "the file ends here");
	p->silent = true;
}

/* The nearest frame that `token` closes, as index + 1; 0: there is none. */
uint32_t phx_frame_find_opener(const struct phx_parser *p, int token)
{
	uint32_t i;

	for (i = p->nframes; i > 0; i--) {
		enum phx_frame_kind kind = p->frames[i - 1].kind;

		if (token == '}' ? kind == FRAME_BRACE || kind == FRAME_INTERP
				 : kind == (token == ')' ? FRAME_PAREN : FRAME_BRACKET))
			return i;
		if (kind == FRAME_INTERP || kind == FRAME_STRING || kind == FRAME_HEREDOC ||
		    (kind == FRAME_BRACE && !p->frames[i - 1].items))
			return 0;
	}
	return 0;
}

static void report_unmatched(struct phx_parser *p, const struct phx_token *t)
{
	const struct phx_frame *f = phx_frame_top(p);
	struct phx_diag *d = phx_parse_error(p, PHX0102, t->span, "`%c` closes nothing", (char)t->kind);

	phx_diag_label(p->bag, d, t->span, "no bracket is open for it");
	if (f)
		phx_diag_label(p->bag, d, (struct phx_span){p->file, f->at, f->end},
			       "the innermost open one is this `%s`", phx_frame_text(f));
}

/* A closer: false when it was held back or dropped. */
static bool admit_closer(struct phx_parser *p, struct phx_token *t)
{
	struct phx_frame *f = phx_frame_top(p);
	uint32_t opener = phx_frame_find_opener(p, t->kind);

	if (opener == 0) {
		if (p->skipping)
			return false;
		report_unmatched(p, t);
		if (f && (f->kind == FRAME_PAREN || f->kind == FRAME_BRACKET) && t->kind != '}') {
			t->kind = phx_frame_closer_token(f);
			phx_frame_pop(p);
			return true;
		}
		t->kind = TOK_BAD; /* in place of an operand; elsewhere as if it were not there */
		return phx_token_expects_operand(p->prev);
	}
	if (opener < p->nframes) {
		if (!p->skipping && !p->muted && !phx_filter_blame_bracket(p))
			phx_parse_unclosed(p, f, t->span, "but this closes a bracket around it");
		phx_frame_close_down(p, opener, t);
		p->break_first = true;
		return false;
	}
	if (f->kind == FRAME_BRACE && t->first && p->indent < f->indent && !p->suspect_at) {
		p->suspect_at = t->span.start;
		p->suspect_opener = f->at;
	}
	if (f->kind == FRAME_INTERP)
		t->kind = TOK_INTERP_END;
	phx_frame_pop(p);
	return true;
}

/* `${` that its string, line or heredoc ends before its `}`. */
static void unclosed_interp(struct phx_parser *p, uint32_t string)
{
	struct phx_frame *f = &p->frames[string];
	struct phx_span at = {p->file, f[1].at, f[1].end};
	struct phx_diag *d = phx_parse_error(p, PHX0028, at, "`${` is never closed");

	phx_diag_label(p->bag, d, at, "opened here");
	f->bad = true;
	phx_diag_help(p->bag, d, "close it with `}`; to write `${` itself, write `$${`");
}

/* Constructs that end although nothing closed them. False: `t` waits until they are closed. */
static bool admit_ends(struct phx_parser *p, struct phx_token *t)
{
	uint32_t i;

	for (i = 0; i < p->nforced && p->forced[i].at <= t->span.start; i++) {
		uint32_t f = p->nframes;

		if (p->forced[i].at < t->span.start)
			continue;
		while (f > 0 && p->frames[f - 1].at != p->forced[i].opener)
			f--;
		if (f == 0)
			continue;
		phx_parse_unclosed(p, &p->frames[f - 1], t->span,
				   "indentation says that it ended before this");
		phx_frame_close_down(p, f - 1, t);
		return false;
	}
	if (p->limit && t->span.start >= p->limit) {
		for (i = 0; p->frames[i].kind != FRAME_HEREDOC || p->frames[i].limit != p->limit; i++)
			;
		unclosed_interp(p, i);
		phx_scan_jump(p, p->limit);
		phx_frame_close_down(p, i + 1, NULL);
		p->break_first = true;
		return false;
	}
	if ((t->first || t->kind == 0) && p->nframes > 1 && phx_frame_top(p)->kind == FRAME_INTERP &&
	    p->frames[p->nframes - 2].kind == FRAME_STRING) {
		unclosed_interp(p, p->nframes - 2);
		phx_frame_close_down(p, p->nframes - 2, t);
		p->break_first = true;
		return false;
	}
	if (t->kind == 0 && p->nframes) {
		if (!p->silent && !p->skipping)
			unclosed_at_end(p, t);
		phx_frame_close_down(p, 0, t);
		return false;
	}
	return true;
}

/* Whether the line that `t` begins, no further right than the one on which `f` was opened, looks like a new statement. */
static bool looks_outside(const struct phx_parser *p, const struct phx_frame *f, const struct phx_token *t)
{
	bool body = f->kind == FRAME_BRACE && !f->items, equals = phx_text_equals_follows(p, t->span.end);
	const struct phx_word *k = phx_word_find(phx_parse_text(p, t->span));

	if (k && !equals)
		return k->class == WORD_STATEMENT || (body && (k->token == TOK_FOR || k->token == TOK_IF));
	return phx_text_head_follows(p, t->span.end) || (body ? p->indent < f->indent : equals);
}

static void note_dedent(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_frame *f = phx_frame_top(p);

	if (f && !f->dedent && t->kind == TOK_NAME && p->indent <= f->indent && looks_outside(p, f, t))
		f->dedent = t->span.start;
}

/* A lonely quote in `${}` that was meant to end the string around it; if that has ended already, it begins one. */
static bool close_string(struct phx_parser *p, struct phx_token *t)
{
	uint32_t string = p->nframes;

	if (!phx_lex_in_string(p)) {
		uint32_t end = t->span.end;

		while (end < p->text.len && p->text.ptr[end] != '\n' && p->text.ptr[end] != '\r')
			end++;
		phx_lex_unterminated(p, t->span, end);
		phx_scan_jump(p, end);
		t->kind = TOK_BAD;
		return true;
	}
	while (p->frames[string - 1].kind != FRAME_STRING)
		string--;
	if (!p->skipping)
		unclosed_interp(p, string - 1);
	phx_frame_close_down(p, string - 1, NULL);
	p->break_first = true;
	return false;
}

/* Behind a string without its end: the brackets opened on its line whose closers it has swallowed end with it. */
static void close_swallowed(struct phx_parser *p)
{
	uint32_t to = p->nframes, line = p->swallowed_from;

	while (line > 0 && p->text.ptr[line - 1] != '\n')
		line--;
	for (; p->swallowed > 0 && to > 0 && p->frames[to - 1].at >= line; p->swallowed--)
		to--;
	p->swallowed = 0;
	if (to < p->nframes) {
		phx_frame_close_down(p, to, NULL);
		p->break_first = true;
	}
}

/* What `t` does to the open brackets. False: it was held back or dropped. */
bool phx_frame_admit(struct phx_parser *p, struct phx_token *t)
{
	if ((t->first || t->kind == 0 || p->limit) && !admit_ends(p, t))
		return false;
	if (t->first && !phx_token_closes(t->kind)) {
		if (p->nframes == 0)
			p->suspect_at = 0; /* all before is balanced */
		note_dedent(p, t);
	}
	switch (t->kind) {
	case '(':
		return push(p, FRAME_PAREN, t);
	case '[':
		return push(p, FRAME_BRACKET, t);
	case '{':
		return push(p, FRAME_BRACE, t);
	case TOK_INTERP:
		return push(p, FRAME_INTERP, t);
	case TOK_STR_BEGIN:
		return push(p, p->text.ptr[t->span.start] == '<' ? FRAME_HEREDOC : FRAME_STRING, t);
	case TOK_STR_END:
		if (p->nframes == 0 ||
		    (phx_frame_top(p)->kind != FRAME_STRING && phx_frame_top(p)->kind != FRAME_HEREDOC))
			return close_string(p, t);
		phx_frame_pop(p);
		close_swallowed(p);
		return true;
	case TOK_BAD:
		close_swallowed(p);
		return true;
	case '}':
	case ')':
	case ']':
		return admit_closer(p, t);
	default:
		return true;
	}
}
