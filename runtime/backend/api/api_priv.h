/* Inside the api backend only. */
#pragma once

#include <curl/curl.h>

#include "backend/api/api.h"
#include "backend/errors.h"
#include "backend/host/host.h"
#include "backend/process.h"

enum {
	API_BODY_MAX = 64 * 1024 * 1024, /* of an answer */
	API_HEADERS_MAX = 64 * 1024,
	API_FORM_MAX = 512 * 1024, /* Proxmox's limit for a request body (867) */
	API_URL_MAX = 7 * 1024,    /* its header limit is 8 KiB */
	API_GET_MS = 60 * 1000,
	API_WRITE_MS = 30 * 60 * 1000, /* a config PUT imports whole disks inside the request (169) */
	API_CONNECT_MS = 10 * 1000,
	API_STALL_MS = 60 * 1000, /* an answer or upload that has begun and moves no more */
	API_PARALLEL = 8,
	API_TICKET_MS = 90 * 60 * 1000, /* tickets hold for 2 hours */
	API_IDLE_WRITE_S = 3,           /* pveproxy closes idle connections after 5 s */
};

/* Where the server is. Strings are NUL-terminated, in an arena. */
struct phx_api_place {
	struct phx_str base;      /* "https://pve:8006"; of a Unix socket "http://localhost" */
	struct phx_str shown;     /* for messages */
	struct phx_str unix_path; /* empty: TCP */
	bool tls, local;          /* local: loopback or Unix socket: no proxies */
};
/* https://HOST[:8006], http:// of a loopback address only, unix:/path. */
PHX_MUST_USE bool phx_api_place_read(struct phx_str endpoint, struct phx_arena *a, struct phx_api_place *out,
				     struct phx_err *err);

/* The server's certificate: pinned by its SHA-256, or as the CA says. */
struct phx_pin {
	bool pinned, by_ca;
	unsigned char want[32];
	bool seen, mismatch;
	unsigned char last[32]; /* of the last certificate that was shown */
};
PHX_MUST_USE bool phx_pin_read(struct phx_str fingerprint, struct phx_pin *out, struct phx_err *err);
void phx_pin_print(const unsigned char sha256[32], struct phx_buf *out); /* AB:CD:… */
/* CURLOPT_SSL_CTX_FUNCTION; `pin` lives as long as the connections. */
CURLcode phx_pin_install(CURL *easy, void *ssl_ctx, void *pin);

struct phx_api;

/* One request through all its attempts. */
struct phx_transfer {
	struct phx_transfer *next;
	struct phx_api *api;
	struct phx_arena arena;
	struct phx_request r; /* strings and params are copies in `arena` */
	struct phx_params params;
	bool login; /* POST /access/ticket: without credentials, before all others */
	uint32_t attempts, lock_tries;
	bool renewed; /* its ticket was renewed once */
	uint64_t queued_at, not_before;
	/* of the present attempt */
	CURL *easy;
	struct curl_slist *headers;
	curl_mime *mime;
	struct phx_buf url, form;
	struct phx_buf body, reason, type;
	char error[CURL_ERROR_SIZE];
	int status;
	size_t header_bytes;
	uint64_t began_at, sent_at, moved_at;
	curl_off_t uploaded;
	bool sent;       /* the request may have reached the server */
	bool sent_twice; /* curl wanted to repeat it by itself */
	bool too_big;
	enum { LATE_NOT, LATE_TOTAL, LATE_STALL } late;
};

struct phx_queue {
	struct phx_transfer *first, *last;
};
void phx_queue_put(struct phx_queue *q, struct phx_transfer *t);
struct phx_transfer *phx_queue_take(struct phx_queue *q); /* NULL: empty */
void phx_queue_remove(struct phx_queue *q, struct phx_transfer *t);

struct phx_api_command;

struct phx_api {
	struct phx_backend backend;
	struct phx_arena *arena;
	struct phx_api_place place;
	struct phx_pin pin;
	CURLM *multi;
	struct phx_queue ready, delayed, active;
	uint32_t in_flight;               /* all three */
	struct phx_host *host;            /* commands over ssh; NULL: no way */
	struct phx_procs *procs;          /* commands that have no way and say so */
	struct phx_api_command *commands; /* of the simulated cluster */
	uint64_t command_handles;
	struct curl_waitfd *waits; /* room for what is polled besides */
	uint32_t nactive, parallel;
	CURL *idle[32];
	uint32_t nidle;
	uint64_t connect_ms, get_ms;
	struct phx_str ca_file;
	struct phx_backend_hooks hooks;
	struct phx_secrets *secrets;
	bool contacted; /* the server has answered once */
	bool yield;
	bool sim;
	/* token */
	struct phx_str token; /* "PVEAPIToken=…" header value */
	/* ticket */
	struct phx_str user, password;
	struct phx_buf cookie, csrf;
	uint64_t ticket_at;
	bool has_ticket, logging_in;
};

/* transfer.c: one attempt. */
PHX_MUST_USE bool phx_transfer_start(struct phx_transfer *t, struct phx_err *err);
void phx_transfer_stop(struct phx_transfer *t); /* off the multi handle; keeps what was received */
void phx_transfer_free(struct phx_transfer *t);
struct phx_transfer *phx_transfer_new(struct phx_api *api, const struct phx_request *r);
/* Looks at its deadlines; true when one has passed (`late` is set). */
bool phx_transfer_late(struct phx_transfer *t, uint64_t now);
uint64_t phx_transfer_total_ms(const struct phx_transfer *t);
/* Options that every connection gets, also the host channel's. */
void phx_api_connection(struct phx_api *api, CURL *easy);

/* answer.c: what the attempt came to. */
void phx_api_answer(struct phx_transfer *t, CURLcode code, struct phx_answer *out);

/* retry.c: whether and when again. */
PHX_MUST_USE bool phx_api_again(const struct phx_transfer *t, CURLcode code, const struct phx_answer *a,
				uint64_t *out_wait_ms);

/* auth.c */
PHX_MUST_USE bool phx_api_credentials(struct phx_api *api, const struct phx_backend_config *c,
				      struct phx_err *err);
/* True: requests may start. Else a login is under way (begun here when none is). */
bool phx_api_ready(struct phx_api *api);
void phx_api_login_ended(struct phx_api *api, struct phx_transfer *t, struct phx_answer *a);
void phx_api_auth_headers(struct phx_transfer *t);

/* api.c */
void phx_api_submit(struct phx_api *api, struct phx_transfer *t);
/* Ends every request that waits, with a copy of this error. */
void phx_api_fail_waiting(struct phx_api *api, const struct phx_err *err);

/* command.c */
uint64_t phx_api_command(void *impl, const struct phx_command *c);
void phx_api_command_stop(void *impl, uint64_t handle);
/* How many are at work. */
uint32_t phx_api_commands(const struct phx_api *api);
/* True: it was a command's request, which is over. */
PHX_MUST_USE bool phx_api_command_ended(struct phx_api *api, CURL *easy, CURLcode code);
const struct pollfd *phx_api_command_fds(struct phx_api *api, size_t *n);
uint64_t phx_api_command_quiet_ms(struct phx_api *api, uint64_t now);
void phx_api_command_work(struct phx_api *api);
void phx_api_commands_open(struct phx_api *api, const struct phx_backend_config *c);
void phx_api_commands_close(struct phx_api *api);
