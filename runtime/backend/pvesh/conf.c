#include "backend/pvesh/conf.h"

#include <ctype.h>
#include <openssl/sha.h>
#include <string.h>
#include <strings.h>

enum section { SECTION_LIVE, SECTION_PENDING, SECTION_OTHER };

struct conf {
	bool is_vm;
	json_t *live, *pending;
	struct phx_str del; /* of the pending section */
	struct phx_buf notes[2];
	bool has_notes[2], seen_pending;
	enum section section;
};

static json_t *text_json(struct phx_str s)
{
	return json_stringn(s.ptr ? s.ptr : "", s.len); /* NULL: no UTF-8 */
}

static bool set(json_t *to, const char *key, size_t n, struct phx_str value)
{
	json_t *v = text_json(value);

	return v && json_object_setn_new(to, key, n, v) == 0;
}

static bool is_word(struct phx_str s, const char *more)
{
	if (s.len == 0 || !isalpha((unsigned char)*s.ptr))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!isalnum((unsigned char)s.ptr[i]) && !strchr(more, s.ptr[i]))
			return false;
	}
	return true;
}

/* "[name]", blanks after it. */
static bool section_name(struct phx_str line, struct phx_str *name)
{
	struct phx_str s = phx_str_trim(line);

	if (!phx_str_starts(line, "[") || !phx_str_ends(s, "]"))
		return false;
	*name = phx_str_slice(s, 1, s.len - 2);
	return phx_str_chr(*name, ']') < 0;
}

static bool same_word(struct phx_str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

/* False: not surely understood. */
static bool enter(struct conf *c, struct phx_str name)
{
	if (same_word(name, c->is_vm ? "PENDING" : "pve:pending")) {
		if (c->seen_pending)
			return false;
		c->seen_pending = true;
		c->section = SECTION_PENDING;
		return true;
	}
	c->section = SECTION_OTHER;
	if (is_word(name, "_-"))
		return !same_word(name, "delete");
	return c->is_vm && (same_word(name, "special:cloudinit") || same_word(name, "special:fleecing"));
}

static void note(struct conf *c, struct phx_str coded, bool whole_line)
{
	struct phx_buf *to = &c->notes[c->section];

	phx_buf_unpercent(to, coded);
	if (whole_line)
		phx_buf_ch(to, '\n');
	c->has_notes[c->section] = true;
}

/* Lower-case letters, `_` (in VMs `-` too), then digits. */
static bool is_key(struct phx_str key, bool is_vm)
{
	size_t i = 0;

	if (key.len == 0 || !islower((unsigned char)*key.ptr))
		return false;
	while (i < key.len &&
	       (islower((unsigned char)key.ptr[i]) || key.ptr[i] == '_' || (is_vm && key.ptr[i] == '-')))
		i++;
	while (i < key.len && isdigit((unsigned char)key.ptr[i]))
		i++;
	return i == key.len;
}

/* The next name of a list "a, !b": `!` asks for force. */
static bool next_deleted(struct phx_str *rest, struct phx_str *name, bool *force)
{
	size_t i = 0;

	while (rest->len && strchr(",; \t", *rest->ptr))
		*rest = phx_str_from(*rest, 1);
	while (i < rest->len && !strchr(",; \t", rest->ptr[i]))
		i++;
	*name = phx_str_slice(*rest, 0, i);
	*rest = phx_str_from(*rest, i);
	*force = phx_str_starts(*name, "!");
	if (*force)
		*name = phx_str_from(*name, 1);
	return i > 0;
}

/* Names of options, as any list that Proxmox has written. */
static bool is_list_of_keys(struct phx_str list, bool is_vm)
{
	struct phx_str name;
	bool force;

	while (next_deleted(&list, &name, &force)) {
		if (!is_key(name, is_vm) || phx_str_eqc(name, "digest"))
			return false;
	}
	return true;
}

/* Proxmox turns these into something else by the option's type, which is not known here. */
static bool is_rewritten(struct phx_str v)
{
	static const char *const words[] = {"on", "off", "yes", "no", "true", "false"};
	size_t digits = 0;

	for (size_t i = 0; i < PHX_COUNTOF(words); i++) {
		if (same_word(v, words[i]))
			return true;
	}
	while (digits < v.len && isdigit((unsigned char)v.ptr[digits]))
		digits++;
	return (digits == v.len && v.len > 1 && *v.ptr == '0') || *v.ptr == '"';
}

static bool raw_line(struct conf *c, struct phx_str key, struct phx_str value)
{
	json_t *to = c->section == SECTION_PENDING ? c->pending : c->live, *list = json_object_get(to, "lxc");
	json_t *k = text_json(key), *v = text_json(value), *pair = json_array();

	if (c->is_vm || phx_str_eqc(key, "lxc.environment.runtime") || !is_word(key, "._-") || !k || !v) {
		json_decref(k);
		json_decref(v);
		json_decref(pair);
		return false;
	}
	if (!list) {
		list = json_array();
		json_object_set_new(to, "lxc", list);
	}
	json_array_append_new(pair, k);
	json_array_append_new(pair, v);
	json_array_append_new(list, pair);
	return true;
}

/* "KEY: VALUE" or "KEY = VALUE". */
static bool raw(struct conf *c, struct phx_str line)
{
	struct phx_str rest;
	size_t n = 0, at;

	while (n < line.len && (islower((unsigned char)line.ptr[n]) || isdigit((unsigned char)line.ptr[n]) ||
				strchr("._-", line.ptr[n])))
		n++;
	at = n;
	while (at < line.len && isblank((unsigned char)line.ptr[at]))
		at++;
	rest = phx_str_from(line, at);
	if (!phx_str_starts(rest, "=") && !(at == n && phx_str_starts(rest, ":")))
		return false;
	return raw_line(c, phx_str_slice(line, 0, n), phx_str_trim(phx_str_from(rest, 1)));
}

static bool setting(struct conf *c, struct phx_str line)
{
	ptrdiff_t at = phx_str_chr(line, ':');
	struct phx_str key = at > 0 ? phx_str_slice(line, 0, (size_t)at) : (struct phx_str){0};
	struct phx_str value =
		at > 0 ? phx_str_trim(phx_str_from(line, (size_t)at + 1)) : (struct phx_str){0};
	json_t *to = c->section == SECTION_PENDING ? c->pending : c->live;

	if (phx_str_starts(line, "lxc."))
		return raw(c, line);
	if (phx_str_eqc(key, "snapstate"))
		return phx_str_eqc(value, "prepare") || phx_str_eqc(value, "delete");
	if (!is_key(key, c->is_vm) || value.len == 0)
		return false;
	if (phx_str_eqc(key, "description")) {
		note(c, value, false);
		return true;
	}
	if (phx_str_eqc(key, "delete")) {
		c->del = value;
		return c->section == SECTION_PENDING && is_list_of_keys(value, c->is_vm);
	}
	/* Old names, which Proxmox reads as others. */
	if (phx_str_eqc(key, "cdrom") || phx_str_eqc(key, "smp") || phx_str_eqc(key, "digest") ||
	    is_rewritten(value))
		return false;
	return set(to, key.ptr, key.len, value);
}

static bool read_line(struct conf *c, struct phx_str line)
{
	struct phx_str name;

	if (phx_str_trim(line).len == 0)
		return true;
	if (section_name(line, &name))
		return enter(c, name);
	if (c->section == SECTION_OTHER)
		return true;
	if (phx_str_starts(line, "#")) {
		note(c, phx_str_from(line, 1), true);
		return true;
	}
	return setting(c, line);
}

/* A VM's notes lose what blanks are at their end, a container's keep the newline. */
static bool finish_notes(struct conf *c)
{
	for (int i = 0; i < 2; i++) {
		struct phx_str text = phx_buf_view(&c->notes[i]);

		while (c->is_vm && text.len && isspace((unsigned char)text.ptr[text.len - 1]))
			text.len--;
		if (c->has_notes[i] && (c->is_vm || text.len) &&
		    !set(i == SECTION_PENDING ? c->pending : c->live, "description", strlen("description"),
			 text))
			return false;
	}
	return true;
}

static bool add_digest(struct conf *c, struct phx_str text)
{
	unsigned char sum[SHA_DIGEST_LENGTH];
	struct phx_buf hex = {0};
	bool ok;

	SHA1((const unsigned char *)(text.ptr ? text.ptr : ""), text.len, sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		phx_buf_printf(&hex, "%02x", sum[i]);
	ok = set(c->live, "digest", strlen("digest"), phx_buf_view(&hex));
	phx_buf_done(&hex);
	return ok;
}

static void hide_password(json_t *in)
{
	if (json_object_get(in, "cipassword"))
		json_object_set_new(in, "cipassword", json_string("**********"));
}

/* Perl's truth: "0" is not. */
static bool is_true(const json_t *value)
{
	return value && strcmp(json_string_value(value) ? json_string_value(value) : "1", "0") != 0;
}

static json_t *config_view(struct conf *c)
{
	struct phx_str rest = c->del, name;
	const char *key;
	json_t *value;
	bool force;

	json_object_foreach(c->pending, key, value)
	{
		if (json_is_string(value))
			json_object_set(c->live, key, value);
	}
	while (next_deleted(&rest, &name, &force)) {
		if (is_true(json_object_getn(c->live, name.ptr, name.len)))
			json_object_deln(c->live, name.ptr, name.len);
	}
	hide_password(c->live);
	return json_incref(c->live);
}

static int deleted(const struct conf *c, const char *key)
{
	struct phx_str rest = c->del, name;
	bool force;

	while (next_deleted(&rest, &name, &force)) {
		if (phx_str_eqc(name, key))
			return force ? 2 : 1;
	}
	return 0;
}

static json_t *pending_view(struct conf *c)
{
	json_t *list = json_array(), *item, *value;
	struct phx_str rest = c->del, name;
	const char *key;
	bool force;

	hide_password(c->live);
	hide_password(c->pending);
	json_object_foreach(c->live, key, value)
	{
		int del = deleted(c, key);

		if (!json_is_string(value))
			continue;
		item = json_pack("{s:s, s:O}", "key", key, "value", value);
		if (json_object_get(c->pending, key))
			json_object_set(item, "pending", json_object_get(c->pending, key));
		if (del)
			json_object_set_new(item, "delete", json_integer(del));
		json_array_append_new(list, item);
	}
	json_object_foreach(c->pending, key, value)
	{
		if (json_is_string(value) && !json_object_get(c->live, key))
			json_array_append_new(list, json_pack("{s:s, s:O}", "key", key, "pending", value));
	}
	while (next_deleted(&rest, &name, &force)) {
		json_t *k = text_json(name);

		if (k && !is_true(json_object_getn(c->pending, name.ptr, name.len)) &&
		    !is_true(json_object_getn(c->live, name.ptr, name.len)))
			json_array_append_new(list,
					      json_pack("{s:O, s:i}", "key", k, "delete", force ? 2 : 1));
		json_decref(k);
	}
	return list;
}

json_t *phx_conf_json(struct phx_str text, bool is_vm, enum phx_conf_view view)
{
	struct conf c = {.is_vm = is_vm, .live = json_object(), .pending = json_object()};
	struct phx_str rest = text, line;
	json_t *out = NULL;
	bool ok = phx_str_chr(text, 0) < 0; /* no text file */

	while (ok && rest.len && phx_str_cut(&rest, '\n', &line))
		ok = read_line(&c, line);
	if (ok && finish_notes(&c) && add_digest(&c, text))
		out = view == PHX_CONF_CONFIG ? config_view(&c) : pending_view(&c);
	phx_buf_done(&c.notes[0]);
	phx_buf_done(&c.notes[1]);
	json_decref(c.live);
	json_decref(c.pending);
	return out;
}
