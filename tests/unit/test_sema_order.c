/* The order of declarations, in a file and over files, never matters. */
#include "sema_text.h"

#include <stdio.h>

/* Statements that depend on one another in every direction. */
static const char *const pieces[] = {
	"stack \"lab\"",
	"output total = sum([g.memory for g in guests()])",
	"output names = [g.address for g in guests()]",
	"output last = vm[\"w-${workers}\"].network.ip",
	"let gateway = host(subnet, offset)",
	"let subnet = 10.0.0.0/24",
	"let offset = vm.base.cores - 1",
	"param workers: int = offset + 2 {\n  assert value in 1..50\n}",
	"defaults vm {\n  memory = size\n  bridge = \"vmbr0\"\n}",
	"let size = 4GiB",
	"image noble { url = \"https://x\" }",
	"feature setup { script = \"s.sh\"; param level: int = offset }",
	"vm base { id = 100; cores = 2; template = true; image = image.noble }",
	("for i in 1..workers {\n  vm \"w-${i}\" {\n    clone = vm.base\n    network { ip = host(subnet, 10 "
	 "+ "
	 "i)/24; gw = gateway }\n"
	 "    depends_on = i > 1 ? [vm[\"w-${i - 1}\"]] : [container.c]\n    features = [feature.setup]\n  "
	 "}\n}"),
	("if vm.w-2.cores == 2 {\n  container c { memory = vm.w-1.memory; pool = pool.p }\n} else {\n  "
	 "container d {}\n}"),
	"pool p { comment = \"${length(guests())} guests\" }",
	"assert workers == 3, \"three\"",
	"for g in guests() {\n  assert g.memory >= 1GiB, \"${g.address}\"\n}",
};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };

/* A fixed sequence, so that a failure can be repeated. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

static void shuffle(uint32_t *order, uint32_t n, uint32_t *seed)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t k = next(seed) % i, swap = order[i - 1];

		order[i - 1] = order[k];
		order[k] = swap;
	}
}

/* The pieces in that order, dealt out to `nfiles` files. */
static char *dump_of(const char *const *from, uint32_t n, const uint32_t *order, uint32_t nfiles,
		     const char **codes)
{
	struct phx_buf texts[3] = {{0}, {0}, {0}};
	struct sema_file files[3];
	static const char *const names[] = {"a.phx", "b.phx", "c.phx"};
	struct sema_run r = {0};
	char *dump;

	for (uint32_t i = 0; i < n; i++)
		phx_buf_printf(&texts[i % nfiles], "%s\n", from[order[i]]);
	for (uint32_t i = 0; i < nfiles; i++)
		files[i] = (struct sema_file){names[i], texts[i].len ? texts[i].ptr : ""};
	sema_run_files(&r, files, nfiles);
	*codes = strdup(sema_codes(&r));
	if ((*codes)[0])
		print_error("%s\n", sema_report(&r));
	dump = strdup(sema_dump(&r));
	sema_run_done(&r);
	for (uint32_t i = 0; i < 3; i++)
		phx_buf_done(&texts[i]);
	return dump;
}

static void any_order_gives_the_same_configuration(void **state)
{
	uint32_t order[PIECES], seed = 1;
	const char *codes;
	char *first;

	(void)state;
	for (uint32_t i = 0; i < PIECES; i++)
		order[i] = i;
	first = dump_of(pieces, PIECES, order, 1, &codes);
	assert_string_equal(codes, "");
	free((char *)(uintptr_t)codes);
	assert_non_null(strstr(first, "output last = 10.0.0.13/24"));
	assert_non_null(strstr(first, "output total = 20GiB"));
	assert_non_null(strstr(first, "comment = \"5 guests\""));
	for (uint32_t turn = 0; turn < 60; turn++) {
		char *dump;

		shuffle(order, PIECES, &seed);
		dump = dump_of(pieces, PIECES, order, 1 + turn % 3, &codes);
		assert_string_equal(codes, "");
		assert_string_equal(dump, first);
		free((char *)(uintptr_t)codes);
		free(dump);
	}
	free(first);
}

/* Mistakes, too, are found in any order, and said in the same words. */
static void any_order_gives_the_same_mistakes(void **state)
{
	static const char *const wrong[] = {
		"let a = b",
		"let b = c",
		"let c = a",
		"let d = a + 1",
		"vm x { cores = \"4\" }",
		"vm y { cores = vm.x.cores }",
		"let e = nope",
		"output f = e",
		"vm z { memory = vm.zz.memory }",
		"vm zz { memory = vm.z.memory }",
		"for i in 1..2 {\n  vm \"d\" {}\n}",
	};
	enum { N = sizeof(wrong) / sizeof(wrong[0]) };
	uint32_t order[N], seed = 7;
	char *first = NULL;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		order[i] = i;
	for (uint32_t turn = 0; turn < 40; turn++) {
		struct phx_buf text = {0}, messages = {0};
		struct sema_run r = {0};
		const char *list[64];
		uint32_t n = 0;

		for (uint32_t i = 0; i < N; i++)
			phx_buf_printf(&text, "%s\n", wrong[order[i]]);
		sema_run_text(&r, text.ptr);
		for (uint32_t i = 0; i < r.bag.diags.n && n < 64; i++)
			list[n++] = r.bag.diags.v[i]->message.ptr;
		/* Sorted by their words. */
		for (uint32_t i = 0; i < n; i++) {
			for (uint32_t k = i + 1; k < n; k++) {
				if (strcmp(list[i], list[k]) > 0) {
					const char *swap = list[i];

					list[i] = list[k];
					list[k] = swap;
				}
			}
			phx_buf_printf(&messages, "%s\n", list[i]);
		}
		if (first)
			assert_string_equal(messages.ptr, first);
		else
			first = strdup(messages.ptr);
		sema_run_done(&r);
		phx_buf_done(&text);
		phx_buf_done(&messages);
		shuffle(order, N, &seed);
	}
	assert_non_null(strstr(first, "a → b → c → a"));
	assert_non_null(strstr(first, "vm.z.memory → vm.zz.memory → vm.z.memory"));
	free(first);
}

static void two_evaluations_give_the_same_bytes(void **state)
{
	uint32_t order[PIECES];
	const char *codes;
	char *a, *b;

	(void)state;
	for (uint32_t i = 0; i < PIECES; i++)
		order[i] = PIECES - 1 - i;
	a = dump_of(pieces, PIECES, order, 2, &codes);
	free((char *)(uintptr_t)codes);
	b = dump_of(pieces, PIECES, order, 2, &codes);
	free((char *)(uintptr_t)codes);
	assert_string_equal(a, b);
	free(a);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_same_configuration),
		cmocka_unit_test(any_order_gives_the_same_mistakes),
		cmocka_unit_test(two_evaluations_give_the_same_bytes),
	};

	return cmocka_run_group_tests_name("sema: order", tests, NULL, NULL);
}
