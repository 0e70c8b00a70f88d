/* …/qemu/{vmid}/cloudinit: what pends, regenerating the drive, and the generated files (069-072, 370, 793). */
#include <string.h>

#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"

static const char *const options[] = {"cicustom",   "cipassword",   "citype",  "ciuser", "ciupgrade",
				      "nameserver", "searchdomain", "sshkeys", NULL};

static bool is_option(const char *key)
{
	for (size_t i = 0; options[i] != NULL; i++)
		if (strcmp(options[i], key) == 0)
			return true;
	return false;
}

/* What the drive holds is what was set when it was made, at the last start or regeneration (370). */
static json_t *option_state(struct phx_sim_request *r, json_t *g, const json_t *now, const char *key)
{
	json_t *drive = json_object_get(g, "ci"), *o = json_pack("{s:s}", "key", key);
	const char *then = drive != NULL ? phx_sim_s(drive, key) : phx_sim_s(now, key),
		   *wish = phx_sim_s(now, key);

	if (then != NULL)
		json_object_set_new(o, "value", phx_sim_conf_value(r->sim, "qemu", key, then));
	if (wish != NULL && (then == NULL || strcmp(wish, then) != 0))
		json_object_set_new(o, "pending", phx_sim_conf_value(r->sim, "qemu", key, wish));
	else if (wish == NULL && then != NULL)
		phx_sim_set_int(o, "delete", 1);
	return o;
}

void phx_sim_cloudinit_get(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *out, *now;

	if (g == NULL)
		return;
	out = json_array();
	now = phx_sim_conf_pending(g);
	for (size_t i = 0; options[i] != NULL; i++) {
		json_t *o = option_state(r, g, now, options[i]);

		if (json_object_size(o) > 1)
			json_array_append(out, o);
		json_decref(o);
	}
	json_decref(now);
	phx_sim_ok(r, out);
}

void phx_sim_cloudinit_remember(struct phx_sim *s, json_t *g)
{
	json_t *drive = json_object(), *v;
	const char *key;

	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (is_option(key) || phx_sim_starts(key, "ipconfig"))
			json_object_set(drive, key, v);
	}
	json_object_set_new(g, "ci", drive);
	phx_sim_guest_dirty(s, g);
}

void phx_sim_cloudinit_put(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu");

	if (g == NULL || !phx_sim_guest_lock(r, g) || !phx_sim_guest_unlocked(r, g))
		return;
	phx_sim_cloudinit_remember(r->sim, g);
	phx_sim_ok(r, NULL);
}

/* ---- the files ---- */

static void each_word(struct phx_buf *out, const char *list, const char *before, const char *after)
{
	struct phx_str rest = phx_str_c(list);
	size_t at = 0;

	while (at < rest.len) {
		size_t end = at;

		while (end < rest.len && strchr(" ,;\n", rest.ptr[end]) == NULL)
			end++;
		if (end > at)
			phx_buf_printf(out, "%s%.*s%s", before, (int)(end - at), rest.ptr + at, after);
		at = end + 1;
	}
}

static void user_file(struct phx_sim_request *r, json_t *conf, json_t *g, struct phx_buf *out)
{
	const char *name =
		phx_sim_so(conf, "name", phx_sim_fmt(&r->arena, "VM%lld", (long long)phx_sim_guest_id(g)));
	const char *domain = phx_sim_s(conf, "searchdomain"), *keys = phx_sim_s(conf, "sshkeys");
	struct phx_buf plain = {0};
	struct phx_str rest, line;

	phx_buf_printf(out, "#cloud-config\nhostname: %s\nmanage_etc_hosts: true\n", name);
	if (strchr(name, '.') != NULL || domain == NULL)
		phx_buf_printf(out, "fqdn: %s\n", name);
	else
		phx_buf_printf(out, "fqdn: %s.%s\n", name, domain);
	if (phx_sim_s(conf, "ciuser") != NULL)
		phx_buf_printf(out, "user: %s\n", phx_sim_s(conf, "ciuser"));
	if (phx_sim_s(conf, "cipassword") != NULL)
		phx_buf_printf(out, "password: %s\n", phx_sim_s(conf, "cipassword"));
	if (keys != NULL) {
		phx_buf_c(out, "ssh_authorized_keys:\n");
		phx_buf_unpercent(&plain, phx_str_c(keys));
		rest = phx_buf_view(&plain);
		while (phx_str_cut(&rest, '\n', &line))
			if (line.len > 0)
				phx_buf_printf(out, "  - " PHX_STR_FMT "\n", PHX_STR_ARG(line));
		phx_buf_done(&plain);
	}
	phx_buf_c(out, "chpasswd:\n  expire: False\n");
	if (phx_sim_s(conf, "ciuser") == NULL || strcmp(phx_sim_s(conf, "ciuser"), "root") != 0)
		phx_buf_c(out, "users:\n  - default\n");
	phx_buf_printf(out, "package_upgrade: %s\n",
		       strcmp(phx_sim_so(conf, "ciupgrade", "1"), "0") == 0 ? "false" : "true");
}

static const char *part(struct phx_arena *a, const char *prop, const char *key)
{
	struct phx_str rest = phx_str_c(prop), one, name;

	while (phx_str_cut(&rest, ',', &one)) {
		(void)phx_str_cut(&one, '=', &name);
		if (phx_str_eqc(name, key))
			return phx_sim_fmt(a, PHX_STR_FMT, PHX_STR_ARG(one));
	}
	return NULL;
}

static void subnet(struct phx_sim_request *r, const char *ipconfig, struct phx_buf *out)
{
	const char *ip = part(&r->arena, ipconfig, "ip"), *gw = part(&r->arena, ipconfig, "gw"), *slash;
	uint64_t bits = 0;
	uint32_t mask;

	if (ip == NULL)
		return;
	if (strcmp(ip, "dhcp") == 0) {
		phx_buf_c(out, "      - type: dhcp4\n");
		return;
	}
	slash = strchr(ip, '/');
	if (slash == NULL || !phx_parse_u64(phx_str_c(slash + 1), &bits) || bits > 32)
		return;
	mask = bits == 0 ? 0 : 0xffffffffu << (32 - bits);
	phx_buf_printf(out, "      - type: static\n        address: '%.*s'\n        netmask: '%u.%u.%u.%u'\n",
		       (int)(slash - ip), ip, mask >> 24, (mask >> 16) & 255, (mask >> 8) & 255, mask & 255);
	if (gw != NULL)
		phx_buf_printf(out, "        gateway: '%s'\n", gw);
}

static const char *mac_of(struct phx_sim_request *r, const char *net)
{
	const char *eq = strchr(net, '=');
	char *mac;

	if (eq == NULL || strlen(eq) < 18)
		return "";
	mac = PHX_NEW_N(&r->arena, char, 18);
	for (size_t i = 0; i < 17; i++)
		mac[i] = (char)(eq[1 + i] >= 'A' && eq[1 + i] <= 'F' ? eq[1 + i] + 32 : eq[1 + i]);
	return mac;
}

static void network_file(struct phx_sim_request *r, json_t *conf, struct phx_buf *out)
{
	const char *dns = phx_sim_s(conf, "nameserver"), *domain = phx_sim_s(conf, "searchdomain");

	phx_buf_c(out, "version: 1\nconfig:\n");
	for (int i = 0; i < 32; i++) {
		const char *ip = phx_sim_s(conf, phx_sim_fmt(&r->arena, "ipconfig%d", i)),
			   *net = phx_sim_s(conf, phx_sim_fmt(&r->arena, "net%d", i));

		if (ip == NULL || net == NULL)
			continue;
		phx_buf_printf(
			out,
			"    - type: physical\n      name: eth%d\n      mac_address: '%s'\n      subnets:\n",
			i, mac_of(r, net));
		subnet(r, ip, out);
	}
	if (dns != NULL || domain != NULL) {
		phx_buf_c(out, "    - type: nameserver\n");
		if (dns != NULL)
			phx_buf_c(out, "      address:\n");
		each_word(out, dns, "      - '", "'\n");
		if (domain != NULL)
			phx_buf_c(out, "      search:\n");
		each_word(out, domain, "      - '", "'\n");
	}
}

void phx_sim_cloudinit_dump(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "qemu"), *conf;
	const char *type = phx_sim_p(r, "type");
	struct phx_buf out = {0}, both = {0};

	if (g == NULL)
		return;
	conf = phx_sim_conf_pending(g);
	if (strcmp(type, "user") == 0) {
		user_file(r, conf, g, &out);
	} else if (strcmp(type, "network") == 0) {
		network_file(r, conf, &out);
	} else {
		user_file(r, conf, g, &both);
		network_file(r, conf, &both);
		phx_buf_printf(&out, "instance-id: %s\n", phx_sim_sha1(&r->arena, both.ptr, both.len));
	}
	json_decref(conf);
	phx_sim_ok(r, json_stringn_nocheck(out.ptr, out.len));
	phx_buf_done(&out);
	phx_buf_done(&both);
}
