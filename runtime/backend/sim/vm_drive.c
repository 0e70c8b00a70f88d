/* Making the drives of VMs: allocation, import, cloud-init and EFI disks, attaching what exists. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/vm.h"
#include "model/normalise.h"

#define GIB            ((double)((uint64_t)1 << 30))
#define EFI_SIZE       ((uint64_t)528 << 10)
#define TPM_SIZE       ((uint64_t)4 << 20)
#define CLOUDINIT_SIZE ((uint64_t)4 << 20)

static bool storage_known(struct phx_sim_request *r, const char *storage)
{
	json_t *st = phx_sim_storage(r->sim, storage);

	if (st == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", storage);
		return false;
	}
	if (!phx_sim_storage_on(st, phx_sim_node(r))) {
		phx_sim_fail(r, 500, "storage '%s' is not available on node '%s'", storage, phx_sim_node(r));
		return false;
	}
	return true;
}

/* For the small cloud-init drive nobody's right to the storage is asked. */
static bool new_disk_allowed(struct phx_sim_request *r, const char *storage, bool cloudinit)
{
	if (!storage_known(r, storage))
		return false;
	if (!cloudinit &&
	    !phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace"))
		return false;
	if (phx_sim_storage_holds(phx_sim_storage(r->sim, storage), "images"))
		return true;
	phx_sim_fail(r, 500, "storage '%s' does not support content-type 'images'", storage);
	return false;
}

static bool import_allowed(struct phx_sim_request *r, const char *key, const char *source, double gib,
			   const char *volume)
{
	const char *storage;

	if (gib != 0 || phx_sim_volid_storage(&r->arena, volume) == NULL) {
		phx_sim_fail_param(
			r, key,
			"'import-from' requires special syntax - use <storage ID>:0,import-from=<source>");
		return false;
	}
	if (source[0] == '/') {
		if (!r->who.root)
			phx_sim_fail(r, 500,
				     "Only root can pass arbitrary filesystem paths. at "
				     "/usr/share/perl5/PVE/Storage.pm line 569.");
		return r->who.root;
	}
	storage = phx_sim_volid_storage(&r->arena, source);
	return storage == NULL || storage_known(r, storage);
}

bool phx_sim_vm_drive_allowed(struct phx_sim_request *r, int64_t vmid, const char *key, const char *text)
{
	struct phx_sim_drive d;
	const char *storage, *import;
	double gib = 0;

	if (!phx_sim_bridge_allowed(r, "qemu", key, text))
		return false;
	if (!phx_sim_drive_parse(r->sim, &r->arena, "qemu", key, text, &d))
		return true;
	import = phx_sim_drive_get(&r->arena, &d, "import-from");
	if (phx_sim_drive_new_disk(&r->arena, d.volume, &storage, &gib)) {
		if (import != NULL && !import_allowed(r, key, import, gib, d.volume))
			return false;
		return new_disk_allowed(r, storage, phx_sim_drive_is_cloudinit(&d));
	}
	if (strcmp(d.volume, "none") == 0 || strcmp(d.volume, "cdrom") == 0)
		return true;
	if (d.volume[0] == '/') {
		if (!r->who.root)
			phx_sim_fail(r, 500,
				     "Only root can pass arbitrary filesystem paths. at "
				     "/usr/share/perl5/PVE/Storage.pm line 569.");
		return r->who.root;
	}
	storage = phx_sim_volid_storage(&r->arena, d.volume);
	if (storage == NULL || !storage_known(r, storage))
		return false;
	if (phx_sim_volid_owner(d.volume) == vmid ||
	    phx_sim_may(r, phx_sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.Audit"))
		return true;
	return phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace");
}

static uint64_t virtual_size(const json_t *vol)
{
	return (uint64_t)phx_json_int(vol, "virtual", (int64_t)phx_sim_vol_size(vol));
}

int64_t phx_sim_vm_drive_time(struct phx_sim *s, const char *node, const char *key, const char *text)
{
	struct phx_arena a = {0};
	struct phx_sim_drive d;
	int64_t t = 0;

	if (phx_sim_drive_parse(s, &a, "qemu", key, text, &d)) {
		const char *import = phx_sim_drive_get(&a, &d, "import-from"), *storage;
		double gib;

		if (import != NULL)
			t += phx_sim_duration_bytes(s, PHX_SIM_D_COPY_GIB,
						    virtual_size(phx_sim_vol(s, node, import)));
		if (phx_sim_drive_new_disk(&a, d.volume, &storage, &gib))
			t += phx_sim_duration(s, PHX_SIM_D_CREATE);
	}
	phx_arena_done(&a);
	return t;
}

void phx_sim_vm_log_format(struct phx_sim_worker *w, const char *node, const char *volid, uint64_t size)
{
	json_t *st = phx_sim_storage(w->sim, phx_sim_volid_storage(&w->arena, volid)),
	       *vol = phx_sim_vol(w->sim, node, volid);
	const char *format = phx_sim_so(vol, "format", "raw"), *base = phx_sim_s(vol, "base");
	const char *path = phx_sim_storage_path(&w->arena, st, phx_sim_volid_name(volid));

	if (!phx_sim_storage_is_file(st))
		return;
	if (strcmp(format, "qcow2") == 0 && base != NULL)
		phx_sim_task_log(w,
				 "Formatting '%s', fmt=qcow2 cluster_size=65536 extended_l2=off "
				 "compression_type=zlib size=%llu "
				 "backing_file=../%s backing_fmt=qcow2 lazy_refcounts=off refcount_bits=16",
				 path, (unsigned long long)size, phx_sim_volid_name(base));
	else if (strcmp(format, "qcow2") == 0)
		phx_sim_task_log(w,
				 "Formatting '%s', fmt=qcow2 cluster_size=65536 extended_l2=off "
				 "preallocation=metadata "
				 "compression_type=zlib size=%llu lazy_refcounts=off refcount_bits=16",
				 path, (unsigned long long)size);
	else
		phx_sim_task_log(w, "Formatting '%s', fmt=%s size=%llu preallocation=off", path, format,
				 (unsigned long long)size);
}

static void log_format(struct phx_sim_vm_make *m, const char *volid, uint64_t size)
{
	if (m->w != NULL)
		phx_sim_vm_log_format(m->w, m->node, volid, size);
}

static const char *default_format(struct phx_sim *s, const char *storage, const char *format,
				  const char *otherwise)
{
	if (!phx_sim_storage_is_file(phx_sim_storage(s, storage)) ||
	    strcmp(phx_sim_so(phx_sim_storage(s, storage), "type", ""), "btrfs") == 0)
		return "raw";
	return format != NULL ? format : otherwise;
}

static const char *finish_drive(struct phx_sim_vm_make *m, struct phx_sim_drive *d, const char *volid,
				uint64_t size)
{
	phx_sim_drive_set_volume(m->a, d, volid);
	phx_sim_drive_set(m->a, d, "format", NULL);
	phx_sim_drive_set(m->a, d, "import-from", NULL);
	phx_sim_drive_set_size(m->a, d, size);
	return phx_sim_drive_print(m->a, d);
}

static const char *make_import(struct phx_sim_vm_make *m, struct phx_sim_drive *d, const char *storage,
			       const char *source)
{
	json_t *from = phx_sim_vol(m->sim, m->node, source);
	struct phx_sim_vol_request q = {.storage = storage, .node = m->node, .vmid = m->vmid};
	const char *volid, *wish = phx_sim_drive_get(m->a, d, "format");

	if (from == NULL) {
		json_t *st = phx_sim_volid_storage(m->a, source) != NULL
				     ? phx_sim_storage(m->sim, phx_sim_volid_storage(m->a, source))
				     : NULL;

		if (st != NULL && phx_sim_volid_owner(source) > 0)
			phx_buf_printf(m->why, "volume '%s' does not exist", source);
		else
			phx_buf_printf(m->why, "failed to stat '%s'",
				       st != NULL ? phx_sim_storage_path(m->a, st, phx_sim_volid_name(source))
						  : source);
		return NULL;
	}
	if (m->w != NULL)
		phx_sim_task_log(m->w, "create full clone of drive (%s)", source);
	q.format = default_format(m->sim, storage, wish, "qcow2");
	q.size = virtual_size(from);
	q.used = phx_sim_vol_size(from) < q.size ? phx_sim_vol_size(from) : q.size;
	q.os = json_object_get(from, "os");
	volid = phx_sim_vol_make(m->sim, m->a, &q, m->why);
	if (volid == NULL)
		return NULL;
	log_format(m, volid, q.size);
	if (m->w != NULL) {
		struct phx_buf size = {0};

		phx_buf_printf(&size, "%.1f GiB", (double)q.size / GIB);
		phx_sim_task_log(m->w, "transferred 0.0 B of %s (0.00%%)", size.ptr);
		phx_sim_task_log(m->w, "transferred %s of %s (100.00%%)", size.ptr, size.ptr);
		phx_buf_done(&size);
	}
	return finish_drive(m, d, volid, q.size);
}

static const char *make_new(struct phx_sim_vm_make *m, struct phx_sim_drive *d, const char *storage,
			    double gib)
{
	bool cloudinit = strcmp(phx_sim_volid_name(d->volume), "cloudinit") == 0;
	struct phx_sim_vol_request q = {.storage = storage, .node = m->node, .vmid = m->vmid};
	const char *wish = phx_sim_drive_get(m->a, d, "format"), *volid;

	q.size = (uint64_t)llround(gib * 1024 * 1024) << 10;
	if (strcmp(d->key, "efidisk0") == 0)
		q.size = EFI_SIZE;
	if (strcmp(d->key, "tpmstate0") == 0)
		q.size = TPM_SIZE;
	if (cloudinit) {
		q.size = CLOUDINIT_SIZE;
		q.name = "cloudinit";
		wish = wish != NULL ? wish : "qcow2";
		if (phx_sim_storage_is_file(phx_sim_storage(m->sim, storage)) &&
		    phx_sim_vol(m->sim, m->node,
				phx_sim_fmt(m->a, "%s:%lld/vm-%lld-cloudinit.%s", storage, (long long)m->vmid,
					    (long long)m->vmid, wish)))
			(void)phx_sim_vol_free(m->sim, m->node,
					       phx_sim_fmt(m->a, "%s:%lld/vm-%lld-cloudinit.%s", storage,
							   (long long)m->vmid, (long long)m->vmid, wish),
					       m->why);
	}
	q.format = default_format(m->sim, storage, wish, "raw");
	q.used = strcmp(q.format, "raw") == 0 ? 4096 : 196608;
	volid = phx_sim_vol_make(m->sim, m->a, &q, m->why);
	if (volid == NULL)
		return NULL;
	log_format(m, volid, q.size);
	if (cloudinit) {
		phx_sim_drive_set_volume(m->a, d, volid);
		phx_sim_drive_set(m->a, d, "format", NULL);
		phx_sim_drive_set(m->a, d, "media", "cdrom");
		if (m->w != NULL)
			phx_sim_task_log(m->w, "%s: successfully created disk '%s'", d->key,
					 phx_sim_drive_print(m->a, d));
		return phx_sim_drive_print(m->a, d);
	}
	(void)finish_drive(m, d, volid, q.size);
	if (m->w != NULL)
		phx_sim_task_log(m->w, "%s: successfully created disk '%s'", d->key,
				 phx_sim_drive_print(m->a, d));
	return phx_sim_drive_print(m->a, d);
}

static const char *attach(struct phx_sim_vm_make *m, struct phx_sim_drive *d)
{
	json_t *vol = phx_sim_vol(m->sim, m->node, d->volume);

	if (d->volume[0] == '/' || strcmp(d->volume, "none") == 0 || strcmp(d->volume, "cdrom") == 0)
		return phx_sim_drive_print(m->a, d);
	if (vol == NULL) {
		phx_buf_printf(m->why, "volume '%s' does not exist", d->volume);
		return NULL;
	}
	phx_sim_drive_set(m->a, d, "format", NULL);
	if (!phx_sim_drive_is_cdrom(m->a, d))
		phx_sim_drive_set_size(m->a, d, phx_sim_vol_size(vol));
	else if (!phx_sim_drive_is_cloudinit(d))
		phx_sim_drive_set_size(m->a, d, phx_sim_vol_size(vol));
	return phx_sim_drive_print(m->a, d);
}

const char *phx_sim_vm_make_drive(struct phx_sim_vm_make *m, const char *key, const char *text)
{
	struct phx_sim_drive d;
	const char *storage, *import;
	double gib;

	phx_buf_clear(m->why);
	if (!phx_sim_drive_parse(m->sim, m->a, "qemu", key, text, &d))
		return text;
	import = phx_sim_drive_get(m->a, &d, "import-from");
	if (!phx_sim_drive_new_disk(m->a, d.volume, &storage, &gib))
		return attach(m, &d);
	if (import != NULL)
		return make_import(m, &d, storage, import);
	return make_new(m, &d, storage, gib);
}
