/* How long a plan takes: each action's duration, and the real scheduler driven by a clock that jumps. */
#include <string.h>

#include "plan/cost.h"
#include "plan/preflight_priv.h"
#include "plan/schedule.h"

struct running {
	uint32_t index;
	uint64_t ends;
};

struct simulation {
	const struct phx_plan *p;
	struct phx_estimate *e;
	struct phx_schedule *s;
	struct phx_arena *a; /* the plan's */
	struct phx_arena *scratch;
	PHX_VEC(struct running) running; /* a heap: the first to end on top */
	PHX_VEC(uint32_t) ended;         /* at this moment */
	uint32_t *after;                 /* by index: index + 1 of what it waited for last; 0: nothing */
};

static uint64_t duration(const struct preflight *f, const struct phx_action *a, uint8_t *out_from)
{
	const struct phx_cost *c = phx_cost_of(a);
	uint64_t ms = phx_facts_task_ms(f->o->facts, a->node, a->is_vm ? c->vm_task : c->ct_task);

	*out_from = PHX_EST_TASKS;
	if (ms && a->type == PHX_ACT_CALL)
		return ms;
	*out_from = PHX_EST_SIZE;
	if (f->sized[a->id - 1] && c->mib_per_s)
		return phx_cost_of_size(c, f->bytes[a->id - 1]);
	*out_from = PHX_EST_USUAL;
	return c->usual_ms;
}

/* --- the clock --- */

static bool sooner(const struct running *a, const struct running *b)
{
	return a->ends != b->ends ? a->ends < b->ends : a->index < b->index;
}

static void put(struct simulation *m, struct running r)
{
	uint32_t i;

	phx_vec_push(m->scratch, &m->running, r);
	for (i = m->running.n - 1; i && sooner(&m->running.v[i], &m->running.v[(i - 1) / 2]);
	     i = (i - 1) / 2) {
		struct running up = m->running.v[(i - 1) / 2];

		m->running.v[(i - 1) / 2] = m->running.v[i];
		m->running.v[i] = up;
	}
}

static struct running take(struct simulation *m)
{
	struct running top = m->running.v[0];
	uint32_t i = 0, child;

	m->running.v[0] = m->running.v[--m->running.n];
	while ((child = 2 * i + 1) < m->running.n) {
		struct running here = m->running.v[i];

		if (child + 1 < m->running.n && sooner(&m->running.v[child + 1], &m->running.v[child]))
			child++;
		if (!sooner(&m->running.v[child], &here))
			break;
		m->running.v[i] = m->running.v[child];
		m->running.v[child] = here;
		i = child;
	}
	return top;
}

static bool needs(const struct phx_action *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->needs.n; i++)
		if (a->needs.v[i] == id)
			return true;
	return false;
}

static bool shares_lock(const struct phx_action *a, const struct phx_action *b)
{
	for (uint32_t i = 0; i < a->locks.n; i++)
		for (uint32_t k = 0; k < b->locks.n; k++)
			if (phx_str_eq(a->locks.v[i].name, b->locks.v[k].name))
				return true;
	return false;
}

/* What let it begin just now: something that it needs, the holder of a lock, or whoever left a place. */
static uint32_t let_in_by(const struct simulation *m, uint32_t index)
{
	const struct phx_action *a = m->p->actions.v[index];
	uint32_t lock = 0, any = 0;

	for (uint32_t i = 0; i < m->ended.n; i++) {
		uint32_t e = m->ended.v[i];

		if (needs(a, e + 1))
			return e + 1;
		if (shares_lock(a, m->p->actions.v[e]))
			lock = e + 1;
		any = e + 1;
	}
	return lock ? lock : any;
}

static uint64_t run(struct simulation *m)
{
	uint64_t now = 0;
	uint32_t index;

	for (;;) {
		while (phx_schedule_next(m->s, &index)) {
			m->e->start_ms[index] = now;
			m->after[index] = let_in_by(m, index);
			put(m, (struct running){index, now + m->e->ms[index]});
		}
		if (!m->running.n)
			return now;
		now = m->running.v[0].ends;
		m->ended.n = 0;
		while (m->running.n && m->running.v[0].ends == now) {
			uint32_t at = take(m).index;

			phx_vec_push(m->scratch, &m->ended, at);
			phx_schedule_ended(m->s, at, true, NULL, NULL);
		}
	}
}

/* The chain that ends last, from its end backwards. The lock that is given back at the very end is no part of it. */
static void find_critical(struct simulation *m)
{
	uint32_t last = 0, n = 0;
	uint64_t latest = 0;

	for (uint32_t i = 0; i < m->p->actions.n; i++) {
		uint64_t ends = m->e->start_ms[i] + m->e->ms[i];

		if (m->p->actions.v[i]->op != PHX_OP_UNLOCK && ends >= latest) {
			latest = ends;
			last = i + 1;
		}
	}
	for (uint32_t at = last; at; at = m->after[at - 1]) {
		phx_vec_push(m->a, &m->e->critical, at);
		n++;
	}
	for (uint32_t i = 0; i < n / 2; i++) {
		uint32_t x = m->e->critical.v[i];

		m->e->critical.v[i] = m->e->critical.v[n - 1 - i];
		m->e->critical.v[n - 1 - i] = x;
	}
}

/* --- downtime --- */

static bool takes_down(const struct phx_action *a)
{
	return a->op == PHX_OP_SHUTDOWN || a->op == PHX_OP_STOP || a->op == PHX_OP_REBOOT ||
	       (a->op == PHX_OP_HA && phx_str_eqc(pre_param(a, "state"), "stopped"));
}

static bool brings_up(const struct phx_action *a)
{
	return a->op == PHX_OP_START || a->op == PHX_OP_REBOOT || a->op == PHX_OP_WAIT_AGENT ||
	       a->op == PHX_OP_WAIT_NETWORK ||
	       (a->op == PHX_OP_HA && phx_str_eqc(pre_param(a, "state"), "started"));
}

struct down {
	struct phx_str address;
	uint64_t from, until;
};

/* From the moment it is told to stop until it is seen to answer again; what is not started again is not down but off. */
static void find_downtime(struct simulation *m)
{
	struct phx_map by_address = {0};
	PHX_VEC(struct down) downs = {0};

	for (uint32_t i = 0; i < m->p->actions.n; i++) {
		const struct phx_action *a = m->p->actions.v[i];
		struct phx_map_entry *e;
		bool is_new;

		if (!a->change || !a->change->live || !a->change->live->running ||
		    (!takes_down(a) && !brings_up(a)))
			continue;
		e = phx_map_put(m->scratch, &by_address, a->address, &is_new);
		if (is_new) {
			e->num = downs.n;
			phx_vec_push(m->scratch, &downs, ((struct down){a->address, UINT64_MAX, 0}));
		}
		struct down *d = &downs.v[e->num];
		if (takes_down(a) && d->from == UINT64_MAX)
			d->from = m->e->start_ms[i];
		if (d->from != UINT64_MAX && brings_up(a))
			d->until = m->e->start_ms[i] + m->e->ms[i];
	}
	for (uint32_t i = 0; i < downs.n; i++)
		if (downs.v[i].from != UINT64_MAX && downs.v[i].until > downs.v[i].from)
			phx_vec_push(m->a, &m->e->downtime,
				     ((struct phx_downtime){downs.v[i].address,
							    downs.v[i].until - downs.v[i].from}));
}

void pre_estimate(struct preflight *f)
{
	uint32_t n = f->p->actions.n;
	struct phx_estimate *e = PHX_NEW(f->a, struct phx_estimate);
	struct simulation m = {.p = f->p, .e = e, .a = f->a, .scratch = f->scratch};
	uint64_t end;

	e->ms = PHX_NEW_N(f->a, uint64_t, n + 1);
	e->start_ms = PHX_NEW_N(f->a, uint64_t, n + 1);
	e->from = PHX_NEW_N(f->a, uint8_t, n + 1);
	m.after = PHX_NEW_N(f->scratch, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		e->ms[i] = duration(f, f->p->actions.v[i], &e->from[i]);
		e->count[e->from[i]]++;
	}
	m.s = phx_schedule_new(f->p, f->o->parallel ? f->o->parallel : 8, f->scratch);
	end = run(&m);
	for (uint32_t i = 0; i < n; i++)
		if (f->p->actions.v[i]->op == PHX_OP_UNLOCK) {
			e->start_ms[i] = end;
			end += e->ms[i];
		}
	e->makespan_ms = end;
	find_critical(&m);
	find_downtime(&m);
	f->p->estimate = e;
}
