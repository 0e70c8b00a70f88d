#include <string.h>

#include "backend/api/api_priv.h"

enum { HOST_MS = 10 * 60 * 1000 };

static size_t on_body(char *bytes, size_t size, size_t n, void *user)
{
	struct phx_buf *out = user;

	(void)size;
	if (out->len + n > API_BODY_MAX)
		return 0;
	phx_buf_add(out, bytes, n);
	return n;
}

static void command_line(const struct phx_str *argv, uint32_t argc, struct phx_buf *out)
{
	for (uint32_t i = 0; i < argc; i++) {
		bool plain = argv[i].len > 0;

		for (size_t k = 0; k < argv[i].len; k++)
			plain = plain && !strchr(" \t\n'\"\\$`;&|<>()*?#~!", argv[i].ptr[k]);
		phx_buf_printf(out, plain ? "%s" PHX_STR_FMT : "%s'" PHX_STR_FMT "'", i ? " " : "",
			       PHX_STR_ARG(argv[i]));
	}
}

static void request_body(const struct phx_str *argv, uint32_t argc, struct phx_buf *out)
{
	struct phx_jw w;

	phx_jw_init(&w, out, 0);
	phx_jw_object(&w);
	phx_jw_key(&w, "argv");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < argc; i++)
		phx_jw_str(&w, argv[i]);
	phx_jw_end_array(&w);
	phx_jw_end_object(&w);
}

static CURLcode post(struct phx_api *api, const struct phx_buf *body, struct phx_buf *answer, long *status)
{
	CURL *easy = curl_easy_init();
	struct phx_buf url = {0};
	struct curl_slist *headers = NULL;
	CURLcode code;

	if (!easy)
		phx_out_of_memory();
	phx_buf_printf(&url, PHX_STR_FMT "/sim/host", PHX_STR_ARG(api->place.base));
	headers = curl_slist_append(headers, api->token.ptr);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	phx_api_connection(api, easy);
	curl_easy_setopt(easy, CURLOPT_URL, url.ptr);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body->len);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->ptr);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HOST_MS);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
	code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(easy);
	phx_buf_done(&url);
	return code;
}

/* The private endpoint of a simulated cluster's server (sim.h). */
static bool sim_host(struct phx_api *api, const struct phx_str *argv, uint32_t argc, struct phx_buf *out_text,
		     int *out_exit, struct phx_err *err)
{
	struct phx_buf body = {0}, answer = {0};
	json_t *doc = NULL, *result;
	long status = 0;
	bool ok = false;
	CURLcode code;

	request_body(argv, argc, &body);
	code = post(api, &body, &answer, &status);
	if (code != CURLE_OK || status != 200) {
		phx_err_set(err, PHX_ERR_CONNECT, "the simulated node runs no command: %s (status %ld)",
			    curl_easy_strerror(code), status);
		goto out;
	}
	doc = phx_json_parse(phx_buf_view(&answer), "answer of the simulated node", err);
	if (!doc)
		goto out;
	result = json_is_object(phx_json_get(doc, "data")) ? phx_json_get(doc, "data") : doc;
	*out_exit = (int)phx_json_int(result, "exit", 255);
	phx_buf_str(out_text, phx_json_str(result, "stdout"));
	phx_buf_str(out_text, phx_json_str(result, "stderr"));
	ok = true;
out:
	json_decref(doc);
	phx_buf_done(&answer);
	phx_buf_done(&body);
	return ok;
}

bool phx_api_host(void *impl, struct phx_str node, const struct phx_str *argv, uint32_t argc,
		  struct phx_buf *out_text, int *out_exit, struct phx_err *err)
{
	struct phx_api *api = impl;
	struct phx_buf line = {0};

	if (api->sim)
		return sim_host(api, argv, argc, out_text, out_exit, err);
	command_line(argv, argc, &line);
	phx_err_set(err, PHX_ERR_CONNECT, "no way to run a command on node " PHX_STR_FMT ": the API has none",
		    PHX_STR_ARG(node));
	phx_err_hint(err, "run it there yourself, as root: " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&line)));
	phx_buf_done(&line);
	return false;
}
