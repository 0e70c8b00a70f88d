/* Every function: results, arities, argument types, and values that it refuses. */
#include "sema_text.h"

#include <stdio.h>
#include <unistd.h>

static void functions_of_text(void **state)
{
	static const struct sema_case cases[] = {
		{"lower(\"ABC-é\")", "\"abc-é\""},
		{"upper(\"abc\")", "\"ABC\""},
		{"trim(\"  a b \\n\")", "\"a b\""},
		{"trim(\"xxaxx\", \"x\")", "\"a\""},
		{"trim(\"\")", "\"\""},
		{"split(\",\", \"a,b,,c\")", "[\"a\", \"b\", \"\", \"c\"]"},
		{"split(\",\", \"\")", "[\"\"]"},
		{"split(\", \", \"a, b\")", "[\"a\", \"b\"]"},
		{"split(\"\", \"aé\")", "[\"a\", \"é\"]"},
		{"join(\"-\", [\"a\", \"b\"])", "\"a-b\""},
		{"join(\",\", [1, 2])", "\"1,2\""},
		{"join(\",\", [8GiB])", "\"8GiB\""},
		{"join(\",\", [])", "\"\""},
		{"replace(\"aXbX\", \"X\", \"--\")", "\"a--b--\""},
		{"replace(\"aaa\", \"aa\", \"b\")", "\"ba\""},
		{"replace(\"abc\", \"x\", \"y\")", "\"abc\""},
		{"regex(\"[0-9]+\", \"ab12cd\")", "[\"12\"]"},
		{"regex(\"([a-z]+)-([0-9]+)\", \"web-07\")", "[\"web\", \"07\"]"},
		{"regex(\"(a)|(b)\", \"b\")", "[\"\", \"b\"]"},
		{"regex(\"^$\", \"\")", "[\"\"]"},
		{"format(\"%d-%s\", 7, \"x\")", "\"7-x\""},
		{"format(\"%05d|%5d|%-5d|%+d\", 42, 42, 42, 42)", "\"00042|   42|42   |+42\""},
		{"format(\"%x %X\", 255, 255)", "\"ff FF\""},
		{"format(\"%.2f %f\", 3.14159, 1)", "\"3.14 1.000000\""},
		{"format(\"%08.3f\", -1.5)", "\"-001.500\""},
		{"format(\"%s %s %s\", 8GiB, 10.0.0.1, true)", "\"8GiB 10.0.0.1 true\""},
		{"format(\"%5s|%-5s|\", \"é\", \"é\")", "\"    é|é    |\""},
		{"format(\"100%%\")", "\"100%\""},
		{"lower(1)", "!0201"},
		{"lower()", "!0212"},
		{"lower(\"a\", \"b\")", "!0212"},
		{"lower(text = \"a\")", "!0212"},
		{"join(\",\", [[1]])", "!0210"},
		{"join(\",\", [null])", "!0210"},
		{"join([\"a\"], \",\")", "!0201 0201"},
		{"split(\"a,b\")", "!0212"},
		{"replace(\"a\", \"\", \"b\")", "!0213"},
		{"regex(\"(\", \"a\")", "!0213"},
		{"regex(\"[0-9]\", \"a\")", "!0221"},
		{"regex(\"(a)\\\\1\", \"aa\")", "!0213"},
		{"regex(\"((a{100}){100}){100}\", \"a\")", "!0213"},
		{"format(\"%d\", \"x\")", "!0213"},
		{"format(\"%d\")", "!0213"},
		{"format(\"%q\", 1)", "!0213"},
		{"format(\"%5000d\", 1)", "!0213"},
		{"format(\"a\", 1)", "!0213"},
		{"format(\"%\")", "!0213"},
		{"format(\"%x\", -1)", "!0213"},
		{"format(\"%s\", [1])", "!0213"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void functions_of_lists_and_maps(void **state)
{
	static const struct sema_case cases[] = {
		{"length([1, 2])", "2"},
		{"length({ a = 1 })", "1"},
		{"length(\"aé\")", "2"},
		{"length([])", "0"},
		{"contains([1, 2], 2)", "true"},
		{"contains([\"a\"], \"b\")", "false"},
		{"contains(10.0.0.0/24, 10.0.0.9)", "true"},
		{"contains(10.0.0.0/24, 10.0.1.9)", "false"},
		{"contains([1], \"a\")", "!0203"},
		{"contains(10.0.0.0/24, 1)", "!0202"},
		{"lookup({ a = 1 }, \"a\", 2)", "1"},
		{"lookup({ a = 1 }, \"b\", 2)", "2"},
		{"lookup({}, \"b\", null)", "null"},
		{"lookup({ a = 1 }, \"a\")", "!0212"},
		{"merge({ a = 1, b = 2 }, { b = 3, c = 4 })", "{ a = 1, b = 3, c = 4 }"},
		{"merge({ a = 1 })", "{ a = 1 }"},
		{"merge({}, {}, {})", "{}"},
		{"merge([1])", "!0201"},
		{"keys({ b = 1, a = 2 })", "[\"b\", \"a\"]"},
		{"values({ b = 1, a = 2 })", "[1, 2]"},
		{"keys([1])", "!0201"},
		{"range(3)", "[0, 1, 2]"},
		{"range(0)", "[]"},
		{"range(2, 4)", "[2, 3, 4]"},
		{"range(4, 2)", "[]"},
		{"range(-1)", "!0213"},
		{"range(\"a\")", "!0201"},
		{"flatten([[1, 2], [3], []])", "[1, 2, 3]"},
		{"flatten([[[1]], [[2]]])", "[[1], [2]]"},
		{"flatten([1, [2]])", "[1, 2]"},
		{"flatten(1)", "!0201"},
		{"zip([1, 2], [\"a\", \"b\"])", "[[1, \"a\"], [2, \"b\"]]"},
		{"zip([], [])", "[]"},
		{"zip([1], [])", "!0213"},
		{"min([3, 1, 2])", "1"},
		{"max([3, 1, 2])", "3"},
		{"min(3, 1, 2)", "1"},
		{"max(1, 2.5)", "2.5"},
		{"min(8GiB, 4GiB)", "4GiB"},
		{"max([\"a\", \"b\"])", "\"b\""},
		{"min(10.0.0.9, 10.0.0.10)", "10.0.0.9"},
		{"max(5)", "5"},
		{"min([])", "!0207"},
		{"min([1, \"a\"])", "!0202"},
		{"min(1, \"a\")", "!0202"},
		{"min(true, false)", "!0201 0201"},
		{"sum([1, 2, 3])", "6"},
		{"sum([1, 2.5])", "3.5"},
		{"sum([1GiB, 2GiB])", "3GiB"},
		{"sum([30s, 30s])", "1m"},
		{"sum([])", "0"},
		{"sum([x for x in [1GiB] if false])", "0KiB"},
		{"sum([g.memory for g in guests()]) <= 1GiB", "true"},
		{"sum([\"a\"])", "!0201"},
		{"sum([1, 8GiB])", "!0202"},
		{"sum([1, null])", "!0209"},
		{"sum([9223372036854775807, 1])", "!0204"},
		{"sort([3, 1, 2])", "[1, 2, 3]"},
		{"sort([\"b\", \"a\", \"B\"])", "[\"B\", \"a\", \"b\"]"},
		{"sort([])", "[]"},
		{"sort([2, 1.5])", "[1.5, 2]"},
		{"sort([true])", "!0201"},
		{"sort([1, \"a\"])", "!0202"},
		{"unique([1, 2, 1, 3, 2])", "[1, 2, 3]"},
		{"unique([\"1\", 1])", "[\"1\", 1]"},
		{"unique([[1], [1], [2]])", "[[1], [2]]"},
		{"coalesce(null, 1, 2)", "1"},
		{"coalesce(null, \"\")", "\"\""},
		{"coalesce(1, 1 / 0)", "1"},
		{"coalesce(null, null)", "null"},
		{"try({ a = 1 }.b, 2)", "2"},
		{"try({ a = 1 }.a, 2)", "1"},
		{"try({ a = { b = 1 } }.x.y, 2)", "2"},
		{"try([1][5], 2)", "2"},
		{"try(null, 2)", "2"},
		{"try(null, null, 3)", "3"},
		{"try(regex(\"x\", \"a\")[0], \"none\")", "\"none\""},
		{"try(min([]), 0)", "0"},
		{"try(1 / 0, 2)", "!0205"},
		{"try(1 + \"a\", 2)", "!0202"},
		{"try(1)", "!0212"},
		{"[try({ a = 1 }.b, 2), { a = 1 }.b]", "!0208"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void functions_of_networks(void **state)
{
	static const struct sema_case cases[] = {
		{"host(10.0.0.0/24, 1)", "10.0.0.1"},
		{"host(10.0.0.77/24, 1)", "10.0.0.1"},
		{"host(10.0.0.0/24, 0)", "10.0.0.0"},
		{"host(10.0.0.0/24, 255)", "10.0.0.255"},
		{"host(10.0.0.0/24, -1)", "10.0.0.255"},
		{"host(10.0.0.0/24, -256)", "10.0.0.0"},
		{"host(10.0.0.0/16, 300)", "10.0.1.44"},
		{"host(0.0.0.0/0, 4294967295)", "255.255.255.255"},
		{"host(fd00::/64, 16)", "fd00::10"},
		{"host(fd00::/64, 9223372036854775807)", "fd00::7fff:ffff:ffff:ffff"},
		{"host(::/0, 1)", "::1"},
		{"host(10.0.0.1/32, 0)", "10.0.0.1"},
		{"host(10.0.0.0/24, 256)", "!0206"},
		{"host(10.0.0.0/24, -257)", "!0206"},
		{"host(10.0.0.1/32, 1)", "!0206"},
		{"host(10.0.0.1, 1)", "!0201"},
		{"host(\"10.0.0.0/24\", 1)", "!0201"},
		{"host(10.0.0.0/24)", "!0212"},
		{"netmask(10.0.0.0/24)", "255.255.255.0"},
		{"netmask(10.0.0.0/0)", "0.0.0.0"},
		{"netmask(10.0.0.0/27)", "255.255.255.224"},
		{"netmask(fd00::/64)", "ffff:ffff:ffff:ffff::"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void functions_of_data(void **state)
{
	static const struct sema_case cases[] = {
		{"base64(\"hello\")", "\"aGVsbG8=\""},
		{"base64(\"\")", "\"\""},
		{"sha256(\"\")", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""},
		{"sha256(\"abc\")", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
		{"jsonencode({ a = 1, b = [1.5, true, null], c = \"x\\\"y\" })",
		 "\"{\\\"a\\\":1,\\\"b\\\":[1.5,true,null],\\\"c\\\":\\\"x\\\\\\\"y\\\"}\""},
		{"jsonencode([8GiB, 5m, 10.0.0.1/24])", "\"[\\\"8GiB\\\",\\\"5m\\\",\\\"10.0.0.1/24\\\"]\""},
		{"jsonencode(vm.web)", "\"\\\"vm.web\\\"\""},
		{"jsondecode(\"{\\\"a\\\": [1, 2.5, true, null]}\").a", "[1, 2.5, true, null]"},
		{"jsondecode(jsonencode({ x = [1] })).x[0] + 1", "2"},
		{"jsondecode(\"3\")", "3"},
		{"jsondecode(\"{\")", "!0213"},
		{"jsondecode(\"{\\\"a\\\":1,\\\"a\\\":2}\")", "!0213"},
		{"jsondecode(\"{}\").a", "!0208"},
		{"try(jsondecode(\"{}\").a, 5)", "5"},
		{"jsondecode(\"1\") + \"a\"", "!0202"},
		{"jsondecode(\"[]\")[0]", "!0207"},
		{"yamlencode({ a = 1, b = \"t\" })", "\"a: 1\\nb: \\\"t\\\"\\n\""},
		{"yamlencode([1, \"yes\"])", "\"- 1\\n- \\\"yes\\\"\\n\""},
		{"yamlencode({ a = [{ b = 1, c = 2 }], d = {}, e = [] })",
		 "\"a:\\n  - b: 1\\n    c: 2\\nd: {}\\ne: []\\n\""},
		{"yamlencode({ s = \"l1\\nl2\\n\" })", "\"s: |\\n  l1\\n  l2\\n\""},
		{"yamlencode({ yes = 1, \"a b\" = null })", "\"\\\"yes\\\": 1\\n\\\"a b\\\": null\\n\""},
		{"yamlencode([[1, 2], [3]])", "\"- - 1\\n  - 2\\n- - 3\\n\""},
		{"yamlencode(5)", "\"5\\n\""},
		{"base64(1)", "!0201"},
	};

	(void)state;
	SEMA_CASES("vm web {}", cases);
}

static void guests_and_resources(void **state)
{
	static const struct sema_case cases[] = {
		{"[g.address for g in guests()]", "[\"container.c\", \"vm.a-2\", \"vm.a-10\"]"},
		{"[g.name for g in guests() if g.kind == \"vm\"]", "[\"a-2\", \"a-10\"]"},
		{"resource(\"vm.a-2\").cores", "2"},
		{"resource(\"vm.a-2\") == vm.a-2", "true"},
		{"vm.a-2 == vm.a-10", "false"},
		{"vm[\"a-2\"].cores", "2"},
		{"vm.a-2", "vm.a-2"},
		{"feature.docker", "feature.docker"},
		{"resource(\"vm.nope\")", "!0312"},
		{"try(resource(\"vm.nope\").cores, 9)", "9"},
		{"resource(\"web\")", "!0213"},
		{"resource(\"gadget.web\")", "!0213"},
		{"resource(1)", "!0201"},
		{"guests(1)", "!0212"},
		{"vm.nope", "!0312"},
		{"feature.nope", "!0312"},
		{"vm[1]", "!0201"},
		{"vm", "!0230"},
		{"hots(1)", "!0211"},
		{"1(2)", "!0219"},
		{"vm.a-2(1)", "!0219"},
		{"changes()", "!0246"},
	};

	(void)state;
	SEMA_CASES("vm a-10 {}\nvm a-2 { cores = 2 }\ncontainer c {}", cases);
}

/* --- files --- */

struct place {
	char dir[64];
};

static void put(const struct place *p, const char *name, const char *text)
{
	struct phx_buf path = {0};
	FILE *f;

	phx_buf_printf(&path, "%s/%s", p->dir, name);
	f = fopen(path.ptr, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	phx_buf_done(&path);
}

static void drop(const struct place *p, const char *name)
{
	struct phx_buf path = {0};

	phx_buf_printf(&path, "%s/%s", p->dir, name);
	unlink(path.ptr);
	phx_buf_done(&path);
}

static void run_in(struct sema_run *r, const struct place *p, const char *text)
{
	struct phx_buf path = {0};

	phx_buf_printf(&path, "%s/main.phx", p->dir);
	sema_run_files(r, &(struct sema_file){path.ptr, text}, 1);
	phx_buf_done(&path);
}

static void files_are_read_beside_the_file_that_names_them(void **state)
{
	struct place p = {"/tmp/phx-sema-XXXXXX"};
	struct sema_run r = {0};

	(void)state;
	assert_non_null(mkdtemp(p.dir));
	put(&p, "key.pub", "ssh-ed25519 AAAA\n");
	run_in(&r, &p, "output k = file(\"key.pub\")\noutput t = trim(file(\"./key.pub\"))");
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "k"), "\"ssh-ed25519 AAAA\\n\"");
	assert_string_equal(sema_output(&r, "t"), "\"ssh-ed25519 AAAA\"");
	sema_run_done(&r);
	run_in(&r, &p, "output k = file(\"kay.pub\")");
	assert_string_equal(sema_codes(&r), "0215");
	assert_non_null(strstr(sema_report(&r), p.dir)); /* says where it looked */
	sema_run_done(&r);
	run_in(&r, &p, "output k = file(\".\")\noutput l = file(\"\")\noutput z = file(\"/dev/zero\")");
	assert_string_equal(sema_codes(&r), "0215 0215 0215");
	sema_run_done(&r);
	drop(&p, "key.pub");
	rmdir(p.dir);
}

static void template_files_see_their_variables_only(void **state)
{
	struct place p = {"/tmp/phx-sema-XXXXXX"};
	struct sema_run r = {0};

	(void)state;
	assert_non_null(mkdtemp(p.dir));
	put(&p, "motd", "hello ${name}\n${join(\",\", xs)} $${raw}\n");
	put(&p, "bare", "x=${x + 1}");
	put(&p, "plain", "no variables\\n\n");
	put(&p, "bad", "line one\nline ${nope} two\n");
	put(&p, "worse", "line one\nline ${ two\n");
	put(&p, "empty", "");
	put(&p, "rich",
	    "${[x * 2 for x in xs if x > 1][0]} ${{ a = -xs[1] }.a} ${!on && xs[0] in 1..3 ? \"y\" : "
	    "format(\"%d\", 7)} "
	    "${length({k: v for k, v in m})} ${m.key[\"in\" == \"in\" ? 0 : 1]}\n");
	run_in(&r, &p,
	       "let outer = 1\noutput a = templatefile(\"motd\", { name = \"web\", xs = [1, 2] })\n"
	       "output b = templatefile(\"bare\", { x = 4 })\noutput c = templatefile(\"plain\", {})\n"
	       "output e = templatefile(\"empty\", {})\n"
	       "output r = templatefile(\"rich\", { xs = [1, 2], on = false, m = { key = [5] } })\n"
	       "output f = [templatefile(\"bare\", { x = i }) for i in 1..3]");
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "a"), "\"hello web\\n1,2 \\${raw}\\n\"");
	assert_string_equal(sema_output(&r, "b"), "\"x=5\"");
	assert_string_equal(sema_output(&r, "c"), "\"no variables\\\\n\\n\"");
	assert_string_equal(sema_output(&r, "e"), "\"\"");
	assert_string_equal(sema_output(&r, "r"), "\"4 -2 y 1 5\\n\"");
	assert_string_equal(sema_output(&r, "f"), "[\"x=2\", \"x=3\", \"x=4\"]");
	sema_run_done(&r);
	/* A mistake in a template points into the template. */
	run_in(&r, &p, "let nope = 1\noutput a = templatefile(\"bad\", {})");
	assert_string_equal(sema_codes(&r), "0230");
	assert_non_null(strstr(sema_report(&r), "bad:2:8"));
	sema_run_done(&r);
	run_in(&r, &p, "output a = templatefile(\"worse\", {})");
	assert_true(r.bag.errors > 0);
	assert_int_equal(phx_source_pos(&r.sources, r.bag.diags.v[0]->span).line, 2);
	sema_run_done(&r);
	run_in(&r, &p,
	       "output a = templatefile(\"bare\", { x = \"a\" })\noutput b = templatefile(\"motd\", 1)\n"
	       "output c = templatefile(\"none\", {})");
	assert_string_equal(sema_codes(&r), "0201 0215 0202");
	sema_run_done(&r);
	drop(&p, "motd");
	drop(&p, "bare");
	drop(&p, "plain");
	drop(&p, "bad");
	drop(&p, "worse");
	drop(&p, "empty");
	drop(&p, "rich");
	rmdir(p.dir);
}

static void functions_have_a_namespace_of_their_own(void **state)
{
	(void)state;
	sema_expect_output("let host = 3\nlet length = [1, 2]\noutput x = host + length(length)", "x", "5");
	sema_expect_codes("let x = host", "0230");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_text),
		cmocka_unit_test(functions_of_lists_and_maps),
		cmocka_unit_test(functions_of_networks),
		cmocka_unit_test(functions_of_data),
		cmocka_unit_test(guests_and_resources),
		cmocka_unit_test(files_are_read_beside_the_file_that_names_them),
		cmocka_unit_test(template_files_see_their_variables_only),
		cmocka_unit_test(functions_have_a_namespace_of_their_own),
	};

	return cmocka_run_group_tests_name("sema: functions", tests, NULL, NULL);
}
