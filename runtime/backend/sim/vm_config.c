/* …/qemu/{vmid}/config, /pending, /cloudinit, /unlink */
#include <stdio.h>
#include <string.h>

#include "backend/sim/handlers.h"
#include "backend/sim/jobs.h"
#include "backend/sim/resources.h"
#include "backend/sim/vm_update.h"

static void index_(struct sim_request *r)
{
	if (sim_guest_of(r, "qemu") != NULL)
		sim_ok(r,
		       sim_index(
			       "subdir",
			       "config cloudinit pending status unlink vncproxy termproxy migrate resize "
			       "move rrd rrddata "
			       "monitor agent snapshot spiceproxy sendkey firewall mtunnel remote_migrate"));
}

/* Shared with containers. */
void sim_config_get(struct sim_request *r, json_t *g)
{
	const char *snap = sim_p(r, "snapshot");
	json_t *conf, *out;

	if (snap != NULL) {
		json_t *doc = json_object_get(json_object_get(g, "snaps"), snap);

		if (doc == NULL) {
			sim_fail(r, 500, "snapshot '%s' does not exist", snap);
			return;
		}
		conf = json_copy(json_object_get(doc, "conf"));
		sim_snapshot_facts(conf, doc);
	} else {
		conf = sim_pb(r, "current", false) ? json_copy(sim_conf(g)) : sim_conf_pending(g);
	}
	out = sim_conf_json(r->sim, sim_guest_kind(g), conf);
	sim_set(out, "digest", sim_guest_digest(&r->arena, g));
	json_decref(conf);
	sim_ok(r, out);
}

static void config_get(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");

	if (g != NULL)
		sim_config_get(r, g);
}

void sim_pending_get(struct sim_request *r, json_t *g)
{
	json_t *out = json_array(), *v, *pend = json_object_get(g, "pend");
	const char *key, *kind = sim_guest_kind(g);

	json_object_foreach(sim_conf(g), key, v)
	{
		json_t *o = json_pack("{s:s, s:o}", "key", key, "value",
				      sim_conf_value(r->sim, kind, key, json_string_value(v)));
		json_t *p = json_object_get(pend, key);

		if (json_is_null(p))
			sim_set_int(o, "delete", 1);
		else if (p != NULL)
			json_object_set_new(o, "pending",
					    sim_conf_value(r->sim, kind, key, json_string_value(p)));
		json_array_append_new(out, o);
	}
	json_object_foreach(pend, key, v) if (json_object_get(sim_conf(g), key) == NULL && json_is_string(v))
		json_array_append_new(out,
				      json_pack("{s:s, s:o}", "key", key, "pending",
						sim_conf_value(r->sim, kind, key, json_string_value(v))));
	json_array_append_new(
		out, json_pack("{s:s, s:s}", "key", "digest", "value", sim_guest_digest(&r->arena, g)));
	sim_ok(r, out);
}

static void pending_get(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");

	if (g != NULL)
		sim_pending_get(r, g);
}

/* ---- changes ---- */

static void answer_fault(struct sim_request *r, const struct sim_update_fault *fault)
{
	if (fault->param != NULL)
		sim_fail_param(r, fault->param, "%s", fault->why.ptr);
	else
		sim_fail(r, 500, "%s", fault->why.ptr != NULL ? fault->why.ptr : "");
}

static bool under_lock(struct sim_request *r, json_t *g)
{
	return sim_guest_lock(r, g) &&
	       sim_digest_fits(r, sim_guest_digest(&r->arena, g),
			       "checksum mismatch (file change by other user?)") &&
	       sim_guest_unlocked(r, g);
}

/* Synchronous, imports and all (169). */
static void config_put(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");
	struct sim_update u = {0};
	struct sim_update_fault fault = {0};
	sim_time t;

	if (g == NULL)
		return;
	if (!sim_vm_update_check(r, g, &u) || (r->phase == 0 && !under_lock(r, g)))
		goto out;
	t = sim_vm_update_time(r->sim, g, &u);
	if (r->phase == 0 && t > 0) {
		r->phase = 1;
		sim_wait(r, t);
		goto out;
	}
	if (sim_vm_update_apply(r->sim, &r->arena, NULL, g, &u, &fault))
		sim_ok(r, NULL);
	else
		answer_fault(r, &fault);
out:
	phx_buf_done(&fault.why);
	sim_update_done(&u);
}

static sim_time qmconfig_step(struct sim_worker *w)
{
	json_t *g = sim_guest(w->sim, phx_json_int(w->ctx, "vmid", 0));
	struct sim_update u = {.set = json_object_get(w->ctx, "set"),
			       .del = json_object_get(w->ctx, "del"),
			       .revert = json_object_get(w->ctx, "revert"),
			       .force = phx_json_bool(w->ctx, "force", false)};
	struct sim_update_fault fault = {0};
	bool ok;

	if (w->step == 0)
		return sim_vm_update_time(w->sim, g, &u);
	if (g == NULL)
		return sim_task_fail(w, "Configuration file does not exist");
	ok = sim_vm_update_apply(w->sim, &w->arena, w, g, &u, &fault);
	if (!ok)
		(void)sim_task_fail(w, "%s", fault.why.ptr != NULL ? fault.why.ptr : "");
	phx_buf_done(&fault.why);
	return ok ? SIM_DONE : SIM_FAILED;
}

const struct sim_job sim_job_qmconfig = {.name = "qmconfig", .step = qmconfig_step};

/* Disk lines of the task log: "update VM 100: -scsi5 local:0,…". */
static void log_update(struct sim_request *r, const char *upid, json_t *g, const struct sim_update *u)
{
	struct sim_worker *w = sim_task_worker(r->sim, upid);
	struct phx_buf b = {0};
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v) phx_buf_printf(
		&b, " -%s %s", key, strcmp(key, "cipassword") == 0 ? "<hidden>" : json_string_value(v));
	if (w != NULL)
		sim_task_log(w, "update VM %lld:%s", (long long)sim_guest_id(g), b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
}

static void config_post(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu"), *ctx;
	struct sim_update u = {0};
	const char *upid = r->ctx != NULL ? json_string_value(r->ctx) : NULL;

	if (upid != NULL) { /* the background_delay is over, or the task */
		sim_ok(r, sim_task_worker(r->sim, upid) == NULL ? NULL : json_string(upid));
		return;
	}
	if (g == NULL)
		return;
	if (!sim_vm_update_check(r, g, &u) || !under_lock(r, g))
		goto out;
	ctx = json_pack("{s:I, s:O, s:O, s:O, s:b}", "vmid", (json_int_t)sim_guest_id(g), "set", u.set, "del",
			u.del, "revert", u.revert, "force", u.force);
	upid = sim_task_start(r, &sim_job_qmconfig, "qmconfig",
			      sim_fmt(&r->arena, "%lld", (long long)sim_guest_id(g)), ctx);
	log_update(r, upid, g, &u);
	if (sim_pi(r, "background_delay", 0) > 0) {
		r->ctx = json_string(upid);
		if (!sim_task_await(r, upid, sim_pi(r, "background_delay", 0)))
			goto out;
		sim_ok(r, NULL);
	} else {
		sim_ok(r, json_string(upid));
	}
out:
	sim_update_done(&u);
}

/* delete=…, with force destroying the volumes at once (159). */
static void unlink_put(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "qemu");
	struct sim_update_fault fault = {0};
	struct sim_update u = {.set = json_object(), .del = json_object(), .revert = json_object()};
	struct phx_str rest = phx_str_c(sim_p(r, "idlist")), one;

	if (g == NULL || !under_lock(r, g))
		goto out;
	while (phx_str_cut(&rest, ',', &one)) {
		const char *key = phx_str_dup(&r->arena, phx_str_trim(one)).ptr, *text;
		struct sim_drive d;

		if (key == NULL || !sim_vm_may_set(r, sim_guest_id(g), key, NULL))
			goto out;
		text = sim_conf_get(g, key);
		json_object_set_new(u.del, key, json_true());
		if (sim_pb(r, "force", false) && text != NULL &&
		    sim_drive_parse(r->sim, &r->arena, "qemu", key, text, &d) &&
		    sim_volid_owner(d.volume) == sim_guest_id(g)) {
			if (!sim_vol_free(r->sim, sim_node(r), d.volume, &fault.why)) {
				answer_fault(r, &fault);
				goto out;
			}
			sim_set(sim_conf(g), key,
				"none,media=cdrom"); /* nothing is left that could become unused */
		}
	}
	if (sim_vm_update_apply(r->sim, &r->arena, NULL, g, &u, &fault))
		sim_ok(r, NULL);
	else
		answer_fault(r, &fault);
out:
	phx_buf_done(&fault.why);
	sim_update_done(&u);
}

const struct sim_route sim_routes_qemu[] = {
	{"GET", "/nodes/{node}/qemu/{vmid}", index_},
	{"GET", "/nodes/{node}/qemu/{vmid}/config", config_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/config", config_put},
	{"POST", "/nodes/{node}/qemu/{vmid}/config", config_post},
	{"GET", "/nodes/{node}/qemu/{vmid}/pending", pending_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/unlink", unlink_put},
	{"GET", "/nodes/{node}/qemu/{vmid}/cloudinit", sim_cloudinit_get},
	{"PUT", "/nodes/{node}/qemu/{vmid}/cloudinit", sim_cloudinit_put},
	{"GET", "/nodes/{node}/qemu/{vmid}/cloudinit/dump", sim_cloudinit_dump},
	{"GET", "/nodes/{node}/qemu", sim_vm_list},
	{"POST", "/nodes/{node}/qemu", sim_vm_create},
	{"POST", "/nodes/{node}/qemu/{vmid}/clone", sim_vm_clone},
	{"DELETE", "/nodes/{node}/qemu/{vmid}", sim_vm_destroy},
	{0}};
