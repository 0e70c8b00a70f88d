#include "model/check_priv.h"
#include "model/format_priv.h"
#include "model/normalise.h"

/* Formats of names and identifiers: PVE::JSONSchema, PVE::Storage::Plugin, PVE::AccessControl. */

bool phx_format_fail(struct phx_buf *msg, const char *before, struct phx_str value, const char *after)
{
	phx_buf_c(msg, before);
	phx_buf_str(msg, value);
	return phx_format_say(msg, after);
}

bool phx_format_say(struct phx_buf *msg, const char *sentence)
{
	phx_buf_c(msg, sentence);
	phx_buf_ch(msg, '\n');
	return false;
}

bool phx_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool phx_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool phx_is_alnum(char c)
{
	return phx_is_alpha(c) || phx_is_digit(c);
}

bool phx_all_of(struct phx_str s, const char *extra)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!phx_is_alnum(s.ptr[i]) && phx_str_chr(phx_str_c(extra), s.ptr[i]) < 0)
			return false;
	}
	return s.len > 0;
}

bool phx_all_digits(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!phx_is_digit(s.ptr[i]))
			return false;
	}
	return s.len > 0;
}

/* [a-z][a-z0-9_.-]*[a-z0-9] in any case */
static bool is_id(struct phx_str s)
{
	return s.len >= 2 && phx_is_alpha(s.ptr[0]) && phx_is_alnum(s.ptr[s.len - 1]) && phx_all_of(s, "-_.");
}

static bool check_urlencoded(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len == 0 || phx_all_of(v, "-%_.!~*'()"))
		return true;
	return phx_format_fail(msg, "invalid urlencoded string: ", v, "");
}

static bool check_configid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len >= 2 && phx_is_alpha(v.ptr[0]) && phx_all_of(v, "_-"))
		return true;
	return phx_format_fail(msg, "invalid configuration ID '", v, "'");
}

static bool check_storage_id(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_id(v) || phx_format_fail(msg, "storage ID '", v, "' contains illegal characters");
}

static bool check_bridge_id(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_all_of(v, "-_.") || phx_format_fail(msg, "invalid bridge ID '", v, "'");
}

static bool check_vmid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len >= 3 && v.len <= 9 && v.ptr[0] != '0' && phx_all_digits(v))
		return true;
	return phx_format_say(msg, "value does not look like a valid VM ID");
}

bool phx_is_node_name(struct phx_str v)
{
	return v.len > 0 && phx_is_alnum(v.ptr[0]) && phx_is_alnum(v.ptr[v.len - 1]) && phx_all_of(v, "-");
}

static bool check_node(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (phx_is_node_name(v))
		return true;
	return phx_format_say(msg, "value does not look like a valid node name");
}

static bool check_tag(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len > 0 && (phx_is_alnum(v.ptr[0]) || v.ptr[0] == '_') && phx_all_of(v, "_-+."))
		return true;
	return phx_format_say(msg, "invalid characters in tag");
}

static bool check_poolid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, part;
	size_t parts = 0;
	bool ok = v.len > 0;
	(void)o;
	while (phx_str_cut(&rest, '/', &part)) {
		ok = ok && phx_all_of(part, ".-_");
		parts++;
	}
	if (parts > 3)
		return phx_format_fail(msg, "pool name '", v, "' nested too deeply (max levels = 3)");
	return ok || phx_format_fail(msg, "pool name '", v, "' contains invalid characters");
}

static bool check_groupid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_all_of(v, ".-_") ||
	       phx_format_fail(msg, "group name '", v, "' contains invalid characters");
}

static bool check_roleid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return phx_all_of(v, ".-_") ||
	       phx_format_fail(msg, "role name '", v, "' contains invalid characters");
}

static bool is_realm(struct phx_str v)
{
	return v.len >= 2 && phx_is_alpha(v.ptr[0]) && phx_all_of(v, ".-_");
}

static bool check_realm(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (is_realm(v))
		return true;
	return phx_format_say(msg, "value does not look like a valid realm");
}

static ptrdiff_t last(struct phx_str s, char c)
{
	ptrdiff_t i = (ptrdiff_t)s.len - 1;
	while (i >= 0 && s.ptr[i] != c)
		i--;
	return i;
}

/* [^\s:/]+@realm */
static bool is_userid(struct phx_str v)
{
	ptrdiff_t at = last(v, '@');
	if (at <= 0 || !is_realm(phx_str_from(v, (size_t)at + 1)))
		return false;
	for (ptrdiff_t i = 0; i < at; i++) {
		char c = v.ptr[i];
		if (c == ':' || c == '/' || c == ' ' || (c >= '\t' && c <= '\r'))
			return false;
	}
	return true;
}

static bool check_userid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len < 3)
		return phx_format_fail(msg, "user name '", v, "' is too short");
	if (v.len > 64) {
		phx_buf_printf(msg, "user name '" PHX_STR_FMT "' is too long (%zu > 64)\n", PHX_STR_ARG(v),
			       v.len);
		return false;
	}
	return is_userid(v) || phx_format_fail(msg, "value '", v, "' does not look like a valid user name");
}

static bool check_tokenid(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	ptrdiff_t bang = last(v, '!');
	(void)o;
	if (bang > 0 && is_userid(phx_str_slice(v, 0, (size_t)bang)) &&
	    is_realm(phx_str_from(v, (size_t)bang + 1)))
		return true;
	return phx_format_fail(msg, "value '", v, "' does not look like a valid token ID");
}

/* Privileges are names such as VM.Config.Disk; which exist is not told by the API description. */
static bool check_priv(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return (phx_all_of(v, ".") && phx_is_alpha(v.ptr[0]) && phx_str_chr(v, '.') > 0) ||
	       phx_format_fail(msg, "invalid privilege '", v, "'");
}

static bool check_volume_id(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	ptrdiff_t colon = phx_str_chr(v, ':');
	(void)o;
	if (colon > 0 && (size_t)colon + 1 < v.len && is_id(phx_str_slice(v, 0, (size_t)colon)))
		return true;
	return phx_format_fail(msg, "unable to parse volume ID '", v, "'");
}

static bool check_volume_or_absolute(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return phx_str_starts(v, "/") || check_volume_id(o, v, msg);
}

static bool check_volume_or_path(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	return phx_str_eqc(v, "none") || phx_str_eqc(v, "cdrom") || check_volume_or_absolute(o, v, msg);
}

static bool check_storage_path(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len >= 2 && v.ptr[0] == '/' && v.ptr[1] != ';' && v.ptr[1] != '(' && v.ptr[1] != ')')
		return true;
	return phx_format_say(msg, "value does not look like a valid absolute path");
}

static bool check_content(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	static const char *const known[] = {"backup", "images",  "import",   "iso",
					    "none",   "rootdir", "snippets", "vztmpl"};
	(void)o;
	for (size_t i = 0; i < PHX_COUNTOF(known); i++) {
		if (phx_str_eqc(v, known[i]))
			return true;
	}
	return phx_format_fail(msg, "invalid content type '", v, "'");
}

static bool check_options(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	bool ok = v.len > 0;
	(void)o;
	for (size_t i = 0; i < v.len; i++)
		ok = ok && v.ptr[i] != ' ' && (v.ptr[i] < '\t' || v.ptr[i] > '\r');
	return ok || phx_format_fail(msg, "invalid options '", v, "'");
}

static bool check_vgname(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	if (v.len >= 2 && phx_is_alnum(v.ptr[0]) && phx_is_alnum(v.ptr[v.len - 1]) && phx_all_of(v, "-_."))
		return true;
	return phx_format_fail(msg, "lvm name '", v, "' contains illegal characters");
}

static bool check_dir_override(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	ptrdiff_t equals = phx_str_chr(v, '=');
	struct phx_str path = equals < 0 ? (struct phx_str){0} : phx_str_from(v, (size_t)equals + 1);
	if (equals > 0 && !check_content(o, phx_str_slice(v, 0, (size_t)equals), msg))
		return false;
	if (equals > 0 && path.len > 0 && path.len < 1023 && phx_str_find(path, PHX_STR("..")) < 0)
		return true;
	return phx_format_fail(msg, "invalid override '", v, "'");
}

static bool check_disk_size(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	uint64_t bytes;
	(void)o;
	return phx_disk_size_parse(v, &bytes) ||
	       phx_format_fail(msg, "value does not look like a valid disk size: ", v, "");
}

static bool is_ldap_attr(struct phx_str v)
{
	return phx_all_of(v, "");
}

static bool check_ldap_attr(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	(void)o;
	return is_ldap_attr(v) ||
	       phx_format_fail(msg, "value '", v, "' does not look like a simple ldap attribute name");
}

static bool check_task_status(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	static const char *const known[] = {"ok", "error", "warning", "unknown"};
	(void)o;
	for (size_t i = 0; i < PHX_COUNTOF(known); i++) {
		if (v.len > 0 && phx_str_eqc(v, known[i]))
			return true;
	}
	return phx_format_fail(msg, "invalid status '", v, "'");
}

static bool check_ha_resource(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	ptrdiff_t colon = phx_str_chr(v, ':');
	bool ok = colon > 0 && (size_t)colon + 1 < v.len;
	(void)o;
	for (ptrdiff_t i = 0; ok && i < colon; i++)
		ok = v.ptr[i] >= 'a' && v.ptr[i] <= 'z';
	return ok || phx_all_digits(v) ||
	       phx_format_say(msg, "value does not look like a valid ha resource id");
}

/* NODE or NODE:PRIORITY */
static bool check_ha_node(const struct phx_option *o, struct phx_str v, struct phx_buf *msg)
{
	struct phx_str rest = v, node = {0};
	(void)o;
	(void)phx_str_cut(&rest, ':', &node);
	if (phx_is_node_name(node) && (!rest.ptr || phx_all_digits(rest)))
		return true;
	return phx_format_say(msg, "value does not look like a valid ha group node");
}

const struct phx_format phx_formats_general[] = {
	{"urlencoded", check_urlencoded},
	{"pve-configid", check_configid},
	{"pve-storage-id", check_storage_id},
	{"pve-bridge-id", check_bridge_id},
	{"pve-vmid", check_vmid},
	{"pve-node", check_node},
	{"pve-tag", check_tag},
	{"pve-poolid", check_poolid},
	{"pve-groupid", check_groupid},
	{"pve-roleid", check_roleid},
	{"pve-realm", check_realm},
	{"pve-userid", check_userid},
	{"pve-tokenid", check_tokenid},
	{"pve-priv", check_priv},
	{"pve-volume-id", check_volume_id},
	{"pve-volume-id-or-absolute-path", check_volume_or_absolute},
	{"pve-volume-id-or-qm-path", check_volume_or_path},
	{"pve-storage-path", check_storage_path},
	{"pve-storage-content", check_content},
	{"pve-storage-options", check_options},
	{"pve-storage-vgname", check_vgname},
	{"pve-dir-override", check_dir_override},
	{"disk-size", check_disk_size},
	{"ldap-simple-attr", check_ldap_attr},
	{"pve-task-status-type", check_task_status},
	{"pve-ha-resource-or-vm-id", check_ha_resource},
	{"pve-ha-group-node", check_ha_node},
	{NULL, NULL},
};
