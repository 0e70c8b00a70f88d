/* Functions that look beyond the expression: the environment, files, the guests of the configuration. */
#include <stdlib.h>
#include <string.h>

#include "sema/fn_priv.h"

#define STR PHX_TY(PHX_V_STRING)
#define ANY PHX_TY_ANY

/* --- secrets --- */

void phx_env_unset(struct phx_sema *s, struct phx_str name, struct phx_span at, struct phx_value *out)
{
	struct phx_diag *d =
		phx_eval_error(s, PHX0214, at, out, "the environment variable `" PHX_STR_FMT "` is not set",
			       PHX_STR_ARG(name));

	if (d)
		phx_diag_help(s->bag, d, "set it, or give a default: `env(\"" PHX_STR_FMT "\", \"…\")`",
			      PHX_STR_ARG(name));
}

/* The unknown value of a variable has its name as text; what is made of it has none, and may be of any. */
static bool is_named(const struct phx_value *v)
{
	return v->kind == PHX_V_STRING && v->s.len;
}

static void report(struct phx_sema *s, const struct phx_unset *u)
{
	struct phx_value poison;

	phx_env_unset(s, u->name, u->span, &poison);
}

void phx_report_unset(struct phx_sema *s, const struct phx_value *v)
{
	s->needs_unset = s->needs_unset || !is_named(v);
	for (uint32_t i = 0; i < s->unset.n; i++)
		if (is_named(v) && phx_str_eq(v->s, s->unset.v[i].name))
			report(s, &s->unset.v[i]);
}

void phx_unset_serves(struct phx_sema *s, const struct phx_value *v)
{
	for (uint32_t i = 0; i < s->unset.n; i++)
		if (!is_named(v) || phx_str_eq(v->s, s->unset.v[i].name))
			s->unset.v[i].served = true;
}

void phx_report_unserved(struct phx_sema *s)
{
	bool any = false;

	for (uint32_t i = 0; i < s->unset.n; i++) {
		if (s->unset.v[i].served)
			continue;
		report(s, &s->unset.v[i]);
		any = true;
	}
	for (uint32_t i = 0; s->needs_unset && !any && i < s->unset.n; i++)
		report(s, &s->unset.v[i]);
}

static void fn_env(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_str name = phx_str_dup(&s->tmp, a[0].s);
	const char *value = NULL;

	if (a[0].flags & PHX_VF_SECRET || name.len == 0 || memchr(name.ptr, '\0', name.len) ||
	    phx_str_chr(name, '=') >= 0) {
		phx_eval_error(s, PHX0213, n->call.args[0]->span, out,
			       "this is no name of an environment variable");
		return;
	}
	if (s->opt->env)
		value = s->opt->env(s->opt->env_user, name.ptr);
	if (value) {
		*out = phx_value_str(phx_str_dup(s->out, phx_str_c(value)), n->span);
		phx_secrets_add(s->secrets, out->s);
	} else if (n->call.n > 1) {
		*out = a[1];
	} else if (s->opt->validate_only) {
		*out = phx_unknown_of(s, STR, n->span);
	} else if (s->opt->credentials_optional) {
		/* An error after all, when anything but the cluster comes to need it. */
		*out = phx_value_unknown(PHX_V_STRING, n->span);
		out->s = name;
		phx_vec_push(&s->tmp, &s->unset, ((struct phx_unset){.name = name, .span = n->span}));
	} else {
		phx_env_unset(s, name, n->span, out);
		return;
	}
	out->span = n->span;
	out->flags |= PHX_VF_SECRET;
}

static struct phx_ty same_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	const struct phx_node *arg = n->call.args[0];

	/* Known before anything is evaluated, so that no report prints the line with it. */
	if (arg->kind == PHX_N_CONST && arg->value.kind == PHX_V_STRING)
		phx_secrets_add(s->secrets, phx_str_dup(s->out, arg->value.s));
	return args[0];
}

static void fn_secret(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	*out = a[0];
	out->span = n->span;
	out->flags |= PHX_VF_SECRET;
	if (out->kind == PHX_V_STRING && n->call.args[0]->kind != PHX_N_CONST)
		phx_secrets_add(s->secrets, phx_str_dup(s->out, out->s));
}

/* --- files --- */

static const struct phx_file_text *read_file(struct phx_sema *s, const struct phx_node *n,
					     const struct phx_value *path, struct phx_value *out)
{
	const struct phx_file_text *file;
	struct phx_str tried;
	struct phx_diag *d;

	if (path->flags & PHX_VF_SECRET) {
		phx_eval_error(s, PHX0310, n->call.args[0]->span, out, "a secret may not be a path");
		return NULL;
	}
	file = phx_file_read(s, n->span, path->s, &tried);
	if (file->ok)
		return file;
	d = phx_eval_error(s, PHX0215, n->call.args[0]->span, out,
			   "the file `" PHX_STR_FMT "` cannot be read: " PHX_STR_FMT, PHX_STR_ARG(path->s),
			   PHX_STR_ARG(file->why));
	if (d) {
		phx_diag_label(s->bag, d, n->call.args[0]->span, "read by `%s`", n->call.fn->name);
		phx_diag_note(s->bag, d,
			      "phx looked for " PHX_STR_FMT ": paths are relative to the file they stand in",
			      PHX_STR_ARG(tried));
	}
	return NULL;
}

static void fn_file(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	const struct phx_file_text *file = read_file(s, n, &a[0], out);

	if (file)
		*out = phx_value_str(file->text, n->span);
}

static void fn_templatefile(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			    struct phx_value *out)
{
	if (read_file(s, n, &a[0], out))
		phx_template_file(s, n, a[0].s, &a[1], out);
}

/* --- resources --- */

static int by_address(const void *a, const void *b)
{
	const struct phx_value *x = a, *y = b;

	if (x->ref->kind != y->ref->kind)
		return x->ref->kind == PHX_KIND_CONTAINER ? -1 : 1;
	return phx_str_natcmp(x->ref->name, y->ref->name);
}

static void fn_guests(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	static const enum phx_kind kinds[] = {PHX_KIND_CONTAINER, PHX_KIND_VM};
	struct phx_value *v;
	uint32_t count = 0;

	(void)a;
	if (s->has_all_guests) {
		*out = s->all_guests;
		return;
	}
	if (!phx_expand_guests(s, n->span, out))
		return;
	v = PHX_NEW_N(&s->tmp, struct phx_value, (size_t)s->by_name[kinds[0]].n + s->by_name[kinds[1]].n);
	for (size_t k = 0; k < PHX_COUNTOF(kinds); k++) {
		const struct phx_map *m = &s->by_name[kinds[k]];

		for (uint32_t i = 0; i < m->n; i++) {
			struct phx_inst *inst = m->entries[i].ptr;

			v[count++] = (struct phx_value){.kind = PHX_V_REF, .ref = inst->ref, .span = n->span};
		}
	}
	if (count)
		qsort(v, count, sizeof(*v), by_address);
	*out = (struct phx_value){.kind = PHX_V_LIST, .list = {v, count}, .span = n->span};
	s->all_guests = *out;
	s->has_all_guests = true;
}

static struct phx_ty guests_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	(void)args;
	return phx_ty_list(s, phx_ty_ref(1U << PHX_KIND_VM | 1U << PHX_KIND_CONTAINER));
}

static bool split_address(struct phx_str address, enum phx_kind *out_kind, struct phx_str *out_name)
{
	struct phx_str kind;

	*out_name = address;
	if (!phx_str_cut(out_name, '.', &kind) || out_name->len == 0)
		return false;
	*out_kind = phx_resource_kind(kind);
	return *out_kind != PHX_KIND_NONE;
}

static struct phx_ty resource_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	const struct phx_node *arg = n->call.args[0];
	struct phx_str name;
	enum phx_kind kind;

	(void)s;
	(void)args;
	if (arg->kind == PHX_N_CONST && arg->value.kind == PHX_V_STRING &&
	    split_address(arg->value.s, &kind, &name))
		return phx_ty_ref(1U << kind);
	return phx_ty_ref(0);
}

static void fn_resource(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			struct phx_value *out)
{
	struct phx_inst *inst;
	struct phx_str name;
	struct phx_diag *d;
	enum phx_kind kind;

	if (a[0].flags & PHX_VF_SECRET) {
		phx_eval_error(s, PHX0310, n->call.args[0]->span, out, "a secret may not be an address");
		return;
	}
	if (!split_address(a[0].s, &kind, &name)) {
		d = phx_eval_error(s, PHX0213, n->call.args[0]->span, out,
				   "this is no address of a resource");
		if (d)
			phx_diag_help(s->bag, d,
				      "an address is its kind and its name: `resource(\"vm.web\")`");
		return;
	}
	inst = phx_inst_find(s, kind, name, n->call.args[0]->span, out);
	if (inst)
		*out = (struct phx_value){.kind = PHX_V_REF, .ref = inst->ref, .span = n->span};
}

const struct phx_fn phx_fns_outside[] = {
	{.name = "env",
	 .usage = "env(NAME) or env(NAME, default)",
	 .min = 1,
	 .max = 2,
	 .args = {STR, STR},
	 .result = STR,
	 .eval = fn_env},
	{.name = "secret",
	 .usage = "secret(x)",
	 .min = 1,
	 .max = 1,
	 .flags = PHX_FN_PARTIAL,
	 .args = {ANY},
	 .type = same_ty,
	 .eval = fn_secret},
	{.name = "file",
	 .usage = "file(path)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = STR,
	 .eval = fn_file},
	{.name = "templatefile",
	 .usage = "templatefile(path, { name = value })",
	 .min = 2,
	 .max = 2,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {STR, PHX_TY(PHX_V_MAP)},
	 .result = STR,
	 .eval = fn_templatefile},
	{.name = "guests",
	 .usage = "guests()",
	 .min = 0,
	 .max = 0,
	 .args = {ANY},
	 .type = guests_ty,
	 .eval = fn_guests},
	{.name = "resource",
	 .usage = "resource(\"vm.web\")",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .type = resource_ty,
	 .eval = fn_resource},
	{.name = NULL},
};
