#include "backend/pvesh/pvesh.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/pvesh/pvesh_priv.h"
#include "base/sys.h"

enum { LOOK_MS = 1000 };

void phx_pvesh_put(struct phx_pvesh_queue *q, struct phx_pvesh_call *c)
{
	c->next = NULL;
	if (q->last)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
}

struct phx_pvesh_call *phx_pvesh_take(struct phx_pvesh_queue *q)
{
	struct phx_pvesh_call *c = q->first;

	if (!c)
		return NULL;
	q->first = c->next;
	if (!q->first)
		q->last = NULL;
	c->next = NULL;
	return c;
}

static void call_free(struct phx_pvesh_call *c)
{
	for (uint32_t i = 0; i < c->params.v.n; i++) {
		struct phx_param *p = &c->params.v.v[i];

		if (p->secret && p->value.len)
			explicit_bzero((char *)(uintptr_t)p->value.ptr, p->value.len);
	}
	phx_arena_done(&c->arena);
	free(c);
}

static void pvesh_send(void *impl, const struct phx_request *r)
{
	struct phx_pvesh *p = impl;
	struct phx_pvesh_call *c = calloc(1, sizeof(*c));

	if (!c)
		phx_out_of_memory();
	c->pvesh = p;
	c->r = phx_request_keep(&c->arena, r, &c->params);
	c->node = phx_pvesh_node(&c->arena, c->r.path);
	if (r->method != PHX_GET)
		phx_etc_forget(p, true);
	p->in_flight++;
	phx_pvesh_put(&p->ready, c);
}

void phx_pvesh_deliver(struct phx_pvesh_call *c, struct phx_answer *a)
{
	struct phx_pvesh *p = c->pvesh;
	void (*done)(void *, struct phx_answer *) = c->r.done;
	void *user = c->r.user;

	if (p->hooks.traced)
		p->hooks.traced(p->hooks.user, c->r.method, c->r.path, &c->params, a->status, a->ms, &a->err);
	p->in_flight--;
	call_free(c);
	if (done)
		done(user, a);
	else
		phx_answer_done(a);
}

/* Only what another attempt can change, and what surely did nothing: reads over a connection that broke. */
static bool again(struct phx_pvesh_call *c, const struct phx_answer *a)
{
	struct phx_pvesh *p = c->pvesh;
	uint64_t wait = (uint64_t)PVESH_AGAIN_MS << (c->attempts - 1);

	if (p->here || c->r.method != PHX_GET || a->err.kind != PHX_ERR_CONNECT || c->attempts >= PVESH_TRIES)
		return false;
	c->not_before = phx_now_ms() + wait;
	if (p->hooks.retrying)
		p->hooks.retrying(p->hooks.user, c->r.path, c->attempts, wait, &a->err);
	phx_pvesh_put(&p->ready, c);
	return true;
}

static void off(struct phx_pvesh_call *c)
{
	struct phx_pvesh_call **at = &c->pvesh->active;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->next = NULL;
	c->pvesh->nactive--;
}

static void on_done(void *user, const struct phx_command_end *end)
{
	struct phx_pvesh_call *c = user;
	struct phx_answer a;

	if (c->uploading && end->err.kind == PHX_ERR_NONE && end->exit_code == 0 && end->signal == 0) {
		phx_pvesh_begin(c, on_done);
		return;
	}
	off(c);
	phx_pvesh_answer(c, end, &a);
	if (again(c, &a)) {
		phx_answer_done(&a);
		return;
	}
	phx_pvesh_deliver(c, &a);
}

static void start(struct phx_pvesh_call *c)
{
	struct phx_answer a = {.status = 200};

	c->began_at = phx_now_ms();
	if (phx_etc_take(c, &a.data)) {
		if (a.data)
			phx_pvesh_deliver(c, &a);
		return;
	}
	c->attempts++;
	c->next = c->pvesh->active;
	c->pvesh->active = c;
	c->pvesh->nactive++;
	phx_pvesh_begin(c, on_done);
}

static void start_some(struct phx_pvesh *p)
{
	struct phx_pvesh_queue later = {0};
	struct phx_pvesh_call *c;
	uint64_t now = phx_now_ms();

	while (p->nactive < p->parallel && !p->yield && (c = phx_pvesh_take(&p->ready))) {
		if (c->not_before > now)
			phx_pvesh_put(&later, c);
		else
			start(c);
	}
	while ((c = phx_pvesh_take(&later)))
		phx_pvesh_put(&p->ready, c);
}

static uint32_t left(const struct phx_pvesh *p)
{
	uint32_t commands = phx_host_count(p->host), requests = p->nactive + p->loading;

	return p->in_flight + (commands > requests ? commands - requests : 0);
}

static uint64_t quiet_ms(struct phx_pvesh *p, uint64_t now, uint64_t until)
{
	uint64_t wait = until - now < LOOK_MS ? until - now : LOOK_MS, host = phx_host_quiet_ms(p->host, now);

	for (struct phx_pvesh_call *c = p->ready.first; c && p->nactive < p->parallel; c = c->next) {
		uint64_t more = c->not_before > now ? c->not_before - now : 0;

		wait = more < wait ? more : wait;
	}
	return host < wait ? host : wait;
}

/* True: the caller's descriptor is readable. */
static bool wait_for_something(struct phx_pvesh *p, uint64_t ms, int wake_fd)
{
	size_t n;
	struct pollfd *fds = phx_host_fds(p->host, &n);
	struct pollfd *all = calloc(n + 1, sizeof(*all));
	bool woken;

	if (!all)
		phx_out_of_memory();
	if (n)
		memcpy(all, fds, n * sizeof(*all));
	all[n] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
	woken = poll(all, wake_fd >= 0 ? n + 1 : n, (int)ms) > 0 && wake_fd >= 0 && all[n].revents;
	free(all);
	return woken;
}

static uint32_t pvesh_run(void *impl, uint64_t wait_ms, int wake_fd)
{
	struct phx_pvesh *p = impl;
	uint64_t now = phx_now_ms(), until = now + wait_ms < now ? UINT64_MAX : now + wait_ms;

	p->yield = false;
	for (;;) {
		start_some(p);
		phx_host_work(p->host);
		now = phx_now_ms();
		if (p->yield || left(p) == 0 || now >= until)
			return left(p);
		if (wait_for_something(p, quiet_ms(p, now, until), wake_fd))
			return left(p);
	}
}

static void pvesh_yield(void *impl)
{
	((struct phx_pvesh *)impl)->yield = true;
}

static uint64_t pvesh_command(void *impl, const struct phx_command *c)
{
	static const struct phx_host_how as_usual;
	struct phx_pvesh *p = impl;

	/* It may change a configuration (qm set, pct set). */
	phx_etc_forget(p, false);
	return phx_host_command(p->host, c, &as_usual);
}

static void pvesh_command_stop(void *impl, uint64_t handle)
{
	phx_host_stop(((struct phx_pvesh *)impl)->host, handle);
}

static void pvesh_close(void *impl)
{
	struct phx_pvesh *p = impl;
	struct phx_pvesh_call *c;

	phx_host_close(p->host);
	while ((c = phx_pvesh_take(&p->ready)) || (c = phx_pvesh_take(&p->waiting)))
		call_free(c);
	while ((c = p->active)) {
		p->active = c->next;
		call_free(c);
	}
	phx_etc_done(p);
	p->host = NULL;
}

static const struct phx_backend_ops ops = {
	.send = pvesh_send,
	.run = pvesh_run,
	.yield = pvesh_yield,
	.command = pvesh_command,
	.command_stop = pvesh_command_stop,
	.close = pvesh_close,
};

bool phx_pvesh_here(void)
{
	struct phx_str path = phx_str_c(getenv("PATH")), dir;
	struct phx_arena a = {0};
	bool found = access("/usr/bin/pvesh", X_OK) == 0;

	while (!found && phx_str_cut(&path, ':', &dir))
		found = dir.len && access(phx_path_join(&a, dir, PHX_STR("pvesh")).ptr, X_OK) == 0;
	phx_arena_done(&a);
	return found && geteuid() == 0;
}

static bool usable(const struct phx_backend_config *c, struct phx_err *err)
{
	if (c->kind == PHX_BACKEND_SSH && c->ssh_host.len == 0) {
		phx_err_set(err, PHX_ERR_USAGE, "the ssh backend needs a host");
		phx_err_hint(err, "write `ssh { host = \"NODE\" }` in the cluster block");
		return false;
	}
	if (c->kind == PHX_BACKEND_LOCAL && !phx_pvesh_here()) {
		phx_err_set(err, PHX_ERR_USAGE, "the local backend needs root on a Proxmox VE node: %s",
			    geteuid() == 0 ? "this machine has no pvesh" : "this is not root");
		phx_err_hint(err, "run phx on a node as root, or use `endpoint` and `token`, or `ssh { host "
				  "= \"NODE\" }`, "
				  "in the cluster block");
		return false;
	}
	return true;
}

bool phx_pvesh_open(const struct phx_backend_config *config, struct phx_arena *arena,
		    struct phx_backend **out, struct phx_err *err)
{
	struct phx_pvesh *p;
	struct phx_host_config far = {.here = config->kind == PHX_BACKEND_LOCAL,
				      .ssh_host = config->ssh_host,
				      .ssh_user = config->ssh_user,
				      .ssh_port = config->ssh_port,
				      .connect_timeout_ms = config->connect_timeout_ms,
				      .secrets = config->secrets};

	if (!usable(config, err))
		return false;
	p = PHX_NEW(arena, struct phx_pvesh);
	p->arena = arena;
	p->here = far.here;
	p->hooks = config->hooks;
	p->secrets = config->secrets;
	p->parallel = config->parallel ? config->parallel : PVESH_PARALLEL;
	p->get_ms = config->request_timeout_ms ? config->request_timeout_ms : PVESH_GET_MS;
	p->host = phx_host_open(&far);
	phx_backend_wire(&p->backend, &ops, p);
	p->backend.identity = PHX_STR("root@pam");
	p->backend.endpoint =
		p->here ? "local"
			: phx_str_printf(arena, "ssh:" PHX_STR_FMT, PHX_STR_ARG(phx_host_name(p->host))).ptr;
	p->backend.has_host = true;
	*out = &p->backend;
	return true;
}
