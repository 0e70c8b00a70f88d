#include "base_test.h"

#include "base/secret.h"

#define S(lit) PHX_STR(lit)

static void assert_masked(const struct phx_secrets *s, struct phx_str text, const char *expected)
{
	struct phx_buf out = {0};

	phx_secrets_mask(s, text, &out);
	assert_buf(&out, expected);
	phx_buf_done(&out);
}

static void every_form_of_a_secret_is_masked(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};

	(void)state;
	assert_masked(&s, S("nothing yet"), "nothing yet");
	assert_masked(NULL, S("no secrets"), "no secrets");
	phx_secrets_add(&s, S("p\"ss w0rd/+"));
	assert_masked(&s, S("password: p\"ss w0rd/+."), "password: (secret).");
	assert_masked(&s, S("cipassword=p%22ss%20w0rd%2F%2B&x=1"), "cipassword=(secret)&x=1");
	assert_masked(&s, S("p%2522ss%2520w0rd%252F%252B"), "(secret)");
	assert_masked(&s, S("{\"p\":\"p\\\"ss w0rd/+\"}"), "{\"p\":\"(secret)\"}");
	assert_masked(&s, S("b64 cCJzcyB3MHJkLys= end"), "b64 (secret) end");
	assert_masked(&s, S("p\"ss w0rd/"), "p\"ss w0rd/");
	assert_masked(&s, S(""), "");
	phx_arena_done(&a);
}

static void a_secret_inside_encoded_text_is_masked_wherever_it_starts(void **state)
{
	static const char *const before[] = {"", "a", "ab", "abc", "user: x\npassword: "};
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};
	struct phx_buf plain = {0}, coded = {0}, out = {0};

	(void)state;
	phx_secrets_add(&s, S("correct-horse-battery"));
	for (size_t i = 0; i < PHX_COUNTOF(before); i++) {
		phx_buf_clear(&plain);
		phx_buf_clear(&coded);
		phx_buf_clear(&out);
		phx_buf_printf(&plain, "%scorrect-horse-battery\nmore", before[i]);
		phx_buf_base64(&coded, phx_buf_view(&plain));
		phx_secrets_mask(&s, phx_buf_view(&coded), &out);
		assert_non_null(strstr(out.ptr, "(secret)"));
		/* What is left of it is less than two of its characters at either end. */
		assert_true(out.len <= coded.len - 26 + strlen("(secret)"));
	}
	phx_buf_done(&plain);
	phx_buf_done(&coded);
	phx_buf_done(&out);
	phx_arena_done(&a);
}

static void the_longest_secret_wins_and_overlaps_leave_nothing(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};

	(void)state;
	phx_secrets_add(&s, S("abcd"));
	phx_secrets_add(&s, S("abcdef"));
	phx_secrets_add(&s, S("efghij"));
	assert_masked(&s, S("<abcdef>"), "<(secret)>");
	assert_masked(&s, S("<abcd>"), "<(secret)>");
	assert_masked(&s, S("<abcdefghij>"), "<(secret)>");
	assert_masked(&s, S("abcdabcd"), "(secret)(secret)");
	assert_masked(&s, S("abc"), "abc");
	phx_arena_done(&a);
}

static void short_and_repeated_secrets_are_not_kept(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};
	uint32_t n;

	(void)state;
	phx_secrets_add(&s, S("abc"));
	phx_secrets_add(&s, S(""));
	phx_secrets_add(&s, (struct phx_str){0});
	assert_int_equal(s.values.n, 0);
	phx_secrets_add(&s, S("hunter22"));
	n = s.values.n;
	phx_secrets_add(&s, S("hunter22"));
	assert_int_equal(s.values.n, n);
	phx_arena_done(&a);
}

static void many_secrets_are_all_masked(void **state)
{
	enum { COUNT = 3000 };
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};
	struct phx_buf text = {0}, out = {0};

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		phx_secrets_add(&s, phx_str_printf(&a, "pass-%05u", i));
		phx_secrets_add(&s,
				phx_str_printf(&a, "a-very-long-pass-phrase-that-differs-late-%05u", i % 50));
		phx_buf_printf(&text, "[pass-%05u]", i);
	}
	phx_buf_c(&text, "[a-very-long-pass-phrase-that-differs-late-00049]");
	phx_secrets_mask(&s, phx_buf_view(&text), &out);
	assert_int_equal(out.len, (COUNT + 1) * strlen("[(secret)]"));
	assert_null(strstr(out.ptr, "pass-"));
	phx_buf_done(&text);
	phx_buf_done(&out);
	phx_arena_done(&a);
}

static void sums_are_those_of_the_standard(void **state)
{
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	char path[] = "/tmp/phx-test-XXXXXX", hex[65];
	struct phx_arena a = {0};
	struct phx_err err = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_str(phx_sha256_hex(&a, S("abc")), abc);
	assert_str(phx_sha256_hex(&a, (struct phx_str){0}),
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	assert_true(phx_sha256_file(path, hex, &err));
	assert_string_equal(hex, abc);
	unlink(path);
	assert_false(phx_sha256_file(path, hex, &err));
	assert_int_equal(err.kind, PHX_ERR_IO);
	assert_false(phx_sha256_file("/tmp", hex, &err));
	phx_err_done(&err);
	phx_arena_done(&a);
}

/* Before it is known what is ordinary, and after. */
static void an_ordinary_word_is_weak_and_not_masked(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};

	(void)state;
	phx_secrets_add(&s, S("other"));
	phx_secrets_add(&s, S("hunter2!"));
	phx_secrets_add(&s, S("a text with other words"));
	phx_secrets_ordinary(&s, S("(another secret)"));
	phx_secrets_ordinary(&s, S("local-lvm\n a text with other words hunter2!"));
	phx_secrets_add(&s, S("local"));
	phx_secrets_add(&s, S("vocal"));
	assert_true(phx_secrets_is_weak(&s, S("other")));
	assert_true(phx_secrets_is_weak(&s, S("local")));
	assert_false(phx_secrets_is_weak(&s, S("hunter2!")));
	assert_false(phx_secrets_is_weak(&s, S("vocal")));
	assert_int_equal(s.weak.n, 2);
	assert_masked(&s, S("(another secret) local vocal hunter2!"),
		      "(another secret) local (secret) (secret)");
	assert_masked(&s, S("say: a text with other words"), "say: (secret)");
	phx_arena_done(&a);
}

static void hashes_of_secrets_depend_on_salt_and_value(void **state)
{
	struct phx_arena a = {0};
	struct phx_str one = phx_secret_hash(&a, S("stack"), S("value"));

	(void)state;
	assert_int_equal(one.len, 32);
	assert_true(phx_str_eq(one, phx_secret_hash(&a, S("stack"), S("value"))));
	assert_false(phx_str_eq(one, phx_secret_hash(&a, S("stac"), S("kvalue"))));
	assert_false(phx_str_eq(one, phx_secret_hash(&a, S("stack"), S("valu"))));
	/* SHA-256 of "s\0v", first half. */
	assert_str(phx_secret_hash(&a, S("s"), S("v")), "3bde00908fb6b3e36222c424c7804ddc");
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_a_secret_is_masked),
		cmocka_unit_test(a_secret_inside_encoded_text_is_masked_wherever_it_starts),
		cmocka_unit_test(the_longest_secret_wins_and_overlaps_leave_nothing),
		cmocka_unit_test(short_and_repeated_secrets_are_not_kept),
		cmocka_unit_test(many_secrets_are_all_masked),
		cmocka_unit_test(an_ordinary_word_is_weak_and_not_masked),
		cmocka_unit_test(sums_are_those_of_the_standard),
		cmocka_unit_test(hashes_of_secrets_depend_on_salt_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
