#include "cli/load.h"
#include "backend/api/api.h"

#include <stdlib.h>
#include <string.h>

#include "cli/files.h"
#include "cli/ordinary.h"
#include "cli/policy.h"
#include "sema/sema.h"
#include "json/phoenix.h"

/* Which ones were asked for stands in a saved plan. */
static const char *from_environment(void *user, const char *name)
{
	struct phx_cli *cli = user;
	const char *value = getenv(name);

	for (uint32_t i = 0; i < cli->env.n; i++)
		if (phx_str_eqc(cli->env.v[i].name, name))
			return value;
	phx_vec_push(cli->arena, &cli->env,
		     ((struct phx_cli_env){phx_str_dup(cli->arena, phx_str_c(name)), phx_str_c(value)}));
	return value;
}

static bool take_sets(struct phx_cli *cli, struct phx_sema_options *o)
{
	PHX_VEC(struct phx_sema_set) sets = {0};
	PHX_VEC(struct phx_str) files = {0};
	const char *word;

	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "set", i)); i++) {
		const char *eq = strchr(word, '=');
		if (!eq || eq == word)
			return phx_err_set(&cli->err, PHX_ERR_USAGE, "`--set %s`: expected NAME=VALUE", word);
		phx_vec_push(cli->arena, &sets,
			     ((struct phx_sema_set){{word, (size_t)(eq - word)}, phx_str_c(eq + 1)}));
	}
	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "var-file", i)); i++)
		phx_vec_push(cli->arena, &files, phx_str_c(word));
	o->sets = sets.v;
	o->nsets = sets.n;
	o->var_files = files.v;
	o->nvar_files = files.n;
	return true;
}

static bool take_ids(struct phx_cli *cli, struct phx_phoenix_options *o)
{
	const char *ids = phx_args_value(&cli->args, "ids");
	struct phx_str text = phx_str_c(ids);
	ptrdiff_t dots = phx_str_find(text, PHX_STR(".."));

	if (!ids)
		return true;
	if (dots <= 0 || !phx_parse_u64(phx_str_slice(text, 0, (size_t)dots), &o->ids_first) ||
	    !phx_parse_u64(phx_str_from(text, (size_t)dots + 2), &o->ids_last) || o->ids_first < 100 ||
	    o->ids_last < o->ids_first)
		return phx_err_set(&cli->err, PHX_ERR_USAGE,
				   "`--ids %s`: expected a range such as 200..299, from 100 on", ids);
	o->has_ids = true;
	return true;
}

static struct phx_config *load_json(struct phx_cli *cli, const struct phx_files *files,
				    struct phx_import_report *report)
{
	struct phx_phoenix_options o = {.stack = phx_str_c(phx_args_value(&cli->args, "stack")),
					.beside = files->phx.n ? cli->config : NULL};
	PHX_VEC(uint32_t) ids = {0};

	if (!take_ids(cli, &o))
		return NULL;
	for (uint32_t i = 0; i < files->json.n; i++) {
		uint32_t file = phx_source_read(&cli->sources, files->json.v[i], &cli->err);
		if (!file)
			return NULL;
		phx_vec_push(cli->arena, &ids, file);
	}
	return phx_phoenix_load(&cli->sources, ids.v, ids.n, &o, cli->arena, &cli->bag, &cli->secrets,
				report);
}

static struct phx_config *load_phx(struct phx_cli *cli, const struct phx_files *files,
				   const struct phx_sema_options *policies, enum phx_load_mode mode)
{
	struct phx_sema_options o = {.validate_only = mode == PHX_LOAD_VALIDATE,
				     .env = from_environment,
				     .env_user = cli,
				     .options = cli->options};

	/* Planning without the configured cluster must not need its credentials. */
	o.credentials_optional = phx_args_value(&cli->args, "sim") || phx_args_flag(&cli->args, "offline") ||
				 phx_args_flag(&cli->args, "permissions") ||
				 phx_args_value(&cli->args, "inventory") ||
				 cli->args.command->without_cluster;
	o.policy_files = policies->policy_files;
	o.npolicy_files = policies->npolicy_files;
	o.out_policies = &cli->policies;
	if (!take_sets(cli, &o))
		return NULL;
	return phx_sema_load(&cli->sources, files->phx.v, files->phx.n, &o, cli->arena, &cli->bag,
			     &cli->secrets, &cli->err);
}

static bool check_stack(struct phx_cli *cli, enum phx_load_mode mode)
{
	if (cli->config->stack.len || mode == PHX_LOAD_VALIDATE || cli->bag.errors)
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE,
		    "the configuration has no `stack`: phx would not know what it owns");
	phx_err_hint(&cli->err, "add a line such as `stack \"lab\"`");
	return false;
}

bool phx_cli_load_config(struct phx_cli *cli, enum phx_load_mode mode, struct phx_import_report *report)
{
	struct phx_files files = {0};
	struct phx_sema_options policies = {0};
	struct phx_config *from_json = NULL;

	phx_ordinary_program(cli);
	cli->options = phx_options_new(cli->arena, PHX_STR("8.4"));
	if (!phx_cli_files(cli, &files) || !phx_cli_policy_files(cli, &policies))
		return false;
	if ((files.phx.n || policies.npolicy_files) &&
	    !(cli->config = load_phx(cli, &files, &policies, mode)))
		return false;
	if (files.json.n && !(from_json = load_json(cli, &files, report)))
		return false;
	if (!cli->config)
		cli->config = from_json;
	else if (from_json)
		phx_config_append(cli->arena, cli->config, from_json);
	if (from_json && cli->policies)
		phx_policies_adopt(cli->policies, cli->config);
	phx_ordinary_config(cli);
	phx_ordinary_warn(cli);
	return check_stack(cli, mode);
}

/* What a connection is made with, in the block that says it: better now than when a plan is wanted. */
static void check_connection(struct phx_cli *cli, const struct phx_cluster *c, const char *attr,
			     struct phx_str value, bool (*check)(struct phx_str, struct phx_err *))
{
	const struct phx_attr *a = c->r.decl ? phx_block_attr(&c->r.decl->body, attr) : NULL;
	struct phx_err err = {0};

	if (value.len && a && !check(value, &err)) {
		struct phx_diag *d = phx_diag_add(&cli->bag, PHX0467, a->value.span, PHX_STR_FMT,
						  PHX_STR_ARG(phx_buf_view(&err.msg)));

		if (err.hint.len)
			phx_diag_help(&cli->bag, d, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.hint)));
	}
	phx_err_done(&err);
}

bool phx_cli_load(struct phx_cli *cli, enum phx_load_mode mode)
{
	struct phx_sema_options o = {
		.validate_only = mode == PHX_LOAD_VALIDATE, .env = from_environment, .options = NULL};

	if (!phx_cli_load_config(cli, mode, NULL))
		return false;
	o.options = cli->options;
	phx_sema_add_builtins(&cli->sources, cli->config, &o, cli->arena, &cli->bag, &cli->secrets);
	cli->graph = phx_graph_build(cli->config, cli->options, cli->arena, &cli->bag, &cli->secrets);
	phx_ordinary_warn(cli);
	for (uint32_t i = 0; cli->graph && i < cli->graph->clusters.n; i++) {
		const struct phx_cluster *c = cli->graph->clusters.v[i];

		check_connection(cli, c, "endpoint", c->endpoint, phx_api_check_endpoint);
		check_connection(cli, c, "fingerprint", c->fingerprint, phx_api_check_fingerprint);
	}
	return cli->graph != NULL && cli->bag.errors == 0;
}

/* In the document everything that went wrong is a diagnostic; people read it as a message of its own. */
static void add_failure(struct phx_cli *cli)
{
	struct phx_str msg = phx_buf_view(&cli->err.msg), hint = phx_buf_view(&cli->err.hint);
	struct phx_diag *d =
		phx_diag_add(&cli->bag, PHX0003, (struct phx_span){0}, PHX_STR_FMT, PHX_STR_ARG(msg));

	if (hint.len)
		phx_diag_help(&cli->bag, d, PHX_STR_FMT, PHX_STR_ARG(hint));
}

int phx_cli_refuse(struct phx_cli *cli)
{
	if (cli->diag_format == PHX_DIAG_JSON && cli->err.kind != PHX_ERR_NONE)
		add_failure(cli);
	if (cli->bag.diags.n || cli->diag_format == PHX_DIAG_JSON)
		phx_cli_diagnose(cli);
	if (cli->err.kind != PHX_ERR_NONE)
		return phx_cli_fail(cli);
	return PHX_EXIT_ERROR;
}
