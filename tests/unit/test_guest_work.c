/* The data of a work in a guest, and the calls that doing it makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "guest/guest_priv.h"

static const struct phx_guest_ref VM = {true, 101, {"pve", 3}}, CT = {false, 201, {"pve", 3}};

static struct phx_guest_work small_work(struct phx_arena *a)
{
	struct phx_guest_work w = {.what = PHX_STR("feature docker"),
				   .key = PHX_STR("feature:docker"),
				   .script = PHX_STR("#!/bin/sh\necho hello\n"),
				   .timeout_ms = 1000,
				   .once = true};
	struct phx_param p = {PHX_STR("PHX_CHANNEL"), PHX_STR("sta'ble\n"), false};

	phx_vec_push(a, &w.env, p);
	w.hash = phx_guest_work_hash(a, &w);
	return w;
}

static struct phx_guest_work large_work(struct phx_arena *a, uint64_t size)
{
	struct phx_guest_work w = small_work(a);
	struct phx_guest_file f = {.name = PHX_STR("big"), .secret = true};
	struct phx_err err = {0};
	char *bytes = PHX_NEW_N(a, char, size + 1);

	memset(bytes, 'x', size);
	f.content = (struct phx_str){bytes, size};
	assert_true(phx_guest_file_measure(a, &f, &err));
	phx_vec_push(a, &w.files, f);
	return w;
}

static void hash_follows_script_environment_and_files(void **state)
{
	struct phx_arena a = {0};
	struct phx_guest_work w = small_work(&a), other = small_work(&a), file = large_work(&a, 3);

	(void)state;
	assert_int_equal(w.hash.len, 12);
	assert_true(phx_str_eq(w.hash, other.hash));
	other.env.v[0].value = PHX_STR("test");
	assert_false(phx_str_eq(w.hash, phx_guest_work_hash(&a, &other)));
	assert_false(phx_str_eq(w.hash, phx_guest_work_hash(&a, &file)));
	phx_arena_done(&a);
}

static void small_work_is_one_call(void **state)
{
	struct phx_arena a = {0};
	struct phx_guest_work w = small_work(&a);
	struct phx_guest_calls calls;
	struct phx_err err = {0};

	(void)state;
	assert_true(phx_guest_work_calls(&a, &VM, &w, &calls, &err));
	assert_int_equal(calls.v.n, 1);
	assert_string_equal(calls.v.v[0].path.ptr, "/nodes/pve/qemu/101/agent/exec");
	assert_int_equal(calls.v.v[0].method, PHX_POST);
	assert_true(phx_str_eqc(calls.v.v[0].params.v.v[0].value, "/bin/sh"));
	assert_true(phx_str_starts(calls.v.v[0].params.v.v[1].value, "sha256:"));
	assert_true(phx_guest_work_calls(&a, &CT, &w, &calls, &err));
	assert_int_equal(calls.v.n, 1);
	assert_int_equal(calls.v.v[0].argv.n, 5);
	assert_true(phx_str_eqc(calls.v.v[0].argv.v[4], "/bin/sh"));
	phx_arena_done(&a);
}

/* 65536 characters of input-data and 61440 of content are what Proxmox takes. */
static void large_files_go_ahead_in_pieces(void **state)
{
	struct phx_arena a = {0};
	struct phx_guest_work w = large_work(&a, 100000);
	struct phx_bundle_options o = {0};
	struct phx_guest_calls calls;
	struct phx_bundle b;
	struct phx_err err = {0};

	(void)state;
	assert_true(phx_bundle_build(&a, &w, PHX_WAY_AGENT, &o, &b, &err));
	assert_int_equal(b.pieces.n, 3);
	assert_true(b.text.len <= 61440);
	for (uint32_t i = 0; i < b.pieces.n; i++)
		assert_true((b.pieces.v[i].len + 2) / 3 * 4 <= 61440);
	assert_false(b.secret);
	assert_true(phx_guest_work_calls(&a, &VM, &w, &calls, &err));
	assert_int_equal(calls.v.n, 5);
	assert_true(phx_str_ends(calls.v.v[1].path, "/agent/file-write"));
	assert_true(calls.v.v[1].params.v.v[1].secret);
	phx_arena_done(&a);
}

static void bundle_is_ascii_and_fits(void **state)
{
	struct phx_bundle_options o = {0};

	(void)state;
	for (uint64_t size = 30000; size < 50000; size += 997) {
		struct phx_arena a = {0};
		struct phx_guest_work w = large_work(&a, size);
		struct phx_bundle b;
		struct phx_err err = {0};

		w.files.v[0].name = PHX_STR("\303\244 '\n");
		assert_true(phx_bundle_build(&a, &w, PHX_WAY_AGENT, &o, &b, &err));
		assert_true(b.text.len <= 65536);
		for (size_t i = 0; i < b.text.len; i++)
			assert_true((unsigned char)b.text.ptr[i] < 0x80);
		phx_arena_done(&a);
	}
}

static void shell_words_come_back(void **state)
{
	static const char *const words[] = {
		"",   "plain", "it's", "a b\tc", "$HOME `x` \\ \"", "new\nline\n\n", "\303\251\377",
		"-n", "%s"};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(words); i++) {
		struct phx_buf b = {0};
		char got[64] = "";
		FILE *f;
		size_t n;

		phx_buf_c(&b, "LC_ALL=C printf %s ");
		phx_shell_word(&b, phx_str_c(words[i]));
		f = popen(b.ptr, "r");
		assert_non_null(f);
		n = fread(got, 1, sizeof(got) - 1, f);
		got[n] = 0;
		assert_int_equal(pclose(f), 0);
		assert_string_equal(got, words[i]);
		phx_buf_done(&b);
	}
}

static void odd_environment_is_refused(void **state)
{
	struct phx_arena a = {0};
	struct phx_guest_work w = small_work(&a);
	struct phx_guest_calls calls;
	struct phx_err err = {0};

	(void)state;
	w.env.v[0].name = PHX_STR("A;B");
	assert_false(phx_guest_work_calls(&a, &VM, &w, &calls, &err));
	assert_string_equal(err.msg.ptr, "`A;B` is no name of an environment variable");
	phx_err_done(&err);
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_follows_script_environment_and_files),
		cmocka_unit_test(small_work_is_one_call),
		cmocka_unit_test(large_files_go_ahead_in_pieces),
		cmocka_unit_test(bundle_is_ascii_and_fits),
		cmocka_unit_test(shell_words_come_back),
		cmocka_unit_test(odd_environment_is_refused),
	};

	return cmocka_run_group_tests_name("guest_work", tests, NULL, NULL);
}
