#include "base/json.h"
#include "cli/doctor.h"

static const char *const states[] = {"ok", "warning", "error"};

static const char *ink(const struct phx_doctor *d, uint8_t state)
{
	static const char *const codes[] = {"\033[32m", "\033[33m", "\033[31m"};

	return d->cli->colour_out ? codes[state] : "";
}

void phx_doctor_text(const struct phx_doctor *d, struct phx_buf *out)
{
	for (uint32_t i = 0; i < d->lines.n; i++) {
		const struct phx_check_line *x = &d->lines.v[i];

		phx_buf_printf(out, "%s%-8s%s %-14s", ink(d, x->state), states[x->state],
			       d->cli->colour_out ? "\033[0m" : "", x->name);
		phx_buf_printable(out, x->text);
		phx_buf_ch(out, '\n');
		for (uint32_t k = 0; k < x->what_to_do.n; k++) {
			phx_buf_c(out, "           do: ");
			phx_buf_printable(out, x->what_to_do.v[k]);
			phx_buf_ch(out, '\n');
		}
	}
	if (d->count[PHX_DOCTOR_ERROR])
		phx_buf_printf(out, "\n%u of %u checks failed", d->count[PHX_DOCTOR_ERROR], d->lines.n);
	else
		phx_buf_c(out, "\nEverything is there that this configuration needs");
	if (d->count[PHX_DOCTOR_WARNING])
		phx_buf_printf(out, "; %u warning%s", d->count[PHX_DOCTOR_WARNING],
			       d->count[PHX_DOCTOR_WARNING] == 1 ? "" : "s");
	phx_buf_c(out, ".\n");
}

void phx_doctor_json(const struct phx_doctor *d, struct phx_buf *out)
{
	struct phx_jw w;

	phx_jw_init(&w, out, 2);
	w.secrets = &d->cli->secrets;
	phx_jw_object(&w);
	phx_jw_key(&w, "format");
	phx_jw_c(&w, "phx-doctor/1");
	phx_jw_key(&w, "checks");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < d->lines.n; i++) {
		const struct phx_check_line *x = &d->lines.v[i];

		phx_jw_object(&w);
		phx_jw_key(&w, "name");
		phx_jw_c(&w, x->name);
		phx_jw_key(&w, "state");
		phx_jw_c(&w, states[x->state]);
		phx_jw_key(&w, "text");
		phx_jw_str(&w, x->text);
		phx_jw_key(&w, "do");
		phx_jw_array(&w);
		for (uint32_t k = 0; k < x->what_to_do.n; k++)
			phx_jw_str(&w, x->what_to_do.v[k]);
		phx_jw_end_array(&w);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	phx_jw_key(&w, "warnings");
	phx_jw_int(&w, d->count[PHX_DOCTOR_WARNING]);
	phx_jw_key(&w, "errors");
	phx_jw_int(&w, d->count[PHX_DOCTOR_ERROR]);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
}
