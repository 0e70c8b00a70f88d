#include "backend/sim/volume.h"

#include <stdio.h>
#include <string.h>

#include "backend/sim/faults.h"

/* ---- storages ---- */

json_t *phx_sim_storage(struct phx_sim *s, const char *id)
{
	return phx_sim_get(s, "storage", id);
}

static bool in_list(const char *list, const char *word)
{
	struct phx_str rest = phx_str_c(list), one;

	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_eqc(phx_str_trim(one), word))
			return true;
	return false;
}

bool phx_sim_storage_on(const json_t *st, const char *node)
{
	const char *nodes = phx_sim_s(st, "nodes");

	return !phx_sim_truth(json_object_get(st, "disable")) && (nodes == NULL || in_list(nodes, node));
}

bool phx_sim_storage_holds(const json_t *st, const char *content)
{
	return in_list(phx_sim_so(st, "content", ""), content);
}

bool phx_sim_storage_is_file(const json_t *st)
{
	static const char *const block[] = {"lvm", "lvmthin", "zfspool",    "zfs",
					    "rbd", "iscsi",   "iscsidirect"};
	const char *type = phx_sim_so(st, "type", "dir");

	for (size_t i = 0; i < PHX_COUNTOF(block); i++)
		if (strcmp(type, block[i]) == 0)
			return false;
	return true;
}

bool phx_sim_storage_shared(const json_t *st)
{
	static const char *const always[] = {"nfs",       "cifs", "cephfs", "rbd",
					     "glusterfs", "pbs",  "zfs",    "iscsi"};
	const char *type = phx_sim_so(st, "type", "dir");

	for (size_t i = 0; i < PHX_COUNTOF(always); i++)
		if (strcmp(type, always[i]) == 0)
			return true;
	return phx_sim_truth(json_object_get(st, "shared"));
}

uint64_t phx_sim_storage_total(const json_t *st)
{
	return (uint64_t)phx_json_int(st, "total", (int64_t)100 << 30);
}

static const char *scope(const json_t *st, const char *node)
{
	return phx_sim_storage_shared(st) ? "*" : node;
}

uint64_t phx_sim_storage_used(const json_t *st, const char *node)
{
	return (uint64_t)phx_json_int(st, "base_used", 0) +
	       (uint64_t)phx_json_int(json_object_get(st, "alloc"), scope(st, node), 0);
}

const char *phx_sim_storage_path(struct phx_arena *a, const json_t *st, const char *name)
{
	static const struct {
		const char *prefix, *dir;
	} dirs[] = {{"iso/", "template/iso/"},
		    {"vztmpl/", "template/cache/"},
		    {"backup/", "dump/"},
		    {"snippets/", "snippets/"},
		    {"import/", "import/"}};
	const char *path = phx_sim_so(st, "path", "/mnt/pve/storage");

	for (size_t i = 0; i < PHX_COUNTOF(dirs); i++)
		if (phx_sim_starts(name, dirs[i].prefix))
			return phx_sim_fmt(a, "%s/%s%s", path, dirs[i].dir, name + strlen(dirs[i].prefix));
	if (phx_sim_storage_is_file(st))
		return phx_sim_fmt(a, "%s/images/%s", path, name);
	if (strcmp(phx_sim_so(st, "type", ""), "zfspool") == 0)
		return phx_sim_fmt(a, "/dev/zvol/%s/%s", phx_sim_so(st, "pool", "rpool"), name);
	return phx_sim_fmt(a, "/dev/%s/%s", phx_sim_so(st, "vgname", "pve"), name);
}

/* ---- names ---- */

const char *phx_sim_volid_name(const char *volid)
{
	const char *colon = strchr(volid, ':');

	return colon != NULL && colon != volid && colon[1] != 0 ? colon + 1 : NULL;
}

const char *phx_sim_volid_storage(struct phx_arena *a, const char *volid)
{
	const char *name = phx_sim_volid_name(volid);

	return name != NULL && volid[0] != '/' ? phx_sim_fmt(a, "%.*s", (int)(name - volid - 1), volid)
					       : NULL;
}

/* Without the base in front: "100/base-100-disk-0.qcow2/123/vm-123-disk-0.qcow2" → "123/vm-123-disk-0.qcow2". */
static const char *own_name(const char *name)
{
	const char *last = strrchr(name, '/'), *before = last;

	if (last == NULL)
		return name;
	if (phx_sim_starts(name, "base-") || phx_sim_starts(name, "basevol-"))
		return last + 1;
	while (before > name && before[-1] != '/')
		before--;
	return before;
}

int64_t phx_sim_volid_owner(const char *volid)
{
	const char *name = phx_sim_volid_name(volid), *dash;
	int64_t vmid = 0;
	size_t n = 0;

	if (name == NULL)
		return 0;
	name = own_name(name);
	dash = strrchr(name, '/');
	if (dash != NULL) {
		if (phx_parse_i64((struct phx_str){name, (size_t)(dash - name)}, &vmid))
			return vmid;
		return 0;
	}
	dash = strchr(name, '-');
	if (dash == NULL)
		return 0;
	while (dash[1 + n] >= '0' && dash[1 + n] <= '9')
		n++;
	return phx_parse_i64((struct phx_str){dash + 1, n}, &vmid) ? vmid : 0;
}

bool phx_sim_vol_is_base(const char *volid)
{
	const char *name = phx_sim_volid_name(volid), *slash;

	if (name == NULL)
		return false;
	name = own_name(name);
	slash = strrchr(name, '/');
	name = slash != NULL ? slash + 1 : name;
	return phx_sim_starts(name, "base-") || phx_sim_starts(name, "basevol-");
}

const char *phx_sim_format_of(const char *filename)
{
	static const char *const known[] = {"qcow2", "vmdk", "subvol", "raw", "iso"};
	const char *dot = strrchr(filename, '.');

	if (phx_sim_ends(filename, ".tar.gz") || phx_sim_ends(filename, ".tgz"))
		return "tgz";
	if (phx_sim_ends(filename, ".tar.xz"))
		return "txz";
	if (phx_sim_ends(filename, ".tar.zst"))
		return "tzst";
	for (size_t i = 0; dot != NULL && i < PHX_COUNTOF(known); i++)
		if (strcmp(dot + 1, known[i]) == 0)
			return known[i];
	return "raw";
}

/* ---- volumes ---- */

/* Where a volume's document is kept: its node (or * when shared), storage and own name. */
static const char *key_of(struct phx_sim *s, struct phx_arena *a, const char *node, const char *volid)
{
	const char *storage = phx_sim_volid_storage(a, volid);
	json_t *st = storage != NULL ? phx_sim_storage(s, storage) : NULL;

	if (st == NULL)
		return NULL;
	return phx_sim_fmt(a, "%s/%s:%s", scope(st, node), storage, own_name(phx_sim_volid_name(volid)));
}

json_t *phx_sim_vol(struct phx_sim *s, const char *node, const char *volid)
{
	struct phx_arena a = {0};
	const char *key = key_of(s, &a, node, volid);
	json_t *vol = key != NULL ? phx_sim_get(s, "vol", key) : NULL;

	phx_arena_done(&a);
	return vol;
}

uint64_t phx_sim_vol_size(const json_t *vol)
{
	return (uint64_t)phx_json_int(vol, "size", 0);
}

void phx_sim_vol_dirty(struct phx_sim *s, const json_t *vol)
{
	struct phx_arena a = {0};
	const char *key = key_of(s, &a, phx_sim_so(vol, "node", ""), phx_sim_so(vol, "volid", ""));

	if (key != NULL)
		phx_sim_dirty(s, "vol", key);
	phx_arena_done(&a);
}

static void account(struct phx_sim *s, const char *storage, const char *node, int64_t bytes)
{
	json_t *st = phx_sim_storage(s, storage), *alloc = json_object_get(st, "alloc");
	const char *where = scope(st, node);

	if (alloc == NULL) {
		alloc = json_object();
		json_object_set_new(st, "alloc", alloc);
	}
	phx_sim_set_int(alloc, where, phx_json_int(alloc, where, 0) + bytes);
	phx_sim_dirty(s, "storage", storage);
}

static bool number_taken(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			 bool file, int n)
{
	static const char *const prefixes[] = {"vm", "base", "subvol", "basevol"};
	static const char *const formats[] = {".raw", ".qcow2", ".vmdk", ".subvol"};
	const char *dir = file ? phx_sim_fmt(a, "%lld/", (long long)q->vmid) : "";

	for (size_t p = 0; p < PHX_COUNTOF(prefixes); p++)
		for (size_t f = 0; f < (file ? PHX_COUNTOF(formats) : 1); f++)
			if (phx_sim_vol(s, q->node,
					phx_sim_fmt(a, "%s:%s%s-%lld-disk-%d%s", q->storage, dir, prefixes[p],
						    (long long)q->vmid, n, file ? formats[f] : "")) != NULL)
				return true;
	return false;
}

static const char *pick_name(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			     const char *format)
{
	json_t *st = phx_sim_storage(s, q->storage);
	bool file = phx_sim_storage_is_file(st);
	const char *prefix = q->subvol ? "subvol" : "vm", *dir, *ext, *name = q->name;
	int n = 0;

	dir = file ? phx_sim_fmt(a, "%lld/", (long long)q->vmid) : "";
	ext = file ? phx_sim_fmt(a, ".%s", q->subvol ? "subvol" : format) : "";
	if (q->filename != NULL)
		return file ? phx_sim_fmt(a, "%s%s", dir, q->filename) : q->filename;
	if (name == NULL) {
		while (number_taken(s, a, q, file, n))
			n++;
		name = phx_sim_fmt(a, "disk-%d", n);
	}
	return phx_sim_fmt(a, "%s%s-%lld-%s%s", dir, prefix, (long long)q->vmid, name, ext);
}

static bool has_room(struct phx_sim *s, const struct phx_sim_vol_request *q, struct phx_buf *why)
{
	json_t *st = phx_sim_storage(s, q->storage);

	if (st == NULL) { /* it may have gone while a task ran */
		phx_buf_clear(why);
		phx_buf_printf(why, "storage '%s' does not exist", q->storage);
		return false;
	}
	if (!phx_sim_fault_storage_full(s, q->storage) &&
	    phx_sim_storage_used(st, q->node) + q->used <= phx_sim_storage_total(st))
		return true;
	phx_buf_clear(why);
	phx_buf_printf(why, "unable to allocate %llu bytes on storage '%s': No space left on device",
		       (unsigned long long)q->size, q->storage);
	return false;
}

static void put_volume(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
		       const char *volid, const char *format)
{
	json_t *vol =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s?}", "volid", volid, "storage",
			  q->storage, "node", q->node, "content", q->content != NULL ? q->content : "images",
			  "format", format, "size", (json_int_t)q->size, "used", (json_int_t)q->used, "ctime",
			  (json_int_t)phx_sim_now_s(s), "base", q->base);

	if (q->vmid > 0)
		phx_sim_set_int(vol, "vmid", q->vmid);
	if (q->os != NULL)
		json_object_set_new(vol, "os", json_deep_copy(q->os));
	phx_sim_put(s, "vol", key_of(s, a, q->node, volid), vol);
	account(s, q->storage, q->node, (int64_t)q->used);
}

bool phx_sim_vol_store_file(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			    const char *volid, struct phx_buf *why)
{
	if (!has_room(s, q, why))
		return false;
	put_volume(s, a, q, volid, q->format != NULL ? q->format : "raw");
	return true;
}

const char *phx_sim_vol_make(struct phx_sim *s, struct phx_arena *a, const struct phx_sim_vol_request *q,
			     struct phx_buf *why)
{
	json_t *st = phx_sim_storage(s, q->storage);
	const char *format = q->format != NULL ? q->format : "raw", *type = phx_sim_so(st, "type", ""), *name,
		   *volid;
	bool names_base = q->base != NULL && (phx_sim_storage_is_file(st) || strcmp(type, "zfspool") == 0) &&
			  strcmp(type, "btrfs") != 0;

	if (!has_room(s, q, why))
		return NULL;
	name = pick_name(s, a, q, format);
	volid = names_base
			? phx_sim_fmt(a, "%s:%s/%s", q->storage, own_name(phx_sim_volid_name(q->base)), name)
			: phx_sim_fmt(a, "%s:%s", q->storage, name);
	put_volume(s, a, q, volid, q->subvol ? "subvol" : format);
	return volid;
}

bool phx_sim_vol_in_use_as_base(struct phx_sim *s, const char *node, const char *volid)
{
	const char *key;
	json_t *vol;

	if (!phx_sim_vol_is_base(volid))
		return false;
	json_object_foreach(phx_sim_all(s, "vol"), key, vol)
	{
		const char *base = phx_sim_s(vol, "base");

		if (base != NULL &&
		    strcmp(own_name(phx_sim_volid_name(base)), own_name(phx_sim_volid_name(volid))) == 0 &&
		    strncmp(base, volid, (size_t)(phx_sim_volid_name(base) - base)) == 0 &&
		    phx_sim_vol(s, node, volid) == phx_sim_vol(s, phx_sim_so(vol, "node", ""), base))
			return true;
	}
	return false;
}

bool phx_sim_vol_free(struct phx_sim *s, const char *node, const char *volid, struct phx_buf *why)
{
	struct phx_arena a = {0};
	json_t *vol = phx_sim_vol(s, node, volid);
	bool ok = true;

	if (vol == NULL)
		return true;
	if (phx_sim_vol_in_use_as_base(s, node, volid) &&
	    strcmp(phx_sim_so(phx_sim_storage(s, phx_sim_so(vol, "storage", "")), "type", ""), "btrfs") !=
		    0) {
		phx_buf_clear(why);
		phx_buf_printf(why, "base volume '%s' is still in use by linked cloned", volid);
		ok = false;
	} else {
		account(s, phx_sim_so(vol, "storage", ""), node, -phx_json_int(vol, "used", 0));
		phx_sim_del(s, "vol", key_of(s, &a, node, volid));
	}
	phx_arena_done(&a);
	return ok;
}

void phx_sim_vol_grow(struct phx_sim *s, json_t *vol, uint64_t size)
{
	phx_sim_set_int(vol, "size", (int64_t)size);
	phx_sim_vol_dirty(s, vol);
}

const char *phx_sim_vol_rename(struct phx_sim *s, struct phx_arena *a, const char *node, const char *volid,
			       int64_t vmid, const char *prefix)
{
	json_t *vol = json_incref(phx_sim_vol(s, node, volid));
	const char *storage = phx_sim_volid_storage(a, volid), *old = own_name(phx_sim_volid_name(volid)),
		   *tail, *new_volid;
	struct phx_sim_vol_request q = {.storage = storage, .node = node, .vmid = vmid};
	bool file = phx_sim_storage_is_file(phx_sim_storage(s, storage));

	if (vol == NULL) /* nothing is there that could be renamed */
		return volid;
	phx_sim_del(s, "vol", key_of(s, a, node, volid));
	if (vmid == phx_sim_volid_owner(volid)) {
		tail = strstr(old, "-disk-");
		tail = tail != NULL ? tail : strrchr(old, '-') != NULL ? strrchr(old, '-') : "";
		new_volid = phx_sim_fmt(a, "%s:%s%s-%lld%s", storage,
					file ? phx_sim_fmt(a, "%lld/", (long long)vmid) : "", prefix,
					(long long)vmid, tail);
	} else {
		new_volid = phx_sim_fmt(a, "%s:%s", storage,
					pick_name(s, a, &q, phx_sim_so(vol, "format", "raw")));
	}
	phx_sim_set(vol, "volid", new_volid);
	phx_sim_set_int(vol, "vmid", vmid);
	phx_sim_put(s, "vol", key_of(s, a, node, new_volid), vol);
	return new_volid;
}

bool phx_sim_vol_can_link(const json_t *st, const json_t *vol)
{
	const char *type = phx_sim_so(st, "type", "dir"), *format = phx_sim_so(vol, "format", "raw");

	if (!phx_sim_vol_is_base(phx_sim_so(vol, "volid", "")))
		return false;
	if (strcmp(type, "lvmthin") == 0 || strcmp(type, "zfspool") == 0 || strcmp(type, "rbd") == 0 ||
	    strcmp(type, "btrfs") == 0)
		return true;
	return phx_sim_storage_is_file(st) && (strcmp(format, "qcow2") == 0 || strcmp(format, "vmdk") == 0);
}

bool phx_sim_vol_can_snapshot(const json_t *st, const json_t *vol)
{
	const char *type = phx_sim_so(st, "type", "dir");

	if (strcmp(type, "lvmthin") == 0 || strcmp(type, "zfspool") == 0 || strcmp(type, "rbd") == 0 ||
	    strcmp(type, "btrfs") == 0)
		return true;
	return phx_sim_storage_is_file(st) && strcmp(phx_sim_so(vol, "format", "raw"), "qcow2") == 0;
}

void phx_sim_vol_to_node(struct phx_sim *s, const char *node, const char *volid, const char *target)
{
	struct phx_arena a = {0};
	json_t *vol = json_incref(phx_sim_vol(s, node, volid));
	const char *storage = phx_sim_so(vol, "storage", "");

	account(s, storage, node, -phx_json_int(vol, "used", 0));
	phx_sim_del(s, "vol", key_of(s, &a, node, volid));
	phx_sim_set(vol, "node", target);
	phx_sim_put(s, "vol", key_of(s, &a, target, volid), vol);
	account(s, storage, target, phx_json_int(vol, "used", 0));
	phx_arena_done(&a);
}

void phx_sim_vol_free_owned(struct phx_sim *s, const char *node, int64_t vmid)
{
	struct phx_arena a = {0};
	struct phx_buf ignored = {0};
	PHX_VEC(const char *) found = {0};
	const char *key;
	json_t *vol;

	json_object_foreach(phx_sim_all(s, "vol"), key, vol)
	{
		if (phx_json_int(vol, "vmid", 0) == vmid &&
		    strcmp(phx_sim_so(vol, "content", ""), "images") == 0 &&
		    (phx_sim_starts(key, "*/") || strcmp(phx_sim_so(vol, "node", ""), node) == 0))
			phx_vec_push(&a, &found, phx_sim_fmt(&a, "%s", phx_sim_so(vol, "volid", "")));
	}
	for (uint32_t i = 0; i < found.n; i++)
		(void)phx_sim_vol_free(s, node, found.v[i], &ignored);
	phx_buf_done(&ignored);
	phx_arena_done(&a);
}
