/* Cloning containers, and making templates of them. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/tree.h"
#include "backend/sim/vm.h"

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

static bool mounts_clonable(struct phx_sim_request *r, const json_t *conf, bool full)
{
	const char *to = phx_sim_p(r, "storage"), *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		struct phx_sim_drive d;
		const char *storage;
		json_t *vol;

		if (!phx_sim_ct_is_mount(key) ||
		    !phx_sim_drive_parse(r->sim, &r->arena, "lxc", key, json_string_value(v), &d))
			continue;
		if (d.volume[0] == '/') {
			phx_sim_fail(r, 500, "unable to clone mountpoint '%s' (type bind)", key);
			return false;
		}
		vol = phx_sim_vol(r->sim, phx_sim_node(r), d.volume);
		storage = phx_sim_volid_storage(&r->arena, d.volume);
		if (!full && (vol == NULL || !phx_sim_vol_can_link(phx_sim_storage(r->sim, storage), vol))) {
			phx_sim_fail(r, 500, "Linked clone feature for '%s' is not available", d.volume);
			return false;
		}
		if (full && to != NULL)
			storage = to;
		if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage),
				  "Datastore.AllocateSpace"))
			return false;
	}
	return true;
}

static bool clone_checked(struct phx_sim_request *r, json_t *g, int64_t newid, bool full)
{
	const char *target = phx_sim_p(r, "target"), *owner = phx_sim_id_owner(r, newid);

	if (target != NULL && phx_sim_get(r->sim, "node", target) == NULL) {
		phx_sim_fail(r, 500, "no such cluster node '%s'", target);
		return false;
	}
	if (phx_sim_p(r, "storage") != NULL && phx_sim_storage(r->sim, phx_sim_p(r, "storage")) == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", phx_sim_p(r, "storage"));
		return false;
	}
	if (owner != NULL) {
		phx_sim_fail(r, 500, "%s", owner);
		return false;
	}
	/* The clone before this one holds `lock: disk`: refused at once, however short it takes. */
	if (!phx_sim_guest_unlocked(r, g))
		return false;
	if (!full && phx_sim_p(r, "storage") != NULL) {
		phx_sim_fail(r, 500, "parameter 'storage' not allowed for linked clones");
		return false;
	}
	if (full && phx_sim_guest_running(g) && phx_sim_p(r, "snapname") == NULL) {
		phx_sim_fail(r, 500, "Cannot do full clones on a running container without snapshots");
		return false;
	}
	return true;
}

/* The target has all but its mounts at once, the description included, with `lock: create`. */
static void lay_out(struct phx_sim_request *r, json_t *to, const json_t *from)
{
	static const char *const left[] = {"template", "lock", "parent", "snaptime", "protection"};
	json_t *conf = phx_sim_conf(to), *v;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)from, key, v)
	{
		bool drop = phx_sim_ct_is_mount(key) || phx_sim_starts(key, "unused");

		for (size_t i = 0; i < PHX_COUNTOF(left); i++)
			drop = drop || strcmp(left[i], key) == 0;
		if (drop)
			continue;
		json_object_set(conf, key, v);
		if (phx_sim_starts(key, "net"))
			phx_sim_set(conf, key,
				    phx_sim_net_new_mac(r->sim, &r->arena, "lxc", key, json_string_value(v)));
	}
	phx_sim_set(conf, "hostname",
		    phx_sim_p(r, "hostname") != NULL
			    ? phx_sim_p(r, "hostname")
			    : phx_sim_fmt(&r->arena, "Copy-of-CT-%s",
					  phx_sim_so(from, "hostname",
						     phx_sim_fmt(&r->arena, "%lld",
								 (long long)phx_sim_pi(r, "vmid", 0)))));
	if (phx_sim_p(r, "description") != NULL)
		phx_sim_set(conf, "description", phx_sim_ct_notes(&r->arena, phx_sim_p(r, "description")));
	phx_sim_set(conf, "lock", "create");
}

void phx_sim_ct_clone(struct phx_sim_request *r)
{
	int64_t newid = phx_sim_pi(r, "newid", 0);
	json_t *g = phx_sim_guest_of(r, "lxc"), *conf, *to;
	bool full;

	if (!phx_sim_pool_exists(r) || g == NULL)
		return;
	conf = source_conf(r, g);
	if (conf == NULL)
		return;
	full = phx_sim_pb(r, "full", !phx_sim_guest_template(g));
	if (!clone_checked(r, g, newid, full) || !mounts_clonable(r, conf, full) ||
	    !phx_sim_clone_reaches(r, "lxc", conf) || !phx_sim_guest_lock_id(r, newid, false))
		return;
	conf = json_deep_copy(conf);
	to = phx_sim_guest_add(r->sim, newid, "lxc",
			       phx_sim_p(r, "target") != NULL ? phx_sim_p(r, "target") : phx_sim_node(r));
	lay_out(r, to, conf);
	phx_sim_conf_set(r->sim, g, "lock", "disk");
	phx_sim_task_answer(r, &phx_sim_job_vzclone, "vzclone", phx_sim_guest_id(g),
			    json_pack("{s:I, s:I, s:b, s:o, s:O}", "vmid", (json_int_t)phx_sim_guest_id(g),
				      "newid", (json_int_t)newid, "full", full, "from", conf, "p", r->p));
}

/* ---- the worker ---- */

static const char *mount_at(struct phx_sim_worker *w, int n)
{
	const char **keys = phx_sim_sorted_keys(&w->arena, json_object_get(w->ctx, "from"));

	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_ct_is_mount(keys[i]) && n-- == 0)
			return keys[i];
	return NULL;
}

static json_t *source_vol(struct phx_sim_worker *w, const char *key, struct phx_sim_drive *d)
{
	if (!phx_sim_drive_parse(w->sim, &w->arena, "lxc", key,
				 phx_sim_s(json_object_get(w->ctx, "from"), key), d))
		return NULL;
	return phx_sim_vol(w->sim, w->node, d->volume);
}

static int64_t time_of(struct phx_sim_worker *w, const char *key)
{
	struct phx_sim_drive d;

	if (!phx_json_bool(w->ctx, "full", true))
		return phx_sim_duration(w->sim, PHX_SIM_D_CLONE_LINKED);
	return phx_sim_duration_bytes(w->sim, PHX_SIM_D_COPY_GIB, phx_sim_vol_size(source_vol(w, key, &d))) +
	       phx_sim_duration(w->sim, PHX_SIM_D_FORK);
}

static bool copy_mount(struct phx_sim_worker *w, json_t *to, const char *key)
{
	struct phx_sim_vol_request q = {.node = phx_sim_guest_node(to), .vmid = phx_sim_guest_id(to)};
	bool full = phx_json_bool(w->ctx, "full", true);
	struct phx_buf why = {0};
	struct phx_sim_drive d;
	json_t *vol = source_vol(w, key, &d);
	const char *volid;

	if (vol == NULL) {
		(void)phx_sim_task_fail(w, "clone failed: volume '%s' does not exist",
					phx_sim_so(json_object_get(w->ctx, "from"), key, ""));
		return false;
	}
	q.storage = phx_sim_volid_storage(&w->arena, d.volume);
	if (full && phx_sim_s(json_object_get(w->ctx, "p"), "storage") != NULL)
		q.storage = phx_sim_s(json_object_get(w->ctx, "p"), "storage");
	q.size = phx_sim_vol_size(vol);
	q.used = full ? (uint64_t)phx_json_int(vol, "used", 0) : 4096;
	q.os = json_object_get(vol, "os");
	q.base = full ? NULL : d.volume;
	q.format = full ? "raw" : phx_sim_so(vol, "format", "raw");
	q.subvol = strcmp(phx_sim_so(phx_sim_storage(w->sim, q.storage), "type", ""), "zfspool") == 0 ||
		   q.size == 0;
	phx_sim_task_log(w,
			 full ? "create full clone of mountpoint %s (%s)"
			      : "create linked clone of mount point %s (%s)",
			 key, d.volume);
	volid = phx_sim_vol_make(w->sim, &w->arena, &q, &why);
	if (volid == NULL)
		(void)phx_sim_task_fail(w, "clone failed: %s", why.ptr);
	phx_buf_done(&why);
	if (volid == NULL)
		return false;
	phx_sim_drive_set_volume(&w->arena, &d, volid);
	phx_sim_drive_set_size(&w->arena, &d, q.size);
	phx_sim_conf_set(w->sim, to, key, phx_sim_drive_print(&w->arena, &d));
	return true;
}

static void unlock_source(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));

	if (g != NULL && strcmp(phx_sim_so(phx_sim_conf(g), "lock", ""), "disk") == 0)
		phx_sim_conf_set(w->sim, g, "lock", NULL);
}

static void vzclone_undo(struct phx_sim_worker *w)
{
	json_t *to = phx_sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	struct phx_buf ignored = {0};

	if (to != NULL) {
		(void)phx_sim_guest_free_volumes(w->sim, to, &ignored);
		phx_sim_guest_remove(w->sim, phx_json_int(w->ctx, "newid", 0));
	}
	phx_buf_done(&ignored);
	unlock_source(w);
}

static int64_t vzclone_step(struct phx_sim_worker *w)
{
	json_t *to = phx_sim_guest(w->sim, phx_json_int(w->ctx, "newid", 0));
	const char *next = mount_at(w, w->step);

	if (to == NULL)
		return phx_sim_task_fail(w, "clone failed: the target is gone");
	if (w->step > 0 && !copy_mount(w, to, mount_at(w, w->step - 1))) {
		vzclone_undo(w);
		return PHX_SIM_FAILED;
	}
	if (next != NULL)
		return time_of(w, next);
	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK);
	phx_sim_conf_set(w->sim, to, "lock", NULL);
	phx_sim_tree_clone(w->sim, phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)), to);
	phx_sim_firewall_copy(w->sim, "lxc", phx_json_int(w->ctx, "vmid", 0), phx_sim_guest_id(to));
	phx_sim_vm_pool_add(w->sim, phx_sim_s(json_object_get(w->ctx, "p"), "pool"), phx_sim_guest_id(to));
	unlock_source(w);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzclone = {
	.name = "vzclone", .step = vzclone_step, .undo = vzclone_undo};

/* ---- template ---- */

/* Answers null, although a worker was forked (826-829). */
void phx_sim_ct_template(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (g == NULL || !phx_sim_guest_lock(r, g))
		return;
	if (json_object_size(json_object_get(g, "snaps")) > 0)
		phx_sim_fail(r, 500, "unable to create template, because CT contains snapshots");
	else if (phx_sim_guest_template(g))
		phx_sim_fail(r, 500, "you can't convert a template to a template");
	else if (phx_sim_guest_running(g))
		phx_sim_fail(r, 500, "you can't convert a CT to template if the CT is running");
	else if (phx_sim_guest_unlocked(r, g)) {
		(void)phx_sim_task_start(r, &phx_sim_job_vztemplate, "vztemplate",
					 phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_guest_id(g)),
					 json_pack("{s:I}", "vmid", (json_int_t)phx_sim_guest_id(g)));
		phx_sim_ok(r, NULL);
	}
}

static int64_t vztemplate_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	const char **keys;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_TEMPLATE);
	if (g == NULL)
		return phx_sim_task_fail(w, "Configuration file does not exist");
	keys = phx_sim_sorted_keys(&w->arena, phx_sim_conf(g));
	for (size_t i = 0; keys[i] != NULL; i++) {
		struct phx_sim_drive d;
		json_t *vol;

		if (!phx_sim_ct_is_mount(keys[i]) ||
		    !phx_sim_drive_parse(w->sim, &w->arena, "lxc", keys[i], phx_sim_conf_get(g, keys[i]),
					 &d) ||
		    d.volume[0] == '/' || phx_sim_vol_is_base(d.volume))
			continue;
		vol = phx_sim_vol(w->sim, w->node, d.volume);
		if (vol == NULL)
			continue;
		phx_sim_drive_set_volume(
			&w->arena, &d,
			phx_sim_vol_rename(w->sim, &w->arena, w->node, d.volume, phx_sim_guest_id(g),
					   strcmp(phx_sim_so(vol, "format", ""), "subvol") == 0 ? "basevol"
												: "base"));
		phx_sim_conf_set(w->sim, g, keys[i], phx_sim_drive_print(&w->arena, &d));
	}
	phx_sim_conf_set(w->sim, g, "template", "1");
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vztemplate = {.name = "vztemplate", .step = vztemplate_step};
