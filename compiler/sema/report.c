/* What is said while evaluating: a mistake once for its place, however often a loop comes by, and nothing about what
 * try() passes over. */
#include <stdarg.h>
#include <stdio.h>

#include "sema/eval_priv.h"

bool phx_eval_stop(struct phx_sema *s, struct phx_span at, const char *what)
{
	struct phx_diag *d;

	if (s->stopped)
		return false;
	s->stopped = true;
	d = phx_diag_add(s->bag, PHX0218, at, "%s", what);
	phx_diag_note(s->bag, d, "the rest of the configuration was not evaluated");
	return false;
}

bool phx_eval_step(struct phx_sema *s, struct phx_span at)
{
	if (s->stopped)
		return false;
	if (++s->steps > s->max_steps)
		return phx_eval_stop(s, at, "the configuration needs too many steps to evaluate");
	if (s->tmp.total + (s->out->total - s->out_before) > PHX_SEMA_MAX_MEMORY)
		return phx_eval_stop(s, at, "the configuration needs more than 768 MiB to evaluate");
	return true;
}

/* The first report of a code at a place; loops would repeat it with every turn. */
bool phx_first_report(struct phx_sema *s, enum phx_code code, struct phx_span at)
{
	uint32_t key[3] = {(uint32_t)code, at.file, at.start};
	bool is_new;

	if (phx_map_find(&s->reported, (struct phx_str){(const char *)key, sizeof(key)}))
		return false;
	phx_map_put(&s->tmp, &s->reported,
		    phx_str_dup(&s->tmp, (struct phx_str){(const char *)key, sizeof(key)}), &is_new);
	return true;
}

PHX_PRINTF(4, 0)
static struct phx_diag *report(struct phx_sema *s, enum phx_code code, struct phx_span at, const char *fmt,
			       va_list args)
{
	struct phx_buf text = {0};
	struct phx_diag *d = NULL;
	char *room;
	va_list again;
	int n;

	if (!phx_first_report(s, code, at))
		return NULL;
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	room = phx_buf_reserve(&text, (size_t)n + 1);
	vsnprintf(room, (size_t)n + 1, fmt, again);
	text.len = (size_t)n;
	va_end(again);
	d = phx_diag_add(s->bag, code, at, "%.*s", n, text.ptr);
	phx_buf_done(&text);
	return d;
}

struct phx_diag *phx_eval_error(struct phx_sema *s, enum phx_code code, struct phx_span at,
				struct phx_value *out, const char *fmt, ...)
{
	struct phx_diag *d;
	va_list args;

	*out = phx_value_poison(at);
	va_start(args, fmt);
	d = report(s, code, at, fmt, args);
	va_end(args);
	return d;
}

struct phx_diag *phx_eval_missing(struct phx_sema *s, enum phx_code code, struct phx_span at,
				  struct phx_value *out, const char *fmt, ...)
{
	struct phx_diag *d;
	va_list args;

	*out = phx_value_poison(at);
	if (s->catching) {
		s->caught = true;
		return NULL;
	}
	va_start(args, fmt);
	d = report(s, code, at, fmt, args);
	va_end(args);
	if (d)
		phx_diag_help(s->bag, d, "`try(…, default)` gives a value where there is none");
	return d;
}

struct phx_str phx_tmp_str(struct phx_sema *s, const struct phx_buf *b)
{
	return phx_str_dup(&s->tmp, phx_buf_view(b));
}

const char *phx_shown(struct phx_sema *s, const struct phx_value *v)
{
	enum { MOST = 120 };
	struct phx_buf text = {0};
	struct phx_str copy;
	size_t cut = MOST;

	phx_value_show(v, &text);
	if (text.len > MOST) {
		while (cut > 0 && ((unsigned char)text.ptr[cut] & 0xc0) == 0x80)
			cut--;
		text.len = cut;
		phx_buf_c(&text, "…");
	}
	copy = phx_tmp_str(s, &text);
	phx_buf_done(&text);
	return copy.ptr;
}
