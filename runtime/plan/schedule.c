#include "plan/schedule.h"

#include <string.h>

#include "base/map.h"
#include "plan/cost.h"

/* Indices of actions, the most urgent on top. */
struct heap {
	uint32_t *v, n, cap;
};

struct lock {
	uint32_t shared, exclusive;   /* holders */
	uint32_t places;              /* 0: no limit */
	struct heap readers, writers; /* who wait for it: to share it, to have it alone */
};

/* One lock as one action wants it: by number, there are very many. */
struct want {
	uint32_t lock : 31, exclusive : 1;
};

#define NO_LOCK UINT32_MAX

struct node {
	uint64_t rank;
	uint32_t woken; /* by this lock's release, else NO_LOCK */
	uint32_t first_want, nwants;
	uint32_t missing; /* needs that are not done */
	uint32_t first_dependant, ndependants;
	uint8_t state;
	bool counts; /* takes one of the parallel places */
};

struct phx_schedule {
	struct phx_arena *arena;
	const struct phx_plan *plan;
	struct node *nodes;
	uint32_t n, *dependants;
	struct want *wants;
	PHX_VEC(struct lock) locks;
	struct phx_map lock_names; /* → number */
	struct heap work, waits;   /* ready: those that count, those that do not */
	uint32_t parallel, running, counting;
};

static const struct phx_action *action(const struct phx_schedule *s, uint32_t index)
{
	return s->plan->actions.v[index];
}

static bool before(const struct phx_schedule *s, uint32_t a, uint32_t b)
{
	if (s->nodes[a].rank != s->nodes[b].rank)
		return s->nodes[a].rank > s->nodes[b].rank;
	return a < b;
}

static void heap_put(struct phx_schedule *s, struct heap *h, uint32_t index)
{
	uint32_t i;

	phx_vec_push(s->arena, h, index);
	for (i = h->n - 1; i && before(s, h->v[i], h->v[(i - 1) / 2]); i = (i - 1) / 2) {
		uint32_t up = h->v[(i - 1) / 2];

		h->v[(i - 1) / 2] = h->v[i];
		h->v[i] = up;
	}
}

static uint32_t heap_take(struct phx_schedule *s, struct heap *h)
{
	uint32_t top = h->v[0], i = 0, child;

	h->v[0] = h->v[--h->n];
	while ((child = 2 * i + 1) < h->n) {
		uint32_t here = h->v[i];

		if (child + 1 < h->n && before(s, h->v[child + 1], h->v[child]))
			child++;
		if (!before(s, h->v[child], here))
			break;
		h->v[i] = h->v[child];
		h->v[child] = here;
		i = child;
	}
	return top;
}

static bool is_free(const struct phx_schedule *s, struct want w)
{
	const struct lock *l = &s->locks.v[w.lock];

	if (l->exclusive || (w.exclusive && l->shared))
		return false;
	return !l->places || l->shared < l->places;
}

static void make_ready(struct phx_schedule *s, uint32_t index)
{
	struct node *n = &s->nodes[index];

	n->state = PHX_SCHED_READY;
	if (action(s, index)->op == PHX_OP_UNLOCK)
		return;
	heap_put(s, n->counts ? &s->work : &s->waits, index);
}

/* The most urgent of those who could have this lock now may try again. */
static void wake(struct phx_schedule *s, uint32_t lock)
{
	struct lock *l = &s->locks.v[lock];
	struct heap *h = l->readers.n ? &l->readers : NULL;
	uint32_t index;

	if (l->exclusive || (l->places && l->shared >= l->places))
		return;
	if (!l->shared && l->writers.n && (!h || before(s, l->writers.v[0], h->v[0])))
		h = &l->writers;
	if (!h)
		return;
	index = heap_take(s, h);
	s->nodes[index].woken = lock;
	make_ready(s, index);
}

/* True when it runs now. Otherwise it waits for the first lock that is not free. */
static bool start(struct phx_schedule *s, uint32_t index)
{
	struct node *n = &s->nodes[index];
	const struct want *wants = s->wants + n->first_want;
	uint32_t woken = n->woken;

	n->woken = NO_LOCK;
	for (uint32_t i = 0; i < n->nwants; i++) {
		struct lock *l = &s->locks.v[wants[i].lock];

		if (is_free(s, wants[i]))
			continue;
		heap_put(s, wants[i].exclusive ? &l->writers : &l->readers, index);
		/* It was let in by one lock and stopped at another, or it came too late: the next of the queue has its chance. */
		if (woken != NO_LOCK)
			wake(s, woken);
		return false;
	}
	for (uint32_t i = 0; i < n->nwants; i++) {
		if (wants[i].exclusive)
			s->locks.v[wants[i].lock].exclusive++;
		else
			s->locks.v[wants[i].lock].shared++;
	}
	n->state = PHX_SCHED_RUNNING;
	s->running++;
	s->counting += n->counts;
	/* Shared places may be left. */
	if (woken != NO_LOCK)
		wake(s, woken);
	return true;
}

bool phx_schedule_next(struct phx_schedule *s, uint32_t *out_index)
{
	for (;;) {
		bool place = s->work.n && s->counting < s->parallel;
		struct heap *h = s->waits.n ? &s->waits : place ? &s->work : NULL;
		uint32_t index;

		if (!h)
			return false;
		index = heap_take(s, h);
		if (!start(s, index))
			continue;
		*out_index = index;
		return true;
	}
}

static void release(struct phx_schedule *s, struct node *n)
{
	const struct want *wants = s->wants + n->first_want;

	for (uint32_t i = 0; i < n->nwants; i++) {
		if (wants[i].exclusive)
			s->locks.v[wants[i].lock].exclusive--;
		else
			s->locks.v[wants[i].lock].shared--;
	}
	for (uint32_t i = 0; i < n->nwants; i++)
		wake(s, wants[i].lock);
}

/* Everything behind it, found breadth first, told in order of ids. */
static void skip_dependants(struct phx_schedule *s, uint32_t failed,
			    void (*skipped)(void *user, uint32_t index, uint32_t because), void *user)
{
	struct heap queue = {0};
	uint32_t low = s->n, high = 0;
	bool *now = PHX_NEW_N(s->arena, bool, s->n);

	phx_vec_push(s->arena, &queue, failed);
	for (uint32_t at = 0; at < queue.n; at++) {
		const struct node *n = &s->nodes[queue.v[at]];

		for (uint32_t i = 0; i < n->ndependants; i++) {
			uint32_t index = s->dependants[n->first_dependant + i];
			struct node *d = &s->nodes[index];

			if (d->state != PHX_SCHED_WAITING || action(s, index)->op == PHX_OP_UNLOCK)
				continue;
			d->state = PHX_SCHED_SKIPPED;
			now[index] = true;
			low = index < low ? index : low;
			high = index > high ? index : high;
			phx_vec_push(s->arena, &queue, index);
		}
	}
	for (uint32_t i = low; skipped && i <= high && i < s->n; i++) {
		if (now[i])
			skipped(user, i, failed);
	}
}

void phx_schedule_ended(struct phx_schedule *s, uint32_t index, bool ok,
			void (*skipped)(void *user, uint32_t index, uint32_t because), void *user)
{
	struct node *n = &s->nodes[index];

	if (n->state != PHX_SCHED_RUNNING)
		PHX_BUG("action %u ended and was not running", index + 1);
	s->running--;
	s->counting -= n->counts;
	n->state = ok ? PHX_SCHED_DONE : PHX_SCHED_FAILED;
	release(s, n);
	if (!ok) {
		skip_dependants(s, index, skipped, user);
		return;
	}
	for (uint32_t i = 0; i < n->ndependants; i++) {
		uint32_t d = s->dependants[n->first_dependant + i];

		if (--s->nodes[d].missing == 0 && s->nodes[d].state == PHX_SCHED_WAITING)
			make_ready(s, d);
	}
}

enum phx_schedule_state phx_schedule_state(const struct phx_schedule *s, uint32_t index)
{
	return (enum phx_schedule_state)s->nodes[index].state;
}

uint32_t phx_schedule_running(const struct phx_schedule *s)
{
	return s->running;
}

uint64_t phx_schedule_rank(const struct phx_schedule *s, uint32_t index)
{
	return s->nodes[index].rank;
}

static void take_locks(struct phx_schedule *s, uint32_t index, uint32_t first_want)
{
	const struct phx_action *a = action(s, index);
	struct node *n = &s->nodes[index];

	n->woken = NO_LOCK;
	n->first_want = first_want;
	n->nwants = a->locks.n;
	for (uint32_t i = 0; i < n->nwants; i++) {
		const struct phx_lock *l = &a->locks.v[i];
		bool is_new;
		struct phx_map_entry *e = phx_map_put(s->arena, &s->lock_names, l->name, &is_new);
		struct lock *lock;

		if (is_new) {
			e->num = s->locks.n;
			phx_vec_push(s->arena, &s->locks, ((struct lock){0}));
		}
		lock = &s->locks.v[e->num];
		s->wants[first_want + i] =
			(struct want){.lock = (uint32_t)e->num & INT32_MAX, .exclusive = l->exclusive};
		/* Of different limits for one name the strictest counts. */
		if (l->limit && (!lock->places || l->limit < lock->places))
			lock->places = l->limit;
	}
}

static void link_needs(struct phx_schedule *s)
{
	uint32_t total = 0, *at;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct phx_action *a = action(s, i);

		for (uint32_t k = 0; k < a->needs.n; k++) {
			if (a->needs.v[k] == 0 || a->needs.v[k] > i)
				PHX_BUG("action %u needs %u", i + 1, a->needs.v[k]);
			s->nodes[a->needs.v[k] - 1].ndependants++;
		}
		s->nodes[i].missing = a->needs.n;
		total += a->needs.n;
	}
	s->dependants = PHX_NEW_N(s->arena, uint32_t, total + 1);
	at = PHX_NEW_N(s->arena, uint32_t, s->n + 1);
	for (uint32_t i = 0, sum = 0; i < s->n; i++) {
		s->nodes[i].first_dependant = at[i] = sum;
		sum += s->nodes[i].ndependants;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		for (uint32_t k = 0; k < action(s, i)->needs.n; k++)
			s->dependants[at[action(s, i)->needs.v[k] - 1]++] = i;
	}
}

/* The order of ids is a topological one, so one pass backwards is enough. */
static void rank(struct phx_schedule *s)
{
	for (uint32_t i = s->n; i-- > 0;) {
		struct node *n = &s->nodes[i];
		uint64_t longest = 0;

		for (uint32_t k = 0; k < n->ndependants; k++) {
			uint64_t r = s->nodes[s->dependants[n->first_dependant + k]].rank;

			longest = r > longest ? r : longest;
		}
		n->rank = longest + phx_cost_usual(action(s, i));
	}
}

struct phx_schedule *phx_schedule_new(const struct phx_plan *plan, uint32_t parallel, struct phx_arena *arena)
{
	struct phx_schedule *s = PHX_NEW(arena, struct phx_schedule);
	uint32_t nwants = 0;

	s->arena = arena;
	s->plan = plan;
	s->parallel = parallel ? parallel : 1;
	s->n = plan->actions.n;
	s->nodes = PHX_NEW_N(arena, struct node, s->n + 1);
	for (uint32_t i = 0; i < s->n; i++)
		nwants += plan->actions.v[i]->locks.n;
	s->wants = PHX_NEW_N(arena, struct want, (size_t)nwants + 1);
	nwants = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		s->nodes[i].counts = action(s, i)->type == PHX_ACT_CALL || action(s, i)->type == PHX_ACT_HOST;
		take_locks(s, i, nwants);
		nwants += s->nodes[i].nwants;
	}
	link_needs(s);
	rank(s);
	for (uint32_t i = 0; i < s->n; i++) {
		if (!s->nodes[i].missing)
			make_ready(s, i);
	}
	return s;
}
