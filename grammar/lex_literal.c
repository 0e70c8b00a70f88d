#include "parse_priv.h"

#include <string.h>

/* Numbers, sizes, durations and addresses. Each function gets the whole run of characters that could belong to the
 * literal and either understands all of it or says what is wrong with it. */

static struct phx_expr *literal(struct phx_parser *p, enum phx_expr_kind kind, struct phx_span at)
{
	struct phx_expr *e = PHX_NEW(p->arena, struct phx_expr);

	e->kind = (uint8_t)kind;
	e->depth = 1;
	e->span = at;
	return e;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool equals_ignoring_case(struct phx_str a, const char *b)
{
	size_t i;

	for (i = 0; i < a.len && b[i]; i++)
		if (lower(a.ptr[i]) != lower(b[i]))
			return false;
	return i == a.len && !b[i];
}

/* Reads digits and `_` from text[*at]; false: more than 64 bits. */
static bool read_digits(struct phx_str text, size_t *at, unsigned base, uint64_t *out)
{
	uint64_t value = 0;
	bool fits = true;

	for (; *at < text.len; ++*at) {
		int digit = text.ptr[*at] == '_' ? 0 : hex_digit(text.ptr[*at]);

		if (digit < 0 || (unsigned)digit >= base)
			break;
		if (text.ptr[*at] != '_' && (__builtin_mul_overflow(value, base, &value) ||
					     __builtin_add_overflow(value, (unsigned)digit, &value)))
			fits = false;
	}
	*out = value;
	return fits;
}

static struct phx_expr *bad_number(struct phx_parser *p, struct phx_span at, const char *label,
				   const char *help)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d =
		phx_parse_error(p, PHX0020, at, "malformed number `" PHX_STR_FMT "`", PHX_STR_ARG(text));

	phx_diag_label(p->bag, d, at, "%s", label);
	if (help)
		phx_diag_help(p->bag, d, "%s", help);
	return literal(p, PHX_EXPR_ERROR, at);
}

static struct phx_expr *too_large(struct phx_parser *p, struct phx_span at, const char *max)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d =
		phx_parse_error(p, PHX0020, at, "`" PHX_STR_FMT "` is too large", PHX_STR_ARG(text));

	phx_diag_label(p->bag, d, at, "at most %s", max);
	return literal(p, PHX_EXPR_ERROR, at);
}

/* Units */

struct unit {
	const char *text;
	uint64_t factor; /* bytes or milliseconds */
	bool size;
};

static const struct unit units[] = {
	{"KiB", UINT64_C(1) << 10, true},
	{"MiB", UINT64_C(1) << 20, true},
	{"GiB", UINT64_C(1) << 30, true},
	{"TiB", UINT64_C(1) << 40, true},
	{"ms", 1, false},
	{"s", 1000, false},
	{"m", 60000, false},
	{"h", 3600000, false},
	{"d", 86400000, false},
};

/* What people write, and what they mean. */
static const struct {
	const char *theirs, *ours;
	uint32_t times;
} near_units[] = {
	{"k", "KiB", 1},     {"kb", "KiB", 1},     {"ki", "KiB", 1},    {"kib", "KiB", 1},  {"mb", "MiB", 1},
	{"mi", "MiB", 1},    {"mib", "MiB", 1},    {"g", "GiB", 1},     {"gb", "GiB", 1},   {"gi", "GiB", 1},
	{"gib", "GiB", 1},   {"t", "TiB", 1},      {"tb", "TiB", 1},    {"ti", "TiB", 1},   {"tib", "TiB", 1},
	{"pb", "TiB", 1024}, {"pib", "TiB", 1024}, {"msec", "ms", 1},   {"msecs", "ms", 1}, {"sec", "s", 1},
	{"secs", "s", 1},    {"second", "s", 1},   {"seconds", "s", 1}, {"min", "m", 1},    {"mins", "m", 1},
	{"minute", "m", 1},  {"minutes", "m", 1},  {"hr", "h", 1},      {"hrs", "h", 1},    {"hour", "h", 1},
	{"hours", "h", 1},   {"day", "d", 1},      {"days", "d", 1},    {"w", "d", 7},      {"week", "d", 7},
	{"weeks", "d", 7},   {"s", "s", 1},        {"h", "h", 1},       {"d", "d", 1},      {"ms", "ms", 1},
};

static const struct unit *unit_find(struct phx_str text)
{
	size_t i;

	for (i = 0; i < PHX_COUNTOF(units); i++)
		if (phx_str_eqc(text, units[i].text))
			return &units[i];
	return NULL;
}

static void suggest_unit(struct phx_parser *p, struct phx_diag *d, struct phx_span at, struct phx_str number,
			 const char *unit, uint32_t times)
{
	struct phx_str ours;
	uint64_t value = 0;
	size_t end = 0;

	if (times == 1)
		ours = phx_str_printf(p->arena, PHX_STR_FMT "%s", PHX_STR_ARG(number), unit);
	else if (read_digits(number, &end, 10, &value) && end == number.len && value < UINT32_MAX)
		ours = phx_str_printf(p->arena, "%llu%s", (unsigned long long)value * times, unit);
	else
		return;
	phx_diag_help(p->bag, d, "write `" PHX_STR_FMT "`", PHX_STR_ARG(ours));
	phx_diag_fix(p->bag, d, at, ours, false);
}

/* `8GB`: phx has binary units only, and says so. `M` is as near to mega as `m` is to minutes. */
static struct phx_expr *unknown_unit(struct phx_parser *p, struct phx_span at, struct phx_str number,
				     struct phx_str unit)
{
	struct phx_diag *d =
		phx_parse_error(p, PHX0019, at, "`" PHX_STR_FMT "` is no unit of phx", PHX_STR_ARG(unit));
	size_t i;

	phx_diag_label(p->bag, d, (struct phx_span){at.file, at.end - (uint32_t)unit.len, at.end},
		       "unknown unit");
	if (phx_str_eqc(unit, "M")) {
		suggest_unit(p, d, at, number, "MiB", 1);
		return literal(p, PHX_EXPR_ERROR, at);
	}
	for (i = 0; i < PHX_COUNTOF(near_units); i++)
		if (equals_ignoring_case(unit, near_units[i].theirs)) {
			suggest_unit(p, d, at, number, near_units[i].ours, near_units[i].times);
			return literal(p, PHX_EXPR_ERROR, at);
		}
	phx_diag_help(p->bag, d,
		      "sizes are `KiB MiB GiB TiB`, durations `ms s m h d`; text stands in quotes");
	return literal(p, PHX_EXPR_ERROR, at);
}

static bool is_name_char(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
}

/* `2fast4u`, `3rd-node`: more of a name than of a number. */
static bool looks_like_name(const struct phx_parser *p, struct phx_span at, struct phx_str unit)
{
	struct phx_str rest = phx_str_from(p->text, at.end);
	size_t i, digits = 0;

	for (i = 0; i < unit.len; i++)
		digits += is_digit(unit.ptr[i]);
	return digits > 0 || unit.len > 7 ||
	       (rest.len > 1 && rest.ptr[0] == '-' && is_name_char(rest.ptr[1]));
}

/* With what belongs to the name behind the digits and letters that were read as a number. */
static struct phx_expr *bad_name(struct phx_parser *p, struct phx_span at)
{
	struct phx_diag *d;

	while (at.end < p->text.len && is_name_char(p->text.ptr[at.end]))
		at.end++;
	d = phx_parse_error(p, PHX0023, at, "a name does not begin with a digit");
	phx_diag_label(p->bag, d, at, "neither a name nor a number");
	phx_diag_help(p->bag, d, "where text may stand, put it in quotes");
	return literal(p, PHX_EXPR_ERROR, at);
}

static struct phx_expr *with_unit(struct phx_parser *p, struct phx_span at, struct phx_str number,
				  struct phx_str text)
{
	const struct unit *unit = unit_find(text);
	struct phx_expr *e;
	uint64_t value = 0, product;
	size_t end = 0;
	bool fits;

	if (!unit)
		return looks_like_name(p, at, text) ? bad_name(p, at) : unknown_unit(p, at, number, text);
	if (number.len > 1 && number.ptr[0] == '0')
		return bad_number(p, at, "a leading zero is for octal modes such as `0644`", NULL);
	fits = read_digits(number, &end, 10, &value) &&
	       !__builtin_mul_overflow(value, unit->factor, &product) && product <= INT64_MAX;
	if (!fits)
		return too_large(p, at, unit->size ? "8388607TiB" : "106751991167d");
	e = literal(p, unit->size ? PHX_EXPR_SIZE : PHX_EXPR_DURATION, at);
	if (unit->size)
		e->bytes = product;
	else
		e->i = (int64_t)product;
	return e;
}

/* Numbers */

static struct phx_expr *integer(struct phx_parser *p, struct phx_span at, struct phx_str text)
{
	bool hex = text.len > 2 && text.ptr[0] == '0' && lower(text.ptr[1]) == 'x';
	bool octal =
		!hex && text.len > 1 && text.ptr[0] == '0' && (is_digit(text.ptr[1]) || text.ptr[1] == '_');
	size_t end = hex ? 2 : 0;
	struct phx_expr *e;
	uint64_t value;
	bool fits = read_digits(text, &end, hex ? 16 : octal ? 8 : 10, &value);

	if (end < text.len && (hex || (octal && is_digit(text.ptr[end]))))
		return bad_number(p, at,
				  hex ? "hexadecimal digits are 0-9 and a-f"
				      : "a leading zero makes it octal: digits 0-7",
				  octal ? "write a decimal number without leading zeros" : NULL);
	if (end < text.len && text.len > 1 && text.ptr[0] == '0' && strchr("xobXOB", text.ptr[1]))
		return bad_number(p, at, "no such number base",
				  "hexadecimal is `0x2a`, octal `0644`, anything else is decimal");
	if (end < text.len)
		return with_unit(p, at, phx_str_slice(text, 0, end), phx_str_from(text, end));
	if (!fits || value > INT64_MAX)
		return too_large(p, at, "9223372036854775807");
	e = literal(p, PHX_EXPR_INT, at);
	e->i = (int64_t)value;
	e->flags = octal ? PHX_EF_OCTAL : 0;
	return e;
}

/* Value × factor for `1.5GiB`, when that is a whole number of the next smaller unit. */
static void suggest_whole(struct phx_parser *p, struct phx_diag *d, struct phx_span at, double number,
			  const struct unit *unit)
{
	double base = number * (double)unit->factor;
	size_t i;

	for (i = PHX_COUNTOF(units); i-- > 0;) {
		double n = base / (double)units[i].factor;

		if (units[i].size == unit->size && units[i].factor < unit->factor && n >= 1 && n < 1e9 &&
		    n == (double)(uint64_t)n && (unit->size || n < 10000)) {
			struct phx_str ours =
				phx_str_printf(p->arena, "%llu%s", (unsigned long long)n, units[i].text);

			phx_diag_help(p->bag, d, "write `" PHX_STR_FMT "`", PHX_STR_ARG(ours));
			phx_diag_fix(p->bag, d, at, ours, true);
			return;
		}
	}
}

static struct phx_expr *fraction(struct phx_parser *p, struct phx_span at, struct phx_str text)
{
	struct phx_buf plain = {0};
	struct phx_expr *e;
	size_t end = 0;
	double value = 0;
	bool ok;

	for (; end < text.len && (is_digit(text.ptr[end]) || text.ptr[end] == '.' || text.ptr[end] == '_');
	     end++)
		if (text.ptr[end] != '_')
			phx_buf_ch(&plain, text.ptr[end]);
	ok = phx_parse_double(phx_buf_view(&plain), &value) && is_digit(plain.ptr[plain.len - 1]);
	phx_buf_done(&plain);
	if (end < text.len) {
		const struct unit *unit = unit_find(phx_str_from(text, end));
		struct phx_diag *d;

		if (!unit || !ok)
			return unknown_unit(p, at, phx_str_slice(text, 0, end), phx_str_from(text, end));
		d = phx_parse_error(p, PHX0020, at, "sizes and durations are whole numbers");
		phx_diag_label(p->bag, d, at, "has a fraction");
		suggest_whole(p, d, at, value, unit);
		return literal(p, PHX_EXPR_ERROR, at);
	}
	if (!ok || (text.len > 1 && text.ptr[0] == '0' && is_digit(text.ptr[1])))
		return bad_number(p, at, "not a number", "a fraction is written `0.5`");
	e = literal(p, PHX_EXPR_FLOAT, at);
	e->f = value;
	return e;
}

/* Addresses */

static struct phx_expr *bad_address(struct phx_parser *p, struct phx_span at, const char *why)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d =
		phx_parse_error(p, PHX0021, at, "malformed address `" PHX_STR_FMT "`", PHX_STR_ARG(text));

	phx_diag_label(p->bag, d, at, "%s", why);
	return literal(p, PHX_EXPR_ERROR, at);
}

/* NULL, or what is wrong. */
static const char *read_ip4(struct phx_str text, struct phx_ast_ip *out)
{
	size_t at = 0, part;

	for (part = 0; part < 4; part++) {
		size_t start = at;
		uint64_t value = 0;

		for (; at < text.len && is_digit(text.ptr[at]) && at - start < 4; at++)
			value = value * 10 + (uint64_t)(text.ptr[at] - '0');
		if (at == start || (at < text.len && text.ptr[at] != '.'))
			return value > 255 ? "each part is at most 255"
					   : "an address is four numbers and dots";
		if (value > 255)
			return "each part is at most 255";
		if (at - start > 1 && text.ptr[start] == '0')
			return "a part has no leading zero";
		out->bytes[part] = (uint8_t)value;
		at++;
	}
	out->family = 4;
	return at == text.len + 1 ? NULL : "an address is four numbers and dots";
}

/* The eight groups, `::` standing for as many zeros as are missing. */
static const char *read_ip6(struct phx_str text, struct phx_ast_ip *out)
{
	uint16_t groups[8] = {0};
	size_t at = 0, n = 0, gap = SIZE_MAX, i;

	if (phx_str_starts(text, ":") && !phx_str_starts(text, "::"))
		return "a single `:` at the beginning";
	while (at < text.len) {
		size_t start = at;
		unsigned value = 0;

		for (; at < text.len && text.ptr[at] != ':'; at++)
			value = value << 4 | (unsigned)hex_digit(text.ptr[at]);
		if (at - start > 4)
			return "a group has at most four digits";
		if (at > start && n == 8)
			return "more than eight groups";
		if (at > start)
			groups[n++] = (uint16_t)value;
		if (at == text.len)
			break;
		if (++at == text.len && text.ptr[at - 2] != ':')
			return "a single `:` at the end";
		if (at < text.len && text.ptr[at] == ':') {
			if (gap != SIZE_MAX)
				return "`::` may stand only once";
			gap = n;
			if (++at < text.len && text.ptr[at] == ':')
				return "three `:` in a row";
		}
	}
	if (gap == SIZE_MAX && n != 8)
		return "an address has eight groups; `::` stands for missing zeros";
	if (gap != SIZE_MAX && n == 8)
		return "`::` stands for at least one group, but all eight are given";
	for (i = 0; i < n; i++) {
		size_t group = i < gap ? i : 8 - n + i;

		out->bytes[2 * group] = (uint8_t)(groups[i] >> 8);
		out->bytes[2 * group + 1] = (uint8_t)groups[i];
	}
	out->family = 6;
	return NULL;
}

static struct phx_expr *address(struct phx_parser *p, struct phx_span at, bool v6, struct phx_str text)
{
	ptrdiff_t slash = phx_str_chr(text, '/');
	struct phx_str host = slash < 0 ? text : phx_str_slice(text, 0, (size_t)slash);
	struct phx_expr *e = literal(p, slash < 0 ? PHX_EXPR_IP : PHX_EXPR_CIDR, at);
	const char *wrong = v6 ? read_ip6(host, &e->ip) : read_ip4(host, &e->ip);
	uint64_t prefix = 0;

	if (wrong)
		return bad_address(p, at, wrong);
	if (slash < 0)
		return e;
	if (!phx_parse_u64(phx_str_from(text, (size_t)slash + 1), &prefix) || prefix > (v6 ? 128 : 32))
		return bad_address(p, at, v6 ? "a prefix length is 0 to 128" : "a prefix length is 0 to 32");
	e->ip.prefix = (uint8_t)prefix;
	return e;
}

struct phx_expr *phx_lex_number(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);
	size_t dots = 0, i;

	for (i = 0; i < text.len; i++)
		dots += text.ptr[i] == '.';
	if (dots == 0)
		return integer(p, at, text);
	if (dots == 1)
		return fraction(p, at, text);
	if (dots == 2)
		return bad_address(p, at, "an address has four parts; a version is a string");
	return address(p, at, false, text);
}

struct phx_expr *phx_lex_prefix(struct phx_parser *p, struct phx_span at)
{
	return address(p, at, false, phx_parse_text(p, at));
}

static struct phx_expr *mac(struct phx_parser *p, struct phx_span at, struct phx_str text)
{
	struct phx_expr *e = literal(p, PHX_EXPR_MAC, at);
	size_t i;

	for (i = 0; i < 17; i++) {
		int digit = hex_digit(text.ptr[i]);

		if (i % 3 != 2)
			e->mac[i / 3] = (uint8_t)(e->mac[i / 3] << 4 | digit);
	}
	return e;
}

static bool is_mac(struct phx_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((text.ptr[i] == ':') != (i % 3 == 2))
			return false;
	return text.len == 17;
}

/* Seven pairs are neither: who wrote them meant a MAC. */
static bool is_long_mac(struct phx_str text)
{
	return text.len == 20 && is_mac(phx_str_slice(text, 0, 17)) && text.ptr[17] == ':' &&
	       text.ptr[18] != ':' && text.ptr[19] != ':';
}

struct phx_expr *phx_lex_colons(struct phx_parser *p, struct phx_span at, uint32_t *out_len)
{
	struct phx_str text = phx_parse_text(p, at);
	ptrdiff_t slash = phx_str_chr(text, '/');
	struct phx_str run = slash < 0 ? text : phx_str_slice(text, 0, (size_t)slash);
	bool two = phx_str_find(run, PHX_STR("::")) >= 0;
	struct phx_str rest = phx_str_from(p->text, at.end);
	size_t colons = 0, i;

	for (i = 0; i < run.len; i++)
		colons += run.ptr[i] == ':';
	*out_len = 0;
	if (!two && colons < 2)
		return NULL;
	if (slash >= 0 && run.len + 1 == text.len) /* `/` without digits divides */
		text = run;
	at.end = at.start + (uint32_t)text.len;
	if (is_mac(run)) {
		*out_len = 17;
		at.end = at.start + 17;
		return mac(p, at, run);
	}
	*out_len = (uint32_t)text.len;
	if (two && rest.len > 1 && rest.ptr[0] == '.' && is_digit(rest.ptr[1])) {
		for (i = 0; i < rest.len && (is_digit(rest.ptr[i]) || rest.ptr[i] == '.'); i++)
			;
		*out_len += (uint32_t)i;
		at.end += (uint32_t)i;
		return bad_address(p, at, "write all of it in groups of hex digits");
	}
	if (two || (colons >= 6 && !is_long_mac(run)))
		return address(p, at, true, text);
	phx_diag_label(
		p->bag,
		phx_parse_error(p, PHX0022, at, "malformed MAC address `" PHX_STR_FMT "`", PHX_STR_ARG(text)),
		at, "a MAC is six groups of two hex digits");
	return literal(p, PHX_EXPR_ERROR, at);
}
