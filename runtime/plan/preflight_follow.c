/* Follows a plan's actions and keeps book: which guests there are and run, how large each disk is, where it lies. */
#include <string.h>

#include "model/normalise.h"
#include "plan/preflight_priv.h"

#define GIB ((uint64_t)1 << 30)

struct phx_str pre_param(const struct phx_action *a, const char *name)
{
	for (uint32_t i = 0; i < a->params.v.n; i++)
		if (phx_str_eqc(a->params.v.v[i].name, name))
			return a->params.v.v[i].value;
	return PHX_STR("");
}

const struct phx_guest *pre_wanted(const struct phx_change *c)
{
	if (!c || !c->resource || (c->kind != PHX_KIND_VM && c->kind != PHX_KIND_CONTAINER))
		return NULL;
	return (const struct phx_guest *)(const void *)c->resource;
}

const struct phx_live_storage *pre_storage(const struct phx_plan *p, struct phx_str node, struct phx_str id)
{
	for (uint32_t i = 0; p->snapshot && i < p->snapshot->storages.n; i++) {
		const struct phx_live_storage *s = &p->snapshot->storages.v[i];

		if (phx_str_eq(s->id, id) && (s->shared || phx_str_eq(s->node, node)))
			return s;
	}
	return NULL;
}

/* --- disks --- */

static struct phx_str head(struct phx_str value)
{
	struct phx_str rest = value, first;

	return phx_str_cut(&rest, ',', &first) ? first : PHX_STR("");
}

static uint64_t size_key(struct phx_str value)
{
	struct phx_str rest = value, piece;
	uint64_t bytes = 0;

	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_starts(piece, "size=") && !phx_disk_size_parse(phx_str_from(piece, 5), &bytes))
			bytes = 0;
	return bytes;
}

bool pre_is_disk_key(struct phx_str key)
{
	static const char *const heads[] = {"scsi", "virtio",   "sata",      "ide", "rootfs",
					    "mp",   "efidisk0", "tpmstate0", NULL};
	size_t digits = 0;

	if (phx_str_eqc(key, "scsihw"))
		return false;
	for (uint32_t i = 0; heads[i]; i++) {
		if (!phx_str_starts(key, heads[i]))
			continue;
		for (digits = strlen(heads[i]); digits < key.len; digits++)
			if (key.ptr[digits] < '0' || key.ptr[digits] > '9')
				break;
		if (digits == key.len)
			return true;
	}
	return false;
}

static struct phx_str ending(struct phx_str volume)
{
	ptrdiff_t dot = -1;

	for (size_t i = 0; i < volume.len; i++)
		if (volume.ptr[i] == '.')
			dot = (ptrdiff_t)i;
	return dot < 0 ? PHX_STR("") : phx_str_from(volume, (size_t)dot + 1);
}

static bool is_format(struct phx_str text)
{
	return phx_str_eqc(text, "raw") || phx_str_eqc(text, "qcow2") || phx_str_eqc(text, "vmdk") ||
	       phx_str_eqc(text, "subvol");
}

/* As its name or its properties say it; what is made without a word is raw, and what is imported as its image was. */
static struct phx_str format_of(struct phx_str value, bool made)
{
	struct phx_str rest = value, piece, source = PHX_STR("");

	while (phx_str_cut(&rest, ',', &piece)) {
		if (phx_str_starts(piece, "format="))
			return phx_str_from(piece, 7);
		if (phx_str_starts(piece, "import-from="))
			source = ending(phx_str_from(piece, 12));
	}
	if (made && !source.len)
		return PHX_STR("raw");
	source = made ? source : ending(head(value));
	return is_format(source) ? source : PHX_STR("");
}

static struct pre_disk *find_disk(struct pre_guest *g, struct phx_str slot)
{
	for (uint32_t i = 0; i < g->disks.n; i++)
		if (phx_str_eq(g->disks.v[i].slot, slot))
			return &g->disks.v[i];
	return NULL;
}

/* "local:32", "local:0,import-from=…", "local:100/vm-100-disk-0.qcow2,size=8G". */
static void take_disk(struct preflight *f, struct pre_guest *g, struct phx_str slot, struct phx_str value)
{
	struct phx_str volume = head(value), name;
	ptrdiff_t colon = phx_str_chr(volume, ':');
	struct pre_disk d = {.slot = slot}, *old = find_disk(g, slot);
	uint64_t n = 0;

	if (colon <= 0 || volume.ptr[0] == '/' || phx_str_find(value, PHX_STR("media=cdrom")) >= 0)
		return;
	d.storage = phx_str_slice(volume, 0, (size_t)colon);
	name = phx_str_from(volume, (size_t)colon + 1);
	if (phx_parse_u64(name, &n) && n < ((uint64_t)1 << 33))
		d.bytes = n * GIB, d.format = format_of(value, true);
	else
		d.bytes = size_key(value), d.format = format_of(value, false);
	if (old)
		*old = d;
	else
		phx_vec_push(f->scratch, &g->disks, d);
}

/* --- guests --- */

static uint64_t live_number(const struct phx_live_guest *g, const char *key, uint64_t otherwise)
{
	struct phx_str text = phx_live_value(g, phx_str_c(key));
	uint64_t n;

	if (phx_str_starts(text, "current="))
		text = phx_str_from(text, 8);
	return phx_parse_u64(text, &n) ? n : otherwise;
}

static void take_live(struct preflight *f, struct pre_guest *g, const struct phx_live_guest *live)
{
	g->live = live;
	g->node = live->node;
	g->is_vm = live->is_vm;
	g->ran = g->runs = live->running;
	g->memory = g->memory_before = live_number(live, "memory", 512) << 20;
	g->cores = g->cores_before = live_number(live, "cores", 1) * live_number(live, "sockets", 1);
	for (uint32_t i = 0; i < live->config.n; i++)
		if (pre_is_disk_key(live->config.v[i].key))
			take_disk(f, g, live->config.v[i].key, live->config.v[i].value);
}

static struct phx_str id_key(const uint64_t *id)
{
	return (struct phx_str){(const char *)id, sizeof(*id)};
}

bool pre_touches(const struct preflight *f, uint64_t id)
{
	return phx_map_find(&f->by_id, id_key(&id)) != NULL;
}

static struct pre_guest *guest_new(struct preflight *f, uint64_t id)
{
	struct pre_guest *g = PHX_NEW(f->scratch, struct pre_guest);
	const struct phx_live_guest *live = f->p->snapshot ? phx_snapshot_guest(f->p->snapshot, id) : NULL;

	g->id = id;
	if (live)
		take_live(f, g, live);
	phx_map_put(f->scratch, &f->by_id, id_key(&g->id), NULL)->ptr = g;
	phx_vec_push(f->scratch, &f->guests, g);
	return g;
}

static struct pre_guest *guest(struct preflight *f, uint64_t id)
{
	/* A guest's actions stand together. */
	if (!f->last || f->last->id != id)
		f->last = phx_map_get(&f->by_id, id_key(&id));
	if (!f->last)
		f->last = guest_new(f, id);
	return f->last;
}

const struct pre_guest *pre_guest_of(struct preflight *f, uint64_t id)
{
	return guest(f, id);
}

/* --- storages --- */

static struct pre_storage *at_storage(struct preflight *f, struct phx_str node, struct phx_str id)
{
	const struct phx_live_storage *s = pre_storage(f->p, node, id);

	if (!s)
		return NULL;
	for (uint32_t i = 0; i < f->storages.n; i++)
		if (f->storages.v[i].s == s)
			return &f->storages.v[i];
	phx_vec_push(f->scratch, &f->storages, ((struct pre_storage){.s = s}));
	return &f->storages.v[f->storages.n - 1];
}

static void gain(struct preflight *f, const struct pre_guest *g, const struct pre_disk *d, uint64_t bytes)
{
	struct pre_storage *s = bytes && !d->shares ? at_storage(f, g->node, d->storage) : NULL;

	if (s)
		s->gained += bytes;
}

static void lose(struct preflight *f, const struct pre_guest *g, const struct pre_disk *d, uint64_t bytes)
{
	struct pre_storage *s = bytes && !d->shares ? at_storage(f, g->node, d->storage) : NULL;

	if (s)
		s->lost += bytes;
}

static uint64_t all_disks(const struct pre_guest *g)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < g->disks.n; i++)
		sum += g->disks.v[i].bytes;
	return sum;
}

static void copies(struct preflight *f, const struct phx_action *a, uint64_t bytes)
{
	f->bytes[a->id - 1] = bytes;
	f->sized[a->id - 1] = bytes > 0;
}

/* --- actions --- */

static uint64_t as_number(struct phx_str s, uint64_t otherwise)
{
	uint64_t n;

	return phx_parse_u64(s, &n) ? n : otherwise;
}

static void set_size(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	uint64_t memory = as_number(pre_param(a, "memory"), 0), cores = as_number(pre_param(a, "cores"), 0),
		 sockets = as_number(pre_param(a, "sockets"), 0);

	if (phx_str_starts(pre_param(a, "memory"), "current="))
		memory = as_number(phx_str_from(pre_param(a, "memory"), 8), 0);
	if (memory)
		g->memory = memory << 20;
	if (cores || sockets)
		g->cores = (cores ? cores : 1) * (sockets ? sockets : 1);
	(void)f;
}

/* The image that is imported: as large as its file, which is all that can be told before it lies there. */
static uint64_t import_bytes(const struct preflight *f, const struct phx_action *a, struct phx_str value)
{
	ptrdiff_t at = phx_str_find(value, PHX_STR("import-from="));
	struct phx_str volume = at < 0 ? PHX_STR("") : head(phx_str_from(value, (size_t)at + 12));
	ptrdiff_t colon = phx_str_chr(volume, ':');
	const struct phx_live_storage *s =
		colon > 0 ? pre_storage(f->p, a->node, phx_str_slice(volume, 0, (size_t)colon)) : NULL;

	for (uint32_t i = 0; s && i < s->volumes.n; i++)
		if (phx_str_eq(s->volumes.v[i].volid, volume))
			return s->volumes.v[i].size;
	return 0;
}

static void make_disks(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	uint64_t copied = 0;

	for (uint32_t i = 0; i < a->params.v.n; i++) {
		const struct phx_param *x = &a->params.v.v[i];
		struct pre_disk *d;

		if (!pre_is_disk_key(x->name))
			continue;
		d = find_disk(g, x->name);
		/* The same volume with other properties. */
		if (d && phx_str_find(x->value, PHX_STR("-disk-")) >= 0 &&
		    phx_str_find(x->value, PHX_STR("import-from=")) < 0)
			continue;
		if (x->value.len && x->value.ptr[0] == PHX_PLAN_VOLUME)
			continue;
		take_disk(f, g, x->name, x->value);
		copied += import_bytes(f, a, x->value);
		d = find_disk(g, x->name);
		if (d)
			gain(f, g, d, d->bytes);
	}
	copies(f, a, copied);
}

static void create(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	g->node = a->node;
	g->is_vm = a->is_vm;
	g->gone = false;
	g->memory = (uint64_t)512 << 20;
	g->cores = 1;
	set_size(f, g, a);
	make_disks(f, g, a);
}

static uint64_t source_id(struct phx_str path)
{
	struct phx_str rest = path, piece, before = PHX_STR("");

	while (phx_str_cut(&rest, '/', &piece)) {
		if (phx_str_eqc(piece, "clone"))
			return as_number(before, 0);
		before = piece;
	}
	return 0;
}

static void clone(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	const struct pre_guest *from = guest(f, source_id(a->path));
	struct phx_str storage = pre_param(a, "storage"), target = pre_param(a, "target");
	bool linked = phx_str_eqc(pre_param(a, "full"), "0");

	g->node = target.len ? target : from->node;
	g->is_vm = a->is_vm;
	g->gone = false;
	g->memory = from->memory;
	g->cores = from->cores;
	g->disks.n = 0;
	if (g->disks.cap < from->disks.n) {
		g->disks.v = PHX_NEW_N(f->scratch, struct pre_disk, from->disks.n);
		g->disks.cap = from->disks.n;
	}
	for (uint32_t i = 0; i < from->disks.n; i++) {
		struct pre_disk d = from->disks.v[i];

		d.shares = linked;
		if (storage.len)
			d.storage = storage;
		phx_vec_push(f->scratch, &g->disks, d);
		gain(f, g, &d, d.bytes);
	}
	if (!linked)
		copies(f, a, all_disks(from));
}

static void resize(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	struct pre_disk *d = find_disk(g, pre_param(a, "disk"));
	struct phx_str size = pre_param(a, "size");
	bool more = phx_str_starts(size, "+");
	uint64_t bytes, before;

	if (!d || !phx_disk_size_parse(more ? phx_str_from(size, 1) : size, &bytes))
		return;
	before = d->bytes;
	d->bytes = more ? before + bytes : bytes;
	if (d->bytes > before)
		gain(f, g, d, d->bytes - before);
}

static void move(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	struct pre_disk *d = find_disk(g, pre_param(a, g->is_vm ? "disk" : "volume"));

	if (!d)
		return;
	lose(f, g, d, d->bytes);
	d->storage = pre_param(a, "storage");
	d->shares = false;
	gain(f, g, d, d->bytes);
	copies(f, a, d->bytes);
}

static void migrate(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < g->disks.n; i++) {
		const struct phx_live_storage *s = pre_storage(f->p, g->node, g->disks.v[i].storage);

		if (s && !s->shared) {
			lose(f, g, &g->disks.v[i], g->disks.v[i].bytes);
			bytes += g->disks.v[i].bytes;
		}
	}
	g->node = pre_param(a, "target");
	for (uint32_t i = 0; bytes && i < g->disks.n; i++) {
		const struct phx_live_storage *s = pre_storage(f->p, g->node, g->disks.v[i].storage);

		if (s && !s->shared)
			gain(f, g, &g->disks.v[i], g->disks.v[i].bytes);
	}
	copies(f, a, bytes + (g->runs ? g->memory : 0));
}

static void unlink_disks(struct preflight *f, struct pre_guest *g, const struct phx_action *a)
{
	struct phx_str rest = pre_param(a, "idlist"), slot;

	while (phx_str_cut(&rest, ',', &slot)) {
		struct pre_disk *d = find_disk(g, slot);

		if (!d)
			continue;
		lose(f, g, d, d->bytes);
		*d = g->disks.v[--g->disks.n];
	}
}

static void delete (struct preflight *f, struct pre_guest *g)
{
	for (uint32_t i = 0; i < g->disks.n; i++)
		lose(f, g, &g->disks.v[i], g->disks.v[i].bytes);
	g->disks.n = 0;
	g->gone = true;
	g->runs = false;
}

static void download(struct preflight *f, const struct phx_action *a)
{
	const struct phx_facts *facts = f->o->facts;
	struct phx_str url = pre_param(a, "url");

	for (uint32_t i = 0; facts && url.len && i < facts->urls.n; i++)
		if (phx_str_eq(facts->urls.v[i].url, url) && phx_str_eq(facts->urls.v[i].node, a->node))
			copies(f, a, facts->urls.v[i].size);
}

static void follow(struct preflight *f, const struct phx_action *a)
{
	struct pre_guest *g = a->guest_id ? guest(f, a->guest_id) : NULL;

	if (a->op == PHX_OP_IMAGE_DOWNLOAD || a->op == PHX_OP_OSTEMPLATE_DOWNLOAD)
		download(f, a);
	if (!g)
		return;
	if (pre_wanted(a->change))
		g->wanted = pre_wanted(a->change);
	if (a->op == PHX_OP_CREATE)
		create(f, g, a);
	else if (a->op == PHX_OP_CLONE)
		clone(f, g, a);
	else if (a->op == PHX_OP_CONFIG) {
		set_size(f, g, a);
		make_disks(f, g, a);
	} else if (a->op == PHX_OP_RESIZE)
		resize(f, g, a);
	else if (a->op == PHX_OP_DISK_MOVE)
		move(f, g, a);
	else if (a->op == PHX_OP_MIGRATE)
		migrate(f, g, a);
	else if (a->op == PHX_OP_UNLINK)
		unlink_disks(f, g, a);
	else if (a->op == PHX_OP_DELETE)
		delete (f, g);
	else if (a->op == PHX_OP_START)
		g->runs = true;
	else if (a->op == PHX_OP_STOP || a->op == PHX_OP_SHUTDOWN || a->op == PHX_OP_TEMPLATE)
		g->runs = false;
	else if (a->op == PHX_OP_HA)
		g->runs = !phx_str_eqc(pre_param(a, "state"), "stopped");
}

void pre_follow(struct preflight *f)
{
	f->bytes = PHX_NEW_N(f->scratch, uint64_t, f->p->actions.n + 1);
	f->sized = PHX_NEW_N(f->scratch, bool, f->p->actions.n + 1);
	for (uint32_t i = 0; i < f->p->actions.n; i++)
		follow(f, f->p->actions.v[i]);
}
