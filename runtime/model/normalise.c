#include "model/normalise.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/check_priv.h"
#include "model/normalise_priv.h"

bool phx_value_is_empty(struct phx_str value)
{
	return value.len == 0 || phx_str_eqc(value, " ");
}

static char lower_case(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char upper_case(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static void print_folded(struct phx_str s, char (*fold)(char), struct phx_buf *out)
{
	char *to = phx_buf_reserve(out, s.len);
	for (size_t i = 0; i < s.len; i++)
		to[i] = fold(s.ptr[i]);
	out->len += s.len;
}

static int compare_natural(const void *a, const void *b)
{
	return phx_str_natcmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

/* natcmp takes `01` and `1` for equal: bytes decide what is the same. */
static int compare_items(const void *a, const void *b)
{
	int c = compare_natural(a, b);
	return c != 0 ? c : phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

void phx_canonical_set(struct phx_str value, bool lower, char sep, struct phx_buf *out)
{
	struct phx_arena arena = {0};
	struct phx_buf folded = {0};
	struct phx_str rest, item;
	PHX_VEC(struct phx_str) items = {0};
	if (lower)
		print_folded(value, lower_case, &folded);
	else
		phx_buf_str(&folded, value);
	rest = phx_buf_view(&folded);
	while (phx_list_next(&rest, &item))
		phx_vec_push(&arena, &items, item);
	if (items.n > 1)
		qsort(items.v, items.n, sizeof(*items.v), compare_items);
	for (uint32_t i = 0; i < items.n; i++) {
		if (i > 0 && phx_str_eq(items.v[i], items.v[i - 1]))
			continue;
		if (i > 0)
			phx_buf_ch(out, sep);
		phx_buf_str(out, items.v[i]);
	}
	phx_arena_done(&arena);
	phx_buf_done(&folded);
}

static void canonical_list(struct phx_str value, struct phx_buf *out)
{
	struct phx_str item;
	for (bool first = true; phx_list_next(&value, &item); first = false) {
		if (!first)
			phx_buf_ch(out, ';');
		phx_buf_str(out, item);
	}
}

static struct phx_str trim_end(struct phx_str s)
{
	while (s.len > 0 &&
	       (s.ptr[s.len - 1] == ' ' || (s.ptr[s.len - 1] >= '\t' && s.ptr[s.len - 1] <= '\r')))
		s.len--;
	return s;
}

/* Keys of ssh: one a line, percent-encoded or plain. */
static void canonical_percent(struct phx_str value, struct phx_buf *out)
{
	struct phx_buf plain = {0};
	struct phx_str rest, line;
	bool first = true;
	phx_buf_unpercent(&plain, value);
	rest = phx_buf_view(&plain);
	while (phx_str_cut(&rest, '\n', &line)) {
		line = phx_str_trim(line);
		if (line.len == 0)
			continue;
		if (!first)
			phx_buf_ch(out, '\n');
		phx_buf_str(out, line);
		first = false;
	}
	phx_buf_done(&plain);
}

/* +007 → 7, -0 → 0. Texts that are no integers stay. */
static void canonical_integer(struct phx_str value, struct phx_buf *out)
{
	struct phx_str digits = value;
	bool negative = phx_str_starts(value, "-");
	if (negative || phx_str_starts(value, "+"))
		digits = phx_str_from(value, 1);
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			digits.len = 0;
	}
	if (digits.len == 0) {
		phx_buf_str(out, value);
		return;
	}
	while (digits.len > 1 && digits.ptr[0] == '0')
		digits = phx_str_from(digits, 1);
	if (negative && !phx_str_eqc(digits, "0"))
		phx_buf_ch(out, '-');
	phx_buf_str(out, digits);
}

static void canonical_number(struct phx_str value, struct phx_buf *out)
{
	double number;
	if (!phx_parse_double(value, &number))
		phx_buf_str(out, value);
	else
		phx_buf_printf(out, "%.15g", number == 0 ? 0.0 : number);
}

/* Addresses of version 6 in their shortest form, with a prefix length or without. */
static void canonical_address(struct phx_str value, struct phx_buf *out)
{
	char text[INET6_ADDRSTRLEN]; /* longer is no address */
	unsigned char bytes[16];
	ptrdiff_t slash = phx_str_chr(value, '/');
	struct phx_str address = slash < 0 ? value : phx_str_slice(value, 0, (size_t)slash);
	if (phx_str_chr(address, ':') < 0 || address.len >= sizeof(text)) {
		phx_buf_str(out, value);
		return;
	}
	memcpy(text, address.ptr, address.len);
	text[address.len] = 0;
	if (inet_pton(AF_INET6, text, bytes) != 1 || !inet_ntop(AF_INET6, bytes, text, sizeof(text))) {
		phx_buf_str(out, value);
		return;
	}
	phx_buf_c(out, text);
	if (slash >= 0)
		phx_buf_str(out, phx_str_from(value, (size_t)slash));
}

static void canonical_string(const struct phx_option *o, struct phx_str value, struct phx_buf *out)
{
	uint64_t bytes;
	if (phx_str_eqc(o->format, "mac-addr"))
		print_folded(value, upper_case, out);
	else if (phx_str_eqc(o->format, "disk-size") && phx_disk_size_parse(value, &bytes))
		phx_buf_printf(out, "%" PRIu64, bytes);
	else if (phx_str_eqc(o->format, "pve-hotplug-features") && phx_str_eqc(value, "1") && o->has_default)
		phx_canonical_set(o->defaults, false, ';', out);
	else if (phx_str_starts(o->format, "ip") || phx_str_starts(o->format, "pve-ip") ||
		 phx_str_starts(o->format, "CIDR") || phx_str_starts(o->format, "IPorCIDR"))
		canonical_address(value, out);
	else if (o->canon == PHX_CANON_SET)
		phx_canonical_set(value, false, ';', out);
	else
		phx_buf_str(out, value);
}

void phx_canonical_scalar(const struct phx_option *o, struct phx_str value, struct phx_buf *out)
{
	bool truth;
	switch (o->canon) {
	case PHX_CANON_TAGS:
		phx_canonical_set(value, true, ';', out);
		return;
	case PHX_CANON_NOTES:
		phx_buf_str(out, trim_end(value));
		return;
	case PHX_CANON_PERCENT:
		canonical_percent(value, out);
		return;
	case PHX_CANON_LIST:
		canonical_list(value, out);
		return;
	case PHX_CANON_LOWER:
		print_folded(value, lower_case, out);
		return;
	case PHX_CANON_PLAIN:
	case PHX_CANON_SET:
	case PHX_CANON_VOLUME:
		break;
	}
	if (o->type == PHX_TYPE_BOOLEAN && phx_boolean_parse(value, &truth))
		phx_buf_ch(out, truth ? '1' : '0');
	else if (o->type == PHX_TYPE_INTEGER)
		canonical_integer(value, out);
	else if (o->type == PHX_TYPE_NUMBER)
		canonical_number(value, out);
	else
		canonical_string(o, value, out);
}

/* The end of a volume's name: `cloudinit`, `vm-102-cloudinit`, with .qcow2 or the like. */
static bool is_cloudinit(struct phx_str volume)
{
	ptrdiff_t at = phx_str_find(volume, PHX_STR("cloudinit"));
	if (at <= 0)
		return false;
	struct phx_str tail = phx_str_from(volume, (size_t)at + 9);
	char before = volume.ptr[at - 1];
	return (before == ':' || before == '/' || before == '-') && (tail.len == 0 || tail.ptr[0] == '.');
}

bool phx_volume_asks(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');
	double size;
	if (colon < 0)
		return false;
	struct phx_str name = phx_str_from(volume, (size_t)colon + 1);
	return phx_str_eqc(name, "cloudinit") || phx_parse_double(name, &size);
}

bool phx_volume_answers(struct phx_str asked, struct phx_str live)
{
	ptrdiff_t colon = phx_str_chr(asked, ':');
	if (!phx_volume_asks(asked) || live.len < (size_t)colon + 1 ||
	    !phx_str_eq(phx_str_slice(asked, 0, (size_t)colon + 1),
			phx_str_slice(live, 0, (size_t)colon + 1)))
		return false;
	return is_cloudinit(asked) == is_cloudinit(live) && !phx_volume_asks(live);
}

bool phx_canonical_parse(const struct phx_option *o, struct phx_str text, struct phx_propstring *out)
{
	struct phx_prop_faults faults;
	if (phx_value_is_empty(text)) {
		out->n = 0;
		return true;
	}
	phx_propstring_scan(o, text, true, out, &faults);
	if (faults.fatal || faults.nunknown > 0)
		return false;
	for (uint32_t i = 0; i < out->n; i++) {
		if (phx_str_trim(out->props[i].value).len == 0)
			out->props[i].value.len = 0;
	}
	if (o->default_key && o->default_key->canon == PHX_CANON_VOLUME) {
		struct phx_str volume = phx_propstring_of(out, o->default_key);
		const struct phx_option *media = phx_option_key(o, PHX_STR("media"));
		if (media && !phx_propstring_find(out, media) &&
		    (is_cloudinit(volume) || phx_str_eqc(volume, "none") || phx_str_eqc(volume, "cdrom")))
			return phx_propstring_put(out, media, PHX_STR("cdrom"));
	}
	return true;
}

static bool is_default(const struct phx_option *o, struct phx_str canonical)
{
	struct phx_buf text = {0};
	bool same;
	if (!o->has_default)
		return false;
	if (phx_str_eq(canonical, o->defaults))
		return true;
	phx_canonical_scalar(o, o->defaults, &text);
	same = phx_str_eq(canonical, phx_buf_view(&text));
	phx_buf_done(&text);
	return same;
}

static void canonical_props(const struct phx_option *o, struct phx_str value, struct phx_buf *out)
{
	struct phx_propstring p;
	size_t start = out->len;
	if (!phx_canonical_parse(o, value, &p)) {
		phx_buf_str(out, value);
		return;
	}
	for (uint32_t k = 0; k < o->nkeys && p.n > 0; k++) {
		const struct phx_prop *prop = phx_propstring_find(&p, &o->keys[k]);
		size_t key_start = out->len;
		if (!prop || prop->value.len == 0)
			continue;
		if (out->len > start)
			phx_buf_ch(out, ',');
		phx_buf_str(out, o->keys[k].name);
		phx_buf_ch(out, '=');
		size_t value_start = out->len;
		phx_canonical_scalar(&o->keys[k], prop->value, out);
		if (is_default(&o->keys[k], phx_str_from(phx_buf_view(out), value_start)))
			out->len = key_start;
	}
	if (out->len == start && (o->flags & PHX_OPTION_PRESENCE))
		phx_buf_ch(out, ',');
}

void phx_option_canonical(const struct phx_option *o, struct phx_str value, struct phx_buf *out)
{
	size_t start = out->len;
	if (phx_value_is_empty(value))
		return;
	if (o->keys) {
		canonical_props(o, value, out);
		return;
	}
	phx_canonical_scalar(o, value, out);
	if (is_default(o, phx_str_from(phx_buf_view(out), start)))
		out->len = start;
}

bool phx_canonical_same(const struct phx_option *key, struct phx_str a, struct phx_str b)
{
	struct phx_buf left = {0}, right = {0};
	bool same;
	if (!a.ptr || a.len == 0)
		a = key->defaults;
	if (!b.ptr || b.len == 0)
		b = key->defaults;
	if (phx_str_eq(a, b))
		return true;
	phx_canonical_scalar(key, a, &left);
	phx_canonical_scalar(key, b, &right);
	same = phx_str_eq(phx_buf_view(&left), phx_buf_view(&right));
	phx_buf_done(&left);
	phx_buf_done(&right);
	return same;
}

/* Of the two, only one asks for a volume and the other is such a volume. */
static bool one_asks(const struct phx_option *o, const struct phx_propstring *a,
		     const struct phx_propstring *b)
{
	if (!o->default_key || o->default_key->canon != PHX_CANON_VOLUME)
		return false;
	struct phx_str left = phx_propstring_of(a, o->default_key),
		       right = phx_propstring_of(b, o->default_key);
	return phx_volume_answers(left, right) || phx_volume_answers(right, left);
}

static bool same_key(const struct phx_option *key, struct phx_str a, struct phx_str b, bool asking)
{
	if ((key->flags & PHX_OPTION_GENERATED) && (a.len == 0 || b.len == 0))
		return true;
	if (key->flags & PHX_OPTION_INFORMATIVE)
		return true; /* 140, 141: what is sent has no effect */
	if ((key->flags & PHX_OPTION_TRANSIENT) && (asking || a.len == 0 || b.len == 0))
		return true;
	if (asking && key->canon == PHX_CANON_VOLUME)
		return true;
	return phx_canonical_same(key, a, b);
}

static bool equal_props(const struct phx_option *o, struct phx_str a, struct phx_str b)
{
	struct phx_propstring left, right;
	if (!phx_canonical_parse(o, a, &left) || !phx_canonical_parse(o, b, &right))
		return false;
	if ((o->flags & PHX_OPTION_PRESENCE) && (a.len == 0) != (b.len == 0))
		return false;
	bool asking = one_asks(o, &left, &right);
	for (uint32_t i = 0; i < left.n; i++) {
		const struct phx_option *key = left.props[i].key;
		if (!same_key(key, left.props[i].value, phx_propstring_of(&right, key), asking))
			return false;
	}
	for (uint32_t i = 0; i < right.n; i++) {
		const struct phx_option *key = right.props[i].key;
		if (!phx_propstring_find(&left, key) &&
		    !same_key(key, (struct phx_str){0}, right.props[i].value, asking))
			return false;
	}
	return true;
}

bool phx_option_equal(const struct phx_option *o, struct phx_str a, struct phx_str b)
{
	if (phx_str_eq(a, b))
		return true;
	if (phx_value_is_empty(a))
		a = (struct phx_str){0};
	if (phx_value_is_empty(b))
		b = (struct phx_str){0};
	if (o->keys)
		return equal_props(o, a, b);
	/* vmgenid: 1 asks for any. */
	if ((o->flags & PHX_OPTION_GENERATED) &&
	    (a.len == 0 || b.len == 0 || phx_str_eqc(a, "1") || phx_str_eqc(b, "1")))
		return true;
	return phx_canonical_same(o, a, b);
}
