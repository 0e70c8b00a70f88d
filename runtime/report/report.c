/* What the forms of the report have in common: words, values, places, counts. */
#include <string.h>

#include "report/report_priv.h"

const char *phx_report_sign(uint8_t action)
{
	switch ((enum phx_change_action)action) {
	case PHX_CH_CREATE:
		return "+";
	case PHX_CH_DELETE:
		return "-";
	case PHX_CH_REPLACE:
		return "±";
	case PHX_CH_UPDATE:
	case PHX_CH_MIGRATE:
	case PHX_CH_ADOPT:
		return "~";
	case PHX_CH_NONE:
	case PHX_CH_COUNT:
		break;
	}
	return " ";
}

const char *phx_report_verb(uint8_t action)
{
	return phx_change_action_name((enum phx_change_action)action);
}

const char *phx_report_effect(uint8_t effect)
{
	switch ((enum phx_effect)effect) {
	case PHX_EFFECT_NONE:
	case PHX_EFFECT_LIVE:
		break;
	case PHX_EFFECT_PENDING:
		return "from its next start on";
	case PHX_EFFECT_RESTART:
		return "RESTART";
	case PHX_EFFECT_OFFLINE:
		return "STOPPED for it";
	case PHX_EFFECT_DATA_LOSS:
		return "DATA LOSS";
	}
	return NULL;
}

uint32_t phx_report_columns(struct phx_str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

void phx_report_one_line(struct phx_str s, struct phx_buf *out)
{
	struct phx_str rest = s, line;
	bool first = true;

	if (!memchr(s.ptr ? s.ptr : "", '\n', s.len)) {
		phx_buf_printable(out, s);
		return;
	}
	while (phx_str_cut(&rest, '\n', &line)) {
		if (!first)
			phx_buf_c(out, rest.ptr || line.len ? " ⏎ " : "");
		phx_buf_printable(out, line);
		first = false;
	}
}

void phx_report_before_after(const struct phx_attr_change *a, struct phx_buf *out)
{
	if (a->sensitive) {
		phx_buf_c(out, a->has_before ? "(secret) → (another secret)" : "(secret)");
		return;
	}
	if (a->has_before) {
		phx_report_one_line(a->before, out);
		phx_buf_c(out, " → ");
	}
	if (a->has_after)
		phx_report_one_line(a->after, out);
	else if (a->has_before)
		phx_buf_c(out, "(none)");
}

bool phx_report_place(const struct phx_plan *p, struct phx_span span, struct phx_buf *out)
{
	struct phx_pos pos;

	if (!phx_plan_place(p, span, &pos))
		return false;
	phx_report_one_line(pos.path, out);
	phx_buf_ch(out, ':');
	phx_buf_u64(out, pos.line);
	return true;
}

void phx_report_outputs(const struct phx_plan *p, struct phx_buf *out)
{
	size_t width = 0;

	for (uint32_t i = 0; i < p->outputs.n; i++)
		width = p->outputs.v[i].key.len > width ? p->outputs.v[i].key.len : width;
	if (p->outputs.n)
		phx_buf_c(out, "Outputs:\n");
	for (uint32_t i = 0; i < p->outputs.n; i++) {
		phx_buf_c(out, "  ");
		phx_buf_str(out, p->outputs.v[i].key);
		phx_buf_fill(out, ' ', width - p->outputs.v[i].key.len);
		phx_buf_c(out, " = ");
		phx_report_one_line(p->outputs.v[i].value, out);
		phx_buf_ch(out, '\n');
	}
}

bool phx_report_loses(const struct phx_change *c)
{
	return c->impact == PHX_EFFECT_DATA_LOSS;
}

bool phx_report_restarts(const struct phx_change *c)
{
	return c->restart;
}

bool phx_report_stops(const struct phx_change *c)
{
	return c->impact == PHX_EFFECT_OFFLINE;
}

uint32_t phx_report_count(const struct phx_plan *p, bool (*is)(const struct phx_change *c))
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->changes.n; i++)
		n += is(p->changes.v[i]);
	return n;
}
