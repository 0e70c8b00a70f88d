/* The plan as one page: no network, no other file, and nothing in it that a configuration or a cluster could make run. */
#include <string.h>

#include "plan/preflight.h"
#include "report/embedded.h"
#include "report/html_priv.h"

/* 'sha256-…' of an embedded text: nothing else may style or run. */
static void hash_source(struct html *h, struct phx_str text)
{
	struct phx_str hex = phx_sha256_hex(&h->work, text);
	char bytes[32];

	for (size_t i = 0; i < sizeof(bytes); i++) {
		char pair[2] = {hex.ptr[2 * i], hex.ptr[2 * i + 1]};
		int n = 0;

		for (int k = 0; k < 2; k++)
			n = n * 16 + (pair[k] <= '9' ? pair[k] - '0' : pair[k] - 'a' + 10);
		bytes[i] = (char)n;
	}
	phx_html(h, "'sha256-");
	phx_buf_base64(h->out, (struct phx_str){bytes, sizeof(bytes)});
	phx_html(h, "'");
}

static void title(struct html *h)
{
	phx_html(h, "phx plan: ");
	phx_html_text(h, h->p->stack);
	if (h->p->offline) {
		phx_html(h, ", without a cluster");
	} else if (h->p->cluster.len) {
		phx_html(h, " on ");
		phx_html_text(h, h->p->cluster);
	}
}

static void head(struct html *h)
{
	struct phx_str css = {phx_report_css, phx_report_css_len}, js = {phx_report_js, phx_report_js_len};

	phx_html(h, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
	hash_source(h, css);
	phx_html(h, "; script-src ");
	hash_source(h, js);
	phx_html(
		h,
		"; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	title(h);
	phx_html(h, "</title>\n<style>");
	phx_buf_str(h->out, css);
	phx_html(h, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#changes\">To the "
		    "changes</a>\n<header>\n<h1>");
	title(h);
	phx_html(h, "</h1>\n<button type=\"button\" class=\"theme\" id=\"theme\" hidden>Colours: "
		    "automatic</button>\n<p "
		    "class=\"total\">");
	phx_report_plan_summary(h->p, h->out);
	phx_html(h, "</p>\n</header>\n<main>\n");
}

static void loud(struct html *h, const char *what, bool (*is)(const struct phx_change *c))
{
	enum { NAMES_MOST = 60 };
	uint32_t n = 0, total = phx_report_count(h->p, is);

	if (!total)
		return;
	phx_buf_printf(h->out, "<p class=\"loud\"><strong>%s</strong> (%u): ", what, total);
	for (uint32_t i = 0; i < h->p->changes.n && n < NAMES_MOST; i++) {
		if (!is(h->p->changes.v[i]))
			continue;
		phx_html(h, n++ ? ", " : "");
		phx_buf_printf(h->out, "<a href=\"#c%u\">", i + 1);
		phx_html_text(h, h->p->changes.v[i]->address);
		phx_html(h, "</a>");
	}
	if (n < total)
		phx_buf_printf(h->out, " and %u more", total - n);
	phx_html(h, "</p>\n");
}

static void counts(struct html *h)
{
	static const uint8_t order[] = {PHX_CH_DELETE,  PHX_CH_REPLACE, PHX_CH_UPDATE,
					PHX_CH_MIGRATE, PHX_CH_ADOPT,   PHX_CH_CREATE};

	if (!h->p->changes.n)
		return;
	phx_html(h, "<table><caption>How many resources</caption><thead><tr><th scope=\"col\">Action</th><th "
		    "scope=\"col\">Resources</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < PHX_COUNTOF(order); i++)
		if (h->p->count[order[i]])
			phx_buf_printf(
				h->out, "<tr><th scope=\"row\">%s %s</th><td class=\"n\">%u</td></tr>\n",
				phx_report_sign(order[i]), phx_report_verb(order[i]), h->p->count[order[i]]);
	phx_html(h, "</tbody></table>\n");
}

static void diagnostics(struct html *h)
{
	struct phx_plan_diags d = phx_report_diags(h->p, &h->work);

	if (!d.n)
		return;
	phx_html(h, "<h3>Reported while planning</h3>\n<ul>\n");
	for (uint32_t i = 0; i < d.n; i++) {
		const struct phx_plan_diag *x = &d.v[i];

		phx_html(h, "<li><strong>");
		phx_html_text(h, x->severity);
		phx_html(h, " ");
		phx_html_text(h, x->code);
		phx_html(h, "</strong> ");
		if (x->has_place) {
			phx_html_code(h, phx_str_printf(&h->work, PHX_STR_FMT ":%u",
							PHX_STR_ARG(x->place.path), x->place.line));
			phx_html(h, " ");
		}
		phx_html_text(h, x->message);
		for (uint32_t k = 0; k < x->helps.n; k++) {
			phx_html(h, "<br><span class=\"dim\">");
			phx_html_text(h, x->helps.v[k]);
			phx_html(h, "</span>");
		}
		phx_html(h, "</li>\n");
	}
	phx_html(h, "</ul>\n");
}

static void policies(struct html *h)
{
	const struct phx_policy_report *all = h->p->policies;

	if (!all || !all->v.n)
		return;
	phx_html(h, "<h3>Policies</h3>\n<ul>\n");
	for (uint32_t i = 0; i < all->v.n; i++) {
		const struct phx_policy_result *r = &all->v.v[i];

		phx_html(h, "<li>");
		phx_html_code(h, r->name);
		phx_html(h, r->passed        ? " passed"
			    : !r->findings.n ? " <strong>could not be evaluated</strong>"
			    : r->deny        ? " <strong>denies the plan</strong>"
					     : " <strong>warns</strong>");
		for (uint32_t k = 0; k < r->findings.n; k++) {
			phx_html(h, "<br>");
			phx_html_text(h, r->findings.v[k].message);
		}
		phx_html(h, "</li>\n");
	}
	phx_html(h, "</ul>\n");
}

static void amount(struct html *h, const struct phx_capacity_row *r, uint64_t n)
{
	phx_html(h, "<td class=\"n\">");
	if (r->kind == PHX_CAP_CORES)
		phx_html_number(h, n);
	else
		phx_buf_printf(h->out, "%.1f GiB", (double)n / (double)((uint64_t)1 << 30));
	phx_html(h, "</td>");
}

static void capacity(struct html *h)
{
	const struct phx_capacity *c = h->p->capacity;

	if (!c || !c->rows.n)
		return;
	phx_html(h, "<table><caption>Promised to guests</caption><thead><tr><th scope=\"col\">Of</th><th "
		    "scope=\"col\">before</th>"
		    "<th scope=\"col\">after</th><th scope=\"col\">there is</th><th "
		    "scope=\"col\">limit</th></tr></thead><tbody>\n");
	for (uint32_t i = 0; i < c->rows.n; i++) {
		const struct phx_capacity_row *r = &c->rows.v[i];

		phx_html(h, "<tr><th scope=\"row\">");
		phx_html_code(h, r->node);
		phx_html(h, " ");
		if (r->kind == PHX_CAP_STORAGE)
			phx_html_code(h, r->storage);
		else
			phx_html(h, r->kind == PHX_CAP_MEMORY ? "memory" : "processors");
		phx_html(h, r->over ? " <strong>more than the limit</strong></th>" : "</th>");
		amount(h, r, r->before);
		amount(h, r, r->after);
		amount(h, r, r->physical);
		amount(h, r, r->limit);
		phx_html(h, "</tr>\n");
	}
	phx_html(h, "</tbody></table>\n");
}

static void summary(struct html *h)
{
	phx_html(h, "<section aria-labelledby=\"summary-h\">\n<h2 id=\"summary-h\">Summary</h2>\n");
	if (h->p->offline)
		phx_html(h, "<p>Planned without a cluster: everything counts as new.</p>\n");
	if (h->p->targeted)
		phx_html(h, "<p>Only a part of the configuration is planned.</p>\n");
	loud(h, "DATA LOSS", phx_report_loses);
	loud(h, "RESTART", phx_report_restarts);
	loud(h, "STOPPED", phx_report_stops);
	if (h->p->policies && (h->p->policies->denied || h->p->policies->broken))
		phx_html(h, "<p class=\"loud\"><strong>REFUSED BY POLICY</strong>: see Policies below</p>\n");
	counts(h);
	capacity(h);
	policies(h);
	diagnostics(h);
	phx_html(h, "</section>\n");
}

static void inputs(struct html *h)
{
	const struct phx_plan *p = h->p;

	phx_html(h, "<section aria-labelledby=\"inputs-h\">\n<h2 id=\"inputs-h\">What it was made "
		    "from</h2>\n<details><summary>Files, "
		    "variables, cluster</summary>\n<div class=\"wide\"><table><thead><tr><th "
		    "scope=\"col\">Input</th><th "
		    "scope=\"col\">SHA-256</th></tr></thead><tbody>\n");
	for (uint32_t i = 0; i < p->inputs_read.n; i++) {
		phx_html(h, "<tr><th scope=\"row\">");
		phx_html_code(h, p->inputs_read.v[i].path);
		phx_html(h, "</th><td>");
		phx_html_code(h, p->inputs_read.v[i].sha256);
		phx_html(h, "</td></tr>\n");
	}
	phx_html(h, "</tbody></table></div>\n<p>");
	for (uint32_t i = 0; i < p->env.n; i++) {
		phx_html(h, i ? ", " : "Variables: ");
		phx_html_code(h, p->env.v[i].name);
	}
	phx_html(h, "</p>\n<p>phx ");
	phx_html_text(h, p->version);
	if (p->proxmox.len) {
		phx_html(h, "; Proxmox VE ");
		phx_html_text(h, p->proxmox);
	}
	for (uint32_t i = 0; i < p->nodes.n; i++) {
		phx_html(h, i ? ", " : "; nodes: ");
		phx_html_code(h, p->nodes.v[i]);
	}
	phx_html(h, "</p>\n</details>\n</section>\n");
}

/* Look-ups by address and path, and the actions of each change. */
static void prepare(struct html *h)
{
	const struct phx_plan *p = h->p;

	h->actions =
		phx_arena_alloc_n(&h->work, p->changes.n + 1, sizeof(*h->actions), _Alignof(max_align_t));
	for (uint32_t i = 0; i < p->changes.n; i++)
		phx_map_put(&h->work, &h->index, p->changes.v[i]->address, NULL)->num = i + 1;
	for (uint32_t i = 0; i < p->inputs_read.n; i++)
		phx_map_put(&h->work, &h->sources, p->inputs_read.v[i].path, NULL)->ptr =
			&p->inputs_read.v[i];
	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_map_entry *e = phx_map_find(&h->index, p->actions.v[i]->address);

		if (e)
			phx_vec_push(&h->work, &h->actions[e->num - 1], i);
	}
}

void phx_report_plan_html(const struct phx_plan *p, const struct phx_report_options *o, struct phx_buf *out)
{
	struct html h = {.p = p, .o = o, .out = out};

	prepare(&h);
	head(&h);
	summary(&h);
	phx_html_changes(&h);
	phx_html_graph(&h);
	phx_html_time(&h);
	inputs(&h);
	phx_html(&h, "</main>\n<footer class=\"dim\"><p>Made by phx. This page holds everything; it loads "
		     "nothing.</p></footer>\n"
		     "<script>");
	phx_buf_add(out, phx_report_js, phx_report_js_len);
	phx_html(&h, "</script>\n</body>\n</html>\n");
	phx_buf_done(&h.text);
	phx_arena_done(&h.work);
}
