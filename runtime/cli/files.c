#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_bytes(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

static bool is_phoenix_name(struct phx_str name)
{
	return phx_str_starts(name, "phoenix_") && phx_str_ends(name, ".json");
}

static bool take_dir(struct phx_cli *cli, struct phx_str dir, struct phx_files *out)
{
	DIR *d = opendir(dir.ptr);
	uint32_t first = out->phx.n, first_json = out->json.n;
	struct dirent *entry;

	if (!d)
		return phx_err_errno(&cli->err, errno, "cannot read the directory " PHX_STR_FMT,
				     PHX_STR_ARG(dir));
	while ((entry = readdir(d))) {
		struct phx_str name = phx_str_c(entry->d_name);
		if (entry->d_name[0] == '.')
			continue;
		struct phx_str path = phx_str_eqc(dir, ".") ? phx_str_dup(cli->arena, name)
							    : phx_path_join(cli->arena, dir, name);
		if (phx_str_ends(name, ".phx"))
			phx_vec_push(cli->arena, &out->phx, path);
		else if (is_phoenix_name(name))
			phx_vec_push(cli->arena, &out->json, path);
	}
	closedir(d);
	if (out->phx.n > first) {
		out->json.n =
			first_json; /* JSON beside .phx is somebody else's business, or the import's source */
		qsort(out->phx.v + first, out->phx.n - first, sizeof(*out->phx.v), by_bytes);
	} else if (out->json.n > first_json) {
		qsort(out->json.v + first_json, out->json.n - first_json, sizeof(*out->json.v), by_bytes);
	} else {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "there is no .phx file in " PHX_STR_FMT,
			    PHX_STR_ARG(dir));
		phx_err_hint(&cli->err,
			     "name a .phx file, a directory with .phx files, or Phoenix JSON files");
		return false;
	}
	return true;
}

static bool take_word(struct phx_cli *cli, struct phx_str word, struct phx_files *out)
{
	struct stat st;

	while (word.len > 1 && word.ptr[word.len - 1] == '/')
		word = phx_str_dup(cli->arena, phx_str_slice(word, 0, word.len - 1));
	if (stat(word.ptr, &st) != 0)
		return phx_err_errno(&cli->err, errno, "cannot read " PHX_STR_FMT, PHX_STR_ARG(word));
	if (S_ISDIR(st.st_mode))
		return take_dir(cli, word, out);
	if (phx_str_ends(word, ".json"))
		phx_vec_push(cli->arena, &out->json, word);
	else if (phx_str_ends(word, ".phx"))
		phx_vec_push(cli->arena, &out->phx, word);
	else
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   PHX_STR_FMT ": expected a .phx or .json file, or a directory",
				   PHX_STR_ARG(word));
	return true;
}

bool phx_cli_files(struct phx_cli *cli, struct phx_files *out)
{
	if (cli->args.words.n == 0)
		return take_dir(cli, PHX_STR("."), out);
	for (uint32_t i = 0; i < cli->args.words.n; i++)
		if (!take_word(cli, phx_str_c(cli->args.words.v[i]), out))
			return false;
	return true;
}
