/* Functions of lists and maps. */
#include "sema/fn_priv.h"

#define STR  PHX_TY(PHX_V_STRING)
#define INT  PHX_TY(PHX_V_INT)
#define LIST PHX_TY(PHX_V_LIST)
#define MAP  PHX_TY(PHX_V_MAP)

static struct phx_value list_of(struct phx_value *v, uint32_t n, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_LIST, .list = {v, n}, .span = at};
}

/* --- looking into things --- */

static uint32_t characters(struct phx_str t)
{
	uint32_t n = 0;

	for (size_t i = 0; i < t.len; i++)
		n += ((unsigned char)t.ptr[i] & 0xc0) != 0x80;
	return n;
}

static void fn_length(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	uint32_t len = a[0].kind == PHX_V_LIST  ? a[0].list.n
		       : a[0].kind == PHX_V_MAP ? a[0].map->n
						: characters(a[0].s);

	(void)s;
	*out = phx_value_int(len, n->span);
}

/* As `x in list`, with the same mistakes. */
static void fn_contains(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			struct phx_value *out)
{
	struct phx_node in = {.kind = PHX_N_BINARY, .op = PHX_OP_IN, .span = n->span};

	in.sub.a = n->call.args[1];
	in.sub.b = n->call.args[0];
	if (phx_op_kind(PHX_OP_IN, (enum phx_value_kind)a[1].kind, (enum phx_value_kind)a[0].kind) ==
	    PHX_V_KIND_COUNT) {
		phx_eval_error(s, PHX0202, n->call.args[1]->span, out,
			       "`contains` does not look for %s in %s",
			       phx_value_kind_name((enum phx_value_kind)a[1].kind),
			       phx_value_kind_name((enum phx_value_kind)a[0].kind));
		return;
	}
	phx_op_apply(s, &in, &a[1], &a[0], out);
}

static void fn_lookup(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	struct phx_value *found = phx_object_find(s, a[0].map, a[1].s);

	*out = found ? *found : a[2];
	out->span = n->span;
	out->flags |= (a[0].flags | a[1].flags) & PHX_VF_SECRET;
}

static struct phx_ty lookup_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	return phx_ty_join(s, phx_ty_elem(args[0]), args[2]);
}

static void fn_keys(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_value *v = PHX_NEW_N(&s->tmp, struct phx_value, a[0].map->n);

	for (uint32_t i = 0; i < a[0].map->n; i++)
		v[i] = phx_value_str(a[0].map->v[i].key, a[0].map->v[i].span);
	*out = list_of(v, a[0].map->n, n->span);
}

static void fn_values(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	struct phx_value *v = PHX_NEW_N(&s->tmp, struct phx_value, a[0].map->n);

	for (uint32_t i = 0; i < a[0].map->n; i++)
		v[i] = *a[0].map->v[i].value;
	*out = list_of(v, a[0].map->n, n->span);
	out->flags |= a[0].flags & PHX_VF_SECRET;
}

static struct phx_ty list_of_keys(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	(void)args;
	return phx_ty_list(s, phx_ty_of(STR));
}

static struct phx_ty list_of_elems(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	return phx_ty_list(s, phx_ty_elem(args[0]));
}

/* --- putting together --- */

static bool too_long(struct phx_sema *s, const struct phx_node *n, uint64_t count, struct phx_value *out)
{
	if (count <= PHX_SEMA_MAX_LIST)
		return false;
	phx_eval_error(s, PHX0218, n->span, out, "`%s` gives %llu elements; a million is the limit",
		       n->call.fn->name, (unsigned long long)count);
	return true;
}

static void fn_merge(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_object *o = PHX_NEW(&s->tmp, struct phx_object);
	struct phx_map at = {0};
	uint64_t total = 0;
	bool is_new;

	for (uint32_t i = 0; i < n->call.n; i++)
		total += a[i].map->n;
	if (too_long(s, n, total, out))
		return;
	o->v = PHX_NEW_N(&s->tmp, struct phx_member, total);
	for (uint32_t i = 0; i < n->call.n; i++) {
		for (uint32_t k = 0; k < a[i].map->n; k++) {
			struct phx_map_entry *e = phx_map_put(&s->tmp, &at, a[i].map->v[k].key, &is_new);

			if (is_new)
				e->num = o->n++;
			o->v[e->num] = a[i].map->v[k];
		}
	}
	*out = (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = n->span};
}

static struct phx_ty merge_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty elem = {0};

	for (uint32_t i = 0; i < n->call.n; i++)
		elem = phx_ty_join(s, elem, phx_ty_elem(args[i]));
	return phx_ty_map(s, elem.kinds ? elem : phx_ty_of(PHX_TY_ANY));
}

/* range(n) is 0 to n-1; range(a, b) is the list of a..b. */
static void fn_range(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	int64_t from = n->call.n > 1 ? a[0].i : 0, to = n->call.n > 1 ? a[1].i : a[0].i;
	uint64_t count;
	struct phx_value *v;

	if (n->call.n == 1) {
		if (to < 0) {
			phx_eval_error(s, PHX0213, n->call.args[0]->span, out,
				       "`range` cannot give %s elements", phx_shown(s, &a[0]));
			return;
		}
		to--;
	}
	count = phx_range_count(from, to);
	if (too_long(s, n, count, out))
		return;
	v = PHX_NEW_N(&s->tmp, struct phx_value, count);
	for (uint64_t i = 0; i < count; i++)
		v[i] = phx_value_int(from + (int64_t)i, n->span);
	*out = list_of(v, (uint32_t)count, n->span);
}

static struct phx_ty list_of_ints(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	(void)args;
	return phx_ty_list(s, phx_ty_of(INT));
}

static void fn_flatten(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		       struct phx_value *out)
{
	uint64_t total = 0;
	struct phx_value *v;
	uint32_t k = 0;

	for (uint32_t i = 0; i < a[0].list.n; i++)
		total += a[0].list.v[i].kind == PHX_V_LIST ? a[0].list.v[i].list.n : 1;
	if (too_long(s, n, total, out))
		return;
	v = PHX_NEW_N(&s->tmp, struct phx_value, total);
	for (uint32_t i = 0; i < a[0].list.n; i++) {
		const struct phx_value *e = &a[0].list.v[i];

		for (uint32_t j = 0; e->kind == PHX_V_LIST && j < e->list.n; j++) {
			v[k] = e->list.v[j];
			v[k++].flags |= e->flags & PHX_VF_SECRET;
		}
		if (e->kind != PHX_V_LIST)
			v[k++] = *e;
	}
	*out = list_of(v, k, n->span);
}

static struct phx_ty flatten_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty elem = phx_ty_elem(args[0]);

	(void)n;
	if (elem.kinds == LIST)
		return phx_ty_list(s, phx_ty_elem(elem));
	return elem.kinds & LIST ? phx_ty_list(s, phx_ty_of(PHX_TY_ANY)) : phx_ty_list(s, elem);
}

static void fn_zip(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	uint32_t count = a[0].list.n;
	struct phx_value *v, *pairs;

	if (a[1].list.n != count) {
		phx_eval_error(s, PHX0213, n->call.args[1]->span, out,
			       "`zip` needs lists of one length: %u and %u elements", count, a[1].list.n);
		return;
	}
	v = PHX_NEW_N(&s->tmp, struct phx_value, count);
	pairs = PHX_NEW_N(&s->tmp, struct phx_value, (size_t)count * 2);
	for (uint32_t i = 0; i < count; i++) {
		pairs[i * 2] = a[0].list.v[i];
		pairs[i * 2 + 1] = a[1].list.v[i];
		v[i] = list_of(&pairs[i * 2], 2, n->span);
	}
	*out = list_of(v, count, n->span);
}

static struct phx_ty zip_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	return phx_ty_list(s, phx_ty_list(s, phx_ty_join(s, phx_ty_elem(args[0]), phx_ty_elem(args[1]))));
}

/* --- choices --- */

static bool is_null(const struct phx_value *v)
{
	return v->kind == PHX_V_NULL && !(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON));
}

static void fn_coalesce(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			struct phx_value *out)
{
	*out = (struct phx_value){.kind = PHX_V_NULL, .span = n->span};
	for (uint32_t i = 0; i < n->call.n && is_null(out); i++)
		phx_eval(s, n->call.args[i], f, out);
}

/* The first that is there: missing keys, elements and nulls are passed over, other mistakes are not. */
static void fn_try(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out)
{
	bool catching = s->catching, caught = s->caught;

	for (uint32_t i = 0; i + 1 < n->call.n; i++) {
		s->catching = true;
		s->caught = false;
		phx_eval(s, n->call.args[i], f, out);
		s->catching = catching;
		if (!s->caught && !is_null(out)) {
			s->caught = caught;
			return;
		}
	}
	s->caught = caught;
	phx_eval(s, n->call.args[n->call.n - 1], f, out);
}

static struct phx_ty any_of(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_ty t = {0};

	for (uint32_t i = 0; i < n->call.n; i++)
		t = phx_ty_join(s, t, args[i]);
	if (t.kinds != PHX_TY_ANY && t.kinds & ~PHX_TY(PHX_V_NULL))
		t.kinds &= (uint16_t)~PHX_TY(PHX_V_NULL);
	return t;
}

#define ANY PHX_TY_ANY

const struct phx_fn phx_fns_list[] = {
	{.name = "length",
	 .usage = "length(list, map or text)",
	 .min = 1,
	 .max = 1,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {LIST | MAP | STR},
	 .result = INT,
	 .eval = fn_length},
	{.name = "contains",
	 .usage = "contains(list or cidr, x)",
	 .min = 2,
	 .max = 2,
	 .args = {LIST | PHX_TY(PHX_V_CIDR), ANY},
	 .result = PHX_TY(PHX_V_BOOL),
	 .eval = fn_contains},
	{.name = "lookup",
	 .usage = "lookup(map, key, default)",
	 .min = 3,
	 .max = 3,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {MAP, STR, ANY},
	 .type = lookup_ty,
	 .eval = fn_lookup},
	{.name = "keys",
	 .usage = "keys(map)",
	 .min = 1,
	 .max = 1,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {MAP},
	 .type = list_of_keys,
	 .eval = fn_keys},
	{.name = "values",
	 .usage = "values(map)",
	 .min = 1,
	 .max = 1,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {MAP},
	 .type = list_of_elems,
	 .eval = fn_values},
	{.name = "merge",
	 .usage = "merge(map, …)",
	 .min = 1,
	 .max = 255,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {MAP, MAP, MAP},
	 .type = merge_ty,
	 .eval = fn_merge},
	{.name = "range",
	 .usage = "range(n) or range(first, last)",
	 .min = 1,
	 .max = 2,
	 .args = {INT, INT},
	 .type = list_of_ints,
	 .eval = fn_range},
	{.name = "flatten",
	 .usage = "flatten(list of lists)",
	 .min = 1,
	 .max = 1,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {LIST},
	 .type = flatten_ty,
	 .eval = fn_flatten},
	{.name = "zip",
	 .usage = "zip(list, list)",
	 .min = 2,
	 .max = 2,
	 .flags = PHX_FN_PARTIAL | PHX_FN_OPEN,
	 .args = {LIST, LIST},
	 .type = zip_ty,
	 .eval = fn_zip},
	{.name = "coalesce",
	 .usage = "coalesce(a, b, …)",
	 .min = 1,
	 .max = 255,
	 .flags = PHX_FN_LAZY,
	 .args = {ANY, ANY, ANY},
	 .type = any_of,
	 .lazy = fn_coalesce},
	{.name = "try",
	 .usage = "try(x, default)",
	 .min = 2,
	 .max = 255,
	 .flags = PHX_FN_LAZY | PHX_FN_TRY,
	 .args = {ANY, ANY, ANY},
	 .type = any_of,
	 .lazy = fn_try},
	{.name = NULL},
};
