/* The types of what only policies see: the objects that changes() gives, and facts of guests that the graph knows better
 * than their blocks. */
#include <string.h>

#include "sema/sema_priv.h"

static const char *const action_words[] = {"create", "update", "replace", "delete", "adopt", "migrate", NULL};
static const char *const impact_words[] = {"none",    "live",      "pending", "restart",
					   "offline", "data-loss", NULL};
static const char *const kind_words[] = {"vm", "container", "image", "pool", NULL};
static const char *const direction_words[] = {"in", "out", "group", NULL};
static const char *const verdict_words[] = {"accept", "drop", "reject", NULL};

struct member {
	const char *name;
	uint32_t kinds;
	const char *const *words;
};

#define STR  PHX_TY(PHX_V_STRING)
#define BOOL PHX_TY(PHX_V_BOOL)
#define NIL  PHX_TY(PHX_V_NULL)

static const struct member attribute_members[] = {
	{"path", STR, NULL},       {"before", STR | NIL, NULL},   {"after", STR | NIL, NULL},
	{"sensitive", BOOL, NULL}, {"impact", STR, impact_words}, {"reason", STR, NULL},
};

static const struct member rule_members[] = {
	{"direction", STR, direction_words},
	{"action", STR, verdict_words},
	{"macro", STR, NULL},
	{"iface", STR, NULL},
	{"source", STR, NULL},
	{"dest", STR, NULL},
	{"proto", STR, NULL},
	{"port", STR, NULL},
	{"sport", STR, NULL},
	{"comment", STR, NULL},
	{"enabled", BOOL, NULL},
};

static const struct member port_members[] = {
	{"first", PHX_TY(PHX_V_INT), NULL},
	{"last", PHX_TY(PHX_V_INT), NULL},
};

static const struct member change_members[] = {
	{"address", STR, NULL},    {"kind", STR, kind_words},     {"id", PHX_TY(PHX_V_INT) | NIL, NULL},
	{"node", STR | NIL, NULL}, {"action", STR, action_words}, {"impact", STR, impact_words},
	{"restart", BOOL, NULL},   {"running", BOOL, NULL},       {"reason", STR, NULL},
};

static struct phx_ty member_ty(struct phx_sema *s, const struct member *m)
{
	struct phx_ty t = phx_ty_of(m->kinds);
	struct phx_attr_spec *spec;
	struct phx_words *words;

	if (!m->words)
		return t;
	spec = PHX_NEW(&s->tmp, struct phx_attr_spec);
	spec->name = m->name;
	spec->types = PHX_AT_ENUM;
	spec->words = m->words;
	words = PHX_NEW(&s->tmp, struct phx_words);
	words->spec = spec;
	t.words = words;
	return t;
}

/* An object of exactly these keys; `more` places are left for others. */
static struct phx_ty object_ty(struct phx_sema *s, const struct member *m, uint32_t n, uint32_t more,
			       struct phx_field **out_rest)
{
	struct phx_field *fields = PHX_NEW_N(&s->tmp, struct phx_field, n + more);
	struct phx_ty t = phx_ty_of(PHX_TY(PHX_V_MAP));

	for (uint32_t i = 0; i < n; i++)
		fields[i] = (struct phx_field){phx_str_c(m[i].name), member_ty(s, &m[i])};
	t.fields = fields;
	t.nfields = n + more;
	if (out_rest)
		*out_rest = fields + n;
	return t;
}

static struct phx_ty change_ty(struct phx_sema *s)
{
	struct phx_ty attribute = object_ty(s, attribute_members, PHX_COUNTOF(attribute_members), 0, NULL);
	struct phx_ty guest = phx_ty_ref(1U << PHX_KIND_VM | 1U << PHX_KIND_CONTAINER), t;
	struct phx_field *rest;

	t = object_ty(s, change_members, PHX_COUNTOF(change_members), 3, &rest);
	guest.kinds |= PHX_TY(PHX_V_MAP);
	guest.stands = true;
	rest[0] = (struct phx_field){PHX_STR("attributes"), phx_ty_list(s, attribute)};
	rest[1] = (struct phx_field){PHX_STR("notes"), phx_ty_list(s, phx_ty_of(STR))};
	rest[2] = (struct phx_field){PHX_STR("guest"), guest};
	return t;
}

static const struct phx_ty *kept(struct phx_sema *s, struct phx_ty t)
{
	struct phx_ty *copy = PHX_NEW(&s->tmp, struct phx_ty);

	*copy = t;
	return copy;
}

struct phx_ty phx_changes_ty(struct phx_sema *s)
{
	if (!s->change_ty)
		s->change_ty = kept(s, phx_ty_list(s, change_ty(s)));
	return *s->change_ty;
}

static struct phx_ty rule_ty(struct phx_sema *s)
{
	struct phx_ty port = object_ty(s, port_members, PHX_COUNTOF(port_members), 0, NULL), t;
	struct phx_field *rest;

	t = object_ty(s, rule_members, PHX_COUNTOF(rule_members), 1, &rest);
	rest[0] = (struct phx_field){PHX_STR("ports"), phx_ty_list(s, port)};
	return t;
}

static struct phx_ty rules_ty(struct phx_sema *s)
{
	if (!s->rules_ty)
		s->rules_ty = kept(s, phx_ty_list(s, rule_ty(s)));
	return *s->rules_ty;
}

bool phx_fact_ty(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_ty *out)
{
	if (!s->in_policy || (kind != PHX_KIND_VM && kind != PHX_KIND_CONTAINER))
		return false;
	if (phx_str_eqc(name, "has_password"))
		*out = phx_ty_of(BOOL);
	else if (!phx_str_eqc(name, "firewall_rules"))
		return false;
	else
		*out = rules_ty(s);
	return true;
}
