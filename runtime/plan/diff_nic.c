/* Network cards, by slot. A MAC that is not declared is left as it is: only phx's own new guests get the derived one. */
#include "plan/diff.h"

static struct phx_str key_of(struct plan *p, uint32_t index, const char *family)
{
	return plan_text(p, phx_str_c(family), plan_number(p, index));
}

/* --- slots --- */

static bool index_taken(struct plan *p, const struct plan_item *it, uint32_t self, uint32_t index)
{
	if (phx_live_value(it->live, key_of(p, index, "net")).len)
		return true;
	for (uint32_t i = 0; i < it->guest->nics.n; i++)
		if (i != self && it->nic_index[i] == index)
			return true;
	return false;
}

/* As with volumes: labels keep the card that the marker remembers, and what is new takes one that is really free. */
void plan_settle_nics(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	bool *fresh = PHX_NEW_N(p->arena, bool, g->nics.n + 1);

	it->nic_index = PHX_NEW_N(p->arena, uint32_t, g->nics.n + 1);
	for (uint32_t i = 0; i < g->nics.n; i++) {
		const struct phx_nic *nic = &g->nics.v[i];
		struct phx_str known = PHX_STR("");
		uint64_t n;

		it->nic_index[i] = nic->index;
		if (nic->slot_fixed || !nic->label.len || !nic->index)
			continue;
		if (it->live->has_marker)
			known = phx_marker_fact(&it->live->marker,
						plan_text(p, PHX_STR("nic:"), nic->label).ptr);
		if (phx_str_starts(known, "net") && phx_parse_u64(phx_str_from(known, 3), &n) && n < 64)
			it->nic_index[i] = (uint32_t)n;
		else
			fresh[i] = it->live->has_marker;
	}
	for (uint32_t i = 0; i < g->nics.n; i++)
		for (uint32_t k = 1; fresh[i] && k < 32; k++) {
			if (index_taken(p, it, i, it->nic_index[i]))
				it->nic_index[i] = k;
			else
				fresh[i] = false;
		}
}

/* --- differences --- */

/* A clone whose first configuration did not come about still has its source's addresses, and a MAC that Proxmox made up: then
 * the card is written as for a new guest. */
static bool differs(struct plan_diff *d, const struct phx_option *o, struct phx_str have,
		    struct phx_str wanted, struct phx_str *out_sent)
{
	*out_sent = wanted;
	if (d->it->finish)
		return !phx_option_equal(o, have, wanted);
	phx_buf_clear(&d->p->more);
	if (!phx_option_patch(o, have, wanted, &d->p->more))
		return false;
	*out_sent = plan_keep(d->p, &d->p->more);
	return true;
}

static void compare(struct plan_diff *d, const struct phx_nic *nic, struct phx_str key,
		    const struct phx_option *o, struct phx_str have)
{
	struct phx_str wanted, sent, now;
	bool pending;

	plan_nic_text(d->p, d->it, nic, d->it->finish ? PLAN_NIC_WHOLE : PLAN_NIC_DECLARED, &d->p->more);
	wanted = plan_keep(d->p, &d->p->more);
	if (!wanted.len)
		return;
	if (differs(d, o, have, wanted, &sent)) {
		plan_diff_props(d, nic->path, o, key, have, wanted, nic->span);
		plan_diff_set(d, key, sent);
		return;
	}
	now = plan_value_now(d->live, key, &pending);
	phx_buf_clear(&d->p->more);
	if (pending && d->live->running && phx_option_patch(o, now, wanted, &d->p->more))
		plan_diff_pending(d, nic->path, o, key, now, wanted, nic->span);
}

static void attach(struct plan_diff *d, const struct phx_nic *nic, struct phx_str key,
		   const struct phx_option *o)
{
	struct phx_attr_change *a;
	struct phx_str text;

	plan_nic_text(d->p, d->it, nic, PLAN_NIC_WHOLE, &d->p->more);
	text = plan_keep(d->p, &d->p->more);
	a = plan_diff_attr(d, nic->path, PHX_STR(""),
			   plan_text(d->p, PHX_STR("new "), key, PHX_STR(": "), text), nic->span);
	plan_diff_effect(d, a, o, key, text);
	plan_diff_set(d, key, text);
}

static bool has_setting(const struct phx_guest *g, struct phx_str key)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eq(g->settings.v[i].key, key))
			return true;
	return false;
}

/* Cloud-init's part of a VM's network. */
static void addresses(struct plan_diff *d, const struct phx_nic *nic, uint32_t index)
{
	struct phx_str key = key_of(d->p, index, "ipconfig");
	const struct phx_option *o = plan_option(d->p, true, key);
	struct phx_str have = phx_live_value(d->live, key), wanted;

	if (!o || !d->g->cloud_init || has_setting(d->g, key) || (!nic->has_ip && !nic->has_ip6))
		return;
	phx_buf_clear(&d->p->more);
	plan_nic_addresses(nic, &d->p->more);
	wanted = plan_keep(d->p, &d->p->more);
	if (phx_option_equal(o, have, wanted))
		return;
	plan_diff_props(d, nic->path, o, key, have, wanted,
			phx_span_known(nic->ip_span) ? nic->ip_span : nic->span);
	plan_diff_set(d, key, wanted);
}

static bool still_declared(const struct plan_item *it, struct phx_str label, uint64_t index)
{
	for (uint32_t i = 0; i < it->guest->nics.n; i++)
		if (phx_str_eq(it->guest->nics.v[i].label, label) || it->nic_index[i] == index)
			return true;
	return false;
}

static void removed(struct plan_diff *d)
{
	const struct phx_live_guest *live = d->live;

	for (uint32_t i = 0; live->has_marker && i < live->marker.facts.n; i++) {
		struct phx_str name = live->marker.facts.v[i].key;
		struct phx_str key = *(const struct phx_str *)live->marker.facts.v[i].ptr;
		struct phx_str label;
		uint64_t index;

		if (!phx_str_starts(name, "nic:") || !phx_str_starts(key, "net") ||
		    !phx_parse_u64(phx_str_from(key, 3), &index))
			continue;
		label = phx_str_from(name, 4);
		if (!phx_live_value(live, key).len || still_declared(d->it, label, index))
			continue;
		plan_diff_effect(d,
				 plan_diff_attr(d, plan_text(d->p, PHX_STR("network."), label),
						phx_live_value(live, key), PHX_STR(""), d->it->span),
				 plan_option(d->p, live->is_vm, key), key, PHX_STR(""));
		plan_diff_remove(d, key);
	}
}

void plan_diff_nics(struct plan_diff *d)
{
	for (uint32_t i = 0; i < d->g->nics.n; i++) {
		const struct phx_nic *nic = &d->g->nics.v[i];
		struct phx_str key = key_of(d->p, d->it->nic_index[i], "net");
		const struct phx_option *o = plan_option(d->p, d->live->is_vm, key);
		struct phx_str have = phx_live_value(d->live, key);

		if (!o || plan_ignored(d->g, nic->path) || (nic->origin == PHX_FROM_SOURCE && !d->it->finish))
			continue;
		if (have.len)
			compare(d, nic, key, o, have);
		else
			attach(d, nic, key, o);
		if (d->live->is_vm)
			addresses(d, nic, d->it->nic_index[i]);
	}
	removed(d);
}
