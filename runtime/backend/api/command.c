/* Commands on nodes: over ssh, or by the private endpoint of a simulated cluster's server (sim.h). */
#include <stdlib.h>
#include <string.h>

#include "backend/api/api_priv.h"
#include "base/sys.h"

/* Apart from those of the pools, which count from 1. */
#define SIM_HANDLES ((uint64_t)1 << 32)

/* One command of the simulated cluster: a request beside the others, outside their queue. */
struct phx_api_command {
	struct phx_api_command *next;
	struct phx_api *api;
	uint64_t handle;
	CURL *easy;
	struct curl_slist *headers;
	struct phx_buf url, body, answer;
	struct phx_buf out, err_out; /* the last of what came before the answer */
	bool too_big, cut;
	uint64_t timeout_ms;
	void (*output)(void *user, bool is_stderr, struct phx_str bytes);
	void (*done)(void *user, const struct phx_command_end *end);
	void *user;
};

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

static void request_body(const struct phx_command *c, struct phx_buf *out)
{
	struct phx_buf coded = {0};
	struct phx_jw w;

	phx_buf_base64(&coded, c->input);
	phx_jw_init(&w, out, 0);
	phx_jw_object(&w);
	phx_jw_key(&w, "node");
	phx_jw_str(&w, c->node);
	phx_jw_key(&w, "argv");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < c->argc; i++)
		phx_jw_str(&w, c->argv[i]);
	phx_jw_end_array(&w);
	phx_jw_key(&w, "input");
	phx_jw_str(&w, phx_buf_view(&coded));
	phx_jw_key(&w, "stream");
	phx_jw_bool(&w, true);
	phx_jw_end_object(&w);
	phx_buf_done(&coded);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *user)
{
	struct phx_api_command *c = user;

	(void)size;
	c->too_big = c->answer.len + n > API_BODY_MAX;
	if (c->too_big)
		return 0;
	phx_buf_add(&c->answer, bytes, n);
	return n;
}

static void command_free(struct phx_api_command *c)
{
	curl_multi_remove_handle(c->api->multi, c->easy);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	phx_buf_done(&c->url);
	if (c->body.ptr)
		explicit_bzero(c->body.ptr, c->body.cap); /* its input may hold a secret */
	phx_buf_done(&c->body);
	phx_buf_done(&c->answer);
	phx_buf_done(&c->out);
	phx_buf_done(&c->err_out);
	free(c);
}

static struct phx_api_command *find(struct phx_api *api, uint64_t handle)
{
	struct phx_api_command *c = api->commands;

	while (c && c->handle != handle)
		c = c->next;
	return c;
}

static bool take_off(struct phx_api *api, struct phx_api_command *c)
{
	for (struct phx_api_command **at = &api->commands; *at; at = &(*at)->next) {
		if (*at == c) {
			*at = c->next;
			return true;
		}
	}
	return false;
}

static struct curl_slist *headers(const struct phx_api *api)
{
	struct curl_slist *list = curl_slist_append(NULL, api->token.ptr), *more;

	more = list ? curl_slist_append(list, "Content-Type: application/json") : NULL;
	more = more ? curl_slist_append(more, "Expect:") : NULL;
	if (!more)
		phx_out_of_memory();
	return list;
}

static uint64_t sim_command(struct phx_api *api, const struct phx_command *command)
{
	struct phx_api_command *c;
	struct phx_err err = {0};

	if (!phx_host_keeps_secrets(api->secrets, command, &err)) {
		struct phx_proc_start refused = {.done = command->done, .user = command->user};
		uint64_t handle = phx_procs_fail(api->procs, &refused, &err);

		phx_err_done(&err);
		return handle;
	}
	c = calloc(1, sizeof(*c));
	if (!c || !(c->easy = curl_easy_init()))
		phx_out_of_memory();
	c->api = api;
	c->handle = SIM_HANDLES + ++api->command_handles;
	c->timeout_ms = command->timeout_ms;
	c->output = command->output;
	c->done = command->done;
	c->user = command->user;
	c->headers = headers(api);
	request_body(command, &c->body);
	phx_buf_printf(&c->url, PHX_STR_FMT "/sim/host", PHX_STR_ARG(api->place.base));
	phx_api_connection(api, c->easy);
	curl_easy_setopt(c->easy, CURLOPT_URL, c->url.ptr);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.len);
	curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body.ptr);
	curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	c->next = api->commands;
	api->commands = c;
	if (curl_multi_add_handle(api->multi, c->easy) != CURLM_OK)
		PHX_BUG("libcurl takes no more requests");
	return c->handle;
}

/* `NAME`, or `NAME_base64` for bytes that are no text. */
static bool stream(const json_t *result, const char *name, struct phx_buf *out)
{
	struct phx_buf key = {0};
	bool ok = true;

	phx_buf_printf(&key, "%s_base64", name);
	if (phx_json_get(result, key.ptr))
		ok = phx_buf_unbase64(out, phx_json_str(result, key.ptr));
	else
		phx_buf_str(out, phx_json_str(result, name));
	phx_buf_done(&key);
	return ok;
}

static struct phx_str tail(const struct phx_buf *b, bool *cut)
{
	struct phx_str all = phx_buf_view(b);

	if (all.len <= PHX_PROCS_KEEP)
		return all;
	*cut = true;
	return phx_str_from(all, all.len - PHX_PROCS_KEEP);
}

/* The end is kept, as of a command over ssh. */
static void keep(struct phx_api_command *c, struct phx_buf *kept, struct phx_str bytes)
{
	phx_buf_str(kept, bytes);
	if (kept->len <= 2 * PHX_PROCS_KEEP)
		return;
	memmove(kept->ptr, kept->ptr + kept->len - PHX_PROCS_KEEP, PHX_PROCS_KEEP);
	kept->len = PHX_PROCS_KEEP;
	c->cut = true;
}

/* "o BASE64" and "e BASE64" come ahead of the answer, which is JSON. False: the first line is no whole one of them. */
static bool take_frame(struct phx_buf *all, char *which, struct phx_buf *bytes)
{
	struct phx_str view = phx_buf_view(all);
	ptrdiff_t eol;

	if (!phx_str_starts(view, "o ") && !phx_str_starts(view, "e "))
		return false;
	eol = phx_str_chr(view, '\n');
	if (eol < 0)
		return false;
	*which = view.ptr[0];
	if (!phx_buf_unbase64(bytes, phx_str_slice(view, 2, (size_t)eol - 2)))
		return false;
	memmove(all->ptr, all->ptr + eol + 1, all->len - (size_t)eol - 1);
	all->len -= (size_t)eol + 1;
	return true;
}

/* Whoever gets output may stop the command: false, it is gone. */
static bool pass_on(struct phx_api_command *c)
{
	struct phx_api *api = c->api;
	struct phx_buf bytes = {0};
	uint64_t handle = c->handle;
	bool there = true;
	char which;

	while (there && take_frame(&c->answer, &which, &bytes)) {
		keep(c, which == 'e' ? &c->err_out : &c->out, phx_buf_view(&bytes));
		if (c->output)
			c->output(c->user, which == 'e', phx_buf_view(&bytes));
		there = find(api, handle) == c;
		phx_buf_clear(&bytes);
	}
	phx_buf_done(&bytes);
	return there;
}

static void read_answer(struct phx_api_command *c, struct phx_command_end *end, struct phx_buf *out,
			struct phx_buf *out_err)
{
	json_t *doc = phx_json_parse(phx_buf_view(&c->answer), "answer of the simulated node", &end->err),
	       *result;

	if (!doc)
		return;
	result = json_is_object(phx_json_get(doc, "data")) ? phx_json_get(doc, "data") : doc;
	end->exit_code = (int)phx_json_int(result, "exit", 255);
	end->signal = (int)phx_json_int(result, "signal", 0);
	if (!stream(result, "stdout", out) || !stream(result, "stderr", out_err))
		phx_err_set(&end->err, PHX_ERR_DATA, "the simulated node's output is no base64");
	json_decref(doc);
}

static void failed(const struct phx_api_command *c, CURLcode code, long status, struct phx_err *err)
{
	if (code == CURLE_OPERATION_TIMEDOUT)
		phx_err_set(err, PHX_ERR_TIMEOUT, "not finished after %.1f s", (double)c->timeout_ms / 1000);
	else if (c->too_big)
		phx_err_set(err, PHX_ERR_DATA, "the command's output is larger than %d MiB",
			    API_BODY_MAX >> 20);
	else
		phx_err_set(err, code == CURLE_COULDNT_CONNECT || status ? PHX_ERR_CONNECT : PHX_ERR_LOST,
			    "the simulated node runs no command: %s (status %ld)", curl_easy_strerror(code),
			    status);
}

static void ended(struct phx_api_command *c, CURLcode code)
{
	struct phx_command_end end = {.cut = c->cut};
	struct phx_buf out = {0}, out_err = {0};
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK || status != 200)
		failed(c, code, status, &end.err);
	else
		read_answer(c, &end, &out, &out_err);
	if (c->output && out.len)
		c->output(c->user, false, phx_buf_view(&out));
	if (c->output && out_err.len)
		c->output(c->user, true, phx_buf_view(&out_err));
	keep(c, &c->out, phx_buf_view(&out));
	keep(c, &c->err_out, phx_buf_view(&out_err));
	end.out = tail(&c->out, &end.cut);
	end.err_out = tail(&c->err_out, &end.cut);
	if (c->done)
		c->done(c->user, &end);
	phx_err_done(&end.err);
	phx_buf_done(&out);
	phx_buf_done(&out_err);
	command_free(c);
}

bool phx_api_command_ended(struct phx_api *api, CURL *easy, CURLcode code)
{
	struct phx_api_command *c = api->commands;

	while (c && c->easy != easy)
		c = c->next;
	if (!c)
		return false;
	if (pass_on(c)) {
		take_off(api, c);
		ended(c, code);
	}
	return true;
}

static uint64_t no_way(struct phx_api *api, const struct phx_command *c)
{
	struct phx_proc_start s = {.done = c->done, .user = c->user};
	struct phx_err err = {0};
	struct phx_buf line = {0};
	uint64_t handle;

	command_line(c->argv, c->argc, &line);
	phx_err_set(&err, PHX_ERR_CONNECT,
		    "no way to run a command on node " PHX_STR_FMT ": the API has none",
		    PHX_STR_ARG(c->node));
	phx_err_hint(&err, "run it there yourself, as root: " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&line)));
	handle = phx_procs_fail(api->procs, &s, &err);
	phx_err_done(&err);
	phx_buf_done(&line);
	return handle;
}

uint64_t phx_api_command(void *impl, const struct phx_command *c)
{
	static const struct phx_host_how as_usual;
	struct phx_api *api = impl;

	if (api->sim)
		return sim_command(api, c);
	return api->host ? phx_host_command(api->host, c, &as_usual) : no_way(api, c);
}

void phx_api_command_stop(void *impl, uint64_t handle)
{
	struct phx_api *api = impl;
	struct phx_api_command *c = find(api, handle);

	if (api->host)
		phx_host_stop(api->host, handle);
	else
		phx_procs_stop(api->procs, handle);
	if (c) {
		take_off(api, c);
		command_free(c);
	}
}

uint32_t phx_api_commands(const struct phx_api *api)
{
	uint32_t n = phx_procs_count(api->procs) + (api->host ? phx_host_count(api->host) : 0);

	for (const struct phx_api_command *c = api->commands; c; c = c->next)
		n++;
	return n;
}

const struct pollfd *phx_api_command_fds(struct phx_api *api, size_t *n)
{
	*n = 0;
	return api->host ? phx_host_fds(api->host, n) : NULL;
}

uint64_t phx_api_command_quiet_ms(struct phx_api *api, uint64_t now)
{
	uint64_t none = phx_procs_quiet_ms(api->procs, now), far = UINT64_MAX;

	if (api->host)
		far = phx_host_quiet_ms(api->host, now);
	return far < none ? far : none;
}

static void pass_on_all(struct phx_api *api)
{
	struct phx_api_command *c = api->commands;

	while (c)
		c = pass_on(c) ? c->next : api->commands;
}

void phx_api_command_work(struct phx_api *api)
{
	pass_on_all(api);
	phx_procs_work(api->procs);
	if (api->host)
		phx_host_work(api->host);
}

void phx_api_commands_open(struct phx_api *api, const struct phx_backend_config *c)
{
	struct phx_host_config far = {.ssh_host = c->ssh_host,
				      .ssh_user = c->ssh_user,
				      .ssh_port = c->ssh_port,
				      .connect_timeout_ms = c->connect_timeout_ms,
				      .secrets = c->secrets};

	api->procs = phx_procs_new();
	if (!api->sim && c->ssh_host.len)
		api->host = phx_host_open(&far);
}

void phx_api_commands_close(struct phx_api *api)
{
	while (api->commands) {
		struct phx_api_command *c = api->commands;

		take_off(api, c);
		command_free(c);
	}
	phx_host_close(api->host);
	phx_procs_free(api->procs);
	api->host = NULL;
	api->procs = NULL;
}
