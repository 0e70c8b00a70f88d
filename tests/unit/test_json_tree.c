/* The JSON scanner: what it takes, what it refuses and where; it agrees with jansson on every text here. */
#include "base_test.h"

#include "base/json.h"
#include "json/tree.h"

struct doc {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_jnode *root;
};

static void load(struct doc *d, struct phx_str text)
{
	uint32_t file;

	*d = (struct doc){0};
	phx_sources_init(&d->sources, &d->arena);
	phx_diag_bag_init(&d->bag, &d->arena, &d->sources);
	file = phx_source_add(&d->sources, PHX_STR("t.json"), text);
	d->root =
		phx_jtree_parse(phx_source_get(&d->sources, file)->text, file, &d->arena, &d->arena, &d->bag);
}

static void done(struct doc *d)
{
	phx_arena_done(&d->arena);
}

static bool jansson_takes(const char *text)
{
	struct phx_err err = {0};
	json_t *j = phx_json_parse(phx_str_c(text), "t", &err);
	bool yes = j != NULL;

	json_decref(j);
	phx_err_done(&err);
	return yes;
}

static void refused(const char *text, uint32_t line, uint32_t col, const char *message)
{
	struct doc d;
	struct phx_pos pos;

	load(&d, phx_str_c(text));
	assert_false(jansson_takes(text));
	assert_null(d.root);
	assert_int_equal(d.bag.diags.n, 1);
	assert_int_equal(d.bag.diags.v[0]->code, PHX0500);
	assert_str(d.bag.diags.v[0]->message, message);
	pos = phx_source_pos(&d.sources, d.bag.diags.v[0]->span);
	assert_int_equal(pos.line, line);
	assert_int_equal(pos.col, col);
	done(&d);
}

static void taken(const char *text)
{
	struct doc d;

	load(&d, phx_str_c(text));
	assert_true(jansson_takes(text));
	assert_non_null(d.root);
	assert_int_equal(d.bag.diags.n, 0);
	done(&d);
}

static void values_and_keys_know_their_places(void **state)
{
	static const char text[] = "{\n  \"a\": [1, \"x\"],\n  \"b\": -2.5\n}";
	struct doc d;
	const struct phx_jnode *a, *b;

	(void)state;
	load(&d, phx_str_c(text));
	assert_int_equal(d.root->n, 2);
	a = &d.root->v[0];
	b = &d.root->v[1];
	assert_str(a->name, "a");
	assert_int_equal(a->kind, PHX_J_ARRAY);
	assert_int_equal(a->n, 2);
	assert_int_equal(a->v[0].i, 1);
	assert_str(a->v[1].s, "x");
	assert_str(phx_str_slice(phx_str_c(text), a->start, a->end - a->start), "[1, \"x\"]");
	assert_str(phx_str_slice(phx_str_c(text), b->name_start, b->name_end - b->name_start), "\"b\"");
	assert_str(phx_str_slice(phx_str_c(text), b->start, b->end - b->start), "-2.5");
	assert_true(b->f < -2.4 && b->f > -2.6);
	done(&d);
}

static void escapes_are_decoded(void **state)
{
	struct doc d;

	(void)state;
	load(&d, PHX_STR("\"a\\n\\\"\\\\\\/\\u00e9\\ud83d\\ude00\""));
	assert_non_null(d.root);
	assert_str(d.root->s, "a\n\"\\/\xC3\xA9\xF0\x9F\x98\x80");
	done(&d);
}

static void a_byte_order_mark_is_skipped(void **state)
{
	struct doc d;

	(void)state;
	load(&d, PHX_STR("\xEF\xBB\xBF{\"a\": 1}"));
	assert_non_null(d.root);
	assert_int_equal(d.root->v[0].i, 1);
	assert_int_equal(d.root->v[0].start, 9);
	done(&d);
}

static void utf16_is_refused_by_name(void **state)
{
	struct doc d;

	(void)state;
	load(&d, PHX_STR("\xFF\xFE{\0}\0"));
	assert_null(d.root);
	assert_int_equal(d.bag.diags.v[0]->code, PHX0012);
	done(&d);
}

static void json_is_taken_as_the_standard_has_it(void **state)
{
	(void)state;
	taken("{}");
	taken("[]");
	taken(" \t\r\n[ ] ");
	taken("[0, -0, 1e5, 1E+5, 1.25e-3, 9223372036854775807, -9223372036854775808]");
	taken("[true, false, null, \"\"]");
	taken("\"\\b\\f\\r\\t\"");
	taken("{\"a\": {\"b\": {\"c\": []}}}");
	taken("[\"\xC3\xA9\"]");
}

static void mistakes_are_named_at_their_place(void **state)
{
	(void)state;
	refused("", 1, 1, "expected a value, but the file ends");
	refused("{\"a\": 1,}", 1, 9, "expected a key in \"…\"");
	refused("[1, 2,]", 1, 7, "expected a value");
	refused("{\"a\" 1}", 1, 6, "expected `:` behind the key");
	refused("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "expected `,` or `}`");
	refused("[1 2]", 1, 4, "expected `,` or `]`");
	refused("{\"a\": // x\n 1}", 1, 7, "expected a value");
	refused("{'a': 1}", 1, 2, "expected a key in \"…\" or `}`");
	refused("{\"a\": True}", 1, 7, "expected a value");
	refused("{\"a\": nul}", 1, 7, "expected a value");
	refused("{\"a\": 1", 1, 8, "expected `,` or `}`, but the file ends");
	refused("[\"abc", 1, 2, "a string without its closing `\"`");
	refused("[\"a\nb\"]", 1, 4, "a string that does not end on its line");
	refused("[\"\\x\"]", 1, 3, "an unknown escape in a string");
	refused("[\"\\u12g4\"]", 1, 3, "`\\u` takes four hexadecimal digits");
	refused("[\"\\ud800\"]", 1, 3, "half of a surrogate pair is no character");
	refused("[\"\\ud800\\u0041\"]", 1, 3, "half of a surrogate pair is no character");
	refused("[\"\xFF\"]", 1, 3, "a byte that is no UTF-8");
	refused("[01]", 1, 2, "a number with a leading zero");
	refused("[1.]", 1, 2, "a number without digits behind its point");
	refused("[-]", 1, 2, "a number without digits");
	refused("[1e999]", 1, 2, "a number that is too large");
	refused("[9223372036854775808]", 1, 2, "a number that is too large");
	refused("{} x", 1, 4, "expected the end of the file");
}

static void a_repeated_key_is_told_with_both_places(void **state)
{
	struct doc d;
	const struct phx_diag *diag;

	(void)state;
	load(&d, PHX_STR("{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 3\n}"));
	assert_non_null(d.root);
	assert_int_equal(d.bag.errors, 1);
	diag = d.bag.diags.v[0];
	assert_int_equal(diag->code, PHX0501);
	assert_int_equal(phx_source_pos(&d.sources, diag->span).line, 4);
	assert_int_equal(diag->labels.n, 2);
	assert_int_equal(phx_source_pos(&d.sources, diag->labels.v[1].span).line, 2);
	done(&d);
}

static void a_repeated_key_is_found_among_many(void **state)
{
	struct phx_buf text = {0};
	struct doc d;

	(void)state;
	phx_buf_ch(&text, '{');
	for (int i = 0; i < 5000; i++)
		phx_buf_printf(&text, "%s\"k%d\": 0", i ? ", " : "", i == 4999 ? 7 : i);
	phx_buf_ch(&text, '}');
	load(&d, phx_buf_view(&text));
	assert_int_equal(d.bag.errors, 1);
	assert_int_equal(d.bag.diags.v[0]->code, PHX0501);
	phx_buf_done(&text);
	done(&d);
}

static void nesting_has_a_limit(void **state)
{
	struct phx_buf text = {0};
	struct doc d;

	(void)state;
	phx_buf_fill(&text, '[', PHX_JTREE_DEPTH);
	phx_buf_fill(&text, ']', PHX_JTREE_DEPTH);
	load(&d, phx_buf_view(&text));
	assert_non_null(d.root);
	done(&d);
	phx_buf_clear(&text);
	phx_buf_fill(&text, '[', 1000000);
	load(&d, phx_buf_view(&text));
	assert_null(d.root);
	assert_int_equal(d.bag.diags.n, 1);
	assert_int_equal(d.bag.diags.v[0]->code, PHX0502);
	phx_buf_done(&text);
	done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_keys_know_their_places),
		cmocka_unit_test(escapes_are_decoded),
		cmocka_unit_test(a_byte_order_mark_is_skipped),
		cmocka_unit_test(utf16_is_refused_by_name),
		cmocka_unit_test(json_is_taken_as_the_standard_has_it),
		cmocka_unit_test(mistakes_are_named_at_their_place),
		cmocka_unit_test(a_repeated_key_is_told_with_both_places),
		cmocka_unit_test(a_repeated_key_is_found_among_many),
		cmocka_unit_test(nesting_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
