/* Secrets: where they come from, what becomes of them, where they may not go; and what is unknown under `validate`. */
#include "sema_text.h"

static const char *const env[] = {"TOKEN=tk-1234567", "N=3", "EMPTY=", NULL};

static struct sema_run with_env(void)
{
	return (struct sema_run){.options = {.env = sema_env, .env_user = (void *)(uintptr_t)env}};
}

static void expect(const char *text, const char *codes)
{
	struct sema_run r = with_env();

	sema_run_text(&r, text);
	if (strcmp(sema_codes(&r), codes) != 0)
		fail_msg("%s gave %s: %s", text, sema_codes(&r), sema_report(&r));
	sema_run_done(&r);
}

static void secrets_taint_what_is_made_of_them(void **state)
{
	static const char *const secret[] = {
		"env(\"TOKEN\")",
		"env(\"NONE\", \"default\")",
		"secret(\"abcdefg\")",
		"secret(5) + 1",
		"\"x${env(\"TOKEN\")}y\"",
		"upper(env(\"TOKEN\"))",
		"base64(env(\"TOKEN\"))",
		"length(env(\"TOKEN\"))",
		"env(\"TOKEN\") == \"a\"",
		"env(\"N\") == \"3\" ? 1 : 2",
		"true ? env(\"TOKEN\") : \"a\"",
		"split(\"-\", env(\"TOKEN\"))[0]",
		"jsonencode({ a = env(\"TOKEN\") })",
		"yamlencode([env(\"TOKEN\")])",
		"format(\"%s\", env(\"TOKEN\"))",
		"{ a = env(\"TOKEN\") }.a",
		"[env(\"TOKEN\"), \"b\"][0]",
		"coalesce(null, env(\"TOKEN\"))",
		"try(env(\"TOKEN\"), \"a\")",
		"lookup({ a = env(\"TOKEN\") }, \"a\", \"b\")",
		"merge({ a = 1 }, { b = env(\"TOKEN\") }).b",
		"join(\",\", [env(\"TOKEN\")])",
		"min(secret(1), 2)",
		"secret({ a = 1 }).a",
		"[x for x in secret([1, 2])][0]",
		"[1, 2][secret(0)]",
		"!secret(true)",
		"-secret(1)",
		"secret(true) && true",
		"[secret(1)] == [2]",
		"1 in [secret(1)]",
		"{ a = secret(1) } != { a = 1 }",
		"true && secret(true)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		struct sema_run r = with_env();
		struct phx_buf text = {0};

		phx_buf_printf(&text, "output it = %s", secret[i]);
		sema_run_text(&r, text.ptr);
		if (sema_codes(&r)[0])
			fail_msg("%s: %s", secret[i], sema_report(&r));
		if (!phx_value_is_secret(&r.config->outputs.v[0].value))
			fail_msg("%s is %s, no secret", secret[i], sema_output(&r, "it"));
		sema_run_done(&r);
		phx_buf_done(&text);
	}
}

static void the_rest_stays_open(void **state)
{
	static const struct sema_case cases[] = {
		{"[secret(1), 2][1]", "2"},
		{"{ a = secret(1), b = 2 }.b", "2"},
		{"keys({ a = secret(1) })", "[\"a\"]"},
		{"length([secret(1), 2])", "2"},
		{"merge({ a = 1 }, { b = secret(2) }).a", "1"},
		{"flatten([[secret(1)], [2]])[1]", "2"},
		{"zip([secret(1)], [2])[0][1]", "2"},
		{"lookup({ a = secret(1), b = 2 }, \"b\", 3)", "2"},
		{"{ a = secret(1), b = [2] }", "{ a = (secret), b = [2] }"},
	};

	(void)state;
	SEMA_CASES("", cases);
}

static void secrets_flow_only_where_they_are_kept(void **state)
{
	(void)state;
	expect("vm a {\n user u { password = env(\"TOKEN\") }\n cloud_init { user_data = \"#x "
	       "${env(\"TOKEN\")}\" }\n"
	       " file \"/x\" { content = env(\"TOKEN\") }\n features = [feature.f(key = "
	       "env(\"TOKEN\"))]\n"
	       " script s { content = \"x\"; params = { k = env(\"TOKEN\") } }\n}\n"
	       "feature f { script = \"x\"; param key: string }\ncluster c { token = "
	       "env(\"TOKEN\") }",
	       "");
	expect("vm a { notes = env(\"TOKEN\") }", "0310");
	expect("vm a { name = \"x-${env(\"TOKEN\")}\" }", "0310");
	expect("vm a { tags = [\"x\", env(\"TOKEN\")] }", "0310");
	expect("vm a { health { command = \"curl ${env(\"TOKEN\")}\" } }", "0310");
	expect("vm a { cores = secret(2) }", "0310");
	expect("vm a { options { args = env(\"TOKEN\") } }", "0310");
	expect("vm a { file \"/x\" { source = env(\"TOKEN\") } }", "0310");
	expect("vm \"v-${env(\"TOKEN\")}\" {}", "0310");
	expect("vm a { disk \"${env(\"TOKEN\")}\" { size = 1GiB } }", "0310");
	expect("output x = file(env(\"TOKEN\"))", "0310");
	expect("let m = {env(\"TOKEN\"): 1 for x in [1]}", "0310");
}

static void secrets_decide_nothing(void **state)
{
	(void)state;
	expect("if env(\"TOKEN\") == \"x\" {\n vm a {}\n}", "0217");
	expect("vm a {\n if secret(true) { cores = 2 }\n}", "0217");
	expect("for x in split(\",\", env(\"TOKEN\")) {\n vm \"a\" {}\n}", "0217");
	expect("for i in 1..secret(3) {\n vm \"v${i}\" {}\n}", "0217");
	/* An assertion tells one thing only, and its message nothing. */
	expect("assert length(env(\"TOKEN\")) > 3", "");
}

static void reports_never_print_a_secret(void **state)
{
	static const char text[] =
		"let t = env(\"TOKEN\")\nlet s = secret(\"literal-canary\")\n"
		"assert t == \"other\", \"the token is ${t}, not ${s}\"\n"
		"vm a { notes = \"${t}\"; cores = t }\n"
		"output o = { a = t }[\"${s}\"]\noutput p = [t][5]\nlet n = t + 1\nlet q = jsondecode(t)\n"
		"assert length(t) > 100";
	struct sema_run r = with_env();
	struct phx_buf out = {0};

	(void)state;
	sema_run_text(&r, text);
	assert_true(r.bag.errors >= 4);
	phx_diag_render(&r.bag, PHX_DIAG_HUMAN, false, &out);
	assert_null(strstr(out.ptr, "tk-1234567"));
	assert_non_null(strstr(out.ptr, "the token is (secret), not (secret)"));
	/* What stands in the source is masked when it is printed. */
	phx_buf_clear(&out);
	phx_secrets_mask(&r.secrets, PHX_STR("let s = secret(\"literal-canary\") tk-1234567"), &out);
	assert_string_equal(out.ptr, "let s = secret(\"(secret)\") (secret)");
	assert_null(strstr(sema_dump(&r), "tk-1234567"));
	phx_buf_done(&out);
	sema_run_done(&r);
}

static void reports_never_print_what_is_made_of_a_secret(void **state)
{
	static const char *const texts[] = {
		"let x = { a = 1 }[upper(env(\"TOKEN\"))]",
		"let x = [1][secret(4711)]",
		"let x = host(10.0.0.0/24, secret(4711))",
		"let x = range(secret(-4711))",
		"let x = host(10.0.0.0/24, 1)/secret(4711)",
		"let x = resource(upper(env(\"TOKEN\")))",
		"let x = vm[upper(env(\"TOKEN\"))]",
		"let x = {k: 1 for k in [upper(env(\"TOKEN\")), upper(env(\"TOKEN\"))]}",
		"let x = secret(4711) / 0",
		"let x = 8GiB - secret(4711GiB)",
		"let x = jsondecode(upper(env(\"TOKEN\")))",
		"let x = regex(\"^$\", upper(env(\"TOKEN\")))",
		"let x = [upper(env(\"TOKEN\"))] == 3",
		"assert upper(env(\"TOKEN\")) == \"x\"",
		"vm a { cores = upper(env(\"TOKEN\")) }",
		"param p: int = secret(\"4711\")",
		("feature f { script = \"x\"; param a: int }\nvm a { features = [feature.f(a = "
		 "upper(env(\"TOKEN\")))] }"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sema_run r = with_env();
		const char *got;

		sema_run_text(&r, texts[i]);
		got = sema_report(&r);
		if (got[0] == '\0')
			fail_msg("%s was not refused", texts[i]);
		if (strstr(got, "TK-1234567") || strstr(got, "tk-1234567") || strstr(got, "4711"))
			fail_msg("%s: %s", texts[i], got);
		sema_run_done(&r);
	}
}

static void made_secrets_are_remembered(void **state)
{
	struct sema_run r = with_env();
	struct phx_buf out = {0};

	(void)state;
	sema_run_text(&r, "vm a { user u { password = upper(env(\"TOKEN\")) } }\noutput x = "
			  "replace(env(\"TOKEN\"), \"-\", \"_\")");
	assert_string_equal(sema_codes(&r), "");
	phx_secrets_mask(&r.secrets, PHX_STR("TK-1234567 tk_1234567"), &out);
	assert_string_equal(out.ptr, "(secret) (secret)");
	phx_buf_done(&out);
	sema_run_done(&r);
}

/* A password in clear is masked even where its line is printed because of another mistake. */
static void credentials_in_clear_are_masked(void **state)
{
	struct sema_run r = with_env();
	struct phx_buf out = {0}, masked = {0};

	(void)state;
	sema_run_text(&r, "let pw = \"other-secret\"\nvm a { user u { password = \"hunter2-pw\" }; memroy = "
			  "3 }\nvm b { user u { password = pw } }");
	phx_diag_render(&r.bag, PHX_DIAG_HUMAN, false, &out);
	assert_non_null(strstr(out.ptr, "hunter2-pw"));
	phx_buf_c(&out, "other-secret");
	phx_secrets_mask(&r.secrets, phx_buf_view(&out), &masked);
	assert_null(strstr(masked.ptr, "hunter2-pw"));
	assert_null(strstr(masked.ptr, "other-secret"));
	phx_buf_done(&out);
	phx_buf_done(&masked);
	sema_run_done(&r);
}

static void the_environment_is_asked(void **state)
{
	struct sema_run r = with_env();

	(void)state;
	sema_run_text(&r, "output a = length(env(\"EMPTY\"))\noutput b = env(\"TOKEN\")");
	assert_string_equal(sema_codes(&r), "");
	assert_true(phx_str_eqc(r.config->outputs.v[1].value.s, "tk-1234567"));
	sema_run_done(&r);
	expect("output x = env(\"NONE\")", "0214");
	expect("output x = env(\"NONE\", \"d\")", "");
	expect("output x = env(\"\")", "0213");
	expect("output x = env(\"A=B\")", "0213");
	expect("output x = env(1)", "0201");
}

static void credentials_may_be_missing_where_nobody_needs_them(void **state)
{
	struct sema_run r = with_env();

	(void)state;
	r.options.credentials_optional = true;
	sema_run_text(&r, "let t = env(\"NONE\")\ncluster c { token = t; password = env(\"OTHER\") }");
	assert_string_equal(sema_codes(&r), "");
	assert_int_equal(phx_block_attr(&r.config->decls.v[0]->body, "token")->value.s.len, 0);
	sema_run_done(&r);
	r = with_env();
	r.options.credentials_optional = true;
	sema_run_text(&r, "vm a { user u { password = \"x${env(\"NONE\")}\" } }");
	assert_string_equal(sema_codes(&r), "0214");
	sema_run_done(&r);
}

/* --- validate: neither environment nor parameters --- */

static struct sema_run validate(const char *text)
{
	struct sema_run r = {.options = {.validate_only = true}};

	sema_run_text(&r, text);
	return r;
}

static void unknowns_are_unknowns_of_their_type(void **state)
{
	struct sema_run r = validate(
		"param n: int\nparam s: size\nparam names: list<string>\nlet e = env(\"X\")\n"
		"vm a { cores = n; memory = s; notes = \"n is ${n}\"; tags = names }\n"
		"output x = n + 1\noutput y = [n, 2]\noutput z = length(names)\noutput e = \"${e}\"\n"
		"output w = n > 3 || true\noutput v = n > 3 && false\noutput u = true ? 1 : n\noutput t = "
		"host(10.0.0.0/24, n)/24");

	(void)state;
	assert_string_equal(sema_codes(&r), "");
	assert_true(r.config->has_unknowns);
	assert_string_equal(sema_attr(&r, "vm.a", "cores"), "(unknown)");
	assert_int_equal(phx_block_attr(&r.config->decls.v[0]->body, "cores")->value.kind, PHX_V_INT);
	assert_int_equal(phx_block_attr(&r.config->decls.v[0]->body, "memory")->value.kind, PHX_V_SIZE);
	assert_int_equal(phx_block_attr(&r.config->decls.v[0]->body, "notes")->value.kind, PHX_V_STRING);
	assert_string_equal(sema_output(&r, "y"), "[(unknown), 2]");
	assert_string_equal(sema_output(&r, "w"), "true");
	assert_string_equal(sema_output(&r, "v"), "false");
	assert_string_equal(sema_output(&r, "u"), "1");
	assert_string_equal(sema_output(&r, "e"), "(secret)");
	assert_false(r.config->decls.v[0]->poisoned);
	sema_run_done(&r);
}

static void checks_that_hang_on_unknowns_are_left_out(void **state)
{
	static const char *const texts[] = {
		"param n: int { assert value > 3, \"n is ${value}\" }\nassert n == 5\nassert n in [1, 2]",
		"param n: int\nfor i in 1..n {\n vm \"v${i}\" { cores = i }\n}\nvm a { depends_on = [vm.v1] "
		"}\noutput x = length(guests())",
		"param on: bool\nif on { vm a {} } else { vm b {} }\nvm c { clone = vm.a }\nassert "
		"sum([g.memory for g in guests()]) < 1GiB",
		"param names: list<string>\nfor n in names {\n vm \"${n}\" {}\n}\noutput x = vm.web.memory",
		"param name: string\nvm \"${name}-1\" {}\nvm b { depends_on = [vm.web-1] }",
		"param n: int\nlet xs = [1, 2, 3]\noutput x = xs[n]\noutput y = { a = 1 }[\"${n}\"]",
		"param o: object\noutput x = o.a.b + 1\nvm a { cores = o.cores }",
		"param p\noutput x = p + 1\nvm a { cores = p }",
		"param v: ref<vm>\nvm a { clone = v }\noutput x = v.memory",
		"param n: int\nvm a {\n for i in 1..n { disk \"d${i}\" { size = 1GiB } }\n if n > 2 { cores "
		"= 2 }\n}",
		"param n: int\noutput x = [i for i in range(n) if i > 2]\noutput y = {\"k${i}\": i for i in "
		"range(n)}",
		"output x = jsondecode(env(\"J\")).a[0]",
		"param secretly: secret<string>\nvm a { user u { password = secretly } }",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sema_run r = validate(texts[i]);

		if (sema_codes(&r)[0])
			fail_msg("%s: %s", texts[i], sema_report(&r));
		assert_true(r.config->has_unknowns);
		sema_run_done(&r);
	}
}

static void what_can_be_judged_is_judged(void **state)
{
	static const struct {
		const char *text, *codes;
	} cases[] = {
		{"param n: int\noutput x = n + \"a\"", "0202"},
		{"param n: int\nvm a { memory = n }", "0308"},
		{"param s: string\nvm a { cores = s }", "0308"},
		{"param n: int\nfor i in 1..n {\n vm \"v${i}\" { memroy = 1 }\n}", "0301"},
		{"param n: int\noutput x = vm.nope", "0312"},
		{"param n: int\nfor i in 1..n {\n vm \"v${i}\" {}\n}\noutput x = vm.other", "0312"},
		{"vm a { notes = env(\"X\") }", "0310"},
		{"if env(\"X\") == \"a\" {\n}", "0217"},
		{"vm \"v${env(\"X\")}\" {}", "0310"},
		{"param n: int\noutput x = n / 0", "0205"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) - 1; i++) {
		struct sema_run r = validate(cases[i].text);

		if (strcmp(sema_codes(&r), cases[i].codes) != 0)
			fail_msg("%s gave %s: %s", cases[i].text, sema_codes(&r), sema_report(&r));
		sema_run_done(&r);
	}
}

static void what_is_given_is_used_when_validating_too(void **state)
{
	static const struct phx_sema_set sets[] = {{{"n", 1}, {"7", 1}}};
	struct sema_run r = {.options = {.validate_only = true,
					 .env = sema_env,
					 .env_user = (void *)(uintptr_t)env,
					 .sets = sets,
					 .nsets = 1}};

	(void)state;
	sema_run_text(&r, "param n: int\nparam m: int = 3\noutput x = n + m\noutput y = "
			  "env(\"TOKEN\")\noutput z = env(\"Q\", \"d\")");
	assert_string_equal(sema_codes(&r), "");
	assert_false(r.config->has_unknowns);
	assert_string_equal(sema_output(&r, "x"), "10");
	sema_run_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_taint_what_is_made_of_them),
		cmocka_unit_test(the_rest_stays_open),
		cmocka_unit_test(secrets_flow_only_where_they_are_kept),
		cmocka_unit_test(secrets_decide_nothing),
		cmocka_unit_test(reports_never_print_a_secret),
		cmocka_unit_test(reports_never_print_what_is_made_of_a_secret),
		cmocka_unit_test(made_secrets_are_remembered),
		cmocka_unit_test(credentials_in_clear_are_masked),
		cmocka_unit_test(the_environment_is_asked),
		cmocka_unit_test(credentials_may_be_missing_where_nobody_needs_them),
		cmocka_unit_test(unknowns_are_unknowns_of_their_type),
		cmocka_unit_test(checks_that_hang_on_unknowns_are_left_out),
		cmocka_unit_test(what_can_be_judged_is_judged),
		cmocka_unit_test(what_is_given_is_used_when_validating_too),
	};

	return cmocka_run_group_tests_name("sema: secrets and unknowns", tests, NULL, NULL);
}
