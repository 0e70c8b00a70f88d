/* A living guest brought to its declaration: moved, configured in one call, restarted only where the plan says so, grown, and what
 * follows. Each call carries the digest of what was compared; after the first that is read again right before the call. */
#include "plan/cloud_init.h"
#include "plan/lxc.h"

struct update {
	struct plan *p;
	struct plan_item *it;
	struct plan_update *u;
	bool first_done; /* the observed digest is used up */
	bool running;    /* as the plan goes */
};

static void guard(struct update *x)
{
	if (!x->first_done && x->it->live->digest.len)
		plan_param(x->p, PHX_STR("digest"), x->it->live->digest);
	else
		x->p->draft.a.later |= PHX_LATER_DIGEST;
	x->first_done = true;
}

static void migrate(struct update *x)
{
	struct plan *p = x->p;
	struct plan_item *it = x->it;

	if (!x->u->migrate_to.len)
		return;
	plan_ci_move(p, it, x->u->migrate_to);
	plan_begin(p, it, PHX_OP_MIGRATE, PHX_ACT_CALL);
	plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/migrate")), true);
	plan_param(p, PHX_STR("target"), x->u->migrate_to);
	if (it->is_vm) {
		if (x->running)
			plan_param(p, PHX_STR("online"), PHX_STR("1"));
		plan_param(p, PHX_STR("with-local-disks"), PHX_STR("1"));
	} else if (x->running) {
		plan_param(p, PHX_STR("restart"), PHX_STR("1"));
		it->change->restart = true;
	}
	plan_end(p, it, plan_text(p, PHX_STR("migrate "), it->id_text, PHX_STR(" to "), x->u->migrate_to));
	it->node = x->u->migrate_to;
	plan_place(p, it);
}

static bool by_api_any(const struct plan *p, const struct plan_entries *e)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (!e->v[i].root || !p->o->has_host || phx_str_eqc(p->o->identity, "root@pam"))
			return true;
	return false;
}

static bool allocates(const struct plan_entries *e)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (phx_str_find(e->v[i].value, PHX_STR("import-from=")) >= 0)
			return true;
	return false;
}

static void configure(struct update *x)
{
	struct plan *p = x->p;
	struct plan_item *it = x->it;
	struct plan_entries *e = &x->u->config;
	bool async = it->is_vm && allocates(e);

	if (x->u->description.len)
		phx_vec_push(
			p->arena, e,
			((struct plan_entry){.key = PHX_STR("description"), .value = x->u->description}));
	if (!by_api_any(p, e))
		return;
	plan_begin(p, it, PHX_OP_CONFIG, PHX_ACT_CALL);
	plan_call(p, async ? PHX_POST : PHX_PUT, plan_text(p, it->base, PHX_STR("/config")), async);
	plan_entry_params(p, it, e);
	guard(x);
	plan_need(p, it->ci_file);
	plan_hold_volumes(p, it, e);
	plan_end(p, it, plan_text(p, PHX_STR("configure "), it->id_text));
}

static void move_disks(struct update *x)
{
	for (uint32_t i = 0; i < x->u->moves.n; i++)
		plan_move_disk(x->p, x->it, x->u->moves.v[i].slot, x->u->moves.v[i].storage);
	x->first_done = x->first_done || x->u->moves.n;
}

static void unlink_disks(struct update *x)
{
	struct plan *p = x->p;

	for (uint32_t i = 0; i < x->u->unlinks.n; i++) {
		struct phx_str slot = x->u->unlinks.v[i];

		plan_begin(p, x->it, PHX_OP_UNLINK, PHX_ACT_CALL);
		plan_call(p, PHX_PUT, plan_text(p, x->it->base, PHX_STR("/unlink")), false);
		plan_param(p, PHX_STR("idlist"), slot);
		plan_param(p, PHX_STR("force"), PHX_STR("1"));
		plan_end(p, x->it, plan_text(p, PHX_STR("destroy "), slot, PHX_STR(" of "), x->it->id_text));
		x->first_done = true;
	}
}

static void resize(struct update *x)
{
	for (uint32_t i = 0; i < x->u->resizes.n; i++) {
		const struct plan_resize *r = &x->u->resizes.v[i];
		struct plan *p = x->p;
		struct phx_str size = plan_disk_size(p, r->bytes);

		plan_begin(p, x->it, PHX_OP_RESIZE, PHX_ACT_CALL);
		plan_call(p, PHX_PUT, plan_text(p, x->it->base, PHX_STR("/resize")), true);
		plan_param(p, PHX_STR("disk"), r->slot);
		plan_param(p, PHX_STR("size"), size);
		guard(x);
		p->draft.a.timeout_ms = x->it->guest->timeouts.create_ms;
		plan_end(p, x->it,
			 plan_text(p, PHX_STR("resize "), r->slot, PHX_STR(" of "), x->it->id_text,
				   PHX_STR(" to "), size));
	}
}

static void firewall(struct update *x)
{
	if (!x->u->firewall_changed)
		return;
	plan_firewall_rules(x->p, x->it, &x->u->firewall);
	plan_firewall_options(x->p, x->it, &x->u->firewall);
}

static void pool(struct update *x)
{
	struct plan *p = x->p;

	if (!x->u->pool_changed)
		return;
	plan_begin(p, x->it, PHX_OP_POOL_MEMBER, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, PHX_STR("/pools"), false);
	plan_param(p, PHX_STR("poolid"), x->it->guest->pool);
	plan_param(p, PHX_STR("vms"), x->it->id_text);
	plan_param(p, PHX_STR("allow-move"), PHX_STR("1"));
	plan_hold(p, PHX_STR("pools"), true, 0);
	plan_end(p, x->it,
		 plan_text(p, PHX_STR("put "), x->it->id_text, PHX_STR(" into pool "), x->it->guest->pool));
}

static void stop(struct update *x, bool restart)
{
	if (!x->running)
		return;
	/* A guest that does not shut down in time is not killed for a new value: the action fails and says so. */
	plan_shutdown(x->p, x->it, false);
	x->running = false;
	if (restart)
		x->it->change->restart = true;
}

static void start(struct update *x)
{
	if (x->running)
		return;
	plan_start(x->p, x->it);
	plan_wait_ready(x->p, x->it, x->it->finish);
	x->running = true;
	x->first_done = true; /* what was pending is in force now: the digest is another one */
}

/* A half-built guest that was started already may not have been waited for. */
static void wait_again(struct update *x)
{
	if (x->it->finish && x->running)
		plan_wait_ready(x->p, x->it, true);
	else if (x->running && x->it->is_vm && plan_has_works(x->it))
		plan_wait_ready(x->p, x->it, false);
}

/* What was switched on once may have an identity that its clones must not share. */
static void clean(struct update *x)
{
	if (!x->u->to_template)
		return;
	if (x->running && plan_reaches_inside(x->p, x->it))
		plan_clean(x->p, x->it);
	else if (!x->it->finish)
		plan_note(x->p, x->it->change,
			  PHX_STR("is converted as it is, not cleaned: its machine-id and host keys go to "
				  "every "
				  "clone"));
}

/* A guest that is not to run is started for its steps, and off again afterwards. */
static void inside(struct update *x)
{
	struct plan *p = x->p;
	struct plan_item *it = x->it;
	bool stays = !x->u->to_template && !(it->finish && !plan_will_start(it));

	if (plan_has_works(it) && !x->running)
		start(x);
	plan_steps(p, it);
	clean(x);
	if (!stays && x->running) {
		plan_off_again(p, it);
		x->running = false;
	}
}

/* The marker after the steps: before a snapshot, which changes the digest. */
static void note_done(struct update *x)
{
	struct plan *p = x->p;
	struct plan_item *it = x->it;

	if (it->finish || !(plan_notes_works(it) || x->u->forgets))
		return;
	plan_begin(p, it, PHX_OP_MARKER, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/config")), false);
	plan_param(p, PHX_STR("description"), plan_description(p, it, PLAN_MARK_DONE));
	guard(x);
	plan_end(p, it, plan_text(p, PHX_STR("note what is done in "), it->id_text));
}

void plan_update_guest(struct plan *p, struct plan_item *it)
{
	struct update x = {.p = p, .it = it, .u = it->update, .running = it->live->running};
	struct plan_update *u = it->update;
	bool again = it->live->running && !u->stop && (u->restart || u->offline);

	plan_break_lock(p, it);
	/* Taking a lock off is a change of the file. */
	x.first_done = it->live->dead_lock && p->o->break_locks;
	migrate(&x);
	if (u->stop || u->offline)
		stop(&x, !u->stop);
	plan_ci_write(p, it);
	plan_directories(p, it, false);
	/* First, while the file is as it was seen. */
	if (plan_lxc(p, it, x.first_done ? PHX_STR("") : it->live->digest))
		x.first_done = true;
	plan_node_steps(p, it);
	configure(&x);
	plan_ci_changed(p, it);
	plan_host_config(p, it, &u->config);
	firewall(&x);
	pool(&x);
	/* Never between a drive's change and the restart that it waits for: the change names the old volume, and its size. */
	if (u->offline)
		move_disks(&x);
	if (again) {
		stop(&x, true);
		start(&x);
	}
	if (!u->offline)
		move_disks(&x);
	resize(&x);
	unlink_disks(&x);
	if (u->start)
		start(&x);
	else if (!again)
		wait_again(&x);
	inside(&x);
	plan_node_steps_after(p, it);
	note_done(&x);
	it->exists = it->started = it->ready = it->last;
	if (u->to_template) {
		plan_template(p, it);
		it->exists = it->ready = it->last;
	}
	for (uint32_t i = 0; i < u->snapshots.n; i++)
		plan_snapshot(p, it, u->snapshots.v[i]);
	if (it->finish)
		plan_last_marker(p, it);
}

void plan_adopt_guest(struct plan *p, struct plan_item *it)
{
	plan_begin(p, it, PHX_OP_CONFIG, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/config")), false);
	plan_param(p, PHX_STR("tags"), plan_tags_kept(p, it->live));
	plan_param(p, PHX_STR("description"), plan_adopt_description(p, it));
	plan_param(p, PHX_STR("digest"), it->live->digest);
	plan_end(p, it, plan_text(p, PHX_STR("adopt "), it->id_text));
	it->exists = it->started = it->ready = it->last;
}
