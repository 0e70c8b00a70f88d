/* The block "Policies" of the text report: which were looked at, and what they found. */
#include "report/text_priv.h"

static void paint(const struct report *r, const char *code)
{
	if (r->o->colour)
		phx_buf_printf(r->out, "\033[%sm", code);
}

static void place(const struct report *r, struct phx_span span)
{
	struct phx_pos pos;

	if (!phx_plan_place(r->p, span, &pos))
		return;
	paint(r, "2");
	phx_buf_printf(r->out, "  " PHX_STR_FMT ":%u", PHX_STR_ARG(pos.path), pos.line);
	paint(r, "0");
}

static const char *verdict(const struct phx_policy_result *p, const char **out_paint)
{
	*out_paint = p->passed ? "32" : p->deny ? "1;31" : "33";
	if (p->passed)
		return "passed";
	if (p->findings.n == 0)
		return "COULD NOT BE EVALUATED";
	return p->deny ? "DENIES the plan" : "warns";
}

static void policy(const struct report *r, const struct phx_policy_result *p, uint32_t width)
{
	const char *code, *what = verdict(p, &code);

	phx_buf_c(r->out, "  ");
	phx_buf_printable(r->out, p->name);
	phx_buf_fill(r->out, ' ', width - phx_report_columns(p->name) + 2);
	paint(r, code);
	phx_buf_c(r->out, what);
	paint(r, "0");
	if (!p->passed)
		place(r, p->span);
	phx_buf_ch(r->out, '\n');
	for (uint32_t i = 0; i < p->findings.n; i++) {
		const struct phx_policy_finding *f = &p->findings.v[i];

		phx_buf_c(r->out, "    ");
		if (f->address.len && phx_str_find(f->message, f->address) < 0) {
			phx_buf_printable(r->out, f->address);
			phx_buf_c(r->out, ": ");
		}
		phx_buf_printable(r->out, f->message);
		place(r, phx_span_known(f->offends) ? f->offends : f->check);
		phx_buf_ch(r->out, '\n');
	}
}

void phx_report_policies(const struct report *r)
{
	const struct phx_policy_report *all = r->p->policies;
	uint32_t width = 0;

	if (!all)
		return;
	for (uint32_t i = 0; i < all->v.n; i++) {
		uint32_t n = phx_report_columns(all->v.v[i].name);

		width = n > width ? n : width;
	}
	phx_buf_c(r->out, "Policies\n");
	for (uint32_t i = 0; i < all->v.n; i++)
		policy(r, &all->v.v[i], width);
	phx_buf_ch(r->out, '\n');
}

struct phx_plan_diags phx_report_diags(const struct phx_plan *p, struct phx_arena *a)
{
	struct phx_plan_diags d = phx_plan_diags(p, a);
	uint32_t n = 0;

	for (uint32_t i = 0; i < d.n; i++)
		if (!p->policies || (!phx_str_eqc(d.v[i].code, phx_code_info(PHX0650)->name) &&
				     !phx_str_eqc(d.v[i].code, phx_code_info(PHX0651)->name)))
			d.v[n++] = d.v[i];
	d.n = n;
	return d;
}
