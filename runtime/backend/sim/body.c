#include "backend/sim/body.h"

#include <string.h>
#include <strings.h>

static struct phx_given *find(struct phx_sim_params *p, struct phx_str name)
{
	for (uint32_t i = 0; i < p->v.n; i++)
		if (phx_str_eq(p->v.v[i].name, name))
			return &p->v.v[i];
	return NULL;
}

/* A name that comes again makes a list (807, 808). */
void phx_sim_params_put(struct phx_sim_request *r, struct phx_sim_params *p, struct phx_str name,
			struct phx_str value)
{
	struct phx_given *old = find(p, name), add = {.name = name, .shape = PHX_PARAM_TEXT, .text = value};
	struct phx_str *items;
	uint32_t n;

	if (old == NULL) {
		phx_vec_push(&r->arena, &p->v, add);
		return;
	}
	n = old->shape == PHX_PARAM_LIST ? old->nitems : 1;
	items = PHX_NEW_N(&r->arena, struct phx_str, n + 1);
	for (uint32_t i = 0; i < n; i++)
		items[i] = old->shape == PHX_PARAM_LIST ? old->items[i] : old->text;
	items[n] = value;
	*old = (struct phx_given){.name = name, .shape = PHX_PARAM_LIST, .items = items, .nitems = n + 1};
}

static void put_fffd(struct phx_buf *b)
{
	phx_buf_c(b, "\xef\xbf\xbd");
}

/* Length of the UTF-8 sequence at s[i], 0 when there is none (882: each such byte becomes U+FFFD). */
static size_t utf8_at(struct phx_str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];
	size_t n = c < 0x80                ? 1
		   : c >= 0xc2 && c < 0xe0 ? 2
		   : c >= 0xe0 && c < 0xf0 ? 3
		   : c >= 0xf0 && c < 0xf5 ? 4
					   : 0;

	if (n == 0 || i + n > s.len)
		return 0;
	for (size_t k = 1; k < n; k++)
		if (((unsigned char)s.ptr[i + k] & 0xc0) != 0x80)
			return 0;
	return n;
}

static struct phx_str clean_utf8(struct phx_sim_request *r, struct phx_str s)
{
	struct phx_buf b = {0};
	struct phx_str out;

	for (size_t i = 0; i < s.len;) {
		size_t n = utf8_at(s, i);

		if (n == 0)
			put_fffd(&b);
		else
			phx_buf_add(&b, s.ptr + i, n);
		i += n == 0 ? 1 : n;
	}
	out = phx_str_dup(&r->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return out;
}

static struct phx_str decode(struct phx_sim_request *r, struct phx_str raw)
{
	struct phx_buf plus = {0}, plain = {0};
	struct phx_str out;

	for (size_t i = 0; i < raw.len; i++)
		phx_buf_ch(&plus, (char)(raw.ptr[i] == '+' ? ' ' : raw.ptr[i]));
	phx_buf_unpercent(&plain, phx_buf_view(&plus));
	out = clean_utf8(r, phx_buf_view(&plain));
	phx_buf_done(&plus);
	phx_buf_done(&plain);
	return out;
}

/* Pairs end at `&` or `;`; a second `=` ends the value (064, 885). */
static void parse_form(struct phx_sim_request *r, struct phx_str text, struct phx_sim_params *out)
{
	size_t at = 0;

	while (at < text.len) {
		size_t end = at;
		struct phx_str pair, name, value = {0};

		while (end < text.len && text.ptr[end] != '&' && text.ptr[end] != ';')
			end++;
		pair = phx_str_slice(text, at, end - at);
		at = end + 1;
		if (!phx_str_cut(&pair, '=', &name) || name.len == 0)
			continue;
		if (pair.ptr != NULL)
			(void)phx_str_cut(&pair, '=', &value);
		phx_sim_params_put(r, out, decode(r, name), decode(r, value));
	}
}

static struct phx_str json_text(struct phx_sim_request *r, const json_t *v)
{
	struct phx_buf b = {0};
	struct phx_str out;

	(void)phx_json_text(v, &b);
	out = phx_str_dup(&r->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return out;
}

static struct phx_given json_param(struct phx_sim_request *r, const char *name, const json_t *v)
{
	struct phx_given p = {.name = phx_str_dup(&r->arena, phx_str_c(name))};
	struct phx_str *items;

	if (json_is_null(v)) {
		p.shape = PHX_PARAM_NULL;
	} else if (json_is_object(v)) {
		p.shape = PHX_PARAM_HASH;
	} else if (json_is_array(v)) {
		p.shape = PHX_PARAM_LIST;
		p.nitems = (uint32_t)json_array_size(v);
		items = PHX_NEW_N(&r->arena, struct phx_str, p.nitems + 1);
		for (uint32_t i = 0; i < p.nitems; i++)
			items[i] = json_text(r, json_array_get(v, i));
		p.items = items;
	} else {
		p.shape = PHX_PARAM_TEXT;
		p.text = json_is_false(v) ? PHX_STR("0") : json_text(r, v);
	}
	return p;
}

/* Perl's JSON parser says it in the body, as plain text (077). */
static bool bad_json(struct phx_sim_request *r, const json_error_t *why)
{
	size_t at = why->position > 0 ? (size_t)why->position : 0;

	r->status = 500;
	if (at >= r->body.len)
		phx_buf_printf(&r->text,
			       "'\"' expected, at character offset %zu (before \"(end of string)\")",
			       r->body.len);
	else
		phx_buf_printf(&r->text,
			       "malformed JSON string, neither tag, array, object, number, string or atom, "
			       "at character offset %zu "
			       "(before \"%.20s\")",
			       at, r->body.ptr + at);
	phx_buf_c(&r->text, " at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 917.\n");
	phx_buf_str(&r->reason, phx_buf_view(&r->text));
	return false;
}

static bool parse_json(struct phx_sim_request *r, struct phx_sim_params *out)
{
	json_error_t why;
	json_t *root = json_loadb(r->body.ptr, r->body.len, JSON_ALLOW_NUL, &why), *v;
	const char *name;

	if (root == NULL)
		return bad_json(r, &why);
	json_object_foreach(root, name, v)
	{
		struct phx_given add = json_param(r, name, v), *old = find(out, add.name);

		if (old != NULL)
			*old = add;
		else
			phx_vec_push(&r->arena, &out->v, add);
	}
	json_decref(root);
	return true;
}

bool phx_sim_body_params(struct phx_sim_request *r, struct phx_sim_params *out)
{
	parse_form(r, phx_buf_view(&r->query), out);
	if (r->body.len == 0)
		return true;
	if (r->content_type != NULL && strncasecmp(r->content_type, "application/json", 16) == 0)
		return parse_json(r, out);
	parse_form(r, phx_buf_view(&r->body), out);
	return true;
}
