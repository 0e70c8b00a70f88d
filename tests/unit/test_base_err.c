#include "base_test.h"

#include <errno.h>

#include "base/err.h"

static void set_replaces_what_was_there(void **state)
{
	struct phx_err e = {0};

	(void)state;
	e.status = 403;
	phx_err_hint(&e, "old hint");
	assert_false(phx_err_set(&e, PHX_ERR_DATA, "bad %s", "thing"));
	assert_int_equal(e.kind, PHX_ERR_DATA);
	assert_int_equal(e.status, 0);
	assert_string_equal(e.msg.ptr, "bad thing");
	assert_int_equal(e.hint.len, 0);
	phx_err_done(&e);
}

static void errno_is_told_in_words(void **state)
{
	struct phx_err e = {0};

	(void)state;
	assert_false(phx_err_errno(&e, ENOENT, "cannot open %s", "x.phx"));
	assert_int_equal(e.kind, PHX_ERR_IO);
	assert_int_equal(e.sys, ENOENT);
	assert_string_equal(e.msg.ptr, "cannot open x.phx: No such file or directory");
	phx_err_errno(&e, 9999, "odd");
	assert_string_equal(e.msg.ptr, "odd: error 9999");
	phx_err_done(&e);
}

static void wrap_puts_context_in_front_and_may_quote_itself(void **state)
{
	struct phx_err e = {0};

	(void)state;
	phx_err_set(&e, PHX_ERR_IO, "inner");
	assert_false(phx_err_wrap(&e, "while reading %s", "plan"));
	assert_string_equal(e.msg.ptr, "while reading plan: inner");
	assert_int_equal(e.kind, PHX_ERR_IO);
	phx_err_set(&e, PHX_ERR_DATA, "again: %s", e.msg.ptr);
	assert_string_equal(e.msg.ptr, "again: while reading plan: inner");
	phx_err_wrap(&e, "[%s]", e.msg.ptr);
	assert_string_equal(e.msg.ptr,
			    "[again: while reading plan: inner]: again: while reading plan: inner");
	phx_err_done(&e);
}

static void copies_are_independent(void **state)
{
	struct phx_err a = {0}, b = {0};

	(void)state;
	phx_err_set(&a, PHX_ERR_LOCKED, "locked");
	phx_err_hint(&a, "wait");
	a.status = 500;
	phx_err_copy(&b, &a);
	phx_err_copy(&b, &b);
	phx_err_clear(&a);
	assert_int_equal(a.kind, PHX_ERR_NONE);
	assert_int_equal(b.kind, PHX_ERR_LOCKED);
	assert_int_equal(b.status, 500);
	assert_string_equal(b.msg.ptr, "locked");
	assert_string_equal(b.hint.ptr, "wait");
	phx_err_done(&a);
	phx_err_done(&b);
	assert_null(b.msg.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_replaces_what_was_there),
		cmocka_unit_test(errno_is_told_in_words),
		cmocka_unit_test(wrap_puts_context_in_front_and_may_quote_itself),
		cmocka_unit_test(copies_are_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
