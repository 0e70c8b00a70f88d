/* From changes to actions: one workflow per kind of change, in the order of the graph; what goes, goes last and backwards. */
#include "plan/plan_priv.h"
#include "plan/stack_lock.h"

static uint32_t needed_of(const struct plan_item *to, uint8_t kind)
{
	switch ((enum phx_edge_kind)kind) {
	case PHX_EDGE_CREATE:
		return to->exists;
	case PHX_EDGE_READY:
		return to->ready;
	case PHX_EDGE_START:
		return to->started;
	}
	return 0;
}

void plan_entry_needs(struct plan *p, const struct plan_item *it, bool starts)
{
	bool deletes = it->action == PHX_CH_DELETE;
	bool later = it->guest && plan_will_start(it);

	if (!it->resource || deletes)
		return;
	for (uint32_t i = 0; i < it->resource->needs.n; i++) {
		const struct phx_edge *e = &it->resource->needs.v[i];
		bool at_start = e->kind == PHX_EDGE_START && later;

		if (at_start == starts || (it->powers && starts))
			plan_need(p, needed_of(&p->items[e->to->index], e->kind));
	}
}

static void create(struct plan *p, struct plan_item *it)
{
	if (it->guest->source)
		plan_clone_guest(p, it);
	else if (it->is_vm)
		plan_create_vm(p, it);
	else
		plan_create_container(p, it);
}

/* What lives there now may be of the other kind, and on another node. */
static void make_room(struct plan *p, struct plan_item *it)
{
	it->is_vm = it->live->is_vm;
	plan_place(p, it);
	plan_delete_guest(p, it);
	it->is_vm = it->guest->is_vm;
	if (it->guest->node.len)
		it->node = it->guest->node;
	plan_place(p, it);
}

static void guest_actions(struct plan *p, struct plan_item *it)
{
	switch ((enum phx_change_action)it->action) {
	case PHX_CH_CREATE:
	case PHX_CH_REPLACE:
		if (it->gone_first) /* also what an interrupted creation left */
			make_room(p, it);
		create(p, it);
		break;
	case PHX_CH_UPDATE:
	case PHX_CH_MIGRATE:
		plan_update_guest(p, it);
		break;
	case PHX_CH_ADOPT:
		plan_adopt_guest(p, it);
		break;
	case PHX_CH_NONE:
	case PHX_CH_DELETE:
	case PHX_CH_COUNT:
		break;
	}
}

void plan_record(struct plan *p, struct plan_item *it)
{
	if (!it->change)
		return;
	phx_vec_push(p->arena, &p->out->changes, it->change);
	p->out->count[it->action]++;
}

static void build(struct plan *p)
{
	const uint32_t *order = plan_order(p);

	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[order[i]];

		if (!it->selected || it->action == PHX_CH_DELETE)
			continue;
		if (it->guest)
			plan_waiting_steps(p, it);
		if (!it->change) {
			p->out->count[PHX_CH_NONE] += it->guest || it->resource->kind == PHX_KIND_POOL;
			continue;
		}
		plan_record(p, it);
		if (it->guest)
			guest_actions(p, it);
		else if (it->resource->kind == PHX_KIND_IMAGE)
			plan_image_actions(p, it);
		else if (it->resource->kind == PHX_KIND_POOL)
			plan_pool_actions(p, it);
	}
}

static void take_down(struct plan *p, struct plan_item *it)
{
	plan_record(p, it);
	if (it->pool)
		plan_pool_delete(p, it);
	else
		plan_delete_guest(p, it);
}

/* Guests before pools; templates after the clones that still hang on them. */
static void remove_gone(struct plan *p)
{
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = p->left.n; i-- > 0;) {
			struct plan_item *it = p->left.v[i];
			uint32_t when = it->pool ? 2 : it->live->is_template ? 1 : 0;

			if (it->change && when == round)
				take_down(p, it);
		}
		for (uint32_t i = p->nitems; round != 1 && i-- > 0;) {
			struct plan_item *it = &p->items[i];

			if (it->change && it->action == PHX_CH_DELETE && (it->pool != NULL) == (round == 2))
				take_down(p, it);
		}
	}
}

void plan_show_refused(struct plan *p)
{
	struct phx_plan *out = p->out;

	out->refused = true;
	out->actions.n = out->changes.n = 0;
	for (int i = 0; i < PHX_CH_COUNT; i++)
		out->count[i] = 0;
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].selected)
			plan_record(p, &p->items[i]);
	for (uint32_t i = p->left.n; i-- > 0;)
		plan_record(p, p->left.v[i]);
}

uint32_t plan_last_of_guest(const struct plan *p, uint64_t id, uint32_t otherwise)
{
	uint32_t last = otherwise;

	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].id == id && p->items[i].last > last)
			last = p->items[i].last;
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->live && p->left.v[i]->id == id && p->left.v[i]->last > last)
			last = p->left.v[i]->last;
	return last;
}

void plan_lock_stack(struct plan *p)
{
	plan_begin(p, NULL, PHX_OP_LOCK, PHX_ACT_CALL);
	p->draft.a.address = PHX_STR("stack");
	plan_call(p, PHX_POST, PHX_STR("/pools"), false);
	plan_param(p, PHX_STR("poolid"), phx_stack_lock_pool(p->arena, p->g->stack));
	plan_param(p, PHX_STR("comment"), PHX_STACK_LOCK_WHO);
	p->draft.a.later = PHX_LATER_HOLDER;
	plan_put(p, plan_text(p, PHX_STR("take the lock of stack "), p->g->stack));
}

/* After everything that nothing else waits for. */
void plan_unlock_stack(struct plan *p)
{
	if (p->out->actions.n == 1) { /* nothing between the two */
		p->out->actions.n = 0;
		return;
	}
	plan_begin(p, NULL, PHX_OP_UNLOCK, PHX_ACT_CALL);
	p->draft.a.address = PHX_STR("stack");
	plan_call(p, PHX_DELETE, phx_stack_lock_path(p->arena, p->g->stack), false);
	for (uint32_t i = 1; i < p->out->actions.n; i++)
		if (!p->needed.v[i])
			plan_need_last(p, i + 1);
	plan_put(p, plan_text(p, PHX_STR("give the lock of stack "), p->g->stack, PHX_STR(" back")));
}

void plan_actions(struct plan *p)
{
	plan_lock_stack(p);
	build(p);
	remove_gone(p);
	plan_unlock_stack(p);
}

void plan_finish(struct plan *p)
{
	for (uint32_t i = 0; i < p->g->guests.n; i++)
		phx_vec_push(p->arena, &p->out->order, p->g->guests.v[i]->r.address);
}
