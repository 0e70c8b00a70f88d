/* Functions of addresses and networks. */
#include "sema/fn_priv.h"

/* The address number n of a network; a negative one counts from its end. */
static bool nth(const struct phx_ip *net, int64_t n, struct phx_ip *out)
{
	int bits = net->family == 4 ? 32 : 128, bytes = bits / 8;
	phx_u128 mask = 0, value = 0, add;

	for (int i = net->prefix; i < bits; i++)
		mask = mask << 1 | 1;
	for (int i = 0; i < bytes; i++)
		value = value << 8 | net->bytes[i];
	add = n < 0 ? mask - ((phx_u128)(-(uint64_t)n) - 1) : (phx_u128)n;
	if (n < 0 ? (phx_u128)(-(uint64_t)n) - 1 > mask : add > mask)
		return false;
	value = (value & ~mask) | add;
	*out = *net;
	for (int i = bytes - 1; i >= 0; i--) {
		out->bytes[i] = (uint8_t)(value & 0xff);
		value >>= 8;
	}
	return true;
}

static void fn_host(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_ip *ip = PHX_NEW(&s->tmp, struct phx_ip);
	struct phx_diag *d;

	if (nth(a[0].ip, a[1].i, ip)) {
		/* The prefix stays with it: adding to the address must not leave the network in silence. */
		*out = (struct phx_value){.kind = PHX_V_IP, .ip = ip, .span = n->span};
		return;
	}
	d = phx_eval_error(s, PHX0206, n->call.args[1]->span, out, "%s has no address number %s",
			   phx_shown(s, &a[0]), phx_shown(s, &a[1]));
	if (d && a[0].ip->family == 4)
		phx_diag_note(s->bag, d, "its addresses are 0 to %llu",
			      (unsigned long long)((1ULL << (32 - a[0].ip->prefix)) - 1));
}

static void fn_netmask(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		       struct phx_value *out)
{
	struct phx_ip *ip = PHX_NEW(&s->tmp, struct phx_ip);

	ip->family = a[0].ip->family;
	for (int i = 0; i < a[0].ip->prefix; i++)
		ip->bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
	*out = (struct phx_value){.kind = PHX_V_IP, .ip = ip, .span = n->span};
}

const struct phx_fn phx_fns_net[] = {
	{.name = "host",
	 .usage = "host(cidr, n)",
	 .min = 2,
	 .max = 2,
	 .args = {PHX_TY(PHX_V_CIDR), PHX_TY(PHX_V_INT)},
	 .result = PHX_TY(PHX_V_IP),
	 .eval = fn_host},
	{.name = "netmask",
	 .usage = "netmask(cidr)",
	 .min = 1,
	 .max = 1,
	 .args = {PHX_TY(PHX_V_CIDR)},
	 .result = PHX_TY(PHX_V_IP),
	 .eval = fn_netmask},
	{.name = NULL},
};
