/* Cloning VMs and making templates of them. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"

/* The configuration that is cloned: the present one or a snapshot's. Borrowed; NULL: the answer is set. */
static json_t *source_conf(struct sim_request *r, json_t *g)
{
	const char *snap = sim_p(r, "snapname");
	json_t *doc;

	if (snap == NULL)
		return sim_conf(g);
	doc = json_object_get(json_object_get(g, "snaps"), snap);
	if (doc == NULL)
		sim_fail(r, 500, "snapshot '%s' does not exist", snap);
	return json_object_get(doc, "conf");
}

static bool clonable(struct sim_request *r, const char *key, const char *text, bool full)
{
	const char *to = sim_p(r, "storage"), *snap = sim_p(r, "snapname");
	struct sim_drive d;
	json_t *vol, *st;

	if (!sim_is_drive(r->sim, "qemu", key, false) ||
	    !sim_drive_parse(r->sim, &r->arena, "qemu", key, text, &d))
		return true;
	if (sim_drive_is_cdrom(&r->arena, &d) && !sim_drive_is_cloudinit(&d))
		return true;
	vol = sim_vol(r->sim, sim_node(r), d.volume);
	st = sim_volid_storage(&r->arena, d.volume) != NULL
		     ? sim_storage(r->sim, sim_volid_storage(&r->arena, d.volume))
		     : NULL;
	if (!full && !sim_drive_is_cloudinit(&d) &&
	    (vol == NULL || snap != NULL || !sim_vol_can_link(st, vol))) {
		sim_fail(r, 500, "Linked clone feature is not supported for %s'%s' (%s)",
			 snap != NULL ? "a snapshot of " : "", d.volume, key);
		return false;
	}
	if (to == NULL)
		to = sim_volid_storage(&r->arena, d.volume);
	if (to == NULL)
		return true;
	if (sim_storage(r->sim, to) == NULL) {
		sim_fail(r, 500, "storage '%s' does not exist", to);
		return false;
	}
	return sim_need(r, sim_fmt(&r->arena, "/storage/%s", to), "Datastore.AllocateSpace");
}

static bool clone_checked(struct sim_request *r, json_t *g, json_t *conf, bool full)
{
	const char *target = sim_p(r, "target"), *key;
	json_t *v;

	if (target != NULL && sim_get(r->sim, "node", target) == NULL) {
		sim_fail(r, 500, "no such cluster node '%s'", target);
		return false;
	}
	if (!sim_guest_unlocked(r, g))
		return false;
	if (!full && sim_p(r, "storage") != NULL) {
		sim_fail(r, 500, "parameter 'storage' not allowed for linked clones");
		return false;
	}
	if (sim_p(r, "storage") != NULL && sim_storage(r->sim, sim_p(r, "storage")) == NULL) {
		sim_fail(r, 500, "storage '%s' does not exist", sim_p(r, "storage"));
		return false;
	}
	json_object_foreach(conf, key, v) if (!clonable(r, key, json_string_value(v), full)) return false;
	return true;
}

void sim_vm_clone(struct sim_request *r)
{
	int64_t vmid = sim_pi(r, "vmid", 0), newid = sim_pi(r, "newid", 0);
	json_t *g = sim_guest(r->sim, vmid), *conf, *to, *ctx;
	bool full;

	if (!sim_pool_exists(r))
		return;
	if (g == NULL || !sim_guest_is_vm(g) || strcmp(sim_guest_node(g), sim_node(r)) != 0) {
		sim_fail(r, 500, "unable to find configuration file for VM %lld on node '%s'",
			 (long long)vmid, sim_node(r));
		return;
	}
	conf = source_conf(r, g);
	if (conf == NULL)
		return;
	full = sim_pb(r, "full", !sim_guest_template(g));
	if (!clone_checked(r, g, conf, full))
		return;
	if (sim_guest(r->sim, newid) != NULL) {
		sim_fail(r, 500, "unable to create VM %lld: config file already exists", (long long)newid);
		return;
	}
	if (!sim_guest_lock_id(r, newid, true))
		return;
	to = sim_guest_add(r->sim, newid, "qemu",
			   sim_p(r, "target") != NULL ? sim_p(r, "target") : sim_node(r));
	sim_set(sim_conf(to), "lock", "clone");
	sim_set(sim_conf(to), "description", " qmclone temporary file");
	ctx = json_pack("{s:I, s:I, s:b, s:O, s:O, s:{}}", "vmid", (json_int_t)vmid, "newid",
			(json_int_t)newid, "full", full, "from", conf, "p", r->p, "made");
	json_object_set_new(ctx, "from", json_deep_copy(conf));
	json_object_set_new(ctx, "live", json_boolean(sim_guest_running(g) && sim_p(r, "snapname") == NULL));
	sim_task_answer(r, &sim_job_qmclone, "qmclone", vmid, ctx);
}

/* ---- the worker ---- */

static const char *drive_at(struct sim_worker *w, int n)
{
	const char **keys = sim_sorted_keys(&w->arena, json_object_get(w->ctx, "from"));
	struct sim_drive d;

	for (size_t i = 0; keys[i] != NULL; i++)
		if (sim_is_drive(w->sim, "qemu", keys[i], false) &&
		    sim_drive_parse(w->sim, &w->arena, "qemu", keys[i],
				    sim_s(json_object_get(w->ctx, "from"), keys[i]), &d) &&
		    (!sim_drive_is_cdrom(&w->arena, &d) || sim_drive_is_cloudinit(&d)) && n-- == 0)
			return keys[i];
	return NULL;
}

/* What a clone takes over at once: all but its copied disks, with new addresses and ids. */
static void lay_out(struct sim_worker *w, json_t *g)
{
	static const char *const left[] = {"template", "lock",           "parent",     "snaptime",
					   "vmstate",  "runningmachine", "runningcpu", "protection"};
	json_t *from = json_object_get(w->ctx, "from"), *p = json_object_get(w->ctx, "p"),
	       *conf = sim_conf(g), *v;
	const char *key;

	json_object_clear(conf);
	json_object_foreach(from, key, v)
	{
		struct sim_drive d;
		bool drop = sim_starts(key, "unused");

		for (size_t i = 0; i < PHX_COUNTOF(left); i++)
			drop = drop || strcmp(left[i], key) == 0;
		if (drop)
			continue;
		if (sim_is_drive(w->sim, "qemu", key, false) &&
		    sim_drive_parse(w->sim, &w->arena, "qemu", key, json_string_value(v), &d) &&
		    (!sim_drive_is_cdrom(&w->arena, &d) || sim_drive_is_cloudinit(&d)))
			continue;
		json_object_set(conf, key, v);
		if (sim_starts(key, "net") && sim_guest_option(w->sim, "qemu", key) != NULL &&
		    strcmp(key, "net") != 0)
			sim_set(conf, key,
				sim_net_new_mac(w->sim, &w->arena, "qemu", key, json_string_value(v)));
	}
	sim_set(conf, "smbios1", sim_fmt(&w->arena, "uuid=%s", sim_random_uuid(w->sim, &w->arena)));
	sim_set(conf, "vmgenid", sim_random_uuid(w->sim, &w->arena));
	sim_set(conf, "name",
		sim_so(p, "name",
		       sim_fmt(&w->arena, "Copy-of-VM-%s",
			       sim_so(from, "name",
				      sim_fmt(&w->arena, "%lld",
					      (long long)phx_json_int(w->ctx, "vmid", 0))))));
	if (sim_s(p, "description") != NULL)
		sim_set(conf, "description", sim_s(p, "description"));
	sim_set(conf, "lock", "clone");
	sim_guest_dirty(w->sim, g);
}

static uint64_t size_at(struct sim_worker *w, const char *key)
{
	struct sim_drive d;

	if (!sim_drive_parse(w->sim, &w->arena, "qemu", key, sim_s(json_object_get(w->ctx, "from"), key), &d))
		return 0;
	return sim_vol_size(sim_vol(w->sim, w->node, d.volume));
}

static sim_time time_of(struct sim_worker *w, const char *key)
{
	if (!phx_json_bool(w->ctx, "full", true))
		return sim_duration(w->sim, SIM_D_CLONE_LINKED);
	return sim_duration_bytes(w->sim, SIM_D_COPY_GIB, size_at(w, key)) + sim_duration(w->sim, SIM_D_FORK);
}

static const char *clone_format(struct sim_worker *w, const char *storage, const json_t *vol)
{
	json_t *st = sim_storage(w->sim, storage);

	if (!sim_storage_is_file(st) || strcmp(sim_so(st, "type", ""), "btrfs") == 0)
		return "raw";
	return sim_so(json_object_get(w->ctx, "p"), "format", sim_so(vol, "format", "raw"));
}

/* What is to be made for a drive: where, how big, linked or copied. */
static void plan_copy(struct sim_worker *w, json_t *g, const struct sim_drive *d, const json_t *vol,
		      struct sim_vol_request *q)
{
	const char *wish = sim_s(json_object_get(w->ctx, "p"), "storage");
	bool full = phx_json_bool(w->ctx, "full", true), cloudinit = sim_drive_is_cloudinit(d);

	*q = (struct sim_vol_request){.node = sim_guest_node(g), .vmid = sim_guest_id(g)};
	q->storage = full && wish != NULL ? wish : sim_volid_storage(&w->arena, d->volume);
	q->format = full || cloudinit ? clone_format(w, q->storage, vol) : sim_so(vol, "format", "raw");
	q->name = cloudinit ? "cloudinit" : NULL;
	q->base = full || cloudinit ? NULL : d->volume;
	q->os = json_object_get(vol, "os");
	q->size = sim_vol_size(vol);
	q->used = full ? (uint64_t)phx_json_int(vol, "used", 0) : 200704;
}

static bool mirrored(struct sim_worker *w, const struct sim_drive *d)
{
	return phx_json_bool(w->ctx, "live", false) && !sim_drive_is_cloudinit(d);
}

/* The new volume is there, and being filled. False with the error set. */
static bool begin_drive(struct sim_worker *w, json_t *g, const char *key)
{
	struct sim_vol_request q;
	struct phx_buf why = {0};
	struct sim_drive d;
	const char *volid;
	json_t *vol;

	(void)sim_drive_parse(w->sim, &w->arena, "qemu", key, sim_s(json_object_get(w->ctx, "from"), key),
			      &d);
	vol = sim_vol(w->sim, w->node, d.volume);
	if (vol == NULL) {
		(void)sim_task_fail(w, "clone failed: volume '%s' does not exist", d.volume);
		return false;
	}
	plan_copy(w, g, &d, vol, &q);
	sim_task_log(w, "create %s clone of drive %s (%s)", q.base == NULL ? "full" : "linked", key,
		     d.volume);
	volid = sim_vol_make(w->sim, &w->arena, &q, &why);
	if (volid == NULL)
		(void)sim_task_fail(w, "clone failed: %s", why.ptr);
	phx_buf_done(&why);
	if (volid == NULL)
		return false;
	sim_set(w->ctx, "making", volid);
	sim_vm_log_format(w, w->node, volid, q.size);
	if (mirrored(w, &d)) {
		sim_task_log(w, "drive mirror is starting for drive-%s", key);
		sim_task_log(w, "drive-%s: transferred 0.0 B of %.1f GiB (0.00%%) in 0s", key,
			     (double)q.size / 1073741824.0);
	} else if (q.base == NULL && !sim_drive_is_cloudinit(&d))
		sim_task_log(w, "transferred 0.0 B of %.1f GiB (0.00%%)", (double)q.size / 1073741824.0);
	return true;
}

/* It is filled: the configuration gets it. */
static void finish_drive(struct sim_worker *w, json_t *g, const char *key)
{
	const char *volid = sim_so(w->ctx, "making", "");
	uint64_t size = sim_vol_size(sim_vol(w->sim, sim_guest_node(g), volid));
	double gib = (double)size / 1073741824.0;
	struct sim_drive d;

	(void)sim_drive_parse(w->sim, &w->arena, "qemu", key, sim_s(json_object_get(w->ctx, "from"), key),
			      &d);
	if (mirrored(w, &d))
		sim_task_log(w, "drive-%s: transferred %.1f GiB of %.1f GiB (100.00%%) in 1s, ready", key,
			     gib, gib);
	else if (phx_json_bool(w->ctx, "full", true) && !sim_drive_is_cloudinit(&d))
		sim_task_log(w, "transferred %.1f GiB of %.1f GiB (100.00%%)", gib, gib);
	sim_drive_set_volume(&w->arena, &d, volid);
	if (!sim_drive_is_cloudinit(&d))
		sim_drive_set_size(&w->arena, &d, size);
	sim_set(sim_conf(g), key, sim_drive_print(&w->arena, &d));
	sim_set(w->ctx, "making", NULL);
	sim_guest_dirty(w->sim, g);
}

/* A running source stands still for an instant at the end (297, 842). */
static void log_mirror_end(struct sim_worker *w, bool canceled)
{
	json_t *source = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	bool agent = source != NULL && sim_agent_up(w->sim, source);
	struct sim_drive d;
	const char *key;

	if (!phx_json_bool(w->ctx, "live", false))
		return;
	if (!canceled) {
		sim_task_log(w, "all 'mirror' jobs are ready");
		sim_task_log(w, agent ? "freeze filesystem" : "suspend vm");
	}
	for (int n = 0; (key = drive_at(w, n)) != NULL; n++) {
		if (!sim_drive_parse(w->sim, &w->arena, "qemu", key,
				     sim_s(json_object_get(w->ctx, "from"), key), &d) ||
		    !mirrored(w, &d))
			continue;
		sim_task_log(w, "drive-%s: Cancelling block job", key);
		if (canceled)
			sim_task_log(w, "WARN: drive-%s: Operation canceled (io-status: ok)", key);
		sim_task_log(w, "drive-%s: Done.", key);
	}
	if (!canceled)
		sim_task_log(w, agent ? "unfreeze filesystem" : "resume vm");
}

static void discard(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	struct phx_buf ignored = {0};

	if (g != NULL) {
		if (sim_s(w->ctx, "making") != NULL)
			(void)sim_vol_free(w->sim, sim_guest_node(g), sim_s(w->ctx, "making"), &ignored);
		(void)sim_guest_free_volumes(w->sim, g, &ignored);
		sim_guest_remove(w->sim, phx_json_int(w->ctx, "newid", 0));
	}
	phx_buf_done(&ignored);
}

static void qmclone_undo(struct sim_worker *w)
{
	log_mirror_end(w, true);
	discard(w);
	phx_buf_clear(&w->error);
	phx_buf_c(&w->error, "clone failed: block job (mirror) error: interrupted by signal"); /* 846 */
}

static void finish_clone(struct sim_worker *w, json_t *g)
{
	json_t *p = json_object_get(w->ctx, "p");

	sim_conf_set(w->sim, g, "lock", NULL);
	sim_firewall_copy(w->sim, "qemu", phx_json_int(w->ctx, "vmid", 0), sim_guest_id(g));
	sim_vm_pool_add(w->sim, sim_s(p, "pool"), sim_guest_id(g));
}

/* Step 0: the target shows its temporary note; 1: it has its configuration, still locked; then a step for each drive. */
static sim_time qmclone_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	const char *next;

	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_FORK) / 4;
	if (g == NULL)
		return sim_task_fail(w, "clone failed: the target is gone");
	if (w->step == 1)
		lay_out(w, g);
	if (w->step >= 2)
		finish_drive(w, g, drive_at(w, w->step - 2));
	next = drive_at(w, w->step - 1);
	if (next != NULL) {
		if (begin_drive(w, g, next))
			return time_of(w, next);
		discard(w);
		return SIM_FAILED;
	}
	log_mirror_end(w, false);
	finish_clone(w, g);
	return SIM_DONE;
}

const struct sim_job sim_job_qmclone = {.name = "qmclone", .step = qmclone_step, .undo = qmclone_undo};

/* ---- template ---- */

void sim_vm_template(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");

	if (g == NULL || !sim_guest_lock(r, g) || !sim_guest_unlocked(r, g))
		return;
	if (json_object_size(json_object_get(g, "snaps")) > 0)
		sim_fail(r, 500, "unable to create template, because VM contains snapshots");
	else if (sim_guest_template(g))
		sim_fail(r, 500, "you can't convert a template to a template");
	else if (sim_guest_running(g))
		sim_fail(r, 500, "you can't convert a VM to template if VM is running");
	else
		sim_task_answer(r, &sim_job_qmtemplate, "qmtemplate", sim_guest_id(g),
				json_pack("{s:I, s:s?}", "vmid", (json_int_t)sim_guest_id(g), "disk",
					  sim_p(r, "disk")));
}

static sim_time qmtemplate_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	const char **keys, *only = sim_s(w->ctx, "disk");

	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_TEMPLATE);
	if (g == NULL)
		return sim_task_fail(w, "Configuration file does not exist");
	sim_conf_set(w->sim, g, "template", "1");
	keys = sim_sorted_keys(&w->arena, sim_conf(g));
	for (size_t i = 0; keys[i] != NULL; i++) {
		struct sim_drive d;

		if (!sim_is_drive(w->sim, "qemu", keys[i], false) ||
		    (only != NULL && strcmp(only, keys[i]) != 0) ||
		    !sim_drive_parse(w->sim, &w->arena, "qemu", keys[i], sim_conf_get(g, keys[i]), &d) ||
		    sim_drive_is_cdrom(&w->arena, &d) || sim_vol(w->sim, w->node, d.volume) == NULL ||
		    sim_vol_is_base(d.volume))
			continue;
		sim_drive_set_volume(
			&w->arena, &d,
			sim_vol_rename(w->sim, &w->arena, w->node, d.volume, sim_guest_id(g), "base"));
		sim_conf_set(w->sim, g, keys[i], sim_drive_print(&w->arena, &d));
	}
	return SIM_DONE;
}

const struct sim_job sim_job_qmtemplate = {.name = "qmtemplate", .step = qmtemplate_step};
