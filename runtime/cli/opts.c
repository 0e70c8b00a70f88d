#include "cli/opts.h"

#include <string.h>

static const struct phx_opt *find_long(const struct phx_cli_command *c, struct phx_str name)
{
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			if (phx_str_eqc(name, o->name))
				return o;
	return NULL;
}

static const struct phx_opt *find_short(const struct phx_cli_command *c, char letter)
{
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			if (o->letter && o->letter == letter)
				return o;
	return NULL;
}

static bool unknown_option(const struct phx_cli_command *c, struct phx_str name, struct phx_arena *a,
			   struct phx_err *err)
{
	PHX_VEC(struct phx_str) names = {0};

	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			phx_vec_push(a, &names, phx_str_c(o->name));
	struct phx_str near = phx_str_nearest(name, names.v, names.n);
	phx_err_set(err, PHX_ERR_USAGE, "`phx %s` has no option `--" PHX_STR_FMT "`", c->name,
		    PHX_STR_ARG(name));
	if (near.len)
		phx_err_hint(err, "did you mean `--" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	else
		phx_err_hint(err, "`phx %s --help` lists the options", c->name);
	return false;
}

static bool word_allowed(const struct phx_opt *o, const char *value)
{
	struct phx_str rest = phx_str_c(o->words), word;

	while (phx_str_cut(&rest, '|', &word))
		if (phx_str_eqc(word, value))
			return true;
	return false;
}

static bool take_value(const struct phx_opt *o, const char *value, struct phx_arena *a, struct phx_args *out,
		       struct phx_err *err)
{
	if (o->words && value && !word_allowed(o, value))
		return phx_err_set(err, PHX_ERR_USAGE, "`--%s %s`: expected one of %s", o->name, value,
				   o->words);
	if (o->arg && !o->repeat && phx_args_value(out, o->name))
		return phx_err_set(err, PHX_ERR_USAGE, "`--%s` is given twice", o->name);
	phx_vec_push(a, &out->values, ((struct phx_opt_value){o, value}));
	return true;
}

struct cursor {
	int argc, at;
	char *const *argv;
};

static bool parse_long(const struct phx_cli_command *c, struct cursor *cur, struct phx_arena *a,
		       struct phx_args *out, struct phx_err *err)
{
	const char *word = cur->argv[cur->at] + 2;
	const char *eq = strchr(word, '=');
	struct phx_str name = eq ? (struct phx_str){word, (size_t)(eq - word)} : phx_str_c(word);
	const struct phx_opt *o = find_long(c, name);

	if (!o)
		return unknown_option(c, name, a, err);
	if (!o->arg) {
		if (eq)
			return phx_err_set(err, PHX_ERR_USAGE, "`--%s` takes no value", o->name);
		return take_value(o, NULL, a, out, err);
	}
	if (eq)
		return take_value(o, eq + 1, a, out, err);
	if (cur->at + 1 >= cur->argc)
		return phx_err_set(err, PHX_ERR_USAGE, "`--%s` needs a value: --%s %s", o->name, o->name,
				   o->arg);
	return take_value(o, cur->argv[++cur->at], a, out, err);
}

static bool parse_short(const struct phx_cli_command *c, struct cursor *cur, struct phx_arena *a,
			struct phx_args *out, struct phx_err *err)
{
	for (const char *p = cur->argv[cur->at] + 1; *p; p++) {
		const struct phx_opt *o = find_short(c, *p);
		if (!o)
			return phx_err_set(err, PHX_ERR_USAGE, "`phx %s` has no option `-%c`", c->name, *p),
			       phx_err_hint(err, "`phx %s --help` lists the options", c->name), false;
		if (!o->arg) {
			if (!take_value(o, NULL, a, out, err))
				return false;
			continue;
		}
		if (p[1])
			return take_value(o, p + 1, a, out, err);
		if (cur->at + 1 >= cur->argc)
			return phx_err_set(err, PHX_ERR_USAGE, "`-%c` needs a value: -%c %s", *p, *p, o->arg);
		return take_value(o, cur->argv[++cur->at], a, out, err);
	}
	return true;
}

bool phx_args_parse(const struct phx_cli_command *c, int argc, char *const *argv, struct phx_arena *a,
		    struct phx_args *out, struct phx_err *err)
{
	struct cursor cur = {argc, 0, argv};

	memset(out, 0, sizeof(*out));
	out->command = c;
	for (; cur.at < argc; cur.at++) {
		const char *word = argv[cur.at];
		if (strcmp(word, "--") == 0) {
			while (++cur.at < argc)
				phx_vec_push(a, &out->rest, argv[cur.at]);
			break;
		}
		if (word[0] != '-' || word[1] == '\0')
			phx_vec_push(a, &out->words, word);
		else if (word[1] == '-' ? !parse_long(c, &cur, a, out, err)
					: !parse_short(c, &cur, a, out, err))
			return false;
	}
	return true;
}

bool phx_args_flag(const struct phx_args *args, const char *name)
{
	for (uint32_t i = 0; i < args->values.n; i++)
		if (strcmp(args->values.v[i].opt->name, name) == 0)
			return true;
	return false;
}

const char *phx_args_value(const struct phx_args *args, const char *name)
{
	const char *found = NULL;

	for (uint32_t i = 0; i < args->values.n; i++)
		if (strcmp(args->values.v[i].opt->name, name) == 0)
			found = args->values.v[i].value;
	return found;
}

const char *phx_args_nth(const struct phx_args *args, const char *name, uint32_t n)
{
	for (uint32_t i = 0; i < args->values.n; i++)
		if (strcmp(args->values.v[i].opt->name, name) == 0 && n-- == 0)
			return args->values.v[i].value;
	return NULL;
}
