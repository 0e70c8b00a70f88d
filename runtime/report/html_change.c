/* One entry a change: what, before and after, from which lines of the source, by which calls. */
#include <stdlib.h>

#include "report/html_priv.h"

enum { VALUE_MOST = 4000 };

static void value(struct html *h, struct phx_str s)
{
	size_t n = s.len > VALUE_MOST ? VALUE_MOST : s.len;

	while (n && n < s.len && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
		n--;
	phx_html_code(h, phx_str_slice(s, 0, n));
	if (n < s.len)
		phx_buf_printf(h->out, " … (%zu bytes more)", s.len - n);
}

static void side(struct html *h, const struct phx_attr_change *a, bool has, struct phx_str v, const char *tag)
{
	phx_html(h, "<td>");
	if (has && !a->sensitive) {
		phx_buf_printf(h->out, "<%s>", tag);
		value(h, v);
		phx_buf_printf(h->out, "</%s>", tag);
	} else if (has) {
		phx_html(h, "(secret)");
	} else {
		phx_html(h, "<span class=\"dim\">none</span>");
	}
	phx_html(h, "</td>");
}

static void place(struct html *h, struct phx_span span)
{
	struct phx_buf text = {0};

	if (phx_report_place(h->p, span, &text))
		phx_html_code(h, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void attribute(struct html *h, const struct phx_change *c, const struct phx_attr_change *a)
{
	const char *effect = c->action == PHX_CH_CREATE ? NULL : phx_report_effect(a->impact);

	phx_html(h, "<tr><th scope=\"row\">");
	phx_html_code(h, a->path);
	phx_html(h, "</th>");
	if (c->action != PHX_CH_CREATE)
		side(h, a, a->has_before, a->before, "del");
	side(h, a, a->has_after, a->after, "ins");
	phx_html(h, "<td>");
	if (effect)
		phx_buf_printf(h->out, "<strong>%s</strong>", effect);
	if (effect && a->reason.len)
		phx_html(h, ": ");
	phx_html_text(h, a->reason);
	phx_html(h, "</td><td>");
	place(h, a->span);
	phx_html(h, "</td></tr>\n");
}

static void attributes(struct html *h, const struct phx_change *c)
{
	if (!c->attributes.n)
		return;
	phx_html(h, "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Attribute</th>");
	phx_html(h, c->action == PHX_CH_CREATE ? "<th scope=\"col\">Value</th>"
					       : "<th scope=\"col\">Before</th><th scope=\"col\">After</th>");
	phx_html(h, "<th scope=\"col\">Effect</th><th scope=\"col\">Source</th></tr></thead><tbody>\n");
	for (uint32_t i = 0; i < c->attributes.n; i++)
		attribute(h, c, &c->attributes.v[i]);
	phx_html(h, "</tbody></table></div>\n");
}

static void notes(struct html *h, const struct phx_change *c)
{
	if (!c->notes.n)
		return;
	phx_html(h, "<ul>");
	for (uint32_t i = 0; i < c->notes.n; i++) {
		bool loud = phx_report_loses(c) && phx_str_ends(c->notes.v[i], "destroyed");

		phx_html(h, loud ? "<li><strong>" : "<li>");
		phx_html_text(h, c->notes.v[i]);
		phx_html(h, loud ? "</strong></li>" : "</li>");
	}
	phx_html(h, "</ul>\n");
}

/* --- excerpts --- */

static const struct phx_plan_line *find_line(const struct phx_plan_source *s, uint32_t line)
{
	uint32_t low = 0, high = s ? s->lines.n : 0;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (s->lines.v[mid].line == line)
			return &s->lines.v[mid];
		if (s->lines.v[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int by_line(const void *a, const void *b)
{
	const struct phx_pos *x = a, *y = b;
	int path = phx_str_cmp(x->path, y->path);

	return path ? path : x->line < y->line ? -1 : x->line > y->line;
}

static void excerpt_line(struct html *h, const struct phx_pos *at)
{
	const struct phx_plan_line *line = find_line(phx_map_get(&h->sources, at->path), at->line);

	if (!line)
		return;
	phx_buf_printf(h->out, "<span class=\"no\">%u</span>", at->line);
	phx_html_lines(h, line->text);
	phx_html(h, "\n");
}

/* The lines that this change comes from, those alone. */
static void excerpt(struct html *h, const struct phx_change *c)
{
	struct phx_pos *v = PHX_NEW_N(&h->work, struct phx_pos, c->attributes.n + 1);
	uint32_t n = 0;
	bool open = false;

	n += phx_plan_place(h->p, c->span, &v[n]);
	for (uint32_t i = 0; i < c->attributes.n; i++)
		n += phx_plan_place(h->p, c->attributes.v[i].span, &v[n]);
	if (n)
		qsort(v, n, sizeof(*v), by_line);
	for (uint32_t i = 0; i < n; i++) {
		if (i && by_line(&v[i - 1], &v[i]) == 0)
			continue;
		if (!find_line(phx_map_get(&h->sources, v[i].path), v[i].line))
			continue;
		if (!open || !phx_str_eq(v[i - 1].path, v[i].path)) {
			phx_html(h, open ? "</pre></figure><figure><figcaption>" : "<figure><figcaption>");
			phx_html_code(h, v[i].path);
			phx_html(h, "</figcaption><pre>");
			open = true;
		}
		excerpt_line(h, &v[i]);
	}
	phx_html(h, open ? "</pre></figure>\n" : "");
}

/* --- calls --- */

static void params(struct html *h, const struct phx_action *a)
{
	for (uint32_t i = 0; i < a->params.v.n; i++) {
		const struct phx_param *x = &a->params.v.v[i];

		phx_html(h, "\n    ");
		phx_html_text(h, x->name);
		phx_html(h, " = ");
		phx_html_text(h, x->secret ? PHX_STR("(secret)") : x->value);
	}
	if (a->later & PHX_LATER_DIGEST)
		phx_html(h, "\n    digest = (read right before the call)");
}

static void action(struct html *h, const struct phx_action *a)
{
	phx_buf_printf(h->out, "a%u  ", a->id);
	phx_html_text(h, a->summary);
	if (a->needs.n) {
		phx_html(h, "  after");
		for (uint32_t i = 0; i < a->needs.n; i++)
			phx_buf_printf(h->out, " a%u", a->needs.v[i]);
	}
	if (a->type == PHX_ACT_CALL) {
		phx_buf_printf(h->out, "\n    %s ", phx_method_name(a->method));
		phx_html_text(h, a->path);
		params(h, a);
	}
	if (a->type == PHX_ACT_HOST) {
		phx_html(h, "\n   ");
		for (uint32_t i = 0; i < a->body->argv.n; i++) {
			phx_html(h, " ");
			phx_html_text(h, a->body->argv.v[i]);
		}
	}
	phx_html(h, "\n");
}

static void calls(struct html *h, uint32_t index)
{
	uint32_t n = h->actions[index].n;

	if (!n)
		return;
	phx_buf_printf(h->out, "<details><summary>%u action%s</summary><pre>", n, n == 1 ? "" : "s");
	for (uint32_t i = 0; i < n; i++)
		action(h, h->p->actions.v[h->actions[index].v[i]]);
	phx_html(h, "</pre></details>\n");
}

/* --- the entry --- */

static void badges(struct html *h, const struct phx_change *c)
{
	if (phx_report_loses(c))
		phx_html(h, " <span class=\"badge\">DATA LOSS</span>");
	if (phx_report_stops(c))
		phx_html(h, " <span class=\"badge\">STOPPED</span>");
	if (c->restart)
		phx_html(h, " <span class=\"badge\">RESTART</span>");
	if (c->impact == PHX_EFFECT_PENDING)
		phx_html(h, " <span class=\"badge mild\">from its next start on</span>");
}

/* The first few, so that most entries need no opening. */
static void gist(struct html *h, const struct phx_change *c)
{
	enum { MOST = 3, LONGEST = 60 };
	uint32_t n = c->action == PHX_CH_CREATE ? 0 : c->attributes.n;

	for (uint32_t i = 0; i < n && i < MOST; i++) {
		struct phx_buf text = {0};

		phx_report_before_after(&c->attributes.v[i], &text);
		phx_html(h, i ? ", " : " ");
		phx_html_text(h, c->attributes.v[i].path);
		phx_html(h, " ");
		if (text.len <= LONGEST)
			phx_html_text(h, phx_buf_view(&text));
		else
			phx_html(h, "changes");
		phx_buf_done(&text);
	}
	if (n > MOST)
		phx_buf_printf(h->out, ", %u more", n - MOST);
	if (!n && c->reason.len) {
		phx_html(h, " ");
		phx_html_text(h, c->reason);
	}
}

static void change(struct html *h, uint32_t index)
{
	const struct phx_change *c = h->p->changes.v[index];

	phx_buf_printf(h->out, "<div id=\"c%u\" role=\"listitem\"", index + 1);
	phx_html_class(h, "change", c->action);
	phx_buf_printf(h->out,
		       " data-action=\"%s\" data-impact=\"%s\"><details><summary><span class=\"what\"><span "
		       "class=\"sign\" aria-hidden=\"true\">%s</span> %s</span> <strong>",
		       phx_report_verb(c->action), phx_effect_name((enum phx_effect)c->impact),
		       phx_report_sign(c->action), phx_report_verb(c->action));
	phx_html_text(h, c->address);
	phx_html(h, "</strong> <span class=\"dim\">");
	if (c->id)
		phx_html_number(h, c->id);
	if (c->node.len) {
		phx_html(h, " on ");
		phx_html_text(h, c->node);
	}
	phx_html(h, "</span>");
	badges(h, c);
	phx_html(h, "<span class=\"dim\">");
	gist(h, c);
	phx_html(h, "</span></summary><div class=\"body\">\n");
	if (c->reason.len) {
		phx_html(h, "<p>");
		phx_html_text(h, c->reason);
		phx_html(h, "</p>");
	}
	notes(h, c);
	attributes(h, c);
	excerpt(h, c);
	calls(h, index);
	phx_html(h, "</div></details></div>\n");
}

static void boxes(struct html *h, const char *name, const char *title, const char *const *values,
		  const uint32_t *counts, uint32_t n)
{
	phx_buf_printf(h->out, "<fieldset><legend>%s</legend>", title);
	for (uint32_t i = 0; i < n; i++)
		if (counts[i])
			phx_buf_printf(h->out,
				       "<label><input type=\"checkbox\" name=\"%s\" value=\"%s\" checked> %s "
				       "(%u)</label>",
				       name, values[i], values[i], counts[i]);
	phx_html(h, "</fieldset>\n");
}

static void filter(struct html *h)
{
	enum { EFFECTS = PHX_EFFECT_DATA_LOSS + 1 };
	const char *actions[PHX_CH_COUNT], *effects[EFFECTS];
	uint32_t by_action[PHX_CH_COUNT] = {0}, by_effect[EFFECTS] = {0};

	for (uint32_t i = 0; i < PHX_CH_COUNT; i++)
		actions[i] = phx_report_verb((uint8_t)i);
	for (uint32_t i = 0; i < EFFECTS; i++)
		effects[i] = phx_effect_name((enum phx_effect)i);
	for (uint32_t i = 0; i < h->p->changes.n; i++) {
		by_action[h->p->changes.v[i]->action]++;
		by_effect[h->p->changes.v[i]->impact]++;
	}
	phx_html(
		h,
		"<form class=\"filter\" id=\"filter\" role=\"search\" aria-label=\"Filter changes\" hidden>\n"
		"<label>Text <input type=\"search\" id=\"search\" placeholder=\"name, id, attribute, file "
		"(/)\" "
		"autocomplete=\"off\"></label>\n");
	boxes(h, "action", "Action", actions, by_action, PHX_CH_COUNT);
	boxes(h, "impact", "Impact", effects, by_effect, EFFECTS);
	phx_html(h, "<button type=\"reset\">Show all</button>\n<output id=\"shown\" "
		    "aria-live=\"polite\"></output>\n"
		    "</form>\n<p class=\"controls\" hidden><button type=\"button\" id=\"open-all\">Unfold "
		    "all shown</button> "
		    "<button type=\"button\" id=\"close-all\">Fold all shown</button></p>\n");
}

void phx_html_changes(struct html *h)
{
	phx_html(h, "<section id=\"changes\" aria-labelledby=\"changes-h\" tabindex=\"-1\">\n<h2 "
		    "id=\"changes-h\">Changes, "
		    "in the order of execution</h2>\n");
	if (!h->p->changes.n) {
		phx_html(h, "<p>There is nothing to do.</p>\n</section>\n");
		return;
	}
	filter(h);
	phx_html(h, "<div class=\"changes\" id=\"list\" role=\"list\">\n");
	for (uint32_t i = 0; i < h->p->changes.n; i++)
		change(h, i);
	phx_html(h, "</div>\n</section>\n");
}
