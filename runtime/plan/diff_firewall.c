/* The firewall: options as declared, rules as an ordered set compared by content. */
#include "plan/diff.h"

static struct phx_str live_option(const struct phx_live_guest *live, struct phx_str key)
{
	for (uint32_t i = 0; i < live->fw_options.n; i++)
		if (phx_str_eq(live->fw_options.v[i].key, key))
			return live->fw_options.v[i].value;
	return PHX_STR("");
}

static void options(struct plan_diff *d)
{
	const struct phx_firewall *fw = &d->g->firewall;

	for (uint32_t i = 0; i < fw->options.n; i++) {
		const struct phx_setting *s = &fw->options.v[i];
		struct phx_str have = live_option(d->live, s->key);
		struct phx_str path = s->path.len ? s->path : plan_text(d->p, PHX_STR("firewall."), s->key);
		struct phx_attr_change *a;

		if (s->unset    ? !have.len
		    : s->option ? phx_option_equal(s->option, have, s->value)
				: phx_str_eq(have, s->value))
			continue;
		if (!have.len && s->option)
			have = s->option->defaults;
		a = plan_diff_attr(d, path, plan_value_text(d->p, s->option, have),
				   s->unset ? PHX_STR("") : plan_value_text(d->p, s->option, s->value),
				   s->span);
		plan_diff_effect(d, a, NULL, s->key, s->value);
		phx_vec_push(d->p->arena, &d->u->firewall.options,
			     ((struct plan_entry){.key = s->key, .value = s->value, .remove = s->unset}));
		d->u->firewall_changed = true;
	}
}

static bool holds(const struct plan_rules *rules, const struct phx_fw_rule *rule, uint32_t nth)
{
	for (uint32_t i = 0; i < rules->n; i++)
		if (plan_rule_equal(rules->v[i], rule) && nth-- == 0)
			return true;
	return false;
}

/* How many equal ones stand before it. */
static uint32_t earlier(const struct plan_rules *rules, uint32_t at)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < at; i++)
		n += plan_rule_equal(rules->v[i], rules->v[at]);
	return n;
}

static bool same_rules(const struct plan_rules *a, const struct plan_rules *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!plan_rule_equal(a->v[i], b->v[i]))
			return false;
	return true;
}

static void tell(struct plan_diff *d, struct phx_str before, struct phx_str after, struct phx_span span)
{
	plan_diff_effect(d, plan_diff_attr(d, PHX_STR("firewall.rule"), before, after, span), NULL,
			 PHX_STR(""), PHX_STR(""));
}

static void rules(struct plan_diff *d)
{
	struct plan_firewall *f = &d->u->firewall;
	uint32_t told = 0;

	plan_rules_live(d->p, d->live, &f->live);
	plan_rules_declared(d->p, &d->g->firewall, &f->want);
	if (same_rules(&f->live, &f->want))
		return;
	d->u->firewall_changed = true;
	for (uint32_t i = 0; i < f->live.n; i++)
		if (!holds(&f->want, f->live.v[i], earlier(&f->live, i))) {
			tell(d, plan_rule_text(d->p, f->live.v[i]), PHX_STR(""), d->g->firewall.span);
			told++;
		}
	for (uint32_t i = 0; i < f->want.n; i++)
		if (!holds(&f->live, f->want.v[i], earlier(&f->want, i))) {
			tell(d, PHX_STR(""), plan_rule_text(d->p, f->want.v[i]), f->want.v[i]->span);
			told++;
		}
	if (!told)
		plan_diff_effect(d,
				 plan_diff_attr(d, PHX_STR("firewall.rules"), PHX_STR("another order"),
						PHX_STR("as declared"), d->g->firewall.span),
				 NULL, PHX_STR(""), PHX_STR(""));
}

void plan_diff_firewall(struct plan_diff *d)
{
	if (!d->g->firewall.declared || !d->live->has_firewall || plan_ignored(d->g, PHX_STR("firewall")))
		return;
	options(d);
	rules(d);
	d->u->firewall.options_digest = d->live->fw_digest;
	d->u->firewall.rules_digest = d->live->fw_rules_digest;
	d->u->firewall.guard = true;
}
