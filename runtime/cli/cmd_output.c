/* phx output. */
#include "cli/cli.h"

static void print_all(const struct phx_graph *g, bool json, struct phx_buf *out)
{
	size_t width = 0;

	for (uint32_t i = 0; i < g->outputs.n; i++)
		width = g->outputs.v[i].name.len > width ? g->outputs.v[i].name.len : width;
	if (json)
		phx_buf_ch(out, '{');
	for (uint32_t i = 0; i < g->outputs.n; i++) {
		const struct phx_output *o = &g->outputs.v[i];

		if (json) {
			phx_buf_c(out, i ? ", " : "");
			phx_buf_json_string(out, o->name);
			phx_buf_c(out, ": ");
		} else {
			phx_buf_str(out, o->name);
			phx_buf_fill(out, ' ', width - o->name.len);
			phx_buf_c(out, " = ");
		}
		phx_value_json(&o->value, out);
		if (!json)
			phx_buf_ch(out, '\n');
	}
	if (json)
		phx_buf_c(out, "}\n");
}

/* A secret has no bare form: it reads "(secret)" wherever phx prints it. */
static void print_bare(const struct phx_value *v, struct phx_buf *out)
{
	if (phx_value_is_secret(v))
		phx_buf_c(out, PHX_MASKED);
	else if (!phx_value_text(v, out))
		phx_value_json(v, out);
	phx_buf_ch(out, '\n');
}

static bool print_one(struct phx_cli *cli, const char *name, bool json, struct phx_buf *out)
{
	const struct phx_graph *g = cli->graph;
	PHX_VEC(struct phx_str) names = {0};
	struct phx_str near;

	for (uint32_t i = 0; i < g->outputs.n; i++) {
		if (phx_str_eqc(g->outputs.v[i].name, name)) {
			if (!json) {
				print_bare(&g->outputs.v[i].value, out);
				return true;
			}
			phx_value_json(&g->outputs.v[i].value, out);
			phx_buf_ch(out, '\n');
			return true;
		}
		phx_vec_push(cli->arena, &names, g->outputs.v[i].name);
	}
	phx_err_set(&cli->err, PHX_ERR_USAGE, "the configuration has no output `%s`", name);
	near = phx_str_nearest(phx_str_c(name), names.v, names.n);
	if (near.len)
		phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	return false;
}

int phx_cmd_output(struct phx_cli *cli)
{
	const char *name = phx_args_value(&cli->args, "name");
	bool json = phx_args_flag(&cli->args, "json");
	struct phx_buf out = {0};
	bool ok = true;

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	/* --json is the form of the values; what there is to say besides goes to standard error. */
	cli->diag_format = PHX_DIAG_HUMAN;
	phx_cli_diagnose(cli);
	if (name)
		ok = print_one(cli, name, json, &out);
	else
		print_all(cli->graph, json, &out);
	if (ok)
		phx_cli_print(cli, &out);
	phx_buf_done(&out);
	return ok ? PHX_EXIT_OK : phx_cli_fail(cli);
}
