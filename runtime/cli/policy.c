#include "cli/policy.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct names {
	PHX_VEC(struct phx_str) v;
};

static int by_bytes(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

/* The names of the .phx files of a directory, sorted. */
static bool list(struct phx_cli *cli, struct phx_str dir, struct names *out)
{
	DIR *d = opendir(dir.ptr);
	struct dirent *entry;

	if (!d)
		return phx_err_errno(&cli->err, errno, "cannot read the policies in " PHX_STR_FMT,
				     PHX_STR_ARG(dir));
	while ((entry = readdir(d))) {
		if (entry->d_name[0] != '.' && phx_str_ends(phx_str_c(entry->d_name), ".phx"))
			phx_vec_push(cli->arena, &out->v, phx_str_dup(cli->arena, phx_str_c(entry->d_name)));
	}
	closedir(d);
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), by_bytes);
	return true;
}

struct files {
	PHX_VEC(struct phx_policy_file) v;
};

/* A file that is named twice is read once. */
static void add(struct phx_cli *cli, struct files *files, struct phx_str path, struct phx_str shown)
{
	for (uint32_t i = 0; i < files->v.n; i++) {
		if (phx_str_eq(files->v.v[i].path, path))
			return;
	}
	phx_vec_push(cli->arena, &files->v, ((struct phx_policy_file){path, shown}));
}

static bool take_dir(struct phx_cli *cli, const char *word, struct files *files)
{
	struct phx_str dir = phx_str_c(word);
	struct names names = {0};

	while (dir.len > 1 && dir.ptr[dir.len - 1] == '/')
		dir = phx_str_dup(cli->arena, phx_str_slice(dir, 0, dir.len - 1));
	if (!list(cli, dir, &names))
		return false;
	for (uint32_t i = 0; i < names.v.n; i++)
		add(cli, files, phx_path_join(cli->arena, dir, names.v.v[i]), (struct phx_str){0});
	if (names.v.n)
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE, "`--policy-dir %s`: there is no .phx file in it", word);
	phx_err_hint(&cli->err, "a directory without policies would allow everything");
	return false;
}

/* Their places are named as in the project, wherever it is installed: a saved plan lists them. */
static void add_standard(struct phx_cli *cli, struct files *files, struct phx_str dir, struct phx_str name)
{
	add(cli, files, phx_path_join(cli->arena, dir, name),
	    phx_str_printf(cli->arena, "etc/policies/" PHX_STR_FMT, PHX_STR_ARG(name)));
}

static bool take_standard(struct phx_cli *cli, const char *word, struct files *files)
{
	struct phx_str dir = phx_path_join(cli->arena, phx_etc_dir(cli->arena), PHX_STR("policies")), near;
	struct names names = {0};

	if (!list(cli, dir, &names))
		return false;
	if (strcmp(word, "standard") == 0) {
		for (uint32_t i = 0; i < names.v.n; i++)
			add_standard(cli, files, dir, names.v.v[i]);
		return true;
	}
	for (uint32_t i = 0; i < names.v.n; i++) {
		struct phx_str *name = &names.v.v[i];

		if (phx_str_eqc(phx_str_slice(*name, 0, name->len - 4), word)) {
			add_standard(cli, files, dir, *name);
			return true;
		}
		*name = phx_str_slice(*name, 0, name->len - 4);
	}
	phx_err_set(&cli->err, PHX_ERR_USAGE, "`--policy %s`: phx brings no policy of that name", word);
	near = phx_str_nearest(phx_str_c(word), names.v.v, names.v.n);
	if (near.len)
		phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	else
		phx_err_hint(&cli->err, "they are in " PHX_STR_FMT "; `standard` means all of them",
			     PHX_STR_ARG(dir));
	return false;
}

bool phx_cli_policy_files(struct phx_cli *cli, struct phx_sema_options *o)
{
	struct files files = {0};
	const char *word;

	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "policy", i)); i++)
		if (!take_standard(cli, word, &files))
			return false;
	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "policy-dir", i)); i++)
		if (!take_dir(cli, word, &files))
			return false;
	o->policy_files = files.v.v;
	o->npolicy_files = files.v.n;
	return true;
}

void phx_cli_policies(struct phx_cli *cli, struct phx_plan *plan)
{
	struct phx_map facts = {0};
	struct phx_value changes;
	struct phx_policy_input input = {.facts = &facts};

	if (!cli->policies)
		return;
	phx_policy_facts(cli->graph, plan, cli->arena, &facts);
	if (plan) {
		changes = phx_policy_changes(plan, cli->arena);
		input.changes = &changes;
		plan->policies = &cli->policy_report;
	}
	phx_policies_evaluate(cli->policies, &input, cli->arena, &cli->policy_report);
}
