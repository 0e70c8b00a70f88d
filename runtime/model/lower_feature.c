/* Features: what is declared, what they need of one another, and the steps that a guest's list of them makes. */
#include <string.h>

#include "base/sys.h"
#include "model/graph_priv.h"

void phx_gb_secrets_in(struct phx_gb *b, const struct phx_value *v)
{
	if (v->kind == PHX_V_STRING && v->flags & PHX_VF_SECRET)
		phx_secrets_add(b->secrets, v->s);
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		phx_gb_secrets_in(b, &v->list.v[i]);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && v->map && i < v->map->n; i++)
		phx_gb_secrets_in(b, v->map->v[i].value);
}

/* --- declarations --- */

static const struct phx_value *known_attr(const struct phx_decl *d, const char *name)
{
	const struct phx_attr *a = phx_block_attr(&d->body, name);

	return a && phx_known(&a->value) ? &a->value : NULL;
}

static bool has_param(const struct phx_decl *d, struct phx_str name)
{
	for (uint32_t i = 0; i < d->body.blocks.n; i++) {
		if (strcmp(d->body.blocks.v[i]->spec->name, "param") == 0 &&
		    phx_str_eq(d->body.blocks.v[i]->label, name))
			return true;
	}
	return false;
}

static void check_choice_names(struct phx_gb *b, const struct phx_decl *d)
{
	const struct phx_value *names = known_attr(d, "one_of");

	for (uint32_t i = 0; names && names->kind == PHX_V_LIST && i < names->list.n; i++) {
		const struct phx_value *v = &names->list.v[i];

		if (v->kind == PHX_V_STRING && !has_param(d, v->s))
			phx_diag_add(b->bag, PHX0448, v->span,
				     "`one_of` names `" PHX_STR_FMT
				     "`, which is no parameter of `feature." PHX_STR_FMT "`",
				     PHX_STR_ARG(v->s), PHX_STR_ARG(d->name));
	}
}

void phx_feature_add(struct phx_gb *b, const struct phx_decl *d)
{
	struct phx_feature_decl *f = PHX_NEW(b->arena, struct phx_feature_decl);
	const struct phx_value *script = known_attr(d, "script"), *check = known_attr(d, "check"),
			       *timeout = known_attr(d, "timeout"), *text = known_attr(d, "description");

	f->name = d->name;
	f->builtin = d->builtin;
	f->span = d->span;
	f->decl = d;
	if (check && check->kind == PHX_V_STRING)
		f->check = check->s;
	if (timeout && timeout->kind == PHX_V_DURATION)
		f->timeout_ms = (uint64_t)timeout->i;
	if (text && text->kind == PHX_V_STRING)
		f->description = text->s;
	if (timeout && timeout->kind == PHX_V_DURATION && timeout->i <= 0)
		phx_diag_add(b->bag, PHX0425, timeout->span, "`feature.timeout` cannot be zero");
	if (script && script->kind == PHX_V_STRING && !d->poisoned) {
		phx_check_file(b, d->dir, script, "script");
		f->script = phx_path_join(b->arena, d->dir, script->s);
	}
	check_choice_names(b, d);
	phx_map_put(b->work, &b->features, d->name, NULL)->ptr = f;
}

/* --- what features need of one another --- */

static void unknown_feature(struct phx_gb *b, const struct phx_value *v)
{
	const struct phx_feature_list *builtin = phx_feature_list(b->work);
	struct phx_diag *d = phx_diag_add(b->bag, PHX0312, v->span, "there is no feature `" PHX_STR_FMT "`",
					  PHX_STR_ARG(v->ref->name));
	PHX_VEC(struct phx_str) names = {0};

	for (uint32_t i = 0; i < builtin->n; i++)
		phx_vec_push(b->work, &names, phx_gb_join(b->bag->arena, "feature.", builtin->names[i]));
	for (uint32_t i = 0; i < b->features.n; i++)
		phx_vec_push(b->work, &names,
			     phx_gb_join(b->bag->arena, "feature.", b->features.entries[i].key));
	phx_diag_suggest(b->bag, d, v->span, phx_gb_join(b->bag->arena, "feature.", v->ref->name), names.v,
			 names.n);
	phx_diag_note(b->bag, d,
		      "a feature is declared with `feature NAME { script = … }`, or comes with phx: looked "
		      "for in " PHX_STR_FMT,
		      PHX_STR_ARG(builtin->dir));
}

static bool is_feature(const struct phx_value *v)
{
	return phx_known(v) && (v->kind == PHX_V_REF || v->kind == PHX_V_CALL) &&
	       v->ref->kind == PHX_KIND_FEATURE;
}

/* NULL: none, reported. */
static struct phx_feature_decl *feature_of(struct phx_gb *b, const struct phx_value *v)
{
	struct phx_feature_decl *f = phx_map_get(&b->features, v->ref->name);

	if (!f)
		unknown_feature(b, v);
	return f;
}

static void resolve_needs(struct phx_gb *b, struct phx_feature_decl *f)
{
	const struct phx_value *v = known_attr(f->decl, "needs");
	const struct phx_value *list = v && v->kind == PHX_V_LIST ? v->list.v : v;
	uint32_t n = !v ? 0 : v->kind == PHX_V_LIST ? v->list.n : 1;

	for (uint32_t i = 0; i < n; i++) {
		struct phx_feature_decl *to = is_feature(&list[i]) ? feature_of(b, &list[i]) : NULL;

		if (to)
			phx_vec_push(b->arena, &f->needs, to);
	}
}

/* A way along `needs`; `path` holds what is open, in order. */
struct ring {
	struct phx_gb *b;
	struct phx_map state; /* name → num: enum phx_visit */
	PHX_VEC(const struct phx_feature_decl *) path;
};

static void report_ring(struct ring *r, uint32_t from)
{
	struct phx_gb *b = r->b;
	struct phx_buf text = {0};
	struct phx_diag *d;

	for (uint32_t i = from; i < r->path.n; i++)
		phx_buf_printf(&text, "feature." PHX_STR_FMT " → ", PHX_STR_ARG(r->path.v[i]->name));
	d = phx_diag_add(b->bag, PHX0409, r->path.v[from]->span,
			 "references in a circle: " PHX_STR_FMT "feature." PHX_STR_FMT,
			 PHX_STR_ARG(phx_buf_view(&text)), PHX_STR_ARG(r->path.v[from]->name));
	for (uint32_t i = from; i < r->path.n; i++) {
		const struct phx_feature_decl *next = r->path.v[i + 1 < r->path.n ? i + 1 : from];
		const struct phx_attr *a = phx_block_attr(&r->path.v[i]->decl->body, "needs");

		phx_diag_label(b->bag, d, a ? a->value.span : r->path.v[i]->span,
			       "`feature." PHX_STR_FMT "` needs `feature." PHX_STR_FMT "`",
			       PHX_STR_ARG(r->path.v[i]->name), PHX_STR_ARG(next->name));
	}
	phx_diag_help(b->bag, d, "none of them can run first: take one of these out of its `needs`");
	phx_buf_done(&text);
}

/* False: a circle was found, and reported. */
static bool follow(struct ring *r, const struct phx_feature_decl *f)
{
	struct phx_map_entry *e = phx_map_put(r->b->work, &r->state, f->name, NULL);
	bool ok = true;

	if (e->num == PHX_VISIT_DONE)
		return true;
	if (e->num == PHX_VISIT_OPEN) {
		for (uint32_t i = 0; i < r->path.n; i++) {
			if (r->path.v[i] == f)
				report_ring(r, i);
		}
		return false;
	}
	e->num = PHX_VISIT_OPEN;
	phx_vec_push(r->b->work, &r->path, f);
	for (uint32_t i = 0; i < f->needs.n && ok; i++)
		ok = follow(r, f->needs.v[i]);
	r->path.n--;
	phx_map_put(r->b->work, &r->state, f->name, NULL)->num = PHX_VISIT_DONE;
	return ok;
}

void phx_gb_features(struct phx_gb *b)
{
	struct ring r = {.b = b};

	for (uint32_t i = 0; i < b->features.n; i++)
		resolve_needs(b, b->features.entries[i].ptr);
	for (uint32_t i = 0; i < b->features.n; i++) {
		struct phx_feature_decl *f = b->features.entries[i].ptr;

		/* Cut, so that nobody runs in circles behind. */
		if (!follow(&r, f))
			f->needs.n = 0;
	}
}

/* --- parameters of one use --- */

static const struct phx_value *given(const struct phx_value *use, struct phx_str name)
{
	for (uint32_t i = 0; use && use->kind == PHX_V_CALL && i < use->ref->args.n; i++) {
		if (phx_str_eq(use->ref->args.v[i].key, name))
			return use->ref->args.v[i].value;
	}
	return NULL;
}

static void missing_param(struct phx_gb *b, const struct phx_step *s, const struct phx_block *param,
			  const struct phx_feature_decl *by)
{
	struct phx_diag *d = phx_diag_add(b->bag, PHX0242, s->span,
					  "`feature." PHX_STR_FMT "` needs its parameter `" PHX_STR_FMT "`",
					  PHX_STR_ARG(s->name), PHX_STR_ARG(param->label));

	phx_diag_label(b->bag, d, param->span, "declared here, without a default");
	if (by)
		phx_diag_note(b->bag, d, "it is used because `feature." PHX_STR_FMT "` needs it",
			      PHX_STR_ARG(by->name));
	phx_diag_help(b->bag, d, "list it with the parameter: `feature." PHX_STR_FMT "(" PHX_STR_FMT " = …)`",
		      PHX_STR_ARG(s->name), PHX_STR_ARG(param->label));
}

static bool is_secret(const struct phx_block *param, const struct phx_value *v)
{
	const struct phx_attr *type = phx_block_attr(param, "type");

	return phx_value_is_secret(v) ||
	       (type && type->value.kind == PHX_V_STRING && phx_str_starts(type->value.s, "secret<"));
}

/* `by`: the feature because of which it runs, when it is not listed. */
static void fill_params(struct phx_gb *b, struct phx_step *s, const struct phx_feature_decl *by)
{
	const struct phx_block *body = &s->decl->decl->body;

	for (uint32_t i = 0; i < body->blocks.n; i++) {
		const struct phx_block *param = body->blocks.v[i];
		const struct phx_attr *init = phx_block_attr(param, "default");
		const struct phx_value *v = given(s->feature, param->label);
		struct phx_feature_param p = {.name = param->label};

		if (strcmp(param->spec->name, "param") != 0)
			continue;
		if (!v && !init && !s->decl->decl->poisoned)
			missing_param(b, s, param, by);
		p.value = v ? v : init ? &init->value : NULL;
		if (!p.value || phx_is_null(p.value))
			continue;
		p.secret = is_secret(param, p.value);
		phx_gb_secrets_in(b, p.value);
		phx_vec_push(b->arena, &s->params, p);
	}
}

/* --- of some parameters exactly one --- */

static const struct phx_feature_param *param_of(const struct phx_step *s, struct phx_str name)
{
	for (uint32_t i = 0; i < s->params.n; i++) {
		if (phx_str_eq(s->params.v[i].name, name))
			return &s->params.v[i];
	}
	return NULL;
}

/* How many are given; -1: not to be told yet. An empty text is none: a script cannot tell it from one that is not there. */
static int count_given(const struct phx_step *s, const struct phx_value *names)
{
	int n = 0;

	for (uint32_t i = 0; i < names->list.n; i++) {
		const struct phx_feature_param *p = param_of(s, names->list.v[i].s);

		if (p && !phx_known(p->value))
			return -1;
		n += p && !(p->value->kind == PHX_V_STRING && !p->value->s.len);
	}
	return n;
}

static void check_choice(struct phx_gb *b, const struct phx_step *s, const struct phx_feature_decl *by)
{
	const struct phx_value *names = known_attr(s->decl->decl, "one_of");
	struct phx_buf text = {0};
	struct phx_diag *d;
	int n;

	if (!names || names->kind != PHX_V_LIST || !names->list.n)
		return;
	n = count_given(s, names);
	if (n < 0 || n == 1)
		return;
	for (uint32_t i = 0; i < names->list.n; i++)
		phx_buf_printf(&text, "%s`" PHX_STR_FMT "`",
			       !i                      ? ""
			       : i + 1 < names->list.n ? ", "
						       : " and ",
			       PHX_STR_ARG(names->list.v[i].s));
	d = n ? phx_diag_add(b->bag, PHX0448, s->span,
			     "`feature." PHX_STR_FMT "` takes one of %s, not %d of them",
			     PHX_STR_ARG(s->name), text.ptr, n)
	      : phx_diag_add(b->bag, PHX0448, s->span, "`feature." PHX_STR_FMT "` needs one of %s",
			     PHX_STR_ARG(s->name), text.ptr);
	phx_diag_label(b->bag, d, names->span, "of these parameters exactly one counts");
	if (by)
		phx_diag_note(b->bag, d, "it is used because `feature." PHX_STR_FMT "` needs it",
			      PHX_STR_ARG(by->name));
	if (!n)
		phx_diag_help(b->bag, d,
			      "write `feature." PHX_STR_FMT "(" PHX_STR_FMT " = …)`, or another of them",
			      PHX_STR_ARG(s->name), PHX_STR_ARG(names->list.v[0].s));
	phx_buf_done(&text);
}

/* --- the steps --- */

static bool source_has(const struct phx_guest *g, struct phx_str name)
{
	for (uint32_t i = 0; i < g->steps.n; i++) {
		if (g->steps.v[i].kind == PHX_STEP_FEATURE && phx_str_eq(g->steps.v[i].name, name))
			return true;
	}
	return false;
}

/* What the template has done its clone need not do for another feature's sake, with parameters that may differ. */
static bool inherited(const struct phx_guest *g, struct phx_str name)
{
	for (g = g->source; g; g = g->source) {
		if (source_has(g, name))
			return true;
	}
	return false;
}

struct uses {
	struct phx_lower *l;
	struct phx_map listed; /* name → const struct phx_value *, as the guest lists it */
	struct phx_map done;   /* name → num: 1 */
};

static void add_use(struct uses *u, const struct phx_feature_decl *f, const struct phx_feature_decl *by,
		    struct phx_span span)
{
	struct phx_gb *b = u->l->b;
	const struct phx_value *v = phx_map_get(&u->listed, f->name);
	struct phx_map_entry *e = phx_map_put(b->scratch, &u->done, f->name, NULL);
	struct phx_step s = {.kind = PHX_STEP_FEATURE,
			     .name = f->name,
			     .feature = v,
			     .decl = f,
			     .span = v ? v->span : span};

	if (e->num || (by && !v && inherited(u->l->g, f->name)))
		return;
	e->num = 1;
	for (uint32_t i = 0; i < f->needs.n; i++)
		add_use(u, f->needs.v[i], f, s.span);
	fill_params(b, &s, v ? NULL : by);
	check_choice(b, &s, v ? NULL : by);
	phx_vec_push(b->work, &b->steps, s);
}

static void list_use(struct uses *u, const struct phx_value *v)
{
	struct phx_gb *b = u->l->b;
	struct phx_map_entry *e;
	struct phx_diag *d;
	bool fresh;

	if (!is_feature(v) || !feature_of(b, v))
		return;
	e = phx_map_put(b->scratch, &u->listed, v->ref->name, &fresh);
	if (fresh) {
		e->ptr = (void *)(uintptr_t)v;
	} else {
		d = phx_diag_add(b->bag, PHX0447, v->span,
				 "`feature." PHX_STR_FMT "` stands twice in one guest's list",
				 PHX_STR_ARG(v->ref->name));
		phx_diag_label(b->bag, d, v->span, "again here");
		phx_diag_label(b->bag, d, ((const struct phx_value *)e->ptr)->span, "first here");
		phx_diag_help(b->bag, d,
			      "a feature is in place or not: what it shall do for several things is a "
			      "parameter that takes a list");
	}
}

void phx_lower_features(struct phx_lower *l)
{
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_FEATURES);
	const struct phx_value *list = v && v->kind == PHX_V_LIST ? v->list.v : v;
	uint32_t n = !v ? 0 : v->kind == PHX_V_LIST ? v->list.n : 1;
	struct uses u = {.l = l};

	for (uint32_t i = 0; i < n; i++)
		list_use(&u, &list[i]);
	for (uint32_t i = 0; i < n; i++) {
		if (is_feature(&list[i]) && phx_map_get(&u.listed, list[i].ref->name))
			add_use(&u, phx_map_get(&l->b->features, list[i].ref->name), NULL, list[i].span);
	}
}
