/* Cloning VMs and making templates of them. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/tree.h"
#include "backend/sim/vm.h"

/* The configuration that is cloned: the present one or a snapshot's. Borrowed; NULL: the answer is set. */
static json_t *source_conf(struct phx_sim_request *r, json_t *g)
{
	const char *snap = phx_sim_p(r, "snapname");
	json_t *doc;

	if (snap == NULL)
		return phx_sim_conf(g);
	doc = json_object_get(json_object_get(g, "snaps"), snap);
	if (doc == NULL)
		phx_sim_fail(r, 500, "snapshot '%s' does not exist", snap);
	return json_object_get(doc, "conf");
}

static bool clonable(struct phx_sim_request *r, const char *key, const char *text, bool full)
{
	const char *to = phx_sim_p(r, "storage"), *snap = phx_sim_p(r, "snapname");
	struct phx_sim_drive d;
	json_t *vol, *st;

	if (!phx_sim_is_drive(r->sim, "qemu", key, false) ||
	    !phx_sim_drive_parse(r->sim, &r->arena, "qemu", key, text, &d))
		return true;
	if (phx_sim_drive_is_cdrom(&r->arena, &d) && !phx_sim_drive_is_cloudinit(&d))
		return true;
	vol = phx_sim_vol(r->sim, phx_sim_node(r), d.volume);
	st = phx_sim_volid_storage(&r->arena, d.volume) != NULL
		     ? phx_sim_storage(r->sim, phx_sim_volid_storage(&r->arena, d.volume))
		     : NULL;
	if (!full && !phx_sim_drive_is_cloudinit(&d) &&
	    (vol == NULL || snap != NULL || !phx_sim_vol_can_link(st, vol))) {
		phx_sim_fail(r, 500, "Linked clone feature is not supported for %s'%s' (%s)",
			     snap != NULL ? "a snapshot of " : "", d.volume, key);
		return false;
	}
	if (to == NULL)
		to = phx_sim_volid_storage(&r->arena, d.volume);
	if (to == NULL)
		return true;
	if (phx_sim_storage(r->sim, to) == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", to);
		return false;
	}
	return phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", to), "Datastore.AllocateSpace");
}

static bool clone_checked(struct phx_sim_request *r, json_t *g, json_t *conf, bool full)
{
	const char *target = phx_sim_p(r, "target"), *key;
	json_t *v;

	if (target != NULL && phx_sim_get(r->sim, "node", target) == NULL) {
		phx_sim_fail(r, 500, "no such cluster node '%s'", target);
		return false;
	}
	if (!phx_sim_guest_unlocked(r, g))
		return false;
	if (!full && phx_sim_p(r, "storage") != NULL) {
		phx_sim_fail(r, 500, "parameter 'storage' not allowed for linked clones");
		return false;
	}
	if (phx_sim_p(r, "storage") != NULL && phx_sim_storage(r->sim, phx_sim_p(r, "storage")) == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", phx_sim_p(r, "storage"));
		return false;
	}
	json_object_foreach(conf, key, v)
	{
		if (!clonable(r, key, json_string_value(v), full))
			return false;
	}
	return phx_sim_clone_reaches(r, "qemu", conf);
}

void phx_sim_vm_clone(struct phx_sim_request *r)
{
	int64_t vmid = phx_sim_pi(r, "vmid", 0), newid = phx_sim_pi(r, "newid", 0);
	json_t *g = phx_sim_guest(r->sim, vmid), *conf, *to, *ctx;
	bool full;

	if (!phx_sim_pool_exists(r))
		return;
	if (g == NULL || !phx_sim_guest_is_vm(g) || strcmp(phx_sim_guest_node(g), phx_sim_node(r)) != 0) {
		phx_sim_fail(r, 500, "unable to find configuration file for VM %lld on node '%s'",
			     (long long)vmid, phx_sim_node(r));
		return;
	}
	conf = source_conf(r, g);
	if (conf == NULL)
		return;
	full = phx_sim_pb(r, "full", !phx_sim_guest_template(g));
	if (!clone_checked(r, g, conf, full))
		return;
	if (phx_sim_guest(r->sim, newid) != NULL) {
		phx_sim_fail(r, 500, "unable to create VM %lld: config file already exists",
			     (long long)newid);
		return;
	}
	if (!phx_sim_guest_lock_id(r, newid, true))
		return;
	to = phx_sim_guest_add(r->sim, newid, "qemu",
			       phx_sim_p(r, "target") != NULL ? phx_sim_p(r, "target") : phx_sim_node(r));
	phx_sim_set(phx_sim_conf(to), "lock", "clone");
	phx_sim_set(phx_sim_conf(to), "description", " qmclone temporary file");
	ctx = json_pack("{s:I, s:I, s:b, s:o, s:O, s:b}", "vmid", (json_int_t)vmid, "newid",
			(json_int_t)newid, "full", full, "from", json_deep_copy(conf), "p", r->p, "live",
			phx_sim_guest_running(g) && phx_sim_p(r, "snapname") == NULL);
	phx_sim_task_answer(r, &phx_sim_job_qmclone, "qmclone", vmid, ctx);
}

/* ---- the worker ---- */

static const char *drive_at(struct phx_sim_worker *w, int n)
{
	const char **keys = phx_sim_sorted_keys(&w->arena, json_object_get(w->ctx, "from"));
	struct phx_sim_drive d;

	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_is_drive(w->sim, "qemu", keys[i], false) &&
		    phx_sim_drive_parse(w->sim, &w->arena, "qemu", keys[i],
					phx_sim_s(json_object_get(w->ctx, "from"), keys[i]), &d) &&
		    (!phx_sim_drive_is_cdrom(&w->arena, &d) || phx_sim_drive_is_cloudinit(&d)) && n-- == 0)
			return keys[i];
	return NULL;
}

/* What a clone takes over at once: all but its copied disks, with new addresses and ids. */
static void lay_out(struct phx_sim_worker *w, json_t *g)
{
	static const char *const left[] = {"template", "lock",           "parent",     "snaptime",
					   "vmstate",  "runningmachine", "runningcpu", "protection"};
	json_t *from = json_object_get(w->ctx, "from"), *p = json_object_get(w->ctx, "p"),
	       *conf = phx_sim_conf(g), *v;
	const char *key;

	json_object_clear(conf);
	json_object_foreach(from, key, v)
	{
		struct phx_sim_drive d;
		bool drop = phx_sim_starts(key, "unused");

		for (size_t i = 0; i < PHX_COUNTOF(left); i++)
			drop = drop || strcmp(left[i], key) == 0;
		if (drop)
			continue;
		if (phx_sim_is_drive(w->sim, "qemu", key, false) &&
		    phx_sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    (!phx_sim_drive_is_cdrom(&w->arena, &d) || phx_sim_drive_is_cloudinit(&d)))
			continue;
		json_object_set(conf, key, v);
		if (phx_sim_starts(key, "net") && phx_sim_guest_option(w->sim, "qemu", key) != NULL &&
		    strcmp(key, "net") != 0)
			phx_sim_set(
				conf, key,
				phx_sim_net_new_mac(w->sim, &w->arena, "qemu", key, json_string_value(v)));
	}
	phx_sim_set(conf, "smbios1",
		    phx_sim_fmt(&w->arena, "uuid=%s", phx_sim_random_uuid(w->sim, &w->arena)));
	phx_sim_set(conf, "vmgenid", phx_sim_random_uuid(w->sim, &w->arena));
	phx_sim_set(
		conf, "name",
		phx_sim_so(p, "name",
			   phx_sim_fmt(&w->arena, "Copy-of-VM-%s",
				       phx_sim_so(from, "name",
						  phx_sim_fmt(&w->arena, "%lld",
							      (long long)phx_json_int(w->ctx, "vmid", 0))))));
	if (phx_sim_s(p, "description") != NULL)
		phx_sim_set(conf, "description", phx_sim_s(p, "description"));
	phx_sim_set(conf, "lock", "clone");
	phx_sim_tree_clone(w->sim, phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)), g);
	phx_sim_guest_dirty(w->sim, g);
}

static uint64_t size_at(struct phx_sim_worker *w, const char *key)
{
	struct phx_sim_drive d;

	if (!phx_sim_drive_parse(w->sim, &w->arena, "qemu", key,
				 phx_sim_s(json_object_get(w->ctx, "from"), key), &d))
		return 0;
	return phx_sim_vol_size(phx_sim_vol(w->sim, w->node, d.volume));
}

static int64_t time_of(struct phx_sim_worker *w, const char *key)
{
	if (!phx_json_bool(w->ctx, "full", true))
		return phx_sim_duration(w->sim, PHX_SIM_D_CLONE_LINKED);
	return phx_sim_duration_bytes(w->sim, PHX_SIM_D_COPY_GIB, size_at(w, key)) +
	       phx_sim_duration(w->sim, PHX_SIM_D_FORK);
}

static const char *clone_format(struct phx_sim_worker *w, const char *storage, const json_t *vol)
{
	json_t *st = phx_sim_storage(w->sim, storage);

	if (!phx_sim_storage_is_file(st) || strcmp(phx_sim_so(st, "type", ""), "btrfs") == 0)
		return "raw";
	return phx_sim_so(json_object_get(w->ctx, "p"), "format", phx_sim_so(vol, "format", "raw"));
}

/* What is to be made for a drive: where, how big, linked or copied. */
static void plan_copy(struct phx_sim_worker *w, json_t *g, const struct phx_sim_drive *d, const json_t *vol,
		      struct phx_sim_vol_request *q)
{
	const char *wish = phx_sim_s(json_object_get(w->ctx, "p"), "storage");
	bool full = phx_json_bool(w->ctx, "full", true), cloudinit = phx_sim_drive_is_cloudinit(d);

	*q = (struct phx_sim_vol_request){.node = phx_sim_guest_node(g), .vmid = phx_sim_guest_id(g)};
	q->storage = full && wish != NULL ? wish : phx_sim_volid_storage(&w->arena, d->volume);
	q->format = full || cloudinit ? clone_format(w, q->storage, vol) : phx_sim_so(vol, "format", "raw");
	q->name = cloudinit ? "cloudinit" : NULL;
	q->base = full || cloudinit ? NULL : d->volume;
	q->os = json_object_get(vol, "os");
	q->size = phx_sim_vol_size(vol);
	q->used = full ? (uint64_t)phx_json_int(vol, "used", 0) : 200704;
}

static bool mirrored(struct phx_sim_worker *w, const struct phx_sim_drive *d)
{
	return phx_json_bool(w->ctx, "live", false) && !phx_sim_drive_is_cloudinit(d);
}

/* The new volume is there, and being filled. False with the error set. */
static bool begin_drive(struct phx_sim_worker *w, json_t *g, const char *key)
{
	struct phx_sim_vol_request q;
	struct phx_buf why = {0};
	struct phx_sim_drive d;
	const char *volid;
	json_t *vol;

	(void)phx_sim_drive_parse(w->sim, &w->arena, "qemu", key,
				  phx_sim_s(json_object_get(w->ctx, "from"), key), &d);
	vol = phx_sim_vol(w->sim, w->node, d.volume);
	if (vol == NULL) {
		(void)phx_sim_task_fail(w, "clone failed: volume '%s' does not exist", d.volume);
		return false;
	}
	plan_copy(w, g, &d, vol, &q);
	phx_sim_task_log(w, "create %s clone of drive %s (%s)", q.base == NULL ? "full" : "linked", key,
			 d.volume);
	volid = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	if (volid == NULL)
		(void)phx_sim_task_fail(w, "clone failed: %s", why.ptr);
	phx_buf_done(&why);
	if (volid == NULL)
		return false;
	phx_sim_set(w->ctx, "making", volid);
	phx_sim_vm_log_format(w, w->node, volid, q.size);
	if (mirrored(w, &d)) {
		phx_sim_task_log(w, "drive mirror is starting for drive-%s", key);
		phx_sim_task_log(w, "drive-%s: transferred 0.0 B of %.1f GiB (0.00%%) in 0s", key,
				 (double)q.size / 1073741824.0);
	} else if (q.base == NULL && !phx_sim_drive_is_cloudinit(&d))
		phx_sim_task_log(w, "transferred 0.0 B of %.1f GiB (0.00%%)", (double)q.size / 1073741824.0);
	return true;
}

/* It is filled: the configuration gets it. */
static void finish_drive(struct phx_sim_worker *w, json_t *g, const char *key)
{
	const char *volid = phx_sim_so(w->ctx, "making", "");
	uint64_t size = phx_sim_vol_size(phx_sim_vol(w->sim, phx_sim_guest_node(g), volid));
	double gib = (double)size / 1073741824.0;
	struct phx_sim_drive d;

	(void)phx_sim_drive_parse(w->sim, &w->arena, "qemu", key,
				  phx_sim_s(json_object_get(w->ctx, "from"), key), &d);
	if (mirrored(w, &d))
		phx_sim_task_log(w, "drive-%s: transferred %.1f GiB of %.1f GiB (100.00%%) in 1s, ready", key,
				 gib, gib);
	else if (phx_json_bool(w->ctx, "full", true) && !phx_sim_drive_is_cloudinit(&d))
		phx_sim_task_log(w, "transferred %.1f GiB of %.1f GiB (100.00%%)", gib, gib);
	phx_sim_drive_set_volume(&w->arena, &d, volid);
	if (!phx_sim_drive_is_cloudinit(&d))
		phx_sim_drive_set_size(&w->arena, &d, size);
	phx_sim_set(phx_sim_conf(g), key, phx_sim_drive_print(&w->arena, &d));
	phx_sim_set(w->ctx, "making", NULL);
	phx_sim_guest_dirty(w->sim, g);
}

/* A running source stands still for an instant at the end (297, 842). */
static void log_mirror_end(struct phx_sim_worker *w, bool canceled)
{
	json_t *source = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	bool agent = source != NULL && phx_sim_agent_up(w->sim, source);
	struct phx_sim_drive d;
	const char *key;

	if (!phx_json_bool(w->ctx, "live", false))
		return;
	if (!canceled) {
		phx_sim_task_log(w, "all 'mirror' jobs are ready");
		phx_sim_task_log(w, agent ? "freeze filesystem" : "suspend vm");
	}
	for (int n = 0; (key = drive_at(w, n)) != NULL; n++) {
		if (!phx_sim_drive_parse(w->sim, &w->arena, "qemu", key,
					 phx_sim_s(json_object_get(w->ctx, "from"), key), &d) ||
		    !mirrored(w, &d))
			continue;
		phx_sim_task_log(w, "drive-%s: Cancelling block job", key);
		if (canceled)
			phx_sim_task_log(w, "WARN: drive-%s: Operation canceled (io-status: ok)", key);
		phx_sim_task_log(w, "drive-%s: Done.", key);
	}
	if (!canceled)
		phx_sim_task_log(w, agent ? "unfreeze filesystem" : "resume vm");
}

static void discard(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	struct phx_buf ignored = {0};

	if (g != NULL) {
		if (phx_sim_s(w->ctx, "making") != NULL)
			(void)phx_sim_vol_free(w->sim, phx_sim_guest_node(g), phx_sim_s(w->ctx, "making"),
					       &ignored);
		(void)phx_sim_guest_free_volumes(w->sim, g, &ignored);
		phx_sim_guest_remove(w->sim, phx_json_int(w->ctx, "newid", 0));
	}
	phx_buf_done(&ignored);
}

static void qmclone_undo(struct phx_sim_worker *w)
{
	log_mirror_end(w, true);
	discard(w);
	phx_buf_clear(&w->error);
	phx_buf_c(&w->error, "clone failed: block job (mirror) error: interrupted by signal"); /* 846 */
}

static void finish_clone(struct phx_sim_worker *w, json_t *g)
{
	json_t *p = json_object_get(w->ctx, "p");

	phx_sim_conf_set(w->sim, g, "lock", NULL);
	phx_sim_firewall_copy(w->sim, "qemu", phx_json_int(w->ctx, "vmid", 0), phx_sim_guest_id(g));
	phx_sim_vm_pool_add(w->sim, phx_sim_s(p, "pool"), phx_sim_guest_id(g));
}

/* Step 0: the target shows its temporary note; 1: it has its configuration, still locked; then a step for each drive. */
static int64_t qmclone_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	const char *next;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK) / 4;
	if (g == NULL)
		return phx_sim_task_fail(w, "clone failed: the target is gone");
	if (w->step == 1)
		lay_out(w, g);
	if (w->step >= 2)
		finish_drive(w, g, drive_at(w, w->step - 2));
	next = drive_at(w, w->step - 1);
	if (next != NULL) {
		if (begin_drive(w, g, next))
			return time_of(w, next);
		discard(w);
		return PHX_SIM_FAILED;
	}
	log_mirror_end(w, false);
	finish_clone(w, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmclone = {
	.name = "qmclone", .step = qmclone_step, .undo = qmclone_undo};

/* ---- template ---- */

void phx_sim_vm_template(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g == NULL || !phx_sim_guest_lock(r, g) || !phx_sim_guest_unlocked(r, g))
		return;
	if (json_object_size(json_object_get(g, "snaps")) > 0)
		phx_sim_fail(r, 500, "unable to create template, because VM contains snapshots");
	else if (phx_sim_guest_template(g))
		phx_sim_fail(r, 500, "you can't convert a template to a template");
	else if (phx_sim_guest_running(g))
		phx_sim_fail(r, 500, "you can't convert a VM to template if VM is running");
	else
		phx_sim_task_answer(r, &phx_sim_job_qmtemplate, "qmtemplate", phx_sim_guest_id(g),
				    json_pack("{s:I, s:s?}", "vmid", (json_int_t)phx_sim_guest_id(g), "disk",
					      phx_sim_p(r, "disk")));
}

static int64_t qmtemplate_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	const char **keys, *only = phx_sim_s(w->ctx, "disk");

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_TEMPLATE);
	if (g == NULL)
		return phx_sim_task_fail(w, "Configuration file does not exist");
	phx_sim_conf_set(w->sim, g, "template", "1");
	keys = phx_sim_sorted_keys(&w->arena, phx_sim_conf(g));
	for (size_t i = 0; keys[i] != NULL; i++) {
		struct phx_sim_drive d;

		if (!phx_sim_is_drive(w->sim, "qemu", keys[i], false) ||
		    (only != NULL && strcmp(only, keys[i]) != 0) ||
		    !phx_sim_drive_parse(w->sim, &w->arena, "qemu", keys[i], phx_sim_conf_get(g, keys[i]),
					 &d) ||
		    phx_sim_drive_is_cdrom(&w->arena, &d) || phx_sim_vol(w->sim, w->node, d.volume) == NULL ||
		    phx_sim_vol_is_base(d.volume))
			continue;
		phx_sim_drive_set_volume(&w->arena, &d,
					 phx_sim_vol_rename(w->sim, &w->arena, w->node, d.volume,
							    phx_sim_guest_id(g), "base"));
		phx_sim_conf_set(w->sim, g, keys[i], phx_sim_drive_print(&w->arena, &d));
	}
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_qmtemplate = {.name = "qmtemplate", .step = qmtemplate_step};
