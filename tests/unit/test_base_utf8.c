#include "base_test.h"

#include "base/utf8.h"

static void every_character_decodes_as_it_was_written(void **state)
{
	struct phx_buf b = {0};
	uint32_t len;

	(void)state;
	for (uint32_t c = 0; c < PHX_UTF8_BAD; c += c < 0x3000 ? 1 : 61) {
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		phx_buf_clear(&b);
		phx_utf8_add(&b, c);
		assert_int_equal(phx_utf8_at(phx_buf_view(&b), 0, &len), c);
		assert_int_equal(len, b.len);
		assert_true(phx_utf8_valid(phx_buf_view(&b)));
	}
	phx_buf_clear(&b);
	phx_utf8_add(&b, 0xD800);
	phx_utf8_add(&b, 0x110000);
	assert_str(phx_buf_view(&b), "\xEF\xBF\xBD\xEF\xBF\xBD");
	phx_buf_done(&b);
}

static void malformed_bytes_count_one_each(void **state)
{
	static const char *const bad[] = {"\x80",
					  "\xBF",
					  "\xC0\x80",
					  "\xC1\xBF",
					  "\xC3",
					  "\xE6\x97",
					  "\xE0\x80\x80",
					  "\xED\xA0\x80",
					  "\xF0\x80\x80\x80",
					  "\xF4\x90\x80\x80",
					  "\xF5\x80\x80\x80",
					  "\xFF",
					  "\xC3(",
					  "\xF0\x9F\x98("};
	uint32_t len;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(bad); i++) {
		assert_int_equal(phx_utf8_at(phx_str_c(bad[i]), 0, &len), PHX_UTF8_BAD);
		assert_int_equal(len, 1);
		assert_false(phx_utf8_valid(phx_str_c(bad[i])));
	}
}

static void widths_are_those_of_a_terminal(void **state)
{
	(void)state;
	assert_int_equal(phx_utf8_width('a'), 1);
	assert_int_equal(phx_utf8_width(0xE9), 1);
	assert_int_equal(phx_utf8_width(0x301), 0);
	assert_int_equal(phx_utf8_width(0x200D), 0);
	assert_int_equal(phx_utf8_width(0x65E5), 2);
	assert_int_equal(phx_utf8_width(0xAC00), 2);
	assert_int_equal(phx_utf8_width(0x1F600), 2);
	assert_int_equal(phx_utf8_width(0x2192), 1);
	assert_int_equal(phx_utf8_width(0x10FFFF), 1);
}

static void what_steers_a_terminal_is_unprintable(void **state)
{
	(void)state;
	assert_true(phx_utf8_unprintable(0x1B));
	assert_true(phx_utf8_unprintable('\n'));
	assert_true(phx_utf8_unprintable(0x7F));
	assert_true(phx_utf8_unprintable(0x9B));
	assert_true(phx_utf8_unprintable(0x202E));
	assert_true(phx_utf8_unprintable(0x2067));
	assert_true(phx_utf8_unprintable(0xFEFF));
	assert_true(phx_utf8_unprintable(PHX_UTF8_BAD));
	assert_false(phx_utf8_unprintable(0xA0));
	assert_false(phx_utf8_unprintable(0x65E5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_decodes_as_it_was_written),
		cmocka_unit_test(malformed_bytes_count_one_each),
		cmocka_unit_test(widths_are_those_of_a_terminal),
		cmocka_unit_test(what_steers_a_terminal_is_unprintable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
