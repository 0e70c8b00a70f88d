/* cluster → snapshot, in rounds of requests that run side by side: what there is, what each guest of interest is, and then the few
 * things that only some of them need. */
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "observe/observe_priv.h"

/* --- requests --- */

struct job {
	struct observation *o;
	struct phx_request request;
	phx_observe_parse *parse;
	void *what;
	bool *missed;
};

static bool misses(const struct phx_err *e)
{
	return e->kind == PHX_ERR_MISSING;
}

static void done(void *user, struct phx_answer *answer)
{
	struct job *j = user;
	struct observation *o = j->o;

	o->s->requests++;
	if (answer->err.kind != PHX_ERR_NONE) {
		if (j->missed && misses(&answer->err)) {
			*j->missed = true;
		} else if (!o->failed) {
			o->failed = true;
			phx_err_copy(o->err, &answer->err);
			phx_err_wrap(o->err, "GET " PHX_STR_FMT, PHX_STR_ARG(j->request.path));
		}
	} else if (!o->failed && !j->parse(o, j->what, answer->data)) {
		o->failed = true;
	}
	phx_answer_done(answer);
}

void phx_observe_get(struct observation *o, struct phx_str path, const struct phx_params *query,
		     phx_observe_parse *parse, void *what, bool *missed)
{
	struct job *j = PHX_NEW(o->arena, struct job);

	*j = (struct job){.o = o, .parse = parse, .what = what, .missed = missed};
	j->request = (struct phx_request){
		.method = PHX_GET, .path = path, .params = query, .arena = o->arena, .done = done, .user = j};
	phx_reader_get(o->reader, &j->request);
}

bool phx_observe_wait(struct observation *o)
{
	while (phx_backend_run(phx_reader_backend(o->reader), 1000, -1) > 0)
		;
	return !o->failed;
}

bool phx_observe_bad(struct observation *o, const char *path, const char *what)
{
	if (!o->failed)
		phx_err_set(o->err, PHX_ERR_DATA, "the answer to GET %s makes no sense: %s", path, what);
	o->failed = true;
	return false;
}

/* --- the rounds --- */

static bool ours_to_ask(const struct observation *o, const struct phx_guest *g)
{
	return !o->cluster || !g->cluster || g->cluster == o->cluster;
}

/* Which of several clusters this is: as told, or the one that was connected to. */
static const struct phx_cluster *cluster_of(const struct observation *o)
{
	const char *endpoint = phx_backend_endpoint(phx_reader_backend(o->reader));

	if (o->options && o->options->cluster)
		return o->options->cluster;
	for (uint32_t i = 0; endpoint && i < o->graph->clusters.n; i++)
		if (phx_str_eqc(o->graph->clusters.v[i]->endpoint, endpoint))
			return o->graph->clusters.v[i];
	return NULL;
}

const struct phx_guest *phx_observe_named(const struct observation *o, uint64_t id)
{
	char digits[PHX_U64_DIGITS];
	const struct phx_guest *g = phx_map_get(&o->graph->by_guest_id, phx_u64_digits(id, digits));

	return g && ours_to_ask(o, g) ? g : NULL;
}

static bool uses_pools(const struct phx_graph *g)
{
	if (g->pools.n)
		return true;
	for (uint32_t i = 0; i < g->guests.n; i++)
		if (g->guests.v[i]->pool.len)
			return true;
	return false;
}

static bool round_cluster(struct observation *o)
{
	phx_observe_get(o, PHX_STR("/version"), NULL, phx_parse_version, NULL, NULL);
	phx_observe_get(o, PHX_STR("/cluster/status"), NULL, phx_parse_status, NULL, NULL);
	phx_observe_get(o, PHX_STR("/cluster/resources"), NULL, phx_parse_resources, NULL, NULL);
	if (uses_pools(o->graph))
		phx_observe_get(o, PHX_STR("/pools"), NULL, phx_parse_pools, NULL, NULL);
	return phx_observe_wait(o);
}

static struct phx_str guest_path(struct observation *o, const struct phx_live_guest *live, const char *rest)
{
	return phx_str_printf(o->arena, "/nodes/" PHX_STR_FMT "/%s/%llu/%s", PHX_STR_ARG(live->node),
			      live->is_vm ? "qemu" : "lxc", (unsigned long long)live->id, rest);
}

/* Whose firewall has to be known: where one is declared, and of sources of clones that are still to be made and inherit it. */
static bool *firewalls_wanted(const struct observation *o)
{
	bool *wanted = PHX_NEW_N(o->arena, bool, o->graph->resources.n + 1);

	for (uint32_t i = 0; i < o->graph->guests.n; i++) {
		const struct phx_guest *g = o->graph->guests.v[i];

		if (!g->firewall.declared)
			continue;
		wanted[g->r.index] = true;
		if (g->source && !o->live[g->r.index])
			wanted[g->source->r.index] = true;
	}
	return wanted;
}

static void ask_guest(struct observation *o, struct observed *x, const bool *firewalls)
{
	struct phx_live_guest *live = x->live;
	const struct phx_guest *g = x->guest;
	/* `/pending` has the configuration too, with what waits for a restart: one read serves both. */
	bool pending = g && !live->is_template && !phx_str_eqc(live->status, "stopped");

	phx_observe_get(o, guest_path(o, live, pending ? "pending" : "config"), NULL,
			pending ? phx_parse_pending : phx_parse_config, x, &x->gone);
	if (!g || g->is_vm != live->is_vm)
		return;
	if (g->snapshots.n)
		phx_observe_get(o, guest_path(o, live, "snapshot"), NULL, phx_parse_snapshots, x, &x->gone);
	if (firewalls[g->r.index]) {
		phx_observe_get(o, guest_path(o, live, "firewall/options"), NULL, phx_parse_fw_options, x,
				&x->gone);
		phx_observe_get(o, guest_path(o, live, "firewall/rules"), NULL, phx_parse_fw_rules, x,
				&x->gone);
	}
}

static bool node_is_online(const struct observation *o, struct phx_str name)
{
	for (uint32_t i = 0; i < o->s->nodes.n; i++)
		if (phx_str_eq(o->s->nodes.v[i].name, name))
			return o->s->nodes.v[i].online;
	return true;
}

/* A storage whose files have to be known, and of which kind; `all` when several kinds are. */
struct shelf {
	struct phx_live_storage *storage;
	struct phx_str content;
	bool all;
};
struct shelves {
	struct shelf *v;
	uint32_t n, cap;
};

static void want_shelf(struct observation *o, struct shelves *list, struct phx_str id, struct phx_str node,
		       struct phx_str content)
{
	struct phx_live_storage *s = NULL;

	for (uint32_t i = 0; i < o->s->storages.n && !s; i++) {
		struct phx_live_storage *x = &o->s->storages.v[i];

		if (phx_str_eq(x->id, id) && x->active &&
		    (x->shared || !node.len || phx_str_eq(x->node, node)))
			s = x;
	}
	if (!s || !node_is_online(o, s->node))
		return;
	for (uint32_t i = 0; i < list->n; i++)
		if (list->v[i].storage == s) {
			list->v[i].all = list->v[i].all || !phx_str_eq(list->v[i].content, content);
			return;
		}
	phx_vec_push(o->arena, list, ((struct shelf){.storage = s, .content = content}));
}

static struct phx_str storage_of(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	return colon > 0 ? phx_str_slice(volume, 0, (size_t)colon) : PHX_STR("");
}

static struct phx_str node_of(const struct observation *o, const struct phx_guest *g)
{
	if (o->live[g->r.index])
		return o->live[g->r.index]->node;
	return g->node.len ? g->node : o->s->nodes.n == 1 ? o->s->nodes.v[0].name : PHX_STR("");
}

static void ask_storages(struct observation *o)
{
	struct shelves list = {0};

	for (uint32_t i = 0; i < o->graph->guests.n; i++) {
		const struct phx_guest *g = o->graph->guests.v[i];

		if (!ours_to_ask(o, g))
			continue;
		for (uint32_t k = 0; k < g->r.needs.n; k++) {
			const struct phx_resource *to = g->r.needs.v[k].to;
			const struct phx_image *image = (const struct phx_image *)(const void *)to;

			if (to->kind == PHX_KIND_IMAGE)
				want_shelf(o, &list,
					   image->volume.len ? storage_of(image->volume) : image->storage,
					   image->node.len ? image->node : node_of(o, g), image->content);
		}
		if (!g->source && g->ostemplate.len)
			want_shelf(o, &list, storage_of(g->ostemplate), node_of(o, g), PHX_STR("vztmpl"));
	}
	for (uint32_t i = 0; i < o->graph->images.n; i++) {
		const struct phx_image *image = o->graph->images.v[i];

		want_shelf(o, &list, image->volume.len ? storage_of(image->volume) : image->storage,
			   image->node, image->content);
	}
	for (uint32_t i = 0; i < list.n; i++) {
		const struct shelf *x = &list.v[i];
		struct phx_params *query = NULL;

		if (!x->all && x->content.len) {
			query = PHX_NEW(o->arena, struct phx_params);
			phx_params_add(o->arena, query, PHX_STR("content"), x->content);
		}
		phx_observe_get(o,
				phx_str_printf(o->arena,
					       "/nodes/" PHX_STR_FMT "/storage/" PHX_STR_FMT "/content",
					       PHX_STR_ARG(x->storage->node), PHX_STR_ARG(x->storage->id)),
				query, phx_parse_content, x->storage, NULL);
	}
}

static bool any_absent(const struct observation *o)
{
	uint32_t there = 0, wanted = 0;

	for (uint32_t i = 0; i < o->guests.n; i++)
		there += o->guests.v[i].guest != NULL;
	for (uint32_t i = 0; i < o->graph->guests.n; i++)
		wanted += ours_to_ask(o, o->graph->guests.v[i]);
	return there < wanted;
}

/* cluster/resources is up to ten seconds behind about power. Would the plan rest on it? A change of a guest that runs may need a
 * restart, a stopped one may have to be started, and what goes has to be stopped first. */
static bool doubtful(const struct observation *o, const struct observed *x)
{
	const struct phx_guest *g = x->guest;

	if (!g || (o->options && o->options->exact_power))
		return true;
	if (g->is_template && phx_str_eqc(x->live->status, "stopped"))
		return false;
	return !phx_str_eqc(x->live->status, "running") || (g->running_declared && !g->running);
}

/* The lists of a node's guests are not: one read tells of all of a kind. */
static bool round_power(struct observation *o)
{
	PHX_VEC(struct phx_str) asked = {0};

	for (uint32_t i = 0; i < o->guests.n; i++) {
		const struct phx_live_guest *live = o->guests.v[i].live;
		struct phx_str path;
		bool known = false;

		if (!doubtful(o, &o->guests.v[i]) || !node_is_online(o, live->node))
			continue;
		path = phx_str_printf(o->arena, "/nodes/" PHX_STR_FMT "/%s", PHX_STR_ARG(live->node),
				      live->is_vm ? "qemu" : "lxc");
		for (uint32_t k = 0; k < asked.n && !known; k++)
			known = phx_str_eq(asked.v[k], path);
		if (known)
			continue;
		phx_vec_push(o->arena, &asked, path);
		phx_observe_get(o, path, NULL, phx_parse_power_list, &o->guests.v[i], NULL);
	}
	return phx_observe_wait(o);
}

static bool round_guests(struct observation *o)
{
	const bool *firewalls = firewalls_wanted(o);

	for (uint32_t i = 0; i < o->guests.n; i++)
		if (node_is_online(o, o->guests.v[i].live->node))
			ask_guest(o, &o->guests.v[i], firewalls);
	ask_storages(o);
	if (any_absent(o))
		phx_observe_get(o, PHX_STR("/access/permissions"), NULL, phx_parse_permissions, NULL, NULL);
	return phx_observe_wait(o);
}

/* A guest whose creation goes on may be reported as running, and was killed with its server a moment ago. */
static bool power_matters(const struct observed *x)
{
	const struct phx_live_guest *live = x->live;

	if (x->power_known || live->is_template)
		return false;
	return (live->has_marker && live->marker.building) ||
	       (!phx_str_eqc(live->status, "running") && !phx_str_eqc(live->status, "stopped"));
}

/* Raw lines of a running container (`/pending` has no lists), where some are declared, or phx has written some. */
static bool wants_raw_lines(const struct observed *x)
{
	const struct phx_live_guest *live = x->live;

	return x->guest && !live->is_vm && !x->guest->is_vm && !live->is_template &&
	       !phx_str_eqc(live->status, "stopped") &&
	       (x->guest->lxc.n || (live->has_marker && phx_marker_fact(&live->marker, "lxc").len));
}

static bool round_details(struct observation *o)
{
	PHX_VEC(struct phx_str) nodes = {0};

	for (uint32_t i = 0; i < o->guests.n; i++) {
		struct observed *x = &o->guests.v[i];
		struct phx_live_guest *live = x->live;
		bool known = false;

		if (x->gone || !node_is_online(o, live->node))
			continue;
		if (power_matters(x))
			phx_observe_get(o, guest_path(o, live, "status/current"), NULL, phx_parse_power, x,
					&x->gone);
		if (wants_raw_lines(x))
			phx_observe_get(o, guest_path(o, live, "config"), NULL, phx_parse_raw_lines, x,
					&x->gone);
		for (uint32_t k = 0; k < nodes.n; k++)
			known = known || phx_str_eq(nodes.v[k], live->node);
		if (live->lock.len && !known)
			phx_vec_push(o->arena, &nodes, live->node);
	}
	for (uint32_t i = 0; i < nodes.n; i++) {
		struct phx_params *query = PHX_NEW(o->arena, struct phx_params);

		phx_params_add(o->arena, query, PHX_STR("source"), PHX_STR("active"));
		phx_params_add(o->arena, query, PHX_STR("limit"), PHX_STR("500"));
		phx_observe_get(
			o, phx_str_printf(o->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(nodes.v[i])),
			query, phx_parse_tasks, NULL, NULL);
	}
	return phx_observe_wait(o);
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = ((const struct observed *)a)->live->id, y = ((const struct observed *)b)->live->id;

	return x < y ? -1 : x > y;
}

static void keep_guests(struct observation *o)
{
	for (uint32_t i = 0; i < o->guests.n; i++) {
		struct phx_live_guest *live = o->guests.v[i].live;

		if (o->guests.v[i].gone)
			continue;
		/* Locked, and no task at work: whoever held the lock is dead. */
		live->dead_lock = live->lock.len && !live->busy;
		phx_vec_push(o->arena, &o->s->guests, live);
		phx_map_put(o->arena, &o->s->by_id, phx_str_u64(o->arena, live->id), NULL)->ptr = live;
	}
}

static void join_pool(struct observation *o, const struct phx_live_guest *live)
{
	for (uint32_t i = 0; live->pool.len && i < o->s->pools.n; i++)
		if (phx_str_eq(o->s->pools.v[i].id, live->pool))
			phx_vec_push(o->arena, &o->s->pools.v[i].guests, live->id);
}

static void fill_pools(struct observation *o)
{
	for (uint32_t i = 0; i < o->guests.n; i++)
		join_pool(o, o->guests.v[i].live);
	for (uint32_t i = 0; i < o->s->others.n; i++)
		join_pool(o, &o->s->others.v[i]);
}

static struct phx_snapshot *observe_once(struct phx_reader *r, const struct phx_graph *g,
					 const struct phx_observe_options *opt, struct phx_arena *arena,
					 struct phx_err *err)
{
	struct observation o = {.reader = r, .graph = g, .options = opt, .arena = arena, .err = err};
	bool ok;

	o.s = PHX_NEW(arena, struct phx_snapshot);
	o.s->arena = arena;
	o.own_tag = phx_marker_tag(arena, g->stack);
	o.live = PHX_NEW_N(arena, const struct phx_live_guest *, g->resources.n + 1);
	for (uint32_t i = 0; i < g->guests.n; i++)
		if (!g->guests.v[i]->id)
			phx_map_put(arena, &o.names, g->guests.v[i]->host_name, NULL)->ptr = g->guests.v[i];
	o.cluster = cluster_of(&o);
	ok = round_cluster(&o);
	if (ok && o.guests.n)
		qsort(o.guests.v, o.guests.n, sizeof(*o.guests.v), by_id);
	ok = ok && round_power(&o) && round_guests(&o) && round_details(&o);
	if (ok) {
		keep_guests(&o);
		fill_pools(&o);
	}
	phx_buf_done(&o.text);
	return ok ? o.s : NULL;
}

/* --- running tasks --- */

static const struct phx_live_guest *first_busy(const struct phx_snapshot *s)
{
	for (uint32_t i = 0; i < s->guests.n; i++)
		if (s->guests.v[i]->busy && s->guests.v[i]->busy_upid.len)
			return s->guests.v[i];
	return NULL;
}

/* 20 ms at first, then 2 % of what was waited already, so that waiting adds little; at most a second. */
static uint64_t pause_ms(uint64_t waited)
{
	uint64_t ms = 20 + waited / 50;

	return ms < 1000 ? ms : 1000;
}

static bool has_ended(struct phx_reader *r, struct phx_str path)
{
	struct phx_err err = {0};
	json_t *data = NULL;
	bool ended = !phx_reader_get_now(r, path, NULL, &data, &err) ||
		     !phx_str_eqc(phx_json_str(data, "status"), "running");

	json_decref(data);
	phx_err_done(&err);
	return ended;
}

/* Waits for one task; true when it has ended. */
static bool wait_task(struct phx_reader *r, const struct phx_live_guest *g, uint64_t until)
{
	uint64_t began = phx_now_ms();
	struct phx_buf path = {0};
	bool ended = false;

	phx_buf_printf(&path, "/nodes/" PHX_STR_FMT "/tasks/", PHX_STR_ARG(g->node));
	phx_buf_percent(&path, g->busy_upid);
	phx_buf_c(&path, "/status");
	while (!ended && phx_now_ms() < until) {
		ended = has_ended(r, phx_buf_view(&path));
		if (!ended)
			phx_sleep_ms(pause_ms(phx_now_ms() - began));
	}
	phx_buf_done(&path);
	return ended;
}

struct phx_snapshot *phx_observe(struct phx_reader *r, const struct phx_graph *g,
				 const struct phx_observe_options *o, struct phx_arena *arena,
				 struct phx_err *err)
{
	uint64_t until = phx_now_ms() + (o ? o->busy_timeout_ms : 0);
	uint32_t requests = 0;

	for (;;) {
		struct phx_snapshot *s = observe_once(r, g, o, arena, err);
		const struct phx_live_guest *busy;

		if (!s)
			return NULL;
		requests += s->requests;
		busy = o && o->wait_busy ? first_busy(s) : NULL;
		s->requests = requests;
		if (!busy || phx_now_ms() >= until)
			return s;
		if (o->waiting)
			o->waiting(o->user,
				   phx_str_printf(arena, "waiting for task " PHX_STR_FMT " on guest %llu",
						  PHX_STR_ARG(busy->busy_upid),
						  (unsigned long long)busy->id));
		if (!wait_task(r, busy, until))
			return s;
	}
}
