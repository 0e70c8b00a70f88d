/* Statements: what may stand where, and what it is made of. */
#include "sema/sema_priv.h"

static void misplaced(struct phx_sema *s, struct phx_span at, const char *what, const char *help)
{
	struct phx_diag *d = phx_diag_add(s->bag, PHX0238, at, "%s", what);

	phx_diag_help(s->bag, d, "%s", help);
}

static bool bind_output(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
			enum phx_place place, struct phx_do *out)
{
	struct phx_bound b = phx_bind(s, in, stmt->attr.value, NULL);

	if (place != PHX_PLACE_TOP && place != PHX_PLACE_NESTED) {
		misplaced(s, stmt->span, "`output` may not stand inside a block",
			  "move it to the top of the file, and name the resource: `output ip = "
			  "vm.web.network.ip`");
		return false;
	}
	out->kind = PHX_DO_OUTPUT;
	out->output = b.node;
	return true;
}

static bool bind_assert(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
			struct phx_do *out)
{
	struct phx_bound cond = phx_bind(s, in, stmt->check.cond, NULL), message = {0};

	if (stmt->check.message) {
		message = phx_bind(s, in, stmt->check.message, NULL);
		if (!phx_bind_expect(s, &message, PHX_TY(PHX_V_STRING), "the message of an assertion"))
			message.node = NULL;
	}
	if (!phx_bind_expect(s, &cond, PHX_TY(PHX_V_BOOL), "what `assert` checks"))
		return false;
	out->kind = PHX_DO_ASSERT;
	out->check = PHX_NEW(&s->tmp, struct phx_do_assert);
	out->check->cond = cond.node;
	out->check->message = message.node;
	return true;
}

static bool bind_for(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
		     enum phx_place place, struct phx_do *out)
{
	const struct phx_ast_for *ast = stmt->loop;
	struct phx_bound source = phx_bind(s, in, ast->source, NULL);
	struct phx_do_for *loop = PHX_NEW(&s->tmp, struct phx_do_for);

	(void)!phx_bind_expect(s, &source, PHX_TY(PHX_V_LIST) | PHX_TY(PHX_V_MAP), "what `for` goes through");
	loop->scope = phx_bind_loop_scope(s, in, ast->var, ast->second, source.ty);
	phx_scope_lets(s, loop->scope, ast->body);
	loop->two = ast->second.text.len > 0;
	loop->source = source.node;
	loop->body = PHX_NEW(&s->tmp, struct phx_body_ir);
	phx_bind_body(s, loop->scope, ast->body, place, loop->body);
	out->kind = PHX_DO_FOR;
	out->loop = loop;
	return true;
}

static bool bind_if(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
		    enum phx_place place, struct phx_do *out)
{
	const struct phx_ast_if *ast = stmt->branch;

	out->kind = PHX_DO_IF;
	out->branch.n = ast->n;
	out->branch.v = PHX_NEW_N(&s->tmp, struct phx_do_arm, ast->n);
	for (uint32_t i = 0; i < ast->n; i++) {
		struct phx_do_arm *arm = &out->branch.v[i];
		struct phx_bound cond = {0};

		if (ast->arms[i].cond) {
			cond = phx_bind(s, in, ast->arms[i].cond, NULL);
			(void)!phx_bind_expect(s, &cond, PHX_TY(PHX_V_BOOL), "the condition of `if`");
		}
		arm->cond = cond.node;
		arm->scope = phx_scope_new(s, in, NULL);
		phx_scope_lets(s, arm->scope, ast->arms[i].body);
		arm->body = PHX_NEW(&s->tmp, struct phx_body_ir);
		phx_bind_body(s, arm->scope, ast->arms[i].body, place, arm->body);
	}
	return true;
}

static bool bind_block(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
		       enum phx_place place, struct phx_do *out)
{
	if (place == PHX_PLACE_PARAM) {
		misplaced(s, stmt->block->head, "a block may not stand inside a `param`",
			  "only `assert` and `let` may");
		return false;
	}
	if (place == PHX_PLACE_POLICY) {
		misplaced(s, stmt->block->head, "a block may not stand inside a `policy`",
			  "only `for`, `if`, `let` and `assert` may, and its `severity`");
		return false;
	}
	if (place == PHX_PLACE_TOP && phx_str_eqc(stmt->block->type.text, "policy")) {
		phx_bind_policy(s, in, stmt->block);
		return false;
	}
	out->kind = PHX_DO_BLOCK;
	out->block = place == PHX_PLACE_BLOCK ? phx_bind_nested(s, in, stmt) : phx_bind_decl(s, in, stmt);
	return out->block != NULL;
}

static bool bind_misplaced_attr(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
				enum phx_place place)
{
	static const struct phx_words any = {.any = true};
	struct phx_diag *d =
		phx_diag_add(s->bag, PHX0238, stmt->attr.name.span,
			     place == PHX_PLACE_PARAM    ? "an attribute may not stand inside a `param`"
			     : place == PHX_PLACE_POLICY ? "an attribute may not stand inside a `policy`"
							 : "an attribute may not stand outside a block");

	if (place == PHX_PLACE_PARAM)
		phx_diag_help(s->bag, d, "a default stands behind the type: `param x: int = 3`");
	else if (place == PHX_PLACE_POLICY)
		phx_diag_help(s->bag, d,
			      "a policy has one, `severity`, directly in its braces; a value with a name is "
			      "`let " PHX_STR_FMT " = …`",
			      PHX_STR_ARG(stmt->attr.name.text));
	else
		phx_diag_help(s->bag, d,
			      "a value with a name is `let " PHX_STR_FMT
			      " = …`; what a configuration owns is `stack \"NAME\"`",
			      PHX_STR_ARG(stmt->attr.name.text));
	phx_bind(s, in, stmt->attr.value, &any);
	return false;
}

static bool bind_param_stmt(struct phx_sema *s, const struct phx_scope *in, const struct phx_stmt *stmt,
			    enum phx_place place)
{
	/* Those at the top, and in features, are bound where they are declared. */
	if (place == PHX_PLACE_TOP || (place == PHX_PLACE_BLOCK && in->block))
		return false;
	misplaced(s, stmt->param->name.span,
		  "`param` may not stand in a loop, a condition, a `policy` or another `param`",
		  "move it to the top of the file");
	return false;
}

static bool bind_stmt(struct phx_sema *s, struct phx_scope *in, const struct phx_stmt *stmt,
		      enum phx_place place, struct phx_do *out)
{
	enum phx_place below = place == PHX_PLACE_TOP ? PHX_PLACE_NESTED : place;

	out->ast = stmt;
	switch ((enum phx_stmt_kind)stmt->kind) {
	case PHX_STMT_ATTR:
		if (place != PHX_PLACE_BLOCK)
			return bind_misplaced_attr(s, in, stmt, place);
		out->kind = PHX_DO_ATTR;
		return phx_bind_attr(s, in, stmt, out);
	case PHX_STMT_LET:
		return false;
	case PHX_STMT_OUTPUT:
		return bind_output(s, in, stmt, place, out);
	case PHX_STMT_PARAM:
		return bind_param_stmt(s, in, stmt, place);
	case PHX_STMT_BLOCK:
		return bind_block(s, in, stmt, place, out);
	case PHX_STMT_FOR:
		return bind_for(s, in, stmt, below, out);
	case PHX_STMT_IF:
		return bind_if(s, in, stmt, below, out);
	case PHX_STMT_ASSERT:
		return bind_assert(s, in, stmt, out);
	case PHX_STMT_KIND_COUNT:
		break;
	}
	return false;
}

static void count(struct phx_body_ir *body, const struct phx_do *d, bool top)
{
	body->nattrs += d->kind == PHX_DO_ATTR;
	body->nblocks += d->kind == PHX_DO_BLOCK;
	if (!top)
		return;
	if (d->kind == PHX_DO_BLOCK)
		body->declares = true;
	if (d->kind == PHX_DO_FOR)
		body->declares = body->declares || d->loop->body->declares;
	for (uint32_t i = 0; d->kind == PHX_DO_IF && i < d->branch.n; i++)
		body->declares = body->declares || d->branch.v[i].body->declares;
}

void phx_bind_body(struct phx_sema *s, struct phx_scope *in, const struct phx_body *body,
		   enum phx_place place, struct phx_body_ir *out)
{
	out->v = PHX_NEW_N(&s->tmp, struct phx_do, body->n);
	for (uint32_t i = 0; i < body->n; i++) {
		if (!bind_stmt(s, in, body->v[i], place, &out->v[out->n])) {
			out->v[out->n] = (struct phx_do){0};
			continue;
		}
		count(out, &out->v[out->n], place == PHX_PLACE_TOP || place == PHX_PLACE_NESTED);
		out->n++;
	}
	for (uint32_t i = 0; in != &s->files && i < in->syms.n; i++)
		phx_sym_ty(s, in->syms.v[i]);
}
