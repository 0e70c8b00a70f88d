/* templatefile(): a file read as the inside of a heredoc. It sees the variables it is given and nothing else. */
#include <string.h>

#include "ast/parse.h"
#include "sema/sema_priv.h"

/* A template bound for one set of variable names. */
struct bound_template {
	struct phx_scope *scope;
	struct phx_node *node;
};

/* --- places: the parser saw the file wrapped into a heredoc --- */

struct shift {
	uint32_t from, to; /* source ids */
	uint32_t head;     /* bytes in front of the file's own text */
	uint32_t len;
};

static uint32_t moved(const struct shift *m, uint32_t at)
{
	at = at < m->head ? 0 : at - m->head;
	return at > m->len ? m->len : at;
}

static void move_span(const struct shift *m, struct phx_span *at)
{
	if (at->file != m->from)
		return;
	*at = (struct phx_span){m->to, moved(m, at->start), moved(m, at->end)};
}

static void move_expr(const struct shift *m, struct phx_expr *e);

static void move_loop(const struct shift *m, struct phx_ast_loop *loop)
{
	move_span(m, &loop->var.span);
	move_span(m, &loop->second.span);
	move_expr(m, loop->source);
	move_expr(m, loop->cond);
	move_expr(m, loop->key);
	move_expr(m, loop->value);
}

static void move_inside(const struct shift *m, struct phx_expr *e)
{
	switch ((enum phx_expr_kind)e->kind) {
	case PHX_EXPR_TEMPLATE:
	case PHX_EXPR_LIST:
		for (uint32_t i = 0; i < e->list.n; i++)
			move_expr(m, e->list.v[i]);
		return;
	case PHX_EXPR_ATTR:
		move_expr(m, e->attr.of);
		e->attr.name_at = moved(m, e->attr.name_at);
		return;
	case PHX_EXPR_INDEX:
	case PHX_EXPR_BINARY:
	case PHX_EXPR_RANGE:
		move_expr(m, e->bin.lhs);
		move_expr(m, e->bin.rhs);
		e->bin.op_at = moved(m, e->bin.op_at);
		return;
	case PHX_EXPR_CALL:
		move_expr(m, e->call.fn);
		for (uint32_t i = 0; i < e->call.n; i++) {
			move_span(m, &e->call.args[i].name.span);
			move_expr(m, e->call.args[i].value);
		}
		return;
	case PHX_EXPR_UNARY:
		move_expr(m, e->un.of);
		return;
	case PHX_EXPR_COND:
		move_expr(m, e->cond.test);
		move_expr(m, e->cond.yes);
		move_expr(m, e->cond.no);
		return;
	case PHX_EXPR_OBJECT:
		for (uint32_t i = 0; i < e->object.n; i++) {
			move_span(m, &e->object.v[i].key.span);
			move_expr(m, e->object.v[i].value);
		}
		return;
	case PHX_EXPR_LIST_FOR:
	case PHX_EXPR_MAP_FOR:
		move_loop(m, e->loop);
		return;
	case PHX_EXPR_ERROR:
	case PHX_EXPR_NULL:
	case PHX_EXPR_BOOL:
	case PHX_EXPR_INT:
	case PHX_EXPR_FLOAT:
	case PHX_EXPR_SIZE:
	case PHX_EXPR_DURATION:
	case PHX_EXPR_IP:
	case PHX_EXPR_CIDR:
	case PHX_EXPR_MAC:
	case PHX_EXPR_STRING:
	case PHX_EXPR_NAME:
	case PHX_EXPR_SELF:
	case PHX_EXPR_KIND_COUNT:
		return;
	}
}

static void move_expr(const struct shift *m, struct phx_expr *e)
{
	if (!e || e->span.file != m->from)
		return;
	move_inside(m, e);
	move_span(m, &e->span);
}

static void move_diags(const struct shift *m, struct phx_diag_bag *bag, uint32_t first)
{
	for (uint32_t i = first; i < bag->diags.n; i++) {
		struct phx_diag *d = bag->diags.v[i];

		move_span(m, &d->span);
		for (uint32_t k = 0; k < d->labels.n; k++)
			move_span(m, &d->labels.v[k].span);
		for (uint32_t k = 0; k < d->fixes.n; k++)
			move_span(m, &d->fixes.v[k].span);
	}
}

/* --- parsing --- */

/* The line break in front of the end word is not the file's, unless the file ends with one. */
static void drop_last_break(struct phx_expr *e)
{
	if (e->kind == PHX_EXPR_TEMPLATE)
		e = e->list.n ? e->list.v[e->list.n - 1] : e;
	if (e->kind == PHX_EXPR_STRING && !(e->flags & PHX_EF_INTERP) && phx_str_ends(e->s, "\n"))
		e->s.len--;
}

static struct phx_str end_word(struct phx_sema *s, struct phx_str text)
{
	struct phx_str word = PHX_STR("END_OF_TEMPLATE");

	while (phx_str_find(text, word) >= 0)
		word = phx_str_printf(&s->tmp, PHX_STR_FMT "_", PHX_STR_ARG(word));
	return word;
}

static struct phx_expr *parse_template(struct phx_sema *s, struct phx_str path, struct phx_str text)
{
	struct phx_str word = end_word(s, text);
	bool ends = phx_str_ends(text, "\n");
	struct phx_str whole = phx_str_printf(
		&s->tmp, "let t = <<" PHX_STR_FMT "\n" PHX_STR_FMT "%s" PHX_STR_FMT "\n", PHX_STR_ARG(word),
		PHX_STR_ARG(text), ends || !text.len ? "" : "\n", PHX_STR_ARG(word));
	struct shift m = {.head = (uint32_t)(11 + word.len), .len = (uint32_t)text.len};
	uint32_t diags = s->bag->diags.n;
	struct phx_ast_file *ast;
	struct phx_expr *e;

	m.to = phx_source_add(s->sources, path, text);
	m.from = phx_source_add(s->sources, path, whole);
	ast = phx_parse_source(s->sources, m.from, &s->tmp, s->bag);
	move_diags(&m, s->bag, diags);
	if (ast->body.n != 1 || ast->body.v[0]->kind != PHX_STMT_LET || ast->errors)
		return NULL;
	e = ast->body.v[0]->attr.value;
	if (!ends)
		drop_last_break(e);
	move_expr(&m, e);
	return e;
}

/* --- binding and evaluation --- */

static struct phx_expr *template_expr(struct phx_sema *s, const struct phx_node *n, struct phx_str path)
{
	struct phx_str full;
	const struct phx_file_text *file = phx_file_read(s, n->span, path, &full);
	struct phx_map_entry *entry;
	bool is_new;

	entry = phx_map_put(&s->tmp, &s->templates, full, &is_new);
	if (is_new)
		entry->ptr = file->ok && !memchr(file->text.ptr ? file->text.ptr : "", '\0', file->text.len)
				     ? parse_template(s, full, file->text)
				     : NULL;
	return entry->ptr;
}

static struct bound_template *bind_template(struct phx_sema *s, const struct phx_expr *e,
					    const struct phx_object *vars)
{
	struct bound_template *t = PHX_NEW(&s->tmp, struct bound_template);

	t->scope = phx_scope_new(s, NULL, NULL);
	t->scope->closed = true;
	for (uint32_t i = 0; i < vars->n; i++) {
		struct phx_ast_name name = {vars->v[i].key, vars->v[i].span};
		struct phx_sym *sym = phx_scope_declare(s, t->scope, PHX_SYM_GIVEN, name);

		sym->ty = phx_ty_of(PHX_TY_ANY);
		sym->typing = PHX_DONE;
	}
	t->node = phx_bind(s, t->scope, e, NULL).node;
	return t;
}

/* One binding for each file and list of names: a loop calls it with the same ones. */
static struct bound_template *template_for(struct phx_sema *s, const struct phx_expr *e,
					   const struct phx_object *vars)
{
	struct phx_buf key = {0};
	struct phx_map_entry *entry;
	bool is_new;

	phx_buf_add(&key, &e, sizeof(e));
	for (uint32_t i = 0; i < vars->n; i++) {
		phx_buf_str(&key, vars->v[i].key);
		phx_buf_ch(&key, '\0');
	}
	entry = phx_map_put(&s->tmp, &s->templates, phx_tmp_str(s, &key), &is_new);
	phx_buf_done(&key);
	if (is_new)
		entry->ptr = bind_template(s, e, vars);
	return entry->ptr;
}

void phx_template_file(struct phx_sema *s, const struct phx_node *n, struct phx_str path,
		       const struct phx_value *vars, struct phx_value *out)
{
	struct phx_expr *e = template_expr(s, n, path);
	struct bound_template *t;
	struct phx_frame_rt *f;

	if (!e) {
		*out = phx_value_poison(n->span); /* reported where it was parsed */
		return;
	}
	t = template_for(s, e, vars->map);
	f = phx_frame_new(s, t->scope, NULL);
	for (uint32_t i = 0; i < vars->map->n; i++) {
		f->cells[i].value = *vars->map->v[i].value;
		f->cells[i].value.flags |= vars->flags & PHX_VF_SECRET;
		f->cells[i].state = PHX_DONE;
	}
	phx_eval(s, t->node, f, out);
	out->span = n->span;
}
