/* Any bytes are a JSON document, or an error with a message; a document written and read again is the same. */
#include "fuzz.h"

#include "base/json.h"

static void check_round_trip(const json_t *doc, int indent)
{
	struct phx_buf first = {0}, second = {0};
	struct phx_err err = {0};
	json_t *again;

	phx_json_dump(doc, indent, &first);
	again = phx_json_parse(phx_buf_view(&first), "again", &err);
	FUZZ_CHECK(again);
	phx_json_dump(again, indent, &second);
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&first), phx_buf_view(&second)));
	json_decref(again);
	phx_buf_done(&first);
	phx_buf_done(&second);
	phx_err_done(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_str text = {(const char *)data, size};
	struct phx_err err = {0};
	json_t *doc = phx_json_parse(text, "input", &err);

	if (doc) {
		check_round_trip(doc, 0);
		check_round_trip(doc, 2);
		json_decref(doc);
	} else {
		FUZZ_CHECK(err.kind == PHX_ERR_DATA && err.msg.len > 0);
	}
	phx_err_done(&err);
	return 0;
}
