/* The preflight's part of a plan file: how long it takes, what the cluster can hold, what may be missing. */
#include "plan/plan_read.h"
#include "plan/preflight.h"

/* --- estimate --- */

struct reading_times {
	uint64_t *v;
	uint32_t n, most;
};

static bool duration(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct reading_times *x = user;

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return plan_in_fail(in, at, "expected milliseconds, found %s", plan_in_kind(v));
	if (x->n == x->most)
		return plan_in_fail(in, at, "there are more than actions");
	x->v[x->n++] = (uint64_t)json_integer_value(v);
	return true;
}

static bool durations(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key,
		      const struct plan_read *r, uint64_t **out)
{
	struct plan_at here = {.up = at, .key = key};
	struct reading_times x = {.most = r->p->actions.n};

	x.v = *out = PHX_NEW_N(in->a, uint64_t, x.most + 1);
	if (!plan_in_each(in, at, obj, key, false, duration, &x))
		return false;
	return x.n == x.most ||
	       plan_in_fail(in, &here, "one for each of the %u actions was expected, found %u", x.most, x.n);
}

struct reading_estimate {
	struct plan_read *r;
	struct phx_estimate *e;
};

static bool critical(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct reading_estimate *x = user;
	uint32_t id;

	if (!plan_in_action_id(in, at, v, &id))
		return false;
	if (id > x->r->p->actions.n)
		return plan_in_fail(in, at, "there is no such action");
	phx_vec_push(in->a, &x->e->critical, id);
	return true;
}

static bool downtime(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_downtime, address, "address", PLAN_F_STR),
		PLAN_FIELD(struct phx_downtime, ms, "ms", PLAN_F_U64),
	};
	struct reading_estimate *x = user;
	struct phx_downtime d = {0};

	if (!plan_in_table(in, at, v, fields, &d))
		return false;
	phx_vec_push(in->a, &x->e->downtime, d);
	return true;
}

static bool estimate(struct plan_in *in, const json_t *v, struct plan_read *r)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_estimate, makespan_ms, "makespan_ms", PLAN_F_U64),
	};
	static const char *const sources[] = {
		[PHX_EST_USUAL] = "usual", [PHX_EST_SIZE] = "sizes", [PHX_EST_TASKS] = "tasks"};
	struct plan_at at = {.key = "estimate"}, source_at = {.up = &at, .key = "source"};
	struct phx_estimate *e = PHX_NEW(in->a, struct phx_estimate);
	struct reading_estimate x = {r, e};
	struct phx_str source;
	bool known = false;

	if (!plan_in_table(in, &at, v, fields, e) || !durations(in, &at, v, "actions", r, &e->ms) ||
	    !durations(in, &at, v, "starts", r, &e->start_ms) ||
	    !plan_in_each(in, &at, v, "critical_path", false, critical, &x) ||
	    !plan_in_each(in, &at, v, "downtime", false, downtime, &x) ||
	    !plan_in_text(in, &source_at, phx_json_get(v, "source"), &source))
		return false;
	e->from = PHX_NEW_N(in->a, uint8_t, r->p->actions.n + 1);
	/* Where each duration is from is not kept, only the best source of all. */
	for (size_t i = 0; i < PHX_COUNTOF(sources); i++) {
		if (!phx_str_eqc(source, sources[i]))
			continue;
		known = true;
		e->count[i] = r->p->actions.n;
	}
	r->p->estimate = e;
	return known || plan_in_fail(in, &source_at, "expected usual, sizes or tasks");
}

/* --- capacity --- */

static const char *kind_name(unsigned i)
{
	static const char *const names[] = {
		[PHX_CAP_MEMORY] = "memory", [PHX_CAP_CORES] = "cores", [PHX_CAP_STORAGE] = "storage"};

	return i < PHX_COUNTOF(names) ? names[i] : NULL;
}

static bool capacity(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD_ENUM(struct phx_capacity_row, kind, "kind", kind_name),
		PLAN_FIELD(struct phx_capacity_row, node, "node", PLAN_F_STR),
		PLAN_FIELD_MAYBE(struct phx_capacity_row, storage, "storage", PLAN_F_STR),
		PLAN_FIELD_MAYBE(struct phx_capacity_row, type, "type", PLAN_F_STR),
		PLAN_FIELD_MAYBE(struct phx_capacity_row, thin, "thin", PLAN_F_BOOL),
		PLAN_FIELD(struct phx_capacity_row, before, "before", PLAN_F_U64),
		PLAN_FIELD(struct phx_capacity_row, after, "after", PLAN_F_U64),
		PLAN_FIELD_MAYBE(struct phx_capacity_row, used, "used", PLAN_F_U64),
		PLAN_FIELD(struct phx_capacity_row, physical, "physical", PLAN_F_U64),
		PLAN_FIELD(struct phx_capacity_row, limit, "limit", PLAN_F_U64),
		PLAN_FIELD(struct phx_capacity_row, over, "over", PLAN_F_BOOL),
	};
	struct phx_capacity *c = user;
	struct phx_capacity_row row = {0};

	if (!plan_in_table(in, at, v, fields, &row))
		return false;
	phx_vec_push(in->a, &c->rows, row);
	return true;
}

/* --- permissions --- */

static bool missing_address(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct phx_missing *m = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	phx_vec_push(in->a, &m->addresses, text);
	return true;
}

static bool missing(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_missing, path, "path", PLAN_F_STR),
		PLAN_FIELD(struct phx_missing, privileges, "privilege", PLAN_F_STR),
		PLAN_FIELD(struct phx_missing, role, "role", PLAN_F_STR),
	};
	struct phx_permissions *p = user;
	struct phx_missing m = {0};

	if (!plan_in_table(in, at, v, fields, &m) ||
	    !plan_in_each(in, at, v, "addresses", false, missing_address, &m))
		return false;
	phx_vec_push(in->a, &p->missing, m);
	return true;
}

static bool permissions(struct plan_in *in, const json_t *v, struct plan_read *r)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_permissions, identity, "identity", PLAN_F_STR),
		PLAN_FIELD(struct phx_permissions, checked, "checked", PLAN_F_BOOL),
		PLAN_FIELD(struct phx_permissions, needed, "needed", PLAN_F_U32),
	};
	struct plan_at at = {.key = "permissions"};
	struct phx_permissions *p = PHX_NEW(in->a, struct phx_permissions);

	r->p->permissions = p;
	return plan_in_table(in, &at, v, fields, p) && plan_in_each(in, &at, v, "missing", false, missing, p);
}

bool plan_read_preflight(struct plan_in *in, const json_t *doc, struct plan_read *r)
{
	const json_t *e = phx_json_get(doc, "estimate"), *c = phx_json_get(doc, "capacity"),
		     *m = phx_json_get(doc, "permissions");
	struct phx_capacity *all;

	if (e && !estimate(in, e, r))
		return false;
	if (c) {
		r->p->capacity = all = PHX_NEW(in->a, struct phx_capacity);
		if (!plan_in_each(in, NULL, doc, "capacity", false, capacity, all))
			return false;
	}
	return !m || permissions(in, m, r);
}
