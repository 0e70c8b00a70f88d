/* Any JSON document is a plan that can be shown in full, or an error that names a member. What was read and written is read as
 * the same again. (The checksum is left out here: it would only keep the search from getting anywhere.) */
#include "fuzz.h"

#include "plan/plan_json.h"
#include "report/report.h"

static struct phx_plan *read_plan(struct phx_str text, struct phx_arena *a)
{
	struct phx_err err = {0};
	json_t *doc = phx_json_parse(text, "input", &err);
	struct phx_plan *p = NULL;

	if (doc && !plan_from_json(doc, "input", a, &p, &err))
		FUZZ_CHECK(err.kind == PHX_ERR_DATA && err.msg.len > 0 && !p);
	for (size_t i = 0; i < err.msg.len; i++)
		FUZZ_CHECK((unsigned char)err.msg.ptr[i] >= ' ');
	json_decref(doc);
	phx_err_done(&err);
	return p;
}

static void check_html(const struct phx_plan *p)
{
	struct phx_report_options o = {0};
	struct phx_buf out = {0};
	struct phx_str rest, found;
	uint32_t scripts = 0;

	phx_report_plan_html(p, &o, &out);
	rest = phx_buf_view(&out);
	for (ptrdiff_t at; (at = phx_str_find(rest, PHX_STR("<script"))) >= 0; scripts++)
		rest = phx_str_from(rest, (size_t)at + 1);
	FUZZ_CHECK(scripts == 1);
	found = phx_buf_view(&out);
	FUZZ_CHECK(phx_str_ends(found, "</html>\n"));
	phx_buf_done(&out);
}

static void check_markdown(const struct phx_plan *p)
{
	struct phx_report_options o = {.max_bytes = PHX_REPORT_MARKDOWN_MIN};
	struct phx_buf out = {0};

	phx_report_plan_markdown(p, &o, &out);
	FUZZ_CHECK(out.len <= o.max_bytes);
	FUZZ_CHECK(phx_str_starts(phx_buf_view(&out), "<!-- phx-plan:"));
	phx_buf_done(&out);
}

static void show(const struct phx_plan *p)
{
	struct phx_report_options o = {.verbose = true, .width = 80};
	struct phx_buf out = {0};

	check_markdown(p);
	check_html(p);

	phx_report_plan_text(p, &o, &out);
	for (size_t i = 0; i < out.len; i++)
		FUZZ_CHECK((unsigned char)out.ptr[i] >= ' ' || out.ptr[i] == '\n' || out.ptr[i] == '\t');
	phx_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_arena arena = {0};
	struct phx_plan *p = read_plan((struct phx_str){(const char *)data, size}, &arena), *again;
	struct phx_buf first = {0}, second = {0};

	if (p) {
		show(p);
		phx_plan_json(p, true, NULL, &first);
		again = read_plan(phx_buf_view(&first), &arena);
		FUZZ_CHECK(again);
		phx_plan_json(again, true, NULL, &second);
		FUZZ_CHECK(phx_str_eq(phx_buf_view(&first), phx_buf_view(&second)));
	}
	phx_buf_done(&first);
	phx_buf_done(&second);
	phx_arena_done(&arena);
	return 0;
}
