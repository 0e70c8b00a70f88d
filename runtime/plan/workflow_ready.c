/* From a finished configuration to a guest that others can rely on: start, waiting, steps inside, snapshots, the last marker. */
#include "plan/plan_priv.h"

bool plan_will_start(const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	return !g->is_template && (g->running_declared ? g->running : true);
}

bool plan_completes_late(const struct plan_item *it)
{
	return plan_will_start(it) || it->guest->snapshots.n > 0 || plan_notes_works(it);
}

void plan_start(struct plan *p, struct plan_item *it)
{
	bool ha = it->live && it->live->ha_state.len && !it->gone_first;

	plan_begin(p, it, ha ? PHX_OP_HA : PHX_OP_START, PHX_ACT_CALL);
	if (ha) {
		/* Under HA the manager starts it; the start call would only ask the manager (855). */
		plan_call(p, PHX_PUT,
			  plan_text(p, PHX_STR("/cluster/ha/resources/"),
				    it->is_vm ? PHX_STR("vm:") : PHX_STR("ct:"), it->id_text),
			  false);
		plan_param(p, PHX_STR("state"), PHX_STR("started"));
	} else {
		plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/status/start")), true);
	}
	if (it->resource)
		plan_entry_needs(p, it, true);
	p->draft.a.timeout_ms = it->guest ? it->guest->timeouts.start_ms : 0;
	it->started = plan_end(p, it, plan_text(p, PHX_STR("start "), it->id_text));
	if (ha)
		plan_wait_state(p, it, PHX_STR("running"));
}

void plan_wait_state(struct plan *p, struct plan_item *it, struct phx_str what)
{
	plan_begin(p, it, PHX_OP_WAIT_TASK, PHX_ACT_WAIT);
	p->draft.a.wait_what = what;
	p->draft.a.timeout_ms = it->guest ? it->guest->timeouts.stop_ms : PLAN_STOP_MS;
	plan_end(p, it, plan_text(p, PHX_STR("wait until "), it->id_text, PHX_STR(" is "), what));
}

static void wait_for(struct plan *p, struct plan_item *it, enum phx_action_op op, struct phx_str what,
		     struct phx_str text, uint64_t timeout_ms)
{
	plan_begin(p, it, op, PHX_ACT_WAIT);
	p->draft.a.wait_what = what;
	p->draft.a.timeout_ms = timeout_ms;
	plan_end(p, it, plan_text(p, PHX_STR("wait for "), text, it->id_text));
}

static bool has_address(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->nics.n; i++)
		if (g->nics.v[i].has_ip || g->nics.v[i].has_ip6)
			return true;
	return false;
}

/* Asked inside the guest, by one command that the agent runs: the call is in the plan like any other. */
static void wait_cloud_init(struct plan *p, struct plan_item *it)
{
	static const char *const command[] = {"cloud-init", "status", "--wait", "--long"};

	plan_begin(p, it, PHX_OP_WAIT_CLOUD_INIT, PHX_ACT_WAIT);
	plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/agent/exec")), false);
	for (size_t i = 0; i < PHX_COUNTOF(command); i++)
		plan_param(p, PHX_STR("command"), phx_str_c(command[i]));
	p->draft.a.wait_what = PHX_STR("cloud-init");
	p->draft.a.timeout_ms = it->guest->timeouts.cloud_init_ms;
	plan_end(p, it, plan_text(p, PHX_STR("wait for cloud-init of "), it->id_text));
}

void plan_wait_ready(struct plan *p, struct plan_item *it, bool first)
{
	const struct phx_guest *g = it->guest;

	if (it->is_vm && g->agent) {
		wait_for(p, it, PHX_OP_WAIT_AGENT, PHX_STR("agent"), PHX_STR("the guest agent of "),
			 g->timeouts.agent_ms);
		if (g->cloud_init && first)
			wait_cloud_init(p, it);
	}
	/* A container has no agent to ask; only where something relies on it is its network waited for. */
	if (!it->is_vm && has_address(g) && (it->awaited || g->steps.n))
		wait_for(p, it, PHX_OP_WAIT_NETWORK, PHX_STR("network"), PHX_STR("the network of "),
			 g->timeouts.start_ms);
	it->ready = it->last;
}

void plan_snapshot(struct plan *p, struct plan_item *it, const struct phx_snapshot_decl *s)
{
	plan_begin(p, it, PHX_OP_SNAPSHOT, PHX_ACT_CALL);
	plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/snapshot")), true);
	plan_param(p, PHX_STR("snapname"), s->name);
	if (s->description.len)
		plan_param(p, PHX_STR("description"), s->description);
	if (s->vmstate && it->is_vm)
		plan_param(p, PHX_STR("vmstate"), PHX_STR("1"));
	p->draft.a.timeout_ms = it->guest->timeouts.create_ms;
	plan_end(p, it, plan_text(p, PHX_STR("snapshot "), s->name, PHX_STR(" of "), it->id_text));
}

void plan_template(struct plan *p, struct plan_item *it)
{
	plan_begin(p, it, PHX_OP_TEMPLATE, PHX_ACT_CALL);
	/* The container's call answers null and works on (826-829). */
	plan_call(p, PHX_POST, plan_text(p, it->base, PHX_STR("/template")), it->is_vm);
	p->draft.a.hidden_task = !it->is_vm;
	plan_end(p, it, plan_text(p, PHX_STR("convert "), it->id_text, PHX_STR(" to a template")));
}

void plan_last_marker(struct plan *p, struct plan_item *it)
{
	plan_begin(p, it, PHX_OP_MARKER, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/config")), false);
	plan_param(p, PHX_STR("description"), plan_description(p, it, PLAN_MARK_DONE));
	plan_end(p, it, plan_text(p, PHX_STR("note that "), it->id_text, PHX_STR(" is complete")));
}

/* For what is done inside a guest that is not to run: afterwards it is off again, and that is seen before anything relies on it. */
void plan_off_again(struct plan *p, struct plan_item *it)
{
	plan_shutdown(p, it, false);
	plan_wait_state(p, it, PHX_STR("stopped"));
	plan_note(p, it->change, PHX_STR("is started for what is done inside, and shut down after it"));
}

void plan_complete(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	bool late = plan_completes_late(it), stays = plan_will_start(it), inside = plan_has_works(it);

	it->exists = it->last;
	if (stays || inside) {
		plan_start(p, it);
		plan_wait_ready(p, it, true);
	}
	plan_steps(p, it);
	it->ready = it->last;
	if (inside && g->is_template)
		plan_clean(p, it);
	if (inside && !stays)
		plan_off_again(p, it);
	if (g->is_template) {
		plan_template(p, it);
		if (late)
			plan_last_marker(p, it);
		it->exists = it->ready = it->last;
	}
	for (uint32_t i = 0; i < g->snapshots.n; i++)
		plan_snapshot(p, it, &g->snapshots.v[i]);
	if (late && !g->is_template)
		plan_last_marker(p, it);
	if (!it->started)
		it->started = it->exists;
}
