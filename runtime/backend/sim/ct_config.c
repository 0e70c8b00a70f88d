/* …/lxc: list, index, config, pending, interfaces. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/handlers.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"

void phx_sim_ct_list(struct phx_sim_request *r)
{
	json_t *out = json_array(), *g;
	const char *id;

	json_object_foreach(phx_sim_all(r->sim, "guest"), id, g)
	{
		if (!phx_sim_guest_is_vm(g) && strcmp(phx_sim_guest_node(g), phx_sim_node(r)) == 0 &&
		    phx_sim_may(r, phx_sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
			json_array_append_new(out, phx_sim_guest_status(r->sim, g));
	}
	phx_sim_ok(r, out);
}

static void index_(struct phx_sim_request *r)
{
	if (phx_sim_guest_of(r, "lxc") != NULL)
		phx_sim_ok(r, phx_sim_index("subdir", "config pending status vncproxy termproxy vncwebsocket "
						      "spiceproxy migrate clone rrd rrddata firewall "
						      "snapshot resize interfaces"));
}

static void config_get(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (g != NULL)
		phx_sim_config_get(r, g);
}

static void pending_get(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");

	if (g != NULL)
		phx_sim_pending_get(r, g);
}

/* ---- update ---- */

struct update {
	struct phx_sim_request *r;
	json_t *g, *conf, *pend, *set, *del;
};

static bool read_only(struct phx_sim_request *r, const char *key)
{
	static const char *const fixed[] = {"unprivileged", "arch"};

	for (size_t i = 0; i < PHX_COUNTOF(fixed); i++)
		if (strcmp(fixed[i], key) == 0) {
			phx_sim_fail(r, 500, "unable to modify read-only option: '%s'", key);
			return true;
		}
	return false;
}

static bool check_deletes(struct update *u)
{
	const char *key;
	json_t *v;

	json_object_foreach(u->del, key, v)
	{
		if (json_object_get(u->set, key) != NULL) {
			phx_sim_fail_param(u->r, "delete",
					   "you can't use '-%s' and -delete %s' at the same time", key, key);
			return false;
		}
		if (phx_sim_guest_option(u->r->sim, "lxc", key) == NULL) {
			phx_sim_fail_param(u->r, "delete", "unknown option '%s'", key);
			return false;
		}
		if (!phx_sim_ct_may_set(u->r, phx_sim_guest_id(u->g),
					phx_sim_conf_int(u->g, "unprivileged", 0) != 0, key, NULL, false))
			return false;
		if (strcmp(key, "rootfs") == 0 || strcmp(key, "hostname") == 0 ||
		    strcmp(key, "memory") == 0 || strcmp(key, "swap") == 0 || strcmp(key, "ostype") == 0) {
			if (strcmp(key, "rootfs") == 0) {
				phx_sim_fail(u->r, 500, "unable to delete required option '%s'", key);
				return false;
			}
		}
	}
	return true;
}

static bool check_sets(struct update *u)
{
	bool unprivileged = phx_sim_conf_int(u->g, "unprivileged", 0) != 0;
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v)
	{
		if (!phx_sim_ct_may_set(u->r, phx_sim_guest_id(u->g), unprivileged, key, json_string_value(v),
					false) ||
		    !phx_sim_ct_mount_allowed(u->r, key, json_string_value(v)) || read_only(u->r, key))
			return false;
	}
	return true;
}

static bool take(struct update *u)
{
	static const char *const steering[] = {"node", "vmid", "digest", "delete", "revert"};
	struct phx_str rest = phx_str_c(phx_sim_p(u->r, "delete")), one;
	const char *key;
	json_t *v;

	u->set = json_object();
	u->del = json_object();
	json_object_foreach(u->r->p, key, v)
	{
		struct phx_buf text = {0};
		bool skip = false;

		for (size_t i = 0; i < PHX_COUNTOF(steering); i++)
			skip = skip || strcmp(steering[i], key) == 0;
		if (!skip && phx_json_text(v, &text))
			json_object_set_new(u->set, key,
					    json_stringn_nocheck(text.ptr != NULL ? text.ptr : "", text.len));
		phx_buf_done(&text);
	}
	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_trim(one).len > 0)
			json_object_setn_new(u->del, phx_str_trim(one).ptr, phx_str_trim(one).len,
					     json_true());
	if (json_object_size(u->set) == 0 && phx_sim_p(u->r, "delete") == NULL &&
	    phx_sim_p(u->r, "revert") == NULL) {
		phx_sim_fail(u->r, 500, "no options specified");
		return false;
	}
	return true;
}

/* A mount leaves: its volume becomes unused. */
static void detach(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key, const char *new_text)
{
	struct phx_sim_drive old, now;
	const char *slot;

	if (!phx_sim_ct_is_mount(key) ||
	    !phx_sim_drive_parse(s, a, "lxc", key, phx_sim_conf_get(g, key), &old) ||
	    phx_sim_volid_owner(old.volume) != phx_sim_guest_id(g))
		return;
	if (new_text != NULL && phx_sim_drive_parse(s, a, "lxc", key, new_text, &now) &&
	    strcmp(now.volume, old.volume) == 0)
		return;
	slot = phx_sim_unused_slot(a, phx_sim_conf(g));
	phx_sim_set(phx_sim_conf(g), slot, old.volume);
}

static void apply_key(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key)
{
	json_t *pend = json_object_get(g, "pend");
	const char *text = phx_sim_s(pend, key), **keys;
	struct phx_sim_drive d;

	text = text != NULL ? phx_sim_fmt(a, "%s", text) : NULL; /* the pending entry goes */
	detach(s, a, g, key, text);
	phx_sim_set(phx_sim_conf(g), key, text);
	json_object_del(pend, key);
	if (text == NULL || !phx_sim_ct_is_mount(key) || !phx_sim_drive_parse(s, a, "lxc", key, text, &d))
		return;
	keys = phx_sim_sorted_keys(a, phx_sim_conf(g));
	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_starts(keys[i], "unused") &&
		    strcmp(phx_sim_so(phx_sim_conf(g), keys[i], ""), d.volume) == 0)
			json_object_del(phx_sim_conf(g), keys[i]);
}

void phx_sim_ct_apply_pending(struct phx_sim *s, json_t *g)
{
	struct phx_arena a = {0};
	const char **keys = phx_sim_sorted_keys(&a, json_object_get(g, "pend"));

	for (size_t i = 0; keys[i] != NULL; i++)
		apply_key(s, &a, g, keys[i]);
	if (keys[0] != NULL)
		phx_sim_guest_dirty(s, g);
	phx_arena_done(&a);
}

static bool delete_unused(struct update *u, const char *key)
{
	struct phx_buf why = {0};
	struct phx_sim_drive d;
	bool ok = true;

	if (phx_sim_drive_parse(u->r->sim, &u->r->arena, "lxc", key, phx_sim_s(u->conf, key), &d)) {
		if (phx_sim_volume_in_snapshot(u->r->sim, u->g, d.volume)) {
			phx_sim_fail(u->r, 500, "unable to delete '%s' - volume is still in use (snapshot?)",
				     d.volume);
			return false;
		}
		ok = phx_sim_vol_free(u->r->sim, phx_sim_node(u->r), d.volume, &why);
		if (!ok)
			phx_sim_fail(u->r, 500, "%s", why.ptr);
	}
	phx_buf_done(&why);
	if (ok)
		json_object_del(u->conf, key);
	return ok;
}

static bool apply_deletes(struct update *u)
{
	const char *key;
	json_t *v;

	json_object_foreach(u->del, key, v)
	{
		if (phx_sim_starts(key, "unused")) {
			if (!delete_unused(u, key))
				return false;
		} else if (json_object_get(u->conf, key) != NULL) {
			if (phx_sim_starts(key, "mp") && phx_sim_conf_int(u->g, "protection", 0) != 0) {
				phx_sim_fail(u->r, 500, "can't remove drive '%s' - protection mode enabled",
					     key);
				return false;
			}
			json_object_set_new(u->pend, key, json_null());
		} else {
			json_object_del(u->pend, key);
		}
	}
	return true;
}

static bool apply_sets(struct update *u)
{
	struct phx_buf why = {0};
	struct phx_sim_vm_make m = {.sim = u->r->sim,
				    .a = &u->r->arena,
				    .node = phx_sim_node(u->r),
				    .vmid = phx_sim_guest_id(u->g),
				    .why = &why};
	const char **keys = phx_sim_sorted_keys(&u->r->arena, u->set);
	bool ok = true;

	for (size_t i = 0; ok && keys[i] != NULL; i++) {
		const char *text = phx_sim_so(u->set, keys[i], "");

		text = phx_sim_ct_is_mount(keys[i])
			       ? phx_sim_ct_make_mount(&m, keys[i], text, NULL)
			       : phx_sim_ct_stored(u->r->sim, &u->r->arena, keys[i], text, false);
		ok = text != NULL;
		if (!ok)
			phx_sim_fail(u->r, 500, "%s", why.ptr);
		else if (strcmp(keys[i], "description") == 0 && text[0] == 0)
			json_object_set_new(u->pend, keys[i], json_null());
		else
			json_object_set_new(u->pend, keys[i], json_string_nocheck(text));
	}
	phx_buf_done(&why);
	return ok;
}

/* Running: what is live comes into force, the rest pends. */
static bool apply_live(struct update *u)
{
	const char **keys = phx_sim_sorted_keys(&u->r->arena, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const struct phx_option *o = phx_sim_guest_option(u->r->sim, "lxc", keys[i]);

		if (phx_sim_starts(keys[i], "net") && json_object_get(u->conf, keys[i]) == NULL &&
		    !phx_json_bool(phx_sim_guest_os(u->r->sim, u->g), "hotplug", true)) {
			phx_sim_fail_param(
				u->r, keys[i],
				"unable to hotplug %s: command 'lxc-device -n %lld add veth%lldi%sp "
				"eth%s' failed: exit code 1\n",
				keys[i], (long long)phx_sim_guest_id(u->g), (long long)phx_sim_guest_id(u->g),
				keys[i] + 3, keys[i] + 3);
			json_object_del(u->pend, keys[i]);
			return false;
		}
		if (o == NULL || o->impact == PHX_IMPACT_LIVE || o->impact == PHX_IMPACT_HOTPLUG)
			apply_key(u->r->sim, &u->r->arena, u->g, keys[i]);
	}
	return true;
}

static void drop_same(struct update *u)
{
	const char **keys = phx_sim_sorted_keys(&u->r->arena, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const char *now = phx_sim_s(u->conf, keys[i]), *then = phx_sim_s(u->pend, keys[i]);

		if ((now == NULL) == (then == NULL) && (now == NULL || strcmp(now, then) == 0))
			json_object_del(u->pend, keys[i]);
	}
}

static void revert(struct update *u)
{
	struct phx_str rest = phx_str_c(phx_sim_p(u->r, "revert")), one;

	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(u->pend, phx_str_trim(one).ptr, phx_str_trim(one).len);
}

static void config_put(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc");
	struct update u = {.r = r, .g = g};

	if (g == NULL)
		return;
	u.conf = phx_sim_conf(g);
	u.pend = json_object_get(g, "pend");
	if (!take(&u) || !check_deletes(&u) || !phx_sim_guest_lock(r, g) ||
	    !phx_sim_digest_fits_text(r, phx_sim_guest_digest(&r->arena, g)))
		goto out;
	/* Permissions come before the lock's text in 425 and 429, after it in 427. */
	if (!check_sets(&u) || !phx_sim_guest_unlocked(r, g))
		goto out;
	revert(&u);
	if (!apply_deletes(&u) || !apply_sets(&u))
		goto out;
	drop_same(&u);
	if (!phx_sim_guest_running(g))
		phx_sim_ct_apply_pending(r->sim, g);
	else if (!apply_live(&u))
		goto out;
	phx_sim_ok(r, NULL);
out:
	phx_sim_guest_dirty(r->sim, g);
	json_decref(u.set);
	json_decref(u.del);
}

/* ---- interfaces of a running container ---- */

static void add_address(json_t *o, const char *inet, const char *type, const char *address,
			const char *prefix)
{
	phx_sim_set(o, strcmp(type, "inet") == 0 ? "inet" : "inet6", inet);
	json_array_append_new(json_object_get(o, "ip-addresses"),
			      json_pack("{s:s, s:s, s:s}", "ip-address", address, "ip-address-type", type,
					"prefix", prefix));
}

static json_t *interface(const char *name, const char *mac)
{
	return json_pack("{s:s, s:s, s:s, s:[]}", "name", name, "hwaddr", mac, "hardware-address", mac,
			 "ip-addresses");
}

/* The address that the kernel gives itself, out of the MAC. */
static const char *link_local(struct phx_arena *a, const char *mac)
{
	unsigned b[6] = {0};

	if (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6)
		return "fe80::1";
	return phx_sim_fmt(a, "fe80::%x:%xff:fe%02x:%x", (b[0] ^ 2) << 8 | b[1], b[2], b[3],
			   b[4] << 8 | b[5]);
}

/* In the recorded lab nobody answers a DHCP request (500): its seed says so. */
static bool asks_dhcp(struct phx_sim_request *r, const char *net)
{
	const char *ip = phx_sim_prop(&r->arena, net, "ip");
	const json_t *dhcp = phx_sim_get(r->sim, "meta", "dhcp");

	return ip != NULL && strcmp(ip, "dhcp") == 0 && !json_is_false(dhcp);
}

static void leased(struct phx_sim_request *r, const json_t *g, struct phx_sim_net_facts *f)
{
	f->ip = phx_sim_dhcp_address(r, phx_sim_guest_id(g));
	f->address = phx_sim_fmt(&r->arena, "%.*s", (int)strcspn(f->ip, "/"), f->ip);
	f->prefix = "16";
}

static json_t *interface_of(struct phx_sim_request *r, const json_t *g, const char *net)
{
	struct phx_sim_net_facts f;
	const char *local;
	json_t *o;

	phx_sim_net_parse(&r->arena, net, &f);
	o = interface(f.name != NULL ? f.name : "eth0", f.mac);
	if (f.ip == NULL && asks_dhcp(r, net))
		leased(r, g, &f);
	if (f.ip == NULL)
		return o;
	local = link_local(&r->arena, f.mac);
	add_address(o, f.ip, "inet", f.address, f.prefix);
	add_address(o, phx_sim_fmt(&r->arena, "%s/64", local), "inet6", local, "64");
	return o;
}

static json_t *bare_interface(struct phx_sim_request *r, const char *net)
{
	struct phx_sim_net_facts f;

	phx_sim_net_parse(&r->arena, net, &f);
	return interface(f.name != NULL ? f.name : "eth0", f.mac);
}

/* Nothing configures the network of some systems; the seed says which (444). */
static void interfaces(struct phx_sim_request *r)
{
	json_t *g = phx_sim_guest_of(r, "lxc"), *out, *lo, *v;
	const char *key;
	bool configured;

	if (g == NULL)
		return;
	if (!phx_sim_guest_running(g)) {
		phx_sim_ok(r, NULL);
		return;
	}
	configured = phx_json_bool(phx_sim_guest_os(r->sim, g), "network", true) &&
		     phx_sim_now(r->sim) >= phx_json_int(json_object_get(g, "run"), "up_at", 0);
	out = json_array();
	lo = interface("lo", "00:00:00:00:00:00");
	if (configured) {
		add_address(lo, "127.0.0.1/8", "inet", "127.0.0.1", "8");
		add_address(lo, "::1/128", "inet6", "::1", "128");
	}
	json_array_append_new(out, lo);
	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_starts(key, "net"))
			json_array_append_new(out, configured ? interface_of(r, g, json_string_value(v))
							      : bare_interface(r, json_string_value(v)));
	}
	phx_sim_ok(r, out);
}

const struct phx_sim_route phx_sim_routes_lxc[] = {
	{"GET", "/nodes/{node}/lxc", phx_sim_ct_list},
	{"POST", "/nodes/{node}/lxc", phx_sim_ct_create},
	{"GET", "/nodes/{node}/lxc/{vmid}", index_},
	{"DELETE", "/nodes/{node}/lxc/{vmid}", phx_sim_ct_destroy},
	{"GET", "/nodes/{node}/lxc/{vmid}/config", config_get},
	{"PUT", "/nodes/{node}/lxc/{vmid}/config", config_put},
	{"GET", "/nodes/{node}/lxc/{vmid}/pending", pending_get},
	{"GET", "/nodes/{node}/lxc/{vmid}/interfaces", interfaces},
	{"POST", "/nodes/{node}/lxc/{vmid}/clone", phx_sim_ct_clone},
	{"POST", "/nodes/{node}/lxc/{vmid}/template", phx_sim_ct_template},
	{0}};
