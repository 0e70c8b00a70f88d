#include "plan_lab.h"
#include "report/report.h"

const char *lab_text(struct lab *l, const struct phx_plan *p)
{
	struct phx_report_options o = {.width = 100};
	struct phx_buf text = {0};
	const char *kept;

	phx_report_plan_text(p, &o, &text);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&text)).ptr;
	phx_buf_done(&text);
	return kept;
}
