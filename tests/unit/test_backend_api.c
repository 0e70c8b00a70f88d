#include "base_test.h"

#include "backend/api/api.h"
#include "backend/backend.h"
#include "base/sys.h"
#include "fake_http.h"

#define TOKEN "root@pam!phx=11111111-2222-3333-4444-555555555555"

/* What the server saw, and how it shall answer: by the number of the request. */
struct script {
	struct fake_reply replies[16]; /* the last given one for all further requests */
	uint32_t n;
	char methods[32][8], targets[32][600], bodies[32][600], auth[32][300], csrf[32][200], cookie[32][300],
		type[32][200];
	uint32_t connection_of[32]; /* on_connection */
	bool odd;                   /* a DELETE or GET had a body */
};

static void copy(char *to, size_t size, const char *from)
{
	size_t n = from ? strlen(from) : 0;

	n = n < size ? n : size - 1;
	memcpy(to, from ? from : "", n);
	to[n] = 0;
}

static void keep_header(const struct fake_request *q, const char *name, char *to, size_t size)
{
	char *v = fake_header(q, name);

	copy(to, size, v);
	free(v);
}

static void play(void *user, const struct fake_request *q, struct fake_reply *out)
{
	struct script *s = user;
	uint32_t i = q->number - 1;

	if (i < 32) {
		copy(s->methods[i], sizeof(s->methods[i]), q->method);
		copy(s->targets[i], sizeof(s->targets[i]), q->target);
		copy(s->bodies[i], sizeof(s->bodies[i]), q->body);
		keep_header(q, "Authorization", s->auth[i], sizeof(s->auth[i]));
		keep_header(q, "CSRFPreventionToken", s->csrf[i], sizeof(s->csrf[i]));
		keep_header(q, "Cookie", s->cookie[i], sizeof(s->cookie[i]));
		keep_header(q, "Content-Type", s->type[i], sizeof(s->type[i]));
		s->connection_of[i] = q->on_connection;
	}
	if (q->body_len && (strcmp(q->method, "GET") == 0 || strcmp(q->method, "DELETE") == 0))
		s->odd = true;
	if (s->n)
		*out = s->replies[i < s->n ? i : s->n - 1];
}

struct lab {
	struct phx_arena arena;
	struct script script;
	struct fake_http http;
	struct phx_secrets secrets;
	struct phx_backend_config config;
	struct phx_backend *b;
	struct phx_err err;
	uint32_t traced, retried;
};

static void on_trace(void *user, enum phx_method method, struct phx_str path, const struct phx_params *params,
		     int status, uint32_t ms, const struct phx_err *err)
{
	(void)method, (void)path, (void)params, (void)status, (void)ms, (void)err;
	((struct lab *)user)->traced++;
}

static void on_retry(void *user, struct phx_str path, uint32_t attempt, uint64_t wait_ms,
		     const struct phx_err *why)
{
	(void)path, (void)attempt;
	assert_true(wait_ms >= 200);
	assert_true(why->msg.len > 0);
	((struct lab *)user)->retried++;
}

static int set_up(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));

	l->secrets.arena = &l->arena;
	fake_http_start(&l->http, false, play, &l->script);
	l->config.endpoint = fake_http_url(&l->http, &l->arena);
	l->config.token = PHX_STR(TOKEN);
	l->config.secrets = &l->secrets;
	l->config.hooks.traced = on_trace;
	l->config.hooks.retrying = on_retry;
	l->config.hooks.user = l;
	*state = l;
	return 0;
}

static int tear_down(void **state)
{
	struct lab *l = *state;

	phx_backend_close(l->b);
	fake_http_stop(&l->http);
	phx_err_done(&l->err);
	phx_arena_done(&l->arena);
	free(l);
	return 0;
}

static void open_lab(struct lab *l)
{
	if (!phx_api_open(&l->config, &l->arena, &l->b, &l->err))
		fail_msg("%s", l->err.msg.ptr);
}

static void reply(struct lab *l, struct fake_reply r)
{
	l->script.replies[l->script.n++] = r;
}

static bool get(struct lab *l, const char *path, json_t **out)
{
	phx_err_clear(&l->err);
	return phx_reader_get_now(phx_backend_reader(l->b), phx_str_c(path), NULL, out, &l->err);
}

static bool post(struct lab *l, const char *path, const struct phx_params *p)
{
	phx_err_clear(&l->err);
	return phx_writer_send_now(phx_backend_writer(l->b), PHX_POST, phx_str_c(path), p, NULL, &l->err);
}

static void a_get_carries_the_token_and_returns_the_data(void **state)
{
	struct lab *l = *state;
	json_t *data = NULL;

	open_lab(l);
	reply(l, (struct fake_reply){.body = "{\"data\":{\"version\":\"8.4.1\"}}"});
	assert_true(get(l, "/version", &data));
	assert_str(phx_json_str(data, "version"), "8.4.1");
	assert_string_equal(l->script.methods[0], "GET");
	assert_string_equal(l->script.targets[0], "/api2/json/version");
	assert_string_equal(l->script.auth[0], "PVEAPIToken=" TOKEN);
	assert_str(phx_backend_identity(l->b), "root@pam!phx");
	assert_int_equal(l->traced, 1);
	json_decref(data);
}

static void a_form_is_percent_encoded_and_arrays_repeat_their_key(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};

	open_lab(l);
	phx_params_add(&l->arena, &p, PHX_STR("description"), PHX_STR("a;b=c+d \xc3\xbc\n%"));
	phx_params_add(&l->arena, &p, PHX_STR("command"), PHX_STR("sh"));
	phx_params_add(&l->arena, &p, PHX_STR("command"), PHX_STR("-c"));
	phx_params_add(&l->arena, &p, PHX_STR("onboot"), PHX_STR("1"));
	assert_true(post(l, "/nodes/pve/qemu", &p));
	assert_string_equal(l->script.bodies[0],
			    "description=a%3Bb%3Dc%2Bd%20%C3%BC%0A%25&command=sh&command=-c&onboot=1");
	assert_string_equal(l->script.type[0], "application/x-www-form-urlencoded");
}

static void a_delete_has_its_parameters_in_the_query_and_no_body(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};

	open_lab(l);
	phx_params_add(&l->arena, &p, PHX_STR("purge"), PHX_STR("1"));
	phx_params_add(&l->arena, &p, PHX_STR("destroy-unreferenced-disks"), PHX_STR("0"));
	assert_true(phx_writer_send_now(phx_backend_writer(l->b), PHX_DELETE, PHX_STR("/nodes/pve/qemu/100"),
					&p, NULL, &l->err));
	assert_string_equal(l->script.methods[0], "DELETE");
	assert_string_equal(l->script.targets[0],
			    "/api2/json/nodes/pve/qemu/100?purge=1&destroy-unreferenced-disks=0");
	assert_false(l->script.odd);
}

static void an_upload_sends_content_first_and_the_file_as_filename(void **state)
{
	struct lab *l = *state;
	struct phx_request r = {.method = PHX_POST, .path = PHX_STR("/nodes/pve/storage/local/upload")};
	struct phx_params p = {0};
	char path[] = "/tmp/phx-upload-XXXXXX";
	int fd = mkstemp(path);
	char *content, *file;

	assert_true(write(fd, "disk image", 10) == 10);
	close(fd);
	open_lab(l);
	phx_params_add(&l->arena, &p, PHX_STR("content"), PHX_STR("iso"));
	phx_params_add(&l->arena, &p, PHX_STR("filename"), PHX_STR("lab.iso"));
	r.params = &p;
	r.upload_path = phx_str_c(path);
	phx_writer_send(phx_backend_writer(l->b), &r);
	while (phx_backend_run(l->b, 1000, -1)) {
	}
	unlink(path);
	assert_true(strncmp(l->script.type[0], "multipart/form-data; boundary=", 30) == 0);
	content = strstr(l->script.bodies[0], "name=\"content\"\r\n\r\niso\r\n");
	file = strstr(l->script.bodies[0], "name=\"filename\"; filename=\"lab.iso\"\r\nContent-Type: "
					   "application/octet-stream\r\n\r\ndisk image\r\n");
	assert_non_null(content);
	assert_non_null(file);
	assert_true(content < file);
}

static void connections_are_kept_and_requests_run_side_by_side(void **state)
{
	struct lab *l = *state;
	struct phx_request r = {.method = PHX_GET, .path = PHX_STR("/version")};

	l->config.parallel = 4;
	open_lab(l);
	reply(l, (struct fake_reply){.delay_ms = 20});
	for (int i = 0; i < 20; i++)
		phx_reader_get(phx_backend_reader(l->b), &r);
	while (phx_backend_run(l->b, 1000, -1)) {
	}
	assert_int_equal(l->http.requests, 20);
	assert_true(l->http.connections <= 4);
	assert_true(l->http.most_inside >= 2 && l->http.most_inside <= 4);
}

static void a_get_is_repeated_when_its_connection_breaks(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){0});
	reply(l, (struct fake_reply){.how = FAKE_DROP});
	reply(l, (struct fake_reply){.how = FAKE_CUT, .body = "{\"data\":"});
	reply(l, (struct fake_reply){.how = FAKE_CHUNK_CUT, .body = "{\"data\":{\"a\":1}}"});
	reply(l, (struct fake_reply){.how = FAKE_CHUNKED, .body = "{\"data\":{\"a\":1}}"});
	assert_true(get(l, "/version", NULL));
	assert_true(get(l, "/nodes", NULL));
	assert_true(l->retried >= 2);
}

static void a_write_whose_reply_is_lost_is_sent_once_and_said_to_be_unknown(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){0});
	reply(l, (struct fake_reply){.how = FAKE_DROP});
	reply(l, (struct fake_reply){0});
	/* The first keeps the connection: libcurl itself repeats requests on kept connections that break. */
	assert_true(post(l, "/nodes/pve/qemu/100/status/start", NULL));
	assert_false(post(l, "/nodes/pve/qemu/101/status/start", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_LOST);
	assert_non_null(strstr(l->err.msg.ptr, "whether it was done is not known"));
	assert_int_equal(l->http.requests, 2);
	assert_int_equal(l->script.connection_of[1], 2);
}

static void a_write_with_an_unreadable_success_is_lost_not_failed(void **state)
{
	struct lab *l = *state;
	static const char *const bodies[] = {"{\"data\":\"UPID:pve:0000", "", "<html>ok</html>", "[]", "{}"};

	open_lab(l);
	for (size_t i = 0; i < PHX_COUNTOF(bodies); i++) {
		l->script.replies[0] = (struct fake_reply){.body = bodies[i]};
		l->script.n = 1;
		assert_false(post(l, "/nodes/pve/qemu/100/clone", NULL));
		assert_int_equal(l->err.kind, PHX_ERR_LOST);
	}
	assert_int_equal(l->http.requests, PHX_COUNTOF(bodies));
}

static void a_refused_connection_is_tried_again_even_for_a_write(void **state)
{
	struct lab *l = *state;

	l->config.endpoint = phx_str_printf(&l->arena, "http://127.0.0.1:%d", fake_closed_port());
	open_lab(l);
	assert_false(post(l, "/nodes/pve/qemu", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_int_equal(l->retried, 1);
	assert_non_null(strstr(l->err.msg.ptr, "tried 2 times"));
	assert_true(l->err.hint.len > 0);
}

static void silence_ends_at_the_deadline(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};
	struct phx_request r = {
		.method = PHX_POST, .path = PHX_STR("/pools"), .params = &p, .timeout_ms = 150};

	l->config.request_timeout_ms = 100;
	open_lab(l);
	reply(l, (struct fake_reply){.how = FAKE_SILENT});
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_TIMEOUT);
	phx_writer_send(phx_backend_writer(l->b), &r);
	while (phx_backend_run(l->b, 1000, -1)) {
	}
	assert_int_equal(strcmp(l->script.methods[l->http.requests - 1], "POST"), 0);
}

static void endless_answers_are_cut_off(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){.how = FAKE_GIANT, .giant = 65 * 1024 * 1024});
	reply(l, (struct fake_reply){.how = FAKE_HEADERS});
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_DATA);
	assert_non_null(strstr(l->err.msg.ptr, "64 MiB"));
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->http.requests, 2);
}

static void what_is_no_proxmox_is_said_to_be_none(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	l->script.n = 1;
	l->script.replies[0] =
		(struct fake_reply){.type = "text/html", .body = "<html><title>router</title></html>"};
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_DATA);
	assert_non_null(strstr(l->err.msg.ptr, "web page"));
	assert_non_null(strstr(l->err.hint.ptr, "8006"));
	l->script.replies[0] = (struct fake_reply){
		.status = 404, .reason = "Not Found", .type = "text/html", .body = "<html>no</html>"};
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_DATA);
	l->script.replies[0] = (struct fake_reply){.status = 301, .reason = "Moved", .type = "", .body = ""};
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(l->err.hint.ptr, "https://"));
	l->script.replies[0] =
		(struct fake_reply){.how = FAKE_GARBAGE, .body = "SSH-2.0-OpenSSH_9.2\r\n", .close = true};
	assert_false(get(l, "/version", NULL));
	assert_true(l->err.msg.len > 0);
}

static void garbage_of_every_kind_is_an_error_and_never_more(void **state)
{
	struct lab *l = *state;
	static const char *const bodies[] = {"{",           "null",          "[1,2",
					     "{\"data\":}", "\xff\xfe",      "{\"data\":1,\"data\":2}",
					     "\"x\"",       "{\"datas\":1}", "{\"data\":\"\\ud800\"}"};

	open_lab(l);
	l->script.n = 1;
	for (size_t i = 0; i < PHX_COUNTOF(bodies); i++) {
		l->script.replies[0] = (struct fake_reply){.status = 500, .reason = "odd", .body = bodies[i]};
		assert_false(get(l, "/version", NULL));
		assert_true(l->err.msg.len > 0);
		l->script.replies[0] =
			(struct fake_reply){.status = 400, .reason = "\x1b[31mred", .body = bodies[i]};
		assert_false(post(l, "/version", NULL));
		assert_true(l->err.msg.len > 0);
		assert_null(strchr(l->err.msg.ptr, '\x1b'));
	}
}

static void a_gateway_error_is_repeated_for_reads_only(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){
			 .status = 502, .reason = "Bad Gateway", .type = "text/html", .body = "<html>"});
	reply(l, (struct fake_reply){0});
	reply(l, (struct fake_reply){
			 .status = 504, .reason = "Gateway Timeout", .type = "text/html", .body = "<html>"});
	reply(l, (struct fake_reply){.status = 596, .reason = "Broken pipe", .type = "", .body = ""});
	assert_true(get(l, "/version", NULL));
	assert_false(post(l, "/nodes/pve/qemu", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_LOST);
	assert_false(post(l, "/nodes/pve/qemu/110/agent/exec", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_SERVER);
	assert_non_null(strstr(l->err.msg.ptr, "could not be started in the guest"));
	assert_int_equal(l->http.requests, 4);
}

static void too_much_for_proxmox_is_not_sent(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};
	struct phx_buf big = {0};

	open_lab(l);
	phx_buf_fill(&big, 'x', 600 * 1024);
	phx_params_add(&l->arena, &p, PHX_STR("content"), phx_buf_view(&big));
	assert_false(post(l, "/nodes/pve/qemu/110/agent/file-write", &p));
	assert_int_equal(l->err.kind, PHX_ERR_PARAMETER);
	assert_false(phx_reader_get_now(phx_backend_reader(l->b), PHX_STR("/version"), &p, NULL, &l->err));
	assert_int_equal(l->err.kind, PHX_ERR_PARAMETER);
	assert_int_equal(l->http.requests, 0);
	phx_buf_done(&big);
}

static void secrets_in_refusals_are_masked(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};

	open_lab(l);
	phx_secrets_add(&l->secrets, PHX_STR("hunter2hunter2"));
	phx_params_secret(&l->arena, &p, PHX_STR("cipassword"), PHX_STR("hunter2hunter2"));
	reply(l, (struct fake_reply){.status = 400,
				     .reason = "Parameter verification failed.",
				     .body = "{\"data\":null,\"message\":\"Parameter verification "
					     "failed.\\n\",\"errors\":{\"cipassword\":"
					     "\"value 'hunter2hunter2' is bad\"}}"});
	assert_false(post(l, "/nodes/pve/qemu", &p));
	assert_null(strstr(l->err.msg.ptr, "hunter2"));
	assert_non_null(strstr(l->err.msg.ptr, "`cipassword`"));
}

/* A server that gives tickets, and takes them back after `good` uses. */
struct desk {
	uint32_t logins, uses, good, writes_without_csrf;
	bool refuse, tfa;
};

static void desk_play(void *user, const struct fake_request *q, struct fake_reply *out)
{
	struct desk *d = user;
	struct phx_buf want = {0};
	char *cookie;

	if (strcmp(q->target, "/api2/json/access/ticket") == 0) {
		assert_string_equal(q->body, "username=test%40pve&password=example-password");
		d->logins++;
		d->uses = 0;
		if (d->refuse) {
			*out = (struct fake_reply){
				.status = 401,
				.reason = "authentication failure",
				.body = "{\"data\":null,\"message\":\"authentication failure\\n\"}"};
			return;
		}
		phx_buf_printf(&want,
			       "{\"data\":{\"username\":\"test@pve\",\"ticket\":\"PVE:test@pve:6B00+=%u\","
			       "\"CSRFPreventionToken\":\"csrf:%u\"%s}}",
			       d->logins, d->logins, d->tfa ? ",\"NeedTFA\":1" : "");
		out->owned = strdup(want.ptr);
		phx_buf_done(&want);
		return;
	}
	phx_buf_printf(&want, "PVEAuthCookie=PVE%%3Atest%%40pve%%3A6B00%%2B%%3D%u", d->logins);
	cookie = fake_header(q, "Cookie");
	if (!cookie || strcmp(cookie, want.ptr) != 0 || d->uses++ >= d->good)
		*out = (struct fake_reply){.status = 401,
					   .reason = "permission denied - invalid PVE ticket",
					   .type = "",
					   .body = ""};
	free(cookie);
	phx_buf_done(&want);
	if (strcmp(q->method, "GET") != 0) {
		char *csrf = fake_header(q, "CSRFPreventionToken");

		d->writes_without_csrf += !csrf;
		free(csrf);
	}
}

static void ticket_lab(struct lab *l, struct fake_http *http, struct desk *d)
{
	fake_http_start(http, false, desk_play, d);
	l->config.endpoint = fake_http_url(http, &l->arena);
	l->config.token = (struct phx_str){0};
	l->config.user = PHX_STR("test@pve");
	l->config.password = PHX_STR("example-password");
	open_lab(l);
}

static void a_ticket_is_got_once_for_all_and_renewed_when_it_is_refused(void **state)
{
	struct lab *l = *state;
	struct desk d = {.good = 3};
	struct fake_http http;
	struct phx_request r = {.method = PHX_GET, .path = PHX_STR("/nodes")};

	ticket_lab(l, &http, &d);
	assert_str(phx_backend_identity(l->b), "test@pve");
	for (int i = 0; i < 3; i++)
		phx_reader_get(phx_backend_reader(l->b), &r);
	while (phx_backend_run(l->b, 1000, -1)) {
	}
	assert_int_equal(d.logins, 1);
	assert_true(post(l, "/pools", NULL));
	assert_int_equal(d.logins, 2);
	assert_int_equal(d.writes_without_csrf, 0);
	phx_backend_close(l->b);
	l->b = NULL;
	fake_http_stop(&http);
}

static void a_refused_login_fails_every_request_with_its_reason(void **state)
{
	struct lab *l = *state;
	struct desk d = {.refuse = true};
	struct fake_http http;

	ticket_lab(l, &http, &d);
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_AUTH);
	assert_non_null(strstr(l->err.msg.ptr, "authentication failure"));
	assert_null(strstr(l->err.msg.ptr, "example-password"));
	d.refuse = false;
	d.tfa = true;
	assert_false(get(l, "/version", NULL));
	assert_non_null(strstr(l->err.msg.ptr, "second factor"));
	d.tfa = false;
	d.good = 0; /* gives tickets and refuses them: once more, not for ever */
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_AUTH);
	assert_int_equal(d.logins, 4);
	phx_backend_close(l->b);
	l->b = NULL;
	fake_http_stop(&http);
}

static void a_401_without_body_tells_its_reason(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){.status = 401,
				     .reason = "no such token 'phx' for user 'root@pam'",
				     .type = "",
				     .body = ""});
	assert_false(get(l, "/nodes", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_AUTH);
	assert_int_equal(l->err.status, 401);
	assert_non_null(strstr(l->err.msg.ptr, "no such token 'phx' for user 'root@pam'"));
	assert_non_null(strstr(l->err.hint.ptr, "pveum user token list root@pam"));
	assert_int_equal(l->http.requests, 1);
}

static void a_missing_privilege_comes_with_the_line_that_grants_it(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){.status = 403,
				     .reason = "Permission check failed (/vms/102, VM.Config.CPU)",
				     .body = "{\"data\":null,\"message\":\"Permission check failed "
					     "(/vms/102, VM.Config.CPU)\\n\"}"});
	assert_false(post(l, "/nodes/pve/qemu/102/config", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_PERMISSION);
	assert_non_null(strstr(l->err.hint.ptr,
			       "pveum acl modify /vms/102 --tokens 'root@pam!phx' --roles PVEVMAdmin"));
}

static void bad_endpoints_and_credentials_are_refused_before_anything_is_sent(void **state)
{
	struct lab *l = *state;
	static const char *const endpoints[] = {"",
						"pve:8006",
						"ftp://pve",
						"http://192.0.2.1:8006",
						"http://pve.example:80",
						"https://",
						"https://u:p@pve",
						"https://pve/x",
						"https://pve:0",
						"https://pve:99999",
						"https://pve:x",
						"https://[::1",
						"https://a b",
						"https://pve\r\nX: y",
						"unix:relative",
						"https://pve?x=1"};
	static const char *const tokens[] = {"",
					     "root@pam!phx",
					     "root@pam=abc",
					     "root!phx=abc",
					     "root@pam!phx=a\r\nX-Evil: 1",
					     "root@pam!phx=",
					     "x"};

	for (size_t i = 0; i < PHX_COUNTOF(endpoints); i++) {
		l->config.endpoint = phx_str_c(endpoints[i]);
		assert_false(phx_api_open(&l->config, &l->arena, &l->b, &l->err));
		assert_int_equal(l->err.kind, PHX_ERR_USAGE);
		assert_true(l->err.hint.len > 0);
	}
	l->config.endpoint = PHX_STR("https://pve");
	for (size_t i = 0; i < PHX_COUNTOF(tokens); i++) {
		l->config.token = phx_str_c(tokens[i]);
		assert_false(phx_api_open(&l->config, &l->arena, &l->b, &l->err));
		assert_int_equal(l->err.kind, PHX_ERR_USAGE);
		assert_null(strstr(l->err.msg.ptr, "Evil"));
	}
	l->b = NULL;
}

static void good_endpoints_get_proxmox_port(void **state)
{
	struct lab *l = *state;
	static const char *const endpoints[][2] = {{"https://pve", "https://pve:8006"},
						   {"https://pve:443/", "https://pve:443"},
						   {"https://[2001:db8::1]", "https://[2001:db8::1]:8006"},
						   {"http://127.0.0.1:9/api2/json", "http://127.0.0.1:9"},
						   {"http://[::1]:9", "http://[::1]:9"},
						   {"http://localhost:9", "http://localhost:9"},
						   {"unix:/run/x.sock", "unix:/run/x.sock"}};

	for (size_t i = 0; i < PHX_COUNTOF(endpoints); i++) {
		l->config.endpoint = phx_str_c(endpoints[i][0]);
		open_lab(l);
		assert_string_equal(phx_backend_endpoint(l->b), endpoints[i][1]);
		phx_backend_close(l->b);
	}
	l->b = NULL;
}

static void a_command_for_the_host_is_named_when_there_is_no_way_to_it(void **state)
{
	struct lab *l = *state;
	struct phx_str argv[] = {PHX_STR("qm"), PHX_STR("set"), PHX_STR("100"), PHX_STR("--args"),
				 PHX_STR("-cpu host")};
	struct phx_buf out = {0};
	int exit_code = 0;

	open_lab(l);
	assert_false(phx_backend_has_host(l->b));
	assert_false(phx_prober_run(phx_backend_prober(l->b),
				    &(struct phx_command){.node = PHX_STR("pve"), .argv = argv, .argc = 5},
				    &out, NULL, &exit_code, &l->err));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(l->err.hint.ptr, "qm set 100 --args '-cpu host'"));
	assert_int_equal(l->http.requests, 0);
}

static void a_run_ends_when_its_wake_descriptor_is_readable(void **state)
{
	struct lab *l = *state;
	struct phx_request r = {.method = PHX_GET, .path = PHX_STR("/version")};
	int fds[2];

	open_lab(l);
	reply(l, (struct fake_reply){.how = FAKE_SILENT});
	phx_reader_get(phx_backend_reader(l->b), &r);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(phx_backend_run(l->b, 50000, fds[0]), 1);
	close(fds[0]);
	close(fds[1]);
}

static void closing_drops_what_is_in_flight(void **state)
{
	struct lab *l = *state;
	struct phx_request r = {.method = PHX_GET, .path = PHX_STR("/version")};

	open_lab(l);
	reply(l, (struct fake_reply){.how = FAKE_SILENT});
	for (int i = 0; i < 20; i++)
		phx_reader_get(phx_backend_reader(l->b), &r);
	assert_int_equal(phx_backend_run(l->b, 50, -1), 20);
}

static void a_unix_socket_is_an_endpoint_too(void **state)
{
	struct lab *l = *state;
	struct fake_http http;
	char dir[] = "/tmp/phx-socket-XXXXXX", path[60];

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/api", dir);
	fake_http_start_unix(&http, path, play, &l->script);
	l->config.endpoint = fake_http_url(&http, &l->arena);
	open_lab(l);
	assert_true(get(l, "/version", NULL));
	assert_string_equal(l->script.targets[0], "/api2/json/version");
	phx_backend_close(l->b);
	l->b = NULL;
	fake_http_stop(&http);
	rmdir(dir);
}

static void a_token_may_be_given_as_the_header_has_it(void **state)
{
	struct lab *l = *state;

	l->config.token = PHX_STR("PVEAPIToken=" TOKEN);
	open_lab(l);
	assert_true(get(l, "/version", NULL));
	assert_string_equal(l->script.auth[0], "PVEAPIToken=" TOKEN);
	assert_str(phx_backend_identity(l->b), "root@pam!phx");
}

static void a_user_needs_a_realm_and_credentials_are_needed(void **state)
{
	struct lab *l = *state;

	l->config.token = (struct phx_str){0};
	assert_false(phx_api_open(&l->config, &l->arena, &l->b, &l->err));
	assert_non_null(strstr(l->err.msg.ptr, "no credentials for http://127.0.0.1:"));
	l->config.user = PHX_STR("root");
	l->config.password = PHX_STR("example-password");
	assert_false(phx_api_open(&l->config, &l->arena, &l->b, &l->err));
	assert_string_equal(l->err.msg.ptr, "user `root` has no realm");
	assert_string_equal(l->err.hint.ptr, "write root@pam, or NAME@pve");
	assert_int_equal(l->http.requests, 0);
	l->b = NULL;
}

/* A login does nothing that could be done twice: it is a connection that failed, not a call of unknown outcome. */
static void a_login_that_breaks_or_brings_no_ticket_is_said(void **state)
{
	struct lab *l = *state;

	l->config.token = (struct phx_str){0};
	l->config.user = PHX_STR("test@pve");
	l->config.password = PHX_STR("example-password");
	open_lab(l);
	reply(l, (struct fake_reply){.body = "{\"data\":{\"username\":\"test@pve\"}}"});
	reply(l, (struct fake_reply){.how = FAKE_DROP});
	assert_false(post(l, "/pools", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_DATA);
	assert_non_null(strstr(l->err.msg.ptr, "the answer to the login has no ticket"));
	assert_false(post(l, "/pools", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_string_equal(l->script.targets[l->http.requests - 1], "/api2/json/access/ticket");
}

static void a_call_that_the_server_does_not_know_is_told_to_be_of_another_version(void **state)
{
	struct lab *l = *state;

	open_lab(l);
	reply(l, (struct fake_reply){.status = 501,
				     .reason = "Method 'GET /nodes/pve/new' not implemented",
				     .body = "{\"data\":null}"});
	assert_false(get(l, "/nodes/pve/new", NULL));
	assert_int_equal(l->err.status, 501);
	assert_non_null(strstr(l->err.msg.ptr, "not implemented"));
	assert_non_null(strstr(l->err.hint.ptr, "phx is made for Proxmox VE 8"));
}

static void a_name_that_has_no_address_is_said_to_have_none(void **state)
{
	struct lab *l = *state;

	l->config.endpoint = PHX_STR("https://no-such-node.invalid");
	open_lab(l);
	assert_false(get(l, "/version", NULL));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(l->err.msg.ptr, "cannot connect to https://no-such-node.invalid:8006"));
	assert_non_null(strstr(l->err.hint.ptr, "has no address"));
}

static void take_error(void *user, struct phx_answer *a)
{
	phx_err_copy(&((struct lab *)user)->err, &a->err);
	phx_answer_done(a);
}

static void a_file_to_upload_that_cannot_be_read_is_named(void **state)
{
	struct lab *l = *state;
	struct phx_params p = {0};
	struct phx_request r = {.method = PHX_POST,
				.path = PHX_STR("/nodes/pve/storage/local/upload"),
				.params = &p,
				.upload_path = PHX_STR("/nonexistent/disk.img"),
				.done = take_error,
				.user = l};

	open_lab(l);
	phx_params_add(&l->arena, &p, PHX_STR("filename"), PHX_STR("disk.img"));
	phx_writer_send(phx_backend_writer(l->b), &r);
	while (phx_backend_run(l->b, 1000, -1)) {
	}
	assert_int_equal(l->err.kind, PHX_ERR_IO);
	assert_string_equal(l->err.msg.ptr, "cannot read /nonexistent/disk.img to upload it");
	assert_int_equal(l->http.requests, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_get_carries_the_token_and_returns_the_data),
		T(a_form_is_percent_encoded_and_arrays_repeat_their_key),
		T(a_delete_has_its_parameters_in_the_query_and_no_body),
		T(an_upload_sends_content_first_and_the_file_as_filename),
		T(connections_are_kept_and_requests_run_side_by_side),
		T(a_get_is_repeated_when_its_connection_breaks),
		T(a_write_whose_reply_is_lost_is_sent_once_and_said_to_be_unknown),
		T(a_write_with_an_unreadable_success_is_lost_not_failed),
		T(a_refused_connection_is_tried_again_even_for_a_write),
		T(silence_ends_at_the_deadline),
		T(endless_answers_are_cut_off),
		T(what_is_no_proxmox_is_said_to_be_none),
		T(garbage_of_every_kind_is_an_error_and_never_more),
		T(a_gateway_error_is_repeated_for_reads_only),
		T(too_much_for_proxmox_is_not_sent),
		T(secrets_in_refusals_are_masked),
		T(a_ticket_is_got_once_for_all_and_renewed_when_it_is_refused),
		T(a_refused_login_fails_every_request_with_its_reason),
		T(a_401_without_body_tells_its_reason),
		T(a_missing_privilege_comes_with_the_line_that_grants_it),
		T(bad_endpoints_and_credentials_are_refused_before_anything_is_sent),
		T(good_endpoints_get_proxmox_port),
		T(a_command_for_the_host_is_named_when_there_is_no_way_to_it),
		T(a_run_ends_when_its_wake_descriptor_is_readable),
		T(closing_drops_what_is_in_flight),
		T(a_unix_socket_is_an_endpoint_too),
		T(a_token_may_be_given_as_the_header_has_it),
		T(a_user_needs_a_realm_and_credentials_are_needed),
		T(a_login_that_breaks_or_brings_no_ticket_is_said),
		T(a_call_that_the_server_does_not_know_is_told_to_be_of_another_version),
		T(a_name_that_has_no_address_is_said_to_have_none),
		T(a_file_to_upload_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
