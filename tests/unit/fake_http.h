/* A small HTTP server inside a test, one thread a connection, that can misbehave in every way a network can. */
#pragma once

#include <openssl/ssl.h>
#include <pthread.h>

#include "backend/backend.h"

struct fake_request {
	char method[16];
	char target[8192]; /* path and query, undecoded */
	char *headers;     /* all of them, as received */
	char *body;        /* NUL-terminated */
	size_t body_len;
	uint32_t number;        /* from 1, over the server's life */
	uint32_t on_connection; /* from 1 */
};

enum fake_how {
	FAKE_ANSWER,
	FAKE_DROP,    /* closes without a byte */
	FAKE_GARBAGE, /* `body` raw, no HTTP */
	FAKE_CUT,     /* announces more than it sends, then closes */
	FAKE_CHUNKED,
	FAKE_CHUNK_CUT, /* chunked, closed before the last chunk */
	FAKE_SILENT,    /* reads and never answers, until the server stops */
	FAKE_GIANT,     /* `giant` bytes of body */
	FAKE_HEADERS,   /* endless headers */
};

struct fake_reply {
	enum fake_how how;
	int status;         /* 200 */
	const char *reason; /* "OK" */
	const char *type;   /* application/json;charset=UTF-8; "" = none */
	const char *body;
	char *owned; /* freed after sending; sent instead of body when set */
	size_t giant;
	bool close;
	uint32_t delay_ms;
};

struct fake_http {
	int listener, port;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t idle;
	bool stop;
	uint32_t connections, requests, threads, inside, most_inside;
	SSL_CTX *tls;
	unsigned char sha256[32]; /* of the certificate */
	char *pem;                /* the certificate, which is its own CA; for 127.0.0.1 only */
	char unix_path[100];      /* set: listens there */
	void (*handler)(void *user, const struct fake_request *q,
			struct fake_reply *out); /* called under the mutex */
	void *user;
	int fds[256]; /* open connections, so that a stop ends them */
};

void fake_http_start(struct fake_http *f, bool tls,
		     void (*handler)(void *user, const struct fake_request *q, struct fake_reply *out),
		     void *user);
void fake_http_stop(struct fake_http *f);
/* As fake_http_start without TLS, on a Unix socket. */
void fake_http_start_unix(struct fake_http *f, const char *path,
			  void (*handler)(void *user, const struct fake_request *q, struct fake_reply *out),
			  void *user);
/* "http://127.0.0.1:PORT", https or unix:. */
struct phx_str fake_http_url(const struct fake_http *f, struct phx_arena *a);
/* Value of a header of the request, or NULL; malloc'd. */
char *fake_header(const struct fake_request *q, const char *name);
/* A port nobody listens on. */
int fake_closed_port(void);
