/* Pending changes of a VM become effective: at once, or when it starts or stops. */
#include <string.h>

#include "backend/sim/vm.h"

static bool destroy(struct phx_sim *s, json_t *g, const char *volid, struct phx_buf *why)
{
	if (!phx_sim_volume_in_snapshot(s, g, volid))
		return phx_sim_vol_free(s, phx_sim_guest_node(g), volid, why);
	phx_buf_printf(why, "unable to delete '%s' - volume is still in use (snapshot?)", volid);
	return false;
}

/* The volume that a slot had: another one there, or none, makes it unused; `force` destroys it. */
static bool release_old(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key, const json_t *new,
			struct phx_buf *why)
{
	json_t *conf = phx_sim_conf(g);
	struct phx_sim_drive old, now;
	const char *slot, *text = json_string_value(new);

	if (!phx_sim_drive_parse(s, a, "qemu", key, phx_sim_s(conf, key), &old) ||
	    phx_sim_volid_owner(old.volume) != phx_sim_guest_id(g))
		return true;
	if (text != NULL && phx_sim_drive_parse(s, a, "qemu", key, text, &now) &&
	    strcmp(now.volume, old.volume) == 0)
		return true;
	if (phx_sim_drive_is_cloudinit(&old) && !json_is_false(new)) {
		if (!phx_sim_vol_free(s, phx_sim_guest_node(g), old.volume, why))
			phx_buf_clear(why);
		return true;
	}
	if (json_is_false(new) && (phx_sim_drive_is_cloudinit(&old) || !phx_sim_drive_is_cdrom(a, &old)))
		return destroy(s, g, old.volume, why);
	slot = phx_sim_drive_is_cdrom(a, &old) ? NULL : phx_sim_unused_slot(a, conf);
	if (slot != NULL)
		phx_sim_set(conf, slot, old.volume);
	return true;
}

/* A volume that is attached again is unused no more. */
static void forget_unused(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key,
			  const char *text)
{
	json_t *conf = phx_sim_conf(g);
	const char **keys = phx_sim_sorted_keys(a, conf);
	struct phx_sim_drive d;

	if (!phx_sim_drive_parse(s, a, "qemu", key, text, &d))
		return;
	for (size_t i = 0; keys[i] != NULL; i++)
		if (phx_sim_starts(keys[i], "unused") && strcmp(phx_sim_so(conf, keys[i], ""), d.volume) == 0)
			json_object_del(conf, keys[i]);
}

bool phx_sim_vm_apply_key(struct phx_sim *s, struct phx_arena *a, json_t *g, const char *key,
			  struct phx_buf *why)
{
	json_t *pend = json_object_get(g, "pend"), *conf = phx_sim_conf(g), *new = json_object_get(pend, key);

	if (phx_sim_is_drive(s, "qemu", key, false)) {
		if (!release_old(s, a, g, key, new, why))
			return false;
		if (json_is_string(new))
			forget_unused(s, a, g, key, json_string_value(new));
	}
	phx_sim_set(conf, key, json_string_value(new));
	json_object_del(pend, key);
	return true;
}

const char *phx_sim_vm_apply_pending(struct phx_sim *s, struct phx_arena *a, json_t *g, struct phx_buf *why)
{
	const char **keys = phx_sim_sorted_keys(a, json_object_get(g, "pend")), *failed = NULL;
	struct phx_buf one = {0};

	for (size_t i = 0; keys[i] != NULL; i++) {
		phx_buf_clear(&one);
		if (phx_sim_vm_apply_key(s, a, g, keys[i], &one) || failed != NULL)
			continue;
		failed = phx_sim_fmt(a, "%s", keys[i]);
		phx_buf_printf(why, "unable to apply pending change %s : %s", failed, one.ptr);
	}
	if (keys[0] != NULL)
		phx_sim_guest_dirty(s, g);
	phx_buf_done(&one);
	return failed;
}
