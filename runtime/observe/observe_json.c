/* The cluster's side of an observation: version, quorum, what there is, pools, permissions, files, tasks. */
#include <string.h>

#include "base/json.h"
#include "observe/observe_priv.h"

bool phx_observe_text(struct observation *o, const json_t *value, struct phx_str *out)
{
	if (json_is_string(value)) {
		*out = phx_str_dup(o->arena,
				   (struct phx_str){json_string_value(value), json_string_length(value)});
		return true;
	}
	phx_buf_clear(&o->text);
	if (!value || !phx_json_text(value, &o->text))
		return false;
	*out = phx_str_dup(o->arena, phx_buf_view(&o->text));
	return true;
}

static struct phx_str str(struct observation *o, const json_t *obj, const char *key)
{
	struct phx_str s;

	return phx_observe_text(o, phx_json_get(obj, key), &s) ? s : PHX_STR("");
}

static uint64_t number(const json_t *obj, const char *key)
{
	double n = phx_json_num(obj, key, 0);

	return n > 0 && n < 1e19 ? (uint64_t)n : 0;
}

bool phx_parse_version(struct observation *o, void *what, const json_t *data)
{
	(void)what;
	o->s->version = str(o, data, "version");
	return o->s->version.len > 0 || phx_observe_bad(o, "/version", "it names no version");
}

/* A single node is no cluster: it has no entry of that type, and is always quorate (007). */
bool phx_parse_status(struct observation *o, void *what, const json_t *data)
{
	size_t i;
	json_t *x;

	(void)what;
	if (!json_is_array(data))
		return phx_observe_bad(o, "/cluster/status", "it is no list");
	o->s->quorate = true;
	json_array_foreach(data, i, x)
	{
		bool cluster = phx_str_eqc(phx_json_str(x, "type"), "cluster");

		if (cluster)
			o->s->quorate = phx_json_bool(x, "quorate", false);
		if (cluster || !o->s->cluster_name.len)
			o->s->cluster_name = str(o, x, "name");
	}
	return true;
}

static void take_node(struct observation *o, const json_t *x)
{
	struct phx_live_node n = {.name = str(o, x, "node"),
				  .online = phx_str_eqc(phx_json_str(x, "status"), "online"),
				  .maxmem = number(x, "maxmem"),
				  .mem = number(x, "mem"),
				  .maxcpu = number(x, "maxcpu")};
	uint32_t at = o->s->nodes.n;

	phx_vec_push(o->arena, &o->s->nodes, n);
	for (; at && phx_str_cmp(o->s->nodes.v[at - 1].name, n.name) > 0; at--)
		o->s->nodes.v[at] = o->s->nodes.v[at - 1];
	o->s->nodes.v[at] = n;
}

static int storage_order(const struct phx_live_storage *a, const struct phx_live_storage *b)
{
	int c = phx_str_cmp(a->node, b->node);

	return c ? c : phx_str_cmp(a->id, b->id);
}

static void take_storage(struct observation *o, const json_t *x)
{
	struct phx_live_storage s = {.id = str(o, x, "storage"),
				     .node = str(o, x, "node"),
				     .type = str(o, x, "plugintype"),
				     .content = str(o, x, "content"),
				     .total = number(x, "maxdisk"),
				     .active = phx_str_eqc(phx_json_str(x, "status"), "available"),
				     .shared = phx_json_bool(x, "shared", false)};
	uint64_t used = number(x, "disk");
	uint32_t at = o->s->storages.n;

	s.avail = s.total > used ? s.total - used : 0;
	phx_vec_push(o->arena, &o->s->storages, s);
	for (; at && storage_order(&o->s->storages.v[at - 1], &s) > 0; at--)
		o->s->storages.v[at] = o->s->storages.v[at - 1];
	o->s->storages.v[at] = s;
}

/* A guest without id may be known only by its name, when its tag was taken off by hand. */
static bool may_be_named(const struct observation *o, struct phx_str name, bool is_vm)
{
	const struct phx_guest *g = o->names.n ? phx_map_get(&o->names, name) : NULL;

	return g && g->is_vm == is_vm;
}

static void take_guest(struct observation *o, const json_t *x, bool is_vm)
{
	struct phx_live_guest live = {.id = number(x, "vmid"),
				      .is_vm = is_vm,
				      .node = str(o, x, "node"),
				      .name = str(o, x, "name"),
				      .status = str(o, x, "status"),
				      .pool = str(o, x, "pool"),
				      .ha_state = str(o, x, "hastate"),
				      .maxmem = number(x, "maxmem"),
				      .maxcpu = number(x, "maxcpu"),
				      .is_template = phx_json_bool(x, "template", false)};
	const struct phx_guest *guest = phx_observe_named(o, live.id);
	struct phx_live_guest *kept;

	live.running = phx_str_eqc(live.status, "running");
	if (!guest && !phx_tags_hold(phx_json_str(x, "tags"), o->own_tag) &&
	    !may_be_named(o, live.name, is_vm)) {
		phx_vec_push(o->arena, &o->s->others, live);
		return;
	}
	kept = PHX_NEW(o->arena, struct phx_live_guest);
	*kept = live;
	if (guest)
		o->live[guest->r.index] = kept;
	phx_vec_push(o->arena, &o->guests, ((struct observed){.live = kept, .guest = guest}));
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = ((const struct phx_live_guest *)a)->id, y = ((const struct phx_live_guest *)b)->id;

	return x < y ? -1 : x > y;
}

bool phx_parse_resources(struct observation *o, void *what, const json_t *data)
{
	size_t i;
	json_t *x;

	(void)what;
	if (!json_is_array(data))
		return phx_observe_bad(o, "/cluster/resources", "it is no list");
	json_array_foreach(data, i, x)
	{
		struct phx_str type = phx_json_str(x, "type");

		if (phx_str_eqc(type, "node"))
			take_node(o, x);
		else if (phx_str_eqc(type, "storage"))
			take_storage(o, x);
		else if (phx_str_eqc(type, "qemu") || phx_str_eqc(type, "lxc"))
			take_guest(o, x, phx_str_eqc(type, "qemu"));
	}
	if (o->s->others.n)
		qsort(o->s->others.v, o->s->others.n, sizeof(*o->s->others.v), by_id);
	return true;
}

bool phx_parse_pools(struct observation *o, void *what, const json_t *data)
{
	size_t i;
	json_t *x;

	(void)what;
	if (!json_is_array(data))
		return phx_observe_bad(o, "/pools", "it is no list");
	json_array_foreach(data, i, x)
	{
		struct phx_live_pool p = {.id = str(o, x, "poolid"), .comment = str(o, x, "comment")};
		uint32_t at = o->s->pools.n;

		p.is_lock = phx_str_starts(p.id, "phx-lock-");
		phx_vec_push(o->arena, &o->s->pools, p);
		for (; at && phx_str_cmp(o->s->pools.v[at - 1].id, p.id) > 0; at--)
			o->s->pools.v[at] = o->s->pools.v[at - 1];
		o->s->pools.v[at] = p;
	}
	return true;
}

static bool audits(const json_t *data, const char *path)
{
	return phx_json_get(phx_json_get(data, path), "VM.Audit") != NULL;
}

/* May the credentials see every guest of the graph, if it existed? All, or each that is not there by its own path. */
bool phx_parse_permissions(struct observation *o, void *what, const json_t *data)
{
	char path[40];

	(void)what;
	if (audits(data, "/vms") || (audits(data, "/") && !phx_json_get(data, "/vms"))) {
		o->s->sees_all_guests = true;
		return true;
	}
	o->s->sees_all_guests = o->graph->guests.n > 0;
	for (uint32_t i = 0; i < o->graph->guests.n; i++) {
		const struct phx_guest *g = o->graph->guests.v[i];

		snprintf(path, sizeof(path), "/vms/%llu", (unsigned long long)g->id);
		if (!o->live[g->r.index] && !(g->id && audits(data, path)))
			o->s->sees_all_guests = false;
	}
	return true;
}

bool phx_parse_content(struct observation *o, void *what, const json_t *data)
{
	struct phx_live_storage *s = what;
	size_t i;
	json_t *x;

	if (!json_is_array(data))
		return phx_observe_bad(o, "/nodes/…/storage/…/content", "it is no list");
	s->has_volumes = true;
	json_array_foreach(data, i, x)
	{
		struct phx_str content = phx_json_str(x, "content");

		/* Guests' disks and backups are nothing that a plan looks for, and there may be thousands. */
		if (phx_str_eqc(content, "images") || phx_str_eqc(content, "rootdir") ||
		    phx_str_eqc(content, "backup"))
			continue;
		phx_vec_push(o->arena, &s->volumes,
			     ((struct phx_live_volume){.volid = str(o, x, "volid"),
						       .content = str(o, x, "content"),
						       .size = number(x, "size")}));
	}
	return true;
}

/* --- who holds a lock --- */

static bool is_clone(struct phx_str type)
{
	return phx_str_eqc(type, "qmclone") || phx_str_eqc(type, "vzclone");
}

/* A clone's task bears the id of its source, a backup of several guests none at all. */
static bool may_hold(const struct observed *x, struct phx_str type, uint64_t id)
{
	struct phx_str lock = x->live->lock;

	if (id == x->live->id)
		return true;
	if (is_clone(type) && (phx_str_eqc(lock, "clone") || phx_str_eqc(lock, "create")))
		return !x->guest || !x->guest->source || !x->guest->source->id || x->guest->source->id == id;
	return phx_str_eqc(type, "vzdump") && !id && phx_str_eqc(lock, "backup");
}

bool phx_parse_tasks(struct observation *o, void *what, const json_t *data)
{
	size_t i;
	json_t *x;

	(void)what;
	if (!json_is_array(data))
		return phx_observe_bad(o, "/nodes/…/tasks", "it is no list");
	json_array_foreach(data, i, x)
	{
		struct phx_str id = phx_json_str(x, "id");
		uint64_t n = 0;

		if (phx_json_get(x, "endtime"))
			continue;
		if (id.len && !phx_parse_u64(id, &n))
			continue;
		for (uint32_t k = 0; k < o->guests.n; k++) {
			struct observed *g = &o->guests.v[k];

			if (!g->live->lock.len || g->live->busy || !may_hold(g, phx_json_str(x, "type"), n))
				continue;
			g->live->busy = true;
			g->live->busy_upid = str(o, x, "upid");
		}
	}
	return true;
}
