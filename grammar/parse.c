#include "ast/parse.h"

#include "build_priv.h"

static void run(struct phx_parser *p)
{
	p->errors = 0;
	p->nframes = p->level = p->limit = p->indent = p->line_start = 0;
	p->prev = p->before = p->head_kind = 0;
	p->prev_at = p->prev_end = p->before_at = p->before_end = p->head = 0;
	p->held.kind = -1;
	p->closing = p->break_first = p->skipping = p->skip_all = p->muted = p->header = p->stopped =
		p->silent = p->retry = false;
	p->delivered = p->stuck = 0;
	p->recovered_at = UINT32_MAX;
	p->suspect_at = 0;
	p->nl = true;
	p->chunk_open = false;
	p->swallowed = 0;
	p->no_conflict_end = false;
	p->comments.n = p->nodes.n = p->args.n = p->entries.n = 0;
	p->deep = (struct phx_span){0};
	p->ast->body = (struct phx_body){.span = {p->file, 0, (uint32_t)p->text.len}};
	phx_scan_open(p);
	/* Not zero: recovery gave up, or the stack is full; both only after an error. */
	if (phx_yyparse(p))
		p->ast->body.lost++;
	phx_scan_close(p);
}

/* Parses until indentation has no more to say about brackets that were left open: each run may find one, and starts
 * again with its closer in place. What an abandoned run reported is forgotten. */
static void parse(struct phx_parser *p)
{
	struct phx_diag_bag *bag = p->bag;
	uint32_t n = bag->diags.n, errors = bag->errors, warnings = bag->warnings, before;

	if (!phx_lex_check_bytes(p)) {
		p->ast->body.lost++;
		return;
	}
	before = p->errors;
	n = bag->diags.n;
	errors = bag->errors;
	for (;;) {
		run(p);
		if (!p->retry)
			break;
		bag->diags.n = n;
		bag->errors = errors;
		bag->warnings = warnings;
	}
	p->errors += before;
}

struct phx_ast_file *phx_parse_source(struct phx_sources *sources, uint32_t file, struct phx_arena *a,
				      struct phx_diag_bag *bag)
{
	struct phx_parser *p = PHX_NEW(a, struct phx_parser);
	struct phx_ast_file *ast = PHX_NEW(a, struct phx_ast_file);
	const struct phx_source *source = phx_source_get(sources, file);

	if (!source)
		PHX_BUG("no source %u", file);
	*p = (struct phx_parser){
		.arena = a, .bag = bag, .sources = sources, .text = source->text, .file = file, .ast = ast};
	ast->file = file;
	ast->body.span = (struct phx_span){file, 0, (uint32_t)source->text.len};
	if (source->text.len > MAX_TEXT) {
		phx_parse_error(p, PHX0031, (struct phx_span){file, 0, 0},
				"a source file has at most 256 MiB");
		ast->body.lost++;
	} else {
		parse(p);
	}
	ast->errors = p->errors;
	ast->comments = p->comments.v;
	ast->ncomments = p->comments.n;
	phx_buf_done(&p->chunk);
	phx_arena_done(&p->scratch);
	return ast;
}
