/* …/lxc/{vmid}: resize, move_volume, feature. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"

static bool volume_of(struct sim_request *r, json_t *g, const char *key, struct sim_drive *d,
		      json_t **out_vol)
{
	if (sim_conf_get(g, key) == NULL ||
	    !sim_drive_parse(r->sim, &r->arena, "lxc", key, sim_conf_get(g, key), d)) {
		/* Proxmox parses an undefined text (432). */
		sim_fail_param(r, "mp", "property is missing and it is not optional");
		sim_fail_param(r, "volume", "property is missing and it is not optional");
		if (strcmp(key, "rootfs") == 0)
			json_object_del(r->errors, "mp");
		sim_fail(r, 500, "format error");
		return false;
	}
	*out_vol = sim_vol(r->sim, sim_node(r), d->volume);
	if (*out_vol != NULL)
		return true;
	sim_fail(r, 500, "volume '%s' does not exist", d->volume);
	return false;
}

static void resize(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc"), *vol;
	uint64_t size;
	struct sim_drive d;

	if (g == NULL || !sim_guest_lock(r, g) || !sim_guest_unlocked(r, g) ||
	    !sim_digest_fits_text(r, sim_guest_digest(&r->arena, g)) ||
	    !volume_of(r, g, sim_p(r, "disk"), &d, &vol))
		return;
	if (!sim_new_size(sim_p(r, "size"), sim_vol_size(vol), &size) || size < sim_vol_size(vol)) {
		sim_fail(r, 500, "unable to shrink disk size");
		return;
	}
	sim_task_answer(r, &sim_job_vzresize, "resize", sim_guest_id(g),
			json_pack("{s:I, s:s, s:I}", "vmid", (json_int_t)sim_guest_id(g), "disk",
				  sim_p(r, "disk"), "size", (json_int_t)size));
}

static sim_time resize_step(struct sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = sim_guest(w->sim, vmid), *vol;
	const char *disk = sim_so(w->ctx, "disk", "");
	uint64_t size = (uint64_t)phx_json_int(w->ctx, "size", 0);
	struct sim_drive d;

	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_RESIZE);
	if (g == NULL || !sim_drive_parse(w->sim, &w->arena, "lxc", disk, sim_conf_get(g, disk), &d) ||
	    (vol = sim_vol(w->sim, w->node, d.volume)) == NULL)
		return sim_task_fail(w, "volume does not exist");
	sim_vol_grow(w->sim, vol, size);
	sim_drive_set_size(&w->arena, &d, size);
	sim_conf_set(w->sim, g, disk, sim_drive_print(&w->arena, &d));
	sim_task_log(w, "Image resized.");
	return SIM_DONE;
}

const struct sim_job sim_job_vzresize = {.name = "vzresize", .step = resize_step};

static void move(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc"), *vol;
	const char *storage = sim_p(r, "storage"), *key = sim_p(r, "volume");
	struct sim_drive d;

	if (g == NULL)
		return;
	if (sim_pi(r, "target-vmid", 0) > 0) {
		sim_fail(r, 500, "reassigning volumes of containers is not simulated");
		return;
	}
	if (storage == NULL) {
		sim_fail(r, 500, "either target storage or target CT required");
		return;
	}
	if (sim_storage(r->sim, storage) == NULL) {
		sim_fail(r, 500, "storage '%s' does not exist", storage);
		return;
	}
	if (!sim_need(r, sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace") ||
	    !volume_of(r, g, key, &d, &vol))
		return;
	if (sim_guest_running(g)) {
		sim_fail(r, 500, "cannot move volumes of a running container");
		return;
	}
	if (!sim_guest_unlocked(r, g))
		return;
	sim_conf_set(r->sim, g, "lock", "disk");
	sim_task_answer(r, &sim_job_vzmove, "move_volume", sim_guest_id(g),
			json_pack("{s:I, s:s, s:s, s:b}", "vmid", (json_int_t)sim_guest_id(g), "key", key,
				  "storage", storage, "delete", sim_pb(r, "delete", false)));
}

static void move_undo(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL)
		sim_conf_set(w->sim, g, "lock", NULL);
}

static sim_time move_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)), *vol;
	const char *key = sim_so(w->ctx, "key", ""), *old, *made;
	struct sim_vol_request q = {.storage = sim_so(w->ctx, "storage", ""),
				    .node = w->node,
				    .vmid = phx_json_int(w->ctx, "vmid", 0),
				    .format = "raw"};
	struct phx_buf why = {0};
	struct sim_drive d;

	if (g == NULL || !sim_drive_parse(w->sim, &w->arena, "lxc", key, sim_conf_get(g, key), &d) ||
	    (vol = sim_vol(w->sim, w->node, d.volume)) == NULL) {
		move_undo(w);
		return sim_task_fail(w, "volume does not exist");
	}
	q.size = sim_vol_size(vol);
	if (w->step == 0)
		return sim_duration_bytes(w->sim, SIM_D_COPY_GIB, q.size);
	q.used = (uint64_t)phx_json_int(vol, "used", 0);
	q.os = json_object_get(vol, "os");
	q.subvol = strcmp(sim_so(sim_storage(w->sim, q.storage), "type", ""), "zfspool") == 0;
	old = d.volume;
	made = sim_vol_make(w->sim, &w->arena, &q, &why);
	if (made == NULL)
		(void)sim_task_fail(w, "%s", why.ptr);
	if (made != NULL) {
		sim_drive_set_volume(&w->arena, &d, made);
		sim_conf_set(w->sim, g, key, sim_drive_print(&w->arena, &d));
		if (!phx_json_bool(w->ctx, "delete", false) || !sim_vol_free(w->sim, w->node, old, &why))
			sim_conf_set(w->sim, g, sim_unused_slot(&w->arena, sim_conf(g)), old);
	}
	phx_buf_done(&why);
	move_undo(w);
	return made != NULL ? SIM_DONE : SIM_FAILED;
}

const struct sim_job sim_job_vzmove = {.name = "vzmove", .step = move_step, .undo = move_undo};

static void feature(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc");

	if (g != NULL)
		sim_ok(r,
		       json_pack("{s:i}", "hasFeature", sim_guest_feature(r->sim, g, sim_p(r, "feature"))));
}

const struct sim_route sim_routes_lxc_disk[] = {{"PUT", "/nodes/{node}/lxc/{vmid}/resize", resize},
						{"POST", "/nodes/{node}/lxc/{vmid}/move_volume", move},
						{"GET", "/nodes/{node}/lxc/{vmid}/feature", feature},
						{0}};
