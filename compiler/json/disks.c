/* Disks of VMs, root file systems and mounts of containers. */
#include <inttypes.h>
#include <string.h>

#include "json/import_priv.h"

/* `disk_size_gb` of the defaults is not for templates: their image's size stays, as it always did. */
static void vm_disk(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_DISK];
	bool is_default = !n && c->g->file->defaults && !c->g->is_template;
	uint64_t size;

	if (is_default)
		n = phx_jget(c->g->file->defaults, PHX_K_DISK);
	if (!phx_jsize(c, n, 1u << 30, &size))
		return;
	phx_jput(c, c->body, "disk", phx_value_size(size, phx_jspan(c->g->file, n)), n);
	if (is_default)
		c->body->attrs.v[c->body->attrs.n - 1].origin = PHX_FROM_DEFAULTS;
}

/* A root file system that is made says storage and size at once; that of a clone may grow, or move. */
static void rootfs(struct phx_jctx *c)
{
	struct phx_jnode *pool = c->at[PHX_K_STORAGE], *gb = c->at[PHX_K_DISK];
	struct phx_str storage = {0};
	uint64_t size = 0;
	bool has_pool = phx_jname(c, pool, &storage), has_size = phx_jsize(c, gb, 1u << 30, &size);

	if (has_pool && has_size && !c->at[PHX_K_CLONE] && size % (1u << 30) == 0) {
		struct phx_str text = phx_str_printf(c->m->arena, PHX_STR_FMT ":%" PRIu64,
						     PHX_STR_ARG(storage), size >> 30);

		phx_jput(c, c->body, "rootfs", phx_value_str(text, phx_jspan(c->g->file, gb)), gb);
		return;
	}
	if (pool)
		phx_jfate(pool, PHX_FATE_MAPPED, "storage");
	if (gb)
		phx_jfate(gb, PHX_FATE_MAPPED, "disk");
	if (has_pool)
		phx_jput(c, c->body, "storage", phx_value_str(storage, phx_jspan(c->g->file, pool)), pool);
	if (has_size)
		phx_jput(c, c->body, "disk", phx_value_size(size, phx_jspan(c->g->file, gb)), gb);
}

void phx_jdisks(struct phx_jctx *c)
{
	if (c->g->kind == PHX_KIND_VM)
		vm_disk(c);
	else
		rootfs(c);
}

/* --- mounts --- */

static void missing(struct phx_jctx *c, const struct phx_jnode *n, const char *what)
{
	phx_jwrong(c, n, PHX0505, "a mount without `%s`", what);
}

static void owner(struct phx_jctx *c, const struct phx_jnode *n, struct phx_block *b)
{
	struct phx_jnode *uid = phx_jget(n, PHX_K_UID), *gid = phx_jget(n, PHX_K_GID);
	uint64_t u, g;

	if (!uid || !gid) {
		/* the owner was only changed when both were given */
		if (uid || gid)
			phx_jfate(uid ? uid : gid, PHX_FATE_DROPPED,
				  "an owner is `owner_uid` and `owner_gid`");
		return;
	}
	if (!phx_jnumber(c, uid, &u) || !phx_jnumber(c, gid, &g))
		return;
	phx_jput(c, b, "owner",
		 phx_value_str(phx_str_printf(c->m->arena, "%" PRIu64 ":%" PRIu64, u, g),
			       phx_jspan(c->g->file, uid)),
		 uid);
}

static void bind_mount(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_jnode *from = phx_jget(n, PHX_K_SOURCE_PATH), *to = phx_jget(n, PHX_K_TARGET_PATH);
	struct phx_str host, inside;
	struct phx_block *b;

	if (!from || !to) {
		missing(c, n, from ? "container_path" : "host_path");
		return;
	}
	if (!phx_jtext(c, from, &host) || !phx_jtext(c, to, &inside))
		return;
	b = phx_jblock(c, c->body, "mount", inside, to);
	phx_jput(c, b, "source", phx_value_str(host, phx_jspan(c->g->file, from)), from);
	owner(c, n, b);
	c->has_binds = true;
}

static void volume(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_jnode *pool = phx_jget(n, PHX_K_POOL), *gb = phx_jget(n, PHX_K_SIZE),
			 *to = phx_jget(n, PHX_K_TARGET_PATH);
	struct phx_str storage, inside;
	struct phx_block *b;
	uint64_t size;

	if (!pool || !gb || !to) {
		missing(c, n, !pool ? "pool" : !gb ? "size_gb" : "mount_point");
		return;
	}
	if (!phx_jtext(c, pool, &storage) || !phx_jsize(c, gb, 1u << 30, &size) || !phx_jtext(c, to, &inside))
		return;
	b = phx_jblock(c, c->body, "mount", inside, to);
	phx_jput(c, b, "storage", phx_value_str(storage, phx_jspan(c->g->file, pool)), pool);
	phx_jput(c, b, "size", phx_value_size(size, phx_jspan(c->g->file, gb)), gb);
}

/* A directory of an NFS server. */
static void nfs(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_jnode *type = phx_jget(n, PHX_K_TYPE), *server = phx_jget(n, PHX_K_SERVER),
			 *path = phx_jget(n, PHX_K_SOURCE_PATH), *to = phx_jget(n, PHX_K_TARGET_PATH);
	struct phx_str kind = PHX_STR("nfs"), host, dir, inside;
	struct phx_block *b;

	if (type && phx_jtext(c, type, &kind) && !phx_str_eqc(kind, "nfs")) {
		phx_jfate(n, PHX_FATE_METADATA, "only volumes of type `nfs` were ever mounted");
		return;
	}
	if (!server || !path || !to) {
		missing(c, n, !server ? "server" : !path ? "path" : "mount_point");
		return;
	}
	if (!phx_jtext(c, server, &host) || !phx_jtext(c, path, &dir) || !phx_jtext(c, to, &inside))
		return;
	b = phx_jblock(c, c->body, "nfs", inside, to);
	host = phx_str_printf(c->m->arena, PHX_STR_FMT ":" PHX_STR_FMT, PHX_STR_ARG(host), PHX_STR_ARG(dir));
	phx_jput(c, b, "source", phx_value_str(host, phx_jspan(c->g->file, path)), path);
}

static void vm_volumes(struct phx_jctx *c)
{
	struct phx_jnode *list = c->at[PHX_K_VOLUMES];
	uint32_t n = phx_jobjects(c, list);

	for (uint32_t i = 0; i < n; i++) {
		struct phx_jnode *one = phx_jobject(c, list, i);

		if (one)
			nfs(c, one);
	}
}

void phx_jmounts(struct phx_jctx *c)
{
	static const enum phx_key keys[] = {PHX_K_MOUNTS, PHX_K_VOLUMES, PHX_K_ZFS_VOLUMES};

	if (c->g->kind == PHX_KIND_VM) {
		vm_volumes(c);
		return;
	}
	for (size_t k = 0; k < PHX_COUNTOF(keys); k++) {
		struct phx_jnode *list = c->at[keys[k]];
		uint32_t n = phx_jobjects(c, list);

		for (uint32_t i = 0; i < n; i++) {
			struct phx_jnode *one = phx_jobject(c, list, i);

			if (one && keys[k] == PHX_K_MOUNTS)
				bind_mount(c, one);
			else if (one)
				volume(c, one);
		}
	}
}
