/* Values as their users meant them: numbers in strings, booleans as 0 and 1, lists as one text with commas. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "json/import_priv.h"

struct phx_span phx_jspan(const struct phx_jfile *f, const struct phx_jnode *n)
{
	return (struct phx_span){f->id, n->start, n->end};
}

struct phx_span phx_jname_span(const struct phx_jfile *f, const struct phx_jnode *n)
{
	return n->name_end ? (struct phx_span){f->id, n->name_start, n->name_end} : phx_jspan(f, n);
}

static const char *kind_text(const struct phx_jnode *n)
{
	static const char *const names[] = {"null", "a boolean", "a number", "a number",
					    "text", "a list",    "an object"};

	return names[n->kind];
}

struct phx_diag *phx_jwrong(struct phx_jctx *c, const struct phx_jnode *n, enum phx_code code,
			    const char *fmt, ...)
{
	struct phx_buf text = {0};
	struct phx_diag *d;
	va_list args;
	int need;

	va_start(args, fmt);
	need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (need < 0)
		PHX_BUG("cannot print a message");
	va_start(args, fmt);
	vsnprintf(phx_buf_reserve(&text, (size_t)need + 1), (size_t)need + 1, fmt, args);
	va_end(args);
	text.len += (size_t)need;
	d = phx_diag_add(c->m->bag, code, phx_jspan(c->g->file, n), PHX_STR_FMT,
			 PHX_STR_ARG(phx_buf_view(&text)));
	phx_buf_done(&text);
	if (c->g->decl)
		c->g->decl->poisoned = true;
	return d;
}

static void type_error(struct phx_jctx *c, const struct phx_jnode *n, const char *want)
{
	if (n->name.len)
		phx_jwrong(c, n, PHX0504, "`" PHX_STR_FMT "` takes %s, not %s", PHX_STR_ARG(n->name), want,
			   kind_text(n));
	else
		phx_jwrong(c, n, PHX0504, "expected %s, not %s", want, kind_text(n));
}

static bool is_scalar(const struct phx_jnode *n)
{
	return n->kind != PHX_J_NULL && n->kind != PHX_J_ARRAY && n->kind != PHX_J_OBJECT;
}

/* A scalar's text; numbers and booleans as they were written. */
static struct phx_str scalar_text(const struct phx_jimport *m, const struct phx_jfile *f,
				  const struct phx_jnode *n)
{
	return n->kind == PHX_J_STRING ? phx_str_trim(n->s) : phx_source_text(m->sources, phx_jspan(f, n));
}

bool phx_jtext(struct phx_jctx *c, struct phx_jnode *n, struct phx_str *out)
{
	if (!n)
		return false;
	if (!is_scalar(n)) {
		type_error(c, n, "a text");
		return false;
	}
	*out = scalar_text(c->m, c->g->file, n);
	if (out->len == 0) {
		phx_jfate(n, PHX_FATE_DROPPED, "empty: not set");
		return false;
	}
	return true;
}

bool phx_jname(struct phx_jctx *c, struct phx_jnode *n, struct phx_str *out)
{
	if (n && n->kind != PHX_J_STRING && is_scalar(n)) {
		type_error(c, n, "a name");
		return false;
	}
	return phx_jtext(c, n, out);
}

/* As a number: 4, 4.0, "4". */
static bool number(const struct phx_jnode *n, double *out)
{
	if (n->kind == PHX_J_INT)
		*out = (double)n->i;
	else if (n->kind == PHX_J_FLOAT)
		*out = n->f;
	else
		return n->kind == PHX_J_STRING && phx_parse_double(phx_str_trim(n->s), out);
	return true;
}

bool phx_jnumber(struct phx_jctx *c, struct phx_jnode *n, uint64_t *out)
{
	double d;

	if (!n)
		return false;
	if (n->kind == PHX_J_STRING && phx_str_trim(n->s).len == 0) {
		phx_jfate(n, PHX_FATE_DROPPED, "empty: not set");
		return false;
	}
	if (!number(n, &d)) {
		type_error(c, n, "a number");
		return false;
	}
	if (d < 0 || d > 9e15 || d != floor(d)) {
		phx_jwrong(c, n, PHX0505, "`" PHX_STR_FMT "` must be a whole number from 0 on",
			   PHX_STR_ARG(n->name));
		return false;
	}
	*out = (uint64_t)d;
	return true;
}

bool phx_jsize(struct phx_jctx *c, struct phx_jnode *n, uint64_t unit, uint64_t *out)
{
	double d;

	if (!n)
		return false;
	if (n->kind == PHX_J_STRING && phx_str_trim(n->s).len == 0) {
		phx_jfate(n, PHX_FATE_DROPPED, "empty: not set");
		return false;
	}
	if (!number(n, &d)) {
		type_error(c, n, unit == 1u << 20 ? "a number of MiB" : "a number of GiB");
		return false;
	}
	d *= (double)unit;
	if (d < 0 || d > 1e18 || d != floor(d)) {
		phx_jwrong(c, n, PHX0505, "`" PHX_STR_FMT "` cannot be `" PHX_STR_FMT "`",
			   PHX_STR_ARG(n->name), PHX_STR_ARG(scalar_text(c->m, c->g->file, n)));
		return false;
	}
	*out = (uint64_t)d;
	return true;
}

bool phx_jtruth(struct phx_jctx *c, struct phx_jnode *n, bool *out)
{
	static const char *const yes[] = {"true", "1", "yes", "on"}, *const no[] = {"false", "0", "no",
										    "off"};
	struct phx_str s;

	if (!n)
		return false;
	if (n->kind == PHX_J_BOOL) {
		*out = n->b;
		return true;
	}
	if (is_scalar(n)) {
		s = scalar_text(c->m, c->g->file, n);
		for (size_t i = 0; i < PHX_COUNTOF(yes); i++) {
			if ((s.len == strlen(yes[i]) && strncasecmp(s.ptr, yes[i], s.len) == 0) ||
			    (s.len == strlen(no[i]) && strncasecmp(s.ptr, no[i], s.len) == 0)) {
				*out = s.len == strlen(yes[i]) && strncasecmp(s.ptr, yes[i], s.len) == 0;
				return true;
			}
		}
	}
	type_error(c, n, "`true` or `false`");
	return false;
}

bool phx_jid(const struct phx_jnode *n, uint64_t *out)
{
	double d;

	if (n->kind == PHX_J_STRING)
		return phx_parse_u64(phx_str_trim(n->s), out);
	if (!number(n, &d) || d < 0 || d > 9e15 || d != floor(d))
		return false;
	*out = (uint64_t)d;
	return true;
}

/* The raw text inside the quotes has the same length as the decoded one when nothing was escaped: then pieces have places. */
static void cut_text(struct phx_jctx *c, const struct phx_jnode *n, char sep, struct phx_jpieces *out)
{
	struct phx_str rest = n->s;
	bool plain = n->end - n->start == n->s.len + 2;

	for (size_t at = 0; at <= rest.len;) {
		size_t end = at;
		struct phx_str piece;
		struct phx_jpiece p = {.span = phx_jspan(c->g->file, n)};

		while (end < rest.len && rest.ptr[end] != ',' && (sep != ' ' || rest.ptr[end] != ' '))
			end++;
		piece = phx_str_trim(phx_str_slice(rest, at, end - at));
		if (plain && piece.len > 0) {
			p.span.start = n->start + 1 + (uint32_t)(piece.ptr - n->s.ptr);
			p.span.end = p.span.start + (uint32_t)piece.len;
		}
		p.text = piece;
		if (piece.len > 0)
			phx_vec_push(&c->m->work, &out->v, p);
		at = end + 1;
	}
}

bool phx_jlist(struct phx_jctx *c, struct phx_jnode *n, char sep, struct phx_jpieces *out)
{
	bool ok = true;

	if (!n)
		return false;
	if (n->kind == PHX_J_OBJECT) {
		type_error(c, n, "a list");
		return false;
	}
	if (n->kind == PHX_J_STRING) {
		cut_text(c, n, sep, out);
		return true;
	}
	if (n->kind != PHX_J_ARRAY) {
		phx_vec_push(
			&c->m->work, &out->v,
			((struct phx_jpiece){scalar_text(c->m, c->g->file, n), phx_jspan(c->g->file, n)}));
		return true;
	}
	for (uint32_t i = 0; i < n->n; i++) {
		if (n->v[i].kind == PHX_J_NULL)
			continue;
		if (!is_scalar(&n->v[i])) {
			type_error(c, &n->v[i], "a text");
			ok = false;
		} else if (n->v[i].kind == PHX_J_STRING && sep) {
			cut_text(c, &n->v[i], sep, out);
		} else {
			phx_vec_push(&c->m->work, &out->v,
				     ((struct phx_jpiece){scalar_text(c->m, c->g->file, &n->v[i]),
							  phx_jspan(c->g->file, &n->v[i])}));
		}
	}
	return ok;
}

uint32_t phx_jobjects(struct phx_jctx *c, struct phx_jnode *list)
{
	if (!list)
		return 0;
	if (list->kind == PHX_J_OBJECT)
		return 1;
	if (list->kind == PHX_J_ARRAY)
		return list->n;
	if (list->kind == PHX_J_STRING && phx_str_trim(list->s).len == 0) {
		phx_jfate(list, PHX_FATE_DROPPED, "empty: not set");
		return 0;
	}
	type_error(c, list, "a list of objects");
	return 0;
}

bool phx_jsingle(struct phx_jctx *c, struct phx_jnode *n)
{
	if (!n || phx_jobjects(c, n) == 0)
		return false;
	if (n->kind != PHX_J_OBJECT)
		type_error(c, n, "an object");
	return n->kind == PHX_J_OBJECT;
}

struct phx_jnode *phx_jobject(struct phx_jctx *c, struct phx_jnode *list, uint32_t index)
{
	struct phx_jnode *n = list->kind == PHX_J_ARRAY ? &list->v[index] : list;

	if (n->kind == PHX_J_OBJECT)
		return n;
	if (n->kind != PHX_J_NULL)
		type_error(c, n, "an object");
	return NULL;
}

bool phx_jip(struct phx_jctx *c, struct phx_str text, struct phx_span at, struct phx_value *out)
{
	struct phx_ip ip = {0};

	if (!phx_ip_parse(text, &ip)) {
		phx_diag_add(c->m->bag, PHX0505, at, "`" PHX_STR_FMT "` is no IP address", PHX_STR_ARG(text));
		c->g->decl->poisoned = true;
		return false;
	}
	*out = (struct phx_value){.kind = PHX_V_IP, .ip = PHX_NEW(c->m->arena, struct phx_ip), .span = at};
	*out->ip = ip;
	return true;
}

bool phx_jcidr(struct phx_jctx *c, struct phx_jnode *n, struct phx_str text, struct phx_value *out)
{
	struct phx_ip ip = {0};
	struct phx_diag *d;

	if (!phx_cidr_parse(text, &ip)) {
		d = phx_jwrong(c, n, PHX0505, "`" PHX_STR_FMT "` is no address with its prefix",
			       PHX_STR_ARG(text));
		if (phx_ip_parse(text, &ip))
			phx_diag_help(c->m->bag, d,
				      "add the prefix of its subnet, such as `" PHX_STR_FMT "/%d`",
				      PHX_STR_ARG(text), ip.family == 4 ? 24 : 64);
		else
			phx_diag_help(c->m->bag, d, "write it as `10.0.0.10/24`, or `dhcp`");
		return false;
	}
	*out = (struct phx_value){.kind = PHX_V_CIDR,
				  .ip = PHX_NEW(c->m->arena, struct phx_ip),
				  .span = phx_jspan(c->g->file, n)};
	*out->ip = ip;
	return true;
}

/* --- metadata --- */

bool phx_jsecret_key(struct phx_str key)
{
	static const char *const words[] = {"password", "passwd", "passphrase",  "secret",    "token",
					    "api_key",  "apikey", "private_key", "credential"};
	struct phx_buf lower = {0};
	bool found = false;

	for (size_t i = 0; i < key.len; i++)
		phx_buf_ch(&lower,
			   key.ptr[i] >= 'A' && key.ptr[i] <= 'Z' ? (char)(key.ptr[i] + 32) : key.ptr[i]);
	for (size_t i = 0; i < PHX_COUNTOF(words) && !found; i++)
		found = phx_str_find(phx_buf_view(&lower), phx_str_c(words[i])) >= 0;
	if (phx_str_ends(phx_buf_view(&lower), "_file") || phx_str_ends(phx_buf_view(&lower), "_path"))
		found = false;
	phx_buf_done(&lower);
	return found;
}

static struct phx_value object_value(struct phx_jimport *m, const struct phx_jfile *f,
				     const struct phx_jnode *n)
{
	struct phx_value v = {.kind = PHX_V_MAP, .map = PHX_NEW(m->arena, struct phx_object)};

	v.map->v = PHX_NEW_N(m->arena, struct phx_member, n->n);
	for (uint32_t i = 0; i < n->n; i++) {
		bool again = false;

		for (uint32_t j = 0; j < v.map->n && !again; j++)
			again = phx_str_eq(v.map->v[j].key, n->v[i].name);
		if (again)
			continue; /* reported when it was read */
		v.map->v[v.map->n].key = n->v[i].name;
		v.map->v[v.map->n].span = phx_jname_span(f, &n->v[i]);
		v.map->v[v.map->n].value = PHX_NEW(m->arena, struct phx_value);
		*v.map->v[v.map->n++].value = phx_jvalue(m, f, &n->v[i]);
	}
	return v;
}

static struct phx_value list_value(struct phx_jimport *m, const struct phx_jfile *f,
				   const struct phx_jnode *n)
{
	struct phx_value v = {.kind = PHX_V_LIST};

	v.list.v = PHX_NEW_N(m->arena, struct phx_value, n->n ? n->n : 1);
	v.list.n = n->n;
	for (uint32_t i = 0; i < n->n; i++)
		v.list.v[i] = phx_jvalue(m, f, &n->v[i]);
	return v;
}

struct phx_value phx_jvalue(struct phx_jimport *m, const struct phx_jfile *f, const struct phx_jnode *n)
{
	struct phx_value v = {.kind = PHX_V_NULL};

	switch ((enum phx_jkind)n->kind) {
	case PHX_J_NULL:
		break;
	case PHX_J_BOOL:
		v.kind = PHX_V_BOOL;
		v.b = n->b;
		break;
	case PHX_J_INT:
		v.kind = PHX_V_INT;
		v.i = n->i;
		break;
	case PHX_J_FLOAT:
		v.kind = PHX_V_FLOAT;
		v.f = n->f;
		break;
	case PHX_J_STRING:
		v.kind = PHX_V_STRING;
		v.s = n->s;
		if (n->s.len > 0 && phx_jsecret_key(n->name)) {
			v.flags = PHX_VF_SECRET;
			phx_secrets_add(m->secrets, n->s);
		}
		break;
	case PHX_J_ARRAY:
		v = list_value(m, f, n);
		break;
	case PHX_J_OBJECT:
		v = object_value(m, f, n);
		break;
	}
	v.span = phx_jspan(f, n);
	return v;
}
