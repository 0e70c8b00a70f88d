#include "backend/sim/drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/normalise.h"

bool phx_sim_is_drive(const struct phx_sim *s, const char *kind, const char *key, bool unused)
{
	const struct phx_option *o = phx_sim_guest_option(s, kind, key);

	if (o == NULL || (o->flags & PHX_OPTION_DISK) == 0)
		return false;
	return unused || !phx_sim_starts(key, "unused");
}

static const char *volume_key(const struct phx_sim_drive *d)
{
	return phx_option_key(d->option, PHX_STR("file")) != NULL &&
			       phx_option_key(d->option, PHX_STR("file"))->alias.len == 0
		       ? "file"
		       : "volume";
}

bool phx_sim_drive_parse(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
			 const char *text, struct phx_sim_drive *out)
{
	const struct phx_option *o = phx_sim_guest_option(s, kind, key);

	if (o == NULL || (o->flags & PHX_OPTION_DISK) == 0 || text == NULL)
		return false;
	*out = (struct phx_sim_drive){.option = o, .key = phx_sim_fmt(a, "%s", key)};
	if (!phx_propstring_parse(o, phx_str_c(out->key), phx_str_dup(a, phx_str_c(text)), &out->props, NULL))
		return false;
	out->volume = phx_sim_drive_get(a, out, volume_key(out));
	return out->volume != NULL;
}

const char *phx_sim_drive_get(struct phx_arena *a, const struct phx_sim_drive *d, const char *key)
{
	const struct phx_prop *p = phx_propstring_get(&d->props, key);

	return p != NULL ? phx_str_dup(a, p->value).ptr : NULL;
}

void phx_sim_prop_put(const struct phx_option *o, struct phx_propstring *p, const char *key,
		      const char *value)
{
	if (!phx_propstring_set(o, p, phx_str_c(key), phx_str_c(value)))
		PHX_BUG("no key %s in a property string", key);
}

void phx_sim_drive_set(struct phx_arena *a, struct phx_sim_drive *d, const char *key, const char *value)
{
	if (value == NULL)
		phx_propstring_remove(&d->props, key);
	else
		phx_sim_prop_put(d->option, &d->props, key, phx_str_dup(a, phx_str_c(value)).ptr);
}

void phx_sim_drive_set_volume(struct phx_arena *a, struct phx_sim_drive *d, const char *volume)
{
	phx_sim_drive_set(a, d, volume_key(d), volume);
	d->volume = phx_sim_fmt(a, "%s", volume);
}

void phx_sim_drive_set_size(struct phx_arena *a, struct phx_sim_drive *d, uint64_t bytes)
{
	phx_sim_drive_set(a, d, "size", phx_sim_size_text(a, bytes));
}

const char *phx_sim_drive_print(struct phx_arena *a, const struct phx_sim_drive *d)
{
	struct phx_buf b = {0};
	const char *out;

	phx_propstring_print(d->option, &d->props, &b);
	out = phx_sim_fmt(a, "%s", b.ptr != NULL ? b.ptr : "");
	phx_buf_done(&b);
	return out;
}

bool phx_sim_drive_is_cloudinit(const struct phx_sim_drive *d)
{
	const char *name = phx_sim_volid_name(d->volume);

	return name != NULL && strstr(name, "cloudinit") != NULL;
}

bool phx_sim_drive_is_cdrom(struct phx_arena *a, const struct phx_sim_drive *d)
{
	const char *media = phx_sim_drive_get(a, d, "media");

	return media != NULL && strcmp(media, "cdrom") == 0;
}

bool phx_sim_drive_new_disk(struct phx_arena *a, const char *volume, const char **out_storage,
			    double *out_gib)
{
	const char *storage = phx_sim_volid_storage(a, volume), *name = phx_sim_volid_name(volume);

	if (storage == NULL)
		return false;
	*out_storage = storage;
	*out_gib = 0;
	return strcmp(name, "cloudinit") == 0 || phx_parse_double(phx_str_c(name), out_gib);
}

const char *phx_sim_size_text(struct phx_arena *a, uint64_t bytes)
{
	struct phx_buf b = {0};
	const char *out;

	if (bytes == 0)
		return "0T"; /* what Proxmox's format_size makes of nothing (397) */
	phx_disk_size_print(bytes, &b);
	out = phx_sim_fmt(a, "%s", b.ptr);
	phx_buf_done(&b);
	return out;
}

static int natural(const void *x, const void *y)
{
	return phx_str_natcmp(phx_str_c(*(const char *const *)x), phx_str_c(*(const char *const *)y));
}

const char **phx_sim_sorted_keys(struct phx_arena *a, const json_t *conf)
{
	const char **keys = PHX_NEW_N(a, const char *, json_object_size(conf) + 1), *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		keys[n++] = phx_sim_fmt(a, "%s", key);
	}
	qsort(keys, n, sizeof(*keys), natural);
	return keys;
}

const char *phx_sim_boot_disk(struct phx_sim *s, struct phx_arena *a, const json_t *conf)
{
	const char *boot = phx_sim_so(conf, "boot", ""), *order = strstr(boot, "order=");
	struct phx_str rest, one;
	struct phx_sim_drive d;

	if (order == NULL)
		return NULL;
	rest = phx_str_c(order + strlen("order="));
	while (phx_str_cut(&rest, ';', &one)) {
		const char *key = phx_str_dup(a, one).ptr;

		if (key != NULL && phx_sim_drive_parse(s, a, "qemu", key, phx_sim_s(conf, key), &d) &&
		    !phx_sim_drive_is_cdrom(a, &d))
			return key;
	}
	return NULL;
}
