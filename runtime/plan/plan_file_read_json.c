/* A plan file's document as a plan: changes, order, diagnostics. Nothing is believed: every member is looked at, so that whatever
 * stands there is a plan that can be shown, or an error that names the member. */
#include "plan/plan_read.h"

static const char *change_name(unsigned i)
{
	return i < PHX_CH_COUNT ? phx_change_action_name((enum phx_change_action)i) : NULL;
}

static const char *effect_name(unsigned i)
{
	return i <= PHX_EFFECT_DATA_LOSS ? phx_effect_name((enum phx_effect)i) : NULL;
}

static bool place(struct plan_in *in, const struct plan_at *at, const json_t *v, const char *path_key,
		  struct phx_pos *out)
{
	const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_pos, path, path_key, PLAN_F_STR),
		PLAN_FIELD(struct phx_pos, line, "line", PLAN_F_U32),
		PLAN_FIELD(struct phx_pos, col, "column", PLAN_F_U32),
	};

	return plan_in_table(in, at, v, fields, out);
}

bool plan_read_place(struct plan_in *in, const struct plan_at *at, struct plan_read *r, const json_t *obj,
		     const char *key, struct phx_span *out)
{
	struct plan_at here = {.up = at, .key = key};
	const json_t *v = phx_json_get(obj, key);
	struct phx_map_entry *e;
	struct phx_pos pos = {0};
	bool is_new;

	if (json_is_null(v))
		return true;
	if (!place(in, &here, v, "path", &pos))
		return false;
	e = phx_map_put(in->a, &r->places,
			phx_str_printf(in->a, "%u:%u " PHX_STR_FMT, pos.line, pos.col, PHX_STR_ARG(pos.path)),
			&is_new);
	if (is_new) {
		phx_vec_push(in->a, &r->p->places, pos);
		e->num = r->p->places.n;
	}
	*out = (struct phx_span){1, (uint32_t)e->num - 1, (uint32_t)e->num - 1};
	return true;
}

/* --- changes --- */

struct reading_change {
	struct plan_read *r;
	struct phx_change *c;
};

static bool optional_text(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key,
			  bool *out_has, struct phx_str *out)
{
	struct plan_at here = {.up = at, .key = key};
	const json_t *v = phx_json_get(obj, key);

	*out_has = !json_is_null(v);
	return !*out_has || plan_in_text(in, &here, v, out);
}

/* true, false, or null: nobody knows. */
static bool drift(struct plan_in *in, const struct plan_at *at, const json_t *obj, uint8_t *out)
{
	struct plan_at here = {.up = at, .key = "drift"};
	const json_t *v = phx_json_get(obj, "drift");

	*out = json_is_null(v) ? PHX_DRIFT_UNKNOWN : json_is_true(v) ? PHX_DRIFT_CLUSTER : PHX_DRIFT_NONE;
	if (!v || json_is_null(v) || json_is_boolean(v))
		return true;
	return plan_in_fail(in, &here, "expected true, false or null, found %s", plan_in_kind(v));
}

static bool attribute(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_attr_change, path, "path", PLAN_F_STR),
		PLAN_FIELD(struct phx_attr_change, sensitive, "sensitive", PLAN_F_BOOL),
		PLAN_FIELD(struct phx_attr_change, pending, "pending", PLAN_F_BOOL),
		PLAN_FIELD_ENUM(struct phx_attr_change, impact, "impact", effect_name),
		PLAN_FIELD(struct phx_attr_change, reason, "reason", PLAN_F_STR),
	};
	struct reading_change *x = user;
	struct phx_attr_change a = {0};

	if (!plan_in_table(in, at, v, fields, &a) ||
	    !optional_text(in, at, v, "before", &a.has_before, &a.before) ||
	    !optional_text(in, at, v, "after", &a.has_after, &a.after) || !drift(in, at, v, &a.drift) ||
	    !plan_read_place(in, at, x->r, v, "source", &a.span))
		return false;
	if (a.sensitive)
		a.before = a.after = PHX_STR("");
	phx_vec_push(in->a, &x->c->attributes, a);
	return true;
}

static bool note(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct phx_change *c = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	phx_vec_push(in->a, &c->notes, text);
	return true;
}

static bool kind(struct plan_in *in, const struct plan_at *at, const json_t *obj, enum phx_kind *out)
{
	struct plan_at here = {.up = at, .key = "kind"};
	struct phx_str text;

	if (!plan_in_text(in, &here, phx_json_get(obj, "kind"), &text))
		return false;
	for (int k = PHX_KIND_STACK; k < PHX_KIND_COUNT; k++) {
		if (phx_str_eqc(text, phx_kind_name((enum phx_kind)k))) {
			*out = (enum phx_kind)k;
			return true;
		}
	}
	return plan_in_fail(in, &here, "this is no kind of resource that this phx knows");
}

static bool change(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_change, address, "address", PLAN_F_STR),
		PLAN_FIELD(struct phx_change, id, "id", PLAN_F_U64_NULL),
		PLAN_FIELD(struct phx_change, node, "node", PLAN_F_STR_NULL),
		PLAN_FIELD_ENUM(struct phx_change, action, "action", change_name),
		PLAN_FIELD_ENUM(struct phx_change, impact, "impact", effect_name),
		PLAN_FIELD(struct phx_change, restart, "restart", PLAN_F_BOOL),
		PLAN_FIELD(struct phx_change, reason, "reason", PLAN_F_STR),
	};
	struct plan_read *r = user;
	struct phx_change *c = PHX_NEW(in->a, struct phx_change);
	struct reading_change x = {r, c};
	struct phx_map_entry *e;
	bool is_new;

	if (!plan_in_table(in, at, v, fields, c) || !kind(in, at, v, &c->kind) ||
	    !plan_in_each(in, at, v, "attributes", false, attribute, &x) ||
	    !plan_in_each(in, at, v, "notes", false, note, c) ||
	    !plan_read_place(in, at, r, v, "source", &c->span))
		return false;
	e = phx_map_put(in->a, &r->changes, c->address, &is_new);
	if (!is_new)
		return plan_in_fail(in, at, "there are two changes with this address");
	e->ptr = c;
	r->p->count[c->action]++;
	phx_vec_push(in->a, &r->p->changes, c);
	return true;
}

/* --- diagnostics --- */

struct strings {
	struct phx_str *v;
	uint32_t n, cap;
};

static bool string(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct strings *list = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	phx_vec_push(in->a, list, text);
	return true;
}

/* Into a vector of strings, which are each of a type of their own. */
#define READ_STRINGS(in, at, obj, key, optional, to)                                                         \
	strings(in, at, obj, key, optional, &(to)->v, &(to)->n, &(to)->cap)

static bool strings(struct plan_in *in, const struct plan_at *at, const json_t *obj, const char *key,
		    bool optional, struct phx_str **v, uint32_t *n, uint32_t *cap)
{
	struct strings list = {0};

	if (!plan_in_each(in, at, obj, key, optional, string, &list))
		return false;
	*v = list.v;
	*n = list.n;
	*cap = list.cap;
	return true;
}

static bool diagnostic(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan_diag, code, "code", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_diag, slug, "slug", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_diag, severity, "severity", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan_diag, message, "message", PLAN_F_STR),
	};
	struct plan_read *r = user;
	struct phx_plan_diag d = {0};

	if (!plan_in_table(in, at, v, fields, &d) || !READ_STRINGS(in, at, v, "notes", true, &d.notes) ||
	    !READ_STRINGS(in, at, v, "helps", true, &d.helps))
		return false;
	d.has_place = phx_json_get(v, "file") != NULL;
	if (d.has_place && !place(in, at, v, "file", &d.place))
		return false;
	phx_vec_push(in->a, &r->p->file_diags, d);
	return true;
}

/* --- the document --- */

/* The summary is what people look at first: it must be that of the changes. */
static bool summary(struct plan_in *in, const json_t *doc, struct phx_plan *p)
{
	struct plan_at at = {.key = "summary"};
	const json_t *v = plan_in_object(in, NULL, doc, "summary");

	if (!v)
		return false;
	for (unsigned i = 0; i < PHX_CH_COUNT; i++) {
		struct plan_at here = {.up = &at, .key = change_name(i)};
		int64_t n = phx_json_int(v, change_name(i), -1);

		if (n < 0 || n > UINT32_MAX)
			return plan_in_fail(in, &here, "expected how many changes do this");
		if (i == PHX_CH_NONE)
			p->count[i] = (uint32_t)n; /* they are not listed */
		else if (p->count[i] != n)
			return plan_in_fail(in, &here, "it says %lld, `changes` has %u", (long long)n,
					    p->count[i]);
	}
	return true;
}

static bool outputs(struct plan_in *in, const json_t *doc, struct phx_plan *p)
{
	const struct plan_at at = {.key = "outputs"};
	const json_t *v = phx_json_get(doc, "outputs");
	const char *name;
	json_t *value;

	if (v && !json_is_object(v))
		return plan_in_fail(in, &at, "expected an object, found %s", plan_in_kind(v));
	json_object_foreach((json_t *)(uintptr_t)v, name, value)
	{
		struct plan_at here = {.up = &at, .key = name};
		struct phx_kv x = {.key = phx_str_dup(in->a, phx_str_c(name))};

		if (!plan_in_raw(in, &here, value, &x.value))
			return false;
		phx_vec_push(in->a, &p->outputs, x);
	}
	return true;
}

static bool lists(struct plan_in *in, const json_t *doc, struct plan_read *r)
{
	const struct plan_at diagnostics = {.key = "diagnostics"};
	struct phx_plan *p = r->p;

	p->targeted = phx_json_get(doc, "targets_added") != NULL;
	return plan_in_each(in, NULL, doc, "changes", false, change, r) &&
	       plan_in_each(in, NULL, doc, "actions", false, plan_read_action, r) &&
	       READ_STRINGS(in, NULL, doc, "order", false, &p->order) && outputs(in, doc, p) &&
	       READ_STRINGS(in, NULL, doc, "targets_added", true, &p->targets_added) &&
	       READ_STRINGS(in, NULL, doc, "targets_dropped", true, &p->targets_dropped) &&
	       plan_read_policies(in, doc, r) && plan_read_preflight(in, doc, r) &&
	       plan_in_each(in, NULL, doc, "diagnostics", false, diagnostic, r) &&
	       plan_in_raw(in, &diagnostics, phx_json_get(doc, "diagnostics"), &p->file_diags_json);
}

bool plan_from_json(const json_t *doc, const char *file, struct phx_arena *a, struct phx_plan **out,
		    struct phx_err *err)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_plan, stack, "stack", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan, cluster, "cluster", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan, offline, "offline", PLAN_F_BOOL),
		PLAN_FIELD_MAYBE(struct phx_plan, refused, "refused", PLAN_F_BOOL),
		PLAN_FIELD_MAYBE(struct phx_plan, refresh_only, "refresh_only", PLAN_F_BOOL),
		PLAN_FIELD(struct phx_plan, version, "phx", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan, endpoint, "endpoint", PLAN_F_STR),
		PLAN_FIELD(struct phx_plan, proxmox, "proxmox", PLAN_F_STR),
	};
	const struct plan_at inputs = {.key = "inputs"};
	struct plan_in in = {.a = a, .err = err, .file = file};
	struct phx_plan *p = PHX_NEW(a, struct phx_plan);
	struct plan_read r = {.p = p};

	p->arena = a;
	p->from_file = true;
	if (!plan_in_table(&in, NULL, doc, fields, p) || !lists(&in, doc, &r) || !summary(&in, doc, p) ||
	    !plan_read_record(&in, doc, &r))
		return false;
	if (phx_json_get(doc, "inputs") &&
	    !plan_in_raw(&in, &inputs, phx_json_get(doc, "inputs"), &p->inputs))
		return false;
	*out = p;
	return true;
}
