#include "parse_priv.h"

#include <stdarg.h>
#include <stdio.h>

struct phx_str phx_parse_text(const struct phx_parser *p, struct phx_span at)
{
	return phx_str_slice(p->text, at.start, at.end - at.start);
}

struct phx_diag *phx_parse_error(struct phx_parser *p, enum phx_code code, struct phx_span at,
				 const char *fmt, ...)
{
	struct phx_buf message = {0};
	struct phx_diag *d;
	va_list args;
	int n;

	if (p->errors > MAX_ERRORS) {
		p->ignored = (struct phx_diag){.code = code};
		return &p->ignored;
	}
	if (++p->errors > MAX_ERRORS) {
		p->stopped = true;
		return phx_diag_add(p->bag, PHX0117, at,
				    "too many syntax errors; the rest of the file was not read");
	}
	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		PHX_BUG("a diagnostic that cannot be formatted: %s", fmt);
	va_start(args, fmt);
	vsnprintf(phx_buf_reserve(&message, (size_t)n + 1), (size_t)n + 1, fmt, args);
	va_end(args);
	message.len += (size_t)n;
	d = phx_diag_add(p->bag, code, at, PHX_STR_FMT, PHX_STR_ARG(message));
	phx_buf_done(&message);
	return d;
}

/* Brackets */

const char *phx_frame_text(const struct phx_frame *f)
{
	switch ((enum phx_frame_kind)f->kind) {
	case FRAME_BRACE:
		return "{";
	case FRAME_BRACKET:
		return "[";
	case FRAME_PAREN:
		return "(";
	case FRAME_INTERP:
		return "${";
	case FRAME_STRING:
		return "\"";
	case FRAME_HEREDOC:
		break;
	}
	return "<<";
}

const char *phx_frame_closer(const struct phx_frame *f)
{
	switch ((enum phx_frame_kind)f->kind) {
	case FRAME_BRACE:
	case FRAME_INTERP:
		return "}";
	case FRAME_BRACKET:
		return "]";
	case FRAME_PAREN:
		return ")";
	case FRAME_STRING:
		return "\"";
	case FRAME_HEREDOC:
		break;
	}
	return "EOF";
}

void phx_parse_unclosed(struct phx_parser *p, const struct phx_frame *f, struct phx_span where,
			const char *why)
{
	struct phx_span open = {p->file, f->at, f->end};
	struct phx_diag *d;

	if (p->silent)
		return;
	d = phx_parse_error(p, PHX0101, open, "`%s` is never closed", phx_frame_text(f));
	phx_diag_label(p->bag, d, open, "opened here");
	phx_diag_label(p->bag, d, where, "%s", why);
	phx_diag_help(p->bag, d, "close it with `%s`", phx_frame_closer(f));
}

void phx_parse_too_deep(struct phx_parser *p, struct phx_span at)
{
	struct phx_diag *d;

	if (p->silent)
		return;
	d = phx_parse_error(p, PHX0103, at, "nested more than %d levels deep", PHX_AST_MAX_DEPTH);
	phx_diag_label(p->bag, d, at, "too deep here");
	phx_diag_help(p->bag, d, "give parts of it names with `let`");
}

void phx_parse_dangling(struct phx_parser *p, struct phx_span at)
{
	struct phx_str text = phx_parse_text(p, at);
	struct phx_diag *d =
		phx_parse_error(p, PHX0112, at, "nothing follows the `" PHX_STR_FMT "`", PHX_STR_ARG(text));

	phx_diag_label(p->bag, d, at, "expected a value behind it");
}
