/* Values of parameters from outside: --set NAME=VALUE and files of them. They are bound here, and evaluated when the
 * parameter is first asked for, like its default. */
#include "ast/parse.h"
#include "base/secret.h"
#include "sema/sema_priv.h"

static struct phx_sema_param *find_param(struct phx_sema *s, struct phx_str name)
{
	struct phx_sym *sym = phx_map_get(&s->globals, name);

	if (!sym || sym->kind != PHX_SYM_PARAM)
		return NULL;
	phx_sym_ty(s, sym); /* a default may be what tells its type */
	return sym->param;
}

static struct phx_sema_param *known_param(struct phx_sema *s, struct phx_str name, struct phx_span at)
{
	struct phx_sema_param *p = find_param(s, name);
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

/* --- files and values that may be secrets --- */

/* What is wrong with them is said without a word of theirs. */
struct quiet {
	struct phx_diag_bag heard, *bag;
};

static void quiet_begin(struct phx_sema *s, struct quiet *q)
{
	phx_diag_bag_init(&q->heard, &s->tmp, s->sources);
	q->bag = s->bag;
	s->bag = &q->heard;
}

static void quiet_end(struct phx_sema *s, const struct quiet *q)
{
	s->bag = q->bag;
	for (uint32_t i = 0; i < q->heard.diags.n; i++) {
		const struct phx_diag *heard = q->heard.diags.v[i];
		struct phx_diag *d = phx_diag_add(s->bag, heard->code, heard->span, "%s",
						  phx_code_info(heard->code)->title);

		phx_diag_note(s->bag, d, "what stands there is not shown: it may be a secret");
	}
}

/* Which value is whose cannot be told of a file that cannot be read. */
static bool has_secret_param(struct phx_sema *s)
{
	for (uint32_t i = 0; i < s->params.n; i++) {
		const struct phx_sema_param *p = find_param(s, s->params.v[i]->name);

		if (p && p->secret)
			return true;
	}
	return false;
}

/* A value written in the language: a literal, a list or an object of literals. */
static struct phx_node *constant(struct phx_sema *s, const struct phx_expr *e)
{
	static const struct phx_words any = {.any = true};
	struct phx_scope *alone = phx_scope_new(s, NULL, NULL);

	alone->closed = true;
	return phx_bind(s, alone, e, &any).node;
}

static struct phx_node *text_node(struct phx_sema *s, struct phx_str text, struct phx_span at)
{
	return phx_node_const(s, phx_value_str(text, at));
}

static bool text_only(const struct phx_sema_param *p)
{
	return p->ty.kinds == PHX_TY(PHX_V_STRING);
}

/* `text` is what a person typed where the type is known already; the source holds "name=text". Where anything will do,
 * what is no value of the language is text. */
static struct phx_node *typed_text(struct phx_sema *s, const struct phx_sema_param *p, uint32_t file,
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
		return text_node(s, text, at);
	if (bag->errors == errors)
		phx_diag_add(s->bag, PHX0237, at,
			     "`" PHX_STR_FMT "` is no single value for the parameter `" PHX_STR_FMT "`",
			     PHX_STR_ARG(p->secret ? PHX_STR(PHX_MASKED) : text), PHX_STR_ARG(p->name));
	return phx_bind_poison(s, at).node;
}

static struct phx_node *secret_text(struct phx_sema *s, const struct phx_sema_param *p, uint32_t file,
				    struct phx_span at)
{
	struct quiet q;
	struct phx_node *n;

	quiet_begin(s, &q);
	n = typed_text(s, p, file, at);
	quiet_end(s, &q);
	return n;
}

static struct phx_node *from_text(struct phx_sema *s, const struct phx_sema_param *p, struct phx_str name,
				  struct phx_str text, const char *origin)
{
	struct phx_str whole =
		phx_str_printf(&s->tmp, PHX_STR_FMT "=" PHX_STR_FMT, PHX_STR_ARG(name), PHX_STR_ARG(text));
	uint32_t file = phx_source_add(s->sources, phx_str_c(origin), whole);
	struct phx_span at = {file, (uint32_t)name.len + 1, (uint32_t)whole.len};

	if (p->secret) {
		phx_secrets_add(s->secrets, phx_str_dup(s->out, text));
		phx_source_hide(s->sources, file);
	}
	if (text_only(p) || text.len == 0)
		return text_node(s, text, at);
	return p->secret ? secret_text(s, p, file, at) : typed_text(s, p, file, at);
}

static void given_set(struct phx_sema *s, const struct phx_sema_set *set)
{
	struct phx_sema_param *p = find_param(s, set->name);
	struct phx_str whole;
	uint32_t file;

	if (p) {
		p->given = from_text(s, p, set->name, set->value, "--set");
		return;
	}
	whole = phx_str_printf(&s->tmp, PHX_STR_FMT "=" PHX_STR_FMT, PHX_STR_ARG(set->name),
			       PHX_STR_ARG(set->value));
	file = phx_source_add(s->sources, PHX_STR("--set"), whole);
	(void)!known_param(s, set->name, (struct phx_span){file, 0, (uint32_t)set->name.len});
}

static void given_phx_stmt(struct phx_sema *s, const struct phx_stmt *stmt, bool sure)
{
	struct phx_sema_param *p;
	struct phx_diag *d;

	if (stmt->kind != PHX_STMT_ATTR) {
		d = phx_diag_add(s->bag, PHX0238, stmt->span, "a file of values holds only `NAME = VALUE`");
		phx_diag_help(s->bag, d, "declarations belong to the configuration itself");
		return;
	}
	p = sure ? known_param(s, stmt->attr.name.text, stmt->attr.name.span)
		 : find_param(s, stmt->attr.name.text);
	if (p)
		p->given = constant(s, stmt->attr.value);
}

static void given_phx_file(struct phx_sema *s, uint32_t file)
{
	struct phx_ast_file *ast = phx_parse_source(s->sources, file, &s->tmp, s->bag);

	for (uint32_t i = 0; i < ast->body.n; i++)
		given_phx_stmt(s, ast->body.v[i], true);
}

/* Where a statement ends is not sure after a mistake: what looks like a name may be a piece of a secret. */
static void given_secret_file(struct phx_sema *s, uint32_t file)
{
	struct phx_ast_file *ast;
	struct quiet q;
	uint32_t wrong;

	quiet_begin(s, &q);
	ast = phx_parse_source(s->sources, file, &s->tmp, s->bag);
	wrong = s->bag->errors;
	quiet_end(s, &q);
	for (uint32_t i = 0; i < ast->body.n; i++) {
		const struct phx_stmt *stmt = ast->body.v[i];

		if (!wrong && stmt->kind == PHX_STMT_ATTR)
			(void)!known_param(s, stmt->attr.name.text, stmt->attr.name.span);
		quiet_begin(s, &q);
		given_phx_stmt(s, stmt, false);
		quiet_end(s, &q);
	}
}

/* JSON has no sizes, durations and addresses: there they are strings. */
static void given_json_member(struct phx_sema *s, const struct phx_member *m, struct phx_str path,
			      struct phx_span at)
{
	struct phx_sema_param *p = known_param(s, m->key, at);
	struct phx_value v = *m->value;

	if (!p)
		return;
	v.span = at;
	if (v.kind == PHX_V_STRING && !(p->ty.kinds & PHX_TY(PHX_V_STRING)))
		p->given = from_text(s, p, m->key, v.s, phx_str_dup(&s->tmp, path).ptr);
	else
		p->given = phx_node_const(s, v);
}

/* jansson quotes what it stumbled over. */
static struct phx_str unquoted(struct phx_str message)
{
	ptrdiff_t at = phx_str_find(message, PHX_STR(" near '"));

	return at < 0 ? message : phx_str_slice(message, 0, (size_t)at);
}

static void given_json_file(struct phx_sema *s, uint32_t file)
{
	const struct phx_source *source = phx_source_get(s->sources, file);
	struct phx_span all = {file, 0, (uint32_t)source->text.len};
	struct phx_err err = {0};
	struct phx_value v;

	if (!phx_value_from_json(s, source->text, all, &v, &err)) {
		phx_diag_add(s->bag, PHX0237, (struct phx_span){file, 0, 0}, PHX_STR_FMT,
			     PHX_STR_ARG(source->hidden ? unquoted(phx_buf_view(&err.msg))
							: phx_buf_view(&err.msg)));
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
	else if (has_secret_param(s))
		phx_source_hide(s->sources, file);
	if (file && phx_str_ends(path, ".json"))
		given_json_file(s, file);
	else if (file && phx_source_get(s->sources, file)->hidden)
		given_secret_file(s, file);
	else if (file)
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
