#include "model/check_priv.h"
#include "model/endpoint.h"
#include "model/table_priv.h"

/* PVE::RESTHandler::handle and PVE::JSONSchema::check_object: what is checked of a request before anything else. */

const struct phx_option *phx_method_param(const struct phx_method *m, struct phx_str name, int *out_index)
{
	return phx_table_lookup(&m->by_name, &m->by_family, name, out_index);
}

static const struct phx_given *find_param(const struct phx_given *params, size_t n, struct phx_str name)
{
	for (size_t i = 0; i < n; i++) {
		if (params[i].shape != PHX_PARAM_NULL && phx_str_eq(params[i].name, name))
			return &params[i];
	}
	return NULL;
}

static bool got(struct phx_checks *out, const struct phx_option *o, struct phx_str name, const char *what)
{
	static const char *const types[] = {"string", "integer", "number", "boolean",
					    "array",  "object",  "null"};
	struct phx_buf text = {0};
	phx_buf_printf(&text, "type check ('%s') failed - got %s", types[o->type], what);
	phx_check_add(out, name, PHX_CHECK_TYPE, o, phx_buf_view(&text));
	phx_buf_done(&text);
	return false;
}

/* A list for a parameter whose format is a list is one text with commas between. */
static bool check_joined(const struct phx_option *o, const struct phx_given *p, struct phx_checks *out)
{
	struct phx_buf text = {0};
	for (uint32_t i = 0; i < p->nitems; i++) {
		if (i > 0)
			phx_buf_ch(&text, ',');
		phx_buf_str(&text, p->items[i]);
	}
	/* Checks may keep slices of the text. */
	bool ok = phx_option_check(o, p->name, phx_str_dup(out->arena, phx_buf_view(&text)), out);
	phx_buf_done(&text);
	return ok;
}

static bool check_items(const struct phx_option *o, const struct phx_given *p, const struct phx_str *items,
			uint32_t n, struct phx_checks *out)
{
	bool ok = true;
	for (uint32_t i = 0; o->items && i < n; i++) {
		struct phx_str name = phx_str_printf(out->arena, PHX_STR_FMT "[%u]", PHX_STR_ARG(p->name), i);
		ok &= phx_option_check(o->items, name, items[i], out);
	}
	return ok;
}

static bool check_list(const struct phx_option *o, const struct phx_given *p, struct phx_checks *out)
{
	if (o->type == PHX_TYPE_ARRAY)
		return check_items(o, p, p->items, p->nitems, out);
	if (o->type == PHX_TYPE_STRING && phx_str_ends(o->format, "-list"))
		return check_joined(o, p, out);
	return got(out, o, p->name, "ARRAY");
}

static bool check_given(const struct phx_option *o, const struct phx_given *p, struct phx_checks *out)
{
	switch (p->shape) {
	case PHX_PARAM_NULL:
		return true;
	case PHX_PARAM_HASH:
		return got(out, o, p->name, "HASH");
	case PHX_PARAM_LIST:
		return check_list(o, p, out);
	case PHX_PARAM_TEXT:
		break;
	}
	/* One value is a list of one, unless it is false to Perl. */
	if (o->type == PHX_TYPE_ARRAY && p->text.len > 0 && !phx_str_eqc(p->text, "0"))
		return check_items(o, p, &p->text, 1, out);
	return phx_option_check(o, p->name, p->text, out);
}

static bool check_requires(const struct phx_option *o, const struct phx_given *params, size_t n,
			   const struct phx_given *p, struct phx_checks *out)
{
	struct phx_buf text = {0};
	if (o->requires.len == 0 || find_param(params, n, o->requires))
		return true;
	phx_buf_printf(&text, "missing property - '" PHX_STR_FMT "' requires this property",
		       PHX_STR_ARG(p->name));
	phx_check_add(out, o->requires, PHX_CHECK_MISSING, o, phx_buf_view(&text));
	phx_buf_done(&text);
	return false;
}

bool phx_endpoint_check(const struct phx_method *m, const struct phx_given *params, size_t n,
			struct phx_checks *out)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		const struct phx_given *p = &params[i];
		const struct phx_option *o = phx_method_param(m, p->name, NULL);
		if (o) {
			ok &= check_given(o, p, out);
			if (p->shape != PHX_PARAM_NULL)
				ok &= check_requires(o, params, n, p, out);
		} else if (!m->additional) {
			phx_check_add(out, p->name, PHX_CHECK_UNKNOWN, NULL, PHX_STR(PHX_TEXT_UNKNOWN));
			ok = false;
		}
	}
	for (uint32_t i = 0; i < m->nparams; i++) {
		const struct phx_option *o = &m->params[i];
		if ((o->flags & PHX_OPTION_OPTIONAL) || o->count > 0 || find_param(params, n, o->name))
			continue;
		phx_check_add(out, o->name, PHX_CHECK_MISSING, o, PHX_STR(PHX_TEXT_MISSING));
		ok = false;
	}
	return ok;
}
