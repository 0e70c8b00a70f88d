#include <stdlib.h>
#include <string.h>

#include "backend/api/api_priv.h"
#include "base/sys.h"

#define SET(easy, option, value)                                                                             \
	do {                                                                                                 \
		if (curl_easy_setopt(easy, option, value) != CURLE_OK)                                       \
			PHX_BUG("libcurl lacks %s", #option);                                                \
	} while (0)

struct phx_transfer *phx_transfer_new(struct phx_api *api, const struct phx_request *r)
{
	struct phx_transfer *t = calloc(1, sizeof(*t));

	if (!t)
		phx_out_of_memory();
	t->api = api;
	t->r = phx_request_keep(&t->arena, r, &t->params);
	t->queued_at = phx_now_ms();
	return t;
}

static void wipe(struct phx_buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->cap);
	phx_buf_done(b);
}

void phx_transfer_free(struct phx_transfer *t)
{
	if (!t)
		return;
	phx_transfer_stop(t);
	wipe(&t->form); /* may hold a password */
	phx_buf_done(&t->url);
	phx_buf_done(&t->body);
	phx_buf_done(&t->reason);
	phx_buf_done(&t->type);
	phx_arena_done(&t->arena);
	free(t);
}

void phx_transfer_stop(struct phx_transfer *t)
{
	struct phx_api *api = t->api;

	if (t->easy) {
		curl_multi_remove_handle(api->multi, t->easy);
		curl_easy_reset(t->easy);
		if (api->nidle < PHX_COUNTOF(api->idle))
			api->idle[api->nidle++] = t->easy;
		else
			curl_easy_cleanup(t->easy);
	}
	t->easy = NULL;
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	curl_mime_free(t->mime);
	t->mime = NULL;
}

uint64_t phx_transfer_total_ms(const struct phx_transfer *t)
{
	if (t->r.timeout_ms)
		return t->r.timeout_ms;
	return t->r.method == PHX_GET ? t->api->get_ms : API_WRITE_MS;
}

static void look_at_upload(struct phx_transfer *t, uint64_t now)
{
	curl_off_t sent = 0;

	if (curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK && sent != t->uploaded) {
		t->uploaded = sent;
		t->moved_at = now;
	}
}

bool phx_transfer_late(struct phx_transfer *t, uint64_t now)
{
	bool uploads = t->r.upload_path.len > 0;
	uint64_t total = phx_transfer_total_ms(t);

	if (uploads)
		look_at_upload(t, now);
	/* An upload lasts as long as its file is; what counts is that it moves. */
	if (now - (uploads ? t->moved_at : t->began_at) >= total)
		t->late = LATE_TOTAL;
	else if ((t->status != 0 || (uploads && !t->sent)) && now - t->moved_at >= API_STALL_MS)
		t->late = LATE_STALL;
	return t->late != LATE_NOT;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *user)
{
	struct phx_transfer *t = user;

	(void)size;
	t->moved_at = phx_now_ms();
	if (t->body.len + n > API_BODY_MAX) {
		t->too_big = true;
		return 0;
	}
	phx_buf_add(&t->body, bytes, n);
	return n;
}

/* "HTTP/1.1 401 No ticket": the reason phrase is all that a 401 says. */
static void status_line(struct phx_transfer *t, struct phx_str line)
{
	struct phx_str version, code;
	uint64_t n = 0;

	phx_buf_clear(&t->reason);
	phx_buf_clear(&t->type);
	phx_buf_clear(&t->body);
	t->status = 0;
	if (!phx_str_cut(&line, ' ', &version) || !phx_str_cut(&line, ' ', &code) ||
	    !phx_parse_u64(code, &n) || n > 999)
		return;
	t->status = (int)n;
	phx_buf_str(&t->reason, phx_str_trim(line));
}

static bool header_is(struct phx_str line, const char *name)
{
	size_t n = strlen(name);

	return line.len > n && strncasecmp(line.ptr, name, n) == 0;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *user)
{
	struct phx_transfer *t = user;
	struct phx_str line = phx_str_trim((struct phx_str){bytes, n});

	(void)size;
	t->moved_at = phx_now_ms();
	t->header_bytes += n;
	if (t->header_bytes > API_HEADERS_MAX) {
		t->too_big = true;
		return 0;
	}
	if (phx_str_starts(line, "HTTP/"))
		status_line(t, line);
	else if (header_is(line, "Content-Type:")) {
		phx_buf_clear(&t->type);
		phx_buf_str(&t->type, phx_str_trim(phx_str_from(line, strlen("Content-Type:"))));
	}
	return n;
}

/* Called when the connection stands and the request goes out. libcurl sends a request again by itself when a kept connection
 * turns out to be dead; for a write that could do it twice. */
static int before_request(void *user, char *ip, char *local_ip, int port, int local_port)
{
	struct phx_transfer *t = user;

	(void)ip, (void)local_ip, (void)port, (void)local_port;
	if (t->sent && t->r.method != PHX_GET) {
		t->sent_twice = true;
		return CURL_PREREQFUNC_ABORT;
	}
	t->sent = true;
	t->sent_at = phx_now_ms();
	return CURL_PREREQFUNC_OK;
}

void phx_api_connection(struct phx_api *api, CURL *easy)
{
	/* CURLOPT_NOSIGNAL stays off: only then does libcurl keep SIGPIPE away while OpenSSL writes to a connection that is gone. */
	SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)api->connect_ms);
	SET(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (api->place.local)
		SET(easy, CURLOPT_NOPROXY, "*");
	if (api->place.unix_path.len)
		SET(easy, CURLOPT_UNIX_SOCKET_PATH, api->place.unix_path.ptr);
	if (!api->place.tls)
		return;
	SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(easy, CURLOPT_SSL_CTX_FUNCTION, phx_pin_install);
	SET(easy, CURLOPT_SSL_CTX_DATA, &api->pin);
	SET(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	if (api->pin.pinned && !api->pin.by_ca) {
		/* Our own verification (pin.c) takes the place of both; it stays on whatever these say. */
		SET(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		SET(easy, CURLOPT_SSL_VERIFYHOST, 0L);
		return;
	}
	SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (api->ca_file.len)
		SET(easy, CURLOPT_CAINFO, api->ca_file.ptr);
}

static void header(struct phx_transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (!more)
		phx_out_of_memory();
	t->headers = more;
}

static bool set_url(struct phx_transfer *t, struct phx_err *err)
{
	bool query = t->r.method == PHX_GET || t->r.method == PHX_DELETE;

	phx_buf_clear(&t->url);
	phx_buf_str(&t->url, t->api->place.base);
	phx_buf_c(&t->url, "/api2/json");
	phx_buf_str(&t->url, t->r.path);
	if (query && t->params.v.n) {
		phx_buf_ch(&t->url, '?');
		phx_params_form(&t->params, &t->url);
	}
	if (t->url.len > API_URL_MAX)
		return phx_err_set(
			err, PHX_ERR_PARAMETER,
			"%s " PHX_STR_FMT
			": the parameters are too long for an address (%zu bytes; Proxmox takes %d)",
			phx_method_name(t->r.method), PHX_STR_ARG(t->r.path), t->url.len, API_URL_MAX);
	SET(t->easy, CURLOPT_URL, t->url.ptr);
	return true;
}

static bool set_form(struct phx_transfer *t, struct phx_err *err)
{
	phx_buf_clear(&t->form);
	phx_params_form(&t->params, &t->form);
	if (t->form.len > API_FORM_MAX)
		return phx_err_set(err, PHX_ERR_PARAMETER,
				   "%s " PHX_STR_FMT ": the parameters are %zu bytes long; Proxmox takes %d",
				   phx_method_name(t->r.method), PHX_STR_ARG(t->r.path), t->form.len,
				   API_FORM_MAX);
	SET(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->form.len);
	SET(t->easy, CURLOPT_POSTFIELDS, t->form.len ? t->form.ptr : "");
	if (t->r.method == PHX_PUT)
		SET(t->easy, CURLOPT_CUSTOMREQUEST, "PUT");
	return true;
}

static bool mime_field(struct phx_transfer *t, struct phx_str name, struct phx_str value)
{
	curl_mimepart *part = curl_mime_addpart(t->mime);

	return part && curl_mime_name(part, name.ptr) == CURLE_OK &&
	       curl_mime_data(part, value.ptr, value.len) == CURLE_OK;
}

/* Fields first, then the file as `filename`: the server reads them in this order (534-541). A parameter `filename` names
 * the file on the storage. */
static bool set_upload(struct phx_transfer *t, struct phx_err *err)
{
	struct phx_str name = t->r.upload_path;
	curl_mimepart *part;
	bool ok = true;

	while (phx_str_chr(name, '/') >= 0)
		name = phx_str_from(name, (size_t)phx_str_chr(name, '/') + 1);
	t->mime = curl_mime_init(t->easy);
	for (uint32_t i = 0; t->mime && ok && i < t->params.v.n; i++) {
		if (phx_str_eqc(t->params.v.v[i].name, "filename"))
			name = t->params.v.v[i].value;
		else
			ok = mime_field(t, t->params.v.v[i].name, t->params.v.v[i].value);
	}
	part = t->mime && ok ? curl_mime_addpart(t->mime) : NULL;
	if (!part)
		phx_out_of_memory();
	if (curl_mime_filedata(part, t->r.upload_path.ptr) != CURLE_OK)
		return phx_err_set(err, PHX_ERR_IO, "cannot read " PHX_STR_FMT " to upload it",
				   PHX_STR_ARG(t->r.upload_path));
	if (curl_mime_name(part, "filename") != CURLE_OK || curl_mime_filename(part, name.ptr) != CURLE_OK ||
	    curl_mime_type(part, "application/octet-stream") != CURLE_OK)
		phx_out_of_memory();
	SET(t->easy, CURLOPT_MIMEPOST, t->mime);
	return true;
}

static bool set_request(struct phx_transfer *t, struct phx_err *err)
{
	if (!set_url(t, err))
		return false;
	if (t->r.method != PHX_GET)
		SET(t->easy, CURLOPT_MAXAGE_CONN, (long)API_IDLE_WRITE_S);
	switch (t->r.method) {
	case PHX_GET:
		SET(t->easy, CURLOPT_HTTPGET, 1L);
		return true;
	case PHX_DELETE:
		SET(t->easy, CURLOPT_CUSTOMREQUEST, "DELETE"); /* never a body (817) */
		return true;
	case PHX_POST:
	case PHX_PUT:
		return t->r.upload_path.len ? set_upload(t, err) : set_form(t, err);
	}
	PHX_BUG("method %d", (int)t->r.method);
}

static void set_callbacks(struct phx_transfer *t)
{
	SET(t->easy, CURLOPT_PRIVATE, t);
	SET(t->easy, CURLOPT_ERRORBUFFER, t->error);
	SET(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	SET(t->easy, CURLOPT_WRITEDATA, t);
	SET(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(t->easy, CURLOPT_HEADERDATA, t);
	SET(t->easy, CURLOPT_PREREQFUNCTION, before_request);
	SET(t->easy, CURLOPT_PREREQDATA, t);
}

static void forget_attempt(struct phx_transfer *t)
{
	phx_buf_clear(&t->body);
	phx_buf_clear(&t->reason);
	phx_buf_clear(&t->type);
	t->error[0] = 0;
	t->status = 0;
	t->header_bytes = 0;
	t->uploaded = 0;
	t->sent = t->sent_twice = t->too_big = false;
	t->late = LATE_NOT;
	t->began_at = t->sent_at = t->moved_at = phx_now_ms();
}

bool phx_transfer_start(struct phx_transfer *t, struct phx_err *err)
{
	struct phx_api *api = t->api;

	forget_attempt(t);
	t->attempts++;
	t->easy = api->nidle ? api->idle[--api->nidle] : curl_easy_init();
	if (!t->easy)
		phx_out_of_memory();
	phx_api_connection(api, t->easy);
	set_callbacks(t);
	if (!set_request(t, err))
		return false;
	header(t, "Accept: application/json");
	header(t, "Expect:");
	if (!t->login)
		phx_api_auth_headers(t);
	SET(t->easy, CURLOPT_HTTPHEADER, t->headers);
	if (curl_multi_add_handle(api->multi, t->easy) != CURLM_OK)
		PHX_BUG("libcurl takes no more requests");
	return true;
}
