#include "model/value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/schema.h"

/* Units of sizes and durations, smallest first. */
struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}, {"TiB", 1ULL << 40},
};

static const struct unit duration_units[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}, {"d", 24 * 60 * 60 * 1000},
};

/* DIGITS[_DIGITS…]UNIT, no sign, no blanks. */
static bool parse_units(struct phx_str s, const struct unit *units, size_t n, uint64_t max, uint64_t *out)
{
	uint64_t number = 0;
	size_t i = 0;

	for (; i < s.len && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] == '_' && i > 0)); i++) {
		unsigned digit = (unsigned)(s.ptr[i] - '0');

		if (s.ptr[i] == '_')
			continue;
		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (i == 0 || s.ptr[i - 1] == '_')
		return false;
	for (size_t u = 0; u < n; u++) {
		if (!phx_str_eqc(phx_str_from(s, i), units[u].name))
			continue;
		if (number > max / units[u].factor)
			return false;
		*out = number * units[u].factor;
		return true;
	}
	return false;
}

/* In the largest unit that needs no fraction. */
static void units_text(uint64_t value, const struct unit *units, size_t n, size_t zero_unit,
		       struct phx_buf *out)
{
	size_t u = n - 1;

	if (!value)
		u = zero_unit;
	while (u > 0 && value % units[u].factor)
		u--;
	phx_buf_u64(out, value / units[u].factor);
	phx_buf_c(out, units[u].name);
}

bool phx_size_parse(struct phx_str s, uint64_t *out_bytes)
{
	return parse_units(s, size_units, PHX_COUNTOF(size_units), UINT64_MAX, out_bytes);
}

bool phx_duration_parse(struct phx_str s, int64_t *out_ms)
{
	uint64_t ms;

	if (!parse_units(s, duration_units, PHX_COUNTOF(duration_units), INT64_MAX, &ms))
		return false;
	*out_ms = (int64_t)ms;
	return true;
}

void phx_size_text(uint64_t bytes, struct phx_buf *out)
{
	units_text(bytes, size_units, PHX_COUNTOF(size_units), 1, out);
}

void phx_duration_text(int64_t ms, struct phx_buf *out)
{
	uint64_t magnitude = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;

	if (ms < 0)
		phx_buf_ch(out, '-');
	units_text(magnitude, duration_units, PHX_COUNTOF(duration_units), 1, out);
}

bool phx_ip_parse(struct phx_str s, struct phx_ip *out)
{
	char text[INET6_ADDRSTRLEN];
	struct phx_ip ip = {0};

	if (s.len == 0 || s.len >= sizeof(text) || memchr(s.ptr, '\0', s.len))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	ip.family = phx_str_chr(s, ':') >= 0 ? 6 : 4;
	if (inet_pton(ip.family == 6 ? AF_INET6 : AF_INET, text, ip.bytes) != 1)
		return false;
	*out = ip;
	return true;
}

bool phx_cidr_parse(struct phx_str s, struct phx_ip *out)
{
	ptrdiff_t slash = phx_str_chr(s, '/');
	struct phx_ip ip;
	struct phx_str digits;
	uint64_t prefix;

	if (slash < 0 || !phx_ip_parse(phx_str_slice(s, 0, (size_t)slash), &ip))
		return false;
	digits = phx_str_from(s, (size_t)slash + 1);
	if (!phx_parse_u64(digits, &prefix) || (digits.len > 1 && digits.ptr[0] == '0'))
		return false;
	if (prefix > (ip.family == 4 ? 32U : 128U))
		return false;
	ip.prefix = (uint8_t)prefix;
	*out = ip;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool phx_mac_parse(struct phx_str s, uint8_t out[6])
{
	uint8_t mac[6];

	if (s.len != 17)
		return false;
	for (size_t i = 0; i < 6; i++) {
		int high = hex_digit(s.ptr[i * 3]), low = hex_digit(s.ptr[i * 3 + 1]);

		if (high < 0 || low < 0 || (i < 5 && s.ptr[i * 3 + 2] != ':'))
			return false;
		mac[i] = (uint8_t)(high * 16 + low);
	}
	memcpy(out, mac, sizeof(mac));
	return true;
}

static void byte_text(uint8_t b, struct phx_buf *out)
{
	if (b >= 100)
		phx_buf_ch(out, (char)('0' + b / 100));
	if (b >= 10)
		phx_buf_ch(out, (char)('0' + b / 10 % 10));
	phx_buf_ch(out, (char)('0' + b % 10));
}

/* Most addresses are IPv4, and there are many: no printf for them. */
static void ip4_text(const struct phx_ip *ip, bool with_prefix, struct phx_buf *out)
{
	for (size_t i = 0; i < 4; i++) {
		if (i)
			phx_buf_ch(out, '.');
		byte_text(ip->bytes[i], out);
	}
	if (with_prefix) {
		phx_buf_ch(out, '/');
		byte_text((uint8_t)ip->prefix, out);
	}
}

void phx_ip_text(const struct phx_ip *ip, bool with_prefix, struct phx_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	if (ip->family == 4) {
		ip4_text(ip, with_prefix, out);
		return;
	}
	if (!inet_ntop(ip->family == 6 ? AF_INET6 : AF_UNSPEC, ip->bytes, text, sizeof(text)))
		PHX_BUG("address family %d", ip->family);
	phx_buf_c(out, text);
	if (with_prefix) {
		phx_buf_ch(out, '/');
		phx_buf_u64(out, ip->prefix);
	}
}

void phx_mac_text(const uint8_t mac[6], struct phx_buf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	char text[18];

	for (size_t i = 0; i < 6; i++) {
		text[i * 3] = hex[mac[i] >> 4];
		text[i * 3 + 1] = hex[mac[i] & 15];
		text[i * 3 + 2] = ':';
	}
	phx_buf_add(out, text, 17);
}

bool phx_ip_same_net(const struct phx_ip *cidr, const struct phx_ip *ip)
{
	size_t whole = cidr->prefix / 8;
	unsigned rest = cidr->prefix % 8;

	if (cidr->family != ip->family || memcmp(cidr->bytes, ip->bytes, whole) != 0)
		return false;
	return rest == 0 || ((cidr->bytes[whole] ^ ip->bytes[whole]) >> (8 - rest)) == 0;
}

/* The shortest digits that read back as the same number, with a point so that it stays a float. */
static void float_text(double f, struct phx_buf *out)
{
	char text[32];
	double back;

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, f);
		if (phx_parse_double(phx_str_c(text), &back) && !(back < f) && !(back > f))
			break;
	}
	phx_buf_c(out, text);
	if (isfinite(f) && !strpbrk(text, ".e"))
		phx_buf_c(out, ".0");
}

/* printf is too slow for what stands in every name of ten thousand guests. */
static void int_text(int64_t i, struct phx_buf *out)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t left = i < 0 ? -(uint64_t)i : (uint64_t)i;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (i < 0)
		phx_buf_ch(out, '-');
	phx_buf_add(out, digits + at, sizeof(digits) - at);
}

bool phx_value_text(const struct phx_value *v, struct phx_buf *out)
{
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_BOOL:
		phx_buf_c(out, v->b ? "true" : "false");
		return true;
	case PHX_V_INT:
		if (v->flags & PHX_VF_OCTAL)
			phx_buf_printf(out, "0%" PRIo64, v->i);
		else
			int_text(v->i, out);
		return true;
	case PHX_V_FLOAT:
		float_text(v->f, out);
		return true;
	case PHX_V_STRING:
		phx_buf_str(out, v->s);
		return true;
	case PHX_V_SIZE:
		phx_size_text(v->bytes, out);
		return true;
	case PHX_V_DURATION:
		phx_duration_text(v->i, out);
		return true;
	case PHX_V_IP:
	case PHX_V_CIDR:
		if (v->ip)
			phx_ip_text(v->ip, v->kind == PHX_V_CIDR, out);
		return true;
	case PHX_V_MAC:
		phx_mac_text(v->mac, out);
		return true;
	case PHX_V_NULL:
	case PHX_V_LIST:
	case PHX_V_MAP:
	case PHX_V_REF:
	case PHX_V_CALL:
	case PHX_V_KIND_COUNT:
		break;
	}
	return false;
}

/* A string literal of the language. */
static void show_string(struct phx_str s, struct phx_buf *out)
{
	phx_buf_ch(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '\\')
			phx_buf_ch(out, '\\');
		if (c == '\n')
			phx_buf_c(out, "\\n");
		else if (c == '\t')
			phx_buf_c(out, "\\t");
		else if (c < 0x20 || c == 0x7f)
			phx_buf_printf(out, "\\u{%x}", c);
		else if (c == '$' && i + 1 < s.len && s.ptr[i + 1] == '{')
			phx_buf_c(out, "\\$");
		else
			phx_buf_ch(out, (char)c);
	}
	phx_buf_ch(out, '"');
}

static bool is_identifier(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return s.len > 0;
}

static void show_members(const struct phx_object *o, struct phx_buf *out)
{
	for (uint32_t i = 0; o && i < o->n; i++) {
		if (i)
			phx_buf_c(out, ", ");
		if (is_identifier(o->v[i].key))
			phx_buf_str(out, o->v[i].key);
		else
			show_string(o->v[i].key, out);
		phx_buf_c(out, " = ");
		phx_value_show(o->v[i].value, out);
	}
}

static void show_ref(const struct phx_value *v, struct phx_buf *out)
{
	phx_buf_c(out, phx_kind_name((enum phx_kind)v->ref->kind));
	if (v->ref->name.len || !v->ref->id)
		phx_buf_printf(out, "." PHX_STR_FMT, PHX_STR_ARG(v->ref->name));
	else
		phx_buf_printf(out, " with id %" PRIu64, v->ref->id);
	if (v->kind != PHX_V_CALL)
		return;
	phx_buf_ch(out, '(');
	show_members(&v->ref->args, out);
	phx_buf_ch(out, ')');
}

static void show_list(const struct phx_value *v, struct phx_buf *out)
{
	phx_buf_ch(out, '[');
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (i)
			phx_buf_c(out, ", ");
		phx_value_show(&v->list.v[i], out);
	}
	phx_buf_ch(out, ']');
}

void phx_value_show(const struct phx_value *v, struct phx_buf *out)
{
	if (v->flags & PHX_VF_SECRET) {
		phx_buf_c(out, "(secret)");
	} else if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) {
		phx_buf_c(out, "(unknown)");
	} else if (v->kind == PHX_V_NULL) {
		phx_buf_c(out, "null");
	} else if (v->kind == PHX_V_STRING && !(v->flags & PHX_VF_WORD)) {
		show_string(v->s, out);
	} else if (v->kind == PHX_V_LIST) {
		show_list(v, out);
	} else if (v->kind == PHX_V_MAP) {
		phx_buf_c(out, v->map && v->map->n ? "{ " : "{");
		show_members(v->map, out);
		phx_buf_c(out, v->map && v->map->n ? " }" : "}");
	} else if (v->kind == PHX_V_REF || v->kind == PHX_V_CALL) {
		show_ref(v, out);
	} else if (!phx_value_text(v, out)) {
		PHX_BUG("value kind %d has no text", v->kind);
	}
}

static void json_members(const struct phx_object *o, struct phx_buf *out)
{
	phx_buf_ch(out, '{');
	for (uint32_t i = 0; o && i < o->n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		phx_buf_json_string(out, o->v[i].key);
		phx_buf_ch(out, ':');
		phx_value_json(o->v[i].value, out);
	}
	phx_buf_ch(out, '}');
}

/* `vm.web` is the string "vm.web"; a call is {"feature": "docker", "args": {…}}. */
static void json_ref(const struct phx_value *v, struct phx_buf *out)
{
	struct phx_buf text = {0};

	if (v->kind == PHX_V_CALL) {
		phx_buf_c(out, "{\"feature\":");
		phx_buf_json_string(out, v->ref->name);
		phx_buf_c(out, ",\"args\":");
		json_members(&v->ref->args, out);
		phx_buf_ch(out, '}');
		return;
	}
	show_ref(v, &text);
	phx_buf_json_string(out, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void json_list(const struct phx_value *v, struct phx_buf *out)
{
	phx_buf_ch(out, '[');
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		phx_value_json(&v->list.v[i], out);
	}
	phx_buf_ch(out, ']');
}

static void json_text(const struct phx_value *v, struct phx_buf *out)
{
	struct phx_buf text = {0};

	if (!phx_value_text(v, &text))
		PHX_BUG("value kind %d has no text", v->kind);
	phx_buf_json_string(out, phx_buf_view(&text));
	phx_buf_done(&text);
}

void phx_value_json(const struct phx_value *v, struct phx_buf *out)
{
	if (v->flags & PHX_VF_SECRET)
		phx_buf_c(out, "\"(secret)\"");
	else if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		phx_buf_c(out, "\"(unknown)\"");
	else if (v->kind == PHX_V_NULL)
		phx_buf_c(out, "null");
	else if (v->kind == PHX_V_INT && (v->flags & PHX_VF_OCTAL))
		phx_buf_printf(out, "%" PRId64, v->i);
	else if (v->kind == PHX_V_BOOL || v->kind == PHX_V_INT || v->kind == PHX_V_FLOAT)
		(void)!phx_value_text(v, out);
	else if (v->kind == PHX_V_LIST)
		json_list(v, out);
	else if (v->kind == PHX_V_MAP)
		json_members(v->map, out);
	else if (v->kind == PHX_V_REF || v->kind == PHX_V_CALL)
		json_ref(v, out);
	else
		json_text(v, out);
}
