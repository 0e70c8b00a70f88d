#include "model/table_priv.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "model/check_priv.h"
#include "model/pattern.h"

bool phx_table_bad(struct phx_table_reader *r, const char *what)
{
	return phx_err_set(r->err, PHX_ERR_DATA, PHX_STR_FMT ":%u: %s", PHX_STR_ARG(r->path), r->line, what);
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
	struct phx_table_format *f = PHX_NEW(r->arena, struct phx_table_format);
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
	struct phx_table_words *w = PHX_NEW(r->arena, struct phx_table_words);
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
