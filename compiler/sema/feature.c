/* Features in use: `feature.docker` and `feature.docker(channel = "test")`. What a use says is completed with the
 * defaults of the feature's parameters, so that nobody behind has to look them up. */
#include "sema/sema_priv.h"

/* --- binding --- */

static void positional(struct phx_sema *s, const struct phx_ast_arg *arg)
{
	struct phx_diag *d =
		phx_diag_add(s->bag, PHX0242, arg->value->span, "parameters of a feature are given by name");

	phx_diag_help(s->bag, d, "write `NAME = VALUE`, as in `feature.docker(channel = \"test\")`");
}

static bool bind_args(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e, struct phx_node *n)
{
	struct phx_map seen = {0};
	bool ok = true, is_new;

	n->feature.args = PHX_NEW_N(&s->tmp, struct phx_node_member, e->call.n);
	for (uint32_t i = 0; i < e->call.n; i++) {
		const struct phx_ast_arg *arg = &e->call.args[i];
		struct phx_bound b = phx_bind(s, in, arg->value, NULL);

		if (arg->name.text.len == 0) {
			positional(s, arg);
			ok = false;
			continue;
		}
		phx_map_put(&s->tmp, &seen, arg->name.text, &is_new);
		if (!is_new) {
			phx_diag_add(s->bag, PHX0242, arg->name.span,
				     "the parameter `" PHX_STR_FMT "` is given twice",
				     PHX_STR_ARG(arg->name.text));
			ok = false;
		}
		n->feature.args[n->feature.n++] = (struct phx_node_member){
			.key = arg->name.text, .span = arg->name.span, .value = b.node};
	}
	return ok;
}

struct phx_bound phx_bind_feature(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_bound of = phx_bind(s, in, e->call.fn, NULL);
	struct phx_node *n = phx_node_new(s, PHX_N_FEATURE, e->span);
	struct phx_diag *d;

	if (of.ty.kinds && (of.node->kind != PHX_N_RESOURCE || of.node->res.kind != PHX_KIND_FEATURE)) {
		d = phx_diag_add(s->bag, PHX0219, e->call.fn->span, "only functions and features are called");
		phx_diag_label(s->bag, d, e->call.fn->span, "this is a value of type %s",
			       phx_ty_name(s, of.ty));
		return phx_bind_poison(s, e->span);
	}
	if (!bind_args(s, in, e, n) || of.ty.kinds == 0)
		return phx_bind_poison(s, e->span);
	n->feature.res = of.node;
	return phx_bound_of(n, phx_ty_of(PHX_TY(PHX_V_CALL)));
}

/* --- evaluation --- */

static uint32_t count_params(const struct phx_do_block *f)
{
	return f->params ? f->params->v.n : 0;
}

static const struct phx_sema_param *find_param(const struct phx_do_block *f, struct phx_str name)
{
	for (uint32_t i = 0; i < count_params(f); i++) {
		if (phx_str_eq(f->params->v.v[i]->name, name))
			return f->params->v.v[i];
	}
	return NULL;
}

static void unknown_param(struct phx_sema *s, const struct phx_inst *inst, const struct phx_node_member *arg,
			  struct phx_value *out)
{
	const struct phx_do_block *f = inst->ast;
	struct phx_str *names = PHX_NEW_N(&s->tmp, struct phx_str, count_params(f));
	struct phx_diag *d =
		phx_eval_error(s, PHX0242, arg->span, out,
			       "the feature `" PHX_STR_FMT "` has no parameter `" PHX_STR_FMT "`",
			       PHX_STR_ARG(inst->decl->name), PHX_STR_ARG(arg->key));

	if (!d)
		return;
	phx_diag_label(s->bag, d, arg->span, "no such parameter");
	phx_diag_label(s->bag, d, inst->decl->span, "declared here");
	for (uint32_t i = 0; i < count_params(f); i++)
		names[i] = f->params->v.v[i]->name;
	phx_diag_suggest(s->bag, d, arg->span, arg->key, names, count_params(f));
}

static bool accept(struct phx_sema *s, const struct phx_inst *inst, const struct phx_sema_param *p,
		   struct phx_value *v)
{
	struct phx_value odd = *v, poison;
	struct phx_diag *d;

	if (v->flags & PHX_VF_POISON)
		return false;
	if (!phx_ty_accept(s, p->ty, v, &odd)) {
		d = phx_eval_error(s, PHX0242, odd.span, &poison,
				   "the parameter `" PHX_STR_FMT "` of `feature." PHX_STR_FMT
				   "` is %s, not %s",
				   PHX_STR_ARG(p->name), PHX_STR_ARG(inst->decl->name), phx_ty_name(s, p->ty),
				   phx_value_kind_name((enum phx_value_kind)odd.kind));
		if (d)
			phx_diag_label(s->bag, d, p->ast->type ? p->ast->type->span : p->name_span,
				       "declared here");
		return false;
	}
	if (p->secret)
		v->flags |= PHX_VF_SECRET;
	return phx_param_asserts(s, p, v, inst->outer);
}

static bool missing(struct phx_sema *s, const struct phx_inst *inst, const struct phx_sema_param *p,
		    struct phx_span at)
{
	struct phx_value poison;
	struct phx_diag *d = phx_eval_error(s, PHX0242, at, &poison,
					    "`feature." PHX_STR_FMT "` needs its parameter `" PHX_STR_FMT "`",
					    PHX_STR_ARG(inst->decl->name), PHX_STR_ARG(p->name));

	if (d) {
		phx_diag_label(s->bag, d, p->name_span, "declared here, without a default");
		phx_diag_help(s->bag, d, "write `feature." PHX_STR_FMT "(" PHX_STR_FMT " = …)`",
			      PHX_STR_ARG(inst->decl->name), PHX_STR_ARG(p->name));
	}
	return false;
}

/* All parameters in the order of their declaration, given or default. `given` may be NULL. */
static bool complete(struct phx_sema *s, const struct phx_inst *inst, const struct phx_object *given,
		     struct phx_span at, struct phx_object *out)
{
	const struct phx_do_block *f = inst->ast;

	*out = (struct phx_object){.v = PHX_NEW_N(&s->tmp, struct phx_member, count_params(f))};
	for (uint32_t i = 0; i < count_params(f); i++) {
		const struct phx_sema_param *p = f->params->v.v[i];
		struct phx_member *m = &out->v[out->n];

		m->key = p->name;
		m->span = p->name_span;
		m->value = PHX_NEW(&s->tmp, struct phx_value);
		for (uint32_t k = 0; given && k < given->n; k++) {
			if (phx_str_eq(given->v[k].key, p->name))
				*m = given->v[k];
		}
		if (m->value->kind == PHX_V_NULL && m->value->flags == 0) {
			if (!p->init)
				return missing(s, inst, p, at);
			phx_eval(s, p->init, inst->outer, m->value);
			if (m->value->kind == PHX_V_NULL && m->value->flags == 0) {
				out->n++;
				continue;
			}
		}
		if (!accept(s, inst, p, m->value))
			return false;
		out->n++;
	}
	return true;
}

static void make_call(struct phx_sema *s, const struct phx_ref *of, struct phx_object args,
		      struct phx_span at, struct phx_value *out)
{
	struct phx_ref *ref = PHX_NEW(&s->tmp, struct phx_ref);

	*ref = *of;
	ref->args = args;
	*out = (struct phx_value){.kind = PHX_V_CALL, .ref = ref, .span = at};
}

static bool eval_args(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      const struct phx_inst *inst, struct phx_object *args)
{
	struct phx_value poison;
	bool ok = true;

	args->v = PHX_NEW_N(&s->tmp, struct phx_member, n->feature.n);
	for (uint32_t i = 0; i < n->feature.n; i++) {
		const struct phx_node_member *arg = &n->feature.args[i];
		struct phx_value *v = PHX_NEW(&s->tmp, struct phx_value);

		phx_eval(s, arg->value, f, v);
		v->span = arg->value->span;
		if (inst && !find_param(inst->ast, arg->key)) {
			unknown_param(s, inst, arg, &poison);
			ok = false;
		}
		ok = ok && !(v->flags & PHX_VF_POISON);
		args->v[args->n++] = (struct phx_member){.key = arg->key, .value = v, .span = arg->span};
	}
	return ok;
}

void phx_eval_feature(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      struct phx_value *out)
{
	struct phx_object given = {0}, args;
	struct phx_inst *inst;
	struct phx_value of;

	phx_eval(s, n->feature.res, f, &of);
	if (of.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON) || of.kind != PHX_V_REF) {
		*out = of;
		return;
	}
	inst = phx_inst_of(s, of.ref);
	if (!eval_args(s, n, f, inst, &given)) {
		*out = phx_value_poison(n->span);
		return;
	}
	args = given;
	if (inst && !complete(s, inst, &given, n->span, &args)) {
		*out = phx_value_poison(n->span);
		return;
	}
	make_call(s, of.ref, args, n->span, out);
}

void phx_feature_defaults(struct phx_sema *s, struct phx_value *v)
{
	struct phx_object args;
	struct phx_inst *inst;

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	if (v->kind == PHX_V_LIST) {
		struct phx_value *copy = PHX_NEW_N(&s->tmp, struct phx_value, v->list.n);

		for (uint32_t i = 0; i < v->list.n; i++) {
			copy[i] = v->list.v[i];
			phx_feature_defaults(s, &copy[i]);
			if (copy[i].flags & PHX_VF_POISON)
				v->flags |= PHX_VF_POISON;
		}
		v->list.v = copy;
		return;
	}
	inst = v->kind == PHX_V_REF && v->ref->kind == PHX_KIND_FEATURE ? phx_inst_of(s, v->ref) : NULL;
	if (!inst || !inst->ast->params)
		return;
	if (complete(s, inst, NULL, v->span, &args))
		make_call(s, v->ref, args, v->span, v);
	else
		*v = phx_value_poison(v->span);
}
