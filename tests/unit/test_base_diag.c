#include "base_test.h"

#include "base/diag.h"
#include "base/json.h"

#define S(lit) PHX_STR(lit)

struct fixture {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_buf out;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	phx_sources_init(&f->sources, &f->arena);
	phx_diag_bag_init(&f->bag, &f->arena, &f->sources);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	phx_buf_done(&f->out);
	phx_arena_done(&f->arena);
	free(f);
	return 0;
}

/* Some code that is a warning, if there is one yet. */
static bool find_warning(enum phx_code *out)
{
	for (unsigned i = 0; i < PHX_CODE_COUNT; i++) {
		if (phx_code_info((enum phx_code)i)->severity == PHX_SEV_WARNING) {
			*out = (enum phx_code)i;
			return true;
		}
	}
	return false;
}

static void codes_are_sorted_unique_and_found_by_every_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PHX_CODE_COUNT; i++) {
		const struct phx_code_info *info = phx_code_info((enum phx_code)i);
		enum phx_code found;

		assert_int_equal(strlen(info->name), 7);
		assert_true(info->title[0] && info->slug[0]);
		if (i)
			assert_true(strcmp(phx_code_info((enum phx_code)(i - 1))->name, info->name) < 0);
		assert_true(phx_code_find(phx_str_c(info->name), &found) && found == i);
		assert_true(phx_code_find(phx_str_c(info->name + 3), &found) && found == i);
		assert_true(phx_code_find(phx_str_c(info->slug), &found) && found == i);
	}
}

static void unknown_codes_are_not_found(void **state)
{
	enum phx_code code;

	(void)state;
	assert_false(phx_code_find(S("PHX9999"), &code));
	assert_false(phx_code_find(S(""), &code));
	assert_false(phx_code_find(S("phx0001"), &code));
}

static void levels_change_warnings_only(void **state)
{
	struct fixture *f = *state;
	enum phx_code code;
	struct phx_diag *d;

	assert_false(phx_diag_level(&f->bag, S("no-such-warning"), true));
	assert_false(phx_diag_level(&f->bag, S("internal-limit"), false));
	assert_false(phx_diag_level(&f->bag, S("warnings"), false));
	assert_true(phx_diag_level(&f->bag, S("warnings"), true));
	phx_diag_bag_init(&f->bag, &f->arena, &f->sources);
	if (!find_warning(&code))
		return;
	phx_diag_add(&f->bag, code, (struct phx_span){0}, "w");
	assert_int_equal(f->bag.warnings, 1);
	assert_true(phx_diag_level(&f->bag, phx_str_c(phx_code_info(code)->slug), false));
	assert_true(phx_diag_level(&f->bag, S("warnings"), true));
	d = phx_diag_add(&f->bag, code, (struct phx_span){0}, "allowed by name");
	phx_diag_note(&f->bag, d, "may still be worked on");
	assert_int_equal(f->bag.diags.n, 1);
	assert_true(phx_diag_level(&f->bag, phx_str_c(phx_code_info(code)->slug), true));
	d = phx_diag_add(&f->bag, code, (struct phx_span){0}, "denied");
	assert_int_equal(d->severity, PHX_SEV_ERROR);
	assert_int_equal(f->bag.errors, 1);
}

static void diagnostics_come_sorted_and_once(void **state)
{
	struct fixture *f = *state;
	uint32_t a = phx_source_add(&f->sources, S("a.phx"), S("one\ntwo\n"));
	uint32_t b = phx_source_add(&f->sources, S("b.phx"), S("three\n"));

	phx_diag_add(&f->bag, PHX0002, (struct phx_span){b, 0, 5}, "in b");
	phx_diag_add(&f->bag, PHX0002, (struct phx_span){a, 4, 7}, "second");
	phx_diag_add(&f->bag, PHX0001, (struct phx_span){a, 4, 7}, "first by code");
	phx_diag_add(&f->bag, PHX0002, (struct phx_span){a, 4, 7}, "second");
	phx_diag_add(&f->bag, PHX0002, (struct phx_span){a, 0, 1}, "at the\nstart");
	phx_diag_add(&f->bag, PHX0002, (struct phx_span){0}, "nowhere");
	phx_diag_add(&f->bag, PHX0002, (struct phx_span){a, 4, 7}, "second");
	phx_diag_render(&f->bag, PHX_DIAG_SHORT, false, &f->out);
	assert_buf(&f->out, "error[PHX0002]: nowhere\n"
			    "a.phx:1:1: error[PHX0002]: at the start\n"
			    "a.phx:2:1: error[PHX0001]: first by code\n"
			    "a.phx:2:1: error[PHX0002]: second\n"
			    "b.phx:1:1: error[PHX0002]: in b\n");
}

static void twenty_errors_are_shown_and_the_rest_counted(void **state)
{
	struct fixture *f = *state;
	struct phx_str rest, line;
	unsigned shown = 0;

	for (unsigned i = 0; i < 21; i++)
		phx_diag_add(&f->bag, PHX0001, (struct phx_span){0}, "number %02u", i);
	phx_diag_render(&f->bag, PHX_DIAG_SHORT, false, &f->out);
	assert_true(phx_str_ends(
		phx_buf_view(&f->out),
		"number 19\nerror: 1 more error is not shown (21 in all; --max-errors 0 shows all)\n"));
	phx_diag_add(&f->bag, PHX0001, (struct phx_span){0}, "number 21");
	phx_buf_clear(&f->out);
	phx_diag_render(&f->bag, PHX_DIAG_HUMAN, false, &f->out);
	assert_true(
		phx_str_ends(phx_buf_view(&f->out),
			     "\nerror: 2 more errors are not shown (22 in all; --max-errors 0 shows all)\n"));
	rest = phx_buf_view(&f->out);
	while (phx_str_cut(&rest, '\n', &line))
		shown += phx_str_starts(line, "error[");
	assert_int_equal(shown, 20);
}

static json_t *rendered_json(struct fixture *f)
{
	struct phx_err err = {0};
	json_t *doc;

	phx_buf_clear(&f->out);
	phx_diag_render(&f->bag, PHX_DIAG_JSON, false, &f->out);
	doc = phx_json_parse(phx_buf_view(&f->out), "diagnostics", &err);
	assert_non_null(doc);
	phx_err_done(&err);
	return doc;
}

static void json_form_holds_everything(void **state)
{
	struct fixture *f = *state;
	uint32_t file = phx_source_add(&f->sources, S("a.phx"), S("vm web {\n  memroy = 1\n}\n"));
	struct phx_str names[] = {S("memory")};
	struct phx_diag *d;
	json_t *doc, *j, *fix;

	d = phx_diag_add(&f->bag, PHX0001, (struct phx_span){file, 11, 17}, "unknown \"%s\"", "memroy");
	phx_diag_label(&f->bag, d, d->span, "here");
	phx_diag_label(&f->bag, d, (struct phx_span){0}, "nowhere");
	phx_diag_note(&f->bag, d, "a fact");
	phx_diag_suggest(&f->bag, d, d->span, S("memroy"), names, 1);
	doc = rendered_json(f);
	assert_str(phx_json_str(doc, "format"), "phx-diagnostics/1");
	assert_int_equal(phx_json_int(doc, "errors", 0), 1);
	assert_int_equal(phx_json_int(doc, "warnings", 9), 0);
	j = json_array_get(phx_json_get(doc, "diagnostics"), 0);
	assert_str(phx_json_str(j, "code"), "PHX0001");
	assert_str(phx_json_str(j, "slug"), "internal-limit");
	assert_str(phx_json_str(j, "severity"), "error");
	assert_str(phx_json_str(j, "message"), "unknown \"memroy\"");
	assert_str(phx_json_str(j, "file"), "a.phx");
	assert_int_equal(phx_json_int(j, "line", 0), 2);
	assert_int_equal(phx_json_int(j, "column", 0), 3);
	assert_int_equal(phx_json_int(j, "end_column", 0), 9);
	assert_int_equal(json_array_size(phx_json_get(j, "labels")), 2);
	assert_null(phx_json_get(json_array_get(phx_json_get(j, "labels"), 1), "file"));
	assert_string_equal(json_string_value(json_array_get(phx_json_get(j, "notes"), 0)), "a fact");
	assert_string_equal(json_string_value(json_array_get(phx_json_get(j, "helps"), 0)),
			    "did you mean `memory`?");
	fix = json_array_get(phx_json_get(j, "fixes"), 0);
	assert_str(phx_json_str(fix, "text"), "memory");
	assert_str(phx_json_str(fix, "applicability"), "maybe");
	assert_int_equal(phx_json_int(fix, "start", 0), 11);
	json_decref(doc);
}

static void json_form_is_whole_for_any_number_of_diagnostics(void **state)
{
	struct fixture *f = *state;
	json_t *doc = rendered_json(f);

	assert_int_equal(json_array_size(phx_json_get(doc, "diagnostics")), 0);
	json_decref(doc);
	for (unsigned i = 0; i < 100; i++)
		phx_diag_add(&f->bag, PHX0001, (struct phx_span){0}, "number %u", i);
	doc = rendered_json(f);
	assert_int_equal(json_array_size(phx_json_get(doc, "diagnostics")), 100);
	json_decref(doc);
	phx_buf_clear(&f->out);
	phx_diag_json_array(&f->bag, &f->out);
	assert_true(phx_str_starts(phx_buf_view(&f->out), "[{\"code\":\"PHX0001\""));
}

static void suggestions_need_a_near_name(void **state)
{
	struct fixture *f = *state;
	struct phx_diag *d = phx_diag_add(&f->bag, PHX0001, (struct phx_span){0}, "x");
	struct phx_str names[] = {S("cores"), S("memory")};

	phx_diag_suggest(&f->bag, d, d->span, S("storage"), names, 2);
	assert_int_equal(d->helps.n, 0);
	phx_diag_suggest(&f->bag, d, d->span, S("core"), names, 2);
	assert_str(d->helps.v[0], "did you mean `cores`?");
	assert_int_equal(d->fixes.n, 0); /* there is no place to put it */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_sorted_unique_and_found_by_every_name),
		cmocka_unit_test(unknown_codes_are_not_found),
		cmocka_unit_test_setup_teardown(levels_change_warnings_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(diagnostics_come_sorted_and_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(twenty_errors_are_shown_and_the_rest_counted, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(json_form_holds_everything, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_form_is_whole_for_any_number_of_diagnostics, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(suggestions_need_a_near_name, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
