/* Any answer of a server is data, or an error with a kind and a message that is fit for a terminal. Input: a status in the first
 * line with its reason, then the body. A journal and a task status that are read from the same bytes do no harm either. */
#include "fuzz.h"

#include "backend/api/api_priv.h"
#include "backend/api/curl_library.h"
#include "backend/task.h"

static void check_printable(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++)
		FUZZ_CHECK((unsigned char)s.ptr[i] >= ' ' || s.ptr[i] == '\n' || s.ptr[i] == '\t');
}

static void check_answer(enum phx_method method, struct phx_str first, struct phx_str body)
{
	struct phx_arena arena = {0};
	struct phx_api api = {.arena = &arena};
	struct phx_request r = {
		.method = method, .path = PHX_STR("/nodes/pve/qemu/100/config"), .arena = &arena};
	struct phx_transfer *t;
	struct phx_answer a;
	struct phx_str code, reason = first;
	uint64_t status = 200;

	api.place.shown = PHX_STR("https://pve:8006");
	api.backend.identity = PHX_STR("root@pam!phx");
	t = phx_transfer_new(&api, &r);
	if (phx_str_cut(&reason, ' ', &code) && phx_parse_u64(code, &status) && status > 999)
		status = 200;
	t->status = (int)status;
	phx_buf_str(&t->reason, reason);
	phx_buf_str(&t->body, body);
	t->sent = true;
	phx_api_answer(t, CURLE_OK, &a);
	FUZZ_CHECK(a.err.kind == PHX_ERR_NONE || a.err.msg.len > 0);
	FUZZ_CHECK(a.err.kind == PHX_ERR_NONE || !a.data);
	/* A write that may have been done is never called a failure. */
	if (method != PHX_GET && status >= 200 && status < 300)
		FUZZ_CHECK(a.err.kind == PHX_ERR_NONE || a.err.kind == PHX_ERR_LOST);
	check_printable(phx_buf_view(&a.err.msg));
	check_printable(phx_buf_view(&a.err.hint));
	if (a.data)
		(void)phx_task_status(a.data, NULL);
	phx_answer_done(&a);
	phx_transfer_free(t);
	phx_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_str text = {(const char *)data, size}, first;
	struct phx_upid upid;
	struct phx_err err = {0};

	FUZZ_CHECK(phx_curl_load(&err)); /* a transfer frees what is curl's */
	if (!phx_str_cut(&text, '\n', &first))
		return 0;
	check_answer(PHX_GET, first, text);
	check_answer(PHX_POST, first, text);
	if (phx_upid_parse(first, &upid))
		FUZZ_CHECK(upid.node.len && upid.type.len);
	return 0;
}
