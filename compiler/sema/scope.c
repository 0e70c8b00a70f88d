/* Names: where they are declared, what is visible where, and what is said of one that is not. */
#include "sema/sema_priv.h"

struct phx_scope *phx_scope_new(struct phx_sema *s, struct phx_scope *up, const struct phx_block_spec *block)
{
	struct phx_scope *scope = PHX_NEW(&s->tmp, struct phx_scope);

	scope->up = up;
	scope->block = block;
	scope->kind = up ? up->kind : PHX_KIND_NONE;
	scope->framed = block != NULL;
	return scope;
}

static struct phx_sym *find_here(struct phx_sema *s, const struct phx_scope *in, struct phx_str name)
{
	if (in == &s->files)
		return phx_map_get(&s->globals, name);
	for (uint32_t i = 0; i < in->syms.n; i++) {
		if (phx_str_eq(in->syms.v[i]->name, name))
			return in->syms.v[i];
	}
	return NULL;
}

/* Names of the files come last: a template file sees none of them. */
struct phx_sym *phx_scope_find(struct phx_sema *s, struct phx_scope *in, struct phx_str name,
			       uint32_t *out_hops)
{
	uint32_t hops = 0;

	for (; in; in = in->up) {
		struct phx_sym *sym = find_here(s, in, name);

		if (sym) {
			*out_hops = hops;
			return sym;
		}
		if (in->closed)
			return NULL;
		hops += in->framed;
	}
	return NULL;
}

static const char *sym_word(const struct phx_sym *sym)
{
	static const char *const words[] = {
		[PHX_SYM_LET] = "let",
		[PHX_SYM_PARAM] = "param",
		[PHX_SYM_LOOP] = "for",
		[PHX_SYM_GIVEN] = "name",
	};

	return words[sym->kind];
}

static void report_clash(struct phx_sema *s, const struct phx_sym *sym, const struct phx_sym *other,
			 bool hides)
{
	struct phx_diag *d;

	if (hides)
		d = phx_diag_add(s->bag, PHX0232, sym->span, "`" PHX_STR_FMT "` would hide another name",
				 PHX_STR_ARG(sym->name));
	else
		d = phx_diag_add(s->bag, PHX0231, sym->span, "`" PHX_STR_FMT "` is defined twice",
				 PHX_STR_ARG(sym->name));
	phx_diag_label(s->bag, d, sym->span, hides ? "the inner one" : "defined again here");
	phx_diag_label(s->bag, d, other->span,
		       hides ? "the outer one, a `%s`" : "first defined here, as `%s`", sym_word(other));
	if (hides)
		phx_diag_help(s->bag, d, "give one of them another name");
}

struct phx_sym *phx_scope_declare(struct phx_sema *s, struct phx_scope *in, enum phx_sym_kind kind,
				  struct phx_ast_name name)
{
	struct phx_sym *sym = PHX_NEW(&s->tmp, struct phx_sym), *other = find_here(s, in, name.text);
	uint32_t hops;

	sym->name = name.text;
	sym->span = name.span;
	sym->kind = (uint8_t)kind;
	sym->scope = in;
	sym->cell.sym = sym;
	if (other && name.text.len)
		report_clash(s, sym, other, false);
	else if (in->up && !in->closed && (other = phx_scope_find(s, in->up, name.text, &hops)) &&
		 name.text.len)
		report_clash(s, sym, other, true);
	if (in == &s->files) {
		struct phx_map_entry *e = phx_map_put(&s->tmp, &s->globals, name.text, NULL);

		if (!e->ptr)
			e->ptr = sym;
	}
	sym->slot = in->syms.n;
	phx_vec_push(&s->tmp, &in->syms, sym);
	in->framed = in != &s->files;
	return sym;
}

void phx_scope_lets(struct phx_sema *s, struct phx_scope *in, const struct phx_body *body)
{
	in->lost = in->lost || body->lost > 0;
	for (uint32_t i = 0; i < body->n; i++) {
		const struct phx_stmt *stmt = body->v[i];

		if (stmt->kind == PHX_STMT_LET)
			phx_scope_declare(s, in, PHX_SYM_LET, stmt->attr.name)->ast = stmt->attr.value;
	}
}

/* --- names that do not exist --- */

struct candidates {
	PHX_VEC(struct phx_str) v;
};

static void visible_names(struct phx_sema *s, const struct phx_scope *in, struct candidates *out)
{
	for (; in; in = in->up) {
		for (uint32_t i = 0; i < in->syms.n; i++)
			phx_vec_push(&s->tmp, &out->v, in->syms.v[i]->name);
		if (in->closed)
			return;
	}
}

static void word_names(struct phx_sema *s, const struct phx_words *words, struct candidates *out)
{
	const char *const *list = words && words->spec ? words->spec->words : NULL;

	for (; list && *list; list++)
		phx_vec_push(&s->tmp, &out->v, phx_str_c(*list));
	for (uint32_t i = 0; words && words->option && i < words->option->nenums; i++)
		phx_vec_push(&s->tmp, &out->v, words->option->enums[i]);
}

/* `i-1` where `i` is known. */
static bool help_minus(struct phx_sema *s, struct phx_scope *in, struct phx_diag *d, struct phx_str name,
		       struct phx_span at)
{
	struct phx_str left, right, text;
	uint32_t hops;

	for (uint32_t i = 0; phx_name_split(name, i, &left, &right); i++) {
		if (!phx_scope_find(s, in, left, &hops))
			continue;
		text = phx_str_printf(s->bag->arena, PHX_STR_FMT " - " PHX_STR_FMT, PHX_STR_ARG(left),
				      PHX_STR_ARG(right));
		phx_diag_help(s->bag, d,
			      "names may hold a `-`; a minus has blanks around it: `" PHX_STR_FMT "`",
			      PHX_STR_ARG(text));
		phx_diag_fix(s->bag, d, at, text, false);
		return true;
	}
	return false;
}

static const struct phx_scope *block_around(const struct phx_scope *in, struct phx_str name)
{
	for (; in; in = in->up) {
		if (in->block && (phx_schema_attr(in->block, name) || phx_schema_block(in->block, name)))
			return in;
	}
	return NULL;
}

static bool help_other_kind(struct phx_sema *s, struct phx_scope *in, struct phx_diag *d, struct phx_str name)
{
	const char *foreign = phx_foreign_value(name);

	if (foreign)
		phx_diag_help(s->bag, d, "%s", foreign);
	else if (phx_resource_kind(name) != PHX_KIND_NONE)
		phx_diag_help(s->bag, d, "one of them is named as `" PHX_STR_FMT ".NAME`", PHX_STR_ARG(name));
	else if (phx_fn_find(name))
		phx_diag_help(s->bag, d, "`" PHX_STR_FMT "` is a function: %s", PHX_STR_ARG(name),
			      phx_fn_find(name)->usage);
	else if (block_around(in, name))
		phx_diag_help(s->bag, d, "an attribute of the same block is `self." PHX_STR_FMT "`",
			      PHX_STR_ARG(name));
	else
		return false;
	return true;
}

/* A statement that did not parse may have declared the name: is there text that looks so? */
static bool maybe_lost(struct phx_sema *s, const struct phx_scope *in, struct phx_str name)
{
	bool lost = false;

	for (; in; in = in->up)
		lost = lost || in->lost;
	for (uint32_t i = 0; lost && i < s->nasts; i++) {
		struct phx_str rest = phx_source_get(s->sources, s->asts[i]->file)->text;
		ptrdiff_t at;

		while ((at = phx_str_find(rest, name)) >= 0) {
			struct phx_str before = phx_str_trim(phx_str_slice(rest, 0, (size_t)at));

			if (phx_str_ends(before, "let") || phx_str_ends(before, "param") ||
			    phx_str_ends(before, "for"))
				return true;
			rest = phx_str_from(rest, (size_t)at + 1);
		}
	}
	return false;
}

static bool only_words(const struct phx_words *words)
{
	const uint32_t other = ~(uint32_t)(PHX_AT_ENUM | PHX_AT_LIST);

	if (!words)
		return false;
	return !words->spec || !(words->spec->types & other);
}

void phx_scope_unknown(struct phx_sema *s, struct phx_scope *in, struct phx_str name, struct phx_span at,
		       const struct phx_words *words)
{
	struct candidates names = {0};
	struct phx_diag *d;

	if (maybe_lost(s, in, name))
		return;
	visible_names(s, in, &names);
	if (only_words(words) && words->spec && phx_str_nearest(name, names.v.v, names.v.n).len == 0) {
		struct phx_schema_ctx c = phx_schema_ctx_of(s, in->kind, (struct phx_span){0});
		struct phx_value word = phx_value_str(name, at);

		word.flags = PHX_VF_WORD;
		if (!phx_schema_value(&c, words->spec, &word))
			return;
	}
	word_names(s, words, &names);
	d = phx_diag_add(s->bag, PHX0230, at, "unknown name `" PHX_STR_FMT "`", PHX_STR_ARG(name));
	phx_diag_label(s->bag, d, at, "no such name here");
	if (help_minus(s, in, d, name, at) || help_other_kind(s, in, d, name))
		return;
	if (phx_str_nearest(name, names.v.v, names.v.n).len)
		phx_diag_suggest(s->bag, d, at, name, names.v.v, names.v.n);
	else
		phx_diag_help(s->bag, d, "text stands in quotes: `\"" PHX_STR_FMT "\"`", PHX_STR_ARG(name));
}
