/* Statements, newlines, precedence: what parses to what. */
#include "grammar_test.h"

static void every_statement_has_its_form(void **state)
{
	(void)state;
	assert_tree("stack \"lab\"\n", "(block stack \"lab\" no-body)\n");
	assert_tree("stack \"lab\" { ids = 200..299 }\n", "(block stack \"lab\"\n  (= ids (.. 200 299)))\n");
	assert_tree("cluster home { ssh { host = \"h\"; user = \"root\" } }\n",
		    "(block cluster home\n  (block ssh\n    (= host \"h\")\n    (= user \"root\")))\n");
	assert_tree("let a = 1\noutput b = a\n", "(let a 1)\n(output b a)\n");
	assert_tree("defaults vm { cores = 4 }\n", "(block defaults vm\n  (= cores 4))\n");
	assert_tree("vm \"web ${i}\" {}\n", "(block vm (template \"web \" i))\n");
	assert_tree("snapshot final-form {}\n", "(block snapshot final-form)\n");
	assert_tree("rule in accept { proto = tcp }\nrule out drop {}\n",
		    "(block rule in accept\n  (= proto tcp))\n(block rule out drop)\n");
	assert_tree("lxc { \"lxc.cap.drop\" = \"\" }\n", "(block lxc\n  (= \"lxc.cap.drop\" \"\"))\n");
	assert_tree("assert a\nassert b, \"m\"\n", "(assert a)\n(assert b \"m\")\n");
	assert_tree("import { to = vm.x; id = 101 }\n", "(block import\n  (= to (. vm x))\n  (= id 101))\n");
	assert_tree("", "");
	assert_tree("\n\n# only\n", "");
}

static void parameters_have_types_defaults_and_checks(void **state)
{
	(void)state;
	assert_tree("param a\n", "(param a)\n");
	assert_tree("param a: int\n", "(param a int)\n");
	assert_tree("param a = 1\n", "(param a 1)\n");
	assert_tree("param a: list<string> = [\"x\"]\n", "(param a list<string> (list \"x\"))\n");
	assert_tree("param a: map<list<size>>\nparam b: secret<string>\nparam c: ref<vm>\n",
		    "(param a map<list<size>>)\n(param b secret<string>)\n(param c ref<vm>)\n");
	assert_tree("param a: int = 3 {\n  assert value > 0, \"m\"\n}\n",
		    "(param a int 3\n  (assert (> value 0) \"m\"))\n");
	assert_tree("param a: list<string> { assert true }\nb = 1\n",
		    "(param a list<string>\n  (assert true))\n(= b 1)\n");
}

static void loops_and_conditions_nest(void **state)
{
	(void)state;
	assert_tree("for i in 1..3 { vm \"a\" { for k, v in m { x = k } } }\n",
		    "(for i (.. 1 3)\n  (block vm \"a\"\n    (for k,v m\n      (= x k))))\n");
	assert_tree("if a { x = 1 } else if b { x = 2 } else { x = 3 }\n",
		    "(if a\n    (= x 1)\n   b\n    (= x 2)\n  else\n    (= x 3))\n");
	assert_tree("if a == ({ b = 1 }) { c = 2 }\n", "(if (== a (object (= \"b\" 1)))\n    (= c 2))\n");
	assert_tree("for x in [1, 2] {}\n", "(for x (list 1 2))\n");
}

static void operators_bind_as_the_table_says(void **state)
{
	(void)state;
	assert_expr("a.b[c](d)", "(call ([] (. a b) c) d)");
	assert_expr("-a.b", "(- (. a b))");
	assert_expr("!a[0]", "(! ([] a 0))");
	assert_expr("-a * b", "(* (- a) b)");
	assert_expr("a * b / c % d", "(% (/ (* a b) c) d)");
	assert_expr("a + b * c", "(+ a (* b c))");
	assert_expr("a - b + c", "(+ (- a b) c)");
	assert_expr("a .. b + c", "(.. a (+ b c))");
	assert_expr("a in b..c", "(in a (.. b c))");
	assert_expr("a + 1 in b", "(in (+ a 1) b)");
	assert_expr("a < b == c > d", "(== (< a b) (> c d))");
	assert_expr("a == b && c", "(&& (== a b) c)");
	assert_expr("a && b || c && d", "(|| (&& a b) (&& c d))");
	assert_expr("a || b ? c : d", "(? (|| a b) c d)");
	assert_expr("a ? b : c ? d : e", "(? a b (? c d e))");
	assert_expr("a ? b ? c : d : e", "(? a (? b c d) e)");
	assert_expr("!a in b", "(in (! a) b)");
	assert_expr("!(a in b) || c", "(|| (! (in a b)) c)");
	assert_expr("(a + b) * c", "(* (+ a b) c)");
	assert_expr("- - a", "(- (- a))");
	assert_expr("!!a", "(! (! a))");
}

static void collections_take_trailing_separators(void **state)
{
	(void)state;
	assert_expr("[]", "(list)");
	assert_expr("[1,]", "(list 1)");
	assert_expr("f(1, k = 2,)", "(call f 1 (= k 2))");
	assert_expr("{}", "(object)");
	assert_expr("{ a = 1, \"b c\" = 2, }", "(object (= \"a\" 1) (= \"b c\" 2))");
	assert_expr("{\n a = 1\n b = 2; c = 3\n}", "(object (= \"a\" 1) (= \"b\" 2) (= \"c\" 3))");
	assert_expr("{ a = { b = [1, { c = 2 }] } }",
		    "(object (= \"a\" (object (= \"b\" (list 1 (object (= \"c\" 2)))))))");
}

static void comprehensions(void **state)
{
	(void)state;
	assert_expr("[e for x in xs]", "(list-for x xs e)");
	assert_expr("[e for k, v in xs if c && d]", "(list-for k,v xs e if (&& c d))");
	assert_expr("{k: v for k, v in m}", "(map-for k,v m k v)");
	assert_expr("{\"a-${k}\": v for k in m if k != 1}",
		    "(map-for k m (template \"a-\" k) v if (!= k 1))");
	assert_expr("[\n e\n for x in xs\n if c\n]", "(list-for x xs e if c)");
	assert_expr("{\n k: v\n for k in m\n if c\n}", "(map-for k m k v if c)");
	assert_expr("[{ a = x } for x in xs]", "(list-for x xs (object (= \"a\" x)))");
}

static void newlines_end_statements_between_braces_only(void **state)
{
	(void)state;
	assert_tree("a = [1,\n\n2\n,3\n]\nb = f(\n1\n)\n", "(= a (list 1 2 3))\n(= b (call f 1))\n");
	assert_tree("a = (1\n+ 2)\n", "(= a (+ 1 2))\n");
	assert_tree("a = [{\n b = 1\n c = 2\n}]\n", "(= a (list (object (= \"b\" 1) (= \"c\" 2))))\n");
	assert_tree("a = f({\n b = [\n1\n]\n})\n", "(= a (call f (object (= \"b\" (list 1)))))\n");
	assert_tree("vm a {\n\n\n b = 1\n\n c = 2 }\n", "(block vm a\n  (= b 1)\n  (= c 2))\n");
}

static void newlines_do_not_count_behind_operators_and_commas(void **state)
{
	(void)state;
	assert_tree("a = 1 +\n 2 *\n\n 3\n", "(= a (+ 1 (* 2 3)))\n");
	assert_tree("a = b &&\n c ||\n d\n", "(= a (|| (&& b c) d))\n");
	assert_tree("a = b in\n c\nd = 1 ..\n 2\n", "(= a (in b c))\n(= d (.. 1 2))\n");
	assert_tree("a = b ?\n c :\n d\n", "(= a (? b c d))\n");
	assert_tree("a = !\n b\nc = -\n d\n", "(= a (! b))\n(= c (- d))\n");
	assert_tree("assert a,\n \"m\"\n", "(assert a \"m\")\n");
	assert_tree("a = 1 + # why\n 2\n", "(= a (+ 1 2))\n");
	assert_tree("param a: list<string>\nb = 1\n", "(param a list<string>)\n(= b 1)\n");
}

static void semicolons_separate_too(void **state)
{
	(void)state;
	assert_tree("a = 1; b = 2;; c = 3;\n;d = 4", "(= a 1)\n(= b 2)\n(= c 3)\n(= d 4)\n");
	assert_tree("vm a { b = 1; }\n", "(block vm a\n  (= b 1))\n");
	assert_tree("vm a {}; vm b {}\n", "(block vm a)\n(block vm b)\n");
}

static void a_comment_over_lines_is_a_newline(void **state)
{
	(void)state;
	assert_tree("a = 1 /* x\n */ b = 2\n", "(= a 1)\n(= b 2)\n");
	assert_tree("a = [1, /* x\n */ 2]\n", "(= a (list 1 2))\n");
}

static void self_is_its_own_kind(void **state)
{
	(void)state;
	assert_expr("self.id + 1", "(+ (. self id) 1)");
	assert_expr("x.self", "(. x self)");
}

static void statements_have_their_places(void **state)
{
	struct parsed *p = parse("# c\nvm web \"x\" { a = 1 } # d\nfor i in b {}\n");
	const struct phx_stmt *s = p->ast->body.v[0];

	(void)state;
	assert_true(phx_str_eqc(phx_source_text(&p->sources, s->span), "vm web \"x\" { a = 1 }"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, s->block->head), "vm web \"x\""));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, s->block->body->span), "{ a = 1 }"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, s->block->body->v[0]->attr.name.span), "a"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, p->ast->body.v[1]->loop->var.span), "i"));
	parsed_free(p);
}

static void operators_and_attributes_have_their_places(void **state)
{
	struct parsed *p = parse("x = (a.bc <= d)\ny = 1..2\n");
	const struct phx_expr *e = p->ast->body.v[0]->attr.value;
	struct phx_ast_name name = phx_expr_attr_name(e->bin.lhs);

	(void)state;
	assert_true(e->flags & PHX_EF_PAREN);
	assert_true(phx_str_eqc(phx_source_text(&p->sources, phx_expr_op_span(e)), "<="));
	assert_true(phx_str_eqc(name.text, "bc") &&
		    phx_str_eqc(phx_source_text(&p->sources, name.span), "bc"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, phx_expr_op_span(p->ast->body.v[1]->attr.value)),
				".."));
	assert_string_equal(phx_expr_kind_name(e->kind), "an operation");
	parsed_free(p);
}

static void long_inputs_need_no_stack(void **state)
{
	struct phx_buf text = {0};
	struct parsed *p;
	int i;

	(void)state;
	phx_buf_c(&text, "x = [");
	for (i = 0; i < 20000; i++)
		phx_buf_c(&text, "1,");
	phx_buf_c(&text, "]\nif a {}");
	for (i = 0; i < 5000; i++)
		phx_buf_c(&text, " else if a {}");
	p = parse_str(phx_buf_view(&text));
	assert_string_equal(codes(p), "");
	assert_int_equal(p->ast->body.v[0]->attr.value->list.n, 20000);
	assert_int_equal(p->ast->body.v[1]->branch->n, 5001);
	parsed_free(p);
	phx_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_has_its_form),
		cmocka_unit_test(parameters_have_types_defaults_and_checks),
		cmocka_unit_test(loops_and_conditions_nest),
		cmocka_unit_test(operators_bind_as_the_table_says),
		cmocka_unit_test(collections_take_trailing_separators),
		cmocka_unit_test(comprehensions),
		cmocka_unit_test(newlines_end_statements_between_braces_only),
		cmocka_unit_test(newlines_do_not_count_behind_operators_and_commas),
		cmocka_unit_test(semicolons_separate_too),
		cmocka_unit_test(a_comment_over_lines_is_a_newline),
		cmocka_unit_test(self_is_its_own_kind),
		cmocka_unit_test(statements_have_their_places),
		cmocka_unit_test(operators_and_attributes_have_their_places),
		cmocka_unit_test(long_inputs_need_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
