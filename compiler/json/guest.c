/* Which guests there are: ids, names, and what they are cloned from. */
#include <inttypes.h>
#include <string.h>

#include "json/import_priv.h"

struct phx_str phx_jid_key(uint64_t id, struct phx_jdigits *room)
{
	size_t at = sizeof(room->text);

	do
		room->text[--at] = (char)('0' + id % 10);
	while ((id /= 10) > 0);
	return (struct phx_str){room->text + at, sizeof(room->text) - at};
}

/* The first one of an id stays. */
void phx_jid_put(struct phx_jimport *m, struct phx_map *map, uint64_t id, void *what, bool *out_new)
{
	struct phx_jdigits room;
	struct phx_str key = phx_jid_key(id, &room);
	struct phx_map_entry *e = phx_map_find(map, key);

	*out_new = !e;
	if (!e)
		phx_map_put(&m->work, map, phx_str_dup(&m->work, key), NULL)->ptr = what;
}

static bool is_taken(const struct phx_jimport *m, uint64_t id)
{
	struct phx_jdigits room;
	struct phx_str key = phx_jid_key(id, &room);

	return phx_map_find(&m->by_id, key) || phx_map_find(&m->beside, key);
}

/* --- ids --- */

static void no_id(struct phx_jimport *m, const struct phx_jguest *g)
{
	struct phx_span at = phx_jspan(g->file, g->node);
	const struct phx_jnode *name = phx_jget(g->node, PHX_K_NAME);
	struct phx_diag *d;

	if (name)
		at = phx_jspan(g->file, name);
	else
		at.end = at.start + 1;
	if (g->file->kind != PHX_JFILE_HOST) {
		d = phx_diag_add(m->bag, PHX0506, at, "a VM without `vmid`");
		phx_diag_help(m->bag, d, "add `\"vmid\": NUMBER`, from 100 on");
		return;
	}
	d = phx_diag_add(m->bag, PHX0507, at, "a VM of the hypervisor file has no id");
	if (m->options->has_ids)
		phx_diag_note(m->bag, d, "all of `--ids %" PRIu64 "..%" PRIu64 "` are taken",
			      m->options->ids_first, m->options->ids_last);
	else
		phx_diag_help(m->bag, d, "say which ids may be given to it: `--ids 5000..5099`");
}

static void bad_id(struct phx_jimport *m, struct phx_span at, const char *what)
{
	struct phx_diag *d = phx_diag_add(m->bag, PHX0506, at, "%s is a whole number from 100 on", what);

	phx_diag_note(m->bag, d, "Proxmox's ids are 100 to 999999999");
}

static void read_id(struct phx_jimport *m, struct phx_jguest *g)
{
	struct phx_jnode *n = g->node;
	uint64_t id = 0;

	if (g->kind == PHX_KIND_CONTAINER) {
		g->id_span = phx_jname_span(g->file, n);
		if (phx_parse_u64(phx_str_trim(n->name), &id) && id > 0)
			g->id = id;
		else
			bad_id(m, g->id_span, "the key of a container");
		return;
	}
	n = phx_jget(g->node, PHX_K_ID);
	if (!n)
		return;
	g->id_span = phx_jspan(g->file, n);
	if (phx_jid(n, &id) && id > 0)
		g->id = id;
	else
		bad_id(m, g->id_span, "`vmid`");
}

/* VMs of the hypervisor file: the first free id of the range, in source order. */
static void give_ids(struct phx_jimport *m)
{
	uint64_t next = m->options->ids_first;
	bool fresh;

	for (uint32_t i = 0; i < m->guests.n; i++) {
		struct phx_jguest *g = m->guests.v[i];

		if (g->id || phx_span_known(g->id_span))
			continue;
		g->id_span = phx_jspan(g->file, g->node);
		while (m->options->has_ids && g->file->kind == PHX_JFILE_HOST &&
		       next <= m->options->ids_last && !g->id) {
			if (!is_taken(m, next))
				g->id = next;
			next++;
		}
		if (g->id)
			phx_jid_put(m, &m->by_id, g->id, g, &fresh);
		else
			no_id(m, g);
	}
}

/* --- names --- */

static bool alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The nearest host name: `_` and other characters become `-`, none stands at the end of a piece. */
static struct phx_str host_name(struct phx_arena *a, struct phx_str name)
{
	char *text = phx_arena_alloc(a, name.len + 1, 1);
	size_t n = 0, piece = 0;

	for (size_t i = 0; i < name.len && n < 253; i++) {
		char c = name.ptr[i];

		if (alnum(c) && piece < 63) {
			text[n++] = c;
			piece++;
		} else if (c == '.' && piece > 0) {
			while (n > 0 && text[n - 1] == '-')
				n--;
			text[n++] = '.';
			piece = 0;
		} else if (piece > 0 && piece < 63 && text[n - 1] != '-') {
			text[n++] = '-';
			piece++;
		}
	}
	while (n > 0 && (text[n - 1] == '-' || text[n - 1] == '.'))
		n--;
	return (struct phx_str){text, n};
}

/* Guests of one name keep it, and get addresses of their own. */
static struct phx_str own_address(struct phx_jimport *m, struct phx_jguest *g, struct phx_map *taken,
				  struct phx_str name)
{
	static const char text[] = "its name; another guest has it, so the address is ";
	struct phx_jnode *n = phx_jget(g->node, PHX_K_NAME);
	bool fresh = false;

	g->host_name = name;
	while (!fresh) {
		name = phx_str_printf(m->arena, PHX_STR_FMT "-%" PRIu64, PHX_STR_ARG(name), g->id);
		phx_map_put(&m->work, &taken[g->kind == PHX_KIND_VM], name, &fresh);
	}
	if (n)
		phx_jfate(n, PHX_FATE_MAPPED,
			  phx_str_printf(m->arena, "%s" PHX_STR_FMT, text, PHX_STR_ARG(name)).ptr);
	return name;
}

static void declare(struct phx_jimport *m, struct phx_jguest *g, struct phx_map *taken)
{
	struct phx_jnode *name = phx_jget(g->node, PHX_K_NAME);
	struct phx_str good = {0};
	const char *kind = g->kind == PHX_KIND_VM ? "vm" : "ct";
	bool fresh;

	if (name && name->kind == PHX_J_STRING)
		good = host_name(m->arena, name->s);
	if (good.len == 0) {
		good = phx_str_printf(m->arena, "%s-%" PRIu64, kind, g->id);
		if (name)
			phx_jfate(name, PHX_FATE_DROPPED, "no host name can be made of it");
	} else if (!phx_str_eq(good, name->s)) {
		phx_jfate(name, PHX_FATE_MAPPED,
			  phx_str_printf(m->arena, "its name, as host names may be: " PHX_STR_FMT,
					 PHX_STR_ARG(good))
				  .ptr);
	}
	phx_map_put(&m->work, &taken[g->kind == PHX_KIND_VM], good, &fresh);
	if (!fresh)
		good = own_address(m, g, taken, good);
	g->decl = phx_decl_new(m->arena, g->kind, good, g->id_span);
	g->decl->from_json = true;
	g->decl->poisoned = g->id == 0; /* reported */
	g->decl->dir = g->file->dir;
	g->decl->extent = phx_jspan(g->file, g->node);
}

/* --- sources --- */

static void link_source(struct phx_jimport *m, struct phx_jguest *g)
{
	const struct phx_jnode *clone = phx_jget(g->node, PHX_K_CLONE);
	struct phx_jdigits room;
	uint64_t id;

	if (!clone || !phx_jid(clone, &id))
		return;
	g->source = phx_map_get(&m->by_id, phx_jid_key(id, &room));
	if (g->source && g->source->kind == g->kind)
		g->source->is_source = true;
}

static void add_guest(struct phx_jimport *m, struct phx_jfile *f, struct phx_jnode *n, uint32_t index,
		      const struct phx_table *t)
{
	struct phx_jguest *g;
	bool fresh;

	if (n->kind != PHX_J_OBJECT) {
		if (n->kind != PHX_J_NULL || f->kind == PHX_JFILE_LXC)
			phx_diag_add(m->bag, PHX0504, phx_jspan(f, n), "%s is an object", t->what);
		return;
	}
	phx_jmark(m, f, n, t);
	g = PHX_NEW(&m->work, struct phx_jguest);
	g->file = f;
	g->node = n;
	g->index = index;
	g->kind = f->kind == PHX_JFILE_LXC ? PHX_KIND_CONTAINER : PHX_KIND_VM;
	read_id(m, g);
	phx_vec_push(&m->work, &m->guests, g);
	if (g->id)
		phx_jid_put(m, &m->by_id, g->id, g, &fresh); /* a second one is reported with the graph */
}

static void guests_of(struct phx_jimport *m, struct phx_jfile *f)
{
	struct phx_jnode *list = phx_jget(f->root, f->kind == PHX_JFILE_LXC ? PHX_K_CONTAINERS : PHX_K_VMS);
	const struct phx_table *t = f->kind == PHX_JFILE_LXC    ? &phx_lxc_table
				    : f->kind == PHX_JFILE_HOST ? &phx_host_vm_table
								: &phx_vm_table;

	if (!list)
		return;
	if (list->kind != (f->kind == PHX_JFILE_LXC ? PHX_J_OBJECT : PHX_J_ARRAY)) {
		phx_diag_add(m->bag, PHX0504, phx_jspan(f, list),
			     f->kind == PHX_JFILE_LXC ? "`lxc_configs` takes an object, with ids as keys"
						      : "`vms` takes a list of objects");
		return;
	}
	for (uint32_t i = 0; i < list->n; i++)
		add_guest(m, f, &list->v[i], i, t);
}

void phx_jguests(struct phx_jimport *m)
{
	struct phx_map taken[2] = {0};

	for (uint32_t i = 0; i < m->files.n; i++)
		guests_of(m, m->files.v[i]);
	give_ids(m);
	for (uint32_t i = 0; i < m->guests.n; i++) {
		declare(m, m->guests.v[i], taken);
		link_source(m, m->guests.v[i]);
	}
}
