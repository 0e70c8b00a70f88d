/* Checks of addresses: of one guest by itself, then of all against each other. */
#include <string.h>

#include "model/graph_priv.h"

/* --- one card --- */

static bool link_local(const struct phx_ip *ip)
{
	return ip->family == 6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

static bool bit(const struct phx_ip *ip, unsigned at)
{
	return ip->bytes[at / 8] >> (7 - at % 8) & 1;
}

/* All host bits 0 (the network) or, for IPv4, 1 (broadcast). A /31 and a /32 have no such addresses (RFC 3021). */
static const char *no_host(const struct phx_ip *ip)
{
	unsigned bits = ip->family == 4 ? 32 : 128;
	bool zeros = true, ones = true;

	if (ip->prefix + 1u >= bits)
		return NULL;
	for (unsigned i = ip->prefix; i < bits; i++) {
		zeros = zeros && !bit(ip, i);
		ones = ones && bit(ip, i);
	}
	if (ones && ip->family == 4)
		return "the broadcast address";
	return zeros && ip->family == 4 ? "the network's own address" : NULL;
}

static struct phx_str ip_text(struct phx_gb *b, const struct phx_ip *ip, bool prefix)
{
	phx_buf_clear(&b->text);
	phx_ip_text(ip, prefix, &b->text);
	return phx_str_dup(b->scratch, phx_buf_view(&b->text));
}

static void host_address(struct phx_lower *l, const struct phx_ip *ip, struct phx_span at)
{
	const char *why = ip->family ? no_host(ip) : NULL;
	struct phx_str text;

	if (ip->family && ip->prefix == 0) {
		phx_diag_add(l->b->bag, PHX0408, at, "an address with the prefix /0 is in no subnet");
		return;
	}
	if (!why)
		return;
	text = ip_text(l->b, ip, true);
	phx_diag_note(l->b->bag,
		      phx_diag_add(l->b->bag, PHX0408, at, "`" PHX_STR_FMT "` is %s", PHX_STR_ARG(text), why),
		      "no guest can have it; take another out of the subnet");
}

struct gateway {
	const char *attr, *of;
	const struct phx_ip *gw, *ip;
	bool by_dhcp, has_ip;
};

static const struct phx_value *net_value(const struct phx_lower *l, const struct phx_nic *n, const char *attr)
{
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];

		if (phx_same(blk->spec->name, "network") && phx_str_eq(blk->label, n->label))
			return phx_eff_get(blk, attr);
	}
	return NULL;
}

static void gateway(struct phx_lower *l, const struct phx_nic *n, const struct gateway *g)
{
	const struct phx_value *v = net_value(l, n, g->attr), *ip = net_value(l, n, g->of);
	struct phx_str text, net;
	struct phx_diag *d;

	if (!g->gw->family || !v)
		return;
	if (g->by_dhcp) {
		bool json = l->node->decl->from_json;

		d = phx_diag_add(l->b->bag, json ? PHX0407 : PHX0406, v->span, "`%s` beside `%s = dhcp`",
				 g->attr, g->of);
		if (ip)
			phx_diag_label(l->b->bag, d, ip->span, "the DHCP server says the gateway as well");
		phx_diag_help(l->b->bag, d,
			      json ? "the gateway is left out"
				   : "leave the gateway out, or give the guest an address of its own");
		return;
	}
	if (!g->has_ip) {
		d = phx_diag_add(l->b->bag, PHX0438, v->span, "`%s` without `%s`", g->attr, g->of);
		phx_diag_help(l->b->bag, d, "say the address as well, or leave the gateway out");
		return;
	}
	if (link_local(g->gw))
		return;
	if (!phx_ip_same_net(g->ip, g->gw)) {
		text = ip_text(l->b, g->gw, false);
		net = ip_text(l->b, g->ip, true);
		d = phx_diag_add(l->b->bag, PHX0405, v->span,
				 "the gateway " PHX_STR_FMT " is outside of " PHX_STR_FMT, PHX_STR_ARG(text),
				 PHX_STR_ARG(net));
		if (ip)
			phx_diag_label(l->b->bag, d, ip->span, "the guest's subnet");
	} else if (memcmp(g->ip->bytes, g->gw->bytes, sizeof(g->ip->bytes)) == 0) {
		d = phx_diag_add(l->b->bag, PHX0405, v->span, "the guest would be its own gateway");
		if (ip)
			phx_diag_label(l->b->bag, d, ip->span, "its address");
	}
}

/* `ip = unknown` and `ip = poison` are declared, though nothing is known of them. */
static bool declared(const struct phx_lower *l, const struct phx_nic *n, const char *attr)
{
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];

		if (phx_same(blk->spec->name, "network") && phx_str_eq(blk->label, n->label) &&
		    phx_eff_attr(blk, attr) && !phx_is_null(&phx_eff_attr(blk, attr)->a->value))
			return true;
	}
	return false;
}

static void check_card(struct phx_lower *l, struct phx_nic *n)
{
	struct gateway v4 = {"gw", "ip", &n->gw, &n->ip, n->dhcp, n->has_ip};
	struct gateway v6 = {"gw6", "ip6", &n->gw6, &n->ip6, n->dhcp6 || n->auto6, n->has_ip6};
	const struct phx_value *ip6 = net_value(l, n, "ip6");

	if ((!n->has_ip && declared(l, n, "ip")) || (!n->has_ip6 && declared(l, n, "ip6")))
		l->node->unclear_nics |= 1u << (n->index & 31);
	host_address(l, &n->ip, n->ip_span);
	host_address(l, &n->ip6, ip6 ? ip6->span : n->ip_span);
	/* An address that is not known yet, or wrong in itself, says nothing about its gateway. */
	if (n->has_ip || !declared(l, n, "ip"))
		gateway(l, n, &v4);
	if (n->has_ip6 || !declared(l, n, "ip6"))
		gateway(l, n, &v6);
	/* The DHCP server has the last word. */
	if (n->dhcp)
		n->gw = (struct phx_ip){0};
	if (n->dhcp6 || n->auto6)
		n->gw6 = (struct phx_ip){0};
}

static void two_gateways(struct phx_lower *l, bool v6)
{
	const struct phx_nic *first = NULL;

	for (uint32_t i = 0; i < l->b->nics.n; i++) {
		const struct phx_nic *n = &l->b->nics.v[i];
		const struct phx_value *v = net_value(l, n, v6 ? "gw6" : "gw"), *old;
		struct phx_diag *d;

		if (!(v6 ? n->gw6.family : n->gw.family))
			continue;
		if (!first) {
			first = n;
			continue;
		}
		old = net_value(l, first, v6 ? "gw6" : "gw");
		d = phx_diag_add(l->b->bag, PHX0424, v ? v->span : n->span,
				 "`" PHX_STR_FMT "` has two default gateways", PHX_STR_ARG(l->g->r.address));
		phx_diag_label(l->b->bag, d, old ? old->span : first->span, "the first one");
		phx_diag_help(l->b->bag, d, "keep `%s` on the card that leads outside", v6 ? "gw6" : "gw");
		return;
	}
}

void phx_check_nics(struct phx_lower *l)
{
	for (uint32_t i = 0; i < l->b->nics.n; i++)
		check_card(l, &l->b->nics.v[i]);
	if (l->b->nics.n > 1) {
		two_gateways(l, false);
		two_gateways(l, true);
	}
}

/* --- all cards --- */

struct seen {
	const struct phx_guest *g;
	const struct phx_nic *n;
};

static void duplicate_ip(struct phx_gb *b, const struct phx_guest *g, const struct phx_nic *n,
			 const struct phx_ip *ip, const struct seen *first)
{
	struct phx_str text = ip_text(b, ip, false);
	struct phx_diag *d =
		phx_diag_add(b->bag, PHX0404, n->ip_span,
			     "`" PHX_STR_FMT "` and `" PHX_STR_FMT "` have one address, " PHX_STR_FMT,
			     PHX_STR_ARG(first->g->r.address), PHX_STR_ARG(g->r.address), PHX_STR_ARG(text));

	phx_diag_label(b->bag, d, n->ip_span, "used again here");
	phx_diag_label(b->bag, d, first->n->ip_span, "first used here");
	phx_diag_note(b->bag, d, "both are on " PHX_STR_FMT "%s", PHX_STR_ARG(n->bridge),
		      n->vlan ? phx_str_printf(b->bag->arena, ", VLAN %u", n->vlan).ptr : "");
}

/* One address may exist once on each bridge and VLAN of a cluster. */
static void see_ip(struct phx_gb *b, struct phx_map *seen, const struct phx_guest *g, const struct phx_nic *n,
		   const struct phx_ip *ip)
{
	struct phx_map_entry *e;
	struct seen *s;
	bool fresh;

	if (!ip->family || link_local(ip))
		return;
	phx_buf_clear(&b->text);
	phx_buf_add(&b->text, &ip->family, 1);
	phx_buf_add(&b->text, ip->bytes, ip->family == 4 ? 4 : 16);
	phx_buf_add(&b->text, &n->vlan, sizeof(n->vlan));
	phx_buf_str(&b->text, n->bridge);
	phx_gb_cluster_key(b, g, &b->text);
	e = phx_map_find(seen, phx_buf_view(&b->text));
	if (e) {
		duplicate_ip(b, g, n, ip, e->ptr);
		return;
	}
	e = phx_map_put(b->work, seen, phx_str_dup(b->work, phx_buf_view(&b->text)), &fresh);
	s = PHX_NEW(b->work, struct seen);
	*s = (struct seen){g, n};
	e->ptr = s;
}

static void see_mac(struct phx_gb *b, struct phx_map *seen, const struct phx_guest *g,
		    const struct phx_nic *n)
{
	struct phx_map_entry *e;
	const struct seen *first;
	struct seen *s;
	struct phx_diag *d;
	struct phx_buf text = {0};
	bool fresh;

	if (memcmp(n->mac, "\0\0\0\0\0\0", 6) == 0)
		return;
	phx_buf_clear(&b->text);
	phx_buf_add(&b->text, n->mac, sizeof(n->mac));
	phx_gb_cluster_key(b, g, &b->text);
	e = phx_map_find(seen, phx_buf_view(&b->text));
	if (!e) {
		e = phx_map_put(b->work, seen, phx_str_dup(b->work, phx_buf_view(&b->text)), &fresh);
		s = PHX_NEW(b->work, struct seen);
		*s = (struct seen){g, n};
		e->ptr = s;
		return;
	}
	first = e->ptr;
	/* Derived from one id: that is the mistake, and it is reported. */
	if (!n->mac_declared && !first->n->mac_declared && g->id == first->g->id)
		return;
	phx_mac_text(n->mac, &text);
	d = phx_diag_add(b->bag, PHX0403, n->mac_span,
			 "`" PHX_STR_FMT "` and `" PHX_STR_FMT "` have one MAC, " PHX_STR_FMT,
			 PHX_STR_ARG(first->g->r.address), PHX_STR_ARG(g->r.address),
			 PHX_STR_ARG(phx_buf_view(&text)));
	phx_diag_label(b->bag, d, n->mac_span, n->mac_declared ? "used again here" : "derived for this card");
	phx_diag_label(b->bag, d, first->n->mac_span,
		       first->n->mac_declared ? "first used here" : "derived for this card");
	phx_buf_done(&text);
}

void phx_check_addresses(struct phx_gb *b)
{
	struct phx_map ips = {0}, macs = {0};

	for (uint32_t i = 0; i < b->nodes.n; i++) {
		const struct phx_resource *r = b->nodes.v[i].r;
		const struct phx_guest *g = (const struct phx_guest *)r;

		if (r->kind != PHX_KIND_VM && r->kind != PHX_KIND_CONTAINER)
			continue;
		for (uint32_t k = 0; k < g->nics.n; k++) {
			see_ip(b, &ips, g, &g->nics.v[k], &g->nics.v[k].ip);
			see_ip(b, &ips, g, &g->nics.v[k], &g->nics.v[k].ip6);
			see_mac(b, &macs, g, &g->nics.v[k]);
		}
	}
}
