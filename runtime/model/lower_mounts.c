/* Volumes of containers: the root file system and what is mounted in it. */
#include <string.h>

#include "model/graph_priv.h"
#include "model/lxc.h"

/* `options = "noatime"`, `["ro", "backup=1"]`: mount options by their names, `ro`, or keys of the mount's property string. */
static bool mount_option(struct phx_lower *l, struct phx_prop_set *set, const struct phx_volume *v,
			 struct phx_str word, struct phx_buf *flags, const struct phx_eff_attr *ea)
{
	static const char *const names[] = {"discard", "lazytime", "noatime", "nodev", "noexec", "nosuid"};
	struct phx_str rest = word, key;
	struct phx_str path = phx_str_printf(l->b->scratch, PHX_STR_FMT ".options", PHX_STR_ARG(v->path));

	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		if (!phx_str_eqc(word, names[i]))
			continue;
		phx_buf_printf(flags, "%s%s", flags->len > 0 ? ";" : "", names[i]);
		return true;
	}
	if (phx_str_eqc(word, "ro") || phx_str_eqc(word, "rw"))
		return phx_props_add(l->b, set, PHX_STR("ro"),
				     phx_str_eqc(word, "ro") ? PHX_STR("1") : PHX_STR("0"), path,
				     ea->a->value.span, ea->origin);
	if (phx_str_cut(&rest, '=', &key) && rest.ptr && !phx_str_eqc(key, "mp") &&
	    !phx_str_eqc(key, "volume") && !phx_str_eqc(key, "size") && phx_option_key(set->option, key))
		return phx_props_add(l->b, set, key, rest, path, ea->a->value.span, ea->origin);
	phx_diag_note(l->b->bag,
		      phx_diag_add(l->b->bag, PHX0422, ea->a->value.span,
				   "`" PHX_STR_FMT "` is no mount option", PHX_STR_ARG(word)),
		      "there are discard, lazytime, noatime, nodev, noexec, nosuid, ro, and acl=, backup=, "
		      "quota=, replicate=, ro=, "
		      "shared= with 0 or 1");
	return false;
}

static void mount_options(struct phx_lower *l, struct phx_prop_set *set, const struct phx_volume *v,
			  const struct phx_eff_attr *ea)
{
	struct phx_buf flags = {0};
	const struct phx_value *val = ea ? &ea->a->value : NULL;
	uint32_t n = phx_known(val) ? val->kind == PHX_V_LIST ? val->list.n : 1 : 0;

	if (v->source == PHX_VOL_INHERITED && ea && ea->origin == PHX_FROM_SOURCE)
		return;
	for (uint32_t i = 0; i < n; i++) {
		const struct phx_value *one = val->kind == PHX_V_LIST ? &val->list.v[i] : val;
		struct phx_str rest = phx_known(one) ? one->s : PHX_STR(""), word;

		while (phx_str_cut(&rest, ',', &word)) {
			word = phx_str_trim(word);
			if (word.len > 0 && !mount_option(l, set, v, word, &flags, ea))
				break;
		}
	}
	if (flags.len > 0)
		phx_props_add(l->b, set, PHX_STR("mountoptions"),
			      phx_str_dup(l->b->arena, phx_buf_view(&flags)),
			      phx_gb_join(l->b->scratch, "", v->path), ea->a->value.span, ea->origin);
	phx_buf_done(&flags);
}

/* --- root file system --- */

/* "STORAGE:GiB", "STORAGE:VOLUME", both with further keys behind a comma. */
struct rootfs {
	struct phx_str storage, volume;
	uint64_t size;
	struct phx_prop_set set;
};

static bool gib(struct phx_str text, uint64_t *out)
{
	double d;

	if (!phx_parse_double(text, &d) || d <= 0 || d > 1e9)
		return false;
	*out = (uint64_t)(d * 1073741824.0);
	return true;
}

/* What stands behind `STORAGE:` and is no size must look like a volume of a guest: `vm-103-disk-0`, `103/vm-103-disk-0.raw`. */
static bool rootfs_volume(struct phx_lower *l, const struct phx_value *v, struct phx_str name)
{
	struct phx_diag *d;
	double n;

	if (!phx_parse_double(name, &n) && (phx_str_chr(name, '/') > 0 || phx_str_chr(name, '-') > 0))
		return true;
	d = phx_diag_add(l->b->bag, PHX0433, v->span, "`" PHX_STR_FMT "` is neither a size nor a volume",
			 PHX_STR_ARG(name));
	phx_diag_help(
		l->b->bag, d,
		"write `rootfs = \"STORAGE:GIB\"`, such as `\"local-lvm:16\"`, or name a volume that is "
		"there, such as `\"local-lvm:vm-103-disk-0\"`");
	return false;
}

static bool rootfs_text(struct phx_lower *l, const struct phx_eff_attr *ea, struct rootfs *out)
{
	const struct phx_value *v = &ea->a->value;
	struct phx_propstring props = {0};
	struct phx_str rest;
	struct phx_diag *d;

	if (!phx_lower_check(l->b, out->set.option, PHX_STR("rootfs"), v->s, PHX_STR("rootfs"), v->span,
			     true))
		return false;
	if (!phx_propstring_parse(out->set.option, PHX_STR("rootfs"), v->s, &props, NULL))
		return false;
	rest = phx_propstring_value(&props, "volume");
	if (!phx_str_cut(&rest, ':', &out->storage) || !rest.ptr || rest.len == 0) {
		d = phx_diag_add(l->b->bag, PHX0433, v->span, "`rootfs` does not say storage and size");
		phx_diag_help(l->b->bag, d,
			      "write `rootfs = \"STORAGE:GIB\"`, such as `\"local-lvm:16\"`, or `rootfs = "
			      "16GiB` with `storage`");
		return false;
	}
	if (!phx_volume_named(l, v->s, PHX_STR("rootfs"), v->span))
		return false;
	if (!gib(rest, &out->size)) {
		if (!rootfs_volume(l, v, rest))
			return false;
		out->volume = phx_propstring_value(&props, "volume");
	}
	for (uint32_t i = 0; i < props.n; i++) {
		const struct phx_prop *p = &props.props[i];

		if (!phx_str_eqc(p->key->name, "volume") && !phx_str_eqc(p->key->name, "size"))
			phx_props_add(l->b, &out->set, p->key->name, p->value, PHX_STR("rootfs"), v->span,
				      ea->origin);
	}
	return true;
}

static const struct phx_eff_block *disk_root(const struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "disk");

	if (blk && !phx_str_eqc(blk->label, "root")) {
		struct phx_diag *d =
			phx_diag_add(l->b->bag, PHX0431, blk->span,
				     "a container has no disk `" PHX_STR_FMT "`", PHX_STR_ARG(blk->label));

		phx_diag_help(l->b->bag, d,
			      "its root file system is `disk root`; other volumes are `mount \"/path\" { "
			      "storage = …; size = … }`");
		return NULL;
	}
	return blk;
}

/* Which of `rootfs` and `disk root` says the size: the nearer one; both at once contradict. */
static void rootfs_size(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_attr *rootfs,
			struct rootfs *r, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *size = phx_eff_attr(blk, "size"), *storage = phx_eff_attr(blk, "storage");
	bool cloned = v->source == PHX_VOL_INHERITED;
	bool mine = rootfs && (!cloned || rootfs->origin != PHX_FROM_SOURCE);

	if (mine && r->size > 0 && size && size->origin == rootfs->origin) {
		struct phx_diag *d = phx_diag_add(l->b->bag, PHX0320, size->a->name_span,
						  "the size of the root file system is given twice");

		phx_diag_label(l->b->bag, d, rootfs->a->name_span, "here as well");
		return;
	}
	if (mine && (!size || rootfs->origin < size->origin)) {
		v->storage = r->storage;
		v->storage_span = rootfs->a->value.span;
		size = NULL;
	}
	phx_volume_size_storage(l, v, size, storage);
	if (mine && r->size > 0 && v->size == 0) {
		struct phx_value val = phx_value_size(r->size, rootfs->a->value.span);
		struct phx_attr attr = {.value = val};
		struct phx_eff_attr ea = {.a = &attr, .origin = rootfs->origin};

		phx_volume_size_storage(l, v, &ea, NULL);
	}
}

static void lower_rootfs(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = l->eff->at[PHX_GA_ROOTFS].a ? &l->eff->at[PHX_GA_ROOTFS] : NULL;
	const struct phx_eff_block *blk = disk_root(l);
	struct rootfs r = {.set = {.option = phx_gb_option(l, "rootfs"), .key = PHX_STR("rootfs")}};
	struct phx_volume *v = phx_volume_by_slot(l->b, PHX_STR("rootfs"));
	bool known = ea && phx_known(&ea->a->value);

	if (v && ea && ea->origin == PHX_FROM_SOURCE)
		known = false;
	if (ea && !phx_is_null(&ea->a->value) && !phx_known(&ea->a->value))
		return;
	if (known && ea->a->value.kind == PHX_V_STRING && !rootfs_text(l, ea, &r))
		return;
	if (known && ea->a->value.kind == PHX_V_SIZE)
		r.size = ea->a->value.bytes;
	if (!v) {
		v = phx_volume_add(l, PHX_STR("root"), PHX_STR("rootfs"),
				   r.volume.len > 0 ? PHX_VOL_EXISTING : PHX_VOL_OSTEMPLATE,
				   blk  ? blk->span
				   : ea ? ea->a->name_span
					: l->node->decl->span);
		v->slot_fixed = true;
		v->volume = r.volume;
	}
	v->origin = PHX_FROM_SOURCE;
	if (v->source != PHX_VOL_INHERITED)
		v->origin = known ? ea->origin : blk ? blk->origin : PHX_FROM_SELF;
	if (known && ea->origin < v->origin)
		v->origin = ea->origin;
	for (uint32_t i = 0; blk && i < blk->attrs.n; i++) {
		if (blk->attrs.v[i].origin < v->origin)
			v->origin = blk->attrs.v[i].origin;
	}
	/* Proxmox's own answer to a container without any word about its disk is 4 GiB on `local` (recording 385); it is
	 * said here so that the plan shows it. */
	if (!known && v->source == PHX_VOL_OSTEMPLATE && !phx_eff_attr(blk, "storage") &&
	    !l->eff->at[PHX_GA_STORAGE].a)
		v->storage = PHX_STR("local");
	rootfs_size(l, v, known ? ea : NULL, &r, blk);
	if (v->source == PHX_VOL_OSTEMPLATE && v->size == 0) {
		v->size = 4ull << 30;
		v->size_default = true;
	}
	mount_options(l, &r.set, v, phx_eff_attr(blk, "options"));
	phx_volume_props(l, v, &r.set);
}

/* --- mounts --- */

static struct phx_str mount_path(struct phx_lower *l, const struct phx_eff_block *blk)
{
	struct phx_str p = blk->label;
	struct phx_diag *d;
	bool ok = p.len > 1 && p.ptr[0] == '/' && phx_str_find(p, PHX_STR("/../")) < 0 &&
		  !phx_str_ends(p, "/..") && phx_str_find(p, PHX_STR(",")) < 0;

	if (!ok) {
		d = phx_diag_add(l->b->bag, PHX0439, blk->span, "`" PHX_STR_FMT "` cannot be mounted on",
				 PHX_STR_ARG(p));
		phx_diag_note(l->b->bag, d,
			      "it is a path inside the container: it begins with `/`, is not `/` itself, and "
			      "has no `..` and no `,`");
		return PHX_STR("");
	}
	while (p.len > 1 && p.ptr[p.len - 1] == '/')
		p.len--;
	return phx_str_dup(l->b->arena, p);
}

static void no_source(struct phx_lower *l, const struct phx_eff_block *blk)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0307, blk->span,
					  "`mount` needs `source`, or `storage` and `size`");

	phx_diag_note(l->b->bag, d,
		      "`source = \"/host/path\"` mounts a directory of the node, `storage` and `size` make a "
		      "volume");
}

static void bad_owner(struct phx_lower *l, const struct phx_value *v)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0422, v->span,
					  "this is no owner: `\"1000:1000\"`, `1000`, `\"www-data\"`");

	phx_diag_note(l->b->bag, d,
		      "ids are the container's own. Of names, which only the container knows, those may "
		      "stand here that "
		      "every Debian has with the same number: root, www-data, nobody, …");
}

static void mount_owner(struct phx_lower *l, struct phx_volume *v, const struct phx_value *owner)
{
	struct phx_str text = phx_gb_text(l->b, owner), user, rest = text;

	v->has_uid = phx_str_cut(&rest, ':', &user) && phx_container_id(user, 'u', &v->uid);
	v->has_gid = rest.ptr && phx_container_id(rest, 'g', &v->gid);
	if (!v->has_uid || (rest.ptr && !v->has_gid))
		bad_owner(l, owner);
}

/* Owner and mode of a directory of the node. */
static void mount_rights(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_block *blk)
{
	const struct phx_value *owner = phx_eff_get(blk, "owner"), *mode = phx_eff_get(blk, "mode");
	const struct phx_value *any = owner ? owner : mode;
	struct phx_diag *d;

	if (any && v->source != PHX_VOL_HOST_PATH) {
		phx_diag_add(l->b->bag, PHX0422, any->span,
			     "`owner` and `mode` are those of a directory of the node: `source = \"/path\"`");
		return;
	}
	if (owner)
		mount_owner(l, v, owner);
	if (!mode || mode->kind != PHX_V_INT)
		return;
	if (!(mode->flags & PHX_VF_OCTAL) && mode->i != 0) {
		d = phx_diag_add(l->b->bag, PHX0322, mode->span, "`mode` is octal: write `0%lld`",
				 (long long)mode->i);
		phx_diag_fix(l->b->bag, d, mode->span,
			     phx_str_printf(l->b->bag->arena, "0%lld", (long long)mode->i), false);
	} else if (mode->i < 0 || mode->i > 07777) {
		phx_diag_add(l->b->bag, PHX0422, mode->span, "`mode` is 0 to 07777");
	}
	v->has_mode = true;
	v->mode = (unsigned)mode->i & 07777;
}

static void mount_source(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *source = phx_eff_attr(blk, "source"), *size = phx_eff_attr(blk, "size");
	const struct phx_value *text = phx_eff_get(blk, "source");

	if (source && !phx_is_null(&source->a->value)) {
		v->source = text && text->s.len > 0 && text->s.ptr[0] != '/' ? PHX_VOL_EXISTING
									     : PHX_VOL_HOST_PATH;
		v->volume = text ? text->s : PHX_STR("");
		if (phx_eff_attr(blk, "storage") || size) {
			struct phx_diag *d =
				phx_diag_add(l->b->bag, PHX0320, blk->span,
					     "a mount has a `source`, or `storage` and `size`, not both");

			phx_diag_label(l->b->bag, d, source->a->name_span, "what is there already");
			phx_diag_label(l->b->bag, d,
				       (size ? size : phx_eff_attr(blk, "storage"))->a->name_span,
				       "what would be made");
		} else if (text && phx_str_chr(text->s, ':') < 0 && v->source == PHX_VOL_EXISTING) {
			phx_diag_add(l->b->bag, PHX0433, text->span,
				     "`" PHX_STR_FMT
				     "` is neither a path (`/…`) nor a volume (`STORAGE:NAME`)",
				     PHX_STR_ARG(text->s));
		} else if (text) {
			phx_volume_named(l, text->s,
					 phx_gb_join(l->b->scratch, v->path.ptr, PHX_STR(".source")),
					 text->span);
		}
		return;
	}
	if (!size) {
		no_source(l, blk);
		return;
	}
	phx_volume_size_storage(l, v, size, phx_eff_attr(blk, "storage"));
}

struct mount {
	const struct phx_eff_block *blk;
	bool nfs;
	struct phx_str path;
	struct phx_str slot;
};

/* --- shares of an unprivileged container --- */

/* Where the node mounts it. Another source or other options are another place, so that the container's mount point changes
 * with them: what it has bound stays the old share otherwise. */
static struct phx_str nfs_on_node(struct phx_lower *l, const struct phx_eff_block *blk, struct phx_str path)
{
	const struct phx_value *source = phx_eff_get(blk, "source"), *options = phx_eff_get(blk, "options");
	struct phx_buf text = {0}, name = {0};
	struct phx_str sum, out;

	phx_buf_str(&text, path);
	phx_buf_ch(&text, '\n');
	if (source)
		phx_value_show(source, &text);
	phx_buf_ch(&text, '\n');
	if (options)
		phx_value_show(options, &text);
	sum = phx_sha256_hex(l->b->scratch, phx_buf_view(&text));
	phx_buf_printf(&name, PHX_STR_FMT "/" PHX_STR_FMT, PHX_STR_ARG(l->b->g->stack),
		       PHX_STR_ARG(l->g->r.address));
	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '.' || c == '_';

		phx_buf_ch(&name, plain ? c : '-');
	}
	out = phx_str_printf(l->b->arena, PHX_NFS_ON_NODE PHX_STR_FMT "-%.8s",
			     PHX_STR_ARG(phx_buf_view(&name)), sum.ptr);
	phx_buf_done(&name);
	phx_buf_done(&text);
	return out;
}

static bool unprivileged(const struct phx_lower *l)
{
	const struct phx_setting *s = phx_lower_find(l->b, PHX_STR("unprivileged"));

	return s && !s->unset && phx_str_eqc(s->value, "1");
}

static bool mount_slot(struct phx_lower *l, struct mount *m)
{
	const struct phx_value *slot = phx_eff_get(m->blk, "slot");
	const struct phx_option *o = slot ? phx_option_find(l->b->guest_table[0], slot->s, NULL) : NULL;

	if (!slot)
		return true;
	if (!o || !phx_str_eqc(o->name, "mp")) {
		phx_diag_add(l->b->bag, PHX0431, slot->span,
			     "there is no slot `" PHX_STR_FMT "` for a mount: they are mp0 to mp255",
			     PHX_STR_ARG(slot->s));
		return false;
	}
	m->slot = slot->s;
	return true;
}

static void lower_mount(struct phx_lower *l, const struct mount *m)
{
	struct phx_volume *v = phx_volume_by_label(l->b, m->path);
	struct phx_str slot = m->slot;
	struct phx_prop_set set = {0};
	const struct phx_volume *taken;
	struct phx_diag *d;

	if (v && v->source != PHX_VOL_INHERITED) {
		d = phx_diag_add(l->b->bag, PHX0439, m->blk->span, "two mounts on `" PHX_STR_FMT "`",
				 PHX_STR_ARG(m->path));
		phx_diag_label(l->b->bag, d, v->span, "the other one");
		return;
	}
	taken = !v && slot.len > 0 ? phx_volume_by_slot(l->b, slot) : NULL;
	if (taken) {
		phx_slot_taken(l->b, slot, m->blk->span, taken->span);
		return;
	}
	if (!v && slot.len == 0)
		slot = phx_volume_free_slot(l, "mp", m->blk->span);
	if (!v && slot.len == 0)
		return;
	if (!v) {
		v = phx_volume_add(l, m->path, slot, PHX_VOL_EMPTY, m->blk->span);
		v->slot_fixed = m->slot.len > 0;
		v->origin = m->blk->origin;
		if (m->nfs) {
			v->nfs = true;
			v->source = PHX_VOL_HOST_PATH;
			v->volume = nfs_on_node(l, m->blk, m->path);
		} else {
			mount_source(l, v, m->blk);
			mount_rights(l, v, m->blk);
		}
	} else {
		for (uint32_t i = 0; i < m->blk->attrs.n; i++) {
			if (m->blk->attrs.v[i].origin < v->origin)
				v->origin = m->blk->attrs.v[i].origin;
		}
		phx_volume_size_storage(l, v, phx_eff_attr(m->blk, "size"), phx_eff_attr(m->blk, "storage"));
	}
	set.option = phx_gb_option(l, "mp0");
	set.key = v->slot;
	if (!m->nfs) {
		phx_volume_attrs(l, v, m->blk, &set);
		mount_options(l, &set, v, phx_eff_attr(m->blk, "options"));
	}
	phx_volume_props(l, v, &set);
}

static bool mount_before(const struct mount *a, const struct mount *b)
{
	bool fixed_a = a->slot.len > 0, fixed_b = b->slot.len > 0;

	return fixed_a != fixed_b ? fixed_a : phx_str_natcmp(a->path, b->path) < 0;
}

void phx_lower_mounts(struct phx_lower *l)
{
	PHX_VEC(struct mount) mounts = {0};

	if (!l->b->guest_table[0])
		return;
	phx_volume_inherit(l);
	if (l->node->ostemplate_declared || l->g->source)
		lower_rootfs(l);
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		struct mount m = {.blk = l->eff->blocks.v[i]};
		uint32_t at;

		m.nfs = phx_same(m.blk->spec->name, "nfs") && unprivileged(l);
		if (!m.nfs && !phx_same(m.blk->spec->name, "mount"))
			continue;
		m.path = mount_path(l, m.blk);
		if (m.path.len == 0 || (!m.nfs && !mount_slot(l, &m)))
			continue;
		phx_vec_push(l->b->scratch, &mounts, m);
		for (at = mounts.n - 1; at > 0 && mount_before(&m, &mounts.v[at - 1]); at--)
			mounts.v[at] = mounts.v[at - 1];
		mounts.v[at] = m;
	}
	for (uint32_t i = 0; i < mounts.n; i++)
		lower_mount(l, &mounts.v[i]);
}
