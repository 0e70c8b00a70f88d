#include "base_test.h"

#include "base/arena.h"

static void arena_gives_zeroed_memory_of_every_size_around_a_page(void **state)
{
	static const size_t sizes[] = {0,    1,    2,    7,    8,     63,    64,     65,     1023,   1024,
				       1025, 4095, 4096, 4097, 65535, 65537, 524287, 524289, 3000000};
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(sizes); i++) {
		unsigned char *p = phx_arena_alloc(&a, sizes[i], 8);

		assert_non_null(p);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], 0);
		memset(p, 0xA5, sizes[i]);
	}
	assert_true(a.total >= 3000000);
	phx_arena_done(&a);
	assert_null(a.page);
	assert_int_equal(a.total, 0);
}

static void arena_honours_every_alignment_at_every_size(void **state)
{
	struct phx_arena a = {0};

	(void)state;
	for (size_t align = 1; align <= 64; align *= 2) {
		for (size_t size = 0; size < 200; size += 7)
			assert_int_equal((uintptr_t)phx_arena_alloc(&a, size, align) % align, 0);
		assert_int_equal((uintptr_t)phx_arena_alloc(&a, 1000000, align) % align, 0);
	}
	phx_arena_done(&a);
}

static void arena_allocations_do_not_overlap(void **state)
{
	enum { COUNT = 3000 };
	static unsigned char *blocks[COUNT];
	struct phx_arena a = {0};

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		blocks[i] = phx_arena_alloc(&a, i % 97 + 1, (size_t)1 << (i % 7));
		memset(blocks[i], (int)(i & 0xFF), i % 97 + 1);
	}
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t j = 0; j < i % 97 + 1; j++)
			assert_int_equal(blocks[i][j], i & 0xFF);
	}
	phx_arena_done(&a);
}

static void arena_keeps_its_page_when_a_large_block_comes(void **state)
{
	struct phx_arena a = {0};
	char *one = phx_arena_alloc(&a, 8, 8), *two;

	(void)state;
	phx_arena_alloc(&a, 10000000, 8);
	two = phx_arena_alloc(&a, 8, 8);
	assert_true(two > one && two - one < 256);
	phx_arena_done(&a);
}

static void arena_is_usable_again_after_done(void **state)
{
	struct phx_arena a = {0};

	(void)state;
	phx_arena_done(&a);
	for (int i = 0; i < 3; i++) {
		assert_non_null(phx_arena_alloc(&a, 10, 1));
		phx_arena_done(&a);
	}
}

static void alloc_size_max(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, SIZE_MAX, 1);
}

static void alloc_size_max_aligned(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, 1, 1);
	phx_arena_alloc(&a, SIZE_MAX - 63, 64);
}

static void alloc_half(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, SIZE_MAX / 2, 8);
}

static void alloc_n_overflow(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc_n(&a, SIZE_MAX / 8 + 1, 8, 8);
}

static void vec_overflow(void)
{
	struct phx_arena a = {0};
	uint32_t cap = UINT32_MAX / 2 + 1;

	phx_vec_grow(&a, NULL, 0, &cap, 1);
}

static void arena_stops_the_process_when_a_size_cannot_be(void **state)
{
	(void)state;
	assert_int_equal(exit_status_of(alloc_size_max), 70);
	assert_int_equal(exit_status_of(alloc_size_max_aligned), 70);
	assert_int_equal(exit_status_of(alloc_half), 70);
	assert_int_equal(exit_status_of(alloc_n_overflow), 70);
	assert_int_equal(exit_status_of(vec_overflow), 70);
}

static void alloc_odd_alignment(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, 1, 3);
}

static void alloc_no_alignment(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, 1, 0);
}

static void alloc_page_alignment(void)
{
	struct phx_arena a = {0};

	phx_arena_alloc(&a, 1, 128);
}

static void arena_calls_a_wrong_alignment_a_bug(void **state)
{
	(void)state;
	assert_int_equal(exit_status_of(alloc_odd_alignment), 70);
	assert_int_equal(exit_status_of(alloc_no_alignment), 70);
	assert_int_equal(exit_status_of(alloc_page_alignment), 70);
}

static void vec_keeps_its_values_while_it_grows(void **state)
{
	struct phx_arena a = {0};
	PHX_VEC(uint64_t) xs = {0};
	PHX_VEC(char) other = {0};

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		phx_vec_push(&a, &xs, i * UINT64_C(3));
		if (i % 1000 == 0)
			phx_vec_push(&a, &other, 'x');
	}
	assert_int_equal(xs.n, 100000);
	for (uint32_t i = 0; i < xs.n; i++)
		assert_int_equal(xs.v[i], i * UINT64_C(3));
	for (uint32_t i = xs.n; i < xs.cap; i++)
		assert_int_equal(xs.v[i], 0);
	assert_int_equal(other.n, 100);
	phx_arena_done(&a);
}

static void vec_of_aligned_objects_stays_aligned(void **state)
{
	struct wide {
		_Alignas(32) char c[32];
	};
	struct phx_arena a = {0};
	PHX_VEC(struct wide) xs = {0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		phx_arena_alloc(&a, 1, 1);
		phx_vec_push(&a, &xs, ((struct wide){{(char)i}}));
		assert_int_equal((uintptr_t)xs.v % 32, 0);
	}
	assert_int_equal(xs.v[99].c[0], 99);
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_memory_of_every_size_around_a_page),
		cmocka_unit_test(arena_honours_every_alignment_at_every_size),
		cmocka_unit_test(arena_allocations_do_not_overlap),
		cmocka_unit_test(arena_keeps_its_page_when_a_large_block_comes),
		cmocka_unit_test(arena_is_usable_again_after_done),
		cmocka_unit_test(arena_stops_the_process_when_a_size_cannot_be),
		cmocka_unit_test(arena_calls_a_wrong_alignment_a_bug),
		cmocka_unit_test(vec_keeps_its_values_while_it_grows),
		cmocka_unit_test(vec_of_aligned_objects_stays_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
