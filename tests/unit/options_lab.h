/* The option tables of the source tree, for tests. */
#pragma once

#include "base_test.h"

#include "model/normalise.h"

struct tables {
	struct phx_arena arena;
	struct phx_options *options;
	const struct phx_option_table *vm, *container, *rule;
	struct phx_err err;
};

static inline void tables_open(struct tables *t)
{
	memset(t, 0, sizeof(*t));
	t->options = phx_options_new(&t->arena, PHX_STR("8.4"));
	t->vm = phx_options_table(t->options, PHX_OPTIONS_VM, &t->err);
	t->container = phx_options_table(t->options, PHX_OPTIONS_CONTAINER, &t->err);
	t->rule = phx_options_table(t->options, PHX_OPTIONS_FIREWALL_RULE, &t->err);
	if (!t->vm || !t->container || !t->rule)
		print_error("%s\n", t->err.msg.ptr);
	assert_non_null(t->vm);
	assert_non_null(t->container);
	assert_non_null(t->rule);
}

static inline void tables_close(struct tables *t)
{
	phx_err_done(&t->err);
	phx_arena_done(&t->arena);
}

static inline const struct phx_option *option_of(const struct phx_option_table *t, const char *key)
{
	const struct phx_option *o = phx_option_find(t, phx_str_c(key), NULL);
	if (!o)
		print_error("no option %s\n", key);
	assert_non_null(o);
	return o;
}
