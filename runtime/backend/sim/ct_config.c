/* …/lxc: list, index, config, pending, interfaces. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/ct.h"
#include "backend/sim/handlers.h"
#include "backend/sim/power.h"
#include "backend/sim/resources.h"

void sim_ct_list(struct sim_request *r)
{
	json_t *out = json_array(), *g;
	const char *id;

	json_object_foreach(sim_all(r->sim, "guest"), id,
			    g) if (!sim_guest_is_vm(g) && strcmp(sim_guest_node(g), sim_node(r)) == 0 &&
				   sim_may(r, sim_fmt(&r->arena, "/vms/%s", id), "VM.Audit"))
		json_array_append_new(out, sim_guest_status(r->sim, g));
	sim_ok(r, out);
}

static void index_(struct sim_request *r)
{
	if (sim_guest_of(r, "lxc") != NULL)
		sim_ok(r, sim_index("subdir", "config pending status vncproxy termproxy vncwebsocket "
					      "spiceproxy migrate clone rrd rrddata firewall "
					      "snapshot resize interfaces"));
}

static void config_get(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc");

	if (g != NULL)
		sim_config_get(r, g);
}

static void pending_get(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc");

	if (g != NULL)
		sim_pending_get(r, g);
}

/* ---- update ---- */

struct update {
	struct sim_request *r;
	json_t *g, *conf, *pend, *set, *del;
};

static bool read_only(struct sim_request *r, const char *key)
{
	static const char *const fixed[] = {"unprivileged", "arch"};

	for (size_t i = 0; i < PHX_COUNTOF(fixed); i++)
		if (strcmp(fixed[i], key) == 0) {
			sim_fail(r, 500, "unable to modify read-only option: '%s'", key);
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
			sim_fail_param(u->r, "delete", "you can't use '-%s' and -delete %s' at the same time",
				       key, key);
			return false;
		}
		if (sim_guest_option(u->r->sim, "lxc", key) == NULL) {
			sim_fail_param(u->r, "delete", "unknown option '%s'", key);
			return false;
		}
		if (!sim_ct_may_set(u->r, sim_guest_id(u->g), sim_conf_int(u->g, "unprivileged", 0) != 0, key,
				    NULL))
			return false;
		if (strcmp(key, "rootfs") == 0 || strcmp(key, "hostname") == 0 ||
		    strcmp(key, "memory") == 0 || strcmp(key, "swap") == 0 || strcmp(key, "ostype") == 0) {
			if (strcmp(key, "rootfs") == 0) {
				sim_fail(u->r, 500, "unable to delete required option '%s'", key);
				return false;
			}
		}
	}
	return true;
}

static bool check_sets(struct update *u)
{
	bool unprivileged = sim_conf_int(u->g, "unprivileged", 0) != 0;
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v)
	{
		if (!sim_ct_may_set(u->r, sim_guest_id(u->g), unprivileged, key, json_string_value(v)) ||
		    !sim_ct_mount_allowed(u->r, key, json_string_value(v)) || read_only(u->r, key))
			return false;
	}
	return true;
}

static bool take(struct update *u)
{
	static const char *const steering[] = {"node", "vmid", "digest", "delete", "revert"};
	struct phx_str rest = phx_str_c(sim_p(u->r, "delete")), one;
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
	if (json_object_size(u->set) == 0 && sim_p(u->r, "delete") == NULL && sim_p(u->r, "revert") == NULL) {
		sim_fail(u->r, 500, "no options specified");
		return false;
	}
	return true;
}

/* A mount leaves: its volume becomes unused. */
static void detach(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key, const char *new_text)
{
	struct sim_drive old, now;
	const char *slot;

	if (!sim_ct_is_mount(key) || !sim_drive_parse(s, a, "lxc", key, sim_conf_get(g, key), &old) ||
	    sim_volid_owner(old.volume) != sim_guest_id(g))
		return;
	if (new_text != NULL && sim_drive_parse(s, a, "lxc", key, new_text, &now) &&
	    strcmp(now.volume, old.volume) == 0)
		return;
	slot = sim_unused_slot(a, sim_conf(g));
	sim_set(sim_conf(g), slot, old.volume);
}

static void apply_key(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key)
{
	json_t *pend = json_object_get(g, "pend");
	const char *text = sim_s(pend, key), **keys;
	struct sim_drive d;

	text = text != NULL ? sim_fmt(a, "%s", text) : NULL; /* the pending entry goes */
	detach(s, a, g, key, text);
	sim_set(sim_conf(g), key, text);
	json_object_del(pend, key);
	if (text == NULL || !sim_ct_is_mount(key) || !sim_drive_parse(s, a, "lxc", key, text, &d))
		return;
	keys = sim_sorted_keys(a, sim_conf(g));
	for (size_t i = 0; keys[i] != NULL; i++)
		if (sim_starts(keys[i], "unused") && strcmp(sim_so(sim_conf(g), keys[i], ""), d.volume) == 0)
			json_object_del(sim_conf(g), keys[i]);
}

void sim_ct_apply_pending(struct phx_sim *s, json_t *g)
{
	struct phx_arena a = {0};
	const char **keys = sim_sorted_keys(&a, json_object_get(g, "pend"));

	for (size_t i = 0; keys[i] != NULL; i++)
		apply_key(s, &a, g, keys[i]);
	if (keys[0] != NULL)
		sim_guest_dirty(s, g);
	phx_arena_done(&a);
}

static bool delete_unused(struct update *u, const char *key)
{
	struct phx_buf why = {0};
	struct sim_drive d;
	bool ok = true;

	if (sim_drive_parse(u->r->sim, &u->r->arena, "lxc", key, sim_s(u->conf, key), &d)) {
		if (sim_volume_in_snapshot(u->r->sim, u->g, d.volume)) {
			sim_fail(u->r, 500, "unable to delete '%s' - volume is still in use (snapshot?)",
				 d.volume);
			return false;
		}
		ok = sim_vol_free(u->r->sim, sim_node(u->r), d.volume, &why);
		if (!ok)
			sim_fail(u->r, 500, "%s", why.ptr);
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
		if (sim_starts(key, "unused")) {
			if (!delete_unused(u, key))
				return false;
		} else if (json_object_get(u->conf, key) != NULL) {
			if (sim_starts(key, "mp") && sim_conf_int(u->g, "protection", 0) != 0) {
				sim_fail(u->r, 500, "can't remove drive '%s' - protection mode enabled", key);
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
	struct sim_vm_make m = {.sim = u->r->sim,
				.a = &u->r->arena,
				.node = sim_node(u->r),
				.vmid = sim_guest_id(u->g),
				.why = &why};
	const char **keys = sim_sorted_keys(&u->r->arena, u->set);
	bool ok = true;

	for (size_t i = 0; ok && keys[i] != NULL; i++) {
		const char *text = sim_so(u->set, keys[i], "");

		text = sim_ct_is_mount(keys[i])
			       ? sim_ct_make_mount(&m, keys[i], text, NULL)
			       : sim_ct_stored(u->r->sim, &u->r->arena, keys[i], text, false);
		ok = text != NULL;
		if (!ok)
			sim_fail(u->r, 500, "%s", why.ptr);
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
	const char **keys = sim_sorted_keys(&u->r->arena, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const struct phx_option *o = sim_guest_option(u->r->sim, "lxc", keys[i]);

		if (sim_starts(keys[i], "net") && json_object_get(u->conf, keys[i]) == NULL &&
		    !phx_json_bool(sim_guest_os(u->r->sim, u->g), "hotplug", true)) {
			sim_fail_param(u->r, keys[i],
				       "unable to hotplug %s: command 'lxc-device -n %lld add veth%lldi%sp "
				       "eth%s' failed: exit code 1\n",
				       keys[i], (long long)sim_guest_id(u->g), (long long)sim_guest_id(u->g),
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
	const char **keys = sim_sorted_keys(&u->r->arena, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const char *now = sim_s(u->conf, keys[i]), *then = sim_s(u->pend, keys[i]);

		if ((now == NULL) == (then == NULL) && (now == NULL || strcmp(now, then) == 0))
			json_object_del(u->pend, keys[i]);
	}
}

static void revert(struct update *u)
{
	struct phx_str rest = phx_str_c(sim_p(u->r, "revert")), one;

	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(u->pend, phx_str_trim(one).ptr, phx_str_trim(one).len);
}

static void config_put(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc");
	struct update u = {.r = r, .g = g};

	if (g == NULL)
		return;
	u.conf = sim_conf(g);
	u.pend = json_object_get(g, "pend");
	if (!take(&u) || !check_deletes(&u) || !sim_guest_lock(r, g) ||
	    !sim_digest_fits_text(r, sim_guest_digest(&r->arena, g)))
		goto out;
	/* Permissions come before the lock's text in 425 and 429, after it in 427. */
	if (!check_sets(&u) || !sim_guest_unlocked(r, g))
		goto out;
	revert(&u);
	if (!apply_deletes(&u) || !apply_sets(&u))
		goto out;
	drop_same(&u);
	if (!sim_guest_running(g))
		sim_ct_apply_pending(r->sim, g);
	else if (!apply_live(&u))
		goto out;
	sim_ok(r, NULL);
out:
	sim_guest_dirty(r->sim, g);
	json_decref(u.set);
	json_decref(u.del);
}

/* ---- interfaces of a running container ---- */

static void add_address(json_t *o, const char *inet, const char *type, const char *address,
			const char *prefix)
{
	sim_set(o, strcmp(type, "inet") == 0 ? "inet" : "inet6", inet);
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
	return sim_fmt(a, "fe80::%x:%xff:fe%02x:%x", (b[0] ^ 2) << 8 | b[1], b[2], b[3], b[4] << 8 | b[5]);
}

static json_t *interface_of(struct sim_request *r, const char *net)
{
	struct sim_net_facts f;
	const char *local;
	json_t *o;

	sim_net_parse(&r->arena, net, &f);
	o = interface(f.name != NULL ? f.name : "eth0", f.mac);
	if (f.ip == NULL) /* nobody answers its DHCP request (500) */
		return o;
	local = link_local(&r->arena, f.mac);
	add_address(o, f.ip, "inet", f.address, f.prefix);
	add_address(o, sim_fmt(&r->arena, "%s/64", local), "inet6", local, "64");
	return o;
}

static json_t *bare_interface(struct sim_request *r, const char *net)
{
	struct sim_net_facts f;

	sim_net_parse(&r->arena, net, &f);
	return interface(f.name != NULL ? f.name : "eth0", f.mac);
}

/* Nothing configures the network of some systems; the seed says which (444). */
static void interfaces(struct sim_request *r)
{
	json_t *g = sim_guest_of(r, "lxc"), *out, *lo, *v;
	const char *key;
	bool configured;

	if (g == NULL)
		return;
	if (!sim_guest_running(g)) {
		sim_ok(r, NULL);
		return;
	}
	configured = phx_json_bool(sim_guest_os(r->sim, g), "network", true) &&
		     sim_now(r->sim) >= phx_json_int(json_object_get(g, "run"), "up_at", 0);
	out = json_array();
	lo = interface("lo", "00:00:00:00:00:00");
	if (configured) {
		add_address(lo, "127.0.0.1/8", "inet", "127.0.0.1", "8");
		add_address(lo, "::1/128", "inet6", "::1", "128");
	}
	json_array_append_new(out, lo);
	json_object_foreach(sim_conf(g), key, v) if (sim_starts(key, "net"))
		json_array_append_new(out, configured ? interface_of(r, json_string_value(v))
						      : bare_interface(r, json_string_value(v)));
	sim_ok(r, out);
}

const struct sim_route sim_routes_lxc[] = {{"GET", "/nodes/{node}/lxc", sim_ct_list},
					   {"POST", "/nodes/{node}/lxc", sim_ct_create},
					   {"GET", "/nodes/{node}/lxc/{vmid}", index_},
					   {"DELETE", "/nodes/{node}/lxc/{vmid}", sim_ct_destroy},
					   {"GET", "/nodes/{node}/lxc/{vmid}/config", config_get},
					   {"PUT", "/nodes/{node}/lxc/{vmid}/config", config_put},
					   {"GET", "/nodes/{node}/lxc/{vmid}/pending", pending_get},
					   {"GET", "/nodes/{node}/lxc/{vmid}/interfaces", interfaces},
					   {"POST", "/nodes/{node}/lxc/{vmid}/clone", sim_ct_clone},
					   {"POST", "/nodes/{node}/lxc/{vmid}/template", sim_ct_template},
					   {0}};
