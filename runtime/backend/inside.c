/* The handle that leads into guests. What it can ask of the cluster is made here, so that nothing else can be. */
#include "backend/backend_priv.h"

static const struct {
	enum phx_method method;
	const char *name;
} asks[PHX_AGENT_ASKS] = {
	[PHX_AGENT_INFO] = {PHX_GET, "info"},
	[PHX_AGENT_EXEC] = {PHX_POST, "exec"},
	[PHX_AGENT_EXEC_STATUS] = {PHX_GET, "exec-status"},
	[PHX_AGENT_FILE_READ] = {PHX_GET, "file-read"},
	[PHX_AGENT_FILE_WRITE] = {PHX_POST, "file-write"},
};

/* The words that a command begins with; the guest's id stands for NULL. */
static const char *const ways[][4] = {
	{"pct", "exec", NULL, "--"},
	{"qm", "guest", "exec", NULL},
	{"qm", "guest", "exec-status", NULL},
	{"qm", "agent", NULL, "ping"},
};

struct phx_inside *phx_backend_inside(struct phx_backend *b)
{
	return &b->inside;
}

struct phx_inside *phx_writer_inside(struct phx_writer *w)
{
	return &w->backend->inside;
}

struct phx_str phx_agent_path(struct phx_arena *a, struct phx_str node, uint64_t id, enum phx_agent_ask what)
{
	return phx_str_printf(a, "/nodes/" PHX_STR_FMT "/qemu/%llu/agent/%s", PHX_STR_ARG(node),
			      (unsigned long long)id, asks[what].name);
}

void phx_inside_ask(struct phx_inside *i, const struct phx_agent_request *r)
{
	struct phx_arena a = {0};
	struct phx_request request = {.method = asks[r->what].method,
				      .path = phx_agent_path(&a, r->node, r->id, r->what),
				      .params = r->params,
				      .done = r->done,
				      .user = r->user};

	i->backend->ops->send(i->backend->impl, &request);
	phx_arena_done(&a);
}

static bool leads_inside(const struct phx_command *c)
{
	uint64_t id;

	for (size_t w = 0; w < PHX_COUNTOF(ways) && c->argc >= PHX_COUNTOF(ways[0]); w++) {
		size_t n = 0;

		while (n < PHX_COUNTOF(ways[w]) &&
		       (ways[w][n] ? phx_str_eqc(c->argv[n], ways[w][n]) : phx_parse_u64(c->argv[n], &id)))
			n++;
		if (n == PHX_COUNTOF(ways[w]))
			return true;
	}
	return false;
}

uint64_t phx_inside_command(struct phx_inside *i, const struct phx_command *c)
{
	if (!leads_inside(c))
		PHX_BUG("a command through a handle that only leads into guests: " PHX_STR_FMT,
			PHX_STR_ARG(c->argc ? c->argv[0] : PHX_STR("none")));
	return i->backend->ops->command(i->backend->impl, c);
}

void phx_inside_command_stop(struct phx_inside *i, uint64_t handle)
{
	i->backend->ops->command_stop(i->backend->impl, handle);
}
