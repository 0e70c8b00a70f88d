/* phx show PLAN: a saved plan, from its own data. */
#include <string.h>

#include "cli/cli.h"

static const char *sign_of(struct phx_str action)
{
	if (phx_str_eqc(action, "create"))
		return "+";
	if (phx_str_eqc(action, "delete"))
		return "-";
	if (phx_str_eqc(action, "replace"))
		return "±";
	if (phx_str_eqc(action, "none"))
		return " ";
	return "~";
}

static void show_attribute(const json_t *attr, struct phx_buf *out)
{
	struct phx_buf before = {0}, after = {0};
	bool has_before = phx_json_text(phx_json_get(attr, "before"), &before),
	     has_after = phx_json_text(phx_json_get(attr, "after"), &after);

	phx_buf_printf(out, "      " PHX_STR_FMT ": ", PHX_STR_ARG(phx_json_str(attr, "path")));
	if (phx_json_bool(attr, "sensitive", false))
		phx_buf_c(out, "(secret)");
	else if (has_before && has_after)
		phx_buf_printf(out, PHX_STR_FMT " -> " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&before)),
			       PHX_STR_ARG(phx_buf_view(&after)));
	else if (has_after)
		phx_buf_str(out, phx_buf_view(&after));
	else
		phx_buf_printf(out, PHX_STR_FMT " -> (removed)", PHX_STR_ARG(phx_buf_view(&before)));
	phx_buf_ch(out, '\n');
	phx_buf_done(&before);
	phx_buf_done(&after);
}

static void show_change(const json_t *change, struct phx_buf *out)
{
	struct phx_str action = phx_json_str(change, "action"), reason = phx_json_str(change, "reason");
	size_t i;
	json_t *attr;

	if (phx_str_eqc(action, "none"))
		return;
	phx_buf_printf(out, "  %s " PHX_STR_FMT " " PHX_STR_FMT "%s", sign_of(action), PHX_STR_ARG(action),
		       PHX_STR_ARG(phx_json_str(change, "address")),
		       phx_json_bool(change, "restart", false) ? " (restart)" : "");
	if (reason.len)
		phx_buf_printf(out, ": " PHX_STR_FMT, PHX_STR_ARG(reason));
	phx_buf_ch(out, '\n');
	json_array_foreach(phx_json_get(change, "attributes"), i, attr) show_attribute(attr, out);
}

static void show_text(const struct phx_plan_file *f, struct phx_buf *out)
{
	static const char *const kinds[] = {"create", "update", "replace", "delete"};
	const json_t *summary = phx_json_get(f->doc, "summary");
	size_t i;
	json_t *item;

	phx_buf_printf(out,
		       "plan of stack `" PHX_STR_FMT "` on `" PHX_STR_FMT "`, sha256 " PHX_STR_FMT "\n\n",
		       PHX_STR_ARG(phx_json_str(f->doc, "stack")),
		       PHX_STR_ARG(phx_json_str(f->doc, "cluster")), PHX_STR_ARG(f->sha256));
	json_array_foreach(phx_json_get(f->doc, "changes"), i, item) show_change(item, out);
	phx_buf_printf(out, "\n%zu actions, in order:\n", json_array_size(phx_json_get(f->doc, "actions")));
	json_array_foreach(phx_json_get(f->doc, "actions"), i, item) phx_buf_printf(
		out, "  %3zu " PHX_STR_FMT ": " PHX_STR_FMT "\n", i + 1,
		PHX_STR_ARG(phx_json_str(item, "address")), PHX_STR_ARG(phx_json_str(item, "summary")));
	phx_buf_c(out, "\nPlan:");
	for (i = 0; i < PHX_COUNTOF(kinds); i++)
		phx_buf_printf(out, "%s %lld to %s", i ? "," : "",
			       (long long)phx_json_int(summary, kinds[i], 0), kinds[i]);
	phx_buf_c(out, ".\n");
}

int phx_cmd_show(struct phx_cli *cli)
{
	const char *address = phx_args_value(&cli->args, "cloud-init");
	struct phx_plan_file f = {0};
	struct phx_buf text = {0}, safe = {0};

	if (address)
		return phx_cmd_show_cloud_init(cli, address);

	if (cli->args.words.n != 1) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "expected one saved plan: `phx show FILE`");
		return phx_cli_fail(cli);
	}
	if (!phx_plan_file_read(cli->args.words.v[0], cli->arena, &f, &cli->err))
		return phx_cli_fail(cli);
	if (cli->diag_format == PHX_DIAG_JSON)
		phx_json_dump(f.doc, 2, &text), phx_buf_ch(&text, '\n');
	else
		show_text(&f, &text);
	phx_buf_printable(&safe, phx_buf_view(&text));
	phx_cli_print(cli, &safe);
	phx_buf_done(&text);
	phx_buf_done(&safe);
	phx_plan_file_done(&f);
	return PHX_EXIT_OK;
}
