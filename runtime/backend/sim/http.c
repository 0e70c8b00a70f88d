/* libmicrohttpd's side: collects a request, has it dispatched, sends the answer. */
#include "backend/sim/body.h"
#include "backend/sim/faults.h"
#include "backend/sim/front.h"
#include "backend/sim/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/sys.h"

#define BODY_MAX    ((size_t)512 << 10) /* recordings 867, 868 */
#define PRIVATE_MAX ((size_t)256 << 20) /* what a command on the node gets on its standard input */

/* What http.c keeps about a request; `r.http` points here. */
struct exchange {
	struct phx_sim_request r;
	struct exchange *next;
	struct phx_sim *sim;
	struct MHD_Connection *conn;
	char *uri;
	struct phx_sim_multipart *multipart;
	uint64_t received;
	bool started, suspended, answered, too_large;
	bool ended; /* of what streams, the last line is written */
};

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (x == NULL)
		phx_out_of_memory();
	x->sim = cls;
	x->conn = conn;
	x->uri = strdup(uri);
	x->r.sim = cls;
	x->r.http = x;
	x->r.total = -1;
	x->sim->front->requests++;
	x->next = x->sim->front->exchanges;
	x->sim->front->exchanges = x;
	return x;
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **slot,
			 enum MHD_RequestTerminationCode toe)
{
	struct exchange *x = *slot;

	(void)cls;
	(void)conn;
	(void)toe;
	if (x == NULL)
		return;
	x->sim->front->requests--;
	for (struct exchange **at = &x->sim->front->exchanges; *at != NULL; at = &(*at)->next)
		if (*at == x) {
			*at = x->next;
			break;
		}
	phx_sim_multipart_free(x->multipart);
	phx_sim_request_done(&x->r);
	free(x->uri);
	free(x);
	*slot = NULL;
}

static const char *header(struct exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->conn, MHD_HEADER_KIND, name);
}

/* ---- the answer ---- */

static void body_of(struct phx_sim_request *r, struct phx_buf *out)
{
	json_t *o;

	if (r->empty_body)
		return;
	if (r->text.ptr != NULL) {
		phx_buf_str(out, phx_buf_view(&r->text));
		return;
	}
	o = json_object();
	json_object_set_new(o, "data",
			    r->status == 200 && r->data != NULL ? json_incref(r->data) : json_null());
	if (r->total > 0) /* none is not said (727, 737) */
		json_object_set_new(o, "total", json_integer(r->total));
	if (r->errors != NULL)
		json_object_set(o, "errors", r->errors);
	if (r->status != 200)
		json_object_set_new(o, "message", json_stringn_nocheck(r->message.ptr, r->message.len));
	if (r->extjs) {
		json_object_set_new(o, "success", json_integer(r->status == 200));
		/* A parameter error has its status as text there, others as a number (788, 789). */
		if (r->status == 400)
			json_object_set_new(o, "status", json_string("400"));
		else if (r->status != 200)
			json_object_set_new(o, "status", json_integer(r->status));
	}
	phx_json_dump(o, 0, out);
	json_decref(o);
}

/* The first line of the message, or the reason that was given. */
static void reason_of(const struct phx_sim_request *r, struct phx_buf *out)
{
	struct phx_str text = r->reason.ptr != NULL ? phx_buf_view(&r->reason) : phx_buf_view(&r->message);
	ptrdiff_t eol = phx_str_chr(text, '\n');

	if (eol >= 0)
		text.len = (size_t)eol;
	if (r->status == 200 || (r->extjs && r->text.ptr == NULL && !r->empty_body))
		text = PHX_STR("OK");
	phx_buf_percent(out, text);
}

static enum MHD_Result answer(struct exchange *x)
{
	struct phx_sim_request *r = &x->r;
	struct phx_buf body = {0}, reason = {0};
	struct MHD_Response *resp;
	enum MHD_Result done;
	unsigned status = (unsigned)r->status;

	body_of(r, &body);
	reason_of(r, &reason);
	if (r->extjs && r->text.ptr == NULL && !r->empty_body)
		status = 200;
	resp = MHD_create_response_from_buffer(body.len, body.ptr, MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(resp, PHX_SIM_HEADER_REASON, reason.ptr != NULL ? reason.ptr : "");
	MHD_add_response_header(resp, "Server", "pve-api-daemon/3.0");
	MHD_add_response_header(resp, "Cache-Control", "max-age=0");
	MHD_add_response_header(resp, "Pragma", "no-cache");
	if (r->text.ptr == NULL && !r->empty_body)
		MHD_add_response_header(resp, "Content-Type", "application/json;charset=UTF-8");
	if (r->close)
		MHD_add_response_header(resp, "Connection", "close");
	if (strcasecmp(r->method, "HEAD") == 0)
		MHD_add_response_header(resp, PHX_SIM_HEADER_BODILESS, "1");
	done = MHD_queue_response(x->conn, status, resp);
	MHD_destroy_response(resp);
	phx_buf_done(&body);
	phx_buf_done(&reason);
	x->answered = true;
	return done;
}

static int inner_fd(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->conn, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info != NULL ? info->connect_fd : -1;
}

/* An answer is there: it goes out only when what it tells is durable. */
static enum MHD_Result finish(struct exchange *x)
{
	struct phx_sim_request *r = &x->r;

	if (!phx_sim_commit(x->sim)) {
		r->drop = true;
	}
	phx_sim_fault_after(r);
	if (r->drop) {
		phx_sim_front_drop(x->sim, inner_fd(x));
		return MHD_NO;
	}
	return answer(x);
}

static void pause_request(struct exchange *x)
{
	if (x->suspended)
		return;
	x->suspended = true;
	phx_sim_clock_hold(x->sim, 1);
	MHD_suspend_connection(x->conn);
}

/* ---- an answer that begins before it is complete ---- */

static void wake(struct exchange *x)
{
	if (!x->suspended)
		return;
	x->suspended = false;
	phx_sim_clock_hold(x->sim, -1);
	x->sim->front->resumed = true;
	MHD_resume_connection(x->conn);
}

/* The answer itself ends the stream; false: the connection breaks in its place. */
static bool end_stream(struct exchange *x)
{
	x->ended = true;
	if (!phx_sim_commit(x->sim))
		x->r.drop = true;
	phx_sim_fault_after(&x->r);
	if (x->r.drop)
		phx_sim_front_drop(x->sim, inner_fd(x));
	else
		body_of(&x->r, &x->r.stream);
	return !x->r.drop;
}

static ssize_t read_stream(void *user, uint64_t at, char *to, size_t max)
{
	struct exchange *x = user;
	struct phx_buf *b = &x->r.stream;
	bool over = x->r.status != 0 && !x->r.waiting;
	size_t n;

	(void)at;
	if (b->len == 0 && over && x->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (over && !x->ended && !end_stream(x))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = b->len < max ? b->len : max;
	if (n == 0) {
		pause_request(x);
		return 0;
	}
	memcpy(to, b->ptr, n);
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
	return (ssize_t)n;
}

static enum MHD_Result begin_stream(struct exchange *x)
{
	struct MHD_Response *resp =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, read_stream, x, NULL);
	enum MHD_Result done;

	MHD_add_response_header(resp, "Content-Type", "application/x-ndjson");
	MHD_add_response_header(resp, "Connection", "close");
	x->answered = true;
	done = MHD_queue_response(x->conn, 200, resp);
	MHD_destroy_response(resp);
	return done;
}

/* ---- at work ---- */

static void work(struct exchange *x)
{
	struct phx_sim_request *r = &x->r;

	phx_sim_dispatch(r);
	if ((r->status != 0 && !r->waiting) || r->streams)
		return;
	pause_request(x);
}

void phx_sim_continue(struct phx_sim_request *r)
{
	struct exchange *x = r->http;

	r->waiting = false;
	phx_sim_dispatch(r);
	if (x == NULL || ((r->waiting || r->status == 0) && r->stream.len == 0))
		return;
	/* libmicrohttpd calls on_request again, which then sends the answer, or read_stream. */
	wake(x);
}

/* ---- the request ---- */

static void refuse(struct exchange *x, int status, const char *text, bool plain)
{
	struct phx_sim_request *r = &x->r;

	r->status = status;
	phx_buf_c(&r->reason, text);
	if (plain)
		phx_buf_c(&r->text, text);
	else
		r->empty_body = true;
}

static size_t body_max(const struct exchange *x)
{
	return phx_sim_starts(x->uri, "/sim/") ? PRIVATE_MAX : BODY_MAX;
}

/* Errors that come before anything of the API: methods, prefixes, formats, sizes (recordings 77, 78, 790, 791, 817, 867-871). */
static bool refused_early(struct exchange *x, const char *method)
{
	struct phx_sim_request *r = &x->r;
	const char *length = header(x, "Content-Length");
	uint64_t n = 0;
	enum phx_http http;
	bool multipart =
		r->content_type != NULL && strncasecmp(r->content_type, "multipart/form-data", 19) == 0;

	if (!phx_http_parse(phx_str_c(method), &http)) {
		refuse(x, 501, phx_sim_fmt(&r->arena, "method '%s' not available", method), false);
		return true;
	}
	if (length != NULL && !phx_parse_u64(phx_str_c(length), &n))
		n = 0;
	if (n > 0 && (http == PHX_HTTP_DELETE || http == PHX_HTTP_GET)) {
		refuse(x, 501, phx_sim_fmt(&r->arena, "Unexpected content for method '%s'", method), true);
	} else if (n > body_max(x) && !multipart) {
		refuse(x, 501, "for data too large", true);
	} else if (n > 0 && r->content_type != NULL && !multipart &&
		   strncasecmp(r->content_type, "application/json", 16) != 0 &&
		   strncasecmp(r->content_type, "application/x-www-form-urlencoded", 33) != 0) {
		refuse(x, 506,
		       phx_sim_fmt(&r->arena, "upload 'Content-Type '%s' not implemented", r->content_type),
		       true);
	}
	if (r->status != 0 && n > 0)
		r->close = true;
	return r->status != 0;
}

static void collapse_slashes(struct phx_buf *path, const char *text)
{
	for (const char *c = text; *c != 0; c++)
		if (*c != '/' || c[1] != '/')
			phx_buf_ch(path, *c);
	while (path->len > 1 && path->ptr[path->len - 1] == '/')
		path->ptr[--path->len] = 0;
}

/* "/api2/json/nodes//pve?x=1" → path "/nodes/pve", query "x=1". */
static bool split_uri(struct exchange *x)
{
	struct phx_sim_request *r = &x->r;
	struct phx_buf path = {0};
	char *q = strchr(x->uri, '?');
	const char *rest;
	bool ok = true;

	if (q != NULL) {
		*q = 0;
		phx_buf_c(&r->query, q + 1);
	}
	collapse_slashes(&path, x->uri);
	rest = path.ptr != NULL ? path.ptr : "/";
	if (phx_sim_starts(rest, "/sim/")) {
		r->path = phx_sim_fmt(&r->arena, "%s", rest);
	} else if (strncmp(rest, "/api2/", 6) != 0) {
		refuse(x, 501, "no such uri", true);
		ok = false;
	} else {
		struct phx_str left = phx_str_c(rest + 6), format;
		struct phx_buf plain = {0};

		(void)phx_str_cut(&left, '/', &format);
		phx_buf_ch(&plain, '/');
		phx_buf_unpercent(&plain, left);
		r->path = phx_sim_fmt(&r->arena, "%s", plain.ptr);
		phx_buf_done(&plain);
		r->extjs = phx_str_eqc(format, "extjs");
		if (!r->extjs && !phx_str_eqc(format, "json")) {
			refuse(x, 501,
			       phx_sim_fmt(&r->arena, "no formatter for uri %s, " PHX_STR_FMT, r->path,
					   PHX_STR_ARG(format)),
			       true);
			ok = false;
		}
	}
	phx_buf_done(&path);
	return ok;
}

static void begin(struct exchange *x, const char *method)
{
	struct phx_sim_request *r = &x->r;

	x->started = true;
	r->method = phx_sim_fmt(&r->arena, "%s", method);
	r->content_type = header(x, "Content-Type");
	r->authorization = header(x, "Authorization");
	r->cookie = header(x, "Cookie");
	r->csrf = header(x, "CSRFPreventionToken");
	if (refused_early(x, method) || !split_uri(x))
		return;
	if (r->content_type != NULL && strncasecmp(r->content_type, "multipart/form-data", 19) == 0)
		x->multipart = phx_sim_multipart_new(r);
}

static void take_body(struct exchange *x, const char *bytes, size_t n)
{
	x->received += n;
	if (x->r.status != 0)
		return;
	if (x->multipart != NULL)
		phx_sim_multipart_feed(x->multipart, bytes, n);
	else if (x->r.body.len + n > body_max(x))
		refuse(x, 501, "for data too large", true);
	else
		phx_buf_add(&x->r.body, bytes, n);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
				  const char *version, const char *data, size_t *size, void **slot)
{
	struct exchange *x = *slot;

	(void)cls;
	(void)conn;
	(void)url;
	(void)version;
	if (x->answered)
		return MHD_YES;
	if (!x->started) {
		begin(x, method);
		/* A refusal with a body still to come closes the connection; libmicrohttpd may answer right away. */
		return x->r.status != 0 ? finish(x) : MHD_YES;
	}
	if (*size > 0) {
		take_body(x, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (x->r.status == 0 && !x->r.waiting) {
		if (x->multipart != NULL)
			phx_sim_multipart_end(x->multipart);
		work(x);
	}
	if (x->r.streams)
		return begin_stream(x);
	if (x->r.status == 0 || x->r.waiting)
		return MHD_YES;
	return finish(x);
}

int64_t phx_sim_http_delayed(struct phx_sim *s)
{
	uint64_t now = phx_now_ms(), next = UINT64_MAX;
	struct exchange *x = s->front->exchanges;

	while (x != NULL) {
		struct exchange *this = x;

		x = x->next;
		if (this->r.real_due > now && this->r.real_due < next)
			next = this->r.real_due;
		if (this->r.real_due == 0 || this->r.real_due > now || !this->suspended)
			continue;
		this->r.real_due = 0;
		phx_sim_continue(&this->r);
	}
	return next == UINT64_MAX ? -1 : (int64_t)(next - now);
}

void phx_sim_http_release(struct phx_sim *s)
{
	for (struct exchange *x = s->front->exchanges; x != NULL; x = x->next)
		if (x->suspended) {
			x->suspended = false;
			x->answered = true;
			MHD_resume_connection(x->conn);
		}
	if (s->front->mhd != NULL)
		(void)MHD_run(s->front->mhd);
}

struct MHD_Daemon *phx_sim_http_start(struct phx_sim *s)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
				NULL, on_request, s, MHD_OPTION_URI_LOG_CALLBACK, on_uri, s,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)128 << 10,
				MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);
}
