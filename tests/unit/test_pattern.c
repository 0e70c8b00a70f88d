#include "base_test.h"

#include "model/pattern.h"

static bool matches(const char *pattern, const char *text)
{
	struct phx_arena arena = {0};
	struct phx_err err = {0};
	const struct phx_pattern *p = phx_pattern_compile(&arena, phx_str_c(pattern), &err);
	if (!p)
		print_error("%s\n", err.msg.ptr);
	assert_non_null(p);
	bool found = phx_pattern_match(p, phx_str_c(text));
	phx_arena_done(&arena);
	phx_err_done(&err);
	return found;
}

static void refused(const char *pattern, const char *part)
{
	struct phx_arena arena = {0};
	struct phx_err err = {0};
	assert_null(phx_pattern_compile(&arena, phx_str_c(pattern), &err));
	assert_int_equal(err.kind, PHX_ERR_DATA);
	assert_non_null(strstr(err.msg.ptr, part));
	phx_arena_done(&arena);
	phx_err_done(&err);
}

static void plain_text_classes_and_repetition_match(void **state)
{
	(void)state;
	assert_true(matches("abc", "abc"));
	assert_false(matches("abc", "abcd"));
	assert_false(matches("abc", "xabc"));
	assert_true(matches("[a-c]+", "abcabc"));
	assert_false(matches("[^a-c]+", "xyzb"));
	assert_true(matches("a{2,3}", "aa"));
	assert_true(matches("a{2,3}", "aaa"));
	assert_false(matches("a{2,3}", "a"));
	assert_false(matches("a{2,3}", "aaaa"));
	assert_true(matches("a{2,}", "aaaaaaa"));
	assert_true(matches("[a-z]{,3}", ""));
	assert_false(matches("[a-z]{,3}", "abcd"));
	assert_true(matches("x?y*", ""));
	assert_true(matches("a{b}", "a{b}"));
	assert_true(matches(".*", "anything at all"));
	assert_false(matches(".+", ""));
}

static void perl_classes_groups_and_flags_match(void **state)
{
	(void)state;
	assert_true(matches("\\d+\\.\\w+", "42.a_9"));
	assert_false(matches("\\S+", "a b"));
	assert_true(matches("[-_.\\w\\d]+", "vmbr0.1-x"));
	assert_true(matches("(?^:(?^:(discard|ro))(;(?^:(discard|ro)))*)", "ro;discard;ro"));
	assert_false(matches("(?^:(discard|ro)(;(discard|ro))*)", "ro;"));
	assert_true(matches("(?^i:abc)", "aBC"));
	assert_true(matches("(?^i:[a-z0-9_][a-z0-9_\\-\\+\\.]*)", "Web-1"));
	assert_true(matches("(?:a|b)c", "bc"));
	assert_true(matches("[\\x41-\\x43]", "B"));
	assert_true(matches("[\\)-_]", "+"));
	assert_true(matches("[]x]", "]"));
}

static void alternatives_are_anchored_only_at_their_outer_ends_as_in_perl(void **state)
{
	(void)state;
	/* m/^a|b$/ */
	assert_true(matches("/dev/parport\\d+|/dev/usb/lp\\d+", "/dev/parport0"));
	assert_true(matches("/dev/parport\\d+|/dev/usb/lp\\d+", "/dev/parport0 and more"));
	assert_true(matches("/dev/parport\\d+|/dev/usb/lp\\d+", "x/dev/usb/lp1"));
	assert_false(matches("/dev/parport\\d+|/dev/usb/lp\\d+", "x/dev/parport0"));
	assert_true(matches("^\\d+$", "12"));
	assert_true(matches("\\d+", "12\n"));
	assert_false(matches("\\d+", "12\n\n"));
}

static void hostile_text_takes_no_longer_than_it_is_long(void **state)
{
	struct phx_buf text = {0};
	(void)state;
	phx_buf_fill(&text, 'a', 20000);
	phx_buf_ch(&text, 'b');
	assert_false(matches("(a*)*c", text.ptr));
	assert_false(matches("(a|aa)+", text.ptr));
	assert_true(matches("([a-b]*)*", text.ptr));
	phx_buf_done(&text);
}

static void what_is_not_known_is_refused_by_name(void **state)
{
	struct phx_buf deep = {0};
	(void)state;
	refused("(a", "( without )");
	refused("a)", ") without (");
	refused("[a", "[ without ]");
	refused("(?<name>a)", "(? of unknown kind");
	refused("(*a)", "repetition of nothing");
	refused("[z-a]", "out of order");
	refused("a{9999}", "too large a repetition");
	refused("((a{500}){500}){500}", "too much repetition");
	refused("\\xZ", "incomplete");
	phx_buf_fill(&deep, '(', 100);
	refused(deep.ptr, "too deeply");
	phx_buf_clear(&deep);
	phx_buf_fill(&deep, 'a', 5000);
	refused(deep.ptr, "more than");
	phx_buf_done(&deep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_classes_and_repetition_match),
		cmocka_unit_test(perl_classes_groups_and_flags_match),
		cmocka_unit_test(alternatives_are_anchored_only_at_their_outer_ends_as_in_perl),
		cmocka_unit_test(hostile_text_takes_no_longer_than_it_is_long),
		cmocka_unit_test(what_is_not_known_is_refused_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
