/* What is done inside a guest, step by step, in the order it is done. */
#include "plan/plan_priv.h"

static struct phx_str step_text(struct plan *p, const struct phx_step *s)
{
	static const char *const kinds[] = {
		[PHX_STEP_FEATURE] = "feature ", [PHX_STEP_NFS] = "nfs ",       [PHX_STEP_FILE] = "file ",
		[PHX_STEP_SCRIPT] = "script ",   [PHX_STEP_HEALTH] = "health ",
	};
	struct phx_str kind = phx_str_c(kinds[s->kind]);

	return s->name.len ? plan_text(p, kind, s->name) : phx_str_dup(p->arena, phx_str_trim(kind));
}

static void not_done(struct plan *p, struct plan_item *it, const struct phx_step *step, struct phx_str what,
		     struct phx_buf *list)
{
	phx_buf_c(list, list->len ? ", " : "");
	phx_buf_str(list, what);
	plan_begin(p, it, PHX_OP_GUEST, PHX_ACT_GUEST);
	p->draft.a.step = step;
	p->draft.a.guest_what = what;
	p->draft.a.not_done = true;
	p->draft.a.timeout_ms = it->guest->timeouts.feature_ms;
	plan_end(p, it,
		 plan_text(p, what, PHX_STR(" in "), it->id_text, PHX_STR(" (not done by this version)")));
}

/* Only the create call of a container takes a password; in a clone it has to be set from inside. */
static bool sets_inside(const struct plan_item *it, const struct phx_setting *s)
{
	return !it->is_vm && it->guest->source && s->origin != PHX_FROM_SOURCE && s->option &&
	       (s->option->flags & PHX_OPTION_CREATE_ONLY) &&
	       (phx_str_eqc(s->key, "password") || phx_str_eqc(s->key, "ssh-public-keys"));
}

void plan_steps(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	phx_buf_clear(&p->more);
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (sets_inside(it, &g->settings.v[i]))
			not_done(p, it, NULL, plan_text(p, PHX_STR("set "), g->settings.v[i].path), &p->more);
	for (uint32_t i = 0; i < g->steps.n; i++)
		not_done(p, it, &g->steps.v[i], step_text(p, &g->steps.v[i]), &p->more);
	if (p->more.len)
		plan_note(p, it->change,
			  plan_text(p, PHX_STR("inside the guest, not done by this version: "),
				    phx_buf_view(&p->more)));
}
