/* Attributes: evaluated when somebody asks, checked, and kept in the block they stand in. */
#include <string.h>

#include "sema/sema_priv.h"

struct phx_thunk *phx_thunk_at(struct phx_sema *s, uint32_t number)
{
	return &s->thunk_pages.v[number / PHX_THUNKS_A_PAGE][number % PHX_THUNKS_A_PAGE];
}

/* They stay where they are, and none is copied when there are many. */
struct phx_thunk *phx_thunk_new(struct phx_sema *s)
{
	if (s->nthunks % PHX_THUNKS_A_PAGE == 0)
		phx_vec_push(&s->tmp, &s->thunk_pages,
			     PHX_NEW_N(&s->tmp, struct phx_thunk, PHX_THUNKS_A_PAGE));
	return phx_thunk_at(s, s->nthunks++);
}

bool phx_is_credential(const struct phx_attr_spec *spec)
{
	return spec && spec->flags & PHX_AF_SECRET_OK &&
	       (strcmp(spec->name, "password") == 0 || strcmp(spec->name, "token") == 0);
}

static void widen(const struct phx_attr_spec *spec, struct phx_value *v)
{
	if (!spec || v->kind != PHX_V_INT || spec->types & PHX_AT_INT || !(spec->types & PHX_AT_FLOAT))
		return;
	if (!(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)))
		v->f = (double)v->i;
	v->kind = PHX_V_FLOAT;
}

/* Options that Proxmox never shows again (a container's root password) keep a secret. */
static bool keeps_secrets(struct phx_sema *s, struct phx_str name, enum phx_kind kind)
{
	struct phx_err err = {0};
	const struct phx_option_table *t;
	const struct phx_option *o;

	if (!s->opt->options || (kind != PHX_KIND_VM && kind != PHX_KIND_CONTAINER))
		return false;
	t = phx_options_table(s->opt->options, kind == PHX_KIND_VM ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER,
			      &err);
	o = t ? phx_option_find(t, name, NULL) : NULL;
	phx_err_done(&err);
	return o && o->flags & PHX_OPTION_WRITE_ONLY;
}

static bool free_value_fits(struct phx_sema *s, const struct phx_do *a, enum phx_kind kind,
			    const struct phx_value *v)
{
	struct phx_value poison;
	struct phx_diag *d;

	if (a->attr.spec || !phx_value_is_secret(v) || keeps_secrets(s, a->ast->attr.name.text, kind))
		return true;
	d = phx_eval_error(s, PHX0310, v->span, &poison,
			   "a secret may not become `" PHX_STR_FMT "`, which phx shows in plans",
			   PHX_STR_ARG(a->ast->attr.name.text));
	if (d)
		phx_diag_label(s->bag, d, a->ast->attr.name.span, "an option like any other");
	return false;
}

/* In a plan all is known, but for ids that are taken while planning, and credentials that nobody needs. */
static bool known_in_time(struct phx_sema *s, const struct phx_do *a, const struct phx_inst *inst,
			  struct phx_value *v)
{
	struct phx_value poison;
	struct phx_diag *d;

	if (s->opt->validate_only || v->flags & PHX_VF_POISON || phx_value_is_known(v))
		return true;
	if (phx_value_is_secret(v) && s->unset.n) {
		if (inst->decl->kind == PHX_KIND_CLUSTER) {
			phx_unset_serves(s, v);
			*v = phx_value_str((struct phx_str){0}, v->span);
			v->flags = PHX_VF_SECRET;
			return true;
		}
		phx_report_unset(s, v);
		return false;
	}
	d = phx_eval_error(s, PHX0220, v->span, &poison,
			   "`" PHX_STR_FMT "` depends on an id that is taken only when planning",
			   PHX_STR_ARG(a->ast->attr.name.text));
	if (d)
		phx_diag_help(s->bag, d, "give the guest it belongs to an `id` of its own");
	return false;
}

/* Elements that were written nowhere near get the place of the attribute, so that reports point into it. */
static void finish_value(struct phx_sema *s, const struct phx_do *a, const struct phx_inst *inst,
			 struct phx_value *v)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, inst->decl->span);
	struct phx_span at = a->ast->attr.value->span;

	v->span = at;
	if (a->attr.spec && a->attr.spec->types & PHX_AT_FEATURE)
		phx_feature_defaults(s, v);
	if (v->flags & PHX_VF_POISON)
		return;
	if (v->kind == PHX_V_NULL && v->flags & PHX_VF_UNKNOWN) {
		/* of any type: nothing can be said */
	} else if (a->attr.spec ? !phx_attr_fits(s, &c, a->attr.spec, v)
				: !free_value_fits(s, a, inst->decl->kind, v)) {
		*v = phx_value_poison(at);
		return;
	}
	if (!known_in_time(s, a, inst, v)) {
		*v = phx_value_poison(at);
		return;
	}
	widen(a->attr.spec, v);
	if (v->kind == PHX_V_STRING && !(v->flags & PHX_VF_UNKNOWN) && phx_is_credential(a->attr.spec))
		phx_keep_secret(s, phx_str_dup(s->out, v->s));
}

void phx_force_attr(struct phx_sema *s, struct phx_inst *inst, struct phx_block *b, uint32_t index,
		    struct phx_span use, struct phx_value *out)
{
	struct phx_attr *attr = &b->attrs.v[index];
	struct phx_trail step = {.inst = inst, .block = b, .index = index, .use = use};
	uint32_t number = (uint32_t)attr->value.i;
	bool catching = s->catching;
	struct phx_thunk *t;

	if (!(attr->value.flags & PHX_VF_LAZY)) {
		*out = attr->value;
		return;
	}
	t = phx_thunk_at(s, number);
	if (t->state == PHX_RUNNING) {
		phx_trail_report(s, &step);
		*out = phx_value_poison(use);
		return;
	}
	t->state = PHX_RUNNING;
	phx_vec_push(&s->tmp, &s->trail, step);
	s->catching = false;
	phx_eval(s, t->attr->attr.value, t->frame, out);
	s->catching = catching;
	s->trail.n--;
	finish_value(s, t->attr, inst, out);
	phx_export(s, out);
	if (out->flags & PHX_VF_POISON)
		inst->decl->poisoned = true;
	t->state = PHX_DONE;
	b->attrs.v[index].value = *out; /* the array may have moved */
}
