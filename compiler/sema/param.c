/* Parameters: their types, the values that --set and --var-file give them, their assertions. */
#include <string.h>

#include "ast/parse.h"
#include "sema/sema_priv.h"

/* --- binding --- */

struct phx_param *phx_param_new(struct phx_sema *s, const struct phx_ast_param *ast)
{
	struct phx_param *p = PHX_NEW(&s->tmp, struct phx_param);

	p->ast = ast;
	p->name = ast->name.text;
	p->name_span = ast->name.span;
	p->ty = phx_ty_of(PHX_TY_ANY);
	p->typed = ast->type != NULL;
	if (ast->type)
		p->ty = phx_ty_declared(s, ast->type, &p->secret);
	return p;
}

static void wrong_type(struct phx_sema *s, enum phx_code code, const struct phx_param *p, struct phx_ty got,
		       struct phx_span at, const char *shown)
{
	struct phx_diag *d = phx_diag_add(s->bag, code, at, "the parameter `" PHX_STR_FMT "` is %s, not %s",
					  PHX_STR_ARG(p->name), phx_ty_name(s, p->ty), phx_ty_name(s, got));

	phx_diag_label(s->bag, d, at, shown ? "this is %s" : "this is a value of type %s",
		       shown ? shown : phx_ty_name(s, got));
	if (p->ast->type)
		phx_diag_label(s->bag, d, p->ast->type->span, "declared here");
	else
		phx_diag_label(s->bag, d, p->name_span, "its default makes it so");
}

static bool default_fits(const struct phx_param *p, struct phx_ty t)
{
	uint32_t kinds = p->ty.kinds | PHX_TY(PHX_V_NULL);

	if (kinds & PHX_TY(PHX_V_FLOAT))
		kinds |= PHX_TY(PHX_V_INT);
	if (p->ty.kinds == 0 || !phx_ty_fits(t, kinds))
		return p->ty.kinds == 0;
	if (t.kinds & (PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP)) && p->ty.elem && t.elem) {
		kinds = p->ty.elem->kinds | PHX_TY(PHX_V_NULL);
		if (kinds & PHX_TY(PHX_V_FLOAT))
			kinds |= PHX_TY(PHX_V_INT);
		return p->ty.elem->kinds == 0 || phx_ty_fits(*t.elem, kinds);
	}
	return true;
}

static void bind_asserts(struct phx_sema *s, struct phx_scope *in, struct phx_param *p)
{
	struct phx_ast_name value = {PHX_STR("value"), p->name_span};
	struct phx_sym *sym;

	p->scope = phx_scope_new(s, NULL, NULL);
	sym = phx_scope_declare(s, p->scope, PHX_SYM_GIVEN, value);
	sym->ty = p->ty;
	sym->typing = PHX_DONE;
	p->scope->up = in;
	phx_scope_lets(s, p->scope, p->ast->body);
	p->body = phx_bind_body(s, p->scope, p->ast->body, PHX_PLACE_PARAM);
}

void phx_bind_param(struct phx_sema *s, struct phx_scope *in, struct phx_param *p)
{
	if (p->ast->value) {
		struct phx_bound b = phx_bind(s, in, p->ast->value, NULL);

		p->init = b.node;
		if (!p->typed) {
			p->ty = b.ty;
			p->ty.fields = NULL;
			p->ty.nfields = 0;
		} else if (!default_fits(p, b.ty)) {
			wrong_type(s, PHX0201, p, b.ty, b.node->span, NULL);
			p->init = phx_bind_poison(s, b.node->span).node;
		}
	}
	if (p->ast->body)
		bind_asserts(s, in, p);
}

/* --- values from outside --- */

static struct phx_param *find_param(struct phx_sema *s, struct phx_str name)
{
	struct phx_sym *sym = phx_map_get(&s->globals, name);

	if (!sym || sym->kind != PHX_SYM_PARAM)
		return NULL;
	phx_sym_ty(s, sym); /* a default may be what tells its type */
	return sym->param;
}

static struct phx_param *known_param(struct phx_sema *s, struct phx_str name, struct phx_span at)
{
	struct phx_param *p = find_param(s, name);
	struct phx_str *names;
	struct phx_diag *d;

	if (p)
		return p;
	names = PHX_NEW_N(&s->tmp, struct phx_str, s->params.n);
	for (uint32_t i = 0; i < s->params.n; i++)
		names[i] = s->params.v[i]->name;
	d = phx_diag_add(s->bag, PHX0236, at, "there is no parameter `" PHX_STR_FMT "`", PHX_STR_ARG(name));
	phx_diag_label(s->bag, d, at, "not declared with `param`");
	phx_diag_suggest(s->bag, d, at, name, names, s->params.n);
	return NULL;
}

static void give(struct phx_sema *s, struct phx_param *p, struct phx_value v)
{
	struct phx_value odd = v;

	p->has_given = true;
	if (!phx_ty_accept(s, p->ty, &v, &odd) && v.kind != PHX_V_NULL) {
		wrong_type(s, PHX0237, p, phx_ty_value(s, &odd), phx_span_known(odd.span) ? odd.span : v.span,
			   p->secret ? "(secret)" : phx_shown(s, &odd));
		v = phx_value_poison(v.span);
	}
	p->given = v;
}

/* Words are text here: no attribute gives them another meaning. */
static void words_to_text(struct phx_value *v)
{
	v->flags &= (uint8_t)~PHX_VF_WORD;
	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		words_to_text(&v->list.v[i]);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		words_to_text(v->map->v[i].value);
}

/* A value written in the language: a literal, a list or an object of literals. */
static struct phx_value constant(struct phx_sema *s, const struct phx_expr *e)
{
	static const struct phx_words any = {.any = true};
	struct phx_scope *alone = phx_scope_new(s, NULL, NULL);
	struct phx_bound b;
	struct phx_value v;

	alone->closed = true;
	b = phx_bind(s, alone, e, &any);
	phx_eval(s, b.node, NULL, &v);
	words_to_text(&v);
	v.span = e->span;
	return v;
}

static bool text_only(const struct phx_param *p)
{
	return p->ty.kinds == PHX_TY(PHX_V_STRING);
}

/* `text` is what a person typed where the type is known already; the source holds "name=text". Where anything will do,
 * what is no value of the language is text. */
static struct phx_value typed_text(struct phx_sema *s, const struct phx_param *p, uint32_t file,
				   struct phx_span at)
{
	bool anything = p->ty.kinds == PHX_TY_ANY;
	struct phx_str text = phx_source_text(s->sources, at);
	struct phx_diag_bag trial, *bag = anything ? &trial : s->bag;
	struct phx_ast_file *ast;
	uint32_t errors;

	phx_diag_bag_init(&trial, &s->tmp, s->sources);
	errors = bag->errors;
	ast = phx_parse_source(s->sources, file, &s->tmp, bag);
	if (bag->errors == errors && ast->body.n == 1 && ast->body.v[0]->kind == PHX_STMT_ATTR)
		return constant(s, ast->body.v[0]->attr.value);
	if (anything)
		return phx_value_str(text, at);
	if (bag->errors == errors)
		phx_diag_add(s->bag, PHX0237, at,
			     "`" PHX_STR_FMT "` is no single value for the parameter `" PHX_STR_FMT "`",
			     PHX_STR_ARG(text), PHX_STR_ARG(p->name));
	return phx_value_poison(at);
}

static struct phx_value from_text(struct phx_sema *s, const struct phx_param *p, struct phx_str name,
				  struct phx_str text, const char *origin)
{
	struct phx_str whole =
		phx_str_printf(&s->tmp, PHX_STR_FMT "=" PHX_STR_FMT, PHX_STR_ARG(name), PHX_STR_ARG(text));
	uint32_t file = phx_source_add(s->sources, phx_str_c(origin), whole);
	struct phx_span at = {file, (uint32_t)name.len + 1, (uint32_t)whole.len};

	if (p->secret)
		phx_secrets_add(s->secrets, phx_str_dup(s->out, text));
	if (text_only(p) || text.len == 0)
		return phx_value_str(text, at);
	return typed_text(s, p, file, at);
}

static void given_set(struct phx_sema *s, const struct phx_sema_set *set)
{
	struct phx_param *p = find_param(s, set->name);
	struct phx_str whole;
	uint32_t file;

	if (p) {
		give(s, p, from_text(s, p, set->name, set->value, "--set"));
		return;
	}
	whole = phx_str_printf(&s->tmp, PHX_STR_FMT "=" PHX_STR_FMT, PHX_STR_ARG(set->name),
			       PHX_STR_ARG(set->value));
	file = phx_source_add(s->sources, PHX_STR("--set"), whole);
	(void)!known_param(s, set->name, (struct phx_span){file, 0, (uint32_t)set->name.len});
}

static void given_phx_file(struct phx_sema *s, uint32_t file)
{
	struct phx_ast_file *ast = phx_parse_source(s->sources, file, &s->tmp, s->bag);

	for (uint32_t i = 0; i < ast->body.n; i++) {
		const struct phx_stmt *stmt = ast->body.v[i];
		struct phx_param *p;
		struct phx_diag *d;

		if (stmt->kind != PHX_STMT_ATTR) {
			d = phx_diag_add(s->bag, PHX0238, stmt->span,
					 "a file of values holds only `NAME = VALUE`");
			phx_diag_help(s->bag, d, "declarations belong to the configuration itself");
			continue;
		}
		p = known_param(s, stmt->attr.name.text, stmt->attr.name.span);
		if (p)
			give(s, p, constant(s, stmt->attr.value));
	}
}

/* JSON has no sizes, durations and addresses: there they are strings. */
static void given_json_member(struct phx_sema *s, const struct phx_member *m, struct phx_str path,
			      struct phx_span at)
{
	struct phx_param *p = known_param(s, m->key, at);
	struct phx_value v = *m->value;

	if (!p)
		return;
	v.span = at;
	if (v.kind == PHX_V_STRING && !(p->ty.kinds & PHX_TY(PHX_V_STRING)))
		v = from_text(s, p, m->key, v.s, phx_str_dup(&s->tmp, path).ptr);
	give(s, p, v);
}

static void given_json_file(struct phx_sema *s, uint32_t file)
{
	const struct phx_source *source = phx_source_get(s->sources, file);
	struct phx_span all = {file, 0, (uint32_t)source->text.len};
	struct phx_err err = {0};
	struct phx_value v;

	if (!phx_value_from_json(s, source->text, all, &v, &err)) {
		phx_diag_add(s->bag, PHX0237, (struct phx_span){file, 0, 0}, PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	} else if (v.kind != PHX_V_MAP) {
		phx_diag_add(s->bag, PHX0237, (struct phx_span){file, 0, 0},
			     "a JSON file of values is one object");
	} else {
		for (uint32_t i = 0; i < v.map->n; i++) {
			const struct phx_member *m = &v.map->v[i];
			ptrdiff_t at = phx_str_find(source->text, m->key);
			struct phx_span key = {file, at < 0 ? 0 : (uint32_t)at,
					       at < 0 ? 0 : (uint32_t)at + (uint32_t)m->key.len};

			given_json_member(s, m, source->path, key);
		}
	}
	phx_err_done(&err);
}

static void given_file(struct phx_sema *s, struct phx_str path)
{
	struct phx_err err = {0};
	uint32_t file = phx_source_read(s->sources, path, &err);

	if (!file)
		phx_diag_add(s->bag, PHX0215, (struct phx_span){0},
			     "the file of values cannot be read: " PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	else if (phx_str_ends(path, ".json"))
		given_json_file(s, file);
	else
		given_phx_file(s, file);
	phx_err_done(&err);
}

void phx_params_given(struct phx_sema *s)
{
	for (uint32_t i = 0; i < s->opt->nvar_files; i++)
		given_file(s, s->opt->var_files[i]);
	for (uint32_t i = 0; i < s->opt->nsets; i++)
		given_set(s, &s->opt->sets[i]);
}

/* --- at run time --- */

bool phx_param_asserts(struct phx_sema *s, const struct phx_param *p, const struct phx_value *v,
		       struct phx_frame_rt *outer)
{
	struct phx_frame_rt *f;
	bool ok = true;

	if (!p->body || v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return true;
	f = phx_frame_new(s, p->scope, outer);
	f->cells[0].value = *v;
	f->cells[0].state = PHX_DONE;
	for (uint32_t i = 0; i < p->body->n; i++) {
		bool failed = false;

		if (p->body->v[i].kind == PHX_DO_ASSERT)
			phx_run_assert(s, p->body->v[i].check, p->body->v[i].span, f, v, &failed);
		ok = ok && !failed;
	}
	return ok;
}

static void missing(struct phx_sema *s, const struct phx_param *p, struct phx_value *out)
{
	struct phx_diag *d;

	if (s->opt->validate_only) {
		*out = phx_unknown_of(s, p->ty.kinds, p->name_span);
		out->flags |= p->secret ? PHX_VF_SECRET : 0;
		return;
	}
	d = phx_eval_error(s, PHX0235, p->name_span, out, "the parameter `" PHX_STR_FMT "` has no value",
			   PHX_STR_ARG(p->name));
	if (!d)
		return;
	phx_diag_label(s->bag, d, p->name_span, "it has no default");
	phx_diag_help(s->bag, d, "give it one: `--set " PHX_STR_FMT "=…`, or a `--var-file`",
		      PHX_STR_ARG(p->name));
}

static void mark_secret(struct phx_sema *s, struct phx_value *v)
{
	v->flags |= PHX_VF_SECRET;
	if (v->kind == PHX_V_STRING && !(v->flags & PHX_VF_UNKNOWN))
		phx_secrets_add(s->secrets, phx_str_dup(s->out, v->s));
}

void phx_param_value(struct phx_sema *s, struct phx_param *p, struct phx_value *out)
{
	struct phx_value odd;

	if (p->has_given) {
		*out = p->given;
	} else if (p->init) {
		phx_eval(s, p->init, NULL, out);
		odd = *out;
		if (out->kind != PHX_V_NULL && !phx_ty_accept(s, p->ty, out, &odd)) {
			wrong_type(s, PHX0201, p, phx_ty_value(s, &odd), p->init->span, phx_shown(s, &odd));
			*out = phx_value_poison(p->init->span);
		}
	} else {
		missing(s, p, out);
	}
	if (p->secret && !(out->flags & PHX_VF_POISON))
		mark_secret(s, out);
	if (!phx_param_asserts(s, p, out, NULL))
		*out = phx_value_poison(out->span);
}
