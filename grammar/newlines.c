#include "filter_priv.h"

static void misplaced(struct phx_parser *p, const struct phx_token *t, enum phx_code code,
		      const char *message)
{
	struct phx_span gap = {p->file, p->prev_end, t->span.start};
	struct phx_str between = phx_parse_text(p, gap);
	struct phx_diag *d = phx_parse_error(p, code, t->span, "%s", message);
	bool blank = phx_str_trim(between).len == 0;

	phx_diag_label(p->bag, d, t->span, "belongs to the line above");
	phx_diag_help(p->bag, d, "a new line ends the statement");
	if (blank)
		phx_diag_fix(p->bag, d, gap, PHX_STR(" "), true);
}

/* Whether the newline before `t` ends a statement (or an object's entry). */
bool phx_newline_counts(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_str word;

	if (!phx_filter_in_lines(p) || phx_filter_at_start(p) || phx_token_continues(p->prev) ||
	    phx_token_closes(t->kind) || t->kind == 0)
		return false;
	if (t->kind == '{' && phx_filter_in_body(p) && phx_token_ends_operand(p->prev) && p->prev != '}' &&
	    !p->head_equals) {
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
	return phx_filter_in_body(p) || !(phx_str_eqc(word, "for") || phx_str_eqc(word, "if"));
}

/* Two statements on a line: `a = 1 b = 2`, `vm a {} vm b {}`. */
bool phx_newline_missing(struct phx_parser *p, const struct phx_token *t)
{
	struct phx_str word;
	struct phx_diag *d;
	uint32_t next;

	if (p->prev == TOK_NAME || p->prev == TOK_BAD || !phx_token_ends_operand(p->prev) ||
	    !phx_filter_in_body(p) || phx_text_next(p, t->span.end, &next) == ':')
		return false;
	word = phx_parse_text(p, t->span);
	if (phx_word_find(word) || phx_str_starts(word, "els") || phx_str_eqc(word, "elif") ||
	    (!phx_text_equals_follows(p, t->span.end) && !phx_text_head_follows(p, t->span.end)))
		return false;
	if (p->prev != '}' && !p->head_equals)
		return false;
	d = phx_parse_error(p, PHX0114, t->span, "a new statement needs a new line or `;`");
	phx_diag_label(p->bag, d, t->span, "starts behind another one");
	phx_diag_fix(p->bag, d, (struct phx_span){p->file, p->prev_end, p->prev_end}, PHX_STR(";"), true);
	return true;
}

bool phx_newline_dangling(struct phx_parser *p, const struct phx_token *t)
{
	const struct phx_word *word;
	bool equals, starts;

	if (!phx_token_continues(p->prev) || p->prev == ',' || p->prev == '.' || !phx_filter_in_body(p) ||
	    p->head_kind == TOK_FOR || p->head_kind == TOK_IF)
		return false;
	starts = equals = phx_text_equals_follows(p, t->span.end);
	word = phx_word_find(phx_parse_text(p, t->span));
	if (word && !equals)
		starts = word->class == WORD_STATEMENT || word->token == TOK_FOR || word->token == TOK_IF;
	if (starts)
		phx_parse_dangling(p, (struct phx_span){p->file, p->prev_at, p->prev_end});
	return starts;
}
