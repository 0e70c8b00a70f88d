/* The graph and the plan as policies see them: values of the language. */
#include <string.h>

#include "cli/policy.h"

static void put(struct phx_arena *a, struct phx_object *o, uint32_t cap, const char *key, struct phx_value v)
{
	struct phx_value *copy;

	for (uint32_t i = 0; i < o->n; i++) {
		if (phx_str_eqc(o->v[i].key, key)) {
			*o->v[i].value = v;
			return;
		}
	}
	if (o->n == cap)
		PHX_BUG("no room for `%s`", key);
	copy = PHX_NEW(a, struct phx_value);
	*copy = v;
	o->v[o->n++] = (struct phx_member){.key = phx_str_c(key), .value = copy};
}

static struct phx_object *object(struct phx_arena *a, uint32_t cap)
{
	struct phx_object *o = PHX_NEW(a, struct phx_object);

	o->v = PHX_NEW_N(a, struct phx_member, cap);
	return o;
}

static struct phx_value map(struct phx_object *o, struct phx_span at)
{
	return (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = at, .depth = 1, .weight = o->n};
}

static struct phx_value text(struct phx_str s)
{
	return phx_value_str(s, (struct phx_span){0});
}

static struct phx_value flag(bool b)
{
	return phx_value_bool(b, (struct phx_span){0});
}

static struct phx_value nothing(void)
{
	return (struct phx_value){.kind = PHX_V_NULL};
}

static struct phx_value text_or_null(struct phx_str s)
{
	return s.len ? text(s) : nothing();
}

static struct phx_value list_of(struct phx_arena *a, uint32_t n)
{
	return (struct phx_value){
		.kind = PHX_V_LIST, .list = {PHX_NEW_N(a, struct phx_value, n), n}, .depth = 2, .weight = n};
}

/* --- firewall rules --- */

static struct phx_str lower(struct phx_arena *a, struct phx_str s)
{
	struct phx_str copy = phx_str_dup(a, s);
	char *p = (char *)(uintptr_t)copy.ptr;

	for (size_t i = 0; i < copy.len; i++) {
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	}
	return copy;
}

/* "80,443,8000:8010" as numbers; names of services have none. */
static struct phx_value ports(struct phx_str text_of, struct phx_arena *a)
{
	struct phx_value v = list_of(a, (uint32_t)text_of.len + 1);
	struct phx_str item, rest = text_of;
	const struct phx_span no = {0};

	v.list.n = 0;
	while (rest.len) {
		struct phx_str first, last;
		uint64_t from, to;

		phx_str_cut(&rest, ',', &item);
		last = phx_str_trim(item);
		phx_str_cut(&last, ':', &first);
		last = last.len ? last : first;
		if (!phx_parse_u64(first, &from) || !phx_parse_u64(last, &to) || to > UINT16_MAX)
			continue;
		struct phx_object *o = object(a, 2);
		put(a, o, 2, "first", phx_value_int((int64_t)from, no));
		put(a, o, 2, "last", phx_value_int((int64_t)to, no));
		v.list.v[v.list.n++] = map(o, no);
	}
	v.weight = v.list.n;
	return v;
}

enum { RULE_KEYS = 12 };

static struct phx_value rule_value(const struct phx_fw_rule *r, struct phx_arena *a)
{
	struct phx_object *o = object(a, RULE_KEYS);

	put(a, o, RULE_KEYS, "direction", text(lower(a, r->type)));
	put(a, o, RULE_KEYS, "action", text(lower(a, r->action)));
	put(a, o, RULE_KEYS, "macro", text(r->macro));
	put(a, o, RULE_KEYS, "iface", text(r->iface));
	put(a, o, RULE_KEYS, "source", text(r->source));
	put(a, o, RULE_KEYS, "dest", text(r->dest));
	put(a, o, RULE_KEYS, "proto", text(r->proto));
	put(a, o, RULE_KEYS, "port", text(r->dport));
	put(a, o, RULE_KEYS, "ports", ports(r->dport, a));
	put(a, o, RULE_KEYS, "sport", text(r->sport));
	put(a, o, RULE_KEYS, "comment", text(r->comment));
	put(a, o, RULE_KEYS, "enabled", flag(r->enable));
	return map(o, r->span);
}

static struct phx_value graph_rules(const struct phx_guest *g, struct phx_arena *a)
{
	struct phx_value v = list_of(a, g->firewall.rules.n);

	for (uint32_t i = 0; i < g->firewall.rules.n; i++)
		v.list.v[i] = rule_value(&g->firewall.rules.v[i], a);
	return v;
}

static struct phx_value live_rules(const struct phx_live_guest *g, struct phx_arena *a)
{
	struct phx_value v = list_of(a, g->fw_rules.n);

	for (uint32_t i = 0; i < g->fw_rules.n; i++)
		v.list.v[i] = rule_value(&g->fw_rules.v[i].rule, a);
	return v;
}

/* --- guests of the configuration --- */

static bool is_password(struct phx_str key)
{
	return phx_str_eqc(key, "cipassword") || phx_str_eqc(key, "password");
}

/* One that is not known here, because `validate` needs no environment, is no setting; but the block says it. */
static bool unknown_password(const struct phx_guest *g)
{
	const struct phx_block *body = &g->r.decl->body;
	const struct phx_attr *password;

	for (uint32_t i = 0; i < body->blocks.n; i++) {
		if (strcmp(body->blocks.v[i]->spec->name, "user") != 0)
			continue;
		password = phx_block_attr(body->blocks.v[i], "password");
		if (password && password->value.flags & PHX_VF_UNKNOWN)
			return true;
	}
	return false;
}

/* A clone that says nothing has its source's. */
static bool graph_password(const struct phx_guest *g)
{
	for (int chain = 0; g && chain < 64; chain++, g = g->source) {
		if (unknown_password(g))
			return true;
		for (uint32_t i = 0; i < g->settings.n; i++) {
			if (is_password(g->settings.v[i].key))
				return !g->settings.v[i].unset;
		}
	}
	return false;
}

void phx_policy_facts(const struct phx_graph *g, const struct phx_plan *plan, struct phx_arena *a,
		      struct phx_map *out)
{
	enum { KEYS = 3 };

	for (uint32_t i = 0; i < g->guests.n; i++) {
		const struct phx_guest *guest = g->guests.v[i];
		struct phx_object *o = object(a, KEYS);

		put(a, o, KEYS, "has_password", flag(graph_password(guest)));
		put(a, o, KEYS, "firewall_rules", graph_rules(guest, a));
		if (guest->id)
			put(a, o, KEYS, "id", phx_value_int((int64_t)guest->id, guest->id_span));
		phx_map_put(a, out, guest->r.address, NULL)->ptr = o;
	}
	/* Ids out of the stack's range are settled by the plan. */
	for (uint32_t i = 0; plan && i < plan->changes.n; i++) {
		const struct phx_change *c = plan->changes.v[i];
		struct phx_object *o = c->id ? phx_map_get(out, c->address) : NULL;

		if (o)
			put(a, o, KEYS, "id", phx_value_int((int64_t)c->id, c->span));
	}
}

/* --- guests that left it, and resources that are none --- */

struct standin {
	struct phx_arena *a;
	struct phx_object *o;
	uint32_t cap;
};

static void set(struct standin *s, const char *key, struct phx_value v)
{
	put(s->a, s->o, s->cap, key, v);
}

/* Every attribute that a guest may have, null where nothing is known; lists are empty and flags false. */
static struct standin standin_new(struct phx_arena *a, enum phx_kind kind)
{
	const struct phx_block_spec *spec = phx_schema_kind(kind);
	uint32_t n = 0, own = 16;

	while (spec && spec->attrs[n].name)
		n++;
	struct standin s = {a, object(a, n + own), n + own};
	for (uint32_t i = 0; i < n; i++) {
		const struct phx_attr_spec *attr = &spec->attrs[i];

		set(&s, attr->name,
		    attr->types & PHX_AT_LIST    ? list_of(a, 0)
		    : attr->types == PHX_AT_BOOL ? flag(false)
						 : nothing());
	}
	set(&s, "has_password", flag(false));
	set(&s, "firewall_rules", list_of(a, 0));
	set(&s, "tags", list_of(a, 0));
	set(&s, "protect", flag(false));
	set(&s, "running", flag(false));
	return s;
}

static struct phx_str live(const struct phx_live_guest *g, const char *key)
{
	return phx_live_value(g, phx_str_c(key));
}

static bool live_flag(const struct phx_live_guest *g, const char *key)
{
	return phx_str_eqc(live(g, key), "1");
}

static void set_number(struct standin *s, const char *key, struct phx_str number, bool mib)
{
	uint64_t n;

	if (!phx_parse_u64(number, &n) || n > (mib ? UINT64_MAX >> 20 : INT64_MAX))
		return;
	set(s, key,
	    mib ? phx_value_size(n << 20, (struct phx_span){0})
		: phx_value_int((int64_t)n, (struct phx_span){0}));
}

/* Without phx's own tag, as in the configuration. */
static struct phx_value live_tags(const struct phx_plan *plan, const struct phx_live_guest *g,
				  struct phx_arena *a)
{
	struct phx_str own = phx_marker_tag(a, plan->stack), rest = live(g, "tags");
	struct phx_value v = list_of(a, (uint32_t)rest.len + 1);

	v.list.n = 0;
	while (rest.len) {
		size_t n = 0;

		while (n < rest.len && !strchr(";, ", rest.ptr[n]))
			n++;
		struct phx_str tag = phx_str_slice(rest, 0, n);
		rest = phx_str_from(rest, n < rest.len ? n + 1 : n);
		if (tag.len && !phx_str_eq(tag, own))
			v.list.v[v.list.n++] = text(tag);
	}
	v.weight = v.list.n;
	return v;
}

static bool has_word(struct phx_str list, const char *word)
{
	struct phx_str item;

	while (phx_str_cut(&list, ',', &item)) {
		if (phx_str_eqc(item, word))
			return true;
	}
	return phx_str_eqc(list, word);
}

static void set_live(struct standin *s, const struct phx_plan *plan, const struct phx_live_guest *g)
{
	set(s, "id", phx_value_int((int64_t)g->id, (struct phx_span){0}));
	set(s, "name", text(g->name));
	set(s, "node", text(g->node));
	set(s, "running", flag(g->running));
	set(s, "template", flag(g->is_template));
	set(s, "tags", live_tags(plan, g, s->a));
	set(s, "protect", flag(live_flag(g, "protection")));
	set(s, "on_boot", flag(live_flag(g, "onboot")));
	set(s, "notes", text_or_null(g->notes));
	set(s, "pool", text_or_null(g->pool));
	set_number(s, "memory", live(g, "memory"), true);
	set_number(s, "cores", live(g, "cores"), false);
	set(s, "has_password", flag(live(g, "cipassword").len > 0));
	set(s, "firewall_rules", live_rules(g, s->a));
	if (g->is_vm)
		return;
	set(s, "unprivileged", flag(live_flag(g, "unprivileged")));
	set(s, "nesting", flag(has_word(live(g, "features"), "nesting=1")));
}

static struct phx_value guest_value(const struct phx_plan *plan, const struct phx_change *c,
				    struct phx_arena *a)
{
	bool guest = c->kind == PHX_KIND_VM || c->kind == PHX_KIND_CONTAINER;
	struct phx_str name = c->address, kind;
	struct standin s;

	if (guest && c->resource) {
		struct phx_ref *ref = PHX_NEW(a, struct phx_ref);

		ref->kind = (uint8_t)c->kind;
		ref->name = c->resource->name;
		ref->decl = c->resource->decl;
		return (struct phx_value){.kind = PHX_V_REF, .ref = ref, .span = c->span};
	}
	s = standin_new(a, guest ? c->kind : PHX_KIND_VM);
	phx_str_cut(&name, '.', &kind);
	set(&s, "name", text(name));
	set(&s, "address", text(c->address));
	set(&s, "kind", text(phx_str_c(phx_kind_name(c->kind))));
	if (c->live)
		set_live(&s, plan, c->live);
	return map(s.o, c->span);
}

/* --- changes --- */

static struct phx_value attributes(const struct phx_change *c, struct phx_arena *a)
{
	enum { KEYS = 6 };
	struct phx_value v = list_of(a, c->attributes.n);

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		const struct phx_attr_change *x = &c->attributes.v[i];
		struct phx_object *o = object(a, KEYS);

		put(a, o, KEYS, "path", text(x->path));
		put(a, o, KEYS, "before", x->has_before && !x->sensitive ? text(x->before) : nothing());
		put(a, o, KEYS, "after", x->has_after && !x->sensitive ? text(x->after) : nothing());
		put(a, o, KEYS, "sensitive", flag(x->sensitive));
		put(a, o, KEYS, "impact", text(phx_str_c(phx_effect_name((enum phx_effect)x->impact))));
		put(a, o, KEYS, "reason", text(x->reason));
		v.list.v[i] = map(o, x->span);
	}
	return v;
}

static struct phx_value notes(const struct phx_change *c, struct phx_arena *a)
{
	struct phx_value v = list_of(a, c->notes.n);

	for (uint32_t i = 0; i < c->notes.n; i++)
		v.list.v[i] = text(c->notes.v[i]);
	return v;
}

static struct phx_value change_value(const struct phx_plan *plan, const struct phx_change *c,
				     struct phx_arena *a)
{
	enum { KEYS = 12 };
	struct phx_object *o = object(a, KEYS);

	put(a, o, KEYS, "address", text(c->address));
	put(a, o, KEYS, "kind", text(phx_str_c(phx_kind_name(c->kind))));
	put(a, o, KEYS, "id", c->id ? phx_value_int((int64_t)c->id, c->span) : nothing());
	put(a, o, KEYS, "node", text_or_null(c->node));
	put(a, o, KEYS, "action", text(phx_str_c(phx_change_action_name((enum phx_change_action)c->action))));
	put(a, o, KEYS, "impact", text(phx_str_c(phx_effect_name((enum phx_effect)c->impact))));
	put(a, o, KEYS, "restart", flag(c->restart));
	put(a, o, KEYS, "running", flag(c->live && c->live->running));
	put(a, o, KEYS, "reason", text(c->reason));
	put(a, o, KEYS, "attributes", attributes(c, a));
	put(a, o, KEYS, "notes", notes(c, a));
	put(a, o, KEYS, "guest", guest_value(plan, c, a));
	return map(o, c->span);
}

struct phx_value phx_policy_changes(const struct phx_plan *plan, struct phx_arena *a)
{
	struct phx_value v = list_of(a, plan->changes.n);

	v.list.n = 0;
	for (uint32_t i = 0; i < plan->changes.n; i++) {
		if (plan->changes.v[i]->action != PHX_CH_NONE)
			v.list.v[v.list.n++] = change_value(plan, plan->changes.v[i], a);
	}
	v.weight = v.list.n;
	return v;
}
