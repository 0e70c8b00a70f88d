/* /nodes/{node}/storage/{storage}/content and its tasks. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/guest.h"
#include "backend/sim/jobs.h"
#include "backend/sim/volume.h"
#include "model/normalise.h"

/* The storage of {storage}; else a 500 is set. */
json_t *sim_storage_of(struct sim_request *r)
{
	const char *id = sim_p(r, "storage");
	json_t *st = sim_storage(r->sim, id);

	if (st == NULL) {
		sim_fail(r, 500, "storage '%s' does not exist", id);
		return NULL;
	}
	if (sim_storage_on(st, sim_node(r)))
		return st;
	sim_fail(r, 500, "storage '%s' is not available on node '%s'", id, sim_node(r));
	return NULL;
}

/* ---- listing ---- */

static const char *parent_of(struct sim_request *r, const json_t *vol)
{
	const char *base = sim_s(vol, "base");

	return base != NULL ? sim_fmt(&r->arena, "../%s", sim_volid_name(base)) : NULL;
}

static json_t *entry(struct sim_request *r, const json_t *vol)
{
	static const char *const copied[] = {"volid", "content", "format", "ctime", "notes", "subtype"};
	const char *content = sim_so(vol, "content", "images");
	json_t *o = json_object(), *v;

	for (size_t i = 0; i < PHX_COUNTOF(copied); i++)
		if ((v = json_object_get(vol, copied[i])) != NULL)
			json_object_set(o, copied[i], v);
	sim_set_int(o, "size", (int64_t)sim_vol_size(vol));
	if (phx_json_int(vol, "vmid", 0) > 0)
		sim_set_int(o, "vmid", phx_json_int(vol, "vmid", 0));
	if (strcmp(content, "images") == 0 || strcmp(content, "rootdir") == 0) {
		sim_set_int(o, "used", phx_json_int(vol, "used", 0));
		json_object_set_new(o, "parent",
				    parent_of(r, vol) != NULL ? json_string(parent_of(r, vol)) : json_null());
	}
	if (sim_truth(json_object_get(vol, "protected")))
		sim_set_int(o, "protected", 1);
	return o;
}

/* A container's volumes count as rootdir. */
static bool content_fits(struct phx_sim *s, const json_t *vol, const char *want)
{
	const char *content = sim_so(vol, "content", "images");
	json_t *g;

	if (want == NULL || strcmp(want, content) == 0)
		return true;
	if (strcmp(want, "rootdir") != 0 || strcmp(content, "images") != 0)
		return false;
	g = sim_guest(s, phx_json_int(vol, "vmid", 0));
	return g != NULL && !sim_guest_is_vm(g);
}

static void list(struct sim_request *r)
{
	const char *want = sim_p(r, "content"), *key, *prefix;
	int64_t vmid = sim_pi(r, "vmid", 0);
	json_t *st = sim_storage_of(r), *out, *vol;

	if (st == NULL)
		return;
	out = json_array();
	prefix =
		sim_fmt(&r->arena, "%s/%s:", sim_storage_shared(st) ? "*" : sim_node(r), sim_p(r, "storage"));
	json_object_foreach(sim_all(r->sim, "vol"), key, vol)
	{
		bool images = strcmp(sim_so(vol, "content", "images"), "images") == 0,
		     backup = strcmp(sim_so(vol, "content", ""), "backup") == 0;
		json_t *o;

		if (!sim_starts(key, prefix) || !content_fits(r->sim, vol, want))
			continue;
		/* A guest's id filters only what belongs to guests (523). */
		if (vmid > 0 && (images || backup) && phx_json_int(vol, "vmid", 0) != vmid)
			continue;
		if (vmid > 0 && !images && !backup && strcmp(sim_so(vol, "content", ""), "import") != 0)
			continue;
		o = entry(r, vol);
		if (images && sim_guest(r->sim, phx_json_int(vol, "vmid", 0)) != NULL &&
		    !sim_guest_is_vm(sim_guest(r->sim, phx_json_int(vol, "vmid", 0))))
			sim_set(o, "content", "rootdir");
		json_array_append_new(out, o);
	}
	sim_ok(r, out);
}

/* ---- one volume ---- */

/* {volume} may be a whole volid or the name on the storage (527, 528). */
static const char *volid_of(struct sim_request *r)
{
	const char *volume = sim_p(r, "volume");

	return strchr(volume, ':') != NULL ? volume
					   : sim_fmt(&r->arena, "%s:%s", sim_p(r, "storage"), volume);
}

static void volume_get(struct sim_request *r)
{
	json_t *st = sim_storage_of(r), *vol, *o;
	const char *volid = volid_of(r), *content, *storage;

	if (st == NULL)
		return;
	vol = sim_vol(r->sim, sim_node(r), volid);
	if (vol == NULL) {
		sim_fail(r, 500, "volume_size_info on '%s' failed - no format", volid);
		return;
	}
	storage = sim_volid_storage(&r->arena, volid);
	content = sim_so(vol, "content", "images");
	/* Files are reported in whole blocks there. */
	o = json_pack("{s:s, s:s, s:I, s:I}", "path",
		      sim_storage_path(&r->arena, sim_storage(r->sim, storage), sim_volid_name(volid)),
		      "format", strcmp(content, "images") == 0 ? sim_so(vol, "format", "raw") : "raw", "size",
		      (json_int_t)(strcmp(content, "images") == 0 ? sim_vol_size(vol)
								  : (sim_vol_size(vol) + 511) / 512 * 512),
		      "used", (json_int_t)phx_json_int(vol, "used", (int64_t)sim_vol_size(vol)));
	if (sim_s(vol, "notes") != NULL)
		sim_set(o, "notes", sim_s(vol, "notes"));
	if (sim_truth(json_object_get(vol, "protected")))
		sim_set_int(o, "protected", 1);
	sim_ok(r, o);
}

static void volume_put(struct sim_request *r)
{
	json_t *vol = sim_vol(r->sim, sim_node(r), volid_of(r));

	if (vol == NULL) {
		sim_fail(r, 500, "volume '%s' does not exist", volid_of(r));
		return;
	}
	if (sim_p(r, "notes") != NULL)
		sim_set(vol, "notes", sim_p(r, "notes"));
	if (json_object_get(r->p, "protected") != NULL)
		sim_set_int(vol, "protected", sim_pb(r, "protected", false));
	sim_vol_dirty(r->sim, vol);
	sim_ok(r, NULL);
}

static void volume_delete(struct sim_request *r)
{
	const char *volid, *upid = json_string_value(r->ctx), *id, *storage = sim_p(r, "storage");
	int64_t delay = sim_pi(r, "delay", 0), owner;

	if (upid != NULL) {
		sim_ok(r, sim_task_worker(r->sim, upid) == NULL ? NULL : json_string(upid));
		return;
	}
	if (sim_storage_of(r) == NULL)
		return;
	volid = volid_of(r);
	owner = sim_volid_owner(volid);
	if (owner == 0)
		owner = phx_json_int(sim_vol(r->sim, sim_node(r), volid), "vmid", 0);
	if (owner > 0) {
		if (!sim_need(r, sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateSpace"))
			return;
	} else if (!sim_need(r, sim_fmt(&r->arena, "/storage/%s", storage), "Datastore.AllocateTemplate")) {
		return;
	}
	id = owner > 0 ? sim_fmt(&r->arena, "%lld@%s", (long long)owner, storage) : storage;
	upid = sim_task_start(r, &sim_job_imgdel, "imgdel", id, json_pack("{s:s}", "volid", volid));
	if (delay > 0) {
		r->ctx = json_string(upid);
		if (!sim_task_await(r, upid, delay))
			return;
		sim_ok(r, NULL);
		return;
	}
	sim_ok(r, json_string(upid));
}

static sim_time imgdel_step(struct sim_worker *w)
{
	const char *volid = sim_so(w->ctx, "volid", "");
	json_t *vol = sim_vol(w->sim, w->node, volid);
	struct phx_buf why = {0};
	bool ok;

	if (w->step == 0)
		return sim_duration(w->sim, SIM_D_FORK);
	if (vol != NULL && sim_truth(json_object_get(vol, "protected")))
		return sim_task_fail(w, "cannot remove protected volume '%s' on '%s'", sim_volid_name(volid),
				     sim_so(vol, "storage", ""));
	ok = sim_vol_free(w->sim, w->node, volid, &why);
	if (!ok)
		(void)sim_task_fail(w, "%s", why.ptr);
	phx_buf_done(&why);
	return ok ? SIM_DONE : SIM_FAILED;
}

const struct sim_job sim_job_imgdel = {.name = "imgdel", .step = imgdel_step};

/* ---- allocation ---- */

static void alloc(struct sim_request *r)
{
	json_t *st = sim_storage_of(r), *v;
	const char *name = sim_p(r, "filename"), *volid;
	struct sim_vol_request q = {.storage = sim_p(r, "storage"),
				    .node = sim_node(r),
				    .vmid = sim_pi(r, "vmid", 0),
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
		q.size = sim_bytes(phx_buf_view(&size), 0);
	phx_buf_done(&size);
	q.format = sim_p(r, "format") != NULL ? sim_p(r, "format") : sim_format_of(name);
	if (name[0] == 0)
		q.filename = NULL;
	volid = sim_fmt(&r->arena, sim_storage_is_file(st) ? "%s:%lld/%s" : "%s:%.0lld%s", q.storage,
			sim_storage_is_file(st) ? (long long)q.vmid : 0, name);
	if (q.filename != NULL && sim_vol(r->sim, q.node, volid) != NULL) {
		sim_fail(r, 500, "disk image '%s' already exists",
			 sim_storage_path(&r->arena, st, sim_volid_name(volid)));
		return;
	}
	volid = sim_vol_make(r->sim, &r->arena, &q, &why);
	if (volid != NULL)
		sim_ok(r, json_string(volid));
	else
		sim_fail(r, 500, "%s", why.ptr);
	phx_buf_done(&why);
}

static void prune(struct sim_request *r)
{
	if (sim_storage_of(r) != NULL)
		sim_ok(r, json_array());
}

#define AT "/nodes/{node}/storage/{storage}"
const struct sim_route sim_routes_content[] = {{"GET", AT "/content", list},
					       {"POST", AT "/content", alloc},
					       {"GET", AT "/content/{volume}", volume_get},
					       {"PUT", AT "/content/{volume}", volume_put},
					       {"DELETE", AT "/content/{volume}", volume_delete},
					       {"GET", AT "/prunebackups", prune},
					       {0}};
