/* From paths to a configuration. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ast/parse.h"
#include "sema/sema_priv.h"

/* --- evaluation --- */

static void evaluate(struct phx_sema *s)
{
	phx_bind_all(s);
	s->depth = 0;
	phx_expand_all(s);
	phx_finish(s);
}

/* `trees` may be NULL; it is emptied when the policies need it. */
static struct phx_config *run_all(struct phx_sources *sources, const struct phx_ast_file *const *files,
				  uint32_t nfiles, const struct phx_sema_options *options,
				  struct phx_arena *arena, struct phx_diag_bag *bag,
				  struct phx_secrets *secrets, struct phx_arena *trees)
{
	struct phx_sema_options *opt = PHX_NEW(arena, struct phx_sema_options);
	struct phx_sema *s = PHX_NEW(arena, struct phx_sema);
	struct phx_policies *policies = NULL;

	if (options)
		*opt = *options;
	s->sources = sources;
	s->out = arena;
	s->out_before = arena->total;
	s->bag = bag;
	s->secrets = secrets;
	s->opt = opt;
	s->max_steps = opt->max_steps ? opt->max_steps : PHX_SEMA_MAX_STEPS;
	s->config = PHX_NEW(arena, struct phx_config);
	s->asts = files;
	s->nasts = nfiles;
	evaluate(s);
	if (opt->out_policies)
		*opt->out_policies = policies = phx_policies_keep(s, trees);
	if (!policies)
		phx_arena_done(&s->tmp);
	return s->config;
}

struct phx_config *phx_sema_evaluate(struct phx_sources *sources, const struct phx_ast_file *const *files,
				     uint32_t nfiles, const struct phx_sema_options *options,
				     struct phx_arena *arena, struct phx_diag_bag *bag,
				     struct phx_secrets *secrets)
{
	return run_all(sources, files, nfiles, options, arena, bag, secrets, NULL);
}

/* --- files --- */

struct paths {
	struct phx_arena *arena;
	PHX_VEC(struct phx_str) v;
};

static int by_bytes(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

static bool wanted(const char *name)
{
	return name[0] != '.' && phx_str_ends(phx_str_c(name), ".phx");
}

static bool list_dir(struct paths *p, struct phx_str path, struct phx_err *err)
{
	struct phx_str dir = phx_str_dup(p->arena, path);
	uint32_t first = p->v.n;
	struct dirent *entry;
	DIR *d = opendir(dir.ptr);

	if (!d)
		return phx_err_errno(err, errno, "the directory " PHX_STR_FMT " cannot be read",
				     PHX_STR_ARG(path));
	while ((entry = readdir(d)) != NULL) {
		if (wanted(entry->d_name))
			phx_vec_push(p->arena, &p->v, phx_path_join(p->arena, dir, phx_str_c(entry->d_name)));
	}
	closedir(d);
	if (p->v.n == first) {
		phx_err_set(err, PHX_ERR_IO, "the directory " PHX_STR_FMT " holds no .phx file",
			    PHX_STR_ARG(path));
		return false;
	}
	qsort(p->v.v + first, p->v.n - first, sizeof(*p->v.v), by_bytes);
	return true;
}

static bool add_path(struct paths *p, struct phx_str path, struct phx_err *err)
{
	struct phx_str copy = phx_str_dup(p->arena, path);
	struct stat st;

	if (stat(copy.ptr, &st) != 0)
		return phx_err_errno(err, errno, "the configuration " PHX_STR_FMT " cannot be read",
				     PHX_STR_ARG(path));
	if (S_ISDIR(st.st_mode))
		return list_dir(p, path, err);
	if (!S_ISREG(st.st_mode))
		return phx_err_set(err, PHX_ERR_IO,
				   "the configuration " PHX_STR_FMT " is neither a file nor a directory",
				   PHX_STR_ARG(path));
	phx_vec_push(p->arena, &p->v, copy);
	return true;
}

/* A file with another name than its own in what is shown. */
static uint32_t read_shown(struct phx_sources *sources, const struct phx_policy_file *f, struct phx_err *err)
{
	struct phx_buf text = {0};
	uint32_t file = 0;

	if (!f->shown.len)
		return phx_source_read(sources, f->path, err);
	if (phx_read_file(f->path.ptr, &text, err))
		file = phx_source_add(sources, f->shown, phx_buf_view(&text));
	phx_buf_done(&text);
	return file;
}

static bool parse_policies(struct phx_sources *sources, const struct phx_sema_options *o,
			   struct phx_arena *trees, struct phx_diag_bag *bag, const struct phx_ast_file **out,
			   struct phx_err *err)
{
	for (uint32_t i = 0; i < o->npolicy_files; i++) {
		uint32_t file = read_shown(sources, &o->policy_files[i], err);

		if (!file)
			return false;
		out[i] = phx_parse_source(sources, file, trees, bag);
	}
	return true;
}

static bool parse_all(struct phx_sources *sources, const struct paths *p, struct phx_arena *trees,
		      struct phx_diag_bag *bag, const struct phx_ast_file **out, struct phx_err *err)
{
	for (uint32_t i = 0; i < p->v.n; i++) {
		uint32_t file = phx_source_read(sources, p->v.v[i], err);

		if (!file)
			return false;
		out[i] = phx_parse_source(sources, file, trees, bag);
	}
	return true;
}

struct phx_config *phx_sema_load(struct phx_sources *sources, const struct phx_str *paths, uint32_t npaths,
				 const struct phx_sema_options *options, struct phx_arena *arena,
				 struct phx_diag_bag *bag, struct phx_secrets *secrets, struct phx_err *err)
{
	struct phx_config *config = NULL;
	const struct phx_ast_file **asts;
	struct phx_sema_options o = {0};
	struct phx_arena trees = {0};
	struct paths p = {.arena = &trees};

	if (options)
		o = *options;
	for (uint32_t i = 0; i < npaths; i++) {
		if (!add_path(&p, paths[i], err))
			goto out;
	}
	asts = PHX_NEW_N(&trees, const struct phx_ast_file *, (size_t)p.v.n + o.npolicy_files);
	if (!parse_all(sources, &p, &trees, bag, asts, err) ||
	    !parse_policies(sources, &o, &trees, bag, asts + p.v.n, err))
		goto out;
	o.npolicy_trees = o.npolicy_files;
	config = run_all(sources, asts, p.v.n + o.npolicy_files, &o, arena, bag, secrets, &trees);
out:
	phx_arena_done(&trees);
	return config;
}
