#include "base_test.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "backend/api/api.h"
#include "fake_http.h"

static void answer(void *user, const struct fake_request *q, struct fake_reply *out)
{
	(void)user, (void)q;
	out->body = "{\"data\":{\"version\":\"8.4.1\"}}";
}

struct lab {
	struct phx_arena arena;
	struct fake_http http;
	struct phx_backend_config config;
	struct phx_backend *b;
	struct phx_err err;
};

static int set_up(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));

	fake_http_start(&l->http, true, answer, NULL);
	l->config.endpoint = fake_http_url(&l->http, &l->arena);
	l->config.token = PHX_STR("root@pam!phx=11111111-2222-3333-4444-555555555555");
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

static struct phx_str fingerprint(struct lab *l, bool wrong)
{
	struct phx_buf b = {0};
	struct phx_str s;

	for (int i = 0; i < 32; i++)
		phx_buf_printf(&b, "%s%02X", i ? ":" : "", l->http.sha256[i] ^ (wrong && i == 31));
	s = phx_str_dup(&l->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return s;
}

static bool get(struct lab *l)
{
	if (!phx_api_open(&l->config, &l->arena, &l->b, &l->err))
		fail_msg("%s", l->err.msg.ptr);
	return phx_reader_get_now(phx_backend_reader(l->b), PHX_STR("/version"), NULL, NULL, &l->err);
}

static void the_pinned_certificate_is_accepted(void **state)
{
	struct lab *l = *state;

	l->config.fingerprint = fingerprint(l, false);
	assert_true(get(l));
	assert_int_equal(l->http.requests, 1);
}

static void another_certificate_ends_the_handshake_before_anything_is_sent(void **state)
{
	struct lab *l = *state;

	l->config.fingerprint = fingerprint(l, true);
	assert_false(get(l));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_int_equal(l->http.requests, 0);
	assert_non_null(strstr(l->err.msg.ptr, fingerprint(l, true).ptr));
	assert_non_null(strstr(l->err.msg.ptr, fingerprint(l, false).ptr));
}

static void an_untrusted_certificate_is_refused_and_its_fingerprint_told(void **state)
{
	struct lab *l = *state;

	assert_false(get(l));
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_int_equal(l->http.requests, 0);
	assert_non_null(strstr(l->err.msg.ptr, "not trusted"));
	assert_non_null(strstr(l->err.hint.ptr, fingerprint(l, false).ptr));
}

static void with_a_ca_as_well_the_pin_alone_is_not_enough(void **state)
{
	struct lab *l = *state;

	l->config.fingerprint = fingerprint(l, false);
	l->config.ca_file = PHX_STR("/nonexistent/ca.pem");
	assert_false(get(l));
	assert_int_equal(l->http.requests, 0);
	assert_int_equal(l->err.kind, PHX_ERR_IO);
}

static struct phx_str ca_file(struct lab *l, const char *pem)
{
	char path[] = "/tmp/phx-ca-XXXXXX";
	int fd = mkstemp(path);

	assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
	close(fd);
	return phx_str_dup(&l->arena, phx_str_c(path));
}

static void a_certificate_of_the_given_ca_is_accepted(void **state)
{
	struct lab *l = *state;

	l->config.ca_file = ca_file(l, l->http.pem);
	assert_true(get(l));
	phx_backend_close(l->b);
	l->config.fingerprint = fingerprint(l, false);
	assert_true(get(l));
	phx_backend_close(l->b);
	l->config.fingerprint = fingerprint(l, true);
	assert_false(get(l));
	unlink(l->config.ca_file.ptr);
	assert_int_equal(l->http.requests, 2);
}

static void a_certificate_for_another_host_is_refused(void **state)
{
	struct lab *l = *state;

	l->config.ca_file = ca_file(l, l->http.pem);
	l->config.endpoint = phx_str_printf(&l->arena, "https://localhost:%d", l->http.port);
	assert_false(get(l));
	unlink(l->config.ca_file.ptr);
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_int_equal(l->http.requests, 0);
}

static void a_certificate_of_another_ca_is_refused(void **state)
{
	struct lab *l = *state;
	struct fake_http other;

	fake_http_start(&other, true, answer, NULL);
	l->config.ca_file = ca_file(l, other.pem);
	assert_false(get(l));
	unlink(l->config.ca_file.ptr);
	assert_int_equal(l->http.requests, 0);
	assert_non_null(strstr(l->err.msg.ptr, "not trusted"));
	fake_http_stop(&other);
}

static void http_spoken_to_a_tls_port_is_told_apart(void **state)
{
	struct lab *l = *state;

	l->config.endpoint = phx_str_printf(&l->arena, "http://127.0.0.1:%d", l->http.port);
	assert_false(get(l));
	assert_int_equal(l->http.requests, 0);
	assert_true(l->err.msg.len > 0);
}

static int listening(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* Until the listening socket is shut down. */
static void *speak_http(void *listener)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	int fd;

	while ((fd = accept(*(int *)listener, NULL, NULL)) >= 0) {
		(void)!write(fd, text, sizeof(text) - 1);
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

static void tls_spoken_to_an_http_port_is_told_apart(void **state)
{
	struct lab *l = *state;
	pthread_t thread;
	int port, fd = listening(&port);

	assert_int_equal(pthread_create(&thread, NULL, speak_http, &fd), 0);
	l->config.endpoint = phx_str_printf(&l->arena, "https://127.0.0.1:%d", port);
	assert_false(get(l));
	shutdown(fd, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(fd);
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	if (!strstr(l->err.msg.ptr, "no TLS connection: "))
		fail_msg("%s", l->err.msg.ptr);
	assert_string_equal(l->err.hint.ptr, "is it Proxmox VE's port (8006) that answers there?");
}

/* The connection stands, and nobody says a word on it: nothing was sent. */
static void a_port_that_is_silent_is_given_up(void **state)
{
	struct lab *l = *state;
	int port, fd = listening(&port);

	l->config.endpoint = phx_str_printf(&l->arena, "https://127.0.0.1:%d", port);
	l->config.connect_timeout_ms = 200;
	l->config.request_timeout_ms = 300;
	assert_false(get(l));
	close(fd);
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(l->err.msg.ptr, "cannot connect to https://127.0.0.1:"));
}

static void redirect(void *user, const struct fake_request *q, struct fake_reply *out)
{
	(void)user, (void)q;
	*out = (struct fake_reply){.status = 302, .reason = "Found", .type = "", .body = ""};
}

static void a_redirect_is_not_followed_with_credentials(void **state)
{
	struct lab *l = *state;
	struct fake_http other;

	fake_http_start(&other, true, redirect, NULL);
	l->config.ca_file = ca_file(l, other.pem);
	l->config.endpoint = fake_http_url(&other, &l->arena);
	assert_false(get(l));
	unlink(l->config.ca_file.ptr);
	assert_int_equal(other.requests, 1);
	fake_http_stop(&other);
	assert_int_equal(l->err.kind, PHX_ERR_CONNECT);
	assert_non_null(strstr(l->err.msg.ptr, "answers with a redirect (status 302)"));
	assert_non_null(strstr(l->err.hint.ptr, "credentials are not sent anywhere else"));
}

static void a_fingerprint_must_be_32_bytes_of_hex(void **state)
{
	struct lab *l = *state;
	static const char *const bad[] = {
		"AB", "zz", "AB:CD", "sha256:00",
		("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:"
		 "66:77:88:99:AA:BB:CC:DD:EE:FF:00")};

	for (size_t i = 0; i < PHX_COUNTOF(bad); i++) {
		l->config.fingerprint = phx_str_c(bad[i]);
		assert_false(phx_api_open(&l->config, &l->arena, &l->b, &l->err));
		assert_int_equal(l->err.kind, PHX_ERR_USAGE);
	}
	l->b = NULL;
}

static void a_fingerprint_may_be_written_small_and_without_colons(void **state)
{
	struct lab *l = *state;
	struct phx_str good = fingerprint(l, false);
	struct phx_buf small = {0};

	for (size_t i = 0; i < good.len; i++) {
		if (good.ptr[i] != ':')
			phx_buf_ch(&small, (char)(good.ptr[i] >= 'A' ? good.ptr[i] | 0x20 : good.ptr[i]));
	}
	l->config.fingerprint = phx_str_dup(&l->arena, phx_buf_view(&small));
	assert_true(get(l));
	phx_buf_done(&small);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(the_pinned_certificate_is_accepted),
		T(another_certificate_ends_the_handshake_before_anything_is_sent),
		T(an_untrusted_certificate_is_refused_and_its_fingerprint_told),
		T(with_a_ca_as_well_the_pin_alone_is_not_enough),
		T(a_certificate_of_the_given_ca_is_accepted),
		T(a_certificate_for_another_host_is_refused),
		T(a_certificate_of_another_ca_is_refused),
		T(http_spoken_to_a_tls_port_is_told_apart),
		T(tls_spoken_to_an_http_port_is_told_apart),
		T(a_port_that_is_silent_is_given_up),
		T(a_redirect_is_not_followed_with_credentials),
		T(a_fingerprint_must_be_32_bytes_of_hex),
		T(a_fingerprint_may_be_written_small_and_without_colons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
