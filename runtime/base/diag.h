/* Diagnostics: the user's mistakes, collected in a bag and rendered once, sorted. Never printed where they are found. */
#pragma once

#include "base/source.h"

struct phx_secrets;

enum phx_severity { PHX_SEV_NOTE, PHX_SEV_WARNING, PHX_SEV_ERROR };

/* One row per code in codes.def: PHX_CODE(number, "slug", SEVERITY, "title"). Numbers are never reused. */
enum phx_code {
#define PHX_CODE(num, slug, sev, title) PHX##num,
#include "base/codes.def"
#undef PHX_CODE
	PHX_CODE_COUNT
};

struct phx_code_info {
	const char *name; /* "PHX0231" */
	const char *slug; /* name for --deny/--allow of warnings, and for people */
	enum phx_severity severity;
	const char *title;
};
const struct phx_code_info *phx_code_info(enum phx_code code);
/* By "PHX0231", "0231" or slug. */
PHX_MUST_USE bool phx_code_find(struct phx_str name, enum phx_code *out);

struct phx_diag_label {
	struct phx_span span;
	struct phx_str text; /* may be empty */
};

struct phx_diag_fix {
	struct phx_span span; /* replaced by `text` */
	struct phx_str text;
	bool certain; /* applied by `validate --fix` */
};

struct phx_diag {
	enum phx_code code;
	enum phx_severity severity;
	struct phx_span span; /* primary place, may be nowhere */
	struct phx_str message;
	/* Other places; the first with the primary span labels the caret. */
	PHX_VEC(struct phx_diag_label) labels;
	PHX_VEC(struct phx_str) notes; /* facts */
	PHX_VEC(struct phx_str) helps; /* advice: "did you mean `memory`?" */
	PHX_VEC(struct phx_diag_fix) fixes;
	uint32_t seq;
};

struct phx_diag_bag {
	struct phx_arena *arena;
	const struct phx_sources *sources;
	const struct phx_secrets *secrets; /* masked in source lines and in the JSON form; may be NULL */
	PHX_VEC(struct phx_diag *) diags;
	uint32_t errors, warnings;
	uint32_t shown_max;            /* of errors, and of warnings, in the forms for people; 0: all */
	uint8_t level[PHX_CODE_COUNT]; /* 0 default, 1 allow, 2 deny; warnings only */
};

void phx_diag_bag_init(struct phx_diag_bag *bag, struct phx_arena *arena, const struct phx_sources *sources);
/* `slug` may be "warnings" with deny: all of them. False: no such warning. */
PHX_MUST_USE bool phx_diag_level(struct phx_diag_bag *bag, struct phx_str slug, bool deny);

/* Adds one; its severity comes from codes.def and the levels. Never NULL: an allowed warning is returned
 * but not in the bag. An exact duplicate (code, span, message) is dropped when rendering. */
struct phx_diag *phx_diag_add(struct phx_diag_bag *bag, enum phx_code code, struct phx_span span,
			      const char *fmt, ...) PHX_PRINTF(4, 5);
void phx_diag_label(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, const char *fmt, ...)
	PHX_PRINTF(4, 5);
void phx_diag_note(struct phx_diag_bag *bag, struct phx_diag *d, const char *fmt, ...) PHX_PRINTF(3, 4);
void phx_diag_help(struct phx_diag_bag *bag, struct phx_diag *d, const char *fmt, ...) PHX_PRINTF(3, 4);
void phx_diag_fix(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, struct phx_str text,
		  bool certain);
/* "did you mean `X`?" with a `maybe` fix at `span`, or nothing when no name is near. */
void phx_diag_suggest(struct phx_diag_bag *bag, struct phx_diag *d, struct phx_span span, struct phx_str name,
		      const struct phx_str *names, size_t n);

enum phx_diag_format { PHX_DIAG_HUMAN, PHX_DIAG_SHORT, PHX_DIAG_JSON };
/* Sorted by file order, offset, code; duplicates dropped; at most `shown_max` errors, then a count. JSON: one array `diagnostics`
 * inside a document with `format: "phx-diagnostics/1"`. Human form. */
void phx_diag_render(const struct phx_diag_bag *bag, enum phx_diag_format format, bool colour,
		     struct phx_buf *out);
/* The diagnostics in that order, without duplicates, as an array in `a`. */
struct phx_diag **phx_diag_sorted(const struct phx_diag_bag *bag, struct phx_arena *a, uint32_t *out_n);
/* "error", "warning", "note" */
const char *phx_severity_name(enum phx_severity severity);
/* The objects of the JSON form only (an array), for embedding in a plan. */
void phx_diag_json_array(const struct phx_diag_bag *bag, struct phx_buf *out);
