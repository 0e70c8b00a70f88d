/* Network cards: label to index, bridge, MAC, addresses. */
#include <string.h>

#include "model/graph_priv.h"

/* FNV-1a with murmur3's finaliser: a fixed function, so that MACs never change between versions of phx. */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	return h;
}

void phx_mac_derive(struct phx_str stack, uint64_t id, uint32_t index, uint8_t out[6])
{
	uint8_t tail[13] = {0};
	uint64_t h = mix(0xcbf29ce484222325ull, stack.ptr, stack.len);

	for (int i = 0; i < 8; i++)
		tail[1 + i] = (uint8_t)(id >> (8 * i));
	for (int i = 0; i < 4; i++)
		tail[9 + i] = (uint8_t)(index >> (8 * i));
	h = mix(h, tail, sizeof(tail));
	h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdull;
	h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ull;
	h ^= h >> 33;
	out[0] = 0x02;
	for (int i = 0; i < 5; i++)
		out[1 + i] = (uint8_t)(h >> (8 * i));
}

struct nic {
	const struct phx_eff_block *blk;
	struct phx_str label;
	uint32_t index;
	bool fixed;
};

/* "net3" → 3. */
static bool net_index(const struct phx_lower *l, struct phx_str s, uint32_t *out)
{
	const struct phx_option *o;
	int index;

	if (s.len == 4 && memcmp(s.ptr, "net", 3) == 0 && s.ptr[3] >= '0' && s.ptr[3] <= '9') {
		*out = (uint32_t)(s.ptr[3] - '0');
		return true;
	}
	o = phx_option_find(l->b->guest_table[l->g->is_vm], s, &index);

	if (!o || !(o->flags & PHX_OPTION_NIC) || index < 0)
		return false;
	*out = (uint32_t)index;
	return true;
}

static bool settle(struct phx_lower *l, struct nic *n)
{
	const struct phx_value *slot = phx_eff_get(n->blk, "slot");

	if (slot && !net_index(l, slot->s, &n->index)) {
		phx_diag_add(l->b->bag, PHX0431, slot->span,
			     "there is no network slot `" PHX_STR_FMT "`: they are net0 to net31",
			     PHX_STR_ARG(slot->s));
		return false;
	}
	n->fixed = slot || net_index(l, n->label, &n->index);
	if (n->fixed || !phx_option_family(l->b->guest_table[l->g->is_vm], n->label))
		return true;
	phx_diag_add(l->b->bag, PHX0431, n->blk->span,
		     "there is no network slot `" PHX_STR_FMT "`: they are net0 to net31",
		     PHX_STR_ARG(n->label));
	return false;
}

static struct phx_nic *by_index(struct phx_gb *b, uint32_t index)
{
	for (uint32_t i = 0; i < b->nics.n; i++) {
		if (b->nics.v[i].index == index)
			return &b->nics.v[i];
	}
	return NULL;
}

static const struct phx_nic *source_nic(const struct phx_guest *source, struct phx_str label, uint32_t index,
					bool fixed)
{
	for (uint32_t i = 0; source && i < source->nics.n; i++) {
		const struct phx_nic *n = &source->nics.v[i];

		if (fixed ? n->index == index : phx_str_eq(n->label, label))
			return n;
	}
	return NULL;
}

/* --- addresses --- */

static bool family(struct phx_lower *l, const struct phx_value *v, int want, const char *what)
{
	struct phx_diag *d;

	if (v->ip->family == want)
		return true;
	d = phx_diag_add(l->b->bag, PHX0437, v->span, "`%s` takes an IPv%d address", what, want);
	phx_diag_help(l->b->bag, d, "IPv%d addresses are `%s`", v->ip->family,
		      want == 4 ? (what[0] == 'g' ? "gw6" : "ip6") : (what[0] == 'g' ? "gw" : "ip"));
	return false;
}

static void address(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	const struct phx_value *ip = phx_eff_get(blk, "ip"), *ip6 = phx_eff_get(blk, "ip6");
	const struct phx_value *gw = phx_eff_get(blk, "gw"), *gw6 = phx_eff_get(blk, "gw6");

	if (ip && ip->kind == PHX_V_STRING) {
		n->has_ip = n->dhcp = true;
	} else if (ip && ip->kind == PHX_V_CIDR && family(l, ip, 4, "ip")) {
		n->has_ip = true;
		n->ip = *ip->ip;
	}
	if (ip6 && ip6->kind == PHX_V_STRING) {
		n->has_ip6 = true;
		n->dhcp6 = phx_str_eqc(ip6->s, "dhcp");
		n->auto6 = !n->dhcp6;
	} else if (ip6 && ip6->kind == PHX_V_CIDR && family(l, ip6, 6, "ip6")) {
		n->has_ip6 = true;
		n->ip6 = *ip6->ip;
	}
	n->ip_span = ip ? ip->span : ip6 ? ip6->span : blk->span;
	if (gw && gw->kind == PHX_V_IP && family(l, gw, 4, "gw"))
		n->gw = *gw->ip;
	if (gw6 && gw6->kind == PHX_V_IP && family(l, gw6, 6, "gw6"))
		n->gw6 = *gw6->ip;
}

static void mac(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "mac");
	const struct phx_value *v = phx_eff_get(blk, "mac");
	struct phx_diag *d;

	n->mac_span = v ? v->span : blk->span;
	if (!v || v->kind != PHX_V_MAC) {
		if (l->g->id && (!ea || phx_is_null(&ea->a->value)))
			phx_mac_derive(l->b->g->stack, l->g->id, n->index, n->mac);
		return;
	}
	memcpy(n->mac, v->mac, sizeof(n->mac));
	n->mac_declared = true;
	if (n->mac[0] & 1) {
		d = phx_diag_add(l->b->bag, PHX0422, v->span, "`mac` cannot be a multicast address");
		phx_diag_note(l->b->bag, d, "the first byte of a card's own address is even");
	}
}

/* --- the rest --- */

static void bridge(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *own = phx_eff_attr(blk, "bridge"), *of_guest = &l->eff->at[PHX_GA_BRIDGE];
	const struct phx_option *o = phx_gb_option(l, "net0");
	const struct phx_value *v;

	if (!own || (of_guest->a && of_guest->origin < own->origin))
		own = of_guest->a ? of_guest : own;
	v = own ? &own->a->value : NULL;
	if (v && phx_known(v)) {
		n->bridge = v->s;
		if (o && own->origin == PHX_FROM_SELF)
			phx_lower_check(l->b, phx_option_key(o, PHX_STR("bridge")), PHX_STR("bridge"), v->s,
					phx_gb_join(l->b->scratch, n->path.ptr, PHX_STR(".bridge")), v->span,
					true);
		return;
	}
	/* The bridge that Proxmox's installer makes, and its wizard offers. */
	if (!v || phx_is_null(v))
		n->bridge = PHX_STR("vmbr0");
}

static bool number(struct phx_lower *l, const struct phx_eff_block *blk, const char *attr, const char *key,
		   uint32_t *out)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, attr);
	const struct phx_option *o = phx_gb_option(l, "net0");
	const struct phx_value *v = phx_eff_get(blk, attr);

	if (!v || v->kind != PHX_V_INT || !o)
		return false;
	if (ea->origin != PHX_FROM_SOURCE &&
	    !phx_lower_check(l->b, phx_option_key(o, phx_str_c(key)), phx_str_c(key),
			     phx_str_u64(l->b->scratch, (uint64_t)v->i),
			     phx_str_printf(l->b->scratch, "network.%s", attr), v->span, true))
		return false;
	*out = (uint32_t)v->i;
	return true;
}

static void rate(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	const struct phx_option *o = phx_gb_option(l, "net0");
	const struct phx_value *v = phx_eff_get(blk, "rate");

	if (!v || !o)
		return;
	n->rate = phx_gb_text(l->b, v);
	if ((v->kind == PHX_V_INT && v->i < 0) || (v->kind == PHX_V_FLOAT && v->f < 0)) {
		phx_diag_add(l->b->bag, PHX0422, v->span, "`network.rate` cannot be negative: it is MB/s");
		n->rate = PHX_STR("");
	}
}

/* Keys without a field of their own in the graph. */
static void other_keys(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	static const char *const keys[] = {"link_down", "queues", "trunks"};
	struct phx_prop_set set;
	struct phx_buf text = {0};

	phx_props_init(&set, phx_gb_option(l, "net0"), PHX_STR("net"));
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
		const struct phx_eff_attr *ea = phx_eff_attr(blk, keys[i]);

		if (!ea)
			continue;
		if (set.option)
			phx_props_attr(l->b, &set, ea, phx_str_c(keys[i]),
				       phx_str_printf(l->b->scratch, "network.%s", keys[i]).ptr);
	}
	for (uint32_t i = 0; set.any && i < PHX_COUNTOF(keys); i++) {
		struct phx_str v = phx_propstring_value(&set.props, keys[i]);

		if (v.len > 0)
			phx_buf_printf(&text, "%s%s=" PHX_STR_FMT, text.len > 0 ? "," : "", keys[i],
				       PHX_STR_ARG(v));
	}
	if (text.len > 0)
		n->props = phx_str_dup(l->b->arena, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void model_and_name(struct phx_lower *l, struct phx_nic *n, const struct phx_eff_block *blk)
{
	const struct phx_option *o = phx_gb_option(l, "net0");
	const struct phx_value *v = phx_eff_get(blk, l->g->is_vm ? "model" : "name");
	const char *key = l->g->is_vm ? "model" : "name";
	struct phx_str fallback =
		PHX_STR("virtio"); /* what Proxmox's wizard takes, and every cloud image has a driver for */

	if (!l->g->is_vm)
		fallback = n->index == 0 ? PHX_STR("eth0") : phx_str_printf(l->b->arena, "eth%u", n->index);
	if (v && o &&
	    phx_lower_check(l->b, phx_option_key(o, phx_str_c(key)), phx_str_c(key), v->s,
			    phx_str_printf(l->b->scratch, "network.%s", key), v->span, true))
		fallback = v->s;
	if (l->g->is_vm)
		n->model = fallback;
	else
		n->name = fallback;
}

static void lower_nic(struct phx_lower *l, const struct nic *from)
{
	const struct phx_value *fw = phx_eff_get(from->blk, "firewall");
	struct phx_nic n = {
		.label = from->label,
		.index = from->index,
		.slot_fixed = from->fixed,
		.span = from->blk->span,
		.origin = from->blk->origin,
	};

	n.path = n.index == 0 ? PHX_STR("network") : phx_gb_join(l->b->arena, "network.", from->label);
	bridge(l, &n, from->blk);
	mac(l, &n, from->blk);
	address(l, &n, from->blk);
	number(l, from->blk, "vlan", "tag", &n.vlan);
	number(l, from->blk, "mtu", "mtu", &n.mtu);
	rate(l, &n, from->blk);
	other_keys(l, &n, from->blk);
	model_and_name(l, &n, from->blk);
	n.firewall = fw && fw->kind == PHX_V_BOOL ? fw->b : l->g->firewall.enabled;
	phx_vec_push(l->b->work, &l->b->nics, n);
}

static void place(struct phx_lower *l, struct nic *n)
{
	const struct phx_nic *taken, *cloned = source_nic(l->g->source, n->label, n->index, n->fixed);

	if (cloned && !n->fixed) {
		n->index = cloned->index;
		n->fixed = true;
	}
	for (uint32_t i = 0; !n->fixed; i++) {
		n->index = i;
		if (!by_index(l->b, i) && !source_nic(l->g->source, PHX_STR(""), i, true))
			break;
	}
	if (n->index > 31) {
		phx_diag_add(l->b->bag, PHX0432, n->blk->span, "a %s has 32 network cards at most",
			     phx_kind_name(l->node->decl->kind));
		return;
	}
	taken = by_index(l->b, n->index);
	if (taken) {
		phx_slot_taken(l->b, phx_str_printf(l->b->scratch, "net%u", n->index), n->blk->span,
			       taken->span);
		return;
	}
	lower_nic(l, n);
}

static bool before(const struct nic *a, const struct nic *b)
{
	return a->fixed != b->fixed ? a->fixed : phx_str_natcmp(a->label, b->label) < 0;
}

void phx_lower_networks(struct phx_lower *l)
{
	PHX_VEC(struct nic) nics = {0};

	if (!l->b->guest_table[l->g->is_vm])
		return;
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		struct nic n = {.blk = l->eff->blocks.v[i], .label = l->eff->blocks.v[i]->label};
		uint32_t at;

		if (!phx_same(n.blk->spec->name, "network") || !settle(l, &n))
			continue;
		phx_vec_push(l->b->scratch, &nics, n);
		for (at = nics.n - 1; at > 0 && before(&n, &nics.v[at - 1]); at--)
			nics.v[at] = nics.v[at - 1];
		nics.v[at] = n;
	}
	for (uint32_t i = 0; i < nics.n; i++)
		place(l, &nics.v[i]);
	phx_check_nics(l);
}
