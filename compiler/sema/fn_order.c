/* Functions that put values in order, choose among them, or add them. */
#include <stdlib.h>

#include "sema/fn_priv.h"

#define STR   PHX_TY(PHX_V_STRING)
#define LIST  PHX_TY(PHX_V_LIST)
#define ADDS  (PHX_TY_NUMBER | PHX_TY(PHX_V_SIZE) | PHX_TY(PHX_V_DURATION))
#define SORTS (ADDS | STR | PHX_TY(PHX_V_IP))

static struct phx_value list_of(struct phx_value *v, uint32_t n, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_LIST, .list = {v, n}, .span = at};
}

/* --- order --- */

/* All elements of kinds that compare with one another; false: reported. */
static bool comparable(struct phx_sema *s, const struct phx_node *n, const struct phx_value *v,
		       uint32_t count, bool spread, struct phx_value *out)
{
	for (uint32_t i = 0; i < count; i++) {
		struct phx_span at = n->call.args[spread ? i : 0]->span;
		struct phx_diag *d;

		if (v[i].kind == PHX_V_NULL) {
			phx_eval_missing(s, PHX0209, at, out, "`%s` cannot use element %u, which is null",
					 n->call.fn->name, i);
			return false;
		}
		if (phx_op_kind(PHX_OP_LT, (enum phx_value_kind)v[0].kind, (enum phx_value_kind)v[i].kind) !=
		    PHX_V_KIND_COUNT)
			continue;
		d = phx_eval_error(s, PHX0202, at, out, "`%s` cannot compare %s and %s", n->call.fn->name,
				   phx_value_kind_name((enum phx_value_kind)v[0].kind),
				   phx_value_kind_name((enum phx_value_kind)v[i].kind));
		if (d && !spread)
			phx_diag_note(s->bag, d, "element 0 is %s, element %u is %s", phx_shown(s, &v[0]), i,
				      phx_shown(s, &v[i]));
		return false;
	}
	return true;
}

static void extreme(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, int sign,
		    struct phx_value *out)
{
	bool spread = n->call.n > 1 || a[0].kind != PHX_V_LIST;
	const struct phx_value *v = spread ? a : a[0].list.v;
	uint32_t count = spread ? n->call.n : a[0].list.n, best = 0;

	if (count == 0) {
		phx_eval_missing(s, PHX0207, n->call.args[0]->span, out, "`%s` of an empty list",
				 n->call.fn->name);
		return;
	}
	if (!comparable(s, n, v, count, spread, out))
		return;
	for (uint32_t i = 1; i < count; i++) {
		if (phx_value_order(&v[i], &v[best]) * sign > 0)
			best = i;
	}
	*out = v[best];
	out->span = n->span;
}

static void fn_min(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	extreme(s, n, a, -1, out);
}

static void fn_max(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	extreme(s, n, a, 1, out);
}

static struct phx_ty extreme_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty t = {0};

	if (n->call.n == 1 && args[0].kinds == LIST)
		return phx_ty_elem(args[0]);
	for (uint32_t i = 0; i < n->call.n; i++)
		t = phx_ty_join(s, t, args[i].kinds & LIST ? phx_ty_of(PHX_TY_ANY) : args[i]);
	return t;
}

static int by_value(const void *a, const void *b)
{
	return phx_value_order(a, b);
}

/* Merge sort by hand would be no shorter; equal values are the same, so stability does not matter. */
static void fn_sort(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	uint32_t count = a[0].list.n;
	struct phx_value *v;

	if (!comparable(s, n, a[0].list.v, count, false, out))
		return;
	v = PHX_NEW_N(&s->tmp, struct phx_value, count);
	for (uint32_t i = 0; i < count; i++)
		v[i] = a[0].list.v[i];
	if (count)
		qsort(v, count, sizeof(*v), by_value);
	*out = list_of(v, count, n->span);
}

static void fn_unique(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	struct phx_value *v = PHX_NEW_N(&s->tmp, struct phx_value, a[0].list.n);
	struct phx_map seen = {0};
	struct phx_buf text = {0};
	uint32_t count = 0;
	bool is_new;

	for (uint32_t i = 0; i < a[0].list.n; i++) {
		struct phx_value plain = a[0].list.v[i];

		plain.flags &= (uint8_t)~PHX_VF_WORD;
		phx_buf_clear(&text);
		phx_buf_printf(&text, "%d ", plain.kind);
		phx_fn_key(&plain, &text);
		phx_map_put(&s->tmp, &seen, phx_tmp_str(s, &text), &is_new);
		if (is_new)
			v[count++] = a[0].list.v[i];
	}
	phx_buf_done(&text);
	*out = list_of(v, count, n->span);
}

static struct phx_ty list_of_elems(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	return phx_ty_list(s, phx_ty_elem(args[0]));
}

static struct phx_ty sort_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty elem = phx_ty_elem(args[0]);

	if (!phx_ty_fits(elem, SORTS)) {
		phx_diag_add(s->bag, PHX0201, n->call.args[0]->span,
			     "`sort` cannot put values of type %s in order", phx_ty_name(s, elem));
		return phx_ty_of(0);
	}
	return phx_ty_list(s, elem);
}

/* --- sums --- */

static struct phx_value zero_of(uint32_t kinds, struct phx_span at)
{
	if (kinds == PHX_TY(PHX_V_SIZE))
		return phx_value_size(0, at);
	if (kinds == PHX_TY(PHX_V_DURATION))
		return (struct phx_value){.kind = PHX_V_DURATION, .span = at};
	if (kinds == PHX_TY(PHX_V_FLOAT))
		return (struct phx_value){.kind = PHX_V_FLOAT, .span = at};
	return phx_value_int(0, at);
}

static void fn_sum(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_node add = {.kind = PHX_N_BINARY, .op = PHX_OP_ADD, .span = n->span};
	struct phx_value total;

	add.sub.a = add.sub.b = n->call.args[0];
	if (!comparable(s, n, a[0].list.v, a[0].list.n, false, out))
		return;
	*out = zero_of(n->kinds, n->span);
	for (uint32_t i = 0; i < a[0].list.n && !(out->flags & PHX_VF_POISON); i++) {
		const struct phx_value *v = &a[0].list.v[i];

		if (!(ADDS & PHX_TY(v->kind))) {
			phx_eval_error(s, PHX0202, n->call.args[0]->span, out,
				       "`sum` cannot add values of type %s",
				       phx_value_kind_name((enum phx_value_kind)v->kind));
			return;
		}
		total = *out;
		if (i == 0) {
			*out = *v;
			out->span = n->span;
			out->flags = 0;
		} else {
			phx_op_apply(s, &add, &total, v, out);
		}
	}
}

static struct phx_ty sum_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty elem = phx_ty_elem(args[0]);

	struct phx_diag *d;

	if (phx_ty_fits(elem, ADDS))
		return phx_ty_of(elem.kinds & ADDS);
	d = phx_diag_add(s->bag, PHX0201, n->call.args[0]->span,
			 "`sum` adds numbers, sizes and durations, not %s", phx_ty_name(s, elem));
	phx_diag_label(s->bag, d, n->call.args[0]->span, "this is a value of type %s",
		       phx_ty_name(s, args[0]));
	return phx_ty_of(0);
}

const struct phx_fn phx_fns_order[] = {
	{.name = "min",
	 .usage = "min(list) or min(a, b, …)",
	 .min = 1,
	 .max = 255,
	 .args = {LIST | SORTS, SORTS, SORTS},
	 .type = extreme_ty,
	 .eval = fn_min},
	{.name = "max",
	 .usage = "max(list) or max(a, b, …)",
	 .min = 1,
	 .max = 255,
	 .args = {LIST | SORTS, SORTS, SORTS},
	 .type = extreme_ty,
	 .eval = fn_max},
	{.name = "sort",
	 .usage = "sort(list)",
	 .min = 1,
	 .max = 1,
	 .args = {LIST},
	 .type = sort_ty,
	 .eval = fn_sort},
	{.name = "unique",
	 .usage = "unique(list)",
	 .min = 1,
	 .max = 1,
	 .args = {LIST},
	 .type = list_of_elems,
	 .eval = fn_unique},
	{.name = "sum",
	 .usage = "sum(list)",
	 .min = 1,
	 .max = 1,
	 .args = {LIST},
	 .type = sum_ty,
	 .eval = fn_sum},
	{.name = NULL},
};
