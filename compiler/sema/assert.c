/* Assertions, and what made them false. */
#include "sema/sema_priv.h"

enum { MAX_SOURCE = 60, MAX_NOTES = 6 };

static void note_operand(struct phx_sema *s, struct phx_diag *d, const struct phx_node *n,
			 struct phx_frame_rt *f)
{
	struct phx_str text = phx_source_text(s->sources, n->span);
	bool catching = s->catching, caught = s->caught;
	struct phx_value v;

	if (n->kind == PHX_N_CONST || n->kind == PHX_N_POISON || d->notes.n >= MAX_NOTES)
		return;
	/* The argument of a `try()` may be missing: that is no news. */
	s->catching = true;
	phx_eval(s, n, f, &v);
	s->catching = catching;
	s->caught = caught;
	if (v.flags & PHX_VF_POISON)
		return;
	if (text.len == 0 || text.len > MAX_SOURCE || phx_str_chr(text, '\n') >= 0)
		phx_diag_note(s->bag, d, "the operand is %s", phx_shown(s, &v));
	else
		phx_diag_note(s->bag, d, "`" PHX_STR_FMT "` is %s", PHX_STR_ARG(text), phx_shown(s, &v));
}

void phx_assert_notes(struct phx_sema *s, struct phx_diag *d, const struct phx_node *n,
		      struct phx_frame_rt *f)
{
	struct phx_value v;

	if (n->kind == PHX_N_AND || n->kind == PHX_N_OR) {
		phx_eval(s, n->sub.a, f, &v);
		if (v.kind == PHX_V_BOOL && !v.b)
			phx_assert_notes(s, d, n->sub.a, f);
		if (n->kind == PHX_N_OR || (v.kind == PHX_V_BOOL && v.b))
			phx_assert_notes(s, d, n->sub.b, f);
	} else if (n->kind == PHX_N_BINARY) {
		note_operand(s, d, n->sub.a, f);
		if (n->sub.b->kind == PHX_N_RANGE) {
			note_operand(s, d, n->sub.b->sub.a, f);
			note_operand(s, d, n->sub.b->sub.b, f);
		} else {
			note_operand(s, d, n->sub.b, f);
		}
	} else if (n->kind == PHX_N_NOT) {
		phx_assert_notes(s, d, n->sub.a, f);
	} else if (n->kind == PHX_N_CALL) {
		for (uint32_t i = 0; i < n->call.n; i++)
			note_operand(s, d, n->call.args[i], f);
	}
}

struct phx_str phx_assert_message(struct phx_sema *s, const struct phx_do_assert *check,
				  struct phx_frame_rt *f)
{
	struct phx_value v;

	if (!check->message)
		return (struct phx_str){0};
	s->masking = true;
	phx_eval(s, check->message, f, &v);
	s->masking = false;
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON | PHX_VF_SECRET) || v.kind != PHX_V_STRING)
		return (struct phx_str){0};
	return v.s;
}

void phx_run_assert(struct phx_sema *s, const struct phx_do_assert *check, struct phx_span span,
		    struct phx_frame_rt *f, const struct phx_value *subject, bool *out_failed)
{
	struct phx_span at = subject && phx_span_known(subject->span) ? subject->span : check->cond->span;
	struct phx_str message;
	struct phx_value v;
	struct phx_diag *d;

	(void)span;
	*out_failed = false;
	phx_eval(s, check->cond, f, &v);
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	if (v.kind != PHX_V_BOOL) {
		phx_eval_error(s, PHX0201, check->cond->span, &v, "what `assert` checks is bool, not %s",
			       phx_value_kind_name((enum phx_value_kind)v.kind));
		return;
	}
	if (v.b)
		return;
	*out_failed = true;
	if (++s->failed > PHX_SEMA_MAX_FAILED)
		return;
	message = phx_assert_message(s, check, f);
	d = phx_diag_add(s->bag, PHX0234, at, PHX_STR_FMT,
			 PHX_STR_ARG(message.len ? message : PHX_STR("the assertion does not hold")));
	if (subject) {
		phx_diag_label(s->bag, d, at, "this is %s", phx_shown(s, subject));
		phx_diag_label(s->bag, d, check->cond->span, "asserted here");
	} else {
		phx_diag_label(s->bag, d, at, "this is false");
	}
	phx_assert_notes(s, d, check->cond, f);
}

void phx_run_asserts(struct phx_sema *s)
{
	bool failed;

	for (uint32_t i = 0; i < s->checks.n && !s->stopped; i++) {
		struct phx_check_rt c = s->checks.v[i];

		phx_run_assert(s, c.check, c.span, c.frame, NULL, &failed);
	}
}
