/* The simulated clock: a heap of events. With a speed, simulated time runs along real time; at speed 0 it jumps to the next event
 * as soon as there is one; by hand (negative speed) it moves only when told, or while a request waits inside the server. */
#include "backend/sim/sim_priv.h"

#include <stdlib.h>

#include "base/sys.h"

struct phx_sim_event {
	int64_t at;
	uint64_t order;
	size_t place; /* in the heap */
	void (*fn)(struct phx_sim *s, void *arg);
	void *arg;
};

struct phx_sim_clock {
	int64_t now;
	uint64_t real_ms; /* when `now` was last taken from real time */
	struct phx_sim_event **heap;
	size_t n, cap;
	uint64_t order;
	int waiting; /* requests that wait inside the server */
};

static bool earlier(const struct phx_sim_event *a, const struct phx_sim_event *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void place(struct phx_sim_clock *c, size_t i, struct phx_sim_event *ev)
{
	c->heap[i] = ev;
	ev->place = i;
}

static void sift_up(struct phx_sim_clock *c, size_t i)
{
	struct phx_sim_event *ev = c->heap[i];

	while (i > 0 && earlier(ev, c->heap[(i - 1) / 2])) {
		place(c, i, c->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(c, i, ev);
}

static void sift_down(struct phx_sim_clock *c, size_t i)
{
	struct phx_sim_event *ev = c->heap[i];

	for (;;) {
		size_t kid = 2 * i + 1;

		if (kid >= c->n)
			break;
		if (kid + 1 < c->n && earlier(c->heap[kid + 1], c->heap[kid]))
			kid++;
		if (!earlier(c->heap[kid], ev))
			break;
		place(c, i, c->heap[kid]);
		i = kid;
	}
	place(c, i, ev);
}

static void take_out(struct phx_sim_clock *c, size_t i)
{
	struct phx_sim_event *last = c->heap[--c->n];

	if (i == c->n)
		return;
	place(c, i, last);
	sift_down(c, i);
	sift_up(c, last->place);
}

struct phx_sim_event *phx_sim_event_add(struct phx_sim *s, int64_t delay,
					void (*fn)(struct phx_sim *s, void *arg), void *arg)
{
	struct phx_sim_clock *c = s->clock;
	struct phx_sim_event *ev = calloc(1, sizeof(*ev));

	if (c->n == c->cap) {
		c->cap = c->cap != 0 ? 2 * c->cap : 64;
		c->heap = realloc(c->heap, c->cap * sizeof(*c->heap));
	}
	if (ev == NULL || c->heap == NULL)
		phx_out_of_memory();
	*ev = (struct phx_sim_event){
		.at = phx_sim_now(s) + (delay > 0 ? delay : 0), .order = c->order++, .fn = fn, .arg = arg};
	place(c, c->n++, ev);
	sift_up(c, ev->place);
	return ev;
}

void phx_sim_event_cancel(struct phx_sim *s, struct phx_sim_event *ev)
{
	if (ev == NULL)
		return;
	take_out(s->clock, ev->place);
	free(ev);
}

int64_t phx_sim_now(const struct phx_sim *s)
{
	return s->clock->now;
}

int64_t phx_sim_now_s(const struct phx_sim *s)
{
	return s->clock->now / PHX_SIM_SECOND;
}

bool phx_sim_clock_next(const struct phx_sim *s, int64_t *out)
{
	if (s->clock->n == 0)
		return false;
	*out = s->clock->heap[0]->at;
	return true;
}

static void run_first(struct phx_sim *s)
{
	struct phx_sim_clock *c = s->clock;
	struct phx_sim_event *ev = c->heap[0];

	take_out(c, 0);
	if (ev->at > c->now)
		c->now = ev->at;
	ev->fn(s, ev->arg);
	free(ev);
}

void phx_sim_clock_advance(struct phx_sim *s, int64_t until)
{
	struct phx_sim_clock *c = s->clock;

	while (c->n > 0 && c->heap[0]->at <= until)
		run_first(s);
	if (until > c->now)
		c->now = until;
}

/* Where real time puts the simulated clock. */
static int64_t target(struct phx_sim *s)
{
	struct phx_sim_clock *c = s->clock;
	uint64_t real = phx_now_ms();
	double speed = s->options.speed > 0 ? s->options.speed : 1.0;
	int64_t to = c->now;

	if (s->options.speed >= 0)
		to += (int64_t)((double)(real - c->real_ms) * 1000.0 * speed);
	c->real_ms = real;
	return to;
}

int64_t phx_sim_clock_run(struct phx_sim *s)
{
	struct phx_sim_clock *c = s->clock;
	double ms;

	phx_sim_clock_advance(s, target(s));
	while (c->n > 0 && (s->options.speed == 0 || (s->options.speed < 0 && c->waiting > 0)))
		run_first(s);
	if (c->n == 0 || s->options.speed < 0)
		return -1;
	ms = (double)(c->heap[0]->at - c->now) / 1000.0 / (s->options.speed > 0 ? s->options.speed : 1.0);
	return ms < 1 ? 1 : ms > 1000 ? 1000 : (int64_t)ms;
}

void phx_sim_clock_hold(struct phx_sim *s, int waiting)
{
	s->clock->waiting += waiting;
}

bool phx_sim_clock_open(struct phx_sim *s)
{
	struct phx_sim_clock *c = calloc(1, sizeof(*c));
	int64_t wall = (int64_t)phx_wall_ms() * 1000;
	int64_t stored;

	if (c == NULL)
		phx_out_of_memory();
	s->clock = c;
	stored = phx_sim_meta_int(s, "clock", 0);
	/* Time never goes back; where the clock moves only by hand it stays where it was. */
	c->now = s->options.speed < 0 && stored > 0 ? stored : stored > wall ? stored : wall;
	c->real_ms = phx_now_ms();
	return true;
}

void phx_sim_clock_close(struct phx_sim *s)
{
	struct phx_sim_clock *c = s->clock;

	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++)
		free(c->heap[i]);
	free(c->heap);
	free(c);
	s->clock = NULL;
}

void phx_sim_clock_set(struct phx_sim *s, int64_t now)
{
	s->clock->now = now;
}
