/* phx_phoenix_load: the passes in their order. */
#include <inttypes.h>
#include <string.h>

#include "json/import_priv.h"

/* --- which file is it? --- */

static bool has(const struct phx_jnode *root, const char *name)
{
	for (uint32_t i = 0; i < root->n; i++) {
		if (phx_str_eqc(root->v[i].name, name))
			return true;
	}
	return false;
}

/* By its members: what only the hypervisor's file has, `lxc_configs`, or else `vms`. */
static enum phx_jfile_kind kind_of(const struct phx_jnode *root)
{
	static const char *const host[] = {
		"behavior",
		"core_paths",
		"domain_name",
		"mount_point_base",
		"network",
		"nfs",
		"samba",
		"timezone",
		"users",
		"proxmox_defaults",
		"zfs",
		"proxmox_storage_ids",
		"dns_server",
		"docker",
		"nvidia_driver",
		"portainer_api",
		"shared_volumes",
		"step_ca",
	};

	if (!root || root->kind != PHX_J_OBJECT)
		return PHX_JFILE_NONE;
	if (has(root, "lxc_configs"))
		return PHX_JFILE_LXC;
	for (size_t i = 0; i < PHX_COUNTOF(host); i++) {
		if (has(root, host[i]))
			return PHX_JFILE_HOST;
	}
	return has(root, "vms") || has(root, "vm_defaults") ? PHX_JFILE_VM : PHX_JFILE_NONE;
}

bool phx_phoenix_recognise(struct phx_str text)
{
	struct phx_arena arena = {0};
	const struct phx_jnode *root = phx_jtree_parse(text, 0, &arena, &arena, NULL);
	bool yes = kind_of(root) != PHX_JFILE_NONE;

	phx_arena_done(&arena);
	return yes;
}

static void not_phoenix(struct phx_jimport *m, uint32_t id, const struct phx_jnode *root)
{
	struct phx_span at = {id, root->start, root->start + 1};
	struct phx_diag *d =
		phx_diag_add(m->bag, PHX0503, at, "this is none of Phoenix's configuration files");

	phx_diag_note(
		m->bag, d,
		"a VM file has `vms`, a container file `lxc_configs`, a hypervisor file such members as "
		"`network` and `zfs`");
}

static struct phx_str directory(struct phx_str path)
{
	size_t at = path.len;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return at > 0 ? phx_str_slice(path, 0, at > 1 ? at - 1 : 1) : PHX_STR("");
}

static void add_file(struct phx_jimport *m, uint32_t id)
{
	const struct phx_source *source = phx_source_get(m->sources, id);
	struct phx_jnode *root = phx_jtree_parse(source->text, id, &m->work, m->arena, m->bag);
	static const struct phx_table *const tables[] = {NULL, &phx_vm_file_table, &phx_lxc_file_table,
							 &phx_host_file_table};
	enum phx_jfile_kind kind = kind_of(root);
	struct phx_jfile *f;

	if (!root)
		return;
	if (kind == PHX_JFILE_NONE) {
		not_phoenix(m, id, root);
		return;
	}
	f = PHX_NEW(&m->work, struct phx_jfile);
	f->id = id;
	f->kind = (uint8_t)kind;
	f->path = source->path;
	f->dir = directory(source->path);
	f->root = root;
	m->has_kind[kind] = true;
	phx_jmark(m, f, root, tables[kind]);
	f->defaults = phx_jget(root, PHX_K_VM_DEFAULTS);
	if (f->defaults && f->defaults->kind != PHX_J_OBJECT) {
		phx_diag_add(m->bag, PHX0504, phx_jspan(f, f->defaults), "`vm_defaults` takes an object");
		f->defaults = NULL;
	}
	phx_vec_push(&m->work, &m->files, f);
}

/* --- values of the site that guests need --- */

/* The storage of OS templates is the one whose key, or name, ends in `iso`. */
static void storage_ids(struct phx_jimport *m, struct phx_jfile *f)
{
	struct phx_jnode *ids = phx_jget(f->root, PHX_K_STORAGE_IDS);

	if (!ids || ids->kind != PHX_J_OBJECT)
		return;
	phx_jfate(ids, PHX_FATE_METADATA, "a value of the whole site: phx manages guests");
	for (uint32_t i = 0; i < ids->n; i++) {
		struct phx_jnode *n = &ids->v[i];

		if (n->kind != PHX_J_STRING || n->s.len == 0 ||
		    !(phx_str_ends(n->name, "iso") || phx_str_ends(n->s, "iso")))
			continue;
		m->os_storage = n->s;
		phx_jfate(n, PHX_FATE_MAPPED, "storage of OS templates");
		return;
	}
}

static void site_values(struct phx_jimport *m)
{
	m->os_storage = PHX_STR("local");
	m->release = PHX_STR("noble");
	for (uint32_t i = 0; i < m->files.n; i++) {
		struct phx_jfile *f = m->files.v[i];
		struct phx_jnode *release = phx_jget(f->defaults, PHX_K_UBUNTU_RELEASE);

		if (f->kind == PHX_JFILE_HOST)
			storage_ids(m, f);
		if (release && release->kind == PHX_J_STRING && release->s.len > 0)
			m->release = release->s;
	}
}

/* Passwords of the site are kept out of everything too, though phx has no use for them. */
static void site_secrets(struct phx_jimport *m, const struct phx_jnode *n, uint32_t depth)
{
	if (n->kind == PHX_J_STRING && n->s.len > 0 && phx_jsecret_key(n->name))
		phx_secrets_add(m->secrets, n->s);
	for (uint32_t i = 0; (n->kind == PHX_J_OBJECT || n->kind == PHX_J_ARRAY) && i < n->n; i++) {
		if (depth > 0 || (n->v[i].key != PHX_K_VMS && n->v[i].key != PHX_K_CONTAINERS))
			site_secrets(m, &n->v[i], depth + 1);
	}
}

/* --- declarations of .phx files in the same run --- */

static void add_beside(struct phx_jimport *m, const struct phx_config *config)
{
	for (uint32_t i = 0; config && i < config->decls.n; i++) {
		const struct phx_decl *d = config->decls.v[i];
		const struct phx_attr *id = phx_block_attr(&d->body, "id");
		bool fresh;

		if (d->kind == PHX_KIND_FEATURE)
			phx_map_put(&m->work, &m->features, d->name, NULL);
		if ((d->kind == PHX_KIND_VM || d->kind == PHX_KIND_CONTAINER) && id &&
		    id->value.kind == PHX_V_INT)
			phx_jid_put(m, &m->beside, (uint64_t)id->value.i, (void *)(uintptr_t)d, &fresh);
	}
}

/* --- all of it --- */

static uint32_t count_values(const struct phx_jnode *n)
{
	uint32_t total = 1;

	for (uint32_t i = 0; (n->kind == PHX_J_OBJECT || n->kind == PHX_J_ARRAY) && i < n->n; i++)
		total += count_values(&n->v[i]);
	return total;
}

/* Real guests have some hundred values; lists inside one are searched, and must not become a way to stop phx. */
static bool too_large(struct phx_jimport *m, const struct phx_jguest *g)
{
	if (count_values(g->node) <= PHX_JGUEST_VALUES)
		return false;
	phx_diag_add(m->bag, PHX0502, g->id_span, "a guest of more than %d values", PHX_JGUEST_VALUES);
	g->decl->poisoned = true;
	return true;
}

static void build(struct phx_jimport *m)
{
	PHX_VEC(struct phx_decl *) guests = {0};

	m->attrs.cap = 64;
	m->attrs.v = PHX_NEW_N(&m->work, struct phx_attr, m->attrs.cap);
	for (uint32_t i = 0; i < m->guests.n; i++) {
		struct phx_jctx c = {.m = m, .g = m->guests.v[i]};

		if (!too_large(m, c.g))
			phx_jguest_build(&c);
		phx_vec_push(&m->work, &guests, c.g->decl);
	}
	for (uint32_t i = 0; i < m->images.n; i++)
		phx_vec_push(m->arena, &m->config->decls, m->images.v[i]);
	for (uint32_t i = 0; i < guests.n; i++)
		phx_vec_push(m->arena, &m->config->decls, guests.v[i]);
}

struct phx_config *phx_phoenix_load(struct phx_sources *sources, const uint32_t *files, uint32_t n,
				    const struct phx_phoenix_options *options, struct phx_arena *arena,
				    struct phx_diag_bag *bag, struct phx_secrets *secrets,
				    struct phx_import_report *report)
{
	struct phx_jimport m = {
		.options = options,
		.sources = sources,
		.arena = arena,
		.bag = bag,
		.secrets = secrets,
		.want_report = report != NULL,
	};

	m.config = PHX_NEW(arena, struct phx_config);
	m.config->stack = options->stack.len > 0 ? options->stack : PHX_STR("phoenix");
	for (uint32_t i = 0; i < n; i++)
		add_file(&m, files[i]);
	add_beside(&m, options->beside);
	site_values(&m);
	for (uint32_t i = 0; i < m.files.n; i++)
		site_secrets(&m, m.files.v[i]->root, 0);
	phx_jguests(&m);
	build(&m);
	for (uint32_t i = 0; report && i < m.files.n; i++)
		phx_jreport(&m, m.files.v[i], report);
	phx_arena_done(&m.work);
	return m.config;
}
