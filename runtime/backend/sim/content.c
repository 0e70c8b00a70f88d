/* /nodes/{node}/storage/{storage}/content and its tasks. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/guest.h"
#include "backend/sim/jobs.h"
#include "backend/sim/volume.h"
#include "model/normalise.h"

/* The storage of {storage}; else a 500 is set. */
json_t *phx_sim_storage_of(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "storage");
	json_t *st = phx_sim_storage(r->sim, id);

	if (st == NULL) {
		phx_sim_fail(r, 500, "storage '%s' does not exist", id);
		return NULL;
	}
	if (phx_sim_storage_on(st, phx_sim_node(r)))
		return st;
	phx_sim_fail(r, 500, "storage '%s' is not available on node '%s'", id, phx_sim_node(r));
	return NULL;
}

/* ---- listing ---- */

static const char *parent_of(struct phx_sim_request *r, const json_t *vol)
{
	const char *base = phx_sim_s(vol, "base");

	return base != NULL ? phx_sim_fmt(&r->arena, "../%s", phx_sim_volid_name(base)) : NULL;
}

static json_t *entry(struct phx_sim_request *r, const json_t *vol)
{
	static const char *const copied[] = {"volid", "content", "format", "ctime", "notes", "subtype"};
	const char *content = phx_sim_so(vol, "content", "images");
	json_t *o = json_object(), *v;

	for (size_t i = 0; i < PHX_COUNTOF(copied); i++)
		if ((v = json_object_get(vol, copied[i])) != NULL)
			json_object_set(o, copied[i], v);
	phx_sim_set_int(o, "size", (int64_t)phx_sim_vol_size(vol));
	if (phx_json_int(vol, "vmid", 0) > 0)
		phx_sim_set_int(o, "vmid", phx_json_int(vol, "vmid", 0));
	if (strcmp(content, "images") == 0 || strcmp(content, "rootdir") == 0) {
		phx_sim_set_int(o, "used", phx_json_int(vol, "used", 0));
		json_object_set_new(o, "parent",
				    parent_of(r, vol) != NULL ? json_string(parent_of(r, vol)) : json_null());
	}
	if (phx_sim_truth(json_object_get(vol, "protected")))
		phx_sim_set_int(o, "protected", 1);
	return o;
}

/* A container's volumes count as rootdir. */
static bool content_fits(struct phx_sim *s, const json_t *vol, const char *want)
{
	const char *content = phx_sim_so(vol, "content", "images");
	json_t *g;

	if (want == NULL || strcmp(want, content) == 0)
		return true;
	if (strcmp(want, "rootdir") != 0 || strcmp(content, "images") != 0)
		return false;
	g = phx_sim_guest(s, phx_json_int(vol, "vmid", 0));
	return g != NULL && !phx_sim_guest_is_vm(g);
}

static void list(struct phx_sim_request *r)
{
	const char *want = phx_sim_p(r, "content"), *key, *prefix;
	int64_t vmid = phx_sim_pi(r, "vmid", 0);
	json_t *st = phx_sim_storage_of(r), *out, *vol;

	if (st == NULL)
		return;
	out = json_array();
	prefix = phx_sim_fmt(&r->arena, "%s/%s:", phx_sim_storage_shared(st) ? "*" : phx_sim_node(r),
			     phx_sim_p(r, "storage"));
	json_object_foreach(phx_sim_all(r->sim, "vol"), key, vol)
	{
		bool images = strcmp(phx_sim_so(vol, "content", "images"), "images") == 0,
		     backup = strcmp(phx_sim_so(vol, "content", ""), "backup") == 0;
		json_t *o;

		if (!phx_sim_starts(key, prefix) || !content_fits(r->sim, vol, want))
			continue;
		/* A guest's id filters only what belongs to guests (523). */
		if (vmid > 0 && (images || backup) && phx_json_int(vol, "vmid", 0) != vmid)
			continue;
		if (vmid > 0 && !images && !backup && strcmp(phx_sim_so(vol, "content", ""), "import") != 0)
			continue;
		o = entry(r, vol);
		if (images && phx_sim_guest(r->sim, phx_json_int(vol, "vmid", 0)) != NULL &&
		    !phx_sim_guest_is_vm(phx_sim_guest(r->sim, phx_json_int(vol, "vmid", 0))))
			phx_sim_set(o, "content", "rootdir");
		json_array_append_new(out, o);
	}
	phx_sim_ok(r, out);
}

/* ---- one volume ---- */

/* {volume} may be a whole volid or the name on the storage (527, 528). */
static const char *volid_of(struct phx_sim_request *r)
{
	const char *volume = phx_sim_p(r, "volume");

	return strchr(volume, ':') != NULL ? volume
					   : phx_sim_fmt(&r->arena, "%s:%s", phx_sim_p(r, "storage"), volume);
}

static void volume_get(struct phx_sim_request *r)
{
	json_t *st = phx_sim_storage_of(r), *vol, *o;
	const char *volid = volid_of(r), *content, *storage;

	if (st == NULL)
		return;
	vol = phx_sim_vol(r->sim, phx_sim_node(r), volid);
	if (vol == NULL) {
		phx_sim_fail(r, 500, "volume_size_info on '%s' failed - no format", volid);
		return;
	}
	storage = phx_sim_volid_storage(&r->arena, volid);
	content = phx_sim_so(vol, "content", "images");
	/* Files are reported in whole blocks there. */
	o = json_pack(
		"{s:s, s:s, s:I, s:I}", "path",
		phx_sim_storage_path(&r->arena, phx_sim_storage(r->sim, storage), phx_sim_volid_name(volid)),
		"format", strcmp(content, "images") == 0 ? phx_sim_so(vol, "format", "raw") : "raw", "size",
		(json_int_t)(strcmp(content, "images") == 0 ? phx_sim_vol_size(vol)
							    : (phx_sim_vol_size(vol) + 511) / 512 * 512),
		"used", (json_int_t)phx_json_int(vol, "used", (int64_t)phx_sim_vol_size(vol)));
	if (phx_sim_s(vol, "notes") != NULL)
		phx_sim_set(o, "notes", phx_sim_s(vol, "notes"));
	if (phx_sim_truth(json_object_get(vol, "protected")))
		phx_sim_set_int(o, "protected", 1);
	phx_sim_ok(r, o);
}

static void volume_put(struct phx_sim_request *r)
{
	json_t *vol = phx_sim_vol(r->sim, phx_sim_node(r), volid_of(r));

	if (vol == NULL) {
		phx_sim_fail(r, 500, "volume '%s' does not exist", volid_of(r));
		return;
	}
	if (phx_sim_p(r, "notes") != NULL)
		phx_sim_set(vol, "notes", phx_sim_p(r, "notes"));
	if (json_object_get(r->p, "protected") != NULL)
		phx_sim_set_int(vol, "protected", phx_sim_pb(r, "protected", false));
	phx_sim_vol_dirty(r->sim, vol);
	phx_sim_ok(r, NULL);
}

static void volume_delete(struct phx_sim_request *r)
{
	const char *volid, *upid = json_string_value(r->ctx), *id, *storage = phx_sim_p(r, "storage");
	int64_t delay = phx_sim_pi(r, "delay", 0), owner;

	if (upid != NULL) {
		phx_sim_ok(r, phx_sim_task_worker(r->sim, upid) == NULL ? NULL : json_string(upid));
		return;
	}
	if (phx_sim_storage_of(r) == NULL)
		return;
	volid = volid_of(r);
	owner = phx_sim_volid_owner(volid);
	if (owner == 0)
		owner = phx_json_int(phx_sim_vol(r->sim, phx_sim_node(r), volid), "vmid", 0);
	if (owner > 0) {
		if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage),
				  "Datastore.AllocateSpace"))
			return;
	} else if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage),
				 "Datastore.AllocateTemplate")) {
		return;
	}
	id = owner > 0 ? phx_sim_fmt(&r->arena, "%lld@%s", (long long)owner, storage) : storage;
	upid = phx_sim_task_start(r, &phx_sim_job_imgdel, "imgdel", id, json_pack("{s:s}", "volid", volid));
	if (delay > 0) {
		r->ctx = json_string(upid);
		if (!phx_sim_task_await(r, upid, delay))
			return;
		phx_sim_ok(r, NULL);
		return;
	}
	phx_sim_ok(r, json_string(upid));
}

static int64_t imgdel_step(struct phx_sim_worker *w)
{
	const char *volid = phx_sim_so(w->ctx, "volid", "");
	json_t *vol = phx_sim_vol(w->sim, w->node, volid);
	struct phx_buf why = {0};
	bool ok;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK);
	if (vol != NULL && phx_sim_truth(json_object_get(vol, "protected")))
		return phx_sim_task_fail(w, "cannot remove protected volume '%s' on '%s'",
					 phx_sim_volid_name(volid), phx_sim_so(vol, "storage", ""));
	ok = phx_sim_vol_free(w->sim, w->node, volid, &why);
	if (!ok)
		(void)phx_sim_task_fail(w, "%s", why.ptr);
	phx_buf_done(&why);
	return ok ? PHX_SIM_DONE : PHX_SIM_FAILED;
}

const struct phx_sim_job phx_sim_job_imgdel = {.name = "imgdel", .step = imgdel_step};

/* ---- allocation ---- */

static void alloc(struct phx_sim_request *r)
{
	json_t *st = phx_sim_storage_of(r), *v;
	const char *name = phx_sim_p(r, "filename"), *volid;
	struct phx_sim_vol_request q = {.storage = phx_sim_p(r, "storage"),
					.node = phx_sim_node(r),
					.vmid = phx_sim_pi(r, "vmid", 0),
					.filename = name,
					.used = 4096};
	struct phx_buf why = {0}, size = {0};
	uint64_t kib;

	if (st == NULL)
		return;
	v = json_object_get(r->p, "size");
	(void)phx_json_text(v, &size);
	if (phx_parse_u64(phx_buf_view(&size), &kib))
		q.size = kib << 10;
	else
		q.size = phx_sim_bytes(phx_buf_view(&size), 0);
	phx_buf_done(&size);
	q.format = phx_sim_p(r, "format") != NULL ? phx_sim_p(r, "format") : phx_sim_format_of(name);
	if (name[0] == 0)
		q.filename = NULL;
	volid = phx_sim_fmt(&r->arena, phx_sim_storage_is_file(st) ? "%s:%lld/%s" : "%s:%.0lld%s", q.storage,
			    phx_sim_storage_is_file(st) ? (long long)q.vmid : 0, name);
	if (q.filename != NULL && phx_sim_vol(r->sim, q.node, volid) != NULL) {
		phx_sim_fail(r, 500, "disk image '%s' already exists",
			     phx_sim_storage_path(&r->arena, st, phx_sim_volid_name(volid)));
		return;
	}
	volid = phx_sim_vol_make(r->sim, &r->arena, &q, &why);
	if (volid != NULL)
		phx_sim_ok(r, json_string(volid));
	else
		phx_sim_fail(r, 500, "%s", why.ptr);
	phx_buf_done(&why);
}

static void prune(struct phx_sim_request *r)
{
	if (phx_sim_storage_of(r) != NULL)
		phx_sim_ok(r, json_array());
}

#define AT "/nodes/{node}/storage/{storage}"
const struct phx_sim_route phx_sim_routes_content[] = {{"GET", AT "/content", list},
						       {"POST", AT "/content", alloc},
						       {"GET", AT "/content/{volume}", volume_get},
						       {"PUT", AT "/content/{volume}", volume_put},
						       {"DELETE", AT "/content/{volume}", volume_delete},
						       {"GET", AT "/prunebackups", prune},
						       {0}};
