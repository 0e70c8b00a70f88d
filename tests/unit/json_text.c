#include "base_test.h"

#include <stdarg.h>

#include "ast/fmt.h"
#include "ast/parse.h"
#include "json_text.h"
#include "sema/sema.h"

void run_init(struct run *r)
{
	*r = (struct run){0};
	r->secrets.arena = &r->arena;
	phx_sources_init(&r->sources, &r->arena);
	phx_diag_bag_init(&r->bag, &r->arena, &r->sources);
}

void run_done(struct run *r)
{
	phx_arena_done(&r->arena);
}

void run_files(struct run *r, const struct phx_phoenix_options *o, const uint32_t *files, uint32_t n)
{
	static const struct phx_phoenix_options none;

	r->config = phx_phoenix_load(&r->sources, files, n, o ? o : &none, &r->arena, &r->bag, &r->secrets,
				     &r->report);
	phx_sema_add_builtins(&r->sources, r->config, NULL, &r->arena, &r->bag, &r->secrets);
	r->graph = phx_graph_build(r->config, phx_options_new(&r->arena, PHX_STR("8.4")), &r->arena, &r->bag,
				   &r->secrets);
}

void run_load(struct run *r, const struct phx_phoenix_options *o, ...)
{
	uint32_t files[8], n = 0;
	const char *text;
	va_list args;

	va_start(args, o);
	while ((text = va_arg(args, const char *)) != NULL) {
		struct phx_str name = phx_str_printf(&r->arena, "%c.json", (char)('a' + n));

		assert_true(n < 8);
		files[n++] = phx_source_add(&r->sources, name, phx_str_c(text));
	}
	va_end(args);
	run_files(r, o, files, n);
}

uint32_t run_count(const struct run *r, enum phx_code code)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->bag.diags.n; i++)
		n += r->bag.diags.v[i]->code == code;
	return n;
}

const struct phx_diag *run_diag(const struct run *r, enum phx_code code)
{
	for (uint32_t i = 0; i < r->bag.diags.n; i++) {
		if (r->bag.diags.v[i]->code == code)
			return r->bag.diags.v[i];
	}
	fail_msg("%s was not given", phx_code_info(code)->name);
	return NULL;
}

bool run_at(const struct run *r, const struct phx_diag *d, uint32_t line, uint32_t col)
{
	struct phx_pos pos = phx_source_pos(&r->sources, d->span);

	if (pos.line == line && pos.col == col)
		return true;
	print_message("it stands at %u:%u\n", pos.line, pos.col);
	return false;
}

const struct phx_decl *run_decl(const struct run *r, const char *address)
{
	for (uint32_t i = 0; i < r->config->decls.n; i++) {
		if (phx_str_eqc(r->config->decls.v[i]->address, address))
			return r->config->decls.v[i];
	}
	return NULL;
}

/* --- the way back --- */

static void no_errors(const struct run *r, const char *name, const struct phx_buf *text)
{
	struct phx_buf out = {0};

	if (r->bag.errors == 0)
		return;
	phx_diag_render(&r->bag, PHX_DIAG_HUMAN, false, &out);
	print_message("%s\n%s\n%s", name, text->ptr, out.ptr);
	phx_buf_done(&out);
	fail_msg("%s: the text has mistakes", name);
}

static void is_formatted(const struct run *r, const struct phx_ast_file *ast, const char *name,
			 const struct phx_buf *text)
{
	struct phx_buf out = {0};

	assert_true(phx_fmt_file(ast, &r->sources, &out));
	if (!phx_str_eq(phx_buf_view(&out), phx_buf_view(text)))
		print_message("%s\n%s\n--- formatted ---\n%s", name, text->ptr, out.ptr);
	assert_true(phx_str_eq(phx_buf_view(&out), phx_buf_view(text)));
	phx_buf_done(&out);
}

static void same_graph(const struct run *a, const struct run *b, const char *name, const struct phx_buf *text)
{
	struct phx_buf x = {0}, y = {0};

	phx_graph_json(a->graph, NULL, &x);
	phx_graph_json(b->graph, NULL, &y);
	if (!phx_str_eq(phx_buf_view(&x), phx_buf_view(&y)))
		print_message("%s\n%s\n--- from JSON ---\n%s\n--- from the text ---\n%s\n", name, text->ptr,
			      x.ptr, y.ptr);
	assert_true(phx_str_eq(phx_buf_view(&x), phx_buf_view(&y)));
	phx_buf_done(&x);
	phx_buf_done(&y);
}

void run_round_trip(struct run *r, const char *name)
{
	struct phx_sema_options o = {0};
	struct phx_buf text = {0};
	const struct phx_ast_file *ast;
	struct run back;
	uint32_t file;

	run_init(&back);
	o.options = phx_options_new(&back.arena, PHX_STR("8.4"));
	phx_phx_write(r->config, &r->report, &text);
	file = phx_source_add(&back.sources, PHX_STR("import.phx"), phx_buf_view(&text));
	ast = phx_parse_source(&back.sources, file, &back.arena, &back.bag);
	no_errors(&back, name, &text);
	is_formatted(&back, ast, name, &text);
	back.config = phx_sema_evaluate(&back.sources, &ast, 1, &o, &back.arena, &back.bag, &back.secrets);
	no_errors(&back, name, &text);
	back.graph = phx_graph_build(back.config, o.options, &back.arena, &back.bag, &back.secrets);
	no_errors(&back, name, &text);
	same_graph(r, &back, name, &text);
	phx_buf_done(&text);
	run_done(&back);
}
