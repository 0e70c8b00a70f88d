#include "base_test.h"

#include "model/marker.h"

static void print_is(const struct phx_marker *m, const char *expected)
{
	struct phx_buf b = {0};

	phx_marker_print(m, &b);
	assert_string_equal(b.ptr, expected);
	phx_buf_done(&b);
}

static void the_line_is_a_comment_that_says_whose_the_guest_is(void **state)
{
	struct phx_arena a = {0};
	struct phx_marker m = {.stack = PHX_STR("lab"), .address = PHX_STR("vm.web"), .id = 101};

	(void)state;
	print_is(&m, "<!-- phx:1 stack=lab address=vm.web id=101 -->");
	m.building = true;
	m.spec = PHX_STR("abc");
	phx_marker_set_fact(&a, &m, PHX_STR("slot:data"), PHX_STR("scsi1"));
	phx_marker_set_fact(&a, &m, PHX_STR("hash:cipassword"), PHX_STR("00ff"));
	print_is(&m, "<!-- phx:1 stack=lab address=vm.web id=101 building spec=abc hash%3Acipassword=00ff "
		     "slot%3Adata=scsi1 -->");
	phx_arena_done(&a);
}

static void facts_are_set_changed_and_taken_away(void **state)
{
	struct phx_arena a = {0};
	struct phx_marker m = {0};

	(void)state;
	assert_str(phx_marker_fact(&m, "x"), "");
	for (int i = 20; i > 0; i--)
		phx_marker_set_fact(&a, &m, phx_str_printf(&a, "f%02d", i), phx_str_printf(&a, "v%d", i));
	assert_int_equal(m.facts.n, 20);
	for (uint32_t i = 1; i < m.facts.n; i++)
		assert_true(phx_str_cmp(m.facts.v[i - 1].key, m.facts.v[i].key) < 0);
	phx_marker_set_fact(&a, &m, PHX_STR("f07"), PHX_STR("new"));
	assert_str(phx_marker_fact(&m, "f07"), "new");
	assert_int_equal(m.facts.n, 20);
	phx_marker_set_fact(&a, &m, PHX_STR("f07"), PHX_STR(""));
	phx_marker_set_fact(&a, &m, PHX_STR("none"), PHX_STR(""));
	assert_str(phx_marker_fact(&m, "f07"), "");
	assert_str(phx_marker_fact(&m, "f08"), "v8");
	assert_int_equal(m.facts.n, 19);
	phx_arena_done(&a);
}

static void same(const struct phx_marker *a, const struct phx_marker *b)
{
	assert_true(phx_str_eq(a->stack, b->stack));
	assert_true(phx_str_eq(a->address, b->address));
	assert_true(phx_str_eq(a->spec, b->spec));
	assert_true(a->id == b->id);
	assert_int_equal(a->building, b->building);
	assert_int_equal(a->facts.n, b->facts.n);
	for (uint32_t i = 0; i < a->facts.n; i++) {
		assert_true(phx_str_eq(a->facts.v[i].key, b->facts.v[i].key));
		assert_true(phx_str_eq(*(struct phx_str *)a->facts.v[i].ptr,
				       *(struct phx_str *)b->facts.v[i].ptr));
	}
}

static void what_is_written_is_read(void **state)
{
	static const char *const notes[] = {
		"", "hello", "two\nlines", "<!-- somebody else's -->", "a --> b", "ends with blank  \n\n"};
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(notes); i++) {
		struct phx_marker m = {.stack = PHX_STR("lab-1"),
				       .address = PHX_STR("container.a b=c --> %41"),
				       .id = 999999999},
				  back;
		struct phx_buf text = {0};
		struct phx_str rest;

		m.building = i % 2;
		phx_marker_set_fact(&a, &m, PHX_STR("slot:data disk"), PHX_STR("scsi1 --><script>"));
		phx_marker_set_fact(&a, &m, PHX_STR("feature:docker"), PHX_STR("ü 100%"));
		phx_marker_description(phx_str_c(notes[i]), &m, &text);
		/* Proxmox gives the description of a container back with one line end more, of a VM with none (391, 115). */
		if (i % 2)
			phx_buf_ch(&text, '\n');
		assert_true(phx_marker_read(phx_buf_view(&text), &a, &back, &rest));
		same(&m, &back);
		if (i < 5)
			assert_str(rest, notes[i]);
		else
			assert_str(rest, "ends with blank");
		phx_buf_done(&text);
	}
	phx_arena_done(&a);
}

static void only_a_whole_line_counts(void **state)
{
	static const char *const none[] = {
		"",
		"hello",
		"<!-- phx:1 -->",
		"<!-- phx:1 stack=lab -->",
		"<!-- phx:1 stack=lab address=vm.a -->",
		"<!-- phx:1 stack= address=vm.a id=1 -->",
		"<!-- phx:1 stack=lab address= id=1 -->",
		"<!-- phx:1 stack=lab address=vm.a id=x -->",
		"<!-- phx:1 stack=lab address=vm.a id=-1 -->",
		"<!-- phx:1 stack=lab address=vm.a id=99999999999999999999 -->",
		"<!-- phx:1 stack=lab address=vm.a id=1",
		"<!-- phx:1 stack=lab address=vm.a id=1 --> tail",
		"head <!-- phx:1 stack=lab address=vm.a id=1 -->",
		"<!-- phx:2 stack=lab address=vm.a id=1 -->",
		"<!-- phx:1 stack=lab stack=lab address=vm.a id=1 -->",
		"<!-- phx:1 stack=lab address=vm.a id=1 junk -->",
		"<!-- phx:1 stack=lab address=vm.a id=1 =x -->",
		"<!-- phx:1 stack=lab%0Ax address=vm.a id=1 -->",
		"<!-- phx:1 stack=lab address=vm.a%1B id=1 -->",
		"<!-- phx:1 stack=lab address=vm.a id=1 f=%00 -->",
		"<!-- phx:1 -->-->",
		"<!-- phx:1  -->",
	};
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(none); i++) {
		struct phx_marker m = {0};
		struct phx_str notes;

		if (phx_marker_read(phx_str_c(none[i]), &a, &m, &notes))
			fail_msg("read: %s", none[i]);
		assert_str(notes, none[i]);
		assert_int_equal(m.stack.len, 0);
	}
	phx_arena_done(&a);
}

static void of_several_the_last_one_counts_and_the_others_are_the_users_text(void **state)
{
	struct phx_arena a = {0};
	struct phx_marker m;
	struct phx_str notes;

	(void)state;
	assert_true(phx_marker_read(PHX_STR("x\r\n<!-- phx:1 stack=old address=vm.a id=1 -->\r\ny\n<!-- "
					    "phx:1 stack=new address=vm.a id=2 -->\nz\n"),
				    &a, &m, &notes));
	assert_str(m.stack, "new");
	assert_true(m.id == 2);
	assert_str(notes, "x\r\n<!-- phx:1 stack=old address=vm.a id=1 -->\r\ny\nz");
	phx_arena_done(&a);
}

static void facts_may_hold_any_text(void **state)
{
	struct phx_arena a = {0};
	struct phx_marker m = {.stack = PHX_STR("lab"), .address = PHX_STR("vm.web"), .id = 7}, back;
	struct phx_str notes;
	struct phx_buf text = {0};

	(void)state;
	phx_marker_set_fact(&a, &m, PHX_STR("file:/etc/new\nline\t-->"), PHX_STR("\x01 = \x7f"));
	phx_marker_description(PHX_STR("hello"), &m, &text);
	assert_true(phx_marker_read(phx_buf_view(&text), &a, &back, &notes));
	assert_str(notes, "hello");
	assert_str(phx_marker_fact(&back, "file:/etc/new\nline\t-->"), "\x01 = \x7f");
	/* Whose it is must be clean. */
	assert_false(
		phx_marker_read(PHX_STR("<!-- phx:1 stack=a%0Ab address=vm.a id=1 -->"), &a, &back, &notes));
	phx_buf_done(&text);
	phx_arena_done(&a);
}

static void any_cut_of_a_description_is_read_without_harm(void **state)
{
	struct phx_arena a = {0};
	struct phx_str text = PHX_STR("note\n<!-- phx:1 stack=lab address=vm.web id=101 building spec=a%20b "
				      "slot%3Ad=scsi1 bad%zz=%4 -->\n");

	(void)state;
	for (size_t from = 0; from <= text.len; from++) {
		for (size_t len = 0; len <= text.len - from; len++) {
			/* A copy of its own: reading behind the end is then seen. */
			char *copy = malloc(len ? len : 1);
			struct phx_marker m = {0};
			struct phx_str notes;

			memcpy(copy, text.ptr + from, len);
			if (phx_marker_read((struct phx_str){copy, len}, &a, &m, &notes))
				assert_true(m.stack.len > 0 && m.address.len > 0);
			free(copy);
		}
	}
	phx_arena_done(&a);
}

static void a_monstrous_line_is_no_marker(void **state)
{
	struct phx_arena a = {0};
	struct phx_marker m;
	struct phx_str notes;
	struct phx_buf text = {0};

	(void)state;
	phx_buf_c(&text, "<!-- phx:1 stack=lab address=vm.a id=1 x=");
	phx_buf_fill(&text, 'y', 100000);
	phx_buf_c(&text, " -->");
	assert_false(phx_marker_read(phx_buf_view(&text), &a, &m, &notes));
	phx_buf_done(&text);
	phx_arena_done(&a);
}

static void the_tag_names_the_stack(void **state)
{
	struct phx_arena a = {0};

	(void)state;
	assert_str(phx_marker_tag(&a, PHX_STR("lab")), "phx-lab");
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_a_comment_that_says_whose_the_guest_is),
		cmocka_unit_test(facts_are_set_changed_and_taken_away),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(only_a_whole_line_counts),
		cmocka_unit_test(of_several_the_last_one_counts_and_the_others_are_the_users_text),
		cmocka_unit_test(facts_may_hold_any_text),
		cmocka_unit_test(any_cut_of_a_description_is_read_without_harm),
		cmocka_unit_test(a_monstrous_line_is_no_marker),
		cmocka_unit_test(the_tag_names_the_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
