/* A value that needs itself: the walk is printed, from the name that sorts first, with the place of every step. */
#include "sema/sema_priv.h"

static bool same(const struct phx_trail *a, const struct phx_trail *b)
{
	return a->sym == b->sym && a->block == b->block && a->index == b->index && a->what == b->what &&
	       a->inst == b->inst;
}

static void block_path(struct phx_buf *out, const struct phx_block *in, const struct phx_block *what)
{
	for (uint32_t i = 0; i < in->blocks.n; i++) {
		const struct phx_block *b = in->blocks.v[i];

		if (b == what)
			phx_buf_printf(out, ".%s", b->spec->name);
		else
			block_path(out, b, what);
	}
}

static struct phx_str label_of(struct phx_sema *s, const struct phx_trail *t)
{
	struct phx_buf text = {0};
	struct phx_str label;

	if (t->sym) {
		phx_buf_str(&text, t->sym->name);
	} else {
		phx_buf_str(&text, t->inst->decl->address);
		block_path(&text, &t->inst->decl->body, t->block);
		phx_buf_printf(&text, "." PHX_STR_FMT, PHX_STR_ARG(t->block->attrs.v[t->index].name));
	}
	label = phx_tmp_str(s, &text);
	phx_buf_done(&text);
	return label;
}

static uint32_t smallest(const struct phx_str *labels, uint32_t n)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++) {
		if (phx_str_cmp(labels[i], labels[best]) < 0)
			best = i;
	}
	return best;
}

/* `again` is asked for while it is being evaluated. */
void phx_trail_report(struct phx_sema *s, const struct phx_trail *again)
{
	struct phx_span *uses;
	struct phx_str *labels;
	struct phx_buf path = {0};
	struct phx_value poison;
	struct phx_diag *d;
	uint32_t from = s->trail.n, n, first;

	while (from > 0 && !same(&s->trail.v[from - 1], again))
		from--;
	if (from == 0)
		PHX_BUG("a cycle without a beginning");
	from--;
	n = s->trail.n - from;
	labels = PHX_NEW_N(&s->tmp, struct phx_str, n);
	uses = PHX_NEW_N(&s->tmp, struct phx_span, n);
	for (uint32_t i = 0; i < n; i++) {
		labels[i] = label_of(s, &s->trail.v[from + i]);
		uses[i] =
			i + 1 < n ? s->trail.v[from + i + 1].use : again->use; /* where i asks for the next */
	}
	first = smallest(labels, n);
	for (uint32_t i = 0; i <= n && i < 12; i++)
		phx_buf_printf(&path, "%s" PHX_STR_FMT, i ? " → " : "", PHX_STR_ARG(labels[(first + i) % n]));
	if (n >= 12)
		phx_buf_c(&path, " → …");
	d = phx_eval_error(s, PHX0233, uses[first], &poison,
			   "`" PHX_STR_FMT "` depends on itself: " PHX_STR_FMT, PHX_STR_ARG(labels[first]),
			   PHX_STR_ARG(phx_buf_view(&path)));
	for (uint32_t i = 0; d && i < n && i < 12; i++) {
		uint32_t k = (first + i) % n;

		phx_diag_label(s->bag, d, uses[k], "`" PHX_STR_FMT "` needs `" PHX_STR_FMT "`",
			       PHX_STR_ARG(labels[k]), PHX_STR_ARG(labels[(k + 1) % n]));
	}
	phx_buf_done(&path);
}
