/* Hostile and enormous configurations end in a report, never in a crash, a hang or all memory. */
#include "sema_text.h"

/* `let x0 = FIRST`, then n times `let xI = STEP` with %1$d the number and %2$d the one before. */
static void chain(struct phx_buf *text, const char *first, const char *before, const char *behind, int n,
		  bool reversed)
{
	for (int k = 0; k <= n; k++) {
		int i = reversed ? n - k : k;

		if (i == 0)
			phx_buf_printf(text, "let x0 = %s\n", first);
		else
			phx_buf_printf(text, "let x%d = %sx%d%s\n", i, before, i - 1, behind);
	}
}

static void expect(struct phx_buf *text, const char *codes)
{
	struct sema_run r = {0};

	sema_run_text(&r, text->ptr);
	if (strcmp(sema_codes(&r), codes) != 0)
		fail_msg("the codes are \"%s\", not \"%s\": %s", sema_codes(&r), codes, sema_report(&r));
	sema_run_done(&r);
	phx_buf_clear(text);
}

static void long_chains_of_names_are_followed(void **state)
{
	struct phx_buf text = {0};

	(void)state;
	chain(&text, "1", "", " + 1", 5000, false);
	phx_buf_c(&text, "output it = x5000\n");
	expect(&text, "");
	/* The wrong way round each waits for the next; there is a limit to that. */
	chain(&text, "1", "", " + 1", 800, true);
	expect(&text, "");
	chain(&text, "1", "", " + 1", 100000, true);
	expect(&text, "0218");
	phx_buf_done(&text);
}

static void long_cycles_are_reported(void **state)
{
	struct phx_buf text = {0};
	struct sema_run r = {0};

	(void)state;
	chain(&text, "x500", "", " + 1", 500, false);
	sema_run_text(&r, text.ptr);
	assert_string_equal(sema_codes(&r), "0233");
	assert_non_null(strstr(sema_report(&r), "…"));
	sema_run_done(&r);
	phx_buf_done(&text);
}

static void values_do_not_grow_without_end(void **state)
{
	struct phx_buf text = {0};

	(void)state;
	chain(&text, "\"aaaaaaaaaaaaaaaa\"", "\"${", "}\"", 100, false);
	expect(&text, "");
	/* Doubling. */
	phx_buf_c(&text, "let x0 = \"aaaaaaaaaaaaaaaa\"\n");
	for (int i = 1; i < 40; i++)
		phx_buf_printf(&text, "let x%d = \"${x%d}${x%d}\"\n", i, i - 1, i - 1);
	expect(&text, "0218");
	phx_buf_c(&text, "let x0 = [1]\n");
	for (int i = 1; i < 60; i++)
		phx_buf_printf(&text, "let x%d = [x%d, x%d]\n", i, i - 1, i - 1);
	expect(&text, "0218");
	phx_buf_c(&text, "let x0 = { a = 1 }\n");
	for (int i = 1; i < 60; i++)
		phx_buf_printf(&text, "let x%d = { a = x%d, b = x%d }\n", i, i - 1, i - 1);
	expect(&text, "0218");
	chain(&text, "[1]", "[", "]", 3000, false);
	expect(&text, "0218");
	phx_buf_c(&text, "let big = range(1000000)\nlet x = [big for i in 1..1000]");
	expect(&text, "0218");
	phx_buf_c(&text, "let a = replace(join(\"\", [\"aaaaaaaaaa\" for i in 1..100000]), \"a\", "
			 "join(\"\", [\"bbbbbbbbbb\" for i in 1..1000]))");
	expect(&text, "0218");
	phx_buf_done(&text);
}

static void large_ranges_are_refused_or_never_made(void **state)
{
	(void)state;
	sema_expect_codes("let x = range(1000000000)", "0218");
	sema_expect_codes("let x = 1..1000000000", "0218");
	sema_expect_codes("let x = 1..9223372036854775807", "0218");
	sema_expect_codes("let x = (-9223372036854775807 - 1)..9223372036854775807", "0218");
	sema_expect_codes("let x = range(-9223372036854775807 - 1, 9223372036854775807)", "0218");
	sema_expect_codes("let x = 5 in 1..9223372036854775807", "");
	sema_expect_output("output it = length(range(1000000))", "it", "1000000");
}

static void loops_end(void **state)
{
	(void)state;
	sema_expect_codes("for i in 1..9223372036854775807 {\n assert i > 0\n}", "0218");
	sema_expect_codes("let x = [[[1 for c in range(1000)] for b in range(1000)] for a in range(1000)]",
			  "0218");
	sema_expect_codes("let n = length([1 for a in range(100000) for_none in [1]])", "0100");
}

static void deep_json_is_refused(void **state)
{
	struct phx_buf text = {0};

	(void)state;
	phx_buf_c(&text, "let x = jsondecode(\"");
	phx_buf_fill(&text, '[', 1000);
	phx_buf_fill(&text, ']', 1000);
	phx_buf_c(&text, "\")");
	expect(&text, "0218");
	phx_buf_c(&text, "let x = jsondecode(\"");
	phx_buf_fill(&text, '[', 100000);
	phx_buf_c(&text, "\")");
	expect(&text, "0213");
	phx_buf_done(&text);
}

static void deep_expressions_are_the_parsers_business(void **state)
{
	struct phx_buf text = {0};
	struct sema_run r = {0};

	(void)state;
	phx_buf_c(&text, "let x = ");
	phx_buf_fill(&text, '(', 100000);
	phx_buf_c(&text, "1");
	phx_buf_fill(&text, ')', 100000);
	sema_run_text(&r, text.ptr);
	assert_true(r.bag.errors > 0);
	sema_run_done(&r);
	/* As deep as the parser allows, through many names. */
	phx_buf_clear(&text);
	phx_buf_c(&text, "let x0 = 1\n");
	for (int i = 1; i < 300; i++) {
		phx_buf_printf(&text, "let x%d = ", 300 - i);
		for (int k = 0; k < 90; k++)
			phx_buf_c(&text, "-(");
		phx_buf_printf(&text, "x%d", 299 - i);
		phx_buf_fill(&text, ')', 90);
		phx_buf_ch(&text, '\n');
	}
	sema_run_text(&r, text.ptr);
	for (uint32_t i = 0; i < r.bag.diags.n; i++)
		assert_true(r.bag.diags.v[i]->code == PHX0218 || r.bag.diags.v[i]->code == PHX0103);
	sema_run_done(&r);
	phx_buf_done(&text);
}

static void clones_in_a_circle_end(void **state)
{
	(void)state;
	/* The graph reports the circle itself. */
	sema_expect_codes("vm a { clone = vm.b }\nvm b { clone = vm.a }\noutput x = vm.a.memory", "");
	sema_expect_codes("vm a { clone = vm.a }\noutput x = vm.a.cpu.type", "");
}

static void many_failed_assertions_are_bounded(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "for i in 1..100000 {\n assert i < 0\n}");
	assert_in_range(r.bag.errors, 1, 2000);
	sema_run_done(&r);
}

static void ten_thousand_guests_are_evaluated(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "stack \"lab\"\nlet net = 10.0.0.0/16\ndefaults vm { memory = 1GiB }\nvm t { id = "
			  "100; template = true }\n"
			  "for i in 1..10000 {\n vm \"g-${i}\" {\n  id = 1000 + i\n  clone = vm.t\n  network "
			  "{ ip = host(net, i)/16 }\n"
			  "  depends_on = i > 1 ? [vm[\"g-${i - 1}\"]] : []\n  notes = \"${i} of "
			  "${length(guests())}\"\n }\n}\n"
			  "assert sum([g.memory for g in guests()]) == 10001GiB");
	assert_string_equal(sema_codes(&r), "");
	assert_int_equal(r.config->decls.n, 10001);
	assert_string_equal(sema_attr(&r, "vm.g-10000", "notes"), "\"10000 of 10001\"");
	assert_string_equal(sema_attr(&r, "vm.g-10000", "depends_on"), "[vm.g-9999]");
	sema_run_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_chains_of_names_are_followed),
		cmocka_unit_test(long_cycles_are_reported),
		cmocka_unit_test(values_do_not_grow_without_end),
		cmocka_unit_test(large_ranges_are_refused_or_never_made),
		cmocka_unit_test(loops_end),
		cmocka_unit_test(deep_json_is_refused),
		cmocka_unit_test(deep_expressions_are_the_parsers_business),
		cmocka_unit_test(clones_in_a_circle_end),
		cmocka_unit_test(many_failed_assertions_are_bounded),
		cmocka_unit_test(ten_thousand_guests_are_evaluated),
	};

	return cmocka_run_group_tests_name("sema: limits", tests, NULL, NULL);
}
