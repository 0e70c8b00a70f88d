/* JSON and YAML of values, secrets in clear: the result is a secret then. Sizes, durations and addresses are strings. */
#include <string.h>

#include "sema/sema_priv.h"

static bool scalar_json(const struct phx_value *v, struct phx_buf *out)
{
	struct phx_buf text = {0};
	bool quoted = v->kind != PHX_V_BOOL && v->kind != PHX_V_INT && v->kind != PHX_V_FLOAT;
	struct phx_value plain = *v;
	bool ok;

	plain.flags &= (uint8_t)~PHX_VF_OCTAL; /* JSON has no octal numbers */
	ok = phx_value_text(&plain, &text);
	if (ok && quoted)
		phx_buf_json_string(out, phx_buf_view(&text));
	else if (ok)
		phx_buf_str(out, phx_buf_view(&text));
	phx_buf_done(&text);
	return ok;
}

static bool reference(const struct phx_value *v, struct phx_buf *out, const char **out_what)
{
	struct phx_buf text = {0};

	if (v->kind == PHX_V_CALL) {
		*out_what = "a feature with its parameters";
		return false;
	}
	phx_value_show(v, &text);
	phx_buf_json_string(out, phx_buf_view(&text));
	phx_buf_done(&text);
	return true;
}

static bool json_members(const struct phx_object *o, struct phx_buf *out, const char **out_what)
{
	phx_buf_ch(out, '{');
	for (uint32_t i = 0; i < o->n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		phx_buf_json_string(out, o->v[i].key);
		phx_buf_ch(out, ':');
		if (!phx_encode_json(o->v[i].value, out, out_what))
			return false;
	}
	phx_buf_ch(out, '}');
	return true;
}

bool phx_encode_json(const struct phx_value *v, struct phx_buf *out, const char **out_what)
{
	if (v->kind == PHX_V_NULL) {
		phx_buf_c(out, "null");
		return true;
	}
	if (v->kind == PHX_V_REF || v->kind == PHX_V_CALL) {
		struct phx_value shown = *v;

		shown.flags = 0;
		return reference(&shown, out, out_what);
	}
	if (v->kind == PHX_V_MAP)
		return json_members(v->map, out, out_what);
	if (v->kind != PHX_V_LIST)
		return scalar_json(v, out);
	phx_buf_ch(out, '[');
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (i)
			phx_buf_ch(out, ',');
		if (!phx_encode_json(&v->list.v[i], out, out_what))
			return false;
	}
	phx_buf_ch(out, ']');
	return true;
}

/* --- YAML: block style; what could be read as something else than text is quoted as in JSON --- */

static bool plain_key(struct phx_str key)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

	for (size_t i = 0; i < PHX_COUNTOF(words); i++) {
		if (key.len == strlen(words[i]) && strncasecmp(key.ptr, words[i], key.len) == 0)
			return false;
	}
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return key.len > 0;
}

/* Lines of printable text can stand as a block. */
static bool literal_text(struct phx_str t)
{
	if (t.len < 2 || t.ptr[t.len - 1] != '\n' || t.ptr[t.len - 2] == '\n' || t.ptr[0] == ' ' ||
	    t.ptr[0] == '\n')
		return false;
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.ptr[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c >= 0x80)
			return false;
	}
	return true;
}

static void literal_block(struct phx_str t, uint32_t indent, struct phx_buf *out)
{
	struct phx_str line;

	phx_buf_c(out, "|\n");
	t.len--;
	while (phx_str_cut(&t, '\n', &line)) {
		if (line.len)
			phx_buf_fill(out, ' ', indent);
		phx_buf_str(out, line);
		phx_buf_ch(out, '\n');
	}
}

static bool yaml(const struct phx_value *v, uint32_t indent, bool inline_first, struct phx_buf *out,
		 const char **out_what);

static bool yaml_list(const struct phx_value *v, uint32_t indent, bool inline_first, struct phx_buf *out,
		      const char **out_what)
{
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (i || !inline_first)
			phx_buf_fill(out, ' ', indent);
		phx_buf_c(out, "- ");
		if (!yaml(&v->list.v[i], indent + 2, true, out, out_what))
			return false;
	}
	return true;
}

static bool holds_something(const struct phx_value *v)
{
	return (v->kind == PHX_V_LIST && v->list.n) || (v->kind == PHX_V_MAP && v->map->n);
}

static bool yaml_map(const struct phx_value *v, uint32_t indent, bool inline_first, struct phx_buf *out,
		     const char **out_what)
{
	for (uint32_t i = 0; i < v->map->n; i++) {
		const struct phx_member *m = &v->map->v[i];
		bool nested = holds_something(m->value);

		if (i || !inline_first)
			phx_buf_fill(out, ' ', indent);
		if (plain_key(m->key))
			phx_buf_str(out, m->key);
		else
			phx_buf_json_string(out, m->key);
		phx_buf_c(out, nested ? ":\n" : ": ");
		if (!yaml(m->value, indent + 2, !nested, out, out_what))
			return false;
	}
	return true;
}

/* `inline_first`: something stands before it on the line. */
static bool yaml(const struct phx_value *v, uint32_t indent, bool inline_first, struct phx_buf *out,
		 const char **out_what)
{
	if (v->kind == PHX_V_LIST && v->list.n)
		return yaml_list(v, indent, inline_first, out, out_what);
	if (v->kind == PHX_V_MAP && v->map->n)
		return yaml_map(v, indent, inline_first, out, out_what);
	if (v->kind == PHX_V_STRING && literal_text(v->s)) {
		literal_block(v->s, indent, out);
		return true;
	}
	if (!phx_encode_json(v, out, out_what))
		return false;
	phx_buf_ch(out, '\n');
	return true;
}

bool phx_encode_yaml(const struct phx_value *v, struct phx_buf *out, const char **out_what)
{
	return yaml(v, 0, false, out, out_what);
}
