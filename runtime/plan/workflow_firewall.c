/* The firewall of a guest: its options in one call, its rules as the fewest single steps to the declared order. A new rule comes
 * in at the top whatever position is asked for, and is then moved (OBSERVED, Firewall; 586-595, 627-636). */
#include <string.h>

#include "plan/firewall.h"

static struct phx_str rules_path(struct plan *p, const struct plan_item *it)
{
	return plan_text(p, it->base, PHX_STR("/firewall/rules"));
}

static struct phx_str rule_path(struct plan *p, const struct plan_item *it, uint32_t pos)
{
	return plan_text(p, it->base, PHX_STR("/firewall/rules/"), plan_number(p, pos));
}

static void opt(struct plan *p, const char *name, struct phx_str value)
{
	if (value.len)
		plan_param(p, phx_str_c(name), value);
}

static void rule_params(struct plan *p, const struct phx_fw_rule *r)
{
	plan_param(p, PHX_STR("type"), r->type);
	plan_param(p, PHX_STR("action"), r->action);
	plan_param(p, PHX_STR("enable"), r->enable ? PHX_STR("1") : PHX_STR("0"));
	opt(p, "macro", r->macro);
	opt(p, "iface", r->iface);
	opt(p, "source", r->source);
	opt(p, "dest", r->dest);
	opt(p, "proto", r->proto);
	opt(p, "sport", r->sport);
	opt(p, "dport", r->dport);
	opt(p, "icmp-type", r->icmp_type);
	opt(p, "log", r->log);
	opt(p, "comment", r->comment);
}

/* Every change makes a new digest, so only the first call of a chain can carry the one that was observed. */
static void digest(struct plan *p, const struct plan_firewall *f, struct phx_str *seen)
{
	if (!f->guard)
		return;
	if (seen->len)
		plan_param(p, PHX_STR("digest"), *seen);
	else
		p->draft.a.later |= PHX_LATER_DIGEST;
	*seen = PHX_STR("");
}

static void add_rule(struct plan *p, struct plan_item *it, struct plan_firewall *f,
		     const struct phx_fw_rule *r)
{
	plan_begin(p, it, PHX_OP_FW_RULE_ADD, PHX_ACT_CALL);
	plan_call(p, PHX_POST, rules_path(p, it), false);
	rule_params(p, r);
	digest(p, f, &f->rules_digest);
	plan_end(p, it,
		 plan_text(p, PHX_STR("add firewall rule "), plan_rule_text(p, r), PHX_STR(" to "),
			   it->id_text));
}

static void move_rule(struct plan *p, struct plan_item *it, struct plan_firewall *f, uint32_t before)
{
	plan_begin(p, it, PHX_OP_FW_RULE_UPDATE, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, rule_path(p, it, 0), false);
	plan_param(p, PHX_STR("moveto"), plan_number(p, before));
	digest(p, f, &f->rules_digest);
	plan_end(p, it,
		 plan_text(p, PHX_STR("move the new firewall rule of "), it->id_text,
			   PHX_STR(" to position "), plan_number(p, before - 1)));
}

static void delete_rule(struct plan *p, struct plan_item *it, struct plan_firewall *f, uint32_t pos,
			const struct phx_fw_rule *r)
{
	plan_begin(p, it, PHX_OP_FW_RULE_DELETE, PHX_ACT_CALL);
	plan_call(p, PHX_DELETE, rule_path(p, it, pos), false);
	digest(p, f, &f->rules_digest);
	plan_end(p, it,
		 plan_text(p, PHX_STR("delete firewall rule "), plan_rule_text(p, r), PHX_STR(" of "),
			   it->id_text));
}

/* Rules that stay: the longest common subsequence, so that the fewest are touched. match[k] = live index + 1. */
static void match_rules(struct plan *p, const struct plan_rules *live, const struct plan_rules *want,
			uint32_t *match, bool *kept)
{
	uint32_t n = live->n, m = want->n;
	uint16_t *len = PHX_NEW_N(p->arena, uint16_t, (size_t)(n + 1) * (m + 1));
	uint32_t i = 0, k = 0;

#define LEN(a, b) len[(size_t)(a) * (m + 1) + (b)]
	for (uint32_t a = n; a-- > 0;)
		for (uint32_t b = m; b-- > 0;)
			LEN(a, b) = plan_rule_equal(live->v[a], want->v[b])
					    ? (uint16_t)(LEN(a + 1, b + 1) + 1)
				    : LEN(a + 1, b) > LEN(a, b + 1) ? LEN(a + 1, b)
								    : LEN(a, b + 1);
	while (i < n && k < m) {
		if (plan_rule_equal(live->v[i], want->v[k])) {
			kept[i] = true;
			match[k++] = ++i;
		} else if (LEN(i + 1, k) >= LEN(i, k + 1)) {
			i++;
		} else {
			k++;
		}
	}
#undef LEN
}

/* The list on the server while the steps go on: what stands where. Live rules are their index, new ones n + index. */
struct order {
	uint32_t *v, n;
};

static uint32_t position(const struct order *o, uint32_t what)
{
	uint32_t i = 0;

	while (i < o->n && o->v[i] != what)
		i++;
	return i;
}

static void insert(struct order *o, uint32_t at, uint32_t what)
{
	memmove(o->v + at + 1, o->v + at, (o->n - at) * sizeof(*o->v));
	o->v[at] = what;
	o->n++;
}

/* New rules come before old ones go: a rule that is reworded protects all the time. */
void plan_firewall_rules(struct plan *p, struct plan_item *it, struct plan_firewall *f)
{
	uint32_t n = f->live.n, m = f->want.n;
	uint32_t *match = PHX_NEW_N(p->arena, uint32_t, m + 1);
	bool *kept = PHX_NEW_N(p->arena, bool, n + 1);
	struct order o = {.v = PHX_NEW_N(p->arena, uint32_t, n + m + 1), .n = n};

	for (uint32_t i = 0; i < n; i++)
		o.v[i] = i;
	match_rules(p, &f->live, &f->want, match, kept);
	for (uint32_t k = m; k-- > 0;) {
		uint32_t at = o.n;

		if (match[k])
			continue;
		if (k + 1 < m)
			at = position(&o, match[k + 1] ? match[k + 1] - 1 : n + k + 1);
		add_rule(p, it, f, f->want.v[k]);
		if (at)
			move_rule(p, it, f, at + 1);
		insert(&o, at, n + k);
	}
	for (uint32_t i = n; i-- > 0;)
		if (!kept[i])
			delete_rule(p, it, f, position(&o, i), f->live.v[i]);
}

void plan_firewall_options(struct plan *p, struct plan_item *it, struct plan_firewall *f)
{
	if (!f->options.n)
		return;
	plan_begin(p, it, PHX_OP_FW_OPTIONS, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/firewall/options")), false);
	plan_entry_params(p, it, &f->options);
	digest(p, f, &f->options_digest);
	plan_end(p, it, plan_text(p, PHX_STR("set firewall options of "), it->id_text));
}

/* What a clone finds: Proxmox copies the source's firewall. */
static void inherited_rules(struct plan *p, const struct plan_item *it, struct plan_rules *out)
{
	const struct plan_item *src = &p->items[it->guest->source->r.index];

	if (src->guest->firewall.declared)
		plan_rules_declared(p, &src->guest->firewall, out);
	else if (src->live)
		plan_rules_live(p, src->live, out);
}

void plan_firewall_create(struct plan *p, struct plan_item *it, bool cloned)
{
	const struct phx_firewall *fw = &it->guest->firewall;
	struct plan_firewall f = {0};

	if (!fw->declared)
		return;
	if (cloned)
		inherited_rules(p, it, &f.live);
	plan_rules_declared(p, fw, &f.want);
	for (uint32_t i = 0; i < fw->options.n; i++)
		if (!fw->options.v[i].unset)
			phx_vec_push(p->arena, &f.options,
				     ((struct plan_entry){.key = fw->options.v[i].key,
							  .value = fw->options.v[i].value}));
	plan_firewall_rules(p, it, &f);
	plan_firewall_options(p, it, &f);
}
