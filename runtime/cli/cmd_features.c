/* phx features: what comes with phx to be run inside guests. */
#include <string.h>

#include "cli/cli.h"
#include "model/feature.h"
#include "sema/sema.h"

struct wanted {
	struct phx_cli *cli;
	const struct phx_feature_list *all;
	PHX_VEC(struct phx_str) names; /* all of them when none was named */
};

static bool take_names(struct wanted *w)
{
	struct phx_cli *cli = w->cli;

	for (uint32_t i = 0; i < cli->args.words.n; i++) {
		struct phx_str name = phx_str_c(cli->args.words.v[i]), near;

		if (phx_str_starts(name, "feature."))
			name = phx_str_from(name, strlen("feature."));
		if (phx_feature_listed(w->all, name)) {
			phx_vec_push(cli->arena, &w->names, name);
			continue;
		}
		phx_err_set(&cli->err, PHX_ERR_USAGE,
			    "no feature `" PHX_STR_FMT "` comes with phx: looked for in " PHX_STR_FMT,
			    PHX_STR_ARG(name), PHX_STR_ARG(w->all->dir));
		near = phx_str_nearest(name, w->all->names, w->all->n);
		if (near.len)
			phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
		return false;
	}
	for (uint32_t i = 0; cli->args.words.n == 0 && i < w->all->n; i++)
		phx_vec_push(cli->arena, &w->names, w->all->names[i]);
	return true;
}

static const struct phx_value *attr(const struct phx_block *b, const char *name)
{
	const struct phx_attr *a = phx_block_attr(b, name);

	return a ? &a->value : NULL;
}

static struct phx_str attr_text(const struct phx_block *b, const char *name)
{
	const struct phx_value *v = attr(b, name);

	return v && v->kind == PHX_V_STRING ? v->s : PHX_STR("");
}

static bool is_wanted(const struct wanted *w, struct phx_str name)
{
	for (uint32_t i = 0; i < w->names.n; i++)
		if (phx_str_eq(w->names.v[i], name))
			return true;
	return false;
}

/* --- JSON --- */

static void put_value(struct phx_jw *j, const char *key, const struct phx_value *v)
{
	struct phx_buf text = {0};

	phx_jw_key(j, key);
	if (v)
		phx_value_json(v, &text);
	if (v && v->kind != PHX_V_NULL)
		phx_jw_raw(j, phx_buf_view(&text));
	else
		phx_jw_null(j);
	phx_buf_done(&text);
}

static void put_param(struct phx_jw *j, const struct phx_block *param)
{
	phx_jw_object(j);
	phx_jw_key(j, "name");
	phx_jw_str(j, param->label);
	put_value(j, "type", attr(param, "type"));
	phx_jw_key(j, "required");
	phx_jw_bool(j, !attr(param, "default"));
	put_value(j, "default", attr(param, "default"));
	phx_jw_end_object(j);
}

static void put_feature(const struct wanted *w, struct phx_jw *j, const struct phx_decl *d)
{
	phx_jw_object(j);
	phx_jw_key(j, "name");
	phx_jw_str(j, d->name);
	put_value(j, "description", attr(&d->body, "description"));
	phx_jw_key(j, "script");
	phx_jw_str(j, phx_path_join(w->cli->arena, d->dir, attr_text(&d->body, "script")));
	put_value(j, "check", attr(&d->body, "check"));
	put_value(j, "timeout", attr(&d->body, "timeout"));
	put_value(j, "needs", attr(&d->body, "needs"));
	put_value(j, "one_of", attr(&d->body, "one_of"));
	phx_jw_key(j, "params");
	phx_jw_array(j);
	for (uint32_t i = 0; i < d->body.blocks.n; i++)
		put_param(j, d->body.blocks.v[i]);
	phx_jw_end_array(j);
	phx_jw_end_object(j);
}

static void as_json(const struct wanted *w, const struct phx_config *config, struct phx_buf *out)
{
	struct phx_jw j;

	phx_jw_init(&j, out, 2);
	phx_jw_array(&j);
	for (uint32_t i = 0; i < config->decls.n; i++)
		if (is_wanted(w, config->decls.v[i]->name))
			put_feature(w, &j, config->decls.v[i]);
	phx_jw_end_array(&j);
	phx_buf_ch(out, '\n');
}

/* --- text --- */

static void as_list(const struct phx_config *config, struct phx_buf *out)
{
	for (uint32_t i = 0; i < config->decls.n; i++) {
		const struct phx_decl *d = config->decls.v[i];
		struct phx_str text = attr_text(&d->body, "description");

		phx_buf_printf(out, "%-20.*s " PHX_STR_FMT "\n", (int)d->name.len, d->name.ptr,
			       PHX_STR_ARG(text));
	}
	phx_buf_c(out, "\n`phx features NAME` shows a feature's parameters.\n");
}

/* The declaration as it stands in its file: its comments say what the parameters mean. */
static bool as_declared(const struct wanted *w, struct phx_buf *out)
{
	for (uint32_t i = 0; i < w->names.n; i++) {
		struct phx_str path = phx_feature_file(w->all, w->names.v[i], w->cli->arena);

		phx_buf_printf(out, "%s# " PHX_STR_FMT "\n", i ? "\n" : "", PHX_STR_ARG(path));
		if (!phx_read_file(path.ptr, out, &w->cli->err))
			return false;
	}
	return true;
}

int phx_cmd_features(struct phx_cli *cli)
{
	struct wanted w = {.cli = cli, .all = phx_feature_list(cli->arena)};
	const struct phx_config *config;
	struct phx_buf out = {0};
	bool ok = true;

	if (!take_names(&w))
		return phx_cli_fail(cli);
	config = phx_sema_builtins(&cli->sources, w.names.v, w.names.n, NULL, cli->arena, &cli->bag,
				   &cli->secrets);
	if (cli->bag.errors) {
		phx_cli_diagnose(cli);
		return PHX_EXIT_ERROR;
	}
	if (phx_args_flag(&cli->args, "json"))
		as_json(&w, config, &out);
	else if (cli->args.words.n)
		ok = as_declared(&w, &out);
	else
		as_list(config, &out);
	if (ok)
		phx_cli_print(cli, &out);
	phx_buf_done(&out);
	return ok ? PHX_EXIT_OK : phx_cli_fail(cli);
}
