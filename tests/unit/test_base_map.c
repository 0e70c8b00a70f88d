#include "base_test.h"

#include "base/arena.h"
#include "base/map.h"

#define S(lit) PHX_STR(lit)

static void empty_map_finds_nothing(void **state)
{
	struct phx_map m = {0};

	(void)state;
	assert_null(phx_map_find(&m, S("a")));
	assert_null(phx_map_get(&m, (struct phx_str){0}));
}

static void put_finds_or_makes(void **state)
{
	struct phx_arena a = {0};
	struct phx_map m = {0};
	struct phx_map_entry *e;
	bool is_new = false;

	(void)state;
	e = phx_map_put(&a, &m, S("vm.web"), &is_new);
	assert_true(is_new);
	assert_null(e->ptr);
	e->num = 7;
	e = phx_map_put(&a, &m, S("vm.web"), &is_new);
	assert_false(is_new);
	assert_int_equal(e->num, 7);
	assert_int_equal(m.n, 1);
	e = phx_map_put(&a, &m, S(""), NULL);
	e->num = 8;
	assert_int_equal(phx_map_find(&m, (struct phx_str){0})->num, 8);
	assert_null(phx_map_find(&m, S("vm.we")));
	phx_arena_done(&a);
}

static void map_holds_many_keys_in_insertion_order(void **state)
{
	enum { COUNT = 50000 };
	struct phx_arena a = {0};
	struct phx_map m = {0};

	(void)state;
	for (uint64_t i = 0; i < COUNT; i++) {
		phx_map_put(&a, &m, phx_str_printf(&a, "guest-%u", (unsigned)i), NULL)->num = i;
		/* Both forms, scanned and hashed, and every growth between them, must find all so far. */
		if (i < 200) {
			for (uint64_t j = 0; j <= i; j++)
				assert_int_equal(phx_map_find(&m, m.entries[j].key)->num, j);
		}
	}
	assert_int_equal(m.n, COUNT);
	for (uint64_t i = 0; i < COUNT; i++) {
		assert_int_equal(m.entries[i].num, i);
		assert_ptr_equal(phx_map_find(&m, m.entries[i].key), &m.entries[i]);
	}
	assert_null(phx_map_find(&m, S("guest-50000")));
	phx_arena_done(&a);
}

static void keys_may_hold_any_byte(void **state)
{
	struct phx_arena a = {0};
	struct phx_map m = {0};

	(void)state;
	for (uint64_t i = 0; i < 256; i++) {
		char key[2] = {(char)i, 0};

		phx_map_put(&a, &m, phx_str_dup(&a, (struct phx_str){key, 1}), NULL)->num = i;
		phx_map_put(&a, &m, phx_str_dup(&a, (struct phx_str){key, 2}), NULL)->num = i + 1000;
	}
	assert_int_equal(m.n, 512);
	assert_int_equal(phx_map_find(&m, (struct phx_str){"\0", 1})->num, 0);
	assert_int_equal(phx_map_find(&m, (struct phx_str){"\0\0", 2})->num, 1000);
	assert_int_equal(phx_map_find(&m, S("\xFF"))->num, 255);
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_map_finds_nothing),
		cmocka_unit_test(put_finds_or_makes),
		cmocka_unit_test(map_holds_many_keys_in_insertion_order),
		cmocka_unit_test(keys_may_hold_any_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
