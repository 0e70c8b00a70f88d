/* The canonical form: what it looks like, that it is stable, and that nothing is lost on the way to it. */
#include "grammar_test.h"

#include <dirent.h>

#include "base/sys.h"

static void format(struct phx_str text, struct phx_buf *out)
{
	struct parsed *p = parse_str(text);

	assert_int_equal(p->ast->errors, 0);
	assert_true(phx_fmt_file(p->ast, &p->sources, out));
	parsed_free(p);
}

/* Formatting keeps the tree, and formatting again keeps the text. */
static void assert_stable(struct phx_str text, struct phx_str once)
{
	struct parsed *before = parse_str(text), *after = parse_str(once);
	struct phx_buf twice = {0};

	assert_string_equal(codes(after), "");
	assert_int_equal(after->ast->ncomments, before->ast->ncomments);
	assert_string_equal(dump(after), dump(before));
	assert_true(phx_fmt_file(after->ast, &after->sources, &twice));
	assert_true(phx_str_eq(phx_buf_view(&twice), once));
	phx_buf_done(&twice);
	parsed_free(before);
	parsed_free(after);
}

static void assert_fmt(const char *text, const char *expected)
{
	struct phx_buf out = {0};

	format(phx_str_c(text), &out);
	assert_string_equal(out.ptr ? out.ptr : "", expected);
	assert_stable(phx_str_c(text), phx_buf_view(&out));
	phx_buf_done(&out);
}

static void nothing_comes_from_nothing(void **state)
{
	(void)state;
	assert_fmt("", "");
	assert_fmt("\n\n  \n", "");
	assert_fmt("\n\n# a\n", "# a\n");
	assert_fmt("\xEF\xBB\xBF", "");
}

static void equals_signs_stand_in_line(void **state)
{
	(void)state;
	assert_fmt("vm a {\nid=1\n  memory =   8GiB\n}\n", "vm a {\n  id     = 1\n  memory = 8GiB\n}\n");
	assert_fmt("let a=1\nlet long=2\noutput b=a\n", "let a    = 1\nlet long = 2\noutput b = a\n");
	assert_fmt("a=1\n\nlong=2\n# c\nb=3\n", "a = 1\n\nlong = 2\n# c\nb = 3\n");
	assert_fmt("a=1\nlong=[\n1]\nb=3\n", "a    = 1\nlong = [\n  1,\n]\nb = 3\n");
	assert_fmt("a=1\nnetwork {}\nlong=2\n", "a = 1\nnetwork {}\nlong = 2\n");
	assert_fmt("\"k\xC3\xA9y\"=1\nlonger=2\n", "\"k\xC3\xA9y\"  = 1\nlonger = 2\n");
}

static void statements_get_lines_of_their_own(void **state)
{
	(void)state;
	assert_fmt("vm a {\n  b = 1; c = 2\n}\n", "vm a {\n  b = 1\n  c = 2\n}\n");
	assert_fmt("vm a { b = 1; c = 2 }\n", "vm a { b = 1; c = 2 }\n");
	assert_fmt("a=1;b=2\n", "a = 1\nb = 2\n");
	assert_fmt("snapshot x{}\nvm y{\n\n}\n", "snapshot x {}\nvm y {}\n");
	assert_fmt("if a { b=1 } else if c { d=2 }  else{\ne=3 }\n",
		   "if a { b = 1 } else if c { d = 2 } else {\n  e = 3\n}\n");
	assert_fmt("stack   \"s\"\nrule  in   accept{a=1}\n", "stack \"s\"\nrule in accept { a = 1 }\n");
}

static void a_body_that_is_too_wide_is_broken(void **state)
{
	(void)state;
	assert_fmt("vm a { first = \"0123456789012345678901234567890123456789\"; second = "
		   "\"0123456789012345678901234567890123456789\" }\n",
		   "vm a {\n  first  = \"0123456789012345678901234567890123456789\"\n"
		   "  second = \"0123456789012345678901234567890123456789\"\n}\n");
}

static void blank_lines_are_kept_but_one_at_a_time(void **state)
{
	(void)state;
	assert_fmt("\n\na = 1\n\n\n\nb = 2\nvm c {\n\n\n  d = 1\n\n}\n",
		   "a = 1\n\nb = 2\nvm c {\n  d = 1\n}\n");
}

static void expressions_get_their_blanks(void **state)
{
	(void)state;
	assert_fmt("a = 1+2*  - 3\n", "a = 1 + 2 * -3\n");
	assert_fmt("a = ( b ||c )&&! d\n", "a = (b || c) && !d\n");
	assert_fmt("a = b?c :d\n", "a = b ? c : d\n");
	assert_fmt("a = f ( 1,k=2 ) [ 0 ] . b\n", "a = f(1, k = 2)[0].b\n");
	assert_fmt("a = 1 .. n\n", "a = 1..n\n");
	assert_fmt("a = host(s,5)/24\nb = c / 2\n", "a = host(s, 5)/24\nb = c / 2\n");
	assert_fmt("a = {b=1,\"c\"=2}\nd = { }\n", "a = { b = 1, \"c\" = 2 }\nd = {}\n");
	assert_fmt("a = [x  for k,v in m   if k!=1]\n", "a = [x for k, v in m if k != 1]\n");
	assert_fmt("a = {k:v for k in m}\n", "a = {k: v for k in m}\n");
	assert_fmt("a = ((b))\n", "a = (b)\n");
	assert_fmt("param a:list< string >=[\"x\"]{assert true ,\"m\"}\n",
		   "param a: list<string> = [\"x\"] { assert true, \"m\" }\n");
}

static void literals_stay_as_they_were_written(void **state)
{
	(void)state;
	assert_fmt("a = 0x2A\nb = 1_000\nc = 52:54:00:aa:BB:cc\nd = \"x\\u{e9}${ y }\"\n",
		   "a = 0x2A\nb = 1_000\nc = 52:54:00:aa:BB:cc\nd = \"x\\u{e9}${ y }\"\n");
	assert_fmt("vm a {\n  b = <<~EOF\n      one\n\t two  \n    EOF\n  c=1\n}\n",
		   "vm a {\n  b = <<~EOF\n      one\n\t two  \n    EOF\n  c = 1\n}\n");
	assert_fmt("a = f(<<E\nx\nE\n, 2)\n", "a = f(\n  <<E\nx\nE,\n  2,\n)\n");
	assert_fmt("a = <<E\r\nx\r\nE\r\nb = 1\r\n", "a = <<E\nx\nE\nb = 1\n");
}

static void line_breaks_of_the_author_are_kept(void **state)
{
	(void)state;
	assert_fmt("a = [1,\n2]\n", "a = [\n  1,\n  2,\n]\n");
	assert_fmt("a = [\n1, 2]\n", "a = [\n  1,\n  2,\n]\n");
	assert_fmt("a = { b=1\nlong=2 }\n", "a = {\n  b    = 1\n  long = 2\n}\n");
	assert_fmt("a = f(x,\nkey=1, k=2)\n", "a = f(\n  x,\n  key = 1,\n  k   = 2,\n)\n");
	assert_fmt("a = b &&\nc ||\nd\n", "a = b &&\n  c ||\n  d\n");
	assert_fmt("a = (\nb\n+ c)\n", "a = (\n  b +\n    c\n)\n");
	assert_fmt("a = [\nx for x in xs\nif y]\n", "a = [\n  x\n  for x in xs\n  if y\n]\n");
	assert_fmt("assert a,\n\"m\"\n", "assert a,\n  \"m\"\n");
	assert_fmt("a = b ?\nc : d\n", "a = b ?\n  c : d\n");
}

static void comments_stay_where_they_were(void **state)
{
	(void)state;
	assert_fmt("a = 1 # x\nlong = 2 // y\n", "a    = 1  # x\nlong = 2  // y\n");
	assert_fmt("vm a { # open\n# own\nb = 1 /* t */\n# last\n} # closed\n",
		   "vm a {  # open\n  # own\n  b = 1  /* t */\n  # last\n}  # closed\n");
	assert_fmt("a = [ # open\n1, # one\n# own\n2 # two\n]\n",
		   "a = [  # open\n  1,  # one\n  # own\n  2,  # two\n]\n");
	assert_fmt("vm /* t */ a /* l */ { b = /* v */ 1 }\n",
		   "vm /* t */ a /* l */ {\n  b = /* v */ 1\n}\n");
	assert_fmt("a = (b + # why\n  c)\n", "a = (b + # why\n  c)\n");
	assert_fmt("if a {} /* e */ else {}\n", "if a {} /* e */ else {}\n");
	assert_fmt("/* a */ b = 1; # c\nd = 2\n", "/* a */\nb = 1  # c\nd = 2\n");
	assert_fmt("vm a {\n  # only\n}\n", "vm a {\n  # only\n}\n");
	assert_fmt("# blanks at the end   \na = 1 #\t\n", "# blanks at the end\na = 1  #\n");
}

static void comments_on_consecutive_lines_stand_in_line(void **state)
{
	(void)state;
	assert_fmt("a = 1 # x\nb = \"long\" # y\n\nc = 1 # z\n",
		   "a = 1       # x\nb = \"long\"  # y\n\nc = 1  # z\n");
}

static void a_file_with_errors_is_not_touched(void **state)
{
	struct parsed *p = parse("a = = 1\n");
	struct phx_buf out = {0};

	(void)state;
	assert_false(phx_fmt_file(p->ast, &p->sources, &out));
	assert_int_equal(out.len, 0);
	parsed_free(p);
}

static bool is_phx(const char *name)
{
	return phx_str_ends(phx_str_c(name), ".phx");
}

/* Every .phx file below `path`; returns how many. */
static int check_directory(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int n = 0;

	while (dir && (entry = readdir(dir))) {
		struct phx_arena arena = {0};
		struct phx_str sub = phx_str_printf(&arena, "%s/%s", path, entry->d_name);
		struct phx_buf text = {0}, out = {0};
		struct phx_err err = {0};

		if (entry->d_name[0] == '.') {
		} else if (!is_phx(entry->d_name)) {
			n += check_directory(sub.ptr);
		} else if (phx_read_file(sub.ptr, &text, &err)) {
			format(phx_buf_view(&text), &out);
			assert_stable(phx_buf_view(&text), phx_buf_view(&out));
			n++;
		}
		phx_err_done(&err);
		phx_buf_done(&text);
		phx_buf_done(&out);
		phx_arena_done(&arena);
	}
	if (dir)
		closedir(dir);
	return n;
}

static void every_example_is_stable(void **state)
{
	struct phx_arena arena = {0};
	const char *data = getenv("PHX_TEST_DATA");

	(void)state;
	if (!data)
		skip();
	assert_true(check_directory(phx_str_printf(&arena, "%s/../examples", data).ptr) > 0);
	phx_arena_done(&arena);
}

/* The whole example of the language's description. */
static void the_description_of_the_language_is_stable(void **state)
{
	struct phx_arena arena = {0};
	struct phx_buf text = {0}, out = {0};
	struct phx_err err = {0};
	const char *shared = getenv("PHX_TEST_SHARED");
	struct phx_str example;
	ptrdiff_t at;

	(void)state;
	if (!shared ||
	    !phx_read_file(phx_str_printf(&arena, "%s/design/language.md", shared).ptr, &text, &err)) {
		phx_err_done(&err);
		phx_arena_done(&arena);
		print_message("skipped: no description of the language in PHX_TEST_SHARED\n");
		skip();
	}
	at = phx_str_find(phx_buf_view(&text), PHX_STR("```phx\n"));
	assert_true(at >= 0);
	example = phx_str_from(phx_buf_view(&text), (size_t)at + 7);
	at = phx_str_find(example, PHX_STR("```"));
	assert_true(at > 1000);
	example = phx_str_slice(example, 0, (size_t)at);
	format(example, &out);
	assert_stable(example, phx_buf_view(&out));
	phx_buf_done(&text);
	phx_buf_done(&out);
	phx_err_done(&err);
	phx_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_comes_from_nothing),
		cmocka_unit_test(equals_signs_stand_in_line),
		cmocka_unit_test(statements_get_lines_of_their_own),
		cmocka_unit_test(a_body_that_is_too_wide_is_broken),
		cmocka_unit_test(blank_lines_are_kept_but_one_at_a_time),
		cmocka_unit_test(expressions_get_their_blanks),
		cmocka_unit_test(literals_stay_as_they_were_written),
		cmocka_unit_test(line_breaks_of_the_author_are_kept),
		cmocka_unit_test(comments_stay_where_they_were),
		cmocka_unit_test(comments_on_consecutive_lines_stand_in_line),
		cmocka_unit_test(a_file_with_errors_is_not_touched),
		cmocka_unit_test(every_example_is_stable),
		cmocka_unit_test(the_description_of_the_language_is_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
