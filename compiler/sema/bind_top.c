/* The top of the files: what is declared there, in whatever order. */
#include "sema/sema_priv.h"

/* --- what may come to be --- */

static bool guest_kind(struct phx_str name, enum phx_kind *out)
{
	*out = phx_kind_find(name);
	return *out == PHX_KIND_VM || *out == PHX_KIND_CONTAINER;
}

static void collect(struct phx_sema *s, const struct phx_body *body);

static void collect_block(struct phx_sema *s, const struct phx_stmt *stmt)
{
	const struct phx_ast_block *b = stmt->block;
	enum phx_kind kind = phx_resource_kind(b->type.text);
	const struct phx_expr *label = b->nlabels ? b->labels[0] : NULL;
	struct phx_map_entry *entry;

	if (kind == PHX_KIND_NONE || !label)
		return;
	phx_vec_push(
		&s->tmp, &s->patterns,
		((struct phx_pattern_decl){.kind = kind, .label = label, .head = b->head, .unit = s->unit}));
	if (label->kind != PHX_EXPR_STRING) {
		phx_vec_push(&s->tmp, &s->loose[kind], s->patterns.n - 1);
		return;
	}
	entry = phx_map_put(&s->tmp, &s->exact[kind], label->s, NULL);
	if (!entry->num)
		entry->num = s->patterns.n;
}

static void collect_stmt(struct phx_sema *s, const struct phx_stmt *stmt)
{
	if (stmt->kind == PHX_STMT_BLOCK)
		collect_block(s, stmt);
	else if (stmt->kind == PHX_STMT_FOR)
		collect(s, stmt->loop->body);
	for (uint32_t i = 0; stmt->kind == PHX_STMT_IF && i < stmt->branch->n; i++)
		collect(s, stmt->branch->arms[i].body);
}

static void collect(struct phx_sema *s, const struct phx_body *body)
{
	s->files.lost = s->files.lost || body->lost > 0;
	for (uint32_t i = 0; i < body->n; i++)
		collect_stmt(s, body->v[i]);
}

/* Could the text of a label become the name? Its fixed pieces must occur, in order, the outer ones at the ends. */
static bool template_possible(const struct phx_expr *label, struct phx_str name)
{
	for (uint32_t i = 0; i < label->list.n; i++) {
		const struct phx_expr *piece = label->list.v[i];
		bool last = i + 1 == label->list.n;
		ptrdiff_t at;

		if (piece->flags & PHX_EF_INTERP || piece->kind != PHX_EXPR_STRING)
			continue;
		if (last && i > 0)
			return name.len >= piece->s.len &&
			       phx_str_eq(phx_str_from(name, name.len - piece->s.len), piece->s);
		at = phx_str_find(name, piece->s);
		if (at < 0 || (i == 0 && at != 0))
			return false;
		name = phx_str_from(name, (size_t)at + piece->s.len);
		if (last)
			return name.len == 0;
	}
	return true;
}

bool phx_label_possible(const struct phx_expr *label, struct phx_str name)
{
	if (label->kind == PHX_EXPR_STRING)
		return phx_str_eq(label->s, name);
	return label->kind == PHX_EXPR_TEMPLATE ? template_possible(label, name) : true;
}

bool phx_pattern_possible(struct phx_sema *s, enum phx_kind kind, struct phx_str name)
{
	if (phx_map_find(&s->exact[kind], name) || (kind == PHX_KIND_FEATURE && phx_builtin_exists(s, name)))
		return true;
	for (uint32_t i = 0; i < s->loose[kind].n; i++) {
		if (phx_label_possible(s->patterns.v[s->loose[kind].v[i]].label, name))
			return true;
	}
	return false;
}

/* --- resources that do not exist --- */

static bool maybe_lost(struct phx_sema *s, struct phx_str name)
{
	for (uint32_t i = 0; s->files.lost && i < s->nasts; i++) {
		struct phx_str rest = phx_source_get(s->sources, s->asts[i]->file)->text;
		ptrdiff_t at;

		while ((at = phx_str_find(rest, name)) > 0) {
			if (rest.ptr[at - 1] == ' ' || rest.ptr[at - 1] == '"')
				return true;
			rest = phx_str_from(rest, (size_t)at + 1);
		}
	}
	return false;
}

static bool same_name_elsewhere(struct phx_sema *s, struct phx_diag *d, enum phx_kind kind,
				struct phx_str name)
{
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		struct phx_map_entry *other =
			(enum phx_kind)k == kind ? NULL : phx_map_find(&s->exact[k], name);

		if (!other)
			continue;
		phx_diag_help(s->bag, d, "there is `%s." PHX_STR_FMT "`", phx_kind_name((enum phx_kind)k),
			      PHX_STR_ARG(name));
		phx_diag_label(s->bag, d, s->patterns.v[other->num - 1].head, "declared here");
		return true;
	}
	return false;
}

void phx_resource_unknown(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_span at)
{
	PHX_VEC(struct phx_str) names = {0};
	const struct phx_feature_list *builtin = kind == PHX_KIND_FEATURE ? phx_builtin_list(s) : NULL;
	struct phx_str near;
	struct phx_diag *d;

	if (maybe_lost(s, name))
		return;
	for (uint32_t i = 0; i < s->exact[kind].n; i++)
		phx_vec_push(&s->tmp, &names, s->exact[kind].entries[i].key);
	for (uint32_t i = 0; builtin && i < builtin->n; i++)
		phx_vec_push(&s->tmp, &names, builtin->names[i]);
	d = phx_diag_add(s->bag, PHX0312, at, "there is no %s `" PHX_STR_FMT "`", phx_kind_name(kind),
			 PHX_STR_ARG(name));
	phx_diag_label(s->bag, d, at, "not declared anywhere");
	if (builtin)
		phx_diag_note(s->bag, d, "features that come with phx are in " PHX_STR_FMT,
			      PHX_STR_ARG(builtin->dir));
	if (same_name_elsewhere(s, d, kind, name))
		return;
	near = phx_str_nearest(name, names.v, names.n);
	if (near.len) {
		struct phx_str text = phx_str_printf(s->bag->arena, "%s." PHX_STR_FMT, phx_kind_name(kind),
						     PHX_STR_ARG(near));

		phx_diag_help(s->bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(text));
		phx_diag_fix(s->bag, d, at, text, false);
	} else if (kind == PHX_KIND_FEATURE) {
		phx_diag_help(s->bag, d, "declare it: `feature " PHX_STR_FMT " { script = \"….sh\" }`",
			      PHX_STR_ARG(name));
	}
}

/* --- declarations --- */

bool phx_not_available(struct phx_sema *s, struct phx_ast_name type)
{
	static const char *const later[] = {"module", "profile", "moved", "import"};
	struct phx_diag *d;

	for (size_t i = 0; i < PHX_COUNTOF(later); i++) {
		if (!phx_str_eqc(type.text, later[i]))
			continue;
		d = phx_diag_add(s->bag, PHX0331, type.span,
				 "this version of phx does not have `%s` blocks yet", later[i]);
		phx_diag_label(s->bag, d, type.span, "part of the language, but not of this version");
		return true;
	}
	return false;
}

static void unknown_decl(struct phx_sema *s, const struct phx_ast_block *b)
{
	static const struct phx_str known[] = {
		{"stack", 5},  {"cluster", 7}, {"param", 5},  {"let", 3},     {"defaults", 8},
		{"image", 5},  {"vm", 2},      {"pool", 4},   {"feature", 7}, {"container", 9},
		{"assert", 6}, {"output", 6},  {"policy", 6},
	};
	const char *foreign = phx_foreign_top(b->type.text);
	struct phx_diag *d =
		phx_diag_add(s->bag, PHX0239, b->type.span, "there is no declaration `" PHX_STR_FMT "`",
			     PHX_STR_ARG(b->type.text));

	phx_diag_label(s->bag, d, b->type.span, "unknown here");
	if (foreign)
		phx_diag_help(s->bag, d, "%s", foreign);
	else if (phx_str_nearest(b->type.text, known, PHX_COUNTOF(known)).len)
		phx_diag_suggest(s->bag, d, b->type.span, b->type.text, known, PHX_COUNTOF(known));
	else
		phx_diag_note(
			s->bag, d,
			"a file holds stack, cluster, param, let, defaults, image, vm, container, pool, "
			"feature, policy, for, if, assert and output");
}

static struct phx_do_block *bind_defaults(struct phx_sema *s, struct phx_scope *in,
					  const struct phx_ast_block *b)
{
	struct phx_do_block *out;
	struct phx_diag *d;
	enum phx_kind kind;

	if (b->nlabels != 1 || b->labels[0]->kind != PHX_EXPR_STRING || !guest_kind(b->labels[0]->s, &kind)) {
		d = phx_diag_add(s->bag, PHX0305, b->head, "`defaults` are for `vm` or for `container`");
		phx_diag_help(s->bag, d, "write `defaults vm { … }` or `defaults container { … }`");
		return NULL;
	}
	out = PHX_NEW(&s->tmp, struct phx_do_block);
	out->spec = phx_schema_kind(kind);
	out->kind = kind;
	out->defaults = true;
	s->in_defaults = true;
	phx_bind_block(s, in, b, out);
	s->in_defaults = false;
	return out;
}

struct phx_do_block *phx_bind_decl(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt)
{
	const struct phx_ast_block *b = stmt->block;
	enum phx_kind kind = phx_resource_kind(b->type.text);
	struct phx_do_block *out;
	struct phx_diag *d;

	if (kind == PHX_KIND_NONE)
		kind = phx_kind_find(b->type.text);
	if (kind == PHX_KIND_DEFAULTS)
		return bind_defaults(s, in, b);
	if (kind == PHX_KIND_NONE && phx_str_eqc(b->type.text, "policy")) {
		d = phx_diag_add(s->bag, PHX0238, b->head, "`policy` may not stand in a loop or a condition");
		phx_diag_help(s->bag, d, "move it to the top of the file, and the loop or condition into it");
		return NULL;
	}
	if (kind == PHX_KIND_NONE) {
		if (!phx_not_available(s, b->type))
			unknown_decl(s, b);
		return NULL;
	}
	out = PHX_NEW(&s->tmp, struct phx_do_block);
	out->spec = phx_schema_kind(kind);
	out->kind = kind;
	phx_bind_block(s, in, b, out);
	return out->nlabels ? out : NULL;
}

/* --- all files --- */

static void declare_names(struct phx_sema *s)
{
	for (uint32_t f = 0; f < s->nasts; f++) {
		const struct phx_body *body = &s->asts[f]->body;

		phx_scope_lets(s, &s->files, body);
		for (uint32_t i = 0; i < body->n; i++) {
			struct phx_sema_param *p;
			struct phx_sym *sym;

			if (body->v[i]->kind != PHX_STMT_PARAM)
				continue;
			p = phx_param_new(s, body->v[i]->param);
			sym = phx_scope_declare(s, &s->files, PHX_SYM_PARAM, body->v[i]->param->name);
			sym->param = p;
			sym->ty = p->ty;
			sym->typing = p->typed ? PHX_DONE : PHX_TODO;
			phx_vec_push(&s->tmp, &s->params, p);
		}
	}
}

static void collect_all(struct phx_sema *s)
{
	for (uint32_t f = 0; f < s->nasts; f++) {
		const struct phx_body *body = &s->asts[f]->body;

		for (uint32_t i = 0; i < body->n; i++) {
			s->unit++;
			collect_stmt(s, body->v[i]);
		}
	}
}

static void bind_names(struct phx_sema *s)
{
	for (uint32_t i = 0; i < s->files.syms.n; i++) {
		struct phx_sym *sym = s->files.syms.v[i];

		phx_sym_ty(s, sym);
		if (sym->param && sym->param->typed)
			phx_bind_param(s, &s->files, sym->param);
	}
}

void phx_bind_all(struct phx_sema *s)
{
	declare_names(s);
	collect_all(s);
	phx_params_given(s);
	bind_names(s);
	for (uint32_t f = 0, unit = 0; f < s->nasts; f++) {
		const struct phx_body *body = &s->asts[f]->body;
		struct phx_body_ir ir = {0};

		if (f >= s->nasts - s->opt->npolicy_trees) {
			for (uint32_t i = 0; i < body->n; i++)
				phx_policy_file_stmt(s, body->v[i]);
			continue;
		}
		phx_bind_body(s, &s->files, body, PHX_PLACE_TOP, &ir);
		/* Statements that gave nothing have no place in the IR. */
		for (uint32_t i = 0, k = 0; k < ir.n; i++) {
			unit++;
			if (ir.v[k].ast != body->v[i])
				continue;
			phx_vec_push(&s->tmp, &s->top, ((struct phx_top){.stmt = &ir.v[k], .unit = unit}));
			k++;
		}
		unit = 0;
		for (uint32_t g = 0; g <= f; g++)
			unit += s->asts[g]->body.n;
	}
}
