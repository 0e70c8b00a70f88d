#include "backend/sim/lock.h"

#include <stdio.h>

#define LOCK_TIMEOUT (10 * PHX_SIM_SECOND) /* recording 751 */

struct phx_sim_locks {
	json_t *holders;              /* guest id → who; for the log only the text, the fact counts */
	struct phx_sim_locker *queue; /* all waiters, first come first */
};

struct key {
	char text[24];
};

static struct key key_of(int64_t vmid)
{
	struct key k;

	(void)snprintf(k.text, sizeof(k.text), "%lld", (long long)vmid);
	return k;
}

bool phx_sim_locks_open(struct phx_sim *s)
{
	s->locks = calloc(1, sizeof(*s->locks));
	if (s->locks == NULL)
		phx_out_of_memory();
	s->locks->holders = json_object();
	return true;
}

void phx_sim_locks_close(struct phx_sim *s)
{
	if (s->locks == NULL)
		return;
	json_decref(s->locks->holders);
	free(s->locks);
	s->locks = NULL;
}

static bool holds(const struct phx_sim_locker *l, int64_t vmid)
{
	for (size_t i = 0; i < PHX_SIM_LOCKS_MAX; i++)
		if (l->held[i] == vmid)
			return true;
	return false;
}

bool phx_sim_lock_busy(struct phx_sim *s, const struct phx_sim_locker *l, int64_t vmid)
{
	return (l == NULL || !holds(l, vmid)) &&
	       json_object_get(s->locks->holders, key_of(vmid).text) != NULL;
}

static void leave_queue(struct phx_sim *s, struct phx_sim_locker *l)
{
	for (struct phx_sim_locker **p = &s->locks->queue; *p != NULL; p = &(*p)->next)
		if (*p == l) {
			*p = l->next;
			break;
		}
	l->next = NULL;
	l->wanted = 0;
	phx_sim_event_cancel(s, l->deadline);
	l->deadline = NULL;
}

static void on_deadline(struct phx_sim *s, void *arg)
{
	struct phx_sim_locker *l = arg;
	int64_t vmid = l->wanted;

	l->deadline = NULL;
	leave_queue(s, l);
	l->timed_out = vmid;
	phx_sim_log(s, "lock-refused",
		    json_pack("{s:I, s:s, s:s, s:s?}", "id", (json_int_t)vmid, "who", l->who, "why",
			      "timeout", "holder",
			      json_string_value(json_object_get(s->locks->holders, key_of(vmid).text))));
	l->resume(s, l);
}

enum phx_sim_lock_result phx_sim_lock(struct phx_sim *s, struct phx_sim_locker *l, int64_t vmid)
{
	struct phx_sim_locker **end = &s->locks->queue;

	if (holds(l, vmid))
		return PHX_SIM_LOCK_HELD;
	if (l->timed_out == vmid) {
		l->timed_out = 0;
		return PHX_SIM_LOCK_TIMEOUT;
	}
	if (!phx_sim_lock_busy(s, l, vmid)) {
		for (size_t i = 0; i < PHX_SIM_LOCKS_MAX; i++)
			if (l->held[i] == 0) {
				l->held[i] = vmid;
				json_object_set_new(s->locks->holders, key_of(vmid).text,
						    json_string(l->who));
				return PHX_SIM_LOCK_HELD;
			}
		PHX_BUG("more than %d locks by %s", PHX_SIM_LOCKS_MAX, l->who);
	}
	if (l->wanted == 0) {
		while (*end != NULL)
			end = &(*end)->next;
		*end = l;
		l->wanted = vmid;
		l->deadline = phx_sim_event_add(s, LOCK_TIMEOUT, on_deadline, l);
	}
	return PHX_SIM_LOCK_WAIT;
}

/* Hands a lock that became free to the first who waits for it. */
static void wake(struct phx_sim *s, int64_t vmid)
{
	for (struct phx_sim_locker *l = s->locks->queue; l != NULL; l = l->next) {
		if (l->wanted != vmid)
			continue;
		leave_queue(s, l);
		if (phx_sim_lock(s, l, vmid) == PHX_SIM_LOCK_HELD)
			l->resume(s, l);
		return;
	}
}

void phx_sim_lock_leave(struct phx_sim *s, struct phx_sim_locker *l)
{
	if (l->wanted != 0)
		leave_queue(s, l);
}

void phx_sim_unlock(struct phx_sim *s, struct phx_sim_locker *l)
{
	phx_sim_lock_leave(s, l);
	l->timed_out = 0;
	for (size_t i = 0; i < PHX_SIM_LOCKS_MAX; i++) {
		int64_t vmid = l->held[i];

		if (vmid == 0)
			continue;
		l->held[i] = 0;
		json_object_del(s->locks->holders, key_of(vmid).text);
		wake(s, vmid);
	}
}
