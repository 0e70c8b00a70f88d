/* What policies found, as JSON: the member `policies` of a plan. */
#include "base/json.h"
#include "plan/plan_json.h"

static void place(struct phx_jw *w, const struct phx_plan *p, const char *key, struct phx_span span)
{
	struct phx_pos pos;

	phx_jw_key(w, key);
	if (!phx_plan_place(p, span, &pos)) {
		phx_jw_null(w);
		return;
	}
	phx_jw_object(w);
	phx_jw_key(w, "path");
	phx_jw_str(w, pos.path);
	phx_jw_key(w, "line");
	phx_jw_int(w, pos.line);
	phx_jw_key(w, "column");
	phx_jw_int(w, pos.col);
	phx_jw_end_object(w);
}

static void finding(struct phx_jw *w, const struct phx_plan *p, const struct phx_policy_finding *f)
{
	phx_jw_object(w);
	phx_jw_key(w, "message");
	phx_jw_str(w, f->message);
	phx_jw_key(w, "address");
	if (f->address.len)
		phx_jw_str(w, f->address);
	else
		phx_jw_null(w);
	place(w, p, "source", f->offends);
	place(w, p, "assertion", f->check);
	phx_jw_end_object(w);
}

void phx_plan_policies_json(struct phx_jw *w, const struct phx_plan *p)
{
	if (!p->policies)
		return;
	phx_jw_key(w, "policies");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->policies->v.n; i++) {
		const struct phx_policy_result *r = &p->policies->v.v[i];

		phx_jw_object(w);
		phx_jw_key(w, "name");
		phx_jw_str(w, r->name);
		phx_jw_key(w, "severity");
		phx_jw_c(w, r->deny ? "deny" : "warn");
		phx_jw_key(w, "passed");
		phx_jw_bool(w, r->passed);
		place(w, p, "source", r->span);
		phx_jw_key(w, "findings");
		phx_jw_array(w);
		for (uint32_t k = 0; k < r->findings.n; k++)
			finding(w, p, &r->findings.v[k]);
		phx_jw_end_array(w);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}
