/* One guest: from its properties to a declaration. */
#include <string.h>

#include "model/schema_check.h"
#include "json/import_priv.h"

/* --- writing declarations --- */

void phx_jput(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_value v,
	      const struct phx_jnode *n)
{
	struct phx_schema_ctx ctx = {.bag = c->m->bag, .kind = c->g->kind, .head = c->g->id_span};
	const struct phx_attr *a =
		phx_block_set(c->m->arena, b, phx_str_c(name), v, phx_jname_span(c->g->file, n));

	if (a->spec && !phx_schema_value(&ctx, a->spec, &v))
		c->g->decl->poisoned = true;
}

struct phx_block *phx_jblock(struct phx_jctx *c, struct phx_block *parent, const char *type,
			     struct phx_str label, const struct phx_jnode *n)
{
	return phx_block_add(c->m->arena, parent, type, label, phx_jname_span(c->g->file, n));
}

struct phx_value phx_jword(const char *word, struct phx_span at)
{
	struct phx_value v = phx_value_str(phx_str_c(word), at);

	v.flags |= PHX_VF_WORD;
	return v;
}

struct phx_value phx_jlist_value(struct phx_jctx *c, const struct phx_value *v, uint32_t n,
				 struct phx_span at)
{
	struct phx_value list = {.kind = PHX_V_LIST, .span = at};

	list.list.n = n;
	list.list.v = PHX_NEW_N(c->m->arena, struct phx_value, n ? n : 1);
	if (n)
		memcpy(list.list.v, v, n * sizeof(*v));
	return list;
}

/* Attributes are gathered in room that all guests share, then kept in what they take: a vector that grows leaves
 * its smaller selves behind, and there may be 10,000 guests. */
static void borrow(struct phx_jctx *c)
{
	c->body->attrs.v = c->m->attrs.v;
	c->body->attrs.cap = c->m->attrs.cap;
}

static void keep(struct phx_jctx *c)
{
	const struct phx_attr *from = c->body->attrs.v;
	uint32_t n = c->body->attrs.n;

	c->body->attrs.v = PHX_NEW_N(c->m->arena, struct phx_attr, n ? n : 1);
	c->body->attrs.cap = n ? n : 1;
	memcpy(c->body->attrs.v, from, n * sizeof(*from));
}

/* --- simple properties --- */

/* The guest's own property, or that of `vm_defaults`. */
static struct phx_jnode *own_or_default(struct phx_jctx *c, enum phx_key key, bool *out_default)
{
	*out_default = !c->at[key] && c->g->file->defaults;
	return *out_default ? phx_jget(c->g->file->defaults, key) : c->at[key];
}

static void origin(struct phx_jctx *c, bool is_default)
{
	if (is_default)
		c->body->attrs.v[c->body->attrs.n - 1].origin = PHX_FROM_DEFAULTS;
}

static void put_count(struct phx_jctx *c, enum phx_key key, const char *name)
{
	bool is_default;
	struct phx_jnode *n = own_or_default(c, key, &is_default);
	uint64_t v;

	if (!phx_jnumber(c, n, &v))
		return;
	phx_jput(c, c->body, name, phx_value_int((int64_t)v, phx_jspan(c->g->file, n)), n);
	origin(c, is_default);
}

static void put_memory(struct phx_jctx *c, enum phx_key key, const char *name)
{
	bool is_default;
	struct phx_jnode *n = own_or_default(c, key, &is_default);
	uint64_t v;

	if (!phx_jsize(c, n, 1u << 20, &v))
		return;
	phx_jput(c, c->body, name, phx_value_size(v, phx_jspan(c->g->file, n)), n);
	origin(c, is_default);
}

static void put_name(struct phx_jctx *c, enum phx_key key, const char *name)
{
	bool is_default;
	struct phx_jnode *n = own_or_default(c, key, &is_default);
	struct phx_str v;

	if (!phx_jname(c, n, &v))
		return;
	phx_jput(c, c->body, name, phx_value_str(v, phx_jspan(c->g->file, n)), n);
	origin(c, is_default);
}

static void put_truth(struct phx_jctx *c, enum phx_key key, const char *name)
{
	bool v;

	if (phx_jtruth(c, c->at[key], &v))
		phx_jput(c, c->body, name, phx_value_bool(v, phx_jspan(c->g->file, c->at[key])), c->at[key]);
}

static void identity(struct phx_jctx *c)
{
	const struct phx_jguest *g = c->g;
	const struct phx_jnode *name = c->at[PHX_K_NAME] ? c->at[PHX_K_NAME] : g->node;
	struct phx_value id = phx_value_int((int64_t)g->id, g->id_span);

	if (g->id)
		phx_block_set(c->m->arena, c->body, PHX_STR("id"), id, g->id_span);
	if (g->host_name.len > 0)
		phx_jput(c, c->body, "name", phx_value_str(g->host_name, phx_jspan(g->file, name)), name);
}

static void template(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_IS_TEMPLATE];
	bool said = false;

	phx_jtruth(c, n, &said);
	c->g->is_template = said || c->g->is_source;
	if (n && !said && c->g->is_source)
		phx_jfate(n, PHX_FATE_DROPPED, "another guest is cloned from it: it becomes a template");
	if (!c->g->is_template)
		return;
	phx_block_set(c->m->arena, c->body, PHX_STR("template"),
		      phx_value_bool(true, n ? phx_jspan(c->g->file, n) : c->g->id_span),
		      n ? phx_jname_span(c->g->file, n) : c->g->id_span);
}

/* VM: the second number is a delay before the next guest; containers wait as long on the way down. */
static void startup(struct phx_jctx *c)
{
	static const char why[] = "a template never starts";
	struct phx_jnode *order = c->at[PHX_K_BOOT_ORDER], *delay = c->at[PHX_K_BOOT_DELAY];
	struct phx_block *b = NULL;
	uint64_t v;

	if (c->g->is_template) {
		if (order)
			phx_jfate(order, PHX_FATE_DROPPED, why);
		if (delay)
			phx_jfate(delay, PHX_FATE_DROPPED, why);
		return;
	}
	if (phx_jnumber(c, order, &v)) {
		b = phx_jblock(c, c->body, "startup", PHX_STR(""), order);
		phx_jput(c, b, "order", phx_value_int((int64_t)v, phx_jspan(c->g->file, order)), order);
	}
	if (phx_jnumber(c, delay, &v)) {
		struct phx_value d = {.kind = PHX_V_DURATION,
				      .i = (int64_t)(v < 1000000000 ? v : 1000000000) * 1000,
				      .span = phx_jspan(c->g->file, delay)};

		if (!b)
			b = phx_jblock(c, c->body, "startup", PHX_STR(""), delay);
		phx_jput(c, b, "up", d, delay);
		if (c->g->kind == PHX_KIND_CONTAINER)
			phx_jput(c, b, "down", d, delay);
	}
}

static void on_boot(struct phx_jctx *c)
{
	if (!c->g->is_template)
		put_truth(c, PHX_K_ON_BOOT, "on_boot");
	else if (c->at[PHX_K_ON_BOOT])
		phx_jfate(c->at[PHX_K_ON_BOOT], PHX_FATE_DROPPED, "a template never starts");
}

/* `"--vga qxl"`: an option of Proxmox's command, and its value. */
static void options(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_OPTIONS];
	struct phx_jpieces list = {0};
	struct phx_block *b = NULL;

	if (!phx_jlist(c, n, 0, &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		struct phx_str text = phx_str_trim(list.v.v[i].text), key;
		size_t at = 0;

		while (phx_str_starts(text, "-"))
			text = phx_str_from(text, 1);
		while (at < text.len && text.ptr[at] != ' ' && text.ptr[at] != '=')
			at++;
		key = phx_str_slice(text, 0, at);
		text = phx_str_trim(phx_str_from(text, at < text.len ? at + 1 : at));
		if (key.len == 0)
			continue;
		if (!b)
			b = phx_jblock(c, c->body, "options", PHX_STR(""), n);
		phx_block_set(c->m->arena, b, phx_str_dup(c->m->arena, key),
			      phx_value_str(text, list.v.v[i].span), list.v.v[i].span);
	}
}

static void user(struct phx_jctx *c)
{
	struct phx_jnode *name = phx_jget(c->at[PHX_K_USER], PHX_K_USERNAME);
	struct phx_str text;

	if (phx_jtext(c, name, &text))
		phx_jblock(c, c->body, "user", text, name);
}

/* --- metadata --- */

static void put_metadata(struct phx_jctx *c, struct phx_block **b, const struct phx_jnode *n,
			 struct phx_str path)
{
	struct phx_value v = phx_jvalue(c->m, c->g->file, n);

	if (!*b)
		*b = phx_jblock(c, c->body, "metadata", PHX_STR(""), n);
	phx_block_set(c->m->arena, *b, path, v, phx_jname_span(c->g->file, n));
}

/* Where a node stands in its guest; written out only for what is kept. */
struct place {
	const struct place *up;
	const struct phx_jnode *node; /* a member, or an element of an array */
	uint32_t index;
};

static void path_text(const struct place *p, struct phx_buf *out)
{
	if (!p)
		return;
	path_text(p->up, out);
	if (p->node->name_end)
		phx_buf_printf(out, "%s" PHX_STR_FMT, p->up ? "." : "", PHX_STR_ARG(p->node->name));
	else
		phx_buf_printf(out, "[%u]", p->index);
}

static void metadata(struct phx_jctx *c, struct phx_block **b, const struct phx_jnode *n,
		     const struct place *at)
{
	struct phx_buf path = {0};

	if (n->flags & PHX_JN_OWN && n->fate == PHX_FATE_METADATA) {
		path_text(at, &path);
		put_metadata(c, b, n, phx_str_dup(c->m->arena, phx_buf_view(&path)));
		phx_buf_done(&path);
		return;
	}
	for (uint32_t i = 0; (n->kind == PHX_J_OBJECT || n->kind == PHX_J_ARRAY) && i < n->n; i++) {
		struct place below = {at, &n->v[i], i};

		metadata(c, b, &n->v[i], &below);
	}
}

/* --- all of it --- */

static void gather(struct phx_jctx *c)
{
	for (uint32_t i = 0; i < c->g->node->n; i++) {
		struct phx_jnode *n = &c->g->node->v[i];

		if (n->key == PHX_K_NONE || n->kind == PHX_J_NULL)
			continue;
		if (c->at[n->key])
			phx_jfate(n, PHX_FATE_DROPPED, "said already, under its other name");
		else
			c->at[n->key] = n;
	}
}

static void vm(struct phx_jctx *c)
{
	put_name(c, PHX_K_STORAGE, "storage");
	put_name(c, PHX_K_BRIDGE, "bridge");
	user(c);
}

/* A clone is as privileged as what it was made from in the end; Proxmox's default is privileged. */
static const struct phx_jguest *root_of(const struct phx_jguest *g, uint32_t guests)
{
	for (uint32_t i = 0; g->source && g->source->kind == g->kind && i < guests; i++)
		g = g->source;
	return g;
}

static bool says_unprivileged(const struct phx_jguest *g)
{
	const struct phx_jnode *n = phx_jget(g->node, PHX_K_UNPRIVILEGED);

	if (!n || n->kind == PHX_J_BOOL || n->kind == PHX_J_INT)
		return n && (n->kind == PHX_J_BOOL ? n->b : n->i != 0);
	return n->kind == PHX_J_STRING && (phx_str_eqc(n->s, "true") || phx_str_eqc(n->s, "1"));
}

static void unprivileged(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_UNPRIVILEGED];
	const struct phx_jguest *root = root_of(c->g, c->m->guests.n);
	struct phx_diag *d;
	bool on;

	if (!phx_jtruth(c, n, &on))
		return;
	if (root == c->g || on == says_unprivileged(root)) {
		phx_jput(c, c->body, "unprivileged", phx_value_bool(on, phx_jspan(c->g->file, n)), n);
		return;
	}
	d = phx_diag_add(c->m->bag, PHX0446, phx_jspan(c->g->file, n),
			 "a clone is as privileged as its source, `" PHX_STR_FMT "`",
			 PHX_STR_ARG(c->g->source->decl->address));
	phx_diag_label(c->m->bag, d, root->id_span, "the source is %s",
		       on ? "privileged, which is Proxmox's default" : "unprivileged");
	phx_diag_note(c->m->bag, d, "the clone stays like its source");
	phx_jfate(n, PHX_FATE_DROPPED, "a clone is as privileged as its source");
}

static void container(struct phx_jctx *c)
{
	put_memory(c, PHX_K_SWAP, "swap");
	unprivileged(c);
}

void phx_jguest_build(struct phx_jctx *c)
{
	struct phx_block *meta = NULL;

	c->body = &c->g->decl->body;
	borrow(c);
	gather(c);
	identity(c);
	template(c);
	phx_jcreation(c);
	phx_jdependencies(c);
	put_count(c, PHX_K_CORES, "cores");
	put_memory(c, PHX_K_MEMORY, "memory");
	if (c->g->kind == PHX_KIND_VM)
		vm(c);
	else
		container(c);
	phx_jdisks(c);
	phx_jnetwork(c);
	phx_jmounts(c);
	on_boot(c);
	startup(c);
	options(c);
	phx_jinside(c);
	phx_jfirewall(c);
	metadata(c, &meta, c->g->node, NULL);
	keep(c);
}
