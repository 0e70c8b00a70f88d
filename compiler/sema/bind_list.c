/* Binding of lists, objects, texts and comprehensions. */
#include "sema/bind_priv.h"

struct phx_bound phx_bind_list(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words)
{
	struct phx_node *n = phx_node_new(s, PHX_N_LIST, e->span);
	struct phx_ty elem = {0};

	n->list.n = e->list.n;
	n->list.v = PHX_NEW_N(&s->tmp, struct phx_node *, e->list.n);
	for (uint32_t i = 0; i < e->list.n; i++) {
		struct phx_bound b = phx_bind(s, in, e->list.v[i], words);

		n->list.v[i] = b.node;
		elem = phx_ty_join(s, elem, b.ty);
	}
	return phx_bound_of(n, phx_ty_list(s, elem.kinds ? elem : phx_ty_of(PHX_TY_ANY)));
}

static bool new_key(struct phx_sema *s, struct phx_map *seen, struct phx_ast_name key,
		    const struct phx_node_member *v)
{
	bool is_new;
	struct phx_map_entry *entry = phx_map_put(&s->tmp, seen, key.text, &is_new);
	struct phx_diag *d;

	if (is_new) {
		entry->num = seen->n - 1;
		return true;
	}
	d = phx_diag_add(s->bag, PHX0222, key.span, "the key `" PHX_STR_FMT "` stands twice",
			 PHX_STR_ARG(key.text));
	phx_diag_label(s->bag, d, key.span, "again here");
	phx_diag_label(s->bag, d, v[entry->num].span, "first here");
	return false;
}

struct phx_bound phx_bind_object(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_node *n = phx_node_new(s, PHX_N_OBJECT, e->span);
	struct phx_field *fields = PHX_NEW_N(&s->tmp, struct phx_field, e->object.n);
	struct phx_map seen = {0};
	struct phx_ty t, elem = {0};

	n->object.v = PHX_NEW_N(&s->tmp, struct phx_node_member, e->object.n);
	for (uint32_t i = 0; i < e->object.n; i++) {
		const struct phx_ast_entry *entry = &e->object.v[i];
		struct phx_bound b = phx_bind(s, in, entry->value, NULL);

		if (!new_key(s, &seen, entry->key, n->object.v))
			continue;
		n->object.v[n->object.n] = (struct phx_node_member){
			.key = entry->key.text, .span = entry->key.span, .value = b.node};
		fields[n->object.n++] = (struct phx_field){.name = entry->key.text, .ty = b.ty};
		elem = phx_ty_join(s, elem, b.ty);
	}
	t = phx_ty_map(s, elem.kinds ? elem : phx_ty_of(PHX_TY_ANY));
	t.fields = fields;
	t.nfields = n->object.n;
	return phx_bound_of(n, t);
}

/* `${}` prints scalars only. */
static bool check_interpolated(struct phx_sema *s, const struct phx_bound *b)
{
	struct phx_diag *d;

	if (phx_ty_fits(b->ty, PHX_TY_SCALAR))
		return true;
	d = phx_diag_add(s->bag, PHX0210, b->node->span, "`${}` cannot print a value of type %s",
			 phx_ty_name(s, b->ty));
	phx_diag_label(s->bag, d, b->node->span, "this has no text of its own");
	if (b->ty.kinds & PHX_TY(PHX_V_LIST))
		phx_diag_help(s->bag, d, "use `join(\", \", list)` or `jsonencode(list)`");
	else if (b->ty.kinds & PHX_TY(PHX_V_MAP))
		phx_diag_help(s->bag, d, "use `jsonencode(object)`");
	else if (b->ty.kinds & PHX_TY(PHX_V_REF))
		phx_diag_help(s->bag, d, "name the attribute that is meant, such as `.name` or `.address`");
	else
		phx_diag_help(s->bag, d, "use `coalesce(x, \"…\")`");
	return false;
}

struct phx_bound phx_bind_template(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_node *n = phx_node_new(s, PHX_N_TEMPLATE, e->span);

	n->list.n = e->list.n;
	n->list.v = PHX_NEW_N(&s->tmp, struct phx_node *, e->list.n);
	for (uint32_t i = 0; i < e->list.n; i++) {
		struct phx_bound b = phx_bind(s, in, e->list.v[i], NULL);

		n->list.v[i] = check_interpolated(s, &b) ? b.node : phx_bind_poison(s, b.node->span).node;
	}
	return phx_bound_of(n, phx_ty_of(PHX_TY(PHX_V_STRING)));
}

/* --- comprehensions --- */

static void type_loop_vars(struct phx_scope *scope, struct phx_ty source, bool two)
{
	const uint32_t list = PHX_TY(PHX_V_LIST), map = PHX_TY(PHX_V_MAP);
	uint32_t key = 0;

	if (source.kinds & list)
		key |= PHX_TY(PHX_V_INT);
	if (source.kinds & map)
		key |= PHX_TY(PHX_V_STRING);
	if (two)
		scope->syms.v[0]->ty = phx_ty_of(key);
	scope->syms.v[two]->ty = phx_ty_elem(source);
	for (uint32_t i = 0; i <= two; i++)
		scope->syms.v[i]->typing = PHX_DONE;
}

struct phx_scope *phx_bind_loop_scope(struct phx_sema *s, struct phx_scope *in, struct phx_ast_name var,
				      struct phx_ast_name second, struct phx_ty source)
{
	struct phx_scope *scope = phx_scope_new(s, in, NULL);

	phx_scope_declare(s, scope, PHX_SYM_LOOP, var);
	if (second.text.len)
		phx_scope_declare(s, scope, PHX_SYM_LOOP, second);
	type_loop_vars(scope, source, second.text.len > 0);
	return scope;
}

struct phx_bound phx_bind_loop(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words)
{
	const struct phx_ast_loop *ast = e->loop;
	struct phx_bound source = phx_bind(s, in, ast->source, NULL), cond = {0}, key = {0}, value;
	struct phx_node_loop *loop = PHX_NEW(&s->tmp, struct phx_node_loop);
	struct phx_node *n = phx_node_new(s, PHX_N_LOOP, e->span);
	bool ok = phx_bind_expect(s, &source, PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP),
				  "what `for` goes through");

	loop->scope = phx_bind_loop_scope(s, in, ast->var, ast->second, source.ty);
	loop->two = ast->second.text.len > 0;
	if (ast->cond) {
		cond = phx_bind(s, loop->scope, ast->cond, NULL);
		ok = phx_bind_expect(s, &cond, PHX_TY(PHX_V_BOOL), "the condition of a comprehension") && ok;
	}
	if (ast->key) {
		key = phx_bind(s, loop->scope, ast->key, NULL);
		ok = phx_bind_expect(s, &key, PHX_TY(PHX_V_STRING), "a key of a map") && ok;
	}
	value = phx_bind(s, loop->scope, ast->value, words);
	if (!ok)
		return phx_bind_poison(s, e->span);
	loop->source = source.node;
	loop->cond = cond.node;
	loop->key = key.node;
	loop->value = value.node;
	n->loop = loop;
	return phx_bound_of(n, ast->key ? phx_ty_map(s, value.ty) : phx_ty_list(s, value.ty));
}
