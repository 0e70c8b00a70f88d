/* `x.attr`, `x[i]`, `vm.web.memory`, `self.memory`: what stands behind a dot or in brackets. */
#include <string.h>

#include "sema/sema_priv.h"

/* Asked for every name in front of a dot; most are no kind, and their first letter says so. */
enum phx_kind phx_resource_kind(struct phx_str name)
{
	enum phx_kind kind;

	if (name.len < 2 || !strchr("vcipf", name.ptr[0]))
		return PHX_KIND_NONE;
	if (phx_str_eqc(name, "vm"))
		return PHX_KIND_VM;
	kind = phx_kind_find(name);
	return kind == PHX_KIND_STACK || kind == PHX_KIND_DEFAULTS ? PHX_KIND_NONE : kind;
}

/* --- resources --- */

static struct phx_bound bind_resource(struct phx_sema *s, enum phx_kind kind, struct phx_node *name,
				      struct phx_span at)
{
	struct phx_node *n = phx_node_new(s, PHX_N_RESOURCE, at);

	if (name->kind == PHX_N_POISON)
		return phx_bind_poison(s, at);
	if (name->kind == PHX_N_CONST && !phx_pattern_possible(s, kind, name->value.s)) {
		phx_resource_unknown(s, kind, name->value.s, at);
		return phx_bind_poison(s, at);
	}
	n->res.kind = kind;
	n->res.name = name;
	return phx_bound_of(n, phx_ty_ref(1U << kind));
}

/* A variable may be called `image` or `pool`; behind a dot it is meant only if it has something there. */
static bool names_kind(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e, enum phx_kind *out)
{
	const uint32_t members = PHX_TY(PHX_V_MAP) | PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_REF);
	struct phx_sym *sym;
	uint32_t hops;

	if (e->kind != PHX_EXPR_NAME)
		return false;
	*out = phx_resource_kind(e->s);
	if (*out == PHX_KIND_NONE)
		return false;
	sym = phx_scope_find(s, in, e->s, &hops);
	return !sym || (phx_sym_ty(s, sym).kinds & members) == 0;
}

static bool unknown_base(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	const char *help;
	struct phx_diag *d;
	uint32_t hops;

	if (e->kind != PHX_EXPR_NAME || phx_scope_find(s, in, e->s, &hops))
		return false;
	if (phx_str_eqc(e->s, "profile") || phx_str_eqc(e->s, "module")) {
		phx_diag_add(s->bag, PHX0331, e->span,
			     "this version of phx does not have `" PHX_STR_FMT "` yet", PHX_STR_ARG(e->s));
		return true;
	}
	help = phx_foreign_base(e->s);
	if (!help)
		return false;
	d = phx_diag_add(s->bag, PHX0230, e->span, "unknown name `" PHX_STR_FMT "`", PHX_STR_ARG(e->s));
	phx_diag_label(s->bag, d, e->span, "no such name here");
	phx_diag_help(s->bag, d, "%s", help);
	return true;
}

/* --- attributes --- */

static struct phx_bound extend_path(struct phx_sema *s, struct phx_bound b, struct phx_ast_name name,
				    struct phx_ty t, struct phx_span at)
{
	struct phx_node *n = b.node;
	struct phx_seg *segs;

	if (n->kind != PHX_N_PATH) {
		n = phx_node_new(s, PHX_N_PATH, at);
		n->path.of = b.node;
	}
	segs = PHX_NEW_N(&s->tmp, struct phx_seg, n->path.n + 1);
	for (uint32_t i = 0; i < n->path.n; i++)
		segs[i] = n->path.segs[i];
	segs[n->path.n] = (struct phx_seg){.name = name.text, .span = name.span, .blocks = t.blocks};
	n->path.segs = segs;
	n->path.n++;
	n->span = at;
	return phx_bound_of(n, t);
}

static struct phx_bound unknown_member(struct phx_sema *s, const struct phx_bound *b,
				       struct phx_ast_name name, struct phx_span at)
{
	const struct phx_block_spec *in = b->ty.block;
	enum phx_kind kind = PHX_KIND_VM;
	struct phx_schema_ctx c;

	for (int k = PHX_KIND_COUNT - 1; k > PHX_KIND_NONE; k--) {
		if ((in ? b->ty.block_kinds : b->ty.ref_kinds) >> k & 1)
			kind = (enum phx_kind)k;
	}
	c = phx_schema_ctx_of(s, kind, (struct phx_span){0});
	if (!in)
		in = phx_schema_kind(kind);
	if (!phx_foreign_attr(s, &c, in, name.text, name.span))
		phx_schema_unknown_attr(&c, in, name.text, name.span);
	return phx_bind_poison(s, at);
}

static struct phx_bound unknown_field(struct phx_sema *s, const struct phx_bound *b, struct phx_str name,
				      struct phx_span at, struct phx_span whole)
{
	struct phx_str *names;
	struct phx_diag *d;

	if (s->in_try) {
		struct phx_node *n = phx_node_new(s, PHX_N_MEMBER, whole);

		n->member.of = b->node;
		n->member.name = name;
		return phx_bound_of(n, phx_ty_of(PHX_TY_ANY));
	}
	names = PHX_NEW_N(&s->tmp, struct phx_str, b->ty.nfields);
	for (uint32_t i = 0; i < b->ty.nfields; i++)
		names[i] = b->ty.fields[i].name;
	d = phx_diag_add(s->bag, PHX0208, at, "the object has no key `" PHX_STR_FMT "`", PHX_STR_ARG(name));
	phx_diag_label(s->bag, d, at, "no such key");
	phx_diag_suggest(s->bag, d, at, name, names, b->ty.nfields);
	return phx_bind_poison(s, whole);
}

static struct phx_bound no_members(struct phx_sema *s, const struct phx_bound *b, struct phx_ast_name name,
				   struct phx_span at)
{
	struct phx_diag *d =
		phx_diag_add(s->bag, PHX0201, name.span, "a value of type %s has no `." PHX_STR_FMT "`",
			     phx_ty_name(s, b->ty), PHX_STR_ARG(name.text));

	phx_diag_label(s->bag, d, b->node->span, "this is a value of type %s", phx_ty_name(s, b->ty));
	if (b->ty.kinds == PHX_TY(PHX_V_LIST))
		phx_diag_help(s->bag, d,
			      "take an element with `[0]`, or go through all: `[x." PHX_STR_FMT
			      " for x in …]`",
			      PHX_STR_ARG(name.text));
	return phx_bind_poison(s, at);
}

static struct phx_bound bind_blocks_index(struct phx_sema *s, struct phx_bound of, struct phx_bound key,
					  struct phx_span at)
{
	struct phx_ty t = of.ty;

	if (!phx_bind_expect(s, &key, PHX_TY(PHX_V_STRING), "the name of a block"))
		return phx_bind_poison(s, at);
	of.node->path.segs[of.node->path.n - 1].label = key.node;
	of.node->span = at;
	t.blocks = false;
	t.elem = NULL;
	return phx_bound_of(of.node, t);
}

static struct phx_bound bind_member(struct phx_sema *s, struct phx_bound b, struct phx_ast_name name,
				    struct phx_span at)
{
	struct phx_ty t = b.ty;
	struct phx_node *n;
	bool found = false;

	if (t.kinds == 0)
		return phx_bind_poison(s, at);
	if (t.blocks && b.node->kind == PHX_N_PATH)
		return bind_blocks_index(s, b,
					 phx_bound_of(phx_node_const(s, phx_value_str(name.text, name.span)),
						      phx_ty_of(PHX_TY(PHX_V_STRING))),
					 at);
	if (t.kinds == PHX_TY(PHX_V_REF) || t.stands || (t.block && b.node->kind == PHX_N_PATH)) {
		t = phx_access_ty(s, t.block ? t.block_kinds : t.ref_kinds, t.block, name, &found);
		return found ? extend_path(s, b, name, t, at) : unknown_member(s, &b, name, at);
	}
	for (uint32_t i = 0; i < t.nfields && t.fields && !found; i++) {
		found = phx_str_eq(t.fields[i].name, name.text);
		if (found)
			t = t.fields[i].ty;
	}
	if (!found && t.fields && t.kinds == PHX_TY(PHX_V_MAP))
		return unknown_field(s, &b, name.text, name.span, at);
	if (!phx_ty_fits(t, found ? PHX_TY_ANY : PHX_TY(PHX_V_MAP) | PHX_TY(PHX_V_REF)))
		return no_members(s, &b, name, at);
	n = phx_node_new(s, PHX_N_MEMBER, at);
	n->member.of = b.node;
	n->member.name = name.text;
	if (found)
		return phx_bound_of(n, t);
	return phx_bound_of(n, t.kinds == PHX_TY(PHX_V_MAP) ? phx_ty_elem(t) : phx_ty_of(PHX_TY_ANY));
}

/* --- self --- */

static bool has_member(struct phx_sema *s, const struct phx_scope *at, struct phx_ast_name name,
		       struct phx_ty *out)
{
	const struct phx_block_spec *body = phx_schema_kind(at->kind);
	bool found = false;

	*out = phx_access_ty(s, 1U << at->kind, at->block == body ? NULL : at->block, name, &found);
	return found;
}

static struct phx_bound self_missing(struct phx_sema *s, struct phx_scope *in, struct phx_ast_name name,
				     struct phx_span at)
{
	struct phx_schema_ctx c;
	struct phx_diag *d;

	while (in && !in->block)
		in = in->up;
	if (in && !s->in_defaults) {
		c = phx_schema_ctx_of(s, in->kind, (struct phx_span){0});
		if (!phx_foreign_attr(s, &c, in->block, name.text, name.span))
			phx_schema_unknown_attr(&c, in->block, name.text, name.span);
		return phx_bind_poison(s, at);
	}
	d = phx_diag_add(s->bag, PHX0244, at,
			 in ? "`self` means nothing in `defaults`" : "`self` means nothing outside a block");
	if (in)
		phx_diag_note(s->bag, d, "defaults are values that many guests share");
	else
		phx_diag_help(s->bag, d, "name the resource, as in `vm.web." PHX_STR_FMT "`",
			      PHX_STR_ARG(name.text));
	return phx_bind_poison(s, at);
}

/* The innermost block around that knows the name. */
static struct phx_bound bind_self(struct phx_sema *s, struct phx_scope *in, struct phx_ast_name name,
				  struct phx_span at)
{
	struct phx_scope *scope = s->in_defaults ? NULL : in;
	uint32_t hops = 0;

	for (; scope; scope = scope->up) {
		struct phx_ty t;

		if (scope->block && has_member(s, scope, name, &t)) {
			struct phx_node *n = phx_node_new(s, PHX_N_SELF, at);

			n->local.hops = hops;
			return extend_path(s, phx_bound_of(n, t), name, t, at);
		}
		hops += scope->framed;
	}
	return self_missing(s, in, name, at);
}

static struct phx_bound bind_attr(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	struct phx_ast_name name = phx_expr_attr_name(e);
	const struct phx_expr *of = e->attr.of;
	enum phx_kind kind;

	if (of->kind == PHX_EXPR_SELF)
		return bind_self(s, in, name, e->span);
	if (names_kind(s, in, of, &kind))
		return bind_resource(s, kind, phx_node_const(s, phx_value_str(name.text, name.span)),
				     e->span);
	if (unknown_base(s, in, of))
		return phx_bind_poison(s, e->span);
	return bind_member(s, phx_bind(s, in, of, NULL), name, e->span);
}

/* --- brackets --- */

static struct phx_bound bind_key(struct phx_sema *s, struct phx_bound of, struct phx_bound key,
				 struct phx_span at)
{
	struct phx_ty t = of.ty;
	struct phx_node *n;

	if (t.fields && t.kinds == PHX_TY(PHX_V_MAP) && key.node->kind == PHX_N_CONST) {
		bool found = false;

		for (uint32_t i = 0; i < t.nfields && !found; i++) {
			found = phx_str_eq(t.fields[i].name, key.node->value.s);
			if (found)
				t = t.fields[i].ty;
		}
		if (!found)
			return unknown_field(s, &of, key.node->value.s, key.node->span, at);
	} else {
		const uint32_t inside = PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP);

		t = t.kinds & ~inside ? phx_ty_of(PHX_TY_ANY) : phx_ty_elem(t);
	}
	n = phx_node_new(s, PHX_N_INDEX, at);
	n->sub.a = of.node;
	n->sub.b = key.node;
	return phx_bound_of(n, t);
}

static struct phx_bound bind_index(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e)
{
	const uint32_t inside = PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP);
	struct phx_bound of, key;
	enum phx_kind kind;
	uint32_t want = 0;

	if (names_kind(s, in, e->bin.lhs, &kind)) {
		key = phx_bind(s, in, e->bin.rhs, NULL);
		if (!phx_bind_expect(s, &key, PHX_TY(PHX_V_STRING), "the name of a resource"))
			return phx_bind_poison(s, e->span);
		return bind_resource(s, kind, key.node, e->span);
	}
	if (unknown_base(s, in, e->bin.lhs))
		return phx_bind_poison(s, e->span);
	of = phx_bind(s, in, e->bin.lhs, NULL);
	key = phx_bind(s, in, e->bin.rhs, NULL);
	if (!phx_bind_expect(s, &of, inside, "what `[ ]` takes an element of") || of.ty.kinds == 0 ||
	    key.ty.kinds == 0)
		return phx_bind_poison(s, e->span);
	if (of.ty.blocks && of.node->kind == PHX_N_PATH)
		return bind_blocks_index(s, of, key, e->span);
	want |= of.ty.kinds & PHX_TY(PHX_V_LIST) ? PHX_TY(PHX_V_INT) : 0;
	want |= of.ty.kinds & PHX_TY(PHX_V_MAP) ? PHX_TY(PHX_V_STRING) : 0;
	if (!phx_bind_expect(s, &key, want,
			     want & PHX_TY(PHX_V_INT) ? "the index of a list" : "the key of a map"))
		return phx_bind_poison(s, e->span);
	return bind_key(s, of, key, e->span);
}

struct phx_bound phx_bind_path(struct phx_sema *s, struct phx_scope *in, const struct phx_expr *e,
			       const struct phx_words *words)
{
	struct phx_diag *d;

	(void)words;
	if (e->kind == PHX_EXPR_ATTR)
		return bind_attr(s, in, e);
	if (e->kind == PHX_EXPR_INDEX)
		return bind_index(s, in, e);
	d = phx_diag_add(s->bag, PHX0244, e->span, "`self` alone is no value");
	phx_diag_help(s->bag, d, "name one of its attributes: `self.name`");
	return phx_bind_poison(s, e->span);
}
