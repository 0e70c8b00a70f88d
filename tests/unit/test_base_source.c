#include "base_test.h"

#include "base/source.h"

#define S(lit) PHX_STR(lit)

struct fixture {
	struct phx_arena arena;
	struct phx_sources sources;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	phx_sources_init(&f->sources, &f->arena);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	phx_arena_done(&f->arena);
	free(f);
	return 0;
}

static void assert_pos(struct phx_sources *s, uint32_t file, uint32_t offset, uint32_t line, uint32_t col)
{
	struct phx_pos pos = phx_source_pos(s, (struct phx_span){file, offset, offset});

	assert_int_equal(pos.line, line);
	assert_int_equal(pos.col, col);
}

static void file_zero_is_nowhere(void **state)
{
	struct fixture *f = *state;
	struct phx_pos pos = phx_source_pos(&f->sources, (struct phx_span){0});

	assert_null(phx_source_get(&f->sources, 0));
	assert_null(phx_source_get(&f->sources, 9));
	assert_int_equal(pos.line, 0);
	assert_str(pos.path, "");
	assert_str(phx_source_text(&f->sources, (struct phx_span){0}), "");
	assert_str(phx_source_line(&f->sources, 0, 1), "");
	assert_int_equal(phx_source_add(&f->sources, S("a"), S("")), 1);
	assert_int_equal(phx_source_add(&f->sources, S("b"), S("")), 2);
}

static void positions_count_lines_and_characters(void **state)
{
	struct fixture *f = *state;
	uint32_t file = phx_source_add(&f->sources, S("a.phx"),
				       S("ab\n\tc\xC3\xA9"
					 "d\n\xE6\x97\xA5x\n"));

	assert_pos(&f->sources, file, 0, 1, 1);
	assert_pos(&f->sources, file, 2, 1, 3); /* the line end itself */
	assert_pos(&f->sources, file, 3, 2, 1);
	assert_pos(&f->sources, file, 5, 2, 3);
	assert_pos(&f->sources, file, 7, 2, 4);
	assert_pos(&f->sources, file, 9, 3, 1);
	assert_pos(&f->sources, file, 12, 3, 2);
	assert_pos(&f->sources, file, 14, 4, 1); /* end of file */
	assert_pos(&f->sources, file, 4000000000U, 4, 1);
	assert_str(phx_source_line(&f->sources, file, 2), "\tc\xC3\xA9"
							  "d");
	assert_str(phx_source_line(&f->sources, file, 4), "");
	assert_str(phx_source_line(&f->sources, file, 5), "");
}

static void line_ends_may_be_crlf(void **state)
{
	struct fixture *f = *state;
	uint32_t file = phx_source_add(&f->sources, S("a.phx"), S("ab\r\n\r\ncd"));

	assert_str(phx_source_line(&f->sources, file, 1), "ab");
	assert_str(phx_source_line(&f->sources, file, 2), "");
	assert_str(phx_source_line(&f->sources, file, 3), "cd");
	assert_pos(&f->sources, file, 7, 3, 2);
}

static void empty_file_has_one_line(void **state)
{
	struct fixture *f = *state;
	uint32_t file = phx_source_add(&f->sources, S("a.phx"), S(""));

	assert_pos(&f->sources, file, 0, 1, 1);
	assert_str(phx_source_line(&f->sources, file, 1), "");
}

static void columns_of_very_long_lines_are_right(void **state)
{
	enum { CHARS = 5000 };
	struct fixture *f = *state;
	struct phx_buf text = {0};
	uint32_t file;

	phx_buf_c(&text, "x\n");
	for (int i = 0; i < CHARS; i++)
		phx_buf_c(&text, i % 3 ? "a" : "\xC3\xA9");
	file = phx_source_add(&f->sources, S("a.phx"), phx_buf_view(&text));
	for (uint32_t i = 0, at = 2; i < CHARS; at += i % 3 ? 1 : 2, i++)
		assert_pos(&f->sources, file, at, 2, i + 1);
	phx_buf_done(&text);
}

static void texts_and_joins_of_spans_are_safe(void **state)
{
	struct fixture *f = *state;
	uint32_t file = phx_source_add(&f->sources, S("a.phx"), S("hello"));
	struct phx_span a = {file, 1, 2}, b = {file, 3, 5}, nowhere = {0}, joined = phx_span_join(a, b);

	assert_str(phx_source_text(&f->sources, b), "lo");
	assert_str(phx_source_text(&f->sources, joined), "ello");
	assert_str(phx_source_text(&f->sources, (struct phx_span){file, 3, 99}), "lo");
	assert_str(phx_source_text(&f->sources, (struct phx_span){file, 4, 2}), "");
	assert_str(phx_source_text(&f->sources, phx_span_join(nowhere, b)), "lo");
	assert_str(phx_source_text(&f->sources, phx_span_join(a, nowhere)), "e");
	assert_str(phx_source_text(&f->sources, phx_span_join(a, (struct phx_span){file + 1, 3, 4})), "e");
	assert_false(phx_span_known(nowhere));
	assert_true(phx_span_known(a));
}

static void files_are_read_or_the_reason_told(void **state)
{
	struct fixture *f = *state;
	char path[] = "/tmp/phx-test-XXXXXX";
	int fd = mkstemp(path);
	struct phx_err err = {0};
	uint32_t file;

	assert_int_equal(write(fd, "ab\0c", 4), 4);
	close(fd);
	file = phx_source_read(&f->sources, phx_str_c(path), &err);
	assert_int_equal(file, 1);
	assert_int_equal(phx_source_get(&f->sources, file)->text.len, 4);
	assert_str(phx_source_get(&f->sources, file)->path, path);
	unlink(path);
	assert_int_equal(phx_source_read(&f->sources, phx_str_c(path), &err), 0);
	assert_int_equal(err.kind, PHX_ERR_IO);
	assert_non_null(strstr(err.msg.ptr, "No such file"));
	assert_int_equal(phx_source_read(&f->sources, S("/tmp"), &err), 0);
	assert_non_null(strstr(err.msg.ptr, "directory"));
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(file_zero_is_nowhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(positions_count_lines_and_characters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(line_ends_may_be_crlf, set_up, tear_down),
		cmocka_unit_test_setup_teardown(empty_file_has_one_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(columns_of_very_long_lines_are_right, set_up, tear_down),
		cmocka_unit_test_setup_teardown(texts_and_joins_of_spans_are_safe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_are_read_or_the_reason_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
