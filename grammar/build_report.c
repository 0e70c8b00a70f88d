#include "build_priv.h"

#include <string.h>

/* Near-misses that the grammar takes: reported, and understood as they were meant. */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void colon_for_equals(struct phx_parser *p, struct phx_span colon, const char *what)
{
	struct phx_diag *d = phx_parse_error(p, PHX0104, colon, "%s is given with `=`, not `:`", what);
	bool blank = colon.start && is_blank(p->text.ptr[colon.start - 1]);

	phx_diag_label(p->bag, d, colon, "write `=`");
	phx_diag_fix(p->bag, d, colon, blank ? PHX_STR("=") : PHX_STR(" ="), true);
}

void phx_build_colon(struct phx_parser *p, struct phx_span colon)
{
	colon_for_equals(p, colon, "an attribute's value");
}

struct phx_ast_name phx_build_colon_key(struct phx_parser *p, const struct phx_expr *key,
					struct phx_span colon)
{
	struct phx_diag *d;

	if (key->kind == PHX_EXPR_NAME || key->kind == PHX_EXPR_SELF) {
		colon_for_equals(p, colon, "an object's entry");
		return phx_build_name(p, key->span);
	}
	if (key->kind == PHX_EXPR_STRING || key->kind == PHX_EXPR_TEMPLATE) {
		colon_for_equals(p, colon, "an object's entry");
		return phx_build_key(p, key);
	}
	if (key->kind != PHX_EXPR_ERROR) {
		d = phx_parse_error(p, PHX0100, key->span, "an object's key is a name or a string");
		phx_diag_label(p->bag, d, key->span, "neither");
	}
	return phx_build_name(p, key->span);
}

void phx_build_comma(struct phx_parser *p, struct phx_span comma, bool last)
{
	struct phx_diag *d = phx_parse_error(p, PHX0105, comma,
					     "statements are separated by a new line or `;`, not by `,`");
	uint32_t at = comma.end;

	while (at < p->text.len && is_blank(p->text.ptr[at]))
		at++;
	last = last || (at < p->text.len && strchr("\r\n#", p->text.ptr[at]));
	phx_diag_label(p->bag, d, comma, last ? "not needed" : "write `;`");
	phx_diag_fix(p->bag, d, comma, last ? PHX_STR("") : PHX_STR(";"), true);
}

void phx_build_assignment(struct phx_parser *p, struct phx_span equals)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0109, equals, "`=` gives a value; a condition compares with `==`");

	phx_diag_label(p->bag, d, equals, "write `==`");
	phx_diag_fix(p->bag, d, equals, PHX_STR("=="), true);
}
