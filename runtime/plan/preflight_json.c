/* The preflight's part of a plan's document: `estimate`, `capacity`, `permissions`. */
#include <stdio.h>

#include "base/json.h"
#include "plan/plan_json.h"
#include "plan/preflight.h"

static void numbers(struct phx_jw *w, const char *key, const uint64_t *v, uint32_t n)
{
	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		phx_jw_int(w, (int64_t)v[i]);
	phx_jw_end_array(w);
}

static const char *source(const struct phx_estimate *e)
{
	if (e->count[PHX_EST_TASKS])
		return "tasks";
	return e->count[PHX_EST_SIZE] ? "sizes" : "usual";
}

static void estimate(struct phx_jw *w, const struct phx_plan *p)
{
	const struct phx_estimate *e = p->estimate;
	char id[16];

	phx_jw_key(w, "estimate");
	phx_jw_object(w);
	plan_key_int(w, "makespan_ms", e->makespan_ms);
	phx_jw_key(w, "source");
	phx_jw_c(w, source(e));
	phx_jw_key(w, "critical_path");
	phx_jw_array(w);
	for (uint32_t i = 0; i < e->critical.n; i++) {
		int n = snprintf(id, sizeof(id), "a%u", e->critical.v[i]);

		phx_jw_str(w, (struct phx_str){id, (size_t)n});
	}
	phx_jw_end_array(w);
	numbers(w, "actions", e->ms, p->actions.n);
	numbers(w, "starts", e->start_ms, p->actions.n);
	phx_jw_key(w, "downtime");
	phx_jw_array(w);
	for (uint32_t i = 0; i < e->downtime.n; i++) {
		phx_jw_object(w);
		plan_key_str(w, "address", e->downtime.v[i].address);
		plan_key_int(w, "ms", e->downtime.v[i].ms);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

static void row(struct phx_jw *w, const struct phx_capacity_row *r)
{
	static const char *const kinds[] = {"memory", "cores", "storage"};

	phx_jw_object(w);
	phx_jw_key(w, "kind");
	phx_jw_c(w, kinds[r->kind]);
	plan_key_str(w, "node", r->node);
	if (r->kind == PHX_CAP_STORAGE) {
		plan_key_str(w, "storage", r->storage);
		plan_key_str(w, "type", r->type);
		phx_jw_key(w, "thin");
		phx_jw_bool(w, r->thin);
	}
	plan_key_int(w, "before", r->before);
	plan_key_int(w, "after", r->after);
	if (r->kind != PHX_CAP_CORES)
		plan_key_int(w, "used", r->used);
	plan_key_int(w, "physical", r->physical);
	plan_key_int(w, "limit", r->limit);
	phx_jw_key(w, "over");
	phx_jw_bool(w, r->over);
	phx_jw_end_object(w);
}

static void permissions(struct phx_jw *w, const struct phx_permissions *m)
{
	phx_jw_key(w, "permissions");
	phx_jw_object(w);
	plan_key_str(w, "identity", m->identity);
	phx_jw_key(w, "checked");
	phx_jw_bool(w, m->checked);
	plan_key_int(w, "needed", m->needed);
	phx_jw_key(w, "missing");
	phx_jw_array(w);
	for (uint32_t i = 0; i < m->missing.n; i++) {
		const struct phx_missing *x = &m->missing.v[i];

		phx_jw_object(w);
		plan_key_str(w, "path", x->path);
		plan_key_str(w, "privilege", x->privileges);
		plan_key_str(w, "role", x->role);
		phx_jw_key(w, "addresses");
		phx_jw_array(w);
		for (uint32_t k = 0; k < x->addresses.n; k++)
			phx_jw_str(w, x->addresses.v[k]);
		phx_jw_end_array(w);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

void plan_preflight_json(struct phx_jw *w, const struct phx_plan *p)
{
	if (p->estimate)
		estimate(w, p);
	if (p->capacity) {
		phx_jw_key(w, "capacity");
		phx_jw_array(w);
		for (uint32_t i = 0; i < p->capacity->rows.n; i++)
			row(w, &p->capacity->rows.v[i]);
		phx_jw_end_array(w);
	}
	if (p->permissions)
		permissions(w, p->permissions);
}
