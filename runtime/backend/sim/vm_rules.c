/* Who may set which option of a VM, and what Proxmox adds to a configuration by itself. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/vm.h"
#include "model/access.h"

static bool privileged(struct phx_sim_request *r, int64_t vmid, const struct phx_option *o, const char *value,
		       bool creates)
{
	const char *pool = phx_sim_p(r, "pool");
	struct phx_access_guest g = {.is_vm = true, .creates = creates};
	struct phx_needs needs = {0};

	g.path = phx_str_printf(&r->arena, "/vms/%lld", (long long)vmid);
	if (creates && pool != NULL)
		g.pool = phx_str_printf(&r->arena, "/pool/%s", pool);
	phx_access_of_option(&r->arena, o, phx_str_c(value), &g, &needs);
	return phx_sim_needs(r, &needs);
}

bool phx_sim_vm_may_set(struct phx_sim_request *r, int64_t vmid, const char *key, const char *value,
			bool creates)
{
	const struct phx_option *o = phx_sim_guest_option(r->sim, "qemu", key);

	if (o == NULL)
		return true;
	if (!r->who.root) {
		if (strcmp(key, "lock") == 0 || strcmp(key, "args") == 0 || strcmp(key, "hookscript") == 0) {
			phx_sim_fail(r, 500, "only root can set '%s' config", key);
			return false;
		}
		if (phx_str_eqc(o->name, "hostpci") && (value == NULL || strstr(value, "mapping=") == NULL)) {
			phx_sim_fail(r, 500, "only root can set '%s' config for non-mapped devices", key);
			return false;
		}
		if (phx_str_eqc(o->name, "serial") && value != NULL && strcmp(value, "socket") != 0) {
			phx_sim_fail(r, 500, "only root can modify '%s' config for real devices", key);
			return false;
		}
		if (phx_str_eqc(o->name, "usb") && value != NULL && strstr(value, "spice") == NULL &&
		    strstr(value, "mapping=") == NULL) {
			phx_sim_fail(r, 500, "only root can set '%s' config for real devices", key);
			return false;
		}
	}
	return privileged(r, vmid, o, value, creates);
}

bool phx_sim_bridge_allowed(struct phx_sim_request *r, const char *kind, const char *key, const char *text)
{
	const struct phx_option *o = phx_sim_guest_option(r->sim, kind, key);
	struct phx_needs needs = {0};

	if (o != NULL && (o->flags & PHX_OPTION_NIC) != 0)
		phx_access_of_bridge(&r->arena, phx_str_c(text), &needs);
	return phx_sim_needs(r, &needs);
}

static const char *net_text(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
			    const char *text, bool fresh)
{
	const struct phx_option *o = phx_sim_guest_option(s, kind, key);
	const char *mac_key = strcmp(kind, "lxc") == 0 ? "hwaddr" : "macaddr", *out;
	struct phx_propstring p;
	struct phx_buf b = {0};

	if (o == NULL || !phx_propstring_parse(o, phx_str_c(key), phx_str_c(text), &p, NULL))
		return text;
	if (fresh || phx_propstring_get(&p, mac_key) == NULL)
		phx_sim_prop_put(o, &p, mac_key, phx_sim_random_mac(s, a));
	if (strcmp(kind, "lxc") == 0)
		phx_sim_prop_put(o, &p, "type", "veth");
	phx_propstring_print(o, &p, &b);
	out = phx_sim_fmt(a, "%s", b.ptr);
	phx_buf_done(&b);
	return out;
}

const char *phx_sim_vm_net(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
			   const char *text)
{
	return net_text(s, a, kind, key, text, false);
}

const char *phx_sim_net_new_mac(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
				const char *text)
{
	return net_text(s, a, kind, key, text, true);
}

const char *phx_sim_unused_slot(struct phx_arena *a, const json_t *conf)
{
	for (int i = 0; i < 256; i++) {
		const char *key = phx_sim_fmt(a, "unused%d", i);

		if (json_object_get(conf, key) == NULL)
			return key;
	}
	return NULL;
}

/* First disk, first CD-ROM, first network card. */
const char *phx_sim_vm_default_boot(struct phx_sim *s, struct phx_arena *a, const json_t *conf)
{
	const char **keys = phx_sim_sorted_keys(a, conf), *disk = NULL, *cdrom = NULL, *net = NULL;
	struct phx_buf b = {0};
	struct phx_sim_drive d;
	const char *out, *found[3];

	for (size_t i = 0; keys[i] != NULL; i++) {
		if (phx_sim_starts(keys[i], "net") && net == NULL)
			net = keys[i];
		if (!phx_sim_is_drive(s, "qemu", keys[i], false) || strcmp(keys[i], "efidisk0") == 0 ||
		    strcmp(keys[i], "tpmstate0") == 0 ||
		    !phx_sim_drive_parse(s, a, "qemu", keys[i], phx_sim_s(conf, keys[i]), &d))
			continue;
		if (phx_sim_drive_is_cdrom(a, &d))
			cdrom = cdrom != NULL ? cdrom : keys[i];
		else
			disk = disk != NULL ? disk : keys[i];
	}
	found[0] = disk;
	found[1] = cdrom;
	found[2] = net;
	for (size_t i = 0; i < 3; i++)
		if (found[i] != NULL)
			phx_buf_printf(&b, "%s%s", b.len == 0 ? "order=" : ";", found[i]);
	out = phx_sim_fmt(a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

/* ---- pools ---- */

bool phx_sim_pool_exists(struct phx_sim_request *r)
{
	const char *pool = phx_sim_p(r, "pool");

	if (pool == NULL || phx_sim_get(r->sim, "pool", pool) != NULL)
		return true;
	phx_sim_forbid(r, "pool '%s' does not exist", pool);
	return false;
}

void phx_sim_vm_pool_add(struct phx_sim *s, const char *pool, int64_t vmid)
{
	json_t *doc = pool != NULL ? phx_sim_get(s, "pool", pool) : NULL;
	char id[24];

	if (doc == NULL)
		return;
	(void)snprintf(id, sizeof(id), "%lld", (long long)vmid);
	json_object_set_new(json_object_get(doc, "vms"), id, json_true());
	phx_sim_dirty(s, "pool", pool);
}

void phx_sim_vm_pool_remove(struct phx_sim *s, int64_t vmid)
{
	char id[24];
	const char *name;
	json_t *doc;

	(void)snprintf(id, sizeof(id), "%lld", (long long)vmid);
	json_object_foreach(phx_sim_all(s, "pool"), name, doc)
	{
		if (json_object_del(json_object_get(doc, "vms"), id) == 0)
			phx_sim_dirty(s, "pool", name);
	}
}

/* ---- volumes of a guest ---- */

static bool names_volume(struct phx_sim *s, const char *kind, const json_t *conf, const char *volid)
{
	struct phx_arena a = {0};
	struct phx_sim_drive d;
	const char *key;
	bool yes = false;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		if (phx_sim_drive_parse(s, &a, kind, key, json_string_value(v), &d) &&
		    strcmp(d.volume, volid) == 0)
			yes = true;
	}
	phx_arena_done(&a);
	return yes;
}

bool phx_sim_volume_in_snapshot(struct phx_sim *s, const json_t *g, const char *volid)
{
	const char *name;
	json_t *snap;

	json_object_foreach(json_object_get(g, "snaps"), name, snap)
	{
		if (names_volume(s, phx_sim_guest_kind(g), json_object_get(snap, "conf"), volid))
			return true;
	}
	return false;
}

bool phx_sim_clone_reaches(struct phx_sim_request *r, const char *kind, const json_t *conf)
{
	const char *target = phx_sim_p(r, "target"), *key, *word = strcmp(kind, "qemu") == 0 ? "VM" : "CT";
	struct phx_sim_drive d;
	json_t *v;

	if (target == NULL || strcmp(target, phx_sim_node(r)) == 0)
		return true;
	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		const char *storage;

		if (phx_sim_starts(key, "unused") ||
		    !phx_sim_drive_parse(r->sim, &r->arena, kind, key, json_string_value(v), &d))
			continue;
		storage = phx_sim_volid_storage(&r->arena, d.volume);
		if (storage == NULL || phx_sim_storage_shared(phx_sim_storage(r->sim, storage)))
			continue;
		phx_sim_fail(r, 500, "can't clone %s to node '%s' (%s uses local storage)", word, target,
			     word);
		return false;
	}
	return true;
}

static bool free_of(struct phx_sim *s, const json_t *g, const json_t *conf, struct phx_buf *why)
{
	struct phx_arena a = {0};
	struct phx_sim_drive d;
	const char *key;
	bool ok = true;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		if (ok && phx_sim_drive_parse(s, &a, phx_sim_guest_kind(g), key, json_string_value(v), &d) &&
		    phx_sim_volid_owner(d.volume) == phx_sim_guest_id(g))
			ok = phx_sim_vol_free(s, phx_sim_guest_node(g), d.volume, why);
	}
	phx_arena_done(&a);
	return ok;
}

bool phx_sim_guest_free_volumes(struct phx_sim *s, const json_t *g, struct phx_buf *why)
{
	struct phx_arena a = {0};
	struct phx_sim_drive d;
	const char *key, *name;
	bool ok = true;
	json_t *v, *snap;

	/* All bases first: with one in use nothing is touched (225). */
	json_object_foreach(phx_sim_conf(g), key, v)
	{
		if (phx_sim_drive_parse(s, &a, phx_sim_guest_kind(g), key, json_string_value(v), &d) &&
		    phx_sim_vol_in_use_as_base(s, phx_sim_guest_node(g), d.volume))
			ok = ok && phx_sim_vol_free(s, phx_sim_guest_node(g), d.volume, why);
	}
	phx_arena_done(&a);
	ok = ok && free_of(s, g, phx_sim_conf(g), why);
	json_object_foreach(json_object_get(g, "snaps"), name, snap)
	{
		json_t *conf = json_object_get(snap, "conf");
		const char *state = phx_sim_s(conf, "vmstate");

		ok = ok && free_of(s, g, conf, why);
		if (ok && state != NULL)
			ok = phx_sim_vol_free(s, phx_sim_guest_node(g), state, why);
	}
	return ok;
}
