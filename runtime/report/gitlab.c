/* What GitLab's merge requests show of a plan: `artifacts:reports:terraform`. A replacement is both made and destroyed. */
#include "report/report.h"

void phx_report_plan_gitlab(const struct phx_plan *p, struct phx_buf *out)
{
	phx_buf_printf(out, "{\"create\":%u,\"update\":%u,\"delete\":%u}\n",
		       p->count[PHX_CH_CREATE] + p->count[PHX_CH_REPLACE],
		       p->count[PHX_CH_UPDATE] + p->count[PHX_CH_MIGRATE] + p->count[PHX_CH_ADOPT],
		       p->count[PHX_CH_DELETE] + p->count[PHX_CH_REPLACE]);
}
