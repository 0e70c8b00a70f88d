#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_priv.h"

/* The arguments may point into what is replaced, so the new text is made first. */
static void replace(struct phx_buf *old, struct phx_buf *text)
{
	phx_buf_done(old);
	*old = *text;
}

bool phx_err_set(struct phx_err *e, enum phx_err_kind kind, const char *fmt, ...)
{
	struct phx_buf text = {0};
	va_list args;

	va_start(args, fmt);
	phx_buf_vprintf(&text, fmt, args);
	va_end(args);
	replace(&e->msg, &text);
	phx_buf_clear(&e->hint);
	e->kind = kind;
	e->status = e->sys = 0;
	return false;
}

bool phx_err_errno(struct phx_err *e, int sys, const char *fmt, ...)
{
	const char *why = strerrordesc_np(sys);
	struct phx_buf text = {0};
	va_list args;

	va_start(args, fmt);
	phx_buf_vprintf(&text, fmt, args);
	va_end(args);
	if (why)
		phx_buf_printf(&text, ": %s", why);
	else
		phx_buf_printf(&text, ": error %d", sys);
	replace(&e->msg, &text);
	phx_buf_clear(&e->hint);
	e->kind = PHX_ERR_IO;
	e->status = 0;
	e->sys = sys;
	return false;
}

void phx_err_hint(struct phx_err *e, const char *fmt, ...)
{
	struct phx_buf text = {0};
	va_list args;

	va_start(args, fmt);
	phx_buf_vprintf(&text, fmt, args);
	va_end(args);
	replace(&e->hint, &text);
}

bool phx_err_wrap(struct phx_err *e, const char *fmt, ...)
{
	struct phx_buf text = {0};
	va_list args;

	va_start(args, fmt);
	phx_buf_vprintf(&text, fmt, args);
	va_end(args);
	phx_buf_c(&text, ": ");
	phx_buf_str(&text, phx_buf_view(&e->msg));
	replace(&e->msg, &text);
	return false;
}

void phx_err_copy(struct phx_err *to, const struct phx_err *from)
{
	if (to == from)
		return;
	to->kind = from->kind;
	to->status = from->status;
	to->sys = from->sys;
	phx_buf_clear(&to->msg);
	phx_buf_str(&to->msg, phx_buf_view(&from->msg));
	phx_buf_clear(&to->hint);
	phx_buf_str(&to->hint, phx_buf_view(&from->hint));
}

void phx_err_clear(struct phx_err *e)
{
	e->kind = PHX_ERR_NONE;
	e->status = e->sys = 0;
	phx_buf_clear(&e->msg);
	phx_buf_clear(&e->hint);
}

void phx_err_done(struct phx_err *e)
{
	phx_buf_done(&e->msg);
	phx_buf_done(&e->hint);
	*e = (struct phx_err){0};
}
