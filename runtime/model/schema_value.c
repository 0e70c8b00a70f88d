/* Does a value fit its attribute? */
#include <string.h>

#include "model/schema_check.h"

struct type_name {
	uint32_t bit;
	const char *one, *many;
};

static const struct type_name type_names[] = {
	{PHX_AT_BOOL, "`true` or `false`", "booleans"},
	{PHX_AT_INT, "an int", "ints"},
	{PHX_AT_FLOAT, "a number", "numbers"},
	{PHX_AT_STRING, "a string", "strings"},
	{PHX_AT_SIZE, "a size such as `8GiB`", "sizes"},
	{PHX_AT_DURATION, "a duration such as `30s`", "durations"},
	{PHX_AT_IP, "an address such as `10.0.0.1`", "addresses"},
	{PHX_AT_CIDR, "an address with its prefix such as `10.0.0.1/24`", "addresses with prefix"},
	{PHX_AT_MAC, "a MAC such as `52:54:00:AA:BB:CC`", "MACs"},
	{PHX_AT_FEATURE, "a feature such as `feature.docker`", "features such as `feature.docker`"},
	{PHX_AT_MAP, "an object", "objects"},
	{PHX_AT_ANY, "any value", "any values"},
};

static uint32_t type_bit(const struct phx_value *v)
{
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_BOOL:
		return PHX_AT_BOOL;
	case PHX_V_INT:
		return PHX_AT_INT | PHX_AT_FLOAT;
	case PHX_V_FLOAT:
		return PHX_AT_FLOAT;
	case PHX_V_STRING:
		return PHX_AT_STRING | PHX_AT_ENUM;
	case PHX_V_SIZE:
		return PHX_AT_SIZE;
	case PHX_V_DURATION:
		return PHX_AT_DURATION;
	case PHX_V_IP:
		return PHX_AT_IP;
	case PHX_V_CIDR:
		return PHX_AT_CIDR;
	case PHX_V_MAC:
		return PHX_AT_MAC;
	case PHX_V_LIST:
		return PHX_AT_LIST;
	case PHX_V_MAP:
		return PHX_AT_MAP;
	case PHX_V_REF:
		return PHX_AT_REF | PHX_AT_FEATURE;
	case PHX_V_CALL:
		return PHX_AT_FEATURE;
	case PHX_V_NULL:
	case PHX_V_KIND_COUNT:
		return 0;
	}
	return 0;
}

/* --- what is allowed, in words --- */

/* Joins pieces as "a, b or c". */
struct phrase {
	struct phx_buf *out;
	uint32_t n, total;
};

static void piece(struct phrase *p, const char *text)
{
	if (p->n > 0)
		phx_buf_c(p->out, p->n + 1 == p->total ? " or " : ", ");
	phx_buf_c(p->out, text);
	p->n++;
}

static void ref_kinds_text(const struct phx_attr_spec *spec, struct phx_buf *out)
{
	struct phrase p = {.out = out};

	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++)
		p.total += spec->ref_kinds >> k & 1;
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		struct phx_buf one = {0};

		if (!(spec->ref_kinds >> k & 1))
			continue;
		phx_buf_printf(&one, "`%s.NAME`", phx_kind_name((enum phx_kind)k));
		piece(&p, one.ptr);
		phx_buf_done(&one);
	}
}

/* At most eight words; the rest of a long enumeration is counted. */
static void words_text(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec, struct phx_buf *out)
{
	const struct phx_option *opt = spec->words ? NULL : phx_schema_option(c->options, c->kind, spec);
	uint32_t total = 0;

	while (spec->words && spec->words[total])
		total++;
	if (opt)
		total = opt->nenums;
	for (uint32_t i = 0; i < total && i < 8; i++) {
		struct phx_str word = opt ? opt->enums[i] : phx_str_c(spec->words[i]);

		phx_buf_c(out, i == 0 ? "" : i + 1 == total ? " or " : ", ");
		phx_buf_printf(out, "`" PHX_STR_FMT "`", PHX_STR_ARG(word));
	}
	if (total > 8)
		phx_buf_printf(out, " and %u more", total - 8);
	if (total == 0)
		phx_buf_c(out, "a word");
}

void phx_schema_types(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec, struct phx_buf *out)
{
	bool list = spec->types & PHX_AT_LIST;
	struct phrase p = {.out = out};
	uint32_t types = spec->types;

	if (types & PHX_AT_FLOAT)
		types &= ~(uint32_t)PHX_AT_INT;
	for (size_t i = 0; i < PHX_COUNTOF(type_names); i++)
		p.total += (types & type_names[i].bit) != 0;
	p.total += (types & PHX_AT_ENUM) != 0;
	p.total += (types & PHX_AT_REF) != 0;
	if (list)
		phx_buf_c(out, "a list of ");
	for (int want = 0; want < 2; want++) {
		struct phx_buf one = {0};

		if (want == 0 && types & PHX_AT_REF)
			ref_kinds_text(spec, &one);
		if (want == 1 && types & PHX_AT_ENUM)
			words_text(c, spec, &one);
		if (one.len > 0)
			piece(&p, one.ptr);
		phx_buf_done(&one);
	}
	for (size_t i = 0; i < PHX_COUNTOF(type_names); i++) {
		if (types & type_names[i].bit)
			piece(&p, list ? type_names[i].many : type_names[i].one);
	}
}

/* --- the checks --- */

static bool known_word(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec, struct phx_str word)
{
	const struct phx_option *opt;

	for (const char *const *w = spec->words; w && *w; w++) {
		if (phx_str_eqc(word, *w))
			return true;
	}
	if (spec->words)
		return false;
	opt = phx_schema_option(c->options, c->kind, spec);
	/* Without a table nothing can be said. */
	return !opt || opt->nenums == 0 || phx_option_word(opt, word);
}

static void bad_word(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		     const struct phx_value *v)
{
	const struct phx_option *opt = spec->words ? NULL : phx_schema_option(c->options, c->kind, spec);
	PHX_VEC(struct phx_str) names = {0};
	struct phx_buf allowed = {0};
	struct phx_diag *d;

	for (const char *const *w = spec->words; w && *w; w++)
		phx_vec_push(c->bag->arena, &names, phx_str_c(*w));
	for (uint32_t i = 0; opt && i < opt->nenums; i++)
		phx_vec_push(c->bag->arena, &names, opt->enums[i]);
	words_text(c, spec, &allowed);
	d = phx_diag_add(c->bag, PHX0309, v->span, "`%s` cannot be `" PHX_STR_FMT "`", spec->name,
			 PHX_STR_ARG(v->s));
	phx_diag_note(c->bag, d, "it is " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&allowed)));
	phx_diag_suggest(c->bag, d, v->span, v->s, names.v, names.n);
	phx_buf_done(&allowed);
}

/* How to write what was probably meant. */
static void hint_type(const struct phx_schema_ctx *c, struct phx_diag *d, const struct phx_attr_spec *spec,
		      const struct phx_value *v)
{
	struct phx_str text;

	if (v->flags & PHX_VF_UNKNOWN)
		return;
	if (v->kind == PHX_V_INT && spec->types & PHX_AT_SIZE) {
		text = phx_str_printf(
			c->bag->arena, "%lld%s", (long long)v->i,
			strcmp(spec->name, "memory") == 0 || strcmp(spec->name, "swap") == 0 ? "MiB" : "GiB");
		phx_diag_help(c->bag, d, "a size says its unit: `" PHX_STR_FMT "`", PHX_STR_ARG(text));
		phx_diag_fix(c->bag, d, v->span, text, false);
	} else if (v->kind == PHX_V_INT && spec->types & PHX_AT_DURATION) {
		text = phx_str_printf(c->bag->arena, "%llds", (long long)v->i);
		phx_diag_help(c->bag, d, "a duration says its unit: `" PHX_STR_FMT "`", PHX_STR_ARG(text));
		phx_diag_fix(c->bag, d, v->span, text, false);
	} else if (v->kind == PHX_V_IP && spec->types & PHX_AT_CIDR) {
		phx_diag_help(c->bag, d, "add the prefix of its subnet, such as `/%d`",
			      v->ip->family == 4 ? 24 : 64);
	} else if (v->kind == PHX_V_CIDR && spec->types & PHX_AT_IP && !(spec->types & PHX_AT_CIDR)) {
		phx_diag_help(c->bag, d, "leave the prefix out");
	} else if (v->kind == PHX_V_STRING && spec->types & PHX_AT_REF) {
		phx_diag_help(c->bag, d, "references are written without quotes");
	} else if (v->kind == PHX_V_STRING && !(v->flags & (PHX_VF_SECRET | PHX_VF_WORD)) &&
		   !(spec->types & (PHX_AT_STRING | PHX_AT_FEATURE | PHX_AT_MAP))) {
		phx_diag_help(c->bag, d, "values of this type are written without quotes");
	}
}

static void bad_type(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		     const struct phx_value *v)
{
	struct phx_buf types = {0};
	struct phx_diag *d;

	phx_schema_types(c, spec, &types);
	d = phx_diag_add(c->bag, PHX0308, v->span, "`%s` takes " PHX_STR_FMT, spec->name,
			 PHX_STR_ARG(phx_buf_view(&types)));
	phx_buf_done(&types);
	if (v->kind == PHX_V_REF && spec->types & PHX_AT_REF)
		phx_diag_label(c->bag, d, v->span, "this is a `%s`",
			       phx_kind_name((enum phx_kind)v->ref->kind));
	else
		phx_diag_label(c->bag, d, v->span, "this is a value of type %s",
			       phx_value_kind_name((enum phx_value_kind)v->kind));
	hint_type(c, d, spec, v);
}

static bool ref_fits(const struct phx_attr_spec *spec, const struct phx_ref *ref)
{
	if (spec->types & PHX_AT_FEATURE)
		return ref->kind == PHX_KIND_FEATURE;
	return spec->ref_kinds >> ref->kind & 1;
}

static bool scalar(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		   const struct phx_value *v)
{
	uint32_t bits = type_bit(v);
	bool unknown = v->flags & PHX_VF_UNKNOWN;

	if (v->flags & PHX_VF_POISON || spec->types & PHX_AT_ANY)
		return true;
	if (!(bits & spec->types & ~(uint32_t)PHX_AT_LIST)) {
		bad_type(c, spec, v);
		return false;
	}
	if (v->kind == PHX_V_STRING && !(spec->types & PHX_AT_STRING) && !unknown &&
	    !known_word(c, spec, v->s)) {
		bad_word(c, spec, v);
		return false;
	}
	if (v->kind == PHX_V_REF && !unknown && !ref_fits(spec, v->ref)) {
		bad_type(c, spec, v);
		return false;
	}
	return true;
}

static bool secrecy(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		    const struct phx_value *v)
{
	struct phx_diag *d;

	if (spec->flags & PHX_AF_SECRET_OK || !phx_value_is_secret(v))
		return true;
	d = phx_diag_add(c->bag, PHX0310, v->span, "a secret may not become `%s`, which phx shows in plans",
			 spec->name);
	phx_diag_note(
		c->bag, d,
		"secrets may stand in `password`, `token`, the contents of files, cloud-init data, and the "
		"parameters of features and scripts");
	return false;
}

bool phx_schema_value(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		      const struct phx_value *v)
{
	bool ok = true;

	if (v->flags & PHX_VF_POISON || spec->types & PHX_AT_ANY)
		return secrecy(c, spec, v);
	if (v->kind == PHX_V_NULL) {
		if (spec->flags & PHX_AF_REQUIRED)
			bad_type(c, spec, v);
		return !(spec->flags & PHX_AF_REQUIRED);
	}
	if (!secrecy(c, spec, v))
		return false;
	if (v->kind != PHX_V_LIST)
		return scalar(c, spec, v);
	if (!(spec->types & PHX_AT_LIST)) {
		bad_type(c, spec, v);
		return false;
	}
	for (uint32_t i = 0; !(v->flags & PHX_VF_UNKNOWN) && i < v->list.n && ok; i++)
		ok = scalar(c, spec, &v->list.v[i]);
	return ok;
}
