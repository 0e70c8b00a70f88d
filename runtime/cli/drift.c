/* phx plan --refresh-only, phx apply --accept-drift: what changed on the cluster since phx wrote it. */
#include "cli/drift.h"

#include <string.h>

#include "observe/facts.h"
#include "report/report.h"

static void add_node(struct phx_cli *cli, struct phx_str *nodes, uint32_t *n, struct phx_str node)
{
	for (uint32_t i = 0; i < *n; i++)
		if (phx_str_eq(nodes[i], node))
			return;
	nodes[(*n)++] = node;
	(void)cli;
}

static struct phx_touches *touches(struct phx_cli *cli, const struct phx_plan *plan)
{
	struct phx_str *nodes = PHX_NEW_N(cli->arena, struct phx_str, plan->changes.n + 1);
	struct phx_touches *out = PHX_NEW(cli->arena, struct phx_touches);
	uint32_t n = 0;

	if (!cli->backend)
		return NULL;
	for (uint32_t i = 0; i < plan->changes.n; i++)
		if (plan->changes.v[i]->attributes.n)
			add_node(cli, nodes, &n, plan->changes.v[i]->node);
	if (n)
		phx_observe_touches(phx_backend_reader(cli->backend), nodes, n, cli->arena, out);
	return out;
}

int phx_cli_refresh_only(struct phx_cli *cli)
{
	struct phx_buf text = {0};
	struct phx_plan *plan = NULL;
	uint32_t drifted;

	if (phx_cli_load(cli, PHX_LOAD_PLAN))
		plan = phx_cli_plan(cli, false);
	/* A plan that would be refused for doing something may be looked at. */
	if (!plan)
		plan = cli->refused;
	if (!plan)
		return phx_cli_refuse(cli);
	drifted = phx_plan_only_drift(plan);
	if (cli->diag_format == PHX_DIAG_JSON) {
		phx_plan_json(plan, false, &cli->secrets, &text);
		phx_cli_print_document(cli, &text);
	} else {
		phx_report_drift(plan, touches(cli, plan), &text);
		phx_cli_print(cli, &text);
	}
	phx_buf_done(&text);
	return drifted ? PHX_EXIT_CHANGES : PHX_EXIT_OK;
}

/* --- taking it over --- */

struct edit {
	uint32_t file, start, end;
	struct phx_str text;
	const struct phx_change *change;
	const struct phx_attr_change *a;
};
struct edits {
	struct edit *v;
	uint32_t n, cap;
};

static bool is_plain(struct phx_str s)
{
	bool digits = s.len > 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '.' || c == '_'))
			return false;
		digits = digits && i == 0 ? (c >= '0' && c <= '9') : digits;
	}
	return digits || phx_str_eqc(s, "true") || phx_str_eqc(s, "false");
}

static bool is_quoted(struct phx_str s)
{
	return s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"' &&
	       phx_str_find(s, PHX_STR("${")) < 0 && phx_str_chr(phx_str_slice(s, 1, s.len - 2), '"') < 0 &&
	       phx_str_chr(s, '\\') < 0;
}

static const char *written_here(struct phx_cli *cli, const struct phx_plan *plan, const struct phx_change *c,
				const struct phx_attr_change *a)
{
	(void)cli;
	for (uint32_t i = 0; i < plan->graph->guests.n; i++) {
		const struct phx_guest *g = plan->graph->guests.v[i];

		if (&g->r == c->resource)
			continue;
		for (uint32_t k = 0; k < g->settings.n; k++)
			if (g->settings.v[k].span.file == a->span.file &&
			    g->settings.v[k].span.start == a->span.start)
				return "other guests have their value from the same place";
	}
	return NULL;
}

/* The literal in the source that says it, and what would stand there; NULL: why not. */
static const char *literal(struct phx_cli *cli, const struct phx_plan *plan, const struct phx_change *c,
			   const struct phx_attr_change *a, struct edit *out)
{
	const struct phx_source *src;
	struct phx_str old;
	const char *why;

	if (a->sensitive)
		return "it is a secret";
	if (!a->has_before)
		return "it is gone on the cluster: take it out of the configuration by hand";
	if (!phx_span_known(a->span) || a->span.file >= cli->sources.files.n)
		return "nothing in the source says it";
	src = cli->sources.files.v[a->span.file];
	if (!phx_str_ends(src->path, ".phx"))
		return "it does not stand in a .phx file";
	why = written_here(cli, plan, c, a);
	if (why)
		return why;
	old = phx_str_slice(src->text, a->span.start, a->span.end - a->span.start);
	*out = (struct edit){a->span.file, a->span.start, a->span.end, a->before, c, a};
	if (is_quoted(old)) {
		if (phx_str_chr(a->before, '"') >= 0 || phx_str_chr(a->before, '\\') >= 0 ||
		    phx_str_chr(a->before, '\n') >= 0 || phx_str_chr(a->before, '$') >= 0)
			return "its value needs quoting by hand";
		out->text = phx_str_printf(cli->arena, "\"" PHX_STR_FMT "\"", PHX_STR_ARG(a->before));
		return NULL;
	}
	if (is_plain(old) && is_plain(a->before))
		return NULL;
	return "an expression in the source says it, no plain value";
}

static void insert(struct phx_cli *cli, struct edits *all, struct edit e)
{
	uint32_t at = all->n;

	phx_vec_push(cli->arena, all, e);
	for (; at && (all->v[at - 1].file > e.file ||
		      (all->v[at - 1].file == e.file && all->v[at - 1].start > e.start));
	     at--)
		all->v[at] = all->v[at - 1];
	all->v[at] = e;
}

static void collect(struct phx_cli *cli, const struct phx_plan *plan, struct edits *out, uint32_t *out_left)
{
	const char *word;

	for (uint32_t n = 0; (word = phx_args_nth(&cli->args, "accept-drift", n)); n++) {
		uint32_t found = 0;

		for (uint32_t i = 0; i < plan->changes.n; i++) {
			const struct phx_change *c = plan->changes.v[i];

			if (!phx_str_eqc(c->address, word))
				continue;
			for (uint32_t k = 0; k < c->attributes.n; k++) {
				struct edit e;
				const char *why = literal(cli, plan, c, &c->attributes.v[k], &e);

				found++;
				if (!why) {
					insert(cli, out, e);
					continue;
				}
				(*out_left)++;
				phx_cli_note(cli, "%s: " PHX_STR_FMT " = " PHX_STR_FMT " is left to you: %s",
					     word, PHX_STR_ARG(c->attributes.v[k].path),
					     PHX_STR_ARG(c->attributes.v[k].sensitive
								 ? PHX_STR("(secret)")
								 : c->attributes.v[k].before),
					     why);
			}
		}
		if (!found)
			phx_cli_note(cli, "%s: nothing was changed on the cluster since phx wrote it", word);
	}
}

static struct phx_str edited(struct phx_cli *cli, const struct edits *all, uint32_t from, uint32_t to)
{
	struct phx_str text = cli->sources.files.v[all->v[from].file]->text, kept;
	struct phx_buf out = {0};
	uint32_t at = 0;

	for (uint32_t i = from; i < to; i++) {
		phx_buf_str(&out, phx_str_slice(text, at, all->v[i].start - at));
		phx_buf_str(&out, all->v[i].text);
		at = all->v[i].end;
	}
	phx_buf_str(&out, phx_str_from(text, at));
	kept = phx_str_dup(cli->arena, phx_buf_view(&out));
	phx_buf_done(&out);
	return kept;
}

/* Both texts have the same lines but for those that were edited: a hunk a line, without context, is exact. */
static void unified(struct phx_str path, struct phx_str before, struct phx_str after, struct phx_buf *out)
{
	struct phx_str a = before, b = after, x, y;
	uint32_t line = 0;

	phx_buf_printf(out, "--- " PHX_STR_FMT "\n+++ " PHX_STR_FMT "\n", PHX_STR_ARG(path),
		       PHX_STR_ARG(path));
	while (phx_str_cut(&a, '\n', &x) && phx_str_cut(&b, '\n', &y)) {
		line++;
		if (phx_str_eq(x, y))
			continue;
		phx_buf_printf(out, "@@ -%u +%u @@\n-" PHX_STR_FMT "\n+" PHX_STR_FMT "\n", line, line,
			       PHX_STR_ARG(x), PHX_STR_ARG(y));
	}
}

int phx_cli_accept_drift(struct phx_cli *cli)
{
	const char *out = phx_args_value(&cli->args, "out");
	struct phx_plan *plan = NULL;
	struct edits all = {0};
	struct phx_buf text = {0};
	uint32_t left = 0, to;
	bool ok = true;

	if (phx_cli_load(cli, PHX_LOAD_PLAN))
		plan = phx_cli_plan(cli, false);
	if (!plan)
		plan = cli->refused;
	if (!plan)
		return phx_cli_refuse(cli);
	(void)phx_plan_only_drift(plan);
	collect(cli, plan, &all, &left);
	for (uint32_t from = 0; from < all.n && ok; from = to) {
		const struct phx_source *src = cli->sources.files.v[all.v[from].file];
		struct phx_str after;

		for (to = from; to < all.n && all.v[to].file == all.v[from].file;)
			to++;
		after = edited(cli, &all, from, to);
		unified(src->path, src->text, after, &text);
		if (phx_args_flag(&cli->args, "write"))
			ok = phx_write_file_atomic(phx_str_dup(cli->arena, src->path).ptr, after, 0644,
						   &cli->err);
	}
	ok = ok && phx_cli_write(cli, out, &text);
	phx_buf_done(&text);
	if (!ok)
		return phx_cli_fail(cli);
	return left ? PHX_EXIT_ERROR : PHX_EXIT_OK;
}
