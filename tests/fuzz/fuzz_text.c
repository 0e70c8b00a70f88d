/* Encodings, masking and the rendering of diagnostics take any bytes and any places in them. */
#include "fuzz.h"

#include <string.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"

static void check_encodings(struct phx_str text)
{
	struct phx_buf coded = {0}, back = {0};
	struct phx_err err = {0};
	json_t *string;

	phx_buf_base64(&coded, text);
	FUZZ_CHECK(phx_buf_unbase64(&back, phx_buf_view(&coded)) && phx_str_eq(phx_buf_view(&back), text));
	phx_buf_clear(&coded);
	phx_buf_clear(&back);
	phx_buf_percent(&coded, text);
	phx_buf_unpercent(&back, phx_buf_view(&coded));
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&back), text));
	phx_buf_unpercent(&back, text);
	if (!phx_buf_unbase64(&back, text))
		FUZZ_CHECK(text.len > 0);
	if (phx_str_chr(text, 0) < 0) {
		phx_buf_clear(&coded);
		phx_buf_json_string(&coded, text);
		string = phx_json_parse(phx_buf_view(&coded), "string", &err);
		FUZZ_CHECK(json_is_string(string));
		FUZZ_CHECK(!phx_utf8_valid(text) || phx_str_eq(phx_str_c(json_string_value(string)), text));
		json_decref(string);
	}
	phx_buf_done(&coded);
	phx_buf_done(&back);
	phx_err_done(&err);
}

static void check_printable(struct phx_str text)
{
	struct phx_buf shown = {0};
	uint32_t len;

	phx_buf_printable(&shown, text);
	for (size_t at = 0; at < shown.len; at += len) {
		uint32_t c = phx_utf8_at(phx_buf_view(&shown), at, &len);

		FUZZ_CHECK(c == '\n' || c == '\t' || !phx_utf8_unprintable(c));
	}
	phx_buf_done(&shown);
}

/* The first half as a secret, in the whole. */
static void check_mask(struct phx_str text)
{
	struct phx_arena arena = {0};
	struct phx_secrets secrets = {.arena = &arena};
	struct phx_str secret = phx_str_slice(text, 0, text.len / 2);
	struct phx_buf out = {0};

	phx_secrets_add(&secrets, secret);
	phx_secrets_mask(&secrets, text, &out);
	FUZZ_CHECK(secret.len < 4 || phx_str_starts(phx_buf_view(&out), "(secret)"));
	phx_buf_done(&out);
	phx_arena_done(&arena);
}

/* The first bytes choose places, the text is the source. */
static void check_render(const uint8_t *data, struct phx_str text)
{
	struct phx_arena arena = {0};
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_buf out = {0};
	struct phx_diag *d;
	uint32_t file;

	phx_sources_init(&sources, &arena);
	phx_diag_bag_init(&bag, &arena, &sources);
	file = phx_source_add(&sources, text, text);
	d = phx_diag_add(&bag, PHX0001, (struct phx_span){file, data[0], (uint32_t)data[1] + data[0]}, "%.*s",
			 (int)text.len, text.ptr);
	for (uint32_t i = 2; i < 6; i++) {
		struct phx_span span = {file, data[i], (uint32_t)data[i] + data[i + 1] % 16};

		phx_diag_label(&bag, d, span, "%.*s", i & 1 ? (int)text.len : 0, text.ptr);
		phx_diag_fix(&bag, d, span, phx_str_slice(text, 0, data[i] % 8), false);
	}
	phx_diag_render(&bag, PHX_DIAG_HUMAN, false, &out);
	FUZZ_CHECK(!memchr(out.ptr, 0x1b, out.len) && strchr(out.ptr, '^'));
	phx_diag_render(&bag, PHX_DIAG_HUMAN, true, &out);
	phx_diag_render(&bag, PHX_DIAG_SHORT, false, &out);
	phx_diag_render(&bag, PHX_DIAG_JSON, false, &out);
	FUZZ_CHECK(phx_utf8_valid(phx_buf_view(&out)));
	phx_buf_done(&out);
	phx_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_str text = {(const char *)data, size};

	check_encodings(text);
	check_printable(text);
	check_mask(text);
	if (size > 8)
		check_render(data, phx_str_from(text, 7));
	return 0;
}
