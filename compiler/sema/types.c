/* Static types: sets of kinds, and what is known of what is inside. */
#include <string.h>

#include "sema/sema_priv.h"

struct phx_ty phx_ty_of(uint32_t kinds)
{
	return (struct phx_ty){.kinds = (uint16_t)kinds};
}

struct phx_ty phx_ty_ref(uint32_t ref_kinds)
{
	return (struct phx_ty){.kinds = PHX_TY(PHX_V_REF), .ref_kinds = (uint16_t)ref_kinds};
}

enum { MAX_TYPE_DEPTH = 16 };

static const struct phx_ty *keep(struct phx_sema *s, struct phx_ty t)
{
	struct phx_ty *copy;

	if (t.kinds == PHX_TY_ANY || t.depth >= MAX_TYPE_DEPTH)
		return NULL;
	copy = PHX_NEW(&s->tmp, struct phx_ty);
	*copy = t;
	return copy;
}

static uint8_t deeper(struct phx_ty elem)
{
	return elem.depth < MAX_TYPE_DEPTH ? (uint8_t)(elem.depth + 1) : 1;
}

struct phx_ty phx_ty_list(struct phx_sema *s, struct phx_ty elem)
{
	return (struct phx_ty){.kinds = PHX_TY(PHX_V_LIST), .elem = keep(s, elem), .depth = deeper(elem)};
}

struct phx_ty phx_ty_map(struct phx_sema *s, struct phx_ty elem)
{
	return (struct phx_ty){.kinds = PHX_TY(PHX_V_MAP), .elem = keep(s, elem), .depth = deeper(elem)};
}

struct phx_ty phx_ty_elem(struct phx_ty t)
{
	if (t.kinds == 0)
		return t;
	return t.elem ? *t.elem : phx_ty_of(PHX_TY_ANY);
}

static bool is_container(struct phx_ty t)
{
	return t.kinds & (PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP));
}

static bool same_scalar(struct phx_ty a, struct phx_ty b)
{
	return a.kinds == b.kinds && !is_container(a) && a.ref_kinds == b.ref_kinds && a.words == b.words;
}

/* What a value is that has either type. A poison side adds nothing. */
/* `network.ip` of a VM and of a container knows the same words. */
static bool same_words(const struct phx_words *a, const struct phx_words *b)
{
	if (a == b || !a || !b)
		return a == b;
	return a->spec && b->spec && a->spec->words && a->spec->words == b->spec->words && !a->option &&
	       !b->option;
}

/* The same types, out of the same memory. */
static bool identical(struct phx_ty a, struct phx_ty b)
{
	return a.kinds == b.kinds && a.ref_kinds == b.ref_kinds && a.elem == b.elem && a.fields == b.fields &&
	       a.words == b.words && a.block == b.block && a.block_kinds == b.block_kinds &&
	       a.blocks == b.blocks && a.stands == b.stands;
}

struct phx_ty phx_ty_join(struct phx_sema *s, struct phx_ty a, struct phx_ty b)
{
	struct phx_ty t;

	if ((a.fields || a.elem || a.stands) && identical(a, b))
		return a;
	if (a.kinds == 0 || same_scalar(a, b))
		return b;
	if (b.kinds == 0)
		return a;
	if (a.kinds == PHX_TY_ANY || b.kinds == PHX_TY_ANY)
		return phx_ty_of(PHX_TY_ANY);
	t = phx_ty_of(a.kinds | b.kinds);
	if (!(a.kinds & PHX_TY(PHX_V_REF)))
		t.ref_kinds = b.ref_kinds;
	else if (!(b.kinds & PHX_TY(PHX_V_REF)))
		t.ref_kinds = a.ref_kinds;
	else if (a.ref_kinds && b.ref_kinds)
		t.ref_kinds = a.ref_kinds | b.ref_kinds;
	t.depth = a.depth > b.depth ? a.depth : b.depth;
	t.words = same_words(a.words, b.words) ? a.words : NULL;
	if (is_container(a) && is_container(b))
		t.elem = keep(s, phx_ty_join(s, phx_ty_elem(a), phx_ty_elem(b)));
	else
		t.elem = is_container(a) ? a.elem : b.elem;
	return t;
}

bool phx_ty_fits(struct phx_ty t, uint32_t kinds)
{
	return t.kinds == 0 || (t.kinds & kinds) != 0;
}

/* --- of attributes and values --- */

static uint32_t attr_kinds(uint32_t types)
{
	static const struct {
		uint32_t bit, kinds;
	} table[] = {
		{PHX_AT_BOOL, PHX_TY(PHX_V_BOOL)},
		{PHX_AT_INT, PHX_TY(PHX_V_INT)},
		{PHX_AT_FLOAT, PHX_TY(PHX_V_FLOAT)},
		{PHX_AT_STRING | PHX_AT_ENUM, PHX_TY(PHX_V_STRING)},
		{PHX_AT_SIZE, PHX_TY(PHX_V_SIZE)},
		{PHX_AT_DURATION, PHX_TY(PHX_V_DURATION)},
		{PHX_AT_IP, PHX_TY(PHX_V_IP)},
		{PHX_AT_CIDR, PHX_TY(PHX_V_CIDR)},
		{PHX_AT_MAC, PHX_TY(PHX_V_MAC)},
		{PHX_AT_REF, PHX_TY(PHX_V_REF)},
		{PHX_AT_FEATURE, PHX_TY(PHX_V_REF) | PHX_TY(PHX_V_CALL)},
		{PHX_AT_MAP, PHX_TY(PHX_V_MAP)},
		{PHX_AT_ANY, PHX_TY_ANY},
	};
	uint32_t kinds = 0;

	for (size_t i = 0; i < PHX_COUNTOF(table); i++) {
		if (types & table[i].bit)
			kinds |= table[i].kinds;
	}
	return kinds;
}

struct phx_ty phx_ty_attr(struct phx_sema *s, enum phx_kind kind, const struct phx_attr_spec *spec)
{
	struct phx_ty t = phx_ty_of(attr_kinds(spec->types));

	t.ref_kinds = spec->ref_kinds;
	if (spec->types & PHX_AT_ENUM) {
		struct phx_words *words = PHX_NEW(&s->tmp, struct phx_words);

		words->spec = spec;
		if (!spec->words)
			words->option = phx_schema_option(s->opt->options, kind, spec);
		words->any = !spec->words && !words->option;
		t.words = words;
	}
	return spec->types & PHX_AT_LIST ? phx_ty_list(s, t) : t;
}

struct phx_ty phx_ty_value(struct phx_sema *s, const struct phx_value *v)
{
	struct phx_ty elem = {0};

	if (v->flags & PHX_VF_POISON)
		return elem;
	if (v->flags & PHX_VF_UNKNOWN)
		return v->kind == PHX_V_NULL ? phx_ty_of(PHX_TY_ANY) : phx_ty_of(PHX_TY(v->kind));
	if (v->kind == PHX_V_REF)
		return phx_ty_ref(1U << v->ref->kind);
	if (v->kind == PHX_V_LIST) {
		for (uint32_t i = 0; i < v->list.n; i++)
			elem = phx_ty_join(s, elem, phx_ty_value(s, &v->list.v[i]));
		return phx_ty_list(s, elem.kinds ? elem : phx_ty_of(PHX_TY_ANY));
	}
	if (v->kind == PHX_V_MAP) {
		for (uint32_t i = 0; i < v->map->n; i++)
			elem = phx_ty_join(s, elem, phx_ty_value(s, v->map->v[i].value));
		return phx_ty_map(s, elem.kinds ? elem : phx_ty_of(PHX_TY_ANY));
	}
	return phx_ty_of(PHX_TY(v->kind));
}

/* --- in words --- */

static void ref_text(uint32_t ref_kinds, struct phx_buf *out)
{
	bool first = true;

	phx_buf_c(out, "ref");
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		if (!(ref_kinds >> k & 1))
			continue;
		phx_buf_printf(out, "%s%s", first ? "<" : " or ", phx_kind_name((enum phx_kind)k));
		first = false;
	}
	if (!first)
		phx_buf_ch(out, '>');
}

static void kind_text(struct phx_ty t, enum phx_value_kind kind, struct phx_buf *out)
{
	if (kind == PHX_V_REF) {
		ref_text(t.ref_kinds, out);
	} else if (kind == PHX_V_MAP && t.fields) {
		phx_buf_c(out, "object");
	} else {
		phx_buf_c(out, phx_value_kind_name(kind));
		if (t.elem && t.elem->kinds && (kind == PHX_V_LIST || kind == PHX_V_MAP)) {
			phx_buf_ch(out, '<');
			phx_ty_text(*t.elem, out);
			phx_buf_ch(out, '>');
		}
	}
}

void phx_ty_text(struct phx_ty t, struct phx_buf *out)
{
	int left = __builtin_popcount(t.kinds);
	bool first = true;

	if (t.kinds == PHX_TY_ANY || t.kinds == 0) {
		phx_buf_c(out, "any");
		return;
	}
	for (int k = 0; k < PHX_V_KIND_COUNT; k++) {
		if (!(t.kinds & PHX_TY(k)))
			continue;
		left--;
		if (!first)
			phx_buf_c(out, left ? ", " : " or ");
		kind_text(t, (enum phx_value_kind)k, out);
		first = false;
	}
}

const char *phx_ty_name(struct phx_sema *s, struct phx_ty t)
{
	struct phx_buf text = {0};
	struct phx_str copy;

	phx_ty_text(t, &text);
	copy = phx_tmp_str(s, &text);
	phx_buf_done(&text);
	return copy.ptr;
}

/* --- types that are written down --- */

static const struct {
	const char *name;
	uint32_t kinds;
} type_names[] = {
	{"any", PHX_TY_ANY},
	{"bool", PHX_TY(PHX_V_BOOL)},
	{"int", PHX_TY(PHX_V_INT)},
	{"float", PHX_TY(PHX_V_FLOAT)},
	{"string", PHX_TY(PHX_V_STRING)},
	{"size", PHX_TY(PHX_V_SIZE)},
	{"duration", PHX_TY(PHX_V_DURATION)},
	{"ip", PHX_TY(PHX_V_IP)},
	{"cidr", PHX_TY(PHX_V_CIDR)},
	{"mac", PHX_TY(PHX_V_MAC)},
	{"list", PHX_TY(PHX_V_LIST)},
	{"map", PHX_TY(PHX_V_MAP)},
	{"object", PHX_TY(PHX_V_MAP)},
};

static void unknown_type(struct phx_sema *s, struct phx_ast_name name)
{
	static const struct {
		const char *theirs, *ours;
	} foreign[] = {{"number", "int` or `float"},
		       {"str", "string"},
		       {"boolean", "bool"},
		       {"integer", "int"},
		       {"double", "float"},
		       {"array", "list"},
		       {"tuple", "list"},
		       {"set", "list"},
		       {"dict", "map"},
		       {"bytes", "size"},
		       {"address", "ip"},
		       {"secret", "secret<string>"}};
	struct phx_diag *d = phx_diag_add(s->bag, PHX0241, name.span, "unknown type `" PHX_STR_FMT "`",
					  PHX_STR_ARG(name.text));
	struct phx_str names[PHX_COUNTOF(type_names) + 2];

	for (size_t i = 0; i < PHX_COUNTOF(foreign); i++) {
		if (phx_str_eqc(name.text, foreign[i].theirs)) {
			phx_diag_help(s->bag, d, "phx calls it `%s`", foreign[i].ours);
			return;
		}
	}
	for (size_t i = 0; i < PHX_COUNTOF(type_names); i++)
		names[i] = phx_str_c(type_names[i].name);
	names[PHX_COUNTOF(type_names)] = PHX_STR("ref");
	names[PHX_COUNTOF(type_names) + 1] = PHX_STR("secret");
	phx_diag_suggest(s->bag, d, name.span, name.text, names, PHX_COUNTOF(names));
	phx_diag_note(
		s->bag, d,
		"types are bool, int, float, string, size, duration, ip, cidr, mac, list<T>, map<T>, object, "
		"ref<KIND>, secret<T> and any");
}

static struct phx_ty declared_ref(struct phx_sema *s, const struct phx_ast_type *t)
{
	enum phx_kind kind;
	struct phx_diag *d;

	if (!t->arg)
		return phx_ty_ref(0);
	kind = phx_resource_kind(t->arg->name.text);
	if (kind != PHX_KIND_NONE && !t->arg->arg)
		return phx_ty_ref(1U << kind);
	if (phx_str_eqc(t->arg->name.text, "guest"))
		return phx_ty_ref(1U << PHX_KIND_VM | 1U << PHX_KIND_CONTAINER);
	d = phx_diag_add(s->bag, PHX0241, t->arg->span, "`ref<…>` names a kind of resource");
	phx_diag_help(s->bag, d,
		      "write `ref<vm>`, `ref<container>`, `ref<image>`, `ref<pool>`, `ref<cluster>` or "
		      "`ref<guest>`");
	return phx_ty_of(0);
}

static struct phx_ty declared_plain(struct phx_sema *s, const struct phx_ast_type *t, size_t row,
				    bool *out_secret)
{
	struct phx_ty ty = phx_ty_of(type_names[row].kinds);
	bool container = ty.kinds == PHX_TY(PHX_V_LIST) || ty.kinds == PHX_TY(PHX_V_MAP);

	if (!t->arg)
		return ty;
	if (!container || strcmp(type_names[row].name, "object") == 0) {
		phx_diag_add(s->bag, PHX0241, t->span, "`%s` takes no type in `< >`", type_names[row].name);
		return phx_ty_of(0);
	}
	ty.elem = keep(s, phx_ty_declared(s, t->arg, out_secret));
	return ty;
}

struct phx_ty phx_ty_declared(struct phx_sema *s, const struct phx_ast_type *t, bool *out_secret)
{
	if (phx_str_eqc(t->name.text, "ref"))
		return declared_ref(s, t);
	if (phx_str_eqc(t->name.text, "secret") && t->arg) {
		*out_secret = true;
		return phx_ty_declared(s, t->arg, out_secret);
	}
	for (size_t i = 0; i < PHX_COUNTOF(type_names); i++) {
		if (phx_str_eqc(t->name.text, type_names[i].name))
			return declared_plain(s, t, i, out_secret);
	}
	unknown_type(s, t->name);
	return phx_ty_of(0);
}

/* Ints inside may become floats; what others share of the value must not change. */
static void unshare(struct phx_sema *s, struct phx_value *v)
{
	if (v->kind == PHX_V_LIST) {
		struct phx_value *copy = PHX_NEW_N(&s->tmp, struct phx_value, v->list.n);

		for (uint32_t i = 0; i < v->list.n; i++)
			copy[i] = v->list.v[i];
		v->list.v = copy;
	} else if (v->kind == PHX_V_MAP) {
		struct phx_object *copy = PHX_NEW(&s->tmp, struct phx_object);

		copy->n = v->map->n;
		copy->v = PHX_NEW_N(&s->tmp, struct phx_member, copy->n);
		for (uint32_t i = 0; i < copy->n; i++) {
			copy->v[i] = v->map->v[i];
			copy->v[i].value = PHX_NEW(&s->tmp, struct phx_value);
			*copy->v[i].value = *v->map->v[i].value;
		}
		v->map = copy;
	}
}

static bool accept_inside(struct phx_sema *s, struct phx_ty t, struct phx_value *v, struct phx_value *out_at)
{
	if (!t.elem || v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return true;
	unshare(s, v);
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++) {
		if (!phx_ty_accept(s, *t.elem, &v->list.v[i], out_at))
			return false;
	}
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++) {
		if (!phx_ty_accept(s, *t.elem, v->map->v[i].value, out_at))
			return false;
	}
	return true;
}

bool phx_ty_accept(struct phx_sema *s, struct phx_ty t, struct phx_value *v, struct phx_value *out_at)
{
	bool unknown = v->flags & PHX_VF_UNKNOWN;

	if (t.kinds == 0 || t.kinds == PHX_TY_ANY || v->flags & PHX_VF_POISON ||
	    (unknown && v->kind == PHX_V_NULL))
		return true;
	if (v->kind == PHX_V_INT && !(t.kinds & PHX_TY(PHX_V_INT)) && t.kinds & PHX_TY(PHX_V_FLOAT)) {
		if (!unknown)
			v->f = (double)v->i;
		v->kind = PHX_V_FLOAT;
		return true;
	}
	*out_at = *v;
	if (!(t.kinds & PHX_TY(v->kind)))
		return false;
	if (v->kind == PHX_V_REF && !unknown && t.ref_kinds && !(t.ref_kinds >> v->ref->kind & 1))
		return false;
	return accept_inside(s, t, v, out_at);
}
