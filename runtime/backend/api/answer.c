#include <stdlib.h>
#include <string.h>

#include "backend/api/api_priv.h"
#include "base/sys.h"

static struct phx_err_context context(const struct phx_transfer *t)
{
	struct phx_err_context c = {.method = t->r.method,
				    .path = t->r.path,
				    .identity = t->api->backend.identity,
				    .endpoint = t->api->place.shown,
				    .params = &t->params};

	return c;
}

static const char *curl_text(const struct phx_transfer *t, CURLcode code)
{
	return t->error[0] ? t->error : curl_easy_strerror(code);
}

/* Whether a write was done is not known: the caller reads before anything else. */
static void lost(const struct phx_transfer *t, struct phx_err *err, const char *what)
{
	struct phx_str at = t->api->place.shown;

	if (t->r.method == PHX_GET)
		phx_err_set(err, PHX_ERR_CONNECT, PHX_STR_FMT ": %s", PHX_STR_ARG(at), what);
	else
		phx_err_set(err, PHX_ERR_LOST,
			    PHX_STR_FMT ": %s after the request was sent: whether it was done is not known",
			    PHX_STR_ARG(at), what);
	err->status = t->status;
}

static void pin_error(struct phx_api *api, struct phx_err *err)
{
	struct phx_buf want = {0}, seen = {0};

	phx_pin_print(api->pin.want, &want);
	if (api->pin.seen)
		phx_pin_print(api->pin.last, &seen);
	phx_err_set(
		err, PHX_ERR_CONNECT,
		PHX_STR_FMT
		": the server's certificate is not the pinned one; nothing was sent\n  pinned:   " PHX_STR_FMT
		"\n  received: " PHX_STR_FMT,
		PHX_STR_ARG(api->place.shown), PHX_STR_ARG(phx_buf_view(&want)),
		PHX_STR_ARG(seen.len ? phx_buf_view(&seen) : PHX_STR("none")));
	phx_err_hint(err, "either the certificate was renewed (compare with `pvenode cert info` on the node, "
			  "then change `fingerprint`), "
			  "or something else answers in the server's place");
	phx_buf_done(&seen);
	phx_buf_done(&want);
}

static void trust_error(struct phx_transfer *t, CURLcode code, struct phx_err *err)
{
	struct phx_api *api = t->api;
	struct phx_buf seen = {0};

	phx_err_set(err, PHX_ERR_CONNECT,
		    PHX_STR_FMT ": the server's certificate is not trusted: %s; nothing was sent",
		    PHX_STR_ARG(api->place.shown), curl_text(t, code));
	if (api->pin.seen) {
		phx_pin_print(api->pin.last, &seen);
		phx_err_hint(err,
			     "its SHA-256 fingerprint is " PHX_STR_FMT
			     ": compare it with `pvenode cert info` on the node, then pin it with "
			     "`fingerprint = \"…\"` in the cluster block, or give `ca_file` (a copy of the "
			     "node's /etc/pve/pve-root-ca.pem)",
			     PHX_STR_ARG(phx_buf_view(&seen)));
	}
	phx_buf_done(&seen);
}

static void tls_error(struct phx_transfer *t, CURLcode code, struct phx_err *err)
{
	if (t->api->pin.mismatch) {
		pin_error(t->api, err);
		return;
	}
	phx_err_set(err, PHX_ERR_CONNECT, PHX_STR_FMT ": no TLS connection: %s",
		    PHX_STR_ARG(t->api->place.shown), curl_text(t, code));
	phx_err_hint(err, "is it Proxmox VE's port (8006) that answers there?");
}

static void connect_error(struct phx_transfer *t, CURLcode code, struct phx_err *err)
{
	phx_err_set(err, PHX_ERR_CONNECT, "cannot connect to " PHX_STR_FMT ": %s",
		    PHX_STR_ARG(t->api->place.shown), curl_text(t, code));
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		phx_err_hint(err,
			     "the host name in `endpoint` has no address: check its spelling and the DNS");
	else
		phx_err_hint(err, "is the server running (systemctl status pveproxy), and its port reachable "
				  "from here?");
}

static void late_error(struct phx_transfer *t, struct phx_err *err)
{
	struct phx_buf what = {0};

	if (t->late == LATE_STALL)
		phx_buf_printf(&what, "the transfer stopped moving for %d seconds", API_STALL_MS / 1000);
	else
		phx_buf_printf(&what, "no answer within %.6g seconds",
			       (double)phx_transfer_total_ms(t) / 1000);
	if (!t->sent)
		phx_err_set(err, PHX_ERR_CONNECT, "cannot connect to " PHX_STR_FMT ": %s",
			    PHX_STR_ARG(t->api->place.shown), what.ptr);
	else if (t->r.method == PHX_GET)
		phx_err_set(err, PHX_ERR_TIMEOUT, PHX_STR_FMT ": %s", PHX_STR_ARG(t->api->place.shown),
			    what.ptr);
	else
		lost(t, err, what.ptr);
	phx_buf_done(&what);
}

static bool is_tls_code(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER ||
	       code == CURLE_SSL_INVALIDCERTSTATUS;
}

static void transport_error(struct phx_transfer *t, CURLcode code, struct phx_err *err)
{
	struct phx_str at = t->api->place.shown;

	if (t->too_big) {
		phx_err_set(err, t->r.method == PHX_GET ? PHX_ERR_DATA : PHX_ERR_LOST,
			    PHX_STR_FMT ": the answer is larger than %d MiB; it was not read to its end",
			    PHX_STR_ARG(at), API_BODY_MAX / 1024 / 1024);
	} else if (t->late != LATE_NOT) {
		late_error(t, err);
	} else if (t->sent_twice) {
		lost(t, err, "the connection broke");
	} else if (code == CURLE_PEER_FAILED_VERIFICATION && !t->api->pin.mismatch) {
		trust_error(t, code, err);
	} else if (!t->sent && (is_tls_code(code) || code == CURLE_PEER_FAILED_VERIFICATION)) {
		tls_error(t, code, err);
	} else if (code == CURLE_SSL_CACERT_BADFILE) {
		phx_err_set(err, PHX_ERR_IO, "`ca_file`: %s", curl_text(t, code));
	} else if (code == CURLE_READ_ERROR && t->r.upload_path.len) {
		lost(t, err, "reading the file to upload failed");
	} else if (!t->sent) {
		connect_error(t, code, err);
	} else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY ||
		   code == CURLE_HTTP_RETURNED_ERROR) {
		lost(t, err, "what answers does not speak HTTP");
		phx_err_hint(err, "is it Proxmox VE's port (8006, with https://)?");
	} else {
		struct phx_buf what = {0};

		phx_buf_printf(&what, "the connection broke (%s)", curl_text(t, code));
		lost(t, err, what.ptr);
		phx_buf_done(&what);
	}
}

/* The start of a text that is no JSON, fit to be shown. */
static void excerpt(struct phx_str text, struct phx_buf *out)
{
	struct phx_buf raw = {0};

	for (size_t i = 0; i < text.len && i < 80; i++)
		phx_buf_ch(&raw, text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\t'
					 ? ' '
					 : text.ptr[i]);
	phx_buf_printable(out, phx_buf_view(&raw));
	phx_buf_done(&raw);
}

static bool is_html(const struct phx_transfer *t)
{
	struct phx_str body = phx_str_trim(phx_str_slice(phx_buf_view(&t->body), 0, 64));

	return phx_str_starts(phx_buf_view(&t->type), "text/html") || phx_str_starts(body, "<!") ||
	       phx_str_starts(body, "<html");
}

/* An answer that no Proxmox VE API gives. What a write did is then not known, if it said 200. */
static void foreign(const struct phx_transfer *t, struct phx_err *err, const char *why)
{
	bool unknown = t->r.method != PHX_GET && t->status >= 200 && t->status < 300;
	struct phx_buf text = {0};

	excerpt(phx_buf_view(&t->body), &text);
	phx_err_set(err, unknown ? PHX_ERR_LOST : PHX_ERR_DATA,
		    PHX_STR_FMT ": the answer (status %d) is %s%s%s%s%s", PHX_STR_ARG(t->api->place.shown),
		    t->status, is_html(t) ? "a web page, not JSON" : "no JSON", why ? ": " : "",
		    why ? why : "", text.len ? "; it begins: " : "", text.len ? text.ptr : "");
	err->status = t->status;
	phx_err_hint(err, "is it Proxmox VE's API that answers there? It is at https://HOST:8006; a proxy in "
			  "between must pass "
			  "/api2/json on unchanged");
	phx_buf_done(&text);
}

static void redirected(const struct phx_transfer *t, struct phx_err *err)
{
	phx_err_set(err, PHX_ERR_CONNECT,
		    PHX_STR_FMT " answers with a redirect (status %d) instead of the API",
		    PHX_STR_ARG(t->api->place.shown), t->status);
	err->status = t->status;
	phx_err_hint(err, t->api->place.tls
				  ? "give the address of the node itself, https://HOST:8006; credentials are "
				    "not sent anywhere else"
				  : "Proxmox VE speaks TLS on this port: write https:// instead of http://");
}

/* AnyEvent's pseudo statuses: pveproxy could not reach the daemon or the node that has the object. */
static bool proxy_status(struct phx_transfer *t, struct phx_err *err)
{
	struct phx_err_context c = context(t);
	struct phx_buf what = {0};

	if (t->status == 596 && phx_str_ends(t->r.path, "/agent/exec")) {
		/* Its real text has characters that do not fit a status line (346, 347). */
		phx_err_set(err, PHX_ERR_SERVER,
			    "the command could not be started in the guest (status 596)");
		phx_err_hint(err, "is the program there, and executable? On the node `qm guest exec ID -- …` "
				  "shows the guest's own words");
		err->status = 596;
		return true;
	}
	if (t->status != 502 && t->status != 503 && t->status != 504 && (t->status < 595 || t->status > 599))
		return false;
	phx_buf_printf(&what, "the API's proxy could not reach the node (status %d " PHX_STR_FMT ")",
		       t->status, PHX_STR_ARG(phx_buf_view(&t->reason)));
	if (t->status == 595 || t->r.method == PHX_GET) /* 595: no connection was made */
		phx_err_set(err, PHX_ERR_CONNECT, PHX_STR_FMT ": %s", PHX_STR_ARG(c.endpoint), what.ptr);
	else
		lost(t, err, what.ptr);
	err->status = t->status;
	phx_err_hint(err, "is the node up, and are its services pveproxy and pvedaemon running?");
	phx_buf_done(&what);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_param *)a)->name, ((const struct phx_param *)b)->name);
}

/* `errors` of a 400; jansson's order is not the server's, so they are sorted. */
static void collect_errors(struct phx_transfer *t, json_t *errors, struct phx_answer *out)
{
	struct phx_arena *a = t->r.arena ? t->r.arena : &t->arena;
	const char *name;
	json_t *value;

	json_object_foreach(errors, name, value)
	{
		struct phx_buf text = {0};
		struct phx_param p = {.name = phx_str_dup(a, phx_str_c(name))};

		if (!phx_json_text(value, &text))
			phx_json_dump(value, 0, &text);
		p.value = phx_str_dup(a, phx_buf_view(&text));
		for (uint32_t i = 0; i < t->params.v.n; i++)
			p.secret = p.secret ||
				   (t->params.v.v[i].secret && phx_str_eq(t->params.v.v[i].name, p.name));
		if (p.secret && t->api->secrets) {
			phx_buf_clear(&text);
			phx_secrets_mask(t->api->secrets, p.value, &text);
			p.value = phx_str_dup(a, phx_buf_view(&text));
		}
		phx_vec_push(a, &out->errors, p);
		phx_buf_done(&text);
	}
	if (out->errors.n)
		qsort(out->errors.v, out->errors.n, sizeof(*out->errors.v), by_name);
}

static void refused(struct phx_transfer *t, json_t *doc, struct phx_answer *out)
{
	struct phx_err_context c = context(t);
	struct phx_str message = phx_json_str(doc, "message");
	json_t *errors = phx_json_get(doc, "errors");

	if (message.len == 0)
		message = phx_buf_view(&t->reason);
	if (json_is_object(errors) && json_object_size(errors)) {
		collect_errors(t, errors, out);
		phx_err_from_params(&out->err, t->status, out->errors.v, out->errors.n, &c);
		/* Without an arena of the caller's they would not outlive the transfer. */
		if (!t->r.arena)
			out->errors.n = 0;
	} else {
		phx_err_from_text(&out->err, PHX_ERR_SERVER, t->status, message, &c);
	}
	if (t->status == 501)
		phx_err_hint(&out->err, "this server has no such call: phx is made for Proxmox VE 8");
}

/* Texts of the server may quote a secret back, and hold anything else: they go to terminals. */
static void make_safe(struct phx_transfer *t, struct phx_buf *text)
{
	struct phx_buf masked = {0}, safe = {0};

	if (t->api->secrets)
		phx_secrets_mask(t->api->secrets, phx_buf_view(text), &masked);
	phx_buf_printable(&safe, t->api->secrets ? phx_buf_view(&masked) : phx_buf_view(text));
	phx_buf_clear(text);
	phx_buf_str(text, phx_buf_view(&safe));
	phx_buf_done(&masked);
	phx_buf_done(&safe);
}

static void received(struct phx_transfer *t, struct phx_answer *out)
{
	struct phx_err_context c = context(t);
	struct phx_err why = {0};
	json_t *doc = NULL;

	if (t->body.len)
		doc = phx_json_parse(phx_buf_view(&t->body), "answer", &why);
	if (t->status >= 200 && t->status < 300) {
		if (json_is_object(doc) && json_object_get(doc, "data"))
			out->data = json_incref(json_object_get(doc, "data"));
		else
			foreign(t, &out->err,
				why.msg.len ? why.msg.ptr
				: doc       ? "`data` is missing"
					    : "it is empty");
	} else if (t->status >= 300 && t->status < 400) {
		redirected(t, &out->err);
	} else if (t->status == 401) {
		struct phx_str message = phx_json_str(doc, "message");

		phx_err_from_unauthorized(&out->err, message.len ? message : phx_buf_view(&t->reason), &c);
	} else if (proxy_status(t, &out->err)) {
	} else if (!json_is_object(doc) && (t->status == 404 || is_html(t) || t->reason.len == 0)) {
		foreign(t, &out->err, NULL);
	} else {
		refused(t, doc, out);
	}
	if (json_is_null(out->data)) {
		json_decref(out->data);
		out->data = NULL;
	}
	json_decref(doc);
	phx_err_done(&why);
}

void phx_api_answer(struct phx_transfer *t, CURLcode code, struct phx_answer *out)
{
	*out = (struct phx_answer){.status = t->status, .ms = (uint32_t)(phx_now_ms() - t->began_at)};
	if (code != CURLE_OK || t->too_big || t->late != LATE_NOT || t->sent_twice || t->status == 0) {
		out->status = 0;
		transport_error(t, code, &out->err);
	} else {
		received(t, out);
	}
	if (out->err.kind != PHX_ERR_NONE) {
		make_safe(t, &out->err.msg);
		make_safe(t, &out->err.hint);
	}
}
