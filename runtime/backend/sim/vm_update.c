#include "backend/sim/vm_update.h"

#include <stdlib.h>
#include <string.h>

#include "backend/sim/power.h"
#include "model/normalise.h"

void phx_sim_update_done(struct phx_sim_update *u)
{
	json_decref(u->set);
	json_decref(u->del);
	json_decref(u->revert);
	*u = (struct phx_sim_update){0};
}

/* ---- before the lock ---- */

static bool steering(const char *name)
{
	static const char *const names[] = {"node",
					    "vmid",
					    "digest",
					    "delete",
					    "revert",
					    "force",
					    "skiplock",
					    "background_delay",
					    "import-working-storage"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static json_t *words(const char *list)
{
	json_t *out = json_object();
	struct phx_str rest = phx_str_c(list);
	size_t at = 0;

	while (at < rest.len) {
		size_t end = at;

		while (end < rest.len && strchr(",; ", rest.ptr[end]) == NULL)
			end++;
		if (end > at)
			json_object_setn_new(out, rest.ptr + at, end - at, json_true());
		at = end + 1;
	}
	return out;
}

static bool check_deletes(struct phx_sim_request *r, json_t *g, const struct phx_sim_update *u)
{
	const char *key;
	json_t *v;

	json_object_foreach(u->del, key, v)
	{
		if (json_object_get(u->set, key) != NULL) {
			phx_sim_fail_param(r, "delete",
					   "you can't use '-%s' and -delete %s' at the same time", key, key);
			return false;
		}
		if (phx_sim_guest_option(r->sim, "qemu", key) == NULL) {
			phx_sim_fail_param(r, "delete", "unknown option '%s'", key);
			return false;
		}
		if (!phx_sim_vm_may_set(r, phx_sim_guest_id(g), key, phx_sim_conf_get(g, key), false))
			return false;
	}
	return true;
}

static bool check_hookscript(struct phx_sim_request *r, const char *volid)
{
	if (phx_sim_vol(r->sim, phx_sim_node(r), volid) != NULL)
		return true;
	phx_sim_fail_param(r, "hookscript", "script '%s' does not exist\n", volid);
	return false;
}

static bool check_sets(struct phx_sim_request *r, json_t *g, const struct phx_sim_update *u)
{
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v)
	{
		const char *text = json_string_value(v);

		if (strcmp(key, "hookscript") == 0 && !check_hookscript(r, text))
			return false;
		if (!phx_sim_vm_drive_allowed(r, phx_sim_guest_id(g), key, text) ||
		    !phx_sim_vm_may_set(r, phx_sim_guest_id(g), key, text, false))
			return false;
	}
	return true;
}

bool phx_sim_vm_update_check(struct phx_sim_request *r, json_t *g, struct phx_sim_update *u)
{
	const char *key;
	json_t *v;

	*u = (struct phx_sim_update){.set = json_object(),
				     .del = words(phx_sim_p(r, "delete")),
				     .revert = words(phx_sim_p(r, "revert")),
				     .force = phx_sim_pb(r, "force", false)};
	json_object_foreach(r->p, key, v)
	{
		struct phx_buf text = {0};

		if (steering(key))
			continue;
		(void)phx_json_text(v, &text);
		json_object_set_new(u->set, key,
				    json_stringn_nocheck(text.ptr != NULL ? text.ptr : "", text.len));
		phx_buf_done(&text);
	}
	if (phx_sim_pb(r, "skiplock", false) && !r->who.root) {
		phx_sim_fail_param(r, "skiplock", "Only root may use this option.");
		return false;
	}
	if (phx_sim_p(r, "delete") == NULL && phx_sim_p(r, "revert") == NULL &&
	    json_object_size(u->set) == 0) {
		phx_sim_fail(r, 500, "no options specified");
		return false;
	}
	return check_deletes(r, g, u) && check_sets(r, g, u);
}

int64_t phx_sim_vm_update_time(struct phx_sim *s, const json_t *g, const struct phx_sim_update *u)
{
	int64_t t = 0;
	const char *key;
	json_t *v;

	json_object_foreach(u->set, key, v)
	{
		if (phx_sim_is_drive(s, "qemu", key, false))
			t += phx_sim_vm_drive_time(s, phx_sim_guest_node(g), key, json_string_value(v));
	}
	return t;
}

/* ---- under the lock ---- */

struct update {
	struct phx_sim *s;
	struct phx_arena *a;
	struct phx_sim_worker *w;
	json_t *g, *conf, *pend;
	struct phx_sim_update_fault *fault;
	bool running, force;
};

static bool refuse(struct update *u, const char *param, const char *text)
{
	phx_buf_clear(&u->fault->why);
	phx_buf_c(&u->fault->why, text);
	u->fault->param = param;
	return false;
}

static const char *value_now(const struct update *u, const char *key)
{
	json_t *p = json_object_get(u->pend, key);

	if (p != NULL)
		return json_string_value(p);
	return phx_sim_s(u->conf, key);
}

/* A device left the boot order. */
static void drop_from_boot(struct update *u, const char *key)
{
	const char *boot = value_now(u, "boot");
	struct phx_str rest, one;
	struct phx_buf b = {0};
	bool found = false;

	if (!phx_sim_starts(boot, "order="))
		return;
	rest = phx_str_c(boot + strlen("order="));
	while (phx_str_cut(&rest, ';', &one)) {
		if (phx_str_eqc(one, key)) {
			found = true;
			continue;
		}
		phx_buf_printf(&b, "%s" PHX_STR_FMT, b.len == 0 ? "order=" : ";", PHX_STR_ARG(one));
	}
	if (found)
		json_object_set_new(u->pend, "boot", json_string(b.ptr != NULL ? b.ptr : ""));
	phx_buf_done(&b);
}

static bool delete_unused(struct update *u, const char *key, const char *text)
{
	struct phx_sim_drive d;

	if (!phx_sim_drive_parse(u->s, u->a, "qemu", key, text, &d))
		return true;
	if (phx_sim_volume_in_snapshot(u->s, u->g, d.volume))
		return refuse(u, NULL,
			      phx_sim_fmt(u->a, "unable to delete '%s' - volume is still in use (snapshot?)",
					  d.volume));
	if (phx_sim_volid_owner(d.volume) == phx_sim_guest_id(u->g) &&
	    !phx_sim_vol_free(u->s, phx_sim_guest_node(u->g), d.volume, &u->fault->why))
		return false;
	json_object_del(u->conf, key);
	return true;
}

static bool delete_one(struct update *u, const char *key)
{
	const char *text = value_now(u, key);
	bool protection = phx_sim_conf_int(u->g, "protection", 0) != 0;

	if (json_object_get(u->conf, key) == NULL) {
		json_object_del(u->pend, key);
		return true;
	}
	if (phx_sim_starts(key, "unused")) {
		if (protection)
			return refuse(u, NULL,
				      phx_sim_fmt(u->a,
						  "can't remove unused disk '%s' - protection mode enabled",
						  text));
		return delete_unused(u, key, text);
	}
	if (phx_sim_is_drive(u->s, "qemu", key, false) && protection)
		return refuse(u, NULL,
			      phx_sim_fmt(u->a, "can't remove drive '%s' - protection mode enabled", key));
	drop_from_boot(u, key);
	json_object_set_new(u->pend, key, u->force ? json_false() : json_null());
	return true;
}

static const char *hashed(struct phx_arena *a, const char *password)
{
	return phx_sim_fmt(a, "$5$%s", phx_sim_sha1(a, password, strlen(password)));
}

static const char *stored(struct update *u, const char *key, const char *text)
{
	const struct phx_option *o = phx_sim_guest_option(u->s, "qemu", key);
	struct phx_buf b = {0};
	const char *out;

	if (strcmp(key, "cipassword") == 0)
		return hashed(u->a, text);
	if (o == NULL)
		return text;
	phx_option_stored(PHX_OPTIONS_VM, o, phx_str_c(text), false, &b);
	out = phx_sim_fmt(u->a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

/* A new CD-ROM joins a boot order that there is (177). */
static void cdrom_to_boot(struct update *u, const char *key, const char *text)
{
	const char *boot = value_now(u, "boot");
	struct phx_sim_drive d;

	if (!phx_sim_starts(boot, "order=") || strstr(boot, key) != NULL ||
	    !phx_sim_drive_parse(u->s, u->a, "qemu", key, text, &d) || !phx_sim_drive_is_cdrom(u->a, &d) ||
	    phx_sim_drive_is_cloudinit(&d))
		return;
	json_object_set_new(u->pend, "boot", json_string(phx_sim_fmt(u->a, "%s;%s", boot, key)));
}

static bool set_drive(struct update *u, const char *key, const char *text)
{
	struct phx_sim_vm_make m = {.sim = u->s,
				    .a = u->a,
				    .w = u->w,
				    .node = phx_sim_guest_node(u->g),
				    .vmid = phx_sim_guest_id(u->g),
				    .why = &u->fault->why};
	const char *made = phx_sim_vm_make_drive(&m, key, text);

	if (made == NULL)
		return false;
	json_object_set_new(u->pend, key, json_string(made));
	cdrom_to_boot(u, key, made);
	return true;
}

/* All devices of a boot order exist. */
static bool boot_good(struct update *u, const char *text)
{
	json_t *after = phx_sim_conf_pending(u->g);
	struct phx_str rest, one;
	bool ok = true;

	if (phx_sim_starts(text, "order=")) {
		rest = phx_str_c(text + strlen("order="));
		while (ok && phx_str_cut(&rest, ';', &one))
			if (one.len > 0 && json_object_getn(after, one.ptr, one.len) == NULL)
				ok = refuse(u, NULL,
					    phx_sim_fmt(u->a,
							"invalid bootorder: device '" PHX_STR_FMT
							"' does not exist'",
							PHX_STR_ARG(one)));
	}
	json_decref(after);
	return ok;
}

static bool set_one(struct update *u, const char *key, const char *text)
{
	const char *norm;

	if (phx_sim_is_drive(u->s, "qemu", key, false))
		return set_drive(u, key, text);
	if (strcmp(key, "boot") == 0 && !boot_good(u, text))
		return false;
	norm = phx_sim_starts(key, "net") ? phx_sim_vm_net(u->s, u->a, "qemu", key, text) : text;
	norm = stored(u, key, norm);
	if (strcmp(key, "description") == 0 && norm[0] == 0)
		json_object_set_new(u->pend, key, json_null());
	else
		json_object_set_new(u->pend, key, json_string_nocheck(norm));
	return true;
}

/* ---- what becomes effective on a running VM ---- */

static bool hotpluggable(const struct update *u, const struct phx_option *o, const char *key)
{
	const char *list = value_now(u, "hotplug");
	struct phx_str rest, one;

	if (phx_str_eqc(o->hotplug_class, "new"))
		return json_object_get(u->conf, key) == NULL;

	if (list == NULL || strcmp(list, "1") == 0)
		list = "network,disk,usb";
	rest = phx_str_c(list);
	while (phx_str_cut(&rest, ',', &one))
		if (phx_str_eq(phx_str_trim(one), o->hotplug_class))
			return true;
	return false;
}

/* Guests without a system do not let go of a device (287). */
static bool unplug_fails(const struct update *u, const char *key)
{
	return (phx_sim_starts(key, "net") || phx_sim_starts(key, "virtio")) &&
	       !json_is_string(json_object_get(u->pend, key)) && !phx_sim_guest_obeys(u->s, u->g);
}

static bool apply_live(struct update *u)
{
	const char **keys = phx_sim_sorted_keys(u->a, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const struct phx_option *o = phx_sim_guest_option(u->s, "qemu", keys[i]);
		bool now = o != NULL && (o->impact == PHX_IMPACT_LIVE ||
					 (o->impact == PHX_IMPACT_HOTPLUG && hotpluggable(u, o, keys[i])));

		if (!now)
			continue;
		if (unplug_fails(u, keys[i]))
			return refuse(u, keys[i],
				      phx_sim_fmt(u->a,
						  "hotplug problem - error on hot-unplugging device '%s'\n",
						  keys[i]));
		phx_buf_clear(&u->fault->why);
		if (!phx_sim_vm_apply_key(u->s, u->a, u->g, keys[i], &u->fault->why)) {
			u->fault->param = keys[i];
			return false;
		}
	}
	return true;
}

static bool apply_stopped(struct update *u)
{
	phx_buf_clear(&u->fault->why);
	u->fault->param = phx_sim_vm_apply_pending(u->s, u->a, u->g, &u->fault->why);
	return u->fault->param == NULL;
}

/* What pends but equals what is set, is no change. */
static void drop_same(struct update *u)
{
	const char **keys = phx_sim_sorted_keys(u->a, u->pend);

	for (size_t i = 0; keys[i] != NULL; i++) {
		const char *now = phx_sim_s(u->conf, keys[i]), *then = phx_sim_s(u->pend, keys[i]);

		if ((now == NULL) == (then == NULL) && (now == NULL || strcmp(now, then) == 0))
			json_object_del(u->pend, keys[i]);
	}
}

bool phx_sim_vm_update_apply(struct phx_sim *s, struct phx_arena *a, struct phx_sim_worker *w, json_t *g,
			     const struct phx_sim_update *what, struct phx_sim_update_fault *fault)
{
	struct update u = {.s = s,
			   .a = a,
			   .w = w,
			   .g = g,
			   .conf = phx_sim_conf(g),
			   .pend = json_object_get(g, "pend"),
			   .fault = fault,
			   .running = phx_sim_guest_running(g),
			   .force = what->force};
	const char *key, **keys;
	bool ok = true;
	json_t *v;

	json_object_foreach(what->revert, key, v)
	{
		json_object_del(u.pend, key);
	}
	json_object_foreach(what->del, key, v)
	{
		ok = ok && delete_one(&u, key);
	}
	keys = phx_sim_sorted_keys(a, what->set);
	for (size_t i = 0; ok && keys[i] != NULL; i++) /* drives first: `boot` may name them */
		if (phx_sim_is_drive(s, "qemu", keys[i], false))
			ok = set_one(&u, keys[i], phx_sim_so(what->set, keys[i], ""));
	for (size_t i = 0; ok && keys[i] != NULL; i++)
		if (!phx_sim_is_drive(s, "qemu", keys[i], false) && strcmp(keys[i], "boot") != 0)
			ok = set_one(&u, keys[i], phx_sim_so(what->set, keys[i], ""));
	if (ok && phx_sim_s(what->set, "boot") != NULL)
		ok = set_one(&u, "boot", phx_sim_s(what->set, "boot"));
	drop_same(&u);
	if (ok && u.running)
		ok = apply_live(&u);
	else if (ok)
		ok = apply_stopped(&u);
	phx_sim_guest_dirty(s, g);
	return ok;
}
