/* …/lxc/{vmid}: resize, move_volume, feature. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"

static bool volume_of(struct phx_sim_request *r, json_t *g, const char *key, struct phx_sim_drive *d,
		      json_t **out_vol)
{
	if (phx_sim_conf_get(g, key) == NULL ||
	    !phx_sim_drive_parse(r->sim, &r->arena, "lxc", key, phx_sim_conf_get(g, key), d)) {
		/* Proxmox parses an undefined text (432). */
		phx_sim_fail_param(r, "mp", "property is missing and it is not optional");
		phx_sim_fail_param(r, "volume", "property is missing and it is not optional");
		if (strcmp(key, "rootfs") == 0)
			json_object_del(r->errors, "mp");
		phx_sim_fail(r, 500, "format error");
		return false;
	}
	*out_vol = phx_sim_vol(r->sim, phx_sim_node(r), d->volume);
	if (*out_vol != NULL)
		return true;
	phx_sim_fail(r, 500, "volume '%s' does not exist", d->volume);
	return false;
}

static void resize(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc"), *vol;
	uint64_t size;
	struct phx_sim_drive d;

	if (g == NULL || !phx_sim_guest_lock(r, g) || !phx_sim_guest_unlocked(r, g) ||
	    !phx_sim_digest_fits_text(r, phx_sim_guest_digest(&r->arena, g)) ||
	    !volume_of(r, g, phx_sim_p(r, "disk"), &d, &vol))
		return;
	if (!phx_sim_new_size(phx_sim_p(r, "size"), phx_sim_vol_size(vol), &size) ||
	    size < phx_sim_vol_size(vol)) {
		phx_sim_fail(r, 500, "unable to shrink disk size");
		return;
	}
	phx_sim_task_answer(r, &phx_sim_job_vzresize, "resize", phx_sim_guest_id(g),
			    json_pack("{s:I, s:s, s:I}", "vmid", (json_int_t)phx_sim_guest_id(g), "disk",
				      phx_sim_p(r, "disk"), "size", (json_int_t)size));
}

static int64_t resize_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	json_t *g = phx_sim_guest(w->sim, vmid), *vol;
	const char *disk = phx_sim_so(w->ctx, "disk", "");
	uint64_t size = (uint64_t)phx_json_int(w->ctx, "size", 0);
	struct phx_sim_drive d;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_RESIZE);
	if (g == NULL ||
	    !phx_sim_drive_parse(w->sim, &w->arena, "lxc", disk, phx_sim_conf_get(g, disk), &d) ||
	    (vol = phx_sim_vol(w->sim, w->node, d.volume)) == NULL)
		return phx_sim_task_fail(w, "volume does not exist");
	phx_sim_vol_grow(w->sim, vol, size);
	phx_sim_drive_set_size(&w->arena, &d, size);
	phx_sim_conf_set(w->sim, g, disk, phx_sim_drive_print(&w->arena, &d));
	phx_sim_task_log(w, "Image resized.");
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzresize = {.name = "vzresize", .step = resize_step};

static void move(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc"), *vol;
	const char *storage = phx_sim_p(r, "storage"), *key = phx_sim_p(r, "volume");
	struct phx_sim_drive d;

	if (g == NULL)
		return;
	if (phx_sim_pi(r, "target-vmid", 0) > 0) {
		phx_sim_fail(r, 500, "reassigning volumes of containers is not simulated");
		return;
	}
	if (storage == NULL) {
		phx_sim_fail(r, 500, "either target storage or target CT required");
		return;
	}
	if (phx_sim_storage(r->sim, storage) == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", storage);
		return;
	}
	if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace") ||
	    !volume_of(r, g, key, &d, &vol))
		return;
	if (phx_sim_guest_running(g)) {
		phx_sim_fail(r, 500, "cannot move volumes of a running container");
		return;
	}
	if (!phx_sim_guest_unlocked(r, g))
		return;
	phx_sim_conf_set(r->sim, g, "lock", "disk");
	phx_sim_task_answer(r, &phx_sim_job_vzmove, "move_volume", phx_sim_guest_id(g),
			    json_pack("{s:I, s:s, s:s, s:b}", "vmid", (json_int_t)phx_sim_guest_id(g), "key",
				      key, "storage", storage, "delete", phx_sim_pb(r, "delete", false)));
}

static void move_undo(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL)
		phx_sim_conf_set(w->sim, g, "lock", NULL);
}

static int64_t move_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)), *vol;
	const char *key = phx_sim_so(w->ctx, "key", ""), *old, *made;
	struct phx_sim_vol_request q = {.storage = phx_sim_so(w->ctx, "storage", ""),
					.node = w->node,
					.vmid = phx_json_int(w->ctx, "vmid", 0),
					.format = "raw"};
	struct phx_buf why = {0};
	struct phx_sim_drive d;

	if (g == NULL || !phx_sim_drive_parse(w->sim, &w->arena, "lxc", key, phx_sim_conf_get(g, key), &d) ||
	    (vol = phx_sim_vol(w->sim, w->node, d.volume)) == NULL) {
		move_undo(w);
		return phx_sim_task_fail(w, "volume does not exist");
	}
	q.size = phx_sim_vol_size(vol);
	if (w->step == 0)
		return phx_sim_duration_bytes(w->sim, PHX_SIM_D_COPY_GIB, q.size);
	q.used = (uint64_t)phx_json_int(vol, "used", 0);
	q.os = json_object_get(vol, "os");
	q.subvol = strcmp(phx_sim_so(phx_sim_storage(w->sim, q.storage), "type", ""), "zfspool") == 0;
	old = d.volume;
	made = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	if (made == NULL)
		(void)phx_sim_task_fail(w, "%s", why.ptr);
	if (made != NULL) {
		phx_sim_drive_set_volume(&w->arena, &d, made);
		phx_sim_conf_set(w->sim, g, key, phx_sim_drive_print(&w->arena, &d));
		if (!phx_json_bool(w->ctx, "delete", false) || !phx_sim_vol_free(w->sim, w->node, old, &why))
			phx_sim_conf_set(w->sim, g, phx_sim_unused_slot(&w->arena, phx_sim_conf(g)), old);
	}
	phx_buf_done(&why);
	move_undo(w);
	return made != NULL ? PHX_SIM_DONE : PHX_SIM_FAILED;
}

const struct phx_sim_job phx_sim_job_vzmove = {.name = "vzmove", .step = move_step, .undo = move_undo};

static void feature(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (g != NULL)
		phx_sim_ok(r, json_pack("{s:i}", "hasFeature",
					phx_sim_guest_feature(r->sim, g, phx_sim_p(r, "feature"))));
}

const struct phx_sim_route phx_sim_routes_lxc_disk[] = {
	{"PUT", "/nodes/{node}/lxc/{vmid}/resize", resize},
	{"POST", "/nodes/{node}/lxc/{vmid}/move_volume", move},
	{"GET", "/nodes/{node}/lxc/{vmid}/feature", feature},
	{0}};
