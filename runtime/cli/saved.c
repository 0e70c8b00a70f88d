#include "cli/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_source_name(struct phx_str path)
{
	return phx_str_ends(path, ".phx") || phx_str_ends(path, ".json");
}

/* A plan file says so in its first bytes; anything else is a configuration. An empty file that cannot be one is what a full disk
 * leaves of a plan. */
static bool looks_like_plan(const char *path)
{
	char head[4096];
	struct stat st;
	bool found = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		ssize_t n = read(fd, head, sizeof(head));
		struct phx_str text = {head, n > 0 ? (size_t)n : 0};
		found = phx_str_find(text, PHX_STR("\"phx-plan/")) >= 0 ||
			phx_str_ends(phx_str_c(path), ".phxplan") ||
			(n == 0 && !is_source_name(phx_str_c(path)));
	}
	close(fd);
	return found;
}

/* Options that decide what is planned: a saved plan has settled them. --set may be repeated for secret params. */
static bool refuse_settled(struct phx_cli *cli)
{
	static const char *const settled[] = {"target",   "exclude",        "allow-destroy", "adopt",
					      "rerun",    "refresh-guests", "stack",         "ids",
					      "var-file", "break-locks"};

	for (size_t i = 0; i < PHX_COUNTOF(settled); i++)
		if (phx_args_flag(&cli->args, settled[i]))
			return phx_err_set(&cli->err, PHX_ERR_USAGE,
					   "`--%s` was settled when the plan was made", settled[i]);
	return true;
}

static const struct phx_opt *option_named(const struct phx_cli_command *c, const char *name)
{
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			if (strcmp(o->name, name) == 0)
				return o;
	return NULL;
}

void phx_cli_give(struct phx_cli *cli, const char *name, const char *value)
{
	const struct phx_opt *o = option_named(cli->args.command, name);

	if (o)
		phx_vec_push(cli->arena, &cli->args.values, ((struct phx_opt_value){o, value}));
}

static const char *kept(struct phx_cli *cli, const json_t *text)
{
	return phx_str_dup(cli->arena, (struct phx_str){json_string_value(text), json_string_length(text)})
		.ptr;
}

static bool given_already(struct phx_cli *cli, struct phx_str name)
{
	const char *word;

	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "set", i)); i++)
		if (phx_str_starts(phx_str_c(word), name.ptr) && word[name.len] == '=')
			return true;
	return false;
}

/* Values of secret params are not in the plan: they are given again, and compared by their hash. */
static bool give_sets(struct phx_cli *cli, const json_t *inputs)
{
	size_t i;
	json_t *item;

	json_array_foreach(phx_json_get(inputs, "set"), i, item)
	{
		struct phx_str set, name, value;

		if (!json_is_string(item))
			continue;
		set = value = phx_str_c(kept(cli, item));
		if (!phx_str_cut(&value, '=', &name))
			continue;
		name = phx_str_dup(cli->arena, name);
		if (given_already(cli, name))
			continue;
		if (phx_str_eqc(value, "(secret)")) {
			phx_err_set(&cli->err, PHX_ERR_USAGE,
				    "the plan was made with a secret value for `" PHX_STR_FMT
				    "`, which it does not hold",
				    PHX_STR_ARG(name));
			phx_err_hint(&cli->err, "give it again: --set " PHX_STR_FMT "=…", PHX_STR_ARG(name));
			return false;
		}
		phx_cli_give(cli, "set", set.ptr);
	}
	return true;
}

static void give_list(struct phx_cli *cli, const json_t *inputs, const char *key, const char *option)
{
	size_t i;
	json_t *item;

	json_array_foreach(phx_json_get(inputs, key), i, item)
	{
		if (json_is_string(item))
			phx_cli_give(cli, option, kept(cli, item));
	}
}

static void give_one(struct phx_cli *cli, const json_t *inputs, const char *option)
{
	const json_t *value = phx_json_get(inputs, option);

	if (json_is_string(value) && !phx_args_value(&cli->args, option))
		phx_cli_give(cli, option, kept(cli, value));
}

static bool restore(struct phx_cli *cli, const json_t *inputs, bool *out_destroy)
{
	size_t i;
	json_t *item;

	cli->args.words.n = 0;
	json_array_foreach(phx_json_get(inputs, "paths"), i, item)
	{
		if (json_is_string(item))
			phx_vec_push(cli->arena, &cli->args.words, kept(cli, item));
	}
	if (!give_sets(cli, inputs))
		return false;
	give_list(cli, inputs, "var_files", "var-file");
	give_list(cli, inputs, "targets", "target");
	give_list(cli, inputs, "excludes", "exclude");
	give_list(cli, inputs, "allow_destroy", "allow-destroy");
	give_list(cli, inputs, "adopt", "adopt");
	give_list(cli, inputs, "policies", "policy");
	give_list(cli, inputs, "policy_dirs", "policy-dir");
	give_list(cli, inputs, "rerun", "rerun");
	give_one(cli, inputs, "stack");
	give_one(cli, inputs, "ids");
	give_one(cli, inputs, "cluster");
	if (phx_json_bool(inputs, "refresh_guests", false))
		phx_cli_give(cli, "refresh-guests", NULL);
	if (phx_json_bool(inputs, "break_locks", false))
		phx_cli_give(cli, "break-locks", NULL);
	*out_destroy = phx_json_bool(inputs, "destroy", false);
	return true;
}

bool phx_plan_key(struct phx_cli *cli, struct phx_str *out)
{
	enum { KEY_MIN = 16 };
	struct phx_str key = phx_str_c(getenv("PHX_PLAN_KEY"));

	*out = key;
	if (!key.len)
		return true;
	phx_secrets_add(&cli->secrets, key);
	if (key.len >= KEY_MIN)
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE, "PHX_PLAN_KEY has %zu bytes: that is guessed quickly", key.len);
	phx_err_hint(&cli->err, "at least %d bytes; `openssl rand -hex 32` makes a good one", KEY_MIN);
	return false;
}

bool phx_saved_read(struct phx_cli *cli, const char *path, struct phx_plan_file *out)
{
	struct phx_str key;

	if (!phx_plan_key(cli, &key) || !phx_plan_file_read(path, key, cli->arena, out, &cli->err))
		return false;
	if (out->signature == PHX_PLAN_UNCHECKED)
		phx_cli_note(cli, "%s is signed; PHX_PLAN_KEY is not set, so only its checksum was verified",
			     path);
	return true;
}

bool phx_saved_open(struct phx_cli *cli, struct phx_plan_file *out, bool *out_is_saved, bool *out_destroy)
{
	*out_is_saved = false;
	if (cli->args.words.n != 1 || !looks_like_plan(cli->args.words.v[0]))
		return true;
	if (!refuse_settled(cli) || !phx_saved_read(cli, cli->args.words.v[0], out) ||
	    !phx_plan_file_may_apply(out, &cli->err))
		return false;
	const json_t *inputs = phx_json_get(out->doc, "inputs");
	if (!json_is_object(inputs))
		return phx_err_set(&cli->err, PHX_ERR_DATA,
				   "%s: the plan does not say what it was made from (`inputs`)",
				   cli->args.words.v[0]);
	*out_is_saved = restore(cli, inputs, out_destroy);
	return *out_is_saved;
}
