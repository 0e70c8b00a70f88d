/* What scanner, token filter, grammar and tree builder share.
 *
 * bytes → scanner (phx.l: raw tokens) → filter (filter.c: newlines, brackets, keywords, recovery) → grammar (phx.y)
 * → builder (build.c). All state of a run is in struct phx_parser. */
#pragma once

#include "ast/ast.h"
#include "base/diag.h"
#include "phx.tab.h"

enum {
	MAX_FRAMES = PHX_AST_MAX_DEPTH, /* open brackets and strings inside one another */
	MAX_TEXT = 256 * 1024 * 1024,   /* bytes of a source */
	MAX_ERRORS = 200,               /* per file; then parsing stops */
	MAX_RETRIES = 20,               /* brackets closed by indentation; each costs a parse of the file */
};

enum phx_frame_kind { FRAME_BRACE, FRAME_BRACKET, FRAME_PAREN, FRAME_INTERP, FRAME_STRING, FRAME_HEREDOC };

/* An open bracket, string or heredoc. */
struct phx_frame {
	uint8_t kind;     /* enum phx_frame_kind */
	bool items;       /* of an object, a list or arguments; not of a body, an index or a grouping */
	bool flush;       /* HEREDOC: `<<~` */
	bool bad;         /* STRING, HEREDOC: something in it was reported */
	uint32_t at, end; /* the opener */
	uint32_t indent;  /* column (from 0) of the first token on the opener's line */
	uint32_t
		dedent; /* offset of the first token that looks as if it stood behind the missing closer; 0: none */
	uint32_t limit; /* HEREDOC: where its end word's line starts */
	uint32_t word;  /* HEREDOC: where the end word starts */
	uint32_t stop;  /* HEREDOC: behind the end word */
};

struct phx_token {
	int kind;
	struct phx_span span;
	PHX_YYSTYPE val;
	bool nl;    /* the newline before it is still to be considered */
	bool first; /* on its line */
};

/* Where a closer is put in, because indentation says that it is missing. */
struct phx_forced {
	uint32_t at;     /* before the token that starts here */
	uint32_t opener; /* the frame that ends */
};

struct phx_parser {
	struct phx_arena *arena;
	struct phx_diag_bag *bag;
	const struct phx_sources *sources;
	struct phx_str text;
	uint32_t file;
	uint32_t errors;
	struct phx_diag ignored; /* what is built for errors beyond the limit */
	struct phx_ast_file *ast;
	PHX_VEC(struct phx_span) comments;

	/* scanner */
	bool nl;              /* a newline stood before the coming token */
	uint32_t line_start;  /* of the line that the scanner is in */
	struct phx_buf chunk; /* decoded text of a string, when it differs from the source */
	uint32_t chunk_at;    /* where the text started */
	uint32_t chunk_end;
	bool chunk_open, chunk_decoded;
	bool no_conflict_end;    /* no `>>>>>>>` follows */
	bool string_bad;         /* of the string that ended last */
	uint32_t swallowed;      /* closers that are text of a string without its end */
	uint32_t swallowed_from; /* where that string starts */

	/* filter */
	void *scanner;
	struct phx_frame frames[MAX_FRAMES];
	uint32_t nframes;
	uint32_t level;  /* frames around what the grammar reads now; recovery goes back to it */
	uint32_t limit;  /* no token of an interpolation may start behind it: end of the heredoc around it */
	uint32_t indent; /* column of the first token on the current line */
	int prev;        /* the token delivered last; 0 at the start */
	uint32_t prev_at, prev_end;
	int before; /* the token before that */
	uint32_t before_at, before_end;
	uint32_t head; /* offset of the statement's first token */
	int head_kind;
	bool head_equals;      /* its `=` was read … */
	uint32_t equals_at;    /* … there */
	struct phx_token held; /* comes next; kind -1: none */
	uint32_t close_to;     /* while nframes is above it, closers are delivered */
	bool closing, break_first;
	bool skipping, header; /* for the end of what `level` is in, or also for a `{` */
	bool skip_all;         /* not only one item of a list */
	bool muted;            /* a missing closer goes unreported */
	bool stopped, silent;  /* no more tokens; no more syntax errors */
	uint32_t recovered_at; /* `delivered` at the last recovery, to see that it makes progress */
	uint32_t delivered, stuck;
	struct phx_frame doc;                /* of the heredoc whose STR_BEGIN was read last */
	uint32_t suspect_at, suspect_opener; /* earliest `}` that stands too far left */
	struct phx_forced forced[MAX_RETRIES];
	uint32_t nforced;
	bool retry; /* stop: another closer was put into `forced` */

	/* builder: what lists are made of until they are complete */
	struct phx_arena scratch;
	PHX_VEC(void *) nodes;
	PHX_VEC(struct phx_ast_arg) args;
	PHX_VEC(struct phx_ast_entry) entries;
	struct phx_span deep; /* the last expression reported as too deep */
};

/* phx.l */
void phx_scan_open(struct phx_parser *p);
void phx_scan_close(struct phx_parser *p);
int phx_scan(PHX_YYSTYPE *val, struct phx_span *span, void *scanner);
void phx_scan_jump(struct phx_parser *p, uint32_t to); /* go on reading there */

/* filter.c */
int phx_yylex(PHX_YYSTYPE *val, struct phx_span *span, struct phx_parser *p);
enum phx_recovery { RECOVERY_KEEP, RECOVERY_DROP, RECOVERY_STUCK };
/* Called where the grammar recovers: makes the filter skip to the end of what `level` is in, unless the
 * look-ahead is that already. Tells what to do with the look-ahead; STUCK: give up, recovery does not get on. */
enum phx_recovery phx_filter_recover(struct phx_parser *p, int lookahead, bool header);
/* Whether a word begins declarations: `vm`, `stack`, … */
bool phx_word_declares(struct phx_str word);
/* Takes note that the innermost bracket looks unclosed, for another run; true: do not report anything. */
bool phx_filter_blame_bracket(struct phx_parser *p);

/* lex_literal.c: each returns a node, ERROR after a report */
struct phx_expr *phx_lex_number(struct phx_parser *p, struct phx_span at);
struct phx_expr *phx_lex_prefix(struct phx_parser *p, struct phx_span at); /* `10.0.0.0/24` */
/* A run of hex digits and colons: *out_len bytes of it are an address (or were reported); NULL, *out_len 0: no address. */
struct phx_expr *phx_lex_colons(struct phx_parser *p, struct phx_span at, uint32_t *out_len);

/* lex_string.c */
struct phx_expr *phx_lex_plain_string(struct phx_parser *p, struct phx_span at); /* `"…"` without escapes */
struct phx_expr *phx_lex_other_quotes(struct phx_parser *p, struct phx_span at, uint32_t open,
				      uint32_t close);
/* A `"` without another one on its line, whose end is *out_end. */
bool phx_lex_lonely_quote(struct phx_parser *p, struct phx_span at, uint32_t *out_end);
bool phx_lex_in_string(const struct phx_parser *p); /* in `${}` of a string on one line */
void phx_lex_unterminated(struct phx_parser *p, struct phx_span open, uint32_t end);
void phx_lex_escape(struct phx_parser *p, struct phx_span at);
void phx_lex_chunk(struct phx_parser *p, struct phx_span at); /* text that stands for itself */
void phx_lex_chunk_as(struct phx_parser *p, struct phx_span at, struct phx_str decoded);
struct phx_expr *phx_lex_take_chunk(struct phx_parser *p, struct phx_span *out_at); /* NULL: there is none */
/* At `<<EOF`: finds its end. False: reported. */
bool phx_lex_heredoc(struct phx_parser *p, struct phx_span at, struct phx_frame *out);

/* lex_error.c */
bool phx_lex_check_bytes(struct phx_parser *p); /* false: no use in parsing it */
/* What stands at `at`, outside strings, is not ASCII: reports it. Returns the token to go on with (0: none), *out_len its bytes. */
int phx_lex_foreign(struct phx_parser *p, struct phx_span at, PHX_YYSTYPE *val, uint32_t *out_len);
/* A word with something not ASCII in it: the token, and its first *out_len bytes. */
int phx_lex_foreign_name(struct phx_parser *p, struct phx_span at, uint32_t *out_len);
uint32_t phx_lex_bare_interpolation(struct phx_parser *p,
				    struct phx_span at); /* returns where to go on reading */
int phx_lex_foreign_operator(struct phx_parser *p, struct phx_span at, const char *ours, int token);
void phx_lex_dollar(struct phx_parser *p, struct phx_span at);
void phx_lex_stray(struct phx_parser *p, struct phx_span at);
/* At a line that is a merge conflict's marker: reports it and returns where to go on reading. */
uint32_t phx_lex_conflict(struct phx_parser *p, struct phx_span at);
bool phx_lex_at_line_start(const struct phx_parser *p, uint32_t at);

/* parse_error.c */
struct phx_diag *phx_parse_error(struct phx_parser *p, enum phx_code code, struct phx_span at,
				 const char *fmt, ...) PHX_PRINTF(4, 5);
/* parse_unexpected.c: something that the grammar cannot take; `expected` are the tokens that it could. */
void phx_parse_unexpected(struct phx_parser *p, int token, struct phx_span at, const int *expected, int n);
const char *phx_token_text(int token); /* phx.y: its alias */
void phx_parse_dangling(struct phx_parser *p,
			struct phx_span at); /* an operator or `=` without what follows it */
void phx_parse_too_deep(struct phx_parser *p, struct phx_span at);
struct phx_str phx_parse_text(const struct phx_parser *p, struct phx_span at);
const char *phx_frame_text(const struct phx_frame *f); /* "[" */
const char *phx_frame_closer(const struct phx_frame *f);
void phx_parse_unclosed(struct phx_parser *p, const struct phx_frame *f, struct phx_span where,
			const char *why);
