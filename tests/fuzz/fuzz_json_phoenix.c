/* Any bytes are a Phoenix file or get an error. The scanner takes exactly what jansson takes (but for byte order marks, and
 * with the first of two keys), and what is imported without errors is text that parses. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "ast/parse.h"
#include "json/phoenix.h"
#include "json/tree.h"

/* Mistakes that only this scanner has a word for. */
static bool own_limits(const struct phx_diag_bag *bag)
{
	for (uint32_t i = 0; i < bag->diags.n; i++) {
		if (bag->diags.v[i]->code == PHX0502 || bag->diags.v[i]->code == PHX0012)
			return true;
	}
	return false;
}

static void agrees_with_jansson(struct phx_sources *sources, uint32_t file)
{
	struct phx_str text = phx_source_get(sources, file)->text;
	struct phx_arena arena = {0};
	struct phx_diag_bag bag;
	const struct phx_jnode *root;
	json_error_t why;
	json_t *j;

	phx_diag_bag_init(&bag, &arena, sources);
	root = phx_jtree_parse(text, file, &arena, &arena, &bag);
	FUZZ_CHECK(root || bag.errors > 0);
	if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0)
		text = phx_str_from(text, 3);
	j = json_loadb(text.len ? text.ptr : "", text.len, JSON_DECODE_ANY, &why);
	/* jansson skips a NUL byte behind a number. */
	FUZZ_CHECK((root != NULL) == (j != NULL) || own_limits(&bag) || memchr(text.ptr, 0, text.len));
	json_decref(j);
	phx_arena_done(&arena);
}

static void text_parses(const struct phx_config *config, const struct phx_import_report *report)
{
	struct phx_buf out = {0};
	struct phx_arena arena = {0};
	struct phx_sources sources;
	struct phx_diag_bag bag;

	phx_sources_init(&sources, &arena);
	phx_diag_bag_init(&bag, &arena, &sources);
	phx_phx_write(config, report, &out);
	phx_parse_source(&sources, phx_source_add(&sources, PHX_STR("t.phx"), phx_buf_view(&out)), &arena,
			 &bag);
	if (bag.errors)
		fprintf(stderr, "%s\n", out.ptr);
	FUZZ_CHECK(bag.errors == 0);
	phx_buf_done(&out);
	phx_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct phx_phoenix_options o = {.has_ids = true, .ids_first = 5000, .ids_last = 5010};
	struct phx_arena arena = {0};
	struct phx_secrets secrets = {.arena = &arena};
	struct phx_import_report report = {0};
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_config *config;
	struct phx_buf out = {0};
	uint32_t file;

	phx_sources_init(&sources, &arena);
	phx_diag_bag_init(&bag, &arena, &sources);
	file = phx_source_add(&sources, PHX_STR("t.json"), (struct phx_str){(const char *)data, size});
	agrees_with_jansson(&sources, file);
	config = phx_phoenix_load(&sources, &file, 1, &o, &arena, &bag, &secrets, &report);
	FUZZ_CHECK(config);
	phx_import_report_text(&report, &sources, &out);
	phx_diag_render(&bag, PHX_DIAG_HUMAN, false, &out);
	if (bag.errors == 0)
		text_parses(config, &report);
	phx_buf_done(&out);
	phx_arena_done(&arena);
	return 0;
}
