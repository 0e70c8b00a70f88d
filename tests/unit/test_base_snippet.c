#include "base_test.h"

#include "base/diag.h"

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

static uint32_t add_file(struct fixture *f, const char *path, const char *text)
{
	return phx_source_add(&f->sources, phx_str_c(path), phx_str_c(text));
}

/* The first place of `what` in a file. */
static struct phx_span span_of(struct fixture *f, uint32_t file, const char *what)
{
	ptrdiff_t at = phx_str_find(phx_source_get(&f->sources, file)->text, phx_str_c(what));

	assert_true(at >= 0);
	return (struct phx_span){file, (uint32_t)at, (uint32_t)((size_t)at + strlen(what))};
}

static struct phx_diag *add(struct fixture *f, struct phx_span span, const char *message)
{
	return phx_diag_add(&f->bag, PHX0001, span, "%s", message);
}

static void assert_shown(struct fixture *f, const char *expected)
{
	phx_diag_render(&f->bag, PHX_DIAG_HUMAN, false, &f->out);
	assert_buf(&f->out, expected);
}

static void a_diagnostic_shows_its_line_labels_and_correction(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "site/web.phx",
				 "\n\n\n\n\n\n\n\n\n\n\nvm web {\n  cores  = 4\n  memroy = 2048\n}\n");
	struct phx_str names[] = {S("cores"), S("memory")};
	struct phx_diag *d =
		add(f, span_of(f, file, "memroy"), "unknown attribute `memroy` in resource type `vm`");

	phx_diag_label(&f->bag, d, d->span, "no such attribute");
	phx_diag_label(&f->bag, d, span_of(f, file, "vm web"), "in this resource");
	phx_diag_suggest(&f->bag, d, d->span, S("memroy"), names, 2);
	assert_shown(f, "error[PHX0001]: unknown attribute `memroy` in resource type `vm`\n"
			"  --> site/web.phx:14:3\n"
			"   |\n"
			"12 | vm web {\n"
			"   | ------ in this resource\n"
			"13 |   cores  = 4\n"
			"14 |   memroy = 2048\n"
			"   |   ^^^^^^ no such attribute\n"
			"   |\n"
			"help: did you mean `memory`?\n"
			"   |\n"
			"14 |   memory = 2048\n"
			"   |   ~~~~~~\n"
			"   = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void far_lines_and_other_files_have_their_place(void **state)
{
	struct fixture *f = *state;
	uint32_t a = add_file(f, "a.phx", "let x = 1\n#\n#\n#\nlet x = 2\n");
	uint32_t b = add_file(f, "b.phx", "use x\n");
	struct phx_diag *d = add(f, (struct phx_span){a, 20, 21}, "defined twice");

	phx_diag_label(&f->bag, d, span_of(f, b, "x"), "used here");
	phx_diag_label(&f->bag, d, span_of(f, a, "x"), "first here");
	phx_diag_label(&f->bag, d, (struct phx_span){0}, "and once on the command line");
	phx_diag_note(&f->bag, d, "the first line\nand the second");
	phx_diag_help(&f->bag, d, "rename one");
	assert_shown(f, "error[PHX0001]: defined twice\n"
			" --> a.phx:5:5\n"
			"  |\n"
			"1 | let x = 1\n"
			"  |     - first here\n"
			"...\n"
			"5 | let x = 2\n"
			"  |     ^\n"
			"  |\n"
			" ::: b.phx:1:5\n"
			"  |\n"
			"1 | use x\n"
			"  |     - used here\n"
			"  |\n"
			"  = note: and once on the command line\n"
			"  = note: the first line\n"
			"          and the second\n"
			"  = help: rename one\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void several_labels_on_a_line_hang_from_bars(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "n = \"a\" + 4");
	struct phx_diag *d = add(f, span_of(f, file, "+"), "cannot add");

	phx_diag_label(&f->bag, d, span_of(f, file, "\"a\""), "a string");
	phx_diag_label(&f->bag, d, span_of(f, file, "4"), "a number");
	phx_diag_label(&f->bag, d, d->span, "this");
	assert_shown(f, "error[PHX0001]: cannot add\n"
			" --> a.phx:1:9\n"
			"  |\n"
			"1 | n = \"a\" + 4\n"
			"  |     --- ^ - a number\n"
			"  |     |   |\n"
			"  |     |   this\n"
			"  |     a string\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void nested_marks_show_the_inner_one(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "f(a, b)");
	struct phx_diag *d = add(f, span_of(f, file, "f(a, b)"), "bad call");

	phx_diag_label(&f->bag, d, span_of(f, file, "a"), "first");
	phx_diag_label(&f->bag, d, d->span, "call");
	assert_shown(f, "error[PHX0001]: bad call\n"
			" --> a.phx:1:1\n"
			"  |\n"
			"1 | f(a, b)\n"
			"  | ^^-^^^^ call\n"
			"  |   |\n"
			"  |   first\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void the_primary_mark_is_seen_when_others_cover_it(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "abcd");
	struct phx_diag *d = add(f, span_of(f, file, "abcd"), "both halves");

	phx_diag_label(&f->bag, d, span_of(f, file, "ab"), "left");
	phx_diag_label(&f->bag, d, span_of(f, file, "cd"), "right");
	assert_shown(f, "error[PHX0001]: both halves\n"
			" --> a.phx:1:1\n"
			"  |\n"
			"1 | abcd\n"
			"  | ^^^^ right\n"
			"  | |\n"
			"  | left\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void carets_stand_below_tabs_and_wide_characters(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "\tx\t= \"\xE6\x97\xA5\xE6\x9C\xAC e\xCC\x81\" !\n");
	struct phx_diag *d = add(f, span_of(f, file, "!"), "stray");

	phx_diag_label(&f->bag, d, span_of(f, file, "\xE6\x9C\xAC"), "%s", "");
	assert_shown(f, "error[PHX0001]: stray\n"
			" --> a.phx:1:14\n"
			"  |\n"
			"1 |     x   = \"\xE6\x97\xA5\xE6\x9C\xAC e\xCC\x81\" !\n"
			"  |              --    ^\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void control_characters_are_shown_not_sent(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a\x1b[2J.phx",
				 "\xEF\xBB\xBF"
				 "a\x1b[31m\x80 b\r\nc");
	struct phx_diag *d = add(f, span_of(f, file, "b"), "odd \x1b[0m");

	phx_diag_label(&f->bag, d, d->span, "la\nbel\x07");
	phx_diag_note(&f->bag, d, "no\x1bte");
	assert_shown(f, "error[PHX0001]: odd \\x1b[0m\n"
			" --> a\\x1b[2J.phx:1:9\n"
			"  |\n"
			"1 | a\\x1b[31m\\x80 b\n"
			"  |               ^ la bel\\x07\n"
			"  |\n"
			"  = note: no\\x1bte\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n");
}

static void errors_at_the_end_of_file_have_a_caret(void **state)
{
	struct fixture *f = *state;
	uint32_t open = add_file(f, "open.phx", "vm web {\n"), empty = add_file(f, "empty.phx", "");
	uint32_t bare = add_file(f, "bare.phx", "vm");

	add(f, (struct phx_span){open, 9, 9}, "unexpected end of file");
	add(f, (struct phx_span){empty, 0, 0}, "nothing here");
	add(f, (struct phx_span){bare, 2, 900}, "name missing");
	assert_shown(f, "error[PHX0001]: unexpected end of file\n"
			" --> open.phx:2:1\n"
			"  |\n"
			"2 |\n"
			"  | ^\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n"
			"error[PHX0001]: nothing here\n"
			" --> empty.phx:1:1\n"
			"  |\n"
			"1 |\n"
			"  | ^\n"
			"\n"
			"error[PHX0001]: name missing\n"
			" --> bare.phx:1:3\n"
			"  |\n"
			"1 | vm\n"
			"  |   ^\n"
			"\n");
}

static void places_over_several_lines_are_marked_on_their_first(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "x = [  \n  1\n]\n");

	add(f, (struct phx_span){file, 4, 13}, "too short");
	add(f, (struct phx_span){file, 7, 13}, "from the line end");
	assert_shown(f, "error[PHX0001]: too short\n"
			" --> a.phx:1:5\n"
			"  |\n"
			"1 | x = [\n"
			"  |     ^\n"
			"  |\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n"
			"error[PHX0001]: from the line end\n"
			" --> a.phx:1:8\n"
			"  |\n"
			"1 | x = [\n"
			"  |        ^\n"
			"\n");
}

static void very_long_lines_are_cut_around_the_caret(void **state)
{
	struct fixture *f = *state;
	struct phx_buf text = {0}, expected = {0};
	struct phx_diag *d;
	uint32_t file;

	phx_buf_fill(&text, 'a', 5000);
	phx_buf_c(&text, "HERE");
	phx_buf_fill(&text, 'b', 5000);
	file = add_file(f, "a.phx", text.ptr);
	d = add(f, span_of(f, file, "HERE"), "wide");
	phx_diag_label(&f->bag, d, (struct phx_span){file, 0, 4}, "before");
	phx_diag_label(&f->bag, d, (struct phx_span){file, 9000, 9004}, "behind");
	phx_buf_c(&expected, "error[PHX0001]: wide\n --> a.phx:1:5001\n  |\n1 | ...");
	phx_buf_fill(&expected, 'a', 50);
	phx_buf_c(&expected, "HERE");
	phx_buf_fill(&expected, 'b', 66);
	phx_buf_c(&expected, "...\n  | ---");
	phx_buf_fill(&expected, ' ', 50);
	phx_buf_c(&expected, "^^^^");
	phx_buf_fill(&expected, ' ', 66);
	phx_buf_c(&expected,
		  "--- behind\n  | |\n  | before\n  |\n  = explain: run `phx explain PHX0001`\n\n");
	assert_shown(f, expected.ptr);
	phx_buf_done(&text);
	phx_buf_done(&expected);
}

static void windows_never_split_a_character(void **state)
{
	struct fixture *f = *state;
	struct phx_buf text = {0};
	uint32_t file;

	for (int i = 0; i < 400; i++)
		phx_buf_c(&text, "\xE6\x97\xA5");
	file = add_file(f, "a.phx", text.ptr);
	for (uint32_t at = 0; at < 1200; at += 7)
		phx_diag_add(&f->bag, PHX0001, (struct phx_span){file, at, at + 1}, "at %u", at);
	for (uint32_t i = 0; i + 19 < f->bag.diags.n; i += 19) {
		struct phx_diag_bag some = f->bag;

		some.diags.v += i;
		some.diags.n = 19;
		phx_diag_render(&some, PHX_DIAG_HUMAN, false, &f->out);
		assert_null(strstr(f->out.ptr, "\\x"));
		phx_buf_clear(&f->out);
	}
	phx_buf_done(&text);
}

static void corrections_insert_replace_and_remove(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "x = 1;\ny 2\n");
	struct phx_diag *d = add(f, span_of(f, file, ";"), "no semicolons");

	phx_diag_fix(&f->bag, d, d->span, S(""), true);
	d = add(f, span_of(f, file, "2"), "`=` missing");
	phx_diag_help(&f->bag, d, "write `=` before a value");
	phx_diag_fix(&f->bag, d, (struct phx_span){file, 9, 9}, S("= "), true);
	phx_diag_fix(&f->bag, d, (struct phx_span){file, 0, 9}, S("over two lines"), false);
	assert_shown(f, "error[PHX0001]: no semicolons\n"
			" --> a.phx:1:6\n"
			"  |\n"
			"1 | x = 1;\n"
			"  |      ^\n"
			"  |\n"
			"help: remove this\n"
			"  |\n"
			"1 | x = 1;\n"
			"  |      -\n"
			"  = explain: run `phx explain PHX0001`\n"
			"\n"
			"error[PHX0001]: `=` missing\n"
			" --> a.phx:2:3\n"
			"  |\n"
			"2 | y 2\n"
			"  |   ^\n"
			"  |\n"
			"help: write `=` before a value\n"
			"  |\n"
			"2 | y = 2\n"
			"  |   ++\n"
			"\n");
}

static void colour_comes_only_when_asked_for(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "x\n");
	struct phx_diag *d = add(f, span_of(f, file, "x"), "bad");

	phx_diag_label(&f->bag, d, d->span, "here");
	phx_diag_render(&f->bag, PHX_DIAG_HUMAN, false, &f->out);
	assert_null(strchr(f->out.ptr, '\x1b'));
	phx_buf_clear(&f->out);
	phx_diag_render(&f->bag, PHX_DIAG_HUMAN, true, &f->out);
	assert_true(phx_str_starts(phx_buf_view(&f->out),
				   "\x1b[1;31merror[PHX0001]\x1b[0m\x1b[1m:\x1b[0m \x1b[1mbad\x1b[0m\n"));
	assert_non_null(strstr(f->out.ptr, "\x1b[1;31m^\x1b[0m \x1b[1;31mhere\x1b[0m\n"));
}

static void a_flood_of_labels_is_cut_and_counted(void **state)
{
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", "x x x x\n");
	struct phx_diag *d = add(f, (struct phx_span){file, 0, 1}, "cycle");

	for (uint32_t i = 0; i < 1000; i++)
		phx_diag_label(&f->bag, d, (struct phx_span){file, 2, 3}, "step %u", i);
	phx_diag_render(&f->bag, PHX_DIAG_HUMAN, false, &f->out);
	assert_non_null(strstr(f->out.ptr, "step 38"));
	assert_null(strstr(f->out.ptr, "step 39"));
	assert_non_null(strstr(f->out.ptr, "= note: 961 more places are not shown\n"));
}

static void any_span_of_any_text_renders(void **state)
{
	static const char text[] = "a\tb\xC3\xA9\r\n\n\xFF\x1b\xE6\x97\xA5\n end";
	struct fixture *f = *state;
	uint32_t file = add_file(f, "a.phx", text);

	for (uint32_t start = 0; start < sizeof(text) + 2; start++) {
		for (uint32_t end = 0; end < sizeof(text) + 2; end++) {
			struct phx_diag *d = add(f, (struct phx_span){file, start, end}, "m");

			phx_diag_label(&f->bag, d, (struct phx_span){file, end, start}, "other");
			phx_diag_fix(&f->bag, d, (struct phx_span){file, start, end}, S("new"), false);
			phx_diag_render(&f->bag, PHX_DIAG_HUMAN, false, &f->out);
			assert_non_null(strchr(f->out.ptr, '^'));
			phx_buf_clear(&f->out);
			phx_diag_bag_init(&f->bag, &f->arena, &f->sources);
		}
	}
	add(f, (struct phx_span){77, 1, 2}, "a file that is not there");
	assert_shown(f,
		     "error[PHX0001]: a file that is not there\n  = explain: run `phx explain PHX0001`\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_diagnostic_shows_its_line_labels_and_correction, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(far_lines_and_other_files_have_their_place, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(several_labels_on_a_line_hang_from_bars, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nested_marks_show_the_inner_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_primary_mark_is_seen_when_others_cover_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(carets_stand_below_tabs_and_wide_characters, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(control_characters_are_shown_not_sent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_at_the_end_of_file_have_a_caret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(places_over_several_lines_are_marked_on_their_first, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(very_long_lines_are_cut_around_the_caret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(windows_never_split_a_character, set_up, tear_down),
		cmocka_unit_test_setup_teardown(corrections_insert_replace_and_remove, set_up, tear_down),
		cmocka_unit_test_setup_teardown(colour_comes_only_when_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_flood_of_labels_is_cut_and_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(any_span_of_any_text_renders, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
