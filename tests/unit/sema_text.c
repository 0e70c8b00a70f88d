#include "sema_text.h"

#include "ast/parse.h"
#include "model/option.h"

const char *sema_env(void *pairs, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *p = pairs; p && *p; p++) {
		if (strncmp(*p, name, len) == 0 && (*p)[len] == '=')
			return *p + len + 1;
	}
	return NULL;
}

void sema_run_files(struct sema_run *r, const struct sema_file *files, uint32_t n)
{
	const struct phx_ast_file **asts;

	phx_sources_init(&r->sources, &r->arena);
	phx_diag_bag_init(&r->bag, &r->arena, &r->sources);
	r->secrets = (struct phx_secrets){.arena = &r->arena};
	if (!r->options.options)
		r->options.options = phx_options_new(&r->arena, (struct phx_str){0});
	asts = PHX_NEW_N(&r->arena, const struct phx_ast_file *, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t file =
			phx_source_add(&r->sources, phx_str_c(files[i].path), phx_str_c(files[i].text));

		asts[i] = phx_parse_source(&r->sources, file, &r->arena, &r->bag);
	}
	r->config = phx_sema_evaluate(&r->sources, asts, n, &r->options, &r->arena, &r->bag, &r->secrets);
	assert_non_null(r->config);
}

void sema_run_text(struct sema_run *r, const char *text)
{
	sema_run_files(r, &(struct sema_file){"main.phx", text}, 1);
}

void sema_run_done(struct sema_run *r)
{
	phx_buf_done(&r->text);
	phx_buf_done(&r->codes);
	phx_arena_done(&r->arena);
	*r = (struct sema_run){0};
}

static int by_place(const void *a, const void *b)
{
	const struct phx_diag *x = *(const struct phx_diag *const *)a,
			      *y = *(const struct phx_diag *const *)b;

	if (x->span.file != y->span.file)
		return x->span.file < y->span.file ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return strcmp(phx_code_info(x->code)->name, phx_code_info(y->code)->name);
}

static const char *text_of(struct sema_run *r)
{
	return r->text.len ? r->text.ptr : "";
}

const char *sema_codes(struct sema_run *r)
{
	phx_buf_clear(&r->codes);
	if (r->bag.diags.n)
		qsort(r->bag.diags.v, r->bag.diags.n, sizeof(*r->bag.diags.v), by_place);
	for (uint32_t i = 0; i < r->bag.diags.n; i++)
		phx_buf_printf(&r->codes, "%s%s", i ? " " : "",
			       phx_code_info(r->bag.diags.v[i]->code)->name + 3);
	return r->codes.len ? r->codes.ptr : "";
}

const char *sema_report(struct sema_run *r)
{
	const struct phx_diag *d;

	sema_codes(r);
	phx_buf_clear(&r->text);
	if (r->bag.diags.n == 0)
		return "";
	d = r->bag.diags.v[0];
	phx_buf_str(&r->text, d->message);
	for (uint32_t i = 0; i < d->labels.n; i++) {
		struct phx_pos at = phx_source_pos(&r->sources, d->labels.v[i].span);

		phx_buf_printf(&r->text, "\n" PHX_STR_FMT ":%u:%u " PHX_STR_FMT, PHX_STR_ARG(at.path),
			       at.line, at.col, PHX_STR_ARG(d->labels.v[i].text));
	}
	for (uint32_t i = 0; i < d->notes.n; i++)
		phx_buf_printf(&r->text, "\nnote: " PHX_STR_FMT, PHX_STR_ARG(d->notes.v[i]));
	for (uint32_t i = 0; i < d->helps.n; i++)
		phx_buf_printf(&r->text, "\nhelp: " PHX_STR_FMT, PHX_STR_ARG(d->helps.v[i]));
	return text_of(r);
}

/* --- values --- */

static int by_name(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_attr *)a)->name, ((const struct phx_attr *)b)->name);
}

static void dump_block(const struct phx_block *b, unsigned indent, struct phx_buf *out)
{
	struct phx_attr *sorted = calloc(b->attrs.n + 1, sizeof(*sorted));

	if (b->attrs.n) {
		memcpy(sorted, b->attrs.v, b->attrs.n * sizeof(*sorted));
		qsort(sorted, b->attrs.n, sizeof(*sorted), by_name);
	}
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		phx_buf_fill(out, ' ', indent);
		phx_buf_str(out, sorted[i].name);
		phx_buf_c(out, " = ");
		phx_value_show(&sorted[i].value, out);
		phx_buf_ch(out, '\n');
	}
	free(sorted);
	for (uint32_t i = 0; i < b->blocks.n; i++) {
		const struct phx_block *inner = b->blocks.v[i];

		phx_buf_fill(out, ' ', indent);
		phx_buf_printf(out, "%s %.*s %.*s\n", inner->spec->name, PHX_STR_ARG(inner->label),
			       PHX_STR_ARG(inner->label2));
		dump_block(inner, indent + 2, out);
	}
}

static int by_address(const void *a, const void *b)
{
	return phx_str_cmp((*(const struct phx_decl *const *)a)->address,
			   (*(const struct phx_decl *const *)b)->address);
}

static void dump_decls(struct phx_decl **decls, uint32_t n, struct phx_buf *out)
{
	struct phx_decl **sorted = calloc(n + 1, sizeof(struct phx_decl *));

	for (uint32_t i = 0; i < n; i++)
		sorted[i] = decls[i];
	qsort(sorted, n, sizeof(struct phx_decl *), by_address);
	for (uint32_t i = 0; i < n; i++) {
		phx_buf_printf(out, PHX_STR_FMT "%s\n", PHX_STR_ARG(sorted[i]->address),
			       sorted[i]->poisoned ? " (poisoned)" : "");
		dump_block(&sorted[i]->body, 2, out);
	}
	free(sorted);
}

const char *sema_dump(struct sema_run *r)
{
	struct phx_config *c = r->config;

	phx_buf_clear(&r->text);
	phx_buf_printf(&r->text, "stack " PHX_STR_FMT "\n", PHX_STR_ARG(c->stack));
	dump_decls(c->defaults.v, c->defaults.n, &r->text);
	dump_decls(c->decls.v, c->decls.n, &r->text);
	for (uint32_t i = 0; i < c->outputs.n; i++) {
		phx_buf_printf(&r->text, "output " PHX_STR_FMT " = ", PHX_STR_ARG(c->outputs.v[i].name));
		phx_value_show(&c->outputs.v[i].value, &r->text);
		phx_buf_ch(&r->text, '\n');
	}
	return text_of(r);
}

const char *sema_output(struct sema_run *r, const char *name)
{
	phx_buf_clear(&r->text);
	for (uint32_t i = 0; i < r->config->outputs.n; i++) {
		if (phx_str_eqc(r->config->outputs.v[i].name, name)) {
			phx_value_show(&r->config->outputs.v[i].value, &r->text);
			return text_of(r);
		}
	}
	return "(none)";
}

static const struct phx_block *find_decl(const struct sema_run *r, const char *address)
{
	for (uint32_t i = 0; i < r->config->decls.n; i++) {
		if (phx_str_eqc(r->config->decls.v[i]->address, address))
			return &r->config->decls.v[i]->body;
	}
	return NULL;
}

const char *sema_attr(struct sema_run *r, const char *address, const char *path)
{
	const struct phx_block *b = find_decl(r, address);
	struct phx_str rest = phx_str_c(path), piece;

	phx_buf_clear(&r->text);
	while (b && phx_str_chr(rest, '.') >= 0 && phx_str_cut(&rest, '.', &piece))
		b = phx_block_child(b, phx_str_dup(&r->arena, piece).ptr);
	if (!b || !phx_block_attr(b, phx_str_dup(&r->arena, rest).ptr))
		return "(none)";
	phx_value_show(&phx_block_attr(b, phx_str_dup(&r->arena, rest).ptr)->value, &r->text);
	return text_of(r);
}

/* --- tables --- */

/* Prints what is wrong, so that one run shows all wrong rows. */
static bool check_case(const char *prelude, const struct sema_case *c)
{
	struct phx_buf text = {0};
	struct sema_run r = {0};
	const char *codes;
	bool ok = true;

	phx_buf_printf(&text, "%s\noutput it = %s\n", prelude, c->expr);
	sema_run_text(&r, text.ptr);
	codes = sema_codes(&r);
	if (c->expected[0] == '!') {
		ok = strcmp(codes, c->expected + 1) == 0;
		if (!ok)
			print_error("%s gave the codes \"%s\", not \"%s\": %s\n", c->expr, codes,
				    c->expected + 1, sema_report(&r));
	} else if (codes[0]) {
		ok = false;
		print_error("%s was refused: %s\n", c->expr, sema_report(&r));
	} else {
		ok = strcmp(sema_output(&r, "it"), c->expected) == 0;
		if (!ok)
			print_error("%s is %s, not %s\n", c->expr, sema_output(&r, "it"), c->expected);
	}
	sema_run_done(&r);
	phx_buf_done(&text);
	return ok;
}

void sema_check_cases(const char *prelude, const struct sema_case *cases, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++)
		wrong += !check_case(prelude, &cases[i]);
	assert_int_equal(wrong, 0);
}

void sema_expect_codes(const char *text, const char *codes)
{
	struct sema_run r = {0};
	const char *got;

	sema_run_text(&r, text);
	got = sema_codes(&r);
	if (strcmp(got, codes) != 0)
		fail_msg("the codes are \"%s\", not \"%s\": %s\n%s\n", got, codes, sema_report(&r), text);
	sema_run_done(&r);
}

void sema_expect_output(const char *text, const char *name, const char *expected)
{
	struct sema_run r = {0};

	sema_run_text(&r, text);
	if (sema_codes(&r)[0])
		fail_msg("refused: %s\n%s", sema_report(&r), text);
	assert_string_equal(sema_output(&r, name), expected);
	sema_run_done(&r);
}
