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

static void jobs(struct phx_sim_request *r)
{
	json_t *out = json_array(), *doc;
	const char *id;

	json_object_foreach(phx_sim_all(r->sim, "backup"), id, doc)
	{
		json_array_append_new(out, json_deep_copy(doc));
	}
	phx_sim_ok(r, out);
}

static void job_add(struct phx_sim_request *r)
{
	const char *id = phx_sim_p(r, "id");
	json_t *doc;

	if (id != NULL && phx_sim_get(r->sim, "backup", id) != NULL) {
		phx_sim_fail(r, 500, "Job '%s' already exists", id);
		return;
	}
	doc = json_copy(r->p);
	if (id == NULL)
		id = phx_sim_fmt(&r->arena, "backup-%s", phx_sim_random_uuid(r->sim, &r->arena));
	phx_sim_set(doc, "id", id);
	phx_sim_set(doc, "type", "vzdump");
	phx_sim_put(r->sim, "backup", id, doc);
	phx_sim_ok(r, NULL);
}

static json_t *job_of(struct phx_sim_request *r)
{
	json_t *doc = phx_sim_get(r->sim, "backup", phx_sim_p(r, "id"));

	if (doc == NULL)
		phx_sim_fail_param(r, "id", "No such job '%s'", phx_sim_p(r, "id"));
	return doc;
}

static void job_get(struct phx_sim_request *r)
{
	json_t *doc = job_of(r);

	if (doc != NULL)
		phx_sim_ok(r, json_deep_copy(doc));
}

static void job_put(struct phx_sim_request *r)
{
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;
	json_t *doc = job_of(r), *v;
	const char *key;

	if (doc == NULL)
		return;
	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(doc, phx_str_trim(one).ptr, phx_str_trim(one).len);
	json_object_foreach(r->p, key, v)
	{
		if (strcmp(key, "delete") != 0)
			json_object_set(doc, key, v);
	}
	phx_sim_dirty(r->sim, "backup", phx_sim_p(r, "id"));
	phx_sim_ok(r, NULL);
}

static void job_delete(struct phx_sim_request *r)
{
	if (job_of(r) == NULL)
		return;
	phx_sim_del(r->sim, "backup", phx_sim_p(r, "id"));
	phx_sim_ok(r, NULL);
}

/* ---- vzdump ---- */

/* The guests that a backup means, as texts: those named, a pool's, or all of the node. False: the answer is set. */
static bool chosen(struct phx_sim_request *r, json_t *out)
{
	const char *pool = phx_sim_p(r, "pool"), *id;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "vmid")), one;
	json_t *v, *p = pool != NULL ? phx_sim_get(r->sim, "pool", pool) : NULL;

	if (phx_sim_p(r, "vmid") != NULL && phx_sim_pb(r, "all", false)) {
		phx_sim_fail_param(r, "all", "option conflicts with option 'vmid'");
		return false;
	}
	if (phx_sim_p(r, "vmid") == NULL && pool == NULL && !phx_sim_pb(r, "all", false)) {
		phx_sim_fail_param(r, "vmid", "property is missing");
		return false;
	}
	if (pool != NULL && p == NULL) {
		phx_sim_fail(r, 500, "pool '%s' does not exist", pool);
		return false;
	}
	while (phx_str_cut(&rest, ',', &one)) {
		id = phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(phx_str_trim(one)));
		json_array_append_new(out, json_string(id));
		if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Backup"))
			return false;
	}
	if (phx_sim_p(r, "vmid") == NULL)
		json_object_foreach(pool != NULL ? json_object_get(p, "vms") : phx_sim_all(r->sim, "guest"),
				    id, v)
		{
			if (phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Backup"))
				json_array_append_new(out, json_string(id));
		}
	return true;
}

static void vzdump(struct phx_sim_request *r)
{
	const char *storage = phx_sim_p(r, "storage"), *id = "";
	json_t *guests = json_array();

	if (storage != NULL && phx_sim_storage(r->sim, storage) == NULL)
		phx_sim_fail(r, 500, "storage '%s' does not exist", storage);
	else if (chosen(r, guests) &&
		 phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", storage != NULL ? storage : "local"),
			      "Datastore.AllocateSpace")) {
		if (phx_sim_p(r, "vmid") != NULL && json_array_size(guests) == 1)
			id = json_string_value(json_array_get(guests, 0));
		phx_sim_ok(r, json_string(phx_sim_task_start(
				      r, &phx_sim_job_vzdump, "vzdump", id,
				      json_pack("{s:O, s:O}", "p", r->p, "guests", guests))));
	}
	json_decref(guests);
}

static const char *config_text(struct phx_arena *a, const json_t *conf)
{
	const char **keys = phx_sim_sorted_keys(a, conf), *out;
	struct phx_buf b = {0};

	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], "lock") != 0 && strcmp(keys[i], "parent") != 0)
			phx_buf_printf(&b, "%s: %s\n", keys[i], phx_sim_so(conf, keys[i], ""));
	out = phx_sim_fmt(a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

/* "{{guestname}} {{vmid}}" */
static const char *notes_of(struct phx_sim_worker *w, json_t *g, const char *template)
{
	struct phx_buf b = {0};
	const char *out;

	for (const char *c = template; *c != 0;) {
		if (phx_sim_starts(c, "{{guestname}}")) {
			phx_buf_c(&b, phx_sim_guest_name(&w->arena, g));
			c += strlen("{{guestname}}");
		} else if (phx_sim_starts(c, "{{vmid}}")) {
			phx_buf_printf(&b, "%lld", (long long)phx_sim_guest_id(g));
			c += strlen("{{vmid}}");
		} else if (phx_sim_starts(c, "{{node}}")) {
			phx_buf_c(&b, w->node);
			c += strlen("{{node}}");
		} else {
			phx_buf_ch(&b, *c++);
		}
	}
	out = phx_sim_fmt(&w->arena, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

static const char *archive_name(struct phx_sim_worker *w, json_t *g)
{
	const char *compress = phx_sim_so(json_object_get(w->ctx, "p"), "compress", "0"), *ext = "";
	time_t now = (time_t)phx_sim_now_s(w->sim);
	struct tm tm;

	if (strcmp(compress, "zstd") == 0)
		ext = ".zst";
	else if (strcmp(compress, "gzip") == 0 || strcmp(compress, "1") == 0)
		ext = ".gz";
	else if (strcmp(compress, "lzo") == 0)
		ext = ".lzo";
	(void)gmtime_r(&now, &tm);
	return phx_sim_fmt(&w->arena, "vzdump-%s-%lld-%04d_%02d_%02d-%02d_%02d_%02d.%s%s",
			   phx_sim_guest_kind(g), (long long)phx_sim_guest_id(g), tm.tm_year + 1900,
			   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			   phx_sim_guest_is_vm(g) ? "vma" : "tar", ext);
}

/* NULL: done; else what went wrong. */
static const char *back_up(struct phx_sim_worker *w, json_t *g)
{
	json_t *p = json_object_get(w->ctx, "p"), *vol;
	const char *storage = phx_sim_so(p, "storage", "local"), *name = archive_name(w, g), *volid;
	struct phx_sim_vol_request q = {.storage = storage,
					.node = w->node,
					.vmid = phx_sim_guest_id(g),
					.content = "backup",
					.size = 1516338,
					.used = 1516338};
	const char *failed = NULL;
	struct phx_buf why = {0};

	q.format = phx_sim_guest_is_vm(g)         ? "vma"
		   : strstr(name, ".tar") != NULL ? strstr(name, ".tar") + 1
						  : "tar";
	volid = phx_sim_fmt(&w->arena, "%s:backup/%s", storage, name);
	phx_sim_task_log(w, "INFO: Starting Backup of VM %lld (%s)", (long long)phx_sim_guest_id(g),
			 phx_sim_guest_kind(g));
	if (!phx_sim_vol_store_file(w->sim, &w->arena, &q, volid, &why)) {
		failed = phx_sim_fmt(&w->arena, "%s", why.ptr != NULL ? why.ptr : "no space");
	} else {
		vol = phx_sim_vol(w->sim, w->node, volid);
		phx_sim_set(vol, "subtype", phx_sim_guest_kind(g));
		phx_sim_set(vol, "config", config_text(&w->arena, phx_sim_conf(g)));
		json_object_set_new(vol, "conf", json_deep_copy(phx_sim_conf(g)));
		if (phx_sim_s(p, "notes-template") != NULL)
			phx_sim_set(vol, "notes", notes_of(w, g, phx_sim_s(p, "notes-template")));
		phx_sim_task_log(w, "INFO: Finished Backup of VM %lld (00:00:01)",
				 (long long)phx_sim_guest_id(g));
	}
	phx_buf_done(&why);
	return failed;
}

/* One guest of the job; false: it failed, and the log says why. */
static bool back_up_id(struct phx_sim_worker *w, const char *id)
{
	int64_t vmid = 0;
	json_t *g = phx_parse_i64(phx_str_c(id), &vmid) ? phx_sim_guest(w->sim, vmid) : NULL;
	const char *why = NULL;

	if (g == NULL || strcmp(phx_sim_guest_node(g), w->node) != 0)
		why = phx_sim_fmt(&w->arena, "unable to find VM '%s'", id);
	else if (phx_sim_conf_get(g, "lock") != NULL)
		why = phx_sim_fmt(&w->arena, "%s is locked (%s)", phx_sim_guest_word(g),
				  phx_sim_conf_get(g, "lock"));
	else
		why = back_up(w, g);
	if (why != NULL)
		phx_sim_task_log(w, "ERROR: Backup of VM %s failed - %s", id, why);
	return why == NULL;
}

static int64_t vzdump_step(struct phx_sim_worker *w)
{
	json_t *guests = json_object_get(w->ctx, "guests"), *v;
	bool good = true;
	size_t i;

	if (w->step == 0) {
		phx_sim_task_log(w, "INFO: starting new backup job: vzdump");
		return phx_sim_duration(w->sim, PHX_SIM_D_SNAPSHOT) + PHX_SIM_SECOND;
	}
	json_array_foreach(guests, i, v)
	{
		good = back_up_id(w, json_string_value(v)) && good;
	}
	phx_sim_task_log(w, "INFO: Backup job finished %s", good ? "successfully" : "with errors");
	return good ? PHX_SIM_DONE : phx_sim_task_fail(w, "job errors");
}

const struct phx_sim_job phx_sim_job_vzdump = {.name = "vzdump", .step = vzdump_step};

static void extract(struct phx_sim_request *r)
{
	json_t *vol = phx_sim_vol(r->sim, phx_sim_node(r), phx_sim_p(r, "volume"));

	if (vol == NULL)
		phx_sim_fail(r, 500, "volume '%s' does not exist", phx_sim_p(r, "volume"));
	else if (phx_sim_need(r, phx_sim_fmt(&r->arena, "/vms/%lld", (long long)phx_json_int(vol, "vmid", 0)),
			      "VM.Backup"))
		phx_sim_ok(r, json_string(phx_sim_so(vol, "config", "")));
}

/* A volume of the archive is made anew, of its old size, on the wished storage. */
static const char *anew(struct phx_sim_worker *w, const char *key, const char *text)
{
	const char *storage = phx_sim_s(w->ctx, "storage");
	struct phx_sim_drive d;
	uint64_t size = 0;

	if (!phx_sim_drive_parse(w->sim, &w->arena, "lxc", key, text, &d) || d.volume[0] == '/')
		return text;
	if (phx_sim_vol(w->sim, w->node, d.volume) != NULL)
		size = phx_sim_vol_size(phx_sim_vol(w->sim, w->node, d.volume));
	else if (phx_sim_drive_get(&w->arena, &d, "size") != NULL)
		size = phx_sim_bytes(phx_str_c(phx_sim_drive_get(&w->arena, &d, "size")), 0);
	if (storage == NULL)
		storage = phx_sim_volid_storage(&w->arena, d.volume);
	phx_sim_drive_set(&w->arena, &d, "size", NULL);
	phx_sim_drive_set_volume(&w->arena, &d,
				 phx_sim_fmt(&w->arena, "%s:%.6g", storage, (double)size / 1073741824.0));
	return phx_sim_drive_print(&w->arena, &d);
}

bool phx_sim_backup_settings(struct phx_sim_worker *w, json_t *archive, json_t *set)
{
	json_t *conf = json_object_get(archive, "conf"), *v;
	const char *key;

	if (conf == NULL)
		return false;
	json_object_foreach(conf, key, v)
	{
		const char *text = json_string_value(v);

		if (json_object_get(set, key) != NULL || strcmp(key, "lock") == 0 ||
		    strcmp(key, "parent") == 0 || strcmp(key, "template") == 0 ||
		    phx_sim_starts(key, "unused"))
			continue;
		if (phx_sim_ct_is_mount(key))
			text = anew(w, key, text);
		else if (phx_sim_starts(key, "net"))
			text = phx_sim_net_new_mac(w->sim, &w->arena, "lxc", key, text);
		phx_sim_set(set, key, text);
	}
	return true;
}

const struct phx_sim_route phx_sim_routes_backup[] = {{"GET", "/cluster/backup", jobs},
						      {"POST", "/cluster/backup", job_add},
						      {"GET", "/cluster/backup/{id}", job_get},
						      {"PUT", "/cluster/backup/{id}", job_put},
						      {"DELETE", "/cluster/backup/{id}", job_delete},
						      {"POST", "/nodes/{node}/vzdump", vzdump},
						      {"GET", "/nodes/{node}/vzdump/extractconfig", extract},
						      {0}};
