/* Directories of a node that containers mount: one owner of owner and mode for each path. */
#include <stdlib.h>

#include "model/graph_priv.h"
#include "model/lxc.h"

struct dir {
	const struct phx_guest *g;
	const struct phx_volume *v;
	struct phx_str key; /* node and cluster, which tell equal paths apart */
	struct phx_str path;
};

static int by_path(const void *a, const void *b)
{
	const struct dir *x = a, *y = b;
	int order = phx_str_cmp(x->key, y->key);

	if (!order)
		order = phx_str_cmp(x->path, y->path);
	return order ? order : phx_str_cmp(x->g->r.address, y->g->r.address);
}

static struct phx_str clean(struct phx_str path)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

static void owner_text(const struct dir *d, struct phx_buf *out)
{
	if (d->v->has_uid)
		phx_buf_u64(out, phx_host_id(d->g, 'u', d->v->uid));
	if (d->v->has_gid)
		phx_buf_printf(out, ":%llu", (unsigned long long)phx_host_id(d->g, 'g', d->v->gid));
}

static bool owners_differ(const struct dir *a, const struct dir *b)
{
	return (a->v->has_uid && b->v->has_uid &&
		phx_host_id(a->g, 'u', a->v->uid) != phx_host_id(b->g, 'u', b->v->uid)) ||
	       (a->v->has_gid && b->v->has_gid &&
		phx_host_id(a->g, 'g', a->v->gid) != phx_host_id(b->g, 'g', b->v->gid));
}

static void told(struct phx_gb *b, struct phx_diag *d, const struct dir *x)
{
	struct phx_buf text = {0};

	owner_text(x, &text);
	if (x->v->has_mode)
		phx_buf_printf(&text, "%smode %04o", text.len ? ", " : "", x->v->mode);
	phx_diag_note(b->bag, d, "`" PHX_STR_FMT "`: " PHX_STR_FMT "%s", PHX_STR_ARG(x->g->r.address),
		      PHX_STR_ARG(phx_buf_view(&text)),
		      x->v->has_uid || x->v->has_gid ? " (ids of the node)" : "");
	phx_buf_done(&text);
}

static void same_path(struct phx_gb *b, const struct dir *first, const struct dir *again)
{
	bool modes = first->v->has_mode && again->v->has_mode && first->v->mode != again->v->mode;
	struct phx_diag *d;

	if (!modes && !owners_differ(first, again))
		return;
	d = phx_diag_add(b->bag, PHX0465, again->v->span, "`" PHX_STR_FMT "` is to have two owners or modes",
			 PHX_STR_ARG(again->path));
	phx_diag_label(b->bag, d, first->v->span, "the other one");
	told(b, d, first);
	told(b, d, again);
	phx_diag_help(b->bag, d,
		      "say `owner` and `mode` of a shared directory in one place, or the same in both");
}

/* Nothing is changed inside a directory, but who may not enter the upper one does not reach the lower. */
static void inside(struct phx_gb *b, const struct dir *upper, const struct dir *lower)
{
	bool closed = upper->v->has_mode && !(upper->v->mode & 0001);
	struct phx_diag *d;

	if (!closed || !owners_differ(upper, lower))
		return;
	d = phx_diag_add(b->bag, PHX0466, lower->v->span,
			 "`" PHX_STR_FMT "` lies in `" PHX_STR_FMT "`, which its owner may not enter",
			 PHX_STR_ARG(lower->path), PHX_STR_ARG(upper->path));
	phx_diag_label(b->bag, d, upper->v->span, "the upper one");
	told(b, d, upper);
	told(b, d, lower);
}

static bool is_inside(const struct dir *upper, const struct dir *lower)
{
	return phx_str_eq(upper->key, lower->key) && lower->path.len > upper->path.len &&
	       lower->path.ptr[upper->path.len] == '/' &&
	       phx_str_eq(phx_str_slice(lower->path, 0, upper->path.len), upper->path);
}

void phx_check_host_dirs(struct phx_gb *b)
{
	PHX_VEC(struct dir) all = {0};

	for (uint32_t i = 0; i < b->nodes.n; i++) {
		const struct phx_guest *g = (const struct phx_guest *)(const void *)b->nodes.v[i].r;

		for (uint32_t k = 0; b->nodes.v[i].r->kind == PHX_KIND_CONTAINER && k < g->volumes.n; k++) {
			const struct phx_volume *v = &g->volumes.v[k];
			struct dir d = {.g = g, .v = v, .path = clean(v->volume)};

			if (v->source != PHX_VOL_HOST_PATH || !(v->has_uid || v->has_gid || v->has_mode))
				continue;
			phx_buf_clear(&b->text);
			phx_buf_str(&b->text, g->node);
			phx_gb_cluster_key(b, g, &b->text);
			d.key = phx_str_dup(b->work, phx_buf_view(&b->text));
			phx_vec_push(b->work, &all, d);
		}
	}
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_path);
	for (uint32_t i = 0; i < all.n; i++)
		for (uint32_t k = i + 1; k < all.n && phx_str_eq(all.v[i].key, all.v[k].key); k++) {
			if (phx_str_eq(all.v[i].path, all.v[k].path))
				same_path(b, &all.v[i], &all.v[k]);
			else if (is_inside(&all.v[i], &all.v[k]))
				inside(b, &all.v[i], &all.v[k]);
		}
}
