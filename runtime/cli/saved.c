#include "cli/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A plan file says so in its first bytes; anything else is a configuration. */
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
			phx_str_ends(phx_str_c(path), ".phxplan");
	}
	close(fd);
	return found;
}

/* Options that decide what is planned: a saved plan has settled them. --set may be repeated for secret params. */
static bool refuse_settled(struct phx_cli *cli)
{
	static const char *const settled[] = {"target", "exclude", "allow-destroy", "adopt",
					      "stack",  "ids",     "var-file",      "break-locks"};

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

static void restore(struct phx_cli *cli, const json_t *inputs, bool *out_destroy)
{
	size_t i;
	json_t *item;

	cli->args.words.n = 0;
	json_array_foreach(phx_json_get(inputs, "paths"), i, item)
	{
		if (json_is_string(item))
			phx_vec_push(cli->arena, &cli->args.words, kept(cli, item));
	}
	give_list(cli, inputs, "set", "set");
	give_list(cli, inputs, "var_files", "var-file");
	give_list(cli, inputs, "targets", "target");
	give_list(cli, inputs, "excludes", "exclude");
	give_list(cli, inputs, "allow_destroy", "allow-destroy");
	give_list(cli, inputs, "adopt", "adopt");
	give_list(cli, inputs, "policies", "policy");
	give_list(cli, inputs, "policy_dirs", "policy-dir");
	give_one(cli, inputs, "stack");
	give_one(cli, inputs, "ids");
	give_one(cli, inputs, "cluster");
	if (phx_json_bool(inputs, "break_locks", false))
		phx_cli_give(cli, "break-locks", NULL);
	*out_destroy = phx_json_bool(inputs, "destroy", false);
}

bool phx_saved_open(struct phx_cli *cli, struct phx_plan_file *out, bool *out_is_saved, bool *out_destroy)
{
	*out_is_saved = false;
	if (cli->args.words.n != 1 || !looks_like_plan(cli->args.words.v[0]))
		return true;
	if (!refuse_settled(cli) || !phx_plan_file_read(cli->args.words.v[0], cli->arena, out, &cli->err))
		return false;
	const json_t *inputs = phx_json_get(out->doc, "inputs");
	if (!json_is_object(inputs))
		return phx_err_set(&cli->err, PHX_ERR_DATA,
				   "%s: the plan does not say what it was made from (`inputs`)",
				   cli->args.words.v[0]);
	restore(cli, inputs, out_destroy);
	*out_is_saved = true;
	return true;
}
