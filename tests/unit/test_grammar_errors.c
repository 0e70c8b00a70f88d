/* Syntax errors: each mistake with its own code and place, all of them in one run, and nothing that only follows. */
#include "grammar_test.h"

/* One line each, inside a guest; the mistakes are independent of one another. */
static const struct {
	const char *line, *code;
	unsigned col;
} mistakes[] = {
	{"memory = 8GB", "PHX0019", 12},
	{"cores  =", "PHX0112", 10},
	{"name = 'web'", "PHX0024", 10},
	{"id 100", "PHX0113", 6},
	{"tags = [a b, c]", "PHX0100", 13},
	{"gw = 10.0.0.256", "PHX0021", 8},
	{"mac = 52:54:00:AA:BB", "PHX0022", 9},
	{"x: 5", "PHX0104", 4},
	{"on_boot = True", "PHX0030", 13},
	{"a = 1, b = 2", "PHX0105", 8},
	{"y = f(1 2)", "PHX0100", 11},
	{"z = (1 + ) * 2", "PHX0112", 10},
	{"t = \"abc", "PHX0015", 7},
	{"u = \"a ${b c} d\"", "PHX0100", 14},
	{"if v = 3 { a = 1 }", "PHX0109", 8},
	{"for i of 1..3 { b = 1 }", "PHX0100", 9},
	{"w = 1 < 2 < 3", "PHX0116", 13},
	{"s = \"bad \\q\"", "PHX0018", 12},
	{"q = 1.5GiB", "PHX0020", 7},
	{"d => 1", "PHX0026", 5},
	{"network { a = 1 } disk { b = 2 }", "PHX0114", 21},
	{"image noble", "PHX0106", 3},
	{"in = 3", "PHX0115", 3},
	{"m = { a: 1 }", "PHX0104", 10},
	{"o = { \"${k}\" = 1 }", "PHX0111", 9},
	{"disk 8 { a = 1 }", "PHX0110", 8},
	{"let = = 3", "PHX0100", 9},
	{"r = a @ b", "PHX0027", 9},
	{"p = [1, 2]]", "PHX0102", 13},
	{"k = 2fast4u", "PHX0023", 7},
};

static void one_run_reports_every_independent_mistake(void **state)
{
	struct phx_buf text = {0}, expected = {0};
	size_t i;

	(void)state;
	phx_buf_c(&text, "vm a {\n");
	for (i = 0; i < PHX_COUNTOF(mistakes); i++) {
		phx_buf_printf(&text, "  %s\n  good%zu = 1\n", mistakes[i].line, i);
		phx_buf_printf(&expected, "%s%s@%zu:%u", i ? " " : "", mistakes[i].code, 2 * i + 2,
			       mistakes[i].col);
	}
	phx_buf_c(&text, "}\nvm b {}\n");
	assert_codes(text.ptr, expected.ptr);
	phx_buf_done(&text);
	phx_buf_done(&expected);
}

/* What stands behind each mistake is understood as if it were not there. */
static void no_mistake_hides_its_neighbours(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < PHX_COUNTOF(mistakes); i++) {
		struct phx_buf text = {0};
		struct parsed *p;

		phx_buf_printf(&text, "before = 1\n%s\nafter = 2\n", mistakes[i].line);
		p = parse(text.ptr);
		assert_non_null(strstr(dump(p), "(= before 1)\n"));
		assert_non_null(strstr(dump(p), "\n(= after 2)\n"));
		assert_int_equal(p->ast->errors, 1);
		parsed_free(p);
		phx_buf_done(&text);
	}
}

static void an_attribute_without_a_value_is_still_there(void **state)
{
	(void)state;
	assert_recovered("vm a { memory = }\n", "PHX0112@1:15", "(block vm a\n  (= memory error))\n");
	assert_recovered("let a = *\noutput b = \nparam c: int = ]\n",
			 "PHX0100@1:9 PHX0112@2:10 PHX0102@3:16",
			 "(let a error)\n(output b error)\n(param c int error)\n");
	assert_recovered("a = [1, ?, 3]\n", "PHX0100@1:9", "(= a (list 1 error 3))\n");
	assert_recovered("a = f(1, *, k = 2)\n", "PHX0100@1:10", "(= a (call f 1 error (= k 2)))\n");
	assert_recovered("a = { b = 1, c d, e = 2 }\n", "PHX0100@1:16",
			 "(= a (object (= \"b\" 1) (= \"e\" 2)))\n");
	assert_recovered("a = \"x${*}y\"\n", "PHX0100@1:9", "(= a (template \"x\" error \"y\"))\n");
}

static void an_operator_without_its_operand_is_what_is_wrong(void **state)
{
	(void)state;
	assert_recovered("let a = 1 +\nlet b = 2\n", "PHX0112@1:11", "(let a (+ 1 error))\n(let b 2)\n");
	assert_recovered("a = 1 ?\nb = 2\n", "PHX0112@1:7", "(= a error)\n(= b 2)\n");
	assert_recovered("vm a {\n  b = c &&\n}\n", "PHX0112@2:9", "(block vm a\n  (= b error))\n");
	assert_recovered("a = [1 +, 2]\n", "PHX0112@1:8", "(= a (list error 2))\n");
	assert_recovered("a = b -", "PHX0112@1:7", "(= a error)\n");
}

static void a_broken_head_keeps_its_body(void **state)
{
	(void)state;
	assert_recovered("vm web = {\n  a = 1\n  b = = 2\n}\nc = 3\n", "PHX0100@1:8 PHX0100@3:7",
			 "(block vm web error\n  (= a 1)\n  (= b error))\n(= c 3)\n");
	assert_recovered("for i of x {\n  a = i\n}\n", "PHX0100@1:7", "(for i error\n  (= a i))\n");
	assert_recovered("for k, v of x {\n  a = 1\n}\n", "PHX0100@1:10", "(for k,v error\n  (= a 1))\n");
	assert_recovered("if a b {\n  c = 1\n} else {\n  d = 2\n}\n", "PHX0100@1:6",
			 "(if error\n    (= c 1)\n  else\n    (= d 2))\n");
	assert_recovered("if a\nb = 1\n", "PHX0100@1:5", "(= b 1)\n(lost 1)\n");
}

static void misplaced_lines_are_joined(void **state)
{
	(void)state;
	assert_fixed("vm a\n{\n  b = 1\n}\n", "PHX0108@2:1", "vm a {\n  b = 1\n}\n");
	assert_fixed("if a {\n}\nelse {\n}\n", "PHX0107@3:1", "if a {\n} else {\n}\n");
	assert_fixed("if a {\n}\nelse if b {\n}\n", "PHX0107@3:1", "if a {\n} else if b {\n}\n");
}

static void certain_fixes_leave_no_mistake(void **state)
{
	(void)state;
	assert_fixed("a: 1\n\"b\" : 2\n", "PHX0104@1:2 PHX0104@2:5", "a = 1\n\"b\" = 2\n");
	assert_fixed("a = { b: 1, \"c\": 2 }\n", "PHX0104@1:8 PHX0104@1:16", "a = { b = 1, \"c\" = 2 }\n");
	assert_fixed("a = 1,\nb = 2, c = 3\n", "PHX0105@1:6 PHX0105@2:6", "a = 1\nb = 2; c = 3\n");
	assert_fixed("vm a { b = 1, }\n", "PHX0105@1:13", "vm a { b = 1 }\n");
	assert_fixed("if a = 1 {}\n", "PHX0109@1:6", "if a == 1 {}\n");
	assert_fixed("vm 8000 {}\n", "PHX0110@1:4", "vm \"8000\" {}\n");
	assert_fixed("node \"pve\"\n", "PHX0113@1:6", "node = \"pve\"\n");
	assert_fixed("output a = 1,\nlet b = 2\n", "PHX0105@1:13", "output a = 1\nlet b = 2\n");
	assert_fixed("a = $b + 1\n", "PHX0027@1:5", "a = b + 1\n");
	assert_fixed("memory 8GiB\n", "PHX0113@1:8", "memory = 8GiB\n");
	assert_fixed("a = 1 b = 2\nvm c {} vm d {}\n", "PHX0114@1:7 PHX0114@2:9",
		     "a = 1; b = 2\nvm c {}; vm d {}\n");
}

/* The message, and what the caret's label offers. */
static void assert_says(const char *text, const char *message, const char *label)
{
	struct parsed *p = parse(text);
	const struct phx_diag *d = first(p);

	assert_string_equal(d->message.ptr, message); /* arena copies end in NUL */
	assert_true(d->labels.n > 0);
	assert_string_equal(d->labels.v[0].text.ptr, label);
	parsed_free(p);
}

static void messages_say_what_was_read_and_what_could_follow(void **state)
{
	(void)state;
	assert_says("a = [1 2]\n", "unexpected `2` in a list", "expected `,`, `]`, `for` or an operator");
	assert_says("a = f(1 2)\n", "unexpected `2` in the arguments of a call",
		    "expected `)`, `,` or an operator");
	assert_says("a = (1 2)\n", "unexpected `2` in parentheses", "expected `)` or an operator");
	assert_says("a = b[1 2]\n", "unexpected `2` in an index", "expected `]` or an operator");
	assert_says("a = { b 2 }\n", "unexpected `2` in an object", "expected `=` or an operator");
	assert_says("a = \"${b c}\"\n", "unexpected `c` in `${ }`", "expected `}` or an operator");
	assert_says("a = * 2\n", "unexpected `*` in the value of an attribute", "expected a value");
	assert_says("let 5 = 2\n", "unexpected `5` in `let`", "expected a name");
	assert_says("for 5 in x {}\n", "unexpected `5` in the head of `for`", "expected a name");
	assert_says("for a of x {}\n", "unexpected `of` in the head of `for`", "expected `,` or `in`");
	assert_says("vm web =\n", "unexpected `=` in the head of a block",
		    "expected a name, a string, `{` or the end of the line");
	assert_says("* 2\n", "unexpected `*` where a statement begins",
		    "expected a statement or the end of the file");
	assert_says("a = 1 \"b\"\n", "unexpected a string in the value of an attribute",
		    "expected an operator or the end of the line");
}

static void assert_helps(const char *text, const char *help)
{
	struct parsed *p = parse(text);
	const struct phx_diag *d = first(p);

	assert_int_equal(d->helps.n, 1);
	assert_string_equal(d->helps.v[0].ptr, help);
	parsed_free(p);
}

static void other_languages_get_advice(void **state)
{
	(void)state;
	assert_helps("a = b and c\n", "and is written `&&`");
	assert_helps("if a {} elif b {}\n", "it is written `else if`");
	assert_helps("a == 5\n", "a value is given with one `=`");
	assert_helps("a = [for x in xs : x]\n", "a list from another is `[value for x in xs if test]`");
	assert_helps("a = {for k, v in m : k => v}\n",
		     "a map from another is `{key: value for k, v in m if test}`");
	assert_helps("a = if b { 1 } else { 2 }\n", "a value that depends on a condition is `test ? a : b`");
	assert_helps("a = x.*.id\n", "an attribute of every element is `[x.id for x in xs]`");
	assert_helps("{\"a\": 1}\n", "JSON is read from files whose name ends in `.json`");
	assert_helps("a = b.0\n", "an element of a list is `list[0]`");
	assert_helps("a = b\n  && c\n",
		     "a line ends the statement: leave the operator at its end, or use parentheses");
}

static void hostile_nesting_is_one_mistake(void **state)
{
	static const struct {
		const char *head, *part;
	} cases[] = {{"x = ", "("},     {"x = ", "["},    {"x = ", "!"},          {"x = ", "- "},
		     {"x = ", "a?b:"},  {"x = ", "\"${"}, {"", "a {\n"},          {"x = ", "{a = "},
		     {"x = a", " + a"}, {"x = a", ".a"},  {"x = a", "[0]"},       {"x = a", "()"},
		     {"x = ", "a ? "},  {"x = ", "f("},   {"param x: ", "list<"}, {"x = ", "([{a = \"${"}};
	size_t i, n;

	(void)state;
	for (i = 0; i < PHX_COUNTOF(cases); i++) {
		struct phx_buf text = {0};
		struct parsed *p;

		phx_buf_c(&text, cases[i].head);
		for (n = 0; n < 20000; n++)
			phx_buf_c(&text, cases[i].part);
		p = parse_str(phx_buf_view(&text));
		codes(p);
		assert_int_equal(p->bag.diags.n, 1);
		assert_int_equal(p->bag.diags.v[0]->code, PHX0103);
		parsed_free(p);
		phx_buf_done(&text);
	}
}

static void depth_up_to_the_limit_is_fine(void **state)
{
	struct phx_buf text = {0};
	int i;

	(void)state;
	phx_buf_c(&text, "x = ");
	phx_buf_fill(&text, '[', 190);
	phx_buf_c(&text, "1");
	phx_buf_fill(&text, ']', 190);
	phx_buf_c(&text, "\ny = a");
	for (i = 0; i < 190; i++)
		phx_buf_c(&text, " + a");
	assert_codes(text.ptr, "");
	phx_buf_done(&text);
}

static void too_many_errors_stop_the_parser(void **state)
{
	struct phx_buf text = {0};
	struct parsed *p;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		phx_buf_c(&text, "a = = 1\n");
	p = parse_str(phx_buf_view(&text));
	assert_int_equal(p->bag.errors, 201);
	assert_int_equal(p->bag.diags.v[200]->code, PHX0117);
	parsed_free(p);
	phx_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_run_reports_every_independent_mistake),
		cmocka_unit_test(no_mistake_hides_its_neighbours),
		cmocka_unit_test(an_attribute_without_a_value_is_still_there),
		cmocka_unit_test(an_operator_without_its_operand_is_what_is_wrong),
		cmocka_unit_test(a_broken_head_keeps_its_body),
		cmocka_unit_test(misplaced_lines_are_joined),
		cmocka_unit_test(certain_fixes_leave_no_mistake),
		cmocka_unit_test(messages_say_what_was_read_and_what_could_follow),
		cmocka_unit_test(other_languages_get_advice),
		cmocka_unit_test(hostile_nesting_is_one_mistake),
		cmocka_unit_test(depth_up_to_the_limit_is_fine),
		cmocka_unit_test(too_many_errors_stop_the_parser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
