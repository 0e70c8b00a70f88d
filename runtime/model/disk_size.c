#include <inttypes.h>

#include "model/normalise.h"

/* PVE::JSONSchema: parse_size, format_size, parse_boolean. */

static bool to_bytes(struct phx_str digits, struct phx_str fraction, uint64_t unit, uint64_t *out)
{
	uint64_t whole, part = 0, scale = 1;
	if (!phx_parse_u64(digits, &whole) || (unit > 1 && whole > UINT64_MAX / unit))
		return false;
	/* More digits than make a difference below a byte are left out. */
	fraction = phx_str_slice(fraction, 0, fraction.len > 15 ? 15 : fraction.len);
	for (size_t i = 0; i < fraction.len; i++)
		scale *= 10;
	if (fraction.len > 0 && !phx_parse_u64(fraction, &part))
		return false;
	uint64_t rest = (uint64_t)((double)unit * ((double)part / (double)scale));
	if (whole * unit > UINT64_MAX - rest)
		return false;
	*out = whole * unit + rest;
	return true;
}

bool phx_disk_size_parse(struct phx_str text, uint64_t *out_bytes)
{
	static const char units[] = "KMGT";
	uint64_t unit = 1;
	struct phx_str fraction = {0};
	if (text.len == 0)
		return false;
	ptrdiff_t at = phx_str_chr(PHX_STR("KMGT"), text.ptr[text.len - 1]);
	if (at >= 0 && units[at]) {
		unit <<= 10 * (at + 1);
		text = phx_str_slice(text, 0, text.len - 1);
	}
	ptrdiff_t dot = phx_str_chr(text, '.');
	if (dot >= 0) {
		fraction = phx_str_from(text, (size_t)dot + 1);
		text = phx_str_slice(text, 0, (size_t)dot);
		if (fraction.len == 0)
			return false;
	}
	return to_bytes(text, fraction, unit, out_bytes);
}

void phx_disk_size_print(uint64_t bytes, struct phx_buf *out)
{
	static const char units[] = "KMGT";
	size_t unit = 0;
	while (unit < 4 && bytes % 1024 == 0) { /* 0 is 0T (397) */
		bytes /= 1024;
		unit++;
	}
	phx_buf_printf(out, "%" PRIu64, bytes);
	if (unit > 0)
		phx_buf_ch(out, units[unit - 1]);
}

static bool word_is(struct phx_str text, const char *word)
{
	size_t i = 0;
	for (; i < text.len && word[i]; i++) {
		char c = text.ptr[i];
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i])
			return false;
	}
	return i == text.len && !word[i];
}

bool phx_boolean_parse(struct phx_str text, bool *out)
{
	static const char *const words[] = {"0", "1", "off", "on", "no", "yes", "false", "true"};
	for (size_t i = 0; i < PHX_COUNTOF(words); i++) {
		if (word_is(text, words[i])) {
			*out = i & 1;
			return true;
		}
	}
	return false;
}
