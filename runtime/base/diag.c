#include "base/diag.h"

#include <stdio.h>
#include <string.h>

#include "base/buf_priv.h"

enum { SHOWN_MAX = 20 };
enum level { LEVEL_DEFAULT, LEVEL_ALLOW, LEVEL_DENY };

static const struct phx_code_info codes[PHX_CODE_COUNT] = {
#define PHX_CODE(num, slug, sev, title) {"PHX" #num, slug, PHX_SEV_##sev, title},
#include "base/codes.def"
#undef PHX_CODE
};

const struct phx_code_info *phx_code_info(enum phx_code code)
{
	if ((unsigned)code >= PHX_CODE_COUNT)
		PHX_BUG("no diagnostic has index %d", (int)code);
	return &codes[code];
}

bool phx_code_find(struct phx_str name, enum phx_code *out)
{
	for (unsigned i = 0; i < PHX_CODE_COUNT; i++) {
		if (!phx_str_eqc(name, codes[i].name) && !phx_str_eqc(name, codes[i].name + 3) &&
		    !phx_str_eqc(name, codes[i].slug))
			continue;
		*out = (enum phx_code)i;
		return true;
	}
	return false;
}

void phx_diag_bag_init(struct phx_diag_bag *bag, struct phx_arena *arena, const struct phx_sources *sources)
{
	*bag = (struct phx_diag_bag){.arena = arena, .sources = sources, .shown_max = SHOWN_MAX};
}

bool phx_diag_level(struct phx_diag_bag *bag, struct phx_str slug, bool deny)
{
	enum phx_code code;

	if (deny && phx_str_eqc(slug, "warnings")) {
		/* What was allowed by name stays allowed, in whichever order the two were given. */
		for (unsigned i = 0; i < PHX_CODE_COUNT; i++) {
			if (codes[i].severity == PHX_SEV_WARNING && bag->level[i] == LEVEL_DEFAULT)
				bag->level[i] = LEVEL_DENY;
		}
		return true;
	}
	if (!phx_code_find(slug, &code) || codes[code].severity != PHX_SEV_WARNING)
		return false;
	bag->level[code] = deny ? LEVEL_DENY : LEVEL_ALLOW;
	return true;
}

PHX_PRINTF(2, 0)
static struct phx_str format(struct phx_arena *a, const char *fmt, va_list args)
{
	struct phx_buf text = {0};
	struct phx_str copy;

	phx_buf_vprintf(&text, fmt, args);
	copy = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return copy;
}

struct phx_diag *phx_diag_add(struct phx_diag_bag *bag, enum phx_code code, struct phx_span span,
			      const char *fmt, ...)
{
	struct phx_diag *d = PHX_NEW(bag->arena, struct phx_diag);
	va_list args;

	d->code = code;
	d->severity = phx_code_info(code)->severity;
	d->span = span;
	va_start(args, fmt);
	d->message = format(bag->arena, fmt, args);
	va_end(args);
	if (d->severity == PHX_SEV_WARNING && bag->level[code] == LEVEL_ALLOW)
		return d;
	if (d->severity == PHX_SEV_WARNING && bag->level[code] == LEVEL_DENY)
		d->severity = PHX_SEV_ERROR;
	d->seq = bag->diags.n;
	bag->errors += d->severity == PHX_SEV_ERROR;
	bag->warnings += d->severity == PHX_SEV_WARNING;
	phx_vec_push(bag->arena, &bag->diags, d);
	return d;
}

void phx_diag_label(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, const char *fmt, ...)
{
	struct phx_diag_label label = {.span = span};
	va_list args;

	va_start(args, fmt);
	label.text = format(bag->arena, fmt, args);
	va_end(args);
	phx_vec_push(bag->arena, &d->labels, label);
}

void phx_diag_note(struct phx_diag_bag *bag, struct phx_diag *d, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	phx_vec_push(bag->arena, &d->notes, format(bag->arena, fmt, args));
	va_end(args);
}

void phx_diag_help(struct phx_diag_bag *bag, struct phx_diag *d, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	phx_vec_push(bag->arena, &d->helps, format(bag->arena, fmt, args));
	va_end(args);
}

void phx_diag_fix(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, struct phx_str text,
		  bool certain)
{
	struct phx_diag_fix fix = {.span = span, .text = phx_str_dup(bag->arena, text), .certain = certain};

	phx_vec_push(bag->arena, &d->fixes, fix);
}

void phx_diag_suggest(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, struct phx_str name,
		      const struct phx_str *names, size_t n)
{
	struct phx_str near = phx_str_nearest(name, names, n);

	if (near.len == 0)
		return;
	phx_diag_help(bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	if (phx_span_known(span))
		phx_diag_fix(bag, d, span, near, false);
}
