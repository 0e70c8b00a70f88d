#include "base/render_priv.h"

void phx_diag_render_one(const struct phx_sources *sources, const struct phx_diag *d, bool explain,
			 bool colour, struct phx_buf *out)
{
	struct phx_pos pos = phx_source_pos(sources, d->span);

	(void)explain;
	(void)colour;
	phx_buf_printf(out, "%s[%s]: " PHX_STR_FMT "\n", phx_severity_name(d->severity),
		       phx_code_info(d->code)->name, PHX_STR_ARG(d->message));
	if (phx_span_known(d->span))
		phx_buf_printf(out, "  --> " PHX_STR_FMT ":%u:%u\n", PHX_STR_ARG(pos.path), pos.line,
			       pos.col);
}
