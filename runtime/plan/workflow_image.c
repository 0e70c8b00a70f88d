/* Files that must lie on a storage before a guest is made of them: images and OS templates. */
#include "plan/plan_priv.h"

static struct phx_str storage_of(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	return colon > 0 ? phx_str_slice(volume, 0, (size_t)colon) : PHX_STR("");
}

static const struct phx_live_storage *find_storage(const struct plan *p, struct phx_str node,
						   struct phx_str id)
{
	for (uint32_t i = 0; i < p->s->storages.n; i++) {
		const struct phx_live_storage *s = &p->s->storages.v[i];

		if (phx_str_eq(s->id, id) && (phx_str_eq(s->node, node) || s->shared))
			return s;
	}
	return NULL;
}

static bool lies_there(const struct phx_live_storage *s, struct phx_str volume)
{
	for (uint32_t i = 0; i < s->volumes.n; i++)
		if (phx_str_eq(s->volumes.v[i].volid, volume))
			return true;
	return false;
}

static struct phx_str file_key(struct plan *p, struct phx_str node, struct phx_str volume)
{
	struct phx_str storage = storage_of(volume);

	return plan_storage_shared(p, storage) ? volume : plan_text(p, node, PHX_STR(" "), volume);
}

static void missing_storage(struct plan *p, const struct plan_item *user, struct phx_span span,
			    struct phx_str node, struct phx_str id)
{
	struct phx_diag *d =
		phx_diag_add(p->bag, PHX0616, span, "node `" PHX_STR_FMT "` has no storage `" PHX_STR_FMT "`",
			     PHX_STR_ARG(node), PHX_STR_ARG(id));

	phx_diag_note(p->bag, d, "needed by `" PHX_STR_FMT "`", PHX_STR_ARG(user->address));
	for (uint32_t i = 0; i < p->s->storages.n; i++)
		if (phx_str_eq(p->s->storages.v[i].node, node))
			phx_diag_note(p->bag, d, "there is `" PHX_STR_FMT "` (" PHX_STR_FMT ")",
				      PHX_STR_ARG(p->s->storages.v[i].id),
				      PHX_STR_ARG(p->s->storages.v[i].content));
}

static bool lists(struct phx_str list, struct phx_str what)
{
	struct phx_str rest = list, piece;

	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_eq(phx_str_trim(piece), what))
			return true;
	return false;
}

static void wrong_content(struct plan *p, struct phx_span span, const struct phx_live_storage *s,
			  struct phx_str content)
{
	struct phx_diag *d = phx_diag_add(p->bag, PHX0616, span,
					  "storage `" PHX_STR_FMT "` does not take `" PHX_STR_FMT "` content",
					  PHX_STR_ARG(s->id), PHX_STR_ARG(content));

	phx_diag_note(p->bag, d, "it takes: " PHX_STR_FMT, PHX_STR_ARG(s->content));
	phx_diag_help(p->bag, d,
		      "on the node: pvesm set " PHX_STR_FMT " --content " PHX_STR_FMT "," PHX_STR_FMT,
		      PHX_STR_ARG(s->id), PHX_STR_ARG(s->content), PHX_STR_ARG(content));
}

static void missing_volume(struct plan *p, const struct plan_item *user, const struct phx_image *image,
			   struct phx_str volume, struct phx_str node)
{
	struct phx_diag *d = phx_diag_add(p->bag, PHX0621, image->r.span,
					  "there is no volume `" PHX_STR_FMT "` on node `" PHX_STR_FMT "`",
					  PHX_STR_ARG(volume), PHX_STR_ARG(node));

	phx_diag_note(p->bag, d, "`" PHX_STR_FMT "` is made of it", PHX_STR_ARG(user->address));
	phx_diag_help(p->bag, d,
		      "name one that is there, or give `" PHX_STR_FMT "` a `url` or a `file` to fetch",
		      PHX_STR_ARG(image->r.address));
}

/* Notes that `volume` must lie on `node`. */
static void want_file(struct plan *p, const struct plan_item *user, const struct phx_image *image,
		      struct phx_str node, struct phx_str volume, struct phx_str content)
{
	struct phx_str id = storage_of(volume);
	const struct phx_live_storage *s = find_storage(p, node, id);
	struct phx_span span = image ? image->r.span : user->span;
	struct phx_map_entry *e;
	bool is_new = false;

	e = phx_map_put(p->arena, &p->file_map, file_key(p, node, volume), &is_new);
	if (!is_new)
		return;
	e->num = 0;
	if (!p->o->offline) {
		if (!s) {
			missing_storage(p, user, span, node, id);
			return;
		}
		if (lies_there(s, volume))
			return;
		if (image && image->volume.len) {
			missing_volume(p, user, image, volume, node);
			return;
		}
		if (s->content.len && !lists(s->content, content)) {
			wrong_content(p, span, s, content);
			return;
		}
	} else if (image && image->volume.len) {
		return;
	}
	phx_vec_push(p->arena, &p->files,
		     ((struct plan_file){.node = node, .volume = volume, .image = image, .user = user}));
	e->num = p->files.n;
}

static struct phx_str image_node(const struct phx_image *image, struct phx_str node)
{
	return image->node.len ? image->node : node;
}

static void guest_files(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	bool makes = it->action == PHX_CH_CREATE || it->action == PHX_CH_REPLACE;

	if (!makes && it->action != PHX_CH_UPDATE)
		return;
	for (uint32_t i = 0; i < g->r.needs.n; i++) {
		const struct phx_resource *to = g->r.needs.v[i].to;
		const struct phx_image *image = (const struct phx_image *)(const void *)to;

		if (to->kind != PHX_KIND_IMAGE || (image == g->image && !makes))
			continue;
		want_file(p, it, image, image_node(image, it->node), plan_image_volume(p, image),
			  image->content);
	}
	if (makes && !g->source && g->ostemplate.len)
		want_file(p, it, NULL, it->node, g->ostemplate, PHX_STR("vztmpl"));
}

static bool has_users(const struct plan *p, const struct phx_resource *image)
{
	for (uint32_t i = 0; i < p->g->guests.n; i++)
		for (uint32_t k = 0; k < p->g->guests.v[i]->r.needs.n; k++)
			if (p->g->guests.v[i]->r.needs.v[k].to == image)
				return true;
	return false;
}

/* An image that nothing is made of shall be there all the same. */
static void unused_image(struct plan *p, const struct plan_item *it)
{
	const struct phx_image *image = (const struct phx_image *)(const void *)it->resource;
	struct phx_str node = image->node.len ? image->node : plan_default_node(p);

	if (node.len && it->selected)
		want_file(p, it, image, node, plan_image_volume(p, image), image->content);
}

static void fetched(struct plan *p, struct phx_change *c, const char *path, struct phx_str value)
{
	struct phx_attr_change *a;

	if (!value.len)
		return;
	a = plan_attr(p, c, phx_str_c(path), c->span);
	a->after = value;
	a->has_after = true;
}

/* An image is created where one of its files has to be fetched. */
static void change_images(struct plan *p)
{
	for (uint32_t i = 0; i < p->files.n; i++) {
		const struct phx_image *image = p->files.v[i].image;
		struct plan_item *it = image ? &p->items[image->r.index] : NULL;

		if (!it)
			continue;
		if (!it->change) {
			it->node = p->files.v[i].node;
			plan_change(p, it, PHX_CH_CREATE, PHX_STR(""));
			fetched(p, it->change, "url", image->url);
			fetched(p, it->change, "file", image->file);
			fetched(p, it->change, "checksum", image->checksum);
		}
		fetched(p, it->change, "volume",
			plan_text(p, p->files.v[i].volume, PHX_STR(" on "), p->files.v[i].node));
	}
}

void plan_files(struct plan *p)
{
	for (uint32_t i = 0; i < p->nitems; i++) {
		const struct plan_item *it = &p->items[i];

		if (it->guest && it->selected && !it->refused)
			guest_files(p, it);
		else if (it->resource->kind == PHX_KIND_IMAGE && !has_users(p, it->resource))
			unused_image(p, it);
	}
	change_images(p);
}

/* An upload without a declared checksum gets that of the file as it is now: the server checks what arrives, and a saved plan
 * is stale when the file has changed. */
static void hash_upload(struct plan *p, const struct phx_image *image)
{
	struct phx_err err = {0};
	char hex[65];

	if (phx_sha256_file(image->file_path.ptr, hex, &err)) {
		plan_param(p, PHX_STR("checksum"), phx_str_dup(p->arena, phx_str_c(hex)));
		plan_param(p, PHX_STR("checksum-algorithm"), PHX_STR("sha256"));
	} else {
		phx_diag_add(p->bag, PHX0002, image->r.span, PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	}
	phx_err_done(&err);
}

static void checksum_params(struct plan *p, const struct phx_image *image)
{
	if (image->checksum.len) {
		plan_param(p, PHX_STR("checksum"), image->checksum);
		plan_param(p, PHX_STR("checksum-algorithm"), image->checksum_algorithm);
	} else if (image->file.len) {
		hash_upload(p, image);
	}
}

static void image_action(struct plan *p, struct plan_item *it, struct plan_file *f)
{
	const struct phx_image *image = f->image;
	struct phx_str storage =
		plan_text(p, PHX_STR("/nodes/"), f->node, PHX_STR("/storage/"), image->storage);
	bool upload = image->file.len > 0;

	plan_begin(p, it, upload ? PHX_OP_IMAGE_UPLOAD : PHX_OP_IMAGE_DOWNLOAD, PHX_ACT_CALL);
	p->draft.a.node = f->node;
	plan_call(p, PHX_POST, plan_text(p, storage, upload ? PHX_STR("/upload") : PHX_STR("/download-url")),
		  true);
	plan_param(p, PHX_STR("content"), image->content);
	plan_param(p, PHX_STR("filename"), image->filename);
	if (upload)
		p->draft.body.upload_path = image->file_path;
	else
		plan_param(p, PHX_STR("url"), image->url);
	checksum_params(p, image);
	plan_need(p, it->last ? 1 : 0); /* one node's copy does not wait for another's */
	f->action = plan_put(p, plan_text(p, upload ? PHX_STR("upload ") : PHX_STR("download "), f->volume,
					  PHX_STR(" on "), f->node));
	if (!it->first)
		it->first = f->action;
	it->last = it->exists = it->ready = it->started = f->action;
}

void plan_image_actions(struct plan *p, struct plan_item *it)
{
	for (uint32_t i = 0; i < p->files.n; i++)
		if (p->files.v[i].image && &p->files.v[i].image->r == it->resource)
			image_action(p, it, &p->files.v[i]);
}

uint32_t plan_file_action(struct plan *p, const struct plan_item *user, struct phx_str volume)
{
	struct phx_map_entry *e = phx_map_find(&p->file_map, file_key(p, user->node, volume));
	struct plan_file *f;

	if (!e || !e->num)
		return 0;
	f = &p->files.v[e->num - 1];
	if (f->action || f->image)
		return f->action;
	plan_begin(p, user, PHX_OP_OSTEMPLATE_DOWNLOAD, PHX_ACT_CALL);
	p->draft.locks.n = 0; /* it touches no guest yet */
	p->draft.a.guest_id = 0;
	plan_call(p, PHX_POST, plan_text(p, PHX_STR("/nodes/"), f->node, PHX_STR("/aplinfo")), true);
	plan_param(p, PHX_STR("storage"), storage_of(volume));
	plan_param(p, PHX_STR("template"),
		   phx_str_from(volume, (size_t)phx_str_find(volume, PHX_STR("/")) + 1));
	f->action = plan_put(p, plan_text(p, PHX_STR("download "), volume, PHX_STR(" on "), f->node));
	return f->action;
}
