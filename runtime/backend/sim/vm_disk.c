/* …/qemu/{vmid}: resize, move_disk, feature, template. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/vm.h"
#include "model/normalise.h"

/* "+1G" or "3G" → the new size; false: not a size. */
bool sim_new_size(const char *text, uint64_t now, uint64_t *out)
{
	bool relative = text[0] == '+';
	uint64_t n;

	if (!phx_disk_size_parse(phx_str_c(text + relative), &n))
		return false;
	*out = relative ? now + n : n;
	return true;
}

static void resize(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");

	if (g == NULL)
		return;
	if (!sim_digest_fits(r, sim_guest_digest(&r->arena, g),
			     "checksum mismatch (file change by other user?)"))
		return;
	sim_task_answer(r, &sim_job_qmresize, "resize", sim_guest_id(g),
			json_pack("{s:I, s:s, s:s}", "vmid", (json_int_t)sim_guest_id(g), "disk",
				  sim_p(r, "disk"), "size", sim_p(r, "size")));
}

static sim_time resize_step(struct sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum sim_lock_result got = sim_task_lock(w, vmid, true);
	const char *disk = sim_so(w->ctx, "disk", "");
	json_t *g = sim_guest(w->sim, vmid), *vol;
	struct sim_drive d;
	uint64_t size;

	if (got != SIM_LOCK_HELD)
		return got == SIM_LOCK_WAIT ? SIM_BLOCKED : SIM_FAILED;
	if (g == NULL)
		return sim_task_fail(w, "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
				     w->node, (long long)vmid);
	if (sim_conf_get(g, "lock") != NULL)
		return sim_task_locked(w, g);
	if (!sim_drive_parse(w->sim, &w->arena, "qemu", disk, sim_conf_get(g, disk), &d))
		return sim_task_fail(w, "disk '%s' does not exist", disk);
	vol = sim_vol(w->sim, w->node, d.volume);
	if (vol == NULL)
		return sim_task_fail(w, "volume '%s' does not exist", d.volume);
	if (sim_drive_is_cdrom(&w->arena, &d))
		return sim_task_fail(w, "you can't resize a cdrom");
	if (!sim_new_size(sim_so(w->ctx, "size", ""), sim_vol_size(vol), &size) || size < sim_vol_size(vol))
		return sim_task_fail(w, "shrinking disks is not supported");
	if (size == sim_vol_size(vol))
		return SIM_DONE;
	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_RESIZE);
	sim_vol_grow(w->sim, vol, size);
	sim_drive_set_size(&w->arena, &d, size);
	sim_conf_set(w->sim, g, disk, sim_drive_print(&w->arena, &d));
	return SIM_DONE;
}

const struct sim_job sim_job_qmresize = {.name = "qmresize", .step = resize_step};

/* ---- move ---- */

static void reassign(struct sim_request *r, json_t *g, const char *disk)
{
	int64_t to = sim_pi(r, "target-vmid", 0), vmid = sim_guest_id(g);
	const char *slot = sim_p(r, "target-disk") != NULL ? sim_p(r, "target-disk") : disk;
	json_t *target = sim_guest(r->sim, to);

	if (target == NULL || !sim_guest_is_vm(target)) {
		sim_fail(r, 500, "Configuration file 'nodes/%s/qemu-server/%lld.conf' does not exist",
			 sim_node(r), (long long)to);
		return;
	}
	if (!sim_need(r, sim_fmt(&r->arena, "/vms/%lld", (long long)to), "VM.Config.Disk"))
		return;
	if (sim_conf_get(target, slot) != NULL) {
		sim_fail(r, 500, "Target disk key '%s' is already in use for VM '%lld'", slot, (long long)to);
		return;
	}
	if (!sim_guest_unlocked(r, g) || !sim_guest_unlocked(r, target))
		return;
	sim_ok(r, json_string(sim_task_start(
			  r, &sim_job_qmreassign, "qmmove",
			  sim_fmt(&r->arena, "%lld-%s>%lld-%s", (long long)vmid, disk, (long long)to, slot),
			  json_pack("{s:I, s:I, s:s, s:s}", "vmid", (json_int_t)vmid, "to", (json_int_t)to,
				    "disk", disk, "slot", slot))));
}

static sim_time reassign_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)),
	       *to = sim_guest(w->sim, phx_json_int(w->ctx, "to", 0));
	const char *disk = sim_so(w->ctx, "disk", ""), *slot = sim_so(w->ctx, "slot", "");
	struct sim_drive d, now;
	const char *volid;

	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_FORK);
	if (g == NULL || to == NULL ||
	    !sim_drive_parse(w->sim, &w->arena, "qemu", disk, sim_conf_get(g, disk), &d))
		return sim_task_fail(w, "disk '%s' does not exist", disk);
	volid = sim_vol_rename(w->sim, &w->arena, w->node, d.volume, sim_guest_id(to), "vm");
	sim_conf_set(w->sim, g, disk, NULL);
	if (sim_drive_parse(w->sim, &w->arena, "qemu", slot, volid, &now)) {
		if (!sim_starts(slot, "unused"))
			sim_drive_set_size(&w->arena, &now, sim_vol_size(sim_vol(w->sim, w->node, volid)));
		sim_conf_set(w->sim, to, slot, sim_drive_print(&w->arena, &now));
	}
	return SIM_DONE;
}

const struct sim_job sim_job_qmreassign = {.name = "qmreassign", .step = reassign_step};

static const char *target_format(struct sim_request *r, const char *storage, const json_t *vol)
{
	if (!sim_storage_is_file(sim_storage(r->sim, storage)))
		return "raw";
	return sim_p(r, "format") != NULL ? sim_p(r, "format") : sim_so(vol, "format", "raw");
}

static void move_disk(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu"), *vol;
	const char *disk = sim_p(r, "disk"), *storage = sim_p(r, "storage"), *format;
	struct sim_drive d;

	if (g == NULL)
		return;
	if (sim_p(r, "target-vmid") != NULL || sim_pi(r, "target-vmid", 0) > 0) {
		reassign(r, g, disk);
		return;
	}
	if (storage == NULL) {
		sim_fail(r, 500, "either target storage or target VM required");
		return;
	}
	if (sim_storage(r->sim, storage) == NULL) {
		sim_fail(r, 500, "storage '%s' does not exist", storage);
		return;
	}
	if (!sim_need(r, sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace") ||
	    !sim_guest_unlocked(r, g))
		return;
	if (!sim_drive_parse(r->sim, &r->arena, "qemu", disk, sim_conf_get(g, disk), &d)) {
		sim_fail(r, 500, "disk '%s' does not exist", disk);
		return;
	}
	vol = sim_vol(r->sim, sim_node(r), d.volume);
	format = target_format(r, storage, vol);
	if (strcmp(storage, sim_volid_storage(&r->arena, d.volume)) == 0 &&
	    strcmp(format, sim_so(vol, "format", "raw")) == 0) {
		sim_fail(r, 500, "you can't move to the same storage with same format");
		return;
	}
	sim_task_answer(r, &sim_job_qmmove, "qmmove", sim_guest_id(g),
			json_pack("{s:I, s:s, s:s, s:s, s:b}", "vmid", (json_int_t)sim_guest_id(g), "disk",
				  disk, "storage", storage, "format", format, "delete",
				  sim_pb(r, "delete", false)));
}

static sim_time move_step(struct sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum sim_lock_result got = sim_task_lock(w, vmid, true);
	json_t *g = sim_guest(w->sim, vmid), *vol;
	const char *disk = sim_so(w->ctx, "disk", ""), *old, *made, *slot;
	struct sim_vol_request q = {.storage = sim_so(w->ctx, "storage", ""),
				    .node = w->node,
				    .vmid = vmid,
				    .format = sim_so(w->ctx, "format", "raw")};
	struct phx_buf why = {0};
	struct sim_drive d;

	if (got != SIM_LOCK_HELD)
		return got == SIM_LOCK_WAIT ? SIM_BLOCKED : SIM_FAILED;
	if (g == NULL || !sim_drive_parse(w->sim, &w->arena, "qemu", disk, sim_conf_get(g, disk), &d) ||
	    (vol = sim_vol(w->sim, w->node, d.volume)) == NULL)
		return sim_task_fail(w, "storage migration failed: disk '%s' does not exist", disk);
	q.size = sim_vol_size(vol);
	if (w->step == 0)
		return sim_duration_bytes(w->sim, SIM_D_COPY_GIB, q.size);
	q.used = (uint64_t)phx_json_int(vol, "used", 0);
	q.os = json_object_get(vol, "os");
	sim_task_log(w, "create full clone of drive %s (%s)", disk, d.volume);
	old = d.volume;
	made = sim_vol_make(w->sim, &w->arena, &q, &why);
	if (made == NULL)
		(void)sim_task_fail(w, "storage migration failed: %s", why.ptr);
	if (made != NULL) {
		sim_drive_set_volume(&w->arena, &d, made);
		sim_conf_set(w->sim, g, disk, sim_drive_print(&w->arena, &d));
		if (!phx_json_bool(w->ctx, "delete", false) || !sim_vol_free(w->sim, w->node, old, &why)) {
			slot = sim_unused_slot(&w->arena, sim_conf(g));
			sim_conf_set(w->sim, g, slot, old);
		}
	}
	phx_buf_done(&why);
	return made != NULL ? SIM_DONE : SIM_FAILED;
}

const struct sim_job sim_job_qmmove = {.name = "qmmove", .step = move_step};

/* ---- feature ---- */

bool sim_guest_feature(struct phx_sim *s, json_t *g, const char *feature)
{
	struct phx_arena a = {0};
	bool has = true;
	const char *key;
	json_t *v;

	json_object_foreach(sim_conf(g), key, v)
	{
		struct sim_drive d;
		json_t *vol;

		if (!sim_is_drive(s, sim_guest_kind(g), key, false) ||
		    !sim_drive_parse(s, &a, sim_guest_kind(g), key, json_string_value(v), &d) ||
		    sim_drive_is_cdrom(&a, &d))
			continue;
		vol = sim_vol(s, sim_guest_node(g), d.volume);
		if (vol == NULL || (strcmp(feature, "snapshot") == 0 &&
				    !sim_vol_can_snapshot(sim_storage(s, sim_so(vol, "storage", "")), vol)))
			has = false;
	}
	phx_arena_done(&a);
	return has;
}

static void feature(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");

	if (g != NULL)
		sim_ok(r, json_pack("{s:i, s:[s]}", "hasFeature",
				    sim_guest_feature(r->sim, g, sim_p(r, "feature")), "nodes", sim_node(r)));
}

const struct sim_route sim_routes_qemu_disk[] = {
	{"PUT", "/nodes/{node}/qemu/{vmid}/resize", resize},
	{"POST", "/nodes/{node}/qemu/{vmid}/move_disk", move_disk},
	{"GET", "/nodes/{node}/qemu/{vmid}/feature", feature},
	{"POST", "/nodes/{node}/qemu/{vmid}/template", sim_vm_template},
	{0}};
