/* The tokens of any text come in order, lie in the file, and end; brackets are delivered in pairs. */
#include "fuzz.h"

#include "parse_priv.h"

static void check_pairs(int token, int *open)
{
	switch (token) {
	case '{':
	case '[':
	case '(':
	case TOK_INTERP:
	case TOK_STR_BEGIN:
		++*open;
		break;
	case '}':
	case ']':
	case ')':
	case TOK_INTERP_END:
	case TOK_STR_END:
		FUZZ_CHECK(--*open >= 0);
		break;
	default:
		break;
	}
}

static void check_tokens(struct phx_parser *p)
{
	uint32_t tokens = 0, start = 0;
	struct phx_span at;
	PHX_YYSTYPE val;
	int token, open = 0;

	while ((token = phx_yylex(&val, &at, p)) != 0) {
		FUZZ_CHECK(at.start <= at.end && at.end <= p->text.len);
		/* A closer that was put in has the place of what stands before it. */
		FUZZ_CHECK(token == TOK_PHX_YYerror || at.start >= start || at.start == at.end);
		if (token != TOK_PHX_YYerror)
			start = at.start;
		check_pairs(token, &open);
		/* Nothing is delivered without using up the text, but for what closes brackets. */
		FUZZ_CHECK(++tokens <= 3 * p->text.len + MAX_FRAMES + 3);
	}
	FUZZ_CHECK(open == 0 && p->nframes == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_arena arena = {0};
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_parser *p = PHX_NEW(&arena, struct phx_parser);

	phx_sources_init(&sources, &arena);
	phx_diag_bag_init(&bag, &arena, &sources);
	p->file = phx_source_add(&sources, PHX_STR("fuzz.phx"), (struct phx_str){(const char *)data, size});
	p->arena = &arena;
	p->bag = &bag;
	p->sources = &sources;
	p->text = phx_source_get(&sources, p->file)->text;
	p->held.kind = -1;
	p->nl = true;
	phx_scan_open(p);
	check_tokens(p);
	phx_scan_close(p);
	phx_buf_done(&p->chunk);
	phx_arena_done(&arena);
	return 0;
}
