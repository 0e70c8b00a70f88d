/* The text after a run. */
#include <string.h>

#include "apply/apply.h"

enum { ADDRESSES = 6 };

static void paint(struct phx_buf *out, bool colour, const char *code, const char *text)
{
	if (colour)
		phx_buf_printf(out, "\x1b[%sm%s\x1b[0m", code, text);
	else
		phx_buf_c(out, text);
}

static void indented(struct phx_buf *out, struct phx_str text, const char *before)
{
	struct phx_str line;
	struct phx_buf safe = {0};

	if (!text.len)
		return;
	phx_buf_printable(&safe, text);
	text = phx_buf_view(&safe);
	while (phx_str_cut(&text, '\n', &line))
		phx_buf_printf(out, "%s" PHX_STR_FMT "\n", before, PHX_STR_ARG(line));
	phx_buf_done(&safe);
}

static void place(struct phx_buf *out, const struct phx_plan *plan, const struct phx_action *a)
{
	struct phx_pos pos;

	struct phx_span span = phx_span_known(a->span) || !a->change ? a->span : a->change->span;

	if (!plan->sources || !phx_span_known(span))
		return;
	pos = phx_source_pos(plan->sources, span);
	phx_buf_printf(out, "  declared at " PHX_STR_FMT ":%u:%u\n", PHX_STR_ARG(pos.path), pos.line,
		       pos.col);
}

/* Actions that were not started because of this one. */
static void consequences(struct phx_buf *out, const struct phx_plan *plan,
			 const struct phx_apply_result *result, uint32_t id)
{
	struct phx_str last = {0};
	uint32_t n = 0, shown = 0;

	for (uint32_t i = 0; i < plan->actions.n; i++)
		n += result->actions[i].outcome == PHX_OUT_SKIPPED && result->actions[i].because == id;
	if (!n)
		return;
	phx_buf_printf(out, "  not started because of it: %u action%s", n, n == 1 ? "" : "s");
	for (uint32_t i = 0; i < plan->actions.n && shown < ADDRESSES; i++) {
		struct phx_str address = plan->actions.v[i]->address;

		if (result->actions[i].outcome != PHX_OUT_SKIPPED || result->actions[i].because != id ||
		    phx_str_eq(address, last))
			continue;
		last = address;
		phx_buf_printf(out, "%s" PHX_STR_FMT, shown ? ", " : " of ", PHX_STR_ARG(address));
		shown++;
	}
	phx_buf_c(out, shown == ADDRESSES ? ", …\n" : "\n");
}

static void bytes(struct phx_buf *out, uint64_t n)
{
	if (n >= 1 << 20)
		phx_buf_printf(out, "%.1f MiB", (double)n / (1 << 20));
	else
		phx_buf_printf(out, "%llu bytes", (unsigned long long)n);
}

static void where_output_is(struct phx_buf *out, const struct phx_action_result *res)
{
	bool whole = res->log_file.len && !res->log_left_out && !res->log_lost;

	if (res->log_file.len && res->log_left_out) {
		phx_buf_c(out, "  its output, but for ");
		bytes(out, res->log_left_out);
		phx_buf_printf(out, " that were too much for the way here: " PHX_STR_FMT "\n",
			       PHX_STR_ARG(res->log_file));
	} else if (res->log_file.len) {
		phx_buf_printf(out, "  %s: " PHX_STR_FMT "\n",
			       res->log_lost ? "its output as far as it came" : "all of its output",
			       PHX_STR_ARG(res->log_file));
	}
	if (res->guest_log.len)
		phx_buf_printf(out, "  %s: " PHX_STR_FMT "\n",
			       res->log_short ? "the end of it, in the guest"
			       : whole        ? "and in the guest"
					      : "all of its output, in the guest",
			       PHX_STR_ARG(res->guest_log));
}

static void failure(struct phx_buf *out, const struct phx_plan *plan, const struct phx_apply_result *result,
		    uint32_t i, bool colour)
{
	const struct phx_action *a = plan->actions.v[i];
	const struct phx_action_result *res = &result->actions[i];

	paint(out, colour, "1;31", "error");
	phx_buf_printf(out, ": " PHX_STR_FMT ": " PHX_STR_FMT " failed\n", PHX_STR_ARG(a->address),
		       PHX_STR_ARG(a->summary));
	indented(out, res->message, "  ");
	if (a->type == PHX_ACT_CALL)
		phx_buf_printf(out, "  call: %s " PHX_STR_FMT "\n", phx_method_name(a->method),
			       PHX_STR_ARG(a->path));
	if (res->upid.len)
		phx_buf_printf(out, "  task: " PHX_STR_FMT "\n", PHX_STR_ARG(res->upid));
	indented(out, res->log, "  | ");
	where_output_is(out, res);
	place(out, plan, a);
	consequences(out, plan, result, a->id);
	if (res->hint.len) {
		phx_buf_c(out, "  ");
		paint(out, colour, "1", "help");
		phx_buf_printf(out, ": " PHX_STR_FMT "\n", PHX_STR_ARG(res->hint));
	}
	phx_buf_ch(out, '\n');
}

static void count(struct phx_buf *out, bool *first, uint32_t n, const char *what)
{
	if (!n)
		return;
	phx_buf_printf(out, "%s%u %s", *first ? "" : ", ", n, what);
	*first = false;
}

static void summary(struct phx_buf *out, const struct phx_apply_result *r, bool colour)
{
	bool first = true;

	if (r->exit_code == 0)
		paint(out, colour, "1;32", "Apply complete: ");
	else
		paint(out, colour, "1;31",
		      r->exit_code == 130 ? "Apply interrupted: "
		      : r->exit_code == 1 ? "Nothing was applied: "
					  : "Apply failed in part: ");
	count(out, &first, r->count[PHX_OUT_DONE], "done");
	count(out, &first, r->count[PHX_OUT_ALREADY], "already so");
	count(out, &first, r->count[PHX_OUT_FAILED], "failed");
	count(out, &first, r->count[PHX_OUT_SKIPPED], "skipped");
	count(out, &first, r->count[PHX_OUT_LEFT], "not started");
	count(out, &first, r->count[PHX_OUT_UNKNOWN], "left running");
	if (first)
		phx_buf_c(out, "nothing to do");
	phx_buf_printf(out, "; %.1f s\n", (double)r->elapsed_ms / 1000);
}

static bool shutdown_failed(const struct phx_plan *plan, const struct phx_apply_result *r)
{
	for (uint32_t i = 0; i < plan->actions.n; i++)
		if (r->actions[i].outcome == PHX_OUT_FAILED && plan->actions.v[i]->op == PHX_OP_SHUTDOWN)
			return true;
	return false;
}

static void what_next(struct phx_buf *out, const struct phx_plan *plan, const struct phx_apply_result *r,
		      const struct phx_apply_next *next)
{
	struct phx_str again = next && next->again.len ? next->again : PHX_STR("phx apply");

	if (r->count[PHX_OUT_UNKNOWN])
		phx_buf_printf(out,
			       "Tasks that were started go on in the cluster; the next `" PHX_STR_FMT
			       "` waits for them.\n",
			       PHX_STR_ARG(again));
	if (r->exit_code != 5 && r->exit_code != 130)
		return;
	phx_buf_printf(out,
		       "Next: `" PHX_STR_FMT
		       "` again. What is done stays done, and only the rest is planned.\n",
		       PHX_STR_ARG(again));
	if (next && next->force.len && shutdown_failed(plan, r))
		phx_buf_printf(out, "Or `" PHX_STR_FMT "`: it switches off what does not shut down.\n",
			       PHX_STR_ARG(next->force));
}

void phx_apply_report(const struct phx_plan *plan, const struct phx_apply_result *result,
		      const struct phx_apply_next *next, bool colour, struct phx_buf *out)
{
	for (uint32_t i = 0; i < plan->actions.n; i++) {
		if (result->actions[i].outcome == PHX_OUT_FAILED)
			failure(out, plan, result, i, colour);
	}
	summary(out, result, colour);
	what_next(out, plan, result, next);
}
