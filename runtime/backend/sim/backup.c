/* vzdump, its archives, and backup jobs (which are configuration only). */
#include "backend/sim/backup.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/durations.h"
#include "backend/sim/jobs.h"
#include "model/normalise.h"

/* ---- jobs ---- */

static void jobs(struct sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;

	json_object_foreach(sim_all(r->sim, "backup"), id, doc)
		json_array_append_new(out, json_deep_copy(doc));
	sim_ok(r, out);
}

static void job_add(struct sim_request *r)
{
	const char *id = sim_p(r, "id");
	json_t *doc;

	if (id != NULL && sim_get(r->sim, "backup", id) != NULL) {
		sim_fail(r, 500, "Job '%s' already exists", id);
		return;
	}
	doc = json_copy(r->p);
	if (id == NULL)
		id = sim_fmt(&r->arena, "backup-%s", sim_random_uuid(r->sim, &r->arena));
	sim_set(doc, "id", id);
	sim_set(doc, "type", "vzdump");
	sim_put(r->sim, "backup", id, doc);
	sim_ok(r, NULL);
}

static json_t *job_of(struct sim_request *r)
{
	json_t *doc = sim_get(r->sim, "backup", sim_p(r, "id"));

	if (doc == NULL)
		sim_fail_param(r, "id", "No such job '%s'", sim_p(r, "id"));
	return doc;
}

static void job_get(struct sim_request *r)
{
	json_t *doc = job_of(r);

	if (doc != NULL)
		sim_ok(r, json_deep_copy(doc));
}

static void job_put(struct sim_request *r)
{
	struct phx_str rest = phx_str_c(sim_p(r, "delete")), one;
	json_t *doc = job_of(r), *v;
	const char *key;

	if (doc == NULL)
		return;
	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(doc, phx_str_trim(one).ptr, phx_str_trim(one).len);
	json_object_foreach(r->p, key, v) if (strcmp(key, "delete") != 0) json_object_set(doc, key, v);
	sim_dirty(r->sim, "backup", sim_p(r, "id"));
	sim_ok(r, NULL);
}

static void job_delete(struct sim_request *r)
{
	if (job_of(r) == NULL)
		return;
	sim_del(r->sim, "backup", sim_p(r, "id"));
	sim_ok(r, NULL);
}

/* ---- vzdump ---- */

/* The guests that a backup means, as texts: those named, a pool's, or all of the node. False: the answer is set. */
static bool chosen(struct sim_request *r, json_t *out)
{
	const char *pool = sim_p(r, "pool"), *id;
	struct phx_str rest = phx_str_c(sim_p(r, "vmid")), one;
	json_t *v, *p = pool != NULL ? sim_get(r->sim, "pool", pool) : NULL;

	if (sim_p(r, "vmid") != NULL && sim_pb(r, "all", false)) {
		sim_fail_param(r, "all", "option conflicts with option 'vmid'");
		return false;
	}
	if (sim_p(r, "vmid") == NULL && pool == NULL && !sim_pb(r, "all", false)) {
		sim_fail_param(r, "vmid", "property is missing");
		return false;
	}
	if (pool != NULL && p == NULL) {
		sim_fail(r, 500, "pool '%s' does not exist", pool);
		return false;
	}
	while (phx_str_cut(&rest, ',', &one)) {
		id = sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(phx_str_trim(one)));
		json_array_append_new(out, json_string(id));
		if (!sim_need(r, sim_fmt(&r->arena, "/vms/%s", id), "VM.Backup"))
			return false;
	}
	if (sim_p(r, "vmid") == NULL)
		json_object_foreach(pool != NULL ? json_object_get(p, "vms") : sim_all(r->sim, "guest"), id,
				    v) if (sim_may(r, sim_fmt(&r->arena, "/vms/%s", id), "VM.Backup"))
			json_array_append_new(out, json_string(id));
	return true;
}

static void vzdump(struct sim_request *r)
{
	const char *storage = sim_p(r, "storage"), *id = "";
	json_t *guests = json_array();

	if (storage != NULL && sim_storage(r->sim, storage) == NULL)
		sim_fail(r, 500, "storage '%s' does not exist", storage);
	else if (chosen(r, guests) &&
		 sim_need(r, sim_fmt(&r->arena, "/storage/%s", storage != NULL ? storage : "local"),
			  "Datastore.AllocateSpace")) {
		if (sim_p(r, "vmid") != NULL && json_array_size(guests) == 1)
			id = json_string_value(json_array_get(guests, 0));
		sim_ok(r, json_string(sim_task_start(r, &sim_job_vzdump, "vzdump", id,
						     json_pack("{s:O, s:O}", "p", r->p, "guests", guests))));
	}
	json_decref(guests);
}

static const char *config_text(struct phx_arena *a, const json_t *conf)
{
	const char **keys = sim_sorted_keys(a, conf), *out;
	struct phx_buf b = {0};

	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], "lock") != 0 && strcmp(keys[i], "parent") != 0)
			phx_buf_printf(&b, "%s: %s\n", keys[i], sim_so(conf, keys[i], ""));
	out = sim_fmt(a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

/* "{{guestname}} {{vmid}}" */
static const char *notes_of(struct sim_worker *w, json_t *g, const char *template)
{
	struct phx_buf b = {0};
	const char *out;

	for (const char *c = template; *c != 0;) {
		if (sim_starts(c, "{{guestname}}")) {
			phx_buf_c(&b, sim_guest_name(&w->arena, g));
			c += strlen("{{guestname}}");
		} else if (sim_starts(c, "{{vmid}}")) {
			phx_buf_printf(&b, "%lld", (long long)sim_guest_id(g));
			c += strlen("{{vmid}}");
		} else if (sim_starts(c, "{{node}}")) {
			phx_buf_c(&b, w->node);
			c += strlen("{{node}}");
		} else {
			phx_buf_ch(&b, *c++);
		}
	}
	out = sim_fmt(&w->arena, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

static const char *archive_name(struct sim_worker *w, json_t *g)
{
	const char *compress = sim_so(json_object_get(w->ctx, "p"), "compress", "0"), *ext = "";
	time_t now = (time_t)sim_now_s(w->sim);
	struct tm tm;

	if (strcmp(compress, "zstd") == 0)
		ext = ".zst";
	else if (strcmp(compress, "gzip") == 0 || strcmp(compress, "1") == 0)
		ext = ".gz";
	else if (strcmp(compress, "lzo") == 0)
		ext = ".lzo";
	(void)gmtime_r(&now, &tm);
	return sim_fmt(&w->arena, "vzdump-%s-%lld-%04d_%02d_%02d-%02d_%02d_%02d.%s%s", sim_guest_kind(g),
		       (long long)sim_guest_id(g), tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		       tm.tm_min, tm.tm_sec, sim_guest_is_vm(g) ? "vma" : "tar", ext);
}

/* NULL: done; else what went wrong. */
static const char *back_up(struct sim_worker *w, json_t *g)
{
	json_t *p = json_object_get(w->ctx, "p"), *vol;
	const char *storage = sim_so(p, "storage", "local"), *name = archive_name(w, g), *volid;
	struct sim_vol_request q = {.storage = storage,
				    .node = w->node,
				    .vmid = sim_guest_id(g),
				    .content = "backup",
				    .size = 1516338,
				    .used = 1516338};
	const char *failed = NULL;
	struct phx_buf why = {0};

	q.format = sim_guest_is_vm(g)             ? "vma"
		   : strstr(name, ".tar") != NULL ? strstr(name, ".tar") + 1
						  : "tar";
	volid = sim_fmt(&w->arena, "%s:backup/%s", storage, name);
	sim_task_log(w, "INFO: Starting Backup of VM %lld (%s)", (long long)sim_guest_id(g),
		     sim_guest_kind(g));
	if (!sim_vol_store_file(w->sim, &w->arena, &q, volid, &why)) {
		failed = sim_fmt(&w->arena, "%s", why.ptr != NULL ? why.ptr : "no space");
	} else {
		vol = sim_vol(w->sim, w->node, volid);
		sim_set(vol, "subtype", sim_guest_kind(g));
		sim_set(vol, "config", config_text(&w->arena, sim_conf(g)));
		json_object_set_new(vol, "conf", json_deep_copy(sim_conf(g)));
		if (sim_s(p, "notes-template") != NULL)
			sim_set(vol, "notes", notes_of(w, g, sim_s(p, "notes-template")));
		sim_task_log(w, "INFO: Finished Backup of VM %lld (00:00:01)", (long long)sim_guest_id(g));
	}
	phx_buf_done(&why);
	return failed;
}

/* One guest of the job; false: it failed, and the log says why. */
static bool back_up_id(struct sim_worker *w, const char *id)
{
	int64_t vmid = 0;
	json_t *g = phx_parse_i64(phx_str_c(id), &vmid) ? sim_guest(w->sim, vmid) : NULL;
	const char *why = NULL;

	if (g == NULL || strcmp(sim_guest_node(g), w->node) != 0)
		why = sim_fmt(&w->arena, "unable to find VM '%s'", id);
	else if (sim_conf_get(g, "lock") != NULL)
		why = sim_fmt(&w->arena, "%s is locked (%s)", sim_guest_word(g), sim_conf_get(g, "lock"));
	else
		why = back_up(w, g);
	if (why != NULL)
		sim_task_log(w, "ERROR: Backup of VM %s failed - %s", id, why);
	return why == NULL;
}

static sim_time vzdump_step(struct sim_worker *w)
{
	json_t *guests = json_object_get(w->ctx, "guests"), *v;
	bool good = true;
	size_t i;

	if (w->step == 0) {
		sim_task_log(w, "INFO: starting new backup job: vzdump");
		return sim_duration(w->sim, SIM_D_SNAPSHOT) + SIM_SECOND;
	}
	json_array_foreach(guests, i, v) good = back_up_id(w, json_string_value(v)) && good;
	sim_task_log(w, "INFO: Backup job finished %s", good ? "successfully" : "with errors");
	return good ? SIM_DONE : sim_task_fail(w, "job errors");
}

const struct sim_job sim_job_vzdump = {.name = "vzdump", .step = vzdump_step};

static void extract(struct sim_request *r)
{
	json_t *vol = sim_vol(r->sim, sim_node(r), sim_p(r, "volume"));

	if (vol == NULL)
		sim_fail(r, 500, "volume '%s' does not exist", sim_p(r, "volume"));
	else if (sim_need(r, sim_fmt(&r->arena, "/vms/%lld", (long long)phx_json_int(vol, "vmid", 0)),
			  "VM.Backup"))
		sim_ok(r, json_string(sim_so(vol, "config", "")));
}

/* A volume of the archive is made anew, of its old size, on the wished storage. */
static const char *anew(struct sim_worker *w, const char *key, const char *text)
{
	const char *storage = sim_s(w->ctx, "storage");
	struct sim_drive d;
	uint64_t size = 0;

	if (!sim_drive_parse(w->sim, &w->arena, "lxc", key, text, &d) || d.volume[0] == '/')
		return text;
	if (sim_vol(w->sim, w->node, d.volume) != NULL)
		size = sim_vol_size(sim_vol(w->sim, w->node, d.volume));
	else if (sim_drive_get(&w->arena, &d, "size") != NULL)
		size = sim_bytes(phx_str_c(sim_drive_get(&w->arena, &d, "size")), 0);
	if (storage == NULL)
		storage = sim_volid_storage(&w->arena, d.volume);
	sim_drive_set(&w->arena, &d, "size", NULL);
	sim_drive_set_volume(&w->arena, &d,
			     sim_fmt(&w->arena, "%s:%.6g", storage, (double)size / 1073741824.0));
	return sim_drive_print(&w->arena, &d);
}

bool sim_backup_settings(struct sim_worker *w, json_t *archive, json_t *set)
{
	json_t *conf = json_object_get(archive, "conf"), *v;
	const char *key;

	if (conf == NULL)
		return false;
	json_object_foreach(conf, key, v)
	{
		const char *text = json_string_value(v);

		if (json_object_get(set, key) != NULL || strcmp(key, "lock") == 0 ||
		    strcmp(key, "parent") == 0 || strcmp(key, "template") == 0 || sim_starts(key, "unused"))
			continue;
		if (sim_ct_is_mount(key))
			text = anew(w, key, text);
		else if (sim_starts(key, "net"))
			text = sim_net_new_mac(w->sim, &w->arena, "lxc", key, text);
		sim_set(set, key, text);
	}
	return true;
}

const struct sim_route sim_routes_backup[] = {{"GET", "/cluster/backup", jobs},
					      {"POST", "/cluster/backup", job_add},
					      {"GET", "/cluster/backup/{id}", job_get},
					      {"PUT", "/cluster/backup/{id}", job_put},
					      {"DELETE", "/cluster/backup/{id}", job_delete},
					      {"POST", "/nodes/{node}/vzdump", vzdump},
					      {"GET", "/nodes/{node}/vzdump/extractconfig", extract},
					      {0}};
