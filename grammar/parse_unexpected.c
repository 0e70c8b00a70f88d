#include "filter_priv.h"

#include <string.h>

/* Syntax errors: what was being read, where it got stuck, what could have stood there, and an example. */

/* What was being read */

struct context {
	const char *where;   /* "in a list" */
	const char *example; /* NULL: none */
};

static struct context of_frame(const struct phx_frame *f)
{
	switch ((enum phx_frame_kind)f->kind) {
	case FRAME_BRACE:
		return (struct context){"in an object", "an object: `{ name = \"web\", port = 80 }`"};
	case FRAME_BRACKET:
		return f->items ? (struct context){"in a list", "a list: `[1, 2, 3]`"}
				: (struct context){"in an index", NULL};
	case FRAME_PAREN:
		return f->items ? (struct context){"in the arguments of a call", "a call: `host(subnet, 1)`"}
				: (struct context){"in parentheses", NULL};
	case FRAME_INTERP:
	case FRAME_STRING:
	case FRAME_HEREDOC:
		break;
	}
	return (struct context){"in `${ }`", "an expression in a string: `\"web-${i + 1}\"`"};
}

static struct context of_statement(const struct phx_parser *p, struct phx_span at)
{
	switch (p->head_kind) {
	case TOK_LET:
		return (struct context){"in `let`", "`let subnet = 10.0.0.0/24`"};
	case TOK_PARAM:
		return (struct context){"in `param`", "`param workers: int = 3`"};
	case TOK_OUTPUT:
		return (struct context){"in `output`", "`output address = vm.web.network.ip`"};
	case TOK_ASSERT:
		return (struct context){"in `assert`", "`assert workers > 0, \"at least one worker\"`"};
	case TOK_FOR:
		return (struct context){"in the head of `for`", "`for i in 1..workers { … }`"};
	case TOK_IF:
		return (struct context){"in the condition of `if`", "`if workers > 1 { … } else { … }`"};
	default:
		break;
	}
	if (p->head_equals && p->equals_at != at.start)
		return (struct context){"in the value of an attribute", "an attribute: `memory = 8GiB`"};
	return (struct context){"in the head of a block",
				"a block: `vm web { … }`; an attribute: `memory = 8GiB`"};
}

/* The innermost bracket that was open before the token at `at`; what a closer has just closed is still there. */
static const struct phx_frame *around(const struct phx_parser *p, int token, struct phx_span at)
{
	uint32_t n = p->nframes;

	if ((token == ')' || token == ']' || token == '}' || token == TOK_INTERP_END) && n < MAX_FRAMES)
		return &p->frames[n];
	if (n && p->frames[n - 1].at == at.start && at.start != at.end)
		n--;
	return n ? &p->frames[n - 1] : NULL;
}

static bool in_body(const struct phx_frame *f)
{
	return !f || (f->kind == FRAME_BRACE && !f->items);
}

/* What could have stood there */

struct expected {
	bool has[512]; /* by token */
};

static bool take(struct expected *e, int token)
{
	bool had = e->has[token];

	e->has[token] = false;
	return had;
}

static void drop(struct expected *e, const int *tokens, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		e->has[tokens[i]] = false;
}

enum { MAX_WORDS = 5 };

struct words {
	const char *v[MAX_WORDS];
	int n;
};

static void add_word(struct words *w, const char *text)
{
	int i;

	for (i = 0; i < w->n; i++)
		if (strcmp(w->v[i], text) == 0)
			return;
	if (w->n < MAX_WORDS)
		w->v[w->n++] = text;
}

static void group(struct expected *e, struct words *w)
{
	static const int values[] = {TOK_NAME, TOK_STRING, TOK_STR_BEGIN, '(', '[', '{', '!', '-'};
	static const int starts[] = {TOK_NAME,   TOK_STRING, TOK_STR_BEGIN, TOK_PARAM,
				     TOK_OUTPUT, TOK_ASSERT, TOK_FOR,       TOK_IF};
	static const int operators[] = {'*',        '/',    '%',    '+',    '-',     '<',    '>',
					TOK_LE,     TOK_GE, TOK_EQ, TOK_NE, TOK_AND, TOK_OR, TOK_IN,
					TOK_DOTDOT, '?',    '.',    '[',    '('};
	static const int odd[] = {TOK_BAD, TOK_STR_TEXT, TOK_STR_END, TOK_INTERP};
	bool op = false;
	int i;

	drop(e, odd, PHX_COUNTOF(odd));
	if (take(e, TOK_LITERAL)) {
		add_word(w, "a value");
		drop(e, values, PHX_COUNTOF(values));
	}
	if (take(e, TOK_LET)) {
		add_word(w, "a statement");
		drop(e, starts, PHX_COUNTOF(starts));
	}
	if (take(e, '*')) {
		op = true;
		drop(e, operators, PHX_COUNTOF(operators));
	}
	if (take(e, TOK_NAME))
		add_word(w, "a name");
	if (take(e, TOK_STRING) || take(e, TOK_STR_BEGIN))
		add_word(w, "a string");
	e->has[TOK_STR_BEGIN] = false;
	/* Understood, but not offered. */
	if (e->has['='])
		e->has[':'] = false;
	if (e->has['{'])
		e->has[TOK_IN] = false;
	if (take(e, TOK_INTERP_END))
		add_word(w, "`}`");
	for (i = 1; i < 512; i++)
		if (i != TOK_NL && take(e, i))
			add_word(w, phx_token_text(i));
	if (op)
		add_word(w, "an operator");
	if (take(e, TOK_NL))
		add_word(w, "the end of the line");
	else if (take(e, 0))
		add_word(w, "the end of the file");
}

static void label_expected(struct phx_parser *p, struct phx_diag *d, struct phx_span at,
			   const struct expected *expected)
{
	struct expected e = *expected;
	struct phx_buf text = {0};
	struct words w = {0};
	int i;

	group(&e, &w);
	phx_buf_c(&text, w.n ? "expected " : "nothing more can stand here");
	for (i = 0; i < w.n; i++) {
		phx_buf_c(&text, i == 0 ? "" : i == w.n - 1 ? " or " : ", ");
		phx_buf_c(&text, w.v[i]);
	}
	phx_diag_label(p->bag, d, at, PHX_STR_FMT, PHX_STR_ARG(text));
	phx_buf_done(&text);
}

/* What stands there, in words. */
static struct phx_str describe(const struct phx_parser *p, int token, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);

	if (token == TOK_STRING || token == TOK_STR_BEGIN)
		return PHX_STR("a string");
	if (token == TOK_NL)
		return text.len ? PHX_STR("`;`") : PHX_STR("the end of the line");
	if (token == 0)
		return PHX_STR("the end of the file");
	if (text.len == 0)
		return phx_str_c(phx_token_text(token));
	return phx_str_printf(p->arena, "`" PHX_STR_FMT "`", PHX_STR_ARG(text));
}

/* Mistakes with a name of their own */

struct mistake {
	struct phx_parser *p;
	int token;
	struct phx_span at;
	struct phx_str text; /* of the token */
	const struct expected *expected;
	bool body; /* between statements, not in a bracket */
};

static bool is_comparison(int token)
{
	return token == TOK_EQ || token == TOK_NE || token == '<' || token == '>' || token == TOK_LE ||
	       token == TOK_GE || token == TOK_IN || token == TOK_DOTDOT;
}

static bool missing_value(const struct mistake *m)
{
	struct phx_parser *p = m->p;
	bool ends = m->token == TOK_NL || m->token == 0 || m->token == ',' || m->token == TOK_INTERP_END ||
		    phx_token_closes(m->token);

	if (!ends || !m->expected->has[TOK_LITERAL] || p->before == ',' || p->before == 0 ||
	    !(p->before == '=' || phx_token_continues(p->before)))
		return false;
	phx_parse_dangling(p, (struct phx_span){p->file, p->before_at, p->before_end});
	return true;
}

/* `memory 8GiB` */
static bool missing_equals(const struct mistake *m)
{
	struct phx_parser *p = m->p;
	struct phx_diag *d;

	if (!m->expected->has['='] || !m->body || p->head_kind != TOK_NAME || p->head_equals ||
	    !(m->token == TOK_LITERAL || m->token == '[' || m->token == '-'))
		return false;
	d = phx_parse_error(p, PHX0113, m->at, "`=` is missing before the value");
	phx_diag_label(p->bag, d, m->at, "expected `=`");
	phx_diag_fix(p->bag, d, (struct phx_span){p->file, m->at.start, m->at.start}, PHX_STR("= "), true);
	return true;
}

/* `vm 8000 {` */
static bool number_as_name(const struct mistake *m)
{
	struct phx_parser *p = m->p;
	struct phx_diag *d;
	uint32_t at = m->at.end;

	while (at < p->text.len && p->text.ptr[at] == ' ')
		at++;
	if (m->token != TOK_LITERAL || !m->expected->has['{'] || !m->expected->has[TOK_STRING] ||
	    at >= p->text.len || p->text.ptr[at] != '{')
		return false;
	d = phx_parse_error(p, PHX0110, m->at, "a block's name is a name or a string");
	phx_diag_label(p->bag, d, m->at, "neither");
	phx_diag_fix(p->bag, d, m->at, phx_str_printf(p->arena, "\"" PHX_STR_FMT "\"", PHX_STR_ARG(m->text)),
		     true);
	return true;
}

static bool reserved_word(const struct mistake *m)
{
	struct phx_diag *d;

	if (!m->expected->has[TOK_NAME] || m->expected->has[TOK_LITERAL] || m->expected->has[TOK_LET] ||
	    !(m->token == TOK_FOR || m->token == TOK_IF || m->token == TOK_IN || m->token == TOK_ELSE ||
	      (m->token == TOK_LITERAL && m->text.ptr[0] >= 'a')))
		return false;
	d = phx_parse_error(m->p, PHX0115, m->at, "`" PHX_STR_FMT "` is a reserved word",
			    PHX_STR_ARG(m->text));
	phx_diag_label(m->p->bag, d, m->at, "cannot be a name");
	return true;
}

static bool comparison_chain(const struct mistake *m)
{
	struct phx_diag *d;

	if (!is_comparison(m->token) || !m->expected->has['+'] || m->expected->has[TOK_LITERAL])
		return false;
	d = phx_parse_error(m->p, PHX0116, m->at, "`" PHX_STR_FMT "` cannot follow another one",
			    PHX_STR_ARG(m->text));
	phx_diag_label(m->p->bag, d, m->at,
		       m->token == TOK_DOTDOT ? "ranges do not chain" : "comparisons do not chain");
	if (m->token != TOK_DOTDOT)
		phx_diag_help(m->p->bag, d, "write `a < b && b < c`, or use parentheses");
	return true;
}

/* For words of other languages where an operator, or a body, was expected. */
static const char *advice_word(struct phx_str text)
{
	static const struct {
		const char *word, *advice;
	} words[] = {
		{"and", "and is written `&&`"},
		{"or", "or is written `||`"},
		{"not", "not is written `!`"},
		{"elif", "it is written `else if`"},
		{"elsif", "it is written `else if`"},
		{"elseif", "it is written `else if`"},
		{"then", "the body stands in `{ }`"},
		{"do", "the body stands in `{ }`"},
		{"foreach", "a loop is written `for x in xs { … }`"},
	};
	size_t i;

	for (i = 0; i < PHX_COUNTOF(words); i++)
		if (phx_str_eqc(text, words[i].word))
			return words[i].advice;
	return NULL;
}

static bool behind_dot(const struct mistake *m)
{
	return m->expected->has[TOK_NAME] && m->at.start && m->p->text.ptr[m->at.start - 1] == '.';
}

static const char *advice_value(const struct mistake *m)
{
	const struct phx_frame *f = around(m->p, m->token, m->at);

	if (m->token == TOK_IF)
		return "a value that depends on a condition is `test ? a : b`";
	if (m->token == TOK_FOR && f && f->kind == FRAME_BRACKET)
		return "a list from another is `[value for x in xs if test]`";
	if (m->token == TOK_FOR && f && f->kind == FRAME_BRACE)
		return "a map from another is `{key: value for k, v in m if test}`";
	return NULL;
}

static const char *advice(const struct mistake *m)
{
	const char *word = advice_word(m->text);

	if (word)
		return word;
	if (m->token == TOK_EQ && m->expected->has['='])
		return "a value is given with one `=`";
	if (m->token == TOK_LITERAL && behind_dot(m))
		return "an element of a list is `list[0]`";
	if (m->token == '*' && behind_dot(m))
		return "an attribute of every element is `[x.id for x in xs]`";
	if (m->expected->has[TOK_LITERAL] && advice_value(m))
		return advice_value(m);
	if (m->token == TOK_ELSE)
		return "`else` follows the `}` of an `if`";
	if (m->p->before == 0 && (m->token == '{' || m->token == '['))
		return "JSON is read from files whose name ends in `.json`";
	if (m->p->head == m->at.start && m->token != '[' && m->token != '!' && m->token != '-' &&
	    phx_token_continues(m->token))
		return "a line ends the statement: leave the operator at its end, or use parentheses";
	return NULL;
}

static void general(const struct mistake *m)
{
	struct phx_parser *p = m->p;
	const struct phx_frame *f = around(p, m->token, m->at);
	struct context context = in_body(f) ? of_statement(p, m->at) : of_frame(f);
	struct phx_str what = describe(p, m->token, m->at);
	const char *help = advice(m);
	bool start = m->body && p->head == m->at.start && p->head_kind == m->token;
	struct phx_diag *d;

	if (start)
		context = (struct context){m->expected->has[TOK_LET] ? "where a statement begins" : "here",
					   NULL};
	/* What follows `[for` is all of another language. */
	p->skip_all = m->token == TOK_FOR && !m->body && m->expected->has[TOK_LITERAL];
	d = phx_parse_error(p, PHX0100, m->at, "unexpected " PHX_STR_FMT " %s", PHX_STR_ARG(what),
			    context.where);
	label_expected(p, d, m->at, m->expected);
	if (help)
		phx_diag_help(p->bag, d, "%s", help);
	else if (context.example)
		phx_diag_help(p->bag, d, "%s", context.example);
}

void phx_parse_unexpected(struct phx_parser *p, int token, struct phx_span at, const int *expected, int n)
{
	struct expected e = {0};
	struct mistake m = {p, token, at, phx_parse_text(p, at), &e, in_body(around(p, token, at))};
	bool quiet = p->silent || p->recovered_at == p->delivered;
	int i;

	/* A consequence, or the scanner has reported it. */
	if (quiet || token == TOK_BAD || p->before == TOK_BAD)
		return;
	for (i = 0; i < n; i++)
		if (expected[i] >= 0 && expected[i] < 512)
			e.has[expected[i]] = true;
	if (m.body && e.has[TOK_NL] && p->head_kind != TOK_ASSERT)
		e.has[','] = false; /* between statements: understood, but not offered */
	if (phx_filter_blame_bracket(p))
		return;
	if (missing_value(&m) || number_as_name(&m) || missing_equals(&m) || reserved_word(&m) ||
	    comparison_chain(&m))
		return;
	general(&m);
}
