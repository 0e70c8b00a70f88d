#include "fake_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/sys.h"

struct connection {
	struct fake_http *f;
	int fd, slot;
	SSL *ssl;
	char *in;
	size_t len, cap;
	uint32_t served;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static ssize_t conn_read(struct connection *c, void *to, size_t n)
{
	return c->ssl ? SSL_read(c->ssl, to, (int)n) : recv(c->fd, to, n, 0);
}

static bool conn_write(struct connection *c, const char *p, size_t n)
{
	while (n) {
		ssize_t k = c->ssl ? SSL_write(c->ssl, p, (int)(n > 16384 ? 16384 : n))
				   : send(c->fd, p, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static bool more(struct connection *c)
{
	ssize_t k;

	if (c->len + 4096 > c->cap) {
		c->cap = c->cap * 2 + 8192;
		c->in = must(realloc(c->in, c->cap));
	}
	k = conn_read(c, c->in + c->len, 4000);
	if (k <= 0)
		return false;
	c->len += (size_t)k;
	c->in[c->len] = 0;
	return true;
}

static size_t content_length(const char *headers)
{
	struct fake_request q = {.headers = (char *)(uintptr_t)headers};
	char *v = fake_header(&q, "Content-Length");
	uint64_t n = 0;

	if (v && !phx_parse_u64(phx_str_c(v), &n))
		n = 0;
	free(v);
	return (size_t)n;
}

static bool read_chunked(struct connection *c, size_t at, char **body, size_t *body_len, size_t *end)
{
	*body = must(calloc(1, 1));
	*body_len = 0;
	for (;;) {
		char *eol;
		size_t n;

		while (!(eol = c->len > at ? memmem(c->in + at, c->len - at, "\r\n", 2) : NULL)) {
			if (!more(c))
				return false;
		}
		n = (size_t)strtoull(c->in + at, NULL, 16);
		at = (size_t)(eol - c->in) + 2;
		while (c->len < at + n + 2) {
			if (!more(c))
				return false;
		}
		*body = must(realloc(*body, *body_len + n + 1));
		memcpy(*body + *body_len, c->in + at, n);
		*body_len += n;
		(*body)[*body_len] = 0;
		at += n + 2;
		if (n == 0) {
			*end = at;
			return true;
		}
	}
}

static bool read_request(struct connection *c, struct fake_request *q)
{
	char *end, *chunked;
	size_t head, need;

	while (!(end = c->len ? strstr(c->in, "\r\n\r\n") : NULL)) {
		if (!more(c))
			return false;
	}
	head = (size_t)(end - c->in) + 4;
	q->headers = must(strndup(c->in, head));
	if (sscanf(q->headers, "%15s %8191s", q->method, q->target) != 2)
		return false;
	chunked = fake_header(q, "Transfer-Encoding");
	if (chunked) {
		free(chunked);
		if (!read_chunked(c, head, &q->body, &q->body_len, &need))
			return false;
	} else {
		q->body_len = content_length(q->headers);
		need = head + q->body_len;
		while (c->len < need) {
			if (!more(c))
				return false;
		}
		q->body = must(malloc(q->body_len + 1));
		memcpy(q->body, c->in + head, q->body_len);
		q->body[q->body_len] = 0;
	}
	memmove(c->in, c->in + need, c->len - need);
	c->len -= need;
	if (c->in)
		c->in[c->len] = 0;
	return true;
}

char *fake_header(const struct fake_request *q, const char *name)
{
	const char *line = strstr(q->headers, "\r\n");
	size_t n = strlen(name);

	for (; line; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, n) == 0 && line[2 + n] == ':') {
			const char *v = line + 3 + n + strspn(line + 3 + n, " ");

			return must(strndup(v, strcspn(v, "\r\n")));
		}
	}
	return NULL;
}

static bool send_head(struct connection *c, const struct fake_reply *r, const char *length)
{
	struct phx_buf b = {0};
	bool ok;

	phx_buf_printf(&b, "HTTP/1.1 %d %s\r\nCache-Control: max-age=0\r\n", r->status ? r->status : 200,
		       r->reason ? r->reason : "OK");
	if (!r->type || *r->type)
		phx_buf_printf(&b, "Content-Type: %s\r\n",
			       r->type ? r->type : "application/json;charset=UTF-8");
	if (r->close)
		phx_buf_c(&b, "Connection: close\r\n");
	phx_buf_printf(&b, "%s\r\n\r\n", length);
	ok = conn_write(c, b.ptr, b.len);
	phx_buf_done(&b);
	return ok;
}

static bool send_chunks(struct connection *c, const char *body, bool cut)
{
	size_t n = strlen(body), half = n / 2;
	char size[32];

	snprintf(size, sizeof(size), "%zx\r\n", half);
	if (!conn_write(c, size, strlen(size)) || !conn_write(c, body, half) || !conn_write(c, "\r\n", 2))
		return false;
	if (cut)
		return false;
	snprintf(size, sizeof(size), "%zx\r\n", n - half);
	return conn_write(c, size, strlen(size)) && conn_write(c, body + half, n - half) &&
	       conn_write(c, "\r\n0\r\n\r\n", 7);
}

static void wait_for_stop(struct fake_http *f)
{
	for (;;) {
		bool stop;

		pthread_mutex_lock(&f->mutex);
		stop = f->stop;
		pthread_mutex_unlock(&f->mutex);
		if (stop)
			return;
		phx_sleep_ms(5);
	}
}

static bool send_reply(struct connection *c, const struct fake_reply *r)
{
	const char *body = r->owned ? r->owned : r->body ? r->body : "{\"data\":null}";
	char length[64], block[16384];
	size_t sent;

	snprintf(length, sizeof(length), "Content-Length: %zu", strlen(body));
	switch (r->how) {
	case FAKE_ANSWER:
		return send_head(c, r, length) && conn_write(c, body, strlen(body)) && !r->close;
	case FAKE_DROP:
		return false;
	case FAKE_GARBAGE:
		conn_write(c, body, strlen(body));
		return false;
	case FAKE_CUT:
		send_head(c, r, "Content-Length: 100000");
		conn_write(c, body, strlen(body));
		return false;
	case FAKE_CHUNKED:
	case FAKE_CHUNK_CUT:
		return send_head(c, r, "Transfer-Encoding: chunked") &&
		       send_chunks(c, body, r->how == FAKE_CHUNK_CUT);
	case FAKE_SILENT:
		wait_for_stop(c->f);
		return false;
	case FAKE_GIANT:
		snprintf(length, sizeof(length), "Content-Length: %zu", r->giant);
		if (!send_head(c, r, length))
			return false;
		memset(block, 'x', sizeof(block));
		for (sent = 0; sent < r->giant; sent += sizeof(block)) {
			if (!conn_write(c, block, sizeof(block)))
				return false;
		}
		return true;
	case FAKE_HEADERS:
		conn_write(c, "HTTP/1.1 200 OK\r\n", 17);
		while (conn_write(
			c, "X-More: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
			72)) {
		}
		return false;
	}
	return false;
}

static bool serve(struct connection *c)
{
	struct fake_http *f = c->f;
	struct fake_request q = {0};
	struct fake_reply r = {0};
	bool ok = false;

	if (!read_request(c, &q))
		goto out;
	pthread_mutex_lock(&f->mutex);
	q.number = ++f->requests;
	q.on_connection = ++c->served;
	if (++f->inside > f->most_inside)
		f->most_inside = f->inside;
	f->handler(f->user, &q, &r);
	pthread_mutex_unlock(&f->mutex);
	if (r.delay_ms)
		phx_sleep_ms(r.delay_ms);
	pthread_mutex_lock(&f->mutex);
	f->inside--;
	pthread_mutex_unlock(&f->mutex);
	ok = send_reply(c, &r);
out:
	free(r.owned);
	free(q.headers);
	free(q.body);
	return ok;
}

static void *connection_thread(void *user)
{
	struct connection *c = user;
	struct fake_http *f = c->f;
	bool ok = true;

	if (f->tls) {
		c->ssl = must(SSL_new(f->tls));
		SSL_set_fd(c->ssl, c->fd);
		ok = SSL_accept(c->ssl) == 1;
	}
	while (ok && serve(c)) {
	}
	SSL_free(c->ssl);
	pthread_mutex_lock(&f->mutex);
	f->fds[c->slot] = -1;
	close(c->fd);
	f->threads--;
	pthread_cond_broadcast(&f->idle);
	pthread_mutex_unlock(&f->mutex);
	free(c->in);
	free(c);
	return NULL;
}

static void accepted(struct fake_http *f, int fd)
{
	struct connection *c = must(calloc(1, sizeof(*c)));
	pthread_t t;
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c->f = f;
	c->fd = fd;
	pthread_mutex_lock(&f->mutex);
	for (c->slot = 0; f->fds[c->slot] != -1; c->slot++) {
	}
	f->fds[c->slot] = fd;
	f->connections++;
	f->threads++;
	pthread_mutex_unlock(&f->mutex);
	if (pthread_create(&t, NULL, connection_thread, c) != 0)
		abort();
	pthread_detach(t);
}

static void *listen_thread(void *user)
{
	struct fake_http *f = user;
	int fd;

	while ((fd = accept(f->listener, NULL, NULL)) >= 0)
		accepted(f, fd);
	return NULL;
}

static void add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = must(X509V3_EXT_conf_nid(NULL, NULL, nid, value));

	if (!X509_add_ext(x, e, -1))
		abort();
	X509_EXTENSION_free(e);
}

static char *pem_of(X509 *x)
{
	BIO *b = must(BIO_new(BIO_s_mem()));
	char *bytes, *copy;
	long n;

	if (!PEM_write_bio_X509(b, x))
		abort();
	n = BIO_get_mem_data(b, &bytes);
	copy = must(strndup(bytes, (size_t)n));
	BIO_free(b);
	return copy;
}

static void make_certificate(struct fake_http *f)
{
	EVP_PKEY *key = must(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"));
	X509 *x = must(X509_new());
	X509_NAME *name = X509_get_subject_name(x);
	unsigned n = 0;

	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"fake node", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_version(x, 2);
	add_extension(x, NID_subject_alt_name, "IP:127.0.0.1");
	add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	if (!X509_sign(x, key, EVP_sha256()) || !X509_digest(x, EVP_sha256(), f->sha256, &n))
		abort();
	f->pem = pem_of(x);
	f->tls = must(SSL_CTX_new(TLS_server_method()));
	if (SSL_CTX_use_certificate(f->tls, x) != 1 || SSL_CTX_use_PrivateKey(f->tls, key) != 1)
		abort();
	X509_free(x);
	EVP_PKEY_free(key);
}

static int bound(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		abort();
	*port = ntohs(at.sin_port);
	return fd;
}

int fake_closed_port(void)
{
	int port;

	close(bound(&port));
	return port;
}

static void prepare(struct fake_http *f,
		    void (*handler)(void *user, const struct fake_request *q, struct fake_reply *out),
		    void *user)
{
	*f = (struct fake_http){.handler = handler, .user = user};
	signal(SIGPIPE, SIG_IGN);
	memset(f->fds, 0xff, sizeof(f->fds));
	pthread_mutex_init(&f->mutex, NULL);
	pthread_cond_init(&f->idle, NULL);
}

static void serve_on(struct fake_http *f)
{
	if (listen(f->listener, 64) != 0 || pthread_create(&f->thread, NULL, listen_thread, f) != 0)
		abort();
}

void fake_http_start(struct fake_http *f, bool tls,
		     void (*handler)(void *user, const struct fake_request *q, struct fake_reply *out),
		     void *user)
{
	prepare(f, handler, user);
	if (tls)
		make_certificate(f);
	f->listener = bound(&f->port);
	serve_on(f);
}

void fake_http_start_unix(struct fake_http *f, const char *path,
			  void (*handler)(void *user, const struct fake_request *q, struct fake_reply *out),
			  void *user)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	prepare(f, handler, user);
	memcpy(at.sun_path, path, strlen(path));
	memcpy(f->unix_path, path, strlen(path));
	f->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (f->listener < 0 || bind(f->listener, (struct sockaddr *)&at, sizeof(at)) != 0)
		abort();
	serve_on(f);
}

void fake_http_stop(struct fake_http *f)
{
	shutdown(f->listener, SHUT_RDWR);
	pthread_join(f->thread, NULL);
	close(f->listener);
	pthread_mutex_lock(&f->mutex);
	f->stop = true;
	for (size_t i = 0; i < PHX_COUNTOF(f->fds); i++) {
		if (f->fds[i] != -1)
			shutdown(f->fds[i], SHUT_RDWR);
	}
	while (f->threads)
		pthread_cond_wait(&f->idle, &f->mutex);
	pthread_mutex_unlock(&f->mutex);
	SSL_CTX_free(f->tls);
	free(f->pem);
	if (f->unix_path[0])
		unlink(f->unix_path);
	pthread_mutex_destroy(&f->mutex);
	pthread_cond_destroy(&f->idle);
}

struct phx_str fake_http_url(const struct fake_http *f, struct phx_arena *a)
{
	if (f->unix_path[0])
		return phx_str_printf(a, "unix:%s", f->unix_path);
	return phx_str_printf(a, "%s://127.0.0.1:%d", f->tls ? "https" : "http", f->port);
}
