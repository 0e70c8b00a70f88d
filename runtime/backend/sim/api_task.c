/* /nodes/{node}/tasks */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/resources.h"
#include "backend/sim/task.h"

/* The task of {upid}; else a 400 is set (745-747). */
static json_t *task_of(struct phx_sim_request *r, const char **out_upid)
{
	const char *upid = phx_sim_p(r, "upid");
	json_t *t;

	*out_upid = upid;
	if (!phx_sim_regex("^UPID:[^:]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^: ]+:[^:]*:[^: ]+:$",
			   upid)) {
		phx_sim_fail_param(r, "upid", "unable to parse worker upid");
		return NULL;
	}
	t = phx_sim_get(r->sim, "task", upid);
	if (t == NULL || strcmp(phx_sim_so(t, "node", ""), phx_sim_node(r)) != 0) {
		phx_sim_fail_param(r, "upid", "no such task");
		return NULL;
	}
	/* A task may be seen by whoever started it, and by auditors. */
	if (strcmp(phx_sim_so(t, "user", ""), r->who.user) != 0 &&
	    !phx_sim_need(r, phx_sim_fmt(&r->arena, "/nodes/%s", phx_sim_node(r)), "Sys.Audit"))
		return NULL;
	return t;
}

static bool good_end(const char *status)
{
	return strcmp(status, "OK") == 0 || phx_sim_starts(status, "WARNINGS: ");
}

static bool in_words(const char *list, const char *word)
{
	struct phx_str rest = phx_str_c(list), one;

	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_eqc(one, word))
			return true;
	return false;
}

static bool status_fits(const char *filter, const char *status)
{
	const char *kind = strcmp(status, "OK") == 0                  ? "ok"
			   : phx_sim_starts(status, "WARNINGS: ")     ? "warning"
			   : strcmp(status, "unexpected status") == 0 ? "unknown"
								      : "error";

	return filter == NULL || in_words(filter, kind);
}

static bool wanted(struct phx_sim_request *r, const json_t *t)
{
	const char *status = phx_sim_s(t, "status"), *source = phx_sim_p(r, "source"),
		   *type = phx_sim_p(r, "typefilter"), *user = phx_sim_p(r, "userfilter");
	int64_t vmid = phx_sim_pi(r, "vmid", -1), start = phx_json_int(t, "starttime", 0);
	bool active = source != NULL && strcmp(source, "active") == 0,
	     all = source != NULL && strcmp(source, "all") == 0;

	if (strcmp(phx_sim_so(t, "node", ""), phx_sim_node(r)) != 0)
		return false;
	if (!all && active != (status == NULL))
		return false;
	if (vmid >= 0 &&
	    strcmp(phx_sim_so(t, "id", ""), phx_sim_fmt(&r->arena, "%lld", (long long)vmid)) != 0)
		return false;
	if (type != NULL && strcmp(type, phx_sim_so(t, "type", "")) != 0)
		return false;
	if (user != NULL && strstr(phx_sim_so(t, "full", ""), user) == NULL)
		return false;
	if (start < phx_sim_pi(r, "since", start) || start > phx_sim_pi(r, "until", start))
		return false;
	if (status != NULL && phx_sim_pb(r, "errors", false) && good_end(status))
		return false;
	return status == NULL || status_fits(phx_sim_p(r, "statusfilter"), status);
}

static json_t *list_entry(const char *upid, const json_t *t)
{
	const char *status = phx_sim_s(t, "status");
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:O, s:O, s:O}", "upid", upid, "node",
			      phx_sim_so(t, "node", ""), "type", phx_sim_so(t, "type", ""), "id",
			      phx_sim_so(t, "id", ""), "pid", json_object_get(t, "pid"), "pstart",
			      json_object_get(t, "pstart"), "starttime", json_object_get(t, "starttime"));

	if (status == NULL) { /* a running one is written differently (752) */
		phx_sim_set(o, "status", "RUNNING");
		phx_sim_set(o, "saved", "0");
		phx_sim_set(o, "user", phx_sim_so(t, "full", ""));
		return o;
	}
	phx_sim_set(o, "status", status);
	json_object_set(o, "endtime", json_object_get(t, "endtime"));
	phx_sim_set(o, "user", phx_sim_so(t, "user", ""));
	if (phx_sim_s(t, "tokenid") != NULL)
		phx_sim_set(o, "tokenid", phx_sim_s(t, "tokenid"));
	return o;
}

static void list(struct phx_sim_request *r)
{
	json_t *all = phx_sim_all(r->sim, "task"), *out = json_array(), *t;
	int64_t skip = phx_sim_pi(r, "start", 0), limit = phx_sim_pi(r, "limit", 50), total = 0;
	size_t n = json_object_size(all), i = 0;
	const char **upids = PHX_NEW_N(&r->arena, const char *, n + 1), *upid;
	bool audit = phx_sim_may(r, phx_sim_fmt(&r->arena, "/nodes/%s", phx_sim_node(r)), "Sys.Audit");

	json_object_foreach(all, upid, t)
	{
		upids[i++] = upid;
	}
	while (n-- > 0) { /* newest first */
		t = json_object_get(all, upids[n]);
		if (!wanted(r, t) || (!audit && strcmp(phx_sim_so(t, "user", ""), r->who.user) != 0))
			continue;
		if (total++ >= skip && (int64_t)json_array_size(out) < limit)
			json_array_append_new(out, list_entry(upids[n], t));
	}
	r->total = total;
	phx_sim_ok(r, out);
}

static void index_(struct phx_sim_request *r)
{
	const char *upid;

	if (task_of(r, &upid) != NULL)
		phx_sim_ok(r, phx_sim_index("name", "log status"));
}

static void status(struct phx_sim_request *r)
{
	const char *upid, *end;
	json_t *t = task_of(r, &upid), *o;

	if (t == NULL)
		return;
	end = phx_sim_s(t, "status");
	o = json_pack("{s:s, s:s, s:s, s:s, s:O, s:O, s:O, s:s, s:s}", "upid", upid, "node",
		      phx_sim_so(t, "node", ""), "type", phx_sim_so(t, "type", ""), "id",
		      phx_sim_so(t, "id", ""), "pid", json_object_get(t, "pid"), "pstart",
		      json_object_get(t, "pstart"), "starttime", json_object_get(t, "starttime"), "user",
		      phx_sim_so(t, "user", ""), "status", end != NULL ? "stopped" : "running");
	if (phx_sim_s(t, "tokenid") != NULL)
		phx_sim_set(o, "tokenid", phx_sim_s(t, "tokenid"));
	if (end != NULL)
		phx_sim_set(o, "exitstatus", end);
	phx_sim_ok(r, o);
}

static void task_log(struct phx_sim_request *r)
{
	const char *upid;
	json_t *t = task_of(r, &upid), *lines, *out = json_array();
	size_t n, start = (size_t)phx_sim_pi(r, "start", 0), limit = (size_t)phx_sim_pi(r, "limit", 50);

	if (t == NULL) {
		json_decref(out);
		return;
	}
	lines = json_object_get(t, "log");
	n = json_array_size(lines);
	for (size_t i = start; i < n && (limit == 0 || i < start + limit); i++)
		json_array_append_new(
			out, json_pack("{s:I, s:O}", "n", (json_int_t)i + 1, "t", json_array_get(lines, i)));
	if (n == 0)
		json_array_append_new(out, json_pack("{s:i, s:s}", "n", 1, "t", "no content"));
	r->total = n == 0 ? 1 : (int64_t)n;
	phx_sim_ok(r, out);
}

static void stop(struct phx_sim_request *r)
{
	const char *upid;
	json_t *t = task_of(r, &upid);
	struct phx_sim_worker *w = t != NULL ? phx_sim_task_worker(r->sim, upid) : NULL;

	if (t == NULL)
		return;
	if (strcmp(phx_sim_so(t, "user", ""), r->who.user) != 0 &&
	    !phx_sim_need(r, phx_sim_fmt(&r->arena, "/nodes/%s", phx_sim_node(r)), "Sys.Modify"))
		return;
	if (w != NULL)
		phx_sim_task_abort(w);
	phx_sim_ok(r, NULL);
}

const struct phx_sim_route phx_sim_routes_task[] = {{"GET", "/nodes/{node}/tasks", list},
						    {"GET", "/nodes/{node}/tasks/{upid}", index_},
						    {"GET", "/nodes/{node}/tasks/{upid}/status", status},
						    {"GET", "/nodes/{node}/tasks/{upid}/log", task_log},
						    {"DELETE", "/nodes/{node}/tasks/{upid}", stop},
						    {0}};
