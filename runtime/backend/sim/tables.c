#include "backend/sim/tables.h"

#include <string.h>

#include "base/sys.h"

#define VERSION PHX_STR("8.4")

struct phx_sim_tables {
	struct phx_arena arena;
	const struct phx_endpoints *endpoints;
	const struct phx_option_table *options[PHX_OPTIONS_COUNT];
	PHX_VEC(struct phx_str) macros, lower;
};

static struct phx_str lowered(struct phx_arena *a, struct phx_str s)
{
	char *out = PHX_NEW_N(a, char, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		out[i] = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] + 32 : s.ptr[i]);
	return (struct phx_str){out, s.len};
}

static bool load_macros(struct phx_sim_tables *t, struct phx_err *err)
{
	struct phx_buf text = {0};
	struct phx_str etc = phx_etc_dir(&t->arena), rest, line;

	if (!phx_read_file(phx_sim_fmt(&t->arena, PHX_STR_FMT "/pve/8.4/firewall-macros", PHX_STR_ARG(etc)),
			   &text, err))
		return false;
	rest = phx_buf_view(&text);
	while (phx_str_cut(&rest, '\n', &line)) {
		line = phx_str_dup(&t->arena, phx_str_trim(line));
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		phx_vec_push(&t->arena, &t->macros, line);
		phx_vec_push(&t->arena, &t->lower, lowered(&t->arena, line));
	}
	phx_buf_done(&text);
	return true;
}

bool phx_sim_tables_open(struct phx_sim *s, struct phx_err *err)
{
	struct phx_sim_tables *t = calloc(1, sizeof(*t));
	struct phx_options *all;

	if (t == NULL)
		phx_out_of_memory();
	s->tables = t;
	t->endpoints = phx_endpoints_load(&t->arena, VERSION, err);
	if (t->endpoints == NULL)
		return false;
	all = phx_options_new(&t->arena, VERSION);
	for (int i = 0; i < PHX_OPTIONS_COUNT; i++) {
		t->options[i] = phx_options_table(all, (enum phx_option_kind)i, err);
		if (t->options[i] == NULL)
			return false;
	}
	return load_macros(t, err);
}

void phx_sim_tables_close(struct phx_sim *s)
{
	if (s->tables == NULL)
		return;
	phx_arena_done(&s->tables->arena);
	free(s->tables);
	s->tables = NULL;
}

const struct phx_endpoints *phx_sim_tables_endpoints(const struct phx_sim *s)
{
	return s->tables->endpoints;
}

const struct phx_option_table *phx_sim_tables_options(const struct phx_sim *s, enum phx_option_kind kind)
{
	return s->tables->options[kind];
}

const struct phx_option_table *phx_sim_tables_guest(const struct phx_sim *s, const char *kind)
{
	return s->tables->options[strcmp(kind, "lxc") == 0 ? PHX_OPTIONS_CONTAINER : PHX_OPTIONS_VM];
}

const struct phx_option *phx_sim_guest_option(const struct phx_sim *s, const char *kind, const char *key)
{
	return phx_option_find(phx_sim_tables_guest(s, kind), phx_str_c(key), NULL);
}

uint32_t phx_sim_tables_macros(const struct phx_sim *s, const struct phx_str **out)
{
	*out = s->tables->macros.v;
	return s->tables->macros.n;
}

struct phx_str phx_sim_tables_lower(const struct phx_sim *s, uint32_t i)
{
	return s->tables->lower.v[i];
}
