/* What becomes of every property: marked from the tables, changed where a guest is a reason to, listed at the end. */
#include <inttypes.h>

#include "json/import_priv.h"

static const char unknown_why[] = "unknown to phx";

static void unknown_key(struct phx_jimport *m, const struct phx_jfile *f, struct phx_jnode *n,
			const struct phx_table *t)
{
	struct phx_span at = phx_jname_span(f, n);
	PHX_VEC(struct phx_str) names = {0};
	struct phx_diag *d;

	n->fate = PHX_FATE_METADATA;
	n->what = unknown_why;
	d = phx_diag_add(m->bag, PHX0510, at, "%s has no property `" PHX_STR_FMT "`", t->what,
			 PHX_STR_ARG(n->name));
	for (const struct phx_row *r = t->rows; r->name; r++)
		phx_vec_push(&m->work, &names, phx_str_c(r->name));
	if (at.end - at.start == n->name.len + 2) /* the quotes stay */
		at = (struct phx_span){at.file, at.start + 1, at.end - 1};
	phx_diag_suggest(m->bag, d, at, n->name, names.v, names.n);
	phx_diag_note(m->bag, d, "it is kept, and has no effect");
}

static void mark_value(struct phx_jimport *m, const struct phx_jfile *f, struct phx_jnode *n,
		       const struct phx_table *t)
{
	if (n->kind == PHX_J_OBJECT)
		phx_jmark(m, f, n, t);
	for (uint32_t i = 0; n->kind == PHX_J_ARRAY && i < n->n; i++) {
		if (n->v[i].kind == PHX_J_OBJECT)
			phx_jmark(m, f, &n->v[i], t);
	}
}

void phx_jmark(struct phx_jimport *m, const struct phx_jfile *f, struct phx_jnode *object,
	       const struct phx_table *t)
{
	for (uint32_t i = 0; i < object->n; i++) {
		struct phx_jnode *n = &object->v[i];
		const struct phx_row *row = phx_jrow(m, t, n->name);

		n->flags |= PHX_JN_OWN;
		if (!row) {
			unknown_key(m, f, n, t);
			continue;
		}
		n->fate = row->fate;
		n->key = row->key;
		n->what = row->what;
		if (n->kind == PHX_J_NULL && row->fate == PHX_FATE_MAPPED)
			phx_jfate(n, PHX_FATE_DROPPED, "null: not set");
		if (row->sub)
			mark_value(m, f, n, row->sub);
	}
}

/* What stands inside shares the fate again. */
static void forget(struct phx_jnode *n)
{
	n->flags &= (uint8_t)~PHX_JN_OWN;
	for (uint32_t i = 0; (n->kind == PHX_J_OBJECT || n->kind == PHX_J_ARRAY) && i < n->n; i++)
		forget(&n->v[i]);
}

void phx_jfate(struct phx_jnode *n, enum phx_fate fate, const char *why)
{
	n->fate = (uint8_t)fate;
	n->what = why;
	n->flags |= PHX_JN_OWN;
	for (uint32_t i = 0; (n->kind == PHX_J_OBJECT || n->kind == PHX_J_ARRAY) && i < n->n; i++)
		forget(&n->v[i]);
}

struct phx_jnode *phx_jget(const struct phx_jnode *object, enum phx_key key)
{
	for (uint32_t i = 0; object && object->kind == PHX_J_OBJECT && i < object->n; i++) {
		if (object->v[i].key == key && object->v[i].kind != PHX_J_NULL)
			return &object->v[i];
	}
	return NULL;
}

/* --- the report --- */

struct walk {
	struct phx_jimport *m;
	const struct phx_jfile *f;
	struct phx_import_report *r;
	struct phx_str guest;
	struct phx_buf path;
	uint32_t next; /* of the import's guests */
};

static void line(struct walk *w, const struct phx_jnode *n, uint8_t fate, const char *what)
{
	struct phx_report_line l = {
		.guest = w->guest,
		.path = phx_str_dup(w->m->arena, phx_buf_view(&w->path)),
		.fate = fate,
		.target = phx_str_c(what ? what : ""),
		.span = phx_jspan(w->f, n),
	};

	phx_vec_push(w->m->arena, &w->r->lines, l);
}

static void walk(struct walk *w, const struct phx_jnode *n, uint8_t fate, const char *what)
{
	size_t len = w->path.len;

	if (n->flags & PHX_JN_OWN) {
		fate = n->fate;
		what = n->what;
	}
	if ((n->kind != PHX_J_OBJECT && n->kind != PHX_J_ARRAY) || n->n == 0) {
		line(w, n, fate, what);
		return;
	}
	for (uint32_t i = 0; i < n->n; i++) {
		if (n->kind == PHX_J_ARRAY)
			phx_buf_printf(&w->path, "[%u]", i);
		else
			phx_buf_printf(&w->path, "%s" PHX_STR_FMT, w->path.len > 0 ? "." : "",
				       PHX_STR_ARG(n->v[i].name));
		walk(w, &n->v[i], fate, what);
		w->path.len = len;
	}
}

/* Guests stand in the order of their source: each is looked for behind the one before. */
static struct phx_str guest_name(struct walk *w, const struct phx_jnode *n)
{
	const struct phx_jguest *g;

	while (w->next < w->m->guests.n && w->m->guests.v[w->next]->file != w->f)
		w->next++;
	g = w->next < w->m->guests.n ? w->m->guests.v[w->next] : NULL;
	if (!g || g->node != n)
		return w->f->path;
	w->next++;
	if (!g->id)
		return w->f->path;
	return phx_str_printf(w->m->arena, "%s %" PRIu64, phx_kind_name(g->kind), g->id);
}

static void walk_guests(struct walk *w, const struct phx_jnode *list)
{
	size_t len = w->path.len;

	for (uint32_t i = 0; i < list->n; i++) {
		if (list->kind == PHX_J_ARRAY)
			phx_buf_printf(&w->path, "[%u]", i);
		else
			phx_buf_printf(&w->path, "." PHX_STR_FMT, PHX_STR_ARG(list->v[i].name));
		w->guest = guest_name(w, &list->v[i]);
		walk(w, &list->v[i], list->fate, list->what);
		w->guest = w->f->path;
		w->path.len = len;
	}
}

void phx_jreport(struct phx_jimport *m, const struct phx_jfile *f, struct phx_import_report *r)
{
	struct walk w = {.m = m, .f = f, .r = r, .guest = f->path};

	for (uint32_t i = 0; i < f->root->n; i++) {
		const struct phx_jnode *n = &f->root->v[i];
		bool list = n->kind == PHX_J_ARRAY || n->kind == PHX_J_OBJECT;

		phx_buf_clear(&w.path);
		phx_buf_str(&w.path, n->name);
		if (list && n->n > 0 && (n->key == PHX_K_VMS || n->key == PHX_K_CONTAINERS))
			walk_guests(&w, n);
		else
			walk(&w, n, n->fate, n->what);
	}
	phx_buf_done(&w.path);
}

static const char *fate_text(uint8_t fate)
{
	return fate == PHX_FATE_MAPPED ? "mapped to" : fate == PHX_FATE_METADATA ? "metadata" : "dropped";
}

void phx_import_report_text(const struct phx_import_report *r, const struct phx_sources *sources,
			    struct phx_buf *out)
{
	uint32_t count[3] = {0};

	for (uint32_t i = 0; i < r->lines.n; i++) {
		const struct phx_report_line *l = &r->lines.v[i];
		struct phx_pos pos = phx_source_pos(sources, l->span);

		if (l->fate <= PHX_FATE_DROPPED)
			count[l->fate]++;
		if (i == 0 || !phx_str_eq(l->guest, r->lines.v[i - 1].guest))
			phx_buf_printf(out, "%s" PHX_STR_FMT "\n", i ? "\n" : "", PHX_STR_ARG(l->guest));
		phx_buf_c(out, "  ");
		phx_buf_printable(out, l->path);
		phx_buf_printf(out, "  %s: ", fate_text(l->fate));
		phx_buf_printable(out, l->target);
		phx_buf_printf(out, "  (" PHX_STR_FMT ":%u:%u)\n", PHX_STR_ARG(pos.path), pos.line, pos.col);
	}
	phx_buf_printf(out, "%s%u properties: %u mapped, %u kept as metadata, %u dropped\n",
		       r->lines.n ? "\n" : "", r->lines.n, count[0], count[1], count[2]);
}
