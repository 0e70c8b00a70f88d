#include "model/option.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "base/sys.h"
#include "model/normalise.h"
#include "model/table_priv.h"

static const char *const file_names[PHX_OPTIONS_COUNT] = {
	[PHX_OPTIONS_VM] = "vm",
	[PHX_OPTIONS_CONTAINER] = "container",
	[PHX_OPTIONS_FIREWALL_VM] = "firewall-vm",
	[PHX_OPTIONS_FIREWALL_CONTAINER] = "firewall-container",
	[PHX_OPTIONS_FIREWALL_RULE] = "firewall-rule",
	[PHX_OPTIONS_STORAGE] = "storage",
	[PHX_OPTIONS_POOL] = "pool",
	[PHX_OPTIONS_SNAPSHOT_VM] = "snapshot-vm",
	[PHX_OPTIONS_SNAPSHOT_CONTAINER] = "snapshot-container",
	[PHX_OPTIONS_CLONE_VM] = "clone-vm",
	[PHX_OPTIONS_CLONE_CONTAINER] = "clone-container",
	[PHX_OPTIONS_IMAGE] = "image",
};

struct phx_options {
	struct phx_arena *arena;
	struct phx_str version;
	struct phx_str dir; /* found when first needed */
	const struct phx_option_table *tables[PHX_OPTIONS_COUNT];
	const struct phx_str *macros;
	uint32_t nmacros;
};

struct phx_options *phx_options_new(struct phx_arena *arena, struct phx_str version)
{
	struct phx_options *o = PHX_NEW(arena, struct phx_options);
	o->arena = arena;
	o->version = phx_str_dup(arena, version);
	return o;
}

static bool find_dir(struct phx_options *o, struct phx_err *err)
{
	if (o->dir.len == 0)
		o->dir = phx_table_dir(o->arena, o->version, err);
	return o->dir.len > 0;
}

static struct phx_option_table *read_table(struct phx_options *o, enum phx_option_kind kind,
					   struct phx_err *err)
{
	struct phx_table_reader r;
	PHX_VEC(struct phx_option) options = {0};
	bool ok;
	struct phx_str path = phx_path_join(o->arena, o->dir, phx_str_c(file_names[kind]));
	if (!phx_table_open(&r, o->arena, path, "phx-options", err))
		return NULL;
	while (phx_table_next(&r, &ok)) {
		struct phx_option option = {0};
		if (!phx_str_eqc(r.record, "option")) {
			phx_table_bad(&r, "unknown kind of line");
			return NULL;
		}
		if (!phx_table_option(&r, &option))
			return NULL;
		phx_vec_push(o->arena, &options, option);
	}
	if (!ok)
		return NULL;
	struct phx_option_table *t = PHX_NEW(o->arena, struct phx_option_table);
	t->kind = kind;
	t->options = options.v;
	t->n = options.n;
	phx_table_index(o->arena, t->options, t->n, &t->by_name, &t->by_family);
	return t;
}

const struct phx_option_table *phx_options_table(struct phx_options *o, enum phx_option_kind kind,
						 struct phx_err *err)
{
	if (kind >= PHX_OPTIONS_COUNT)
		PHX_BUG("option table %d", (int)kind);
	if (!o->tables[kind] && find_dir(o, err))
		o->tables[kind] = read_table(o, kind, err);
	return o->tables[kind];
}

const struct phx_str *phx_options_macros(struct phx_options *o, uint32_t *out_n, struct phx_err *err)
{
	struct phx_buf text = {0};
	if (!o->macros && find_dir(o, err)) {
		struct phx_str path = phx_path_join(o->arena, o->dir, PHX_STR("firewall-macros"));
		if (phx_read_file(path.ptr, &text, err)) {
			struct phx_str rest = phx_str_dup(o->arena, phx_buf_view(&text)), line;
			PHX_VEC(struct phx_str) names = {0};
			while (phx_str_cut(&rest, '\n', &line)) {
				if (line.len > 0)
					phx_vec_push(o->arena, &names, line);
			}
			o->macros = names.v;
			o->nmacros = names.n;
		}
	}
	phx_buf_done(&text);
	*out_n = o->nmacros;
	return o->macros;
}

const struct phx_option *phx_option_find(const struct phx_option_table *t, struct phx_str key, int *out_index)
{
	return phx_table_lookup(&t->by_name, &t->by_family, key, out_index);
}

const struct phx_option *phx_option_family(const struct phx_option_table *t, struct phx_str key)
{
	size_t n = key.len;
	if (phx_option_find(t, key, NULL))
		return NULL;
	while (n > 0 && key.ptr[n - 1] >= '0' && key.ptr[n - 1] <= '9')
		n--;
	return n == key.len ? NULL : phx_map_get(&t->by_family, phx_str_slice(key, 0, n));
}

struct phx_str phx_option_nearest(const struct phx_option_table *t, struct phx_arena *arena,
				  struct phx_str key)
{
	struct phx_str *names = PHX_NEW_N(arena, struct phx_str, t->n);
	uint32_t n = 0;
	size_t digits = key.len;
	while (digits > 0 && key.ptr[digits - 1] >= '0' && key.ptr[digits - 1] <= '9')
		digits--;
	struct phx_str index = phx_str_from(key, digits);
	for (uint32_t i = 0; i < t->n; i++) {
		const struct phx_option *o = &t->options[i];
		if (o->count == 0)
			names[n++] = o->name;
		else if (index.len > 0 || phx_str_eq(o->name, key))
			names[n++] = phx_str_printf(arena, PHX_STR_FMT PHX_STR_FMT, PHX_STR_ARG(o->name),
						    PHX_STR_ARG(index.len > 0 ? index : PHX_STR("0")));
		else
			names[n++] = phx_str_printf(arena, PHX_STR_FMT "0", PHX_STR_ARG(o->name));
	}
	struct phx_str near = phx_str_nearest(key, names, n);
	return near.len > 0 && phx_option_find(t, near, NULL) ? near : (struct phx_str){0};
}

const struct phx_option *phx_option_key(const struct phx_option *o, struct phx_str key)
{
	uint32_t lo = 0, hi = o->nkeys;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = phx_str_cmp(o->keys[mid].name, key);
		if (c == 0)
			return &o->keys[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct phx_option *phx_option_key_real(const struct phx_option *o, struct phx_str key)
{
	const struct phx_option *k = phx_option_key(o, key);
	return k && k->alias.len > 0 ? phx_option_key(o, k->alias) : k;
}

const struct phx_option *phx_option_default_key(const struct phx_option *o)
{
	return o->default_key;
}

static bool equal_fold(struct phx_str a, struct phx_str b)
{
	return a.len == b.len && strncasecmp(a.ptr ? a.ptr : "", b.ptr ? b.ptr : "", a.len) == 0;
}

/* Is the only thing that differs from the defaults the key `name`? */
static bool only_key(const struct phx_propstring *p, struct phx_str name)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (!phx_str_eq(p->props[i].key->name, name))
			return false;
	}
	return true;
}

/* Does the volume, or what it is imported from, stand as a path on the host? */
static bool has_path(const struct phx_propstring *p)
{
	for (uint32_t i = 0; i < p->n; i++) {
		const struct phx_option *key = p->props[i].key;
		if ((key->flags & (PHX_OPTION_DEFAULT_KEY | PHX_OPTION_TRANSIENT)) &&
		    phx_str_starts(p->props[i].value, "/"))
			return true;
	}
	return false;
}

/* One form of `root=`, see etc/pve/8.4/overlay. */
static bool form_allows(const struct phx_propstring *p, bool parsed, struct phx_str value,
			struct phx_str form)
{
	struct phx_str verb, key;
	if (phx_str_eqc(form, "volume"))
		return parsed && !has_path(p);
	if (!phx_str_cut(&form, ':', &verb))
		return false;
	if (phx_str_eqc(verb, "value"))
		return phx_str_eq(value, form);
	for (uint32_t i = 0; parsed && i < p->n; i++) {
		if (phx_str_eqc(verb, "with") && phx_str_eq(p->props[i].key->name, form))
			return true;
	}
	if (phx_str_eqc(verb, "only"))
		return parsed && only_key(p, form);
	if (!phx_str_eqc(verb, "is") || !phx_str_cut(&form, '=', &key))
		return false;
	for (uint32_t i = 0; parsed && i < p->n; i++) {
		if (phx_str_eq(p->props[i].key->name, key))
			return equal_fold(p->props[i].value, form);
	}
	return false;
}

bool phx_option_root_only(const struct phx_option *o, struct phx_str value)
{
	struct phx_propstring p;
	struct phx_str forms = o->root_unless, form;
	if (!(o->flags & PHX_OPTION_ROOT_ONLY))
		return false;
	bool parsed = o->keys && phx_propstring_parse(o, o->name, value, &p, NULL);
	while (phx_str_cut(&forms, ',', &form)) {
		if (form_allows(&p, parsed, value, form))
			return false;
	}
	return true;
}

void phx_option_label(const struct phx_option *o, struct phx_buf *out)
{
	phx_buf_str(out, o->name);
	if (o->count > 0)
		phx_buf_printf(out, "[%u-%u]", o->first, o->first + o->count - 1u);
}

static void print_words(const struct phx_str *words, uint32_t n, struct phx_buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		phx_buf_c(out, i == 0 ? "" : ", ");
		phx_buf_str(out, words[i]);
	}
}

static void print_range(const struct phx_option *o, struct phx_buf *out)
{
	phx_buf_c(out, o->type == PHX_TYPE_INTEGER ? "a whole number" : "a number");
	if (o->has_min && o->has_max)
		phx_buf_printf(out, " from %.15g to %.15g", o->min, o->max);
	else if (o->has_min)
		phx_buf_printf(out, " of at least %.15g", o->min);
	else if (o->has_max)
		phx_buf_printf(out, " of at most %.15g", o->max);
}

static void print_keys(const struct phx_option *o, struct phx_buf *out)
{
	bool first = true;
	phx_buf_c(out, "keys ");
	for (uint32_t i = 0; i < o->nkeys; i++) {
		if (o->keys[i].alias.len > 0)
			continue;
		phx_buf_c(out, first ? "" : ", ");
		phx_buf_str(out, o->keys[i].name);
		first = false;
	}
}

void phx_option_allowed(const struct phx_option *o, struct phx_buf *out)
{
	if (o->nenums > 0) {
		phx_buf_c(out, "one of ");
		print_words(o->enums, o->nenums, out);
	} else if (o->keys) {
		print_keys(o, out);
	} else if (o->type == PHX_TYPE_BOOLEAN) {
		phx_buf_c(out, "0 or 1");
	} else if (o->type == PHX_TYPE_INTEGER || o->type == PHX_TYPE_NUMBER) {
		print_range(o, out);
	} else if (o->format.len > 0) {
		phx_buf_c(out, "a ");
		phx_buf_str(out, o->format);
	} else if (o->pattern.len > 0) {
		phx_buf_c(out, "text that matches ");
		phx_buf_str(out, o->pattern);
	} else if (o->max_length > 0) {
		phx_buf_printf(out, "text of at most %u characters", o->max_length);
	} else {
		phx_buf_c(out, "any text");
	}
}

const struct phx_str *phx_option_word(const struct phx_option *o, struct phx_str word)
{
	for (uint32_t i = 0; i < o->nenums; i++)
		if (phx_str_eq(o->enums[i], word))
			return &o->enums[i];
	for (uint32_t i = 0; i < o->nenums; i++)
		if (o->enums[i].len == word.len && strncasecmp(o->enums[i].ptr, word.ptr, word.len) == 0)
			return &o->enums[i];
	return NULL;
}

bool phx_option_from_bytes(const struct phx_option *o, uint64_t bytes, struct phx_buf *out)
{
	uint64_t unit = 0;
	switch (o->unit) {
	case PHX_UNIT_BYTE:
		unit = 1;
		break;
	case PHX_UNIT_KIB:
		unit = 1024;
		break;
	case PHX_UNIT_MIB:
		unit = 1024 * 1024;
		break;
	case PHX_UNIT_GIB:
		unit = 1024 * 1024 * 1024;
		break;
	case PHX_UNIT_DISK_SIZE:
		phx_disk_size_print(bytes, out);
		return true;
	case PHX_UNIT_NONE:
	case PHX_UNIT_MS:
	case PHX_UNIT_SECOND:
		return false;
	}
	if (unit == 0 || bytes % unit != 0)
		return false;
	phx_buf_u64(out, bytes / unit);
	return true;
}

bool phx_option_from_ms(const struct phx_option *o, uint64_t ms, struct phx_buf *out)
{
	if (o->unit == PHX_UNIT_MS) {
		phx_buf_u64(out, ms);
		return true;
	}
	if (o->unit != PHX_UNIT_SECOND)
		return false;
	if (ms % 1000 == 0) {
		phx_buf_u64(out, ms / 1000);
		return true;
	}
	if (o->type != PHX_TYPE_NUMBER)
		return false;
	phx_buf_printf(out, "%.15g", (double)ms / 1000.0);
	return true;
}
