/* Calling functions: what holds for all of them. */
#include "sema/sema_priv.h"

static const struct phx_fn *const tables[] = {phx_fns_text, phx_fns_list,    phx_fns_order, phx_fns_net,
					      phx_fns_data, phx_fns_outside, phx_fns_policy};

const struct phx_fn *phx_fn_find(struct phx_str name)
{
	if (name.len == 0)
		return NULL;
	for (size_t t = 0; t < PHX_COUNTOF(tables); t++) {
		for (const struct phx_fn *f = tables[t]; f->name; f++) {
			if (f->name[0] == name.ptr[0] && phx_str_eqc(name, f->name))
				return f;
		}
	}
	return NULL;
}

void phx_fn_names(struct phx_sema *s, struct phx_str **out, uint32_t *out_n)
{
	PHX_VEC(struct phx_str) names = {0};

	for (size_t t = 0; t < PHX_COUNTOF(tables); t++) {
		for (const struct phx_fn *f = tables[t]; f->name; f++)
			phx_vec_push(&s->tmp, &names, phx_str_c(f->name));
	}
	*out = names.v;
	*out_n = names.n;
}

/* Where the static type was open. */
static bool arg_fits(struct phx_sema *s, const struct phx_node *n, uint32_t i, const struct phx_value *v,
		     struct phx_value *out)
{
	const struct phx_fn *fn = n->call.fn;
	uint32_t want = fn->args[i < 3 ? i : 2];
	struct phx_diag *d;

	if (want & PHX_TY(v->kind))
		return true;
	if (v->kind == PHX_V_NULL && v->flags & PHX_VF_UNKNOWN)
		return true;
	if (v->kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, n->call.args[i]->span, out, "argument %u of `%s` is null", i + 1,
				 fn->name);
		return false;
	}
	d = phx_eval_error(s, PHX0201, n->call.args[i]->span, out, "argument %u of `%s` is %s, not %s", i + 1,
			   fn->name, phx_ty_name(s, phx_ty_of(want)),
			   phx_value_kind_name((enum phx_value_kind)v->kind));
	if (d)
		phx_diag_note(s->bag, d, "it is called as `%s`", fn->usage);
	return false;
}

static bool enough_known(const struct phx_fn *fn, const struct phx_value *v)
{
	if (fn->flags & PHX_FN_PARTIAL)
		return !(v->flags & PHX_VF_UNKNOWN);
	return phx_value_is_known(v);
}

static bool eval_args(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      struct phx_value *args, struct phx_value *out)
{
	uint8_t flags = 0;
	bool known = true;

	for (uint32_t i = 0; i < n->call.n; i++) {
		phx_eval(s, n->call.args[i], f, &args[i]);
		if (args[i].flags & PHX_VF_POISON) {
			*out = phx_value_poison(n->span);
			return false;
		}
		if (!arg_fits(s, n, i, &args[i], out))
			return false;
		s->steps += args[i].weight / 16;
		known = known && enough_known(n->call.fn, &args[i]);
		if (n->call.fn->flags & PHX_FN_OPEN ? args[i].flags & PHX_VF_SECRET
						    : phx_value_is_secret(&args[i]))
			flags |= PHX_VF_SECRET;
	}
	*out = known ? (struct phx_value){.span = n->span} : phx_unknown_of(s, n->kinds, n->span);
	out->flags |= flags;
	return known;
}

void phx_eval_call(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out)
{
	enum { FEW = 4 };
	struct phx_value few[FEW], *args = few;
	uint8_t secret;

	if (n->call.fn->flags & PHX_FN_LAZY) {
		n->call.fn->lazy(s, n, f, out);
		return;
	}
	if (n->call.n > FEW)
		args = PHX_NEW_N(&s->tmp, struct phx_value, n->call.n);
	if (!eval_args(s, n, f, args, out))
		return;
	secret = out->flags & PHX_VF_SECRET;
	*out = (struct phx_value){.span = n->span};
	n->call.fn->eval(s, n, args, out);
	phx_eval_weigh(s, out);
	out->flags |= secret;
}
