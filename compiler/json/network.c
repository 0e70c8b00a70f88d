/* Network cards, addresses and name servers. */
#include <string.h>
#include <strings.h>

#include "json/import_priv.h"

static bool is_dhcp(struct phx_str s)
{
	return s.len == 4 && strncasecmp(s.ptr, "dhcp", 4) == 0;
}

static bool is_auto(struct phx_str s)
{
	return s.len == 4 && strncasecmp(s.ptr, "auto", 4) == 0;
}

/* True: dynamic. */
static bool put_ip(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n)
{
	struct phx_str text;
	struct phx_value v;

	if (!phx_jtext(c, n, &text))
		return false;
	if (is_dhcp(text)) {
		phx_jput(c, b, "ip", phx_jword("dhcp", phx_jspan(c->g->file, n)), n);
		return true;
	}
	if (is_auto(text))
		phx_jput(c, b, "ip6", phx_jword("auto", phx_jspan(c->g->file, n)), n);
	else if (phx_jcidr(c, n, text, &v))
		phx_jput(c, b, v.ip->family == 6 ? "ip6" : "ip", v, n);
	return false;
}

static void put_gw(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n, bool dynamic)
{
	struct phx_str text;
	struct phx_value v;

	if (!phx_jtext(c, n, &text) || !phx_jip(c, text, phx_jspan(c->g->file, n), &v))
		return;
	if (dynamic && v.ip->family == 4) {
		struct phx_diag *d = phx_diag_add(c->m->bag, PHX0407, v.span, "a gateway beside dhcp");

		phx_diag_label(c->m->bag, d, v.span, "dhcp brings one of its own: this one is left out");
		phx_jfate(n, PHX_FATE_DROPPED, "dhcp brings a gateway of its own");
		return;
	}
	phx_jput(c, b, v.ip->family == 6 ? "gw6" : "gw", v, n);
}

static void put_mac(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n)
{
	struct phx_value v = {.kind = PHX_V_MAC};
	struct phx_str text;

	if (!phx_jtext(c, n, &text))
		return;
	v.span = phx_jspan(c->g->file, n);
	if (phx_mac_parse(text, v.mac))
		phx_jput(c, b, "mac", v, n);
	else
		phx_jwrong(c, n, PHX0505, "`" PHX_STR_FMT "` is no MAC address", PHX_STR_ARG(text));
}

static void put_text(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_jnode *n)
{
	struct phx_str text;

	if (phx_jtext(c, n, &text))
		phx_jput(c, b, name, phx_value_str(text, phx_jspan(c->g->file, n)), n);
}

static struct phx_jnode *first(struct phx_jnode *a, struct phx_jnode *b)
{
	return a ? a : b;
}

/* `mac` and `gw` may stand elsewhere; then they are for the first card. */
static void card(struct phx_jctx *c, struct phx_jnode *n, struct phx_str label, struct phx_jnode *outer_mac,
		 struct phx_jnode *outer_gw, struct phx_jnode *outer_ip)
{
	struct phx_block *b = phx_jblock(c, c->body, "network", label, n);
	struct phx_jnode *mac = phx_jget(n, PHX_K_HWADDR), *gw = phx_jget(n, PHX_K_GW),
			 *ip = phx_jget(n, PHX_K_IP);
	bool dynamic;

	if (c->g->kind == PHX_KIND_CONTAINER)
		put_text(c, b, "name", phx_jget(n, PHX_K_IFNAME));
	put_text(c, b, "bridge", phx_jget(n, PHX_K_IFBRIDGE));
	if (ip && outer_ip)
		phx_jfate(outer_ip, PHX_FATE_DROPPED, "`network_config.ip` counts");
	if (mac && outer_mac)
		phx_jfate(outer_mac, PHX_FATE_DROPPED, "the card's own address counts");
	dynamic = put_ip(c, b, first(ip, outer_ip));
	if (gw && outer_gw)
		phx_jfate(outer_gw, PHX_FATE_DROPPED, "`network_config.gw` counts");
	put_gw(c, b, first(gw, outer_gw), dynamic);
	put_mac(c, b, first(mac, outer_mac));
}

/* --- name servers --- */

static void add_servers(struct phx_jctx *c, struct phx_jnode *n, struct phx_jpieces *list)
{
	if (n)
		phx_jlist(c, n, ' ', list);
}

static void dns(struct phx_jctx *c, struct phx_jnode *a, struct phx_jnode *b)
{
	struct phx_jnode *search = first(phx_jget(a, PHX_K_SEARCH), phx_jget(b, PHX_K_SEARCH));
	struct phx_jnode *nodes[] = {phx_jget(a, PHX_K_DNS), phx_jget(a, PHX_K_DNS_LIST),
				     phx_jget(b, PHX_K_DNS), phx_jget(b, PHX_K_DNS_LIST)};
	PHX_VEC(struct phx_value) servers = {0};
	struct phx_jpieces list = {0};
	struct phx_jnode *at = NULL;
	struct phx_block *block;

	for (size_t i = 0; i < PHX_COUNTOF(nodes); i++) {
		add_servers(c, nodes[i], &list);
		at = first(at, nodes[i]);
	}
	for (uint32_t i = 0; i < list.v.n; i++) {
		struct phx_value v;
		bool again = false;

		if (!phx_jip(c, list.v.v[i].text, list.v.v[i].span, &v))
			continue;
		for (uint32_t j = 0; j < servers.n; j++)
			again = again || phx_value_equal(&servers.v[j], &v);
		if (!again)
			phx_vec_push(&c->m->work, &servers, v);
	}
	if (servers.n == 0 && !search)
		return;
	block = phx_jblock(c, c->body, "dns", PHX_STR(""), first(at, search));
	if (servers.n > 0)
		phx_jput(c, block, "servers",
			 phx_jlist_value(c, servers.v, servers.n, phx_jspan(c->g->file, at)), at);
	put_text(c, block, "search", search);
}

void phx_jnetwork(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_NETWORK], *n2 = c->at[PHX_K_NETWORK2];
	struct phx_jnode *user = c->at[PHX_K_USER];
	bool has = phx_jsingle(c, n), has2 = phx_jsingle(c, n2);
	struct phx_jnode *outer_gw =
		user && user->kind == PHX_J_OBJECT ? phx_jget(user, PHX_K_USER_GW) : NULL;

	if (user)
		phx_jsingle(c, user);
	if (has || c->at[PHX_K_MAC] || c->at[PHX_K_STATIC_IP])
		card(c, has ? n : first(c->at[PHX_K_MAC], c->at[PHX_K_STATIC_IP]), PHX_STR(""),
		     c->at[PHX_K_MAC], outer_gw, c->at[PHX_K_STATIC_IP]);
	else if (outer_gw)
		phx_jfate(outer_gw, PHX_FATE_DROPPED, "a gateway without a network card");
	if (has2)
		card(c, n2, PHX_STR("net1"), NULL, NULL, NULL);
	dns(c, has ? n : NULL, has2 ? n2 : NULL);
}
