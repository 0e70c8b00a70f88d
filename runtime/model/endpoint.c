#include "model/endpoint.h"

#include <string.h>

#include "base/sys.h"
#include "model/endpoint_priv.h"
#include "model/table_priv.h"

/* Loading etc/pve/VERSION/endpoints. */

static const char *const http_names[PHX_HTTP_COUNT] = {"GET", "POST", "PUT", "DELETE"};

enum { MAX_PERMISSION_DEPTH = 8 };

bool phx_http_parse(struct phx_str text, enum phx_http *out)
{
	for (size_t i = 0; i < PHX_HTTP_COUNT; i++) {
		if (phx_str_eqc(text, http_names[i])) {
			*out = (enum phx_http)i;
			return true;
		}
	}
	return false;
}

const char *phx_http_name(enum phx_http http)
{
	return http_names[http];
}

struct permission_parser {
	struct phx_arena *arena;
	struct phx_str text;
	size_t at;
	uint32_t depth;
	bool bad;
};

/* A word up to a blank or a bracket; empty at either bracket and at the end. */
static struct phx_str next_word(struct permission_parser *p)
{
	while (p->at < p->text.len && p->text.ptr[p->at] == ' ')
		p->at++;
	size_t from = p->at;
	while (p->at < p->text.len && p->text.ptr[p->at] != ' ' && p->text.ptr[p->at] != '(' &&
	       p->text.ptr[p->at] != ')')
		p->at++;
	return phx_str_slice(p->text, from, p->at - from);
}

static bool accept(struct permission_parser *p, char c)
{
	while (p->at < p->text.len && p->text.ptr[p->at] == ' ')
		p->at++;
	if (p->at >= p->text.len || p->text.ptr[p->at] != c)
		return false;
	p->at++;
	return true;
}

static void parse_permission(struct permission_parser *p, struct phx_permission *out);

static void parse_children(struct permission_parser *p, struct phx_permission *out)
{
	PHX_VEC(struct phx_permission) children = {0};
	while (!p->bad && p->at < p->text.len && !accept(p, ')')) {
		struct phx_permission child = {0};
		parse_permission(p, &child);
		phx_vec_push(p->arena, &children, child);
	}
	out->children = children.v;
	out->nchildren = children.n;
}

/* (perm PATH PRIVILEGE,… [any] [require_param=NAME]) */
static void parse_path_rule(struct permission_parser *p, struct phx_permission *out)
{
	struct phx_str word;
	out->path = next_word(p);
	out->privileges = phx_table_list(p->arena, next_word(p), &out->nprivileges);
	while ((word = next_word(p)).len > 0) {
		if (phx_str_eqc(word, "any"))
			out->any = true;
		else if (phx_str_starts(word, "require_param="))
			out->require_param = phx_str_from(word, strlen("require_param="));
		else
			p->bad = true;
	}
	p->bad |= !accept(p, ')');
}

static void parse_rule(struct permission_parser *p, struct phx_str verb, struct phx_permission *out)
{
	if (phx_str_eqc(verb, "and") || phx_str_eqc(verb, "or")) {
		out->op = phx_str_eqc(verb, "and") ? PHX_PERM_AND : PHX_PERM_OR;
		parse_children(p, out);
		return;
	}
	if (phx_str_eqc(verb, "perm")) {
		out->op = PHX_PERM_PATH;
		parse_path_rule(p, out);
		return;
	}
	if (phx_str_eqc(verb, "perm-modify")) {
		out->op = PHX_PERM_MODIFY;
		out->path = next_word(p);
	} else if (phx_str_eqc(verb, "userid-param")) {
		out->op = PHX_PERM_USERID_PARAM;
		out->argument = next_word(p);
	} else if (phx_str_eqc(verb, "userid-group")) {
		out->op = PHX_PERM_USERID_GROUP;
		out->privileges = phx_table_list(p->arena, next_word(p), &out->nprivileges);
		out->argument = next_word(p);
		(void)next_word(p); /* "create", "update": what groups_param is for */
	} else {
		p->bad = true;
	}
	p->bad |= !accept(p, ')');
}

static void parse_permission(struct permission_parser *p, struct phx_permission *out)
{
	if (p->depth++ > MAX_PERMISSION_DEPTH)
		p->bad = true;
	if (!p->bad && accept(p, '(')) {
		parse_rule(p, next_word(p), out);
	} else {
		struct phx_str word = next_word(p);
		if (phx_str_eqc(word, "all"))
			out->op = PHX_PERM_ALL;
		else if (phx_str_eqc(word, "world"))
			out->op = PHX_PERM_WORLD;
		else if (phx_str_eqc(word, "root"))
			out->op = PHX_PERM_ROOT;
		else
			p->bad = true;
	}
	p->depth--;
}

/* The lines of one file, as they come. */
struct loader {
	struct phx_table_reader r;
	PHX_VEC(struct phx_endpoint *) endpoints;
	struct phx_endpoint *endpoint;
	struct phx_method *method;
	PHX_VEC(struct phx_option) params;
};

/* The parameters read so far are those of the current method. */
static void end_method(struct loader *l)
{
	struct phx_method *m = l->method;
	if (!m)
		return;
	m->params = l->params.v;
	m->nparams = l->params.n;
	phx_table_index(l->r.arena, m->params, m->nparams, &m->by_name, &m->by_family);
	memset(&l->params, 0, sizeof(l->params));
	l->method = NULL;
}

static bool read_path(struct loader *l)
{
	struct phx_endpoint *e = PHX_NEW(l->r.arena, struct phx_endpoint);
	end_method(l);
	struct phx_str flag;
	if (!phx_table_field(&l->r, &e->path))
		return phx_table_bad(&l->r, "a path is missing");
	while (phx_table_field(&l->r, &flag))
		e->rest |= phx_str_eqc(flag, "rest");
	phx_vec_push(l->r.arena, &l->endpoints, e);
	l->endpoint = e;
	return true;
}

static bool read_method(struct loader *l)
{
	struct phx_str name, rule, flag;
	enum phx_http http;
	end_method(l);
	if (!l->endpoint || !phx_table_field(&l->r, &name) || !phx_table_field(&l->r, &rule) ||
	    !phx_http_parse(name, &http))
		return phx_table_bad(&l->r, "not a method of a path");
	struct phx_method *m = PHX_NEW(l->r.arena, struct phx_method);
	struct phx_permission *permission = PHX_NEW(l->r.arena, struct phx_permission);
	struct permission_parser p = {.arena = l->r.arena, .text = rule};
	parse_permission(&p, permission);
	if (p.bad || p.at < p.text.len)
		return phx_table_bad(&l->r, "a permission that cannot be read");
	m->endpoint = l->endpoint;
	m->http = http;
	m->permission = permission;
	while (phx_table_field(&l->r, &flag)) {
		m->is_protected |= phx_str_eqc(flag, "protected");
		m->additional |= phx_str_eqc(flag, "additional");
	}
	l->endpoint->methods[http] = m;
	l->method = m;
	return true;
}

static bool read_param(struct loader *l)
{
	struct phx_option o = {0};
	if (!l->method)
		return phx_table_bad(&l->r, "a parameter without a method");
	if (!phx_table_option(&l->r, &o))
		return false;
	phx_vec_push(l->r.arena, &l->params, o);
	return true;
}

static bool read_line(struct loader *l)
{
	if (phx_str_eqc(l->r.record, "path"))
		return read_path(l);
	if (phx_str_eqc(l->r.record, "method"))
		return read_method(l);
	if (phx_str_eqc(l->r.record, "param"))
		return read_param(l);
	return phx_table_bad(&l->r, "unknown kind of line");
}

const struct phx_endpoints *phx_endpoints_load(struct phx_arena *arena, struct phx_str version,
					       struct phx_err *err)
{
	struct loader l = {0};
	bool ok;
	struct phx_str dir = phx_table_dir(arena, version, err);
	if (dir.len == 0)
		return NULL;
	if (!phx_table_open(&l.r, arena, phx_path_join(arena, dir, PHX_STR("endpoints")), "phx-endpoints",
			    err))
		return NULL;
	while (phx_table_next(&l.r, &ok)) {
		if (!read_line(&l))
			return NULL;
	}
	if (!ok)
		return NULL;
	end_method(&l);
	struct phx_endpoints *out = PHX_NEW(arena, struct phx_endpoints);
	const struct phx_endpoint **all = PHX_NEW_N(arena, const struct phx_endpoint *, l.endpoints.n);
	for (uint32_t i = 0; i < l.endpoints.n; i++)
		all[i] = l.endpoints.v[i];
	out->all = all;
	out->n = l.endpoints.n;
	out->root = phx_path_tree(arena, all, out->n);
	return out;
}
