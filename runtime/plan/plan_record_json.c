/* What a plan file keeps of its inputs and of the cluster. */
#include "plan/plan_read.h"

static bool names(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct phx_plan *p = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	phx_vec_push(in->a, &p->nodes, text);
	return true;
}

static bool line(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_line, line, "line", PLAN_F_U32),
		PLAN_FIELD(struct phx_plan_line, text, "text", PLAN_F_STR),
	};
	struct phx_plan_source *s = user;
	struct phx_plan_line x = {0};

	if (!plan_in_table(in, at, v, fields, &x))
		return false;
	if (s->lines.n && s->lines.v[s->lines.n - 1].line >= x.line)
		return plan_in_fail(in, at, "lines stand in their order");
	phx_vec_push(in->a, &s->lines, x);
	return true;
}

static bool source(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_source, path, "path", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_source, sha256, "sha256", PLAN_F_STR),
	};
	struct phx_plan *p = user;
	struct phx_plan_source x = {0};

	if (!plan_in_table(in, at, v, fields, &x) || !plan_in_each(in, at, v, "lines", true, line, &x))
		return false;
	phx_vec_push(in->a, &p->inputs_read, x);
	return true;
}

static bool variable(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_env, name, "name", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_env, hash, "hash", PLAN_F_STR_NULL),
		PLAN_FIELD(struct phx_plan_env, credential, "credential", PLAN_F_BOOL),
	};
	struct phx_plan *p = user;
	struct phx_plan_env x = {0};

	if (!plan_in_table(in, at, v, fields, &x))
		return false;
	phx_vec_push(in->a, &p->env, x);
	return true;
}

static bool config(struct plan_in *in, const struct plan_at *at, const json_t *obj, struct phx_plan_seen *g)
{
	struct plan_at list = {.up = at, .key = "config"};
	const json_t *v = plan_in_object(in, at, obj, "config");
	const char *key;
	json_t *x;

	if (!v)
		return false;
	json_object_foreach((json_t *)(uintptr_t)v, key, x)
	{
		struct plan_at here = {.up = &list, .key = key};
		struct phx_kv kv = {.key = phx_str_dup(in->a, phx_str_c(key))};

		if (!plan_in_text(in, &here, x, &kv.value))
			return false;
		phx_vec_push(in->a, &g->config, kv);
	}
	return true;
}

static bool guest(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_seen, id, "id", PLAN_F_U64),
		PLAN_FIELD(struct phx_plan_seen, node, "node", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_seen, name, "name", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_seen, status, "status", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_seen, digest, "digest", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_seen, fw_digest, "firewall_digest", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_seen, fw_rules_digest, "firewall_rules_digest", PLAN_F_STR),
	};
	struct phx_plan *p = user;
	struct phx_plan_seen x = {0};

	if (!plan_in_table(in, at, v, fields, &x) || !config(in, at, v, &x))
		return false;
	phx_vec_push(in->a, &p->seen, x);
	return true;
}

static bool identity(struct plan_in *in, const json_t *doc, struct phx_plan *p)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan, fingerprint, "fingerprint", PLAN_F_STR_NULL),
	};
	struct plan_at at = {.key = "identity"};
	const json_t *v = plan_in_object(in, NULL, doc, "identity");

	return v && plan_in_table(in, &at, v, fields, p) &&
	       plan_in_each(in, &at, v, "nodes", false, names, p);
}

static bool task_log(struct plan_in *in, const json_t *doc, struct phx_plan *p)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_tasks, time, "time", PLAN_F_I64),
		PLAN_FIELD(struct phx_plan_tasks, upid, "newest", PLAN_F_STR_NULL),
	};
	struct plan_at at = {.key = "task_log"};
	const json_t *v = phx_json_get(doc, "task_log");

	p->tasks.known = v && !json_is_null(v);
	return !p->tasks.known || plan_in_table(in, &at, v, fields, &p->tasks);
}

bool plan_read_record(struct plan_in *in, const json_t *doc, struct plan_read *r)
{
	struct phx_plan *p = r->p;

	return identity(in, doc, p) && plan_in_each(in, NULL, doc, "sources", false, source, p) &&
	       plan_in_each(in, NULL, doc, "env", false, variable, p) &&
	       plan_in_each(in, NULL, doc, "observed", false, guest, p) && task_log(in, doc, p);
}

/* --- what policies found --- */

struct reading_policy {
	struct plan_read *r;
	struct phx_policy_result *result;
};

static bool finding(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_policy_finding, message, "message", PLAN_F_STR),
		PLAN_FIELD(struct phx_policy_finding, address, "address", PLAN_F_STR_NULL),
	};
	struct reading_policy *x = user;
	struct phx_policy_finding f = {0};

	if (!plan_in_table(in, at, v, fields, &f) ||
	    !plan_read_place(in, at, x->r, v, "source", &f.offends) ||
	    !plan_read_place(in, at, x->r, v, "assertion", &f.check))
		return false;
	phx_vec_push(in->a, &x->result->findings, f);
	return true;
}

static bool policy(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_policy_result, name, "name", PLAN_F_STR),
		PLAN_FIELD(struct phx_policy_result, passed, "passed", PLAN_F_BOOL),
	};
	struct plan_at severity_at = {.up = at, .key = "severity"};
	struct plan_read *r = user;
	struct phx_policy_result result = {0};
	struct reading_policy x = {r, &result};
	struct phx_str severity;

	if (!plan_in_table(in, at, v, fields, &result) ||
	    !plan_read_place(in, at, r, v, "source", &result.span) ||
	    !plan_in_text(in, &severity_at, phx_json_get(v, "severity"), &severity) ||
	    !plan_in_each(in, at, v, "findings", false, finding, &x))
		return false;
	result.deny = phx_str_eqc(severity, "deny");
	if (!result.deny && !phx_str_eqc(severity, "warn"))
		return plan_in_fail(in, &severity_at, "expected deny or warn");
	r->policies->denied = r->policies->denied || (result.deny && result.findings.n);
	phx_vec_push(in->a, &r->policies->v, result);
	return true;
}

bool plan_read_policies(struct plan_in *in, const json_t *doc, struct plan_read *r)
{
	if (!phx_json_get(doc, "policies"))
		return true;
	r->p->policies = r->policies = PHX_NEW(in->a, struct phx_policy_report);
	return plan_in_each(in, NULL, doc, "policies", false, policy, r);
}
