#include "base_test.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "apply/apply.h"
#include "base/sys.h"

struct desk {
	char dir[40], path[80];
	struct phx_arena arena;
	struct phx_journal *j;
	struct phx_err err;
};

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	strcpy(d->dir, "/tmp/phx-journal-XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	snprintf(d->path, sizeof(d->path), "%s/sub/lab.journal", d->dir);
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;
	char sub[60];

	phx_journal_close(d->j);
	unlink(d->path);
	snprintf(sub, sizeof(sub), "%s/sub", d->dir);
	rmdir(sub);
	rmdir(d->dir);
	phx_err_done(&d->err);
	phx_arena_done(&d->arena);
	free(d);
	return 0;
}

static void open_it(struct desk *d)
{
	if (!phx_journal_open(d->path, &d->j, &d->err))
		fail_msg("%s", d->err.msg.ptr);
}

#define UPID "UPID:pve:00004E18:00061220:6B0025F2:qmclone:210:root@pam!phx:"

static void write_run(struct desk *d, const char *run)
{
	assert_true(phx_journal_begin(d->j, phx_str_c(run), PHX_STR("lab"), &d->err));
	assert_true(phx_journal_intent(d->j, 1, PHX_STR("vm.web"), "clone", &d->err));
	assert_true(phx_journal_task(d->j, 1, PHX_STR(UPID), &d->err));
	assert_true(phx_journal_intent(d->j, 2, PHX_STR("vm.db"), "clone", &d->err));
	assert_true(phx_journal_result(d->j, 2, "done", PHX_STR(""), &d->err));
	assert_true(phx_journal_intent(d->j, 3, PHX_STR("vm.x"), "config", &d->err));
}

static void pending(struct desk *d, struct phx_journal_pendings *p)
{
	assert_true(phx_journal_read_pending(d->path, &d->arena, p, &d->err));
}

static void intents_without_result_are_pending(void **state)
{
	struct desk *d = *state;
	struct phx_journal_pendings p;

	pending(d, &p);
	assert_int_equal(p.v.n, 0);
	open_it(d);
	write_run(d, "r1");
	pending(d, &p);
	assert_int_equal(p.v.n, 2);
	assert_int_equal(p.v.v[0].action, 1);
	assert_str(p.v.v[0].address, "vm.web");
	assert_str(p.v.v[0].upid, UPID);
	assert_str(p.v.v[1].op, "config");
	assert_int_equal(p.v.v[1].upid.len, 0);
}

static void a_line_cut_by_a_kill_is_skipped_and_does_not_swallow_the_next(void **state)
{
	struct desk *d = *state;
	struct phx_journal_pendings p;
	struct phx_buf text = {0};

	open_it(d);
	write_run(d, "r1");
	phx_journal_close(d->j);
	d->j = NULL;
	assert_true(phx_read_file(d->path, &text, &d->err));
	assert_int_equal(truncate(d->path, (off_t)text.len - 10), 0);
	pending(d, &p);
	assert_int_equal(p.v.n, 1);
	open_it(d);
	assert_true(phx_journal_result(d->j, 9, "done", PHX_STR(""), &d->err));
	phx_journal_close(d->j);
	d->j = NULL;
	phx_buf_clear(&text);
	assert_true(phx_read_file(d->path, &text, &d->err));
	assert_non_null(strstr(text.ptr, "\n{\"at\""));
	assert_non_null(strstr(text.ptr, "\"action\":9,\"outcome\":\"done\"}\n"));
	phx_buf_done(&text);
}

static void a_new_run_of_the_stack_forgets_the_old_ones(void **state)
{
	struct desk *d = *state;
	struct phx_journal_pendings p;

	open_it(d);
	write_run(d, "r1");
	assert_true(phx_journal_begin(d->j, PHX_STR("r2"), PHX_STR("other"), &d->err));
	pending(d, &p);
	assert_int_equal(p.v.n, 2);
	assert_true(phx_journal_begin(d->j, PHX_STR("r3"), PHX_STR("lab"), &d->err));
	pending(d, &p);
	assert_int_equal(p.v.n, 0);
}

static void garbage_in_the_file_is_no_harm(void **state)
{
	struct desk *d = *state;
	struct phx_journal_pendings p;
	FILE *f;

	open_it(d);
	f = fopen(d->path, "w");
	fputs("\n{}\n[]\nnull\n{\"event\":\"intent\"}\n{\"event\":\"intent\",\"action\":-1}\n{\"event\":"
	      "\"task\",\"action\":5,\"upid\":\"x\"}\n"
	      "{\"event\":1,\"action\":\"x\"}\n\xff\xfe\n{\"event\":\"intent\",\"action\":99999999999}\n",
	      f);
	fclose(f);
	pending(d, &p);
	assert_int_equal(p.v.n, 0);
}

static void a_journal_that_cannot_be_written_is_an_error(void **state)
{
	struct desk *d = *state;

	assert_false(phx_journal_open("/proc/nonexistent/journal", &d->j, &d->err));
	assert_int_equal(d->err.kind, PHX_ERR_IO);
	assert_true(phx_journal_open("/dev/full", &d->j, &d->err));
	assert_false(phx_journal_begin(d->j, PHX_STR("r"), PHX_STR("lab"), &d->err));
	assert_int_equal(d->err.kind, PHX_ERR_IO);
}

/* No file of this process grows beyond. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void half_a_line_does_not_swallow_the_next_when_there_is_room_again(void **state)
{
	struct desk *d = *state;
	struct phx_journal_pendings p;
	struct phx_buf text = {0};

	open_it(d);
	write_run(d, "r1");
	assert_true(phx_read_file(d->path, &text, &d->err));
	limit_files((rlim_t)text.len + 10);
	assert_false(phx_journal_result(d->j, 1, "done", PHX_STR(""), &d->err));
	assert_int_equal(d->err.sys, EFBIG);
	assert_non_null(strstr(d->err.msg.ptr, "cannot write the journal "));
	assert_false(phx_journal_result(d->j, 3, "done", PHX_STR(""), &d->err));
	limit_files(RLIM_INFINITY);
	assert_true(phx_journal_result(d->j, 3, "done", PHX_STR(""), &d->err));
	pending(d, &p);
	assert_int_equal(p.v.n, 1);
	assert_int_equal(p.v.v[0].action, 1);
	phx_buf_done(&text);
}

static void what_is_no_file_to_append_to_is_refused(void **state)
{
	struct desk *d = *state;

	assert_false(phx_journal_open(d->dir, &d->j, &d->err));
	assert_int_equal(d->err.sys, EISDIR);
	open_it(d);
	phx_journal_close(d->j);
	d->j = NULL;
	unlink(d->path);
	assert_int_equal(mkfifo(d->path, 0600), 0);
	assert_false(phx_journal_open(d->path, &d->j, &d->err));
	assert_int_equal(d->err.sys, ESPIPE);
	assert_null(d->j);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(intents_without_result_are_pending),
		T(a_line_cut_by_a_kill_is_skipped_and_does_not_swallow_the_next),
		T(a_new_run_of_the_stack_forgets_the_old_ones),
		T(garbage_in_the_file_is_no_harm),
		T(a_journal_that_cannot_be_written_is_an_error),
		T(half_a_line_does_not_swallow_the_next_when_there_is_room_again),
		T(what_is_no_file_to_append_to_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
