/* Tokens to tree. The filter (filter.c) has already decided which newlines count, which words are keywords and which
 * bracket closes which; the actions are constructor calls (build.c). `error` stands for what did not parse: phx_filter_recover
 * then skips to the end of the innermost construct whose bracket was read with a `…_open` symbol. */
%require "3.8"
%define api.pure full
%define api.prefix {phx_yy}
%define api.token.prefix {TOK_}
%define api.location.type {struct phx_span}
%define parse.error custom
%define lr.default-reduction consistent
%locations
%expect 0
%param {struct phx_parser *p}

%code requires {
#include "ast/ast.h"

struct phx_parser;
}

%union {
	struct phx_expr *expr;
	struct phx_stmt *stmt;
	struct phx_body *body;
	struct phx_ast_type *type;
	struct phx_ast_loop *loop;
	uint32_t level;
	uint32_t nodes;   /* length of a list on p->nodes */
	uint32_t args;    /* … on p->args */
	uint32_t entries; /* … on p->entries */
}

%code {
#include "build_priv.h"

#define YYLLOC_DEFAULT(at, rhs, n)                                                                         \
	do {                                                                                               \
		(at).file = p->file;                                                                       \
		(at).start = (n) ? YYRHSLOC(rhs, 1).start : YYRHSLOC(rhs, 0).end;                          \
		(at).end = YYRHSLOC(rhs, (n)).end;                                                         \
	} while (0)

/* Skips what did not parse. In a head the body may follow; if it does not, that is no new mistake. */
#define RECOVER_TO(head)                                                                                   \
	do {                                                                                               \
		switch (phx_filter_recover(p, yychar, head)) {                                             \
		case RECOVERY_STUCK:                                                                       \
			YYABORT;                                                                           \
		case RECOVERY_DROP:                                                                        \
			yyclearin;                                                                         \
			break;                                                                             \
		case RECOVERY_KEEP:                                                                        \
			break;                                                                             \
		}                                                                                          \
		yyerrok;                                                                                   \
	} while (0)
#define RECOVER()      RECOVER_TO(false)
#define RECOVER_HEAD() RECOVER_TO(true)

#define NAME(at)       phx_build_name(p, (at))
#define NO_NAME        ((struct phx_ast_name){0})
#define ERROR_AT(at)   phx_build_leaf(p, PHX_EXPR_ERROR, (at))
#define BINARY(op)     phx_build_pair(p, PHX_EXPR_BINARY, PHX_OP_##op
#define ENTER(saved)                                                                                       \
	do {                                                                                               \
		(saved) = p->level;                                                                        \
		p->level = p->nframes;                                                                     \
	} while (0)

static void phx_yyerror(const struct phx_span *at, struct phx_parser *p, const char *message);
}

%initial-action { @$ = (struct phx_span){p->file, 0, 0}; }

%token END 0 "the end of the file"
%token NAME "a name"
%token <expr> LITERAL "a value"
%token <expr> STRING "a string"
%token BAD "something that was reported"
%token STR_BEGIN "the beginning of a string"
%token <expr> STR_TEXT "text of a string"
%token STR_END "the end of a string"
%token INTERP "`${`"
%token INTERP_END "the `}` of `${`"
%token FOR "`for`" IF "`if`" ELSE "`else`"
%token LET "`let`" PARAM "`param`" ASSERT "`assert`" OUTPUT "`output`"
%token NL "the end of the line"

%token '=' "`=`" ':' "`:`" ',' "`,`" '.' "`.`" '?' "`?`" '!' "`!`"
%token '(' "`(`" ')' "`)`" '[' "`[`" ']' "`]`" '{' "`{`" '}' "`}`"
%token '+' "`+`" '-' "`-`" '*' "`*`" '/' "`/`" '%' "`%`" DOTDOT "`..`" IN "`in`"
%token EQ "`==`" NE "`!=`" '<' "`<`" '>' "`>`" LE "`<=`" GE "`>=`" AND "`&&`" OR "`||`"

/* `assert c, m`: the comma is the assertion's; what does not parse behind a block's labels is the block's. */
%precedence NO_MESSAGE NO_BODY
%precedence ',' error

%right '?'
%left OR
%left AND
%nonassoc EQ NE
%nonassoc IN '<' LE '>' GE
%nonassoc DOTDOT
%left '+' '-'
%left '*' '/' '%'
%precedence UNARY
%precedence '.' '[' '('

%type <nodes> stmts list labels arms items parts
%type <args> args
%type <entries> entries
%type <level> brace bracket paren interp
%type <stmt> stmt
%type <body> body opt_body
%type <expr> label cond junk bad opt_default expr item string
%type <type> type opt_type
%type <loop> vars comp

%destructor { p->nodes.n -= $$; } <nodes>
%destructor { p->args.n -= $$; } <args>
%destructor { p->entries.n -= $$; } <entries>
%destructor { p->level = $$; } <level>

%%

file: stmts                             { phx_build_file(p, $1); }
    ;

/* The filter delivers NL only between statements and never twice. */
stmts: %empty                           { $$ = 0; }
     | list
     | list NL
     | list ','                         { phx_build_comma(p, @2, true); $$ = $1; }
     ;
list: stmt                              { $$ = phx_build_push(p, 0, $1); }
    | list NL stmt                      { $$ = phx_build_push(p, $1, $3); }
    | list ',' stmt                     { phx_build_comma(p, @2, false); $$ = phx_build_push(p, $1, $3); }
    | list error                        { RECOVER(); $$ = phx_build_push(p, $1, NULL); }
    ;

brace: '{'                              { ENTER($$); }
     ;
bracket: '['                            { ENTER($$); }
       ;
paren: '('                              { ENTER($$); }
     ;
interp: INTERP                          { ENTER($$); }
      ;

body: brace stmts '}'                   { p->level = $1; $$ = phx_build_body(p, $2, @$); }
    ;
opt_body: %empty                        { $$ = NULL; }
        | body
        ;

stmt: NAME '=' expr                     { $$ = phx_build_attribute(p, PHX_STMT_ATTR, NAME(@1), $3, @$); }
    | NAME '=' error                    { RECOVER(); $$ = phx_build_attribute(p, PHX_STMT_ATTR, NAME(@1), ERROR_AT(@3), @$); }
    | NAME ':' expr                     { phx_build_colon(p, @2); $$ = phx_build_attribute(p, PHX_STMT_ATTR, NAME(@1), $3, @$); }
    | string '=' expr                   { $$ = phx_build_quoted_attr(p, $1, $3, @$); }
    | string '=' error                  { RECOVER(); $$ = phx_build_quoted_attr(p, $1, ERROR_AT(@3), @$); }
    | string ':' expr                   { phx_build_colon(p, @2); $$ = phx_build_quoted_attr(p, $1, $3, @$); }
    | LET NAME '=' expr                 { $$ = phx_build_attribute(p, PHX_STMT_LET, NAME(@2), $4, @$); }
    | LET NAME '=' error                { RECOVER(); $$ = phx_build_attribute(p, PHX_STMT_LET, NAME(@2), ERROR_AT(@4), @$); }
    | OUTPUT NAME '=' expr              { $$ = phx_build_attribute(p, PHX_STMT_OUTPUT, NAME(@2), $4, @$); }
    | OUTPUT NAME '=' error             { RECOVER(); $$ = phx_build_attribute(p, PHX_STMT_OUTPUT, NAME(@2), ERROR_AT(@4), @$); }
    | PARAM NAME opt_type opt_default opt_body
                                        { $$ = phx_build_param(p, (struct phx_ast_param){NAME(@2), $3, $4, $5}, @$); }
    | NAME body                         { $$ = phx_build_block(p, @1, 0, $2, @$); }
    | NAME labels body                  { $$ = phx_build_block(p, @1, $2, $3, @$); }
    | NAME labels %prec NO_BODY         { $$ = phx_build_block(p, @1, $2, NULL, @$); }
    | NAME junk body                    { $$ = phx_build_block(p, @1, phx_build_push(p, 0, $2), $3, @$); }
    | NAME labels junk body             { $$ = phx_build_block(p, @1, phx_build_push(p, $2, $3), $4, @$); }
    | NAME junk                         { $$ = NULL; }
    | NAME labels junk                  { p->nodes.n -= $2; $$ = NULL; }
    | FOR vars IN expr body             { $$ = phx_build_for(p, phx_build_loop($2, $4, NULL), $5, @$); }
    | FOR junk body                     { $$ = phx_build_for(p, phx_build_loop(phx_build_lost_vars(p, @2), $2, NULL), $3, @$); }
    | FOR junk                          { $$ = NULL; }
    | IF junk                           { $$ = NULL; }
    | arms ELSE IF junk                 { $$ = phx_build_if(p, $1, @$); }
    | arms                              { $$ = phx_build_if(p, $1, @$); }
    | arms ELSE body                    { $$ = phx_build_if(p, phx_build_push_arm(p, $1, NULL, $3), @$); }
    | ASSERT expr %prec NO_MESSAGE      { $$ = phx_build_assert(p, $2, NULL, @$); }
    | ASSERT expr ',' expr              { $$ = phx_build_assert(p, $2, $4, @$); }
    | error                             { RECOVER(); $$ = NULL; }
    ;

labels: label                           { $$ = phx_build_push(p, 0, $1); }
      | labels label                    { $$ = phx_build_push(p, $1, $2); }
      ;
label: NAME                             { $$ = phx_build_label(p, @1); }
     | IN                               { $$ = phx_build_label(p, @1); }
     | string
     ;
bad: error                              { RECOVER(); $$ = ERROR_AT(@1); }
   ;
junk: error                             { RECOVER_HEAD(); $$ = ERROR_AT(@1); }
    ;

opt_type: %empty                        { $$ = NULL; }
        | ':' type                      { $$ = $2; }
        ;
type: NAME                              { $$ = phx_build_type(p, @1, NULL, @$); }
    | NAME '<' type '>'                 { $$ = phx_build_type(p, @1, $3, @$); }
    ;
opt_default: %empty                     { $$ = NULL; }
           | '=' expr                   { $$ = $2; }
           | '=' error                  { RECOVER(); $$ = ERROR_AT(@2); }
           ;

arms: IF cond body                      { $$ = phx_build_push_arm(p, 0, $2, $3); }
    | arms ELSE IF cond body            { $$ = phx_build_push_arm(p, $1, $4, $5); }
    ;
cond: expr
    | expr '=' expr                     { phx_build_assignment(p, @2); $$ = ERROR_AT(@$); }
    | junk
    ;

vars: NAME                              { $$ = phx_build_vars(p, @1, @1); }
    | NAME ',' NAME                     { $$ = phx_build_vars(p, @1, @3); }
    ;
comp: FOR vars IN expr                  { $$ = phx_build_loop($2, $4, NULL); }
    | FOR vars IN expr IF expr          { $$ = phx_build_loop($2, $4, $6); }
    ;

expr: LITERAL
    | string
    | NAME                              { $$ = phx_build_word(p, @1); }
    | BAD                               { $$ = ERROR_AT(@1); }
    | paren expr ')'                    { p->level = $1; $$ = phx_build_paren($2, @$); }
    | paren bad ')'                   { p->level = $1; $$ = ERROR_AT(@$); }
    | expr '.' NAME                     { $$ = phx_build_attr_of(p, $1, @3, @$); }
    | expr bracket expr ']'             { p->level = $2; $$ = phx_build_pair(p, PHX_EXPR_INDEX, PHX_OP_NONE, $1, $3, @2); $$->span.end = @4.end; }
    | expr bracket bad ']'            { p->level = $2; $$ = ERROR_AT(@$); }
    | expr paren ')'                    { p->level = $2; $$ = phx_build_call(p, $1, 0, @$); }
    | expr paren args ')'               { p->level = $2; $$ = phx_build_call(p, $1, $3, @$); }
    | expr paren args ',' ')'           { p->level = $2; $$ = phx_build_call(p, $1, $3, @$); }
    | '!' expr %prec UNARY              { $$ = phx_build_unary(p, PHX_OP_NOT, $2, @$); }
    | '-' expr %prec UNARY              { $$ = phx_build_unary(p, PHX_OP_NEG, $2, @$); }
    | expr '*' expr                     { $$ = BINARY(MUL), $1, $3, @2); }
    | expr '/' expr                     { $$ = BINARY(DIV), $1, $3, @2); }
    | expr '%' expr                     { $$ = BINARY(MOD), $1, $3, @2); }
    | expr '+' expr                     { $$ = BINARY(ADD), $1, $3, @2); }
    | expr '-' expr                     { $$ = BINARY(SUB), $1, $3, @2); }
    | expr DOTDOT expr                  { $$ = phx_build_pair(p, PHX_EXPR_RANGE, PHX_OP_NONE, $1, $3, @2); }
    | expr IN expr                      { $$ = BINARY(IN), $1, $3, @2); }
    | expr '<' expr                     { $$ = BINARY(LT), $1, $3, @2); }
    | expr LE expr                      { $$ = BINARY(LE), $1, $3, @2); }
    | expr '>' expr                     { $$ = BINARY(GT), $1, $3, @2); }
    | expr GE expr                      { $$ = BINARY(GE), $1, $3, @2); }
    | expr EQ expr                      { $$ = BINARY(EQ), $1, $3, @2); }
    | expr NE expr                      { $$ = BINARY(NE), $1, $3, @2); }
    | expr AND expr                     { $$ = BINARY(AND), $1, $3, @2); }
    | expr OR expr                      { $$ = BINARY(OR), $1, $3, @2); }
    | expr '?' expr ':' expr %prec '?'  { $$ = phx_build_cond(p, $1, $3, $5, @$); }
    | bracket ']'                       { p->level = $1; $$ = phx_build_list(p, 0, @$); }
    | bracket items ']'                 { p->level = $1; $$ = phx_build_list(p, $2, @$); }
    | bracket items ',' ']'             { p->level = $1; $$ = phx_build_list(p, $2, @$); }
    | bracket expr comp ']'             { p->level = $1; $$ = phx_build_comprehension(p, NULL, $2, $3, @$); }
    | brace '}'                         { p->level = $1; $$ = phx_build_object(p, 0, @$); }
    | brace entries '}'                 { p->level = $1; $$ = phx_build_object(p, $2, @$); }
    | brace entries sep '}'             { p->level = $1; $$ = phx_build_object(p, $2, @$); }
    | brace expr ':' expr comp '}'      { p->level = $1; $$ = phx_build_comprehension(p, $2, $4, $5, @$); }
    ;

items: item                             { $$ = phx_build_push(p, 0, $1); }
     | items ',' item                   { $$ = phx_build_push(p, $1, $3); }
     ;
item: expr
    | error                             { RECOVER(); $$ = ERROR_AT(@1); }
    ;

args: expr                              { $$ = phx_build_push_arg(p, 0, NO_NAME, $1); }
    | NAME '=' expr                     { $$ = phx_build_push_arg(p, 0, NAME(@1), $3); }
    | error                             { RECOVER(); $$ = phx_build_push_arg(p, 0, NO_NAME, ERROR_AT(@1)); }
    | args ',' expr                     { $$ = phx_build_push_arg(p, $1, NO_NAME, $3); }
    | args ',' NAME '=' expr            { $$ = phx_build_push_arg(p, $1, NAME(@3), $5); }
    | args ',' error                    { RECOVER(); $$ = phx_build_push_arg(p, $1, NO_NAME, ERROR_AT(@3)); }
    ;

sep: ','
   | NL
   ;
entries: NAME '=' expr                  { $$ = phx_build_push_entry(p, 0, NAME(@1), $3); }
       | string '=' expr                { $$ = phx_build_push_entry(p, 0, phx_build_key(p, $1), $3); }
       | expr ':' expr                  { $$ = phx_build_push_entry(p, 0, phx_build_colon_key(p, $1, @2), $3); }
       | error                          { RECOVER(); $$ = 0; }
       | entries sep NAME '=' expr      { $$ = phx_build_push_entry(p, $1, NAME(@3), $5); }
       | entries sep string '=' expr    { $$ = phx_build_push_entry(p, $1, phx_build_key(p, $3), $5); }
       | entries sep expr ':' expr      { $$ = phx_build_push_entry(p, $1, phx_build_colon_key(p, $3, @4), $5); }
       | entries sep error              { RECOVER(); $$ = $1; }
       ;

string: STRING
      | STR_BEGIN parts STR_END         { $$ = phx_build_template(p, $2, @$); }
      ;
parts: %empty                           { $$ = 0; }
     | parts STR_TEXT                   { $$ = phx_build_push(p, $1, $2); }
     | parts interp expr INTERP_END     { p->level = $2; $$ = phx_build_push(p, $1, phx_build_interp($3)); }
     | parts interp bad INTERP_END      { p->level = $2; $$ = phx_build_push(p, $1, phx_build_interp($3)); }
     ;

%%

/* Called by bison itself for one reason only: its stack is full. */
static void phx_yyerror(const struct phx_span *at, struct phx_parser *p, const char *message)
{
	(void)message;
	phx_parse_too_deep(p, *at);
}

const char *phx_token_text(int token)
{
	return yysymbol_name(YYTRANSLATE(token));
}

enum { TRIAL = 64 };

/* The stack as it would be after some reductions: below `top` as it is, above it `pushed`. */
struct trial {
	const yy_state_t *top;
	yy_state_t pushed[TRIAL];
	int n;
};

/* Reduces by a rule: false, there was no room. */
static bool trial_reduce(struct trial *t, int rule)
{
	int len = yyr2[rule], above = len < t->n ? len : t->n, lhs = yyr1[rule] - YYNTOKENS, to;
	yy_state_t state;

	t->n -= above;
	t->top -= len - above;
	state = t->n ? t->pushed[t->n - 1] : *t->top;
	to = yypgoto[lhs] + state;
	if (t->n == TRIAL)
		return false;
	t->pushed[t->n++] = (yy_state_t)(0 <= to && to <= YYLAST && yycheck[to] == state ? yytable[to] : yydefgoto[lhs]);
	return true;
}

/* Whether the grammar would take `symbol` next, after all the reductions that it causes: what parse.lac does for
 * every token, here only for the message. */
static bool would_take(const yypcontext_t *ctx, yysymbol_kind_t symbol)
{
	struct trial t = {.top = ctx->yyssp};

	for (;;) {
		int state = t.n ? t.pushed[t.n - 1] : *t.top, rule = yypact[state];

		if (!yypact_value_is_default(rule)) {
			rule += symbol;
			if (0 <= rule && rule <= YYLAST && yycheck[rule] == symbol) {
				rule = yytable[rule];
				if (rule > 0 || yytable_value_is_error(rule))
					return rule > 0;
				if (!trial_reduce(&t, -rule))
					return false;
				continue;
			}
		}
		rule = yydefact[state];
		if (rule == 0 || !trial_reduce(&t, rule))
			return false;
	}
}

static int yyreport_syntax_error(const yypcontext_t *ctx, struct phx_parser *p)
{
	int expected[YYNTOKENS], n = 0, unexpected = 0, token;

	for (token = 0; token <= YYMAXUTOK; token++) {
		yysymbol_kind_t symbol = YYTRANSLATE(token);

		if (symbol == YYSYMBOL_YYUNDEF || symbol == YYSYMBOL_YYerror)
			continue;
		if (symbol == yypcontext_token(ctx))
			unexpected = token;
		if (n < YYNTOKENS && would_take(ctx, symbol))
			expected[n++] = token;
	}
	phx_parse_unexpected(p, unexpected, *yypcontext_location(ctx), expected, n);
	return 0;
}
