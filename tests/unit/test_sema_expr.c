/* Expressions: what each operator makes of each type, and what it refuses. */
#include "sema_text.h"

static void literals_print_canonically(void **state)
{
	static const struct sema_case cases[] = {
		{"42", "42"},
		{"0x2a", "42"},
		{"1_000", "1000"},
		{"-7", "-7"},
		{"0.5", "0.5"},
		{"2.0", "2.0"},
		{"1.25", "1.25"},
		{"0.1", "0.1"},
		{"true", "true"},
		{"false", "false"},
		{"null", "null"},
		{"512MiB", "512MiB"},
		{"1024MiB", "1GiB"},
		{"1536MiB", "1536MiB"},
		{"2TiB", "2TiB"},
		{"4KiB", "4KiB"},
		{"1024GiB", "1TiB"},
		{"0MiB", "0KiB"},
		{"500ms", "500ms"},
		{"90s", "90s"},
		{"60s", "1m"},
		{"24h", "1d"},
		{"36h", "36h"},
		{"0s", "0s"},
		{"10.0.0.1", "10.0.0.1"},
		{"10.0.0.1/24", "10.0.0.1/24"},
		{"fd00::10", "fd00::10"},
		{"fd00::10/64", "fd00::10/64"},
		{"52:54:00:aa:bb:cc", "52:54:00:AA:BB:CC"},
		{"\"a\"", "\"a\""},
		{"\"a\\n\\\"b\\\"\\$\"", "\"a\\n\\\"b\\\"$\""},
		{"[]", "[]"},
		{"[1, 2,]", "[1, 2]"},
		{"{}", "{}"},
		{"{ a = 1, \"b c\" = [2] }", "{ a = 1, \"b c\" = [2] }"},
		{"1..4", "[1, 2, 3, 4]"},
		{"5..1", "[]"},
		{"3..3", "[3]"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void arithmetic_of_numbers_is_checked(void **state)
{
	static const struct sema_case cases[] = {
		{"1 + 2", "3"},
		{"1 - 2", "-1"},
		{"2 * 3", "6"},
		{"7 / 2", "3"},
		{"-7 / 2", "-4"},
		{"7 / -2", "-4"},
		{"-7 / -2", "3"},
		{"7 % 3", "1"},
		{"-7 % 3", "2"},
		{"7 % -3", "-2"},
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"2 - 1 - 1", "0"},
		{"1 + 0.5", "1.5"},
		{"0.5 + 1", "1.5"},
		{"3 * 0.5", "1.5"},
		{"1 / 2.0", "0.5"},
		{"1.5 - 1", "0.5"},
		{"-(1 + 2)", "-3"},
		{"-(0.5)", "-0.5"},
		{"9223372036854775807 + 0", "9223372036854775807"},
		{"9223372036854775807 + 1", "!0204"},
		{"-9223372036854775807 - 2", "!0204"},
		{"9223372036854775807 * 2", "!0204"},
		{"(-9223372036854775807 - 1) / -1", "!0204"},
		{"(-9223372036854775807 - 1) % -1", "0"},
		{"-(-9223372036854775807 - 1)", "!0204"},
		{"1 / 0", "!0205"},
		{"1 % 0", "!0205"},
		{"1.0 / 0", "!0205"},
		{"1 / 0.0", "!0205"},
		{"1.5 % 1", "!0202"},
		{"-\"a\"", "!0201"},
		{"-true", "!0201"},
		{"-8GiB", "!0201"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void sizes_and_durations_keep_their_unit(void **state)
{
	static const struct sema_case cases[] = {
		{"8GiB + 4GiB", "12GiB"}, {"8GiB - 4GiB", "4GiB"},    {"8GiB * 2", "16GiB"},
		{"2 * 8GiB", "16GiB"},    {"8GiB / 2", "4GiB"},       {"8GiB / 4GiB", "2"},
		{"9GiB / 4GiB", "2"},     {"1GiB / 3", "357913941B"}, {"30s + 1m", "90s"},
		{"1m - 30s", "30s"},      {"30s * 4", "2m"},          {"4 * 30s", "2m"},
		{"1m / 2", "30s"},        {"1m / 20s", "3"},          {"4GiB - 8GiB", "!0204"},
		{"30s - 1m", "!0204"},    {"8GiB * -1", "!0204"},     {"8388607TiB * 4", "!0204"},
		{"8GiB / 0", "!0205"},    {"8GiB / 0GiB", "!0205"},   {"1m / 0s", "!0205"},
		{"8GiB + 5", "!0202"},    {"5 + 8GiB", "!0202"},      {"8GiB + 5s", "!0202"},
		{"8GiB * 8GiB", "!0202"}, {"8GiB * 1.5", "!0202"},    {"8 / 8GiB", "!0202"},
		{"8GiB % 3", "!0202"},    {"30s + 1", "!0202"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void addresses_count(void **state)
{
	static const struct sema_case cases[] = {
		{"10.0.0.1 + 1", "10.0.0.2"},
		{"10.0.0.255 + 1", "10.0.1.0"},
		{"10.0.1.0 - 1", "10.0.0.255"},
		{"10.0.0.9 - 10.0.0.1", "8"},
		{"10.0.0.1 - 10.0.0.9", "-8"},
		{"fd00::1 + 15", "fd00::10"},
		{"fd00::10 - fd00::1", "15"},
		{"(10.0.0.1 + 3)/24", "10.0.0.4/24"},
		{"10.0.0.1/8", "10.0.0.1/8"},
		{"host(10.0.0.0/24, 5)/16", "10.0.0.5/16"},
		{"255.255.255.255 + 1", "!0206"},
		{"0.0.0.0 - 1", "!0206"},
		{"fd00::1 - 10.0.0.1", "!0206"},
		{"fd00::1 - ::1", "!0204"},
		{"host(10.0.0.0/24, 250) + 10", "!0206"},
		{"host(10.0.0.0/24, 5) - 6", "!0206"},
		{"host(10.0.0.0/24, 5) + 6", "10.0.0.11"},
		{"host(10.0.0.0/24, 5)/33", "!0206"},
		{"host(10.0.0.0/24, 5)/(-1)", "!0206"},
		{"1 + 10.0.0.1", "!0202"},
		{"10.0.0.1 + 10.0.0.2", "!0202"},
		{"10.0.0.1 * 2", "!0202"},
		{"10.0.0.0/24 + 1", "!0202"},
		{"52:54:00:00:00:01 + 1", "!0202"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void comparisons_want_one_type(void **state)
{
	static const struct sema_case cases[] = {
		{"1 == 1", "true"},
		{"1 != 1", "false"},
		{"1 == 1.0", "true"},
		{"1.5 > 1", "true"},
		{"1 < 2", "true"},
		{"2 <= 2", "true"},
		{"3 >= 4", "false"},
		{"\"a\" == \"a\"", "true"},
		{"\"a\" < \"b\"", "true"},
		{"8GiB == 8192MiB", "true"},
		{"8GiB > 1TiB", "false"},
		{"60s == 1m", "true"},
		{"1h > 59m", "true"},
		{"10.0.0.9 < 10.0.0.10", "true"},
		{"10.0.0.1 == 10.0.0.1", "true"},
		{"10.0.0.1/24 == 10.0.0.1/24", "true"},
		{"10.0.0.1/24 == 10.0.0.1/16", "false"},
		{"52:54:00:AA:BB:CC == 52:54:00:aa:bb:cc", "true"},
		{"true == false", "false"},
		{"[1, 2] == [1, 2]", "true"},
		{"[1, 2] == [2, 1]", "false"},
		{"{ a = 1, b = 2 } == { b = 2, a = 1 }", "true"},
		{"null == null", "true"},
		{"1 == null", "false"},
		{"null != \"a\"", "true"},
		{"1 == \"1\"", "!0203"},
		{"1 != \"1\"", "!0203"},
		{"true == 1", "!0203"},
		{"8GiB == 8", "!0203"},
		{"10.0.0.1 == 10.0.0.1/24", "!0203"},
		{"10.0.0.1 == \"10.0.0.1\"", "!0203"},
		{"[1] == 1", "!0203"},
		{"1 < \"2\"", "!0202"},
		{"true < false", "!0202"},
		{"[1] < [2]", "!0202"},
		{"null < 1", "!0202"},
		{"8GiB < 9", "!0202"},
		{"10.0.0.1/24 < 10.0.0.2/24", "!0202"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void logic_takes_booleans_and_stops_early(void **state)
{
	static const struct sema_case cases[] = {
		{"true && false", "false"},
		{"true || false", "true"},
		{"!true", "false"},
		{"!false && true", "true"},
		{"false && 1 / 0 == 1", "false"},
		{"true || 1 / 0 == 1", "true"},
		{"true || false && false", "true"},
		{"1 < 2 && 2 < 3", "true"},
		{"true ? 1 : 2", "1"},
		{"false ? 1 : 2", "2"},
		{"true ? 1 : 1 / 0", "1"},
		{"false ? 1 : true ? 2 : 3", "2"},
		{"true ? 10.0.0.1/24 : \"dhcp\"", "10.0.0.1/24"},
		{"true && 1", "!0201"},
		{"1 || true", "!0201"},
		{"!1", "!0201"},
		{"!\"\"", "!0201"},
		{"1 ? 2 : 3", "!0201"},
		{"\"\" ? 2 : 3", "!0201"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void in_looks_into_lists_ranges_maps_and_networks(void **state)
{
	static const struct sema_case cases[] = {
		{"1 in [1, 2]", "true"},
		{"3 in [1, 2]", "false"},
		{"1.0 in [1, 2]", "true"},
		{"\"a\" in [\"a\"]", "true"},
		{"1 in []", "false"},
		{"5 in 1..5", "true"},
		{"6 in 1..5", "false"},
		{"1 in 5..1", "false"},
		{"5 in 1..9223372036854775807", "true"},
		{"\"a\" in { a = 1 }", "true"},
		{"\"b\" in { a = 1 }", "false"},
		{"10.0.0.7 in 10.0.0.0/24", "true"},
		{"10.0.1.7 in 10.0.0.0/24", "false"},
		{"10.0.0.0/25 in 10.0.0.0/24", "true"},
		{"10.0.0.0/23 in 10.0.0.0/24", "false"},
		{"fd00::1 in 10.0.0.0/24", "false"},
		{"!(1 in [2])", "true"},
		{"1 in [\"a\"]", "!0202"},
		{"\"5\" in 1..5", "!0202"},
		{"1 in { a = 1 }", "!0202"},
		{"\"a\" in \"abc\"", "!0202"},
		{"1 in 5", "!0202"},
		{"1 in 10.0.0.0/24", "!0202"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void texts_interpolate_scalars(void **state)
{
	static const struct sema_case cases[] = {
		{"\"${1 + 1}\"", "\"2\""},
		{"\"a${true}b${8GiB}c${5m}\"", "\"atrueb8GiBc5m\""},
		{"\"${10.0.0.1} ${10.0.0.1/24} ${52:54:00:AA:BB:CC} ${0.5}\"",
		 "\"10.0.0.1 10.0.0.1/24 52:54:00:AA:BB:CC 0.5\""},
		{"\"\\$${1}\"", "\"$1\""},
		{"\"$${1}\"", "\"\\${1}\""},
		{"\"${\"${\"x\"}\"}\"", "\"x\""},
		{"\"${null}\"", "!0210"},
		{"\"${[1]}\"", "!0210"},
		{"\"${{ a = 1 }}\"", "!0210"},
		{"\"${vm.web}\"", "!0210"},
		{"\"${[null, 1][0]}\"", "!0209"},
		{"<<EOF\na ${1}\nb\nEOF", "\"a 1\\nb\\n\""},
	};

	(void)state;
	SEMA_CASES("vm web {}", cases);
}

static void elements_and_members(void **state)
{
	static const struct sema_case cases[] = {
		{"[1, 2, 3][0]", "1"},
		{"[[1], [2]][1][0]", "2"},
		{"{ a = 1 }.a", "1"},
		{"{ a = { b = 2 } }.a.b", "2"},
		{"{ \"a b\" = 3 }[\"a b\"]", "3"},
		{"m.a", "1"},
		{"m[\"b\"]", "2"},
		{"m[k]", "2"},
		{"[1, 2][2]", "!0207"},
		{"[1, 2][-1]", "!0207"},
		{"[][0]", "!0207"},
		{"m.c", "!0208"},
		{"m[\"c\"]", "!0208"},
		{"m[\"${k}c\"]", "!0208"},
		{"[1][\"a\"]", "!0201"},
		{"m[1]", "!0201"},
		{"1[0]", "!0201"},
		{"k.x", "!0201"},
		{"[m].a", "!0201"},
		{"10.0.0.0/24.host", "!0201"},
		{"null[0]", "!0201"},
	};

	(void)state;
	SEMA_CASES("let m = { a = 1, b = 2 }\nlet k = \"b\"", cases);
}

static void comprehensions(void **state)
{
	static const struct sema_case cases[] = {
		{"[x * 2 for x in [1, 2, 3]]", "[2, 4, 6]"},
		{"[x for x in 1..5 if x % 2 == 1]", "[1, 3, 5]"},
		{"[i for i, x in [\"a\", \"b\"]]", "[0, 1]"},
		{"[x for i, x in [\"a\", \"b\"] if i > 0]", "[\"b\"]"},
		{"[v for v in { a = 1, b = 2 }]", "[1, 2]"},
		{"[\"${k}${v}\" for k, v in { a = 1, b = 2 }]", "[\"a1\", \"b2\"]"},
		{"{k: v + 1 for k, v in { a = 1, b = 2 }}", "{ a = 2, b = 3 }"},
		{"{\"n${i}\": i for i in 1..2}", "{ n1 = 1, n2 = 2 }"},
		{"{k: v for k, v in { a = 1, b = 2 } if v > 1}", "{ b = 2 }"},
		{"[[y for y in 1..x] for x in 1..3]", "[[1], [1, 2], [1, 2, 3]]"},
		{"[x for x in []]", "[]"},
		{"{x: 1 for x in []}", "{}"},
		{"{\"a\": x for x in [1, 2]}", "!0222"},
		{"{x: 1 for x in [1]}", "!0201"},
		{"[x for x in 5]", "!0201"},
		{"[x for x in \"abc\"]", "!0201"},
		{"[x for x in [1] if x]", "!0201"},
		{"[y for x in [1]]", "!0230"},
		{"[x for x in [1]] == [x]", "!0230"},
		{"[x + \"a\" for x in [1]]", "!0202"},
		{"[x + \"a\" for x in [1] if false]", "!0202"},
		{"[1 / x for x in [1, 0]]", "!0205"},
		{"[m for m in [1]]", "!0232"},
	};

	(void)state;
	SEMA_CASES("let m = 1", cases);
}

static void objects_have_each_key_once(void **state)
{
	(void)state;
	sema_expect_codes("let m = { a = 1, a = 2 }", "0222");
}

static void octal_stands_in_modes_only(void **state)
{
	(void)state;
	sema_expect_codes("output x = 0644", "0216");
	sema_expect_codes("let x = [0644]", "0216");
	sema_expect_codes("vm a { cores = 010 }", "0216");
	sema_expect_codes("vm a { file \"/x\" { content = \"\"; mode = 0644 } }", "");
	sema_expect_codes("vm a { file \"/x\" { content = \"\"; mode = true ? 0644 : 0600 } }", "");
	sema_expect_codes("vm a { file \"/x\" { content = \"\"; mode = 644 } }", "0322");
	sema_expect_codes("let m = 644\nvm a { file \"/x\" { content = \"\"; mode = m } }", "0322");
}

/* One mistake is one report, however many values it spoils. */
static void a_mistake_is_reported_once(void **state)
{
	(void)state;
	sema_expect_codes("let a = 1 / 0\nlet b = a + 1\nlet c = [b, \"${b}\"]\noutput d = c[0] == 3",
			  "0205");
	sema_expect_codes("let a = nothing\nlet b = a.x.y + 1\nvm x { cores = b; memory = a }", "0230");
	sema_expect_codes("let a = [1 / x for x in [0, 0, 0, 0]]", "0205");
	sema_expect_codes("for i in [0, 0, 0] {\n assert 1 / i == 1\n}", "0205");
}

static void branches_that_never_run_are_checked(void **state)
{
	(void)state;
	sema_expect_codes("let unused = 1 + \"a\"", "0202");
	sema_expect_codes("output x = true ? 1 : 2 + \"a\"", "0202");
	sema_expect_codes("if false {\n vm a { memory = 3 }\n}", "0308");
	sema_expect_codes("if false {\n vm a { cores = 1 + \"a\"; nothing = 1 }\n}", "0202 0301");
	sema_expect_codes("for x in [] {\n vm a { let y = 8GiB + 1 }\n}", "0202");
	sema_expect_codes("let f = false && hots(1)", "0211");
	sema_expect_codes("if false {\n vm a { clone = vm.nowhere }\n}", "0312");
}

static void several_mistakes_are_reported_together(void **state)
{
	(void)state;
	sema_expect_codes("let a = 1 + \"a\"\nlet b = nope\nlet c = 1 / 0\nvm x { memroy = 1; cores = \"4\" "
			  "}\noutput y = hots(1)",
			  "0202 0230 0205 0301 0308 0211");
}

/* What is decoded has its type at run time only; the mistakes are the same. */
static void types_that_are_known_late_are_checked_then(void **state)
{
	static const struct sema_case cases[] = {
		{"j.n + 1", "2"},
		{"j.n + j.f", "2.5"},
		{"j.s == \"x\"", "true"},
		{"j.l[j.n]", "8"},
		{"j[\"s\"]", "\"x\""},
		{"j.n in 1..5", "true"},
		{"[x + 1 for x in j.l]", "[8, 9]"},
		{"{k: v for k, v in j.o}", "{ a = 1 }"},
		{"j.b ? 1 : 2", "1"},
		{"!j.b", "false"},
		{"-j.n", "-1"},
		{"-j.f", "-1.5"},
		{"j.n..3", "[1, 2, 3]"},
		{"big.k13", "13"},
		{"big[\"k1\"]", "1"},
		{"\"k7\" in big", "true"},
		{"big.k99", "!0208"},
		{"lookup(big, \"k99\", 0)", "0"},
		{"j.n + j.s", "!0202"},
		{"j.s + 1", "!0202"},
		{"j.n == j.s", "!0203"},
		{"j.z + 1", "!0209"},
		{"1 + j.z", "!0209"},
		{"j.z == null", "true"},
		{"try(j.z + 1, 5)", "5"},
		{"upper(j.n)", "!0201"},
		{"upper(j.z)", "!0209"},
		{"try(upper(j.z), \"none\")", "\"none\""},
		{"-j.s", "!0201"},
		{"!j.n", "!0201"},
		{"!j.z", "!0209"},
		{"j.n && true", "!0201"},
		{"true && j.n", "!0201"},
		{"j.n ? 1 : 2", "!0201"},
		{"j.z ? 1 : 2", "!0209"},
		{"[x for x in j.n]", "!0201"},
		{"[x for x in j.z]", "!0209"},
		{"[x for x in j.l if x]", "!0201"},
		{"{x: 1 for x in j.l}", "!0201"},
		{"\"${j.l}\"", "!0210"},
		{"\"${j.z}\"", "!0209"},
		{"\"${j.o}\"", "!0210"},
		{"j.s.x", "!0201"},
		{"j.z.x", "!0209"},
		{"j.l.x", "!0201"},
		{"j.l[j.s]", "!0201"},
		{"j.o[j.n]", "!0201"},
		{"j.z[0]", "!0209"},
		{"j.n[0]", "!0201"},
		{"j.s in 1..5", "!0201"},
		{"1..j.s", "!0201"},
		{"j.s..2", "!0201"},
		{"vm[j.n]", "!0201"},
		{"sum(j.l)", "15"},
		{"sum([j.n, j.s])", "!0202"},
		{"sort(j.l)", "[7, 8]"},
		{"min(j.l)", "7"},
		{"max(j.n, j.l)", "!0201"},
		{"join(\",\", j.l)", "\"7,8\""},
		{"merge(j.o, j.n)", "!0201"},
		{"flatten(j.n)", "!0201"},
		{"contains(j.l, 7)", "true"},
		{"j.l == [7, 8]", "true"},
		{"j.o == { a = 1 }", "true"},
		{"9223372036854775807 + j.n", "!0204"},
		{"1 / (j.n - 1)", "!0205"},
	};
	static const char prelude[] = "let j = "
				      "jsondecode(\"{\\\"s\\\":\\\"x\\\",\\\"n\\\":1,\\\"f\\\":1.5,\\\"l\\\":"
				      "[7,8],\\\"o\\\":{\\\"a\\\":1},\\\"z\\\":null,\\\"b\\\":true}\")\n"
				      "let big = {\"k${i}\": i for i in 1..20}\nvm web {}";

	(void)state;
	SEMA_CASES(prelude, cases);
	sema_expect_codes("let j = jsondecode(\"3\")\nfor x in j {\n}", "0201");
	sema_expect_codes("let j = jsondecode(\"3\")\nif j {\n}", "0201");
	sema_expect_codes("let j = jsondecode(\"3\")\nassert j", "0201");
	sema_expect_codes("let j = jsondecode(\"3\")\nassert false, j", "0234");
	sema_expect_codes("let j = jsondecode(\"\\\"x\\\"\")\nvm a { cores = j }", "0308");
	sema_expect_codes("let j = jsondecode(\"3\")\nvm a { cores = j; memory = j }", "0308");
	sema_expect_codes("let j = jsondecode(\"[1]\")\nvm a { tags = j }", "0308");
	sema_expect_codes("let j = jsondecode(\"5\")\nvm a { file \"/x\" { content = \"\"; mode = j } }", "");
	sema_expect_codes("let j = jsondecode(\"644\")\nvm a { file \"/x\" { content = \"\"; mode = j } }",
			  "0322");
	sema_expect_codes("let j = jsondecode(\"3\")\nparam p: string = j", "0201");
	sema_expect_codes("let j = jsondecode(\"3\")\nvm \"v${j}\" {}", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_print_canonically),
		cmocka_unit_test(arithmetic_of_numbers_is_checked),
		cmocka_unit_test(sizes_and_durations_keep_their_unit),
		cmocka_unit_test(addresses_count),
		cmocka_unit_test(comparisons_want_one_type),
		cmocka_unit_test(logic_takes_booleans_and_stops_early),
		cmocka_unit_test(in_looks_into_lists_ranges_maps_and_networks),
		cmocka_unit_test(texts_interpolate_scalars),
		cmocka_unit_test(elements_and_members),
		cmocka_unit_test(comprehensions),
		cmocka_unit_test(objects_have_each_key_once),
		cmocka_unit_test(octal_stands_in_modes_only),
		cmocka_unit_test(a_mistake_is_reported_once),
		cmocka_unit_test(branches_that_never_run_are_checked),
		cmocka_unit_test(several_mistakes_are_reported_together),
		cmocka_unit_test(types_that_are_known_late_are_checked_then),
	};

	return cmocka_run_group_tests_name("sema: expressions", tests, NULL, NULL);
}
