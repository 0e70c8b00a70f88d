/* What a configuration names must be there: storages, bridges, and a way into containers. */
#include "cli/doctor.h"

enum { FULL_PERCENT = 90 };

#define say(d, state, name, ...)                                                                             \
	phx_doctor_say((d), (state), (name), phx_str_printf((d)->cli->arena, __VA_ARGS__))
#define todo(d, line, ...) phx_doctor_do((d), (line), phx_str_printf((d)->cli->arena, __VA_ARGS__))

/* --- storages --- */

struct want {
	struct phx_str node, storage, content, by;
};
struct wants {
	struct want *v;
	uint32_t n, cap;
};

static void want(struct phx_doctor *d, struct wants *list, struct phx_str node, struct phx_str storage,
		 const char *content, struct phx_str by)
{
	if (!storage.len || !node.len)
		return;
	for (uint32_t i = 0; i < list->n; i++)
		if (phx_str_eq(list->v[i].node, node) && phx_str_eq(list->v[i].storage, storage) &&
		    phx_str_eqc(list->v[i].content, content))
			return;
	phx_vec_push(d->cli->arena, list, ((struct want){node, storage, phx_str_c(content), by}));
}

static struct phx_str storage_of(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	return colon > 0 && volume.ptr[0] != '/' ? phx_str_slice(volume, 0, (size_t)colon) : PHX_STR("");
}

static struct phx_str node_of(const struct phx_doctor *d, struct phx_str said)
{
	return said.len ? said : d->nodes.n ? d->nodes.v[0] : PHX_STR("");
}

static void guest_wants(struct phx_doctor *d, struct wants *list, const struct phx_guest *g)
{
	struct phx_str node = node_of(d, g->node);

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		struct phx_str storage = v->storage.len ? v->storage : g->storage;

		if (v->source == PHX_VOL_HOST_PATH || v->origin == PHX_FROM_SOURCE)
			continue;
		if (v->source == PHX_VOL_CDROM)
			want(d, list, node, storage_of(v->volume), "iso", g->r.address);
		else
			want(d, list, node, storage, g->is_vm ? "images" : "rootdir", g->r.address);
	}
	if (!g->source)
		want(d, list, node, storage_of(g->ostemplate), "vztmpl", g->r.address);
}

static const struct phx_live_storage *find(const struct phx_doctor *d, const struct want *w)
{
	for (uint32_t i = 0; i < d->s->storages.n; i++) {
		const struct phx_live_storage *s = &d->s->storages.v[i];

		if (phx_str_eq(s->id, w->storage) && (s->shared || phx_str_eq(s->node, w->node)))
			return s;
	}
	return NULL;
}

static bool lists(struct phx_str list, struct phx_str what)
{
	struct phx_str rest = list, piece;

	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_eq(phx_str_trim(piece), what))
			return true;
	return false;
}

static void storage(struct phx_doctor *d, const struct want *w)
{
	const struct phx_live_storage *s = find(d, w);
	uint64_t percent = s && s->total ? (s->total - s->avail) * 100 / s->total : 0;
	struct phx_check_line *line;

	if (!s) {
		line = say(d, PHX_DOCTOR_ERROR, "storage",
			   "node " PHX_STR_FMT " has no storage `" PHX_STR_FMT "`, or it may not be seen",
			   PHX_STR_ARG(w->node), PHX_STR_ARG(w->storage));
		todo(d, line,
		     "needed by " PHX_STR_FMT ": make it, or name another one; what there is: pvesm status",
		     PHX_STR_ARG(w->by));
	} else if (!s->active) {
		line = say(d, PHX_DOCTOR_ERROR, "storage", PHX_STR_FMT " on " PHX_STR_FMT " is not active",
			   PHX_STR_ARG(w->storage), PHX_STR_ARG(w->node));
		todo(d, line, "on the node: pvesm status --storage " PHX_STR_FMT, PHX_STR_ARG(w->storage));
	} else if (s->content.len && !lists(s->content, w->content)) {
		line = say(d, PHX_DOCTOR_ERROR, "storage",
			   PHX_STR_FMT " on " PHX_STR_FMT " does not take `" PHX_STR_FMT "` (for " PHX_STR_FMT
				       ")",
			   PHX_STR_ARG(w->storage), PHX_STR_ARG(w->node), PHX_STR_ARG(w->content),
			   PHX_STR_ARG(w->by));
		todo(d, line, "pvesm set " PHX_STR_FMT " --content " PHX_STR_FMT "," PHX_STR_FMT,
		     PHX_STR_ARG(w->storage), PHX_STR_ARG(s->content), PHX_STR_ARG(w->content));
	} else {
		line = say(d, percent >= FULL_PERCENT ? PHX_DOCTOR_WARNING : PHX_DOCTOR_OK, "storage",
			   PHX_STR_FMT " on " PHX_STR_FMT " takes `" PHX_STR_FMT "`, %.1f GiB are free",
			   PHX_STR_ARG(w->storage), PHX_STR_ARG(w->node), PHX_STR_ARG(w->content),
			   (double)s->avail / (double)((uint64_t)1 << 30));
		if (percent >= FULL_PERCENT)
			todo(d, line, "it is %llu %% full", (unsigned long long)percent);
	}
}

void phx_doctor_storages(struct phx_doctor *d)
{
	const struct phx_graph *g = d->cli->graph;
	struct wants list = {0};

	for (uint32_t i = 0; i < g->guests.n; i++)
		guest_wants(d, &list, g->guests.v[i]);
	for (uint32_t i = 0; i < g->images.n; i++) {
		const struct phx_image *x = g->images.v[i];

		if (!x->volume.len)
			want(d, &list, node_of(d, x->node), x->storage,
			     phx_str_dup(d->cli->arena, x->content).ptr, x->r.address);
	}
	for (uint32_t i = 0; i < list.n; i++)
		storage(d, &list.v[i]);
}

/* --- bridges --- */

static bool has_bridge(const struct phx_fact_node *n, struct phx_str bridge)
{
	for (uint32_t i = 0; i < n->bridges.n; i++)
		if (phx_str_eq(n->bridges.v[i], bridge))
			return true;
	return false;
}

static void bridge(struct phx_doctor *d, const struct want *w)
{
	const struct phx_fact_node *n = phx_facts_node(d->facts, w->node);
	struct phx_buf list = {0};
	struct phx_check_line *line;

	if (!n || !n->has_bridges) {
		say(d, PHX_DOCTOR_WARNING, "bridge",
		    PHX_STR_FMT " on " PHX_STR_FMT ": the node lists no bridges", PHX_STR_ARG(w->storage),
		    PHX_STR_ARG(w->node));
	} else if (has_bridge(n, w->storage)) {
		say(d, PHX_DOCTOR_OK, "bridge", PHX_STR_FMT " on " PHX_STR_FMT, PHX_STR_ARG(w->storage),
		    PHX_STR_ARG(w->node));
	} else {
		line = say(d, PHX_DOCTOR_ERROR, "bridge",
			   "node " PHX_STR_FMT " has no bridge `" PHX_STR_FMT "`", PHX_STR_ARG(w->node),
			   PHX_STR_ARG(w->storage));
		for (uint32_t i = 0; i < n->bridges.n; i++)
			phx_buf_printf(&list, "%s" PHX_STR_FMT, i ? ", " : "", PHX_STR_ARG(n->bridges.v[i]));
		todo(d, line, "needed by " PHX_STR_FMT "; there are: " PHX_STR_FMT, PHX_STR_ARG(w->by),
		     PHX_STR_ARG(phx_buf_view(&list)));
	}
	phx_buf_done(&list);
}

void phx_doctor_bridges(struct phx_doctor *d)
{
	const struct phx_graph *g = d->cli->graph;
	struct wants list = {0};

	for (uint32_t i = 0; i < g->guests.n; i++)
		for (uint32_t k = 0; k < g->guests.v[i]->nics.n; k++)
			want(d, &list, node_of(d, g->guests.v[i]->node), g->guests.v[i]->nics.v[k].bridge, "",
			     g->guests.v[i]->r.address);
	for (uint32_t i = 0; i < list.n; i++)
		bridge(d, &list.v[i]);
}

/* --- the host channel --- */

/* Containers have no agent: what is done inside them is done from their node. */
static const struct phx_guest *needs_host(const struct phx_graph *g)
{
	for (uint32_t i = 0; i < g->guests.n; i++)
		if (!g->guests.v[i]->is_vm && g->guests.v[i]->steps.n)
			return g->guests.v[i];
	return NULL;
}

static void answers(struct phx_doctor *d, struct phx_str node)
{
	static const struct phx_str argv[] = {{"pct", 3}, {"list", 4}};
	struct phx_command c = {.node = node, .argv = argv, .argc = 2, .timeout_ms = 15000};
	struct phx_err err = {0};
	struct phx_check_line *line;
	int code = 0;

	if (phx_prober_run(phx_backend_prober(d->cli->backend), &c, NULL, NULL, &code, &err) && code == 0) {
		say(d, PHX_DOCTOR_OK, "host", "commands run on node " PHX_STR_FMT, PHX_STR_ARG(node));
	} else {
		line = say(d, PHX_DOCTOR_ERROR, "host",
			   "`pct list` does not run on node " PHX_STR_FMT ": " PHX_STR_FMT, PHX_STR_ARG(node),
			   PHX_STR_ARG(err.msg.len ? phx_buf_view(&err.msg)
						   : phx_str_printf(d->cli->arena, "exit status %d", code)));
		if (err.hint.len)
			todo(d, line, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.hint)));
	}
	phx_err_done(&err);
}

/* Of one that the cluster does not have, that was told already. */
static bool exists(const struct phx_doctor *d, struct phx_str node)
{
	for (uint32_t i = 0; i < d->s->nodes.n; i++)
		if (phx_str_eq(d->s->nodes.v[i].name, node))
			return true;
	return false;
}

void phx_doctor_host(struct phx_doctor *d)
{
	const struct phx_guest *g = needs_host(d->cli->graph);
	struct phx_check_line *line;

	if (!g)
		return;
	if (!phx_backend_has_host(d->cli->backend)) {
		line = say(d, PHX_DOCTOR_ERROR, "host",
			   PHX_STR_FMT " has steps inside, and there is no way to run commands on its node",
			   PHX_STR_ARG(g->r.address));
		todo(d, line,
		     "give the cluster block a host channel: ssh { host = \"…\"; user = \"root\" }, or run "
		     "phx on "
		     "the node");
		return;
	}
	for (uint32_t i = 0; i < d->nodes.n; i++)
		if (exists(d, d->nodes.v[i]))
			answers(d, d->nodes.v[i]);
}
