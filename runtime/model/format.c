#include <string.h>

#include "model/check_priv.h"

/* Finding formats, and what lists are; the checks themselves are in format_*.c, by subject. */

static const struct phx_format *find_in(const struct phx_format *list, struct phx_str name)
{
	for (; list->name; list++) {
		if (phx_str_eqc(name, list->name))
			return list;
	}
	return NULL;
}

const struct phx_format *phx_format_find(struct phx_str name)
{
	const struct phx_format *const lists[] = {phx_formats_guest, phx_formats_general, phx_formats_address,
						  phx_formats_firewall};
	for (size_t i = 0; i < PHX_COUNTOF(lists); i++) {
		const struct phx_format *found = find_in(lists[i], name);
		if (found)
			return found;
	}
	return NULL;
}

static bool strip(struct phx_str *format, const char *suffix)
{
	if (!phx_str_ends(*format, suffix))
		return false;
	*format = phx_str_slice(*format, 0, format->len - strlen(suffix));
	return true;
}

void phx_format_resolve(struct phx_option *o)
{
	struct phx_str name = o->format;
	o->format_list = strip(&name, "-list");
	o->format_optional = !o->format_list && strip(&name, "-opt");
	o->checker = phx_format_find(name);
}

bool phx_format_word(const struct phx_option *o, struct phx_str word)
{
	uint32_t lo = 0, hi = o->nwords;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = phx_str_cmp(o->words[mid], word);
		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool phx_list_next(struct phx_str *rest, struct phx_str *out)
{
	size_t i = 0, n;
	while (i < rest->len &&
	       (rest->ptr[i] == ',' || rest->ptr[i] == ';' || is_space(rest->ptr[i]) || !rest->ptr[i]))
		i++;
	for (n = i; n < rest->len && rest->ptr[n] != ',' && rest->ptr[n] != ';' && rest->ptr[n] &&
		    !is_space(rest->ptr[n]);)
		n++;
	*out = phx_str_slice(*rest, i, n - i);
	*rest = phx_str_from(*rest, n);
	return out->len > 0;
}

bool phx_format_value(const struct phx_option *o, struct phx_str value, struct phx_buf *msg)
{
	struct phx_str item;
	if (!o->checker)
		return true;
	if (o->format_optional && (value.len == 0 || phx_str_eqc(value, "0")))
		return true;
	if (!o->format_list)
		return o->checker->check(o, value, msg);
	while (phx_list_next(&value, &item)) {
		if (!o->checker->check(o, item, msg))
			return false;
	}
	return true;
}
