/* Who may set which option of a container, mounts, and how values are stored. */
#include <math.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "model/access.h"
#include "model/normalise.h"

bool phx_sim_ct_is_mount(const char *key)
{
	return strcmp(key, "rootfs") == 0 || phx_sim_starts(key, "mp");
}

static bool privileged_option(struct phx_sim_request *r, int64_t vmid, const char *key, const char *value,
			      bool creates)
{
	const struct phx_option *o = phx_sim_guest_option(r->sim, "lxc", key);
	const char *pool = phx_sim_p(r, "pool");
	struct phx_access_guest g = {.creates = creates};
	struct phx_needs needs = {0};

	if (o == NULL)
		return true;
	g.path = phx_str_printf(&r->arena, "/vms/%lld", (long long)vmid);
	if (creates && pool != NULL)
		g.pool = phx_str_printf(&r->arena, "/pool/%s", pool);
	phx_access_of_option(&r->arena, o, phx_str_c(value), &g, &needs);
	return phx_sim_needs(r, &needs);
}

static bool only_nesting(const char *features)
{
	struct phx_str rest = phx_str_c(features), one, key;

	while (phx_str_cut(&rest, ',', &one)) {
		(void)phx_str_cut(&one, '=', &key);
		if (key.len > 0 && !phx_str_eqc(key, "nesting"))
			return false;
	}
	return true;
}

bool phx_sim_ct_may_set(struct phx_sim_request *r, int64_t vmid, bool unprivileged, const char *key,
			const char *value, bool creates)
{
	struct phx_sim_drive d;

	if (r->who.root)
		return true;
	if (strcmp(key, "features") == 0 && value != NULL) {
		if (!unprivileged) {
			phx_sim_forbid(r,
				       "changing feature flags for privileged container is only allowed for "
				       "root@pam");
			return false;
		}
		if (!only_nesting(value)) {
			phx_sim_forbid(
				r, "changing feature flags (except nesting) is only allowed for root@pam");
			return false;
		}
	}
	if (strcmp(key, "hookscript") == 0) {
		phx_sim_forbid(r, "changing the hookscript is only allowed for root@pam");
		return false;
	}
	if (phx_sim_starts(key, "dev") && strcmp(key, "description") != 0) {
		phx_sim_forbid(r, "configuring device passthrough is only allowed for root@pam");
		return false;
	}
	if (phx_sim_ct_is_mount(key) && value != NULL &&
	    phx_sim_drive_parse(r->sim, &r->arena, "lxc", key, value, &d) && d.volume[0] == '/') {
		phx_sim_forbid(r, "mount point type %s is only allowed for root@pam",
			       phx_sim_starts(d.volume, "/dev/") ? "device" : "bind");
		return false;
	}
	return privileged_option(r, vmid, key, value, creates);
}

bool phx_sim_ct_mount_allowed(struct phx_sim_request *r, const char *key, const char *text)
{
	const char *storage;
	struct phx_sim_drive d;
	json_t *st;
	double gib;

	if (!phx_sim_bridge_allowed(r, "lxc", key, text))
		return false;
	if (!phx_sim_ct_is_mount(key) || !phx_sim_drive_parse(r->sim, &r->arena, "lxc", key, text, &d) ||
	    d.volume[0] == '/')
		return true;
	storage = phx_sim_volid_storage(&r->arena, d.volume);
	if (storage == NULL)
		return true;
	st = phx_sim_storage(r->sim, storage);
	if (st == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", storage);
		return false;
	}
	if (!phx_sim_storage_on(st, phx_sim_node(r))) {
		phx_sim_fail(r, 500, "storage '%s' is not available on node '%s'", storage, phx_sim_node(r));
		return false;
	}
	if (phx_sim_drive_new_disk(&r->arena, d.volume, &storage, &gib)) {
		if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage),
				  "Datastore.AllocateSpace"))
			return false;
		if (!phx_sim_storage_holds(st, "rootdir")) {
			phx_sim_fail(r, 500, "storage '%s' does not support content-type 'rootdir'", storage);
			return false;
		}
	}
	return true;
}

static void log_mkfs(struct phx_sim_vm_make *m, const char *volid, uint64_t size)
{
	json_t *st = phx_sim_storage(m->sim, phx_sim_volid_storage(m->a, volid));

	if (m->w == NULL)
		return;
	if (phx_sim_storage_is_file(st) && strcmp(phx_sim_so(st, "type", ""), "btrfs") != 0)
		phx_sim_task_log(m->w, "Formatting '%s', fmt=raw size=%llu preallocation=off",
				 phx_sim_storage_path(m->a, st, phx_sim_volid_name(volid)),
				 (unsigned long long)size);
	phx_sim_task_log(m->w, "Creating filesystem with %llu 4k blocks and %llu inodes",
			 (unsigned long long)(size / 4096), (unsigned long long)(size / 16384));
}

const char *phx_sim_ct_make_mount(struct phx_sim_vm_make *m, const char *key, const char *text,
				  const json_t *os)
{
	struct phx_sim_vol_request q = {
		.node = m->node, .vmid = m->vmid, .format = "raw", .used = 4096, .os = os};
	struct phx_sim_drive d;
	const char *volid;
	json_t *vol;
	double gib;

	phx_buf_clear(m->why);
	if (!phx_sim_drive_parse(m->sim, m->a, "lxc", key, text, &d) || d.volume[0] == '/')
		return text;
	if (!phx_sim_drive_new_disk(m->a, d.volume, &q.storage, &gib)) {
		vol = phx_sim_vol(m->sim, m->node, d.volume);
		if (vol == NULL) {
			phx_buf_printf(m->why, "volume '%s' does not exist", d.volume);
			return NULL;
		}
		phx_sim_drive_set_size(m->a, &d, phx_sim_vol_size(vol));
		return phx_sim_drive_print(m->a, &d);
	}
	q.size = (uint64_t)llround(gib * 1024 * 1024) << 10;
	/* A size of nothing is a plain directory (397); ZFS has datasets for containers. */
	q.subvol = q.size == 0 ||
		   strcmp(phx_sim_so(phx_sim_storage(m->sim, q.storage), "type", ""), "zfspool") == 0;
	volid = phx_sim_vol_make(m->sim, m->a, &q, m->why);
	if (volid == NULL)
		return NULL;
	if (!q.subvol)
		log_mkfs(m, volid, q.size);
	phx_sim_drive_set_volume(m->a, &d, volid);
	phx_sim_drive_set_size(m->a, &d, q.size);
	return phx_sim_drive_print(m->a, &d);
}

/* Notes are comment lines of the file. Empty ones at the end are not written, all others are as they came; the line end of the last
 * one is the answer's, not the file's. */
const char *phx_sim_ct_notes(struct phx_arena *a, const char *text)
{
	struct phx_str notes = phx_str_c(text);

	while (notes.len > 0 && notes.ptr[notes.len - 1] == '\n')
		notes.len--;
	return phx_str_dup(a, notes).ptr;
}

const char *phx_sim_ct_stored(struct phx_sim *s, struct phx_arena *a, const char *key, const char *text,
			      bool create)
{
	const struct phx_option *o = phx_sim_guest_option(s, "lxc", key);
	struct phx_buf b = {0};
	const char *out;

	if (phx_sim_starts(key, "net"))
		text = phx_sim_vm_net(s, a, "lxc", key, text);
	if (o == NULL || phx_sim_ct_is_mount(key))
		return text;
	if (strcmp(key, "description") == 0)
		return phx_sim_ct_notes(a, text);
	phx_option_stored(PHX_OPTIONS_CONTAINER, o, phx_str_c(text), create, &b);
	out = phx_sim_fmt(a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}
