/* `policy NAME { … }`: names and types, as of everything else; what it checks is evaluated later, see policy.c. */
#include "sema/sema_priv.h"

static bool take_name(struct phx_sema *s, const struct phx_ast_block *b, struct phx_policy_ir *out)
{
	struct phx_diag *d;

	if (b->nlabels == 1 && b->labels[0]->kind == PHX_EXPR_STRING && b->labels[0]->s.len) {
		out->name = b->labels[0]->s;
		out->name_span = b->labels[0]->span;
		return true;
	}
	if (b->nlabels && b->labels[0]->kind == PHX_EXPR_ERROR)
		return false;
	d = phx_diag_add(s->bag, PHX0305, b->head, "a policy has one name, which is the same in every plan");
	phx_diag_help(s->bag, d, "write `policy no-quiet-destroy { … }`");
	return false;
}

static void defined_twice(struct phx_sema *s, const struct phx_policy_ir *p)
{
	for (uint32_t i = 0; i < s->policies.n; i++) {
		const struct phx_policy_ir *other = s->policies.v[i];
		struct phx_diag *d;

		if (!phx_str_eq(other->name, p->name))
			continue;
		d = phx_diag_add(s->bag, PHX0231, p->name_span,
				 "the policy `" PHX_STR_FMT "` is defined twice", PHX_STR_ARG(p->name));
		phx_diag_label(s->bag, d, p->name_span, "defined again here");
		phx_diag_label(s->bag, d, other->name_span, "first defined here");
		return;
	}
}

static void bad_severity(struct phx_sema *s, const struct phx_stmt *stmt)
{
	static const struct phx_str words[] = {{"deny", 4}, {"warn", 4}};
	struct phx_span at = stmt->attr.value->span;
	struct phx_diag *d = phx_diag_add(s->bag, PHX0309, at, "`severity` is `deny` or `warn`");

	phx_diag_label(s->bag, d, at, "neither of them");
	if (stmt->attr.value->kind == PHX_EXPR_NAME || stmt->attr.value->kind == PHX_EXPR_STRING)
		phx_diag_suggest(s->bag, d, at, stmt->attr.value->s, words, PHX_COUNTOF(words));
}

static void take_severity(struct phx_sema *s, const struct phx_stmt *stmt, const struct phx_stmt *before,
			  struct phx_policy_ir *out)
{
	const struct phx_expr *e = stmt->attr.value;
	bool word = e->kind == PHX_EXPR_NAME || e->kind == PHX_EXPR_STRING;
	struct phx_diag *d;

	if (before) {
		d = phx_diag_add(s->bag, PHX0303, stmt->attr.name.span, "`severity` is set twice");
		phx_diag_label(s->bag, d, stmt->attr.name.span, "set again here");
		phx_diag_label(s->bag, d, before->attr.name.span, "first set here");
	}
	if (e->kind == PHX_EXPR_ERROR)
		return;
	if (word && phx_str_eqc(e->s, "warn"))
		out->deny = false;
	else if (!word || !phx_str_eqc(e->s, "deny"))
		bad_severity(s, stmt);
}

/* The statements without `severity`, which is read here: it is no value that anything depends on. */
static struct phx_body *without_severity(struct phx_sema *s, const struct phx_body *body,
					 struct phx_policy_ir *out)
{
	struct phx_body *rest = PHX_NEW(&s->tmp, struct phx_body);
	const struct phx_stmt *severity = NULL;

	*rest = *body;
	rest->v = PHX_NEW_N(&s->tmp, struct phx_stmt *, body->n);
	rest->n = 0;
	for (uint32_t i = 0; i < body->n; i++) {
		struct phx_stmt *stmt = body->v[i];

		if (stmt->kind != PHX_STMT_ATTR || !phx_str_eqc(stmt->attr.name.text, "severity")) {
			rest->v[rest->n++] = stmt;
			continue;
		}
		take_severity(s, stmt, severity, out);
		severity = stmt;
	}
	return rest;
}

void phx_bind_policy(struct phx_sema *s, struct phx_scope *in, const struct phx_ast_block *b)
{
	static const struct phx_body empty = {0};
	struct phx_policy_ir *p = PHX_NEW(&s->tmp, struct phx_policy_ir);
	bool named = take_name(s, b, p);
	struct phx_body *body;
	struct phx_diag *d;

	p->span = b->head;
	p->deny = true;
	body = without_severity(s, b->body ? b->body : &empty, p);
	p->scope = phx_scope_new(s, in, NULL);
	s->in_policy = true;
	phx_scope_lets(s, p->scope, body);
	phx_bind_body(s, p->scope, body, PHX_PLACE_POLICY, &p->body);
	s->in_policy = false;
	if (body->n == 0 && body->lost == 0) {
		d = phx_diag_add(s->bag, PHX0307, b->head, "the policy checks nothing");
		phx_diag_help(s->bag, d, "add an `assert CONDITION, \"message\"`");
	}
	if (!named)
		return;
	defined_twice(s, p);
	phx_vec_push(&s->tmp, &s->policies, p);
}

void phx_policy_file_stmt(struct phx_sema *s, const struct phx_stmt *stmt)
{
	struct phx_span at = stmt->kind == PHX_STMT_BLOCK ? stmt->block->head : stmt->span;
	struct phx_diag *d;

	if (stmt->kind == PHX_STMT_LET || stmt->kind == PHX_STMT_PARAM)
		return;
	if (stmt->kind == PHX_STMT_BLOCK && phx_str_eqc(stmt->block->type.text, "policy")) {
		phx_bind_policy(s, &s->files, stmt->block);
		return;
	}
	d = phx_diag_add(s->bag, PHX0247, at, "a file of policies holds `policy`, `param` and `let` only");
	phx_diag_label(s->bag, d, at, "this belongs to a configuration");
	phx_diag_help(s->bag, d, "move it to the configuration, or name the file as one");
}
