/* What a guest is made from, and what it depends on. */
#include <inttypes.h>
#include <string.h>

#include "json/import_priv.h"

/* --- references by id --- */

struct target {
	enum phx_kind kind;
	const struct phx_decl *decl;
};

static bool find(struct phx_jimport *m, uint64_t id, struct target *out)
{
	struct phx_jdigits room;
	struct phx_str key = phx_jid_key(id, &room);
	const struct phx_jguest *g = phx_map_get(&m->by_id, key);

	out->decl = g ? g->decl : phx_map_get(&m->beside, key);
	if (out->decl)
		out->kind = out->decl->kind;
	return out->decl != NULL;
}

static struct phx_value reference(struct phx_jctx *c, const struct target *t, uint64_t id, struct phx_span at)
{
	struct phx_value v = {.kind = PHX_V_REF, .ref = PHX_NEW(c->m->arena, struct phx_ref), .span = at};

	v.ref->kind = (uint8_t)t->kind;
	v.ref->name = t->decl->name;
	v.ref->decl = t->decl;
	v.ref->id = id;
	return v;
}

static struct phx_diag *dangling(struct phx_jctx *c, uint64_t id, struct phx_span at, const char *property)
{
	struct phx_diag *d = phx_diag_add(c->m->bag, PHX0508, at,
					  "`%s` names %" PRIu64 ", and no guest has that id", property, id);

	phx_diag_label(c->m->bag, d, c->g->id_span, "in this guest");
	c->g->decl->poisoned = true;
	return d;
}

static void clone(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_span at = phx_jspan(c->g->file, n);
	struct target t;
	uint64_t id;

	if (!phx_jid(n, &id)) {
		phx_jwrong(c, n, PHX0505, "`" PHX_STR_FMT "` takes the id of a guest", PHX_STR_ARG(n->name));
		return;
	}
	if (find(c->m, id, &t)) {
		phx_jput(c, c->body, "clone", reference(c, &t, id, at), n);
		return;
	}
	phx_diag_note(c->m->bag, dangling(c, id, at, phx_str_dup(&c->m->work, n->name).ptr),
		      "a clone is made from a guest of these files");
}

/* A file of VMs may depend on containers whose file was not given, and the other way round. */
static bool outside(struct phx_jctx *c)
{
	return !c->m->has_kind[c->g->kind == PHX_KIND_VM ? PHX_JFILE_LXC : PHX_JFILE_VM];
}

static void reference_outside(struct phx_jctx *c, uint64_t id, const struct phx_jpiece *p)
{
	struct phx_diag *d =
		phx_diag_add(c->m->bag, PHX0509, p->span, "no guest of these files has the id %" PRIu64, id);

	phx_diag_note(c->m->bag, d, "the dependency is left out");
	phx_diag_help(c->m->bag, d, "give the %s file as well",
		      c->g->kind == PHX_KIND_VM ? "containers'" : "VMs'");
}

/* The node of a piece, when it has one of its own. */
static struct phx_jnode *element(struct phx_jnode *list, struct phx_span at)
{
	for (uint32_t i = 0; list->kind == PHX_J_ARRAY && i < list->n; i++) {
		if (list->v[i].start <= at.start && at.end <= list->v[i].end)
			return &list->v[i];
	}
	return list;
}

void phx_jdependencies(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_DEPENDENCIES];
	struct phx_jpieces list = {0};
	PHX_VEC(struct phx_value) refs = {0};

	if (!phx_jlist(c, n, ' ', &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		const struct phx_jpiece *p = &list.v.v[i];
		struct target t;
		uint64_t id;

		if (!phx_parse_u64(p->text, &id)) {
			phx_diag_add(c->m->bag, PHX0505, p->span,
				     "`dependencies` takes ids of guests, not `" PHX_STR_FMT "`",
				     PHX_STR_ARG(p->text));
			c->g->decl->poisoned = true;
		} else if (find(c->m, id, &t)) {
			phx_vec_push(&c->m->work, &refs, reference(c, &t, id, p->span));
		} else if (outside(c)) {
			reference_outside(c, id, p);
			phx_jfate(element(n, p->span), PHX_FATE_DROPPED,
				  "no guest of these files has that id");
		} else {
			dangling(c, id, p->span, "dependencies");
		}
	}
	if (refs.n > 0)
		phx_jput(c, c->body, "depends_on",
			 phx_jlist_value(c, refs.v, refs.n, phx_jspan(c->g->file, n)), n);
}

/* --- images --- */

static struct phx_str base_name(struct phx_str path)
{
	size_t at = path.len;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return phx_str_from(path, at);
}

/* "noble-server-cloudimg-amd64.img" → "noble-server-cloudimg-amd64" */
static struct phx_str image_name(struct phx_str file)
{
	size_t dot = file.len;

	while (dot > 0 && file.ptr[dot - 1] != '.')
		dot--;
	return dot > 1 ? phx_str_slice(file, 0, dot - 1) : file;
}

static struct phx_decl *image_decl(struct phx_jctx *c, struct phx_jnode *n, struct phx_str file)
{
	struct phx_span at = phx_jspan(c->g->file, n);
	bool fresh, url = phx_str_find(file, PHX_STR("://")) >= 0;
	struct phx_map_entry *e = phx_map_put(&c->m->work, &c->m->by_image, file, &fresh);
	struct phx_str name = image_name(base_name(file));
	struct phx_decl *d;

	if (!fresh)
		return e->ptr;
	for (uint32_t i = 0; i < c->m->images.n; i++) {
		if (phx_str_eq(c->m->images.v[i]->name, name))
			name = phx_str_printf(c->m->arena, PHX_STR_FMT "-%u", PHX_STR_ARG(name),
					      c->m->images.n + 1);
	}
	d = phx_decl_new(c->m->arena, PHX_KIND_IMAGE, name, at);
	d->from_json = true;
	d->dir = c->g->file->dir;
	if (!url)
		file = phx_str_printf(c->m->arena,
				      "https://cloud-images.ubuntu.com/" PHX_STR_FMT "/current/" PHX_STR_FMT,
				      PHX_STR_ARG(c->m->release), PHX_STR_ARG(file));
	phx_jput(c, &d->body, "url", phx_value_str(file, at), n);
	phx_jput(c, &d->body, "storage", phx_value_str(PHX_STR("local"), at), n);
	phx_vec_push(&c->m->work, &c->m->images, d);
	e->ptr = d;
	return d;
}

static void image(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_str file;
	struct target t = {.kind = PHX_KIND_IMAGE};

	if (!phx_jtext(c, n, &file))
		return;
	t.decl = image_decl(c, n, file);
	phx_jput(c, c->body, "image", reference(c, &t, 0, phx_jspan(c->g->file, n)), n);
	if (c->m->want_report)
		phx_jfate(
			n, PHX_FATE_MAPPED,
			phx_str_printf(c->m->arena, "image, " PHX_STR_FMT, PHX_STR_ARG(t.decl->address)).ptr);
}

/* --- OS templates --- */

static void os_template(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_str text;

	if (!phx_jname(c, n, &text))
		return;
	/* "local:vztmpl/x.tar.zst" is a volume already */
	if (phx_str_find(text, PHX_STR(":vztmpl/")) < 0)
		text = phx_str_printf(c->m->arena, PHX_STR_FMT ":vztmpl/" PHX_STR_FMT,
				      PHX_STR_ARG(c->m->os_storage), PHX_STR_ARG(base_name(text)));
	phx_jput(c, c->body, "ostemplate", phx_value_str(text, phx_jspan(c->g->file, n)), n);
}

void phx_jcreation(struct phx_jctx *c)
{
	struct phx_jnode *source = c->at[PHX_K_CLONE], *from = c->at[PHX_K_TEMPLATE];

	if (source && source->kind == PHX_J_STRING && phx_str_trim(source->s).len == 0) {
		phx_jfate(source, PHX_FATE_DROPPED, "empty: not set");
		source = NULL;
	}
	if (source) {
		clone(c, source);
		if (from)
			phx_jfate(from, PHX_FATE_DROPPED, "it is a clone: that wins");
	} else if (from && c->g->kind == PHX_KIND_VM) {
		image(c, from);
	} else if (from) {
		os_template(c, from);
	}
}
