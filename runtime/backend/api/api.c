#include <stdlib.h>
#include <string.h>

#include "backend/api/api_priv.h"
#include "backend/api/curl_library.h"
#include "base/sys.h"

enum { LOOK_MS = 1000 };

void phx_queue_put(struct phx_queue *q, struct phx_transfer *t)
{
	t->next = NULL;
	if (q->last)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
}

struct phx_transfer *phx_queue_take(struct phx_queue *q)
{
	struct phx_transfer *t = q->first;

	if (t)
		phx_queue_remove(q, t);
	return t;
}

void phx_queue_remove(struct phx_queue *q, struct phx_transfer *t)
{
	struct phx_transfer *before = NULL;

	for (struct phx_transfer *i = q->first; i && i != t; i = i->next)
		before = i;
	if (before)
		before->next = t->next;
	else
		q->first = t->next;
	if (q->last == t)
		q->last = before;
	t->next = NULL;
}

void phx_api_submit(struct phx_api *api, struct phx_transfer *t)
{
	api->in_flight++;
	if (!t->login) {
		phx_queue_put(&api->ready, t);
		return;
	}
	/* Before all others, which wait for it. */
	t->next = api->ready.first;
	api->ready.first = t;
	if (!api->ready.last)
		api->ready.last = t;
}

static void api_send(void *impl, const struct phx_request *request)
{
	struct phx_api *api = impl;

	phx_api_submit(api, phx_transfer_new(api, request));
}

/* Takes the answer over; the transfer is in no queue. */
static void deliver(struct phx_transfer *t, struct phx_answer *a)
{
	struct phx_api *api = t->api;
	void (*done)(void *, struct phx_answer *) = t->r.done;
	void *user = t->r.user;

	api->in_flight--;
	if (t->login)
		phx_api_login_ended(api, t, a);
	phx_transfer_free(t);
	if (done)
		done(user, a);
	else
		phx_answer_done(a);
	if (!done)
		*a = (struct phx_answer){0};
}

void phx_api_fail_waiting(struct phx_api *api, const struct phx_err *err)
{
	struct phx_queue all = api->ready, delayed = api->delayed;
	struct phx_transfer *t;

	api->ready = api->delayed = (struct phx_queue){0};
	/* What their callbacks ask for anew is not part of this. */
	while ((t = phx_queue_take(&all)) || (t = phx_queue_take(&delayed))) {
		struct phx_answer a = {0};

		phx_err_copy(&a.err, err);
		deliver(t, &a);
	}
}

static void wait_again(struct phx_transfer *t, const struct phx_answer *a, uint64_t wait_ms)
{
	struct phx_api *api = t->api;

	t->not_before = phx_now_ms() + wait_ms;
	if (api->hooks.retrying)
		api->hooks.retrying(api->hooks.user, t->r.path, t->attempts, wait_ms, &a->err);
	phx_queue_put(&api->delayed, t);
}

static void trace(struct phx_transfer *t, const struct phx_answer *a)
{
	const struct phx_backend_hooks *h = &t->api->hooks;

	if (h->traced)
		h->traced(h->user, t->r.method, t->r.path, &t->params, a->status, a->ms, &a->err);
}

/* One attempt is over; the transfer is off the active queue and the multi handle. */
static void ended(struct phx_transfer *t, CURLcode code)
{
	struct phx_api *api = t->api;
	struct phx_answer a;
	uint64_t wait = 0;

	phx_api_answer(t, code, &a);
	trace(t, &a);
	if (t->status)
		api->contacted = true;
	/* A ticket can end early (a restarted cluster, another clock). Nothing was done: renew it once and go on. */
	if (a.status == 401 && api->user.len && !t->login && !t->renewed) {
		t->renewed = true;
		if (t->began_at >= api->ticket_at)
			api->has_ticket = false;
		t->next = api->ready.first;
		api->ready.first = t;
		if (!api->ready.last)
			api->ready.last = t;
		phx_answer_done(&a);
		return;
	}
	if (phx_api_again(t, code, &a, &wait)) {
		wait_again(t, &a, wait);
		phx_answer_done(&a);
		return;
	}
	if (a.err.kind != PHX_ERR_NONE && t->attempts > 1)
		phx_buf_printf(&a.err.msg, " (tried %u times in %.1f s)", t->attempts,
			       (double)(phx_now_ms() - t->queued_at) / 1000);
	deliver(t, &a);
}

static void start(struct phx_transfer *t)
{
	struct phx_api *api = t->api;
	struct phx_answer a = {0};

	if (phx_transfer_start(t, &a.err)) {
		phx_queue_put(&api->active, t);
		api->nactive++;
		return;
	}
	phx_transfer_stop(t);
	deliver(t, &a);
}

/* The login, when one is needed, is put before all others here. */
static bool can_start(struct phx_api *api)
{
	if (!api->ready.first || api->nactive >= api->parallel)
		return false;
	return phx_api_ready(api) || api->ready.first->login;
}

static void start_some(struct phx_api *api)
{
	uint64_t now = phx_now_ms();

	for (struct phx_transfer *t = api->delayed.first, *next; t; t = next) {
		next = t->next;
		if (t->not_before <= now) {
			phx_queue_remove(&api->delayed, t);
			phx_queue_put(&api->ready, t);
		}
	}
	while (can_start(api))
		start(phx_queue_take(&api->ready));
}

static void off(struct phx_transfer *t)
{
	phx_queue_remove(&t->api->active, t);
	t->api->nactive--;
}

static void reap(struct phx_api *api)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(api->multi, &left))) {
		struct phx_transfer *t = NULL;
		CURLcode code = m->data.result;
		char *private = NULL;

		if (m->msg == CURLMSG_DONE && phx_api_command_ended(api, m->easy_handle, code))
			continue;
		if (m->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private) != CURLE_OK)
			continue;
		t = (struct phx_transfer *)(void *)private;
		off(t);
		phx_transfer_stop(t);
		ended(t, code);
	}
}

static void stop_late(struct phx_api *api)
{
	uint64_t now = phx_now_ms();
	struct phx_transfer *t = api->active.first;

	while (t) {
		if (!phx_transfer_late(t, now)) {
			t = t->next;
			continue;
		}
		off(t);
		phx_transfer_stop(t);
		ended(t, CURLE_OPERATION_TIMEDOUT);
		t = api->active.first; /* a callback may have changed the list */
	}
}

/* How long nothing can happen but by the network. */
static uint64_t quiet_ms(struct phx_api *api, uint64_t now, uint64_t until)
{
	uint64_t wait = until - now < LOOK_MS ? until - now : LOOK_MS;

	for (struct phx_transfer *t = api->delayed.first; t; t = t->next) {
		uint64_t left = t->not_before > now ? t->not_before - now : 0;

		wait = left < wait ? left : wait;
	}
	for (struct phx_transfer *t = api->active.first; t; t = t->next) {
		uint64_t end = t->began_at + phx_transfer_total_ms(t), left = end > now ? end - now : 0;

		wait = left < wait ? left : wait;
	}
	return wait;
}

/* What curl is to look at besides its connections: the caller's descriptor, and the commands' pipes. */
static struct curl_waitfd *others(struct phx_api *api, int wake_fd, unsigned *out_n)
{
	size_t n;
	const struct pollfd *fds = phx_api_command_fds(api, &n);
	struct curl_waitfd *all = reallocarray(api->waits, n + 1, sizeof(*all));

	if (!all)
		phx_out_of_memory();
	api->waits = all;
	for (size_t i = 0; i < n; i++)
		all[i] = (struct curl_waitfd){.fd = fds[i].fd,
					      .events = fds[i].events & POLLOUT ? CURL_WAIT_POLLOUT
										: CURL_WAIT_POLLIN};
	if (wake_fd >= 0)
		all[n++] = (struct curl_waitfd){.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	*out_n = (unsigned)n;
	return all;
}

/* True: the caller's descriptor is readable. */
static bool wait_for_something(struct phx_api *api, uint64_t now, uint64_t until, int wake_fd)
{
	uint64_t wait = quiet_ms(api, now, until), commands = phx_api_command_quiet_ms(api, now);
	unsigned n;
	struct curl_waitfd *all = others(api, wake_fd, &n);

	curl_multi_poll(api->multi, all, n, (int)(commands < wait ? commands : wait), NULL);
	return wake_fd >= 0 && all[n - 1].revents;
}

static uint32_t left(struct phx_api *api)
{
	return api->in_flight + phx_api_commands(api);
}

static uint32_t api_run(void *impl, uint64_t wait_ms, int wake_fd)
{
	struct phx_api *api = impl;
	uint64_t now = phx_now_ms(), until = now + wait_ms < now ? UINT64_MAX : now + wait_ms;
	int running;

	api->yield = false;
	for (;;) {
		start_some(api);
		curl_multi_perform(api->multi, &running);
		reap(api);
		stop_late(api);
		phx_api_command_work(api);
		now = phx_now_ms();
		if (api->yield || left(api) == 0 || now >= until)
			return left(api);
		if (can_start(api))
			continue;
		if (wait_for_something(api, now, until, wake_fd))
			return left(api);
	}
}

static void api_yield(void *impl)
{
	((struct phx_api *)impl)->yield = true;
}

static void wipe(struct phx_buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->cap);
	phx_buf_done(b);
}

static void api_close(void *impl)
{
	struct phx_api *api = impl;
	struct phx_queue *all[] = {&api->ready, &api->delayed, &api->active};
	struct phx_transfer *t;

	for (size_t i = 0; i < PHX_COUNTOF(all); i++) {
		while ((t = phx_queue_take(all[i])))
			phx_transfer_free(t);
	}
	for (uint32_t i = 0; i < api->nidle; i++)
		curl_easy_cleanup(api->idle[i]);
	phx_api_commands_close(api);
	free(api->waits);
	if (api->multi)
		curl_multi_cleanup(api->multi);
	wipe(&api->cookie);
	wipe(&api->csrf);
	curl_global_cleanup();
	*api = (struct phx_api){0};
}

static const struct phx_backend_ops ops = {
	.send = api_send,
	.run = api_run,
	.yield = api_yield,
	.command = phx_api_command,
	.command_stop = phx_api_command_stop,
	.close = api_close,
};

static bool check_tls(struct phx_api *api, const struct phx_backend_config *c, struct phx_err *err)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

	if (c->fingerprint.len && !phx_pin_read(c->fingerprint, &api->pin, err))
		return false;
	if (c->ca_file.len) {
		api->ca_file = phx_str_dup(api->arena, c->ca_file);
		api->pin.by_ca = true;
	}
	if (api->place.tls && (!v->ssl_version || !strstr(v->ssl_version, "OpenSSL")))
		return phx_err_set(err, PHX_ERR_CONNECT,
				   "libcurl here is built with %s; phx checks certificates through OpenSSL",
				   v->ssl_version ? v->ssl_version : "no TLS");
	return true;
}

bool phx_api_open(const struct phx_backend_config *config, struct phx_arena *arena, struct phx_backend **out,
		  struct phx_err *err)
{
	struct phx_api *api = PHX_NEW(arena, struct phx_api);

	api->arena = arena;
	api->hooks = config->hooks;
	api->secrets = config->secrets;
	api->parallel = config->parallel ? config->parallel : API_PARALLEL;
	api->connect_ms = config->connect_timeout_ms ? config->connect_timeout_ms : API_CONNECT_MS;
	api->get_ms = config->request_timeout_ms ? config->request_timeout_ms : API_GET_MS;
	api->sim = config->sim_dir.len > 0;
	if (!phx_curl_load(err) || !phx_api_place_read(config->endpoint, arena, &api->place, err) ||
	    !check_tls(api, config, err) || !phx_api_credentials(api, config, err))
		return false;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return phx_err_set(err, PHX_ERR_CONNECT, "libcurl does not start");
	api->multi = curl_multi_init();
	if (!api->multi)
		phx_out_of_memory();
	curl_multi_setopt(api->multi, CURLMOPT_MAXCONNECTS, (long)api->parallel);
	curl_multi_setopt(api->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	phx_api_commands_open(api, config);
	phx_backend_wire(&api->backend, &ops, api);
	api->backend.endpoint = api->place.shown.ptr;
	api->backend.has_host = api->sim || api->host;
	*out = &api->backend;
	return true;
}
