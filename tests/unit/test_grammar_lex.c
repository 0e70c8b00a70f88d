/* Literals, strings, comments, and text that is no phx: what they mean and where they are. */
#include "grammar_test.h"

static void numbers_have_their_values(void **state)
{
	(void)state;
	assert_expr("42", "42");
	assert_expr("0", "0");
	assert_expr("0x2a", "42");
	assert_expr("0XfF", "255");
	assert_expr("0644", "octal:420");
	assert_expr("1_000", "1000");
	assert_expr("9223372036854775807", "9223372036854775807");
	assert_expr("0.5", "float:0.5");
	assert_expr("1_0.2_5", "float:10.25");
	assert_expr("-3", "(- 3)");
}

static void sizes_are_in_bytes_and_durations_in_milliseconds(void **state)
{
	(void)state;
	assert_expr("4KiB", "size:4096");
	assert_expr("512MiB", "size:536870912");
	assert_expr("8GiB", "size:8589934592");
	assert_expr("2TiB", "size:2199023255552");
	assert_expr("1_024MiB", "size:1073741824");
	assert_expr("500ms", "ms:500");
	assert_expr("30s", "ms:30000");
	assert_expr("5m", "ms:300000");
	assert_expr("2h", "ms:7200000");
	assert_expr("1d", "ms:86400000");
}

static void addresses_are_literals(void **state)
{
	(void)state;
	assert_expr("10.0.0.1", "10.0.0.1");
	assert_expr("10.0.0.0/24", "10.0.0.0/24");
	assert_expr("0.0.0.0/0", "0.0.0.0/0");
	assert_expr("fd00::10/64", "fd00:0:0:0:0:0:0:10/64");
	assert_expr("fd00::10", "fd00:0:0:0:0:0:0:10");
	assert_expr("::", "0:0:0:0:0:0:0:0");
	assert_expr("::1", "0:0:0:0:0:0:0:1");
	assert_expr("fe80::", "fe80:0:0:0:0:0:0:0");
	assert_expr("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
	assert_expr("2001:DB8:0:0:8:800:200C:417A", "2001:db8:0:0:8:800:200c:417a");
	assert_expr("52:54:00:AA:bb:CC", "52:54:00:AA:BB:CC");
	assert_expr("fe:dc:ba:98:76:54", "FE:DC:BA:98:76:54");
}

static void an_address_ends_where_something_else_begins(void **state)
{
	(void)state;
	assert_expr("host(subnet, 5)/24", "(/ (call host subnet 5) 24)");
	assert_expr("10.0.0.1 / 24", "(/ 10.0.0.1 24)");
	assert_expr("10/24", "(/ 10 24)");
	assert_expr("10.0.0.1..10.0.0.9", "(.. 10.0.0.1 10.0.0.9)");
	assert_expr("fd00::1..fd00::9", "(.. fd00:0:0:0:0:0:0:1 fd00:0:0:0:0:0:0:9)");
	assert_expr("1..50", "(.. 1 50)");
	assert_expr("[::1, a]", "(list 0:0:0:0:0:0:0:1 a)");
	assert_expr("a ? b : c", "(? a b c)");
	assert_expr("a ?b :c", "(? a b c)");
	assert_expr("x ? 1:2", "(? x 1 2)");
	assert_expr("{a: b for a in c}", "(map-for a c a b)");
	assert_expr("{x:y for x, y in c}", "(map-for x,y c x y)");
	assert_expr("{ab:cd for ab, cd in c}", "(map-for ab,cd c ab cd)");
}

static void names_may_hold_dashes(void **state)
{
	struct phx_str left, right;

	(void)state;
	assert_expr("i-1", "i-1");
	assert_expr("i - 1", "(- i 1)");
	assert_expr("vm.docker-1.ip", "(. (. vm docker-1) ip)");
	assert_true(phx_name_split(PHX_STR("web-node-1"), 0, &left, &right));
	assert_true(phx_str_eqc(left, "web") && phx_str_eqc(right, "node-1"));
	assert_true(phx_name_split(PHX_STR("web-node-1"), 1, &left, &right));
	assert_true(phx_str_eqc(left, "web-node") && phx_str_eqc(right, "1"));
	assert_false(phx_name_split(PHX_STR("web-node-1"), 2, &left, &right));
	assert_false(phx_name_split(PHX_STR("web-"), 0, &left, &right));
	assert_false(phx_name_split(PHX_STR("web"), 0, &left, &right));
}

static void statement_keywords_are_names_elsewhere(void **state)
{
	(void)state;
	assert_tree("let = 1\nparam=2\nx = output\nassert = { let = 1 }\n",
		    "(= let 1)\n(= param 2)\n(= x output)\n(= assert (object (= \"let\" 1)))\n");
	assert_expr("a.for", "(. a for)");
	assert_expr("a.in.true", "(. (. a in) true)");
	assert_tree("output output = assert\n", "(output output assert)\n");
}

static void strings_decode_their_escapes(void **state)
{
	(void)state;
	assert_expr("\"\"", "\"\"");
	assert_expr("\"a\\n\\t\\\"\\\\\\$b\"", "\"a\\n\\t\\\"\\\\$b\"");
	assert_expr("\"caf\\u{e9} \\u{1F600}\"", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
	assert_expr("\"$ $x 5$\"", "\"$ $x 5$\"");
	assert_expr("\"$${x}\"", "\"${x}\"");
	assert_expr("\"\\${x}\"", "\"${x}\"");
	assert_expr("\"# no // comment /* here\"", "\"# no // comment /* here\"");
}

static void strings_interpolate_at_any_depth(void **state)
{
	(void)state;
	assert_expr("\"${x}\"", "(template x)");
	assert_expr("\"a${x}b${y}c\"", "(template \"a\" x \"b\" y \"c\")");
	assert_expr("\"${f(\"${a + \"}\"}\")}\"", "(template (call f (template (+ a \"}\"))))");
	assert_expr("\"${ {a = 1}.a }\"", "(template (. (object (= \"a\" 1)) a))");
	assert_expr("\"${[1,\n2]}\"", "(template (list 1 2))");
}

static void heredocs_keep_their_lines(void **state)
{
	(void)state;
	assert_expr("<<EOF\none\n  two ${x} $${y} \\n\nEOF",
		    "(template \"one\\n  two \" x \" ${y} \\\\n\\n\")");
	assert_expr("<<EOF\nEOF", "\"\"");
	assert_expr("<<EOF\n EOF\nEOFX\nEOF", "\" EOF\\nEOFX\\n\"");
}

static void heredocs_cut_their_common_indent(void **state)
{
	(void)state;
	assert_expr("<<~EOF\n    one\n      two\n\n    three\n  EOF", "\"one\\n  two\\n\\nthree\\n\"");
	assert_expr("<<~EOF\n\t\tone\n\t\ttwo\n\tEOF", "\"one\\ntwo\\n\"");
	assert_expr("<<~EOF\n  ${x}\n    b\n  EOF", "(template x \"\\n  b\\n\")");
	assert_expr("<<~EOF\n  a ${x}\nb\n  EOF", "(template \"  a \" x \"\\nb\\n\")");
}

static void heredocs_may_stand_in_brackets(void **state)
{
	(void)state;
	assert_expr("f(<<A\none\nA,\n<<~B\n  two\n  B)", "(call f \"one\\n\" \"two\\n\")");
	assert_expr("{ a = <<A\none\nA\n b = 2 }", "(object (= \"a\" \"one\\n\") (= \"b\" 2))");
}

/* Where a literal is, and that its place holds what was written. */
static void assert_place(const char *text, enum phx_expr_kind kind, uint32_t line, uint32_t col,
			 const char *written)
{
	struct parsed *p = parse(text);
	const struct phx_expr *e = p->ast->body.v[p->ast->body.n - 1]->attr.value;
	struct phx_pos pos = phx_source_pos(&p->sources, e->span);

	assert_string_equal(codes(p), "");
	assert_int_equal(e->kind, kind);
	assert_int_equal(pos.line, line);
	assert_int_equal(pos.col, col);
	assert_true(phx_str_eqc(phx_source_text(&p->sources, e->span), written));
	parsed_free(p);
}

static void every_literal_has_its_place(void **state)
{
	(void)state;
	assert_place("x = null", PHX_EXPR_NULL, 1, 5, "null");
	assert_place("x = true", PHX_EXPR_BOOL, 1, 5, "true");
	assert_place("x = 1_0", PHX_EXPR_INT, 1, 5, "1_0");
	assert_place("x = 0.5", PHX_EXPR_FLOAT, 1, 5, "0.5");
	assert_place("x = 8GiB", PHX_EXPR_SIZE, 1, 5, "8GiB");
	assert_place("x = 10s", PHX_EXPR_DURATION, 1, 5, "10s");
	assert_place("x = 10.0.0.1", PHX_EXPR_IP, 1, 5, "10.0.0.1");
	assert_place("x = 10.0.0.1/8", PHX_EXPR_CIDR, 1, 5, "10.0.0.1/8");
	assert_place("x = fd00::1/64", PHX_EXPR_CIDR, 1, 5, "fd00::1/64");
	assert_place("x = 52:54:00:AA:BB:CC", PHX_EXPR_MAC, 1, 5, "52:54:00:AA:BB:CC");
	assert_place("x = \"a\"", PHX_EXPR_STRING, 1, 5, "\"a\"");
	assert_place("x = \"a\\n\"", PHX_EXPR_STRING, 1, 5, "\"a\\n\"");
	assert_place("x = \"a${b}\"", PHX_EXPR_TEMPLATE, 1, 5, "\"a${b}\"");
	assert_place("a = 1\r\n\tx = <<E\r\n1\r\nE\r\n", PHX_EXPR_STRING, 2, 6, "<<E\r\n1\r\nE");
	assert_place("a = \"\xC3\xA9\"; x = y", PHX_EXPR_NAME, 1, 14, "y");
	assert_place("x = (a + b)", PHX_EXPR_BINARY, 1, 5, "(a + b)");
	assert_place("x = a.b[c](d)", PHX_EXPR_CALL, 1, 5, "a.b[c](d)");
	assert_place("x = [1,\n2]", PHX_EXPR_LIST, 1, 5, "[1,\n2]");
}

static void parts_of_a_template_have_their_places(void **state)
{
	struct parsed *p = parse("x = \"ab${ cd }\\n\"\n");
	const struct phx_expr *e = p->ast->body.v[0]->attr.value;

	(void)state;
	assert_int_equal(e->list.n, 3);
	assert_true(phx_str_eqc(phx_source_text(&p->sources, e->list.v[0]->span), "ab"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, e->list.v[1]->span), "cd"));
	assert_true(e->list.v[1]->flags & PHX_EF_INTERP);
	assert_true(phx_str_eqc(phx_source_text(&p->sources, e->list.v[2]->span), "\\n"));
	parsed_free(p);
}

static void carriage_returns_are_read_as_newlines(void **state)
{
	(void)state;
	assert_tree("a = 1\r\nb = [1,\r\n2]\r\nc = <<E\r\none\r\ntwo\r\nE\r\n",
		    "(= a 1)\n(= b (list 1 2))\n(= c \"one\\ntwo\\n\")\n");
}

static void comments_are_kept_aside(void **state)
{
	struct parsed *p = parse("# one\na = 1 // two\n/* three\n */ b = /* four */ 2\n");

	(void)state;
	assert_string_equal(codes(p), "");
	assert_int_equal(p->ast->ncomments, 4);
	assert_true(phx_str_eqc(phx_source_text(&p->sources, p->ast->comments[0]), "# one"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, p->ast->comments[1]), "// two"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, p->ast->comments[2]), "/* three\n */"));
	assert_true(phx_str_eqc(phx_source_text(&p->sources, p->ast->comments[3]), "/* four */"));
	assert_string_equal(dump(p), "(= a 1)\n(= b 2)\n");
	parsed_free(p);
}

static void a_byte_order_mark_is_a_note(void **state)
{
	struct parsed *p = parse("\xEF\xBB\xBF"
				 "a = 1\n");

	(void)state;
	assert_string_equal(codes(p), "PHX0010@1:1");
	assert_int_equal(p->bag.errors, 0);
	assert_int_equal(p->ast->errors, 0);
	assert_string_equal(dump(p), "(= a 1)\n");
	parsed_free(p);
}

static void wrong_units_are_named(void **state)
{
	struct parsed *p = parse("x = 8GB\n");

	(void)state;
	assert_string_equal(codes(p), "PHX0019@1:5");
	assert_true(phx_str_eqc(first(p)->fixes.v[0].text, "8GiB"));
	assert_string_equal(dump(p), "(= x error)\n");
	parsed_free(p);
	assert_codes("x = 512M\ny = 8gib\nz = 1.5TB\nw = 10min\nv = 2weeks\n",
		     "PHX0019@1:5 PHX0019@2:5 PHX0019@3:5 PHX0019@4:5 PHX0019@5:5");
	assert_fixed("x = 1.5GiB\n", "PHX0020@1:5", "x = 1536MiB\n");
	assert_fixed("x = 1.5h\n", "PHX0020@1:5", "x = 90m\n");
}

static void malformed_numbers_are_reported(void **state)
{
	(void)state;
	assert_codes("x = 0x\n", "PHX0020@1:5");
	assert_codes("x = 0xfg\n", "PHX0020@1:5");
	assert_codes("x = 089\n", "PHX0020@1:5");
	assert_codes("x = 0b1\n", "PHX0020@1:5");
	assert_codes("x = 08GiB\n", "PHX0020@1:5");
	assert_codes("x = 9223372036854775808\n", "PHX0020@1:5");
	assert_codes("x = 9999999TiB\n", "PHX0020@1:5");
	assert_codes("x = 999999999999d\n", "PHX0020@1:5");
	assert_codes("x = 2fast4u\n", "PHX0023@1:5");
	assert_codes("let 3rd-node = 1\n", "PHX0023@1:5");
}

static void malformed_addresses_are_reported(void **state)
{
	(void)state;
	assert_codes("x = 10.0.0.256\n", "PHX0021@1:5");
	assert_codes("x = 10.0.0.010\n", "PHX0021@1:5");
	assert_codes("x = 10.0.0\n", "PHX0021@1:5");
	assert_codes("x = 1.2.3.4.5\n", "PHX0021@1:5");
	assert_codes("x = 10.0.0.0/33\n", "PHX0021@1:5");
	assert_codes("x = fd00::1::2\n", "PHX0021@1:5");
	assert_codes("x = fd00:::1\n", "PHX0021@1:5");
	assert_codes("x = fd000::1\n", "PHX0021@1:5");
	assert_codes("x = 1:2:3:4:5:6:7:8:9\n", "PHX0021@1:5");
	assert_codes("x = 1::2:3:4:5:6:7:8\n", "PHX0021@1:5");
	assert_codes("x = fd00::/129\n", "PHX0021@1:5");
	assert_codes("x = ::ffff:10.0.0.1\n", "PHX0021@1:5");
	assert_codes("x = 52:54:00:AA:BB\n", "PHX0022@1:5");
	assert_codes("x = 52:54:0:AA:BB:CC\n", "PHX0022@1:5");
}

static void bad_escapes_are_reported(void **state)
{
	(void)state;
	assert_recovered("x = \"a\\qb\"\ny = 1\n", "PHX0018@1:7", "(= x error)\n(= y 1)\n");
	assert_codes("x = \"\\u{}\"\n", "PHX0018@1:6");
	assert_codes("x = \"\\u{110000}\"\n", "PHX0018@1:6");
	assert_codes("x = \"\\u{d800}\"\n", "PHX0018@1:6");
	assert_codes("x = \"\\u00e9\"\n", "PHX0018@1:6");
	assert_codes("x = \"\\\xC3\xA9\"\n", "PHX0018@1:6");
}

static void unterminated_things_end_where_people_see_them_end(void **state)
{
	(void)state;
	assert_recovered("a = \"x\nb = 2\n", "PHX0015@1:5", "(= a error)\n(= b 2)\n");
	assert_recovered("a = [f(\"x)]\nb = 2\n", "PHX0015@1:8", "(= a (list (call f error)))\n(= b 2)\n");
	assert_recovered("vm a { x = \"y }\nb = 2\n", "PHX0015@1:12",
			 "(block vm a\n  (= x error))\n(= b 2)\n");
	assert_recovered("a = \"x ${b\nc = 2\n", "PHX0028@1:8", "(= a error)\n(= c 2)\n");
	assert_recovered("a = \"x-${f(b\" + c\nd = 2\n", "PHX0028@1:8", "(= a (+ error c))\n(= d 2)\n");
	assert_recovered("a = <<E\n${b\nE\nc = 2\n", "PHX0028@2:1", "(= a error)\n(= c 2)\n");
	assert_codes("a = 1\n/* never\nb = 2\n", "PHX0016@2:1");
	assert_codes("a = <<EOF\nb = 2\n", "PHX0017@1:5");
	assert_codes("a = <<EOF\n  EOF\n", "PHX0017@1:5");
}

static void other_quotes_are_understood(void **state)
{
	(void)state;
	assert_fixed("x = 'web'\n", "PHX0024@1:5", "x = \"web\"\n");
	assert_fixed("x = `web`\n", "PHX0024@1:5", "x = \"web\"\n");
	assert_fixed("x = \xE2\x80\x9Cweb\xE2\x80\x9D\n", "PHX0014@1:5", "x = \"web\"\n");
	assert_recovered("x = 'it\ny = 1\n", "PHX0024@1:5", "(= x \"it\")\n(= y 1)\n");
}

static void lookalikes_of_ascii_are_named_and_fixed(void **state)
{
	(void)state;
	assert_fixed("x\xEF\xBC\x9D 1\n", "PHX0014@1:2", "x= 1\n");              /* full-width = */
	assert_fixed("x\xC2\xA0= 1\n", "PHX0014@1:2", "x = 1\n");                /* no-break space */
	assert_fixed("\xE2\x80\x8Bx = 1\n", "PHX0014@1:1", "x = 1\n");           /* zero-width space */
	assert_fixed("x = a \xE2\x80\x93 1\n", "PHX0014@1:7", "x = a - 1\n");    /* en dash */
	assert_fixed("x = a \xE2\x89\xA4 1\n", "PHX0014@1:7", "x = a <= 1\n");   /* ≤ */
	assert_fixed("me\xE2\x80\x8Bmory = 1\n", "PHX0014@1:1", "memory = 1\n"); /* inside a name */
	assert_codes("gr\xC3\xB6\xC3\x9F"
		     "e = 1\n",
		     "PHX0014@1:1");
	assert_codes("x = \xE2\x9C\x93\n", "PHX0014@1:5");
}

static void operators_of_other_languages_are_understood(void **state)
{
	(void)state;
	assert_fixed("x => 1\n", "PHX0026@1:3", "x = 1\n");
	assert_fixed("x := 1\n", "PHX0026@1:3", "x = 1\n");
	assert_fixed("x = a & b | c\n", "PHX0026@1:7 PHX0026@1:11", "x = a && b || c\n");
	assert_fixed("x = a === b\n", "PHX0026@1:7", "x = a == b\n");
	assert_fixed("x = a <> b\n", "PHX0026@1:7", "x = a != b\n");
	assert_fixed("x = True\ny = [FALSE, Null]\n", "PHX0030@1:5 PHX0030@2:6 PHX0030@2:13",
		     "x = true\ny = [false, null]\n");
	assert_codes("x = a ^ b\n", "PHX0027@1:7");
	assert_fixed("x = ${a} + 1\n", "PHX0027@1:5", "x = a + 1\n");
}

static void a_merge_conflict_is_one_mistake(void **state)
{
	(void)state;
	assert_recovered("a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2 )\n>>>>>>> main\nc = 3\n", "PHX0025@2:1",
			 "(= a 1)\n(= b 1)\n(= c 3)\n");
	assert_recovered("<<<<<<< HEAD\nb = 1\n||||||| base\nb = 0\n=======\nb = 2\n>>>>>>> main\n",
			 "PHX0025@1:1", "(= b 1)\n");
	assert_codes("a = 1\n>>>>>>> main\nb = 2\n", "PHX0025@2:1");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	struct parsed *p = parse_str(PHX_STR("\xFF\xFE"
					     "a\0=\0"));

	(void)state;
	assert_string_equal(codes(p), "PHX0012@1:1");
	assert_int_equal(p->ast->body.lost, 1);
	parsed_free(p);
	p = parse_str(PHX_STR("a\0=\0 \0001\0"));
	assert_string_equal(codes(p), "PHX0012@1:1");
	parsed_free(p);
	p = parse_str(PHX_STR("a = \"x\0y\"\n"));
	assert_string_equal(codes(p), "PHX0013@1:7");
	parsed_free(p);
	assert_codes("# caf\xE9\na = 1\n", "PHX0011@1:6");
	assert_codes("a = \"\x1B[0m\"\n", "PHX0013@1:6");
	assert_codes("\x80\x81\x82\x83\x84", "PHX0011@1:1 PHX0011@1:1 PHX0011@1:1");
}

static void heads_of_heredocs_are_checked(void **state)
{
	(void)state;
	assert_codes("x = <<EOF text\na\nEOF\n", "PHX0029@1:11");
	assert_recovered("x = <<-EOF\n  a\n  EOF\ny = 1\n", "PHX0029@1:5", "(= x \"a\\n\")\n(= y 1)\n");
	assert_recovered("x = <<'EOF'\na\nEOF\ny = 1\n", "PHX0029@1:5", "(= x \"a\\n\")\n(= y 1)\n");
	assert_codes("x = <<\n", "PHX0029@1:5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_values),
		cmocka_unit_test(sizes_are_in_bytes_and_durations_in_milliseconds),
		cmocka_unit_test(addresses_are_literals),
		cmocka_unit_test(an_address_ends_where_something_else_begins),
		cmocka_unit_test(names_may_hold_dashes),
		cmocka_unit_test(statement_keywords_are_names_elsewhere),
		cmocka_unit_test(strings_decode_their_escapes),
		cmocka_unit_test(strings_interpolate_at_any_depth),
		cmocka_unit_test(heredocs_keep_their_lines),
		cmocka_unit_test(heredocs_cut_their_common_indent),
		cmocka_unit_test(heredocs_may_stand_in_brackets),
		cmocka_unit_test(every_literal_has_its_place),
		cmocka_unit_test(parts_of_a_template_have_their_places),
		cmocka_unit_test(carriage_returns_are_read_as_newlines),
		cmocka_unit_test(comments_are_kept_aside),
		cmocka_unit_test(a_byte_order_mark_is_a_note),
		cmocka_unit_test(wrong_units_are_named),
		cmocka_unit_test(malformed_numbers_are_reported),
		cmocka_unit_test(malformed_addresses_are_reported),
		cmocka_unit_test(bad_escapes_are_reported),
		cmocka_unit_test(unterminated_things_end_where_people_see_them_end),
		cmocka_unit_test(other_quotes_are_understood),
		cmocka_unit_test(lookalikes_of_ascii_are_named_and_fixed),
		cmocka_unit_test(operators_of_other_languages_are_understood),
		cmocka_unit_test(a_merge_conflict_is_one_mistake),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(heads_of_heredocs_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
