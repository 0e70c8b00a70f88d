/* Every recorded refusal of the genuine server, served again as it was, must come out as what it is. */
#include "base_test.h"

#include <dirent.h>

#include "backend/api/api.h"
#include "base/sys.h"
#include "fake_http.h"

struct lab {
	struct phx_arena arena;
	struct fake_http http;
	struct phx_backend_config config;
	struct phx_backend *b;
	struct phx_err err;
	struct fake_reply next;
};

static void play(void *user, const struct fake_request *q, struct fake_reply *out)
{
	struct lab *l = user;

	(void)q;
	*out = l->next;
	if (out->body)
		out->owned = strdup(out->body);
}

/* By text, so that what the recordings say can be read here: the first match. Everything else must be PARAMETER. */
static const struct {
	int status;
	const char *part;
	enum phx_err_kind kind;
} expected[] = {
	{401, "", PHX_ERR_AUTH},
	{403, "(pool 'nosuch' does not exist)", PHX_ERR_MISSING},
	{403, "(, Pool.Allocate)", PHX_ERR_PARAMETER},
	{403, "", PHX_ERR_PERMISSION},
	{501, "", PHX_ERR_SERVER},
	{506, "", PHX_ERR_SERVER},
	{596, "", PHX_ERR_SERVER},
	{400, "No such storage.", PHX_ERR_STORAGE},
	{400, "already exists", PHX_ERR_EXISTS},
	{400, "no such task", PHX_ERR_MISSING},
	{400, "does not exist", PHX_ERR_MISSING},
	{400, "Only root may use this option", PHX_ERR_PERMISSION},
	{400, "", PHX_ERR_PARAMETER},
	{500, "nly root can", PHX_ERR_PERMISSION},
	{500, "locked (", PHX_ERR_LOCKED},
	{500, "got timeout", PHX_ERR_LOCKED},
	{500, "checksum mismatch (file change", PHX_ERR_CHANGED},
	{500, "detected modified configuration", PHX_ERR_CHANGED},
	{500, "storage 'nosuch' does not exist", PHX_ERR_STORAGE},
	{500, "storage 'extra' does not exist", PHX_ERR_STORAGE},
	{500, "does not support 'iso' content", PHX_ERR_STORAGE},
	{500, "bootorder", PHX_ERR_PARAMETER},
	{500, "format error", PHX_ERR_PARAMETER},
	{500, "no options specified", PHX_ERR_PARAMETER},
	{500, "reserved name", PHX_ERR_PARAMETER},
	{500, "unable to delete required", PHX_ERR_PARAMETER},
	{500, "read-only option", PHX_ERR_PARAMETER},
	{500, "unable to shrink", PHX_ERR_PARAMETER},
	{500, "parameter 'storage' not allowed", PHX_ERR_PARAMETER},
	{500, "does not look like", PHX_ERR_PARAMETER},
	{500, "already exists", PHX_ERR_EXISTS},
	{500, "already defined", PHX_ERR_EXISTS},
	{500, "does not exist", PHX_ERR_MISSING},
	{500, "hostname lookup", PHX_ERR_MISSING},
	{500, "no such", PHX_ERR_MISSING},
	{500, "unable to find configuration file", PHX_ERR_MISSING},
	{500, "no rule at position", PHX_ERR_MISSING},
	{500, "failed - no format", PHX_ERR_MISSING},
	{500, "not HA managed", PHX_ERR_MISSING},
	{500, "", PHX_ERR_SERVER},
};

static enum phx_err_kind kind_of(int status, const char *text)
{
	for (size_t i = 0; i < PHX_COUNTOF(expected); i++) {
		if (expected[i].status == status && strstr(text, expected[i].part))
			return expected[i].kind;
	}
	return PHX_ERR_NONE;
}

static void check(struct lab *l, const char *name, json_t *doc)
{
	const char *path = json_string_value(json_object_get(doc, "path")),
		   *method = json_string_value(json_object_get(doc, "method"));
	int status = (int)phx_json_int(doc, "status", 0);
	json_t *response = json_object_get(doc, "response");
	struct phx_request r = {.arena = &l->arena};
	struct phx_buf body = {0}, said = {0};
	enum phx_err_kind want;

	if (!path || strncmp(path, "/api2/json", 10) != 0)
		return;
	r.path = phx_str_c(path + 10);
	r.method = strcmp(method, "PUT") == 0      ? PHX_PUT
		   : strcmp(method, "POST") == 0   ? PHX_POST
		   : strcmp(method, "DELETE") == 0 ? PHX_DELETE
						   : PHX_GET;
	if (json_is_string(response))
		phx_buf_c(&body, json_string_value(response));
	else if (response)
		phx_json_dump(response, 0, &body);
	phx_buf_printf(&said, "%s %s", json_string_value(json_object_get(doc, "reason")),
		       body.len ? body.ptr : "");
	l->next = (struct fake_reply){.status = status,
				      .reason = json_string_value(json_object_get(doc, "reason")),
				      .type = json_is_object(response) ? NULL : "",
				      .body = body.len ? body.ptr : ""};
	want = kind_of(status, said.ptr);
	phx_err_clear(&l->err);
	assert_false(phx_writer_send_now(phx_backend_writer(l->b), r.method, r.path, NULL, NULL, &l->err));
	if (l->err.kind != want || l->err.msg.len == 0 || l->err.status != status)
		fail_msg("%s: kind %d, wanted %d, status %d: %s", name, (int)l->err.kind, (int)want,
			 l->err.status, l->err.msg.ptr);
	phx_buf_done(&said);
	phx_buf_done(&body);
}

static void every_recorded_refusal_is_classified_with_a_message(void **state)
{
	const char *shared = getenv("PHX_TEST_SHARED");
	struct lab l = {0};
	struct phx_buf path = {0};
	struct dirent **names;
	uint32_t checked = 0, unread = 0;
	int n;

	(void)state;
	phx_buf_printf(&path, "%s/pve/exchanges", shared ? shared : ".");
	n = scandir(path.ptr, &names, NULL, alphasort);
	if (n < 0) {
		phx_buf_done(&path);
		print_message("SKIPPED: no recordings in PHX_TEST_SHARED\n");
		skip();
	}
	fake_http_start(&l.http, false, play, &l);
	l.config.endpoint = fake_http_url(&l.http, &l.arena);
	l.config.token = PHX_STR("root@pam!phx=11111111-2222-3333-4444-555555555555");
	assert_true(phx_api_open(&l.config, &l.arena, &l.b, &l.err));
	for (int i = 0; i < n; i++) {
		struct phx_buf file = {0}, text = {0};

		phx_buf_printf(&file, "%s/%s", path.ptr, names[i]->d_name);
		if (phx_str_ends(phx_buf_view(&file), ".json")) {
			json_t *doc;

			assert_true(phx_read_file(file.ptr, &text, &l.err));
			doc = phx_json_parse(phx_buf_view(&text), file.ptr, &l.err);
			unread += !doc; /* five have a NUL in a string (345, 355, …); none is a refusal */
			if (json_is_object(doc) && phx_json_int(doc, "status", 0) > 200 &&
			    phx_json_int(doc, "status", 0) != 301) {
				check(&l, names[i]->d_name, doc);
				checked++;
			}
			json_decref(doc);
		}
		phx_buf_done(&text);
		phx_buf_done(&file);
		free(names[i]);
	}
	free(names);
	assert_true(checked > 200);
	assert_true(unread <= 5);
	phx_backend_close(l.b);
	fake_http_stop(&l.http);
	phx_err_done(&l.err);
	phx_buf_done(&path);
	phx_arena_done(&l.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_refusal_is_classified_with_a_message)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
