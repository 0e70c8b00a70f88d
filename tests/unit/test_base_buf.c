#include "base_test.h"

#define S(lit) PHX_STR(lit)

static void buffer_grows_and_stays_terminated(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	assert_str(phx_buf_view(&b), "");
	phx_buf_clear(&b);
	phx_buf_add(&b, NULL, 0);
	assert_string_equal(b.ptr, "");
	for (int i = 0; i < 1000; i++) {
		phx_buf_printf(&b, "%d,", i);
		assert_int_equal(b.ptr[b.len], 0);
	}
	assert_int_equal(b.len, 3890);
	assert_true(phx_str_ends(phx_buf_view(&b), "998,999,"));
	phx_buf_clear(&b);
	phx_buf_fill(&b, '-', 3);
	phx_buf_fill(&b, '-', 0);
	phx_buf_ch(&b, '>');
	phx_buf_c(&b, "x");
	phx_buf_str(&b, (struct phx_str){0});
	assert_string_equal(b.ptr, "--->x");
	phx_buf_done(&b);
	assert_null(b.ptr);
}

static void printf_fits_exactly_at_every_fill_level(void **state)
{
	(void)state;
	for (size_t before = 0; before < 140; before++) {
		struct phx_buf b = {0};

		phx_buf_fill(&b, 'a', before);
		phx_buf_printf(&b, "%s", "0123456789");
		assert_int_equal(b.len, before + 10);
		assert_string_equal(b.ptr + before, "0123456789");
		phx_buf_done(&b);
	}
}

static void reserve_gives_room_for_the_bytes_and_a_nul(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	for (size_t n = 0; n < 300; n += 13) {
		char *at = phx_buf_reserve(&b, n);

		memset(at, 'z', n);
		b.len += n;
		b.ptr[b.len] = 0;
	}
	phx_buf_done(&b);
}

static void reserve_too_much(void)
{
	struct phx_buf b = {0};

	phx_buf_ch(&b, 'a');
	phx_buf_reserve(&b, SIZE_MAX);
}

static void buffer_stops_the_process_when_a_size_cannot_be(void **state)
{
	(void)state;
	assert_int_equal(exit_status_of(reserve_too_much), 70);
}

static void percent_coding_keeps_unreserved_only(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	phx_buf_percent(&b, S("aZ09-._~ +/%\xC3\xA9\n"));
	assert_buf(&b, "aZ09-._~%20%2B%2F%25%C3%A9%0A");
	phx_buf_unpercent(&b, S("a%20b%2Bc+%zz%4%"));
	assert_buf(&b, "a b+c+%zz%4%");
	phx_buf_unpercent(&b, S("%e9%E9"));
	assert_buf(&b, "\xE9\xE9");
	phx_buf_done(&b);
}

static void base64_gives_back_what_it_took(void **state)
{
	static const char *const pairs[][2] = {
		{"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xFF\xFE\xFD", "//79"}};
	struct phx_buf b = {0}, back = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(pairs); i++) {
		phx_buf_base64(&b, phx_str_c(pairs[i][0]));
		assert_true(phx_buf_unbase64(&back, phx_buf_view(&b)));
		assert_buf(&b, pairs[i][1]);
		assert_buf(&back, pairs[i][0]);
	}
	assert_true(phx_buf_unbase64(&back, S("Zm9v\r\nYg==\n")));
	assert_buf(&back, "foob");
	phx_buf_done(&b);
	phx_buf_done(&back);
}

static void malformed_base64_leaves_the_buffer_alone(void **state)
{
	static const char *const bad[] = {"Z",    "Zg",       "Zg=",  "Zg===", "=",
					  "====", "Zg==Zg==", "Z*==", "Zm9vY", "Zm 9v"};
	struct phx_buf b = {0};

	(void)state;
	phx_buf_c(&b, "kept");
	for (size_t i = 0; i < PHX_COUNTOF(bad); i++) {
		assert_false(phx_buf_unbase64(&b, phx_str_c(bad[i])));
		assert_string_equal(b.ptr, "kept");
	}
	phx_buf_done(&b);
}

static void json_strings_are_escaped_and_valid_utf8(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	phx_buf_json_string(&b, S("a\"b\\c\n\t\r\b\f\x01\x1f\x7f/"));
	assert_buf(&b, "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f\x7f/\"");
	phx_buf_json_string(&b, S("\xC3\xA9\xE6\x97\xA5"));
	assert_buf(&b, "\"\xC3\xA9\xE6\x97\xA5\"");
	phx_buf_json_string(&b, S("x\xFFy\xE6\x97"));
	assert_buf(&b, "\"x\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD\"");
	phx_buf_json_string(&b, S("\xED\xA0\x80\xC0\x80")); /* a surrogate, and a NUL written too long */
	assert_int_equal(b.len, 2 + 5 * 3);
	phx_buf_clear(&b);
	phx_buf_json_string(&b, (struct phx_str){"a\0b", 3});
	assert_buf(&b, "\"a\\u0000b\"");
	phx_buf_json_string(&b, (struct phx_str){0});
	assert_buf(&b, "\"\"");
	phx_buf_done(&b);
}

static void text_from_outside_cannot_steer_the_terminal(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	phx_buf_printable(&b, S("ok\n\t\x1b[31m\r\x07\x7f"));
	assert_buf(&b, "ok\n\t\\x1b[31m\\x0d\\x07\\x7f");
	phx_buf_printable(&b, S("\xC2\x9B"
				"31m")); /* CSI as one C1 character */
	assert_buf(&b, "\\xc2\\x9b31m");
	phx_buf_printable(&b, S("\xE2\x80\xAE\xFF\xC3\xA9")); /* right-to-left override, a bad byte, é */
	assert_buf(&b, "\\xe2\\x80\\xae\\xff\xC3\xA9");
	phx_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer_grows_and_stays_terminated),
		cmocka_unit_test(printf_fits_exactly_at_every_fill_level),
		cmocka_unit_test(reserve_gives_room_for_the_bytes_and_a_nul),
		cmocka_unit_test(buffer_stops_the_process_when_a_size_cannot_be),
		cmocka_unit_test(percent_coding_keeps_unreserved_only),
		cmocka_unit_test(base64_gives_back_what_it_took),
		cmocka_unit_test(malformed_base64_leaves_the_buffer_alone),
		cmocka_unit_test(json_strings_are_escaped_and_valid_utf8),
		cmocka_unit_test(text_from_outside_cannot_steer_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
