/* Brackets that are not closed, closed twice or by another one: the blame goes where people would put it. */
#include "grammar_test.h"

static void an_unclosed_block_is_closed_where_indentation_ends_it(void **state)
{
	(void)state;
	assert_recovered("vm a {\n  cores = 2\n\nvm b {\n  cores = 3\n}\n", "PHX0101@1:6",
			 "(block vm a\n  (= cores 2))\n(block vm b\n  (= cores 3))\n");
	assert_recovered("vm a {\n  network {\n    ip = dhcp\n}\nvm b {}\n", "PHX0101@2:11",
			 "(block vm a\n  (block network\n    (= ip dhcp)))\n(block vm b)\n");
	assert_recovered("vm a {\n  b = 1\n", "PHX0101@1:6", "(block vm a\n  (= b 1))\n");
	assert_recovered("for i in x {\n  vm a {\n    b = 1\n\nlet c = 1\n", "PHX0101@1:12 PHX0101@2:8",
			 "(for i x\n  (block vm a\n    (= b 1)))\n(let c 1)\n");
}

static void an_unclosed_bracket_ends_with_its_statement(void **state)
{
	(void)state;
	assert_recovered("vm a {\n  x = [1, 2\n  y = 3\n}\n", "PHX0101@2:7",
			 "(block vm a\n  (= x (list 1 error))\n  (= y 3))\n");
	assert_recovered("vm a {\n  x = f(1,\n    k = 2\n  y = 3\n}\n", "PHX0101@2:8",
			 "(block vm a\n  (= x (call f 1 error))\n  (= y 3))\n");
	assert_recovered("vm a {\n  x = (1 + 2\n}\ny = 1\n", "PHX0101@2:7",
			 "(block vm a\n  (= x error))\n(= y 1)\n");
	assert_recovered("let m = {\n  a = 1\n  b = 2\n\nvm c {}\n", "PHX0101@1:9",
			 "(let m (object (= \"a\" 1) (= \"b\" 2)))\n(block vm c)\n");
	assert_recovered("x = [(1, 2]\ny = 1\n", "PHX0100@1:8", "(= x (list error))\n(= y 1)\n");
}

static void two_unclosed_brackets_are_two_mistakes(void **state)
{
	(void)state;
	assert_codes("vm a {\n  x = [1\n  y = f(\n  z = 1\n}\nvm b {\n  c = 1\n\nvm d {}\n",
		     "PHX0101@2:7 PHX0101@3:8 PHX0101@6:6");
}

static void a_closer_too_many_is_dropped(void **state)
{
	(void)state;
	assert_recovered("vm a {}\n}\nb = 1\n", "PHX0102@2:1", "(block vm a)\n(= b 1)\n");
	assert_recovered("a = 1)\nb = 2\n", "PHX0102@1:6", "(= a 1)\n(= b 2)\n");
	assert_recovered("a = f(1))\nb = [2]]\n", "PHX0102@1:9 PHX0102@2:8",
			 "(= a (call f 1))\n(= b (list 2))\n");
}

static void the_wrong_closer_is_taken_for_the_right_one(void **state)
{
	(void)state;
	assert_recovered("a = [1, 2)\nb = f(1]\nc = 3\n", "PHX0102@1:10 PHX0102@2:8",
			 "(= a (list 1 2))\n(= b (call f 1))\n(= c 3)\n");
	assert_recovered("vm a {\n  b = [1, f(2]\n  c = 3\n}\n", "PHX0101@2:12",
			 "(block vm a\n  (= b (list 1 (call f error)))\n  (= c 3))\n");
}

static void bad_indentation_alone_is_no_mistake(void **state)
{
	(void)state;
	assert_tree("vm a {\nb = 1\nnetwork {\nip = dhcp\n}\n}\n",
		    "(block vm a\n  (= b 1)\n  (block network\n    (= ip dhcp)))\n");
	assert_tree("  vm a {\nb = [\n1,\n  2\n]\nc = f(\nk = 1\n)\n}\n",
		    "(block vm a\n  (= b (list 1 2))\n  (= c (call f (= k 1))))\n");
	assert_tree("a = {\nb = 1\nc = 2 }\n", "(= a (object (= \"b\" 1) (= \"c\" 2)))\n");
}

/* The second place that a diagnostic shows. */
static void assert_second(const char *text, const char *label, uint32_t line)
{
	struct parsed *p = parse(text);
	const struct phx_diag *d = first(p);

	assert_true(d->labels.n >= 2);
	assert_string_equal(d->labels.v[1].text.ptr, label);
	assert_int_equal(phx_source_pos(&p->sources, d->labels.v[1].span).line, line);
	parsed_free(p);
}

static void the_place_where_it_should_have_ended_is_shown(void **state)
{
	(void)state;
	assert_second("vm a {\n  b = 1\n\nvm c {\n}\n", "indentation says that it ended before this", 4);
	assert_second("vm a {\n  b = [1\n  c = 2\n}\n", "indentation says that it ended before this", 3);
	assert_second("vm a {\n  b = (1\n}\n", "but this closes a bracket around it", 3);
	assert_second("vm a {\n  b = 1\n", "the file ends here", 3);
}

static void unclosed_interpolations_end_with_their_string(void **state)
{
	(void)state;
	assert_recovered("a = \"x ${f(1}\"\nb = 2\n", "PHX0101@1:11",
			 "(= a (template \"x \" (call f error)))\n(= b 2)\n");
	assert_recovered("a = <<E\nx ${f(1\nE\nb = 2\n", "PHX0028@2:3", "(= a error)\n(= b 2)\n");
	assert_recovered("a = <<E\nx ${<<E\nE\nb = 2\n", "PHX0017@2:5", "(= a (template \"x \" error))\n");
}

static void recovery_survives_what_it_skips(void **state)
{
	(void)state;
	assert_recovered("a = ? { b = [1, \"x${y}\" (2) }\nc = 1\n", "PHX0100@1:5", "(= a error)\n(= c 1)\n");
	assert_recovered("? vm a {\n  b = 1\n}\nc = 1\n", "PHX0100@1:1", "(= c 1)\n(lost 1)\n");
	assert_recovered("vm ? { a = { b = ? } }\nc = 1\n", "PHX0100@1:4 PHX0100@1:18",
			 "(block vm error\n  (= a (object)))\n(= c 1)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unclosed_block_is_closed_where_indentation_ends_it),
		cmocka_unit_test(an_unclosed_bracket_ends_with_its_statement),
		cmocka_unit_test(two_unclosed_brackets_are_two_mistakes),
		cmocka_unit_test(a_closer_too_many_is_dropped),
		cmocka_unit_test(the_wrong_closer_is_taken_for_the_right_one),
		cmocka_unit_test(bad_indentation_alone_is_no_mistake),
		cmocka_unit_test(the_place_where_it_should_have_ended_is_shown),
		cmocka_unit_test(unclosed_interpolations_end_with_their_string),
		cmocka_unit_test(recovery_survives_what_it_skips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
