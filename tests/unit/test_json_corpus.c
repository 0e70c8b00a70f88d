/* The real configurations: each plans, or fails with a defect that is listed; those that plan survive the way to .phx text. */
#include "base_test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"

struct names {
	PHX_VEC(struct phx_str) v;
};

static int by_bytes(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

static const char *corpus(struct phx_arena *a)
{
	const char *shared = getenv("PHX_TEST_SHARED");
	const char *dir = shared ? phx_str_printf(a, "%s/phoenix/corpus", shared).ptr : NULL;
	DIR *d = dir ? opendir(dir) : NULL;

	if (!d)
		return NULL;
	closedir(d);
	return dir;
}

static void list(struct phx_arena *a, const char *dir, const char *kind, struct names *out)
{
	DIR *d = opendir(phx_str_printf(a, "%s/%s", dir, kind).ptr);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (phx_str_ends(phx_str_c(e->d_name), ".json"))
			phx_vec_push(a, &out->v, phx_str_printf(a, "%s/%s", kind, e->d_name));
	}
	closedir(d);
}

static struct phx_str read_text(struct phx_arena *a, const char *path)
{
	struct phx_sources s;
	struct phx_err err = {0};
	uint32_t id;

	phx_sources_init(&s, a);
	id = phx_source_read(&s, phx_str_c(path), &err);
	assert_true(id != 0);
	return phx_source_get(&s, id)->text;
}

/* Codes of a defect, from tests/sim/corpus-defects.txt; empty: it plans. */
static struct phx_str defect(struct phx_str all, struct phx_str name)
{
	struct phx_str line;

	while (phx_str_cut(&all, '\n', &line)) {
		struct phx_str rest = line, first;

		if (phx_str_cut(&rest, ' ', &first) && phx_str_eq(first, name))
			return phx_str_trim(rest);
	}
	return PHX_STR("");
}

static void codes_match(const struct run *r, struct phx_str codes, struct phx_str name)
{
	struct phx_str rest = codes, code;
	enum phx_code c;

	for (uint32_t i = 0; i < r->bag.diags.n; i++) {
		const struct phx_diag *d = r->bag.diags.v[i];
		const char *said = phx_code_info(d->code)->name;

		if (d->severity != PHX_SEV_ERROR)
			continue;
		if (phx_str_find(codes, phx_str_c(said)) < 0)
			fail_msg(PHX_STR_FMT ": %s " PHX_STR_FMT, PHX_STR_ARG(name), said,
				 PHX_STR_ARG(d->message));
		assert_true(phx_source_pos(&r->sources, d->span).line > 1);
	}
	while (codes.len && phx_str_cut(&rest, ' ', &code)) {
		assert_true(phx_code_find(code, &c));
		if (run_count(r, c) == 0)
			fail_msg(PHX_STR_FMT " is listed with " PHX_STR_FMT, PHX_STR_ARG(name),
				 PHX_STR_ARG(code));
	}
}

/* Every leaf of every file has a line. */
static void all_reported(const struct run *r, struct phx_str name)
{
	for (uint32_t i = 0; i < r->report.lines.n; i++) {
		const struct phx_report_line *l = &r->report.lines.v[i];

		if (l->target.len == 0)
			fail_msg(PHX_STR_FMT ": " PHX_STR_FMT " has no reason", PHX_STR_ARG(name),
				 PHX_STR_ARG(l->path));
		assert_true(phx_span_known(l->span));
	}
	assert_true(r->report.lines.n > 0);
}

/* `name` is "lxc/x.json", or several joined by `+`. */
static bool judge(const char *dir, struct phx_str name, struct phx_str defects)
{
	static const struct phx_phoenix_options o = {.has_ids = true, .ids_first = 5000, .ids_last = 5099};
	struct phx_str rest = name, file, codes = defect(defects, name);
	uint32_t ids[4], n = 0;
	struct phx_err err = {0};
	struct run r;
	bool planned;

	run_init(&r);
	while (phx_str_cut(&rest, '+', &file)) {
		struct phx_str path = phx_str_printf(&r.arena, "%s/" PHX_STR_FMT, dir, PHX_STR_ARG(file));

		assert_true(n < 4 && (ids[n++] = phx_source_read(&r.sources, path, &err)) != 0);
	}
	run_files(&r, &o, ids, n);
	codes_match(&r, codes, name);
	all_reported(&r, name);
	planned = r.bag.errors == 0;
	if (planned)
		run_round_trip(&r, phx_str_dup(&r.arena, name).ptr);
	run_done(&r);
	return planned;
}

static void judge_all(bool sets)
{
	struct phx_arena a = {0};
	const char *dir = corpus(&a);
	struct phx_str defects, line, text;
	struct names names = {0};
	uint32_t planned = 0;

	if (!dir) {
		print_message("SKIPPED: no corpus of real configurations (PHX_TEST_SHARED)\n");
		phx_arena_done(&a);
		skip();
	}
	defects = read_text(&a, phx_str_printf(&a, "%s/sim/corpus-defects.txt", getenv("PHX_TEST_DATA")).ptr);
	if (sets) {
		text = read_text(&a, phx_str_printf(&a, "%s/sets.tsv", dir).ptr);
		assert_true(phx_str_cut(&text, '\n', &line)); /* the heading */
		while (phx_str_cut(&text, '\n', &line)) {
			struct phx_buf joined = {0};
			ptrdiff_t tab = phx_str_chr(line, '\t');

			if (tab < 0)
				continue;
			line = phx_str_from(line, (size_t)tab + 1);
			for (size_t i = 0; i < line.len; i++)
				phx_buf_ch(&joined, line.ptr[i] == '\t' ? '+' : line.ptr[i]);
			phx_vec_push(&a, &names.v, phx_str_dup(&a, phx_buf_view(&joined)));
			phx_buf_done(&joined);
		}
	} else {
		list(&a, dir, "vm", &names);
		list(&a, dir, "lxc", &names);
		list(&a, dir, "hypervisor", &names);
		qsort(names.v.v, names.v.n, sizeof(*names.v.v), by_bytes);
		assert_true(names.v.n > 90);
	}
	for (uint32_t i = 0; i < names.v.n; i++)
		planned += judge(dir, names.v.v[i], defects);
	print_message("%u of %u plan\n", planned, names.v.n);
	assert_true(planned * 10 > names.v.n * 8);
	phx_arena_done(&a);
}

static void every_file_plans_or_names_its_defect(void **state)
{
	(void)state;
	judge_all(false);
}

static void every_set_of_files_plans_or_names_its_defect(void **state)
{
	(void)state;
	judge_all(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_plans_or_names_its_defect),
		cmocka_unit_test(every_set_of_files_plans_or_names_its_defect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
