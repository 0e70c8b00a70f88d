/* Creating and destroying containers. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/backup.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"

static bool no_config(const char *key)
{
	static const char *const names[] = {"node",    "vmid",     "ostemplate",          "pool",    "start",
					    "storage", "password", "ssh-public-keys",     "restore", "force",
					    "unique",  "bwlimit",  "ignore-unpack-errors"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (strcmp(names[i], key) == 0)
			return true;
	return false;
}

static json_t *wanted_config(struct phx_sim_request *r)
{
	json_t *set = json_object(), *v;
	const char *key;

	json_object_foreach(r->p, key, v)
	{
		struct phx_buf text = {0};

		if (!no_config(key) && phx_json_text(v, &text))
			json_object_set_new(set, key,
					    json_stringn_nocheck(text.ptr != NULL ? text.ptr : "", text.len));
		phx_buf_done(&text);
	}
	if (phx_sim_s(set, "rootfs") == NULL && !phx_sim_pb(r, "restore", false))
		phx_sim_set(set, "rootfs",
			    phx_sim_fmt(&r->arena, "%s:4",
					phx_sim_p(r, "storage") != NULL ? phx_sim_p(r, "storage") : "local"));
	return set;
}

static bool may_create(struct phx_sim_request *r, int64_t vmid)
{
	const char *pool = phx_sim_p(r, "pool");

	if (phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%lld", (long long)vmid), "VM.Allocate") ||
	    (pool != NULL && phx_sim_may(r, phx_sim_fmt(&r->arena, "/pool/%s", pool), "VM.Allocate")))
		return true;
	phx_sim_fail(r, 403, "Permission check failed");
	return false;
}

static bool settings_allowed(struct phx_sim_request *r, int64_t vmid, const json_t *set)
{
	bool unprivileged = strcmp(phx_sim_so(set, "unprivileged", "0"), "1") == 0;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)set, key, v)
	{
		if (!phx_sim_ct_may_set(r, vmid, unprivileged, key, json_string_value(v), true) ||
		    !phx_sim_ct_mount_allowed(r, key, json_string_value(v)))
			return false;
	}
	return true;
}

void phx_sim_ct_create(struct phx_sim_request *r)
{
	int64_t vmid = phx_sim_pi(r, "vmid", 0);
	const char *owner = phx_sim_id_owner(r, vmid);
	bool restore = phx_sim_pb(r, "restore", false),
	     over = restore && phx_sim_pb(r, "force", false) && owner != NULL &&
		    !phx_sim_guest_is_vm(phx_sim_guest(r->sim, vmid));
	json_t *set, *g, *ctx;

	if (!may_create(r, vmid) || !phx_sim_pool_exists(r))
		return;
	if (owner != NULL && !over) {
		phx_sim_fail(r, 500, "%s", owner);
		return;
	}
	set = wanted_config(r);
	if (!settings_allowed(r, vmid, set) || !phx_sim_guest_lock_id(r, vmid, false)) {
		json_decref(set);
		return;
	}
	if (over) {
		struct phx_buf ignored = {0};

		(void)phx_sim_guest_free_volumes(r->sim, phx_sim_guest(r->sim, vmid), &ignored);
		phx_sim_guest_remove(r->sim, vmid);
		phx_buf_done(&ignored);
	}
	g = phx_sim_guest_add(r->sim, vmid, "lxc", phx_sim_node(r));
	phx_sim_set(phx_sim_conf(g), "lock", "create");
	ctx = json_pack("{s:I, s:o, s:{}, s:s, s:s?, s:b, s:b, s:s?}", "vmid", (json_int_t)vmid, "set", set,
			"made", "template", phx_sim_p(r, "ostemplate"), "pool", phx_sim_p(r, "pool"), "start",
			phx_sim_pb(r, "start", false), "restore", restore, "storage",
			phx_sim_p(r, "storage"));
	phx_sim_task_answer(r, &phx_sim_job_vzcreate, restore ? "vzrestore" : "vzcreate", vmid, ctx);
}

/* ---- the worker ---- */

static void vzcreate_undo(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	struct phx_buf ignored = {0};
	struct phx_sim_drive d;
	const char *key;
	json_t *v;

	json_object_foreach(json_object_get(w->ctx, "made"), key, v)
	{
		if (phx_sim_drive_parse(w->sim, &w->arena, "lxc", key, json_string_value(v), &d) &&
		    phx_sim_volid_owner(d.volume) == vmid)
			(void)phx_sim_vol_free(w->sim, w->node, d.volume, &ignored);
	}
	phx_buf_done(&ignored);
	phx_sim_guest_remove(w->sim, vmid);
	phx_sim_vm_pool_remove(w->sim, vmid);
}

static int64_t create_failed(struct phx_sim_worker *w, const char *why)
{
	const char *text = phx_sim_fmt(&w->arena, "%s", why);

	vzcreate_undo(w);
	return phx_sim_task_fail(w, "unable to %s CT %lld - %s",
				 phx_json_bool(w->ctx, "restore", false) ? "restore" : "create",
				 (long long)phx_json_int(w->ctx, "vmid", 0), text);
}

/* rootfs first, then the mount points. */
static bool make_mounts(struct phx_sim_worker *w)
{
	json_t *set = json_object_get(w->ctx, "set"), *made = json_object_get(w->ctx, "made");
	json_t *template = phx_sim_vol(w->sim, w->node, phx_sim_so(w->ctx, "template", ""));
	struct phx_buf why = {0};
	struct phx_sim_vm_make m = {.sim = w->sim,
				    .a = &w->arena,
				    .w = w,
				    .node = w->node,
				    .vmid = phx_json_int(w->ctx, "vmid", 0),
				    .why = &why};
	const char **keys = phx_sim_sorted_keys(&w->arena, set);
	bool ok = true;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; ok && keys[i] != NULL; i++) {
			bool root = strcmp(keys[i], "rootfs") == 0;
			const char *text;

			if (!phx_sim_ct_is_mount(keys[i]) || root != (pass == 0))
				continue;
			text = phx_sim_ct_make_mount(&m, keys[i], phx_sim_so(set, keys[i], ""),
						     root ? phx_sim_ct_os(w, template) : NULL);
			ok = text != NULL;
			if (ok)
				phx_sim_set(made, keys[i], text);
			else
				(void)create_failed(w, why.ptr != NULL ? why.ptr : "");
		}
	phx_buf_done(&why);
	return ok;
}

json_t *phx_sim_ct_os(struct phx_sim_worker *w, const json_t *template)
{
	json_t *os = json_object_get(template, "os");

	if (os != NULL)
		return os;
	os = json_object_get(w->ctx, "os");
	if (os == NULL) {
		os = json_object();
		json_object_set_new(w->ctx, "os", os);
	}
	return os;
}

/* "ubuntu" for ubuntu-24.04-standard…; what the seed says of the template wins. */
static const char *detected(struct phx_sim_worker *w, const json_t *template)
{
	static const char *const known[] = {"debian",   "devuan",    "ubuntu", "centos", "fedora",
					    "opensuse", "archlinux", "alpine", "gentoo", "nixos"};
	const char *name = phx_sim_volid_name(phx_sim_so(w->ctx, "template", ":x")),
		   *given = phx_sim_s(json_object_get(template, "os"), "type");

	if (given != NULL)
		return strcmp(given, "unknown") == 0 ? NULL : given;
	for (size_t i = 0; i < PHX_COUNTOF(known); i++)
		if (name != NULL && strstr(name, known[i]) != NULL)
			return known[i];
	return NULL;
}

static void complete(struct phx_sim_worker *w, json_t *g, const char *ostype)
{
	static const struct {
		const char *key, *value;
	} defaults[] = {{"arch", "amd64"}, {"memory", "512"}, {"swap", "512"}};
	json_t *set = json_object_get(w->ctx, "set"), *made = json_object_get(w->ctx, "made"),
	       *conf = phx_sim_conf(g), *v;
	const char *key;

	json_object_clear(conf);
	json_object_foreach(set, key, v)
	{
		const char *text = phx_sim_s(made, key);

		phx_sim_set(conf, key,
			    text != NULL
				    ? text
				    : phx_sim_ct_stored(w->sim, &w->arena, key, json_string_value(v), true));
	}
	for (size_t i = 0; i < PHX_COUNTOF(defaults); i++)
		if (phx_sim_s(conf, defaults[i].key) == NULL)
			phx_sim_set(conf, defaults[i].key, defaults[i].value);
	if (phx_sim_s(conf, "hostname") == NULL)
		phx_sim_set(conf, "hostname",
			    phx_sim_fmt(&w->arena, "CT%lld", (long long)phx_sim_guest_id(g)));
	if (phx_sim_s(conf, "ostype") == NULL)
		phx_sim_set(conf, "ostype", ostype);
	if (strcmp(phx_sim_so(conf, "unprivileged", ""), "0") == 0)
		json_object_del(conf, "unprivileged");
	phx_sim_guest_dirty(w->sim, g);
	phx_sim_vm_pool_add(w->sim, phx_sim_s(w->ctx, "pool"), phx_sim_guest_id(g));
}

static int64_t extract_time(struct phx_sim_worker *w)
{
	json_t *template = phx_sim_vol(w->sim, w->node, phx_sim_so(w->ctx, "template", ""));

	return phx_sim_duration(w->sim, PHX_SIM_D_CREATE) +
	       phx_sim_duration_bytes(w->sim, PHX_SIM_D_EXTRACT_GIB, phx_sim_vol_size(template));
}

static void log_extract(struct phx_sim_worker *w, const char *template)
{
	json_t *st = phx_sim_storage(w->sim, phx_sim_volid_storage(&w->arena, template));

	phx_sim_task_log(w, "extracting archive '%s'",
			 phx_sim_storage_path(&w->arena, st, phx_sim_volid_name(template)));
}

/* Steps: the mounts; the archive is unpacked into them; the configuration. Until then only `lock: create` is there. */
static int64_t vzcreate_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0)),
	       *set = json_object_get(w->ctx, "set");
	const char *template = phx_sim_so(w->ctx, "template", ""), *ostype = phx_sim_s(set, "ostype");
	json_t *vol = phx_sim_vol(w->sim, w->node, template);

	if (w->step == 0) {
		if (phx_json_bool(w->ctx, "restore", false) && !phx_sim_backup_settings(w, vol, set))
			return create_failed(w,
					     phx_sim_fmt(&w->arena, "volume '%s' does not exist", template));
		return phx_sim_duration(w->sim, PHX_SIM_D_CREATE);
	}
	if (w->step == 1) {
		if (!make_mounts(w))
			return PHX_SIM_FAILED;
		if (vol == NULL)
			return create_failed(w,
					     phx_sim_fmt(&w->arena, "volume '%s' does not exist", template));
		log_extract(w, template);
		return extract_time(w);
	}
	if (!phx_json_bool(w->ctx, "restore", false) &&
	    (ostype == NULL || strcmp(ostype, "unmanaged") != 0) && detected(w, vol) == NULL)
		return create_failed(w, "unable to detect OS distribution");
	complete(w, g, ostype != NULL ? ostype : detected(w, vol) != NULL ? detected(w, vol) : "unmanaged");
	if (phx_json_bool(w->ctx, "start", false))
		phx_sim_guest_power_on(w->sim, g);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzcreate = {
	.name = "vzcreate", .step = vzcreate_step, .undo = vzcreate_undo};

/* ---- destroy ---- */

void phx_sim_ct_destroy(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");
	int64_t vmid;

	if (g == NULL)
		return;
	vmid = phx_sim_guest_id(g);
	if (phx_sim_conf_int(g, "protection", 0) != 0) {
		phx_sim_fail(r, 500, "can't remove CT %lld - protection mode enabled", (long long)vmid);
		return;
	}
	if (phx_sim_get(r->sim, "ha", phx_sim_fmt(&r->arena, "ct:%lld", (long long)vmid)) != NULL &&
	    !phx_sim_pb(r, "purge", false)) {
		phx_sim_fail(r, 500,
			     "unable to remove CT %lld - used in HA resources and purge parameter not set.",
			     (long long)vmid);
		return;
	}
	if (phx_sim_guest_running(g) && !phx_sim_pb(r, "force", false)) {
		phx_sim_fail(r, 500, "unable to destroy CT %lld - container is running", (long long)vmid);
		return;
	}
	/* Unlike a VM's, a container's lock is refused at once (concurrency, last paragraph). */
	if (!phx_sim_guest_unlocked(r, g))
		return;
	phx_sim_task_answer(r, &phx_sim_job_vzdestroy, "vzdestroy", vmid,
			    json_pack("{s:I, s:b, s:b, s:b}", "vmid", (json_int_t)vmid, "purge",
				      phx_sim_pb(r, "purge", false), "force", phx_sim_pb(r, "force", false),
				      "unreferenced", phx_sim_pb(r, "destroy-unreferenced-disks", false)));
}

static int64_t vzdestroy_step(struct phx_sim_worker *w)
{
	int64_t vmid = phx_json_int(w->ctx, "vmid", 0);
	enum phx_sim_lock_result got = phx_sim_task_lock(w, vmid, false);
	json_t *g = phx_sim_guest(w->sim, vmid);
	struct phx_buf why = {0};
	bool ok;

	if (got != PHX_SIM_LOCK_HELD)
		return got == PHX_SIM_LOCK_WAIT ? PHX_SIM_BLOCKED : PHX_SIM_FAILED;
	if (g == NULL)
		return phx_sim_task_fail(w, "Configuration file 'nodes/%s/lxc/%lld.conf' does not exist",
					 w->node, (long long)vmid);
	if (phx_sim_conf_get(g, "lock") != NULL && w->step == 0)
		return phx_sim_task_locked(w, g);
	if (w->step == 0) {
		if (phx_sim_guest_running(g))
			phx_sim_guest_power_off(w->sim, g);
		return phx_sim_duration(w->sim, PHX_SIM_D_DESTROY);
	}
	ok = phx_sim_guest_free_volumes(w->sim, g, &why);
	if (!ok)
		(void)phx_sim_task_fail(w, "%s", why.ptr);
	phx_buf_done(&why);
	if (!ok)
		return PHX_SIM_FAILED;
	if (phx_json_bool(w->ctx, "unreferenced", false))
		phx_sim_vol_free_owned(w->sim, w->node, vmid);
	if (phx_json_bool(w->ctx, "purge", false))
		phx_sim_guest_purge(w, vmid, false);
	phx_sim_guest_remove(w->sim, vmid);
	phx_sim_vm_pool_remove(w->sim, vmid);
	phx_sim_firewall_remove(w->sim, "lxc", vmid);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_vzdestroy = {.name = "vzdestroy", .step = vzdestroy_step};
