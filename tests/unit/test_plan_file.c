#include "base/json.h"
#include "base/sys.h"
#include "plan_lab.h"

static const char config[] = "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n"
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

	lab_open(l, config);
	lab_converge(l);
	lab_edit(l, more);
	p = lab_good_plan(l);
	p->inputs = PHX_STR("{\"paths\":[\"a.phx\",\"b\"]}");
	path = path_of(l, "saved");
	save(l, path, lab_json(l, p, true));
	assert_true(phx_plan_file_read(path, PHX_STR(""), &l->w.arena, f, &l->err));
	return path;
}

/* What moved, one a line; "" when it is still the same. */
static const char *moved(struct lab *l, const struct phx_plan_file *f)
{
	struct phx_plan *p = lab_good_plan(l);
	struct phx_moves moves = {0};
	struct phx_buf text = {0};
	const char *kept;

	p->inputs = PHX_STR("{\"paths\":[\"a.phx\",\"b\"]}");
	phx_err_clear(&l->err);
	assert_true(phx_plan_file_cluster(f, p, &l->err));
	assert_true(phx_plan_file_compare(f, p, NULL, &l->w.arena, &moves, &l->err));
	for (uint32_t i = 0; i < moves.n; i++)
		phx_buf_printf(&text, PHX_STR_FMT "\n", PHX_STR_ARG(moves.v[i].what));
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&text)).ptr;
	phx_buf_done(&text);
	return kept ? kept : "";
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
	assert_string_equal(moved(&l, &f), "");
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
	assert_false(phx_plan_file_read(path, PHX_STR(""), &l.w.arena, &g, &l.err));
	assert_true(phx_str_find(phx_buf_view(&l.err.msg), PHX_STR("its checksum does not fit")) >= 0);
	memory[0] = '4';
	for (size_t n = 0; n < strlen(bytes); n += 97) {
		assert_true(phx_write_file_atomic(path, (struct phx_str){bytes, n}, 0600, &l.err));
		assert_false(phx_plan_file_read(path, PHX_STR(""), &l.w.arena, &g, &l.err));
	}
	for (size_t i = 0; i < PHX_COUNTOF(others); i++) {
		save(&l, path, others[i]);
		assert_false(phx_plan_file_read(path, PHX_STR(""), &l.w.arena, &g, &l.err));
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
	assert_string_equal(moved(&l, &f), "vm.web (101): memory was 2GiB, now 3GiB\n");
	done(&l, &f, path);
}

static void a_digest_alone_makes_it_stale(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	l.s->guests.v[0]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	assert_non_null(strstr(moved(&l, &f), "guest 101 (web): configuration digest was"));
	done(&l, &f, path);
}

static void what_happens_to_guests_that_it_does_not_touch_does_not_matter(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	l.s->guests.v[1]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	assert_string_equal(moved(&l, &f), "");
	done(&l, &f, path);
}

static void a_changed_source_makes_it_stale(void **state)
{
	struct lab l = {0};
	struct phx_source *source;
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	/* The last source is the edited one; a comment more changes no plan, but nobody reviewed it. */
	source = l.w.sources.files.v[l.w.sources.files.n - 1];
	source->text = phx_str_printf(&l.w.arena, PHX_STR_FMT "# more\n", PHX_STR_ARG(source->text));
	assert_non_null(strstr(moved(&l, &f), "test.phx was changed since"));
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
	assert_non_null(strstr(moved(&l, &f), "the plan was to update it, now nothing is to be done"));
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
	lab_open(&l, config);
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

/* The file with one text replaced by another, and a checksum that fits again. */
static bool reads(struct lab *l, const struct phx_plan_file *f, const char *old, const char *new,
		  struct phx_plan_file *out)
{
	const char *path = path_of(l, "edited");
	struct phx_str body = f->text;
	struct phx_buf text = {0};
	ptrdiff_t at = phx_str_find(body, phx_str_c(old));
	bool ok;

	assert_true(at >= 0);
	phx_buf_str(&text, phx_str_slice(body, 0, (size_t)at));
	phx_buf_c(&text, new);
	phx_buf_str(&text, phx_str_from(body, (size_t)at + strlen(old)));
	text.len -= strlen(",\n  \"sha256\": \"\"\n}\n") + 64;
	phx_buf_printf(&text, ",\n  \"sha256\": \"" PHX_STR_FMT "\"\n}\n",
		       PHX_STR_ARG(phx_sha256_hex(&l->w.arena, phx_buf_view(&text))));
	assert_true(phx_write_file_atomic(path, phx_buf_view(&text), 0600, &l->err));
	phx_buf_done(&text);
	phx_err_clear(&l->err);
	ok = phx_plan_file_read(path, PHX_STR(""), &l->w.arena, out, &l->err);
	unlink(path);
	return ok;
}

static void a_wrong_member_is_named_by_its_path(void **state)
{
	static const struct {
		const char *old, *new, *says;
	} cases[] = {
		{"\"restart\": true,\n      \"attributes\"", "\"restart\": 1,\n      \"attributes\"",
		 "changes[0].restart: expected true or false, found a number"},
		{"\"path\": \"memory\"", "\"path\": null",
		 "changes[0].attributes[0].path: expected a string, found null"},
		{"\"action\": \"update\"", "\"action\": \"explode\"",
		 "changes[0].action: `explode` is no value that this phx knows here"},
		{"\"update\": 1", "\"update\": 0", "summary.update: it says 0, `changes` has 1"},
		{"\"id\": \"a2\"", "\"id\": \"a7\"", "actions[1].id: actions are numbered in their order"},
		{"\"needs\": [\n        \"a1\"", "\"needs\": [\n        \"a9\"",
		 "actions[1].needs[0]: an action needs earlier ones only"},
		{"\"method\": \"POST\"", "\"method\": \"PATCH\"",
		 "actions[0].call.method: expected GET, POST, PUT or DELETE"},
		{"\"observed\": [", "\"observed\": [ {\"id\": -1} ], \"x\": [",
		 "observed[0].id: expected a number from 0 to"},
		{"\"minor\": 1", "\"minor\": 9", "in form phx-plan/1.9; this is phx"},
		{"\"format\": \"phx-plan/1\"", "\"format\": \"phx-plan/2\"",
		 "has format `phx-plan/2`, this phx reads `phx-plan/1`"},
	};
	struct lab l = {0};
	struct phx_plan_file f = {0}, g = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(cases); i++) {
		assert_false(reads(&l, &f, cases[i].old, cases[i].new, &g));
		if (phx_str_find(phx_buf_view(&l.err.msg), phx_str_c(cases[i].says)) < 0)
			fail_msg("case %zu says: " PHX_STR_FMT, i, PHX_STR_ARG(phx_buf_view(&l.err.msg)));
	}
	done(&l, &f, path);
}

static void what_was_read_is_written_as_it_was(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);
	struct phx_plan *p = lab_good_plan(&l);
	struct phx_buf again = {0};

	(void)state;
	assert_string_equal(lab_json(&l, f.plan, false), lab_json(&l, p, false));
	assert_string_equal(lab_text(&l, f.plan), lab_text(&l, p));
	phx_plan_json(f.plan, true, NULL, &again);
	again.len -= 3;
	assert_true(phx_str_starts(f.text, phx_str_dup(&l.w.arena, phx_buf_view(&again)).ptr));
	phx_buf_done(&again);
	done(&l, &f, path);
}

static void a_signature_is_asked_for_and_checked(void **state)
{
	const struct phx_str key = PHX_STR("0123456789abcdef0123"), other = PHX_STR("0123456789abcdef0124");
	struct lab l = {0};
	struct phx_plan_file f = {0}, g = {0};
	const char *path = saved_plan(&l, &f);
	struct phx_buf text = {0};

	(void)state;
	assert_int_equal(f.signature, PHX_PLAN_UNSIGNED);
	assert_false(phx_plan_file_read(path, key, &l.w.arena, &g, &l.err));
	assert_non_null(strstr(l.err.msg.ptr, "PHX_PLAN_KEY is set, and the plan is not signed"));
	phx_plan_file_write(f.plan, NULL, key, &text);
	assert_true(phx_write_file_atomic(path, phx_buf_view(&text), 0600, &l.err));
	assert_true(phx_plan_file_read(path, key, &l.w.arena, &g, &l.err));
	assert_int_equal(g.signature, PHX_PLAN_SIGNED);
	phx_plan_file_done(&g);
	assert_true(phx_plan_file_read(path, PHX_STR(""), &l.w.arena, &g, &l.err));
	assert_int_equal(g.signature, PHX_PLAN_UNCHECKED);
	phx_plan_file_done(&g);
	assert_false(phx_plan_file_read(path, other, &l.w.arena, &g, &l.err));
	assert_non_null(strstr(l.err.msg.ptr, "its signature does not fit PHX_PLAN_KEY"));
	phx_buf_done(&text);
	done(&l, &f, path);
}

static void another_cluster_is_told_by_certificate_name_and_nodes(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);
	struct phx_plan *now = lab_good_plan(&l);
	struct phx_str node = PHX_STR("elsewhere");

	(void)state;
	assert_true(phx_plan_file_cluster(&f, now, &l.err));
	now->nodes.v = &node;
	now->nodes.n = 1;
	assert_false(phx_plan_file_cluster(&f, now, &l.err));
	assert_non_null(strstr(l.err.msg.ptr,
			       "made for another cluster: for `pve` (nodes pve), and this is `pve` "
			       "(nodes elsewhere)"));
	f.plan->fingerprint = now->fingerprint = PHX_STR("AB:CD");
	assert_true(phx_plan_file_cluster(&f, now, &l.err));
	now->fingerprint = PHX_STR("AB:CE");
	assert_false(phx_plan_file_cluster(&f, now, &l.err));
	done(&l, &f, path);
}

static void an_attribute_that_only_the_cluster_knows_is_named(void **state)
{
	struct lab l = {0};
	struct phx_plan_file f = {0};
	const char *path = saved_plan(&l, &f);

	(void)state;
	lab_put(&l, l.s->guests.v[0], PHX_STR("balloon"), PHX_STR("512"));
	l.s->guests.v[0]->digest = PHX_STR("ffffffffffffffffffffffffffffffffffffffff");
	lab_settle(&l);
	assert_string_equal(moved(&l, &f), "guest 101 (web): balloon was (none), now 512\n");
	done(&l, &f, path);
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
		cmocka_unit_test(a_wrong_member_is_named_by_its_path),
		cmocka_unit_test(what_was_read_is_written_as_it_was),
		cmocka_unit_test(a_signature_is_asked_for_and_checked),
		cmocka_unit_test(another_cluster_is_told_by_certificate_name_and_nodes),
		cmocka_unit_test(an_attribute_that_only_the_cluster_knows_is_named),
		cmocka_unit_test(the_document_is_json_with_the_promised_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
