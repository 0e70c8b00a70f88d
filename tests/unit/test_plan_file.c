#include "base/json.h"
#include "base/sys.h"
#include "plan_lab.h"

static const char text[] = "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n"
			   "vm db { id = 102; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n";
static const char more[] = "vm web { id = 101; cores = 2; memory = 4GiB; storage = \"ssd\"; disk = 8GiB }\n"
			   "vm db { id = 102; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n";

static const char *path_of(struct lab *l, const char *name)
{
	const char *dir = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";

	return phx_str_printf(&l->w.arena, "%s/phx-%s-%ld.plan", dir, name, (long)getpid()).ptr;
}

static void save(struct lab *l, const char *path, const char *bytes)
{
	assert_true(phx_write_file_atomic(path, phx_str_c(bytes), 0600, &l->err));
}

/* Saves the plan of the edit, and leaves the lab ready to plan it again. */
static const char *saved_plan(struct lab *l, struct phx_plan_file *f)
{
	const char *path;
	struct phx_plan *p;

	lab_open(l, text);
	lab_converge(l);
	lab_edit(l, more);
	p = lab_good_plan(l);
	p->inputs = PHX_STR("{\"paths\": [\"a.phx\", \"b\"]}");
	path = path_of(l, "saved");
	save(l, path, lab_json(l, p, true));
	assert_true(phx_plan_file_read(path, &l->w.arena, f, &l->err));
	return path;
}

static bool same_now(struct lab *l, const struct phx_plan_file *f)
{
	struct phx_plan *p = lab_good_plan(l);

	p->inputs = PHX_STR("{\"paths\": [\"a.phx\", \"b\"]}");
	phx_err_clear(&l->err);
	return phx_plan_file_same(f, p, &l->err);
}

static void done(struct lab *l, struct phx_plan_file *f, const char *path)
{
	phx_plan_file_done(f);
	unlink(path);
	lab_close(l);
}

static void a_saved_plan_is_read_and_still_the_same(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	assert_int_equal(f.source_paths.n, 2);
	assert_str(f.source_paths.v[1], "b");
	assert_int_equal(f.sha256.len, 64);
	assert_true(same_now(&l, &f));
	done(&l, &f, path);
}

static void changed_cut_off_and_foreign_files_are_refused(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0}, g = {0};
	const char *path = saved_plan(&l, &f);
	char *bytes = strdup(phx_str_dup(&l.w.arena, f.text).ptr);
	char *memory = strstr(bytes, "4096");
	static const char *const others[] = {"", "{}", "not json", "{\"format\": \"phx-plan/1\"}\n"};

	(void)state;
	assert_non_null(memory);
	memory[0] = '8';
	save(&l, path, bytes);
	assert_false(phx_plan_file_read(path, &l.w.arena, &g, &l.err));
	assert_true(phx_str_find(phx_buf_view(&l.err.msg), PHX_STR("its checksum does not fit")) >= 0);
	memory[0] = '4';
	for (size_t n = 0; n < strlen(bytes); n += 97) {
		assert_true(phx_write_file_atomic(path, (struct phx_str){bytes, n}, 0600, &l.err));
		assert_false(phx_plan_file_read(path, &l.w.arena, &g, &l.err));
	}
	for (size_t i = 0; i < PHX_COUNTOF(others); i++) {
		save(&l, path, others[i]);
		assert_false(phx_plan_file_read(path, &l.w.arena, &g, &l.err));
		assert_int_equal(l.err.kind, PHX_ERR_DATA);
	}
	free(bytes);
	done(&l, &f, path);
}

static void a_guest_that_moved_makes_it_stale_and_says_how(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	lab_put(&l, l.s->guests.v[0], PHX_STR("memory"), PHX_STR("3072"));
	l.s->guests.v[0]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	lab_settle(&l);
	assert_false(same_now(&l, &f));
	assert_int_equal(l.err.kind, PHX_ERR_STALE);
	assert_true(phx_str_find(phx_buf_view(&l.err.msg),
				 PHX_STR("vm.web (101): memory was 2GiB, now 3GiB")) >= 0);
	done(&l, &f, path);
}

static void a_digest_alone_makes_it_stale(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	l.s->guests.v[0]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	assert_false(same_now(&l, &f));
	assert_true(phx_str_find(phx_buf_view(&l.err.msg),
				 PHX_STR("guest 101 (web): configuration digest was")) >= 0);
	done(&l, &f, path);
}

static void what_happens_to_guests_that_it_does_not_touch_does_not_matter(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	l.s->guests.v[1]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	assert_true(same_now(&l, &f));
	done(&l, &f, path);
}

static void a_changed_source_makes_it_stale(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	/* The last source is the edited one; a comment more changes no plan, but nobody reviewed it. */
	l.w.sources.files.v[l.w.sources.files.n - 1]->text = PHX_STR("# another\n");
	assert_false(same_now(&l, &f));
	assert_true(phx_str_find(phx_buf_view(&l.err.msg), PHX_STR("test.phx was changed since")) >= 0);
	done(&l, &f, path);
}

static void applied_once_it_is_stale(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);
	struct phx_plan *p = lab_good_plan(&l);

	(void)state;
	lab_apply(&l, p, p->actions.n);
	assert_false(same_now(&l, &f));
	assert_true(phx_str_find(phx_buf_view(&l.err.msg),
				 PHX_STR("the plan was to update it, now nothing is to be done")) >= 0);
	done(&l, &f, path);
}

static void the_document_is_json_with_the_promised_keys(void **state)
{
	static const char *const keys[] = {"format",  "stack",   "cluster", "summary",
					   "changes", "actions", "order",   "diagnostics"};
	struct lab l = {0};
	struct phx_plan *p;
	json_t *doc;

	(void)state;
	lab_open(&l, text);
	p = lab_good_plan(&l);
	doc = phx_json_parse(phx_str_c(lab_json(&l, p, false)), "plan", &l.err);
	assert_non_null(doc);
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
		assert_non_null(phx_json_get(doc, keys[i]));
	assert_int_equal(phx_json_int(phx_json_get(doc, "summary"), "create", -1), 2);
	assert_int_equal(json_array_size(phx_json_get(doc, "order")), 2);
	json_decref(doc);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_saved_plan_is_read_and_still_the_same),
		cmocka_unit_test(changed_cut_off_and_foreign_files_are_refused),
		cmocka_unit_test(a_guest_that_moved_makes_it_stale_and_says_how),
		cmocka_unit_test(a_digest_alone_makes_it_stale),
		cmocka_unit_test(what_happens_to_guests_that_it_does_not_touch_does_not_matter),
		cmocka_unit_test(a_changed_source_makes_it_stale),
		cmocka_unit_test(applied_once_it_is_stale),
		cmocka_unit_test(the_document_is_json_with_the_promised_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
