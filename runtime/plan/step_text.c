/* Texts that steps are made of: scripts and parameters. Each file is read once, however many guests use it. */
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "plan/plan_step.h"

const struct plan_text *plan_text_file(struct plan *p, struct phx_str path, struct phx_span span)
{
	struct phx_map_entry *e = phx_map_find(&p->texts, path);
	struct phx_err err = {0};
	struct phx_buf bytes = {0};
	struct plan_text *t;

	if (e)
		return e->ptr;
	path = phx_str_dup(p->arena, path);
	e = phx_map_put(p->arena, &p->texts, path, NULL);
	if (!phx_read_file(path.ptr, &bytes, &err)) {
		phx_diag_add(p->bag, PHX0643, span, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.msg)));
		phx_err_done(&err);
		phx_buf_done(&bytes);
		return NULL;
	}
	t = PHX_NEW(p->arena, struct plan_text);
	t->path = path;
	t->bytes = phx_str_dup(p->arena, phx_buf_view(&bytes));
	t->sha256 = phx_sha256_hex(p->arena, t->bytes);
	e->ptr = t;
	phx_buf_done(&bytes);
	return t;
}

struct phx_str plan_guest_script(struct plan *p, const char *name)
{
	struct phx_str path = phx_path_join(p->arena, phx_etc_dir(p->arena),
					    plan_text(p, PHX_STR("guest/"), phx_str_c(name)));
	const struct plan_text *t = plan_text_file(p, path, (struct phx_span){0});

	return t ? t->bytes : PHX_STR("");
}

/* Shells by the last word of the first line: "#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/bash -e". */
static bool is_shell(struct phx_str first)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash"};
	struct phx_str rest = phx_str_from(first, 2), word;

	while (phx_str_cut(&rest, ' ', &word)) {
		while (phx_str_chr(word, '/') >= 0)
			word = phx_str_from(word, (size_t)phx_str_chr(word, '/') + 1);
		for (size_t i = 0; i < PHX_COUNTOF(shells); i++)
			if (phx_str_eqc(word, shells[i]))
				return true;
	}
	return false;
}

struct phx_str plan_script_with_lib(struct plan *p, struct phx_str script)
{
	struct phx_str first = PHX_STR("#!/bin/sh"), rest = script, lib;

	if (phx_str_starts(script, "#!")) {
		(void)phx_str_cut(&rest, '\n', &first);
		first = phx_str_trim(first);
		if (!is_shell(first))
			return script;
	}
	lib = plan_guest_script(p, "lib.sh");
	return plan_text(p, first, PHX_STR("\n"), lib, PHX_STR("\n"), rest.ptr ? rest : PHX_STR(""));
}

/* Unlike phx_value_json, which is for people: secrets are written out. */
static void json_value(struct phx_jw *w, const struct phx_value *v)
{
	struct phx_buf text = {0};

	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_NULL:
		phx_jw_null(w);
		break;
	case PHX_V_BOOL:
		phx_jw_bool(w, v->b);
		break;
	case PHX_V_INT:
		phx_jw_int(w, v->i);
		break;
	case PHX_V_FLOAT:
		phx_jw_double(w, v->f);
		break;
	case PHX_V_LIST:
		phx_jw_array(w);
		for (uint32_t i = 0; i < v->list.n; i++)
			json_value(w, &v->list.v[i]);
		phx_jw_end_array(w);
		break;
	case PHX_V_MAP:
		phx_jw_object(w);
		for (uint32_t i = 0; v->map && i < v->map->n; i++) {
			phx_jw_key_str(w, v->map->v[i].key);
			json_value(w, v->map->v[i].value);
		}
		phx_jw_end_object(w);
		break;
	case PHX_V_STRING:
	case PHX_V_SIZE:
	case PHX_V_DURATION:
	case PHX_V_IP:
	case PHX_V_CIDR:
	case PHX_V_MAC:
	case PHX_V_REF:
	case PHX_V_CALL:
	case PHX_V_KIND_COUNT:
		if (phx_value_text(v, &text))
			phx_jw_str(w, phx_buf_view(&text));
		else
			phx_jw_null(w);
		break;
	}
	phx_buf_done(&text);
}

static void env_text(const struct phx_value *v, struct phx_buf *out)
{
	struct phx_jw w;

	if (v->kind == PHX_V_NULL || phx_value_text(v, out))
		return;
	phx_jw_init(&w, out, 0);
	json_value(&w, v);
}

struct phx_str plan_env_value(struct plan *p, const struct phx_value *v)
{
	struct phx_buf text = {0};
	struct phx_str out;

	if (v->kind == PHX_V_LIST) {
		for (uint32_t i = 0; i < v->list.n; i++) {
			if (i)
				phx_buf_ch(&text, '\n');
			env_text(&v->list.v[i], &text);
		}
	} else {
		env_text(v, &text);
	}
	out = phx_str_dup(p->arena, phx_buf_view(&text));
	phx_buf_done(&text);
	return out;
}

struct phx_str plan_env_name(struct plan *p, struct phx_str name)
{
	struct phx_str out = plan_text(p, PHX_STR("PHX_"), name);
	char *c = phx_arena_alloc(p->arena, out.len + 1, 1);

	for (size_t i = 0; i < out.len; i++) {
		char x = out.ptr[i];

		c[i] = x == '-' ? '_' : x >= 'a' && x <= 'z' ? (char)(x - 32) : x;
	}
	return (struct phx_str){c, out.len};
}
