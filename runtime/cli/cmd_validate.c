/* phx validate, with --fix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/policy.h"

struct fix_list {
	PHX_VEC(struct phx_diag_fix) v;
};

static int last_first(const void *a, const void *b)
{
	const struct phx_diag_fix *x = a, *y = b;

	if (x->span.file != y->span.file)
		return x->span.file < y->span.file ? -1 : 1;
	return x->span.start > y->span.start ? -1 : x->span.start < y->span.start;
}

/* Certain fixes of one file, from its end to its start; overlapping ones wait for the next run. */
static bool fix_file(struct phx_cli *cli, const struct phx_diag_fix *fixes, uint32_t n, uint32_t *applied)
{
	const struct phx_source *src = phx_source_get(&cli->sources, fixes[0].span.file);
	struct phx_buf out = {0}, next = {0};
	uint32_t limit = (uint32_t)src->text.len;
	struct stat st;

	phx_buf_str(&out, src->text);
	for (uint32_t i = 0; i < n; i++) {
		if (fixes[i].span.end > limit)
			continue;
		phx_buf_clear(&next);
		phx_buf_str(&next, phx_str_slice(phx_buf_view(&out), 0, fixes[i].span.start));
		phx_buf_str(&next, fixes[i].text);
		phx_buf_str(&next, phx_str_from(phx_buf_view(&out), fixes[i].span.end));
		phx_buf_clear(&out);
		phx_buf_str(&out, phx_buf_view(&next));
		limit = fixes[i].span.start;
		++*applied;
	}
	bool ok = phx_write_file_atomic(src->path.ptr, phx_buf_view(&out),
					stat(src->path.ptr, &st) == 0 ? st.st_mode & 0777 : 0644, &cli->err);
	phx_buf_done(&out);
	phx_buf_done(&next);
	return ok;
}

static bool apply_fixes(struct phx_cli *cli, uint32_t *applied)
{
	struct fix_list fixes = {0};

	for (uint32_t i = 0; i < cli->bag.diags.n; i++)
		for (uint32_t k = 0; k < cli->bag.diags.v[i]->fixes.n; k++)
			if (cli->bag.diags.v[i]->fixes.v[k].certain)
				phx_vec_push(cli->arena, &fixes.v, cli->bag.diags.v[i]->fixes.v[k]);
	if (!fixes.v.n)
		return true;
	qsort(fixes.v.v, fixes.v.n, sizeof(*fixes.v.v), last_first);
	for (uint32_t i = 0, end; i < fixes.v.n; i = end) {
		for (end = i + 1; end < fixes.v.n && fixes.v.v[end].span.file == fixes.v.v[i].span.file;
		     end++)
			;
		if (!fix_file(cli, fixes.v.v + i, end - i, applied))
			return false;
	}
	return true;
}

static const char *policies(struct phx_cli *cli)
{
	const struct phx_policy_report *r = &cli->policy_report;
	uint32_t waiting = 0;

	for (uint32_t i = 0; i < r->v.n; i++)
		waiting += r->v.v[i].partial;
	if (!r->v.n)
		return "";
	if (!waiting)
		return phx_str_printf(cli->arena, "; %u polic%s checked", r->v.n, r->v.n == 1 ? "y" : "ies")
			.ptr;
	return phx_str_printf(cli->arena,
			      "; %u polic%s checked, %u of them in part: `phx plan` does the rest", r->v.n,
			      r->v.n == 1 ? "y" : "ies", waiting)
		.ptr;
}

static int report(struct phx_cli *cli, bool ok)
{
	if (cli->err.kind != PHX_ERR_NONE)
		return cli->diag_format == PHX_DIAG_JSON ? phx_cli_refuse(cli) : phx_cli_fail(cli);
	if (!phx_cli_ci_print(cli))
		phx_cli_diagnose(cli);
	if (!phx_cli_ci_reports(cli, NULL))
		return phx_cli_fail(cli);
	if (ok && cli->policy_report.denied && !cli->policy_report.broken)
		return PHX_EXIT_POLICY;
	if (!ok || cli->bag.errors)
		return PHX_EXIT_ERROR;
	if (cli->diag_format == PHX_DIAG_HUMAN && !phx_cli_ci_format(cli))
		printf("valid: %u guest%s, %u resource%s%s%s\n", cli->graph->guests.n,
		       cli->graph->guests.n == 1 ? "" : "s", cli->graph->resources.n,
		       cli->graph->resources.n == 1 ? "" : "s",
		       cli->graph->has_unknowns
			       ? " (checks that hang on missing environment or params were left out)"
			       : "",
		       policies(cli));
	return PHX_EXIT_OK;
}

int phx_cmd_validate(struct phx_cli *cli)
{
	bool ok = phx_cli_load(cli, PHX_LOAD_VALIDATE);
	uint32_t applied = 0;
	int status;

	if (ok)
		phx_cli_policies(cli, NULL);
	status = report(cli, ok);

	if (!phx_args_flag(&cli->args, "fix") || cli->err.kind != PHX_ERR_NONE)
		return status;
	if (!apply_fixes(cli, &applied))
		return phx_cli_fail(cli);
	phx_cli_note(cli,
		     applied ? "%u corrections made; `phx validate` again shows what is left"
			     : "no correction is certain enough to be made",
		     applied);
	return status;
}
