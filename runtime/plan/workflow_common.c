/* Pieces that several workflows use. */
#include "plan/plan_priv.h"

/* May this entry go over the API? Root's own keys only with root's own credentials. */
static bool by_api(const struct plan *p, const struct plan_entry *e)
{
	return !e->root || !p->o->has_host || phx_str_eqc(p->o->identity, "root@pam");
}

void plan_entry_params(struct plan *p, const struct plan_item *it, const struct plan_entries *e)
{
	(void)it;
	phx_buf_clear(&p->more);
	for (uint32_t i = 0; i < e->n; i++) {
		const struct plan_entry *x = &e->v[i];

		if (!by_api(p, x))
			continue;
		if (x->remove) {
			if (p->more.len)
				phx_buf_ch(&p->more, ',');
			phx_buf_str(&p->more, x->key);
			continue;
		}
		if (x->secret)
			plan_param_secret(p, x->key, x->value);
		else
			plan_param(p, x->key, x->value);
		if (x->volume)
			p->draft.a.later |= PHX_LATER_VOLUME;
	}
	if (p->more.len)
		plan_param(p, PHX_STR("delete"), plan_keep(p, &p->more));
}

/* The user's name for it; its key when it has none. */
static struct phx_str path_of(const struct plan_item *it, const struct plan_entry *e)
{
	for (uint32_t i = 0; i < it->guest->settings.n; i++)
		if (phx_str_eq(it->guest->settings.v[i].key, e->key))
			return it->guest->settings.v[i].path;
	for (uint32_t i = 0; i < it->guest->volumes.n; i++)
		if (phx_str_eq(it->slots ? it->slots[i] : it->guest->volumes.v[i].slot, e->key))
			return it->guest->volumes.v[i].path;
	return e->key;
}

static void note_host(struct plan *p, struct plan_item *it, const struct plan_entries *e)
{
	struct phx_str last = PHX_STR("");

	phx_buf_clear(&p->more);
	for (uint32_t i = 0; i < e->n; i++) {
		struct phx_str path = path_of(it, &e->v[i]);

		if (by_api(p, &e->v[i]) || phx_str_eq(path, last))
			continue;
		phx_buf_c(&p->more, p->more.len ? ", " : "");
		phx_buf_str(&p->more, path);
		last = path;
	}
	plan_note(p, it->change,
		  plan_text(p, PHX_STR("set as root on the node, over the host channel: "),
			    phx_buf_view(&p->more)));
}

/* What no token may set is set on the node, in one command. */
void plan_host_config(struct plan *p, struct plan_item *it, const struct plan_entries *e)
{
	bool any = false;

	phx_buf_clear(&p->more);
	for (uint32_t i = 0; i < e->n; i++) {
		const struct plan_entry *x = &e->v[i];

		if (by_api(p, x))
			continue;
		if (!any) {
			plan_begin(p, it, PHX_OP_HOST_CONFIG, PHX_ACT_HOST);
			plan_hold(p, it->lock_name, true, 0);
			plan_word(p, it->is_vm ? PHX_STR("qm") : PHX_STR("pct"));
			plan_word(p, PHX_STR("set"));
			plan_word(p, it->id_text);
			any = true;
		}
		if (x->remove) {
			phx_buf_c(&p->more, p->more.len ? "," : "");
			phx_buf_str(&p->more, x->key);
			continue;
		}
		plan_word(p, plan_text(p, PHX_STR("--"), x->key));
		plan_word(p, x->value);
	}
	if (!any)
		return;
	if (p->more.len) {
		plan_word(p, PHX_STR("--delete"));
		plan_word(p, plan_keep(p, &p->more));
	}
	plan_end(p, it,
		 plan_text(p, PHX_STR("configure "), it->id_text, PHX_STR(" on the node (only root may)")));
	note_host(p, it, e);
}

bool plan_storage_shared(const struct plan *p, struct phx_str storage)
{
	for (uint32_t i = 0; i < p->s->storages.n; i++)
		if (phx_str_eq(p->s->storages.v[i].id, storage))
			return p->s->storages.v[i].shared;
	return false;
}

/* New volumes take a short lock of their storage (up to 10 s are waited for it): many at once are fine, any number is not. */
#define ALLOCATIONS_AT_ONCE 16

void plan_hold_storage(struct plan *p, struct phx_str node, struct phx_str storage)
{
	struct phx_str name = plan_storage_shared(p, storage)
				      ? plan_text(p, PHX_STR("alloc:"), storage)
				      : plan_text(p, PHX_STR("alloc:"), node, PHX_STR("/"), storage);

	plan_hold(p, name, false, ALLOCATIONS_AT_ONCE);
}

void plan_hold_volumes(struct plan *p, const struct plan_item *it, const struct plan_entries *e)
{
	for (uint32_t i = 0; i < e->n; i++) {
		const struct phx_option *o = e->v[i].remove ? NULL : plan_option(p, it->is_vm, e->v[i].key);
		ptrdiff_t colon = phx_str_chr(e->v[i].value, ':');
		struct phx_str after;

		if (!o || !(o->flags & PHX_OPTION_DISK) || colon <= 0)
			continue;
		after = phx_str_from(e->v[i].value, (size_t)colon + 1);
		if (after.len &&
		    (phx_str_starts(after, "cloudinit") || (after.ptr[0] >= '0' && after.ptr[0] <= '9')))
			plan_hold_storage(p, it->node, phx_str_slice(e->v[i].value, 0, (size_t)colon));
	}
}

void plan_resize(struct plan *p, struct plan_item *it, struct phx_str slot, uint64_t bytes)
{
	struct phx_str size = plan_disk_size(p, bytes);

	plan_begin(p, it, PHX_OP_RESIZE, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/resize")), true);
	plan_param(p, PHX_STR("disk"), slot);
	plan_param(p, PHX_STR("size"), size);
	p->draft.a.timeout_ms = it->guest->timeouts.create_ms;
	plan_end(p, it,
		 plan_text(p, PHX_STR("resize "), slot, PHX_STR(" of "), it->id_text, PHX_STR(" to "), size));
}

/* The old volume goes when the new one is complete; nothing else of the guest is touched, so no digest is needed. */
void plan_move_disk(struct plan *p, struct plan_item *it, struct phx_str slot, struct phx_str storage)
{
	plan_begin(p, it, PHX_OP_DISK_MOVE, PHX_ACT_CALL);
	plan_call(p, PHX_POST,
		  plan_text(p, it->base, it->is_vm ? PHX_STR("/move_disk") : PHX_STR("/move_volume")), true);
	plan_param(p, it->is_vm ? PHX_STR("disk") : PHX_STR("volume"), slot);
	plan_param(p, PHX_STR("storage"), storage);
	plan_param(p, PHX_STR("delete"), PHX_STR("1"));
	plan_hold_storage(p, it->node, storage);
	p->draft.a.timeout_ms = it->guest->timeouts.clone_ms;
	plan_end(
		p, it,
		plan_text(p, PHX_STR("move "), slot, PHX_STR(" of "), it->id_text, PHX_STR(" to "), storage));
}

/* `force`: what does not shut down in time is switched off. */
void plan_shutdown(struct plan *p, struct plan_item *it, bool force)
{
	uint64_t ms = it->guest && it->guest->timeouts.stop_ms ? it->guest->timeouts.stop_ms : PLAN_STOP_MS;
	bool ha = it->live && it->live->ha_state.len;

	plan_begin(p, it, ha ? PHX_OP_HA : PHX_OP_SHUTDOWN, PHX_ACT_CALL);
	if (ha) {
		plan_call(p, PHX_PUT,
			  plan_text(p, PHX_STR("/cluster/ha/resources/"),
				    it->is_vm ? PHX_STR("vm:") : PHX_STR("ct:"), it->id_text),
			  false);
		plan_param(p, PHX_STR("state"), PHX_STR("stopped"));
	} else {
		plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/status/shutdown")), true);
		plan_param(p, PHX_STR("timeout"), plan_number(p, (ms + 999) / 1000));
		if (force)
			plan_param(p, PHX_STR("forceStop"), PHX_STR("1"));
		p->draft.a.timeout_ms = ms + 60000;
	}
	plan_need_gone(p, it);
	plan_end(p, it, plan_text(p, PHX_STR("shut down "), it->id_text));
	/* hastop tasks end before the guest has (855-859). */
	if (ha)
		plan_wait_state(p, it, PHX_STR("stopped"));
}
