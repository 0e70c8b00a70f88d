/* Parameters: types, defaults, assertions, and values from --set and --var-file. */
#include "sema_text.h"

#include <stdio.h>
#include <unistd.h>

/* One `--set` on a text; the output `it` or, with '!', codes. */
static void check_set(const char *text, const char *name, const char *value, const char *expected)
{
	struct phx_sema_set set = {phx_str_c(name), phx_str_c(value)};
	struct sema_run r = {.options = {.sets = &set, .nsets = 1}};
	const char *codes;

	sema_run_text(&r, text);
	codes = sema_codes(&r);
	if (expected[0] == '!' && strcmp(codes, expected + 1) != 0)
		fail_msg("%s with %s=%s gave \"%s\": %s", text, name, value, codes, sema_report(&r));
	if (expected[0] != '!' && codes[0])
		fail_msg("%s with %s=%s was refused: %s", text, name, value, sema_report(&r));
	if (expected[0] != '!')
		assert_string_equal(sema_output(&r, "it"), expected);
	sema_run_done(&r);
}

static void texts_become_values_of_the_declared_type(void **state)
{
	static const struct {
		const char *type, *value, *expected;
	} cases[] = {
		{"int", "7", "7"},
		{"int", "-7", "-7"},
		{"int", "0x10", "16"},
		{"float", "1.5", "1.5"},
		{"float", "2", "2.0"},
		{"bool", "true", "true"},
		{"string", "hello world", "\"hello world\""},
		{"string", "8", "\"8\""},
		{"string", "", "\"\""},
		{"string", "a \"quoted\" ${x}", "\"a \\\"quoted\\\" \\${x}\""},
		{"size", "8GiB", "8GiB"},
		{"duration", "30s", "30s"},
		{"ip", "10.0.0.1", "10.0.0.1"},
		{"ip", "fd00::1", "fd00::1"},
		{"cidr", "10.0.0.0/24", "10.0.0.0/24"},
		{"mac", "52:54:00:aa:bb:cc", "52:54:00:AA:BB:CC"},
		{"list<string>", "[\"a\", \"b\"]", "[\"a\", \"b\"]"},
		{"list<string>", "[a, b]", "[\"a\", \"b\"]"},
		{"list<int>", "[1, 2]", "[1, 2]"},
		{"list<float>", "[1, 2.5]", "[1.0, 2.5]"},
		{"map<int>", "{ a = 1 }", "{ a = 1 }"},
		{"object", "{ a = 1, b = \"x\" }", "{ a = 1, b = \"x\" }"},
		{"any", "5", "5"},
		{"any", "some text", "\"some text\""},
		{"secret<string>", "hunter2-x", "(secret)"},
		{"int", "seven", "!0237"},
		{"int", "7.5", "!0237"},
		{"int", "\"7\"", "!0237"},
		{"int", "8GiB", "!0237"},
		{"size", "8", "!0237"},
		{"bool", "yes", "!0237"},
		{"list<int>", "[1, \"a\"]", "!0237"},
		{"list<int>", "1", "!0237"},
		{"int", "1; b = 2", "!0237"},
		{"int", "env(\"X\") == \"\" ? 1 : 2", "!0214"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phx_buf text = {0};

		phx_buf_printf(&text, "param p: %s\noutput it = p", cases[i].type);
		check_set(text.ptr, "p", cases[i].value, cases[i].expected);
		phx_buf_done(&text);
	}
	/* The default tells the type, where none is written. */
	check_set("param p = 3\noutput it = p + 1", "p", "5", "6");
	check_set("param p = 3\noutput it = p", "p", "five", "!0237");
	check_set("param p = \"x\"\noutput it = p", "p", "5", "\"5\"");
	check_set("param p\noutput it = p", "p", "5", "5");
	check_set("param v: ref<vm>\nvm web {}\noutput it = v.name", "v", "vm.web", "\"web\"");
	check_set("param v: ref<vm>\ncontainer web {}\noutput it = v.name", "v", "container.web", "!0237");
}

static void the_last_value_of_a_name_wins(void **state)
{
	static const struct phx_sema_set sets[] = {{{"p", 1}, {"1", 1}}, {{"p", 1}, {"2", 1}}};
	struct sema_run r = {.options = {.sets = sets, .nsets = 2}};

	(void)state;
	sema_run_text(&r, "param p: int = 0\noutput it = p");
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "it"), "2");
	sema_run_done(&r);
}

static void names_that_are_no_parameter_are_refused(void **state)
{
	struct phx_sema_set set = {PHX_STR("wrokers"), PHX_STR("3")};
	struct sema_run r = {.options = {.sets = &set, .nsets = 1}};

	(void)state;
	sema_run_text(&r, "param workers: int = 1");
	assert_string_equal(sema_codes(&r), "0236");
	assert_non_null(strstr(sema_report(&r), "did you mean `workers`?"));
	assert_non_null(strstr(sema_report(&r), "--set:1:1"));
	sema_run_done(&r);
	check_set("let p = 1", "p", "2", "!0236");
	check_set("let p = 1", "", "2", "!0236");
	check_set("let p = 1", "a b\n= ${", "2", "!0236");
}

static void mistakes_point_into_what_was_typed(void **state)
{
	struct phx_sema_set set = {PHX_STR("workers"), PHX_STR("x")};
	struct sema_run r = {.options = {.sets = &set, .nsets = 1}};

	(void)state;
	sema_run_text(&r, "param workers: int = 1");
	assert_string_equal(sema_report(&r), "the parameter `workers` is int, not string\n--set:1:9 this is "
					     "\"x\"\nmain.phx:1:16 declared here");
	sema_run_done(&r);
	set = (struct phx_sema_set){PHX_STR("workers"), PHX_STR("99")};
	r = (struct sema_run){.options = {.sets = &set, .nsets = 1}};
	sema_run_text(&r, "param workers: int = 1 {\n  assert value in 1..50, \"between 1 and 50 workers, "
			  "not ${value}\"\n}\n"
			  "for i in 1..workers {\n vm \"v${i}\" {}\n}");
	assert_string_equal(sema_codes(&r), "0234");
	assert_string_equal(
		sema_report(&r),
		"between 1 and 50 workers, not 99\n--set:1:9 this is 99\nmain.phx:2:10 asserted here\n"
		"note: `value` is 99");
	assert_int_equal(r.config->decls.n, 0); /* nothing is made of a value that is refused */
	sema_run_done(&r);
}

static void defaults_fit_their_type(void **state)
{
	(void)state;
	sema_expect_codes("param p: int = \"a\"", "0201");
	sema_expect_codes("param p: list<int> = [\"a\"]", "0201");
	sema_expect_codes("param p: ref<vm> = container.c\ncontainer c {}", "0201");
	sema_expect_codes("param p: int = 3 {\n assert value > 5\n}", "0234");
	sema_expect_codes("param p: int = null", "");
	sema_expect_codes("param p: float = 3\nvm a { network { rate = p } }", "");
	sema_expect_output("param p: float = 3\noutput it = p", "it", "3.0");
	sema_expect_output("param p: list<float> = xs\nlet xs = [1, 2]\noutput it = [p[0], xs[0]]", "it",
			   "[1.0, 1]");
	sema_expect_output("let a = 2\nparam p: int = a + 1\noutput it = p", "it", "3");
	sema_expect_codes("param p: nothing", "0241");
	sema_expect_codes("param p: number = 1", "0241");
	sema_expect_codes("param p: int<string>", "0241");
	sema_expect_codes("param p: ref<disk>", "0241");
	sema_expect_codes("param p: map<list<size>> = { a = [1GiB] }", "");
	sema_expect_codes("param p: map<list<size>> = { a = [1] }", "0201");
}

static void a_parameter_without_a_value_is_an_error(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "param p: int\noutput x = p\nvm a { cores = p }");
	assert_string_equal(sema_codes(&r), "0235");
	assert_non_null(strstr(sema_report(&r), "--set p="));
	sema_run_done(&r);
}

static void a_secret_parameter_is_a_secret(void **state)
{
	struct phx_sema_set set = {PHX_STR("p"), PHX_STR("hunter2-xyz")};
	struct sema_run r = {.options = {.sets = &set, .nsets = 1}};
	struct phx_buf out = {0};

	(void)state;
	sema_run_text(&r, "param p: secret<string> { assert length(value) > 20, \"too short: ${value}\" "
			  "}\nvm a { user u { password = p } }");
	assert_string_equal(sema_codes(&r), "0234");
	phx_diag_render(&r.bag, PHX_DIAG_HUMAN, false, &out);
	assert_null(strstr(out.ptr, "too short: hunter2"));
	phx_buf_clear(&out);
	phx_secrets_mask(&r.secrets, PHX_STR("--set p=hunter2-xyz"), &out);
	assert_string_equal(out.ptr, "--set p=(secret)");
	phx_buf_done(&out);
	sema_run_done(&r);
	sema_expect_codes("param p: secret<string> = \"abcdefg\"\nvm a { notes = p }", "0310");
	sema_expect_codes("param p: list<secret<string>> = [\"abcdefg\"]\nvm a { notes = p[0] }", "0310");
}

/* --- files --- */

static void with_file(const char *suffix, const char *content, const char *text, const char *set,
		      const char *expected)
{
	struct phx_buf path = {0};
	struct phx_sema_set sets = {PHX_STR("n"), phx_str_c(set)};
	struct phx_str file;
	struct sema_run r = {
		.options = {.nvar_files = 1, .var_files = &file, .sets = &sets, .nsets = set != NULL}};
	const char *codes;
	FILE *f;
	int fd;

	phx_buf_printf(&path, "/tmp/phx-vars-XXXXXX%s", suffix);
	fd = mkstemps(path.ptr, (int)strlen(suffix));
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	fputs(content, f);
	fclose(f);
	file = phx_buf_view(&path);
	sema_run_text(&r, text);
	codes = sema_codes(&r);
	if (expected[0] == '!' ? strcmp(codes, expected + 1) != 0 : codes[0] != '\0')
		fail_msg("%s gave \"%s\": %s", content, codes, sema_report(&r));
	if (expected[0] != '!')
		assert_string_equal(sema_output(&r, "it"), expected);
	sema_run_done(&r);
	unlink(path.ptr);
	phx_buf_done(&path);
}

static void files_of_values(void **state)
{
	static const char text[] = "param n: int = 0\nparam s: size = 1GiB\nparam xs: list<string> = "
				   "[]\noutput it = [\"${n} ${s}\", join(\",\", xs)]";

	(void)state;
	with_file(".vars", "# values\nn = 3\ns = 4GiB\nxs = [\"a\", \"b\"]\n", text, NULL,
		  "[\"3 4GiB\", \"a,b\"]");
	with_file(".phx", "n = 3", text, "9", "[\"9 1GiB\", \"\"]"); /* --set stands above files */
	with_file(".json", "{\"n\": 3, \"s\": \"4GiB\", \"xs\": [\"a\"]}", text, NULL, "[\"3 4GiB\", \"a\"]");
	with_file(".vars", "m = 3\n", text, NULL, "!0236");
	with_file(".vars", "n = \"3\"\n", text, NULL, "!0237");
	with_file(".vars", "n = other\n", "param n: int = 0\nlet other = 3", NULL, "!0237");
	with_file(".vars", "vm a {}\n", text, NULL, "!0238");
	with_file(".vars", "n = \n", text, NULL, "!0112");
	with_file(".json", "{\"m\": 3}", text, NULL, "!0236");
	with_file(".json", "{\"n\": \"x\"}", text, NULL, "!0237");
	with_file(".json", "{\"n\": 1.5}", text, NULL, "!0237");
	with_file(".json", "[1]", text, NULL, "!0237");
	with_file(".json", "{", text, NULL, "!0237");
}

static void a_missing_file_of_values_is_an_error(void **state)
{
	struct phx_str file = PHX_STR("/nowhere/x.vars");
	struct sema_run r = {.options = {.nvar_files = 1, .var_files = &file}};

	(void)state;
	sema_run_text(&r, "param n: int = 0");
	assert_string_equal(sema_codes(&r), "0215");
	sema_run_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_values_of_the_declared_type),
		cmocka_unit_test(the_last_value_of_a_name_wins),
		cmocka_unit_test(names_that_are_no_parameter_are_refused),
		cmocka_unit_test(mistakes_point_into_what_was_typed),
		cmocka_unit_test(defaults_fit_their_type),
		cmocka_unit_test(a_parameter_without_a_value_is_an_error),
		cmocka_unit_test(a_secret_parameter_is_a_secret),
		cmocka_unit_test(files_of_values),
		cmocka_unit_test(a_missing_file_of_values_is_an_error),
	};

	return cmocka_run_group_tests_name("sema: parameters", tests, NULL, NULL);
}
