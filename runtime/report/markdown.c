/* The plan as a comment under a pull request: what destroys first, details folded, and never more than the comment may hold. */
#include "plan/preflight.h"
#include "report/markdown_priv.h"

enum { NAMES_MOST = 20, DIAGS_MOST = 30, MESSAGE_MOST = 300, RESERVE = 900 };

/* What stands before the changes takes at most half of the comment. */
static bool room(const struct markdown *m, const struct phx_buf *out)
{
	return out->len - m->start < m->most / 2 - 2 * MESSAGE_MOST;
}

static const char *const titles[MD_RANKS] = {
	[MD_LOST] = "Deleted, replaced, or data is lost",
	[MD_INTERRUPTED] = "Restarted or stopped",
	[MD_PENDING] = "From the next start on",
	[MD_LIVE] = "Changed in place",
	[MD_NEW] = "New",
};

/* In an HTML comment nothing but letters, digits and single dashes is safe. */
static void marker(const struct markdown *m, struct phx_buf *out)
{
	phx_buf_c(out, "<!-- phx-plan:");
	for (size_t i = 0; i < m->p->stack.len && i < 100; i++) {
		char c = m->p->stack.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '_' || (c == '-' && i && m->p->stack.ptr[i - 1] != '-');

		phx_buf_ch(out, plain ? c : '_');
	}
	phx_buf_c(out, " -->\n");
}

static void heading(const struct markdown *m, struct phx_buf *out)
{
	const struct phx_plan *p = m->p;

	phx_buf_c(out, "## phx plan: stack ");
	phx_md_name(m, p->stack, out);
	if (p->offline) {
		phx_buf_c(out, ", without a cluster");
	} else if (p->cluster.len) {
		phx_buf_c(out, " on ");
		phx_md_name(m, p->cluster, out);
	}
	phx_buf_c(out, "\n\n**");
	phx_report_plan_summary(p, out);
	phx_buf_c(out, "**\n\n");
	if (p->offline)
		phx_buf_c(out, "Planned without a cluster: everything counts as new.\n\n");
	if (p->targeted)
		phx_buf_c(out, "Only a part of the configuration is planned.\n\n");
}

static void loud(const struct markdown *m, const char *what, bool (*is)(const struct phx_change *c),
		 struct phx_buf *out)
{
	uint32_t n = 0, total = phx_report_count(m->p, is);

	if (!total)
		return;
	phx_buf_printf(out, "> **⚠ %s** (%u): ", what, total);
	for (uint32_t i = 0; i < m->p->changes.n && n < NAMES_MOST && room(m, out); i++) {
		if (!is(m->p->changes.v[i]))
			continue;
		phx_buf_c(out, n++ ? ", " : "");
		phx_md_name(m, m->p->changes.v[i]->address, out);
	}
	if (n < total)
		phx_buf_printf(out, " and %u more", total - n);
	phx_buf_c(out, "\n\n");
}

static uint32_t count(const struct phx_plan *p, uint8_t action, bool (*is)(const struct phx_change *c))
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->changes.n; i++)
		n += p->changes.v[i]->action == action && is(p->changes.v[i]);
	return n;
}

static void table(const struct markdown *m, struct phx_buf *out)
{
	static const uint8_t order[] = {PHX_CH_DELETE,  PHX_CH_REPLACE, PHX_CH_UPDATE,
					PHX_CH_MIGRATE, PHX_CH_ADOPT,   PHX_CH_CREATE};
	bool any = false;

	for (size_t i = 0; i < PHX_COUNTOF(order); i++) {
		if (!m->p->count[order[i]])
			continue;
		if (!any)
			phx_buf_c(out, "| Action | Resources | Restarted | Stopped | Data loss "
				       "|\n|---|--:|--:|--:|--:|\n");
		any = true;
		phx_buf_printf(out, "| %s | %u | %u | %u | %u |\n", phx_report_verb(order[i]),
			       m->p->count[order[i]], count(m->p, order[i], phx_report_restarts),
			       count(m->p, order[i], phx_report_stops),
			       count(m->p, order[i], phx_report_loses));
	}
	if (any)
		phx_buf_ch(out, '\n');
}

static void diagnostics(struct markdown *m, struct phx_buf *out)
{
	struct phx_plan_diags d = phx_report_diags(m->p, &m->work);

	uint32_t told = 0;

	if (d.n)
		phx_buf_c(out, "### Reported while planning\n\n");
	for (; told < d.n && told < DIAGS_MOST && room(m, out); told++) {
		const struct phx_plan_diag *x = &d.v[told];

		phx_buf_c(out, "- **");
		phx_md_text(m, phx_str_slice(x->severity, 0, 10), out);
		phx_buf_ch(out, ' ');
		phx_md_text(m, phx_str_slice(x->code, 0, 10), out);
		phx_buf_c(out, "** ");
		if (x->has_place) {
			phx_md_name(m, x->place.path, out);
			phx_buf_printf(out, " line %u: ", x->place.line);
		}
		phx_md_text(m, phx_str_slice(x->message, 0, MESSAGE_MOST), out);
		phx_buf_ch(out, '\n');
	}
	if (d.n > told)
		phx_buf_printf(out, "- and %u more\n", d.n - told);
	if (d.n)
		phx_buf_ch(out, '\n');
}

static void finding(const struct markdown *m, const struct phx_policy_result *r, struct phx_str message,
		    struct phx_buf *out)
{
	phx_buf_printf(out, "- **%s** ",
		       !r->findings.n ? "could not be evaluated"
		       : r->deny      ? "denied"
				      : "warning");
	phx_md_name(m, r->name, out);
	phx_buf_c(out, message.len ? ": " : "");
	phx_md_text(m, phx_str_slice(message, 0, MESSAGE_MOST), out);
	phx_buf_ch(out, '\n');
}

static void policies(const struct markdown *m, struct phx_buf *out)
{
	const struct phx_policy_report *all = m->p->policies;
	uint32_t passed = 0, found = 0, told = 0;

	for (uint32_t i = 0; all && i < all->v.n; i++) {
		const struct phx_policy_result *r = &all->v.v[i];
		uint32_t n = r->passed ? 0 : r->findings.n ? r->findings.n : 1;

		passed += r->passed;
		if (n && !found)
			phx_buf_c(out, "### Policies\n\n");
		found += n;
		for (uint32_t k = 0; k < n && told < DIAGS_MOST && room(m, out); k++, told++)
			finding(m, r, r->findings.n ? r->findings.v[k].message : PHX_STR(""), out);
	}
	if (found > told)
		phx_buf_printf(out, "- and %u more\n", found - told);
	if (found)
		phx_buf_ch(out, '\n');
	if (passed)
		phx_buf_printf(out, "%u polic%s passed.\n\n", passed, passed == 1 ? "y" : "ies");
}

static void estimate(const struct markdown *m, struct phx_buf *out)
{
	struct phx_buf text = {0};

	phx_report_estimate(m->p, &text);
	if (text.len) {
		phx_md_text(m, phx_buf_view(&text), out);
		phx_buf_c(out, "\n\n");
	}
	phx_buf_done(&text);
}

/* Only what the plan takes too much of: the rest is no matter for a comment. */
static void capacity(const struct markdown *m, struct phx_buf *out)
{
	uint32_t over = 0;

	for (uint32_t i = 0; m->p->capacity && i < m->p->capacity->rows.n && room(m, out); i++) {
		const struct phx_capacity_row *r = &m->p->capacity->rows.v[i];

		if (!r->over)
			continue;
		phx_buf_c(out, over++ ? ", " : "> **⚠ MORE THAN THERE IS**: ");
		phx_md_name(m, r->node, out);
		phx_buf_ch(out, ' ');
		if (r->kind == PHX_CAP_STORAGE)
			phx_md_name(m, r->storage, out);
		else
			phx_buf_c(out, r->kind == PHX_CAP_MEMORY ? "memory" : "processors");
	}
	if (over)
		phx_buf_c(out, "\n\n");
}

static void foot(const struct markdown *m, struct phx_buf *out)
{
	phx_buf_c(out, "<sub>phx ");
	phx_md_text(m, phx_str_slice(m->p->version, 0, 20), out);
	if (m->p->proxmox.len) {
		phx_buf_c(out, ", Proxmox VE ");
		phx_md_text(m, phx_str_slice(m->p->proxmox, 0, 20), out);
	}
	phx_buf_printf(out, ", %u actions</sub>\n", m->p->actions.n);
}

static size_t block_size(const struct markdown_block *b, uint8_t extent)
{
	if (extent == MD_NOTHING)
		return 0;
	if (extent == MD_LINE || !b->details.len)
		return b->line.len + 3;
	return b->line.len + b->details.len + sizeof("<details><summary></summary>\n\n</details>\n\n");
}

/* Details of what does least go first, then its lines; what loses data is told in full as long as anything is. */
static void fit(struct markdown_blocks *b, size_t have, size_t most)
{
	for (uint8_t extent = MD_LINE; extent <= MD_NOTHING; extent++) {
		for (uint32_t i = b->n; i-- > 0 && have > most;) {
			struct markdown_block *x = &b->v[i];
			size_t was = block_size(x, x->extent), now = block_size(x, extent);

			x->extent = extent;
			have = have - was + now;
		}
	}
}

static void write_blocks(const struct markdown_blocks *b, struct phx_buf *out)
{
	int rank = -1;

	for (uint32_t i = 0; i < b->n; i++) {
		const struct markdown_block *x = &b->v[i];
		bool folds = x->extent == MD_FULL && x->details.len;

		if (x->extent == MD_NOTHING)
			continue;
		if (x->rank != rank) {
			if (rank >= 0)
				phx_buf_ch(out, '\n');
			phx_buf_printf(out, "### %s\n\n", titles[x->rank]);
		}
		rank = x->rank;
		phx_buf_c(out, folds ? x->rank == MD_LOST ? "<details open><summary>" : "<details><summary>"
				     : "- ");
		phx_buf_str(out, phx_buf_view(&x->line));
		if (folds) {
			phx_buf_c(out, "</summary>\n\n");
			phx_buf_str(out, phx_buf_view(&x->details));
			phx_buf_c(out, "</details>\n");
		}
		phx_buf_ch(out, '\n');
	}
}

/* What is not there is counted, by what it does. */
static void left_out(const struct markdown_blocks *b, struct phx_buf *out)
{
	struct phx_buf text = {0};

	for (uint8_t extent = MD_LINE; extent <= MD_NOTHING; extent++) {
		for (uint32_t r = 0; r < MD_RANKS; r++) {
			uint32_t n = 0;

			for (uint32_t i = 0; i < b->n; i++)
				if (b->v[i].rank == r && b->v[i].extent == extent && b->v[i].details.len)
					n += b->v[i].changes;
			if (n)
				phx_buf_printf(&text, "%s%s %u (%s)", text.len ? "; " : "",
					       extent == MD_LINE ? "the details of" : "all about", n,
					       titles[r]);
		}
	}
	if (text.len)
		phx_buf_printf(out,
			       "\n> **Shortened to fit.** Left out: " PHX_STR_FMT
			       ". The saved plan has everything.\n\n",
			       PHX_STR_ARG(phx_buf_view(&text)));
	phx_buf_done(&text);
}

void phx_report_plan_markdown(const struct phx_plan *p, const struct phx_report_options *o,
			      struct phx_buf *out)
{
	struct markdown m = {.p = p,
			     .o = o,
			     .start = out->len,
			     .most = o->max_bytes ? o->max_bytes : PHX_REPORT_MARKDOWN_MAX};
	struct markdown_blocks blocks = phx_md_blocks(&m);
	size_t have;

	marker(&m, out);
	heading(&m, out);
	loud(&m, "DATA LOSS", phx_report_loses, out);
	loud(&m, "RESTART", phx_report_restarts, out);
	loud(&m, "STOPPED", phx_report_stops, out);
	if (p->policies && (p->policies->denied || p->policies->broken))
		phx_buf_c(out, "> **⚠ REFUSED BY POLICY**: see below\n\n");
	capacity(&m, out);
	table(&m, out);
	estimate(&m, out);
	policies(&m, out);
	diagnostics(&m, out);
	have = out->len - m.start + RESERVE + 60 * MD_RANKS;
	for (uint32_t i = 0; i < blocks.n; i++)
		have += block_size(&blocks.v[i], MD_FULL);
	fit(&blocks, have, m.most);
	write_blocks(&blocks, out);
	left_out(&blocks, out);
	foot(&m, out);
	for (uint32_t i = 0; i < blocks.n; i++) {
		phx_buf_done(&blocks.v[i].line);
		phx_buf_done(&blocks.v[i].details);
	}
	phx_arena_done(&m.work);
}
