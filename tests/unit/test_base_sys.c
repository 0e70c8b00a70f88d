#include "base_test.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/sys.h"

#define S(lit) PHX_STR(lit)

struct fixture {
	struct phx_arena arena;
	char dir[32];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	memcpy(f->dir, "/tmp/phx-test-XXXXXX", sizeof("/tmp/phx-test-XXXXXX"));
	*state = f;
	return mkdtemp(f->dir) ? 0 : 1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct phx_str command = phx_str_printf(&f->arena, "rm -rf '%s'", f->dir);
	int status = system(command.ptr);

	phx_arena_done(&f->arena);
	free(f);
	return status;
}

static const char *in_dir(struct fixture *f, const char *name)
{
	return phx_path_join(&f->arena, phx_str_c(f->dir), phx_str_c(name)).ptr;
}

static unsigned count_files(const char *dir)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* `.` and `..` */
}

static void written_files_are_whole_and_alone(void **state)
{
	struct fixture *f = *state;
	const char *path = in_dir(f, "plan.json");
	struct phx_buf text = {0};
	struct phx_err err = {0};
	struct stat info;

	assert_true(phx_write_file_atomic(path, S("old content"), 0600, &err));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(phx_write_file_atomic(path, S("new"), 0644, &err));
	assert_true(phx_read_file(path, &text, &err));
	assert_buf(&text, "new");
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0644);
	assert_true(phx_write_file_atomic(path, (struct phx_str){0}, 0644, &err));
	assert_true(phx_read_file(path, &text, &err));
	assert_buf(&text, "");
	assert_int_equal(count_files(f->dir), 1);
	phx_buf_done(&text);
}

static void failed_writes_leave_the_old_file_and_no_other(void **state)
{
	struct fixture *f = *state;
	struct phx_err err = {0};

	assert_false(phx_write_file_atomic(in_dir(f, "no/such/dir"), S("x"), 0644, &err));
	assert_int_equal(err.kind, PHX_ERR_IO);
	assert_int_equal(mkdir(in_dir(f, "d"), 0755), 0);
	assert_false(phx_write_file_atomic(in_dir(f, "d"), S("x"), 0644, &err));
	assert_non_null(strstr(err.msg.ptr, "irectory"));
	assert_int_equal(count_files(f->dir), 1);
	phx_err_done(&err);
}

static void links_and_devices_stay_what_they_are(void **state)
{
	struct fixture *f = *state;
	const char *link = in_dir(f, "link"), *path = in_dir(f, "real");
	struct phx_buf text = {0};
	struct phx_err err = {0};
	struct stat info;

	assert_true(phx_write_file_atomic(path, S("one"), 0644, &err));
	assert_int_equal(symlink("real", link), 0);
	assert_true(phx_write_file_atomic(link, S("two"), 0644, &err));
	assert_int_equal(lstat(link, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_true(phx_read_file(path, &text, &err));
	assert_buf(&text, "two");
	assert_true(phx_write_file_atomic("/dev/null", S("x"), 0644, &err));
	assert_int_equal(stat("/dev/null", &info), 0);
	assert_true(S_ISCHR(info.st_mode));
	phx_buf_done(&text);
}

static void reading_appends_and_names_the_file_that_fails(void **state)
{
	struct fixture *f = *state;
	struct phx_buf text = {0}, large = {0};
	struct phx_err err = {0};

	phx_buf_fill(&large, 'x', 300001);
	assert_true(phx_write_file_atomic(in_dir(f, "a"), phx_buf_view(&large), 0644, &err));
	phx_buf_c(&text, "before ");
	assert_true(phx_read_file(in_dir(f, "a"), &text, &err));
	assert_int_equal(text.len, 300008);
	assert_int_equal(text.ptr[text.len], 0);
	phx_buf_clear(&text);
	assert_true(phx_read_file("/proc/self/stat", &text, &err)); /* a file that tells no size */
	assert_true(text.len > 10);
	assert_false(phx_read_file(in_dir(f, "b"), &text, &err));
	assert_non_null(strstr(err.msg.ptr, in_dir(f, "b")));
	phx_buf_done(&text);
	phx_buf_done(&large);
	phx_err_done(&err);
}

static void directories_are_made_with_their_parents(void **state)
{
	struct fixture *f = *state;
	struct phx_err err = {0};
	struct stat info;

	assert_true(phx_make_dirs(in_dir(f, "a/b//c/"), 0700, &err));
	assert_true(phx_make_dirs(in_dir(f, "a/b/c"), 0700, &err));
	assert_int_equal(stat(in_dir(f, "a/b/c"), &info), 0);
	assert_true(S_ISDIR(info.st_mode));
	assert_true(phx_write_file_atomic(in_dir(f, "file"), S("x"), 0644, &err));
	assert_false(phx_make_dirs(in_dir(f, "file"), 0700, &err));
	assert_false(phx_make_dirs(in_dir(f, "file/d"), 0700, &err));
	assert_int_equal(err.kind, PHX_ERR_IO);
	phx_err_done(&err);
}

static void paths_split_and_join(void **state)
{
	struct fixture *f = *state;

	assert_str(phx_path_dir(S("a/b.phx")), "a");
	assert_str(phx_path_dir(S("a/b/")), "a");
	assert_str(phx_path_dir(S("a//b")), "a");
	assert_str(phx_path_dir(S("b.phx")), ".");
	assert_str(phx_path_dir(S("/b")), "/");
	assert_str(phx_path_dir(S("/")), "/");
	assert_str(phx_path_dir(S("")), ".");
	assert_str(phx_path_join(&f->arena, S("a"), S("b")), "a/b");
	assert_str(phx_path_join(&f->arena, S("a/"), S("b")), "a/b");
	assert_str(phx_path_join(&f->arena, S("/"), S("b")), "/b");
	assert_str(phx_path_join(&f->arena, S("a"), S("/b")), "/b");
	assert_str(phx_path_join(&f->arena, S("."), S("b")), "b");
	assert_str(phx_path_join(&f->arena, S(""), S("b")), "b");
}

static void own_files_are_where_the_environment_says(void **state)
{
	struct fixture *f = *state;
	struct phx_str set = phx_str_dup(&f->arena, phx_str_c(getenv("PHX_ETC")));

	setenv("PHX_ETC", "/some/where", 1);
	assert_str(phx_etc_dir(&f->arena), "/some/where");
	/* The tests are not installed, so without it the source tree's is left. */
	unsetenv("PHX_ETC");
	assert_str(phx_etc_dir(&f->arena), PHX_SOURCE_ETC);
	setenv("PHX_ETC", "", 1);
	assert_str(phx_etc_dir(&f->arena), PHX_SOURCE_ETC);
	setenv("PHX_ETC", set.ptr, 1);
}

static void clocks_go_forward(void **state)
{
	uint64_t start = phx_now_ms();

	(void)state;
	phx_sleep_ms(2);
	assert_true(phx_now_ms() >= start + 1);
	assert_true(phx_wall_ms() > UINT64_C(1600000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(written_files_are_whole_and_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failed_writes_leave_the_old_file_and_no_other, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(links_and_devices_stay_what_they_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reading_appends_and_names_the_file_that_fails, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(directories_are_made_with_their_parents, set_up, tear_down),
		cmocka_unit_test_setup_teardown(paths_split_and_join, set_up, tear_down),
		cmocka_unit_test_setup_teardown(own_files_are_where_the_environment_says, set_up, tear_down),
		cmocka_unit_test(clocks_go_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
