/* Writing actions: one draft at a time, copied into the arena at its exact size when it is complete. A plan of 10,000
 * guests has 60,000 actions, so what is thrown away while building must be reused. */
#include <string.h>

#include "plan/plan_priv.h"

void plan_begin(struct plan *p, const struct plan_item *it, enum phx_action_op op, enum phx_action_type type)
{
	struct plan_draft *d = &p->draft;

	d->a = (struct phx_action){.op = (uint8_t)op, .type = (uint8_t)type, .method = PHX_GET};
	d->body = (struct phx_action_body){0};
	d->params.n = d->needs.n = d->locks.n = 0;
	if (!it)
		return;
	d->a.address = it->address;
	d->a.change = it->change;
	d->a.guest_id = it->id;
	d->a.node = it->node;
	d->a.is_vm = it->is_vm;
	if (it->lock_name.len && type == PHX_ACT_CALL)
		plan_hold(p, it->lock_name, true, 0);
}

void plan_call(struct plan *p, enum phx_method method, struct phx_str path, bool task)
{
	p->draft.a.method = (uint8_t)method;
	p->draft.a.path = path;
	p->draft.a.task = task;
}

static void param(struct plan *p, struct phx_str name, struct phx_str value, bool secret)
{
	phx_vec_push(&p->scratch, &p->draft.params,
		     ((struct phx_param){.name = name, .value = value, .secret = secret}));
}

void plan_param(struct plan *p, struct phx_str name, struct phx_str value)
{
	param(p, name, value, false);
}

void plan_param_secret(struct plan *p, struct phx_str name, struct phx_str value)
{
	param(p, name, value, true);
}

void plan_need(struct plan *p, uint32_t action)
{
	struct plan_ids *needs = &p->draft.needs;
	uint32_t at = needs->n;

	if (!action)
		return;
	if (!at || action > needs->v[at - 1]) { /* nearly always */
		phx_vec_push(&p->scratch, needs, action);
		return;
	}
	for (uint32_t i = 0; i < needs->n; i++)
		if (needs->v[i] == action)
			return;
	phx_vec_push(&p->scratch, needs, action);
	for (; at && needs->v[at - 1] > action; at--)
		needs->v[at] = needs->v[at - 1];
	needs->v[at] = action;
}

/* For numbers that only grow: no search. */
void plan_need_last(struct plan *p, uint32_t action)
{
	phx_vec_push(&p->scratch, &p->draft.needs, action);
}

void plan_hold(struct plan *p, struct phx_str name, bool exclusive, uint16_t limit)
{
	struct phx_lock lock = {.name = name, .exclusive = exclusive, .limit = limit};
	uint32_t at = p->draft.locks.n;

	for (uint32_t i = 0; i < p->draft.locks.n; i++) {
		if (phx_str_eq(p->draft.locks.v[i].name, name)) {
			p->draft.locks.v[i].exclusive |= exclusive;
			return;
		}
	}
	phx_vec_push(&p->scratch, &p->draft.locks, lock);
	for (; at && phx_str_cmp(p->draft.locks.v[at - 1].name, name) > 0; at--)
		p->draft.locks.v[at] = p->draft.locks.v[at - 1];
	p->draft.locks.v[at] = lock;
}

/* Copies n things of a scratch vector into the arena, no larger than they are. */
#define KEEP(p, to, from)                                                                                    \
	do {                                                                                                 \
		(to)->n = (to)->cap = (from)->n;                                                             \
		if ((from)->n) {                                                                             \
			(to)->v = phx_arena_alloc_n((p)->arena, (from)->n, sizeof(*(from)->v),               \
						    sizeof(*(from)->v) & -sizeof(*(from)->v));               \
			memcpy((to)->v, (from)->v, (from)->n * sizeof(*(from)->v));                          \
		}                                                                                            \
	} while (0)

const struct phx_action_body phx_action_no_body = {0};

static const struct phx_action_body *keep_body(struct plan *p, const struct phx_action_body *b)
{
	struct phx_action_body *kept = PHX_NEW(p->arena, struct phx_action_body);

	*kept = *b;
	return kept;
}

static bool same_text(struct phx_str a, struct phx_str b)
{
	return a.ptr == b.ptr && a.len == b.len;
}

/* Thousands of guests are asked the same thing in the same words: what is literally that of the last action of the kind is shared
 * with it. */
static void keep_params(struct plan *p, struct phx_action *a)
{
	const struct phx_action *last = p->last_of[a->op];
	bool same = last && last->params.v.n == p->draft.params.n;

	for (uint32_t i = 0; same && i < p->draft.params.n; i++) {
		const struct phx_param *x = &last->params.v.v[i], *y = &p->draft.params.v[i];

		same = same_text(x->name, y->name) && same_text(x->value, y->value) && x->secret == y->secret;
	}
	if (same)
		a->params = last->params;
	else
		KEEP(p, &a->params.v, &p->draft.params);
	p->last_of[a->op] = a;
}

uint32_t plan_put(struct plan *p, struct phx_str summary)
{
	struct plan_draft *d = &p->draft;
	struct phx_action *a = PHX_NEW(p->arena, struct phx_action);

	/* The first action of all is the stack lock (number 1): what waits for nothing else waits for it. */
	if (!d->needs.n && p->out->actions.n)
		plan_need(p, 1);
	*a = d->a;
	a->id = p->out->actions.n + 1;
	a->summary = summary;
	a->body = &phx_action_no_body;
	if (a->type == PHX_ACT_GUEST || a->type == PHX_ACT_HOST || d->body.upload_path.len)
		a->body = keep_body(p, &d->body);
	keep_params(p, a);
	KEEP(p, &a->needs, &d->needs);
	KEEP(p, &a->locks, &d->locks);
	for (uint32_t i = 0; i < d->needs.n; i++)
		p->needed.v[d->needs.v[i] - 1] = true;
	phx_vec_push(p->arena, &p->out->actions, a);
	phx_vec_push(&p->scratch, &p->needed, false);
	return a->id;
}

uint32_t plan_end(struct plan *p, struct plan_item *it, struct phx_str summary)
{
	uint32_t id;

	if (it->last)
		plan_need(p, it->last);
	else
		plan_entry_needs(p, it, false);
	id = plan_put(p, summary);
	if (!it->first)
		it->first = id;
	it->last = id;
	return id;
}
