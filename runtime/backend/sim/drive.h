/* Disks of guests as property strings: `local:100/vm-100-disk-0.qcow2,size=2G,ssd=1`. */
#pragma once

#include "backend/sim/guest.h"
#include "backend/sim/tables.h"
#include "backend/sim/volume.h"
#include "model/propstring.h"

struct phx_sim_drive {
	const struct phx_option *option;
	struct phx_propstring props;
	const char *key;    /* "scsi0" */
	const char *volume; /* volid, "none", "cdrom", path, or "STORAGE:SIZE" before it is made */
};

/* Whether a configuration key of the guest's kind holds a volume. `unused` too only when asked for. */
bool phx_sim_is_drive(const struct phx_sim *s, const char *kind, const char *key, bool unused);
/* False: no drive, or not parseable. Strings live in `a`. */
bool phx_sim_drive_parse(struct phx_sim *s, struct phx_arena *a, const char *kind, const char *key,
			 const char *text, struct phx_sim_drive *out);
const char *phx_sim_drive_get(struct phx_arena *a, const struct phx_sim_drive *d,
			      const char *key); /* NULL: not given */
void phx_sim_drive_set(struct phx_arena *a, struct phx_sim_drive *d, const char *key,
		       const char *value); /* NULL removes */
void phx_sim_drive_set_volume(struct phx_arena *a, struct phx_sim_drive *d, const char *volume);
void phx_sim_drive_set_size(struct phx_arena *a, struct phx_sim_drive *d, uint64_t bytes);
const char *phx_sim_drive_print(struct phx_arena *a, const struct phx_sim_drive *d);
bool phx_sim_drive_is_cdrom(struct phx_arena *a, const struct phx_sim_drive *d);
bool phx_sim_drive_is_cloudinit(const struct phx_sim_drive *d);
/* "local:32" → storage and GiB (fractions allowed); also "local:cloudinit". False: something else. */
bool phx_sim_drive_new_disk(struct phx_arena *a, const char *volume, const char **out_storage,
			    double *out_gib);
/* Sets a key that the format has; other keys are a bug. */
void phx_sim_prop_put(const struct phx_option *o, struct phx_propstring *p, const char *key,
		      const char *value);
const char *phx_sim_size_text(struct phx_arena *a, uint64_t bytes);
/* Names of a configuration's keys, sorted; NULL-terminated, in `a`. */
const char **phx_sim_sorted_keys(struct phx_arena *a, const json_t *conf);
/* The disk that the VM boots from: the first disk in `boot: order=…` that is no CD-ROM. NULL: none. */
const char *phx_sim_boot_disk(struct phx_sim *s, struct phx_arena *a, const json_t *conf);
