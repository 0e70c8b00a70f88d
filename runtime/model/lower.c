/* Values of the language to Proxmox's text, and the checks against its tables. */
#include <string.h>
#include <strings.h>

#include "model/graph_priv.h"

struct phx_str phx_gb_join(struct phx_arena *a, const char *before, struct phx_str after)
{
	size_t len = strlen(before);
	char *text = phx_arena_alloc(a, len + after.len + 1, 1);

	memcpy(text, before, len);
	if (after.len > 0)
		memcpy(text + len, after.ptr, after.len);
	return (struct phx_str){text, len + after.len};
}

struct phx_str phx_gb_text(struct phx_gb *b, const struct phx_value *v)
{
	if (!phx_known(v))
		return PHX_STR("");
	if (v->kind == PHX_V_STRING)
		return v->s;
	phx_buf_clear(&b->text);
	return phx_value_text(v, &b->text) ? phx_str_dup(b->arena, phx_buf_view(&b->text)) : PHX_STR("");
}

const struct phx_option *phx_gb_find(const struct phx_lower *l, struct phx_str name)
{
	const struct phx_option_table *t = l->b->guest_table[l->g->is_vm];

	return t ? phx_option_find(t, name, NULL) : NULL;
}

const struct phx_option *phx_gb_option(const struct phx_lower *l, const char *name)
{
	struct phx_option_memo *m = &l->b->option_memo[l->g->is_vm][(uintptr_t)name % 61];

	if (m->name != name) {
		m->option = phx_gb_find(l, phx_str_c(name));
		m->name = name;
	}
	return m->option;
}

/* --- text --- */

static bool wrong_unit(struct phx_gb *b, const struct phx_option *o, const struct phx_value *v,
		       const char *path)
{
	struct phx_buf shown = {0}, label = {0};

	phx_value_show(v, &shown);
	phx_option_label(o, &label);
	phx_diag_add(b->bag, PHX0422, v->span,
		     "`%s` cannot be `" PHX_STR_FMT "`: Proxmox counts `" PHX_STR_FMT "` in %s", path,
		     PHX_STR_ARG(phx_buf_view(&shown)), PHX_STR_ARG(phx_buf_view(&label)),
		     o->unit == PHX_UNIT_MIB      ? "whole MiB"
		     : o->unit == PHX_UNIT_KIB    ? "whole KiB"
		     : o->unit == PHX_UNIT_GIB    ? "whole GiB"
		     : o->unit == PHX_UNIT_SECOND ? "whole seconds"
		     : o->unit == PHX_UNIT_NONE   ? "plain numbers"
						  : "whole units");
	phx_buf_done(&shown);
	phx_buf_done(&label);
	return false;
}

static struct phx_str enum_text(const struct phx_option *o, struct phx_str s)
{
	const struct phx_str *word = o ? phx_option_word(o, s) : NULL;

	return word ? *word : s;
}

static const char *separator(const struct phx_option *o)
{
	if (o && o->canon == PHX_CANON_TAGS)
		return ";";
	if (o && (phx_str_eqc(o->name, "nameserver") || phx_str_eqc(o->name, "searchdomain")))
		return " ";
	if (o && (phx_str_eqc(o->name, "flags") || phx_str_eqc(o->name, "trunks") ||
		  phx_str_eqc(o->name, "host") || phx_str_eqc(o->name, "mountoptions") ||
		  phx_str_eqc(o->name, "order")))
		return ";";
	return ",";
}

static bool list_text(struct phx_gb *b, const struct phx_option *o, const struct phx_value *v,
		      const char *path, struct phx_buf *out)
{
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (i > 0)
			phx_buf_c(out, separator(o));
		if (!phx_lower_text(b, o, &v->list.v[i], path, out))
			return false;
	}
	return true;
}

/* `hostpci = { … }` and the like: an object is a property string. */
static bool map_text(struct phx_gb *b, const struct phx_option *o, const struct phx_value *v,
		     const char *path, struct phx_buf *out)
{
	for (uint32_t i = 0; i < v->map->n; i++) {
		const struct phx_member *m = &v->map->v[i];

		if (phx_is_null(m->value))
			continue;
		if (out->len > 0)
			phx_buf_ch(out, ',');
		phx_buf_str(out, m->key);
		phx_buf_ch(out, '=');
		if (!phx_lower_text(b, phx_option_key_real(o, m->key), m->value, path, out))
			return false;
	}
	return true;
}

static bool no_text(struct phx_gb *b, const struct phx_value *v, const char *path)
{
	phx_diag_add(b->bag, PHX0308, v->span, "`%s` cannot be a value of type %s", path,
		     phx_value_kind_name((enum phx_value_kind)v->kind));
	return false;
}

bool phx_lower_text(struct phx_gb *b, const struct phx_option *o, const struct phx_value *v, const char *path,
		    struct phx_buf *out)
{
	if (!phx_known(v))
		return false;
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_BOOL:
		phx_buf_ch(out, v->b ? '1' : '0');
		return true;
	case PHX_V_STRING:
		phx_buf_str(out, enum_text(o, v->s));
		return true;
	case PHX_V_SIZE:
		return (o && phx_option_from_bytes(o, v->bytes, out)) ||
		       (o ? wrong_unit(b, o, v, path) : no_text(b, v, path));
	case PHX_V_DURATION:
		return (o && v->i >= 0 && phx_option_from_ms(o, (uint64_t)v->i, out)) ||
		       (o ? wrong_unit(b, o, v, path) : no_text(b, v, path));
	case PHX_V_LIST:
		return list_text(b, o, v, path, out);
	case PHX_V_MAP:
		return o && o->keys ? map_text(b, o, v, path, out) : no_text(b, v, path);
	case PHX_V_INT:
	case PHX_V_FLOAT:
	case PHX_V_IP:
	case PHX_V_CIDR:
	case PHX_V_MAC:
		return phx_value_text(v, out) || no_text(b, v, path);
	case PHX_V_NULL:
	case PHX_V_REF:
	case PHX_V_CALL:
	case PHX_V_KIND_COUNT:
		return no_text(b, v, path);
	}
	return false;
}

/* --- checks --- */

static void unknown_key(struct phx_gb *b, const struct phx_option *o, const struct phx_check *c,
			struct phx_str path, struct phx_span span)
{
	struct phx_diag *d =
		phx_diag_add(b->bag, PHX0422, span, "`" PHX_STR_FMT "` has no key `" PHX_STR_FMT "`",
			     PHX_STR_ARG(path), PHX_STR_ARG(c->key));
	struct phx_str *names = PHX_NEW_N(b->bag->arena, struct phx_str, o->nkeys + 1), near;
	struct phx_buf all = {0};

	for (uint32_t i = 0; i < o->nkeys; i++) {
		names[i] = o->keys[i].name;
		phx_buf_printf(&all, "%s`" PHX_STR_FMT "`", i > 0 ? ", " : "", PHX_STR_ARG(names[i]));
	}
	near = phx_str_nearest(c->key, names, o->nkeys);
	if (near.len > 0)
		phx_diag_help(b->bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	else if (o->nkeys <= 12)
		phx_diag_note(b->bag, d, "there are " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&all)));
	phx_buf_done(&all);
}

static void report_check(struct phx_gb *b, const struct phx_option *o, const struct phx_check *c,
			 struct phx_str path, struct phx_span span, bool shown)
{
	struct phx_buf allowed = {0};
	struct phx_diag *d;

	if (c->kind == PHX_CHECK_UNKNOWN && c->key.len > 0 && o->nkeys > 0) {
		unknown_key(b, o, c, path, span);
		return;
	}
	if (shown && c->value.len > 0)
		d = phx_diag_add(b->bag, PHX0422, span,
				 "`" PHX_STR_FMT "` cannot be `" PHX_STR_FMT "`: " PHX_STR_FMT,
				 PHX_STR_ARG(path), PHX_STR_ARG(c->value), PHX_STR_ARG(c->detail));
	else
		d = phx_diag_add(b->bag, PHX0422, span, "`" PHX_STR_FMT "`: " PHX_STR_FMT, PHX_STR_ARG(path),
				 PHX_STR_ARG(c->detail));
	phx_option_allowed(c->option ? c->option : o, &allowed);
	if (allowed.len > 0)
		phx_diag_note(b->bag, d, "Proxmox takes " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&allowed)));
	phx_buf_done(&allowed);
}

bool phx_lower_check(struct phx_gb *b, const struct phx_option *o, struct phx_str key, struct phx_str text,
		     struct phx_str path, struct phx_span span, bool shown)
{
	b->checks.v.n = 0;
	if (!o || phx_option_check(o, key, text, &b->checks))
		return true;
	for (uint32_t i = 0; i < b->checks.v.n; i++)
		report_check(b, o, &b->checks.v.v[i], path, span, shown);
	return false;
}

/* --- settings --- */

struct phx_setting *phx_lower_find(struct phx_gb *b, struct phx_str key)
{
	for (uint32_t i = 0; i < b->settings.n; i++) {
		if (phx_str_eq(b->settings.v[i].key, key))
			return &b->settings.v[i];
	}
	return NULL;
}

const struct phx_setting *phx_guest_setting(const struct phx_guest *g, struct phx_str key)
{
	uint32_t lo = 0, hi = g->settings.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = phx_str_cmp(g->settings.v[mid].key, key);

		if (order == 0)
			return &g->settings.v[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Kept sorted by key. */
static struct phx_setting *insert(struct phx_gb *b, const struct phx_setting *s)
{
	uint32_t at = b->settings.n;

	phx_vec_push(b->work, &b->settings, *s);
	while (at > 0 && phx_str_cmp(b->settings.v[at - 1].key, s->key) > 0) {
		b->settings.v[at] = b->settings.v[at - 1];
		at--;
	}
	b->settings.v[at] = *s;
	return &b->settings.v[at];
}

struct phx_setting *phx_lower_add(struct phx_gb *b, struct phx_str key, const struct phx_option *o,
				  struct phx_str value, struct phx_str path, struct phx_span span,
				  uint8_t origin)
{
	struct phx_setting s = {
		.key = key, .option = o, .value = value, .path = path, .span = span, .origin = origin};

	return insert(b, &s);
}

/* One attribute, one option. Null becomes `unset`. */
static struct phx_setting *single(const struct phx_lower *l, const struct phx_eff_attr *ea,
				  const struct phx_option *o, const char *path)
{
	struct phx_gb *b = l->b;
	const struct phx_value *v = &ea->a->value;
	struct phx_str key = phx_str_c(ea->spec->option), at = phx_str_c(path);
	struct phx_setting *s;

	if (phx_is_null(v)) {
		s = phx_lower_add(b, key, o, PHX_STR(""), at, v->span, ea->origin);
		s->unset = true;
		return s;
	}
	phx_buf_clear(&b->text);
	if (!phx_lower_text(b, o, v, path, &b->text))
		return NULL;
	if (!phx_lower_check(b, o, key, phx_buf_view(&b->text), at, v->span, true))
		return NULL;
	return phx_lower_add(b, key, o, phx_str_dup(b->arena, phx_buf_view(&b->text)), at, v->span,
			     ea->origin);
}

bool phx_lower_inherited(const struct phx_lower *l, const struct phx_eff_attr *ea, struct phx_str key)
{
	const struct phx_setting *s;
	struct phx_setting copy;

	if (ea->origin != PHX_FROM_SOURCE || !l->g->source)
		return false;
	s = phx_guest_setting(l->g->source, key);
	if (!s)
		return false;
	copy = *s;
	copy.origin = PHX_FROM_SOURCE;
	insert(l->b, &copy);
	return true;
}

void phx_lower_simple(const struct phx_lower *l, enum phx_guest_attr ga)
{
	const struct phx_eff_attr *ea = &l->eff->at[ga];
	struct phx_setting *cached = &l->b->default_cache[l->g->is_vm][ga];
	struct phx_setting *s;

	if (!ea->a || phx_lower_inherited(l, ea, phx_str_c(ea->spec->option)))
		return;
	/* Most guests of a large configuration share these: formed and checked once. */
	if (ea->origin == PHX_FROM_DEFAULTS && cached->key.len > 0) {
		insert(l->b, cached);
		return;
	}
	s = single(l, ea, phx_gb_option(l, ea->spec->option), ea->spec->name);
	if (s && ea->origin == PHX_FROM_DEFAULTS)
		*cached = *s;
}

void phx_lower_single(const struct phx_lower *l, const struct phx_eff_block *blk, const char *attr,
		      const char *path)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, attr);

	if (ea && !phx_lower_inherited(l, ea, phx_str_c(ea->spec->option)))
		single(l, ea, phx_gb_option(l, ea->spec->option), path);
}

/* --- property strings --- */

bool phx_props_add(struct phx_gb *b, struct phx_prop_set *set, struct phx_str key, struct phx_str value,
		   struct phx_str path, struct phx_span span, uint8_t origin)
{
	const struct phx_option *ko = phx_option_key_real(set->option, key);

	if (!ko) {
		struct phx_diag *d = phx_diag_add(b->bag, PHX0316, span,
						  "`" PHX_STR_FMT "` does not exist for `" PHX_STR_FMT "`",
						  PHX_STR_ARG(path), PHX_STR_ARG(set->key));

		phx_diag_label(b->bag, d, span, "Proxmox knows no `" PHX_STR_FMT "` there", PHX_STR_ARG(key));
		return false;
	}
	if (!phx_lower_check(b, ko, key, value, path, span, true))
		return false;
	if (!phx_propstring_set(set->option, &set->props, key, value))
		return false;
	if (!set->any || origin < set->origin)
		set->origin = origin;
	set->any = true;
	return true;
}

bool phx_props_attr(struct phx_gb *b, struct phx_prop_set *set, const struct phx_eff_attr *ea,
		    struct phx_str key, const char *path)
{
	if (!ea || !phx_known(&ea->a->value))
		return false;
	phx_buf_clear(&b->text);
	if (!phx_lower_text(b, phx_option_key_real(set->option, key), &ea->a->value, path, &b->text))
		return false;
	return phx_props_add(b, set, key, phx_str_dup(b->arena, phx_buf_view(&b->text)), phx_str_c(path),
			     ea->a->value.span, ea->origin);
}
