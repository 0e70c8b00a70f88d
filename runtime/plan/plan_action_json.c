/* The actions of a plan file. */
#include "plan/plan_read.h"

static const char *op_name(unsigned i)
{
	return i < PHX_ACTION_OP_COUNT ? phx_action_op_name((enum phx_action_op)i) : NULL;
}

bool plan_in_action_id(struct plan_in *in, const struct plan_at *at, const json_t *v, uint32_t *out)
{
	struct phx_str text;
	uint64_t n;

	if (!plan_in_text(in, at, v, &text))
		return false;
	if (text.len < 2 || text.ptr[0] != 'a' || text.ptr[1] == '0' ||
	    !phx_parse_u64(phx_str_from(text, 1), &n) || n > UINT32_MAX)
		return plan_in_fail(in, at, "expected the id of an action, such as \"a12\"");
	*out = (uint32_t)n;
	return true;
}

static bool param(struct plan_in *in, const struct plan_at *at, const char *key, const json_t *v,
		  struct phx_action *a)
{
	struct phx_param x = {.name = phx_str_dup(in->a, phx_str_c(key))};

	if (!plan_in_text(in, at, v, &x.value))
		return false;
	x.secret = phx_str_starts(x.value, "(secret)");
	phx_vec_push(in->a, &a->params.v, x);
	return true;
}

static bool params(struct plan_in *in, const struct plan_at *at, const json_t *call, struct phx_action *a)
{
	struct plan_at list = {.up = at, .key = "params"};
	const json_t *v = plan_in_object(in, at, call, "params");
	const char *key;
	size_t i;
	json_t *x, *one;

	if (!v)
		return false;
	json_object_foreach((json_t *)(uintptr_t)v, key, x)
	{
		struct plan_at here = {.up = &list, .key = key};

		if (!json_is_array(x)) {
			if (!param(in, &here, key, x, a))
				return false;
			continue;
		}
		json_array_foreach(x, i, one)
		{
			struct plan_at element = {.up = &here, .index = i};

			if (!param(in, &element, key, one, a))
				return false;
		}
	}
	return true;
}

static bool method(struct plan_in *in, const struct plan_at *at, const json_t *call, uint8_t *out)
{
	struct plan_at here = {.up = at, .key = "method"};
	struct phx_str text;

	if (!plan_in_text(in, &here, phx_json_get(call, "method"), &text))
		return false;
	for (int m = PHX_GET; m <= PHX_DELETE; m++) {
		if (phx_str_eqc(text, phx_method_name((enum phx_method)m))) {
			*out = (uint8_t)m;
			return true;
		}
	}
	return plan_in_fail(in, &here, "expected GET, POST, PUT or DELETE");
}

static bool later(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct {
		const char *name;
		uint8_t bit;
	} bits[] = {
		{"digest", PHX_LATER_DIGEST}, {"comment", PHX_LATER_HOLDER}, {"volume", PHX_LATER_VOLUME}};
	struct phx_action *a = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	for (size_t i = 0; i < PHX_COUNTOF(bits); i++) {
		if (phx_str_eqc(text, bits[i].name)) {
			a->later |= bits[i].bit;
			return true;
		}
	}
	return plan_in_fail(in, at, "this phx does not know what is settled later by this name");
}

static bool call(struct plan_in *in, const struct plan_at *at, const json_t *v, struct phx_action *a,
		 struct phx_action_body *b)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_action, path, "path", PLAN_F_STR),
		PLAN_FIELD(struct phx_action, task, "task", PLAN_F_BOOL),
	};
	static const struct plan_field body_fields[] = {
		PLAN_FIELD_MAYBE(struct phx_action_body, upload_path, "upload", PLAN_F_STR),
	};
	struct plan_at here = {.up = at, .key = "call"};

	return plan_in_table(in, &here, v, fields, a) && plan_in_table(in, &here, v, body_fields, b) &&
	       method(in, &here, v, &a->method) && params(in, &here, v, a) &&
	       plan_in_each(in, &here, v, "later", true, later, a);
}

static bool word(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct phx_action_body *b = user;
	struct phx_str text;

	if (!plan_in_text(in, at, v, &text))
		return false;
	phx_vec_push(in->a, &b->argv, text);
	return true;
}

/* What kind of action it is shows in which of its members is there. */
static bool body(struct plan_in *in, const struct plan_at *at, const json_t *v, struct phx_action *a)
{
	static const struct plan_field wait_fields[] = {
		PLAN_FIELD(struct phx_action, wait_what, "for", PLAN_F_STR),
		PLAN_FIELD(struct phx_action, timeout_ms, "timeout_ms", PLAN_F_U64),
	};
	static const struct plan_field guest_fields[] = {
		PLAN_FIELD(struct phx_action_body, guest_what, "what", PLAN_F_STR),
	};
	static const struct plan_field host_fields[] = {
		PLAN_FIELD(struct phx_action, node, "node", PLAN_F_STR),
	};
	const json_t *wait = phx_json_get(v, "wait"), *guest = phx_json_get(v, "guest"),
		     *host = phx_json_get(v, "host"), *request = phx_json_get(v, "call");
	struct plan_at here = {.up = at, .key = wait ? "wait" : guest ? "guest" : "host"};
	struct phx_action_body *b = PHX_NEW(in->a, struct phx_action_body);

	a->body = b;
	a->type = wait ? PHX_ACT_WAIT : guest ? PHX_ACT_GUEST : host ? PHX_ACT_HOST : PHX_ACT_CALL;
	if (!wait && !guest && !host && !request)
		return plan_in_fail(in, at, "it has no `call`, `wait`, `guest` or `host`");
	if (request && !call(in, at, request, a, b))
		return false;
	if (wait && !plan_in_table(in, &here, wait, wait_fields, a))
		return false;
	if (guest && !plan_in_table(in, &here, guest, guest_fields, b))
		return false;
	if ((guest || host) && !plan_in_raw(in, &here, guest ? guest : host, &b->json))
		return false;
	return !host || (plan_in_table(in, &here, host, host_fields, a) &&
			 plan_in_each(in, &here, host, "argv", false, word, b));
}

/* An action waits only for actions before it: a plan read from a file has no circles. */
static bool need(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	struct phx_action *a = user;
	uint32_t id = 0;

	if (!plan_in_action_id(in, at, v, &id))
		return false;
	if (id >= a->id || (a->needs.n && a->needs.v[a->needs.n - 1] >= id))
		return plan_in_fail(in, at, "an action needs earlier ones only, in their order");
	phx_vec_push(in->a, &a->needs, id);
	return true;
}

static bool lock(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_lock, name, "name", PLAN_F_STR),
		PLAN_FIELD(struct phx_lock, exclusive, "exclusive", PLAN_F_BOOL),
		PLAN_FIELD_MAYBE(struct phx_lock, limit, "limit", PLAN_F_U16),
	};
	struct phx_action *a = user;
	struct phx_lock x = {0};

	if (!plan_in_table(in, at, v, fields, &x))
		return false;
	phx_vec_push(in->a, &a->locks, x);
	return true;
}

static void belongs_to(struct phx_action *a, const struct plan_read *r)
{
	const struct phx_change *c = phx_map_get(&r->changes, a->address);

	a->change = c;
	if (!c)
		return;
	a->guest_id = c->id;
	a->is_vm = c->kind == PHX_KIND_VM;
	if (!a->node.len)
		a->node = c->node;
}

bool plan_read_action(struct plan_in *in, const struct plan_at *at, const json_t *v, void *user)
{
	static const struct plan_field fields[] = {
		PLAN_FIELD(struct phx_action, address, "address", PLAN_F_STR),
		PLAN_FIELD_ENUM(struct phx_action, op, "op", op_name),
		PLAN_FIELD(struct phx_action, summary, "summary", PLAN_F_STR),
	};
	struct plan_read *r = user;
	struct phx_action *a = PHX_NEW(in->a, struct phx_action);
	struct plan_at id = {.up = at, .key = "id"};

	if (!plan_in_table(in, at, v, fields, a) ||
	    !plan_in_action_id(in, &id, phx_json_get(v, "id"), &a->id))
		return false;
	if (a->id != r->p->actions.n + 1)
		return plan_in_fail(in, &id, "actions are numbered in their order, this is a%u",
				    r->p->actions.n + 1);
	if (!body(in, at, v, a) || !plan_in_each(in, at, v, "needs", false, need, a) ||
	    !plan_in_each(in, at, v, "locks", false, lock, a))
		return false;
	belongs_to(a, r);
	phx_vec_push(in->a, &r->p->actions, a);
	return true;
}
