/* Names: scopes, hiding, what is unknown, cycles, statements in wrong places. */
#include "sema_text.h"

static void names_are_global_over_all_files(void **state)
{
	static const struct sema_file files[] = {
		{"b.phx", "output x = a + b\nvm web { cores = c }"},
		{"a.phx", "let a = b + 1\nparam c: int = a"},
		{"c.phx", "let b = 2\noutput y = vm.web.cores"},
	};
	struct sema_run r = {0};

	(void)state;
	sema_run_files(&r, files, 3);
	assert_string_equal(sema_codes(&r), "");
	assert_string_equal(sema_output(&r, "x"), "5");
	assert_string_equal(sema_output(&r, "y"), "3");
	sema_run_done(&r);
}

static void a_let_is_local_to_its_braces(void **state)
{
	(void)state;
	sema_expect_output("for i in 1..2 {\n let k = i * 10\n vm \"v${i}\" { cores = k }\n}\noutput x = "
			   "[g.cores for g in guests()]",
			   "x", "[10, 20]");
	sema_expect_codes("for i in 1..2 {\n let k = i\n}\noutput x = k", "0230");
	sema_expect_codes("vm a {\n let k = 2\n cores = k\n}\nvm b { cores = k }", "0230");
	sema_expect_codes("if true {\n let k = 1\n} else {\n assert k == 1\n}", "0230");
	sema_expect_codes(
		"if true {\n let k = 1\n assert k == 1\n} else {\n let k = \"a\"\n assert k == \"a\"\n}", "");
	/* Order does not matter inside braces either. */
	sema_expect_output("vm a {\n cores = k\n let k = j + 1\n let j = 1\n}\noutput x = vm.a.cores", "x",
			   "2");
	sema_expect_output("vm a {\n network {\n let n = 5\n ip = host(10.0.0.0/24, n)/24\n }\n}\noutput x = "
			   "vm.a.network.ip",
			   "x", "10.0.0.5/24");
}

static void a_name_may_not_hide_another(void **state)
{
	(void)state;
	sema_expect_codes("let i = 1\nfor i in 1..2 {\n}", "0232");
	sema_expect_codes("for i in 1..2 {\n for i in 1..2 {\n }\n}", "0232");
	sema_expect_codes("for i in 1..2 {\n let i = 3\n}", "0231");
	sema_expect_codes("let a = 1\nvm x {\n let a = 2\n}", "0232");
	sema_expect_codes("let x = [i for i in [[i for i in [1]]]]", "");
	sema_expect_codes("let x = [[i for i in [1]] for i in [1]]", "0232");
	sema_expect_codes("let k = 1\nlet x = {k: 1 for k, v in {}}", "0232");
	sema_expect_codes("for i in 1..2 {\n}\nfor i in 1..2 {\n}", "");
	sema_expect_codes("param p: int = 1 {\n let value = 3\n}", "0231");
	sema_expect_codes("let value = 1\nparam p: int = 1 {\n assert value == 1\n}", "");
}

static void a_name_is_defined_once(void **state)
{
	struct sema_run r = {0};
	static const struct sema_file files[] = {{"a.phx", "let a = 1"}, {"b.phx", "param a: int = 2"}};

	(void)state;
	sema_run_files(&r, files, 2);
	assert_string_equal(sema_codes(&r), "0231");
	assert_string_equal(
		sema_report(&r),
		"`a` is defined twice\nb.phx:1:7 defined again here\na.phx:1:5 first defined here, as `let`");
	sema_run_done(&r);
}

static void unknown_names_are_explained(void **state)
{
	static const struct {
		const char *text, *help;
	} cases[] = {
		{"let workers = 1\nlet x = wrokers", "did you mean `workers`?"},
		{"for i in 1..2 {\n vm \"v${i-1}\" {}\n}", "`i - 1`"},
		{"vm a { on_boot = yes }", "phx writes `true`"},
		{"vm a { on_boot = off }", "phx writes `false`"},
		{"let x = nil", "phx writes `null`"},
		{"let x = var.y", "`x` instead of `var.x`"},
		{"let x = local.y", "`let`"},
		{"let x = each.key", "for x in list"},
		{"let x = vm", "`vm.NAME`"},
		{"let x = host", "host(cidr, n)"},
		{"vm a { cores = 1; notes = cores }", "`self.cores`"},
		{"vm a { node = pve }", "`\"pve\"`"},
		{"vm a { bios = ovfm }", "`ovmf`"},
		{"vm a { network { ip = dchp } }", "`dhcp`"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sema_run r = {0};

		sema_run_text(&r, cases[i].text);
		assert_int_equal(r.bag.diags.n, 1);
		if (!strstr(sema_report(&r), cases[i].help))
			fail_msg("%s: %s", cases[i].text, sema_report(&r));
		sema_run_done(&r);
	}
}

static void unknown_resources_are_explained(void **state)
{
	static const struct {
		const char *text, *help;
	} cases[] = {
		{"vm web {}\noutput x = vm.wbe", "did you mean `vm.web`?"},
		{"container web {}\noutput x = vm.web", "there is `container.web`"},
		{"vm a { features = [feature.dokcer] }", "did you mean `feature.docker`?"},
		{"vm a { features = [feature.mine] }", "declare it"},
		{"for i in 1..3 {\n vm \"w-${i}\" {}\n}\noutput x = vm.w-9",
		 "this could make it, but does not"},
		{"if false {\n vm a {}\n}\noutput x = vm.a", "this could make it, but does not"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sema_run r = {0};

		sema_run_text(&r, cases[i].text);
		assert_string_equal(sema_codes(&r), "0312");
		if (!strstr(sema_report(&r), cases[i].help))
			fail_msg("%s: %s", cases[i].text, sema_report(&r));
		sema_run_done(&r);
	}
	sema_expect_codes("for i in 1..3 {\n vm \"w-${i}\" {}\n}\noutput x = vm.x-1", "0312");
	sema_expect_codes("vm a { clone = vm.b; image = image.c; pool = pool.d; depends_on = [container.e] }",
			  "0312 0312 0312 0312");
}

/* A name that was lost with a statement that did not parse is not complained of as well. */
static void names_lost_with_a_syntax_error_are_not_reported(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "let a b = 3\nlet c = a + 1\nlet d = other");
	for (uint32_t i = 0; i < r.bag.diags.n; i++) {
		struct phx_str m = r.bag.diags.v[i]->message;

		assert_true(phx_str_find(m, PHX_STR("unknown name `a`")) < 0);
	}
	assert_non_null(strstr(sema_codes(&r), "0230")); /* `other` is nowhere */
	sema_run_done(&r);
}

static void cycles_are_printed_as_a_walk(void **state)
{
	struct sema_run r = {0};

	(void)state;
	sema_run_text(&r, "let b = c\nlet c = a\nlet a = b");
	assert_string_equal(sema_codes(&r), "0233");
	assert_string_equal(sema_report(&r),
			    "`a` depends on itself: a → b → c → a\nmain.phx:3:9 `a` needs `b`\n"
			    "main.phx:1:9 `b` needs `c`\nmain.phx:2:9 `c` needs `a`");
	sema_run_done(&r);
	sema_run_text(&r, "vm a { memory = vm.b.memory }\nvm b { memory = self.clone.memory; clone = vm.a }");
	assert_string_equal(sema_codes(&r), "0233");
	assert_non_null(strstr(sema_report(&r), "vm.a.memory → vm.b.memory → vm.a.memory"));
	sema_run_done(&r);
	sema_run_text(&r, "vm a { network { gw = self.gw } }");
	assert_non_null(strstr(sema_report(&r), "vm.a.network.gw → vm.a.network.gw"));
	sema_run_done(&r);
	sema_expect_codes("let a = a", "0233");
	sema_expect_codes("let a = b + 1\nlet b = vm.x.cores\nvm x { cores = a }", "0233");
	sema_expect_codes("param p: int = q\nlet q = p", "0233");
	/* What is not evaluated is no cycle. */
	sema_expect_output("let a = true ? 1 : b\nlet b = a\noutput x = b", "x", "1");
	/* References are no values: two guests may name each other. The graph judges that. */
	sema_expect_codes("vm a { depends_on = [vm.b] }\nvm b { depends_on = [vm.a] }", "");
}

static void what_exists_may_not_depend_on_itself(void **state)
{
	(void)state;
	sema_expect_codes("for g in guests() {\n vm \"${g.name}-x\" {}\n}", "0233");
	sema_expect_codes("for i in 1..vm.b.cores {\n vm b { cores = 2 }\n}", "0233");
	sema_expect_codes("if length(guests()) > 1 {\n vm b {}\n}\nvm a {}", "0233");
	sema_expect_codes("vm a {\n if self.cores == 1 { cores = 2 }\n}", "0233");
	sema_expect_codes("vm a {\n if self.memory == null { cores = 2 }\n}", "");
	sema_expect_codes(
		"vm a {\n template = true\n if self.template { cores = 2 } else { on_boot = true }\n}", "");
	/* One condition may depend on what another makes, in any order. */
	sema_expect_output("if vm.b.cores == 2 {\n vm c {}\n}\nfor i in 1..1 {\n vm b { cores = 2 "
			   "}\n}\noutput x = [g.name for g in guests()]",
			   "x", "[\"b\", \"c\"]");
	sema_expect_output("vm \"${vm.b.name}-1\" {}\nvm b {}\noutput x = [g.name for g in guests()]", "x",
			   "[\"b\", \"b-1\"]");
	/* Loops that only check may look at everything. */
	sema_expect_codes("for g in guests() {\n assert g.cores == 2\n}\nvm a { cores = 2 }", "");
	sema_expect_codes("for i in 1..2 {\n pool \"p${i}\" {}\n assert length(guests()) == 1\n}\nvm a {}",
			  "");
}

static void statements_stand_where_they_may(void **state)
{
	(void)state;
	sema_expect_codes("x = 3", "0238");
	sema_expect_codes("vm a { output x = 1 }", "0238");
	sema_expect_codes("vm a { param x: int = 1 }", "0238");
	sema_expect_codes("for i in 1..2 {\n param x: int = 1\n}", "0238");
	sema_expect_codes("param p: int = 1 {\n x = 2\n}", "0238");
	sema_expect_codes("param p: int = 1 {\n vm a {}\n}", "0238");
	sema_expect_codes("if true {\n output x = 1\n}", "");
	sema_expect_codes("for i in 1..2 {\n output x = 1\n}", "0245");
	sema_expect_codes("output x = 1\noutput x = 2", "0245");
	sema_expect_codes("vm a { assert self.cores == 1 }", "");
	sema_expect_codes("vm a {\n cores = 2\n assert self.cores == 1\n}", "0234");
}

static void unknown_declarations_are_explained(void **state)
{
	static const struct {
		const char *text, *help;
	} cases[] = {
		{"resource \"vm\" \"x\" {}", "phx names the kind itself"},
		{"variable \"x\" {}", "`param`"},
		{"locals {}", "`let NAME = VALUE`"},
		{"provider \"p\" {}", "`cluster`"},
		{"lxc a {}", "`container`"},
		{"network n {}", "inside a `vm`"},
		{"contaner c {}", "did you mean `container`?"},
		{"gadget g {}", "a file holds stack, cluster"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sema_run r = {0};

		sema_run_text(&r, cases[i].text);
		assert_string_equal(sema_codes(&r), "0239");
		if (!strstr(sema_report(&r), cases[i].help))
			fail_msg("%s: %s", cases[i].text, sema_report(&r));
		sema_run_done(&r);
	}
}

static void what_is_not_there_yet_is_said(void **state)
{
	(void)state;
	sema_expect_codes("module m { source = \"./x\" }", "0331");
	sema_expect_codes("profile gpu { cores = nonsense }", "0331");
	sema_expect_codes("moved { from = vm.a; to = vm.b }", "0331");
	sema_expect_codes("import { to = vm.x; id = 101 }", "0331");
	sema_expect_codes("let x = module.m.x", "0331");
	sema_expect_codes("vm a { use = 1 }", "0331");
}

static void self_is_the_innermost_block_that_knows_the_name(void **state)
{
	(void)state;
	sema_expect_output(
		"vm a {\n id = 100\n bridge = \"outer\"\n network { bridge = \"inner\"; mtu = self.id }\n"
		" notes = \"${self.bridge}\"\n}\noutput x = \"${vm.a.notes} ${vm.a.network.mtu}\"",
		"x", "\"outer 100\"");
	sema_expect_output("vm a {\n network { bridge = \"b\"; rate = 5; queues = length(self.bridge) "
			   "}\n}\noutput x = vm.a.network.queues",
			   "x", "1");
	sema_expect_output("for n in [\"x\", \"y\"] {\n vm \"${n}\" {\n notes = \"I am ${self.name}, "
			   "${self.address}\"\n }\n}\noutput x = vm.y.notes",
			   "x", "\"I am y, vm.y\"");
	sema_expect_codes("let x = self.name", "0244");
	sema_expect_codes("vm a { notes = self }", "0244");
	sema_expect_codes("vm a { notes = self.nothing }", "0301");
	sema_expect_codes("defaults vm { notes = self.name }", "0244");
}

static void variables_may_be_called_like_kinds(void **state)
{
	(void)state;
	sema_expect_output("param image: string = \"noble\"\nimage noble {}\nvm a { image = image.noble; "
			   "notes = image }\noutput x = vm.a.image",
			   "x", "image.noble");
	sema_expect_output("let vm = { a = 1 }\noutput x = vm.a", "x", "1");
	sema_expect_output("for pool in [\"p\"] {\n pool \"${pool}\" {}\n vm a { pool = pool.p }\n}\noutput "
			   "x = vm.a.pool",
			   "x", "pool.p");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_global_over_all_files),
		cmocka_unit_test(a_let_is_local_to_its_braces),
		cmocka_unit_test(a_name_may_not_hide_another),
		cmocka_unit_test(a_name_is_defined_once),
		cmocka_unit_test(unknown_names_are_explained),
		cmocka_unit_test(unknown_resources_are_explained),
		cmocka_unit_test(names_lost_with_a_syntax_error_are_not_reported),
		cmocka_unit_test(cycles_are_printed_as_a_walk),
		cmocka_unit_test(what_exists_may_not_depend_on_itself),
		cmocka_unit_test(statements_stand_where_they_may),
		cmocka_unit_test(unknown_declarations_are_explained),
		cmocka_unit_test(what_is_not_there_yet_is_said),
		cmocka_unit_test(self_is_the_innermost_block_that_knows_the_name),
		cmocka_unit_test(variables_may_be_called_like_kinds),
	};

	return cmocka_run_group_tests_name("sema: names", tests, NULL, NULL);
}
