/* …/qemu/{vmid}/config, /pending, /cloudinit, /unlink */
#include <stdio.h>
#include <string.h>

#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/resources.h"
#include "backend/sim/vm_update.h"

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, "qemu") != NULL)
		phx_sim_ok(
			r,
			phx_sim_index(
				"subdir",
				"config cloudinit pending status unlink vncproxy termproxy migrate resize "
				"move rrd rrddata "
				"monitor agent snapshot spiceproxy sendkey firewall mtunnel remote_migrate"));
}

/* Shared with containers. */
void phx_sim_config_get(struct phx_sim_request *r, json_t *g)
{
	const char *snap = phx_sim_p(r, "snapshot");
	json_t *conf, *out;

	if (snap != NULL) {
		json_t *doc = json_object_get(json_object_get(g, "snaps"), snap);

		if (doc == NULL) {
			phx_sim_fail(r, 500, "snapshot '%s' does not exist", snap);
			return;
		}
		conf = json_copy(json_object_get(doc, "conf"));
		phx_sim_snapshot_facts(conf, doc);
	} else {
		conf = phx_sim_pb(r, "current", false) ? json_copy(phx_sim_conf(g)) : phx_sim_conf_pending(g);
	}
	out = phx_sim_conf_json(r->sim, phx_sim_guest_kind(g), conf);
	phx_sim_set(out, "digest", phx_sim_guest_digest(&r->arena, g));
	json_decref(conf);
	phx_sim_ok(r, out);
}

static void config_get(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL)
		phx_sim_config_get(r, g);
}

void phx_sim_pending_get(struct phx_sim_request *r, json_t *g)
{
	json_t *out = json_array(), *v, *pend = json_object_get(g, "pend");
	const char *key, *kind = phx_sim_guest_kind(g);

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		json_t *o, *p = json_object_get(pend, key);

		if (strcmp(key, "lxc") == 0) /* lists are left out here */
			continue;
		o = json_pack("{s:s, s:o}", "key", key, "value",
			      phx_sim_conf_value(r->sim, kind, key, json_string_value(v)));

		if (p != NULL && !json_is_string(p))
			phx_sim_set_int(o, "delete", json_is_false(p) ? 2 : 1); /* 2: and its volume */
		else if (p != NULL)
			json_object_set_new(o, "pending",
					    phx_sim_conf_value(r->sim, kind, key, json_string_value(p)));
		json_array_append_new(out, o);
	}
	json_object_foreach(pend, key, v)
	{
		if (json_object_get(phx_sim_conf(g), key) == NULL && json_is_string(v))
			json_array_append_new(
				out, json_pack("{s:s, s:o}", "key", key, "pending",
					       phx_sim_conf_value(r->sim, kind, key, json_string_value(v))));
	}
	json_array_append_new(
		out, json_pack("{s:s, s:s}", "key", "digest", "value", phx_sim_guest_digest(&r->arena, g)));
	phx_sim_ok(r, out);
}

static void pending_get(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g != NULL)
		phx_sim_pending_get(r, g);
}

/* ---- changes ---- */

static void answer_fault(struct phx_sim_request *r, const struct phx_sim_update_fault *fault)
{
	if (fault->param != NULL)
		phx_sim_fail_param(r, fault->param, "%s", fault->why.ptr);
	else
		phx_sim_fail(r, 500, "%s", fault->why.ptr != NULL ? fault->why.ptr : "");
}

static bool under_lock(struct phx_sim_request *r, json_t *g)
{
	return phx_sim_guest_lock(r, g) &&
	       phx_sim_digest_fits(r, phx_sim_guest_digest(&r->arena, g),
				   "checksum mismatch (file change by other user?)") &&
	       phx_sim_guest_unlocked(r, g);
}

/* Synchronous, imports and all (169). */
static void config_put(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");
	struct phx_sim_update u = {0};
	struct phx_sim_update_fault fault = {0};
	int64_t t;

	if (g == NULL)
		return;
	if (!phx_sim_vm_update_check(r, g, &u) || (r->phase == 0 && !under_lock(r, g)))
		goto out;
	t = phx_sim_vm_update_time(r->sim, g, &u);
	if (r->phase == 0 && t > 0) {
		r->phase = 1;
		phx_sim_wait(r, t);
		goto out;
	}
	if (phx_sim_vm_update_apply(r->sim, &r->arena, NULL, g, &u, &fault))
		phx_sim_ok(r, NULL);
	else
		answer_fault(r, &fault);
out:
	phx_buf_done(&fault.why);
	phx_sim_update_done(&u);
}

static int64_t qmconfig_step(struct phx_sim_worker *w)
{
	json_t *g = phx_sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	struct phx_sim_update u = {.set = json_object_get(w->ctx, "set"),
				   .del = json_object_get(w->ctx, "del"),
				   .revert = json_object_get(w->ctx, "revert"),
				   .force = phx_json_bool(w->ctx, "force", false)};
	struct phx_sim_update_fault fault = {0};
	bool ok;

	if (w->step == 0)
		return phx_sim_vm_update_time(w->sim, g, &u);
	if (g == NULL)
		return phx_sim_task_fail(w, "Configuration file does not exist");
	ok = phx_sim_vm_update_apply(w->sim, &w->arena, w, g, &u, &fault);
	if (!ok)
		(void)phx_sim_task_fail(w, "%s", fault.why.ptr != NULL ? fault.why.ptr : "");
	phx_buf_done(&fault.why);
	return ok ? PHX_SIM_DONE : PHX_SIM_FAILED;
}

const struct phx_sim_job phx_sim_job_qmconfig = {.name = "qmconfig", .step = qmconfig_step};

/* Disk lines of the task log: "update VM 100: -scsi5 local:0,…". */
static void log_update(struct phx_sim_request *r, const char *upid, json_t *g, const struct phx_sim_update *u)
{
	struct phx_sim_worker *w = phx_sim_task_worker(r->sim, upid);
	struct phx_buf b = {0};
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v)
	{
		phx_buf_printf(&b, " -%s %s", key,
			       strcmp(key, "cipassword") == 0 ? "<hidden>" : json_string_value(v));
	}
	if (w != NULL)
		phx_sim_task_log(w, "update VM %lld:%s", (long long)phx_sim_guest_id(g),
				 b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
}

static void config_post(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *ctx;
	struct phx_sim_update u = {0};
	const char *upid = r->ctx != NULL ? json_string_value(r->ctx) : NULL;

	if (upid != NULL) { /* the background_delay is over, or the task */
		phx_sim_ok(r, phx_sim_task_worker(r->sim, upid) == NULL ? NULL : json_string(upid));
		return;
	}
	if (g == NULL)
		return;
	if (!phx_sim_vm_update_check(r, g, &u) || !under_lock(r, g))
		goto out;
	ctx = json_pack("{s:I, s:O, s:O, s:O, s:b}", "vmid", (json_int_t)phx_sim_guest_id(g), "set", u.set,
			"del", u.del, "revert", u.revert, "force", u.force);
	upid = phx_sim_task_start(r, &phx_sim_job_qmconfig, "qmconfig",
				  phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_guest_id(g)), ctx);
	log_update(r, upid, g, &u);
	if (phx_sim_pi(r, "background_delay", 0) > 0) {
		r->ctx = json_string(upid);
		if (!phx_sim_task_await(r, upid, phx_sim_pi(r, "background_delay", 0)))
			goto out;
		phx_sim_ok(r, NULL);
	} else {
		phx_sim_ok(r, json_string(upid));
	}
out:
	phx_sim_update_done(&u);
}

/* The same as PUT config with delete= (159). */
static void unlink_put(struct phx_sim_request *r)
{
	json_t *ids = json_object_get(r->p, "idlist");

	if (ids != NULL) {
		json_object_set(r->p, "delete", ids);
		json_object_del(r->p, "idlist");
	}
	config_put(r);
}

const struct phx_sim_route phx_sim_routes_qemu[] = {
	{"GET", "/nodes/{node}/qemu/{vmid}", index_},
	{"GET", "/nodes/{node}/qemu/{vmid}/config", config_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/config", config_put},
	{"POST", "/nodes/{node}/qemu/{vmid}/config", config_post},
	{"GET", "/nodes/{node}/qemu/{vmid}/pending", pending_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/unlink", unlink_put},
	{"GET", "/nodes/{node}/qemu/{vmid}/cloudinit", phx_sim_cloudinit_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/cloudinit", phx_sim_cloudinit_put},
	{"GET", "/nodes/{node}/qemu/{vmid}/cloudinit/dump", phx_sim_cloudinit_dump},
	{"GET", "/nodes/{node}/qemu", phx_sim_vm_list},
	{"POST", "/nodes/{node}/qemu", phx_sim_vm_create},
	{"POST", "/nodes/{node}/qemu/{vmid}/clone", phx_sim_vm_clone},
	{"DELETE", "/nodes/{node}/qemu/{vmid}", phx_sim_vm_destroy},
	{0}};
