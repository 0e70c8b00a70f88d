#include "model/table_priv.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "model/check_priv.h"
#include "model/pattern.h"

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
	{"impact", TO_IMPACT, 0},
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
	{"read_only", TO_FLAG, PHX_OPTION_READ_ONLY},
	{"reprinted", TO_FLAG, PHX_OPTION_REPRINTED},
	{"req", TO_REQUIRES, 0},
	{"root", TO_ROOT, PHX_OPTION_ROOT_ONLY},
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

struct format {
	const struct phx_option *keys;
	uint32_t n;
};

struct words {
	const struct phx_str *v;
	uint32_t n;
};

bool phx_table_bad(struct phx_table_reader *r, const char *what)
{
	return phx_err_set(r->err, PHX_ERR_DATA, PHX_STR_FMT ":%u: %s", PHX_STR_ARG(r->path), r->line, what);
}

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

static struct phx_str unescape(struct phx_arena *a, struct phx_str s)
{
	char *out = phx_arena_alloc(a, s.len + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '\\' && i + 1 < s.len) {
			c = s.ptr[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
		}
		out[n++] = c;
	}
	return (struct phx_str){out, n};
}

bool phx_table_field(struct phx_table_reader *r, struct phx_str *out)
{
	if (!phx_str_cut(&r->fields, '\t', out))
		return false;
	if (phx_str_chr(*out, '\\') >= 0)
		*out = unescape(r->arena, *out);
	return true;
}

const struct phx_str *phx_table_list(struct phx_arena *a, struct phx_str text, uint32_t *out_n)
{
	uint32_t n = 1;
	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] == ',';
	struct phx_str *out = PHX_NEW_N(a, struct phx_str, n);
	uint32_t at = 0;
	for (struct phx_str item; at < n && phx_str_cut(&text, ',', &item);)
		out[at++] = item;
	*out_n = at;
	return out;
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
	const struct format *f = phx_map_get(&r->formats, value);
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
	const struct words *w = phx_map_get(&r->words, value);
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

/* Takes the next line apart; false at the end. */
static bool next_line(struct phx_table_reader *r)
{
	struct phx_str text;
	do {
		if (!phx_str_cut(&r->rest, '\n', &text))
			return false;
		r->line++;
	} while (text.len == 0);
	r->fields = text;
	return phx_str_cut(&r->fields, '\t', &r->record);
}

static bool next_is_key(const struct phx_table_reader *r)
{
	return r->rest.ptr && phx_str_starts(r->rest, "key\t");
}

/* Keys that print as `model=macaddr`. */
static void combine_keys(struct phx_option *keys, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; keys[i].key_alias.len > 0 && j < n; j++) {
			if (!phx_str_eq(keys[j].name, keys[i].key_alias))
				continue;
			for (uint32_t k = 0; k < n; k++) {
				if (phx_str_eq(keys[k].name, keys[i].alias))
					keys[j].combine = &keys[k];
			}
		}
	}
}

/* A `format` line and its keys. */
static bool read_format(struct phx_table_reader *r)
{
	struct phx_str name;
	PHX_VEC(struct phx_option) keys = {0};
	if (!phx_table_field(r, &name))
		return phx_table_bad(r, "a format without a name");
	while (next_is_key(r)) {
		struct phx_option key = {0};
		if (!next_line(r) || !phx_table_option(r, &key))
			return false;
		if (keys.n > 0 && phx_str_cmp(keys.v[keys.n - 1].name, key.name) >= 0)
			return phx_table_bad(r, "keys out of order");
		phx_vec_push(r->arena, &keys, key);
	}
	combine_keys(keys.v, keys.n);
	struct format *f = PHX_NEW(r->arena, struct format);
	f->keys = keys.v;
	f->n = keys.n;
	phx_map_put(r->arena, &r->formats, name, NULL)->ptr = f;
	return true;
}

static bool read_words(struct phx_table_reader *r)
{
	struct phx_str name, list;
	if (!phx_table_field(r, &name) || !phx_table_field(r, &list))
		return phx_table_bad(r, "words without a name or a list");
	struct words *w = PHX_NEW(r->arena, struct words);
	w->v = phx_table_list(r->arena, list, &w->n);
	phx_map_put(r->arena, &r->words, name, NULL)->ptr = w;
	return true;
}

bool phx_table_next(struct phx_table_reader *r, bool *out_ok)
{
	*out_ok = true;
	while (next_line(r)) {
		if (phx_str_eqc(r->record, "format"))
			*out_ok = read_format(r);
		else if (phx_str_eqc(r->record, "words"))
			*out_ok = read_words(r);
		else
			return true;
		if (!*out_ok)
			return false;
	}
	return false;
}

bool phx_table_open(struct phx_table_reader *r, struct phx_arena *arena, struct phx_str path,
		    const char *kind, struct phx_err *err)
{
	struct phx_buf text = {0};
	struct phx_str version;
	*r = (struct phx_table_reader){.arena = arena, .path = path, .err = err};
	if (!phx_read_file(path.ptr, &text, err)) {
		phx_buf_done(&text);
		return phx_err_wrap(err, "the Proxmox tables are incomplete");
	}
	r->rest = phx_str_dup(arena, phx_buf_view(&text));
	phx_buf_done(&text);
	if (!next_line(r) || !phx_str_eqc(r->record, kind) || !phx_table_field(r, &version) ||
	    !phx_str_eqc(version, "1"))
		return phx_table_bad(r, "not a table of this version of phx");
	return true;
}

static struct phx_str nearest_version(struct phx_arena *a, DIR *dir, struct phx_str wanted)
{
	struct phx_str best = {0}, lowest = {0};
	for (const struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		struct phx_str name = phx_str_c(e->d_name);
		if (name.len == 0 || name.ptr[0] < '0' || name.ptr[0] > '9')
			continue;
		if (!lowest.ptr || phx_str_natcmp(name, lowest) < 0)
			lowest = phx_str_dup(a, name);
		if (wanted.len > 0 && phx_str_natcmp(name, wanted) > 0)
			continue;
		if (!best.ptr || phx_str_natcmp(name, best) > 0)
			best = phx_str_dup(a, name);
	}
	return best.ptr ? best : lowest;
}

struct phx_str phx_table_dir(struct phx_arena *a, struct phx_str version, struct phx_err *err)
{
	struct phx_str pve = phx_path_join(a, phx_etc_dir(a), PHX_STR("pve"));
	DIR *dir = opendir(pve.ptr);
	if (!dir) {
		phx_err_errno(err, errno, "no Proxmox tables in " PHX_STR_FMT, PHX_STR_ARG(pve));
		return (struct phx_str){0};
	}
	struct phx_str name = nearest_version(a, dir, version);
	closedir(dir);
	if (name.len == 0) {
		phx_err_set(err, PHX_ERR_DATA, "no Proxmox tables in " PHX_STR_FMT, PHX_STR_ARG(pve));
		return name;
	}
	return phx_path_join(a, pve, name);
}

void phx_table_index(struct phx_arena *a, const struct phx_option *options, uint32_t n,
		     struct phx_map *by_name, struct phx_map *by_family)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct phx_option *o = &options[i];
		struct phx_map_entry *e = phx_map_put(a, o->count > 0 ? by_family : by_name, o->name, NULL);
		memcpy(&e->ptr, &o, sizeof(o)); /* the map's pointer is not const */
	}
}

/* The digits at the end, if they are an index as Proxmox writes it (no leading zero). */
static bool split_index(struct phx_str key, struct phx_str *out_name, uint64_t *out_index)
{
	size_t n = key.len;
	while (n > 0 && key.ptr[n - 1] >= '0' && key.ptr[n - 1] <= '9')
		n--;
	struct phx_str number = phx_str_from(key, n);
	if (n == 0 || number.len == 0 || number.len > 5 || (number.len > 1 && number.ptr[0] == '0'))
		return false;
	*out_name = phx_str_slice(key, 0, n);
	return phx_parse_u64(number, out_index);
}

const struct phx_option *phx_table_lookup(const struct phx_map *by_name, const struct phx_map *by_family,
					  struct phx_str key, int *out_index)
{
	struct phx_str name;
	uint64_t index;
	const struct phx_option *o = phx_map_get(by_name, key);
	if (out_index)
		*out_index = -1;
	if (o)
		return o;
	if (!split_index(key, &name, &index))
		return NULL;
	o = phx_map_get(by_family, name);
	if (!o || index < o->first || index >= (uint64_t)o->first + o->count)
		return NULL;
	if (out_index)
		*out_index = (int)index;
	return o;
}
