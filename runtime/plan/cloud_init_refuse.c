/* Cloud-init documents that cannot be put on a storage, and what then is not set. */
#include "plan/cloud_init.h"

static void what(struct plan *p, struct phx_diag *d, const struct phx_guest *g)
{
	static const char *const names[] = {"user_data", "network_data", "vendor_data"};

	for (uint32_t i = 0; i < g->ci.users.n; i++)
		if (g->ci.users.v[i].sudo_declared)
			phx_diag_note(p->bag, d, "`sudo` of user `" PHX_STR_FMT "` is no option of the API",
				      PHX_STR_ARG(g->ci.users.v[i].name));
	if (g->ci.users.n > 1)
		phx_diag_note(p->bag, d, "the API takes one user, and %u are declared", g->ci.users.n);
	for (int i = 0; i < PHX_CI_COUNT; i++)
		if (g->ci.data[i].declared)
			phx_diag_note(p->bag, d, "the API cannot upload `cloud_init.%s`", names[i]);
}

static struct phx_span where(const struct plan_item *it)
{
	const struct phx_cloud_init *ci = &it->guest->ci;

	for (int i = 0; i < PHX_CI_COUNT; i++)
		if (ci->data[i].declared)
			return ci->data[i].span;
	for (uint32_t i = 0; i < ci->users.n; i++)
		if (ci->users.v[i].sudo_declared)
			return ci->users.v[i].sudo_span;
	return ci->users.n > 1 ? ci->users.v[1].span : it->span;
}

static bool writes(const struct plan_item *it)
{
	for (int i = 0; i < PHX_CI_COUNT; i++)
		if (it->ci->volume[i].len && phx_str_find(it->ci->before, it->ci->volume[i]) < 0)
			return true;
	return false;
}

void plan_ci_refuse(struct plan *p, const struct plan_item *it)
{
	struct phx_diag *d;

	if (!it->ci || !writes(it))
		return;
	if (!plan_has_channel(p)) {
		d = phx_diag_add(p->bag, PHX0640, where(it),
				 "the cloud-init data of `" PHX_STR_FMT "` needs a file on node `" PHX_STR_FMT
				 "`, and there is no channel to it",
				 PHX_STR_ARG(it->address), PHX_STR_ARG(it->node));
		what(p, d, it->guest);
		phx_diag_help(p->bag, d,
			      "give the cluster block a host channel: ssh { host = \"…\"; user = \"root\" }");
		phx_diag_help(p->bag, d,
			      "or put a file of your own there, and name it: user_data = "
			      "\"local:snippets/FILE\"");
		return;
	}
	if (!it->ci->no_storage)
		return;
	d = phx_diag_add(p->bag, PHX0641, where(it),
			 "no storage of node `" PHX_STR_FMT "` takes snippets (for the cloud-init data of "
			 "`" PHX_STR_FMT "`)",
			 PHX_STR_ARG(it->node), PHX_STR_ARG(it->address));
	what(p, d, it->guest);
	phx_diag_help(p->bag, d,
		      "allow them on one, such as `local`: pvesm set local --content "
		      "iso,vztmpl,backup,snippets");
}
