/* …/qemu/{vmid}: resize, move_disk, feature, template. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/vm.h"
#include "model/normalise.h"

/* "+1G" or "3G" → the new size; false: not a size. */
bool phx_sim_new_size(const char *text, uint64_t now, uint64_t *out)
{
	bool relative = text[0] == '+';
	uint64_t n;

	if (!phx_disk_size_parse(phx_str_c(text + relative), &n))
		return false;
	*out = relative ? now + n : n;
	return true;
}

static void resize(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g == NULL)
		return;
	if (!phx_sim_digest_fits(r, phx_sim_guest_digest(&r->arena, g),
				 "checksum mismatch (file change by other user?)"))
		return;
	phx_sim_task_answer(r, &phx_sim_job_qmresize, "resize", phx_sim_guest_id(g),
			    json_pack("{s:I, s:s, s:s}", "vmid", (json_int_t)phx_sim_guest_id(g), "disk",
				      phx_sim_p(r, "disk"), "size", phx_sim_p(r, "size")));
}

static int64_t resize_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, true);
	const char *disk = phx_sim_so(w->ctx, "disk", "");
	json_t *g = phx_sim_guest(w->sim, vmid), *vol;
	struct phx_sim_drive d;
	uint64_t size;

	if (got != PHX_SIM_LOCK_HELD)
		return got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (g == NULL)
		return phx_sim_task_fail(w,
					 "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
					 w->node, (long long)vmid);
	if (phx_sim_conf_get(g, "lock") != NULL)
		return phx_sim_task_locked(w, g);
	if (!phx_sim_drive_parse(w->sim, &w->arena, "qemu", disk, phx_sim_conf_get(g, disk), &d))
		return phx_sim_task_fail(w, "disk '%s' does not exist", disk);
	vol = phx_sim_vol(w->sim, w->node, d.volume);
	if (vol == NULL)
		return phx_sim_task_fail(w, "volume '%s' does not exist", d.volume);
	if (phx_sim_drive_is_cdrom(&w->arena, &d))
		return phx_sim_task_fail(w, "you can't resize a cdrom");
	if (!phx_sim_new_size(phx_sim_so(w->ctx, "size", ""), phx_sim_vol_size(vol), &size) ||
	    size < phx_sim_vol_size(vol))
		return phx_sim_task_fail(w, "shrinking disks is not supported");
	if (size == phx_sim_vol_size(vol))
		return PHX_SIM_DONE;
	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_RESIZE);
	phx_sim_vol_grow(w->sim, vol, size);
	phx_sim_drive_set_size(&w->arena, &d, size);
	phx_sim_conf_set(w->sim, g, disk, phx_sim_drive_print(&w->arena, &d));
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmresize = {.name = "qmresize", .step = resize_step};

/* ---- move ---- */

static void reassign(struct phx_sim_request *r, json_t *g, const char *disk)
{
	int64_t to = phx_sim_pi(r, "target-vmid", 0), vmid = phx_sim_guest_id(g);
	const char *slot = phx_sim_p(r, "target-disk") != NULL ? phx_sim_p(r, "target-disk") : disk;
	json_t *target = phx_sim_guest(r->sim, to);

	if (target == NULL || !phx_sim_guest_is_vm(target)) {
		phx_sim_fail(r, 500, "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
			     phx_sim_node(r), (long long)to);
		return;
	}
	if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/vms/%lld", (long long)to), "VM.Config.Disk"))
		return;
	if (phx_sim_conf_get(target, slot) != NULL) {
		phx_sim_fail(r, 500, "Target disk key '%s' is already in use for VM '%lld'", slot,
			     (long long)to);
		return;
	}
	if (!phx_sim_guest_unlocked(r, g) || !phx_sim_guest_unlocked(r, target))
		return;
	phx_sim_ok(r, json_string(phx_sim_task_start(r, &phx_sim_job_qmreassign, "qmmove",
						     phx_sim_fmt(&r->arena, "%lld-%s>%lld-%s",
								 (long long)vmid, disk, (long long)to, slot),
						     json_pack("{s:I, s:I, s:s, s:s}", "vmid",
							       (json_int_t)vmid, "to", (json_int_t)to, "disk",
							       disk, "slot", slot))));
}

static int64_t reassign_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)),
	       *to = phx_sim_guest(w->sim, phx_json_int(w->ctx, "to", 0));
	const char *disk = phx_sim_so(w->ctx, "disk", ""), *slot = phx_sim_so(w->ctx, "slot", "");
	struct phx_sim_drive d, now;
	const char *volid;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK);
	if (g == NULL || to == NULL ||
	    !phx_sim_drive_parse(w->sim, &w->arena, "qemu", disk, phx_sim_conf_get(g, disk), &d))
		return phx_sim_task_fail(w, "disk '%s' does not exist", disk);
	volid = phx_sim_vol_rename(w->sim, &w->arena, w->node, d.volume, phx_sim_guest_id(to), "vm");
	phx_sim_conf_set(w->sim, g, disk, NULL);
	if (phx_sim_drive_parse(w->sim, &w->arena, "qemu", slot, volid, &now)) {
		if (!phx_sim_starts(slot, "unused"))
			phx_sim_drive_set_size(&w->arena, &now,
					       phx_sim_vol_size(phx_sim_vol(w->sim, w->node, volid)));
		phx_sim_conf_set(w->sim, to, slot, phx_sim_drive_print(&w->arena, &now));
	}
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmreassign = {.name = "qmreassign", .step = reassign_step};

static const char *target_format(struct phx_sim_request *r, const char *storage, const json_t *vol)
{
	if (!phx_sim_storage_is_file(phx_sim_storage(r->sim, storage)))
		return "raw";
	return phx_sim_p(r, "format") != NULL ? phx_sim_p(r, "format") : phx_sim_so(vol, "format", "raw");
}

static void move_disk(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *vol;
	const char *disk = phx_sim_p(r, "disk"), *storage = phx_sim_p(r, "storage"), *format;
	struct phx_sim_drive d;

	if (g == NULL)
		return;
	if (phx_sim_p(r, "target-vmid") != NULL || phx_sim_pi(r, "target-vmid", 0) > 0) {
		reassign(r, g, disk);
		return;
	}
	if (storage == NULL) {
		phx_sim_fail(r, 500, "either target storage or target VM required");
		return;
	}
	if (phx_sim_storage(r->sim, storage) == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", storage);
		return;
	}
	if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace") ||
	    !phx_sim_guest_unlocked(r, g))
		return;
	if (!phx_sim_drive_parse(r->sim, &r->arena, "qemu", disk, phx_sim_conf_get(g, disk), &d)) {
		phx_sim_fail(r, 500, "disk '%s' does not exist", disk);
		return;
	}
	if (phx_sim_drive_is_cdrom(&r->arena, &d) && !phx_sim_drive_is_cloudinit(&d)) {
		phx_sim_fail(r, 500, "you can't move a cdrom");
		return;
	}
	vol = phx_sim_vol(r->sim, phx_sim_node(r), d.volume);
	format = target_format(r, storage, vol);
	if (strcmp(storage, phx_sim_so(vol, "storage", "")) == 0 &&
	    strcmp(format, phx_sim_so(vol, "format", "raw")) == 0) {
		phx_sim_fail(r, 500, "you can't move to the same storage with same format");
		return;
	}
	phx_sim_task_answer(r, &phx_sim_job_qmmove, "qmmove", phx_sim_guest_id(g),
			    json_pack("{s:I, s:s, s:s, s:s, s:b}", "vmid", (json_int_t)phx_sim_guest_id(g),
				      "disk", disk, "storage", storage, "format", format, "delete",
				      phx_sim_pb(r, "delete", false)));
}

static int64_t move_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, true);
	json_t *g = phx_sim_guest(w->sim, vmid), *vol;
	const char *disk = phx_sim_so(w->ctx, "disk", ""), *old, *made, *slot;
	struct phx_sim_vol_request q = {.storage = phx_sim_so(w->ctx, "storage", ""),
					.node = w->node,
					.vmid = vmid,
					.format = phx_sim_so(w->ctx, "format", "raw")};
	struct phx_buf why = {0};
	struct phx_sim_drive d;

	if (got != PHX_SIM_LOCK_HELD)
		return got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (g == NULL ||
	    !phx_sim_drive_parse(w->sim, &w->arena, "qemu", disk, phx_sim_conf_get(g, disk), &d) ||
	    (vol = phx_sim_vol(w->sim, w->node, d.volume)) == NULL)
		return phx_sim_task_fail(w, "storage migration failed: disk '%s' does not exist", disk);
	q.size = phx_sim_vol_size(vol);
	if (w->step == 0)
		return phx_sim_duration_bytes(w->sim, PHX_SIM_D_COPY_GIB, q.size);
	q.used = (uint64_t)phx_json_int(vol, "used", 0);
	q.os = json_object_get(vol, "os");
	q.name = phx_sim_drive_is_cloudinit(&d) ? "cloudinit" : NULL;
	phx_sim_task_log(w, "create full clone of drive %s (%s)", disk, d.volume);
	old = d.volume;
	made = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	if (made == NULL)
		(void)phx_sim_task_fail(w, "storage migration failed: %s", why.ptr);
	if (made != NULL) {
		phx_sim_drive_set_volume(&w->arena, &d, made);
		phx_sim_conf_set(w->sim, g, disk, phx_sim_drive_print(&w->arena, &d));
		if (!phx_json_bool(w->ctx, "delete", false) ||
		    !phx_sim_vol_free(w->sim, w->node, old, &why)) {
			slot = phx_sim_unused_slot(&w->arena, phx_sim_conf(g));
			phx_sim_conf_set(w->sim, g, slot, old);
		}
	}
	phx_buf_done(&why);
	return made != NULL ? PHX_SIM_DONE : PHX_SIM_FAILED;
}

const struct phx_sim_job phx_sim_job_qmmove = {.name = "qmmove", .step = move_step};

/* ---- feature ---- */

bool phx_sim_guest_feature(struct phx_sim *s, json_t *g, const char *feature)
{
	struct phx_arena a = {0};
	bool has = true;
	const char *key;
	json_t *v;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		struct phx_sim_drive d;
		json_t *vol;

		if (!phx_sim_is_drive(s, phx_sim_guest_kind(g), key, false) ||
		    !phx_sim_drive_parse(s, &a, phx_sim_guest_kind(g), key, json_string_value(v), &d) ||
		    phx_sim_drive_is_cdrom(&a, &d))
			continue;
		vol = phx_sim_vol(s, phx_sim_guest_node(g), d.volume);
		if (vol == NULL ||
		    (strcmp(feature, "snapshot") == 0 &&
		     !phx_sim_vol_can_snapshot(phx_sim_storage(s, phx_sim_so(vol, "storage", "")), vol)))
			has = false;
	}
	phx_arena_done(&a);
	return has;
}

static void feature(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL)
		phx_sim_ok(r, json_pack("{s:i, s:[s]}", "hasFeature",
					phx_sim_guest_feature(r->sim, g, phx_sim_p(r, "feature")), "nodes",
					phx_sim_node(r)));
}

const struct phx_sim_route phx_sim_routes_qemu_disk[] = {
	{"PUT", "/nodes/{node}/qemu/{vmid}/resize", resize},
	{"POST", "/nodes/{node}/qemu/{vmid}/move_disk", move_disk},
	{"GET", "/nodes/{node}/qemu/{vmid}/feature", feature},
	{"POST", "/nodes/{node}/qemu/{vmid}/template", phx_sim_vm_template},
	{0}};
