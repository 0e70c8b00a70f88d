#include "model/cloud_init.h"

#include <string.h>

#include "base/yaml.h"
#include "model/cloud_init_priv.h"

const char *phx_ci_doc_name(enum phx_ci_doc d)
{
	static const char *const names[] = {"user", "network", "vendor"};

	return names[d];
}

bool phx_ci_whole(const struct phx_guest *g)
{
	if (g->ci.users.n > 1 || g->ci.data[PHX_CI_USER].declared)
		return true;
	for (uint32_t i = 0; i < g->ci.users.n; i++)
		if (g->ci.users.v[i].sudo_declared)
			return true;
	return false;
}

struct phx_str phx_ci_password(struct phx_arena *a, struct phx_str stack, uint64_t id, struct phx_str user,
			       struct phx_str password)
{
	if (phx_is_crypt_hash(password))
		return password;
	return phx_crypt_sha512(a,
				phx_str_printf(a, "phx/" PHX_STR_FMT "/%llu/" PHX_STR_FMT, PHX_STR_ARG(stack),
					       (unsigned long long)id, PHX_STR_ARG(user)),
				password);
}

/* --- the agent --- */

/* Does nothing where the image brings it, so that a guest without a way to any mirror boots without an error. That is why it is a
 * command, and not `packages`: cloud-init fetches the package lists first, whether anything is missing or not. */
static const char agent_script[] =
	"(\n"
	"if ! command -v qemu-ga >/dev/null 2>&1; then\n"
	"  if command -v apt-get >/dev/null 2>&1; then\n"
	"    export DEBIAN_FRONTEND=noninteractive\n"
	"    apt-get -o DPkg::Lock::Timeout=300 update\n"
	"    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends qemu-guest-agent\n"
	"  elif command -v dnf >/dev/null 2>&1; then dnf -y install qemu-guest-agent\n"
	"  elif command -v zypper >/dev/null 2>&1; then zypper --non-interactive install qemu-guest-agent\n"
	"  elif command -v apk >/dev/null 2>&1; then apk add qemu-guest-agent\n"
	"  elif command -v pacman >/dev/null 2>&1; then pacman -Sy --noconfirm qemu-guest-agent\n"
	"  fi\n"
	"fi\n"
	"if command -v systemctl >/dev/null 2>&1; then\n"
	"  systemctl enable qemu-guest-agent 2>/dev/null\n"
	"  systemctl start qemu-guest-agent\n"
	"else\n"
	"  rc-update add qemu-guest-agent; rc-service qemu-guest-agent start\n"
	"fi\n"
	")\n";

static struct phx_yaml *agent_part(struct phx_arena *a)
{
	struct phx_yaml *map = phx_yaml_map(a), *list = phx_yaml_list(a);

	phx_yaml_push(a, list, phx_yaml_text(a, PHX_STR(agent_script)));
	phx_yaml_set(a, map, "runcmd", list);
	return map;
}

static struct phx_str config_text(struct phx_arena *a, const struct phx_yaml *map)
{
	struct phx_buf text = {0};
	struct phx_str out;

	phx_buf_c(&text, "#cloud-config\n");
	phx_yaml_print(map, &text);
	out = phx_str_dup(a, phx_buf_view(&text));
	explicit_bzero(text.ptr, text.len);
	phx_buf_done(&text);
	return out;
}

struct phx_str phx_ci_agent_document(struct phx_arena *a)
{
	return config_text(a, agent_part(a));
}

/* --- the user document --- */

#define SUDO_ALL "ALL=(ALL) NOPASSWD:ALL"

static struct phx_yaml *user(const struct phx_ci_context *c, struct phx_arena *a, const struct phx_ci_user *u)
{
	struct phx_yaml *map = phx_yaml_map(a), *keys = phx_yaml_list(a);

	phx_yaml_set(a, map, "name", phx_yaml_text(a, u->name));
	phx_yaml_set(a, map, "shell", phx_yaml_text(a, PHX_STR("/bin/bash")));
	phx_yaml_set(a, map, "lock_passwd", phx_yaml_bool(a, u->password.len == 0));
	if (u->password.len)
		phx_yaml_set(a, map, "passwd",
			     phx_yaml_text(a, phx_ci_password(a, c->stack, c->id, u->name, u->password)));
	for (uint32_t i = 0; i < u->keys.n; i++)
		phx_yaml_push(a, keys, phx_yaml_text(a, u->keys.v[i]));
	if (u->keys.n)
		phx_yaml_set(a, map, "ssh_authorized_keys", keys);
	/* Where nothing is said, the rule that cloud images give their own user. */
	if (!u->sudo_declared)
		phx_yaml_set(a, map, "sudo", phx_yaml_text(a, PHX_STR(SUDO_ALL)));
	else if (u->sudo.len)
		phx_yaml_set(a, map, "sudo", phx_yaml_text(a, u->sudo));
	return map;
}

static struct phx_str search_domain(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, "searchdomain") && !g->settings.v[i].unset)
			return g->settings.v[i].value;
	return PHX_STR("");
}

static struct phx_str full_name(const struct phx_guest *g, struct phx_arena *a)
{
	struct phx_str domain = search_domain(g);

	if (!domain.len || phx_str_chr(g->host_name, '.') >= 0)
		return g->host_name;
	return phx_str_printf(a, PHX_STR_FMT "." PHX_STR_FMT, PHX_STR_ARG(g->host_name), PHX_STR_ARG(domain));
}

/* What Proxmox's own document would say, for it is replaced; logins by password are off. */
static struct phx_yaml *user_base(const struct phx_guest *g, const struct phx_ci_context *c,
				  struct phx_arena *a, const struct phx_yaml *template)
{
	struct phx_yaml *map = phx_yaml_map(a), *users = phx_yaml_list(a);

	phx_yaml_set(a, map, "hostname", phx_yaml_text(a, g->host_name));
	phx_yaml_set(a, map, "fqdn", phx_yaml_text(a, full_name(g, a)));
	phx_yaml_set(a, map, "manage_etc_hosts", phx_yaml_bool(a, true));
	phx_yaml_set(a, map, "ssh_pwauth", phx_yaml_bool(a, false));
	phx_yaml_set(a, map, "package_upgrade", phx_yaml_bool(a, !g->ci.upgrade_declared || g->ci.upgrade));
	for (uint32_t i = 0; i < g->ci.users.n; i++)
		phx_yaml_push(a, users, user(c, a, &g->ci.users.v[i]));
	if (!g->ci.users.n)
		phx_yaml_push(a, users, phx_yaml_text(a, PHX_STR("default")));
	if (g->ci.users.n || !phx_yaml_get(template, "users"))
		phx_yaml_set(a, map, "users", users);
	return c->agent ? phx_yaml_merge(a, map, agent_part(a)) : map;
}

/* --- several parts --- */

static void part(struct phx_buf *out, struct phx_str boundary, const char *type, struct phx_str text)
{
	phx_buf_printf(out,
		       "--" PHX_STR_FMT
		       "\nContent-Type: %s; charset=\"utf-8\"\nMIME-Version: 1.0\n\n" PHX_STR_FMT "\n",
		       PHX_STR_ARG(boundary), type, PHX_STR_ARG(text));
}

/* A script or the like cannot be merged: cloud-init takes both as parts of one message. */
static struct phx_str in_parts(struct phx_arena *a, struct phx_str config, struct phx_str data)
{
	struct phx_str sum = phx_sha256_hex(a, data), boundary, out;
	struct phx_buf text = {0};

	boundary = phx_str_printf(a, "phx-%.16s", sum.ptr);
	phx_buf_printf(&text,
		       "Content-Type: multipart/mixed; boundary=\"" PHX_STR_FMT "\"\nMIME-Version: 1.0\n\n",
		       PHX_STR_ARG(boundary));
	part(&text, boundary, "text/cloud-config", config);
	part(&text, boundary, phx_ci_part_type(data), data);
	phx_buf_printf(&text, "--" PHX_STR_FMT "--\n", PHX_STR_ARG(boundary));
	out = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return out;
}

/* --- all of them --- */

static struct phx_yaml *template_of(const struct phx_ci_data *d, struct phx_arena *a)
{
	struct phx_yaml *out = NULL;
	struct phx_err err = {0};

	if (!d->declared || phx_ci_part_type(d->text))
		return NULL;
	if (!phx_yaml_parse(d->text, a, &out, &err))
		PHX_BUG("cloud-init data that was checked does not parse: %s", err.msg.ptr);
	phx_err_done(&err);
	return out;
}

static struct phx_str with_data(struct phx_arena *a, const struct phx_ci_data *d, struct phx_yaml *base,
				struct phx_yaml *template)
{
	if (d->declared && phx_ci_part_type(d->text))
		return base ? in_parts(a, config_text(a, base), d->text) : d->text;
	return config_text(a, phx_yaml_merge(a, base, template));
}

static bool any_password(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->ci.users.n; i++)
		if (g->ci.users.v[i].password.len)
			return true;
	return false;
}

void phx_ci_render(const struct phx_guest *g, const struct phx_ci_context *c, struct phx_arena *a,
		   struct phx_ci_text out[PHX_CI_COUNT])
{
	const struct phx_ci_data *user_data = &g->ci.data[PHX_CI_USER],
				 *network = &g->ci.data[PHX_CI_NETWORK], *vendor = &g->ci.data[PHX_CI_VENDOR];
	bool whole = phx_ci_whole(g);

	for (int i = 0; i < PHX_CI_COUNT; i++)
		out[i] = (struct phx_ci_text){0};
	if (whole) {
		struct phx_yaml *template = template_of(user_data, a);

		out[PHX_CI_USER] =
			(struct phx_ci_text){with_data(a, user_data, user_base(g, c, a, template), template),
					     user_data->secret || any_password(g)};
	}
	if (network->declared)
		out[PHX_CI_NETWORK] = (struct phx_ci_text){network->text, network->secret};
	/* `runcmd` of the user document takes the place of the vendor's: then the agent stands there. */
	if (vendor->declared)
		out[PHX_CI_VENDOR] =
			(struct phx_ci_text){with_data(a, vendor, c->agent && !whole ? agent_part(a) : NULL,
						       template_of(vendor, a)),
					     vendor->secret};
}
