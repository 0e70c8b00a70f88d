/* Changes as blocks of Markdown: a line that is always read, and details that fold away. */
#include <string.h>

#include "report/markdown_priv.h"

enum { VALUE_MOST = 800, NAME_MOST = 100, SMALLEST_GROUP = 3, NAMES_MOST = 2000 };

/* At most n bytes, no character in halves. */
static struct phx_str head(struct phx_str s, size_t n)
{
	while (n && n < s.len && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
		n--;
	return phx_str_slice(s, 0, n);
}

/* Whatever may mean something is written as a character reference, which never does. In running text a comment follows what
 * calls people, issues or requests by name (`@all`, `#12`, `!12`): so it is not what the site looks for. */
static void escape(struct phx_str s, bool in_code, struct phx_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool plain = c >= 0x80 || c == ' ' || c == ',' || c == '/' || c == '-' || c == '.' ||
			     (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (c == '.' && i >= 3 && phx_str_eqc(phx_str_slice(s, i - 3, 3), "www"))
			plain = false;
		if (plain)
			phx_buf_ch(out, (char)c);
		else
			phx_buf_printf(out, "&#%u;", c);
		if (!plain && !in_code && strchr("@#!~%$&", c))
			phx_buf_c(out, "<!-- -->");
	}
}

static void write(const struct markdown *m, struct phx_str text, bool in_code, struct phx_buf *out)
{
	struct phx_buf line = {0}, safe = {0};
	struct phx_str s;

	phx_report_one_line(text, &line);
	if (m->o->secrets)
		phx_secrets_mask(m->o->secrets, phx_buf_view(&line), &safe);
	else
		phx_buf_str(&safe, phx_buf_view(&line));
	s = phx_buf_view(&safe);
	if (s.len > VALUE_MOST) {
		escape(head(s, VALUE_MOST), in_code, out);
		phx_buf_printf(out, " … (%zu bytes more)", s.len - head(s, VALUE_MOST).len);
	} else {
		escape(s, in_code, out);
	}
	phx_buf_done(&line);
	phx_buf_done(&safe);
}

void phx_md_text(const struct markdown *m, struct phx_str text, struct phx_buf *out)
{
	write(m, text, false, out);
}

void phx_md_code(const struct markdown *m, struct phx_str text, struct phx_buf *out)
{
	phx_buf_c(out, "<code>");
	write(m, text, true, out);
	phx_buf_c(out, "</code>");
}

void phx_md_name(const struct markdown *m, struct phx_str text, struct phx_buf *out)
{
	phx_md_code(m, head(text, NAME_MOST), out);
	phx_buf_c(out, text.len > NAME_MOST ? "…" : "");
}

static uint8_t rank(const struct phx_change *c)
{
	if (c->action == PHX_CH_DELETE || c->action == PHX_CH_REPLACE || phx_report_loses(c))
		return MD_LOST;
	if (c->restart || c->impact == PHX_EFFECT_RESTART || phx_report_stops(c))
		return MD_INTERRUPTED;
	if (c->impact == PHX_EFFECT_PENDING)
		return MD_PENDING;
	return c->action == PHX_CH_CREATE ? MD_NEW : MD_LIVE;
}

static void side(const struct markdown *m, const struct phx_attr_change *a, bool has, struct phx_str value,
		 struct phx_buf *out)
{
	if (a->sensitive)
		phx_buf_c(out, has ? "(secret)" : "");
	else if (has && value.len)
		phx_md_code(m, value, out);
}

static void effect(const struct markdown *m, const struct phx_change *c, const struct phx_attr_change *a,
		   struct phx_buf *out)
{
	const char *word = c->action == PHX_CH_CREATE ? NULL : phx_report_effect(a->impact);

	if (word)
		phx_buf_printf(out, a->impact >= PHX_EFFECT_RESTART ? "**%s**" : "%s", word);
	if (word && a->reason.len)
		phx_buf_c(out, ": ");
	phx_md_text(m, a->reason, out);
}

static void place(const struct markdown *m, struct phx_span span, struct phx_buf *out)
{
	struct phx_buf text = {0};

	if (phx_report_place(m->p, span, &text))
		phx_md_code(m, phx_buf_view(&text), out);
	phx_buf_done(&text);
}

static void table(const struct markdown *m, const struct phx_change *c, bool common, struct phx_buf *out)
{
	bool creates = c->action == PHX_CH_CREATE;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		const struct phx_attr_change *a = &c->attributes.v[i];

		if (common && phx_report_is_own(c, a))
			continue;
		if (!n++)
			phx_buf_c(out, creates ? "| Attribute | Value | Note | Source |\n|---|---|---|---|\n"
					       : "| Attribute | Before | After | Effect | Source "
						 "|\n|---|---|---|---|---|\n");
		phx_buf_c(out, "| ");
		phx_md_code(m, a->path, out);
		phx_buf_c(out, " | ");
		if (!creates) {
			side(m, a, a->has_before, a->before, out);
			phx_buf_c(out, " | ");
		}
		side(m, a, a->has_after, a->after, out);
		phx_buf_c(out, " | ");
		effect(m, c, a, out);
		phx_buf_c(out, " | ");
		place(m, a->span, out);
		phx_buf_c(out, " |\n");
	}
	if (n)
		phx_buf_ch(out, '\n');
}

static void notes(const struct markdown *m, const struct phx_change *c, struct phx_buf *out)
{
	for (uint32_t i = 0; i < c->notes.n; i++) {
		bool loud = phx_report_loses(c) && phx_str_ends(c->notes.v[i], "destroyed");

		phx_buf_c(out, loud ? "- **" : "- ");
		phx_md_text(m, c->notes.v[i], out);
		phx_buf_c(out, loud ? "**\n" : "\n");
	}
	if (c->notes.n)
		phx_buf_ch(out, '\n');
}

/* Everybody of a group, as far as a comment can bear it. */
static void members(const struct markdown *m, const struct report_group *g, struct phx_buf *out)
{
	size_t start = out->len;
	uint32_t i;

	for (i = 0; i < g->n && out->len - start < NAMES_MOST; i++) {
		phx_buf_c(out, i ? ", " : "");
		phx_md_name(m, g->v[i]->address, out);
		if (g->v[i]->id)
			phx_buf_printf(out, " %llu", (unsigned long long)g->v[i]->id);
	}
	if (i < g->n)
		phx_buf_printf(out, " and %u more", g->n - i);
	phx_buf_c(out, "\n\n");
}

/* Attribute by attribute, while that is short. */
static void gist(const struct markdown *m, const struct phx_change *c, struct phx_buf *out)
{
	enum { MOST = 3 };

	for (uint32_t i = 0; i < c->attributes.n && i < MOST; i++) {
		struct phx_buf text = {0};

		phx_buf_c(out, i ? ", " : ": ");
		phx_md_text(m, head(c->attributes.v[i].path, NAME_MOST), out);
		phx_buf_ch(out, ' ');
		phx_report_before_after(&c->attributes.v[i], &text);
		phx_md_code(m, head(phx_buf_view(&text), 60), out);
		phx_buf_c(out, text.len > 60 ? "…" : "");
		phx_buf_done(&text);
	}
	if (c->attributes.n > MOST)
		phx_buf_printf(out, ", %u more", c->attributes.n - MOST);
}

static void line(const struct markdown *m, const struct report_group *g, struct phx_buf *out)
{
	const struct phx_change *c = g->v[0];

	phx_buf_printf(out, "%s %s ", c->action == PHX_CH_DELETE ? "&#8722;" : phx_report_sign(c->action),
		       phx_report_verb(c->action));
	if (g->n == 1) {
		phx_md_name(m, c->address, out);
		if (c->id)
			phx_buf_printf(out, " %llu", (unsigned long long)c->id);
	} else {
		phx_buf_printf(out, "%u %ss", g->n, phx_kind_name(c->kind));
	}
	if (c->node.len) {
		phx_buf_c(out, " on ");
		phx_md_text(m, c->node, out);
	}
	if (c->action == PHX_CH_CREATE || (c->reason.len && !c->attributes.n)) {
		phx_buf_c(out, c->action == PHX_CH_CREATE ? " " : ": ");
		phx_md_text(m, c->reason, out);
	} else {
		gist(m, c, out);
	}
	if (c->action == PHX_CH_CREATE)
		return;
	if (phx_report_loses(c))
		phx_buf_c(out, " <b>DATA LOSS</b>");
	if (phx_report_stops(c))
		phx_buf_c(out, " <b>STOPPED</b>");
	if (c->restart)
		phx_buf_c(out, " <b>RESTART</b>");
}

static void details(const struct markdown *m, const struct report_group *g, struct phx_buf *out)
{
	const struct phx_change *c = g->v[0];

	if (g->n > 1)
		members(m, g, out);
	if (c->action != PHX_CH_CREATE && c->reason.len && c->attributes.n) {
		phx_md_text(m, c->reason, out);
		phx_buf_c(out, "\n\n");
	}
	table(m, c, g->n > 1, out);
	notes(m, c, out);
	if (g->n == 1 && out->len) {
		struct phx_buf text = {0};

		if (phx_report_place(m->p, c->span, &text)) {
			phx_buf_c(out, "declared at ");
			phx_md_code(m, phx_buf_view(&text), out);
			phx_buf_c(out, "\n\n");
		}
		phx_buf_done(&text);
	}
}

struct markdown_blocks phx_md_blocks(struct markdown *m)
{
	struct report_groups groups = {0};
	struct markdown_blocks out = {0};

	phx_report_group(m->p, REPORT_EQUAL, SMALLEST_GROUP, &m->work, &groups);
	for (uint32_t r = MD_RANKS; r-- > 0;) {
		for (uint32_t i = 0; i < groups.n; i++) {
			struct markdown_block b = {.rank = (uint8_t)r, .changes = groups.v[i].n};

			if (rank(groups.v[i].v[0]) != r)
				continue;
			line(m, &groups.v[i], &b.line);
			details(m, &groups.v[i], &b.details);
			phx_vec_push(&m->work, &out, b);
		}
	}
	return out;
}
