#include <stdlib.h>
#include <string.h>

#include "model/check_priv.h"
#include "model/pattern.h"
#include "model/table_priv.h"

/* One line of a table as an option: names, and attributes by a list. */

/* Where an attribute's value goes. */
enum target {
	TO_FLAG,
	TO_MIN,
	TO_MAX,
	TO_MIN_LENGTH,
	TO_MAX_LENGTH,
	TO_PATTERN,
	TO_ENUM,
	TO_FORMAT,
	TO_KEYS,
	TO_WORDS,
	TO_ALIAS,
	TO_KEY_ALIAS,
	TO_DEFAULT,
	TO_REQUIRES,
	TO_ITEMS,
	TO_IMPACT,
	TO_UNIT,
	TO_CANON,
	TO_ATTRIBUTE,
	TO_ROOT,
	TO_PRIVILEGE,
};

struct attribute {
	const char *name;
	enum target target;
	uint32_t flag;
};

static const struct attribute attributes[] = {
	/* sorted by name */
	{"alias", TO_ALIAS, 0},
	{"attr", TO_ATTRIBUTE, 0},
	{"canon", TO_CANON, 0},
	{"create_only", TO_FLAG, PHX_OPTION_CREATE_ONLY},
	{"def", TO_DEFAULT, 0},
	{"disk", TO_FLAG, PHX_OPTION_DISK},
	{"dk", TO_FLAG, PHX_OPTION_DEFAULT_KEY},
	{"enum", TO_ENUM, 0},
	{"fmt", TO_FORMAT, 0},
	{"generated", TO_FLAG, PHX_OPTION_GENERATED},
	{"impact", TO_IMPACT, PHX_OPTION_OWN_IMPACT},
	{"informative", TO_FLAG, PHX_OPTION_INFORMATIVE},
	{"items", TO_ITEMS, 0},
	{"keyalias", TO_KEY_ALIAS, 0},
	{"keys", TO_KEYS, 0},
	{"max", TO_MAX, 0},
	{"maxlen", TO_MAX_LENGTH, 0},
	{"min", TO_MIN, 0},
	{"minlen", TO_MIN_LENGTH, 0},
	{"nic", TO_FLAG, PHX_OPTION_NIC},
	{"opt", TO_FLAG, PHX_OPTION_OPTIONAL},
	{"pat", TO_PATTERN, 0},
	{"path", TO_FLAG, PHX_OPTION_PATH},
	{"presence", TO_FLAG, PHX_OPTION_PRESENCE},
	{"priv", TO_PRIVILEGE, 0},
	{"read_only", TO_FLAG, PHX_OPTION_READ_ONLY},
	{"reprinted", TO_FLAG, PHX_OPTION_REPRINTED},
	{"req", TO_REQUIRES, 0},
	{"restore", TO_FLAG, PHX_OPTION_RESTORE},
	{"root", TO_ROOT, PHX_OPTION_ROOT_ONLY},
	{"state", TO_FLAG, PHX_OPTION_STATE},
	{"transient", TO_FLAG, PHX_OPTION_TRANSIENT},
	{"unit", TO_UNIT, 0},
	{"update_only", TO_FLAG, PHX_OPTION_UPDATE_ONLY},
	{"words", TO_WORDS, 0},
	{"write_only", TO_FLAG, PHX_OPTION_WRITE_ONLY},
};

/* Names of enum values, in the enum's order. */
static const char *const type_names[] = {"string", "integer", "number", "boolean", "array", "object", "null"};
static const char *const impact_names[] = {"live", "hotplug", "restart", "offline"};
static const char *const unit_names[] = {"none", "byte", "kib", "mib", "gib", "disk", "ms", "s"};
static const char *const canon_names[] = {"plain", "tags", "notes", "percent",
					  "set",   "list", "lower", "volume"};

static bool find_name(const char *const *names, size_t n, struct phx_str text, uint32_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (phx_str_eqc(text, names[i])) {
			*out = (uint32_t)i;
			return true;
		}
	}
	return false;
}

static int compare_attribute(const void *key, const void *element)
{
	const struct phx_str *name = key;
	const struct attribute *a = element;
	return phx_str_cmp(*name, phx_str_c(a->name));
}

static bool set_pattern(struct phx_table_reader *r, struct phx_option *o, struct phx_str value)
{
	o->pattern = value;
	struct phx_map_entry *e = phx_map_put(r->arena, &r->patterns, value, NULL);
	if (!e->ptr) {
		struct phx_err err = {0};
		const struct phx_pattern *p = phx_pattern_compile(r->arena, value, &err);
		if (!p) {
			phx_table_bad(r, err.msg.ptr);
			phx_err_done(&err);
			return false;
		}
		memcpy(&e->ptr, &p, sizeof(p)); /* the map's pointer is not const */
	}
	o->compiled = e->ptr;
	return true;
}

static bool set_keys(struct phx_table_reader *r, struct phx_option *o, struct phx_str value)
{
	const struct phx_table_format *f = phx_map_get(&r->formats, value);
	if (!f)
		return phx_table_bad(r, "unknown property-string format");
	o->keys = f->keys;
	o->nkeys = f->n;
	for (uint32_t i = 0; i < f->n && !o->default_key; i++) {
		if (f->keys[i].flags & PHX_OPTION_DEFAULT_KEY)
			o->default_key = &f->keys[i];
	}
	return true;
}

static bool set_words(struct phx_table_reader *r, struct phx_option *o, struct phx_str value)
{
	const struct phx_table_words *w = phx_map_get(&r->words, value);
	if (!w)
		return phx_table_bad(r, "unknown list of words");
	o->words = w->v;
	o->nwords = w->n;
	return true;
}

static bool set_items(struct phx_table_reader *r, struct phx_option *o, struct phx_str value)
{
	struct phx_option *items = PHX_NEW(r->arena, struct phx_option);
	uint32_t type = PHX_TYPE_STRING;
	if (!find_name(type_names, PHX_COUNTOF(type_names), value, &type)) {
		items->format = value;
		phx_format_resolve(items);
	}
	items->type = (enum phx_option_type)type;
	o->items = items;
	return true;
}

static bool set_impact(struct phx_table_reader *r, struct phx_option *o, struct phx_str value)
{
	struct phx_str name;
	uint32_t at;
	if (!phx_str_cut(&value, ':', &name) ||
	    !find_name(impact_names, PHX_COUNTOF(impact_names), name, &at))
		return phx_table_bad(r, "unknown impact");
	o->impact = (enum phx_impact)at;
	o->hotplug_class = value.ptr ? value : (struct phx_str){0};
	return true;
}

static bool set_enum(struct phx_table_reader *r, const struct attribute *a, struct phx_option *o,
		     struct phx_str value)
{
	uint32_t at;
	if (a->target == TO_UNIT) {
		if (!find_name(unit_names, PHX_COUNTOF(unit_names), value, &at))
			return phx_table_bad(r, "unknown unit");
		o->unit = (enum phx_unit)at;
		return true;
	}
	if (!find_name(canon_names, PHX_COUNTOF(canon_names), value, &at))
		return phx_table_bad(r, "unknown canonical form");
	o->canon = (enum phx_canon)at;
	return true;
}

static bool set_limit(struct phx_table_reader *r, const struct attribute *a, struct phx_option *o,
		      struct phx_str value)
{
	double number;
	if (!phx_parse_double(value, &number))
		return phx_table_bad(r, "a limit that is no number");
	if (a->target == TO_MIN) {
		o->min = number;
		o->has_min = true;
	} else {
		o->max = number;
		o->has_max = true;
	}
	return true;
}

static bool set_length(struct phx_table_reader *r, const struct attribute *a, struct phx_option *o,
		       struct phx_str value)
{
	uint64_t number;
	if (!phx_parse_u64(value, &number) || number > UINT32_MAX)
		return phx_table_bad(r, "a length that is no number");
	if (a->target == TO_MIN_LENGTH)
		o->min_length = (uint32_t)number;
	else
		o->max_length = (uint32_t)number;
	return true;
}

static bool set_attribute(struct phx_table_reader *r, const struct attribute *a, struct phx_option *o,
			  struct phx_str value)
{
	o->flags |= a->flag;
	switch (a->target) {
	case TO_FLAG:
		return true;
	case TO_MIN:
	case TO_MAX:
		return set_limit(r, a, o, value);
	case TO_MIN_LENGTH:
	case TO_MAX_LENGTH:
		return set_length(r, a, o, value);
	case TO_PATTERN:
		return set_pattern(r, o, value);
	case TO_ENUM:
		o->enums = phx_table_list(r->arena, value, &o->nenums);
		return true;
	case TO_FORMAT:
		o->format = value;
		phx_format_resolve(o);
		return true;
	case TO_KEYS:
		return set_keys(r, o, value);
	case TO_WORDS:
		return set_words(r, o, value);
	case TO_ALIAS:
		o->alias = value;
		return true;
	case TO_KEY_ALIAS:
		o->key_alias = value;
		return true;
	case TO_DEFAULT:
		o->defaults = value;
		o->has_default = true;
		return true;
	case TO_REQUIRES:
		o->requires
		= value;
		return true;
	case TO_ITEMS:
		return set_items(r, o, value);
	case TO_IMPACT:
		return set_impact(r, o, value);
	case TO_UNIT:
	case TO_CANON:
		return set_enum(r, a, o, value);
	case TO_ATTRIBUTE:
		o->attribute = value;
		return true;
	case TO_ROOT:
		o->root_unless = value;
		return true;
	case TO_PRIVILEGE:
		o->privilege = value;
		return true;
	}
	return false;
}

/* "scsi[0-30]" → scsi, first 0, count 31. */
static bool set_name(struct phx_table_reader *r, struct phx_option *o, struct phx_str name)
{
	ptrdiff_t open = phx_str_chr(name, '[');
	if (open < 0) {
		o->name = name;
		return name.len > 0 || phx_table_bad(r, "a name is missing");
	}
	uint64_t first, last;
	struct phx_str range = phx_str_from(name, (size_t)open + 1), from, to;
	if (!phx_str_ends(range, "]") || !phx_str_cut(&range, '-', &from) || !phx_str_cut(&range, ']', &to) ||
	    !phx_parse_u64(from, &first) || !phx_parse_u64(to, &last) || last < first || last > 9999)
		return phx_table_bad(r, "a family without its range");
	o->name = phx_str_slice(name, 0, (size_t)open);
	o->first = (uint16_t)first;
	o->count = (uint16_t)(last - first + 1);
	return true;
}

bool phx_table_option(struct phx_table_reader *r, struct phx_option *out)
{
	struct phx_str name, type, text;
	uint32_t at;
	if (!phx_table_field(r, &name) || !phx_table_field(r, &type))
		return phx_table_bad(r, "name or type is missing");
	if (!set_name(r, out, name))
		return false;
	if (!find_name(type_names, PHX_COUNTOF(type_names), type, &at))
		return phx_table_bad(r, "unknown type");
	out->type = (enum phx_option_type)at;
	while (phx_table_field(r, &text)) {
		ptrdiff_t equals = phx_str_chr(text, '=');
		struct phx_str key = equals < 0 ? text : phx_str_slice(text, 0, (size_t)equals);
		struct phx_str value =
			equals < 0 ? (struct phx_str){0} : phx_str_from(text, (size_t)equals + 1);
		const struct attribute *a = bsearch(&key, attributes, PHX_COUNTOF(attributes),
						    sizeof(*attributes), compare_attribute);
		if (!a)
			return phx_table_bad(r, "unknown attribute");
		if (!set_attribute(r, a, out, value))
			return false;
	}
	return true;
}
