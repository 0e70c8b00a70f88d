#include "model/check_priv.h"
#include "model/format_priv.h"

/* Formats of guest options: PVE::QemuServer, PVE::LXC::Config, PVE::JSONSchema. */

static bool check_bootdev(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return phx_format_word(o, v) || phx_format_fail(msg, "invalid boot device '", v, "'");
}

static bool check_bootdisk(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return phx_format_word(o, v) || phx_format_fail(msg, "invalid boot disk '", v, "'");
}

static bool check_hotplug(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	static const char *const known[] = {"network", "disk", "cpu", "memory", "usb", "cloudinit"};
	struct phx_str item;
	(void)o;
	if (phx_str_eqc(v, "0") || phx_str_eqc(v, "1"))
		return true;
	while (phx_list_next(&v, &item)) {
		bool ok = false;
		for (size_t i = 0; i < PHX_COUNTOF(known); i++)
			ok |= phx_str_eqc(item, known[i]);
		if (!ok)
			return phx_format_fail(msg, "invalid hotplug feature '", item, "'");
	}
	return true;
}

/* Numbers and ranges with commas: 0,5,8-11. */
static bool is_cpuset(struct phx_str v)
{
	struct phx_str item;
	while (phx_str_cut(&v, ',', &item)) {
		uint64_t from, to;
		ptrdiff_t dash = phx_str_chr(phx_str_trim(item), '-');
		item = phx_str_trim(item);
		if (dash < 0 && !phx_parse_u64(item, &from))
			return false;
		if (dash >= 0 &&
		    (!phx_parse_u64(phx_str_trim(phx_str_slice(item, 0, (size_t)dash)), &from) ||
		     !phx_parse_u64(phx_str_trim(phx_str_from(item, (size_t)dash + 1)), &to) || to < from))
			return false;
	}
	return true;
}

static bool check_cpuset(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return (v.len > 0 && is_cpuset(v)) || phx_format_say(msg, "unable to parse cpuset option");
}

static bool check_phys_bits(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	uint64_t bits;
	(void)o;
	if (phx_str_eqc(v, "host") || (v.len <= 2 && phx_parse_u64(v, &bits) && bits >= 8 && bits <= 64))
		return true;
	return phx_format_say(msg, "value must be an integer between 8 and 64 or 'host'");
}

static bool is_startup(struct phx_str v)
{
	struct phx_str part;
	if (v.len == 0 || phx_str_eqc(v, "0"))
		return false; /* false to Perl */
	while (phx_str_cut(&v, ',', &part)) {
		if (phx_str_trim(part).len == 0)
			continue;
		if (phx_str_starts(part, "order="))
			part = phx_str_from(part, 6);
		else if (phx_str_starts(part, "up="))
			part = phx_str_from(part, 3);
		else if (phx_str_starts(part, "down="))
			part = phx_str_from(part, 5);
		if (!phx_all_digits(part))
			return false;
	}
	return true;
}

static bool check_startup(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_startup(v) || phx_format_say(msg, "unable to parse startup options");
}

/* No /./ or /../, none of these at the end, no ../ at the start. */
static bool climbs(struct phx_str v)
{
	return phx_str_find(v, PHX_STR("/./")) >= 0 || phx_str_find(v, PHX_STR("/../")) >= 0 ||
	       phx_str_ends(v, "/.") || phx_str_ends(v, "/..");
}

static bool check_mp(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return !(climbs(v) || phx_str_starts(v, "../")) ||
	       phx_format_fail(msg, "", v, " contains illegal character sequences");
}

static bool check_device(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return (phx_str_starts(v, "/dev/") && !climbs(v)) ||
	       phx_format_fail(msg, "", v, " is not a valid device path");
}

/* Which zones exist is known to the node alone; here: `host`, `UTC`, or names with slashes between. */
static bool check_timezone(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, part;
	bool ok = phx_str_chr(v, '/') > 0;
	(void)o;
	if (phx_str_eqc(v, "host") || phx_str_eqc(v, "UTC"))
		return true;
	while (phx_str_cut(&rest, '/', &part))
		ok = ok && phx_all_of(part, "_-+");
	return ok || phx_format_fail(msg, "invalid time zone '", v, "'");
}

const struct phx_format phx_formats_guest[] = {
	{"pve-qm-bootdev", check_bootdev},       {"pve-qm-bootdisk", check_bootdisk},
	{"pve-hotplug-features", check_hotplug}, {"pve-cpuset", check_cpuset},
	{"pve-phys-bits", check_phys_bits},      {"pve-startup-order", check_startup},
	{"pve-lxc-mp-string", check_mp},         {"pve-lxc-dev-string", check_device},
	{"pve-ct-timezone", check_timezone},     {NULL, NULL},
};
