/* Parsing in tests: trees as s-expressions, diagnostics as `PHX0100@line:col`. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ast/fmt.h"
#include "ast/parse.h"
#include "base/diag.h"

struct parsed {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_ast_file *ast;
	struct phx_buf text; /* of what was asked last */
};

static inline struct parsed *parse_str(struct phx_str text)
{
	struct parsed *p = calloc(1, sizeof(*p));
	uint32_t file;

	assert_non_null(p);
	phx_sources_init(&p->sources, &p->arena);
	phx_diag_bag_init(&p->bag, &p->arena, &p->sources);
	file = phx_source_add(&p->sources, PHX_STR("t.phx"), text);
	p->ast = phx_parse_source(&p->sources, file, &p->arena, &p->bag);
	assert_non_null(p->ast);
	return p;
}

static inline struct parsed *parse(const char *text)
{
	return parse_str(phx_str_c(text));
}

static inline void parsed_free(struct parsed *p)
{
	phx_buf_done(&p->text);
	phx_arena_done(&p->arena);
	free(p);
}

static inline int by_place(const void *a, const void *b)
{
	const struct phx_diag *x = *(struct phx_diag *const *)a, *y = *(struct phx_diag *const *)b;

	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static inline const char *view(struct parsed *p)
{
	return p->text.ptr ? p->text.ptr : "";
}

/* "PHX0019@3:12 PHX0112@4:10" */
static inline const char *codes(struct parsed *p)
{
	uint32_t i;

	phx_buf_clear(&p->text);
	if (p->bag.diags.n)
		qsort(p->bag.diags.v, p->bag.diags.n, sizeof(*p->bag.diags.v), by_place);
	for (i = 0; i < p->bag.diags.n; i++) {
		const struct phx_diag *d = p->bag.diags.v[i];
		struct phx_pos pos = phx_source_pos(&p->sources, d->span);

		phx_buf_printf(&p->text, "%s%s@%u:%u", i ? " " : "", phx_code_info(d->code)->name, pos.line,
			       pos.col);
	}
	return view(p);
}

static inline const char *dump(struct parsed *p)
{
	phx_buf_clear(&p->text);
	phx_ast_dump(p->ast, &p->text);
	return view(p);
}

/* The text parses without a word and has this tree. */
static inline void assert_tree(const char *text, const char *tree)
{
	struct parsed *p = parse(text);

	assert_string_equal(codes(p), "");
	assert_int_equal(p->ast->errors, 0);
	assert_string_equal(dump(p), tree);
	parsed_free(p);
}

/* The expression, as a value. */
static inline void assert_expr(const char *text, const char *tree)
{
	struct phx_buf source = {0}, expected = {0};

	phx_buf_printf(&source, "x = %s\n", text);
	phx_buf_printf(&expected, "(= x %s)\n", tree);
	assert_tree(source.ptr, expected.ptr);
	phx_buf_done(&source);
	phx_buf_done(&expected);
}

static inline void assert_codes(const char *text, const char *expected)
{
	struct parsed *p = parse(text);

	assert_string_equal(codes(p), expected);
	assert_true((p->ast->errors > 0) == (p->bag.errors > 0));
	parsed_free(p);
}

/* These mistakes, and what is still understood. */
static inline void assert_recovered(const char *text, const char *expected, const char *tree)
{
	struct parsed *p = parse(text);

	assert_string_equal(codes(p), expected);
	assert_string_equal(dump(p), tree);
	parsed_free(p);
}

/* The first diagnostic by place. */
static inline const struct phx_diag *first(struct parsed *p)
{
	codes(p);
	assert_true(p->bag.diags.n > 0);
	return p->bag.diags.v[0];
}

/* All certain fixes applied. */
static inline void apply_fixes(struct parsed *p, struct phx_buf *out)
{
	struct phx_str text = phx_source_get(&p->sources, p->ast->file)->text;
	uint32_t at = 0, i, j;

	codes(p);
	for (i = 0; i < p->bag.diags.n; i++)
		for (j = 0; j < p->bag.diags.v[i]->fixes.n; j++) {
			const struct phx_diag_fix *fix = &p->bag.diags.v[i]->fixes.v[j];

			if (!fix->certain || fix->span.start < at)
				continue;
			phx_buf_str(out, phx_str_slice(text, at, fix->span.start - at));
			phx_buf_str(out, fix->text);
			at = fix->span.end;
		}
	phx_buf_str(out, phx_str_from(text, at));
}

/* The mistake has this code and place, and its certain fix leaves this text, without a mistake. */
static inline void assert_fixed(const char *text, const char *code, const char *fixed)
{
	struct parsed *p = parse(text);
	struct phx_buf out = {0};

	assert_string_equal(codes(p), code);
	apply_fixes(p, &out);
	assert_string_equal(out.ptr, fixed);
	parsed_free(p);
	assert_codes(fixed, "");
	phx_buf_done(&out);
}
