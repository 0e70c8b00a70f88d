/* Features that come with phx: declared in the language itself, in files that are read when somebody names them. */
#include "ast/parse.h"
#include "sema/expand_priv.h"

const struct phx_feature_list *phx_builtin_list(struct phx_sema *s)
{
	if (!s->builtins)
		s->builtins = phx_feature_list(&s->tmp);
	return s->builtins;
}

bool phx_builtin_exists(struct phx_sema *s, struct phx_str name)
{
	return phx_feature_listed(phx_builtin_list(s), name);
}

static void unusable(struct phx_sema *s, struct phx_str name, struct phx_str path, struct phx_span at,
		     const char *why)
{
	struct phx_diag *d = phx_diag_add(
		s->bag, PHX0002, at, "the feature `" PHX_STR_FMT "` that comes with phx cannot be used: %s",
		PHX_STR_ARG(name), why);

	phx_diag_note(s->bag, d, "it is declared in " PHX_STR_FMT, PHX_STR_ARG(path));
}

/* The one statement of the file, which declares the feature. */
static const struct phx_stmt *read_stmt(struct phx_sema *s, struct phx_str name, struct phx_span at)
{
	struct phx_str path = phx_feature_file(phx_builtin_list(s), name, s->out);
	struct phx_err err = {0};
	uint32_t file = phx_source_read(s->sources, path, &err), errors = s->bag->errors;
	const struct phx_body *body;
	const struct phx_ast_block *b;

	if (!file) {
		unusable(s, name, path, at, phx_str_dup(&s->tmp, phx_buf_view(&err.msg)).ptr);
		phx_err_done(&err);
		return NULL;
	}
	body = &phx_parse_source(s->sources, file, &s->tmp, s->bag)->body;
	if (s->bag->errors != errors)
		return NULL;
	b = body->n == 1 && body->v[0]->kind == PHX_STMT_BLOCK ? body->v[0]->block : NULL;
	if (b && phx_str_eqc(b->type.text, "feature") && b->nlabels == 1 &&
	    b->labels[0]->kind == PHX_EXPR_STRING && phx_str_eq(b->labels[0]->s, name))
		return body->v[0];
	unusable(s, name, path, at, "its file holds something else than a `feature` block of that name");
	return NULL;
}

static uint32_t place_of(struct phx_sema *s, struct phx_str name)
{
	const struct phx_feature_list *l = phx_builtin_list(s);
	uint32_t i = 0;

	while (i < l->n && !phx_str_eq(l->names[i], name))
		i++;
	return i;
}

/* In a scope of its own: it sees none of the configuration's names. Whoever asks may be in the middle of anything. */
static void declare(struct phx_sema *s, const struct phx_stmt *stmt, uint32_t place)
{
	bool in_try = s->in_try, octal_ok = s->octal_ok, in_defaults = s->in_defaults, catching = s->catching;
	uint32_t order = s->order, turn = s->turn;
	struct phx_scope *scope = phx_scope_new(s, NULL, NULL);
	struct phx_do_block *block;

	s->in_try = s->octal_ok = s->in_defaults = s->catching = false;
	/* Behind all that the configuration declares, in an order of their own. */
	s->order = UINT32_MAX;
	s->turn = place;
	scope->closed = true;
	block = phx_bind_decl(s, scope, stmt);
	if (block)
		phx_instantiate(s, block, NULL);
	s->in_try = in_try;
	s->octal_ok = octal_ok;
	s->in_defaults = in_defaults;
	s->catching = catching;
	s->order = order;
	s->turn = turn;
}

struct phx_inst *phx_builtin_load(struct phx_sema *s, struct phx_str name, struct phx_span at,
				  struct phx_value *out)
{
	uint32_t place = place_of(s, name);
	const struct phx_stmt *stmt;
	struct phx_inst *inst;
	bool fresh;

	phx_map_put(&s->tmp, &s->builtins_read, phx_builtin_list(s)->names[place], &fresh);
	stmt = fresh ? read_stmt(s, name, at) : NULL;
	if (stmt)
		declare(s, stmt, place);
	inst = phx_map_get(&s->by_name[PHX_KIND_FEATURE], name);
	if (inst)
		inst->decl->builtin = true;
	else
		*out = phx_value_poison(at);
	return inst;
}

/* --- for configurations that are no .phx files --- */

struct phx_config *phx_sema_builtins(struct phx_sources *sources, const struct phx_str *names, uint32_t n,
				     const struct phx_sema_options *options, struct phx_arena *arena,
				     struct phx_diag_bag *bag, struct phx_secrets *secrets)
{
	static const struct phx_sema_options none = {0};
	struct phx_sema s = {
		.sources = sources,
		.out = arena,
		.out_before = arena->total,
		.bag = bag,
		.secrets = secrets,
		.opt = options ? options : &none,
		.max_steps = PHX_SEMA_MAX_STEPS,
		.config = PHX_NEW(arena, struct phx_config),
		.expanded = true,
	};

	for (uint32_t i = 0; i < n; i++) {
		struct phx_value poison;

		if (phx_builtin_exists(&s, names[i]) && !phx_map_get(&s.by_name[PHX_KIND_FEATURE], names[i]))
			(void)phx_builtin_load(&s, names[i], (struct phx_span){0}, &poison);
	}
	phx_finish(&s);
	phx_arena_done(&s.tmp);
	return s.config;
}

struct names {
	struct phx_arena *arena;
	struct phx_map declared;
	PHX_VEC(struct phx_str) used;
};

static void use(struct names *n, const struct phx_value *v)
{
	bool fresh;

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		use(n, &v->list.v[i]);
	if ((v->kind != PHX_V_REF && v->kind != PHX_V_CALL) || v->ref->kind != PHX_KIND_FEATURE)
		return;
	phx_map_put(n->arena, &n->declared, v->ref->name, &fresh);
	if (fresh)
		phx_vec_push(n->arena, &n->used, v->ref->name);
}

static void uses_of(struct names *n, struct phx_decl *const *decls, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct phx_attr *a = phx_block_attr(&decls[i]->body, "features");

		if (a)
			use(n, &a->value);
	}
}

void phx_sema_add_builtins(struct phx_sources *sources, struct phx_config *config,
			   const struct phx_sema_options *options, struct phx_arena *arena,
			   struct phx_diag_bag *bag, struct phx_secrets *secrets)
{
	struct phx_arena work = {0};
	struct names n = {.arena = &work};
	struct phx_map own = {0};
	const struct phx_config *more;

	for (uint32_t i = 0; i < config->decls.n; i++) {
		if (config->decls.v[i]->kind != PHX_KIND_FEATURE)
			continue;
		phx_map_put(&work, &n.declared, config->decls.v[i]->name, NULL);
		phx_map_put(&work, &own, config->decls.v[i]->name, NULL);
	}
	uses_of(&n, config->decls.v, config->decls.n);
	uses_of(&n, config->defaults.v, config->defaults.n);
	more = n.used.n ? phx_sema_builtins(sources, n.used.v, n.used.n, options, arena, bag, secrets) : NULL;
	for (uint32_t i = 0; more && i < more->decls.n; i++) {
		/* What a built-in one needs may be declared by the configuration itself: that one counts. */
		if (!phx_map_find(&own, more->decls.v[i]->name))
			phx_vec_push(arena, &config->decls, more->decls.v[i]);
	}
	phx_arena_done(&work);
}
