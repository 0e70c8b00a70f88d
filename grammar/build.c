#include "build_priv.h"

#include <string.h>

/* Lists */

uint32_t phx_build_push(struct phx_parser *p, uint32_t n, void *node)
{
	phx_vec_push(&p->scratch, &p->nodes, node);
	return n + 1;
}

uint32_t phx_build_push_arg(struct phx_parser *p, uint32_t n, struct phx_ast_name name,
			    struct phx_expr *value)
{
	phx_vec_push(&p->scratch, &p->args, ((struct phx_ast_arg){name, value}));
	return n + 1;
}

uint32_t phx_build_push_entry(struct phx_parser *p, uint32_t n, struct phx_ast_name key,
			      struct phx_expr *value)
{
	phx_vec_push(&p->scratch, &p->entries, ((struct phx_ast_entry){key, value}));
	return n + 1;
}

uint32_t phx_build_push_arm(struct phx_parser *p, uint32_t n, struct phx_expr *cond, struct phx_body *body)
{
	return phx_build_push(p, phx_build_push(p, n, cond), body);
}

/* The last n nodes of the stack, taken off it; valid until the next push. */
static void **cut_nodes(struct phx_parser *p, uint32_t n)
{
	p->nodes.n -= n;
	return n ? p->nodes.v + p->nodes.n : NULL;
}

static struct phx_expr **cut_exprs(struct phx_parser *p, uint32_t n)
{
	void **nodes = cut_nodes(p, n);
	struct phx_expr **v = n ? PHX_NEW_N(p->arena, struct phx_expr *, n) : NULL;
	uint32_t i;

	for (i = 0; i < n; i++)
		v[i] = nodes[i];
	return v;
}

/* Names */

struct phx_ast_name phx_build_name(struct phx_parser *p, struct phx_span at)
{
	return (struct phx_ast_name){phx_parse_text(p, at), at};
}

struct phx_ast_name phx_build_key(struct phx_parser *p, const struct phx_expr *string)
{
	struct phx_diag *d;

	if (string->kind == PHX_EXPR_STRING)
		return (struct phx_ast_name){string->s, string->span};
	if (string->kind == PHX_EXPR_TEMPLATE) {
		d = phx_parse_error(p, PHX0111, string->span, "a key has no `${}`");
		phx_diag_label(p->bag, d, string->span, "must be a name or a plain string");
		phx_diag_help(p->bag, d, "keys that are computed: `{key: value for x in xs}`");
	}
	return phx_build_name(p, string->span);
}

/* Statements */

static struct phx_stmt *stmt(struct phx_parser *p, enum phx_stmt_kind kind, struct phx_span at)
{
	struct phx_stmt *s = PHX_NEW(p->arena, struct phx_stmt);

	s->kind = (uint8_t)kind;
	s->span = at;
	return s;
}

/* The last n statements; NULL stands for one that was lost. */
static void fill_body(struct phx_parser *p, uint32_t n, struct phx_body *body)
{
	void **nodes = cut_nodes(p, n);
	uint32_t i;

	body->v = n ? PHX_NEW_N(p->arena, struct phx_stmt *, n) : NULL;
	body->n = body->lost = 0;
	for (i = 0; i < n; i++) {
		if (nodes[i])
			body->v[body->n++] = nodes[i];
		else
			body->lost++;
	}
}

void phx_build_file(struct phx_parser *p, uint32_t n)
{
	fill_body(p, n, &p->ast->body);
}

struct phx_body *phx_build_body(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_body *body = PHX_NEW(p->arena, struct phx_body);

	body->span = at;
	fill_body(p, n, body);
	return body;
}

struct phx_stmt *phx_build_attribute(struct phx_parser *p, enum phx_stmt_kind kind, struct phx_ast_name name,
				     struct phx_expr *value, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, kind, at);

	s->attr.name = name;
	s->attr.value = value;
	return s;
}

struct phx_stmt *phx_build_quoted_attr(struct phx_parser *p, struct phx_expr *name, struct phx_expr *value,
				       struct phx_span at)
{
	struct phx_stmt *s = phx_build_attribute(p, PHX_STMT_ATTR, phx_build_key(p, name), value, at);

	s->flags = PHX_SF_QUOTED;
	return s;
}

/* `node "pve"`: more likely an attribute than a block. */
static bool is_attribute(const struct phx_ast_block *block)
{
	return block->nlabels == 1 && !(block->labels[0]->flags & PHX_EF_WORD) &&
	       !phx_filter_declares(block->type.text);
}

static struct phx_stmt *without_equals(struct phx_parser *p, struct phx_ast_block *block, struct phx_span at)
{
	struct phx_span value = block->labels[0]->span;
	struct phx_diag *d = phx_parse_error(p, PHX0113, value, "`=` is missing before the value");

	phx_diag_label(p->bag, d, value, "expected `=`");
	phx_diag_fix(p->bag, d, (struct phx_span){p->file, value.start, value.start}, PHX_STR("= "), true);
	return phx_build_attribute(p, PHX_STMT_ATTR, block->type, block->labels[0], at);
}

static void report_no_body(struct phx_parser *p, struct phx_span head, struct phx_str type)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0106, head, "block `" PHX_STR_FMT "` has no body", PHX_STR_ARG(type));

	phx_diag_label(p->bag, d, head, "expected `{` behind this");
	phx_diag_help(p->bag, d, "an attribute is written `" PHX_STR_FMT " = …`", PHX_STR_ARG(type));
}

struct phx_stmt *phx_build_block(struct phx_parser *p, struct phx_span type, uint32_t nlabels,
				 struct phx_body *body, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_BLOCK, at);
	struct phx_ast_block *block = PHX_NEW(p->arena, struct phx_ast_block);

	block->type = phx_build_name(p, type);
	block->labels = cut_exprs(p, nlabels);
	block->nlabels = nlabels;
	block->head = type;
	block->body = body;
	if (nlabels)
		block->head.end = block->labels[nlabels - 1]->span.end;
	if (!body && is_attribute(block))
		return without_equals(p, block, at);
	if (!body && !phx_str_eqc(block->type.text, "stack"))
		report_no_body(p, block->head, block->type.text);
	s->block = block;
	return s;
}

struct phx_stmt *phx_build_param(struct phx_parser *p, struct phx_ast_param param, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_PARAM, at);

	s->param = PHX_NEW(p->arena, struct phx_ast_param);
	*s->param = param;
	return s;
}

struct phx_stmt *phx_build_for(struct phx_parser *p, const struct phx_ast_loop *head, struct phx_body *body,
			       struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_FOR, at);

	s->loop = PHX_NEW(p->arena, struct phx_ast_for);
	*s->loop = (struct phx_ast_for){head->var, head->second, head->source, body};
	return s;
}

struct phx_stmt *phx_build_if(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_IF, at);
	void **nodes = cut_nodes(p, n);
	uint32_t i;

	s->branch = PHX_NEW(p->arena, struct phx_ast_if);
	s->branch->n = n / 2;
	s->branch->arms = PHX_NEW_N(p->arena, struct phx_ast_arm, n / 2);
	for (i = 0; i < n / 2; i++)
		s->branch->arms[i] = (struct phx_ast_arm){nodes[2 * i], nodes[2 * i + 1]};
	return s;
}

struct phx_stmt *phx_build_assert(struct phx_parser *p, struct phx_expr *cond, struct phx_expr *message,
				  struct phx_span at)
{
	struct phx_stmt *s = stmt(p, PHX_STMT_ASSERT, at);

	s->check.cond = cond;
	s->check.message = message;
	return s;
}

struct phx_ast_type *phx_build_type(struct phx_parser *p, struct phx_span name, struct phx_ast_type *arg,
				    struct phx_span at)
{
	enum { MAX_TYPE_DEPTH = 8 };
	struct phx_ast_type *type = PHX_NEW(p->arena, struct phx_ast_type), *inner;
	int depth = 0;

	type->name = phx_build_name(p, name);
	type->span = at;
	type->arg = arg;
	for (inner = arg; inner; inner = inner->arg)
		if (++depth == MAX_TYPE_DEPTH) {
			struct phx_diag *d = phx_parse_error(
				p, PHX0103, at, "a type nested more than %d levels deep", MAX_TYPE_DEPTH);

			phx_diag_label(p->bag, d, at, "too deep");
			type->arg = NULL;
			break;
		}
	return type;
}

/* Expressions */

/* Checks and sets the depth of `e` with `of` (may be NULL) as one of its parts. */
static void deepen(struct phx_expr *e, const struct phx_expr *of)
{
	/* PHX_AST_MAX_DEPTH + 1 says that it is too much; see `checked`. */
	if (of && of->depth >= e->depth)
		e->depth = (uint8_t)(of->depth + 1);
}

static bool within(struct phx_span inner, struct phx_span outer)
{
	return inner.end > inner.start && outer.start <= inner.start && inner.end <= outer.end;
}

/* A node that got too deep becomes ERROR, so that nothing above it is; of nested ones only the first is reported. */
static struct phx_expr *checked(struct phx_parser *p, struct phx_expr *e)
{
	if (e->depth <= PHX_AST_MAX_DEPTH)
		return e;
	if (!within(p->deep, e->span))
		phx_parse_too_deep(p, e->span);
	p->deep = e->span;
	return phx_build_leaf(p, PHX_EXPR_ERROR, e->span);
}

struct phx_expr *phx_build_leaf(struct phx_parser *p, enum phx_expr_kind kind, struct phx_span at)
{
	struct phx_expr *e = PHX_NEW(p->arena, struct phx_expr);

	e->kind = (uint8_t)kind;
	e->depth = 1;
	e->span = at;
	return e;
}

struct phx_expr *phx_build_label(struct phx_parser *p, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_STRING, at);

	e->flags = PHX_EF_WORD;
	e->s = phx_parse_text(p, at);
	return e;
}

struct phx_expr *phx_build_word(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_expr *e = phx_build_leaf(p, phx_str_eqc(text, "self") ? PHX_EXPR_SELF : PHX_EXPR_NAME, at);

	e->s = text;
	return e;
}

struct phx_expr *phx_build_paren(struct phx_expr *e, struct phx_span at)
{
	e->flags |= PHX_EF_PAREN;
	e->span = at;
	return e;
}

struct phx_expr *phx_build_interp(struct phx_expr *e)
{
	e->flags |= PHX_EF_INTERP;
	return e;
}

struct phx_expr *phx_build_attr_of(struct phx_parser *p, struct phx_expr *of, struct phx_span name,
				   struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_ATTR, at);
	struct phx_str text = phx_parse_text(p, name);

	e->attr.of = of;
	e->attr.name = text.ptr;
	e->attr.name_len = (uint32_t)text.len;
	e->attr.name_at = name.start;
	deepen(e, of);
	return checked(p, e);
}

struct phx_expr *phx_build_unary(struct phx_parser *p, enum phx_op op, struct phx_expr *of,
				 struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_UNARY, at);

	e->op = (uint8_t)op;
	e->un.of = of;
	deepen(e, of);
	return checked(p, e);
}

struct phx_expr *phx_build_pair(struct phx_parser *p, enum phx_expr_kind kind, enum phx_op op,
				struct phx_expr *lhs, struct phx_expr *rhs, struct phx_span op_at)
{
	struct phx_expr *e = phx_build_leaf(p, kind, phx_span_join(lhs->span, rhs->span));

	e->op = (uint8_t)op;
	e->bin.lhs = lhs;
	e->bin.rhs = rhs;
	e->bin.op_at = op_at.start;
	deepen(e, lhs);
	deepen(e, rhs);
	return checked(p, e);
}

struct phx_expr *phx_build_cond(struct phx_parser *p, struct phx_expr *test, struct phx_expr *yes,
				struct phx_expr *no, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_COND, at);

	e->cond.test = test;
	e->cond.yes = yes;
	e->cond.no = no;
	deepen(e, test);
	deepen(e, yes);
	deepen(e, no);
	return checked(p, e);
}

struct phx_expr *phx_build_call(struct phx_parser *p, struct phx_expr *fn, uint32_t n, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_CALL, at);
	uint32_t i;

	p->args.n -= n;
	e->call.fn = fn;
	e->call.n = n;
	e->call.args = n ? PHX_NEW_N(p->arena, struct phx_ast_arg, n) : NULL;
	deepen(e, fn);
	for (i = 0; i < n; i++) {
		e->call.args[i] = p->args.v[p->args.n + i];
		deepen(e, e->call.args[i].value);
	}
	return checked(p, e);
}

static struct phx_expr *list(struct phx_parser *p, enum phx_expr_kind kind, uint32_t n, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, kind, at);
	uint32_t i;

	e->list.v = cut_exprs(p, n);
	e->list.n = n;
	for (i = 0; i < n; i++)
		deepen(e, e->list.v[i]);
	return checked(p, e);
}

struct phx_expr *phx_build_list(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	return list(p, PHX_EXPR_LIST, n, at);
}

struct phx_expr *phx_build_object(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, PHX_EXPR_OBJECT, at);
	uint32_t i;

	p->entries.n -= n;
	e->object.n = n;
	e->object.v = n ? PHX_NEW_N(p->arena, struct phx_ast_entry, n) : NULL;
	for (i = 0; i < n; i++) {
		e->object.v[i] = p->entries.v[p->entries.n + i];
		deepen(e, e->object.v[i].value);
	}
	return checked(p, e);
}

struct phx_ast_loop *phx_build_vars(struct phx_parser *p, struct phx_span var, struct phx_span second)
{
	struct phx_ast_loop *loop = PHX_NEW(p->arena, struct phx_ast_loop);

	loop->var = phx_build_name(p, var);
	if (second.start != var.start)
		loop->second = phx_build_name(p, second);
	return loop;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-';
}

/* The name that starts at `at`, maybe empty. */
static struct phx_span name_at(const struct phx_parser *p, uint32_t at, uint32_t end)
{
	struct phx_span name = {p->file, at, at};

	while (name.end < end && is_name_char(p->text.ptr[name.end]))
		name.end++;
	return name;
}

struct phx_ast_loop *phx_build_lost_vars(struct phx_parser *p, struct phx_span head)
{
	struct phx_span var = name_at(p, head.start, head.end), second = var;
	uint32_t at = var.end;

	while (at < head.end && p->text.ptr[at] == ' ')
		at++;
	if (at < head.end && p->text.ptr[at] == ',') {
		do
			at++;
		while (at < head.end && p->text.ptr[at] == ' ');
		second = name_at(p, at, head.end);
	}
	return phx_build_vars(p, var, second);
}

struct phx_ast_loop *phx_build_loop(struct phx_ast_loop *vars, struct phx_expr *source, struct phx_expr *cond)
{
	vars->source = source;
	vars->cond = cond;
	return vars;
}

struct phx_expr *phx_build_comprehension(struct phx_parser *p, struct phx_expr *key, struct phx_expr *value,
					 struct phx_ast_loop *loop, struct phx_span at)
{
	struct phx_expr *e = phx_build_leaf(p, key ? PHX_EXPR_MAP_FOR : PHX_EXPR_LIST_FOR, at);

	loop->key = key;
	loop->value = value;
	e->loop = loop;
	deepen(e, key);
	deepen(e, value);
	deepen(e, loop->source);
	deepen(e, loop->cond);
	return checked(p, e);
}

/* Strings */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Leading blanks of the line at text[at]; SIZE_MAX: nothing but blanks stands on it. `last`: no text follows. */
static size_t indent_of(struct phx_str text, size_t at, bool last)
{
	size_t start = at;

	while (at < text.len && is_blank(text.ptr[at]))
		at++;
	if (at < text.len ? text.ptr[at] == '\n' : last)
		return SIZE_MAX;
	return at - start;
}

/* Calls for every line that starts in the texts of a heredoc; a line starts at the beginning and behind each newline
 * of a text, not inside `${}`. With `cut` that many blanks go from each; else the least number of them is returned. */
static size_t heredoc_lines(struct phx_parser *p, void **parts, uint32_t n, size_t cut, struct phx_buf *out)
{
	size_t least = SIZE_MAX;
	bool start = true;
	uint32_t i;

	for (i = 0; i < n; i++) {
		struct phx_expr *part = parts[i];
		size_t at = 0;

		if (part->flags & PHX_EF_INTERP) {
			least = start ? 0 : least;
			start = false;
			continue;
		}
		phx_buf_clear(out);
		while (at < part->s.len) {
			const char *nl = memchr(part->s.ptr + at, '\n', part->s.len - at);
			size_t end = nl ? (size_t)(nl + 1 - part->s.ptr) : part->s.len;

			if (start) {
				size_t indent = indent_of(part->s, at, i + 1 == n), have = 0;

				least = indent < least ? indent : least;
				while (have < cut && at < end && is_blank(part->s.ptr[at])) {
					at++;
					have++;
				}
			}
			phx_buf_str(out, phx_str_slice(part->s, at, end - at));
			start = nl != NULL;
			at = end;
		}
		if (cut)
			part->s = phx_str_dup(p->arena, phx_buf_view(out));
	}
	return least;
}

/* Returns how many parts are left: a text that was nothing but indentation goes. */
static uint32_t cut_indent(struct phx_parser *p, uint32_t n)
{
	void **parts = p->nodes.v + p->nodes.n - n;
	struct phx_buf text = {0};
	size_t least = heredoc_lines(p, parts, n, 0, &text);
	uint32_t left = 0, i;

	if (least != SIZE_MAX && least > 0)
		heredoc_lines(p, parts, n, least, &text);
	phx_buf_done(&text);
	for (i = 0; i < n; i++) {
		const struct phx_expr *part = parts[i];

		if ((part->flags & PHX_EF_INTERP) || part->s.len)
			parts[left++] = parts[i];
	}
	p->nodes.n -= n - left;
	return left;
}

struct phx_expr *phx_build_template(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	bool heredoc = p->text.ptr[at.start] == '<';
	struct phx_expr *e;

	if (n && heredoc && (p->text.ptr[at.start + 2] == '~' || p->text.ptr[at.start + 2] == '-'))
		n = cut_indent(p, n);
	if (p->string_bad) {
		cut_nodes(p, n);
		return phx_build_leaf(p, PHX_EXPR_ERROR, at);
	}
	if (n == 0 || (n == 1 && !(((struct phx_expr *)p->nodes.v[p->nodes.n - 1])->flags & PHX_EF_INTERP))) {
		e = phx_build_leaf(p, PHX_EXPR_STRING, at);
		e->s = n ? ((struct phx_expr *)*cut_nodes(p, 1))->s
			 : (struct phx_str){p->text.ptr + at.start, 0};
	} else {
		e = list(p, PHX_EXPR_TEMPLATE, n, at);
	}
	if (heredoc)
		e->flags |= PHX_EF_HEREDOC;
	return e;
}

/* Near-misses */

static void colon_for_equals(struct phx_parser *p, struct phx_span colon, const char *what)
{
	struct phx_diag *d = phx_parse_error(p, PHX0104, colon, "%s is given with `=`, not `:`", what);
	bool blank = colon.start && is_blank(p->text.ptr[colon.start - 1]);

	phx_diag_label(p->bag, d, colon, "write `=`");
	phx_diag_fix(p->bag, d, colon, blank ? PHX_STR("=") : PHX_STR(" ="), true);
}

void phx_build_colon(struct phx_parser *p, struct phx_span colon)
{
	colon_for_equals(p, colon, "an attribute's value");
}

struct phx_ast_name phx_build_colon_key(struct phx_parser *p, const struct phx_expr *key,
					struct phx_span colon)
{
	struct phx_diag *d;

	if (key->kind == PHX_EXPR_NAME || key->kind == PHX_EXPR_SELF) {
		colon_for_equals(p, colon, "an object's entry");
		return phx_build_name(p, key->span);
	}
	if (key->kind == PHX_EXPR_STRING || key->kind == PHX_EXPR_TEMPLATE) {
		colon_for_equals(p, colon, "an object's entry");
		return phx_build_key(p, key);
	}
	if (key->kind != PHX_EXPR_ERROR) {
		d = phx_parse_error(p, PHX0100, key->span, "an object's key is a name or a string");
		phx_diag_label(p->bag, d, key->span, "neither");
	}
	return phx_build_name(p, key->span);
}

void phx_build_comma(struct phx_parser *p, struct phx_span comma, bool last)
{
	struct phx_diag *d = phx_parse_error(p, PHX0105, comma,
					     "statements are separated by a new line or `;`, not by `,`");
	uint32_t at = comma.end;

	while (at < p->text.len && is_blank(p->text.ptr[at]))
		at++;
	last = last || (at < p->text.len && strchr("\r\n#", p->text.ptr[at]));
	phx_diag_label(p->bag, d, comma, last ? "not needed" : "write `;`");
	phx_diag_fix(p->bag, d, comma, last ? PHX_STR("") : PHX_STR(";"), true);
}

void phx_build_assignment(struct phx_parser *p, struct phx_span equals)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0109, equals, "`=` gives a value; a condition compares with `==`");

	phx_diag_label(p->bag, d, equals, "write `==`");
	phx_diag_fix(p->bag, d, equals, PHX_STR("=="), true);
}
