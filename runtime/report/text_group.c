/* Which changes say the same: forty-eight guests with two cores more are one thing to review, not forty-eight. */
#include "report/report_priv.h"

bool phx_report_is_own(const struct phx_change *c, const struct phx_attr_change *a)
{
	return c->action == PHX_CH_CREATE && phx_str_starts(a->path, "network") &&
	       (a->path.len == 7 || a->path.ptr[7] == '.');
}

static void field(struct phx_buf *b, struct phx_str s)
{
	phx_buf_str(b, s);
	phx_buf_ch(b, '\n');
}

/* `loose`: where it is, and what is made or goes with it in detail, does not matter. */
static void signature(const struct phx_change *c, bool loose, struct phx_buf *b)
{
	bool whole = c->action == PHX_CH_CREATE || c->action == PHX_CH_DELETE || c->action == PHX_CH_REPLACE;

	phx_buf_clear(b);
	phx_buf_ch(b, (char)('0' + c->action));
	phx_buf_ch(b, (char)('0' + c->impact));
	phx_buf_ch(b, (char)('0' + (int)c->kind));
	field(b, c->reason);
	if (!loose)
		field(b, c->node);
	if (loose && whole)
		return;
	for (uint32_t i = 0; i < c->attributes.n; i++) {
		const struct phx_attr_change *a = &c->attributes.v[i];

		if (phx_report_is_own(c, a))
			continue;
		field(b, a->path);
		field(b, a->before);
		field(b, a->after);
		field(b, a->reason);
		phx_buf_ch(b, (char)('0' + a->impact));
		phx_buf_ch(b, (char)('0' + a->sensitive + 2 * a->pending));
	}
	for (uint32_t i = 0; i < c->notes.n && !loose; i++)
		field(b, c->notes.v[i]);
}

static struct report_group *new_group(struct phx_arena *a, struct report_groups *g)
{
	phx_vec_push(a, g, ((struct report_group){0}));
	return &g->v[g->n - 1];
}

static bool may_group(const struct phx_change *c)
{
	return c->kind == PHX_KIND_VM || c->kind == PHX_KIND_CONTAINER;
}

/* Groups by signature, then takes those apart that are too small; the order is that of the first members. */
void phx_report_group(const struct phx_plan *p, enum report_grouping how, uint32_t smallest,
		      struct phx_arena *a, struct report_groups *out)
{
	uint32_t *of = PHX_NEW_N(a, uint32_t, p->changes.n + 1);
	struct report_groups raw = {0};
	struct phx_map known = {0};
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < p->changes.n; i++) {
		const struct phx_change *c = p->changes.v[i];
		struct phx_map_entry *e;
		bool is_new = true;

		of[i] = raw.n;
		if (how != REPORT_APART && may_group(c)) {
			signature(c, how == REPORT_LOOSE, &text);
			e = phx_map_find(&known, phx_buf_view(&text));
			if (e) {
				is_new = false;
				of[i] = (uint32_t)e->num;
			} else {
				e = phx_map_put(a, &known, phx_str_dup(a, phx_buf_view(&text)), NULL);
				e->num = raw.n;
			}
		}
		if (is_new)
			new_group(a, &raw);
		phx_vec_push(a, &raw.v[of[i]], c);
	}
	for (uint32_t i = 0; i < p->changes.n; i++) {
		struct report_group *g = &raw.v[of[i]];

		if (g->n < smallest) {
			struct report_group *alone = new_group(a, out);

			phx_vec_push(a, alone, p->changes.v[i]);
		} else if (g->v[0] == p->changes.v[i]) {
			*new_group(a, out) = *g;
		}
	}
	phx_buf_done(&text);
}
