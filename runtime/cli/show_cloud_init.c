/* phx show --cloud-init ADDR: what a VM's cloud-init drive will hold, as far as phx decides it. Secrets are masked. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "model/cloud_init.h"

static const struct phx_guest *find(struct phx_cli *cli, const char *address)
{
	struct phx_map_entry *e = phx_map_find(&cli->graph->by_address, phx_str_c(address));
	const struct phx_resource *r = e ? e->ptr : NULL;
	PHX_VEC(struct phx_str) names = {0};
	struct phx_str near;

	if (r && r->kind == PHX_KIND_VM)
		return (const struct phx_guest *)(const void *)r;
	if (r)
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`--cloud-init %s`: only a VM has cloud-init data",
			    address);
	else
		phx_err_set(&cli->err, PHX_ERR_USAGE,
			    "`--cloud-init %s`: the configuration has no such resource", address);
	for (uint32_t i = 0; i < cli->graph->guests.n; i++)
		if (cli->graph->guests.v[i]->is_vm)
			phx_vec_push(cli->arena, &names, cli->graph->guests.v[i]->r.address);
	near = phx_str_nearest(phx_str_c(address), names.v, names.n);
	if (near.len && !r)
		phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	return NULL;
}

static void option(struct phx_buf *out, const char *key, struct phx_str value)
{
	if (value.len)
		phx_buf_printf(out, "  %-12s  " PHX_STR_FMT "\n", key, PHX_STR_ARG(value));
}

static void ip(struct phx_buf *out, const char *key, const struct phx_ip *address, const char *word)
{
	phx_buf_printf(out, "%s%s=%s", out->len ? "," : "", key, word);
	if (!word[0])
		phx_ip_text(address, phx_str_starts(phx_str_c(key), "ip"), out);
}

static void addresses(const struct phx_guest *g, struct phx_buf *out)
{
	for (uint32_t i = 0; i < g->nics.n; i++) {
		const struct phx_nic *nic = &g->nics.v[i];
		struct phx_buf text = {0};
		char name[32];

		if (nic->has_ip)
			ip(&text, "ip", &nic->ip, nic->dhcp ? "dhcp" : "");
		if (nic->gw.family)
			ip(&text, "gw", &nic->gw, "");
		if (nic->has_ip6)
			ip(&text, "ip6", &nic->ip6, nic->dhcp6 ? "dhcp" : nic->auto6 ? "auto" : "");
		if (nic->gw6.family)
			ip(&text, "gw6", &nic->gw6, "");
		(void)snprintf(name, sizeof(name), "ipconfig%u", nic->index);
		option(out, name, phx_buf_view(&text));
		phx_buf_done(&text);
	}
}

static void by_options(const struct phx_guest *g, struct phx_buf *out)
{
	static const char *const shown[] = {"ciuser", "ciupgrade", "nameserver", "searchdomain", "cicustom"};
	size_t before;

	phx_buf_c(out, "By the API's own options:\n");
	before = out->len;
	for (size_t k = 0; k < PHX_COUNTOF(shown); k++)
		for (uint32_t i = 0; i < g->settings.n; i++)
			if (!g->settings.v[i].unset && phx_str_eqc(g->settings.v[i].key, shown[k]))
				option(out, shown[k], g->settings.v[i].value);
	if (!phx_ci_whole(g) && g->ci.users.n) {
		const struct phx_ci_user *u = &g->ci.users.v[0];

		for (uint32_t i = 0; i < u->keys.n; i++)
			option(out, i ? "" : "sshkeys", u->keys.v[i]);
		option(out, "cipassword", u->password.len ? PHX_STR("(secret)") : PHX_STR(""));
	}
	if (!g->ci.data[PHX_CI_NETWORK].declared)
		addresses(g, out);
	if (out->len == before)
		phx_buf_c(out, "  none\n");
}

static void documents(struct phx_cli *cli, const struct phx_guest *g, struct phx_buf *out)
{
	static const char *const heads[] = {
		"User data, a snippet that takes the place of what Proxmox makes of its options",
		"Network data, a snippet that takes the place of what Proxmox makes of its options",
		"Vendor data, a snippet",
	};
	struct phx_ci_context c = {
		.stack = cli->graph->stack, .id = g->id, .agent = g->agent && (phx_ci_whole(g) || g->image)};
	struct phx_ci_text docs[PHX_CI_COUNT];

	for (uint32_t i = 0; i < g->ci.users.n; i++)
		if (g->ci.users.v[i].password.len)
			phx_secrets_add(&cli->secrets,
					phx_ci_password(cli->arena, c.stack, c.id, g->ci.users.v[i].name,
							g->ci.users.v[i].password));
	phx_ci_render(g, &c, cli->arena, docs);
	for (int i = 0; i < PHX_CI_COUNT; i++) {
		struct phx_str text = docs[i].text;

		if (text.len)
			phx_buf_printf(out, "\n%s:\n\n" PHX_STR_FMT "%s", heads[i], PHX_STR_ARG(text),
				       text.ptr[text.len - 1] == '\n' ? "" : "\n");
	}
	if (c.agent && !phx_ci_whole(g) && !docs[PHX_CI_VENDOR].text.len)
		phx_buf_printf(out,
			       "\n%s, the same for all guests; where phx has a host channel:\n\n" PHX_STR_FMT,
			       heads[PHX_CI_VENDOR], PHX_STR_ARG(phx_ci_agent_document(cli->arena)));
}

int phx_cmd_show_cloud_init(struct phx_cli *cli, const char *address)
{
	struct phx_buf text = {0}, safe = {0};
	const struct phx_guest *g;

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	g = find(cli, address);
	if (!g)
		return phx_cli_fail(cli);
	if (!g->cloud_init) {
		phx_buf_printf(&text,
			       PHX_STR_FMT
			       " has no cloud-init drive: nothing is declared that would need one\n",
			       PHX_STR_ARG(g->r.address));
	} else {
		by_options(g, &text);
		documents(cli, g, &text);
	}
	phx_buf_printable(&safe, phx_buf_view(&text));
	phx_cli_print(cli, &safe);
	if (text.ptr)
		explicit_bzero(text.ptr, text.len);
	phx_buf_done(&text);
	phx_buf_done(&safe);
	return PHX_EXIT_OK;
}
