#include "parse_priv.h"

#include <string.h>

/* Raw tokens to those of the grammar, in three steps: what ends a construct by force (skip, closing), which newlines
 * count, and what a token does to the open brackets. */

struct keyword {
	struct phx_str text;
	int token;
	enum { RESERVED, STATEMENT, DECLARATION } class;
};

static const struct keyword keywords[] = {
#define PHX_KEYWORD(spelling, tok, kind) {{spelling, sizeof(spelling) - 1}, tok, kind},
#include "keywords.def"
#undef PHX_KEYWORD
};

static const struct keyword *keyword_find(struct phx_str text)
{
	const struct keyword *k;

	if (text.len < 2 || text.len > 6)
		return NULL;
	for (k = keywords; k < keywords + PHX_COUNTOF(keywords) && k->class != DECLARATION; k++)
		if (k->text.ptr[0] == text.ptr[0] && phx_str_eq(k->text, text))
			return k;
	return NULL;
}

bool phx_filter_declares(struct phx_str word)
{
	const struct keyword *k;

	for (k = keywords; k < keywords + PHX_COUNTOF(keywords); k++)
		if (k->class == DECLARATION && phx_str_eq(k->text, word))
			return true;
	return false;
}

static struct phx_frame *top(struct phx_parser *p)
{
	return p->nframes ? &p->frames[p->nframes - 1] : NULL;
}

static bool is_closer(int token)
{
	return token == '}' || token == ')' || token == ']';
}

/* Behind these an operand must follow: a newline does not end the statement. */
static bool wants_operand(int token)
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
static bool ends_operand(int token)
{
	return token == TOK_NAME || token == TOK_LITERAL || token == TOK_STRING || token == TOK_STR_END ||
	       token == TOK_BAD || is_closer(token);
}

static bool expects_operand(int token)
{
	return wants_operand(token) || token == '=' || token == '(' || token == '[' || token == TOK_INTERP;
}

/* In a file or between braces: where newlines end statements. */
static bool in_lines(struct phx_parser *p)
{
	return p->nframes == 0 || top(p)->kind == FRAME_BRACE;
}

static bool in_body(struct phx_parser *p)
{
	return p->nframes == 0 || (top(p)->kind == FRAME_BRACE && !top(p)->items);
}

static bool at_start(const struct phx_parser *p)
{
	return p->prev == 0 || p->prev == TOK_NL || p->prev == '{';
}

/* On a new line behind a `,` that should have been nothing: also the start of a statement. */
static bool behind_comma(struct phx_parser *p, const struct phx_token *t)
{
	return p->prev == ',' && t->first && p->head_equals && p->head_kind != TOK_ASSERT && in_body(p);
}

/* The first character behind `at` on its line that is no blank, and where it stands. */
static char next_char(const struct phx_parser *p, uint32_t at, uint32_t *out_at)
{
	while (at < p->text.len && (p->text.ptr[at] == ' ' || p->text.ptr[at] == '\t'))
		at++;
	*out_at = at;
	return at < p->text.len ? p->text.ptr[at] : '\0';
}

/* `name =`, but not `name ==` */
static bool equals_follows(const struct phx_parser *p, uint32_t at)
{
	uint32_t where;

	return next_char(p, at, &where) == '=' && p->text.ptr[where + 1] != '=';
}

/* `vm web {`, `network {`: a name, perhaps labels, and a brace on this line. */
static bool head_follows(const struct phx_parser *p, uint32_t at)
{
	uint32_t where;
	char c;

	for (;;) {
		c = next_char(p, at, &where);
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

/* Brackets */

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
		return !in_body(p) || (expects_operand(p->prev) && p->prev != TOK_IN);
	return kind == FRAME_PAREN ? ends_operand(p->prev) : !ends_operand(p->prev);
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

static void pop(struct phx_parser *p)
{
	const struct phx_frame *f = &p->frames[--p->nframes];

	if (f->kind == FRAME_INTERP)
		update_limit(p);
	if (f->kind == FRAME_STRING || f->kind == FRAME_HEREDOC)
		p->string_bad = f->bad;
}

static int closer_token(const struct phx_frame *f)
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
static void close_down(struct phx_parser *p, uint32_t to, const struct phx_token *held)
{
	p->close_to = to;
	p->closing = true;
	/* Between statements nothing is cut short. */
	p->break_first = !(in_body(p) && ends_operand(p->prev)) && !at_start(p);
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
	phx_parse_unclosed(p, top(p), t->span, "the file ends here");
	p->silent = true;
}

/* The nearest frame that `token` closes, as index + 1; 0: there is none. */
static uint32_t find_opener(const struct phx_parser *p, int token)
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
	const struct phx_frame *f = top(p);
	struct phx_diag *d = phx_parse_error(p, PHX0102, t->span, "`%c` closes nothing", (char)t->kind);

	phx_diag_label(p->bag, d, t->span, "no bracket is open for it");
	if (f)
		phx_diag_label(p->bag, d, (struct phx_span){p->file, f->at, f->end},
			       "the innermost open one is this `%s`", phx_frame_text(f));
}

/* A closer: false when it was held back or dropped. */
static bool admit_closer(struct phx_parser *p, struct phx_token *t)
{
	struct phx_frame *f = top(p);
	uint32_t opener = find_opener(p, t->kind);

	if (opener == 0) {
		if (p->skipping)
			return false;
		report_unmatched(p, t);
		if (f && (f->kind == FRAME_PAREN || f->kind == FRAME_BRACKET) && t->kind != '}') {
			t->kind = closer_token(f);
			pop(p);
			return true;
		}
		t->kind = TOK_BAD; /* in place of an operand; elsewhere as if it were not there */
		return expects_operand(p->prev);
	}
	if (opener < p->nframes) {
		if (!p->skipping && !p->muted && !phx_filter_blame_bracket(p))
			phx_parse_unclosed(p, f, t->span, "but this closes a bracket around it");
		close_down(p, opener, t);
		p->break_first = true;
		return false;
	}
	if (f->kind == FRAME_BRACE && t->first && p->indent < f->indent && !p->suspect_at) {
		p->suspect_at = t->span.start;
		p->suspect_opener = f->at;
	}
	if (f->kind == FRAME_INTERP)
		t->kind = TOK_INTERP_END;
	pop(p);
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
		close_down(p, f - 1, t);
		return false;
	}
	if (p->limit && t->span.start >= p->limit) {
		for (i = 0; p->frames[i].kind != FRAME_HEREDOC || p->frames[i].limit != p->limit; i++)
			;
		unclosed_interp(p, i);
		phx_scan_jump(p, p->limit);
		close_down(p, i + 1, NULL);
		p->break_first = true;
		return false;
	}
	if ((t->first || t->kind == 0) && p->nframes > 1 && top(p)->kind == FRAME_INTERP &&
	    p->frames[p->nframes - 2].kind == FRAME_STRING) {
		unclosed_interp(p, p->nframes - 2);
		close_down(p, p->nframes - 2, t);
		p->break_first = true;
		return false;
	}
	if (t->kind == 0 && p->nframes) {
		if (!p->silent && !p->skipping)
			unclosed_at_end(p, t);
		close_down(p, 0, t);
		return false;
	}
	return true;
}

/* Whether the line that `t` begins, no further right than the one on which `f` was opened, looks like a new statement. */
static bool looks_outside(const struct phx_parser *p, const struct phx_frame *f, const struct phx_token *t)
{
	bool body = f->kind == FRAME_BRACE && !f->items, equals = equals_follows(p, t->span.end);
	const struct keyword *k = keyword_find(phx_parse_text(p, t->span));

	if (k && !equals)
		return k->class == STATEMENT || (body && (k->token == TOK_FOR || k->token == TOK_IF));
	return head_follows(p, t->span.end) || (body ? p->indent < f->indent : equals);
}

static void note_dedent(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_frame *f = top(p);

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
	close_down(p, string - 1, NULL);
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
		close_down(p, to, NULL);
		p->break_first = true;
	}
}

/* What `t` does to the open brackets. False: it was held back or dropped. */
static bool admit(struct phx_parser *p, struct phx_token *t)
{
	if ((t->first || t->kind == 0 || p->limit) && !admit_ends(p, t))
		return false;
	if (t->first && !is_closer(t->kind)) {
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
		if (p->nframes == 0 || (top(p)->kind != FRAME_STRING && top(p)->kind != FRAME_HEREDOC))
			return close_string(p, t);
		pop(p);
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

/* Newlines */

static void misplaced(struct phx_parser *p, const struct phx_token *t, enum phx_code code,
		      const char *message)
{
	struct phx_span gap = {p->file, p->prev_end, t->span.start};
	struct phx_str between = phx_parse_text(p, gap);
	struct phx_diag *d = phx_parse_error(p, code, t->span, "%s", message);
	bool blank = phx_str_trim(between).len == 0;

	phx_diag_label(p->bag, d, t->span, "belongs to the line above");
	if (blank)
		phx_diag_fix(p->bag, d, gap, PHX_STR(" "), true);
}

/* Whether the newline before `t` ends a statement (or an object's entry). */
static bool newline_counts(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_str word;

	if (!in_lines(p) || at_start(p) || wants_operand(p->prev) || is_closer(t->kind) || t->kind == 0)
		return false;
	if (t->kind == '{' && in_body(p) && ends_operand(p->prev) && p->prev != '}' && !p->head_equals) {
		misplaced(p, t, PHX0108, "`{` stands on the line of its head");
		return false;
	}
	if (t->kind != TOK_NAME)
		return true;
	word = phx_parse_text(p, t->span);
	if (phx_str_eqc(word, "else") && p->prev == '}') {
		misplaced(p, t, PHX0107, "`else` stands on the line of the `}` before it");
		return false;
	}
	/* A comprehension in braces may be broken before its `for` and `if`. */
	return in_body(p) || !(phx_str_eqc(word, "for") || phx_str_eqc(word, "if"));
}

/* Two statements on a line: `a = 1 b = 2`, `vm a {} vm b {}`. */
static bool separator_missing(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_str word = phx_parse_text(p, t->span);
	struct phx_diag *d;
	uint32_t next;

	if (t->nl || t->kind != TOK_NAME || !in_body(p) || p->prev == TOK_NAME || p->prev == TOK_BAD ||
	    !ends_operand(p->prev) || p->skipping || next_char(p, t->span.end, &next) == ':')
		return false;
	if (keyword_find(word) || phx_str_starts(word, "els") || phx_str_eqc(word, "elif") ||
	    (!equals_follows(p, t->span.end) && !head_follows(p, t->span.end)))
		return false;
	if (p->prev != '}' && !p->head_equals)
		return false;
	d = phx_parse_error(p, PHX0114, t->span, "a new statement needs a new line or `;`");
	phx_diag_label(p->bag, d, t->span, "starts behind another one");
	phx_diag_fix(p->bag, d, (struct phx_span){p->file, p->prev_end, p->prev_end}, PHX_STR(";"), true);
	return true;
}

/* Recovery */

static bool ends_skipped(struct phx_parser *p, const struct phx_token *t)
{
	if (p->nframes != p->level)
		return p->nframes < p->level;
	if (t->kind == 0)
		return true;
	if (is_closer(t->kind))
		return find_opener(p, t->kind) != 0;
	if (in_lines(p))
		return t->nl || t->kind == TOK_NL || (p->header && t->kind == '{') ||
		       (t->kind == ',' && !in_body(p));
	return t->kind == ',' && top(p)->items;
}

/* The look-ahead is where parsing can go on. */
static bool resumes(struct phx_parser *p, int lookahead, bool header)
{
	struct phx_token t = {.kind = lookahead};

	if (lookahead == 0 || p->nframes < p->level)
		return true;
	if (lookahead == '{')
		return header && p->nframes == p->level + 1;
	return lookahead > 0 && lookahead != TOK_PHX_YYUNDEF && !is_closer(lookahead) && ends_skipped(p, &t);
}

enum phx_recovery phx_filter_recover(struct phx_parser *p, int lookahead, bool header)
{
	p->stuck = p->recovered_at == p->delivered ? p->stuck + 1 : 0;
	p->recovered_at = p->delivered;
	if (p->stuck > MAX_FRAMES)
		return RECOVERY_STUCK;
	if (resumes(p, lookahead, header))
		return RECOVERY_KEEP;
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
		pop(p);
	if (p->nframes == p->close_to) {
		p->closing = false;
		return -1;
	}
	p->skipping = false;
	token = closer_token(top(p));
	pop(p);
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
	const struct keyword *k = keyword_find(word);
	bool start = in_lines(p) && (at_start(p) || behind_comma(p, t));

	if (p->prev == '.')
		return;
	if (k && k->class == STATEMENT) {
		if (start && !equals_follows(p, t->span.end))
			t->kind = k->token;
	} else if (k && start && equals_follows(p, t->span.end)) {
		t->kind = reserved_as_name(p, t, word);
	} else if (k && k->token == TOK_LITERAL) {
		literal_word(p, t, word);
	} else if (k) {
		t->kind = k->token;
	} else if ((word.len == 4 || word.len == 5) && expects_operand(p->prev) &&
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
	if (at_start(p) || behind_comma(p, t)) {
		p->head = t->span.start;
		p->head_kind = t->kind;
		p->head_equals = false;
	} else if (t->kind == '=' && in_body(p) && !p->head_equals) {
		p->head_equals = true;
		p->equals_at = t->span.start;
	}
	p->before = p->prev;
	/* The `>` of a parameter's type is no operator. */
	p->prev = t->kind == '>' && p->head_kind == TOK_PARAM && !p->head_equals ? TOK_NAME : t->kind;
	p->before_end = p->prev_end;
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
	p->prev = TOK_NL;
	p->before_end = p->prev_end;
	*span = (struct phx_span){p->file, p->prev_end, p->prev_end};
	return TOK_NL;
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
			close_down(p, 0, NULL);
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
				admit(p, &t);
				continue;
			}
			p->skipping = false;
			p->muted = true; /* a closer that it missed is a consequence */
			p->prev = TOK_BAD;
		}
		if ((t.nl && newline_counts(p, &t)) || separator_missing(p, &t))
			return deliver_newline(p, &t, span);
		if (t.kind == TOK_NL && (!in_lines(p) || at_start(p))) {
			if (in_lines(p))
				continue;
		}
		admitted = admit(p, &t);
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
