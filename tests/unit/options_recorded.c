#include "options_recorded.h"

#include <dirent.h>
#include <stdio.h>

#include "base/sys.h"

const char *recorded_dir(void)
{
	static char path[4096];
	const char *shared = getenv("PHX_TEST_SHARED");
	snprintf(path, sizeof(path), "%s/pve/exchanges", shared ? shared : "");
	if (shared && access(path, R_OK) == 0)
		return path;
	printf("SKIPPED: no recordings (PHX_TEST_SHARED)\n");
	return NULL;
}

static struct phx_str decode(struct phx_arena *arena, struct phx_str s, bool plus)
{
	struct phx_buf in = {0}, out = {0};
	for (size_t i = 0; i < s.len; i++)
		phx_buf_ch(&in, plus && s.ptr[i] == '+' ? ' ' : s.ptr[i]);
	phx_buf_unpercent(&out, phx_buf_view(&in));
	struct phx_str text = phx_str_dup(arena, phx_buf_view(&out));
	phx_buf_done(&in);
	phx_buf_done(&out);
	return text;
}

static void add(struct recorded *r, struct phx_arena *arena, struct phx_str name, struct phx_str value)
{
	for (size_t i = 0; i < r->nparams; i++) {
		struct phx_given *p = &r->params[i];
		if (!phx_str_eq(p->name, name))
			continue;
		struct phx_str *items = PHX_NEW_N(arena, struct phx_str, p->nitems + 2);
		if (p->shape == PHX_PARAM_TEXT) {
			items[0] = p->text;
			p->nitems = 1;
		} else {
			memcpy(items, p->items, p->nitems * sizeof(*items));
		}
		items[p->nitems++] = value;
		p->shape = PHX_PARAM_LIST;
		p->items = items;
		return;
	}
	assert_true(r->nparams < RECORDED_PARAMS_MAX);
	r->params[r->nparams++] = (struct phx_given){.name = name, .shape = PHX_PARAM_TEXT, .text = value};
}

static void add_pairs(struct recorded *r, struct phx_arena *arena, struct phx_str text)
{
	struct phx_str group, pair, name, value;
	while (phx_str_cut(&text, '&', &group)) {
		while (phx_str_cut(&group, ';', &pair)) {
			if (pair.len == 0 || !phx_str_cut(&pair, '=', &name))
				continue;
			if (!phx_str_cut(&pair, '=', &value))
				value = (struct phx_str){0};
			add(r, arena, decode(arena, name, true), decode(arena, value, true));
		}
	}
}

static void add_json(struct recorded *r, struct phx_arena *arena, const char *name, json_t *value)
{
	struct phx_given p = {.name = phx_str_dup(arena, phx_str_c(name)), .shape = PHX_PARAM_TEXT};
	struct phx_buf text = {0};
	size_t i;
	json_t *item;
	if (json_is_null(value)) {
		p.shape = PHX_PARAM_NULL;
	} else if (json_is_object(value)) {
		p.shape = PHX_PARAM_HASH;
	} else if (json_is_array(value)) {
		struct phx_str *items = PHX_NEW_N(arena, struct phx_str, json_array_size(value) + 1);
		json_array_foreach(value, i, item)
		{
			phx_buf_clear(&text);
			assert_true(phx_json_text(item, &text));
			items[p.nitems++] = phx_str_dup(arena, phx_buf_view(&text));
		}
		p.items = items;
		p.shape = PHX_PARAM_LIST;
	} else if (phx_json_text(value, &text)) {
		p.text = phx_str_dup(arena, phx_buf_view(&text));
	}
	phx_buf_done(&text);
	r->params[r->nparams++] = p;
}

/* False: not a request that the parameter check ever sees (multipart, broken bodies). */
static bool read_body(struct recorded *r, struct phx_arena *arena)
{
	struct phx_str type = phx_json_str(r->json, "request_content_type");
	struct phx_str raw = phx_json_str(r->json, "request_body_raw");
	if (phx_str_starts(type, "application/json")) {
		struct phx_err err = {0};
		json_t *body = phx_json_parse(raw, "body", &err);
		const char *name;
		json_t *value;
		phx_err_done(&err);
		if (!json_is_object(body)) {
			json_decref(body);
			return false;
		}
		json_object_foreach(body, name, value) add_json(r, arena, name, value);
		json_decref(body);
		return true;
	}
	if (type.len > 0 && !phx_str_starts(type, "application/x-www-form-urlencoded"))
		return false;
	if (phx_str_ends(raw, "…") || phx_str_ends(raw, "..."))
		return false;
	/* `form` says what was meant; a raw body says what the server understood: a second `=` ends the value, `;` the
	 * pair (064, 885). */
	json_t *form = phx_json_get(r->json, "form");
	size_t i;
	json_t *pair;
	if (!json_is_array(form) || phx_str_chr(raw, '%') < 0) {
		add_pairs(r, arena, raw);
		return true;
	}
	json_array_foreach(form, i, pair)
	{
		struct phx_str name = phx_str_c(json_string_value(json_array_get(pair, 0)));
		struct phx_str value = phx_str_c(json_string_value(json_array_get(pair, 1)));
		add(r, arena, phx_str_dup(arena, name), phx_str_dup(arena, value));
	}
	return true;
}

static bool read_one(struct recorded *r, struct phx_arena *arena)
{
	struct phx_str path = phx_json_str(r->json, "path"), base;
	json_t *response = phx_json_get(r->json, "response"), *task = phx_json_get(r->json, "task");
	r->seq = (int)phx_json_int(r->json, "seq", 0);
	r->status = (int)phx_json_int(r->json, "status", 0);
	if (!phx_str_starts(path, "/api2/json") || !phx_http_parse(phx_json_str(r->json, "method"), &r->http))
		return false;
	path = phx_str_from(path, strlen("/api2/json"));
	if (!phx_str_cut(&path, '?', &base))
		return false;
	r->path = decode(arena, base, false);
	add_pairs(r, arena, path);
	add_pairs(r, arena, phx_json_str(r->json, "query"));
	r->data = phx_json_get(response, "data");
	r->errors = phx_json_get(response, "errors");
	r->exit_status = phx_json_str(task, "exitstatus");
	return read_body(r, arena);
}

static int is_exchange(const struct dirent *e)
{
	return e->d_name[0] >= '0' && e->d_name[0] <= '9';
}

size_t recorded_each(const char *dir,
		     void (*each)(const struct recorded *r, struct phx_arena *arena, void *user), void *user)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_exchange, alphasort);
	size_t count = 0;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		struct phx_arena arena = {0};
		struct phx_buf text = {0};
		struct phx_err err = {0};
		struct recorded *r = PHX_NEW(&arena, struct recorded);
		struct phx_str path = phx_str_printf(&arena, "%s/%s", dir, names[i]->d_name);
		assert_true(phx_read_file(path.ptr, &text, &err));
		r->json = phx_json_parse(phx_buf_view(&text), names[i]->d_name, &err);
		/* A few hold NUL bytes (345, 355, 880: a guest's output, a hostile request), which phx refuses. */
		assert_true(r->json || phx_str_find(phx_buf_view(&text), PHX_STR("\\u0000")) >= 0);
		if (r->json && read_one(r, &arena)) {
			each(r, &arena, user);
			count++;
		}
		json_decref(r->json);
		phx_buf_done(&text);
		phx_err_done(&err);
		phx_arena_done(&arena);
		free(names[i]);
	}
	free(names);
	return count;
}
