#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "model/check_priv.h"
#include "model/format_priv.h"

/* Formats of addresses and host names: PVE::JSONSchema, PVE::Tools, PVE::Storage::Plugin. */

static bool parse_ip(int family, struct phx_str v, unsigned char *out)
{
	char text[INET6_ADDRSTRLEN]; /* longer is no address */
	if (v.len == 0 || v.len >= sizeof(text) || memchr(v.ptr, 0, v.len))
		return false;
	memcpy(text, v.ptr, v.len);
	text[v.len] = 0;
	return inet_pton(family, text, out) == 1;
}

bool phx_is_ipv4(struct phx_str v)
{
	unsigned char bytes[16];
	return parse_ip(AF_INET, v, bytes);
}

bool phx_is_ipv6(struct phx_str v)
{
	unsigned char bytes[16];
	return parse_ip(AF_INET6, v, bytes);
}

bool phx_is_ip(struct phx_str v)
{
	return phx_is_ipv4(v) || phx_is_ipv6(v);
}

bool phx_is_cidr(struct phx_str v, bool (*is_address)(struct phx_str), uint64_t low, uint64_t high)
{
	ptrdiff_t slash = phx_str_chr(v, '/');
	uint64_t prefix;
	if (slash < 0 || !is_address(phx_str_slice(v, 0, (size_t)slash)))
		return false;
	return phx_parse_u64(phx_str_from(v, (size_t)slash + 1), &prefix) && prefix >= low && prefix <= high;
}

static bool is_cidr4(struct phx_str v)
{
	return phx_is_cidr(v, phx_is_ipv4, 8, 32);
}

static bool is_cidr6(struct phx_str v)
{
	return phx_is_cidr(v, phx_is_ipv6, 8, 128);
}

static bool is_dns_name(struct phx_str v)
{
	struct phx_str label;
	if (v.len == 0)
		return false;
	while (phx_str_cut(&v, '.', &label)) {
		if (!phx_is_node_name(label))
			return false;
	}
	return true;
}

static bool check_ipv4(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_is_ipv4(v) || phx_format_say(msg, "value does not look like a valid IPv4 address");
}

static bool check_ipv6(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_is_ipv6(v) || phx_format_say(msg, "value does not look like a valid IPv6 address");
}

static bool check_ip(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_is_ip(v) || phx_format_say(msg, "value does not look like a valid IP address");
}

static bool check_cidr4(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_cidr4(v) || phx_format_say(msg, "value does not look like a valid IPv4 CIDR network");
}

static bool check_cidr6(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_cidr6(v) || phx_format_say(msg, "value does not look like a valid IPv6 CIDR network");
}

static bool check_cidr(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_cidr4(v) || is_cidr6(v) ||
	       phx_format_say(msg, "value does not look like a valid CIDR network");
}

static bool check_ipv4_config(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_str_eqc(v, "dhcp") || phx_str_eqc(v, "manual") || is_cidr4(v) ||
	       phx_format_say(msg, "value does not look like a valid ipv4 network configuration");
}

static bool check_ipv6_config(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_str_eqc(v, "auto") || phx_str_eqc(v, "dhcp") || phx_str_eqc(v, "manual") || is_cidr6(v) ||
	       phx_format_say(msg, "value does not look like a valid ipv6 network configuration");
}

static bool is_netmask(struct phx_str v)
{
	unsigned char b[4];
	if (!parse_ip(AF_INET, v, b))
		return false;
	uint32_t mask = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	return (~mask & (~mask + 1)) == 0;
}

static bool check_ipv4mask(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_netmask(v) || phx_format_say(msg, "value does not look like a valid IP netmask");
}

static bool check_dns_name(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_dns_name(v) || phx_format_say(msg, "value does not look like a valid DNS name");
}

static bool check_address(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_is_ip(v) || is_dns_name(v) ||
	       phx_format_fail(msg, "value does not look like a valid address: ", v, "");
}

static bool check_server(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_is_ip(v) || is_dns_name(v) ||
	       phx_format_say(msg, "value does not look like a valid server name or IP address");
}

/* HOST, HOST:PORT, [ADDRESS]:PORT, IPV6.PORT */
static bool is_portal(struct phx_str v)
{
	ptrdiff_t end = phx_str_chr(v, ']'), colon;
	if (phx_str_starts(v, "[") && end > 1) {
		struct phx_str host = phx_str_slice(v, 1, (size_t)end - 1),
			       port = phx_str_from(v, (size_t)end + 1);
		return (phx_is_ip(host) || phx_all_of(host, "-.")) &&
		       (port.len == 0 || (port.ptr[0] == ':' && phx_all_digits(phx_str_from(port, 1))));
	}
	colon = phx_str_chr(v, ':');
	if (colon < 0)
		return phx_all_of(v, "-.");
	if (phx_all_of(phx_str_slice(v, 0, (size_t)colon), "-.") &&
	    phx_all_digits(phx_str_from(v, (size_t)colon + 1)))
		return true;
	ptrdiff_t dot = phx_str_chr(v, '.');
	return phx_is_ipv6(v) || (dot > 0 && phx_is_ipv6(phx_str_slice(v, 0, (size_t)dot)) &&
				  phx_all_digits(phx_str_from(v, (size_t)dot + 1)));
}

static bool check_portal(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_portal(v) || phx_format_say(msg, "value does not look like a valid portal address");
}

static bool is_mac_digits(struct phx_str v, size_t groups)
{
	if (v.len != groups * 3 - 1)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		char c = v.ptr[i];
		if (i % 3 == 2 ? c != ':'
			       : !(phx_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return phx_str_chr(PHX_STR("02468aceACE"), v.ptr[1]) >= 0; /* unicast */
}

static bool check_mac(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_mac_digits(v, 6) ||
	       phx_format_say(msg, "value does not look like a valid unicast MAC address");
}

static bool check_mac_prefix(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	bool ok = v.len >= 2 && v.len <= 17;
	(void)o;
	for (size_t n = 1; ok && n <= 6; n++) {
		if (is_mac_digits(phx_str_slice(v, 0, n * 3 - 1), n) &&
		    (v.len == n * 3 - 1 || v.len == n * 3))
			return true;
	}
	return phx_format_say(msg, "value is not a valid unicast MAC address prefix");
}

static bool is_iface(struct phx_str v)
{
	size_t n = 0;
	while (n < v.len && (phx_is_alnum(v.ptr[n]) || v.ptr[n] == '_'))
		n++;
	if (n < 2 || n > 21 || !phx_is_alpha(v.ptr[0]))
		return false;
	return n == v.len || ((v.ptr[n] == ':' || v.ptr[n] == '.') && phx_all_digits(phx_str_from(v, n + 1)));
}

static bool check_iface(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_iface(v) || phx_format_fail(msg, "invalid network interface name '", v, "'");
}

/* Link-local addresses may name their interface: fe80::1%eth0. */
static bool check_lxc_ip(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	ptrdiff_t percent = phx_str_chr(v, '%');
	if (percent > 0 && v.len > 5 && strncmp(v.ptr, "fe80:", 5) == 0 &&
	    phx_is_ipv6(phx_str_slice(v, 0, (size_t)percent)) &&
	    is_iface(phx_str_from(v, (size_t)percent + 1)))
		return true;
	return check_ip(o, v, msg);
}

/* [\w+~-]+(\.[\w+~-]+)* */
static bool is_mail_user(struct phx_str v)
{
	struct phx_str part;
	if (v.len == 0)
		return false;
	while (phx_str_cut(&v, '.', &part)) {
		if (!phx_all_of(part, "_+-~"))
			return false;
	}
	return true;
}

static bool is_email(struct phx_str v)
{
	ptrdiff_t at = phx_str_chr(v, '@');
	struct phx_str domain = at < 0 ? (struct phx_str){0} : phx_str_from(v, (size_t)at + 1), part;
	if (at <= 0 || domain.len == 0 || !is_mail_user(phx_str_slice(v, 0, (size_t)at)))
		return false;
	while (phx_str_cut(&domain, '.', &part)) {
		if (!phx_all_of(part, "-"))
			return false;
	}
	return true;
}

static bool check_email(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_email(v) || phx_format_say(msg, "value does not look like a valid email address");
}

static bool check_email_or_user(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_email(v) || is_mail_user(v) ||
	       phx_format_say(msg, "value does not look like a valid email address or user name");
}

/* SOURCE:TARGET, TARGET or 1, of ids of the given format. */
static bool check_pair(const struct phx_option *o, struct phx_str v, const char *format, struct phx_buf *msg)
{
	ptrdiff_t colon = phx_str_chr(v, ':');
	const struct phx_format *id = phx_format_find(phx_str_c(format));
	struct phx_buf inner = {0};
	bool ok = phx_str_eqc(v, "1");
	if (!ok && colon < 0)
		ok = id->check(o, v, &inner);
	else if (!ok)
		ok = id->check(o, phx_str_slice(v, 0, (size_t)colon), &inner) &&
		     id->check(o, phx_str_from(v, (size_t)colon + 1), &inner);
	if (!ok) {
		phx_format_fail(msg, "entry '", v, "' contains invalid ID - ");
		msg->len--;
		phx_buf_str(msg, phx_buf_view(&inner));
		phx_buf_c(msg, "\n\n");
	}
	phx_buf_done(&inner);
	return ok;
}

static bool check_storage_pair(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return check_pair(o, v, "pve-storage-id", msg);
}

static bool check_bridge_pair(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return check_pair(o, v, "pve-bridge-id", msg);
}

const struct phx_format phx_formats_address[] = {
	{"ipv4", check_ipv4},
	{"ipv6", check_ipv6},
	{"ip", check_ip},
	{"CIDRv4", check_cidr4},
	{"CIDRv6", check_cidr6},
	{"CIDR", check_cidr},
	{"pve-ipv4-config", check_ipv4_config},
	{"pve-ipv6-config", check_ipv6_config},
	{"ipv4mask", check_ipv4mask},
	{"dns-name", check_dns_name},
	{"address", check_address},
	{"pve-storage-server", check_server},
	{"pve-storage-portal-dns", check_portal},
	{"mac-addr", check_mac},
	{"mac-prefix", check_mac_prefix},
	{"pve-iface", check_iface},
	{"lxc-ip-with-ll-iface", check_lxc_ip},
	{"email", check_email},
	{"email-or-username", check_email_or_user},
	{"storage-pair", check_storage_pair},
	{"bridge-pair", check_bridge_pair},
	{NULL, NULL},
};
