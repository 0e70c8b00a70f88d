/* Parameters: their types, the values that --set and --var-file give them, their assertions. */
#include "sema/sema_priv.h"

/* --- binding --- */

struct phx_sema_param *phx_param_new(struct phx_sema *s, const struct phx_ast_param *ast)
{
	struct phx_sema_param *p = PHX_NEW(&s->tmp, struct phx_sema_param);

	p->ast = ast;
	p->name = ast->name.text;
	p->name_span = ast->name.span;
	p->ty = phx_ty_of(PHX_TY_ANY);
	p->typed = ast->type != NULL;
	if (ast->type)
		p->ty = phx_ty_declared(s, ast->type, &p->secret);
	return p;
}

static void wrong_type(struct phx_sema *s, enum phx_code code, const struct phx_sema_param *p,
		       struct phx_ty got, struct phx_span at, const char *shown)
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

static bool default_fits(const struct phx_sema_param *p, struct phx_ty t)
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

static void bind_asserts(struct phx_sema *s, struct phx_scope *in, struct phx_sema_param *p)
{
	struct phx_ast_name value = {PHX_STR("value"), p->name_span};
	struct phx_sym *sym;

	p->scope = phx_scope_new(s, NULL, NULL);
	sym = phx_scope_declare(s, p->scope, PHX_SYM_GIVEN, value);
	sym->ty = p->ty;
	sym->typing = PHX_DONE;
	p->scope->up = in;
	phx_scope_lets(s, p->scope, p->ast->body);
	p->body = PHX_NEW(&s->tmp, struct phx_body_ir);
	phx_bind_body(s, p->scope, p->ast->body, PHX_PLACE_PARAM, p->body);
}

void phx_bind_param(struct phx_sema *s, struct phx_scope *in, struct phx_sema_param *p)
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

/* --- at run time --- */

bool phx_param_asserts(struct phx_sema *s, const struct phx_sema_param *p, const struct phx_value *v,
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
			phx_run_assert(s, p->body->v[i].check, p->body->v[i].ast->span, f, v, &failed);
		ok = ok && !failed;
	}
	return ok;
}

static void missing(struct phx_sema *s, const struct phx_sema_param *p, struct phx_value *out)
{
	struct phx_diag *d;

	if (p->ty.kinds == 0) {
		*out = phx_value_poison(p->name_span); /* its type was reported */
		return;
	}
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

static void compute(struct phx_sema *s, struct phx_sema_param *p, struct phx_value *out)
{
	const struct phx_node *n = p->given ? p->given : p->init;
	struct phx_value odd;

	phx_eval(s, n, NULL, out);
	if (p->given)
		words_to_text(out);
	out->span = n->span;
	odd = *out;
	if (out->flags & PHX_VF_POISON || out->kind == PHX_V_NULL || phx_ty_accept(s, p->ty, out, &odd))
		return;
	wrong_type(s, p->given ? PHX0237 : PHX0201, p, phx_ty_value(s, &odd),
		   odd.span.file == n->span.file ? odd.span : n->span,
		   p->secret || phx_value_is_secret(&odd) ? "(secret)" : phx_shown(s, &odd));
	*out = phx_value_poison(n->span);
}

void phx_param_value(struct phx_sema *s, struct phx_sema_param *p, struct phx_value *out)
{
	if (p->given || p->init)
		compute(s, p, out);
	else
		missing(s, p, out);
	if (p->secret && !(out->flags & PHX_VF_POISON))
		mark_secret(s, out);
	if (!phx_param_asserts(s, p, out, NULL))
		*out = phx_value_poison(out->span);
}
