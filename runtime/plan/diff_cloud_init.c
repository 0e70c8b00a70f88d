/* Own cloud-init data of a living guest: documents are told apart by their names, which carry the content. */
#include "plan/cloud_init.h"

void plan_diff_cloud_init(struct plan_diff *d)
{
	static const char *const keys[] = {"meta", "network", "user", "vendor"};
	const struct phx_option *o = plan_option(d->p, true, PHX_STR("cicustom"));
	const struct plan_ci *ci = d->it->ci;

	if (!plan_ci_changes(d->p, d->it) || plan_ignored(d->g, PHX_STR("cloud_init"))) {
		if (d->it->ci)
			d->it->ci->value = d->it->ci->before;
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
		struct phx_str before = plan_ci_member(d->p, ci->before, keys[i]),
			       after = plan_ci_member(d->p, ci->value, keys[i]);
		struct phx_attr_change *a;

		if (phx_str_eq(before, after))
			continue;
		a = plan_diff_attr(
			d, plan_text(d->p, PHX_STR("cloud_init."), phx_str_c(keys[i]), PHX_STR("_data")),
			before, after, d->it->span);
		plan_diff_effect(d, a, o, PHX_STR("cicustom"), ci->value);
		if (!a->reason.len)
			a->reason = PHX_STR("cloud-init runs again at its next start, as for a new instance");
	}
	if (ci->value.len)
		plan_diff_set(d, PHX_STR("cicustom"), ci->value);
	else
		plan_diff_remove(d, PHX_STR("cicustom"));
}
