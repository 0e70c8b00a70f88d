#include "sim_test.h"

#include <dirent.h>
#include <unistd.h>

#include "base/sys.h"

/* A simulator of which only the store is open. */
static struct phx_sim *open_store(struct phx_sim_fixture *f)
{
	struct phx_sim *s = calloc(1, sizeof(*s));
	struct phx_err err = {0};

	s->options.dir = f->dir;
	assert_true(phx_sim_store_open(s, &err));
	if (phx_sim_store_fresh(s))
		assert_true(phx_sim_store_compact(s, &err));
	return s;
}

static void close_store(struct phx_sim *s)
{
	phx_sim_store_close(s);
	phx_err_done(&s->failure);
	phx_arena_done(&s->arena);
	free(s);
}

static const char *journal_of(struct phx_sim_fixture *f)
{
	DIR *d = opendir(phx_sim_in_dir(f, "state"));
	struct dirent *e;
	const char *found = NULL;

	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, "journal.", 8) == 0)
			found = phx_sim_in_dir(f, phx_str_printf(&f->arena, "state/%s", e->d_name).ptr);
	(void)closedir(d);
	return found;
}

static int64_t size_of(const char *path)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};
	int64_t n;

	assert_true(phx_read_file(path, &text, &err));
	n = (int64_t)text.len;
	phx_buf_done(&text);
	return n;
}

static void put(struct phx_sim *s, const char *id, int n)
{
	phx_sim_put(s, "thing", id, json_pack("{s:i}", "n", n));
	assert_true(phx_sim_commit(s));
}

static int value(struct phx_sim *s, const char *id)
{
	return (int)phx_json_int(phx_sim_get(s, "thing", id), "n", -1);
}

static void what_was_committed_is_there_after_reopening(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim *s = open_store(f);

	put(s, "a", 1);
	put(s, "b", 2);
	phx_sim_set_int(phx_sim_get(s, "thing", "a"), "n", 3);
	phx_sim_dirty(s, "thing", "a");
	phx_sim_del(s, "thing", "b");
	assert_true(phx_sim_commit(s));
	close_store(s);
	s = open_store(f);
	assert_false(phx_sim_store_fresh(s));
	assert_int_equal(value(s, "a"), 3);
	assert_null(phx_sim_get(s, "thing", "b"));
	close_store(s);
}

static void what_was_not_committed_is_not(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim *s = open_store(f);

	put(s, "a", 1);
	phx_sim_put(s, "thing", "b", json_object());
	close_store(s);
	s = open_store(f);
	assert_int_equal(value(s, "a"), 1);
	assert_null(phx_sim_get(s, "thing", "b"));
	close_store(s);
}

static void a_torn_commit_is_lost_as_a_whole_at_any_length(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim *s = open_store(f);
	const char *journal;
	int64_t first, all;

	put(s, "a", 1);
	journal = journal_of(f);
	first = size_of(journal);
	phx_sim_put(s, "thing", "a", json_pack("{s:i}", "n", 2));
	phx_sim_put(s, "thing", "b", json_pack("{s:i}", "n", 2));
	assert_true(phx_sim_commit(s));
	all = size_of(journal);
	close_store(s);
	for (int64_t cut = all - 1; cut >= first; cut -= 3) {
		assert_int_equal(truncate(journal, (off_t)cut), 0);
		s = open_store(f);
		assert_int_equal(value(s, "a"), 1);
		assert_int_equal(value(s, "b"), -1);
		close_store(s);
	}
	/* What is written after the cut end counts. */
	s = open_store(f);
	put(s, "c", 3);
	close_store(s);
	s = open_store(f);
	assert_int_equal(value(s, "a"), 1);
	assert_int_equal(value(s, "c"), 3);
	close_store(s);
}

static void a_changed_byte_ends_the_journal_there(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim *s = open_store(f);
	struct phx_buf text = {0};
	struct phx_err err = {0};
	const char *journal;

	put(s, "a", 1);
	put(s, "b", 2);
	put(s, "c", 3);
	close_store(s);
	journal = journal_of(f);
	assert_true(phx_read_file(journal, &text, &err));
	text.ptr[text.len / 2] ^= 1;
	assert_true(phx_write_file_atomic(journal, phx_buf_view(&text), 0600, &err));
	phx_buf_done(&text);
	s = open_store(f);
	assert_int_equal(value(s, "a"), 1);
	assert_int_equal(value(s, "c"), -1);
	close_store(s);
}

static void compaction_keeps_everything_and_starts_a_new_journal(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim *s = open_store(f);
	struct phx_err err = {0};
	const char *before;

	put(s, "a", 1);
	before = journal_of(f);
	assert_true(phx_sim_store_compact(s, &err));
	assert_string_not_equal(before, journal_of(f));
	assert_int_not_equal(access(before, F_OK), 0);
	put(s, "b", 2);
	close_store(s);
	s = open_store(f);
	assert_int_equal(value(s, "a"), 1);
	assert_int_equal(value(s, "b"), 2);
	close_store(s);
}

static void a_foreign_snapshot_is_refused(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_sim s = {.options = {.dir = f->dir}};
	struct phx_err err = {0};

	assert_true(phx_make_dirs(phx_sim_in_dir(f, "state"), 0700, &err));
	assert_true(phx_write_file_atomic(phx_sim_in_dir(f, "state/snapshot.json"),
					  PHX_STR("{\"format\":\"else\"}"), 0600, &err));
	assert_false(phx_sim_store_open(&s, &err));
	assert_non_null(strstr(err.msg.ptr, "is not a state of this simulator"));
	phx_sim_store_close(&s);
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_committed_is_there_after_reopening, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(what_was_not_committed_is_not, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_torn_commit_is_lost_as_a_whole_at_any_length,
						phx_sim_set_up, phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_changed_byte_ends_the_journal_there, phx_sim_set_up,
						phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(compaction_keeps_everything_and_starts_a_new_journal,
						phx_sim_set_up, phx_sim_tear_down),
		cmocka_unit_test_setup_teardown(a_foreign_snapshot_is_refused, phx_sim_set_up,
						phx_sim_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
