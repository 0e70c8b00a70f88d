#include "backend/sim/faults.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "backend/sim/guest.h"
#include "backend/sim/power.h"
#include "backend/sim/tree.h"
#include "base/sys.h"

struct phx_sim_faults {
	json_t *list; /* array; empty without a file */
};

enum { STAGE_NEW, STAGE_DONE, STAGE_DROP_AFTER };

static bool known(const json_t *fault, struct phx_err *err, size_t n)
{
	static const char *const keys[] = {"match",        "fail",       "delay",     "drop_before",
					   "drop_after",   "lock_held",  "task_fail", "agent_never",
					   "storage_full", "power_loss", "comment",   "guest_offline",
					   "agent_dies"};
	const char *key;
	json_t *v;

	if (!json_is_object(fault))
		return phx_err_set(err, PHX_ERR_DATA, "fault %zu is no object", n + 1);
	json_object_foreach((json_t *)(uintptr_t)fault, key, v)
	{
		bool found = false;

		for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
			found = found || strcmp(keys[i], key) == 0;
		if (!found)
			return phx_err_set(err, PHX_ERR_DATA, "fault %zu has an unknown member `%s`", n + 1,
					   key);
	}
	return true;
}

static bool compiles(const char *pattern, struct phx_err *err, size_t n)
{
	char why[128];
	regex_t re;
	int code = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);

	if (code == 0) {
		regfree(&re);
		return true;
	}
	regerror(code, &re, why, sizeof(why));
	return phx_err_set(err, PHX_ERR_DATA, "fault %zu: `path` is no regular expression: %s", n + 1, why);
}

/* A fault that can never come is a mistake. */
static bool matches_something(const json_t *fault, struct phx_err *err, size_t n)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
	const json_t *match = json_object_get(fault, "match"), *v;
	const char *key;
	json_t *member;
	bool found = false;

	if (match == NULL)
		return true;
	if (!json_is_object(match))
		return phx_err_set(err, PHX_ERR_DATA, "fault %zu: `match` is no object", n + 1);
	json_object_foreach((json_t *)(uintptr_t)match, key, member)
	{
		if (strcmp(key, "method") != 0 && strcmp(key, "path") != 0 && strcmp(key, "nth") != 0 &&
		    strcmp(key, "times") != 0 && strcmp(key, "every") != 0)
			return phx_err_set(err, PHX_ERR_DATA, "fault %zu: `match` has an unknown member `%s`",
					   n + 1, key);
	}
	v = json_object_get(match, "method");
	for (size_t i = 0; i < PHX_COUNTOF(methods); i++)
		found = found || (json_is_string(v) && strcmp(json_string_value(v), methods[i]) == 0);
	if (v != NULL && !found)
		return phx_err_set(err, PHX_ERR_DATA, "fault %zu: `method` is GET, POST, PUT or DELETE",
				   n + 1);
	v = json_object_get(match, "path");
	if (v != NULL && !json_is_string(v))
		return phx_err_set(err, PHX_ERR_DATA, "fault %zu: `path` is no text", n + 1);
	return v == NULL || compiles(json_string_value(v), err, n);
}

bool phx_sim_faults_open(struct phx_sim *s, struct phx_err *err)
{
	struct phx_buf text = {0};
	json_t *root, *fault;
	bool ok = true;
	size_t i;

	s->faults = calloc(1, sizeof(*s->faults));
	if (s->faults == NULL)
		phx_out_of_memory();
	if (s->options.faults == NULL) {
		s->faults->list = json_array();
		return true;
	}
	if (!phx_read_file(s->options.faults, &text, err))
		return false;
	root = phx_json_parse(phx_buf_view(&text), s->options.faults, err);
	phx_buf_done(&text);
	if (root == NULL)
		return false;
	s->faults->list = json_incref(json_is_array(root) ? root : json_object_get(root, "faults"));
	json_decref(root);
	if (!json_is_array(s->faults->list))
		return phx_err_set(err, PHX_ERR_DATA, "%s: a list `faults` is expected", s->options.faults);
	json_array_foreach(s->faults->list, i, fault)
	{
		ok = ok && known(fault, err, i) && matches_something(fault, err, i);
	}
	return ok;
}

void phx_sim_faults_close(struct phx_sim *s)
{
	if (s->faults == NULL)
		return;
	json_decref(s->faults->list);
	free(s->faults);
	s->faults = NULL;
}

/* Counts how often a fault's request came (over restarts too), and tells whether this time is one of those meant. */
static bool due(struct phx_sim *s, size_t index, const json_t *match)
{
	int64_t nth = phx_json_int(match, "nth", 0), times = phx_json_int(match, "times", 1), count;
	char id[24];
	json_t *doc;

	(void)snprintf(id, sizeof(id), "%zu", index);
	doc = phx_sim_get(s, "fault", id);
	if (doc == NULL)
		doc = phx_sim_put(s, "fault", id, json_object());
	count = phx_json_int(doc, "count", 0) + 1;
	phx_sim_set_int(doc, "count", count);
	phx_sim_dirty(s, "fault", id);
	if (phx_json_bool(match, "every", false))
		return true;
	if (nth == 0)
		nth = 1;
	return count >= nth && count < nth + times;
}

static bool matches(struct phx_sim_request *r, size_t index, const json_t *match)
{
	const char *method = phx_sim_s(match, "method"), *path = phx_sim_s(match, "path");

	if (method != NULL && strcmp(method, r->method) != 0)
		return false;
	/* The private paths are meant only by their name: other faults do not count them. */
	if (phx_sim_starts(r->path, "/sim/") && (path == NULL || !phx_sim_starts(path, "^/sim/")))
		return false;
	if (path != NULL && !phx_sim_regex(path, r->path))
		return false;
	return due(r->sim, index, match);
}

static void delay(struct phx_sim_request *r, const json_t *d)
{
	double real = phx_json_num(d, "ms", 0), simulated = phx_json_num(d, "sim_s", 0);

	if (real > 0)
		phx_sim_wait_real(r, (uint64_t)real);
	else
		phx_sim_wait(r, (int64_t)(simulated * (double)PHX_SIM_SECOND));
}

static void hold_lock(struct phx_sim *s, const json_t *what)
{
	json_t *g = phx_sim_guest(s, phx_json_int(what, "guest", 0));

	if (g == NULL)
		return;
	phx_sim_set(json_object_get(g, "conf"), "lock", phx_sim_so(what, "lock", "backup"));
	phx_sim_guest_dirty(s, g);
}

/* After what was asked: the agent is gone for a while, and knows nothing of what it had started. */
static void agent_dies(struct phx_sim_request *r, const json_t *what)
{
	json_t *g = phx_sim_guest(r->sim, phx_json_int(what, "vmid", 0));
	double seconds = phx_json_num(what, "seconds", 1);

	if (g == NULL)
		return;
	json_object_del(g, "procs");
	phx_sim_procs_agent_died(r->sim, phx_sim_guest_id(g), phx_json_bool(what, "kill", false));
	phx_sim_set_int(g, "agent_back", phx_sim_now(r->sim) + (int64_t)(seconds * (double)PHX_SIM_SECOND));
	phx_sim_guest_dirty(r->sim, g);
}

/* True: nothing more is to be done with the request now. */
static bool act(struct phx_sim_request *r, const json_t *fault)
{
	json_t *v;

	if ((v = json_object_get(fault, "lock_held")) != NULL)
		hold_lock(r->sim, v);
	if ((v = json_object_get(fault, "task_fail")) != NULL)
		r->fault_doom = phx_sim_fmt(&r->arena, "%s", phx_sim_so(v, "exitstatus", "injected failure"));
	if ((v = json_object_get(fault, "agent_dies")) != NULL)
		r->fault_agent = v;
	if (phx_json_bool(fault, "drop_after", false))
		r->fault_stage = STAGE_DROP_AFTER;
	if (json_object_get(fault, "power_loss") != NULL) {
		const json_t *p = json_object_get(fault, "power_loss");

		phx_sim_power_loss(r->sim, phx_sim_s(p, "node"));
		r->drop = true;
	}
	if (phx_json_bool(fault, "drop_before", false))
		r->drop = true;
	if ((v = json_object_get(fault, "fail")) != NULL)
		phx_sim_fail(r, (int)phx_json_int(v, "status", 500), "%s",
			     phx_sim_so(v, "message", "injected failure"));
	if ((v = json_object_get(fault, "delay")) != NULL)
		delay(r, v);
	if (r->drop && r->status == 0)
		r->status = 500;
	return r->status != 0 || r->waiting;
}

bool phx_sim_fault_before(struct phx_sim_request *r)
{
	json_t *fault, *hits;
	bool over = false;
	size_t i;

	if (r->fault_stage != STAGE_NEW)
		return false;
	r->fault_stage = STAGE_DONE;
	hits = json_array(); /* every fault counts the request, whatever the others do with it */
	json_array_foreach(r->sim->faults->list, i, fault)
	{
		json_t *match = json_object_get(fault, "match");

		if (match == NULL || !matches(r, i, match))
			continue;
		phx_sim_log(r->sim, "fault",
			    json_pack("{s:I, s:s, s:s}", "index", (json_int_t)i, "method", r->method, "path",
				      r->path));
		json_array_append(hits, fault);
	}
	json_array_foreach(hits, i, fault)
	{
		over = over || act(r, fault);
	}
	json_decref(hits);
	return over;
}

void phx_sim_fault_after(struct phx_sim_request *r)
{
	if (r->fault_agent != NULL)
		agent_dies(r, r->fault_agent);
	if (r->fault_stage == STAGE_DROP_AFTER)
		r->drop = true;
}

const char *phx_sim_fault_doom(struct phx_sim_request *r)
{
	return r->fault_doom;
}

bool phx_sim_fault_agent_never(struct phx_sim *s, int64_t vmid)
{
	json_t *fault;
	size_t i;

	json_array_foreach(s->faults->list, i, fault)
	{
		if (phx_json_int(json_object_get(fault, "agent_never"), "vmid", 0) == vmid)
			return true;
	}
	return false;
}

bool phx_sim_fault_guest_offline(struct phx_sim *s, int64_t vmid)
{
	json_t *fault, *which;
	size_t i;

	json_array_foreach(s->faults->list, i, fault)
	{
		which = json_object_get(fault, "guest_offline");
		if (which != NULL &&
		    (phx_json_int(which, "vmid", 0) == 0 || phx_json_int(which, "vmid", 0) == vmid))
			return true;
	}
	return false;
}

bool phx_sim_fault_storage_full(struct phx_sim *s, const char *storage)
{
	json_t *fault;
	size_t i;

	json_array_foreach(s->faults->list, i, fault)
	{
		if (strcmp(phx_sim_so(json_object_get(fault, "storage_full"), "storage", ""), storage) == 0)
			return true;
	}
	return false;
}
