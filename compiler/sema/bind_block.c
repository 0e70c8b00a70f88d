/* Blocks and their attributes, against the schema. */
#include <string.h>

#include "sema/sema_priv.h"

struct phx_schema_ctx phx_schema_ctx_of(struct phx_sema *s, enum phx_kind kind, struct phx_span head)
{
	return (struct phx_schema_ctx){.bag = s->bag, .options = s->opt->options, .kind = kind, .head = head};
}

/* --- attributes --- */

/* The block whose body a scope is in. */
static struct phx_scope *block_scope(struct phx_scope *in)
{
	while (!in->block)
		in = in->up;
	return in;
}

/* Bare words of an option that has no attribute of its own. */
static const struct phx_words *free_words(struct phx_sema *s, const struct phx_scope *in, struct phx_str name)
{
	const struct phx_option_table *table = phx_schema_free_table(s->opt->options, in->kind, in->block);
	const struct phx_option *o = table ? phx_option_find(table, name, NULL) : NULL;
	struct phx_words *words;

	if (strcmp(in->block->free_attrs, "raw") == 0)
		return NULL;
	words = PHX_NEW(&s->tmp, struct phx_words);
	if (o && !o->nenums && phx_option_default_key(o))
		o = phx_option_default_key(o);
	words->option = o;
	words->any = !o;
	return words;
}

static void fake_value(struct phx_ty t, struct phx_span at, struct phx_value *out)
{
	*out = phx_value_unknown((enum phx_value_kind)__builtin_ctz(t.kinds), at);
}

/* A value that no element of the list may be. */
static bool fits(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		 struct phx_ty t, struct phx_span at)
{
	struct phx_ty want = phx_ty_attr(s, c->kind, spec), elem = phx_ty_elem(want);
	struct phx_value fake;

	if (t.kinds == 0 || t.kinds & PHX_TY(PHX_V_NULL))
		return true;
	if (spec->types & PHX_AT_LIST && t.kinds == PHX_TY(PHX_V_LIST)) {
		t = phx_ty_elem(t);
		want = elem;
	} else if (spec->types & PHX_AT_LIST) {
		want.kinds |= elem.kinds;
	}
	if (want.kinds & PHX_TY(PHX_V_FLOAT))
		want.kinds |= PHX_TY(PHX_V_INT);
	if (phx_ty_fits(t, want.kinds))
		return true;
	fake_value(t, at, &fake);
	return phx_schema_value(c, spec, &fake);
}

static bool octal_fits(struct phx_sema *s, const struct phx_attr_spec *spec, const struct phx_value *v)
{
	struct phx_diag *d;
	struct phx_str text;

	if (!(spec->flags & PHX_AF_OCTAL) || v->kind != PHX_V_INT ||
	    v->flags & (PHX_VF_OCTAL | PHX_VF_UNKNOWN) || v->i < 8)
		return true;
	text = phx_str_printf(s->bag->arena, "0%lld", (long long)v->i);
	d = phx_diag_add(s->bag, PHX0322, v->span, "`%s` is octal and begins with a zero: `" PHX_STR_FMT "`",
			 spec->name, PHX_STR_ARG(text));
	phx_diag_label(s->bag, d, v->span, "this is decimal");
	phx_diag_fix(s->bag, d, v->span, text, false);
	return false;
}

/* A value that would fit without its quotes. */
static bool reads_as(uint32_t types, struct phx_str t)
{
	struct phx_ip ip;
	uint8_t mac[6];
	uint64_t bytes;
	int64_t n;
	double f;

	return (types & PHX_AT_BOOL && (phx_str_eqc(t, "true") || phx_str_eqc(t, "false"))) ||
	       (types & PHX_AT_INT && phx_parse_i64(t, &n)) ||
	       (types & PHX_AT_FLOAT && phx_parse_double(t, &f)) ||
	       (types & PHX_AT_SIZE && phx_size_parse(t, &bytes)) ||
	       (types & PHX_AT_DURATION && phx_duration_parse(t, &n)) ||
	       (types & PHX_AT_IP && phx_ip_parse(t, &ip)) ||
	       (types & PHX_AT_CIDR && phx_cidr_parse(t, &ip)) ||
	       (types & PHX_AT_MAC && phx_mac_parse(t, mac));
}

static bool quotes_fit(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		       const struct phx_value *v)
{
	const uint8_t special = PHX_VF_WORD | PHX_VF_SECRET | PHX_VF_UNKNOWN | PHX_VF_POISON;
	struct phx_buf types = {0};
	struct phx_diag *d;
	struct phx_str source;

	if (v->kind != PHX_V_STRING || v->flags & special || spec->types & (PHX_AT_STRING | PHX_AT_ANY) ||
	    !reads_as(spec->types, v->s))
		return true;
	phx_schema_types(c, spec, &types);
	d = phx_diag_add(s->bag, PHX0308, v->span, "`%s` takes " PHX_STR_FMT, spec->name,
			 PHX_STR_ARG(phx_buf_view(&types)));
	phx_buf_done(&types);
	phx_diag_label(s->bag, d, v->span, "this is text, because of its quotes");
	phx_diag_help(s->bag, d, "write it without quotes: `" PHX_STR_FMT "`", PHX_STR_ARG(v->s));
	source = phx_source_text(s->sources, v->span);
	if (source.len == v->s.len + 2 && source.ptr[0] == '"')
		phx_diag_fix(s->bag, d, v->span, v->s, true);
	return false;
}

bool phx_attr_fits(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		   const struct phx_value *v)
{
	struct phx_attr_spec open = *spec;

	/* Parameters of features reach the guest by file, never in clear; the feature itself has no secret. */
	if (spec->types & PHX_AT_FEATURE)
		open.flags |= PHX_AF_SECRET_OK;
	return quotes_fit(s, c, spec, v) && phx_schema_value(c, &open, v) && octal_fits(s, spec, v);
}

static void check_attr(struct phx_sema *s, struct phx_scope *at, const struct phx_attr_spec *spec,
		       struct phx_bound *b, struct phx_do *out)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, at->kind, (struct phx_span){0});

	if (b->node->kind == PHX_N_CONST) {
		out->checked = phx_attr_fits(s, &c, spec, &b->node->value);
		if (!out->checked)
			*b = phx_bind_poison(s, b->node->span);
	} else if (!fits(s, &c, spec, b->ty, b->node->span)) {
		*b = phx_bind_poison(s, b->node->span);
	}
}

static void unknown_attr(struct phx_sema *s, struct phx_scope *in, const struct phx_scope *at,
			 const struct phx_stmt *stmt)
{
	static const struct phx_words any = {.any = true};
	struct phx_schema_ctx c = phx_schema_ctx_of(s, at->kind, at->head);
	struct phx_ast_name name = stmt->attr.name;

	if (!phx_foreign_attr(s, &c, at->block, name.text, name.span))
		phx_schema_unknown_attr(&c, at->block, name.text, name.span);
	phx_bind(s, in, stmt->attr.value, &any);
}

static bool no_default(struct phx_sema *s, const struct phx_attr_spec *spec, struct phx_span at)
{
	struct phx_diag *d;

	if (!s->in_defaults || !spec || !(spec->flags & PHX_AF_NO_DEFAULTS))
		return true;
	d = phx_diag_add(s->bag, PHX0315, at, "`%s` cannot be a default", spec->name);
	phx_diag_label(s->bag, d, at, "each guest says its own");
	return false;
}

static const struct phx_words *attr_words(struct phx_sema *s, const struct phx_scope *at,
					  const struct phx_attr_spec *spec, struct phx_str name)
{
	struct phx_ty t;

	if (!spec)
		return free_words(s, at, name);
	if (!(spec->types & PHX_AT_ENUM))
		return NULL;
	t = phx_ty_attr(s, at->kind, spec);
	return spec->types & PHX_AT_LIST ? phx_ty_elem(t).words : t.words;
}

/* Most attributes are a literal: it stays in the tree until a block is made of it. False: bind it as anything else. */
static bool bind_literal_attr(struct phx_sema *s, const struct phx_scope *at, const struct phx_expr *e,
			      struct phx_do *out)
{
	const struct phx_attr_spec *spec = out->attr.spec;
	struct phx_schema_ctx c = phx_schema_ctx_of(s, at->kind, (struct phx_span){0});
	struct phx_value v;

	if (!phx_is_literal(e) || (e->flags & PHX_EF_OCTAL && !(spec && spec->flags & PHX_AF_OCTAL)))
		return false;
	v = phx_literal(s, e);
	if (v.kind == PHX_V_STRING && phx_is_credential(spec))
		phx_keep_secret(s, phx_str_dup(s->out, v.s));
	out->checked = !spec || phx_attr_fits(s, &c, spec, &v);
	if (!out->checked)
		out->attr.value = phx_bind_poison(s, e->span).node;
	return true;
}

bool phx_bind_attr(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt, struct phx_do *out)
{
	struct phx_scope *at = block_scope(in);
	const struct phx_attr_spec *spec = phx_schema_attr(at->block, stmt->attr.name.text);
	struct phx_bound b;

	if (!spec && !at->block->free_attrs) {
		unknown_attr(s, in, at, stmt);
		return false;
	}
	out->attr.spec = spec;
	if (!bind_literal_attr(s, at, stmt->attr.value, out)) {
		s->octal_ok = spec && spec->flags & PHX_AF_OCTAL;
		b = phx_bind(s, in, stmt->attr.value, attr_words(s, at, spec, stmt->attr.name.text));
		s->octal_ok = false;
		if (spec)
			check_attr(s, at, spec, &b, out);
		out->attr.value = b.node;
	}
	return no_default(s, spec, stmt->attr.name.span);
}

/* --- blocks --- */

static void bind_labels(struct phx_sema *s, struct phx_scope *in, const struct phx_ast_block *b,
			struct phx_do_block *out)
{
	uint32_t most = out->spec->label == PHX_LABEL_RULE ? 2 : 1;
	struct phx_diag *d;

	if (b->nlabels > most) {
		d = phx_diag_add(s->bag, PHX0305, b->labels[most]->span, "`%s` takes %s", out->spec->name,
				 most == 2 ? "a direction and an action" : "one name");
		phx_diag_label(s->bag, d, b->labels[most]->span, "this is one too many");
	}
	for (uint32_t i = 0; i < b->nlabels && i < most; i++) {
		struct phx_bound label = phx_bind(s, in, b->labels[i], NULL);

		out->labels[out->nlabels++] = label.node;
	}
}

static struct phx_str const_label(const struct phx_do_block *b, uint32_t i)
{
	if (i >= b->nlabels || b->labels[i]->kind != PHX_N_CONST)
		return (struct phx_str){0};
	return b->labels[i]->value.s;
}

static void check_labels(struct phx_sema *s, const struct phx_do_block *b)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, b->kind, b->ast->head);

	for (uint32_t i = 0; i < b->nlabels; i++) {
		if (b->labels[i]->kind != PHX_N_CONST)
			return;
	}
	(void)!phx_schema_label(&c, b->spec, const_label(b, 0), const_label(b, 1), b->ast->head);
}

/* `param` stands in features only; its names are bound apart. */
static void bind_params(struct phx_sema *s, struct phx_scope *outer, const struct phx_body *body,
			struct phx_do_block *out)
{
	for (uint32_t i = 0; i < body->n; i++) {
		const struct phx_stmt *stmt = body->v[i];
		struct phx_sema_param *p;
		struct phx_diag *d;

		if (stmt->kind != PHX_STMT_PARAM)
			continue;
		if (out->kind != PHX_KIND_FEATURE || out->defaults) {
			d = phx_diag_add(s->bag, PHX0238, stmt->param->name.span, "a `%s` has no parameters",
					 out->spec->name);
			phx_diag_help(s->bag, d, "`param` stands at the top of a file or in a `feature`");
			continue;
		}
		p = phx_param_new(s, stmt->param);
		if (!out->params)
			out->params = PHX_NEW(&s->tmp, struct phx_params);
		for (uint32_t k = 0; k < out->params->v.n; k++) {
			if (!phx_str_eq(out->params->v.v[k]->name, p->name))
				continue;
			d = phx_diag_add(s->bag, PHX0231, p->name_span,
					 "the parameter `" PHX_STR_FMT "` is defined twice",
					 PHX_STR_ARG(p->name));
			phx_diag_label(s->bag, d, out->params->v.v[k]->name_span, "first defined here");
		}
		phx_bind_param(s, outer, p);
		phx_vec_push(&s->tmp, &out->params->v, p);
	}
}

static bool has_lets(const struct phx_body *body)
{
	for (uint32_t i = 0; i < body->n; i++) {
		if (body->v[i]->kind == PHX_STMT_LET)
			return true;
	}
	return false;
}

/* The scope of a block without names is needed while it is bound only: there are many of them. */
void phx_bind_block(struct phx_sema *s, struct phx_scope *in, const struct phx_ast_block *b,
		    struct phx_do_block *out)
{
	static const struct phx_body empty = {0};
	static const struct phx_scope no_names = {.framed = true};
	const struct phx_body *body = b->body ? b->body : &empty;
	struct phx_scope brief = {.up = in, .framed = true}, *scope = &brief;
	uint32_t errors = s->bag->errors;

	out->ast = b;
	bind_labels(s, in, b, out);
	check_labels(s, out);
	out->scope = &no_names;
	if (has_lets(body))
		out->scope = scope = phx_scope_new(s, in, NULL);
	scope->block = out->spec;
	scope->kind = out->kind;
	scope->head = b->head;
	scope->framed = true;
	phx_scope_lets(s, scope, body);
	bind_params(s, in, body, out);
	phx_bind_body(s, scope, body, PHX_PLACE_BLOCK, &out->body);
	out->faulty = s->bag->errors != errors || body->lost > 0;
}

struct phx_do_block *phx_bind_nested(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt)
{
	const struct phx_ast_block *b = stmt->block;
	struct phx_scope *at = block_scope(in);
	const struct phx_block_spec *spec = phx_schema_block(at->block, b->type.text);
	struct phx_schema_ctx c = phx_schema_ctx_of(s, at->kind, at->head);
	struct phx_do_block *out;

	if (!spec) {
		if (!phx_foreign_block(s, &c, at->block, b->type.text, b->type.span))
			phx_schema_unknown_block(&c, at->block, b->type.text, b->type.span);
		return NULL;
	}
	out = PHX_NEW(&s->tmp, struct phx_do_block);
	out->spec = spec;
	out->kind = at->kind;
	phx_bind_block(s, in, b, out);
	return out;
}
