/* The plan as text: what happens to which resource, why and from which line, in the order in which it happens. */
#include <string.h>

#include "report/text_priv.h"

enum ink { INK_NONE, INK_CREATE, INK_UPDATE, INK_DELETE, INK_REPLACE, INK_DIM, INK_LOUD, INK_BOLD };

static void ink(const struct report *r, enum ink i)
{
	static const char *const codes[] = {
		[INK_NONE] = "\033[0m",    [INK_CREATE] = "\033[32m",  [INK_UPDATE] = "\033[33m",
		[INK_DELETE] = "\033[31m", [INK_REPLACE] = "\033[35m", [INK_DIM] = "\033[2m",
		[INK_LOUD] = "\033[1;31m", [INK_BOLD] = "\033[1m",
	};

	if (r->o->colour)
		phx_buf_c(r->out, codes[i]);
}

static const char *sign(uint8_t action, enum ink *out_ink)
{
	switch ((enum phx_change_action)action) {
	case PHX_CH_CREATE:
		*out_ink = INK_CREATE;
		return "+";
	case PHX_CH_DELETE:
		*out_ink = INK_DELETE;
		return "-";
	case PHX_CH_REPLACE:
		*out_ink = INK_REPLACE;
		return "±";
	case PHX_CH_UPDATE:
	case PHX_CH_MIGRATE:
	case PHX_CH_ADOPT:
		*out_ink = INK_UPDATE;
		return "~";
	case PHX_CH_NONE:
	case PHX_CH_COUNT:
		break;
	}
	*out_ink = INK_NONE;
	return " ";
}

uint32_t phx_report_columns(struct phx_str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

static void pad(const struct report *r, uint32_t have, uint32_t want)
{
	phx_buf_fill(r->out, ' ', have < want ? want - have : 0);
}

/* Values come from guests and configurations: one line, nothing a terminal would obey. */
static void value(const struct report *r, struct phx_str s)
{
	struct phx_str rest = s, line;
	bool first = true;

	if (!memchr(s.ptr ? s.ptr : "", '\n', s.len)) {
		phx_buf_printable(r->out, s);
		return;
	}
	while (phx_str_cut(&rest, '\n', &line)) {
		if (!first)
			phx_buf_c(r->out, rest.ptr || line.len ? " ⏎ " : "");
		phx_buf_printable(r->out, line);
		first = false;
	}
}

static void place(const struct report *r, struct phx_span span)
{
	struct phx_pos pos;

	if (!r->p->sources || !phx_span_known(span))
		return;
	pos = phx_source_pos(r->p->sources, span);
	ink(r, INK_DIM);
	phx_buf_c(r->out, "  ");
	phx_buf_str(r->out, pos.path);
	phx_buf_printf(r->out, ":%u", pos.line);
	ink(r, INK_NONE);
}

static void effect(const struct report *r, uint8_t e)
{
	switch ((enum phx_effect)e) {
	case PHX_EFFECT_NONE:
	case PHX_EFFECT_LIVE:
		return;
	case PHX_EFFECT_PENDING:
		ink(r, INK_BOLD);
		phx_buf_c(r->out, ", from its next start on");
		break;
	case PHX_EFFECT_RESTART:
		ink(r, INK_LOUD);
		phx_buf_c(r->out, ", RESTART");
		break;
	case PHX_EFFECT_OFFLINE:
		ink(r, INK_LOUD);
		phx_buf_c(r->out, ", STOPPED for it");
		break;
	case PHX_EFFECT_DATA_LOSS:
		ink(r, INK_LOUD);
		phx_buf_c(r->out, ", DATA LOSS");
		break;
	}
	ink(r, INK_NONE);
}

static const char *verb(uint8_t action)
{
	return action == PHX_CH_DELETE ? "delete" : phx_change_action_name((enum phx_change_action)action);
}

static void where(const struct report *r, const struct phx_change *c)
{
	if (c->id)
		phx_buf_printf(r->out, "  %llu", (unsigned long long)c->id);
	if (c->node.len) {
		phx_buf_c(r->out, " on ");
		value(r, c->node);
	}
}

static void what(const struct report *r, const struct phx_change *c)
{
	phx_buf_c(r->out, "    ");
	phx_buf_c(r->out, verb(c->action));
	effect(r, c->impact);
	if (c->reason.len) {
		phx_buf_c(r->out, c->action == PHX_CH_CREATE ? " " : ": ");
		value(r, c->reason);
	}
	phx_buf_ch(r->out, '\n');
}

static uint32_t widest(const struct phx_change *c, bool common)
{
	uint32_t w = 0;

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		uint32_t n = phx_report_columns(c->attributes.v[i].path);

		if (!(common && phx_report_is_own(c, &c->attributes.v[i])) && n > w)
			w = n;
	}
	return w < 28 ? w : 28;
}

static void before_after(const struct report *r, const struct phx_attr_change *a)
{
	if (a->sensitive) {
		phx_buf_c(r->out, a->has_before ? "(secret) → (another secret)" : "(secret)");
		return;
	}
	if (a->has_before) {
		value(r, a->before);
		phx_buf_c(r->out, " → ");
	}
	if (a->has_after)
		value(r, a->after);
	else if (a->has_before)
		phx_buf_c(r->out, "(none)");
}

static void attribute(const struct report *r, const struct phx_change *c, const struct phx_attr_change *a,
		      uint32_t width)
{
	phx_buf_c(r->out, "      ");
	value(r, a->path);
	pad(r, phx_report_columns(a->path), width + 2);
	before_after(r, a);
	if (c->action != PHX_CH_CREATE)
		effect(r, a->impact);
	if (a->reason.len) {
		ink(r, INK_DIM);
		phx_buf_c(r->out, " (");
		value(r, a->reason);
		phx_buf_ch(r->out, ')');
		ink(r, INK_NONE);
	}
	if (c->action != PHX_CH_CREATE || r->o->verbose)
		place(r, a->span);
	phx_buf_ch(r->out, '\n');
}

static void body(const struct report *r, const struct phx_change *c, bool common)
{
	uint32_t width = widest(c, common);

	for (uint32_t i = 0; i < c->attributes.n; i++)
		if (!(common && phx_report_is_own(c, &c->attributes.v[i])))
			attribute(r, c, &c->attributes.v[i], width);
	for (uint32_t i = 0; i < c->notes.n; i++) {
		bool loud = c->impact == PHX_EFFECT_DATA_LOSS && phx_str_ends(c->notes.v[i], "destroyed");

		ink(r, loud ? INK_LOUD : INK_NONE);
		phx_buf_c(r->out, loud ? "      ! " : "      · ");
		value(r, c->notes.v[i]);
		ink(r, INK_NONE);
		phx_buf_ch(r->out, '\n');
	}
}

static void single(const struct report *r, const struct phx_change *c)
{
	enum ink colour;
	const char *s = sign(c->action, &colour);

	ink(r, colour);
	phx_buf_c(r->out, s);
	phx_buf_ch(r->out, ' ');
	value(r, c->address);
	ink(r, INK_NONE);
	where(r, c);
	place(r, c->span);
	phx_buf_ch(r->out, '\n');
	what(r, c);
	body(r, c, false);
}

/* One line a member: its address, and what only it has. */
static void member(const struct report *r, const struct phx_change *c, uint32_t width)
{
	phx_buf_c(r->out, "      ");
	value(r, c->address);
	pad(r, phx_report_columns(c->address), width);
	if (c->id)
		phx_buf_printf(r->out, "  %llu", (unsigned long long)c->id);
	for (uint32_t i = 0; i < c->attributes.n; i++)
		if (phx_report_is_own(c, &c->attributes.v[i])) {
			phx_buf_c(r->out, "  ");
			value(r, c->attributes.v[i].after);
		}
	place(r, c->span);
	phx_buf_ch(r->out, '\n');
}

static void group(const struct report *r, const struct report_group *g)
{
	const struct phx_change *c = g->v[0];
	uint32_t width = 0;
	enum ink colour;
	const char *s = sign(c->action, &colour);

	ink(r, colour);
	phx_buf_printf(r->out, "%s %u %ss", s, g->n, phx_kind_name(c->kind));
	ink(r, INK_NONE);
	if (c->node.len) {
		phx_buf_c(r->out, "  on ");
		value(r, c->node);
	}
	phx_buf_c(r->out, ", each:\n");
	what(r, c);
	body(r, c, true);
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t n = phx_report_columns(g->v[i]->address);

		width = n > width ? n : width;
	}
	for (uint32_t i = 0; i < g->n; i++)
		member(r, g->v[i], width);
}

static void calls(const struct report *r)
{
	phx_buf_c(r->out, "Actions:\n");
	for (uint32_t i = 0; i < r->p->actions.n; i++) {
		const struct phx_action *a = r->p->actions.v[i];

		phx_buf_printf(r->out, "  a%u ", a->id);
		value(r, a->address);
		phx_buf_c(r->out, ": ");
		value(r, a->summary);
		if (a->needs.n) {
			phx_buf_c(r->out, "  after");
			for (uint32_t k = 0; k < a->needs.n; k++)
				phx_buf_printf(r->out, " a%u", a->needs.v[k]);
		}
		phx_buf_ch(r->out, '\n');
		if (a->type == PHX_ACT_CALL) {
			phx_buf_printf(r->out, "      %s ", phx_method_name(a->method));
			value(r, a->path);
			phx_buf_ch(r->out, '\n');
			for (uint32_t k = 0; k < a->params.v.n; k++) {
				const struct phx_param *x = &a->params.v.v[k];

				phx_buf_c(r->out, "        ");
				value(r, x->name);
				phx_buf_c(r->out, " = ");
				value(r, x->secret ? PHX_STR("(secret)") : x->value);
				phx_buf_ch(r->out, '\n');
			}
			if (a->later & PHX_LATER_DIGEST)
				phx_buf_c(r->out, "        digest = (read right before the call)\n");
		}
		if (a->type == PHX_ACT_HOST) {
			phx_buf_c(r->out, "     ");
			for (uint32_t k = 0; k < a->argv.n; k++) {
				phx_buf_ch(r->out, ' ');
				value(r, a->argv.v[k]);
			}
			phx_buf_ch(r->out, '\n');
			if (a->input.len)
				phx_buf_printf(r->out, "        standard input = (%zu bytes)\n",
					       a->input.len);
		}
	}
	phx_buf_ch(r->out, '\n');
}

/* What nobody may miss, once more, by name. */
static void loud(const struct report *r, const char *title, bool (*is)(const struct phx_change *c))
{
	uint32_t n = 0, column = 0;

	for (uint32_t i = 0; i < r->p->changes.n; i++) {
		const struct phx_change *c = r->p->changes.v[i];

		if (!is(c))
			continue;
		if (!n) {
			ink(r, INK_LOUD);
			phx_buf_c(r->out, title);
			ink(r, INK_NONE);
			column = (uint32_t)strlen(title);
		} else {
			phx_buf_ch(r->out, ',');
		}
		if (!r->o->verbose && ++n > 40)
			continue;
		n += r->o->verbose;
		if (column + c->address.len + 10 > r->width) {
			phx_buf_c(r->out, "\n   ");
			column = 3;
		}
		phx_buf_ch(r->out, ' ');
		value(r, c->address);
		column += (uint32_t)c->address.len + 2;
	}
	if (!r->o->verbose && n > 40) {
		while (r->out->len && r->out->ptr[r->out->len - 1] == ',')
			r->out->len--;
		phx_buf_printf(r->out, " and %u more", n - 40);
	}
	if (n)
		phx_buf_ch(r->out, '\n');
}

static bool loses(const struct phx_change *c)
{
	return c->impact == PHX_EFFECT_DATA_LOSS;
}

static bool restarts(const struct phx_change *c)
{
	return c->restart;
}

static void names(const struct report *r, const char *title, const struct phx_str *v, uint32_t n)
{
	if (!n)
		return;
	phx_buf_c(r->out, title);
	for (uint32_t i = 0; i < n; i++) {
		phx_buf_c(r->out, i ? ", " : " ");
		value(r, v[i]);
	}
	phx_buf_ch(r->out, '\n');
}

static void head(const struct report *r)
{
	phx_buf_c(r->out, "Stack ");
	value(r, r->p->stack);
	if (r->p->offline)
		phx_buf_c(r->out, ", planned without a cluster: everything is new");
	else if (r->p->cluster.len) {
		phx_buf_c(r->out, " on cluster ");
		value(r, r->p->cluster);
	}
	if (r->p->endpoint.len && !r->p->offline) {
		phx_buf_c(r->out, " (");
		value(r, r->p->endpoint);
		phx_buf_ch(r->out, ')');
	}
	phx_buf_ch(r->out, '\n');
	if (r->p->targeted)
		phx_buf_c(r->out, "Only a part of the configuration is planned.\n");
	names(r, "Brought in because something selected needs it:", r->p->targets_added.v,
	      r->p->targets_added.n);
	names(r, "Left out because it needs what is excluded:", r->p->targets_dropped.v,
	      r->p->targets_dropped.n);
	phx_buf_ch(r->out, '\n');
}

static uint32_t count_steps(const struct phx_graph *g)
{
	uint32_t n = 0;

	for (uint32_t i = 0; g && i < g->guests.n; i++)
		n += g->guests.v[i]->steps.n;
	return n;
}

static uint32_t count_restarts(const struct phx_plan *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->changes.n; i++)
		n += p->changes.v[i]->restart;
	return n;
}

void phx_report_plan_summary(const struct phx_plan *p, struct phx_buf *out)
{
	uint32_t restarted = count_restarts(p);

	if (phx_plan_is_empty(p) && !p->refused) {
		phx_buf_printf(out, "No changes. %u resource%s as declared.", p->count[PHX_CH_NONE],
			       p->count[PHX_CH_NONE] == 1 ? " is" : "s are");
		return;
	}
	phx_buf_printf(out, "Plan: %u to create, %u to update", p->count[PHX_CH_CREATE],
		       p->count[PHX_CH_UPDATE] + p->count[PHX_CH_MIGRATE]);
	if (restarted)
		phx_buf_printf(out, " (%u restart%s)", restarted, restarted == 1 ? "" : "s");
	phx_buf_printf(out, ", %u to replace, %u to delete", p->count[PHX_CH_REPLACE],
		       p->count[PHX_CH_DELETE]);
	if (p->count[PHX_CH_ADOPT])
		phx_buf_printf(out, ", %u to adopt", p->count[PHX_CH_ADOPT]);
	if (p->refused)
		phx_buf_c(out, ". Refused: nothing will be done.");
	else
		phx_buf_printf(out, "; %u action%s.", p->actions.n, p->actions.n == 1 ? "" : "s");
}

static void tail(const struct report *r)
{
	uint32_t steps = count_steps(r->p->graph);

	loud(r, "DATA LOSS:", loses);
	loud(r, "Restarted:", restarts);
	if (r->p->actions_not_done)
		phx_buf_printf(r->out,
			       "%u step%s inside guests %s planned and not done: this version of phx does "
			       "not run them.\n",
			       r->p->actions_not_done, r->p->actions_not_done == 1 ? "" : "s",
			       r->p->actions_not_done == 1 ? "is" : "are");
	else if (steps)
		phx_buf_printf(r->out,
			       "%u step%s inside guests %s declared; this version of phx neither runs nor "
			       "compares them.\n",
			       steps, steps == 1 ? "" : "s", steps == 1 ? "is" : "are");
	ink(r, INK_BOLD);
	phx_report_plan_summary(r->p, r->out);
	ink(r, INK_NONE);
	phx_buf_ch(r->out, '\n');
	if (r->p->estimate && r->p->actions.n) {
		phx_report_estimate(r->p, r->out);
		phx_buf_ch(r->out, '\n');
	}
	if (r->o->verbose)
		phx_report_capacity(r->p, r->out);
}

void phx_report_plan_text(const struct phx_plan *p, const struct phx_report_options *o, struct phx_buf *out)
{
	struct report r = {.p = p, .o = o, .out = out, .width = o->width ? o->width : 100};
	struct report_groups groups = {0};
	struct phx_arena work = {0};

	head(&r);
	phx_report_group(p, o->verbose, &work, &groups);
	for (uint32_t i = 0; i < groups.n; i++) {
		if (groups.v[i].n > 1)
			group(&r, &groups.v[i]);
		else
			single(&r, groups.v[i].v[0]);
		phx_buf_ch(out, '\n');
	}
	if (o->verbose && p->actions.n)
		calls(&r);
	phx_report_policies(&r);
	tail(&r);
	phx_arena_done(&work);
}
