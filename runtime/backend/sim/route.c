/* From request to handler: authentication, endpoint, parameters as Proxmox checks them, permission. */
#include "backend/sim/auth.h"
#include "backend/sim/body.h"
#include "backend/sim/faults.h"
#include "backend/sim/host.h"
#include "backend/sim/request.h"
#include "backend/sim/resources.h"
#include "backend/sim/tables.h"
#include "backend/sim/tree.h"
#include "base/sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- answers ---- */

PHX_PRINTF(2, 0) static void say(struct phx_buf *out, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		PHX_BUG("unprintable format %s", fmt);
	phx_buf_clear(out);
	(void)vsnprintf(phx_buf_reserve(out, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	out->len += (size_t)n;
}

void phx_sim_fail(struct phx_sim_request *r, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(&r->message, fmt, ap);
	va_end(ap);
	phx_buf_ch(&r->message, '\n');
	r->status = status;
}

void phx_sim_forbid(struct phx_sim_request *r, const char *fmt, ...)
{
	struct phx_buf what = {0};
	va_list ap;

	va_start(ap, fmt);
	say(&what, fmt, ap);
	va_end(ap);
	phx_sim_fail(r, 403, "Permission check failed (%s)", what.ptr);
	phx_buf_done(&what);
}

void phx_sim_fail_param(struct phx_sim_request *r, const char *param, const char *fmt, ...)
{
	struct phx_buf what = {0};
	va_list ap;

	va_start(ap, fmt);
	say(&what, fmt, ap);
	va_end(ap);
	if (r->errors == NULL)
		r->errors = json_object();
	json_object_set_new(r->errors, param, json_stringn_nocheck(what.ptr, what.len));
	phx_buf_done(&what);
	r->status = 400;
	phx_buf_clear(&r->message);
	phx_buf_c(&r->message, "Parameter verification failed.\n");
}

void phx_sim_ok(struct phx_sim_request *r, json_t *stolen_data)
{
	json_decref(r->data);
	r->data = stolen_data;
	r->status = 200;
}

/* ---- parameters ---- */

const char *phx_sim_p(const struct phx_sim_request *r, const char *name)
{
	return phx_sim_s(r->p, name);
}

int64_t phx_sim_pi(const struct phx_sim_request *r, const char *name, int64_t otherwise)
{
	return phx_json_int(r->p, name, otherwise);
}

bool phx_sim_pb(const struct phx_sim_request *r, const char *name, bool otherwise)
{
	json_t *v = json_object_get(r->p, name);

	return v != NULL ? phx_sim_truth(v) : otherwise;
}

static json_t *typed(const struct phx_option *o, struct phx_str text)
{
	int64_t n;

	if (o != NULL && (o->type == PHX_TYPE_INTEGER || o->type == PHX_TYPE_BOOLEAN)) {
		if (phx_parse_i64(text, &n))
			return json_integer(n);
		if (phx_str_starts(text, "+") && phx_parse_i64(phx_str_from(text, 1), &n))
			return json_integer(n);
	}
	return json_stringn_nocheck(text.ptr != NULL ? text.ptr : "", text.len);
}

static json_t *param_value(const struct phx_option *o, const struct phx_given *p)
{
	json_t *list;

	if (p->shape == PHX_PARAM_TEXT && (o == NULL || o->type != PHX_TYPE_ARRAY))
		return typed(o, p->text);
	list = json_array();
	if (p->shape == PHX_PARAM_TEXT)
		json_array_append_new(list, json_stringn_nocheck(p->text.ptr, p->text.len));
	for (uint32_t i = 0; p->shape == PHX_PARAM_LIST && i < p->nitems; i++)
		json_array_append_new(list, json_stringn_nocheck(p->items[i].ptr, p->items[i].len));
	return list;
}

/* A list where one text is expected: `delete=a&delete=b` is `a,b` (808). */
static json_t *joined(const struct phx_given *p)
{
	struct phx_buf b = {0};
	json_t *out;

	for (uint32_t i = 0; i < p->nitems; i++) {
		if (i > 0)
			phx_buf_ch(&b, ',');
		phx_buf_str(&b, p->items[i]);
	}
	out = json_stringn_nocheck(b.ptr != NULL ? b.ptr : "", b.len);
	phx_buf_done(&b);
	return out;
}

static void fill(struct phx_sim_request *r, const struct phx_sim_params *params)
{
	json_decref(r->p);
	r->p = json_object();
	for (uint32_t i = 0; i < params->v.n; i++) {
		const struct phx_given *p = &params->v.v[i];
		const struct phx_option *o = phx_method_param(r->endpoint, p->name, NULL);
		bool list_as_text = p->shape == PHX_PARAM_LIST && o != NULL && o->type != PHX_TYPE_ARRAY;
		json_t *v;

		/* `null` counts as an empty text (810). */
		if (p->shape == PHX_PARAM_NULL)
			v = json_string("");
		else
			v = list_as_text ? joined(p) : param_value(o, p);
		json_object_setn_new(r->p, p->name.ptr, p->name.len, v);
	}
}

static void report(struct phx_sim_request *r, const struct phx_checks *checks)
{
	for (uint32_t i = 0; i < checks->v.n; i++)
		phx_sim_fail_param(r, phx_sim_fmt(&r->arena, PHX_STR_FMT, PHX_STR_ARG(checks->v.v[i].param)),
				   PHX_STR_FMT, PHX_STR_ARG(checks->v.v[i].text));
}

/* Path, query and body, as they came. False: they cannot be read, the answer is set. */
static bool take_params(struct phx_sim_request *r, const struct phx_path_params *path,
			struct phx_sim_params *out)
{
	for (uint32_t i = 0; i < path->n; i++)
		phx_sim_params_put(r, out, path->v[i].name, path->v[i].value);
	if (!phx_sim_body_params(r, out))
		return false;
	if (r->upload.given)
		phx_sim_params_put(r, out, PHX_STR("filename"), phx_buf_view(&r->upload.filename));
	fill(r, out);
	return true;
}

static bool check_params(struct phx_sim_request *r, const struct phx_sim_params *params)
{
	struct phx_checks checks = {.arena = &r->arena};

	if (phx_endpoint_check(r->endpoint, params->v.v, params->v.n, &checks))
		return true;
	report(r, &checks);
	return false;
}

/* ---- routes ---- */

static const struct phx_sim_route *const tables[] = {phx_sim_routes_access,
						     phx_sim_routes_acl,
						     phx_sim_routes_agent,
						     phx_sim_routes_backup,
						     phx_sim_routes_cluster,
						     phx_sim_routes_ct_status,
						     phx_sim_routes_misc,
						     phx_sim_routes_firewall,
						     phx_sim_routes_firewall_rules,
						     phx_sim_routes_firewall_sets,
						     phx_sim_routes_firewall_rules,
						     phx_sim_routes_firewall_sets,
						     phx_sim_routes_ha,
						     phx_sim_routes_lxc,
						     phx_sim_routes_lxc_disk,
						     phx_sim_routes_node,
						     phx_sim_routes_pool,
						     phx_sim_routes_qemu,
						     phx_sim_routes_qemu_disk,
						     phx_sim_routes_snapshot,
						     phx_sim_routes_status,
						     phx_sim_routes_storage,
						     phx_sim_routes_content,
						     phx_sim_routes_task,
						     phx_sim_routes_ticket,
						     phx_sim_routes_transfer};

const struct phx_sim_route *phx_sim_route_find(const char *method, const struct phx_endpoint *endpoint)
{
	for (size_t t = 0; t < PHX_COUNTOF(tables); t++)
		for (const struct phx_sim_route *route = tables[t]; route->method != NULL; route++)
			if (strcmp(route->method, method) == 0 && phx_str_eqc(endpoint->path, route->path))
				return route;
	return NULL;
}

static void not_implemented(struct phx_sim_request *r)
{
	r->status = 501;
	phx_buf_clear(&r->message);
	phx_buf_printf(&r->message, "Method '%s %s' not implemented", r->method, r->path);
}

const char *phx_sim_node(const struct phx_sim_request *r)
{
	const char *node = phx_sim_p(r, "node"), *name;
	json_t *doc;

	if (node != NULL && strcmp(node, "localhost") == 0)
		json_object_foreach(phx_sim_all(r->sim, "node"), name, doc)
		{
			return name;
		}
	return node;
}

/* Proxmox forwards to the node before it looks at anything else (025, 026). */
static bool node_known(struct phx_sim_request *r)
{
	const char *node = phx_sim_node(r);

	if (node == NULL || phx_sim_get(r->sim, "node", node) != NULL)
		return true;
	phx_sim_fail(
		r, 500,
		"hostname lookup '%s' failed - failed to get address info for: %s: Name or service not known",
		node, node);
	return false;
}

static void call(struct phx_sim_request *r)
{
	if (r->route != NULL) {
		r->route->handler(r);
		return;
	}
	phx_sim_log(r->sim, "not-simulated", json_pack("{s:s, s:s}", "method", r->method, "path", r->path));
	not_implemented(r);
}

static void first_time(struct phx_sim_request *r)
{
	const struct phx_endpoints *all = phx_sim_tables_endpoints(r->sim);
	struct phx_path_params path = {0};
	const struct phx_endpoint *e = phx_endpoint_find(all, phx_str_c(r->path), &path);
	struct phx_sim_params params = {0};
	enum phx_http http;

	if (!phx_http_parse(phx_str_c(r->method), &http)) {
		not_implemented(r);
		return;
	}
	r->endpoint = e != NULL ? e->methods[http] : NULL;
	if (!phx_sim_authenticate(r))
		return;
	if (strcmp(r->path, "/") == 0 &&
	    http == PHX_HTTP_GET) { /* the one path without a table entry (002) */
		phx_sim_ok(r, phx_sim_index("subdir", "version cluster nodes storage access pools"));
		return;
	}
	if (r->endpoint == NULL) {
		not_implemented(r);
		return;
	}
	/* Who may not do it is told so before anything is said about parameters (672, 709). */
	if (!take_params(r, &path, &params) || !phx_sim_permit(r, r->endpoint->permission) ||
	    !node_known(r) || !check_params(r, &params))
		return;
	r->route = phx_sim_route_find(r->method, e);
	r->phase = 0;
	call(r);
}

/* What root does on the node itself: the same handler, without asking who it is. */
void phx_sim_call_as_root(struct phx_sim_request *r)
{
	struct phx_path_params path = {0};
	const struct phx_endpoint *e =
		phx_endpoint_find(phx_sim_tables_endpoints(r->sim), phx_str_c(r->path), &path);
	struct phx_sim_params params = {0};
	enum phx_http http;

	r->who = (struct phx_sim_identity){.user = "root@pam", .full = "root@pam", .root = true};
	if (e == NULL || !phx_http_parse(phx_str_c(r->method), &http) ||
	    (r->endpoint = e->methods[http]) == NULL)
		PHX_BUG("the host calls %s %s", r->method, r->path);
	if (take_params(r, &path, &params) && check_params(r, &params)) {
		r->route = phx_sim_route_find(r->method, e);
		call(r);
	}
	/* Nobody is there to wait: a lock that is held is an error at once. */
	if (r->waiting) {
		phx_sim_event_cancel(r->sim, r->timer);
		r->timer = NULL;
		phx_sim_fail(r, 500, "can't lock file - got timeout");
	}
}

static void log_request(struct phx_sim_request *r)
{
	phx_sim_log(r->sim, "request",
		    json_pack("{s:s, s:s, s:i, s:s}", "method", r->method, "path", r->path, "status",
			      r->status, "user", r->who.full != NULL ? r->who.full : ""));
}

/* Parameters that a JSON path has only text for come decoded already. */
void phx_sim_dispatch(struct phx_sim_request *r)
{
	r->waiting = false;
	if (r->endpoint != NULL && r->p != NULL && r->status == 0)
		call(r);
	else if (strncmp(r->path, "/sim/", 5) == 0 && !phx_sim_fault_before(r))
		phx_sim_private_path(r);
	else if (strncmp(r->path, "/sim/", 5) == 0)
		r->status = r->status != 0 ? r->status : 500;
	else if (!phx_sim_fault_before(r))
		first_time(r);
	if (r->waiting)
		return;
	if (r->status == 0 && !r->drop)
		PHX_BUG("no answer to %s %s", r->method, r->path);
	phx_sim_unlock(r->sim, &r->locker);
	log_request(r);
}

static void on_timer(struct phx_sim *s, void *arg)
{
	struct phx_sim_request *r = arg;

	(void)s;
	r->timer = NULL;
	phx_sim_continue(r);
}

void phx_sim_wait(struct phx_sim_request *r, int64_t delay)
{
	r->waiting = true;
	r->timer = phx_sim_event_add(r->sim, delay, on_timer, r);
}

void phx_sim_wait_real(struct phx_sim_request *r, uint64_t ms)
{
	r->waiting = true;
	r->real_due = phx_now_ms() + ms;
}

void phx_sim_request_done(struct phx_sim_request *r)
{
	phx_sim_event_cancel(r->sim, r->timer);
	phx_sim_unlock(r->sim, &r->locker);
	phx_sim_procs_forget(r->sim, r);
	json_decref(r->p);
	json_decref(r->ctx);
	json_decref(r->data);
	json_decref(r->errors);
	phx_buf_done(&r->query);
	phx_buf_done(&r->body);
	phx_buf_done(&r->upload.filename);
	phx_buf_done(&r->upload.head);
	phx_buf_done(&r->reason);
	phx_buf_done(&r->message);
	phx_buf_done(&r->text);
	phx_buf_done(&r->stream);
	phx_arena_done(&r->arena);
}
