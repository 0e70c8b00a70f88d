#include "base_test.h"

#include "base/yaml.h"

static struct phx_yaml *parse(struct phx_arena *a, const char *text)
{
	struct phx_yaml *y = NULL;
	struct phx_err err = {0};

	if (!phx_yaml_parse(phx_str_c(text), a, &y, &err))
		fail_msg("%s", err.msg.ptr);
	phx_err_done(&err);
	return y;
}

static void prints(const struct phx_yaml *y, const char *want)
{
	struct phx_buf out = {0};

	phx_yaml_print(y, &out);
	assert_string_equal(out.ptr, want);
	phx_buf_done(&out);
}

static void refused(const char *text, const char *why)
{
	struct phx_arena a = {0};
	struct phx_yaml *y = NULL;
	struct phx_err err = {0};

	assert_false(phx_yaml_parse(phx_str_c(text), &a, &y, &err));
	assert_int_equal(err.kind, PHX_ERR_DATA);
	assert_string_equal(err.msg.ptr, why);
	assert_null(y);
	phx_err_done(&err);
	phx_arena_done(&a);
}

static void what_was_read_is_written_again(void **state)
{
	static const char text[] = "a: 1\n"
				   "b: '0644'\n"
				   "c:\n"
				   "- x\n"
				   "- y: \"tab\\t\"\n"
				   "  z: |\n"
				   "    one\n"
				   "    two\n"
				   "d: {}\n"
				   "e: []\n"
				   "f: !!binary aGk=\n"
				   "g: ÄÖ ✓\n";
	struct phx_arena a = {0};
	struct phx_buf once = {0};

	(void)state;
	phx_yaml_print(parse(&a, text), &once);
	assert_string_equal(once.ptr, text);
	prints(parse(&a, once.ptr), once.ptr);
	phx_buf_done(&once);
	phx_arena_done(&a);
}

static void text_that_looks_like_something_else_is_quoted(void **state)
{
	static const char *const words[] = {"true", "No",   "0x1", "1e3",        "~",
					    "",     "null", "-1",  "2024-01-01", "y"};
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(words); i++) {
		struct phx_yaml *list = phx_yaml_list(&a), *again;
		struct phx_buf out = {0};

		phx_yaml_push(&a, list, phx_yaml_text(&a, phx_str_c(words[i])));
		phx_yaml_print(list, &out);
		assert_non_null(strchr(out.ptr, '\''));
		again = parse(&a, out.ptr);
		assert_true(again->items.v[0]->quoted);
		assert_true(phx_str_eqc(again->items.v[0]->text, words[i]));
		phx_buf_done(&out);
	}
	phx_arena_done(&a);
}

static void every_byte_of_a_text_survives(void **state)
{
	static const char *const texts[] = {
		"a: b",
		"- x",
		"# no comment",
		"a\n\nb\n",
		"  lead",
		"trail ",
		"\ttab",
		"it's \"quoted\"",
		"a\nb",
		"%YAML",
		"@x",
		"!tag",
		"&a *b",
		"\x7f",
		("long long long long long long long long long long long long long long "
		 "long long long long long long")};
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(texts); i++) {
		struct phx_yaml *map = phx_yaml_map(&a);
		struct phx_buf out = {0};

		phx_yaml_set(&a, map, "k", phx_yaml_text(&a, phx_str_c(texts[i])));
		phx_yaml_print(map, &out);
		assert_true(phx_str_eqc(phx_yaml_get(parse(&a, out.ptr), "k")->text, texts[i]));
		phx_buf_done(&out);
	}
	phx_arena_done(&a);
}

static void merging_joins_lists_and_maps_and_the_upper_one_wins(void **state)
{
	struct phx_arena a = {0};
	struct phx_yaml *base = parse(&a, "l: [1, 2]\nm: {a: 1, b: 2}\ns: low\nonly: x\nkind: [1]\n");
	struct phx_yaml *over = parse(&a, "l: [3]\nm: {b: 3, c: 4}\ns: high\nnew: y\nkind: text\n");

	(void)state;
	prints(phx_yaml_merge(&a, base, over),
	       "l:\n- 1\n- 2\n- 3\nm:\n  a: 1\n  b: 3\n  c: 4\ns: high\nonly: x\n"
	       "kind: text\nnew: y\n");
	prints(base, "l:\n- 1\n- 2\nm:\n  a: 1\n  b: 2\ns: low\nonly: x\nkind:\n- 1\n");
	assert_ptr_equal(phx_yaml_merge(&a, NULL, over), over);
	assert_ptr_equal(phx_yaml_merge(&a, base, NULL), base);
	phx_arena_done(&a);
}

static void aliases_are_resolved(void **state)
{
	struct phx_arena a = {0};

	(void)state;
	prints(parse(&a, "a: &x [1]\nb: *x\n"), "a:\n- 1\nb:\n- 1\n");
	assert_null(parse(&a, "# nothing\n"));
	phx_arena_done(&a);
}

static void what_is_no_single_sane_document_is_refused(void **state)
{
	struct phx_buf deep = {0};

	(void)state;
	refused("a: 1\na: 2\n", "line 2: a key stands twice in one map");
	refused("a: 1\n---\nb: 2\n", "line 1: it holds more than one document");
	refused("a: [1\n", "line 2: did not find expected ',' or ']'");
	refused("a: &x\n  b: *x\n", "line 2: it is nested too deeply, or too large");
	phx_buf_fill(&deep, '[', 100);
	phx_buf_fill(&deep, ']', 100);
	refused(deep.ptr, "line 1: it is nested too deeply, or too large");
	phx_buf_done(&deep);
}

/* Nine lists of nine aliases each, nine deep. */
static void a_small_document_that_unfolds_without_end_is_refused(void **state)
{
	struct phx_buf text = {0};

	(void)state;
	phx_buf_c(&text, "a0: &a0 [x]\n");
	for (int i = 1; i < 10; i++) {
		phx_buf_printf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 9; k++)
			phx_buf_printf(&text, "%s*a%d", k ? "," : "", i - 1);
		phx_buf_c(&text, "]\n");
	}
	refused(text.ptr, "line 1: it is nested too deeply, or too large");
	phx_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_is_written_again),
		cmocka_unit_test(text_that_looks_like_something_else_is_quoted),
		cmocka_unit_test(every_byte_of_a_text_survives),
		cmocka_unit_test(merging_joins_lists_and_maps_and_the_upper_one_wins),
		cmocka_unit_test(aliases_are_resolved),
		cmocka_unit_test(what_is_no_single_sane_document_is_refused),
		cmocka_unit_test(a_small_document_that_unfolds_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
