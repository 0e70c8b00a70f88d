#include "base_test.h"

#include "base/arena.h"

#define S(lit) PHX_STR(lit)

static void equality_and_order_are_by_bytes(void **state)
{
	(void)state;
	assert_true(phx_str_eq(S(""), (struct phx_str){0}));
	assert_true(phx_str_eq(S("a"), S("a")));
	assert_false(phx_str_eq(S("a"), S("ab")));
	assert_true(phx_str_eqc(S("vm"), "vm"));
	assert_int_equal(phx_str_cmp(S("a"), S("b")), -1);
	assert_int_equal(phx_str_cmp(S("ab"), S("a")), 1);
	assert_int_equal(phx_str_cmp(S("\x80"), S("a")), 1);
	assert_int_equal(phx_str_cmp(S(""), S("")), 0);
	assert_str(phx_str_c(NULL), "");
}

static void numbers_in_names_order_by_value(void **state)
{
	(void)state;
	assert_int_equal(phx_str_natcmp(S("scsi2"), S("scsi10")), -1);
	assert_int_equal(phx_str_natcmp(S("scsi10"), S("scsi2")), 1);
	assert_int_equal(phx_str_natcmp(S("net0"), S("net0")), 0);
	assert_int_equal(phx_str_natcmp(S("a01"), S("a1")), -1);
	assert_int_equal(phx_str_natcmp(S("a"), S("a0")), -1);
	assert_int_equal(phx_str_natcmp(S("a0b"), S("a0")), 1);
	assert_int_equal(phx_str_natcmp(S("x99999999999999999999"), S("x100000000000000000000")), -1);
	assert_int_equal(phx_str_natcmp(S("a1b2"), S("a1b10")), -1);
	assert_int_equal(phx_str_natcmp(S("1"), S("a")), -1);
}

static void slices_are_clamped(void **state)
{
	(void)state;
	assert_str(phx_str_from(S("abc"), 1), "bc");
	assert_str(phx_str_from(S("abc"), 9), "");
	assert_str(phx_str_slice(S("abc"), 1, 1), "b");
	assert_str(phx_str_slice(S("abc"), 2, SIZE_MAX), "c");
	assert_str(phx_str_slice((struct phx_str){0}, 2, 2), "");
	assert_str(phx_str_trim(S(" \t a b \r\n")), "a b");
	assert_str(phx_str_trim(S(" \t")), "");
	assert_true(phx_str_starts(S("abc"), "ab"));
	assert_false(phx_str_starts(S("a"), "ab"));
	assert_true(phx_str_ends(S("abc"), "bc"));
	assert_true(phx_str_ends(S("abc"), ""));
}

static void search_finds_the_first_place(void **state)
{
	(void)state;
	assert_int_equal(phx_str_find(S("a=b=c"), S("=")), 1);
	assert_int_equal(phx_str_find(S("abc"), S("bcd")), -1);
	assert_int_equal(phx_str_find(S("abc"), S("")), 0);
	assert_int_equal(phx_str_find((struct phx_str){0}, S("a")), -1);
	assert_int_equal(phx_str_chr(S("abc"), 'c'), 2);
	assert_int_equal(phx_str_chr((struct phx_str){0}, 'c'), -1);
}

static void cut_gives_every_piece_once(void **state)
{
	struct phx_str rest = S("a,,b,"), piece;

	(void)state;
	assert_true(phx_str_cut(&rest, ',', &piece));
	assert_str(piece, "a");
	assert_true(phx_str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	assert_true(phx_str_cut(&rest, ',', &piece));
	assert_str(piece, "b");
	assert_true(phx_str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	assert_false(phx_str_cut(&rest, ',', &piece));
	rest = S("");
	assert_true(phx_str_cut(&rest, ',', &piece));
	assert_false(phx_str_cut(&rest, ',', &piece));
}

static void copies_end_with_a_nul(void **state)
{
	struct phx_arena a = {0};
	struct phx_str copy = phx_str_dup(&a, phx_str_slice(S("abcdef"), 1, 2)), text;
	char wide[301];

	(void)state;
	assert_string_equal(copy.ptr, "bc");
	assert_string_equal(phx_str_dup(&a, (struct phx_str){0}).ptr, "");
	text = phx_str_printf(&a, "%s-%d", "x", 7);
	assert_string_equal(text.ptr, "x-7");
	for (size_t len = 120; len <= 300; len += 4) { /* around the length that is formatted once only */
		memset(wide, 'w', len);
		wide[len] = 0;
		text = phx_str_printf(&a, "%s", wide);
		assert_int_equal(text.len, len);
		assert_string_equal(text.ptr, wide);
	}
	phx_arena_done(&a);
}

static void integers_parse_whole_or_not_at_all(void **state)
{
	uint64_t u = 5;
	int64_t i = 5;

	(void)state;
	assert_true(phx_parse_u64(S("0"), &u) && u == 0);
	assert_true(phx_parse_u64(S("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_true(phx_parse_u64(S("007"), &u) && u == 7);
	assert_false(phx_parse_u64(S("18446744073709551616"), &u));
	assert_false(phx_parse_u64(S("99999999999999999999999"), &u));
	assert_false(phx_parse_u64(S(""), &u));
	assert_false(phx_parse_u64(S("-1"), &u));
	assert_false(phx_parse_u64(S("+1"), &u));
	assert_false(phx_parse_u64(S(" 1"), &u));
	assert_false(phx_parse_u64(S("1x"), &u));
	assert_true(u == 7);
	assert_true(phx_parse_i64(S("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_true(phx_parse_i64(S("9223372036854775807"), &i) && i == INT64_MAX);
	assert_true(phx_parse_i64(S("-0"), &i) && i == 0);
	assert_false(phx_parse_i64(S("9223372036854775808"), &i));
	assert_false(phx_parse_i64(S("-9223372036854775809"), &i));
	assert_false(phx_parse_i64(S("-"), &i));
	assert_false(phx_parse_i64(S("--1"), &i));
}

static void decimals_parse_as_json_writes_them(void **state)
{
	double d = 5;

	(void)state;
	assert_true(phx_parse_double(S("0.5"), &d) && d == 0.5);
	assert_true(phx_parse_double(S("-12e3"), &d) && d == -12000);
	assert_true(phx_parse_double(S("1E+2"), &d) && d == 100);
	assert_true(phx_parse_double(S("7"), &d) && d == 7);
	assert_false(phx_parse_double(S("1e999"), &d));
	assert_false(phx_parse_double(S("inf"), &d));
	assert_false(phx_parse_double(S("nan"), &d));
	assert_false(phx_parse_double(S("0x10"), &d));
	assert_false(phx_parse_double(S(".5"), &d));
	assert_false(phx_parse_double(S("5."), &d));
	assert_false(phx_parse_double(S("5e"), &d));
	assert_false(phx_parse_double(S("1 "), &d));
	assert_false(phx_parse_double(S(""), &d));
	assert_true(d == 7);
}

static void distance_counts_edits(void **state)
{
	char wide[200];

	(void)state;
	assert_int_equal(phx_str_distance(S("memory"), S("memory")), 0);
	assert_int_equal(phx_str_distance(S("memroy"), S("memory")), 1);
	assert_int_equal(phx_str_distance(S("Depends-On"), S("depends_on")), 0);
	assert_int_equal(phx_str_distance(S(""), S("abc")), 3);
	assert_int_equal(phx_str_distance(S("kitten"), S("sitting")), 3);
	assert_int_equal(phx_str_distance(S("ca"), S("abc")), 3);
	memset(wide, 'x', sizeof(wide));
	assert_true(phx_str_distance((struct phx_str){wide, 200}, S("x")) >= 100);
	assert_int_equal(phx_str_distance((struct phx_str){wide, 200}, (struct phx_str){wide, 200}), 0);
}

static void nearest_takes_only_what_is_near(void **state)
{
	const struct phx_str names[] = {S("cores"), S("memory"),   S("name"),
					S("on"),    S("cpu_type"), S("memory_")};

	(void)state;
	assert_str(phx_str_nearest(S("memroy"), names, PHX_COUNTOF(names)), "memory");
	assert_str(phx_str_nearest(S("CPU-TYPE"), names, PHX_COUNTOF(names)), "cpu_type");
	assert_str(phx_str_nearest(S("ON"), names, PHX_COUNTOF(names)), "on");
	assert_str(phx_str_nearest(S("in"), names, PHX_COUNTOF(names)), "");
	assert_str(phx_str_nearest(S("storage"), names, PHX_COUNTOF(names)), "");
	assert_str(phx_str_nearest(S("x"), names, 0), "");
}

static void hash_differs_for_near_names(void **state)
{
	(void)state;
	assert_int_equal(phx_str_hash(S("vm.web")), phx_str_hash(S("vm.web")));
	assert_int_not_equal(phx_str_hash(S("vm.web1")), phx_str_hash(S("vm.web2")));
	assert_int_not_equal(phx_str_hash(S("a")), phx_str_hash((struct phx_str){"a\0", 2}));
	assert_int_not_equal(phx_str_hash(S("")), phx_str_hash((struct phx_str){"\0", 1}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equality_and_order_are_by_bytes),
		cmocka_unit_test(numbers_in_names_order_by_value),
		cmocka_unit_test(slices_are_clamped),
		cmocka_unit_test(search_finds_the_first_place),
		cmocka_unit_test(cut_gives_every_piece_once),
		cmocka_unit_test(copies_end_with_a_nul),
		cmocka_unit_test(integers_parse_whole_or_not_at_all),
		cmocka_unit_test(decimals_parse_as_json_writes_them),
		cmocka_unit_test(distance_counts_edits),
		cmocka_unit_test(nearest_takes_only_what_is_near),
		cmocka_unit_test(hash_differs_for_near_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
