#include "model/propstring.h"

#include "model/check_priv.h"
#include "model/normalise.h"
#include "model/propstring_priv.h"

struct phx_prop *phx_propstring_find(struct phx_propstring *p, const struct phx_option *key)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (p->props[i].key == key)
			return &p->props[i];
	}
	return NULL;
}

struct phx_str phx_propstring_of(const struct phx_propstring *p, const struct phx_option *key)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (p->props[i].key == key)
			return p->props[i].value;
	}
	return (struct phx_str){0};
}

bool phx_propstring_put(struct phx_propstring *p, const struct phx_option *key, struct phx_str value)
{
	struct phx_prop *old = phx_propstring_find(p, key);
	if (old) {
		old->value = value;
		return true;
	}
	if (p->n >= PHX_PROPS_MAX)
		return false;
	p->props[p->n++] = (struct phx_prop){key, value};
	return true;
}

static bool is_blank(struct phx_str s)
{
	return phx_str_trim(s).len == 0;
}

static void fatal(struct phx_prop_faults *f, const char *what, struct phx_str key, struct phx_str part)
{
	f->fatal = what;
	f->fatal_key = key;
	f->fatal_tail = "";
	f->fatal_part = part;
}

static const char duplicate[] = "duplicate key in comma-separated list property: ";

/* A part without `=`: the value of the default key. */
static void scan_bare(const struct phx_option *o, struct phx_str part, bool *seen, struct phx_propstring *out,
		      struct phx_prop_faults *f)
{
	if (!o->default_key) {
		fatal(f, "value without key, but schema does not define a default key", (struct phx_str){0},
		      part);
		return;
	}
	if (*seen || phx_propstring_of(out, o->default_key).len > 0) {
		fatal(f, duplicate, o->default_key->name, part);
		return;
	}
	*seen = true;
	if (!phx_propstring_put(out, o->default_key, part))
		fatal(f, "too many keys in comma-separated list property", (struct phx_str){0}, part);
}

static void scan_pair(const struct phx_option *o, struct phx_str part, struct phx_str name,
		      struct phx_str value, struct phx_propstring *out, struct phx_prop_faults *f)
{
	const struct phx_option *key = phx_option_key(o, name);
	if (!key) {
		if (f->nunknown < PHX_UNKNOWN_MAX)
			f->unknown[f->nunknown++] = (struct phx_prop){NULL, part};
		return;
	}
	if (key->alias.len == 0 && phx_propstring_find(out, key)) {
		fatal(f, duplicate, name, part);
		return;
	}
	if (key->key_alias.len > 0) {
		const struct phx_option *named = phx_option_key(o, key->key_alias);
		if (named && phx_propstring_find(out, named)) {
			fatal(f, "key alias '", key->key_alias, part);
			f->fatal_tail = "' is already defined";
			return;
		}
		if (named && !phx_propstring_put(out, named, name))
			fatal(f, "too many keys in comma-separated list property", (struct phx_str){0}, part);
	}
	if (key->alias.len > 0)
		key = phx_option_key(o, key->alias);
	if (key && !phx_propstring_put(out, key, value))
		fatal(f, "too many keys in comma-separated list property", (struct phx_str){0}, part);
}

void phx_propstring_scan(const struct phx_option *o, struct phx_str text, bool allow_empty,
			 struct phx_propstring *out, struct phx_prop_faults *faults)
{
	struct phx_str part;
	bool bare_seen = false;
	out->n = 0;
	faults->fatal = NULL;
	faults->nunknown = 0;
	while (!faults->fatal && phx_str_cut(&text, ',', &part)) {
		if (is_blank(part))
			continue;
		ptrdiff_t equals = phx_str_chr(part, '=');
		if (equals < 0) {
			scan_bare(o, part, &bare_seen, out, faults);
			continue;
		}
		struct phx_str name = phx_str_slice(part, 0, (size_t)equals);
		struct phx_str value = phx_str_from(part, (size_t)equals + 1);
		if (name.len == 0 || (value.len == 0 && !allow_empty))
			fatal(faults, "missing key in comma-separated list property", (struct phx_str){0},
			      part);
		else
			scan_pair(o, part, name, value, out, faults);
	}
}

bool phx_propstring_parse(const struct phx_option *o, struct phx_str name, struct phx_str text,
			  struct phx_propstring *out_props, struct phx_checks *out)
{
	struct phx_prop_faults faults;
	phx_propstring_scan(o, text, false, out_props, &faults);
	if (!faults.fatal && faults.nunknown == 0)
		return true;
	if (out)
		phx_check_prop_faults(o, name, &faults, out);
	return false;
}

const struct phx_prop *phx_propstring_get(const struct phx_propstring *p, const char *key)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (phx_str_eqc(p->props[i].key->name, key))
			return &p->props[i];
	}
	return NULL;
}

struct phx_str phx_propstring_value(const struct phx_propstring *p, const char *key)
{
	const struct phx_prop *prop = phx_propstring_get(p, key);
	return prop ? prop->value : (struct phx_str){0};
}

bool phx_propstring_set(const struct phx_option *o, struct phx_propstring *p, struct phx_str key,
			struct phx_str value)
{
	const struct phx_option *real = phx_option_key_real(o, key);
	return real && phx_propstring_put(p, real, value);
}

void phx_propstring_remove(struct phx_propstring *p, const char *key)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (phx_str_eqc(p->props[i].key->name, key)) {
			p->props[i] = p->props[--p->n];
			return;
		}
	}
}

static void print_value(const struct phx_option *key, struct phx_str value, struct phx_buf *out)
{
	bool truth;
	uint64_t bytes;
	if (key->type == PHX_TYPE_BOOLEAN && phx_boolean_parse(value, &truth))
		phx_buf_ch(out, truth ? '1' : '0');
	else if (phx_str_eqc(key->format, "disk-size") && phx_disk_size_parse(value, &bytes))
		phx_disk_size_print(bytes, out);
	else
		phx_buf_str(out, value);
}

struct printer {
	const struct phx_propstring *p;
	struct phx_buf *out;
	size_t start;
	bool done[PHX_PROPS_MAX];
};

static ptrdiff_t index_of(const struct phx_propstring *p, const struct phx_option *key)
{
	for (uint32_t i = 0; key && i < p->n; i++) {
		if (p->props[i].key == key)
			return i;
	}
	return -1;
}

static void print_prop(struct printer *pr, ptrdiff_t at, bool bare)
{
	if (at < 0 || pr->done[at])
		return;
	const struct phx_prop *prop = &pr->p->props[at];
	ptrdiff_t partner = index_of(pr->p, prop->key->combine);
	pr->done[at] = true;
	if (pr->out->len > pr->start)
		phx_buf_ch(pr->out, ',');
	if (partner >= 0 && !pr->done[partner]) {
		pr->done[partner] = true;
		print_value(prop->key, prop->value, pr->out);
		phx_buf_ch(pr->out, '=');
		print_value(pr->p->props[partner].key, pr->p->props[partner].value, pr->out);
		return;
	}
	/* A bare value with `=` in it would be read as a key. */
	if (!bare || phx_str_chr(prop->value, '=') >= 0) {
		phx_buf_str(pr->out, prop->key->name);
		phx_buf_ch(pr->out, '=');
	}
	print_value(prop->key, prop->value, pr->out);
}

/* Indexes in the order of the keys' names: keys of one format lie in that order. */
static void sort_props(const struct phx_propstring *p, uint8_t *order)
{
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t at = i;
		for (; at > 0 && p->props[order[at - 1]].key > p->props[i].key; at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)i;
	}
}

void phx_propstring_print(const struct phx_option *o, const struct phx_propstring *p, struct phx_buf *out)
{
	struct printer pr = {.p = p, .out = out, .start = out->len};
	uint8_t order[PHX_PROPS_MAX];
	sort_props(p, order);
	print_prop(&pr, index_of(p, o->default_key), true);
	for (uint32_t i = 0; i < p->n; i++) {
		if (!(p->props[order[i]].key->flags & PHX_OPTION_OPTIONAL))
			print_prop(&pr, order[i], false);
	}
	for (uint32_t i = 0; i < p->n; i++)
		print_prop(&pr, order[i], false);
}
