/* What a saved plan keeps besides changes and actions, so that it can be judged and checked far from its sources and its cluster:
 * digests of the inputs, the lines that it names, whose cluster it is, what was observed. */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

bool phx_plan_place(const struct phx_plan *p, struct phx_span span, struct phx_pos *out)
{
	if (!phx_span_known(span))
		return false;
	if (p->from_file) {
		if (span.start >= p->places.n)
			return false;
		*out = p->places.v[span.start];
		return true;
	}
	if (!p->sources)
		return false;
	*out = phx_source_pos(p->sources, span);
	return true;
}

/* --- sources --- */

/* Values given on the command line stand in sources of their own; they may be secrets, and short. */
static bool from_command_line(const struct phx_source *s)
{
	return phx_str_eqc(s->path, "--set");
}

static struct phx_str digest(const struct phx_plan *p, const struct phx_source *s)
{
	struct phx_str salt;

	if (!from_command_line(s))
		return phx_sha256_hex(p->arena, s->text);
	salt = phx_str_printf(p->arena, "phx-plan/" PHX_STR_FMT "/--set", PHX_STR_ARG(p->stack));
	return phx_secret_hash(p->arena, salt, s->text);
}

struct wanted {
	uint32_t file, line;
	bool hidden; /* it holds a secret value */
};
struct wanted_lines {
	struct wanted *v;
	uint32_t n, cap;
};

static void want(const struct phx_plan *p, struct wanted_lines *w, struct phx_span span, bool hidden)
{
	struct phx_span end = {span.file, span.end, span.end};
	uint32_t first, last;

	if (!phx_span_known(span) || !phx_source_get(p->sources, span.file))
		return;
	first = phx_source_pos(p->sources, span).line;
	last = hidden ? phx_source_pos(p->sources, end).line : first;
	for (uint32_t line = first; line <= last; line++)
		phx_vec_push(p->arena, w, ((struct wanted){span.file, line, hidden}));
}

static int by_place(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (int)y->hidden - (int)x->hidden;
}

static struct phx_str masked(struct phx_arena *a, const struct phx_secrets *secrets, struct phx_str s)
{
	struct phx_buf out = {0};
	struct phx_str kept;

	if (!secrets)
		return phx_str_dup(a, s);
	phx_secrets_mask(secrets, s, &out);
	kept = phx_str_dup(a, phx_buf_view(&out));
	phx_buf_done(&out);
	return kept;
}

static void take_lines(struct phx_plan *p, const struct phx_secrets *secrets, const struct wanted_lines *w)
{
	for (uint32_t i = 0; i < w->n; i++) {
		const struct wanted *x = &w->v[i];

		if (i && w->v[i - 1].file == x->file && w->v[i - 1].line == x->line)
			continue;
		const struct phx_source *source = phx_source_get(p->sources, x->file);

		if (x->hidden || source->hidden || from_command_line(source))
			continue;
		phx_vec_push(p->arena, &p->inputs_read.v[x->file - 1].lines,
			     ((struct phx_plan_line){x->line,
						     masked(p->arena, secrets,
							    phx_source_line(p->sources, x->file, x->line))}));
	}
}

static void record_sources(struct phx_plan *p, const struct phx_secrets *secrets, bool excerpts)
{
	struct wanted_lines w = {0};

	for (uint32_t i = 1; i < p->sources->files.n; i++) {
		const struct phx_source *s = p->sources->files.v[i];
		struct phx_plan_source x = {.path = s->path, .sha256 = digest(p, s)};

		phx_vec_push(p->arena, &p->inputs_read, x);
	}
	for (uint32_t i = 0; excerpts && i < p->changes.n; i++) {
		const struct phx_change *c = p->changes.v[i];

		want(p, &w, c->span, false);
		for (uint32_t k = 0; k < c->attributes.n; k++)
			want(p, &w, c->attributes.v[k].span, c->attributes.v[k].sensitive);
	}
	if (w.n)
		qsort(w.v, w.n, sizeof(*w.v), by_place);
	take_lines(p, secrets, &w);
}

/* --- the cluster --- */

static void record_guest(struct phx_plan *p, const struct phx_live_guest *g)
{
	struct phx_plan_seen x = {.id = g->id,
				  .node = g->node,
				  .name = g->name,
				  .status = g->running ? PHX_STR("running") : PHX_STR("stopped"),
				  .digest = g->digest,
				  .fw_digest = g->fw_digest,
				  .fw_rules_digest = g->fw_rules_digest};

	for (uint32_t i = 0; i < g->config.n; i++)
		if (!phx_str_eqc(g->config.v[i].key, "digest") &&
		    !phx_str_eqc(g->config.v[i].key, "cipassword"))
			phx_vec_push(p->arena, &x.config, g->config.v[i]);
	phx_vec_push(p->arena, &p->seen, x);
}

void phx_plan_record(struct phx_plan *p, const struct phx_secrets *secrets, bool excerpts)
{
	const struct phx_snapshot *s = p->snapshot;

	p->version = PHX_STR(PHX_VERSION);
	p->inputs_read.n = p->nodes.n = p->seen.n = 0;
	if (p->sources)
		record_sources(p, secrets, excerpts);
	if (!s)
		return;
	p->proxmox = s->version;
	for (uint32_t i = 0; i < s->nodes.n; i++)
		phx_vec_push(p->arena, &p->nodes, s->nodes.v[i].name);
	/* Only guests that the plan touches: what happens to others does not make it stale. */
	for (uint32_t i = 0; i < p->changes.n; i++)
		if (p->changes.v[i]->live)
			record_guest(p, p->changes.v[i]->live);
}

/* --- diagnostics --- */

static int by_order(const void *a, const void *b)
{
	const struct phx_diag *x = *(const struct phx_diag *const *)a,
			      *y = *(const struct phx_diag *const *)b;

	if (x->span.file != y->span.file)
		return x->span.file < y->span.file ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static struct phx_plan_diag diag(const struct phx_plan *p, const struct phx_diag *d, struct phx_arena *a)
{
	static const char *const severities[] = {"note", "warning", "error"};
	const struct phx_code_info *info = phx_code_info(d->code);
	struct phx_plan_diag out = {.code = phx_str_c(info->name),
				    .slug = phx_str_c(info->slug),
				    .severity = phx_str_c(severities[d->severity]),
				    .message = d->message};

	out.has_place = phx_plan_place(p, d->span, &out.place);
	for (uint32_t i = 0; i < d->notes.n; i++)
		phx_vec_push(a, &out.notes, d->notes.v[i]);
	for (uint32_t i = 0; i < d->helps.n; i++)
		phx_vec_push(a, &out.helps, d->helps.v[i]);
	return out;
}

struct phx_plan_diags phx_plan_diags(const struct phx_plan *p, struct phx_arena *a)
{
	struct phx_plan_diags out = {0};
	const struct phx_diag **sorted;
	uint32_t n = p->diags ? p->diags->diags.n : 0;

	for (uint32_t i = 0; i < p->file_diags.n; i++)
		phx_vec_push(a, &out, p->file_diags.v[i]);
	if (!n || p->from_file)
		return out;
	sorted = PHX_NEW_N(a, const struct phx_diag *, n);
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = p->diags->diags.v[i];
	qsort(sorted, n, sizeof(*sorted), by_order);
	for (uint32_t i = 0; i < n; i++) {
		const struct phx_diag *d = sorted[i], *before = i ? sorted[i - 1] : NULL;

		if (before && before->code == d->code && before->span.file == d->span.file &&
		    before->span.start == d->span.start && phx_str_eq(before->message, d->message))
			continue;
		phx_vec_push(a, &out, diag(p, d, a));
	}
	return out;
}
