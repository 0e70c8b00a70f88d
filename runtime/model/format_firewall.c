#include "model/check_priv.h"
#include "model/format_priv.h"

/* Formats of firewall rules: PVE::Firewall. */

/* [A-Za-z][A-Za-z0-9_-]+, for aliases and sets */
static bool is_fw_name(struct phx_str v)
{
	return v.len >= 2 && phx_is_alpha(v.ptr[0]) && phx_all_of(v, "-_");
}

static bool is_alias(struct phx_str v)
{
	if (phx_str_starts(v, "dc/"))
		v = phx_str_from(v, 3);
	else if (phx_str_starts(v, "guest/"))
		v = phx_str_from(v, 6);
	return is_fw_name(v);
}

static bool is_any_cidr(struct phx_str v)
{
	return phx_is_ip(v) || phx_is_cidr(v, phx_is_ipv4, 0, 32) || phx_is_cidr(v, phx_is_ipv6, 0, 128);
}

static bool check_ip_or_cidr(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_any_cidr(v) ||
	       phx_format_say(msg, "value does not look like a valid IP address or CIDR network");
}

static bool check_ip_cidr_or_alias(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return is_alias(v) || check_ip_or_cidr(o, v, msg);
}

/* FROM-TO of one family */
static bool is_ip_range(struct phx_str v)
{
	ptrdiff_t dash = phx_str_chr(v, '-');
	if (dash < 0)
		return false;
	struct phx_str from = phx_str_trim(phx_str_slice(v, 0, (size_t)dash));
	struct phx_str to = phx_str_trim(phx_str_from(v, (size_t)dash + 1));
	return (phx_is_ipv4(from) && phx_is_ipv4(to)) || (phx_is_ipv6(from) && phx_is_ipv6(to));
}

static bool extraneous_commas(struct phx_str v, struct phx_buf *msg)
{
	return phx_str_ends(v, ",") && !phx_format_say(msg, "extraneous commas in list");
}

static bool check_address_list(struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, item;
	size_t count = 0, ranges = 0, v6 = 0;
	if (extraneous_commas(v, msg))
		return false;
	while (phx_str_cut(&rest, ',', &item)) {
		bool range = is_ip_range(item);
		if (!range && !is_any_cidr(item))
			return phx_format_fail(msg, "invalid IP address: Invalid IP address ", item, "");
		ranges += range;
		v6 += phx_str_chr(item, ':') >= 0;
		count++;
	}
	if (v6 > 0 && v6 < count)
		return phx_format_fail(msg, "detected mixed ipv4/ipv6 addresses in address list '", v, "'");
	if (ranges > 0 && count > 1)
		return phx_format_say(msg, "you can't use a range in a list");
	return true;
}

static bool check_addr_spec(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (phx_str_starts(v, "+") && v.len > 1 && phx_str_chr(v, ' ') < 0)
		return v.len <= 65 || phx_format_say(msg, "ipset name too long");
	if (is_alias(v))
		return v.len <= 64 || phx_format_say(msg, "alias name too long");
	return check_address_list(v, msg);
}

/* One port; *count grows by 1, for a range by 2. */
static bool check_port(const struct phx_option *o, struct phx_str item, size_t *count, struct phx_buf *msg)
{
	uint64_t from, to = 0;
	ptrdiff_t colon = phx_str_chr(item, ':');
	struct phx_str first = colon < 0 ? item : phx_str_slice(item, 0, (size_t)colon);
	struct phx_str second = colon < 0 ? (struct phx_str){0} : phx_str_from(item, (size_t)colon + 1);
	if (!phx_parse_u64(first, &from) || (colon >= 0 && !phx_parse_u64(second, &to)))
		return phx_format_word(o, item) || phx_format_fail(msg, "invalid port '", item, "'");
	*count += colon < 0 ? 1 : 2;
	if (from > 65535 || to > 65535)
		return phx_format_fail(msg, "invalid port '", from > 65535 ? first : second, "'");
	if (colon >= 0 && from > to) {
		phx_format_fail(msg, "backwards range '", item, "' not allowed, did you mean '");
		msg->len--;
		phx_buf_printf(msg, PHX_STR_FMT ":" PHX_STR_FMT "'?\n", PHX_STR_ARG(second),
			       PHX_STR_ARG(first));
		return false;
	}
	return true;
}

static bool check_ports(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, item;
	size_t count = 0;
	if (extraneous_commas(v, msg))
		return false;
	while (v.len > 0 && phx_str_cut(&rest, ',', &item)) {
		if (!check_port(o, item, &count, msg))
			return false;
	}
	return count <= 15 || phx_format_say(msg, "too many entries in port list (> 15 numbers)");
}

static bool check_protocol(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	uint64_t number;
	if (v.len == 0 || phx_format_word(o, v) || (phx_parse_u64(v, &number) && number <= 255))
		return true;
	return phx_format_fail(msg, "unknown protocol '", v, "'");
}

static bool check_icmp_type(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return v.len == 0 || phx_format_word(o, v) ||
	       phx_format_fail(msg, "invalid icmp-type value '", v, "'");
}

static bool check_helper(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, item;
	if (extraneous_commas(v, msg))
		return false;
	while (v.len > 0 && phx_str_cut(&rest, ',', &item)) {
		if (!phx_format_word(o, item))
			return phx_format_fail(msg, "unknown helper ", item, "");
	}
	return true;
}

const struct phx_format phx_formats_firewall[] = {
	{"IPorCIDR", check_ip_or_cidr},
	{"IPorCIDRorAlias", check_ip_cidr_or_alias},
	{"pve-fw-addr-spec", check_addr_spec},
	{"pve-fw-sport-spec", check_ports},
	{"pve-fw-dport-spec", check_ports},
	{"pve-fw-protocol-spec", check_protocol},
	{"pve-fw-icmp-type-spec", check_icmp_type},
	{"pve-fw-conntrack-helper", check_helper},
	{NULL, NULL},
};
